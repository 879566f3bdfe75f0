/* SPDX-License-Identifier: MIT */
/*
 * stmt.c - running statements, inner transactions and scripts.
 *
 * A thin skin over SQLite that adds three refusals: a connection lent for reading writes nothing;
 * after SQLite has rolled a transaction back by itself (disk full, I/O error, out of memory)
 * nothing further runs, since it would commit on its own; and a statement that has ended does not
 * start again by one more step.
 */
#include "sqlite.h"

#include <string.h>

/* May anything run on this connection? */
static ec_status check_usable(const ec_sqlite_conn *conn, ec_storage_error *error)
{
    if (conn->broken) {
        return ec_sqlite_fail(error, EC_IO, SQLITE_ABORT_ROLLBACK,
                              "the transaction has been rolled back by the database");
    }
    return EC_OK;
}

static ec_status refuse_write(ec_storage_error *error)
{
    return ec_sqlite_fail(error, EC_DENIED, SQLITE_READONLY,
                          "the connection is lent for reading only");
}

/* Report a failure and notice whether the transaction went with it. */
static ec_status failed(ec_sqlite_conn *conn, int rc, const char *sql, ec_storage_error *error)
{
    ec_status status = ec_sqlite_report(conn->db, rc, sql, error);
    if (sqlite3_get_autocommit(conn->db) != 0) {
        conn->broken = true;
    }
    return status;
}

static int bind_value(sqlite3_stmt *handle, int place, const ec_value *value)
{
    const char *bytes = value->bytes != NULL ? value->bytes : "";
    switch (value->type) {
    case EC_VALUE_NULL: return sqlite3_bind_null(handle, place);
    case EC_VALUE_INT: return sqlite3_bind_int64(handle, place, value->integer);
    case EC_VALUE_TEXT:
        return sqlite3_bind_text64(handle, place, bytes, value->length, SQLITE_STATIC, SQLITE_UTF8);
    case EC_VALUE_BLOB:
        return sqlite3_bind_blob64(handle, place, bytes, value->length, SQLITE_STATIC);
    }
    return SQLITE_MISUSE;
}

static ec_status bind_values(ec_sqlite_stmt *stmt, const ec_value *values, size_t count,
                             ec_storage_error *error)
{
    if ((size_t)sqlite3_bind_parameter_count(stmt->handle) != count) {
        return ec_sqlite_fail(error, EC_MISUSE, SQLITE_RANGE,
                              "the number of values is not that of the statement's parameters");
    }
    for (size_t i = 0; i < count; i++) {
        int rc = bind_value(stmt->handle, (int)i + 1, &values[i]);
        if (rc != SQLITE_OK) {
            return ec_sqlite_report(stmt->conn->db, rc, NULL, error);
        }
    }
    return EC_OK;
}

ec_status ec_sqlite_start(ec_conn *conn, const char *sql, const ec_value *values, size_t count,
                          ec_stmt **stmt, ec_storage_error *error)
{
    ec_sqlite_conn *self = (ec_sqlite_conn *)conn;
    ec_sqlite_stmt *started = NULL;
    *stmt = NULL;
    ec_status status = check_usable(self, error);
    if (status == EC_OK) {
        status = ec_sqlite_cache_take(self, sql, &started, error);
    }
    if (status != EC_OK) {
        return status;
    }
    if (started->writes && !self->writer) {
        status = refuse_write(error);
    } else {
        status = bind_values(started, values, count, error);
    }
    if (status != EC_OK) {
        ec_sqlite_cache_return(started);
        return status;
    }
    /* Only this thread writes the count, others may read it. */
    atomic_store_explicit(&self->statements,
                          atomic_load_explicit(&self->statements, memory_order_relaxed) + 1,
                          memory_order_relaxed);
    *stmt = &started->base;
    return EC_OK;
}

ec_status ec_sqlite_step(ec_stmt *stmt, ec_storage_error *error)
{
    ec_sqlite_stmt *self = (ec_sqlite_stmt *)stmt;
    ec_status status = check_usable(self->conn, error);
    if (status != EC_OK) {
        return status;
    }
    if (self->ended == EC_DONE) {
        return EC_DONE;
    }
    if (self->ended != EC_OK) {
        return ec_sqlite_fail(error, self->ended, 0, "the statement has failed before");
    }
    int rc = sqlite3_step(self->handle);
    if (rc == SQLITE_ROW) {
        return EC_OK;
    }
    if (rc == SQLITE_DONE) {
        self->ended = EC_DONE;
        return EC_DONE;
    }
    self->ended = failed(self->conn, rc, sqlite3_sql(self->handle), error);
    return self->ended;
}

int ec_sqlite_column_count(ec_stmt *stmt)
{
    return sqlite3_column_count(((ec_sqlite_stmt *)stmt)->handle);
}

