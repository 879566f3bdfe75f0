/* SPDX-License-Identifier: MIT */
/*
 * promotion_check.c - what is wrong with promotions: each kind of finding, and that what is right
 * is not found.
 */
#include "harness/goods.h"
#include "harness/harness.h"
#include "harness/sale.h"

typedef struct shop {
    ec_engine *engine;
    ec_session *staff;
    ec_id mug, pot;
} shop;

static int set_up(void **state)
{
    shop *s = calloc(1, sizeof(*s));
    s->engine = shop_open();
    s->staff = session_system(s->engine);
    s->mug = sale_variant(s->engine, "MUG", 1000, 100);
    s->pot = sale_variant(s->engine, "POT", 5000, 100);
    *state = s;
    return 0;
}

static int tear_down(void **state)
{
    shop *s = *state;
    ec_session_close(s->staff);
    shop_close(s->engine);
    world_set(WORLD_START);
    free(s);
    return 0;
}

static const ec_promotion plain = {.code = "ten",
                                   .name = "Ten",
                                   .actions = "order_percent_off(10%)",
                                   .status = EC_PROMOTION_ACTIVE};

static ec_id create(shop *s, const ec_promotion *promotion)
{
    ec_promotion *made = NULL;
    assert_ok(s->staff, ec_promotion_create(s->staff, promotion, &made));
    ec_id id = made->id;
    ec_free(made);
    return id;
}

static ec_promotion_findings *check(shop *s, const ec_promotion *draft)
{
    ec_promotion_findings *out = NULL;
    uint64_t before = shop_checksum(s->engine);
    assert_ok(s->staff, ec_promotion_check(s->staff, draft, &out));
    assert_true(shop_checksum(s->engine) == before);
    return out;
}

static const ec_promotion_finding *find(const ec_promotion_findings *in, ec_finding_kind kind)
{
    for (size_t i = 0; i < in->findings_count; i++)
        if (in->findings[i].kind == kind) return &in->findings[i];
    return NULL;
}

/* The kind and severity of what is found about a draft; -1: nothing of the kind. */
static int severity(shop *s, const ec_promotion *draft, ec_finding_kind kind)
{
    ec_promotion_findings *out = check(s, draft);
    const ec_promotion_finding *finding = find(out, kind);
    int found = finding == NULL ? -1 : (int)finding->severity;
    if (finding != NULL) {
        assert_true(finding->promotions_count > 0 || kind == EC_FINDING_ASSUMED);
        assert_true(strlen(finding->message) > 10);
    }
    ec_free(out);
    return found;
}

/* ---- never ----------------------------------------------------------------------------------- */

static void check__finds_conditions_that_never_hold(void **state)
{
    shop *s = *state;
    static const char *const never[] = {
        "total < 1000 CLP and total > 2000 CLP",
        "total > 2000 CLP and (signed_in and total <= 2000 CLP)",
        "units >= 3 and units = 2",
        "units < 1",
        "units in (1, 2) and units in (4, 5)",
        "total(sku = MUG) >= 10 CLP and total(sku = MUG) < 10 CLP",
        "hour > 23",
        "hour between 9 and 5",
        "country = CL and country = AR",
        "country in (CL, AR) and country not in (AR, CL, PE)",
        "(units = 1 and units = 2) or (units = 3 and units = 4)",
        "signed_in and not signed_in",
        "total >= 10.00 EUR",
    };
    static const char *const sometimes[] = {
        "total >= 1000 CLP and total <= 1000 CLP",
        "units >= 3 and units(sku = MUG) = 2",
        "total(sku = MUG) >= 10 CLP and total(sku = POT) < 10 CLP",
        "units in (1, 5) and units in (4, 5)",
        "country = CL and country in (AR, CL)",
        "group = vip and group = other",
        "email = \"*@a.cl\" and email = \"*@b.cl\"",
        "units = 1 or units = 2",
        "not (units = 1 and units = 2)",
        "hour between 9 and 17",
        "total >= 10.00 EUR | 10 CLP",
        "units > 0",
        "units >= 9223372036854775807",
        "total > 900719925474099 CLP or units > 9223372036854775807",
    };
    for (size_t i = 0; i < sizeof never / sizeof never[0]; i++) {
        ec_promotion draft = plain;
        draft.conditions = never[i];
        print_message("never: %s\n", never[i]);
        assert_int_equal(severity(s, &draft, EC_FINDING_CONTRADICTION), EC_FINDING_ERROR);
    }
    for (size_t i = 0; i < sizeof sometimes / sizeof sometimes[0]; i++) {
        ec_promotion draft = plain;
        draft.conditions = sometimes[i];
        print_message("sometimes: %s\n", sometimes[i]);
        assert_int_equal(severity(s, &draft, EC_FINDING_CONTRADICTION), -1);
    }
}

