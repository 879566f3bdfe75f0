/* SPDX-License-Identifier: MIT */
/*
 * divide.h - the inner half of the engine's only division: quotient and remainder, 128 bits wide.
 */
#ifndef EC_BASE_DIVIDE_H
#define EC_BASE_DIVIDE_H

#include <ecommerce/money.h>

/* numerator * factor / denominator, cut off towards zero. The remainder has the sign of the
   product (or is 0) and is smaller than the denominator. EC_INVALID for a denominator of 0,
   EC_OVERFLOW when the quotient does not fit; then nothing is written. */
ec_status ec_divide_exact(int64_t numerator, int64_t factor, int64_t denominator, int64_t *quotient,
                          int64_t *remainder);

/* The size of a number without its sign; that of INT64_MIN fits too. */
static inline uint64_t ec_magnitude(int64_t number)
{
    return number < 0 ? 0 - (uint64_t)number : (uint64_t)number;
}

#endif
