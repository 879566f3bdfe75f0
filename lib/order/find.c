/* SPDX-License-Identifier: MIT */
/*
 * find.c - listings of orders: filters become bound conditions, the order is by number, so a page
 * is one range of the primary key or of the index that the filter names. Two statements at most.
 */
#include <string.h>

#include "base/block.h"
#include "base/text.h"
#include "engine/page.h"
#include "order/order.h"

#define CONDITIONS_MAX 12

/* A WHERE clause in the making. */
typedef struct where {
    ec_session *session;
    ec_buf sql;
    ec_value values[CONDITIONS_MAX];
    size_t count;
} where;

static void add(where *w, const char *condition, ec_value value)
{
    if (w->count > 0) ec_buf_puts(&w->sql, " AND ");
    ec_buf_puts(&w->sql, condition);
    w->values[w->count++] = value;
}

/* A condition on an enum column; an unknown name is the caller's mistake. */
static ec_status add_name(where *w, const char *field, const char *condition, const char *name,
                          const char *const *names)
{
    if (name == NULL) return EC_OK;
    for (size_t i = 0; names[i] != NULL; i++) {
        if (strcmp(names[i], name) != 0) continue;
        add(w, condition, ec_text(name));
        return EC_OK;
    }
    return ec_fail_field(w->session, EC_INVALID, field, "enum",
                         "\"%.32s\" is not one of the %s values.", name, field);
}

static ec_status build(where *w, const ec_order_filter *filter)
{
    ec_id user = filter->user_id;
    if (!ec_session_is_staff(w->session)) {
        bool customer = ec_session_actor(w->session) == EC_ACTOR_CUSTOMER;
        ec_id self = customer ? ec_session_user(w->session) : 0;
        if (self == 0 || (user != 0 && user != self))
            return ec_fail(w->session, EC_DENIED, "Only the shop's staff list others' orders.");
        user = self;
    }
    if (user != 0) add(w, "t.user_id = ?", ec_int(user));
    if (filter->channel_id != 0) add(w, "t.channel_id = ?", ec_int(filter->channel_id));
    ec_status status = add_name(w, "status", "t.status = ?", filter->status, ec_order_status_names);
    if (status != EC_OK) return status;
    status = add_name(w, "payment_status", "t.payment_status = ?", filter->payment_status,
                      ec_order_payment_names);
    if (status != EC_OK) return status;
    status = add_name(w, "fulfillment_status", "t.fulfillment_status = ?",
                      filter->fulfillment_status, ec_order_fulfillment_names);
    if (status != EC_OK) return status;
    if (filter->email != NULL) {
        char *email = ec_arena_strdup(ec_scratch(w->session), filter->email);
        if (email == NULL) return ec_fail_memory(w->session);
        ec_text_lower(email); /* as checkouts keep it */
        add(w, "t.email = ?", ec_text(email));
    }
    if (filter->placed_from != 0) add(w, "t.placed_at >= ?", ec_int(filter->placed_from));
    if (filter->placed_until != 0) add(w, "t.placed_at < ?", ec_int(filter->placed_until));
    return EC_OK;
}

/* The arguments of a listing. */
typedef struct find_args {
    ec_order_filter filter;
    const ec_page *page;
} find_args;

static ec_status run_find(ec_session *session, void *args, void **result)
{
    const find_args *find = args;
    where w = {.session = session};
    ec_buf_init(&w.sql, ec_session_platform(session), 4096);
    ec_status status = build(&w, &find->filter);
    if (status == EC_OK && w.sql.status != EC_OK) status = ec_fail_memory(session);
    if (status == EC_OK)
        status = ec_page_select(session, &ec_order_entity, ec_buf_text(&w.sql), w.values, w.count,
                                !find->filter.oldest_first, find->page, result);
    ec_buf_clear(&w.sql);
    return status;
}

static const ec_op op_find = {
    .name = "order.find",
    .permission = "orders.read",
    .access = EC_ACCESS_OWNER,
    .mode = EC_READ,
    .result = &ec_order_list_entity,
    .run = run_find,
};

ec_status ec_order_find(ec_session *session, const ec_order_filter *filter, const ec_page *page,
                        ec_order_list **out)
{
    find_args args = {.page = page};
    if (filter != NULL) args.filter = *filter;
    return ec_call(session, &op_find, &args, (void **)out);
}

/* A filter that outlives its call: the texts lie behind it in the same block. */
typedef struct kept_filter {
    ec_order_filter filter;
    char texts[];
} kept_filter;

static const char *keep(char **at, const char *text)
{
    if (text == NULL) return NULL;
    size_t size = strlen(text) + 1;
    char *copy = memcpy(*at, text, size);
    *at += size;
    return copy;
}

static size_t size_of(const char *text)
{
    return text == NULL ? 0 : strlen(text) + 1;
}

static ec_status fetch(ec_session *session, void *ctx, const ec_page *page, void **out)
{
    const kept_filter *kept = ctx;
    return ec_order_find(session, &kept->filter, page, (ec_order_list **)out);
}

ec_status ec_order_cursor(ec_session *session, const ec_order_filter *filter, ec_cursor **out)
{
    static const ec_order_filter all = {0};
    if (filter == NULL) filter = &all;
    if (session == NULL) return EC_MISUSE;
    if (out == NULL) return ec_fail_place(session, "order.cursor");
    size_t texts = size_of(filter->status) + size_of(filter->payment_status) +
                   size_of(filter->fulfillment_status) + size_of(filter->email);
    kept_filter *kept = ec_block_alloc(ec_session_platform(session), sizeof(*kept) + texts);
    if (kept == NULL) return ec_fail_memory(session);
    char *at = kept->texts;
    kept->filter = *filter;
    kept->filter.status = keep(&at, filter->status);
    kept->filter.payment_status = keep(&at, filter->payment_status);
    kept->filter.fulfillment_status = keep(&at, filter->fulfillment_status);
    kept->filter.email = keep(&at, filter->email);
    return ec_cursor_make(session, &ec_order_list_entity, fetch, kept, out);
}
