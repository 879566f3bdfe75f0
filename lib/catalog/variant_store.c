/* SPDX-License-Identifier: MIT */
/*
 * variant_store.c - the variants of a product on their way into the storage.
 *
 * The wanted list is laid over the stored one: by number, then by SKU, then by option values, so
 * that a variant keeps its number, its stock and its history as long as anybody could say it is the
 * same. It refuses to remove what was ordered: that becomes inactive, behind the others.
 */
#include <string.h>

#include "catalog/inside.h"
#include "catalog/price_history.h"
#include "stock/stock.h"

typedef struct variant_plan {
    const ec_product *before;
    ec_product *product;
    const ec_variant **stored; /* of each wanted one; NULL: a new one */
    bool *claimed;             /* of the stored ones */
    ec_variant *fresh;
    size_t *fresh_at; /* where they stand in the product */
    ec_variant *changed;
    ec_id *gone;
    size_t fresh_count, changed_count, gone_count;
    const char *list; /* name of the list in field errors, or "" */
} variant_plan;

/* ---- laying one list over the other ---- */

typedef bool (*same_fn)(const ec_variant *stored, const ec_variant *wanted);

static bool same_number(const ec_variant *stored, const ec_variant *wanted)
{
    return wanted->id != 0 && stored->id == wanted->id;
}

static bool same_sku(const ec_variant *stored, const ec_variant *wanted)
{
    return wanted->id == 0 && stored->sku && wanted->sku && strcmp(stored->sku, wanted->sku) == 0;
}

static bool same_active_options(const ec_variant *stored, const ec_variant *wanted)
{
    return wanted->id == 0 && stored->is_active && ec_variant_same_options(stored, wanted);
}

static bool same_options(const ec_variant *stored, const ec_variant *wanted)
{
    return wanted->id == 0 && ec_variant_same_options(stored, wanted);
}

/* Lists mostly come in the stored order, so the search begins at the same place. */
static void lay_over(variant_plan *plan, same_fn same)
{
    size_t count = plan->before->variants_count;
    for (size_t i = 0; i < plan->product->variants_count; i++) {
        for (size_t n = 0; !plan->stored[i] && n < count; n++) {
            size_t at = (i + n) % count;
            if (!plan->claimed[at] &&
                same(&plan->before->variants[at], &plan->product->variants[i])) {
                plan->claimed[at] = true;
                plan->stored[i] = &plan->before->variants[at];
            }
        }
    }
}

static ec_status check_numbers(ec_session *session, const variant_plan *plan)
{
    for (size_t i = 0; i < plan->product->variants_count; i++) {
        if (plan->product->variants[i].id == 0 || plan->stored[i]) {
            continue;
        }
        const char *field = ec_arena_printf(ec_scratch(session), "variants[%zu].id", i);
        bool twice = false;
        for (size_t j = 0; j < i; j++) {
            twice = twice || plan->product->variants[j].id == plan->product->variants[i].id;
        }
        return ec_fail_field(
            session, EC_INVALID, field ? field : "variants", twice ? "unique" : "unknown",
            twice ? "The variant is there twice." : "The product has no such variant.");
    }
    return EC_OK;
}

/* ---- what has to be written ---- */

/* What the library sets in a variant, and nothing else of what came in. */
static void complete(ec_session *session, const variant_plan *plan, size_t index)
{
    ec_variant *variant = &plan->product->variants[index];
    const ec_variant *stored = plan->stored[index];
    variant->id = stored ? stored->id : 0;
    variant->version = stored ? stored->version : 1;
    variant->created_at = stored ? stored->created_at : ec_now(session);
    variant->updated_at = stored ? stored->updated_at : ec_now(session);
    variant->product_id = plan->product->id;
    bool kept = stored && plan->list[0] == '\0'; /* nobody gave a new order */
    variant->position = kept ? stored->position : (int64_t)index + 1;
    variant->name = ec_variant_title(session, variant, plan->product->name);
}

static void sort_out(ec_session *session, variant_plan *plan)
{
    ec_mask columns = ec_entity_mask(&ec_variant_entity, EC_FIELD_NOT_STORED);
    for (size_t i = 0; i < plan->product->variants_count; i++) {
        ec_variant *variant = &plan->product->variants[i];
        complete(session, plan, i);
        if (!plan->stored[i]) {
            plan->fresh_at[plan->fresh_count] = i;
            plan->fresh[plan->fresh_count++] = *variant;
        } else if (!ec_entity_equal(&ec_variant_entity, plan->stored[i], variant, columns)) {
            variant->version++;
            variant->updated_at = ec_now(session);
            plan->changed[plan->changed_count++] = *variant;
        }
    }
    for (size_t i = 0; i < plan->before->variants_count; i++) {
        if (!plan->claimed[i]) {
            plan->gone[plan->gone_count++] = plan->before->variants[i].id;
        }
    }
}

/* ---- writing ---- */