static void check__finds_periods_that_are_over(void **state)
{
    shop *s = *state;
    ec_promotion draft = plain;
    draft.ends_at = WORLD_START;
    assert_int_equal(severity(s, &draft, EC_FINDING_OVER), EC_FINDING_ERROR);
    create(s, &draft);
    assert_int_equal(severity(s, NULL, EC_FINDING_OVER), EC_FINDING_WARNING);
    draft.ends_at = WORLD_START + 1;
    assert_int_equal(severity(s, &draft, EC_FINDING_OVER), -1);
}

static void check__finds_limits_that_are_reached(void **state)
{
    shop *s = *state;
    ec_promotion one = plain;
    one.usage_limit = 2;
    ec_id id = create(s, &one);
    assert_int_equal(severity(s, NULL, EC_FINDING_USED_UP), -1);
    char sql[256];
    snprintf(sql, sizeof sql,
             "INSERT INTO promotion_counters (promotion_id, coupon_id, scope, owner, used)"
             " VALUES (%lld, 0, 'all', '', 2)",
             (long long)id);
    shop_sql(s->engine, sql);
    assert_int_equal(severity(s, NULL, EC_FINDING_USED_UP), EC_FINDING_WARNING);
}

static void check__finds_promotions_without_coupons(void **state)
{
    shop *s = *state;
    ec_promotion one = plain;
    one.coupon_required = true;
    assert_int_equal(severity(s, &one, EC_FINDING_NO_COUPONS), EC_FINDING_INFO);
    ec_id id = create(s, &one);
    assert_int_equal(severity(s, NULL, EC_FINDING_NO_COUPONS), EC_FINDING_WARNING);
    ec_coupon coupon = {.promotion_id = id, .code = "TEN", .is_active = true};
    ec_coupon *made = NULL;
    assert_ok(s->staff, ec_coupon_create(s->staff, &coupon, &made));
    ec_free(made);
    assert_int_equal(severity(s, NULL, EC_FINDING_NO_COUPONS), -1);
}

static void check__finds_channels_without_amount(void **state)
{
    shop *s = *state;
    ec_promotion draft = plain;
    draft.actions = "order_amount_off(5.00 EUR)";
    assert_int_equal(severity(s, &draft, EC_FINDING_NO_AMOUNT), EC_FINDING_ERROR);
    draft.actions = "order_amount_off(5.00 EUR | 5000 CLP)";
    assert_int_equal(severity(s, &draft, EC_FINDING_NO_AMOUNT), -1);
    draft.budget = 10;
    draft.currency = "EUR";
    assert_int_equal(severity(s, &draft, EC_FINDING_NO_AMOUNT), EC_FINDING_ERROR);
}

