/* SPDX-License-Identifier: MIT */
/*
 * tour_catalog.c - categories, brands, attributes, products, variants, collections and prices, as
 * staff, visitors and visitors of a channel with a price list see them.
 */
#include "harness/products.h"
#include "harness/tour.h"

static void tour_categories(ec_session *session, ec_session *guest)
{
    ec_id top = category_make(session, "Tour", 0);
    ec_id below = category_make(session, "Tour below", top);
    ec_category *made = NULL;
    ec_category_list *list = NULL;
    ec_category change = {.name = "Tour of two", .is_active = true};
    assert_ok(session,
              ec_category_update(session, below, &change, ec_mask_of("category", "name"), &made));
    ec_free(made);
    assert_ok(session, ec_category_move(session, below, 0, 0, &made));
    ec_free(made);
    ec_session *both[] = {session, guest};
    for (size_t i = 0; i < 2; i++) {
        const ec_category_filter filters[] = {{0}, {.top = true}, {.parent_id = top}};
        assert_ok(both[i], ec_category_get(both[i], below, &made));
        ec_free(made);
        assert_ok(both[i], ec_category_by_slug(both[i], "tour", &made));
        ec_free(made);
        assert_ok(both[i], ec_category_tree(both[i], top, &list));
        ec_free(list);
        assert_ok(both[i], ec_category_tree(both[i], 0, &list));
        ec_free(list);
        for (size_t n = 0; n < 3; n++) {
            ec_page page = {.total = true};
            assert_ok(both[i], ec_category_find(both[i], &filters[n], &page, &list));
            ec_free(list);
        }
    }
    assert_ok(session, ec_category_delete(session, below, 0));
}

static void tour_brands(ec_session *session, ec_session *guest)
{
    ec_id id = brand_make(session, "Tour");
    ec_brand *made = NULL;
    ec_brand_list *list = NULL;
    ec_brand change = {.name = "Tour of two"};
    assert_ok(session, ec_brand_update(session, id, &change, ec_mask_of("brand", "name"), &made));
    ec_free(made);
    ec_session *both[] = {session, guest};
    for (size_t i = 0; i < 2; i++) {
        ec_page page = {.total = true};
        assert_ok(both[i], ec_brand_get(both[i], id, &made));
        ec_free(made);
        assert_ok(both[i], ec_brand_by_slug(both[i], "tour", &made));
        ec_free(made);
        assert_ok(both[i], ec_brand_find(both[i], &page, &list));
        ec_free(list);
    }
    assert_ok(session, ec_brand_delete(session, brand_make(session, "Gone"), 0));
}

static void tour_attributes(ec_session *session)
{
    static const char *const choices[] = {"red", "black"};
    ec_id id = attribute_make(session, "tour-colour", EC_ATTRIBUTE_SELECT);
    ec_attribute *made = NULL;
    ec_attribute_list *list = NULL;
    ec_attribute change = {.choices = choices, .choices_count = 2};
    (void)attribute_make(session, "tour-inches", EC_ATTRIBUTE_NUMBER);
    assert_ok(session,
              ec_attribute_update(session, id, &change, ec_mask_of("attribute", "choices"), &made));
    ec_free(made);
    assert_ok(session, ec_attribute_get(session, id, &made));
    ec_free(made);
    assert_ok(session, ec_attribute_by_code(session, "tour-colour", &made));
    ec_free(made);
    assert_ok(session, ec_attribute_find(session, &(ec_page){.total = true}, &list));
    ec_free(list);
    ec_id gone = attribute_make(session, "tour-gone", EC_ATTRIBUTE_TEXT);
    assert_ok(session, ec_attribute_delete(session, gone, 0));
}

/* A product with all that there is; changed in every list. */
static ec_id tour_product(ec_session *session)
{
    ec_product_option option = {.name = "Size"};
    ec_variant variants[] = {variant_of(5, "TOUR-1", "S"), variant_of(6, "TOUR-2", "M"),
                             variant_of(7, "TOUR-3", "L")};
    ec_product_image images[] = {{.url = "/a.jpg"}, {.url = "/b.jpg"}};
    ec_product_attribute attributes[] = {{.code = "tour-colour", .value = "red"},
                                         {.code = "tour-inches", .value = "5.5"}};
    const char *const tags[] = {"tour", "two"};
    ec_product product = {.name = "Tour",
                          .status = EC_PRODUCT_ACTIVE,
                          .type = "Tour",
                          .is_featured = true,
                          .options = &option,
                          .options_count = 1,
                          .variants = variants,
                          .variants_count = 3,
                          .images = images,
                          .images_count = 2,
                          .attributes = attributes,
                          .attributes_count = 2,
                          .tags = tags,
                          .tags_count = 2};
    ec_product *made = NULL;
    ec_category *category = NULL;
    ec_brand *brand = NULL;
    assert_ok(session, ec_category_by_slug(session, "tour", &category));
    assert_ok(session, ec_brand_by_slug(session, "tour", &brand));
    product.category_id = category->id;
    product.brand_id = brand->id;
    assert_ok(session, ec_product_create(session, &product, &made));
    ec_id id = made->id;
    variant_ordered(ec_session_engine(session), id, made->variants[2].id);
    ec_free(made);
    variants[0].sku = "TOUR-2";
    variants[1].sku = "TOUR-1";
    variants[0].backorder = true;
    product.name = "Tour two";
    product.variants_count = 2;
    product.images_count = product.attributes_count = product.tags_count = 1;
    images[0].alt = "A";
    option.name = "Length";
    assert_ok(session, ec_product_update(session, id, &product, EC_MASK_ALL, &made));
    ec_free(made);
    variants[0].backorder = false;
    assert_ok(session, ec_product_update(session, id, &product, EC_MASK_ALL, &made));
    ec_free(made);
    assert_ok(session, ec_product_by_slug(session, "tour", &made));
    ec_free(made);
    ec_free(category);
    ec_free(brand);
    return id;
}

