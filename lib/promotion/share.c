/* SPDX-License-Identifier: MIT */
/*
 * share.c - an amount off the order, shared over lines so that every cent has its line.
 *
 * Shares are in proportion to what is left of the lines, by the policy's method. A line gives at
 * most what is above its floor; the rest is shared over the others again, until nothing is left of
 * it or of them. But for "nearest", whose spare cents go to the first lines of the cart, equal
 * remainders are decided by what is sold, so that the order of the lines changes nothing.
 */
#include "promotion/inside.h"

/* Lines that can still give. */
static size_t find_givers(ec_trial *trial, const ec_rule *filter)
{
    size_t count = 0;
    const ec_pricing_work *work = trial->work;
    bool sorted = work->in->policy->discount_shares != EC_ALLOCATE_NEAREST;
    for (size_t i = 0; i < trial->bench->count; i++) {
        size_t line = sorted ? trial->bench->order[i] : i;
        if (!ec_trial_has(trial, line, filter) || ec_pricing_room(&work->lines[line]) == 0)
            continue;
        trial->bench->givers[count++] = (ec_giver){line, ec_pricing_left(&work->lines[line])};
    }
    return count;
}

/* One round. What was taken. */
static int64_t take_round(ec_trial *trial, size_t count, const ec_piece *about, int64_t amount)
{
    int64_t taken = 0;
    ec_bench *bench = trial->bench;
    for (size_t i = 0; i < count; i++)
        bench->weights[i] = bench->givers[i].left;
    ec_status status = ec_money_allocate((ec_money){.amount = amount}, bench->weights, count,
                                         trial->work->in->policy->discount_shares, bench->parts);
    if (status != EC_OK) {
        trial->status = status;
        return 0;
    }
    for (size_t i = 0; i < count; i++) {
        ec_piece piece = *about;
        piece.line = bench->givers[i].line;
        piece.amount = bench->parts[i];
        taken += ec_trial_take(trial, &piece);
    }
    return taken;
}

void ec_trial_share(ec_trial *trial, const ec_rule *filter, const ec_piece *about, int64_t amount)
{
    while (amount > 0 && trial->status == EC_OK) {
        size_t count = find_givers(trial, filter);
        if (count == 0) return;
        int64_t taken = take_round(trial, count, about, amount);
        if (taken == 0) return;
        amount -= taken;
    }
}
