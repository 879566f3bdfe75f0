/* SPDX-License-Identifier: MIT */
/*
 * group_commit.c - many callers, one commit: sums are exact, failures leave nothing, success is
 * told only of what is there, readers see whole transactions; over threads and over processes.
 */
#include "adapter/sqlite_fixture.h"

#include <signal.h>
#include <sys/wait.h>

enum { THREADS = 32, ROUNDS = 60, PROCESSES = 4, PROCESS_THREADS = 8, READERS = 3 };

/* Two accounts whose sum never changes, a counter, and one row for each success. */
static const char schema[] =
    "CREATE TABLE account (id INTEGER PRIMARY KEY, balance INTEGER NOT NULL"
    " CHECK (balance BETWEEN -1000000000 AND 1000000000)) STRICT;"
    "CREATE TABLE receipt (who INTEGER NOT NULL, round INTEGER NOT NULL, amount INTEGER NOT NULL,"
    " PRIMARY KEY (who, round)) STRICT;"
    "INSERT INTO account VALUES (1, 0), (2, 0)";

typedef struct caller {
    ec_storage *storage;
    pthread_t thread;
    int64_t number;
    int64_t round;
    int64_t expected; /* what its successes have moved */
    int successes;
    const char *fault;  /* what went wrong, or NULL */
    _Atomic bool *stop; /* readers only */
} caller;

/* How a round ends. Each caller meets all of them. */
typedef enum ending {
    ENDS_WELL,
    ENDS_WITH_ITS_OWN_STATUS,
    ENDS_WITH_A_REFUSED_STATEMENT,
    ENDS_WELL_AFTER_AN_INNER_ROLLBACK,
    ENDINGS
} ending;

static ending ending_of(const caller *self)
{
    return (ending)((self->round * 7 + self->number) % ENDINGS);
}

static ec_status move(ec_conn *conn, int64_t amount)
{
    ec_storage_error error = {0};
    ec_value values[] = {v_int(amount), v_int(amount)};
    return run_with(conn,
                    "UPDATE account SET balance = balance +"
                    " CASE id WHEN 1 THEN ? ELSE -? END WHERE id IN (1, 2)",
                    values, 2, &error);
}

static ec_status move_and_undo(ec_conn *conn)
{
    ec_storage_error error = {0};
    ec_status status = conn->ops->savepoint(conn, &error);
    if (status == EC_OK) {
        status = move(conn, 999);
        conn->ops->savepoint_rollback(conn);
    }
    return status;
}

static ec_status closure(ec_conn *conn, void *ctx)
{
    const caller *self = ctx;
    ec_storage_error error = {0};
    ec_value receipt[] = {v_int(self->number), v_int(self->round), v_int(self->number + 1)};
    ec_status status = move(conn, self->number + 1);
    if (status == EC_OK) {
        status = run_with(conn, "INSERT INTO receipt VALUES (?, ?, ?)", receipt, 3, &error);
    }
    if (status != EC_OK) {
        return status;
    }
    switch (ending_of(self)) {
    case ENDS_WITH_ITS_OWN_STATUS: return EC_OUT_OF_STOCK;
    case ENDS_WITH_A_REFUSED_STATEMENT:
        return run_with(conn, "INSERT INTO receipt VALUES (?, ?, ?)", receipt, 3, &error);
    case ENDS_WELL_AFTER_AN_INNER_ROLLBACK: return move_and_undo(conn);
    case ENDS_WELL:
    case ENDINGS: break;
    }
    return EC_OK;
}

static ec_status expected_status(const caller *self)
{
    switch (ending_of(self)) {
    case ENDS_WITH_ITS_OWN_STATUS: return EC_OUT_OF_STOCK;
    case ENDS_WITH_A_REFUSED_STATEMENT: return EC_EXISTS;
    case ENDS_WELL:
    case ENDS_WELL_AFTER_AN_INNER_ROLLBACK:
    case ENDINGS: break;
    }
    return EC_OK;
}

static void *write_rounds(void *ctx)
{
    caller *self = ctx;
    for (self->round = 0; self->round < ROUNDS && self->fault == NULL; self->round++) {
        ec_storage_error error = {0};
        ec_status status = self->storage->ops->transact(self->storage, closure, self, &error);
        if (status != expected_status(self)) {
            self->fault = "another status than the closure's";
        } else if (status == EC_OK) {
            self->successes++;
            self->expected += self->number + 1;
        }
        /* What was acknowledged is there for everybody at once; what failed is not. */
        char sql[128];
        (void)snprintf(sql, sizeof sql,
                       "SELECT COUNT(*) FROM receipt WHERE who = %lld AND round = %lld",
                       (long long)self->number, (long long)self->round);
        if (self->fault == NULL && read_number(self->storage, sql) != (status == EC_OK ? 1 : 0)) {
            self->fault = "the answer and the file differ";
        }
    }
    return NULL;
}

