/* SPDX-License-Identifier: MIT */
/*
 * sqlite.c - what is SQLite's own: its URI, its settings, its files, other processes.
 */
#include "adapter/sqlite_fixture.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/wait.h>

/* ---- the URI ------------------------------------------------------------------------------ */

static void uri__with_a_mistake_is_refused_by_name(void **state)
{
    fixture *f = *state;
    static const struct {
        const char *uri;
        const char *named;
    } rows[] = {
        {"sqlite::memory:?colour=red", "colour"},
        {"sqlite::memory:?readers=0", "readers"},
        {"sqlite::memory:?readers=65", "readers"},
        {"sqlite::memory:?readers=", "readers"},
        {"sqlite::memory:?readers=99999999999999999999", "readers"},
        {"sqlite::memory:?readers", "readers"},
        {"sqlite::memory:?readers=4x", "readers"},
        {"sqlite::memory:?readers=-1", "readers"},
        {"sqlite::memory:?busy_timeout=3600001", "busy_timeout"},
        {"sqlite::memory:?cache=63", "cache"},
        {"sqlite::memory:?synchronous=FULL", "synchronous"},
        {"sqlite::memory:?mode=r", "mode"},
        {"sqlite::memory:?=1", "parameter"},
        {"sqlite::memory:?readers=%4", "readers"},
        {"sqlite::memory:?%00=1", "%00"},
        {"sqlite::memory:?mode=rw&&readers=2", "without a value"},
        {"sqlite:", "no path"},
        {"sqlite:?mode=rw", "no path"},
        {"sqlite://", "host"},
        {"sqlite://host/shop.db", "host"},
        {"sqlite:%zz", "escape"},
        {"sqlite:a%00b", "escape"},
        {"sqlite:a%", "escape"},
        {"sqlite:a%a", "escape"},
        {"mysql:shop", "sqlite:"},
        {"", "sqlite:"},
        {NULL, "sqlite:"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        ec_storage_error error = {0};
        ec_status status = open_uri(f, rows[i].uri, &error);
        if (status != EC_INVALID || strstr(error.message, rows[i].named) == NULL) {
            fail_msg("%s: status %d, %s", rows[i].uri, (int)status, error.message);
        }
        assert_int_equal(error.status, EC_INVALID);
    }
}

static void uri__of_every_form_is_understood(void **state)
{
    fixture *f = *state;
    ec_storage_error error = {0};
    char uri[512];
    char back[PATH_MAX];
    assert_int_equal(open_uri(f,
                              "sqlite::memory:?readers=64&busy_timeout=0&cache=64&"
                              "synchronous=off&mode=rwc",
                              &error),
                     EC_OK);
    (void)snprintf(uri, sizeof uri, "sqlite://%s/a%%20%%3f%%25b.db?mode=rwc&", f->folder);
    assert_int_equal(open_uri(f, uri, &error), EC_OK);
    (void)snprintf(uri, sizeof uri, "%s/a ?%%b.db", f->folder);
    assert_int_equal(access(uri, F_OK), 0);

    /* Relative names, also such that SQLite would take for something else. */
    assert_non_null(getcwd(back, sizeof back));
    assert_int_equal(chdir(f->folder), 0);
    assert_int_equal(open_uri(f, "sqlite:plain.db", &error), EC_OK);
    assert_int_equal(open_uri(f, "sqlite:file:x.db", &error), EC_OK);
    assert_int_equal(open_uri(f, "sqlite:%3amemory:", &error), EC_OK);
    assert_int_equal(access("plain.db", F_OK), 0);
    assert_int_equal(access("file:x.db", F_OK), 0);
    assert_int_equal(access(":memory:", F_OK), 0);
    assert_int_equal(chdir(back), 0);
}

static void open__refuses_missing_arguments(void **state)
{
    fixture *f = *state;
    ec_storage *storage = NULL;
    ec_storage_config config = {.uri = "sqlite::memory:"};
    assert_int_equal(ec_sqlite_open(NULL, &storage, NULL), EC_MISUSE);
    assert_int_equal(ec_sqlite_open(&config, &storage, NULL), EC_MISUSE);
    config.platform = &f->platform;
    assert_int_equal(ec_sqlite_open(&config, NULL, NULL), EC_MISUSE);
    config.uri = "sqlite:";
    assert_int_equal(ec_sqlite_open(&config, &storage, NULL), EC_INVALID);
}

static void memory__is_private_to_its_handle(void **state)
{
    fixture *f = *state;
    ec_storage *one = open_storage(ec_sqlite_open, &f->platform, "sqlite::memory:");
    ec_storage *two = open_storage(ec_sqlite_open, &f->platform, "sqlite::memory:");
    assert_int_equal(write_script(one, "CREATE TABLE item (id INTEGER)"), EC_OK);
    assert_int_equal(read_number(one, "SELECT COUNT(*) FROM item"), 0);
    assert_true(read_number(two, "SELECT COUNT(*) FROM item") == INT64_MIN);
    one->ops->close(one);
    two->ops->close(two);
}

/* ---- settings ----------------------------------------------------------------------------- */

static ec_status read_setting(ec_conn *conn, void *ctx)
{
    char *text = ctx;
    ec_storage_error error = {0};
    ec_stmt *stmt = NULL;
    ec_status status = conn->ops->start(conn, text, NULL, 0, &stmt, &error);
    if (status == EC_OK) {
        status = conn->ops->step(stmt, &error);
    }
    if (status == EC_OK) {
        (void)snprintf(text, 64, "%s", conn->ops->column_text(stmt, 0, NULL));
    }
    conn->ops->finish(stmt);
    return status;
}

static void assert_writer_setting(fixture *f, const char *pragma, const char *expected)
{
    ec_storage_error error = {0};
    char text[64];
    (void)snprintf(text, sizeof text, "PRAGMA %s", pragma);
    assert_int_equal(f->storage->ops->transact(f->storage, read_setting, text, &error), EC_OK);
    assert_string_equal(text, expected);
}

static void assert_setting(fixture *f, const char *pragma, const char *expected)
{
    ec_storage_error error = {0};
    ec_conn *conn = NULL;
    char text[64];
    assert_writer_setting(f, pragma, expected);
    (void)snprintf(text, sizeof text, "PRAGMA %s", pragma);
    assert_int_equal(f->storage->ops->read_begin(f->storage, &conn, &error), EC_OK);
    assert_int_equal(read_setting(conn, text), EC_OK);
    f->storage->ops->read_end(f->storage, conn);
    assert_string_equal(text, expected);
}

static void settings__are_safe_by_default(void **state)
{
    fixture *f = *state;
    open_ready(f, "");
    assert_writer_setting(f, "journal_mode", "wal");
    assert_setting(f, "synchronous", "2");
    assert_setting(f, "foreign_keys", "1");
    assert_setting(f, "trusted_schema", "0");
    assert_setting(f, "cell_size_check", "1");
    assert_setting(f, "temp_store", "2");
    assert_setting(f, "cache_size", "-8192");
}

static void settings__follow_the_uri(void **state)
{
    fixture *f = *state;
    open_ready(f, "?synchronous=normal&cache=1024");
    assert_setting(f, "synchronous", "1");
    assert_setting(f, "cache_size", "-1024");
    open_ready(f, "?synchronous=off");
    assert_setting(f, "synchronous", "0");
    open_ready(f, "?synchronous=full");
    assert_setting(f, "synchronous", "2");
}

static ec_status try_statement(ec_conn *conn, void *ctx)
{
    return run(conn, ctx);
}

static void statements__cannot_touch_transactions_or_other_files(void **state)
{
    fixture *f = *state;
    ec_storage_error error = {0};
    static char texts[][40] = {"COMMIT",
                               "BEGIN",
                               "ROLLBACK",
                               "SAVEPOINT ec",
                               "RELEASE ec",
                               "ROLLBACK TO x",
                               "END",
                               "ATTACH 'other.db' AS other",
                               "VACUUM INTO 'copy.db'"};
    open_ready(f, "");
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        ec_status status = f->storage->ops->transact(f->storage, try_statement, texts[i], &error);
        assert_int_not_equal(status, EC_OK);
        assert_int_not_equal(write_script(f->storage, texts[i]), EC_OK);
    }
    assert_int_equal(insert(f), EC_OK);
}

