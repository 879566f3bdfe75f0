/* SPDX-License-Identifier: MIT */
/*
 * outside.c - taxes that a service outside of the shop has computed.
 *
 * They are taken as they are: nothing is rounded again, spread or corrected, so what the service
 * reports to an authority is what the shopper pays. It refuses amounts below zero, lines that are
 * not there, and included taxes that are more than the price.
 */
#include <string.h>

#include "base/divide.h"
#include "tax/inside.h"

typedef struct ec_pricing_outside_tax outside_tax;

static bool fits(const ec_pricing_work *work, const outside_tax *tax)
{
    return tax->line >= 0 && (size_t)tax->line <= work->lines_count && tax->amount >= 0 &&
           tax->amount <= EC_AMOUNT_MAX && tax->rate >= 0;
}

static int64_t price_of(const ec_pricing_work *work, int64_t line)
{
    return line == 0 ? work->fee - work->fee_discount
                     : ec_pricing_left(&work->lines[(size_t)line - 1]);
}

/* What outside services say is inside of the price of a line or of the fee. */
static int64_t included_in(const ec_pricing_work *work, int64_t line)
{
    const ec_pricing *in = work->in;
    int64_t sum = 0;
    for (size_t i = 0; i < in->outside_taxes_count; i++) {
        const outside_tax *tax = &in->outside_taxes[i];
        if (tax->line != line || !tax->included) continue;
        if (__builtin_add_overflow(sum, tax->amount, &sum)) return INT64_MAX;
    }
    return sum;
}

static ec_status take(ec_pricing_work *work, const outside_tax *tax)
{
    if (!fits(work, tax)) return EC_INVALID;
    if (tax->included && included_in(work, tax->line) > price_of(work, tax->line))
        return EC_INVALID;
    if (tax->line == 0) return EC_OK;
    ec_pricing_state *line = &work->lines[(size_t)tax->line - 1];
    int64_t *sum = tax->included ? &line->tax_included : &line->tax_added;
    if (__builtin_add_overflow(*sum, tax->amount, sum) || *sum > EC_AMOUNT_MAX) return EC_OVERFLOW;
    return EC_OK;
}

static ec_status explain(ec_pricing_work *work, const outside_tax *tax)
{
    ec_quote_adjustment *adjustment = ec_pricing_adjust(work, EC_ADJUST_TAX);
    if (adjustment == NULL) return EC_NO_MEMORY;
    adjustment->line = tax->line;
    adjustment->amount = tax->amount;
    adjustment->base = price_of(work, tax->line);
    adjustment->rate = tax->rate;
    adjustment->source = "outside";
    adjustment->label = tax->name;
    adjustment->included = tax->included;
    adjustment->tax_included = tax->included ? tax->amount : 0;
    return EC_OK;
}

static bool same_text(const char *a, const char *b)
{
    return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

/* One row of the invoice for all that have name, code, rate and manner in common. */
static ec_status sum_up(ec_pricing_work *work, size_t first, const outside_tax *tax)
{
    ec_quote *quote = work->quote;
    ec_quote_tax *row = NULL;
    for (size_t i = first; i < quote->taxes_count && row == NULL; i++) {
        ec_quote_tax *one = &quote->taxes[i];
        if (same_text(one->name, tax->name) && same_text(one->code, tax->code) &&
            one->rate == tax->rate && one->included == tax->included)
            row = one;
    }
    if (row == NULL) {
        row = ec_pricing_tax(work);
        if (row == NULL) return EC_NO_MEMORY;
        row->name = tax->name;
        row->code = tax->code;
        row->rate = tax->rate;
        row->included = tax->included;
    }
    int64_t net = price_of(work, tax->line) - included_in(work, tax->line);
    if (__builtin_add_overflow(row->base, net, &row->base) ||
        __builtin_add_overflow(row->amount, tax->amount, &row->amount))
        return EC_OVERFLOW;
    return EC_OK;
}

/* The included tax of what a line gave up or gives, in the proportion of what is paid for it. */
static ec_status share(ec_pricing_work *work)
{
    ec_status status = EC_OK;
    for (size_t i = 0; i < work->quote->adjustments_count && status == EC_OK; i++) {
        ec_quote_adjustment *one = &work->quote->adjustments[i];
        int64_t price = 0;
        if (one->kind == EC_ADJUST_TAX || one->kind == EC_ADJUST_ROUNDING || one->line < 0 ||
            (size_t)one->line > work->lines_count)
            continue;
        price = price_of(work, one->line);
        if (price > 0)
            status = ec_divide(one->amount, included_in(work, one->line), price,
                               work->in->policy->tax_rounding, &one->tax_included);
    }
    return status;
}

ec_status ec_tax_outside(ec_pricing_work *work, bool all)
{
    const ec_pricing *in = work->in;
    size_t first = work->quote != NULL ? work->quote->taxes_count : 0;
    ec_status status = EC_OK;
    for (size_t i = 0; i < in->outside_taxes_count && status == EC_OK; i++) {
        const outside_tax *tax = &in->outside_taxes[i];
        if (!all && tax->line == 0) continue;
        status = take(work, tax);
        if (status == EC_OK && all) status = sum_up(work, first, tax);
        if (status == EC_OK && all && tax->amount != 0) status = explain(work, tax);
    }
    return status == EC_OK && all ? share(work) : status;
}
