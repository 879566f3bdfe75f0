/* SPDX-License-Identifier: MIT */
/*
 * Taxes by place and buyer, computed by hand: other places' taxes, buyers who pay none, discounts,
 * the fee, and amounts from outside.
 */
#include "tax/desk.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* ---- places ---- */

static void zone__is_that_of_the_address_the_policy_names(void **state)
{
    (void)state;
    static const struct {
        const char *ships, *bills;
        ec_tax_address by;
        ec_id zone;
    } rows[] = {
        {"CL", "PE", EC_TAX_BY_SHIPPING, 1}, {"CL", "PE", EC_TAX_BY_BILLING, 2},
        {NULL, "PE", EC_TAX_BY_SHIPPING, 2}, {"CL", NULL, EC_TAX_BY_BILLING, 1},
        {NULL, NULL, EC_TAX_BY_SHIPPING, 2}, {"AR", "PE", EC_TAX_BY_SHIPPING, 2},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        desk d;
        ec_address ships = {.country = rows[i].ships}, bills = {.country = rows[i].bills};
        desk_open(&d);
        desk_country(&d, 1, "CL");
        desk_country(&d, 2, "PE");
        d.in.default_tax_zone_id = 2; /* also for AR, which no zone has */
        d.in.shipping_address = &ships;
        d.in.billing_address = rows[i].bills != NULL ? &bills : NULL;
        d.policy.tax_address = rows[i].by;
        desk_line(&d, NULL, 100, 1);
        desk_tax(&d);
        assert_int_equal(d.quote.tax_zone_id, rows[i].zone);
        desk_close(&d);
    }
}

/* A shop in Germany (19 % included) that sells to Spain (21 % included) and to Switzerland (8.1 %
   added, nothing included). */
static void abroad(desk *d, const char *country)
{
    desk_open(d);
    desk_country(d, 1, "DE");
    desk_country(d, 2, "ES");
    desk_country(d, 3, "CH");
    desk_rate(d, "standard", 190000, true);
    desk_rate(d, "standard", 210000, true)->zone_id = 2;
    desk_rate(d, "standard", 81000, false)->zone_id = 3;
    desk_line(d, NULL, 11900, 1);
    d->address.country = country;
    d->in.default_tax_zone_id = 1;
}

static void keep_gross__lets_the_shopper_pay_the_same(void **state)
{
    (void)state;
    desk d;
    abroad(&d, "ES");
    desk_tax(&d);
    expect_line(&d, 1, 0, 2065); /* 11900 * 21/121 = 2065.29 */
    expect_row(&d, 2, 9835, 2065);
    desk_close(&d);
}

static void keep_net__takes_the_tax_at_home_out_first(void **state)
{
    (void)state;
    desk d;
    abroad(&d, "ES");
    d.policy.tax_keep = EC_TAX_KEEP_NET;
    desk_tax(&d);
    /* 11900 - 1900 = 10000; 21 % of it on top */
    expect_line(&d, 1, -1900 + 2100, 0);
    expect_source(&d, 1, "home_tax", -1900);
    expect_source(&d, 1, "tax_rate:2", 2100);
    const ec_quote_tax *row = expect_row(&d, 2, 10000, 2100);
    assert_false(row->included);
    assert_int_equal(d.quote.taxes_count, 1);
    desk_close(&d);

    abroad(&d, "CH");
    d.policy.tax_keep = EC_TAX_KEEP_NET;
    desk_tax(&d);
    expect_line(&d, 1, -1900 + 810, 0);
    desk_close(&d);

    abroad(&d, "DE");
    d.policy.tax_keep = EC_TAX_KEEP_NET;
    desk_tax(&d);
    expect_line(&d, 1, 0, 1900);
    desk_close(&d);
}

static void keep_net__lets_goods_leave_without_tax(void **state)
{
    (void)state;
    desk d;
    abroad(&d, "AR");
    desk_zone(&d, 4, "world", EC_ZONE_ALL); /* with no rates at all */
    desk_place(&d, EC_ZONE_KIND_COUNTRY, NULL, "*");
    d.policy.tax_keep = EC_TAX_KEEP_NET;
    d.fee = 1190;
    desk_tax(&d);
    expect_line(&d, 1, -1900, 0);
    expect_fee(&d, -190, 0);
    assert_int_equal(d.quote.taxes_count, 0);
    desk_close(&d);
}

/* ---- buyers who pay none ---- */

