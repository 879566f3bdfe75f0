/* SPDX-License-Identifier: MIT */
/*
 * shop.c - the commands on the shop as a whole: making, migrating, proving, copying.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

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

/* The file behind a URI such as sqlite:shop.db, or NULL. */
static const char *file_of(const char *uri, char *path, size_t size)
{
    if (strncmp(uri, "sqlite:", 7) != 0 || uri[7] == ':') return NULL;
    const char *name = uri + 7;
    if (strncmp(name, "//", 2) == 0) name += 2;
    int length = (int)strcspn(name, "?");
    if (length == 0 || (size_t)length >= size) return NULL;
    snprintf(path, size, "%.*s", length, name);
    return path;
}

/* Open the backup as a shop of its own, without changing it. */
static int open_backup(cli *c, const char *file)
{
    char uri[4200], message[512] = "";
    ec_options options = EC_OPTIONS_INIT;
    options.read_only = true;
    options.must_exist = true;
    options.message = message;
    options.message_size = sizeof(message);
    snprintf(uri, sizeof(uri), "sqlite:%s", file);
    ec_status status = ec_open(uri, &options, &c->engine);
    if (status == EC_OK) status = ec_session_open(c->engine, NULL, &c->session);
    if (status == EC_OK) return CLI_OK;
    return cli_error(c, status == EC_NOT_FOUND ? CLI_NOT_FOUND : CLI_FAILED, "%s: %s", file,
                     message[0] != '\0' ? message : ec_status_text(status));
}

int cli_restore(cli *c)
{
    char path[4096], old[4200];
    ec_verify_report *report = NULL;
    const char *file = c->arguments[0];
    if (file_of(c->storage, path, sizeof(path)) == NULL)
        return cli_error(c, CLI_USAGE, "%s is no file that can be restored", c->storage);
    bool exists = access(path, F_OK) == 0;
    if (exists && !c->yes)
        return cli_error(c, CLI_CONFLICT, "%s exists; with --yes it is kept as %s.before-restore",
                         path, path);
    int code = open_backup(c, file);
    if (code != CLI_OK) return code;
    ec_status status = ec_verify(c->session, NULL, &report);
    bool clean = status == EC_OK && report->is_clean;
    ec_free(report);
    if (status != EC_OK) return cli_fail(c, status);
    if (!clean) return cli_error(c, CLI_DAMAGED, "%s: its books are wrong; nothing was done", file);
    snprintf(old, sizeof(old), "%s.before-restore", path);
    if (exists && rename(path, old) != 0) return cli_errno(c, path);
    status = ec_backup(c->session, path);
    if (status != EC_OK) return cli_fail(c, status);
    cli_say(c, "%s is the shop of %s\n", path, file);
    return CLI_OK;
}
