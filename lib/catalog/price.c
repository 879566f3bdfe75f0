/* SPDX-License-Identifier: MIT */
/*
 * price.c - prices in price lists, now and at times to come.
 *
 * A price is named by its list, its variant, the quantity from which it holds and the moment from
 * which it does; setting it again replaces it. A scheduled one is a row that begins later, so
 * nothing has to happen then. It refuses lists and variants that are not there. Which price holds
 * is said in price_rule.h, what changed is logged by price_history.c.
 */
#include "catalog/inside.h"
#include "catalog/price_history.h"

/* ---- setting ---- */

/* The list's currency, whether the variant exists, and the number of the price if it is there. */
static ec_status read_place(ec_session *session, ec_price *price)
{
    ec_stmt *stmt = NULL;
    ec_check check;
    ec_check_init(&check, ec_scratch(session));
    ec_status status =
        ec_query(session,
                 "SELECT (SELECT l.currency FROM price_lists l WHERE l.id = ?),"
                 " (SELECT v.id FROM product_variants v WHERE v.id = ?),"
                 " (SELECT p.id FROM prices p WHERE p.price_list_id = ? AND p.variant_id = ?"
                 " AND p.min_quantity = ? AND p.begins = ?)",
                 ec_args(ec_int(price->price_list_id), ec_int(price->variant_id),
                         ec_int(price->price_list_id), ec_int(price->variant_id),
                         ec_int(price->min_quantity), ec_int(price->valid_from)),
                 &stmt);
    status = status == EC_OK ? ec_row(session, stmt) : status;
    if (status != EC_OK) {
        return status;
    }
    price->currency = ec_col_text(session, stmt, 0);
    price->id = ec_col_int(stmt, 2);
    if (ec_col_null(stmt, 0)) {
        ec_check_add(&check, "price_list_id", "unknown", "There is no such price list.");
    }
    if (ec_col_null(stmt, 1)) {
        ec_check_add(&check, "variant_id", "unknown", "There is no such variant.");
    }
    ec_done(session, stmt);
    return ec_fail_check(session, &check);
}

#define FIELDS ec_mask_of("price", "amount,compare_amount,minimum_amount,valid_until")

/* From now on means instead of all that has begun. */
static ec_status clear_begun(ec_session *session, const ec_price *price)
{
    return ec_exec(session,
                   "DELETE FROM prices WHERE price_list_id = ? AND variant_id = ?"
                   " AND min_quantity = ? AND begins > 0 AND begins <= ?",
                   ec_args(ec_int(price->price_list_id), ec_int(price->variant_id),
                           ec_int(price->min_quantity), ec_int(ec_now(session))),
                   NULL);
}

static ec_status tell(ec_session *session, const ec_price *price, const char *cause)
{
    ec_status status =
        ec_price_history_sync(session, price->price_list_id, &price->variant_id, 1, cause);
    return status == EC_OK ? ec_emit(session, "variant", price->variant_id, "price.changed", NULL)
                           : status;
}

static ec_status store(ec_session *session, ec_price *price, const char *cause)
{
    ec_status status = read_place(session, price);
    if (status == EC_OK && price->valid_from == 0) {
        status = clear_begun(session, price);
    }
    if (status == EC_OK && price->id != 0) {
        status = ec_entity_update(session, &ec_price_entity, price, FIELDS);
    } else if (status == EC_OK) {
        status = ec_entity_insert(session, &ec_price_entity, price);
    }
    return status == EC_OK ? tell(session, price, cause) : status;
}

static ec_status set_run(ec_session *session, void *ctx, void **result)
{
    ec_status status = ec_catalog_begin(session, ctx, result);
    ec_price *price = *result;
    if (status != EC_OK) {
        return status;
    }
    price->min_quantity = price->min_quantity == 0 ? 1 : price->min_quantity;
    return store(session, price, "set");
}

ec_status ec_price_set(ec_session *session, const ec_price *price, ec_price **out)
{
    static const ec_op op = {.name = "price.set",
                             .permission = "catalog.write",
                             .access = EC_ACCESS_STAFF,
                             .mode = EC_WRITE,
                             .result = &ec_price_entity,
                             .run = set_run,
                             .fingerprint = ec_object_fingerprint};
    ec_object_args args = {.entity = &ec_price_entity, .object = price};
    return ec_call(session, &op, &args, (void **)out);
}

/* ---- scheduling ---- */

static ec_status schedule_run(ec_session *session, void *ctx, void **result)
{
    ec_status status = ec_catalog_begin(session, ctx, result);
    ec_price *price = *result;
    if (status != EC_OK) {
        return status;
    }
    if (price->valid_from == 0) {
        return ec_fail_field(session, EC_INVALID, "valid_from", "required",
                             "A scheduled price has a begin.");
    }
    if (price->valid_from <= ec_now(session)) {
        return ec_fail_field(session, EC_INVALID, "valid_from", "future",
                             "A scheduled price begins in the future.");
    }
    price->min_quantity = price->min_quantity == 0 ? 1 : price->min_quantity;
    return store(session, price, "scheduled");
}

ec_status ec_price_schedule(ec_session *session, const ec_price *price, ec_price **out)
{
    static const ec_op op = {.name = "price.schedule",
                             .permission = "catalog.write",
                             .access = EC_ACCESS_STAFF,
                             .mode = EC_WRITE,
                             .result = &ec_price_entity,
                             .run = schedule_run,
                             .fingerprint = ec_object_fingerprint};
    ec_object_args args = {.entity = &ec_price_entity, .object = price};
    return ec_call(session, &op, &args, (void **)out);
}