static void exempt__gets_the_included_tax_taken_out(void **state)
{
    (void)state;
    desk d;
    abroad(&d, "ES");
    d.in.customer.tax_exempt = true;
    d.fee = 1210;
    desk_tax(&d);
    expect_line(&d, 1, -2065, 0);
    expect_source(&d, 1, "exemption", -2065);
    expect_fee(&d, -210, 0);
    const ec_quote_tax *row = expect_row(&d, 2, 9835 + 1000, 0);
    assert_string_equal(row->note, "exempt");
    desk_close(&d);
}

static void exempt__pays_no_added_tax(void **state)
{
    (void)state;
    desk d;
    abroad(&d, "CH");
    d.in.customer.tax_exempt = true;
    desk_tax(&d);
    expect_line(&d, 1, 0, 0);
    expect_row(&d, 3, 11900, 0);
    assert_int_equal(d.quote.adjustments_count, 0);
    desk_close(&d);
}

static void reverse_charge__is_told_on_the_invoice(void **state)
{
    (void)state;
    desk d;
    abroad(&d, "ES");
    d.in.customer.reverse_charge = true;
    d.policy.tax_keep = EC_TAX_KEEP_NET;
    desk_tax(&d);
    /* 119.00 in a German shop is 100.00 for a company in Spain */
    expect_line(&d, 1, -1900, 0);
    expect_source(&d, 1, "home_tax", -1900);
    assert_string_equal(expect_row(&d, 2, 10000, 0)->note, "reverse_charge");
    desk_close(&d);

    abroad(&d, "ES");
    d.in.customer.reverse_charge = true;
    desk_tax(&d);
    expect_source(&d, 1, "reverse_charge", -2065);
    desk_close(&d);
}

static void exempt_pays_gross__leaves_the_price_as_it_is(void **state)
{
    (void)state;
    desk d;
    abroad(&d, "ES");
    d.in.customer.tax_exempt = true;
    d.policy.exempt_pays_gross = true;
    d.policy.tax_keep = EC_TAX_KEEP_NET;
    desk_tax(&d);
    expect_line(&d, 1, 0, 0);
    assert_int_equal(d.quote.adjustments_count, 0);
    assert_string_equal(expect_row(&d, 2, 11900, 0)->note, "exempt");
    desk_close(&d);
}

static void exempt__never_gets_back_more_than_is_paid(void **state)
{
    (void)state;
    desk d;
    desk_open(&d);
    desk_country(&d, 1, "CL");
    desk_rate(&d, "standard", 190000, true);
    desk_line(&d, NULL, 1190, 1);
    d.order_discount[0] = 1090;
    d.policy.tax_before_discounts = true;
    d.in.customer.tax_exempt = true;
    desk_tax(&d);
    expect_line(&d, 1, -100, 0); /* the tax of 1190 is 190, but 100 are paid */
    desk_close(&d);
}

static void exempt__does_not_depend_on_which_of_two_lines_was_discounted(void **state)
{
    (void)state;
    /* Twice 4 with 0.64 inside: 1 in all. One line is free, so which one has the 1 matters. */
    for (int free_one = 0; free_one < 2; free_one++) {
        desk d;
        desk_open(&d);
        desk_country(&d, 1, "CL");
        desk_rate(&d, "standard", 190000, true);
        desk_line(&d, NULL, 4, 1)->variant_id = 11;
        desk_line(&d, NULL, 4, 1)->variant_id = 11;
        d.order_discount[free_one] = 4;
        d.policy.tax_level = EC_TAX_LEVEL_RATE;
        d.policy.tax_before_discounts = true;
        d.in.customer.tax_exempt = true;
        desk_tax(&d);
        assert_int_equal(d.work.lines[0].tax_added + d.work.lines[1].tax_added, 0);
        desk_close(&d);
    }
}

/* ---- discounts ---- */

static void discounts__reduce_what_is_taxed_and_say_how_much_tax_they_are(void **state)
{
    (void)state;
    desk d;
    desk_open(&d);
    desk_country(&d, 1, "CL");
    desk_rate(&d, "standard", 190000, true);
    desk_line(&d, NULL, 11900, 2);
    desk_line(&d, "none", 100, 1);
    d.unit_discount[0] = 2380;
    d.order_discount[0] = 1000;
    d.order_discount[1] = 10;
    d.fee = 3570;
    d.fee_discount = 3570;
    desk_tax(&d);
    /* 23800 - 2380 - 1000 = 20420; * 19/119 = 3260.34 */
    expect_line(&d, 1, 0, 3260);
    expect_share(&d, EC_ADJUST_UNIT, 1, -380);
    expect_share(&d, EC_ADJUST_ORDER, 1, -160); /* 1000 * 19/119 = 159.66 */
    expect_share(&d, EC_ADJUST_ORDER, 2, 0);
    expect_share(&d, EC_ADJUST_SHIPPING, 0, 570);
    expect_share(&d, EC_ADJUST_SHIPPING_DISCOUNT, 0, -570);
    expect_fee(&d, 0, 0);
    desk_close(&d);
}

