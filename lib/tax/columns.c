/* SPDX-License-Identifier: MIT */
/*
 * columns.c - the rates that hold in a zone for a category, as exact factors of what is taxed.
 *
 * With n for the net, a rate's tax is n * f; a plain rate has f = r, a compound one r * (1 + the f
 * of all rates of lower priority). What is shown with tax included is n * (1 + the f of included
 * rates), so the tax of such a base is base * f / (1 + …). All of that is kept as one fraction in
 * lowest terms and nothing is rounded here. It refuses rates whose fraction does not fit.
 */
#include <stdlib.h>
#include <string.h>

#include "tax/inside.h"

__extension__ typedef __int128 wide;

/* ---- finding ---- */

static int compare_rules(const void *a, const void *b)
{
    const ec_tax_rule *left = a, *right = b;
    if (left->zone_id != right->zone_id) return left->zone_id < right->zone_id ? -1 : 1;
    int order = strcmp(left->category, right->category);
    if (order != 0) return order;
    if (left->priority != right->priority) return left->priority < right->priority ? -1 : 1;
    return left->id < right->id ? -1 : left->id > right->id;
}

void ec_tax_rules_sort(ec_tax_rule *rates, size_t count)
{
    if (count > 1) qsort(rates, count, sizeof(*rates), compare_rules);
}

static int compare_key(const ec_tax_rule *rule, ec_id zone_id, const char *category)
{
    if (rule->zone_id != zone_id) return rule->zone_id < zone_id ? -1 : 1;
    return strcmp(rule->category, category);
}

/* All rates of the zone and category: the first and how many. */
static const ec_tax_rule *rates_of(const ec_tax_terms *terms, const char *category, size_t *count)
{
    const ec_tax_book *book = terms->book;
    size_t low = 0, high = book != NULL ? book->rates_count : 0, end = high;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (compare_key(&book->rates[middle], terms->zone_id, category) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    *count = 0;
    while (low + *count < end &&
           compare_key(&book->rates[low + *count], terms->zone_id, category) == 0)
        (*count)++;
    return *count > 0 ? &book->rates[low] : NULL;
}

static bool holds(const ec_tax_rule *rule, ec_time now)
{
    return rule->valid_from <= now && (rule->valid_until == 0 || now < rule->valid_until);
}

/* ---- factors ---- */

/* Tax per net of each rate: tax[i] / whole. */
typedef struct factors {
    size_t count;
    wide whole;
    wide *tax;
} factors;

static wide common(wide a, wide b)
{
    while (b != 0) {
        wide rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

static bool scale(factors *f, int64_t by)
{
    bool fits = !__builtin_mul_overflow(f->whole, (wide)by, &f->whole);
    for (size_t i = 0; i < f->count && fits; i++)
        fits = !__builtin_mul_overflow(f->tax[i], (wide)by, &f->tax[i]);
    return fits;
}

static void reduce(factors *f)
{
    wide divisor = f->whole;
    for (size_t i = 0; i < f->count; i++)
        divisor = common(divisor, f->tax[i]);
    f->whole /= divisor;
    for (size_t i = 0; i < f->count; i++)
        f->tax[i] /= divisor;
}

static bool append(factors *f, const ec_tax_column *columns, const ec_tax_rule *rule)
{
    wide base = f->whole, tax = 0;
    bool fits = true;
    for (size_t i = 0; i < f->count && rule->compound; i++)
        if (columns[i].rule->priority < rule->priority)
            fits = fits && !__builtin_add_overflow(base, f->tax[i], &base);
    if (!fits || __builtin_mul_overflow(base, (wide)rule->rate, &tax) || !scale(f, EC_TAX_MILLION))
        return false;
    f->tax[f->count++] = tax;
    reduce(f);
    return true;
}

/* part / whole in lowest terms, as numbers of 64 bits. */
static bool settle(wide part, wide whole, int64_t *numerator, int64_t *denominator)
{
    wide divisor = common(whole, part);
    if (part / divisor > INT64_MAX || whole / divisor > INT64_MAX) return false;
    *numerator = (int64_t)(part / divisor);
    *denominator = (int64_t)(whole / divisor);
    return true;
}

static ec_tax_level level_of(const ec_tax_rule *rule, ec_tax_level level)
{
    if (rule->calculator != EC_TAX_SUM) return level;
    if (level == EC_TAX_LEVEL_UNIT) return EC_TAX_LEVEL_LINE;
    return level == EC_TAX_LEVEL_LINE ? EC_TAX_LEVEL_RATE : level;
}

static ec_status settle_all(const factors *f, ec_tax_group *group)
{
    wide included = 0;
    for (size_t i = 0; i < f->count; i++)
        if (group->columns[i].included && __builtin_add_overflow(included, f->tax[i], &included))
            return EC_OVERFLOW;
    wide whole = 0;
    if (__builtin_add_overflow(f->whole, included, &whole)) return EC_OVERFLOW;
    for (size_t i = 0; i < f->count; i++) {
        ec_tax_column *column = &group->columns[i];
        if (!settle(f->tax[i], whole, &column->factor, &column->denominator)) return EC_OVERFLOW;
    }
    return settle(included, whole, &group->part, &group->whole) ? EC_OK : EC_OVERFLOW;
}

ec_status ec_tax_columns_make(ec_arena *arena, const ec_tax_terms *terms, ec_tax_group *group)
{
    size_t count = 0;
    const ec_tax_rule *rules = rates_of(terms, group->category, &count);
    group->columns_count = 0;
    group->columns = ec_arena_array(arena, count, sizeof(*group->columns));
    factors f = {.whole = 1, .tax = ec_arena_array(arena, count, sizeof(wide))};
    if (group->columns == NULL || f.tax == NULL) return EC_NO_MEMORY;
    for (size_t i = 0; i < count; i++) {
        if (!holds(&rules[i], terms->now)) continue;
        ec_tax_column *column = &group->columns[group->columns_count++];
        column->rule = &rules[i];
        column->included = rules[i].included && !group->net;
        column->level = level_of(&rules[i], terms->level);
        column->amounts = ec_arena_array(arena, group->items_count, sizeof(int64_t));
        if (column->amounts == NULL) return EC_NO_MEMORY;
        if (rules[i].rate < 0 || rules[i].rate > EC_TAX_RATE_MAX) return EC_INVALID;
        if (!append(&f, group->columns, &rules[i])) return EC_OVERFLOW;
    }
    return settle_all(&f, group);
}
