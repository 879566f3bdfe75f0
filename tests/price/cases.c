/* SPDX-License-Identifier: MIT */
/*
 * cases.c - the hand-computed cases of pricing (tests/price/cases/, a file for each topic).
 */
#include <glob.h>

#include "harness/cases.h"
#include "harness/harness.h"

static void cases__come_out_as_computed_by_hand(void **state)
{
    (void)state;
    glob_t found;
    size_t all = 0, failed = 0;
    assert_int_equal(glob(EC_SOURCE_DIR "/tests/price/cases/*.cases", 0, NULL, &found), 0);
    for (size_t i = 0; i < found.gl_pathc; i++) {
        size_t cases = 0;
        size_t bad = cases_run(found.gl_pathv[i], &cases);
        print_message("%4zu cases, %zu failed: %s\n", cases, bad,
                      found.gl_pathv[i] + sizeof EC_SOURCE_DIR);
        all += cases;
        failed += bad;
    }
    globfree(&found);
    print_message("%4zu cases\n", all);
    assert_int_equal(failed, 0);
    assert_true(all > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(cases__come_out_as_computed_by_hand)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
