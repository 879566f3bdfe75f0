/* SPDX-License-Identifier: MIT */
/*
 * price_bulk.c - many prices changed at once.
 *
 * Variants are walked through by their numbers, a batch at a time; each batch is read in one
 * statement, computed by price_ending.c and written in a few. Memory is that of a batch. It refuses
 * to leave half of an edit behind: all of it is one transaction.
 */
#include <string.h>

#include "catalog/inside.h"
#include "catalog/price_ending.h"
#include "catalog/price_history.h"

#define WALK 8000    /* numbers that are looked up at once */
#define CASES 100    /* rows of one UPDATE */
#define SKU_SIZE 404 /* a hundred code points, terminated */

typedef struct bulk {
    ec_session *session;
    const ec_price_bulk_request *request;
    ec_price_bulk_report *report;
    ec_price_change_rule rule;
    ec_collection collection; /* id 0: none */
    const char *currency;
    char *skus; /* room for those of the sample */
} bulk;

/* A price on its way. */
typedef struct change {
    ec_price price; /* id 0: the list does not have it; of the catalogue: the variant's */
    ec_id product_id;
    const char *sku;
    int64_t catalog, cost; /* 0: unknown */
    bool same_currency;    /* product's and list's */
} change;

typedef struct batch {
    bulk *b;
    ec_price *changed, *fresh;
    ec_id *variants, *products;
    size_t changed_count, fresh_count, variants_count;
    size_t changed_room, fresh_room;
} batch;

/* ---- is it an edit at all ---- */

static void check_reference(bulk *b, ec_check *check, const ec_entity *entity, ec_id id,
                            const char *field, void *object, ec_status *status)
{
    if (*status != EC_OK || id == 0) {
        return;
    }
    *status = ec_entity_get(b->session, entity, id, object);
    if (*status == EC_NOT_FOUND) {
        ec_forgive(b->session);
        ec_check_add(check, field, "unknown", "There is no such %s.", entity->name);
        *status = EC_OK;
    }
}

static ec_status check_references(bulk *b, ec_check *check)
{
    const ec_price_bulk_request *r = b->request;
    ec_status status = EC_OK;
    ec_price_list list = {.currency = NULL};
    ec_category category;
    ec_brand brand;
    check_reference(b, check, &ec_price_list_entity, r->price_list_id, "price_list_id", &list,
                    &status);
    check_reference(b, check, &ec_category_entity, r->category_id, "category_id", &category,
                    &status);
    check_reference(b, check, &ec_brand_entity, r->brand_id, "brand_id", &brand, &status);
    check_reference(b, check, &ec_collection_entity, r->collection_id, "collection_id",
                    &b->collection, &status);
    b->currency = list.currency ? list.currency
                  : r->currency ? r->currency
                                : ec_shop_currency(b->session);
    return status;
}

static ec_status check_request(bulk *b)
{
    const ec_price_bulk_request *r = b->request;
    ec_check check;
    ec_status status = ec_input(b->session, &ec_price_bulk_request_entity, r, EC_MASK_ALL, true);
    if (status != EC_OK) {
        return status;
    }
    ec_check_init(&check, ec_scratch(b->session));
    status = check_references(b, &check);
    if (status != EC_OK) {
        return status;
    }
    b->rule = (ec_price_change_rule){
        .percent = r->percent, .amount = r->amount, .direction = r->direction};
    if (ec_price_ending_parse(r->ending, ec_currency_decimals(b->currency), &b->rule.ending) !=
        EC_OK) {
        ec_check_add(&check, "ending", "format",
                     "An ending is digits such as 990, or .99 with all decimals of %s.",
                     b->currency);
    }
    if (r->price_list_id == 0 && r->base == EC_BULK_OF_CATALOG) {
        ec_check_add(&check, "base", "conflict",
                     "The catalogue's prices are no base of their own.");
    }
    if (r->percent == 0 && r->amount == 0 && !r->ending && r->base == EC_BULK_OF_PRICE &&
        r->compare == EC_BULK_COMPARE_KEEP) {
        ec_check_add(&check, "percent", "required", "Something is to change.");
    }
    return ec_fail_check(b->session, &check);
}

