/* SPDX-License-Identifier: MIT */
/*
 * promotion_simulate.c - promotions over orders of the past: what they would have cost.
 *
 * Two kinds of goods: a mug for 1000 that cost 600, and a pot for 5000 of unknown cost. The sums
 * are computed by hand.
 */
#include "harness/goods.h"
#include "harness/harness.h"
#include "harness/sale.h"

typedef struct shop {
    ec_engine *engine;
    ec_session *staff;
    ec_id mug, pot;
} shop;

static int set_up(void **state)
{
    shop *s = calloc(1, sizeof(*s));
    s->engine = shop_open();
    s->staff = session_system(s->engine);
    s->mug = sale_variant(s->engine, "MUG", 1000, 100);
    s->pot = sale_variant(s->engine, "POT", 5000, 100);
    goods_set(s->engine, s->mug, "cost_price = 600");
    *state = s;
    return 0;
}

static int tear_down(void **state)
{
    shop *s = *state;
    ec_session_close(s->staff);
    shop_close(s->engine);
    world_set(WORLD_START);
    free(s);
    return 0;
}

static const ec_promotion plain = {
    .code = "ten", .name = "Ten", .actions = "order_percent_off(10%)"};

static void buy(shop *s, const char *key, int64_t mugs, int64_t pots)
{
    sale_line lines[3] = {{s->mug, mugs}, {s->pot, pots}, {0, 0}};
    if (mugs == 0) lines[0] = lines[1];
    if (mugs == 0 || pots == 0) lines[1].variant_id = 0;
    ec_free(sale_order(s->staff, key, lines));
    world_advance(1000);
}

/* Two mugs; a mug and a pot. */
static void buy_two(shop *s)
{
    buy(s, "order-1", 2, 0);
    buy(s, "order-2", 1, 1);
}

static ec_simulation *simulate(shop *s, const ec_promotion *draft)
{
    ec_simulation *out = NULL;
    uint64_t before = shop_checksum(s->engine);
    assert_ok(s->staff, ec_promotion_simulate(s->staff, draft, NULL, &out));
    assert_true(shop_checksum(s->engine) == before);
    return out;
}

/* ---- what it costs --------------------------------------------------------------------------- */

static void simulate__sums_up_what_orders_would_have_got(void **state)
{
    shop *s = *state;
    buy_two(s);
    ec_promotion draft = plain;
    draft.conditions = "total >= 5000 CLP";
    ec_simulation *out = simulate(s, &draft);
    assert_int_equal(out->orders_count, 2);
    assert_int_equal(out->applied_count, 1);
    assert_int_equal(out->currencies_count, 1);
    const ec_simulation_currency *row = &out->currencies[0];
    assert_string_equal(row->currency, "CLP");
    assert_int_equal(row->orders_count, 2);
    assert_int_equal(row->applied_count, 1);
    assert_int_equal(row->units, 2);
    assert_int_equal(row->discount_amount, 600); /* 10 % of 6000 */
    assert_int_equal(row->revenue_before, 8000);
    assert_int_equal(row->revenue_after, 7400);
    assert_int_equal(row->margin_before, 1200); /* three mugs, 400 each */
    assert_int_equal(row->margin_after, 1100);  /* one of them for 100 less */
    assert_int_equal(row->unknown_cost_units, 1);
    assert_int_equal(row->largest_discount, 600);
    int64_t second = shop_sql_int(s->engine, "SELECT MAX(id) FROM orders");
    char sql[128];
    snprintf(sql, sizeof sql, "SELECT COUNT(*) FROM orders WHERE id = %lld AND order_number = '%s'",
             (long long)second, row->largest_order);
    assert_int_equal(shop_sql_int(s->engine, sql), 1);
    ec_free(out);
}

static void simulate__changes_unit_prices(void **state)
{
    shop *s = *state;
    buy_two(s);
    ec_promotion draft = plain;
    draft.kind = EC_PROMOTION_CATALOG;
    draft.actions = "percent_off(20%, on: sku = MUG)";
    ec_simulation *out = simulate(s, &draft);
    assert_int_equal(out->applied_count, 2);
    assert_int_equal(out->currencies[0].discount_amount, 600);
    assert_int_equal(out->currencies[0].revenue_after, 7400);
    assert_int_equal(out->currencies[0].margin_after, 600);
    ec_free(out);
}

