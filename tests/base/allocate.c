/* SPDX-License-Identifier: MIT */
/*
 * Splitting an amount: every method by example, the published vectors, the limits, and random
 * splits against a slow model that sorts out the spare units one by one.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cjson/cJSON.h>
#include <cmocka.h>
#include <string.h>

#include <ecommerce/money.h>

#include "base/data.h"
#include "base/schoolbook.h"

#define SEED UINT64_C(41)
#define ROUNDS 100000
#define SHARES_MAX 12
#define METHODS 3

static const int64_t untouched = 4242;

static ec_status split(int64_t amount, const int64_t *weights, size_t count, int method,
                       int64_t *parts)
{
    ec_money total = {.amount = amount, .currency = "EUR"};
    return ec_money_allocate(total, weights, count, (ec_allocation)method, parts);
}

static void assert_parts(const int64_t *parts, const int64_t *expected, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(parts[i], expected[i]);
    }
}

/* One row for each method: the amount, the weights and the parts; negated too. */
static void check_row(int64_t amount, const int64_t weights[4], const int64_t expected[METHODS][4])
{
    int64_t parts[4] = {0};
    for (int method = 0; method < METHODS; method++) {
        assert_int_equal(split(amount, weights, 4, method, parts), EC_OK);
        assert_parts(parts, expected[method], 4);
        assert_int_equal(split(-amount, weights, 4, method, parts), EC_OK);
        for (size_t i = 0; i < 4; i++) {
            assert_int_equal(parts[i], -expected[method][i]);
        }
    }
}

static void allocate__methods_differ_only_in_who_gets_the_spare_units(void **state)
{
    (void)state;
    /* shares 0.3, 29.9, 29.9, 39.9: three units to spare */
    check_row(100, (int64_t[]){3, 299, 299, 399},
              (const int64_t[METHODS][4]){{0, 30, 30, 40}, {1, 30, 30, 39}, {0, 30, 30, 40}});
    /* ties go to the first */
    check_row(10, (int64_t[]){1, 1, 1, 1},
              (const int64_t[METHODS][4]){{3, 3, 2, 2}, {3, 3, 2, 2}, {3, 3, 2, 2}});
    /* 1.6 each: to the nearest is two units too many */
    check_row(8, (int64_t[]){16, 16, 16, 32},
              (const int64_t[METHODS][4]){{2, 2, 1, 3}, {2, 2, 1, 3}, {1, 2, 2, 3}});
    check_row(0, (int64_t[]){1, 2, 3, 4},
              (const int64_t[METHODS][4]){{0, 0, 0, 0}, {0, 0, 0, 0}, {0, 0, 0, 0}});
}

static void allocate__a_weight_of_zero_gets_nothing(void **state)
{
    (void)state;
    check_row(5, (int64_t[]){0, 1, 0, 1},
              (const int64_t[METHODS][4]){{0, 3, 0, 2}, {0, 3, 0, 2}, {0, 3, 0, 2}});
    check_row(7, (int64_t[]){0, 0, 0, 9},
              (const int64_t[METHODS][4]){{0, 0, 0, 7}, {0, 0, 0, 7}, {0, 0, 0, 7}});
}

static void allocate__all_zero_weights_mean_equal_shares(void **state)
{
    (void)state;
    check_row(10, (int64_t[]){0, 0, 0, 0},
              (const int64_t[METHODS][4]){{3, 3, 2, 2}, {3, 3, 2, 2}, {3, 3, 2, 2}});
}

static void allocate__a_share_that_is_too_small_is_not_turned_negative(void **state)
{
    (void)state;
    /* 0.007, 0.664 three times: rounding gives three units where there are two */
    check_row(2, (int64_t[]){1, 100, 100, 100},
              (const int64_t[METHODS][4]){{0, 1, 1, 0}, {1, 1, 0, 0}, {0, 0, 1, 1}});
}

static void allocate__refuses_wrong_arguments_and_writes_nothing(void **state)
{
    int64_t parts[3] = {untouched, untouched, untouched};
    (void)state;
    for (int method = 0; method < METHODS; method++) {
        assert_int_equal(split(10, (int64_t[]){1}, 0, method, parts), EC_INVALID);
        assert_int_equal(split(10, (int64_t[]){1}, SIZE_MAX, method, parts), EC_INVALID);
        assert_int_equal(split(10, (int64_t[]){1, -1, 1}, 3, method, parts), EC_INVALID);
        assert_int_equal(split(10, (int64_t[]){1, INT64_MIN}, 2, method, parts), EC_INVALID);
        assert_int_equal(split(10, (int64_t[]){INT64_MAX, 1}, 2, method, parts), EC_OVERFLOW);
        /* the sum comes back into the range and is still wrong */
        assert_int_equal(split(10, (int64_t[]){INT64_MAX, 1, 5}, 3, method, parts), EC_OVERFLOW);
        /* a wrong weight behind the overflow is still what is wrong */
        assert_int_equal(split(10, (int64_t[]){INT64_MAX, 1, -1}, 3, method, parts), EC_INVALID);
        assert_int_equal(split(10, NULL, 1, method, parts), EC_MISUSE);
        assert_int_equal(split(10, (int64_t[]){1}, 1, method, NULL), EC_MISUSE);
    }
    assert_int_equal(split(10, (int64_t[]){1}, 1, METHODS, parts), EC_INVALID);
    assert_int_equal(split(10, (int64_t[]){1}, 1, -1, parts), EC_INVALID);
    assert_parts(parts, (int64_t[]){untouched, untouched, untouched}, 3);
}

