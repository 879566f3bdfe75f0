/* SPDX-License-Identifier: MIT */
/*
 * raw.c - SQLite as a plain program uses it, with a commit for all who wait.
 *
 * Settings, order of waking and size of a batch are those of adapters/sqlite. What that does beyond
 * (closures that run again, other processes, failing disks) is left out: this program ends when
 * anything fails.
 */
#include "bench/raw.h"

#include "bench/bench.h"

#include <stdarg.h>
#include <string.h>

#define BATCH_MAX 64
#define BATCH_SECONDS 0.005 /* no further closure is taken after this time */
#define LOG_PAGES 1000      /* a longer log is moved into the file, after the others are awake */

static const char settings[] =
    "PRAGMA cell_size_check=ON; PRAGMA temp_store=MEMORY; PRAGMA secure_delete=FAST;"
    " PRAGMA mmap_size=67108864; PRAGMA cache_size=-8192; PRAGMA synchronous=FULL;"
    " PRAGMA foreign_keys=ON; PRAGMA journal_mode=WAL";

sqlite3_stmt *raw_prepare(raw_db *raw, const char *sql)
{
    sqlite3_stmt *stmt = NULL;
    if (sqlite3_prepare_v3(raw->db, sql, -1, SQLITE_PREPARE_PERSISTENT, &stmt, NULL) != SQLITE_OK)
        bench_die("%s: %s", sqlite3_errmsg(raw->db), sql);
    return stmt;
}

void raw_run(raw_db *raw, sqlite3_stmt *stmt)
{
    int rc = sqlite3_step(stmt);
    if ((rc != SQLITE_DONE && rc != SQLITE_ROW) || sqlite3_reset(stmt) != SQLITE_OK)
        bench_die("%s: %s", sqlite3_errmsg(raw->db), sqlite3_sql(stmt));
}

static int on_commit(void *ctx, sqlite3 *db, const char *name, int pages)
{
    raw_db *raw = ctx;
    (void)db;
    (void)name;
    raw->log_pages = pages;
    return SQLITE_OK;
}

void raw_open(raw_db *raw, const char *path, bool read_only)
{
    *raw = (raw_db){.mutex = PTHREAD_MUTEX_INITIALIZER};
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE;
    if (sqlite3_open_v2(path, &raw->db, flags, NULL) != SQLITE_OK ||
        sqlite3_exec(raw->db, settings, NULL, NULL, NULL) != SQLITE_OK ||
        (read_only && sqlite3_exec(raw->db, "PRAGMA query_only=ON", NULL, NULL, NULL) != SQLITE_OK))
        bench_die("%s: %s", path, sqlite3_errmsg(raw->db));
    (void)sqlite3_wal_hook(raw->db, on_commit, raw);
    raw->begin = raw_prepare(raw, read_only ? "BEGIN" : "BEGIN IMMEDIATE");
    raw->commit = raw_prepare(raw, "COMMIT");
    raw->rollback = raw_prepare(raw, "ROLLBACK");
    raw->savepoint = raw_prepare(raw, "SAVEPOINT raw");
    raw->release = raw_prepare(raw, "RELEASE raw");
}

void raw_close(raw_db *raw)
{
    sqlite3_stmt *stmt = NULL;
    while ((stmt = sqlite3_next_stmt(raw->db, NULL)) != NULL)
        (void)sqlite3_finalize(stmt);
    if (sqlite3_close(raw->db) != SQLITE_OK) bench_die("a plain database cannot be closed");
    (void)pthread_mutex_destroy(&raw->mutex);
}

static raw_job *pop(raw_db *raw)
{
    raw_job *job = raw->first;
    if (job != NULL) raw->first = job->next;
    if (raw->first == NULL) raw->last = NULL;
    return job;
}

static raw_job *take(raw_db *raw)
{
    (void)pthread_mutex_lock(&raw->mutex);
    raw_job *job = pop(raw);
    (void)pthread_mutex_unlock(&raw->mutex);
    return job;
}

static void wake(raw_job *job, raw_state state)
{
    (void)pthread_mutex_lock(&job->mutex);
    job->state = state;
    (void)pthread_cond_signal(&job->changed);
    (void)pthread_mutex_unlock(&job->mutex);
}