/* ---- files that are not in order ---------------------------------------------------------- */

static void open__refuses_a_file_that_is_no_database(void **state)
{
    fixture *f = *state;
    ec_storage_error error = {0};
    char text[4096];
    memset(text, 'x', sizeof text);
    write_file(f->path, text, sizeof text);
    assert_int_equal(open_with(f, "", &error), EC_CORRUPT);
    assert_int_equal(error.code, SQLITE_NOTADB);
    assert_int_equal(open_with(f, "?mode=ro", &error), EC_CORRUPT);
    FILE *file = fopen(f->path, "rb");
    assert_non_null(file);
    assert_int_equal(fread(text, 1, sizeof text, file), sizeof text);
    assert_int_equal(text[0], 'x'); /* and leaves it as it is */
    assert_int_equal(fclose(file), 0);
}

static void open__of_a_missing_file_depends_on_the_mode(void **state)
{
    fixture *f = *state;
    ec_storage_error error = {0};
    assert_int_equal(open_with(f, "?mode=ro", &error), EC_NOT_FOUND);
    assert_int_equal(open_with(f, "?mode=rw", &error), EC_NOT_FOUND);
    assert_non_null(strstr(error.message, f->path));
    ec_storage_config config = {.uri = f->uri, .platform = &f->platform, .must_exist = true};
    assert_int_equal(ec_sqlite_open(&config, &f->storage, &error), EC_NOT_FOUND);
    assert_int_equal(access(f->path, F_OK), -1);
    assert_int_equal(open_with(f, "", &error), EC_OK);
    assert_int_equal(open_with(f, "?mode=rw", &error), EC_OK);
    assert_int_equal(open_with(f, "?mode=ro", &error), EC_OK);
}