static void check__finds_what_an_exclusive_one_keeps_out(void **state)
{
    shop *s = *state;
    ec_promotion only = plain, other = plain;
    only.code = "only";
    only.is_exclusive = true;
    create(s, &only);
    assert_int_equal(severity(s, &other, EC_FINDING_SHADOWED), EC_FINDING_WARNING);
    other.conditions = "units >= 2"; /* the exclusive one has no condition */
    assert_int_equal(severity(s, &other, EC_FINDING_SHADOWED), EC_FINDING_WARNING);
    shop_sql(s->engine, "UPDATE promotions SET conditions = 'units >= 2' WHERE code = 'only'");
    assert_int_equal(severity(s, &other, EC_FINDING_SHADOWED), EC_FINDING_WARNING);
    other.conditions = "units >= 1";
    assert_int_equal(severity(s, &other, EC_FINDING_SHADOWED), -1);
    other.conditions = "units >= 2";
    other.ends_at = 0;
    char sql[128];
    snprintf(sql, sizeof sql, "UPDATE promotions SET ends_at = %lld WHERE code = 'only'",
             (long long)WORLD_START + 5);
    shop_sql(s->engine, sql);
    assert_int_equal(severity(s, &other, EC_FINDING_SHADOWED), -1);
    other.ends_at = WORLD_START + 5;
    assert_int_equal(severity(s, &other, EC_FINDING_SHADOWED), EC_FINDING_WARNING);
    shop_sql(s->engine, "UPDATE promotions SET is_exclusive = 0, stops = 1 WHERE code = 'only'");
    assert_int_equal(severity(s, &other, EC_FINDING_SHADOWED), EC_FINDING_WARNING);
    other.priority = 1; /* before it */
    assert_int_equal(severity(s, &other, EC_FINDING_SHADOWED), -1);
}

/* ---- goods ----------------------------------------------------------------------------------- */

static void check__finds_promotions_of_the_same_goods(void **state)
{
    shop *s = *state;
    ec_promotion one = plain, two = plain;
    one.actions = "percent_off(10%, on: sku = MUG)";
    create(s, &one);
    two.code = "two";
    two.actions = "percent_off(20%, on: sku = MUG)";
    ec_promotion_findings *out = check(s, &two);
    const ec_promotion_finding *pair = find(out, EC_FINDING_OVERLAP);
    assert_non_null(pair);
    assert_int_equal(pair->promotions_count, 2);
    assert_string_equal(pair->promotions[0], "ten");
    assert_string_equal(pair->promotions[1], "two");
    assert_string_equal(pair->sku, "MUG");
    assert_int_equal(pair->variants, 1);
    const ec_promotion_finding *most = find(out, EC_FINDING_WORST_CASE);
    assert_non_null(most);
    assert_string_equal(most->sku, "MUG");
    assert_int_equal(out->promotions_count, 2);
    assert_int_equal(out->variants_count, 2);
    ec_free(out);
    two.actions = "percent_off(20%, on: sku = POT)";
    assert_int_equal(severity(s, &two, EC_FINDING_OVERLAP), -1);
    two.actions = "percent_off(20%, on: sku = MUG)";
    two.starts_at = WORLD_START + 10; /* after the other one */
    shop_sql(s->engine, "UPDATE promotions SET ends_at = 1768478400005");
    assert_int_equal(severity(s, &two, EC_FINDING_OVERLAP), -1);
    shop_sql(s->engine, "UPDATE promotions SET ends_at = 1768478400011");
    assert_int_equal(severity(s, &two, EC_FINDING_OVERLAP), EC_FINDING_INFO);
    two.is_exclusive = true;
    assert_int_equal(severity(s, &two, EC_FINDING_OVERLAP), -1);
}

