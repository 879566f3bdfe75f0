/* SPDX-License-Identifier: MIT */
/*
 * rules.c - the rules of collections: read from JSON, checked, turned into conditions.
 *
 * A table says which operators a field has and what its value is; writing and listing go through
 * the same reader, so a stored rule is always one that can be turned. It refuses unknown members:
 * a misspelt rule would hold everything.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "catalog/inside.h"

typedef enum rule_field {
    FIELD_TAG,
    FIELD_TYPE,
    FIELD_TITLE,
    FIELD_CATEGORY,
    FIELD_BRAND,
    FIELD_PRICE,
    FIELD_COMPARE_PRICE,
    FIELD_STOCK,
    FIELD_ATTRIBUTE,
    FIELD_COUNT
} rule_field;

typedef enum rule_op {
    OP_IS,
    OP_IS_NOT,
    OP_CONTAINS,
    OP_STARTS_WITH,
    OP_LESS,
    OP_GREATER,
    OP_AT_MOST,
    OP_AT_LEAST,
    OP_IS_SET,
    OP_IS_NOT_SET,
    OP_COUNT
} rule_op;

static const char *const op_names[OP_COUNT] = {"is",     "is_not",    "contains", "starts_with",
                                               "less",   "greater",   "at_most",  "at_least",
                                               "is_set", "is_not_set"};

typedef enum rule_value { VALUE_TEXT, VALUE_ID, VALUE_MONEY, VALUE_COUNT, VALUE_NONE } rule_value;

static const struct {
    const char *name;
    unsigned ops; /* bits of rule_op */
    rule_value value;
} field_table[FIELD_COUNT] = {
    [FIELD_TAG] = {"tag", 1u << OP_IS | 1u << OP_IS_NOT, VALUE_TEXT},
    [FIELD_TYPE] = {"type", 1u << OP_IS | 1u << OP_IS_NOT, VALUE_TEXT},
    [FIELD_TITLE] = {"title",
                     1u << OP_IS | 1u << OP_IS_NOT | 1u << OP_CONTAINS | 1u << OP_STARTS_WITH,
                     VALUE_TEXT},
    [FIELD_CATEGORY] = {"category", 1u << OP_IS | 1u << OP_IS_NOT, VALUE_ID},
    [FIELD_BRAND] = {"brand", 1u << OP_IS | 1u << OP_IS_NOT, VALUE_ID},
    [FIELD_PRICE] = {"price",
                     1u << OP_IS | 1u << OP_IS_NOT | 1u << OP_LESS | 1u << OP_GREATER |
                         1u << OP_AT_MOST | 1u << OP_AT_LEAST,
                     VALUE_MONEY},
    [FIELD_COMPARE_PRICE] = {"compare_price", 1u << OP_IS_SET | 1u << OP_IS_NOT_SET, VALUE_NONE},
    [FIELD_STOCK] = {"stock", 1u << OP_LESS | 1u << OP_GREATER, VALUE_COUNT},
    [FIELD_ATTRIBUTE] = {"attribute", 1u << OP_IS | 1u << OP_IS_NOT, VALUE_TEXT},
};

typedef struct rule {
    rule_field field;
    rule_op op;
    const char *text;
    const char *code; /* of an attribute */
    int64_t number;
} rule;

/* ---- reading ---- */

/* Where the reader is, for its complaints. */
typedef struct reader {
    ec_session *session;
    ec_check *check;
    size_t index;
} reader;

static bool broken(const reader *r, const char *member, const char *name, const char *message)
{
    char field[64];
    (void)snprintf(field, sizeof field, "rules[%zu]%s%s", r->index, member[0] ? "." : "", member);
    ec_check_add(r->check, field, name, "%s", message);
    return false;
}

/* A text member, bounded and without NUL. */
static bool read_text(const reader *r, const ec_json *object, const char *member, const char **out)
{
    const ec_json *value = ec_json_member(object, member);
    if (!value) {
        return broken(r, member, "required", "It may be neither missing nor empty.");
    }
    if (value->type != EC_JSON_TEXT || memchr(value->text, '\0', value->length)) {
        return broken(r, member, "type", "A text is needed.");
    }
    if (value->length == 0) {
        return broken(r, member, "required", "It may be neither missing nor empty.");
    }
    if (ec_utf8_count(value->text, value->length) > EC_TEXTS_ITEM_MAX) {
        return broken(r, member, "max_length", "The text is too long.");
    }
    *out = ec_arena_text(ec_scratch(r->session), value->text, value->length);
    return *out != NULL;
}

