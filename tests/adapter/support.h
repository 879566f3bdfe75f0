/* SPDX-License-Identifier: MIT */
/*
 * support.h - what tests of storage adapters share: a platform, a folder, short forms of calls.
 */
#ifndef EC_TESTS_ADAPTER_SUPPORT_H
#define EC_TESTS_ADAPTER_SUPPORT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <dirent.h>
#include <limits.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <ecommerce/sys/storage.h>

/* A platform whose memory and waits a test can watch. Zero members: nothing special happens. */
typedef struct test_world {
    _Atomic int64_t blocks;    /* allocated now */
    _Atomic int64_t allow;     /* allocations until they fail; below 0: never */
    _Atomic uint64_t dice;     /* state of the randomness */
    int64_t frozen_us;         /* above 0: the monotonic clock stands there */
    void (*on_random)(void *); /* the adapter asks for randomness before each nap */
    void *on_random_ctx;
} test_world;

static inline void *test_resize(void *ctx, void *ptr, size_t size)
{
    test_world *world = ctx;
    if (size == 0) {
        atomic_fetch_sub(&world->blocks, ptr != NULL ? 1 : 0);
        free(ptr);
        return NULL;
    }
    if (atomic_load(&world->allow) >= 0 && atomic_fetch_sub(&world->allow, 1) <= 0) {
        atomic_store(&world->allow, 0);
        return NULL;
    }
    void *block = realloc(ptr, size);
    atomic_fetch_add(&world->blocks, block != NULL && ptr == NULL ? 1 : 0);
    return block;
}

static inline int64_t test_clock_us(clockid_t clock)
{
    struct timespec time;
    (void)clock_gettime(clock, &time);
    return (int64_t)time.tv_sec * 1000000 + time.tv_nsec / 1000;
}

static inline int64_t test_now_ms(void *ctx)
{
    (void)ctx;
    return test_clock_us(CLOCK_REALTIME) / 1000;
}

static inline int64_t test_monotonic_us(void *ctx)
{
    const test_world *world = ctx;
    return world->frozen_us > 0 ? world->frozen_us : test_clock_us(CLOCK_MONOTONIC);
}

static inline void test_random(void *ctx, void *bytes, size_t count)
{
    test_world *world = ctx;
    for (size_t i = 0; i < count; i++) {
        uint64_t x = atomic_fetch_add(&world->dice, UINT64_C(0x9e3779b97f4a7c15));
        x = (x ^ (x >> 31)) * UINT64_C(0xbf58476d1ce4e5b9);
        ((unsigned char *)bytes)[i] = (unsigned char)(x >> 56);
    }
    if (world->on_random != NULL) {
        world->on_random(world->on_random_ctx);
    }
}

static inline ec_platform test_platform(test_world *world)
{
    atomic_store(&world->allow, -1);
    return (ec_platform){.version = EC_PLATFORM_VERSION,
                         .ctx = world,
                         .resize = test_resize,
                         .now_ms = test_now_ms,
                         .monotonic_us = test_monotonic_us,
                         .random = test_random};
}

/* ---- a folder of its own ------------------------------------------------------------------- */

static inline void test_folder_make(char *folder, size_t size)
{
    const char *base = getenv("TMPDIR");
    int length = snprintf(folder, size, "%s/ec-test-XXXXXX", base != NULL ? base : "/tmp");
    assert_true(length > 0 && (size_t)length < size);
    assert_non_null(mkdtemp(folder));
}

static inline void test_folder_remove(const char *folder)
{
    DIR *list = opendir(folder);
    struct dirent *entry = NULL;
    while (list != NULL && (entry = readdir(list)) != NULL) {
        char path[PATH_MAX];
        (void)snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        if (entry->d_name[0] != '.') {
            (void)unlink(path);
        }
    }
    if (list != NULL) {
        (void)closedir(list);
    }
    (void)rmdir(folder);
}

/* ---- short forms --------------------------------------------------------------------------- */

static inline ec_value v_int(int64_t integer)
{
    return (ec_value){.type = EC_VALUE_INT, .integer = integer};
}

static inline ec_value v_text(const char *text)
{
    return (ec_value){.type = EC_VALUE_TEXT, .bytes = text, .length = strlen(text)};
}

static inline ec_value v_bytes(ec_value_type type, const void *bytes, size_t length)
{
    return (ec_value){.type = type, .bytes = bytes, .length = length};
}

/* Run a statement to its end; what its last step said, EC_OK for the end. */
static inline ec_status run_with(ec_conn *conn, const char *sql, const ec_value *values,
                                 size_t count, ec_storage_error *error)
{
    ec_stmt *stmt = NULL;
    ec_status status = conn->ops->start(conn, sql, values, count, &stmt, error);
    while (status == EC_OK) {
        status = conn->ops->step(stmt, error);
    }
    conn->ops->finish(stmt);
    return status == EC_DONE ? EC_OK : status;
}

static inline ec_status run(ec_conn *conn, const char *sql)
{
    ec_storage_error error = {0};
    return run_with(conn, sql, NULL, 0, &error);
}

/* The first column of the first row as a number; `missing` when there is no row or an error. */
static inline int64_t number_of(ec_conn *conn, const char *sql, int64_t missing)
{
    ec_storage_error error = {0};
    ec_stmt *stmt = NULL;
    int64_t number = missing;
    if (conn->ops->start(conn, sql, NULL, 0, &stmt, &error) == EC_OK &&
        conn->ops->step(stmt, &error) == EC_OK) {
        number = conn->ops->column_int(stmt, 0);
    }
    conn->ops->finish(stmt);
    return number;
}

/* The same from a fresh snapshot. */
static inline int64_t read_number(ec_storage *storage, const char *sql)
{
    ec_storage_error error = {0};
    ec_conn *conn = NULL;
    if (storage->ops->read_begin(storage, &conn, &error) != EC_OK) {
        return INT64_MIN;
    }
    int64_t number = number_of(conn, sql, INT64_MIN);
    storage->ops->read_end(storage, conn);
    return number;
}

static inline ec_status script_closure(ec_conn *conn, void *ctx)
{
    ec_storage_error error = {0};
    return conn->ops->script(conn, ctx, &error);
}

/* Run statements in a transaction of their own. */
static inline ec_status write_script(ec_storage *storage, const char *sql)
{
    ec_storage_error error = {0};
    char text[4096];
    (void)snprintf(text, sizeof text, "%s", sql);
    return storage->ops->transact(storage, script_closure, text, &error);
}

static inline ec_storage *open_storage(ec_storage_open_fn open, const ec_platform *platform,
                                       const char *uri)
{
    ec_storage *storage = NULL;
    ec_storage_error error = {0};
    const ec_storage_config config = {.uri = uri, .platform = platform};
    if (open(&config, &storage, &error) != EC_OK) {
        fail_msg("%s: %s", uri, error.message);
    }
    return storage;
}

#endif
