/* SPDX-License-Identifier: MIT */
/*
 * group.c - groups of customers: added, changed, removed, and who is in them.
 */
#include "harness/products.h"

static ec_engine *engine;
static ec_session *staff;
static ec_id ana, eva;

static int begin(void **state)
{
    (void)state;
    engine = shop_open();
    staff = session_staff(engine);
    ana = shop_customer(engine, "ana@example.com");
    eva = shop_customer(engine, "eva@example.com");
    return 0;
}

static int end(void **state)
{
    (void)state;
    ec_session_close(staff);
    shop_close(engine);
    return 0;
}

static ec_id group_make(const char *code)
{
    ec_group input = {.code = code, .name = code, .users_count = 77, .version = 5};
    ec_group *made = NULL;
    assert_ok(staff, ec_group_create(staff, &input, &made));
    assert_int_equal(made->users_count, 0);
    assert_int_equal(made->version, 1);
    ec_id id = made->id;
    ec_free(made);
    return id;
}

static void group_create__keeps_codes_unique(void **state)
{
    (void)state;
    ec_group *made = NULL;
    ec_id id = group_make("vip");
    ec_group again = {.code = "vip", .name = "Again"};
    assert_status(staff, ec_group_create(staff, &again, &made), EC_EXISTS);
    assert_field_error(staff, "code", "unique");
    again.code = "Not a code";
    assert_status(staff, ec_group_create(staff, &again, &made), EC_INVALID);
    assert_ok(staff, ec_group_by_code(staff, "vip", &made));
    assert_int_equal(made->id, id);
    ec_free(made);
    assert_status(staff, ec_group_by_code(staff, "none", &made), EC_NOT_FOUND);
    assert_status(staff, ec_group_get(staff, 99, &made), EC_NOT_FOUND);
    assert_int_equal(events_of(engine, "group.created"), 1);
}

static void group_update__changes_what_is_named(void **state)
{
    (void)state;
    ec_id id = group_make("vip");
    ec_group *made = NULL;
    ec_group change = {.name = "Very important", .code = "other", .version = 7};
    assert_status(staff, ec_group_update(staff, id, &change, ec_mask_of("group", "name"), &made),
                  EC_STALE);
    change.version = 1;
    assert_ok(staff, ec_group_update(staff, id, &change, ec_mask_of("group", "name"), &made));
    assert_string_equal(made->name, "Very important");
    assert_string_equal(made->code, "vip");
    assert_int_equal(made->version, 2);
    ec_free(made);
}

static void group_users__may_be_in_several(void **state)
{
    (void)state;
    ec_id vip = group_make("vip"), trade = group_make("trade");
    const ec_id both[] = {ana, eva, ana};
    ec_group_list *list = NULL;
    ec_user_list *users = NULL;
    ec_group *seen = NULL;
    assert_ok(staff, ec_group_add_users(staff, vip, both, 3));
    assert_ok(staff, ec_group_add_users(staff, vip, both, 1)); /* no harm */
    assert_ok(staff, ec_group_add_users(staff, trade, &ana, 1));
    assert_ok(staff, ec_group_get(staff, vip, &seen));
    assert_int_equal(seen->users_count, 2);
    ec_free(seen);
    assert_ok(staff, ec_group_find(staff, &(ec_group_filter){.user_id = ana}, NULL, &list));
    assert_int_equal(list->items_count, 2);
    assert_int_equal(list->items[0].users_count, 2);
    assert_int_equal(list->items[1].users_count, 1);
    ec_free(list);
    assert_ok(staff, ec_group_find(staff, &(ec_group_filter){.user_id = eva}, NULL, &list));
    assert_int_equal(list->items_count, 1);
    ec_free(list);
    assert_ok(staff, ec_group_users(staff, vip, NULL, &users));
    assert_int_equal(users->items_count, 2);
    assert_string_equal(users->items[0].email, "ana@example.com");
    ec_free(users);
    assert_ok(staff, ec_group_remove_users(staff, vip, both, 1));
    assert_ok(staff, ec_group_users(staff, vip, NULL, &users));
    assert_int_equal(users->items_count, 1);
    ec_free(users);
    assert_status(staff, ec_group_users(staff, 99, NULL, &users), EC_NOT_FOUND);
    assert_int_equal(events_of(engine, "group.users_added"), 3);
    assert_int_equal(events_of(engine, "group.users_removed"), 1);
}

