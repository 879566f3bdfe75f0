/* SPDX-License-Identifier: MIT */
/*
 * product.c - products as a whole: read, added, removed.
 *
 * A product is written with all its lists in a number of statements that does not depend on them,
 * and comes back as it is stored. It always has a variant. It refuses to remove what was ordered.
 */
#include <string.h>

#include "catalog/inside.h"

/* ---- reading ---- */

ec_status ec_product_whole(ec_session *session, const char *condition, ec_value value,
                           void **result)
{
    ec_price_view view = ec_price_view_of(session);
    ec_statement s;
    ec_stmt *stmt = NULL;
    int next = 0;
    ec_product *product = ec_arena_alloc(ec_scratch(session), sizeof *product);
    if (!product) {
        return ec_fail_memory(session);
    }
    ec_statement_begin(&s, session);
    ec_statement_put(&s, "SELECT ");
    ec_product_columns(&s, &view);
    ec_statement_put(&s, " FROM ");
    ec_product_source(&s, &view);
    ec_statement_put(&s, ec_product_joins);
    ec_statement_with(&s, condition, value);
    ec_product_visible(&s, &view, " AND");
    ec_status status = ec_statement_query(&s, &stmt);
    status = status == EC_OK ? ec_row(session, stmt) : status;
    if (status == EC_DONE) {
        return ec_fail(session, EC_NOT_FOUND, "There is no such product.");
    }
    if (status == EC_OK) {
        status = ec_product_read_row(session, stmt, &view, product, &next);
        ec_done(session, stmt);
    }
    *result = product;
    if (status == EC_OK) {
        status = ec_product_lists(session, &view, product, 1, EC_WITH_ALL);
    }
    return status == EC_OK ? ec_products_shown(session, &view, product, 1) : status;
}

static ec_status get_run(ec_session *session, void *ctx, void **result)
{
    const ec_object_args *args = ctx;
    return args->name ? ec_product_whole(session, " WHERE t.slug = ?", ec_text(args->name), result)
                      : ec_product_whole(session, " WHERE t.id = ?", ec_int(args->id), result);
}

ec_status ec_product_get(ec_session *session, ec_id id, ec_product **out)
{
    static const ec_op op = {.name = "product.get",
                             .permission = "catalog.read",
                             .access = EC_ACCESS_ANY,
                             .mode = EC_READ,
                             .result = &ec_product_entity,
                             .run = get_run};
    ec_object_args args = {.id = id};
    return ec_call(session, &op, &args, (void **)out);
}

ec_status ec_product_by_slug(ec_session *session, const char *slug, ec_product **out)
{
    static const ec_op op = {.name = "product.by_slug",
                             .permission = "catalog.read",
                             .access = EC_ACCESS_ANY,
                             .mode = EC_READ,
                             .result = &ec_product_entity,
                             .run = get_run};
    ec_object_args args = {.name = slug};
    return ec_call(session, &op, &args, (void **)out);
}

/* ---- what adding and changing share ---- */

/* A copy of an array in the arena; never NULL but when memory is out. */
static void *own_array(ec_session *session, const void *items, size_t count, size_t size)
{
    void *copy = ec_arena_array(ec_scratch(session), count + 1, size);
    if (copy && count > 0) {
        memcpy(copy, items, count * size);
    }
    return copy;
}

ec_status ec_product_own_lists(ec_session *session, ec_product *product)
{
    product->options =
        own_array(session, product->options, product->options_count, sizeof *product->options);
    product->variants =
        own_array(session, product->variants, product->variants_count, sizeof *product->variants);
    product->images =
        own_array(session, product->images, product->images_count, sizeof *product->images);
    product->attributes = own_array(session, product->attributes, product->attributes_count,
                                    sizeof *product->attributes);
    return ec_scratch(session)->failed ? ec_fail_memory(session) : EC_OK;
}

void ec_product_publish(ec_session *session, ec_product *product)
{
    if (product->status == EC_PRODUCT_ACTIVE && product->published_at == 0) {
        ec_time now = ec_now(session);
        bool ends = product->unpublished_at != 0 && product->unpublished_at <= now;
        product->published_at = ends ? product->unpublished_at - 1 : now;
    }
}

/* ---- adding ---- */

