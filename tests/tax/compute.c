/* SPDX-License-Identifier: MIT */
/*
 * Taxes computed by hand: levels and modes of rounding, included and added rates, compound ones,
 * and what does not fit.
 */
#include "tax/desk.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* ---- one rate ---- */

static void included__is_inside_of_the_price_in_pesos(void **state)
{
    (void)state;
    desk d;
    desk_open(&d);
    desk_country(&d, 1, "CL");
    desk_rate(&d, "standard", 190000, true);
    desk_line(&d, NULL, 19990, 1);
    desk_line(&d, "standard", 1190, 3);
    desk_tax(&d);
    /* 19990 * 19/119 = 379810/119 = 3191.68; 3570 * 19/119 = 570 */
    expect_line(&d, 1, 0, 3192);
    expect_line(&d, 2, 0, 570);
    /* 19990 - 3192 = 16798; 3570 - 570 = 3000 */
    const ec_quote_tax *row = expect_row(&d, 1, 16798 + 3000, 3192 + 570);
    assert_true(row->included);
    assert_null(row->note);
    assert_string_equal(row->code, "standard");
    assert_int_equal(d.quote.taxes_count, 1);
    assert_int_equal(d.quote.tax_zone_id, 1);
    assert_string_equal(d.quote.adjustments[0].source, "tax_rate:1");
    assert_string_equal(d.quote.adjustments[0].rounding, "half_up");
    assert_int_equal(d.quote.adjustments[0].base, 19990);
    assert_int_equal(d.quote.adjustments[0].rate, 190000);
    assert_int_equal(d.quote.adjustments[0].tax_included, 3192);
    assert_null(d.quote.adjustments[1].rounding); /* 570 exactly */
    desk_close(&d);
}

static void added__goes_on_top_in_dollars(void **state)
{
    (void)state;
    desk d;
    desk_open(&d);
    desk_country(&d, 1, "US");
    desk_rate(&d, "standard", 88750, false);
    desk_line(&d, NULL, 1999, 1);
    desk_line(&d, NULL, 1000, 2);
    desk_tax(&d);
    /* 19.99 * 8.875 % = 1.7741…; 20.00 * 8.875 % = 1.775, a tie: up */
    expect_line(&d, 1, 177, 0);
    expect_line(&d, 2, 178, 0);
    expect_row(&d, 1, 3999, 355);
    desk_close(&d);
}

/* JPY: 110 yen with 8 % and 10 %; KWD: three decimals. */
static void rates__follow_the_category_of_the_line(void **state)
{
    (void)state;
    desk d;
    desk_open(&d);
    desk_country(&d, 1, "JP");
    desk_rate(&d, "standard", 100000, true);
    desk_rate(&d, "food", 80000, true);
    desk_rate(&d, "zero", 0, true);
    desk_line(&d, NULL, 110, 1);
    desk_line(&d, "food", 110, 1);
    desk_line(&d, "books", 110, 1)->sku = "no rate";
    desk_line(&d, NULL, 110, 1)->taxable = false;
    desk_line(&d, "zero", 110, 1);
    d.policy.tax_rounding = EC_ROUND_DOWN;
    desk_tax(&d);
    expect_line(&d, 1, 0, 10); /* 110 * 10/110 */
    expect_line(&d, 2, 0, 8);  /* 110 * 8/108 = 8.148 */
    expect_line(&d, 3, 0, 0);
    expect_line(&d, 4, 0, 0);
    expect_line(&d, 5, 0, 0);
    expect_row(&d, 1, 100, 10);
    expect_row(&d, 2, 102, 8);
    expect_row(&d, 3, 110, 0); /* an invoice tells a rate of nought */
    assert_int_equal(d.quote.taxes_count, 3);
    desk_close(&d);
}

static void rates__are_exact_in_dinars(void **state)
{
    (void)state;
    desk d;
    desk_open(&d);
    desk_country(&d, 1, "KW");
    desk_rate(&d, "standard", 50000, false);
    desk_line(&d, NULL, 12345, 1); /* KWD 12.345 */
    desk_line(&d, NULL, 10, 1);    /* KWD 0.010 */
    d.policy.tax_rounding = EC_ROUND_HALF_EVEN;
    desk_tax(&d);
    expect_line(&d, 1, 617, 0); /* 617.25 */
    expect_line(&d, 2, 0, 0);   /* 0.5: to the even 0 */
    desk_close(&d);
}