static void open__in_a_missing_folder_fails(void **state)
{
    fixture *f = *state;
    ec_storage_error error = {0};
    char uri[512];
    (void)snprintf(uri, sizeof uri, "sqlite:%s/none/shop.db", f->folder);
    assert_int_equal(open_uri(f, uri, &error), EC_IO);
    assert_true(error.message[0] != '\0');
    (void)snprintf(uri, sizeof uri, "sqlite:%s", f->folder);
    assert_int_equal(open_uri(f, uri, &error), EC_IO);
}

static void integrity__finds_damage(void **state)
{
    fixture *f = *state;
    ec_storage_error error = {0};
    open_ready(f, "");
    assert_int_equal(write_script(f->storage,
                                  "CREATE INDEX item_n ON item (n);"
                                  "WITH RECURSIVE i (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM i"
                                  " WHERE n < 20000) INSERT INTO item (n) SELECT n FROM i"),
                     EC_OK);
    assert_int_equal(f->storage->ops->integrity(f->storage, &error), EC_OK);
    close_it(f);
    int file = open(f->path, O_RDWR);
    assert_true(file >= 0);
    char garbage[4096];
    memset(garbage, 0x5a, sizeof garbage);
    for (off_t page = 10; page < 40; page++) {
        assert_int_equal(pwrite(file, garbage, sizeof garbage, page * 4096), sizeof garbage);
    }
    assert_int_equal(close(file), 0);
    assert_int_equal(open_with(f, "", &error), EC_OK);
    assert_int_equal(f->storage->ops->integrity(f->storage, &error), EC_CORRUPT);
    assert_true(error.message[0] != '\0');
}

static void integrity__finds_references_to_nothing(void **state)
{
    fixture *f = *state;
    ec_storage_error error = {0};
    sqlite3 *raw = NULL;
    open_ready(f, "");
    assert_int_equal(write_script(f->storage, "CREATE TABLE part (id INTEGER PRIMARY KEY, item_id "
                                              "INTEGER REFERENCES item (id)) STRICT"),
                     EC_OK);
    close_it(f);
    assert_int_equal(sqlite3_open(f->path, &raw), SQLITE_OK);
    assert_int_equal(sqlite3_exec(raw, "INSERT INTO part VALUES (1, 4711)", NULL, NULL, NULL), 0);
    assert_int_equal(sqlite3_close(raw), SQLITE_OK);
    assert_int_equal(open_with(f, "", &error), EC_OK);
    assert_int_equal(f->storage->ops->integrity(f->storage, &error), EC_CORRUPT);
    assert_non_null(strstr(error.message, "part"));
}

static void ping__notices_that_the_file_has_gone(void **state)
{
    fixture *f = *state;
    ec_storage_error error = {0};
    open_ready(f, "");
    assert_int_equal(f->storage->ops->ping(f->storage, &error), EC_OK);
    assert_int_equal(unlink(f->path), 0);
    assert_int_equal(f->storage->ops->ping(f->storage, &error), EC_IO);
}

