/* SPDX-License-Identifier: MIT */
/*
 * bad_money.c - bad input for the functions of money, rates, times and policies.
 */
#include "harness/bad.h"

#define NOT_UTF8 "\xc3\x28"
#define assert_fails(call, wanted) bad_expect(call, wanted, #call, __LINE__)

int bad_faults;

void bad_expect(ec_status status, ec_status wanted, const char *call, int line)
{
    if (status == wanted) return;
    print_error("%d: %s: %s, not %s\n", line, call, ec_status_name(status), ec_status_name(wanted));
    bad_faults++;
}

static const int64_t extremes[] = {0, -1, 1, INT64_MIN, INT64_MAX};
enum { EXTREMES = 5 };

static const ec_money clp = {1000, "CLP"}, usd = {1000, "USD"}, unknown = {1, "ABC"},
                      unended = {1, {'C', 'L', 'P', 'X'}}, most = {INT64_MAX, "CLP"},
                      least = {INT64_MIN, "CLP"};

static void money_add(void)
{
    ec_money out = {7, "EUR"};
    assert_fails(ec_money_add(clp, clp, NULL), EC_MISUSE);
    assert_fails(ec_money_add(clp, usd, &out), EC_INVALID);
    assert_fails(ec_money_add(unended, unended, &out), EC_INVALID);
    assert_fails(ec_money_add(most, clp, &out), EC_OVERFLOW);
    assert_fails(ec_money_add(least, least, &out), EC_OVERFLOW);
    assert_int_equal(out.amount, 7);
}

static void money_subtract(void)
{
    ec_money out = {7, "EUR"};
    assert_fails(ec_money_subtract(clp, clp, NULL), EC_MISUSE);
    assert_fails(ec_money_subtract(clp, usd, &out), EC_INVALID);
    assert_fails(ec_money_subtract(clp, unended, &out), EC_INVALID);
    assert_fails(ec_money_subtract(least, clp, &out), EC_OVERFLOW);
    assert_fails(ec_money_subtract((ec_money){0, "CLP"}, least, &out), EC_OVERFLOW);
    assert_int_equal(out.amount, 7);
}

static void money_multiply(void)
{
    ec_money out = {7, "EUR"};
    assert_fails(ec_money_multiply(clp, 1, NULL), EC_MISUSE);
    assert_fails(ec_money_multiply(unended, 1, &out), EC_INVALID);
    assert_fails(ec_money_multiply(clp, INT64_MAX, &out), EC_OVERFLOW);
    assert_fails(ec_money_multiply(least, -1, &out), EC_OVERFLOW);
    assert_int_equal(out.amount, 7);
}

static void money_scale(void)
{
    ec_money out = {7, "EUR"};
    const ec_rate half = {1, 2};
    assert_fails(ec_money_scale(clp, half, EC_ROUND_HALF_UP, NULL), EC_MISUSE);
    assert_fails(ec_money_scale(clp, half, (ec_rounding)7, &out), EC_INVALID);
    assert_fails(ec_money_scale(clp, (ec_rate){1, 0}, EC_ROUND_UP, &out), EC_INVALID);
    assert_fails(ec_money_scale(clp, (ec_rate){1, INT64_MIN}, EC_ROUND_UP, &out), EC_INVALID);
    assert_fails(ec_money_scale(unended, half, EC_ROUND_UP, &out), EC_INVALID);
    assert_fails(ec_money_scale(most, (ec_rate){3, 2}, EC_ROUND_UP, &out), EC_OVERFLOW);
    assert_fails(ec_money_scale(least, (ec_rate){-1, 1}, EC_ROUND_UP, &out), EC_OVERFLOW);
    assert_int_equal(out.amount, 7);
}

static void money_compare(void)
{
    int out = 7;
    assert_fails(ec_money_compare(clp, clp, NULL), EC_MISUSE);
    assert_fails(ec_money_compare(clp, usd, &out), EC_INVALID);
    assert_fails(ec_money_compare(unended, unended, &out), EC_INVALID);
    assert_int_equal(out, 7);
}

