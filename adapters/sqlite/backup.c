/* SPDX-License-Identifier: MIT */
/*
 * backup.c - a consistent copy of a database while it is in use.
 *
 * The copy is made of one snapshot, so writers go on and the copy never has to begin again. It
 * grows under another name beside the target, is brought to disk, and only then takes the target's
 * name: a backup is there whole or not at all. Refused: to replace the database itself, or a file
 * with a write-ahead log beside it, which SQLite would replay into the copy.
 */
#include "sqlite.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define STEP_PAGES 256

static ec_status fail_errno(ec_storage_error *error, const char *message)
{
    char text[128];
    int number = errno;
    if (strerror_r(number, text, sizeof text) != 0) {
        text[0] = '\0';
    }
    return ec_sqlite_fail_on(error, number == EACCES ? EC_DENIED : EC_IO, number, message, text);
}

static ec_status check_target(const ec_sqlite *storage, const char *path, ec_storage_error *error)
{
    char log[PATH_MAX];
    struct stat target;
    struct stat source;
    if (path == NULL || path[0] == '\0') {
        return ec_sqlite_fail(error, EC_INVALID, 0, "the backup has no path");
    }
    int length = snprintf(log, sizeof log, "%s-wal", path);
    if (length < 0 || (size_t)length >= sizeof log - 32) {
        return ec_sqlite_fail(error, EC_LIMIT, 0, "the path of the backup is too long");
    }
    if (stat(path, &target) == 0) {
        if (!S_ISREG(target.st_mode)) {
            return ec_sqlite_fail_on(error, EC_INVALID, 0, "the backup's path is no file", path);
        }
        if (storage->settings.path != NULL && stat(storage->settings.path, &source) == 0 &&
            source.st_dev == target.st_dev && source.st_ino == target.st_ino) {
            return ec_sqlite_fail(error, EC_INVALID, 0, "the backup would replace the database");
        }
    }
    if (stat(log, &target) == 0) {
        return ec_sqlite_fail_on(error, EC_IN_USE, 0, "another database is in use there", path);
    }
    return EC_OK;
}

/* Make the file under its passing name, for its owner only. */
static ec_status make_partial(const ec_sqlite *storage, const char *path, char *partial,
                              ec_storage_error *error)
{
    uint64_t number = 0;
    storage->platform->random(storage->platform->ctx, &number, sizeof number);
    (void)snprintf(partial, PATH_MAX, "%s.part-%08x", path, (unsigned)(number & 0xffffffffu));
    int file = open(partial, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (file < 0) {
        return fail_errno(error, "the backup cannot be created");
    }
    (void)close(file);
    return EC_OK;
}

static int copy_pages(sqlite3 *to, sqlite3 *from)
{
    sqlite3_backup *backup = sqlite3_backup_init(to, "main", from, "main");
    if (backup == NULL) {
        return sqlite3_extended_errcode(to);
    }
    int rc = SQLITE_OK;
    while (rc == SQLITE_OK) {
        rc = sqlite3_backup_step(backup, STEP_PAGES);
    }
    int finished = sqlite3_backup_finish(backup);
    return rc == SQLITE_DONE ? finished : rc;
}

/* Copy the snapshot of conn. */
static ec_status copy_database(ec_sqlite_conn *conn, const char *partial, ec_storage_error *error)
{
    sqlite3 *to = NULL;
    int rc = sqlite3_open_v2(partial, &to, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL);
    if (rc == SQLITE_OK) {
        (void)sqlite3_extended_result_codes(to, 1);
        rc = sqlite3_exec(to, "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF", NULL, NULL, NULL);
    }
    if (rc == SQLITE_OK) {
        rc = copy_pages(to, conn->db);
    }
    if (rc == SQLITE_OK) { /* the copy is one file, and can be read without making others */
        rc = sqlite3_exec(to, "PRAGMA journal_mode=DELETE", NULL, NULL, NULL);
    }
    ec_status status = rc == SQLITE_OK ? EC_OK : ec_sqlite_report(to, rc, NULL, error);
    (void)sqlite3_close(to);
    return status;
}

static ec_status sync_path(const char *path, int flags, ec_storage_error *error)
{
    int file = open(path, flags | O_CLOEXEC);
    int rc = file >= 0 ? fsync(file) : -1;
    ec_status status = rc == 0 ? EC_OK : fail_errno(error, "the backup cannot be brought to disk");
    if (file >= 0) {
        (void)close(file);
    }
    return status;
}

static ec_status sync_folder(const char *path, ec_storage_error *error)
{
    char folder[PATH_MAX];
    const char *slash = strrchr(path, '/');
    size_t length = slash == NULL ? 0 : (size_t)(slash - path);
    if (slash == NULL) {
        folder[length++] = '.';
    } else if (length == 0) {
        folder[length++] = '/';
    } else {
        memcpy(folder, path, length);
    }
    folder[length] = '\0';
    return sync_path(folder, O_RDONLY | O_DIRECTORY, error);
}

static ec_status copy_snapshot(ec_storage *self, const char *partial, ec_storage_error *error)
{
    ec_conn *conn = NULL;
    ec_status status = ec_sqlite_read_begin(self, &conn, error);
    if (status == EC_OK) {
        status = copy_database((ec_sqlite_conn *)conn, partial, error);
        ec_sqlite_read_end(self, conn);
    }
    return status;
}

ec_status ec_sqlite_backup(ec_storage *self, const char *path, ec_storage_error *error)
{
    ec_sqlite *storage = (ec_sqlite *)self;
    char partial[PATH_MAX];
    ec_status status = check_target(storage, path, error);
    if (status == EC_OK) {
        status = make_partial(storage, path, partial, error);
    }
    if (status != EC_OK) {
        return status;
    }
    status = copy_snapshot(self, partial, error);
    if (status == EC_OK) {
        status = sync_path(partial, O_RDONLY, error);
    }
    if (status == EC_OK && rename(partial, path) != 0) {
        status = fail_errno(error, "the backup cannot take its name");
    }
    if (status != EC_OK) {
        (void)unlink(partial);
        return status;
    }
    return sync_folder(path, error);
}
