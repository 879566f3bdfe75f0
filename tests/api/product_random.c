/* SPDX-License-Identifier: MIT */
/*
 * product_random.c - whatever whole products are written over each other, right or wrong: either
 * all of it is stored as it was given, or nothing changed and a field says why.
 */
#include "harness/products.h"

enum { ROUNDS = 5000, PRODUCTS = 5, VARIANTS = 7, IMAGES = 4 };

static ec_engine *engine;
static ec_session *staff;
static ec_id products[PRODUCTS];

/* One product as it is wanted, with room for all it has. */
typedef struct wish {
    ec_product product;
    ec_product_option options[EC_OPTIONS_MAX];
    ec_variant variants[VARIANTS];
    ec_product_image images[IMAGES];
    ec_product_attribute attributes[2];
    const char *tags[3];
} wish;

static const char *const skus[] = {"A", "B", "C", "D", "E", "F", "G", "H", "I", "J", NULL, NULL};
static const char *const sizes[] = {"S", "M", "L"};
static const char *const colours[] = {"red", "blue"};
static const char *const urls[] = {"/1.jpg", "/2.jpg", "/3.jpg", "/4.jpg"};
static const char *const names[] = {"Shirt", "Mug", "<b>\xC3\xB1</b>", "", "\xff"};
static const char *const option_names[] = {"Size", "Colour", "Size"};

static int begin(void **state)
{
    (void)state;
    world_seed(99);
    engine = shop_open();
    staff = session_staff(engine);
    (void)attribute_make(staff, "colour", EC_ATTRIBUTE_SELECT);
    for (size_t i = 0; i < PRODUCTS; i++) {
        ec_product *made = product_make(staff, "Shirt", 10);
        products[i] = made->id;
        ec_free(made);
    }
    return 0;
}

static int end(void **state)
{
    (void)state;
    ec_session_close(staff);
    shop_close(engine);
    return 0;
}

/* ---- wishes ---- */

static void wish_variant(wish *w, size_t index, const ec_product *stored)
{
    ec_variant *variant = &w->variants[index];
    *variant = variant_of(world_pick(20) == 0 ? -1 : world_pick(1000), skus[world_pick(12)], NULL);
    variant->is_active = world_pick(6) != 0;
    variant->backorder = world_pick(4) == 0;
    if (w->product.options_count > 0) {
        variant->option1 = sizes[world_pick(3)];
    }
    if (w->product.options_count > 1) {
        variant->option2 = colours[world_pick(2)];
    }
    if (w->product.options_count > 2) {
        variant->option3 = "x";
    }
    if (world_pick(3) == 0) {
        variant->id = stored->variants[world_pick((int64_t)stored->variants_count)].id;
    }
    if (world_pick(40) == 0) {
        variant->id = 1 + world_pick(50); /* maybe another's */
    }
    if (world_pick(3) == 0) {
        variant->image_url = urls[world_pick(4)];
    }
}

static void make_wish(wish *w, const ec_product *stored)
{
    memset(w, 0, sizeof *w);
    ec_product *p = &w->product;
    p->name = names[world_pick(world_pick(10) == 0 ? 5 : 3)];
    p->options = w->options;
    p->options_count = (size_t)world_pick(world_pick(8) == 0 ? 4 : 3);
    for (size_t i = 0; i < p->options_count; i++) {
        w->options[i].name = option_names[i];
    }
    p->images = w->images;
    p->images_count = (size_t)world_pick(IMAGES + 1);
    for (size_t i = 0; i < p->images_count; i++) {
        w->images[i].url = urls[i];
        bool known = stored->images_count > i && world_pick(2) == 0;
        w->images[i].id = known ? stored->images[i].id : 0;
    }
    p->variants = w->variants;
    p->variants_count = 1 + (size_t)world_pick(p->options_count == 0 ? 2 : VARIANTS);
    for (size_t i = 0; i < p->variants_count; i++) {
        wish_variant(w, i, stored);
    }
    p->attributes = w->attributes;
    p->attributes_count = (size_t)world_pick(3);
    for (size_t i = 0; i < p->attributes_count; i++) {
        w->attributes[i].code = "colour";
        w->attributes[i].value = world_pick(20) == 0 ? "mauve" : colours[i];
    }
    p->tags = w->tags;
    p->tags_count = (size_t)world_pick(4);
    for (size_t i = 0; i < p->tags_count; i++) {
        w->tags[i] = sizes[i];
    }
    p->status = (ec_product_status)world_pick(3);
}

