/* SPDX-License-Identifier: MIT */
/*
 * customer.c - users and their address books.
 */
#include "harness/harness.h"

static ec_engine *engine;
static ec_session *session;

static int begin(void **state)
{
    (void)state;
    engine = shop_open();
    session = session_staff(engine);
    return 0;
}

static int end(void **state)
{
    (void)state;
    ec_session_close(session);
    shop_close(engine);
    return 0;
}

static ec_id create(const char *email)
{
    ec_user user = {.email = email, .name = "Ana", .is_active = true};
    ec_user *made = NULL;
    assert_ok(session, ec_user_create(session, &user, &made));
    ec_id id = made->id;
    ec_free(made);
    return id;
}

static const ec_address home = {.name = "Ana Soto",
                                .street = "Los Aromos 123",
                                .city = "Ñuñoa",
                                .region = "Metropolitana",
                                .country = "CL"};

static void user__has_one_email_in_any_letter_case(void **state)
{
    (void)state;
    ec_id id = create("Ana.Soto@Example.CL");
    ec_user *found = NULL;
    assert_ok(session, ec_user_by_email(session, "ANA.soto@example.cl", &found));
    assert_int_equal(found->id, id);
    assert_string_equal(found->email, "ana.soto@example.cl");
    ec_free(found);
    ec_user twin = {.email = "ana.SOTO@example.cl", .name = "Ana"};
    assert_status(session, ec_user_create(session, &twin, &found), EC_EXISTS);
    assert_field_error(session, "email", "unique");
    ec_id other = create("other@example.cl");
    assert_status(session,
                  ec_user_update(session, other, &twin, ec_mask_of("user", "email"), &found),
                  EC_EXISTS);
    assert_status(session, ec_user_by_email(session, "nobody@example.cl", &found), EC_NOT_FOUND);
    assert_status(session, ec_user_by_email(session, NULL, &found), EC_NOT_FOUND);
}

static void user_create__refuses_wrong_input(void **state)
{
    (void)state;
    ec_user *made = NULL;
    ec_user user = {.email = "no address", .name = "", .role = (ec_role)17};
    assert_status(session, ec_user_create(session, &user, &made), EC_INVALID);
    assert_field_error(session, "email", "email");
    assert_field_error(session, "role", "enum");
    assert_status(session, ec_user_create(session, NULL, &made), EC_MISUSE);
    user = (ec_user){.email = "a@b.cl", .name = "\xff\xfe"};
    assert_status(session, ec_user_create(session, &user, &made), EC_INVALID);
    assert_field_error(session, "name", "utf8");
    assert_int_equal(shop_sql_int(engine, "SELECT COUNT(*) FROM users"), 0);
}

static void user__customers_reach_only_themselves(void **state)
{
    (void)state;
    ec_id ana = create("ana@example.cl");
    ec_id eva = create("eva@example.cl");
    ec_session *own = session_customer(engine, ana);
    ec_user *user = NULL;
    ec_user_list *list = NULL;
    assert_ok(own, ec_user_get(own, ana, &user));
    ec_free(user);
    assert_status(own, ec_user_get(own, eva, &user), EC_NOT_FOUND);
    assert_status(own, ec_user_get(own, 4711, &user), EC_NOT_FOUND);
    ec_user change = {.name = "Anita", .role = EC_ROLE_ADMIN};
    assert_status(own, ec_user_update(own, eva, &change, ec_mask_of("user", "name"), &user),
                  EC_NOT_FOUND);
    assert_ok(own, ec_user_update(own, ana, &change, ec_mask_of("user", "name"), &user));
    assert_string_equal(user->name, "Anita");
    ec_free(user);
    assert_status(own, ec_user_update(own, ana, &change, ec_mask_of("user", "role"), &user),
                  EC_DENIED);
    assert_status(own, ec_user_find(own, NULL, NULL, &list), EC_DENIED);
    assert_status(own, ec_user_by_email(own, "eva@example.cl", &user), EC_DENIED);
    assert_status(own, ec_user_create(own, &change, &user), EC_DENIED);
    ec_session_close(own);
    ec_session *guest = session_guest(engine);
    assert_status(guest, ec_user_get(guest, ana, &user), EC_NOT_FOUND);
    ec_session_close(guest);
}

static void user__a_changed_email_is_to_be_proved_again(void **state)
{
    (void)state;
    ec_id ana = create("ana@example.cl");
    ec_user change = {.email = "New@example.cl", .email_verified = true};
    ec_user *user = NULL;
    assert_ok(session,
              ec_user_update(session, ana, &change, ec_mask_of("user", "email_verified"), &user));
    ec_free(user);
    ec_session *own = session_customer(engine, ana);
    assert_ok(own, ec_user_update(own, ana, &change, ec_mask_of("user", "email"), &user));
    assert_string_equal(user->email, "new@example.cl");
    assert_false(user->email_verified);
    ec_free(user);
    ec_session_close(own);
}

static void user_find__filters_and_pages(void **state)
{
    (void)state;
    ec_user_list *list = NULL;
    for (int i = 0; i < 25; i++) {
        char email[64];
        snprintf(email, sizeof email, "u%d@example.cl", i);
        create(email);
    }
    ec_user boss = {.email = "boss@example.cl", .name = "Boss", .role = EC_ROLE_SUPER_ADMIN};
    ec_user *made = NULL;
    assert_ok(session, ec_user_create(session, &boss, &made));
    ec_free(made);
    ec_user_filter filter = {.role = "super_admin"};
    assert_ok(session, ec_user_find(session, &filter, NULL, &list));
    assert_int_equal(list->items_count, 1);
    assert_null(list->next_cursor);
    ec_free(list);
    filter.role = "king";
    assert_status(session, ec_user_find(session, &filter, NULL, &list), EC_INVALID);
    assert_field_error(session, "role", "enum");
    ec_page page = {.page = 2, .total = true};
    assert_ok(session, ec_user_find(session, NULL, &page, &list));
    assert_int_equal(list->items_count, 6);
    assert_int_equal(list->total, 26);
    ec_free(list);
}