/* Those that were never ordered or held go; the others become inactive, if they are not so yet. */
static ec_status write_gone(ec_session *session, const variant_plan *plan, bool *changed)
{
    int64_t removed = 0;
    int64_t hidden = 0;
    ec_statement s;
    if (plan->gone_count == 0) {
        return EC_OK;
    }
    ec_status status =
        ec_delete_ids(session,
                      "DELETE FROM product_variants WHERE NOT EXISTS (SELECT 1 FROM order_items o"
                      " WHERE o.variant_id = product_variants.id) AND NOT EXISTS (SELECT 1 FROM"
                      " reservations r WHERE r.variant_id = product_variants.id) AND id IN ",
                      plan->gone, plan->gone_count, &removed);
    if (status == EC_OK && (size_t)removed < plan->gone_count) {
        int64_t last = (int64_t)plan->product->variants_count;
        ec_statement_begin(&s, session);
        ec_statement_put(&s, "UPDATE product_variants SET is_active = 0,"
                             " position = position + ?, version = version + 1, updated_at = ?"
                             " WHERE (is_active = 1 OR position <= ?) AND id IN ");
        ec_statement_value(&s, ec_int(last));
        ec_statement_value(&s, ec_int(ec_now(session)));
        ec_statement_value(&s, ec_int(last));
        ec_statement_ids(&s, plan->gone, plan->gone_count);
        status = ec_statement_exec(&s, &hidden);
    }
    *changed = *changed || removed + hidden > 0;
    return status;
}

static bool sku_changes(const ec_variant *stored, const ec_variant *wanted)
{
    return wanted->sku && stored->sku && strcmp(stored->sku, wanted->sku) != 0;
}

/* SKUs may change hands inside the product: the old owners lose them first. */
static ec_status free_skus(ec_session *session, const variant_plan *plan)
{
    ec_id *ids = ec_arena_array(ec_scratch(session), plan->changed_count + 1, sizeof *ids);
    size_t count = 0;
    if (!ids) {
        return ec_fail_memory(session);
    }
    for (size_t i = 0; i < plan->product->variants_count; i++) {
        if (plan->stored[i] && sku_changes(plan->stored[i], &plan->product->variants[i])) {
            ids[count++] = plan->stored[i]->id;
        }
    }
    return count < 2 ? EC_OK
                     : ec_delete_ids(session, "UPDATE product_variants SET sku = NULL WHERE id IN ",
                                     ids, count, NULL);
}

/* The balances of a variant know whether it may be sold without being there. */
static ec_status tell_backorder(ec_session *session, const variant_plan *plan, bool backorder)
{
    ec_id *ids = ec_arena_array(ec_scratch(session), plan->changed_count + 1, sizeof *ids);
    size_t count = 0;
    if (!ids) {
        return ec_fail_memory(session);
    }
    for (size_t i = 0; i < plan->product->variants_count; i++) {
        const ec_variant *wanted = &plan->product->variants[i];
        if (plan->stored[i] && plan->stored[i]->backorder != wanted->backorder &&
            wanted->backorder == backorder) {
            ids[count++] = wanted->id;
        }
    }
    return count == 0 ? EC_OK : ec_stock_backorders(session, ids, count, backorder);
}

/* Variants with a price that is new are told to the log. */
static ec_status log_prices(ec_session *session, const variant_plan *plan)
{
    size_t count = 0;
    ec_id *ids = ec_arena_array(ec_scratch(session), plan->fresh_count + plan->changed_count + 1,
                                sizeof *ids);
    if (!ids) {
        return ec_fail_memory(session);
    }
    for (size_t i = 0; i < plan->product->variants_count; i++) {
        const ec_variant *stored = plan->stored[i], *wanted = &plan->product->variants[i];
        if (!stored || stored->price != wanted->price ||
            stored->compare_price != wanted->compare_price) {
            ids[count++] = wanted->id;
        }
    }
    return count == 0 ? EC_OK : ec_price_history_sync(session, 0, ids, count, "catalog");
}

static ec_status write_plan(ec_session *session, const variant_plan *plan, bool *changed)
{
    ec_status status = write_gone(session, plan, changed);
    *changed = *changed || plan->fresh_count + plan->changed_count > 0;
    if (status == EC_OK && plan->changed_count > 1) {
        status = free_skus(session, plan);
    }
    if (status == EC_OK) {
        status =
            ec_catalog_store_many(session, &ec_variant_entity, plan->changed, plan->changed_count);
    }
    if (status == EC_OK) {
        status = ec_entity_insert_many(session, &ec_variant_entity, plan->fresh, plan->fresh_count);
    }
    if (status == EC_EXISTS) {
        return ec_variants_taken(session, plan->product->variants, plan->product->variants_count,
                                 plan->list);
    }
    for (size_t i = 0; i < plan->fresh_count; i++) {
        plan->product->variants[plan->fresh_at[i]].id = plan->fresh[i].id;
    }
    status = status == EC_OK ? tell_backorder(session, plan, true) : status;
    status = status == EC_OK ? tell_backorder(session, plan, false) : status;
    return status == EC_OK ? log_prices(session, plan) : status;
}

