/* SPDX-License-Identifier: MIT */
/*
 * raw.h - the other side of a comparison: SQLite alone, opened as the library opens it.
 *
 * Nothing of the library is used. A transaction is grouped with those of other callers as
 * adapters/sqlite does it, in as few lines as that takes: who comes first runs the closures of all
 * that wait, each later one in a savepoint, under one commit.
 */
#ifndef EC_TESTS_BENCH_RAW_H
#define EC_TESTS_BENCH_RAW_H

#include <pthread.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A closure of a transaction. */
typedef void (*raw_fn)(void *ctx);

typedef enum raw_state { RAW_WAITING, RAW_LEADS, RAW_DONE } raw_state;

typedef struct raw_job {
    raw_fn fn;
    void *ctx;
    raw_state state;
    struct raw_job *next;
    pthread_mutex_t mutex;
    pthread_cond_t changed;
} raw_job;

typedef struct raw_db {
    sqlite3 *db;
    sqlite3_stmt *begin, *commit, *rollback, *savepoint, *release;
    pthread_mutex_t mutex; /* guards the queue and who leads */
    raw_job *first, *last;
    bool leading;
    int log_pages; /* length of the log at the last commit */
} raw_db;

/* Each ends the program when it fails. */
void raw_open(raw_db *raw, const char *path, bool read_only);
void raw_close(raw_db *raw);
sqlite3_stmt *raw_prepare(raw_db *raw, const char *sql);
/* Step a statement that gives no rows, and reset it. */
void raw_run(raw_db *raw, sqlite3_stmt *stmt);

/* Bind all values of a statement by a letter each: i an int64_t, s a text that stays, n null. */
void raw_bind(raw_db *raw, sqlite3_stmt *stmt, const char *types, ...);

/* What was read, so that reading it cannot be left out. */
typedef struct raw_rows {
    int64_t sum; /* of numbers */
    size_t used; /* of text, which begins anew when it is full */
    char text[1 << 16];
} raw_rows;
/* Read every column of every row; how many rows there were. Resets the statement. */
size_t raw_read(raw_db *raw, sqlite3_stmt *stmt, raw_rows *out);

/* Run a closure; it is committed then. */
void raw_transact(raw_db *raw, raw_fn fn, void *ctx);

#endif
