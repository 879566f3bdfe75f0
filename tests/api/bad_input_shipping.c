/* SPDX-License-Identifier: MIT */
/*
 * bad_input_shipping.c - bad input for the functions of shipping.
 */
#include "harness/bad.h"
#include "harness/bad_rows.h"

static bad_shop shop;

CALL(ec_shipping_category_create, S, P(1), P(2))
CALL(ec_shipping_category_update, S, N(1), P(2), (ec_mask)N(3), P(4))
CALL(ec_shipping_category_delete, S, N(1), N(2))
CALL(ec_shipping_category_get, S, N(1), P(2))
CALL(ec_shipping_category_by_code, S, P(1), P(2))
CALL(ec_shipping_category_find, S, P(1), P(2))
CALL(ec_shipping_method_create, S, P(1), P(2))
CALL(ec_shipping_method_update, S, N(1), P(2), (ec_mask)N(3), P(4))
CALL(ec_shipping_method_delete, S, N(1), N(2))
CALL(ec_shipping_method_get, S, N(1), P(2))
CALL(ec_shipping_method_by_code, S, P(1), P(2))
CALL(ec_shipping_method_find, S, P(1), P(2))
CALL(ec_cart_rates_refresh, S, N(1))

static const bad_row rows[] = {
    ROW(ec_shipping_category_create, "s obj:shipping_category out", false),
    ROW(ec_shipping_category_update, "s id:shipping_category obj:category_change const:name out",
        false),
    ROW(ec_shipping_category_delete, "s id:spare_shipping_category version", false),
    ROW(ec_shipping_category_get, "s id:shipping_category out", false),
    ROW(ec_shipping_category_by_code, "s text:64 out", true),
    ROW(ec_shipping_category_find, "s obj?:page out", false),
    ROW(ec_shipping_method_create, "s obj:method out", false),
    ROW(ec_shipping_method_update, "s id:method obj:method all out", false),
    ROW(ec_shipping_method_delete, "s id:method version", false),
    ROW(ec_shipping_method_get, "s id:method out", false),
    ROW(ec_shipping_method_by_code, "s text:64 out", true),
    ROW(ec_shipping_method_find, "s obj?:page out", false),
    ROW(ec_cart_rates_refresh, "s id:cart", true),
};

static const bad_member page_members[] = {
    BAD(ec_page, limit, 'n', 0, 100),
    BAD(ec_page, page, 'n', 0, INT64_MAX / 10 + 1),
    BAD(ec_page, cursor, 'w', 0, 0),
};
static const bad_member name_members[] = {BAD(ec_shipping_category, name, 'T', 0, 255)};

static const bad_member method_members[] = {
    BAD(ec_shipping_method, zone_id, 'r', 0, 0),
    BAD(ec_shipping_method, pickup_warehouse_id, 'r', 0, 0),
    BAD(ec_shipping_method, calculator, 'w', 0, 0),
    BAD(ec_shipping_method, conditions, 'w', 0, 0),
    BAD(ec_shipping_method, shipping_category, 'w', 0, 0),
};

static void know(const char *name, ec_id id)
{
    shop.ids[shop.count].name = name;
    shop.ids[shop.count++].id = id;
}

static void make_category(const char *code, const char *name)
{
    ec_shipping_category input = {.code = code, .name = "Kind"};
    ec_shipping_category *made = NULL;
    assert_ok(shop.session, ec_shipping_category_create(shop.session, &input, &made));
    know(name, made->id);
    ec_free(made);
}

static void calls__refuse_bad_input(void **state)
{
    (void)state;
    bad_shop_open(&shop);
    make_category("main", "shipping_category");
    make_category("spare", "spare_shipping_category");
    know("name", (ec_id)ec_mask_of("shipping_category", "name"));
    ec_shipping_method method = {.code = "main", .name = "Post", .calculator = "flat(1 CLP)"};
    ec_shipping_method *made = NULL;
    assert_ok(shop.session, ec_shipping_method_create(shop.session, &method, &made));
    know("method", made->id);
    ec_free(made);
    method.code = "other";
    ec_page page = {.limit = 10};
    ec_shipping_category category = {.code = "bulky", .name = "Bulky"};
    ec_shipping_category change = {.name = "Bulkier"};
    const bad_object objects[] = {
        OBJECT("page", page, page_members),
        ENTITY("shipping_category", category, "shipping_category"),
        BOTH("method", method, method_members, "shipping_method"),
        OBJECT("category_change", change, name_members),
    };
    bad_run(&shop, rows, sizeof rows / sizeof rows[0], objects, sizeof objects / sizeof objects[0]);
    bad_shop_close(&shop);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(calls__refuse_bad_input)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
