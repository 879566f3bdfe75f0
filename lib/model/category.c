/* SPDX-License-Identifier: MIT */
/*
 * category.c - the tables of categories. Only rows: what a category may hold, not where it may
 * stand.
 */
#include <ecommerce/category.h>

#include "model/model.h"

static const ec_field category_fields[] = {
    EC_ID_ROW(ec_category, id, .doc = "Number of the category."),
    EC_INT_ROW(ec_category, version, .flags = EC_FIELD_READONLY, .doc = "Counts its changes."),
    EC_TIME_ROW(ec_category, created_at, .flags = EC_FIELD_READONLY, .doc = "When it was added."),
    EC_TIME_ROW(ec_category, updated_at, .flags = EC_FIELD_READONLY,
                .doc = "When it last changed."),
    EC_REF_ROW(ec_category, parent_id, .target = &ec_category_entity,
               .doc = "The category above it."),
    EC_INT_ROW(ec_category, depth, .flags = EC_FIELD_READONLY, .doc = "Its level, from 1."),
    EC_INT_ROW(ec_category, sort_order, .min = -1000000000, .max = 1000000000,
               .doc = "Place among those of the same parent, lower first."),
    EC_TEXT_ROW(ec_category, name, .min = 1, .max = 255,
                .flags = EC_FIELD_REQUIRED | EC_FIELD_SEARCH, .doc = "Name for people."),
    EC_TEXT_ROW(ec_category, slug, .min = 1, .max = 255, .format = "slug", .flags = EC_FIELD_UNIQUE,
                .doc = "Part of its address."),
    EC_TEXT_ROW(ec_category, path, .flags = EC_FIELD_READONLY,
                .doc = "Numbers of the categories from the top to itself."),
    EC_TEXT_ROW(ec_category, description, .max = 65535, .flags = EC_FIELD_SEARCH,
                .doc = "What is found in it."),
    EC_TEXT_ROW(ec_category, image_url, .max = 2000, .format = "url",
                .doc = "Address of its image."),
    EC_TEXT_ROW(ec_category, meta_title, .max = 255, .doc = "Title for search engines."),
    EC_TEXT_ROW(ec_category, meta_description, .max = 500, .doc = "Summary for search engines."),
    EC_BOOL_ROW(ec_category, is_active, .flags = EC_FIELD_DEFAULT_TRUE,
                .doc = "Do visitors and customers see it?"),
};

const ec_entity ec_category_entity = {
    .name = "category",
    .table = "categories",
    .doc = "A place in the tree of the catalogue.",
    .size = sizeof(ec_category),
    .fields = category_fields,
    .count = sizeof(category_fields) / sizeof(category_fields[0]),
};

static const ec_field category_ref_fields[] = {
    EC_ID_ROW(ec_category_ref, id, .doc = "Number of the category."),
    EC_TEXT_ROW(ec_category_ref, name, .doc = "Name for people."),
    EC_TEXT_ROW(ec_category_ref, slug, .doc = "Part of its address."),
};

const ec_entity ec_category_ref_entity = {
    .name = "category_ref",
    .doc = "What other objects tell of a category.",
    .size = sizeof(ec_category_ref),
    .fields = category_ref_fields,
    .count = sizeof(category_ref_fields) / sizeof(category_ref_fields[0]),
};

static const ec_field category_list_fields[] = {
    EC_LIST_ROWS(ec_category_list, ec_category, ec_category_entity),
};

const ec_entity ec_category_list_entity = {
    .name = "category_list",
    .doc = "A page of categories.",
    .size = sizeof(ec_category_list),
    .fields = category_list_fields,
    .count = sizeof(category_list_fields) / sizeof(category_list_fields[0]),
};
