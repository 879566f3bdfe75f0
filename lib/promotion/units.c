/* SPDX-License-Identifier: MIT */
/*
 * units.c - actions that take off each unit, off the order, by steps, and gifts.
 *
 * A unit's percentage is rounded for one unit and taken as often as there are units, so that each
 * unit has the same price. An order's percentage is rounded once. They refuse what they have no
 * amount for in this channel and currency.
 */
#include <string.h>

#include "promotion/inside.h"

/* ---- each unit ---- */

/* Where there is less to give than is asked for, each line gets its part of it. */
static const int64_t *parts_of(ec_trial *trial, const ec_rule *on, ec_demand of, int64_t number)
{
    ec_bench *bench = trial->bench;
    int64_t sum = 0;
    for (size_t i = 0; i < bench->count; i++) {
        size_t line = bench->order[i];
        int64_t room = ec_pricing_room(&trial->work->lines[line]), amount = 0;
        if (room > 0 && ec_trial_has(trial, line, on)) amount = of(trial, line, number).amount;
        bench->weights[i] = amount > room ? room : amount < 0 ? 0 : amount;
        sum += bench->weights[i];
    }
    if (sum <= trial->allowed) return bench->weights;
    ec_status status = ec_money_allocate((ec_money){.amount = trial->allowed}, bench->weights,
                                         bench->count, EC_ALLOCATE_LARGEST_REMAINDER, bench->parts);
    if (status != EC_OK) trial->status = status;
    return bench->parts;
}

static void take_each(ec_trial *trial, const ec_rule *on, ec_demand of, int64_t number)
{
    ec_bench *bench = trial->bench;
    int64_t units = ec_trial_number(trial, "units", -1);
    if (units >= 0) {
        ec_trial_few(trial, on, of, number, units);
        return;
    }
    bool bounded = trial->allowed < EC_AMOUNT_MAX; /* which all lines together never exceed */
    const int64_t *parts = bounded ? parts_of(trial, on, of, number) : NULL;
    for (size_t i = 0; i < bench->count && trial->status == EC_OK; i++) {
        size_t line = bounded ? bench->order[i] : i;
        if ((bounded && parts[i] == 0) || !ec_trial_has(trial, line, on)) continue;
        ec_piece piece = of(trial, line, number);
        if (bounded) piece.amount = parts[i];
        (void)ec_trial_take(trial, &piece);
    }
}

static ec_piece percent_of_line(ec_trial *trial, size_t line, int64_t rate)
{
    const ec_pricing_state *state = &trial->work->lines[line];
    int64_t left = ec_pricing_left(state), amount = 0, base = state->unit_price;
    bool each = true;
    if (trial->work->in->policy->percent_base == EC_PERCENT_OF_REST) {
        each = left % state->quantity == 0;
        base = each ? left / state->quantity : left;
    }
    amount = ec_trial_percent(trial, base, rate);
    if (each && __builtin_mul_overflow(amount, state->quantity, &amount)) amount = left;
    return (ec_piece){.line = line,
                      .kind = EC_ADJUST_UNIT,
                      .amount = amount,
                      .base = base,
                      .rate = rate,
                      .quantity = state->quantity,
                      .rounded = true};
}

void ec_act_percent_off(ec_trial *trial)
{
    take_each(trial, ec_trial_lines(trial, "on"), percent_of_line, ec_trial_rate(trial, "rate", 0));
}

static ec_piece amount_of_line(ec_trial *trial, size_t line, int64_t amount)
{
    const ec_pricing_state *state = &trial->work->lines[line];
    int64_t wanted = 0;
    if (amount > state->unit_price) amount = state->unit_price;
    if (__builtin_mul_overflow(amount, state->quantity, &wanted)) wanted = INT64_MAX;
    return (ec_piece){.line = line,
                      .kind = EC_ADJUST_UNIT,
                      .amount = wanted,
                      .base = state->unit_price,
                      .quantity = state->quantity};
}

/* Down to a price of each. */
static ec_piece above_price(ec_trial *trial, size_t line, int64_t price)
{
    ec_piece piece = amount_of_line(trial, line, 0);
    const ec_pricing_state *state = &trial->work->lines[line];
    if (__builtin_mul_overflow(price, state->quantity, &price)) price = INT64_MAX;
    piece.amount = ec_pricing_left(state) - price;
    return piece;
}

void ec_act_amount_off(ec_trial *trial)
{
    int64_t amount = 0;
    if (ec_trial_amount(trial, "amount", 0, &amount))
        take_each(trial, ec_trial_lines(trial, "on"), amount_of_line, amount);
}

void ec_act_fixed_price(ec_trial *trial)
{
    int64_t price = 0;
    if (ec_trial_amount(trial, "price", 0, &price))
        take_each(trial, ec_trial_lines(trial, "on"), above_price, price);
}

/* ---- the order ---- */

static int64_t left_of(ec_trial *trial, const ec_rule *on, int64_t *units)
{
    int64_t sum = 0;
    for (size_t i = 0; i < trial->bench->count; i++) {
        if (!ec_trial_has(trial, i, on)) continue;
        sum += ec_pricing_left(&trial->work->lines[i]);
        if (units != NULL) *units += trial->work->lines[i].quantity;
    }
    return sum;
}

