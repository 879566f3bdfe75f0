/* SPDX-License-Identifier: MIT */
/*
 * shop.c - the commands on the shop as a whole: making, migrating, proving, copying. Putting a
 * copy back is in restore.c.
 */
#include <stdio.h>

#include "cli.h"

int cli_init(cli *c)
{
    if (c->json)
        printf("{\"storage\":\"%s\"}\n", c->storage);
    else
        cli_say(c, "%s is ready\n", c->storage);
    return CLI_OK;
}

int cli_migrate_status(cli *c)
{
    ec_migration_status_list *list = NULL;
    ec_status status = ec_migration_find(c->session, &list);
    if (status != EC_OK) return cli_fail(c, status);
    int code = cli_print_list(c, "migration_status_list", list, "version,name,state,applied_at");
    ec_free(list);
    return code;
}

/* The schema below the newest one that was made. */
static ec_status below(cli *c, int64_t *target)
{
    ec_migration_status_list *list = NULL;
    ec_status status = ec_migration_find(c->session, &list);
    if (status != EC_OK) return status;
    *target = 0;
    for (size_t i = 0; i < list->items_count; i++)
        if (list->items[i].state != EC_MIGRATION_PENDING) *target = list->items[i].version - 1;
    ec_free(list);
    return EC_OK;
}

int cli_migrate(cli *c)
{
    int64_t target = EC_MIGRATE_LATEST;
    const char *to = cli_value(c, "to");
    ec_status status = EC_OK;
    if (to != NULL && !cli_number(c, "--to", to, &target)) return CLI_USAGE;
    if (cli_value(c, "rollback") != NULL) status = below(c, &target);
    if (status == EC_OK) status = ec_migrate(c->session, target);
    if (status != EC_OK) return cli_fail(c, status);
    return cli_migrate_status(c);
}

static int rebuild(cli *c)
{
    ec_verify_report *report = NULL;
    ec_status status = ec_verify_rebuild(c->session, &report);
    if (status != EC_OK) return cli_fail(c, status);
    int code = CLI_OK;
    if (c->json) {
        code = cli_print(c, "verify_report", report);
    } else {
        for (size_t i = 0; i < report->problems_count; i++)
            printf("%s %lld: %lld is now %lld\n", report->problems[i].object,
                   (long long)report->problems[i].id, (long long)report->problems[i].found,
                   (long long)report->problems[i].expected);
        cli_say(c, "%zu figures set to what the ledger says\n", report->problems_count);
    }
    ec_free(report);
    return code;
}

int cli_verify(cli *c)
{
    ec_verify_report *report = NULL;
    if (cli_value(c, "rebuild") != NULL) return rebuild(c);
    ec_status status = ec_verify(c->session, NULL, &report);
    if (status != EC_OK) return cli_fail(c, status);
    bool clean = report->is_clean;
    if (c->json) {
        cli_print(c, "verify_report", report);
    } else {
        for (size_t i = 0; i < report->checks_count && !c->quiet; i++)
            printf("%-4s %-28s %8lld  %s\n", report->checks[i].problems == 0 ? "ok" : "BAD",
                   report->checks[i].name, (long long)report->checks[i].checked,
                   report->checks[i].doc);
        for (size_t i = 0; i < report->problems_count; i++)
            printf("%s %s %lld: %s\n", report->problems[i].code, report->problems[i].object,
                   (long long)report->problems[i].id, report->problems[i].message);
        printf(clean ? "the books are right (%lld objects)\n"
                     : "THE BOOKS ARE WRONG (%lld objects)\n",
               (long long)report->checked);
    }
    ec_free(report);
    return clean ? CLI_OK : CLI_DAMAGED;
}

int cli_backup(cli *c)
{
    ec_status status = ec_backup(c->session, c->arguments[0]);
    if (status != EC_OK) return cli_fail(c, status);
    if (c->json)
        printf("{\"backup\":\"%s\"}\n", c->arguments[0]);
    else
        cli_say(c, "%s written\n", c->arguments[0]);
    return CLI_OK;
}
