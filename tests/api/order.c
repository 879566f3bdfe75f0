/* SPDX-License-Identifier: MIT */
/*
 * order.c - what may be done with a placed order, as staff and customers see it.
 */
#include "harness/sale.h"

#define LINES(...)                                                                                 \
    (const sale_line[])                                                                            \
    {                                                                                              \
        __VA_ARGS__,                                                                               \
        {                                                                                          \
            0, 0                                                                                   \
        }                                                                                          \
    }

static ec_engine *shop;
static ec_session *s;
static ec_id mug, plate;

static int setup(void **state)
{
    (void)state;
    shop = shop_open();
    s = session_system(shop);
    mug = sale_variant(shop, "MUG", 4990, 100);
    plate = sale_variant(shop, "PLATE", 7500, 50);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    sale_verified(shop);
    ec_session_close(s);
    shop_close(shop);
    return 0;
}

/* ---- reading ---- */

static void order_get__has_everything_that_was_bought(void **state)
{
    (void)state;
    ec_order *placed = sale_order(s, "k1", LINES({mug, 2}, {plate, 1}));
    ec_order *order = NULL;
    assert_ok(s, ec_order_get(s, placed->id, &order));
    assert_string_equal(order->order_number, placed->order_number);
    assert_int_equal(order->items_count, 2);
    assert_string_equal(order->items[0].sku, "MUG");
    assert_int_equal(order->items[0].quantity, 2);
    assert_int_equal(order->items[0].total_amount, 9980);
    assert_int_equal(order->total_amount, 2 * 4990 + 7500);
    assert_int_equal(order->status, EC_ORDER_PENDING);
    assert_int_equal(order->payment_status, EC_ORDER_PAYMENT_PENDING);
    assert_int_equal(order->fulfillment_status, EC_FULFILLMENT_UNFULFILLED);
    assert_string_equal(order->shipping_address->city, "Santiago");
    ec_free(placed);
    ec_order *same = NULL;
    assert_ok(s, ec_order_by_number(s, order->order_number, &same));
    assert_int_equal(same->id, order->id);
    ec_free(same);
    ec_free(order);
}

static void order_get__finds_no_unknown_order(void **state)
{
    (void)state;
    ec_order *order = NULL;
    assert_status(s, ec_order_get(s, 999, &order), EC_NOT_FOUND);
    assert_null(order);
    assert_status(s, ec_order_get(s, -1, &order), EC_NOT_FOUND);
    assert_status(s, ec_order_by_number(s, "nope", &order), EC_NOT_FOUND);
    assert_status(s, ec_order_by_number(s, NULL, &order), EC_INVALID);
    assert_int_equal(ec_order_get(NULL, 1, &order), EC_MISUSE);
    assert_status(s, ec_order_get(s, 1, NULL), EC_MISUSE);
}

static void order_find__pages_and_filters(void **state)
{
    (void)state;
    char key[16];
    for (int i = 0; i < 5; i++) {
        snprintf(key, sizeof(key), "k%d", i);
        ec_free(sale_order(s, key, LINES({mug, 1})));
    }
    ec_order_list *list = NULL;
    ec_page page = {.limit = 2, .total = true};
    assert_ok(s, ec_order_find(s, NULL, &page, &list));
    assert_int_equal(list->items_count, 2);
    assert_int_equal(list->total, 5);
    assert_true(list->items[0].id > list->items[1].id);
    int seen = 2;
    while (list->next_cursor != NULL) {
        ec_order_list *next = NULL;
        ec_page more = {.limit = 2, .cursor = list->next_cursor};
        assert_ok(s, ec_order_find(s, NULL, &more, &next));
        assert_true(next->items[0].id < list->items[1].id);
        seen += (int)next->items_count;
        ec_free(list);
        list = next;
    }
    assert_int_equal(seen, 5);
    ec_free(list);
    ec_order_filter none = {.status = "shipped"};
    assert_ok(s, ec_order_find(s, &none, NULL, &list));
    assert_int_equal(list->items_count, 0);
    ec_free(list);
    ec_order_filter wrong = {.status = "gone"};
    assert_status(s, ec_order_find(s, &wrong, NULL, &list), EC_INVALID);
    assert_field_error(s, "status", "enum");
    ec_cursor *cursor = NULL;
    const void *object = NULL;
    int walked = 0;
    assert_ok(s, ec_order_cursor(s, NULL, &cursor));
    while (ec_cursor_next(cursor, &object) == EC_OK)
        walked++;
    assert_int_equal(walked, 5);
    ec_cursor_close(cursor);
}

