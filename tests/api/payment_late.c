/* SPDX-License-Identifier: MIT */
/*
 * payment_late.c - answers that come after somebody else has given the attempt up: the provider is
 * asked what became of it while the asking is still on its way. Whatever the provider did is in the
 * books in the end.
 */
#include "harness/sale.h"

#include <ecommerce/sys/payment.h>

/* A provider that is slow: while it is asked for `slow`, a reconciliation looks for the attempt. */
typedef struct slow_provider {
    ec_payment_provider base;
    char slow;  /* 'a'uthorize 'c'apture 'x' cancel 'r'efund */
    bool loses; /* the late answer is lost */
    bool never; /* it is lost before anything happens */
    int64_t authorized, captured, refunded, given_up;
    char arrived[64][128]; /* attempt keys */
    int count;
} slow_provider;

static ec_engine *shop;
static ec_session *s;
static slow_provider provider;
static ec_id mug;

/* Its place among those that arrived, from 1; 0: it did not. */
static int place_of(const char *key)
{
    for (int i = 0; i < provider.count; i++)
        if (strcmp(provider.arrived[i], key) == 0) return i + 1;
    return 0;
}

static void tell(const ec_payment_request *request, ec_payment_answer *answer)
{
    if (request->reference)
        snprintf(answer->reference, sizeof answer->reference, "%s", request->reference);
    else
        snprintf(answer->reference, sizeof answer->reference, "slow-%d",
                 place_of(request->attempt_key));
}

static void reconcile(ec_session *session)
{
    ec_reconciliation *done = NULL;
    assert_ok(session, ec_payment_reconcile(session, 0, &done));
    ec_free(done);
}

static void move(char kind, int64_t amount)
{
    if (kind == 'a') provider.authorized += amount;
    if (kind == 'c') provider.captured += amount;
    if (kind == 'x') provider.given_up += amount;
    if (kind == 'r') provider.refunded += amount;
}

static ec_status act(char kind, const ec_payment_request *request, ec_payment_answer *answer)
{
    bool slow = provider.slow == kind;
    memset(answer, 0, sizeof *answer);
    if (slow) {
        provider.slow = 0;
        if (provider.never) return EC_UNKNOWN;
        ec_session *other = session_system(shop);
        reconcile(other);
        ec_session_close(other);
    }
    if (place_of(request->attempt_key) == 0) {
        snprintf(provider.arrived[provider.count++], 128, "%s", request->attempt_key);
        move(kind, request->amount.amount);
    }
    tell(request, answer);
    return slow && provider.loses ? EC_UNKNOWN : EC_OK;
}

static ec_status authorize(ec_payment_provider *self, const ec_payment_request *request,
                           ec_payment_answer *answer)
{
    (void)self;
    return act('a', request, answer);
}

static ec_status capture(ec_payment_provider *self, const ec_payment_request *request,
                         ec_payment_answer *answer)
{
    (void)self;
    return act('c', request, answer);
}

static ec_status cancel(ec_payment_provider *self, const ec_payment_request *request,
                        ec_payment_answer *answer)
{
    (void)self;
    return act('x', request, answer);
}

static ec_status refund(ec_payment_provider *self, const ec_payment_request *request,
                        ec_payment_answer *answer)
{
    (void)self;
    return act('r', request, answer);
}

static ec_status find(ec_payment_provider *self, const ec_payment_request *request,
                      ec_payment_answer *answer)
{
    (void)self;
    memset(answer, 0, sizeof *answer);
    tell(request, answer);
    return place_of(request->attempt_key) != 0 ? EC_OK : EC_NOT_FOUND;
}

static void close_provider(ec_payment_provider *self)
{
    (void)self;
}

static int setup(void **state)
{
    static const char *const methods[] = {"card", NULL};
    static const ec_payment_ops ops = {.version = EC_PAYMENT_OPS_VERSION,
                                       .name = "slow",
                                       .methods = methods,
                                       .authorize = authorize,
                                       .capture = capture,
                                       .cancel = cancel,
                                       .refund = refund,
                                       .find = find,
                                       .close = close_provider};
    (void)state;
    provider = (slow_provider){.base = {&ops}};
    shop = shop_open();
    assert_int_equal(ec_payment_register(shop, &provider.base), EC_OK);
    s = session_system(shop);
    mug = sale_variant(shop, "MUG", 5000, 100);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    sale_verified(shop);
    ec_session_close(s);
    shop_close(shop);
    return 0;
}

static int64_t sum(const char *column)
{
    char sql[128];
    snprintf(sql, sizeof sql, "SELECT COALESCE(SUM(%s), 0) FROM payments", column);
    return shop_sql_int(shop, sql);
}

