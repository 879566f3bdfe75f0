/* SPDX-License-Identifier: MIT */
/*
 * promotion.c - promotions and coupons on the command line.
 */
#include "harness/program.h"

static int setup(void **state)
{
    (void)state;
    return program_open("promotion.db", "--currency=CLP");
}

static void promotion__is_made_changed_moved_and_removed(void **state)
{
    (void)state;
    program_expect(
        "promotion create summer Summer 'order_percent_off(10%); free_shipping()'"
        " --conditions='total >= 20000 CLP' --channels=default --tags=a,b --with=b --uses=100"
        " --each=1 --budget='50000 CLP' --lane=2 --competes=best --coupon --exclusive --stops"
        " --spares --from=2026-01-01 --until=2026-12-31 --description=Hot",
        0, "free_shipping()");
    program_expect("--json promotion show summer", 0, "\"tags\":[\"a\",\"b\"]");
    program_expect("--json promotion show summer", 0, "\"budget\":50000,");
    program_expect("--json promotion show summer", 0, "\"competes\":\"best\"");
    program_expect(
        "promotion create prices Prices 'percent_off(5%, on: brand = 1)' --catalog --draft", 0,
        "catalog");
    program_expect("promotion list --kind=catalog", 0, "prices");
    program_expect("promotion list --status=draft", 0, "prices");
    program_expect("promotion activate prices", 0, "active");
    program_expect("promotion update summer --set='{\"name\":\"Verano\"}' --version=1", 0,
                   "Verano");
    program_expect("promotion update summer --set='{\"name\":\"Otro\"}' --version=1", 4, "version");
    program_expect("promotion move summer 5", 0, "Verano");
    program_expect("promotion archive summer", 0, "archived");
    program_expect("promotion delete summer", 0, "deleted");
    program_expect("promotion show summer", 3, "no such promotion");
}

static void promotion__says_what_is_wrong_and_where(void **state)
{
    (void)state;
    program_expect("promotion create a A 'order_percent_of(10%)'", 1, "byte 0");
    program_expect("promotion create a A 'free_shipping()' --conditions='units >='", 1, "byte 8");
    program_expect("promotion create a A 'free_shipping()' --budget=many", 2, "--budget");
    program_expect("promotion create a A 'free_shipping()' --competes=often", 2, "--competes");
    program_expect("promotion create a A 'free_shipping()' --lane=x", 2, "whole number");
    program_expect("promotion update a", 2, "--set");
}

static void coupon__is_made_generated_and_switched_off(void **state)
{
    (void)state;
    assert_int_equal(program_run("promotion create ten Ten 'order_percent_off(10%)' --coupon"), 0);
    program_expect("coupon create ten TEN-1 --uses=1 --each=1 --expires=2099-01-01 --reusable", 0,
                   "TEN-1");
    program_expect("coupon show ten-1", 0, "TEN-1");
    program_expect("coupon generate ten 50 --pattern='T-####-?\?'", 0, "T-");
    program_expect("coupon generate ten 5 --prefix=P --suffix=S --length=4 --alphabet=01234567", 0,
                   "P");
    program_expect("coupon generate ten 9 --length=1", 1, "possible codes");
    program_expect("coupon list --promotion=ten --limit=2", 0, "--cursor=");
    program_expect("coupon disable ten-1", 0, "no");
    program_expect("coupon delete ten-1", 0, "deleted");
    program_expect("coupon show ten-1", 3, "no such coupon");
    program_expect("coupon create none X", 3, "no such promotion");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(promotion__is_made_changed_moved_and_removed, setup,
                                        program_close),
        cmocka_unit_test_setup_teardown(promotion__says_what_is_wrong_and_where, setup,
                                        program_close),
        cmocka_unit_test_setup_teardown(coupon__is_made_generated_and_switched_off, setup,
                                        program_close),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
