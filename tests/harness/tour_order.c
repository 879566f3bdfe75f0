/* SPDX-License-Identifier: MIT */
/*
 * tour_order.c - orders: listing them, calling them off, parcels, returns, refunds, edits, sweeps.
 */
#include "harness/goods.h"
#include "harness/sale.h"
#include "harness/tour.h"

static ec_id mug, plate;

static ec_id order_of(ec_session *session, const char *key, bool paid)
{
    const sale_line lines[] = {{mug, 6}, {plate, 2}, {0, 0}};
    assert_ok(session, ec_session_cart_token(session, NULL));
    ec_order *order = paid ? sale_paid_order(session, key, lines) : sale_order(session, key, lines);
    ec_id id = order->id;
    ec_free(order);
    return id;
}

/* Releases an answer and tells the number of its first item. */
static ec_id first_item(ec_order *order)
{
    ec_id id = order->items[0].id;
    ec_free(order);
    return id;
}

static void tour_listings(ec_session *session, ec_id id)
{
    ec_order *order = NULL;
    ec_next_events *events = NULL;
    assert_ok(session, ec_order_get(session, id, &order));
    char number[64];
    snprintf(number, sizeof number, "%s", order->order_number);
    ec_free(order);
    assert_ok(session, ec_order_by_number(session, number, &order));
    ec_free(order);
    assert_ok(session, ec_order_next_events(session, id, &events));
    ec_free(events);
    const ec_order_filter filters[] = {{0},
                                       {.oldest_first = true},
                                       {.user_id = 1},
                                       {.channel_id = 1},
                                       {.status = "pending"},
                                       {.payment_status = "paid"},
                                       {.fulfillment_status = "shipped"},
                                       {.email = "gabriela@example.com"},
                                       {.placed_from = 1, .placed_until = WORLD_START * 2},
                                       {.placed_from = 1},
                                       {.channel_id = 1, .status = "pending", .placed_from = 1},
                                       {.user_id = 1, .status = "pending"}};
    for (size_t i = 0; i < sizeof filters / sizeof filters[0]; i++) {
        ec_order_list *list = NULL;
        ec_page page = {.limit = 1, .total = true};
        assert_ok(session, ec_order_find(session, &filters[i], &page, &list));
        page.cursor = list->next_cursor;
        ec_order_list *next = NULL;
        assert_ok(session, ec_order_find(session, &filters[i], &page, &next));
        ec_free(next);
        ec_free(list);
    }
    ec_cursor *cursor = NULL;
    const void *object = NULL;
    assert_ok(session, ec_order_cursor(session, &filters[4], &cursor));
    assert_int_equal(ec_cursor_next(cursor, &object), EC_OK);
    ec_cursor_close(cursor);
    ec_session *customer = session_customer(ec_session_engine(session), 1);
    ec_order_list *list = NULL;
    assert_ok(customer, ec_order_find(customer, NULL, NULL, &list));
    ec_free(list);
    ec_session_close(customer);
}

static void tour_cancels(ec_session *session)
{
    ec_order *order = NULL;
    ec_id id = order_of(session, "tour-cancel", false);
    assert_ok(session, ec_order_get(session, id, &order));
    ec_order_units units = {first_item(order), 1};
    ec_cancel_request part = {.items = &units, .items_count = 1, .reason = "tour"};
    assert_ok(session, ec_order_cancel(session, id, &part, &order));
    ec_free(order);
    part.no_restock = true;
    assert_ok(session, ec_order_cancel(session, id, &part, &order));
    ec_free(order);
    assert_ok(session, ec_order_cancel(session, id, NULL, &order));
    ec_free(order);
    id = order_of(session, "tour-sweep", false);
    assert_ok(session, ec_order_note(session, id, "to be swept"));
    world_advance(1000);
    assert_ok(session, ec_order_sweep(session, 1, 0, NULL));
}