static void money_round_cash(void)
{
    ec_money out = {7, "EUR"};
    assert_fails(ec_money_round_cash(clp, 10, EC_ROUND_UP, NULL), EC_MISUSE);
    assert_fails(ec_money_round_cash(clp, 0, EC_ROUND_UP, &out), EC_INVALID);
    assert_fails(ec_money_round_cash(clp, INT64_MIN, EC_ROUND_UP, &out), EC_INVALID);
    assert_fails(ec_money_round_cash(clp, 10, (ec_rounding)-1, &out), EC_INVALID);
    assert_fails(ec_money_round_cash(unended, 10, EC_ROUND_UP, &out), EC_INVALID);
    assert_fails(ec_money_round_cash(most, 10, EC_ROUND_UP, &out), EC_OVERFLOW);
    assert_int_equal(out.amount, 7);
}

static void money_allocate(void)
{
    const int64_t weights[] = {1, -1}, huge[] = {INT64_MAX, INT64_MAX}, fair[] = {1, 1};
    int64_t parts[2] = {7, 7};
    const ec_allocation largest = EC_ALLOCATE_LARGEST_REMAINDER;
    assert_fails(ec_money_allocate(clp, NULL, 2, largest, parts), EC_MISUSE);
    assert_fails(ec_money_allocate(clp, fair, 2, largest, NULL), EC_MISUSE);
    assert_fails(ec_money_allocate(clp, fair, 0, largest, parts), EC_INVALID);
    assert_fails(ec_money_allocate(clp, weights, 2, largest, parts), EC_INVALID);
    assert_fails(ec_money_allocate(clp, fair, 2, (ec_allocation)9, parts), EC_INVALID);
    assert_fails(ec_money_allocate(unended, fair, 2, largest, parts), EC_INVALID);
    assert_fails(ec_money_allocate(clp, huge, 2, largest, parts), EC_OVERFLOW);
    assert_int_equal(parts[0] + parts[1], 14);
}