static void allocate__whole_range_is_split_exactly(void **state)
{
    static const int64_t weights[] = {INT64_MAX / 2, INT64_MAX / 2, 1};
    int64_t parts[3] = {0};
    (void)state;
    for (int method = 0; method < METHODS; method++) {
        assert_int_equal(split(INT64_MIN, (int64_t[]){7}, 1, method, parts), EC_OK);
        assert_parts(parts, (int64_t[]){INT64_MIN}, 1);
        assert_int_equal(split(INT64_MAX, (int64_t[]){0, 7, 0}, 3, method, parts), EC_OK);
        assert_parts(parts, (int64_t[]){0, INT64_MAX, 0}, 3);
        /* weights that add up to INT64_MAX exactly */
        assert_int_equal(split(INT64_MAX, weights, 3, method, parts), EC_OK);
        assert_parts(parts, weights, 3);
        assert_int_equal(split(INT64_MIN, (int64_t[]){1, 1}, 2, method, parts), EC_OK);
        assert_parts(parts, (int64_t[]){INT64_MIN / 2, INT64_MIN / 2}, 2);
    }
}

static void allocate__ten_thousand_lines_add_up(void **state)
{
    enum { LINES = 10000 };
    int64_t *weights = calloc(LINES, sizeof *weights);
    int64_t *parts = calloc(LINES, sizeof *parts);
    uint64_t seed = SEED;
    (void)state;
    assert_non_null(weights);
    assert_non_null(parts);
    for (size_t i = 0; i < LINES; i++) {
        weights[i] = (int64_t)(random_next(&seed) % 100000);
    }
    for (int method = 0; method < METHODS; method++) {
        int64_t sum = 0;
        assert_int_equal(split(-1234567891, weights, LINES, method, parts), EC_OK);
        for (size_t i = 0; i < LINES; i++) {
            sum += parts[i];
        }
        assert_int_equal(sum, -1234567891);
    }
    free(weights);
    free(parts);
}

/* ---- against the model ----------------------------------------------------------------------- */

/* All sizes without signs, as on paper: the shares cut off (or to the nearest), then the rest one
   unit after the other, each time with a look at all shares. */
static void model_split(int64_t amount, const int64_t *weights, size_t count, int64_t sum,
                        int method, int64_t *parts)
{
    big fraction[SHARES_MAX];
    uint64_t part[SHARES_MAX];
    bool served[SHARES_MAX] = {false};
    big total = big_from(amount);
    uint64_t given = 0;
    uint64_t size = (uint64_t)total.digit[1] << 32 | total.digit[0];

    for (size_t i = 0; i < count; i++) {
        big_result share = big_divide(amount, weights[i], sum);
        big twice = share.rest;
        big_double(&twice, false);
        part[i] = (uint64_t)share.whole.digit[1] << 32 | share.whole.digit[0];
        part[i] += method == EC_ALLOCATE_NEAREST && big_compare(&twice, &share.divisor) > 0;
        fraction[i] = share.rest;
        given += part[i];
    }
    while (given != size) {
        size_t best = count;
        for (size_t i = 0; i < count; i++) {
            bool able = given > size ? part[i] > 0 : weights[i] > 0;
            if (served[i] || !able) {
                continue;
            }
            if (best == count || (method == EC_ALLOCATE_LARGEST_REMAINDER &&
                                  big_compare(&fraction[i], &fraction[best]) > 0)) {
                best = i;
            }
        }
        assert_true(best < count);
        served[best] = true;
        part[best] = given > size ? part[best] - 1 : part[best] + 1;
        given = given > size ? given - 1 : given + 1;
    }
    for (size_t i = 0; i < count; i++) {
        parts[i] = (int64_t)(amount < 0 ? ~part[i] + 1 : part[i]);
    }
}

/* Weights of one of several kinds; their sum, which is above zero. */
static int64_t pick_weights(uint64_t *seed, int64_t *weights, size_t count)
{
    static const uint64_t limits[] = {2, 4, 100, 100000, UINT64_C(1) << 59};
    uint64_t limit = limits[random_next(seed) % 5];
    int64_t sum = 0;
    for (size_t i = 0; i < count; i++) {
        weights[i] = (int64_t)(random_next(seed) % limit);
        sum += weights[i];
    }
    if (sum == 0) {
        weights[0] = 1;
        sum = 1;
    }
    return sum;
}

