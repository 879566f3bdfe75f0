/* SPDX-License-Identifier: MIT */
/*
 * verify.c - the proof of the books, the repair of balances, and copies that can be relied on.
 */
#include "harness/goods.h"

enum { CART = 1, ORDER = 1, SHIPPED = 2 };

static ec_engine *engine;
static ec_session *session;

/* A small shop in which everything has happened once. */
static void fill_shop(void)
{
    ec_id north = goods_warehouse(session, "north");
    ec_stock_level_list *moved = NULL;
    goods_variants(engine, 1, 4);
    goods_cart(engine, CART);
    goods_order(engine, ORDER);
    goods_order(engine, SHIPPED);
    for (ec_id v = 1; v <= 4; v++)
        goods_receive(session, v, GOODS_MAIN, 20);
    ec_stock_transfer_request request = {
        .variant_id = 1, .from_id = GOODS_MAIN, .to_id = north, .quantity = 5};
    assert_ok(session, ec_stock_transfer(session, &request, &moved));
    ec_free(moved);
    ec_stock_demand demands[] = {{1, 3}, {2, 4}};
    ec_stock_units units[] = {{1, 0, 3}, {2, 0, 1}};
    ec_stock_owner cart = {.cart_id = CART, .expires_at = world_now() + 60000};
    assert_ok(session, goods_reserve(session, demands, 2, cart, NULL));
    assert_ok(session,
              goods_reserve(session, demands, 2, (ec_stock_owner){.order_id = ORDER}, NULL));
    assert_ok(session,
              goods_reserve(session, demands, 2, (ec_stock_owner){.order_id = SHIPPED}, NULL));
    assert_ok(session, goods_ship(session, SHIPPED, units, 2));
    assert_ok(session, goods_release_order(session, SHIPPED, NULL, 0));
}

static int setup(void **state)
{
    (void)state;
    engine = shop_open();
    session = session_system(engine);
    fill_shop();
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    ec_session_close(session);
    shop_close(engine);
    return 0;
}

static ec_verify_report *verify(const char *only)
{
    ec_verify_report *report = NULL;
    ec_verify_options options = {.only = only};
    assert_ok(session, ec_verify(session, &options, &report));
    return report;
}

static void print_problems(const ec_verify_report *report)
{
    for (size_t i = 0; i < report->problems_count; i++) {
        const ec_verify_problem *p = &report->problems[i];
        print_error("%s: %s %lld: %s expected %lld, found %lld\n", p->code, p->object,
                    (long long)p->id, p->message, (long long)p->expected, (long long)p->found);
    }
}

static void assert_clean(void)
{
    ec_verify_report *report = verify("stock."); /* the orders here are made up */
    print_problems(report);
    assert_true(report->is_clean);
    assert_int_equal(report->problems_total, 0);
    assert_int_equal(report->problems_count, 0);
    ec_free(report);
}

static bool has_problem(const ec_verify_report *report, const char *code, ec_id id,
                        int64_t expected, int64_t found)
{
    for (size_t i = 0; i < report->problems_count; i++) {
        const ec_verify_problem *p = &report->problems[i];
        if (strcmp(p->code, code) == 0 && p->id == id && p->expected == expected &&
            p->found == found)
            return true;
    }
    print_error("not found: %s %lld %lld %lld\n", code, (long long)id, (long long)expected,
                (long long)found);
    print_problems(report);
    return false;
}

/* As somebody who works around every rule of the database. */
static void manipulate(const char *sql)
{
    char all[1024];
    snprintf(all, sizeof all,
             "PRAGMA ignore_check_constraints = 1; %s;"
             " PRAGMA ignore_check_constraints = 0",
             sql);
    shop_sql(engine, all);
}

/* ---- verify ---- */

static void verify__finds_nothing_in_a_sound_shop(void **state)
{
    (void)state;
    assert_clean();
    ec_verify_report *report = verify(NULL);
    assert_true(report->checked > 10);
    assert_true(report->checks_count > 10);
    assert_string_equal(report->checks[0].name, "storage.integrity");
    assert_int_equal(report->checks[0].checked, 1);
    int64_t sum = 0;
    for (size_t i = 0; i < report->checks_count; i++) {
        assert_true(report->checks[i].doc[0] != '\0');
        sum += report->checks[i].checked;
    }
    assert_int_equal(sum, report->checked);
    ec_free(report);
}

