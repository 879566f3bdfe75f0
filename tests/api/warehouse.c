/* SPDX-License-Identifier: MIT */
/*
 * warehouse.c - warehouses, and which of them serve a channel.
 */
#include "harness/goods.h"

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

static void warehouse_create__stores_everything_that_is_given(void **state)
{
    (void)state;
    ec_address address = {
        .name = "Bodega", .street = "Calle 1", .city = "Santiago", .country = "CL"};
    ec_warehouse warehouse = {.id = 55,
                              .version = 9,
                              .priority = 3,
                              .code = "norte",
                              .name = "Bodega Norte",
                              .address = &address,
                              .is_active = true};
    ec_warehouse *made = NULL;
    ec_warehouse *read = NULL;
    assert_ok(session, ec_warehouse_create(session, &warehouse, &made));
    assert_int_not_equal(made->id, 55);
    assert_int_equal(made->version, 1);
    assert_int_equal(made->created_at, world_now());
    assert_ok(session, ec_warehouse_get(session, made->id, &read));
    assert_string_equal(read->code, "norte");
    assert_string_equal(read->name, "Bodega Norte");
    assert_string_equal(read->address->city, "Santiago");
    assert_int_equal(read->priority, 3);
    assert_true(read->is_active);
    ec_free(read);
    assert_ok(session, ec_warehouse_by_code(session, "norte", &read));
    assert_int_equal(read->id, made->id);
    ec_free(read);
    ec_free(made);
}