static void order__is_served_by_all_warehouses_where_its_channel_names_none(void **state)
{
    (void)state;
    shop_sql(shop, "DELETE FROM channel_warehouses");
    ec_order *order = sale_order(s, "k", LINES({mug, 2}));
    assert_int_equal(order->items[0].quantity, 2);
    ec_free(order);
    assert_int_equal(sale_committed(shop, mug), 2);
}

/* ---- events ---- */

static void order_apply__moves_along_the_table_and_keeps_history(void **state)
{
    (void)state;
    ec_order *order = sale_order(s, "k", LINES({mug, 1}));
    ec_id id = order->id;
    ec_free(order);
    assert_ok(s, ec_order_apply(s, id, "confirm", "Called the customer", &order));
    assert_int_equal(order->status, EC_ORDER_CONFIRMED);
    ec_free(order);
    assert_status(s, ec_order_apply(s, id, "confirm", NULL, &order), EC_STATE);
    assert_status(s, ec_order_apply(s, id, "complete", NULL, &order), EC_STATE);
    assert_field_error(s, "order", "guard");
    assert_status(s, ec_order_apply(s, id, "pay", NULL, &order), EC_INVALID);
    assert_field_error(s, "event", "enum");
    assert_status(s, ec_order_apply(s, id, NULL, NULL, &order), EC_INVALID);
    assert_ok(s, ec_order_note(s, id, "Gift"));
    assert_status(s, ec_order_note(s, id, ""), EC_INVALID);
    assert_status(s, ec_order_note(s, id, "\xff"), EC_INVALID);
    assert_field_error(s, "text", "utf8");
    ec_event_list *events = NULL;
    ec_event_filter filter = {.aggregate = "order", .aggregate_id = id};
    assert_ok(s, ec_event_find(s, &filter, NULL, &events));
    assert_int_equal(events->items_count, 3);
    assert_string_equal(events->items[0].type, "order.placed");
    assert_string_equal(events->items[1].type, "order.confirm");
    assert_non_null(strstr(events->items[1].data, "Called the customer"));
    assert_string_equal(events->items[2].type, "order.note");
    ec_free(events);
    ec_next_events *next = NULL;
    assert_ok(s, ec_order_next_events(s, id, &next));
    bool process = false;
    for (size_t i = 0; i < next->items_count; i++) {
        assert_string_not_equal(next->items[i].event, "complete");
        process |= strcmp(next->items[i].event, "process") == 0 && next->items[i].by_hand;
    }
    assert_true(process);
    ec_free(next);
}

/* ---- cancelling ---- */

static void order_cancel__frees_all_stock_and_amounts(void **state)
{
    (void)state;
    ec_order *order = sale_order(s, "k", LINES({mug, 3}, {plate, 2}));
    assert_int_equal(sale_committed(shop, mug), 3);
    ec_id id = order->id;
    ec_free(order);
    ec_cancel_request request = {.reason = "changed mind"};
    assert_ok(s, ec_order_cancel(s, id, &request, &order));
    assert_int_equal(order->status, EC_ORDER_CANCELLED);
    assert_int_equal(order->payment_status, EC_ORDER_PAYMENT_VOIDED);
    assert_int_equal(order->fulfillment_status, EC_FULFILLMENT_CANCELLED);
    assert_int_equal(order->total_amount, 0);
    assert_string_equal(order->cancel_reason, "changed mind");
    assert_int_not_equal(order->cancelled_at, 0);
    ec_free(order);
    assert_int_equal(sale_committed(shop, mug), 0);
    assert_int_equal(sale_on_hand(shop, mug), 100);
    assert_status(s, ec_order_cancel(s, id, NULL, &order), EC_STATE);
    assert_status(s, ec_order_ship(s, id, NULL, &order), EC_STATE);
}

static void order_cancel__takes_single_units(void **state)
{
    (void)state;
    ec_order *order = sale_order(s, "k", LINES({mug, 3}, {plate, 2}));
    ec_id id = order->id, item = order->items[0].id;
    ec_free(order);
    ec_order_units units = {item, 2};
    ec_cancel_request request = {.items_count = 1, .items = &units, .no_restock = true};
    assert_ok(s, ec_order_cancel(s, id, &request, &order));
    assert_int_equal(order->items[0].cancelled_quantity, 2);
    assert_int_equal(order->total_amount, 4990 + 2 * 7500);
    assert_int_equal(order->status, EC_ORDER_PENDING);
    ec_free(order);
    assert_int_equal(sale_committed(shop, mug), 1);
    assert_int_equal(sale_on_hand(shop, mug), 98); /* the goods are gone */
    assert_status(s, ec_order_cancel(s, id, &request, &order), EC_INVALID);
    assert_field_error(s, "items[0].quantity", "max");
    units.quantity = 0;
    assert_status(s, ec_order_cancel(s, id, &request, &order), EC_INVALID);
    assert_field_error(s, "items[0].quantity", "min");
    units = (ec_order_units){item + 999, 1};
    assert_status(s, ec_order_cancel(s, id, &request, &order), EC_INVALID);
    assert_field_error(s, "items[0].order_item_id", "reference");
}

