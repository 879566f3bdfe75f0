/* SPDX-License-Identifier: MIT */
/*
 * tax.c - zones and taxes on the command line.
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
    (void)snprintf(storage, sizeof storage, "%s", temp_path("tax.db"));
    (void)unlink(storage);
    return run("init");
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

static void zone__is_made_matched_changed_and_removed(void **state)
{
    (void)state;
    expect("zone create es Spain ES", 0, "Spain");
    expect("zone create canary 'Canary Islands' 'postcode:ES/35*' postcode:ES/38000..38999"
           " 'city:ES/La Laguna' --scope=tax",
           0, "canary");
    expect("zone create world World zone:es '*'", 0, "world");
    expect("--json zone show canary", 0,
           "{\"country\":\"ES\",\"value\":\"35*\",\"kind\":\"postcode\"}");
    expect("zone match ES --postcode=35001", 0, "canary");
    expect("zone match ES --city='la laguna'", 0, "canary");
    expect("zone match ES --postcode=35001 --shipping", 0, "Spain");
    expect("zone match AR", 0, "world");
    expect("zone update canary 'postcode:ES/35*'", 0, "canary");
    expect("zone match ES --postcode=38001", 0, "Spain");
    expect("zone list", 0, "canary");
    expect("zone delete es", 4, "in use");
    expect("zone delete world", 0, "deleted");
    expect("zone delete es", 0, "deleted");
    expect("zone match CL", 3, "no zone");
}

static void zone__refuses_what_it_does_not_understand(void **state)
{
    (void)state;
    expect("zone create x X place:CL", 2, "such as CL");
    expect("zone create x X region:CL", 2, "such as CL");
    expect("zone create x X ZZ", 1, "members[0].value");
    expect("zone create x X CL --scope=some", 2, "all, tax or shipping");
    expect("zone show nowhere", 3, "no such");
}

static void tax__of_chile_comes_with_one_command(void **state)
{
    (void)state;
    expect("tax preset CL", 0, "rates");
    expect("--json tax preset CL", 0, "\"rates\":0,\"changed\":0,\"unchanged\":1");
    expect("--json tax rates --zone=cl", 0, "\"rate\":19");
    expect("tax categories", 0, "standard");
    expect("tax preset AQ", 3, "no preset");
}

static void tax__rates_are_added_and_removed(void **state)
{
    (void)state;
    expect("zone create us-ny 'New York' region:US/NY", 0, "us-ny");
    expect("tax category standard Standard --default", 0, "standard");
    expect("--json tax rate us-ny standard 8.875 --added --name='Sales \"tax\"'"
           " --from=2026-01-01 --until=2027-01-01",
           0, "\"rate\":8.875");
    expect("--json tax rates --category=standard", 0, "Sales \\\"tax\\\"");
    expect("--json tax rates", 0, "2026-01-01T00:00:00");
    expect("tax rate us-ny standard x", 2, "per cent");
    expect("tax rate us-ny standard 1.23456", 1, "rate");
    expect("tax rate us-ny standard 4 --from=soon", 1, "valid_from");
    expect("tax rate nowhere standard 4", 3, "zone");
    expect("tax delete 1", 0, "deleted");
    expect("tax delete 1", 3, "no such");
    expect("tax exempt nobody@example.com", 3, "no such");
    expect("tax exemptions", 0, "");
    expect("tax number nobody@example.com CL 76.192.083-9", 3, "no such");
}

static void tax__tables_are_taken_in_twice_without_change(void **state)
{
    (void)state;
    char command[600];
    const char *path = data_path("reference/tax/eu-vat-rates.json");
    expect("tax import nothing.json --eu", 1, "nothing.json");
    expect("tax import nothing.json", 2, "--eu or --sales");
    if (path == NULL) return;
    (void)snprintf(command, sizeof command, "--json tax import '%s' --eu", path);
    expect(command, 0, "\"zones\":");
    expect(command, 0, "\"zones\":0,\"categories\":0,\"rates\":0,\"changed\":0");
    expect("zone match PT --postcode=9500-001", 0, "Azores");
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(zone__is_made_matched_changed_and_removed),
        CASE(zone__refuses_what_it_does_not_understand),
        CASE(tax__of_chile_comes_with_one_command),
        CASE(tax__rates_are_added_and_removed),
        CASE(tax__tables_are_taken_in_twice_without_change),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
