/* SPDX-License-Identifier: MIT */
/*
 * checkout_credit.c - gift cards and store credit in a checkout: alone, beside a provider, and back
 * when that says no.
 */
#include "harness/harness.h"
#include "harness/sale.h"

typedef struct shop {
    ec_engine *engine;
    ec_session *staff;
    ec_session *guest;
    ec_id mate; /* 10 units at 1000 */
    ec_id cart; /* the guest's, with five */
    char code[32];
    ec_id card; /* of 3000 */
} shop;

static int set_up(void **state)
{
    shop *s = calloc(1, sizeof(*s));
    ec_credit_list *list = NULL;
    ec_cart *cart = NULL;
    s->engine = shop_open();
    s->staff = session_system(s->engine);
    s->guest = session_guest(s->engine);
    s->mate = sale_variant(s->engine, "MATE", 1000, 10);
    ec_gift_card_request request = {.amount = 3000};
    assert_ok(s->staff, ec_gift_card_issue(s->staff, &request, &list));
    s->card = list->items[0].id;
    snprintf(s->code, sizeof s->code, "%s", list->items[0].code);
    ec_free(list);
    assert_ok(s->guest, ec_cart_open(s->guest, &cart));
    s->cart = cart->id;
    assert_ok(s->guest, ec_session_cart_token(s->guest, cart->token));
    ec_free(cart);
    assert_ok(s->guest, ec_cart_add(s->guest, s->cart, s->mate, 5, -1, &cart));
    ec_free(cart);
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
    world_set(WORLD_START);
    free(s);
    return 0;
}

static ec_checkout_request request_of(shop *s, const char *token, const ec_credit_tender *credits)
{
    ec_checkout_request request = EC_CHECKOUT_REQUEST_INIT;
    request.cart_id = s->cart;
    request.key = "k";
    request.email = "ana@example.com";
    request.shipping_address = &sale_address;
    request.payment_provider = token == NULL ? NULL : "manual";
    request.payment_method = token == NULL ? NULL : "card";
    request.payment_token = token;
    request.credits = credits;
    request.credits_count = 1;
    return request;
}

static int64_t balance(shop *s)
{
    ec_credit *account = NULL;
    assert_ok(s->staff, ec_credit_get(s->staff, s->card, &account));
    int64_t amount = account->balance;
    ec_free(account);
    return amount;
}

static void checkout__a_card_pays_a_part_and_the_rest_is_awaited(void **state)
{
    shop *s = *state;
    ec_order *order = NULL;
    ec_credit_tender card = {.code = s->code};
    ec_checkout_request request = request_of(s, NULL, &card);
    for (int i = 0; i < 2; i++) { /* and once more under the same key */
        assert_ok(s->guest, ec_checkout(s->guest, &request, &order));
        assert_int_equal(order->paid_amount, 3000);
        assert_int_equal(order->payment_status, EC_ORDER_PAYMENT_PARTIALLY_PAID);
        assert_int_equal(order->state, EC_STATE_PLACED);
        assert_int_equal(order->payments_count, 1);
        assert_int_equal(order->payments[0].status, EC_PAYMENT_CAPTURED);
        assert_int_equal(balance(s), 0);
        ec_free(order);
    }
}

static void checkout__a_card_that_pays_all_asks_no_provider(void **state)
{
    shop *s = *state;
    ec_order *order = NULL;
    ec_credit *account = NULL;
    ec_credit_tender card = {.code = s->code};
    ec_checkout_request request = request_of(s, "tok_declined", &card);
    assert_ok(s->staff, ec_credit_adjust(s->staff, s->card, 7000, NULL, &account));
    ec_free(account);
    assert_ok(s->guest, ec_checkout(s->guest, &request, &order));
    assert_int_equal(order->payment_status, EC_ORDER_PAYMENT_PAID);
    assert_int_equal(order->state, EC_STATE_CONFIRMED);
    assert_int_equal(order->payments_count, 1);
    assert_int_equal(balance(s), 5000);
    ec_free(order);
}

