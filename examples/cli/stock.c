/* SPDX-License-Identifier: MIT */
/*
 * stock.c - the commands on stock.
 */
#include "cli.h"

static int show(cli *c, ec_status status, const char *entity, void *object)
{
    int code = status == EC_OK ? cli_print(c, entity, object) : cli_fail(c, status);
    ec_free(object);
    return code;
}

/* The identifiers of a SKU and of a warehouse's code. */
static ec_status find(cli *c, const char *sku, const char *code, ec_id *variant_id,
                      ec_id *warehouse_id)
{
    ec_warehouse *warehouse = NULL;
    ec_status status = cli_variant(c, sku, variant_id);
    if (status != EC_OK) return status;
    status = ec_warehouse_by_code(c->session, code != NULL ? code : "main", &warehouse);
    if (status == EC_OK) *warehouse_id = warehouse->id;
    ec_free(warehouse);
    return status;
}

int cli_stock_list(cli *c)
{
    ec_page page = {.cursor = cli_value(c, "cursor")};
    ec_stock_filter filter = {.low = cli_value(c, "low") != NULL};
    ec_stock_level_list *list = NULL;
    const char *limit = cli_value(c, "limit");
    const char *code = cli_value(c, "warehouse");
    if (limit != NULL && !cli_number(c, "--limit", limit, &page.limit)) return CLI_USAGE;
    ec_status status = EC_OK;
    if (c->count > 0) status = cli_variant(c, c->arguments[0], &filter.variant_id);
    if (status == EC_OK && code != NULL) {
        ec_warehouse *warehouse = NULL;
        status = ec_warehouse_by_code(c->session, code, &warehouse);
        if (status == EC_OK) filter.warehouse_id = warehouse->id;
        ec_free(warehouse);
    }
    if (status == EC_OK) status = ec_stock_find(c->session, &filter, &page, &list);
    if (status != EC_OK) return cli_fail(c, status);
    int done = cli_print_list(c, "inventory_list", list,
                              "variant_id,warehouse_id,on_hand,committed,available,incoming,"
                              "damaged,safety_stock,reorder_point");
    ec_free(list);
    return done;
}

int cli_stock_adjust(cli *c)
{
    ec_stock_change change = {.reason = cli_value(c, "reason"), .kind = EC_MOVEMENT_ADJUSTMENT};
    ec_stock_level *level = NULL;
    if (!cli_number(c, "change", c->arguments[1], &change.on_hand)) return CLI_USAGE;
    ec_status status = find(c, c->arguments[0], cli_value(c, "warehouse"), &change.variant_id,
                            &change.warehouse_id);
    if (status == EC_OK) status = ec_stock_adjust(c->session, &change, &level);
    return show(c, status, "inventory", level);
}

int cli_stock_set(cli *c)
{
    ec_stock_count count = {.reason = cli_value(c, "reason")};
    ec_stock_level *level = NULL;
    const char *expected = cli_value(c, "expected");
    if (!cli_number(c, "units", c->arguments[1], &count.on_hand)) return CLI_USAGE;
    if (expected != NULL && !cli_number(c, "--expected", expected, &count.expected))
        return CLI_USAGE;
    ec_status status =
        find(c, c->arguments[0], cli_value(c, "warehouse"), &count.variant_id, &count.warehouse_id);
    if (status == EC_OK && expected == NULL) {
        status = ec_stock_get(c->session, count.variant_id, count.warehouse_id, &level);
        if (status == EC_OK) count.expected = level->on_hand;
        ec_free(level);
        level = NULL;
    }
    if (status == EC_OK) status = ec_stock_set(c->session, &count, &level);
    return show(c, status, "inventory", level);
}

int cli_stock_transfer(cli *c)
{
    ec_stock_transfer_request request = {0};
    ec_stock_level_list *levels = NULL;
    if (!cli_number(c, "units", c->arguments[1], &request.quantity)) return CLI_USAGE;
    ec_status status =
        find(c, c->arguments[0], c->arguments[2], &request.variant_id, &request.from_id);
    if (status == EC_OK)
        status = find(c, c->arguments[0], c->arguments[3], &request.variant_id, &request.to_id);
    if (status == EC_OK) status = ec_stock_transfer(c->session, &request, &levels);
    if (status != EC_OK) return cli_fail(c, status);
    int done = cli_print_list(c, "inventory_list", levels,
                              "variant_id,warehouse_id,on_hand,committed,available");
    ec_free(levels);
    return done;
}