/* Every snapshot is whole: the accounts cancel out and equal the receipts, in two statements. */
static void *read_rounds(void *ctx)
{
    caller *self = ctx;
    while (!atomic_load(self->stop) && self->fault == NULL) {
        ec_storage_error error = {0};
        ec_conn *conn = NULL;
        if (self->storage->ops->read_begin(self->storage, &conn, &error) != EC_OK) {
            self->fault = "no connection for reading";
            break;
        }
        int64_t balance = number_of(conn, "SELECT balance FROM account WHERE id = 1", -1);
        int64_t other = number_of(conn, "SELECT balance FROM account WHERE id = 2", -1);
        int64_t receipts = number_of(conn, "SELECT COALESCE(SUM(amount), 0) FROM receipt", -1);
        int64_t again = number_of(conn, "SELECT balance FROM account WHERE id = 1", -1);
        self->storage->ops->read_end(self->storage, conn);
        if (balance != -other || balance != receipts || balance != again) {
            self->fault = "a snapshot shows half a transaction";
        }
        self->successes++;
    }
    return NULL;
}

/* Run writers with readers beside them; the sum of what was moved, or -1 with a message. */
static int64_t run_callers(ec_storage *storage, int first, int writers)
{
    caller callers[THREADS];
    caller readers[READERS];
    _Atomic bool stop = false;
    int64_t sum = 0;
    const char *fault = NULL;
    for (int i = 0; i < READERS; i++) {
        readers[i] = (caller){.storage = storage, .stop = &stop};
        (void)pthread_create(&readers[i].thread, NULL, read_rounds, &readers[i]);
    }
    for (int i = 0; i < writers; i++) {
        callers[i] = (caller){.storage = storage, .number = first + i};
        (void)pthread_create(&callers[i].thread, NULL, write_rounds, &callers[i]);
    }
    for (int i = 0; i < writers; i++) {
        (void)pthread_join(callers[i].thread, NULL);
        sum += callers[i].expected;
        fault = callers[i].fault != NULL ? callers[i].fault : fault;
    }
    atomic_store(&stop, true);
    for (int i = 0; i < READERS; i++) {
        (void)pthread_join(readers[i].thread, NULL);
        fault = readers[i].fault != NULL ? readers[i].fault : fault;
    }
    if (fault != NULL) {
        (void)fprintf(stderr, "%s\n", fault);
        return -1;
    }
    return sum;
}

static void assert_books(ec_storage *storage, int64_t sum, int64_t callers)
{
    ec_storage_error error = {0};
    assert_int_equal(read_number(storage, "SELECT balance FROM account WHERE id = 1"), sum);
    assert_int_equal(read_number(storage, "SELECT balance FROM account WHERE id = 2"), -sum);
    assert_int_equal(read_number(storage, "SELECT COUNT(*) FROM receipt"),
                     callers * (ROUNDS / 2)); /* half of the endings are good ones */
    assert_int_equal(storage->ops->integrity(storage, &error), EC_OK);
}

static void threads__share_commits_and_lose_nothing(void **state)
{
    fixture *f = *state;
    uint64_t commits[2];
    uint64_t transactions[2];
    open_ready(f, "");
    assert_int_equal(write_script(f->storage, schema), EC_OK);
    f->storage->ops->counters(f->storage, NULL, &transactions[0], &commits[0]);
    int64_t sum = run_callers(f->storage, 0, THREADS);
    f->storage->ops->counters(f->storage, NULL, &transactions[1], &commits[1]);
    assert_true(sum > 0);
    assert_books(f->storage, sum, THREADS);
    assert_int_equal(transactions[1] - transactions[0], THREADS * ROUNDS);
    /* Half of them succeed; they shared commits. */
    assert_true(commits[1] - commits[0] < THREADS * ROUNDS / 2);
}

static void threads__in_memory_take_turns(void **state)
{
    fixture *f = *state;
    ec_storage *storage = open_storage(ec_sqlite_open, &f->platform, "sqlite::memory:");
    assert_int_equal(write_script(storage, schema), EC_OK);
    int64_t sum = run_callers(storage, 0, PROCESS_THREADS);
    assert_true(sum > 0);
    assert_books(storage, sum, PROCESS_THREADS);
    storage->ops->close(storage);
}

