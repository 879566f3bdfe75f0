/* SPDX-License-Identifier: MIT */
/*
 * shipping.c - ways to ship on the command line, and tables of rates.
 */
#include <sys/wait.h>
#include <unistd.h>

#include "harness/harness.h"

static char output[65536];
static char storage[256];

/* Run `ecommerce ARGUMENTS` with the test's shop; stdout and stderr go to output. The exit code. */
static int run(const char *arguments)
{
    char command[8192];
    (void)snprintf(command, sizeof command,
                   "ECOMMERCE_STORAGE=sqlite:%s %s/examples/ecommerce %s 2>&1", storage,
                   EC_BINARY_DIR, arguments);
    FILE *pipe = popen(command, "r");
    assert_non_null(pipe);
    size_t length = fread(output, 1, sizeof output - 1, pipe);
    output[length] = '\0';
    int status = pclose(pipe);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

static void expect(const char *arguments, int code, const char *text)
{
    int exit_code = run(arguments);
    if (exit_code != code) fail_msg("%s: exit %d\n%s", arguments, exit_code, output);
    if (strstr(output, text) == NULL) fail_msg("\"%s\" is not in:\n%s", text, output);
}

static int setup(void **state)
{
    (void)state;
    (void)snprintf(storage, sizeof storage, "%s", temp_path("shipping.db"));
    (void)unlink(storage);
    return run("init --currency=USD");
}

static int teardown(void **state)
{
    (void)state;
    static const char *const endings[] = {"-wal", "-shm", ""};
    for (size_t i = 0; i < 3; i++) {
        char path[300];
        (void)snprintf(path, sizeof path, "%s%s", storage, endings[i]);
        (void)unlink(path);
    }
    return 0;
}

static void method__is_made_shown_changed_and_removed(void **state)
{
    (void)state;
    expect("shipping category bulky 'Big things'", 0, "Big things");
    expect("shipping categories", 0, "bulky");
    expect("shipping create standard Post 'flat(4.95 USD, free_above: 50 USD)' --days=2-5"
           " --cutoff=14 --category=bulky --category-rule=none --channels=default --pickup=main"
           " --conditions='weight <= 30000'",
           0, "free_above");
    expect("--json shipping show standard", 0, "\"channels\":[\"default\"]");
    expect("--json shipping show standard", 0, "\"category_rule\":\"none\"");
    expect("--json shipping show standard", 0, "\"days_max\":5");
    expect("shipping update standard --set='{\"name\":\"Mail\"}' --version=1", 0, "Mail");
    expect("shipping update standard --set='{\"name\":\"Mail\"}' --version=1", 4, "version");
    expect("shipping archive standard", 0, "archived");
    expect("shipping list", 0, "standard");
    expect("shipping delete standard", 0, "deleted");
    expect("shipping show standard", 3, "no such");
}

static void method__that_makes_no_sense_is_refused(void **state)
{
    (void)state;
    expect("shipping create a A 'flat(5)'", 1, "calculator");
    expect("shipping create a A 'flat(5 USD)' --days=x", 2, "--days");
    expect("shipping create a A 'flat(5 USD)' --category-rule=some", 2, "any, all or none");
    expect("shipping create a A 'flat(5 USD)' --zone=nowhere", 3, "zone");
    expect("shipping update a", 2, "--set");
    expect("shipping list", 0, "");
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
    expect(arguments, 0, "4 ways to ship");
    expect("--json shipping show table-us", 0, "by_total([0 USD: 15 USD, 50 USD: 10 USD])");
    expect("--json shipping show table-us", 0,
           "country = \\\"US\\\" and not (region = \\\"AK\\\") and not (region = \\\"AK\\\" and "
           "postcode = \\\"99501\\\")");
    expect("--json shipping show table-us-ak-99501", 0, "18.50 USD");
    expect("--json shipping show table", 0, "not (country = \\\"US\\\")");
    write_table(path, "country,region,zip,order_subtotal,price\nUS,*,*,0,12\n");
    expect(arguments, 0, "1 ways to ship");
    expect("--json shipping show table-us", 0, "by_total([0 USD: 12 USD])");
    expect("--json shipping show table-us", 0, "\"version\":2");
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
        if (run(arguments) != 1) fail_msg("%s\n%s", broken[i], output);
        expect("--json shipping list", 0, "\"items\":[]");
    }
    (void)unlink(path);
    expect(arguments, 1, "rates.csv");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(method__is_made_shown_changed_and_removed, setup, teardown),
        cmocka_unit_test_setup_teardown(method__that_makes_no_sense_is_refused, setup, teardown),
        cmocka_unit_test_setup_teardown(table__becomes_methods_of_which_one_fits, setup, teardown),
        cmocka_unit_test_setup_teardown(table__with_a_broken_row_changes_nothing, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
