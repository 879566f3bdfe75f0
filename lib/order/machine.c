/* SPDX-License-Identifier: MIT */
/*
 * machine.c - the states of an order as a table: which event leads where, on which axis, and what
 * it asks for.
 *
 * Everything that asks "what may happen" reads this table: the operations, ec_order_next_events,
 * the tests that walk every pair, and the pictures in docs/guide/order.md. No other file decides a
 * state.
 */
#include <string.h>

#include "order/order.h"

static bool nothing_shipped(const ec_order *order)
{
    return order->fulfillment_status == EC_FULFILLMENT_UNFULFILLED ||
           order->fulfillment_status == EC_FULFILLMENT_NOT_NEEDED;
}

static bool settled_and_sent(const ec_order *order)
{
    bool sent = order->fulfillment_status == EC_FULFILLMENT_DELIVERED ||
                order->fulfillment_status == EC_FULFILLMENT_NOT_NEEDED ||
                order->fulfillment_status == EC_FULFILLMENT_RETURNED ||
                (order->fulfillment_status == EC_FULFILLMENT_PARTIALLY_RETURNED &&
                 order->delivered_at != 0);
    bool paid = order->payment_status == EC_ORDER_PAYMENT_PAID ||
                order->payment_status == EC_ORDER_PAYMENT_PARTIALLY_REFUNDED ||
                order->payment_status == EC_ORDER_PAYMENT_REFUNDED;
    return sent && paid;
}

#define ORDER EC_AXIS_ORDER
#define PAY EC_AXIS_PAYMENT
#define GOODS EC_AXIS_FULFILLMENT

