/* SPDX-License-Identifier: MIT */
/*
 * bad_input_quote.c - bad input for quotes and what carts need for them.
 */
#include "harness/bad.h"
#include "harness/bad_rows.h"
#include "harness/sale.h"

static bad_shop shop;

CALL(ec_quote_make, S, P(1), P(2))
CALL(ec_quote_explain, S, P(1), P(2))
CALL(ec_cart_coupon_add, S, N(1), P(2), P(3))
CALL(ec_cart_coupon_remove, S, N(1), P(2), P(3))
CALL(ec_cart_set_addresses, S, N(1), P(2), P(3), P(4))
CALL(ec_cart_set_shipping, S, N(1), P(2), P(3))
CALL(ec_cart_set_payment, S, N(1), P(2), P(3))

static const bad_row rows[] = {
    ROW(ec_quote_make, "s obj:quote out", false),
    ROW(ec_quote_explain, "s fn:quoted out", false),
    ROW(ec_cart_coupon_add, "s id:cart need:64 out", true),
    ROW(ec_cart_coupon_remove, "s id:cart need:64 out", true),
    ROW(ec_cart_set_addresses, "s id:cart obj?:address obj?:address out", false),
    ROW(ec_cart_set_shipping, "s id:cart note:64 out", true),
    ROW(ec_cart_set_payment, "s id:cart note:50 out", false),
};

static const bad_member quote_members[] = {
    BAD(ec_quote_request, channel_id, 'r', 0, 0),
    BAD(ec_quote_request, user_id, 'r', 0, 0),
    BAD(ec_quote_request, email, 't', 0, 254),
    BAD(ec_quote_request, payment_method, 't', 0, 50),
    BAD(ec_quote_request, shipping_method, 't', 0, 64),
    BAD(ec_quote_request, shipping_amount, 'n', -1, EC_AMOUNT_MAX),
    BAD(ec_quote_request, at, 'n', 0, INT64_C(253402300799999)),
};

/* Members of the lists that a request points to. */
static void lists__are_looked_at_one_by_one(void **state)
{
    (void)state;
    bad_shop_open(&shop);
    ec_session *s = shop.session;
    ec_quote *out = NULL;
    ec_id variant = bad_id(&shop, "variant");
    const struct {
        ec_quote_ask line;
        const char *field, *rule;
    } lines[] = {
        {{.variant_id = variant, .quantity = 0, .unit_price = -1}, "lines[0].quantity", "min"},
        {{.variant_id = variant, .quantity = 10000, .unit_price = -1}, "lines[0].quantity", "max"},
        {{.variant_id = variant, .quantity = 1, .unit_price = -2}, "lines[0].unit_price", "min"},
        {{.variant_id = variant, .quantity = 1, .unit_price = INT64_MAX},
         "lines[0].unit_price",
         "max"},
        {{.quantity = 1, .unit_price = -1}, "lines[0].variant_id", "one_of"},
        {{.variant_id = variant, .sku = "BOOT", .quantity = 1, .unit_price = -1},
         "lines[0].variant_id",
         "one_of"},
        {{.sku = bad_long(101), .quantity = 1, .unit_price = -1}, "lines[0].sku", "max_length"},
    };
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        ec_quote_request request = EC_QUOTE_REQUEST_INIT;
        request.lines = &lines[i].line;
        request.lines_count = 1;
        assert_status(s, ec_quote_make(s, &request, &out), EC_INVALID);
        assert_field_error(s, lines[i].field, lines[i].rule);
        assert_null(out);
    }
    const ec_quote_ask good = {.variant_id = variant, .quantity = 1, .unit_price = -1};
    ec_quote_request request = EC_QUOTE_REQUEST_INIT;
    assert_status(s, ec_quote_make(s, &request, &out), EC_INVALID);
    assert_field_error(s, "lines", "min_items");
    request.lines_count = 3;
    assert_status(s, ec_quote_make(s, &request, &out), EC_INVALID);
    assert_field_error(s, "lines", "required");
    request.lines_count = 501;
    request.lines = &good;
    assert_status(s, ec_quote_make(s, &request, &out), EC_INVALID);
    assert_field_error(s, "lines", "max_items");
    request.lines_count = 1;
    request.coupons_count = 1;
    assert_status(s, ec_quote_make(s, &request, &out), EC_INVALID);
    assert_field_error(s, "coupons", "required");
    request.coupons = (const char *const[]){NULL};
    assert_status(s, ec_quote_make(s, &request, &out), EC_INVALID);
    assert_field_error(s, "coupons[0]", "required");
    request.coupons_count = 0;
    request.facts_count = 1;
    request.facts = &(ec_quote_fact){.name = "no name", .value = NULL};
    assert_status(s, ec_quote_make(s, &request, &out), EC_INVALID);
    assert_field_error(s, "facts[0].name", "format");
    assert_field_error(s, "facts[0].value", "required");
    request.facts_count = 0;
    request.shipping_address = &(ec_address){.country = "xx"};
    assert_status(s, ec_quote_make(s, &request, &out), EC_INVALID);
    assert_field_error(s, "shipping_address.country", "country");
    bad_shop_close(&shop);
}

static void explain__refuses_what_is_no_quote(void **state)
{
    (void)state;
    bad_shop_open(&shop);
    char *text = NULL;
    ec_quote empty = {0};
    const bad_arg none[] = {{.p = NULL}, {.p = &empty}, {.p = &text}};
    const bad_arg nothing[] = {{.p = shop.session}, {.p = NULL}, {.p = &text}};
    const bad_arg hollow[] = {{.p = shop.session}, {.p = &empty}, {.p = &text}};
    const bad_arg nowhere[] = {{.p = shop.session}, {.p = &empty}, {.p = NULL}};
    assert_int_equal(call_ec_quote_explain(none), EC_MISUSE);
    assert_int_equal(call_ec_quote_explain(nothing), EC_MISUSE);
    assert_int_equal(call_ec_quote_explain(hollow), EC_MISUSE);
    assert_int_equal(call_ec_quote_explain(nowhere), EC_MISUSE);
    assert_null(text);
    bad_shop_close(&shop);
}

static void calls__refuse_bad_input(void **state)
{
    (void)state;
    bad_shop_open(&shop);
    ec_quote_ask line = {.variant_id = bad_id(&shop, "variant"), .quantity = 1, .unit_price = -1};
    ec_quote_request quote = EC_QUOTE_REQUEST_INIT;
    quote.lines = &line;
    quote.lines_count = 1;
    ec_quote quoted = {.currency = "CLP"};
    const bad_object objects[] = {OBJECT("quote", quote, quote_members),
                                  ENTITY("address", sale_address, "address"),
                                  {"quoted", &quoted, 0, NULL, 0, NULL}};
    bad_run(&shop, rows, sizeof rows / sizeof rows[0], objects, sizeof objects / sizeof objects[0]);
    bad_shop_close(&shop);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(calls__refuse_bad_input),
        cmocka_unit_test(lists__are_looked_at_one_by_one),
        cmocka_unit_test(explain__refuses_what_is_no_quote),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
