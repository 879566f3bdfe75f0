/* SPDX-License-Identifier: MIT */
/*
 * read.c - orders out of the storage: the head for a change, the whole for a reader. Every part is
 * one statement, however many rows it has. It changes nothing.
 */
#include "order/order.h"

ec_status ec_order_head(ec_session *session, ec_id id, ec_order *out)
{
    ec_status status = ec_entity_get(session, &ec_order_entity, id, out);
    if (status != EC_OK) return status;
    return ec_owned(session, "order", out->user_id);
}

ec_status ec_order_read_items(ec_session *session, ec_order *order)
{
    void *items = NULL;
    ec_status status =
        ec_entity_select(session, &ec_order_item_entity, "WHERE t.order_id = ? ORDER BY t.position",
                         ec_args(ec_int(order->id)), &items, &order->items_count);
    order->items = items;
    return status;
}

/* The rows of a part that name the order directly. */
static ec_status read_part(ec_session *session, const ec_entity *entity, ec_id order_id,
                           void **rows, size_t *count)
{
    return ec_entity_select(session, entity, "WHERE t.order_id = ? ORDER BY t.id",
                            ec_args(ec_int(order_id)), rows, count);
}

static ec_status read_payments(ec_session *session, ec_order *order)
{
    void *rows = NULL;
    ec_status status =
        read_part(session, &ec_payment_entity, order->id, &rows, &order->payments_count);
    if (status != EC_OK || order->payments_count == 0) return status;
    order->payments = rows;
    size_t count = 0;
    status =
        ec_entity_select(session, &ec_payment_transaction_entity,
                         "WHERE t.payment_id IN (SELECT p.id FROM payments p WHERE p.order_id = ?)"
                         " ORDER BY t.payment_id, t.id",
                         ec_args(ec_int(order->id)), &rows, &count);
    if (status != EC_OK) return status;
    ec_payment_transaction *all = rows;
    size_t at = 0;
    for (size_t i = 0; i < order->payments_count; i++) {
        ec_payment *payment = &order->payments[i];
        while (at < count && all[at].payment_id < payment->id)
            at++;
        payment->transactions = at < count ? &all[at] : NULL;
        while (at < count && all[at].payment_id == payment->id) {
            payment->transactions_count++;
            at++;
        }
    }
    return EC_OK;
}

static ec_status read_shipments(ec_session *session, ec_order *order)
{
    void *rows = NULL;
    ec_status status =
        read_part(session, &ec_shipment_entity, order->id, &rows, &order->shipments_count);
    if (status != EC_OK || order->shipments_count == 0) return status;
    order->shipments = rows;
    size_t count = 0;
    status = ec_entity_select(
        session, &ec_shipment_item_entity,
        "WHERE t.shipment_id IN (SELECT s.id FROM shipments s WHERE s.order_id = ?)"
        " ORDER BY t.shipment_id, t.id",
        ec_args(ec_int(order->id)), &rows, &count);
    if (status != EC_OK) return status;
    ec_shipment_item *all = rows;
    size_t at = 0;
    for (size_t i = 0; i < order->shipments_count; i++) {
        ec_shipment *shipment = &order->shipments[i];
        while (at < count && all[at].shipment_id < shipment->id)
            at++;
        shipment->items = at < count ? &all[at] : NULL;
        while (at < count && all[at].shipment_id == shipment->id) {
            shipment->items_count++;
            at++;
        }
    }
    return EC_OK;
}

static ec_status read_returns(ec_session *session, ec_order *order)
{
    void *rows = NULL;
    ec_status status =
        read_part(session, &ec_return_entity, order->id, &rows, &order->returns_count);
    if (status != EC_OK || order->returns_count == 0) return status;
    order->returns = rows;
    size_t count = 0;
    status =
        ec_entity_select(session, &ec_return_item_entity,
                         "WHERE t.return_id IN (SELECT r.id FROM returns r WHERE r.order_id = ?)"
                         " ORDER BY t.return_id, t.id",
                         ec_args(ec_int(order->id)), &rows, &count);
    if (status != EC_OK) return status;
    ec_return_item *all = rows;
    size_t at = 0;
    for (size_t i = 0; i < order->returns_count; i++) {
        ec_return *back = &order->returns[i];
        while (at < count && all[at].return_id < back->id)
            at++;
        back->items = at < count ? &all[at] : NULL;
        while (at < count && all[at].return_id == back->id) {
            back->items_count++;
            at++;
        }
    }
    return EC_OK;
}

