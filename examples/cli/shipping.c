/* SPDX-License-Identifier: MIT */
/*
 * shipping.c - the commands on ways to ship. Tables of rates are taken in by shipping_table.c.
 */
#include <string.h>

#include "cli.h"

static int show(cli *c, ec_status status, ec_shipping_method *method)
{
    int code = status == EC_OK ? cli_print(c, "shipping_method", method) : cli_fail(c, status);
    ec_free(method);
    return code;
}

int cli_shipping_list(cli *c)
{
    ec_page page = {.cursor = cli_value(c, "cursor")};
    ec_shipping_method_list *list = NULL;
    const char *limit = cli_value(c, "limit");
    if (limit != NULL && !cli_number(c, "--limit", limit, &page.limit)) return CLI_USAGE;
    ec_status status = ec_shipping_method_find(c->session, &page, &list);
    if (status != EC_OK) return cli_fail(c, status);
    int code = cli_print_list(c, "shipping_method_list", list,
                              "position,code,name,status,calculator,conditions");
    ec_free(list);
    return code;
}

int cli_shipping_show(cli *c)
{
    ec_shipping_method *method = NULL;
    ec_status status = ec_shipping_method_by_code(c->session, c->arguments[0], &method);
    return show(c, status, method);
}

/* ---- create ---- */

/* "2-5" or "3" business days; false and a message when it is neither. */
static bool read_days(cli *c, const char *text, ec_shipping_method *method)
{
    char least[16] = "";
    const char *dash = text != NULL ? strchr(text, '-') : NULL;
    if (text == NULL) return true;
    if (dash == NULL) {
        if (!cli_number(c, "--days", text, &method->days_max)) return false;
        method->days_min = method->days_max;
        return true;
    }
    (void)snprintf(least, sizeof(least), "%.*s", (int)(dash - text), text);
    return cli_number(c, "--days", least, &method->days_min) &&
           cli_number(c, "--days", dash + 1, &method->days_max);
}

static bool read_numbers(cli *c, ec_shipping_method *method)
{
    const char *position = cli_value(c, "position");
    const char *cutoff = cli_value(c, "cutoff");
    if (position != NULL && !cli_number(c, "--position", position, &method->position)) return false;
    if (cutoff != NULL && !cli_number(c, "--cutoff", cutoff, &method->cutoff_hour)) return false;
    return read_days(c, cli_value(c, "days"), method);
}

/* Is it the name of a rule on categories? NULL is that of the first. */
static bool read_rule(cli *c, ec_shipping_method *method)
{
    static const char *const names[] = {"any", "all", "none"};
    const char *rule = cli_value(c, "category-rule");
    if (rule == NULL) return true;
    for (int i = 0; i < 3; i++) {
        if (strcmp(rule, names[i]) != 0) continue;
        method->category_rule = (ec_shipping_match)i;
        return true;
    }
    (void)cli_error(c, CLI_USAGE, "--category-rule: any, all or none");
    return false;
}

/* The codes of a list with commas; text is cut into them. */
static size_t split(char *text, const char **codes, size_t room)
{
    size_t count = 0;
    char *rest = NULL;
    for (char *code = strtok_r(text, ",", &rest); code != NULL && count < room;
         code = strtok_r(NULL, ",", &rest))
        codes[count++] = code;
    return count;
}

/* The zone and the warehouse that are named. */
static ec_status find_places(cli *c, ec_shipping_method *method)
{
    ec_warehouse *warehouse = NULL;
    ec_zone *zone = NULL;
    const char *pickup = cli_value(c, "pickup");
    const char *within = cli_value(c, "zone");
    ec_status status = EC_OK;
    if (pickup != NULL) status = ec_warehouse_by_code(c->session, pickup, &warehouse);
    if (status == EC_OK && within != NULL) status = ec_zone_by_code(c->session, within, &zone);
    if (warehouse != NULL) method->pickup_warehouse_id = warehouse->id;
    if (zone != NULL) method->zone_id = zone->id;
    ec_free(warehouse);
    ec_free(zone);
    return status;
}

