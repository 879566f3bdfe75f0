/* SPDX-License-Identifier: MIT */
/*
 * promotion_report.c - promotions looked at on the command line before they apply.
 */
#include "harness/program.h"

static int setup(void **state)
{
    (void)state;
    assert_int_equal(program_open("shop.db", ""), 0);
    return 0;
}

static void write_draft(const char *path, const char *json)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    (void)fputs(json, file);
    assert_int_equal(fclose(file), 0);
}

static void promotion__is_looked_at_before_it_applies(void **state)
{
    (void)state;
    char command[2048];
    char path[1024];
    snprintf(path, sizeof path, "%s", temp_path("draft.json"));
    program_runs("product create Taza --price=5000 --sku=TAZ --quantity=7", 0);
    program_runs("promotion check", 0);
    write_draft(path, "{\"code\":\"ten\",\"name\":\"Ten\",\"conditions\":\"units >= 2\","
                      "\"actions\":\"order_percent_off(10%)\"}");
    snprintf(command, sizeof command, "promotion check %s", path);
    program_runs(command, 0);
    program_says("10.00 %");
    program_says("TAZ");
    snprintf(command, sizeof command, "--json promotion check %s", path);
    program_runs(command, 0);
    program_says("\"kind\":\"worst_case\"");
    program_runs("cart create", 0);
    program_runs("cart add 1 TAZ 2", 0);
    program_runs("cart checkout 1 --email=a@example.com --provider=manual --method=card"
                 " --token=tok_ok --address='{\"name\":\"G\",\"street\":\"Uno 1\","
                 "\"city\":\"Santiago\",\"country\":\"CL\"}'",
                 0);
    snprintf(command, sizeof command, "promotion simulate %s --from=2020-01-01", path);
    program_runs(command, 0);
    program_says("1 of 1 orders");
    program_says("1000");
    snprintf(command, sizeof command, "--json promotion simulate %s --until=2020-01-01", path);
    program_runs(command, 0);
    program_says("\"orders_count\":0");
    snprintf(command, sizeof command, "promotion simulate %s --until=tomorrow", path);
    program_runs(command, 2);
    program_runs("promotion simulate nothing", 3);
    program_runs("promotion simulate nothing.json", 1);
    write_draft(path, "{\"code\":\"ten\",\"name\":\"Ten\",\"conditions\":\"units < 1\","
                      "\"actions\":\"order_percent_off(10%)\"}");
    snprintf(command, sizeof command, "promotion check %s", path);
    program_runs(command, 1);
    program_says("units < 1");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(promotion__is_looked_at_before_it_applies, setup),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
