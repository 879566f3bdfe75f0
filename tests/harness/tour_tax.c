/* SPDX-License-Identifier: MIT */
/*
 * tour_tax.c - zones, and the taxes of goods and buyers.
 */
#include <ecommerce/sys/tax.h>

#include "harness/sale.h"
#include "harness/tour.h"

static ec_id tour_zone(ec_session *session, const char *code, ec_zone_member *members, size_t count)
{
    ec_zone zone = {.code = code, .name = "Tour", .members = members, .members_count = count};
    ec_zone *made = NULL;
    assert_ok(session, ec_zone_create(session, &zone, &made));
    ec_id id = made->id;
    ec_free(made);
    return id;
}

static void tour_zones(ec_session *session, ec_id zone)
{
    ec_zone *found = NULL;
    ec_zone_list *list = NULL;
    ec_page page = {.limit = 1, .total = true};
    ec_address address = {.country = "CL", .city = "Arica"};
    ec_zone_member inner = {NULL, "tour-chile", EC_ZONE_KIND_ZONE};
    ec_id outer = tour_zone(session, "tour-outer", &inner, 1);
    ec_zone_member other = {NULL, "PE", EC_ZONE_KIND_COUNTRY};
    ec_zone change = {.name = "Outer", .members = &other, .members_count = 1};
    ec_mask fields = ec_mask_of("zone", "name") | ec_mask_of("zone", "members");
    assert_ok(session, ec_zone_update(session, outer, &change, fields, &found));
    ec_free(found);
    assert_ok(session, ec_zone_get(session, outer, &found));
    ec_free(found);
    assert_ok(session, ec_zone_by_code(session, "tour-chile", &found));
    assert_int_equal(found->id, zone);
    ec_free(found);
    assert_ok(session, ec_zone_find(session, &page, &list));
    page.cursor = list->next_cursor;
    ec_zone_list *next = NULL;
    assert_ok(session, ec_zone_find(session, &page, &next));
    ec_free(next);
    ec_free(list);
    assert_ok(session, ec_zone_match(session, &address, EC_ZONE_TAX, &found));
    ec_free(found);
    assert_ok(session, ec_zone_delete(session, outer, 0));
}

static ec_id tour_categories(ec_session *session)
{
    ec_tax_category category = {.code = "tour-books", .name = "Books", .is_default = true};
    ec_tax_category *made = NULL;
    ec_tax_category_list *list = NULL;
    ec_page page = {.limit = 1, .total = true};
    assert_ok(session, ec_tax_category_create(session, &category, &made));
    ec_id id = made->id;
    ec_free(made);
    category = (ec_tax_category){.code = "tour-spare", .name = "Spare"};
    assert_ok(session, ec_tax_category_create(session, &category, &made));
    ec_id spare = made->id;
    ec_free(made);
    ec_tax_category change = {.is_default = true};
    assert_ok(session, ec_tax_category_update(session, spare, &change,
                                              ec_mask_of("tax_category", "is_default"), &made));
    ec_free(made);
    assert_ok(session, ec_tax_category_get(session, spare, &made));
    ec_free(made);
    assert_ok(session, ec_tax_category_by_code(session, "tour-spare", &made));
    ec_free(made);
    assert_ok(session, ec_tax_category_find(session, &page, &list));
    ec_free(list);
    assert_ok(session, ec_tax_category_delete(session, spare, 0));
    return id;
}

static void tour_rates(ec_session *session, ec_id zone, ec_id category)
{
    ec_tax_rate *made = NULL;
    ec_tax_rate rate = {.zone_id = zone,
                        .category_id = category,
                        .rate = 190000,
                        .name = "IVA",
                        .included = true,
                        .is_active = true};
    assert_ok(session, ec_tax_rate_create(session, &rate, &made));
    ec_id id = made->id;
    ec_free(made);
    rate.rate = 200000;
    assert_ok(session,
              ec_tax_rate_update(session, id, &rate, ec_mask_of("tax_rate", "rate"), &made));
    ec_free(made);
    assert_ok(session, ec_tax_rate_get(session, id, &made));
    ec_free(made);
    const ec_tax_rate_filter filters[] = {{0, 0}, {zone, 0}, {0, category}, {zone, category}};
    for (size_t i = 0; i < 4; i++) {
        ec_tax_rate_list *list = NULL;
        ec_page page = {.limit = 1, .total = true};
        assert_ok(session, ec_tax_rate_find(session, &filters[i], &page, &list));
        assert_int_equal(list->total, 1);
        ec_free(list);
    }
    assert_ok(session, ec_tax_rate_delete(session, id, 0));
}