static void verify__finds_nothing_in_an_empty_shop(void **state)
{
    (void)state;
    ec_engine *empty = shop_open();
    ec_session *inside = session_staff(empty);
    ec_verify_report *report = NULL;
    assert_ok(inside, ec_verify(inside, NULL, &report));
    assert_true(report->is_clean);
    ec_free(report);
    ec_session_close(inside);
    shop_close(empty);
}

static void verify__names_what_was_manipulated(void **state)
{
    (void)state;
    const struct {
        const char *sql;
        const char *code;
        ec_id id;
        int64_t expected;
        int64_t found;
    } cases[] = {
        {"UPDATE inventory SET on_hand = 21 WHERE id = 4", "stock.on_hand", 4, 20, 21},
        {"UPDATE stock_movements SET on_hand = 19 WHERE id = 4", "stock.on_hand", 4, 19, 20},
        {"UPDATE inventory SET incoming = 1 WHERE id = 4", "stock.incoming", 4, 0, 1},
        {"UPDATE inventory SET damaged = 2 WHERE id = 4", "stock.damaged", 4, 0, 2},
        {"UPDATE inventory SET damaged = 22 WHERE id = 4", "stock.broken", 4, 20, 22},
        {"UPDATE inventory SET committed = 3 WHERE id = 4", "stock.committed", 4, 0, 3},
        {"UPDATE reservations SET quantity = 9 WHERE id = 1", "stock.committed", 1, 12, 6},
        {"DELETE FROM reservations WHERE id = 1", "stock.committed", 1, 3, 6},
        {"DELETE FROM inventory WHERE id = 4", "stock.recorded", 4, 1, 0},
        {"DELETE FROM inventory WHERE id = 1", "stock.held", 1, 1, 0},
        {"UPDATE inventory SET on_hand = -2 WHERE id = 4", "stock.negative", 4, 0, -2},
        {"UPDATE inventory SET safety_stock = -7 WHERE id = 4", "stock.negative", 4, 0, -7},
        {"UPDATE inventory SET committed = 21 WHERE id = 4", "stock.oversold", 4, 20, 21},
        {"UPDATE inventory SET backorder = 1 WHERE id = 4", "stock.backorder", 4, 0, 1},
        {"UPDATE reservations SET expires_at = NULL WHERE id = 1", "reservation.owner", 1, 0, 0},
        {"UPDATE reservations SET cart_id = NULL WHERE id = 1", "reservation.owner", 1, 0, 0},
        {"UPDATE reservations SET order_id = 1 WHERE id = 1", "reservation.owner", 1, 0, 0},
        {"UPDATE orders SET state = 'cancelled' WHERE id = 1", "reservation.ended", 3, 0, 3},
        {"UPDATE carts SET status = 'expired' WHERE id = 1", "reservation.ended", 1, 0, 3},
        {"UPDATE reservations SET state = 'released' WHERE id = 1", "reservation.state", 1, 0, 3},
        {"UPDATE reservations SET quantity = 0 WHERE id = 1", "reservation.state", 1, 0, 0},
        {"UPDATE stock_movements SET cause = '' WHERE id = 4", "movement.cause", 4, 0, 0},
        {"UPDATE stock_movements SET cause_id = 99 WHERE id = 7", "movement.cause", 7, 0, 99},
        {"UPDATE stock_movements SET cause = 'return' WHERE id = 4", "movement.cause", 4, 0, 0},
        {"UPDATE stock_movements SET on_hand = -4 WHERE id = 7", "movement.order", 2, 3, 4},
        {"DELETE FROM stock_movements WHERE id = 6", "movement.transfer", 1, 0, -5},
    };
    assert_clean();
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        teardown(NULL);
        setup(NULL);
        manipulate(cases[i].sql);
        ec_verify_report *report = verify(NULL);
        assert_false(report->is_clean);
        if (!has_problem(report, cases[i].code, cases[i].id, cases[i].expected, cases[i].found))
            fail_msg("%s", cases[i].sql);
        ec_free(report);
    }
}