static void order_cancel__refuses_a_stale_version_and_bad_text(void **state)
{
    (void)state;
    ec_order *order = sale_order(s, "k", LINES({mug, 1}));
    ec_id id = order->id;
    ec_cancel_request request = {.version = order->version + 1};
    ec_free(order);
    assert_status(s, ec_order_cancel(s, id, &request, &order), EC_STALE);
    char *text = calloc(1, 400);
    memset(text, 'x', 300);
    request = (ec_cancel_request){.reason = text};
    assert_status(s, ec_order_cancel(s, id, &request, &order), EC_INVALID);
    assert_field_error(s, "reason", "max_length");
    free(text);
    assert_int_equal(sale_committed(shop, mug), 1);
}

/* ---- parcels ---- */

static void order_ship__sends_in_parts_and_completes(void **state)
{
    (void)state;
    ec_order *order = sale_paid_order(s, "k", LINES({mug, 3}, {plate, 1}));
    assert_int_equal(order->status, EC_ORDER_CONFIRMED);
    assert_int_equal(order->payment_status, EC_ORDER_PAYMENT_PAID);
    assert_int_equal(order->paid_amount, order->total_amount);
    ec_id id = order->id;
    ec_shipment_item part = {.order_item_id = order->items[0].id, .quantity = 2};
    ec_shipment parcel = {
        .carrier = "Chilexpress", .tracking_number = "123", .items_count = 1, .items = &part};
    ec_free(order);
    assert_ok(s, ec_order_ship(s, id, &parcel, &order));
    assert_int_equal(order->fulfillment_status, EC_FULFILLMENT_PARTIALLY_SHIPPED);
    assert_int_equal(order->status, EC_ORDER_PROCESSING);
    assert_int_equal(order->shipments_count, 1);
    assert_string_equal(order->shipments[0].tracking_number, "123");
    ec_id first = order->shipments[0].id;
    ec_free(order);
    assert_int_equal(sale_on_hand(shop, mug), 98);
    assert_int_equal(sale_committed(shop, mug), 1);
    part.quantity = 2;
    assert_status(s, ec_order_ship(s, id, &parcel, &order), EC_INVALID);
    assert_field_error(s, "items[0].quantity", "max");
    assert_ok(s, ec_order_ship(s, id, NULL, &order));
    assert_int_equal(order->status, EC_ORDER_SHIPPED);
    ec_id second = order->shipments[1].id;
    ec_free(order);
    assert_status(s, ec_order_ship(s, id, NULL, &order), EC_STATE);
    assert_status(s, ec_order_cancel(s, id, NULL, &order), EC_STATE);
    assert_ok(s, ec_shipment_deliver(s, first, &order));
    assert_int_equal(order->status, EC_ORDER_SHIPPED);
    ec_free(order);
    assert_status(s, ec_shipment_deliver(s, first, &order), EC_STATE);
    assert_ok(s, ec_shipment_deliver(s, second, &order));
    assert_int_equal(order->status, EC_ORDER_DELIVERED);
    assert_int_equal(order->state, EC_STATE_COMPLETED);
    ec_free(order);
    assert_int_equal(shop_sql_int(shop, "SELECT SUM(sold_count) FROM products"), 4);
}