ec_status ec_store_variants(ec_session *session, const ec_product *before, ec_product *product,
                            const char *list, bool *changed)
{
    ec_arena *arena = ec_scratch(session);
    size_t wanted = product->variants_count;
    size_t stored = before->variants_count;
    variant_plan plan = {
        .before = before,
        .product = product,
        .stored = ec_arena_array(arena, wanted + 1, sizeof(ec_variant *)),
        .claimed = ec_arena_array(arena, stored + 1, sizeof(bool)),
        .fresh = ec_arena_array(arena, wanted + 1, sizeof(ec_variant)),
        .fresh_at = ec_arena_array(arena, wanted + 1, sizeof(size_t)),
        .changed = ec_arena_array(arena, wanted + 1, sizeof(ec_variant)),
        .gone = ec_arena_array(arena, stored + 1, sizeof(ec_id)),
        .list = list,
    };
    if (arena->failed) {
        return ec_fail_memory(session);
    }
    lay_over(&plan, same_number);
    lay_over(&plan, same_sku);
    lay_over(&plan, same_active_options);
    lay_over(&plan, same_options);
    ec_status status = check_numbers(session, &plan);
    if (status == EC_OK) {
        sort_out(session, &plan);
        status = write_plan(session, &plan, changed);
    }
    return status;
}

/* ---- what else the list says ---- */

ec_status ec_variants_taken(ec_session *session, const ec_variant *variants, size_t count,
                            const char *list)
{
    ec_statement s;
    ec_stmt *stmt = NULL;
    const char **skus = ec_arena_array(ec_scratch(session), count + 1, sizeof *skus);
    size_t known = 0;
    if (!skus) {
        return ec_fail_memory(session);
    }
    for (size_t i = 0; i < count; i++) {
        if (variants[i].sku) {
            skus[known++] = variants[i].sku;
        }
    }
    ec_forgive(session);
    ec_statement_begin(&s, session);
    ec_statement_put(&s, "SELECT v.sku, v.id FROM product_variants v WHERE v.sku IN ");
    ec_statement_texts(&s, skus, known == 0 ? 1 : known);
    ec_status status = ec_statement_query(&s, &stmt);
    while (status == EC_OK && (status = ec_row(session, stmt)) == EC_OK) {
        const char *sku = ec_col_text(session, stmt, 0);
        ec_id owner = ec_col_int(stmt, 1);
        for (size_t i = 0; sku && i < count; i++) {
            if (!variants[i].sku || strcmp(variants[i].sku, sku) != 0 || variants[i].id == owner) {
                continue;
            }
            const char *field = list[0] == '\0'
                                    ? "sku"
                                    : ec_arena_printf(ec_scratch(session), "%s[%zu].sku", list, i);
            ec_done(session, stmt);
            return ec_fail_field(session, EC_EXISTS, field ? field : "sku", "unique",
                                 "Variant %lld of the shop has the SKU \"%s\".", (long long)owner,
                                 sku);
        }
    }
    return status == EC_DONE ? ec_fail(session, EC_EXISTS, "A SKU is taken.") : status;
}

bool ec_variants_prices(const ec_variant *variants, size_t count, ec_product *product)
{
    const ec_variant *lowest = NULL;
    const ec_variant *highest = NULL;
    for (size_t i = 0; i < count; i++) {
        const ec_variant *variant = &variants[i];
        if (!variant->is_active) {
            continue;
        }
        lowest = !lowest || variant->price < lowest->price ? variant : lowest;
        highest = !highest || variant->price > highest->price ? variant : highest;
    }
    if (lowest) {
        product->price = lowest->price;
        product->price_max = highest->price;
        product->compare_price = lowest->compare_price;
    }
    return lowest != NULL;
}

ec_status ec_product_refresh(ec_session *session, const ec_id *products, size_t count)
{
    ec_statement s;
    if (count == 0) {
        return EC_OK;
    }
    ec_statement_begin(&s, session);
    ec_statement_with(&s,
                      "UPDATE products SET"
                      " price = COALESCE((SELECT MIN(v.price) FROM product_variants v"
                      " WHERE v.product_id = products.id AND v.is_active = 1), price),"
                      " price_max = COALESCE((SELECT MAX(v.price) FROM product_variants v"
                      " WHERE v.product_id = products.id AND v.is_active = 1), price_max),"
                      " compare_price = (SELECT v.compare_price FROM product_variants v"
                      " WHERE v.product_id = products.id AND v.is_active = 1"
                      " ORDER BY v.price, v.position, v.id LIMIT 1),"
                      " version = version + 1, updated_at = ? WHERE id IN ",
                      ec_int(ec_now(session)));
    ec_statement_ids(&s, products, count);
    return ec_statement_exec(&s, NULL);
}