static void tax_before_discounts__taxes_the_price(void **state)
{
    (void)state;
    desk d;
    desk_open(&d);
    desk_country(&d, 1, "IN");
    desk_rate(&d, "standard", 180000, false);
    desk_line(&d, NULL, 1000, 2);
    d.unit_discount[0] = 500;
    d.fee = 100;
    d.fee_discount = 100;
    d.policy.tax_before_discounts = true;
    desk_tax(&d);
    expect_line(&d, 1, 360, 0);
    expect_fee(&d, 18, 0);
    expect_share(&d, EC_ADJUST_UNIT, 1, 0);
    desk_close(&d);
}

static void free_goods__have_no_tax_and_no_row(void **state)
{
    (void)state;
    desk d;
    desk_open(&d);
    desk_country(&d, 1, "CL");
    desk_rate(&d, "standard", 190000, true);
    desk_line(&d, NULL, 1190, 1);
    d.order_discount[0] = 1190;
    desk_tax(&d);
    expect_line(&d, 1, 0, 0);
    expect_share(&d, EC_ADJUST_ORDER, 1, -190);
    assert_int_equal(d.quote.taxes_count, 0);
    desk_close(&d);
}

/* ---- the fee ---- */

static void fee__is_taxed_by_its_own_category(void **state)
{
    (void)state;
    desk d;
    desk_open(&d);
    desk_country(&d, 1, "DE");
    desk_rate(&d, "standard", 190000, true);
    desk_rate(&d, "reduced", 70000, true);
    desk_line(&d, "standard", 1190, 1);
    d.fee = 535;
    d.fee_category = "reduced";
    desk_tax(&d);
    expect_fee(&d, 0, 35); /* 535 * 7/107 */
    expect_row(&d, 2, 500, 35);
    desk_close(&d);

    d.fee_category = NULL; /* none: the default one */
    desk_open(&d);
    desk_country(&d, 1, "DE");
    desk_rate(&d, "standard", 190000, true);
    desk_line(&d, "standard", 1190, 1);
    d.fee = 595;
    desk_tax(&d);
    expect_fee(&d, 0, 95);
    expect_row(&d, 1, 1500, 285);
    desk_close(&d);
}

static void fee__is_taxed_as_the_goods_where_the_policy_says(void **state)
{
    (void)state;
    desk d;
    desk_open(&d);
    desk_country(&d, 1, "DE");
    desk_rate(&d, "standard", 190000, false);
    desk_rate(&d, "reduced", 70000, false);
    desk_line(&d, "standard", 3000, 1);
    desk_line(&d, "reduced", 1000, 2);
    desk_line(&d, "standard", 2000, 1);
    desk_line(&d, NULL, 1000, 1)->taxable = false;
    desk_line(&d, "reduced", 2000, 1);
    d.fee = 1000;
    d.policy.shipping_tax = EC_SHIPPING_TAX_WEIGHTED;
    desk_tax(&d);
    /* 5000 standard, 4000 reduced, 1000 without tax: 500, 400 and 100 of the fee */
    expect_fee(&d, 95 + 28, 0);
    expect_row(&d, 1, 5500, 950 + 95);
    expect_row(&d, 2, 4400, 280 + 28);
    desk_close(&d);
}

static void fee__of_free_goods_is_taxed_by_its_own_category(void **state)
{
    (void)state;
    desk d;
    desk_open(&d);
    desk_country(&d, 1, "DE");
    desk_rate(&d, "standard", 190000, false);
    desk_line(&d, "standard", 0, 1);
    d.fee = 1000;
    d.policy.shipping_tax = EC_SHIPPING_TAX_WEIGHTED;
    desk_tax(&d);
    expect_fee(&d, 190, 0);
    desk_close(&d);
}

static void fee__takes_part_in_the_sum_of_a_rate(void **state)
{
    (void)state;
    desk d;
    desk_open(&d);
    desk_country(&d, 1, "JP");
    desk_rate(&d, "standard", 100000, true);
    desk_line(&d, NULL, 100, 1);
    desk_line(&d, NULL, 100, 1);
    d.fee = 100;
    d.policy.tax_level = EC_TAX_LEVEL_RATE;
    d.policy.tax_rounding = EC_ROUND_DOWN;
    desk_tax(&d);
    /* 300 * 10/110 = 27.27: 27; 9.09 each, cut off to 9 */
    expect_row(&d, 1, 273, 27);
    expect_line(&d, 1, 0, 9);
    expect_fee(&d, 0, 9);
    desk_close(&d);
}

