/* SPDX-License-Identifier: MIT */
/*
 * sqlite_fixture.h - a database file of SQLite's in a folder of its own.
 */
#ifndef EC_TESTS_ADAPTER_SQLITE_FIXTURE_H
#define EC_TESTS_ADAPTER_SQLITE_FIXTURE_H

#include "adapter/support.h"

#include <ecommerce/sys/sqlite.h>

typedef struct fixture {
    char folder[256];
    char path[300];
    char uri[512];
    test_world world;
    ec_platform platform;
    ec_storage *storage;
} fixture;

static inline int set_up(void **state)
{
    fixture *f = calloc(1, sizeof *f);
    assert_non_null(f);
    f->platform = test_platform(&f->world);
    test_folder_make(f->folder, sizeof f->folder);
    (void)snprintf(f->path, sizeof f->path, "%s/shop.db", f->folder);
    (void)snprintf(f->uri, sizeof f->uri, "sqlite:%s", f->path);
    *state = f;
    return 0;
}

static inline void close_it(fixture *f)
{
    if (f->storage != NULL) {
        f->storage->ops->close(f->storage);
        f->storage = NULL;
    }
}

static inline int tear_down(void **state)
{
    fixture *f = *state;
    close_it(f);
    assert_int_equal(f->world.blocks, 0);
    test_folder_remove(f->folder);
    free(f);
    return 0;
}

/* Open the fixture's file with parameters such as "?readers=1"; what it said. */
static inline ec_status open_with(fixture *f, const char *parameters, ec_storage_error *error)
{
    char uri[600];
    (void)snprintf(uri, sizeof uri, "%s%s", f->uri, parameters);
    const ec_storage_config config = {.uri = uri, .platform = &f->platform};
    close_it(f);
    return ec_sqlite_open(&config, &f->storage, error);
}

static inline void open_ready(fixture *f, const char *parameters)
{
    ec_storage_error error = {0};
    if (open_with(f, parameters, &error) != EC_OK) {
        fail_msg("%s", error.message);
    }
    assert_int_equal(write_script(f->storage, "CREATE TABLE IF NOT EXISTS item (id INTEGER PRIMARY "
                                              "KEY, n INTEGER NOT NULL, data BLOB) STRICT"),
                     EC_OK);
}

static inline ec_status open_uri(fixture *f, const char *uri, ec_storage_error *error)
{
    const ec_storage_config config = {.uri = uri, .platform = &f->platform};
    ec_storage *storage = NULL;
    ec_status status = ec_sqlite_open(&config, &storage, error);
    assert_true((storage != NULL) == (status == EC_OK));
    if (storage != NULL) {
        storage->ops->close(storage);
    }
    return status;
}

static inline int64_t count_items(fixture *f)
{
    return read_number(f->storage, "SELECT COUNT(*) FROM item");
}

static inline ec_status insert(fixture *f)
{
    return write_script(f->storage, "INSERT INTO item (n) VALUES (1)");
}

static inline void write_file(const char *path, const void *bytes, size_t length)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, length, file), length);
    assert_int_equal(fclose(file), 0);
}

#endif
