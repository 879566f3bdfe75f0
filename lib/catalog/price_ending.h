/* SPDX-License-Identifier: MIT */
/*
 * price_ending.h - new prices out of old ones: percentage, amount, ending, floor. Pure.
 */
#ifndef EC_CATALOG_PRICE_ENDING_H
#define EC_CATALOG_PRICE_ENDING_H

#include <ecommerce/price.h>

/* Prices that are wanted are value plus multiples of step; step 0: all are. */
typedef struct ec_price_ending {
    int64_t value, step;
} ec_price_ending;

/* "990", "9.99", ".99" for a currency with so many decimals: digits behind a point are all its
   decimals, digits alone are whole units. NULL: any ending. EC_INVALID. */
ec_status ec_price_ending_parse(const char *text, int decimals, ec_price_ending *out);
/* The price with the ending that is nearest, at least or at most amount (0 or more). Where there
   is none at most so high it is the lowest one. EC_OVERFLOW above EC_AMOUNT_MAX. */
ec_status ec_price_ending_apply(const ec_price_ending *ending, ec_bulk_ending direction,
                                int64_t amount, int64_t *out);

/* How a price is changed. */
typedef struct ec_price_change_rule {
    int64_t percent; /* millionths */
    int64_t amount;  /* minor units */
    ec_price_ending ending;
    ec_bulk_ending direction;
} ec_price_change_rule;

/* base changed, with the ending, and not below floor (0: none; then the next ending above it).
   Below nothing is 0, and 0 has no ending. *floored: the floor decided. EC_OVERFLOW. */
ec_status ec_price_change_apply(const ec_price_change_rule *rule, int64_t base, int64_t floor,
                                int64_t *out, bool *floored);

#endif