static void simulate__knows_goods_by_what_the_catalogue_says(void **state)
{
    shop *s = *state;
    shop_sql(s->engine,
             "INSERT INTO categories (id, name, slug, path, depth, sort_order, is_active, version,"
             " created_at, updated_at) VALUES (7, 'Kitchen', 'kitchen', '/7/', 1, 1, 1, 1, 1, 1),"
             " (8, 'Cups', 'cups', '/7/8/', 2, 1, 1, 1, 1, 1);"
             "UPDATE categories SET parent_id = 7 WHERE id = 8;"
             "UPDATE products SET category_id = 8 WHERE slug = 'product-MUG';"
             "INSERT INTO tags (id, name) VALUES (1, 'heavy');"
             "INSERT INTO product_tags (product_id, tag_id) SELECT id, 1 FROM products"
             " WHERE slug = 'product-POT'");
    buy_two(s);
    ec_promotion draft = plain;
    draft.actions = "percent_off(10%, on: category = 7 and not category_direct = 7)";
    ec_simulation *out = simulate(s, &draft);
    assert_int_equal(out->currencies[0].discount_amount, 300);
    ec_free(out);
    draft.actions = "percent_off(10%, on: tag = heavy)";
    out = simulate(s, &draft);
    assert_int_equal(out->currencies[0].discount_amount, 500);
    assert_int_equal(out->applied_count, 1);
    ec_free(out);
}

static void simulate__takes_off_the_fee_that_was_paid(void **state)
{
    shop *s = *state;
    buy_two(s);
    shop_sql(s->engine, "UPDATE orders SET shipping_amount = 3000, shipping_discount = 500,"
                        " total_amount = total_amount + 3000, due_amount = due_amount + 3000"
                        " WHERE id = 1");
    ec_promotion draft = plain;
    draft.actions = "free_shipping()";
    ec_simulation *out = simulate(s, &draft);
    assert_int_equal(out->applied_count, 1);
    assert_int_equal(out->currencies[0].shipping_discount, 3500);
    assert_int_equal(out->currencies[0].discount_amount, 0);
    assert_int_equal(out->currencies[0].revenue_after, 8000);
    assert_int_equal(out->currencies[0].largest_discount, 3500);
    ec_free(out);
}

static void simulate__counts_gifts_with_their_cost(void **state)
{
    shop *s = *state;
    buy(s, "order-1", 0, 1);
    ec_promotion draft = plain;
    draft.actions = "gift(MUG)";
    ec_simulation *out = simulate(s, &draft);
    assert_int_equal(out->applied_count, 1);
    assert_int_equal(out->currencies[0].discount_amount, 1000);
    assert_int_equal(out->currencies[0].revenue_after, 5000);
    assert_int_equal(out->currencies[0].margin_before, 0);
    assert_int_equal(out->currencies[0].margin_after, -600);
    ec_free(out);
    draft.actions = "gift(NOTHING)";
    assert_status(s->staff, ec_promotion_simulate(s->staff, &draft, NULL, &out), EC_INVALID);
    assert_field_error(s->staff, "actions", "unknown");
}

static void simulate__takes_included_tax_out_of_margins(void **state)
{
    shop *s = *state;
    buy(s, "order-1", 2, 0);
    shop_sql(s->engine, "UPDATE order_items SET tax_included = 320");
    ec_simulation *out = simulate(s, &plain);
    /* 2000 with 320 of tax: net 1680 less 1200; 1800 with 288: 1512 less 1200 */
    assert_int_equal(out->currencies[0].margin_before, 480);
    assert_int_equal(out->currencies[0].margin_after, 312);
    ec_free(out);
}

/* ---- limits ---------------------------------------------------------------------------------- */

static void simulate__spends_limits_in_the_order_of_time(void **state)
{
    shop *s = *state;
    buy_two(s);
    buy(s, "order-3", 3, 0);
    ec_promotion draft = plain;
    draft.usage_limit = 2;
    ec_simulation *out = simulate(s, &draft);
    assert_int_equal(out->applied_count, 2);
    assert_int_equal(out->currencies[0].discount_amount, 800);
    ec_free(out);
    draft.usage_limit = 0;
    draft.budget = 650; /* 200, then 450 of 600, then nothing */
    draft.currency = "CLP";
    out = simulate(s, &draft);
    assert_int_equal(out->applied_count, 2);
    assert_int_equal(out->currencies[0].discount_amount, 650);
    ec_free(out);
    draft.currency = "EUR";
    out = simulate(s, &draft);
    assert_int_equal(out->applied_count, 0);
    ec_free(out);
}