static void modes__round_ties_and_parts_as_they_say(void **state)
{
    (void)state;
    /* 25 % added: 10 gives 2.5, 14 gives 3.5, 9 gives 2.25, 11 gives 2.75 */
    static const int64_t prices[] = {10, 14, 9, 11};
    static const int64_t taxes[][4] = {
        [EC_ROUND_HALF_UP] = {3, 4, 2, 3},   [EC_ROUND_HALF_EVEN] = {2, 4, 2, 3},
        [EC_ROUND_HALF_DOWN] = {2, 3, 2, 3}, [EC_ROUND_UP] = {3, 4, 3, 3},
        [EC_ROUND_DOWN] = {2, 3, 2, 2},      [EC_ROUND_CEILING] = {3, 4, 3, 3},
        [EC_ROUND_FLOOR] = {2, 3, 2, 2},
    };
    for (size_t mode = 0; mode < COUNT(taxes); mode++) {
        desk d;
        desk_open(&d);
        desk_country(&d, 1, "CL");
        desk_rate(&d, "standard", 250000, false);
        for (size_t i = 0; i < 4; i++)
            desk_line(&d, NULL, prices[i], 1);
        d.policy.tax_rounding = (ec_rounding)mode;
        desk_tax(&d);
        for (size_t i = 0; i < 4; i++)
            expect_line(&d, (int64_t)i + 1, taxes[mode][i], 0);
        desk_close(&d);
    }
}

/* ---- levels ---- */

/* Three lines of 10 % on 4, 4 and 7 each taken 3 times: what is rounded where. */
static void levels(desk *d, ec_tax_level level, ec_tax_calculator calculator)
{
    desk_open(d);
    desk_country(d, 1, "CL");
    desk_rate(d, "standard", 100000, false)->calculator = calculator;
    desk_line(d, NULL, 4, 3);
    desk_line(d, NULL, 4, 3);
    desk_line(d, NULL, 7, 3);
    d->policy.tax_level = level;
    desk_tax(d);
}

static void level__decides_where_a_tax_is_rounded(void **state)
{
    (void)state;
    desk d;
    levels(&d, EC_TAX_LEVEL_UNIT, EC_TAX_EACH);
    expect_line(&d, 1, 0, 0); /* 3 * round(0.4) */
    expect_line(&d, 2, 0, 0);
    expect_line(&d, 3, 3, 0); /* 3 * round(0.7) */
    desk_close(&d);

    levels(&d, EC_TAX_LEVEL_LINE, EC_TAX_EACH);
    expect_line(&d, 1, 1, 0); /* round(1.2) */
    expect_line(&d, 2, 1, 0);
    expect_line(&d, 3, 2, 0); /* round(2.1) */
    desk_close(&d);

    levels(&d, EC_TAX_LEVEL_RATE, EC_TAX_EACH);
    expect_line(&d, 1, 2, 0); /* round(4.5) = 5: 1.2 1.2 2.1 cut off to 1 1 2; 0.2 comes first */
    expect_line(&d, 2, 1, 0);
    expect_line(&d, 3, 2, 0);
    expect_row(&d, 1, 45, 5);
    desk_close(&d);

    levels(&d, EC_TAX_LEVEL_ORDER, EC_TAX_EACH);
    expect_line(&d, 1, 2, 0);
    expect_line(&d, 2, 1, 0);
    expect_line(&d, 3, 2, 0);
    desk_close(&d);
}

static void calculator_sum__moves_one_level_up(void **state)
{
    (void)state;
    desk d;
    levels(&d, EC_TAX_LEVEL_UNIT, EC_TAX_SUM);
    expect_line(&d, 1, 1, 0); /* as lines */
    expect_line(&d, 2, 1, 0);
    expect_line(&d, 3, 2, 0);
    desk_close(&d);
    levels(&d, EC_TAX_LEVEL_LINE, EC_TAX_SUM);
    expect_row(&d, 1, 45, 5); /* as the rate */
    expect_line(&d, 1, 2, 0);
    desk_close(&d);
    levels(&d, EC_TAX_LEVEL_RATE, EC_TAX_SUM);
    expect_row(&d, 1, 45, 5);
    desk_close(&d);
}

