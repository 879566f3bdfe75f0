/* SPDX-License-Identifier: MIT */
/*
 * returns.c - goods that come back: asked for, approved, received or refused. Receiving counts the
 * units as returned and puts those that say so back on hand. It moves no money: see refund.c.
 */
#include <stdio.h>
#include <string.h>

#include "order/change.h"

/* ---- the machine of a return ---- */

typedef struct step {
    ec_return_status from;
    const char *event;
    ec_return_status to;
} step;

static const step machine[] = {
    {EC_RETURN_REQUESTED, "approve", EC_RETURN_APPROVED},
    {EC_RETURN_REQUESTED, "reject", EC_RETURN_REJECTED},
    {EC_RETURN_REQUESTED, "cancel", EC_RETURN_CANCELLED},
    {EC_RETURN_REQUESTED, "receive", EC_RETURN_RECEIVED},
    {EC_RETURN_APPROVED, "receive", EC_RETURN_RECEIVED},
    {EC_RETURN_APPROVED, "reject", EC_RETURN_REJECTED},
    {EC_RETURN_APPROVED, "cancel", EC_RETURN_CANCELLED},
};

/* ---- asking for one ---- */

typedef struct request_args {
    ec_id order_id;
    const ec_return *request;
} request_args;

/* Units of each item that are in returns which are still open. */
static ec_status read_open(ec_session *session, const ec_order *order, int64_t *open)
{
    ec_stmt *stmt = NULL;
    ec_status status = ec_query(session,
                                "SELECT i.order_item_id, SUM(i.quantity) FROM return_items i"
                                " JOIN returns r ON r.id = i.return_id WHERE r.order_id = ?"
                                " AND r.status IN ('requested', 'approved')"
                                " GROUP BY i.order_item_id",
                                ec_args(ec_int(order->id)), &stmt);
    if (status != EC_OK) return status;
    while ((status = ec_row(session, stmt)) == EC_OK)
        for (size_t i = 0; i < order->items_count; i++)
            if (order->items[i].id == ec_col_int(stmt, 0)) open[i] = ec_col_int(stmt, 1);
    return status == EC_DONE ? EC_OK : status;
}

static ec_status check_units(ec_session *session, const ec_order *order, const ec_return *request)
{
    int64_t *open = ec_arena_array(ec_scratch(session), order->items_count, sizeof(*open));
    if (open == NULL) return ec_fail_memory(session);
    ec_status status = read_open(session, order, open);
    if (status != EC_OK) return status;
    ec_check check;
    char field[64];
    ec_check_init(&check, ec_scratch(session));
    if (request->items_count == 0)
        ec_check_add(&check, "items", "min", "A return names at least one item.");
    for (size_t n = 0; n < request->items_count; n++) {
        const ec_return_item *wanted = &request->items[n];
        size_t i = ec_order_item_index(order, wanted->order_item_id);
        if (i == order->items_count) {
            snprintf(field, sizeof(field), "items[%zu].order_item_id", n);
            ec_check_add(&check, field, "reference", "The order has no item %lld.",
                         (long long)wanted->order_item_id);
            continue;
        }
        int64_t left =
            order->items[i].shipped_quantity - order->items[i].returned_quantity - open[i];
        snprintf(field, sizeof(field), "items[%zu].quantity", n);
        if (wanted->quantity < 1 || wanted->quantity > left)
            ec_check_add(&check, field, wanted->quantity < 1 ? "min" : "max",
                         "Of this item 1 to %lld units can come back, not %lld.", (long long)left,
                         (long long)wanted->quantity);
        else
            open[i] += wanted->quantity;
    }
    return ec_fail_check(session, &check);
}

static ec_status insert_return(ec_session *session, const ec_order *order, const ec_return *request,
                               ec_return *back)
{
    *back = (ec_return){
        .version = 1,
        .created_at = ec_now(session),
        .updated_at = ec_now(session),
        .order_id = order->id,
        .reason = request->reason,
        .note = request->note,
    };
    ec_status status = ec_entity_insert(session, &ec_return_entity, back);
    if (status != EC_OK) return status;
    ec_return_item *rows = ec_arena_array(ec_scratch(session), request->items_count, sizeof(*rows));
    if (rows == NULL) return ec_fail_memory(session);
    for (size_t i = 0; i < request->items_count; i++) {
        rows[i] = request->items[i];
        rows[i].id = 0;
        rows[i].return_id = back->id;
    }
    status = ec_entity_insert_many(session, &ec_return_item_entity, rows, request->items_count);
    if (status == EC_EXISTS)
        return ec_fail_field(session, EC_INVALID, "items", "unique",
                             "An item is named twice in the return.");
    return status;
}

static ec_status note_return(ec_session *session, const ec_return *back, const char *type)
{
    const char *data =
        ec_arena_printf(ec_scratch(session), "{\"return_id\":%lld}", (long long)back->id);
    if (data == NULL) return ec_fail_memory(session);
    return ec_emit(session, "order", back->order_id, type, data);
}

static ec_status run_request(ec_session *session, void *args, void **result)
{
    const request_args *request = args;
    ec_status status = ec_input(session, &ec_return_entity, request->request, EC_MASK_ALL, true);
    if (status != EC_OK) return status;
    ec_order order = {0};
    status = ec_order_for_change(session, request->order_id, 0, &order);
    if (status != EC_OK) return status;
    if ((status = check_units(session, &order, request->request)) != EC_OK) return status;
    ec_return back;
    status = insert_return(session, &order, request->request, &back);
    if (status != EC_OK) return status;
    if ((status = note_return(session, &back, "order.return_requested")) != EC_OK) return status;
    return ec_order_answer(session, order.id, result);
}

