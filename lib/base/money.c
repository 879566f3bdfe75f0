/* SPDX-License-Identifier: MIT */
/*
 * money.c - amounts as text and the arithmetic on them.
 *
 * Reading is exact or refused: an amount that its currency cannot hold is never rounded silently,
 * and the text that is written is read back as the same amount. Two currencies are never mixed
 * and nothing is converted here. Symbols, grouping marks and the order of sign and code belong to
 * the locale of a view, not to this file.
 */
#include <ecommerce/money.h>

#include <stdbool.h>
#include <string.h>

#include "base/divide.h"

/* ---- decimal text ---------------------------------------------------------------------------- */

/* A plain decimal number in a text, taken apart but not yet valued. */
typedef struct decimal {
    bool negative;
    const char *whole;   /* at least one digit */
    size_t whole_digits; /* their number */
    const char *part;    /* digits behind the point */
    size_t part_digits;  /* their number without the zeros at the end; 0 without a point */
    const char *rest;    /* what follows the number */
} decimal;

static size_t count_digits(const char *text)
{
    size_t count = 0;
    while (text[count] >= '0' && text[count] <= '9') {
        count++;
    }
    return count;
}

static bool decimal_split(const char *text, decimal *out)
{
    *out = (decimal){.negative = *text == '-'};
    out->whole = text + (out->negative ? 1 : 0);
    out->whole_digits = count_digits(out->whole);
    out->rest = out->whole + out->whole_digits;
    if (out->whole_digits == 0) {
        return false;
    }
    if (*out->rest != '.') {
        return true;
    }
    out->part = out->rest + 1;
    size_t digits = count_digits(out->part);
    out->rest = out->part + digits;
    out->part_digits = digits;
    while (out->part_digits > 0 && out->part[out->part_digits - 1] == '0') {
        out->part_digits--;
    }
    return digits > 0;
}

/* Append digits to a number that grows away from zero, so that INT64_MIN can be reached. */
static bool append_digits(int64_t *value, const char *digits, size_t count, bool negative)
{
    for (size_t i = 0; i < count; i++) {
        int digit = digits[i] - '0';
        if (__builtin_mul_overflow(*value, 10, value) ||
            __builtin_add_overflow(*value, negative ? -digit : digit, value)) {
            return false;
        }
    }
    return true;
}

/* The number times 10^scale; the caller has made sure that its decimals fit. */
static ec_status decimal_value(const decimal *number, size_t scale, int64_t *out)
{
    int64_t value = 0;
    if (!append_digits(&value, number->whole, number->whole_digits, number->negative) ||
        !append_digits(&value, number->part, number->part_digits, number->negative)) {
        return EC_OVERFLOW;
    }
    for (size_t i = number->part_digits; i < scale; i++) {
        if (__builtin_mul_overflow(value, 10, &value)) {
            return EC_OVERFLOW;
        }
    }
    *out = value;
    return EC_OK;
}

/* The currency of a text: what follows the number decides, and must agree with what was asked. */
static const ec_currency *text_currency(const char *rest, const char *asked)
{
    if (*rest == '\0') {
        return ec_currency_find(asked);
    }
    if (*rest != ' ') {
        return NULL;
    }
    const ec_currency *found = ec_currency_find(rest + 1);
    return asked == NULL || ec_currency_find(asked) == found ? found : NULL;
}

ec_status ec_money_parse(const char *text, const char *currency, ec_money *out)
{
    decimal number;
    int64_t amount = 0;

    if (text == NULL || out == NULL) {
        return EC_MISUSE;
    }
    if (!decimal_split(text, &number)) {
        return EC_INVALID;
    }
    const ec_currency *known = text_currency(number.rest, currency);
    if (known == NULL || number.part_digits > (size_t)known->exponent) {
        return EC_INVALID;
    }
    ec_status status = decimal_value(&number, (size_t)known->exponent, &amount);
    if (status != EC_OK) {
        return status;
    }
    *out = (ec_money){.amount = amount};
    memcpy(out->currency, known->code, sizeof out->currency);
    return EC_OK;
}

const char *ec_money_format(ec_money money, char *buffer, size_t size)
{
    char text[EC_MONEY_TEXT_MAX];
    size_t start = sizeof text;
    const ec_currency *currency = ec_currency_find(money.currency);

    if (currency == NULL || buffer == NULL) {
        return NULL;
    }
    uint64_t left = ec_magnitude(money.amount);
    text[--start] = '\0';
    /* From the end: the decimals, the point, then at least one digit. */
    for (int place = 0; place <= currency->exponent || left > 0; place++) {
        if (place > 0 && place == currency->exponent) {
            text[--start] = '.';
        }
        text[--start] = (char)('0' + left % 10);
        left /= 10;
    }
    if (money.amount < 0) {
        text[--start] = '-';
    }
    if (sizeof text - start > size) {
        return NULL;
    }
    return memcpy(buffer, text + start, sizeof text - start);
}

