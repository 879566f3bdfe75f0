/* SPDX-License-Identifier: MIT */
/*
 * edit.c - changing a placed order: quantities, prices, new items, the fee. Stock follows in the
 * same transaction; money is only owed, in either direction. Every edit is one adjustment of kind
 * "edit" with the difference, so that the total stays explained.
 */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "catalog/catalog.h"
#include "order/change.h"

typedef struct edit_args {
    ec_id id;
    const ec_order_edit_request *request;
} edit_args;

/* An edit while it is made. */
typedef struct edit {
    ec_session *session;
    ec_order *order;
    const ec_order_edit_request *request;
    int64_t *more;  /* by item: units to hold */
    int64_t *fewer; /* by item: units to release */
    size_t old_count;
    ec_check check;
    char field[64];
} edit;

static const char *path(edit *e, size_t index, const char *name)
{
    snprintf(e->field, sizeof(e->field), "items[%zu].%s", index, name);
    return e->field;
}

static bool check_price(edit *e, size_t n, int64_t price)
{
    if (price >= -1 && price <= EC_AMOUNT_MAX) return true;
    ec_check_add(&e->check, path(e, n, "unit_price"), price < -1 ? "min" : "max",
                 "A price is 0 to %lld minor units, or -1.", (long long)EC_AMOUNT_MAX);
    return false;
}

/* Another quantity or price for an item that is there. */
static void change_item(edit *e, size_t n, const ec_order_edit_item *wanted)
{
    size_t i = ec_order_item_index(e->order, wanted->order_item_id);
    if (i >= e->old_count) {
        ec_check_add(&e->check, path(e, n, "order_item_id"), "reference",
                     "The order has no item %lld.", (long long)wanted->order_item_id);
        return;
    }
    ec_order_item *item = &e->order->items[i];
    int64_t left = item->quantity - item->cancelled_quantity;
    if (wanted->quantity < item->shipped_quantity || wanted->quantity > EC_LINE_QUANTITY_MAX) {
        ec_check_add(&e->check, path(e, n, "quantity"),
                     wanted->quantity > EC_LINE_QUANTITY_MAX ? "max" : "min",
                     "Between %lld units, which were shipped, and %d can be left.",
                     (long long)item->shipped_quantity, EC_LINE_QUANTITY_MAX);
        return;
    }
    if (!check_price(e, n, wanted->unit_price)) return;
    for (size_t before = 0; before < n; before++) {
        if (e->request->items[before].order_item_id != item->id) continue;
        ec_check_add(&e->check, path(e, n, "order_item_id"), "unique", "The item is named twice.");
        return;
    }
    int64_t old_price = item->unit_price, old_quantity = item->quantity;
    if (wanted->quantity > left) {
        /* Units that were called off come back first: discount and tax are of all units ordered. */
        e->more[i] = wanted->quantity - left;
        int64_t back =
            e->more[i] < item->cancelled_quantity ? e->more[i] : item->cancelled_quantity;
        item->cancelled_quantity -= back;
        item->quantity += e->more[i] - back;
    } else {
        e->fewer[i] = left - wanted->quantity;
        item->cancelled_quantity += e->fewer[i];
    }
    if (wanted->unit_price >= 0) item->unit_price = wanted->unit_price;
    if (item->unit_price != old_price || item->quantity != old_quantity)
        ec_order_item_rescale(item, old_price, old_quantity);
}

/* A new item, at the given or the shop's price. */
static void add_item(edit *e, size_t n, const ec_order_edit_item *wanted,
                     const ec_variant_price *variant)
{
    if (variant->product_id == 0) {
        ec_check_add(&e->check, path(e, n, "variant_id"), "reference", "There is no variant %lld.",
                     (long long)wanted->variant_id);
        return;
    }
    if (wanted->quantity < 1 || wanted->quantity > EC_LINE_QUANTITY_MAX) {
        ec_check_add(&e->check, path(e, n, "quantity"), wanted->quantity < 1 ? "min" : "max",
                     "An item has 1 to %d units.", EC_LINE_QUANTITY_MAX);
        return;
    }
    if (!check_price(e, n, wanted->unit_price)) return;
    if (wanted->unit_price < 0 && !variant->sold) {
        ec_check_add(&e->check, path(e, n, "variant_id"), "sold",
                     "The variant has no price in the order's channel; name one.");
        return;
    }
    size_t at = e->order->items_count++;
    e->more[at] = wanted->quantity;
    e->order->items[at] = (ec_order_item){
        .order_id = e->order->id,
        .product_id = variant->product_id,
        .variant_id = variant->variant_id,
        .position = at == 0 ? 1 : e->order->items[at - 1].position + 1,
        .sku = variant->sku,
        .name = variant->name,
        .variant_name = variant->variant_name,
        .quantity = wanted->quantity,
        .base_price = wanted->unit_price >= 0 ? wanted->unit_price : variant->amount,
        .unit_price = wanted->unit_price >= 0 ? wanted->unit_price : variant->amount,
        .requires_shipping = variant->requires_shipping,
        .tracked = variant->tracked,
    };
}