/* ---- which variants ---- */

static ec_status put_conditions(bulk *b, ec_statement *s)
{
    const ec_price_bulk_request *r = b->request;
    if (r->category_id != 0) {
        ec_statement_put(s, " AND ");
        ec_category_below(s, "t.category_id", r->category_id);
    }
    if (r->brand_id != 0) {
        ec_statement_with(s, " AND t.brand_id = ?", ec_int(r->brand_id));
    }
    if (r->type) {
        ec_statement_with(s, " AND t.type = ?", ec_text(r->type));
    }
    if (r->variants && r->variants_count > 0) {
        ec_statement_put(s, " AND v.id IN ");
        ec_statement_ids(s, r->variants, r->variants_count);
    }
    if (r->price_list_id == 0) {
        ec_statement_with(s, " AND t.currency = ?", ec_text(b->currency));
    }
    if (b->collection.id == 0) {
        return EC_OK;
    }
    if (b->collection.rules) {
        return ec_rules_condition(b->session, &b->collection, s);
    }
    ec_statement_with(s,
                      " AND t.id IN (SELECT m.product_id FROM collection_products m"
                      " WHERE m.collection_id = ?)",
                      ec_int(b->collection.id));
    return EC_OK;
}

/* The next variants behind the last one, in the order of their numbers. */
static ec_status walk(bulk *b, ec_id last, ec_id *ids, size_t *count)
{
    const ec_price_bulk_request *r = b->request;
    ec_statement s;
    ec_stmt *stmt = NULL;
    ec_statement_begin(&s, b->session);
    if (r->price_list_id != 0 && r->base != EC_BULK_OF_CATALOG) {
        ec_statement_with(&s,
                          "SELECT DISTINCT p.variant_id FROM prices p"
                          " JOIN product_variants v ON v.id = p.variant_id"
                          " JOIN products t ON t.id = v.product_id WHERE p.price_list_id = ?",
                          ec_int(r->price_list_id));
        ec_statement_with(&s, " AND p.variant_id > ?", ec_int(last));
    } else {
        ec_statement_with(&s,
                          "SELECT v.id FROM product_variants v"
                          " JOIN products t ON t.id = v.product_id WHERE v.id > ?",
                          ec_int(last));
    }
    ec_status status = put_conditions(b, &s);
    ec_statement_with(&s, " ORDER BY 1 LIMIT ?", ec_int(WALK));
    *count = 0;
    status = status == EC_OK ? ec_statement_query(&s, &stmt) : status;
    while (status == EC_OK && (status = ec_row(b->session, stmt)) == EC_OK) {
        ids[(*count)++] = ec_col_int(stmt, 0);
    }
    return status == EC_DONE ? EC_OK : status;
}

/* ---- what they cost ---- */

static void put_list(bulk *b, ec_statement *s)
{
    const ec_price_bulk_request *r = b->request;
    ec_time now = ec_now(b->session);
    bool make = r->base == EC_BULK_OF_CATALOG;
    ec_statement_put(s, "SELECT v.id, v.product_id, v.sku, v.price, v.cost_price,");
    ec_statement_with(s, " t.currency = ?, ", ec_text(b->currency));
    ec_statement_put(s, ec_entity_columns(b->session, &ec_price_entity, "p"));
    ec_statement_put(s, " FROM product_variants v JOIN products t ON t.id = v.product_id");
    ec_statement_put(s, make ? " LEFT JOIN" : " JOIN");
    ec_statement_with(s, " prices p ON p.price_list_id = ?", ec_int(r->price_list_id));
    ec_statement_with(s, " AND p.variant_id = v.id AND p.begins <= ?", ec_int(now));
    ec_statement_with(s, " AND (p.valid_until IS NULL OR p.valid_until > ?)", ec_int(now));
    ec_statement_put(s, make ? " AND p.min_quantity = 1" : "");
    ec_statement_put(s, " WHERE v.id IN ");
}

