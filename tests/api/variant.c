/* SPDX-License-Identifier: MIT */
/*
 * variant.c - variants one by one: added, changed, removed, and what the product makes of it.
 */
#include "harness/products.h"

static ec_engine *engine;
static ec_session *staff;

static int begin(void **state)
{
    (void)state;
    engine = shop_open();
    staff = session_staff(engine);
    return 0;
}

static int end(void **state)
{
    (void)state;
    ec_session_close(staff);
    shop_close(engine);
    return 0;
}

static ec_mask mask(const char *fields)
{
    return ec_mask_of("variant", fields);
}

static void assert_product(ec_id id, int64_t price, int64_t price_max, int64_t version)
{
    ec_product *product = NULL;
    assert_ok(staff, ec_product_get(staff, id, &product));
    assert_int_equal(product->price, price);
    assert_int_equal(product->price_max, price_max);
    assert_int_equal(product->version, version);
    ec_free(product);
}

static void variant_create__stands_behind_the_others(void **state)
{
    (void)state;
    ec_product *product = product_with_variants(staff, "Shirt", "S", 2, 100);
    ec_variant input = variant_of(50, "CHEAP", "Kids");
    ec_variant *made = NULL;
    input.weight = 250;
    input.weight_unit = EC_WEIGHT_KG;
    assert_ok(staff, ec_variant_create(staff, product->id, &input, &made));
    assert_int_equal(made->position, 3);
    assert_string_equal(made->name, "Kids");
    assert_string_equal(made->currency, "CLP");
    assert_int_equal(made->weight, 250);
    assert_true(made->product_id == product->id);
    assert_product(product->id, 50, 101, 2);
    assert_int_equal(events_of(engine, "product.updated"), 1);
    ec_variant *found = NULL;
    assert_ok(staff, ec_variant_by_sku(staff, "CHEAP", &found));
    assert_true(found->id == made->id);
    ec_free(found);
    ec_free(made);
    ec_free(product);
}

static void variant_create__names_what_is_wrong(void **state)
{
    (void)state;
    ec_product *product = product_with_variants(staff, "Shirt", "S", 2, 100);
    ec_variant *made = NULL;
    ec_variant input = variant_of(1, NULL, "Size 1");
    assert_status(staff, ec_variant_create(staff, product->id, &input, &made), EC_INVALID);
    assert_field_error(staff, "option1", "unique");
    input = variant_of(1, NULL, NULL);
    input.option2 = "x";
    assert_status(staff, ec_variant_create(staff, product->id, &input, &made), EC_INVALID);
    assert_field_error(staff, "option1", "required");
    assert_field_error(staff, "option2", "options");
    input = variant_of(1, "S-1", "New");
    assert_status(staff, ec_variant_create(staff, product->id, &input, &made), EC_EXISTS);
    assert_field_error(staff, "sku", "unique");
    input = variant_of(1, NULL, "New");
    input.image_id = 7;
    assert_status(staff, ec_variant_create(staff, product->id, &input, &made), EC_INVALID);
    assert_field_error(staff, "image_id", "unknown");
    input = variant_of(-1, "", "New");
    input.weight = -5;
    input.metadata = "{";
    assert_status(staff, ec_variant_create(staff, product->id, &input, &made), EC_INVALID);
    assert_field_error(staff, "price", "min");
    assert_field_error(staff, "weight", "min");
    assert_field_error(staff, "metadata", "json");
    input = variant_of(EC_AMOUNT_MAX, NULL, "New");
    assert_status(staff, ec_variant_create(staff, 99, &input, &made), EC_NOT_FOUND);
    assert_ok(staff, ec_variant_create(staff, product->id, &input, &made));
    ec_free(made);
    assert_product(product->id, 100, EC_AMOUNT_MAX, 2);
    ec_free(product);
}

