/* SPDX-License-Identifier: MIT */
/*
 * tax_order.c - taxes from the cart into the order and back out of it by refunds: with tax inside,
 * on top, taken out, and at home left behind.
 */
#include "harness/sale.h"

static ec_engine *engine;
static ec_session *session;
static ec_id ana, tea, book;

static int setup(void **state)
{
    (void)state;
    ec_tax_import *report = NULL;
    engine = shop_open();
    session = session_system(engine);
    ana = shop_customer(engine, "ana@example.com");
    tea = sale_variant(engine, "TEA", 11900, 100);
    book = sale_variant(engine, "BOOK", 990, 100);
    assert_ok(session, ec_tax_preset(session, "CL", &report));
    ec_free(report);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    sale_verified(engine);
    ec_session_close(session);
    shop_close(engine);
    return 0;
}

static void policy_of(ec_policy policy)
{
    ec_channel *channel = NULL;
    ec_channel change = {.policy = &policy};
    assert_ok(session,
              ec_channel_update(session, 1, &change, ec_mask_of("channel", "policy"), &channel));
    ec_free(channel);
}

/* A rate for a country without one. */
static void abroad(const char *code, const char *country, int64_t rate)
{
    ec_zone_member member = {NULL, country, EC_ZONE_KIND_COUNTRY};
    ec_zone input = {.code = code, .name = code, .members = &member, .members_count = 1};
    ec_zone *zone = NULL;
    ec_tax_category *category = NULL;
    ec_tax_rate *made = NULL;
    assert_ok(session, ec_zone_create(session, &input, &zone));
    assert_ok(session, ec_tax_category_by_code(session, "standard", &category));
    ec_tax_rate tax = {.zone_id = zone->id,
                       .category_id = category->id,
                       .rate = rate,
                       .name = "Tax",
                       .is_active = true};
    assert_ok(session, ec_tax_rate_create(session, &tax, &made));
    ec_free(made);
    ec_free(category);
    ec_free(zone);
}

/* Two teas and three books for Ana, paid at once. */
static ec_order *order_in(const char *country)
{
    ec_cart *cart = NULL;
    ec_order *order = NULL;
    ec_address address = sale_address;
    ec_session *customer = session_customer(engine, ana);
    address.country = country;
    assert_ok(customer, ec_cart_open(customer, &cart));
    ec_id id = cart->id;
    ec_free(cart);
    assert_ok(customer, ec_cart_add(customer, id, tea, 2, -1, &cart));
    ec_free(cart);
    assert_ok(customer, ec_cart_add(customer, id, book, 3, -1, &cart));
    ec_free(cart);
    ec_checkout_request request = EC_CHECKOUT_REQUEST_INIT;
    request.cart_id = id;
    request.key = "tax-order";
    request.shipping_address = &address;
    request.payment_provider = "manual";
    request.payment_method = "card";
    request.payment_token = "tok_ok";
    request.capture = true;
    assert_ok(customer, ec_checkout(customer, &request, &order));
    ec_session_close(customer);
    return order;
}

/* All that was paid comes back, one unit after the other, and not a peso more. */
static void give_back(ec_order *order)
{
    int64_t paid = order->paid_amount, given = 0;
    for (size_t i = 0; i < order->items_count; i++) {
        for (int64_t n = 0; n < order->items[i].quantity; n++) {
            char key[32];
            ec_order *after = NULL;
            ec_order_units units = {.order_item_id = order->items[i].id, .quantity = 1};
            ec_refund_request request = {.items = &units, .items_count = 1, .key = key};
            (void)snprintf(key, sizeof key, "back-%zu-%d", i, (int)n);
            assert_ok(session, ec_order_refund(session, order->id, &request, &after));
            given = after->refunded_amount;
            if (given > paid) fail_msg("too much was given back");
            ec_free(after);
        }
    }
    assert_int_equal(given, paid);
    ec_free(order);
}

static void order__keeps_the_tax_that_is_inside(void **state)
{
    (void)state;
    ec_order *order = order_in("CL");
    /* 23800 * 19/119 = 3800; 2970 * 19/119 = 474.20 */
    assert_int_equal(order->total_amount, 26770);
    assert_int_equal(order->tax_amount, 0);
    assert_int_equal(order->tax_included, 4274);
    shop_sql(engine, "UPDATE tax_rates SET rate = 0");
    ec_order *same = NULL;
    assert_ok(session, ec_order_get(session, order->id, &same));
    assert_int_equal(same->tax_included, 4274);
    ec_free(same);
    give_back(order);
}

static void order__adds_the_tax_of_another_country(void **state)
{
    (void)state;
    abroad("pe", "PE", 180000);
    ec_order *order = order_in("PE");
    /* 23800 * 18 % = 4284; 2970 * 18 % = 534.6 */
    assert_int_equal(order->tax_amount, 4284 + 535);
    assert_int_equal(order->total_amount, 26770 + 4819);
    give_back(order);
}

static void order__leaves_the_tax_at_home_behind(void **state)
{
    (void)state;
    abroad("pe", "PE", 180000);
    policy_of((ec_policy){.tax_keep = EC_TAX_KEEP_NET});
    ec_order *order = order_in("PE");
    /* 23800 - 3800 = 20000, 18 %: 3600; 2970 - 474 = 2496, 18 %: 449.28 */
    assert_int_equal(order->tax_amount, -3800 + 3600 - 474 + 449);
    assert_int_equal(order->total_amount, 23600 + 2945);
    give_back(order);
}

static void order__of_an_exempt_buyer_costs_the_net(void **state)
{
    (void)state;
    ec_tax_exemption input = {.user_id = ana, .certificate = "E 1"}, *made = NULL;
    assert_ok(session, ec_tax_exemption_create(session, &input, &made));
    ec_free(made);
    ec_order *order = order_in("CL");
    assert_int_equal(order->tax_amount, -4274);
    assert_int_equal(order->total_amount, 22496);
    assert_int_equal(order->paid_amount, 22496);
    give_back(order);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(order__keeps_the_tax_that_is_inside),
        CASE(order__adds_the_tax_of_another_country),
        CASE(order__leaves_the_tax_at_home_behind),
        CASE(order__of_an_exempt_buyer_costs_the_net),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
