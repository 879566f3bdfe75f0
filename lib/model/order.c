/* SPDX-License-Identifier: MIT */
/*
 * order.c - the tables of orders, their items and adjustments. Only rows; a placed order's fields
 * are all READONLY, since only the operations of order.h change them.
 */
#include <ecommerce/order.h>

#include "model/model.h"

const char *const ec_order_status_names[] = {"pending",   "confirmed", "processing", "shipped",
                                             "delivered", "cancelled", NULL};

const char *const ec_order_state_names[] = {"placed",    "confirmed", "processing",
                                            "completed", "cancelled", NULL};

const char *const ec_order_payment_names[] = {
    "pending",  "authorized", "partially_paid", "paid", "partially_refunded",
    "refunded", "failed",     "voided",         NULL};

const char *const ec_order_fulfillment_names[] = {"unfulfilled", "partially_shipped",  "shipped",
                                                  "delivered",   "partially_returned", "returned",
                                                  "not_needed",  "cancelled",          NULL};

static const ec_field item_fields[] = {
    EC_ID_ROW(ec_order_item, id, .doc = "Number of the item."),
    EC_REF_ROW(ec_order_item, order_id, .flags = EC_FIELD_READONLY, .doc = "The order."),
    EC_REF_ROW(ec_order_item, product_id, .flags = EC_FIELD_READONLY,
               .doc = "The product; null once it is gone."),
    EC_REF_ROW(ec_order_item, variant_id, .flags = EC_FIELD_READONLY,
               .doc = "The variant; null once it is gone."),
    EC_INT_ROW(ec_order_item, position, .flags = EC_FIELD_READONLY, .doc = "Place in the order."),
    EC_TEXT_ROW(ec_order_item, sku, .max = 100, .flags = EC_FIELD_READONLY,
                .doc = "Stock keeping unit, as it was."),
    EC_TEXT_ROW(ec_order_item, name, .max = 255, .flags = EC_FIELD_READONLY,
                .doc = "Product, as it was called."),
    EC_TEXT_ROW(ec_order_item, variant_name, .max = 255, .flags = EC_FIELD_READONLY,
                .doc = "Variant, as it was called."),
    EC_INT_ROW(ec_order_item, quantity, .flags = EC_FIELD_READONLY, .doc = "Units ordered."),
    EC_INT_ROW(ec_order_item, cancelled_quantity, .flags = EC_FIELD_READONLY,
               .doc = "Units called off before they left."),
    EC_INT_ROW(ec_order_item, shipped_quantity, .flags = EC_FIELD_READONLY, .doc = "Units sent."),
    EC_INT_ROW(ec_order_item, returned_quantity, .flags = EC_FIELD_READONLY,
               .doc = "Units that came back."),
    EC_MONEY_ROW(ec_order_item, base_price, .flags = EC_FIELD_READONLY,
                 .doc = "Price of one before catalogue promotions."),
    EC_MONEY_ROW(ec_order_item, original_price, .flags = EC_FIELD_READONLY,
                 .doc = "Price of one, said to be without discount; 0: none."),
    EC_MONEY_ROW(ec_order_item, unit_price, .flags = EC_FIELD_READONLY, .doc = "Price of one."),
    EC_MONEY_ROW(ec_order_item, discount_amount, .flags = EC_FIELD_READONLY,
                 .doc = "Taken off, all units together."),
    EC_MONEY_ROW(ec_order_item, tax_amount, .flags = EC_FIELD_READONLY,
                 .doc = "Tax added on top, all units together."),
    EC_MONEY_ROW(ec_order_item, tax_included, .flags = EC_FIELD_READONLY,
                 .doc = "Tax inside of the price, all units together."),
    EC_MONEY_ROW(ec_order_item, total_amount, .flags = EC_FIELD_READONLY,
                 .doc = "To be paid for the units that were not called off."),
    EC_BOOL_ROW(ec_order_item, requires_shipping, .flags = EC_FIELD_READONLY,
                .doc = "Is it sent in a parcel?"),
    EC_BOOL_ROW(ec_order_item, tracked, .flags = EC_FIELD_READONLY,
                .doc = "Did its stock count when it was ordered?"),
    EC_BOOL_ROW(ec_order_item, is_gift, .flags = EC_FIELD_READONLY,
                .doc = "Was it given by a promotion?"),
};

