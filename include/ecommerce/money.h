/* SPDX-License-Identifier: MIT */
/**
 * @file money.h
 * @brief Exact money: whole minor units, checked arithmetic, one division and rounding routine.
 *
 * No floating point anywhere. Every function is pure: any thread, no state, no allocation unless
 * said. Results go to `out` only on EC_OK. Where a status is returned, a NULL for something that is
 * needed is EC_MISUSE, an unknown mode or method and a currency code without its end mark are
 * EC_INVALID.
 */
#ifndef ECOMMERCE_MONEY_H
#define ECOMMERCE_MONEY_H

#include <ecommerce/types.h>

EC_BEGIN_DECLS

/** Longest text of an amount with code, sign and end mark. */
#define EC_MONEY_TEXT_MAX 40

/** An amount of money. @since 0.1 */
typedef struct ec_money {
    int64_t amount;   /**< minor units of the currency: 1999 is 19.99 EUR and 1999 CLP */
    char currency[4]; /**< ISO 4217 code, terminated; "" where none is known */
} ec_money;

/** What happens to the part that does not fit. Signs are symmetric but for CEILING and FLOOR. */
typedef enum ec_rounding {
    EC_ROUND_HALF_UP = 0,   /**< nearest; a tie goes away from zero (commercial rounding) */
    EC_ROUND_HALF_EVEN = 1, /**< nearest; a tie goes to the even neighbour (bankers' rounding) */
    EC_ROUND_HALF_DOWN = 2, /**< nearest; a tie goes towards zero */
    EC_ROUND_UP = 3,        /**< away from zero */
    EC_ROUND_DOWN = 4,      /**< towards zero */
    EC_ROUND_CEILING = 5,   /**< towards plus infinity */
    EC_ROUND_FLOOR = 6      /**< towards minus infinity */
} ec_rounding;

/** An exact factor: numerator / denominator, denominator > 0. 19 % is { 19, 100 }. @since 0.1 */
typedef struct ec_rate {
    int64_t numerator;
    int64_t denominator;
} ec_rate;

/** How spare units are dealt out when an amount is split. @since 0.1 */
typedef enum ec_allocation {
    EC_ALLOCATE_LARGEST_REMAINDER = 0, /**< to the largest fractions, ties to the first */
    EC_ALLOCATE_FIRST = 1,             /**< one each from the first share on */
    EC_ALLOCATE_NEAREST = 2            /**< each share to the nearest unit, a tie towards zero; then
                                            one unit each, more or less, from the first share on */
} ec_allocation;

/** What ISO 4217 says of a currency (list one, 2024-06-25). @since 0.1 */
typedef struct ec_currency {
    char code[4];     /**< "CLP" */
    int16_t number;   /**< 152 */
    int8_t exponent;  /**< decimals of the minor unit, 0 to 4; -1 where the standard gives none */
    const char *name; /**< "Chilean Peso" */
} ec_currency;

/**
 * Look a currency up by its code, upper case.
 * @param code three letters
 * @return borrowed for ever, or NULL for an unknown code or one without minor unit (such as XAU)
 * @since 0.1
 */
EC_API const ec_currency *ec_currency_find(const char *code);

/**
 * Walk all currencies in order of their codes, those without minor unit included.
 * @param previous NULL to begin
 * @return the next one, or NULL at the end
 * @since 0.1
 */
EC_API const ec_currency *ec_currency_next(const ec_currency *previous);

/**
 * Read an amount exactly from text: "19990", "-0.05", "599.99". With a code behind a blank
 * ("19990 CLP") the code must be `currency`, unless that is NULL.
 *
 * @param text     the amount; no grouping marks, no exponent, no surrounding blanks
 * @param currency code, or NULL to take it from the text
 * @return EC_INVALID for anything else, also for more decimals than the currency has (a zero too
 *         many is accepted); EC_OVERFLOW out of range
 * @since 0.1
 */
EC_API ec_status ec_money_parse(const char *text, const char *currency, ec_money *out);

/**
 * Write the decimal text of an amount: "599.99", "19990". ec_money_parse reads it back exactly.
 *
 * @param money an amount in a known currency
 * @param buffer at least EC_MONEY_TEXT_MAX bytes
 * @return buffer, or NULL for an unknown currency or a buffer that is too small
 * @since 0.1
 */
EC_API const char *ec_money_format(ec_money money, char *buffer, size_t size);

/** out = a + b. EC_INVALID for two currencies, EC_OVERFLOW out of range. @since 0.1 */
EC_API ec_status ec_money_add(ec_money a, ec_money b, ec_money *out);
/** out = a - b. EC_INVALID for two currencies, EC_OVERFLOW out of range. @since 0.1 */
EC_API ec_status ec_money_subtract(ec_money a, ec_money b, ec_money *out);
/** out = a * quantity. EC_OVERFLOW out of range. @since 0.1 */
EC_API ec_status ec_money_multiply(ec_money a, int64_t quantity, ec_money *out);

/**
 * out = a * rate, rounded once.
 * @return EC_INVALID for a denominator below 1 or an unknown mode, EC_OVERFLOW out of range
 * @since 0.1
 */
EC_API ec_status ec_money_scale(ec_money a, ec_rate rate, ec_rounding mode, ec_money *out);

/**
 * Compare: *out is -1, 0 or 1. EC_INVALID for two currencies. @since 0.1
 */
EC_API ec_status ec_money_compare(ec_money a, ec_money b, int *out);

/**
 * Round to a multiple of a cash step, such as 5 for CHF 0.05 or 10 for Chilean cash.
 * @param step minor units, above 0
 * @since 0.1
 */
EC_API ec_status ec_money_round_cash(ec_money a, int64_t step, ec_rounding mode, ec_money *out);

/**
 * Split an amount by weights so that the parts add up to it exactly.
 *
 * A negative amount gives the negated parts of the positive one. A weight of 0 gets 0.
 *
 * @param weights count numbers, none negative; all zero means equal shares
 * @param parts   room for count amounts in minor units; must not be the array of the weights
 * @return EC_INVALID for no or a negative weight; EC_OVERFLOW when their sum leaves the range
 * @since 0.1
 */
EC_API ec_status ec_money_allocate(ec_money total, const int64_t *weights, size_t count,
                                   ec_allocation method, int64_t *parts);

/**
 * Read a rate exactly from decimal text: "0.19" or "19%". The denominator is a power of ten, with
 * no more decimals than the text needs: "0.190" is { 19, 100 }.
 *
 * @return EC_INVALID for anything else, EC_OVERFLOW for more digits than 64 bits hold
 * @since 0.1
 */
EC_API ec_status ec_rate_parse(const char *text, ec_rate *out);

/** The rate of so many basis points: 1900 is 19 %. @since 0.1 */
EC_API ec_rate ec_rate_basis_points(int64_t basis_points);

/**
 * The division of the whole engine: numerator * factor / denominator, rounded once, 128 bits wide.
 * @return EC_INVALID for a denominator of 0 or an unknown mode; EC_OVERFLOW out of range
 * @since 0.1
 */
EC_API ec_status ec_divide(int64_t numerator, int64_t factor, int64_t denominator, ec_rounding mode,
                           int64_t *out);

EC_END_DECLS

#endif
