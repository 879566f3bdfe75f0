/* SPDX-License-Identifier: MIT */
/*
 * settle.c - what follows from what: the money axis from the payments, the goods axis from the
 * items, the order's own axis from both, the amounts from the items. It moves no money and no
 * goods.
 */
#include <ecommerce/limits.h>
#include <ecommerce/money.h>
#include <stdio.h>
#include <string.h>

#include "order/order.h"

int64_t ec_order_item_open(const ec_order_item *item)
{
    return item->quantity - item->cancelled_quantity - item->shipped_quantity;
}

int64_t ec_order_due(const ec_order *order)
{
    return order->total_amount - (order->paid_amount - order->refunded_amount);
}

static ec_status too_large(ec_session *session)
{
    return ec_fail_field(session, EC_OVERFLOW, "total_amount", "max",
                         "The order's amounts leave the supported range of %lld minor units.",
                         (long long)EC_AMOUNT_MAX);
}

/*
 * Discount and tax are of all units ordered; of r units out of q they are the r/q part. Computed
 * from the whole each time, never from what was left before, so that no cent drifts away: the first
 * units up to any two borders differ by what is between them.
 *
 * A negative tax (an included one that is not paid) is shared together with the discount, so that
 * both never take more than the units cost.
 */
static bool share(const ec_order_item *item, int64_t units, ec_order_share *out)
{
    int64_t both = 0;
    *out = (ec_order_share){0};
    if (__builtin_mul_overflow(item->unit_price, units, &out->price) ||
        ec_divide(item->discount_amount, units, item->quantity, EC_ROUND_HALF_UP, &out->discount) !=
            EC_OK ||
        ec_divide(item->tax_included, units, item->quantity, EC_ROUND_HALF_UP,
                  &out->tax_included) != EC_OK ||
        ec_divide(item->tax_amount, units, item->quantity, EC_ROUND_HALF_UP, &out->tax) != EC_OK ||
        ec_divide(item->tax_amount - item->discount_amount, units, item->quantity, EC_ROUND_HALF_UP,
                  &both) != EC_OK)
        return false;
    if (item->tax_amount < 0) out->tax = both + out->discount;
    out->total = out->price - out->discount + out->tax;
    return out->total <= EC_AMOUNT_MAX;
}

ec_status ec_order_item_share(ec_session *session, const ec_order_item *item, int64_t units,
                              ec_order_share *out)
{
    return share(item, units, out) ? EC_OK : too_large(session);
}

/* What is left of rounding when the total would fall below nothing. */
static void meet_zero(ec_order *order)
{
    if (order->total_amount >= 0) return;
    order->rounding_amount -= order->total_amount;
    order->total_amount = 0;
}

ec_status ec_order_sum(ec_session *session, ec_order *order)
{
    ec_order_share sums = {0};
    for (size_t i = 0; i < order->items_count; i++) {
        ec_order_item *item = &order->items[i];
        ec_order_share part;
        ec_status status =
            ec_order_item_share(session, item, item->quantity - item->cancelled_quantity, &part);
        if (status != EC_OK) return status;
        item->total_amount = part.total;
        if (__builtin_add_overflow(sums.price, part.price, &sums.price) ||
            __builtin_add_overflow(sums.discount, part.discount, &sums.discount) ||
            __builtin_add_overflow(sums.tax, part.tax, &sums.tax) ||
            __builtin_add_overflow(sums.tax_included, part.tax_included, &sums.tax_included))
            return too_large(session);
    }
    order->subtotal = sums.price;
    order->discount_amount = sums.discount;
    order->tax_amount = sums.tax + order->shipping_tax;
    order->tax_included = sums.tax_included + order->shipping_tax_included;
    order->total_amount = sums.price - sums.discount + order->rounding_amount;
    if (__builtin_add_overflow(order->total_amount, order->shipping_amount, &order->total_amount) ||
        __builtin_add_overflow(order->total_amount, order->tax_amount, &order->total_amount) ||
        order->total_amount > EC_AMOUNT_MAX)
        return too_large(session);
    meet_zero(order);
    return EC_OK;
}

static void set_axis(ec_order *order, ec_axis axis, int state)
{
    switch (axis) {
    case EC_AXIS_ORDER: order->state = (ec_order_state)state; break;
    case EC_AXIS_PAYMENT: order->payment_status = (ec_order_payment)state; break;
    case EC_AXIS_FULFILLMENT: order->fulfillment_status = (ec_order_fulfillment)state; break;
    }
    order->status = ec_order_outward(order);
}

