/* SPDX-License-Identifier: MIT */
/*
 * reservation.c - units on hold: made all or none, handed on, given up, run out.
 */
#include "harness/goods.h"

enum { CART = 1, ORDER = 1 };

static ec_engine *engine;
static ec_session *session;

static int setup(void **state)
{
    (void)state;
    engine = shop_open();
    session = session_system(engine);
    goods_variants(engine, 1, 120);
    goods_cart(engine, CART);
    goods_order(engine, ORDER);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    ec_session_close(session);
    shop_close(engine);
    return 0;
}

static const ec_stock_owner for_cart = {.cart_id = CART};
static const ec_stock_owner for_order = {.order_id = ORDER};

static ec_stock_owner cart_until(ec_time expires_at)
{
    return (ec_stock_owner){.cart_id = CART, .expires_at = expires_at};
}

static int64_t units_in(const char *reservation_state)
{
    char sql[128];
    snprintf(sql, sizeof sql, "SELECT SUM(quantity) FROM reservations WHERE state = '%s'",
             reservation_state);
    return shop_sql_int(engine, sql);
}

static int64_t rows_in(const char *reservation_state)
{
    char sql[128];
    snprintf(sql, sizeof sql, "SELECT COUNT(*) FROM reservations WHERE state = '%s'",
             reservation_state);
    return shop_sql_int(engine, sql);
}

static int64_t count_events(const char *type)
{
    char sql[128];
    snprintf(sql, sizeof sql, "SELECT COUNT(*) FROM events WHERE type = '%s'", type);
    return shop_sql_int(engine, sql);
}

static void hold(ec_id variant, int64_t quantity, ec_stock_owner owner)
{
    ec_stock_demand demand = {variant, quantity};
    assert_ok(session, goods_reserve(session, &demand, 1, owner, NULL));
}

/* ---- making them ---- */

static void reserve__puts_units_on_hold(void **state)
{
    (void)state;
    ec_reservation_list *list = NULL;
    size_t rows = 0;
    goods_receive(session, 1, GOODS_MAIN, 10);
    goods_receive(session, 2, GOODS_MAIN, 4);
    ec_stock_demand demands[] = {{2, 4}, {1, 3}, {1, 2}};
    assert_ok(session, goods_reserve(session, demands, 3, cart_until(world_now() + 1), &rows));
    assert_int_equal(rows, 2);
    assert_level(session, 1, GOODS_MAIN, 10, 5, 5);
    assert_level(session, 2, GOODS_MAIN, 4, 4, 0);
    ec_reservation_filter filter = {.cart_id = CART, .active = true};
    assert_ok(session, ec_reservation_find(session, &filter, NULL, &list));
    assert_int_equal(list->items_count, 2);
    assert_int_equal(list->items[0].variant_id, 1);
    assert_int_equal(list->items[0].quantity, 5);
    assert_int_equal(list->items[0].expires_at, world_now() + 1);
    assert_int_equal(list->items[0].ended_at, 0);
    assert_int_equal(list->items[0].order_id, 0);
    assert_int_equal(list->items[0].state, EC_RESERVATION_ACTIVE);
    ec_free(list);
}

static void reserve__takes_all_or_nothing_and_names_each_short_line(void **state)
{
    (void)state;
    goods_receive(session, 1, GOODS_MAIN, 10);
    goods_receive(session, 2, GOODS_MAIN, 4);
    ec_stock_demand demands[] = {{1, 3}, {2, 3}, {2, 2}, {3, 1}};
    assert_status(session, goods_reserve(session, demands, 4, for_cart, NULL), EC_OUT_OF_STOCK);
    assert_field_error(session, "items[1].quantity", "stock");
    assert_field_error(session, "items[3].quantity", "stock");
    const ec_error *error = ec_session_error(session);
    assert_int_equal(error->count, 2);
    assert_string_equal(error->items[0].message, "5 wanted, 4 available.");
    assert_level(session, 1, GOODS_MAIN, 10, 0, 10);
    assert_int_equal(rows_in("active"), 0);
}

