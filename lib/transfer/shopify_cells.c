/* SPDX-License-Identifier: MIT */
/*
 * shopify_cells.c - single cells: texts, truths, amounts, numbers, choices, moments, weights.
 *
 * A blank cell is none. The first problem of a record is noted with its column; the others do not
 * matter, as the record is refused. Amounts are exact: more decimals than the currency has are
 * refused unless they are zeros. It refuses to guess: "1,234.50" is no amount.
 */
#include <ecommerce/money.h>

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "transfer/shopify.h"

#define NUMBER_MAX 64 /* bytes of a number's text */

void ec_sheet_problem(ec_sheet_record *record, const char *column, const char *rule,
                      const char *format, ...)
{
    char text[512];
    va_list args;
    if (record->rule) {
        return;
    }
    va_start(args, format);
    int length = vsnprintf(text, sizeof text, format, args);
    va_end(args);
    record->column = column;
    record->rule = rule;
    record->reason = length >= 0 ? ec_arena_strdup(record->arena, text) : "";
}

const char *ec_sheet_cell(const ec_sheet_record *record, ec_sheet_place place)
{
    int at = record->header->at[place];
    if (at < 0 || (size_t)at >= record->count) {
        return NULL;
    }
    const char *text = ec_csv_unprotect(record->cells[at]);
    return *text != '\0' ? text : NULL;
}

const char *ec_sheet_text(ec_sheet_record *record, ec_sheet_place place)
{
    return ec_arena_strdup(record->arena, ec_sheet_cell(record, place));
}

/* The cell without blanks around it; false when it is blank or no short text. */
static bool short_cell(ec_sheet_record *record, ec_sheet_place place, char out[NUMBER_MAX])
{
    const char *text = ec_sheet_cell(record, place);
    if (!text) {
        return false;
    }
    text += strspn(text, " \t");
    size_t length = strlen(text);
    while (length > 0 && strchr(" \t", text[length - 1])) {
        length--;
    }
    if (length >= NUMBER_MAX) {
        ec_sheet_problem(record, ec_sheet_place_name(place), "max_length",
                         "The value is too long.");
        return false;
    }
    memcpy(out, text, length);
    out[length] = '\0';
    return length > 0;
}

bool ec_sheet_flag(ec_sheet_record *record, ec_sheet_place place, bool otherwise)
{
    static const char *const yes[] = {"true", "1", "yes", NULL};
    static const char *const no[] = {"false", "0", "no", NULL};
    char text[NUMBER_MAX];
    if (!short_cell(record, place, text)) {
        return otherwise;
    }
    for (size_t i = 0; yes[i]; i++) {
        if (ec_text_equal_nocase(text, yes[i])) {
            return true;
        }
        if (ec_text_equal_nocase(text, no[i])) {
            return false;
        }
    }
    ec_sheet_problem(record, ec_sheet_place_name(place), "boolean", "TRUE or FALSE is needed.");
    return otherwise;
}

static bool is_plain_decimal(const char *text)
{
    text += *text == '-' || *text == '+';
    size_t whole = strspn(text, "0123456789");
    text += whole;
    size_t fraction = *text == '.' ? strspn(text + 1, "0123456789") : 0;
    return whole > 0 && text[fraction > 0 ? fraction + 1 : 0] == '\0';
}

int64_t ec_sheet_money(ec_sheet_record *record, ec_sheet_place place)
{
    char text[NUMBER_MAX];
    ec_money money;
    const char *column = ec_sheet_place_name(place);
    if (!short_cell(record, place, text)) {
        return 0;
    }
    ec_status status = ec_money_parse(text, record->currency, &money);
    if (status == EC_INVALID && is_plain_decimal(text)) {
        ec_sheet_problem(record, column, "decimals", "%s has no fractions as small as in %s.",
                         record->currency, text);
    } else if (status == EC_INVALID) {
        ec_sheet_problem(record, column, "number", "An amount such as 12.50 is needed.");
    } else if (status != EC_OK || money.amount > EC_AMOUNT_MAX) {
        ec_sheet_problem(record, column, "max", "The amount is too large.");
    } else if (money.amount < 0) {
        ec_sheet_problem(record, column, "min", "The amount is below 0.");
    } else {
        return money.amount;
    }
    return 0;
}

int64_t ec_sheet_int(ec_sheet_record *record, ec_sheet_place place, int64_t min, int64_t max,
                     int64_t otherwise)
{
    char text[NUMBER_MAX];
    int64_t number = 0;
    const char *column = ec_sheet_place_name(place);
    if (!short_cell(record, place, text)) {
        return otherwise;
    }
    ec_status status = ec_parse_decimal(text, 0, &number);
    if (status == EC_INVALID) {
        ec_sheet_problem(record, column, "number", "A whole number is needed.");
    } else if (status != EC_OK || number > max) {
        ec_sheet_problem(record, column, "max", "The number may be at most %lld.", (long long)max);
    } else if (number < min) {
        ec_sheet_problem(record, column, "min", "The number must be at least %lld.",
                         (long long)min);
    } else {
        return number;
    }
    return otherwise;
}

int ec_sheet_choice(ec_sheet_record *record, ec_sheet_place place, const char *const *names,
                    int otherwise)
{
    char text[NUMBER_MAX];
    if (!short_cell(record, place, text)) {
        return otherwise;
    }
    for (int i = 0; names[i]; i++) {
        if (ec_text_equal_nocase(text, names[i])) {
            return i;
        }
    }
    ec_sheet_problem(record, ec_sheet_place_name(place), "enum",
                     "The value is none of those that are known, such as %s.", names[0]);
    return otherwise;
}

ec_time ec_sheet_time(ec_sheet_record *record, ec_sheet_place place)
{
    char text[NUMBER_MAX];
    ec_time time = 0;
    if (!short_cell(record, place, text)) {
        return 0;
    }
    if (ec_time_parse(text, &time) != EC_OK || time <= 0) {
        ec_sheet_problem(record, ec_sheet_place_name(place), "time",
                         "A moment such as 2026-01-31T12:00:00Z is needed.");
        return 0;
    }
    return time;
}

int64_t ec_sheet_weight(ec_sheet_record *record, ec_weight_unit unit)
{
    /* Grams of a unit as a fraction; thousandths are in the denominator. */
    static const struct {
        int64_t numerator, denominator;
    } grams[] = {{1, 1000},
                 {1, 1},
                 {INT64_C(28349523125), INT64_C(1000000000000)},
                 {INT64_C(45359237), INT64_C(100000000)}};
    char text[NUMBER_MAX];
    int64_t number = 0, weight = 0;
    ec_sheet_place place = EC_SHEET_GRAMS;
    if (!short_cell(record, EC_SHEET_GRAMS, text)) {
        place = EC_SHEET_WEIGHT;
        if (!short_cell(record, EC_SHEET_WEIGHT, text)) {
            return 0;
        }
    } else {
        unit = EC_WEIGHT_G;
    }
    const char *column = ec_sheet_place_name(place);
    ec_status status = ec_parse_decimal(text, 3, &number);
    if (status == EC_INVALID) {
        ec_sheet_problem(record, column, "number", "A weight with up to three decimals is needed.");
    } else if (status != EC_OK || number > EC_QUANTITY_MAX ||
               ec_divide(number, grams[unit].numerator, grams[unit].denominator, EC_ROUND_HALF_UP,
                         &weight) != EC_OK) {
        ec_sheet_problem(record, column, "max", "The weight is too large.");
    } else if (number < 0) {
        ec_sheet_problem(record, column, "min", "The weight is below 0.");
    } else {
        return weight;
    }
    return 0;
}