/* One of several processes on the same file: its sum goes through the pipe. */
static int work_as_process(const char *uri, int number, int out)
{
    test_world world = {0};
    ec_platform platform = test_platform(&world);
    ec_storage *storage = NULL;
    ec_storage_error error = {0};
    const ec_storage_config config = {.uri = uri, .platform = &platform};
    if (ec_sqlite_open(&config, &storage, &error) != EC_OK) {
        (void)fprintf(stderr, "%s\n", error.message);
        return 1;
    }
    int64_t sum = run_callers(storage, number * PROCESS_THREADS, PROCESS_THREADS);
    storage->ops->close(storage);
    return sum > 0 && write(out, &sum, sizeof sum) == (ssize_t)sizeof sum ? 0 : 2;
}

static void processes__share_a_file_and_lose_nothing(void **state)
{
    fixture *f = *state;
    int ends[2];
    pid_t pids[PROCESSES];
    int64_t sum = 0;
    open_ready(f, "");
    assert_int_equal(write_script(f->storage, schema), EC_OK);
    close_it(f);
    assert_int_equal(pipe(ends), 0);
    for (int i = 0; i < PROCESSES; i++) {
        pids[i] = fork();
        assert_true(pids[i] >= 0);
        if (pids[i] == 0) {
            _exit(work_as_process(f->uri, i, ends[1]));
        }
    }
    (void)close(ends[1]);
    for (int i = 0; i < PROCESSES; i++) {
        int status = 0;
        assert_int_equal(waitpid(pids[i], &status, 0), pids[i]);
        assert_int_equal(status, 0);
    }
    for (int i = 0; i < PROCESSES; i++) {
        int64_t part = 0;
        assert_int_equal(read(ends[0], &part, sizeof part), sizeof part);
        sum += part;
    }
    (void)close(ends[0]);
    open_ready(f, "");
    assert_books(f->storage, sum, PROCESSES * PROCESS_THREADS);
}

/* ---- a process that is killed ------------------------------------------------------------- */

typedef struct teller {
    ec_storage *storage;
    pthread_t thread;
    int64_t number; /* of the row that it inserts next */
    int out;
} teller;

static ec_status insert_pair(ec_conn *conn, void *ctx)
{
    const teller *self = ctx;
    ec_storage_error error = {0};
    ec_value values[] = {v_int(self->number), v_int(-self->number)};
    ec_status status = run_with(conn, "INSERT INTO item (n) VALUES (?)", values, 1, &error);
    return status != EC_OK
               ? status
               : run_with(conn, "INSERT INTO item (n) VALUES (?)", values + 1, 1, &error);
}

/* Insert and tell, for ever. */
static void *insert_and_tell(void *ctx)
{
    teller *self = ctx;
    ec_storage_error error = {0};
    while (self->storage->ops->transact(self->storage, insert_pair, self, &error) == EC_OK &&
           write(self->out, &self->number, sizeof self->number) > 0) {
        self->number += PROCESS_THREADS;
    }
    return NULL;
}

static void tell_until_killed(const char *uri, int64_t first, int out)
{
    test_world world = {0};
    ec_platform platform = test_platform(&world);
    ec_storage_error error = {0};
    teller tellers[PROCESS_THREADS];
    const ec_storage_config config = {.uri = uri, .platform = &platform};
    ec_storage *storage = NULL;
    if (ec_sqlite_open(&config, &storage, &error) != EC_OK) {
        (void)fprintf(stderr, "%s\n", error.message);
        return;
    }
    for (int i = 0; i < PROCESS_THREADS; i++) {
        tellers[i] = (teller){.storage = storage, .number = first + i, .out = out};
        (void)pthread_create(&tellers[i].thread, NULL, insert_and_tell, &tellers[i]);
    }
    for (int i = 0; i < PROCESS_THREADS; i++) {
        (void)pthread_join(tellers[i].thread, NULL);
    }
}

/* Kill it after so many acknowledgements; those that come until it is dead count as well. */
static int64_t kill_after(fixture *f, int64_t first, int after, int64_t *told)
{
    int ends[2];
    int64_t number = 0;
    int64_t count = 0;
    assert_int_equal(pipe(ends), 0);
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        (void)close(ends[0]);
        tell_until_killed(f->uri, first, ends[1]);
        _exit(1);
    }
    (void)close(ends[1]);
    while (read(ends[0], &number, sizeof number) == (ssize_t)sizeof number) {
        told[count++] = number;
        if (count == after) {
            assert_int_equal(kill(pid, SIGKILL), 0);
        }
    }
    int status = 0;
    (void)close(ends[0]);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFSIGNALED(status));
    return count;
}

