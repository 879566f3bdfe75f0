/* SPDX-License-Identifier: MIT */
/*
 * quote.c - the tables of quotes and their parts, and of what is asked for. Only rows.
 */
#include <ecommerce/quote.h>

#include "model/model.h"

const char *const ec_adjustment_kind_names[] = {"catalog",           "unit", "order",    "shipping",
                                                "shipping_discount", "tax",  "rounding", NULL};

#define OUT EC_FIELD_READONLY

static const ec_field line_fields[] = {
    EC_INT_ROW(ec_quote_line, position, .flags = OUT, .doc = "Place among the lines, from 1."),
    EC_REF_ROW(ec_quote_line, product_id, .flags = OUT, .doc = "The product."),
    EC_REF_ROW(ec_quote_line, variant_id, .flags = OUT, .doc = "The variant."),
    EC_INT_ROW(ec_quote_line, quantity, .flags = OUT, .doc = "How many units."),
    EC_MONEY_ROW(ec_quote_line, base_price, .flags = OUT,
                 .doc = "Of one, before catalogue promotions."),
    EC_MONEY_ROW(ec_quote_line, original_price, .flags = OUT,
                 .doc = "Of one, said to be without discount; 0: none."),
    EC_MONEY_ROW(ec_quote_line, prior_price, .flags = OUT,
                 .doc = "Lowest of the period before the discount; 0: none."),
    EC_MONEY_ROW(ec_quote_line, unit_price, .flags = OUT,
                 .doc = "Of one, after catalogue promotions."),
    EC_MONEY_ROW(ec_quote_line, price, .flags = OUT, .doc = "Of all units."),
    EC_MONEY_ROW(ec_quote_line, unit_discount, .flags = OUT, .doc = "Off all units."),
    EC_MONEY_ROW(ec_quote_line, subtotal, .flags = OUT, .doc = "The price less that."),
    EC_MONEY_ROW(ec_quote_line, order_discount, .flags = OUT,
                 .doc = "Its shares of discounts of the order."),
    EC_MONEY_ROW(ec_quote_line, tax_amount, .flags = OUT, .doc = "Tax added on top."),
    EC_MONEY_ROW(ec_quote_line, tax_included, .flags = OUT, .doc = "Tax inside of the price."),
    EC_MONEY_ROW(ec_quote_line, total, .flags = OUT, .doc = "To be paid for it."),
    EC_TEXT_ROW(ec_quote_line, sku, .max = 100, .flags = OUT, .doc = "Stock keeping unit."),
    EC_TEXT_ROW(ec_quote_line, name, .max = 600, .flags = OUT, .doc = "Product and variant."),
    EC_BOOL_ROW(ec_quote_line, gift, .flags = OUT, .doc = "Is it given by a promotion?"),
};

const ec_entity ec_quote_line_entity = {
    .name = "quote_line",
    .doc = "A line of a quote.",
    .size = sizeof(ec_quote_line),
    .fields = line_fields,
    .count = sizeof(line_fields) / sizeof(line_fields[0]),
};

static const ec_field adjustment_fields[] = {
    EC_INT_ROW(ec_quote_adjustment, line, .flags = OUT,
               .doc = "Place of its line; 0: the fee or the order."),
    EC_MONEY_ROW(ec_quote_adjustment, amount, .flags = OUT, .doc = "Signed amount."),
    EC_MONEY_ROW(ec_quote_adjustment, base, .flags = OUT, .doc = "What it was taken of."),
    EC_DECIMAL_ROW(ec_quote_adjustment, rate, .scale = 6, .flags = OUT,
                   .doc = "Part of the base; 0: a fixed amount."),
    EC_MONEY_ROW(ec_quote_adjustment, tax_included, .flags = OUT,
                 .doc = "The part of the amount that is included tax."),
    EC_INT_ROW(ec_quote_adjustment, quantity, .flags = OUT, .doc = "Units that it is about."),
    EC_TEXT_ROW(ec_quote_adjustment, source, .max = 64, .flags = OUT, .doc = "What made it."),
    EC_TEXT_ROW(ec_quote_adjustment, label, .max = 255, .flags = OUT, .doc = "What people read."),
    EC_TEXT_ROW(ec_quote_adjustment, code, .max = 64, .flags = OUT, .doc = "The coupon."),
    EC_TEXT_ROW(ec_quote_adjustment, rounding, .max = 16, .flags = OUT,
                .doc = "How something was rounded."),
    EC_ENUM_ROW(ec_quote_adjustment, kind, ec_adjustment_kind, ec_adjustment_kind_names,
                .flags = OUT, .doc = "What it is."),
    EC_BOOL_ROW(ec_quote_adjustment, included, .flags = OUT,
                .doc = "Is it inside of the prices already?"),
};