const ec_transition ec_order_machine[] = {
    /* the order itself */
    {ORDER, EC_STATE_PLACED, "confirm", EC_STATE_CONFIRMED, NULL, NULL, true},
    {ORDER, EC_STATE_PLACED, "process", EC_STATE_PROCESSING, NULL, NULL, true},
    {ORDER, EC_STATE_CONFIRMED, "process", EC_STATE_PROCESSING, NULL, NULL, true},
    {ORDER, EC_STATE_CONFIRMED, "complete", EC_STATE_COMPLETED, settled_and_sent,
     "the order to be paid and its goods to have arrived", true},
    {ORDER, EC_STATE_PROCESSING, "complete", EC_STATE_COMPLETED, settled_and_sent,
     "the order to be paid and its goods to have arrived", true},
    {ORDER, EC_STATE_PLACED, "cancel", EC_STATE_CANCELLED, nothing_shipped,
     "nothing to have been shipped", true},
    {ORDER, EC_STATE_CONFIRMED, "cancel", EC_STATE_CANCELLED, nothing_shipped,
     "nothing to have been shipped", true},
    {ORDER, EC_STATE_PROCESSING, "cancel", EC_STATE_CANCELLED, nothing_shipped,
     "nothing to have been shipped", true},

    /* its money: follows from the payments */
    {PAY, EC_ORDER_PAYMENT_PENDING, "authorize", EC_ORDER_PAYMENT_AUTHORIZED, NULL, NULL, false},
    {PAY, EC_ORDER_PAYMENT_PENDING, "pay_part", EC_ORDER_PAYMENT_PARTIALLY_PAID, NULL, NULL, false},
    {PAY, EC_ORDER_PAYMENT_PENDING, "pay", EC_ORDER_PAYMENT_PAID, NULL, NULL, false},
    {PAY, EC_ORDER_PAYMENT_PENDING, "fail", EC_ORDER_PAYMENT_FAILED, NULL, NULL, false},
    {PAY, EC_ORDER_PAYMENT_PENDING, "void", EC_ORDER_PAYMENT_VOIDED, NULL, NULL, false},
    {PAY, EC_ORDER_PAYMENT_FAILED, "authorize", EC_ORDER_PAYMENT_AUTHORIZED, NULL, NULL, false},
    {PAY, EC_ORDER_PAYMENT_FAILED, "pay_part", EC_ORDER_PAYMENT_PARTIALLY_PAID, NULL, NULL, false},
    {PAY, EC_ORDER_PAYMENT_FAILED, "pay", EC_ORDER_PAYMENT_PAID, NULL, NULL, false},
    {PAY, EC_ORDER_PAYMENT_FAILED, "void", EC_ORDER_PAYMENT_VOIDED, NULL, NULL, false},
    {PAY, EC_ORDER_PAYMENT_AUTHORIZED, "pay_part", EC_ORDER_PAYMENT_PARTIALLY_PAID, NULL, NULL,
     false},
    {PAY, EC_ORDER_PAYMENT_AUTHORIZED, "pay", EC_ORDER_PAYMENT_PAID, NULL, NULL, false},
    {PAY, EC_ORDER_PAYMENT_AUTHORIZED, "void", EC_ORDER_PAYMENT_VOIDED, NULL, NULL, false},
    {PAY, EC_ORDER_PAYMENT_PARTIALLY_PAID, "pay", EC_ORDER_PAYMENT_PAID, NULL, NULL, false},
    {PAY, EC_ORDER_PAYMENT_PARTIALLY_PAID, "refund_part", EC_ORDER_PAYMENT_PARTIALLY_REFUNDED, NULL,
     NULL, false},
    {PAY, EC_ORDER_PAYMENT_PARTIALLY_PAID, "refund", EC_ORDER_PAYMENT_REFUNDED, NULL, NULL, false},
    {PAY, EC_ORDER_PAYMENT_PAID, "owe", EC_ORDER_PAYMENT_PARTIALLY_PAID, NULL, NULL, false},
    {PAY, EC_ORDER_PAYMENT_PAID, "reopen", EC_ORDER_PAYMENT_PENDING, NULL, NULL, false},
    {PAY, EC_ORDER_PAYMENT_PAID, "refund_part", EC_ORDER_PAYMENT_PARTIALLY_REFUNDED, NULL, NULL,
     false},
    {PAY, EC_ORDER_PAYMENT_PAID, "refund", EC_ORDER_PAYMENT_REFUNDED, NULL, NULL, false},
    {PAY, EC_ORDER_PAYMENT_PAID, "void", EC_ORDER_PAYMENT_VOIDED, NULL, NULL, false},
    {PAY, EC_ORDER_PAYMENT_PARTIALLY_REFUNDED, "refund", EC_ORDER_PAYMENT_REFUNDED, NULL, NULL,
     false},
    {PAY, EC_ORDER_PAYMENT_REFUNDED, "pay_part", EC_ORDER_PAYMENT_PARTIALLY_REFUNDED, NULL, NULL,
     false},
    {PAY, EC_ORDER_PAYMENT_VOIDED, "authorize", EC_ORDER_PAYMENT_AUTHORIZED, NULL, NULL, false},
    {PAY, EC_ORDER_PAYMENT_VOIDED, "pay_part", EC_ORDER_PAYMENT_PARTIALLY_PAID, NULL, NULL, false},
    {PAY, EC_ORDER_PAYMENT_VOIDED, "pay", EC_ORDER_PAYMENT_PAID, NULL, NULL, false},

    /* its goods: follow from parcels and returns */
    {GOODS, EC_FULFILLMENT_UNFULFILLED, "ship_part", EC_FULFILLMENT_PARTIALLY_SHIPPED, NULL, NULL,
     false},
    {GOODS, EC_FULFILLMENT_UNFULFILLED, "ship", EC_FULFILLMENT_SHIPPED, NULL, NULL, false},
    {GOODS, EC_FULFILLMENT_UNFULFILLED, "call_off", EC_FULFILLMENT_CANCELLED, NULL, NULL, false},
    {GOODS, EC_FULFILLMENT_UNFULFILLED, "need_nothing", EC_FULFILLMENT_NOT_NEEDED, NULL, NULL,
     false},
    {GOODS, EC_FULFILLMENT_NOT_NEEDED, "call_off", EC_FULFILLMENT_CANCELLED, NULL, NULL, false},
    {GOODS, EC_FULFILLMENT_NOT_NEEDED, "need", EC_FULFILLMENT_UNFULFILLED, NULL, NULL, false},
    {GOODS, EC_FULFILLMENT_PARTIALLY_SHIPPED, "ship", EC_FULFILLMENT_SHIPPED, NULL, NULL, false},
    {GOODS, EC_FULFILLMENT_PARTIALLY_SHIPPED, "deliver", EC_FULFILLMENT_DELIVERED, NULL, NULL,
     false},
    {GOODS, EC_FULFILLMENT_PARTIALLY_SHIPPED, "return_part", EC_FULFILLMENT_PARTIALLY_RETURNED,
     NULL, NULL, false},
    {GOODS, EC_FULFILLMENT_PARTIALLY_SHIPPED, "return", EC_FULFILLMENT_RETURNED, NULL, NULL, false},
    {GOODS, EC_FULFILLMENT_SHIPPED, "need", EC_FULFILLMENT_PARTIALLY_SHIPPED, NULL, NULL, false},
    {GOODS, EC_FULFILLMENT_SHIPPED, "deliver", EC_FULFILLMENT_DELIVERED, NULL, NULL, false},
    {GOODS, EC_FULFILLMENT_SHIPPED, "return_part", EC_FULFILLMENT_PARTIALLY_RETURNED, NULL, NULL,
     false},
    {GOODS, EC_FULFILLMENT_SHIPPED, "return", EC_FULFILLMENT_RETURNED, NULL, NULL, false},
    {GOODS, EC_FULFILLMENT_DELIVERED, "need", EC_FULFILLMENT_PARTIALLY_SHIPPED, NULL, NULL, false},
    {GOODS, EC_FULFILLMENT_DELIVERED, "return_part", EC_FULFILLMENT_PARTIALLY_RETURNED, NULL, NULL,
     false},
    {GOODS, EC_FULFILLMENT_DELIVERED, "return", EC_FULFILLMENT_RETURNED, NULL, NULL, false},
    {GOODS, EC_FULFILLMENT_PARTIALLY_RETURNED, "return", EC_FULFILLMENT_RETURNED, NULL, NULL,
     false},
    {GOODS, EC_FULFILLMENT_PARTIALLY_RETURNED, "need", EC_FULFILLMENT_PARTIALLY_SHIPPED, NULL, NULL,
     false},
    {GOODS, EC_FULFILLMENT_RETURNED, "need", EC_FULFILLMENT_PARTIALLY_SHIPPED, NULL, NULL, false},
    {ORDER, 0, NULL, 0, NULL, NULL, false},
};

