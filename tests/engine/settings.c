/* SPDX-License-Identifier: MIT */
/*
 * settings.c - named values of the shop.
 */
#include "engine/state.h"
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

static void assert_value(const char *name, const char *value)
{
    ec_setting *setting = NULL;
    assert_ok(session, ec_setting_get(session, name, &setting));
    assert_string_equal(setting->name, name);
    assert_string_equal(setting->value, value);
    ec_free(setting);
}

static void setting__is_kept_and_forgotten(void **state)
{
    (void)state;
    ec_setting *setting = NULL;
    assert_status(session, ec_setting_get(session, "own.greeting", &setting), EC_NOT_FOUND);
    assert_ok(session, ec_setting_set(session, "own.greeting", "¡Hola!"));
    assert_value("own.greeting", "¡Hola!");
    assert_ok(session, ec_setting_set(session, "own.greeting", ""));
    assert_value("own.greeting", "");
    assert_ok(session, ec_setting_set(session, "own.greeting", NULL));
    assert_status(session, ec_setting_get(session, "own.greeting", &setting), EC_NOT_FOUND);
    assert_ok(session, ec_setting_set(session, "own.greeting", NULL));
}

static void setting__known_ones_have_defaults_and_ranges(void **state)
{
    (void)state;
    assert_value("cart.ttl_ms", "2592000000");
    assert_value("reservation.ttl_ms", "900000");
    static const char *const wrongs[] = {
        "", "soon", "0", "-5", "1.5", "99999999999999999999", "60000 ", "315360000001"};
    for (size_t i = 0; i < sizeof wrongs / sizeof wrongs[0]; i++) {
        assert_status(session, ec_setting_set(session, "cart.ttl_ms", wrongs[i]), EC_INVALID);
        assert_field_error(session, "value", "range");
    }
    assert_value("cart.ttl_ms", "2592000000");
    assert_ok(session, ec_setting_set(session, "cart.ttl_ms", "60000"));
    assert_int_equal(ec_cart_ttl_ms(session), 60000);
    assert_status(session, ec_setting_set(session, "shop.currency", "USD"), EC_DENIED);
    assert_status(session, ec_setting_set(session, "shop.id", NULL), EC_DENIED);
}

static void setting__options_go_before_stored_values(void **state)
{
    (void)state;
    ec_engine *other = shop_open_with("sqlite::memory:", (ec_options){.cart_ttl_ms = 5000});
    ec_session *own = session_system(other);
    assert_int_equal(ec_cart_ttl_ms(own), 5000);
    assert_int_equal(ec_reservation_ttl_ms(own), 900000);
    assert_ok(own, ec_setting_set(own, "cart.ttl_ms", "60000"));
    assert_int_equal(ec_cart_ttl_ms(own), 5000);
    ec_session_close(own);
    shop_close(other);
}

static void setting__refuses_wrong_names_and_values(void **state)
{
    (void)state;
    static const char *const names[] = {"",
                                        "A",
                                        "1a",
                                        ".a",
                                        "a b",
                                        "a-b",
                                        "ñ",
                                        "a\n",
                                        NULL,
                                        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
                                        "aaaaaaaa"};
    ec_setting *setting = NULL;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        assert_status(session, ec_setting_set(session, names[i], "1"), EC_INVALID);
        assert_field_error(session, "name", "format");
        assert_status(session, ec_setting_get(session, names[i], &setting), EC_INVALID);
    }
    char *endless = malloc(65538);
    assert_non_null(endless);
    memset(endless, 'x', 65537);
    endless[65537] = '\0';
    assert_status(session, ec_setting_set(session, "own.a", endless), EC_INVALID);
    assert_field_error(session, "value", "max_length");
    endless[65536] = '\0';
    assert_ok(session, ec_setting_set(session, "own.a", endless));
    free(endless);
    assert_status(session, ec_setting_set(session, "own.a", "\xc3\x28"), EC_INVALID);
    assert_field_error(session, "value", "utf8");
    ec_session *guest = session_guest(engine);
    assert_status(guest, ec_setting_set(guest, "own.a", "1"), EC_DENIED);
    assert_status(guest, ec_setting_get(guest, "own.a", &setting), EC_DENIED);
    ec_session_close(guest);
}

static void setting_find__lists_all_by_name(void **state)
{
    (void)state;
    static const char *const names[] = {
        "a.first", "cart.ttl_ms",        "own.z", "reservation.ttl_ms", "shop.currency",
        "shop.id", "shop.utc_offset_ms", "z.last"};
    ec_setting_list *list = NULL;
    assert_ok(session, ec_setting_set(session, "z.last", "1"));
    assert_ok(session, ec_setting_set(session, "a.first", "1"));
    assert_ok(session, ec_setting_set(session, "own.z", "1"));
    assert_ok(session, ec_setting_set(session, "reservation.ttl_ms", "1000"));
    assert_ok(session, ec_setting_find(session, &list));
    assert_int_equal(list->items_count, 8);
    assert_int_equal(list->total, 8);
    for (size_t i = 0; i < 8; i++) {
        assert_string_equal(list->items[i].name, names[i]);
    }
    assert_int_equal(list->items[1].updated_at, 0);
    assert_string_equal(list->items[3].value, "1000");
    ec_free(list);
}

int main(void)
{
#define CASE(test) cmocka_unit_test_setup_teardown(test, begin, end)
    const struct CMUnitTest tests[] = {
        CASE(setting__is_kept_and_forgotten),
        CASE(setting__known_ones_have_defaults_and_ranges),
        CASE(setting__options_go_before_stored_values),
        CASE(setting__refuses_wrong_names_and_values),
        CASE(setting_find__lists_all_by_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