const ec_entity ec_order_item_entity = {
    .name = "order_item",
    .table = "order_items",
    .doc = "An item of an order, frozen.",
    .size = sizeof(ec_order_item),
    .fields = item_fields,
    .count = sizeof(item_fields) / sizeof(item_fields[0]),
};

static const ec_field adjustment_fields[] = {
    EC_ID_ROW(ec_adjustment, id, .doc = "Number of the adjustment."),
    EC_REF_ROW(ec_adjustment, order_id, .flags = EC_FIELD_READONLY, .doc = "The order."),
    EC_REF_ROW(ec_adjustment, order_item_id, .flags = EC_FIELD_READONLY,
               .doc = "The item; null: the whole order."),
    EC_TIME_ROW(ec_adjustment, created_at, .flags = EC_FIELD_READONLY, .doc = "When it was made."),
    EC_INT_ROW(ec_adjustment, position, .flags = EC_FIELD_READONLY | EC_FIELD_NOT_STORED,
               .doc = "Place of the item; 0: the whole order."),
    EC_TEXT_ROW(ec_adjustment, kind, .max = 24, .flags = EC_FIELD_READONLY,
                .doc = "One of catalog, unit, order, shipping, shipping_discount, tax, rounding,"
                       " edit, cancel."),
    EC_TEXT_ROW(ec_adjustment, source, .max = 64, .flags = EC_FIELD_READONLY,
                .doc = "What made it."),
    EC_TEXT_ROW(ec_adjustment, label, .max = 255, .flags = EC_FIELD_READONLY,
                .doc = "What people read."),
    EC_TEXT_ROW(ec_adjustment, code, .max = 64, .flags = EC_FIELD_READONLY, .doc = "The coupon."),
    EC_MONEY_ROW(ec_adjustment, amount, .flags = EC_FIELD_READONLY, .doc = "Signed amount."),
    EC_MONEY_ROW(ec_adjustment, base, .flags = EC_FIELD_READONLY, .doc = "What it was taken of."),
    EC_DECIMAL_ROW(ec_adjustment, rate, .scale = 6, .flags = EC_FIELD_READONLY,
                   .doc = "Part of the base; 0: a fixed amount."),
    EC_MONEY_ROW(ec_adjustment, tax_included, .flags = EC_FIELD_READONLY,
                 .doc = "The part of the amount that is included tax."),
    EC_INT_ROW(ec_adjustment, quantity, .flags = EC_FIELD_READONLY,
               .doc = "Units that it is about; 0: it is not about units."),
    EC_TEXT_ROW(ec_adjustment, rounding, .max = 16, .flags = EC_FIELD_READONLY,
                .doc = "How something was rounded."),
    EC_BOOL_ROW(ec_adjustment, included, .flags = EC_FIELD_READONLY,
                .doc = "Is it inside the prices already?"),
};

const ec_entity ec_adjustment_entity = {
    .name = "adjustment",
    .table = "adjustments",
    .doc = "A line of the explanation of an order's total.",
    .size = sizeof(ec_adjustment),
    .fields = adjustment_fields,
    .count = sizeof(adjustment_fields) / sizeof(adjustment_fields[0]),
};

static const ec_field tax_fields[] = {
    EC_ID_ROW(ec_order_tax, id, .doc = "Number of the tax."),
    EC_REF_ROW(ec_order_tax, order_id, .flags = EC_FIELD_READONLY, .doc = "The order."),
    EC_TEXT_ROW(ec_order_tax, source, .max = 64, .flags = EC_FIELD_READONLY,
                .doc = "Where it comes from."),
    EC_TEXT_ROW(ec_order_tax, name, .max = 255, .flags = EC_FIELD_READONLY,
                .doc = "What people read."),
    EC_TEXT_ROW(ec_order_tax, code, .max = 64, .flags = EC_FIELD_READONLY,
                .doc = "Category of the goods."),
    EC_DECIMAL_ROW(ec_order_tax, rate, .scale = 6, .flags = EC_FIELD_READONLY,
                   .doc = "Part of the base."),
    EC_MONEY_ROW(ec_order_tax, base, .flags = EC_FIELD_READONLY,
                 .doc = "Net amount that is taxed."),
    EC_MONEY_ROW(ec_order_tax, amount, .flags = EC_FIELD_READONLY, .doc = "The tax."),
    EC_TEXT_ROW(ec_order_tax, note, .max = 64, .flags = EC_FIELD_READONLY,
                .doc = "Such as reverse_charge or exempt."),
    EC_BOOL_ROW(ec_order_tax, included, .flags = EC_FIELD_READONLY,
                .doc = "Is it inside of the prices?"),
};

