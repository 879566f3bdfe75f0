/* SPDX-License-Identifier: MIT */
/*
 * sqlite_memory.c - SQLite itself runs out of memory, at each of its allocations in turn: a status,
 * no crash, nothing half done, and the next call works.
 *
 * SQLite keeps its own allocator, which is one for the process; so this is a program of its own.
 */
#include "adapter/sqlite_fixture.h"

#include <sqlite3.h>

static sqlite3_mem_methods real;
static _Atomic int64_t allowed = -1; /* allocations until they fail; below 0: never */
static bool once;                    /* only one of them fails */

static bool refuses(void)
{
    int64_t left = atomic_load(&allowed);
    if (left < 0) {
        return false;
    }
    if (left > 0) {
        atomic_store(&allowed, left - 1);
        return false;
    }
    if (once) {
        atomic_store(&allowed, -1);
    }
    return true;
}

static void *scarce_malloc(int size)
{
    return refuses() ? NULL : real.xMalloc(size);
}

static void *scarce_realloc(void *block, int size)
{
    return refuses() ? NULL : real.xRealloc(block, size);
}

static ec_status insert_both(ec_conn *conn, void *ctx)
{
    ec_storage_error error = {0};
    ec_value values[] = {v_int(5), v_bytes(EC_VALUE_BLOB, "abc", 3)};
    (void)ctx;
    ec_status status =
        run_with(conn, "INSERT INTO item (n, data) VALUES (?, ?)", values, 2, &error);
    if (status == EC_OK) {
        status = conn->ops->savepoint(conn, &error);
    }
    if (status == EC_OK) {
        status =
            run_with(conn, "INSERT INTO item (n, data) SELECT -n, data FROM item", NULL, 0, &error);
        if (status == EC_OK) {
            status = conn->ops->savepoint_release(conn, &error);
        } else {
            conn->ops->savepoint_rollback(conn);
        }
    }
    return status;
}

/* Read back; EC_CORRUPT when what is read is wrong although no step said so. */
static ec_status read_back(ec_storage *storage)
{
    ec_storage_error error = {0};
    ec_conn *conn = NULL;
    ec_stmt *stmt = NULL;
    int rows = 0;
    bool right = true;
    ec_status status = storage->ops->read_begin(storage, &conn, &error);
    if (status != EC_OK) {
        return status;
    }
    status = conn->ops->start(conn, "SELECT n, data, 'n' || n FROM item ORDER BY n DESC", NULL, 0,
                              &stmt, &error);
    while (status == EC_OK && (status = conn->ops->step(stmt, &error)) == EC_OK) {
        const char *text = conn->ops->column_text(stmt, 2, NULL);
        const char *data = conn->ops->column_text(stmt, 1, NULL);
        right = right && text != NULL && strcmp(text, rows == 0 ? "n5" : "n-5") == 0;
        right = right && data != NULL && memcmp(data, "abc", 3) == 0;
        rows++;
    }
    conn->ops->finish(stmt);
    storage->ops->read_end(storage, conn);
    if (status == EC_DONE) {
        status = right && rows == 2 ? EC_OK : EC_CORRUPT;
    }
    return status;
}

/* A day in the life; the first failure. */
static ec_status live(fixture *f, const char *copy, ec_storage_error *error)
{
    ec_status status = open_with(f, "?synchronous=off", error);
    if (status != EC_OK) {
        return status;
    }
    const ec_storage_ops *ops = f->storage->ops;
    status = ops->transact(f->storage, insert_both, NULL, error);
    if (status == EC_OK) {
        status = read_back(f->storage);
    }
    if (status == EC_OK) {
        status = ops->backup(f->storage, copy, error);
    }
    if (status == EC_OK) {
        status = ops->integrity(f->storage, error);
    }
    return status;
}

static void run_out_of_memory(fixture *f)
{
    char copy[512];
    bool through = false;
    (void)snprintf(copy, sizeof copy, "%s/copy.db", f->folder);
    open_ready(f, "");
    for (int64_t n = 0; !through; n++) {
        ec_storage_error error = {0};
        assert_int_equal(write_script(f->storage, "DELETE FROM item"), EC_OK);
        close_it(f);
        assert_true(n < 20000);
        atomic_store(&allowed, n);
        ec_status status = live(f, copy, &error);
        through = atomic_load(&allowed) > 0;
        atomic_store(&allowed, -1);
        if (status != EC_OK && status != EC_NO_MEMORY) {
            fail_msg("allocation %lld: status %d, %s", (long long)n, (int)status, error.message);
        }
        assert_true(status == EC_OK || !through);
        /* With memory again, on the same storage if it is open: all of it is there, or nothing. */
        if (f->storage == NULL) {
            open_ready(f, "");
        }
        int64_t count = count_items(f);
        assert_true(count == 2 || (count == 0 && status != EC_OK));
        assert_int_equal(f->storage->ops->integrity(f->storage, &error), EC_OK);
        (void)unlink(copy);
    }
}

static void memory__may_fail_for_good_at_any_allocation(void **state)
{
    once = false;
    run_out_of_memory(*state);
}

static void memory__may_fail_once_at_any_allocation(void **state)
{
    once = true;
    run_out_of_memory(*state);
}

static int teach_scarcity(void **state)
{
    (void)state;
    if (access("/dev/shm", W_OK) == 0) { /* thousands of files, none of which has to last */
        (void)setenv("TMPDIR", "/dev/shm", 1);
    }
    if (sqlite3_config(SQLITE_CONFIG_GETMALLOC, &real) != SQLITE_OK) {
        return -1;
    }
    sqlite3_mem_methods scarce = real;
    scarce.xMalloc = scarce_malloc;
    scarce.xRealloc = scarce_realloc;
    return sqlite3_config(SQLITE_CONFIG_MALLOC, &scarce) == SQLITE_OK &&
                   sqlite3_initialize() == SQLITE_OK
               ? 0
               : -1;
}

static int check_for_leaks(void **state)
{
    (void)state;
    (void)sqlite3_shutdown();
    return sqlite3_memory_used() == 0 ? 0 : -1;
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    static const struct CMUnitTest tests[] = {
        CASE(memory__may_fail_for_good_at_any_allocation),
        CASE(memory__may_fail_once_at_any_allocation),
    };
    return cmocka_run_group_tests_name("sqlite_memory", tests, teach_scarcity, check_for_leaks);
}
