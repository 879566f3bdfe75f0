/* SPDX-License-Identifier: MIT */
/*
 * UTF-8, slugs, addresses, exact numbers and times: by example, at the edges, and against slow but
 * simple arithmetic.
 */
#include "base/text.h"

#include <inttypes.h>
#include <time.h>

#include "base/data.h"
#include "base/memory.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* ---- UTF-8 ----------------------------------------------------------------------------------- */

static void utf8_count__counts_code_points_of_valid_text(void **state)
{
    (void)state;
    assert_int_equal(ec_utf8_count("", 0), 0);
    assert_int_equal(ec_utf8_count(NULL, 0), 0);
    assert_int_equal(ec_utf8_count(NULL, 3), -1);
    assert_int_equal(ec_utf8_count("abc", 3), 3);
    assert_int_equal(ec_utf8_count("Ñandú €5", strlen("Ñandú €5")), 8);
    assert_int_equal(ec_utf8_count("𝄞👩🏽", strlen("𝄞👩🏽")), 3);
    assert_int_equal(ec_utf8_count("a\0b", 3), -1);
}

/* Each number up to the first one beyond Unicode, whole and cut short. */
static void utf8__accepts_exactly_the_scalar_values(void **state)
{
    (void)state;
    for (uint32_t point = 1; point <= 0x110000; point++) {
        char text[5] = "";
        size_t size = ec_utf8_encode(text, point);
        bool valid = point <= 0x10FFFF && (point < 0xD800 || point > 0xDFFF);
        if (ec_utf8_count(text, size) != (valid ? 1 : -1) ||
            ec_utf8_sequence(text, size) != (valid ? size : 0) ||
            (valid && ec_utf8_decode(text, size) != point) || ec_utf8_sequence(text, size - 1)) {
            fail_msg("U+%04X", point);
        }
    }
    static const char *const invalid[] = {
        "\x80",
        "\xBF",
        "\xC0\x80",
        "\xC1\xBF",
        "\xE0\x9F\xBF",
        "\xF0\x8F\xBF\xBF",
        "\xF5\x80\x80\x80",
        "\xFF",
        "\xFE",
        "\xE2\x28\xA1",
        "\xE2\x82",
        "\xF0\x9F\x98",
        "\xF0\x9F\x28\x80",
        "\xC3\x28",
        "a\xC3",
        "\xF8\x88\x80\x80\x80",
    };
    for (size_t i = 0; i < COUNT(invalid); i++) {
        assert_int_equal(ec_utf8_count(invalid[i], strlen(invalid[i])), -1);
    }
}

/* ---- slugs, addresses, letter case ----------------------------------------------------------- */

static void text_slug__makes_address_parts(void **state)
{
    (void)state;
    static const char *const rows[][2] = {
        {"Plain Name", "plain-name"},
        {"  --Many   (odd) signs!! ", "many-odd-signs"},
        {"Camión Ñandú Über Straße", "camion-nandu-uber-strasse"},
        {"ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖØÙÚÛÜÝÞ", "aaaaaaaeceeeeiiiidnoooooouuuuyth"},
        {"àáâãäåæçèéêëìíîïðñòóôõöøùúûüýþÿ", "aaaaaaaeceeeeiiiidnoooooouuuuythy"},
        {"Łódź Škoda İstanbul ığ Œuvre ĳs ŉ ſ ħ ŋ", "lodz-skoda-istanbul-ig-oeuvre-ijs-n-s-h-n"},
        {"Men's L’Oréal", "mens-loreal"},
        {"Cafe\xCC\x81 decomposed", "cafe-decomposed"},
        {"Nº 5 — 3×4", "no-5-3-4"},
        {"STRAẞE", "strasse"},
        {"日本", ""},
        {"日本 T-shirt 日本", "t-shirt"},
        {"a\xFF"
         "b",
         "a-b"},
        {"", ""},
        {NULL, ""},
        {"---", ""},
        {"2026", "2026"},
    };
    memory mem;
    ec_platform platform = memory_platform(&mem);
    ec_arena arena;
    ec_arena_init(&arena, &platform);
    for (size_t i = 0; i < COUNT(rows); i++) {
        const char *slug = ec_text_slug(&arena, rows[i][0], 200);
        assert_string_equal(slug, rows[i][1]);
        assert_true(*slug == '\0' || ec_text_is_slug(slug));
    }
    assert_string_equal(ec_text_slug(&arena, "one two three", 7), "one-two");
    assert_string_equal(ec_text_slug(&arena, "one two three", 8), "one-two");
    assert_string_equal(ec_text_slug(&arena, "one two three", 9), "one-two-t");
    assert_string_equal(ec_text_slug(&arena, "abß", 3), "ab");
    assert_string_equal(ec_text_slug(&arena, "abß", 4), "abss");
    assert_string_equal(ec_text_slug(&arena, "abc", 0), "");
    assert_string_equal(ec_text_slug(&arena, "abc", SIZE_MAX), "abc");
    ec_arena_clear(&arena);
    mem.fail_at = 1;
    assert_null(ec_text_slug(&arena, "abc", 10));
    assert_int_equal(mem.blocks, 0);
}

