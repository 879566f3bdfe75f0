/* SPDX-License-Identifier: MIT */
/*
 * bad_input_credit.c - bad input for the functions of gift cards and store credit.
 */
#include "harness/bad.h"
#include "harness/bad_rows.h"

static bad_shop shop;

CALL(ec_gift_card_issue, S, P(1), P(2))
CALL(ec_gift_card_by_code, S, P(1), P(2))
CALL(ec_credit_issue, S, N(1), N(2), NULL, P(3), P(4))
CALL(ec_credit_adjust, S, N(1), N(2), P(3), P(4))
CALL(ec_credit_update, S, N(1), P(2), (ec_mask)N(3), P(4))
CALL(ec_credit_get, S, N(1), P(2))
CALL(ec_credit_find, S, P(1), P(2), P(3))
CALL(ec_credit_entries, S, N(1), P(2), P(3))
CALL(ec_credit_expire, S, N(1), P(2))
CALL(ec_order_ledger, S, N(1), P(2))
CALL(ec_order_pay_credit, S, N(1), P(2), P(3), P(4))

static const bad_row rows[] = {
    ROW(ec_gift_card_issue, "s obj:cards out", false),
    ROW(ec_gift_card_by_code, "s text:40 out", true),
    ROW(ec_credit_issue, "s id:user num:1:999999999999999 note:255 out", false),
    ROW(ec_credit_adjust, "s id:card num:-3000:999999999996999 note:255 out", true),
    ROW(ec_credit_update, "s id:card obj:change all out", false),
    ROW(ec_credit_get, "s id:card out", false),
    ROW(ec_credit_find, "s obj?:credit_filter obj?:page out", false),
    ROW(ec_credit_entries, "s id:card obj?:page out", false),
    ROW(ec_credit_expire, "s num:0:1000 count?", false),
    ROW(ec_order_ledger, "s id:order out", false),
    ROW(ec_order_pay_credit, "s id:open obj:tender key out", false),
};

static const bad_member page_members[] = {
    BAD(ec_page, limit, 'n', 0, 100),
    BAD(ec_page, page, 'n', 0, INT64_MAX / 10 + 1),
    BAD(ec_page, cursor, 'w', 0, 0),
};
static const bad_member card_members[] = {
    BAD(ec_gift_card_request, amount, 'n', 1, EC_AMOUNT_MAX),
    BAD(ec_gift_card_request, count, 'n', 0, EC_GIFT_CARDS_MAX),
    BAD(ec_gift_card_request, currency, 'w', 0, 0),
    BAD(ec_gift_card_request, note, 't', 0, 255),
};
static const bad_member filter_members[] = {
    BAD(ec_credit_filter, kind, 'w', 0, 0),
    BAD(ec_credit_filter, status, 'w', 0, 0),
};
static const bad_member tender_members[] = {
    BAD(ec_credit_tender, credit_id, 'i', 0, 0),
    BAD(ec_credit_tender, amount, 'n', 0, 3000),
};

static void calls__refuse_bad_input(void **state)
{
    (void)state;
    ec_credit_list *made = NULL;
    bad_shop_open(&shop);
    ec_gift_card_request cards = {.amount = 3000};
    assert_ok(shop.session, ec_gift_card_issue(shop.session, &cards, &made));
    shop.ids[shop.count].name = "card";
    shop.ids[shop.count++].id = made->items[0].id;
    ec_page page = {.limit = 10};
    ec_credit_filter filter = {0};
    ec_credit change = {.note = "for Ana"};
    ec_credit_tender tender = {.credit_id = made->items[0].id, .amount = 100};
    ec_free(made);
    const bad_object objects[] = {
        OBJECT("page", page, page_members),       OBJECT("cards", cards, card_members),
        ENTITY("change", change, "credit"),       OBJECT("credit_filter", filter, filter_members),
        OBJECT("tender", tender, tender_members),
    };
    bad_run(&shop, rows, sizeof rows / sizeof rows[0], objects, sizeof objects / sizeof objects[0]);
    bad_shop_close(&shop);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(calls__refuse_bad_input)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
