/* SPDX-License-Identifier: MIT */
/*
 * restore.c - puts a backup in the place of the shop.
 *
 * The backup is verified and copied beside the shop first; then the shop is closed properly, so
 * that nothing of it is left in a log, and the two files change places. Refused: a backup whose
 * books are wrong, and a shop that somebody else has open. Until the very end the shop stays where
 * it is.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"

#define PATH_SIZE 4096
#define NAME_SIZE (PATH_SIZE + 32)    /* of a path with an ending */
#define URI_SIZE (3 * PATH_SIZE + 16) /* of a path with every byte escaped */

/* The files of a restoration. */
typedef struct restoration {
    char path[PATH_SIZE]; /* the shop */
    char copy[NAME_SIZE]; /* of the backup, beside it */
    char old[NAME_SIZE];  /* where the shop before is kept */
    bool exists;          /* there is a shop before */
} restoration;

/* Undo the %xx of a URI in place. */
static void decode(char *text)
{
    char *to = text;
    for (const char *from = text; *from != '\0'; from++) {
        char digits[3] = "", *end = digits;
        if (*from == '%' && from[1] != '\0') memcpy(digits, from + 1, 2);
        unsigned long byte = strtoul(digits, &end, 16);
        if (*from == '%' && end == digits + 2) {
            *to++ = (char)(unsigned char)byte;
            from += 2;
        } else {
            *to++ = *from;
        }
    }
    *to = '\0';
}

/* The file behind a URI such as sqlite:shop.db. */
static bool file_of(const char *uri, char *path, size_t size)
{
    if (strncmp(uri, "sqlite:", 7) != 0 || uri[7] == ':') return false;
    const char *name = uri + 7;
    if (strncmp(name, "//", 2) == 0) name += 2;
    size_t length = strcspn(name, "?");
    if (length == 0 || length >= size) return false;
    memcpy(path, name, length);
    path[length] = '\0';
    decode(path);
    return path[0] != '\0';
}

