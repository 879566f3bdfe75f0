/* SPDX-License-Identifier: MIT */
/*
 * cart_merge.c - a visitor signs in: each policy, and nothing lost without a record.
 */
#include "harness/harness.h"
#include "harness/sale.h"

typedef struct shop {
    ec_engine *engine;
    ec_session *guest;
    ec_session *customer;
    ec_id visitors; /* cart */
    ec_id mate, book, lamp;
    char token[64];
} shop;

static int set_up(void **state)
{
    shop *s = calloc(1, sizeof(*s));
    ec_cart *cart = NULL;
    s->engine = shop_open();
    s->guest = session_guest(s->engine);
    s->mate = sale_variant(s->engine, "MATE", 1000, 10);
    s->book = sale_variant(s->engine, "BOOK", 250, -1);
    s->lamp = sale_variant(s->engine, "LAMP", 500, -1);
    shop_sql(s->engine,
             "INSERT INTO users (email, name, role, email_verified, is_active, version, created_at,"
             " updated_at) VALUES ('eva@example.com', 'Eva', 'customer', 1, 1, 1, 1, 1)");
    s->customer = session_customer(s->engine, shop_sql_int(s->engine, "SELECT MAX(id) FROM users"));
    assert_ok(s->guest, ec_cart_open(s->guest, &cart));
    (void)snprintf(s->token, sizeof(s->token), "%s", cart->token);
    assert_ok(s->guest, ec_session_cart_token(s->guest, s->token));
    assert_ok(s->customer, ec_session_cart_token(s->customer, s->token));
    s->visitors = cart->id;
    ec_free(cart);
    *state = s;
    return 0;
}

static int tear_down(void **state)
{
    shop *s = *state;
    ec_session_close(s->guest);
    ec_session_close(s->customer);
    shop_close(s->engine);
    free(s);
    return 0;
}

static void put(ec_session *session, ec_id cart, ec_id variant, int64_t quantity)
{
    ec_cart *out = NULL;
    assert_ok(session, ec_cart_add(session, cart, variant, quantity, -1, &out));
    ec_free(out);
}

static ec_id own_cart(shop *s)
{
    ec_cart *cart = NULL;
    assert_ok(s->customer, ec_cart_open(s->customer, &cart));
    ec_id id = cart->id;
    ec_free(cart);
    return id;
}

/* The policy decides on: visitor 4 mate, 1 book; customer 3 mate, 2 lamp. */
static ec_cart *merged(shop *s, const char *policy)
{
    char sql[128];
    ec_cart *cart = NULL;
    (void)snprintf(sql, sizeof(sql), "UPDATE channels SET merge_policy = '%s'", policy);
    shop_sql(s->engine, sql);
    ec_id own = own_cart(s);
    put(s->guest, s->visitors, s->mate, 4);
    put(s->guest, s->visitors, s->book, 1);
    put(s->customer, own, s->mate, 3);
    put(s->customer, own, s->lamp, 2);
    assert_ok(s->customer, ec_cart_merge(s->customer, &cart));
    assert_int_equal(cart->id, own);
    assert_int_equal(shop_sql_int(s->engine, "SELECT COUNT(*) FROM carts WHERE status = 'merged'"),
                     1);
    assert_int_equal(shop_sql_int(s->engine, "SELECT COUNT(*) FROM events"
                                             " WHERE type = 'cart.merged'"),
                     1);
    return cart;
}

static int64_t units(const ec_cart *cart, ec_id variant)
{
    for (size_t i = 0; i < cart->items_count; i++)
        if (cart->items[i].variant_id == variant) return cart->items[i].quantity;
    return 0;
}

static void expect(shop *s, ec_cart *cart, int64_t mate, int64_t book, int64_t lamp)
{
    assert_int_equal(units(cart, s->mate), mate);
    assert_int_equal(units(cart, s->book), book);
    assert_int_equal(units(cart, s->lamp), lamp);
    ec_free(cart);
}

static void lost(shop *s, const char *pattern)
{
    char sql[256];
    (void)snprintf(sql, sizeof(sql),
                   "SELECT COUNT(*) FROM events WHERE type = 'cart.merged' AND data LIKE '%s'",
                   pattern);
    assert_int_equal(shop_sql_int(s->engine, sql), 1);
}

static void merge__adds_quantities(void **state)
{
    shop *s = *state;
    expect(s, merged(s, "add"), 7, 1, 2);
    lost(s, "%\"lost\":[]%");
}

static void merge__keeps_the_highest(void **state)
{
    shop *s = *state;
    expect(s, merged(s, "keep_highest"), 4, 1, 2);
    lost(s, "%\"quantity\":3%");
}