static void processes__that_are_killed_keep_what_they_acknowledged(void **state)
{
    fixture *f = *state;
    static int64_t told[100000];
    ec_storage_error error = {0};
    open_ready(f, "");
    close_it(f);
    for (int round = 0; round < 15; round++) {
        int64_t count = kill_after(f, 1 + round * INT64_C(1000000), 20 + round * 17, told);
        open_ready(f, "");
        for (int64_t i = 0; i < count; i++) {
            char sql[64];
            (void)snprintf(sql, sizeof sql, "SELECT COUNT(*) FROM item WHERE n IN (%lld, -%lld)",
                           (long long)told[i], (long long)told[i]);
            assert_int_equal(read_number(f->storage, sql), 2);
        }
        assert_int_equal(read_number(f->storage, "SELECT SUM(n) FROM item"), 0);
        assert_int_equal(f->storage->ops->integrity(f->storage, &error), EC_OK);
        assert_int_equal(write_script(f->storage, "DELETE FROM item"), EC_OK);
        close_it(f);
    }
}

/* ---- a transaction that SQLite throws away under several callers -------------------------- */

typedef struct throwing {
    ec_storage *storage;
    pthread_t thread;
    pthread_barrier_t *start;
    int64_t number;
    int wrong;
} throwing;

static ec_status insert_or_throw(ec_conn *conn, void *ctx)
{
    const throwing *self = ctx;
    ec_storage_error error = {0};
    ec_value number = v_int(self->number);
    ec_status status = run_with(conn, "INSERT INTO item (n) VALUES (?)", &number, 1, &error);
    if (status == EC_OK && self->number % 4 == 3) {
        /* Ends the whole transaction, the work of others in the same batch included. */
        status = run(conn, "INSERT OR ROLLBACK INTO item (id, n) VALUES (1, 0)");
    }
    return status;
}

static void *insert_or_throw_rounds(void *ctx)
{
    throwing *self = ctx;
    for (int round = 0; round < ROUNDS; round++) {
        ec_storage_error error = {0};
        (void)pthread_barrier_wait(self->start);
        ec_status status =
            self->storage->ops->transact(self->storage, insert_or_throw, self, &error);
        bool throws = self->number % 4 == 3;
        self->wrong += throws && status != EC_EXISTS ? 1 : 0;
        self->wrong += !throws && status != EC_OK ? 1 : 0;
        self->number += !throws && status == EC_OK ? 1000 : 0;
    }
    return NULL;
}

static void threads__survive_neighbours_whose_transaction_is_thrown_away(void **state)
{
    fixture *f = *state;
    throwing callers[PROCESS_THREADS * 2];
    enum { COUNT = sizeof callers / sizeof callers[0] };
    pthread_barrier_t start;
    int64_t told = 0;
    open_ready(f, "");
    assert_int_equal(write_script(f->storage, "INSERT INTO item (id, n) VALUES (1, 0)"), EC_OK);
    assert_int_equal(pthread_barrier_init(&start, NULL, COUNT), 0);
    for (int i = 0; i < COUNT; i++) {
        callers[i] = (throwing){.storage = f->storage, .start = &start, .number = i};
        assert_int_equal(
            pthread_create(&callers[i].thread, NULL, insert_or_throw_rounds, &callers[i]), 0);
    }
    for (int i = 0; i < COUNT; i++) {
        assert_int_equal(pthread_join(callers[i].thread, NULL), 0);
        assert_int_equal(callers[i].wrong, 0);
        told += callers[i].number / 1000;
    }
    assert_int_equal(pthread_barrier_destroy(&start), 0);
    assert_int_equal(told, ROUNDS * COUNT * 3 / 4);
    assert_int_equal(read_number(f->storage, "SELECT COUNT(*) FROM item"), told + 1);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    static const struct CMUnitTest tests[] = {
        CASE(threads__share_commits_and_lose_nothing),
        CASE(threads__in_memory_take_turns),
        CASE(processes__share_a_file_and_lose_nothing),
        CASE(processes__that_are_killed_keep_what_they_acknowledged),
        CASE(threads__survive_neighbours_whose_transaction_is_thrown_away),
    };
    return cmocka_run_group_tests_name("group_commit", tests, NULL, NULL);
}
