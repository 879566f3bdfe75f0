/* SPDX-License-Identifier: MIT */
/*
 * tour_cart.c - carts, checkouts without and with a provider, and payments.
 */
#include "harness/sale.h"
#include "harness/tour.h"

static ec_id fresh_cart(ec_session *session)
{
    ec_cart *cart = NULL;
    assert_ok(session, ec_session_cart_token(session, NULL));
    assert_ok(session, ec_cart_open(session, &cart));
    ec_id id = cart->id;
    assert_ok(session, ec_session_cart_token(session, cart->token));
    ec_free(cart);
    return id;
}

static void tour_changes(ec_session *session, ec_id variant, ec_id other)
{
    ec_cart *cart = NULL;
    ec_id id = fresh_cart(session);
    const ec_cart_line lines[] = {{variant, 1, -1}, {other, 2, 100}};
    assert_ok(session, ec_cart_add(session, id, variant, 1, 1000, &cart));
    ec_free(cart);
    assert_ok(session, ec_cart_add_lines(session, id, lines, 2, &cart));
    ec_id item = cart->items[0].id;
    ec_free(cart);
    assert_ok(session, ec_cart_set(session, id, item, 3, &cart));
    ec_free(cart);
    assert_ok(session, ec_cart_acknowledge(session, id, &cart));
    ec_free(cart);
    assert_ok(session, ec_cart_remove(session, id, item, &cart));
    ec_free(cart);
    assert_ok(session, ec_cart_clear(session, id, &cart));
    ec_free(cart);
    assert_ok(session, ec_cart_get(session, id, &cart));
    ec_free(cart);
    assert_ok(session, ec_cart_open(session, &cart));
    ec_free(cart);
}

static void tour_terms(ec_session *session, ec_id variant)
{
    ec_cart *cart = NULL;
    ec_id id = fresh_cart(session);
    assert_ok(session, ec_cart_add(session, id, variant, 1, -1, &cart));
    ec_free(cart);
    assert_ok(session, ec_cart_set_addresses(session, id, &sale_address, NULL, &cart));
    assert_string_equal(cart->shipping_address->city, sale_address.city);
    ec_free(cart);
    assert_ok(session, ec_cart_set_payment(session, id, "cash", &cart));
    ec_free(cart);
    assert_ok(session, ec_cart_set_shipping(session, id, NULL, &cart));
    ec_free(cart);
    assert_status(session, ec_cart_coupon_add(session, id, "NONE", &cart), EC_NOT_FOUND);
    assert_status(session, ec_cart_coupon_remove(session, id, "NONE", &cart), EC_NOT_FOUND);
}

/* A coupon, a gift and a price of the catalogue on their way into an order. */
static void tour_promotions(ec_session *session, ec_id variant)
{
    ec_promotion *made = NULL;
    ec_coupon *code = NULL;
    ec_cart *cart = NULL;
    ec_order *order = NULL;
    ec_product_list *list = NULL;
    ec_session *guest = session_guest(ec_session_engine(session));
    const ec_promotion promotions[] = {
        {.code = "tour-save",
         .name = "Save",
         .conditions = "any(tag = x or collection = 1 or attribute.a = b) or not group = c"
                       " or orders_count = 1",
         .actions = "order_percent_off(10%)",
         .usage_limit = 10,
         .status = EC_PROMOTION_ACTIVE,
         .coupon_required = true},
        {.code = "tour-gift",
         .name = "Gift",
         .actions = "gift(TOUR-B)",
         .status = EC_PROMOTION_ACTIVE},
        {.code = "tour-sale",
         .name = "Sale",
         .actions = "percent_off(10%)",
         .kind = EC_PROMOTION_CATALOG,
         .status = EC_PROMOTION_ACTIVE}};
    for (size_t i = 0; i < 3; i++) {
        ec_free(made);
        assert_ok(session, ec_promotion_create(session, &promotions[2 - i], &made));
    }
    ec_coupon coupon = {.promotion_id = made->id, .code = "TOUR-SAVE", .is_active = true};
    assert_ok(session, ec_coupon_create(session, &coupon, &code));
    ec_free(made);
    ec_free(code);
    ec_id id = fresh_cart(guest);
    assert_ok(guest, ec_cart_add(guest, id, variant, 2, -1, &cart));
    ec_free(cart);
    assert_ok(guest, ec_cart_coupon_add(guest, id, "tour-save", &cart));
    ec_free(cart);
    assert_ok(guest, ec_product_find(guest, NULL, NULL, &list));
    ec_free(list);
    ec_checkout_request request = EC_CHECKOUT_REQUEST_INIT;
    request.cart_id = id;
    request.key = "tour-promotions";
    request.email = "tour@example.com";
    request.shipping_address = &sale_address;
    assert_ok(guest, ec_checkout(guest, &request, &order));
    assert_int_equal(order->items_count, 2);
    ec_id order_id = order->id;
    ec_free(order);
    assert_ok(session, ec_order_get(session, order_id, &order));
    assert_true(order->promotions_count > 0);
    ec_free(order);
    assert_ok(session, ec_order_cancel(session, order_id, NULL, &order));
    ec_free(order);
    shop_sql(ec_session_engine(session), "UPDATE promotions SET status = 'archived'");
    shop_sql(ec_session_engine(session), "UPDATE rule_versions SET version = version + 1");
    ec_session_close(guest);
}

