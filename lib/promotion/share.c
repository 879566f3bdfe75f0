/* SPDX-License-Identifier: MIT */
/*
 * share.c - an amount off the order, shared over lines so that every cent has its line.
 *
 * Shares are in proportion to what is left of the lines, by the policy's method. A line gives at
 * most what is above its floor; the rest is shared over the others again, until nothing is left of
 * it or of them. But for "nearest", whose spare cents go to the first lines of the cart, equal
 * remainders are decided by what is sold, so that the order of the lines changes nothing.
 */
#include <stdlib.h>

#include "promotion/inside.h"

typedef struct giver {
    size_t line;
    ec_id variant_id;
    int64_t price, left;
} giver;

static int by_goods(const void *a, const void *b)
{
    const giver *one = a, *two = b;
    if (one->variant_id != two->variant_id) return one->variant_id < two->variant_id ? -1 : 1;
    if (one->price != two->price) return one->price < two->price ? -1 : 1;
    if (one->left != two->left) return one->left < two->left ? -1 : 1;
    return one->line < two->line ? -1 : one->line > two->line;
}

/* Lines that can still give. */
static size_t find_givers(const ec_trial *trial, const ec_rule *filter, giver *givers)
{
    size_t count = 0;
    for (size_t i = 0; i < trial->work->lines_count; i++) {
        const ec_pricing_state *line = &trial->work->lines[i];
        if (ec_pricing_room(line) == 0 || !ec_trial_has(trial, i, filter)) continue;
        givers[count++] = (giver){i, line->in->variant_id, line->unit_price, ec_pricing_left(line)};
    }
    if (trial->work->in->policy->discount_shares != EC_ALLOCATE_NEAREST)
        qsort(givers, count, sizeof(*givers), by_goods);
    return count;
}

/* One round. What was taken. */
static int64_t take_round(ec_trial *trial, const giver *givers, size_t count, int64_t *weights,
                          int64_t *parts, const ec_piece *about, int64_t amount)
{
    int64_t taken = 0;
    for (size_t i = 0; i < count; i++)
        weights[i] = givers[i].left;
    ec_money total = {.amount = amount};
    ec_status status =
        ec_money_allocate(total, weights, count, trial->work->in->policy->discount_shares, parts);
    if (status != EC_OK) {
        trial->status = status;
        return 0;
    }
    for (size_t i = 0; i < count; i++) {
        ec_piece piece = *about;
        piece.line = givers[i].line;
        piece.amount = parts[i];
        taken += ec_trial_take(trial, &piece);
    }
    return taken;
}

void ec_trial_share(ec_trial *trial, const ec_rule *filter, const ec_piece *about, int64_t amount)
{
    size_t n = trial->work->lines_count;
    giver *givers = ec_arena_array(trial->work->arena, n + 1, sizeof(*givers));
    int64_t *weights = ec_arena_array(trial->work->arena, 2 * n + 1, sizeof(*weights));
    if (givers == NULL || weights == NULL) {
        trial->status = EC_NO_MEMORY;
        return;
    }
    while (amount > 0 && trial->status == EC_OK) {
        size_t count = find_givers(trial, filter, givers);
        if (count == 0) return;
        int64_t taken = take_round(trial, givers, count, weights, weights + n, about, amount);
        if (taken == 0) return;
        amount -= taken;
    }
}