const ec_entity ec_quote_adjustment_entity = {
    .name = "quote_adjustment",
    .doc = "One reason of a quote's total.",
    .size = sizeof(ec_quote_adjustment),
    .fields = adjustment_fields,
    .count = sizeof(adjustment_fields) / sizeof(adjustment_fields[0]),
};

static const ec_field tax_fields[] = {
    EC_REF_ROW(ec_quote_tax, tax_rate_id, .flags = OUT, .doc = "The rate; null: from outside."),
    EC_TEXT_ROW(ec_quote_tax, name, .max = 255, .flags = OUT, .doc = "What people read."),
    EC_TEXT_ROW(ec_quote_tax, code, .max = 64, .flags = OUT, .doc = "Category of the goods."),
    EC_DECIMAL_ROW(ec_quote_tax, rate, .scale = 6, .flags = OUT, .doc = "Part of the base."),
    EC_MONEY_ROW(ec_quote_tax, base, .flags = OUT, .doc = "Net amount that is taxed."),
    EC_MONEY_ROW(ec_quote_tax, amount, .flags = OUT, .doc = "The tax."),
    EC_TEXT_ROW(ec_quote_tax, note, .max = 64, .flags = OUT,
                .doc = "Such as reverse_charge or exempt."),
    EC_BOOL_ROW(ec_quote_tax, included, .flags = OUT, .doc = "Is it inside of the prices?"),
};

const ec_entity ec_quote_tax_entity = {
    .name = "quote_tax",
    .doc = "A tax of a quote, for the invoice.",
    .size = sizeof(ec_quote_tax),
    .fields = tax_fields,
    .count = sizeof(tax_fields) / sizeof(tax_fields[0]),
};

static const ec_field promotion_fields[] = {
    EC_REF_ROW(ec_quote_promotion, promotion_id, .flags = OUT, .doc = "The promotion."),
    EC_REF_ROW(ec_quote_promotion, coupon_id, .flags = OUT, .doc = "The coupon."),
    EC_TEXT_ROW(ec_quote_promotion, name, .max = 255, .flags = OUT, .doc = "What people read."),
    EC_TEXT_ROW(ec_quote_promotion, code, .max = 64, .flags = OUT, .doc = "The coupon's code."),
    EC_MONEY_ROW(ec_quote_promotion, amount, .flags = OUT, .doc = "Taken off lines and fee."),
    EC_TEXT_ROW(ec_quote_promotion, rule, .max = 32, .flags = OUT, .doc = "Why it did not."),
    EC_TEXT_ROW(ec_quote_promotion, message, .max = 1000, .flags = OUT,
                .doc = "The same in a sentence."),
    EC_BOOL_ROW(ec_quote_promotion, applied, .flags = OUT, .doc = "Did it change anything?"),
};

const ec_entity ec_quote_promotion_entity = {
    .name = "quote_promotion",
    .doc = "A promotion that a quote looked at.",
    .size = sizeof(ec_quote_promotion),
    .fields = promotion_fields,
    .count = sizeof(promotion_fields) / sizeof(promotion_fields[0]),
};

static const ec_field shipping_fields[] = {
    EC_REF_ROW(ec_quote_shipping, shipping_method_id, .flags = OUT, .doc = "The method."),
    EC_TEXT_ROW(ec_quote_shipping, code, .max = 64, .flags = OUT, .doc = "Its stable name."),
    EC_TEXT_ROW(ec_quote_shipping, name, .max = 255, .flags = OUT, .doc = "What people read."),
    EC_MONEY_ROW(ec_quote_shipping, amount, .flags = OUT, .doc = "The fee before discounts."),
    EC_INT_ROW(ec_quote_shipping, parcels, .flags = OUT, .doc = "How many it takes; 0: unknown."),
    EC_INT_ROW(ec_quote_shipping, days_min, .flags = OUT,
               .doc = "Days to delivery at least; 0: unknown."),
    EC_INT_ROW(ec_quote_shipping, days_max, .flags = OUT,
               .doc = "Days to delivery at most; 0: unknown."),
    EC_REF_ROW(ec_quote_shipping, pickup_warehouse_id, .flags = OUT,
               .doc = "Where it is picked up."),
    EC_BOOL_ROW(ec_quote_shipping, chosen, .flags = OUT, .doc = "Does the quote count with it?"),
    EC_BOOL_ROW(ec_quote_shipping, estimated, .flags = OUT,
                .doc = "Was it chosen because none was asked for?"),
};

