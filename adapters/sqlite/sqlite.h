/* SPDX-License-Identifier: MIT */
/*
 * sqlite.h - what the files of the SQLite adapter share.
 *
 * open.c the vtable and the life of a storage; uri.c settings; error.c SQLite's codes as statuses;
 * conn.c one connection; cache.c prepared statements by text; stmt.c statements, savepoints and
 * scripts; reader_pool.c snapshots; group_commit.c who writes when; batch.c
 * closures under one commit; checkpoint.c the log; health.c ping and integrity; backup.c copies.
 */
#ifndef EC_ADAPTERS_SQLITE_H
#define EC_ADAPTERS_SQLITE_H

#include <pthread.h>
#include <stdatomic.h>
#include <time.h>

#include <sqlite3.h>

#include <ecommerce/sys/sqlite.h>

#define EC_SQLITE_READERS_MAX 64
#define EC_SQLITE_BATCH_MAX 64                  /* closures under one commit */
#define EC_SQLITE_BATCH_US INT64_C(5000)        /* no further closure is taken after this time */
#define EC_SQLITE_KEPT_MAX 256                  /* prepared statements kept by one connection */
#define EC_SQLITE_KEPT_BYTES ((size_t)1 << 20)  /* ... and the sum of their texts */
#define EC_SQLITE_KEPT_LENGTH ((size_t)1 << 14) /* a longer text is prepared each time */
#define EC_SQLITE_BUCKETS 512                   /* a power of two */
#define EC_SQLITE_PARAMETERS_MAX 32766

typedef struct ec_sqlite ec_sqlite;
typedef struct ec_sqlite_conn ec_sqlite_conn;
typedef struct ec_sqlite_stmt ec_sqlite_stmt;

typedef enum ec_sqlite_synchronous {
    EC_SQLITE_SYNCHRONOUS_OFF = 0,
    EC_SQLITE_SYNCHRONOUS_NORMAL = 1,
    EC_SQLITE_SYNCHRONOUS_FULL = 2
} ec_sqlite_synchronous;

/* A URI, taken apart. */
typedef struct ec_sqlite_settings {
    char *path; /* owned; NULL for a database in memory */
    bool read_only;
    bool must_exist;
    ec_sqlite_synchronous synchronous;
    int busy_timeout_ms;
    int readers;
    int cache_kib;
} ec_sqlite_settings;

/* The adapter's own statements; every connection prepares them once. */
typedef enum ec_sqlite_own {
    EC_SQLITE_BEGIN_READ,
    EC_SQLITE_BEGIN_WRITE,
    EC_SQLITE_COMMIT,
    EC_SQLITE_ROLLBACK,
    EC_SQLITE_SAVEPOINT,
    EC_SQLITE_RELEASE,
    EC_SQLITE_UNDO,
    EC_SQLITE_OWN_COUNT
} ec_sqlite_own;

/* A prepared statement; running (in `active`) or waiting for its next use (in `idle`). */
struct ec_sqlite_stmt {
    ec_stmt base;
    ec_sqlite_conn *conn;
    sqlite3_stmt *handle;
    uint64_t hash;
    size_t length;            /* of its text */
    ec_sqlite_stmt *bucket;   /* next one of the same hash bucket, or of the spare ones */
    ec_sqlite_stmt *previous; /* in active or idle */
    ec_sqlite_stmt *next;
    bool kept; /* in the hash table */
    bool running;
    bool writes;
    ec_status ended; /* EC_OK while it runs, then what step answers for ever */
};

/* A doubly linked list; the newest is first. */
typedef struct ec_sqlite_list {
    ec_sqlite_stmt *first;
    ec_sqlite_stmt *last;
} ec_sqlite_list;

/* A wait for a lock that another connection holds. Zero at its start. */
typedef struct ec_sqlite_waiting {
    int attempts;
    int64_t since_us;
    int64_t slept_us;
} ec_sqlite_waiting;

