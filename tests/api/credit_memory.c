/* SPDX-License-Identifier: MIT */
/*
 * credit_memory.c - every allocation of calls of gift cards and store credit fails once, and from
 * then on for ever: a status, no change, nothing lost.
 */
#include "harness/harness.h"
#include "harness/sale.h"
#include "harness/starve.h"

static char code[32];     /* of a card */
static ec_id order, paid; /* one that awaits money, one that the card has paid a part of */
static ec_id cart, user;

static ec_status issue_cards(ec_session *session, void **block)
{
    ec_gift_card_request request = {.amount = 100, .count = 3, .note = "n"};
    return ec_gift_card_issue(session, &request, (ec_credit_list **)block);
}

static ec_status by_code(ec_session *session, void **block)
{
    return ec_gift_card_by_code(session, code, (ec_credit **)block);
}

static ec_status issue_credit(ec_session *session, void **block)
{
    return ec_credit_issue(session, user, 100, NULL, "n", (ec_credit **)block);
}

static ec_status adjust(ec_session *session, void **block)
{
    return ec_credit_adjust(session, 1, -5, NULL, (ec_credit **)block);
}

static ec_status update(ec_session *session, void **block)
{
    ec_credit change = {.note = "other"};
    return ec_credit_update(session, 1, &change, ec_mask_of("credit", "note"), (ec_credit **)block);
}

static ec_status find(ec_session *session, void **block)
{
    ec_credit_filter filter = {.kind = "gift_card", .status = "active"};
    return ec_credit_find(session, &filter, NULL, (ec_credit_list **)block);
}

static ec_status entries(ec_session *session, void **block)
{
    return ec_credit_entries(session, 1, NULL, (ec_credit_entry_list **)block);
}

static ec_status expire(ec_session *session, void **block)
{
    int64_t ended = 0;
    *block = NULL;
    return ec_credit_expire(session, 10, &ended);
}

static ec_status pay(ec_session *session, void **block)
{
    ec_credit_tender tender = {.code = code};
    return ec_order_pay_credit(session, order, &tender, "pay", (ec_order **)block);
}

static ec_status cancel(ec_session *session, void **block)
{
    return ec_order_cancel(session, paid, NULL, (ec_order **)block);
}

static ec_status ledger(ec_session *session, void **block)
{
    return ec_order_ledger(session, paid, (ec_ledger **)block);
}

static ec_status checkout(ec_session *session, void **block)
{
    ec_credit_tender tender = {.code = code};
    ec_checkout_request request = EC_CHECKOUT_REQUEST_INIT;
    request.cart_id = cart;
    request.key = "checkout";
    request.email = "ana@example.com";
    request.shipping_address = &sale_address;
    request.credits = &tender;
    request.credits_count = 1;
    return ec_checkout(session, &request, (ec_order **)block);
}

static const starve_call calls[] = {
    {"issue_cards", issue_cards}, {"by_code", by_code}, {"issue_credit", issue_credit},
    {"adjust", adjust},           {"update", update},   {"find", find},
    {"entries", entries},         {"expire", expire},   {"pay", pay},
    {"cancel", cancel},           {"ledger", ledger},   {"checkout", checkout},
};

static ec_id order_of(ec_session *session, ec_id variant, const char *key)
{
    const sale_line lines[] = {{variant, 2}, {0, 0}};
    ec_order *made = sale_order(session, key, lines);
    ec_id id = made->id;
    ec_free(made);
    return id;
}

static ec_engine *fresh_shop(void)
{
    ec_engine *shop = shop_open();
    ec_session *session = session_system(shop);
    ec_credit_list *cards = NULL;
    ec_cart *made = NULL;
    ec_order *done = NULL;
    ec_id variant = sale_variant(shop, "CUP", 1000, 100);
    user = shop_customer(shop, "ana@example.com");
    ec_gift_card_request request = {.amount = 3000, .expires_at = WORLD_START + 1000};
    assert_ok(session, ec_gift_card_issue(session, &request, &cards));
    snprintf(code, sizeof code, "%s", cards->items[0].code);
    ec_free(cards);
    order = order_of(session, variant, "awaits");
    paid = order_of(session, variant, "paid");
    ec_credit_tender tender = {.code = code, .amount = 500};
    assert_ok(session, ec_order_pay_credit(session, paid, &tender, "first", &done));
    ec_free(done);
    assert_ok(session, ec_cart_open(session, &made));
    cart = made->id;
    ec_free(made);
    assert_ok(session, ec_cart_add(session, cart, variant, 1, -1, &made));
    ec_free(made);
    ec_session_close(session);
    return shop;
}

static void memory__every_allocation_of_credit_may_fail(void **state)
{
    (void)state;
    starve_calls(fresh_shop, STARVE_WHOLE, calls, sizeof calls / sizeof calls[0]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(memory__every_allocation_of_credit_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
