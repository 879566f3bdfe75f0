/* SPDX-License-Identifier: MIT */
/*
 * compute.c - which ways to ship fit, and the fee of the chosen one.
 *
 * A pure stage of pricing. Without an address nothing is known of the place, so the first method
 * that fits otherwise is an estimate. A method that was asked for and does not fit is not refused:
 * the first fitting one takes its place, and the quote says that it was not asked for. A shop
 * without any method does not manage shipping here; nothing stands in the way of its orders.
 */
#include <string.h>

#include "price/rules.h"
#include "shipping/inside.h"

/* What the stage knows. */
typedef struct stage {
    ec_pricing_work *work;
    const ec_shipping_book *book;
    const ec_address *address; /* where it goes, or NULL */
    ec_shipping_goods goods;
    size_t *methods; /* of the quote's entries: which one of the book */
    ec_shipping_fee *fees;
} stage;

/* ---- what fits ---- */

static bool in_channel(const ec_shipping_rule *method, ec_id channel_id)
{
    bool found = method->channels_count == 0;
    for (size_t i = 0; i < method->channels_count && !found; i++)
        found = method->channels[i] == channel_id;
    return found;
}

static bool in_zone(const stage *at, const ec_shipping_rule *method)
{
    if (method->zone_id == 0 || at->address == NULL) return true;
    return ec_zone_has(&at->work->rules->taxes, method->zone_id, at->address);
}

/* At least one, all or none of what is sent is of the category. */
static bool category_holds(const ec_pricing_work *work, const ec_shipping_rule *method)
{
    bool any = false;
    bool all = true;
    if (method->category == NULL) return true;
    for (size_t i = 0; i < work->lines_count; i++) {
        const ec_pricing_line *line = work->lines[i].in;
        if (!line->requires_shipping) continue;
        bool is = line->shipping_category != NULL &&
                  strcmp(line->shipping_category, method->category) == 0;
        any = any || is;
        all = all && is;
    }
    switch (method->category_rule) {
    case EC_SHIPPING_ANY: return any;
    case EC_SHIPPING_ALL: return all;
    case EC_SHIPPING_NONE: return !any;
    }
    return false;
}

static bool is_offered(const stage *at, const ec_shipping_rule *method)
{
    return method->is_active && in_channel(method, at->work->in->channel_id) &&
           in_zone(at, method) && category_holds(at->work, method) &&
           ec_rule_holds(method->condition, at->work, NULL);
}

/* ---- what it costs ---- */

/* The sum of a method's calls; what a single one was taken of stays readable. */
static ec_status fee_of(const stage *at, const ec_shipping_rule *method, ec_shipping_fee *out)
{
    int64_t sum = 0;
    int64_t parcels = 0;
    *out = (ec_shipping_fee){.unknown = method->calls_count == 0};
    for (size_t i = 0; i < method->calls_count; i++) {
        ec_status status = ec_shipping_fee_of(at->work, method, &at->goods, &method->calls[i], out);
        if (status != EC_OK || out->unknown) return status;
        sum += out->amount;
        if (sum > EC_AMOUNT_MAX) return EC_OVERFLOW;
        if (out->parcels > parcels) parcels = out->parcels;
    }
    if (method->calls_count > 1) *out = (ec_shipping_fee){.amount = sum, .base = sum};
    out->parcels = parcels;
    return EC_OK;
}

static ec_status offer(stage *at, size_t index)
{
    const ec_shipping_rule *method = &at->book->methods[index];
    ec_quote *quote = at->work->quote;
    const ec_pricing *in = at->work->in;
    ec_shipping_fee *fee = &at->fees[quote->shipping_count];
    if (!is_offered(at, method)) return EC_OK;
    ec_status status = fee_of(at, method, fee);
    if (status != EC_OK || fee->unknown) return status;
    if (fee->days_max == 0 && method->days_max > 0) {
        fee->days_min =
            ec_shipping_days(in->now, in->utc_offset_ms, method->cutoff_hour, method->days_min);
        fee->days_max =
            ec_shipping_days(in->now, in->utc_offset_ms, method->cutoff_hour, method->days_max);
    }
    at->methods[quote->shipping_count] = index;
    quote->shipping[quote->shipping_count++] =
        (ec_quote_shipping){.shipping_method_id = method->id,
                            .code = method->code,
                            .name = method->name,
                            .amount = fee->amount,
                            .parcels = fee->parcels,
                            .days_min = fee->days_min,
                            .days_max = fee->days_max,
                            .pickup_warehouse_id = method->pickup_warehouse_id};
    return EC_OK;
}

