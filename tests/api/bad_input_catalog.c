/* SPDX-License-Identifier: MIT */
/*
 * bad_input_catalog.c - bad input for the functions of the catalogue, of channels and of people.
 */
#include "harness/bad.h"
#include "harness/bad_rows.h"
#include "harness/sale.h"

static bad_shop shop;

CALL(ec_category_create, S, P(1), P(2))
CALL(ec_category_update, S, N(1), P(2), (ec_mask)N(3), P(4))
CALL(ec_category_move, S, N(1), N(2), N(3), P(4))
CALL(ec_category_delete, S, N(1), N(2))
CALL(ec_category_get, S, N(1), P(2))
CALL(ec_category_by_slug, S, P(1), P(2))
CALL(ec_category_find, S, P(1), P(2), P(3))
CALL(ec_category_cursor, S, P(1), P(2))
CALL(ec_category_tree, S, N(1), P(2))
CALL(ec_brand_create, S, P(1), P(2))
CALL(ec_brand_update, S, N(1), P(2), (ec_mask)N(3), P(4))
CALL(ec_brand_delete, S, N(1), N(2))
CALL(ec_brand_get, S, N(1), P(2))
CALL(ec_brand_by_slug, S, P(1), P(2))
CALL(ec_brand_find, S, P(1), P(2))
CALL(ec_brand_cursor, S, P(1))
CALL(ec_attribute_create, S, P(1), P(2))
CALL(ec_attribute_update, S, N(1), P(2), (ec_mask)N(3), P(4))
CALL(ec_attribute_delete, S, N(1), N(2))
CALL(ec_attribute_get, S, N(1), P(2))
CALL(ec_attribute_by_code, S, P(1), P(2))
CALL(ec_attribute_find, S, P(1), P(2))
CALL(ec_product_create, S, P(1), P(2))
CALL(ec_product_update, S, N(1), P(2), (ec_mask)N(3), P(4))
CALL(ec_product_delete, S, N(1), N(2))
CALL(ec_product_get, S, N(1), P(2))
CALL(ec_product_by_slug, S, P(1), P(2))
CALL(ec_product_find, S, P(1), P(2), P(3))
CALL(ec_product_cursor, S, P(1), P(2))
CALL(ec_variant_create, S, N(1), P(2), P(3))
CALL(ec_variant_update, S, N(1), P(2), (ec_mask)N(3), P(4))
CALL(ec_variant_delete, S, N(1), N(2))
CALL(ec_variant_get, S, N(1), P(2))
CALL(ec_variant_by_sku, S, P(1), P(2))
CALL(ec_variant_find, S, N(1), P(2))
CALL(ec_collection_create, S, P(1), P(2))
CALL(ec_collection_update, S, N(1), P(2), (ec_mask)N(3), P(4))
CALL(ec_collection_delete, S, N(1), N(2))
CALL(ec_collection_get, S, N(1), P(2))
CALL(ec_collection_by_slug, S, P(1), P(2))
CALL(ec_collection_find, S, P(1), P(2))
CALL(ec_collection_add, S, N(1), P(2), (size_t)N(3))
CALL(ec_collection_remove, S, N(1), P(2), (size_t)N(3))
CALL(ec_price_set, S, P(1), P(2))
CALL(ec_price_remove, S, N(1), N(2), N(3))
CALL(ec_price_find, S, P(1), P(2), P(3))
CALL(ec_channel_create, S, P(1), P(2))
CALL(ec_channel_update, S, N(1), P(2), (ec_mask)N(3), P(4))
CALL(ec_channel_get, S, N(1), P(2))
CALL(ec_channel_by_code, S, P(1), P(2))
CALL(ec_channel_find, S, P(1), P(2))
CALL(ec_price_list_create, S, P(1), P(2))
CALL(ec_price_list_update, S, N(1), P(2), (ec_mask)N(3), P(4))
CALL(ec_price_list_get, S, N(1), P(2))
CALL(ec_price_list_by_code, S, P(1), P(2))
CALL(ec_price_list_find, S, P(1), P(2))
CALL(ec_user_create, S, P(1), P(2))
CALL(ec_user_update, S, N(1), P(2), (ec_mask)N(3), P(4))
CALL(ec_user_get, S, N(1), P(2))
CALL(ec_user_by_email, S, P(1), P(2))
CALL(ec_user_find, S, P(1), P(2), P(3))
CALL(ec_address_create, S, N(1), P(2), P(3))
CALL(ec_address_update, S, N(1), P(2), (ec_mask)N(3), P(4))
CALL(ec_address_delete, S, N(1))
CALL(ec_address_get, S, N(1), P(2))
CALL(ec_address_find, S, N(1), P(2), P(3))
CALL(ec_setting_get, S, P(1), P(2))
CALL(ec_setting_set, S, P(1), P(2))
CALL(ec_setting_find, S, P(1))
CALL(ec_event_find, S, P(1), P(2), P(3))
CALL(ec_event_poll, S, P(1), N(2), P(3))
CALL(ec_event_ack, S, P(1), N(2))
CALL(ec_migration_find, S, P(1))
CALL(ec_migrate, S, N(1))
CALL(ec_verify, S, P(1), P(2))
CALL(ec_verify_rebuild, S, P(1))
CALL(ec_backup, S, P(1))
CALL(ec_backup_verify, S, P(1), P(2))
CALL(ec_session_idempotency, S, P(1))

