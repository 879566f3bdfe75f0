/* SPDX-License-Identifier: MIT */
/*
 * order_states.c - states that follow from facts: whatever happens to money and goods in whatever
 * order, the axes say what is so and no operation is refused because of where an axis stood.
 */
#include "harness/sale.h"

static ec_engine *shop;
static ec_session *s;
static ec_id mug, leaflet;

static int setup(void **state)
{
    (void)state;
    shop = shop_open();
    s = session_system(shop);
    mug = sale_variant(shop, "MUG", 5000, 100);
    leaflet = sale_variant(shop, "LEAFLET", 0, 100);
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

static ec_order *of(ec_id variant, int64_t quantity, bool paid)
{
    const sale_line lines[] = {{variant, quantity}, {0, 0}};
    return paid ? sale_paid_order(s, "key", lines) : sale_order(s, "key", lines);
}

static void payment_record__takes_money_after_everything_went_back(void **state)
{
    (void)state;
    ec_order *order = of(mug, 1, true), *after = NULL;
    ec_payment *payment = NULL;
    ec_refund_request refund = {.amount = 5000, .key = "back"};
    assert_ok(s, ec_order_refund(s, order->id, &refund, &after));
    assert_int_equal(after->payment_status, EC_ORDER_PAYMENT_REFUNDED);
    ec_free(after);
    assert_ok(s, ec_payment_record(s, order->id, 2000, "cash", NULL, "again", &payment));
    ec_free(payment);
    assert_ok(s, ec_order_get(s, order->id, &after));
    assert_int_equal(after->payment_status, EC_ORDER_PAYMENT_PARTIALLY_REFUNDED);
    assert_int_equal(after->paid_amount, 7000);
    assert_int_equal(after->refunded_amount, 5000);
    ec_free(after);
    ec_free(order);
}

static void order_edit__adds_to_an_order_that_came_back(void **state)
{
    (void)state;
    ec_order *order = of(mug, 1, false), *after = NULL;
    assert_ok(s, ec_order_ship(s, order->id, NULL, &after));
    ec_free(after);
    ec_return_item item = {.order_item_id = order->items[0].id, .quantity = 1, .restock = true};
    ec_return request = {.items = &item, .items_count = 1};
    assert_ok(s, ec_return_request(s, order->id, &request, &after));
    ec_id back = after->returns[0].id;
    ec_free(after);
    assert_ok(s, ec_return_apply(s, back, "approve", 0, &after));
    ec_free(after);
    assert_ok(s, ec_return_apply(s, back, "receive", 0, &after));
    assert_int_equal(after->fulfillment_status, EC_FULFILLMENT_RETURNED);
    ec_free(after);
    ec_order_edit_item more = {.variant_id = mug, .quantity = 1, .unit_price = -1};
    ec_order_edit_request edit = {.items = &more, .items_count = 1, .shipping_amount = -1};
    assert_ok(s, ec_order_edit(s, order->id, &edit, &after));
    assert_int_equal(after->fulfillment_status, EC_FULFILLMENT_PARTIALLY_SHIPPED);
    assert_int_equal(after->total_amount, 10000);
    ec_free(after);
    ec_free(order);
}

static void order_cancel__calls_off_an_order_that_costs_nothing(void **state)
{
    (void)state;
    ec_order *order = of(leaflet, 2, false), *after = NULL;
    assert_ok(s, ec_order_cancel(s, order->id, NULL, &after));
    assert_int_equal(after->state, EC_STATE_CANCELLED);
    assert_int_equal(after->payment_status, EC_ORDER_PAYMENT_VOIDED);
    ec_free(after);
    ec_free(order);
    assert_int_equal(sale_committed(shop, leaflet), 0);
}

/* Two paid units, of which one was sent and came back; the other one still lies here. */
static ec_order *half_returned(ec_id *first)
{
    ec_order *order = of(mug, 2, true), *after = NULL;
    ec_shipment_item one = {.order_item_id = order->items[0].id, .quantity = 1};
    ec_shipment parcel = {.items = &one, .items_count = 1};
    ec_return_item item = {.order_item_id = one.order_item_id, .quantity = 1, .restock = true};
    ec_return request = {.items = &item, .items_count = 1};
    assert_ok(s, ec_order_ship(s, order->id, &parcel, &after));
    ec_free(after);
    assert_ok(s, ec_return_request(s, order->id, &request, &after));
    ec_id back = after->returns[0].id;
    ec_free(after);
    assert_ok(s, ec_return_apply(s, back, "approve", 0, &after));
    ec_free(after);
    assert_ok(s, ec_return_apply(s, back, "receive", 0, &after));
    *first = order->id;
    ec_free(order);
    return after;
}

static void order__is_not_complete_while_units_are_to_be_sent(void **state)
{
    (void)state;
    ec_id id = 0;
    ec_order *order = half_returned(&id), *after = NULL;
    assert_int_equal(order->fulfillment_status, EC_FULFILLMENT_PARTIALLY_SHIPPED);
    assert_int_not_equal(order->state, EC_STATE_COMPLETED);
    assert_int_equal(order->status, EC_ORDER_PROCESSING);
    ec_free(order);
    assert_int_equal(sale_committed(shop, mug), 1);
    assert_status(s, ec_order_apply(s, id, "complete", NULL, &after), EC_STATE);
    assert_ok(s, ec_order_ship(s, id, NULL, &after));
    assert_int_equal(after->fulfillment_status, EC_FULFILLMENT_PARTIALLY_RETURNED);
    ec_free(after);
    assert_int_equal(sale_committed(shop, mug), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(order__is_not_complete_while_units_are_to_be_sent, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(payment_record__takes_money_after_everything_went_back,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(order_edit__adds_to_an_order_that_came_back, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(order_cancel__calls_off_an_order_that_costs_nothing, setup,
                                        teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
