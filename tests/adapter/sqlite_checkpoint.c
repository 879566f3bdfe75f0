/* SPDX-License-Identifier: MIT */
/*
 * sqlite_checkpoint.c - the log is moved into the file while nobody can write, in any process.
 *
 * SQLite from 3.7.0 to 3.51.2 may lose pages when a commit begins the log anew while a checkpoint
 * runs; with several processes on a busy shop that did happen. So a checkpoint that has not got the
 * lock of whoever writes must leave the file alone.
 */
#include "adapter/sqlite_fixture.h"

#include <sys/stat.h>

#include <sqlite3.h>

#include "../../adapters/sqlite/sqlite.h"

static int64_t file_bytes(const fixture *f)
{
    struct stat facts;
    assert_int_equal(stat(f->path, &facts), 0);
    return (int64_t)facts.st_size;
}

static ec_status insert_much(ec_conn *conn, void *ctx)
{
    (void)ctx;
    return run(conn, "INSERT INTO item (n, data) VALUES (1, zeroblob(2000000))");
}

static void fill_log(fixture *f)
{
    ec_storage_error error = {0};
    assert_int_equal(f->storage->ops->transact(f->storage, insert_much, NULL, &error), EC_OK);
}

static sqlite3 *open_another(const fixture *f)
{
    sqlite3 *db = NULL;
    assert_int_equal(sqlite3_open(f->path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, "PRAGMA wal_autocheckpoint=0", NULL, NULL, NULL), SQLITE_OK);
    return db;
}

static void checkpoint__leaves_the_file_alone_while_another_one_writes(void **state)
{
    fixture *f = *state;
    open_ready(f, "?busy_timeout=50");
    fill_log(f);
    int64_t before = file_bytes(f);
    sqlite3 *other = open_another(f);
    assert_int_equal(sqlite3_exec(other, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
    ec_sqlite_checkpoint((ec_sqlite *)f->storage);
    assert_int_equal(file_bytes(f), before);
    assert_int_equal(sqlite3_exec(other, "ROLLBACK", NULL, NULL, NULL), SQLITE_OK);
    ec_sqlite_checkpoint((ec_sqlite *)f->storage);
    assert_true(file_bytes(f) > before + 1900000);
    assert_int_equal(sqlite3_close(other), SQLITE_OK);
}

static void close__leaves_the_file_alone_while_another_one_writes(void **state)
{
    fixture *f = *state;
    open_ready(f, "");
    fill_log(f);
    int64_t before = file_bytes(f);
    sqlite3 *other = open_another(f);
    assert_int_equal(sqlite3_exec(other, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
    close_it(f);
    assert_int_equal(file_bytes(f), before);
    assert_int_equal(sqlite3_exec(other, "ROLLBACK", NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_close(other), SQLITE_OK); /* the last one moves the log */
    assert_true(file_bytes(f) > before + 1900000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(checkpoint__leaves_the_file_alone_while_another_one_writes,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(close__leaves_the_file_alone_while_another_one_writes,
                                        set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
