/* SPDX-License-Identifier: MIT */
/*
 * find.c - promotions, read by callers: one, by code, listed, walked.
 *
 * Channels, tags and counts lie in tables of their own and come with one statement for a whole
 * page. It refuses nothing but names of states and kinds that are none.
 */
#include <string.h>

#include "base/block.h"
#include "catalog/inside.h"
#include "model/model.h"
#include "promotion/stored.h"

/* ---- lists of promotions --------------------------------------------------------------------- */

enum { W_PROMOTION, W_KIND, W_TEXT, W_NUMBER };

static ec_promotion *promotion_of(ec_promotion *promotions, size_t count, ec_id id)
{
    for (size_t i = 0; i < count; i++)
        if (promotions[i].id == id) return &promotions[i];
    return NULL;
}

static void append(const char *const *list, size_t *count, const char *text)
{
    if (*count < EC_PROMOTION_WORDS_MAX && text != NULL)
        ((const char **)(uintptr_t)list)[(*count)++] = text;
}

static void take(ec_session *session, ec_stmt *stmt, ec_promotion *promotion)
{
    const char *text = ec_col_text(session, stmt, W_TEXT);
    switch (ec_col_int(stmt, W_KIND)) {
    case 0: append(promotion->channels, &promotion->channels_count, text); break;
    case 1: append(promotion->tags, &promotion->tags_count, text); break;
    case 2: append(promotion->combines_with, &promotion->combines_with_count, text); break;
    case 3: promotion->used_count = ec_col_int(stmt, W_NUMBER); break;
    case 4: promotion->used_amount = ec_col_int(stmt, W_NUMBER); break;
    default: break;
    }
}

static bool make_room(ec_session *session, ec_promotion *promotion)
{
    const char **room =
        ec_arena_array(ec_scratch(session), 3 * (size_t)EC_PROMOTION_WORDS_MAX, sizeof(*room));
    if (room == NULL) return false;
    promotion->channels = room;
    promotion->tags = room + EC_PROMOTION_WORDS_MAX;
    promotion->combines_with = room + 2 * (size_t)EC_PROMOTION_WORDS_MAX;
    promotion->channels_count = promotion->tags_count = promotion->combines_with_count = 0;
    promotion->used_count = promotion->used_amount = 0;
    return true;
}

ec_status ec_promotion_lists(ec_session *session, ec_promotion *promotions, size_t count)
{
    ec_statement s;
    ec_stmt *stmt = NULL;
    ec_id *ids = ec_arena_array(ec_scratch(session), count + 1, sizeof(*ids));
    if (ids == NULL) return ec_fail_memory(session);
    if (count == 0) return EC_OK;
    for (size_t i = 0; i < count; i++) {
        ids[i] = promotions[i].id;
        if (!make_room(session, &promotions[i])) return ec_fail_memory(session);
    }
    ec_statement_begin(&s, session);
    ec_statement_put(&s, "SELECT m.promotion_id, 0 AS kind, c.code AS word, 0"
                         " FROM promotion_channels m JOIN channels c ON c.id = m.channel_id"
                         " WHERE m.promotion_id IN ");
    ec_statement_ids(&s, ids, count);
    ec_statement_put(&s, " UNION ALL SELECT promotion_id, CASE kind WHEN 'own' THEN 1 ELSE 2 END,"
                         " tag, 0 FROM promotion_tags WHERE promotion_id IN ");
    ec_statement_ids(&s, ids, count);
    ec_statement_put(&s, " UNION ALL SELECT promotion_id, CASE scope WHEN 'all' THEN 3 ELSE 4 END,"
                         " NULL, used FROM promotion_counters WHERE coupon_id = 0 AND owner = ''"
                         " AND (scope = 'all' OR scope = 'budget') AND promotion_id IN ");
    ec_statement_ids(&s, ids, count);
    ec_statement_put(&s, " ORDER BY 1, 2, 3");
    ec_status status = ec_statement_query(&s, &stmt);
    while (status == EC_OK && (status = ec_row(session, stmt)) == EC_OK) {
        ec_promotion *promotion = promotion_of(promotions, count, ec_col_int(stmt, W_PROMOTION));
        if (promotion != NULL) take(session, stmt, promotion);
    }
    return status == EC_DONE ? EC_OK : status;
}

/* ---- one ------------------------------------------------------------------------------------- */

static ec_status get_run(ec_session *session, void *ctx, void **result)
{
    const ec_object_args *args = ctx;
    bool by_code = args->id == 0 && args->name != NULL;
    ec_status status = ec_catalog_one(
        session, &ec_promotion_entity, by_code ? "WHERE t.code = ?" : "WHERE t.id = ?",
        ec_args(by_code ? ec_text(args->name) : ec_int(args->id)), result);
    return status == EC_OK ? ec_promotion_lists(session, *result, 1) : status;
}

