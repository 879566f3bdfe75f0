/* SPDX-License-Identifier: MIT */
/*
 * policy.c - the policies that countries expect.
 *
 * One row for each country whose custom differs from the plain policy (all members zero): how cash
 * is rounded since small coins went, and where taxes are rounded. A source to begin with, not legal
 * advice: a channel may say otherwise in every member.
 */
#include <ecommerce/policy.h>

#include <string.h>

#include "base/country.h"

typedef struct preset {
    const char *name;
    ec_policy policy;
} preset;

static const preset presets[] = {
    /* Smallest coins: 10 pesos; 5 goes down (law 20.956 of 2016). Receipts state the tax of all. */
    {"CL", {.cash_step = 10, .cash_rounding = EC_ROUND_HALF_DOWN}},
    {"AU", {.cash_step = 5, .cash_rounding = EC_ROUND_HALF_UP}},
    {"BE", {.cash_step = 5, .cash_rounding = EC_ROUND_HALF_UP}},
    {"CA", {.cash_step = 5, .cash_rounding = EC_ROUND_HALF_UP}},
    {"CH", {.cash_step = 5, .cash_rounding = EC_ROUND_HALF_UP}},
    {"CZ", {.cash_step = 100, .cash_rounding = EC_ROUND_HALF_UP}},
    {"DK", {.cash_step = 50, .cash_rounding = EC_ROUND_HALF_UP}},
    {"FI", {.cash_step = 5, .cash_rounding = EC_ROUND_HALF_UP}},
    {"HU", {.cash_step = 500, .cash_rounding = EC_ROUND_HALF_UP}},
    {"IE", {.cash_step = 5, .cash_rounding = EC_ROUND_HALF_UP}},
    {"IT", {.cash_step = 5, .cash_rounding = EC_ROUND_HALF_UP}},
    /* One rounding for each rate of an invoice (qualified invoices, 2023); custom rounds down. */
    {"JP", {.tax_level = EC_TAX_LEVEL_RATE, .tax_rounding = EC_ROUND_DOWN}},
    {"NL", {.cash_step = 5, .cash_rounding = EC_ROUND_HALF_UP}},
    {"NO", {.cash_step = 100, .cash_rounding = EC_ROUND_HALF_UP}},
    {"NZ", {.cash_step = 10, .cash_rounding = EC_ROUND_HALF_DOWN}},
    {"SE", {.cash_step = 100, .cash_rounding = EC_ROUND_HALF_UP}},
    {"SK", {.cash_step = 5, .cash_rounding = EC_ROUND_HALF_UP}},
    /* Rates of states, counties and cities make one rate for the buyer: rounded once. */
    {"US", {.tax_level = EC_TAX_LEVEL_ORDER}},
    {"classic",
     {.discount_shares = EC_ALLOCATE_NEAREST,
      .tax_address = EC_TAX_BY_BILLING,
      .required_address = EC_ADDRESS_BILLING}},
};

ec_status ec_policy_preset(const char *name, ec_policy *out)
{
    if (name == NULL || out == NULL) return EC_MISUSE;
    memset(out, 0, sizeof(*out));
    for (size_t i = 0; i < sizeof(presets) / sizeof(presets[0]); i++) {
        if (strcmp(presets[i].name, name) == 0) {
            *out = presets[i].policy;
            return EC_OK;
        }
    }
    return ec_country_known(name) ? EC_OK : EC_NOT_FOUND;
}
