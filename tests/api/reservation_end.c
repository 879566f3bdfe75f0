/* SPDX-License-Identifier: MIT */
/*
 * reservation_end.c - what becomes of units on hold: sent, written off, come back; and how many
 * statements everything takes.
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

static const ec_stock_owner for_order = {.order_id = ORDER};

static uint64_t statements(void)
{
    ec_counters counters;
    assert_int_equal(ec_engine_counters(engine, &counters), EC_OK);
    return counters.statements;
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

static void hold(ec_id variant, int64_t quantity, ec_stock_owner owner)
{
    ec_stock_demand demand = {variant, quantity};
    assert_ok(session, goods_reserve(session, &demand, 1, owner, NULL));
}

/* ---- leaving ---- */

static void ship__takes_units_from_hand_and_hold(void **state)
{
    (void)state;
    ec_movement_list *list = NULL;
    goods_receive(session, 1, GOODS_MAIN, 10);
    hold(1, 3, for_order);
    hold(1, 4, for_order);
    ec_stock_units units = {1, 0, 5};
    assert_ok(session, goods_ship(session, ORDER, &units, 1));
    assert_level(session, 1, GOODS_MAIN, 5, 2, 3);
    assert_int_equal(units_in("committed"), 5);
    assert_int_equal(units_in("active"), 2);
    ec_movement_filter filter = {.cause = "order", .cause_id = ORDER};
    assert_ok(session, ec_movement_find(session, &filter, NULL, &list));
    int64_t gone = 0;
    for (size_t i = 0; i < list->items_count; i++) {
        gone += list->items[i].on_hand;
        assert_int_equal(list->items[i].kind, EC_MOVEMENT_SALE);
    }
    assert_int_equal(gone, -5);
    ec_free(list);
}

static void ship__of_what_is_not_on_hold_is_refused(void **state)
{
    (void)state;
    goods_receive(session, 1, GOODS_MAIN, 10);
    hold(1, 3, for_order);
    ec_stock_units units[] = {{1, 0, 4}, {2, 0, 1}};
    assert_status(session, goods_ship(session, ORDER, units, 2), EC_STATE);
    assert_field_error(session, "items[0].quantity", "held");
    assert_field_error(session, "items[1].quantity", "held");
    assert_level(session, 1, GOODS_MAIN, 10, 3, 7);
    assert_int_equal(rows_in("committed"), 0);
}

static void ship__of_untracked_goods_needs_nothing(void **state)
{
    (void)state;
    goods_set(engine, 1, "tracked = 0");
    ec_stock_units units = {1, 0, 4};
    assert_ok(session, goods_ship(session, ORDER, &units, 1));
    assert_level(session, 1, GOODS_MAIN, 0, 0, 0);
}

static void ship__is_refused_when_a_variant_became_tracked_after_the_purchase(void **state)
{
    (void)state;
    goods_set(engine, 1, "tracked = 0");
    hold(1, 2, for_order);
    goods_set(engine, 1, "tracked = 1");
    goods_receive(session, 1, GOODS_MAIN, 10);
    ec_stock_units units = {1, 0, 2};
    assert_status(session, goods_ship(session, ORDER, &units, 1), EC_STATE);
    hold(1, 2, for_order); /* what staff has to do first */
    assert_ok(session, goods_ship(session, ORDER, &units, 1));
    assert_level(session, 1, GOODS_MAIN, 8, 0, 8);
}

static void ship__gives_holds_up_when_a_variant_is_not_tracked_any_more(void **state)
{
    (void)state;
    goods_receive(session, 1, GOODS_MAIN, 3);
    goods_receive(session, 2, GOODS_MAIN, 3);
    hold(1, 3, for_order);
    hold(2, 2, for_order);
    goods_set(engine, 1, "tracked = 0");
    ec_stock_units units[] = {{1, 0, 3}, {2, 0, 2}};
    assert_ok(session, goods_ship(session, ORDER, units, 2));
    assert_level(session, 1, GOODS_MAIN, 3, 0, 3);
    assert_level(session, 2, GOODS_MAIN, 1, 0, 1);
    assert_int_equal(units_in("released"), 3);
    assert_int_equal(units_in("committed"), 2);
}