static ec_status read_refunds(ec_session *session, ec_order *order)
{
    void *rows = NULL;
    ec_status status =
        read_part(session, &ec_refund_entity, order->id, &rows, &order->refunds_count);
    if (status != EC_OK || order->refunds_count == 0) return status;
    order->refunds = rows;
    size_t count = 0;
    status =
        ec_entity_select(session, &ec_refund_item_entity,
                         "WHERE t.refund_id IN (SELECT r.id FROM refunds r WHERE r.order_id = ?)"
                         " ORDER BY t.refund_id, t.id",
                         ec_args(ec_int(order->id)), &rows, &count);
    if (status != EC_OK) return status;
    ec_refund_item *all = rows;
    size_t at = 0;
    for (size_t i = 0; i < order->refunds_count; i++) {
        ec_refund *refund = &order->refunds[i];
        while (at < count && all[at].refund_id < refund->id)
            at++;
        refund->items = at < count ? &all[at] : NULL;
        while (at < count && all[at].refund_id == refund->id) {
            refund->items_count++;
            at++;
        }
    }
    return EC_OK;
}

/* The places of the items that adjustments are about; items are in the order of their places. */
static void place_adjustments(ec_order *order)
{
    for (size_t i = 0; i < order->adjustments_count; i++) {
        ec_adjustment *one = &order->adjustments[i];
        size_t at = one->order_item_id == 0 ? order->items_count
                                            : ec_order_item_index(order, one->order_item_id);
        if (at < order->items_count) one->position = order->items[at].position;
    }
}

static ec_status read_promotions(ec_session *session, ec_order *order)
{
    ec_stmt *stmt = NULL;
    size_t room = 0;
    ec_status status =
        ec_query(session,
                 "SELECT u.promotion_id, u.coupon_id, p.name, c.code, u.amount"
                 " FROM promotion_uses u JOIN promotions p ON p.id = u.promotion_id"
                 " LEFT JOIN coupons c ON c.id = u.coupon_id WHERE u.order_id = ? ORDER BY u.id",
                 ec_args(ec_int(order->id)), &stmt);
    while (status == EC_OK && (status = ec_row(session, stmt)) == EC_OK) {
        if (order->promotions_count == room) {
            ec_order_promotion *list =
                ec_arena_array(ec_scratch(session), room = 2 * room + 4, sizeof(*list));
            if (list == NULL) return ec_fail_memory(session);
            for (size_t i = 0; i < order->promotions_count; i++)
                list[i] = order->promotions[i];
            order->promotions = list;
        }
        order->promotions[order->promotions_count++] =
            (ec_order_promotion){.promotion_id = ec_col_int(stmt, 0),
                                 .coupon_id = ec_col_int(stmt, 1),
                                 .name = ec_col_text(session, stmt, 2),
                                 .code = ec_col_text(session, stmt, 3),
                                 .amount = ec_col_int(stmt, 4)};
    }
    return status == EC_DONE ? EC_OK : status;
}

ec_status ec_order_read_all(ec_session *session, ec_order *order)
{
    void *rows = NULL;
    ec_status status = ec_order_read_items(session, order);
    if (status != EC_OK) return status;
    status = read_part(session, &ec_adjustment_entity, order->id, &rows, &order->adjustments_count);
    if (status != EC_OK) return status;
    order->adjustments = rows;
    place_adjustments(order);
    status = read_part(session, &ec_order_tax_entity, order->id, &rows, &order->taxes_count);
    if (status != EC_OK) return status;
    order->taxes = rows;
    order->promotions_count = 0;
    if ((status = read_promotions(session, order)) != EC_OK) return status;
    if ((status = read_payments(session, order)) != EC_OK) return status;
    if ((status = read_shipments(session, order)) != EC_OK) return status;
    if ((status = read_returns(session, order)) != EC_OK) return status;
    return read_refunds(session, order);
}

