/* SPDX-License-Identifier: MIT */
/*
 * collection.c - the tables of collections. Only rows; what the rules may say is checked in
 * lib/catalog/rules.c.
 */
#include <ecommerce/collection.h>

#include "model/model.h"

static const ec_field collection_fields[] = {
    EC_ID_ROW(ec_collection, id, .doc = "Number of the collection."),
    EC_INT_ROW(ec_collection, version, .flags = EC_FIELD_READONLY, .doc = "Counts its changes."),
    EC_TIME_ROW(ec_collection, created_at, .flags = EC_FIELD_READONLY, .doc = "When it was added."),
    EC_TIME_ROW(ec_collection, updated_at, .flags = EC_FIELD_READONLY,
                .doc = "When it last changed."),
    EC_TEXT_ROW(ec_collection, name, .min = 1, .max = 255, .flags = EC_FIELD_REQUIRED,
                .doc = "Name for people."),
    EC_TEXT_ROW(ec_collection, slug, .min = 1, .max = 255, .format = "slug",
                .flags = EC_FIELD_UNIQUE, .doc = "Part of its address."),
    EC_TEXT_ROW(ec_collection, description, .max = 65535, .doc = "What is found in it."),
    EC_JSON_ROW(ec_collection, rules, .max = 65535,
                .doc = "Which products belong to it; null: those that are added by hand."),
    EC_ENUM_ROW(ec_collection, sort, ec_product_sort, ec_product_sort_names,
                .doc = "The order that the shop proposes."),
    EC_BOOL_ROW(ec_collection, match_all, .flags = EC_FIELD_DEFAULT_TRUE,
                .doc = "Must all rules fit, not only one of them?"),
    EC_BOOL_ROW(ec_collection, is_active, .flags = EC_FIELD_DEFAULT_TRUE,
                .doc = "Do visitors and customers see it?"),
};

const ec_entity ec_collection_entity = {
    .name = "collection",
    .table = "collections",
    .doc = "Products that belong together.",
    .size = sizeof(ec_collection),
    .fields = collection_fields,
    .count = sizeof(collection_fields) / sizeof(collection_fields[0]),
};

static const ec_field collection_list_fields[] = {
    EC_LIST_ROWS(ec_collection_list, ec_collection, ec_collection_entity),
};

const ec_entity ec_collection_list_entity = {
    .name = "collection_list",
    .doc = "A page of collections.",
    .size = sizeof(ec_collection_list),
    .fields = collection_list_fields,
    .count = sizeof(collection_list_fields) / sizeof(collection_list_fields[0]),
};
