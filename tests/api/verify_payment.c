/* SPDX-License-Identifier: MIT */
/*
 * verify_payment.c - each rule about carts, payments and orders finds its fault.
 */
#include "harness/harness.h"
#include "harness/sale.h"

typedef struct shop {
    ec_engine *engine;
    ec_session *guest;
} shop;

static ec_order *buy(ec_session *session, ec_id variant, const char *token, ec_status expected)
{
    ec_cart *cart = NULL;
    ec_order *order = NULL;
    assert_ok(session, ec_session_cart_token(session, NULL));
    assert_ok(session, ec_cart_open(session, &cart));
    ec_id id = cart->id;
    assert_ok(session, ec_session_cart_token(session, cart->token));
    ec_free(cart);
    assert_ok(session, ec_cart_add(session, id, variant, 2, -1, &cart));
    ec_free(cart);
    ec_checkout_request request = EC_CHECKOUT_REQUEST_INIT;
    request.cart_id = id;
    request.key = "k";
    request.email = "ana@example.com";
    request.shipping_address = &sale_address;
    request.payment_provider = "manual";
    request.payment_method = "card";
    request.payment_token = token;
    request.capture = true;
    assert_status(session, ec_checkout(session, &request, &order), expected);
    return order;
}

static int set_up(void **state)
{
    shop *s = calloc(1, sizeof(*s));
    s->engine = shop_open();
    s->guest = session_guest(s->engine);
    ec_id variant = sale_variant(s->engine, "MATE", 1000, 100);
    ec_free(buy(s->guest, variant, "tok_ok", EC_OK));
    ec_free(buy(s->guest, variant, "tok_declined", EC_DECLINED));
    ec_free(buy(s->guest, variant, "tok_unknown_forever", EC_UNKNOWN));
    *state = s;
    return 0;
}

static int tear_down(void **state)
{
    shop *s = *state;
    ec_session_close(s->guest);
    shop_close(s->engine);
    free(s);
    return 0;
}

static bool found(shop *s, const char *code)
{
    bool there = false;
    ec_verify_report *report = NULL;
    ec_session *session = session_system(s->engine);
    assert_ok(session, ec_verify(session, NULL, &report));
    for (size_t i = 0; i < report->problems_count; i++)
        there = there || strcmp(report->problems[i].code, code) == 0;
    ec_free(report);
    ec_session_close(session);
    return there;
}

static void verify__finds_what_was_spoilt(void **state)
{
    static const char *const faults[][3] = {
        {"payment.captured",
         "UPDATE payments SET captured_amount = 1, status ="
         " 'partially_captured' WHERE captured_amount > 0",
         "UPDATE payments SET captured_amount = 2000, status = 'captured'"
         " WHERE captured_amount > 0"},
        {"payment.refunded", "UPDATE payments SET refunded_amount = 1 WHERE captured_amount > 0",
         "UPDATE payments SET refunded_amount = 0"},
        {"payment.state", "UPDATE payments SET status = 'authorized' WHERE status = 'captured'",
         "UPDATE payments SET status = 'captured' WHERE status = 'authorized'"},
        {"payment.orphan", "UPDATE payments SET order_id = NULL",
         "UPDATE payments SET order_id = (SELECT MAX(id) FROM orders) WHERE captured_amount > 0"},
        {"cart.paying", "UPDATE payments SET status = 'failed' WHERE status = 'unknown'",
         "UPDATE payments SET status = 'unknown' WHERE status = 'failed' AND problem IS NULL"},
        {"cart.ordered", "UPDATE carts SET status = 'open' WHERE status = 'ordered'",
         "UPDATE carts SET status = 'ordered' WHERE id = (SELECT cart_id FROM orders)"},
        {"cart.hold", "UPDATE carts SET status = 'open' WHERE status = 'paying'",
         "UPDATE carts SET status = 'paying' WHERE checkout IS NOT NULL"},
        {"order.paid", "UPDATE orders SET paid_amount = 1999, due_amount = 1",
         "UPDATE orders SET paid_amount = 2000, due_amount = 0"},
        {"order.subtotal",
         "UPDATE orders SET subtotal = 1999, total_amount = 1999, due_amount = -1",
         "UPDATE orders SET subtotal = 2000, total_amount = 2000, due_amount = 0"},
    };
    shop *s = *state;
    sale_verified(s->engine);
    for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
        shop_sql(s->engine, faults[i][1]);
        if (!found(s, faults[i][0])) fail_msg("%s was not found", faults[i][0]);
        shop_sql(s->engine, faults[i][2]);
        sale_verified(s->engine);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(verify__finds_what_was_spoilt, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