/* A number, or a text that is one. */
static bool read_number(const reader *r, const ec_json *object, int scale, int64_t max,
                        int64_t *out)
{
    const ec_json *value = ec_json_member(object, "value");
    if (!value) {
        return broken(r, "value", "required", "It may be neither missing nor empty.");
    }
    if (value->type != EC_JSON_NUMBER && value->type != EC_JSON_TEXT) {
        return broken(r, "value", "type", "A number is needed.");
    }
    if (ec_parse_decimal(value->text, scale, out) != EC_OK) {
        return broken(r, "value", "decimals", "It is no number, or has too many decimals.");
    }
    if (*out < 0 || *out > max) {
        return broken(r, "value", *out < 0 ? "min" : "max", "The number is out of range.");
    }
    return true;
}

static bool read_value(const reader *r, const ec_json *object, rule *out)
{
    int decimals = ec_currency_decimals(ec_shop_currency(r->session));
    switch (field_table[out->field].value) {
    case VALUE_TEXT: return read_text(r, object, "value", &out->text);
    case VALUE_ID: return read_number(r, object, 0, INT64_MAX, &out->number);
    case VALUE_MONEY: return read_number(r, object, decimals, EC_AMOUNT_MAX, &out->number);
    case VALUE_COUNT: return read_number(r, object, 0, EC_QUANTITY_MAX, &out->number);
    case VALUE_NONE: break;
    }
    const ec_json *value = ec_json_member(object, "value");
    return !value || value->type == EC_JSON_NULL ||
           broken(r, "value", "unknown", "This rule has no value.");
}

static bool read_names(const reader *r, const ec_json *object, rule *out)
{
    const char *field = NULL;
    const char *op = NULL;
    int at = 0;
    bool good = read_text(r, object, "field", &field);
    good = read_text(r, object, "op", &op) && good;
    if (!good) {
        return false;
    }
    while (at < FIELD_COUNT && strcmp(field_table[at].name, field) != 0) {
        at++;
    }
    if (at == FIELD_COUNT) {
        return broken(r, "field", "enum", "There are no rules on such a field.");
    }
    out->field = (rule_field)at;
    for (at = 0; at < OP_COUNT && strcmp(op_names[at], op) != 0;) {
        at++;
    }
    if (at == OP_COUNT || (field_table[out->field].ops >> at & 1) == 0) {
        return broken(r, "op", "enum", "The field has no such operator.");
    }
    out->op = (rule_op)at;
    return true;
}

static bool check_members(const reader *r, const ec_json *object, const rule *one)
{
    for (const ec_json *member = object->child; member; member = member->next) {
        const char *const known[] = {"field", "op", "value", "code"};
        bool found = false;
        for (size_t i = 0; i < 4; i++) {
            found = found || (strlen(known[i]) == member->key_length &&
                              memcmp(known[i], member->key, member->key_length) == 0);
        }
        if (!found) {
            return broken(r, "", "unknown", "A rule has field, op, value and code.");
        }
    }
    return one->field == FIELD_ATTRIBUTE || !ec_json_member(object, "code") ||
           broken(r, "code", "unknown", "Only rules on attributes have a code.");
}

static bool read_rule(const reader *r, const ec_json *object, rule *out)
{
    if (object->type != EC_JSON_OBJECT) {
        return broken(r, "", "type", "A rule is an object.");
    }
    bool good = read_names(r, object, out) && check_members(r, object, out);
    good = good && read_value(r, object, out);
    return good && (out->field != FIELD_ATTRIBUTE || read_text(r, object, "code", &out->code));
}

/* All rules, in the arena; NULL when something is wrong, which check says. */
static rule *read_rules(ec_session *session, const char *text, ec_check *check, size_t *count)
{
    reader r = {.session = session, .check = check};
    ec_json *json = NULL;
    size_t offset = 0;
    const char *problem = "";
    ec_status status =
        ec_json_parse(ec_scratch(session), text, strlen(text), &json, &offset, &problem);
    if (status != EC_OK || json->type != EC_JSON_ARRAY) {
        ec_check_add(check, "rules", "json", "An array of rules is needed.");
        return NULL;
    }
    *count = json->count;
    if (json->count == 0 || json->count > EC_RULES_MAX) {
        ec_check_add(check, "rules", json->count == 0 ? "min_items" : "max_items",
                     "There are 1 to %d rules.", EC_RULES_MAX);
        return NULL;
    }
    rule *rules = ec_arena_array(ec_scratch(session), json->count, sizeof *rules);
    bool good = rules != NULL;
    for (const ec_json *item = json->child; rules && item; item = item->next, r.index++) {
        good = read_rule(&r, item, &rules[r.index]) && good;
    }
    return good ? rules : NULL;
}