static void reserve__leaves_safety_stock_and_damaged_units_alone(void **state)
{
    (void)state;
    ec_stock_level *level = NULL;
    ec_stock_level settings = {.safety_stock = 2};
    ec_stock_change change = {.variant_id = 1,
                              .warehouse_id = GOODS_MAIN,
                              .on_hand = 10,
                              .damaged = 3,
                              .kind = EC_MOVEMENT_RECEIPT};
    assert_ok(session, ec_stock_adjust(session, &change, &level));
    ec_free(level);
    assert_ok(session, ec_stock_configure(session, 1, GOODS_MAIN, &settings,
                                          ec_mask_of("inventory", "safety_stock"), &level));
    ec_free(level);
    ec_stock_demand demand = {1, 6};
    assert_status(session, goods_reserve(session, &demand, 1, for_cart, NULL), EC_OUT_OF_STOCK);
    demand.quantity = 5;
    assert_ok(session, goods_reserve(session, &demand, 1, for_cart, NULL));
    assert_level(session, 1, GOODS_MAIN, 10, 5, 0);
}

static void reserve__asks_nothing_of_untracked_goods(void **state)
{
    (void)state;
    size_t rows = 9;
    goods_set(engine, 1, "tracked = 0");
    ec_stock_demand demand = {1, 9999};
    assert_ok(session, goods_reserve(session, &demand, 1, for_cart, &rows));
    assert_int_equal(rows, 0);
    assert_level(session, 1, GOODS_MAIN, 0, 0, 0);
}

static void reserve__promises_backorders_where_nothing_ever_was(void **state)
{
    (void)state;
    size_t rows = 0;
    goods_set(engine, 1, "backorder = 1");
    ec_stock_demand demand = {1, 7};
    assert_ok(session, goods_reserve(session, &demand, 1, for_order, &rows));
    assert_int_equal(rows, 1);
    assert_level(session, 1, GOODS_MAIN, 0, 7, -7);
    assert_true(goods_level(session, 1, GOODS_MAIN).backorder);
    demand.quantity = 3;
    assert_ok(session, goods_reserve(session, &demand, 1, for_order, &rows));
    assert_level(session, 1, GOODS_MAIN, 0, 10, -10);
}

static void reserve__spreads_over_the_warehouses_of_the_channel(void **state)
{
    (void)state;
    ec_id north = goods_warehouse(session, "north");
    ec_id south = goods_warehouse(session, "south");
    goods_receive(session, 1, GOODS_MAIN, 2);
    goods_receive(session, 1, north, 3);
    goods_receive(session, 1, south, 4);
    ec_stock_demand demand = {1, 4};
    size_t rows = 0;
    assert_ok(session, goods_reserve(session, &demand, 1, for_order, &rows));
    assert_int_equal(rows, 1); /* one has enough */
    assert_level(session, 1, south, 4, 4, 0);
    demand.quantity = 5;
    assert_ok(session, goods_reserve(session, &demand, 1, for_order, &rows));
    assert_int_equal(rows, 2);
    assert_level(session, 1, GOODS_MAIN, 2, 2, 0);
    assert_level(session, 1, north, 3, 3, 0);
    goods_receive(session, 1, north, 5);
    assert_ok(session, ec_warehouse_assign(session, 1, &south, 1));
    assert_status(session, goods_reserve(session, &demand, 1, for_order, NULL), EC_OUT_OF_STOCK);
}

static void reserve__follows_the_strategy_of_the_channel(void **state)
{
    (void)state;
    ec_id north = goods_warehouse(session, "north");
    goods_receive(session, 1, GOODS_MAIN, 5);
    goods_receive(session, 1, north, 9);
    shop_sql(engine, "UPDATE channels SET stock_strategy = 'most_stock'");
    hold(1, 3, for_order);
    assert_level(session, 1, north, 9, 3, 6);
    shop_sql(engine, "UPDATE channels SET stock_strategy = 'fewest_parcels'");
    goods_receive(session, 2, north, 1);
    ec_stock_demand demands[] = {{1, 2}, {2, 1}};
    assert_ok(session, goods_reserve(session, demands, 2, for_order, NULL));
    assert_level(session, 1, north, 9, 5, 4);
    shop_sql(engine, "UPDATE channels SET stock_strategy = 'priority'");
    hold(1, 2, for_order);
    assert_level(session, 1, GOODS_MAIN, 5, 2, 3);
}

