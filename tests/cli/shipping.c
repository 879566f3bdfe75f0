/* SPDX-License-Identifier: MIT */
/*
 * shipping.c - ways to ship on the command line, and tables of rates.
 */
#include <unistd.h>

#include "harness/program.h"

static int setup(void **state)
{
    (void)state;
    return program_open("shipping.db", "--currency=USD");
}

static void method__is_made_shown_changed_and_removed(void **state)
{
    (void)state;
    program_expect("shipping category bulky 'Big things'", 0, "Big things");
    program_expect("shipping categories", 0, "bulky");
    program_expect(
        "shipping create standard Post 'flat(4.95 USD, free_above: 50 USD)' --days=2-5"
        " --cutoff=14 --category=bulky --category-rule=none --channels=default --pickup=main"
        " --conditions='weight <= 30000'",
        0, "free_above");
    program_expect("--json shipping show standard", 0, "\"channels\":[\"default\"]");
    program_expect("--json shipping show standard", 0, "\"category_rule\":\"none\"");
    program_expect("--json shipping show standard", 0, "\"days_max\":5");
    program_expect("shipping update standard --set='{\"name\":\"Mail\"}' --version=1", 0, "Mail");
    program_expect("shipping update standard --set='{\"name\":\"Mail\"}' --version=1", 4,
                   "version");
    program_expect("shipping archive standard", 0, "archived");
    program_expect("shipping list", 0, "standard");
    program_expect("shipping delete standard", 0, "deleted");
    program_expect("shipping show standard", 3, "no such");
}

static void method__that_makes_no_sense_is_refused(void **state)
{
    (void)state;
    program_expect("shipping create a A 'flat(5)'", 1, "calculator");
    program_expect("shipping create a A 'flat(5 USD)' --days=x", 2, "--days");
    program_expect("shipping create a A 'flat(5 USD)' --category-rule=some", 2, "any, all or none");
    program_expect("shipping create a A 'flat(5 USD)' --zone=nowhere", 3, "zone");
    program_expect("shipping update a", 2, "--set");
    program_expect("shipping list", 0, "");
}

static void write_table(const char *path, const char *text)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static void table__becomes_methods_of_which_one_fits(void **state)
{
    (void)state;
    char path[300], arguments[400];
    (void)snprintf(path, sizeof path, "%s", temp_path("rates.csv"));
    write_table(path, "country,region,zip,order_subtotal,price\nUS,*,*,0,15\nUS,*,*,50,10\n"
                      "US,AK,*,0,20\nUS,AK,99501,0,18.50\n*,*,*,0,40\n");
    (void)snprintf(arguments, sizeof arguments, "shipping import '%s'", path);
    program_expect(arguments, 0, "4 ways to ship");
    program_expect("--json shipping show table-us", 0, "by_total([0 USD: 15 USD, 50 USD: 10 USD])");
    program_expect(
        "--json shipping show table-us", 0,
        "country = \\\"US\\\" and not (region = \\\"AK\\\") and not (region = \\\"AK\\\" and "
        "postcode = \\\"99501\\\")");
    program_expect("--json shipping show table-us-ak-99501", 0, "18.50 USD");
    program_expect("--json shipping show table", 0, "not (country = \\\"US\\\")");
    write_table(path, "country,region,zip,order_subtotal,price\nUS,*,*,0,12\n");
    program_expect(arguments, 0, "1 ways to ship");
    program_expect("--json shipping show table-us", 0, "by_total([0 USD: 12 USD])");
    program_expect("--json shipping show table-us", 0, "\"version\":2");
    (void)unlink(path);
}

static void table__with_a_broken_row_changes_nothing(void **state)
{
    (void)state;
    static const char *const broken[] = {
        "",
        "a,b,c\n",
        "country,region,zip,order_subtotal,price\nUS,*,*,zero,15\n",
        "country,region,zip,order_subtotal,price\nUS,*,*,0,15\nU\"S,*,*,0,15\n",
        "country,region,zip,order_subtotal,price\nUS,*,*,0,15.999\n",
    };
    char path[300], arguments[400];
    (void)snprintf(path, sizeof path, "%s", temp_path("rates.csv"));
    (void)snprintf(arguments, sizeof arguments, "shipping import '%s'", path);
    for (size_t i = 0; i < sizeof broken / sizeof broken[0]; i++) {
        write_table(path, broken[i]);
        if (program_run(arguments) != 1) fail_msg("%s\n%s", broken[i], program_output);
        program_expect("--json shipping list", 0, "\"items\":[]");
    }
    (void)unlink(path);
    program_expect(arguments, 1, "rates.csv");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(method__is_made_shown_changed_and_removed, setup,
                                        program_close),
        cmocka_unit_test_setup_teardown(method__that_makes_no_sense_is_refused, setup,
                                        program_close),
        cmocka_unit_test_setup_teardown(table__becomes_methods_of_which_one_fits, setup,
                                        program_close),
        cmocka_unit_test_setup_teardown(table__with_a_broken_row_changes_nothing, setup,
                                        program_close),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
