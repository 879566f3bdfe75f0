/* SPDX-License-Identifier: MIT */
/*
 * brand.c - the tables of brands. Only rows: what a brand may hold, not what is done with it.
 */
#include <ecommerce/brand.h>

#include "model/model.h"

static const ec_field brand_fields[] = {
    EC_ID_ROW(ec_brand, id, .doc = "Number of the brand."),
    EC_INT_ROW(ec_brand, version, .flags = EC_FIELD_READONLY, .doc = "Counts its changes."),
    EC_TIME_ROW(ec_brand, created_at, .flags = EC_FIELD_READONLY, .doc = "When it was added."),
    EC_TIME_ROW(ec_brand, updated_at, .flags = EC_FIELD_READONLY, .doc = "When it last changed."),
    EC_TEXT_ROW(ec_brand, name, .min = 1, .max = 255,
                .flags = EC_FIELD_REQUIRED | EC_FIELD_UNIQUE | EC_FIELD_SEARCH,
                .doc = "Name for people."),
    EC_TEXT_ROW(ec_brand, slug, .min = 1, .max = 255, .format = "slug", .flags = EC_FIELD_UNIQUE,
                .doc = "Part of its address."),
    EC_TEXT_ROW(ec_brand, description, .max = 65535, .doc = "Who it is."),
    EC_TEXT_ROW(ec_brand, image_url, .max = 2000, .format = "url", .doc = "Address of its logo."),
    EC_BOOL_ROW(ec_brand, is_active, .flags = EC_FIELD_DEFAULT_TRUE,
                .doc = "Do visitors and customers see it?"),
};

const ec_entity ec_brand_entity = {
    .name = "brand",
    .table = "brands",
    .doc = "Who makes goods.",
    .size = sizeof(ec_brand),
    .fields = brand_fields,
    .count = sizeof(brand_fields) / sizeof(brand_fields[0]),
};

static const ec_field brand_ref_fields[] = {
    EC_ID_ROW(ec_brand_ref, id, .doc = "Number of the brand."),
    EC_TEXT_ROW(ec_brand_ref, name, .doc = "Name for people."),
    EC_TEXT_ROW(ec_brand_ref, slug, .doc = "Part of its address."),
};

const ec_entity ec_brand_ref_entity = {
    .name = "brand_ref",
    .doc = "What other objects tell of a brand.",
    .size = sizeof(ec_brand_ref),
    .fields = brand_ref_fields,
    .count = sizeof(brand_ref_fields) / sizeof(brand_ref_fields[0]),
};

static const ec_field brand_list_fields[] = {
    EC_LIST_ROWS(ec_brand_list, ec_brand, ec_brand_entity),
};

const ec_entity ec_brand_list_entity = {
    .name = "brand_list",
    .doc = "A page of brands.",
    .size = sizeof(ec_brand_list),
    .fields = brand_list_fields,
    .count = sizeof(brand_list_fields) / sizeof(brand_list_fields[0]),
};
