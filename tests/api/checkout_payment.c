/* SPDX-License-Identifier: MIT */
/*
 * checkout_payment.c - checkouts that are paid: declines, time-outs, holds that run out,
 * interrupted callers, and the reconciliation that ends what nobody knows.
 */
#include <ecommerce/sys/manual.h>

#include "harness/harness.h"
#include "harness/sale.h"

typedef struct shop {
    ec_engine *engine;
    ec_session *guest;
    ec_session *system;
    ec_id cart;
    ec_id mate; /* 10 units at 1000 */
    ec_checkout_request request;
} shop;

static ec_id open_cart(ec_session *session)
{
    ec_cart *cart = NULL;
    assert_ok(session, ec_cart_open(session, &cart));
    ec_id id = cart->id;
    if (cart->token != NULL) assert_ok(session, ec_session_cart_token(session, cart->token));
    ec_free(cart);
    return id;
}

static void add(ec_session *session, ec_id cart, ec_id variant, int64_t quantity)
{
    ec_cart *out = NULL;
    assert_ok(session, ec_cart_add(session, cart, variant, quantity, -1, &out));
    ec_free(out);
}

static ec_checkout_request request_for(ec_id cart, const char *token)
{
    ec_checkout_request request = EC_CHECKOUT_REQUEST_INIT;
    request.cart_id = cart;
    request.key = "key";
    request.email = "ana@example.com";
    request.shipping_address = &sale_address;
    request.payment_provider = "manual";
    request.payment_method = "card";
    request.payment_token = token;
    return request;
}

static int set_up(void **state)
{
    shop *s = calloc(1, sizeof(*s));
    s->engine = shop_open();
    s->guest = session_guest(s->engine);
    s->system = session_system(s->engine);
    s->mate = sale_variant(s->engine, "MATE", 1000, 10);
    s->cart = open_cart(s->guest);
    add(s->guest, s->cart, s->mate, 3);
    s->request = request_for(s->cart, "tok_ok");
    *state = s;
    return 0;
}

static int tear_down(void **state)
{
    shop *s = *state;
    sale_verified(s->engine);
    ec_session_close(s->guest);
    ec_session_close(s->system);
    shop_close(s->engine);
    free(s);
    return 0;
}

static ec_order *paid(shop *s)
{
    ec_order *order = NULL;
    assert_ok(s->guest, ec_checkout(s->guest, &s->request, &order));
    assert_non_null(order);
    return order;
}

static void fails(shop *s, ec_status status)
{
    ec_order *order = NULL;
    assert_status(s->guest, ec_checkout(s->guest, &s->request, &order), status);
    assert_null(order);
}

static void cart_is(shop *s, ec_cart_status status)
{
    ec_cart *cart = NULL;
    assert_ok(s->system, ec_cart_get(s->system, s->cart, &cart));
    assert_int_equal(cart->status, status);
    ec_free(cart);
}

static void reconciled(shop *s, int64_t asked, int64_t settled, int64_t unknown)
{
    ec_reconciliation *done = NULL;
    assert_ok(s->system, ec_payment_reconcile(s->system, 0, &done));
    assert_int_equal(done->asked, asked);
    assert_int_equal(done->settled, settled);
    assert_int_equal(done->unknown, unknown);
    ec_free(done);
}

static int64_t orders(shop *s)
{
    return shop_sql_int(s->engine, "SELECT COUNT(*) FROM orders");
}

/* ---- what a provider answers ---- */

static void checkout__reserves_the_money(void **state)
{
    shop *s = *state;
    ec_order *order = paid(s);
    assert_int_equal(order->payment_status, EC_ORDER_PAYMENT_AUTHORIZED);
    assert_int_equal(order->status, EC_ORDER_CONFIRMED);
    assert_int_equal(order->payments_count, 1);
    assert_int_equal(order->payments[0].status, EC_PAYMENT_AUTHORIZED);
    assert_int_equal(order->payments[0].authorized_amount, 3000);
    assert_int_equal(order->payments[0].captured_amount, 0);
    assert_non_null(order->payments[0].reference);
    assert_string_equal(order->payment_reference, order->payments[0].reference);
    assert_int_equal(order->payments[0].transactions_count, 1);
    assert_int_equal(sale_committed(s->engine, s->mate), 3);
    assert_int_equal(shop_sql_int(s->engine, "SELECT COUNT(*) FROM reservations"
                                             " WHERE order_id IS NOT NULL AND expires_at IS NULL"
                                             " AND state = 'active'"),
                     1);
    ec_free(order);
}

