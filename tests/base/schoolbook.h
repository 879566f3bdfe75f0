/* SPDX-License-Identifier: MIT */
/*
 * schoolbook.h - the arithmetic of numerator * factor / denominator a second time, as it is done
 * on paper: sign and size apart, small digits, one bit of the quotient after the other. It shares
 * no code and no wide type with the library, so that a fault would have to be made twice.
 */
#ifndef EC_TEST_BASE_SCHOOLBOOK_H
#define EC_TEST_BASE_SCHOOLBOOK_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include <ecommerce/money.h>

/* A size of 160 bits, the least digit first. */
#define BIG_DIGITS 5
typedef struct big {
    uint32_t digit[BIG_DIGITS];
} big;

typedef struct big_result {
    bool negative; /* of the exact quotient; meaningless when it is zero */
    big whole;     /* size of the quotient, cut off */
    big rest;      /* what is left of the product */
    big divisor;   /* size of the denominator */
} big_result;

static inline big big_from(int64_t number)
{
    uint64_t size = (uint64_t)number;
    if (number < 0) {
        size = ~size + 1;
    }
    return (big){{(uint32_t)size, (uint32_t)(size >> 32), 0, 0, 0}};
}

static inline int big_compare(const big *a, const big *b)
{
    for (int i = BIG_DIGITS - 1; i >= 0; i--) {
        if (a->digit[i] != b->digit[i]) {
            return a->digit[i] < b->digit[i] ? -1 : 1;
        }
    }
    return 0;
}

static inline big big_multiply(const big *a, const big *b)
{
    big product = {{0}};
    for (int i = 0; i < 2; i++) {
        uint64_t carry = 0;
        for (int j = 0; j < 2; j++) {
            uint64_t step = (uint64_t)a->digit[i] * b->digit[j] + product.digit[i + j] + carry;
            product.digit[i + j] = (uint32_t)step;
            carry = step >> 32;
        }
        product.digit[i + 2] = (uint32_t)carry;
    }
    return product;
}

/* Twice the number, plus one if so asked. */
static inline void big_double(big *a, bool one)
{
    uint32_t carry = one;
    for (int i = 0; i < BIG_DIGITS; i++) {
        uint32_t top = a->digit[i] >> 31;
        a->digit[i] = a->digit[i] << 1 | carry;
        carry = top;
    }
}

static inline void big_subtract(big *a, const big *b)
{
    uint64_t borrow = 0;
    for (int i = 0; i < BIG_DIGITS; i++) {
        uint64_t step = (uint64_t)a->digit[i] - b->digit[i] - borrow;
        a->digit[i] = (uint32_t)step;
        borrow = step >> 63;
    }
}

static inline void big_increment(big *a)
{
    for (int i = 0; i < BIG_DIGITS && ++a->digit[i] == 0; i++) {
    }
}

/* The denominator must not be 0. */
static inline big_result big_divide(int64_t numerator, int64_t factor, int64_t denominator)
{
    big a = big_from(numerator);
    big b = big_from(factor);
    big product = big_multiply(&a, &b);
    big_result result = {.whole = {{0}},
                         .rest = {{0}},
                         .negative = ((numerator < 0) != (factor < 0)) != (denominator < 0),
                         .divisor = big_from(denominator)};
    int bit = BIG_DIGITS * 32 - 1;

    while (bit >= 0 && !(product.digit[bit / 32] >> (bit % 32) & 1)) {
        bit--;
    }
    for (; bit >= 0; bit--) {
        big_double(&result.rest, product.digit[bit / 32] >> (bit % 32) & 1);
        bool fits = big_compare(&result.rest, &result.divisor) >= 0;
        big_double(&result.whole, fits);
        if (fits) {
            big_subtract(&result.rest, &result.divisor);
        }
    }
    return result;
}

/* Does a part that was cut off push the result away from zero? By sign and by whether it was
   under, exactly or over one half; 'e' leaves the tie to the even neighbour. */
static inline bool big_pushes(const big_result *r, ec_rounding mode)
{
    static const char table[7][2][4] = {
        [EC_ROUND_HALF_UP] = {"nyy", "nyy"},   [EC_ROUND_HALF_EVEN] = {"ney", "ney"},
        [EC_ROUND_HALF_DOWN] = {"nny", "nny"}, [EC_ROUND_UP] = {"yyy", "yyy"},
        [EC_ROUND_DOWN] = {"nnn", "nnn"},      [EC_ROUND_CEILING] = {"yyy", "nnn"},
        [EC_ROUND_FLOOR] = {"nnn", "yyy"},
    };
    static const big zero = {{0}};
    big twice = r->rest;

    if (big_compare(&r->rest, &zero) == 0) {
        return false;
    }
    big_double(&twice, false);
    char answer = table[mode][r->negative][big_compare(&twice, &r->divisor) + 1];
    return answer == 'y' || (answer == 'e' && r->whole.digit[0] % 2 == 1);
}

/* A size and a sign as a number; false when it does not fit. */
static inline bool big_fits(const big *size, bool negative, int64_t *out)
{
    uint64_t low = size->digit[1] * (UINT64_C(1) << 32) + size->digit[0];
    uint64_t limit = (uint64_t)INT64_MAX + negative;

    if (size->digit[2] || size->digit[3] || size->digit[4] || low > limit) {
        return false;
    }
    *out = (int64_t)(negative ? ~low + 1 : low);
    return true;
}

/* What ec_divide must answer. */
static inline ec_status schoolbook_divide(int64_t numerator, int64_t factor, int64_t denominator,
                                          ec_rounding mode, int64_t *out)
{
    big_result result = big_divide(numerator, factor, denominator);
    if (big_pushes(&result, mode)) {
        big_increment(&result.whole);
    }
    return big_fits(&result.whole, result.negative, out) ? EC_OK : EC_OVERFLOW;
}

#endif