static void percent_of_order(ec_trial *trial, const ec_rule *on, int64_t rate)
{
    int64_t base = left_of(trial, on, NULL);
    ec_piece about = {.kind = EC_ADJUST_ORDER, .base = base, .rate = rate, .rounded = true};
    int64_t amount = ec_trial_percent(trial, base, rate);
    ec_trial_share(trial, on, &about, amount < trial->allowed ? amount : trial->allowed);
}

void ec_act_order_percent_off(ec_trial *trial)
{
    percent_of_order(trial, ec_trial_lines(trial, "on"), ec_trial_rate(trial, "rate", 0));
}

static void amount_of_order(ec_trial *trial, const ec_rule *on, int64_t amount)
{
    ec_piece about = {.kind = EC_ADJUST_ORDER, .base = left_of(trial, on, NULL)};
    ec_trial_share(trial, on, &about, amount < trial->allowed ? amount : trial->allowed);
}

void ec_act_order_amount_off(ec_trial *trial)
{
    int64_t amount = 0;
    if (!ec_trial_amount(trial, "amount", 0, &amount)) return;
    amount_of_order(trial, ec_trial_lines(trial, "on"), amount);
}

/* ---- steps ---- */

/* The highest step that is reached; NULL: none. */
static const ec_rule_step *step_of(ec_trial *trial, const ec_rule_arg *steps, bool by_total,
                                   int64_t units, int64_t total)
{
    const ec_rule_step *best = NULL;
    int64_t highest = -1;
    for (size_t i = 0; i < steps->steps_count; i++) {
        const ec_rule_step *step = &steps->steps[i];
        int64_t from = step->from.number;
        bool money = step->from.kind == EC_RULE_MONEY;
        if (money && !ec_rule_amount(&step->from, trial->work, &from)) continue;
        if (from > (by_total || money ? total : units) || from <= highest) continue;
        highest = from;
        best = step;
    }
    return best;
}

void ec_act_tiers_off(ec_trial *trial)
{
    const ec_rule *on = ec_trial_lines(trial, "on");
    const ec_rule_arg *steps = ec_rule_arg_of(trial->call, "steps", NULL);
    int64_t units = 0, amount = 0, total = left_of(trial, on, &units);
    const ec_rule_step *step =
        step_of(trial, steps, ec_trial_word(trial, "by", 0) == 1, units, total);
    if (step == NULL) return;
    if (step->value.kind == EC_RULE_MONEY) {
        if (ec_rule_amount(&step->value, trial->work, &amount))
            amount_of_order(trial, on, amount);
        else
            trial->offer->no_amount = true;
        return;
    }
    int64_t rate = step->value.number;
    take_each(trial, on, percent_of_line,
              rate > EC_PROMOTION_MILLION ? EC_PROMOTION_MILLION : rate);
}

/* ---- gifts ---- */

static bool is_gone(const ec_pricing *in, ec_id variant_id)
{
    for (size_t i = 0; i < in->gone_count; i++)
        if (in->gone[i] == variant_id) return true;
    return false;
}

static const ec_pricing_line *gift_of(const ec_trial *trial, const char *sku)
{
    const ec_promotion_rule *rule = trial->offer->rule;
    for (size_t i = 0; i < rule->gifts_count; i++)
        if (rule->gifts[i].sku != NULL && strcmp(rule->gifts[i].sku, sku) == 0)
            return is_gone(trial->work->in, rule->gifts[i].variant_id) ? NULL : &rule->gifts[i];
    return NULL;
}

/* A line more, and what is taken off it. Nobody pays for a part of what the budget does not. */
static void give(ec_trial *trial, const ec_pricing_line *gift, int64_t quantity, int64_t price)
{
    int64_t rate = ec_trial_rate(trial, "off", EC_PROMOTION_MILLION);
    ec_piece piece = {.line = trial->work->lines_count,
                      .kind = EC_ADJUST_UNIT,
                      .amount = quantity * ec_trial_percent(trial, gift->price, rate),
                      .base = gift->price,
                      .rate = rate,
                      .quantity = quantity,
                      .rounded = true};
    if (piece.amount > trial->allowed) {
        trial->offer->no_budget = true;
        return;
    }
    ec_pricing_state *line = ec_pricing_add_line(trial->work, gift);
    if (line == NULL) {
        trial->status = EC_NO_MEMORY;
        return;
    }
    line->quantity = quantity;
    line->price = price;
    trial->offer->given = true;
    (void)ec_trial_take(trial, &piece);
}

void ec_act_gift(ec_trial *trial)
{
    const ec_rule_arg *sku = ec_rule_arg_of(trial->call, "sku", NULL);
    const ec_pricing_line *gift = sku == NULL ? NULL : gift_of(trial, sku->value.text);
    int64_t quantity = ec_trial_number(trial, "quantity", 1), price = 0;
    if (gift == NULL) { /* it is not sold here, or out of stock */
        trial->offer->no_gift = true;
        return;
    }
    if (quantity < 1 || quantity > EC_LINE_QUANTITY_MAX ||
        __builtin_mul_overflow(gift->price, quantity, &price) || price > EC_AMOUNT_MAX)
        return; /* a rule that nobody could have meant does not spoil every cart */
    give(trial, gift, quantity, price);
}
