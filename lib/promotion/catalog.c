/* SPDX-License-Identifier: MIT */
/*
 * catalog.c - promotions of the catalogue: they change a unit's price, for one line at a time.
 *
 * The base is the original price where there is one, else the price. In the order of priority each
 * works on the result of the one before; of exclusive ones only the first works, and nothing else.
 * The minimum price stands. Evaluated when a price is asked for, never for the whole catalogue. A
 * result above the present price is not taken: a promotion never makes anything dearer.
 */
#include "price/rules.h"
#include "promotion/inside.h"

/* A unit's price while promotions work on it. */
typedef struct unit {
    ec_pricing_work *work;
    size_t line;
    int64_t price;
    int64_t least;
    bool discounted;
} unit;

static int64_t percent_of(const unit *u, int64_t price, int64_t rate)
{
    int64_t out = 0;
    ec_rounding mode = u->work->in->policy->rounding;
    if (rate > EC_PROMOTION_MILLION) rate = EC_PROMOTION_MILLION;
    return ec_divide(price, rate, EC_PROMOTION_MILLION, mode, &out) == EC_OK ? out : 0;
}

/* Not more off than the cap of the action says; one without an amount here takes nothing. */
static int64_t within_cap(const unit *u, const ec_rule_call *call, int64_t price)
{
    const ec_rule_arg *cap = ec_rule_arg_of(call, "cap", NULL);
    int64_t most = 0;
    if (cap == NULL) return price;
    if (!ec_rule_amount(&cap->value, u->work, &most)) return u->price;
    return u->price - price > most ? u->price - most : price;
}

/* The price after one action; the same where the action is not about the line. */
static int64_t after(const unit *u, const ec_rule_call *call)
{
    const ec_promotion_verb *verb = &ec_promotion_actions[call->verb];
    const ec_rule_arg *on = ec_rule_arg_of(call, "on", NULL);
    const ec_rule_arg *amount = ec_rule_arg_of(call, "amount", NULL);
    const ec_rule_arg *price = ec_rule_arg_of(call, "price", NULL);
    const ec_rule_arg *rate = ec_rule_arg_of(call, "rate", NULL);
    int64_t value = 0, result = u->price;
    if (!verb->catalog || ec_rule_arg_of(call, "units", NULL) != NULL) return u->price;
    if (on != NULL && !ec_rule_holds_line(on->lines, u->work, u->line)) return u->price;
    if (rate != NULL) result = u->price - percent_of(u, u->price, rate->value.number);
    if (amount != NULL && ec_rule_amount(&amount->value, u->work, &value))
        result = u->price - value;
    if (price != NULL && ec_rule_amount(&price->value, u->work, &value)) result = value;
    result = within_cap(u, call, result < u->least ? u->least : result);
    return result < u->price ? result : u->price;
}

static int64_t after_all(unit u, const ec_promotion_rule *rule)
{
    if (rule->spares_discounted && u.discounted) return u.price;
    for (size_t i = 0; i < rule->actions_count; i++)
        u.price = after(&u, &rule->actions[i]);
    return u.price;
}

static bool holds(const ec_promotion_rule *rule, const ec_pricing_work *work)
{
    return ec_promotion_has_begun(rule, work->in->now) &&
           !ec_promotion_is_over(rule, work->in->now) && ec_rule_holds(rule->condition, work, NULL);
}

/* The first exclusive one that changes the price; NULL: none. */
static const ec_promotion_rule *exclusive_of(const unit *u, const ec_promotion_rule **rules,
                                             size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (rules[i]->exclusive && after_all(*u, rules[i]) < u->price) return rules[i];
    return NULL;
}

static ec_status note(const unit *u, const ec_promotion_rule *rule, int64_t price)
{
    ec_pricing_state *line = &u->work->lines[u->line];
    ec_quote_adjustment *adjustment = ec_pricing_adjust(u->work, EC_ADJUST_CATALOG);
    int64_t amount = 0;
    if (adjustment == NULL) return EC_NO_MEMORY;
    if (__builtin_mul_overflow(price - u->price, line->quantity, &amount)) return EC_OVERFLOW;
    adjustment->line = (int64_t)u->line + 1;
    adjustment->amount = amount;
    adjustment->base = u->price;
    adjustment->quantity = line->quantity;
    adjustment->source = ec_pricing_source(u->work, "promotion", rule->id);
    adjustment->label = rule->name;
    return adjustment->source == NULL ? EC_NO_MEMORY : EC_OK;
}

/* Let the promotions work on a unit, with notes or without. */
static ec_status work_on(unit *u, const ec_promotion_rule **rules, size_t count, bool noting)
{
    const ec_promotion_rule *only = exclusive_of(u, rules, count);
    for (size_t i = 0; i < count; i++) {
        if (only != NULL && rules[i] != only) continue;
        int64_t price = after_all(*u, rules[i]);
        if (price >= u->price) continue;
        ec_status status = noting ? note(u, rules[i], price) : EC_OK;
        if (status != EC_OK) return status;
        u->price = price;
        u->discounted = true;
    }
    return EC_OK;
}

/* The unit's price of one line, with notes where the work has a quote. */
static ec_status price_line(ec_pricing_work *work, size_t index, const ec_promotion_rule **rules,
                            size_t count)
{
    ec_pricing_state *line = &work->lines[index];
    const ec_pricing_line *in = line->in;
    if (in->fixed || in->kept || line->gift) return EC_OK;
    bool reduced = in->original_price > in->price;
    unit u = {work, index, reduced ? in->original_price : in->price, in->minimum_price, reduced};
    unit tried = u;
    (void)work_on(&tried, rules, count, false);
    if (tried.price >= line->unit_price) return EC_OK; /* the shop's own price is as low */
    if (work->quote != NULL) {
        ec_status status = work_on(&u, rules, count, true);
        if (status != EC_OK) return status;
    }
    line->discounted = true;
    line->unit_price = tried.price;
    return EC_OK;
}

ec_status ec_promotion_catalog(ec_pricing_work *work)
{
    const ec_promotion_rule **rules = NULL;
    size_t found = 0, count = 0;
    if (work->rules == NULL) return EC_OK;
    ec_status status = ec_promotion_candidates(&work->rules->promotions, work->in, true,
                                               work->arena, &rules, &found);
    if (status != EC_OK) return status;
    for (size_t i = 0; i < found; i++)
        if (holds(rules[i], work)) rules[count++] = rules[i];
    if (count == 0) return EC_OK;
    for (size_t i = 0; i < work->lines_count && status == EC_OK; i++)
        status = price_line(work, i, rules, count);
    return status;
}

ec_status ec_promotion_catalog_prices(ec_arena *arena, const ec_rules *rules, const ec_pricing *in,
                                      int64_t *prices)
{
    static const ec_policy plain;
    ec_pricing input = *in;
    if (input.policy == NULL) input.policy = &plain;
    ec_pricing_work work = {.in = &input, .rules = rules, .arena = arena};
    work.lines = ec_arena_array(arena, in->lines_count + 1, sizeof(*work.lines));
    if (work.lines == NULL) return EC_NO_MEMORY;
    work.lines_count = in->lines_count;
    for (size_t i = 0; i < in->lines_count; i++)
        work.lines[i] = (ec_pricing_state){.in = &in->lines[i],
                                           .quantity = in->lines[i].quantity,
                                           .unit_price = in->lines[i].price,
                                           .price = in->lines[i].price};
    ec_status status = ec_promotion_catalog(&work);
    for (size_t i = 0; i < in->lines_count && status == EC_OK; i++)
        prices[i] = work.lines[i].unit_price;
    return status;
}
