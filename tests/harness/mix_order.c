/* SPDX-License-Identifier: MIT */
/*
 * mix_order.c - staff with orders: money, parcels, returns, edits.
 */
#include "harness/mix.h"

/* An order as it is now; to be freed. */
static ec_order *some_order(mix_worker *w, mix_slot **at)
{
    ec_order *order = NULL;
    mix_slot *s = NULL;
    for (int i = 0; i < 20 && (!s || s->order == 0); i++)
        s = mix_some_slot(w);
    if (!s || s->order == 0) return NULL;
    if (at) *at = s;
    (void)mix_did(w, w->staff, "order", ec_order_get(w->staff, s->order, &order), 0);
    return order;
}

void mix_look(mix_worker *w)
{
    ec_order_list *list = NULL;
    ec_stock_level_list *levels = NULL;
    ec_order_filter filter = {.status = mix_luck(w, 50) ? "pending" : NULL};
    ec_page page = {.limit = 20, .total = mix_luck(w, 20)};
    (void)mix_did(w, w->staff, "orders", ec_order_find(w->staff, &filter, &page, &list), 0);
    ec_free(list);
    ec_stock_filter stock = {.variant_id = mix_some_variant(w)};
    if (mix_did(w, w->staff, "levels", ec_stock_find(w->staff, &stock, &page, &levels), 0))
        for (size_t i = 0; i < levels->items_count; i++)
            if (levels->items[i].on_hand < levels->items[i].committed &&
                !levels->items[i].backorder)
                w->b->wrong++;
    ec_free(levels);
}

void mix_record(mix_worker *w)
{
    char key[64];
    ec_payment *payment = NULL;
    ec_order *order = some_order(w, NULL);
    if (!order) return;
    int64_t due = order->total_amount - order->paid_amount + order->refunded_amount;
    int64_t amount = due > 1 ? (mix_luck(w, 50) ? due : 1 + mix_pick(w, due)) : 1;
    if (mix_did(w, w->staff, "record",
                ec_payment_record(w->staff, order->id, amount, NULL, NULL,
                                  mix_new_key(w, key, sizeof key), &payment),
                MAY(STATE) | MAY(INVALID)))
        w->b->taken_offline += amount;
    ec_free(payment);
    ec_free(order);
}

static const ec_payment *some_payment(mix_worker *w, const ec_order *order)
{
    return order->payments_count > 0 ? &order->payments[mix_pick(w, (int64_t)order->payments_count)]
                                     : NULL;
}

void mix_capture(mix_worker *w)
{
    char key[64];
    ec_payment *out = NULL;
    ec_order *order = some_order(w, NULL);
    const ec_payment *payment = order ? some_payment(w, order) : NULL;
    if (payment) {
        int64_t left = payment->authorized_amount - payment->captured_amount;
        int64_t amount = left > 1 ? 1 + mix_pick(w, left) : 1;
        if (mix_luck(w, 50)) amount = left > 0 ? left : 1;
        mix_new_key(w, key, sizeof key);
        if (mix_did(w, w->staff, "capture",
                    ec_payment_capture(w->staff, payment->id, amount, key, &out),
                    MAY(STATE) | MAY(INVALID) | MAY(DECLINED) | MAY(UNKNOWN)) &&
            strcmp(payment->provider, "manual") == 0)
            w->b->taken_manual += amount;
    }
    ec_free(out);
    ec_free(order);
}

void mix_void(mix_worker *w)
{
    char key[64];
    ec_payment *out = NULL;
    ec_order *order = some_order(w, NULL);
    const ec_payment *payment = order ? some_payment(w, order) : NULL;
    if (payment)
        (void)mix_did(w, w->staff, "void",
                      ec_payment_void(w->staff, payment->id, mix_new_key(w, key, sizeof key), &out),
                      MAY(STATE) | MAY(DECLINED) | MAY(UNKNOWN));
    ec_free(out);
    ec_free(order);
}