static void checkout__takes_the_money_when_asked_to(void **state)
{
    shop *s = *state;
    s->request.capture = true;
    ec_order *order = paid(s);
    assert_int_equal(order->payment_status, EC_ORDER_PAYMENT_PAID);
    assert_int_equal(order->paid_amount, 3000);
    assert_int_equal(order->payments[0].status, EC_PAYMENT_CAPTURED);
    ec_free(order);
}

static void checkout__stands_when_only_the_capture_fails(void **state)
{
    shop *s = *state;
    s->request.capture = true;
    s->request.payment_token = "tok_capture_fails";
    ec_order *order = paid(s);
    assert_int_equal(order->payment_status, EC_ORDER_PAYMENT_AUTHORIZED);
    assert_string_equal(order->payments[0].problem, "capture failed");
    ec_free(order);
}

static void checkout__repeated_pays_once(void **state)
{
    shop *s = *state;
    ec_order *first = paid(s), *second = paid(s);
    char *one = NULL, *two = NULL;
    assert_ok(s->system, ec_to_json(s->system, "order", first, &one));
    assert_ok(s->system, ec_to_json(s->system, "order", second, &two));
    assert_string_equal(one, two);
    assert_int_equal(shop_sql_int(s->engine, "SELECT COUNT(*) FROM payment_transactions"), 1);
    ec_free(one);
    ec_free(two);
    ec_free(first);
    ec_free(second);
}

static void checkout__declined_opens_the_cart_again(void **state)
{
    shop *s = *state;
    s->request.payment_token = "tok_insufficient_funds";
    fails(s, EC_DECLINED);
    assert_non_null(strstr(ec_session_error(s->guest)->message, "insufficient funds"));
    cart_is(s, EC_CART_OPEN);
    assert_int_equal(orders(s), 0);
    assert_int_equal(sale_committed(s->engine, s->mate), 0);
    assert_int_equal(shop_sql_int(s->engine, "SELECT COUNT(*) FROM payments"
                                             " WHERE status = 'failed'"),
                     1);
    /* the same key, another card */
    s->request.payment_token = "tok_declined";
    fails(s, EC_DECLINED);
    s->request.payment_token = "tok_ok";
    ec_order *order = paid(s);
    assert_int_equal(order->payments_count, 1);
    assert_string_equal(order->order_number, "1001");
    ec_free(order);
}

static void checkout__never_stores_the_token(void **state)
{
    shop *s = *state;
    s->request.payment_token = "tok_unknown_forever";
    fails(s, EC_UNKNOWN);
    assert_int_equal(
        shop_sql_int(s->engine, "SELECT COUNT(*) FROM carts WHERE checkout LIKE '%tok_unknown%'"),
        0);
    assert_int_equal(
        shop_sql_int(s->engine, "SELECT COUNT(*) FROM carts WHERE checkout LIKE '%example.com%'"),
        1);
}

/* ---- unknown outcomes ---- */

static void checkout__unknown_freezes_the_cart(void **state)
{
    shop *s = *state;
    ec_cart *cart = NULL;
    s->request.payment_token = "tok_unknown_forever";
    fails(s, EC_UNKNOWN);
    cart_is(s, EC_CART_PAYING);
    assert_status(s->guest, ec_cart_add(s->guest, s->cart, s->mate, 1, -1, &cart), EC_STATE);
    assert_status(s->guest, ec_cart_clear(s->guest, s->cart, &cart), EC_STATE);
    assert_int_equal(sale_committed(s->engine, s->mate), 3);
    fails(s, EC_UNKNOWN);
    s->request.key = "another";
    fails(s, EC_STATE);
    reconciled(s, 1, 0, 1);
    cart_is(s, EC_CART_PAYING);
}

static void reconcile__finishes_a_checkout_that_was_paid(void **state)
{
    shop *s = *state;
    s->request.payment_token = "tok_timeout_after";
    s->request.capture = true;
    fails(s, EC_UNKNOWN);
    assert_int_equal(orders(s), 0);
    reconciled(s, 1, 1, 0);
    assert_int_equal(orders(s), 1);
    cart_is(s, EC_CART_ORDERED);
    ec_order *order = paid(s);
    assert_int_equal(order->payment_status, EC_ORDER_PAYMENT_PAID);
    ec_free(order);
    reconciled(s, 0, 0, 0);
}

