/* SPDX-License-Identifier: MIT */
/*
 * cancel.c - calling off an order or units of it before they leave, and sweeping orders whose money
 * never came. What gift cards and store credit paid too much goes back to them; other money is not
 * moved but owed back (ec_order_due).
 */
#include <string.h>

#include "credit/credit.h"
#include "order/change.h"
#include "promotion/stored.h"

/* The units to call off, by item. */
static ec_status choose(ec_session *session, const ec_order *order,
                        const ec_cancel_request *request, int64_t *units)
{
    if (request->items_count == 0) {
        for (size_t i = 0; i < order->items_count; i++) {
            if (order->items[i].shipped_quantity > 0)
                return ec_fail(
                    session, EC_STATE,
                    "Parts of the order were shipped; call off single items, or have the "
                    "goods returned.");
            units[i] = ec_order_item_open(&order->items[i]);
        }
        return EC_OK;
    }
    return ec_order_choose(session, order, request->items, request->items_count, units);
}

/* The goods get free, or are written off. */
static ec_status free_goods(ec_session *session, const ec_order *order, const int64_t *units,
                            bool no_restock)
{
    size_t count = 0;
    ec_stock_units *goods = ec_order_goods(session, order, units, &count);
    if (goods == NULL) return ec_fail_memory(session);
    if (count == 0) return EC_OK;
    if (no_restock) return ec_stock_write_off(session, order->id, goods, count, "cancelled order");
    return ec_stock_release_order(session, order->id, goods, count);
}

static bool nothing_left(const ec_order *order)
{
    for (size_t i = 0; i < order->items_count; i++)
        if (order->items[i].cancelled_quantity < order->items[i].quantity) return false;
    return true;
}

/* What the history keeps. */
static ec_status describe(ec_session *session, const ec_order *order, const int64_t *units,
                          const ec_cancel_request *request, int64_t total_before, const char **data)
{
    ec_buf buf;
    ec_json_writer json;
    ec_buf_init(&buf, ec_session_platform(session), EC_JSON_SIZE_MAX);
    ec_json_begin(&json, &buf);
    ec_json_object(&json);
    if (request->reason != NULL) {
        ec_json_key(&json, "reason");
        ec_json_text(&json, request->reason);
    }
    ec_json_key(&json, "restock");
    ec_json_bool(&json, !request->no_restock);
    ec_json_key(&json, "total_before");
    ec_json_int(&json, total_before);
    ec_json_key(&json, "total_after");
    ec_json_int(&json, order->total_amount);
    ec_order_units_json(&json, order, units);
    ec_json_object_end(&json);
    return ec_order_keep(session, &buf, data);
}

static ec_status settle(ec_session *session, ec_order *order)
{
    bool back = false;
    ec_status status = ec_order_settle_loaded(session, order);
    if (status != EC_OK || ec_order_due(order) >= 0) return status;
    status = ec_credit_give_back(session, order, -ec_order_due(order), &back);
    return status == EC_OK && back ? ec_order_settle_loaded(session, order) : status;
}

static ec_status call_off(ec_session *session, ec_order *order, const ec_cancel_request *request,
                          const int64_t *units)
{
    int64_t before = order->total_amount;
    ec_status status = free_goods(session, order, units, request->no_restock);
    if (status != EC_OK) return status;
    for (size_t i = 0; i < order->items_count; i++)
        order->items[i].cancelled_quantity += units[i];
    bool whole = nothing_left(order);
    if (whole) {
        order->shipping_amount = order->shipping_discount = 0;
        order->shipping_tax = order->shipping_tax_included = order->rounding_amount = 0;
    }
    if ((status = ec_order_sum(session, order)) != EC_OK) return status;
    if ((status = ec_order_store_items(session, order)) != EC_OK) return status;
    status = ec_order_explain(session, order, before, "cancel", "cancellation",
                              whole ? "Order called off" : "Units called off");
    if (status != EC_OK) return status;
    if (whole && (status = ec_promotion_unspend(session, order->id)) != EC_OK) return status;
    if (request->reason != NULL) order->cancel_reason = request->reason;
    const char *data = NULL;
    status = describe(session, order, units, request, before, &data);
    if (status != EC_OK) return status;
    if (whole) {
        status =
            ec_order_fire(session, order, EC_AXIS_ORDER, "cancel", ec_order_members(session, data));
    } else {
        status = ec_emit(session, "order", order->id, "order.items_cancelled", data);
    }
    if (status != EC_OK) return status;
    if ((status = ec_order_progress(session, order)) != EC_OK) return status;
    if ((status = settle(session, order)) != EC_OK) return status;
    return ec_order_store(session, order);
}

/* What a customer may do with his own order is less than what staff may. */
static ec_status may_cancel(ec_session *session, const ec_order *order,
                            const ec_cancel_request *request)
{
    if (ec_session_is_staff(session)) return EC_OK;
    if (request->items_count > 0 || request->no_restock)
        return ec_fail(session, EC_DENIED, "Only the shop's staff call off single items.");
    if (order->state != EC_STATE_PLACED && order->state != EC_STATE_CONFIRMED)
        return ec_fail(session, EC_STATE, "The order is being processed; ask the shop.");
    return EC_OK;
}

typedef struct cancel_args {
    ec_id id;
    const ec_cancel_request *request;
} cancel_args;

