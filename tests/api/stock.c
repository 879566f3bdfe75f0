/* SPDX-License-Identifier: MIT */
/*
 * stock.c - balances and their ledger: adjusting one and many, counting, and what raw SQL cannot
 * do.
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

/* The call is refused with this status, field and rule, and nothing was written. */
static void refused(const ec_stock_change *change, const char *field, const char *rule)
{
    ec_stock_level *level = NULL;
    int64_t before = shop_sql_int(engine, "SELECT COUNT(*) FROM stock_movements");
    assert_status(session, ec_stock_adjust(session, change, &level), EC_INVALID);
    assert_field_error(session, field, rule);
    assert_null(level);
    assert_int_equal(shop_sql_int(engine, "SELECT COUNT(*) FROM stock_movements"), before);
}

static uint64_t statements(void)
{
    ec_counters counters;
    assert_int_equal(ec_engine_counters(engine, &counters), EC_OK);
    return counters.statements;
}

static void commit_units(ec_id variant, int64_t quantity)
{
    static ec_id order = 1000;
    ec_stock_demand demand = {variant, quantity};
    goods_order(engine, ++order);
    assert_ok(session,
              goods_reserve(session, &demand, 1, (ec_stock_owner){.order_id = order}, NULL));
}

/* ---- adjust ---- */

static void stock_adjust__moves_the_balance_and_writes_the_ledger(void **state)
{
    (void)state;
    ec_stock_level *level = NULL;
    ec_movement_list *list = NULL;
    ec_stock_change change = {.variant_id = 1,
                              .warehouse_id = GOODS_MAIN,
                              .on_hand = 10,
                              .incoming = 5,
                              .damaged = 2,
                              .cause_id = 77,
                              .reason = "first delivery",
                              .cause = "purchase",
                              .kind = EC_MOVEMENT_RECEIPT};
    assert_ok(session, ec_stock_adjust(session, &change, &level));
    assert_int_equal(level->on_hand, 10);
    assert_int_equal(level->incoming, 5);
    assert_int_equal(level->damaged, 2);
    assert_int_equal(level->committed, 0);
    assert_int_equal(level->available, 8);
    assert_true(level->id > 0 && level->version > 0);
    assert_int_equal(level->updated_at, world_now());
    ec_free(level);
    ec_movement_filter filter = {.variant_id = 1};
    assert_ok(session, ec_movement_find(session, &filter, NULL, &list));
    assert_int_equal(list->items_count, 1);
    const ec_movement *movement = &list->items[0];
    assert_int_equal(movement->on_hand, 10);
    assert_int_equal(movement->incoming, 5);
    assert_int_equal(movement->damaged, 2);
    assert_int_equal(movement->cause_id, 77);
    assert_string_equal(movement->reason, "first delivery");
    assert_string_equal(movement->cause, "purchase");
    assert_int_equal(movement->kind, EC_MOVEMENT_RECEIPT);
    assert_int_equal(movement->actor, EC_ACTOR_SYSTEM);
    ec_free(list);
}

static void stock_adjust__says_who_caused_it_when_nobody_else_does(void **state)
{
    (void)state;
    ec_session *staff = session_staff(engine);
    ec_stock_level *level = NULL;
    ec_movement_list *list = NULL;
    ec_stock_change change = change_of(1, 1);
    assert_ok(staff, ec_stock_adjust(staff, &change, &level));
    ec_free(level);
    assert_ok(staff, ec_movement_find(staff, NULL, NULL, &list));
    assert_string_equal(list->items[0].cause, "staff");
    assert_int_equal(list->items[0].actor, EC_ACTOR_STAFF);
    ec_free(list);
    ec_session_close(staff);
}

static void stock_adjust__is_for_staff_and_the_system(void **state)
{
    (void)state;
    ec_session *guest = session_guest(engine);
    ec_stock_level *level = NULL;
    ec_stock_level_list *list = NULL;
    ec_stock_change change = change_of(1, 1);
    assert_status(guest, ec_stock_adjust(guest, &change, &level), EC_DENIED);
    assert_status(guest, ec_stock_find(guest, NULL, NULL, &list), EC_DENIED);
    assert_status(guest, ec_stock_sweep(guest, 0, NULL), EC_DENIED);
    ec_session_close(guest);
    assert_level(session, 1, GOODS_MAIN, 0, 0, 0);
}

