/* SPDX-License-Identifier: MIT */
/*
 * number.c - tax numbers of companies: their form, and keeping them.
 *
 * The form of a number is known for the European Union and some other countries, for Chile with the
 * check digit. It refuses a number of the wrong form; it does not ask any authority.
 */
#include <string.h>

#include "catalog/inside.h"
#include "model/model.h"
#include "tax/inside.h"

/* ---- forms ---- */

/* 9: a digit; A: a letter; X: either; others stand for themselves. Without the country's code. */
typedef struct form {
    const char *country, *pattern;
} form;

static const form forms[] = {
    {"AT", "U99999999"},    {"BE", "9999999999"},   {"BG", "999999999"},  {"BG", "9999999999"},
    {"CY", "99999999A"},    {"CZ", "99999999"},     {"CZ", "999999999"},  {"CZ", "9999999999"},
    {"DE", "999999999"},    {"DK", "99999999"},     {"EE", "999999999"},  {"ES", "X9999999X"},
    {"FI", "99999999"},     {"FR", "XX999999999"},  {"GB", "999999999"},  {"GB", "999999999999"},
    {"GR", "999999999"},    {"HR", "99999999999"},  {"HU", "99999999"},   {"IE", "9X99999A"},
    {"IE", "9999999AA"},    {"IT", "99999999999"},  {"LT", "999999999"},  {"LT", "999999999999"},
    {"LU", "99999999"},     {"LV", "99999999999"},  {"MT", "99999999"},   {"NL", "999999999B99"},
    {"NO", "999999999MVA"}, {"NO", "999999999"},    {"PL", "9999999999"}, {"PT", "999999999"},
    {"RO", "99"},           {"RO", "999"},          {"RO", "9999"},       {"RO", "99999"},
    {"RO", "999999"},       {"RO", "9999999"},      {"RO", "99999999"},   {"RO", "999999999"},
    {"RO", "9999999999"},   {"SE", "999999999999"}, {"SI", "99999999"},   {"SK", "9999999999"},
    {"CL", "9999999X"},     {"CL", "99999999X"},
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return c >= 'A' && c <= 'Z';
}

static bool fits(const char *pattern, const char *number)
{
    for (; *pattern != '\0'; pattern++, number++) {
        char c = *number;
        if (*pattern == '9'   ? !is_digit(c)
            : *pattern == 'A' ? !is_letter(c)
            : *pattern == 'X' ? !is_digit(c) && !is_letter(c)
                              : c != *pattern)
            return false;
    }
    return *number == '\0';
}

/* Chile: digits times 2, 3 … 7, 2 … from the right; 11 less the rest by 11; 11 is 0, 10 is K. */
static bool rut_fits(const char *number)
{
    size_t digits = strlen(number) - 1;
    int sum = 0, factor = 2;
    for (size_t i = digits; i > 0; i--) {
        sum += (number[i - 1] - '0') * factor;
        factor = factor == 7 ? 2 : factor + 1;
    }
    int check = 11 - sum % 11;
    return number[digits] == (check == 11 ? '0' : check == 10 ? 'K' : (char)('0' + check));
}

/* The country's own code in front: Greece writes EL. */
static bool is_prefix(const char *country, const char *number)
{
    const char *prefix = strcmp(country, "GR") == 0 ? "EL" : country;
    return strncmp(number, prefix, 2) == 0;
}

static bool known_form(const char *country, const char *number)
{
    bool known = false;
    for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
        if (strcmp(forms[i].country, country) != 0) continue;
        known = true;
        if (fits(forms[i].pattern, number)) return strcmp(country, "CL") != 0 || rut_fits(number);
    }
    return !known && strlen(number) >= 2;
}

bool ec_tax_number_normal(const char *country, const char *text, char *to, size_t size)
{
    size_t filled = 0;
    for (; *text != '\0'; text++) {
        char c = *text >= 'a' && *text <= 'z' ? (char)(*text - 'a' + 'A') : *text;
        if (strchr(" .-/", c) != NULL) continue;
        if ((!is_digit(c) && !is_letter(c)) || filled + 1 >= size) return false;
        to[filled++] = c;
    }
    to[filled] = '\0';
    if (known_form(country, to)) return true;
    if (!is_prefix(country, to)) return false;
    memmove(to, to + 2, filled - 1);
    return known_form(country, to);
}

