/* SPDX-License-Identifier: MIT */
/*
 * compute.c - the taxes of a quote: whose rates hold, what they come to, and how that is told.
 *
 * Three ways lead here: the rates of the address's zone; the tax at home taken out and that of the
 * place put on (policy tax_keep); a buyer who pays none. Pure: no session, no storage, no clock.
 * It refuses to change a price: what is included stays inside, what is taken out is an adjustment
 * with its reason, and never more than is paid.
 */
#include <string.h>

#include "base/divide.h"
#include "model/model.h"
#include "price/rules.h"
#include "tax/answers.h"
#include "tax/inside.h"

typedef struct plan {
    ec_pricing_work *work;
    ec_tax_terms terms; /* of the place */
    ec_id home_id;      /* whose included taxes come out first, or 0 */
    const char *note;   /* why the buyer pays none, or NULL */
    const char *source; /* the same, as source of what is taken out; NULL: nothing is */
    bool all;           /* fee and adjustments too */
    int64_t *left;      /* what can still be taken out of each line and, behind them, the fee */
    ec_tax_sheet home;
    ec_tax_sheet place; /* its items are the same ones in the same order */
} plan;

/* ---- whose rates ---- */

static bool has_country(const ec_address *address)
{
    return address != NULL && address->country != NULL;
}

const ec_address *ec_tax_address_of(const ec_pricing *in)
{
    const ec_address *first = in->shipping_address, *second = in->billing_address;
    if (in->policy != NULL && in->policy->tax_address == EC_TAX_BY_BILLING) {
        first = in->billing_address;
        second = in->shipping_address;
    }
    if (has_country(first)) return first;
    return has_country(second) ? second : NULL;
}

static ec_id zone_of(const ec_pricing_work *work)
{
    ec_id zone = 0;
    if (work->rules != NULL)
        zone = ec_zone_of(&work->rules->taxes, EC_ZONE_FOR_TAX, ec_tax_address_of(work->in));
    return zone != 0 ? zone : work->in->default_tax_zone_id;
}

static void choose(plan *p)
{
    const ec_pricing *in = p->work->in;
    const ec_policy *policy = in->policy;
    p->terms = (ec_tax_terms){
        .book = p->work->rules != NULL ? &p->work->rules->taxes : NULL,
        .zone_id = zone_of(p->work),
        .now = in->now,
        .level = policy->tax_level,
    };
    if (in->customer.tax_exempt)
        p->note = "exempt";
    else if (in->customer.reverse_charge)
        p->note = "reverse_charge";
    bool gross = p->note != NULL && policy->exempt_pays_gross;
    if (p->note != NULL && !gross)
        p->source = in->customer.tax_exempt ? "exemption" : "reverse_charge";
    if (policy->tax_keep == EC_TAX_KEEP_NET && !gross &&
        p->terms.zone_id != in->default_tax_zone_id)
        p->home_id = in->default_tax_zone_id;
}

/* ---- what they come to ---- */

/* Take the tax at home out of the bases of the place. */
static ec_status leave_home(plan *p)
{
    ec_tax_terms terms = p->terms;
    ec_tax_sheet *home = &p->home;
    terms.zone_id = p->home_id;
    *home = p->place;
    home->items = ec_arena_array(home->arena, home->items_count, sizeof(*home->items));
    home->groups = ec_arena_array(home->arena, home->groups_count, sizeof(*home->groups));
    if (home->items == NULL || home->groups == NULL) return EC_NO_MEMORY;
    memcpy(home->items, p->place.items, home->items_count * sizeof(*home->items));
    memcpy(home->groups, p->place.groups, home->groups_count * sizeof(*home->groups));
    ec_status status = ec_tax_sheet_fill(home, &terms);
    for (size_t g = 0; g < home->groups_count; g++)
        p->place.groups[g].net = home->groups[g].part > 0;
    for (size_t i = 0; i < home->items_count; i++)
        p->place.items[i].base = home->items[i].net;
    return status;
}

