/* SPDX-License-Identifier: MIT */
/*
 * round.c - from exact taxes to amounts that can be paid: where they are rounded, and who gets what
 * the rounding of a sum leaves over.
 *
 * Every amount is rounded once: that of a unit, of a line, of a rate over the order, or of all
 * rates together. Shares of a sum go by largest remainder; of equal ones the item that comes first
 * in the sheet gets it, which depends on what is sold and not on where it stands. It refuses sums
 * whose common fraction does not fit 64 bits, which needs rates of many different decimals.
 */
#include <stdlib.h>
#include <string.h>

#include "base/divide.h"
#include "tax/inside.h"

/* ---- units and lines ---- */

static ec_status round_line(const ec_tax_entry *item, const ec_tax_column *column, ec_rounding mode,
                            int64_t *out)
{
    return ec_divide(item->base, column->factor, column->denominator, mode, out);
}

/* The base is spread evenly; the first units have one more. */
static ec_status round_units(const ec_tax_entry *item, const ec_tax_column *column,
                             ec_rounding mode, int64_t *out)
{
    int64_t each = item->base / item->quantity, more = item->base % item->quantity;
    int64_t tax = 0, dearer = 0;
    ec_status status = ec_divide(each, column->factor, column->denominator, mode, &tax);
    if (status == EC_OK)
        status = ec_divide(each + 1, column->factor, column->denominator, mode, &dearer);
    if (status != EC_OK) return status;
    if (__builtin_mul_overflow(tax, item->quantity - more, &tax) ||
        __builtin_mul_overflow(dearer, more, &dearer) || __builtin_add_overflow(tax, dearer, out))
        return EC_OVERFLOW;
    return EC_OK;
}

static ec_status round_each(const ec_tax_sheet *sheet, const ec_tax_group *group,
                            ec_tax_column *column)
{
    ec_status status = EC_OK;
    for (size_t i = 0; i < group->items_count && status == EC_OK; i++) {
        const ec_tax_entry *item = &sheet->items[group->items_from + i];
        status = column->level == EC_TAX_LEVEL_UNIT
                     ? round_units(item, column, sheet->rounding, &column->amounts[i])
                     : round_line(item, column, sheet->rounding, &column->amounts[i]);
    }
    return status;
}

/* ---- shares ---- */

/* What somebody has of a sum: cut off, and how much was cut off: rest / denominator. */
typedef struct share {
    size_t index;
    int64_t rest, denominator;
} share;

__extension__ typedef __int128 wide;

/* Largest remainder first, then by index. */
static int compare_shares(const void *a, const void *b)
{
    const share *left = a, *right = b;
    wide one = (wide)left->rest * right->denominator;
    wide other = (wide)right->rest * left->denominator;
    if (one != other) return one > other ? -1 : 1;
    return left->index < right->index ? -1 : left->index > right->index;
}

/* Deal one unit each to the largest remainders; amounts are the cut off ones. */
static void deal(share *shares, size_t count, int64_t units, int64_t *amounts)
{
    if (units <= 0) return;
    if (count > 1) qsort(shares, count, sizeof(*shares), compare_shares);
    for (size_t i = 0; i < count && units > 0; i++, units--)
        amounts[shares[i].index]++;
}

static ec_status base_of(const ec_tax_sheet *sheet, const ec_tax_group *group, int64_t *out)
{
    *out = 0;
    for (size_t i = 0; i < group->items_count; i++)
        if (__builtin_add_overflow(*out, sheet->items[group->items_from + i].base, out))
            return EC_OVERFLOW;
    return EC_OK;
}

/* What a price still has of itself when the included taxes so far are out of it. */
static int64_t room_of(const ec_tax_sheet *sheet, const ec_tax_group *group, size_t item)
{
    int64_t room = sheet->items[group->items_from + item].base;
    for (size_t k = 0; k < group->columns_count; k++)
        if (group->columns[k].included) room -= group->columns[k].amounts[item];
    return room;
}

