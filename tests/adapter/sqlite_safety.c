/* SPDX-License-Identifier: MIT */
/*
 * sqlite_safety.c - SQLite: closures against the contract, lost transactions, the log, who may read
 * the files, backups.
 */
#include "adapter/sqlite_fixture.h"

#include <fcntl.h>
#include <sched.h>

/* ---- closures against the contract -------------------------------------------------------- */

static ec_status call_again(ec_conn *conn, void *ctx)
{
    fixture *f = ctx;
    (void)conn;
    return insert(f);
}

static void transact__inside_a_closure_is_refused(void **state)
{
    fixture *f = *state;
    ec_storage_error error = {0};
    ec_conn *conn = NULL;
    open_ready(f, "");
    assert_int_equal(f->storage->ops->transact(f->storage, call_again, f, &error), EC_MISUSE);
    assert_int_equal(insert(f), EC_OK);
    ec_storage *memory = open_storage(ec_sqlite_open, &f->platform, "sqlite::memory:");
    assert_int_equal(memory->ops->read_begin(memory, &conn, &error), EC_OK);
    assert_int_equal(write_script(memory, "SELECT 1"), EC_MISUSE);
    assert_int_equal(memory->ops->ping(memory, &error), EC_MISUSE);
    memory->ops->read_end(memory, conn);
    assert_int_equal(memory->ops->ping(memory, &error), EC_OK);
    memory->ops->close(memory);
}

static void read_begin__says_busy_when_all_readers_are_lent(void **state)
{
    fixture *f = *state;
    ec_storage_error error = {0};
    ec_conn *lent[3] = {NULL};
    open_ready(f, "?readers=2&busy_timeout=10");
    const ec_storage_ops *ops = f->storage->ops;
    assert_int_equal(ops->read_begin(f->storage, &lent[0], &error), EC_OK);
    assert_int_equal(ops->read_begin(f->storage, &lent[1], &error), EC_OK);
    assert_int_equal(ops->read_begin(f->storage, &lent[2], &error), EC_BUSY);
    assert_null(lent[2]);
    ops->read_end(f->storage, lent[0]);
    assert_int_equal(ops->read_begin(f->storage, &lent[2], &error), EC_OK);
    assert_ptr_equal(lent[2], lent[0]);
    ops->read_end(f->storage, lent[1]);
    ops->read_end(f->storage, lent[2]);
    ops->read_end(f->storage, NULL);
}

static ec_status dangle(ec_conn *conn, void *ctx)
{
    (void)ctx;
    return run(conn, "INSERT INTO part (item_id) VALUES (4711)");
}

static ec_status dangle_and_mend(ec_conn *conn, void *ctx)
{
    (void)ctx;
    ec_status status = run(conn, "INSERT INTO part (item_id) VALUES (4712)");
    return status != EC_OK ? status : run(conn, "INSERT INTO item (id, n) VALUES (4712, 1)");
}

static void transact__refuses_what_a_deferred_key_would_refuse_at_commit(void **state)
{
    fixture *f = *state;
    ec_storage_error error = {0};
    open_ready(f, "");
    assert_int_equal(write_script(f->storage, "CREATE TABLE part (id INTEGER PRIMARY KEY, item_id "
                                              "INTEGER REFERENCES item (id) DEFERRABLE INITIALLY "
                                              "DEFERRED) STRICT"),
                     EC_OK);
    const ec_storage_ops *ops = f->storage->ops;
    assert_int_equal(ops->transact(f->storage, dangle, NULL, &error), EC_INVALID);
    assert_non_null(strstr(error.message, "FOREIGN KEY"));
    assert_int_equal(ops->transact(f->storage, dangle_and_mend, NULL, &error), EC_OK);
    assert_int_equal(read_number(f->storage, "SELECT COUNT(*) FROM part"), 1);
}

/* ---- a transaction that SQLite throws away ------------------------------------------------ */

