/* SPDX-License-Identifier: MIT */
/*
 * set.c - a set of goods at a price: one unit for each part of the set.
 *
 * Which units make sets is a matching. Units that can fill t sets are the independent sets of a
 * transversal matroid, so taking the dearest unit that still fits again and again gives the sets
 * that save most; whether one fits is Hall's condition over the subsets of the parts. More sets are
 * made while they save more.
 */
#include <stdlib.h>

#include "promotion/inside.h"

/* The units of a line that may be in sets. */
typedef struct heap {
    size_t line;
    int64_t units, each;
    ec_id variant_id;
    unsigned parts; /* bits of the parts that it may be */
    int64_t used;
} heap;

typedef struct sets {
    size_t parts;
    size_t count;
    heap *heaps;                                 /* the dearest first */
    int64_t taken[1u << EC_PROMOTION_PARTS_MAX]; /* units used, by their bits */
} sets;

static int dearest_first(const void *a, const void *b)
{
    const heap *one = a, *two = b;
    if (one->each != two->each) return one->each > two->each ? -1 : 1;
    if (one->variant_id != two->variant_id) return one->variant_id < two->variant_id ? -1 : 1;
    return one->line < two->line ? -1 : one->line > two->line;
}

/* Which parts each line may be; the heaps are there. */
static void find_parts(ec_trial *trial, heap *heaps)
{
    unsigned bit = 1;
    const ec_rule_arg *arg = ec_rule_arg_of(trial->call, "of", NULL);
    for (; arg != NULL; arg = ec_rule_arg_of(trial->call, "of", arg), bit <<= 1)
        for (size_t i = 0; i < trial->bench->count; i++)
            if (ec_trial_has(trial, i, arg->lines)) heaps[i].parts |= bit;
}

static bool make_heaps(ec_trial *trial, sets *s)
{
    size_t n = trial->bench->count;
    s->heaps = ec_arena_array(trial->work->arena, n + 1, sizeof(*s->heaps));
    if (s->heaps == NULL) {
        trial->status = EC_NO_MEMORY;
        return false;
    }
    find_parts(trial, s->heaps);
    for (size_t i = 0; i < n; i++) {
        const ec_pricing_state *line = &trial->work->lines[i];
        unsigned parts = s->heaps[i].parts;
        if (parts == 0) continue;
        s->heaps[s->count++] = (heap){.line = i,
                                      .units = line->quantity,
                                      .each = ec_pricing_left(line) / line->quantity,
                                      .variant_id = line->in->variant_id,
                                      .parts = parts};
    }
    qsort(s->heaps, s->count, sizeof(*s->heaps), dearest_first);
    return true;
}

static int bits_of(unsigned set)
{
    return __builtin_popcount(set);
}

/* How many more units with these bits fit into t sets. */
static int64_t fitting(const sets *s, unsigned bits, int64_t t)
{
    int64_t most = INT64_MAX;
    for (unsigned all = bits; all < 1u << s->parts; all = (all + 1) | bits) {
        int64_t inside = 0; /* units that can be nothing outside of `all` */
        for (unsigned some = all;; some = (some - 1) & all) {
            inside += s->taken[some];
            if (some == 0) break;
        }
        int64_t room = t * bits_of(all) - inside;
        most = room < most ? room : most;
    }
    return most;
}

/* Fill t sets with the dearest units. What they come to without the price; false: they stay
   incomplete. */
static bool fill(sets *s, int64_t t, int64_t *value)
{
    int64_t missing = t * (int64_t)s->parts;
    *value = 0;
    for (unsigned i = 0; i < 1u << s->parts; i++)
        s->taken[i] = 0;
    for (size_t i = 0; i < s->count; i++) {
        heap *h = &s->heaps[i];
        int64_t units = missing == 0 ? 0 : fitting(s, h->parts, t);
        h->used = units < h->units ? units : h->units;
        s->taken[h->parts] += h->used;
        missing -= h->used;
        *value += h->used * h->each;
    }
    return missing == 0;
}

/* What t sets save; less than nothing when there are not so many. */
static int64_t saved_by(sets *s, int64_t price, int64_t t)
{
    int64_t value = 0, cost = 0;
    if (!fill(s, t, &value) || __builtin_mul_overflow(price, t, &cost)) return INT64_MIN;
    return value - cost;
}

/* The number of sets that saves most: each further set saves no more than the one before it. */
static int64_t best_count(sets *s, int64_t price, int64_t times)
{
    int64_t low = 0, high = 0;
    for (size_t i = 0; i < s->count; i++)
        high += s->heaps[i].units;
    high /= (int64_t)s->parts;
    if (high > times) high = times;
    while (low < high) {
        int64_t middle = low + (high - low) / 2;
        int64_t more = saved_by(s, price, middle + 1);
        if (more != INT64_MIN && more > saved_by(s, price, middle))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* What is saved goes off the lines in proportion to their part of the sets. */
static void save(ec_trial *trial, const sets *s, int64_t saved)
{
    int64_t *weights = ec_arena_array(trial->work->arena, 2 * s->count + 1, sizeof(*weights));
    if (weights == NULL) {
        trial->status = EC_NO_MEMORY;
        return;
    }
    for (size_t i = 0; i < s->count; i++)
        weights[i] = s->heaps[i].used * s->heaps[i].each;
    ec_status status = ec_money_allocate((ec_money){.amount = saved}, weights, s->count,
                                         EC_ALLOCATE_LARGEST_REMAINDER, weights + s->count);
    if (status != EC_OK) trial->status = status;
    for (size_t i = 0; i < s->count && status == EC_OK; i++) {
        ec_piece piece = {.line = s->heaps[i].line,
                          .kind = EC_ADJUST_UNIT,
                          .amount = weights[s->count + i],
                          .base = weights[i],
                          .quantity = s->heaps[i].used};
        (void)ec_trial_take(trial, &piece);
    }
}

void ec_act_bundle(ec_trial *trial)
{
    sets s = {0};
    int64_t price = 0;
    int64_t times = ec_trial_number(trial, "times", INT32_MAX);
    const ec_rule_arg *arg = ec_rule_arg_of(trial->call, "of", NULL);
    for (; arg != NULL; arg = ec_rule_arg_of(trial->call, "of", arg))
        s.parts++;
    if (s.parts == 0 || s.parts > EC_PROMOTION_PARTS_MAX) return;
    if (!ec_trial_amount(trial, "price", 0, &price) || !make_heaps(trial, &s)) return;
    int64_t count = best_count(&s, price, times);
    if (count > 0) save(trial, &s, saved_by(&s, price, count));
}