/* Numbers of lists that came from another product mean nothing here. */
static void forget_numbers(ec_product *product)
{
    for (size_t i = 0; i < product->variants_count; i++) {
        product->variants[i].id = 0;
        product->variants[i].image_id = 0;
    }
    for (size_t i = 0; i < product->images_count; i++) {
        product->images[i].id = 0;
    }
}

/* Without variants it gets one, with the product's own price and SKU. */
static void make_variant(ec_product *product)
{
    ec_variant *variant = &product->variants[0];
    ec_entity_defaults(&ec_variant_entity, variant);
    variant->price = product->price;
    variant->compare_price = product->compare_price;
    variant->sku = product->sku;
    product->variants_count = 1;
}

static ec_status check_new(ec_session *session, ec_product *product)
{
    ec_check check;
    ec_check_init(&check, ec_scratch(session));
    ec_product_check_lists(product, EC_WITH_ALL, &check);
    ec_status status = ec_product_check_places(session, product, &check);
    if (status == EC_OK) {
        status =
            ec_attributes_resolve(session, product->attributes, product->attributes_count, &check);
    }
    return status == EC_OK ? ec_fail_check(session, &check) : status;
}

static ec_status insert_lists(ec_session *session, ec_product *product, const char *list)
{
    const ec_product none = {0};
    bool changed = false;
    ec_check check;
    ec_check_init(&check, ec_scratch(session));
    ec_status status = ec_store_images(session, &none, product, &changed);
    ec_variants_images(session, product, &check);
    status = status == EC_OK ? ec_fail_check(session, &check) : status;
    if (status == EC_OK) {
        status = ec_store_options(session, &none, product, &changed);
    }
    if (status == EC_OK) {
        status = ec_store_variants(session, &none, product, list, &changed);
    }
    if (status == EC_OK) {
        status = ec_store_attributes(session, &none, product, &changed);
    }
    return status == EC_OK ? ec_store_tags(session, &none, product, &changed) : status;
}

static void complete_new(ec_session *session, ec_product *product)
{
    product->currency = product->currency ? product->currency : ec_session_facts(session)->currency;
    if (!ec_variants_prices(product->variants, product->variants_count, product)) {
        product->price = product->variants[0].price; /* none is active */
        product->price_max = product->price;
        product->compare_price = product->variants[0].compare_price;
    }
    ec_product_publish(session, product);
}

static ec_status create_run(ec_session *session, void *ctx, void **result)
{
    void *object = NULL;
    ec_status status = ec_catalog_begin(session, ctx, &object);
    ec_product *product = object;
    status = status == EC_OK ? ec_product_own_lists(session, product) : status;
    if (status != EC_OK) {
        return status;
    }
    bool single = product->variants_count == 0;
    forget_numbers(product);
    if (single) {
        make_variant(product);
    }
    status = check_new(session, product);
    if (status == EC_OK) {
        complete_new(session, product);
        status = ec_catalog_slug(session, &ec_product_entity, product);
    }
    if (status == EC_OK) {
        status = ec_entity_insert(session, &ec_product_entity, product);
    }
    if (status == EC_OK) {
        status = insert_lists(session, product, single ? "" : "variants");
    }
    if (status == EC_OK) {
        status = ec_catalog_tell(session, &ec_product_entity, product->id, "created", 0);
    }
    return status == EC_OK
               ? ec_product_whole(session, " WHERE t.id = ?", ec_int(product->id), result)
               : status;
}

ec_status ec_product_create(ec_session *session, const ec_product *product, ec_product **out)
{
    static const ec_op op = {.name = "product.create",
                             .permission = "catalog.write",
                             .access = EC_ACCESS_STAFF,
                             .mode = EC_WRITE,
                             .result = &ec_product_entity,
                             .run = create_run,
                             .fingerprint = ec_object_fingerprint};
    ec_object_args args = {.entity = &ec_product_entity, .object = product};
    return ec_call(session, &op, &args, (void **)out);
}

/* ---- removing ---- */

ec_status ec_product_delete(ec_session *session, ec_id id, int64_t version)
{
    static const ec_op op = {.name = "product.delete",
                             .permission = "catalog.write",
                             .access = EC_ACCESS_STAFF,
                             .mode = EC_WRITE,
                             .run = ec_catalog_delete,
                             .fingerprint = ec_catalog_delete_fingerprint};
    ec_delete_args args = {.entity = &ec_product_entity,
                           .id = id,
                           .version = version,
                           .in_use = "The product was ordered; it can be archived."};
    return ec_call(session, &op, &args, NULL);
}