static void check__computes_the_worst_case(void **state)
{
    shop *s = *state;
    ec_promotion one = plain, two = plain;
    one.kind = EC_PROMOTION_CATALOG;
    one.actions = "percent_off(50%, on: sku = MUG)";
    create(s, &one);
    two.code = "two";
    two.conditions = "total >= 10000 CLP and first_order";
    two.actions = "order_amount_off(4000 CLP)";
    ec_promotion_findings *out = check(s, &two);
    /* 20 mugs for 500 instead of 1000, less 4000: 6000 of 20000; two pots lose 4000 of 10000 */
    const ec_promotion_finding *most = find(out, EC_FINDING_WORST_CASE);
    assert_non_null(most);
    assert_string_equal(most->sku, "POT");
    assert_int_equal(most->rate, 400000);
    assert_int_equal(most->quantity, 2);
    assert_non_null(find(out, EC_FINDING_ASSUMED));
    ec_free(out);
    two.conditions = NULL;
    two.actions = "order_percent_off(20%)";
    out = check(s, &two);
    most = find(out, EC_FINDING_WORST_CASE);
    assert_string_equal(most->sku, "MUG");
    assert_int_equal(most->rate, 600000); /* half, and a fifth of the other half */
    assert_int_equal(most->promotions_count, 2);
    assert_int_equal(out->warnings_count, 0);
    ec_free(out);
    two.actions = "order_percent_off(100%)";
    assert_int_equal(severity(s, &two, EC_FINDING_WORST_CASE), EC_FINDING_WARNING);
    two.actions = "nth_off(3, 90%)"; /* 30 % of three */
    out = check(s, &two);
    most = find(out, EC_FINDING_WORST_CASE);
    assert_int_equal(most->quantity, 3);
    ec_free(out);
}

static void check__finds_goods_below_their_cost(void **state)
{
    shop *s = *state;
    goods_set(s->engine, s->mug, "cost_price = 850");
    goods_set(s->engine, s->pot, "cost_price = 4500");
    ec_promotion draft = plain;
    assert_int_equal(severity(s, &draft, EC_FINDING_BELOW_COST), -1); /* 900 and 4500 */
    draft.actions = "order_percent_off(20%)";
    ec_promotion_findings *out = check(s, &draft);
    const ec_promotion_finding *loss = find(out, EC_FINDING_BELOW_COST);
    assert_non_null(loss);
    assert_int_equal(loss->severity, EC_FINDING_ERROR);
    assert_int_equal(loss->variants, 2);
    assert_string_equal(loss->sku, "POT");
    assert_int_equal(loss->amount, 500);
    assert_string_equal(loss->currency, "CLP");
    assert_true(out->errors_count == 1);
    ec_free(out);
    draft.conditions = "total >= 9000 CLP and total < 9500 CLP"; /* nine mugs, no pots */
    out = check(s, &draft);
    loss = find(out, EC_FINDING_BELOW_COST);
    assert_non_null(loss);
    assert_string_equal(loss->sku, "MUG");
    assert_int_equal(loss->quantity, 9);
    assert_int_equal(loss->amount, 50);
    ec_free(out);
}

static void check__takes_included_tax_out_of_what_is_got(void **state)
{
    shop *s = *state;
    ec_tax_import *preset = NULL;
    assert_ok(s->staff, ec_tax_preset(s->staff, "CL", &preset));
    ec_free(preset);
    goods_set(s->engine, s->mug, "cost_price = 820");
    ec_promotion draft = plain;
    draft.actions = "order_percent_off(1%)"; /* 990 with 158 of tax: 832 */
    assert_int_equal(severity(s, &draft, EC_FINDING_BELOW_COST), -1);
    goods_set(s->engine, s->mug, "cost_price = 850");
    ec_promotion_findings *out = check(s, &draft);
    const ec_promotion_finding *loss = find(out, EC_FINDING_BELOW_COST);
    assert_non_null(loss);
    assert_int_equal(loss->amount, 18);
    ec_free(out);
}