static void text_slug__knows_every_latin_letter(void **state)
{
    (void)state;
    memory mem;
    ec_platform platform = memory_platform(&mem);
    ec_arena arena;
    ec_arena_init(&arena, &platform);
    for (uint32_t point = 0xC0; point < 0x180; point++) {
        char text[5] = "";
        (void)ec_utf8_encode(text, point);
        const char *slug = ec_text_slug(&arena, text, 10);
        if (point == 0xD7 || point == 0xF7) { /* times and divided by */
            assert_string_equal(slug, "");
        } else {
            assert_true(ec_text_is_slug(slug));
        }
    }
    ec_arena_clear(&arena);
    assert_int_equal(mem.blocks, 0);
}

static void text_slug__always_gives_a_slug_within_its_maximum(void **state)
{
    (void)state;
    memory mem;
    ec_platform platform = memory_platform(&mem);
    ec_arena arena;
    ec_arena_init(&arena, &platform);
    uint64_t seed = UINT64_C(3);
    for (int round = 0; round < 20000; round++) {
        char text[40];
        size_t length = random_next(&seed) % (sizeof text - 8);
        for (size_t at = 0; at < length;) {
            uint32_t point = (uint32_t)(random_next(&seed) % (round % 2 ? 0x180 : 0x80)) + 1;
            at += ec_utf8_encode(text + at, point);
            text[at] = '\0';
        }
        text[length] = '\0';
        size_t max = random_next(&seed) % 30;
        const char *slug = ec_text_slug(&arena, text, max);
        assert_true(strlen(slug) <= max);
        assert_true(*slug == '\0' || ec_text_is_slug(slug));
        ec_arena_reset(&arena);
    }
    ec_arena_clear(&arena);
    assert_int_equal(mem.blocks, 0);
}

static void text_is_slug__takes_words_joined_by_single_hyphens(void **state)
{
    (void)state;
    static const char *const good[] = {"a", "0", "a-b", "t-shirt-2026", "x1-2y"};
    static const char *const bad[] = {"", "-", "-a", "a-", "a--b", "A", "a b", "ñ", "a_b", "a/b"};
    for (size_t i = 0; i < COUNT(good); i++) {
        assert_true(ec_text_is_slug(good[i]));
    }
    for (size_t i = 0; i < COUNT(bad); i++) {
        assert_false(ec_text_is_slug(bad[i]));
    }
    assert_false(ec_text_is_slug(NULL));
}

static void text_is_email__wants_one_at_sign_and_no_blanks(void **state)
{
    (void)state;
    static const char *const good[] = {"a@b", "ana.perez+shop@example.cl", "ñandú@exämple.cl"};
    static const char *const bad[] = {
        "",
        "@",
        "a@",
        "@b",
        "ab",
        "a@b@c",
        "a b@c",
        "a@b\n",
        "a@b\x7f",
        "a@b\x01",
        "a\xC2\xA0@b",
        "a@b\xE2\x80\x8B",
        "a@b\xff",
        "\xEF\xBB\xBF@b",
        "a\xE3\x80\x80@b",
    };
    for (size_t i = 0; i < COUNT(good); i++) {
        assert_true(ec_text_is_email(good[i]));
    }
    for (size_t i = 0; i < COUNT(bad); i++) {
        assert_false(ec_text_is_email(bad[i]));
    }
    assert_false(ec_text_is_email(NULL));
    char length[260];
    memset(length, 'a', sizeof length);
    length[10] = '@';
    length[254] = '\0';
    assert_true(ec_text_is_email(length));
    length[254] = 'a';
    length[255] = '\0';
    assert_false(ec_text_is_email(length));
}

