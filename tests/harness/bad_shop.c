/* SPDX-License-Identifier: MIT */
/*
 * bad_shop.c - a shop with one of everything, for the tables of bad input.
 */
#include "harness/bad.h"
#include "harness/goods.h"
#include "harness/products.h"
#include "harness/sale.h"

static void know(bad_shop *shop, const char *name, ec_id id)
{
    assert_true(shop->count < sizeof shop->ids / sizeof shop->ids[0] && id > 0);
    shop->ids[shop->count].name = name;
    shop->ids[shop->count++].id = id;
}

static void make_catalogue(bad_shop *shop)
{
    ec_session *s = shop->session;
    ec_product *product = NULL;
    ec_collection *collection = NULL;
    ec_price *price = NULL;
    ec_price_list *list = NULL;
    know(shop, "parent", category_make(s, "Clothes", 0));
    know(shop, "category", category_make(s, "Shoes", 0));
    know(shop, "brand", brand_make(s, "Andes"));
    know(shop, "attribute", attribute_make(s, "colour", EC_ATTRIBUTE_TEXT));
    ec_product input = {.name = "Boot", .sku = "BOOT", .price = 5000, .status = EC_PRODUCT_ACTIVE};
    assert_ok(s, ec_product_create(s, &input, &product));
    know(shop, "product", product->id);
    know(shop, "single", product->variants[0].id);
    ec_free(product);
    ec_collection hand = {.name = "Hand", .is_active = true};
    assert_ok(s, ec_collection_create(s, &hand, &collection));
    know(shop, "collection", collection->id);
    ec_free(collection);
    ec_price_list sale = {
        .code = "sale", .name = "Sale", .currency = "CLP", .status = EC_PRICE_LIST_ACTIVE};
    assert_ok(s, ec_price_list_create(s, &sale, &list));
    know(shop, "price_list", list->id);
    ec_free(list);
    product = product_with_variants(s, "Sized", "SIZED", 2, 1000);
    know(shop, "sized", product->id);
    know(shop, "spare", product->variants[1].id);
    ec_free(product);
    know(shop, "variant", sale_variant(shop->engine, "main", 1990, 100));
    know(shop, "other", sale_variant(shop->engine, "OTHER", 1000, 100));
    ec_price special = {.price_list_id = bad_id(shop, "price_list"),
                        .variant_id = bad_id(shop, "other"),
                        .amount = 900};
    assert_ok(s, ec_price_set(s, &special, &price));
    ec_free(price);
    special.valid_from = world_now() + 1000000;
    assert_ok(s, ec_price_schedule(s, &special, &price));
    know(shop, "scheduled", price->id);
    ec_free(price);
}

static void make_people(bad_shop *shop)
{
    ec_session *s = shop->session;
    ec_user *user = NULL;
    ec_address *address = NULL, *second = NULL;
    ec_user input = {.email = "ana@example.com", .name = "Ana", .is_active = true};
    ec_group group = {.code = "gold-club", .name = "Gold"};
    ec_group *made = NULL;
    assert_ok(s, ec_user_create(s, &input, &user));
    know(shop, "user", user->id);
    assert_ok(s, ec_group_create(s, &group, &made));
    know(shop, "group", made->id);
    ec_free(made);
    assert_ok(s, ec_address_create(s, user->id, &sale_address, &address));
    assert_ok(s, ec_address_create(s, user->id, &sale_address, &second));
    know(shop, "address", second->id);
    ec_free(user);
    ec_free(address);
    ec_free(second);
}

static void make_cart(bad_shop *shop)
{
    ec_session *s = shop->session;
    ec_cart *cart = NULL, *filled = NULL;
    assert_ok(s, ec_cart_open(s, &cart));
    assert_ok(s, ec_cart_add(s, cart->id, bad_id(shop, "variant"), 2, -1, &filled));
    know(shop, "cart", cart->id);
    know(shop, "item", filled->items[0].id);
    ec_free(cart);
    ec_free(filled);
}

/* An order that is paid, of which a part was sent and is asked to be taken back. */
static void make_order(bad_shop *shop)
{
    ec_session *s = shop->session;
    ec_order *after = NULL;
    const sale_line lines[] = {{bad_id(shop, "variant"), 4}, {0, 0}};
    ec_order *order = sale_paid_order(s, "paid", lines);
    know(shop, "order", order->id);
    know(shop, "order_item", order->items[0].id);
    know(shop, "payment", order->payments[0].id);
    ec_shipment_item one = {.order_item_id = order->items[0].id, .quantity = 2};
    ec_shipment parcel = {.items = &one, .items_count = 1};
    assert_ok(s, ec_order_ship(s, order->id, &parcel, &after));
    know(shop, "shipment", after->shipments[0].id);
    ec_free(after);
    ec_return_item item = {.order_item_id = one.order_item_id, .quantity = 1, .restock = true};
    ec_return request = {.items = &item, .items_count = 1};
    assert_ok(s, ec_return_request(s, order->id, &request, &after));
    know(shop, "return", after->returns[0].id);
    ec_free(after);
    assert_ok(s, ec_return_apply(s, bad_id(shop, "return"), "approve", 0, &after));
    ec_free(after);
    ec_free(order);
    order = sale_order(s, "open", lines); /* nothing happened to it yet */
    know(shop, "open", order->id);
    know(shop, "open_item", order->items[0].id);
    ec_free(order);
}

static void make_stock(bad_shop *shop)
{
    ec_stock_level *level = NULL;
    ec_stock_change coming = {.variant_id = bad_id(shop, "variant"),
                              .warehouse_id = GOODS_MAIN,
                              .incoming = 10,
                              .kind = EC_MOVEMENT_INCOMING};
    know(shop, "warehouse", GOODS_MAIN);
    know(shop, "north", goods_warehouse(shop->session, "north"));
    assert_ok(shop->session, ec_stock_adjust(shop->session, &coming, &level));
    ec_free(level);
}

void bad_shop_open(bad_shop *shop)
{
    *shop = (bad_shop){.engine = shop_open()};
    shop->session = session_system(shop->engine);
    know(shop, "channel", 1);
    make_catalogue(shop);
    make_people(shop);
    make_order(shop);
    make_cart(shop);
    make_stock(shop);
    assert_ok(shop->session, ec_setting_set(shop->session, "main", "value"));
    know(shop, "channel_fields",
         (ec_id)ec_mask_of("channel", "code,name,locale,country,stock_strategy,merge_policy,"
                                      "price_list_id,tax_zone_id,tax_provider"));
    know(shop, "product_fields",
         (ec_id)ec_mask_of("product",
                           "name,slug,description,short_description,type,category_id,"
                           "brand_id,published_at,unpublished_at,meta_title,"
                           "meta_description,metadata,status,price,compare_price,sku,currency"));
    know(shop, "parcel_fields",
         (ec_id)ec_mask_of("shipment", "carrier,tracking_number,tracking_url"));
}

void bad_shop_close(bad_shop *shop)
{
    ec_session_close(shop->session);
    shop_close(shop->engine);
}
