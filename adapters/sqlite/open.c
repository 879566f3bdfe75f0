/* SPDX-License-Identifier: MIT */
/*
 * open.c - the vtable of the SQLite adapter, and the life of an open database.
 *
 * A file has one connection for writing and a pool for reading; a database in memory has one
 * connection for both. The adapter knows no table of the shop. It refuses to work in a child
 * process that inherited it: SQLite's file locks do not survive a fork, and using them there is the
 * classic way to damage a file.
 */
#include "sqlite.h"

#include <string.h>
#include <unistd.h>

static const ec_dialect dialect = {
    .name = "sqlite",
    .id_column = "INTEGER PRIMARY KEY AUTOINCREMENT",
    .integer = "INTEGER",
    .boolean = "INTEGER",
    .text_format = "TEXT",
    .long_text = "TEXT",
    .blob = "BLOB",
    .table_tail = " STRICT",
    .for_update = "",
    .insert_ignore = "INSERT OR IGNORE INTO",
    .upsert_format = "ON CONFLICT(%s) DO UPDATE SET",
    .excluded_format = "excluded.%s",
    .like_escape = " ESCAPE '\\'",
    .max_parameters = EC_SQLITE_PARAMETERS_MAX,
    .partial_index = true,
    .transactional_ddl = true,
    .last_id_is_first = false,
};

static const ec_dialect *dialect_of(ec_storage *self)
{
    (void)self;
    return &dialect;
}

void *ec_sqlite_resize(const ec_platform *platform, void *ptr, size_t size)
{
    return platform->resize(platform->ctx, ptr, size);
}

ec_status ec_sqlite_check_process(const ec_sqlite *storage, ec_storage_error *error)
{
    if (storage->process == (int64_t)getpid()) {
        return EC_OK;
    }
    return ec_sqlite_fail(error, EC_MISUSE, 0,
                          "the database was opened before this process was forked off");
}

void ec_sqlite_deadline(int milliseconds, struct timespec *out)
{
    (void)clock_gettime(CLOCK_MONOTONIC, out);
    out->tv_sec += milliseconds / 1000;
    out->tv_nsec += (long)(milliseconds % 1000) * 1000000;
    if (out->tv_nsec >= 1000000000) {
        out->tv_sec++;
        out->tv_nsec -= 1000000000;
    }
}

static void counters(ec_storage *self, uint64_t *statements, uint64_t *transactions,
                     uint64_t *commits)
{
    ec_sqlite *storage = (ec_sqlite *)self;
    if (statements != NULL) {
        *statements = ec_sqlite_readers_statements(storage);
        if (storage->writer != NULL) {
            *statements += atomic_load_explicit(&storage->writer->statements, memory_order_relaxed);
        }
    }
    if (transactions != NULL) {
        *transactions = atomic_load_explicit(&storage->transactions, memory_order_relaxed);
    }
    if (commits != NULL) {
        *commits = atomic_load_explicit(&storage->commits, memory_order_relaxed);
    }
}

static void release(ec_sqlite *storage)
{
    const ec_platform *platform = storage->platform;
    (void)pthread_cond_destroy(&storage->returned);
    (void)pthread_cond_destroy(&storage->led);
    (void)pthread_mutex_destroy(&storage->pool_mutex);
    (void)pthread_mutex_destroy(&storage->queue_mutex);
    (void)ec_sqlite_resize(platform, storage->settings.path, 0);
    (void)ec_sqlite_resize(platform, storage, 0);
}

static void close_storage(ec_storage *self)
{
    if (self == NULL) {
        return;
    }
    ec_sqlite *storage = (ec_sqlite *)self;
    /* In a child process SQLite's handles are left alone: they belong to the parent. */
    if (storage->process == (int64_t)getpid()) {
        ec_sqlite_readers_close(storage);
        ec_sqlite_conn_close(storage->mover);
        ec_sqlite_conn_close(storage->writer); /* whoever is last empties the log, alone with it */
    }
    release(storage);
}

const ec_storage_ops ec_sqlite_ops = {
    .version = EC_STORAGE_VERSION,
    .name = "sqlite",
    .dialect = dialect_of,
    .read_begin = ec_sqlite_read_begin,
    .read_end = ec_sqlite_read_end,
    .transact = ec_sqlite_transact,
    .start = ec_sqlite_start,
    .step = ec_sqlite_step,
    .column_count = ec_sqlite_column_count,
    .column_type = ec_sqlite_column_type,
    .column_int = ec_sqlite_column_int,
    .column_text = ec_sqlite_column_text,
    .finish = ec_sqlite_finish,
    .affected = ec_sqlite_affected,
    .last_id = ec_sqlite_last_id,
    .savepoint = ec_sqlite_savepoint,
    .savepoint_release = ec_sqlite_savepoint_release,
    .savepoint_rollback = ec_sqlite_savepoint_rollback,
    .script = ec_sqlite_script,
    .ping = ec_sqlite_ping,
    .integrity = ec_sqlite_integrity,
    .backup = ec_sqlite_backup,
    .counters = counters,
    .close = close_storage,
};

/* Condition variables that measure time by the monotonic clock. */
static void init_locks(ec_sqlite *storage)
{
    pthread_condattr_t attributes;
    (void)pthread_condattr_init(&attributes);
    (void)pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    (void)pthread_mutex_init(&storage->queue_mutex, NULL);
    (void)pthread_mutex_init(&storage->pool_mutex, NULL);
    (void)pthread_cond_init(&storage->led, &attributes);
    (void)pthread_cond_init(&storage->returned, &attributes);
    (void)pthread_condattr_destroy(&attributes);
}

/* The writer; or, where nothing may be written, one reader, to see that the file is in order. */
static ec_status open_first(ec_sqlite *storage, ec_storage_error *error)
{
    if (storage->settings.path == NULL || !storage->settings.read_only) {
        return ec_sqlite_conn_open(storage, true, &storage->writer, error);
    }
    ec_conn *conn = NULL;
    ec_status status = ec_sqlite_read_begin(&storage->base, &conn, error);
    ec_sqlite_read_end(&storage->base, conn);
    return status;
}

ec_status ec_sqlite_open(const ec_storage_config *config, ec_storage **out, ec_storage_error *error)
{
    if (out == NULL || config == NULL || config->platform == NULL) {
        return ec_sqlite_fail(error, EC_MISUSE, 0, "a required argument is NULL");
    }
    *out = NULL;
    if (sqlite3_libversion_number() < 3037000 || sqlite3_threadsafe() == 0) {
        return ec_sqlite_fail_on(error, EC_UNSUPPORTED, 0, "SQLite 3.37 with threads is needed",
                                 sqlite3_libversion());
    }
    ec_sqlite *storage = ec_sqlite_resize(config->platform, NULL, sizeof *storage);
    if (storage == NULL) {
        return ec_sqlite_fail(error, EC_NO_MEMORY, 0, "out of memory");
    }
    memset(storage, 0, sizeof *storage);
    storage->base.ops = &ec_sqlite_ops;
    storage->platform = config->platform;
    storage->process = (int64_t)getpid();
    init_locks(storage);
    ec_status status = ec_sqlite_settings_parse(config, &storage->settings, error);
    if (status == EC_OK) {
        status = open_first(storage, error);
    }
    if (status != EC_OK) {
        close_storage(&storage->base);
        return status;
    }
    *out = &storage->base;
    return EC_OK;
}