static void ship__waits_for_backorders_to_arrive(void **state)
{
    (void)state;
    goods_set(engine, 1, "backorder = 1");
    goods_receive(session, 1, GOODS_MAIN, 2);
    hold(1, 5, for_order);
    ec_stock_units units = {1, 0, 5};
    assert_status(session, goods_ship(session, ORDER, &units, 1), EC_OUT_OF_STOCK);
    assert_field_error(session, "items[0].quantity", "stock");
    units.quantity = 2;
    assert_ok(session, goods_ship(session, ORDER, &units, 1));
    goods_receive(session, 1, GOODS_MAIN, 3);
    units.quantity = 3;
    assert_ok(session, goods_ship(session, ORDER, &units, 1));
    assert_level(session, 1, GOODS_MAIN, 0, 0, 0);
}

static void ship__does_not_send_damaged_units(void **state)
{
    (void)state;
    ec_stock_level *level = NULL;
    goods_receive(session, 1, GOODS_MAIN, 5);
    hold(1, 5, for_order);
    ec_stock_change change = {
        .variant_id = 1, .warehouse_id = GOODS_MAIN, .damaged = 2, .kind = EC_MOVEMENT_DAMAGE};
    assert_ok(session, ec_stock_adjust(session, &change, &level));
    assert_int_equal(level->available, -2);
    ec_free(level);
    ec_stock_units units = {1, 0, 4};
    assert_status(session, goods_ship(session, ORDER, &units, 1), EC_OUT_OF_STOCK);
    units.quantity = 3;
    assert_ok(session, goods_ship(session, ORDER, &units, 1));
}

static void ship__can_leave_another_warehouse_than_the_one_that_holds(void **state)
{
    (void)state;
    ec_id north = goods_warehouse(session, "north");
    goods_receive(session, 1, GOODS_MAIN, 5);
    goods_receive(session, 1, north, 3);
    hold(1, 5, for_order);
    ec_stock_units units = {1, north, 4};
    assert_status(session, goods_ship(session, ORDER, &units, 1), EC_OUT_OF_STOCK);
    units.quantity = 2;
    assert_ok(session, goods_ship(session, ORDER, &units, 1));
    assert_level(session, 1, north, 1, 0, 1);
    assert_level(session, 1, GOODS_MAIN, 5, 3, 2);
    units = (ec_stock_units){1, GOODS_MAIN, 3};
    assert_ok(session, goods_ship(session, ORDER, &units, 1));
    assert_level(session, 1, GOODS_MAIN, 2, 0, 2);
    assert_int_equal(units_in("committed"), 5);
    units = (ec_stock_units){1, 77, 1};
    hold(1, 1, for_order);
    assert_status(session, goods_ship(session, ORDER, &units, 1), EC_OUT_OF_STOCK);
}

static void ship__does_not_take_what_others_hold_elsewhere(void **state)
{
    (void)state;
    ec_id north = goods_warehouse(session, "north");
    goods_receive(session, 1, GOODS_MAIN, 4);
    goods_receive(session, 1, north, 5);
    goods_order(engine, 2);
    hold(1, 3, for_order); /* in the first warehouse */
    hold(1, 4, (ec_stock_owner){.order_id = 2});
    assert_level(session, 1, north, 5, 4, 1);
    ec_stock_units units = {1, north, 2};
    assert_status(session, goods_ship(session, ORDER, &units, 1), EC_OUT_OF_STOCK);
    assert_field_error(session, "items[0].quantity", "stock");
    units.quantity = 1;
    assert_ok(session, goods_ship(session, ORDER, &units, 1));
    assert_level(session, 1, north, 4, 4, 0);
    assert_level(session, 1, GOODS_MAIN, 4, 2, 2);
}

static void ship__of_one_variant_from_two_places_splits_its_hold_once_per_part(void **state)
{
    (void)state;
    ec_id north = goods_warehouse(session, "north");
    goods_receive(session, 1, GOODS_MAIN, 5);
    goods_receive(session, 1, north, 3);
    hold(1, 5, for_order);
    ec_stock_units units[] = {{1, GOODS_MAIN, 2}, {1, north, 3}};
    assert_ok(session, goods_ship(session, ORDER, units, 2));
    assert_level(session, 1, GOODS_MAIN, 3, 0, 3);
    assert_level(session, 1, north, 0, 0, 0);
    assert_int_equal(units_in("committed"), 5);
    assert_int_equal(rows_in("active"), 0);
}

static void write_off__makes_held_goods_disappear(void **state)
{
    (void)state;
    ec_movement_list *list = NULL;
    goods_receive(session, 1, GOODS_MAIN, 5);
    hold(1, 5, for_order);
    ec_stock_units units = {1, 0, 2};
    assert_ok(session, goods_write_off(session, ORDER, &units, 1));
    assert_level(session, 1, GOODS_MAIN, 3, 3, 0);
    ec_movement_filter filter = {.cause = "order", .cause_id = ORDER};
    assert_ok(session, ec_movement_find(session, &filter, NULL, &list));
    assert_int_equal(list->items[0].kind, EC_MOVEMENT_ADJUSTMENT);
    assert_string_equal(list->items[0].reason, "lost");
    ec_free(list);
}

