/* SPDX-License-Identifier: MIT */
/*
 * cache.c - prepared statements of one connection, found by their text.
 *
 * A hash table over the texts, and two lists: statements that run, and idle ones in the order of
 * their last use. A text that is started while it runs gets a second statement. Bounded by number
 * and by the sum of the texts; very long texts, such as the multi-row statements of a huge cart,
 * are prepared each time rather than push out everything else. The structs are reused, so that a
 * start allocates nothing once the connection is warm.
 */
#include "sqlite.h"

#include <string.h>

static void list_push(ec_sqlite_list *list, ec_sqlite_stmt *stmt)
{
    stmt->previous = NULL;
    stmt->next = list->first;
    if (list->first != NULL) {
        list->first->previous = stmt;
    } else {
        list->last = stmt;
    }
    list->first = stmt;
}

static void list_remove(ec_sqlite_list *list, ec_sqlite_stmt *stmt)
{
    if (stmt->previous != NULL) {
        stmt->previous->next = stmt->next;
    } else {
        list->first = stmt->next;
    }
    if (stmt->next != NULL) {
        stmt->next->previous = stmt->previous;
    } else {
        list->last = stmt->previous;
    }
}

/* Eight bytes at a time; quality matters little for a few hundred texts. */
static uint64_t hash_text(const char *text, size_t length)
{
    const uint64_t factor = UINT64_C(0x9e3779b97f4a7c15);
    uint64_t hash = length * factor;
    while (length > 0) {
        uint64_t word = 0;
        size_t part = length < sizeof word ? length : sizeof word;
        memcpy(&word, text, part);
        hash = (hash ^ word) * factor;
        hash ^= hash >> 29;
        text += part;
        length -= part;
    }
    return hash;
}

static ec_sqlite_stmt **bucket_of(ec_sqlite_conn *conn, uint64_t hash)
{
    return &conn->buckets[(hash >> 32) & (EC_SQLITE_BUCKETS - 1)];
}

static void forget(ec_sqlite_conn *conn, ec_sqlite_stmt *stmt)
{
    if (stmt->kept) {
        ec_sqlite_stmt **link = bucket_of(conn, stmt->hash);
        while (*link != stmt) {
            link = &(*link)->bucket;
        }
        *link = stmt->bucket;
        conn->kept--;
        conn->kept_bytes -= stmt->length;
    }
    (void)sqlite3_finalize(stmt->handle);
    *stmt = (ec_sqlite_stmt){.conn = conn, .bucket = conn->spare};
    conn->spare = stmt;
}

static void make_room(ec_sqlite_conn *conn, size_t length)
{
    while (conn->idle.last != NULL &&
           (conn->kept >= EC_SQLITE_KEPT_MAX || conn->kept_bytes + length > EC_SQLITE_KEPT_BYTES)) {
        ec_sqlite_stmt *oldest = conn->idle.last;
        list_remove(&conn->idle, oldest);
        forget(conn, oldest);
    }
}

static void keep(ec_sqlite_conn *conn, ec_sqlite_stmt *stmt)
{
    if (stmt->length > EC_SQLITE_KEPT_LENGTH) {
        return;
    }
    make_room(conn, stmt->length);
    if (conn->kept >= EC_SQLITE_KEPT_MAX) {
        return; /* so many are running at once */
    }
    ec_sqlite_stmt **bucket = bucket_of(conn, stmt->hash);
    stmt->bucket = *bucket;
    *bucket = stmt;
    stmt->kept = true;
    conn->kept++;
    conn->kept_bytes += stmt->length;
}

static ec_sqlite_stmt *take_struct(ec_sqlite_conn *conn)
{
    ec_sqlite_stmt *stmt = conn->spare;
    if (stmt != NULL) {
        conn->spare = stmt->bucket;
    } else {
        stmt = ec_sqlite_resize(conn->storage->platform, NULL, sizeof *stmt);
    }
    if (stmt != NULL) {
        *stmt = (ec_sqlite_stmt){.base.ops = &ec_sqlite_ops, .conn = conn};
    }
    return stmt;
}

