/* SPDX-License-Identifier: MIT */
/*
 * The pure computation: sums, cash rounding, the limits of amounts, and that no order of the lines
 * changes anything.
 */
#include "harness/harness.h"

#include "price/pricing.h"

static ec_arena arena;

static int begin(void **state)
{
    (void)state;
    ec_arena_init(&arena, world_platform());
    return 0;
}

static int end(void **state)
{
    (void)state;
    ec_arena_clear(&arena);
    return 0;
}

static ec_pricing_line line(int64_t price, int64_t quantity)
{
    return (ec_pricing_line){.variant_id = price, .price = price, .quantity = quantity};
}

static ec_pricing input(const ec_pricing_line *lines, size_t count)
{
    return (ec_pricing){
        .currency = "CLP", .lines = lines, .lines_count = count, .shipping_amount = -1};
}

static void compute__adds_up_lines_and_fee(void **state)
{
    (void)state;
    ec_quote *quote = NULL;
    const ec_pricing_line lines[] = {line(1990, 2), line(5, 3)};
    ec_pricing in = input(lines, 2);
    in.shipping_amount = 700;
    assert_int_equal(ec_price_compute(&arena, NULL, &in, &quote, NULL), EC_OK);
    assert_int_equal(quote->subtotal, 3995);
    assert_int_equal(quote->shipping_amount, 700);
    assert_int_equal(quote->total_amount, 4695);
    assert_int_equal(quote->adjustments_count, 1);
    assert_int_equal(quote->adjustments[0].amount, 700);
    assert_int_equal(quote->lines[1].total, 15);
}

static void compute__rounds_cash_by_step_and_mode(void **state)
{
    (void)state;
    static const struct {
        int64_t price, step;
        ec_rounding mode;
        const char *methods, *method;
        int64_t total;
    } rows[] = {
        {1995, 10, EC_ROUND_HALF_DOWN, NULL, "cash", 1990},
        {1996, 10, EC_ROUND_HALF_DOWN, NULL, "cash", 2000},
        {1995, 10, EC_ROUND_HALF_UP, NULL, "cash", 2000},
        {1995, 10, EC_ROUND_HALF_UP, NULL, "card", 1995},
        {1995, 10, EC_ROUND_HALF_UP, NULL, NULL, 1995},
        {1995, 10, EC_ROUND_HALF_UP, "coins, notes", "notes", 2000},
        {1995, 10, EC_ROUND_HALF_UP, "coins, notes", "cash", 1995},
        {1995, 1, EC_ROUND_HALF_UP, NULL, "cash", 1995},
        {1995, 0, EC_ROUND_HALF_UP, NULL, "cash", 1995},
        {4, 10, EC_ROUND_HALF_UP, NULL, "cash", 0},
        {0, 10, EC_ROUND_UP, NULL, "cash", 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        ec_quote *quote = NULL;
        const ec_pricing_line one = line(rows[i].price, 1);
        ec_policy policy = {.cash_step = rows[i].step,
                            .cash_rounding = rows[i].mode,
                            .cash_methods = rows[i].methods};
        ec_pricing in = input(&one, 1);
        in.policy = &policy;
        in.payment_method = rows[i].method;
        assert_int_equal(ec_price_compute(&arena, NULL, &in, &quote, NULL), EC_OK);
        assert_int_equal(quote->total_amount, rows[i].total);
        assert_int_equal(quote->rounding_amount, rows[i].total - rows[i].price);
    }
}

static void compute__refuses_what_is_no_input(void **state)
{
    (void)state;
    static const struct {
        ec_pricing_line second;
        ec_status status;
        int64_t bad;
    } rows[] = {
        {{.price = 1, .quantity = 0}, EC_INVALID, 2},
        {{.price = -1, .quantity = 1}, EC_INVALID, 2},
        {{.price = 1, .quantity = INT64_MIN}, EC_INVALID, 2},
        {{.price = 1, .quantity = 1, .minimum_price = -1}, EC_INVALID, 2},
        {{.price = 1, .quantity = INT64_MAX}, EC_OVERFLOW, 2},
        {{.price = INT64_MAX, .quantity = 1}, EC_OVERFLOW, 2},
        {{.price = INT64_MAX, .quantity = INT64_MAX}, EC_OVERFLOW, 2},
        {{.price = 1, .quantity = 2, .minimum_price = EC_AMOUNT_MAX}, EC_OVERFLOW, 2},
        {{.price = EC_AMOUNT_MAX, .quantity = 1}, EC_OVERFLOW, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        ec_quote *quote = NULL;
        int64_t bad = -1;
        const ec_pricing_line lines[] = {line(7, 1), rows[i].second};
        ec_pricing in = input(lines, 2);
        assert_int_equal(ec_price_compute(&arena, NULL, &in, &quote, &bad), rows[i].status);
        assert_int_equal(bad, rows[i].bad);
        assert_null(quote);
    }
}

static void compute__does_not_depend_on_the_order_of_lines(void **state)
{
    (void)state;
    ec_pricing_line lines[7];
    ec_quote *first = NULL;
    for (int round = 0; round < 50; round++) {
        ec_quote *quote = NULL;
        if (round == 0)
            for (size_t i = 0; i < 7; i++)
                lines[i] = line(world_pick(100000), world_pick(20) + 1);
        for (size_t i = 6; i > 0; i--) {
            size_t k = (size_t)world_pick((int64_t)i + 1);
            ec_pricing_line swapped = lines[i];
            lines[i] = lines[k];
            lines[k] = swapped;
        }
        ec_pricing in = input(lines, 7);
        assert_int_equal(ec_price_compute(&arena, NULL, &in, &quote, NULL), EC_OK);
        first = first == NULL ? quote : first;
        assert_int_equal(quote->total_amount, first->total_amount);
    }
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, begin, end)
    const struct CMUnitTest tests[] = {
        CASE(compute__adds_up_lines_and_fee),
        CASE(compute__rounds_cash_by_step_and_mode),
        CASE(compute__refuses_what_is_no_input),
        CASE(compute__does_not_depend_on_the_order_of_lines),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
