/* SPDX-License-Identifier: MIT */
/*
 * storage.c - conformance of storage adapters: transactions, snapshots, many callers, the whole.
 */
#include "adapter/subjects.h"

/* ---- transactions -------------------------------------------------------------------------- */

static ec_status insert_then_fail(ec_conn *conn, void *ctx)
{
    ec_status *status = ctx;
    assert_int_equal(run(conn, "INSERT INTO item (code) VALUES ('gone')"), EC_OK);
    return *status;
}

static void transact__undoes_a_closure_that_fails(void **state)
{
    fixture *f = *state;
    static const ec_status failures[] = {EC_OUT_OF_STOCK, EC_INVALID, EC_DONE, EC_BUSY};
    for (size_t i = 0; i < sizeof failures / sizeof failures[0]; i++) {
        ec_status failure = failures[i];
        assert_int_equal(transact(f, insert_then_fail, &failure), failure);
        assert_int_equal(count_items(f), 0);
    }
    ec_status fine = EC_OK;
    assert_int_equal(transact(f, insert_then_fail, &fine), EC_OK);
    assert_int_equal(count_items(f), 1);
}

static ec_status do_nothing(ec_conn *conn, void *ctx)
{
    (void)conn;
    (void)ctx;
    return EC_OK;
}

static void transact__accepts_a_closure_that_does_nothing(void **state)
{
    fixture *f = *state;
    assert_int_equal(transact(f, do_nothing, NULL), EC_OK);
    assert_int_equal(f->storage->ops->transact(f->storage, do_nothing, NULL, NULL), EC_OK);
}

static ec_status fail_and_go_on(ec_conn *conn, void *ctx)
{
    (void)ctx;
    assert_int_equal(run(conn, "INSERT INTO item (code) VALUES ('a')"), EC_OK);
    assert_int_equal(run(conn, "INSERT INTO item (code) VALUES ('b'), ('a')"), EC_EXISTS);
    assert_int_equal(run(conn, "INSERT INTO item (code) VALUES ('c')"), EC_OK);
    return EC_OK;
}

static void transact__keeps_what_came_before_a_refused_statement(void **state)
{
    fixture *f = *state;
    assert_int_equal(transact(f, fail_and_go_on, NULL), EC_OK);
    assert_int_equal(count_items(f), 2);
    assert_int_equal(read_number(f->storage, "SELECT COUNT(*) FROM item WHERE code = 'b'"), 0);
}

static ec_status nest_savepoints(ec_conn *conn, void *ctx)
{
    ec_storage_error error = {0};
    const ec_storage_ops *ops = conn->ops;
    (void)ctx;
    assert_int_equal(run(conn, "INSERT INTO item (code) VALUES ('0')"), EC_OK);
    assert_int_equal(ops->savepoint(conn, &error), EC_OK);
    assert_int_equal(run(conn, "INSERT INTO item (code) VALUES ('1')"), EC_OK);
    assert_int_equal(ops->savepoint(conn, &error), EC_OK);
    assert_int_equal(run(conn, "INSERT INTO item (code) VALUES ('2')"), EC_OK);
    assert_int_equal(ops->savepoint(conn, &error), EC_OK);
    assert_int_equal(run(conn, "INSERT INTO item (code) VALUES ('3')"), EC_OK);
    assert_int_equal(ops->savepoint_release(conn, &error), EC_OK);
    ops->savepoint_rollback(conn); /* 2 and 3 */
    assert_int_equal(number_of(conn, "SELECT COUNT(*) FROM item", 0), 2);
    assert_int_equal(run(conn, "INSERT INTO item (code) VALUES ('4')"), EC_OK);
    assert_int_equal(ops->savepoint_release(conn, &error), EC_OK);
    assert_int_equal(ops->savepoint_release(conn, &error), EC_MISUSE);
    ops->savepoint_rollback(conn); /* none is open */
    return EC_OK;
}

static void savepoints__nest(void **state)
{
    fixture *f = *state;
    assert_int_equal(transact(f, nest_savepoints, NULL), EC_OK);
    assert_int_equal(count_items(f), 3);
    assert_int_equal(read_number(f->storage, "SELECT COUNT(*) FROM item WHERE code IN "
                                             "('0', '1', '4')"),
                     3);
}