static void order__waits_for_its_last_parcel_also_after_a_return(void **state)
{
    (void)state;
    ec_order *order = sale_paid_order(s, "k", LINES({mug, 1}, {plate, 2}));
    ec_id id = order->id, plates = order->items[1].id;
    ec_shipment_item part = {.order_item_id = plates, .quantity = 2};
    ec_shipment parcel = {.items_count = 1, .items = &part};
    ec_free(order);
    assert_ok(s, ec_order_ship(s, id, &parcel, &order));
    ec_free(order);
    assert_ok(s, ec_order_ship(s, id, NULL, &order));
    ec_id first = order->shipments[0].id, second = order->shipments[1].id;
    ec_free(order);
    assert_ok(s, ec_shipment_deliver(s, first, &order));
    ec_free(order);
    ec_return_item back = {.order_item_id = plates, .quantity = 1, .restock = true};
    ec_return request = {.items_count = 1, .items = &back};
    assert_ok(s, ec_return_request(s, id, &request, &order));
    ec_id return_id = order->returns[0].id;
    ec_free(order);
    assert_ok(s, ec_return_apply(s, return_id, "receive", 0, &order));
    assert_int_equal(order->fulfillment_status, EC_FULFILLMENT_PARTIALLY_RETURNED);
    assert_int_equal(order->state, EC_STATE_PROCESSING);
    assert_int_equal(order->status, EC_ORDER_SHIPPED);
    ec_free(order);
    assert_status(s, ec_order_apply(s, id, "complete", NULL, &order), EC_STATE);
    assert_ok(s, ec_shipment_deliver(s, second, &order));
    assert_int_equal(order->state, EC_STATE_COMPLETED);
    assert_int_equal(order->status, EC_ORDER_DELIVERED);
    ec_free(order);
}

static void shipment_update__changes_tracking_only(void **state)
{
    (void)state;
    ec_order *order = sale_order(s, "k", LINES({mug, 1}));
    ec_id id = order->id;
    ec_free(order);
    assert_ok(s, ec_order_ship(s, id, NULL, &order));
    ec_id parcel = order->shipments[0].id;
    ec_free(order);
    ec_shipment change = {.tracking_number = "T-9", .tracking_url = "https://example.com/T-9"};
    assert_ok(s,
              ec_shipment_update(s, parcel, &change,
                                 ec_mask_of("shipment", "tracking_number,tracking_url"), &order));
    assert_string_equal(order->shipments[0].tracking_number, "T-9");
    ec_free(order);
    assert_status(
        s, ec_shipment_update(s, parcel, &change, ec_mask_of("shipment", "order_id"), &order),
        EC_INVALID);
    change.tracking_url = "javascript:alert(1)";
    assert_status(
        s, ec_shipment_update(s, parcel, &change, ec_mask_of("shipment", "tracking_url"), &order),
        EC_INVALID);
    assert_field_error(s, "tracking_url", "url");
}

/* ---- returns and refunds ---- */

static void return__puts_sale_back_and_money_follows(void **state)
{
    (void)state;
    ec_order *order = sale_paid_order(s, "k", LINES({mug, 3}));
    ec_id id = order->id, item = order->items[0].id;
    ec_free(order);
    ec_return_item back = {.order_item_id = item, .quantity = 2, .restock = true};
    ec_return request = {.reason = "too small", .items_count = 1, .items = &back};
    assert_status(s, ec_return_request(s, id, &request, &order), EC_INVALID);
    assert_field_error(s, "items[0].quantity", "max");
    assert_ok(s, ec_order_ship(s, id, NULL, &order));
    ec_free(order);
    assert_ok(s, ec_return_request(s, id, &request, &order));
    ec_id return_id = order->returns[0].id;
    ec_free(order);
    assert_status(s, ec_return_request(s, id, &request, &order), EC_INVALID); /* 1 is left */
    assert_ok(s, ec_return_apply(s, return_id, "approve", 0, &order));
    ec_free(order);
    assert_status(s, ec_return_apply(s, return_id, "approve", 0, &order), EC_STATE);
    assert_status(s, ec_return_apply(s, return_id, "burn", 0, &order), EC_INVALID);
    assert_ok(s, ec_return_apply(s, return_id, "receive", 0, &order));
    assert_int_equal(order->fulfillment_status, EC_FULFILLMENT_PARTIALLY_RETURNED);
    assert_int_equal(order->items[0].returned_quantity, 2);
    ec_free(order);
    assert_int_equal(sale_on_hand(shop, mug), 99);
    ec_refund_request refund = {.amount = 9980, .return_id = return_id, .key = "r1"};
    assert_ok(s, ec_order_refund(s, id, &refund, &order));
    assert_int_equal(order->refunded_amount, 9980);
    assert_int_equal(order->payment_status, EC_ORDER_PAYMENT_PARTIALLY_REFUNDED);
    assert_int_equal(order->refunds_count, 1);
    assert_int_equal(order->refunds[0].return_id, return_id);
    ec_free(order);
    assert_ok(s, ec_order_refund(s, id, &refund, &order)); /* the same key: once */
    assert_int_equal(order->refunded_amount, 9980);
    ec_free(order);
    refund.amount = 5000;
    assert_status(s, ec_order_refund(s, id, &refund, &order), EC_KEY_REUSED);
    refund = (ec_refund_request){.amount = 4991, .key = "r2"};
    assert_status(s, ec_order_refund(s, id, &refund, &order), EC_INVALID);
    assert_field_error(s, "amount", "max");
    refund.amount = 4990;
    assert_ok(s, ec_order_refund(s, id, &refund, &order));
    assert_int_equal(order->payment_status, EC_ORDER_PAYMENT_REFUNDED);
    ec_free(order);
}