static void verify__looks_only_at_what_is_asked_for(void **state)
{
    (void)state;
    shop_sql(engine, "UPDATE inventory SET incoming = 3");
    ec_verify_report *report = verify("reservation.");
    assert_true(report->is_clean);
    assert_int_equal(report->checks_count, 3);
    ec_free(report);
    report = verify("stock.incoming");
    assert_int_equal(report->checks_count, 1);
    assert_int_equal(report->checks[0].problems, 5);
    assert_int_equal(report->problems_count, 5);
    assert_string_equal(report->problems[0].object, "inventory");
    ec_free(report);
}

static void verify__counts_the_problems_that_it_does_not_list(void **state)
{
    (void)state;
    ec_verify_report *report = NULL;
    shop_sql(engine, "UPDATE inventory SET incoming = 3");
    ec_verify_options options = {.only = "stock.", .limit = 2};
    assert_ok(session, ec_verify(session, &options, &report));
    assert_int_equal(report->problems_count, 2);
    assert_int_equal(report->problems_total, 5);
    ec_free(report);
}

static void verify__survives_data_that_makes_no_sense(void **state)
{
    (void)state;
    manipulate("UPDATE stock_movements SET on_hand = 9223372036854775807");
    ec_verify_report *report = verify("stock.on_hand");
    assert_false(report->is_clean); /* the sum overflows */
    assert_int_equal(report->problems[0].id, 0);
    assert_int_equal(strncmp(report->problems[0].message, "The check could not be made", 27), 0);
    ec_free(report);
}

static ec_status verify_within(ec_session *inside, void *ctx)
{
    ec_verify_report **report = ctx;
    ec_stock_level *level = NULL;
    ec_stock_change change = {
        .variant_id = 1, .warehouse_id = GOODS_MAIN, .on_hand = 1, .kind = EC_MOVEMENT_RECEIPT};
    ec_status status = ec_stock_adjust(inside, &change, &level);
    ec_free(level);
    return status == EC_OK ? ec_verify(inside, NULL, report) : status;
}

static void verify__works_inside_a_transaction(void **state)
{
    (void)state;
    ec_verify_report *report = NULL;
    assert_ok(session, ec_transact(session, verify_within, &report));
    assert_true(goods_sound(report));
    ec_free(report);
}

static void verify__rejects_bad_input(void **state)
{
    (void)state;
    ec_verify_report *report = NULL;
    ec_verify_options options = {.only = "nothing."};
    assert_status(session, ec_verify(session, &options, &report), EC_INVALID);
    assert_field_error(session, "only", "unknown");
    options = (ec_verify_options){.limit = -1};
    assert_status(session, ec_verify(session, &options, &report), EC_INVALID);
    assert_field_error(session, "limit", "min");
    options.limit = 10001;
    assert_status(session, ec_verify(session, &options, &report), EC_INVALID);
    assert_field_error(session, "limit", "max");
    assert_status(session, ec_verify(session, NULL, NULL), EC_MISUSE);
    assert_int_equal(ec_verify(NULL, NULL, &report), EC_MISUSE);
    ec_session *guest = session_guest(engine);
    assert_status(guest, ec_verify(guest, NULL, &report), EC_DENIED);
    assert_null(report);
    ec_session_close(guest);
}

/* ---- rebuild ---- */

static ec_verify_report *rebuild(void)
{
    ec_verify_report *report = NULL;
    assert_ok(session, ec_verify_rebuild(session, &report));
    return report;
}

