/* SPDX-License-Identifier: MIT */
/*
 * price_bulk.c - many prices changed at once.
 */
#include "harness/products.h"

static ec_engine *engine;
static ec_session *staff;
static ec_id list;
static ec_product *shirt, *shoe; /* three variants from 10000, two from 20500 */

static int begin(void **state)
{
    (void)state;
    ec_price_list input = {
        .code = "web", .name = "Web", .currency = "CLP", .status = EC_PRICE_LIST_ACTIVE};
    ec_price_list *made = NULL;
    engine = shop_open();
    staff = session_staff(engine);
    assert_ok(staff, ec_price_list_create(staff, &input, &made));
    list = made->id;
    ec_free(made);
    shirt = product_with_variants(staff, "Shirt", "SHIRT", 3, 10000);
    shoe = product_with_variants(staff, "Shoe", "SHOE", 2, 20500);
    world_advance(1000);
    return 0;
}

static int end(void **state)
{
    (void)state;
    ec_free(shirt);
    ec_free(shoe);
    ec_session_close(staff);
    shop_close(engine);
    return 0;
}

static ec_price_bulk_report *edit(ec_price_bulk_request request)
{
    ec_price_bulk_report *report = NULL;
    assert_ok(staff, ec_price_bulk(staff, &request, &report));
    assert_int_equal(report->matched, report->changed + report->unchanged + report->skipped);
    return report;
}

static int64_t sum(const char *sql)
{
    return shop_sql_int(engine, sql);
}

static void price_bulk__changes_the_catalogue(void **state)
{
    (void)state;
    ec_price_bulk_report *report =
        edit((ec_price_bulk_request){.percent = -100000, .ending = "990"});
    /* 9000, 9001, 9001: nearest 8990; 18450, 18451: 17990 is 460 away, 18990 is 540 */
    assert_int_equal(report->matched, 5);
    assert_int_equal(report->changed, 5);
    assert_int_equal(report->items_count, 5);
    assert_string_equal(report->items[0].sku, "SHIRT-0");
    assert_int_equal(report->items[0].before, 10000);
    assert_int_equal(report->items[0].after, 8990);
    assert_string_equal(report->currency, "CLP");
    ec_free(report);
    assert_int_equal(sum("SELECT COUNT(*) FROM product_variants WHERE price = 8990"), 3);
    assert_int_equal(sum("SELECT COUNT(*) FROM product_variants WHERE price IN (17990, 18990)"), 2);
    assert_int_equal(sum("SELECT COUNT(*) FROM products WHERE price = 8990 AND price_max = 8990"),
                     1);
    assert_int_equal(sum("SELECT COUNT(*) FROM price_history WHERE cause = 'bulk'"), 5);
    assert_int_equal(events_of(engine, "price.changed"), 5);
    ec_session *guest = session_guest(engine);
    ec_product *seen = NULL;
    assert_ok(guest, ec_product_get(guest, shirt->id, &seen));
    assert_int_equal(seen->price, 8990);
    ec_free(seen);
    ec_session_close(guest);
}

static void price_bulk__fills_a_list_from_the_catalogue(void **state)
{
    (void)state;
    ec_price_bulk_request request = {
        .price_list_id = list, .base = EC_BULK_OF_CATALOG, .percent = -200000};
    ec_price_bulk_report *report = edit(request);
    assert_int_equal(report->created, 5);
    assert_int_equal(report->changed, 5);
    assert_int_equal(report->items[0].before, 0);
    ec_free(report);
    assert_int_equal(sum("SELECT SUM(amount) FROM prices"), 8000 + 8001 + 8002 + 16400 + 16401);
    report = edit(request);
    assert_int_equal(report->unchanged, 5);
    ec_free(report);
    assert_int_equal(sum("SELECT COUNT(*) FROM price_history WHERE price_list_id IS NOT NULL"), 5);
}

static void set(ec_id variant, int64_t min_quantity, int64_t amount, int64_t minimum)
{
    ec_price price = {.price_list_id = list,
                      .variant_id = variant,
                      .min_quantity = min_quantity,
                      .amount = amount,
                      .minimum_amount = minimum},
             *made = NULL;
    assert_ok(staff, ec_price_set(staff, &price, &made));
    ec_free(made);
}

