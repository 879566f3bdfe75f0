/* SPDX-License-Identifier: MIT */
/*
 * shipping_memory.c - every allocation of calls of shipping fails once, and from then on for ever:
 * a status, no change, nothing lost.
 */
#include "harness/sale.h"
#include "harness/starve.h"

#include <ecommerce/sys/shipping.h>

static const char *const channels[] = {"default"};

static ec_status create_method(ec_session *session, void **block)
{
    ec_shipping_method method = {.code = "new",
                                 .name = "New",
                                 .calculator = "by_weight([0: 1 CLP, 9: 2 CLP], per_parcel: 50)",
                                 .conditions = "total >= 1 CLP and not country = AR",
                                 .channels = channels,
                                 .channels_count = 1};
    return ec_shipping_method_create(session, &method, (ec_shipping_method **)block);
}

static ec_status update_method(ec_session *session, void **block)
{
    ec_shipping_method change = {.calculator = "flat(5 CLP)"};
    return ec_shipping_method_update(session, 1, &change,
                                     ec_mask_of("shipping_method", "calculator,channels"),
                                     (ec_shipping_method **)block);
}

static ec_status find_methods(ec_session *session, void **block)
{
    return ec_shipping_method_find(session, NULL, (ec_shipping_method_list **)block);
}

/* The snapshot of the rules is built, as nobody asked before. */
static ec_status make_quote(ec_session *session, void **block)
{
    ec_quote_ask line = {.variant_id = 1, .quantity = 3, .unit_price = -1};
    ec_quote_request request = EC_QUOTE_REQUEST_INIT;
    request.lines = &line;
    request.lines_count = 1;
    request.shipping_address = &sale_address;
    return ec_quote_make(session, &request, (ec_quote **)block);
}

static ec_status get_cart(ec_session *session, void **block)
{
    return ec_cart_get(session, 1, (ec_cart **)block);
}

static ec_status refresh_rates(ec_session *session, void **block)
{
    (void)block;
    return ec_cart_rates_refresh(session, 1);
}

static const starve_call calls[] = {
    {"create_method", create_method}, {"update_method", update_method},
    {"find_methods", find_methods},   {"make_quote", make_quote},
    {"get_cart", get_cart},           {"refresh_rates", refresh_rates},
};

static ec_status rates(ec_shipping_provider *self, const ec_shipping_request *request,
                       ec_shipping_answer *answer)
{
    (void)self;
    (void)request;
    answer->rates[0] = (ec_shipping_rate){.amount = 700, .offered = true};
    return EC_OK;
}

static void close_carrier(ec_shipping_provider *self)
{
    (void)self;
}

static const ec_shipping_ops ops = {EC_SHIPPING_OPS_VERSION, "fast", rates, close_carrier};
static ec_shipping_provider carrier = {&ops};

static ec_engine *fresh_shop(void)
{
    ec_engine *shop = shop_open();
    ec_session *session = session_system(shop);
    ec_shipping_method *method = NULL;
    ec_cart *cart = NULL;
    assert_int_equal(ec_shipping_register(shop, &carrier), EC_OK);
    (void)sale_variant(shop, "BOOT", 1000, 100);
    shop_sql(shop, "UPDATE product_variants SET weight = 20");
    ec_shipping_method one = {.code = "one",
                              .name = "One",
                              .calculator = "flat(1 CLP, per_parcel: 50)",
                              .conditions = "weight < 500",
                              .channels = channels,
                              .channels_count = 1};
    assert_ok(session, ec_shipping_method_create(session, &one, &method));
    ec_free(method);
    ec_shipping_method two = {.code = "two", .name = "Two", .calculator = "provider(fast)"};
    assert_ok(session, ec_shipping_method_create(session, &two, &method));
    ec_free(method);
    assert_ok(session, ec_cart_open(session, &cart));
    ec_free(cart);
    assert_ok(session, ec_cart_add(session, 1, 1, 3, -1, &cart));
    ec_free(cart);
    assert_ok(session, ec_cart_set_addresses(session, 1, &sale_address, NULL, &cart));
    ec_free(cart);
    assert_ok(session, ec_cart_rates_refresh(session, 1));
    ec_session_close(session);
    return shop;
}

static void memory__every_allocation_of_shipping_may_fail(void **state)
{
    (void)state;
    starve_calls(fresh_shop, STARVE_WHOLE, calls, sizeof calls / sizeof calls[0]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(memory__every_allocation_of_shipping_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
