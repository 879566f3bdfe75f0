/* SPDX-License-Identifier: MIT */
/*
 * price_list.c - which price list holds for whom, where, when and for how many.
 */
#include "harness/products.h"
#include "harness/sale.h"

#define HOUR 3600000

static ec_engine *engine;
static ec_session *staff;
static ec_id ana, vip, mate;

static int begin(void **state)
{
    (void)state;
    ec_group input = {.code = "vip", .name = "VIP"}, *group = NULL;
    engine = shop_open();
    staff = session_staff(engine);
    ana = shop_customer(engine, "ana@example.com");
    assert_ok(staff, ec_group_create(staff, &input, &group));
    vip = group->id;
    ec_free(group);
    assert_ok(staff, ec_group_add_users(staff, vip, &ana, 1));
    mate = sale_variant(engine, "MATE", 1000, -1);
    return 0;
}

static int end(void **state)
{
    (void)state;
    ec_session_close(staff);
    shop_close(engine);
    return 0;
}

static const char *const here[] = {"default"};

/* An active list of the default channel; its number. */
static ec_id list_make(const char *code, int64_t priority, ec_id group)
{
    ec_price_list input = {.code = code,
                           .name = code,
                           .currency = "CLP",
                           .priority = priority,
                           .group_id = group,
                           .channels = here,
                           .channels_count = 1,
                           .status = EC_PRICE_LIST_ACTIVE};
    ec_price_list *made = NULL;
    assert_ok(staff, ec_price_list_create(staff, &input, &made));
    assert_int_equal(made->channels_count, 1);
    assert_int_equal(made->active_from, world_now());
    ec_id id = made->id;
    ec_free(made);
    return id;
}

static void change_list(ec_id id, ec_price_list change, const char *fields)
{
    ec_price_list *made = NULL;
    assert_ok(staff,
              ec_price_list_update(staff, id, &change, ec_mask_of("price_list", fields), &made));
    ec_free(made);
}

static void price(ec_id list, int64_t min_quantity, int64_t amount)
{
    ec_price input = {.price_list_id = list,
                      .variant_id = mate,
                      .min_quantity = min_quantity,
                      .amount = amount},
             *made = NULL;
    assert_ok(staff, ec_price_set(staff, &input, &made));
    ec_free(made);
}

/* The price for one of so many in a cart, which is that of the product's page when it is one. */
static int64_t costs(ec_id user, int64_t quantity)
{
    ec_session *s = user == 0 ? session_guest(engine) : session_customer(engine, user);
    ec_cart *cart = NULL, *filled = NULL;
    ec_variant *variant = NULL;
    shop_sql(engine, "DELETE FROM cart_items");
    assert_ok(s, ec_cart_open(s, &cart));
    if (user == 0) {
        assert_ok(s, ec_session_cart_token(s, cart->token));
    }
    assert_ok(s, ec_cart_add(s, cart->id, mate, quantity, -1, &filled));
    int64_t amount = filled->items[0].unit_price;
    assert_int_equal(filled->total, amount * quantity);
    if (quantity == 1) {
        assert_ok(s, ec_variant_by_sku(s, "MATE", &variant));
        assert_int_equal(variant->price, amount);
        ec_free(variant);
    }
    ec_quote_request request = EC_QUOTE_REQUEST_INIT;
    const ec_quote_ask line = {.variant_id = mate, .quantity = quantity, .unit_price = -1};
    ec_quote *quote = NULL;
    request.lines = &line;
    request.lines_count = 1;
    assert_ok(s, ec_quote_make(s, &request, &quote));
    assert_int_equal(quote->lines[0].unit_price, amount);
    ec_free(quote);
    ec_free(cart);
    ec_free(filled);
    ec_session_close(s);
    return amount;
}

static void price_list__of_the_highest_priority_holds(void **state)
{
    (void)state;
    ec_id low = list_make("low", 1, 0), high = list_make("high", 5, 0);
    assert_int_equal(costs(0, 1), 1000);
    price(low, 1, 700);
    assert_int_equal(costs(0, 1), 700);
    price(high, 1, 900);
    assert_int_equal(costs(0, 1), 900);
    change_list(high, (ec_price_list){.priority = 0}, "priority");
    assert_int_equal(costs(0, 1), 700);
    change_list(high, (ec_price_list){.priority = 1}, "priority"); /* the older of equals */
    assert_int_equal(costs(0, 1), 700);
}