static ec_status fill(plan *p)
{
    ec_pricing_work *work = p->work;
    size_t lines = work->lines_count;
    p->left = ec_arena_array(work->arena, lines + 1, sizeof(*p->left));
    if (p->left == NULL) return EC_NO_MEMORY;
    for (size_t i = 0; i < lines; i++)
        p->left[i] = ec_pricing_left(&work->lines[i]);
    p->left[lines] = work->fee - work->fee_discount;
    ec_status status = ec_tax_sheet_make(work, p->all, &p->place);
    if (status == EC_OK && p->home_id != 0) status = leave_home(p);
    return status == EC_OK ? ec_tax_sheet_fill(&p->place, &p->terms) : status;
}

/* ---- how they are told ---- */

/* One rate's tax on one item. */
typedef struct cell {
    const ec_tax_sheet *sheet;
    const ec_tax_group *group;
    const ec_tax_entry *item;
    ec_tax_column *column;
    int64_t amount;
} cell;

static bool is_exact(const cell *c)
{
    int64_t whole = 0, rest = 0;
    ec_status status =
        ec_divide_exact(c->item->base, c->column->factor, c->column->denominator, &whole, &rest);
    return status == EC_OK && rest == 0;
}

/* What a tax works on: the price it is inside of; else the net and, if compound, lower taxes. */
static int64_t base_of(const cell *c)
{
    int64_t base = c->column->included ? c->item->base : c->item->net;
    size_t index = (size_t)(c->item - c->sheet->items) - c->group->items_from;
    if (c->column->included || !c->column->rule->compound) return base;
    for (const ec_tax_column *lower = c->group->columns; lower < c->column; lower++)
        if (lower->rule->priority < c->column->rule->priority) base += lower->amounts[index];
    return base;
}

/* signed amount, as it changes the total or lies in the price. */
static ec_status tell(const plan *p, const cell *c, int64_t amount, const char *source,
                      bool included)
{
    if (!p->all || amount == 0) return EC_OK;
    ec_quote_adjustment *adjustment = ec_pricing_adjust(p->work, EC_ADJUST_TAX);
    if (adjustment == NULL) return EC_NO_MEMORY;
    adjustment->line = c->item->line == EC_TAX_FEE ? 0 : (int64_t)c->item->line + 1;
    adjustment->amount = amount;
    adjustment->tax_included = included ? amount : 0;
    adjustment->base = base_of(c);
    adjustment->rate = c->column->rule->rate;
    if (source == NULL && c->column->source == NULL)
        c->column->source = ec_pricing_source(p->work, "tax_rate", c->column->rule->id);
    adjustment->source = source != NULL ? source : c->column->source;
    adjustment->label = c->column->rule->name;
    adjustment->rounding = is_exact(c) ? NULL : ec_rounding_names[c->sheet->rounding];
    adjustment->included = included;
    return EC_OK;
}

static ec_status charge(const plan *p, const cell *c)
{
    if (c->amount > EC_AMOUNT_MAX) return EC_OVERFLOW;
    if (c->item->line != EC_TAX_FEE) {
        ec_pricing_state *line = &p->work->lines[c->item->line];
        int64_t *sum = c->column->included ? &line->tax_included : &line->tax_added;
        *sum += c->amount;
        if (*sum > EC_AMOUNT_MAX) return EC_OVERFLOW;
    }
    return tell(p, c, c->amount, NULL, c->column->included);
}

static ec_status take_out(const plan *p, const cell *c, const char *source)
{
    size_t line = c->item->line == EC_TAX_FEE ? p->work->lines_count : c->item->line;
    int64_t amount = c->amount < p->left[line] ? c->amount : p->left[line];
    if (!c->column->included || source == NULL) return EC_OK;
    p->left[line] -= amount;
    if (c->item->line != EC_TAX_FEE) p->work->lines[line].tax_added -= amount;
    return tell(p, c, -amount, source, false);
}

static ec_status tell_item(const plan *p, const ec_tax_sheet *sheet, size_t index, bool home)
{
    const ec_tax_entry *item = &sheet->items[index];
    const ec_tax_group *group = &sheet->groups[item->group];
    ec_status status = EC_OK;
    for (size_t k = 0; k < group->columns_count && status == EC_OK; k++) {
        ec_tax_column *column = &group->columns[k];
        cell c = {sheet, group, item, column, column->amounts[index - group->items_from]};
        if (home)
            status = take_out(p, &c, "home_tax");
        else if (p->note != NULL)
            status = take_out(p, &c, p->source);
        else
            status = charge(p, &c);
    }
    return status;
}