/* ---- addresses ---- */

static ec_id add(ec_id user, bool is_default)
{
    ec_address address = home;
    ec_address *made = NULL;
    address.is_default = is_default;
    assert_ok(session, ec_address_create(session, user, &address, &made));
    ec_id id = made->id;
    assert_int_equal(made->user_id, user);
    ec_free(made);
    return id;
}

static ec_id default_of(ec_id user)
{
    char sql[128];
    snprintf(sql, sizeof sql,
             "SELECT COUNT(*) * 1000 + COALESCE(MAX(id), 0) FROM addresses"
             " WHERE is_default = 1 AND user_id = %d",
             (int)user);
    return shop_sql_int(engine, sql) - 1000; /* exactly one */
}

static void address__a_book_has_exactly_one_default(void **state)
{
    (void)state;
    ec_id ana = create("ana@example.cl");
    ec_id eva = create("eva@example.cl");
    ec_id first = add(ana, false);
    ec_id other = add(eva, false);
    assert_int_equal(default_of(ana), first);
    ec_id second = add(ana, true);
    ec_id third = add(ana, false);
    assert_int_equal(default_of(ana), second);
    assert_int_equal(default_of(eva), other);
    ec_address change = {.is_default = true};
    ec_address *changed = NULL;
    ec_mask mask = ec_mask_of("address", "is_default");
    assert_ok(session, ec_address_update(session, third, &change, mask, &changed));
    ec_free(changed);
    assert_int_equal(default_of(ana), third);
    change.is_default = false;
    assert_status(session, ec_address_update(session, third, &change, mask, &changed), EC_INVALID);
    assert_field_error(session, "is_default", "conflict");
    assert_ok(session, ec_address_delete(session, third));
    assert_int_equal(default_of(ana), first);
    assert_ok(session, ec_address_delete(session, first));
    assert_ok(session, ec_address_delete(session, second));
    assert_status(session, ec_address_delete(session, second), EC_NOT_FOUND);
}

static void address__belongs_to_its_user(void **state)
{
    (void)state;
    ec_id ana = create("ana@example.cl");
    ec_id eva = create("eva@example.cl");
    ec_id evas = add(eva, false);
    ec_session *own = session_customer(engine, ana);
    ec_address *made = NULL;
    ec_address_list *list = NULL;
    assert_ok(own, ec_address_create(own, ana, &home, &made));
    ec_free(made);
    assert_ok(own, ec_address_find(own, ana, NULL, &list));
    assert_int_equal(list->items_count, 1);
    assert_string_equal(list->items[0].city, "Ñuñoa");
    ec_free(list);
    assert_status(own, ec_address_create(own, eva, &home, &made), EC_NOT_FOUND);
    assert_status(own, ec_address_find(own, eva, NULL, &list), EC_NOT_FOUND);
    assert_status(own, ec_address_get(own, evas, &made), EC_NOT_FOUND);
    assert_status(own, ec_address_update(own, evas, &home, EC_MASK_ALL, &made), EC_NOT_FOUND);
    assert_status(own, ec_address_delete(own, evas), EC_NOT_FOUND);
    assert_status(session, ec_address_create(session, 4711, &home, &made), EC_NOT_FOUND);
    assert_status(own, ec_address_find(own, 4711, NULL, &list), EC_NOT_FOUND);
    ec_session_close(own);
    assert_status(session, ec_address_find(session, 4711, NULL, &list), EC_NOT_FOUND);
    assert_string_equal(ec_session_error(session)->message, "There is no such user.");
    assert_null(list);
    assert_ok(session, ec_address_get(session, evas, &made));
    ec_free(made);
}

static void address_create__refuses_wrong_input(void **state)
{
    (void)state;
    ec_id ana = create("ana@example.cl");
    ec_address *made = NULL;
    ec_address address = {.country = "ZZ"};
    assert_status(session, ec_address_create(session, ana, &address, &made), EC_INVALID);
    assert_field_error(session, "name", "required");
    assert_field_error(session, "street", "required");
    assert_field_error(session, "city", "required");
    assert_field_error(session, "country", "country");
    assert_status(session, ec_address_create(session, ana, NULL, &made), EC_MISUSE);
    shop_sql(engine, "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 100)"
                     " INSERT INTO addresses (user_id, name, street, city, country, is_default,"
                     " version, created_at, updated_at)"
                     " SELECT 1, 'n', 's', 'c', 'CL', 0, 1, 1, 1 FROM n");
    assert_status(session, ec_address_create(session, ana, &home, &made), EC_LIMIT);
}

int main(void)
{
#define CASE(test) cmocka_unit_test_setup_teardown(test, begin, end)
    const struct CMUnitTest tests[] = {
        CASE(user__has_one_email_in_any_letter_case),
        CASE(user_create__refuses_wrong_input),
        CASE(user__customers_reach_only_themselves),
        CASE(user__a_changed_email_is_to_be_proved_again),
        CASE(user_find__filters_and_pages),
        CASE(address__a_book_has_exactly_one_default),
        CASE(address__belongs_to_its_user),
        CASE(address_create__refuses_wrong_input),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
