/* SPDX-License-Identifier: MIT */
/*
 * stock_flow.c - goods that arrive and move, the lines of a balance and word of crossing them, and
 * reading balances and movements.
 */
#include "harness/goods.h"

static ec_engine *engine;
static ec_session *session;

static int setup(void **state)
{
    (void)state;
    engine = shop_open();
    session = session_system(engine);
    goods_variants(engine, 1, 120);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    ec_session_close(session);
    shop_close(engine);
    return 0;
}

static ec_stock_change change_of(ec_id variant, int64_t on_hand)
{
    return (ec_stock_change){.variant_id = variant,
                             .warehouse_id = GOODS_MAIN,
                             .on_hand = on_hand,
                             .kind = EC_MOVEMENT_ADJUSTMENT};
}

static int64_t count_events(const char *type)
{
    ec_event_filter filter = {.type = type};
    ec_page page = {.total = true};
    ec_event_list *list = NULL;
    assert_ok(session, ec_event_find(session, &filter, &page, &list));
    int64_t total = list->total;
    ec_free(list);
    return total;
}

static void set_reorder_point(ec_id variant, int64_t point)
{
    ec_stock_level settings = {.reorder_point = point};
    ec_stock_level *level = NULL;
    assert_ok(session, ec_stock_configure(session, variant, GOODS_MAIN, &settings,
                                          ec_mask_of("inventory", "reorder_point"), &level));
    ec_free(level);
}

static void commit_units(ec_id variant, int64_t quantity)
{
    static ec_id order = 1000;
    ec_stock_demand demand = {variant, quantity};
    goods_order(engine, ++order);
    assert_ok(session,
              goods_reserve(session, &demand, 1, (ec_stock_owner){.order_id = order}, NULL));
}

/* ---- arriving and moving ---- */

static void stock_receive__turns_incoming_into_on_hand(void **state)
{
    (void)state;
    ec_stock_level *level = NULL;
    ec_stock_change change = change_of(1, 0);
    change.incoming = 10;
    change.kind = EC_MOVEMENT_INCOMING;
    assert_ok(session, ec_stock_adjust(session, &change, &level));
    assert_int_equal(level->available, 0);
    ec_free(level);
    assert_ok(session, ec_stock_receive(session, 1, GOODS_MAIN, 4, "first pallet", &level));
    assert_int_equal(level->incoming, 6);
    assert_int_equal(level->on_hand, 4);
    ec_free(level);
    assert_status(session, ec_stock_receive(session, 1, GOODS_MAIN, 7, NULL, &level), EC_INVALID);
    assert_field_error(session, "quantity", "incoming");
    assert_status(session, ec_stock_receive(session, 1, GOODS_MAIN, 0, NULL, &level), EC_INVALID);
    assert_field_error(session, "quantity", "min");
    assert_status(session, ec_stock_receive(session, 1, GOODS_MAIN, -3, NULL, &level), EC_INVALID);
    assert_status(session, ec_stock_receive(session, 1, GOODS_MAIN, INT64_MAX, NULL, &level),
                  EC_INVALID);
    assert_field_error(session, "quantity", "max");
    assert_status(session, ec_stock_receive(session, 9999, GOODS_MAIN, 1, NULL, &level),
                  EC_INVALID);
    assert_field_error(session, "variant_id", "unknown");
    assert_level(session, 1, GOODS_MAIN, 4, 0, 4);
}

static void stock_transfer__moves_goods_with_two_movements(void **state)
{
    (void)state;
    ec_id north = goods_warehouse(session, "north");
    ec_stock_level_list *list = NULL;
    ec_movement_list *moves = NULL;
    goods_receive(session, 1, GOODS_MAIN, 10);
    ec_stock_transfer_request request = {
        .variant_id = 1, .from_id = GOODS_MAIN, .to_id = north, .quantity = 4, .reason = "spread"};
    assert_ok(session, ec_stock_transfer(session, &request, &list));
    assert_int_equal(list->items_count, 2);
    assert_int_equal(list->items[0].warehouse_id, GOODS_MAIN);
    assert_int_equal(list->items[0].on_hand, 6);
    assert_int_equal(list->items[1].warehouse_id, north);
    assert_int_equal(list->items[1].on_hand, 4);
    ec_free(list);
    ec_movement_filter filter = {.cause = "transfer"};
    assert_ok(session, ec_movement_find(session, &filter, NULL, &moves));
    assert_int_equal(moves->items_count, 2);
    assert_int_equal(moves->items[0].on_hand + moves->items[1].on_hand, 0);
    assert_int_equal(moves->items[0].cause_id, north);
    assert_int_equal(moves->items[1].cause_id, GOODS_MAIN);
    ec_free(moves);
}

