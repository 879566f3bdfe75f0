/* SPDX-License-Identifier: MIT */
/*
 * bad_input_prices.c - bad input for groups of customers and for what happens to prices over time.
 */
#include "harness/bad.h"
#include "harness/bad_rows.h"

static bad_shop shop;

CALL(ec_group_create, S, P(1), P(2))
CALL(ec_group_update, S, N(1), P(2), (ec_mask)N(3), P(4))
CALL(ec_group_delete, S, N(1), N(2))
CALL(ec_group_get, S, N(1), P(2))
CALL(ec_group_by_code, S, P(1), P(2))
CALL(ec_group_find, S, P(1), P(2), P(3))
CALL(ec_group_add_users, S, N(1), P(2), (size_t)N(3))
CALL(ec_group_remove_users, S, N(1), P(2), (size_t)N(3))
CALL(ec_group_users, S, N(1), P(2), P(3))
CALL(ec_price_schedule, S, P(1), P(2))
CALL(ec_price_unschedule, S, N(1))
CALL(ec_price_history, S, P(1), P(2), P(3))
CALL(ec_price_prior_get, S, N(1), N(2), P(3))
CALL(ec_price_bulk, S, P(1), P(2))
CALL(ec_price_sweep, S, N(1), N(2), N(3), P(4))

static const bad_row rows[] = {
    ROW(ec_group_create, "s obj:group out", false),
    ROW(ec_group_update, "s id:group obj:group all out", false),
    ROW(ec_group_delete, "s id:group version", false),
    ROW(ec_group_get, "s id:group out", false),
    ROW(ec_group_by_code, "s text:64 out", true),
    ROW(ec_group_find, "s obj?:group_filter obj?:page out", false),
    ROW(ec_group_add_users, "s id:group obj:users num:1:1000", false),
    ROW(ec_group_remove_users, "s id:group obj:users num:1:1000", false),
    ROW(ec_group_users, "s id:group obj?:page out", false),
    ROW(ec_price_sweep, "s ref:channel any:0 num:0:1000 count?", true),
    ROW(ec_price_bulk, "s obj:price_bulk out", false),
    ROW(ec_price_schedule, "s obj:price out", false),
    ROW(ec_price_unschedule, "s id:scheduled", false),
    ROW(ec_price_history, "s obj?:price_change_filter obj?:page out", false),
    ROW(ec_price_prior_get, "s id:variant ref:channel out", false),
};

static const bad_member page_members[] = {
    BAD(ec_page, limit, 'n', 0, 100),
    BAD(ec_page, page, 'n', 0, INT64_MAX / 10 + 1),
    BAD(ec_page, cursor, 'w', 0, 0),
};

static const bad_member price_members[] = {
    BAD(ec_price, price_list_id, 'i', 0, 0),
    BAD(ec_price, variant_id, 'i', 0, 0),
};

static const bad_member bulk_members[] = {
    BAD(ec_price_bulk_request, price_list_id, 'r', 0, 0),
    BAD(ec_price_bulk_request, category_id, 'r', 0, 0),
    BAD(ec_price_bulk_request, brand_id, 'r', 0, 0),
    BAD(ec_price_bulk_request, collection_id, 'r', 0, 0),
};

static void calls__refuse_bad_input(void **state)
{
    (void)state;
    bad_shop_open(&shop);
    ec_page page = {.limit = 10};
    ec_group group = {.code = "gold", .name = "Gold"};
    ec_group_filter groups = {0};
    ec_id users[1000];
    for (size_t i = 0; i < 1000; i++) {
        users[i] = bad_id(&shop, "user");
    }
    ec_price price = {.price_list_id = bad_id(&shop, "price_list"),
                      .variant_id = bad_id(&shop, "variant"),
                      .amount = 1,
                      .valid_from = world_now() + 1000};
    ec_price_change_filter changes = {0};
    ec_price_bulk_request bulk = {.percent = 100000, .ending = "990"};
    const bad_object objects[] = {
        BOTH("price", price, price_members, "price"),
        ENTITY("price_change_filter", changes, NULL),
        OBJECT("page", page, page_members),
        BOTH("price_bulk", bulk, bulk_members, "price_bulk_request"),
        ENTITY("group", group, "group"),
        ENTITY("group_filter", groups, NULL),
        ENTITY("users", users, NULL),
    };
    bad_run(&shop, rows, sizeof rows / sizeof rows[0], objects, sizeof objects / sizeof objects[0]);
    bad_shop_close(&shop);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(calls__refuse_bad_input)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
