/* SPDX-License-Identifier: MIT */
/*
 * promotion_report.c - promotions looked at on the command line before they apply.
 */
#include <sys/wait.h>
#include <unistd.h>

#include "harness/harness.h"

static char output[65536];
static char storage[256];

/* Run `ecommerce ARGUMENTS` with the test's shop and want this exit code. */
static void runs(const char *arguments, int code)
{
    char command[4096];
    snprintf(command, sizeof command, "ECOMMERCE_STORAGE=sqlite:%s %s/examples/ecommerce %s 2>&1",
             storage, EC_BINARY_DIR, arguments);
    FILE *pipe = popen(command, "r");
    assert_non_null(pipe);
    output[fread(output, 1, sizeof output - 1, pipe)] = '\0';
    int status = pclose(pipe);
    assert_true(WIFEXITED(status));
    if (WEXITSTATUS(status) != code)
        fail_msg("%s: exit %d\n%s", arguments, WEXITSTATUS(status), output);
}

static void says(const char *text)
{
    if (strstr(output, text) == NULL) fail_msg("\"%s\" is not in:\n%s", text, output);
}

static int setup(void **state)
{
    (void)state;
    snprintf(storage, sizeof storage, "%s", temp_path("shop.db"));
    unlink(storage);
    runs("init", 0);
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
    runs("product create Taza --price=5000 --sku=TAZ --quantity=7", 0);
    runs("promotion check", 0);
    write_draft(path, "{\"code\":\"ten\",\"name\":\"Ten\",\"conditions\":\"units >= 2\","
                      "\"actions\":\"order_percent_off(10%)\"}");
    snprintf(command, sizeof command, "promotion check %s", path);
    runs(command, 0);
    says("10.00 %");
    says("TAZ");
    snprintf(command, sizeof command, "--json promotion check %s", path);
    runs(command, 0);
    says("\"kind\":\"worst_case\"");
    runs("cart create", 0);
    runs("cart add 1 TAZ 2", 0);
    runs("cart checkout 1 --email=a@example.com --provider=manual --method=card"
         " --token=tok_ok --address='{\"name\":\"G\",\"street\":\"Uno 1\","
         "\"city\":\"Santiago\",\"country\":\"CL\"}'",
         0);
    snprintf(command, sizeof command, "promotion simulate %s --from=2020-01-01", path);
    runs(command, 0);
    says("1 of 1 orders");
    says("1000");
    snprintf(command, sizeof command, "--json promotion simulate %s --until=2020-01-01", path);
    runs(command, 0);
    says("\"orders_count\":0");
    snprintf(command, sizeof command, "promotion simulate %s --until=tomorrow", path);
    runs(command, 2);
    runs("promotion simulate nothing", 3);
    runs("promotion simulate nothing.json", 1);
    write_draft(path, "{\"code\":\"ten\",\"name\":\"Ten\",\"conditions\":\"units < 1\","
                      "\"actions\":\"order_percent_off(10%)\"}");
    snprintf(command, sizeof command, "promotion check %s", path);
    runs(command, 1);
    says("units < 1");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(promotion__is_looked_at_before_it_applies, setup),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
