/* SPDX-License-Identifier: MIT */
/*
 * product.c - the tables of products and of their filter. Only rows, and the rule between the two
 * dates; what needs the storage is checked in lib/catalog.
 */
#include <ecommerce/limits.h>
#include <ecommerce/product.h>

#include <string.h>

#include "model/model.h"

#define COMPUTED (EC_FIELD_READONLY | EC_FIELD_NOT_STORED)

const char *const ec_product_status_names[] = {"draft", "active", "archived", NULL};

const char *const ec_product_sort_names[] = {"newest", "oldest",    "price",  "price_desc",
                                             "name",   "name_desc", "rating", "best_selling",
                                             "manual", NULL};

static const ec_field product_fields[] = {
    EC_ID_ROW(ec_product, id, .doc = "Number of the product."),
    EC_INT_ROW(ec_product, version, .flags = EC_FIELD_READONLY, .doc = "Counts its changes."),
    EC_TIME_ROW(ec_product, created_at, .flags = EC_FIELD_READONLY | EC_FIELD_SORT,
                .doc = "When it was added."),
    EC_TIME_ROW(ec_product, updated_at, .flags = EC_FIELD_READONLY, .doc = "When it last changed."),
    EC_REF_ROW(ec_product, category_id, .target = &ec_category_entity, .doc = "Where it stands."),
    EC_REF_ROW(ec_product, brand_id, .target = &ec_brand_entity, .doc = "Who makes it."),
    EC_TIME_ROW(ec_product, published_at, .min = 1, .doc = "It is not shown before."),
    EC_TIME_ROW(ec_product, unpublished_at, .min = 1, .doc = "It is not shown from then on."),
    EC_MONEY_ROW(ec_product, price, .max = EC_AMOUNT_MAX, .flags = EC_FIELD_SORT,
                 .doc = "Lowest price of its active variants."),
    EC_MONEY_ROW(ec_product, price_max, .flags = EC_FIELD_READONLY,
                 .doc = "Highest price of its active variants."),
    EC_MONEY_ROW(ec_product, compare_price, .max = EC_AMOUNT_MAX, .flags = EC_FIELD_NULLABLE,
                 .doc = "What the cheapest variant is said to cost without discount."),
    EC_DECIMAL_ROW(ec_product, rating, .scale = 2, .flags = EC_FIELD_READONLY | EC_FIELD_SORT,
                   .doc = "Mean of its accepted reviews, 1 to 5."),
    EC_INT_ROW(ec_product, reviews_count, .flags = EC_FIELD_READONLY, .doc = "Accepted reviews."),
    EC_INT_ROW(ec_product, sold_count, .flags = EC_FIELD_READONLY | EC_FIELD_SORT,
               .doc = "Units shipped."),
    EC_INT_ROW(ec_product, stock, .flags = COMPUTED,
               .doc = "Available units of its tracked active variants."),
    EC_TEXT_ROW(ec_product, name, .min = 1, .max = 255,
                .flags = EC_FIELD_REQUIRED | EC_FIELD_SEARCH | EC_FIELD_SORT,
                .doc = "Name for people."),
    EC_TEXT_ROW(ec_product, slug, .min = 1, .max = 255, .format = "slug", .flags = EC_FIELD_UNIQUE,
                .doc = "Part of its address."),
    EC_TEXT_ROW(ec_product, description, .max = 1000000, .flags = EC_FIELD_SEARCH,
                .doc = "All about it; may be HTML."),
    EC_TEXT_ROW(ec_product, short_description, .max = 500, .flags = EC_FIELD_SEARCH,
                .doc = "What it is, in a sentence."),
    EC_TEXT_ROW(ec_product, type, .max = 255, .doc = "The shop's word for this kind of product."),
    EC_TEXT_ROW(ec_product, currency, .min = 3, .max = 3, .format = "currency",
                .flags = EC_FIELD_CURRENCY, .doc = "Currency of its amounts."),
    EC_TEXT_ROW(ec_product, sku, .min = 1, .max = 100, .flags = EC_FIELD_NOT_STORED,
                .doc = "Stock keeping unit of its first variant."),
    EC_TEXT_ROW(ec_product, image_url, .flags = COMPUTED, .doc = "Address of its first image."),
    EC_TEXT_ROW(ec_product, meta_title, .max = 255, .doc = "Title for search engines."),
    EC_TEXT_ROW(ec_product, meta_description, .max = 500, .doc = "Summary for search engines."),
    EC_JSON_ROW(ec_product, metadata, .max = 65535, .doc = "The shop's own data, an object."),
    EC_STRUCT_ROW(ec_product, category, ec_category_ref, ec_category_ref_entity, .flags = COMPUTED,
                  .doc = "The category in which it stands."),
    EC_STRUCT_ROW(ec_product, brand, ec_brand_ref, ec_brand_ref_entity, .flags = COMPUTED,
                  .doc = "The brand that makes it."),
    EC_LIST_ROW(ec_product, options, ec_product_option, ec_product_option_entity,
                .max = EC_OPTIONS_MAX, .doc = "By what its variants differ."),
    EC_LIST_ROW(ec_product, variants, ec_variant, ec_variant_entity, .max = EC_VARIANTS_MAX,
                .doc = "What can be bought."),
    EC_LIST_ROW(ec_product, images, ec_product_image, ec_product_image_entity, .max = EC_IMAGES_MAX,
                .doc = "What it looks like."),
    EC_LIST_ROW(ec_product, attributes, ec_product_attribute, ec_product_attribute_entity,
                .max = EC_ATTRIBUTES_MAX, .doc = "Facts to compare it by."),
    EC_TEXTS_ROW(ec_product, tags, .max = EC_TAGS_MAX, .doc = "Words to find it by."),
    EC_ENUM_ROW(ec_product, status, ec_product_status, ec_product_status_names,
                .doc = "Is it shown?"),
    EC_BOOL_ROW(ec_product, is_featured, .doc = "Does the shop point at it?"),
};