/* What the new items are and cost, by request item. One statement. */
static ec_status read_variants(edit *e, ec_variant_price **out)
{
    size_t count = e->request->items_count;
    ec_id *ids = ec_arena_array(ec_scratch(e->session), count, sizeof(*ids));
    int64_t *quantities = ec_arena_array(ec_scratch(e->session), count, sizeof(*quantities));
    *out = ec_arena_array(ec_scratch(e->session), count, sizeof(**out));
    if (ids == NULL || quantities == NULL || *out == NULL) return ec_fail_memory(e->session);
    bool any = false;
    for (size_t n = 0; n < count; n++) {
        ids[n] = e->request->items[n].variant_id;
        quantities[n] = e->request->items[n].quantity;
        any |= ids[n] != 0;
    }
    if (!any) return EC_OK;
    return ec_price_of_lines(e->session, e->order->channel_id, e->order->user_id, ids, quantities,
                             count, *out);
}

static ec_status change_all(edit *e)
{
    const ec_order_edit_request *request = e->request;
    ec_variant_price *variants = NULL;
    ec_status status = read_variants(e, &variants);
    if (status != EC_OK) return status;
    for (size_t n = 0; n < request->items_count; n++) {
        const ec_order_edit_item *wanted = &request->items[n];
        if ((wanted->order_item_id == 0) == (wanted->variant_id == 0)) {
            ec_check_add(&e->check, path(e, n, "variant_id"), "one_of",
                         "Either order_item_id or variant_id is given.");
            continue;
        }
        if (wanted->order_item_id != 0)
            change_item(e, n, wanted);
        else
            add_item(e, n, wanted, &variants[n]);
    }
    if (request->shipping_amount < -1 || request->shipping_amount > EC_AMOUNT_MAX)
        ec_check_add(&e->check, "shipping_amount", request->shipping_amount < -1 ? "min" : "max",
                     "A fee is 0 to %lld minor units, or -1.", (long long)EC_AMOUNT_MAX);
    else if (request->shipping_amount >= 0)
        e->order->shipping_amount = request->shipping_amount;
    return ec_fail_check(e->session, &e->check);
}

static ec_status move_goods(edit *e)
{
    size_t count = 0;
    ec_stock_units *goods = ec_order_goods(e->session, e->order, e->fewer, &count);
    if (goods == NULL) return ec_fail_memory(e->session);
    ec_status status = EC_OK;
    if (count > 0) status = ec_stock_release_order(e->session, e->order->id, goods, count);
    if (status != EC_OK) return status;
    goods = ec_order_goods(e->session, e->order, e->more, &count);
    if (goods == NULL) return ec_fail_memory(e->session);
    if (count == 0) return EC_OK;
    return ec_stock_hold_order(e->session, e->order->channel_id, e->order->id, goods, count);
}

static ec_status store(edit *e, int64_t before)
{
    ec_session *session = e->session;
    ec_order *order = e->order;
    size_t added = order->items_count - e->old_count;
    ec_status status = ec_order_sum(session, order);
    if (status != EC_OK) return status;
    if (added > 0) {
        status = ec_entity_insert_many(session, &ec_order_item_entity, &order->items[e->old_count],
                                       added);
        if (status != EC_OK) return status;
    }
    if ((status = ec_order_store_items(session, order)) != EC_OK) return status;
    const char *label = e->request->note;
    if (label == NULL || ec_utf8_count(label, strlen(label)) > 255) label = "Order changed";
    return ec_order_explain(session, order, before, "edit", "staff", label);
}

static ec_status note_edit(edit *e, int64_t before)
{
    ec_buf buf;
    ec_json_writer json;
    const char *data = NULL;
    ec_buf_init(&buf, ec_session_platform(e->session), EC_JSON_SIZE_MAX);
    ec_json_begin(&json, &buf);
    ec_json_object(&json);
    ec_json_key(&json, "note");
    ec_json_text(&json, e->request->note);
    ec_json_key(&json, "total_before");
    ec_json_int(&json, before);
    ec_json_key(&json, "total_after");
    ec_json_int(&json, e->order->total_amount);
    ec_json_object_end(&json);
    ec_status status = ec_order_keep(e->session, &buf, &data);
    if (status != EC_OK) return status;
    return ec_emit(e->session, "order", e->order->id, "order.edited", data);
}

