/* SPDX-License-Identifier: MIT */
/*
 * prices.c - price lists from CSV and back.
 */
#include "harness/products.h"
#include "transfer/support.h"

static ec_engine *engine;
static ec_session *staff;
static ec_id list;
static told all;

static int begin(void **state)
{
    (void)state;
    ec_price_list input = {
        .code = "web", .name = "Web", .currency = "EUR", .status = EC_PRICE_LIST_ACTIVE};
    ec_price_list *made = NULL;
    world_set(INT64_C(1768478400000));
    engine = shop_open();
    staff = session_staff(engine);
    assert_ok(staff, ec_price_list_create(staff, &input, &made));
    list = made->id;
    ec_free(made);
    ec_free(product_with_variants(staff, "Shirt", "S", 4, 10000));
    return 0;
}

static int end(void **state)
{
    (void)state;
    ec_session_close(staff);
    shop_close(engine);
    return 0;
}

static ec_import_counts import(const ec_import_options *options, const char *text)
{
    text_source source = {.text = text, .length = strlen(text), .bite = 7};
    ec_import_counts *counts = NULL, copy;
    assert_ok(staff, ec_import_prices(staff, list, options, text_read, &source, &counts));
    copy = *counts;
    ec_free(counts);
    return copy;
}

static ec_import_counts take(const char *text)
{
    ec_import_options options = told_options(&all);
    return import(&options, text);
}

static int64_t sql(const char *text)
{
    return shop_sql_int(engine, text);
}

static void prices_import__takes_columns_in_any_order(void **state)
{
    (void)state;
    ec_import_counts counts = take("note,amount,sku,min_quantity,compare_amount,minimum_amount\n"
                                   "x,19.99,S-0,,24.99,15\n,18.5,S-0,10,,\n,7,S-1,1,,\n");
    assert_int_equal(counts.rows, 3);
    assert_int_equal(counts.objects_created, 3);
    assert_int_equal(counts.refused, 0);
    assert_int_equal(sql("SELECT amount FROM prices WHERE min_quantity = 1 ORDER BY id"), 1999);
    assert_int_equal(sql("SELECT compare_amount FROM prices ORDER BY id"), 2499);
    assert_int_equal(sql("SELECT minimum_amount FROM prices ORDER BY id"), 1500);
    assert_int_equal(sql("SELECT amount FROM prices WHERE min_quantity = 10"), 1850);
    assert_int_equal(sql("SELECT COUNT(*) FROM price_history WHERE cause = 'import'"), 3);
    assert_int_equal(events_of(engine, "price.changed"), 2); /* variants */
}

static void prices_import__changes_what_differs(void **state)
{
    (void)state;
    (void)take("sku,amount,compare_amount\nS-0,10,20\nS-1,11,\n");
    world_advance(1000);
    ec_import_counts counts = take("sku,amount\nS-0,10.00\nS-1,12\n");
    assert_int_equal(counts.objects_unchanged, 1);
    assert_int_equal(counts.objects_updated, 1);
    assert_int_equal(all.change_count, 1);
    assert_string_equal(all.changes[0].action, "update");
    assert_string_equal(all.changes[0].handle, "S-1");
    assert_string_equal(all.changes[0].fields, "amount");
    assert_int_equal(sql("SELECT compare_amount FROM prices ORDER BY id"), 2000); /* stays */
    counts = take("sku,amount,compare_amount\nS-0,10,\n");
    assert_int_equal(counts.objects_updated, 1);
    assert_int_equal(sql("SELECT compare_amount IS NULL FROM prices ORDER BY id"), 1);
}

