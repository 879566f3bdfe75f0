/* SPDX-License-Identifier: MIT */
/*
 * shopify_write.c - a batch of plans into the tables, in few statements.
 *
 * New rows of all products go in together, table by table, since the numbers of one table are
 * needed in the next; changed rows are updated one by one, which is rare. It refuses to decide
 * anything: what a plan says was checked before.
 */
#include <string.h>

#include "catalog/catalog.h"
#include "catalog/price_history.h"
#include "stock/stock.h"
#include "transfer/shopify.h"

/* ---- brands and tags that the shop does not have ---- */

static ec_status make_brand(ec_sheet_work *work, const char *name, ec_id *id)
{
    ec_brand brand = {.name = name, .is_active = true};
    ec_status status = ec_slug_free(work->session, &ec_brand_entity, name, "brand", &brand.slug);
    if (status == EC_OK) {
        status = ec_entity_insert(work->session, &ec_brand_entity, &brand);
    }
    *id = brand.id;
    return status;
}

static ec_status write_brands(ec_sheet_work *work)
{
    ec_status status = EC_OK;
    for (size_t i = 0; status == EC_OK && i < work->count; i++) {
        ec_sheet_plan *plan = &work->plans[i];
        ec_id id = 0;
        if (plan->refused || !plan->brand) {
            continue;
        }
        for (size_t j = 0; id == 0 && j < i; j++) {
            const ec_sheet_plan *other = &work->plans[j];
            if (!other->refused && other->brand && strcmp(other->brand, plan->brand) == 0) {
                id = other->row.brand_id;
            }
        }
        if (id == 0) {
            status = make_brand(work, plan->brand, &id);
        }
        plan->row.brand_id = id;
    }
    return status;
}

/* The tags of changed products that are not there yet, each once; then work->shop.tags has all. */
static ec_status write_tags(ec_sheet_work *work)
{
    ec_sheet_names missing = {0}, all = {0};
    size_t most = 0, count = 0;
    for (size_t i = 0; i < work->count; i++) {
        most += work->plans[i].tags_changed ? work->plans[i].in->tags_count : 0;
    }
    missing.items = ec_arena_array(work->arena, most, sizeof *missing.items);
    for (size_t i = 0; missing.items && i < work->count; i++) {
        const ec_sheet_plan *plan = &work->plans[i];
        for (size_t j = 0; plan->tags_changed && !plan->refused && j < plan->in->tags_count; j++) {
            if (ec_sheet_names_find(&work->shop.tags, plan->in->tags[j]) == 0) {
                missing.items[missing.count++].name = plan->in->tags[j];
            }
        }
    }
    ec_tag_row *tags = ec_arena_array(work->arena, missing.count, sizeof *tags);
    all.items =
        ec_arena_array(work->arena, missing.count + work->shop.tags.count, sizeof *all.items);
    if (!missing.items || !tags || !all.items) {
        return ec_fail_memory(work->session);
    }
    ec_sheet_names_sort(&missing);
    for (size_t i = 0; i < missing.count; i++) {
        if (i == 0 || strcmp(missing.items[i].name, missing.items[i - 1].name) != 0) {
            tags[count++].name = missing.items[i].name;
        }
    }
    ec_status status =
        count > 0 ? ec_entity_insert_many(work->session, &ec_tag_rows, tags, count) : EC_OK;
    for (size_t i = 0; status == EC_OK && i < count; i++) {
        all.items[all.count++] = (ec_sheet_name){tags[i].name, tags[i].id};
    }
    for (size_t i = 0; i < work->shop.tags.count; i++) {
        all.items[all.count++] = work->shop.tags.items[i];
    }
    ec_sheet_names_sort(&all);
    work->shop.tags = all;
    return status;
}

/* ---- products ---- */

static ec_status write_new_products(ec_sheet_work *work)
{
    size_t count = 0;
    ec_product *rows = ec_arena_array(work->arena, work->count, sizeof *rows);
    if (!rows) {
        return ec_fail_memory(work->session);
    }
    for (size_t i = 0; i < work->count; i++) {
        if (!work->plans[i].refused && !work->plans[i].before) {
            rows[count++] = work->plans[i].row;
        }
    }
    ec_status status =
        count > 0 ? ec_entity_insert_many(work->session, &ec_product_entity, rows, count) : EC_OK;
    count = 0;
    for (size_t i = 0; i < work->count; i++) {
        if (!work->plans[i].refused && !work->plans[i].before) {
            work->plans[i].row.id = rows[count++].id;
        }
    }
    return status;
}