static void order_refund__gives_back_what_units_cost(void **state)
{
    (void)state;
    ec_order *order = sale_paid_order(s, "k", LINES({mug, 3}, {plate, 1}));
    ec_id id = order->id;
    ec_order_units units = {order->items[0].id, 2};
    ec_free(order);
    ec_refund_request refund = {.items_count = 1, .items = &units, .key = "r1"};
    assert_ok(s, ec_order_refund(s, id, &refund, &order));
    assert_int_equal(order->refunded_amount, 2 * 4990);
    ec_free(order);
    refund.key = "r2";
    units.quantity = 4;
    assert_status(s, ec_order_refund(s, id, &refund, &order), EC_INVALID);
    assert_field_error(s, "items[0].quantity", "max");
    units = (ec_order_units){999999, 1};
    assert_status(s, ec_order_refund(s, id, &refund, &order), EC_INVALID);
    assert_field_error(s, "items[0].order_item_id", "reference");
}

static void order_refund__gives_the_money_of_a_unit_once(void **state)
{
    (void)state;
    ec_order *order = sale_paid_order(s, "k", LINES({mug, 1}, {plate, 2}));
    ec_id id = order->id;
    ec_order_units units[] = {{order->items[0].id, 1}, {order->items[0].id, 1}};
    ec_free(order);
    ec_refund_request refund = {.items_count = 2, .items = units, .key = "twice"};
    assert_status(s, ec_order_refund(s, id, &refund, &order), EC_INVALID);
    assert_field_error(s, "items[1].order_item_id", "unique");
    refund = (ec_refund_request){.items_count = 1, .items = units, .key = "once"};
    assert_ok(s, ec_order_refund(s, id, &refund, &order));
    assert_int_equal(order->refunds[0].items_count, 1);
    assert_int_equal(order->refunds[0].items[0].amount, 4990);
    ec_free(order);
    refund.key = "again";
    assert_status(s, ec_order_refund(s, id, &refund, &order), EC_INVALID);
    assert_field_error(s, "items[0].quantity", "max");
    refund = (ec_refund_request){.items_count = 1, .key = "null"};
    assert_status(s, ec_order_refund(s, id, &refund, &order), EC_INVALID);
    assert_field_error(s, "items", "required");
}

static void order_refund__is_another_one_under_another_key(void **state)
{
    (void)state;
    ec_order *order = sale_paid_order(s, "k", LINES({mug, 2}));
    ec_id id = order->id;
    ec_free(order);
    ec_refund_request refund = {.amount = 1000, .key = "a:5"};
    assert_ok(s, ec_order_refund(s, id, &refund, &order));
    ec_free(order);
    refund.key = "a";
    assert_ok(s, ec_order_refund(s, id, &refund, &order));
    assert_int_equal(order->refunded_amount, 2000);
    ec_free(order);
    refund.reason = "another reason";
    assert_status(s, ec_order_refund(s, id, &refund, &order), EC_KEY_REUSED);
    refund.key = "x\x01y";
    assert_status(s, ec_order_refund(s, id, &refund, &order), EC_INVALID);
}

static void payment__is_not_taken_for_a_cancelled_order(void **state)
{
    (void)state;
    ec_cart *cart = NULL;
    ec_order *order = NULL;
    ec_payment *payment = NULL;
    assert_ok(s, ec_cart_open(s, &cart));
    ec_checkout_request request = EC_CHECKOUT_REQUEST_INIT;
    request.cart_id = cart->id;
    request.key = "k";
    request.email = "Gabriela@Example.com";
    request.shipping_address = &sale_address;
    request.payment_provider = "manual";
    request.payment_method = "card";
    ec_free(cart);
    assert_ok(s, ec_cart_add(s, request.cart_id, mug, 1, -1, &cart));
    ec_free(cart);
    assert_ok(s, ec_checkout(s, &request, &order));
    assert_string_equal(order->email, "gabriela@example.com");
    ec_id id = order->id, payment_id = order->payments[0].id;
    ec_free(order);
    ec_order_list *list = NULL;
    ec_order_filter filter = {.email = "GABRIELA@example.com"};
    assert_ok(s, ec_order_find(s, &filter, NULL, &list));
    assert_int_equal(list->items_count, 1);
    ec_free(list);
    assert_ok(s, ec_order_cancel(s, id, NULL, &order));
    ec_free(order);
    assert_status(s, ec_payment_capture(s, payment_id, 0, "c", &payment), EC_STATE);
    assert_ok(s, ec_payment_void(s, payment_id, "v", &payment));
    assert_int_equal(payment->status, EC_PAYMENT_VOIDED);
    ec_free(payment);
}

