/* SPDX-License-Identifier: MIT */
/*
 * tour_shipping.c - kinds of goods for shipping, and ways to ship.
 */
#include "harness/sale.h"
#include "harness/tour.h"

#include <ecommerce/sys/shipping.h>

static void tour_categories(ec_session *session)
{
    ec_shipping_category category = {.code = "tour-bulky", .name = "Bulky"};
    ec_shipping_category *made = NULL;
    ec_shipping_category_list *list = NULL;
    ec_page page = {.limit = 1, .total = true};
    assert_ok(session, ec_shipping_category_create(session, &category, &made));
    ec_id id = made->id;
    ec_free(made);
    category.name = "Very bulky";
    assert_ok(session, ec_shipping_category_update(session, id, &category,
                                                   ec_mask_of("shipping_category", "name"), &made));
    ec_free(made);
    assert_ok(session, ec_shipping_category_get(session, id, &made));
    ec_free(made);
    assert_ok(session, ec_shipping_category_by_code(session, "tour-bulky", &made));
    ec_free(made);
    assert_ok(session, ec_shipping_category_find(session, &page, &list));
    ec_free(list);
    assert_ok(session, ec_shipping_category_delete(session, id, 0));
}

static void tour_methods(ec_session *session)
{
    static const char *const channels[] = {"default"};
    ec_shipping_category category = {.code = "tour-kind", .name = "Kind"};
    ec_shipping_category *kind = NULL;
    ec_shipping_method *made = NULL;
    ec_shipping_method_list *list = NULL;
    ec_page page = {.limit = 1, .total = true};
    assert_ok(session, ec_shipping_category_create(session, &category, &kind));
    ec_free(kind);
    ec_shipping_method method = {.code = "tour",
                                 .name = "Tour",
                                 .calculator = "flat(1000 CLP)",
                                 .conditions = "weight < 1",
                                 .shipping_category = "tour-kind",
                                 .pickup_warehouse_id = 1,
                                 .channels = channels,
                                 .channels_count = 1,
                                 .status = EC_SHIPPING_DISABLED};
    assert_ok(session, ec_shipping_method_create(session, &method, &made));
    ec_id id = made->id;
    ec_free(made);
    method.position = 3;
    method.channels_count = 0;
    assert_ok(session, ec_shipping_method_update(session, id, &method, EC_MASK_ALL, &made));
    ec_free(made);
    assert_ok(session, ec_shipping_method_get(session, id, &made));
    ec_free(made);
    assert_ok(session, ec_shipping_method_by_code(session, "tour", &made));
    ec_free(made);
    assert_ok(session, ec_shipping_method_find(session, &page, &list));
    ec_free(list);
    assert_ok(session, ec_shipping_method_delete(session, id, 0));
}

static ec_status rates(ec_shipping_provider *self, const ec_shipping_request *request,
                       ec_shipping_answer *answer)
{
    (void)self;
    assert_true(request->methods_count > 0);
    answer->rates[0] = (ec_shipping_rate){.amount = 1000, .offered = true};
    return EC_OK;
}

static void close_carrier(ec_shipping_provider *self)
{
    (void)self;
}

static void tour_carrier(ec_session *session)
{
    static const ec_shipping_ops ops = {EC_SHIPPING_OPS_VERSION, "tour", rates, close_carrier};
    static ec_shipping_provider carrier = {&ops};
    ec_engine *engine = ec_session_engine(session);
    ec_shipping_method method = {
        .code = "tour-carrier", .name = "Tour", .calculator = "provider(tour)"};
    ec_shipping_method *made = NULL;
    ec_cart *cart = NULL, *changed = NULL;
    assert_int_equal(ec_shipping_register(engine, &carrier), EC_OK);
    assert_ok(session, ec_shipping_method_create(session, &method, &made));
    assert_ok(session, ec_cart_open(session, &cart));
    assert_ok(session, ec_cart_add(session, cart->id, sale_variant(engine, "TOUR-SHIP", 1000, 5), 1,
                                   -1, &changed));
    ec_free(changed);
    assert_ok(session, ec_cart_set_addresses(session, cart->id, &sale_address, NULL, &changed));
    ec_free(changed);
    assert_ok(session, ec_cart_rates_refresh(session, cart->id));
    assert_ok(session, ec_cart_get(session, cart->id, &changed));
    ec_free(changed);
    assert_ok(session, ec_shipping_method_delete(session, made->id, 0));
    ec_free(cart);
    ec_free(made);
}

void tour_shipping(ec_session *session)
{
    tour_carrier(session);
    tour_categories(session);
    tour_methods(session);
}
