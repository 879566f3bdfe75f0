/* SPDX-License-Identifier: MIT */
/*
 * Growing bytes: always terminated, never over the maximum, and failed for good once failed.
 */
#include "base/buf.h"

#include <inttypes.h>

#include "base/memory.h"

static void buf__grows_and_stays_terminated(void **state)
{
    (void)state;
    memory mem;
    ec_platform platform = memory_platform(&mem);
    ec_buf buf;
    ec_buf_init(&buf, &platform, SIZE_MAX);
    assert_string_equal(ec_buf_text(&buf), "");
    for (size_t i = 0; i < 3000; i++) {
        ec_buf_putc(&buf, (char)('a' + i % 26));
        assert_int_equal(strlen(buf.data), i + 1);
    }
    ec_buf_puts(&buf, NULL);
    ec_buf_put(&buf, NULL, 0);
    ec_buf_puts(&buf, "end");
    ec_buf_printf(&buf, "-%d-%s", 42, "x");
    assert_string_equal(ec_buf_text(&buf) + 3000, "end-42-x");
    assert_int_equal(buf.status, EC_OK);
    assert_true(mem.calls < 8);
    ec_buf_reset(&buf);
    assert_int_equal(buf.length, 0);
    assert_string_equal(ec_buf_text(&buf), "");
    ec_buf_clear(&buf);
    ec_buf_clear(&buf);
    assert_int_equal(mem.blocks, 0);
    ec_buf_puts(&buf, "again");
    assert_string_equal(ec_buf_text(&buf), "again");
    ec_buf_clear(&buf);
    assert_int_equal(mem.blocks, 0);
}

static void buf__stops_at_its_maximum(void **state)
{
    (void)state;
    static const size_t maxima[] = {0, 1, 10, 255, 256, 257, 1000};
    memory mem;
    ec_platform platform = memory_platform(&mem);
    for (size_t i = 0; i < sizeof maxima / sizeof *maxima; i++) {
        ec_buf buf;
        ec_buf_init(&buf, &platform, maxima[i]);
        for (size_t n = 0; n < maxima[i]; n++) {
            ec_buf_putc(&buf, 'x');
        }
        assert_int_equal(buf.status, EC_OK);
        ec_buf_putc(&buf, 'y');
        assert_int_equal(buf.status, EC_LIMIT);
        assert_int_equal(buf.length, maxima[i]);
        assert_int_equal(strlen(ec_buf_text(&buf)), maxima[i]);
        ec_buf_reset(&buf);
        assert_int_equal(buf.status, EC_OK);
        ec_buf_clear(&buf);
    }
    assert_int_equal(mem.blocks, 0);
}

static void buf__stays_failed_until_reset(void **state)
{
    (void)state;
    memory mem;
    ec_platform platform = memory_platform(&mem);
    ec_buf buf;
    ec_buf_init(&buf, &platform, 10);
    ec_buf_puts(&buf, "12345678");
    ec_buf_puts(&buf, "9abc"); /* whole or not at all */
    ec_buf_puts(&buf, "9");
    ec_buf_put_int(&buf, 1);
    ec_buf_printf(&buf, "%d", 1);
    assert_null(ec_buf_reserve(&buf, 0));
    assert_string_equal(ec_buf_text(&buf), "12345678");
    ec_buf_reset(&buf);
    ec_buf_puts(&buf, "fine");
    assert_string_equal(ec_buf_text(&buf), "fine");
    assert_int_equal(buf.status, EC_OK);
    ec_buf_clear(&buf);
    ec_buf_init(&buf, &platform, SIZE_MAX);
    ec_buf_puts(&buf, "x");
    assert_null(ec_buf_reserve(&buf, SIZE_MAX - 1));
    assert_int_equal(buf.status, EC_LIMIT);
    ec_buf_clear(&buf);
    assert_int_equal(mem.blocks, 0);
}

static void buf_put_int__writes_what_printf_writes(void **state)
{
    (void)state;
    memory mem;
    ec_platform platform = memory_platform(&mem);
    ec_buf buf;
    ec_buf_init(&buf, &platform, SIZE_MAX);
    int64_t number = 1;
    for (int i = 0; i < 80; i++) {
        const int64_t near[] = {number - 1, number, -number, INT64_MAX - number,
                                INT64_MIN + number};
        for (size_t k = 0; k < sizeof near / sizeof *near; k++) {
            char expected[32];
            snprintf(expected, sizeof expected, "%" PRId64, near[k]);
            ec_buf_reset(&buf);
            ec_buf_put_int(&buf, near[k]);
            assert_string_equal(ec_buf_text(&buf), expected);
        }
        number = number > INT64_MAX / 10 ? number / 1000000007 + 2 : number * 10;
    }
    ec_buf_reset(&buf);
    ec_buf_put_int(&buf, INT64_MIN);
    assert_string_equal(ec_buf_text(&buf), "-9223372036854775808");
    ec_buf_clear(&buf);
    assert_int_equal(mem.blocks, 0);
}

static void buf_reserve__gives_room_to_write_in(void **state)
{
    (void)state;
    memory mem;
    ec_platform platform = memory_platform(&mem);
    ec_buf buf;
    ec_buf_init(&buf, &platform, SIZE_MAX);
    ec_buf_puts(&buf, "a");
    char *place = ec_buf_reserve(&buf, 5000);
    memset(place, 'b', 5000);
    buf.length += 5000;
    assert_int_equal(strlen(ec_buf_text(&buf)), 5001);
    ec_buf_clear(&buf);
    assert_int_equal(mem.blocks, 0);
}

static ec_status use_buf(const ec_platform *platform)
{
    ec_buf buf;
    ec_buf_init(&buf, platform, SIZE_MAX);
    for (int i = 0; i < 2000; i++) {
        ec_buf_printf(&buf, "%d,", i);
    }
    ec_status status = buf.status;
    assert_int_equal(strlen(ec_buf_text(&buf)), buf.length);
    ec_buf_clear(&buf);
    return status;
}

static void buf__survives_a_failure_of_each_allocation(void **state)
{
    (void)state;
    memory_fail_everywhere(use_buf);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(buf__grows_and_stays_terminated),
        cmocka_unit_test(buf__stops_at_its_maximum),
        cmocka_unit_test(buf__stays_failed_until_reset),
        cmocka_unit_test(buf_put_int__writes_what_printf_writes),
        cmocka_unit_test(buf_reserve__gives_room_to_write_in),
        cmocka_unit_test(buf__survives_a_failure_of_each_allocation),
    };
    return cmocka_run_group_tests_name("buf", tests, NULL, NULL);
}
