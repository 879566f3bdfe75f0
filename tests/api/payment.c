/* SPDX-License-Identifier: MIT */
/*
 * payment.c - payments of placed orders: captures, voids, refunds, money that comes by itself, and
 * keys that act once.
 */
#include "payment/payment.h"
#include "harness/goods.h"
#include "harness/harness.h"
#include "harness/sale.h"

typedef struct shop {
    ec_engine *engine;
    ec_session *guest;
    ec_session *staff;
    ec_id mate; /* 100 units at 1000 */
    ec_id order;
    ec_id payment; /* authorised for 5000 */
} shop;

static ec_order *order_of(shop *s, const char *provider, const char *token, bool capture)
{
    ec_cart *cart = NULL;
    ec_order *order = NULL;
    ec_session *guest = session_guest(s->engine);
    assert_ok(guest, ec_cart_open(guest, &cart));
    ec_id id = cart->id;
    assert_ok(guest, ec_session_cart_token(guest, cart->token));
    ec_free(cart);
    assert_ok(guest, ec_cart_add(guest, id, s->mate, 5, -1, &cart));
    ec_free(cart);
    ec_checkout_request request = EC_CHECKOUT_REQUEST_INIT;
    request.cart_id = id;
    request.key = "k";
    request.email = "ana@example.com";
    request.shipping_address = &sale_address;
    request.payment_provider = provider;
    request.payment_method = provider == NULL ? NULL : "card";
    request.payment_token = token;
    request.capture = capture;
    assert_ok(guest, ec_checkout(guest, &request, &order));
    ec_session_close(guest);
    return order;
}

static int set_up(void **state)
{
    shop *s = calloc(1, sizeof(*s));
    s->engine = shop_open();
    s->guest = session_guest(s->engine);
    s->staff = session_system(s->engine); /* bodies are for the system */
    s->mate = sale_variant(s->engine, "MATE", 1000, 100);
    ec_order *order = order_of(s, "manual", "tok_ok", false);
    s->order = order->id;
    s->payment = order->payments[0].id;
    ec_free(order);
    *state = s;
    return 0;
}

static int tear_down(void **state)
{
    shop *s = *state;
    sale_verified(s->engine);
    ec_session_close(s->guest);
    ec_session_close(s->staff);
    shop_close(s->engine);
    free(s);
    return 0;
}

static void captures(shop *s, int64_t amount, const char *key, int64_t captured,
                     ec_payment_state state)
{
    ec_payment *payment = NULL;
    assert_ok(s->staff, ec_payment_capture(s->staff, s->payment, amount, key, &payment));
    assert_int_equal(payment->captured_amount, captured);
    assert_int_equal(payment->status, state);
    ec_free(payment);
}

static void order_is(shop *s, ec_order_payment payment, int64_t paid, int64_t refunded)
{
    ec_order *order = NULL;
    assert_ok(s->staff, ec_order_get(s->staff, s->order, &order));
    assert_int_equal(order->payment_status, payment);
    assert_int_equal(order->paid_amount, paid);
    assert_int_equal(order->refunded_amount, refunded);
    ec_free(order);
}

typedef struct refund_args {
    shop *s;
    int64_t amount;
    const char *key;
    ec_id transaction_id;
} refund_args;

static ec_status begin_refund(ec_session *session, void *ctx)
{
    refund_args *args = ctx;
    return ec_payment_refund_begin(session, args->s->payment, args->s->order, 0, args->amount,
                                   "sorry", args->key, &args->transaction_id);
}

/* As ec_order_refund does it. */
static ec_status refund(shop *s, int64_t amount, const char *key)
{
    refund_args args = {.s = s, .amount = amount, .key = key};
    ec_status status = goods_inside(s->staff, begin_refund, &args);
    return status == EC_OK ? ec_payment_run(s->staff, args.transaction_id) : status;
}

static void payment_capture__takes_a_part_and_then_the_rest(void **state)
{
    shop *s = *state;
    ec_payment *payment = NULL;
    captures(s, 2000, "c-1", 2000, EC_PAYMENT_PARTIALLY_CAPTURED);
    order_is(s, EC_ORDER_PAYMENT_PARTIALLY_PAID, 2000, 0);
    assert_status(s->staff, ec_payment_capture(s->staff, s->payment, 3001, "c-2", &payment),
                  EC_INVALID);
    assert_field_error(s->staff, "amount", "max");
    captures(s, 0, "c-2", 5000, EC_PAYMENT_CAPTURED);
    order_is(s, EC_ORDER_PAYMENT_PAID, 5000, 0);
    assert_status(s->staff, ec_payment_capture(s->staff, s->payment, 0, "c-3", &payment), EC_STATE);
}