static ec_checkout_request request_of(ec_id cart)
{
    ec_checkout_request request = EC_CHECKOUT_REQUEST_INIT;
    request.cart_id = cart;
    request.key = "key";
    request.email = "ana@example.com";
    request.shipping_address = &sale_address;
    request.payment_provider = "slow";
    request.payment_method = "card";
    return request;
}

static ec_id cart_of_mugs(void)
{
    ec_cart *cart = NULL, *filled = NULL;
    assert_ok(s, ec_cart_open(s, &cart));
    assert_ok(s, ec_cart_add(s, cart->id, mug, 1, -1, &filled));
    ec_id id = cart->id;
    ec_free(cart);
    ec_free(filled);
    return id;
}

/* An authorised order; its payment. */
static ec_id order_of_mugs(ec_id *payment)
{
    ec_order *order = NULL;
    ec_checkout_request request = request_of(cart_of_mugs());
    assert_ok(s, ec_checkout(s, &request, &order));
    ec_id id = order->id;
    *payment = order->payments[0].id;
    ec_free(order);
    return id;
}

static void capture_late(bool loses)
{
    ec_payment *out = NULL;
    ec_id payment = 0;
    (void)order_of_mugs(&payment);
    provider.slow = 'c';
    provider.loses = loses;
    assert_status(s, ec_payment_capture(s, payment, 2000, "take", &out),
                  loses ? EC_UNKNOWN : EC_OK);
    ec_free(out);
    reconcile(s);
    assert_int_equal(provider.captured, 2000);
    assert_int_equal(sum("captured_amount"), 2000);
    assert_int_equal(shop_sql_int(shop, "SELECT paid_amount FROM orders"), 2000);
}

static void payment_capture__is_in_the_books_although_it_was_given_up(void **state)
{
    (void)state;
    capture_late(false);
}

static void payment_capture__is_asked_about_again_when_its_answer_was_lost(void **state)
{
    (void)state;
    capture_late(true);
}

static void order_refund__is_in_the_books_although_it_was_given_up(void **state)
{
    (void)state;
    ec_payment *out = NULL;
    ec_order *order = NULL;
    ec_id payment = 0;
    ec_id id = order_of_mugs(&payment);
    assert_ok(s, ec_payment_capture(s, payment, 0, "take", &out));
    ec_free(out);
    provider.slow = 'r';
    ec_refund_request request = {.amount = 1500, .payment_id = payment, .key = "back"};
    assert_ok(s, ec_order_refund(s, id, &request, &order));
    assert_int_equal(order->refunded_amount, 1500);
    assert_int_equal(order->refunds_count, 1);
    assert_int_equal(order->refunds[0].status, EC_TRANSACTION_SUCCEEDED);
    ec_free(order);
}

static void payment_void__is_in_the_books_although_it_was_given_up(void **state)
{
    (void)state;
    ec_payment *out = NULL;
    ec_id payment = 0;
    (void)order_of_mugs(&payment);
    provider.slow = 'x';
    assert_ok(s, ec_payment_void(s, payment, "up", &out));
    assert_int_equal(out->status, EC_PAYMENT_VOIDED);
    ec_free(out);
}

static void checkout__gives_back_what_was_reserved_too_late(void **state)
{
    (void)state;
    ec_order *order = NULL;
    ec_id cart = cart_of_mugs();
    ec_checkout_request request = request_of(cart);
    provider.slow = 'a';
    provider.loses = true;
    assert_int_not_equal(ec_checkout(s, &request, &order), EC_OK);
    reconcile(s);
    reconcile(s);
    assert_int_equal(provider.authorized, 5000);
    assert_int_equal(provider.given_up, 5000);
    assert_int_equal(sum("authorized_amount"), 0);
    assert_ok(s, ec_checkout(s, &request, &order));
    ec_free(order);
}

static void reconcile__gives_money_back_until_it_has_arrived(void **state)
{
    (void)state;
    ec_order *order = NULL;
    ec_checkout_request request = request_of(cart_of_mugs());
    provider.slow = 'a';
    provider.loses = true;
    assert_int_not_equal(ec_checkout(s, &request, &order), EC_OK);
    provider.slow = 'x'; /* the giving back is lost on its way */
    provider.never = true;
    reconcile(s);
    assert_int_equal(provider.given_up, 0);
    reconcile(s);
    assert_int_equal(provider.given_up, 5000);
    assert_int_equal(sum("authorized_amount"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(payment_capture__is_in_the_books_although_it_was_given_up,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(
            payment_capture__is_asked_about_again_when_its_answer_was_lost, setup, teardown),
        cmocka_unit_test_setup_teardown(order_refund__is_in_the_books_although_it_was_given_up,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(payment_void__is_in_the_books_although_it_was_given_up,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(checkout__gives_back_what_was_reserved_too_late, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(reconcile__gives_money_back_until_it_has_arrived, setup,
                                        teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
