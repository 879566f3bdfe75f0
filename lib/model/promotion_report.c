/* SPDX-License-Identifier: MIT */
/*
 * promotion_report.c - the tables of what is found out about promotions. Only rows.
 */
#include <ecommerce/promotion_report.h>

#include "model/model.h"

#define OUT EC_FIELD_READONLY

static const ec_field request_fields[] = {
    EC_REF_ROW(ec_simulation_request, channel_id, .target = &ec_channel_entity,
               .doc = "Whose orders; null: the session's channel."),
    EC_TIME_ROW(ec_simulation_request, starts_at, .doc = "First moment; null: the first order."),
    EC_TIME_ROW(ec_simulation_request, ends_at, .doc = "First moment after them; null: now."),
};

const ec_entity ec_simulation_request_entity = {
    .name = "simulation_request",
    .doc = "Over which orders a promotion is tried.",
    .size = sizeof(ec_simulation_request),
    .fields = request_fields,
    .count = sizeof(request_fields) / sizeof(request_fields[0]),
};

static const ec_field currency_fields[] = {
    EC_TEXT_ROW(ec_simulation_currency, currency, .min = 3, .max = 3, .format = "currency",
                .flags = EC_FIELD_READONLY | EC_FIELD_CURRENCY, .doc = "Of the orders."),
    EC_INT_ROW(ec_simulation_currency, orders_count, .flags = OUT,
               .doc = "Orders that were looked at."),
    EC_INT_ROW(ec_simulation_currency, applied_count, .flags = OUT,
               .doc = "Orders that would have got it."),
    EC_INT_ROW(ec_simulation_currency, units, .flags = OUT, .doc = "Units of goods in those."),
    EC_MONEY_ROW(ec_simulation_currency, discount_amount, .flags = OUT,
                 .doc = "Off goods, gifts included."),
    EC_MONEY_ROW(ec_simulation_currency, shipping_discount, .flags = OUT, .doc = "Off fees."),
    EC_MONEY_ROW(ec_simulation_currency, revenue_before, .flags = OUT,
                 .doc = "Goods of all orders at their prices."),
    EC_MONEY_ROW(ec_simulation_currency, revenue_after, .flags = OUT,
                 .doc = "The same with the promotion."),
    EC_MONEY_ROW(ec_simulation_currency, margin_before, .flags = OUT,
                 .doc = "Net of included tax less cost, where that is known."),
    EC_MONEY_ROW(ec_simulation_currency, margin_after, .flags = OUT,
                 .doc = "The same with the promotion."),
    EC_INT_ROW(ec_simulation_currency, unknown_cost_units, .flags = OUT,
               .doc = "Units that the margins leave out."),
    EC_MONEY_ROW(ec_simulation_currency, largest_discount, .flags = OUT,
                 .doc = "Of one order, off goods and fee."),
    EC_TEXT_ROW(ec_simulation_currency, largest_order, .max = 50, .flags = OUT,
                .doc = "The number of that order."),
};

const ec_entity ec_simulation_currency_entity = {
    .name = "simulation_currency",
    .doc = "What a promotion would have done to the orders of one currency.",
    .size = sizeof(ec_simulation_currency),
    .fields = currency_fields,
    .count = sizeof(currency_fields) / sizeof(currency_fields[0]),
};

static const ec_field simulation_fields[] = {
    EC_REF_ROW(ec_simulation, channel_id, .target = &ec_channel_entity, .flags = OUT,
               .doc = "Whose orders."),
    EC_TIME_ROW(ec_simulation, starts_at, .flags = OUT, .doc = "First moment of the orders."),
    EC_TIME_ROW(ec_simulation, ends_at, .flags = OUT, .doc = "First moment after them."),
    EC_INT_ROW(ec_simulation, orders_count, .flags = OUT, .doc = "Orders that were looked at."),
    EC_INT_ROW(ec_simulation, applied_count, .flags = OUT, .doc = "Orders that would have got it."),
    EC_LIST_ROW(ec_simulation, currencies, ec_simulation_currency, ec_simulation_currency_entity,
                .flags = OUT, .doc = "Sums by currency."),
};