static void stock_adjust__rejects_missing_and_unknown_things(void **state)
{
    (void)state;
    ec_stock_level *level = NULL;
    ec_stock_change change = change_of(0, 1);
    refused(&change, "variant_id", "required");
    change = change_of(999, 1);
    refused(&change, "variant_id", "unknown");
    change = change_of(-1, 1);
    refused(&change, "variant_id", "min");
    change = change_of(INT64_MAX, 1);
    refused(&change, "variant_id", "unknown");
    change = change_of(1, 1);
    change.warehouse_id = 0;
    refused(&change, "warehouse_id", "required");
    change.warehouse_id = 99;
    refused(&change, "warehouse_id", "unknown");
    change = change_of(1, 0);
    refused(&change, "on_hand", "required");
    assert_status(session, ec_stock_adjust(session, NULL, &level), EC_MISUSE);
    assert_status(session, ec_stock_adjust(session, &change, NULL), EC_MISUSE);
    assert_int_equal(ec_stock_adjust(NULL, &change, &level), EC_MISUSE);
}

static void stock_adjust__rejects_impossible_figures(void **state)
{
    (void)state;
    ec_stock_change change = change_of(1, -1);
    refused(&change, "on_hand", "min");
    change = change_of(1, INT64_MIN);
    refused(&change, "on_hand", "min");
    change = change_of(1, INT64_MAX);
    refused(&change, "on_hand", "max");
    change = change_of(1, 0);
    change.incoming = -1;
    refused(&change, "incoming", "min");
    change.incoming = INT64_MAX;
    refused(&change, "incoming", "max");
    change.incoming = 0;
    change.damaged = -1;
    refused(&change, "damaged", "min");
    change.damaged = 1;
    refused(&change, "damaged", "max");
    goods_receive(session, 1, GOODS_MAIN, EC_QUANTITY_MAX);
    change = change_of(1, 1);
    refused(&change, "on_hand", "max");
    assert_level(session, 1, GOODS_MAIN, EC_QUANTITY_MAX, 0, EC_QUANTITY_MAX);
}

static void stock_adjust__rejects_bad_texts_and_kinds(void **state)
{
    (void)state;
    char longer[300];
    memset(longer, 'x', sizeof longer - 1);
    longer[sizeof longer - 1] = '\0';
    ec_stock_change change = change_of(1, 1);
    change.reason = longer;
    refused(&change, "reason", "max_length");
    change.reason = "bad \xff\xfe";
    refused(&change, "reason", "utf8");
    change.reason = NULL;
    longer[33] = '\0';
    change.cause = longer;
    refused(&change, "cause", "max_length");
    change.cause = "order";
    refused(&change, "cause", "reserved");
    change.cause = "return";
    refused(&change, "cause", "reserved");
    change.cause = NULL;
    change.kind = EC_MOVEMENT_TRANSFER;
    refused(&change, "kind", "reserved");
    change.kind = (ec_movement_kind)99;
    refused(&change, "kind", "enum");
}

static void stock_adjust__keeps_what_is_promised(void **state)
{
    (void)state;
    goods_receive(session, 1, GOODS_MAIN, 10);
    commit_units(1, 6);
    ec_stock_change change = change_of(1, -5);
    refused(&change, "on_hand", "committed");
    change = change_of(1, -11);
    refused(&change, "on_hand", "committed");
    change = change_of(1, -4);
    ec_stock_level *level = NULL;
    assert_ok(session, ec_stock_adjust(session, &change, &level));
    assert_int_equal(level->on_hand, 6);
    assert_int_equal(level->available, 0);
    ec_free(level);
}

static void stock_adjust__keeps_damaged_units_on_hand(void **state)
{
    (void)state;
    ec_stock_level *level = NULL;
    ec_stock_change change = change_of(1, 5);
    change.damaged = 4;
    assert_ok(session, ec_stock_adjust(session, &change, &level));
    ec_free(level);
    change = change_of(1, -2);
    refused(&change, "on_hand", "damaged");
    change.damaged = -2; /* thrown away */
    change.kind = EC_MOVEMENT_DAMAGE;
    assert_ok(session, ec_stock_adjust(session, &change, &level));
    assert_int_equal(level->on_hand, 3);
    assert_int_equal(level->damaged, 2);
    ec_free(level);
}