static void tour_edits(ec_session *session)
{
    ec_order *order = NULL;
    ec_id id = order_of(session, "tour-edit", false);
    assert_ok(session, ec_order_apply(session, id, "confirm", "tour", &order));
    ec_order_edit_item items[] = {
        {.order_item_id = order->items[0].id, .quantity = 8, .unit_price = 10},
        {.order_item_id = order->items[1].id, .quantity = 1, .unit_price = -1},
        {.variant_id = mug, .quantity = 1, .unit_price = -1},
        {.variant_id = plate, .quantity = 1, .unit_price = 5}};
    ec_free(order);
    ec_order_edit_request edit = {.items = items, .items_count = 4, .shipping_amount = 100};
    assert_ok(session, ec_order_edit(session, id, &edit, &order));
    ec_free(order);
    assert_ok(session, ec_order_apply(session, id, "process", NULL, &order));
    ec_free(order);
}

static ec_id tour_parcels(ec_session *session, ec_id id)
{
    ec_order *order = NULL;
    assert_ok(session, ec_order_get(session, id, &order));
    ec_shipment_item item = {.order_item_id = first_item(order), .quantity = 1};
    ec_shipment parcel = {.warehouse_id = GOODS_MAIN, .items = &item, .items_count = 1};
    assert_ok(session, ec_order_ship(session, id, &parcel, &order));
    ec_id first = order->shipments[0].id;
    ec_free(order);
    ec_shipment change = {.carrier = "Post", .tracking_number = "1"};
    ec_mask fields = ec_mask_of("shipment", "carrier,tracking_number");
    assert_ok(session, ec_shipment_update(session, first, &change, fields, &order));
    ec_free(order);
    assert_ok(session, ec_order_ship(session, id, NULL, &order));
    ec_id second = order->shipments[1].id;
    ec_free(order);
    assert_ok(session, ec_shipment_deliver(session, first, &order));
    ec_free(order);
    assert_ok(session, ec_shipment_deliver(session, second, &order));
    ec_free(order);
    return item.order_item_id;
}

static void tour_returns(ec_session *session, ec_id id, ec_id item)
{
    static const char *const ways[][2] = {
        {"approve", "receive"}, {"reject", NULL}, {"cancel", NULL}};
    ec_order *order = NULL;
    for (size_t i = 0; i < 3; i++) {
        ec_return_item one = {.order_item_id = item, .quantity = 1, .restock = i == 0};
        ec_return request = {.reason = "tour", .items = &one, .items_count = 1};
        assert_ok(session, ec_return_request(session, id, &request, &order));
        ec_id back = order->returns[order->returns_count - 1].id;
        ec_free(order);
        for (size_t k = 0; k < 2 && ways[i][k]; k++) {
            assert_ok(session, ec_return_apply(session, back, ways[i][k], 0, &order));
            ec_free(order);
        }
    }
}

static void tour_refunds(ec_session *session, ec_id id)
{
    ec_order *order = NULL;
    ec_payment *payment = NULL;
    assert_ok(session, ec_order_get(session, id, &order));
    ec_refund_request refund = {.amount = 10, .payment_id = order->payments[0].id, .key = "tour"};
    ec_id back = order->returns[0].id;
    ec_free(order);
    for (int i = 0; i < 2; i++) { /* and what a repeated call looks for */
        assert_ok(session, ec_order_refund(session, id, &refund, &order));
        ec_free(order);
    }
    refund = (ec_refund_request){.amount = 10, .return_id = back, .key = "tour-2"};
    assert_ok(session, ec_order_refund(session, id, &refund, &order));
    ec_free(order);
    assert_ok(session, ec_payment_record(session, id, 5, "cash", NULL, "tour-3", &payment));
    ec_free(payment);
}

void tour_order(ec_session *session)
{
    ec_engine *engine = ec_session_engine(session);
    mug = sale_variant(engine, "TOUR-MUG", 1000, 1000);
    plate = sale_variant(engine, "TOUR-PLATE", 500, 1000);
    ec_id paid = order_of(session, "tour-paid", true);
    tour_listings(session, paid);
    tour_cancels(session);
    tour_edits(session);
    ec_id item = tour_parcels(session, paid);
    tour_returns(session, paid, item);
    tour_refunds(session, paid);
}