static void check__tells_where_minimum_prices_stop_discounts(void **state)
{
    shop *s = *state;
    ec_promotion draft = plain;
    assert_int_equal(severity(s, &draft, EC_FINDING_MINIMUM), -1);
    char sql[512];
    snprintf(sql, sizeof sql,
             "INSERT INTO price_lists (id, code, name, currency, status, priority, version,"
             " created_at, updated_at) VALUES (9, 'floor', 'Floor', 'CLP', 'active', 0, 1, 1, 1);"
             "INSERT INTO prices (price_list_id, variant_id, min_quantity, amount, minimum_amount)"
             " VALUES (9, %lld, 1, 1000, 950);"
             "UPDATE channels SET price_list_id = 9",
             (long long)s->mug);
    if (shop_sql_try(s->engine, sql) != EC_OK) fail_msg("%s", sql);
    ec_promotion_findings *out = check(s, &draft);
    const ec_promotion_finding *stop = find(out, EC_FINDING_MINIMUM);
    assert_non_null(stop);
    assert_string_equal(stop->sku, "MUG");
    assert_int_equal(stop->rate, 50000);
    ec_free(out);
}

static void check__looks_at_all_pages_of_goods(void **state)
{
    shop *s = *state;
    shop_sql(
        s->engine,
        "INSERT INTO product_variants (product_id, position, name, sku, price, weight_unit,"
        " is_active, tracked, backorder, requires_shipping, taxable, version, created_at,"
        " updated_at) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n"
        " WHERE i < 600) SELECT 1, i + 1, 'V', 'V-' || i, 1000 + i, 'g', 1, 0, 0, 1, 1, 1, 1, 1"
        " FROM n");
    ec_promotion draft = plain;
    draft.actions = "percent_off(10%, on: sku = V-600 or sku = V-256 or sku = V-1)";
    ec_promotion_findings *out = check(s, &draft);
    assert_int_equal(out->variants_count, 602);
    assert_int_equal(find(out, EC_FINDING_WORST_CASE)->variants, 3);
    ec_free(out);
}

/* ---- the frame ------------------------------------------------------------------------------- */

static void check__finds_nothing_wrong_with_what_is_right(void **state)
{
    shop *s = *state;
    ec_promotion_findings *out = check(s, NULL);
    assert_int_equal(out->findings_count, 0);
    assert_int_equal(out->promotions_count, 0);
    ec_free(out);
    create(s, &plain);
    out = check(s, NULL);
    assert_int_equal(out->promotions_count, 1);
    assert_int_equal(out->errors_count + out->warnings_count, 0);
    ec_free(out);
}

static void check__takes_a_stored_promotion_once(void **state)
{
    shop *s = *state;
    ec_id id = create(s, &plain);
    ec_promotion *stored = NULL;
    assert_ok(s->staff, ec_promotion_get(s->staff, id, &stored));
    ec_promotion_findings *out = check(s, stored);
    assert_int_equal(out->promotions_count, 1);
    assert_null(find(out, EC_FINDING_OVERLAP));
    ec_free(out);
    ec_free(stored);
}

static void check__refuses_what_is_no_promotion(void **state)
{
    shop *s = *state;
    ec_promotion_findings *out = NULL;
    ec_promotion draft = plain;
    draft.actions = "percent_off(";
    assert_status(s->staff, ec_promotion_check(s->staff, &draft, &out), EC_INVALID);
    assert_field_error(s->staff, "actions", "syntax");
    ec_session *guest = session_guest(s->engine);
    assert_status(guest, ec_promotion_check(guest, NULL, &out), EC_DENIED);
    ec_session_close(guest);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(check__finds_conditions_that_never_hold),
        TEST(check__finds_periods_that_are_over),
        TEST(check__finds_limits_that_are_reached),
        TEST(check__finds_promotions_without_coupons),
        TEST(check__finds_channels_without_amount),
        TEST(check__finds_what_an_exclusive_one_keeps_out),
        TEST(check__finds_promotions_of_the_same_goods),
        TEST(check__computes_the_worst_case),
        TEST(check__finds_goods_below_their_cost),
        TEST(check__takes_included_tax_out_of_what_is_got),
        TEST(check__tells_where_minimum_prices_stop_discounts),
        TEST(check__looks_at_all_pages_of_goods),
        TEST(check__finds_nothing_wrong_with_what_is_right),
        TEST(check__takes_a_stored_promotion_once),
        TEST(check__refuses_what_is_no_promotion),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