static void checkout__the_provider_is_asked_for_the_rest_only(void **state)
{
    shop *s = *state;
    ec_order *order = NULL;
    ec_credit_tender card = {.code = s->code, .amount = 1200};
    ec_checkout_request request = request_of(s, "tok_ok", &card);
    assert_ok(s->guest, ec_checkout(s->guest, &request, &order));
    assert_int_equal(order->payments_count, 2);
    assert_int_equal(order->payments[0].captured_amount, 1200);
    assert_int_equal(order->payments[1].authorized_amount, 3800);
    assert_int_equal(order->payments[1].captured_amount, 0);
    assert_int_equal(order->payment_status, EC_ORDER_PAYMENT_PARTIALLY_PAID);
    assert_int_equal(order->state, EC_STATE_CONFIRMED); /* all of it is secured */
    assert_int_equal(balance(s), 1800);
    ec_id id = order->id;
    ec_id payment_id = order->payments[1].id;
    ec_free(order);
    /* nothing is owed besides what is reserved */
    ec_credit_tender more = {.code = s->code};
    assert_status(s->staff, ec_order_pay_credit(s->staff, id, &more, "m", &order), EC_STATE);
    ec_payment *payment = NULL;
    assert_ok(s->staff, ec_payment_capture(s->staff, payment_id, 0, "c", &payment));
    ec_free(payment);
    assert_ok(s->staff, ec_order_get(s->staff, id, &order));
    assert_int_equal(order->payment_status, EC_ORDER_PAYMENT_PAID);
    ec_free(order);
}

static void checkout__captured_at_once_is_paid(void **state)
{
    shop *s = *state;
    ec_order *order = NULL;
    ec_credit_tender card = {.code = s->code};
    ec_checkout_request request = request_of(s, "tok_ok", &card);
    request.capture = true;
    assert_ok(s->guest, ec_checkout(s->guest, &request, &order));
    assert_int_equal(order->payment_status, EC_ORDER_PAYMENT_PAID);
    assert_int_equal(order->paid_amount, 5000);
    ec_free(order);
}

static void checkout__a_decline_gives_the_credit_back(void **state)
{
    shop *s = *state;
    ec_order *order = NULL;
    ec_credit_entry_list *entries = NULL;
    ec_credit_tender card = {.code = s->code};
    ec_checkout_request request = request_of(s, "tok_declined", &card);
    assert_status(s->guest, ec_checkout(s->guest, &request, &order), EC_DECLINED);
    assert_int_equal(balance(s), 3000);
    assert_ok(s->staff, ec_credit_entries(s->staff, s->card, NULL, &entries));
    assert_int_equal(entries->items_count, 3);
    assert_int_equal(entries->items[0].kind, EC_CREDIT_REFUND);
    assert_int_equal(entries->items[1].kind, EC_CREDIT_REDEEM);
    ec_free(entries);
    sale_verified(s->engine);
    request.payment_token = "tok_ok"; /* the same key again */
    assert_ok(s->guest, ec_checkout(s->guest, &request, &order));
    assert_int_equal(order->paid_amount, 3000);
    ec_free(order);
    assert_int_equal(balance(s), 0);
}

static void checkout__an_unknown_outcome_keeps_the_credit_until_it_is_known(void **state)
{
    shop *s = *state;
    ec_order *order = NULL;
    ec_reconciliation *done = NULL;
    ec_credit_tender card = {.code = s->code};
    ec_checkout_request request = request_of(s, "tok_timeout_before", &card);
    assert_status(s->guest, ec_checkout(s->guest, &request, &order), EC_UNKNOWN);
    assert_int_equal(balance(s), 0);
    sale_verified(s->engine);
    /* nobody may give up or take what a checkout holds */
    ec_payment *payment = NULL;
    ec_id held = shop_sql_int(s->engine, "SELECT MIN(id) FROM payments");
    assert_status(s->staff, ec_payment_void(s->staff, held, "v", &payment), EC_STATE);
    assert_status(s->staff, ec_payment_capture(s->staff, held, 0, "v", &payment), EC_STATE);
    assert_ok(s->staff, ec_payment_reconcile(s->staff, 0, &done));
    assert_int_equal(done->settled, 1);
    ec_free(done);
    assert_int_equal(balance(s), 3000);
}