static void reserve__refuses_demands_that_are_none(void **state)
{
    (void)state;
    goods_receive(session, 1, GOODS_MAIN, 5);
    ec_stock_demand demand = {1, 0};
    assert_status(session, goods_reserve(session, &demand, 1, for_cart, NULL), EC_MISUSE);
    demand.quantity = -5;
    assert_status(session, goods_reserve(session, &demand, 1, for_cart, NULL), EC_MISUSE);
    ec_stock_demand two[] = {{1, INT64_MAX}, {1, INT64_MAX}};
    assert_status(session, goods_reserve(session, two, 2, for_cart, NULL), EC_OVERFLOW);
    demand = (ec_stock_demand){999, 1};
    assert_status(session, goods_reserve(session, &demand, 1, for_cart, NULL), EC_OUT_OF_STOCK);
    demand = (ec_stock_demand){1, 1};
    assert_status(session, goods_reserve(session, &demand, 1, (ec_stock_owner){0}, NULL),
                  EC_MISUSE);
    ec_stock_owner both = {.cart_id = CART, .order_id = ORDER};
    assert_status(session, goods_reserve(session, &demand, 1, both, NULL), EC_MISUSE);
    assert_ok(session, goods_reserve(session, NULL, 0, for_cart, NULL));
    assert_level(session, 1, GOODS_MAIN, 5, 0, 5);
}

static ec_status more_for_order(ec_session *inside, void *ctx)
{
    const ec_stock_units *units = ctx;
    return ec_stock_hold_order(inside, 0, ORDER, units, 2);
}

static void hold_order__holds_without_end(void **state)
{
    (void)state;
    goods_receive(session, 1, GOODS_MAIN, 5);
    goods_receive(session, 2, GOODS_MAIN, 5);
    ec_stock_units units[] = {{1, 0, 2}, {2, 0, 3}};
    assert_ok(session, goods_inside(session, more_for_order, units));
    world_advance(INT64_C(1) << 40);
    assert_ok(session, ec_stock_sweep(session, 0, NULL));
    assert_level(session, 1, GOODS_MAIN, 5, 2, 3);
    assert_level(session, 2, GOODS_MAIN, 5, 3, 2);
}

static ec_status look_at_supply(ec_session *inside, void *ctx)
{
    (void)ctx;
    ec_stock_supply supply;
    ec_stock_demand demands[] = {{4, 1}, {1, 1}, {3, 1}, {2, 1}, {1, 1}, {999, 1}};
    ec_status status = ec_stock_candidates(inside, 0, demands, 6, &supply);
    if (status != EC_OK) return status;
    assert_int_equal(supply.count, 4);
    assert_int_equal(supply.strategy, EC_STOCK_PRIORITY);
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(supply.items[i].variant_id, i + 1);
        assert_int_equal(supply.items[i].places_count, 2);
    }
    assert_int_equal(ec_stock_sellable(&supply, 1), 9);
    assert_int_equal(ec_stock_sellable(&supply, 2), 0);
    assert_int_equal(ec_stock_sellable(&supply, 3), -1);
    assert_int_equal(ec_stock_sellable(&supply, 4), -1);
    assert_int_equal(ec_stock_sellable(&supply, 999), 0);
    assert_null(ec_stock_candidate_of(&supply, 999));
    return ec_stock_candidates(inside, 0, NULL, 0, &supply);
}

static void candidates__say_what_can_be_sold(void **state)
{
    (void)state;
    ec_id north = goods_warehouse(session, "north");
    goods_receive(session, 1, GOODS_MAIN, 4);
    goods_receive(session, 1, north, 5);
    goods_set(engine, 3, "tracked = 0");
    goods_set(engine, 4, "backorder = 1");
    assert_ok(session, goods_inside(session, look_at_supply, NULL));
}

static void reserve__refuses_figures_that_cannot_be_summed(void **state)
{
    (void)state;
    ec_id north = goods_warehouse(session, "north");
    goods_receive(session, 1, GOODS_MAIN, 4);
    goods_receive(session, 1, north, 5);
    shop_sql(engine, "UPDATE inventory SET on_hand = 9223372036854775807");
    ec_stock_demand demand = {1, 1};
    assert_status(session, goods_reserve(session, &demand, 1, for_cart, NULL), EC_OVERFLOW);
}

/* A plan that is out of date is found out by the guard. */
static ec_status hold_stale(ec_session *inside, void *ctx)
{
    const ec_stock_allocation *stale = ctx;
    return ec_stock_hold(inside, stale, 2, &for_cart);
}

