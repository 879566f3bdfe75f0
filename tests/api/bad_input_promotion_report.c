/* SPDX-License-Identifier: MIT */
/*
 * bad_input_promotion_report.c - bad input for the functions that look at promotions.
 */
#include "harness/bad.h"
#include "harness/bad_rows.h"

static bad_shop shop;

CALL(ec_promotion_simulate, S, P(1), P(2), P(3))
CALL(ec_promotion_check, S, P(1), P(2))

static const bad_row rows[] = {
    ROW(ec_promotion_simulate, "s obj:promotion obj?:request out", false),
    ROW(ec_promotion_check, "s obj?:promotion out", false),
};

static const bad_member request_members[] = {
    BAD(ec_simulation_request, channel_id, 'r', 0, 0),
};

static void calls__refuse_bad_input(void **state)
{
    (void)state;
    bad_shop_open(&shop);
    ec_promotion draft = {.code = "bad-input", .name = "Bad", .actions = "free_shipping()"};
    ec_simulation_request request = {.starts_at = 1, .ends_at = 2};
    const bad_object objects[] = {
        ENTITY("promotion", draft, "promotion"),
        OBJECT("request", request, request_members),
    };
    bad_run(&shop, rows, sizeof rows / sizeof rows[0], objects, sizeof objects / sizeof objects[0]);
    bad_shop_close(&shop);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(calls__refuse_bad_input),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