/* ---- keeping ---- */

static ec_status user_exists(ec_session *session, ec_id id, bool field)
{
    int64_t found = 0;
    ec_status status =
        ec_query_int(session, "SELECT 1 FROM users WHERE id = ?", ec_args(ec_int(id)), &found);
    if (status != EC_NOT_FOUND) return status;
    return field ? ec_fail_field(session, EC_INVALID, "user_id", "reference",
                                 "There is no such user.")
                 : ec_fail(session, EC_NOT_FOUND, "There is no such user.");
}

static ec_status normalise(ec_session *session, ec_tax_number *number)
{
    char text[33];
    if (!ec_tax_number_normal(number->country, number->number, text, sizeof(text)))
        return ec_fail_field(session, EC_INVALID, "number", "format", "It is no tax number of %s.",
                             number->country);
    number->number = ec_arena_strdup(ec_scratch(session), text);
    return number->number != NULL ? EC_OK : ec_fail_memory(session);
}

static ec_status replace(ec_session *session, ec_tax_number *number)
{
    void *found = NULL;
    size_t count = 0;
    ec_status status = ec_entity_select(
        session, &ec_tax_number_entity, "WHERE t.user_id = ? AND t.country = ?",
        ec_args(ec_int(number->user_id), ec_text(number->country)), &found, &count);
    if (status != EC_OK) return status;
    if (count == 0) return ec_entity_insert(session, &ec_tax_number_entity, number);
    const ec_tax_number *old = found;
    number->id = old->id;
    status = ec_entity_update(session, &ec_tax_number_entity, number,
                              ec_entity_mask(&ec_tax_number_entity, EC_FIELD_READONLY) &
                                  ~ec_mask_of("tax_number", "id"));
    return status == EC_OK ? ec_entity_get(session, &ec_tax_number_entity, old->id, number)
                           : status;
}

static ec_status set_run(ec_session *session, void *ctx, void **result)
{
    ec_status status = ec_catalog_begin(session, ctx, result);
    ec_tax_number *number = *result;
    if (status == EC_OK) status = normalise(session, number);
    if (status == EC_OK) status = user_exists(session, number->user_id, true);
    if (status == EC_OK) status = replace(session, number);
    return status == EC_OK ? ec_catalog_tell(session, &ec_tax_number_entity, number->id, "set", 0)
                           : status;
}

ec_status ec_tax_number_set(ec_session *session, const ec_tax_number *number, ec_tax_number **out)
{
    static const ec_op op = {.name = "tax_number.set",
                             .permission = "tax.write",
                             .access = EC_ACCESS_STAFF,
                             .mode = EC_WRITE,
                             .result = &ec_tax_number_entity,
                             .run = set_run,
                             .fingerprint = ec_object_fingerprint};
    ec_object_args args = {.entity = &ec_tax_number_entity, .object = number};
    return ec_call(session, &op, &args, (void **)out);
}

static ec_status list_run(ec_session *session, void *ctx, void **result)
{
    const ec_object_args *args = ctx;
    static const ec_page page = {.limit = EC_PAGE_SIZE_MAX};
    ec_status status = user_exists(session, args->id, false);
    return status == EC_OK ? ec_page_select(session, &ec_tax_number_entity, "t.user_id = ?",
                                            ec_args(ec_int(args->id)), false, &page, result)
                           : status;
}

ec_status ec_tax_numbers(ec_session *session, ec_id user_id, ec_tax_number_list **out)
{
    static const ec_op op = {.name = "tax_number.list",
                             .permission = "tax.read",
                             .access = EC_ACCESS_STAFF,
                             .mode = EC_READ,
                             .result = &ec_tax_number_list_entity,
                             .run = list_run};
    ec_object_args args = {.id = user_id};
    return ec_call(session, &op, &args, (void **)out);
}