static ec_status tell_both(const plan *p, size_t index)
{
    ec_status status = EC_OK;
    if (p->home_id != 0) status = tell_item(p, &p->home, index, true);
    return status == EC_OK ? tell_item(p, &p->place, index, false) : status;
}

/* Line by line as they stand in the cart, then the fee. */
static ec_status tell_all(const plan *p)
{
    size_t lines = p->work->lines_count;
    const ec_tax_sheet *sheet = &p->place;
    size_t *item_of = ec_arena_array(p->work->arena, lines, sizeof(*item_of));
    ec_status status = item_of != NULL ? EC_OK : EC_NO_MEMORY;
    for (size_t i = 0; i < sheet->items_count && status == EC_OK; i++)
        if (sheet->items[i].line != EC_TAX_FEE) item_of[sheet->items[i].line] = i + 1;
    for (size_t i = 0; i < lines && status == EC_OK; i++)
        if (item_of[i] != 0) status = tell_both(p, item_of[i] - 1);
    for (size_t i = 0; i < sheet->items_count && status == EC_OK; i++)
        if (sheet->items[i].line == EC_TAX_FEE) status = tell_both(p, i);
    return status;
}

/* The rows of the invoice. */
static ec_status sum_group(const plan *p, const ec_tax_group *group)
{
    int64_t base = 0, price = 0;
    for (size_t i = 0; i < group->items_count; i++) {
        const ec_tax_entry *item = &p->place.items[group->items_from + i];
        price += item->base;
        /* Without its tax the whole price is the net, for a buyer who pays it all the same. */
        base += p->note != NULL && p->source == NULL ? item->base : item->net;
    }
    for (size_t k = 0; k < group->columns_count && price > 0; k++) {
        const ec_tax_column *column = &group->columns[k];
        ec_quote_tax *row = ec_pricing_tax(p->work);
        if (row == NULL) return EC_NO_MEMORY;
        row->tax_rate_id = column->rule->id;
        row->name = column->rule->name;
        row->code = column->rule->category;
        row->rate = column->rule->rate;
        row->base = base;
        row->included = column->included;
        row->note = p->note;
        for (size_t i = 0; i < group->items_count && p->note == NULL; i++)
            row->amount += column->amounts[i];
    }
    return EC_OK;
}

static ec_status sum_all(const plan *p)
{
    ec_status status = p->note == NULL ? ec_tax_share(p->work, &p->place) : EC_OK;
    for (size_t g = 0; g < p->place.groups_count && status == EC_OK; g++)
        status = sum_group(p, &p->place.groups[g]);
    return status;
}

/* ---- the stages ---- */

/* Do amounts from outside hold? Where a service has them and was not asked about this cart as it is
   now, the shop's rates are an estimate and no order can be made. */
static ec_status look_outside(ec_pricing_work *work, bool *out)
{
    const ec_pricing *in = work->in;
    char print[EC_SHA256_HEX];
    ec_status status = EC_OK;
    if (in->tax_provider == NULL) return EC_OK;
    if (in->tax_question != NULL) status = ec_tax_ask_about(work, in->tax_question);
    if (status == EC_OK) status = ec_tax_print(work, print);
    if (status != EC_OK) return status;
    *out =
        in->has_outside_taxes && in->outside_print != NULL && strcmp(print, in->outside_print) == 0;
    if (!*out && work->quote->problem == NULL) work->quote->problem = "no_tax_amounts";
    return EC_OK;
}

static ec_status run(ec_pricing_work *work, bool all)
{
    bool outside = work->in->has_outside_taxes && work->in->tax_provider == NULL;
    plan p = {.work = work, .all = all};
    for (size_t i = 0; i < work->lines_count; i++)
        work->lines[i].tax_added = work->lines[i].tax_included = 0;
    ec_status status = all ? look_outside(work, &outside) : EC_OK;
    if (status != EC_OK) return status;
    if (outside) return ec_tax_outside(work, all);
    choose(&p);
    if (all) work->quote->tax_zone_id = p.terms.zone_id;
    status = fill(&p);
    if (status == EC_OK) status = tell_all(&p);
    if (status == EC_OK && all) status = sum_all(&p);
    return status;
}

ec_status ec_tax_compute(ec_pricing_work *work)
{
    return run(work, true);
}

ec_status ec_tax_compute_lines(ec_pricing_work *work)
{
    return run(work, false);
}