static void level_unit__spreads_a_discount_over_the_units(void **state)
{
    (void)state;
    desk d;
    desk_open(&d);
    desk_country(&d, 1, "ES");
    desk_rate(&d, "standard", 210000, false);
    desk_line(&d, NULL, 1000, 3);
    d.order_discount[0] = 100;
    d.policy.tax_level = EC_TAX_LEVEL_UNIT;
    desk_tax(&d);
    /* 2900: 967, 967, 966; 21 %: 203.07, 203.07, 202.86; 203 each */
    expect_line(&d, 1, 609, 0);
    desk_close(&d);
}

static void level_order__rounds_all_rates_together(void **state)
{
    (void)state;
    desk d;
    desk_open(&d);
    desk_country(&d, 1, "US");
    desk_rate(&d, "standard", 40000, false);
    desk_rate(&d, "standard", 25000, false);
    desk_rate(&d, "standard", 10000, false);
    desk_line(&d, NULL, 1010, 1);
    d.policy.tax_level = EC_TAX_LEVEL_ORDER;
    desk_tax(&d);
    /* 40.40 + 25.25 + 10.10 = 75.75: 76; cut off 40 25 10 = 75, the largest part is 0.40 */
    expect_line(&d, 1, 76, 0);
    expect_row(&d, 1, 1010, 41);
    expect_row(&d, 2, 1010, 25);
    expect_row(&d, 3, 1010, 10);
    desk_close(&d);
}

static void level_order__rounds_half_to_the_even_sum(void **state)
{
    (void)state;
    static const struct {
        int64_t first, second, sum;
    } rows[] = {
        {1000, 250, 12}, /* 10 + 2.5 = 12.5: 12 */
        {1100, 250, 14}, /* 11 + 2.5 = 13.5: 14 */
        {1050, 200, 12}, /* 10.5 + 2 = 12.5 */
        {1050, 300, 14}, /* 10.5 + 3 = 13.5 */
        {1050, 250, 13}, /* 10.5 + 2.5 */
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        desk d;
        desk_open(&d);
        desk_country(&d, 1, "US");
        desk_rate(&d, "a", 10000, false);
        desk_rate(&d, "b", 10000, false);
        desk_line(&d, "a", rows[i].first, 1);
        desk_line(&d, "b", rows[i].second, 1);
        d.policy.tax_level = EC_TAX_LEVEL_ORDER;
        d.policy.tax_rounding = EC_ROUND_HALF_EVEN;
        desk_tax(&d);
        assert_int_equal(d.work.lines[0].tax_added + d.work.lines[1].tax_added, rows[i].sum);
        desk_close(&d);
    }
}

static void level_order__keeps_included_and_added_apart(void **state)
{
    (void)state;
    desk d;
    desk_open(&d);
    desk_country(&d, 1, "DE");
    desk_rate(&d, "standard", 190000, true);
    desk_rate(&d, "deposit", 100000, false);
    desk_line(&d, "standard", 100, 1);
    desk_line(&d, "deposit", 105, 1);
    d.policy.tax_level = EC_TAX_LEVEL_ORDER;
    desk_tax(&d);
    expect_line(&d, 1, 0, 16); /* 100 * 19/119 = 15.97 */
    expect_line(&d, 2, 11, 0); /* 10.5 */
    desk_close(&d);
}

static void shares__do_not_depend_on_the_order_of_the_lines(void **state)
{
    (void)state;
    for (int level = 0; level < 4; level++) {
        int64_t by_variant[4] = {0};
        for (int turn = 0; turn < 4; turn++) {
            desk d;
            desk_open(&d);
            desk_country(&d, 1, "CL");
            desk_rate(&d, "standard", 190000, true);
            for (int i = 0; i < 4; i++)
                desk_line(&d, NULL, 999, 1)->variant_id = 20 + (i + turn) % 4;
            d.policy.tax_level = (ec_tax_level)level;
            desk_tax(&d);
            for (int i = 0; i < 4; i++) {
                int64_t *seen = &by_variant[d.lines[i].variant_id - 20];
                if (turn == 0) *seen = d.work.lines[i].tax_included;
                assert_int_equal(d.work.lines[i].tax_included, *seen);
            }
            desk_close(&d);
        }
    }
}

/* ---- several rates ---- */