static void money_parse(void)
{
    static const char *const bad[] = {
        "",   " ",      "x",     "1.",      ".5",      "1,5",     "1e3",  "+1",       "--1",
        "-",  "0x10",   "1 2",   "1.5 CLP", "1 clp",   "1 ABC",   " 1",   "1 ",       "1\n",
        "１", NOT_UTF8, "1 USD", "nan",     "1.00000", "1 CLP X", "1CLP", "1000 CLPP"};
    ec_money out = {7, "EUR"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        if (strcmp(bad[i], "1.00000") != 0)
            assert_fails(ec_money_parse(bad[i], "CLP", &out), EC_INVALID);
    assert_fails(ec_money_parse(NULL, "CLP", &out), EC_MISUSE);
    assert_fails(ec_money_parse("1", "CLP", NULL), EC_MISUSE);
    assert_fails(ec_money_parse("1", NULL, &out), EC_INVALID);
    assert_fails(ec_money_parse("1", "ABC", &out), EC_INVALID);
    assert_fails(ec_money_parse("9223372036854775808", "CLP", &out), EC_OVERFLOW);
    assert_fails(ec_money_parse(bad_long(1 << 20), "CLP", &out), EC_INVALID);
    assert_int_equal(out.amount, 7);
}

static void money_format(void)
{
    char buffer[EC_MONEY_TEXT_MAX];
    assert_null(ec_money_format(unknown, buffer, sizeof buffer));
    assert_null(ec_money_format(unended, buffer, sizeof buffer));
    assert_null(ec_money_format(clp, buffer, 3));
    assert_null(ec_money_format(clp, buffer, 0));
    assert_null(ec_money_format(clp, NULL, 40));
    assert_string_equal(ec_money_format(least, buffer, sizeof buffer), "-9223372036854775808");
}

static void rates(void)
{
    static const char *const bad[] = {"", "x", "1/2", "%", "19 %", "-", "1.2.3", NOT_UTF8, "０"};
    ec_rate out = {7, 8};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_fails(ec_rate_parse(bad[i], &out), EC_INVALID);
    assert_fails(ec_rate_parse(NULL, &out), EC_MISUSE);
    assert_fails(ec_rate_parse("1", NULL), EC_MISUSE);
    assert_fails(ec_rate_parse("99999999999999999999", &out), EC_OVERFLOW);
    assert_fails(ec_rate_parse(bad_long(1 << 20), &out), EC_INVALID);
    assert_int_equal(out.numerator, 7);
    for (int i = 0; i < EXTREMES; i++)
        assert_true(ec_rate_basis_points(extremes[i]).denominator > 0);
}

static void policies(void)
{
    static const char *const bad[] = {"", "cl", "XX", "CLASSIC", "classic ", NOT_UTF8};
    ec_policy out = {0};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_fails(ec_policy_preset(bad[i], &out), EC_NOT_FOUND);
    assert_fails(ec_policy_preset(NULL, &out), EC_MISUSE);
    assert_fails(ec_policy_preset("CL", NULL), EC_MISUSE);
    assert_fails(ec_policy_preset(bad_long(1 << 20), &out), EC_NOT_FOUND);
}

static void times(void)
{
    static const char *const bad[] = {"",
                                      "today",
                                      "2026",
                                      "2026-13-01",
                                      "2026-02-30",
                                      "2026-12-24T25:00:00Z",
                                      "2026-12-24T10:00:00",
                                      " 2026-12-24",
                                      NOT_UTF8};
    ec_time out = 7;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_fails(ec_time_parse(bad[i], &out), EC_INVALID);
    assert_fails(ec_time_parse(NULL, &out), EC_INVALID);
    assert_fails(ec_time_parse("2026-12-24", NULL), EC_INVALID);
    assert_fails(ec_time_parse(bad_long(1 << 20), &out), EC_INVALID);
    assert_int_equal(out, 7);
}

static void divide(void)
{
    int64_t out = 7;
    assert_fails(ec_divide(1, 1, 1, EC_ROUND_UP, NULL), EC_MISUSE);
    assert_fails(ec_divide(1, 1, 0, EC_ROUND_UP, &out), EC_INVALID);
    assert_fails(ec_divide(1, 1, 1, (ec_rounding)99, &out), EC_INVALID);
    assert_fails(ec_divide(INT64_MIN, 1, -1, EC_ROUND_UP, &out), EC_OVERFLOW);
    assert_fails(ec_divide(INT64_MIN, INT64_MIN, 1, EC_ROUND_UP, &out), EC_OVERFLOW);
    assert_int_equal(out, 7);
    assert_fails(ec_divide(INT64_MIN, INT64_MIN, INT64_MIN, EC_ROUND_UP, &out), EC_OK);
    assert_int_equal(out, INT64_MIN);
}

static void currencies(void)
{
    static const char *const bad[] = {"", "cl", "clp", "CLPX", "XAU", NOT_UTF8};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_null(ec_currency_find(bad[i]));
    assert_null(ec_currency_find(NULL));
    assert_null(ec_currency_find(bad_long(1 << 20)));
}

const bad_check bad_money_checks[] = {
    {"ec_money_add", money_add},
    {"ec_money_subtract", money_subtract},
    {"ec_money_multiply", money_multiply},
    {"ec_money_scale", money_scale},
    {"ec_money_compare", money_compare},
    {"ec_money_round_cash", money_round_cash},
    {"ec_money_allocate", money_allocate},
    {"ec_money_parse", money_parse},
    {"ec_money_format", money_format},
    {"ec_rate_parse ec_rate_basis_points", rates},
    {"ec_policy_preset", policies},
    {"ec_time_parse", times},
    {"ec_divide", divide},
    {"ec_currency_find ec_currency_next", currencies},
};
const size_t bad_money_checks_count = sizeof bad_money_checks / sizeof bad_money_checks[0];
