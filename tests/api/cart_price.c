/* SPDX-License-Identifier: MIT */
/*
 * What carts show of taxes, ways to ship and cash, what a checkout makes of it, and that the money
 * of an order goes back to the last unit, however it is cut.
 */
#include "harness/sale.h"

static ec_engine *engine;
static ec_session *s;
static ec_id tea, mug;

static void zone_with_rate(const char *country, int64_t rate, bool included, ec_id category)
{
    ec_zone_member member = {NULL, country, EC_ZONE_KIND_COUNTRY};
    ec_zone zone = {.code = country[0] == 'C' ? "chile" : "other",
                    .name = country,
                    .members = &member,
                    .members_count = 1};
    ec_zone *made = NULL;
    assert_ok(s, ec_zone_create(s, &zone, &made));
    ec_tax_rate tax = {.zone_id = made->id,
                       .category_id = category,
                       .rate = rate,
                       .name = "VAT",
                       .included = included,
                       .is_active = true};
    ec_tax_rate *kept = NULL;
    assert_ok(s, ec_tax_rate_create(s, &tax, &kept));
    ec_free(kept);
    ec_free(made);
}

static void method_of(const char *code, const char *calculator, const char *conditions)
{
    ec_shipping_method method = {.code = code,
                                 .name = code,
                                 .calculator = calculator,
                                 .conditions = conditions,
                                 .status = EC_SHIPPING_ACTIVE};
    ec_shipping_method *made = NULL;
    assert_ok(s, ec_shipping_method_create(s, &method, &made));
    ec_free(made);
}

static int begin(void **state)
{
    (void)state;
    engine = shop_open();
    s = session_system(engine);
    tea = sale_variant(engine, "TEA", 1999, 10000);
    mug = sale_variant(engine, "MUG", 4990, 10000);
    return 0;
}

static int end(void **state)
{
    (void)state;
    sale_verified(engine);
    ec_session_close(s);
    shop_close(engine);
    return 0;
}

static void taxes(void)
{
    ec_tax_category category = {.code = "standard", .name = "Standard", .is_default = true};
    ec_tax_category *made = NULL;
    assert_ok(s, ec_tax_category_create(s, &category, &made));
    zone_with_rate("CL", 190000, true, made->id);
    zone_with_rate("US", 82500, false, made->id);
    ec_free(made);
}

static ec_id cart_of(ec_session *session, int64_t teas, int64_t mugs)
{
    ec_cart *cart = NULL;
    assert_ok(session, ec_session_cart_token(session, NULL));
    assert_ok(session, ec_cart_open(session, &cart));
    ec_id id = cart->id;
    assert_ok(session, ec_session_cart_token(session, cart->token));
    ec_free(cart);
    if (teas > 0) {
        assert_ok(session, ec_cart_add(session, id, tea, teas, -1, &cart));
        ec_free(cart);
    }
    if (mugs > 0) {
        assert_ok(session, ec_cart_add(session, id, mug, mugs, -1, &cart));
        ec_free(cart);
    }
    return id;
}

static ec_address in_country(const char *country)
{
    ec_address address = sale_address;
    address.country = country;
    return address;
}

static ec_checkout_request request_of(ec_id cart, const char *key)
{
    ec_checkout_request request = EC_CHECKOUT_REQUEST_INIT;
    request.cart_id = cart;
    request.key = key;
    request.email = "ana@example.com";
    return request;
}

/* ---- carts ---- */

static void cart__shows_the_taxes_of_where_it_goes(void **state)
{
    (void)state;
    taxes();
    ec_session *guest = session_guest(engine);
    ec_id id = cart_of(guest, 3, 0);
    ec_cart *cart = NULL;
    const ec_address chile = in_country("CL"), states = in_country("US");
    assert_ok(guest, ec_cart_set_addresses(guest, id, &chile, NULL, &cart));
    assert_int_equal(cart->total, 5997);
    assert_int_equal(cart->tax_amount, 0);
    assert_int_equal(cart->quote->tax_included, 958); /* 5997 * 19 / 119 */
    ec_free(cart);
    assert_ok(guest, ec_cart_set_addresses(guest, id, &states, &chile, &cart));
    assert_int_equal(cart->tax_amount, 495); /* 8.25 % */
    assert_int_equal(cart->items[0].tax_amount, 495);
    assert_int_equal(cart->total, 5997 + 495);
    assert_string_equal(cart->shipping_address->country, "US");
    assert_string_equal(cart->billing_address->country, "CL");
    ec_free(cart);
    assert_ok(guest, ec_cart_set_addresses(guest, id, NULL, NULL, &cart));
    assert_null(cart->shipping_address);
    ec_free(cart);
    ec_session_close(guest);
}

