/* SPDX-License-Identifier: MIT */
/*
 * edit_tax.c - what an edit of an order does to discounts and taxes.
 *
 * An item that is changed keeps the part of its price that was taken off and the part that is tax.
 * A new item is taxed as a quote taxes it in the order's situation; no promotion touches it, since
 * its price is agreed. It refuses to apply rules of today to what was agreed before.
 */
#include <ecommerce/limits.h>

#include "order/change.h"
#include "price/load.h"

/* amount * now / before; 0 of nothing. */
static int64_t scale(int64_t amount, int64_t now, int64_t before, ec_rounding mode)
{
    int64_t out = 0;
    if (amount == 0 || before <= 0 || ec_divide(amount, now, before, mode, &out) != EC_OK) return 0;
    return out;
}

void ec_order_item_rescale(ec_order_item *item, int64_t old_price, int64_t old_quantity)
{
    int64_t before = 0, now = 0, discount = item->discount_amount;
    if (__builtin_mul_overflow(old_price, old_quantity, &before) ||
        __builtin_mul_overflow(item->unit_price, item->quantity, &now))
        return; /* the sum is refused */
    before -= discount;
    if (item->unit_price != old_price)
        item->discount_amount = scale(discount, item->unit_price, old_price, EC_ROUND_DOWN);
    now -= item->discount_amount;
    item->tax_amount = scale(item->tax_amount, now, before, EC_ROUND_HALF_UP);
    item->tax_included = scale(item->tax_included, now, before, EC_ROUND_HALF_UP);
}

void ec_order_fee_rescale(ec_order *order, int64_t old_fee)
{
    int64_t fee = order->shipping_amount;
    if (fee == old_fee) return;
    order->shipping_discount = 0;
    order->shipping_tax = scale(order->shipping_tax, fee, old_fee, EC_ROUND_HALF_UP);
    order->shipping_tax_included =
        scale(order->shipping_tax_included, fee, old_fee, EC_ROUND_HALF_UP);
}

static ec_status quote_items(ec_session *session, const ec_rules *rules, const ec_order *order,
                             size_t from, ec_quote **out)
{
    size_t count = order->items_count - from;
    ec_arena *arena = ec_scratch(session);
    ec_price_want *wants = ec_arena_array(arena, count, sizeof(*wants));
    ec_price_found *found = ec_arena_array(arena, count, sizeof(*found));
    ec_pricing_line *lines = ec_arena_array(arena, count, sizeof(*lines));
    if (wants == NULL || found == NULL || lines == NULL) return ec_fail_memory(session);
    ec_pricing in = {.now = ec_now(session),
                     .shipping_address = order->shipping_address,
                     .billing_address = order->billing_address,
                     .customer = {.user_id = order->user_id, .email = order->email}};
    const ec_channel *channel = ec_rules_channel(rules, order->channel_id);
    if (channel == NULL) return ec_fail(session, EC_CORRUPT, "An order has no channel.");
    ec_pricing_of_channel(rules, channel, &in);
    if (order->policy != NULL) in.policy = order->policy;
    for (size_t i = 0; i < count; i++) {
        const ec_order_item *item = &order->items[from + i];
        wants[i] = (ec_price_want){item->variant_id, item->quantity, item->unit_price};
    }
    ec_status status = ec_pricing_read_customer(session, rules, &in, false);
    if (status == EC_OK) status = ec_pricing_read_lines(session, &in, wants, count, lines, found);
    in.lines = lines;
    in.lines_count = count;
    return status == EC_OK ? ec_pricing_run(session, rules, &in, "items", out) : status;
}

ec_status ec_order_tax_items(ec_session *session, ec_order *order, size_t from)
{
    const ec_rules *rules = NULL;
    ec_quote *quote = NULL;
    int64_t version = 0;
    if (from == order->items_count) return EC_OK;
    ec_status status = ec_rules_version(session, &version);
    if (status == EC_OK) status = ec_rules_hold(session, version, &rules);
    if (status != EC_OK || rules->taxes.rates_count == 0) return status;
    status = quote_items(session, rules, order, from, &quote);
    for (size_t i = from; status == EC_OK && i < order->items_count; i++) {
        order->items[i].tax_amount = quote->lines[i - from].tax_amount;
        order->items[i].tax_included = quote->lines[i - from].tax_included;
    }
    return status;
}