/* Fills the disk that PRAGMA max_page_count pretends, and tries to go on all the same. */
static ec_status overfill(ec_conn *conn, void *ctx)
{
    ec_storage_error error = {0};
    ec_status *told = ctx;
    ec_status status = run(conn, "INSERT INTO item (n) VALUES (100)");
    while (status == EC_OK) {
        status = run_with(conn, "INSERT INTO item (n, data) VALUES (200, zeroblob(100000))", NULL,
                          0, &error);
    }
    *told = error.status;
    /* The transaction is gone: this must not be committed on its own. */
    assert_int_equal(run(conn, "INSERT INTO item (n) VALUES (300)"), EC_IO);
    assert_int_equal(conn->ops->savepoint(conn, &error), EC_IO);
    conn->ops->savepoint_rollback(conn);
    assert_int_equal(conn->ops->script(conn, "INSERT INTO item (n) VALUES (400)", &error), EC_IO);
    return EC_OK;
}

static void transact__reports_a_full_disk_and_keeps_nothing(void **state)
{
    fixture *f = *state;
    ec_storage_error error = {0};
    ec_status told = EC_OK;
    open_ready(f, "");
    assert_int_equal(insert(f), EC_OK);
    assert_int_equal(write_script(f->storage, "PRAGMA max_page_count = 100"), EC_OK);
    assert_int_equal(f->storage->ops->transact(f->storage, overfill, &told, &error), EC_IO);
    assert_int_equal(told, EC_IO);
    assert_int_equal(error.status, EC_IO);
    assert_int_equal(count_items(f), 1);
    assert_int_equal(insert(f), EC_OK);
    assert_int_equal(count_items(f), 2);
    assert_int_equal(f->storage->ops->integrity(f->storage, &error), EC_OK);
}

static ec_status roll_back_by_conflict(ec_conn *conn, void *ctx)
{
    (void)ctx;
    (void)run(conn, "INSERT INTO item (id, n) VALUES (50, 1)");
    return run(conn, "INSERT OR ROLLBACK INTO item (id, n) VALUES (50, 2)");
}

static void transact__survives_a_statement_that_rolls_back_everything(void **state)
{
    fixture *f = *state;
    ec_storage_error error = {0};
    open_ready(f, "");
    const ec_storage_ops *ops = f->storage->ops;
    assert_int_equal(ops->transact(f->storage, roll_back_by_conflict, NULL, &error), EC_EXISTS);
    assert_int_equal(count_items(f), 0);
    assert_int_equal(insert(f), EC_OK);
}

/* ---- the log ------------------------------------------------------------------------------ */

static int64_t wal_bytes(const fixture *f)
{
    char path[320];
    struct stat facts;
    (void)snprintf(path, sizeof path, "%s-wal", f->path);
    return stat(path, &facts) == 0 ? (int64_t)facts.st_size : -1;
}

static ec_status insert_page(ec_conn *conn, void *ctx)
{
    (void)ctx;
    return run(conn, "INSERT INTO item (n, data) VALUES (1, zeroblob(30000))");
}

/* Readers who take turns so that at no time no snapshot is open. */
typedef struct relay {
    fixture *f;
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    int begun; /* snapshots so far */
    bool stop;
    bool failed;
} relay;

static void *hold_snapshots(void *ctx)
{
    relay *self = ctx;
    ec_storage *storage = self->f->storage;
    ec_storage_error error = {0};
    bool stop = false;
    while (!stop) {
        ec_conn *conn = NULL;
        bool fine = storage->ops->read_begin(storage, &conn, &error) == EC_OK &&
                    number_of(conn, "SELECT COUNT(*) FROM item", -1) >= 0;
        (void)pthread_mutex_lock(&self->mutex);
        int mine = ++self->begun;
        (void)pthread_cond_broadcast(&self->changed);
        while (self->begun == mine && !self->stop) {
            (void)pthread_cond_wait(&self->changed, &self->mutex);
        }
        self->failed = self->failed || !fine;
        stop = self->stop;
        (void)pthread_mutex_unlock(&self->mutex);
        storage->ops->read_end(storage, conn);
    }
    return NULL;
}