static void text_lower__changes_ascii_only(void **state)
{
    (void)state;
    char text[] = "Az@[`{ÑÉ 09Z";
    ec_text_lower(text);
    assert_string_equal(text, "az@[`{ÑÉ 09z");
    ec_text_lower(NULL);
    assert_true(ec_text_equal_nocase("SKU-a1", "sku-A1"));
    assert_false(ec_text_equal_nocase("SKU-a1", "sku-A12"));
    assert_false(ec_text_equal_nocase("SKU-a12", "sku-A1"));
    assert_false(ec_text_equal_nocase("@", "`"));
    assert_false(ec_text_equal_nocase("é", "É"));
    assert_true(ec_text_equal_nocase("", ""));
    assert_true(ec_text_equal_nocase(NULL, NULL));
    assert_false(ec_text_equal_nocase(NULL, ""));
}

/* ---- numbers --------------------------------------------------------------------------------- */

typedef struct number_row {
    const char *text;
    int scale;
    ec_status status;
    int64_t number;
} number_row;

static void check_numbers(const number_row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        int64_t number = 4242;
        ec_status status = rows[i].scale < -1
                               ? ec_parse_int(rows[i].text, &number)
                               : ec_parse_decimal(rows[i].text, rows[i].scale, &number);
        int64_t expected = rows[i].status == EC_OK ? rows[i].number : 4242;
        if (status != rows[i].status || number != expected) {
            fail_msg("\"%s\" at %d: %s %" PRId64, rows[i].text ? rows[i].text : "NULL",
                     rows[i].scale, ec_status_name(status), number);
        }
    }
}

static void parse_int__takes_whole_texts_in_range(void **state)
{
    (void)state;
    enum { INT = -2 };
    static const number_row rows[] = {
        {"0", INT, EC_OK, 0},
        {"-0", INT, EC_OK, 0},
        {"007", INT, EC_OK, 7},
        {"-17", INT, EC_OK, -17},
        {"9223372036854775807", INT, EC_OK, INT64_MAX},
        {"-9223372036854775808", INT, EC_OK, INT64_MIN},
        {"9223372036854775808", INT, EC_OVERFLOW, 0},
        {"-9223372036854775809", INT, EC_OVERFLOW, 0},
        {"99999999999999999999999999", INT, EC_OVERFLOW, 0},
        {"99999999999999999999999999x", INT, EC_INVALID, 0},
        {"", INT, EC_INVALID, 0},
        {"-", INT, EC_INVALID, 0},
        {"+1", INT, EC_INVALID, 0},
        {"--1", INT, EC_INVALID, 0},
        {" 1", INT, EC_INVALID, 0},
        {"1 ", INT, EC_INVALID, 0},
        {"1.0", INT, EC_INVALID, 0},
        {"1e3", INT, EC_INVALID, 0},
        {"0x1", INT, EC_INVALID, 0},
        {"١", INT, EC_INVALID, 0},
        {NULL, INT, EC_INVALID, 0},
    };
    check_numbers(rows, COUNT(rows));
}