static void put_catalog(bulk *b, ec_statement *s)
{
    (void)b;
    ec_statement_put(s, "SELECT v.id, v.product_id, v.sku, v.price, v.cost_price, 1,"
                        " v.compare_price FROM product_variants v WHERE v.id IN ");
}

static ec_status read_change(bulk *b, ec_stmt *stmt, change *c)
{
    *c = (change){.product_id = ec_col_int(stmt, 1),
                  .sku = ec_col_text(b->session, stmt, 2),
                  .same_currency = ec_col_int(stmt, 5) != 0};
    c->catalog = ec_col_int(stmt, 3);
    c->cost = c->same_currency ? ec_col_int(stmt, 4) : 0;
    if (b->request->price_list_id == 0) {
        c->price = (ec_price){.id = ec_col_int(stmt, 0),
                              .variant_id = ec_col_int(stmt, 0),
                              .min_quantity = 1,
                              .amount = c->catalog,
                              .compare_amount = ec_col_int(stmt, 6)};
        return EC_OK;
    }
    if (ec_col_null(stmt, 6)) {
        c->price = (ec_price){.price_list_id = b->request->price_list_id,
                              .variant_id = ec_col_int(stmt, 0),
                              .min_quantity = 1};
        return EC_OK;
    }
    return ec_entity_read_row(b->session, stmt, 6, &ec_price_entity, &c->price, NULL);
}

/* What the new price is computed from; -1: there is nothing. */
static int64_t base_of(const bulk *b, const change *c)
{
    switch (b->request->base) {
    case EC_BULK_OF_PRICE: return c->price.amount;
    case EC_BULK_OF_COMPARE:
        return c->price.compare_amount != 0 ? c->price.compare_amount : c->price.amount;
    case EC_BULK_OF_COST: return c->cost != 0 ? c->cost : -1;
    case EC_BULK_OF_CATALOG: return c->same_currency ? c->catalog : -1;
    }
    return -1;
}

static int64_t floor_of(const bulk *b, const change *c)
{
    int64_t cost = b->request->floor_cost ? c->cost : 0;
    int64_t minimum = b->request->floor_minimum ? c->price.minimum_amount : 0;
    return cost > minimum ? cost : minimum;
}

static int64_t compare_of(const bulk *b, const ec_price *old, int64_t amount)
{
    switch (b->request->compare) {
    case EC_BULK_COMPARE_KEEP: return old->compare_amount;
    case EC_BULK_COMPARE_NONE: return 0;
    case EC_BULK_COMPARE_OLD:
        return old->compare_amount == 0 && old->id != 0 && amount < old->amount
                   ? old->amount
                   : old->compare_amount;
    }
    return old->compare_amount;
}

static void show(bulk *b, const change *c, int64_t before)
{
    ec_price_bulk_report *report = b->report;
    if (report->items_count == EC_PRICE_BULK_SAMPLE) {
        return;
    }
    char *sku = b->skus + report->items_count * SKU_SIZE;
    size_t length = c->sku ? strnlen(c->sku, SKU_SIZE - 1) : 0;
    if (length > 0) {
        memcpy(sku, c->sku, length);
    }
    sku[length] = '\0';
    report->items[report->items_count++] =
        (ec_price_bulk_item){.variant_id = c->price.variant_id,
                             .min_quantity = c->price.min_quantity,
                             .before = before,
                             .after = c->price.amount,
                             .sku = c->sku ? sku : NULL};
}

/* ---- a batch ---- */

/* A variant may have many prices, so room is made as they come. */
static bool put(ec_session *session, ec_price **prices, size_t *count, size_t *room,
                const ec_price *price)
{
    if (*count == *room) {
        *room = *room == 0 ? EC_PRICE_STEP : *room * 2;
        ec_price *bigger = ec_arena_array(ec_scratch(session), *room, sizeof *bigger);
        if (!bigger) {
            return false;
        }
        if (*count > 0) {
            memcpy(bigger, *prices, *count * sizeof *bigger);
        }
        *prices = bigger;
    }
    (*prices)[(*count)++] = *price;
    return true;
}

