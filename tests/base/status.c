/* SPDX-License-Identifier: MIT */
/*
 * The status functions: complete, distinct and unmoved by numbers that are no status.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include <ecommerce/types.h>

static const ec_status all[] = {
#define VALUE(name, value, http, text) EC_##name,
    EC_STATUS_MAP(VALUE)
#undef VALUE
};

#define ALL_COUNT (sizeof all / sizeof *all)

static void status__names_text_and_http_are_those_of_the_map(void **state)
{
    (void)state;
#define ROW(name, value, http, text)                                                               \
    assert_int_equal(EC_##name, value);                                                            \
    assert_string_equal(ec_status_name(EC_##name), #name);                                         \
    assert_string_equal(ec_status_text(EC_##name), text);                                          \
    assert_int_equal(ec_status_http(EC_##name), http);
    EC_STATUS_MAP(ROW)
#undef ROW
}

static void status__numbers_run_down_from_zero_without_a_gap(void **state)
{
    (void)state;
    for (size_t i = 0; i < ALL_COUNT; i++) {
        assert_int_equal(all[i], -(int)i);
    }
}

static void status__frozen_numbers_have_not_moved(void **state)
{
    (void)state;
    assert_int_equal(EC_OK, 0);
    assert_int_equal(EC_OUT_OF_STOCK, -8);
    assert_int_equal(EC_OVERFLOW, -15);
    assert_int_equal(EC_CANCELLED, -23);
}

static void status__every_text_is_one_sentence_of_its_own(void **state)
{
    (void)state;
    for (size_t i = 0; i < ALL_COUNT; i++) {
        const char *text = ec_status_text(all[i]);
        size_t length = strlen(text);
        assert_in_range(length, 2, 80);
        assert_int_equal(text[length - 1], '.');
        assert_null(strchr(text, '\n'));
        for (size_t j = 0; j < i; j++) {
            assert_string_not_equal(text, ec_status_text(all[j]));
        }
    }
}

static void status__unknown_values_get_safe_answers(void **state)
{
    static const int unknown[] = {1, 2, -1000, -(int)ALL_COUNT, INT_MAX, INT_MIN};
    (void)state;
    for (size_t i = 0; i < sizeof unknown / sizeof *unknown; i++) {
        assert_string_equal(ec_status_name((ec_status)unknown[i]), "?");
        assert_string_equal(ec_status_text((ec_status)unknown[i]), "Unknown status.");
        assert_int_equal(ec_status_http((ec_status)unknown[i]), 500);
    }
}

static void version__library_and_headers_agree(void **state)
{
    char text[32];
    (void)state;
    snprintf(text, sizeof text, "%d.%d.%d", EC_VERSION_MAJOR, EC_VERSION_MINOR, EC_VERSION_PATCH);
    assert_string_equal(ec_version(), text);
    assert_string_equal(ec_version(), EC_VERSION);
    assert_int_equal(ec_version_number(), EC_VERSION_NUMBER);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(status__names_text_and_http_are_those_of_the_map),
        cmocka_unit_test(status__numbers_run_down_from_zero_without_a_gap),
        cmocka_unit_test(status__frozen_numbers_have_not_moved),
        cmocka_unit_test(status__every_text_is_one_sentence_of_its_own),
        cmocka_unit_test(status__unknown_values_get_safe_answers),
        cmocka_unit_test(version__library_and_headers_agree),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
