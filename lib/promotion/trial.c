/* SPDX-License-Identifier: MIT */
/*
 * trial.c - one promotion at work: what its actions may take, and how that is undone or kept.
 *
 * Every cent that leaves a line goes through ec_trial_take, the one place that guards the floor of
 * the line, the cap of the action and the budget of the promotion. It refuses to raise a price.
 */
#include <string.h>

#include "model/model.h"
#include "promotion/inside.h"

/* ---- lines ---- */

static int by_goods(const ec_pricing_state *one, const ec_pricing_state *two)
{
    if (one->in->variant_id != two->in->variant_id)
        return one->in->variant_id < two->in->variant_id ? -1 : 1;
    if (one->unit_price != two->unit_price) return one->unit_price < two->unit_price ? -1 : 1;
    return one->quantity < two->quantity ? -1 : one->quantity > two->quantity;
}

/* Lines are few and mostly in order: each goes to its place among those before it. */
static void sort_lines(const ec_pricing_work *work, ec_bench *bench)
{
    for (size_t i = 0; i < bench->count; i++) {
        size_t at = i;
        for (; at > 0 && by_goods(&work->lines[bench->order[at - 1]], &work->lines[i]) > 0; at--)
            bench->order[at] = bench->order[at - 1];
        bench->order[at] = i;
    }
}

ec_status ec_bench_make(const ec_pricing_work *work, ec_bench *out)
{
    size_t n = work->lines_count + 1;
    ec_arena *arena = work->arena;
    *out = (ec_bench){.count = work->lines_count};
    out->order = ec_arena_array(arena, n, sizeof(*out->order));
    out->fits = ec_arena_array(arena, n, sizeof(*out->fits));
    out->givers = ec_arena_array(arena, n, sizeof(*out->givers));
    out->able = ec_arena_array(arena, n, sizeof(*out->able));
    out->weights = ec_arena_array(arena, n, sizeof(*out->weights));
    out->parts = ec_arena_array(arena, n, sizeof(*out->parts));
    out->standing = ec_arena_array(arena, n, sizeof(*out->standing));
    if (arena->failed) return EC_NO_MEMORY;
    sort_lines(work, out);
    return EC_OK;
}

static bool fits(const ec_trial *trial, size_t line, const ec_rule *filter)
{
    const ec_pricing_state *state = &trial->work->lines[line];
    if (state->in->fixed || (trial->offer->rule->spares_discounted && state->discounted))
        return false;
    return ec_rule_holds_line(filter, trial->work, line);
}

void ec_trial_filter(ec_trial *trial, const ec_rule *filter)
{
    for (size_t i = 0; i < trial->bench->count; i++)
        trial->bench->fits[i] = fits(trial, i, filter);
    trial->filter = filter;
    trial->filtered = true;
}

/* ---- pieces ---- */

static ec_piece *add_piece(ec_trial *trial)
{
    ec_offer *offer = trial->offer;
    if (offer->pieces_count == offer->pieces_capacity) {
        size_t wanted = offer->pieces_capacity == 0 ? 8 : 2 * offer->pieces_capacity;
        ec_piece *more = ec_arena_array(trial->work->arena, wanted, sizeof(*more));
        if (more == NULL) {
            trial->status = EC_NO_MEMORY;
            return NULL;
        }
        if (offer->pieces_count > 0)
            memcpy(more, offer->pieces, offer->pieces_count * sizeof(*more));
        offer->pieces = more;
        offer->pieces_capacity = wanted;
    }
    return &offer->pieces[offer->pieces_count++];
}

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static int64_t room_of(const ec_trial *trial, const ec_piece *piece)
{
    if (piece->kind == EC_ADJUST_SHIPPING_DISCOUNT)
        return trial->work->fee - trial->work->fee_discount;
    return ec_pricing_room(&trial->work->lines[piece->line]);
}

int64_t ec_trial_take(ec_trial *trial, const ec_piece *piece)
{
    int64_t amount = least(piece->amount, least(trial->allowed, room_of(trial, piece)));
    if (amount <= 0) return 0;
    ec_piece *kept = add_piece(trial);
    if (kept == NULL) return 0;
    *kept = *piece;
    kept->amount = amount;
    trial->allowed -= amount;
    trial->offer->taken += amount;
    if (piece->kind == EC_ADJUST_SHIPPING_DISCOUNT)
        trial->work->fee_discount += amount;
    else if (piece->kind == EC_ADJUST_ORDER)
        trial->work->lines[piece->line].order_discount += amount;
    else
        trial->work->lines[piece->line].unit_discount += amount;
    return amount;
}

int64_t ec_trial_percent(ec_trial *trial, int64_t amount, int64_t rate)
{
    int64_t out = 0;
    ec_status status =
        ec_divide(amount, rate, EC_PROMOTION_MILLION, trial->work->in->policy->rounding, &out);
    if (status != EC_OK) trial->status = status;
    return out;
}

/* ---- arguments ---- */