static ec_status take(batch *t, change *c)
{
    bulk *b = t->b;
    int64_t base = base_of(b, c), amount = 0, before = c->price.amount;
    bool floored = false, made = c->price.id == 0;
    b->report->matched++;
    if (base < 0 ||
        ec_price_change_apply(&b->rule, base, floor_of(b, c), &amount, &floored) != EC_OK) {
        b->report->skipped++;
        return EC_OK;
    }
    int64_t compare = compare_of(b, &c->price, amount);
    b->report->floored += floored;
    if (!made && amount == before && compare == c->price.compare_amount) {
        b->report->unchanged++;
        return EC_OK;
    }
    c->price.amount = amount;
    c->price.compare_amount = compare;
    b->report->changed++;
    b->report->created += made;
    show(b, c, before);
    if (t->variants_count == 0 || t->variants[t->variants_count - 1] != c->price.variant_id) {
        t->variants[t->variants_count] = c->price.variant_id;
        t->products[t->variants_count++] = c->product_id;
    }
    bool room = made ? put(b->session, &t->fresh, &t->fresh_count, &t->fresh_room, &c->price)
                     : put(b->session, &t->changed, &t->changed_count, &t->changed_room, &c->price);
    return room ? EC_OK : ec_fail_memory(b->session);
}

/* Prices of a list are whole rows. */
static ec_status write_list(batch *t)
{
    ec_status status =
        ec_catalog_store_many(t->b->session, &ec_price_entity, t->changed, t->changed_count);
    return status == EC_OK && t->fresh_count > 0
               ? ec_entity_insert_many(t->b->session, &ec_price_entity, t->fresh, t->fresh_count)
               : status;
}

static void put_cases(ec_statement *s, const char *column, const ec_price *prices, size_t count,
                      bool compare)
{
    ec_statement_put(s, column);
    ec_statement_put(s, " = CASE id");
    for (size_t i = 0; i < count; i++) {
        int64_t value = compare ? prices[i].compare_amount : prices[i].amount;
        ec_statement_with(s, " WHEN ?", ec_int(prices[i].id));
        ec_statement_with(s, " THEN ?", compare ? ec_ref(value) : ec_int(value));
    }
    ec_statement_put(s, " END, ");
}

static ec_status write_variants(batch *t, size_t at, size_t count)
{
    ec_statement s;
    ec_id ids[CASES];
    for (size_t i = 0; i < count; i++) {
        ids[i] = t->changed[at + i].id;
    }
    ec_statement_begin(&s, t->b->session);
    ec_statement_put(&s, "UPDATE product_variants SET ");
    put_cases(&s, "price", t->changed + at, count, false);
    put_cases(&s, "compare_price", t->changed + at, count, true);
    ec_statement_with(&s, "version = version + 1, updated_at = ? WHERE id IN ",
                      ec_int(ec_now(t->b->session)));
    ec_statement_ids(&s, ids, count);
    return ec_statement_exec(&s, NULL);
}

static ec_status write_catalog(batch *t)
{
    ec_status status = EC_OK;
    for (size_t at = 0; status == EC_OK && at < t->changed_count; at += CASES) {
        size_t left = t->changed_count - at;
        status = write_variants(t, at, left < CASES ? left : CASES);
    }
    return status == EC_OK ? ec_product_refresh(t->b->session, t->products, t->variants_count)
                           : status;
}

static ec_status write_batch(batch *t)
{
    bulk *b = t->b;
    ec_id list = b->request->price_list_id;
    if (t->variants_count == 0 || b->request->dry_run) {
        return EC_OK;
    }
    ec_status status = list != 0 ? write_list(t) : write_catalog(t);
    if (status == EC_OK) {
        status = ec_price_history_sync(b->session, list, t->variants, t->variants_count, "bulk");
    }
    return status == EC_OK ? ec_emit_many(b->session, "variant", t->variants, NULL,
                                          t->variants_count, "price.changed")
                           : status;
}

