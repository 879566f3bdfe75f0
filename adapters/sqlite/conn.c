/* SPDX-License-Identifier: MIT */
/*
 * conn.c - one connection: its opening, its settings, its waiting and its end.
 *
 * Each connection is used by one thread at a time, so SQLite opens it without mutexes. What the
 * shop runs on it may not begin or end transactions, nor attach other files: an authoriser refuses
 * that, because a COMMIT in the middle of a closure would make the work of others durable without
 * their knowledge. The refusal holds while the adapter itself is not the one that asks.
 */
#include "sqlite.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define MMAP_BYTES "67108864" /* enough for the hot pages of a shop, small beside its memory */
/* Short naps share a file fairly between processes that write all the time (measured with four:
   the longest wait falls to a third); long ones spare the processor when it takes longer. */
#define NAP_SHORT_US 300
#define NAP_LONG_US 3000
#define NAPS_SHORT 64

static const char *const own_sql[EC_SQLITE_OWN_COUNT] = {
    [EC_SQLITE_BEGIN_READ] = "BEGIN",
    [EC_SQLITE_BEGIN_WRITE] = "BEGIN IMMEDIATE",
    [EC_SQLITE_COMMIT] = "COMMIT",
    [EC_SQLITE_ROLLBACK] = "ROLLBACK",
    /* One name serves all depths: SQLite takes the innermost one. */
    [EC_SQLITE_SAVEPOINT] = "SAVEPOINT ec",
    [EC_SQLITE_RELEASE] = "RELEASE ec",
    [EC_SQLITE_UNDO] = "ROLLBACK TO ec",
};

bool ec_sqlite_wait(ec_sqlite_conn *conn, ec_sqlite_waiting *waiting)
{
    const ec_platform *platform = conn->storage->platform;
    int64_t limit = (int64_t)conn->busy_timeout_ms * 1000;
    int64_t now = platform->monotonic_us(platform->ctx);
    if (waiting->attempts == 0) {
        waiting->since_us = now;
    }
    /* The sum of the naps counts too: a simulated clock may stand still. */
    if (now - waiting->since_us >= limit || waiting->slept_us >= limit) {
        return false;
    }
    uint32_t dice = 0;
    platform->random(platform->ctx, &dice, sizeof dice);
    int64_t nap = waiting->attempts < NAPS_SHORT ? NAP_SHORT_US : NAP_LONG_US;
    nap = nap / 2 + (int64_t)dice % nap;
    const struct timespec time = {.tv_sec = 0, .tv_nsec = (long)(nap * 1000)};
    (void)nanosleep(&time, NULL);
    waiting->slept_us += nap;
    waiting->attempts++;
    return true;
}

static int on_busy(void *ctx, int attempt)
{
    ec_sqlite_conn *conn = ctx;
    if (attempt == 0) {
        conn->waiting = (ec_sqlite_waiting){0};
    }
    return ec_sqlite_wait(conn, &conn->waiting) ? 1 : 0;
}

static int on_commit(void *ctx, sqlite3 *db, const char *name, int pages)
{
    ec_sqlite_conn *conn = ctx;
    (void)db;
    (void)name;
    conn->wal_pages = pages;
    return SQLITE_OK;
}

static int authorise(void *ctx, int action, const char *a, const char *b, const char *c,
                     const char *d)
{
    const ec_sqlite_conn *conn = ctx;
    (void)a;
    (void)b;
    (void)c;
    (void)d;
    bool reserved = action == SQLITE_TRANSACTION || action == SQLITE_SAVEPOINT ||
                    action == SQLITE_ATTACH || action == SQLITE_DETACH;
    return reserved && !conn->own_running ? SQLITE_DENY : SQLITE_OK;
}

int ec_sqlite_run_own(ec_sqlite_conn *conn, ec_sqlite_own which)
{
    conn->own_running = true;
    int rc = sqlite3_step(conn->own[which]);
    int reset = sqlite3_reset(conn->own[which]);
    conn->own_running = false;
    if (rc == SQLITE_DONE || rc == SQLITE_ROW) {
        return SQLITE_OK;
    }
    return reset != SQLITE_OK ? reset : rc;
}

