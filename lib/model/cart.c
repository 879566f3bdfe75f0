/* SPDX-License-Identifier: MIT */
/*
 * cart.c - the tables of carts, their items and notices. Only rows. The figures are computed on
 * each read, so most of them are no columns.
 */
#include <ecommerce/cart.h>

#include "model/model.h"

const char *const ec_cart_status_names[] = {"open", "paying", "ordered", "merged", "expired", NULL};

const char *const ec_notice_kind_names[] = {"price_changed", "unavailable", "short", NULL};

#define COMPUTED (EC_FIELD_READONLY | EC_FIELD_NOT_STORED)

static const ec_field notice_fields[] = {
    EC_REF_ROW(ec_cart_notice, item_id, .flags = EC_FIELD_READONLY, .doc = "The item."),
    EC_REF_ROW(ec_cart_notice, variant_id, .flags = EC_FIELD_READONLY, .doc = "Its variant."),
    EC_INT_ROW(ec_cart_notice, before, .flags = EC_FIELD_READONLY,
               .doc = "Price last shown in minor units, or quantity in the cart."),
    EC_INT_ROW(ec_cart_notice, now, .flags = EC_FIELD_READONLY,
               .doc = "Price now in minor units, or quantity available."),
    EC_ENUM_ROW(ec_cart_notice, kind, ec_notice_kind, ec_notice_kind_names,
                .flags = EC_FIELD_READONLY, .doc = "What changed."),
};

const ec_entity ec_cart_notice_entity = {
    .name = "cart_notice",
    .doc = "A change that the shopper has not acknowledged yet.",
    .size = sizeof(ec_cart_notice),
    .fields = notice_fields,
    .count = sizeof(notice_fields) / sizeof(notice_fields[0]),
};

static const ec_field item_fields[] = {
    EC_ID_ROW(ec_cart_item, id, .doc = "Number of the item."),
    EC_REF_ROW(ec_cart_item, product_id, .flags = COMPUTED, .doc = "The product."),
    EC_REF_ROW(ec_cart_item, variant_id, .flags = EC_FIELD_REQUIRED, .doc = "The variant."),
    EC_INT_ROW(ec_cart_item, quantity, .min = 1, .max = 9999, .flags = EC_FIELD_REQUIRED,
               .doc = "How many units."),
    EC_MONEY_ROW(ec_cart_item, unit_price, .flags = EC_FIELD_READONLY, .doc = "Price of one now."),
    EC_MONEY_ROW(ec_cart_item, original_price, .flags = COMPUTED,
                 .doc = "Price of one, said to be without discount; 0: none."),
    EC_MONEY_ROW(ec_cart_item, total, .flags = COMPUTED, .doc = "Price of all units."),
    EC_MONEY_ROW(ec_cart_item, discount_amount, .flags = COMPUTED, .doc = "Off all units."),
    EC_MONEY_ROW(ec_cart_item, tax_amount, .flags = COMPUTED,
                 .doc = "Tax of all units, added on top."),
    EC_INT_ROW(ec_cart_item, available, .flags = COMPUTED,
               .doc = "Units that could be bought now; -1: any number."),
    EC_TEXT_ROW(ec_cart_item, sku, .max = 100, .flags = COMPUTED, .doc = "Stock keeping unit."),
    EC_TEXT_ROW(ec_cart_item, name, .max = 255, .flags = COMPUTED, .doc = "Product."),
    EC_TEXT_ROW(ec_cart_item, variant_name, .max = 255, .flags = COMPUTED, .doc = "Variant."),
    EC_TEXT_ROW(ec_cart_item, image_url, .max = 2000, .flags = COMPUTED, .doc = "Picture."),
    EC_BOOL_ROW(ec_cart_item, is_available, .flags = COMPUTED,
                .doc = "Is it sold in this channel now?"),
};

const ec_entity ec_cart_item_entity = {
    .name = "cart_item",
    .table = "cart_items",
    .doc = "An item of a cart.",
    .size = sizeof(ec_cart_item),
    .fields = item_fields,
    .count = sizeof(item_fields) / sizeof(item_fields[0]),
};