static void log__stays_short_while_there_is_always_some_reader(void **state)
{
    fixture *f = *state;
    ec_storage_error error = {0};
    relay readers = {
        .f = f, .mutex = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER};
    pthread_t threads[2];
    open_ready(f, "?synchronous=off");
    for (int i = 0; i < 2; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, hold_snapshots, &readers), 0);
    }
    /* 16,000 pages or 64 MB in all */
    for (int i = 0; i < 2000; i++) {
        assert_int_equal(f->storage->ops->transact(f->storage, insert_page, NULL, &error), EC_OK);
    }
    (void)pthread_mutex_lock(&readers.mutex);
    readers.stop = true;
    (void)pthread_cond_broadcast(&readers.changed);
    (void)pthread_mutex_unlock(&readers.mutex);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
    }
    assert_false(readers.failed);
    assert_true(wal_bytes(f) < 48 << 20);
}

static void close__empties_the_log(void **state)
{
    fixture *f = *state;
    open_ready(f, "");
    assert_int_equal(insert(f), EC_OK);
    assert_true(wal_bytes(f) > 0);
    close_it(f);
    assert_true(wal_bytes(f) <= 0);
    open_ready(f, "");
    assert_int_equal(count_items(f), 1);
}

/* ---- backups ------------------------------------------------------------------------------ */

static int64_t count_in(fixture *f, const char *path)
{
    char uri[600];
    ec_storage_error error = {0};
    (void)snprintf(uri, sizeof uri, "sqlite:%s?mode=rw", path);
    ec_storage *copy = open_storage(ec_sqlite_open, &f->platform, uri);
    assert_int_equal(copy->ops->integrity(copy, &error), EC_OK);
    int64_t count = read_number(copy, "SELECT COUNT(*) FROM item");
    /* Each transaction of the load writes two rows. */
    assert_int_equal(read_number(copy, "SELECT COALESCE(SUM(n), 0) FROM item"), 0);
    copy->ops->close(copy);
    return count;
}

typedef struct load {
    fixture *f;
    _Atomic bool stop;
    _Atomic int done;
    _Atomic int allowed; /* pairs: without a bound a fast disk outgrows a slow copy for ever */
} load;

static ec_status insert_pair(ec_conn *conn, void *ctx)
{
    (void)ctx;
    ec_status status = run(conn, "INSERT INTO item (n, data) VALUES (1, zeroblob(2000))");
    return status != EC_OK ? status : run(conn, "INSERT INTO item (n) VALUES (-1)");
}

static void *insert_pairs(void *ctx)
{
    load *self = ctx;
    ec_storage *storage = self->f->storage;
    ec_storage_error error = {0};
    while (!atomic_load(&self->stop)) {
        if (atomic_load(&self->done) >= atomic_load(&self->allowed)) {
            (void)sched_yield();
            continue;
        }
        if (storage->ops->transact(storage, insert_pair, NULL, &error) != EC_OK) {
            return self;
        }
        atomic_fetch_add(&self->done, 1);
    }
    return NULL;
}

static void backup__is_consistent_while_others_write(void **state)
{
    fixture *f = *state;
    ec_storage_error error = {0};
    load work = {.f = f};
    pthread_t thread;
    void *failed = NULL;
    char path[512];
    (void)snprintf(path, sizeof path, "%s/copy.db", f->folder);
    open_ready(f, "");
    assert_int_equal(pthread_create(&thread, NULL, insert_pairs, &work), 0);
    int64_t before = 0;
    for (int i = 0; i < 10; i++) {
        int reached = atomic_load(&work.done);
        atomic_store(&work.allowed, reached + 500);
        while (atomic_load(&work.done) < reached + 20) {
            (void)f->storage->ops->ping(f->storage, &error);
        }
        assert_int_equal(f->storage->ops->backup(f->storage, path, &error), EC_OK);
        int64_t count = count_in(f, path);
        assert_true(count > before);
        before = count;
    }
    atomic_store(&work.stop, true);
    assert_int_equal(pthread_join(thread, &failed), 0);
    assert_null(failed);
    assert_int_equal(f->storage->ops->integrity(f->storage, &error), EC_OK);
}

static void backup__copies_a_database_in_memory(void **state)
{
    fixture *f = *state;
    ec_storage_error error = {0};
    ec_storage *memory = open_storage(ec_sqlite_open, &f->platform, "sqlite::memory:");
    assert_int_equal(write_script(memory, "CREATE TABLE item (n INTEGER) STRICT;"
                                          "INSERT INTO item VALUES (1), (-1)"),
                     EC_OK);
    assert_int_equal(memory->ops->backup(memory, f->path, &error), EC_OK);
    memory->ops->close(memory);
    assert_int_equal(count_in(f, f->path), 2);
}