static void hold__is_refused_when_stock_went_since_the_plan(void **state)
{
    (void)state;
    goods_receive(session, 1, GOODS_MAIN, 5);
    goods_receive(session, 2, GOODS_MAIN, 5);
    ec_stock_allocation stale[2];
    for (size_t i = 0; i < 2; i++)
        stale[i] =
            (ec_stock_allocation){.variant_id = (ec_id)i + 1,
                                  .warehouse_id = GOODS_MAIN,
                                  .inventory_id = goods_level(session, (ec_id)i + 1, GOODS_MAIN).id,
                                  .quantity = 5,
                                  .available = 5,
                                  .line = 3 + i};
    hold(2, 1, for_order);
    assert_status(session, goods_inside(session, hold_stale, stale), EC_OUT_OF_STOCK);
    assert_field_error(session, "items[4].quantity", "stock");
    assert_int_equal(ec_session_error(session)->count, 1);
    assert_level(session, 1, GOODS_MAIN, 5, 0, 5);
    assert_level(session, 2, GOODS_MAIN, 5, 1, 4);
}

/* ---- from cart to order ---- */

static void attach__makes_a_carts_holds_the_orders_for_good(void **state)
{
    (void)state;
    size_t attached = 0;
    ec_reservation_list *list = NULL;
    goods_receive(session, 1, GOODS_MAIN, 10);
    hold(1, 3, cart_until(world_now() + 1000));
    assert_ok(session, goods_attach(session, CART, ORDER, &attached));
    assert_int_equal(attached, 1);
    world_advance(5000);
    int64_t ended = 9;
    assert_ok(session, ec_stock_sweep(session, 0, &ended));
    assert_int_equal(ended, 0);
    ec_reservation_filter filter = {.order_id = ORDER};
    assert_ok(session, ec_reservation_find(session, &filter, NULL, &list));
    assert_int_equal(list->items_count, 1);
    assert_int_equal(list->items[0].expires_at, 0);
    assert_int_equal(list->items[0].cart_id, 0);
    ec_free(list);
    assert_ok(session, goods_attach(session, CART, ORDER, &attached));
    assert_int_equal(attached, 0);
    assert_level(session, 1, GOODS_MAIN, 10, 3, 7);
}

static void cover__holds_again_what_ran_out_during_the_payment(void **state)
{
    (void)state;
    size_t attached = 0;
    ec_stock_demand demands[] = {{1, 2}, {2, 4}, {1, 1}};
    goods_receive(session, 1, GOODS_MAIN, 3);
    goods_receive(session, 2, GOODS_MAIN, 4);
    assert_ok(session, goods_reserve(session, demands, 3, cart_until(world_now() + 10), NULL));
    world_advance(11);
    assert_ok(session, ec_stock_sweep(session, 1, NULL)); /* one of the two is gone */
    assert_ok(session, goods_attach(session, CART, ORDER, &attached));
    assert_int_equal(attached, 1);
    assert_ok(session, goods_cover(session, ORDER, demands, 3));
    assert_level(session, 1, GOODS_MAIN, 3, 3, 0);
    assert_level(session, 2, GOODS_MAIN, 4, 4, 0);
    assert_ok(session, goods_cover(session, ORDER, demands, 3)); /* nothing is missing */
    assert_int_equal(rows_in("active"), 2);
}

static void cover__is_refused_when_the_units_went_to_somebody_else(void **state)
{
    (void)state;
    ec_stock_demand demands[] = {{1, 3}, {2, 4}};
    goods_receive(session, 1, GOODS_MAIN, 3);
    goods_receive(session, 2, GOODS_MAIN, 4);
    assert_ok(session, goods_reserve(session, demands, 2, cart_until(world_now() + 10), NULL));
    world_advance(10);
    assert_ok(session, ec_stock_sweep(session, 0, NULL));
    goods_order(engine, 2);
    hold(2, 1, (ec_stock_owner){.order_id = 2});
    assert_status(session, goods_cover(session, ORDER, demands, 2), EC_OUT_OF_STOCK);
    assert_field_error(session, "items[1].quantity", "stock");
    assert_level(session, 1, GOODS_MAIN, 3, 0, 3);
}

/* ---- giving up ---- */