static void stock_adjust__lets_backorders_owe_units(void **state)
{
    (void)state;
    goods_set(engine, 1, "backorder = 1");
    goods_receive(session, 1, GOODS_MAIN, 3);
    commit_units(1, 8);
    assert_level(session, 1, GOODS_MAIN, 3, 8, -5);
    ec_stock_change change = change_of(1, -1);
    ec_stock_level *level = NULL;
    assert_ok(session, ec_stock_adjust(session, &change, &level));
    assert_int_equal(level->available, -6);
    ec_free(level);
}

static void stock_adjust__acts_once_under_a_key(void **state)
{
    (void)state;
    ec_stock_level *level = NULL;
    ec_stock_change change = change_of(1, 4);
    for (int i = 0; i < 3; i++) {
        assert_ok(session, ec_session_idempotency(session, "delivery-1"));
        assert_ok(session, ec_stock_adjust(session, &change, &level));
        assert_int_equal(level->on_hand, 4);
        ec_free(level);
    }
    change.on_hand = 5;
    assert_ok(session, ec_session_idempotency(session, "delivery-1"));
    assert_status(session, ec_stock_adjust(session, &change, &level), EC_KEY_REUSED);
    assert_level(session, 1, GOODS_MAIN, 4, 0, 4);
}

/* ---- many at once ---- */

static void adjust_lines(size_t count, uint64_t *taken)
{
    ec_stock_change changes[120];
    ec_stock_level_list *list = NULL;
    for (size_t i = 0; i < count; i++)
        changes[i] = change_of((ec_id)(count - i), 3);
    uint64_t before = statements();
    assert_ok(session, ec_stock_adjust_many(session, changes, count, &list));
    *taken = statements() - before;
    assert_int_equal(list->items_count, count);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(list->items[i].variant_id, count - i);
        assert_true(list->items[i].on_hand >= 3);
    }
    ec_free(list);
}

static void stock_adjust_many__takes_as_many_statements_for_one_as_for_a_hundred(void **state)
{
    (void)state;
    uint64_t first[3];
    uint64_t again[3];
    const size_t lines[] = {1, 10, 100};
    for (size_t i = 0; i < 3; i++) {
        goods_receive(session, 120 - (ec_id)i, GOODS_MAIN, 1); /* whatever is done only once */
        adjust_lines(lines[i], &first[i]);
        adjust_lines(lines[i], &again[i]);
    }
    assert_int_equal(again[0], again[1]);
    assert_int_equal(again[0], again[2]);
    assert_int_equal(first[1], first[2]); /* with balances to be created */
    assert_true(again[0] <= 5);
    assert_true(first[2] <= 7);
}

static void stock_adjust_many__applies_changes_of_one_balance_in_order(void **state)
{
    (void)state;
    ec_stock_level_list *list = NULL;
    ec_stock_change changes[] = {change_of(1, 5), change_of(2, 1), change_of(1, -5),
                                 change_of(1, 2)};
    assert_ok(session, ec_stock_adjust_many(session, changes, 4, &list));
    assert_int_equal(list->items[0].on_hand, 5);
    assert_int_equal(list->items[2].on_hand, 0);
    assert_int_equal(list->items[3].on_hand, 2);
    assert_int_equal(list->items[0].version, list->items[3].version);
    ec_free(list);
    assert_level(session, 1, GOODS_MAIN, 2, 0, 2);
    assert_int_equal(shop_sql_int(engine, "SELECT COUNT(*) FROM stock_movements"), 4);
}

static void stock_adjust_many__is_all_or_nothing_and_names_each_fault(void **state)
{
    (void)state;
    ec_stock_level_list *list = NULL;
    ec_stock_change changes[] = {change_of(1, 5), change_of(999, 1), change_of(2, -1),
                                 change_of(1, -6)};
    changes[0].kind = EC_MOVEMENT_RECEIPT;
    assert_status(session, ec_stock_adjust_many(session, changes, 4, &list), EC_INVALID);
    assert_null(list);
    assert_field_error(session, "items[1].variant_id", "unknown");
    assert_field_error(session, "items[2].on_hand", "min");
    assert_field_error(session, "items[3].on_hand", "min");
    assert_int_equal(shop_sql_int(engine, "SELECT COUNT(*) FROM stock_movements"), 0);
    assert_int_equal(shop_sql_int(engine, "SELECT COUNT(*) FROM inventory"), 0);
}