const ec_entity ec_order_tax_entity = {
    .name = "order_tax",
    .table = "order_taxes",
    .doc = "A tax of an order as it was placed.",
    .size = sizeof(ec_order_tax),
    .fields = tax_fields,
    .count = sizeof(tax_fields) / sizeof(tax_fields[0]),
};

static const ec_field promotion_fields[] = {
    EC_REF_ROW(ec_order_promotion, promotion_id, .flags = EC_FIELD_READONLY,
               .doc = "The promotion."),
    EC_REF_ROW(ec_order_promotion, coupon_id, .flags = EC_FIELD_READONLY, .doc = "The coupon."),
    EC_TEXT_ROW(ec_order_promotion, name, .max = 255, .flags = EC_FIELD_READONLY,
                .doc = "What people read."),
    EC_TEXT_ROW(ec_order_promotion, code, .max = 64, .flags = EC_FIELD_READONLY,
                .doc = "The coupon's code."),
    EC_MONEY_ROW(ec_order_promotion, amount, .flags = EC_FIELD_READONLY,
                 .doc = "Taken off items and fee."),
};

const ec_entity ec_order_promotion_entity = {
    .name = "order_promotion",
    .doc = "A promotion that an order got.",
    .size = sizeof(ec_order_promotion),
    .fields = promotion_fields,
    .count = sizeof(promotion_fields) / sizeof(promotion_fields[0]),
};