static void compound__works_on_the_taxes_below(void **state)
{
    (void)state;
    desk d;
    desk_open(&d);
    desk_country(&d, 1, "CA");
    desk_rate(&d, "standard", 50000, false);
    ec_tax_rule *second = desk_rate(&d, "standard", 99750, false);
    second->compound = true;
    second->priority = 1;
    desk_line(&d, NULL, 10000, 1);
    desk_tax(&d);
    /* 5 % of 100.00 = 5.00; 9.975 % of 105.00 = 10.47375 */
    expect_line(&d, 1, 500 + 1047, 0);
    expect_row(&d, 1, 10000, 500);
    expect_row(&d, 2, 10000, 1047);
    assert_int_equal(d.quote.adjustments[1].base, 10500);
    desk_close(&d);
}

static void compound__is_plain_among_rates_of_its_own_level(void **state)
{
    (void)state;
    desk d;
    desk_open(&d);
    desk_country(&d, 1, "CA");
    desk_rate(&d, "standard", 50000, false);
    desk_rate(&d, "standard", 100000, false)->compound = true;
    desk_line(&d, NULL, 10000, 1);
    desk_tax(&d);
    expect_line(&d, 1, 500 + 1000, 0);
    desk_close(&d);
}

static void included__of_several_rates_leaves_one_net(void **state)
{
    (void)state;
    desk d;
    desk_open(&d);
    desk_country(&d, 1, "CL");
    desk_rate(&d, "wine", 190000, true);
    desk_rate(&d, "wine", 205000, true);
    desk_line(&d, "wine", 13950, 1);
    desk_tax(&d);
    /* net 13950/1.395 = 10000: 1900 and 2050 */
    expect_line(&d, 1, 0, 3950);
    expect_row(&d, 1, 10000, 1900);
    expect_row(&d, 2, 10000, 2050);
    desk_close(&d);
}

static void included__may_be_compound(void **state)
{
    (void)state;
    desk d;
    desk_open(&d);
    desk_country(&d, 1, "UY");
    desk_rate(&d, "standard", 100000, true);
    ec_tax_rule *second = desk_rate(&d, "standard", 200000, true);
    second->compound = true;
    second->priority = 1;
    desk_line(&d, NULL, 1320, 1);
    desk_tax(&d);
    /* n * 1.1 * 1.2 = 1320: n = 1000, 100 and 20 % of 1100 = 220 */
    expect_row(&d, 1, 1000, 100);
    expect_row(&d, 2, 1000, 220);
    desk_close(&d);
}

static void added__works_on_what_is_left_without_included_taxes(void **state)
{
    (void)state;
    desk d;
    desk_open(&d);
    desk_country(&d, 1, "BR");
    desk_rate(&d, "standard", 250000, true);
    desk_rate(&d, "standard", 100000, false);
    desk_line(&d, NULL, 1250, 1);
    desk_tax(&d);
    /* 1250/1.25 = 1000 net, 250 inside; 10 % of 1000 on top */
    expect_line(&d, 1, 100, 250);
    expect_row(&d, 1, 1000, 250);
    expect_row(&d, 2, 1000, 100);
    desk_close(&d);
}

static void included__never_takes_more_than_the_price(void **state)
{
    (void)state;
    desk d;
    desk_open(&d);
    desk_country(&d, 1, "CL");
    desk_rate(&d, "standard", 190000, true);
    desk_rate(&d, "standard", 190000, true);
    desk_line(&d, NULL, 1, 1);
    d.policy.tax_rounding = EC_ROUND_UP;
    desk_tax(&d);
    expect_line(&d, 1, 0, 1); /* 0.14 twice, both up, of a price of 1 */
    expect_row(&d, 1, 0 + 0, 1);
    desk_close(&d);
}

static void validity__begins_with_its_moment_and_ends_before_the_other(void **state)
{
    (void)state;
    static const struct {
        ec_time from, until;
        int64_t tax;
    } rows[] = {
        {0, 0, 10},       {DESK_NOW, 0, 10},     {DESK_NOW + 1, 0, 0},
        {0, DESK_NOW, 0}, {0, DESK_NOW + 1, 10}, {DESK_NOW, DESK_NOW + 1, 10},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        desk d;
        desk_open(&d);
        desk_country(&d, 1, "CL");
        ec_tax_rule *rate = desk_rate(&d, "standard", 100000, false);
        rate->valid_from = rows[i].from;
        rate->valid_until = rows[i].until;
        desk_line(&d, NULL, 100, 1);
        desk_tax(&d);
        expect_line(&d, 1, rows[i].tax, 0);
        desk_close(&d);
    }
}

