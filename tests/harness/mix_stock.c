/* SPDX-License-Identifier: MIT */
/*
 * mix_stock.c - staff with goods, and time that passes.
 */
#include "harness/mix.h"

void mix_adjust(mix_worker *w)
{
    ec_stock_level *level = NULL;
    int at = (int)mix_pick(w, MIX_VARIANTS);
    ec_stock_change c = {.variant_id = w->b->variants[at],
                         .warehouse_id = w->b->warehouses[mix_pick(w, MIX_WAREHOUSES)],
                         .on_hand = mix_luck(w, 75) ? 1 + mix_pick(w, 15) : -1 - mix_pick(w, 6),
                         .kind = EC_MOVEMENT_ADJUSTMENT};
    if (mix_luck(w, 10)) c.damaged = mix_pick(w, 3) - 1;
    if (mix_luck(w, 20)) c.incoming = 1 + mix_pick(w, 5);
    if (mix_did(w, w->staff, "adjust", ec_stock_adjust(w->staff, &c, &level), MAY(INVALID)))
        w->b->on_hand[at] += c.on_hand;
    ec_free(level);
}

void mix_receive(mix_worker *w)
{
    ec_stock_level *level = NULL;
    int at = (int)mix_pick(w, MIX_VARIANTS);
    ec_id warehouse = w->b->warehouses[mix_pick(w, MIX_WAREHOUSES)];
    int64_t units = 1 + mix_pick(w, 3);
    if (mix_did(w, w->staff, "receive",
                ec_stock_receive(w->staff, w->b->variants[at], warehouse, units, NULL, &level),
                MAY(INVALID)))
        w->b->on_hand[at] += units;
    ec_free(level);
}

void mix_transfer(mix_worker *w)
{
    ec_stock_level_list *levels = NULL;
    int64_t from = mix_pick(w, MIX_WAREHOUSES);
    ec_stock_transfer_request request = {
        .variant_id = mix_some_variant(w),
        .from_id = w->b->warehouses[from],
        .to_id = w->b->warehouses[(from + 1 + mix_pick(w, MIX_WAREHOUSES - 1)) % MIX_WAREHOUSES],
        .quantity = 1 + mix_pick(w, 4)};
    (void)mix_did(w, w->staff, "transfer", ec_stock_transfer(w->staff, &request, &levels),
                  MAY(INVALID));
    ec_free(levels);
}

void mix_count(mix_worker *w)
{
    ec_stock_level *level = NULL, *after = NULL;
    int at = (int)mix_pick(w, MIX_VARIANTS);
    ec_id warehouse = w->b->warehouses[mix_pick(w, MIX_WAREHOUSES)];
    if (!mix_did(w, w->staff, "level",
                 ec_stock_get(w->staff, w->b->variants[at], warehouse, &level), 0))
        return;
    ec_stock_count count = {.variant_id = w->b->variants[at],
                            .warehouse_id = warehouse,
                            .on_hand = level->on_hand + mix_pick(w, 5) - 1,
                            .expected = level->on_hand};
    if (mix_did(w, w->staff, "count", ec_stock_set(w->staff, &count, &after),
                MAY(INVALID) | MAY(STALE)))
        w->b->on_hand[at] += count.on_hand - count.expected;
    ec_free(level);
    ec_free(after);
}

/* ---- time passes ---- */

void mix_sweep(mix_worker *w)
{
    ec_reconciliation *done = NULL;
    w->b->now += mix_pick(w, 4 * 60000);
    switch (mix_pick(w, 5)) {
    case 0:
        (void)mix_did(w, w->staff, "cart sweep", ec_cart_sweep(w->staff, 0, NULL), MAY(DENIED));
        break;
    case 1:
        (void)mix_did(w, w->staff, "order sweep",
                      ec_order_sweep(w->staff, INT64_C(3600000), 5, NULL), 0);
        break;
    case 2:
        (void)mix_did(w, w->staff, "reconcile", ec_payment_reconcile(w->staff, 60000, &done), 0);
        break;
    default: (void)mix_did(w, w->staff, "sweep", ec_stock_sweep(w->staff, 0, NULL), 0); break;
    }
    ec_free(done);
}