ec_status ec_order_fire(ec_session *session, ec_order *order, ec_axis axis, const char *event,
                        const char *data)
{
    int from = ec_order_axis(order, axis);
    const ec_transition *row = ec_transition_find(axis, from, event);
    const char *from_name = ec_axis_state_name(axis, from);
    if (row == NULL)
        return ec_fail_field(session, EC_STATE, ec_axis_name(axis), "state",
                             "\"%.32s\" cannot happen to an order that is %s.", event, from_name);
    if (row->guard != NULL && !row->guard(order))
        return ec_fail_field(session, EC_STATE, ec_axis_name(axis), "guard", "\"%s\" needs %s.",
                             event, row->needs);
    set_axis(order, axis, row->to);
    if (axis == EC_AXIS_ORDER && row->to == EC_STATE_CANCELLED)
        order->cancelled_at = ec_now(session);
    const char *type = ec_arena_printf(ec_scratch(session), "order.%s", event);
    const char *json =
        ec_arena_printf(ec_scratch(session), "{\"axis\":\"%s\",\"from\":\"%s\",\"to\":\"%s\"%s%s}",
                        ec_axis_name(axis), from_name, ec_axis_state_name(axis, row->to),
                        data == NULL ? "" : ",", data == NULL ? "" : data);
    if (type == NULL || json == NULL) return ec_fail_memory(session);
    return ec_emit(session, "order", order->id, type, json);
}

/* Move an axis to where the facts say it is, by the event that leads there. */
static ec_status move(ec_session *session, ec_order *order, ec_axis axis, int target)
{
    int from = ec_order_axis(order, axis);
    if (from == target) return EC_OK;
    for (const ec_transition *row = ec_order_machine; row->event != NULL; row++)
        if (row->axis == axis && row->from == from && row->to == target)
            return ec_order_fire(session, order, axis, row->event, NULL);
    return ec_fail(session, EC_STATE, "The %s of an order cannot go from %s to %s.",
                   ec_axis_name(axis), ec_axis_state_name(axis, from),
                   ec_axis_state_name(axis, target));
}

/* ---- goods ---- */

static ec_order_fulfillment goods_target(const ec_order *order)
{
    int64_t needed = 0, shipped = 0, returned = 0;
    for (size_t i = 0; i < order->items_count; i++) {
        const ec_order_item *item = &order->items[i];
        if (!item->requires_shipping) continue;
        needed += item->quantity - item->cancelled_quantity;
        shipped += item->shipped_quantity;
        returned += item->returned_quantity;
    }
    if (order->state == EC_STATE_CANCELLED && shipped == 0) return EC_FULFILLMENT_CANCELLED;
    if (needed == 0) return EC_FULFILLMENT_NOT_NEEDED;
    if (shipped == 0) return EC_FULFILLMENT_UNFULFILLED;
    if (shipped < needed) return EC_FULFILLMENT_PARTIALLY_SHIPPED;
    if (returned == needed) return EC_FULFILLMENT_RETURNED;
    if (returned > 0) return EC_FULFILLMENT_PARTIALLY_RETURNED;
    for (size_t i = 0; i < order->shipments_count; i++)
        if (order->shipments[i].status != EC_SHIPMENT_DELIVERED) return EC_FULFILLMENT_SHIPPED;
    return EC_FULFILLMENT_DELIVERED;
}

/* The order's own axis follows when money and goods are where they should be. */
static ec_status follow(ec_session *session, ec_order *order)
{
    bool secured = order->payment_status == EC_ORDER_PAYMENT_AUTHORIZED ||
                   order->payment_status == EC_ORDER_PAYMENT_PAID;
    if (order->state == EC_STATE_PLACED && secured) {
        ec_status status = ec_order_fire(session, order, EC_AXIS_ORDER, "confirm", NULL);
        if (status != EC_OK) return status;
    }
    const ec_transition *row = ec_transition_find(EC_AXIS_ORDER, (int)order->state, "complete");
    if (row != NULL && row->guard(order))
        return ec_order_fire(session, order, EC_AXIS_ORDER, "complete", NULL);
    return EC_OK;
}

/* When the last parcel left and when the last one arrived; 0 while any is still to come. */
static void note_parcels(ec_order *order, ec_order_fulfillment target)
{
    bool all_left = target == EC_FULFILLMENT_SHIPPED || target == EC_FULFILLMENT_DELIVERED ||
                    target == EC_FULFILLMENT_PARTIALLY_RETURNED ||
                    target == EC_FULFILLMENT_RETURNED;
    ec_time shipped = 0, delivered = 0;
    bool arrived = order->shipments_count > 0;
    for (size_t i = 0; i < order->shipments_count; i++) {
        const ec_shipment *shipment = &order->shipments[i];
        arrived = arrived && shipment->status == EC_SHIPMENT_DELIVERED;
        if (shipment->shipped_at > shipped) shipped = shipment->shipped_at;
        if (shipment->delivered_at > delivered) delivered = shipment->delivered_at;
    }
    order->shipped_at = all_left ? shipped : 0;
    order->delivered_at = all_left && arrived ? delivered : 0;
}

