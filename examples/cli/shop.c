/* SPDX-License-Identifier: MIT */
/*
 * shop.c - the commands on the shop as a whole: making, migrating, proving, copying. Putting a
 * copy back is in restore.c.
 */
#include <stdio.h>

#include "cli.h"

int cli_init(cli *c)
{
    cli_json_path(c, "storage", c->storage);
    cli_say(c, c->made ? "%s is ready\n" : "there is a shop at %s already\n", c->storage);
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

/* The newest change of the schema that was made. */
static ec_status present_schema(cli *c, int64_t *version)
{
    ec_migration_status_list *list = NULL;
    ec_status status = ec_migration_find(c->session, &list);
    if (status != EC_OK) return status;
    *version = 0;
    for (size_t i = 0; i < list->items_count; i++)
        if (list->items[i].state != EC_MIGRATION_PENDING) *version = list->items[i].version;
    ec_free(list);
    return EC_OK;
}

/* Which schema is asked for. What goes downward deletes data and wants --yes. */
static int target_schema(cli *c, int64_t *target)
{
    const char *to = cli_value(c, "to");
    bool rollback = cli_value(c, "rollback") != NULL;
    int64_t present = 0;
    *target = EC_MIGRATE_LATEST;
    if (to == NULL && !rollback) return CLI_OK;
    if (to != NULL && rollback)
        return cli_error(c, CLI_USAGE, "--to and --rollback exclude each other");
    if (to != NULL && !cli_number(c, "--to", to, target)) return CLI_USAGE;
    if (to != NULL && *target < 0)
        return cli_error(c, CLI_USAGE, "--to: there is no schema %lld", (long long)*target);
    ec_status status = present_schema(c, &present);
    if (status != EC_OK) return cli_fail(c, status);
    if (rollback) *target = present > 0 ? present - 1 : 0;
    if (*target < present && !c->yes)
        return cli_error(c, CLI_USAGE,
                         "from schema %lld down to %lld the tables above it are deleted with all "
                         "that is in them; say --yes if that is meant (and make a backup first)",
                         (long long)present, (long long)*target);
    return CLI_OK;
}

int cli_migrate(cli *c)
{
    int64_t target = EC_MIGRATE_LATEST;
    int code = target_schema(c, &target);
    if (code != CLI_OK) return code;
    ec_status status = ec_migrate(c->session, target);
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
    cli_json_path(c, "backup", c->arguments[0]);
    cli_say(c, "%s written\n", c->arguments[0]);
    return CLI_OK;
}
