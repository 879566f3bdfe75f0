/* SPDX-License-Identifier: MIT */
/*
 * compute.c - from lines, context and rules to a quote: the stages in their order, and the sums.
 *
 * The one place where totals are computed, for carts, orders and quotes alike. Pure: no session, no
 * storage, no clock. At the end the sums are compared with the adjustments that explain them; a
 * quote that cannot explain its total is refused (EC_CORRUPT), as is input that is none, and every
 * amount that leaves its range.
 */
#include <string.h>

#include "model/model.h"
#include "price/pricing.h"
#include "price/rules.h"

static const ec_policy plain;

static bool in_range(int64_t amount)
{
    return amount >= 0 && amount <= EC_AMOUNT_MAX;
}

/* price * quantity within the range of amounts. */
static bool times(int64_t price, int64_t quantity, int64_t *out)
{
    return !__builtin_mul_overflow(price, quantity, out) && in_range(*out);
}

/* ---- the beginning ---- */

static ec_status begin_line(const ec_pricing_line *in, ec_pricing_state *line)
{
    *line = (ec_pricing_state){.in = in, .quantity = in->quantity, .unit_price = in->price};
    if (in->quantity < 1 || in->price < 0 || in->original_price < 0 || in->minimum_price < 0)
        return EC_INVALID;
    if (in->quantity > EC_QUANTITY_MAX) return EC_OVERFLOW; /* of things for nothing, too */
    line->discounted = in->original_price > in->price;
    if (!times(in->price, in->quantity, &line->price)) return EC_OVERFLOW;
    return times(in->minimum_price, in->quantity, &line->floor) ? EC_OK : EC_OVERFLOW;
}

static ec_status begin(ec_pricing_work *work, int64_t *bad)
{
    const ec_pricing *in = work->in;
    work->quote = ec_arena_alloc(work->arena, sizeof(*work->quote));
    work->lines_capacity = in->lines_count + 4;
    work->lines = ec_arena_array(work->arena, work->lines_capacity, sizeof(*work->lines));
    if (work->quote == NULL || work->lines == NULL) return EC_NO_MEMORY;
    *work->quote =
        (ec_quote){.channel_id = in->channel_id, .currency = in->currency, .priced_at = in->now};
    for (size_t i = 0; i < in->lines_count; i++) {
        ec_status status = begin_line(&in->lines[i], &work->lines[i]);
        *bad = (int64_t)i + 1;
        if (status != EC_OK) return status;
        work->quote->needs_shipping = work->quote->needs_shipping || in->lines[i].requires_shipping;
    }
    work->lines_count = in->lines_count;
    *bad = 0;
    return EC_OK;
}

/* The lines' prices after catalogue promotions, and that together they are an amount. */
static ec_status price_lines(ec_pricing_work *work, int64_t *bad)
{
    int64_t sum = 0;
    for (size_t i = 0; i < work->lines_count; i++) {
        ec_pricing_state *line = &work->lines[i];
        if (!times(line->unit_price, line->quantity, &line->price)) {
            *bad = (int64_t)i + 1;
            return EC_OVERFLOW;
        }
        sum += line->price; /* fewer lines than would leave 64 bits */
        if (!in_range(sum)) return EC_OVERFLOW;
    }
    return EC_OK;
}

/* ---- the end ---- */

/* Is the code one of the comma-separated ones? */
static bool is_listed(const char *list, const char *code)
{
    size_t length = strlen(code);
    while (*list != '\0') {
        list += strspn(list, ", ");
        size_t part = strcspn(list, ", ");
        if (part == length && memcmp(list, code, length) == 0) return true;
        list += part;
    }
    return false;
}

static ec_status round_cash(ec_pricing_work *work)
{
    const ec_policy *policy = work->in->policy;
    ec_quote *quote = work->quote;
    const char *methods = policy->cash_methods != NULL ? policy->cash_methods : "cash";
    const char *method = work->in->payment_method;
    int64_t rounded = 0;
    if (policy->cash_step < 2 || method == NULL || !is_listed(methods, method)) return EC_OK;
    ec_status status =
        ec_divide(quote->total_amount, 1, policy->cash_step, policy->cash_rounding, &rounded);
    if (status == EC_OK && __builtin_mul_overflow(rounded, policy->cash_step, &rounded))
        status = EC_OVERFLOW;
    if (status != EC_OK || rounded == quote->total_amount) return status;
    ec_quote_adjustment *adjustment = ec_pricing_adjust(work, EC_ADJUST_ROUNDING);
    if (adjustment == NULL) return EC_NO_MEMORY;
    quote->rounding_amount = rounded - quote->total_amount;
    adjustment->amount = quote->rounding_amount;
    adjustment->base = quote->total_amount;
    adjustment->source = "cash";
    adjustment->label = "Cash rounding";
    adjustment->rounding = ec_rounding_names[policy->cash_rounding];
    quote->total_amount = rounded;
    return in_range(rounded) ? EC_OK : EC_OVERFLOW;
}

/* The price that the present one is shown as a discount of; 0: there is no discount. */
static int64_t original_of(const ec_pricing_state *line)
{
    int64_t original =
        line->in->original_price > line->in->price ? line->in->original_price : line->in->price;
    return original > line->unit_price ? original : 0;
}

