/* SPDX-License-Identifier: MIT */
/*
 * warehouse.c - the tables of ec_warehouse and its pages. Only rows.
 */
#include <ecommerce/warehouse.h>

#include "model/model.h"

static const ec_field fields[] = {
    EC_ID_ROW(ec_warehouse, id, .doc = "Number of the warehouse."),
    EC_INT_ROW(ec_warehouse, version, .flags = EC_FIELD_READONLY, .doc = "Counts its changes."),
    EC_TIME_ROW(ec_warehouse, created_at, .flags = EC_FIELD_READONLY, .doc = "When it was added."),
    EC_TIME_ROW(ec_warehouse, updated_at, .flags = EC_FIELD_READONLY,
                .doc = "When it last changed."),
    EC_INT_ROW(ec_warehouse, priority, .min = 0, .max = 1000000,
               .doc = "Lower first, where a channel does not say otherwise."),
    EC_TEXT_ROW(ec_warehouse, code, .min = 1, .max = 64, .format = "slug",
                .flags = EC_FIELD_REQUIRED | EC_FIELD_UNIQUE, .doc = "Stable name for programs."),
    EC_TEXT_ROW(ec_warehouse, name, .min = 1, .max = 255, .flags = EC_FIELD_REQUIRED,
                .doc = "Name for people."),
    EC_STRUCT_ROW(ec_warehouse, address, ec_address, ec_address_entity, .doc = "Where it is."),
    EC_BOOL_ROW(ec_warehouse, is_active, .doc = "Does it serve orders?"),
};

const ec_entity ec_warehouse_entity = {
    .name = "warehouse",
    .table = "warehouses",
    .doc = "A place where goods lie.",
    .size = sizeof(ec_warehouse),
    .fields = fields,
    .count = sizeof(fields) / sizeof(fields[0]),
};

static const ec_field list_fields[] = {
    EC_LIST_ROWS(ec_warehouse_list, ec_warehouse, ec_warehouse_entity),
};

const ec_entity ec_warehouse_list_entity = {
    .name = "warehouse_list",
    .doc = "A page of warehouses.",
    .size = sizeof(ec_warehouse_list),
    .fields = list_fields,
    .count = sizeof(list_fields) / sizeof(list_fields[0]),
};