static void release__frees_all_or_parts_of_the_oldest(void **state)
{
    (void)state;
    goods_receive(session, 1, GOODS_MAIN, 10);
    goods_receive(session, 2, GOODS_MAIN, 10);
    hold(1, 3, for_order);
    hold(1, 4, for_order);
    hold(2, 5, for_order);
    ec_stock_units units = {1, 0, 5};
    assert_ok(session, goods_release_order(session, ORDER, &units, 1));
    assert_level(session, 1, GOODS_MAIN, 10, 2, 8);
    assert_int_equal(rows_in("released"), 2); /* a whole one and a part */
    assert_int_equal(units_in("released"), 5);
    assert_int_equal(units_in("active"), 7);
    assert_ok(session, goods_release_order(session, ORDER, NULL, 0));
    assert_level(session, 1, GOODS_MAIN, 10, 0, 10);
    assert_level(session, 2, GOODS_MAIN, 10, 0, 10);
    assert_int_equal(units_in("released"), 12);
    assert_int_equal(rows_in("active"), 0);
    assert_ok(session, goods_release_order(session, ORDER, NULL, 0)); /* nothing left */
}

static void release__of_more_than_is_held_frees_what_is_held(void **state)
{
    (void)state;
    goods_receive(session, 1, GOODS_MAIN, 10);
    hold(1, 3, for_cart);
    ec_stock_units units[] = {{1, 0, 99}, {2, 0, 1}, {1, GOODS_MAIN, 1}};
    assert_ok(session, goods_release_cart(session, CART, units, 3));
    assert_level(session, 1, GOODS_MAIN, 10, 0, 10);
    assert_status(session, goods_release_cart(session, 0, NULL, 0), EC_MISUSE);
    assert_status(session, goods_release_order(session, 0, NULL, 0), EC_MISUSE);
}

static void release__of_a_cart_does_not_touch_its_order(void **state)
{
    (void)state;
    goods_receive(session, 1, GOODS_MAIN, 10);
    hold(1, 3, for_cart);
    assert_ok(session, goods_attach(session, CART, ORDER, NULL));
    hold(1, 2, for_cart);
    assert_ok(session, goods_release_cart(session, CART, NULL, 0));
    assert_level(session, 1, GOODS_MAIN, 10, 3, 7);
}

/* ---- running out ---- */

static void sweep__ends_what_has_run_out_and_nothing_else(void **state)
{
    (void)state;
    int64_t ended = 0;
    goods_receive(session, 1, GOODS_MAIN, 10);
    goods_receive(session, 2, GOODS_MAIN, 10);
    hold(1, 1, cart_until(world_now() + 100));
    hold(1, 2, cart_until(world_now() + 200));
    hold(2, 3, cart_until(world_now() + 100));
    hold(2, 4, for_order);
    assert_ok(session, ec_stock_sweep(session, 0, &ended));
    assert_int_equal(ended, 0);
    world_advance(100);
    assert_ok(session, ec_stock_sweep(session, 0, &ended));
    assert_int_equal(ended, 2);
    assert_level(session, 1, GOODS_MAIN, 10, 2, 8);
    assert_level(session, 2, GOODS_MAIN, 10, 4, 6);
    assert_int_equal(count_events("reservation.expired"), 2);
    assert_int_equal(units_in("expired"), 4);
    assert_ok(session, ec_stock_sweep(session, 0, &ended));
    assert_int_equal(ended, 0);
    world_advance(1000000);
    assert_ok(session, ec_stock_sweep(session, 0, NULL));
    assert_level(session, 2, GOODS_MAIN, 10, 4, 6);
}

static void sweep__ends_at_most_so_many_the_longest_overdue_first(void **state)
{
    (void)state;
    int64_t ended = 0;
    goods_receive(session, 1, GOODS_MAIN, 100);
    for (int64_t i = 1; i <= 5; i++)
        hold(1, i, cart_until(world_now() + 10 - i));
    world_advance(100);
    assert_ok(session, ec_stock_sweep(session, 2, &ended));
    assert_int_equal(ended, 2);
    assert_level(session, 1, GOODS_MAIN, 100, 6, 94);
    assert_status(session, ec_stock_sweep(session, -1, &ended), EC_INVALID);
    assert_field_error(session, "limit", "min");
    assert_int_equal(ended, 0);
    assert_status(session, ec_stock_sweep(session, EC_STOCK_CHANGES_MAX + 1, &ended), EC_INVALID);
    assert_field_error(session, "limit", "max");
    assert_int_equal(ec_stock_sweep(NULL, 0, &ended), EC_MISUSE);
}

