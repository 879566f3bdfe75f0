/* SPDX-License-Identifier: MIT */
/*
 * catalog.c - the commands on products and categories.
 */
#include <stdlib.h>
#include <string.h>

#include "cli.h"

static int show(cli *c, ec_status status, const char *entity, void *object)
{
    int code = status == EC_OK ? cli_print(c, entity, object) : cli_fail(c, status);
    ec_free(object);
    return code;
}

static bool is_number(const char *text)
{
    return *text != '\0' && text[strspn(text, "0123456789")] == '\0';
}

/* A product by its number or its slug. */
static ec_status find_product(cli *c, const char *name, ec_product **out)
{
    return is_number(name) ? ec_product_get(c->session, strtoll(name, NULL, 10), out)
                           : ec_product_by_slug(c->session, name, out);
}

/* The identifier of a category by its slug; 0 for NULL and "-". */
static ec_status find_category(cli *c, const char *slug, ec_id *id)
{
    ec_category *category = NULL;
    if (slug == NULL || strcmp(slug, "-") == 0) return EC_OK;
    ec_status status = ec_category_by_slug(c->session, slug, &category);
    if (status == EC_OK) *id = category->id;
    ec_free(category);
    return status;
}

int cli_product_list(cli *c)
{
    ec_page page = {.cursor = cli_value(c, "cursor")};
    ec_product_filter filter = {
        .search = cli_value(c, "search"),
        .in_stock = cli_value(c, "in-stock") != NULL,
    };
    ec_product_list *list = NULL;
    const char *limit = cli_value(c, "limit");
    const char *sort = cli_value(c, "sort");
    if (limit != NULL && !cli_number(c, "--limit", limit, &page.limit)) return CLI_USAGE;
    if (sort != NULL && ec_product_sort_of(sort, &filter.sort) != EC_OK)
        return cli_error(c, CLI_USAGE, "--sort: there is no order \"%s\"", sort);
    ec_status status = find_category(c, cli_value(c, "category"), &filter.category_id);
    if (status == EC_OK) status = ec_product_find(c->session, &filter, &page, &list);
    if (status != EC_OK) return cli_fail(c, status);
    int code = cli_print_list(c, "product_list", list, "id,slug,name,price,currency,stock,status");
    ec_free(list);
    return code;
}

int cli_product_get(cli *c)
{
    ec_product *product = NULL;
    ec_status status = find_product(c, c->arguments[0], &product);
    return show(c, status, "product", product);
}

/* Put units of a new product's only variant on hand. */
static ec_status stock_up(cli *c, const ec_product *product, int64_t units)
{
    ec_warehouse *warehouse = NULL;
    ec_stock_level *level = NULL;
    ec_status status = ec_warehouse_by_code(c->session, "main", &warehouse);
    if (status != EC_OK) return status;
    ec_stock_change change = {.variant_id = product->variants[0].id,
                              .warehouse_id = warehouse->id,
                              .on_hand = units,
                              .kind = EC_MOVEMENT_RECEIPT};
    status = ec_stock_adjust(c->session, &change, &level);
    ec_free(level);
    ec_free(warehouse);
    return status;
}

/* What `product create` was told. */
typedef struct new_product {
    cli *c;
    ec_product product;
    int64_t units;
    ec_product *made;
} new_product;

static ec_status make(ec_session *session, void *ctx)
{
    new_product *n = ctx;
    ec_free(n->made);
    ec_status status = ec_product_create(session, &n->product, &n->made);
    return status == EC_OK && n->units > 0 ? stock_up(n->c, n->made, n->units) : status;
}