int ec_sqlite_exec(ec_sqlite_conn *conn, const char *sql)
{
    ec_sqlite_waiting waiting = {0};
    for (;;) {
        int rc = sqlite3_exec(conn->db, sql, NULL, NULL, NULL);
        if ((rc & 0xff) != SQLITE_BUSY || !ec_sqlite_wait(conn, &waiting)) {
            return rc;
        }
    }
}

/* SQLite does not call the busy handler in each case in which two processes switch the mode of a
   new file at the same time; ec_sqlite_exec asks again. */
static ec_status use_wal(ec_sqlite_conn *conn, ec_storage_error *error)
{
    int rc = ec_sqlite_exec(conn, "PRAGMA journal_mode=WAL");
    sqlite3_stmt *stmt = NULL;
    if (rc == SQLITE_OK) {
        rc = sqlite3_prepare_v2(conn->db, "PRAGMA journal_mode", -1, &stmt, NULL);
    }
    if (rc == SQLITE_OK) {
        rc = sqlite3_step(stmt);
    }
    bool wal = false;
    if (rc == SQLITE_ROW) {
        const char *mode = (const char *)sqlite3_column_text(stmt, 0);
        wal = mode != NULL && strcmp(mode, "wal") == 0;
        rc = SQLITE_OK;
    }
    ec_status status = EC_OK;
    if (rc != SQLITE_OK) {
        status = ec_sqlite_report(conn->db, rc, NULL, error);
    } else if (!wal) {
        status =
            ec_sqlite_fail_on(error, EC_UNSUPPORTED, 0, "write-ahead logging is not available here",
                              conn->storage->settings.path);
    }
    (void)sqlite3_finalize(stmt);
    return status;
}

/*
 * SQLite moves constant expressions, bound parameters among them, out of a statement's loops and
 * compares each with all it has moved before. Our statements name hundreds of parameters once each
 * (a CASE with a branch for every line of an order), so that step makes preparing them quadratic
 * and saves nothing. The switch is SQLite's own for its tests; a build without it is only slower.
 */
static void keep_constants_in_place(sqlite3 *db)
{
    enum { FACTOR_OUT_CONSTANTS = 0x0008 };
    (void)sqlite3_test_control(SQLITE_TESTCTRL_OPTIMIZATIONS, db, FACTOR_OUT_CONSTANTS);
}

static int configure_switches(sqlite3 *db)
{
    static const struct {
        int option;
        int value;
    } rows[] = {
        {SQLITE_DBCONFIG_ENABLE_FKEY, 1},    {SQLITE_DBCONFIG_ENABLE_TRIGGER, 1},
        {SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0}, {SQLITE_DBCONFIG_DEFENSIVE, 1},
        {SQLITE_DBCONFIG_DQS_DML, 0},        {SQLITE_DBCONFIG_DQS_DDL, 0},
    };
    int rc = SQLITE_OK;
    for (size_t i = 0; rc == SQLITE_OK && i < sizeof rows / sizeof rows[0]; i++) {
        rc = sqlite3_db_config(db, rows[i].option, rows[i].value, (int *)NULL);
    }
    return rc;
}

static int configure(ec_sqlite_conn *conn, bool writer)
{
    const ec_sqlite_settings *settings = &conn->storage->settings;
    int rc = configure_switches(conn->db);
    char pragmas[320];
    (void)snprintf(pragmas, sizeof pragmas,
                   "PRAGMA cell_size_check=ON; PRAGMA temp_store=MEMORY; "
                   "PRAGMA secure_delete=FAST; PRAGMA mmap_size=" MMAP_BYTES "; "
                   "PRAGMA cache_size=-%d; PRAGMA synchronous=%d; PRAGMA query_only=%d",
                   settings->cache_kib, (int)settings->synchronous, writer ? 0 : 1);
    if (rc == SQLITE_OK) {
        rc = ec_sqlite_exec(conn, pragmas);
    }
    return rc;
}

static int prepare_own(ec_sqlite_conn *conn)
{
    int rc = SQLITE_OK;
    conn->own_running = true;
    for (int i = 0; rc == SQLITE_OK && i < EC_SQLITE_OWN_COUNT; i++) {
        rc = sqlite3_prepare_v3(conn->db, own_sql[i], -1, SQLITE_PREPARE_PERSISTENT, &conn->own[i],
                                NULL);
    }
    conn->own_running = false;
    return rc;
}