static void payment_capture__under_one_key_acts_once(void **state)
{
    shop *s = *state;
    ec_payment *payment = NULL;
    captures(s, 2000, "c-1", 2000, EC_PAYMENT_PARTIALLY_CAPTURED);
    captures(s, 2000, "c-1", 2000, EC_PAYMENT_PARTIALLY_CAPTURED);
    assert_status(s->staff, ec_payment_capture(s->staff, s->payment, 1000, "c-1", &payment),
                  EC_KEY_REUSED);
    assert_null(payment);
}

static void payment_capture__refuses_what_makes_no_sense(void **state)
{
    shop *s = *state;
    ec_payment *payment = NULL;
    ec_session *x = s->staff;
    assert_status(x, ec_payment_capture(x, s->payment, -1, "k", &payment), EC_INVALID);
    assert_field_error(x, "amount", "min");
    assert_status(x, ec_payment_capture(x, s->payment, INT64_MAX, "k", &payment), EC_INVALID);
    assert_field_error(x, "amount", "max");
    assert_status(x, ec_payment_capture(x, s->payment, 1, NULL, &payment), EC_INVALID);
    assert_field_error(x, "key", "required");
    assert_status(x, ec_payment_capture(x, s->payment, 1, "a b", &payment), EC_INVALID);
    assert_status(x, ec_payment_capture(x, 999, 1, "k", &payment), EC_NOT_FOUND);
    assert_status(s->guest, ec_payment_capture(s->guest, s->payment, 1, "k", &payment), EC_DENIED);
    assert_int_equal(ec_payment_capture(NULL, s->payment, 1, "k", &payment), EC_MISUSE);
    assert_int_equal(ec_payment_capture(x, s->payment, 1, "k", NULL), EC_MISUSE);
    order_is(s, EC_ORDER_PAYMENT_AUTHORIZED, 0, 0);
}

static void payment_capture__declined_leaves_the_payment_as_it_was(void **state)
{
    shop *s = *state;
    ec_payment *payment = NULL;
    ec_order *order = order_of(s, "manual", "tok_capture_fails", false);
    ec_id id = order->payments[0].id;
    ec_free(order);
    assert_status(s->staff, ec_payment_capture(s->staff, id, 0, "k", &payment), EC_DECLINED);
    assert_null(payment);
    assert_ok(s->staff, ec_payment_get(s->staff, id, &payment));
    assert_int_equal(payment->status, EC_PAYMENT_AUTHORIZED);
    assert_string_equal(payment->problem, "capture failed");
    assert_int_equal(payment->transactions_count, 2);
    assert_int_equal(payment->transactions[1].status, EC_TRANSACTION_FAILED);
    ec_free(payment);
}

static void payment_void__gives_up_what_was_not_captured(void **state)
{
    shop *s = *state;
    ec_payment *payment = NULL;
    captures(s, 2000, "c-1", 2000, EC_PAYMENT_PARTIALLY_CAPTURED);
    assert_ok(s->staff, ec_payment_void(s->staff, s->payment, "v-1", &payment));
    assert_int_equal(payment->status, EC_PAYMENT_CAPTURED);
    assert_int_equal(payment->authorized_amount, 2000);
    ec_free(payment);
    assert_ok(s->staff, ec_payment_void(s->staff, s->payment, "v-1", &payment));
    ec_free(payment);
    assert_status(s->staff, ec_payment_void(s->staff, s->payment, "v-2", &payment), EC_STATE);
}

static void payment_void__of_all_voids_the_order(void **state)
{
    shop *s = *state;
    ec_payment *payment = NULL;
    assert_ok(s->staff, ec_payment_void(s->staff, s->payment, "v-1", &payment));
    assert_int_equal(payment->status, EC_PAYMENT_VOIDED);
    ec_free(payment);
    order_is(s, EC_ORDER_PAYMENT_VOIDED, 0, 0);
    assert_status(s->staff, ec_payment_capture(s->staff, s->payment, 0, "c", &payment), EC_STATE);
}