int cli_shipping_create(cli *c)
{
    ec_shipping_method method = {.code = c->arguments[0],
                                 .name = c->arguments[1],
                                 .calculator = c->arguments[2],
                                 .conditions = cli_value(c, "conditions"),
                                 .description = cli_value(c, "description"),
                                 .tax_category = cli_value(c, "tax-category"),
                                 .shipping_category = cli_value(c, "category"),
                                 .status = cli_value(c, "disabled") != NULL ? EC_SHIPPING_DISABLED
                                                                            : EC_SHIPPING_ACTIVE};
    ec_shipping_method *made = NULL;
    char text[4096];
    const char *codes[EC_SHIPPING_CHANNELS_MAX];
    const char *channels = cli_value(c, "channels");
    if (!read_numbers(c, &method) || !read_rule(c, &method)) return CLI_USAGE;
    if (channels != NULL) {
        if (strlen(channels) >= sizeof(text))
            return cli_error(c, CLI_USAGE, "--channels: the list is too long");
        (void)snprintf(text, sizeof(text), "%s", channels);
        method.channels = codes;
        method.channels_count = split(text, codes, EC_SHIPPING_CHANNELS_MAX);
    }
    ec_status status = find_places(c, &method);
    if (status == EC_OK) status = ec_shipping_method_create(c->session, &method, &made);
    return show(c, status, made);
}

/* ---- change ---- */

/* Change some fields of the method that the first argument names. */
static int change(cli *c, const ec_shipping_method *fields_of, ec_mask fields)
{
    ec_shipping_method *method = NULL, *changed = NULL;
    ec_status status = ec_shipping_method_by_code(c->session, c->arguments[0], &method);
    if (status == EC_OK)
        status = ec_shipping_method_update(c->session, method->id, fields_of, fields, &changed);
    ec_free(method);
    return show(c, status, changed);
}

int cli_shipping_update(cli *c)
{
    void *given = NULL;
    ec_mask fields = 0;
    int64_t version = 0;
    const char *json = cli_value(c, "set");
    const char *wanted = cli_value(c, "version");
    if (json == NULL)
        return cli_error(c, CLI_USAGE,
                         "say what changes: --set='{\"calculator\":\"flat(2990 CLP)\"}'");
    if (wanted != NULL && !cli_number(c, "--version", wanted, &version)) return CLI_USAGE;
    ec_status status =
        ec_from_json(c->session, "shipping_method", json, strlen(json), &given, &fields);
    if (status != EC_OK) return cli_fail(c, status);
    ((ec_shipping_method *)given)->version = version;
    int code = change(c, given, fields);
    ec_free(given);
    return code;
}

int cli_shipping_archive(cli *c)
{
    const ec_shipping_method archived = {.status = EC_SHIPPING_ARCHIVED};
    return change(c, &archived, ec_mask_of("shipping_method", "status"));
}

int cli_shipping_delete(cli *c)
{
    ec_shipping_method *method = NULL;
    ec_status status = ec_shipping_method_by_code(c->session, c->arguments[0], &method);
    if (status == EC_OK) status = ec_shipping_method_delete(c->session, method->id, 0);
    ec_free(method);
    if (status != EC_OK) return cli_fail(c, status);
    cli_say(c, "deleted %s\n", c->arguments[0]);
    return CLI_OK;
}

/* ---- kinds of goods ---- */

int cli_shipping_category(cli *c)
{
    ec_shipping_category category = {.code = c->arguments[0], .name = c->arguments[1]};
    ec_shipping_category *made = NULL;
    ec_status status = ec_shipping_category_create(c->session, &category, &made);
    int code = status == EC_OK ? cli_print(c, "shipping_category", made) : cli_fail(c, status);
    ec_free(made);
    return code;
}

int cli_shipping_categories(cli *c)
{
    ec_shipping_category_list *list = NULL;
    ec_page page = {.limit = EC_PAGE_SIZE_MAX};
    ec_status status = ec_shipping_category_find(c->session, &page, &list);
    if (status != EC_OK) return cli_fail(c, status);
    int code = cli_print_list(c, "shipping_category_list", list, "id,code,name");
    ec_free(list);
    return code;
}