static void warehouse_create__rejects_bad_input(void **state)
{
    (void)state;
    ec_warehouse *made = NULL;
    ec_address address = {.name = "Nowhere"};
    const struct {
        ec_warehouse warehouse;
        const char *field;
        const char *rule;
    } cases[] = {
        {{.name = "N"}, "code", "required"},
        {{.code = "n"}, "name", "required"},
        {{.code = "", .name = "N"}, "code", "required"},
        {{.code = "No Slug", .name = "N"}, "code", "slug"},
        {{.code = "n", .name = "\xc3"}, "name", "utf8"},
        {{.code = "n", .name = "N", .priority = -1}, "priority", "min"},
        {{.code = "n", .name = "N", .priority = INT64_MAX}, "priority", "max"},
        {{.code = "n", .name = "N", .address = &address}, "address.street", "required"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_status(session, ec_warehouse_create(session, &cases[i].warehouse, &made),
                      EC_INVALID);
        assert_field_error(session, cases[i].field, cases[i].rule);
        assert_null(made);
    }
    ec_warehouse twice = {.code = "main", .name = "Again"};
    assert_status(session, ec_warehouse_create(session, &twice, &made), EC_EXISTS);
    assert_field_error(session, "code", "unique");
    assert_status(session, ec_warehouse_create(session, NULL, &made), EC_MISUSE);
    assert_status(session, ec_warehouse_create(session, &twice, NULL), EC_MISUSE);
    assert_int_equal(ec_warehouse_create(NULL, &twice, &made), EC_MISUSE);
    ec_session *guest = session_guest(engine);
    assert_status(guest, ec_warehouse_create(guest, &twice, &made), EC_DENIED);
    ec_session_close(guest);
    assert_int_equal(shop_sql_int(engine, "SELECT COUNT(*) FROM warehouses"), 1);
}

static void warehouse_update__changes_the_named_fields_of_the_known_version(void **state)
{
    (void)state;
    ec_warehouse *changed = NULL;
    ec_warehouse wanted = {.version = 1, .name = "Centre", .code = "other", .is_active = false};
    ec_mask fields = ec_mask_of("warehouse", "name");
    assert_ok(session, ec_warehouse_update(session, GOODS_MAIN, &wanted, fields, &changed));
    assert_string_equal(changed->name, "Centre");
    assert_string_equal(changed->code, "main");
    assert_true(changed->is_active);
    assert_int_equal(changed->version, 2);
    ec_free(changed);
    assert_status(session, ec_warehouse_update(session, GOODS_MAIN, &wanted, fields, &changed),
                  EC_STALE);
    wanted.version = 0;
    assert_status(session, ec_warehouse_update(session, 99, &wanted, fields, &changed),
                  EC_NOT_FOUND);
    wanted.name = "";
    assert_status(session, ec_warehouse_update(session, GOODS_MAIN, &wanted, fields, &changed),
                  EC_INVALID);
    assert_status(session, ec_warehouse_update(session, GOODS_MAIN, NULL, fields, &changed),
                  EC_MISUSE);
}

static void warehouse_get__does_not_find_what_is_not_there(void **state)
{
    (void)state;
    ec_warehouse *read = NULL;
    assert_status(session, ec_warehouse_get(session, 99, &read), EC_NOT_FOUND);
    assert_status(session, ec_warehouse_get(session, 0, &read), EC_NOT_FOUND);
    assert_status(session, ec_warehouse_get(session, INT64_MIN, &read), EC_NOT_FOUND);
    assert_status(session, ec_warehouse_by_code(session, "nowhere", &read), EC_NOT_FOUND);
    assert_status(session, ec_warehouse_by_code(session, "\xff", &read), EC_NOT_FOUND);
    assert_status(session, ec_warehouse_by_code(session, NULL, &read), EC_MISUSE);
}

static void warehouse_find__pages(void **state)
{
    (void)state;
    ec_warehouse_list *list = NULL;
    (void)goods_warehouse(session, "a");
    (void)goods_warehouse(session, "b");
    ec_page page = {.limit = 2, .total = true};
    assert_ok(session, ec_warehouse_find(session, &page, &list));
    assert_int_equal(list->items_count, 2);
    assert_int_equal(list->total, 3);
    assert_string_equal(list->items[0].code, "main");
    ec_free(list);
}

static void assert_serving(const char *const *codes)
{
    ec_warehouse_list *list = NULL;
    assert_ok(session, ec_warehouse_serving(session, 1, &list));
    size_t count = 0;
    for (; codes[count]; count++) {
        assert_true(count < list->items_count);
        assert_string_equal(list->items[count].code, codes[count]);
    }
    assert_int_equal(list->items_count, count);
    ec_free(list);
}

static void warehouse_assign__says_who_serves_and_in_which_order(void **state)
{
    (void)state;
    ec_id a = goods_warehouse(session, "a");
    ec_id b = goods_warehouse(session, "b");
    assert_serving((const char *const[]){"main", "a", "b", NULL});
    const ec_id order[] = {b, GOODS_MAIN};
    assert_ok(session, ec_warehouse_assign(session, 1, order, 2));
    assert_serving((const char *const[]){"b", "main", NULL});
    ec_warehouse off = {.is_active = false};
    ec_warehouse *changed = NULL;
    assert_ok(session, ec_warehouse_update(session, b, &off, ec_mask_of("warehouse", "is_active"),
                                           &changed));
    ec_free(changed);
    assert_serving((const char *const[]){"main", NULL});
    assert_ok(session, ec_warehouse_assign(session, 1, &a, 1));
    assert_serving((const char *const[]){"a", NULL});
}

static void warehouse_assign__with_none_lets_all_active_ones_serve(void **state)
{
    (void)state;
    (void)goods_warehouse(session, "a"); /* priority 10 */
    ec_warehouse first = {.code = "first", .name = "First", .priority = 0, .is_active = true};
    ec_warehouse *made = NULL;
    assert_ok(session, ec_warehouse_create(session, &first, &made));
    ec_free(made);
    assert_ok(session, ec_warehouse_assign(session, 1, NULL, 0));
    assert_serving((const char *const[]){"main", "first", "a", NULL});
}

static void warehouse_assign__rejects_bad_input(void **state)
{
    (void)state;
    ec_id many[EC_CHANNEL_WAREHOUSES_MAX + 1];
    ec_warehouse_list *list = NULL;
    for (size_t i = 0; i <= EC_CHANNEL_WAREHOUSES_MAX; i++)
        many[i] = (ec_id)i + 1;
    assert_status(session, ec_warehouse_assign(session, 1, many, EC_CHANNEL_WAREHOUSES_MAX + 1),
                  EC_INVALID);
    assert_field_error(session, "warehouses", "max_items");
    assert_status(session, ec_warehouse_assign(session, 1, many, SIZE_MAX), EC_INVALID);
    assert_status(session, ec_warehouse_assign(session, 1, many, 3), EC_INVALID);
    assert_field_error(session, "warehouses[1]", "unknown");
    assert_field_error(session, "warehouses[2]", "unknown");
    const ec_id twice[] = {GOODS_MAIN, GOODS_MAIN};
    assert_status(session, ec_warehouse_assign(session, 1, twice, 2), EC_INVALID);
    assert_field_error(session, "warehouses[1]", "unique");
    assert_status(session, ec_warehouse_assign(session, 9, many, 1), EC_NOT_FOUND);
    assert_status(session, ec_warehouse_assign(session, 1, NULL, 1), EC_MISUSE);
    assert_status(session, ec_warehouse_serving(session, 9, &list), EC_NOT_FOUND);
    assert_serving((const char *const[]){"main", NULL});
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        CASE(warehouse_create__stores_everything_that_is_given),
        CASE(warehouse_create__rejects_bad_input),
        CASE(warehouse_update__changes_the_named_fields_of_the_known_version),
        CASE(warehouse_get__does_not_find_what_is_not_there),
        CASE(warehouse_find__pages),
        CASE(warehouse_assign__says_who_serves_and_in_which_order),
        CASE(warehouse_assign__with_none_lets_all_active_ones_serve),
        CASE(warehouse_assign__rejects_bad_input),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
