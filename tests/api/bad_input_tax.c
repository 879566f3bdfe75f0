/* SPDX-License-Identifier: MIT */
/*
 * bad_input_tax.c - bad input for the functions of zones and taxes.
 */
#include "harness/bad.h"
#include "harness/bad_rows.h"

static bad_shop shop;
static const char table[] = "{\"items\": {}}";

CALL(ec_zone_create, S, P(1), P(2))
CALL(ec_zone_update, S, N(1), P(2), (ec_mask)N(3), P(4))
CALL(ec_zone_delete, S, N(1), N(2))
CALL(ec_zone_get, S, N(1), P(2))
CALL(ec_zone_by_code, S, P(1), P(2))
CALL(ec_zone_find, S, P(1), P(2))
CALL(ec_zone_match, S, P(1), (ec_zone_scope)(N(2) < 0 || N(2) > 2 ? 3 : N(2)), P(3))
CALL(ec_tax_category_create, S, P(1), P(2))
CALL(ec_tax_category_update, S, N(1), P(2), (ec_mask)N(3), P(4))
CALL(ec_tax_category_delete, S, N(1), N(2))
CALL(ec_tax_category_get, S, N(1), P(2))
CALL(ec_tax_category_by_code, S, P(1), P(2))
CALL(ec_tax_category_find, S, P(1), P(2))
CALL(ec_tax_rate_create, S, P(1), P(2))
CALL(ec_tax_rate_update, S, N(1), P(2), (ec_mask)N(3), P(4))
CALL(ec_tax_rate_delete, S, N(1), N(2))
CALL(ec_tax_rate_get, S, N(1), P(2))
CALL(ec_tax_rate_find, S, P(1), P(2), P(3))
CALL(ec_tax_exemption_create, S, P(1), P(2))
CALL(ec_tax_exemption_update, S, N(1), P(2), (ec_mask)N(3), P(4))
CALL(ec_tax_exemption_delete, S, N(1), N(2))
CALL(ec_tax_exemption_get, S, N(1), P(2))
CALL(ec_tax_exemption_find, S, P(1), P(2), P(3))
CALL(ec_tax_number_set, S, P(1), P(2))
CALL(ec_tax_numbers, S, N(1), P(2))
CALL(ec_tax_preset, S, P(1), P(2))
CALL(ec_cart_taxes_refresh, S, N(1), P(2))
CALL(ec_tax_import_table, S, (ec_tax_table)(N(1) < 0 || N(1) > 1 ? 2 : N(1)), P(2),
     sizeof table - 1, N(3) != 0, P(4))

static const bad_row rows[] = {
    ROW(ec_zone_create, "s obj:zone out", false),
    ROW(ec_zone_update, "s id:zone obj:zone_change const:zone_name out", false),
    ROW(ec_zone_delete, "s id:spare_zone version", false),
    ROW(ec_zone_get, "s id:zone out", false),
    ROW(ec_zone_by_code, "s text:64 out", true),
    ROW(ec_zone_find, "s obj?:page out", false),
    ROW(ec_zone_match, "s obj:address num:0:2 out", false),
    ROW(ec_tax_category_create, "s obj:tax_category out", false),
    ROW(ec_tax_category_update, "s id:tax_category obj:category_change const:category_name out",
        false),
    ROW(ec_tax_category_delete, "s id:spare_tax_category version", false),
    ROW(ec_tax_category_get, "s id:tax_category out", false),
    ROW(ec_tax_category_by_code, "s text:64 out", true),
    ROW(ec_tax_category_find, "s obj?:page out", false),
    ROW(ec_tax_rate_create, "s obj:rate out", false),
    ROW(ec_tax_rate_update, "s id:rate obj:rate_change const:rate_rate out", false),
    ROW(ec_tax_rate_delete, "s id:rate version", false),
    ROW(ec_tax_rate_get, "s id:rate out", false),
    ROW(ec_tax_rate_find, "s obj?:rate_filter obj?:page out", false),
    ROW(ec_tax_exemption_create, "s obj:exemption out", false),
    ROW(ec_tax_exemption_update, "s id:exemption obj:exemption_change const:certificate out",
        false),
    ROW(ec_tax_exemption_delete, "s id:exemption version", false),
    ROW(ec_tax_exemption_get, "s id:exemption out", false),
    ROW(ec_tax_exemption_find, "s obj?:exemption_filter obj?:page out", false),
    ROW(ec_tax_number_set, "s obj:number out", false),
    ROW(ec_tax_numbers, "s id:user out", false),
    ROW(ec_cart_taxes_refresh, "s id:cart out", true),
    ROW(ec_tax_preset, "s text:2 out", true),
    ROW(ec_tax_import_table, "s num:0:1 obj:table any:0 out", false),
};

