/* SPDX-License-Identifier: MIT */
/*
 * fulfillment.c - the tables of parcels and returns. Only rows.
 */
#include <ecommerce/order.h>

#include "model/model.h"

const char *const ec_shipment_status_names[] = {"shipped", "delivered", NULL};

const char *const ec_return_status_names[] = {"requested", "approved",  "received",
                                              "rejected",  "cancelled", NULL};

static const ec_field shipment_item_fields[] = {
    EC_ID_ROW(ec_shipment_item, id, .doc = "Number of the content's line."),
    EC_REF_ROW(ec_shipment_item, shipment_id, .flags = EC_FIELD_READONLY, .doc = "The parcel."),
    EC_REF_ROW(ec_shipment_item, order_item_id, .flags = EC_FIELD_REQUIRED,
               .doc = "What is in it."),
    EC_INT_ROW(ec_shipment_item, quantity, .min = 1, .max = 9999, .flags = EC_FIELD_REQUIRED,
               .doc = "How many units."),
};

const ec_entity ec_shipment_item_entity = {
    .name = "shipment_item",
    .table = "shipment_items",
    .doc = "A parcel's content.",
    .size = sizeof(ec_shipment_item),
    .fields = shipment_item_fields,
    .count = sizeof(shipment_item_fields) / sizeof(shipment_item_fields[0]),
};

static const ec_field shipment_fields[] = {
    EC_ID_ROW(ec_shipment, id, .doc = "Number of the parcel."),
    EC_INT_ROW(ec_shipment, version, .flags = EC_FIELD_READONLY, .doc = "Counts its changes."),
    EC_TIME_ROW(ec_shipment, created_at, .flags = EC_FIELD_READONLY, .doc = "When it was made."),
    EC_TIME_ROW(ec_shipment, updated_at, .flags = EC_FIELD_READONLY,
                .doc = "When it last changed."),
    EC_REF_ROW(ec_shipment, order_id, .flags = EC_FIELD_READONLY, .doc = "The order."),
    EC_REF_ROW(ec_shipment, warehouse_id,
               .doc = "Where it leaves; null: where the goods are held."),
    EC_TEXT_ROW(ec_shipment, carrier, .max = 64, .doc = "Who carries it."),
    EC_TEXT_ROW(ec_shipment, tracking_number, .max = 128, .doc = "The carrier's number."),
    EC_TEXT_ROW(ec_shipment, tracking_url, .max = 2000, .format = "url",
                .doc = "Where it can be followed."),
    EC_TIME_ROW(ec_shipment, shipped_at, .flags = EC_FIELD_READONLY, .doc = "When it left."),
    EC_TIME_ROW(ec_shipment, delivered_at, .flags = EC_FIELD_READONLY, .doc = "When it arrived."),
    EC_LIST_ROW(ec_shipment, items, ec_shipment_item, ec_shipment_item_entity,
                .flags = EC_FIELD_NOT_STORED, .doc = "What is in it; none: all that is left."),
    EC_ENUM_ROW(ec_shipment, status, ec_shipment_status, ec_shipment_status_names,
                .flags = EC_FIELD_READONLY, .doc = "Where it is."),
};

const ec_entity ec_shipment_entity = {
    .name = "shipment",
    .table = "shipments",
    .doc = "A parcel of an order.",
    .size = sizeof(ec_shipment),
    .fields = shipment_fields,
    .count = sizeof(shipment_fields) / sizeof(shipment_fields[0]),
};

static const ec_field return_item_fields[] = {
    EC_ID_ROW(ec_return_item, id, .doc = "Number of the return's line."),
    EC_REF_ROW(ec_return_item, return_id, .flags = EC_FIELD_READONLY, .doc = "The return."),
    EC_REF_ROW(ec_return_item, order_item_id, .flags = EC_FIELD_REQUIRED,
               .doc = "What comes back."),
    EC_INT_ROW(ec_return_item, quantity, .min = 1, .max = 9999, .flags = EC_FIELD_REQUIRED,
               .doc = "How many units."),
    EC_BOOL_ROW(ec_return_item, restock, .doc = "Put it back on hand when it is received?"),
};

const ec_entity ec_return_item_entity = {
    .name = "return_item",
    .table = "return_items",
    .doc = "What comes back.",
    .size = sizeof(ec_return_item),
    .fields = return_item_fields,
    .count = sizeof(return_item_fields) / sizeof(return_item_fields[0]),
};

static const ec_field return_fields[] = {
    EC_ID_ROW(ec_return, id, .doc = "Number of the return."),
    EC_INT_ROW(ec_return, version, .flags = EC_FIELD_READONLY, .doc = "Counts its changes."),
    EC_TIME_ROW(ec_return, created_at, .flags = EC_FIELD_READONLY, .doc = "When it was asked for."),
    EC_TIME_ROW(ec_return, updated_at, .flags = EC_FIELD_READONLY, .doc = "When it last changed."),
    EC_REF_ROW(ec_return, order_id, .flags = EC_FIELD_READONLY, .doc = "The order."),
    EC_TEXT_ROW(ec_return, reason, .max = 255, .doc = "Why."),
    EC_TEXT_ROW(ec_return, note, .max = 2000, .doc = "More about it."),
    EC_LIST_ROW(ec_return, items, ec_return_item, ec_return_item_entity,
                .flags = EC_FIELD_NOT_STORED, .doc = "What comes back."),
    EC_ENUM_ROW(ec_return, status, ec_return_status, ec_return_status_names,
                .flags = EC_FIELD_READONLY, .doc = "Where it stands."),
};

const ec_entity ec_return_entity = {
    .name = "return",
    .table = "returns",
    .doc = "A return of shipped units.",
    .size = sizeof(ec_return),
    .fields = return_fields,
    .count = sizeof(return_fields) / sizeof(return_fields[0]),
};