static void group_add_users__takes_all_or_none(void **state)
{
    (void)state;
    ec_id vip = group_make("vip");
    const ec_id some[] = {ana, 99};
    assert_status(staff, ec_group_add_users(staff, vip, some, 2), EC_INVALID);
    assert_field_error(staff, "users[1]", "unknown");
    assert_status(staff, ec_group_add_users(staff, vip, NULL, 1), EC_INVALID);
    assert_field_error(staff, "users", "min_items");
    assert_status(staff, ec_group_add_users(staff, vip, some, 1001), EC_INVALID);
    assert_field_error(staff, "users", "max_items");
    assert_status(staff, ec_group_add_users(staff, 99, some, 1), EC_NOT_FOUND);
    assert_int_equal(shop_sql_int(engine, "SELECT COUNT(*) FROM customer_group_users"), 0);
}

static void group_delete__refuses_what_is_used(void **state)
{
    (void)state;
    ec_id vip = group_make("vip");
    ec_price_list input = {.code = "vip", .name = "VIP", .currency = "CLP", .group_id = vip};
    ec_price_list *list = NULL, *made = NULL;
    assert_ok(staff, ec_group_add_users(staff, vip, &ana, 1));
    assert_ok(staff, ec_price_list_create(staff, &input, &list));
    assert_status(staff, ec_group_delete(staff, vip, 0), EC_IN_USE);
    input.group_id = 0;
    assert_ok(staff, ec_price_list_update(staff, list->id, &input,
                                          ec_mask_of("price_list", "group_id"), &made));
    assert_status(staff, ec_group_delete(staff, vip, 9), EC_STALE);
    assert_ok(staff, ec_group_delete(staff, vip, 0));
    assert_status(staff, ec_group_delete(staff, vip, 0), EC_NOT_FOUND);
    assert_int_equal(shop_sql_int(engine, "SELECT COUNT(*) FROM customer_group_users"), 0);
    assert_int_equal(shop_sql_int(engine, "SELECT COUNT(*) FROM users"), 2);
    ec_free(made);
    ec_free(list);
}

static void group_calls__are_for_staff(void **state)
{
    (void)state;
    ec_session *guest = session_guest(engine), *customer = session_customer(engine, ana);
    ec_session *both[] = {guest, customer};
    ec_id vip = group_make("vip");
    for (size_t i = 0; i < 2; i++) {
        ec_group input = {.code = "own", .name = "Own"}, *made = NULL;
        ec_group_list *list = NULL;
        ec_user_list *users = NULL;
        assert_status(both[i], ec_group_create(both[i], &input, &made), EC_DENIED);
        assert_status(both[i], ec_group_get(both[i], vip, &made), EC_DENIED);
        assert_status(both[i], ec_group_find(both[i], NULL, NULL, &list), EC_DENIED);
        assert_status(both[i], ec_group_users(both[i], vip, NULL, &users), EC_DENIED);
        assert_status(both[i], ec_group_add_users(both[i], vip, &ana, 1), EC_DENIED);
    }
    ec_session_close(guest);
    ec_session_close(customer);
}

int main(void)
{
#define CASE(test) cmocka_unit_test_setup_teardown(test, begin, end)
    const struct CMUnitTest tests[] = {
        CASE(group_create__keeps_codes_unique),   CASE(group_update__changes_what_is_named),
        CASE(group_users__may_be_in_several),     CASE(group_add_users__takes_all_or_none),
        CASE(group_delete__refuses_what_is_used), CASE(group_calls__are_for_staff),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