static const bad_member page_members[] = {
    BAD(ec_page, limit, 'n', 0, 100),
    BAD(ec_page, page, 'n', 0, INT64_MAX / 10 + 1),
    BAD(ec_page, cursor, 'w', 0, 0),
};
static const bad_member name_members[] = {BAD(ec_zone, name, 'T', 0, 255)};
static const bad_member category_members[] = {BAD(ec_tax_category, name, 'T', 0, 255)};
static const bad_member rate_members[] = {
    BAD(ec_tax_rate, zone_id, 'i', 0, 0),     BAD(ec_tax_rate, category_id, 'i', 0, 0),
    BAD(ec_tax_rate, rate, 'n', 0, 10000000), BAD(ec_tax_rate, priority, 'n', 0, 1000000),
    BAD(ec_tax_rate, name, 'T', 0, 255),      BAD(ec_tax_rate, calculator, 'e', 0, 1),
};
static const bad_member rate_change_members[] = {BAD(ec_tax_rate, rate, 'n', 0, 10000000)};
static const bad_member exemption_members[] = {
    BAD(ec_tax_exemption, user_id, 'i', 0, 0),
    BAD(ec_tax_exemption, zone_id, 'r', 0, 0),
    BAD(ec_tax_exemption, certificate, 't', 0, 255),
    BAD(ec_tax_exemption, kind, 'e', 0, 1),
};
static const bad_member certificate_members[] = {BAD(ec_tax_exemption, certificate, 't', 0, 255)};
static const bad_member number_members[] = {
    BAD(ec_tax_number, user_id, 'i', 0, 0),
    BAD(ec_tax_number, country, 'w', 0, 0),
    BAD(ec_tax_number, number, 'T', 0, 32),
    BAD(ec_tax_number, company, 't', 0, 255),
};

static void know(const char *name, ec_id id)
{
    shop.ids[shop.count].name = name;
    shop.ids[shop.count++].id = id;
}

static void make_zone(const char *code, const char *country, const char *name)
{
    ec_zone_member member = {NULL, country, EC_ZONE_KIND_COUNTRY};
    ec_zone input = {.code = code, .name = "Zone", .members = &member, .members_count = 1};
    ec_zone *made = NULL;
    assert_ok(shop.session, ec_zone_create(shop.session, &input, &made));
    know(name, made->id);
    ec_free(made);
}

static void make_category(const char *code, const char *name)
{
    ec_tax_category input = {.code = code, .name = "Kind"};
    ec_tax_category *made = NULL;
    assert_ok(shop.session, ec_tax_category_create(shop.session, &input, &made));
    know(name, made->id);
    ec_free(made);
}

static void make_rest(void)
{
    ec_tax_rate rate = {.zone_id = bad_id(&shop, "zone"),
                        .category_id = bad_id(&shop, "tax_category"),
                        .rate = 190000,
                        .name = "IVA"};
    ec_tax_rate *made = NULL;
    assert_ok(shop.session, ec_tax_rate_create(shop.session, &rate, &made));
    know("rate", made->id);
    ec_free(made);
    ec_tax_exemption exemption = {.user_id = bad_id(&shop, "user")};
    ec_tax_exemption *exempt = NULL;
    assert_ok(shop.session, ec_tax_exemption_create(shop.session, &exemption, &exempt));
    know("exemption", exempt->id);
    ec_free(exempt);
    know("zone_name", (ec_id)ec_mask_of("zone", "name"));
    know("category_name", (ec_id)ec_mask_of("tax_category", "name"));
    know("rate_rate", (ec_id)ec_mask_of("tax_rate", "rate"));
    know("certificate", (ec_id)ec_mask_of("tax_exemption", "certificate"));
}

static void calls__refuse_bad_input(void **state)
{
    (void)state;
    bad_shop_open(&shop);
    make_zone("cl", "CL", "zone");
    make_zone("pe", "PE", "spare_zone");
    make_category("standard", "tax_category");
    make_category("spare", "spare_tax_category");
    make_rest();
    ec_page page = {.limit = 10};
    ec_zone zone = {.code = "ar", .name = "Argentina"}, zone_change = {.name = "Chile"};
    ec_address address = {.country = "CL"};
    ec_tax_category category = {.code = "books", .name = "Books"},
                    category_change = {.name = "All"};
    ec_tax_rate rate = {.zone_id = bad_id(&shop, "zone"),
                        .category_id = bad_id(&shop, "tax_category"),
                        .rate = 100000,
                        .name = "Tax"};
    ec_tax_rate rate_change = {.rate = 5};
    ec_tax_rate_filter rate_filter = {0, 0};
    ec_tax_exemption exemption = {.user_id = bad_id(&shop, "user")};
    ec_tax_exemption exemption_change = {.certificate = "B 2"};
    ec_tax_exemption_filter exemption_filter = {0, 0};
    ec_tax_number number = {
        .user_id = bad_id(&shop, "user"), .country = "DE", .number = "DE 123456789"};
    const bad_object objects[] = {
        OBJECT("page", page, page_members),
        ENTITY("zone", zone, "zone"),
        OBJECT("zone_change", zone_change, name_members),
        {"address", &address, sizeof address, NULL, 0, NULL},
        ENTITY("tax_category", category, "tax_category"),
        OBJECT("category_change", category_change, category_members),
        OBJECT("rate", rate, rate_members),
        OBJECT("rate_change", rate_change, rate_change_members),
        {"rate_filter", &rate_filter, sizeof rate_filter, NULL, 0, NULL},
        OBJECT("exemption", exemption, exemption_members),
        OBJECT("exemption_change", exemption_change, certificate_members),
        {"exemption_filter", &exemption_filter, sizeof exemption_filter, NULL, 0, NULL},
        OBJECT("number", number, number_members),
        {"table", table, sizeof table, NULL, 0, NULL},
    };
    bad_run(&shop, rows, sizeof rows / sizeof rows[0], objects, sizeof objects / sizeof objects[0]);
    bad_shop_close(&shop);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(calls__refuse_bad_input)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