/* Every change of anything in a product is a new version of it. */
static ec_status write_changed_products(ec_sheet_work *work)
{
    ec_status status = EC_OK;
    for (size_t i = 0; status == EC_OK && i < work->count; i++) {
        ec_sheet_plan *plan = &work->plans[i];
        if (!plan->refused && plan->before && ec_sheet_plan_changes(plan)) {
            status = ec_entity_update(work->session, &ec_product_entity, &plan->row, plan->changed);
        }
    }
    return status;
}

/* ---- options, tags of products ---- */

static ec_status clear_table(ec_sheet_work *work, const char *sql, const ec_sheet_plan *plan)
{
    return plan->before ? ec_exec(work->session, sql, ec_args(ec_int(plan->row.id)), NULL) : EC_OK;
}

static ec_status write_options(ec_sheet_work *work)
{
    size_t count = 0;
    ec_status status = EC_OK;
    ec_product_option *rows =
        ec_arena_array(work->arena, work->count * EC_OPTIONS_MAX, sizeof *rows);
    if (!rows) {
        return ec_fail_memory(work->session);
    }
    for (size_t i = 0; status == EC_OK && i < work->count; i++) {
        const ec_sheet_plan *plan = &work->plans[i];
        if (plan->refused || !plan->options_changed) {
            continue;
        }
        status = clear_table(work, "DELETE FROM product_options WHERE product_id = ?", plan);
        for (size_t j = 0; j < plan->options_count; j++) {
            rows[count++] = (ec_product_option){
                .product_id = plan->row.id, .position = (int64_t)j + 1, .name = plan->options[j]};
        }
    }
    if (status == EC_OK && count > 0) {
        status = ec_entity_insert_many(work->session, &ec_product_option_entity, rows, count);
    }
    return status;
}

static ec_status write_product_tags(ec_sheet_work *work)
{
    size_t most = 0, count = 0;
    ec_status status = EC_OK;
    for (size_t i = 0; i < work->count; i++) {
        most += work->plans[i].tags_changed ? work->plans[i].in->tags_count : 0;
    }
    ec_product_tag_row *rows = ec_arena_array(work->arena, most, sizeof *rows);
    if (!rows) {
        return ec_fail_memory(work->session);
    }
    for (size_t i = 0; status == EC_OK && i < work->count; i++) {
        const ec_sheet_plan *plan = &work->plans[i];
        if (plan->refused || !plan->tags_changed) {
            continue;
        }
        status = clear_table(work, "DELETE FROM product_tags WHERE product_id = ?", plan);
        for (size_t j = 0; j < plan->in->tags_count; j++) {
            rows[count++] = (ec_product_tag_row){
                plan->row.id, ec_sheet_names_find(&work->shop.tags, plan->in->tags[j])};
        }
    }
    if (status == EC_OK && count > 0) {
        status = ec_entity_insert_many(work->session, &ec_product_tag_rows, rows, count);
    }
    return status;
}

/* ---- images ---- */

static size_t count_images(const ec_sheet_work *work)
{
    size_t count = 0;
    for (size_t i = 0; i < work->count; i++) {
        const ec_sheet_plan *plan = &work->plans[i];
        for (size_t j = 0; !plan->refused && j < plan->images_count; j++) {
            count += !plan->images[j].before;
        }
    }
    return count;
}

static ec_status write_images(ec_sheet_work *work)
{
    size_t most = count_images(work), count = 0;
    ec_status status = EC_OK;
    ec_product_image *rows = ec_arena_array(work->arena, most, sizeof *rows);
    ec_product_image **places = ec_arena_array(work->arena, most, sizeof(ec_product_image *));
    if (!rows || !places) {
        return ec_fail_memory(work->session);
    }
    for (size_t i = 0; status == EC_OK && i < work->count; i++) {
        ec_sheet_plan *plan = &work->plans[i];
        for (size_t j = 0; status == EC_OK && !plan->refused && j < plan->images_count; j++) {
            ec_sheet_image_plan *image = &plan->images[j];
            image->row.product_id = plan->row.id;
            if (!image->before) {
                places[count] = &image->row;
                rows[count++] = image->row;
            } else if (image->changed != 0) {
                status = ec_entity_update(work->session, &ec_product_image_entity, &image->row,
                                          image->changed);
            }
        }
    }
    if (status == EC_OK && count > 0) {
        status = ec_entity_insert_many(work->session, &ec_product_image_entity, rows, count);
    }
    for (size_t i = 0; i < count; i++) {
        places[i]->id = rows[i].id;
    }
    return status;
}