static void merge__uses_the_visitors(void **state)
{
    shop *s = *state;
    expect(s, merged(s, "use_guest"), 4, 1, 0);
    lost(s, "%\"customer\"%\"quantity\":3%\"customer\"%\"quantity\":2%");
}

static void merge__uses_the_customers(void **state)
{
    shop *s = *state;
    expect(s, merged(s, "use_customer"), 3, 0, 2);
    lost(s, "%\"visitor\"%\"quantity\":4%\"visitor\"%\"quantity\":1%");
}

static void merge__of_an_empty_cart_keeps_the_other(void **state)
{
    shop *s = *state;
    ec_cart *cart = NULL;
    shop_sql(s->engine, "UPDATE channels SET merge_policy = 'use_guest'");
    put(s->customer, own_cart(s), s->lamp, 2);
    assert_ok(s->customer, ec_cart_merge(s->customer, &cart));
    expect(s, cart, 0, 0, 2);
}

static void merge__into_an_empty_cart_takes_the_visitors(void **state)
{
    shop *s = *state;
    ec_cart *cart = NULL;
    shop_sql(s->engine, "UPDATE channels SET merge_policy = 'use_customer'");
    (void)own_cart(s);
    put(s->guest, s->visitors, s->book, 2);
    assert_ok(s->customer, ec_cart_merge(s->customer, &cart));
    expect(s, cart, 0, 2, 0);
}

static void merge__without_a_cart_of_the_customers_hands_it_over(void **state)
{
    shop *s = *state;
    ec_cart *cart = NULL;
    put(s->guest, s->visitors, s->mate, 2);
    assert_ok(s->customer, ec_cart_merge(s->customer, &cart));
    assert_int_equal(cart->id, s->visitors);
    expect(s, cart, 2, 0, 0);
    /* after logout the old secret opens nothing */
    assert_status(s->guest, ec_cart_get(s->guest, s->visitors, &cart), EC_NOT_FOUND);
    assert_ok(s->guest, ec_cart_open(s->guest, &cart));
    assert_int_not_equal(cart->id, s->visitors);
    ec_free(cart);
}

static void merge__without_any_cart_opens_one(void **state)
{
    shop *s = *state;
    ec_cart *cart = NULL;
    assert_ok(s->customer, ec_session_cart_token(s->customer, NULL));
    assert_ok(s->customer, ec_cart_merge(s->customer, &cart));
    assert_int_equal(cart->items_count, 0);
    assert_int_not_equal(cart->user_id, 0);
    ec_free(cart);
}

static void merge__twice_changes_nothing_more(void **state)
{
    shop *s = *state;
    ec_cart *cart = NULL;
    ec_free(merged(s, "add"));
    assert_ok(s->customer, ec_cart_merge(s->customer, &cart));
    expect(s, cart, 7, 1, 2);
}

static void merge__caps_a_quantity_and_says_so(void **state)
{
    shop *s = *state;
    ec_cart *cart = NULL;
    put(s->guest, s->visitors, s->book, 9999);
    put(s->customer, own_cart(s), s->book, 3);
    assert_ok(s->customer, ec_cart_merge(s->customer, &cart));
    expect(s, cart, 0, 9999, 0);
    lost(s, "%\"quantity\":3%");
}

static void merge__is_for_customers(void **state)
{
    shop *s = *state;
    ec_cart *cart = NULL;
    assert_status(s->guest, ec_cart_merge(s->guest, &cart), EC_STATE);
}

static void checkout__of_a_visitors_cart_by_a_customer_is_the_customers(void **state)
{
    shop *s = *state;
    ec_order *order = NULL;
    put(s->guest, s->visitors, s->mate, 1);
    ec_checkout_request request = EC_CHECKOUT_REQUEST_INIT;
    request.cart_id = s->visitors;
    request.key = "k";
    request.shipping_address = &sale_address;
    assert_ok(s->customer, ec_checkout(s->customer, &request, &order));
    assert_int_not_equal(order->user_id, 0);
    assert_string_equal(order->email, "eva@example.com");
    ec_free(order);
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        CASE(merge__adds_quantities),
        CASE(merge__keeps_the_highest),
        CASE(merge__uses_the_visitors),
        CASE(merge__uses_the_customers),
        CASE(merge__of_an_empty_cart_keeps_the_other),
        CASE(merge__into_an_empty_cart_takes_the_visitors),
        CASE(merge__without_a_cart_of_the_customers_hands_it_over),
        CASE(merge__without_any_cart_opens_one),
        CASE(merge__twice_changes_nothing_more),
        CASE(merge__caps_a_quantity_and_says_so),
        CASE(merge__is_for_customers),
        CASE(checkout__of_a_visitors_cart_by_a_customer_is_the_customers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
