/* SPDX-License-Identifier: MIT */
/*
 * variant.c - variants one by one.
 *
 * Each change refreshes the product's prices and counts as a change of it. It refuses to leave a
 * product without variant, two active variants with the same option values, and to remove what was
 * ordered.
 */
#include <string.h>

#include "catalog/inside.h"
#include "catalog/price_history.h"
#include "stock/stock.h"

/* ---- reading ---- */

static ec_status one_variant(ec_session *session, const char *condition, ec_value value,
                             void **result)
{
    ec_variant *items = NULL;
    size_t count = 0;
    ec_status status = ec_variants_where(session, condition, value, true, &items, &count);
    if (status == EC_OK && count == 0) {
        return ec_fail(session, EC_NOT_FOUND, "There is no such variant.");
    }
    *result = items;
    return status;
}

static ec_status get_run(ec_session *session, void *ctx, void **result)
{
    const ec_object_args *args = ctx;
    return args->name ? one_variant(session, " WHERE v.sku = ?", ec_text(args->name), result)
                      : one_variant(session, " WHERE v.id = ?", ec_int(args->id), result);
}

ec_status ec_variant_get(ec_session *session, ec_id id, ec_variant **out)
{
    static const ec_op op = {.name = "variant.get",
                             .permission = "catalog.read",
                             .access = EC_ACCESS_ANY,
                             .mode = EC_READ,
                             .result = &ec_variant_entity,
                             .run = get_run};
    ec_object_args args = {.id = id};
    return ec_call(session, &op, &args, (void **)out);
}

ec_status ec_variant_by_sku(ec_session *session, const char *sku, ec_variant **out)
{
    static const ec_op op = {.name = "variant.by_sku",
                             .permission = "catalog.read",
                             .access = EC_ACCESS_ANY,
                             .mode = EC_READ,
                             .result = &ec_variant_entity,
                             .run = get_run};
    ec_object_args args = {.name = sku};
    return ec_call(session, &op, &args, (void **)out);
}

static ec_status find_run(ec_session *session, void *ctx, void **result)
{
    const ec_object_args *args = ctx;
    ec_variant_list *list = ec_arena_alloc(ec_scratch(session), sizeof *list);
    if (!list) {
        return ec_fail_memory(session);
    }
    ec_status status = ec_variants_where(session, " WHERE v.product_id = ?", ec_int(args->id), true,
                                         &list->items, &list->items_count);
    if (status == EC_OK && list->items_count == 0) { /* a product that is there has variants */
        void *product = NULL;
        status = ec_product_whole(session, " WHERE t.id = ?", ec_int(args->id), &product);
    }
    list->total = (int64_t)list->items_count;
    *result = list;
    return status;
}

ec_status ec_variant_find(ec_session *session, ec_id product_id, ec_variant_list **out)
{
    static const ec_op op = {.name = "variant.find",
                             .permission = "catalog.read",
                             .access = EC_ACCESS_ANY,
                             .mode = EC_READ,
                             .result = &ec_variant_list_entity,
                             .run = find_run};
    ec_object_args args = {.id = product_id};
    return ec_call(session, &op, &args, (void **)out);
}

/* ---- rules ---- */

/* The product with its variants, options and images: three statements. */
static ec_status read_product(ec_session *session, ec_id id, ec_product *product)
{
    ec_price_view view = ec_price_view_of(session);
    ec_status status = ec_entity_get(session, &ec_product_entity, id, product);
    return status == EC_OK ? ec_product_lists(session, &view, product, 1,
                                              EC_WITH_OPTIONS | EC_WITH_VARIANTS | EC_WITH_IMAGES)
                           : status;
}

/* The image that the variant names. */
static void find_image(const ec_product *product, ec_variant *variant, ec_check *check)
{
    bool by_id = variant->image_id != 0;
    bool found = !by_id && !variant->image_url;
    for (size_t i = 0; !found && i < product->images_count; i++) {
        const ec_product_image *image = &product->images[i];
        found =
            by_id ? image->id == variant->image_id : strcmp(image->url, variant->image_url) == 0;
        variant->image_id = found ? image->id : variant->image_id;
    }
    if (!found) {
        ec_check_add(check, by_id ? "image_id" : "image_url", "unknown",
                     "The product has no such image.");
    }
}