/* ---- coming back ---- */

static void return__puts_units_where_they_left(void **state)
{
    (void)state;
    ec_id north = goods_warehouse(session, "north");
    ec_movement_list *list = NULL;
    goods_receive(session, 1, north, 5);
    hold(1, 3, for_order);
    ec_stock_units units = {1, 0, 3};
    assert_ok(session, goods_ship(session, ORDER, &units, 1));
    units.quantity = 2;
    assert_ok(session, goods_return(session, ORDER, 41, &units, 1));
    assert_level(session, 1, north, 4, 0, 4);
    ec_movement_filter filter = {.cause = "return", .cause_id = 41};
    assert_ok(session, ec_movement_find(session, &filter, NULL, &list));
    assert_int_equal(list->items_count, 1);
    assert_int_equal(list->items[0].kind, EC_MOVEMENT_RETURN);
    assert_int_equal(list->items[0].on_hand, 2);
    ec_free(list);
    units = (ec_stock_units){1, GOODS_MAIN, 1};
    assert_ok(session, goods_return(session, ORDER, 42, &units, 1));
    assert_level(session, 1, GOODS_MAIN, 1, 0, 1);
}

static void return__of_what_never_left_goes_to_the_first_warehouse(void **state)
{
    (void)state;
    goods_set(engine, 2, "tracked = 0");
    ec_stock_units units[] = {{1, 0, 2}, {2, 0, 5}};
    assert_ok(session, goods_return(session, ORDER, 41, units, 2));
    assert_level(session, 1, GOODS_MAIN, 2, 0, 2);
    assert_level(session, 2, GOODS_MAIN, 0, 0, 0);
    units[0].warehouse_id = 77;
    assert_status(session, goods_return(session, ORDER, 41, units, 1), EC_INVALID);
    assert_field_error(session, "items[0].warehouse_id", "unknown");
}

static void return__finds_a_warehouse_for_a_channel_that_has_none(void **state)
{
    (void)state;
    ec_stock_units units = {1, 0, 2};
    assert_ok(session, ec_warehouse_assign(session, 1, NULL, 0));
    assert_ok(session, goods_return(session, ORDER, 41, &units, 1));
    assert_level(session, 1, GOODS_MAIN, 2, 0, 2);
    shop_sql(engine, "UPDATE warehouses SET is_active = 0, code = 'closed'");
    units.variant_id = 2;
    assert_ok(session, goods_return(session, ORDER, 42, &units, 1));
    assert_int_equal(shop_sql_int(engine, "SELECT i.on_hand FROM inventory i JOIN warehouses w ON"
                                          " w.id = i.warehouse_id WHERE w.code = 'main'"),
                     2);
    assert_ok(session, goods_return(session, ORDER, 43, NULL, 0));
}

/* ---- statements ---- */

typedef struct tally {
    uint64_t reserve, attach, ship, part, release, back, sweep;
} tally;

static tally count_lines(size_t lines, ec_id order)
{
    ec_stock_demand demands[100];
    ec_stock_units units[100];
    tally t;
    goods_order(engine, order);
    goods_cart(engine, order);
    ec_stock_owner cart = {.cart_id = order, .expires_at = world_now() + 10};
    for (size_t i = 0; i < lines; i++) {
        demands[i] = (ec_stock_demand){(ec_id)i + 1, 6};
        units[i] = (ec_stock_units){(ec_id)i + 1, 0, 1};
    }
    uint64_t before = statements();
    assert_ok(session, goods_reserve(session, demands, lines, cart, NULL));
    t.reserve = statements() - before;
    world_advance(20);
    before = statements();
    assert_ok(session, ec_stock_sweep(session, 1000, NULL));
    t.sweep = statements() - before;
    cart.expires_at = 0;
    assert_ok(session, goods_reserve(session, demands, lines, cart, NULL));
    before = statements();
    assert_ok(session, goods_attach(session, order, order, NULL));
    t.attach = statements() - before;
    before = statements();
    assert_ok(session, goods_release_order(session, order, units, lines));
    t.release = statements() - before;
    before = statements();
    assert_ok(session, goods_ship(session, order, units, lines));
    t.part = statements() - before;
    for (size_t i = 0; i < lines; i++)
        units[i].quantity = 4;
    before = statements();
    assert_ok(session, goods_ship(session, order, units, lines));
    t.ship = statements() - before;
    before = statements();
    assert_ok(session, goods_return(session, order, 1, units, lines));
    t.back = statements() - before;
    return t;
}

