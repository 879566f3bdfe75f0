/* SPDX-License-Identifier: MIT */
/*
 * tour_promotion.c - promotions and coupons: written, listed, moved, generated, removed.
 */
#include "harness/sale.h"
#include "harness/tour.h"

static ec_id tour_promotion_made(ec_session *session, const char *code)
{
    static const char *const tags[] = {"tour"};
    ec_promotion *out = NULL;
    ec_promotion promotion = {.code = code,
                              .name = "Tour",
                              .conditions = "units >= 2",
                              .actions = "order_percent_off(10%); gift(TOUR-GIFT)",
                              .usage_limit = 5,
                              .customer_limit = 2,
                              .attribute_limit = 2,
                              .limit_attribute = EC_LIMIT_BY_EMAIL,
                              .budget = 100000,
                              .currency = "CLP",
                              .tags = tags,
                              .tags_count = 1,
                              .combines_with = tags,
                              .combines_with_count = 1,
                              .coupon_required = true,
                              .status = EC_PROMOTION_ACTIVE};
    assert_ok(session, ec_promotion_create(session, &promotion, &out));
    ec_id id = out->id;
    ec_free(out);
    return id;
}

static void tour_changes(ec_session *session, ec_id id)
{
    ec_promotion *out = NULL;
    ec_channel_list *channels = NULL;
    assert_ok(session, ec_channel_find(session, NULL, &channels));
    const char *const codes[] = {channels->items[0].code};
    ec_promotion change = {.name = "Tour 2", .channels = codes, .channels_count = 1};
    assert_ok(session,
              ec_promotion_update(session, id, &change,
                                  ec_mask_of("promotion", "name,channels,customer_limit"), &out));
    ec_free(out);
    ec_free(channels);
    change.customer_limit = 3;
    assert_ok(session, ec_promotion_update(session, id, &change,
                                           ec_mask_of("promotion", "customer_limit"), &out));
    ec_free(out);
    assert_ok(session, ec_promotion_move(session, id, -1, &out));
    ec_free(out);
    assert_ok(session, ec_promotion_get(session, id, &out));
    ec_free(out);
    assert_ok(session, ec_promotion_by_code(session, "tour-one", &out));
    ec_free(out);
}

static void tour_listings(ec_session *session)
{
    const ec_promotion_filter filters[] = {{0},
                                           {.newest_first = true},
                                           {.status = "active"},
                                           {.kind = "cart"},
                                           {.status = "active", .kind = "cart"}};
    for (size_t i = 0; i < sizeof filters / sizeof filters[0]; i++) {
        ec_cursor *cursor = NULL;
        ec_promotion_list *list = NULL, *next = NULL;
        ec_page page = {.limit = 1, .total = true};
        assert_ok(session, ec_promotion_find(session, &filters[i], &page, &list));
        page.cursor = list->next_cursor;
        assert_ok(session, ec_promotion_find(session, &filters[i], &page, &next));
        ec_free(next);
        ec_free(list);
        assert_ok(session, ec_promotion_cursor(session, &filters[i], &cursor));
        ec_cursor_close(cursor);
    }
}

static void tour_coupons(ec_session *session, ec_id promotion)
{
    ec_coupon *out = NULL;
    ec_coupon_list *list = NULL;
    ec_coupon coupon = {.promotion_id = promotion,
                        .code = "TOUR-COUPON",
                        .usage_limit = 3,
                        .is_reusable = true,
                        .is_active = true};
    assert_ok(session, ec_coupon_create(session, &coupon, &out));
    ec_id id = out->id;
    ec_free(out);
    coupon.customer_limit = 1;
    assert_ok(session,
              ec_coupon_update(session, id, &coupon, ec_mask_of("coupon", "customer_limit"), &out));
    ec_free(out);
    assert_ok(session, ec_coupon_get(session, id, &out));
    ec_free(out);
    assert_ok(session, ec_coupon_by_code(session, "tour-coupon", &out));
    ec_free(out);
    ec_coupon_request request = {.amount = 5, .pattern = "TOUR-####-????"};
    assert_ok(session, ec_coupon_generate(session, promotion, &request, &list));
    assert_ok(session, ec_coupon_delete(session, list->items[0].id, 0));
    ec_free(list);
    const ec_coupon_filter filters[] = {
        {0}, {.promotion_id = promotion}, {.promotion_id = promotion, .newest_first = true}};
    for (size_t i = 0; i < sizeof filters / sizeof filters[0]; i++) {
        ec_cursor *cursor = NULL;
        ec_coupon_list *next = NULL;
        ec_page page = {.limit = 1, .total = true};
        assert_ok(session, ec_coupon_find(session, &filters[i], &page, &list));
        page.cursor = list->next_cursor;
        assert_ok(session, ec_coupon_find(session, &filters[i], &page, &next));
        ec_free(next);
        ec_free(list);
        assert_ok(session, ec_coupon_cursor(session, &filters[i], &cursor));
        ec_cursor_close(cursor);
    }
}

void tour_promotion(ec_session *session)
{
    sale_variant(ec_session_engine(session), "TOUR-GIFT", 500, 10);
    ec_id id = tour_promotion_made(session, "tour-one");
    ec_id other = tour_promotion_made(session, "tour-two");
    tour_changes(session, id);
    tour_listings(session);
    tour_coupons(session, id);
    assert_ok(session, ec_promotion_delete(session, other, 0));
}