static void stock_transfer__rejects_what_cannot_go(void **state)
{
    (void)state;
    ec_id north = goods_warehouse(session, "north");
    ec_stock_level_list *list = NULL;
    goods_receive(session, 1, GOODS_MAIN, 10);
    commit_units(1, 8);
    ec_stock_transfer_request request = {
        .variant_id = 1, .from_id = GOODS_MAIN, .to_id = north, .quantity = 3};
    assert_status(session, ec_stock_transfer(session, &request, &list), EC_INVALID);
    assert_field_error(session, "quantity", "committed");
    request.from_id = north;
    request.to_id = GOODS_MAIN;
    assert_status(session, ec_stock_transfer(session, &request, &list), EC_INVALID);
    assert_field_error(session, "quantity", "min");
    request.quantity = 0;
    assert_status(session, ec_stock_transfer(session, &request, &list), EC_INVALID);
    assert_field_error(session, "quantity", "min");
    request.quantity = -1;
    assert_status(session, ec_stock_transfer(session, &request, &list), EC_INVALID);
    assert_field_error(session, "quantity", "min");
    request.quantity = 1;
    request.to_id = north;
    assert_status(session, ec_stock_transfer(session, &request, &list), EC_INVALID);
    assert_field_error(session, "to_id", "same");
    request.to_id = 77;
    assert_status(session, ec_stock_transfer(session, &request, &list), EC_INVALID);
    assert_field_error(session, "to_id", "unknown");
    assert_status(session, ec_stock_transfer(session, NULL, &list), EC_MISUSE);
    assert_level(session, 1, GOODS_MAIN, 10, 8, 2);
    assert_level(session, 1, north, 0, 0, 0);
}

/* ---- the lines of a balance ---- */

static void stock_configure__sets_lines_and_nothing_else(void **state)
{
    (void)state;
    ec_stock_level *level = NULL;
    ec_stock_level settings = {.on_hand = 99,
                               .committed = 99,
                               .safety_stock = 2,
                               .reorder_point = 5,
                               .reorder_quantity = 20};
    goods_receive(session, 1, GOODS_MAIN, 10);
    assert_ok(session, ec_stock_configure(session, 1, GOODS_MAIN, &settings, EC_MASK_ALL, &level));
    assert_int_equal(level->on_hand, 10);
    assert_int_equal(level->available, 8);
    assert_int_equal(level->reorder_point, 5);
    assert_int_equal(level->reorder_quantity, 20);
    ec_free(level);
    settings.reorder_point = 7;
    assert_ok(session, ec_stock_configure(session, 1, GOODS_MAIN, &settings,
                                          ec_mask_of("inventory", "reorder_point"), &level));
    int64_t version = level->version;
    assert_int_equal(level->safety_stock, 2);
    ec_free(level);
    settings.version = version + 1;
    assert_status(session,
                  ec_stock_configure(session, 1, GOODS_MAIN, &settings, EC_MASK_ALL, &level),
                  EC_STALE);
    settings.version = version;
    settings.safety_stock = -1;
    assert_status(session,
                  ec_stock_configure(session, 1, GOODS_MAIN, &settings, EC_MASK_ALL, &level),
                  EC_INVALID);
    assert_field_error(session, "safety_stock", "min");
    settings.safety_stock = 0;
    assert_status(session, ec_stock_configure(session, 1, 99, &settings, EC_MASK_ALL, &level),
                  EC_NOT_FOUND);
    assert_status(session,
                  ec_stock_configure(session, 999, GOODS_MAIN, &settings, EC_MASK_ALL, &level),
                  EC_NOT_FOUND);
    assert_status(session, ec_stock_configure(session, 1, GOODS_MAIN, NULL, EC_MASK_ALL, &level),
                  EC_MISUSE);
}