static const bad_row rows[] = {
    ROW(ec_category_create, "s obj:category out", false),
    ROW(ec_category_update, "s id:category obj:category all out", false),
    ROW(ec_category_move, "s id:category ref:parent version out", false),
    ROW(ec_category_delete, "s id:category version", false),
    ROW(ec_category_get, "s id:category out", false),
    ROW(ec_category_by_slug, "s text:200 out", true),
    ROW(ec_category_find, "s obj?:category_filter obj?:page out", false),
    ROW(ec_category_cursor, "s obj?:category_filter cursor", false),
    ROW(ec_category_tree, "s ref:category out", false),
    ROW(ec_brand_create, "s obj:brand out", false),
    ROW(ec_brand_update, "s id:brand obj:brand all out", false),
    ROW(ec_brand_delete, "s id:brand version", false),
    ROW(ec_brand_get, "s id:brand out", false),
    ROW(ec_brand_by_slug, "s text:200 out", true),
    ROW(ec_brand_find, "s obj?:page out", false),
    ROW(ec_brand_cursor, "s cursor", false),
    ROW(ec_attribute_create, "s obj:attribute out", false),
    ROW(ec_attribute_update, "s id:attribute obj:attribute all out", false),
    ROW(ec_attribute_delete, "s id:attribute version", false),
    ROW(ec_attribute_get, "s id:attribute out", false),
    ROW(ec_attribute_by_code, "s text:64 out", true),
    ROW(ec_attribute_find, "s obj?:page out", false),
    ROW(ec_product_create, "s obj:product out", false),
    ROW(ec_product_update, "s id:product obj:product const:product_fields out", false),
    ROW(ec_product_delete, "s id:product version", false),
    ROW(ec_product_get, "s id:product out", false),
    ROW(ec_product_by_slug, "s text:200 out", true),
    ROW(ec_product_find, "s obj?:product_filter obj?:page out", false),
    ROW(ec_product_cursor, "s obj?:any_products cursor", false),
    ROW(ec_variant_create, "s id:sized obj:variant out", false),
    ROW(ec_variant_update, "s id:single obj:single all out", false),
    ROW(ec_variant_delete, "s id:spare version", false),
    ROW(ec_variant_get, "s id:variant out", false),
    ROW(ec_variant_by_sku, "s text:100 out", false),
    ROW(ec_variant_find, "s id:product out", false),
    ROW(ec_collection_create, "s obj:collection out", false),
    ROW(ec_collection_update, "s id:collection obj:collection all out", false),
    ROW(ec_collection_delete, "s id:collection version", false),
    ROW(ec_collection_get, "s id:collection out", false),
    ROW(ec_collection_by_slug, "s text:200 out", true),
    ROW(ec_collection_find, "s obj?:page out", false),
    ROW(ec_collection_add, "s id:collection fn:products num:1:1000", false),
    ROW(ec_collection_remove, "s id:collection fn:products num:1:1000", false),
    ROW(ec_price_set, "s obj:price out", false),
    ROW(ec_price_remove, "s id:price_list id:other any:0", false),
    ROW(ec_price_find, "s obj?:price_filter obj?:page out", false),
    ROW(ec_channel_create, "s obj:channel out", false),
    ROW(ec_channel_update, "s id:channel obj:channel_change const:channel_fields out", false),
    ROW(ec_channel_get, "s id:channel out", false),
    ROW(ec_channel_by_code, "s text:64 out", true),
    ROW(ec_channel_find, "s obj?:page out", false),
    ROW(ec_price_list_create, "s obj:price_list out", false),
    ROW(ec_price_list_update, "s id:price_list obj:price_list all out", false),
    ROW(ec_price_list_get, "s id:price_list out", false),
    ROW(ec_price_list_by_code, "s text:64 out", true),
    ROW(ec_price_list_find, "s obj?:page out", false),
    ROW(ec_user_create, "s obj:user out", false),
    ROW(ec_user_update, "s id:user obj:user all out", false),
    ROW(ec_user_get, "s id:user out", false),
    ROW(ec_user_by_email, "s text:254 out", true),
    ROW(ec_user_find, "s obj?:user_filter obj?:page out", false),
    ROW(ec_address_create, "s id:user obj:address out", false),
    ROW(ec_address_update, "s id:address obj:address all out", false),
    ROW(ec_address_delete, "s id:address", false),
    ROW(ec_address_get, "s id:address out", false),
    ROW(ec_address_find, "s const:user obj?:page out", false),
    ROW(ec_setting_get, "s text:64 out", false),
    ROW(ec_setting_set, "s need:64 note:65536", false),
    ROW(ec_setting_find, "s out", false),
    ROW(ec_event_find, "s obj?:event_filter obj?:page out", false),
    ROW(ec_event_poll, "s need:64 num:0:100 out", false),
    ROW(ec_event_ack, "s need:64 num:0:1000000", false),
    ROW(ec_migration_find, "s out", false),
    ROW(ec_migrate, "s num:-1:100", true),
    ROW(ec_verify, "s obj?:verify out", false),
    ROW(ec_verify_rebuild, "s out", false),
    ROW(ec_backup, "s path", true),
    ROW(ec_backup_verify, "s path out", true),
    ROW(ec_session_idempotency, "s key?", true),
};

