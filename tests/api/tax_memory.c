/* SPDX-License-Identifier: MIT */
/*
 * tax_memory.c - every allocation of calls of zones and taxes fails once, and from then on for
 * ever: a status, no change, nothing lost.
 */
#include "harness/sale.h"
#include "harness/starve.h"

#include <ecommerce/sys/tax.h>

static ec_status create_zone(ec_session *session, void **block)
{
    ec_zone_member members[] = {{"ES", "35*", EC_ZONE_KIND_POSTCODE},
                                {"CL", "Ñuñoa", EC_ZONE_KIND_CITY},
                                {NULL, "cl", EC_ZONE_KIND_ZONE}};
    ec_zone zone = {.code = "new", .name = "New", .members = members, .members_count = 3};
    return ec_zone_create(session, &zone, (ec_zone **)block);
}

static ec_status update_zone(ec_session *session, void **block)
{
    ec_zone_member member = {NULL, "PE", EC_ZONE_KIND_COUNTRY};
    ec_zone change = {.name = "Other", .members = &member, .members_count = 1};
    return ec_zone_update(session, 1, &change, ec_mask_of("zone", "name,members"),
                          (ec_zone **)block);
}

static ec_status find_zones(ec_session *session, void **block)
{
    return ec_zone_find(session, NULL, (ec_zone_list **)block);
}

/* The snapshot of the rules is built, as nobody asked before. */
static ec_status match_zone(ec_session *session, void **block)
{
    ec_address address = {.country = "CL", .city = "Arica"};
    return ec_zone_match(session, &address, EC_ZONE_TAX, (ec_zone **)block);
}

static ec_status create_rate(ec_session *session, void **block)
{
    ec_tax_rate rate = {.zone_id = 1, .category_id = 1, .rate = 1, .name = "More"};
    return ec_tax_rate_create(session, &rate, (ec_tax_rate **)block);
}

static ec_status set_number(ec_session *session, void **block)
{
    ec_tax_number number = {.user_id = 1, .country = "CL", .number = "76.192.083-9"};
    return ec_tax_number_set(session, &number, (ec_tax_number **)block);
}

static ec_status import_table(ec_session *session, void **block)
{
    static const char table[] =
        "{\"items\": {\"ES\": [{\"effective_from\": \"2020-01-01\", \"rates\": {\"standard\": 21},"
        " \"exceptions\": [{\"name\": \"X\", \"postcode\": \"3[58]\\\\d{3}\","
        " \"standard\": 0}]}]}}";
    return ec_tax_import_table(session, EC_TAX_TABLE_EU, table, sizeof table - 1, false,
                               (ec_tax_import **)block);
}

static ec_status import_sales(ec_session *session, void **block)
{
    static const char table[] = "{\"CA\": {\"type\": \"gst\", \"rate\": 0.05, \"states\": {\"QC\":"
                                " {\"type\": \"qst\", \"rate\": 0.09975}}}}";
    return ec_tax_import_table(session, EC_TAX_TABLE_SALES, table, sizeof table - 1, false,
                               (ec_tax_import **)block);
}

static ec_status preset(ec_session *session, void **block)
{
    return ec_tax_preset(session, "PE", (ec_tax_import **)block);
}

static ec_status make_quote(ec_session *session, void **block)
{
    ec_quote_ask line = {.variant_id = 1, .quantity = 3, .unit_price = -1};
    ec_quote_request request = EC_QUOTE_REQUEST_INIT;
    request.lines = &line;
    request.lines_count = 1;
    request.user_id = 1;
    request.shipping_address = &sale_address;
    return ec_quote_make(session, &request, (ec_quote **)block);
}

static ec_status refresh_taxes(ec_session *session, void **block)
{
    return ec_cart_taxes_refresh(session, 1, (ec_cart **)block);
}

static const starve_call calls[] = {
    {"zone.create", create_zone}, {"zone.update", update_zone},          {"zone.find", find_zones},
    {"zone.match", match_zone},   {"rate.create", create_rate},          {"number.set", set_number},
    {"import.eu", import_table},  {"import.sales", import_sales},        {"preset", preset},
    {"quote.make", make_quote},   {"cart.taxes_refresh", refresh_taxes},
};

static ec_status answer(ec_tax_provider *self, const ec_tax_request *request, ec_tax_answer *out)
{
    (void)self;
    out->count = 1;
    out->amounts[0] = (ec_tax_amount){.line = request->items[0].line, .amount = 5};
    return EC_OK;
}

static void close_service(ec_tax_provider *self)
{
    (void)self;
}

static ec_engine *fresh_shop(void)
{
    static const ec_tax_ops ops = {EC_TAX_OPS_VERSION, "fake", answer, close_service};
    static ec_tax_provider service = {&ops};
    ec_engine *shop = shop_open();
    ec_session *session = session_system(shop);
    ec_tax_import *report = NULL;
    ec_cart *cart = NULL;
    ec_channel *channel = NULL;
    ec_tax_exemption *exemption = NULL;
    ec_channel change = {.tax_provider = "fake"};
    ec_id user = shop_customer(shop, "ana@example.com");
    ec_tax_exemption input = {.user_id = user, .kind = EC_TAX_REVERSE_CHARGE};
    ec_id variant = sale_variant(shop, "TEA", 1000, 10);
    assert_int_equal(user, 1);
    assert_int_equal(ec_tax_register(shop, &service), EC_OK);
    assert_ok(session, ec_tax_preset(session, "CL", &report));
    ec_free(report);
    assert_ok(session, ec_tax_exemption_create(session, &input, &exemption));
    ec_free(exemption);
    assert_ok(session, ec_channel_update(session, 1, &change, ec_mask_of("channel", "tax_provider"),
                                         &channel));
    ec_free(channel);
    assert_ok(session, ec_cart_open(session, &cart));
    ec_free(cart);
    assert_ok(session, ec_cart_add(session, 1, variant, 1, -1, &cart));
    ec_free(cart);
    ec_session_close(session);
    return shop;
}

static void memory__every_allocation_of_taxes_may_fail(void **state)
{
    (void)state;
    starve_calls(fresh_shop, STARVE_WHOLE, calls, sizeof calls / sizeof calls[0]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(memory__every_allocation_of_taxes_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
