/* SPDX-License-Identifier: MIT */
/*
 * inventory.c - the tables of balances and of what changes them. Only rows; who may change a
 * balance, and how, is in lib/stock.
 */
#include <ecommerce/stock.h>

#include "model/model.h"

#define COMPUTED (EC_FIELD_READONLY | EC_FIELD_NOT_STORED)

static const ec_field fields[] = {
    EC_ID_ROW(ec_stock_level, id, .doc = "Number of the balance."),
    EC_INT_ROW(ec_stock_level, version, .flags = EC_FIELD_READONLY, .doc = "Counts its changes."),
    EC_TIME_ROW(ec_stock_level, updated_at, .flags = EC_FIELD_READONLY,
                .doc = "When it last changed."),
    EC_REF_ROW(ec_stock_level, variant_id, .flags = EC_FIELD_READONLY, .doc = "The variant."),
    EC_REF_ROW(ec_stock_level, warehouse_id, .flags = EC_FIELD_READONLY,
               .target = &ec_warehouse_entity, .doc = "The warehouse."),
    EC_INT_ROW(ec_stock_level, on_hand, .flags = EC_FIELD_READONLY,
               .doc = "Units that lie there, damaged ones included."),
    EC_INT_ROW(ec_stock_level, committed, .flags = EC_FIELD_READONLY,
               .doc = "Units promised: the sum of the active reservations."),
    EC_INT_ROW(ec_stock_level, available, .flags = COMPUTED,
               .doc = "Units on hand less those committed, damaged and kept back."),
    EC_INT_ROW(ec_stock_level, incoming, .flags = EC_FIELD_READONLY,
               .doc = "Units ordered from a supplier."),
    EC_INT_ROW(ec_stock_level, damaged, .flags = EC_FIELD_READONLY,
               .doc = "Units on hand that are not for sale."),
    EC_INT_ROW(ec_stock_level, safety_stock, .max = EC_QUANTITY_MAX,
               .doc = "Units on hand that are kept back."),
    EC_INT_ROW(ec_stock_level, reorder_point, .max = EC_QUANTITY_MAX,
               .doc = "Available at or below it is low; 0: never low."),
    EC_INT_ROW(ec_stock_level, reorder_quantity, .max = EC_QUANTITY_MAX,
               .doc = "How many units to order then."),
    EC_BOOL_ROW(ec_stock_level, backorder, .flags = EC_FIELD_READONLY,
                .doc = "May the variant be sold without being there?"),
};

const ec_entity ec_stock_level_entity = {
    .name = "inventory",
    .table = "inventory",
    .doc = "The balances of a variant in a warehouse.",
    .size = sizeof(ec_stock_level),
    .fields = fields,
    .count = sizeof(fields) / sizeof(fields[0]),
};

static const ec_field list_fields[] = {
    EC_LIST_ROWS(ec_stock_level_list, ec_stock_level, ec_stock_level_entity),
};

const ec_entity ec_stock_level_list_entity = {
    .name = "inventory_list",
    .doc = "A page of balances.",
    .size = sizeof(ec_stock_level_list),
    .fields = list_fields,
    .count = sizeof(list_fields) / sizeof(list_fields[0]),
};

/* ---- what changes balances: inputs, not stored ---- */

static const ec_field change_fields[] = {
    EC_REF_ROW(ec_stock_change, variant_id, .flags = EC_FIELD_REQUIRED, .doc = "The variant."),
    EC_REF_ROW(ec_stock_change, warehouse_id, .flags = EC_FIELD_REQUIRED,
               .target = &ec_warehouse_entity, .doc = "The warehouse."),
    EC_REF_ROW(ec_stock_change, cause_id, .doc = "Number of what causes it."),
    EC_INT_ROW(ec_stock_change, on_hand, .min = -EC_QUANTITY_MAX, .max = EC_QUANTITY_MAX,
               .doc = "Units more on hand."),
    EC_INT_ROW(ec_stock_change, incoming, .min = -EC_QUANTITY_MAX, .max = EC_QUANTITY_MAX,
               .doc = "Units more on their way."),
    EC_INT_ROW(ec_stock_change, damaged, .min = -EC_QUANTITY_MAX, .max = EC_QUANTITY_MAX,
               .doc = "Units more that are damaged."),
    EC_TEXT_ROW(ec_stock_change, reason, .max = 255, .doc = "Why, for people."),
    EC_TEXT_ROW(ec_stock_change, cause, .max = 32, .doc = "What causes it."),
    EC_ENUM_ROW(ec_stock_change, kind, ec_movement_kind, ec_movement_kind_names,
                .doc = "What kind of change it is."),
};

