/* SPDX-License-Identifier: MIT */
/*
 * error.c - SQLite's result codes as statuses, with its text.
 *
 * The extended code goes to the error's `code`, so that a log line can be looked up in SQLite's
 * manual. The only texts that are looked at are those of two cases that have no code of their own:
 * a foreign key with ON DELETE RESTRICT, which SQLite reports as a trigger's refusal, and a sum
 * that leaves 64 bits. It refuses to guess anything else from wording.
 */
#include "sqlite.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

ec_status ec_sqlite_fail_on(ec_storage_error *error, ec_status status, int code,
                            const char *message, const char *subject)
{
    if (error != NULL) {
        error->status = status;
        error->code = code;
        (void)snprintf(error->message, sizeof error->message, "%s%s%s", message,
                       subject[0] != '\0' ? ": " : "", subject);
    }
    return status;
}

ec_status ec_sqlite_fail(ec_storage_error *error, ec_status status, int code, const char *message)
{
    return ec_sqlite_fail_on(error, status, code, message, "");
}

static bool is_delete(const char *sql)
{
    if (sql == NULL) {
        return false;
    }
    while (*sql == ' ' || *sql == '\n' || *sql == '\t' || *sql == '\r') {
        sql++;
    }
    return strncasecmp(sql, "DELETE", 6) == 0;
}

static ec_status constraint_status(int code, const char *message, const char *sql)
{
    switch (code) {
    case SQLITE_CONSTRAINT_UNIQUE:
    case SQLITE_CONSTRAINT_PRIMARYKEY:
    case SQLITE_CONSTRAINT_ROWID: return EC_EXISTS;
    case SQLITE_CONSTRAINT_FOREIGNKEY: return is_delete(sql) ? EC_IN_USE : EC_INVALID;
    case SQLITE_CONSTRAINT_TRIGGER:
        if (strcmp(message, "FOREIGN KEY constraint failed") == 0) {
            return is_delete(sql) ? EC_IN_USE : EC_INVALID;
        }
        return EC_INVALID;
    default: /* CHECK, NOTNULL, DATATYPE and what may come */ return EC_INVALID;
    }
}

static ec_status status_of(int code, const char *message, const char *sql)
{
    if (code == SQLITE_IOERR_NOMEM) {
        return EC_NO_MEMORY;
    }
    switch (code & 0xff) {
    case SQLITE_OK:
    case SQLITE_DONE:
    case SQLITE_ROW: return EC_OK;
    case SQLITE_CONSTRAINT: return constraint_status(code, message, sql);
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_PROTOCOL: return EC_BUSY;
    case SQLITE_NOMEM: return EC_NO_MEMORY;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB: return EC_CORRUPT;
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH: return EC_DENIED;
    case SQLITE_TOOBIG: return EC_LIMIT;
    case SQLITE_INTERRUPT: return EC_CANCELLED;
    case SQLITE_MISMATCH: return EC_INVALID;
    case SQLITE_ERROR: return strcmp(message, "integer overflow") == 0 ? EC_OVERFLOW : EC_SCHEMA;
    case SQLITE_SCHEMA: return EC_SCHEMA;
    case SQLITE_MISUSE:
    case SQLITE_RANGE: return EC_MISUSE;
    default: /* FULL, IOERR, CANTOPEN, NOLFS, INTERNAL … */ return EC_IO;
    }
}

ec_status ec_sqlite_report(sqlite3 *db, int rc, const char *sql, ec_storage_error *error)
{
    const char *message = sqlite3_errstr(rc);
    if (db != NULL && (sqlite3_errcode(db) & 0xff) == (rc & 0xff)) {
        message = sqlite3_errmsg(db);
    }
    ec_status status = status_of(rc, message, sql);
    const char *system = "";
    if (db != NULL && status == EC_IO && sqlite3_system_errno(db) != 0) {
        char text[128];
        if (strerror_r(sqlite3_system_errno(db), text, sizeof text) == 0) {
            return ec_sqlite_fail_on(error, status, rc, message, text);
        }
    }
    return ec_sqlite_fail_on(error, status, rc, message, system);
}