static void stock_configure__works_before_anything_was_recorded(void **state)
{
    (void)state;
    ec_stock_level *level = NULL;
    ec_stock_level settings = {.reorder_point = 3};
    assert_ok(session, ec_stock_configure(session, 8, GOODS_MAIN, &settings, EC_MASK_ALL, &level));
    assert_true(level->id > 0);
    assert_int_equal(level->reorder_point, 3);
    ec_free(level);
}

static void stock_low__is_told_once_per_crossing(void **state)
{
    (void)state;
    ec_stock_level *level = NULL;
    ec_stock_change change;
    goods_receive(session, 1, GOODS_MAIN, 10);
    set_reorder_point(1, 5);
    const struct {
        int64_t by;
        int64_t low;
        int64_t out;
    } steps[] = {{-4, 0, 0}, {-1, 1, 0}, {-1, 1, 0}, {-4, 1, 1}, {1, 1, 1},
                 {-1, 1, 2}, {6, 1, 2},  {-6, 2, 3}, {20, 2, 3}, {-20, 3, 4}};
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        change = change_of(1, steps[i].by);
        assert_ok(session, ec_stock_adjust(session, &change, &level));
        ec_free(level);
        assert_int_equal(count_events("stock.low"), steps[i].low);
        assert_int_equal(count_events("stock.out"), steps[i].out);
    }
}

static void stock_low__is_told_of_holds_and_safety_stock_too(void **state)
{
    (void)state;
    ec_event_list *list = NULL;
    ec_stock_level *level = NULL;
    goods_receive(session, 1, GOODS_MAIN, 10);
    set_reorder_point(1, 5);
    commit_units(1, 4);
    assert_int_equal(count_events("stock.low"), 0);
    commit_units(1, 1);
    ec_event_filter filter = {.type = "stock.low"};
    assert_ok(session, ec_event_find(session, &filter, NULL, &list));
    assert_int_equal(list->items_count, 1);
    assert_string_equal(list->items[0].aggregate, "inventory");
    assert_string_equal(list->items[0].data, "{\"variant_id\":1,\"warehouse_id\":1,\"available\":5,"
                                             "\"reorder_point\":5}");
    ec_free(list);
    ec_stock_level settings = {.safety_stock = 5};
    assert_ok(session, ec_stock_configure(session, 1, GOODS_MAIN, &settings,
                                          ec_mask_of("inventory", "safety_stock"), &level));
    ec_free(level);
    assert_int_equal(count_events("stock.low"), 1);
    assert_int_equal(count_events("stock.out"), 1);
}

static void stock_low__is_not_told_of_untracked_goods(void **state)
{
    (void)state;
    ec_stock_level *level = NULL;
    goods_set(engine, 1, "tracked = 0");
    goods_receive(session, 1, GOODS_MAIN, 10);
    set_reorder_point(1, 5);
    ec_stock_change change = change_of(1, -10);
    assert_ok(session, ec_stock_adjust(session, &change, &level));
    ec_free(level);
    assert_int_equal(count_events("stock.low") + count_events("stock.out"), 0);
}

/* ---- reading ---- */

static void stock_get__is_zero_before_anything_was_recorded(void **state)
{
    (void)state;
    ec_stock_level *level = NULL;
    assert_level(session, 3, GOODS_MAIN, 0, 0, 0);
    assert_int_equal(goods_level(session, 3, GOODS_MAIN).id, 0);
    assert_status(session, ec_stock_get(session, 3, 99, &level), EC_NOT_FOUND);
    assert_status(session, ec_stock_get(session, 999, GOODS_MAIN, &level), EC_NOT_FOUND);
    assert_status(session, ec_stock_get(session, 0, 0, &level), EC_NOT_FOUND);
    assert_status(session, ec_stock_get(session, INT64_MIN, INT64_MAX, &level), EC_NOT_FOUND);
    assert_status(session, ec_stock_get(session, 3, GOODS_MAIN, NULL), EC_MISUSE);
}