ec_value_type ec_sqlite_column_type(ec_stmt *stmt, int column)
{
    switch (sqlite3_column_type(((ec_sqlite_stmt *)stmt)->handle, column)) {
    case SQLITE_NULL: return EC_VALUE_NULL;
    case SQLITE_INTEGER: return EC_VALUE_INT;
    case SQLITE_BLOB: return EC_VALUE_BLOB;
    default: /* a number with a fraction is told as its text */ return EC_VALUE_TEXT;
    }
}

int64_t ec_sqlite_column_int(ec_stmt *stmt, int column)
{
    return sqlite3_column_int64(((ec_sqlite_stmt *)stmt)->handle, column);
}

const char *ec_sqlite_column_text(ec_stmt *stmt, int column, size_t *length)
{
    ec_sqlite_stmt *self = (ec_sqlite_stmt *)stmt;
    const char *text = NULL;
    size_t bytes = 0;
    if (sqlite3_column_type(self->handle, column) != SQLITE_NULL) {
        text = (const char *)sqlite3_column_text(self->handle, column);
        bytes = (size_t)sqlite3_column_bytes(self->handle, column);
        if (text == NULL) { /* no memory for the copy: the next step says so */
            text = "";
            bytes = 0;
            self->ended = EC_NO_MEMORY;
        }
    }
    if (length != NULL) {
        *length = bytes;
    }
    return text;
}

void ec_sqlite_finish(ec_stmt *stmt)
{
    if (stmt != NULL) {
        ec_sqlite_cache_return((ec_sqlite_stmt *)stmt);
    }
}

int64_t ec_sqlite_affected(ec_conn *conn)
{
    return sqlite3_changes64(((ec_sqlite_conn *)conn)->db);
}

int64_t ec_sqlite_last_id(ec_conn *conn)
{
    return sqlite3_last_insert_rowid(((ec_sqlite_conn *)conn)->db);
}

ec_status ec_sqlite_savepoint(ec_conn *conn, ec_storage_error *error)
{
    ec_sqlite_conn *self = (ec_sqlite_conn *)conn;
    ec_status status = check_usable(self, error);
    if (status != EC_OK) {
        return status;
    }
    int rc = ec_sqlite_run_own(self, EC_SQLITE_SAVEPOINT);
    if (rc != SQLITE_OK) {
        return failed(self, rc, NULL, error);
    }
    self->depth++;
    return EC_OK;
}

ec_status ec_sqlite_savepoint_release(ec_conn *conn, ec_storage_error *error)
{
    ec_sqlite_conn *self = (ec_sqlite_conn *)conn;
    ec_status status = check_usable(self, error);
    if (status != EC_OK) {
        return status;
    }
    if (self->depth == 0) {
        return ec_sqlite_fail(error, EC_MISUSE, 0, "no savepoint is open");
    }
    int rc = ec_sqlite_run_own(self, EC_SQLITE_RELEASE);
    if (rc != SQLITE_OK) {
        return failed(self, rc, NULL, error);
    }
    self->depth--;
    return EC_OK;
}

void ec_sqlite_savepoint_rollback(ec_conn *conn)
{
    ec_sqlite_conn *self = (ec_sqlite_conn *)conn;
    if (self->broken || self->depth == 0) {
        return;
    }
    self->depth--;
    int rc = ec_sqlite_run_own(self, EC_SQLITE_UNDO);
    if (rc == SQLITE_OK) {
        rc = ec_sqlite_run_own(self, EC_SQLITE_RELEASE);
    }
    if (rc != SQLITE_OK) {
        self->broken = true; /* nothing of this transaction may be kept now */
    }
}

ec_status ec_sqlite_script(ec_conn *conn, const char *sql, ec_storage_error *error)
{
    ec_sqlite_conn *self = (ec_sqlite_conn *)conn;
    ec_status status = check_usable(self, error);
    while (status == EC_OK && *sql != '\0') {
        sqlite3_stmt *handle = NULL;
        const char *tail = NULL;
        int rc = sqlite3_prepare_v2(self->db, sql, -1, &handle, &tail);
        if (rc == SQLITE_OK && handle != NULL && !self->writer &&
            sqlite3_stmt_readonly(handle) == 0) {
            (void)sqlite3_finalize(handle);
            return refuse_write(error);
        }
        while (rc == SQLITE_OK && handle != NULL) {
            int step = sqlite3_step(handle);
            rc = step == SQLITE_ROW ? SQLITE_OK : step;
        }
        if (rc != SQLITE_OK && rc != SQLITE_DONE) {
            status = failed(self, rc, sql, error);
        }
        (void)sqlite3_finalize(handle);
        sql = tail;
    }
    return status;
}
