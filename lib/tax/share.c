/* SPDX-License-Identifier: MIT */
/*
 * share.c - how much of a price, a discount or a fee is included tax.
 *
 * For accounts and refunds: a discount of 1190 on goods that include 19 % is one of 1000 and of 190
 * of tax. Each adjustment is rounded on its own, as it is told on its own; the taxes of the quote
 * are never computed from these figures.
 */
#include <string.h>

#include "tax/inside.h"

/* For each line the group that it is taxed in, from 1; 0: none. */
static size_t *groups_of_lines(const ec_pricing_work *work, const ec_tax_sheet *sheet)
{
    size_t *out = ec_arena_array(work->arena, work->lines_count, sizeof(*out));
    for (size_t i = 0; out != NULL && i < sheet->items_count; i++)
        if (sheet->items[i].line != EC_TAX_FEE)
            out[sheet->items[i].line] = sheet->items[i].group + 1;
    return out;
}

static ec_status share_of(int64_t amount, const ec_tax_group *group, ec_rounding mode, int64_t *out)
{
    return ec_divide(amount, group->part, group->whole, mode, out);
}

/* Of an amount of the fee: its parts in the groups, as the fee itself was split. */
static ec_status share_of_fee(const ec_tax_sheet *sheet, int64_t amount, int64_t *out)
{
    size_t groups = sheet->groups_count;
    int64_t *weights = ec_arena_array(sheet->arena, groups + 1, sizeof(*weights));
    int64_t *parts = ec_arena_array(sheet->arena, groups + 1, sizeof(*parts));
    int64_t share = 0, sum = 0;
    *out = 0;
    if (weights == NULL || parts == NULL) return EC_NO_MEMORY;
    for (size_t g = 0; g < groups; g++) {
        const ec_tax_group *group = &sheet->groups[g];
        const ec_tax_entry *last = &sheet->items[group->items_from + group->items_count - 1];
        weights[g] = last->line == EC_TAX_FEE ? last->weight : 0;
        sum += weights[g];
    }
    weights[groups] = sheet->untaxed;
    if (sum == 0) return EC_OK;
    ec_status status = ec_money_allocate((ec_money){.amount = amount}, weights, groups + 1,
                                         EC_ALLOCATE_LARGEST_REMAINDER, parts);
    for (size_t g = 0; g < groups && status == EC_OK; g++) {
        status = share_of(parts[g], &sheet->groups[g], sheet->rounding, &share);
        *out += share;
    }
    return status;
}

/* Does the tax depend on such an adjustment? */
static bool counts(const ec_pricing_work *work, ec_adjustment_kind kind)
{
    bool before = work->in->policy->tax_before_discounts;
    switch (kind) {
    case EC_ADJUST_CATALOG:
    case EC_ADJUST_SHIPPING: return true;
    case EC_ADJUST_UNIT:
    case EC_ADJUST_ORDER:
    case EC_ADJUST_SHIPPING_DISCOUNT: return !before;
    case EC_ADJUST_TAX:
    case EC_ADJUST_ROUNDING:
    default: return false;
    }
}

ec_status ec_tax_share(ec_pricing_work *work, const ec_tax_sheet *sheet)
{
    const size_t *groups = groups_of_lines(work, sheet);
    ec_status status = groups != NULL ? EC_OK : EC_NO_MEMORY;
    for (size_t i = 0; i < work->quote->adjustments_count && status == EC_OK; i++) {
        ec_quote_adjustment *one = &work->quote->adjustments[i];
        size_t line = (size_t)one->line - 1;
        if (!counts(work, one->kind)) continue;
        if (one->line == 0)
            status = share_of_fee(sheet, one->amount, &one->tax_included);
        else if (line < work->lines_count && groups[line] != 0)
            status = share_of(one->amount, &sheet->groups[groups[line] - 1], sheet->rounding,
                              &one->tax_included);
    }
    return status;
}