const ec_rule *ec_trial_lines(const ec_trial *trial, const char *name)
{
    const ec_rule_arg *arg = ec_rule_arg_of(trial->call, name, NULL);
    return arg == NULL ? NULL : arg->lines;
}

int64_t ec_trial_rate(const ec_trial *trial, const char *name, int64_t missing)
{
    const ec_rule_arg *arg = ec_rule_arg_of(trial->call, name, NULL);
    int64_t rate = arg == NULL ? missing : arg->value.number;
    return rate > EC_PROMOTION_MILLION ? EC_PROMOTION_MILLION : rate < 0 ? 0 : rate;
}

int64_t ec_trial_number(const ec_trial *trial, const char *name, int64_t missing)
{
    const ec_rule_arg *arg = ec_rule_arg_of(trial->call, name, NULL);
    return arg == NULL ? missing : arg->value.number;
}

int ec_trial_word(const ec_trial *trial, const char *name, int missing)
{
    const ec_rule_arg *arg = ec_rule_arg_of(trial->call, name, NULL);
    return arg == NULL ? missing : arg->word;
}

bool ec_trial_amount(ec_trial *trial, const char *name, int64_t missing, int64_t *out)
{
    const ec_rule_arg *arg = ec_rule_arg_of(trial->call, name, NULL);
    *out = missing;
    if (arg == NULL) return true;
    if (ec_rule_amount(&arg->value, trial->work, out)) return true;
    trial->offer->no_amount = true;
    return false;
}

/* ---- actions ---- */

typedef void (*action)(ec_trial *trial);

static action items_of(const ec_promotion_verb *verb)
{
    return verb->items;
}

static action fee_of(const ec_promotion_verb *verb)
{
    return verb->fee;
}

static action gift_of(const ec_promotion_verb *verb)
{
    return verb->items == ec_act_gift ? verb->items : NULL;
}

static ec_status run(ec_pricing_work *work, ec_bench *bench, ec_offer *offer,
                     action (*of)(const ec_promotion_verb *verb))
{
    for (size_t i = 0; i < offer->rule->actions_count; i++) {
        const ec_rule_call *call = &offer->rule->actions[i];
        action act = of(&ec_promotion_actions[call->verb]);
        if (act == NULL) continue;
        ec_trial trial = {.work = work,
                          .bench = bench,
                          .offer = offer,
                          .call = call,
                          .allowed = offer->budget - offer->taken,
                          .status = EC_OK};
        int64_t cap = 0;
        if (!ec_trial_amount(&trial, "cap", INT64_MAX, &cap)) continue;
        trial.allowed = least(trial.allowed, cap);
        act(&trial);
        if (trial.status != EC_OK) return trial.status;
    }
    return work->arena->failed ? EC_NO_MEMORY : EC_OK;
}

ec_status ec_trial_items(ec_pricing_work *work, ec_bench *bench, ec_offer *offer)
{
    return run(work, bench, offer, items_of);
}

ec_status ec_trial_gifts(ec_pricing_work *work, ec_bench *bench, ec_offer *offer)
{
    return run(work, bench, offer, gift_of);
}

ec_status ec_trial_fee(ec_pricing_work *work, ec_bench *bench, ec_offer *offer)
{
    return run(work, bench, offer, fee_of);
}

/* ---- keeping and undoing ---- */

ec_status ec_trial_try(ec_pricing_work *work, ec_bench *bench, ec_offer *offer)
{
    size_t gifts = work->lines_count, size = bench->count * sizeof(*bench->standing);
    if (size > 0) memcpy(bench->standing, work->lines, size);
    ec_status status = run(work, bench, offer, items_of);
    if (size > 0) memcpy(work->lines, bench->standing, size);
    work->lines_count = gifts;
    return status;
}

void ec_offer_undo(ec_offer *offer)
{
    offer->pieces_count = 0;
    offer->taken = 0;
    offer->no_amount = offer->no_gift = offer->no_budget = offer->given = false;
}

ec_status ec_offer_accept(ec_pricing_work *work, ec_offer *offer)
{
    const char *source = ec_pricing_source(work, "promotion", offer->rule->id);
    for (size_t i = 0; i < offer->pieces_count; i++) {
        const ec_piece *piece = &offer->pieces[i];
        ec_quote_adjustment *adjustment = ec_pricing_adjust(work, piece->kind);
        if (adjustment == NULL || source == NULL) return EC_NO_MEMORY;
        bool fee = piece->kind == EC_ADJUST_SHIPPING_DISCOUNT;
        adjustment->line = fee ? 0 : (int64_t)piece->line + 1;
        adjustment->amount = -piece->amount;
        adjustment->base = piece->base;
        adjustment->rate = piece->rate;
        adjustment->quantity = piece->quantity;
        adjustment->source = source;
        adjustment->label = offer->rule->name;
        adjustment->code = offer->coupon == NULL ? NULL : offer->coupon->code;
        if (piece->rounded) adjustment->rounding = ec_rounding_names[work->in->policy->rounding];
    }
    offer->pieces_count = 0;
    offer->accepted = true;
    return EC_OK;
}