static void cart__is_sent_by_a_way_that_fits(void **state)
{
    (void)state;
    method_of("standard", "flat(3990 CLP)", NULL);
    method_of("express", "flat(5990 CLP)", "units < 5");
    ec_session *guest = session_guest(engine);
    ec_id id = cart_of(guest, 2, 0);
    ec_cart *cart = NULL;
    assert_ok(guest, ec_cart_get(guest, id, &cart));
    assert_int_equal(cart->quote->shipping_count, 2);
    assert_int_equal(cart->shipping_amount, 3990); /* estimated with the first one */
    ec_free(cart);
    assert_status(guest, ec_cart_set_shipping(guest, id, "pigeon", &cart), EC_INVALID);
    assert_field_error(guest, "shipping_method", "unavailable");
    ec_checkout_request request = request_of(id, "k");
    request.shipping_address = &sale_address;
    ec_order *order = NULL;
    assert_status(guest, ec_checkout(guest, &request, &order), EC_INVALID);
    assert_field_error(guest, "shipping_method", "required");
    assert_ok(guest, ec_cart_set_shipping(guest, id, "express", &cart));
    assert_int_equal(cart->total, 2 * 1999 + 5990);
    ec_free(cart);
    assert_ok(guest, ec_cart_add(guest, id, mug, 4, -1, &cart)); /* too much for it */
    ec_free(cart);
    assert_status(guest, ec_checkout(guest, &request, &order), EC_INVALID);
    assert_field_error(guest, "shipping_method", "unavailable");
    request.shipping_method = "standard";
    assert_ok(guest, ec_checkout(guest, &request, &order));
    assert_int_equal(order->shipping_amount, 3990);
    assert_string_equal(order->shipping_method, "standard");
    assert_true(order->shipping_method_id > 0);
    assert_int_equal(order->total_amount, 2 * 1999 + 4 * 4990 + 3990);
    ec_free(order);
    ec_session_close(guest);
}

static void cart__refuses_codes_that_nobody_gave_out(void **state)
{
    (void)state;
    ec_session *guest = session_guest(engine);
    ec_id id = cart_of(guest, 1, 0);
    ec_cart *cart = NULL;
    uint64_t before = shop_checksum(engine);
    assert_status(guest, ec_cart_coupon_add(guest, id, "SAVE10", &cart), EC_NOT_FOUND);
    assert_field_error(guest, "code", "unknown_code");
    assert_status(guest, ec_cart_coupon_add(guest, id, "SAVE 10", &cart), EC_INVALID);
    assert_field_error(guest, "code", "format");
    assert_status(guest, ec_cart_coupon_add(guest, id, "", &cart), EC_INVALID);
    assert_status(guest, ec_cart_coupon_remove(guest, id, "SAVE10", &cart), EC_NOT_FOUND);
    assert_true(shop_checksum(engine) == before);
    ec_session_close(guest);
}

static void cart__takes_its_situation_to_the_customer(void **state)
{
    (void)state;
    ec_session *guest = session_guest(engine);
    ec_session *customer = session_customer(engine, shop_customer(engine, "own@example.com"));
    ec_cart *cart = NULL;
    ec_id id = 0;
    assert_ok(customer, ec_cart_open(customer, &cart));
    id = cart->id;
    ec_free(cart);
    assert_ok(customer, ec_cart_add(customer, id, mug, 1, -1, &cart));
    ec_free(cart);
    assert_ok(guest, ec_cart_open(guest, &cart));
    id = cart->id;
    assert_ok(guest, ec_session_cart_token(guest, cart->token));
    assert_ok(customer, ec_session_cart_token(customer, cart->token));
    ec_free(cart);
    assert_ok(guest, ec_cart_add(guest, id, tea, 1, -1, &cart));
    ec_free(cart);
    assert_ok(guest, ec_cart_set_addresses(guest, id, &sale_address, NULL, &cart));
    ec_free(cart);
    assert_ok(guest, ec_cart_set_payment(guest, id, "cash", &cart));
    ec_free(cart);
    assert_ok(customer, ec_cart_merge(customer, &cart));
    assert_int_equal(cart->items_count, 2);
    assert_string_equal(cart->payment_method, "cash");
    assert_int_equal(cart->total, 6990); /* 6989 in cash */
    assert_string_equal(cart->shipping_address->city, sale_address.city);
    ec_free(cart);
    ec_session_close(guest);
    ec_session_close(customer);
}