static const ec_field order_fields[] = {
    EC_ID_ROW(ec_order, id, .doc = "Number of the order in the shop."),
    EC_INT_ROW(ec_order, version, .flags = EC_FIELD_READONLY, .doc = "Counts its changes."),
    EC_TIME_ROW(ec_order, created_at, .flags = EC_FIELD_READONLY, .doc = "When it was stored."),
    EC_TIME_ROW(ec_order, updated_at, .flags = EC_FIELD_READONLY, .doc = "When it last changed."),
    EC_TEXT_ROW(ec_order, order_number, .max = 50, .flags = EC_FIELD_READONLY | EC_FIELD_UNIQUE,
                .doc = "Number that people use."),
    EC_REF_ROW(ec_order, cart_id, .flags = EC_FIELD_READONLY, .doc = "The cart that it was."),
    EC_REF_ROW(ec_order, user_id, .flags = EC_FIELD_READONLY,
               .doc = "The customer; null for a visitor."),
    EC_REF_ROW(ec_order, channel_id, .flags = EC_FIELD_READONLY, .doc = "The shop front."),
    EC_REF_ROW(ec_order, shipping_method_id, .flags = EC_FIELD_READONLY,
               .doc = "The way it is sent."),
    EC_TEXT_ROW(ec_order, email, .max = 254, .flags = EC_FIELD_READONLY | EC_FIELD_PII,
                .doc = "Where messages about it go."),
    EC_TEXT_ROW(ec_order, currency, .min = 3, .max = 3, .format = "currency",
                .flags = EC_FIELD_READONLY | EC_FIELD_CURRENCY, .doc = "Currency of its amounts."),
    EC_MONEY_ROW(ec_order, subtotal, .flags = EC_FIELD_READONLY, .doc = "Items at their prices."),
    EC_MONEY_ROW(ec_order, discount_amount, .flags = EC_FIELD_READONLY, .doc = "Taken off."),
    EC_MONEY_ROW(ec_order, shipping_amount, .flags = EC_FIELD_READONLY, .doc = "For sending."),
    EC_MONEY_ROW(ec_order, shipping_discount, .flags = EC_FIELD_READONLY,
                 .doc = "Taken off the fee for sending."),
    EC_MONEY_ROW(ec_order, tax_amount, .flags = EC_FIELD_READONLY, .doc = "Tax added on top."),
    EC_MONEY_ROW(ec_order, tax_included, .flags = EC_FIELD_READONLY,
                 .doc = "Tax inside of the prices."),
    EC_MONEY_ROW(ec_order, shipping_tax, .flags = EC_FIELD_READONLY,
                 .doc = "Tax added on top of the fee."),
    EC_MONEY_ROW(ec_order, shipping_tax_included, .flags = EC_FIELD_READONLY,
                 .doc = "Tax inside of the fee."),
    EC_MONEY_ROW(ec_order, rounding_amount, .flags = EC_FIELD_READONLY,
                 .doc = "What cash rounding added."),
    EC_MONEY_ROW(ec_order, total_amount, .flags = EC_FIELD_READONLY, .doc = "To be paid."),
    EC_MONEY_ROW(ec_order, placed_subtotal, .flags = EC_FIELD_READONLY,
                 .doc = "Subtotal when it was placed; the adjustments lead from it to the total."),
    EC_MONEY_ROW(ec_order, authorized_amount, .flags = EC_FIELD_READONLY,
                 .doc = "Reserved or taken by payments."),
    EC_MONEY_ROW(ec_order, paid_amount, .flags = EC_FIELD_READONLY, .doc = "Taken by payments."),
    EC_MONEY_ROW(ec_order, refunded_amount, .flags = EC_FIELD_READONLY, .doc = "Gone back."),
    EC_MONEY_ROW(ec_order, due_amount, .flags = EC_FIELD_READONLY,
                 .doc = "To be paid; below 0: to be given back."),
    EC_TEXT_ROW(ec_order, payment_method, .max = 50, .flags = EC_FIELD_READONLY,
                .doc = "How it is paid."),
    EC_TEXT_ROW(ec_order, payment_reference, .max = 255, .flags = EC_FIELD_READONLY,
                .doc = "The provider's name for its payment."),
    EC_TEXT_ROW(ec_order, shipping_method, .max = 64, .flags = EC_FIELD_READONLY,
                .doc = "Code of the way it is sent."),
    EC_TEXT_ROW(ec_order, shipping_method_name, .max = 255, .flags = EC_FIELD_READONLY,
                .doc = "How it is sent, for people."),
    EC_STRUCT_ROW(ec_order, shipping_address, ec_address, ec_address_entity,
                  .flags = EC_FIELD_READONLY, .doc = "Where it goes."),
    EC_STRUCT_ROW(ec_order, billing_address, ec_address, ec_address_entity,
                  .flags = EC_FIELD_READONLY, .doc = "Who is billed."),
    EC_STRUCT_ROW(ec_order, policy, ec_policy, ec_policy_entity, .flags = EC_FIELD_READONLY,
                  .doc = "What it was computed by."),
    EC_TEXT_ROW(ec_order, notes, .max = 2000, .flags = EC_FIELD_READONLY, .doc = "Of the shopper."),
    EC_TEXT_ROW(ec_order, cancel_reason, .max = 255, .flags = EC_FIELD_READONLY,
                .doc = "Why it was called off."),
    EC_TEXT_ROW(ec_order, checkout_key, .max = 255, .flags = EC_FIELD_READONLY | EC_FIELD_SECRET,
                .doc = "Idempotency key of its checkout."),
    EC_TIME_ROW(ec_order, placed_at, .flags = EC_FIELD_READONLY, .doc = "When it was placed."),
    EC_TIME_ROW(ec_order, shipped_at, .flags = EC_FIELD_READONLY,
                .doc = "When its last parcel left."),
    EC_TIME_ROW(ec_order, delivered_at, .flags = EC_FIELD_READONLY, .doc = "When all arrived."),
    EC_TIME_ROW(ec_order, cancelled_at, .flags = EC_FIELD_READONLY,
                .doc = "When it was called off."),
    EC_LIST_ROW(ec_order, items, ec_order_item, ec_order_item_entity,
                .flags = EC_FIELD_READONLY | EC_FIELD_NOT_STORED, .doc = "What was ordered."),
    EC_LIST_ROW(ec_order, adjustments, ec_adjustment, ec_adjustment_entity,
                .flags = EC_FIELD_READONLY | EC_FIELD_NOT_STORED,
                .doc = "What explains the total."),
    EC_LIST_ROW(ec_order, taxes, ec_order_tax, ec_order_tax_entity,
                .flags = EC_FIELD_READONLY | EC_FIELD_NOT_STORED,
                .doc = "Taxes by rate, as it was placed."),
    EC_LIST_ROW(ec_order, promotions, ec_order_promotion, ec_order_promotion_entity,
                .flags = EC_FIELD_READONLY | EC_FIELD_NOT_STORED,
                .doc = "Promotions that it got when it was placed."),
    EC_LIST_ROW(ec_order, payments, ec_payment, ec_payment_entity,
                .flags = EC_FIELD_READONLY | EC_FIELD_NOT_STORED, .doc = "What pays it."),
    EC_LIST_ROW(ec_order, shipments, ec_shipment, ec_shipment_entity,
                .flags = EC_FIELD_READONLY | EC_FIELD_NOT_STORED, .doc = "Its parcels."),
    EC_LIST_ROW(ec_order, returns, ec_return, ec_return_entity,
                .flags = EC_FIELD_READONLY | EC_FIELD_NOT_STORED, .doc = "What comes back."),
    EC_LIST_ROW(ec_order, refunds, ec_refund, ec_refund_entity,
                .flags = EC_FIELD_READONLY | EC_FIELD_NOT_STORED, .doc = "Money that went back."),
    EC_ENUM_ROW(ec_order, status, ec_order_status, ec_order_status_names,
                .flags = EC_FIELD_READONLY, .doc = "The one word that clients read."),
    EC_ENUM_ROW(ec_order, state, ec_order_state, ec_order_state_names, .flags = EC_FIELD_READONLY,
                .doc = "The order's own axis."),
    EC_ENUM_ROW(ec_order, payment_status, ec_order_payment, ec_order_payment_names,
                .flags = EC_FIELD_READONLY, .doc = "The axis of money."),
    EC_ENUM_ROW(ec_order, fulfillment_status, ec_order_fulfillment, ec_order_fulfillment_names,
                .flags = EC_FIELD_READONLY, .doc = "The axis of goods."),
};

