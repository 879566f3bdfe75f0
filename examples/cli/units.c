/* SPDX-License-Identifier: MIT */
/*
 * units.c - how things are named on the command line: a variant by its SKU or as #NUMBER, units of
 * an order's items as SKU=UNITS or #ITEM=UNITS with commas between, a customer by e-mail address, a
 * channel by its code, a moment as the library reads times.
 */
#include <stdlib.h>
#include <string.h>

#include "cli.h"

/* The number behind a #; false when the text is none. */
static bool read_number(const char *text, ec_id *out)
{
    if (text[0] != '#' || text[1] == '\0' || text[1 + strspn(text + 1, "0123456789")] != '\0')
        return false;
    *out = strtoll(text + 1, NULL, 10);
    return true;
}

ec_status cli_variant(cli *c, const char *text, ec_id *id)
{
    ec_variant *variant = NULL;
    ec_id number = 0;
    ec_status status = read_number(text, &number) ? ec_variant_get(c->session, number, &variant)
                                                  : ec_variant_by_sku(c->session, text, &variant);
    if (status == EC_OK) *id = variant->id;
    ec_free(variant);
    return status;
}

/* One SKU=UNITS, cut in place. */
static bool take(cli *c, const ec_order *order, char *text, ec_order_units *out)
{
    char *equals = strrchr(text, '=');
    ec_id number = 0;
    if (equals == NULL) {
        cli_error(c, CLI_USAGE, "\"%s\" is not SKU=UNITS", text);
        return false;
    }
    *equals = '\0';
    bool numbered = read_number(text, &number);
    for (size_t i = 0; i < order->items_count; i++) {
        const ec_order_item *item = &order->items[i];
        if (numbered ? item->id != number : item->sku == NULL || strcmp(item->sku, text) != 0)
            continue;
        out->order_item_id = item->id;
        return cli_number(c, text, equals + 1, &out->quantity);
    }
    cli_error(c, CLI_NOT_FOUND, "the order has no item \"%s\"", text);
    return false;
}

bool cli_units(cli *c, const ec_order *order, const char *text, ec_order_units *out, size_t *count)
{
    char *copy = strdup(text), *rest = copy;
    bool good = copy != NULL;
    *count = 0;
    while (good && rest != NULL) {
        char *comma = strchr(rest, ',');
        if (comma != NULL) *comma++ = '\0';
        good = *count < CLI_UNITS_MAX || cli_error(c, CLI_USAGE, "too many items") == CLI_OK;
        good = good && take(c, order, rest, &out[*count]);
        if (good) (*count)++;
        rest = comma;
    }
    free(copy);
    return good;
}

ec_status cli_user(cli *c, const char *email, ec_id *id)
{
    ec_user *user = NULL;
    if (email == NULL) return EC_OK;
    ec_status status = ec_user_by_email(c->session, email, &user);
    if (status == EC_OK) *id = user->id;
    ec_free(user);
    return status;
}

ec_status cli_channel(cli *c, const char *code, ec_id *id)
{
    ec_channel *channel = NULL;
    if (code == NULL) return EC_OK;
    ec_status status = ec_channel_by_code(c->session, code, &channel);
    if (status == EC_OK) *id = channel->id;
    ec_free(channel);
    return status;
}

bool cli_time(cli *c, const char *what, const char *text, ec_time *out)
{
    if (text == NULL || *text == '\0' || ec_time_parse(text, out) == EC_OK) return true;
    (void)cli_error(c, CLI_USAGE, "%s is no time, such as 2026-12-24", what);
    return false;
}
