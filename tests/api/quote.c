/* SPDX-License-Identifier: MIT */
/*
 * Quotes: what goods cost in a situation, without a cart; who may ask what; how it is explained.
 */
#include "harness/sale.h"

static ec_engine *engine;
static ec_session *staff;
static ec_id tea; /* 1990 CLP */

static int begin(void **state)
{
    (void)state;
    engine = shop_open();
    staff = session_staff(engine);
    tea = sale_variant(engine, "TEA", 1990, 10);
    return 0;
}

static int end(void **state)
{
    (void)state;
    ec_session_close(staff);
    shop_close(engine);
    return 0;
}

static ec_quote_request request_of(const ec_quote_ask *lines, size_t count)
{
    ec_quote_request request = EC_QUOTE_REQUEST_INIT;
    request.lines = lines;
    request.lines_count = count;
    return request;
}

static void quote__prices_lines_by_variant_and_by_sku(void **state)
{
    (void)state;
    ec_quote *quote = NULL;
    const ec_quote_ask lines[] = {{.variant_id = tea, .quantity = 2, .unit_price = -1},
                                  {.sku = "TEA", .quantity = 1, .unit_price = -1}};
    ec_quote_request request = request_of(lines, 2);
    ec_session *guest = session_guest(engine);
    assert_ok(guest, ec_quote_make(guest, &request, &quote));
    assert_string_equal(quote->currency, "CLP");
    assert_int_equal(quote->lines_count, 2);
    assert_int_equal(quote->lines[0].price, 3980);
    assert_int_equal(quote->lines[1].unit_price, 1990);
    assert_string_equal(quote->lines[1].sku, "TEA");
    assert_int_equal(quote->subtotal, 5970);
    assert_int_equal(quote->total_amount, 5970);
    assert_int_equal(quote->priced_at, world_now());
    assert_true(quote->needs_shipping);
    ec_free(quote);
    ec_session_close(guest);
}

static void quote__changes_nothing(void **state)
{
    (void)state;
    ec_quote *quote = NULL;
    const ec_quote_ask line = {.variant_id = tea, .quantity = 1, .unit_price = -1};
    ec_quote_request request = request_of(&line, 1);
    uint64_t before = shop_checksum(engine);
    assert_ok(staff, ec_quote_make(staff, &request, &quote));
    assert_true(shop_checksum(engine) == before);
    ec_free(quote);
}

static void quote__rounds_what_is_paid_in_cash(void **state)
{
    (void)state;
    ec_quote *quote = NULL;
    const ec_quote_ask line = {.variant_id = tea, .quantity = 1, .unit_price = 1996};
    ec_quote_request request = request_of(&line, 1);
    assert_ok(staff, ec_quote_make(staff, &request, &quote));
    assert_int_equal(quote->total_amount, 1996);
    ec_free(quote);
    request.payment_method = "cash";
    assert_ok(staff, ec_quote_make(staff, &request, &quote));
    assert_int_equal(quote->rounding_amount, 4); /* to ten pesos, as Chile does */
    assert_int_equal(quote->total_amount, 2000);
    assert_int_equal(quote->adjustments_count, 1);
    assert_int_equal(quote->adjustments[0].kind, EC_ADJUST_ROUNDING);
    ec_free(quote);
}

static void quote__follows_the_channels_policy(void **state)
{
    (void)state;
    ec_quote *quote = NULL;
    ec_channel *channel = NULL;
    ec_policy policy = {.cash_step = 100, .cash_rounding = EC_ROUND_DOWN, .cash_methods = "coins"};
    ec_channel change = {.policy = &policy};
    const ec_quote_ask line = {.variant_id = tea, .quantity = 1, .unit_price = -1};
    ec_quote_request request = request_of(&line, 1);
    request.payment_method = "coins";
    assert_ok(staff, ec_quote_make(staff, &request, &quote));
    assert_int_equal(quote->total_amount, 1990);
    ec_free(quote);
    assert_ok(staff,
              ec_channel_update(staff, 1, &change, ec_mask_of("channel", "policy"), &channel));
    ec_free(channel);
    assert_ok(staff, ec_quote_make(staff, &request, &quote));
    assert_int_equal(quote->total_amount, 1900);
    assert_int_equal(quote->policy->cash_step, 100);
    ec_free(quote);
    assert_ok(staff, ec_channel_update(staff, 1, &(ec_channel){0}, ec_mask_of("channel", "policy"),
                                       &channel));
    assert_null(channel->policy);
    ec_free(channel);
    assert_ok(staff, ec_quote_make(staff, &request, &quote));
    assert_int_equal(quote->policy->cash_step, 10); /* Chile's again */
    ec_free(quote);
}

