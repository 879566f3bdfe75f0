/* SPDX-License-Identifier: MIT */
/*
 * bad_input_sales.c - bad input for the functions of carts, orders, payments and stock.
 */
#include "harness/bad.h"
#include "harness/bad_rows.h"
#include "harness/sale.h"

static bad_shop shop;

CALL(ec_session_cart_token, S, P(1))
CALL(ec_cart_open, S, P(1))
CALL(ec_cart_get, S, N(1), P(2))
CALL(ec_cart_find, S, P(1), P(2), P(3))
CALL(ec_cart_add, S, N(1), N(2), N(3), N(4), P(5))
CALL(ec_cart_add_lines, S, N(1), P(2), (size_t)N(3), P(4))
CALL(ec_cart_set, S, N(1), N(2), N(3), P(4))
CALL(ec_cart_remove, S, N(1), N(2), P(3))
CALL(ec_cart_clear, S, N(1), P(2))
CALL(ec_cart_acknowledge, S, N(1), P(2))
CALL(ec_cart_merge, S, P(1))
CALL(ec_cart_sweep, S, N(1), P(2))
CALL(ec_checkout, S, P(1), P(2))
CALL(ec_payment_get, S, N(1), P(2))
CALL(ec_payment_capture, S, N(1), N(2), P(3), P(4))
CALL(ec_payment_void, S, N(1), P(2), P(3))
CALL(ec_payment_record, S, N(1), N(2), P(3), P(4), P(5), P(6))
CALL(ec_payment_reconcile, S, N(1), P(2))
CALL(ec_order_get, S, N(1), P(2))
CALL(ec_order_by_number, S, P(1), P(2))
CALL(ec_order_find, S, P(1), P(2), P(3))
CALL(ec_order_cursor, S, P(1), P(2))
CALL(ec_order_next_events, S, N(1), P(2))
CALL(ec_order_apply, S, N(1), P(2), P(3), P(4))
CALL(ec_order_cancel, S, N(1), P(2), P(3))
CALL(ec_order_ship, S, N(1), P(2), P(3))
CALL(ec_shipment_deliver, S, N(1), P(2))
CALL(ec_shipment_update, S, N(1), P(2), (ec_mask)N(3), P(4))
CALL(ec_return_request, S, N(1), P(2), P(3))
CALL(ec_return_apply, S, N(1), P(2), N(3), P(4))
CALL(ec_order_refund, S, N(1), P(2), P(3))
CALL(ec_order_edit, S, N(1), P(2), P(3))
CALL(ec_order_note, S, N(1), P(2))
CALL(ec_order_sweep, S, N(1), N(2), P(3))
CALL(ec_stock_adjust, S, P(1), P(2))
CALL(ec_stock_adjust_many, S, P(1), (size_t)N(2), P(3))
CALL(ec_stock_set, S, P(1), P(2))
CALL(ec_stock_receive, S, N(1), N(2), N(3), P(4), P(5))
CALL(ec_stock_transfer, S, P(1), P(2))
CALL(ec_stock_configure, S, N(1), N(2), P(3), (ec_mask)N(4), P(5))
CALL(ec_stock_get, S, N(1), N(2), P(3))
CALL(ec_stock_find, S, P(1), P(2), P(3))
CALL(ec_stock_cursor, S, P(1), P(2))
CALL(ec_movement_find, S, P(1), P(2), P(3))
CALL(ec_movement_cursor, S, P(1), P(2))
CALL(ec_reservation_find, S, P(1), P(2), P(3))
CALL(ec_stock_sweep, S, N(1), P(2))
CALL(ec_warehouse_create, S, P(1), P(2))
CALL(ec_warehouse_update, S, N(1), P(2), (ec_mask)N(3), P(4))
CALL(ec_warehouse_get, S, N(1), P(2))
CALL(ec_warehouse_by_code, S, P(1), P(2))
CALL(ec_warehouse_find, S, P(1), P(2))
CALL(ec_warehouse_assign, S, N(1), P(2), (size_t)N(3))
CALL(ec_warehouse_serving, S, N(1), P(2))