const ec_entity ec_quote_shipping_entity = {
    .name = "quote_shipping",
    .doc = "A way to ship that could be chosen.",
    .size = sizeof(ec_quote_shipping),
    .fields = shipping_fields,
    .count = sizeof(shipping_fields) / sizeof(shipping_fields[0]),
};

static const ec_field quote_fields[] = {
    EC_REF_ROW(ec_quote, channel_id, .flags = OUT, .doc = "The shop front."),
    EC_TEXT_ROW(ec_quote, currency, .min = 3, .max = 3, .format = "currency",
                .flags = OUT | EC_FIELD_CURRENCY, .doc = "Currency of its amounts."),
    EC_TIME_ROW(ec_quote, priced_at, .flags = OUT, .doc = "The moment whose rules hold."),
    EC_MONEY_ROW(ec_quote, subtotal, .flags = OUT, .doc = "Lines at their unit prices."),
    EC_MONEY_ROW(ec_quote, discount_amount, .flags = OUT, .doc = "Off the lines."),
    EC_MONEY_ROW(ec_quote, shipping_fee, .flags = OUT, .doc = "Before discounts of shipping."),
    EC_MONEY_ROW(ec_quote, shipping_discount, .flags = OUT, .doc = "Off the fee."),
    EC_MONEY_ROW(ec_quote, shipping_amount, .flags = OUT, .doc = "The fee less that."),
    EC_MONEY_ROW(ec_quote, shipping_tax, .flags = OUT, .doc = "Tax on the fee."),
    EC_MONEY_ROW(ec_quote, tax_amount, .flags = OUT, .doc = "Tax added on top."),
    EC_MONEY_ROW(ec_quote, tax_included, .flags = OUT, .doc = "Tax inside of the prices."),
    EC_MONEY_ROW(ec_quote, rounding_amount, .flags = OUT, .doc = "What cash rounding added."),
    EC_MONEY_ROW(ec_quote, total_amount, .flags = OUT, .doc = "To be paid."),
    EC_REF_ROW(ec_quote, tax_zone_id, .flags = OUT, .doc = "The zone whose rates hold."),
    EC_TEXT_ROW(ec_quote, problem, .max = 64, .flags = OUT,
                .doc = "What stands in the way of an order."),
    EC_STRUCT_ROW(ec_quote, policy, ec_policy, ec_policy_entity, .flags = OUT,
                  .doc = "What it was computed by."),
    EC_LIST_ROW(ec_quote, lines, ec_quote_line, ec_quote_line_entity, .flags = OUT,
                .doc = "What is asked for, and gifts."),
    EC_LIST_ROW(ec_quote, adjustments, ec_quote_adjustment, ec_quote_adjustment_entity,
                .flags = OUT, .doc = "What explains the total."),
    EC_LIST_ROW(ec_quote, taxes, ec_quote_tax, ec_quote_tax_entity, .flags = OUT,
                .doc = "Taxes by rate."),
    EC_LIST_ROW(ec_quote, promotions, ec_quote_promotion, ec_quote_promotion_entity, .flags = OUT,
                .doc = "Promotions that were looked at."),
    EC_LIST_ROW(ec_quote, shipping, ec_quote_shipping, ec_quote_shipping_entity, .flags = OUT,
                .doc = "Ways to ship that could be chosen."),
    EC_BOOL_ROW(ec_quote, needs_shipping, .flags = OUT, .doc = "Is some line sent?"),
};

const ec_entity ec_quote_entity = {
    .name = "quote",
    .doc = "What goods cost in a situation, and why.",
    .size = sizeof(ec_quote),
    .fields = quote_fields,
    .count = sizeof(quote_fields) / sizeof(quote_fields[0]),
};