/* ---- other processes ---------------------------------------------------------------------- */

/* A child process with a pipe in both directions: it does its work, says so and waits. */
typedef struct child {
    pid_t pid;
    int to;
    int from;
} child;

static void tell(int file)
{
    char byte = 'x';
    (void)!write(file, &byte, 1);
}

static void hear(int file)
{
    char byte = 0;
    (void)!read(file, &byte, 1);
}

static child start_child(void (*work)(const char *path, int from, int to), const char *path)
{
    int down[2];
    int up[2];
    assert_int_equal(pipe(down), 0);
    assert_int_equal(pipe(up), 0);
    child self = {.pid = fork(), .to = down[1], .from = up[0]};
    assert_true(self.pid >= 0);
    if (self.pid == 0) {
        (void)close(down[1]);
        (void)close(up[0]);
        work(path, down[0], up[1]);
        _exit(0);
    }
    (void)close(down[0]);
    (void)close(up[1]);
    return self;
}

static void end_child(child *self)
{
    int status = 0;
    (void)close(self->to);
    (void)close(self->from);
    assert_int_equal(waitpid(self->pid, &status, 0), self->pid);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

/* Hold the write lock until told. */
static void hold_lock(const char *path, int from, int to)
{
    sqlite3 *raw = NULL;
    if (sqlite3_open(path, &raw) != SQLITE_OK ||
        sqlite3_exec(raw, "BEGIN IMMEDIATE; INSERT INTO item (n) VALUES (7)", NULL, NULL, NULL) !=
            SQLITE_OK) {
        _exit(1);
    }
    tell(to);
    hear(from);
    if (sqlite3_exec(raw, "COMMIT", NULL, NULL, NULL) != SQLITE_OK) {
        _exit(2);
    }
    (void)sqlite3_close(raw);
}

static void transact__says_busy_while_another_process_holds_the_lock(void **state)
{
    fixture *f = *state;
    ec_storage_error error = {0};
    open_ready(f, "");
    close_it(f);
    child other = start_child(hold_lock, f->path);
    hear(other.from);
    assert_int_equal(open_with(f, "?busy_timeout=20", &error), EC_OK);
    assert_int_equal(insert(f), EC_BUSY);
    assert_int_equal(count_items(f), 0); /* readers do not care */
    tell(other.to);
    end_child(&other);
    assert_int_equal(insert(f), EC_OK);
    assert_int_equal(count_items(f), 2);
}

static void let_go(void *ctx)
{
    child *other = ctx;
    if (other->pid != 0) {
        tell(other->to);
        other->pid = 0;
    }
}

static void transact__goes_on_when_the_other_process_lets_go(void **state)
{
    fixture *f = *state;
    ec_storage_error error = {0};
    open_ready(f, "");
    close_it(f);
    child other = start_child(hold_lock, f->path);
    child told = other;
    hear(other.from);
    assert_int_equal(open_with(f, "?mode=rw", &error), EC_OK);
    f->world.on_random_ctx = &told;
    f->world.on_random = let_go; /* at the first nap of the waiting writer */
    assert_int_equal(insert(f), EC_OK);
    f->world.on_random = NULL;
    assert_int_equal(told.pid, 0);
    end_child(&other);
    assert_int_equal(count_items(f), 2);
}

static void transact__stops_waiting_although_the_clock_stands(void **state)
{
    fixture *f = *state;
    open_ready(f, "?busy_timeout=20");
    f->world.frozen_us = 1;
    child other = start_child(hold_lock, f->path);
    hear(other.from);
    assert_int_equal(insert(f), EC_BUSY);
    tell(other.to);
    end_child(&other);
}

static void open_again_and_again(const char *path, int from, int to)
{
    (void)to;
    hear(from);
    for (int i = 0; i < 20; i++) {
        test_world world = {0};
        ec_platform platform = test_platform(&world);
        char uri[600];
        ec_storage *storage = NULL;
        ec_storage_error error = {0};
        (void)snprintf(uri, sizeof uri, "sqlite:%s", path);
        const ec_storage_config config = {.uri = uri, .platform = &platform};
        if (ec_sqlite_open(&config, &storage, &error) != EC_OK ||
            write_script(storage, "CREATE TABLE IF NOT EXISTS item (id INTEGER PRIMARY KEY, "
                                  "n INTEGER) STRICT; INSERT INTO item (n) VALUES (1)") != EC_OK) {
            (void)fprintf(stderr, "%s\n", error.message);
            _exit(1);
        }
        storage->ops->close(storage);
    }
}

static void open__of_a_new_file_by_several_processes_at_once(void **state)
{
    fixture *f = *state;
    child others[4];
    for (int i = 0; i < 4; i++) {
        others[i] = start_child(open_again_and_again, f->path);
    }
    for (int i = 0; i < 4; i++) {
        tell(others[i].to);
    }
    for (int i = 0; i < 4; i++) {
        end_child(&others[i]);
    }
    open_ready(f, "");
    assert_int_equal(count_items(f), 80);
}

static void change_schema(const char *path, int from, int to)
{
    sqlite3 *raw = NULL;
    (void)from;
    if (sqlite3_open(path, &raw) != SQLITE_OK ||
        sqlite3_exec(raw, "CREATE INDEX item_n ON item (n); ALTER TABLE item ADD extra INTEGER",
                     NULL, NULL, NULL) != SQLITE_OK) {
        _exit(1);
    }
    (void)sqlite3_close(raw);
    tell(to);
}

static void statements__survive_a_schema_change_by_another_process(void **state)
{
    fixture *f = *state;
    open_ready(f, "");
    assert_int_equal(insert(f), EC_OK);
    assert_int_equal(count_items(f), 1);
    child other = start_child(change_schema, f->path);
    hear(other.from);
    end_child(&other);
    assert_int_equal(insert(f), EC_OK);
    assert_int_equal(count_items(f), 2);
    assert_int_equal(read_number(f->storage, "SELECT COUNT(extra) FROM item"), 0);
}

static void calls__in_a_forked_child_are_refused(void **state)
{
    fixture *f = *state;
    open_ready(f, "");
    assert_int_equal(insert(f), EC_OK);
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        ec_storage_error error = {0};
        ec_conn *conn = NULL;
        const ec_storage_ops *ops = f->storage->ops;
        bool fine = insert(f) == EC_MISUSE && ops->ping(f->storage, &error) == EC_MISUSE &&
                    ops->read_begin(f->storage, &conn, &error) == EC_MISUSE && conn == NULL;
        ops->close(f->storage);
        _exit(fine ? 0 : 1);
    }
    int status = 0;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    assert_int_equal(insert(f), EC_OK); /* the child's close has not hurt the parent */
    assert_int_equal(count_items(f), 2);
}

