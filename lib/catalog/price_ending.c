/* SPDX-License-Identifier: MIT */
/*
 * price_ending.c - percentages, amounts and endings of prices, exactly.
 *
 * All of it is whole numbers in minor units. It refuses a price above EC_AMOUNT_MAX, and never
 * makes one below nothing.
 */
#include "catalog/price_ending.h"

#include <ecommerce/limits.h>
#include <ecommerce/money.h>

#define DIGITS_MAX 12
#define MILLION INT64_C(1000000)

/* ---- endings ---- */

ec_status ec_price_ending_parse(const char *text, int decimals, ec_price_ending *out)
{
    int digits = 0, behind = -1; /* behind: digits behind the point */
    int64_t value = 0, step = 1;
    *out = (ec_price_ending){0};
    if (!text) {
        return EC_OK;
    }
    for (const char *at = text; *at; at++) {
        if (*at == '.' && behind < 0) {
            behind = 0;
            continue;
        }
        if (*at < '0' || *at > '9' || ++digits > DIGITS_MAX) {
            return EC_INVALID;
        }
        value = value * 10 + (*at - '0');
        step *= 10;
        behind += behind >= 0;
    }
    if (digits == 0 || (behind >= 0 && behind != decimals)) {
        return EC_INVALID;
    }
    for (int i = 0; behind < 0 && i < decimals; i++) {
        value *= 10;
        step *= 10;
    }
    *out = (ec_price_ending){value, step};
    return step > EC_AMOUNT_MAX ? EC_INVALID : EC_OK;
}

ec_status ec_price_ending_apply(const ec_price_ending *ending, ec_bulk_ending direction,
                                int64_t amount, int64_t *out)
{
    int64_t result = amount;
    if (ending->step > 0) {
        int64_t below =
            amount < ending->value ? -1 : amount - (amount - ending->value) % ending->step;
        int64_t above = below == amount ? amount : below < 0 ? ending->value : below + ending->step;
        bool down = direction == EC_ENDING_DOWN || (direction == EC_ENDING_NEAREST && below >= 0 &&
                                                    amount - below < above - amount);
        result = down && below >= 0 ? below : above;
    }
    if (result > EC_AMOUNT_MAX) {
        return EC_OVERFLOW;
    }
    *out = result;
    return EC_OK;
}

/* ---- changes ---- */

ec_status ec_price_change_apply(const ec_price_change_rule *rule, int64_t base, int64_t floor,
                                int64_t *out, bool *floored)
{
    int64_t price = 0;
    *floored = false;
    if (ec_divide(base, MILLION + rule->percent, MILLION, EC_ROUND_HALF_UP, &price) != EC_OK ||
        __builtin_add_overflow(price, rule->amount, &price)) {
        return EC_OVERFLOW;
    }
    if (price <= 0 || base == 0) {
        price = 0;
    } else if (ec_price_ending_apply(&rule->ending, rule->direction, price, &price) != EC_OK) {
        return EC_OVERFLOW;
    }
    if (price < floor && base != 0) {
        *floored = true;
        return ec_price_ending_apply(&rule->ending, EC_ENDING_UP, floor, out);
    }
    *out = price;
    return price > EC_AMOUNT_MAX ? EC_OVERFLOW : EC_OK;
}