static void stock_find__filters_and_pages(void **state)
{
    (void)state;
    ec_id north = goods_warehouse(session, "north");
    ec_stock_level_list *list = NULL;
    for (ec_id v = 1; v <= 5; v++) {
        goods_receive(session, v, GOODS_MAIN, v);
        goods_receive(session, v, north, 10 * v);
    }
    set_reorder_point(2, 2);
    set_reorder_point(3, 2);
    ec_page page = {.limit = 3, .total = true};
    assert_ok(session, ec_stock_find(session, NULL, &page, &list));
    assert_int_equal(list->items_count, 3);
    assert_int_equal(list->total, 10);
    assert_non_null(list->next_cursor);
    assert_int_equal(list->items[1].available, 10);
    ec_free(list);
    ec_stock_filter filter = {.warehouse_id = north};
    assert_ok(session, ec_stock_find(session, &filter, NULL, &list));
    assert_int_equal(list->items_count, 5);
    ec_free(list);
    filter = (ec_stock_filter){.variant_id = 4, .warehouse_id = north};
    assert_ok(session, ec_stock_find(session, &filter, NULL, &list));
    assert_int_equal(list->items_count, 1);
    assert_int_equal(list->items[0].on_hand, 40);
    ec_free(list);
    filter = (ec_stock_filter){.low = true};
    assert_ok(session, ec_stock_find(session, &filter, NULL, &list));
    assert_int_equal(list->items_count, 1);
    assert_int_equal(list->items[0].variant_id, 2);
    ec_free(list);
    page = (ec_page){.limit = 101};
    assert_status(session, ec_stock_find(session, NULL, &page, &list), EC_INVALID);
}

static void stock_cursor__walks_all_balances(void **state)
{
    (void)state;
    ec_stock_change changes[120];
    ec_stock_level_list *list = NULL;
    ec_cursor *cursor = NULL;
    const void *object = NULL;
    for (size_t i = 0; i < 120; i++)
        changes[i] = change_of((ec_id)i + 1, 1);
    assert_ok(session, ec_stock_adjust_many(session, changes, 120, &list));
    ec_free(list);
    ec_stock_filter filter = {.warehouse_id = GOODS_MAIN};
    assert_ok(session, ec_stock_cursor(session, &filter, &cursor));
    filter.warehouse_id = 99; /* the cursor has its own copy */
    int64_t sum = 0;
    while (ec_cursor_next(cursor, &object) == EC_OK) {
        assert_int_equal(((const ec_stock_level *)object)->available, 1);
        sum++;
    }
    ec_cursor_close(cursor);
    assert_int_equal(sum, 120);
    ec_movement_filter moves = {.cause = "system"};
    assert_ok(session, ec_movement_cursor(session, &moves, &cursor));
    for (sum = 0; ec_cursor_next(cursor, &object) == EC_OK; sum++)
        assert_string_equal(((const ec_movement *)object)->cause, "system");
    ec_cursor_close(cursor);
    assert_int_equal(sum, 120);
    assert_int_equal(ec_stock_cursor(NULL, NULL, &cursor), EC_MISUSE);
    assert_int_equal(ec_movement_cursor(NULL, NULL, &cursor), EC_MISUSE);
}

static void movement_find__filters(void **state)
{
    (void)state;
    ec_movement_list *list = NULL;
    ec_id north = goods_warehouse(session, "north");
    goods_receive(session, 1, GOODS_MAIN, 1);
    goods_receive(session, 1, north, 2);
    goods_receive(session, 2, GOODS_MAIN, 3);
    ec_movement_filter filter = {.variant_id = 1};
    assert_ok(session, ec_movement_find(session, &filter, NULL, &list));
    assert_int_equal(list->items_count, 2);
    ec_free(list);
    filter.warehouse_id = north;
    assert_ok(session, ec_movement_find(session, &filter, NULL, &list));
    assert_int_equal(list->items_count, 1);
    ec_free(list);
    filter = (ec_movement_filter){.newest_first = true};
    assert_ok(session, ec_movement_find(session, &filter, NULL, &list));
    assert_int_equal(list->items[0].on_hand, 3);
    ec_free(list);
    filter = (ec_movement_filter){.cause_id = 4};
    assert_status(session, ec_movement_find(session, &filter, NULL, &list), EC_INVALID);
    assert_field_error(session, "cause_id", "requires");
    filter.cause = "\xff";
    assert_ok(session, ec_movement_find(session, &filter, NULL, &list));
    assert_int_equal(list->items_count, 0);
    ec_free(list);
}

