/* SPDX-License-Identifier: MIT */
/*
 * record.c - the distinct SQL texts that the rules start, in memory and, when the program ends, in
 * a file.
 */
#include <pthread.h>
#include <unistd.h>

#include "base/hash.h"
#include "engine/trace.h"
#include "harness/harness.h"
#include "harness/record.h"

#define TEXTS_MAX 8192 /* a power of two */

static struct {
    pthread_mutex_t lock;
    bool wanted;
    char *table[TEXTS_MAX]; /* by digest */
    char *list[TEXTS_MAX];  /* as they came */
    size_t count;
} record = {.lock = PTHREAD_MUTEX_INITIALIZER};

/* One line, so that a file of them is easy to read. */
static char *one_line(const char *sql)
{
    char *copy = malloc(strlen(sql) + 1);
    char *out = copy;
    assert_non_null(copy);
    for (; *sql != '\0'; sql++) {
        *out++ = *sql == '\n' || *sql == '\t' ? ' ' : *sql;
    }
    *out = '\0';
    return copy;
}

static void remember(void *ctx, const char *sql)
{
    (void)ctx;
    (void)pthread_mutex_lock(&record.lock);
    size_t at = (size_t)ec_fnv1a(sql, strlen(sql)) & (TEXTS_MAX - 1);
    while (record.table[at] && strcmp(record.table[at], sql) != 0) {
        at = (at + 1) & (TEXTS_MAX - 1);
    }
    if (!record.table[at] && record.count < TEXTS_MAX / 2) {
        record.table[at] = one_line(sql);
        record.list[record.count++] = record.table[at];
    }
    (void)pthread_mutex_unlock(&record.lock);
}

static void write_file(void)
{
    char path[2048];
    snprintf(path, sizeof path, "%s/%ld.sql", getenv("EC_RECORD_SQL"), (long)getpid());
    FILE *file = fopen(path, "a");
    if (!file) {
        return;
    }
    for (size_t i = 0; i < record.count; i++) {
        (void)fprintf(file, "%s\n", record.list[i]);
    }
    (void)fclose(file);
}

void record_begin(void)
{
    record.wanted = true;
}

void record_attach(ec_engine *engine)
{
    static bool at_end;
    bool to_file = getenv("EC_RECORD_SQL") != NULL;
    if (to_file && !at_end) {
        at_end = true;
        (void)atexit(write_file);
    }
    if (record.wanted || to_file) {
        ec_engine_trace(engine, remember, NULL);
    }
}

size_t record_count(void)
{
    return record.count;
}

const char *record_text(size_t index)
{
    return record.list[index];
}