const ec_entity ec_simulation_entity = {
    .name = "simulation",
    .doc = "What a promotion would have done to past orders.",
    .size = sizeof(ec_simulation),
    .fields = simulation_fields,
    .count = sizeof(simulation_fields) / sizeof(simulation_fields[0]),
};

const char *const ec_finding_kind_names[] = {
    "contradiction", "over",       "no_coupons", "used_up", "shadowed", "no_amount",
    "overlap",       "worst_case", "below_cost", "minimum", "assumed",  NULL};
const char *const ec_finding_severity_names[] = {"info", "warning", "error", NULL};

static const ec_field finding_fields[] = {
    EC_TEXT_ROW(ec_promotion_finding, message, .max = 1000, .flags = OUT, .doc = "In a sentence."),
    EC_TEXT_ROW(ec_promotion_finding, channel, .max = 64, .flags = OUT,
                .doc = "The channel that it is about."),
    EC_TEXT_ROW(ec_promotion_finding, currency, .min = 3, .max = 3, .format = "currency",
                .flags = EC_FIELD_READONLY | EC_FIELD_CURRENCY, .doc = "Of the amount."),
    EC_TEXT_ROW(ec_promotion_finding, sku, .max = 100, .flags = OUT,
                .doc = "The worst of the goods, or the first."),
    EC_INT_ROW(ec_promotion_finding, quantity, .flags = OUT, .doc = "Units of it in the cart."),
    EC_INT_ROW(ec_promotion_finding, variants, .flags = OUT,
               .doc = "How many variants it is about."),
    EC_DECIMAL_ROW(ec_promotion_finding, rate, .scale = 6, .flags = OUT,
                   .doc = "The part of their price that is taken off."),
    EC_MONEY_ROW(ec_promotion_finding, amount, .flags = OUT, .doc = "What is lost with a unit."),
    EC_TEXTS_ROW(ec_promotion_finding, promotions, .flags = OUT,
                 .doc = "Codes of the promotions that it is about."),
    EC_ENUM_ROW(ec_promotion_finding, kind, ec_finding_kind, ec_finding_kind_names, .flags = OUT,
                .doc = "What it is about."),
    EC_ENUM_ROW(ec_promotion_finding, severity, ec_finding_severity, ec_finding_severity_names,
                .flags = OUT, .doc = "How bad it is."),
};

const ec_entity ec_promotion_finding_entity = {
    .name = "promotion_finding",
    .doc = "Something that was found out about promotions.",
    .size = sizeof(ec_promotion_finding),
    .fields = finding_fields,
    .count = sizeof(finding_fields) / sizeof(finding_fields[0]),
};

static const ec_field findings_fields[] = {
    EC_INT_ROW(ec_promotion_findings, promotions_count, .flags = OUT,
               .doc = "Promotions that were looked at."),
    EC_INT_ROW(ec_promotion_findings, variants_count, .flags = OUT,
               .doc = "Variants that were tried in carts."),
    EC_INT_ROW(ec_promotion_findings, errors_count, .flags = OUT, .doc = "Errors among them."),
    EC_INT_ROW(ec_promotion_findings, warnings_count, .flags = OUT, .doc = "Warnings among them."),
    EC_LIST_ROW(ec_promotion_findings, findings, ec_promotion_finding, ec_promotion_finding_entity,
                .flags = OUT, .doc = "What was found out."),
};

const ec_entity ec_promotion_findings_entity = {
    .name = "promotion_findings",
    .doc = "Everything that was found out about promotions.",
    .size = sizeof(ec_promotion_findings),
    .fields = findings_fields,
    .count = sizeof(findings_fields) / sizeof(findings_fields[0]),
};
