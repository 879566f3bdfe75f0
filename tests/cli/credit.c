/* SPDX-License-Identifier: MIT */
/*
 * credit.c - gift cards, store credit and the ledger of an order on the command line.
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
    ec_engine *engine = shop_open_file(storage);
    (void)shop_customer(engine, "ana@example.com");
    shop_close(engine);
    return 0;
}

/* The code of the card that was just issued as JSON. */
static void read_code(char code[32])
{
    const char *at = strstr(output, "\"code\":\"");
    assert_non_null(at);
    snprintf(code, 20, "%s", at + 8);
}

#define CHECKOUT                                                                                   \
    " --email=a@example.com --address='{\"name\":\"G\",\"street\":\"Uno 1\",\"city\":"             \
    "\"Santiago\",\"country\":\"CL\"}'"

static void giftcard__pays_on_the_command_line(void **state)
{
    (void)state;
    char code[32], command[512];
    runs("product create Taza --price=4990 --sku=TAZ --quantity=7", 0);
    runs("--json giftcard issue 3000 --note=winter --expires=2999-12-31", 0);
    read_code(code);
    runs("cart create", 0);
    runs("cart add 1 TAZ 2", 0);
    snprintf(command, sizeof command, "--json cart checkout 1 --gift-card=%s" CHECKOUT, code);
    runs(command, 0);
    says("\"paid_amount\":3000");
    says("\"due_amount\":6980");
    snprintf(command, sizeof command, "giftcard show %s", code);
    runs(command, 0);
    says("winter");
    runs("giftcard issue 10000", 0);
    runs("giftcard disable '#2'", 0);
    says("disabled");
    runs("order pay 1001 0 --credit=2 --key=k", 1);
    says("disabled");
    runs("giftcard enable '#2'", 0);
    runs("--json order pay 1001 0 --credit=2 --key=k", 0);
    says("\"payment_status\":\"paid\"");
    runs("giftcard list --status=active", 0);
    says("3020");
    runs("order ledger 1001", 0);
    says("owed");
    says("gift_card");
    runs("--json order refund 1001 --amount=500 --key=r --to-credit", 1); /* a visitor's */
    says("to_credit");
    runs("order refund 1001 --amount=500 --key=r", 0);
    runs("credit history 1", 0);
    says("refund");
    runs("verify", 0);
}

static void credit__is_given_and_corrected(void **state)
{
    (void)state;
    runs("credit issue ana@example.com 5000 --note=sorry", 0);
    says("5000");
    runs("credit issue nobody@example.com 5000", 3);
    runs("credit adjust 1 -1000 --note=typo", 0);
    says("4000");
    runs("credit adjust 1 -9000", 1);
    says("amount");
    runs("credit show ana@example.com", 0);
    says("store_credit");
    runs("credit history 1", 0);
    says("typo");
    runs("giftcard show 0000-0000-0000-0000", 3);
    runs("giftcard issue 100 --expires=2001-01-01", 1);
    says("expires_at");
    runs("giftcard issue 100 --expires='\"'", 1);
    runs("--json credit expire", 0);
    says("{\"ended\":0}");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(giftcard__pays_on_the_command_line, setup),
        cmocka_unit_test_setup(credit__is_given_and_corrected, setup),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
