/* SPDX-License-Identifier: MIT */
/*
 * sqlite_batch.c - closures that share a commit, in an order that the test decides: who fails, who
 * runs again, who is told what.
 *
 * The first closure stays inside until all others are in the queue, so they are one batch; the
 * platform's clock stands, so the batch does not grow old. Looking at the queue is the one use of
 * the adapter's private header.
 */
#include "adapter/sqlite_fixture.h"

#include "../../adapters/sqlite/sqlite.h"

#include <sched.h>
#include <signal.h>
#include <sys/resource.h>

enum { MEMBERS_MAX = 100 };

typedef enum deed {
    INSERTS,        /* its number */
    FAILS,          /* after an insert, with EC_OUT_OF_STOCK */
    THROWS,         /* the whole transaction away, and says so */
    THROWS_QUIETLY, /* and claims success */
    LEAVES_DANGLING /* a reference that only a commit would check */
} deed;

struct group;

typedef struct member {
    struct group *group;
    pthread_t thread;
    int number;
    deed deed;
    int runs;
    ec_status status;
    ec_storage_error error;
} member;

typedef struct group {
    fixture *f;
    int count;
    _Atomic bool leading; /* the first closure runs */
    member members[MEMBERS_MAX];
} group;

static int queued(fixture *f)
{
    ec_sqlite *storage = (ec_sqlite *)f->storage;
    int count = 0;
    (void)pthread_mutex_lock(&storage->queue_mutex);
    for (const ec_sqlite_job *job = storage->queue_first; job != NULL; job = job->next) {
        count++;
    }
    (void)pthread_mutex_unlock(&storage->queue_mutex);
    return count;
}

static void wait_for_queue(fixture *f, int count)
{
    while (queued(f) < count) {
        (void)sched_yield();
    }
}

static ec_status throw_away(ec_conn *conn)
{
    (void)run(conn, "INSERT OR ROLLBACK INTO item (id, n) VALUES (1, 0)");
    return EC_STATE;
}

static ec_status act(ec_conn *conn, void *ctx)
{
    member *self = ctx;
    ec_storage_error error = {0};
    ec_value number = v_int(self->number);
    if (self->number == 0 && self->runs == 0) {
        atomic_store(&self->group->leading, true);
        wait_for_queue(self->group->f, self->group->count - 1);
    }
    self->runs++;
    ec_status status = run_with(conn, "INSERT INTO item (n) VALUES (?)", &number, 1, &error);
    if (status != EC_OK) {
        return status;
    }
    switch (self->deed) {
    case FAILS: return EC_OUT_OF_STOCK;
    case THROWS: return throw_away(conn);
    case THROWS_QUIETLY: (void)throw_away(conn); return EC_OK;
    case LEAVES_DANGLING: return run(conn, "INSERT INTO part (item_id) VALUES (4711)");
    case INSERTS: break;
    }
    return EC_OK;
}

static void *call(void *ctx)
{
    member *self = ctx;
    ec_storage *storage = self->group->f->storage;
    self->status = storage->ops->transact(storage, act, self, &self->error);
    return NULL;
}

/* Run the deeds as one batch, in their order. */
static void run_group(fixture *f, group *g, const deed *deeds, int count)
{
    *g = (group){.f = f, .count = count};
    for (int i = 0; i < count; i++) {
        g->members[i] = (member){.group = g, .number = i, .deed = deeds[i]};
        assert_int_equal(pthread_create(&g->members[i].thread, NULL, call, &g->members[i]), 0);
        while (i == 0 && !atomic_load(&g->leading)) {
            (void)sched_yield();
        }
        if (i + 1 < count) {
            wait_for_queue(f, i);
        }
    }
    for (int i = 0; i < count; i++) {
        assert_int_equal(pthread_join(g->members[i].thread, NULL), 0);
    }
}

static void assert_member(const group *g, int i, ec_status status, int runs)
{
    const member *m = &g->members[i];
    if (m->status != status || m->runs != runs || m->error.status != m->status) {
        /* A closure's own failure leaves the message to the closure. */
        bool own = m->error.status == EC_OK && m->runs > 0;
        if (m->status != status || m->runs != runs || !own) {
            fail_msg("member %d: status %d after %d runs, %s", i, (int)m->status, m->runs,
                     m->error.message);
        }
    }
}

