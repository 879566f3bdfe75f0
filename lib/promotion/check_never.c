/* SPDX-License-Identifier: MIT */
/*
 * check_never.c - conditions that can never hold.
 *
 * Tests of the same subject that stand side by side are compared: ranges that do not meet, values
 * that exclude each other, a test and its opposite. It only says never when that is certain; of
 * what it does not understand ("not" around more than one test, subjects with several values) it
 * says nothing.
 */
#include <string.h>

#include "promotion/check.h"
#include "rule/inside.h"

#define TESTS_MAX 64 /* side by side; of more only the first are compared */

/* ---- alike ----------------------------------------------------------------------------------- */

bool ec_rule_same(const ec_rule *one, const ec_rule *two)
{
    if (one == NULL || two == NULL) return one == two;
    if (one->node != two->node) return false;
    if (one->node == EC_RULE_TEST)
        return one->text != NULL && two->text != NULL && strcmp(one->text, two->text) == 0;
    if (one->parts_count != two->parts_count) return false;
    for (size_t i = 0; i < one->parts_count; i++)
        if (!ec_rule_same(one->parts[i], two->parts[i])) return false;
    return true;
}

static bool same_text(const char *one, const char *two)
{
    return one == NULL || two == NULL ? one == two : strcmp(one, two) == 0;
}

static bool same_subject(const ec_rule *one, const ec_rule *two)
{
    return one->subject == two->subject && same_text(one->member, two->member) &&
           ec_rule_same(one->lines, two->lines);
}

/* ---- numbers --------------------------------------------------------------------------------- */

typedef struct range {
    int64_t low, high;
} range;

/* What the subject can be at all. */
static range range_of(const ec_rule *test)
{
    const char *name = test->subject->name;
    range all = {0, INT64_MAX};
    if (test->subject->kind == EC_RULE_RATE) all.low = INT64_MIN;
    if (strcmp(name, "hour") == 0) all.high = 23;
    if (strcmp(name, "nth_order") == 0 || strcmp(name, "quantity") == 0) all.low = 1;
    if (test->lines == NULL && (strcmp(name, "units") == 0 || strcmp(name, "lines") == 0))
        all.low = 1; /* of an empty cart nothing is taken off */
    return all;
}

static bool number_of(const ec_rule_value *value, const ec_pricing_work *work, int64_t *out)
{
    if (value->kind == EC_RULE_MONEY) return ec_rule_amount(value, work, out);
    *out = value->number;
    return true;
}

/* The smallest and the largest of the values; false: one has no amount here. */
static bool span(const ec_rule *test, const ec_pricing_work *work, range *out)
{
    *out = (range){INT64_MAX, INT64_MIN};
    for (size_t i = 0; i < test->values_count; i++) {
        int64_t number = 0;
        if (!number_of(&test->values[i], work, &number)) return false;
        if (number < out->low) out->low = number;
        if (number > out->high) out->high = number;
    }
    return test->values_count > 0;
}

static void cut(range *from, int64_t low, int64_t high)
{
    if (low > from->low) from->low = low;
    if (high < from->high) from->high = high;
}

/* false: it never holds, since an amount is missing. */
static bool read_range(const ec_rule *test, const ec_pricing_work *work, range *out)
{
    range values;
    *out = range_of(test);
    if (!span(test, work, &values)) return false;
    switch (test->op) {
    case EC_RULE_IS: cut(out, values.low, values.high); break;
    case EC_RULE_LESS:
        cut(out, INT64_MIN, values.high > INT64_MIN ? values.high - 1 : INT64_MIN);
        break;
    case EC_RULE_AT_MOST: cut(out, INT64_MIN, values.high); break;
    case EC_RULE_MORE:
        cut(out, values.low < INT64_MAX ? values.low + 1 : INT64_MAX, INT64_MAX);
        break;
    case EC_RULE_AT_LEAST: cut(out, values.low, INT64_MAX); break;
    case EC_RULE_BETWEEN: {
        int64_t low = 0, high = 0;
        (void)number_of(&test->values[0], work, &low);
        (void)number_of(&test->values[test->values_count - 1], work, &high);
        cut(out, low, high);
        break;
    }
    case EC_RULE_IS_NOT:
    case EC_RULE_TRUE: break;
    }
    return true;
}

static bool is_plain(const ec_rule *test)
{
    return test->node == EC_RULE_TEST && test->subject->has == NULL &&
           (test->subject->flags & EC_SUBJECT_SEVERAL) == 0;
}