/* ---- the rest ---- */

static void compute_lines__leaves_the_quote_alone(void **state)
{
    (void)state;
    desk d;
    desk_open(&d);
    desk_country(&d, 1, "US");
    desk_rate(&d, "standard", 100000, false);
    desk_line(&d, NULL, 1000, 1);
    desk_prepare(&d);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(ec_tax_compute_lines(&d.work), EC_OK);
        assert_int_equal(d.work.lines[0].tax_added, 100);
        assert_int_equal(d.quote.adjustments_count, 0);
        assert_int_equal(d.quote.taxes_count, 0);
    }
    assert_int_equal(ec_tax_compute(&d.work), EC_OK);
    assert_int_equal(d.work.lines[0].tax_added, 100);
    desk_close(&d);
}

static void no_rules__are_no_tax(void **state)
{
    (void)state;
    desk d;
    desk_open(&d);
    desk_line(&d, NULL, 1000, 1);
    desk_prepare(&d);
    d.work.rules = NULL;
    assert_int_equal(ec_tax_compute(&d.work), EC_OK);
    assert_int_equal(d.work.lines[0].tax_added, 0);
    desk_close(&d);
}

static void overflow__is_refused_and_not_wrapped(void **state)
{
    (void)state;
    for (int level = 0; level < 4; level++) {
        desk d;
        desk_open(&d);
        desk_country(&d, 1, "US");
        desk_rate(&d, "standard", 10000000, false);
        desk_line(&d, NULL, EC_AMOUNT_MAX, 1);
        d.policy.tax_level = (ec_tax_level)level;
        assert_int_equal(desk_try(&d), EC_OVERFLOW);
        desk_close(&d);

        desk_open(&d);
        desk_country(&d, 1, "US");
        desk_rate(&d, "standard", 1000000, false); /* 100 % of the most there is: just fits */
        desk_line(&d, NULL, EC_AMOUNT_MAX, 1);
        d.policy.tax_level = (ec_tax_level)level;
        desk_tax(&d);
        expect_line(&d, 1, EC_AMOUNT_MAX, 0);
        desk_close(&d);
    }
}

static void overflow__of_factors_is_refused(void **state)
{
    (void)state;
    desk d;
    desk_open(&d);
    desk_country(&d, 1, "US");
    for (int i = 0; i < 8; i++) {
        ec_tax_rule *rate = desk_rate(&d, "standard", 99991 + 2 * i, true);
        rate->compound = true;
        rate->priority = i;
    }
    desk_line(&d, NULL, 1000, 1);
    assert_int_equal(desk_try(&d), EC_OVERFLOW);
    desk_close(&d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(included__is_inside_of_the_price_in_pesos),
        cmocka_unit_test(added__goes_on_top_in_dollars),
        cmocka_unit_test(rates__follow_the_category_of_the_line),
        cmocka_unit_test(rates__are_exact_in_dinars),
        cmocka_unit_test(modes__round_ties_and_parts_as_they_say),
        cmocka_unit_test(level__decides_where_a_tax_is_rounded),
        cmocka_unit_test(calculator_sum__moves_one_level_up),
        cmocka_unit_test(level_unit__spreads_a_discount_over_the_units),
        cmocka_unit_test(level_order__rounds_all_rates_together),
        cmocka_unit_test(level_order__rounds_half_to_the_even_sum),
        cmocka_unit_test(level_order__keeps_included_and_added_apart),
        cmocka_unit_test(shares__do_not_depend_on_the_order_of_the_lines),
        cmocka_unit_test(compound__works_on_the_taxes_below),
        cmocka_unit_test(compound__is_plain_among_rates_of_its_own_level),
        cmocka_unit_test(included__of_several_rates_leaves_one_net),
        cmocka_unit_test(included__may_be_compound),
        cmocka_unit_test(added__works_on_what_is_left_without_included_taxes),
        cmocka_unit_test(included__never_takes_more_than_the_price),
        cmocka_unit_test(validity__begins_with_its_moment_and_ends_before_the_other),
        cmocka_unit_test(compute_lines__leaves_the_quote_alone),
        cmocka_unit_test(no_rules__are_no_tax),
        cmocka_unit_test(overflow__is_refused_and_not_wrapped),
        cmocka_unit_test(overflow__of_factors_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