static void price_bulk__changes_each_quantity_of_a_list(void **state)
{
    (void)state;
    ec_id variant = shirt->variants[0].id;
    ec_price later = {.price_list_id = list,
                      .variant_id = variant,
                      .amount = 5000,
                      .valid_from = world_now() + 1000},
             *made = NULL;
    set(variant, 1, 9000, 8500);
    set(variant, 10, 8000, 0);
    set(shoe->variants[0].id, 1, 20000, 0);
    assert_ok(staff, ec_price_schedule(staff, &later, &made));
    ec_free(made);
    ec_price_bulk_report *report = edit((ec_price_bulk_request){.price_list_id = list,
                                                                .percent = -100000,
                                                                .floor_minimum = true,
                                                                .compare = EC_BULK_COMPARE_OLD,
                                                                .variants = &variant,
                                                                .variants_count = 1});
    assert_int_equal(report->matched, 2);
    assert_int_equal(report->floored, 1);
    ec_free(report);
    assert_int_equal(sum("SELECT amount FROM prices WHERE min_quantity = 1 AND begins = 0"), 8500);
    assert_int_equal(sum("SELECT compare_amount FROM prices WHERE min_quantity = 1"), 9000);
    assert_int_equal(sum("SELECT amount FROM prices WHERE min_quantity = 10"), 7200);
    assert_int_equal(sum("SELECT amount FROM prices WHERE begins > 0"), 5000);
    assert_int_equal(sum("SELECT MAX(amount) FROM prices"), 20000);
}

static void price_bulk__picks_by_category_brand_collection_and_type(void **state)
{
    (void)state;
    ec_id top = category_make(staff, "Clothes", 0), below = category_make(staff, "Shirts", top);
    ec_id brand = brand_make(staff, "Andes");
    ec_product change = {.category_id = below, .brand_id = brand, .type = "Cloth"}, *made = NULL;
    ec_collection input = {.name = "Hand", .is_active = true}, *hand = NULL, *rules = NULL;
    assert_ok(staff, ec_product_update(staff, shirt->id, &change,
                                       ec_mask_of("product", "category_id,brand_id,type"), &made));
    ec_free(made);
    assert_ok(staff, ec_collection_create(staff, &input, &hand));
    assert_ok(staff, ec_collection_add(staff, hand->id, &shoe->id, 1));
    input.name = "Rules";
    input.rules = "[{\"field\":\"type\",\"op\":\"is\",\"value\":\"Cloth\"}]";
    assert_ok(staff, ec_collection_create(staff, &input, &rules));
    const struct {
        ec_price_bulk_request request;
        int64_t matched;
    } rows[] = {
        {{.category_id = top}, 3},
        {{.category_id = below}, 3},
        {{.brand_id = brand}, 3},
        {{.type = "Cloth"}, 3},
        {{.type = "None"}, 0},
        {{.collection_id = hand->id}, 2},
        {{.collection_id = rules->id}, 3},
        {{.collection_id = hand->id, .brand_id = brand}, 0},
        {{.currency = "USD"}, 0},
    };
    uint64_t before = shop_checksum(engine);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        ec_price_bulk_request request = rows[i].request;
        request.percent = 10000;
        request.dry_run = true;
        ec_price_bulk_report *report = edit(request);
        assert_true(report->dry_run);
        assert_int_equal(report->matched, rows[i].matched);
        ec_free(report);
    }
    assert_int_equal(shop_checksum(engine), before);
    ec_free(hand);
    ec_free(rules);
}

static void price_bulk__keeps_above_cost(void **state)
{
    (void)state;
    shop_sql(engine, "UPDATE product_variants SET cost_price = 9500 WHERE sku LIKE 'SHIRT%'");
    ec_price_bulk_report *report =
        edit((ec_price_bulk_request){.percent = -100000, .ending = "990", .floor_cost = true});
    assert_int_equal(report->floored, 3);
    ec_free(report);
    assert_int_equal(sum("SELECT COUNT(*) FROM product_variants WHERE price = 9990"), 3);
    report = edit((ec_price_bulk_request){.base = EC_BULK_OF_COST, .percent = 1000000});
    assert_int_equal(report->skipped, 2); /* without cost */
    ec_free(report);
    assert_int_equal(sum("SELECT COUNT(*) FROM product_variants WHERE price = 19000"), 3);
}

static void price_bulk__ends_a_sale(void **state)
{
    (void)state;
    ec_free(edit((ec_price_bulk_request){.percent = -200000, .compare = EC_BULK_COMPARE_OLD}));
    assert_int_equal(sum("SELECT MIN(compare_price) FROM product_variants"), 10000);
    ec_free(
        edit((ec_price_bulk_request){.base = EC_BULK_OF_COMPARE, .compare = EC_BULK_COMPARE_NONE}));
    assert_int_equal(sum("SELECT MIN(price) FROM product_variants"), 10000);
    assert_int_equal(sum("SELECT COUNT(*) FROM product_variants WHERE compare_price IS NULL"), 5);
}

