/* SPDX-License-Identifier: MIT */
/*
 * shipping_rates.c - fees that a carrier says: when it is asked, and how long its answer holds.
 */
#include "harness/sale.h"

#include <ecommerce/sys/shipping.h>

/* A carrier that answers as it is told, and remembers what it was asked. */
typedef struct carrier {
    ec_shipping_provider base;
    int64_t amount, days_min, days_max, valid_ms;
    ec_status status;
    int asked, closed;
    int64_t items, units, weight, methods;
    char sku[32], country[8], currency[8];
} carrier;

static ec_engine *engine;
static ec_session *session;
static carrier fast;
static ec_id boot, sock, cart;

static ec_status rates(ec_shipping_provider *self, const ec_shipping_request *request,
                       ec_shipping_answer *answer)
{
    carrier *me = (carrier *)self;
    me->asked++;
    me->items = (int64_t)request->items_count;
    me->methods = (int64_t)request->methods_count;
    me->units = me->weight = 0;
    for (size_t i = 0; i < request->items_count; i++) {
        me->units += request->items[i].quantity;
        me->weight += request->items[i].quantity * request->items[i].weight;
    }
    (void)snprintf(me->sku, sizeof me->sku, "%s", request->items[0].sku);
    (void)snprintf(me->country, sizeof me->country, "%s", request->to->country);
    (void)snprintf(me->currency, sizeof me->currency, "%s", request->currency);
    for (size_t i = 0; i < request->methods_count; i++)
        answer->rates[i] =
            (ec_shipping_rate){me->amount + (int64_t)i, me->days_min, me->days_max, true};
    answer->valid_ms = me->valid_ms;
    if (me->status != EC_OK)
        (void)snprintf(answer->problem, sizeof answer->problem, "out of office");
    return me->status;
}

static void close_carrier(ec_shipping_provider *self)
{
    ((carrier *)self)->closed++;
}

static const ec_shipping_ops ops = {EC_SHIPPING_OPS_VERSION, "fast", rates, close_carrier};

static void method_make(const char *code, const char *calculator)
{
    ec_shipping_method input = {.code = code, .name = code, .calculator = calculator};
    ec_shipping_method *made = NULL;
    assert_ok(session, ec_shipping_method_create(session, &input, &made));
    ec_free(made);
}

static void add(ec_id variant, int64_t units)
{
    ec_cart *out = NULL;
    assert_ok(session, ec_cart_add(session, cart, variant, units, -1, &out));
    ec_free(out);
}

static void go_to(const ec_address *address)
{
    ec_cart *out = NULL;
    assert_ok(session, ec_cart_set_addresses(session, cart, address, NULL, &out));
    ec_free(out);
}

static int setup(void **state)
{
    (void)state;
    ec_cart *made = NULL;
    fast = (carrier){.base = {&ops}, .amount = 4990, .days_min = 1, .days_max = 3};
    engine = shop_open();
    assert_int_equal(ec_shipping_register(engine, &fast.base), EC_OK);
    session = session_system(engine);
    boot = sale_variant(engine, "BOOT", 1000, 100);
    sock = sale_variant(engine, "SOCK", 200, 100);
    shop_sql(engine, "UPDATE product_variants SET weight = 1500");
    method_make("courier", "provider(fast)");
    assert_ok(session, ec_cart_open(session, &made));
    cart = made->id;
    ec_free(made);
    add(boot, 2);
    go_to(&sale_address);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    ec_session_close(session);
    shop_close(engine);
    assert_int_equal(fast.closed, 1);
    return 0;
}

/* The fee of the cart, -1: nothing fits. */
static int64_t fee(void)
{
    ec_cart *out = NULL;
    assert_ok(session, ec_cart_get(session, cart, &out));
    int64_t amount = out->quote->shipping_count > 0 ? out->shipping_amount : -1;
    ec_free(out);
    return amount;
}

static void carrier__is_asked_only_when_it_is_said(void **state)
{
    (void)state;
    assert_int_equal(fee(), -1);
    assert_int_equal(fast.asked, 0);
    assert_ok(session, ec_cart_rates_refresh(session, cart));
    assert_int_equal(fast.asked, 1);
    assert_int_equal(fee(), 4990);
    assert_int_equal(fast.asked, 1);
}

static void carrier__is_told_goods_and_address(void **state)
{
    (void)state;
    method_make("express", "flat(1000 CLP); provider(fast)");
    add(sock, 1);
    assert_ok(session, ec_cart_rates_refresh(session, cart));
    assert_int_equal(fast.asked, 1); /* once for both methods */
    assert_int_equal(fast.methods, 2);
    assert_int_equal(fast.items, 2);
    assert_int_equal(fast.units, 3);
    assert_int_equal(fast.weight, 4500);
    assert_string_equal(fast.sku, "BOOT");
    assert_string_equal(fast.country, sale_address.country);
    assert_string_equal(fast.currency, "CLP");
    ec_cart *out = NULL;
    assert_ok(session, ec_cart_get(session, cart, &out));
    assert_int_equal(out->quote->shipping_count, 2);
    assert_int_equal(out->quote->shipping[0].amount, 4990);
    assert_int_equal(out->quote->shipping[0].days_max, 3);
    assert_int_equal(out->quote->shipping[1].amount, 1000 + 4991);
    ec_free(out);
}

static void answer__holds_for_what_was_asked(void **state)
{
    (void)state;
    ec_address other = sale_address;
    other.postal_code = "9999999";
    assert_ok(session, ec_cart_rates_refresh(session, cart));
    assert_int_equal(fee(), 4990);
    add(sock, 1);
    assert_int_equal(fee(), -1);
    assert_ok(session, ec_cart_rates_refresh(session, cart));
    assert_int_equal(fee(), 4990);
    go_to(&other);
    assert_int_equal(fee(), -1);
    go_to(&sale_address); /* as it was: the answer holds again */
    assert_int_equal(fee(), 4990);
}