void ec_rules_check(ec_session *session, const char *rules, ec_check *check)
{
    size_t count = 0;
    (void)read_rules(session, rules, check, &count);
}

/* ---- conditions ---- */

static void put_not(ec_statement *s, const rule *one)
{
    ec_statement_put(s, one->op == OP_IS_NOT ? "NOT " : "");
}

/* A column that may be NULL: what is not set is not the value. */
static void put_column(ec_statement *s, const rule *one, const char *column, ec_value value)
{
    if (one->op == OP_IS) {
        ec_statement_put(s, column);
        ec_statement_with(s, " = ?", value);
        return;
    }
    ec_statement_put(s, "(");
    ec_statement_put(s, column);
    ec_statement_put(s, " IS NULL OR ");
    ec_statement_put(s, column);
    ec_statement_with(s, " <> ?)", value);
}

static void put_title(ec_statement *s, const rule *one)
{
    ec_like kind = one->op == OP_CONTAINS      ? EC_LIKE_CONTAINS
                   : one->op == OP_STARTS_WITH ? EC_LIKE_PREFIX
                                               : EC_LIKE_IS;
    put_not(s, one);
    ec_statement_like(s, "t.name", kind, one->text, strlen(one->text));
}

static void put_compared(ec_statement *s, const rule *one, const char *figure)
{
    static const char *const signs[OP_COUNT] = {
        [OP_IS] = " = ?",      [OP_IS_NOT] = " <> ?",  [OP_LESS] = " < ?",
        [OP_GREATER] = " > ?", [OP_AT_MOST] = " <= ?", [OP_AT_LEAST] = " >= ?"};
    ec_statement_put(s, figure);
    ec_statement_with(s, signs[one->op], ec_int(one->number));
}

static const char stock_figure[] =
    "COALESCE((SELECT " EC_SUM_AVAILABLE " FROM product_variants v"
    " JOIN inventory s ON s.variant_id = v.id JOIN warehouses w ON w.id = s.warehouse_id"
    " WHERE v.product_id = t.id AND v.is_active = 1 AND v.tracked = 1 AND w.is_active = 1), 0)";

static void put_category(ec_statement *s, const rule *one)
{
    put_not(s, one);
    ec_statement_put(s, "(t.category_id IS NOT NULL AND ");
    ec_category_below(s, "t.category_id", one->number);
    ec_statement_put(s, ")");
}

static void put_rule(ec_statement *s, const rule *one)
{
    const char *const value[] = {one->text};
    const ec_attribute_choice choice = {.code = one->code, .values_count = 1, .values = value};
    switch (one->field) {
    case FIELD_TAG:
        put_not(s, one);
        ec_statement_with(s,
                          "t.id IN (SELECT y.product_id FROM tags g JOIN product_tags y"
                          " ON y.tag_id = g.id WHERE g.name = ?)",
                          ec_text(one->text));
        break;
    case FIELD_TYPE: put_column(s, one, "t.type", ec_text(one->text)); break;
    case FIELD_TITLE: put_title(s, one); break;
    case FIELD_CATEGORY: put_category(s, one); break;
    case FIELD_BRAND: put_column(s, one, "t.brand_id", ec_int(one->number)); break;
    case FIELD_PRICE: put_compared(s, one, "t.price"); break;
    case FIELD_COMPARE_PRICE:
        ec_statement_put(s, one->op == OP_IS_SET ? "t.compare_price IS NOT NULL"
                                                 : "t.compare_price IS NULL");
        break;
    case FIELD_STOCK: put_compared(s, one, stock_figure); break;
    case FIELD_ATTRIBUTE:
        put_not(s, one);
        ec_attribute_condition(s, &choice);
        break;
    case FIELD_COUNT: break;
    }
}

ec_status ec_rules_condition(ec_session *session, const ec_collection *collection, ec_statement *s)
{
    ec_check check;
    size_t count = 0;
    ec_check_init(&check, ec_scratch(session));
    const rule *rules = read_rules(session, collection->rules, &check, &count);
    if (!rules) {
        return check.count > 0 ? ec_fail(session, EC_CORRUPT, "The stored rules make no sense.")
                               : ec_fail_memory(session);
    }
    for (size_t i = 0; i < count; i++) {
        ec_statement_put(s, i == 0 ? " AND (" : collection->match_all ? " AND " : " OR ");
        put_rule(s, &rules[i]);
    }
    ec_statement_put(s, ")");
    return EC_OK;
}