static const bad_row rows[] = {
    ROW(ec_session_cart_token, "s ctx", true),
    ROW(ec_cart_open, "s out", false),
    ROW(ec_cart_get, "s id:cart out", false),
    ROW(ec_cart_find, "s obj?:cart_filter obj?:page out", false),
    ROW(ec_cart_add, "s id:cart id:variant num:1:9999 num:-1:999999999999999 out", true),
    ROW(ec_cart_add_lines, "s id:cart obj:lines num:1:500 out", false),
    ROW(ec_cart_set, "s id:cart id:item num:0:9999 out", true),
    ROW(ec_cart_remove, "s id:cart id:item out", false),
    ROW(ec_cart_clear, "s id:cart out", false),
    ROW(ec_cart_acknowledge, "s id:cart out", false),
    ROW(ec_cart_merge, "s out", true),
    ROW(ec_cart_sweep, "s num:0:1000 count?", false),
    ROW(ec_checkout, "s obj:checkout out", false),
    ROW(ec_payment_get, "s id:payment out", false),
    ROW(ec_payment_capture, "s id:payment num:0:999999999999999 key out", true),
    ROW(ec_payment_void, "s id:payment key out", true),
    ROW(ec_payment_record, "s id:open num:1:7960 note:50 note:255 key out", false),
    ROW(ec_payment_reconcile, "s num:0:9223372036854775807 out", true),
    ROW(ec_order_get, "s id:order out", false),
    ROW(ec_order_by_number, "s text:40 out", true),
    ROW(ec_order_find, "s obj?:order_filter obj?:page out", false),
    ROW(ec_order_cursor, "s obj?:any_orders cursor", false),
    ROW(ec_order_next_events, "s id:order out", false),
    ROW(ec_order_apply, "s id:open word:confirm note:500 out", false),
    ROW(ec_order_cancel, "s id:open obj?:cancel out", false),
    ROW(ec_order_ship, "s id:open obj?:parcel out", false),
    ROW(ec_shipment_deliver, "s id:shipment out", false),
    ROW(ec_shipment_update, "s id:shipment obj:parcel_change const:parcel_fields out", true),
    ROW(ec_return_request, "s id:order obj:back out", false),
    ROW(ec_return_apply, "s id:return word:receive ref:warehouse out", false),
    ROW(ec_order_refund, "s id:order obj:refund out", true),
    ROW(ec_order_edit, "s id:open obj:edit out", false),
    ROW(ec_order_note, "s id:order need:2000", false),
    ROW(ec_order_sweep, "s num:0:9223372036854775807 num:0:1000 count?", true),
    ROW(ec_stock_adjust, "s obj:change out", false),
    ROW(ec_stock_adjust_many, "s obj:change num:1:1000 out", false),
    ROW(ec_stock_set, "s obj:count out", false),
    ROW(ec_stock_receive, "s id:variant id:warehouse num:1:10 note:255 out", false),
    ROW(ec_stock_transfer, "s obj:transfer out", false),
    ROW(ec_stock_configure, "s id:variant id:warehouse obj:settings all out", false),
    ROW(ec_stock_get, "s id:variant id:warehouse out", false),
    ROW(ec_stock_find, "s obj?:stock_filter obj?:page out", false),
    ROW(ec_stock_cursor, "s obj?:stock_filter cursor", false),
    ROW(ec_movement_find, "s obj?:movement_filter obj?:page out", false),
    ROW(ec_movement_cursor, "s obj?:movement_filter cursor", false),
    ROW(ec_reservation_find, "s obj?:reservation_filter obj?:page out", false),
    ROW(ec_stock_sweep, "s num:0:1000 count?", false),
    ROW(ec_warehouse_create, "s obj:warehouse out", false),
    ROW(ec_warehouse_update, "s id:warehouse obj:warehouse all out", false),
    ROW(ec_warehouse_get, "s id:warehouse out", false),
    ROW(ec_warehouse_by_code, "s text:64 out", false),
    ROW(ec_warehouse_find, "s obj?:page out", false),
    ROW(ec_warehouse_assign, "s id:channel fn:warehouses any:2", false),
    ROW(ec_warehouse_serving, "s id:channel out", false),
};

