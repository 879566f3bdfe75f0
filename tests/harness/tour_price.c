/* SPDX-License-Identifier: MIT */
/*
 * tour_price.c - groups of customers, price lists of channels and groups, prices.
 */
#include "harness/products.h"
#include "harness/tour.h"

static ec_id tour_groups(ec_session *session)
{
    ec_group input = {.code = "tour", .name = "Tour"};
    ec_group *made = NULL;
    ec_group_list *list = NULL;
    ec_user *user = NULL;
    ec_user_list *users = NULL;
    assert_ok(session, ec_user_by_email(session, "tour@example.cl", &user));
    assert_ok(session, ec_group_create(session, &input, &made));
    ec_id id = made->id;
    ec_free(made);
    input.name = "Round tour";
    assert_ok(session, ec_group_update(session, id, &input, EC_MASK_ALL, &made));
    ec_free(made);
    assert_ok(session, ec_group_add_users(session, id, &user->id, 1));
    assert_ok(session, ec_group_remove_users(session, id, &user->id, 1));
    assert_ok(session, ec_group_add_users(session, id, &user->id, 1));
    assert_ok(session, ec_group_get(session, id, &made));
    ec_free(made);
    assert_ok(session, ec_group_by_code(session, "tour", &made));
    ec_free(made);
    const ec_group_filter filters[] = {{0}, {.user_id = user->id}};
    for (size_t i = 0; i < 2; i++) {
        ec_page page = {.total = true};
        assert_ok(session, ec_group_find(session, &filters[i], &page, &list));
        ec_free(list);
        assert_ok(session, ec_group_users(session, id, &page, &users));
        ec_free(users);
    }
    ec_group gone = {.code = "tour-gone", .name = "Gone"};
    assert_ok(session, ec_group_create(session, &gone, &made));
    assert_ok(session, ec_group_delete(session, made->id, 0));
    ec_free(made);
    ec_free(user);
    return id;
}

static ec_id tour_list(ec_session *session, ec_id group)
{
    static const char *const channels[] = {"default"};
    ec_price_list input = {.code = "tour-group",
                           .name = "Tour",
                           .currency = "CLP",
                           .group_id = group,
                           .status = EC_PRICE_LIST_ACTIVE};
    ec_price_list *made = NULL;
    ec_price_list_list *list = NULL;
    assert_ok(session, ec_price_list_create(session, &input, &made));
    ec_id id = made->id;
    ec_free(made);
    input.channels = channels;
    input.channels_count = 1;
    assert_ok(session, ec_price_list_update(session, id, &input, EC_MASK_ALL, &made));
    ec_free(made);
    assert_ok(session, ec_price_list_find(session, NULL, &list));
    ec_free(list);
    return id;
}

/* Set, scheduled, taken back, removed; and what was logged. */
static void tour_times(ec_session *session, ec_id list, ec_id variant)
{
    ec_price price = {.price_list_id = list,
                      .variant_id = variant,
                      .amount = 800,
                      .valid_from = world_now() + 1000};
    ec_price *made = NULL;
    ec_price_page *prices = NULL;
    ec_price_change_list *changes = NULL;
    ec_price_prior *prior = NULL;
    assert_ok(session, ec_price_schedule(session, &price, &made));
    const ec_price_filter filters[] = {{.scheduled = true},
                                       {.price_list_id = list, .scheduled = true}};
    for (size_t i = 0; i < 2; i++) {
        assert_ok(session, ec_price_find(session, &filters[i], NULL, &prices));
        ec_free(prices);
    }
    assert_ok(session, ec_price_unschedule(session, made->id));
    ec_free(made);
    assert_ok(session, ec_price_schedule(session, &price, &made));
    ec_free(made);
    const ec_price_change_filter logs[] = {{0},
                                           {.variant_id = variant},
                                           {.price_list_id = list},
                                           {.variant_id = variant, .price_list_id = list},
                                           {.catalog = true},
                                           {.variant_id = variant, .catalog = true},
                                           {.scheduled = true},
                                           {.variant_id = variant, .scheduled = true},
                                           {.since = 1}};
    for (size_t i = 0; i < sizeof logs / sizeof logs[0]; i++) {
        ec_page page = {.limit = 1, .total = logs[i].variant_id != 0};
        assert_ok(session, ec_price_history(session, &logs[i], &page, &changes));
        page.cursor = changes->next_cursor;
        ec_price_change_list *next = NULL;
        assert_ok(session, ec_price_history(session, &logs[i], &page, &next));
        ec_free(next);
        ec_free(changes);
    }
    assert_ok(session, ec_price_prior_get(session, variant, 0, &prior));
    ec_free(prior);
    ec_promotion input = {.code = "tour-of-prices",
                          .name = "Tour",
                          .actions = "percent_off(10%)",
                          .kind = EC_PROMOTION_CATALOG,
                          .status = EC_PROMOTION_ACTIVE};
    ec_promotion *promotion = NULL;
    assert_ok(session, ec_promotion_create(session, &input, &promotion));
    assert_ok(session, ec_price_sweep(session, 0, 0, 0, NULL));
    assert_ok(session, ec_promotion_delete(session, promotion->id, 0));
    assert_ok(session, ec_price_sweep(session, 0, 0, 0, NULL));
    ec_free(promotion);
    assert_ok(session, ec_price_remove(session, list, variant, 1));
}

