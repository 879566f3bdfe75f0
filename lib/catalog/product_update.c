/* SPDX-License-Identifier: MIT */
/*
 * product_update.c - changes of a product: its own fields, and each list that is named.
 *
 * What is wanted is laid over what is stored, checked as a whole, and only the difference is
 * written; a change that changes nothing leaves version and history alone. It refuses a new
 * currency, and a price for a product whose variants have several.
 */
#include <string.h>

#include "catalog/inside.h"

typedef struct update {
    ec_session *session;
    const ec_object_args *args;
    const ec_product *input;
    ec_product before;  /* with the lists that are needed */
    ec_product product; /* as it is to be */
    ec_mask fields;     /* own fields that change */
    unsigned named;     /* lists that the caller names */
    bool variants;      /* they may change: named, or by the name, price, SKU */
    bool images_gone;   /* images are named and variants are not */
    ec_check check;
} update;

static bool names(const update *u, const char *field)
{
    return (u->args->fields & ec_mask_of("product", field)) != 0;
}

static unsigned lists_named(const update *u)
{
    return (names(u, "options") ? EC_WITH_OPTIONS : 0u) |
           (names(u, "variants") ? EC_WITH_VARIANTS : 0u) |
           (names(u, "images") ? EC_WITH_IMAGES : 0u) |
           (names(u, "attributes") ? EC_WITH_ATTRIBUTES : 0u) |
           (names(u, "tags") ? EC_WITH_TAGS : 0u);
}