static void variant_update__moves_the_products_price(void **state)
{
    (void)state;
    ec_product *product = product_with_variants(staff, "Shirt", "S", 3, 100);
    ec_id first = product->variants[0].id;
    ec_variant *made = NULL;
    ec_variant change = {.price = 500, .version = 1};
    assert_ok(staff, ec_variant_update(staff, first, &change, mask("price"), &made));
    assert_int_equal(made->version, 2);
    ec_free(made);
    assert_product(product->id, 101, 500, 2);
    assert_status(staff, ec_variant_update(staff, first, &change, mask("price"), &made), EC_STALE);
    change = (ec_variant){.is_active = false};
    assert_ok(staff, ec_variant_update(staff, first, &change, mask("is_active"), &made));
    ec_free(made);
    assert_product(product->id, 101, 102, 3);
    change = (ec_variant){.option1 = "Size 1", .is_active = true};
    assert_status(staff, ec_variant_update(staff, first, &change, mask("option1,is_active"), &made),
                  EC_INVALID);
    assert_field_error(staff, "option1", "unique");
    change.option1 = "Giant";
    assert_ok(staff, ec_variant_update(staff, first, &change, mask("option1,is_active"), &made));
    assert_string_equal(made->name, "Giant");
    ec_variant *again = NULL;
    assert_ok(staff, ec_variant_update(staff, first, made, EC_MASK_ALL, &again));
    assert_true(again->version == made->version);
    ec_free(again);
    ec_free(made);
    assert_product(product->id, 101, 500, 4);
    assert_status(staff, ec_variant_update(staff, 99, &change, mask("price"), &made), EC_NOT_FOUND);
    ec_free(product);
}

static void variant_update__names_images_by_number_or_address(void **state)
{
    (void)state;
    ec_product_image images[] = {{.url = "/a.jpg"}, {.url = "/b.jpg"}};
    ec_product input = {.name = "Mug", .images = images, .images_count = 2};
    ec_product *product = NULL;
    ec_variant *made = NULL;
    assert_ok(staff, ec_product_create(staff, &input, &product));
    ec_id id = product->variants[0].id;
    ec_variant change = {.image_url = "/b.jpg"};
    assert_ok(staff, ec_variant_update(staff, id, &change, mask("image_url"), &made));
    assert_true(made->image_id == product->images[1].id);
    ec_free(made);
    change = (ec_variant){.image_id = product->images[0].id};
    assert_ok(staff, ec_variant_update(staff, id, &change, mask("image_id"), &made));
    assert_string_equal(made->image_url, "/a.jpg");
    ec_free(made);
    change = (ec_variant){.image_url = "/c.jpg"};
    assert_status(staff, ec_variant_update(staff, id, &change, mask("image_url"), &made),
                  EC_INVALID);
    assert_field_error(staff, "image_url", "unknown");
    change = (ec_variant){.image_id = 0};
    assert_ok(staff, ec_variant_update(staff, id, &change, mask("image_id"), &made));
    assert_null(made->image_url);
    ec_free(made);
    ec_free(product);
}

static void variant_update__tells_the_balances_of_backorders(void **state)
{
    (void)state;
    ec_product *product = product_make(staff, "Mug", 5);
    ec_id id = product->variants[0].id;
    ec_variant *made = NULL;
    variant_stock(staff, id, 3);
    assert_ok(staff, ec_variant_update(staff, id, &(ec_variant){.backorder = true},
                                       mask("backorder"), &made));
    ec_free(made);
    assert_int_equal(shop_sql_int(engine, "SELECT backorder FROM inventory"), 1);
    shop_sql(engine, "UPDATE inventory SET committed = 5");
    assert_status(
        staff,
        ec_variant_update(staff, id, &(ec_variant){.backorder = false}, mask("backorder"), &made),
        EC_STATE);
    assert_field_error(staff, "backorder", "committed");
    ec_product *again = NULL;
    ec_free(product);
    assert_ok(staff, ec_product_by_slug(staff, "mug", &product));
    assert_true(product->variants[0].backorder);
    product->variants[0].backorder = false;
    product->variants[0].price = 77;
    assert_status(
        staff,
        ec_product_update(staff, product->id, product, ec_mask_of("product", "variants"), &again),
        EC_STATE);
    assert_product(product->id, 5, 5, 2);
    shop_sql(engine, "UPDATE inventory SET committed = 0");
    assert_ok(staff, ec_product_update(staff, product->id, product,
                                       ec_mask_of("product", "variants"), &again));
    assert_int_equal(shop_sql_int(engine, "SELECT backorder FROM inventory"), 0);
    assert_int_equal(again->price, 77);
    ec_free(again);
    ec_free(product);
}

