/* SPDX-License-Identifier: MIT */
/*
 * movement.c - the tables of the stock ledger. Only rows; the ledger is written by lib/stock and
 * never changed.
 */
#include <ecommerce/stock.h>

#include "model/model.h"

const char *const ec_movement_kind_names[] = {
    "receipt", "adjustment", "count", "sale", "return", "transfer", "damage", "incoming", NULL};

static const ec_field fields[] = {
    EC_ID_ROW(ec_movement, id, .doc = "Number of the movement."),
    EC_TIME_ROW(ec_movement, created_at, .flags = EC_FIELD_READONLY, .doc = "When it happened."),
    EC_REF_ROW(ec_movement, variant_id, .flags = EC_FIELD_READONLY, .doc = "The variant."),
    EC_REF_ROW(ec_movement, warehouse_id, .flags = EC_FIELD_READONLY,
               .target = &ec_warehouse_entity, .doc = "The warehouse."),
    EC_REF_ROW(ec_movement, cause_id, .flags = EC_FIELD_READONLY,
               .doc = "Number of what caused it."),
    EC_REF_ROW(ec_movement, user_id, .flags = EC_FIELD_READONLY, .doc = "Who did it."),
    EC_INT_ROW(ec_movement, on_hand, .flags = EC_FIELD_READONLY, .doc = "Change of on hand."),
    EC_INT_ROW(ec_movement, incoming, .flags = EC_FIELD_READONLY, .doc = "Change of incoming."),
    EC_INT_ROW(ec_movement, damaged, .flags = EC_FIELD_READONLY, .doc = "Change of damaged."),
    EC_TEXT_ROW(ec_movement, reason, .max = 255, .flags = EC_FIELD_READONLY,
                .doc = "Why, for people."),
    EC_TEXT_ROW(ec_movement, cause, .max = 32, .flags = EC_FIELD_READONLY,
                .doc = "What caused it, such as order."),
    EC_ENUM_ROW(ec_movement, kind, ec_movement_kind, ec_movement_kind_names,
                .flags = EC_FIELD_READONLY, .doc = "What kind of change it is."),
    EC_ENUM_ROW(ec_movement, actor, ec_actor, ec_actor_names, .flags = EC_FIELD_READONLY,
                .doc = "What kind of actor did it."),
};

const ec_entity ec_movement_entity = {
    .name = "movement",
    .table = "stock_movements",
    .doc = "One change of the balances of a variant in a warehouse.",
    .size = sizeof(ec_movement),
    .fields = fields,
    .count = sizeof(fields) / sizeof(fields[0]),
};

static const ec_field list_fields[] = {
    EC_LIST_ROWS(ec_movement_list, ec_movement, ec_movement_entity),
};

const ec_entity ec_movement_list_entity = {
    .name = "movement_list",
    .doc = "A page of movements.",
    .size = sizeof(ec_movement_list),
    .fields = list_fields,
    .count = sizeof(list_fields) / sizeof(list_fields[0]),
};