static void parse_decimal__is_exact_or_refuses(void **state)
{
    (void)state;
    static const number_row rows[] = {
        {"4.5", 2, EC_OK, 450},
        {"-599.99", 2, EC_OK, -59999},
        {"599.990", 2, EC_OK, 59999},
        {"599.995", 2, EC_INVALID, 0},
        {"0.1", 1, EC_OK, 1},
        {"-0.0", 0, EC_OK, 0},
        {"1e3", 0, EC_OK, 1000},
        {"1E+3", 2, EC_OK, 100000},
        {"12345e-2", 2, EC_OK, 12345},
        {"12345e-3", 2, EC_INVALID, 0},
        {"12340e-3", 2, EC_OK, 1234},
        {"1.5e1", 0, EC_OK, 15},
        {"0.00015e5", 0, EC_OK, 15},
        {"100", 0, EC_OK, 100},
        {"0100.50", 2, EC_OK, 10050},
        {"0e999999999999999999999", 2, EC_OK, 0},
        {"0.000e-999999999999999999999", 2, EC_OK, 0},
        {"1e999999999999999999999", 2, EC_OVERFLOW, 0},
        {"1e-999999999999999999999", 2, EC_INVALID, 0},
        {"10000000000000000000000e-20", 2, EC_OK, 10000},
        {"0.000000000000000001", 18, EC_OK, 1},
        {"9.223372036854775807", 18, EC_OK, INT64_MAX},
        {"9.223372036854775808", 18, EC_OVERFLOW, 0},
        {"-9.223372036854775808", 18, EC_OK, INT64_MIN},
        {"-9.223372036854775809", 18, EC_OVERFLOW, 0},
        {"92233720368547758.08", 2, EC_OVERFLOW, 0},
        {"92233720368547758.07", 2, EC_OK, INT64_MAX},
        {"", 2, EC_INVALID, 0},
        {"-", 2, EC_INVALID, 0},
        {".5", 2, EC_INVALID, 0},
        {"5.", 2, EC_INVALID, 0},
        {"1.2.3", 2, EC_INVALID, 0},
        {"1,5", 2, EC_INVALID, 0},
        {"1 000", 2, EC_INVALID, 0},
        {"+1", 2, EC_INVALID, 0},
        {"1e", 2, EC_INVALID, 0},
        {"1e+", 2, EC_INVALID, 0},
        {"1e1.5", 2, EC_INVALID, 0},
        {"e5", 2, EC_INVALID, 0},
        {"Infinity", 2, EC_INVALID, 0},
        {"1\n", 2, EC_INVALID, 0},
        {"1", -1, EC_INVALID, 0},
        {"1", 19, EC_INVALID, 0},
        {NULL, 2, EC_INVALID, 0},
    };
    check_numbers(rows, COUNT(rows));
}

static void format_decimal__gives_the_shortest_exact_text(void **state)
{
    (void)state;
    static const struct {
        int64_t number;
        int scale;
        int min;
        const char *text;
    } rows[] = {
        {450, 2, 0, "4.5"},
        {450, 2, 2, "4.50"},
        {400, 2, 0, "4"},
        {400, 2, 1, "4.0"},
        {-5, 2, 0, "-0.05"},
        {0, 2, 2, "0.00"},
        {0, 4, 0, "0"},
        {59999, 2, 2, "599.99"},
        {1999, 0, 0, "1999"},
        {7, 18, 0, "0.000000000000000007"},
        {INT64_MIN, 18, 18, "-9.223372036854775808"},
        {INT64_MIN, 0, 0, "-9223372036854775808"},
        {INT64_MAX, 2, 2, "92233720368547758.07"},
        {1200, 2, 5, "12.00"},
        {100, 2, -3, "1"},
    };
    char buffer[32];
    for (size_t i = 0; i < COUNT(rows); i++) {
        assert_string_equal(
            ec_format_decimal(rows[i].number, rows[i].scale, rows[i].min, buffer, sizeof buffer),
            rows[i].text);
    }
    assert_string_equal(ec_format_decimal(12345, 2, 2, buffer, 7), "123.45");
    assert_string_equal(ec_format_decimal(12345, 2, 2, buffer, 6), "");
    assert_string_equal(ec_format_decimal(12345, 2, 2, NULL, 6), "");
    assert_string_equal(ec_format_decimal(1, 19, 0, buffer, sizeof buffer), "");
}

static void decimal__comes_back_from_its_text(void **state)
{
    (void)state;
    uint64_t seed = UINT64_C(99);
    for (int round = 0; round < 200000; round++) {
        int64_t number = random_int(&seed);
        int64_t back = 0;
        int scale = (int)(random_next(&seed) % 19);
        int min = (int)(random_next(&seed) % 19);
        char text[32];
        (void)ec_format_decimal(number, scale, min, text, sizeof text);
        if (ec_parse_decimal(text, scale, &back) != EC_OK || back != number) {
            fail_msg("%" PRId64 " at %d: %s", number, scale, text);
        }
        (void)ec_format_decimal(number, 0, 0, text, sizeof text);
        assert_int_equal(ec_parse_int(text, &back), EC_OK);
        assert_true(back == number);
    }
}

