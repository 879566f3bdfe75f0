/* SPDX-License-Identifier: MIT */
/*
 * eval.c - does a condition hold?
 *
 * Walks the compiled condition; allocates nothing and changes nothing, so that it can be asked
 * again after each promotion. A test of something unknown does not hold, whatever its operator;
 * "not" of it does. It refuses to compare amounts of different currencies: an amount that a rule
 * does not state for the work's channel or currency is unknown.
 */
#include "base/text.h"
#include "rule/inside.h"

#define LOOSE_SCALE 6 /* decimals of numbers in attributes, options and facts */

bool ec_rule_amount(const ec_rule_value *value, const ec_pricing_work *work, int64_t *amount)
{
    const ec_rule_money *found = NULL;
    for (size_t i = 0; i < value->money_count; i++) {
        const ec_rule_money *money = &value->money[i];
        if (strcmp(money->currency, work->in->currency) != 0) continue;
        if (money->channel == NULL) {
            if (found == NULL) found = money;
        } else if (work->in->channel != NULL && strcmp(money->channel, work->in->channel) == 0) {
            found = money;
            break;
        }
    }
    if (found != NULL) *amount = found->amount;
    return found != NULL;
}

/* ---- texts ----------------------------------------------------------------------------------- */

static int lower(char c)
{
    return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : (unsigned char)c;
}

static int order(const char *a, const char *b, bool nocase)
{
    for (;; a++, b++) {
        int left = nocase ? lower(*a) : (unsigned char)*a;
        int right = nocase ? lower(*b) : (unsigned char)*b;
        if (left != right) return left < right ? -1 : 1;
        if (left == 0) return 0;
    }
}

/* Is the text like the pattern, in which "*" stands for any text? Linear but for repeats. */
static bool like(const char *pattern, const char *text, bool nocase)
{
    const char *star = NULL, *retry = NULL;
    while (*text != '\0') {
        if (*pattern == '*') {
            star = ++pattern;
            retry = text;
        } else if (*pattern != '\0' &&
                   (nocase ? lower(*pattern) == lower(*text) : *pattern == *text)) {
            pattern++;
            text++;
        } else if (star != NULL) {
            pattern = star;
            text = ++retry;
        } else {
            return false;
        }
    }
    while (*pattern == '*')
        pattern++;
    return *pattern == '\0';
}

/* ---- one value against another --------------------------------------------------------------- */

/* What a fact is against a value: -1, 0 or 1 in *out. false: they cannot be compared. */
static bool compare(const ec_rule_at *at, const ec_rule_fact *fact, const ec_rule_value *value,
                    int *out)
{
    const ec_rule_subject *subject = at->test->subject;
    int64_t left = fact->number, right = value->number;
    if (subject->kind == EC_RULE_TEXT) {
        if (value->kind != EC_RULE_NUMBER ||
            ec_parse_decimal(fact->text, LOOSE_SCALE, &left) != EC_OK ||
            ec_parse_decimal(value->text, LOOSE_SCALE, &right) != EC_OK) {
            *out = order(fact->text, value->text, (subject->flags & EC_SUBJECT_NOCASE) != 0);
            return true;
        }
    } else if (subject->kind == EC_RULE_MONEY && !ec_rule_amount(value, at->work, &right)) {
        return false;
    }
    *out = left < right ? -1 : left > right;
    return true;
}

/* 1, 0 or -1: unknown. */
static int equals(const ec_rule_at *at, const ec_rule_fact *fact, const ec_rule_value *value)
{
    const ec_rule_subject *subject = at->test->subject;
    int result = 0;
    if ((subject->flags & EC_SUBJECT_PATTERN) != 0 && strchr(value->text, '*') != NULL)
        return like(value->text, fact->text, (subject->flags & EC_SUBJECT_NOCASE) != 0);
    return compare(at, fact, value, &result) ? result == 0 : -1;
}

/* Is the fact one of the values? -1: not, and some cannot be compared. */
static int among(const ec_rule_at *at, const ec_rule_fact *fact)
{
    int found = 0;
    for (size_t i = 0; i < at->test->values_count; i++) {
        int equal = equals(at, fact, &at->test->values[i]);
        if (equal > 0) return 1;
        if (equal < 0) found = -1;
    }
    return found;
}

