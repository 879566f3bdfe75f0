/* SPDX-License-Identifier: MIT */
/*
 * stack.c - which promotions apply together, and in which order.
 *
 * One after the other in the order of lanes and priorities, each tested on what the earlier ones
 * left. An exclusive one that can apply keeps others out; of those that compete in a lane only the
 * best applies, for the cart or for each line; tags must agree with all that applied; one that
 * stops ends it; one that takes nothing off is not applied. It refuses to look at a promotion that
 * has a reason already.
 */
#include <string.h>

#include "promotion/inside.h"

typedef struct stack {
    ec_pricing_work *work;
    ec_offers *offers;
    bool stopped;
    bool choosy;               /* one that applied does not go with all */
    ec_pricing_work *estimate; /* with a fee, of the present contest; NULL: not needed yet */
} stack;

static void refuse(ec_offer *offer, const char *reason, const char *message)
{
    offer->reason = reason;
    offer->message = message;
}

/* Does its condition hold now? */
static bool holds(stack *s, ec_offer *offer)
{
    const ec_rule *failed = NULL;
    if (ec_rule_holds(offer->rule->condition, s->work, &failed)) return true;
    const char *text =
        failed == NULL || failed->text == NULL
            ? "Its condition does not hold."
            : ec_arena_printf(s->work->arena, "This does not hold: %s", failed->text);
    refuse(offer, "condition", text);
    return false;
}

/* Could it do anything, as far as is known before the fee is? */
static bool has_effect(const stack *s, const ec_offer *offer)
{
    int64_t by_hand = s->work->in->shipping_amount;
    bool fee = by_hand < 0 ? s->work->quote->needs_shipping : by_hand > 0;
    return offer->taken > 0 || offer->given || (offer->has_fee && fee);
}

static void refuse_effect(ec_offer *offer)
{
    if (offer->no_amount)
        refuse(offer, "no_amount", "It states no amount for this channel and currency.");
    else if (offer->no_gift)
        refuse(offer, "no_effect", "What it gives is not to be had now.");
    else if (offer->no_budget)
        refuse(offer, "budget", "What it may give away does not pay for its gift.");
    else
        refuse(offer, "no_effect", "It takes nothing off.");
}

/* Let it take from an estimated fee. */
static ec_status try_fee(stack *s, ec_offer *offer)
{
    ec_status status = EC_OK;
    if (s->estimate == NULL) {
        s->estimate = ec_arena_alloc(s->work->arena, sizeof(*s->estimate));
        if (s->estimate == NULL) return EC_NO_MEMORY;
        status = ec_price_estimate(s->work, s->estimate);
    }
    if (status == EC_OK) status = ec_trial_fee(s->estimate, &s->offers->bench, offer);
    s->estimate->fee_discount = 0;
    return status;
}

/* Let it work and go back. What it would take, -1 when it does not apply. */
static ec_status try_offer(stack *s, ec_offer *offer, int64_t *benefit)
{
    ec_status status = ec_trial_try(s->work, &s->offers->bench, offer);
    bool effect = status == EC_OK && has_effect(s, offer);
    if (effect && offer->has_fee) status = try_fee(s, offer);
    *benefit = effect && status == EC_OK ? offer->taken : -1;
    ec_offer_undo(offer);
    return status;
}

/* ---- together with others ---- */

static bool has_tag(const ec_promotion_rule *rule, const char *tag)
{
    for (size_t i = 0; i < rule->tags_count; i++)
        if (strcmp(rule->tags[i], tag) == 0) return true;
    return false;
}

static bool goes_with(const ec_promotion_rule *rule, const ec_promotion_rule *other)
{
    if (rule->combines_count == 0) return true;
    for (size_t i = 0; i < rule->combines_count; i++)
        if (has_tag(other, rule->combines_with[i])) return true;
    return false;
}

static bool combines(const stack *s, const ec_offer *offer)
{
    if (!s->choosy && offer->rule->combines_count == 0) return true;
    for (size_t i = 0; i < s->offers->count; i++) {
        const ec_offer *other = &s->offers->items[i];
        if (other == offer || !other->accepted) continue;
        if (!goes_with(offer->rule, other->rule) || !goes_with(other->rule, offer->rule))
            return false;
    }
    return true;
}

/* Everything but its effect. */
static bool may_apply(stack *s, ec_offer *offer)
{
    if (offer->reason != NULL || offer->accepted) return false;
    if (s->stopped) {
        refuse(offer, "stopped", "An earlier promotion lets no other follow.");
        return false;
    }
    if (!combines(s, offer)) {
        refuse(offer, "combination", "It does not go with a promotion that applied before.");
        return false;
    }
    return holds(s, offer);
}