static void variant_delete__keeps_one(void **state)
{
    (void)state;
    ec_product *product = product_with_variants(staff, "Shirt", "S", 2, 100);
    assert_status(staff, ec_variant_delete(staff, product->variants[0].id, 3), EC_STALE);
    assert_ok(staff, ec_variant_delete(staff, product->variants[0].id, 1));
    assert_product(product->id, 101, 101, 2);
    assert_status(staff, ec_variant_delete(staff, product->variants[0].id, 0), EC_NOT_FOUND);
    assert_status(staff, ec_variant_delete(staff, product->variants[1].id, 0), EC_STATE);
    ec_free(product);
}

static void variant_find__lists_those_of_a_product(void **state)
{
    (void)state;
    ec_product *product = product_with_variants(staff, "Shirt", "S", 3, 100);
    ec_session *guest = session_guest(engine);
    ec_variant_list *list = NULL;
    ec_variant *made = NULL;
    assert_ok(staff,
              ec_variant_update(staff, product->variants[1].id, &(ec_variant){.is_active = false},
                                mask("is_active"), &made));
    ec_free(made);
    assert_ok(staff, ec_variant_find(staff, product->id, &list));
    assert_int_equal(list->items_count, 3);
    assert_int_equal(list->total, 3);
    ec_free(list);
    assert_ok(guest, ec_variant_find(guest, product->id, &list));
    assert_int_equal(list->items_count, 2);
    assert_string_equal(list->items[1].sku, "S-2");
    ec_free(list);
    assert_status(guest, ec_variant_find(guest, 77, &list), EC_NOT_FOUND);
    assert_status(guest, ec_variant_create(guest, product->id, &product->variants[0], &made),
                  EC_DENIED);
    assert_status(guest, ec_variant_by_sku(guest, "S-1", &made), EC_NOT_FOUND);
    assert_status(guest, ec_variant_by_sku(guest, NULL, &made), EC_NOT_FOUND);
    ec_session_close(guest);
    ec_free(product);
}

/* ---- prices in lists ---- */

typedef struct priced_shop {
    ec_channel *channel;
    ec_price_list *list;
    ec_session *guest;
} priced_shop;

/* A channel in dollars with a price list. */
static priced_shop dollars(void)
{
    priced_shop shop = {0};
    ec_price_list list = {
        .code = "usd", .name = "Dollars", .currency = "USD", .status = EC_PRICE_LIST_ACTIVE};
    assert_ok(staff, ec_price_list_create(staff, &list, &shop.list));
    ec_channel channel = {.code = "usa",
                          .name = "USA",
                          .currency = "USD",
                          .locale = "en-US",
                          .price_list_id = shop.list->id,
                          .is_active = true};
    assert_ok(staff, ec_channel_create(staff, &channel, &shop.channel));
    ec_session_options options = {.version = EC_SESSION_OPTIONS_VERSION,
                                  .actor = EC_ACTOR_GUEST,
                                  .channel_id = shop.channel->id};
    assert_int_equal(ec_session_open(engine, &options, &shop.guest), EC_OK);
    return shop;
}

static void dollars_end(priced_shop *shop)
{
    ec_session_close(shop->guest);
    ec_free(shop->channel);
    ec_free(shop->list);
}

static void price_set__shows_in_its_channel(void **state)
{
    (void)state;
    ec_product *product = product_with_variants(staff, "Shirt", "S", 3, 10000);
    priced_shop shop = dollars();
    ec_price *made = NULL;
    ec_product *seen = NULL;
    ec_variant *variant = NULL;
    assert_status(shop.guest, ec_product_get(shop.guest, product->id, &seen), EC_NOT_FOUND);
    ec_price price = {.price_list_id = shop.list->id,
                      .variant_id = product->variants[2].id,
                      .amount = 1999,
                      .compare_amount = 2999};
    assert_ok(staff, ec_price_set(staff, &price, &made));
    assert_string_equal(made->currency, "USD");
    assert_int_equal(made->min_quantity, 1);
    ec_free(made);
    assert_ok(shop.guest, ec_product_get(shop.guest, product->id, &seen));
    assert_string_equal(seen->currency, "USD");
    assert_int_equal(seen->price, 1999);
    assert_int_equal(seen->price_max, 1999);
    assert_int_equal(seen->compare_price, 2999);
    assert_int_equal(seen->variants_count, 1); /* the others are not sold there */
    assert_int_equal(seen->variants[0].price, 1999);
    assert_string_equal(seen->variants[0].currency, "USD");
    ec_free(seen);
    assert_ok(shop.guest, ec_variant_by_sku(shop.guest, "S-2", &variant));
    assert_int_equal(variant->price, 1999);
    ec_free(variant);
    assert_status(shop.guest, ec_variant_by_sku(shop.guest, "S-1", &variant), EC_NOT_FOUND);
    assert_ok(staff, ec_product_get(staff, product->id, &seen));
    assert_int_equal(seen->price, 10000);
    assert_string_equal(seen->currency, "CLP");
    ec_free(seen);
    price.amount = 2500;
    assert_ok(staff, ec_price_set(staff, &price, &made)); /* replaces */
    ec_free(made);
    assert_int_equal(shop_sql_int(engine, "SELECT COUNT(*) FROM prices"), 1);
    assert_ok(staff, ec_price_remove(staff, price.price_list_id, price.variant_id, 0));
    assert_status(staff, ec_price_remove(staff, price.price_list_id, price.variant_id, 0),
                  EC_NOT_FOUND);
    assert_status(shop.guest, ec_product_get(shop.guest, product->id, &seen), EC_NOT_FOUND);
    assert_int_equal(events_of(engine, "price.changed"), 3);
    dollars_end(&shop);
    ec_free(product);
}