static void payment_refund__never_exceeds_what_was_captured(void **state)
{
    shop *s = *state;
    captures(s, 3000, "c-1", 3000, EC_PAYMENT_PARTIALLY_CAPTURED);
    assert_status(s->staff, refund(s, 3001, "r-0"), EC_INVALID);
    assert_field_error(s->staff, "amount", "max");
    assert_ok(s->staff, refund(s, 1000, "r-1"));
    assert_ok(s->staff, refund(s, 1000, "r-1"));
    order_is(s, EC_ORDER_PAYMENT_PARTIALLY_REFUNDED, 3000, 1000);
    assert_status(s->staff, refund(s, 900, "r-1"), EC_KEY_REUSED);
    assert_status(s->staff, refund(s, 2001, "r-2"), EC_INVALID);
    assert_ok(s->staff, refund(s, 2000, "r-2"));
    order_is(s, EC_ORDER_PAYMENT_REFUNDED, 3000, 3000);
}

static void payment_refund__declined_can_be_tried_again(void **state)
{
    shop *s = *state;
    ec_order *order = order_of(s, "manual", "tok_refund_fails", true);
    s->order = order->id;
    s->payment = order->payments[0].id;
    ec_free(order);
    assert_status(s->staff, refund(s, 100, "r-1"), EC_DECLINED);
    order_is(s, EC_ORDER_PAYMENT_PAID, 5000, 0);
    assert_status(s->staff, refund(s, 5000, "r-2"), EC_DECLINED);
    assert_int_equal(
        shop_sql_int(s->engine, "SELECT COUNT(*) FROM refunds WHERE status = 'failed'"), 2);
}

static void payment_get__shows_a_payment_to_its_customer_only(void **state)
{
    shop *s = *state;
    ec_payment *payment = NULL;
    assert_ok(s->staff, ec_payment_get(s->staff, s->payment, &payment));
    assert_string_equal(payment->provider, "manual");
    assert_int_equal(payment->order_id, s->order);
    ec_free(payment);
    assert_status(s->guest, ec_payment_get(s->guest, s->payment, &payment), EC_NOT_FOUND);
    ec_session *customer = session_customer(s->engine, shop_customer(s->engine, "ana@example.cl"));
    assert_status(customer, ec_payment_get(customer, s->payment, &payment), EC_NOT_FOUND);
    ec_session_close(customer);
    assert_status(s->staff, ec_payment_get(s->staff, 999, &payment), EC_NOT_FOUND);
    assert_int_equal(ec_payment_get(NULL, 1, &payment), EC_MISUSE);
    assert_int_equal(ec_payment_get(s->staff, 1, NULL), EC_MISUSE);
}

static void payment_record__pays_an_order_by_transfer(void **state)
{
    shop *s = *state;
    ec_payment *payment = NULL;
    ec_order *order = order_of(s, NULL, NULL, false);
    ec_session *x = s->staff;
    s->order = order->id;
    ec_free(order);
    assert_ok(x, ec_payment_record(x, s->order, 2000, NULL, "bank-1", "p-1", &payment));
    assert_string_equal(payment->provider, "offline");
    assert_string_equal(payment->method, "transfer");
    assert_int_equal(payment->status, EC_PAYMENT_CAPTURED);
    s->payment = payment->id;
    ec_free(payment);
    order_is(s, EC_ORDER_PAYMENT_PARTIALLY_PAID, 2000, 0);
    assert_ok(x, ec_payment_record(x, s->order, 2000, NULL, "bank-1", "p-1", &payment));
    ec_free(payment);
    order_is(s, EC_ORDER_PAYMENT_PARTIALLY_PAID, 2000, 0);
    assert_status(x, ec_payment_record(x, s->order, 1, NULL, NULL, "p-1", &payment), EC_KEY_REUSED);
    assert_status(x, ec_payment_record(x, s->order, 1, NULL, "bank-1", "p-2", &payment), EC_EXISTS);
    assert_field_error(x, "reference", "unique");
    assert_status(x, ec_payment_record(x, s->order, 3001, NULL, NULL, "p-2", &payment), EC_INVALID);
    assert_field_error(x, "amount", "max");
    assert_ok(x, ec_payment_record(x, s->order, 3000, "cash", NULL, "p-3", &payment));
    ec_free(payment);
    order_is(s, EC_ORDER_PAYMENT_PAID, 5000, 0);
    assert_status(x, ec_payment_record(x, s->order, 1, NULL, NULL, "p-4", &payment), EC_STATE);
    assert_ok(x, refund(s, 2000, "r-1"));
    order_is(s, EC_ORDER_PAYMENT_PARTIALLY_REFUNDED, 5000, 2000);
}

