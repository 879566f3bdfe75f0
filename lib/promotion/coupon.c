/* SPDX-License-Identifier: MIT */
/*
 * coupon.c - coupons, written, read and removed.
 *
 * Codes are compared in lower case, by a column of their own. It refuses to change a code or the
 * promotion that it is for, and to remove a coupon that an order used.
 */
#include <string.h>

#include "base/block.h"
#include "base/text.h"
#include "catalog/inside.h"
#include "model/model.h"
#include "promotion/stored.h"

#define CHUNK 200 /* coupons of one statement */

const char *ec_coupon_key(ec_session *session, const char *code)
{
    char *key = ec_arena_strdup(ec_scratch(session), code);
    if (key != NULL) ec_text_lower(key);
    return key;
}

/* ---- rows ------------------------------------------------------------------------------------ */

static ec_status insert_chunk(ec_session *session, ec_coupon *coupons, size_t count)
{
    ec_statement s;
    ec_statement_begin(&s, session);
    ec_statement_put(&s, "INSERT INTO coupons (promotion_id, code, code_key, expires_at,"
                         " usage_limit, customer_limit, is_reusable, is_active, version,"
                         " created_at, updated_at) VALUES ");
    for (size_t i = 0; i < count; i++) {
        ec_coupon *coupon = &coupons[i];
        coupon->version = 1;
        coupon->created_at = coupon->updated_at = ec_now(session);
        const ec_value values[] = {
            ec_int(coupon->promotion_id),
            ec_text(coupon->code),
            ec_text(ec_coupon_key(session, coupon->code)),
            ec_ref(coupon->expires_at),
            ec_int(coupon->usage_limit),
            ec_int(coupon->customer_limit),
            ec_int(coupon->is_reusable),
            ec_int(coupon->is_active),
            ec_int(coupon->version),
            ec_int(coupon->created_at),
            ec_int(coupon->updated_at),
        };
        ec_statement_put(&s, i == 0 ? "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
                                    : ", (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
        for (size_t v = 0; v < sizeof(values) / sizeof(*values); v++)
            ec_statement_value(&s, values[v]);
    }
    ec_status status = ec_statement_exec(&s, NULL);
    ec_id first = status == EC_OK ? ec_first_id(session, count) : 0;
    for (size_t i = 0; i < count; i++)
        coupons[i].id = first + (ec_id)i;
    return status;
}

ec_status ec_coupon_insert(ec_session *session, ec_coupon *coupons, size_t count)
{
    ec_status status = EC_OK;
    for (size_t done = 0; status == EC_OK && done < count; done += CHUNK)
        status = insert_chunk(session, coupons + done, count - done < CHUNK ? count - done : CHUNK);
    return status;
}

ec_status ec_coupon_counts(ec_session *session, ec_coupon *coupons, size_t count)
{
    ec_statement s;
    ec_stmt *stmt = NULL;
    ec_id *ids = ec_arena_array(ec_scratch(session), count + 1, sizeof(*ids));
    if (ids == NULL) return ec_fail_memory(session);
    if (count == 0) return EC_OK;
    for (size_t i = 0; i < count; i++)
        ids[i] = coupons[i].id;
    ec_statement_begin(&s, session);
    ec_statement_put(&s, "SELECT coupon_id, used FROM promotion_counters WHERE scope = 'all'"
                         " AND coupon_id IN ");
    ec_statement_ids(&s, ids, count);
    ec_status status = ec_statement_query(&s, &stmt);
    while (status == EC_OK && (status = ec_row(session, stmt)) == EC_OK)
        for (size_t i = 0; i < count; i++)
            if (coupons[i].id == ec_col_int(stmt, 0)) coupons[i].used_count = ec_col_int(stmt, 1);
    return status == EC_DONE ? EC_OK : status;
}

/* ---- create ---------------------------------------------------------------------------------- */

static ec_status check_promotion(ec_session *session, ec_id id)
{
    int64_t one = 0;
    ec_status status =
        ec_query_int(session, "SELECT 1 FROM promotions WHERE id = ?", ec_args(ec_int(id)), &one);
    return status == EC_NOT_FOUND ? ec_fail_field(session, EC_INVALID, "promotion_id", "reference",
                                                  "There is no such promotion.")
                                  : status;
}

static ec_status create_run(ec_session *session, void *ctx, void **result)
{
    ec_status status = ec_catalog_begin(session, ctx, result);
    if (status != EC_OK) return status;
    ec_coupon *coupon = *result;
    status = check_promotion(session, coupon->promotion_id);
    if (status == EC_OK) status = ec_coupon_insert(session, coupon, 1);
    if (status == EC_EXISTS)
        return ec_fail_field(session, EC_EXISTS, "code", "unique", "There is such a code already.");
    if (status != EC_OK) return status;
    return ec_catalog_tell(session, &ec_coupon_entity, coupon->id, "created", 0);
}

ec_status ec_coupon_create(ec_session *session, const ec_coupon *coupon, ec_coupon **out)
{
    static const ec_op op = {.name = "coupon.create",
                             .permission = "promotion.write",
                             .access = EC_ACCESS_STAFF,
                             .mode = EC_WRITE,
                             .result = &ec_coupon_entity,
                             .run = create_run,
                             .fingerprint = ec_object_fingerprint};
    ec_object_args args = {.entity = &ec_coupon_entity, .object = coupon};
    return ec_call(session, &op, &args, (void **)out);
}

/* ---- update, delete -------------------------------------------------------------------------- */

static ec_status update_run(ec_session *session, void *ctx, void **result)
{
    ec_mask fields = 0;
    ec_coupon before = {0};
    ec_coupon *coupon = ec_arena_alloc(ec_scratch(session), sizeof(*coupon));
    if (coupon == NULL) return ec_fail_memory(session);
    ec_status status = ec_object_merge(session, ctx, &before, coupon, &fields);
    coupon->used_count = 0;
    *result = coupon;
    if (status == EC_OK && fields != 0)
        status = ec_entity_update(session, &ec_coupon_entity, coupon, fields);
    if (status == EC_OK && before.customer_limit == 0 && coupon->customer_limit > 0)
        status =
            ec_promotion_recount(session, coupon->promotion_id, coupon->id, !coupon->is_reusable);
    if (status == EC_OK) status = ec_coupon_counts(session, coupon, 1);
    if (status != EC_OK || fields == 0) return status;
    return ec_catalog_tell(session, &ec_coupon_entity, coupon->id, "updated", fields);
}

ec_status ec_coupon_update(ec_session *session, ec_id id, const ec_coupon *coupon, ec_mask fields,
                           ec_coupon **out)
{
    static const ec_op op = {.name = "coupon.update",
                             .permission = "promotion.write",
                             .access = EC_ACCESS_STAFF,
                             .mode = EC_WRITE,
                             .result = &ec_coupon_entity,
                             .run = update_run,
                             .fingerprint = ec_object_fingerprint};
    ec_object_args args = {
        .entity = &ec_coupon_entity, .id = id, .object = coupon, .fields = fields};
    return ec_call(session, &op, &args, (void **)out);
}

static ec_status delete_run(ec_session *session, void *ctx, void **result)
{
    const ec_delete_args *args = ctx;
    ec_status status = ec_catalog_delete(session, ctx, result);
    return status == EC_OK ? ec_exec(session, "DELETE FROM promotion_counters WHERE coupon_id = ?",
                                     ec_args(ec_int(args->id)), NULL)
                           : status;
}

ec_status ec_coupon_delete(ec_session *session, ec_id id, int64_t version)
{
    static const ec_op op = {.name = "coupon.delete",
                             .permission = "promotion.write",
                             .access = EC_ACCESS_STAFF,
                             .mode = EC_WRITE,
                             .run = delete_run,
                             .fingerprint = ec_catalog_delete_fingerprint};
    ec_delete_args args = {.entity = &ec_coupon_entity,
                           .id = id,
                           .version = version,
                           .in_use = "An order used the coupon; switch it off instead."};
    return ec_call(session, &op, &args, NULL);
}

/* ---- reading --------------------------------------------------------------------------------- */

static ec_status get_run(ec_session *session, void *ctx, void **result)
{
    const ec_object_args *args = ctx;
    bool by_code = args->id == 0 && args->name != NULL;
    const char *key = by_code ? ec_coupon_key(session, args->name) : NULL;
    if (by_code && key == NULL) return ec_fail_memory(session);
    ec_status status = ec_catalog_one(session, &ec_coupon_entity,
                                      by_code ? "WHERE t.code_key = ?" : "WHERE t.id = ?",
                                      ec_args(by_code ? ec_text(key) : ec_int(args->id)), result);
    return status == EC_OK ? ec_coupon_counts(session, *result, 1) : status;
}

ec_status ec_coupon_get(ec_session *session, ec_id id, ec_coupon **out)
{
    static const ec_op op = {.name = "coupon.get",
                             .permission = "promotion.read",
                             .access = EC_ACCESS_STAFF,
                             .mode = EC_READ,
                             .result = &ec_coupon_entity,
                             .run = get_run};
    ec_object_args args = {.id = id};
    return ec_call(session, &op, &args, (void **)out);
}

ec_status ec_coupon_by_code(ec_session *session, const char *code, ec_coupon **out)
{
    static const ec_op op = {.name = "coupon.by_code",
                             .permission = "promotion.read",
                             .access = EC_ACCESS_STAFF,
                             .mode = EC_READ,
                             .result = &ec_coupon_entity,
                             .run = get_run};
    ec_object_args args = {.name = code};
    return ec_call(session, &op, &args, (void **)out);
}

typedef struct find_args {
    const ec_coupon_filter *filter;
    const ec_page *page;
} find_args;

static ec_status find_run(ec_session *session, void *ctx, void **result)
{
    static const ec_coupon_filter all = {0};
    const find_args *args = ctx;
    const ec_coupon_filter *filter = args->filter == NULL ? &all : args->filter;
    ec_value value = ec_int(filter->promotion_id);
    bool some = filter->promotion_id != 0;
    ec_status status =
        ec_page_select(session, &ec_coupon_entity, some ? "t.promotion_id = ?" : "",
                       some ? &value : NULL, some, filter->newest_first, args->page, result);
    if (status != EC_OK) return status;
    ec_coupon_list *list = *result;
    return ec_coupon_counts(session, list->items, list->items_count);
}

ec_status ec_coupon_find(ec_session *session, const ec_coupon_filter *filter, const ec_page *page,
                         ec_coupon_list **out)
{
    static const ec_op op = {.name = "coupon.find",
                             .permission = "promotion.read",
                             .access = EC_ACCESS_STAFF,
                             .mode = EC_READ,
                             .result = &ec_coupon_list_entity,
                             .run = find_run};
    find_args args = {filter, page};
    return ec_call(session, &op, &args, (void **)out);
}

static ec_status fetch(ec_session *session, void *ctx, const ec_page *page, void **out)
{
    return ec_coupon_find(session, ctx, page, (ec_coupon_list **)out);
}

ec_status ec_coupon_cursor(ec_session *session, const ec_coupon_filter *filter, ec_cursor **out)
{
    if (session == NULL) return EC_MISUSE;
    if (out == NULL) return ec_fail_place(session, "coupon.cursor");
    ec_coupon_filter *kept = ec_block_alloc(ec_session_platform(session), sizeof(*kept));
    if (kept == NULL) return ec_fail_memory(session);
    memset(kept, 0, sizeof(*kept));
    if (filter != NULL) *kept = *filter;
    return ec_cursor_make(session, &ec_coupon_list_entity, fetch, kept, out);
}