static void price_set__names_what_is_wrong(void **state)
{
    (void)state;
    ec_price *made = NULL;
    ec_price price = {.price_list_id = 7, .variant_id = 8, .amount = 5};
    assert_status(staff, ec_price_set(staff, &price, &made), EC_INVALID);
    assert_field_error(staff, "price_list_id", "unknown");
    assert_field_error(staff, "variant_id", "unknown");
    price = (ec_price){.amount = -1, .min_quantity = -1};
    assert_status(staff, ec_price_set(staff, &price, &made), EC_INVALID);
    assert_field_error(staff, "price_list_id", "required");
    assert_field_error(staff, "amount", "min");
    assert_field_error(staff, "min_quantity", "min");
    assert_status(staff, ec_price_set(staff, NULL, &made), EC_MISUSE);
}

static void price_find__lists_with_currencies(void **state)
{
    (void)state;
    ec_product *product = product_with_variants(staff, "Shirt", "S", 3, 10000);
    priced_shop shop = dollars();
    ec_price_page *page = NULL;
    for (size_t i = 0; i < 3; i++) {
        ec_price price = {.price_list_id = shop.list->id,
                          .variant_id = product->variants[i].id,
                          .min_quantity = 10,
                          .amount = 100 + (int64_t)i};
        ec_price *made = NULL;
        assert_ok(staff, ec_price_set(staff, &price, &made));
        ec_free(made);
    }
    ec_price_filter filter = {.variant_id = product->variants[1].id};
    assert_ok(staff, ec_price_find(staff, &filter, NULL, &page));
    assert_int_equal(page->items_count, 1);
    assert_int_equal(page->items[0].amount, 101);
    assert_string_equal(page->items[0].currency, "USD");
    ec_free(page);
    filter = (ec_price_filter){.price_list_id = shop.list->id};
    assert_ok(staff, ec_price_find(staff, &filter, NULL, &page));
    assert_int_equal(page->items_count, 3);
    ec_free(page);
    filter.variant_id = product->variants[0].id;
    assert_ok(staff, ec_price_find(staff, &filter, NULL, &page));
    assert_int_equal(page->items_count, 1);
    ec_free(page);
    ec_product *seen = NULL; /* a price for ten is none for one */
    assert_status(shop.guest, ec_product_get(shop.guest, product->id, &seen), EC_NOT_FOUND);
    dollars_end(&shop);
    ec_free(product);
}

int main(void)
{
#define CASE(test) cmocka_unit_test_setup_teardown(test, begin, end)
    const struct CMUnitTest tests[] = {
        CASE(variant_create__stands_behind_the_others),
        CASE(variant_create__names_what_is_wrong),
        CASE(variant_update__moves_the_products_price),
        CASE(variant_update__names_images_by_number_or_address),
        CASE(variant_update__tells_the_balances_of_backorders),
        CASE(variant_delete__keeps_one),
        CASE(variant_find__lists_those_of_a_product),
        CASE(price_set__shows_in_its_channel),
        CASE(price_set__names_what_is_wrong),
        CASE(price_find__lists_with_currencies),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
