/* SPDX-License-Identifier: MIT */
/*
 * credit.c - gift cards, store credit and the ledger of an order on the command line.
 */
#include "harness/program.h"

static int setup(void **state)
{
    (void)state;
    assert_int_equal(program_open("shop.db", ""), 0);
    ec_engine *engine = shop_open_file(program_shop);
    (void)shop_customer(engine, "ana@example.com");
    shop_close(engine);
    return 0;
}

/* The code of the card that was just issued as JSON. */
static void read_code(char code[32])
{
    const char *at = strstr(program_output, "\"code\":\"");
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
    program_runs("product create Taza --price=4990 --sku=TAZ --quantity=7", 0);
    program_runs("--json giftcard issue 3000 --note=winter --expires=2999-12-31", 0);
    read_code(code);
    program_runs("cart create", 0);
    program_runs("cart add 1 TAZ 2", 0);
    snprintf(command, sizeof command, "--json cart checkout 1 --gift-card=%s" CHECKOUT, code);
    program_runs(command, 0);
    program_says("\"paid_amount\":3000");
    program_says("\"due_amount\":6980");
    snprintf(command, sizeof command, "giftcard show %s", code);
    program_runs(command, 0);
    program_says("winter");
    program_runs("giftcard issue 10000", 0);
    program_runs("giftcard disable '#2'", 0);
    program_says("disabled");
    program_runs("order pay 1001 0 --credit=2 --key=k", 1);
    program_says("disabled");
    program_runs("giftcard enable '#2'", 0);
    program_runs("--json order pay 1001 0 --credit=2 --key=k", 0);
    program_says("\"payment_status\":\"paid\"");
    program_runs("giftcard list --status=active", 0);
    program_says("3020");
    program_runs("order ledger 1001", 0);
    program_says("owed");
    program_says("gift_card");
    program_runs("--json order refund 1001 --amount=500 --key=r --to-credit", 1); /* a visitor's */
    program_says("to_credit");
    program_runs("order refund 1001 --amount=500 --key=r", 0);
    program_runs("credit history 1", 0);
    program_says("refund");
    program_runs("verify", 0);
}

static void credit__is_given_and_corrected(void **state)
{
    (void)state;
    program_runs("credit issue ana@example.com 5000 --note=sorry", 0);
    program_says("5000");
    program_runs("credit issue nobody@example.com 5000", 3);
    program_runs("credit adjust 1 -1000 --note=typo", 0);
    program_says("4000");
    program_runs("credit adjust 1 -9000", 1);
    program_says("amount");
    program_runs("credit show ana@example.com", 0);
    program_says("store_credit");
    program_runs("credit history 1", 0);
    program_says("typo");
    program_runs("giftcard show 0000-0000-0000-0000", 3);
    program_runs("giftcard issue 100 --expires=2001-01-01", 1);
    program_says("expires_at");
    program_runs("giftcard issue 100 --expires='\"'", 1);
    program_runs("--json credit expire", 0);
    program_says("{\"ended\":0}");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(giftcard__pays_on_the_command_line, setup),
        cmocka_unit_test_setup(credit__is_given_and_corrected, setup),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
