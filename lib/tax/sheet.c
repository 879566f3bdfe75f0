/* SPDX-License-Identifier: MIT */
/*
 * sheet.c - what is taxed: lines and the fee, as items in groups of one category.
 *
 * Items are sorted by what is sold and for how much, so that moving the lines of a cart moves no
 * cent. The fee is taxed by its own category, or split over the categories of the goods in
 * proportion to what is paid for them. It refuses to know any rate.
 */
#include <stdlib.h>
#include <string.h>

#include "price/rules.h"
#include "tax/inside.h"

/* ---- sorting ---- */

static int compare_numbers(int64_t a, int64_t b)
{
    return a < b ? -1 : a > b;
}

static int compare_items(const void *a, const void *b)
{
    const ec_tax_entry *left = a, *right = b;
    int order = strcmp(left->category, right->category);
    if (order == 0) order = (left->line == EC_TAX_FEE) - (right->line == EC_TAX_FEE);
    if (order == 0) order = compare_numbers(left->variant_id, right->variant_id);
    if (order == 0) order = compare_numbers(left->base, right->base);
    if (order == 0) order = compare_numbers(left->quantity, right->quantity);
    if (order == 0) order = compare_numbers(left->weight, right->weight);
    if (order != 0 || left->line == right->line) return order;
    return left->line < right->line ? -1 : 1;
}

/* Sort the items and find the groups among them. */
static ec_status group_items(ec_tax_sheet *sheet)
{
    if (sheet->items_count > 1)
        qsort(sheet->items, sheet->items_count, sizeof(*sheet->items), compare_items);
    sheet->groups = ec_arena_array(sheet->arena, sheet->items_count, sizeof(*sheet->groups));
    sheet->groups_count = 0;
    if (sheet->groups == NULL) return EC_NO_MEMORY;
    for (size_t i = 0; i < sheet->items_count; i++) {
        const char *category = sheet->items[i].category;
        ec_tax_group *last = &sheet->groups[sheet->groups_count];
        if (sheet->groups_count == 0 || strcmp(last[-1].category, category) != 0) {
            *last = (ec_tax_group){.category = category, .items_from = i, .whole = 1};
            sheet->groups_count++;
        }
        sheet->items[i].group = sheet->groups_count - 1;
        sheet->groups[sheet->groups_count - 1].items_count++;
    }
    return EC_OK;
}

/* ---- lines ---- */

static const char *default_category(const ec_pricing_work *work)
{
    const ec_tax_index *index = work->rules != NULL ? work->rules->taxes.index : NULL;
    return index != NULL ? index->default_category : NULL;
}

static void add_line(ec_pricing_work *work, size_t index, ec_tax_sheet *sheet)
{
    const ec_pricing_state *line = &work->lines[index];
    const char *category = line->in->tax_category;
    if (category == NULL) category = default_category(work);
    if (!line->in->taxable || category == NULL) return;
    sheet->items[sheet->items_count++] = (ec_tax_entry){
        .line = index,
        .category = category,
        .variant_id = line->in->variant_id,
        .base = work->in->policy->tax_before_discounts ? line->price : ec_pricing_left(line),
        .quantity = line->quantity,
        .weight = ec_pricing_left(line),
    };
}

/* ---- the fee ---- */

static int64_t fee_base(const ec_pricing_work *work)
{
    return work->in->policy->tax_before_discounts ? work->fee : work->fee - work->fee_discount;
}

static void add_own_fee(ec_pricing_work *work, ec_tax_sheet *sheet)
{
    const char *category = work->shipping_tax_category;
    if (category == NULL) category = default_category(work);
    if (category == NULL) return;
    sheet->items[sheet->items_count++] = (ec_tax_entry){
        .line = EC_TAX_FEE,
        .category = category,
        .base = fee_base(work),
        .quantity = 1,
        .weight = 1,
    };
}

/* What is paid for the goods of each group, and behind them for those without tax. */
static ec_status weigh(const ec_pricing_work *work, const ec_tax_sheet *sheet, int64_t *weights,
                       int64_t *sum)
{
    int64_t taxed = 0;
    *sum = 0;
    for (size_t i = 0; i < work->lines_count; i++)
        if (__builtin_add_overflow(*sum, ec_pricing_left(&work->lines[i]), sum)) return EC_OVERFLOW;
    for (size_t g = 0; g < sheet->groups_count; g++) {
        const ec_tax_group *group = &sheet->groups[g];
        for (size_t i = 0; i < group->items_count; i++)
            weights[g] += ec_pricing_left(&work->lines[sheet->items[group->items_from + i].line]);
        taxed += weights[g];
    }
    weights[sheet->groups_count] = *sum - taxed;
    return EC_OK;
}

static ec_status add_weighted_fee(ec_pricing_work *work, ec_tax_sheet *sheet)
{
    size_t groups = sheet->groups_count;
    int64_t sum = 0;
    int64_t *weights = ec_arena_array(sheet->arena, groups + 1, sizeof(*weights));
    int64_t *parts = ec_arena_array(sheet->arena, groups + 1, sizeof(*parts));
    if (weights == NULL || parts == NULL) return EC_NO_MEMORY;
    ec_status status = weigh(work, sheet, weights, &sum);
    if (status != EC_OK) return status;
    if (sum == 0) {
        add_own_fee(work, sheet);
        return EC_OK;
    }
    status = ec_money_allocate((ec_money){.amount = fee_base(work)}, weights, groups + 1,
                               EC_ALLOCATE_LARGEST_REMAINDER, parts);
    for (size_t g = 0; g < groups && status == EC_OK; g++) {
        if (weights[g] == 0) continue;
        sheet->items[sheet->items_count++] = (ec_tax_entry){
            .line = EC_TAX_FEE,
            .category = sheet->groups[g].category,
            .base = parts[g],
            .quantity = 1,
            .weight = weights[g],
        };
    }
    sheet->untaxed = weights[groups];
    return status;
}

/* ---- all ---- */

ec_status ec_tax_sheet_make(ec_pricing_work *work, bool fee, ec_tax_sheet *sheet)
{
    *sheet = (ec_tax_sheet){.arena = work->arena, .rounding = work->in->policy->tax_rounding};
    /* Each group has one part of the fee at most, and there are no more groups than lines. */
    sheet->items = ec_arena_array(sheet->arena, 2 * work->lines_count + 1, sizeof(*sheet->items));
    if (sheet->items == NULL) return EC_NO_MEMORY;
    for (size_t i = 0; i < work->lines_count; i++)
        add_line(work, i, sheet);
    ec_status status = group_items(sheet);
    if (status != EC_OK || !fee || work->fee == 0) return status;
    if (work->in->policy->shipping_tax == EC_SHIPPING_TAX_WEIGHTED)
        status = add_weighted_fee(work, sheet);
    else
        add_own_fee(work, sheet);
    return status == EC_OK ? group_items(sheet) : status;
}

ec_status ec_tax_sheet_fill(ec_tax_sheet *sheet, const ec_tax_terms *terms)
{
    ec_status status = EC_OK;
    for (size_t i = 0; i < sheet->groups_count && status == EC_OK; i++)
        status = ec_tax_columns_make(sheet->arena, terms, &sheet->groups[i]);
    return status == EC_OK ? ec_tax_round(sheet) : status;
}