static void payment_record__is_another_one_with_another_reference(void **state)
{
    (void)state;
    ec_order *order = sale_order(s, "k", LINES({mug, 1}));
    ec_id id = order->id;
    ec_payment *payment = NULL;
    ec_free(order);
    assert_ok(s, ec_payment_record(s, id, 1000, "cash", "r", "key", &payment));
    ec_free(payment);
    assert_ok(s, ec_payment_record(s, id, 1000, "cash", "r", "key", &payment));
    ec_free(payment);
    assert_status(s, ec_payment_record(s, id, 1000, "transfer", "r", "key", &payment),
                  EC_KEY_REUSED);
    assert_status(s, ec_payment_record(s, id, 1000, "cash", "x", "key", &payment), EC_KEY_REUSED);
}

static void order_edit__leaves_something_and_changes_something(void **state)
{
    (void)state;
    ec_order *order = sale_order(s, "k", LINES({mug, 5}));
    ec_id id = order->id, item = order->items[0].id;
    ec_free(order);
    ec_order_edit_item none = EC_ORDER_EDIT_ITEM_INIT;
    ec_order_edit_request edit = EC_ORDER_EDIT_REQUEST_INIT;
    assert_status(s, ec_order_edit(s, id, &edit, &order), EC_INVALID);
    assert_field_error(s, "items", "required");
    edit.items_count = 1;
    assert_status(s, ec_order_edit(s, id, &edit, &order), EC_INVALID);
    assert_field_error(s, "items", "required");
    none.order_item_id = item;
    edit.items = &none;
    assert_status(s, ec_order_edit(s, id, &edit, &order), EC_INVALID);
    assert_field_error(s, "items", "min");
    const ec_order_edit_item twice[] = {{item, 0, 5, 10}, {item, 0, 5, 20}};
    edit.items_count = 2;
    edit.items = twice;
    assert_status(s, ec_order_edit(s, id, &edit, &order), EC_INVALID);
    assert_field_error(s, "items[1].order_item_id", "unique");
    edit.items_count = 1;
    edit.items = &none;
    none.quantity = 4;
    assert_ok(s, ec_order_edit(s, id, &edit, &order));
    assert_int_equal(order->items[0].cancelled_quantity, 1);
    ec_free(order);
    none.quantity = 5; /* what was called off comes back */
    assert_ok(s, ec_order_edit(s, id, &edit, &order));
    assert_int_equal(order->items[0].cancelled_quantity, 0);
    assert_int_equal(order->items[0].quantity, 5);
    assert_int_equal(order->total_amount, 5 * 4990);
    ec_free(order);
    ec_cancel_request cancel = {.items_count = 1};
    assert_status(s, ec_order_cancel(s, id, &cancel, &order), EC_INVALID);
    assert_field_error(s, "items", "required");
}

static void order_refund__needs_a_key_and_something_owed(void **state)
{
    (void)state;
    ec_order *order = sale_paid_order(s, "k", LINES({mug, 1}));
    ec_id id = order->id;
    ec_free(order);
    ec_refund_request refund = {.amount = 100};
    assert_status(s, ec_order_refund(s, id, &refund, &order), EC_INVALID);
    assert_field_error(s, "key", "required");
    refund = (ec_refund_request){.key = "r"};
    assert_status(s, ec_order_refund(s, id, &refund, &order), EC_STATE);
    refund = (ec_refund_request){.key = "r", .amount = -1};
    assert_status(s, ec_order_refund(s, id, &refund, &order), EC_INVALID);
    refund = (ec_refund_request){.key = "r", .amount = 10, .return_id = 77};
    assert_status(s, ec_order_refund(s, id, &refund, &order), EC_INVALID);
    assert_field_error(s, "return_id", "reference");
    assert_status(s, ec_order_refund(s, id, NULL, &order), EC_MISUSE);
    assert_ok(s, ec_order_cancel(s, id, NULL, &order));
    assert_int_equal(order->payment_status, EC_ORDER_PAYMENT_PAID);
    ec_free(order);
    refund = (ec_refund_request){.key = "owed"}; /* what the cancellation owes */
    assert_ok(s, ec_order_refund(s, id, &refund, &order));
    assert_int_equal(order->refunded_amount, 4990);
    assert_int_equal(order->payment_status, EC_ORDER_PAYMENT_REFUNDED);
    ec_free(order);
}