static void tour_listings(ec_session *session)
{
    ec_page page = {.limit = 1, .total = true};
    const ec_cart_filter filters[] = {{0},
                                      {.user_id = 1},
                                      {.channel_id = 1, .newest_first = true},
                                      {.status = "open", .untouched_since = 1, .with_items = true}};
    for (size_t i = 0; i < sizeof filters / sizeof filters[0]; i++) {
        ec_cart_list *list = NULL;
        assert_ok(session, ec_cart_find(session, &filters[i], &page, &list));
        ec_free(list);
    }
    assert_ok(session, ec_cart_sweep(session, 0, NULL));
}

static void tour_merge(ec_session *session, ec_id variant)
{
    ec_cart *cart = NULL;
    ec_engine *engine = ec_session_engine(session);
    shop_sql(engine, "INSERT INTO users (email, name, role, email_verified, is_active, version,"
                     " created_at, updated_at)"
                     " VALUES ('merge@example.com', 'M', 'customer', 1, 1, 1, 1, 1)");
    ec_session *customer = session_customer(
        engine, shop_sql_int(engine, "SELECT id FROM users WHERE email = 'merge@example.com'"));
    for (int i = 0; i < 2; i++) {
        ec_session *guest = session_guest(engine);
        assert_ok(guest, ec_cart_open(guest, &cart));
        ec_id id = cart->id;
        assert_ok(guest, ec_session_cart_token(guest, cart->token));
        assert_ok(customer, ec_session_cart_token(customer, cart->token));
        ec_free(cart);
        assert_ok(guest, ec_cart_add(guest, id, variant, 1, -1, &cart));
        ec_free(cart);
        assert_ok(customer, ec_cart_merge(customer, &cart));
        ec_free(cart);
        ec_session_close(guest);
    }
    ec_session_close(customer);
}

static ec_status checkout(ec_session *session, ec_id variant, const char *token, ec_order **out)
{
    ec_cart *cart = NULL;
    ec_id id = fresh_cart(session);
    assert_ok(session, ec_cart_add(session, id, variant, 2, -1, &cart));
    ec_free(cart);
    ec_checkout_request request = EC_CHECKOUT_REQUEST_INIT;
    request.cart_id = id;
    request.key = "tour";
    request.email = "tour@example.com";
    request.shipping_address = &sale_address;
    request.payment_provider = token != NULL ? "manual" : NULL;
    request.payment_method = token != NULL ? "card" : NULL;
    request.payment_token = token;
    ec_status status = ec_checkout(session, &request, out);
    if (status != EC_OK) return status;
    ec_free(*out);
    return ec_checkout(session, &request, out);
}

static void tour_payments(ec_session *session, ec_id variant)
{
    ec_order *order = NULL;
    ec_payment *payment = NULL;
    ec_reconciliation *done = NULL;
    assert_ok(session, checkout(session, variant, NULL, &order));
    assert_ok(session, ec_payment_record(session, order->id, 500, NULL, "tour", "tour", &payment));
    ec_free(payment);
    ec_free(order);
    assert_ok(session, checkout(session, variant, "tok_ok", &order));
    ec_id id = order->payments[0].id;
    ec_free(order);
    assert_ok(session, ec_payment_capture(session, id, 100, "tour", &payment));
    ec_free(payment);
    assert_ok(session, ec_payment_void(session, id, "tour", &payment));
    ec_free(payment);
    assert_ok(session, ec_payment_get(session, id, &payment));
    ec_free(payment);
    assert_status(session, checkout(session, variant, "tok_declined", &order), EC_DECLINED);
    assert_status(session, checkout(session, variant, "tok_timeout_after", &order), EC_UNKNOWN);
    assert_ok(session, ec_payment_reconcile(session, 0, &done));
    ec_free(done);
}

void tour_cart(ec_session *session)
{
    ec_engine *engine = ec_session_engine(session);
    ec_id variant = sale_variant(engine, "TOUR-A", 1000, 1000);
    ec_id other = sale_variant(engine, "TOUR-B", 100, -1);
    tour_changes(session, variant, other);
    tour_terms(session, variant);
    tour_promotions(session, variant);
    tour_listings(session);
    tour_merge(session, variant);
    tour_payments(session, variant);
}