static void simulate__gives_everybody_the_coupon(void **state)
{
    shop *s = *state;
    buy_two(s);
    ec_promotion draft = plain;
    draft.coupon_required = true;
    ec_simulation *out = simulate(s, &draft);
    assert_int_equal(out->applied_count, 2);
    ec_free(out);
}

static void simulate__passes_over_the_period_of_the_draft(void **state)
{
    shop *s = *state;
    buy_two(s);
    ec_promotion draft = plain;
    draft.starts_at = WORLD_START + INT64_C(86400000) * 30;
    draft.ends_at = draft.starts_at + 1000;
    ec_simulation *out = simulate(s, &draft);
    assert_int_equal(out->applied_count, 2);
    ec_free(out);
}

/* ---- customers ------------------------------------------------------------------------------- */

static void simulate__knows_customers_and_what_they_had_ordered(void **state)
{
    shop *s = *state;
    ec_id customer = shop_customer(s->engine, "simulated@example.com");
    char sql[512];
    buy_two(s);
    buy(s, "order-3", 3, 0);
    snprintf(sql, sizeof sql,
             "UPDATE orders SET user_id = %lld WHERE id <> 1;"
             "INSERT INTO customer_groups (id, code, name, version, created_at, updated_at)"
             " VALUES (5, 'vip', 'VIP', 1, 1, 1);"
             "INSERT INTO customer_group_users (group_id, user_id, created_at)"
             " VALUES (5, %lld, 1)",
             (long long)customer, (long long)customer);
    shop_sql(s->engine, sql);
    static const struct {
        const char *conditions;
        int64_t applied, discount;
    } cases[] = {
        {"signed_in", 2, 900},
        {"nth_order = 2", 1, 300},
        {"signed_in and spent >= 6000 CLP", 1, 300},
        {"group = vip", 2, 900},
        {"country = CL", 3, 1100},
        {"country = AR", 0, 0},
        {"payment_method = transfer", 3, 1100},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ec_promotion draft = plain;
        draft.conditions = cases[i].conditions;
        ec_simulation *out = simulate(s, &draft);
        print_message("%s\n", cases[i].conditions);
        assert_int_equal(out->applied_count, cases[i].applied);
        assert_int_equal(out->currencies[0].discount_amount, cases[i].discount);
        ec_free(out);
    }
}

/* ---- which orders ---------------------------------------------------------------------------- */

static void simulate__looks_at_orders_of_the_period(void **state)
{
    shop *s = *state;
    buy_two(s);
    buy(s, "order-3", 3, 0);
    shop_sql(s->engine, "UPDATE orders SET state = 'cancelled', status = 'cancelled'"
                        " WHERE id = 1");
    ec_simulation_request request = {.starts_at = WORLD_START, .ends_at = WORLD_START + 2000};
    ec_simulation *out = NULL;
    assert_ok(s->staff, ec_promotion_simulate(s->staff, &plain, &request, &out));
    assert_int_equal(out->orders_count, 1);
    assert_int_equal(out->currencies[0].discount_amount, 600);
    assert_int_equal(out->starts_at, WORLD_START);
    assert_int_equal(out->ends_at, WORLD_START + 2000);
    ec_free(out);
    request.starts_at = WORLD_START + 2000;
    request.ends_at = 0;
    assert_ok(s->staff, ec_promotion_simulate(s->staff, &plain, &request, &out));
    assert_int_equal(out->orders_count, 1);
    assert_int_equal(out->currencies[0].discount_amount, 300);
    ec_free(out);
    shop_sql(s->engine, "UPDATE order_items SET cancelled_quantity = 2 WHERE order_id = 3");
    assert_ok(s->staff, ec_promotion_simulate(s->staff, &plain, &request, &out));
    assert_int_equal(out->currencies[0].discount_amount, 100);
    ec_free(out);
}

/* So many orders of one mug each, three at a moment; every second one of an account. */
static void insert_orders(shop *s, int64_t count)
{
    char sql[2048];
    snprintf(sql, sizeof sql,
             "INSERT INTO orders (order_number, channel_id, email, currency, status, state,"
             " payment_status, fulfillment_status, subtotal, discount_amount, shipping_amount,"
             " tax_amount, total_amount, paid_amount, refunded_amount, due_amount, placed_at,"
             " version, created_at, updated_at)"
             " WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %lld)"
             " SELECT 'S-' || i, 1, 'a@example.com', 'CLP', 'pending', 'placed', 'pending',"
             " 'unfulfilled', 1000, 0, 0, 0, 1000, 0, 0, 1000, %lld - i / 3, 1, 1, 1 FROM n;"
             "INSERT INTO order_items (order_id, position, product_id, variant_id, sku, name,"
             " quantity, cancelled_quantity, shipped_quantity, returned_quantity, unit_price,"
             " discount_amount, tax_amount, total_amount, requires_shipping, tracked)"
             " SELECT id, 1, (SELECT product_id FROM product_variants WHERE id = %lld), %lld,"
             " 'MUG', 'Mug', 1, 0, 0, 0, 1000, 0, 0, 1000, 1, 0 FROM orders",
             (long long)count, (long long)WORLD_START, (long long)s->mug, (long long)s->mug);
    shop_sql(s->engine, sql);
}

