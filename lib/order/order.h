/* SPDX-License-Identifier: MIT */
/*
 * order.h - what the parts of an order share: the machine, loading, storing and settling.
 *
 * The axes of an order change only through ec_order_fire; money and goods are never told where they
 * stand but derive it from payments and items.
 */
#ifndef EC_ORDER_ORDER_H
#define EC_ORDER_ORDER_H

#include <ecommerce/order.h>

#include "engine/call.h"
#include "engine/sql.h"
#include "model/model.h"

/* The three axes. */
typedef enum ec_axis { EC_AXIS_ORDER = 0, EC_AXIS_PAYMENT = 1, EC_AXIS_FULFILLMENT = 2 } ec_axis;

/* What a transition asks of the order before it may happen. */
typedef bool (*ec_guard_fn)(const ec_order *order);

/* One row of the machine. */
typedef struct ec_transition {
    ec_axis axis;
    int from;
    const char *event;
    int to;
    ec_guard_fn guard; /* NULL: always */
    const char *needs; /* what the guard asks for, for people; NULL without guard */
    bool by_hand;      /* may be asked for; the others follow from payments, parcels and returns */
} ec_transition;

/* All rows, ended by one without event. */
extern const ec_transition ec_order_machine[];

/* The row for an event on an axis, or NULL. */
const ec_transition *ec_transition_find(ec_axis axis, int from, const char *event);
/* The names of an axis' states and of the axis itself. */
const char *ec_axis_name(ec_axis axis);
const char *ec_axis_state_name(ec_axis axis, int state);
/* Where the order stands on an axis. */
int ec_order_axis(const ec_order *order, ec_axis axis);
/* The one word for clients, from the three axes. */
ec_order_status ec_order_outward(const ec_order *order);

/* Read the order's own row, for a change; checks ownership. */
ec_status ec_order_head(ec_session *session, ec_id id, ec_order *out);
/* The items of an order, in place; also fills order->items. */
ec_status ec_order_read_items(ec_session *session, ec_order *order);
/* Everything that belongs to it. */
ec_status ec_order_read_all(ec_session *session, ec_order *order);

/* The whole order in the arena, as the result of an operation. */
ec_status ec_order_answer(ec_session *session, ec_id id, void **result);

/*
 * Fire an event on an axis: the object changes and the event "order.<event>" is written with axis,
 * from, to and what data holds (members without braces, such as "\"reason\":\"…\"", or NULL).
 * EC_STATE when the table has no such row or its guard says no. The caller stores the order.
 */
ec_status ec_order_fire(ec_session *session, ec_order *order, ec_axis axis, const char *event,
                        const char *data);
/* Store the axes, amounts, times and the outward status of a changed order. */
ec_status ec_order_store(ec_session *session, ec_order *order);

/* What some units of an item come to. */
typedef struct ec_order_share {
    int64_t price, discount, tax, tax_included, total;
} ec_order_share;

/* The items' totals and the sums of them (subtotal, discount, tax, total), of the units that are
   left; EC_OVERFLOW. */
ec_status ec_order_sum(ec_session *session, ec_order *order);
/* What the first so many units of an item come to. The shares of two numbers of units differ by
   what the units between them cost, so that all of them together are the item. */
ec_status ec_order_item_share(ec_session *session, const ec_order_item *item, int64_t units,
                              ec_order_share *out);
/* Write down why the total is another one than it was; none when it is not. kind: "edit". */
ec_status ec_order_explain(ec_session *session, const ec_order *order, int64_t before,
                           const char *kind, const char *source, const char *label);
/* Where an item is among the order's; items_count when it is not. */
size_t ec_order_item_index(const ec_order *order, ec_id item_id);
/* Units of an item that can still be shipped. */
int64_t ec_order_item_open(const ec_order_item *item);

/* After payments changed: paid and refunded amounts, payment axis, and what follows from it. */
ec_status ec_order_settle(ec_session *session, ec_id order_id);
/* The same for an order that is in hand; the caller stores. */
ec_status ec_order_settle_loaded(ec_session *session, ec_order *order);
/* After items changed: fulfilment axis, and what follows from it. In memory; the caller stores. */
ec_status ec_order_progress(ec_session *session, ec_order *order);
/* ---- the ledger of an order; ledger.c ---- */

/* The sums of one order while its rows come by, and what is known of the payment whose rows do. */
typedef struct ec_ledger_run {
    ec_ledger *ledger;
    ec_id payment_id;
    int64_t authorized, captured; /* of the payment, so far */
    ec_ledger_entry voided;       /* at: 0 when nothing of it was given up */
    /* An entry that was made; NULL: only the sums are wanted. */
    ec_status (*keep)(struct ec_ledger_run *run, const ec_ledger_entry *entry);
    void *ctx;
} ec_ledger_run;

/* One row of what ledgers are made of: "placed" with the first subtotal, then adjustments, then the
   successful transactions by payment. */
typedef struct ec_ledger_row {
    const char *kind; /* of the adjustment, of the transaction, or "placed" */
    const char *provider;
    const char *note;
    ec_time at;
    int64_t amount;
    ec_id payment_id, transaction_id, refund_id, credit_id; /* 0: an adjustment */
} ec_ledger_row;
ec_status ec_ledger_step(ec_ledger_run *run, const ec_ledger_row *row);
/* Behind the last row of an order. */
ec_status ec_ledger_end(ec_ledger_run *run);

/* What is still to be paid (above 0) or to be given back (below 0). */
int64_t ec_order_due(const ec_order *order);

#endif
