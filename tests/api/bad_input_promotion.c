/* SPDX-License-Identifier: MIT */
/*
 * bad_input_promotion.c - bad input for the functions of promotions and coupons.
 */
#include "harness/bad.h"
#include "harness/bad_rows.h"

static bad_shop shop;

CALL(ec_promotion_create, S, P(1), P(2))
CALL(ec_promotion_update, S, N(1), P(2), (ec_mask)N(3), P(4))
CALL(ec_promotion_move, S, N(1), N(2), P(3))
CALL(ec_promotion_delete, S, N(1), N(2))
CALL(ec_promotion_get, S, N(1), P(2))
CALL(ec_promotion_by_code, S, P(1), P(2))
CALL(ec_promotion_find, S, P(1), P(2), P(3))
CALL(ec_promotion_cursor, S, P(1), P(2))
CALL(ec_coupon_create, S, P(1), P(2))
CALL(ec_coupon_generate, S, N(1), P(2), P(3))
CALL(ec_coupon_update, S, N(1), P(2), (ec_mask)N(3), P(4))
CALL(ec_coupon_delete, S, N(1), N(2))
CALL(ec_coupon_get, S, N(1), P(2))
CALL(ec_coupon_by_code, S, P(1), P(2))
CALL(ec_coupon_find, S, P(1), P(2), P(3))
CALL(ec_coupon_cursor, S, P(1), P(2))

static const bad_row rows[] = {
    ROW(ec_promotion_create, "s obj:new_promotion out", false),
    ROW(ec_promotion_update, "s id:promotion obj:promotion all out", false),
    ROW(ec_promotion_move, "s id:promotion num:-1000000:1000000 out", false),
    ROW(ec_promotion_delete, "s id:promotion version", false),
    ROW(ec_promotion_get, "s id:promotion out", false),
    ROW(ec_promotion_by_code, "s text:64 out", true),
    ROW(ec_promotion_find, "s obj?:promotion_filter obj?:page out", false),
    ROW(ec_promotion_cursor, "s obj?:promotion_filter cursor", false),
    ROW(ec_coupon_create, "s obj:new_coupon out", false),
    ROW(ec_coupon_generate, "s id:promotion obj:request out", false),
    ROW(ec_coupon_update, "s id:coupon obj:coupon all out", false),
    ROW(ec_coupon_delete, "s id:coupon version", false),
    ROW(ec_coupon_get, "s id:coupon out", false),
    ROW(ec_coupon_by_code, "s text:64 out", true),
    ROW(ec_coupon_find, "s obj?:coupon_filter obj?:page out", false),
    ROW(ec_coupon_cursor, "s obj?:coupon_filter cursor", false),
};

static const bad_member page_members[] = {
    BAD(ec_page, limit, 'n', 0, 100),
    BAD(ec_page, page, 'n', 0, INT64_MAX / 10 + 1),
    BAD(ec_page, cursor, 'w', 0, 0),
};
static const bad_member filter_members[] = {
    BAD(ec_promotion_filter, status, 'w', 0, 0),
    BAD(ec_promotion_filter, kind, 'w', 0, 0),
};
static const bad_member request_members[] = {
    BAD(ec_coupon_request, amount, 'n', 1, EC_COUPONS_MAX),
    BAD(ec_coupon_request, length, 'n', 0, EC_COUPON_LENGTH_MAX),
    BAD(ec_coupon_request, usage_limit, 'n', 0, EC_QUANTITY_MAX),
    BAD(ec_coupon_request, customer_limit, 'n', 0, EC_QUANTITY_MAX),
    BAD(ec_coupon_request, prefix, 't', 0, EC_COUPON_CODE_MAX),
    BAD(ec_coupon_request, suffix, 't', 0, EC_COUPON_CODE_MAX),
    BAD(ec_coupon_request, alphabet, 'w', 0, 0),
    BAD(ec_coupon_request, pattern, 'w', 0, 0),
};

static void calls__refuse_bad_input(void **state)
{
    (void)state;
    ec_promotion *promotion = NULL;
    ec_coupon *coupon = NULL;
    bad_shop_open(&shop);
    ec_promotion first = {.code = "bad-input", .name = "Bad", .actions = "free_shipping()"};
    assert_ok(shop.session, ec_promotion_create(shop.session, &first, &promotion));
    ec_coupon one = {.code = "BAD-1", .promotion_id = promotion->id, .is_active = true};
    assert_ok(shop.session, ec_coupon_create(shop.session, &one, &coupon));
    shop.ids[shop.count].name = "promotion";
    shop.ids[shop.count++].id = promotion->id;
    shop.ids[shop.count].name = "coupon";
    shop.ids[shop.count++].id = coupon->id;
    ec_promotion another = first;
    another.code = "bad-new";
    ec_coupon next = one;
    next.code = "BAD-2";
    ec_page page = {.limit = 10};
    ec_promotion_filter filter = {0};
    ec_coupon_filter coupon_filter = {0};
    ec_coupon_request request = {.amount = 3};
    ec_free(promotion);
    ec_free(coupon);
    const bad_object objects[] = {
        OBJECT("page", page, page_members),
        OBJECT("promotion_filter", filter, filter_members),
        {"coupon_filter", &coupon_filter, sizeof coupon_filter, NULL, 0, NULL},
        OBJECT("request", request, request_members),
        ENTITY("promotion", first, "promotion"),
        ENTITY("new_promotion", another, "promotion"),
        ENTITY("coupon", one, "coupon"),
        ENTITY("new_coupon", next, "coupon"),
    };
    bad_run(&shop, rows, sizeof rows / sizeof rows[0], objects, sizeof objects / sizeof objects[0]);
    bad_shop_close(&shop);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(calls__refuse_bad_input)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
