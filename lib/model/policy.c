/* SPDX-License-Identifier: MIT */
/*
 * policy.c - the table of a channel's policies. Only rows; what each choice means is in policy.h.
 */
#include <ecommerce/policy.h>

#include "model/model.h"

const char *const ec_rounding_names[] = {"half_up", "half_even", "half_down", "up",
                                         "down",    "ceiling",   "floor",     NULL};

const char *const ec_allocation_names[] = {"largest_remainder", "first", "nearest", NULL};

static const char *const tax_level_names[] = {"line", "unit", "rate", "order", NULL};
static const char *const tax_address_names[] = {"shipping", "billing", NULL};
static const char *const tax_keep_names[] = {"gross", "net", NULL};
static const char *const shipping_tax_names[] = {"own", "weighted", NULL};
static const char *const exclusion_names[] = {"all", "items", "lane", NULL};
static const char *const stacking_names[] = {"all", "best", NULL};
static const char *const percent_base_names[] = {"price", "rest", NULL};
static const char *const refresh_names[] = {"always", "keep", NULL};
static const char *const address_names[] = {"shipping", "billing", NULL};

#define DAYS_MAX 3660
#define KEEP_MAX INT64_C(3155760000000) /* a hundred years */

static const ec_field fields[] = {
    EC_INT_ROW(ec_policy, cash_step, .min = 0, .max = 1000000,
               .doc = "Totals in cash are multiples of it, minor units; 0: no rounding."),
    EC_INT_ROW(ec_policy, price_keep_ms, .min = 0, .max = KEEP_MAX,
               .doc = "How long a price is kept, milliseconds."),
    EC_INT_ROW(ec_policy, coupons_max, .min = 0, .max = 100, .doc = "Codes of one cart; 0: one."),
    EC_INT_ROW(ec_policy, prior_days, .min = 0, .max = DAYS_MAX,
               .doc = "Days of the lowest price before a discount; 0: 30."),
    EC_TEXT_ROW(ec_policy, cash_methods, .max = 255,
                .doc = "Payment methods that are cash, comma-separated; null: cash."),
    EC_ENUM_ROW(ec_policy, rounding, ec_rounding, ec_rounding_names,
                .doc = "How percentages off prices and fees are rounded."),
    EC_ENUM_ROW(ec_policy, discount_shares, ec_allocation, ec_allocation_names,
                .doc = "How an order's discount is split over its lines."),
    EC_ENUM_ROW(ec_policy, tax_level, ec_tax_level, tax_level_names,
                .doc = "Where taxes are rounded."),
    EC_ENUM_ROW(ec_policy, tax_rounding, ec_rounding, ec_rounding_names,
                .doc = "How taxes are rounded."),
    EC_ENUM_ROW(ec_policy, tax_address, ec_tax_address, tax_address_names,
                .doc = "Whose address decides the tax zone."),
    EC_ENUM_ROW(ec_policy, tax_keep, ec_tax_keep, tax_keep_names,
                .doc = "What stays when an included tax differs from that at home."),
    EC_ENUM_ROW(ec_policy, shipping_tax, ec_shipping_tax, shipping_tax_names,
                .doc = "How the fee of shipping is taxed."),
    EC_ENUM_ROW(ec_policy, exclusion, ec_exclusion, exclusion_names,
                .doc = "What an exclusive promotion keeps out."),
    EC_ENUM_ROW(ec_policy, stacking, ec_stacking, stacking_names,
                .doc = "Do promotions add up, or does the best one count?"),
    EC_ENUM_ROW(ec_policy, percent_base, ec_percent_base, percent_base_names,
                .doc = "What several percentages off a unit are taken of."),
    EC_ENUM_ROW(ec_policy, price_refresh, ec_price_refresh, refresh_names,
                .doc = "Which price an item of a cart has."),
    EC_ENUM_ROW(ec_policy, cash_rounding, ec_rounding, ec_rounding_names,
                .doc = "How a total in cash meets the step."),
    EC_ENUM_ROW(ec_policy, required_address, ec_address_rule, address_names,
                .doc = "Which address a checkout must have."),
    EC_BOOL_ROW(ec_policy, tax_before_discounts,
                .doc = "Are taxes taken of the prices before discounts?"),
    EC_BOOL_ROW(ec_policy, exempt_pays_gross,
                .doc = "Does an exempt buyer pay the included tax all the same?"),
    EC_BOOL_ROW(ec_policy, skip_single_shipping,
                .doc = "Does the only fitting method need no choice?"),
    EC_BOOL_ROW(ec_policy, hide_prior_price, .doc = "Is the lowest earlier price not shown?"),
};

const ec_entity ec_policy_entity = {
    .name = "policy",
    .doc = "How a shop front rounds, taxes, combines and refreshes.",
    .size = sizeof(ec_policy),
    .fields = fields,
    .count = sizeof(fields) / sizeof(fields[0]),
};
