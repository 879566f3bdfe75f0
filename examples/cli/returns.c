/* SPDX-License-Identifier: MIT */
/*
 * returns.c - the commands on goods that come back.
 */
#include "cli.h"

static int show(cli *c, ec_status status, ec_order *order)
{
    int code = status == EC_OK ? cli_print(c, "order", order) : cli_fail(c, status);
    ec_free(order);
    return code;
}

int cli_order_return(cli *c)
{
    ec_order *order = NULL, *after = NULL;
    ec_order_units units[CLI_UNITS_MAX];
    ec_return_item items[CLI_UNITS_MAX];
    ec_return request = {.reason = cli_value(c, "reason"), .items = items};
    ec_status status = ec_order_by_number(c->session, c->arguments[0], &order);
    if (status != EC_OK) return cli_fail(c, status);
    bool good = cli_units(c, order, c->arguments[1], units, &request.items_count);
    ec_id id = order->id;
    ec_free(order);
    if (!good) return CLI_USAGE;
    for (size_t i = 0; i < request.items_count; i++)
        items[i] = (ec_return_item){.order_item_id = units[i].order_item_id,
                                    .quantity = units[i].quantity,
                                    .restock = cli_value(c, "no-restock") == NULL};
    status = ec_return_request(c->session, id, &request, &after);
    return show(c, status, after);
}

int cli_return_apply(cli *c)
{
    ec_id id = 0;
    ec_order *order = NULL;
    if (!cli_number(c, "return", c->arguments[0], &id)) return CLI_USAGE;
    ec_status status = ec_return_apply(c->session, id, c->arguments[1], 0, &order);
    return show(c, status, order);
}