static const bad_member page_members[] = {
    BAD(ec_page, limit, 'n', 0, 100),
    BAD(ec_page, page, 'n', 0, INT64_MAX / 10 + 1),
    BAD(ec_page, cursor, 'w', 0, 0),
};
static const bad_member product_filter_members[] = {
    BAD(ec_product_filter, category_id, 'r', 0, 0),
    BAD(ec_product_filter, collection_id, 'r', 0, 0),
    BAD(ec_product_filter, price_min, 'n', 0, INT64_MAX),
    BAD(ec_product_filter, price_max, 'n', 0, INT64_MAX),
    BAD(ec_product_filter, with, 'w', 0, 0),
    BAD(ec_product_filter, status, 'w', 0, 0),
    BAD(ec_product_filter, sort, 'e', 0, 0),
};
static const bad_member user_filter_members[] = {BAD(ec_user_filter, role, 'w', 0, 0)};
static const bad_member verify_members[] = {
    BAD(ec_verify_options, only, 'w', 0, 0),
    BAD(ec_verify_options, limit, 'n', 0, 10000),
};
static const bad_member parent_members[] = {BAD(ec_category, parent_id, 'r', 0, 0)};
static const bad_member product_members[] = {
    BAD(ec_product, category_id, 'r', 0, 0),
    BAD(ec_product, brand_id, 'r', 0, 0),
};
static const bad_member variant_members[] = {BAD(ec_variant, image_id, 'r', 0, 0)};
static const bad_member price_members[] = {
    BAD(ec_price, price_list_id, 'i', 0, 0),
    BAD(ec_price, variant_id, 'i', 0, 0),
};
static const bad_member list_members[] = {BAD(ec_channel, price_list_id, 'r', 0, 0)};

static void calls__refuse_bad_input(void **state)
{
    (void)state;
    bad_shop_open(&shop);
    ec_page page = {.limit = 10};
    ec_category category = {.name = "Hats", .is_active = true};
    ec_category_filter categories = {0};
    ec_brand brand = {.name = "Pacific", .is_active = true};
    ec_attribute attribute = {.code = "size", .name = "Size"};
    ec_product product = {
        .name = "Hat", .currency = "CLP", .price = 100, .status = EC_PRODUCT_ACTIVE};
    ec_product_filter products = {.sort = EC_SORT_PRICE};
    ec_variant variant, single;
    assert_int_equal(ec_init("variant", &variant), EC_OK);
    assert_int_equal(ec_init("variant", &single), EC_OK);
    single.price = 200;
    variant.price = 100;
    variant.option1 = "XL";
    variant.sku = "NEW";
    ec_collection collection = {.name = "New", .is_active = true};
    ec_id some[] = {bad_id(&shop, "product")};
    ec_price price = {.price_list_id = bad_id(&shop, "price_list"),
                      .variant_id = bad_id(&shop, "variant"),
                      .amount = 1};
    ec_price_filter prices = {0};
    ec_channel channel = {
        .code = "second", .name = "Second", .currency = "CLP", .locale = "es", .is_active = true};
    ec_price_list list = {.code = "winter", .name = "Winter", .currency = "CLP"};
    ec_user user = {.email = "eva@example.com", .name = "Eva", .is_active = true};
    ec_user_filter users = {0};
    ec_event_filter events = {0};
    ec_verify_options verify = {0};
    const bad_object objects[] = {
        OBJECT("page", page, page_members),
        BOTH("category", category, parent_members, "category"),
        ENTITY("category_filter", categories, NULL),
        ENTITY("brand", brand, "brand"),
        ENTITY("attribute", attribute, "attribute"),
        BOTH("product", product, product_members, "product"),
        OBJECT("product_filter", products, product_filter_members),
        ENTITY("any_products", products, NULL),
        BOTH("variant", variant, variant_members, "variant"),
        BOTH("single", single, variant_members, "variant"),
        ENTITY("collection", collection, "collection"),
        ENTITY("products", some, NULL),
        BOTH("price", price, price_members, "price"),
        ENTITY("price_filter", prices, NULL),
        BOTH("channel", channel, list_members, "channel"),
        BOTH("channel_change", channel, list_members, "channel"),
        ENTITY("price_list", list, "price_list"),
        ENTITY("user", user, "user"),
        OBJECT("user_filter", users, user_filter_members),
        ENTITY("address", sale_address, "address"),
        ENTITY("event_filter", events, NULL),
        OBJECT("verify", verify, verify_members),
    };
    bad_run(&shop, rows, sizeof rows / sizeof rows[0], objects, sizeof objects / sizeof objects[0]);
    bad_shop_close(&shop);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(calls__refuse_bad_input)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