/* Room for the items that are there and those that may come. */
static ec_status prepare(edit *e)
{
    ec_order *order = e->order;
    size_t room = order->items_count + e->request->items_count;
    ec_order_item *items = ec_arena_array(ec_scratch(e->session), room, sizeof(*items));
    e->more = ec_arena_array(ec_scratch(e->session), room, sizeof(*e->more));
    e->fewer = ec_arena_array(ec_scratch(e->session), room, sizeof(*e->fewer));
    if (items == NULL || e->more == NULL || e->fewer == NULL) return ec_fail_memory(e->session);
    if (order->items_count > 0) memcpy(items, order->items, order->items_count * sizeof(*items));
    order->items = items;
    e->old_count = order->items_count;
    ec_check_init(&e->check, ec_scratch(e->session));
    return EC_OK;
}

static ec_status check_request(ec_session *session, const ec_order_edit_request *request)
{
    ec_check check;
    ec_check_init(&check, ec_scratch(session));
    ec_order_list_rule(&check, request->items_count, request->items);
    if (request->items_count == 0 && request->shipping_amount == -1)
        ec_check_add(&check, "items", "required", "The edit changes nothing.");
    if (check.count > 0) return ec_fail_check(session, &check);
    return ec_order_text_rule(session, "note", request->note, 500);
}

/* Nothing left is no edit but a cancellation, which has its own rules. */
static ec_status check_left(ec_session *session, const ec_order *order)
{
    for (size_t i = 0; i < order->items_count; i++)
        if (order->items[i].quantity > order->items[i].cancelled_quantity) return EC_OK;
    return ec_fail_field(session, EC_INVALID, "items", "min",
                         "The edit would leave nothing; cancel the order instead.");
}

static ec_status run_edit(ec_session *session, void *args, void **result)
{
    const edit_args *input = args;
    ec_order order = {0};
    if (input->request == NULL) return ec_fail(session, EC_MISUSE, "An edit needs a request.");
    ec_status status = check_request(session, input->request);
    if (status != EC_OK) return status;
    status = ec_order_for_change(session, input->id, input->request->version, &order);
    if (status != EC_OK) return status;
    if (order.state == EC_STATE_CANCELLED || order.state == EC_STATE_COMPLETED)
        return ec_fail_field(session, EC_STATE, "order", "state",
                             "An order that is %s is not edited.",
                             ec_order_state_names[order.state]);
    int64_t before = order.total_amount, old_fee = order.shipping_amount;
    edit e = {.session = session, .order = &order, .request = input->request};
    if ((status = prepare(&e)) != EC_OK) return status;
    if ((status = change_all(&e)) != EC_OK) return status;
    if ((status = check_left(session, &order)) != EC_OK) return status;
    ec_order_fee_rescale(&order, old_fee);
    if ((status = ec_order_tax_items(session, &order, e.old_count)) != EC_OK) return status;
    if ((status = move_goods(&e)) != EC_OK) return status;
    if ((status = store(&e, before)) != EC_OK) return status;
    if ((status = note_edit(&e, before)) != EC_OK) return status;
    if ((status = ec_order_progress(session, &order)) != EC_OK) return status;
    if ((status = ec_order_settle_loaded(session, &order)) != EC_OK) return status;
    if ((status = ec_order_store(session, &order)) != EC_OK) return status;
    return ec_order_answer(session, order.id, result);
}

static void print_edit(const void *args, ec_json_writer *json)
{
    const edit_args *input = args;
    ec_json_int(json, input->id);
    if (input->request == NULL) return;
    ec_json_int(json, input->request->shipping_amount);
    ec_json_text(json, input->request->note);
    for (size_t i = 0; input->request->items != NULL && i < input->request->items_count; i++) {
        ec_json_int(json, input->request->items[i].order_item_id);
        ec_json_int(json, input->request->items[i].variant_id);
        ec_json_int(json, input->request->items[i].quantity);
        ec_json_int(json, input->request->items[i].unit_price);
    }
}

static const ec_op op_edit = {
    .name = "order.edit",
    .permission = "orders.write",
    .access = EC_ACCESS_STAFF,
    .mode = EC_WRITE,
    .result = &ec_order_entity,
    .run = run_edit,
    .fingerprint = print_edit,
};

ec_status ec_order_edit(ec_session *session, ec_id id, const ec_order_edit_request *request,
                        ec_order **out)
{
    edit_args args = {id, request};
    return ec_call(session, &op_edit, &args, (void **)out);
}
