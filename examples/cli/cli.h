/* SPDX-License-Identifier: MIT */
/*
 * cli.h - what the commands of `ecommerce` share: the table of commands, options, output, exit
 * codes.
 *
 * A command is one row (commands.c) and one function. Help, completion and the man page are made
 * from the rows. Data goes to stdout, everything else to stderr. With --json, stdout is one JSON
 * document.
 */
#ifndef EC_CLI_H
#define EC_CLI_H

#include <ecommerce.h>
#include <stdio.h>

/* Exit codes; see docs/cli.md. */
enum cli_exit {
    CLI_OK = 0,
    CLI_FAILED = 1,
    CLI_USAGE = 2,
    CLI_NOT_FOUND = 3,
    CLI_CONFLICT = 4,
    CLI_DAMAGED = 6, /* verify found damage */
    CLI_TEMPORARY = 75
};

#define CLI_OPTIONS_MAX 32
#define CLI_UNITS_MAX 100 /* items that one command names */

/* An option of a command: --name=VALUE, or a flag when value is NULL. */
typedef struct cli_option {
    const char *name;
    const char *value;
    const char *help;
} cli_option;

typedef struct cli cli;

/* A command: `ecommerce <noun> [<verb>] <arguments>`. */
typedef struct cli_command {
    const char *noun;
    const char *verb;          /* NULL: the noun alone */
    const char *arguments;     /* for the usage line */
    const char *summary;       /* one line */
    int least, most;           /* number of arguments; most -1: any */
    const cli_option *options; /* ended by one without name; NULL: none */
    int (*run)(cli *c);
    enum cli_shop {
        CLI_NO_SHOP,
        CLI_SHOP,
        CLI_SHOP_NEW,  /* made when it is not there */
        CLI_SHOP_AS_IS /* not migrated */
    } shop;
} cli_command;

/* All commands, ended by one without noun. */
extern const cli_command cli_commands[];

/* One run of the program. */
struct cli {
    const char *storage; /* URI of the shop */
    const char *currency;
    bool json, quiet, color, yes;
    bool tty;  /* stderr is a terminal: progress is shown */
    bool made; /* the shop was not there before */
    const cli_command *command;
    const char *noun; /* without a command: the group that was named, or NULL */
    int count;        /* of arguments */
    char **arguments;
    const char *values[CLI_OPTIONS_MAX]; /* by option; a flag's is "" */
    ec_engine *engine;
    ec_session *session;
};

/* The value of an option by name, or NULL. */
const char *cli_value(const cli *c, const char *name);
/* An option or argument as a number: false (and a message) when it is none. */
bool cli_number(cli *c, const char *what, const char *text, int64_t *out);

/* Say why the last call failed and return the exit code for it. */
int cli_fail(cli *c, ec_status status);
__attribute__((format(printf, 3, 4))) int cli_error(cli *c, int code, const char *format, ...);
/* "path: why", for the error number of the last system call; returns CLI_FAILED. */
int cli_errno(cli *c, const char *path);
__attribute__((format(printf, 2, 3))) void cli_say(const cli *c, const char *format, ...);

/* Write a text as a JSON string; bytes that are no UTF-8 become U+FFFD. NULL is null. */
void cli_json_string(FILE *to, const char *text);
/* With --json: print {"name":"path"}. */
void cli_json_path(const cli *c, const char *name, const char *path);
/* Do both names lead to one file? No when one of them leads nowhere. */
bool cli_is_same_file(const char *one, const char *other);

/* Print an object: JSON with --json, otherwise its fields one a line. Frees nothing. */
int cli_print(cli *c, const char *entity, const void *object);
/* Print a listing (an ec_x_list of `entity`) with some of its fields as columns. */
int cli_print_list(cli *c, const char *list_entity, const void *list, const char *columns);

/* The variant of a SKU, or of #NUMBER. */
ec_status cli_variant(cli *c, const char *text, ec_id *id);
/* The customer of an e-mail address, the channel of a code; *id is left alone for NULL. */
ec_status cli_user(cli *c, const char *email, ec_id *id);
ec_status cli_channel(cli *c, const char *code, ec_id *id);
/* An option or argument as a moment: false (and a message) when it is none; NULL and "" say
   nothing. */
bool cli_time(cli *c, const char *what, const char *text, ec_time *out);
/* Units of an order's items out of "SKU=UNITS,#ITEM=UNITS"; false (and a message) when it is no
   such text. out: room for CLI_UNITS_MAX. */
bool cli_units(cli *c, const ec_order *order, const char *text, ec_order_units *out, size_t *count);

/* The account of --gift-card=CODE or --credit=ID; false (and a message) for a bad number. */
bool cli_tender(cli *c, ec_credit_tender *tender);

