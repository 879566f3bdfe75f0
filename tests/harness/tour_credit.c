/* SPDX-License-Identifier: MIT */
/*
 * tour_credit.c - gift cards and store credit: issuing, looking up, paying, giving back, ending.
 */
#include "harness/sale.h"
#include "harness/tour.h"

static ec_id order_of(ec_session *session, ec_id variant, const char *key)
{
    const sale_line lines[] = {{variant, 5}, {0, 0}};
    assert_ok(session, ec_session_cart_token(session, NULL));
    ec_order *order = sale_order(session, key, lines);
    ec_id id = order->id;
    ec_free(order);
    return id;
}

static void tour_accounts(ec_session *session, ec_id card, ec_id user)
{
    ec_credit *account = NULL;
    ec_credit_list *list = NULL;
    ec_credit_entry_list *entries = NULL;
    for (int i = 0; i < 2; i++) {
        assert_ok(session, ec_credit_issue(session, user, 500, NULL, "tour", &account));
        ec_free(account);
    }
    assert_ok(session, ec_credit_adjust(session, card, 100, NULL, &account));
    ec_free(account);
    ec_credit change = {.note = "tour"};
    assert_ok(session,
              ec_credit_update(session, card, &change, ec_mask_of("credit", "note"), &account));
    ec_free(account);
    const ec_credit_filter filters[] = {
        {0},
        {.newest_first = true},
        {.user_id = user},
        {.kind = "gift_card"},
        {.status = "active"},
        {.kind = "gift_card", .status = "active"},
        {.code_end = "ABCD"},
        {.code_end = "ABCD", .kind = "gift_card", .status = "active"},
    };
    for (size_t i = 0; i < sizeof filters / sizeof filters[0]; i++) {
        ec_page page = {.limit = 1, .total = true};
        assert_ok(session, ec_credit_find(session, &filters[i], &page, &list));
        page.cursor = list->next_cursor;
        ec_credit_list *next = NULL;
        assert_ok(session, ec_credit_find(session, &filters[i], &page, &next));
        ec_free(next);
        ec_free(list);
    }
    ec_page page = {.limit = 1, .total = true};
    assert_ok(session, ec_credit_entries(session, card, &page, &entries));
    page.cursor = entries->next_cursor;
    ec_credit_entry_list *next = NULL;
    assert_ok(session, ec_credit_entries(session, card, &page, &next));
    ec_free(next);
    ec_free(entries);
}

static void tour_paying(ec_session *session, ec_id variant, ec_id card, const char *code)
{
    ec_order *order = NULL;
    ec_id id = order_of(session, variant, "tour-credit");
    ec_credit_tender tenders[] = {{.code = code, .amount = 700}, {.credit_id = card, .amount = 50}};
    for (size_t i = 0; i < 2; i++) {
        char key[16];
        snprintf(key, sizeof key, "tour-c%zu", i);
        for (int again = 0; again < 2; again++) {
            assert_ok(session, ec_order_pay_credit(session, id, &tenders[i], key, &order));
            ec_free(order);
        }
    }
    ec_refund_request refund = {.amount = 10, .key = "tour-credit"};
    assert_ok(session, ec_order_refund(session, id, &refund, &order));
    ec_free(order);
    assert_ok(session, ec_order_cancel(session, id, NULL, &order));
    ec_free(order);
    ec_ledger *ledger = NULL;
    assert_ok(session, ec_order_ledger(session, id, &ledger));
    ec_free(ledger);
}

/* A part by card, the rest by a provider that says yes or no. */
static void tour_checkout(ec_session *session, ec_id variant, const char *code, const char *token)
{
    ec_cart *cart = NULL;
    ec_order *order = NULL;
    ec_credit_tender tender = {.code = code, .amount = 20};
    assert_ok(session, ec_session_cart_token(session, NULL));
    assert_ok(session, ec_cart_open(session, &cart));
    ec_checkout_request request = EC_CHECKOUT_REQUEST_INIT;
    request.cart_id = cart->id;
    request.key = "tour-checkout-credit";
    request.email = "gabriela@example.com";
    request.shipping_address = &sale_address;
    request.payment_provider = token != NULL ? "manual" : NULL;
    request.payment_method = token != NULL ? "card" : NULL;
    request.payment_token = token;
    request.credits = &tender;
    request.credits_count = 1;
    ec_free(cart);
    assert_ok(session, ec_cart_add(session, request.cart_id, variant, 1, -1, &cart));
    ec_free(cart);
    ec_status status = ec_checkout(session, &request, &order);
    assert_true(status == EC_OK || status == EC_DECLINED);
    ec_free(order);
}

static void tour_to_credit(ec_engine *engine, ec_session *session, ec_id user, ec_id variant)
{
    ec_order *order = NULL;
    ec_session *customer = session_customer(engine, user);
    const sale_line lines[] = {{variant, 1}, {0, 0}};
    ec_order *paid = sale_paid_order(customer, "tour-back", lines);
    ec_refund_request refund = {.amount = 10, .key = "tour-back", .to_credit = true};
    assert_ok(session, ec_order_refund(session, paid->id, &refund, &order));
    ec_free(order);
    ec_free(paid);
    ec_session_close(customer);
}

void tour_credit(ec_session *session)
{
    int64_t ended = 0;
    ec_credit *account = NULL;
    ec_credit_list *list = NULL;
    ec_engine *engine = ec_session_engine(session);
    ec_id variant = sale_variant(engine, "TOUR-CREDIT", 1000, 1000);
    ec_id user = shop_customer(engine, "credit@example.com");
    ec_gift_card_request request = {
        .amount = 3000, .count = 2, .expires_at = world_now() + 1000, .note = "tour"};
    assert_ok(session, ec_gift_card_issue(session, &request, &list));
    assert_ok(session, ec_gift_card_by_code(session, list->items[0].code, &account));
    ec_free(account);
    assert_ok(session, ec_credit_get(session, list->items[0].id, &account));
    ec_free(account);
    tour_accounts(session, list->items[0].id, user);
    tour_paying(session, variant, list->items[1].id, list->items[0].code);
    tour_checkout(session, variant, list->items[0].code, NULL);
    tour_checkout(session, variant, list->items[0].code, "tok_ok");
    tour_checkout(session, variant, list->items[0].code, "tok_declined");
    tour_to_credit(engine, session, user, variant);
    ec_free(list);
    world_advance(1000);
    assert_ok(session, ec_credit_expire(session, 10, &ended));
    assert_int_equal(ended, 2);
}