/* ---- edits ---- */

static void order_edit__changes_units_prices_and_items(void **state)
{
    (void)state;
    ec_order *order = sale_paid_order(s, "k", LINES({mug, 2}));
    ec_id id = order->id;
    int64_t paid = order->paid_amount;
    const ec_order_edit_item items[] = {
        {.order_item_id = order->items[0].id, .quantity = 5, .unit_price = 4000},
        {.variant_id = plate, .quantity = 1, .unit_price = -1},
    };
    ec_free(order);
    ec_order_edit_request edit = {
        .items_count = 2, .items = items, .shipping_amount = 3000, .note = "customer called"};
    assert_ok(s, ec_order_edit(s, id, &edit, &order));
    assert_int_equal(order->items_count, 2);
    assert_int_equal(order->items[0].quantity, 5);
    assert_int_equal(order->total_amount, 5 * 4000 + 7500 + 3000);
    assert_int_equal(order->payment_status, EC_ORDER_PAYMENT_PARTIALLY_PAID);
    assert_int_equal(order->paid_amount, paid);
    assert_int_equal(order->adjustments_count, 1);
    assert_int_equal(order->adjustments[0].amount, order->total_amount - 2 * 4990);
    assert_int_equal(sale_committed(shop, mug), 5);
    assert_int_equal(sale_committed(shop, plate), 1);
    const ec_order_edit_item fewer = {
        .order_item_id = order->items[0].id, .quantity = 1, .unit_price = -1};
    ec_free(order);
    edit = (ec_order_edit_request){.items_count = 1, .items = &fewer, .shipping_amount = -1};
    assert_ok(s, ec_order_edit(s, id, &edit, &order));
    assert_int_equal(order->total_amount, 4000 + 7500 + 3000);
    ec_free(order);
    assert_int_equal(sale_committed(shop, mug), 1);
}

static void order_edit__refuses_what_cannot_be(void **state)
{
    (void)state;
    ec_order *order = sale_order(s, "k", LINES({mug, 2}));
    ec_id id = order->id, item = order->items[0].id;
    ec_free(order);
    const struct {
        ec_order_edit_item item;
        ec_status status;
        const char *field, *rule;
    } cases[] = {
        {{item, plate, 1, -1}, EC_INVALID, "items[0].variant_id", "one_of"},
        {{0, 0, 1, -1}, EC_INVALID, "items[0].variant_id", "one_of"},
        {{item + 99, 0, 1, -1}, EC_INVALID, "items[0].order_item_id", "reference"},
        {{item, 0, -1, -1}, EC_INVALID, "items[0].quantity", "min"},
        {{item, 0, 10000, -1}, EC_INVALID, "items[0].quantity", "max"},
        {{item, 0, 1, -2}, EC_INVALID, "items[0].unit_price", "min"},
        {{item, 0, 1, INT64_MAX}, EC_INVALID, "items[0].unit_price", "max"},
        {{0, 999999, 1, -1}, EC_INVALID, "items[0].variant_id", "reference"},
        {{0, plate, 0, -1}, EC_INVALID, "items[0].quantity", "min"},
        {{0, plate, 51, -1}, EC_OUT_OF_STOCK, NULL, NULL},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        ec_order_edit_request edit = {
            .items_count = 1, .items = &cases[i].item, .shipping_amount = -1};
        assert_status(s, ec_order_edit(s, id, &edit, &order), cases[i].status);
        if (cases[i].field != NULL) assert_field_error(s, cases[i].field, cases[i].rule);
    }
    ec_order_edit_item huge = {item, 0, 9999, EC_AMOUNT_MAX};
    ec_order_edit_request edit = {.items_count = 1, .items = &huge, .shipping_amount = -1};
    assert_int_not_equal(ec_order_edit(s, id, &edit, &order), EC_OK);
    assert_int_equal(sale_committed(shop, mug), 2);
    assert_status(s, ec_order_edit(s, id, NULL, &order), EC_MISUSE);
}

/* ---- who may ---- */