static void stock_adjust_many__has_a_limit(void **state)
{
    (void)state;
    enum { MANY = EC_STOCK_CHANGES_MAX + 1 };
    static ec_stock_change changes[MANY];
    ec_stock_level_list *list = NULL;
    for (size_t i = 0; i < MANY; i++)
        changes[i] = change_of((ec_id)(i % 120) + 1, 1);
    assert_status(session, ec_stock_adjust_many(session, changes, MANY, &list), EC_INVALID);
    assert_field_error(session, "items", "max_items");
    assert_status(session, ec_stock_adjust_many(session, changes, 0, &list), EC_INVALID);
    assert_field_error(session, "items", "min_items");
    assert_status(session, ec_stock_adjust_many(session, NULL, 2, &list), EC_MISUSE);
    assert_ok(session, ec_stock_adjust_many(session, changes, MANY - 1, &list));
    ec_free(list);
    assert_int_equal(shop_sql_int(engine, "SELECT SUM(on_hand) FROM inventory"), MANY - 1);
}

/* ---- set ---- */

static void stock_set__compares_before_it_sets(void **state)
{
    (void)state;
    ec_stock_level *level = NULL;
    goods_receive(session, 1, GOODS_MAIN, 7);
    ec_stock_count count = {
        .variant_id = 1, .warehouse_id = GOODS_MAIN, .on_hand = 9, .expected = 6};
    assert_status(session, ec_stock_set(session, &count, &level), EC_STALE);
    assert_field_error(session, "expected", "stale");
    assert_level(session, 1, GOODS_MAIN, 7, 0, 7);
    count.expected = 7;
    assert_ok(session, ec_stock_set(session, &count, &level));
    assert_int_equal(level->on_hand, 9);
    ec_free(level);
    ec_movement_filter filter = {.newest_first = true};
    ec_movement_list *list = NULL;
    assert_ok(session, ec_movement_find(session, &filter, NULL, &list));
    assert_int_equal(list->items[0].kind, EC_MOVEMENT_COUNT);
    assert_int_equal(list->items[0].on_hand, 2);
    ec_free(list);
}

static void stock_set__records_nothing_when_the_count_agrees(void **state)
{
    (void)state;
    ec_stock_level *level = NULL;
    ec_stock_count count = {.variant_id = 1, .warehouse_id = GOODS_MAIN};
    assert_ok(session, ec_stock_set(session, &count, &level));
    assert_int_equal(level->on_hand, 0);
    ec_free(level);
    assert_int_equal(shop_sql_int(engine, "SELECT COUNT(*) FROM stock_movements"), 0);
}

static void stock_set__rejects_bad_input(void **state)
{
    (void)state;
    ec_stock_level *level = NULL;
    goods_receive(session, 1, GOODS_MAIN, 7);
    commit_units(1, 4);
    ec_stock_count count = {
        .variant_id = 1, .warehouse_id = GOODS_MAIN, .on_hand = 3, .expected = 7};
    assert_status(session, ec_stock_set(session, &count, &level), EC_INVALID);
    assert_field_error(session, "on_hand", "committed");
    count.on_hand = -1;
    assert_status(session, ec_stock_set(session, &count, &level), EC_INVALID);
    assert_field_error(session, "on_hand", "min");
    count.on_hand = EC_QUANTITY_MAX + 1;
    assert_status(session, ec_stock_set(session, &count, &level), EC_INVALID);
    assert_field_error(session, "on_hand", "max");
    count.on_hand = 8;
    count.cause = "transfer";
    assert_status(session, ec_stock_set(session, &count, &level), EC_INVALID);
    assert_field_error(session, "cause", "reserved");
    count.cause = NULL;
    count.warehouse_id = 5;
    assert_status(session, ec_stock_set(session, &count, &level), EC_INVALID);
    assert_field_error(session, "warehouse_id", "unknown");
    assert_status(session, ec_stock_set(session, NULL, &level), EC_MISUSE);
    assert_level(session, 1, GOODS_MAIN, 7, 4, 3);
}

/* ---- by raw SQL ---- */