static ec_status accept(stack *s, ec_offer *offer)
{
    s->stopped = s->stopped || offer->rule->stops;
    s->choosy = s->choosy || offer->rule->combines_count > 0;
    return ec_offer_accept(s->work, offer);
}

static ec_status apply(stack *s, ec_offer *offer)
{
    size_t lines = s->work->lines_count;
    ec_status status = ec_trial_items(s->work, &s->offers->bench, offer);
    if (status != EC_OK) return status;
    if (has_effect(s, offer)) return accept(s, offer);
    s->work->lines_count = lines;
    refuse_effect(offer);
    return EC_OK;
}

/* ---- the exclusive one ---- */

/* The first one that can apply; of the lane that begins there, or of all. */
static ec_status find_exclusive(stack *s, size_t first, bool lane, ec_offer **out)
{
    ec_status status = EC_OK;
    *out = NULL;
    s->estimate = NULL;
    for (size_t i = first; i < s->offers->count && status == EC_OK && *out == NULL; i++) {
        ec_offer *offer = &s->offers->items[i];
        int64_t benefit = -1;
        if (lane && offer->rule->lane != s->offers->items[first].rule->lane) break;
        if (!offer->rule->exclusive || offer->reason != NULL || !combines(s, offer)) continue;
        if (!ec_rule_holds(offer->rule->condition, s->work, NULL)) continue;
        status = try_offer(s, offer, &benefit);
        if (benefit > 0 || (benefit == 0 && !offer->has_fee)) *out = offer;
    }
    return status;
}

static void exclude(stack *s, const ec_offer *only, bool lane)
{
    bool fees_stay = s->work->in->policy->exclusion == EC_EXCLUDES_ITEMS;
    for (size_t i = 0; i < s->offers->count; i++) {
        ec_offer *offer = &s->offers->items[i];
        if (offer == only || offer->reason != NULL) continue;
        if (lane && offer->rule->lane != only->rule->lane) continue;
        if (fees_stay && !offer->has_items) continue;
        refuse(offer, "exclusive", "An exclusive promotion applies.");
    }
}

/* Before offer `at`: one for the cart at its beginning, or one where each lane begins. */
static ec_status exclude_others(stack *s, size_t at)
{
    ec_offer *only = NULL;
    const ec_offer *items = s->offers->items;
    bool lane = s->work->in->policy->exclusion == EC_EXCLUDES_LANE;
    bool begins = at == 0 || (lane && items[at].rule->lane != items[at - 1].rule->lane);
    if (!begins || s->stopped) return EC_OK;
    ec_status status = find_exclusive(s, at, lane, &only);
    if (status == EC_OK && only != NULL) exclude(s, only, lane);
    return status;
}

/* ---- the best one ---- */

static bool is_free(const ec_offer *offer)
{
    return offer->reason == NULL && !offer->accepted;
}

static bool is_rival(const ec_offer *offer, int64_t lane, bool all)
{
    const ec_promotion_rule *rule = offer->rule;
    return is_free(offer) &&
           (all || (rule->competes && !rule->competes_by_line && rule->lane == lane));
}

/* Of the rivals from `first` on the best applies, the others do not. */
static ec_status apply_best(stack *s, size_t first, bool all)
{
    int64_t lane = s->offers->items[first].rule->lane, most = -1;
    ec_offer *best = NULL;
    ec_status status = EC_OK;
    s->estimate = NULL;
    for (size_t i = first; i < s->offers->count && status == EC_OK; i++) {
        ec_offer *offer = &s->offers->items[i];
        int64_t benefit = -1;
        if (!is_rival(offer, lane, all) || !may_apply(s, offer)) continue;
        status = try_offer(s, offer, &benefit);
        if (status == EC_OK && benefit < 0) status = apply(s, offer); /* it says why not */
        if (benefit <= most) continue;
        most = benefit;
        best = offer;
    }
    for (size_t i = first; i < s->offers->count; i++) {
        ec_offer *offer = &s->offers->items[i];
        if (offer != best && is_rival(offer, lane, all))
            refuse(offer, "not_best", "Another promotion takes off more.");
    }
    return status == EC_OK && best != NULL ? apply(s, best) : status;
}

/* ---- the best one for each line ---- */

/* What a rival would take, kept while others are tried. */
typedef struct plan {
    ec_offer *offer;
    ec_piece *pieces;
    size_t count;
    int64_t *off;  /* for each line that was asked for */
    int64_t taken; /* off all of them */
    bool given;
} plan;