static void tour_variants(ec_session *session, ec_session *guest, ec_id product)
{
    ec_variant input = variant_of(9, "TOUR-9", "XL");
    ec_variant *made = NULL;
    ec_variant_list *list = NULL;
    assert_ok(session, ec_variant_create(session, product, &input, &made));
    ec_id id = made->id;
    ec_free(made);
    input.price = 10;
    input.backorder = true;
    assert_ok(session, ec_variant_update(session, id, &input, EC_MASK_ALL, &made));
    ec_free(made);
    assert_status(session, ec_variant_create(session, product, &input, &made), EC_INVALID);
    ec_session *both[] = {session, guest};
    for (size_t i = 0; i < 2; i++) {
        assert_ok(both[i], ec_variant_get(both[i], id, &made));
        ec_free(made);
        assert_ok(both[i], ec_variant_by_sku(both[i], "TOUR-9", &made));
        ec_free(made);
        assert_ok(both[i], ec_variant_find(both[i], product, &list));
        ec_free(list);
    }
    assert_ok(session, ec_variant_delete(session, id, 0));
}

static const char rules[] =
    "[{\"field\":\"tag\",\"op\":\"is\",\"value\":\"tour\"},"
    "{\"field\":\"type\",\"op\":\"is_not\",\"value\":\"x\"},"
    "{\"field\":\"title\",\"op\":\"contains\",\"value\":\"tour\"},"
    "{\"field\":\"category\",\"op\":\"is\",\"value\":1},"
    "{\"field\":\"brand\",\"op\":\"is_not\",\"value\":77},"
    "{\"field\":\"price\",\"op\":\"at_least\",\"value\":1},"
    "{\"field\":\"compare_price\",\"op\":\"is_not_set\"},"
    "{\"field\":\"stock\",\"op\":\"less\",\"value\":5},"
    "{\"field\":\"attribute\",\"code\":\"tour-colour\",\"op\":\"is\",\"value\":\"red\"}]";

static void tour_collections(ec_session *session, ec_session *guest, ec_id product, ec_id *ids)
{
    ec_collection input = {.name = "Tour", .is_active = true};
    ec_collection *made = NULL;
    ec_collection_list *list = NULL;
    for (size_t i = 0; i < 2; i++) {
        assert_ok(session, ec_collection_create(session, &input, &made));
        ids[i] = made->id;
        ec_free(made);
        assert_ok(session, ec_collection_add(session, ids[i], &product, 1));
    }
    assert_ok(session, ec_collection_remove(session, ids[0], &product, 1));
    assert_ok(session, ec_collection_add(session, ids[0], &product, 1));
    input.rules = rules;
    assert_ok(session, ec_collection_update(session, ids[1], &input,
                                            ec_mask_of("collection", "rules"), &made));
    ec_free(made);
    ec_session *both[] = {session, guest};
    for (size_t i = 0; i < 2; i++) {
        ec_page page = {.total = true};
        assert_ok(both[i], ec_collection_get(both[i], ids[0], &made));
        ec_free(made);
        assert_ok(both[i], ec_collection_by_slug(both[i], "tour-2", &made));
        ec_free(made);
        assert_ok(both[i], ec_collection_find(both[i], &page, &list));
        ec_free(list);
    }
}