ec_status ec_order_answer(ec_session *session, ec_id id, void **result)
{
    ec_order *order = ec_arena_alloc(ec_scratch(session), sizeof(*order));
    if (order == NULL) return ec_fail_memory(session);
    ec_status status = ec_order_head(session, id, order);
    if (status != EC_OK) return status;
    status = ec_order_read_all(session, order);
    *result = order;
    return status;
}

/* ---- the operations ---- */

static ec_status run_get(ec_session *session, void *args, void **result)
{
    return ec_order_answer(session, *(const ec_id *)args, result);
}

static const ec_op op_get = {
    .name = "order.get",
    .permission = "orders.read",
    .access = EC_ACCESS_OWNER,
    .mode = EC_READ,
    .result = &ec_order_entity,
    .run = run_get,
};

ec_status ec_order_get(ec_session *session, ec_id id, ec_order **out)
{
    return ec_call(session, &op_get, &id, (void **)out);
}

static ec_status run_by_number(ec_session *session, void *args, void **result)
{
    const char *number = args;
    if (number == NULL)
        return ec_fail_field(session, EC_INVALID, "order_number", "required",
                             "An order number is needed.");
    int64_t id = 0;
    ec_status status = ec_query_int(session, "SELECT id FROM orders WHERE order_number = ?",
                                    ec_args(ec_text(number)), &id);
    if (status == EC_NOT_FOUND) /* the same words as for another's order */
        return ec_fail(session, EC_NOT_FOUND, "There is no such order.");
    if (status != EC_OK) return status;
    return ec_order_answer(session, id, result);
}

static const ec_op op_by_number = {
    .name = "order.by_number",
    .permission = "orders.read",
    .access = EC_ACCESS_OWNER,
    .mode = EC_READ,
    .result = &ec_order_entity,
    .run = run_by_number,
};

ec_status ec_order_by_number(ec_session *session, const char *number, ec_order **out)
{
    /* The body only reads the text. */
    union {
        const char *text;
        void *args;
    } input = {.text = number};
    return ec_call(session, &op_by_number, input.args, (void **)out);
}

static ec_status run_next_events(ec_session *session, void *args, void **result)
{
    ec_order order = {0};
    ec_status status = ec_order_head(session, *(const ec_id *)args, &order);
    if (status != EC_OK) return status;
    size_t rows = 0;
    while (ec_order_machine[rows].event != NULL)
        rows++;
    ec_next_events *next = ec_arena_alloc(ec_scratch(session), sizeof(*next));
    ec_next_event *items = ec_arena_array(ec_scratch(session), rows, sizeof(*items));
    if (next == NULL || items == NULL) return ec_fail_memory(session);
    next->items = items;
    for (const ec_transition *row = ec_order_machine; row->event != NULL; row++) {
        if (row->from != ec_order_axis(&order, row->axis)) continue;
        if (row->guard != NULL && !row->guard(&order)) continue;
        items[next->items_count++] = (ec_next_event){
            .axis = ec_axis_name(row->axis),
            .event = row->event,
            .from = ec_axis_state_name(row->axis, row->from),
            .to = ec_axis_state_name(row->axis, row->to),
            .by_hand = row->by_hand,
        };
    }
    *result = next;
    return EC_OK;
}

static const ec_op op_next_events = {
    .name = "order.next_events",
    .permission = "orders.read",
    .access = EC_ACCESS_STAFF,
    .mode = EC_READ,
    .result = &ec_next_events_entity,
    .run = run_next_events,
};

ec_status ec_order_next_events(ec_session *session, ec_id id, ec_next_events **out)
{
    return ec_call(session, &op_next_events, &id, (void **)out);
}