/* ---- what must hold ---- */

static bool same(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

static void assert_variant(const ec_variant *got, const ec_variant *wanted, size_t index)
{
    assert_int_equal(got->position, index + 1);
    assert_int_equal(got->price, wanted->price);
    assert_true(same(got->sku, wanted->sku));
    assert_true(same(got->option1, wanted->option1));
    assert_true(same(got->option2, wanted->option2));
    assert_true(got->is_active == wanted->is_active);
    assert_true(got->backorder == wanted->backorder);
    assert_true(wanted->id == 0 || wanted->id == got->id);
    assert_true(same(got->image_url, wanted->image_url));
}

/* The result is what was wished for; what it has beyond that is inactive. */
static void assert_granted(const ec_product *got, const wish *w)
{
    const ec_product *wanted = &w->product;
    int64_t lowest = INT64_MAX;
    assert_string_equal(got->name, wanted->name);
    assert_int_equal(got->options_count, wanted->options_count);
    assert_int_equal(got->images_count, wanted->images_count);
    assert_int_equal(got->attributes_count, wanted->attributes_count);
    assert_int_equal(got->tags_count, wanted->tags_count);
    assert_true(got->variants_count >= wanted->variants_count);
    for (size_t i = 0; i < got->variants_count; i++) {
        const ec_variant *variant = &got->variants[i];
        if (i < wanted->variants_count) {
            assert_variant(variant, &wanted->variants[i], i);
        } else {
            assert_false(variant->is_active);
        }
        lowest = variant->is_active && variant->price < lowest ? variant->price : lowest;
        for (size_t j = 0; j < i; j++) {
            assert_true(variant->id != got->variants[j].id);
        }
    }
    assert_true(lowest == INT64_MAX || got->price == lowest);
}

/* A number that differs when anything of the catalogue differs. */
static int64_t everything(void)
{
    return shop_sql_int(engine, "SELECT (SELECT SUM(version * id) FROM products) * 1000003"
                                " + (SELECT SUM(version * id + price) FROM product_variants) * 101"
                                " + (SELECT TOTAL(id) FROM product_images)"
                                " + (SELECT COUNT(*) FROM events) * 7"
                                " + (SELECT COUNT(*) FROM product_tags) * 11"
                                " + (SELECT COUNT(*) FROM product_attributes) * 13");
}

static void update_once(size_t *granted, size_t *refused)
{
    ec_product *stored = NULL;
    ec_product *got = NULL;
    wish w;
    ec_id id = products[world_pick(PRODUCTS)];
    assert_ok(staff, ec_product_get(staff, id, &stored));
    make_wish(&w, stored);
    int64_t before = everything();
    ec_status status = ec_product_update(
        staff, id, &w.product,
        ec_mask_of("product", "name,options,variants,images,attributes,tags,status"), &got);
    if (status == EC_OK) {
        assert_granted(got, &w);
        *granted += 1;
    } else {
        assert_true(status == EC_INVALID || status == EC_EXISTS);
        assert_true(ec_session_error(staff)->field && ec_session_error(staff)->rule);
        assert_null(got);
        assert_true(everything() == before);
        *refused += 1;
    }
    if (status == EC_OK && world_pick(20) == 0) {
        variant_ordered(engine, id, got->variants[0].id);
    }
    ec_free(stored);
    ec_free(got);
}

static void product_update__stores_all_or_nothing(void **state)
{
    (void)state;
    size_t granted = 0;
    size_t refused = 0;
    for (int i = 0; i < ROUNDS; i++) {
        update_once(&granted, &refused);
    }
    print_message("%zu granted, %zu refused\n", granted, refused);
    assert_true(granted > 100 && refused > 100);
    assert_int_equal(shop_sql_int(engine,
                                  "SELECT COUNT(*) FROM inventory i JOIN product_variants v"
                                  " ON v.id = i.variant_id WHERE v.backorder <> i.backorder"),
                     0);
    assert_int_equal(shop_sql_int(engine, "SELECT COUNT(*) FROM order_items WHERE variant_id NOT IN"
                                          " (SELECT id FROM product_variants)"),
                     0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(product_update__stores_all_or_nothing, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