static void allocate__agrees_with_the_slow_model_and_always_adds_up(void **state)
{
    uint64_t seed = SEED;
    int64_t weights[SHARES_MAX], parts[SHARES_MAX], expected[SHARES_MAX];
    (void)state;
    for (int round = 0; round < ROUNDS; round++) {
        size_t count = 1 + random_next(&seed) % SHARES_MAX;
        int64_t sum = pick_weights(&seed, weights, count);
        int64_t amount = random_int(&seed);
        int method = round % METHODS;
        uint64_t added = 0;
        assert_int_equal(split(amount, weights, count, method, parts), EC_OK);
        model_split(amount, weights, count, sum, method, expected);
        for (size_t i = 0; i < count; i++) {
            added += (uint64_t)parts[i];
            if (parts[i] != expected[i]) {
                fail_msg("round %d method %d amount %lld part %zu: %lld, not %lld", round, method,
                         (long long)amount, i, (long long)parts[i], (long long)expected[i]);
            }
            assert_true(parts[i] == 0 || (parts[i] < 0) == (amount < 0));
        }
        assert_int_equal((int64_t)added, amount);
    }
}

/* ---- published vectors ----------------------------------------------------------------------- */

static const char own_vectors[] =
    "{\"allocation\":["
    "{\"source\":\"own\",\"amount\":7,\"ratios\":[1,1],\"expected\":[4,3],"
    "\"fits\":[\"first-shares\",\"largest-remainder\"]},"
    "{\"source\":\"own\",\"amount\":4,\"ratios\":[0,0],\"expected\":[2,2]}]}";

static size_t read_numbers(const cJSON *row, const char *name, int64_t *out)
{
    const cJSON *item = NULL;
    size_t count = 0;
    cJSON_ArrayForEach(item, cJSON_GetObjectItem(row, name)) {
        assert_true(count < SHARES_MAX);
        out[count++] = item->valueint;
    }
    return count;
}

static bool row_fits(const cJSON *row, const char *method)
{
    const cJSON *item = NULL;
    cJSON_ArrayForEach(item, cJSON_GetObjectItem(row, "fits")) {
        if (strcmp(cJSON_GetStringValue(item), method) == 0) {
            return true;
        }
    }
    return false;
}

/* How many (row, method) pairs gave the expected parts. */
static size_t run_row(const cJSON *row)
{
    int64_t weights[SHARES_MAX], expected[SHARES_MAX] = {0}, parts[SHARES_MAX];
    size_t count = read_numbers(row, "ratios", weights);
    int64_t amount = cJSON_GetObjectItem(row, "amount")->valueint;
    const char *source = cJSON_GetStringValue(cJSON_GetObjectItem(row, "source"));
    bool silent = !cJSON_HasObjectItem(row, "fits"); /* no weight is above zero */
    size_t used = 0;

    assert_int_equal(read_numbers(row, "expected", expected), count);
    for (int method = 0; method < METHODS; method++) {
        int64_t sum = 0;
        assert_int_equal(split(amount, weights, count, method, parts), EC_OK);
        for (size_t i = 0; i < count; i++) {
            sum += parts[i];
        }
        assert_int_equal(sum, amount);
        /* every row of the shop that splits to the nearest unit holds for that method; the one row
           of it that loses its amount we do not follow */
        bool follows = method == EC_ALLOCATE_NEAREST ? strstr(source, "Sylius") != NULL && !silent
                       : method == EC_ALLOCATE_FIRST ? row_fits(row, "first-shares")
                                                     : row_fits(row, "largest-remainder");
        if (follows || (silent && count > 1)) {
            assert_parts(parts, expected, count);
            used++;
        }
    }
    return used;
}

static void allocate_vectors__rows_of_each_method_pass(void **state)
{
    char *data = data_read("vectors/money/money-cases.json");
    cJSON *root = cJSON_Parse(data != NULL ? data : own_vectors);
    const cJSON *row = NULL;
    size_t rows = 0;
    size_t used = 0;
    (void)state;
    assert_non_null(root);
    cJSON_ArrayForEach(row, cJSON_GetObjectItem(root, "allocation")) {
        used += run_row(row);
        rows++;
    }
    /* 24 rows of the first shares, 25 of the largest remainder, 10 to the nearest, twice 3 equal */
    assert_int_equal(rows, data != NULL ? 30 : 2);
    assert_int_equal(used, data != NULL ? 24 + 25 + 10 + 6 : 5);
    cJSON_Delete(root);
    free(data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(allocate__methods_differ_only_in_who_gets_the_spare_units),
        cmocka_unit_test(allocate__a_weight_of_zero_gets_nothing),
        cmocka_unit_test(allocate__all_zero_weights_mean_equal_shares),
        cmocka_unit_test(allocate__a_share_that_is_too_small_is_not_turned_negative),
        cmocka_unit_test(allocate__refuses_wrong_arguments_and_writes_nothing),
        cmocka_unit_test(allocate__whole_range_is_split_exactly),
        cmocka_unit_test(allocate__ten_thousand_lines_add_up),
        cmocka_unit_test(allocate__agrees_with_the_slow_model_and_always_adds_up),
        cmocka_unit_test(allocate_vectors__rows_of_each_method_pass),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