int cli_product_create(cli *c)
{
    new_product n = {.c = c};
    ec_money price = {0};
    ec_channel *channel = NULL;
    const char *amount = cli_value(c, "price");
    const char *units = cli_value(c, "quantity");
    ec_init("product", &n.product);
    n.product.name = c->arguments[0];
    n.product.sku = cli_value(c, "sku");
    n.product.status = cli_value(c, "draft") != NULL ? EC_PRODUCT_DRAFT : EC_PRODUCT_ACTIVE;
    if (units != NULL && !cli_number(c, "--quantity", units, &n.units)) return CLI_USAGE;
    ec_status status = ec_channel_by_code(c->session, "default", &channel);
    if (status != EC_OK) return cli_fail(c, status);
    if (amount != NULL && ec_money_parse(amount, channel->currency, &price) != EC_OK) {
        int code = cli_error(c, CLI_USAGE, "--price: \"%s\" is no amount in %s", amount,
                             channel->currency);
        ec_free(channel);
        return code;
    }
    ec_free(channel);
    n.product.price = price.amount;
    status = find_category(c, cli_value(c, "category"), &n.product.category_id);
    if (status == EC_OK) status = ec_transact(c->session, make, &n);
    if (status != EC_OK) {
        ec_free(n.made);
        return cli_fail(c, status);
    }
    ec_id id = n.made->id;
    ec_free(n.made);
    n.made = NULL;
    status = ec_product_get(c->session, id, &n.made); /* with its stock */
    return show(c, status, "product", n.made);
}

int cli_product_update(cli *c)
{
    ec_product *product = NULL, *changed = NULL;
    void *change = NULL;
    ec_mask fields = 0;
    int64_t version = 0;
    const char *json = cli_value(c, "set");
    const char *wanted = cli_value(c, "version");
    if (json == NULL) return cli_error(c, CLI_USAGE, "say what changes: --set='{\"name\":\"…\"}'");
    if (wanted != NULL && !cli_number(c, "--version", wanted, &version)) return CLI_USAGE;
    ec_status status = find_product(c, c->arguments[0], &product);
    if (status != EC_OK) return cli_fail(c, status);
    ec_id id = product->id;
    ec_free(product);
    status = ec_from_json(c->session, "product", json, strlen(json), &change, &fields);
    if (status != EC_OK) return cli_fail(c, status);
    ((ec_product *)change)->version = version;
    status = ec_product_update(c->session, id, change, fields, &changed);
    ec_free(change);
    return show(c, status, "product", changed);
}

int cli_product_delete(cli *c)
{
    ec_product *product = NULL;
    ec_status status = find_product(c, c->arguments[0], &product);
    if (status == EC_OK) status = ec_product_delete(c->session, product->id, 0);
    ec_free(product);
    if (status != EC_OK) return cli_fail(c, status);
    cli_say(c, "deleted %s\n", c->arguments[0]);
    return CLI_OK;
}

int cli_category_list(cli *c)
{
    ec_category_list *list = NULL;
    ec_status status = ec_category_tree(c->session, 0, &list);
    if (status != EC_OK) return cli_fail(c, status);
    if (c->json) {
        int code = cli_print_list(c, "category_list", list, "");
        ec_free(list);
        return code;
    }
    for (size_t i = 0; i < list->items_count; i++) {
        const ec_category *category = &list->items[i];
        printf("%*s%s (%s)%s\n", (int)(2 * (category->depth - 1)), "", category->name,
               category->slug, category->is_active ? "" : " hidden");
    }
    ec_free(list);
    return CLI_OK;
}

int cli_category_create(cli *c)
{
    ec_category category, *made = NULL;
    ec_init("category", &category);
    category.name = c->arguments[0];
    category.slug = cli_value(c, "slug");
    ec_status status = find_category(c, cli_value(c, "parent"), &category.parent_id);
    if (status == EC_OK) status = ec_category_create(c->session, &category, &made);
    return show(c, status, "category", made);
}

int cli_category_move(cli *c)
{
    ec_id id = 0, parent = 0;
    ec_category *moved = NULL;
    ec_status status = find_category(c, c->arguments[0], &id);
    if (status == EC_OK) status = find_category(c, c->arguments[1], &parent);
    if (status == EC_OK) status = ec_category_move(c->session, id, parent, 0, &moved);
    return show(c, status, "category", moved);
}
