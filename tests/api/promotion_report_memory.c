/* SPDX-License-Identifier: MIT */
/*
 * promotion_report_memory.c - every allocation of a simulation and of a check fails once, and from
 * then on for ever: a status, no change, nothing lost.
 */
#include "harness/sale.h"
#include "harness/starve.h"

static const ec_promotion draft = {
    .code = "draft",
    .name = "Draft",
    .conditions = "total >= 1000 CLP and (group = vip or nth_order >= 1 or country = CL)",
    .actions = "percent_off(10%, on: tag = a or collection = 1 or sku = MUG); gift(MUG)"};

static ec_status simulate(ec_session *session, void **block)
{
    return ec_promotion_simulate(session, &draft, NULL, (ec_simulation **)block);
}

static ec_status check(ec_session *session, void **block)
{
    return ec_promotion_check(session, &draft, (ec_promotion_findings **)block);
}

static ec_status check_all(ec_session *session, void **block)
{
    return ec_promotion_check(session, NULL, (ec_promotion_findings **)block);
}

static const starve_call calls[] = {
    {"simulate", simulate}, {"check", check}, {"check all", check_all}};

static void make_promotion(ec_session *session, const char *code, bool coupon)
{
    ec_promotion *out = NULL;
    ec_promotion promotion = {.code = code,
                              .name = "Stored",
                              .actions = "order_percent_off(10%)",
                              .status = EC_PROMOTION_ACTIVE,
                              .is_exclusive = !coupon,
                              .coupon_required = coupon};
    assert_ok(session, ec_promotion_create(session, &promotion, &out));
    ec_free(out);
}

static ec_engine *fresh_shop(void)
{
    ec_engine *shop = shop_open();
    ec_session *session = session_system(shop);
    sale_line lines[] = {{sale_variant(shop, "MUG", 1000, 10), 2}, {0, 0}};
    ec_id user = shop_customer(shop, "ana@example.com");
    ec_free(sale_order(session, "one", lines));
    ec_free(sale_order(session, "two", lines));
    assert_int_equal(user, 1);
    shop_sql(shop, "UPDATE orders SET user_id = 1;"
                   "INSERT INTO customer_groups (id, code, name, version, created_at, updated_at)"
                   " VALUES (5, 'vip', 'VIP', 1, 1, 1);"
                   "INSERT INTO customer_group_users (group_id, user_id, created_at)"
                   " VALUES (5, 1, 1)");
    make_promotion(session, "one", false);
    make_promotion(session, "two", true);
    ec_session_close(session);
    return shop;
}

static void memory__every_allocation_of_reports_may_fail(void **state)
{
    (void)state;
    starve_calls(fresh_shop, STARVE_READS, calls, sizeof calls / sizeof calls[0]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(memory__every_allocation_of_reports_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