static void quote__refuses_visitors_what_is_the_shops(void **state)
{
    (void)state;
    ec_quote *quote = NULL;
    ec_session *guest = session_guest(engine);
    const ec_quote_ask line = {.variant_id = tea, .quantity = 1, .unit_price = -1};
    const ec_quote_ask cheap = {.variant_id = tea, .quantity = 1, .unit_price = 0};
    ec_quote_request request = request_of(&cheap, 1);
    assert_status(guest, ec_quote_make(guest, &request, &quote), EC_DENIED);
    request = request_of(&line, 1);
    request.at = world_now() + 1;
    assert_status(guest, ec_quote_make(guest, &request, &quote), EC_DENIED);
    request = request_of(&line, 1);
    request.user_id = shop_customer(engine, "somebody@example.com");
    assert_status(guest, ec_quote_make(guest, &request, &quote), EC_DENIED);
    request = request_of(&line, 1);
    request.shipping_amount = 0;
    assert_status(guest, ec_quote_make(guest, &request, &quote), EC_DENIED);
    assert_null(quote);
    ec_session_close(guest);
}

static void quote__refuses_what_is_not_sold(void **state)
{
    (void)state;
    ec_quote *quote = NULL;
    ec_session *guest = session_guest(engine);
    const ec_quote_ask lines[] = {{.variant_id = tea, .quantity = 1, .unit_price = -1},
                                  {.sku = "NONE", .quantity = 1, .unit_price = -1}};
    ec_quote_request request = request_of(lines, 2);
    assert_status(guest, ec_quote_make(guest, &request, &quote), EC_NOT_FOUND);
    assert_field_error(guest, "lines[1].sku", "reference");
    shop_sql(engine, "UPDATE products SET status = 'draft'");
    request.lines_count = 1;
    assert_status(guest, ec_quote_make(guest, &request, &quote), EC_NOT_FOUND);
    assert_ok(staff, ec_quote_make(staff, &request, &quote));
    ec_free(quote);
    shop_sql(engine, "UPDATE products SET status = 'active'");
    ec_session_close(guest);
}

static void quote__refuses_what_comes_to_too_much(void **state)
{
    (void)state;
    ec_quote *quote = NULL;
    const ec_quote_ask lines[] = {
        {.variant_id = tea, .quantity = 1, .unit_price = 0},
        {.variant_id = tea, .quantity = 9999, .unit_price = EC_AMOUNT_MAX}};
    const ec_quote_ask half[] = {{.variant_id = tea, .quantity = 1, .unit_price = EC_AMOUNT_MAX},
                                 {.variant_id = tea, .quantity = 1, .unit_price = 1}};
    ec_quote_request request = request_of(lines, 2);
    assert_status(staff, ec_quote_make(staff, &request, &quote), EC_OVERFLOW);
    assert_field_error(staff, "lines[1]", "max");
    request = request_of(half, 2);
    assert_status(staff, ec_quote_make(staff, &request, &quote), EC_OVERFLOW);
    assert_field_error(staff, "total_amount", "max");
    request = request_of(half, 1);
    assert_ok(staff, ec_quote_make(staff, &request, &quote));
    assert_int_equal(quote->total_amount, EC_AMOUNT_MAX);
    ec_free(quote);
}

static void quote__is_explained_to_the_cent(void **state)
{
    (void)state;
    ec_quote *quote = NULL;
    char *text = NULL;
    const ec_quote_ask line = {.sku = "TEA", .quantity = 3, .unit_price = -1};
    ec_quote_request request = request_of(&line, 1);
    request.shipping_amount = 994;
    request.payment_method = "cash";
    assert_ok(staff, ec_quote_make(staff, &request, &quote));
    assert_ok(staff, ec_quote_explain(staff, quote, &text));
    assert_non_null(strstr(text, "TEA"));
    assert_non_null(strstr(text, "5970"));
    assert_non_null(strstr(text, "994"));
    assert_non_null(strstr(text, "rounded half_down"));
    assert_non_null(strstr(text, "6960"));
    ec_free(text);
    assert_status(staff, ec_quote_explain(staff, NULL, &text), EC_MISUSE);
    ec_free(quote);
}

static void quote__takes_as_many_statements_for_many_lines(void **state)
{
    (void)state;
    enum { MANY = 200 };
    ec_quote *quote = NULL;
    ec_quote_ask lines[MANY];
    ec_counters before, after;
    int64_t counted[3] = {0}; /* the first one reads the rules */
    for (int i = 0; i < MANY; i++)
        lines[i] = (ec_quote_ask){.variant_id = tea, .quantity = i + 1, .unit_price = -1};
    for (int round = 0; round < 3; round++) {
        ec_quote_request request = request_of(lines, round < 2 ? 1 : MANY);
        assert_int_equal(ec_engine_counters(engine, &before), EC_OK);
        assert_ok(staff, ec_quote_make(staff, &request, &quote));
        ec_free(quote);
        assert_int_equal(ec_engine_counters(engine, &after), EC_OK);
        counted[round] = (int64_t)(after.statements - before.statements);
    }
    assert_int_equal(counted[1], counted[2]);
    assert_int_equal(counted[1], 2);
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, begin, end)
    const struct CMUnitTest tests[] = {
        CASE(quote__prices_lines_by_variant_and_by_sku),
        CASE(quote__changes_nothing),
        CASE(quote__rounds_what_is_paid_in_cash),
        CASE(quote__follows_the_channels_policy),
        CASE(quote__refuses_visitors_what_is_the_shops),
        CASE(quote__refuses_what_is_not_sold),
        CASE(quote__refuses_what_comes_to_too_much),
        CASE(quote__is_explained_to_the_cent),
        CASE(quote__takes_as_many_statements_for_many_lines),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