static ec_status leave_savepoint(ec_conn *conn, void *ctx)
{
    ec_storage_error error = {0};
    ec_status *status = ctx;
    assert_int_equal(conn->ops->savepoint(conn, &error), EC_OK);
    assert_int_equal(run(conn, "INSERT INTO item (code) VALUES ('open')"), EC_OK);
    return *status;
}

static void savepoints__left_open_end_with_the_closure(void **state)
{
    fixture *f = *state;
    ec_status status = EC_STATE;
    assert_int_equal(transact(f, leave_savepoint, &status), EC_STATE);
    assert_int_equal(count_items(f), 0);
    status = EC_OK;
    assert_int_equal(transact(f, leave_savepoint, &status), EC_OK);
    assert_int_equal(count_items(f), 1);
    assert_int_equal(transact(f, do_nothing, NULL), EC_OK);
}

static void script__runs_all_or_nothing(void **state)
{
    fixture *f = *state;
    assert_int_equal(write_script(f->storage, " ; INSERT INTO item (code) VALUES ('a');\n"
                                              "-- a remark; with a semicolon\n"
                                              "INSERT INTO item (code) VALUES ('b;c');;\n"),
                     EC_OK);
    assert_int_equal(count_items(f), 2);
    assert_int_equal(write_script(f->storage, "INSERT INTO item (code) VALUES ('d');"
                                              "INSERT INTO item (code) VALUES ('a');"
                                              "INSERT INTO item (code) VALUES ('e')"),
                     EC_EXISTS);
    assert_int_equal(count_items(f), 2);
}

static void script__undoes_tables_where_the_dialect_says_so(void **state)
{
    fixture *f = *state;
    if (!f->dialect->transactional_ddl) {
        return;
    }
    assert_int_not_equal(write_script(f->storage,
                                      "DROP TABLE part; ALTER TABLE item ADD extra TEXT;"
                                      "CREATE TABLE other (id INTEGER);"
                                      "INSERT INTO nothing_here VALUES (1)"),
                         EC_OK);
    ec_conn *conn = read_begin(f);
    assert_int_equal(run(conn, "SELECT * FROM part"), EC_OK);
    assert_int_equal(run(conn, "SELECT * FROM other"), EC_SCHEMA);
    assert_int_equal(run(conn, "SELECT extra FROM item"), EC_SCHEMA);
    read_end(f, conn);
}

static void start__follows_a_changed_table(void **state)
{
    fixture *f = *state;
    assert_int_equal(write_script(f->storage, "INSERT INTO item (code) VALUES ('a')"), EC_OK);
    assert_int_equal(count_items(f), 1);
    assert_int_equal(write_script(f->storage, "ALTER TABLE item ADD COLUMN extra INTEGER"), EC_OK);
    assert_int_equal(count_items(f), 1);
    assert_int_equal(read_number(f->storage, "SELECT COUNT(*) - COUNT(extra) FROM item"), 1);
}

/* ---- reading ------------------------------------------------------------------------------- */

static void read_begin__lends_for_reading_only(void **state)
{
    fixture *f = *state;
    ec_storage_error error = {0};
    ec_conn *conn = read_begin(f);
    assert_int_equal(run(conn, "INSERT INTO item (code) VALUES ('a')"), EC_DENIED);
    assert_int_equal(run(conn, "DELETE FROM item"), EC_DENIED);
    assert_int_equal(run(conn, "DROP TABLE part"), EC_DENIED);
    assert_int_equal(conn->ops->script(conn, "SELECT 1; DELETE FROM item", &error), EC_DENIED);
    assert_int_equal(number_of(conn, "SELECT COUNT(*) FROM item", -1), 0);
    read_end(f, conn);
    assert_int_equal(write_script(f->storage, "INSERT INTO item (code) VALUES ('a')"), EC_OK);
}

static void read_begin__sees_one_snapshot(void **state)
{
    fixture *f = *state;
    if (!f->subject->reads_beside) {
        return;
    }
    assert_int_equal(write_script(f->storage, "INSERT INTO item (code) VALUES ('a')"), EC_OK);
    ec_conn *conn = read_begin(f);
    assert_int_equal(number_of(conn, "SELECT COUNT(*) FROM item", 0), 1);
    assert_int_equal(write_script(f->storage, "INSERT INTO item (code) VALUES ('b')"), EC_OK);
    assert_int_equal(number_of(conn, "SELECT COUNT(*) FROM item", 0), 1);
    assert_int_equal(number_of(conn, "SELECT COUNT(*) + 0 FROM item", 0), 1);
    assert_int_equal(count_items(f), 2);
    read_end(f, conn);
    assert_int_equal(count_items(f), 2);
}