ec_status ec_order_progress(ec_session *session, ec_order *order)
{
    ec_order_fulfillment target = goods_target(order);
    note_parcels(order, target);
    ec_status status = move(session, order, EC_AXIS_FULFILLMENT, (int)target);
    if (status != EC_OK) return status;
    return follow(session, order);
}

/* ---- money ---- */

/* What an order's payments come to. */
typedef struct sums {
    int64_t payments, failed, voided;
    int64_t authorized, captured, refunded;
} sums;

static ec_order_payment money_target(const ec_order *order, const sums *s)
{
    if (s->captured > 0) {
        if (s->refunded == s->captured) return EC_ORDER_PAYMENT_REFUNDED;
        if (s->refunded > 0) return EC_ORDER_PAYMENT_PARTIALLY_REFUNDED;
        if (s->captured >= order->total_amount) return EC_ORDER_PAYMENT_PAID;
        return EC_ORDER_PAYMENT_PARTIALLY_PAID;
    }
    if (s->authorized > 0 && (s->authorized >= order->total_amount ||
                              order->payment_status == EC_ORDER_PAYMENT_AUTHORIZED))
        return EC_ORDER_PAYMENT_AUTHORIZED;
    if (order->state == EC_STATE_CANCELLED) return EC_ORDER_PAYMENT_VOIDED;
    if (order->total_amount == 0) return EC_ORDER_PAYMENT_PAID;
    if (s->payments > 0 && s->voided == s->payments) return EC_ORDER_PAYMENT_VOIDED;
    if (s->payments > 0 && s->failed + s->voided == s->payments) return EC_ORDER_PAYMENT_FAILED;
    return order->payment_status == EC_ORDER_PAYMENT_VOIDED ||
                   order->payment_status == EC_ORDER_PAYMENT_FAILED
               ? order->payment_status
               : EC_ORDER_PAYMENT_PENDING;
}

static ec_status read_sums(ec_session *session, ec_id order_id, sums *s)
{
    ec_stmt *stmt = NULL;
    ec_status status = ec_query(
        session,
        "SELECT COUNT(*), COALESCE(SUM(status = 'failed'), 0), COALESCE(SUM(status = 'voided'), 0),"
        " COALESCE(SUM(CASE WHEN status IN ('failed', 'voided') THEN 0 ELSE authorized_amount END),"
        " 0), COALESCE(SUM(captured_amount), 0), COALESCE(SUM(refunded_amount), 0)"
        " FROM payments WHERE order_id = ?",
        ec_args(ec_int(order_id)), &stmt);
    if (status != EC_OK) return status;
    if ((status = ec_row(session, stmt)) != EC_OK) return status;
    *s = (sums){ec_col_int(stmt, 0), ec_col_int(stmt, 1), ec_col_int(stmt, 2),
                ec_col_int(stmt, 3), ec_col_int(stmt, 4), ec_col_int(stmt, 5)};
    ec_done(session, stmt);
    return EC_OK;
}

ec_status ec_order_settle_loaded(ec_session *session, ec_order *order)
{
    sums s = {0};
    ec_status status = read_sums(session, order->id, &s);
    if (status != EC_OK) return status;
    order->authorized_amount = s.authorized;
    order->paid_amount = s.captured;
    order->refunded_amount = s.refunded;
    status = move(session, order, EC_AXIS_PAYMENT, (int)money_target(order, &s));
    if (status != EC_OK) return status;
    /* a part is taken, as by a gift card, and the rest reserved */
    bool covered = order->payment_status == EC_ORDER_PAYMENT_PARTIALLY_PAID &&
                   s.authorized >= order->total_amount;
    if (covered && order->state == EC_STATE_PLACED)
        status = ec_order_fire(session, order, EC_AXIS_ORDER, "confirm", NULL);
    return status == EC_OK ? follow(session, order) : status;
}

ec_status ec_order_settle(ec_session *session, ec_id order_id)
{
    ec_order order = {0};
    ec_status status = ec_entity_get(session, &ec_order_entity, order_id, &order);
    if (status != EC_OK) return status;
    status = ec_order_settle_loaded(session, &order);
    if (status != EC_OK) return status;
    return ec_order_store(session, &order);
}

ec_status ec_order_store(ec_session *session, ec_order *order)
{
    ec_mask fields = ec_mask_of(
        "order", "subtotal,discount_amount,shipping_amount,shipping_discount,tax_amount,"
                 "tax_included,shipping_tax,shipping_tax_included,rounding_amount,total_amount,"
                 "authorized_amount,paid_amount,refunded_amount,due_amount,payment_reference,"
                 "cancel_reason,shipped_at,delivered_at,cancelled_at,status,state,payment_status,"
                 "fulfillment_status");
    order->status = ec_order_outward(order);
    order->due_amount = ec_order_due(order);
    return ec_entity_update(session, &ec_order_entity, order, fields);
}