/* ---- times ----------------------------------------------------------------------------------- */

typedef struct time_row {
    const char *text;
    const char *formatted; /* NULL: invalid */
} time_row;

static void time_parse__takes_moments_and_dates(void **state)
{
    (void)state;
    static const time_row rows[] = {
        {"2026-11-24T18:35:44.123Z", "2026-11-24T18:35:44.123Z"},
        {"2026-11-24t18:35:44z", "2026-11-24T18:35:44.000Z"},
        {"2026-11-24 18:35:44Z", "2026-11-24T18:35:44.000Z"},
        {"2026-11-24", "2026-11-24T00:00:00.000Z"},
        {"2026-11-24T18:35:44-03:00", "2026-11-24T21:35:44.000Z"},
        {"2026-11-24T18:35:44+05:45", "2026-11-24T12:50:44.000Z"},
        {"2013-12-10 15:02:42 -0500", "2013-12-10T20:02:42.000Z"},
        {"2026-11-24T18:35:44.1Z", "2026-11-24T18:35:44.100Z"},
        {"2026-11-24T18:35:44.123999999Z", "2026-11-24T18:35:44.123Z"},
        {"2016-12-31T23:59:60.5Z", "2017-01-01T00:00:00.000Z"},
        {"2024-02-29T00:00:00Z", "2024-02-29T00:00:00.000Z"},
        {"2000-02-29", "2000-02-29T00:00:00.000Z"},
        {"1969-12-31T23:59:59.999Z", "1969-12-31T23:59:59.999Z"},
        {"0001-01-01T00:00:00Z", "0001-01-01T00:00:00.000Z"},
        {"9999-12-31T23:59:59.999Z", "9999-12-31T23:59:59.999Z"},
        {"9999-12-31T23:59:59-00:01", NULL},
        {"0001-01-01T00:00:00+00:01", NULL},
        {"0000-01-01", NULL},
        {"2023-02-29", NULL},
        {"1900-02-29", NULL},
        {"2026-13-01", NULL},
        {"2026-00-01", NULL},
        {"2026-04-31", NULL},
        {"2026-01-00", NULL},
        {"2026-1-1", NULL},
        {"26-01-01", NULL},
        {"20260101", NULL},
        {"2026-11-24T18:35:44", NULL}, /* no offset, no moment */
        {"2026-11-24T18:35Z", NULL},
        {"2026-11-24T24:00:00Z", NULL},
        {"2026-11-24T18:60:00Z", NULL},
        {"2026-11-24T18:35:61Z", NULL},
        {"2026-11-24T18:35:44.Z", NULL},
        {"2026-11-24T18:35:44+24:00", NULL},
        {"2026-11-24T18:35:44+01", NULL},
        {"2026-11-24T18:35:44+01:60", NULL},
        {"2026-11-24T18:35:44Zx", NULL},
        {"2026-11-24T", NULL},
        {"2026-11-24 ", NULL},
        {" 2026-11-24", NULL},
        {"-026-11-24", NULL},
        {"2026-11-24T-1:00:00Z", NULL},
        {"", NULL},
        {NULL, NULL},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        char text[EC_TIME_TEXT_MAX];
        ec_time time = 4242;
        ec_status status = ec_time_parse(rows[i].text, &time);
        if (status != (rows[i].formatted ? EC_OK : EC_INVALID)) {
            fail_msg("%s: %s", rows[i].text, ec_status_name(status));
        }
        if (rows[i].formatted) {
            assert_string_equal(ec_time_format(time, text, sizeof text), rows[i].formatted);
        } else {
            assert_int_equal(time, 4242);
        }
    }
}

static void time_format__knows_its_range(void **state)
{
    (void)state;
    char text[EC_TIME_TEXT_MAX];
    assert_string_equal(ec_time_format(0, text, sizeof text), "1970-01-01T00:00:00.000Z");
    assert_string_equal(ec_time_format(-1, text, sizeof text), "1969-12-31T23:59:59.999Z");
    assert_string_equal(ec_time_format(INT64_MAX, text, sizeof text), "");
    assert_string_equal(ec_time_format(INT64_MIN, text, sizeof text), "");
    assert_string_equal(ec_time_format(INT64_C(253402300800000), text, sizeof text), "");
    assert_string_equal(ec_time_format(INT64_C(-62135596800001), text, sizeof text), "");
    assert_string_equal(text, "");
    assert_string_equal(ec_time_format(0, text, 25), "1970-01-01T00:00:00.000Z");
    assert_string_equal(ec_time_format(0, text, 24), "");
    assert_string_equal(ec_time_format(0, NULL, 0), "");
}