static ec_status read_own_change(ec_conn *conn, void *ctx)
{
    fixture *f = ctx;
    assert_int_equal(run(conn, "INSERT INTO item (code) VALUES ('mine')"), EC_OK);
    assert_int_equal(number_of(conn, "SELECT COUNT(*) FROM item", 0), 1);
    if (f->subject->reads_beside) {
        assert_int_equal(count_items(f), 0);
    }
    return EC_OK;
}

static void read_begin__does_not_see_what_is_not_committed(void **state)
{
    fixture *f = *state;
    assert_int_equal(transact(f, read_own_change, f), EC_OK);
    assert_int_equal(count_items(f), 1);
}

/* ---- many callers -------------------------------------------------------------------------- */

typedef struct caller {
    fixture *f;
    pthread_t thread;
    int number;
    int done;
    int refused;
} caller;

enum { CALLERS = 8, ROUNDS = 60 };

static ec_status add_one(ec_conn *conn, void *ctx)
{
    const caller *self = ctx;
    ec_storage_error error = {0};
    ec_value step[] = {v_int(self->number + 1), v_text("sum")};
    ec_status status =
        run_with(conn, "UPDATE item SET quantity = quantity + ? WHERE code = ?", step, 2, &error);
    bool refuse = (self->done + self->refused + self->number) % 5 == 0;
    return status == EC_OK && refuse ? EC_STATE : status;
}

static void *call_often(void *ctx)
{
    caller *self = ctx;
    while (self->done + self->refused < ROUNDS) {
        ec_status status = transact(self->f, add_one, self);
        self->done += status == EC_OK ? 1 : 0;
        self->refused += status == EC_STATE ? 1 : 0;
        if (status != EC_OK && status != EC_STATE) {
            break;
        }
        (void)count_items(self->f);
    }
    return NULL;
}

static void transact__adds_up_over_many_callers(void **state)
{
    fixture *f = *state;
    caller callers[CALLERS];
    int64_t expected = 0;
    assert_int_equal(write_script(f->storage, "INSERT INTO item (code) VALUES ('sum')"), EC_OK);
    for (int i = 0; i < CALLERS; i++) {
        callers[i] = (caller){.f = f, .number = i};
        assert_int_equal(pthread_create(&callers[i].thread, NULL, call_often, &callers[i]), 0);
    }
    for (int i = 0; i < CALLERS; i++) {
        assert_int_equal(pthread_join(callers[i].thread, NULL), 0);
        assert_int_equal(callers[i].done + callers[i].refused, ROUNDS);
        assert_true(callers[i].refused > 0);
        expected += (int64_t)callers[i].done * (i + 1);
    }
    assert_int_equal(read_number(f->storage, "SELECT quantity FROM item"), expected);
}

static ec_status insert_one(ec_conn *conn, void *ctx)
{
    (void)ctx;
    return run(conn, "INSERT INTO item (code) VALUES ('one')");
}

/* ---- the whole database -------------------------------------------------------------------- */

static void ping_and_integrity__answer(void **state)
{
    fixture *f = *state;
    ec_storage_error error = {0};
    assert_int_equal(f->storage->ops->ping(f->storage, &error), EC_OK);
    if (f->storage->ops->integrity != NULL) {
        assert_int_equal(f->storage->ops->integrity(f->storage, &error), EC_OK);
    }
}

static void counters__go_up(void **state)
{
    fixture *f = *state;
    uint64_t before[3];
    uint64_t after[3];
    ec_status refused = EC_STATE;
    if (f->storage->ops->counters == NULL) {
        return;
    }
    f->storage->ops->counters(f->storage, &before[0], &before[1], &before[2]);
    assert_int_equal(transact(f, insert_one, NULL), EC_OK);
    assert_int_equal(transact(f, leave_savepoint, &refused), EC_STATE);
    assert_int_equal(count_items(f), 1);
    f->storage->ops->counters(f->storage, &after[0], &after[1], &after[2]);
    assert_int_equal(after[0] - before[0], 3);
    assert_int_equal(after[1] - before[1], 2);
    assert_int_equal(after[2] - before[2], 1);
    f->storage->ops->counters(f->storage, NULL, NULL, NULL);
}