void mix_refund(mix_worker *w)
{
    char key[64];
    ec_order *out = NULL;
    ec_order *order = some_order(w, NULL);
    const ec_payment *payment = order ? some_payment(w, order) : NULL;
    if (payment) {
        int64_t left = payment->captured_amount - payment->refunded_amount;
        ec_refund_request request = {.payment_id = payment->id,
                                     .amount = left > 1 ? 1 + mix_pick(w, left) : 1,
                                     .key = mix_new_key(w, key, sizeof key),
                                     .to_credit = order->user_id != 0 && mix_luck(w, 30)};
        if (mix_did(w, w->staff, "refund", ec_order_refund(w->staff, order->id, &request, &out),
                    MAY(STATE) | MAY(INVALID) | MAY(DECLINED) | MAY(UNKNOWN))) {
            if (strcmp(payment->provider, "manual") == 0) w->b->back_manual += request.amount;
            if (strcmp(payment->provider, "offline") == 0) w->b->back_offline += request.amount;
            bool bank = strcmp(payment->provider, "bank") == 0;
            bool card = strcmp(payment->provider, "gift_card") == 0;
            if (request.to_credit && bank) w->b->bank_to_credit += request.amount;
            if (request.to_credit && !bank && !card) w->b->others_to_credit += request.amount;
        }
    }
    ec_free(out);
    ec_free(order);
}

/* Units of an item leave or come back: only what is tracked was ever on hand. */
static void count_on_hand(mix_worker *w, const ec_order *order, ec_id item, int64_t units)
{
    for (size_t i = 0; i < order->items_count; i++) {
        int at = mix_variant_index(w->b, order->items[i].variant_id);
        if (order->items[i].id == item && order->items[i].tracked && at < MIX_VARIANTS)
            w->b->on_hand[at] += units;
    }
}

/* Some of its items, with units that may be too many meanwhile. */
static size_t choose(mix_worker *w, const ec_order *order, ec_order_units *units, size_t max)
{
    size_t count = 0;
    for (size_t i = 0; i < order->items_count && count < max; i++) {
        int64_t open = mix_open_units(&order->items[i]);
        if (open > 0 && mix_luck(w, 70))
            units[count++] = (ec_order_units){order->items[i].id, 1 + mix_pick(w, open)};
    }
    return count;
}

void mix_cancel(mix_worker *w)
{
    ec_order_units units[8];
    ec_order *out = NULL;
    ec_order *order = some_order(w, NULL);
    if (!order) return;
    ec_cancel_request request = {.reason = "changed mind", .items = units};
    if (mix_luck(w, 70)) {
        request.items_count = choose(w, order, units, 8);
        request.no_restock = request.items_count > 0 && mix_luck(w, 20);
        request.version = mix_luck(w, 30) ? order->version : 0;
    }
    if (mix_did(w, w->staff, "cancel", ec_order_cancel(w->staff, order->id, &request, &out),
                MAY(STATE) | MAY(INVALID) | MAY(STALE) |
                    (request.no_restock ? MAY(OUT_OF_STOCK) : 0)) &&
        request.no_restock)
        for (size_t i = 0; i < request.items_count; i++)
            count_on_hand(w, order, units[i].order_item_id, -units[i].quantity);
    ec_free(out);
    ec_free(order);
}

void mix_ship(mix_worker *w)
{
    ec_order_units units[8];
    ec_shipment_item items[8];
    ec_order *out = NULL;
    ec_order *order = some_order(w, NULL);
    if (!order) return;
    size_t count = choose(w, order, units, 8);
    for (size_t i = 0; i < count; i++)
        items[i] = (ec_shipment_item){.order_item_id = units[i].order_item_id,
                                      .quantity = units[i].quantity};
    ec_shipment shipment = {.carrier = "Post", .items = items, .items_count = count};
    if (count > 0 &&
        mix_did(w, w->staff, "ship", ec_order_ship(w->staff, order->id, &shipment, &out),
                MAY(STATE) | MAY(INVALID) | MAY(OUT_OF_STOCK)))
        for (size_t i = 0; i < count; i++)
            count_on_hand(w, order, units[i].order_item_id, -units[i].quantity);
    ec_free(out);
    ec_free(order);
}

