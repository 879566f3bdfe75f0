/* SPDX-License-Identifier: MIT */
/*
 * tour_quote.c - quotes of goods without a cart, for visitors and for the shop's people.
 */
#include "harness/sale.h"
#include "harness/tour.h"

static void quote(ec_session *session, const ec_quote_request *request)
{
    ec_quote *quote = NULL;
    char *text = NULL;
    assert_ok(session, ec_quote_make(session, request, &quote));
    assert_ok(session, ec_quote_explain(session, quote, &text));
    ec_free(text);
    ec_free(quote);
}

void tour_quote(ec_session *session)
{
    static const char *const codes[] = {"TOUR"};
    static const ec_quote_fact facts[] = {{"member", "gold"}};
    ec_engine *engine = ec_session_engine(session);
    ec_id variant = sale_variant(engine, "TOUR-Q", 1000, 5);
    const ec_quote_ask asked[] = {{.variant_id = variant, .quantity = 2, .unit_price = -1},
                                  {.sku = "TOUR-Q", .quantity = 1, .unit_price = 500}};
    ec_quote_request request = EC_QUOTE_REQUEST_INIT;
    request.lines = asked;
    request.lines_count = 1;
    quote(session, &request);
    request.lines_count = 2;
    request.user_id = shop_customer(engine, "quote@example.com");
    request.shipping_address = &sale_address;
    request.coupons = codes;
    request.coupons_count = 1;
    request.facts = facts;
    request.facts_count = 1;
    request.payment_method = "cash";
    request.shipping_amount = 990;
    request.at = WORLD_START - 1;
    quote(session, &request);
}