/* Deal to those first whose price has room for it; the units that are left. */
static int64_t deal_included(const ec_tax_sheet *sheet, const ec_tax_group *group,
                             ec_tax_column *column, share *shares, int64_t units)
{
    size_t count = group->items_count;
    if (units > 0 && count > 1) qsort(shares, count, sizeof(*shares), compare_shares);
    for (size_t i = 0; i < count && units > 0; i++) {
        if (shares[i].rest == 0 || room_of(sheet, group, shares[i].index) <= 0) continue;
        column->amounts[shares[i].index]++;
        shares[i].rest = 0; /* it had its unit */
        units--;
    }
    return units;
}

/* Give the items their parts of a column's sum. */
static ec_status share_sum(const ec_tax_sheet *sheet, const ec_tax_group *group,
                           ec_tax_column *column, int64_t sum)
{
    share *shares = ec_arena_array(sheet->arena, group->items_count, sizeof(*shares));
    if (shares == NULL) return EC_NO_MEMORY;
    for (size_t i = 0; i < group->items_count; i++) {
        shares[i] = (share){.index = i, .denominator = column->denominator};
        ec_status status =
            ec_divide_exact(sheet->items[group->items_from + i].base, column->factor,
                            column->denominator, &column->amounts[i], &shares[i].rest);
        if (status != EC_OK) return status;
        sum -= column->amounts[i];
    }
    if (column->included) sum = deal_included(sheet, group, column, shares, sum);
    deal(shares, group->items_count, sum, column->amounts);
    return EC_OK;
}

static ec_status round_rate(const ec_tax_sheet *sheet, const ec_tax_group *group,
                            ec_tax_column *column)
{
    int64_t base = 0, sum = 0;
    ec_status status = base_of(sheet, group, &base);
    if (status == EC_OK)
        status = ec_divide(base, column->factor, column->denominator, sheet->rounding, &sum);
    return status == EC_OK ? share_sum(sheet, group, column, sum) : status;
}

/* ---- the order ---- */

/* A column that is rounded together with others. */
typedef struct member {
    const ec_tax_group *group;
    ec_tax_column *column;
} member;

/* All of them, each with its sum. */
typedef struct pool {
    size_t count;
    member *members;
    share *shares;
    int64_t *sums;
    int64_t whole;       /* of all sums, cut off */
    int64_t denominator; /* common one of the rests */
} pool;