static void payment_record__refuses_what_makes_no_sense(void **state)
{
    shop *s = *state;
    ec_payment *payment = NULL;
    ec_session *x = s->staff;
    char text[300];
    memset(text, 'x', sizeof(text) - 1);
    text[sizeof(text) - 1] = '\0';
    assert_status(x, ec_payment_record(x, s->order, 0, NULL, NULL, "k", &payment), EC_INVALID);
    assert_status(x, ec_payment_record(x, s->order, INT64_MIN, text, text, text, &payment),
                  EC_INVALID);
    assert_int_equal(ec_session_error(x)->count, 4);
    assert_status(x, ec_payment_record(x, s->order, 1, "\xff", NULL, "k", &payment), EC_INVALID);
    assert_field_error(x, "method", "utf8");
    assert_status(x, ec_payment_record(x, 999, 1, NULL, NULL, "k", &payment), EC_NOT_FOUND);
    assert_status(s->guest, ec_payment_record(s->guest, s->order, 1, NULL, NULL, "k", &payment),
                  EC_DENIED);
    assert_int_equal(ec_payment_record(NULL, s->order, 1, NULL, NULL, "k", &payment), EC_MISUSE);
}

static void payment_reconcile__refuses_what_makes_no_sense(void **state)
{
    shop *s = *state;
    ec_reconciliation *done = NULL;
    assert_status(s->staff, ec_payment_reconcile(s->staff, -1, &done), EC_INVALID);
    assert_status(s->guest, ec_payment_reconcile(s->guest, 0, &done), EC_DENIED);
    assert_int_equal(ec_payment_reconcile(NULL, 0, &done), EC_MISUSE);
    assert_int_equal(ec_payment_reconcile(s->staff, 0, NULL), EC_MISUSE);
    assert_ok(s->staff, ec_payment_reconcile(s->staff, INT64_MAX, &done));
    assert_int_equal(done->asked, 0);
    ec_free(done);
}

/* A capture whose answer was lost: the provider knows, the shop does not. */
static void payment_reconcile__ends_an_interrupted_capture(void **state)
{
    shop *s = *state;
    ec_reconciliation *done = NULL;
    captures(s, 2000, "c-1", 2000, EC_PAYMENT_PARTIALLY_CAPTURED);
    shop_sql(s->engine, "UPDATE payment_transactions SET status = 'pending' WHERE kind = 'capture';"
                        "UPDATE payments SET captured_amount = 0, status = 'authorized';"
                        "UPDATE orders SET paid_amount = 0, due_amount = total_amount,"
                        " payment_status = 'authorized'");
    ec_payment *payment = NULL;
    assert_status(s->staff, ec_payment_void(s->staff, s->payment, "v", &payment), EC_STATE);
    assert_status(s->staff, ec_payment_capture(s->staff, s->payment, 3001, "c-2", &payment),
                  EC_INVALID);
    assert_ok(s->staff, ec_payment_reconcile(s->staff, 60000, &done));
    assert_int_equal(done->asked, 0); /* somebody may be at it */
    ec_free(done);
    world_advance(60000);
    assert_ok(s->staff, ec_payment_reconcile(s->staff, 60000, &done));
    assert_int_equal(done->settled, 1);
    ec_free(done);
    order_is(s, EC_ORDER_PAYMENT_PARTIALLY_PAID, 2000, 0);
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        CASE(payment_capture__takes_a_part_and_then_the_rest),
        CASE(payment_capture__under_one_key_acts_once),
        CASE(payment_capture__refuses_what_makes_no_sense),
        CASE(payment_capture__declined_leaves_the_payment_as_it_was),
        CASE(payment_void__gives_up_what_was_not_captured),
        CASE(payment_void__of_all_voids_the_order),
        CASE(payment_refund__never_exceeds_what_was_captured),
        CASE(payment_refund__declined_can_be_tried_again),
        CASE(payment_get__shows_a_payment_to_its_customer_only),
        CASE(payment_record__pays_an_order_by_transfer),
        CASE(payment_record__refuses_what_makes_no_sense),
        CASE(payment_reconcile__refuses_what_makes_no_sense),
        CASE(payment_reconcile__ends_an_interrupted_capture),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