static void raw_sql__cannot_make_wrong_stock(void **state)
{
    (void)state;
    goods_receive(session, 1, GOODS_MAIN, 5);
    commit_units(1, 3);
    const char *const wrong[] = {
        "UPDATE inventory SET on_hand = -1",
        "UPDATE inventory SET on_hand = 2",
        "UPDATE inventory SET committed = 6",
        "UPDATE inventory SET committed = -1",
        "UPDATE inventory SET incoming = -1",
        "UPDATE inventory SET damaged = 6",
        "UPDATE inventory SET damaged = -1",
        "UPDATE inventory SET safety_stock = -1",
        "UPDATE inventory SET on_hand = NULL",
        "UPDATE inventory SET on_hand = 'many'",
        "UPDATE inventory SET on_hand = 5.5",
        "UPDATE inventory SET backorder = 2",
        "UPDATE inventory SET variant_id = 12345",
        "UPDATE inventory SET warehouse_id = 12345",
        "INSERT INTO inventory SELECT NULL, variant_id, warehouse_id, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1"
        " FROM inventory",
        "DELETE FROM warehouses",
        "DELETE FROM product_variants WHERE id = 1",
        "INSERT INTO stock_movements SELECT NULL, 1, 1, 'theft', 1, 0, 0, NULL, 'x', NULL,"
        " 'system', NULL, 1",
        "INSERT INTO stock_movements SELECT NULL, 1, 1, 'count', 0, 0, 0, NULL, 'x', NULL,"
        " 'system', NULL, 1",
        "INSERT INTO stock_movements SELECT NULL, 1, 1, 'count', 1, 0, 0, NULL, NULL, NULL,"
        " 'system', NULL, 1",
        "UPDATE reservations SET quantity = 0",
        "UPDATE reservations SET quantity = -1",
        "UPDATE reservations SET order_id = NULL",
        "UPDATE reservations SET state = 'lost'",
        "UPDATE reservations SET state = 'released'",
        "UPDATE reservations SET ended_at = 5",
        "UPDATE reservations SET expires_at = 0",
    };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        if (shop_sql_try(engine, wrong[i]) == EC_OK) fail_msg("it was allowed: %s", wrong[i]);
    assert_level(session, 1, GOODS_MAIN, 5, 3, 2);
}

/* ---- out of memory ---- */

static void stock_adjust__survives_the_end_of_memory_anywhere(void **state)
{
    (void)state;
    ec_stock_change changes[3] = {change_of(1, 1), change_of(2, 1), change_of(3, 1)};
    ec_stock_level_list *list = NULL;
    for (int64_t n = 1; n < 5000; n++) {
        int64_t before = shop_sql_int(engine, "SELECT COUNT(*) FROM stock_movements");
        world_fail(n, false);
        ec_status status = ec_stock_adjust_many(session, changes, 3, &list);
        bool failed = world_failed();
        world_fail(0, false);
        int64_t after = shop_sql_int(engine, "SELECT COUNT(*) FROM stock_movements");
        assert_true(status == EC_OK || status == EC_NO_MEMORY);
        assert_int_equal(after - before, status == EC_OK ? 3 : 0);
        if (status == EC_OK) ec_free(list);
        if (!failed) return;
    }
    fail_msg("there was never enough memory");
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        CASE(stock_adjust__moves_the_balance_and_writes_the_ledger),
        CASE(stock_adjust__says_who_caused_it_when_nobody_else_does),
        CASE(stock_adjust__is_for_staff_and_the_system),
        CASE(stock_adjust__rejects_missing_and_unknown_things),
        CASE(stock_adjust__rejects_impossible_figures),
        CASE(stock_adjust__rejects_bad_texts_and_kinds),
        CASE(stock_adjust__keeps_what_is_promised),
        CASE(stock_adjust__keeps_damaged_units_on_hand),
        CASE(stock_adjust__lets_backorders_owe_units),
        CASE(stock_adjust__acts_once_under_a_key),
        CASE(stock_adjust_many__takes_as_many_statements_for_one_as_for_a_hundred),
        CASE(stock_adjust_many__applies_changes_of_one_balance_in_order),
        CASE(stock_adjust_many__is_all_or_nothing_and_names_each_fault),
        CASE(stock_adjust_many__has_a_limit),
        CASE(stock_set__compares_before_it_sets),
        CASE(stock_set__records_nothing_when_the_count_agrees),
        CASE(stock_set__rejects_bad_input),
        CASE(raw_sql__cannot_make_wrong_stock),
        CASE(stock_adjust__survives_the_end_of_memory_anywhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