/* The end is behind the begin; metadata is an object. */
static void product_check(const void *object, ec_mask fields, ec_check *check)
{
    const ec_product *product = object;
    (void)fields;
    if (product->metadata && product->metadata[strspn(product->metadata, " \t\r\n")] != '{') {
        ec_check_add(check, "metadata", "object", "A JSON object is needed.");
    }
    if (product->published_at != 0 && product->unpublished_at != 0 &&
        product->unpublished_at <= product->published_at) {
        ec_check_add(check, "unpublished_at", "order", "It must be after published_at.");
    }
}

const ec_entity ec_product_entity = {
    .name = "product",
    .table = "products",
    .doc = "What the shop shows and sells.",
    .size = sizeof(ec_product),
    .fields = product_fields,
    .count = sizeof(product_fields) / sizeof(product_fields[0]),
    .check = product_check,
};

static const ec_field product_list_fields[] = {
    EC_LIST_ROWS(ec_product_list, ec_product, ec_product_entity),
};

const ec_entity ec_product_list_entity = {
    .name = "product_list",
    .doc = "A page of products.",
    .size = sizeof(ec_product_list),
    .fields = product_list_fields,
    .count = sizeof(product_list_fields) / sizeof(product_list_fields[0]),
};

/* ---- the filter: described so that it can be checked, copied and read from JSON ---- */

static const ec_field attribute_choice_fields[] = {
    EC_TEXT_ROW(ec_attribute_choice, code, .min = 1, .max = 64, .flags = EC_FIELD_REQUIRED,
                .doc = "Code of the attribute."),
    EC_TEXT_ROW(ec_attribute_choice, min, .min = 1, .max = 32, .doc = "Number or date at least."),
    EC_TEXT_ROW(ec_attribute_choice, max, .min = 1, .max = 32, .doc = "Number or date at most."),
    EC_TEXTS_ROW(ec_attribute_choice, values, .max = EC_FILTERS_MAX, .doc = "One of these values."),
};

const ec_entity ec_attribute_choice_entity = {
    .name = "attribute_choice",
    .doc = "Values of an attribute of which a product must have one.",
    .size = sizeof(ec_attribute_choice),
    .fields = attribute_choice_fields,
    .count = sizeof(attribute_choice_fields) / sizeof(attribute_choice_fields[0]),
};

/* A number of an object in a list of them. */
static const ec_field id_item_fields[] = {
    {.name = "id",
     .name_length = 2,
     .type = EC_FIELD_REF,
     .flags = EC_FIELD_REQUIRED,
     .doc = "Number of an object."},
};

const ec_entity ec_id_item_entity = {
    .name = "id_item",
    .doc = "The number of an object in a list.",
    .size = sizeof(ec_id),
    .fields = id_item_fields,
    .count = 1,
};

static const ec_field product_filter_fields[] = {
    EC_REF_ROW(ec_product_filter, category_id, .target = &ec_category_entity,
               .doc = "In this category or below it."),
    EC_REF_ROW(ec_product_filter, brand_id, .target = &ec_brand_entity, .doc = "Of this brand."),
    EC_REF_ROW(ec_product_filter, collection_id, .target = &ec_collection_entity,
               .doc = "In this collection."),
    EC_MONEY_ROW(ec_product_filter, price_min, .max = EC_AMOUNT_MAX, .doc = "Price at least."),
    EC_MONEY_ROW(ec_product_filter, price_max, .max = EC_AMOUNT_MAX,
                 .doc = "Price at most; 0: no bound."),
    EC_DECIMAL_ROW(ec_product_filter, rating_min, .scale = 2, .max = 500,
                   .doc = "Rating at least."),
    EC_TEXT_ROW(ec_product_filter, with, .max = 255,
                .doc = "Lists that the items shall have, such as variants,images."),
    EC_TEXT_ROW(ec_product_filter, search, .max = 255, .doc = "Words that the name has."),
    EC_TEXT_ROW(ec_product_filter, status, .max = 16, .doc = "Of this status."),
    EC_TEXT_ROW(ec_product_filter, type, .max = 255, .doc = "Of this type."),
    EC_LIST_ROW(ec_product_filter, ids, ec_id, ec_id_item_entity, .max = EC_PAGE_SIZE_MAX,
                .doc = "One of these."),
    EC_TEXTS_ROW(ec_product_filter, tags, .max = EC_FILTERS_MAX, .doc = "Has all of these tags."),
    EC_LIST_ROW(ec_product_filter, attributes, ec_attribute_choice, ec_attribute_choice_entity,
                .max = EC_FILTERS_MAX, .doc = "Fits all of these."),
    EC_ENUM_ROW(ec_product_filter, sort, ec_product_sort, ec_product_sort_names,
                .doc = "Order of the listing."),
    EC_BOOL_ROW(ec_product_filter, in_stock, .doc = "Only what can be bought now."),
    EC_BOOL_ROW(ec_product_filter, is_featured, .doc = "Only what the shop points at."),
};

const ec_entity ec_product_filter_entity = {
    .name = "product_filter",
    .doc = "Which products are wanted, and in which order.",
    .size = sizeof(ec_product_filter),
    .fields = product_filter_fields,
    .count = sizeof(product_filter_fields) / sizeof(product_filter_fields[0]),
};