static void cart__keeps_its_prices_where_the_policy_does(void **state)
{
    (void)state;
    ec_policy policy = {.price_refresh = EC_REFRESH_KEEP, .price_keep_ms = 60000};
    ec_channel change = {.policy = &policy};
    ec_channel *channel = NULL;
    ec_variant *variant = NULL;
    ec_cart *cart = NULL;
    ec_variant dearer = {.price = 2500};
    assert_ok(s, ec_channel_update(s, 1, &change, ec_mask_of("channel", "policy"), &channel));
    ec_free(channel);
    ec_session *guest = session_guest(engine);
    ec_id id = cart_of(guest, 2, 0);
    assert_ok(s, ec_variant_update(s, tea, &dearer, ec_mask_of("variant", "price"), &variant));
    ec_free(variant);
    world_advance(59999);
    assert_ok(guest, ec_cart_get(guest, id, &cart));
    assert_int_equal(cart->total, 2 * 1999);
    assert_int_equal(cart->notices_count, 0);
    ec_free(cart);
    world_advance(1);
    assert_ok(guest, ec_cart_get(guest, id, &cart));
    assert_int_equal(cart->total, 2 * 2500);
    assert_int_equal(cart->notices_count, 1);
    ec_free(cart);
    ec_session_close(guest);
}

/* ---- checkouts ---- */

static void checkout__freezes_what_the_cart_showed(void **state)
{
    (void)state;
    taxes();
    method_of("standard", "flat(3990 CLP)", NULL);
    const ec_address states = in_country("US");
    ec_session *guest = session_guest(engine);
    ec_id id = cart_of(guest, 3, 1);
    ec_cart *cart = NULL;
    ec_order *order = NULL, *same = NULL;
    assert_ok(guest, ec_cart_set_addresses(guest, id, &states, NULL, &cart));
    ec_free(cart);
    assert_ok(guest, ec_cart_set_shipping(guest, id, "standard", &cart));
    ec_checkout_request request = request_of(id, "k");
    request.expected_total = cart->total;
    assert_ok(guest, ec_checkout(guest, &request, &order));
    assert_int_equal(order->total_amount, cart->total);
    assert_int_equal(order->tax_amount, cart->tax_amount);
    assert_int_equal(order->tax_amount,
                     order->items[0].tax_amount + order->items[1].tax_amount + order->shipping_tax);
    assert_true(order->shipping_tax > 0);
    assert_string_equal(order->shipping_address->country, "US");
    assert_string_equal(order->billing_address->country, "US");
    ec_free(cart);
    assert_ok(s, ec_order_get(s, order->id, &same));
    assert_int_equal(same->taxes_count, order->taxes_count);
    assert_int_equal(same->taxes[0].rate, 82500);
    assert_int_equal(same->taxes[0].amount, order->tax_amount);
    assert_int_equal(same->adjustments_count, order->adjustments_count);
    assert_int_equal(same->policy->cash_step, 10);
    int64_t sum = same->placed_subtotal;
    for (size_t i = 0; i < same->adjustments_count; i++)
        if (!same->adjustments[i].included) sum += same->adjustments[i].amount;
    assert_int_equal(sum, same->total_amount);
    assert_string_equal(same->adjustments[0].kind, "shipping");
    assert_int_equal(same->adjustments[1].position, 1);
    ec_free(same);
    ec_free(order);
    ec_session_close(guest);
}

static void checkout__is_frozen_with_its_figures_while_it_is_paid(void **state)
{
    (void)state;
    taxes();
    const ec_address states = in_country("US");
    ec_session *guest = session_guest(engine);
    ec_order *order = NULL;
    ec_checkout_request request = request_of(cart_of(guest, 7, 2), "k");
    request.shipping_address = &states;
    request.payment_provider = "manual";
    request.payment_method = "card";
    request.payment_token = "tok_ok";
    request.capture = true;
    assert_ok(guest, ec_checkout(guest, &request, &order));
    assert_true(order->tax_amount > 0);
    assert_int_equal(order->paid_amount, order->total_amount);
    assert_int_equal(order->adjustments_count, 2);
    assert_int_equal(order->taxes_count, 1);
    assert_int_equal(order->adjustments[1].order_item_id, order->items[1].id);
    ec_free(order);
    ec_session_close(guest);
}