static void change_rules(const void *object, ec_mask mask, ec_check *check)
{
    (void)mask;
    const ec_stock_change *change = object;
    if (change->on_hand == 0 && change->incoming == 0 && change->damaged == 0)
        ec_check_add(check, "on_hand", "required", "A change of nothing is none.");
}

const ec_entity ec_stock_change_entity = {
    .name = "stock_change",
    .doc = "A change of balances.",
    .size = sizeof(ec_stock_change),
    .fields = change_fields,
    .count = sizeof(change_fields) / sizeof(change_fields[0]),
    .check = change_rules,
};

static const ec_field count_fields[] = {
    EC_REF_ROW(ec_stock_count, variant_id, .flags = EC_FIELD_REQUIRED, .doc = "The variant."),
    EC_REF_ROW(ec_stock_count, warehouse_id, .flags = EC_FIELD_REQUIRED,
               .target = &ec_warehouse_entity, .doc = "The warehouse."),
    EC_REF_ROW(ec_stock_count, cause_id, .doc = "Number of what causes it."),
    EC_INT_ROW(ec_stock_count, on_hand, .max = EC_QUANTITY_MAX, .doc = "Units counted."),
    EC_INT_ROW(ec_stock_count, expected, .max = EC_QUANTITY_MAX,
               .doc = "Units on hand as known so far."),
    EC_TEXT_ROW(ec_stock_count, reason, .max = 255, .doc = "Why, for people."),
    EC_TEXT_ROW(ec_stock_count, cause, .max = 32, .doc = "What causes it."),
};

const ec_entity ec_stock_count_entity = {
    .name = "stock_count",
    .doc = "The outcome of counting a shelf.",
    .size = sizeof(ec_stock_count),
    .fields = count_fields,
    .count = sizeof(count_fields) / sizeof(count_fields[0]),
};

static const ec_field transfer_fields[] = {
    EC_REF_ROW(ec_stock_transfer_request, variant_id, .flags = EC_FIELD_REQUIRED,
               .doc = "The variant."),
    EC_REF_ROW(ec_stock_transfer_request, from_id, .flags = EC_FIELD_REQUIRED,
               .target = &ec_warehouse_entity, .doc = "The warehouse that gives."),
    EC_REF_ROW(ec_stock_transfer_request, to_id, .flags = EC_FIELD_REQUIRED,
               .target = &ec_warehouse_entity, .doc = "The warehouse that takes."),
    EC_INT_ROW(ec_stock_transfer_request, quantity, .min = 1, .max = EC_QUANTITY_MAX,
               .flags = EC_FIELD_REQUIRED, .doc = "Units."),
    EC_TEXT_ROW(ec_stock_transfer_request, reason, .max = 255, .doc = "Why, for people."),
};

static void transfer_rules(const void *object, ec_mask mask, ec_check *check)
{
    (void)mask;
    const ec_stock_transfer_request *request = object;
    if (request->from_id == request->to_id)
        ec_check_add(check, "to_id", "same", "Goods move to another warehouse.");
}

const ec_entity ec_stock_transfer_entity = {
    .name = "stock_transfer",
    .doc = "Goods on their way from one warehouse to another.",
    .size = sizeof(ec_stock_transfer_request),
    .fields = transfer_fields,
    .count = sizeof(transfer_fields) / sizeof(transfer_fields[0]),
    .check = transfer_rules,
};
