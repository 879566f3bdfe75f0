/* SPDX-License-Identifier: MIT */
/*
 * catalog_memory.c - every allocation of calls of the catalogue fails once, and from then on for
 * ever: a status, no change, nothing lost.
 */
#include "harness/products.h"

static ec_engine *engine;

typedef ec_status (*call_fn)(ec_session *session, void **block);

static ec_status create_product(ec_session *session, void **block)
{
    ec_product_option option = {.name = "Size"};
    ec_variant variants[] = {variant_of(5, "A", "S"), variant_of(6, "B", "M")};
    ec_product_image image = {.url = "/a.jpg"};
    ec_product_attribute attribute = {.code = "colour", .value = "red"};
    const char *const tags[] = {"a", "b"};
    ec_product product = {.name = "New",
                          .category_id = 1,
                          .options = &option,
                          .options_count = 1,
                          .variants = variants,
                          .variants_count = 2,
                          .images = &image,
                          .images_count = 1,
                          .attributes = &attribute,
                          .attributes_count = 1,
                          .tags = tags,
                          .tags_count = 2};
    variants[1].image_url = "/a.jpg";
    return ec_product_create(session, &product, (ec_product **)block);
}

static ec_status update_product(ec_session *session, void **block)
{
    ec_variant variants[] = {variant_of(7, "S-1", "Size 1"), variant_of(8, "S-0", "Size 9"),
                             variant_of(9, "S-7", "Size 7")};
    const char *const tags[] = {"x"};
    ec_product change = {
        .name = "Other", .variants = variants, .variants_count = 3, .tags = tags, .tags_count = 1};
    return ec_product_update(session, 1, &change, ec_mask_of("product", "name,variants,tags"),
                             (ec_product **)block);
}

static ec_status get_product(ec_session *session, void **block)
{
    return ec_product_get(session, 1, (ec_product **)block);
}

static ec_status find_products(ec_session *session, void **block)
{
    ec_product_filter filter = {.category_id = 1, .search = "shirt", .with = "variants,tags"};
    ec_page page = {.limit = 1, .total = true};
    return ec_product_find(session, &filter, &page, (ec_product_list **)block);
}

static ec_status find_by_rules(ec_session *session, void **block)
{
    ec_product_filter filter = {.collection_id = 1};
    return ec_product_find(session, &filter, NULL, (ec_product_list **)block);
}

static ec_status create_variant(ec_session *session, void **block)
{
    ec_variant variant = variant_of(3, "V", "Size V");
    return ec_variant_create(session, 1, &variant, (ec_variant **)block);
}

static ec_status move_category(ec_session *session, void **block)
{
    return ec_category_move(session, 2, 0, 0, (ec_category **)block);
}

static ec_status category_tree(ec_session *session, void **block)
{
    return ec_category_tree(session, 1, (ec_category_list **)block);
}

static ec_status create_attribute(ec_session *session, void **block)
{
    static const char *const choices[] = {"a", "b"};
    ec_attribute attribute = {.code = "x",
                              .name = "X",
                              .type = EC_ATTRIBUTE_SELECT,
                              .choices = choices,
                              .choices_count = 2};
    return ec_attribute_create(session, &attribute, (ec_attribute **)block);
}

static ec_status find_attributes(ec_session *session, void **block)
{
    return ec_attribute_find(session, NULL, (ec_attribute_list **)block);
}

static ec_status create_collection(ec_session *session, void **block)
{
    ec_collection collection = {.name = "C",
                                .rules = "[{\"field\":\"title\",\"op\":\"contains\","
                                         "\"value\":\"x\"}]"};
    return ec_collection_create(session, &collection, (ec_collection **)block);
}

static const struct {
    const char *name;
    call_fn call;
} calls[] = {
    {"create_product", create_product},
    {"update_product", update_product},
    {"get_product", get_product},
    {"find_products", find_products},
    {"find_by_rules", find_by_rules},
    {"create_variant", create_variant},
    {"move_category", move_category},
    {"category_tree", category_tree},
    {"create_attribute", create_attribute},
    {"find_attributes", find_attributes},
    {"create_collection", create_collection},
};

static ec_engine *fresh_shop(void)
{
    ec_engine *shop = shop_open();
    ec_session *session = session_system(shop);
    ec_product *made = NULL;
    ec_id top = category_make(session, "Top", 0);
    (void)category_make(session, "Below", top);
    (void)attribute_make(session, "colour", EC_ATTRIBUTE_SELECT);
    ec_free(product_with_variants(session, "Shirt", "S", 3, 100));
    ec_product change = {.category_id = top};
    assert_ok(session,
              ec_product_update(session, 1, &change, ec_mask_of("product", "category_id"), &made));
    ec_free(made);
    ec_collection *collection = NULL;
    assert_ok(session, create_collection(session, (void **)&collection));
    ec_free(collection);
    ec_session_close(session);
    return shop;
}

static int64_t everything(ec_engine *shop)
{
    return shop_sql_int(shop, "SELECT (SELECT COUNT(*) FROM events) * 1000000"
                              " + (SELECT SUM(version) + COUNT(*) FROM products) * 10000"
                              " + (SELECT SUM(version) + COUNT(*) FROM product_variants) * 1000"
                              " + (SELECT SUM(version) + COUNT(*) FROM categories) * 100"
                              " + (SELECT COUNT(*) FROM tags) * 50"
                              " + (SELECT COUNT(*) FROM attributes) * 10"
                              " + (SELECT COUNT(*) FROM collections)");
}

/* false: the n-th allocation was not reached. */
static bool fail_at(size_t index, int64_t n, bool ever)
{
    ec_session *session = session_system(engine);
    int64_t before = everything(engine);
    void *block = NULL;
    world_fail(n, ever);
    ec_status status = calls[index].call(session, &block);
    bool failed = world_failed();
    world_fail(0, false);
    if (status != EC_OK && status != EC_NO_MEMORY) {
        fail_msg("%s, allocation %d: %s: %s", calls[index].name, (int)n, ec_status_name(status),
                 ec_session_error(session)->message);
    }
    if (status != EC_OK) {
        assert_null(block);
        assert_int_equal(everything(engine), before);
    }
    ec_free(block);
    ec_session_close(session);
    return failed;
}

static void memory__every_allocation_of_the_catalogue_may_fail(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++) {
        for (int ever = 0; ever < 2; ever++) {
            int64_t outside = world_blocks();
            bool more = true;
            for (int64_t n = 1; more; n++) {
                engine = fresh_shop();
                more = fail_at(i, n, ever != 0);
                shop_close(engine);
            }
            assert_int_equal(world_blocks(), outside);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(memory__every_allocation_of_the_catalogue_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
