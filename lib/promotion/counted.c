/* SPDX-License-Identifier: MIT */
/*
 * counted.c - actions that count units: only so many, buy some and get others, every n-th, so much
 * for each group.
 *
 * Quantities stay numbers: a line is a heap of equal units, and heaps are taken from in the order
 * of their units' prices. A unit is bought or given, never both. Where the cheapest are given, the
 * way to share the units out that gives most of them is taken, and of those the one whose units are
 * the cheapest; where the dearest are, that whose units are worth most.
 */
#include <stdlib.h>

#include "promotion/inside.h"

/* The units of a line. */
typedef struct heap {
    size_t line;
    int64_t units;
    int64_t each; /* what is left of one */
    ec_id variant_id;
    bool buys, gets;
    int64_t given;
} heap;

static int cheapest_first(const void *a, const void *b)
{
    const heap *one = a, *two = b;
    if (one->each != two->each) return one->each < two->each ? -1 : 1;
    if (one->variant_id != two->variant_id) return one->variant_id < two->variant_id ? -1 : 1;
    return one->line < two->line ? -1 : one->line > two->line;
}

static int dearest_first(const void *a, const void *b)
{
    const heap *one = a, *two = b;
    return one->each != two->each ? (one->each > two->each ? -1 : 1) : cheapest_first(a, b);
}

/* Heaps of the lines that either filter holds for, in the order of the pick. */
static size_t make_heaps(ec_trial *trial, const ec_rule *buys, const ec_rule *gets, heap **out)
{
    size_t n = trial->bench->count, count = 0;
    heap *heaps = ec_arena_array(trial->work->arena, n + 1, sizeof(*heaps));
    *out = heaps;
    if (heaps == NULL) {
        trial->status = EC_NO_MEMORY;
        return 0;
    }
    for (size_t i = 0; i < n; i++)
        heaps[i].buys = ec_trial_has(trial, i, buys);
    for (size_t i = 0; i < n; i++) {
        const ec_pricing_state *line = &trial->work->lines[i];
        heap one = {.line = i,
                    .units = line->quantity,
                    .each = ec_pricing_left(line) / line->quantity,
                    .variant_id = line->in->variant_id,
                    .buys = heaps[i].buys,
                    .gets = ec_trial_has(trial, i, gets)};
        if (one.buys || one.gets) heaps[count++] = one;
    }
    bool dearest = ec_trial_word(trial, "pick", 0) == 1;
    qsort(heaps, count, sizeof(*heaps), dearest ? dearest_first : cheapest_first);
    return count;
}

/* Take the rate off `units` units of a heap. */
static void give(ec_trial *trial, const heap *from, int64_t units, int64_t rate)
{
    int64_t amount = ec_trial_percent(trial, from->each, rate);
    if (__builtin_mul_overflow(amount, units, &amount)) amount = INT64_MAX;
    ec_piece piece = {.line = from->line,
                      .kind = EC_ADJUST_UNIT,
                      .amount = amount,
                      .base = from->each,
                      .rate = rate,
                      .quantity = units,
                      .rounded = true};
    (void)ec_trial_take(trial, &piece);
}

/* ---- so many ---- */

void ec_trial_few(ec_trial *trial, const ec_rule *on, ec_demand of, int64_t number, int64_t units)
{
    heap *heaps = NULL;
    size_t count = make_heaps(trial, on, on, &heaps);
    for (size_t i = 0; i < count && units > 0; i++) {
        ec_piece piece = of(trial, heaps[i].line, number);
        piece.quantity = heaps[i].units < units ? heaps[i].units : units;
        int64_t each = piece.amount / heaps[i].units;
        piece.amount = (each < heaps[i].each ? each : heaps[i].each) * piece.quantity;
        units -= piece.quantity;
        (void)ec_trial_take(trial, &piece);
    }
}

/* ---- buy and get ---- */

typedef struct supply {
    int64_t buy, get; /* units of one turn */
    int64_t only_buy, only_get, both;
} supply;

static int64_t above(int64_t a, int64_t b)
{
    return a > b ? a - b : 0;
}

/* Units of both kinds that are not bought in so many turns. */
static int64_t free_both(const supply *s, int64_t turns)
{
    return s->both - above(turns * s->buy, s->only_buy);
}

/* Units that so many turns can give. */
static int64_t given(const supply *s, int64_t turns)
{
    int64_t there = s->only_get + free_both(s, turns);
    return turns * s->get < there ? turns * s->get : there;
}

