/* SPDX-License-Identifier: MIT */
/*
 * tax.c - zones and taxes on the command line.
 */
#include "harness/program.h"

static int setup(void **state)
{
    (void)state;
    return program_open("tax.db", "");
}

static void zone__is_made_matched_changed_and_removed(void **state)
{
    (void)state;
    program_expect("zone create es Spain ES", 0, "Spain");
    program_expect("zone create canary 'Canary Islands' 'postcode:ES/35*' postcode:ES/38000..38999"
                   " 'city:ES/La Laguna' --scope=tax",
                   0, "canary");
    program_expect("zone create world World zone:es '*'", 0, "world");
    program_expect("--json zone show canary", 0,
                   "{\"country\":\"ES\",\"value\":\"35*\",\"kind\":\"postcode\"}");
    program_expect("zone match ES --postcode=35001", 0, "canary");
    program_expect("zone match ES --city='la laguna'", 0, "canary");
    program_expect("zone match ES --postcode=35001 --shipping", 0, "Spain");
    program_expect("zone match AR", 0, "world");
    program_expect("zone update canary 'postcode:ES/35*'", 0, "canary");
    program_expect("zone match ES --postcode=38001", 0, "Spain");
    program_expect("zone list", 0, "canary");
    program_expect("zone delete es", 4, "in use");
    program_expect("zone delete world", 0, "deleted");
    program_expect("zone delete es", 0, "deleted");
    program_expect("zone match CL", 3, "no zone");
}

static void zone__refuses_what_it_does_not_understand(void **state)
{
    (void)state;
    program_expect("zone create x X place:CL", 2, "such as CL");
    program_expect("zone create x X region:CL", 2, "such as CL");
    program_expect("zone create x X ZZ", 1, "members[0].value");
    program_expect("zone create x X CL --scope=some", 2, "all, tax or shipping");
    program_expect("zone show nowhere", 3, "no such");
}

static void tax__of_chile_comes_with_one_command(void **state)
{
    (void)state;
    program_expect("tax preset CL", 0, "rates");
    program_expect("--json tax preset CL", 0, "\"rates\":0,\"changed\":0,\"unchanged\":1");
    program_expect("--json tax rates --zone=cl", 0, "\"rate\":19");
    program_expect("tax categories", 0, "standard");
    program_expect("tax preset AQ", 3, "no preset");
}

static void tax__rates_are_added_and_removed(void **state)
{
    (void)state;
    program_expect("zone create us-ny 'New York' region:US/NY", 0, "us-ny");
    program_expect("tax category standard Standard --default", 0, "standard");
    program_expect("--json tax rate us-ny standard 8.875 --added --name='Sales \"tax\"'"
                   " --from=2026-01-01 --until=2027-01-01",
                   0, "\"rate\":8.875");
    program_expect("--json tax rates --category=standard", 0, "Sales \\\"tax\\\"");
    program_expect("--json tax rates", 0, "2026-01-01T00:00:00");
    program_expect("tax rate us-ny standard x", 2, "per cent");
    program_expect("tax rate us-ny standard 1.23456", 1, "rate");
    program_expect("tax rate us-ny standard 4 --from=soon", 1, "valid_from");
    program_expect("tax rate nowhere standard 4", 3, "zone");
    program_expect("tax delete 1", 0, "deleted");
    program_expect("tax delete 1", 3, "no such");
    program_expect("tax exempt nobody@example.com", 3, "no such");
    program_expect("tax exemptions", 0, "");
    program_expect("tax number nobody@example.com CL 76.192.083-9", 3, "no such");
}

static void tax__tables_are_taken_in_twice_without_change(void **state)
{
    (void)state;
    char command[600];
    const char *path = data_path("reference/tax/eu-vat-rates.json");
    program_expect("tax import nothing.json --eu", 1, "nothing.json");
    program_expect("tax import nothing.json", 2, "--eu or --sales");
    if (path == NULL) return;
    (void)snprintf(command, sizeof command, "--json tax import '%s' --eu", path);
    program_expect(command, 0, "\"zones\":");
    program_expect(command, 0, "\"zones\":0,\"categories\":0,\"rates\":0,\"changed\":0");
    program_expect("zone match PT --postcode=9500-001", 0, "Azores");
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, program_close)

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