static void simulate__passes_over_no_order_between_pages(void **state)
{
    shop *s = *state;
    static const int64_t counts[] = {999, 1000, 1001, 2500};
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        shop_sql(s->engine, "DELETE FROM order_items; DELETE FROM orders");
        insert_orders(s, counts[i]);
        ec_promotion draft = plain;
        draft.conditions = "any(sku = MUG)";
        ec_simulation *out = simulate(s, &draft);
        assert_int_equal(out->orders_count, counts[i]);
        assert_int_equal(out->applied_count, counts[i]);
        assert_int_equal(out->currencies[0].discount_amount, 100 * counts[i]);
        ec_free(out);
    }
}

static void simulate__needs_no_more_memory_for_more_orders(void **state)
{
    shop *s = *state;
    insert_orders(s, 5000);
    ec_free(simulate(s, &plain)); /* what the engine keeps is there from now on */
    int64_t before = world_blocks();
    ec_free(simulate(s, &plain));
    assert_int_equal(world_blocks(), before);
}

static void simulate__says_nothing_of_no_orders(void **state)
{
    shop *s = *state;
    ec_simulation *out = simulate(s, &plain);
    assert_int_equal(out->orders_count, 0);
    assert_int_equal(out->currencies_count, 0);
    ec_free(out);
}

/* ---- what is refused ------------------------------------------------------------------------- */

static void simulate__refuses_what_is_no_promotion(void **state)
{
    shop *s = *state;
    ec_simulation *out = NULL;
    ec_promotion draft = plain;
    draft.conditions = "total >";
    assert_status(s->staff, ec_promotion_simulate(s->staff, &draft, NULL, &out), EC_INVALID);
    assert_field_error(s->staff, "conditions", "syntax");
    draft = plain;
    draft.actions = "percent_off(120%)";
    assert_status(s->staff, ec_promotion_simulate(s->staff, &draft, NULL, &out), EC_INVALID);
    assert_field_error(s->staff, "actions", "max");
    static const char *const nowhere[] = {"nowhere"};
    draft = plain;
    draft.channels = nowhere;
    draft.channels_count = 1;
    assert_status(s->staff, ec_promotion_simulate(s->staff, &draft, NULL, &out), EC_INVALID);
    assert_field_error(s->staff, "channels[0]", "unknown");
    ec_simulation_request request = {.starts_at = 5, .ends_at = 5};
    assert_status(s->staff, ec_promotion_simulate(s->staff, &plain, &request, &out), EC_INVALID);
    assert_field_error(s->staff, "ends_at", "min");
    request = (ec_simulation_request){.channel_id = 99};
    assert_status(s->staff, ec_promotion_simulate(s->staff, &plain, &request, &out), EC_NOT_FOUND);
    assert_field_error(s->staff, "channel_id", "reference");
    ec_session *guest = session_guest(s->engine);
    assert_status(guest, ec_promotion_simulate(guest, &plain, NULL, &out), EC_DENIED);
    ec_session_close(guest);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(simulate__sums_up_what_orders_would_have_got),
        TEST(simulate__changes_unit_prices),
        TEST(simulate__knows_goods_by_what_the_catalogue_says),
        TEST(simulate__takes_off_the_fee_that_was_paid),
        TEST(simulate__counts_gifts_with_their_cost),
        TEST(simulate__takes_included_tax_out_of_margins),
        TEST(simulate__spends_limits_in_the_order_of_time),
        TEST(simulate__gives_everybody_the_coupon),
        TEST(simulate__passes_over_the_period_of_the_draft),
        TEST(simulate__knows_customers_and_what_they_had_ordered),
        TEST(simulate__looks_at_orders_of_the_period),
        TEST(simulate__passes_over_no_order_between_pages),
        TEST(simulate__needs_no_more_memory_for_more_orders),
        TEST(simulate__says_nothing_of_no_orders),
        TEST(simulate__refuses_what_is_no_promotion),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
