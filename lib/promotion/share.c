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

/* Lines that can give. */
static size_t find_givers(ec_trial *trial, const ec_rule *filter)
{
    size_t count = 0;
    const ec_pricing_work *work = trial->work;
    bool sorted = work->in->policy->discount_shares != EC_ALLOCATE_NEAREST;
    for (size_t i = 0; i < trial->bench->count; i++) {
        size_t line = sorted ? trial->bench->order[i] : i;
        int64_t room = ec_pricing_room(&work->lines[line]);
        if (room == 0 || !ec_trial_has(trial, line, filter)) continue;
        trial->bench->givers[count++] =
            (ec_giver){.line = line, .left = ec_pricing_left(&work->lines[line]), .room = room};
    }
    return count;
}

/* One round among those that can give more. What they gave. */
static int64_t share_round(ec_trial *trial, size_t count, int64_t amount)
{
    ec_bench *bench = trial->bench;
    size_t able = 0;
    int64_t given = 0;
    for (size_t i = 0; i < count; i++) {
        const ec_giver *giver = &bench->givers[i];
        if (giver->room == giver->share) continue;
        bench->weights[able] = giver->left - giver->share;
        bench->able[able++] = i;
    }
    if (able == 0) return 0;
    ec_status status = ec_money_allocate((ec_money){.amount = amount}, bench->weights, able,
                                         trial->work->in->policy->discount_shares, bench->parts);
    if (status != EC_OK) trial->status = status;
    for (size_t i = 0; i < able && status == EC_OK; i++) {
        ec_giver *giver = &bench->givers[bench->able[i]];
        int64_t more = giver->room - giver->share;
        if (bench->parts[i] < more) more = bench->parts[i];
        giver->share += more;
        given += more;
    }
    return given;
}

void ec_trial_share(ec_trial *trial, const ec_rule *filter, const ec_piece *about, int64_t amount)
{
    size_t count = find_givers(trial, filter);
    while (amount > 0 && trial->status == EC_OK) {
        int64_t given = share_round(trial, count, amount);
        if (given == 0) break;
        amount -= given;
    }
    for (size_t i = 0; i < count && trial->status == EC_OK; i++) {
        ec_piece piece = *about;
        piece.line = trial->bench->givers[i].line;
        piece.amount = trial->bench->givers[i].share;
        (void)ec_trial_take(trial, &piece);
    }
}