/* The number of turns that gives most: what is wanted rises, what is there falls. */
static int64_t best_turns(const supply *s, int64_t times)
{
    int64_t low = 0, high = (s->only_buy + s->both) / s->buy;
    if (high > times) high = times;
    while (low < high) {
        int64_t middle = high - (high - low) / 2;
        if (middle * s->get <= s->only_get + free_both(s, middle))
            low = middle;
        else
            high = middle - 1;
    }
    int64_t next = low + 1;
    bool possible = next <= times && next * s->buy <= s->only_buy + s->both;
    return possible && given(s, next) > given(s, low) ? next : low;
}

static void count_supply(const heap *heaps, size_t count, supply *out)
{
    for (size_t i = 0; i < count; i++) {
        const heap *h = &heaps[i];
        *(h->buys && h->gets ? &out->both : h->buys ? &out->only_buy : &out->only_get) += h->units;
    }
}

/* Share out what so many turns give. What it is worth. */
static int64_t share_out(heap *heaps, size_t count, const supply *s, int64_t turns)
{
    int64_t units = given(s, turns), shared = free_both(s, turns), worth = 0;
    for (size_t i = 0; i < count; i++) {
        heap *h = &heaps[i];
        int64_t most = h->buys && h->units > shared ? shared : h->units;
        h->given = !h->gets ? 0 : most < units ? most : units;
        units -= h->given;
        if (h->buys) shared -= h->given;
        worth += h->given * h->each; /* no more than the lines' prices */
    }
    return worth;
}

/* The number of turns whose gifts are worth most: each further turn is worth no more than the one
   before it. */
static int64_t dearest_turns(heap *heaps, size_t count, const supply *s, int64_t times)
{
    int64_t low = 0, high = (s->only_buy + s->both) / s->buy;
    if (high > times) high = times;
    while (low < high) {
        int64_t middle = low + (high - low) / 2;
        if (share_out(heaps, count, s, middle + 1) > share_out(heaps, count, s, middle))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

void ec_act_buy_get(ec_trial *trial)
{
    const ec_rule *on = ec_trial_lines(trial, "on");
    const ec_rule_arg *of = ec_rule_arg_of(trial->call, "of", NULL);
    supply s = {.buy = ec_trial_number(trial, "buy", 1), .get = ec_trial_number(trial, "get", 1)};
    heap *heaps = NULL;
    if (s.buy < 1 || s.get < 1 || s.buy > EC_QUANTITY_MAX || s.get > EC_LINE_QUANTITY_MAX) return;
    size_t count = make_heaps(trial, on, of == NULL ? on : of->lines, &heaps);
    count_supply(heaps, count, &s);
    int64_t times = ec_trial_number(trial, "times", INT32_MAX);
    bool dearest = ec_trial_word(trial, "pick", 0) == 1;
    int64_t turns = dearest ? dearest_turns(heaps, count, &s, times) : best_turns(&s, times);
    (void)share_out(heaps, count, &s, turns);
    int64_t rate = ec_trial_rate(trial, "off", EC_PROMOTION_MILLION);
    for (size_t i = 0; i < count; i++)
        if (heaps[i].given > 0) give(trial, &heaps[i], heaps[i].given, rate);
}

/* ---- every n-th ---- */

static int64_t units_of(const heap *heaps, size_t count)
{
    int64_t units = 0;
    for (size_t i = 0; i < count; i++)
        units += heaps[i].units;
    return units;
}

void ec_act_nth_off(ec_trial *trial)
{
    const ec_rule *on = ec_trial_lines(trial, "on");
    int64_t n = ec_trial_number(trial, "n", 1), rate = ec_trial_rate(trial, "rate", 0);
    heap *heaps = NULL;
    if (n < 1) return;
    size_t count = make_heaps(trial, on, on, &heaps);
    int64_t units = units_of(heaps, count) / n;
    for (size_t i = 0; i < count && units > 0; i++) {
        int64_t taken = heaps[i].units < units ? heaps[i].units : units;
        give(trial, &heaps[i], taken, rate);
        units -= taken;
    }
}

void ec_act_each_group_off(ec_trial *trial)
{
    const ec_rule *on = ec_trial_lines(trial, "on");
    int64_t n = ec_trial_number(trial, "n", 1), amount = 0;
    heap *heaps = NULL;
    if (n < 1 || !ec_trial_amount(trial, "amount", 0, &amount)) return;
    size_t count = make_heaps(trial, on, on, &heaps);
    int64_t groups = units_of(heaps, count) / n;
    if (__builtin_mul_overflow(groups, amount, &amount)) amount = INT64_MAX;
    ec_piece about = {.kind = EC_ADJUST_UNIT, .base = amount, .quantity = groups * n};
    ec_trial_share(trial, on, &about, amount < trial->allowed ? amount : trial->allowed);
}
