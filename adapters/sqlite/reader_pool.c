/* SPDX-License-Identifier: MIT */
/*
 * reader_pool.c - snapshot connections for reading.
 *
 * They are opened when first needed, up to the number in the settings, and lent last-in first-out
 * so that the warmest page cache is used. A snapshot is SQLite's own: it begins with the first
 * statement and neither waits for the writer nor hinders it. When all are lent, a caller waits for
 * the busy time-out and then gets EC_BUSY. In memory there is one connection for everything, and
 * whoever has it has it alone. Refused: lending a connection for longer than one call of the shop
 * is not prevented here, but it delays checkpoints and starves others.
 */
#include "sqlite.h"

/* A resting reader, or the right to open one (then *out is NULL). */
static ec_status pool_take(ec_sqlite *storage, ec_sqlite_conn **out, ec_storage_error *error)
{
    struct timespec deadline;
    bool in_time = true;
    ec_status status = EC_OK;
    *out = NULL;
    ec_sqlite_deadline(storage->settings.busy_timeout_ms, &deadline);
    (void)pthread_mutex_lock(&storage->pool_mutex);
    while (storage->resting_count == 0 && storage->reader_count >= storage->settings.readers &&
           in_time) {
        in_time = pthread_cond_timedwait(&storage->returned, &storage->pool_mutex, &deadline) == 0;
    }
    if (storage->resting_count > 0) {
        *out = storage->resting[--storage->resting_count];
    } else if (storage->reader_count < storage->settings.readers) {
        storage->reader_count++;
    } else {
        status = ec_sqlite_fail(error, EC_BUSY, 0, "all connections for reading are lent");
    }
    (void)pthread_mutex_unlock(&storage->pool_mutex);
    return status;
}

/* Open the one that pool_take allowed. */
static ec_status pool_grow(ec_sqlite *storage, ec_sqlite_conn **out, ec_storage_error *error)
{
    ec_status status = ec_sqlite_conn_open(storage, false, out, error);
    (void)pthread_mutex_lock(&storage->pool_mutex);
    if (status == EC_OK) {
        storage->readers[storage->opened_count++] = *out;
    } else {
        storage->reader_count--;
        (void)pthread_cond_signal(&storage->returned);
    }
    (void)pthread_mutex_unlock(&storage->pool_mutex);
    return status;
}

static void pool_return(ec_sqlite *storage, ec_sqlite_conn *conn)
{
    (void)pthread_mutex_lock(&storage->pool_mutex);
    storage->resting[storage->resting_count++] = conn;
    (void)pthread_cond_signal(&storage->returned);
    (void)pthread_mutex_unlock(&storage->pool_mutex);
}

static ec_status take(ec_sqlite *storage, ec_sqlite_conn **out, ec_storage_error *error)
{
    if (storage->settings.path == NULL) {
        ec_status only = ec_sqlite_only_take(storage, error);
        if (only == EC_OK) {
            *out = storage->writer;
            storage->writer->writer = false;
        }
        return only;
    }
    ec_status status = pool_take(storage, out, error);
    if (status == EC_OK && *out == NULL) {
        status = pool_grow(storage, out, error);
    }
    return status;
}

static void give(ec_sqlite *storage, ec_sqlite_conn *conn)
{
    if (storage->settings.path == NULL) {
        ec_sqlite_only_give(storage);
    } else {
        pool_return(storage, conn);
    }
}

ec_status ec_sqlite_read_begin(ec_storage *self, ec_conn **conn, ec_storage_error *error)
{
    ec_sqlite *storage = (ec_sqlite *)self;
    ec_sqlite_conn *taken = NULL;
    *conn = NULL;
    ec_status status = ec_sqlite_check_process(storage, error);
    if (status == EC_OK) {
        status = take(storage, &taken, error);
    }
    if (status != EC_OK) {
        return status;
    }
    taken->broken = false;
    taken->depth = 0;
    int rc = ec_sqlite_run_own(taken, EC_SQLITE_BEGIN_READ);
    if (rc != SQLITE_OK) {
        status = ec_sqlite_report(taken->db, rc, NULL, error);
        give(storage, taken);
        return status;
    }
    *conn = &taken->base;
    return EC_OK;
}

void ec_sqlite_read_end(ec_storage *self, ec_conn *conn)
{
    if (conn == NULL) {
        return;
    }
    ec_sqlite_conn *lent = (ec_sqlite_conn *)conn;
    ec_sqlite_cache_settle(lent);
    if (sqlite3_get_autocommit(lent->db) == 0) {
        (void)ec_sqlite_run_own(lent, EC_SQLITE_ROLLBACK);
    }
    lent->broken = false;
    lent->depth = 0;
    give((ec_sqlite *)self, lent);
}

uint64_t ec_sqlite_readers_statements(ec_sqlite *storage)
{
    uint64_t sum = 0;
    (void)pthread_mutex_lock(&storage->pool_mutex);
    for (int i = 0; i < storage->opened_count; i++) {
        sum += atomic_load_explicit(&storage->readers[i]->statements, memory_order_relaxed);
    }
    (void)pthread_mutex_unlock(&storage->pool_mutex);
    return sum;
}

void ec_sqlite_readers_close(ec_sqlite *storage)
{
    for (int i = 0; i < storage->opened_count; i++) {
        ec_sqlite_conn_close(storage->readers[i]);
    }
    storage->opened_count = 0;
    storage->resting_count = 0;
    storage->reader_count = 0;
}