static ec_status unschedule_run(ec_session *session, void *ctx, void **result)
{
    const ec_delete_args *args = ctx;
    ec_price price = {0};
    (void)result;
    ec_status status = ec_entity_get(session, &ec_price_entity, args->id, &price);
    if (status == EC_OK && price.valid_from <= ec_now(session)) {
        return ec_fail(session, EC_STATE, "The price has begun.");
    }
    if (status == EC_OK) {
        status = ec_entity_delete(session, &ec_price_entity, args->id);
    }
    return status == EC_OK ? tell(session, &price, "set") : status;
}

ec_status ec_price_unschedule(ec_session *session, ec_id id)
{
    static const ec_op op = {.name = "price.unschedule",
                             .permission = "catalog.write",
                             .access = EC_ACCESS_STAFF,
                             .mode = EC_WRITE,
                             .run = unschedule_run,
                             .fingerprint = ec_catalog_delete_fingerprint};
    ec_delete_args args = {.id = id};
    return ec_call(session, &op, &args, NULL);
}

/* ---- removing ---- */

static ec_status remove_run(ec_session *session, void *ctx, void **result)
{
    const ec_price *price = ctx;
    int64_t affected = 0;
    (void)result;
    ec_status status = ec_exec(
        session,
        "DELETE FROM prices WHERE price_list_id = ? AND variant_id = ? AND min_quantity = ?",
        ec_args(ec_int(price->price_list_id), ec_int(price->variant_id),
                ec_int(price->min_quantity == 0 ? 1 : price->min_quantity)),
        &affected);
    if (status == EC_OK && affected == 0) {
        return ec_fail(session, EC_NOT_FOUND, "There is no such price.");
    }
    return status == EC_OK ? tell(session, price, "removed") : status;
}

static void remove_fingerprint(const void *ctx, ec_json_writer *json)
{
    ec_entity_store_json(json, &ec_price_entity, ctx, NULL);
}

ec_status ec_price_remove(ec_session *session, ec_id price_list_id, ec_id variant_id,
                          int64_t min_quantity)
{
    static const ec_op op = {.name = "price.remove",
                             .permission = "catalog.write",
                             .access = EC_ACCESS_STAFF,
                             .mode = EC_WRITE,
                             .run = remove_run,
                             .fingerprint = remove_fingerprint};
    ec_price price = {
        .price_list_id = price_list_id, .variant_id = variant_id, .min_quantity = min_quantity};
    return ec_call(session, &op, &price, NULL);
}

/* ---- listing ---- */

typedef struct find_args {
    const ec_price_filter *filter;
    const ec_page *page;
} find_args;

/* The currencies are those of the lists. */
static ec_status read_currencies(ec_session *session, ec_price_page *page)
{
    ec_statement s;
    ec_stmt *stmt = NULL;
    ec_id *ids = ec_arena_array(ec_scratch(session), page->items_count + 1, sizeof *ids);
    if (page->items_count == 0 || !ids) {
        return ids ? EC_OK : ec_fail_memory(session);
    }
    for (size_t i = 0; i < page->items_count; i++) {
        ids[i] = page->items[i].price_list_id;
    }
    ec_statement_begin(&s, session);
    ec_statement_put(&s, "SELECT id, currency FROM price_lists WHERE id IN ");
    ec_statement_ids(&s, ids, page->items_count);
    ec_status status = ec_statement_query(&s, &stmt);
    while (status == EC_OK && (status = ec_row(session, stmt)) == EC_OK) {
        const char *currency = ec_col_text(session, stmt, 1);
        for (size_t i = 0; i < page->items_count; i++) {
            if (ids[i] == ec_col_int(stmt, 0)) {
                page->items[i].currency = currency;
            }
        }
    }
    return status == EC_DONE ? EC_OK : status;
}

static ec_status find_run(ec_session *session, void *ctx, void **result)
{
    static const ec_price_filter any = {0};
    const find_args *args = ctx;
    const ec_price_filter *filter = args->filter ? args->filter : &any;
    ec_statement where;
    const char *and = "";
    ec_statement_begin(&where, session);
    if (filter->variant_id != 0) {
        ec_statement_with(&where, "t.variant_id = ?", ec_int(filter->variant_id));
        and = " AND ";
    }
    if (filter->price_list_id != 0) {
        ec_statement_put(&where, and);
        ec_statement_with(&where, "t.price_list_id = ?", ec_int(filter->price_list_id));
        and = " AND ";
    }
    if (filter->scheduled) {
        ec_statement_put(&where, and);
        ec_statement_with(&where, "t.id IN (SELECT x.id FROM prices x WHERE x.valid_from > ?)",
                          ec_int(ec_now(session)));
    }
    ec_status status = ec_page_select(session, &ec_price_entity, where.text ? where.text : "",
                                      where.values, where.count, false, args->page, result);
    return status == EC_OK ? read_currencies(session, *result) : status;
}

ec_status ec_price_find(ec_session *session, const ec_price_filter *filter, const ec_page *page,
                        ec_price_page **out)
{
    static const ec_op op = {.name = "price.find",
                             .permission = "catalog.write",
                             .access = EC_ACCESS_STAFF,
                             .mode = EC_READ,
                             .result = &ec_price_page_entity,
                             .run = find_run};
    find_args args = {filter, page};
    return ec_call(session, &op, &args, (void **)out);
}
