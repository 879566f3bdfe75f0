/* SPDX-License-Identifier: MIT */
/*
 * health.c - is the database there, and is it sound?
 *
 * Both look at a snapshot, so nobody waits for them but in memory. They report the first complaint
 * and repair nothing.
 */
#include "sqlite.h"

#include <stdio.h>
#include <string.h>

ec_status ec_sqlite_ping(ec_storage *self, ec_storage_error *error)
{
    ec_conn *conn = NULL;
    ec_stmt *stmt = NULL;
    ec_status status = ec_sqlite_read_begin(self, &conn, error);
    if (status != EC_OK) {
        return status;
    }
    /* A file that was moved or removed still answers, but what is written to it is lost. */
    int moved = 0;
    (void)sqlite3_file_control(((ec_sqlite_conn *)conn)->db, "main", SQLITE_FCNTL_HAS_MOVED,
                               &moved);
    if (moved != 0) {
        status = ec_sqlite_fail(error, EC_IO, SQLITE_IOERR, "the database file is no longer there");
    } else {
        status =
            ec_sqlite_start(conn, "SELECT 1 FROM sqlite_schema LIMIT 1", NULL, 0, &stmt, error);
    }
    if (status == EC_OK) {
        status = ec_sqlite_step(stmt, error);
        ec_sqlite_finish(stmt);
    }
    ec_sqlite_read_end(self, conn);
    return status == EC_DONE ? EC_OK : status;
}

/* EC_CORRUPT when the statement has a row whose first column is not "ok". */
static ec_status complains(ec_conn *conn, const char *sql, const char *what,
                           ec_storage_error *error)
{
    ec_stmt *stmt = NULL;
    ec_status status = ec_sqlite_start(conn, sql, NULL, 0, &stmt, error);
    if (status == EC_OK) {
        status = ec_sqlite_step(stmt, error);
    }
    if (status == EC_OK) {
        const char *text = ec_sqlite_column_text(stmt, 0, NULL);
        if (text == NULL || strcmp(text, "ok") != 0) {
            status = ec_sqlite_fail_on(error, EC_CORRUPT, SQLITE_CORRUPT, what,
                                       text != NULL ? text : "?");
        }
    }
    ec_sqlite_finish(stmt);
    return status == EC_DONE ? EC_OK : status;
}

ec_status ec_sqlite_integrity(ec_storage *self, ec_storage_error *error)
{
    ec_conn *conn = NULL;
    ec_status status = ec_sqlite_read_begin(self, &conn, error);
    if (status != EC_OK) {
        return status;
    }
    status = complains(conn, "PRAGMA integrity_check(1)", "the file is damaged", error);
    if (status == EC_OK) {
        status = complains(conn,
                           "SELECT 'table ' || \"table\" || ', row ' || coalesce(rowid, '?')"
                           " || ', parent ' || parent FROM pragma_foreign_key_check LIMIT 1",
                           "a reference leads nowhere", error);
    }
    ec_sqlite_read_end(self, conn);
    return status;
}