ec_status ec_promotion_get(ec_session *session, ec_id id, ec_promotion **out)
{
    static const ec_op op = {.name = "promotion.get",
                             .permission = "promotion.read",
                             .access = EC_ACCESS_STAFF,
                             .mode = EC_READ,
                             .result = &ec_promotion_entity,
                             .run = get_run};
    ec_object_args args = {.id = id};
    return ec_call(session, &op, &args, (void **)out);
}

ec_status ec_promotion_by_code(ec_session *session, const char *code, ec_promotion **out)
{
    static const ec_op op = {.name = "promotion.by_code",
                             .permission = "promotion.read",
                             .access = EC_ACCESS_STAFF,
                             .mode = EC_READ,
                             .result = &ec_promotion_entity,
                             .run = get_run};
    ec_object_args args = {.name = code};
    return ec_call(session, &op, &args, (void **)out);
}

/* ---- listings -------------------------------------------------------------------------------- */

typedef struct find_args {
    const ec_promotion_filter *filter;
    const ec_page *page;
} find_args;

static ec_status check_name(ec_session *session, const char *field, const char *name,
                            const char *const *names)
{
    for (size_t i = 0; name != NULL && names[i] != NULL; i++)
        if (strcmp(names[i], name) == 0) return EC_OK;
    return name == NULL ? EC_OK
                        : ec_fail_field(session, EC_INVALID, field, "enum",
                                        "\"%.32s\" is not one of the %s values.", name, field);
}

static ec_status find_run(ec_session *session, void *ctx, void **result)
{
    static const ec_promotion_filter all = {0};
    const find_args *args = ctx;
    const ec_promotion_filter *filter = args->filter == NULL ? &all : args->filter;
    ec_value values[2];
    size_t count = 0;
    const char *where = "";
    ec_status status = check_name(session, "status", filter->status, ec_promotion_status_names);
    if (status == EC_OK)
        status = check_name(session, "kind", filter->kind, ec_promotion_kind_names);
    if (status != EC_OK) return status;
    if (filter->status != NULL) {
        values[count++] = ec_text(filter->status);
        where = "t.status = ?";
    }
    if (filter->kind != NULL) {
        values[count++] = ec_text(filter->kind);
        where = count == 2 ? "t.status = ? AND t.kind = ?" : "t.kind = ?";
    }
    status = ec_page_select(session, &ec_promotion_entity, where, values, count,
                            filter->newest_first, args->page, result);
    if (status != EC_OK) return status;
    ec_promotion_list *list = *result;
    return ec_promotion_lists(session, list->items, list->items_count);
}

ec_status ec_promotion_find(ec_session *session, const ec_promotion_filter *filter,
                            const ec_page *page, ec_promotion_list **out)
{
    static const ec_op op = {.name = "promotion.find",
                             .permission = "promotion.read",
                             .access = EC_ACCESS_STAFF,
                             .mode = EC_READ,
                             .result = &ec_promotion_list_entity,
                             .run = find_run};
    find_args args = {filter, page};
    return ec_call(session, &op, &args, (void **)out);
}

/* A filter that outlives the call: names of states and kinds are short. */
typedef struct kept_filter {
    ec_promotion_filter filter;
    char status[32], kind[32];
} kept_filter;

static const char *keep(char *to, size_t size, const char *text)
{
    if (text == NULL) return NULL;
    size_t length = strnlen(text, size - 1);
    memcpy(to, text, length);
    to[length] = '\0';
    return to;
}

static ec_status fetch(ec_session *session, void *ctx, const ec_page *page, void **out)
{
    const kept_filter *kept = ctx;
    return ec_promotion_find(session, &kept->filter, page, (ec_promotion_list **)out);
}

ec_status ec_promotion_cursor(ec_session *session, const ec_promotion_filter *filter,
                              ec_cursor **out)
{
    if (session == NULL) return EC_MISUSE;
    if (out == NULL) return ec_fail_place(session, "promotion.cursor");
    kept_filter *kept = ec_block_alloc(ec_session_platform(session), sizeof(*kept));
    if (kept == NULL) return ec_fail_memory(session);
    memset(kept, 0, sizeof(*kept));
    if (filter != NULL) {
        kept->filter = *filter;
        kept->filter.status = keep(kept->status, sizeof(kept->status), filter->status);
        kept->filter.kind = keep(kept->kind, sizeof(kept->kind), filter->kind);
    }
    return ec_cursor_make(session, &ec_promotion_list_entity, fetch, kept, out);
}
