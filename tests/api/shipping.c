/* SPDX-License-Identifier: MIT */
/*
 * shipping.c - kinds of goods for shipping, and ways to ship, as they are kept.
 */
#include "harness/products.h"

static ec_engine *engine;
static ec_session *session;

static int setup(void **state)
{
    (void)state;
    engine = shop_open();
    session = session_system(engine);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    ec_session_close(session);
    shop_close(engine);
    return 0;
}

static ec_id category_of(const char *code)
{
    ec_shipping_category input = {.code = code, .name = "Kind"};
    ec_shipping_category *made = NULL;
    assert_ok(session, ec_shipping_category_create(session, &input, &made));
    ec_id id = made->id;
    ec_free(made);
    return id;
}

/* ---- categories ---- */

static void shipping_category__is_kept_found_and_removed(void **state)
{
    (void)state;
    ec_shipping_category *found = NULL;
    ec_shipping_category_list *list = NULL;
    ec_id id = category_of("bulky");
    assert_ok(session, ec_shipping_category_by_code(session, "bulky", &found));
    assert_int_equal(found->id, id);
    assert_int_equal(found->version, 1);
    assert_string_equal(found->name, "Kind");
    ec_free(found);
    ec_shipping_category change = {.name = "Bulky goods"};
    assert_ok(session, ec_shipping_category_update(
                           session, id, &change, ec_mask_of("shipping_category", "name"), &found));
    assert_string_equal(found->name, "Bulky goods");
    assert_string_equal(found->code, "bulky");
    ec_free(found);
    assert_ok(session, ec_shipping_category_find(session, NULL, &list));
    assert_int_equal(list->items_count, 1);
    ec_free(list);
    assert_ok(session, ec_shipping_category_delete(session, id, 2));
    assert_status(session, ec_shipping_category_get(session, id, &found), EC_NOT_FOUND);
}

static void shipping_category__keeps_its_code(void **state)
{
    (void)state;
    ec_shipping_category *out = NULL;
    ec_id id = category_of("bulky");
    ec_shipping_category change = {.code = "other", .name = "Other"};
    assert_status(session,
                  ec_shipping_category_update(session, id, &change,
                                              ec_mask_of("shipping_category", "code"), &out),
                  EC_INVALID);
    assert_field_error(session, "code", "immutable");
    ec_shipping_category twin = {.code = "bulky", .name = "Twin"};
    assert_status(session, ec_shipping_category_create(session, &twin, &out), EC_EXISTS);
    assert_field_error(session, "code", "unique");
}

static void shipping_category__that_a_variant_names_is_not_removed(void **state)
{
    (void)state;
    ec_product *product = NULL;
    ec_id id = category_of("bulky");
    ec_variant variant = {.is_active = true,
                          .requires_shipping = true,
                          .shipping_category = "bulky",
                          .length = 1200,
                          .width = 600,
                          .height = 400};
    ec_product input = {.name = "Sofa", .variants = &variant, .variants_count = 1};
    assert_ok(session, ec_product_create(session, &input, &product));
    assert_string_equal(product->variants[0].shipping_category, "bulky");
    assert_int_equal(product->variants[0].length, 1200);
    assert_int_equal(product->variants[0].width, 600);
    assert_int_equal(product->variants[0].height, 400);
    ec_free(product);
    assert_status(session, ec_shipping_category_delete(session, id, 0), EC_IN_USE);
}

static void shipping__is_for_staff(void **state)
{
    (void)state;
    ec_shipping_category *out = NULL;
    ec_session *guest = session_guest(engine);
    assert_status(guest, ec_shipping_category_by_code(guest, "bulky", &out), EC_DENIED);
    ec_session_close(guest);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(shipping_category__is_kept_found_and_removed, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(shipping_category__keeps_its_code, setup, teardown),
        cmocka_unit_test_setup_teardown(shipping_category__that_a_variant_names_is_not_removed,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(shipping__is_for_staff, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