static void rebuild__makes_balances_again_from_the_ledger(void **state)
{
    (void)state;
    manipulate("UPDATE inventory SET on_hand = 99, committed = 0, incoming = 7 WHERE id = 1;"
               " UPDATE inventory SET damaged = 3 WHERE id = 4;"
               " DELETE FROM inventory WHERE id = 2");
    ec_verify_report *report = rebuild();
    assert_true(has_problem(report, "stock.on_hand", 1, 12, 99));
    assert_true(has_problem(report, "stock.committed", 1, 6, 0));
    assert_true(has_problem(report, "stock.incoming", 1, 0, 7));
    assert_true(has_problem(report, "stock.damaged", 4, 0, 3));
    assert_int_equal(report->problems_total, 6); /* the lost one had two figures */
    ec_free(report);
    assert_clean();
    assert_level(session, 1, GOODS_MAIN, 12, 6, 6);
    assert_level(session, 2, GOODS_MAIN, 19, 8, 11);
    report = rebuild();
    assert_true(report->is_clean);
    ec_free(report);
}

static void rebuild__refuses_a_ledger_that_cannot_be(void **state)
{
    (void)state;
    const char *const impossible[] = {
        "UPDATE stock_movements SET on_hand = -20 WHERE id = 4",
        "UPDATE stock_movements SET on_hand = 10 WHERE id = 1",
        "UPDATE stock_movements SET damaged = 21 WHERE id = 4",
        "UPDATE stock_movements SET on_hand = 1000000000000 WHERE id = 4",
    };
    for (size_t i = 0; i < sizeof impossible / sizeof impossible[0]; i++) {
        ec_verify_report *report = NULL;
        teardown(NULL);
        setup(NULL);
        manipulate(impossible[i]);
        manipulate("UPDATE inventory SET incoming = 5 WHERE id = 3");
        assert_status(session, ec_verify_rebuild(session, &report), EC_CORRUPT);
        assert_null(report);
        assert_int_equal(goods_level(session, 3, GOODS_MAIN).incoming, 5);
    }
}

static void rebuild__takes_thousands_of_balances(void **state)
{
    (void)state;
    goods_variants(engine, 1000, 1200);
    ec_stock_change changes[600];
    ec_stock_level_list *list = NULL;
    for (ec_id first = 1000; first < 2200; first += 600) {
        for (size_t i = 0; i < 600; i++)
            changes[i] = (ec_stock_change){.variant_id = first + (ec_id)i,
                                           .warehouse_id = GOODS_MAIN,
                                           .on_hand = 2,
                                           .kind = EC_MOVEMENT_COUNT};
        assert_ok(session, ec_stock_adjust_many(session, changes, 600, &list));
        ec_free(list);
    }
    shop_sql(engine, "UPDATE inventory SET on_hand = on_hand + 1");
    ec_verify_report *report = rebuild();
    assert_int_equal(report->problems_total, 1205);
    ec_free(report);
    assert_clean();
}

static void rebuild__is_for_the_system(void **state)
{
    (void)state;
    ec_verify_report *report = NULL;
    ec_session *staff = session_staff(engine);
    assert_status(staff, ec_verify_rebuild(staff, &report), EC_DENIED);
    ec_session_close(staff);
    assert_int_equal(ec_verify_rebuild(NULL, &report), EC_MISUSE);
}

/* ---- backup ---- */

static void backup__is_a_shop_of_its_own_that_verifies(void **state)
{
    (void)state;
    ec_verify_report *report = NULL;
    char path[512];
    snprintf(path, sizeof path, "%s", temp_path("copy 100%?.db"));
    ec_engine *file = shop_open_file(temp_path("shop.db"));
    ec_session *inside = session_system(file);
    goods_variants(file, 1, 1);
    goods_receive(inside, 1, GOODS_MAIN, 5);
    assert_ok(inside, ec_backup(inside, path));
    goods_receive(inside, 1, GOODS_MAIN, 5);
    assert_ok(inside, ec_backup_verify(inside, path, &report));
    assert_true(report->is_clean);
    assert_true(report->checked > 0);
    ec_free(report);
    assert_ok(inside, ec_backup(inside, path)); /* once more, over it */
    ec_session_close(inside);
    shop_close(file);
}

static void backup__of_a_shop_in_memory_works_too(void **state)
{
    (void)state;
    ec_verify_report *report = NULL;
    assert_ok(session, ec_backup(session, temp_path("memory.db")));
    assert_ok(session, ec_backup_verify(session, temp_path("memory.db"), &report));
    assert_true(goods_sound(report));
    ec_free(report);
}