/* Both ends of every month, counted up, and random moments against the C library. */
static void time__agrees_with_counting_and_with_the_c_library(void **state)
{
    (void)state;
    ec_time day = INT64_C(-62135596800000);
    char text[EC_TIME_TEXT_MAX];
    char expected[64];
    for (int year = 1; year <= 9999; year++) {
        for (int month = 1; month <= 12; month++) {
            static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
            bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
            int length = lengths[month - 1] + (month == 2 && leap);
            for (int at = 1; at <= length; at += length - 1) { /* first and last of the month */
                snprintf(expected, sizeof expected, "%04d-%02d-%02dT00:00:00.000Z", year, month,
                         at);
                ec_time time = day + (at - 1) * INT64_C(86400000);
                ec_time back = 0;
                assert_string_equal(ec_time_format(time, text, sizeof text), expected);
                assert_int_equal(ec_time_parse(expected, &back), EC_OK);
                assert_true(back == time);
            }
            day += length * INT64_C(86400000);
        }
    }
    uint64_t seed = UINT64_C(5);
    for (int round = 0; round < 50000; round++) {
        ec_time time =
            (ec_time)(random_next(&seed) % UINT64_C(315537897600000)) - INT64_C(62135596800000);
        ec_time back = 0;
        time_t seconds = (time_t)((time - (time % 1000 + 1000) % 1000) / 1000);
        struct tm parts;
        assert_non_null(gmtime_r(&seconds, &parts));
        snprintf(expected, sizeof expected, "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ",
                 parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday, parts.tm_hour, parts.tm_min,
                 parts.tm_sec, (int)((time % 1000 + 1000) % 1000));
        assert_string_equal(ec_time_format(time, text, sizeof text), expected);
        assert_int_equal(ec_time_parse(text, &back), EC_OK);
        assert_true(back == time);
    }
}

/* ---- memory ---------------------------------------------------------------------------------- */

static ec_status use_slug(const ec_platform *platform)
{
    ec_arena arena;
    ec_arena_init(&arena, platform);
    bool made = true;
    for (int i = 0; i < 2000; i++) {
        made &= ec_text_slug(&arena, "Zapatilla de Montaña", 100) != NULL;
    }
    ec_arena_clear(&arena);
    return made ? EC_OK : EC_NO_MEMORY;
}

static void text_slug__survives_a_failure_of_each_allocation(void **state)
{
    (void)state;
    memory_fail_everywhere(use_slug);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(utf8_count__counts_code_points_of_valid_text),
        cmocka_unit_test(utf8__accepts_exactly_the_scalar_values),
        cmocka_unit_test(text_slug__makes_address_parts),
        cmocka_unit_test(text_slug__knows_every_latin_letter),
        cmocka_unit_test(text_slug__always_gives_a_slug_within_its_maximum),
        cmocka_unit_test(text_is_slug__takes_words_joined_by_single_hyphens),
        cmocka_unit_test(text_is_email__wants_one_at_sign_and_no_blanks),
        cmocka_unit_test(text_lower__changes_ascii_only),
        cmocka_unit_test(parse_int__takes_whole_texts_in_range),
        cmocka_unit_test(parse_decimal__is_exact_or_refuses),
        cmocka_unit_test(format_decimal__gives_the_shortest_exact_text),
        cmocka_unit_test(decimal__comes_back_from_its_text),
        cmocka_unit_test(time_parse__takes_moments_and_dates),
        cmocka_unit_test(time_format__knows_its_range),
        cmocka_unit_test(time__agrees_with_counting_and_with_the_c_library),
        cmocka_unit_test(text_slug__survives_a_failure_of_each_allocation),
    };
    return cmocka_run_group_tests_name("text", tests, NULL, NULL);
}