static ec_status run_batch(bulk *b, const ec_id *ids, size_t count)
{
    ec_arena *arena = ec_scratch(b->session);
    batch t = {.b = b,
               .variants = ec_arena_array(arena, count, sizeof(ec_id)),
               .products = ec_arena_array(arena, count, sizeof(ec_id))};
    ec_statement s;
    ec_stmt *stmt = NULL;
    if (!t.variants || !t.products) {
        return ec_fail_memory(b->session);
    }
    ec_statement_begin(&s, b->session);
    if (b->request->price_list_id != 0) {
        put_list(b, &s);
    } else {
        put_catalog(b, &s);
    }
    ec_statement_ids(&s, ids, count);
    ec_statement_put(&s, " ORDER BY v.id");
    ec_status status = ec_statement_query(&s, &stmt);
    while (status == EC_OK && (status = ec_row(b->session, stmt)) == EC_OK) {
        change c;
        status = read_change(b, stmt, &c);
        status = status == EC_OK ? take(&t, &c) : status;
    }
    return status == EC_DONE ? write_batch(&t) : status;
}

/* ---- the whole ---- */

static ec_status run_walk(bulk *b)
{
    ec_arena *arena = ec_scratch(b->session);
    ec_id *ids = ec_arena_array(arena, WALK, sizeof *ids);
    ec_id last = 0;
    ec_status status = ids ? EC_OK : ec_fail_memory(b->session);
    for (size_t count = WALK; status == EC_OK && count == WALK;) {
        ec_arena_mark mark = ec_arena_save(arena);
        status = walk(b, last, ids, &count);
        ec_arena_restore(arena, mark);
        for (size_t at = 0; status == EC_OK && at < count; at += EC_PRICE_STEP) {
            mark = ec_arena_save(arena);
            status =
                run_batch(b, ids + at, count - at < EC_PRICE_STEP ? count - at : EC_PRICE_STEP);
            ec_arena_restore(arena, mark);
        }
        last = count > 0 ? ids[count - 1] : last;
    }
    return status;
}

static ec_status bulk_run(ec_session *session, void *ctx, void **result)
{
    ec_arena *arena = ec_scratch(session);
    bulk *b = ec_arena_alloc(arena, sizeof *b);
    ec_price_bulk_report *report = ec_arena_alloc(arena, sizeof *report);
    *result = report;
    if (!b || !report) {
        return ec_fail_memory(session);
    }
    *b = (bulk){.session = session, .request = ctx, .report = report};
    ec_status status = check_request(b);
    if (status != EC_OK) {
        return status;
    }
    report->items = ec_arena_array(arena, EC_PRICE_BULK_SAMPLE, sizeof *report->items);
    b->skus = ec_arena_array(arena, EC_PRICE_BULK_SAMPLE, SKU_SIZE);
    report->currency = b->currency;
    report->dry_run = b->request->dry_run;
    return report->items && b->skus ? run_walk(b) : ec_fail_memory(session);
}

static void bulk_fingerprint(const void *ctx, ec_json_writer *json)
{
    if (ctx) {
        ec_entity_store_json(json, &ec_price_bulk_request_entity, ctx, NULL);
    }
}

ec_status ec_price_bulk(ec_session *session, const ec_price_bulk_request *request,
                        ec_price_bulk_report **out)
{
    static const ec_op op = {.name = "price.bulk",
                             .permission = "catalog.write",
                             .access = EC_ACCESS_STAFF,
                             .mode = EC_WRITE,
                             .result = &ec_price_bulk_report_entity,
                             .run = bulk_run,
                             .fingerprint = bulk_fingerprint};
    static const ec_op look = {.name = "price.bulk_report",
                               .permission = "catalog.write",
                               .access = EC_ACCESS_STAFF,
                               .mode = EC_READ,
                               .result = &ec_price_bulk_report_entity,
                               .run = bulk_run};
    const ec_op *which = request && request->dry_run ? &look : &op;
    return ec_call(session, which, (void *)(uintptr_t)request, (void **)out);
}
