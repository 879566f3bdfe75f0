/* SPDX-License-Identifier: MIT */
/*
 * find.c - carts for the shop's people: listings, such as of abandoned ones, and the sweep.
 *
 * A listing shows rows of carts without their items. The sweep ends open carts whose time ran out;
 * it never touches one that is being paid, and deletes nothing.
 */
#include <string.h>

#include "cart/cart.h"
#include "engine/page.h"

#define CONDITIONS_MAX 8
#define SWEEP_MAX 1000

typedef struct find_args {
    const ec_cart_filter *filter;
    const ec_page *page;
} find_args;

typedef struct where {
    ec_buf sql;
    ec_value values[CONDITIONS_MAX];
    size_t count;
} where;

static void add(where *w, const char *condition)
{
    if (w->sql.length > 0) ec_buf_puts(&w->sql, " AND ");
    ec_buf_puts(&w->sql, condition);
}

static void add_value(where *w, const char *condition, ec_value value)
{
    add(w, condition);
    w->values[w->count++] = value;
}

static bool is_status(const char *name)
{
    for (size_t i = 0; ec_cart_status_names[i] != NULL; i++)
        if (strcmp(ec_cart_status_names[i], name) == 0) return true;
    return false;
}

static ec_status run_find(ec_session *session, void *ctx, void **result)
{
    static const ec_cart_filter all = {0};
    const find_args *args = ctx;
    const ec_cart_filter *filter = args->filter != NULL ? args->filter : &all;
    where w = {.count = 0};
    if (filter->status != NULL && !is_status(filter->status))
        return ec_fail_field(session, EC_INVALID, "status", "enum",
                             "\"%.32s\" is no status of a cart.", filter->status);
    ec_buf_init(&w.sql, ec_session_platform(session), 4096);
    if (filter->user_id != 0) add_value(&w, "t.user_id = ?", ec_int(filter->user_id));
    if (filter->channel_id != 0) add_value(&w, "t.channel_id = ?", ec_int(filter->channel_id));
    if (filter->status != NULL) add_value(&w, "t.status = ?", ec_text(filter->status));
    if (filter->untouched_since != 0)
        add_value(&w, "t.updated_at < ?", ec_int(filter->untouched_since));
    if (filter->with_items) add(&w, "EXISTS (SELECT 1 FROM cart_items i WHERE i.cart_id = t.id)");
    ec_status status = w.sql.status != EC_OK
                           ? ec_fail_memory(session)
                           : ec_page_select(session, &ec_cart_entity, ec_buf_text(&w.sql), w.values,
                                            w.count, filter->newest_first, args->page, result);
    ec_buf_clear(&w.sql);
    return status;
}

ec_status ec_cart_find(ec_session *session, const ec_cart_filter *filter, const ec_page *page,
                       ec_cart_list **out)
{
    static const ec_op op = {
        .name = "cart.find",
        .permission = "carts.read",
        .access = EC_ACCESS_STAFF,
        .mode = EC_READ,
        .result = &ec_cart_list_entity,
        .run = run_find,
    };
    find_args args = {.filter = filter, .page = page};
    return ec_call(session, &op, &args, (void **)out);
}

/* ---- the sweep ---- */

typedef struct sweep_args {
    int64_t limit;
    int64_t ended; /* out */
} sweep_args;

static ec_status read_overdue(ec_session *session, int64_t limit, ec_id *ids, size_t *count)
{
    ec_stmt *stmt = NULL;
    ec_status status = ec_query(session,
                                "SELECT id FROM carts WHERE status = 'open' AND expires_at <= ?"
                                " ORDER BY expires_at, id LIMIT ?",
                                ec_args(ec_int(ec_now(session)), ec_int(limit)), &stmt);
    if (status != EC_OK) return status;
    while ((status = ec_row(session, stmt)) == EC_OK)
        ids[(*count)++] = ec_col_int(stmt, 0);
    return status == EC_DONE ? EC_OK : status;
}

static ec_status run_sweep(ec_session *session, void *ctx, void **result)
{
    (void)result;
    sweep_args *args = ctx;
    args->ended = 0;
    int64_t limit = args->limit == 0 ? 100 : args->limit;
    if (limit < 1 || limit > SWEEP_MAX)
        return ec_fail_field(session, EC_INVALID, "limit", "range", "The limit is 1 to %d.",
                             SWEEP_MAX);
    size_t count = 0;
    ec_id *ids = ec_arena_array(ec_scratch(session), (size_t)limit, sizeof(*ids));
    ec_value *values = ec_arena_array(ec_scratch(session), (size_t)limit + 1, sizeof(*values));
    if (ids == NULL || values == NULL) return ec_fail_memory(session);
    ec_status status = read_overdue(session, limit, ids, &count);
    if (status != EC_OK || count == 0) return status;
    values[0] = ec_int(ec_now(session));
    for (size_t i = 0; i < count; i++)
        values[i + 1] = ec_int(ids[i]);
    status = ec_exec(session,
                     ec_cart_sql(session,
                                 "UPDATE carts SET status = 'expired', version = version + 1,"
                                 " updated_at = ? WHERE status = 'open' AND id IN (",
                                 "?", count, ")"),
                     values, count + 1, &args->ended);
    if (status != EC_OK) return status;
    return ec_emit_many(session, "cart", ids, NULL, count, "cart.expired");
}

ec_status ec_cart_sweep(ec_session *session, int64_t limit, int64_t *out)
{
    static const ec_op op = {
        .name = "cart.sweep",
        .permission = "carts.sweep",
        .access = EC_ACCESS_SYSTEM,
        .mode = EC_WRITE,
        .run = run_sweep,
    };
    sweep_args args = {.limit = limit};
    ec_status status = ec_call(session, &op, &args, NULL);
    if (out != NULL) *out = status == EC_OK ? args.ended : 0;
    return status;
}