static void check_options(const ec_product *product, const ec_variant *variant, ec_check *check)
{
    if (!variant->is_active) {
        return;
    }
    ec_variant_check_options(variant, product->options_count, "", check);
    for (size_t i = 0; i < product->variants_count; i++) {
        const ec_variant *other = &product->variants[i];
        if (other->id != variant->id && other->is_active &&
            (product->options_count == 0 || ec_variant_same_options(other, variant))) {
            ec_check_add(check, product->options_count == 0 ? "is_active" : "option1", "unique",
                         "Variant %lld has the same option values.", (long long)other->id);
        }
    }
}

/* Check the variant as it is to be, and complete it. */
static ec_status prepare(ec_session *session, const ec_product *product, ec_variant *variant)
{
    ec_check check;
    ec_check_init(&check, ec_scratch(session));
    check_options(product, variant, &check);
    find_image(product, variant, &check);
    variant->name = ec_variant_title(session, variant, product->name);
    return ec_fail_check(session, &check);
}

/* The product's prices follow, and it is told of. Then the variant as it is stored. */
static ec_status settle(ec_session *session, ec_id product, ec_id variant, void **result)
{
    ec_mask variants = ec_mask_of("product", "variants");
    ec_status status = ec_product_refresh(session, &product, 1);
    if (status == EC_OK) {
        status = ec_catalog_tell(session, &ec_product_entity, product, "updated", variants);
    }
    return status == EC_OK && result
               ? one_variant(session, " WHERE v.id = ?", ec_int(variant), result)
               : status;
}

/* ---- adding ---- */

static ec_status create_run(ec_session *session, void *ctx, void **result)
{
    const ec_object_args *args = ctx;
    ec_product product = {0};
    void *object = NULL;
    ec_status status = ec_catalog_begin(session, args, &object);
    ec_variant *variant = object;
    status = status == EC_OK ? read_product(session, args->owner, &product) : status;
    if (status != EC_OK) {
        return status;
    }
    if (product.variants_count >= EC_VARIANTS_MAX) {
        return ec_fail(session, EC_LIMIT, "A product has at most %d variants.", EC_VARIANTS_MAX);
    }
    variant->product_id = product.id;
    variant->position =
        product.variants_count == 0 ? 1 : product.variants[product.variants_count - 1].position + 1;
    status = prepare(session, &product, variant);
    if (status == EC_OK) {
        status = ec_entity_insert(session, &ec_variant_entity, variant);
    }
    if (status == EC_OK) {
        status = ec_price_history_sync(session, 0, &variant->id, 1, "catalog");
    }
    return status == EC_OK ? settle(session, product.id, variant->id, result) : status;
}

ec_status ec_variant_create(ec_session *session, ec_id product_id, const ec_variant *variant,
                            ec_variant **out)
{
    static const ec_op op = {.name = "variant.create",
                             .permission = "catalog.write",
                             .access = EC_ACCESS_STAFF,
                             .mode = EC_WRITE,
                             .result = &ec_variant_entity,
                             .run = create_run,
                             .fingerprint = ec_object_fingerprint};
    ec_object_args args = {.entity = &ec_variant_entity, .owner = product_id, .object = variant};
    return ec_call(session, &op, &args, (void **)out);
}

/* ---- changing ---- */

/* image_url is no column: it counts when it is named and image_id is not given. */
static void merge_image(const ec_object_args *args, ec_variant *variant, ec_mask *fields)
{
    const ec_variant *input = args->object;
    bool by_id = (args->fields & ec_mask_of("variant", "image_id")) != 0 && input->image_id != 0;
    variant->image_url = NULL;
    if (!by_id && (args->fields & ec_mask_of("variant", "image_url")) != 0 && input->image_url) {
        variant->image_id = 0;
        variant->image_url = input->image_url;
        *fields |= ec_mask_of("variant", "image_id");
    }
}

