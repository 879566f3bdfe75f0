/* SPDX-License-Identifier: MIT */
/*
 * brand.c - brands: added, changed, removed, seen.
 */
#include "harness/products.h"

static ec_engine *engine;
static ec_session *staff;
static ec_session *guest;

static int begin(void **state)
{
    (void)state;
    engine = shop_open();
    staff = session_staff(engine);
    guest = session_guest(engine);
    return 0;
}

static int end(void **state)
{
    (void)state;
    ec_session_close(staff);
    ec_session_close(guest);
    shop_close(engine);
    return 0;
}

static void brand_create__makes_a_slug(void **state)
{
    (void)state;
    ec_brand input = {.name = "Peñalolén & Co.", .description = "Local", .is_active = true};
    ec_brand *made = NULL;
    assert_ok(staff, ec_brand_create(staff, &input, &made));
    assert_string_equal(made->slug, "penalolen-co");
    assert_int_equal(made->version, 1);
    ec_free(made);
    assert_ok(guest, ec_brand_by_slug(guest, "penalolen-co", &made));
    assert_string_equal(made->description, "Local");
    ec_free(made);
    assert_status(staff, ec_brand_create(staff, &input, &made), EC_EXISTS);
    assert_field_error(staff, "name", "unique");
    input.name = "Other";
    input.slug = "penalolen-co";
    assert_status(staff, ec_brand_create(staff, &input, &made), EC_EXISTS);
    assert_field_error(staff, "slug", "unique");
    assert_int_equal(events_of(engine, "brand.created"), 1);
}

static void brand_create__names_what_is_wrong(void **state)
{
    (void)state;
    char longer[300];
    ec_brand *made = NULL;
    memset(longer, 'x', sizeof longer);
    longer[256] = '\0';
    ec_brand input = {.name = longer};
    assert_status(staff, ec_brand_create(staff, &input, &made), EC_INVALID);
    assert_field_error(staff, "name", "max_length");
    longer[255] = '\0';
    assert_ok(staff, ec_brand_create(staff, &input, &made));
    assert_true(strlen(made->slug) <= 255);
    ec_free(made);
    input.name = "\xC0\xAF";
    assert_status(staff, ec_brand_create(staff, &input, &made), EC_INVALID);
    assert_field_error(staff, "name", "utf8");
    assert_status(guest, ec_brand_create(guest, &input, &made), EC_DENIED);
    assert_status(staff, ec_brand_create(staff, NULL, &made), EC_MISUSE);
}

static void brand_update__checks_the_version(void **state)
{
    (void)state;
    ec_id id = brand_make(staff, "Andes");
    ec_mask name = ec_mask_of("brand", "name");
    ec_brand change = {.name = "Andes SpA", .version = 1};
    ec_brand *made = NULL;
    assert_ok(staff, ec_brand_update(staff, id, &change, name, &made));
    assert_int_equal(made->version, 2);
    assert_string_equal(made->slug, "andes");
    ec_free(made);
    assert_status(staff, ec_brand_update(staff, id, &change, name, &made), EC_STALE);
    assert_status(staff, ec_brand_update(staff, 99, &change, name, &made), EC_NOT_FOUND);
    assert_status(staff, ec_brand_update(staff, id, NULL, name, &made), EC_MISUSE);
    assert_status(staff, ec_brand_update(staff, id, &(ec_brand){.name = NULL}, name, &made),
                  EC_INVALID);
    assert_field_error(staff, "name", "required");
}

static void brand_delete__refuses_one_with_products(void **state)
{
    (void)state;
    ec_id id = brand_make(staff, "Andes");
    ec_product product = {.name = "P", .brand_id = id};
    ec_product *made = NULL;
    assert_ok(staff, ec_product_create(staff, &product, &made));
    assert_status(staff, ec_brand_delete(staff, id, 0), EC_IN_USE);
    assert_ok(staff, ec_product_delete(staff, made->id, 0));
    assert_status(staff, ec_brand_delete(staff, id, 4), EC_STALE);
    assert_ok(staff, ec_brand_delete(staff, id, 1));
    assert_status(staff, ec_brand_delete(staff, id, 0), EC_NOT_FOUND);
    ec_free(made);
}

static void brand__hidden_ones_are_for_staff(void **state)
{
    (void)state;
    ec_id id = brand_make(staff, "Andes");
    (void)brand_make(staff, "Costa");
    ec_brand *made = NULL;
    ec_brand_list *list = NULL;
    ec_page page = {.total = true};
    assert_ok(staff, ec_brand_update(staff, id, &(ec_brand){.is_active = false},
                                     ec_mask_of("brand", "is_active"), &made));
    ec_free(made);
    assert_status(guest, ec_brand_get(guest, id, &made), EC_NOT_FOUND);
    assert_status(guest, ec_brand_by_slug(guest, "andes", &made), EC_NOT_FOUND);
    assert_ok(guest, ec_brand_find(guest, &page, &list));
    assert_int_equal(list->total, 1);
    ec_free(list);
    assert_ok(staff, ec_brand_get(staff, id, &made));
    ec_free(made);
    ec_cursor *cursor = NULL;
    const void *item = NULL;
    size_t count = 0;
    assert_ok(staff, ec_brand_cursor(staff, &cursor));
    while (ec_cursor_next(cursor, &item) == EC_OK) {
        count++;
    }
    assert_int_equal(count, 2);
    ec_cursor_close(cursor);
}

int main(void)
{
#define CASE(test) cmocka_unit_test_setup_teardown(test, begin, end)
    const struct CMUnitTest tests[] = {
        CASE(brand_create__makes_a_slug),       CASE(brand_create__names_what_is_wrong),
        CASE(brand_update__checks_the_version), CASE(brand_delete__refuses_one_with_products),
        CASE(brand__hidden_ones_are_for_staff),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