/* ---- variants ---- */

static ec_status change_variant(ec_sheet_work *work, ec_sheet_variant_plan *variant)
{
    if (variant->changed == 0) {
        return EC_OK;
    }
    ec_status status =
        ec_entity_update(work->session, &ec_variant_entity, &variant->row, variant->changed);
    if (status == EC_OK && variant->backorder_changed) {
        status = ec_stock_backorder(work->session, variant->row.id, variant->row.backorder);
    }
    return status;
}

/* Variants that are new, or whose price is. */
static ec_status log_prices(ec_sheet_work *work, size_t most)
{
    ec_mask prices = ec_mask_of("variant", "price,compare_price");
    size_t count = 0;
    ec_id *ids = ec_arena_array(work->arena, most + 1, sizeof *ids);
    if (!ids) {
        return ec_fail_memory(work->session);
    }
    for (size_t i = 0; i < work->count; i++) {
        const ec_sheet_plan *plan = &work->plans[i];
        for (size_t j = 0; !plan->refused && j < plan->variants_count; j++) {
            const ec_sheet_variant_plan *variant = &plan->variants[j];
            if (!variant->before || (variant->changed & prices) != 0) {
                ids[count++] = variant->row.id;
            }
        }
    }
    return ec_price_history_sync(work->session, 0, ids, count, "import");
}

static ec_status write_variants(ec_sheet_work *work)
{
    size_t most = work->count, count = 0;
    ec_status status = EC_OK;
    for (size_t i = 0; i < work->count; i++) {
        most += work->plans[i].variants_count;
    }
    ec_variant *rows = ec_arena_array(work->arena, most, sizeof *rows);
    ec_variant **places = ec_arena_array(work->arena, most, sizeof(ec_variant *));
    if (!rows || !places) {
        return ec_fail_memory(work->session);
    }
    for (size_t i = 0; status == EC_OK && i < work->count; i++) {
        ec_sheet_plan *plan = &work->plans[i];
        for (size_t j = 0; status == EC_OK && !plan->refused && j < plan->variants_count; j++) {
            ec_sheet_variant_plan *variant = &plan->variants[j];
            variant->row.product_id = plan->row.id;
            if (variant->image != EC_SHEET_NO_IMAGE) {
                variant->row.image_id = plan->images[variant->image].row.id;
            }
            if (variant->before) {
                status = change_variant(work, variant);
            } else {
                places[count] = &variant->row;
                rows[count++] = variant->row;
            }
        }
    }
    if (status == EC_OK && count > 0) {
        status = ec_entity_insert_many(work->session, &ec_variant_entity, rows, count);
    }
    for (size_t i = 0; i < count; i++) {
        places[i]->id = rows[i].id;
    }
    return status == EC_OK ? log_prices(work, most) : status;
}

/* ---- events ---- */

static ec_status write_events(ec_sheet_work *work, bool created, const char *type)
{
    size_t count = 0;
    ec_id *ids = ec_arena_array(work->arena, work->count, sizeof *ids);
    if (!ids) {
        return ec_fail_memory(work->session);
    }
    for (size_t i = 0; i < work->count; i++) {
        const ec_sheet_plan *plan = &work->plans[i];
        if (!plan->refused && !plan->before == created && ec_sheet_plan_changes(plan)) {
            ids[count++] = plan->row.id;
        }
    }
    return count > 0 ? ec_emit_many(work->session, "product", ids, NULL, count, type) : EC_OK;
}

ec_status ec_sheet_write(ec_sheet_work *work)
{
    static ec_status (*const steps[])(ec_sheet_work * work) = {
        write_brands,           write_tags,     write_new_products,
        write_options,          write_images,   write_product_tags,
        write_changed_products, write_variants, ec_sheet_write_stock,
    };
    ec_status status = EC_OK;
    for (size_t i = 0; status == EC_OK && i < sizeof steps / sizeof steps[0]; i++) {
        status = steps[i](work);
    }
    if (status == EC_OK) {
        status = write_events(work, true, "product.created");
    }
    return status == EC_OK ? write_events(work, false, "product.updated") : status;
}
