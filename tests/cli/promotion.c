/* SPDX-License-Identifier: MIT */
/*
 * promotion.c - promotions and coupons on the command line.
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
    (void)snprintf(storage, sizeof storage, "%s", temp_path("promotion.db"));
    (void)unlink(storage);
    return run("init --currency=CLP");
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

static void promotion__is_made_changed_moved_and_removed(void **state)
{
    (void)state;
    expect("promotion create summer Summer 'order_percent_off(10%); free_shipping()'"
           " --conditions='total >= 20000 CLP' --channels=default --tags=a,b --with=b --uses=100"
           " --each=1 --budget='50000 CLP' --lane=2 --competes=best --coupon --exclusive --stops"
           " --spares --from=2026-01-01 --until=2026-12-31 --description=Hot",
           0, "free_shipping()");
    expect("--json promotion show summer", 0, "\"tags\":[\"a\",\"b\"]");
    expect("--json promotion show summer", 0, "\"budget\":50000,");
    expect("--json promotion show summer", 0, "\"competes\":\"best\"");
    expect("promotion create prices Prices 'percent_off(5%, on: brand = 1)' --catalog --draft", 0,
           "catalog");
    expect("promotion list --kind=catalog", 0, "prices");
    expect("promotion list --status=draft", 0, "prices");
    expect("promotion activate prices", 0, "active");
    expect("promotion update summer --set='{\"name\":\"Verano\"}' --version=1", 0, "Verano");
    expect("promotion update summer --set='{\"name\":\"Otro\"}' --version=1", 4, "version");
    expect("promotion move summer 5", 0, "Verano");
    expect("promotion archive summer", 0, "archived");
    expect("promotion delete summer", 0, "deleted");
    expect("promotion show summer", 3, "no such promotion");
}

static void promotion__says_what_is_wrong_and_where(void **state)
{
    (void)state;
    expect("promotion create a A 'order_percent_of(10%)'", 1, "byte 0");
    expect("promotion create a A 'free_shipping()' --conditions='units >='", 1, "byte 8");
    expect("promotion create a A 'free_shipping()' --budget=many", 2, "--budget");
    expect("promotion create a A 'free_shipping()' --competes=often", 2, "--competes");
    expect("promotion create a A 'free_shipping()' --lane=x", 2, "whole number");
    expect("promotion update a", 2, "--set");
}

static void coupon__is_made_generated_and_switched_off(void **state)
{
    (void)state;
    assert_int_equal(run("promotion create ten Ten 'order_percent_off(10%)' --coupon"), 0);
    expect("coupon create ten TEN-1 --uses=1 --each=1 --expires=2099-01-01 --reusable", 0, "TEN-1");
    expect("coupon show ten-1", 0, "TEN-1");
    expect("coupon generate ten 50 --pattern='T-####-?\?'", 0, "T-");
    expect("coupon generate ten 5 --prefix=P --suffix=S --length=4 --alphabet=01234567", 0, "P");
    expect("coupon generate ten 9 --length=1", 1, "possible codes");
    expect("coupon list --promotion=ten --limit=2", 0, "--cursor=");
    expect("coupon disable ten-1", 0, "no");
    expect("coupon delete ten-1", 0, "deleted");
    expect("coupon show ten-1", 3, "no such coupon");
    expect("coupon create none X", 3, "no such promotion");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(promotion__is_made_changed_moved_and_removed, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(promotion__says_what_is_wrong_and_where, setup, teardown),
        cmocka_unit_test_setup_teardown(coupon__is_made_generated_and_switched_off, setup,
                                        teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