static void everything__takes_as_many_statements_for_one_line_as_for_a_hundred(void **state)
{
    (void)state;
    for (ec_id v = 1; v <= 100; v++)
        goods_receive(session, v, GOODS_MAIN, 1000);
    tally one = count_lines(1, 101);
    tally ten = count_lines(10, 102);
    tally hundred = count_lines(100, 103);
    /* events go out in rows of a bounded count, so those of a sweep depend on its size */
    assert_true(ten.sweep <= one.sweep + 2 && hundred.sweep <= one.sweep + 2);
    ten.sweep = hundred.sweep = one.sweep;
    assert_memory_equal(&one, &ten, sizeof one);
    assert_memory_equal(&one, &hundred, sizeof one);
    assert_true(one.reserve <= 4 && one.attach <= 2 && one.ship <= 5);
    print_message("statements: reserve %llu, attach %llu, release part %llu, ship %llu, part"
                  " %llu, return %llu, sweep %llu\n",
                  (unsigned long long)one.reserve, (unsigned long long)one.attach,
                  (unsigned long long)one.release, (unsigned long long)one.ship,
                  (unsigned long long)one.part, (unsigned long long)one.back,
                  (unsigned long long)one.sweep);
}

/* ---- the flag of a variant ---- */

static void backorder__reaches_the_balances_and_is_kept_while_units_are_owed(void **state)
{
    (void)state;
    goods_receive(session, 1, GOODS_MAIN, 2);
    goods_set(engine, 1, "backorder = 1");
    assert_ok(session, goods_backorder(session, 1, true));
    hold(1, 5, for_order);
    assert_status(session, goods_backorder(session, 1, false), EC_STATE);
    assert_field_error(session, "backorder", "committed");
    goods_receive(session, 1, GOODS_MAIN, 3);
    assert_ok(session, goods_backorder(session, 1, false));
    assert_false(goods_level(session, 1, GOODS_MAIN).backorder);
}

static void ship__survives_the_end_of_memory_anywhere(void **state)
{
    (void)state;
    goods_receive(session, 1, GOODS_MAIN, 10000);
    goods_receive(session, 2, GOODS_MAIN, 10000);
    for (int64_t n = 1; n < 5000; n++) {
        ec_stock_demand demands[] = {{1, 2}, {2, 2}};
        ec_stock_units units[] = {{1, 0, 2}, {2, 0, 1}};
        assert_ok(session, goods_reserve(session, demands, 2, for_order, NULL));
        int64_t before = units_in("active");
        world_fail(n, false);
        ec_status status = goods_ship(session, ORDER, units, 2);
        bool failed = world_failed();
        world_fail(0, false);
        assert_true(status == EC_OK || status == EC_NO_MEMORY);
        assert_int_equal(before - units_in("active"), status == EC_OK ? 3 : 0);
        assert_ok(session, goods_release_order(session, ORDER, NULL, 0));
        if (!failed) return;
    }
    fail_msg("there was never enough memory");
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        CASE(ship__takes_units_from_hand_and_hold),
        CASE(ship__of_what_is_not_on_hold_is_refused),
        CASE(ship__of_untracked_goods_needs_nothing),
        CASE(ship__is_refused_when_a_variant_became_tracked_after_the_purchase),
        CASE(ship__gives_holds_up_when_a_variant_is_not_tracked_any_more),
        CASE(ship__waits_for_backorders_to_arrive),
        CASE(ship__does_not_send_damaged_units),
        CASE(ship__can_leave_another_warehouse_than_the_one_that_holds),
        CASE(ship__does_not_take_what_others_hold_elsewhere),
        CASE(ship__of_one_variant_from_two_places_splits_its_hold_once_per_part),
        CASE(write_off__makes_held_goods_disappear),
        CASE(return__puts_units_where_they_left),
        CASE(return__finds_a_warehouse_for_a_channel_that_has_none),
        CASE(return__of_what_never_left_goes_to_the_first_warehouse),
        CASE(everything__takes_as_many_statements_for_one_line_as_for_a_hundred),
        CASE(backorder__reaches_the_balances_and_is_kept_while_units_are_owed),
        CASE(ship__survives_the_end_of_memory_anywhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