static int64_t common(int64_t a, int64_t b)
{
    while (b != 0) {
        int64_t rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

static ec_status pool_add(const ec_tax_sheet *sheet, pool *p, const ec_tax_group *group,
                          ec_tax_column *column)
{
    int64_t base = 0;
    share *own = &p->shares[p->count];
    ec_status status = base_of(sheet, group, &base);
    if (status == EC_OK)
        status = ec_divide_exact(base, column->factor, column->denominator, &p->sums[p->count],
                                 &own->rest);
    if (status != EC_OK) return status;
    own->index = p->count;
    own->denominator = column->denominator;
    p->members[p->count] = (member){group, column};
    int64_t more = column->denominator / common(p->denominator, column->denominator);
    if (__builtin_mul_overflow(p->denominator, more, &p->denominator) ||
        __builtin_add_overflow(p->whole, p->sums[p->count], &p->whole))
        return EC_OVERFLOW;
    p->count++;
    return EC_OK;
}

/* All rests over the common denominator, rounded as a part of the whole sum. */
static ec_status pool_round(const pool *p, ec_rounding mode, int64_t *units)
{
    int64_t rest = 0, part = 0;
    /* Half to even looks at the last digit of all, so an odd whole lends one. */
    int64_t odd = p->whole % 2;
    for (size_t i = 0; i < p->count; i++) {
        const share *own = &p->shares[i];
        if (__builtin_mul_overflow(own->rest, p->denominator / own->denominator, &part) ||
            __builtin_add_overflow(rest, part, &rest))
            return EC_OVERFLOW;
    }
    if (__builtin_mul_overflow(odd, p->denominator, &part) ||
        __builtin_add_overflow(rest, part, &rest))
        return EC_OVERFLOW;
    ec_status status = ec_divide(rest, 1, p->denominator, mode, units);
    *units -= odd;
    return status;
}

static ec_status pool_share(const ec_tax_sheet *sheet, pool *p)
{
    int64_t units = 0;
    ec_status status = pool_round(p, sheet->rounding, &units);
    if (status != EC_OK) return status;
    deal(p->shares, p->count, units, p->sums);
    for (size_t i = 0; i < p->count && status == EC_OK; i++)
        status = share_sum(sheet, p->members[i].group, p->members[i].column, p->sums[i]);
    return status;
}

static size_t count_columns(const ec_tax_sheet *sheet)
{
    size_t count = 0;
    for (size_t i = 0; i < sheet->groups_count; i++)
        count += sheet->groups[i].columns_count;
    return count;
}

/* The added taxes, or the included ones, of the whole order. */
static ec_status round_order(const ec_tax_sheet *sheet, bool included)
{
    size_t count = count_columns(sheet);
    pool p = {
        .members = ec_arena_array(sheet->arena, count, sizeof(*p.members)),
        .shares = ec_arena_array(sheet->arena, count, sizeof(*p.shares)),
        .sums = ec_arena_array(sheet->arena, count, sizeof(*p.sums)),
        .denominator = 1,
    };
    if (p.members == NULL || p.shares == NULL || p.sums == NULL) return EC_NO_MEMORY;
    ec_status status = EC_OK;
    for (size_t i = 0; i < sheet->groups_count; i++) {
        const ec_tax_group *group = &sheet->groups[i];
        for (size_t k = 0; k < group->columns_count && status == EC_OK; k++)
            if (group->columns[k].level == EC_TAX_LEVEL_ORDER &&
                group->columns[k].included == included)
                status = pool_add(sheet, &p, group, &group->columns[k]);
    }
    return status == EC_OK && p.count > 0 ? pool_share(sheet, &p) : status;
}

/* ---- all ---- */

/* Several included taxes that were all rounded up never take more than there is. */
static void settle_item(const ec_tax_group *group, size_t index, ec_tax_entry *item)
{
    item->net = item->base;
    for (size_t k = 0; k < group->columns_count; k++) {
        int64_t *amount = &group->columns[k].amounts[index];
        if (!group->columns[k].included) continue;
        if (*amount > item->net) *amount = item->net;
        item->net -= *amount;
    }
}

static ec_status round_group(const ec_tax_sheet *sheet, const ec_tax_group *group)
{
    ec_status status = EC_OK;
    for (size_t k = 0; k < group->columns_count && status == EC_OK; k++) {
        ec_tax_column *column = &group->columns[k];
        if (column->level == EC_TAX_LEVEL_UNIT || column->level == EC_TAX_LEVEL_LINE)
            status = round_each(sheet, group, column);
        else if (column->level == EC_TAX_LEVEL_RATE)
            status = round_rate(sheet, group, column);
    }
    return status;
}

ec_status ec_tax_round(ec_tax_sheet *sheet)
{
    if ((int)sheet->rounding < EC_ROUND_HALF_UP || (int)sheet->rounding > EC_ROUND_FLOOR)
        return EC_INVALID;
    ec_status status = EC_OK;
    for (size_t i = 0; i < sheet->groups_count && status == EC_OK; i++)
        status = round_group(sheet, &sheet->groups[i]);
    if (status == EC_OK) status = round_order(sheet, true);
    if (status == EC_OK) status = round_order(sheet, false);
    for (size_t i = 0; i < sheet->groups_count && status == EC_OK; i++) {
        const ec_tax_group *group = &sheet->groups[i];
        for (size_t k = 0; k < group->items_count; k++)
            settle_item(group, k, &sheet->items[group->items_from + k]);
    }
    return status;
}