static ec_status open_handle(ec_sqlite_conn *conn, bool writer, ec_storage_error *error)
{
    const ec_sqlite_settings *settings = &conn->storage->settings;
    const char *path = settings->path != NULL ? settings->path : ":memory:";
    int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE;
    if (settings->path != NULL && settings->read_only) {
        flags |= SQLITE_OPEN_READONLY;
    } else {
        flags |= SQLITE_OPEN_READWRITE;
        flags |= writer && !settings->must_exist ? SQLITE_OPEN_CREATE : 0;
    }
    if (settings->path != NULL && (flags & SQLITE_OPEN_CREATE) != 0) {
        ec_sqlite_create(conn->storage);
    }
    int rc = sqlite3_open_v2(path, &conn->db, flags, NULL);
    if (rc == SQLITE_OK) {
        (void)sqlite3_extended_result_codes(conn->db, 1);
        (void)sqlite3_busy_handler(conn->db, on_busy, conn);
        (void)sqlite3_limit(conn->db, SQLITE_LIMIT_VARIABLE_NUMBER, EC_SQLITE_PARAMETERS_MAX);
        (void)sqlite3_wal_hook(conn->db, on_commit, conn);
        keep_constants_in_place(conn->db);
        return EC_OK;
    }
    if ((rc & 0xff) == SQLITE_CANTOPEN && (settings->must_exist || settings->read_only) &&
        conn->db != NULL && sqlite3_system_errno(conn->db) == ENOENT) {
        return ec_sqlite_fail_on(error, EC_NOT_FOUND, rc, "there is no such database", path);
    }
    return ec_sqlite_report(conn->db, rc, NULL, error);
}

static ec_status prepare_conn(ec_sqlite_conn *conn, bool writer, ec_storage_error *error)
{
    const ec_sqlite_settings *settings = &conn->storage->settings;
    ec_status status = open_handle(conn, writer, error);
    if (status != EC_OK) {
        return status;
    }
    if (writer && sqlite3_db_readonly(conn->db, "main") == 1) {
        return ec_sqlite_fail_on(error, EC_DENIED, SQLITE_READONLY,
                                 "the database is write-protected", settings->path);
    }
    int rc = configure(conn, writer);
    if (rc == SQLITE_OK && writer && settings->path != NULL) {
        status = use_wal(conn, error);
    }
    if (rc == SQLITE_OK && status == EC_OK) {
        rc = sqlite3_set_authorizer(conn->db, authorise, conn);
    }
    if (rc == SQLITE_OK && status == EC_OK) {
        rc = prepare_own(conn);
    }
    /* The first look into the file: is it a database? */
    if (rc == SQLITE_OK && status == EC_OK) {
        rc = ec_sqlite_exec(conn, "SELECT 1 FROM sqlite_schema LIMIT 1");
    }
    return rc == SQLITE_OK ? status : ec_sqlite_report(conn->db, rc, NULL, error);
}

ec_status ec_sqlite_conn_open(ec_sqlite *storage, bool writer, ec_sqlite_conn **out,
                              ec_storage_error *error)
{
    *out = NULL;
    ec_sqlite_conn *conn = ec_sqlite_resize(storage->platform, NULL, sizeof *conn);
    if (conn == NULL) {
        return ec_sqlite_fail(error, EC_NO_MEMORY, 0, "out of memory");
    }
    memset(conn, 0, sizeof *conn);
    conn->base.ops = &ec_sqlite_ops;
    conn->storage = storage;
    conn->busy_timeout_ms = storage->settings.busy_timeout_ms;
    ec_status status = prepare_conn(conn, writer, error);
    if (status != EC_OK) {
        ec_sqlite_conn_close(conn);
        return status;
    }
    *out = conn;
    return EC_OK;
}

void ec_sqlite_conn_close(ec_sqlite_conn *conn)
{
    if (conn == NULL) {
        return;
    }
    const ec_platform *platform = conn->storage->platform;
    ec_sqlite_cache_clear(conn);
    for (int i = 0; i < EC_SQLITE_OWN_COUNT; i++) {
        (void)sqlite3_finalize(conn->own[i]);
    }
    (void)sqlite3_close(conn->db);
    (void)ec_sqlite_resize(platform, conn, 0);
}