static int64_t inserted(fixture *f, int number)
{
    char sql[64];
    (void)snprintf(sql, sizeof sql, "SELECT COUNT(*) FROM item WHERE id > 1 AND n = %d", number);
    return read_number(f->storage, sql);
}

static uint64_t commits(fixture *f)
{
    uint64_t count = 0;
    f->storage->ops->counters(f->storage, NULL, NULL, &count);
    return count;
}

static void open_tables(fixture *f, const char *parameters)
{
    open_ready(f, parameters);
    assert_int_equal(write_script(f->storage, "INSERT INTO item (id, n) VALUES (1, 0);"
                                              "CREATE TABLE part (id INTEGER PRIMARY KEY, item_id "
                                              "INTEGER REFERENCES item (id) DEFERRABLE INITIALLY "
                                              "DEFERRED) STRICT"),
                     EC_OK);
    f->world.frozen_us = 1;
}

static void batch__is_one_commit(void **state)
{
    fixture *f = *state;
    static const deed deeds[5] = {INSERTS, INSERTS, INSERTS, INSERTS, INSERTS};
    static group g;
    open_tables(f, "");
    uint64_t before = commits(f);
    run_group(f, &g, deeds, 5);
    assert_int_equal(commits(f) - before, 1);
    for (int i = 0; i < 5; i++) {
        assert_member(&g, i, EC_OK, 1);
        assert_int_equal(inserted(f, i), 1);
    }
}

static void batch__undoes_only_those_that_fail(void **state)
{
    fixture *f = *state;
    static const deed deeds[] = {FAILS,   INSERTS,         FAILS, INSERTS,
                                 INSERTS, LEAVES_DANGLING, FAILS, INSERTS};
    static group g;
    open_tables(f, "");
    uint64_t before = commits(f);
    run_group(f, &g, deeds, 8);
    assert_int_equal(commits(f) - before, 1);
    for (int i = 0; i < 8; i++) {
        ec_status expected = deeds[i] == FAILS             ? EC_OUT_OF_STOCK
                             : deeds[i] == LEAVES_DANGLING ? EC_INVALID
                                                           : EC_OK;
        assert_member(&g, i, expected, 1);
        assert_int_equal(inserted(f, i), expected == EC_OK ? 1 : 0);
    }
}

static void batch__of_failures_commits_nothing(void **state)
{
    fixture *f = *state;
    static const deed deeds[] = {FAILS, FAILS, FAILS};
    static group g;
    open_tables(f, "");
    uint64_t before = commits(f);
    run_group(f, &g, deeds, 3);
    assert_int_equal(commits(f), before);
    assert_int_equal(count_items(f), 1);
}

static void batch__runs_again_what_went_with_a_lost_transaction(void **state)
{
    fixture *f = *state;
    static const deed deeds[] = {INSERTS, FAILS,   INSERTS,        THROWS,
                                 INSERTS, INSERTS, THROWS_QUIETLY, INSERTS};
    static group g;
    open_tables(f, "");
    uint64_t before = commits(f);
    run_group(f, &g, deeds, 8);
    assert_int_equal(commits(f) - before, 1);
    assert_member(&g, 0, EC_OK, 3);
    assert_member(&g, 1, EC_OUT_OF_STOCK, 1);
    assert_member(&g, 2, EC_OK, 3);
    assert_member(&g, 3, EC_STATE, 1);
    assert_member(&g, 4, EC_OK, 2);
    assert_member(&g, 5, EC_OK, 2);
    assert_member(&g, 6, EC_IO, 1);
    assert_true(g.members[6].error.message[0] != '\0');
    assert_member(&g, 7, EC_OK, 1);
    for (int i = 0; i < 8; i++) {
        assert_int_equal(inserted(f, i), g.members[i].status == EC_OK ? 1 : 0);
    }
}

static void batch__keeps_the_innocent_however_often_it_is_lost(void **state)
{
    fixture *f = *state;
    static deed deeds[EC_SQLITE_BATCH_MAX];
    static group g;
    enum { COUNT = EC_SQLITE_BATCH_MAX };
    open_tables(f, "");
    for (int i = 0; i < COUNT; i++) {
        deeds[i] = i % 2 == 1 ? THROWS : INSERTS;
    }
    uint64_t before = commits(f);
    run_group(f, &g, deeds, COUNT);
    assert_int_equal(commits(f) - before, 1);
    for (int i = 0; i < COUNT; i++) {
        assert_member(&g, i, i % 2 == 1 ? EC_STATE : EC_OK, i % 2 == 1 ? 1 : 1 + (COUNT - i) / 2);
        assert_int_equal(inserted(f, i), i % 2 == 1 ? 0 : 1);
    }
}

