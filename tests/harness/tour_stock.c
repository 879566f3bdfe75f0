/* SPDX-License-Identifier: MIT */
/*
 * tour_stock.c - warehouses, balances, movements, reservations, their proof.
 */
#include "harness/goods.h"
#include "harness/tour.h"

enum { FIRST = 7001, CART = 7001, ORDER = 7001 };

static ec_id tour_warehouses(ec_session *session)
{
    ec_warehouse warehouse = {.code = "tour", .name = "Tour", .is_active = true};
    ec_warehouse *made = NULL;
    ec_warehouse_list *list = NULL;
    assert_ok(session, ec_warehouse_create(session, &warehouse, &made));
    ec_id id = made->id;
    ec_free(made);
    warehouse.name = "Round tour";
    assert_ok(session, ec_warehouse_update(session, id, &warehouse, EC_MASK_ALL, &made));
    ec_free(made);
    assert_ok(session, ec_warehouse_get(session, id, &made));
    ec_free(made);
    assert_ok(session, ec_warehouse_by_code(session, "tour", &made));
    ec_free(made);
    ec_page page = {.limit = 1, .total = true};
    assert_ok(session, ec_warehouse_find(session, &page, &list));
    ec_free(list);
    const ec_id both[] = {GOODS_MAIN, id};
    assert_ok(session, ec_warehouse_assign(session, 1, both, 2));
    assert_ok(session, ec_warehouse_serving(session, 1, &list));
    ec_free(list);
    return id;
}

static void tour_changes(ec_session *session, ec_id other)
{
    ec_stock_level *level = NULL;
    ec_stock_level_list *list = NULL;
    ec_stock_change changes[3];
    for (size_t i = 0; i < 3; i++)
        changes[i] = (ec_stock_change){.variant_id = FIRST + (ec_id)i,
                                       .warehouse_id = GOODS_MAIN,
                                       .on_hand = 10,
                                       .incoming = 5,
                                       .kind = EC_MOVEMENT_RECEIPT};
    assert_ok(session, ec_stock_adjust_many(session, changes, 3, &list));
    ec_free(list);
    changes[0].damaged = 1;
    assert_ok(session, ec_stock_adjust(session, &changes[0], &level));
    ec_free(level);
    ec_stock_count count = {
        .variant_id = FIRST, .warehouse_id = GOODS_MAIN, .on_hand = 30, .expected = 20};
    assert_ok(session, ec_stock_set(session, &count, &level));
    ec_free(level);
    assert_ok(session, ec_stock_receive(session, FIRST, GOODS_MAIN, 2, NULL, &level));
    ec_free(level);
    ec_stock_transfer_request request = {
        .variant_id = FIRST, .from_id = GOODS_MAIN, .to_id = other, .quantity = 5};
    assert_ok(session, ec_stock_transfer(session, &request, &list));
    ec_free(list);
    ec_stock_level settings = {.reorder_point = 3};
    assert_ok(session, ec_stock_configure(session, FIRST, other, &settings, EC_MASK_ALL, &level));
    ec_free(level);
    assert_ok(session, ec_stock_get(session, FIRST, other, &level));
    ec_free(level);
}

static void tour_holds(ec_session *session, ec_id other)
{
    const ec_stock_demand demands[] = {{FIRST, 4}, {FIRST + 1, 4}};
    const ec_stock_units units[] = {{FIRST, 0, 1}, {FIRST + 1, other, 1}};
    ec_stock_owner cart = {.cart_id = CART, .expires_at = world_now()};
    goods_receive(session, FIRST + 1, other, 5);
    assert_ok(session, goods_reserve(session, demands, 2, cart, NULL));
    assert_ok(session, ec_stock_sweep(session, 0, NULL));
    assert_ok(session, goods_reserve(session, demands, 2, cart, NULL));
    assert_ok(session, goods_release_cart(session, CART, units, 2));
    assert_ok(session, goods_release_cart(session, CART, NULL, 0));
    cart.expires_at = 0;
    assert_ok(session, goods_reserve(session, demands, 2, cart, NULL));
    assert_ok(session, goods_attach(session, CART, ORDER, NULL));
    assert_ok(session, goods_cover(session, ORDER, demands, 2));
    assert_ok(session, goods_ship(session, ORDER, units, 2));
    assert_ok(session, goods_write_off(session, ORDER, units, 1));
    assert_ok(session, goods_return(session, ORDER, 1, units, 1));
    assert_ok(session, goods_return(session, ORDER, 1, &(ec_stock_units){FIRST + 2, 0, 1}, 1));
    assert_ok(session, goods_backorder(session, FIRST, true));
    assert_ok(session, goods_backorder(session, FIRST, false));
    assert_ok(session, goods_release_order(session, ORDER, NULL, 0));
}

static void tour_listings(ec_session *session, ec_id other)
{
    ec_page page = {.limit = 1, .total = true};
    const ec_stock_filter stock[] = {
        {0}, {.variant_id = FIRST}, {.warehouse_id = other}, {FIRST, other, true}, {.low = true}};
    for (size_t i = 0; i < sizeof stock / sizeof stock[0]; i++) {
        ec_stock_level_list *list = NULL;
        assert_ok(session, ec_stock_find(session, &stock[i], &page, &list));
        ec_free(list);
    }
    const ec_movement_filter moves[] = {{0},
                                        {.newest_first = true},
                                        {.variant_id = FIRST},
                                        {.variant_id = FIRST, .warehouse_id = other},
                                        {.warehouse_id = other},
                                        {.cause = "order"},
                                        {.cause = "order", .cause_id = ORDER}};
    for (size_t i = 0; i < sizeof moves / sizeof moves[0]; i++) {
        ec_movement_list *list = NULL;
        assert_ok(session, ec_movement_find(session, &moves[i], &page, &list));
        ec_free(list);
    }
    const ec_reservation_filter holds[] = {
        {0},
        {.variant_id = FIRST},
        {.warehouse_id = other},
        {.cart_id = CART},
        {.order_id = ORDER, .active = true},
        {.active = true},
    };
    for (size_t i = 0; i < sizeof holds / sizeof holds[0]; i++) {
        ec_reservation_list *list = NULL;
        assert_ok(session, ec_reservation_find(session, &holds[i], &page, &list));
        ec_free(list);
    }
    ec_cursor *cursor = NULL;
    const void *object = NULL;
    assert_ok(session, ec_stock_cursor(session, &stock[1], &cursor));
    assert_int_equal(ec_cursor_next(cursor, &object), EC_OK);
    ec_cursor_close(cursor);
    assert_ok(session, ec_movement_cursor(session, &moves[5], &cursor));
    assert_int_equal(ec_cursor_next(cursor, &object), EC_OK);
    ec_cursor_close(cursor);
}

static void tour_proof(ec_session *session)
{
    ec_verify_report *report = NULL;
    assert_ok(session, ec_verify(session, NULL, &report));
    ec_free(report);
    shop_sql(ec_session_engine(session), "UPDATE inventory SET incoming = incoming + 1");
    assert_ok(session, ec_verify_rebuild(session, &report));
    ec_free(report);
}

void tour_stock(ec_session *session)
{
    ec_engine *engine = ec_session_engine(session);
    goods_variants(engine, FIRST, 3);
    goods_cart(engine, CART);
    goods_order(engine, ORDER);
    ec_id other = tour_warehouses(session);
    tour_changes(session, other);
    tour_holds(session, other);
    tour_listings(session, other);
    tour_proof(session);
}
