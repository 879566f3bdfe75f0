/* SPDX-License-Identifier: MIT */
/*
 * allocate.c - split an amount by weights so that no unit is lost or made up.
 *
 * Every share starts from the engine's one division; what the shares then miss (or have too much)
 * is dealt out one unit at a time, and the methods differ only in who gets it. Negative amounts
 * mirror positive ones. Nothing is allocated and nothing is sorted: the spare units go to the
 * fractions above a threshold that is found by bisection, so ten thousand lines cost some sixty
 * passes over an array and not a hundred million steps. A share of weight 0 is never given a unit
 * while another share has weight.
 */
#include <ecommerce/money.h>

#include <stdbool.h>
#include <string.h>

#include "base/divide.h"

/* One split: the amount, the weights behind `weight_of` and their sum. */
typedef struct split {
    int64_t total;
    int64_t sum;
    const int64_t *weights; /* NULL when all are zero and the shares are therefore equal */
    size_t count;
} split;

static int64_t weight_of(const split *s, size_t index)
{
    return s->weights != NULL ? s->weights[index] : 1;
}

static ec_status split_init(split *s, int64_t total, const int64_t *weights, size_t count)
{
    *s = (split){.total = total, .weights = weights, .count = count};
    if (count == 0 || count > INT64_MAX) {
        return EC_INVALID;
    }
    bool overflow = false;
    for (size_t i = 0; i < count; i++) {
        if (weights[i] < 0) {
            return EC_INVALID;
        }
        overflow = __builtin_add_overflow(s->sum, weights[i], &s->sum) || overflow;
    }
    if (overflow) {
        return EC_OVERFLOW;
    }
    if (s->sum == 0) {
        s->weights = NULL;
        s->sum = (int64_t)count;
    }
    return EC_OK;
}

/* The share of one weight, cut off towards zero, and the size of the part that was cut off. No
   share is larger than the total, so this cannot overflow. */
static int64_t share_of(const split *s, size_t index, int64_t *fraction)
{
    int64_t share = 0;
    int64_t remainder = 0;
    (void)ec_divide_exact(s->total, weight_of(s, index), s->sum, &share, &remainder);
    *fraction = (int64_t)ec_magnitude(remainder);
    return share;
}

static size_t count_above(const int64_t *fractions, size_t count, int64_t limit)
{
    size_t above = 0;
    for (size_t i = 0; i < count; i++) {
        above += fractions[i] > limit;
    }
    return above;
}

/* The smallest limit that at most `spare` fractions exceed. */
static int64_t find_limit(const int64_t *fractions, size_t count, size_t spare, int64_t highest)
{
    int64_t low = 0;
    int64_t high = highest;
    while (low < high) {
        int64_t middle = low + (high - low) / 2;
        if (count_above(fractions, count, middle) <= spare) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return low;
}

static void deal_to_largest(const split *s, int64_t *parts)
{
    /* All shares but their fractions add up to the total, so the spare is the fractions' sum in
       whole units; it is below the number of shares. */
    int64_t left = s->total;
    for (size_t i = 0; i < s->count; i++) {
        left -= share_of(s, i, &parts[i]);
    }
    size_t spare = (size_t)ec_magnitude(left);
    int64_t limit = find_limit(parts, s->count, spare, s->sum);
    size_t ties = spare - count_above(parts, s->count, limit);
    int64_t unit = s->total < 0 ? -1 : 1;

    for (size_t i = 0; i < s->count; i++) {
        int64_t fraction = 0;
        int64_t share = share_of(s, i, &fraction);
        bool tie = fraction == limit && ties > 0;
        ties -= tie;
        parts[i] = share + (fraction > limit || tie ? unit : 0);
    }
}

/* From the first share on, one unit each. A share that has nothing to give back or no weight to
   carry anything is passed over. */
static void deal_to_first(const split *s, int64_t left, int64_t *parts)
{
    bool giving = (left < 0) == (s->total < 0);
    int64_t unit = left < 0 ? -1 : 1;
    for (size_t i = 0; i < s->count && left != 0; i++) {
        if (giving ? weight_of(s, i) != 0 : parts[i] != 0) {
            parts[i] += unit;
            left -= unit;
        }
    }
}

static void deal_from_first(const split *s, bool nearest, int64_t *parts)
{
    int64_t left = s->total;
    for (size_t i = 0; i < s->count; i++) {
        int64_t fraction = 0;
        parts[i] = share_of(s, i, &fraction);
        if (nearest && fraction > s->sum - fraction) {
            parts[i] += s->total < 0 ? -1 : 1;
        }
        left -= parts[i];
    }
    deal_to_first(s, left, parts);
}

ec_status ec_money_allocate(ec_money total, const int64_t *weights, size_t count,
                            ec_allocation method, int64_t *parts)
{
    split s;

    if (weights == NULL || parts == NULL) {
        return EC_MISUSE;
    }
    bool known = (int)method >= EC_ALLOCATE_LARGEST_REMAINDER && (int)method <= EC_ALLOCATE_NEAREST;
    if (!known || memchr(total.currency, '\0', sizeof total.currency) == NULL) {
        return EC_INVALID;
    }
    ec_status status = split_init(&s, total.amount, weights, count);
    if (status != EC_OK) {
        return status;
    }
    if (method == EC_ALLOCATE_LARGEST_REMAINDER) {
        deal_to_largest(&s, parts);
    } else {
        deal_from_first(&s, method == EC_ALLOCATE_NEAREST, parts);
    }
    return EC_OK;
}