/* The rest of the interface, for help.c. */
void cli_usage(FILE *to, const cli_command *command);
/* The commands of a noun, one a line. */
void cli_usage_group(FILE *to, const char *noun);
int cli_help(cli *c);
int cli_completion(cli *c);
int cli_man(cli *c);
int cli_version(cli *c);

/* The commands. */
int cli_init(cli *c);
int cli_migrate(cli *c);
int cli_migrate_status(cli *c);
int cli_import(cli *c);
int cli_export(cli *c);
int cli_product_list(cli *c);
int cli_product_get(cli *c);
int cli_product_create(cli *c);
int cli_product_update(cli *c);
int cli_product_delete(cli *c);
int cli_category_list(cli *c);
int cli_category_create(cli *c);
int cli_category_move(cli *c);
int cli_group_list(cli *c);
int cli_group_create(cli *c);
int cli_group_delete(cli *c);
int cli_group_users(cli *c);
int cli_group_add(cli *c);
int cli_group_remove(cli *c);
int cli_pricelist_list(cli *c);
int cli_pricelist_show(cli *c);
int cli_pricelist_create(cli *c);
int cli_pricelist_update(cli *c);
int cli_price_list(cli *c);
int cli_price_set(cli *c);
int cli_price_remove(cli *c);
int cli_price_schedule(cli *c);
int cli_price_unschedule(cli *c);
int cli_price_history(cli *c);
int cli_price_prior(cli *c);
int cli_price_bulk(cli *c);
int cli_price_sweep(cli *c);
int cli_price_import(cli *c);
int cli_price_export(cli *c);
int cli_stock_list(cli *c);
int cli_stock_adjust(cli *c);
int cli_stock_set(cli *c);
int cli_stock_transfer(cli *c);
int cli_shipping_list(cli *c);
int cli_shipping_show(cli *c);
int cli_shipping_create(cli *c);
int cli_shipping_update(cli *c);
int cli_shipping_archive(cli *c);
int cli_shipping_delete(cli *c);
int cli_shipping_import(cli *c);
int cli_shipping_categories(cli *c);
int cli_shipping_category(cli *c);
int cli_promotion_list(cli *c);
int cli_promotion_show(cli *c);
int cli_promotion_create(cli *c);
int cli_promotion_update(cli *c);
int cli_promotion_activate(cli *c);
int cli_promotion_archive(cli *c);
int cli_promotion_move(cli *c);
int cli_promotion_delete(cli *c);
int cli_coupon_list(cli *c);
int cli_coupon_show(cli *c);
int cli_coupon_create(cli *c);
int cli_coupon_generate(cli *c);
int cli_coupon_disable(cli *c);
int cli_coupon_delete(cli *c);
int cli_zone_list(cli *c);
int cli_zone_show(cli *c);
int cli_zone_create(cli *c);
int cli_zone_update(cli *c);
int cli_zone_delete(cli *c);
int cli_zone_match(cli *c);
int cli_tax_preset(cli *c);
int cli_tax_import(cli *c);
int cli_tax_categories(cli *c);
int cli_tax_category(cli *c);
int cli_tax_rates(cli *c);
int cli_tax_rate(cli *c);
int cli_tax_delete(cli *c);
int cli_tax_exemptions(cli *c);
int cli_tax_exempt(cli *c);
int cli_tax_charge(cli *c);
int cli_tax_number(cli *c);
int cli_promotion_check(cli *c);
int cli_promotion_simulate(cli *c);
int cli_quote(cli *c);
int cli_cart_create(cli *c);
int cli_cart_coupon(cli *c);
int cli_cart_ship(cli *c);
int cli_cart_get(cli *c);
int cli_cart_add(cli *c);
int cli_cart_set(cli *c);
int cli_cart_checkout(cli *c);
int cli_order_list(cli *c);
int cli_order_get(cli *c);
int cli_order_history(cli *c);
int cli_order_next(cli *c);
int cli_order_apply(cli *c);
int cli_order_cancel(cli *c);
int cli_order_ship(cli *c);
int cli_order_deliver(cli *c);
int cli_order_return(cli *c);
int cli_return_apply(cli *c);
int cli_order_capture(cli *c);
int cli_payment_reconcile(cli *c);
int cli_order_pay(cli *c);
int cli_order_refund(cli *c);
int cli_order_ledger(cli *c);
int cli_giftcard_issue(cli *c);
int cli_giftcard_show(cli *c);
int cli_giftcard_list(cli *c);
int cli_giftcard_disable(cli *c);
int cli_giftcard_enable(cli *c);
int cli_credit_issue(cli *c);
int cli_credit_adjust(cli *c);
int cli_credit_show(cli *c);
int cli_credit_history(cli *c);
int cli_credit_expire(cli *c);
int cli_report(cli *c);
int cli_verify(cli *c);
int cli_backup(cli *c);
int cli_restore(cli *c);
int cli_bench(cli *c);

#endif