static void price_bulk__names_what_is_wrong(void **state)
{
    (void)state;
    ec_price_bulk_report *report = NULL;
    const struct {
        ec_price_bulk_request request;
        const char *field, *rule;
    } rows[] = {
        {{0}, "percent", "required"},
        {{.percent = -1000001}, "percent", "min"},
        {{.percent = 1, .ending = ".99"}, "ending", "format"},
        {{.percent = 1, .price_list_id = 99}, "price_list_id", "unknown"},
        {{.percent = 1, .category_id = 99}, "category_id", "unknown"},
        {{.percent = 1, .brand_id = 99}, "brand_id", "unknown"},
        {{.percent = 1, .collection_id = 99}, "collection_id", "unknown"},
        {{.percent = 1, .base = EC_BULK_OF_CATALOG}, "base", "conflict"},
        {{.percent = 1, .base = (ec_bulk_base)9}, "base", "enum"},
        {{.percent = 1, .currency = "XXXX"}, "currency", "max_length"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_status(staff, ec_price_bulk(staff, &rows[i].request, &report), EC_INVALID);
        assert_field_error(staff, rows[i].field, rows[i].rule);
    }
    assert_status(staff, ec_price_bulk(staff, NULL, &report), EC_MISUSE);
    ec_session *guest = session_guest(engine);
    ec_price_bulk_request request = {.percent = 1};
    assert_status(guest, ec_price_bulk(guest, &request, &report), EC_DENIED);
    request.dry_run = true;
    assert_status(guest, ec_price_bulk(guest, &request, &report), EC_DENIED);
    ec_session_close(guest);
}

static void price_bulk__happens_once_under_a_key(void **state)
{
    (void)state;
    ec_price_bulk_request request = {.amount = 100};
    ec_price_bulk_report *report = NULL;
    for (int i = 0; i < 2; i++) {
        assert_ok(staff, ec_session_idempotency(staff, "spring"));
        assert_ok(staff, ec_price_bulk(staff, &request, &report));
        assert_int_equal(report->changed, 5);
        ec_free(report);
    }
    assert_int_equal(sum("SELECT MIN(price) FROM product_variants"), 10100);
}

/* More variants than one batch and one walk. */
static void price_bulk__walks_through_many(void **state)
{
    (void)state;
    shop_sql(
        engine,
        "INSERT INTO product_variants (product_id, position, name, price, weight_unit,"
        " is_active, tracked, backorder, requires_shipping, taxable, version, created_at,"
        " updated_at) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n"
        " WHERE i < 9500) SELECT 1, i + 10, 'V', 1000 + i, 'g', 1, 0, 0, 1, 1, 1, 1, 1 FROM n");
    ec_price_bulk_report *report = edit((ec_price_bulk_request){
        .price_list_id = list, .base = EC_BULK_OF_CATALOG, .percent = 500000});
    assert_int_equal(report->created, 9505);
    assert_int_equal(report->items_count, EC_PRICE_BULK_SAMPLE);
    ec_free(report);
    report = edit((ec_price_bulk_request){.price_list_id = list, .amount = 1});
    assert_int_equal(report->changed, 9505);
    ec_free(report);
    assert_int_equal(sum("SELECT COUNT(*) FROM prices p JOIN product_variants v"
                         " ON v.id = p.variant_id WHERE p.amount <> (v.price * 3 + 1) / 2 + 1"),
                     0);
    assert_int_equal(sum("SELECT COUNT(*) FROM price_history WHERE price_list_id IS NOT NULL"),
                     2 * 9505);
}

int main(void)
{
#define CASE(test) cmocka_unit_test_setup_teardown(test, begin, end)
    const struct CMUnitTest tests[] = {
        CASE(price_bulk__changes_the_catalogue),
        CASE(price_bulk__fills_a_list_from_the_catalogue),
        CASE(price_bulk__changes_each_quantity_of_a_list),
        CASE(price_bulk__picks_by_category_brand_collection_and_type),
        CASE(price_bulk__keeps_above_cost),
        CASE(price_bulk__ends_a_sale),
        CASE(price_bulk__names_what_is_wrong),
        CASE(price_bulk__happens_once_under_a_key),
        CASE(price_bulk__walks_through_many),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
