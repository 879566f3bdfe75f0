/* SPDX-License-Identifier: MIT */
/*
 * ending.c - endings of prices and changes of them, against counting.
 */
#include "catalog/price_ending.h"

#include <ecommerce/limits.h>

#include "harness/harness.h"

static void ending_parse__reads_digits_for_the_currency(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int decimals;
        int64_t value, step;
    } rows[] = {
        {"990", 0, 990, 1000},     {"90", 0, 90, 100},  {".99", 2, 99, 100},
        {"9.99", 2, 999, 1000},    {"9", 2, 900, 1000}, {"0", 0, 0, 10},
        {"9.995", 3, 9995, 10000}, {NULL, 2, 0, 0},
    };
    static const struct {
        const char *text;
        int decimals;
    } wrong[] = {{"", 0},  {".", 2},   {"9.9", 2}, {".99", 0},           {"9.9.9", 2},
                 {"x", 0}, {"-99", 2}, {" 99", 2}, {"1234567890123", 0}, {"999999999999", 3}};
    ec_price_ending ending;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal(ec_price_ending_parse(rows[i].text, rows[i].decimals, &ending), EC_OK);
        assert_int_equal(ending.value, rows[i].value);
        assert_int_equal(ending.step, rows[i].step);
    }
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        if (ec_price_ending_parse(wrong[i].text, wrong[i].decimals, &ending) != EC_INVALID) {
            fail_msg("\"%s\" passes", wrong[i].text);
        }
    }
}

/* By looking at every price. */
static int64_t counted(const ec_price_ending *ending, ec_bulk_ending direction, int64_t amount)
{
    int64_t below = -1, above = ending->value;
    for (int64_t n = ending->value; n <= amount; n += ending->step) {
        below = n;
    }
    while (above < amount) {
        above += ending->step;
    }
    if (below < 0 || direction == EC_ENDING_UP) return above;
    if (direction == EC_ENDING_DOWN) return below;
    return amount - below < above - amount ? below : above;
}

static void ending_apply__agrees_with_counting(void **state)
{
    (void)state;
    static const ec_price_ending endings[] = {{990, 1000}, {99, 100}, {0, 10}, {5, 10}, {9, 10}};
    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
        for (int direction = EC_ENDING_NEAREST; direction <= EC_ENDING_DOWN; direction++) {
            for (int64_t amount = 0; amount < 3100; amount++) {
                int64_t out = -1, wanted = counted(&endings[i], (ec_bulk_ending)direction, amount);
                assert_int_equal(
                    ec_price_ending_apply(&endings[i], (ec_bulk_ending)direction, amount, &out),
                    EC_OK);
                assert_int_equal(out, wanted);
            }
        }
    }
}

static void ending_apply__refuses_what_is_too_large(void **state)
{
    (void)state;
    const ec_price_ending ending = {990, 1000};
    int64_t out = 7;
    assert_int_equal(ec_price_ending_apply(&ending, EC_ENDING_UP, EC_AMOUNT_MAX, &out),
                     EC_OVERFLOW);
    assert_int_equal(out, 7);
    assert_int_equal(ec_price_ending_apply(&ending, EC_ENDING_DOWN, EC_AMOUNT_MAX, &out), EC_OK);
    assert_int_equal(out, INT64_C(999999999999990));
}

static void change_apply__takes_percent_then_amount_then_ending_then_floor(void **state)
{
    (void)state;
    static const struct {
        ec_price_change_rule rule;
        int64_t base, floor, result;
        bool floored;
    } rows[] = {
        {{.percent = -100000}, 1000, 0, 900, false},
        {{.percent = 100000}, 1005, 0, 1106, false}, /* 1105.5 half up */
        {{.percent = -100000, .amount = -50}, 1000, 0, 850, false},
        {{.amount = -2000}, 1000, 0, 0, false},
        {{.percent = -1000000, .ending = {990, 1000}}, 1000, 0, 0, false},
        {{.percent = 100000, .ending = {990, 1000}}, 12345, 0, 13990, false}, /* 13580 -> 13990 */
        {{.percent = 100000, .ending = {990, 1000}, .direction = EC_ENDING_DOWN},
         12345,
         0,
         12990,
         false},
        {{.percent = -500000}, 1000, 700, 700, true},
        {{.percent = -500000, .ending = {90, 100}}, 1000, 700, 790, true},
        {{.percent = 500000}, 0, 700, 0, false}, /* what is free stays free */
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        int64_t out = -1;
        bool floored = false;
        assert_int_equal(
            ec_price_change_apply(&rows[i].rule, rows[i].base, rows[i].floor, &out, &floored),
            EC_OK);
        assert_int_equal(out, rows[i].result);
        assert_int_equal(floored, rows[i].floored);
    }
    int64_t out = 0;
    bool floored = false;
    const ec_price_change_rule more = {.percent = 100000000};
    assert_int_equal(ec_price_change_apply(&more, EC_AMOUNT_MAX, 0, &out, &floored), EC_OVERFLOW);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ending_parse__reads_digits_for_the_currency),
        cmocka_unit_test(ending_apply__agrees_with_counting),
        cmocka_unit_test(ending_apply__refuses_what_is_too_large),
        cmocka_unit_test(change_apply__takes_percent_then_amount_then_ending_then_floor),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