static void reconcile__opens_a_cart_whose_payment_never_arrived(void **state)
{
    shop *s = *state;
    s->request.payment_token = "tok_timeout_before";
    fails(s, EC_UNKNOWN);
    reconciled(s, 1, 1, 0);
    cart_is(s, EC_CART_OPEN);
    assert_int_equal(sale_committed(s->engine, s->mate), 0);
    s->request.payment_token = "tok_ok";
    ec_free(paid(s));
    assert_int_equal(orders(s), 1);
}

static void checkout__asked_again_finishes_what_timed_out(void **state)
{
    shop *s = *state;
    s->request.payment_token = "tok_timeout_after";
    fails(s, EC_UNKNOWN);
    ec_order *order = paid(s);
    assert_int_equal(order->payments[0].transactions_count, 1);
    ec_free(order);
}

static void checkout__is_frozen_at_the_price_that_is_paid(void **state)
{
    shop *s = *state;
    s->request.payment_token = "tok_timeout_after";
    fails(s, EC_UNKNOWN);
    shop_sql(s->engine, "UPDATE product_variants SET price = 9999;"
                        "UPDATE products SET name = 'Renamed', status = 'archived'");
    reconciled(s, 1, 1, 0);
    ec_order *order = paid(s);
    assert_int_equal(order->total_amount, 3000);
    assert_string_equal(order->items[0].name, "Product MATE");
    ec_free(order);
}

static void checkout__holds_again_what_expired_while_it_was_paid(void **state)
{
    shop *s = *state;
    int64_t ended = 0;
    s->request.payment_token = "tok_timeout_after";
    fails(s, EC_UNKNOWN);
    world_advance(16 * 60 * 1000);
    assert_ok(s->system, ec_stock_sweep(s->system, 0, &ended));
    assert_int_equal(ended, 1);
    assert_int_equal(sale_committed(s->engine, s->mate), 0);
    reconciled(s, 1, 1, 0);
    assert_int_equal(orders(s), 1);
    assert_int_equal(sale_committed(s->engine, s->mate), 3);
}

static void checkout__gives_the_money_back_when_the_goods_went_meanwhile(void **state)
{
    shop *s = *state;
    ec_order *order = NULL;
    int64_t ended = 0;
    s->request.payment_token = "tok_timeout_after";
    fails(s, EC_UNKNOWN);
    world_advance(16 * 60 * 1000);
    assert_ok(s->system, ec_stock_sweep(s->system, 0, &ended));
    ec_session *other = session_guest(s->engine);
    ec_id cart = open_cart(other);
    add(other, cart, s->mate, 9);
    ec_checkout_request request = request_for(cart, NULL);
    request.payment_provider = NULL;
    assert_ok(other, ec_checkout(other, &request, &order));
    ec_free(order);
    ec_session_close(other);
    fails(s, EC_OUT_OF_STOCK);
    cart_is(s, EC_CART_OPEN);
    assert_int_equal(orders(s), 1);
    assert_int_equal(sale_committed(s->engine, s->mate), 9);
    assert_int_equal(shop_sql_int(s->engine, "SELECT COUNT(*) FROM payments"
                                             " WHERE status = 'voided'"),
                     1);
    assert_int_equal(shop_sql_int(s->engine, "SELECT COUNT(*) FROM payment_transactions"
                                             " WHERE kind = 'void' AND status = 'succeeded'"),
                     1);
}

static void checkout__is_finished_by_another_when_its_caller_died(void **state)
{
    shop *s = *state;
    /* as a process leaves it that ends between the first step and the second */
    s->request.payment_token = "tok_timeout_before";
    fails(s, EC_UNKNOWN);
    shop_sql(s->engine, "UPDATE payment_transactions SET status = 'pending';"
                        "UPDATE payments SET status = 'pending'");
    s->request.payment_token = "tok_ok";
    ec_free(paid(s));
    assert_int_equal(orders(s), 1);
}

static ec_status in_transaction(ec_session *session, void *ctx)
{
    ec_order *order = NULL;
    return ec_checkout(session, ctx, &order);
}

static void checkout__asks_no_provider_inside_a_transaction(void **state)
{
    shop *s = *state;
    assert_status(s->guest, ec_transact(s->guest, in_transaction, &s->request), EC_STATE);
    cart_is(s, EC_CART_OPEN);
    assert_int_equal(shop_sql_int(s->engine, "SELECT COUNT(*) FROM payments"), 0);
}