static ec_status make_plan(stack *s, ec_offer *offer, plan *out)
{
    size_t lines = s->offers->bench.count;
    ec_status status = ec_trial_try(s->work, &s->offers->bench, offer);
    *out = (plan){.offer = offer,
                  .pieces = offer->pieces,
                  .count = offer->pieces_count,
                  .given = offer->given};
    out->off = ec_arena_array(s->work->arena, lines + 1, sizeof(*out->off));
    if (out->off == NULL) return EC_NO_MEMORY;
    for (size_t i = 0; i < out->count; i++) {
        if (out->pieces[i].line >= lines) continue; /* a gift */
        out->off[out->pieces[i].line] += out->pieces[i].amount;
        out->taken += out->pieces[i].amount;
    }
    ec_offer_undo(offer);
    offer->pieces = NULL; /* the plan's now */
    offer->pieces_capacity = 0;
    return status;
}

/* Take the pieces of the line's best plan. */
static void take_line(stack *s, plan *plans, size_t count, size_t line)
{
    plan *best = NULL;
    int64_t most = 0;
    for (size_t i = 0; i < count; i++) {
        if (plans[i].off[line] <= most) continue;
        most = plans[i].off[line];
        best = &plans[i];
    }
    for (size_t i = 0; best != NULL && i < best->count; i++) {
        if (best->pieces[i].line != line) continue;
        ec_trial trial = {.work = s->work,
                          .bench = &s->offers->bench,
                          .offer = best->offer,
                          .allowed = best->offer->budget - best->offer->taken,
                          .status = EC_OK};
        (void)ec_trial_take(&trial, &best->pieces[i]);
    }
}

/* It has to go with the earlier rivals as well, since all of them may win a line. */
static bool goes_with_plans(const plan *plans, size_t count, const ec_offer *offer)
{
    for (size_t i = 0; i < count; i++) {
        const ec_promotion_rule *other = plans[i].offer->rule;
        if (plans[i].taken == 0 && !plans[i].given) continue;
        if (!goes_with(offer->rule, other) || !goes_with(other, offer->rule)) return false;
    }
    return true;
}

static ec_status make_plans(stack *s, size_t first, plan *plans, size_t *count)
{
    ec_status status = EC_OK;
    int64_t lane = s->offers->items[first].rule->lane;
    for (size_t i = first; i < s->offers->count && status == EC_OK; i++) {
        ec_offer *offer = &s->offers->items[i];
        if (!offer->rule->competes_by_line || !is_free(offer) || offer->rule->lane != lane)
            continue;
        if (!may_apply(s, offer)) continue;
        if (goes_with_plans(plans, *count, offer))
            status = make_plan(s, offer, &plans[(*count)++]);
        else
            refuse(offer, "combination", "It does not go with one that competes before it.");
    }
    return status;
}

/* A gift comes with a line that was won, or when no line was asked for. */
static ec_status end_plan(stack *s, const plan *p)
{
    ec_offer *offer = p->offer;
    ec_status status = EC_OK;
    if (p->given && (offer->taken > 0 || p->taken == 0))
        status = ec_trial_gifts(s->work, &s->offers->bench, offer);
    if (status != EC_OK) return status;
    if (has_effect(s, offer)) return accept(s, offer);
    if (p->taken > 0)
        refuse(offer, "not_best", "Another promotion takes off more of each line.");
    else
        refuse_effect(offer);
    return EC_OK;
}

static ec_status apply_by_line(stack *s, size_t first)
{
    size_t count = 0;
    plan *plans = ec_arena_array(s->work->arena, s->offers->count, sizeof(*plans));
    if (plans == NULL) return EC_NO_MEMORY;
    ec_status status = make_plans(s, first, plans, &count);
    for (size_t i = 0; i < s->offers->bench.count && status == EC_OK; i++)
        take_line(s, plans, count, i);
    for (size_t i = 0; i < count && status == EC_OK; i++)
        status = end_plan(s, &plans[i]);
    return status;
}

/* ---- all ---- */

static ec_status apply_next(stack *s, size_t at)
{
    ec_offer *offer = &s->offers->items[at];
    if (!is_free(offer)) return EC_OK;
    if (offer->rule->competes_by_line) return apply_by_line(s, at);
    if (offer->rule->competes) return apply_best(s, at, false);
    return may_apply(s, offer) ? apply(s, offer) : EC_OK;
}

ec_status ec_offers_apply(ec_pricing_work *work, ec_offers *offers)
{
    stack s = {work, offers, false, false, NULL};
    if (offers->count == 0) return EC_OK;
    bool best = work->in->policy->stacking == EC_STACKING_BEST;
    ec_status status = EC_OK;
    for (size_t i = 0; i < offers->count && status == EC_OK; i++) {
        status = exclude_others(&s, i);
        if (status == EC_OK && !best) status = apply_next(&s, i);
    }
    return status == EC_OK && best ? apply_best(&s, 0, true) : status;
}