static const ec_field cart_fields[] = {
    EC_ID_ROW(ec_cart, id, .doc = "Number of the cart."),
    EC_INT_ROW(ec_cart, version, .flags = EC_FIELD_READONLY, .doc = "Counts its changes."),
    EC_TIME_ROW(ec_cart, created_at, .flags = EC_FIELD_READONLY, .doc = "When it was opened."),
    EC_TIME_ROW(ec_cart, updated_at, .flags = EC_FIELD_READONLY, .doc = "When it last changed."),
    EC_TIME_ROW(ec_cart, expires_at, .flags = EC_FIELD_READONLY,
                .doc = "When it ends if nobody touches it."),
    EC_REF_ROW(ec_cart, user_id, .flags = EC_FIELD_READONLY,
               .doc = "The customer; null for a visitor."),
    EC_REF_ROW(ec_cart, channel_id, .flags = EC_FIELD_READONLY, .doc = "The shop front."),
    EC_REF_ROW(ec_cart, order_id, .flags = COMPUTED, .doc = "The order that it became."),
    EC_TEXT_ROW(ec_cart, token, .max = 64, .flags = COMPUTED,
                .doc = "The visitor's secret; only in the answer that opens the cart."),
    EC_TEXT_ROW(ec_cart, currency, .min = 3, .max = 3, .format = "currency",
                .flags = EC_FIELD_READONLY | EC_FIELD_CURRENCY, .doc = "Currency of its amounts."),
    EC_TEXT_ROW(ec_cart, email, .max = 254, .format = "email", .flags = EC_FIELD_PII,
                .doc = "Where messages about it go."),
    EC_TEXT_ROW(ec_cart, note, .max = 2000, .doc = "Of the shopper."),
    EC_TEXT_ROW(ec_cart, shipping_method, .max = 64, .flags = EC_FIELD_READONLY,
                .doc = "Code of the way to ship that was chosen."),
    EC_TEXT_ROW(ec_cart, payment_method, .max = 50, .flags = EC_FIELD_READONLY,
                .doc = "How it will be paid."),
    EC_STRUCT_ROW(ec_cart, shipping_address, ec_address, ec_address_entity,
                  .flags = EC_FIELD_READONLY, .doc = "Where it goes."),
    EC_STRUCT_ROW(ec_cart, billing_address, ec_address, ec_address_entity,
                  .flags = EC_FIELD_READONLY, .doc = "Who is billed."),
    EC_MONEY_ROW(ec_cart, items_total, .flags = COMPUTED, .doc = "Sum of the items."),
    EC_MONEY_ROW(ec_cart, discount_amount, .flags = COMPUTED, .doc = "Off the items."),
    EC_MONEY_ROW(ec_cart, shipping_amount, .flags = COMPUTED, .doc = "For sending."),
    EC_MONEY_ROW(ec_cart, tax_amount, .flags = COMPUTED, .doc = "Tax added on top."),
    EC_MONEY_ROW(ec_cart, total, .flags = COMPUTED, .doc = "To be paid."),
    EC_INT_ROW(ec_cart, quantity, .flags = COMPUTED, .doc = "Units of all items."),
    EC_TEXTS_ROW(ec_cart, coupons, .max = 100, .flags = COMPUTED, .doc = "Codes of coupons."),
    EC_LIST_ROW(ec_cart, items, ec_cart_item, ec_cart_item_entity, .flags = COMPUTED,
                .doc = "What is in it."),
    EC_LIST_ROW(ec_cart, notices, ec_cart_notice, ec_cart_notice_entity, .flags = COMPUTED,
                .doc = "What the shopper should be told."),
    EC_STRUCT_ROW(ec_cart, quote, ec_quote, ec_quote_entity, .flags = COMPUTED,
                  .doc = "Its figures with their reasons."),
    EC_ENUM_ROW(ec_cart, status, ec_cart_status, ec_cart_status_names, .flags = EC_FIELD_READONLY,
                .doc = "Where it stands."),
};

const ec_entity ec_cart_entity = {
    .name = "cart",
    .table = "carts",
    .doc = "A cart with its figures.",
    .size = sizeof(ec_cart),
    .fields = cart_fields,
    .count = sizeof(cart_fields) / sizeof(cart_fields[0]),
};

static const ec_field list_fields[] = {EC_LIST_ROWS(ec_cart_list, ec_cart, ec_cart_entity)};

const ec_entity ec_cart_list_entity = {
    .name = "cart_list",
    .doc = "A page of carts, without their items, notices and figures.",
    .size = sizeof(ec_cart_list),
    .fields = list_fields,
    .count = sizeof(list_fields) / sizeof(list_fields[0]),
};