static void checkout__refuses_a_method_that_the_provider_has_not(void **state)
{
    shop *s = *state;
    s->request.payment_method = "barter";
    fails(s, EC_INVALID);
    assert_field_error(s->guest, "payment_method", "reference");
    cart_is(s, EC_CART_OPEN);
}

/* Whatever step it stops at, asking again finishes it; nobody pays twice. */
static void checkout__goes_on_where_it_ran_out_of_memory(void **state)
{
    shop *s = *state;
    int64_t rounds = 0;
    bool failed = true;
    ec_id book = sale_variant(s->engine, "BOOK", 100, -1);
    for (int64_t n = 1; failed; n++, rounds++) {
        ec_order *order = NULL;
        ec_session *shopper = session_system(s->engine);
        ec_id cart = open_cart(shopper);
        add(shopper, cart, book, 1);
        ec_session_close(shopper);
        ec_session *session = session_system(s->engine); /* with no memory in store */
        ec_checkout_request request = request_for(cart, "tok_ok");
        request.capture = n % 2 == 0;
        world_fail(n, false);
        ec_status status = ec_checkout(session, &request, &order);
        failed = world_failed();
        world_fail(0, false);
        assert_true(status == EC_OK || status == EC_NO_MEMORY || status == EC_UNKNOWN);
        if (status != EC_OK) assert_ok(session, ec_checkout(session, &request, &order));
        assert_int_equal(order->payments_count, 1);
        ec_free(order);
        ec_session_close(session);
    }
    assert_true(rounds > 20);
    assert_int_equal(orders(s), rounds);
    assert_int_equal(shop_sql_int(s->engine, "SELECT SUM(quantity) FROM order_items"), rounds);
}

/* ---- a provider of the test's own ---- */

typedef struct own {
    ec_payment_provider base;
    ec_status status;
    bool captured;
    ec_engine *engine; /* to reconcile while it is asked */
    int asked;
} own;

static void meddle(own *self)
{
    if (self->engine == NULL) return;
    ec_reconciliation *done = NULL;
    ec_session *session = session_system(self->engine);
    assert_ok(session, ec_payment_reconcile(session, 0, &done));
    assert_int_equal(done->settled, 1);
    ec_free(done);
    ec_session_close(session);
    self->engine = NULL;
}

static ec_status own_authorize(ec_payment_provider *base, const ec_payment_request *request,
                               ec_payment_answer *answer)
{
    own *self = (own *)base;
    self->asked++;
    meddle(self);
    answer->captured = self->captured;
    (void)snprintf(answer->reference, sizeof(answer->reference), "own_%s", request->attempt_key);
    return self->status;
}

static ec_status own_yes(ec_payment_provider *base, const ec_payment_request *request,
                         ec_payment_answer *answer)
{
    (void)base;
    (void)request;
    (void)answer;
    return EC_OK;
}

static ec_status own_never(ec_payment_provider *base, const ec_payment_request *request,
                           ec_payment_answer *answer)
{
    (void)base;
    (void)request;
    (void)answer;
    return EC_NOT_FOUND;
}

static void own_close(ec_payment_provider *base)
{
    free(base);
}

static own *own_new(ec_engine *engine)
{
    static const char *const methods[] = {"card", NULL};
    static const ec_payment_ops ops = {
        .version = EC_PAYMENT_OPS_VERSION,
        .name = "own",
        .methods = methods,
        .authorize = own_authorize,
        .capture = own_yes,
        .cancel = own_yes,
        .refund = own_yes,
        .find = own_never,
        .close = own_close,
    };
    own *self = calloc(1, sizeof(*self));
    self->base.ops = &ops;
    assert_int_equal(ec_payment_register(engine, &self->base), EC_OK);
    return self;
}

static void checkout__believes_a_provider_that_takes_the_money_at_once(void **state)
{
    shop *s = *state;
    own *provider = own_new(s->engine);
    provider->captured = true;
    s->request.payment_provider = "own";
    s->request.capture = true;
    ec_order *order = paid(s);
    assert_int_equal(order->payment_status, EC_ORDER_PAYMENT_PAID);
    assert_int_equal(order->payments[0].captured_amount, 3000);
    assert_int_equal(order->payments[0].transactions_count, 2);
    ec_free(order);
}