static ec_status list_offers(stage *at)
{
    ec_quote *quote = at->work->quote;
    ec_arena *arena = at->work->arena;
    size_t count = at->book->methods_count;
    ec_status status = EC_OK;
    quote->shipping = ec_arena_array(arena, count, sizeof(*quote->shipping));
    at->methods = ec_arena_array(arena, count, sizeof(*at->methods));
    at->fees = ec_arena_array(arena, count, sizeof(*at->fees));
    if (quote->shipping == NULL || at->methods == NULL || at->fees == NULL) return EC_NO_MEMORY;
    ec_shipping_weigh(at->work, &at->goods);
    for (size_t i = 0; i < count && status == EC_OK; i++)
        status = offer(at, i);
    return status;
}

/* ---- which one it is ---- */

/* The entry of the method that was asked for, or the first one. */
static size_t choose(const ec_quote *quote, const char *asked, bool *estimated)
{
    for (size_t i = 0; asked != NULL && i < quote->shipping_count; i++) {
        *estimated = false;
        if (strcmp(quote->shipping[i].code, asked) == 0) return i;
    }
    *estimated = true;
    return 0;
}

static ec_status explain(ec_pricing_work *work, const ec_shipping_fee *fee, const char *source,
                         const char *label)
{
    ec_quote_adjustment *adjustment = ec_pricing_adjust(work, EC_ADJUST_SHIPPING);
    if (adjustment == NULL || source == NULL) return EC_NO_MEMORY;
    work->fee = fee->amount;
    adjustment->amount = fee->amount;
    adjustment->base = fee->rate != 0 ? fee->base : fee->amount;
    adjustment->rate = fee->rate;
    adjustment->rounding = fee->rounding;
    adjustment->source = source;
    adjustment->label = label;
    return EC_OK;
}

/* A fee that was set by hand goes before every other one. */
static ec_status explain_by_hand(ec_pricing_work *work, const char *label)
{
    ec_shipping_fee fee = {.amount = work->in->shipping_amount};
    if (fee.amount > EC_AMOUNT_MAX) return EC_OVERFLOW;
    if (fee.amount == 0) return EC_OK;
    return explain(work, &fee, "manual", label);
}

static ec_status take(stage *at)
{
    ec_pricing_work *work = at->work;
    bool estimated = false;
    size_t index = choose(work->quote, work->in->shipping_method, &estimated);
    ec_quote_shipping *chosen = &work->quote->shipping[index];
    const ec_shipping_rule *method = &at->book->methods[at->methods[index]];
    chosen->chosen = true;
    chosen->estimated = estimated;
    work->shipping_method_id = method->id;
    work->shipping_method = method->code;
    work->shipping_tax_category = method->tax_category;
    if (work->in->shipping_amount >= 0) return explain_by_hand(work, method->name);
    return explain(work, &at->fees[index], ec_pricing_source(work, "shipping_method", method->id),
                   method->name);
}

static bool is_anything_sent(const ec_pricing_work *work)
{
    bool sent = false;
    for (size_t i = 0; i < work->lines_count && !sent; i++)
        sent = work->lines[i].in->requires_shipping;
    return sent;
}

/* Where the goods go: the billing address serves when it is the only one. */
static const ec_address *place_of(const ec_pricing *in)
{
    const ec_address *address =
        in->shipping_address != NULL ? in->shipping_address : in->billing_address;
    return address != NULL && address->country != NULL ? address : NULL;
}

ec_status ec_shipping_compute(ec_pricing_work *work)
{
    stage at = {.work = work, .address = place_of(work->in)};
    bool by_hand = work->in->shipping_amount >= 0;
    at.book = work->rules != NULL ? &work->rules->shipping : NULL;
    work->quote->needs_shipping = is_anything_sent(work);
    if (at.book == NULL || at.book->methods_count == 0 || !work->quote->needs_shipping)
        return by_hand ? explain_by_hand(work, "Shipping") : EC_OK;
    ec_status status = list_offers(&at);
    if (status != EC_OK) return status;
    if (work->quote->shipping_count > 0) return take(&at);
    if (by_hand) return explain_by_hand(work, "Shipping");
    work->quote->problem = "no_shipping_method";
    return EC_OK;
}