void mix_deliver(mix_worker *w)
{
    ec_order *out = NULL;
    ec_order *order = some_order(w, NULL);
    if (order && order->shipments_count > 0) {
        ec_id id = order->shipments[mix_pick(w, (int64_t)order->shipments_count)].id;
        (void)mix_did(w, w->staff, "deliver", ec_shipment_deliver(w->staff, id, &out), MAY(STATE));
    }
    ec_free(out);
    ec_free(order);
}

void mix_return(mix_worker *w)
{
    ec_return_item items[8];
    ec_order *out = NULL;
    size_t count = 0;
    ec_order *order = some_order(w, NULL);
    for (size_t i = 0; order && i < order->items_count && count < 8; i++) {
        int64_t sent = order->items[i].shipped_quantity - order->items[i].returned_quantity;
        if (sent > 0)
            items[count++] = (ec_return_item){.order_item_id = order->items[i].id,
                                              .quantity = 1 + mix_pick(w, sent),
                                              .restock = mix_luck(w, 70)};
    }
    ec_return request = {.reason = "too small", .items = items, .items_count = count};
    if (count > 0)
        (void)mix_did(w, w->staff, "return", ec_return_request(w->staff, order->id, &request, &out),
                      MAY(STATE) | MAY(INVALID));
    ec_free(out);
    ec_free(order);
}

void mix_return_step(mix_worker *w)
{
    static const char *const events[] = {"approve", "receive", "receive", "reject",
                                         "cancel",  "approve", "receive", "receive"};
    ec_order *out = NULL;
    ec_order *order = some_order(w, NULL);
    if (order && order->returns_count > 0) {
        const ec_return *r = &order->returns[mix_pick(w, (int64_t)order->returns_count)];
        const char *event = events[mix_pick(w, 8)];
        if (mix_did(w, w->staff, event,
                    ec_return_apply(w->staff, r->id, event, w->b->warehouses[0], &out),
                    MAY(STATE)) &&
            strcmp(event, "receive") == 0)
            for (size_t i = 0; i < r->items_count; i++)
                if (r->items[i].restock)
                    count_on_hand(w, order, r->items[i].order_item_id, r->items[i].quantity);
    }
    ec_free(out);
    ec_free(order);
}

void mix_apply(mix_worker *w)
{
    static const char *const events[] = {"confirm", "process", "complete"};
    ec_order *out = NULL;
    ec_order *order = some_order(w, NULL);
    if (!order) return;
    (void)mix_did(w, w->staff, "apply",
                  ec_order_apply(w->staff, order->id, events[mix_pick(w, 3)], "note", &out),
                  MAY(STATE));
    ec_free(out);
    ec_free(order);
}

void mix_edit(mix_worker *w)
{
    ec_order *out = NULL;
    ec_order *order = some_order(w, NULL);
    if (!order) return;
    ec_order_edit_item item = {.quantity = 1 + mix_pick(w, 3),
                               .unit_price = mix_luck(w, 50) ? -1 : 700};
    if (mix_luck(w, 30) || order->items_count == 0)
        item.variant_id = mix_some_variant(w);
    else
        item.order_item_id = order->items[0].id;
    ec_order_edit_request request = {
        .items = &item, .items_count = 1, .shipping_amount = mix_luck(w, 80) ? -1 : 500};
    (void)mix_did(w, w->staff, "edit", ec_order_edit(w->staff, order->id, &request, &out),
                  MAY(STATE) | MAY(INVALID) | MAY(OUT_OF_STOCK) | MAY(STALE));
    ec_free(out);
    ec_free(order);
}