static bool is_number(const ec_rule *test)
{
    ec_rule_kind kind = test->subject->kind;
    return is_plain(test) && test->op != EC_RULE_TRUE &&
           (kind == EC_RULE_NUMBER || kind == EC_RULE_RATE || kind == EC_RULE_MONEY);
}

/* ---- values ---------------------------------------------------------------------------------- */

static bool is_value(const ec_rule *test)
{
    ec_rule_kind kind = test->subject->kind;
    if (!is_plain(test) || (test->op != EC_RULE_IS && test->op != EC_RULE_IS_NOT)) return false;
    if (kind != EC_RULE_TEXT && kind != EC_RULE_ID) return false;
    if ((test->subject->flags & (EC_SUBJECT_LOOSE | EC_SUBJECT_NOCASE)) != 0) return false;
    for (size_t i = 0; i < test->values_count; i++)
        if ((test->subject->flags & EC_SUBJECT_PATTERN) != 0 && test->values[i].text != NULL &&
            strchr(test->values[i].text, '*') != NULL)
            return false;
    return true;
}

static bool has_value(const ec_rule *test, const ec_rule_value *value)
{
    for (size_t i = 0; i < test->values_count; i++) {
        const ec_rule_value *other = &test->values[i];
        if (test->subject->kind == EC_RULE_ID ? other->number == value->number
                                              : same_text(other->text, value->text))
            return true;
    }
    return false;
}

/* "x in (1, 2)" with "x = 3" or "x not in (1, 2, 3)". */
static bool values_exclude(const ec_rule *one, const ec_rule *two)
{
    if (one->op != EC_RULE_IS) return two->op == EC_RULE_IS && values_exclude(two, one);
    for (size_t i = 0; i < one->values_count; i++)
        if (has_value(two, &one->values[i]) == (two->op == EC_RULE_IS)) return false;
    return true;
}

/* ---- two tests ------------------------------------------------------------------------------- */

static bool exclude(const ec_rule *one, const ec_rule *two, const ec_pricing_work *work)
{
    range first, second;
    if (one->node == EC_RULE_NOT && one->parts_count == 1) return ec_rule_same(one->parts[0], two);
    if (two->node == EC_RULE_NOT && two->parts_count == 1) return ec_rule_same(two->parts[0], one);
    if (one->node != EC_RULE_TEST || two->node != EC_RULE_TEST || !same_subject(one, two))
        return false;
    if (is_number(one) && is_number(two))
        return read_range(one, work, &first) && read_range(two, work, &second) &&
               (first.low > second.high || second.low > first.high);
    return is_value(one) && is_value(two) && values_exclude(one, two);
}

static bool never_alone(const ec_rule *test, const ec_pricing_work *work)
{
    range values;
    if (!is_number(test)) return false;
    return !read_range(test, work, &values) || values.low > values.high;
}

/* ---- all ------------------------------------------------------------------------------------- */

/* The parts that must hold together, those of nested ones too. */
static void flatten(const ec_rule *rule, const ec_rule **tests, size_t *count)
{
    if (rule->node != EC_RULE_AND) {
        if (*count < TESTS_MAX) tests[(*count)++] = rule;
        return;
    }
    for (size_t i = 0; i < rule->parts_count; i++)
        flatten(rule->parts[i], tests, count);
}

static bool never_together(const ec_rule *rule, const ec_pricing_work *work, const ec_rule **first,
                           const ec_rule **second)
{
    const ec_rule *tests[TESTS_MAX];
    size_t count = 0;
    flatten(rule, tests, &count);
    for (size_t i = 0; i < count; i++)
        if (ec_rule_never(tests[i], work, first, second)) return true;
    for (size_t i = 0; i < count; i++)
        for (size_t k = i + 1; k < count; k++)
            if (exclude(tests[i], tests[k], work)) {
                *first = tests[i];
                *second = tests[k];
                return true;
            }
    return false;
}

bool ec_rule_never(const ec_rule *rule, const ec_pricing_work *work, const ec_rule **first,
                   const ec_rule **second)
{
    if (rule == NULL) return false;
    switch (rule->node) {
    case EC_RULE_TEST:
        *first = rule;
        *second = NULL;
        return never_alone(rule, work);
    case EC_RULE_AND: return never_together(rule, work, first, second);
    case EC_RULE_OR:
        for (size_t i = 0; i < rule->parts_count; i++)
            if (!ec_rule_never(rule->parts[i], work, first, second)) return false;
        return rule->parts_count > 0;
    case EC_RULE_NOT: break;
    }
    return false;
}