static ec_status prepare(ec_sqlite_conn *conn, const char *sql, size_t length, uint64_t hash,
                         ec_sqlite_stmt **out, ec_storage_error *error)
{
    ec_sqlite_stmt *stmt = take_struct(conn);
    if (stmt == NULL) {
        return ec_sqlite_fail(error, EC_NO_MEMORY, 0, "out of memory");
    }
    const char *tail = NULL;
    int rc = length < (size_t)INT32_MAX
                 ? sqlite3_prepare_v3(conn->db, sql, (int)length + 1, SQLITE_PREPARE_PERSISTENT,
                                      &stmt->handle, &tail)
                 : SQLITE_TOOBIG;
    ec_status status = EC_OK;
    if (rc != SQLITE_OK) {
        status = ec_sqlite_report(conn->db, rc, sql, error);
    } else if (stmt->handle == NULL) {
        status = ec_sqlite_fail(error, EC_MISUSE, 0, "the statement is empty");
    } else if (tail[strspn(tail, " \t\r\n;")] != '\0') {
        status = ec_sqlite_fail(error, EC_MISUSE, 0, "more than one statement");
    }
    if (status != EC_OK) {
        forget(conn, stmt);
        return status;
    }
    stmt->hash = hash;
    stmt->length = length;
    stmt->writes = sqlite3_stmt_readonly(stmt->handle) == 0;
    if (tail == sql + length) { /* else SQLite's copy of the text, which is compared, is shorter */
        keep(conn, stmt);
    }
    *out = stmt;
    return EC_OK;
}

ec_status ec_sqlite_cache_take(ec_sqlite_conn *conn, const char *sql, ec_sqlite_stmt **out,
                               ec_storage_error *error)
{
    size_t length = strlen(sql);
    uint64_t hash = hash_text(sql, length);
    ec_sqlite_stmt *stmt = *bucket_of(conn, hash);
    while (stmt != NULL && (stmt->running || stmt->hash != hash || stmt->length != length ||
                            memcmp(sqlite3_sql(stmt->handle), sql, length) != 0)) {
        stmt = stmt->bucket;
    }
    if (stmt != NULL) {
        list_remove(&conn->idle, stmt);
    } else {
        ec_status status = prepare(conn, sql, length, hash, &stmt, error);
        if (status != EC_OK) {
            return status;
        }
    }
    stmt->ended = EC_OK;
    stmt->running = true;
    list_push(&conn->active, stmt);
    *out = stmt;
    return EC_OK;
}

void ec_sqlite_cache_return(ec_sqlite_stmt *stmt)
{
    ec_sqlite_conn *conn = stmt->conn;
    (void)sqlite3_reset(stmt->handle);
    (void)sqlite3_clear_bindings(stmt->handle);
    list_remove(&conn->active, stmt);
    stmt->running = false;
    if (stmt->kept) {
        list_push(&conn->idle, stmt);
    } else {
        forget(conn, stmt);
    }
}

void ec_sqlite_cache_settle(ec_sqlite_conn *conn)
{
    while (conn->active.first != NULL) {
        ec_sqlite_cache_return(conn->active.first);
    }
}

void ec_sqlite_cache_clear(ec_sqlite_conn *conn)
{
    ec_sqlite_cache_settle(conn);
    while (conn->idle.first != NULL) {
        ec_sqlite_stmt *stmt = conn->idle.first;
        list_remove(&conn->idle, stmt);
        forget(conn, stmt);
    }
    while (conn->spare != NULL) {
        ec_sqlite_stmt *stmt = conn->spare;
        conn->spare = stmt->bucket;
        (void)ec_sqlite_resize(conn->storage->platform, stmt, 0);
    }
}