static void price_list__of_a_group_goes_before_one_for_everybody(void **state)
{
    (void)state;
    ec_id all = list_make("all", 0, 0), group = list_make("group", 0, vip);
    price(all, 1, 800);
    price(group, 1, 950);
    assert_int_equal(costs(0, 1), 800);
    assert_int_equal(costs(ana, 1), 950);
    change_list(all, (ec_price_list){.priority = 1}, "priority");
    assert_int_equal(costs(ana, 1), 800);
    assert_ok(staff, ec_group_remove_users(staff, vip, &ana, 1));
    change_list(all, (ec_price_list){.priority = -1}, "priority");
    assert_int_equal(costs(ana, 1), 800);
}

static void price_list__holds_while_it_is_active_and_valid(void **state)
{
    (void)state;
    ec_price_list *seen = NULL;
    ec_time start = world_now();
    ec_id list = list_make("sale", 0, 0);
    price(list, 1, 800);
    change_list(list, (ec_price_list){.valid_from = start + HOUR, .valid_until = start + 2 * HOUR},
                "valid_from,valid_until");
    assert_int_equal(costs(0, 1), 1000);
    world_set(start + HOUR);
    assert_int_equal(costs(0, 1), 800);
    change_list(list, (ec_price_list){.status = EC_PRICE_LIST_DRAFT}, "status");
    assert_int_equal(costs(0, 1), 1000);
    assert_ok(staff, ec_price_list_get(staff, list, &seen));
    assert_int_equal(seen->active_from, start);
    assert_int_equal(seen->active_until, start + HOUR);
    ec_free(seen);
    change_list(list, (ec_price_list){.status = EC_PRICE_LIST_ACTIVE}, "status");
    assert_int_equal(costs(0, 1), 800);
    world_set(start + 2 * HOUR);
    assert_int_equal(costs(0, 1), 1000);
    change_list(list, (ec_price_list){.status = EC_PRICE_LIST_ARCHIVED}, "status,valid_until");
    assert_int_equal(costs(0, 1), 1000);
}

static void price_list__of_a_channel_is_asked_last(void **state)
{
    (void)state;
    ec_price_list input = {.code = "own",
                           .name = "Own",
                           .currency = "CLP",
                           .priority = 1000,
                           .status = EC_PRICE_LIST_ACTIVE},
                  *made = NULL;
    ec_channel *channel = NULL;
    assert_ok(staff, ec_price_list_create(staff, &input, &made));
    price(made->id, 1, 600);
    assert_int_equal(costs(0, 1), 1000); /* nobody has it */
    ec_channel change = {.price_list_id = made->id};
    assert_ok(staff, ec_channel_update(staff, 1, &change, ec_mask_of("channel", "price_list_id"),
                                       &channel));
    assert_int_equal(costs(0, 1), 600);
    price(list_make("named", 0, 0), 1, 850);
    assert_int_equal(costs(0, 1), 850);
    ec_free(channel);
    ec_free(made);
}

static void price_list__without_a_price_for_so_many_is_passed_over(void **state)
{
    (void)state;
    ec_id first = list_make("first", 9, 0), second = list_make("second", 0, 0);
    price(first, 10, 500);
    price(first, 20, 400);
    price(second, 1, 900);
    price(second, 5, 880);
    assert_int_equal(costs(0, 1), 900);
    assert_int_equal(costs(0, 5), 880);
    assert_int_equal(costs(0, 10), 500);
    assert_int_equal(costs(0, 19), 500);
    assert_int_equal(costs(0, 25), 400);
}

static void price_list__lists_products_at_its_prices(void **state)
{
    (void)state;
    ec_session *guest = session_guest(engine);
    ec_product_list *list = NULL;
    (void)sale_variant(engine, "TEA", 900, -1);
    price(list_make("sale", 0, 0), 1, 850);
    ec_product_filter filter = {.sort = EC_SORT_PRICE, .price_max = 900};
    assert_ok(guest, ec_product_find(guest, &filter, NULL, &list));
    assert_int_equal(list->items_count, 2);
    assert_int_equal(list->items[0].price, 850);
    assert_int_equal(list->items[1].price, 900);
    ec_free(list);
    ec_session_close(guest);
}