/* What makes no sense to the shop stays as it is, and stops no other. */
static void reconcile__goes_on_behind_an_attempt_that_is_stuck(void **state)
{
    shop *s = *state;
    s->request.payment_token = "tok_timeout_after";
    fails(s, EC_UNKNOWN);
    ec_session *other = session_guest(s->engine);
    ec_id cart = open_cart(other);
    add(other, cart, s->mate, 1);
    ec_order *order = NULL;
    ec_checkout_request request = request_for(cart, "tok_timeout_after");
    assert_status(other, ec_checkout(other, &request, &order), EC_UNKNOWN);
    ec_session_close(other);
    shop_sql(s->engine, "UPDATE carts SET checkout = '{}' WHERE id = (SELECT MIN(id) FROM carts)");
    reconciled(s, 2, 1, 1);
    assert_int_equal(orders(s), 1);
    cart_is(s, EC_CART_PAYING);
}

static void checkout__takes_strange_answers_for_unknown(void **state)
{
    shop *s = *state;
    own *provider = own_new(s->engine);
    s->request.payment_provider = "own";
    provider->status = EC_IO;
    fails(s, EC_UNKNOWN);
    provider->status = EC_INVALID;
    fails(s, EC_DECLINED);
    cart_is(s, EC_CART_OPEN);
}

static void checkout__gives_back_what_came_after_it_was_given_up(void **state)
{
    shop *s = *state;
    own *provider = own_new(s->engine);
    s->request.payment_provider = "own";
    provider->engine = s->engine;
    fails(s, EC_DECLINED);
    cart_is(s, EC_CART_OPEN);
    assert_int_equal(orders(s), 0);
    assert_int_equal(shop_sql_int(s->engine, "SELECT COUNT(*) FROM payment_transactions"
                                             " WHERE kind = 'void' AND status = 'succeeded'"),
                     1);
}

static void checkout__pays_back_what_was_taken_after_it_was_given_up(void **state)
{
    shop *s = *state;
    own *provider = own_new(s->engine);
    s->request.payment_provider = "own";
    provider->engine = s->engine;
    provider->captured = true;
    fails(s, EC_DECLINED);
    assert_int_equal(shop_sql_int(s->engine, "SELECT COUNT(*) FROM payments"
                                             " WHERE status = 'refunded' AND order_id IS NULL"),
                     1);
}

static void register__refuses_names_that_are_taken(void **state)
{
    shop *s = *state;
    ec_payment_provider *manual = NULL;
    own *provider = own_new(s->engine);
    assert_int_equal(ec_payment_register(s->engine, &provider->base), EC_EXISTS);
    assert_int_equal(ec_manual_new(world_platform(), &manual), EC_OK);
    assert_int_equal(ec_payment_register(s->engine, manual), EC_EXISTS);
    assert_int_equal(ec_payment_register(NULL, manual), EC_MISUSE);
    assert_int_equal(ec_payment_register(s->engine, NULL), EC_MISUSE);
    manual->ops->close(manual);
    assert_int_equal(ec_manual_new(world_platform(), NULL), EC_MISUSE);
    assert_int_equal(ec_manual_new(NULL, &manual), EC_MISUSE);
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        CASE(checkout__reserves_the_money),
        CASE(checkout__takes_the_money_when_asked_to),
        CASE(checkout__stands_when_only_the_capture_fails),
        CASE(checkout__repeated_pays_once),
        CASE(checkout__declined_opens_the_cart_again),
        CASE(checkout__never_stores_the_token),
        CASE(checkout__unknown_freezes_the_cart),
        CASE(reconcile__finishes_a_checkout_that_was_paid),
        CASE(reconcile__opens_a_cart_whose_payment_never_arrived),
        CASE(checkout__asked_again_finishes_what_timed_out),
        CASE(checkout__is_frozen_at_the_price_that_is_paid),
        CASE(checkout__holds_again_what_expired_while_it_was_paid),
        CASE(checkout__gives_the_money_back_when_the_goods_went_meanwhile),
        CASE(checkout__is_finished_by_another_when_its_caller_died),
        CASE(checkout__asks_no_provider_inside_a_transaction),
        CASE(checkout__refuses_a_method_that_the_provider_has_not),
        CASE(checkout__goes_on_where_it_ran_out_of_memory),
        CASE(checkout__believes_a_provider_that_takes_the_money_at_once),
        CASE(reconcile__goes_on_behind_an_attempt_that_is_stuck),
        CASE(checkout__takes_strange_answers_for_unknown),
        CASE(checkout__gives_back_what_came_after_it_was_given_up),
        CASE(checkout__pays_back_what_was_taken_after_it_was_given_up),
        CASE(register__refuses_names_that_are_taken),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
