/* SPDX-License-Identifier: MIT */
/*
 * price.h - the one place where totals are computed. Pure: it knows no session and no storage.
 */
#ifndef EC_PRICE_PRICE_H
#define EC_PRICE_PRICE_H

#include <ecommerce/status.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Units of something at a price. Amounts in minor units of one currency. */
typedef struct ec_price_line {
    int64_t unit_price; /* 0 or more */
    int64_t quantity;   /* 0 or more */
    int64_t discount;   /* taken off all units together, 0 or more */
    int64_t tax;        /* added on top for all units together, 0 or more */
    int64_t total;      /* out: unit_price * quantity - discount + tax */
} ec_price_line;

/* What lines come to: total = subtotal - discount + shipping + tax. */
typedef struct ec_price_sums {
    int64_t subtotal; /* lines at their prices */
    int64_t discount;
    int64_t shipping;
    int64_t tax;
    int64_t total;
} ec_price_sums;

/*
 * Compute each line's total and the sums. EC_INVALID for a negative input or a discount above its
 * line's price; EC_OVERFLOW when any amount leaves 0 … EC_AMOUNT_MAX. *bad: the line at fault,
 * count when it is the sum or the shipping; may be NULL. Nothing is promised of the output on
 * failure.
 */
ec_status ec_price_totals(ec_price_line *lines, size_t count, int64_t shipping, ec_price_sums *sums,
                          size_t *bad);

#endif