/* ---- keys ---- */

/* Each call that takes a key twice under it: the second one tells the same and does nothing. */
static void stock__acts_once_under_a_key_whatever_the_call(void **state)
{
    (void)state;
    ec_id north = goods_warehouse(session, "north");
    ec_stock_level *level = NULL;
    ec_stock_level_list *list = NULL;
    ec_warehouse *changed = NULL;
    ec_verify_report *report = NULL;
    ec_stock_change change = change_of(1, 0);
    change.incoming = 9;
    assert_ok(session, ec_stock_adjust(session, &change, &level));
    ec_free(level);
    ec_stock_count count = {.variant_id = 1, .warehouse_id = GOODS_MAIN, .on_hand = 5};
    ec_stock_transfer_request request = {
        .variant_id = 1, .from_id = GOODS_MAIN, .to_id = north, .quantity = 2};
    ec_stock_level settings = {.safety_stock = 1};
    ec_warehouse name = {.name = "Norte"};
    for (int i = 0; i < 2; i++) {
        assert_ok(session, ec_session_idempotency(session, "set"));
        assert_ok(session, ec_stock_set(session, &count, &level));
        assert_int_equal(level->on_hand, 5);
        ec_free(level);
        assert_ok(session, ec_session_idempotency(session, "receive"));
        assert_ok(session, ec_stock_receive(session, 1, GOODS_MAIN, 4, "pallet", &level));
        assert_int_equal(level->on_hand, 9);
        ec_free(level);
        assert_ok(session, ec_session_idempotency(session, "transfer"));
        assert_ok(session, ec_stock_transfer(session, &request, &list));
        assert_int_equal(list->items[0].on_hand, 7);
        assert_int_equal(list->items_count, 2);
        ec_free(list);
        assert_ok(session, ec_session_idempotency(session, "configure"));
        assert_ok(session,
                  ec_stock_configure(session, 1, GOODS_MAIN, &settings, EC_MASK_ALL, &level));
        assert_int_equal(level->available, 6);
        ec_free(level);
        assert_ok(session, ec_session_idempotency(session, "rename"));
        assert_ok(session, ec_warehouse_update(session, north, &name,
                                               ec_mask_of("warehouse", "name"), &changed));
        assert_int_equal(changed->version, 2);
        ec_free(changed);
        assert_ok(session, ec_session_idempotency(session, "assign"));
        assert_ok(session, ec_warehouse_assign(session, 1, &north, 1));
        assert_ok(session, ec_session_idempotency(session, "rebuild"));
        assert_ok(session, ec_verify_rebuild(session, &report));
        assert_true(report->is_clean);
        ec_free(report);
    }
    assert_level(session, 1, GOODS_MAIN, 7, 0, 6);
    assert_level(session, 1, north, 2, 0, 2);
    assert_int_equal(shop_sql_int(engine, "SELECT COUNT(*) FROM stock_movements"), 5);
    /* nothing at all is another request than something */
    assert_ok(session, ec_session_idempotency(session, "set"));
    assert_status(session, ec_stock_set(session, NULL, &level), EC_KEY_REUSED);
    assert_ok(session, ec_session_idempotency(session, "transfer"));
    assert_status(session, ec_stock_transfer(session, NULL, &list), EC_KEY_REUSED);
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        CASE(stock_receive__turns_incoming_into_on_hand),
        CASE(stock_transfer__moves_goods_with_two_movements),
        CASE(stock_transfer__rejects_what_cannot_go),
        CASE(stock_configure__sets_lines_and_nothing_else),
        CASE(stock_configure__works_before_anything_was_recorded),
        CASE(stock_low__is_told_once_per_crossing),
        CASE(stock_low__is_told_of_holds_and_safety_stock_too),
        CASE(stock_low__is_not_told_of_untracked_goods),
        CASE(stock_get__is_zero_before_anything_was_recorded),
        CASE(stock_find__filters_and_pages),
        CASE(stock_cursor__walks_all_balances),
        CASE(movement_find__filters),
        CASE(stock__acts_once_under_a_key_whatever_the_call),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
