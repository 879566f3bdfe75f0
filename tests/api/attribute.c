/* SPDX-License-Identifier: MIT */
/*
 * attribute.c - attributes: types, choices, and the values that products may have.
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

static void attribute_create__keeps_choices_in_order(void **state)
{
    (void)state;
    static const char *const choices[] = {"rojo", "azul", "verde"};
    ec_attribute input = {.code = "colour",
                          .name = "Colour",
                          .type = EC_ATTRIBUTE_SELECT,
                          .choices = choices,
                          .choices_count = 3};
    ec_attribute *made = NULL;
    assert_ok(staff, ec_attribute_create(staff, &input, &made));
    ec_id id = made->id;
    ec_free(made);
    assert_ok(staff, ec_attribute_by_code(staff, "colour", &made));
    assert_true(made->id == id);
    assert_int_equal(made->choices_count, 3);
    assert_string_equal(made->choices[0], "rojo");
    assert_string_equal(made->choices[2], "verde");
    ec_free(made);
    assert_status(staff, ec_attribute_create(staff, &input, &made), EC_EXISTS);
    assert_field_error(staff, "code", "unique");
}

static void attribute_create__names_what_is_wrong(void **state)
{
    (void)state;
    static const char *const twice[] = {"a", "b", "a"};
    ec_attribute input = {.code = "c", .name = "C", .type = EC_ATTRIBUTE_SELECT};
    ec_attribute *made = NULL;
    assert_status(staff, ec_attribute_create(staff, &input, &made), EC_INVALID);
    assert_field_error(staff, "choices", "required");
    input.choices = twice;
    input.choices_count = 3;
    assert_status(staff, ec_attribute_create(staff, &input, &made), EC_INVALID);
    assert_field_error(staff, "choices[2]", "unique");
    input.choices_count = 2;
    input.type = EC_ATTRIBUTE_TEXT;
    assert_status(staff, ec_attribute_create(staff, &input, &made), EC_INVALID);
    assert_field_error(staff, "choices", "type");
    input = (ec_attribute){.code = "Not good", .name = "C", .type = (ec_attribute_type)7};
    assert_status(staff, ec_attribute_create(staff, &input, &made), EC_INVALID);
    assert_field_error(staff, "code", "slug");
    assert_field_error(staff, "type", "enum");
    assert_int_equal(shop_sql_int(engine, "SELECT COUNT(*) FROM attributes"), 0);
}

static void attribute_update__replaces_choices_and_keeps_the_type(void **state)
{
    (void)state;
    static const char *const other[] = {"blue", "black"};
    ec_id id = attribute_make(staff, "colour", EC_ATTRIBUTE_SELECT);
    ec_attribute change = {.choices = other, .choices_count = 2, .version = 1};
    ec_attribute *made = NULL;
    assert_ok(staff,
              ec_attribute_update(staff, id, &change, ec_mask_of("attribute", "choices"), &made));
    assert_int_equal(made->version, 2);
    assert_int_equal(made->choices_count, 2);
    ec_free(made);
    assert_ok(staff, ec_attribute_get(staff, id, &made));
    assert_string_equal(made->choices[1], "black");
    ec_attribute *again = NULL;
    assert_ok(staff, ec_attribute_update(staff, id, made, EC_MASK_ALL, &again));
    assert_int_equal(again->version, 2);
    ec_free(again);
    ec_free(made);
    change = (ec_attribute){.name = "Colour"};
    assert_ok(staff,
              ec_attribute_update(staff, id, &change, ec_mask_of("attribute", "name"), &made));
    assert_int_equal(made->choices_count, 2);
    ec_free(made);
    change = (ec_attribute){.type = EC_ATTRIBUTE_TEXT};
    assert_status(staff,
                  ec_attribute_update(staff, id, &change, ec_mask_of("attribute", "type"), &made),
                  EC_INVALID);
    assert_field_error(staff, "type", "immutable");
    change = (ec_attribute){.choices_count = 0};
    assert_status(
        staff, ec_attribute_update(staff, id, &change, ec_mask_of("attribute", "choices"), &made),
        EC_INVALID);
    assert_field_error(staff, "choices", "required");
}

static ec_status try_value(const char *code, const char *value, int64_t *number)
{
    ec_product_attribute attribute = {.code = code, .value = value};
    ec_product product = {.name = "P", .attributes = &attribute, .attributes_count = 1};
    ec_product *made = NULL;
    ec_status status = ec_product_create(staff, &product, &made);
    if (status == EC_OK) {
        assert_string_equal(made->attributes[0].value, value);
        *number = made->attributes[0].number;
    }
    ec_free(made);
    return status;
}

static void values__have_the_form_of_their_type(void **state)
{
    (void)state;
    static const struct {
        const char *code, *value;
        bool good;
        int64_t number;
    } cases[] = {
        {"number", "6.7", true, 6700},
        {"number", "-0.001", true, -1},
        {"number", "1e3", true, 1000000},
        {"number", "1.2340", true, 1234},
        {"number", "1.2345", false, 0},
        {"number", "wide", false, 0},
        {"number", "1 000", false, 0},
        {"number", "NaN", false, 0},
        {"number", "99999999999999999999", false, 0},
        {"boolean", "true", true, 1000},
        {"boolean", "false", true, 0},
        {"boolean", "yes", false, 0},
        {"boolean", "TRUE", false, 0},
        {"date", "1970-01-02", true, 86400000},
        {"date", "2026-02-30", false, 0},
        {"date", "2026-11-24T00:00:00Z", false, 0},
        {"date", "24-11-2026", false, 0},
        {"select", "green", true, 0},
        {"select", "Green", false, 0},
        {"text", "anything at all", true, 0},
        {"nothing", "x", false, 0},
    };
    static const char *const codes[] = {"text", "number", "boolean", "date", "select"};
    for (int i = 0; i < 5; i++) {
        (void)attribute_make(staff, codes[i], (ec_attribute_type)i);
    }
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        int64_t number = 0;
        ec_status status = try_value(cases[i].code, cases[i].value, &number);
        if (status != (cases[i].good ? EC_OK : EC_INVALID) || number != cases[i].number) {
            fail_msg("%s %s: %s, %lld", cases[i].code, cases[i].value, ec_status_name(status),
                     (long long)number);
        }
    }
    assert_int_equal(try_value("text", "", &(int64_t){0}), EC_INVALID);
    assert_field_error(staff, "attributes[0].value", "required");
}

static void attribute_delete__refuses_what_products_have(void **state)
{
    (void)state;
    int64_t number = 0;
    ec_id id = attribute_make(staff, "colour", EC_ATTRIBUTE_SELECT);
    assert_int_equal(try_value("colour", "red", &number), EC_OK);
    assert_status(staff, ec_attribute_delete(staff, id, 0), EC_IN_USE);
    shop_sql(engine, "DELETE FROM products");
    assert_status(staff, ec_attribute_delete(staff, id, 2), EC_STALE);
    assert_ok(staff, ec_attribute_delete(staff, id, 1));
    assert_status(staff, ec_attribute_delete(staff, id, 1), EC_NOT_FOUND);
    assert_int_equal(shop_sql_int(engine, "SELECT COUNT(*) FROM attribute_choices"), 0);
}

static void attribute_find__brings_the_choices(void **state)
{
    (void)state;
    ec_session *guest = session_guest(engine);
    ec_attribute_list *list = NULL;
    char code[16];
    for (int i = 0; i < 30; i++) {
        snprintf(code, sizeof code, "a-%d", i);
        (void)attribute_make(staff, code, (ec_attribute_type)(i % 5));
    }
    ec_page page = {.limit = 25, .total = true};
    int64_t before = statements_of(engine);
    assert_ok(guest, ec_attribute_find(guest, &page, &list));
    assert_int_equal(statements_of(engine) - before, 3);
    assert_int_equal(list->total, 30);
    for (size_t i = 0; i < list->items_count; i++) {
        assert_int_equal(list->items[i].choices_count, i % 5 == EC_ATTRIBUTE_SELECT ? 3 : 0);
    }
    ec_free(list);
    ec_session_close(guest);
}

int main(void)
{
#define CASE(test) cmocka_unit_test_setup_teardown(test, begin, end)
    const struct CMUnitTest tests[] = {
        CASE(attribute_create__keeps_choices_in_order),
        CASE(attribute_create__names_what_is_wrong),
        CASE(attribute_update__replaces_choices_and_keeps_the_type),
        CASE(values__have_the_form_of_their_type),
        CASE(attribute_delete__refuses_what_products_have),
        CASE(attribute_find__brings_the_choices),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
