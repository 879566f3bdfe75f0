/* SPDX-License-Identifier: MIT */
/*
 * quote.c - what goods would cost, and why: `ecommerce quote SKU:UNITS …`.
 *
 * Prints the explanation of the quote, every cent with its reason; with --json the quote itself. It
 * changes nothing.
 */
#include <stdlib.h>
#include <string.h>

#include "cli.h"

#define LINES_MAX 500
#define CODES_MAX 32

typedef struct asked {
    ec_quote_ask lines[LINES_MAX];
    char *texts[LINES_MAX]; /* SKUs */
    char *codes;            /* a copy of --coupon, cut at its commas */
    const char *coupons[CODES_MAX];
    ec_address address;
    ec_quote_request request;
} asked;

/* "SKU:UNITS", "SKU" for one, "#VARIANT:UNITS"; "@PRICE" behind it sets a price. */
static bool read_line(cli *c, asked *a, const char *text, size_t at)
{
    ec_quote_ask *line = &a->lines[at];
    *line = (ec_quote_ask){.quantity = 1, .unit_price = -1};
    a->texts[at] = strdup(text);
    if (a->texts[at] == NULL) return false;
    char *price = strrchr(a->texts[at], '@');
    if (price != NULL) {
        *price++ = '\0';
        if (!cli_number(c, "price", price, &line->unit_price)) return false;
    }
    char *units = strrchr(a->texts[at], ':');
    if (units != NULL) {
        *units++ = '\0';
        if (!cli_number(c, "units", units, &line->quantity)) return false;
    }
    line->sku = a->texts[at];
    if (a->texts[at][0] != '#') return true;
    line->sku = NULL;
    return cli_number(c, "variant", a->texts[at] + 1, &line->variant_id);
}

static bool read_coupons(asked *a, const char *text)
{
    if (text == NULL) return true;
    a->codes = strdup(text);
    for (char *code = a->codes; code != NULL && a->request.coupons_count < CODES_MAX;) {
        char *comma = strchr(code, ',');
        if (comma != NULL) *comma++ = '\0';
        a->coupons[a->request.coupons_count++] = code;
        code = comma;
    }
    a->request.coupons = a->coupons;
    return a->codes != NULL;
}

/* As much of an address as was said. */
static void read_place(cli *c, asked *a)
{
    a->address = (ec_address){.country = cli_value(c, "country"),
                              .region = cli_value(c, "region"),
                              .city = cli_value(c, "city"),
                              .postal_code = cli_value(c, "postcode")};
    if (a->address.country != NULL || a->address.region != NULL || a->address.city != NULL ||
        a->address.postal_code != NULL)
        a->request.shipping_address = &a->address;
}

static int show(cli *c, const ec_quote *quote)
{
    char *text = NULL;
    if (c->json) return cli_print(c, "quote", quote);
    ec_status status = ec_quote_explain(c->session, quote, &text);
    if (status != EC_OK) return cli_fail(c, status);
    (void)fputs(text, stdout);
    ec_free(text);
    return CLI_OK;
}

static int ask(cli *c, asked *a)
{
    ec_quote *quote = NULL;
    ec_quote_request *request = &a->request;
    request->lines = a->lines;
    request->lines_count = (size_t)c->count;
    request->shipping_method = cli_value(c, "shipping");
    request->payment_method = cli_value(c, "payment");
    read_place(c, a);
    for (int i = 0; i < c->count; i++)
        if (!read_line(c, a, c->arguments[i], (size_t)i)) return CLI_USAGE;
    if (!read_coupons(a, cli_value(c, "coupon"))) return cli_fail(c, EC_NO_MEMORY);
    if (!cli_time(c, "--at", cli_value(c, "at"), &request->at)) return CLI_USAGE;
    ec_status status = cli_user(c, cli_value(c, "customer"), &request->user_id);
    if (status == EC_OK) status = cli_channel(c, cli_value(c, "channel"), &request->channel_id);
    if (status == EC_OK) status = ec_quote_make(c->session, request, &quote);
    int code = status == EC_OK ? show(c, quote) : cli_fail(c, status);
    ec_free(quote);
    return code;
}

int cli_quote(cli *c)
{
    if (c->count > LINES_MAX)
        return cli_error(c, CLI_USAGE, "a quote has at most %d lines", LINES_MAX);
    asked *a = calloc(1, sizeof(*a));
    if (a == NULL) return cli_error(c, CLI_FAILED, "memory is out");
    a->request = (ec_quote_request)EC_QUOTE_REQUEST_INIT;
    int code = ask(c, a);
    for (int i = 0; i < c->count; i++)
        free(a->texts[i]);
    free(a->codes);
    free(a);
    return code;
}