ec_status ec_rate_parse(const char *text, ec_rate *out)
{
    decimal number;
    ec_rate rate = {0, 1};

    if (text == NULL || out == NULL) {
        return EC_MISUSE;
    }
    if (!decimal_split(text, &number)) {
        return EC_INVALID;
    }
    bool percent = *number.rest == '%';
    if (number.rest[percent ? 1 : 0] != '\0') {
        return EC_INVALID;
    }
    ec_status status = decimal_value(&number, number.part_digits, &rate.numerator);
    if (status != EC_OK) {
        return status;
    }
    for (size_t i = 0; i < number.part_digits + (percent ? 2 : 0); i++) {
        if (__builtin_mul_overflow(rate.denominator, 10, &rate.denominator)) {
            return EC_OVERFLOW;
        }
    }
    *out = rate;
    return EC_OK;
}

ec_rate ec_rate_basis_points(int64_t basis_points)
{
    return (ec_rate){.numerator = basis_points, .denominator = 10000};
}

/* ---- arithmetic ------------------------------------------------------------------------------ */

/* Both amounts in one currency, whose code has its end mark. */
static ec_status check_pair(const ec_money *a, const ec_money *b, const void *out)
{
    if (out == NULL) {
        return EC_MISUSE;
    }
    bool same = strncmp(a->currency, b->currency, sizeof a->currency) == 0;
    bool terminated = memchr(a->currency, '\0', sizeof a->currency) != NULL;
    return same && terminated ? EC_OK : EC_INVALID;
}

/* The outcome in the currency of the operand, unless something went wrong. */
static ec_status settle(ec_status status, const ec_money *operand, int64_t amount, ec_money *out)
{
    if (status == EC_OK) {
        ec_money result = {.amount = amount};
        memcpy(result.currency, operand->currency, sizeof result.currency);
        *out = result;
    }
    return status;
}

ec_status ec_money_add(ec_money a, ec_money b, ec_money *out)
{
    int64_t amount = 0;
    ec_status status = check_pair(&a, &b, out);
    if (status == EC_OK && __builtin_add_overflow(a.amount, b.amount, &amount)) {
        status = EC_OVERFLOW;
    }
    return settle(status, &a, amount, out);
}

ec_status ec_money_subtract(ec_money a, ec_money b, ec_money *out)
{
    int64_t amount = 0;
    ec_status status = check_pair(&a, &b, out);
    if (status == EC_OK && __builtin_sub_overflow(a.amount, b.amount, &amount)) {
        status = EC_OVERFLOW;
    }
    return settle(status, &a, amount, out);
}

ec_status ec_money_multiply(ec_money a, int64_t quantity, ec_money *out)
{
    int64_t amount = 0;
    ec_status status = check_pair(&a, &a, out);
    if (status == EC_OK && __builtin_mul_overflow(a.amount, quantity, &amount)) {
        status = EC_OVERFLOW;
    }
    return settle(status, &a, amount, out);
}

ec_status ec_money_scale(ec_money a, ec_rate rate, ec_rounding mode, ec_money *out)
{
    int64_t amount = 0;
    ec_status status = check_pair(&a, &a, out);
    if (status == EC_OK && rate.denominator < 1) {
        status = EC_INVALID;
    }
    if (status == EC_OK) {
        status = ec_divide(a.amount, rate.numerator, rate.denominator, mode, &amount);
    }
    return settle(status, &a, amount, out);
}

ec_status ec_money_round_cash(ec_money a, int64_t step, ec_rounding mode, ec_money *out)
{
    int64_t amount = 0;
    ec_status status = check_pair(&a, &a, out);
    if (status == EC_OK && step < 1) {
        status = EC_INVALID;
    }
    if (status == EC_OK) {
        status = ec_divide(a.amount, 1, step, mode, &amount);
    }
    if (status == EC_OK && __builtin_mul_overflow(amount, step, &amount)) {
        status = EC_OVERFLOW;
    }
    return settle(status, &a, amount, out);
}

ec_status ec_money_compare(ec_money a, ec_money b, int *out)
{
    ec_status status = check_pair(&a, &b, out);
    if (status == EC_OK) {
        *out = a.amount < b.amount ? -1 : a.amount > b.amount;
    }
    return status;
}