/* ---- what the rows name ---- */

static const bad_member page_members[] = {
    BAD(ec_page, limit, 'n', 0, 100),
    BAD(ec_page, page, 'n', 0, INT64_MAX / 10 + 1),
    BAD(ec_page, cursor, 'w', 0, 0),
};
static const bad_member cart_filter_members[] = {BAD(ec_cart_filter, status, 'w', 0, 0)};
static const bad_member order_filter_members[] = {
    BAD(ec_order_filter, status, 'w', 0, 0),
    BAD(ec_order_filter, payment_status, 'w', 0, 0),
    BAD(ec_order_filter, fulfillment_status, 'w', 0, 0),
};
static const bad_member line_members[] = {
    BAD(ec_cart_line, variant_id, 'i', 0, 0),
    BAD(ec_cart_line, quantity, 'n', 1, EC_LINE_QUANTITY_MAX),
    BAD(ec_cart_line, expected_price, 'n', -1, EC_AMOUNT_MAX),
};
static const bad_member checkout_members[] = {
    BAD(ec_checkout_request, cart_id, 'i', 0, 0),
    BAD(ec_checkout_request, key, 'k', 0, 0),
    BAD(ec_checkout_request, email, 't', 0, 254),
    BAD(ec_checkout_request, shipping_amount, 'n', 0, EC_AMOUNT_MAX),
    BAD(ec_checkout_request, expected_total, 'n', -1, EC_AMOUNT_MAX),
    BAD(ec_checkout_request, payment_provider, 'w', 0, 0),
    BAD(ec_checkout_request, payment_method, 't', 0, 50),
    BAD(ec_checkout_request, note, 't', 0, 2000),
    BAD(ec_checkout_request, placed_at, 'n', 0, WORLD_START),
};
static const bad_member cancel_members[] = {
    BAD(ec_cancel_request, reason, 't', 0, 255),
};
static const bad_member refund_members[] = {
    BAD(ec_refund_request, amount, 'n', 0, 7960), BAD(ec_refund_request, payment_id, 'r', 0, 0),
    BAD(ec_refund_request, return_id, 'r', 0, 0), BAD(ec_refund_request, reason, 't', 0, 255),
    BAD(ec_refund_request, key, 'k', 0, 0),
};
static const bad_member edit_members[] = {
    BAD(ec_order_edit_request, shipping_amount, 'n', -1, EC_AMOUNT_MAX),
    BAD(ec_order_edit_request, note, 't', 0, 500),
};
static const bad_member change_members[] = {
    BAD(ec_stock_change, variant_id, 'i', 0, 0),
    BAD(ec_stock_change, warehouse_id, 'i', 0, 0),
    BAD(ec_stock_change, on_hand, 'n', -92, EC_QUANTITY_MAX - 98),
    BAD(ec_stock_change, incoming, 'n', -10, EC_QUANTITY_MAX - 10),
    BAD(ec_stock_change, damaged, 'n', 0, EC_QUANTITY_MAX),
    BAD(ec_stock_change, reason, 't', 0, 255),
    BAD(ec_stock_change, cause, 't', 0, 50),
    BAD(ec_stock_change, kind, 'e', 0, 0),
};
static const bad_member count_members[] = {
    BAD(ec_stock_count, variant_id, 'i', 0, 0),
    BAD(ec_stock_count, warehouse_id, 'i', 0, 0),
    BAD(ec_stock_count, on_hand, 'n', 0, EC_QUANTITY_MAX),
    BAD(ec_stock_count, reason, 't', 0, 255),
    BAD(ec_stock_count, cause, 't', 0, 50),
};
static const bad_member transfer_members[] = {
    BAD(ec_stock_transfer_request, variant_id, 'i', 0, 0),
    BAD(ec_stock_transfer_request, from_id, 'i', 0, 0),
    BAD(ec_stock_transfer_request, to_id, 'i', 0, 0),
    BAD(ec_stock_transfer_request, quantity, 'n', 1, 92),
    BAD(ec_stock_transfer_request, reason, 't', 0, 255),
};

