/* SPDX-License-Identifier: MIT */
/*
 * promotion_memory.c - every allocation of calls of promotions and coupons fails once, and from
 * then on for ever: a status, no change, nothing lost.
 */
#include "harness/sale.h"
#include "harness/starve.h"

static const char *const channels[] = {"default"};
static const char *const tags[] = {"a", "b"};

static ec_status create_promotion(ec_session *session, void **block)
{
    ec_promotion promotion = {.code = "new",
                              .name = "New",
                              .conditions = "total(category in (1, 2)) >= 1 CLP | 2 EUR and guest",
                              .actions = "tiers_off([1: 5%, 2: 6%]); gift(BOOT)",
                              .channels = channels,
                              .channels_count = 1,
                              .tags = tags,
                              .tags_count = 2};
    return ec_promotion_create(session, &promotion, (ec_promotion **)block);
}

static ec_status update_promotion(ec_session *session, void **block)
{
    ec_promotion change = {.actions = "order_percent_off(5%)", .customer_limit = 3};
    return ec_promotion_update(session, 1, &change,
                               ec_mask_of("promotion", "actions,customer_limit,tags"),
                               (ec_promotion **)block);
}

static ec_status move_promotion(ec_session *session, void **block)
{
    return ec_promotion_move(session, 1, -1, (ec_promotion **)block);
}

static ec_status find_promotions(ec_session *session, void **block)
{
    ec_promotion_filter filter = {.status = "active", .kind = "cart"};
    return ec_promotion_find(session, &filter, NULL, (ec_promotion_list **)block);
}

static ec_status create_coupon(ec_session *session, void **block)
{
    ec_coupon coupon = {.promotion_id = 1, .code = "NEW", .is_active = true};
    return ec_coupon_create(session, &coupon, (ec_coupon **)block);
}

static ec_status generate_coupons(ec_session *session, void **block)
{
    ec_coupon_request request = {.amount = 7, .pattern = "N-#*"};
    return ec_coupon_generate(session, 1, &request, (ec_coupon_list **)block);
}

static ec_status find_coupons(ec_session *session, void **block)
{
    ec_coupon_filter filter = {.promotion_id = 1};
    return ec_coupon_find(session, &filter, NULL, (ec_coupon_list **)block);
}

/* The snapshot of the rules is built, as nobody asked before. */
static ec_status make_quote(ec_session *session, void **block)
{
    static const char *const codes[] = {"ten-1"};
    ec_quote_ask line = {.variant_id = 1, .quantity = 3, .unit_price = -1};
    ec_quote_request request = EC_QUOTE_REQUEST_INIT;
    request.lines = &line;
    request.lines_count = 1;
    request.email = "ana@example.com";
    request.coupons = codes;
    request.coupons_count = 1;
    return ec_quote_make(session, &request, (ec_quote **)block);
}

static ec_status check_out(ec_session *session, void **block)
{
    ec_checkout_request request = EC_CHECKOUT_REQUEST_INIT;
    request.cart_id = 1;
    request.key = "memory";
    request.email = "ana@example.com";
    request.shipping_address = &sale_address;
    return ec_checkout(session, &request, (ec_order **)block);
}

static const starve_call calls[] = {
    {"create_promotion", create_promotion},
    {"update_promotion", update_promotion},
    {"move_promotion", move_promotion},
    {"find_promotions", find_promotions},
    {"create_coupon", create_coupon},
    {"generate_coupons", generate_coupons},
    {"find_coupons", find_coupons},
    {"make_quote", make_quote},
    {"check_out", check_out},
};

static ec_engine *fresh_shop(void)
{
    ec_engine *shop = shop_open();
    ec_session *session = session_system(shop);
    ec_promotion *made = NULL;
    ec_coupon *coupon = NULL;
    ec_cart *cart = NULL;
    (void)sale_variant(shop, "BOOT", 1000, 100);
    ec_promotion ten = {.code = "ten",
                        .name = "Ten",
                        .conditions = "units >= 2",
                        .actions = "order_percent_off(10%); gift(BOOT)",
                        .status = EC_PROMOTION_ACTIVE,
                        .channels = channels,
                        .channels_count = 1,
                        .tags = tags,
                        .tags_count = 2,
                        .usage_limit = 5,
                        .budget = 5000,
                        .currency = "CLP",
                        .coupon_required = true};
    assert_ok(session, ec_promotion_create(session, &ten, &made));
    ec_free(made);
    ec_coupon one = {.promotion_id = 1, .code = "TEN-1", .customer_limit = 1, .is_active = true};
    assert_ok(session, ec_coupon_create(session, &one, &coupon));
    ec_free(coupon);
    assert_ok(session, ec_cart_open(session, &cart));
    ec_free(cart);
    assert_ok(session, ec_cart_add(session, 1, 1, 3, -1, &cart));
    ec_free(cart);
    assert_ok(session, ec_cart_coupon_add(session, 1, "ten-1", &cart));
    ec_free(cart);
    ec_session_close(session);
    return shop;
}

static void memory__every_allocation_of_promotions_may_fail(void **state)
{
    (void)state;
    starve_calls(fresh_shop, STARVE_WHOLE, calls, sizeof calls / sizeof calls[0]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(memory__every_allocation_of_promotions_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
