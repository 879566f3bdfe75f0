/* SPDX-License-Identifier: MIT */
/*
 * stock.h - stock for the other rules: what can be had, holding it, and what becomes of holds.
 *
 * Every function here takes a number of statements that does not depend on the number of lines.
 * Rows are touched in the order of their numbers, so two callers cannot lock each other out.
 * Functions that change something belong into a writing operation (call.h); they fail as a whole.
 *
 * The way of a checkout, all in one transaction:
 *
 *     ec_stock_reserve(session, channel, demands, n, &owner, &rows)  3 statements
 *
 * and when it has become an order, in the transaction that inserts that:
 *
 *     ec_stock_attach(session, cart_id, order_id, &attached)         1 statement
 *     attached < rows: holds ran out while the payment took its time
 *         ec_stock_cover(session, channel, order_id, demands, n)     holds again what is missing
 */
#ifndef EC_STOCK_STOCK_H
#define EC_STOCK_STOCK_H

#include <ecommerce/channel.h>
#include <ecommerce/stock.h>

#include "engine/call.h"
#include "engine/sql.h"
#include "model/model.h"

/* ---- what can be had: supply.c ---- */

/* What a line of a cart or order wants. The index of a demand is the i of items[i].quantity. */
typedef struct ec_stock_demand {
    ec_id variant_id;
    int64_t quantity; /* 1 or more */
} ec_stock_demand;

/* A variant in a warehouse of the channel. */
typedef struct ec_stock_place {
    ec_id warehouse_id;
    ec_id inventory_id; /* 0: nothing was ever recorded there */
    int64_t available;  /* may be negative */
    int64_t reorder_point;
} ec_stock_place;

/* A variant and where it can come from, in the order of the channel's warehouses. */
typedef struct ec_stock_candidate {
    ec_id variant_id;
    bool tracked;   /* false: needs no stock */
    bool backorder; /* may be sold without being there */
    size_t places_count;
    ec_stock_place *places;
} ec_stock_candidate;

/* By variant_id upwards, each once; unknown variants are left out. In the session's arena. */
typedef struct ec_stock_supply {
    size_t count;
    ec_stock_candidate *items;
    ec_stock_strategy strategy; /* of the channel */
} ec_stock_supply;

/* One SELECT. channel_id 0: the session's. */
ec_status ec_stock_candidates(ec_session *session, ec_id channel_id, const ec_stock_demand *demands,
                              size_t count, ec_stock_supply *supply);
/* The entry of a variant, or NULL. */
const ec_stock_candidate *ec_stock_candidate_of(const ec_stock_supply *supply, ec_id variant_id);
/* Units that could be sold now over all its warehouses, 0 or more; -1: any number (untracked or
   backorder). 0 for a variant that is not there. */
int64_t ec_stock_sellable(const ec_stock_supply *supply, ec_id variant_id);

/* ---- where to take it from: plan.c, pure ---- */

typedef struct ec_stock_allocation {
    ec_id variant_id;
    ec_id warehouse_id;
    ec_id inventory_id; /* 0: to be created (a backorder where nothing was ever recorded) */
    int64_t quantity;
    int64_t available; /* before */
    int64_t reorder_point;
    size_t line; /* first demand of the variant */
} ec_stock_allocation;

typedef struct ec_stock_short {
    ec_id variant_id;
    int64_t wanted;
    int64_t available; /* 0 or more */
    size_t line;       /* first demand of the variant */
} ec_stock_short;

/* Either allocations, or (when one variant is short) the short ones. Both by variant. */
typedef struct ec_stock_plan_result {
    size_t count;
    ec_stock_allocation *items;
    size_t shorts_count;
    ec_stock_short *shorts;
} ec_stock_plan_result;

/*
 * Spread demands over candidates. Demands of one variant are one; untracked ones need nothing. A
 * variant is split over warehouses only when no single one has enough. fewest_parcels first chooses
 * the fewest warehouses that together have everything (exact up to 10, greedy beyond) and then
 * leaves the others out. Ties go to the channel's order. A backorder variant that all warehouses
 * together have too few of goes to the first one as a whole.
 * EC_INVALID for a quantity below 1, EC_OVERFLOW, EC_NO_MEMORY; a plan with shorts is EC_OK.
 */
ec_status ec_stock_plan(ec_arena *arena, ec_stock_strategy strategy, const ec_stock_supply *supply,
                        const ec_stock_demand *demands, size_t count, ec_stock_plan_result *plan);

/* EC_OUT_OF_STOCK with a field error for each: "items[i].quantity", rule "stock". */
ec_status ec_stock_fail_short(ec_session *session, const ec_stock_short *shorts, size_t count);

/* ---- holding: hold.c ---- */