static void sweep__takes_no_key(void **state)
{
    (void)state;
    int64_t ended = 7;
    goods_receive(session, 1, GOODS_MAIN, 10);
    hold(1, 1, cart_until(world_now() + 100));
    world_advance(100);
    assert_ok(session, ec_session_idempotency(session, "sweep"));
    assert_status(session, ec_stock_sweep(session, 0, &ended), EC_UNSUPPORTED);
    assert_int_equal(ended, 0);
    assert_ok(session, ec_stock_sweep(session, 0, &ended)); /* the key is gone */
    assert_int_equal(ended, 1);
}

static void reserve__takes_units_whose_hold_has_run_out_without_a_sweep(void **state)
{
    (void)state;
    goods_receive(session, 1, GOODS_MAIN, 5);
    goods_receive(session, 2, GOODS_MAIN, 5);
    hold(1, 5, cart_until(world_now() + 10));
    hold(2, 5, cart_until(world_now() + 10));
    world_advance(9);
    goods_order(engine, 2);
    ec_stock_demand demand = {1, 5};
    ec_stock_owner other = {.order_id = 2};
    assert_status(session, goods_reserve(session, &demand, 1, other, NULL), EC_OUT_OF_STOCK);
    world_advance(1);
    assert_ok(session, goods_reserve(session, &demand, 1, other, NULL));
    assert_level(session, 1, GOODS_MAIN, 5, 5, 0);
    assert_level(session, 2, GOODS_MAIN, 5, 5, 0); /* nobody asked for it */
    assert_int_equal(count_events("reservation.expired"), 1);
}

/* ---- reading ---- */

static void reservation_find__filters(void **state)
{
    (void)state;
    ec_reservation_list *list = NULL;
    goods_receive(session, 1, GOODS_MAIN, 10);
    goods_receive(session, 2, GOODS_MAIN, 10);
    hold(1, 1, for_cart);
    hold(2, 2, for_order);
    assert_ok(session, goods_release_cart(session, CART, NULL, 0));
    const ec_reservation_filter filters[] = {{0},
                                             {.variant_id = 2},
                                             {.warehouse_id = GOODS_MAIN},
                                             {.cart_id = CART},
                                             {.order_id = ORDER},
                                             {.active = true},
                                             {.cart_id = CART, .active = true}};
    const size_t found[] = {2, 1, 2, 1, 1, 1, 0};
    for (size_t i = 0; i < sizeof found / sizeof found[0]; i++) {
        assert_ok(session, ec_reservation_find(session, &filters[i], NULL, &list));
        assert_int_equal(list->items_count, found[i]);
        ec_free(list);
    }
    assert_ok(session, ec_reservation_find(session, NULL, NULL, &list));
    ec_free(list);
    ec_session *guest = session_guest(engine);
    assert_status(guest, ec_reservation_find(guest, NULL, NULL, &list), EC_DENIED);
    ec_session_close(guest);
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        CASE(reserve__puts_units_on_hold),
        CASE(reserve__takes_all_or_nothing_and_names_each_short_line),
        CASE(reserve__leaves_safety_stock_and_damaged_units_alone),
        CASE(reserve__asks_nothing_of_untracked_goods),
        CASE(reserve__promises_backorders_where_nothing_ever_was),
        CASE(reserve__spreads_over_the_warehouses_of_the_channel),
        CASE(reserve__follows_the_strategy_of_the_channel),
        CASE(reserve__refuses_demands_that_are_none),
        CASE(hold_order__holds_without_end),
        CASE(candidates__say_what_can_be_sold),
        CASE(reserve__refuses_figures_that_cannot_be_summed),
        CASE(hold__is_refused_when_stock_went_since_the_plan),
        CASE(attach__makes_a_carts_holds_the_orders_for_good),
        CASE(cover__holds_again_what_ran_out_during_the_payment),
        CASE(cover__is_refused_when_the_units_went_to_somebody_else),
        CASE(release__frees_all_or_parts_of_the_oldest),
        CASE(release__of_more_than_is_held_frees_what_is_held),
        CASE(release__of_a_cart_does_not_touch_its_order),
        CASE(sweep__ends_what_has_run_out_and_nothing_else),
        CASE(sweep__ends_at_most_so_many_the_longest_overdue_first),
        CASE(sweep__takes_no_key),
        CASE(reserve__takes_units_whose_hold_has_run_out_without_a_sweep),
        CASE(reservation_find__filters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