/* Visitors of a channel with a price list. */
static ec_session *tour_prices(ec_session *session, ec_id product)
{
    ec_price_list input = {
        .code = "tour-list", .name = "L", .currency = "USD", .status = EC_PRICE_LIST_ACTIVE};
    ec_channel front = {
        .code = "tour-usa", .name = "U", .currency = "USD", .locale = "en", .is_active = true};
    ec_price_list *list = NULL;
    ec_channel *channel = NULL;
    ec_product *whole = NULL;
    ec_price *made = NULL;
    ec_price_page *page = NULL;
    assert_ok(session, ec_price_list_create(session, &input, &list));
    front.price_list_id = list->id;
    assert_ok(session, ec_channel_create(session, &front, &channel));
    assert_ok(session, ec_product_get(session, product, &whole));
    ec_price price = {.price_list_id = list->id,
                      .variant_id = whole->variants[0].id,
                      .min_quantity = 5,
                      .amount = 100};
    for (int i = 0; i < 3; i++) {
        assert_ok(session, ec_price_set(session, &price, &made));
        ec_free(made);
        price.min_quantity = i == 0 ? 0 : price.min_quantity;
    }
    assert_ok(session, ec_price_remove(session, list->id, price.variant_id, 5));
    const ec_price_filter filters[] = {{0},
                                       {.variant_id = price.variant_id},
                                       {.price_list_id = list->id},
                                       {.price_list_id = list->id, .variant_id = price.variant_id}};
    for (size_t i = 0; i < 4; i++) {
        assert_ok(session, ec_price_find(session, &filters[i], &(ec_page){.total = true}, &page));
        ec_free(page);
    }
    ec_session_options options = {
        .version = EC_SESSION_OPTIONS_VERSION, .actor = EC_ACTOR_GUEST, .channel_id = channel->id};
    ec_session *guest = NULL;
    assert_int_equal(ec_session_open(ec_session_engine(session), &options, &guest), EC_OK);
    ec_free(whole);
    ec_free(channel);
    ec_free(list);
    return guest;
}

/* Every filter alone and all of them together, in every order, page after page. */
static void tour_listings(ec_session *session, bool staff, ec_id product, const ec_id *collections)
{
    static const char *const tags[] = {"tour"};
    static const char *const values[] = {"red"};
    ec_attribute_choice choice = {
        .code = "tour-inches", .min = "1", .max = "9", .values = values, .values_count = 0};
    ec_attribute_choice choices[] = {choice, {.code = "tour-colour"}};
    choices[1].values = values;
    choices[1].values_count = 1;
    ec_product_filter filters[] = {
        {0},
        {.category_id = 1},
        {.brand_id = 1},
        {.collection_id = collections[0], .sort = EC_SORT_MANUAL},
        {.collection_id = collections[1]},
        {.price_min = 1, .price_max = 1000},
        {.rating_min = 1},
        {.search = "tour two"},
        {.status = staff ? "active" : NULL},
        {.type = "Tour"},
        {.ids = &product, .ids_count = 1},
        {.tags = tags, .tags_count = 1},
        {.attributes = choices, .attributes_count = 2},
        {.in_stock = true},
        {.is_featured = true},
        {.with = "options,variants,images,attributes,tags"},
        {.with = "tags"},
        {.category_id = 1, .search = "tour", .tags = tags, .tags_count = 1, .in_stock = true},
    };
    for (size_t i = 0; i < sizeof filters / sizeof filters[0]; i++) {
        for (int sort = 0; sort <= EC_SORT_MANUAL; sort++) {
            ec_page page = {.limit = 1, .total = true};
            ec_product_list *list = NULL;
            ec_product_filter filter = filters[i];
            filter.sort = i == 3 ? EC_SORT_MANUAL : (ec_product_sort)sort;
            assert_ok(session, ec_product_find(session, &filter, &page, &list));
            page.cursor = list->next_cursor;
            ec_product_list *next = NULL;
            if (page.cursor) {
                assert_ok(session, ec_product_find(session, &filter, &page, &next));
            }
            ec_free(next);
            ec_free(list);
        }
    }
}

void tour_catalog(ec_session *session)
{
    ec_engine *engine = ec_session_engine(session);
    ec_session *guest = session_guest(engine);
    ec_id collections[2];
    ec_product *whole = NULL;
    tour_categories(session, guest);
    tour_brands(session, guest);
    tour_attributes(session);
    ec_id product = tour_product(session);
    ec_free(product_make(session, "Tour 3", 7));
    tour_variants(session, guest, product);
    tour_collections(session, guest, product, collections);
    ec_session *abroad = tour_prices(session, product);
    ec_session *all[] = {session, guest, abroad};
    for (size_t i = 0; i < 3; i++) {
        assert_ok(all[i], ec_product_get(all[i], product, &whole));
        ec_free(whole);
        tour_listings(all[i], i == 0, product, collections);
    }
    ec_variant_list *list = NULL;
    ec_variant *variant = NULL;
    assert_ok(abroad, ec_variant_find(abroad, product, &list));
    assert_ok(abroad, ec_variant_get(abroad, list->items[0].id, &variant));
    ec_free(variant);
    ec_free(list);
    assert_ok(session, ec_collection_delete(session, collections[0], 0));
    whole = product_make(session, "Tour gone", 1);
    assert_ok(session, ec_product_delete(session, whole->id, 0));
    ec_free(whole);
    ec_session_close(abroad);
    ec_session_close(guest);
}
