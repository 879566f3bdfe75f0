/* SPDX-License-Identifier: MIT */
/*
 * price.c - from units, prices and a fee to totals, in checked whole numbers.
 *
 * Carts show these figures and checkouts freeze them; nothing else adds amounts up. It refuses
 * negative input and every amount above EC_AMOUNT_MAX, also on the way.
 */
#include <ecommerce/limits.h>

#include "price/price.h"

/* sum += amount, within the range of amounts. */
static bool add(int64_t *sum, int64_t amount)
{
    return !__builtin_add_overflow(*sum, amount, sum) && *sum >= 0 && *sum <= EC_AMOUNT_MAX;
}

static ec_status line_total(ec_price_line *line, ec_price_sums *sums)
{
    int64_t price = 0;
    if (line->unit_price < 0 || line->quantity < 0 || line->discount < 0 || line->tax < 0)
        return EC_INVALID;
    if (__builtin_mul_overflow(line->unit_price, line->quantity, &price) || price > EC_AMOUNT_MAX)
        return EC_OVERFLOW;
    if (line->discount > price) return EC_INVALID;
    line->total = price - line->discount;
    if (!add(&line->total, line->tax) || !add(&sums->subtotal, price)) return EC_OVERFLOW;
    return add(&sums->discount, line->discount) && add(&sums->tax, line->tax) ? EC_OK : EC_OVERFLOW;
}

ec_status ec_price_totals(ec_price_line *lines, size_t count, int64_t shipping, ec_price_sums *sums,
                          size_t *bad)
{
    size_t at = 0;
    *sums = (ec_price_sums){.shipping = shipping};
    ec_status status = EC_OK;
    while (at < count && (status = line_total(&lines[at], sums)) == EC_OK)
        at++;
    if (bad != NULL) *bad = at;
    if (status != EC_OK) return status;
    if (shipping < 0) return EC_INVALID;
    sums->total = sums->subtotal - sums->discount;
    return add(&sums->total, shipping) && add(&sums->total, sums->tax) ? EC_OK : EC_OVERFLOW;
}