static void batch__is_bounded(void **state)
{
    fixture *f = *state;
    static deed deeds[EC_SQLITE_BATCH_MAX + 10];
    static group g;
    enum { COUNT = sizeof deeds / sizeof deeds[0] };
    open_tables(f, "");
    uint64_t before = commits(f);
    run_group(f, &g, deeds, COUNT);
    assert_int_equal(commits(f) - before, 2);
    assert_int_equal(count_items(f), 1 + COUNT);
}

/* All are told when the commit itself fails: no file may grow, so the log cannot be written. */
static void batch__tells_all_of_a_failed_commit(void **state)
{
    fixture *f = *state;
    static const deed deeds[] = {INSERTS, FAILS, INSERTS, INSERTS};
    static group g;
    struct rlimit old;
    open_tables(f, "");
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
    struct rlimit none = {.rlim_cur = 1, .rlim_max = old.rlim_max};
    void (*handler)(int) = signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &none), 0);
    uint64_t before = commits(f);
    run_group(f, &g, deeds, 4);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
    (void)signal(SIGXFSZ, handler);
    assert_int_equal(commits(f), before);
    assert_member(&g, 1, EC_OUT_OF_STOCK, 1);
    for (int i = 0; i < 4; i++) {
        assert_true(i == 1 || (g.members[i].status == EC_IO && g.members[i].error.code != 0));
        assert_true(i == 1 || g.members[i].error.message[0] != '\0');
    }
    assert_int_equal(count_items(f), 1);
    assert_int_equal(insert(f), EC_OK);
    assert_int_equal(f->storage->ops->integrity(f->storage, NULL), EC_OK);
}

/* ---- a lock that is not to be had --------------------------------------------------------- */

typedef struct waiting {
    fixture *f;
    int expected;
    bool reached;
} waiting;

/* Called at each nap of the one who waits for the lock. */
static void count_naps(void *ctx)
{
    waiting *self = ctx;
    if (!self->reached) {
        wait_for_queue(self->f, self->expected);
        self->reached = true;
    }
    atomic_fetch_add(&self->f->world.dice, 1);
}

static void *insert_one(void *ctx)
{
    member *self = ctx;
    self->status = insert(self->group->f);
    return NULL;
}

static void batch__tells_all_who_wait_that_the_file_is_busy(void **state)
{
    fixture *f = *state;
    static group g;
    sqlite3 *raw = NULL;
    open_tables(f, "?busy_timeout=100");
    waiting naps = {.f = f, .expected = 7};
    assert_int_equal(sqlite3_open(f->path, &raw), SQLITE_OK);
    assert_int_equal(sqlite3_exec(raw, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
    f->world.on_random_ctx = &naps;
    f->world.on_random = count_naps;
    g = (group){.f = f, .count = 8};
    for (int i = 0; i < 8; i++) {
        g.members[i] = (member){.group = &g};
        assert_int_equal(pthread_create(&g.members[i].thread, NULL, insert_one, &g.members[i]), 0);
    }
    for (int i = 0; i < 8; i++) {
        assert_int_equal(pthread_join(g.members[i].thread, NULL), 0);
        assert_int_equal(g.members[i].status, EC_BUSY);
    }
    f->world.on_random = NULL;
    assert_int_equal(sqlite3_exec(raw, "COMMIT", NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_close(raw), SQLITE_OK);
    assert_int_equal(insert(f), EC_OK);
    assert_int_equal(count_items(f), 2);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    static const struct CMUnitTest tests[] = {
        CASE(batch__is_one_commit),
        CASE(batch__undoes_only_those_that_fail),
        CASE(batch__of_failures_commits_nothing),
        CASE(batch__runs_again_what_went_with_a_lost_transaction),
        CASE(batch__keeps_the_innocent_however_often_it_is_lost),
        CASE(batch__is_bounded),
        CASE(batch__tells_all_of_a_failed_commit),
        CASE(batch__tells_all_who_wait_that_the_file_is_busy),
    };
    return cmocka_run_group_tests_name("sqlite_batch", tests, NULL, NULL);
}