ec_status ec_order_cancel_loaded(ec_session *session, ec_order *order,
                                 const ec_cancel_request *request)
{
    if (order->state == EC_STATE_CANCELLED || order->state == EC_STATE_COMPLETED)
        return ec_fail_field(session, EC_STATE, "order", "state",
                             "An order that is %s cannot be called off.",
                             ec_order_state_names[order->state]);
    int64_t *units = ec_arena_array(ec_scratch(session), order->items_count, sizeof(*units));
    if (units == NULL) return ec_fail_memory(session);
    ec_status status = choose(session, order, request, units);
    if (status != EC_OK) return status;
    return call_off(session, order, request, units);
}

static ec_status run_cancel(ec_session *session, void *args, void **result)
{
    static const ec_cancel_request everything = {0};
    const cancel_args *cancel = args;
    const ec_cancel_request *request = cancel->request != NULL ? cancel->request : &everything;
    ec_order order = {0};
    ec_check check;
    ec_check_init(&check, ec_scratch(session));
    ec_order_list_rule(&check, request->items_count, request->items);
    ec_status status = ec_fail_check(session, &check);
    if (status == EC_OK) status = ec_order_text_rule(session, "reason", request->reason, 255);
    if (status != EC_OK) return status;
    status = ec_order_for_change(session, cancel->id, request->version, &order);
    if (status != EC_OK) return status;
    if ((status = may_cancel(session, &order, request)) != EC_OK) return status;
    status = ec_order_cancel_loaded(session, &order, request);
    if (status != EC_OK) return status;
    return ec_order_answer(session, cancel->id, result);
}

static void print_cancel(const void *args, ec_json_writer *json)
{
    const cancel_args *cancel = args;
    ec_json_int(json, cancel->id);
    const ec_cancel_request *request = cancel->request;
    if (request == NULL) return;
    ec_json_text(json, request->reason);
    ec_json_bool(json, request->no_restock);
    for (size_t i = 0; request->items != NULL && i < request->items_count; i++) {
        ec_json_int(json, request->items[i].order_item_id);
        ec_json_int(json, request->items[i].quantity);
    }
}

static const ec_op op_cancel = {
    .name = "order.cancel",
    .permission = "orders.write",
    .access = EC_ACCESS_OWNER,
    .mode = EC_WRITE,
    .result = &ec_order_entity,
    .run = run_cancel,
    .fingerprint = print_cancel,
};

ec_status ec_order_cancel(ec_session *session, ec_id id, const ec_cancel_request *request,
                          ec_order **out)
{
    cancel_args args = {id, request};
    return ec_call(session, &op_cancel, &args, (void **)out);
}

/* ---- orders whose money never came ---- */

#define SWEEP_MAX 1000

typedef struct sweep_args {
    int64_t older_than_ms, limit;
    int64_t done; /* out */
} sweep_args;

/* One order on its own, so that one that cannot be called off does not keep the others. */
static ec_status sweep_one(ec_session *session, void *ctx)
{
    static const ec_cancel_request unpaid = {.reason = "not paid in time"};
    ec_order *order = ctx;
    ec_status status = ec_order_read_items(session, order);
    return status == EC_OK ? ec_order_cancel_loaded(session, order, &unpaid) : status;
}

static ec_status run_sweep(ec_session *session, void *args, void **result)
{
    (void)result;
    sweep_args *sweep = args;
    sweep->done = 0;
    if (sweep->older_than_ms < 0)
        return ec_fail_field(session, EC_INVALID, "older_than_ms", "min",
                             "A time span is not negative.");
    if (sweep->limit < 0 || sweep->limit > SWEEP_MAX)
        return ec_fail_field(session, EC_INVALID, "limit", sweep->limit < 0 ? "min" : "max",
                             "1 to %d orders are called off at once; 0 means 100.", SWEEP_MAX);
    void *rows = NULL;
    size_t count = 0;
    ec_status status = ec_entity_select(
        session, &ec_order_entity,
        "WHERE t.payment_status IN ('pending', 'partially_paid') AND t.state = 'placed'"
        " AND t.placed_at < ? AND NOT EXISTS (SELECT 1 FROM payments p WHERE p.order_id = t.id"
        "  AND p.captured_amount > 0 AND p.provider <> 'gift_card'"
        "  AND p.provider <> 'store_credit') ORDER BY t.id LIMIT ?",
        ec_args(ec_int(ec_now(session) - sweep->older_than_ms),
                ec_int(sweep->limit > 0 ? sweep->limit : 100)),
        &rows, &count);
    ec_order *orders = rows;
    for (size_t i = 0; status == EC_OK && i < count; i++) {
        status = ec_inner(session, sweep_one, &orders[i]);
        if (status == EC_OK) sweep->done++;
        if (status != EC_STATE && status != EC_OUT_OF_STOCK) continue;
        ec_forgive(session);
        status = EC_OK;
    }
    return status;
}

static const ec_op op_sweep = {
    .name = "order.sweep",
    .permission = "orders.write",
    .access = EC_ACCESS_STAFF,
    .mode = EC_WRITE,
    .run = run_sweep,
};

ec_status ec_order_sweep(ec_session *session, int64_t older_than_ms, int64_t limit, int64_t *out)
{
    sweep_args args = {older_than_ms, limit, 0};
    ec_status status = ec_call(session, &op_sweep, &args, NULL);
    if (status == EC_OK && out != NULL) *out = args.done;
    return status;
}