static void finish_line(const ec_pricing_state *line, int64_t position, ec_quote_line *out)
{
    const ec_pricing_line *in = line->in;
    int64_t original = original_of(line);
    *out = (ec_quote_line){
        .position = position,
        .product_id = in->product_id,
        .variant_id = in->variant_id,
        .quantity = line->quantity,
        .base_price = in->price,
        .original_price = original,
        .prior_price = original > 0 ? in->prior_price : 0,
        .unit_price = line->unit_price,
        .price = line->price,
        .unit_discount = line->unit_discount,
        .subtotal = line->price - line->unit_discount,
        .order_discount = line->order_discount,
        .tax_amount = line->tax_added,
        .tax_included = line->tax_included,
        .total = ec_pricing_left(line) + line->tax_added,
        .sku = in->sku,
        .name = in->name,
        .gift = line->gift,
    };
}

/* What adjustments of taxes come to, on lines and fee. */
static void sum_taxes(ec_quote *quote)
{
    for (size_t i = 0; i < quote->adjustments_count; i++) {
        const ec_quote_adjustment *tax = &quote->adjustments[i];
        if (tax->kind != EC_ADJUST_TAX) continue;
        if (tax->included)
            quote->tax_included += tax->amount;
        else
            quote->tax_amount += tax->amount;
        if (tax->line == 0) quote->shipping_tax += tax->amount;
    }
}

static ec_status sum_up(ec_pricing_work *work, int64_t *bad)
{
    ec_quote *quote = work->quote;
    quote->lines = ec_arena_array(work->arena, work->lines_count, sizeof(*quote->lines));
    quote->policy = ec_arena_alloc(work->arena, sizeof(*quote->policy));
    if (quote->lines == NULL || quote->policy == NULL) return EC_NO_MEMORY;
    *quote->policy = *work->in->policy;
    quote->lines_count = work->lines_count;
    for (size_t i = 0; i < work->lines_count; i++) {
        const ec_pricing_state *line = &work->lines[i];
        finish_line(line, (int64_t)i + 1, &quote->lines[i]);
        quote->subtotal += line->price;
        quote->discount_amount += line->unit_discount + line->order_discount;
        *bad = (int64_t)i + 1;
        if (!in_range(quote->lines[i].total) || !in_range(quote->subtotal)) return EC_OVERFLOW;
    }
    *bad = 0;
    quote->shipping_fee = work->fee;
    quote->shipping_discount = work->fee_discount;
    quote->shipping_amount = work->fee - work->fee_discount;
    sum_taxes(quote);
    quote->total_amount =
        quote->subtotal - quote->discount_amount + quote->shipping_amount + quote->tax_amount;
    return in_range(work->fee) && in_range(quote->total_amount) ? round_cash(work) : EC_OVERFLOW;
}

/* ---- what must hold of every quote ---- */

typedef struct explained {
    int64_t total, discount, fee, fee_discount;
} explained;

static void explain_one(const ec_quote_adjustment *one, explained *sums)
{
    if (one->kind == EC_ADJUST_CATALOG || one->included) return;
    sums->total += one->amount;
    if (one->kind == EC_ADJUST_UNIT || one->kind == EC_ADJUST_ORDER) sums->discount -= one->amount;
    if (one->kind == EC_ADJUST_SHIPPING) sums->fee += one->amount;
    if (one->kind == EC_ADJUST_SHIPPING_DISCOUNT) sums->fee_discount -= one->amount;
}

/* Every cent has an adjustment, and no line or fee gave more than it had. */
static bool is_explained(const ec_quote *quote)
{
    explained sums = {.total = quote->subtotal};
    for (size_t i = 0; i < quote->adjustments_count; i++)
        explain_one(&quote->adjustments[i], &sums);
    for (size_t i = 0; i < quote->lines_count; i++)
        if (quote->lines[i].unit_discount < 0 || quote->lines[i].order_discount < 0 ||
            quote->lines[i].subtotal < quote->lines[i].order_discount)
            return false;
    return sums.total == quote->total_amount && sums.discount == quote->discount_amount &&
           sums.fee == quote->shipping_fee && sums.fee_discount == quote->shipping_discount &&
           quote->shipping_amount >= 0;
}

/* ---- the stages ---- */

static ec_status run_stages(ec_pricing_work *work, int64_t *bad)
{
    ec_status status = begin(work, bad);
    if (status == EC_OK) status = ec_promotion_catalog(work);
    if (status == EC_OK) status = price_lines(work, bad);
    if (status == EC_OK) status = ec_promotion_items(work);
    for (size_t i = work->in->lines_count; status == EC_OK && i < work->lines_count; i++)
        work->quote->needs_shipping =
            work->quote->needs_shipping || work->lines[i].in->requires_shipping;
    if (status == EC_OK) status = ec_tax_compute_lines(work); /* for rules of shipping */
    if (status == EC_OK) status = ec_shipping_compute(work);
    if (status == EC_OK) status = ec_promotion_shipping(work);
    if (status == EC_OK) status = ec_tax_compute(work);
    return status == EC_OK ? sum_up(work, bad) : status;
}

ec_status ec_price_compute(ec_arena *arena, const ec_rules *rules, const ec_pricing *in,
                           ec_quote **out, int64_t *bad)
{
    ec_pricing input = *in;
    int64_t ignored = 0;
    ec_pricing_work work = {.in = &input, .rules = rules, .arena = arena};
    if (bad == NULL) bad = &ignored;
    *bad = 0;
    *out = NULL;
    if (input.policy == NULL) input.policy = &plain;
    ec_status status = run_stages(&work, bad);
    if (status == EC_OK && arena->failed) status = EC_NO_MEMORY;
    if (status == EC_OK && !is_explained(work.quote)) status = EC_CORRUPT;
    if (status == EC_OK) *out = work.quote;
    return status;
}