static void prices_import__names_rows_that_are_refused(void **state)
{
    (void)state;
    ec_import_counts counts = take("sku,amount,min_quantity,valid_from,valid_until\n"
                                   "NONE,5,,,\n"
                                   "S-0,abc,,,\n"
                                   "S-0,1.999,,,\n"
                                   "S-0,-1,,,\n"
                                   ",5,,,\n"
                                   "S-0,,,,\n"
                                   "S-0,5,-2,,\n"
                                   "S-0,5,,yesterday,\n"
                                   "S-0,5,,2026-02-01T00:00:00Z,2026-01-01T00:00:00Z\n"
                                   "S-1,5,,,\n");
    static const struct {
        const char *column, *rule;
    } rows[] = {
        {"sku", "unknown"},      {"amount", "type"},     {"amount", "decimals"},
        {"amount", "min"},       {"sku", "required"},    {"amount", "required"},
        {"min_quantity", "min"}, {"valid_from", "time"}, {"valid_until", "order"},
    };
    assert_int_equal(counts.refused, 9);
    assert_int_equal(counts.objects_created, 1);
    assert_int_equal(all.refused_count, 9);
    assert_false(all.unordered);
    for (size_t i = 0; i < 9; i++) {
        assert_int_equal(all.refused[i].line, (int64_t)i + 2);
        assert_string_equal(all.refused[i].column, rows[i].column);
        if (strcmp(all.refused[i].rule, rows[i].rule) != 0) {
            fail_msg("row %zu: %s", i, all.refused[i].rule);
        }
    }
    assert_string_equal(all.refused[0].handle, "NONE");
}

static void prices_import__takes_the_later_of_two_rows(void **state)
{
    (void)state;
    ec_import_counts counts = take("sku,amount\nS-0,5\nS-0,6\nS-0,6\n");
    assert_int_equal(counts.rows, 3);
    assert_int_equal(counts.objects_created, 1);
    assert_int_equal(counts.objects_updated, 1);
    assert_int_equal(counts.objects_unchanged, 1);
    assert_int_equal(sql("SELECT amount FROM prices"), 600);
}

static void prices_import__holds_from_now_on_without_times(void **state)
{
    (void)state;
    char text[256];
    (void)take("sku,amount\nS-0,10\n");
    (void)snprintf(
        text, sizeof text,
        "sku,amount,valid_from\nS-0,8,2026-01-15T12:00:01Z\nS-0,7,2027-01-01T00:00:00Z\n");
    ec_import_counts counts = take(text);
    assert_int_equal(counts.objects_created, 2);
    world_advance(2000);
    counts = take(text);
    assert_int_equal(counts.objects_unchanged, 2);
    counts = take("sku,amount\nS-0,10\n"); /* instead of what has begun */
    assert_int_equal(sql("SELECT COUNT(*) FROM prices"), 2);
    assert_int_equal(sql("SELECT amount FROM price_history WHERE valid_from <= 1768478402000"
                         " AND price_list_id IS NOT NULL ORDER BY valid_from DESC, id DESC"),
                     1000);
}

static void prices_import__keeps_nothing_of_a_dry_run(void **state)
{
    (void)state;
    ec_import_options options = told_options(&all);
    options.dry_run = true;
    uint64_t before = shop_checksum(engine);
    ec_import_counts counts = import(&options, "sku,amount\nS-0,5\nS-9,5\n");
    assert_int_equal(counts.objects_created, 1);
    assert_int_equal(counts.refused, 1);
    assert_int_equal(all.change_count, 1);
    assert_true(shop_checksum(engine) == before);
}

static void prices_import__refuses_other_files(void **state)
{
    (void)state;
    static const char *const files[] = {
        "", "sku\n", "amount\nx\n", "sku,amount,sku\n", "sku,amount,amount\n", "\"sku,amount\n"};
    ec_import_counts *counts = NULL;
    ec_import_options options = told_options(&all);
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        text_source source = {.text = files[i], .length = strlen(files[i])};
        assert_status(staff, ec_import_prices(staff, list, &options, text_read, &source, &counts),
                      EC_INVALID);
        assert_null(counts);
    }
    text_source source = {.text = "sku,amount\n", .length = 11};
    assert_status(staff, ec_import_prices(staff, 99, &options, text_read, &source, &counts),
                  EC_NOT_FOUND);
    ec_session *guest = session_guest(engine);
    assert_status(guest, ec_import_prices(guest, list, &options, text_read, &source, &counts),
                  EC_DENIED);
    ec_session_close(guest);
}