static void close__keeps_what_was_committed(void **state)
{
    fixture *f = *state;
    if (!f->subject->persists) {
        return;
    }
    assert_int_equal(write_script(f->storage, "INSERT INTO item (code) VALUES ('a')"), EC_OK);
    f->storage->ops->close(f->storage);
    f->storage = open_storage(f->subject->open, &f->platform, f->uri);
    assert_int_equal(count_items(f), 1);
}

static void open__for_reading_refuses_writes(void **state)
{
    fixture *f = *state;
    ec_storage *storage = NULL;
    ec_storage_error error = {0};
    if (!f->subject->persists) {
        return;
    }
    assert_int_equal(write_script(f->storage, "INSERT INTO item (code) VALUES ('a')"), EC_OK);
    const ec_storage_config config = {.uri = f->uri, .platform = &f->platform, .read_only = true};
    assert_int_equal(f->subject->open(&config, &storage, &error), EC_OK);
    assert_int_equal(read_number(storage, "SELECT COUNT(*) FROM item"), 1);
    assert_int_equal(storage->ops->transact(storage, insert_one, NULL, &error), EC_DENIED);
    assert_true(error.status == EC_DENIED && error.message[0] != '\0');
    storage->ops->close(storage);
    assert_int_equal(count_items(f), 1);
}

/* ---- memory -------------------------------------------------------------------------------- */

static void memory__running_out_leaves_nothing_behind(void **state)
{
    fixture *f = *state;
    f->storage->ops->close(f->storage);
    f->storage = NULL;
    bool through = false;
    for (int64_t allowed = 0; !through && allowed < 200; allowed++) {
        ec_storage_error error = {0};
        ec_storage *storage = NULL;
        const ec_storage_config config = {.uri = f->uri, .platform = &f->platform};
        atomic_store(&f->world.allow, allowed);
        ec_status status = f->subject->open(&config, &storage, &error);
        if (status == EC_OK) {
            status = storage->ops->transact(storage, do_nothing, NULL, &error);
        }
        if (status == EC_OK) {
            status = storage->ops->ping(storage, &error);
        }
        through = status == EC_OK;
        assert_true(through || status == EC_NO_MEMORY);
        assert_int_equal(error.status, status);
        atomic_store(&f->world.allow, -1);
        if (storage != NULL) {
            assert_int_equal(storage->ops->ping(storage, &error), EC_OK);
            storage->ops->close(storage);
        }
        assert_int_equal(f->world.blocks, 0);
    }
    assert_true(through);
}

/* -------------------------------------------------------------------------------------------- */

static const subject_case cases[] = {
    {"transact__undoes_a_closure_that_fails", transact__undoes_a_closure_that_fails},
    {"transact__accepts_a_closure_that_does_nothing",
     transact__accepts_a_closure_that_does_nothing},
    {"transact__keeps_what_came_before_a_refused_statement",
     transact__keeps_what_came_before_a_refused_statement},
    {"savepoints__nest", savepoints__nest},
    {"savepoints__left_open_end_with_the_closure", savepoints__left_open_end_with_the_closure},
    {"script__runs_all_or_nothing", script__runs_all_or_nothing},
    {"script__undoes_tables_where_the_dialect_says_so",
     script__undoes_tables_where_the_dialect_says_so},
    {"start__follows_a_changed_table", start__follows_a_changed_table},
    {"read_begin__lends_for_reading_only", read_begin__lends_for_reading_only},
    {"read_begin__sees_one_snapshot", read_begin__sees_one_snapshot},
    {"read_begin__does_not_see_what_is_not_committed",
     read_begin__does_not_see_what_is_not_committed},
    {"transact__adds_up_over_many_callers", transact__adds_up_over_many_callers},
    {"ping_and_integrity__answer", ping_and_integrity__answer},
    {"counters__go_up", counters__go_up},
    {"close__keeps_what_was_committed", close__keeps_what_was_committed},
    {"open__for_reading_refuses_writes", open__for_reading_refuses_writes},
    {"memory__running_out_leaves_nothing_behind", memory__running_out_leaves_nothing_behind},
};

int main(void)
{
    return run_on_all_subjects("storage", cases, sizeof cases / sizeof cases[0]);
}