/* With each condition, in the list and in the catalogue. */
static void tour_bulk(ec_session *session, ec_id list, ec_id variant)
{
    ec_collection *hand = NULL, *rules = NULL;
    ec_collection input = {.name = "Tour of prices", .is_active = true};
    ec_category *category = NULL;
    ec_brand *brand = NULL;
    ec_price_bulk_report *report = NULL;
    assert_ok(session, ec_collection_create(session, &input, &hand));
    input.rules = "[{\"field\":\"type\",\"op\":\"is\",\"value\":\"Tour\"}]";
    assert_ok(session, ec_collection_create(session, &input, &rules));
    assert_ok(session, ec_category_by_slug(session, "tour", &category));
    assert_ok(session, ec_brand_by_slug(session, "tour", &brand));
    ec_price_bulk_request requests[] = {
        {.amount = 1},
        {.amount = 1, .category_id = category->id},
        {.amount = 1, .brand_id = brand->id, .type = "Tour"},
        {.amount = 1, .collection_id = hand->id},
        {.amount = 1, .collection_id = rules->id},
        {.amount = 1, .variants = &variant, .variants_count = 1},
    };
    for (size_t i = 0; i < sizeof requests / sizeof requests[0]; i++) {
        for (size_t n = 0; n < 3; n++) {
            requests[i].price_list_id = n == 0 ? 0 : list;
            requests[i].base = n == 1 ? EC_BULK_OF_CATALOG : EC_BULK_OF_PRICE;
            assert_ok(session, ec_price_bulk(session, &requests[i], &report));
            ec_free(report);
        }
    }
    ec_free(hand);
    ec_free(rules);
    ec_free(category);
    ec_free(brand);
}

/* What a customer of the group sees. */
static void tour_sight(ec_session *session, ec_id user, ec_id product)
{
    ec_session *customer = NULL;
    ec_session_options options = {
        .version = EC_SESSION_OPTIONS_VERSION, .actor = EC_ACTOR_CUSTOMER, .user_id = user};
    ec_product *seen = NULL;
    ec_product_list *list = NULL;
    assert_int_equal(ec_session_open(ec_session_engine(session), &options, &customer), EC_OK);
    assert_ok(customer, ec_product_get(customer, product, &seen));
    ec_free(seen);
    for (int sort = EC_SORT_NEWEST; sort <= EC_SORT_PRICE_DESC; sort++) {
        ec_product_filter filter = {.sort = (ec_product_sort)sort, .price_min = 1};
        assert_ok(customer, ec_product_find(customer, &filter, NULL, &list));
        ec_free(list);
    }
    ec_session_close(customer);
}

void tour_price(ec_session *session)
{
    ec_user *user = NULL;
    ec_price *made = NULL;
    ec_price_list *list = NULL;
    assert_ok(session, ec_user_by_email(session, "tour@example.cl", &user));
    ec_product *product = product_with_variants(session, "Priced", "PRICED", 2, 1000);
    ec_id group = tour_groups(session);
    ec_id id = tour_list(session, group);
    ec_price price = {.price_list_id = id, .variant_id = product->variants[0].id, .amount = 900};
    assert_ok(session, ec_price_set(session, &price, &made));
    ec_free(made);
    tour_sight(session, user->id, product->id);
    tour_times(session, id, product->variants[0].id);
    tour_bulk(session, id, product->variants[0].id);
    /* the rest of the tour is in a plain shop */
    ec_price_list plain = {.channels_count = 0};
    assert_ok(session, ec_price_list_update(session, id, &plain,
                                            ec_mask_of("price_list", "channels"), &list));
    ec_free(list);
    ec_free(product);
    ec_free(user);
}