static void backup__shows_what_is_wrong_in_the_copy(void **state)
{
    (void)state;
    ec_verify_report *report = NULL;
    shop_sql(engine, "UPDATE inventory SET on_hand = 21 WHERE id = 4");
    assert_ok(session, ec_backup(session, temp_path("wrong.db")));
    assert_ok(session, ec_backup_verify(session, temp_path("wrong.db"), &report));
    assert_false(report->is_clean);
    assert_true(has_problem(report, "stock.on_hand", 4, 20, 21));
    ec_free(report);
}

static void backup__notices_a_damaged_file(void **state)
{
    (void)state;
    ec_verify_report *report = NULL;
    char path[512];
    snprintf(path, sizeof path, "%s", temp_path("damaged.db"));
    assert_ok(session, ec_backup(session, path));
    FILE *file = fopen(path, "r+b");
    assert_non_null(file);
    for (long at = 4096; at < 4096 * 12; at += 4096) {
        assert_int_equal(fseek(file, at, SEEK_SET), 0);
        for (int i = 0; i < 64; i++)
            (void)fputc(0x5a, file);
    }
    assert_int_equal(fclose(file), 0);
    ec_status status = ec_backup_verify(session, path, &report);
    assert_true(status == EC_CORRUPT || (status == EC_OK && !report->is_clean));
    ec_free(report);
    file = fopen(path, "wb");
    assert_non_null(file);
    for (int i = 0; i < 5000; i++)
        (void)fputc('x', file);
    assert_int_equal(fclose(file), 0);
    assert_status(session, ec_backup_verify(session, path, &report), EC_CORRUPT);
}

static ec_status backup_within(ec_session *inside, void *ctx)
{
    return ec_backup(inside, ctx);
}

static void backup__rejects_bad_input(void **state)
{
    (void)state;
    ec_verify_report *report = NULL;
    char path[256];
    snprintf(path, sizeof path, "%s", temp_path("never.db"));
    assert_status(session, ec_transact(session, backup_within, path), EC_STATE);
    assert_status(session, ec_backup(session, NULL), EC_MISUSE);
    assert_status(session, ec_backup(session, ""), EC_INVALID);
    assert_field_error(session, "path", "required");
    assert_status(session, ec_backup(session, temp_path("")), EC_INVALID); /* a folder */
    assert_field_error(session, "path", "path");
    assert_int_equal(ec_backup(NULL, path), EC_MISUSE);
    assert_status(session, ec_backup_verify(session, path, &report), EC_NOT_FOUND);
    assert_status(session, ec_backup_verify(session, NULL, &report), EC_MISUSE);
    assert_status(session, ec_backup_verify(session, path, NULL), EC_MISUSE);
    ec_session *staff = session_staff(engine);
    assert_status(staff, ec_backup(staff, path), EC_DENIED);
    assert_status(staff, ec_backup_verify(staff, path, &report), EC_DENIED);
    ec_session_close(staff);
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        CASE(verify__finds_nothing_in_a_sound_shop),
        CASE(verify__finds_nothing_in_an_empty_shop),
        CASE(verify__names_what_was_manipulated),
        CASE(verify__looks_only_at_what_is_asked_for),
        CASE(verify__counts_the_problems_that_it_does_not_list),
        CASE(verify__survives_data_that_makes_no_sense),
        CASE(verify__works_inside_a_transaction),
        CASE(verify__rejects_bad_input),
        CASE(rebuild__makes_balances_again_from_the_ledger),
        CASE(rebuild__refuses_a_ledger_that_cannot_be),
        CASE(rebuild__takes_thousands_of_balances),
        CASE(rebuild__is_for_the_system),
        CASE(backup__is_a_shop_of_its_own_that_verifies),
        CASE(backup__of_a_shop_in_memory_works_too),
        CASE(backup__shows_what_is_wrong_in_the_copy),
        CASE(backup__notices_a_damaged_file),
        CASE(backup__rejects_bad_input),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