static void price_list__names_what_is_wrong(void **state)
{
    (void)state;
    static const char *const codes[] = {"nowhere", "default", "default"};
    ec_price_list *made = NULL;
    ec_price_list input = {
        .code = "x", .name = "X", .currency = "CLP", .channels = codes, .channels_count = 3};
    assert_status(staff, ec_price_list_create(staff, &input, &made), EC_INVALID);
    assert_field_error(staff, "channels[0]", "unknown");
    assert_field_error(staff, "channels[2]", "unique");
    input.currency = "USD";
    input.channels = here;
    input.channels_count = 1;
    assert_status(staff, ec_price_list_create(staff, &input, &made), EC_INVALID);
    assert_field_error(staff, "channels[0]", "currency");
    input.channels_count = 0;
    input.group_id = 99;
    assert_status(staff, ec_price_list_create(staff, &input, &made), EC_INVALID);
    assert_field_error(staff, "group_id", "unknown");
    input.group_id = 0;
    input.priority = 1000001;
    assert_status(staff, ec_price_list_create(staff, &input, &made), EC_INVALID);
    assert_field_error(staff, "priority", "max");
    assert_int_equal(shop_sql_int(engine, "SELECT COUNT(*) FROM price_lists"), 0);
}

static void price_list_update__replaces_the_channels(void **state)
{
    (void)state;
    static const char *const both[] = {"web", "default"};
    ec_channel input = {
        .code = "web", .name = "Web", .currency = "CLP", .locale = "es", .is_active = true};
    ec_channel *channel = NULL;
    ec_price_list *made = NULL;
    ec_price_list_list *all = NULL;
    assert_ok(staff, ec_channel_create(staff, &input, &channel));
    ec_id id = list_make("sale", 0, 0);
    ec_price_list change = {.channels = both, .channels_count = 2};
    assert_ok(staff, ec_price_list_update(staff, id, &change, ec_mask_of("price_list", "channels"),
                                          &made));
    assert_int_equal(made->channels_count, 2);
    assert_string_equal(made->channels[0], "default");
    assert_string_equal(made->channels[1], "web");
    assert_int_equal(made->version, 2);
    ec_free(made);
    assert_ok(staff, ec_price_list_update(staff, id, &change, ec_mask_of("price_list", "channels"),
                                          &made));
    assert_int_equal(made->version, 2); /* the same in another order */
    ec_free(made);
    (void)list_make("other", 0, 0);
    assert_ok(staff, ec_price_list_find(staff, NULL, &all));
    assert_int_equal(all->items[0].channels_count, 2);
    assert_int_equal(all->items[1].channels_count, 1);
    ec_free(all);
    ec_free(channel);
}

static void price_list__costs_a_plain_shop_nothing(void **state)
{
    (void)state;
    ec_session *guest = session_guest(engine);
    ec_product *seen = NULL;
    ec_id product = shop_sql_int(engine, "SELECT MIN(id) FROM products");
    assert_ok(guest, ec_product_get(guest, product, &seen));
    ec_free(seen);
    int64_t before = statements_of(engine);
    assert_ok(guest, ec_product_get(guest, product, &seen));
    ec_free(seen);
    int64_t plain = statements_of(engine) - before;
    price(list_make("sale", 0, 0), 1, 850);
    assert_ok(guest, ec_product_get(guest, product, &seen));
    ec_free(seen);
    before = statements_of(engine);
    assert_ok(guest, ec_product_get(guest, product, &seen));
    assert_int_equal(seen->price, 850);
    ec_free(seen);
    assert_int_equal(statements_of(engine) - before, plain);
    assert_true(plain <= 3);
    ec_session_close(guest);
}

int main(void)
{
#define CASE(test) cmocka_unit_test_setup_teardown(test, begin, end)
    const struct CMUnitTest tests[] = {
        CASE(price_list__of_the_highest_priority_holds),
        CASE(price_list__of_a_group_goes_before_one_for_everybody),
        CASE(price_list__holds_while_it_is_active_and_valid),
        CASE(price_list__of_a_channel_is_asked_last),
        CASE(price_list__without_a_price_for_so_many_is_passed_over),
        CASE(price_list__lists_products_at_its_prices),
        CASE(price_list__names_what_is_wrong),
        CASE(price_list_update__replaces_the_channels),
        CASE(price_list__costs_a_plain_shop_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