struct ec_sqlite_conn {
    ec_conn base;
    ec_sqlite *storage;
    sqlite3 *db;
    sqlite3_stmt *own[EC_SQLITE_OWN_COUNT];
    bool own_running; /* the authoriser lets transaction statements pass */
    bool writer;      /* may change the database now */
    bool broken;      /* SQLite has rolled the running transaction back by itself */
    int depth;        /* savepoints that the closure has open */
    int wal_pages;    /* length of the log at the last commit */
    int busy_timeout_ms;
    ec_sqlite_waiting waiting; /* of SQLite's busy handler */
    _Atomic uint64_t statements;
    ec_sqlite_list active;
    ec_sqlite_list idle;
    ec_sqlite_stmt *spare; /* structs without a statement */
    size_t kept;
    size_t kept_bytes;
    ec_sqlite_stmt *buckets[EC_SQLITE_BUCKETS];
};

/* A caller of transact, on its own stack. */
typedef enum ec_sqlite_job_state {
    EC_SQLITE_JOB_WAITING,
    EC_SQLITE_JOB_LEADS,
    EC_SQLITE_JOB_DONE
} ec_sqlite_job_state;

typedef struct ec_sqlite_job {
    ec_transaction_fn fn;
    void *ctx;
    ec_storage_error *error;
    pthread_t thread;
    ec_status status;
    bool settled;               /* status is final; the leader's */
    struct ec_sqlite_job *next; /* in the queue */
    pthread_mutex_t mutex;      /* guards state; this and `changed` only of jobs that were queued */
    pthread_cond_t changed;
    ec_sqlite_job_state state;
} ec_sqlite_job;

/* Closures under one commit. The first one is the leader's own. */
typedef struct ec_sqlite_batch {
    ec_sqlite *storage;
    ec_sqlite_job *jobs[EC_SQLITE_BATCH_MAX];
    size_t count;
    size_t kept; /* closures whose work is in the transaction now */
} ec_sqlite_batch;

struct ec_sqlite {
    ec_storage base;
    const ec_platform *platform;
    ec_sqlite_settings settings;
    int64_t process; /* that opened it */

    /* The writer. Whoever leads has it to itself. In memory, readers lead as well. */
    pthread_mutex_t queue_mutex;
    pthread_cond_t led; /* in memory: the connection has come back */
    ec_sqlite_job *queue_first;
    ec_sqlite_job *queue_last;
    bool leading;
    pthread_t leader;
    ec_sqlite_conn *writer; /* NULL when read only */
    ec_sqlite_conn *mover;  /* moves the log; the leader's, NULL before the first time */
    _Atomic uint64_t transactions;
    _Atomic uint64_t commits;
    int checkpoint_at;       /* pages of the log; these three are the leader's */
    int checkpoint_waits_at; /* from here on a checkpoint waits for readers */
    int checkpoint_gap;      /* pages until it does so again, after it was in vain */

    /* The readers. */
    pthread_mutex_t pool_mutex;
    pthread_cond_t returned;
    ec_sqlite_conn *readers[EC_SQLITE_READERS_MAX]; /* all that are open */
    ec_sqlite_conn *resting[EC_SQLITE_READERS_MAX]; /* those that are not lent */
    int reader_count;                               /* open or being opened */
    int opened_count;
    int resting_count;
};

/* open.c */
extern const ec_storage_ops ec_sqlite_ops;
void *ec_sqlite_resize(const ec_platform *platform, void *ptr, size_t size);
/* EC_MISUSE in a process that was forked off after the opening. */
ec_status ec_sqlite_check_process(const ec_sqlite *storage, ec_storage_error *error);
/* The moment of CLOCK_MONOTONIC that lies so far ahead. */
void ec_sqlite_deadline(int milliseconds, struct timespec *out);

/* uri.c */
ec_status ec_sqlite_settings_parse(const ec_storage_config *config, ec_sqlite_settings *out,
                                   ec_storage_error *error);

/* error.c */
/* Write a failure and return its status. error may be NULL. */
ec_status ec_sqlite_fail(ec_storage_error *error, ec_status status, int code, const char *message);
/* The same, with a subject: "message: subject". */
ec_status ec_sqlite_fail_on(ec_storage_error *error, ec_status status, int code,
                            const char *message, const char *subject);
/* The failure rc of db, with SQLite's own text. sql is the statement's text or NULL. */
ec_status ec_sqlite_report(sqlite3 *db, int rc, const char *sql, ec_storage_error *error);