/* The superuser may write anything, so the case is run as somebody else. */
static void open__of_a_write_protected_file_is_denied(void **state)
{
    fixture *f = *state;
    open_ready(f, "");
    assert_int_equal(insert(f), EC_OK);
    close_it(f);
    assert_int_equal(chmod(f->path, 0444), 0);
    assert_int_equal(chmod(f->folder, 0755), 0);
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        ec_storage_error error = {0};
        if (geteuid() == 0 && setuid(65534) != 0) {
            _exit(3);
        }
        ec_status status = open_with(f, "", &error);
        _exit(status == EC_DENIED && error.message[0] != '\0' ? 0 : 1);
    }
    int status = 0;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    static const struct CMUnitTest tests[] = {
        CASE(uri__with_a_mistake_is_refused_by_name),
        CASE(uri__of_every_form_is_understood),
        CASE(open__refuses_missing_arguments),
        CASE(memory__is_private_to_its_handle),
        CASE(settings__are_safe_by_default),
        CASE(settings__follow_the_uri),
        CASE(statements__cannot_touch_transactions_or_other_files),
        CASE(open__refuses_a_file_that_is_no_database),
        CASE(open__of_a_missing_file_depends_on_the_mode),
        CASE(open__in_a_missing_folder_fails),
        CASE(integrity__finds_damage),
        CASE(integrity__finds_references_to_nothing),
        CASE(ping__notices_that_the_file_has_gone),
        CASE(transact__says_busy_while_another_process_holds_the_lock),
        CASE(transact__goes_on_when_the_other_process_lets_go),
        CASE(transact__stops_waiting_although_the_clock_stands),
        CASE(open__of_a_new_file_by_several_processes_at_once),
        CASE(statements__survive_a_schema_change_by_another_process),
        CASE(calls__in_a_forked_child_are_refused),
        CASE(open__of_a_write_protected_file_is_denied),
    };
    return cmocka_run_group_tests_name("sqlite", tests, NULL, NULL);
}