static void print_request(const void *args, ec_json_writer *json)
{
    const request_args *request = args;
    ec_json_int(json, request->order_id);
    if (request->request != NULL)
        ec_entity_write_json(json, &ec_return_entity, request->request, NULL);
}

static const ec_op op_request = {
    .name = "return.request",
    .permission = "orders.write",
    .access = EC_ACCESS_OWNER,
    .mode = EC_WRITE,
    .result = &ec_order_entity,
    .run = run_request,
    .fingerprint = print_request,
};

ec_status ec_return_request(ec_session *session, ec_id order_id, const ec_return *request,
                            ec_order **out)
{
    request_args args = {order_id, request};
    return ec_call(session, &op_request, &args, (void **)out);
}

/* ---- moving one on ---- */

typedef struct apply_args {
    ec_id return_id;
    const char *event;
    ec_id warehouse_id;
} apply_args;

static ec_status find_step(ec_session *session, const ec_return *back, const char *event,
                           const step **out)
{
    bool known = false;
    for (size_t i = 0; event != NULL && i < sizeof(machine) / sizeof(machine[0]); i++) {
        if (strcmp(machine[i].event, event) != 0) continue;
        known = true;
        if (machine[i].from != back->status) continue;
        *out = &machine[i];
        return EC_OK;
    }
    if (!known)
        return ec_fail_field(session, EC_INVALID, "event", "enum",
                             "A return knows approve, reject, receive and cancel.");
    return ec_fail_field(session, EC_STATE, "status", "state",
                         "\"%s\" cannot happen to a return that is %s.", event,
                         ec_return_status_names[back->status]);
}

static ec_status receive(ec_session *session, ec_order *order, const ec_return *back,
                         ec_id warehouse_id)
{
    int64_t *restock = ec_arena_array(ec_scratch(session), order->items_count, sizeof(*restock));
    if (restock == NULL) return ec_fail_memory(session);
    for (size_t n = 0; n < back->items_count; n++)
        for (size_t i = 0; i < order->items_count; i++) {
            if (order->items[i].id != back->items[n].order_item_id) continue;
            order->items[i].returned_quantity += back->items[n].quantity;
            if (back->items[n].restock) restock[i] = back->items[n].quantity;
        }
    size_t count = 0;
    ec_stock_units *goods = ec_order_goods(session, order, restock, &count);
    if (goods == NULL) return ec_fail_memory(session);
    for (size_t i = 0; i < count; i++)
        goods[i].warehouse_id = warehouse_id;
    ec_status status =
        count == 0 ? EC_OK : ec_stock_return(session, order->id, back->id, goods, count);
    if (status != EC_OK) return status;
    if ((status = ec_order_store_items(session, order)) != EC_OK) return status;
    if ((status = ec_order_progress(session, order)) != EC_OK) return status;
    return ec_order_store(session, order);
}

static ec_status run_apply(ec_session *session, void *args, void **result)
{
    const apply_args *apply = args;
    ec_return back = {0};
    ec_order order = {0};
    const step *next = NULL;
    ec_status status = ec_entity_get(session, &ec_return_entity, apply->return_id, &back);
    if (status != EC_OK) return status;
    if ((status = ec_order_for_change(session, back.order_id, 0, &order)) != EC_OK) return status;
    if ((status = find_step(session, &back, apply->event, &next)) != EC_OK) return status;
    if (!ec_session_is_staff(session) &&
        (next->to != EC_RETURN_CANCELLED || back.status != EC_RETURN_REQUESTED))
        return ec_fail(session, EC_DENIED, "Only the shop's staff decide on returns.");
    void *rows = NULL;
    status =
        ec_entity_select(session, &ec_return_item_entity, "WHERE t.return_id = ? ORDER BY t.id",
                         ec_args(ec_int(back.id)), &rows, &back.items_count);
    if (status != EC_OK) return status;
    back.items = rows;
    back.status = next->to;
    status = ec_entity_update(session, &ec_return_entity, &back, ec_mask_of("return", "status"));
    if (status != EC_OK) return status;
    const char *type =
        ec_arena_printf(ec_scratch(session), "order.return_%s", ec_return_status_names[next->to]);
    if (type == NULL) return ec_fail_memory(session);
    if ((status = note_return(session, &back, type)) != EC_OK) return status;
    if (next->to == EC_RETURN_RECEIVED)
        status = receive(session, &order, &back, apply->warehouse_id);
    if (status != EC_OK) return status;
    return ec_order_answer(session, order.id, result);
}

static void print_apply(const void *args, ec_json_writer *json)
{
    const apply_args *apply = args;
    ec_json_int(json, apply->return_id);
    ec_json_text(json, apply->event);
    ec_json_int(json, apply->warehouse_id);
}

static const ec_op op_apply = {
    .name = "return.apply",
    .permission = "orders.write",
    .access = EC_ACCESS_OWNER,
    .mode = EC_WRITE,
    .result = &ec_order_entity,
    .run = run_apply,
    .fingerprint = print_apply,
};

ec_status ec_return_apply(ec_session *session, ec_id return_id, const char *event,
                          ec_id warehouse_id, ec_order **out)
{
    apply_args args = {return_id, event, warehouse_id};
    return ec_call(session, &op_apply, &args, (void **)out);
}
