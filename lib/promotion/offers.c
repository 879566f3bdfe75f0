/* SPDX-License-Identifier: MIT */
/*
 * offers.c - the promotions of a cart before any of them works: whose code is there, what is used
 * up, what is not yet or no longer.
 *
 * A promotion that needs a code is not spoken of without one; with one it is, whatever stands in
 * its way. It reads no counters: what is used up was read before, for the limited ones.
 */
#include <string.h>

#include "price/rules.h"
#include "promotion/inside.h"

static const ec_pricing_coupon *coupon_of(const ec_pricing *in, ec_id promotion_id)
{
    const ec_pricing_coupon *found = NULL;
    for (size_t i = 0; i < in->coupons_count; i++) {
        if (in->coupons[i].promotion_id != promotion_id) continue;
        if (in->coupons[i].problem == NULL) return &in->coupons[i]; /* one that may be used */
        if (found == NULL) found = &in->coupons[i];
    }
    return found;
}

static void look_at_usage(const ec_pricing *in, ec_offer *offer)
{
    offer->budget = INT64_MAX;
    for (size_t i = 0; i < in->usage_count; i++) {
        const ec_pricing_usage *usage = &in->usage[i];
        if (usage->promotion_id != offer->rule->id) continue;
        if (usage->rule != NULL) offer->reason = usage->rule;
        if (usage->budget_left >= 0 && usage->budget_left < offer->budget)
            offer->budget = usage->budget_left;
    }
    if (offer->budget <= 0 && offer->reason == NULL) offer->reason = "budget";
}

static const char *sentence(const char *reason)
{
    static const struct {
        const char *reason, *text;
    } texts[] = {
        {"used_up", "It was used as often as it may be."},
        {"customer_limit", "This customer used it as often as each one may."},
        {"budget", "What it may give away is spent."},
        {"expired", "It is over."},
        {"not_started", "It has not begun."},
        {"unknown_code", "There is no such code."},
    };
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        if (strcmp(texts[i].reason, reason) == 0) return texts[i].text;
    return "It cannot be used now.";
}

static void look_at_actions(ec_offer *offer)
{
    for (size_t i = 0; i < offer->rule->actions_count; i++) {
        const ec_promotion_verb *verb = &ec_promotion_actions[offer->rule->actions[i].verb];
        offer->has_items = offer->has_items || verb->items != NULL;
        offer->has_fee = offer->has_fee || verb->fee != NULL;
    }
}

/* false: it is not spoken of. */
static bool make_offer(const ec_pricing *in, const ec_promotion_rule *rule, ec_offer *offer)
{
    *offer = (ec_offer){.rule = rule, .coupon = coupon_of(in, rule->id)};
    if (rule->coupon && offer->coupon == NULL) return false;
    if (!rule->coupon) offer->coupon = NULL;
    if (ec_promotion_is_over(rule, in->now))
        offer->reason = "expired";
    else if (!ec_promotion_has_begun(rule, in->now))
        offer->reason = "not_started";
    if (offer->reason != NULL && offer->coupon == NULL) return false;
    if (offer->coupon != NULL && offer->coupon->problem != NULL)
        offer->reason = offer->coupon->problem;
    look_at_usage(in, offer);
    look_at_actions(offer);
    if (offer->reason != NULL) offer->message = sentence(offer->reason);
    return true;
}

ec_status ec_offers_make(ec_pricing_work *work, ec_offers *out)
{
    const ec_promotion_rule **rules = NULL;
    size_t count = 0;
    *out = (ec_offers){0};
    if (work->rules == NULL) return EC_OK;
    ec_status status = ec_promotion_candidates(&work->rules->promotions, work->in, false,
                                               work->arena, &rules, &count);
    if (status != EC_OK) return status;
    out->items = ec_arena_array(work->arena, count + 1, sizeof(*out->items));
    if (out->items == NULL) return EC_NO_MEMORY;
    for (size_t i = 0; i < count; i++)
        if (make_offer(work->in, rules[i], &out->items[out->count])) out->count++;
    return EC_OK;
}

/* ---- what the quote says of them ---- */

static ec_status tell(ec_pricing_work *work, const ec_offer *offer)
{
    ec_quote_promotion *row = ec_pricing_promotion(work);
    if (row == NULL) return EC_NO_MEMORY;
    row->promotion_id = offer->rule->id;
    row->name = offer->rule->name;
    row->amount = offer->taken;
    row->applied = offer->accepted && offer->reason == NULL;
    row->rule = offer->reason;
    row->message = offer->message;
    if (offer->coupon == NULL) return EC_OK;
    row->coupon_id = offer->coupon->coupon_id;
    row->code = offer->coupon->code;
    return EC_OK;
}

static bool is_told(const ec_offers *offers, const ec_pricing_coupon *coupon)
{
    for (size_t i = 0; i < offers->count; i++)
        if (offers->items[i].coupon == coupon) return true;
    return false;
}

/* Why a code led to nothing that was looked at. */
static void explain_code(const ec_pricing_work *work, const ec_pricing_coupon *coupon,
                         ec_quote_promotion *row)
{
    const ec_promotion_rule *rule = NULL;
    if (work->rules != NULL && coupon->promotion_id != 0)
        rule = ec_promotion_with_code(&work->rules->promotions, coupon->promotion_id);
    row->rule = coupon->problem != NULL ? coupon->problem : "expired";
    if (coupon->promotion_id == 0 && coupon->problem == NULL) row->rule = "unknown_code";
    row->message = sentence(row->rule);
    if (rule == NULL) return;
    row->name = rule->name;
    if (coupon->problem != NULL) return;
    row->rule = ec_promotion_is_here(rule, work->in) ? "no_effect" : "condition";
    row->message = ec_promotion_is_here(rule, work->in)
                       ? "Another code of the same promotion is there."
                       : "It is not for this channel.";
}

/* A code of no promotion that could be looked at. */
static ec_status tell_code(ec_pricing_work *work, const ec_pricing_coupon *coupon)
{
    ec_quote_promotion *row = ec_pricing_promotion(work);
    if (row == NULL) return EC_NO_MEMORY;
    row->promotion_id = coupon->promotion_id;
    row->coupon_id = coupon->coupon_id;
    row->name = row->code = coupon->code;
    explain_code(work, coupon, row);
    return EC_OK;
}

ec_status ec_offers_tell(ec_pricing_work *work, const ec_offers *offers)
{
    ec_status status = EC_OK;
    for (size_t i = 0; i < offers->count && status == EC_OK; i++)
        status = tell(work, &offers->items[i]);
    for (size_t i = 0; i < work->in->coupons_count && status == EC_OK; i++)
        if (!is_told(offers, &work->in->coupons[i]))
            status = tell_code(work, &work->in->coupons[i]);
    return status;
}