const ec_transition *ec_transition_find(ec_axis axis, int from, const char *event)
{
    for (const ec_transition *row = ec_order_machine; row->event != NULL; row++)
        if (row->axis == axis && row->from == from && strcmp(row->event, event) == 0) return row;
    return NULL;
}

const char *ec_axis_name(ec_axis axis)
{
    static const char *const names[] = {"order", "payment", "fulfillment"};
    return names[axis];
}

const char *ec_axis_state_name(ec_axis axis, int state)
{
    switch (axis) {
    case EC_AXIS_ORDER: return ec_order_state_names[state];
    case EC_AXIS_PAYMENT: return ec_order_payment_names[state];
    case EC_AXIS_FULFILLMENT: return ec_order_fulfillment_names[state];
    }
    return NULL;
}

int ec_order_axis(const ec_order *order, ec_axis axis)
{
    switch (axis) {
    case EC_AXIS_ORDER: return (int)order->state;
    case EC_AXIS_PAYMENT: return (int)order->payment_status;
    case EC_AXIS_FULFILLMENT: return (int)order->fulfillment_status;
    }
    return -1;
}

ec_order_status ec_order_outward(const ec_order *order)
{
    if (order->state == EC_STATE_CANCELLED) return EC_ORDER_CANCELLED;
    switch (order->fulfillment_status) {
    case EC_FULFILLMENT_DELIVERED: return EC_ORDER_DELIVERED;
    case EC_FULFILLMENT_SHIPPED: return EC_ORDER_SHIPPED;
    case EC_FULFILLMENT_PARTIALLY_RETURNED:
    case EC_FULFILLMENT_RETURNED:
        return order->delivered_at != 0 ? EC_ORDER_DELIVERED : EC_ORDER_SHIPPED;
    case EC_FULFILLMENT_PARTIALLY_SHIPPED: return EC_ORDER_PROCESSING;
    case EC_FULFILLMENT_NOT_NEEDED:
        if (order->state == EC_STATE_COMPLETED) return EC_ORDER_DELIVERED;
        break;
    case EC_FULFILLMENT_UNFULFILLED:
    case EC_FULFILLMENT_CANCELLED: break;
    }
    switch (order->state) {
    case EC_STATE_PLACED: return EC_ORDER_PENDING;
    case EC_STATE_CONFIRMED: return EC_ORDER_CONFIRMED;
    case EC_STATE_PROCESSING: return EC_ORDER_PROCESSING;
    case EC_STATE_COMPLETED: return EC_ORDER_DELIVERED;
    case EC_STATE_CANCELLED: return EC_ORDER_CANCELLED;
    }
    return EC_ORDER_PENDING;
}
