/* SPDX-License-Identifier: MIT */
/*
 * reservation.c - the tables of reservations. Only rows; they are made and ended by lib/stock.
 */
#include <ecommerce/stock.h>

#include "model/model.h"

const char *const ec_reservation_state_names[] = {"active", "committed", "released", "expired",
                                                  NULL};

static const ec_field fields[] = {
    EC_ID_ROW(ec_reservation, id, .doc = "Number of the reservation."),
    EC_TIME_ROW(ec_reservation, created_at, .flags = EC_FIELD_READONLY, .doc = "When it began."),
    EC_TIME_ROW(ec_reservation, expires_at, .flags = EC_FIELD_READONLY,
                .doc = "When it ends by itself; null: never."),
    EC_TIME_ROW(ec_reservation, ended_at, .flags = EC_FIELD_READONLY,
                .doc = "When it ended; null: it is active."),
    EC_REF_ROW(ec_reservation, variant_id, .flags = EC_FIELD_READONLY, .doc = "The variant."),
    EC_REF_ROW(ec_reservation, warehouse_id, .flags = EC_FIELD_READONLY,
               .target = &ec_warehouse_entity, .doc = "The warehouse."),
    EC_REF_ROW(ec_reservation, cart_id, .flags = EC_FIELD_READONLY, .target = &ec_cart_entity,
               .doc = "The cart that it belongs to."),
    EC_REF_ROW(ec_reservation, order_id, .flags = EC_FIELD_READONLY, .target = &ec_order_entity,
               .doc = "The order that it belongs to."),
    EC_INT_ROW(ec_reservation, quantity, .flags = EC_FIELD_READONLY, .doc = "Units."),
    EC_ENUM_ROW(ec_reservation, state, ec_reservation_state, ec_reservation_state_names,
                .flags = EC_FIELD_READONLY, .doc = "Where it stands."),
};

const ec_entity ec_reservation_entity = {
    .name = "reservation",
    .table = "reservations",
    .doc = "Units promised to a cart or an order.",
    .size = sizeof(ec_reservation),
    .fields = fields,
    .count = sizeof(fields) / sizeof(fields[0]),
};

static const ec_field list_fields[] = {
    EC_LIST_ROWS(ec_reservation_list, ec_reservation, ec_reservation_entity),
};

const ec_entity ec_reservation_list_entity = {
    .name = "reservation_list",
    .doc = "A page of reservations.",
    .size = sizeof(ec_reservation_list),
    .fields = list_fields,
    .count = sizeof(list_fields) / sizeof(list_fields[0]),
};