static void order__belongs_to_its_customer(void **state)
{
    (void)state;
    shop_sql(shop, "INSERT INTO users (email, name, role, email_verified, is_active, version,"
                   " created_at, updated_at) VALUES ('a@example.com', 'A', 'customer', 1, 1, 1, 1,"
                   " 1), ('b@example.com', 'B', 'customer', 1, 1, 1, 1, 1)");
    ec_session *a = session_customer(shop, 1);
    ec_session *b = session_customer(shop, 2);
    ec_session *guest = session_guest(shop);
    ec_order *order = sale_order(a, "k", LINES({mug, 1}));
    ec_id id = order->id;
    assert_int_equal(order->user_id, 1);
    ec_free(order);
    assert_ok(a, ec_order_get(a, id, &order));
    ec_free(order);
    assert_status(b, ec_order_get(b, id, &order), EC_NOT_FOUND);
    assert_status(b, ec_order_cancel(b, id, NULL, &order), EC_NOT_FOUND);
    assert_status(guest, ec_order_get(guest, id, &order), EC_NOT_FOUND);
    ec_order_list *list = NULL;
    assert_ok(b, ec_order_find(b, NULL, NULL, &list));
    assert_int_equal(list->items_count, 0);
    ec_free(list);
    assert_status(a, ec_order_ship(a, id, NULL, &order), EC_DENIED);
    assert_status(a, ec_order_apply(a, id, "confirm", NULL, &order), EC_DENIED);
    assert_ok(a, ec_order_cancel(a, id, NULL, &order));
    assert_int_equal(order->status, EC_ORDER_CANCELLED);
    ec_free(order);
    ec_session_close(a);
    ec_session_close(b);
    ec_session_close(guest);
}

static void order_sweep__calls_off_what_was_never_paid(void **state)
{
    (void)state;
    ec_free(sale_order(s, "old", LINES({mug, 1})));
    ec_free(sale_paid_order(s, "paid", LINES({mug, 1})));
    world_advance(INT64_C(8) * 24 * 3600 * 1000);
    ec_free(sale_order(s, "new", LINES({mug, 1})));
    int64_t count = 0;
    assert_ok(s, ec_order_sweep(s, INT64_C(7) * 24 * 3600 * 1000, 0, &count));
    assert_int_equal(count, 1);
    assert_ok(s, ec_order_sweep(s, INT64_C(7) * 24 * 3600 * 1000, 0, &count));
    assert_int_equal(count, 0);
    assert_int_equal(sale_committed(shop, mug), 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(order_get__has_everything_that_was_bought, setup, teardown),
        cmocka_unit_test_setup_teardown(order_get__finds_no_unknown_order, setup, teardown),
        cmocka_unit_test_setup_teardown(order_find__pages_and_filters, setup, teardown),
        cmocka_unit_test_setup_teardown(
            order__is_served_by_all_warehouses_where_its_channel_names_none, setup, teardown),
        cmocka_unit_test_setup_teardown(order_apply__moves_along_the_table_and_keeps_history, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(order_cancel__frees_all_stock_and_amounts, setup, teardown),
        cmocka_unit_test_setup_teardown(order_cancel__takes_single_units, setup, teardown),
        cmocka_unit_test_setup_teardown(order_cancel__refuses_a_stale_version_and_bad_text, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(order_ship__sends_in_parts_and_completes, setup, teardown),
        cmocka_unit_test_setup_teardown(order__waits_for_its_last_parcel_also_after_a_return, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(shipment_update__changes_tracking_only, setup, teardown),
        cmocka_unit_test_setup_teardown(return__puts_sale_back_and_money_follows, setup, teardown),
        cmocka_unit_test_setup_teardown(order_refund__gives_back_what_units_cost, setup, teardown),
        cmocka_unit_test_setup_teardown(order_refund__gives_the_money_of_a_unit_once, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(order_refund__is_another_one_under_another_key, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(payment__is_not_taken_for_a_cancelled_order, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(payment_record__is_another_one_with_another_reference,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(order_edit__leaves_something_and_changes_something, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(order_refund__needs_a_key_and_something_owed, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(order_edit__changes_units_prices_and_items, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(order_edit__refuses_what_cannot_be, setup, teardown),
        cmocka_unit_test_setup_teardown(order__belongs_to_its_customer, setup, teardown),
        cmocka_unit_test_setup_teardown(order_sweep__calls_off_what_was_never_paid, setup,
                                        teardown),
    };
    return cmocka_run_group_tests_name("orders", tests, NULL, NULL);
}
