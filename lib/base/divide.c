/* SPDX-License-Identifier: MIT */
/*
 * divide.c - the one place where the engine divides and rounds.
 *
 * Percentages, taxes, shares, exchange and cash rounding all come through here, so a rounding mode
 * means the same everywhere. The product is formed 128 bits wide and is therefore exact; it is
 * rounded once. Nothing saturates or wraps: what does not fit in 64 bits is EC_OVERFLOW.
 */
#include "base/divide.h"

#include <stdbool.h>

__extension__ typedef __int128 wide;

ec_status ec_divide_exact(int64_t numerator, int64_t factor, int64_t denominator, int64_t *quotient,
                          int64_t *remainder)
{
    if (denominator == 0) {
        return EC_INVALID;
    }
    wide product = (wide)numerator * factor;
    wide whole = product / denominator;
    if (whole < INT64_MIN || whole > INT64_MAX) {
        return EC_OVERFLOW;
    }
    *quotient = (int64_t)whole;
    *remainder = (int64_t)(product - whole * denominator);
    return EC_OK;
}

/* -1, 0 or 1: is the part cut off less than, exactly or more than one half? */
static int compare_with_half(int64_t remainder, int64_t denominator)
{
    uint64_t below = ec_magnitude(remainder);
    uint64_t above = ec_magnitude(denominator) - below;
    return below < above ? -1 : below > above;
}

/* Does a quotient with a remainder go to the neighbour further from zero? */
static bool goes_away(ec_rounding mode, int half, bool odd, bool negative)
{
    switch (mode) {
    case EC_ROUND_HALF_UP: return half >= 0;
    case EC_ROUND_HALF_EVEN: return half > 0 || (half == 0 && odd);
    case EC_ROUND_HALF_DOWN: return half > 0;
    case EC_ROUND_UP: return true;
    case EC_ROUND_CEILING: return !negative;
    case EC_ROUND_FLOOR: return negative;
    case EC_ROUND_DOWN:
    default: return false;
    }
}

ec_status ec_divide(int64_t numerator, int64_t factor, int64_t denominator, ec_rounding mode,
                    int64_t *out)
{
    int64_t quotient = 0;
    int64_t remainder = 0;

    if (out == NULL) {
        return EC_MISUSE;
    }
    if ((int)mode < EC_ROUND_HALF_UP || (int)mode > EC_ROUND_FLOOR) {
        return EC_INVALID;
    }
    ec_status status = ec_divide_exact(numerator, factor, denominator, &quotient, &remainder);
    if (status != EC_OK) {
        return status;
    }
    if (remainder != 0) {
        /* The remainder has the sign of the product, which the quotient may have lost at 0. */
        bool negative = (remainder < 0) != (denominator < 0);
        int half = compare_with_half(remainder, denominator);
        if (goes_away(mode, half, quotient % 2 != 0, negative) &&
            __builtin_add_overflow(quotient, negative ? -1 : 1, &quotient)) {
            return EC_OVERFLOW;
        }
    }
    *out = quotient;
    return EC_OK;
}