static bool same_text(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

/* ---- the own fields ---- */

/* price, compare_price, currency and the lists follow other rules than the rest. */
static ec_status merge_fields(update *u)
{
    const ec_mask others = ec_mask_of("product", "price,compare_price,currency,options,variants,"
                                                 "images,attributes,tags");
    u->input = u->args->object;
    ec_status status = ec_object_merge(u->session, u->args, &u->before, &u->product, &u->fields);
    if (status != EC_OK) {
        return status;
    }
    u->fields &= ~others;
    ec_catalog_keep_slug(&ec_product_entity, &u->before, &u->product, &u->fields);
    ec_object_assign(&ec_product_entity, &u->product, &u->before, others);
    if (names(u, "currency") && u->input->currency &&
        strcmp(u->input->currency, u->before.currency) != 0) {
        return ec_fail_field(u->session, EC_INVALID, "currency", "immutable",
                             "The amounts of the product are in %s.", u->before.currency);
    }
    if (u->product.status != u->before.status) {
        ec_time published_at = u->product.published_at;
        ec_product_publish(u->session, &u->product);
        u->fields |=
            u->product.published_at != published_at ? ec_mask_of("product", "published_at") : 0;
    }
    return EC_OK;
}

static ec_status check_places(update *u)
{
    if ((u->fields & ec_mask_of("product", "category_id,brand_id")) == 0) {
        return EC_OK;
    }
    return ec_product_check_places(u->session, &u->product, &u->check);
}

/* ---- the lists ---- */

/* Does the caller name a price or SKU for the single variant? */
static bool wants_single(const update *u)
{
    return (u->named & EC_WITH_VARIANTS) == 0 &&
           (names(u, "price") || names(u, "compare_price") || names(u, "sku"));
}

static ec_status load_lists(update *u)
{
    ec_price_view view = ec_price_view_of(u->session);
    const unsigned of_variants = EC_WITH_OPTIONS | EC_WITH_VARIANTS | EC_WITH_IMAGES;
    unsigned with = u->named;
    u->variants = (u->named & EC_WITH_VARIANTS) != 0 || wants_single(u) ||
                  (u->fields & ec_mask_of("product", "name")) != 0;
    if (u->variants || (with & of_variants) != 0) {
        with |= of_variants;
    }
    return ec_product_lists(u->session, &view, &u->before, 1, with);
}

/* The lists as they are to be: the caller's where it names them, else the stored ones. */
static ec_status merge_lists(update *u)
{
    const ec_product *input = u->input;
    const ec_product *before = &u->before;
    ec_product *product = &u->product;
    const ec_product *from = (u->named & EC_WITH_OPTIONS) != 0 ? input : before;
    product->options = from->options;
    product->options_count = from->options ? from->options_count : 0;
    from = (u->named & EC_WITH_VARIANTS) != 0 ? input : before;
    product->variants = from->variants;
    product->variants_count = from->variants ? from->variants_count : 0;
    from = (u->named & EC_WITH_IMAGES) != 0 ? input : before;
    product->images = from->images;
    product->images_count = from->images ? from->images_count : 0;
    from = (u->named & EC_WITH_ATTRIBUTES) != 0 ? input : before;
    product->attributes = from->attributes;
    product->attributes_count = from->attributes ? from->attributes_count : 0;
    from = (u->named & EC_WITH_TAGS) != 0 ? input : before;
    product->tags = from->tags;
    product->tags_count = from->tags ? from->tags_count : 0;
    if ((u->named & EC_WITH_VARIANTS) != 0 && product->variants_count == 0) {
        ec_check_add(&u->check, "variants", "min_items", "A product has at least one variant.");
    }
    return ec_product_own_lists(u->session, product);
}

/* price, compare_price and sku of a product are those of its single variant. */
static void set_single(update *u)
{
    static const char *const singles[] = {"price", "compare_price", "sku"};
    const ec_product *input = u->input;
    ec_variant *only = NULL;
    size_t active = 0;
    for (size_t i = 0; i < u->product.variants_count; i++) {
        if (u->product.variants[i].is_active || u->product.variants_count == 1) {
            only = &u->product.variants[i];
            active++;
        }
    }
    const bool differ[] = {
        names(u, "price") && input->price != u->before.price,
        names(u, "compare_price") && input->compare_price != u->before.compare_price,
        names(u, "sku") &&
            !same_text(input->sku, u->before.variants_count > 0 ? u->before.variants[0].sku : NULL),
    };
    for (size_t i = 0; i < 3 && active != 1; i++) {
        if (differ[i]) {
            ec_check_add(&u->check, singles[i], "variants",
                         "The product has %zu active variants with prices of their own.", active);
        }
    }
    if (active == 1) {
        only->price = differ[0] ? input->price : only->price;
        only->compare_price = differ[1] ? input->compare_price : only->compare_price;
        only->sku = differ[2] ? input->sku : only->sku;
    }
}

/* Variants that nobody names lose the images that go. */
static void drop_images(ec_product *product)
{
    for (size_t i = 0; i < product->variants_count; i++) {
        bool there = false;
        for (size_t j = 0; j < product->images_count; j++) {
            there = there || product->images[j].id == product->variants[i].image_id;
        }
        product->variants[i].image_id = there ? product->variants[i].image_id : 0;
        product->variants[i].image_url = NULL;
    }
}

static ec_status check_lists(update *u)
{
    if (wants_single(u)) {
        set_single(u);
    }
    ec_product_check_lists(&u->product, u->named, &u->check);
    ec_status status = EC_OK;
    if ((u->named & EC_WITH_ATTRIBUTES) != 0) {
        status = ec_attributes_resolve(u->session, u->product.attributes,
                                       u->product.attributes_count, &u->check);
    }
    return status == EC_OK ? ec_fail_check(u->session, &u->check) : status;
}

/* ---- writing ---- */

static ec_status store_variants(update *u, bool *changed)
{
    bool named = (u->named & EC_WITH_VARIANTS) != 0;
    if (!u->variants) {
        return EC_OK;
    }
    if (!named) {
        drop_images(&u->product);
    }
    ec_check_init(&u->check, ec_scratch(u->session));
    ec_variants_images(u->session, &u->product, &u->check);
    ec_status status = ec_fail_check(u->session, &u->check);
    if (status == EC_OK) {
        status = ec_store_variants(u->session, &u->before, &u->product, named ? "variants" : "",
                                   changed);
    }
    if (status == EC_OK && *changed) {
        (void)ec_variants_prices(u->product.variants, u->product.variants_count, &u->product);
    }
    return status;
}

/* Write each list that may differ; the bits of those that did go into fields. */
static ec_status store_lists(update *u)
{
    bool changed[5] = {false};
    static const char *const lists[] = {"images", "options", "variants", "attributes", "tags"};
    ec_session *session = u->session;
    ec_status status = EC_OK;
    if ((u->named & EC_WITH_IMAGES) != 0) {
        status = ec_store_images(session, &u->before, &u->product, &changed[0]);
    }
    if (status == EC_OK && (u->named & EC_WITH_OPTIONS) != 0) {
        status = ec_store_options(session, &u->before, &u->product, &changed[1]);
    }
    if (status == EC_OK) {
        status = store_variants(u, &changed[2]);
    }
    if (status == EC_OK && (u->named & EC_WITH_ATTRIBUTES) != 0) {
        status = ec_store_attributes(session, &u->before, &u->product, &changed[3]);
    }
    if (status == EC_OK && (u->named & EC_WITH_TAGS) != 0) {
        status = ec_store_tags(session, &u->before, &u->product, &changed[4]);
    }
    for (size_t i = 0; i < 5; i++) {
        u->fields |= changed[i] ? ec_mask_of("product", lists[i]) : 0;
    }
    return status;
}

static ec_status store(update *u)
{
    ec_session *session = u->session;
    ec_mask prices = ec_mask_of("product", "price,price_max,compare_price");
    ec_status status = store_lists(u);
    if (status != EC_OK || u->fields == 0) {
        return status;
    }
    if (!ec_entity_equal(&ec_product_entity, &u->before, &u->product, prices)) {
        u->fields |= prices;
    }
    status = ec_entity_update(session, &ec_product_entity, &u->product, u->fields);
    return status == EC_OK
               ? ec_catalog_tell(session, &ec_product_entity, u->product.id, "updated", u->fields)
               : status;
}

static ec_status update_run(ec_session *session, void *ctx, void **result)
{
    update u = {.session = session, .args = ctx};
    ec_check_init(&u.check, ec_scratch(session));
    u.named = lists_named(&u);
    ec_status status = merge_fields(&u);
    if (status == EC_OK) {
        status = check_places(&u);
    }
    if (status == EC_OK) {
        status = load_lists(&u);
    }
    if (status == EC_OK) {
        status = merge_lists(&u);
    }
    if (status == EC_OK) {
        status = check_lists(&u);
    }
    if (status == EC_OK) {
        status = store(&u);
    }
    return status == EC_OK
               ? ec_product_whole(session, " WHERE t.id = ?", ec_int(u.before.id), result)
               : status;
}

ec_status ec_product_update(ec_session *session, ec_id id, const ec_product *product,
                            ec_mask fields, ec_product **out)
{
    static const ec_op op = {.name = "product.update",
                             .permission = "catalog.write",
                             .access = EC_ACCESS_STAFF,
                             .mode = EC_WRITE,
                             .result = &ec_product_entity,
                             .run = update_run,
                             .fingerprint = ec_object_fingerprint};
    ec_object_args args = {
        .entity = &ec_product_entity, .id = id, .object = product, .fields = fields};
    return ec_call(session, &op, &args, (void **)out);
}