static void tour_buyers(ec_session *session, ec_id zone, ec_id user)
{
    ec_tax_exemption *made = NULL;
    ec_tax_exemption exemption = {
        .user_id = user, .zone_id = zone, .certificate = "A 1", .kind = EC_TAX_EXEMPT};
    assert_ok(session, ec_tax_exemption_create(session, &exemption, &made));
    ec_id id = made->id;
    ec_free(made);
    exemption.certificate = NULL;
    exemption.kind = EC_TAX_REVERSE_CHARGE;
    assert_ok(session, ec_tax_exemption_update(session, id, &exemption,
                                               ec_mask_of("tax_exemption", "certificate") |
                                                   ec_mask_of("tax_exemption", "kind"),
                                               &made));
    ec_free(made);
    assert_ok(session, ec_tax_exemption_get(session, id, &made));
    ec_free(made);
    const ec_tax_exemption_filter filters[] = {{0, 0}, {user, 0}, {0, 7}, {user, 7}};
    for (size_t i = 0; i < 4; i++) {
        ec_tax_exemption_list *list = NULL;
        ec_page page = {.limit = 1, .total = true};
        assert_ok(session, ec_tax_exemption_find(session, &filters[i], &page, &list));
        ec_free(list);
    }
    ec_tax_number number = {
        .user_id = user, .country = "CL", .number = "76.192.083-9", .is_valid = true};
    for (int i = 0; i < 2; i++) {
        ec_tax_number *kept = NULL;
        assert_ok(session, ec_tax_number_set(session, &number, &kept));
        ec_free(kept);
    }
    ec_tax_number_list *numbers = NULL;
    assert_ok(session, ec_tax_numbers(session, user, &numbers));
    assert_int_equal(numbers->items_count, 1);
    ec_free(numbers);
}

static void tour_tables(ec_session *session)
{
    static const char eu[] = "{\"items\": {\"ES\": [{\"effective_from\": \"0000-01-01\","
                             " \"rates\": {\"standard\": 21}}]}}";
    static const char sales[] = "{\"CA\": {\"type\": \"gst\", \"rate\": 0.05}}";
    for (int i = 0; i < 2; i++) {
        ec_tax_import *report = NULL;
        assert_ok(session, ec_tax_preset(session, "CL", &report));
        ec_free(report);
        assert_ok(session, ec_tax_import_table(session, EC_TAX_TABLE_EU, eu, sizeof eu - 1, i != 0,
                                               &report));
        ec_free(report);
        assert_ok(session, ec_tax_import_table(session, EC_TAX_TABLE_SALES, sales, sizeof sales - 1,
                                               false, &report));
        ec_free(report);
    }
}

static ec_status tour_answer(ec_tax_provider *self, const ec_tax_request *request,
                             ec_tax_answer *answer)
{
    (void)self;
    answer->count = 1;
    answer->amounts[0] = (ec_tax_amount){.line = request->items[0].line, .amount = 5};
    return EC_OK;
}

static void tour_close(ec_tax_provider *self)
{
    (void)self;
}

static void tour_service(ec_session *session, ec_id variant)
{
    static const ec_tax_ops ops = {EC_TAX_OPS_VERSION, "tour", tour_answer, tour_close};
    static ec_tax_provider service = {&ops};
    ec_cart *cart = NULL;
    ec_channel *channel = NULL;
    ec_channel change = {.tax_provider = "tour"};
    ec_mask mask = ec_mask_of("channel", "tax_provider");
    assert_int_equal(ec_tax_register(ec_session_engine(session), &service), EC_OK);
    assert_ok(session, ec_session_cart_token(session, NULL));
    assert_ok(session, ec_cart_open(session, &cart));
    ec_id id = cart->id, front = cart->channel_id;
    ec_free(cart);
    assert_ok(session, ec_channel_update(session, front, &change, mask, &channel));
    ec_free(channel);
    assert_ok(session, ec_cart_add(session, id, variant, 1, -1, &cart));
    ec_free(cart);
    assert_ok(session, ec_cart_taxes_refresh(session, id, &cart));
    assert_int_equal(cart->tax_amount, 5);
    ec_free(cart);
    change.tax_provider = NULL;
    assert_ok(session, ec_channel_update(session, front, &change, mask, &channel));
    ec_free(channel);
}

void tour_tax(ec_session *session)
{
    ec_zone_member chile = {NULL, "CL", EC_ZONE_KIND_COUNTRY};
    ec_id variant = sale_variant(ec_session_engine(session), "TOUR-TAX", 1000, 10);
    ec_id user = shop_customer(ec_session_engine(session), "tax@example.com");
    ec_id zone = tour_zone(session, "tour-chile", &chile, 1);
    tour_zones(session, zone);
    tour_rates(session, zone, tour_categories(session));
    tour_buyers(session, zone, user);
    tour_tables(session);
    tour_service(session, variant);
    ec_quote *quote = NULL;
    ec_address address = {.country = "CL"};
    ec_quote_ask item = {.variant_id = variant, .quantity = 1};
    ec_quote_request request = {
        .user_id = user, .shipping_address = &address, .lines = &item, .lines_count = 1};
    assert_ok(session, ec_quote_make(session, &request, &quote));
    ec_free(quote);
}
