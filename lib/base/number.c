/* SPDX-License-Identifier: MIT */
/*
 * number.c - exact numbers between text and scaled integers.
 *
 * A decimal text is digits times a power of ten, so it is taken apart without any division: zeros
 * at both ends are dropped, the rest must fit. That holds for JSON's exponents too, however large:
 * "1e999999999" is an overflow after no work, "0e999999999" is zero.
 * It refuses rounding: a digit that the scale cannot hold makes the text invalid. It also refuses
 * blanks, plus signs, group marks and decimal commas, which belong to the importers.
 */
#include "base/text.h"

#include <string.h>

#define EC_SCALE_MAX 18
#define EC_EXPONENT_MAX 1000000000000 /* more digits than any text has; keeps sums in range */

static bool number_is_digit(char c)
{
    return c >= '0' && c <= '9';
}

ec_status ec_parse_int(const char *text, int64_t *out)
{
    bool negative = text && *text == '-';
    const char *at = text ? text + negative : "";
    int64_t number = 0; /* built below zero, where the range is wider */
    bool overflow = false;
    if (*at == '\0') {
        return EC_INVALID;
    }
    for (; *at; at++) {
        if (!number_is_digit(*at)) {
            return EC_INVALID;
        }
        overflow |= __builtin_mul_overflow(number, 10, &number);
        overflow |= __builtin_sub_overflow(number, *at - '0', &number);
    }
    if (overflow || (!negative && number == INT64_MIN)) {
        return EC_OVERFLOW;
    }
    *out = negative ? number : -number;
    return EC_OK;
}

/* A decimal text taken apart: its value is the digits from first to last (a point among them
   skipped) times ten to the exponent. first is NULL for zero. */
typedef struct number_parts {
    bool negative;
    const char *first;
    const char *last;
    int64_t exponent;
} number_parts;

/* The exponent behind 'e', cut to a range that no text can use up. */
static bool number_exponent(const char *at, int64_t *exponent)
{
    bool negative = *at == '-';
    at += *at == '-' || *at == '+';
    if (!number_is_digit(*at)) {
        return false;
    }
    for (*exponent = 0; number_is_digit(*at); at++) {
        *exponent = *exponent < EC_EXPONENT_MAX ? *exponent * 10 + (*at - '0') : *exponent;
    }
    *exponent = negative ? -*exponent : *exponent;
    return *at == '\0';
}

/* Note the digits of a run: where the first and the last one other than 0 is. */
static const char *number_digits(const char *at, number_parts *parts)
{
    for (; number_is_digit(*at); at++) {
        if (*at != '0') {
            parts->first = parts->first ? parts->first : at;
            parts->last = at;
        }
    }
    return at;
}

static bool number_take_apart(const char *text, number_parts *parts)
{
    *parts = (number_parts){.negative = *text == '-'};
    const char *whole = text + parts->negative;
    const char *end = number_digits(whole, parts);
    const char *point = end; /* where the unit's place ends */
    if (end == whole) {
        return false;
    }
    if (*end == '.') {
        const char *fraction = end + 1;
        end = number_digits(fraction, parts);
        if (end == fraction) {
            return false;
        }
    }
    if (*end == 'e' || *end == 'E') {
        if (!number_exponent(end + 1, &parts->exponent)) {
            return false;
        }
    } else if (*end != '\0') {
        return false;
    }
    if (parts->first) { /* the last digit's place: 0 just before the point, -1 just behind it */
        parts->exponent += parts->last < point ? point - parts->last - 1 : point - parts->last;
    }
    return true;
}

ec_status ec_parse_decimal(const char *text, int scale, int64_t *out)
{
    number_parts parts;
    int64_t number = 0;
    bool overflow = false;
    if (!text || scale < 0 || scale > EC_SCALE_MAX || !number_take_apart(text, &parts)) {
        return EC_INVALID;
    }
    if (!parts.first) {
        *out = 0;
        return EC_OK;
    }
    int64_t zeros = parts.exponent + scale;
    if (zeros < 0) {
        return EC_INVALID;
    }
    for (const char *at = parts.first; at <= parts.last && !overflow; at++) {
        if (*at != '.') {
            overflow |= __builtin_mul_overflow(number, 10, &number);
            overflow |= __builtin_sub_overflow(number, *at - '0', &number);
        }
    }
    for (; zeros > 0 && !overflow; zeros--) {
        overflow |= __builtin_mul_overflow(number, 10, &number);
    }
    if (overflow || (!parts.negative && number == INT64_MIN)) {
        return EC_OVERFLOW;
    }
    *out = parts.negative ? number : -number;
    return EC_OK;
}

const char *ec_format_decimal(int64_t number, int scale, int min, char *buffer, size_t size)
{
    char text[48]; /* filled from its end: 20 digits, or 18 zeros more, point, sign, end mark */
    char *at = text + sizeof text;
    uint64_t rest = number < 0 ? 0 - (uint64_t)number : (uint64_t)number;
    if (!buffer || size == 0 || scale < 0 || scale > EC_SCALE_MAX) {
        return "";
    }
    *--at = '\0';
    for (; scale > min && scale > 0 && rest % 10 == 0; scale--) {
        rest /= 10;
    }
    for (int place = 0; rest > 0 || place <= scale; place++) {
        if (place == scale && scale > 0) {
            *--at = '.';
        }
        *--at = (char)('0' + rest % 10);
        rest /= 10;
    }
    if (number < 0) {
        *--at = '-';
    }
    size_t length = (size_t)(text + sizeof text - at);
    if (length > size) {
        buffer[0] = '\0';
        return buffer;
    }
    return memcpy(buffer, at, length);
}