static void checkout__asks_for_the_address_of_the_policy(void **state)
{
    (void)state;
    ec_policy policy;
    ec_channel *channel = NULL;
    ec_order *order = NULL;
    assert_int_equal(ec_policy_preset("classic", &policy), EC_OK);
    ec_channel change = {.policy = &policy};
    assert_ok(s, ec_channel_update(s, 1, &change, ec_mask_of("channel", "policy"), &channel));
    ec_free(channel);
    ec_session *guest = session_guest(engine);
    ec_checkout_request request = request_of(cart_of(guest, 1, 0), "k");
    assert_status(guest, ec_checkout(guest, &request, &order), EC_INVALID);
    assert_field_error(guest, "billing_address", "required");
    request.billing_address = &sale_address;
    assert_ok(guest, ec_checkout(guest, &request, &order));
    assert_string_equal(order->shipping_address->street, sale_address.street);
    ec_free(order);
    ec_session_close(guest);
}

static void checkout__rounds_cash(void **state)
{
    (void)state;
    ec_session *guest = session_guest(engine);
    ec_order *order = NULL;
    ec_checkout_request request = request_of(cart_of(guest, 1, 0), "k");
    request.shipping_address = &sale_address;
    request.payment_method = "cash";
    assert_ok(guest, ec_checkout(guest, &request, &order));
    assert_int_equal(order->rounding_amount, 1);
    assert_int_equal(order->total_amount, 2000);
    ec_free(order);
    ec_session_close(guest);
}

/* ---- money back ---- */

static int64_t give(ec_id id, const ec_refund_request *request)
{
    ec_order *order = NULL;
    assert_ok(s, ec_order_get(s, id, &order));
    int64_t before = order->refunded_amount;
    ec_free(order);
    assert_ok(s, ec_order_refund(s, id, request, &order));
    int64_t given = order->refunded_amount - before;
    ec_free(order);
    return given;
}

/* Units of a random item go, by a refund or a cancellation with the money that it frees. */
static int64_t take_some(ec_id id, int64_t *left, size_t count, int step)
{
    char key[32];
    ec_order *order = NULL;
    size_t at = (size_t)world_pick((int64_t)count);
    while (left[at] == 0)
        at = (at + 1) % count;
    assert_ok(s, ec_order_get(s, id, &order));
    ec_order_units units = {order->items[at].id, world_pick(left[at]) + 1};
    int64_t before = order->total_amount;
    ec_free(order);
    (void)snprintf(key, sizeof key, "step-%d", step);
    ec_refund_request refund = {.key = key, .items = &units, .items_count = 1};
    left[at] -= units.quantity;
    if (world_pick(2) == 0) return give(id, &refund);
    ec_cancel_request cancel = {.items = &units, .items_count = 1};
    assert_ok(s, ec_order_cancel(s, id, &cancel, &order));
    refund = (ec_refund_request){.key = key, .amount = before - order->total_amount};
    bool worth = refund.amount > 0;
    ec_free(order);
    return worth ? give(id, &refund) : 0;
}

static void refunds__of_every_unit_give_back_what_was_paid(void **state)
{
    (void)state;
    taxes();
    const ec_address states = in_country("US");
    for (int round = 0; round < 25; round++) {
        char key[32];
        ec_session *guest = session_guest(engine);
        ec_order *order = NULL;
        int64_t left[2] = {world_pick(9) + 1, world_pick(9) + 1}, given = 0;
        ec_checkout_request request = request_of(cart_of(guest, left[0], left[1]), key);
        (void)snprintf(key, sizeof key, "round-%d", round);
        request.shipping_address = &states;
        assert_ok(guest, ec_checkout(guest, &request, &order));
        ec_id id = order->id;
        int64_t paid = order->total_amount;
        ec_payment *payment = NULL;
        assert_ok(s, ec_payment_record(s, id, paid, NULL, key, key, &payment));
        ec_free(payment);
        ec_free(order);
        for (int step = 0; left[0] + left[1] > 0; step++)
            given += take_some(id, left, 2, step);
        assert_int_equal(given, paid);
        ec_session_close(guest);
    }
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, begin, end)
    const struct CMUnitTest tests[] = {
        CASE(cart__shows_the_taxes_of_where_it_goes),
        CASE(cart__is_sent_by_a_way_that_fits),
        CASE(cart__refuses_codes_that_nobody_gave_out),
        CASE(cart__takes_its_situation_to_the_customer),
        CASE(cart__keeps_its_prices_where_the_policy_does),
        CASE(checkout__freezes_what_the_cart_showed),
        CASE(checkout__is_frozen_with_its_figures_while_it_is_paid),
        CASE(checkout__asks_for_the_address_of_the_policy),
        CASE(checkout__rounds_cash),
        CASE(refunds__of_every_unit_give_back_what_was_paid),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