/* Whose hold it is. Exactly one of the two. */
typedef struct ec_stock_owner {
    ec_id cart_id;
    ec_id order_id;
    ec_time expires_at; /* 0: never */
} ec_stock_owner;

/*
 * Hold what a plan allocated: one guarded UPDATE and one INSERT (two more when a backorder's
 * balance has to be created, one for events when something became low). EC_OUT_OF_STOCK as
 * ec_stock_fail_short when stock went meanwhile. Makes count reservations.
 */
ec_status ec_stock_hold(ec_session *session, const ec_stock_allocation *allocations, size_t count,
                        const ec_stock_owner *owner);

/*
 * Candidates, plan by the channel's strategy, hold. When something is short, holds of these
 * variants whose time has run out are ended first and it is tried again. rows: how many
 * reservations were made (0 for untracked goods); may be NULL. channel_id 0: the session's.
 */
ec_status ec_stock_reserve(ec_session *session, ec_id channel_id, const ec_stock_demand *demands,
                           size_t count, const ec_stock_owner *owner, size_t *rows);

/* Make a cart's active holds those of its order, for as long as it lives. One UPDATE. attached: how
   many; may be NULL. */
ec_status ec_stock_attach(ec_session *session, ec_id cart_id, ec_id order_id, size_t *attached);

/* Hold for the order what its active holds lack of the demands. One SELECT when nothing is missing;
   EC_OUT_OF_STOCK when it cannot be had any more. */
ec_status ec_stock_cover(ec_session *session, ec_id channel_id, ec_id order_id,
                         const ec_stock_demand *demands, size_t count);

/* ---- what becomes of holds: end.c ---- */

/* Units of a variant, in one warehouse (0: wherever they are held). Each variant and warehouse
   once; quantity 1 or more. */
typedef struct ec_stock_units {
    ec_id variant_id;
    ec_id warehouse_id;
    int64_t quantity;
} ec_stock_units;

/* Give up holds: all (units NULL) or so many of each variant, oldest first. More than is held is no
   error: what is held gets free. */
ec_status ec_stock_release_cart(ec_session *session, ec_id cart_id, const ec_stock_units *units,
                                size_t count);
ec_status ec_stock_release_order(ec_session *session, ec_id order_id, const ec_stock_units *units,
                                 size_t count);

/*
 * Goods leave: holds become committed, on hand and committed fall, movements "sale" of the cause
 * "order". Oldest holds first. Give all units that leave, tracked when they were ordered or not.
 * Units of variants that are not tracked now need no stock: their holds are given up. A hold in
 * another warehouse than the named one is taken when that one has the units available.
 * EC_STATE when tracked units are not on hold; EC_OUT_OF_STOCK when they are not on hand (a
 * backorder that has not arrived, or the rest is damaged). Field errors "items[i].quantity" by the
 * index in units.
 */
ec_status ec_stock_ship(ec_session *session, ec_id order_id, const ec_stock_units *units,
                        size_t count);
/* As ec_stock_ship, for goods that are gone without having been sold: movements "adjustment". */
ec_status ec_stock_write_off(ec_session *session, ec_id order_id, const ec_stock_units *units,
                             size_t count, const char *reason);
/* Goods come back: on hand rises, movements "return" of the cause "return". warehouse_id 0: where
   the order's units left, or else the first of the order's channel. Untracked goods need no
   stock. */
ec_status ec_stock_return(ec_session *session, ec_id order_id, ec_id return_id,
                          const ec_stock_units *units, size_t count);
/* Hold more for a placed order: ec_stock_reserve for ever. */
ec_status ec_stock_hold_order(ec_session *session, ec_id channel_id, ec_id order_id,
                              const ec_stock_units *units, size_t count);

/* End expired holds; variants NULL: any. ended may be NULL. */
ec_status ec_stock_expire(ec_session *session, ec_time now, const ec_id *variants, size_t count,
                          int64_t limit, int64_t *ended);

/* ---- for the catalogue ---- */

/* The backorder flag of variants changed: tell their balances. EC_STATE when it was taken away
   while more is promised than is on hand. At most two statements, however many. */
ec_status ec_stock_backorder(ec_session *session, ec_id variant_id, bool backorder);
ec_status ec_stock_backorders(ec_session *session, const ec_id *variants, size_t count,
                              bool backorder);

/* The warehouse that imports fill: the first active one by priority; a new one with the code "main"
   when there is none. */
ec_status ec_warehouse_default(ec_session *session, ec_id *id);

/* Change balances inside another operation, as ec_stock_adjust_many does. prefix: of field errors,
   "items" for "items[2].on_hand". levels: count of them, may be NULL; in the arena. */
ec_status ec_stock_apply(ec_session *session, const char *prefix, const ec_stock_change *changes,
                         size_t count, ec_stock_level **levels);

#endif