static void calls__refuse_bad_input(void **state)
{
    (void)state;
    bad_shop_open(&shop);
    ec_page page = {.limit = 10};
    ec_cart_filter carts = {0};
    ec_order_filter orders = {0};
    ec_cart_line line = {bad_id(&shop, "other"), 1, -1};
    ec_checkout_request checkout = EC_CHECKOUT_REQUEST_INIT;
    checkout.cart_id = bad_id(&shop, "cart");
    checkout.key = "a-key";
    checkout.email = "ana@example.com";
    checkout.shipping_address = &sale_address;
    ec_order_units units = {bad_id(&shop, "open_item"), 1};
    ec_cancel_request cancel = {.items = &units, .items_count = 1};
    ec_shipment_item content = {.order_item_id = units.order_item_id, .quantity = 1};
    ec_shipment parcel = {.items = &content, .items_count = 1};
    ec_return_item item = {.order_item_id = bad_id(&shop, "order_item"), .quantity = 1};
    ec_return back = {.items = &item, .items_count = 0};
    ec_refund_request refund = {.amount = 100, .key = "refund"};
    ec_order_edit_item change_of = {
        .order_item_id = units.order_item_id, .quantity = 2, .unit_price = -1};
    ec_order_edit_request edit = {.items = &change_of, .items_count = 1, .shipping_amount = -1};
    ec_stock_change change = {.variant_id = bad_id(&shop, "variant"),
                              .warehouse_id = bad_id(&shop, "warehouse"),
                              .on_hand = 1,
                              .kind = EC_MOVEMENT_ADJUSTMENT};
    ec_stock_count count = {.variant_id = change.variant_id,
                            .warehouse_id = change.warehouse_id,
                            .on_hand = 98,
                            .expected = 98};
    ec_stock_transfer_request transfer = {.variant_id = change.variant_id,
                                          .from_id = change.warehouse_id,
                                          .to_id = bad_id(&shop, "north"),
                                          .quantity = 1};
    ec_stock_filter stock = {0};
    ec_movement_filter movements = {0};
    ec_reservation_filter reservations = {0};
    ec_stock_level settings = {.reorder_point = 1};
    ec_warehouse warehouse = {.code = "south", .name = "South", .is_active = true};
    ec_id two[] = {bad_id(&shop, "warehouse"), bad_id(&shop, "north")};
    const bad_object objects[] = {
        OBJECT("page", page, page_members),
        OBJECT("cart_filter", carts, cart_filter_members),
        OBJECT("order_filter", orders, order_filter_members),
        ENTITY("any_orders", orders, NULL),
        OBJECT("lines", line, line_members),
        OBJECT("checkout", checkout, checkout_members),
        OBJECT("cancel", cancel, cancel_members),
        ENTITY("parcel", parcel, "shipment"),
        ENTITY("parcel_change", parcel, "shipment"),
        ENTITY("back", back, "return"),
        OBJECT("refund", refund, refund_members),
        OBJECT("edit", edit, edit_members),
        OBJECT("change", change, change_members),
        OBJECT("count", count, count_members),
        OBJECT("transfer", transfer, transfer_members),
        ENTITY("stock_filter", stock, NULL),
        ENTITY("movement_filter", movements, NULL),
        ENTITY("reservation_filter", reservations, NULL),
        ENTITY("settings", settings, "inventory"),
        ENTITY("warehouse", warehouse, "warehouse"),
        ENTITY("warehouses", two, NULL),
    };
    back.items_count = 1;
    bad_run(&shop, rows, sizeof rows / sizeof rows[0], objects, sizeof objects / sizeof objects[0]);
    bad_shop_close(&shop);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(calls__refuse_bad_input)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