/* ---- outside ---- */

static void outside__is_taken_as_it_is(void **state)
{
    (void)state;
    desk d;
    desk_open(&d);
    desk_country(&d, 1, "US");
    desk_rate(&d, "standard", 500000, false);
    desk_line(&d, NULL, 1000, 1);
    desk_line(&d, NULL, 2000, 1);
    d.fee = 500;
    d.order_discount[0] = 100;
    d.outside[0] = (ec_pricing_outside_tax){1, "State", "s", 40000, 37, false};
    d.outside[1] = (ec_pricing_outside_tax){1, "City", "c", 10000, 9, false};
    d.outside[2] = (ec_pricing_outside_tax){2, "State", "s", 40000, 80, false};
    d.outside[3] = (ec_pricing_outside_tax){0, "State", "s", 40000, 20, false};
    d.outside[4] = (ec_pricing_outside_tax){2, "Inside", "i", 250000, 400, true};
    d.in.outside_taxes_count = 5;
    d.in.has_outside_taxes = true;
    desk_tax(&d);
    expect_line(&d, 1, 46, 0);
    expect_line(&d, 2, 80, 400);
    expect_fee(&d, 20, 0);
    assert_int_equal(d.quote.taxes_count, 3);
    assert_int_equal(d.quote.taxes[0].amount, 137);
    assert_int_equal(d.quote.taxes[0].base, 900 + 1600 + 500);
    assert_string_equal(d.quote.taxes[0].name, "State");
    assert_int_equal(d.quote.taxes[2].base, 1600);
    expect_source(&d, 1, "outside", 37);
    desk_close(&d);
}

static void outside__may_be_none_at_all(void **state)
{
    (void)state;
    desk d;
    desk_open(&d);
    desk_country(&d, 1, "US");
    desk_rate(&d, "standard", 500000, false);
    desk_line(&d, NULL, 1000, 1);
    d.in.has_outside_taxes = true;
    desk_tax(&d);
    expect_line(&d, 1, 0, 0);
    desk_close(&d);
}

static void outside__refuses_amounts_that_cannot_be(void **state)
{
    (void)state;
    static const ec_pricing_outside_tax rows[] = {
        {2, "T", "t", 0, 1, false},                 /* no such line */
        {-1, "T", "t", 0, 1, false},                /* nor this */
        {1, "T", "t", 0, -1, false},                /* below zero */
        {1, "T", "t", 0, EC_AMOUNT_MAX + 1, false}, /* too much */
        {1, "T", "t", -1, 1, false},                /* a rate below zero */
        {1, "T", "t", 0, 1001, true},               /* more inside than the price */
        {0, "T", "t", 0, 1, true},                  /* of a fee that is not there */
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        desk d;
        desk_open(&d);
        desk_line(&d, NULL, 1000, 1);
        d.outside[0] = rows[i];
        d.in.outside_taxes_count = 1;
        d.in.has_outside_taxes = true;
        assert_int_equal(desk_try(&d), EC_INVALID);
        desk_close(&d);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(zone__is_that_of_the_address_the_policy_names),
        cmocka_unit_test(keep_gross__lets_the_shopper_pay_the_same),
        cmocka_unit_test(keep_net__takes_the_tax_at_home_out_first),
        cmocka_unit_test(keep_net__lets_goods_leave_without_tax),
        cmocka_unit_test(exempt__gets_the_included_tax_taken_out),
        cmocka_unit_test(exempt__pays_no_added_tax),
        cmocka_unit_test(reverse_charge__is_told_on_the_invoice),
        cmocka_unit_test(exempt_pays_gross__leaves_the_price_as_it_is),
        cmocka_unit_test(exempt__never_gets_back_more_than_is_paid),
        cmocka_unit_test(exempt__does_not_depend_on_which_of_two_lines_was_discounted),
        cmocka_unit_test(discounts__reduce_what_is_taxed_and_say_how_much_tax_they_are),
        cmocka_unit_test(tax_before_discounts__taxes_the_price),
        cmocka_unit_test(free_goods__have_no_tax_and_no_row),
        cmocka_unit_test(fee__is_taxed_by_its_own_category),
        cmocka_unit_test(fee__is_taxed_as_the_goods_where_the_policy_says),
        cmocka_unit_test(fee__of_free_goods_is_taxed_by_its_own_category),
        cmocka_unit_test(fee__takes_part_in_the_sum_of_a_rate),
        cmocka_unit_test(outside__is_taken_as_it_is),
        cmocka_unit_test(outside__may_be_none_at_all),
        cmocka_unit_test(outside__refuses_amounts_that_cannot_be),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