static int count_files(const char *folder)
{
    int count = 0;
    DIR *list = opendir(folder);
    assert_non_null(list);
    for (struct dirent *entry = readdir(list); entry != NULL; entry = readdir(list)) {
        count += entry->d_name[0] != '.' ? 1 : 0;
    }
    (void)closedir(list);
    return count;
}

static void assert_rights(const fixture *f, mode_t rights)
{
    static const char *const ends[] = {"", "-wal", "-shm"};
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        char path[320];
        struct stat facts;
        (void)snprintf(path, sizeof path, "%s%s", f->path, ends[i]);
        assert_int_equal(stat(path, &facts), 0);
        assert_int_equal(facts.st_mode & 0777, rights);
    }
}

static void open__makes_files_that_only_their_owner_can_read(void **state)
{
    fixture *f = *state;
    mode_t before = umask(022);
    open_ready(f, "");
    assert_int_equal(insert(f), EC_OK);
    assert_rights(f, 0600);
    assert_int_equal(count_files(f->folder), 3);
    (void)umask(before);
}

static void open__keeps_the_rights_of_a_file_that_is_there(void **state)
{
    fixture *f = *state;
    mode_t before = umask(022);
    int file = open(f->path, O_WRONLY | O_CREAT | O_EXCL, 0600);
    assert_true(file >= 0);
    assert_int_equal(fchmod(file, 0640), 0);
    assert_int_equal(close(file), 0);
    open_ready(f, "");
    assert_int_equal(insert(f), EC_OK);
    assert_rights(f, 0640);
    (void)umask(before);
}

static void backup__refuses_targets_that_would_do_harm(void **state)
{
    fixture *f = *state;
    ec_storage_error error = {0};
    char path[512];
    char longest[PATH_MAX + 8];
    open_ready(f, "");
    assert_int_equal(insert(f), EC_OK);
    int files = count_files(f->folder);
    const ec_storage_ops *ops = f->storage->ops;
    assert_int_equal(ops->backup(f->storage, f->path, &error), EC_INVALID);
    assert_int_equal(ops->backup(f->storage, f->folder, &error), EC_INVALID);
    assert_int_equal(ops->backup(f->storage, "", &error), EC_INVALID);
    assert_int_equal(ops->backup(f->storage, NULL, &error), EC_INVALID);
    memset(longest, 'x', sizeof longest - 1);
    longest[sizeof longest - 1] = '\0';
    assert_int_equal(ops->backup(f->storage, longest, &error), EC_LIMIT);
    (void)snprintf(path, sizeof path, "%s/none/copy.db", f->folder);
    assert_int_equal(ops->backup(f->storage, path, &error), EC_IO);
    assert_int_equal(count_files(f->folder), files);

    (void)snprintf(path, sizeof path, "%s/other.db-wal", f->folder);
    write_file(path, "x", 1);
    (void)snprintf(path, sizeof path, "%s/other.db", f->folder);
    assert_int_equal(ops->backup(f->storage, path, &error), EC_IN_USE);
    assert_int_equal(count_files(f->folder), files + 1);
    assert_int_equal(count_items(f), 1);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    static const struct CMUnitTest tests[] = {
        CASE(transact__inside_a_closure_is_refused),
        CASE(read_begin__says_busy_when_all_readers_are_lent),
        CASE(transact__refuses_what_a_deferred_key_would_refuse_at_commit),
        CASE(transact__reports_a_full_disk_and_keeps_nothing),
        CASE(transact__survives_a_statement_that_rolls_back_everything),
        CASE(log__stays_short_while_there_is_always_some_reader),
        CASE(close__empties_the_log),
        CASE(backup__is_consistent_while_others_write),
        CASE(backup__copies_a_database_in_memory),
        CASE(open__makes_files_that_only_their_owner_can_read),
        CASE(open__keeps_the_rights_of_a_file_that_is_there),
        CASE(backup__refuses_targets_that_would_do_harm),
    };
    return cmocka_run_group_tests_name("sqlite_safety", tests, NULL, NULL);
}