static void checkout__names_each_account_that_does_not_do(void **state)
{
    shop *s = *state;
    ec_order *order = NULL;
    ec_credit_tender credits[] = {{.code = s->code, .amount = 3001},
                                  {.code = "0000"},
                                  {.code = s->code},
                                  {.credit_id = s->card}};
    ec_checkout_request request = request_of(s, NULL, credits);
    request.credits_count = 4;
    assert_status(s->guest, ec_checkout(s->guest, &request, &order), EC_INVALID);
    assert_field_error(s->guest, "credits[0].amount", "max");
    assert_field_error(s->guest, "credits[1].code", "reference");
    assert_field_error(s->guest, "credits[3].credit_id", "reference");
    credits[0].amount = 10;
    credits[1].code = s->code;
    request.credits_count = 2;
    assert_status(s->guest, ec_checkout(s->guest, &request, &order), EC_INVALID);
    assert_field_error(s->guest, "credits[1].code", "unique");
    request.credits_count = EC_CREDITS_MAX + 1;
    assert_status(s->guest, ec_checkout(s->guest, &request, &order), EC_INVALID);
    assert_field_error(s->guest, "credits", "max_items");
    request.credits_count = 1;
    request.credits = NULL;
    assert_status(s->guest, ec_checkout(s->guest, &request, &order), EC_INVALID);
    assert_field_error(s->guest, "credits", "required");
    assert_int_equal(balance(s), 3000);
}

static void checkout__several_accounts_pay_in_their_order(void **state)
{
    shop *s = *state;
    ec_order *order = NULL;
    ec_cart *cart = NULL;
    ec_credit *credit = NULL;
    ec_id user = shop_customer(s->engine, "eva@example.com");
    ec_session *eva = session_customer(s->engine, user);
    assert_ok(s->staff, ec_credit_issue(s->staff, user, 900, NULL, NULL, &credit));
    assert_ok(eva, ec_cart_open(eva, &cart));
    ec_id cart_id = cart->id;
    ec_free(cart);
    assert_ok(eva, ec_cart_add(eva, cart_id, s->mate, 3, -1, &cart));
    ec_free(cart);
    ec_credit_tender credits[] = {{.credit_id = credit->id}, {.code = s->code}};
    ec_checkout_request request = request_of(s, NULL, credits);
    request.cart_id = cart_id;
    request.credits_count = 2;
    assert_ok(eva, ec_checkout(eva, &request, &order));
    assert_int_equal(order->payments_count, 2);
    assert_int_equal(order->payments[0].amount, 900);
    assert_int_equal(order->payments[1].amount, 2100);
    assert_int_equal(order->payment_status, EC_ORDER_PAYMENT_PAID);
    assert_int_equal(balance(s), 900);
    ec_free(order);
    ec_free(credit);
    ec_session_close(eva);
}

static void checkout__gives_the_credit_back_when_the_goods_are_gone(void **state)
{
    shop *s = *state;
    ec_order *order = NULL;
    ec_reconciliation *done = NULL;
    ec_credit_tender card = {.code = s->code};
    ec_checkout_request request = request_of(s, "tok_timeout_after", &card);
    assert_status(s->guest, ec_checkout(s->guest, &request, &order), EC_UNKNOWN);
    world_advance(INT64_C(3600) * 1000); /* the holds run out and others buy */
    assert_ok(s->staff, ec_stock_sweep(s->staff, 0, NULL));
    const sale_line lines[] = {{s->mate, 8}, {0, 0}};
    ec_free(sale_order(s->staff, "other", lines));
    assert_ok(s->staff, ec_payment_reconcile(s->staff, 0, &done));
    ec_free(done);
    assert_int_equal(balance(s), 3000);
}

int main(void)
{
#define CASE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        CASE(checkout__a_card_pays_a_part_and_the_rest_is_awaited),
        CASE(checkout__a_card_that_pays_all_asks_no_provider),
        CASE(checkout__the_provider_is_asked_for_the_rest_only),
        CASE(checkout__captured_at_once_is_paid),
        CASE(checkout__a_decline_gives_the_credit_back),
        CASE(checkout__an_unknown_outcome_keeps_the_credit_until_it_is_known),
        CASE(checkout__names_each_account_that_does_not_do),
        CASE(checkout__several_accounts_pay_in_their_order),
        CASE(checkout__gives_the_credit_back_when_the_goods_are_gone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