/* conn.c */
ec_status ec_sqlite_conn_open(ec_sqlite *storage, bool writer, ec_sqlite_conn **out,
                              ec_storage_error *error);
void ec_sqlite_conn_close(ec_sqlite_conn *conn);
/* Run one of the adapter's own statements; SQLite's result code, SQLITE_DONE as SQLITE_OK. */
int ec_sqlite_run_own(ec_sqlite_conn *conn, ec_sqlite_own which);
/* Run a text without values, again while the database is busy; SQLite's result code. */
int ec_sqlite_exec(ec_sqlite_conn *conn, const char *sql);
/* Nap before the next attempt; false when the connection's time is over. */
bool ec_sqlite_wait(ec_sqlite_conn *conn, ec_sqlite_waiting *waiting);

/* cache.c */
/* A statement of this text that is not running, as the newest of `active`. */
ec_status ec_sqlite_cache_take(ec_sqlite_conn *conn, const char *sql, ec_sqlite_stmt **out,
                               ec_storage_error *error);
/* Give it back, reset. */
void ec_sqlite_cache_return(ec_sqlite_stmt *stmt);
/* End all that run, and forget everything. */
void ec_sqlite_cache_clear(ec_sqlite_conn *conn);
/* End whatever the user of the connection left running. */
void ec_sqlite_cache_settle(ec_sqlite_conn *conn);

/* stmt.c */
ec_status ec_sqlite_start(ec_conn *conn, const char *sql, const ec_value *values, size_t count,
                          ec_stmt **stmt, ec_storage_error *error);
ec_status ec_sqlite_step(ec_stmt *stmt, ec_storage_error *error);
int ec_sqlite_column_count(ec_stmt *stmt);
ec_value_type ec_sqlite_column_type(ec_stmt *stmt, int column);
int64_t ec_sqlite_column_int(ec_stmt *stmt, int column);
const char *ec_sqlite_column_text(ec_stmt *stmt, int column, size_t *length);
void ec_sqlite_finish(ec_stmt *stmt);
int64_t ec_sqlite_affected(ec_conn *conn);
int64_t ec_sqlite_last_id(ec_conn *conn);
ec_status ec_sqlite_savepoint(ec_conn *conn, ec_storage_error *error);
ec_status ec_sqlite_savepoint_release(ec_conn *conn, ec_storage_error *error);
void ec_sqlite_savepoint_rollback(ec_conn *conn);
ec_status ec_sqlite_script(ec_conn *conn, const char *sql, ec_storage_error *error);

/* reader_pool.c */
ec_status ec_sqlite_read_begin(ec_storage *self, ec_conn **conn, ec_storage_error *error);
void ec_sqlite_read_end(ec_storage *self, ec_conn *conn);
void ec_sqlite_readers_close(ec_sqlite *storage);
uint64_t ec_sqlite_readers_statements(ec_sqlite *storage);

/* group_commit.c */
ec_status ec_sqlite_transact(ec_storage *self, ec_transaction_fn fn, void *ctx,
                             ec_storage_error *error);
/* The first one of the queue, which is the caller's to settle; NULL when it is empty. */
ec_sqlite_job *ec_sqlite_queue_take(ec_sqlite *storage);
/* In memory: have the only connection to oneself. */
ec_status ec_sqlite_only_take(ec_sqlite *storage, ec_storage_error *error);
void ec_sqlite_only_give(ec_sqlite *storage);

/* batch.c */
/* Run the jobs and such as come in meanwhile; all of them are settled then. */
void ec_sqlite_batch_run(ec_sqlite_batch *batch);

/* checkpoint.c */
bool ec_sqlite_checkpoint_due(const ec_sqlite *storage);
/* Move the log into the file while nobody writes; leader only. Failing is no harm: the log is as
   durable. */
void ec_sqlite_checkpoint(ec_sqlite *storage);

/* health.c */
ec_status ec_sqlite_ping(ec_storage *self, ec_storage_error *error);
ec_status ec_sqlite_integrity(ec_storage *self, ec_storage_error *error);

/* create.c: make the file of settings.path for its owner only, unless there is one. */
void ec_sqlite_create(const ec_sqlite *storage);

/* backup.c */
ec_status ec_sqlite_backup(ec_storage *self, const char *path, ec_storage_error *error);

#endif