const ec_entity ec_order_entity = {
    .name = "order",
    .table = "orders",
    .doc = "An order with everything that belongs to it.",
    .size = sizeof(ec_order),
    .fields = order_fields,
    .count = sizeof(order_fields) / sizeof(order_fields[0]),
};

static const ec_field list_fields[] = {EC_LIST_ROWS(ec_order_list, ec_order, ec_order_entity)};

const ec_entity ec_order_list_entity = {
    .name = "order_list",
    .doc = "A page of orders, without their parts.",
    .size = sizeof(ec_order_list),
    .fields = list_fields,
    .count = sizeof(list_fields) / sizeof(list_fields[0]),
};

static const ec_field next_event_fields[] = {
    EC_TEXT_ROW(ec_next_event, axis, .doc = "The axis that moves."),
    EC_TEXT_ROW(ec_next_event, event, .doc = "The event's name."),
    EC_TEXT_ROW(ec_next_event, from, .doc = "The present state."),
    EC_TEXT_ROW(ec_next_event, to, .doc = "The state afterwards."),
    EC_BOOL_ROW(ec_next_event, by_hand, .doc = "Can it be asked for by itself?"),
};

const ec_entity ec_next_event_entity = {
    .name = "next_event",
    .doc = "Something that may happen to an order now.",
    .size = sizeof(ec_next_event),
    .fields = next_event_fields,
    .count = sizeof(next_event_fields) / sizeof(next_event_fields[0]),
};

static const ec_field next_events_fields[] = {
    EC_LIST_ROW(ec_next_events, items, ec_next_event, ec_next_event_entity,
                .doc = "What may happen, by axis."),
};

const ec_entity ec_next_events_entity = {
    .name = "next_events",
    .doc = "What may happen to an order now.",
    .size = sizeof(ec_next_events),
    .fields = next_events_fields,
    .count = sizeof(next_events_fields) / sizeof(next_events_fields[0]),
};
