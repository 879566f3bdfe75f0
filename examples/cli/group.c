/* SPDX-License-Identifier: MIT */
/*
 * group.c - the commands on groups of customers.
 */
#include <stdlib.h>

#include "cli.h"

static ec_status find_group(cli *c, const char *code, ec_id *id)
{
    ec_group *group = NULL;
    ec_status status = ec_group_by_code(c->session, code, &group);
    *id = status == EC_OK ? group->id : 0;
    ec_free(group);
    return status;
}

int cli_group_list(cli *c)
{
    ec_page page = {0};
    ec_group_list *list = NULL;
    const char *limit = cli_value(c, "limit");
    page.cursor = cli_value(c, "cursor");
    if (limit != NULL && !cli_number(c, "--limit", limit, &page.limit)) return CLI_USAGE;
    ec_status status = ec_group_find(c->session, NULL, &page, &list);
    int code = status == EC_OK ? cli_print_list(c, "group_list", list, "id,code,name,users_count")
                               : cli_fail(c, status);
    ec_free(list);
    return code;
}

int cli_group_create(cli *c)
{
    ec_group *made = NULL;
    ec_group input = {.code = c->arguments[0], .name = c->arguments[1]};
    ec_status status = ec_group_create(c->session, &input, &made);
    int code = status == EC_OK ? cli_print(c, "group", made) : cli_fail(c, status);
    ec_free(made);
    return code;
}

int cli_group_delete(cli *c)
{
    ec_id id = 0;
    ec_status status = find_group(c, c->arguments[0], &id);
    if (status == EC_OK) status = ec_group_delete(c->session, id, 0);
    return status == EC_OK ? CLI_OK : cli_fail(c, status);
}

int cli_group_users(cli *c)
{
    ec_id id = 0;
    ec_page page = {.cursor = cli_value(c, "cursor")};
    ec_user_list *list = NULL;
    const char *limit = cli_value(c, "limit");
    if (limit != NULL && !cli_number(c, "--limit", limit, &page.limit)) return CLI_USAGE;
    ec_status status = find_group(c, c->arguments[0], &id);
    if (status == EC_OK) status = ec_group_users(c->session, id, &page, &list);
    int code = status == EC_OK ? cli_print_list(c, "user_list", list, "id,email,name,is_active")
                               : cli_fail(c, status);
    ec_free(list);
    return code;
}

/* The numbers of the people named behind the group. */
static ec_status find_users(cli *c, ec_id *ids)
{
    ec_status status = EC_OK;
    for (int i = 1; status == EC_OK && i < c->count; i++)
        status = cli_user(c, c->arguments[i], &ids[i - 1]);
    return status;
}

static int change_users(cli *c, bool add)
{
    ec_id id = 0;
    ec_group *after = NULL;
    size_t count = (size_t)c->count - 1;
    ec_id *ids = calloc(count, sizeof(*ids));
    if (ids == NULL) return cli_fail(c, EC_NO_MEMORY);
    ec_status status = find_group(c, c->arguments[0], &id);
    if (status == EC_OK) status = find_users(c, ids);
    if (status == EC_OK)
        status = add ? ec_group_add_users(c->session, id, ids, count)
                     : ec_group_remove_users(c->session, id, ids, count);
    if (status == EC_OK) status = ec_group_get(c->session, id, &after);
    int code = status == EC_OK ? cli_print(c, "group", after) : cli_fail(c, status);
    free(ids);
    ec_free(after);
    return code;
}

int cli_group_add(cli *c)
{
    return change_users(c, true);
}

int cli_group_remove(cli *c)
{
    return change_users(c, false);
}
