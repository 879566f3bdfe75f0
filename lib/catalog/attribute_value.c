/* SPDX-License-Identifier: MIT */
/*
 * attribute_value.c - what a value of each type looks like, and how products are found by values.
 *
 * A value is kept as the text it was given; numbers, truths and dates also as a number, so that
 * ranges are an index. It refuses a value that its attribute's type does not know.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "catalog/inside.h"

#define EC_NUMBER_MAX INT64_C(1000000000000000) /* thousandths, either way */

/* A day, with nothing behind it. */
static bool read_date(const char *value, int64_t *number)
{
    return strlen(value) == 10 && ec_time_parse(value, number) == EC_OK;
}

bool ec_attribute_number(ec_attribute_type type, const char *value, int64_t *number)
{
    *number = 0;
    switch (type) {
    case EC_ATTRIBUTE_NUMBER:
        return ec_parse_decimal(value, 3, number) == EC_OK && *number >= -EC_NUMBER_MAX &&
               *number <= EC_NUMBER_MAX;
    case EC_ATTRIBUTE_BOOLEAN:
        *number = strcmp(value, "true") == 0 ? 1000 : 0;
        return *number != 0 || strcmp(value, "false") == 0;
    case EC_ATTRIBUTE_DATE: return read_date(value, number);
    case EC_ATTRIBUTE_TEXT:
    case EC_ATTRIBUTE_SELECT: break;
    }
    return true;
}

/* ---- values of a product ---- */

static void broken(ec_check *check, size_t index, const char *member, const char *rule,
                   const char *message)
{
    char field[64];
    (void)snprintf(field, sizeof field, "attributes[%zu].%s", index, member);
    ec_check_add(check, field, rule, "%s", message);
}

static void check_value(ec_check *check, size_t index, ec_product_attribute *value, bool chosen)
{
    static const char *const messages[] = {"", "A number with at most three decimals is needed.",
                                           "true or false is needed.",
                                           "A day such as 2026-11-24 is needed.", ""};
    if (!ec_attribute_number(value->type, value->value, &value->number)) {
        broken(check, index, "value", ec_attribute_type_names[value->type], messages[value->type]);
    } else if (value->type == EC_ATTRIBUTE_SELECT && !chosen) {
        broken(check, index, "value", "select", "It is none of the attribute's choices.");
    }
}

ec_attribute_type ec_attribute_type_in(ec_stmt *stmt, int column)
{
    size_t length = 0;
    const char *name = stmt->ops->column_text(stmt, column, &length);
    for (int i = 0; name && ec_attribute_type_names[i]; i++) {
        if (strcmp(name, ec_attribute_type_names[i]) == 0) {
            return (ec_attribute_type)i;
        }
    }
    return EC_ATTRIBUTE_TEXT;
}

/* A row is an attribute with one of its choices that a value names, or without. */
static void take_row(ec_session *session, ec_stmt *stmt, ec_product_attribute *values, size_t count,
                     bool *chosen)
{
    ec_id id = ec_col_int(stmt, 0);
    const char *code = ec_col_text(session, stmt, 1);
    const char *name = ec_col_text(session, stmt, 2);
    const char *unit = ec_col_text(session, stmt, 3);
    const char *choice = ec_col_text(session, stmt, 5);
    for (size_t i = 0; code && i < count; i++) {
        if (strcmp(values[i].code, code) != 0) {
            continue;
        }
        values[i].attribute_id = id;
        values[i].name = name;
        values[i].unit = unit;
        values[i].type = ec_attribute_type_in(stmt, 4);
        chosen[i] = chosen[i] || (choice && strcmp(choice, values[i].value) == 0);
    }
}

static ec_status read_attributes(ec_session *session, ec_product_attribute *values, size_t count,
                                 bool *chosen)
{
    ec_statement s;
    ec_stmt *stmt = NULL;
    const char **codes = ec_arena_array(ec_scratch(session), count, sizeof *codes);
    const char **texts = ec_arena_array(ec_scratch(session), count, sizeof *texts);
    if (!codes || !texts) {
        return ec_fail_memory(session);
    }
    for (size_t i = 0; i < count; i++) {
        codes[i] = values[i].code;
        texts[i] = values[i].value;
    }
    ec_statement_begin(&s, session);
    ec_statement_put(&s, "SELECT a.id, a.code, a.name, a.unit, a.type, c.value FROM attributes a"
                         " LEFT JOIN attribute_choices c ON c.attribute_id = a.id AND c.value IN ");
    ec_statement_texts(&s, texts, count);
    ec_statement_put(&s, " WHERE a.code IN ");
    ec_statement_texts(&s, codes, count);
    ec_status status = ec_statement_query(&s, &stmt);
    while (status == EC_OK && (status = ec_row(session, stmt)) == EC_OK) {
        take_row(session, stmt, values, count, chosen);
    }
    return status == EC_DONE ? EC_OK : status;
}

ec_status ec_attributes_resolve(ec_session *session, ec_product_attribute *values, size_t count,
                                ec_check *check)
{
    if (count == 0) {
        return EC_OK;
    }
    bool *chosen = ec_arena_array(ec_scratch(session), count, sizeof *chosen);
    for (size_t i = 0; i < count; i++) {
        values[i].attribute_id = 0; /* the code says which */
    }
    ec_status status =
        chosen ? read_attributes(session, values, count, chosen) : ec_fail_memory(session);
    for (size_t i = 0; status == EC_OK && i < count; i++) {
        if (values[i].attribute_id == 0) {
            broken(check, i, "code", "unknown", "There is no attribute with this code.");
        } else {
            check_value(check, i, &values[i], chosen[i]);
        }
        for (size_t j = 0; j < i && values[i].attribute_id != 0; j++) {
            if (values[j].attribute_id == values[i].attribute_id &&
                strcmp(values[j].value, values[i].value) == 0) {
                broken(check, i, "value", "unique", "The product has this value already.");
                break;
            }
        }
    }
    return status;
}

/* ---- finding ---- */

/* A bound as thousandths or milliseconds, whichever form it has. */
static bool read_bound(const char *text, int64_t *number)
{
    return ec_attribute_number(EC_ATTRIBUTE_NUMBER, text, number) || read_date(text, number);
}

bool ec_attribute_bound_good(const char *text)
{
    int64_t number = 0;
    return !text || read_bound(text, &number);
}

void ec_attribute_condition(ec_statement *s, const ec_attribute_choice *choice)
{
    int64_t number = 0;
    ec_statement_with(s,
                      "t.id IN (SELECT x.product_id FROM attributes a JOIN product_attributes x"
                      " ON x.attribute_id = a.id WHERE a.code = ?",
                      ec_text(choice->code));
    if (choice->values_count > 0) {
        ec_statement_put(s, " AND x.value IN ");
        ec_statement_texts(s, choice->values, choice->values_count);
    }
    if (choice->min && read_bound(choice->min, &number)) {
        ec_statement_with(s, " AND x.number >= ?", ec_int(number));
    }
    if (choice->max && read_bound(choice->max, &number)) {
        ec_statement_with(s, " AND x.number <= ?", ec_int(number));
    }
    ec_statement_put(s, ")");
}