static ec_status write_variant(ec_session *session, const ec_variant *before, ec_variant *variant,
                               ec_mask fields)
{
    ec_status status = ec_entity_update(session, &ec_variant_entity, variant,
                                        fields | ec_mask_of("variant", "name"));
    if (status == EC_OK && before->backorder != variant->backorder) {
        status = ec_stock_backorder(session, variant->id, variant->backorder);
    }
    if (status == EC_OK &&
        (before->price != variant->price || before->compare_price != variant->compare_price)) {
        status = ec_price_history_sync(session, 0, &variant->id, 1, "catalog");
    }
    return status;
}

static ec_status update_run(ec_session *session, void *ctx, void **result)
{
    const ec_object_args *args = ctx;
    ec_mask fields = 0;
    ec_product product = {0};
    ec_variant before = {0};
    ec_variant variant = {0};
    ec_status status = ec_object_merge(session, args, &before, &variant, &fields);
    if (status == EC_OK) {
        merge_image(args, &variant, &fields);
    }
    if (status == EC_OK && fields != 0) {
        status = read_product(session, before.product_id, &product);
    }
    if (status == EC_OK && fields != 0) {
        status = prepare(session, &product, &variant);
    }
    if (status == EC_OK &&
        ec_entity_equal(&ec_variant_entity, &before, &variant,
                        ec_entity_mask(&ec_variant_entity, EC_FIELD_NOT_STORED))) {
        return one_variant(session, " WHERE v.id = ?", ec_int(args->id), result);
    }
    if (status == EC_OK) {
        status = write_variant(session, &before, &variant, fields);
    }
    return status == EC_OK ? settle(session, before.product_id, args->id, result) : status;
}

ec_status ec_variant_update(ec_session *session, ec_id id, const ec_variant *variant,
                            ec_mask fields, ec_variant **out)
{
    static const ec_op op = {.name = "variant.update",
                             .permission = "catalog.write",
                             .access = EC_ACCESS_STAFF,
                             .mode = EC_WRITE,
                             .result = &ec_variant_entity,
                             .run = update_run,
                             .fingerprint = ec_object_fingerprint};
    ec_object_args args = {
        .entity = &ec_variant_entity, .id = id, .object = variant, .fields = fields};
    return ec_call(session, &op, &args, (void **)out);
}

/* ---- removing ---- */

static ec_status delete_run(ec_session *session, void *ctx, void **result)
{
    const ec_delete_args *args = ctx;
    ec_variant variant = {0};
    int64_t others = 0;
    (void)result;
    ec_status status = ec_entity_get(session, &ec_variant_entity, args->id, &variant);
    if (status == EC_OK && args->version != 0 && args->version != variant.version) {
        return ec_fail(session, EC_STALE, "The variant is of version %lld, not %lld.",
                       (long long)variant.version, (long long)args->version);
    }
    if (status == EC_OK) {
        status = ec_query_int(session,
                              "SELECT COUNT(*) FROM product_variants WHERE product_id = ?"
                              " AND id <> ?",
                              ec_args(ec_int(variant.product_id), ec_int(args->id)), &others);
    }
    if (status == EC_OK && others == 0) {
        return ec_fail(session, EC_STATE, "It is the only variant of its product.");
    }
    if (status == EC_OK) {
        status = ec_entity_delete(session, &ec_variant_entity, args->id);
    }
    if (status == EC_IN_USE) {
        return ec_fail(session, EC_IN_USE, "%s", args->in_use);
    }
    return status == EC_OK ? settle(session, variant.product_id, args->id, NULL) : status;
}

ec_status ec_variant_delete(ec_session *session, ec_id id, int64_t version)
{
    static const ec_op op = {.name = "variant.delete",
                             .permission = "catalog.write",
                             .access = EC_ACCESS_STAFF,
                             .mode = EC_WRITE,
                             .run = delete_run,
                             .fingerprint = ec_catalog_delete_fingerprint};
    ec_delete_args args = {.entity = &ec_variant_entity,
                           .id = id,
                           .version = version,
                           .in_use = "The variant was ordered; it can be made inactive."};
    return ec_call(session, &op, &args, NULL);
}
