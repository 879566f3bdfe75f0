/* SPDX-License-Identifier: MIT */
/*
 * price_memory.c - every allocation of calls of groups, price lists and prices fails once, and from
 * then on for ever: a status, no change, nothing lost.
 */
#include "harness/products.h"
#include "harness/starve.h"
#include "transfer/support.h"

static const char *const here[] = {"default"};

static ec_status create_group(ec_session *session, void **block)
{
    ec_group group = {.code = "gold", .name = "Gold"};
    return ec_group_create(session, &group, (ec_group **)block);
}

static ec_status find_groups(ec_session *session, void **block)
{
    ec_group_filter filter = {.user_id = 1};
    return ec_group_find(session, &filter, NULL, (ec_group_list **)block);
}

static ec_status add_users(ec_session *session, void **block)
{
    const ec_id users[] = {1, 2};
    (void)block;
    return ec_group_add_users(session, 1, users, 2);
}

static ec_status create_list(ec_session *session, void **block)
{
    ec_price_list list = {.code = "new",
                          .name = "New",
                          .currency = "CLP",
                          .group_id = 1,
                          .channels = here,
                          .channels_count = 1,
                          .status = EC_PRICE_LIST_ACTIVE};
    return ec_price_list_create(session, &list, (ec_price_list **)block);
}

static ec_status update_list(ec_session *session, void **block)
{
    ec_price_list list = {.priority = 5};
    return ec_price_list_update(session, 1, &list, ec_mask_of("price_list", "priority,channels"),
                                (ec_price_list **)block);
}

static ec_status set_price(ec_session *session, void **block)
{
    ec_price price = {.price_list_id = 1, .variant_id = 1, .amount = 5};
    return ec_price_set(session, &price, (ec_price **)block);
}

static ec_status schedule_price(ec_session *session, void **block)
{
    ec_price price = {.price_list_id = 1,
                      .variant_id = 2,
                      .amount = 5,
                      .valid_from = world_now() + 1000,
                      .valid_until = world_now() + 2000};
    return ec_price_schedule(session, &price, (ec_price **)block);
}

static ec_status history(ec_session *session, void **block)
{
    ec_price_change_filter filter = {.variant_id = 1};
    ec_page page = {.limit = 1, .total = true};
    return ec_price_history(session, &filter, &page, (ec_price_change_list **)block);
}

static ec_status prior(ec_session *session, void **block)
{
    return ec_price_prior_get(session, 1, 0, (ec_price_prior **)block);
}

static ec_status bulk_list(ec_session *session, void **block)
{
    ec_price_bulk_request request = {
        .price_list_id = 1, .base = EC_BULK_OF_CATALOG, .percent = -100000, .ending = "9"};
    return ec_price_bulk(session, &request, (ec_price_bulk_report **)block);
}

static ec_status bulk_catalog(ec_session *session, void **block)
{
    ec_price_bulk_request request = {.percent = 100000, .compare = EC_BULK_COMPARE_NONE};
    return ec_price_bulk(session, &request, (ec_price_bulk_report **)block);
}

static ec_status import_prices(ec_session *session, void **block)
{
    static const char text[] = "sku,amount\nS-0,5\nS-1,6\nNONE,7\nS-0,x\n";
    text_source source = {.text = text, .length = sizeof text - 1};
    return ec_import_prices(session, 1, NULL, text_read, &source, (ec_import_counts **)block);
}

static ec_status drop(void *ctx, const char *bytes, size_t count)
{
    (void)ctx;
    (void)bytes;
    (void)count;
    return EC_OK;
}

static ec_status export_prices(ec_session *session, void **block)
{
    (void)block;
    return ec_export_prices(session, 1, drop, NULL, NULL);
}

static ec_status quote(ec_session *session, void **block)
{
    ec_quote_request request = EC_QUOTE_REQUEST_INIT;
    const ec_quote_ask line = {.variant_id = 1, .quantity = 2, .unit_price = -1};
    request.user_id = 1;
    request.lines = &line;
    request.lines_count = 1;
    return ec_quote_make(session, &request, (ec_quote **)block);
}

static const starve_call calls[] = {
    {"create_group", create_group},
    {"find_groups", find_groups},
    {"add_users", add_users},
    {"create_list", create_list},
    {"update_list", update_list},
    {"set_price", set_price},
    {"schedule_price", schedule_price},
    {"history", history},
    {"prior", prior},
    {"bulk_list", bulk_list},
    {"bulk_catalog", bulk_catalog},
    {"export_prices", export_prices},
    {"quote", quote},
};

static ec_engine *fresh_shop(void)
{
    ec_engine *shop = shop_open();
    ec_session *session = session_system(shop);
    ec_group group = {.code = "vip", .name = "VIP"}, *made = NULL;
    ec_price_list list = {.code = "web",
                          .name = "Web",
                          .currency = "CLP",
                          .channels = here,
                          .channels_count = 1,
                          .status = EC_PRICE_LIST_ACTIVE},
                  *made_list = NULL;
    ec_price price = {.price_list_id = 1, .variant_id = 1, .amount = 90, .compare_amount = 100},
             *made_price = NULL;
    (void)shop_customer(shop, "ana@example.com");
    (void)shop_customer(shop, "eva@example.com");
    ec_id ana = 1;
    assert_ok(session, ec_group_create(session, &group, &made));
    assert_ok(session, ec_group_add_users(session, made->id, &ana, 1));
    assert_ok(session, ec_price_list_create(session, &list, &made_list));
    ec_free(product_with_variants(session, "Shirt", "S", 3, 100));
    world_advance(1);
    assert_ok(session, ec_price_set(session, &price, &made_price));
    ec_free(made);
    ec_free(made_list);
    ec_free(made_price);
    ec_session_close(session);
    return shop;
}

static void memory__every_allocation_of_prices_may_fail(void **state)
{
    (void)state;
    static const starve_call import = {"import_prices", import_prices};
    starve_calls(fresh_shop, STARVE_WHOLE, calls, sizeof calls / sizeof calls[0]);
    starve_calls(fresh_shop, STARVE_PARTIAL, &import, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(memory__every_allocation_of_prices_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
