/* SPDX-License-Identifier: MIT */
/*
 * keys.c - what a condition needs at least one of, so that it need not be tested without it.
 *
 * An index of many rules finds those that may hold by the values of few subjects. Of the parts of
 * an "and" the one with the fewest values serves; of an "or" all parts must have some. It refuses
 * to promise anything for "not", for values with "*", for subjects with a name behind them, and
 * for sums that may be 0. Whoever compares keys heeds the case of letters as the subject does.
 */
#include "rule/inside.h"

#define NEVER SIZE_MAX /* needs none of them */

static bool is_listed(const ec_rule *test, const char *const *subjects)
{
    for (; *subjects != NULL; subjects++)
        if (strcmp(*subjects, test->subject->name) == 0) return true;
    return false;
}

/* Is each amount or number that the value stands for above `least`? */
static bool is_above(const ec_rule_value *value, int64_t least)
{
    if (value->kind != EC_RULE_MONEY) return value->number > least;
    for (size_t i = 0; i < value->money_count; i++)
        if (value->money[i].amount <= least) return false;
    return true;
}

/* Does an aggregate hold only when a line is among its lines? */
static bool needs_line(const ec_rule *test)
{
    if (strcmp(test->subject->name, "any") == 0 || strcmp(test->subject->name, "all") == 0)
        return true;
    switch (test->op) {
    case EC_RULE_MORE: return is_above(&test->values[0], -1);
    case EC_RULE_AT_LEAST:
    case EC_RULE_BETWEEN: return is_above(&test->values[0], 0);
    case EC_RULE_IS:
        for (size_t i = 0; i < test->values_count; i++)
            if (!is_above(&test->values[i], 0)) return false;
        return true;
    case EC_RULE_IS_NOT:
    case EC_RULE_LESS:
    case EC_RULE_AT_MOST:
    case EC_RULE_TRUE: break;
    }
    return false;
}

static bool has_pattern(const ec_rule *test)
{
    if ((test->subject->flags & EC_SUBJECT_PATTERN) == 0) return false;
    for (size_t i = 0; i < test->values_count; i++)
        if (strchr(test->values[i].text, '*') != NULL) return true;
    return false;
}

static size_t count_keys(const ec_rule *rule, const char *const *subjects);

/* The part of an "and" that needs the fewest; NULL: none needs any. */
static const ec_rule *best_part(const ec_rule *rule, const char *const *subjects, size_t *count)
{
    const ec_rule *best = NULL;
    *count = NEVER;
    for (size_t i = 0; i < rule->parts_count; i++) {
        size_t found = count_keys(rule->parts[i], subjects);
        if (found >= *count) continue;
        *count = found;
        best = rule->parts[i];
    }
    return best;
}

static size_t count_test(const ec_rule *test, const char *const *subjects)
{
    if ((test->subject->flags & EC_SUBJECT_AGGREGATE) != 0)
        return test->lines != NULL && needs_line(test) ? count_keys(test->lines, subjects) : NEVER;
    bool serves = test->op == EC_RULE_IS && test->member == NULL && is_listed(test, subjects) &&
                  !has_pattern(test);
    return serves ? test->values_count : NEVER;
}

static size_t count_keys(const ec_rule *rule, const char *const *subjects)
{
    size_t count = NEVER, total = 0;
    switch (rule->node) {
    case EC_RULE_TEST: return count_test(rule, subjects);
    case EC_RULE_AND: (void)best_part(rule, subjects, &count); return count;
    case EC_RULE_OR:
        for (size_t i = 0; i < rule->parts_count; i++) {
            count = count_keys(rule->parts[i], subjects);
            if (count == NEVER) return NEVER;
            total += count;
        }
        return total;
    case EC_RULE_NOT: break;
    }
    return NEVER;
}

typedef void key_function(void *ctx, const char *subject, const ec_rule_value *value);

/* Only for a rule that has keys. */
static void tell_keys(const ec_rule *rule, const char *const *subjects, key_function *key,
                      void *ctx)
{
    size_t count = 0;
    switch (rule->node) {
    case EC_RULE_TEST:
        if ((rule->subject->flags & EC_SUBJECT_AGGREGATE) != 0)
            tell_keys(rule->lines, subjects, key, ctx);
        else
            for (size_t i = 0; i < rule->values_count; i++)
                key(ctx, rule->subject->name, &rule->values[i]);
        break;
    case EC_RULE_AND: tell_keys(best_part(rule, subjects, &count), subjects, key, ctx); break;
    case EC_RULE_OR:
        for (size_t i = 0; i < rule->parts_count; i++)
            tell_keys(rule->parts[i], subjects, key, ctx);
        break;
    case EC_RULE_NOT: break;
    }
}

bool ec_rule_keys(const ec_rule *rule, const char *const *subjects, key_function *key, void *ctx)
{
    if (rule == NULL || count_keys(rule, subjects) == NEVER) return false;
    tell_keys(rule, subjects, key, ctx);
    return true;
}