static void lead(raw_db *raw, raw_job *own)
{
    raw_job *jobs[BATCH_MAX];
    size_t count = 0;
    double end = bench_now() + BATCH_SECONDS;
    raw_run(raw, raw->begin);
    for (raw_job *job = own; job != NULL;) {
        if (count > 0) raw_run(raw, raw->savepoint);
        jobs[count++] = job;
        job->fn(job->ctx);
        if (count > 1) raw_run(raw, raw->release);
        job = count < BATCH_MAX && bench_now() < end ? take(raw) : NULL;
    }
    raw_run(raw, raw->commit);
    for (size_t i = 1; i < count; i++)
        wake(jobs[i], RAW_DONE);
    if (raw->log_pages >= LOG_PAGES &&
        sqlite3_wal_checkpoint_v2(raw->db, "main", SQLITE_CHECKPOINT_PASSIVE, NULL, NULL) !=
            SQLITE_OK)
        bench_die("%s", sqlite3_errmsg(raw->db));
    (void)pthread_mutex_lock(&raw->mutex);
    raw_job *next = pop(raw);
    raw->leading = next != NULL;
    (void)pthread_mutex_unlock(&raw->mutex);
    if (next != NULL) wake(next, RAW_LEADS);
}

void raw_transact(raw_db *raw, raw_fn fn, void *ctx)
{
    raw_job job = {.fn = fn, .ctx = ctx};
    (void)pthread_mutex_init(&job.mutex, NULL);
    (void)pthread_cond_init(&job.changed, NULL);
    (void)pthread_mutex_lock(&raw->mutex);
    bool leads = !raw->leading;
    if (leads) {
        raw->leading = true;
    } else {
        if (raw->last != NULL) raw->last->next = &job;
        if (raw->first == NULL) raw->first = &job;
        raw->last = &job;
    }
    (void)pthread_mutex_unlock(&raw->mutex);
    if (!leads) {
        (void)pthread_mutex_lock(&job.mutex);
        while (job.state == RAW_WAITING)
            (void)pthread_cond_wait(&job.changed, &job.mutex);
        leads = job.state == RAW_LEADS;
        (void)pthread_mutex_unlock(&job.mutex);
    }
    if (leads) lead(raw, &job);
    (void)pthread_cond_destroy(&job.changed);
    (void)pthread_mutex_destroy(&job.mutex);
}

/* ---- values and rows ---- */

void raw_bind(raw_db *raw, sqlite3_stmt *stmt, const char *types, ...)
{
    va_list args;
    int rc = SQLITE_OK, place = 1;
    if (sqlite3_bind_parameter_count(stmt) != (int)strlen(types))
        bench_die("the library's statement takes %d values now, not %zu; let the plain program"
                  " follow: %s",
                  sqlite3_bind_parameter_count(stmt), strlen(types), sqlite3_sql(stmt));
    va_start(args, types);
    for (; *types != '\0' && rc == SQLITE_OK; types++, place++) {
        if (*types == 'i')
            rc = sqlite3_bind_int64(stmt, place, va_arg(args, int64_t));
        else if (*types == 's')
            rc = sqlite3_bind_text(stmt, place, va_arg(args, const char *), -1, SQLITE_STATIC);
        else
            rc = sqlite3_bind_null(stmt, place);
    }
    va_end(args);
    if (rc != SQLITE_OK) bench_die("%s: %s", sqlite3_errmsg(raw->db), sqlite3_sql(stmt));
}

size_t raw_read(raw_db *raw, sqlite3_stmt *stmt, raw_rows *out)
{
    size_t rows = 0;
    int rc = SQLITE_OK, columns = sqlite3_column_count(stmt);
    while ((rc = sqlite3_step(stmt)) == SQLITE_ROW) {
        for (int i = 0; i < columns; i++) {
            if (sqlite3_column_type(stmt, i) != SQLITE_TEXT) {
                out->sum += sqlite3_column_int64(stmt, i);
                continue;
            }
            const unsigned char *text = sqlite3_column_text(stmt, i);
            size_t length = (size_t)sqlite3_column_bytes(stmt, i);
            if (length > sizeof(out->text) - out->used) out->used = 0;
            memcpy(out->text + out->used, text, length);
            out->used += length;
        }
        rows++;
    }
    if (rc != SQLITE_DONE || sqlite3_reset(stmt) != SQLITE_OK)
        bench_die("%s: %s", sqlite3_errmsg(raw->db), sqlite3_sql(stmt));
    return rows;
}