static void prices_export__comes_in_again_unchanged(void **state)
{
    (void)state;
    text_sink sink = {0}, again = {0};
    int64_t written = 0;
    (void)take("sku,amount,compare_amount,minimum_amount,min_quantity,valid_from,valid_until\n"
               "S-0,19.99,24.99,15,,,\nS-0,18.5,,,10,,\nS-2,5,,,,,2027-01-01T00:00:00Z\n"
               "S-1,7,,,,2026-03-01T00:00:00Z,2026-04-01T00:00:00Z\n");
    assert_ok(staff, ec_export_prices(staff, list, text_write, &sink, &written));
    assert_int_equal(written, 4);
    assert_string_equal(sink.text,
                        "sku,min_quantity,amount,compare_amount,minimum_amount,valid_from,"
                        "valid_until\r\n"
                        "S-0,1,19.99,24.99,15.00,,\r\n"
                        "S-0,10,18.50,,,,\r\n"
                        "S-1,1,7.00,,,2026-03-01T00:00:00.000Z,2026-04-01T00:00:00.000Z\r\n"
                        "S-2,1,5.00,,,,2027-01-01T00:00:00.000Z\r\n");
    ec_import_counts counts = take(sink.text);
    assert_int_equal(counts.objects_unchanged, 4);
    shop_sql(engine, "DELETE FROM prices");
    counts = take(sink.text);
    assert_int_equal(counts.objects_created, 4);
    assert_ok(staff, ec_export_prices(staff, list, text_write, &again, NULL));
    assert_string_equal(again.text, sink.text);
    assert_status(staff, ec_export_prices(staff, 99, text_write, &again, NULL), EC_NOT_FOUND);
    free(sink.text);
    free(again.text);
}

/* More than a batch and a page of them. */
static void prices__of_thousands_go_there_and_back(void **state)
{
    (void)state;
    text_sink file = {0}, back = {0};
    int64_t written = 0;
    shop_sql(engine,
             "INSERT INTO product_variants (product_id, position, name, sku, price, weight_unit,"
             " is_active, tracked, backorder, requires_shipping, taxable, version, created_at,"
             " updated_at) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n"
             " WHERE i < 1700) SELECT 1, i + 10, 'V', 'V-' || i, 1, 'g', 1, 0, 0, 1, 1, 1, 1, 1"
             " FROM n");
    assert_ok(staff, text_write(&file, "sku,amount\n", 11));
    for (int i = 1; i <= 1700; i++) {
        char line[64];
        int length = snprintf(line, sizeof line, "V-%d,%d.50\n", i, i);
        assert_ok(staff, text_write(&file, line, (size_t)length));
    }
    ec_import_counts counts = take(file.text);
    assert_int_equal(counts.rows, 1700);
    assert_int_equal(counts.objects_created, 1700);
    assert_int_equal(sql("SELECT SUM(amount) FROM prices"), 1700 * 1701 / 2 * 100 + 1700 * 50);
    assert_ok(staff, ec_export_prices(staff, list, text_write, &back, &written));
    assert_int_equal(written, 1700);
    counts = take(back.text);
    assert_int_equal(counts.objects_unchanged, 1700);
    free(file.text);
    free(back.text);
}

int main(void)
{
#define CASE(test) cmocka_unit_test_setup_teardown(test, begin, end)
    const struct CMUnitTest tests[] = {
        CASE(prices_import__takes_columns_in_any_order),
        CASE(prices_import__changes_what_differs),
        CASE(prices_import__names_rows_that_are_refused),
        CASE(prices_import__takes_the_later_of_two_rows),
        CASE(prices_import__holds_from_now_on_without_times),
        CASE(prices_import__keeps_nothing_of_a_dry_run),
        CASE(prices_import__refuses_other_files),
        CASE(prices_export__comes_in_again_unchanged),
        CASE(prices__of_thousands_go_there_and_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