static bool compare_all(const ec_rule_at *at, const ec_rule_fact *fact)
{
    const ec_rule_value *values = at->test->values;
    int first = 0, second = 0;
    if (!compare(at, fact, &values[0], &first)) return false;
    switch (at->test->op) {
    case EC_RULE_LESS: return first < 0;
    case EC_RULE_AT_MOST: return first <= 0;
    case EC_RULE_MORE: return first > 0;
    case EC_RULE_AT_LEAST: return first >= 0;
    case EC_RULE_BETWEEN:
        return first >= 0 && compare(at, fact, &values[1], &second) && second <= 0;
    case EC_RULE_IS:
    case EC_RULE_IS_NOT:
    case EC_RULE_TRUE: break;
    }
    return false;
}

/* ---- tests ----------------------------------------------------------------------------------- */

static bool is_number_of(const ec_rule *test, int64_t number)
{
    for (size_t i = 0; i < test->values_count; i++)
        if (test->values[i].number == number) return true;
    return false;
}

/* One of its values is among those asked for: 1, 0, -1: unknown. */
static int has_any(ec_rule_at *at)
{
    const ec_rule_subject *subject = at->test->subject;
    bool plain = subject->kind == EC_RULE_ID || subject->kind == EC_RULE_NUMBER;
    ec_rule_fact fact = {0};
    size_t n = 0;
    int found = 0;
    for (; plain && subject->get(at, n, &fact); n++)
        if (is_number_of(at->test, fact.number)) return 1;
    for (; !plain && subject->get(at, n, &fact); n++) {
        int one = among(at, &fact);
        if (one > 0) return 1;
        if (one < 0) found = -1;
    }
    if (n == 0 && (subject->flags & EC_SUBJECT_SEVERAL) == 0) return -1;
    return found;
}

/* The same where the row tests values by itself. */
static int has_one(ec_rule_at *at)
{
    for (size_t i = 0; i < at->test->values_count; i++) {
        int one = at->test->subject->has(at, &at->test->values[i]);
        if (one != 0) return one;
    }
    return 0;
}

static bool test_holds(const ec_rule *test, const ec_pricing_work *work,
                       const ec_pricing_state *line)
{
    ec_rule_at at; /* its buffer is written before it is read */
    ec_rule_fact fact = {0};
    at.work = work;
    at.line = line;
    at.test = test;
    if (test->op == EC_RULE_TRUE) return test->subject->get(&at, 0, &fact) && fact.number != 0;
    if (test->op == EC_RULE_IS || test->op == EC_RULE_IS_NOT) {
        int found = test->subject->has != NULL ? has_one(&at) : has_any(&at);
        return test->op == EC_RULE_IS ? found > 0 : found == 0;
    }
    for (size_t n = 0; test->subject->get(&at, n, &fact); n++)
        if (compare_all(&at, &fact)) return true;
    return false;
}

/* The depth of the calls is that of the text, which was bounded when it was compiled. */
static bool holds(const ec_rule *rule, const ec_pricing_work *work, const ec_pricing_state *line,
                  const ec_rule **failed)
{
    bool result = false;
    const ec_rule *inner = rule;
    switch (rule->node) {
    case EC_RULE_TEST: result = test_holds(rule, work, line); break;
    case EC_RULE_NOT: result = !holds(rule->parts[0], work, line, NULL); break;
    case EC_RULE_AND:
        result = true;
        for (size_t i = 0; result && i < rule->parts_count; i++)
            result = holds(rule->parts[i], work, line, &inner);
        break;
    case EC_RULE_OR:
        for (size_t i = 0; !result && i < rule->parts_count; i++)
            result = holds(rule->parts[i], work, line, NULL);
        break;
    }
    if (!result && failed != NULL) *failed = inner;
    return result;
}

bool ec_rule_holds(const ec_rule *rule, const ec_pricing_work *work, const ec_rule **failed)
{
    if (failed != NULL) *failed = NULL;
    return rule == NULL || holds(rule, work, NULL, failed);
}

bool ec_rule_holds_state(const ec_rule *rule, const ec_pricing_work *work,
                         const ec_pricing_state *line)
{
    return rule == NULL || holds(rule, work, line, NULL);
}

bool ec_rule_holds_line(const ec_rule *rule, const ec_pricing_work *work, size_t index)
{
    return ec_rule_holds_state(rule, work, &work->lines[index]);
}