static void answer__holds_until_it_expires(void **state)
{
    (void)state;
    assert_ok(session, ec_cart_rates_refresh(session, cart));
    world_advance(15 * 60000 - 1);
    assert_int_equal(fee(), 4990);
    world_advance(1);
    assert_int_equal(fee(), -1);
    fast.valid_ms = 1000;
    assert_ok(session, ec_cart_rates_refresh(session, cart));
    world_advance(999);
    assert_int_equal(fee(), 4990);
    world_advance(1);
    assert_int_equal(fee(), -1);
}

static void answer__replaces_the_one_before(void **state)
{
    (void)state;
    assert_ok(session, ec_cart_rates_refresh(session, cart));
    fast.amount = 3990;
    assert_ok(session, ec_cart_rates_refresh(session, cart));
    assert_int_equal(fee(), 3990);
    assert_int_equal(shop_sql_int(engine, "SELECT COUNT(*) FROM outside_quotes"), 1);
}

static void carrier__that_does_not_answer_leaves_what_is_known(void **state)
{
    (void)state;
    assert_ok(session, ec_cart_rates_refresh(session, cart));
    fast.status = EC_UNKNOWN;
    assert_status(session, ec_cart_rates_refresh(session, cart), EC_UNKNOWN);
    assert_non_null(strstr(ec_session_error(session)->message, "out of office"));
    assert_int_equal(fee(), 4990);
}

static void carrier__with_absurd_figures_offers_nothing(void **state)
{
    (void)state;
    static const struct {
        int64_t amount, days_min, days_max;
    } absurd[] = {{-1, 0, 0}, {EC_AMOUNT_MAX + 1, 0, 0}, {1, -1, 0}, {1, 3, 2}, {1, 0, INT64_MAX}};
    for (size_t i = 0; i < sizeof absurd / sizeof absurd[0]; i++) {
        fast.amount = absurd[i].amount;
        fast.days_min = absurd[i].days_min;
        fast.days_max = absurd[i].days_max;
        assert_ok(session, ec_cart_rates_refresh(session, cart));
        assert_int_equal(fee(), -1);
    }
}

static void carrier__that_nobody_registered_is_named(void **state)
{
    (void)state;
    method_make("slow", "provider(slow)");
    assert_status(session, ec_cart_rates_refresh(session, cart), EC_UNSUPPORTED);
    assert_non_null(strstr(ec_session_error(session)->message, "slow"));
    assert_int_equal(fee(), 4990); /* the other one answered */
}

static void carrier__is_not_asked_without_need(void **state)
{
    (void)state;
    go_to(NULL);
    assert_ok(session, ec_cart_rates_refresh(session, cart)); /* nobody knows where to */
    assert_int_equal(fast.asked, 0);
    go_to(&sale_address);
    shop_sql(engine, "UPDATE product_variants SET requires_shipping = 0");
    assert_ok(session, ec_cart_rates_refresh(session, cart)); /* nothing is sent */
    assert_int_equal(fast.asked, 0);
}

static ec_status refresh_inside(ec_session *s, void *ctx)
{
    (void)ctx;
    return ec_cart_rates_refresh(s, cart);
}

static void refresh__is_refused_where_it_may_not_be(void **state)
{
    (void)state;
    assert_status(session, ec_transact(session, refresh_inside, NULL), EC_STATE);
    ec_session *guest = session_guest(engine);
    assert_status(guest, ec_cart_rates_refresh(guest, cart), EC_NOT_FOUND);
    ec_session_close(guest);
    assert_status(session, ec_cart_rates_refresh(session, 999), EC_NOT_FOUND);
    assert_int_equal(fast.asked, 0);
}

static void answer__becomes_the_fee_of_the_order(void **state)
{
    (void)state;
    ec_order *order = NULL;
    ec_checkout_request request = EC_CHECKOUT_REQUEST_INIT;
    assert_ok(session, ec_cart_rates_refresh(session, cart));
    request.cart_id = cart;
    request.key = "one";
    request.email = "ana@example.com";
    request.shipping_method = "courier";
    request.payment_method = "transfer";
    request.shipping_address = &sale_address;
    assert_ok(session, ec_checkout(session, &request, &order));
    assert_int_equal(order->shipping_amount, 4990);
    assert_string_equal(order->shipping_method, "courier");
    ec_free(order);
}

static void broken_answers__are_as_good_as_none(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "", "[", "{}", "[1]", "[[1,2]]", "[[1,-5,0,0]]", "[[1,2,3,\"x\"]]", "[[1,1.5,0,0]]"};
    assert_ok(session, ec_cart_rates_refresh(session, cart));
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        char sql[128];
        (void)snprintf(sql, sizeof sql, "UPDATE outside_quotes SET data = '%s'", texts[i]);
        shop_sql(engine, sql);
        assert_int_equal(fee(), -1);
    }
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        CASE(carrier__is_asked_only_when_it_is_said),
        CASE(carrier__is_told_goods_and_address),
        CASE(answer__holds_for_what_was_asked),
        CASE(answer__holds_until_it_expires),
        CASE(answer__replaces_the_one_before),
        CASE(carrier__that_does_not_answer_leaves_what_is_known),
        CASE(carrier__with_absurd_figures_offers_nothing),
        CASE(carrier__that_nobody_registered_is_named),
        CASE(carrier__is_not_asked_without_need),
        CASE(refresh__is_refused_where_it_may_not_be),
        CASE(answer__becomes_the_fee_of_the_order),
        CASE(broken_answers__are_as_good_as_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