/* The URI of a file, whatever its name is. */
static bool uri_of(const char *path, char *uri, size_t size)
{
    static const char plain[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-/";
    size_t at = (size_t)snprintf(uri, size, "sqlite:");
    for (size_t i = 0; path[i] != '\0'; i++) {
        bool escaped = strchr(plain, path[i]) == NULL || (i == 1 && path[i] == '/');
        if (at + 4 > size) return false;
        if (escaped)
            at += (size_t)snprintf(uri + at, size - at, "%%%02X", (unsigned char)path[i]);
        else
            uri[at++] = path[i];
    }
    uri[at] = '\0';
    return true;
}

static bool lies_beside(const char *path, const char *ending)
{
    char name[NAME_SIZE];
    snprintf(name, sizeof(name), "%s%s", path, ending);
    return access(name, F_OK) == 0;
}

/* Open the backup as a shop of its own, without changing it. */
static int open_backup(cli *c, const char *file)
{
    char uri[URI_SIZE], message[512] = "";
    ec_options options = EC_OPTIONS_INIT;
    options.read_only = true;
    options.must_exist = true;
    options.message = message;
    options.message_size = sizeof(message);
    if (!uri_of(file, uri, sizeof(uri))) return cli_error(c, CLI_USAGE, "%s is too long", file);
    ec_status status = ec_open(uri, &options, &c->engine);
    if (status == EC_OK) status = ec_session_open(c->engine, NULL, &c->session);
    if (status == EC_OK) return CLI_OK;
    return cli_error(c, status == EC_NOT_FOUND ? CLI_NOT_FOUND : CLI_FAILED, "%s: %s", file,
                     message[0] != '\0' ? message : ec_status_text(status));
}

static int verify_backup(cli *c, const char *file)
{
    ec_verify_report *report = NULL;
    ec_status status = ec_verify(c->session, NULL, &report);
    if (status != EC_OK) return cli_fail(c, status);
    bool clean = report->is_clean;
    ec_free(report);
    if (clean) return CLI_OK;
    return cli_error(c, CLI_DAMAGED, "%s: its books are wrong; nothing was done", file);
}

/*
 * Open the shop and close it: who closes it last brings its log into the file and removes the log.
 * One that cannot be opened may go as it is, unless it has a log, which would be lost with it.
 */
static int settle(cli *c, const char *path)
{
    char uri[URI_SIZE], message[512] = "";
    ec_engine *engine = NULL;
    ec_options options = EC_OPTIONS_INIT;
    options.must_exist = true;
    options.no_migrate = true;
    options.message = message;
    options.message_size = sizeof(message);
    if (!uri_of(path, uri, sizeof(uri))) return cli_error(c, CLI_USAGE, "%s is too long", path);
    ec_status status = ec_open(uri, &options, &engine);
    ec_close(engine);
    bool log = lies_beside(path, "-wal") || lies_beside(path, "-journal");
    if (status == EC_BUSY || status == EC_IN_USE || (status == EC_OK && log))
        return cli_error(c, CLI_TEMPORARY, "%s is in use; nothing was done", path);
    if (!log) return CLI_OK;
    return cli_error(c, CLI_CONFLICT,
                     "%s cannot be opened (%s) and has changes in a log beside it; move all of its "
                     "files away first",
                     path, message[0] != '\0' ? message : ec_status_text(status));
}

/* Let the copy take the shop's name. */
static int change_places(cli *c, const restoration *r)
{
    bool is_undo =
        cli_is_same_file(c->arguments[0], r->old); /* then the copy is all there is of it */
    if (r->exists && rename(r->path, r->old) != 0) {
        int code = cli_errno(c, r->path);
        unlink(r->copy);
        return code;
    }
    if (rename(r->copy, r->path) == 0) return CLI_OK;
    int code = cli_errno(c, r->path);
    if (r->exists && rename(r->old, r->path) != 0) cli_errno(c, r->old);
    if (!is_undo) unlink(r->copy);
    return code;
}

static int replace(cli *c, const restoration *r)
{
    ec_status status = ec_backup(c->session, r->copy);
    if (status != EC_OK) return cli_fail(c, status);
    int code = r->exists ? settle(c, r->path) : CLI_OK;
    if (code != CLI_OK) {
        unlink(r->copy);
        return code;
    }
    return change_places(c, r);
}

/* May the backup take the shop's place at all? */
static int check(cli *c, restoration *r)
{
    if (!file_of(c->storage, r->path, sizeof(r->path)))
        return cli_error(c, CLI_USAGE, "%s is no file that can be restored", c->storage);
    snprintf(r->copy, sizeof(r->copy), "%s.restoring", r->path);
    snprintf(r->old, sizeof(r->old), "%s.before-restore", r->path);
    r->exists = access(r->path, F_OK) == 0;
    if (cli_is_same_file(c->arguments[0], r->path))
        return cli_error(c, CLI_USAGE, "%s is the shop itself", c->arguments[0]);
    if (r->exists && !c->yes)
        return cli_error(c, CLI_CONFLICT, "%s exists; with --yes it is kept as %s", r->path,
                         r->old);
    if (!r->exists && (lies_beside(r->path, "-wal") || lies_beside(r->path, "-journal")))
        return cli_error(c, CLI_CONFLICT,
                         "%s is missing, but its log is there and would be taken for the backup's; "
                         "move it away first",
                         r->path);
    return CLI_OK;
}

int cli_restore(cli *c)
{
    restoration r = {.exists = false};
    int code = check(c, &r);
    if (code == CLI_OK) code = open_backup(c, c->arguments[0]);
    if (code == CLI_OK) code = verify_backup(c, c->arguments[0]);
    if (code == CLI_OK) code = replace(c, &r);
    if (code != CLI_OK) return code;
    cli_json_path(c, "restored", r.path);
    cli_say(c, "%s is the shop of %s\n", r.path, c->arguments[0]);
    return CLI_OK;
}
