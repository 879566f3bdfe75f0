/* SPDX-License-Identifier: MIT */
/*
 * call.c - what every operation has in common, on operations made up for the purpose.
 */
#include "engine/setting.h"
#include "engine/sql.h"
#include "engine/state.h"
#include "harness/harness.h"
#include "model/model.h"

static ec_engine *engine;
static ec_session *session;

static int begin(void **state)
{
    (void)state;
    engine = shop_open();
    session = session_system(engine);
    return 0;
}

static int end(void **state)
{
    (void)state;
    ec_session_close(session);
    shop_close(engine);
    return 0;
}

/* ---- operations ---- */

static ec_status note(ec_session *s, const char *name)
{
    return ec_exec(s, "INSERT INTO tags (name) VALUES (?)", ec_args(ec_text(name)), NULL);
}

static int64_t notes(void)
{
    return shop_sql_int(engine, "SELECT COUNT(*) FROM tags");
}

static ec_status run_note(ec_session *s, void *args, void **result)
{
    ec_setting *setting = ec_arena_alloc(ec_scratch(s), sizeof *setting);
    if (!setting) {
        return ec_fail_memory(s);
    }
    setting->name = args;
    setting->value = "noted";
    *result = setting;
    return note(s, args);
}

static ec_status run_note_and_fail(ec_session *s, void *args, void **result)
{
    (void)result;
    ec_status status = note(s, args);
    return status == EC_OK ? ec_fail_field(s, EC_STATE, "tag", "mood", "Not %s today.", "this")
                           : status;
}

static ec_status run_silent_failure(ec_session *s, void *args, void **result)
{
    (void)s;
    (void)args;
    (void)result;
    return EC_IN_USE;
}

static ec_status run_nothing(ec_session *s, void *args, void **result)
{
    (void)s;
    (void)args;
    (void)result;
    return EC_OK;
}

#define OP(id, how, who, entity, body)                                                             \
    static const ec_op id = {.name = #id,                                                          \
                             .permission = "test",                                                 \
                             .access = who,                                                        \
                             .mode = how,                                                          \
                             .result = entity,                                                     \
                             .run = body}

OP(op_note, EC_WRITE, EC_ACCESS_ANY, &ec_setting_entity, run_note);
OP(op_note_and_fail, EC_WRITE, EC_ACCESS_ANY, NULL, run_note_and_fail);
OP(op_silent, EC_READ, EC_ACCESS_ANY, NULL, run_silent_failure);
OP(op_no_result, EC_READ, EC_ACCESS_ANY, &ec_setting_entity, run_nothing);
OP(op_staff, EC_READ, EC_ACCESS_STAFF, NULL, run_nothing);
OP(op_system, EC_READ, EC_ACCESS_SYSTEM, NULL, run_nothing);
OP(op_any, EC_READ, EC_ACCESS_ANY, NULL, run_nothing);

/* ---- results and errors ---- */

static void call__gives_the_result_as_a_block_that_outlives_everything(void **state)
{
    (void)state;
    ec_engine *other = shop_open();
    ec_session *own = session_system(other);
    void *block = NULL;
    assert_int_equal(ec_call(own, &op_note, (void *)(uintptr_t) "x", &block), EC_OK);
    ec_session_close(own);
    shop_close(other);
    assert_string_equal(((ec_setting *)block)->value, "noted");
    ec_free(block);
}

static void call__a_failure_changes_nothing_and_gives_no_result(void **state)
{
    (void)state;
    assert_status(session, ec_call(session, &op_note_and_fail, (void *)(uintptr_t) "x", NULL),
                  EC_STATE);
    const ec_error *error = ec_session_error(session);
    assert_string_equal(error->message, "Not this today.");
    assert_string_equal(error->field, "tag");
    assert_string_equal(error->rule, "mood");
    assert_int_equal(error->count, 1);
    assert_int_equal(notes(), 0);
}

static void call__forgets_the_error_of_the_call_before(void **state)
{
    (void)state;
    assert_status(session, ec_call(session, &op_note_and_fail, (void *)(uintptr_t) "x", NULL),
                  EC_STATE);
    assert_ok(session, ec_call(session, &op_any, NULL, NULL));
    assert_int_equal(ec_session_error(session)->count, 0);
    assert_null(ec_session_error(session)->field);
}

static void call__explains_a_status_that_nobody_explained(void **state)
{
    (void)state;
    assert_status(session, ec_call(session, &op_silent, NULL, NULL), EC_IN_USE);
    assert_string_equal(ec_session_error(session)->message, ec_status_text(EC_IN_USE));
}

static void call__asks_for_a_place_for_the_result_and_for_a_result(void **state)
{
    (void)state;
    void *block = &block;
    assert_status(session, ec_call(session, &op_note, (void *)(uintptr_t) "x", NULL), EC_MISUSE);
    assert_int_equal(notes(), 0);
    assert_status(session, ec_call(session, &op_no_result, NULL, &block), EC_MISUSE);
    assert_null(block);
}

/* ---- permission ---- */

static void call__checks_who_may(void **state)
{
    (void)state;
    const struct {
        ec_session *who;
        ec_status any, staff, system;
    } cases[] = {
        {session_system(engine), EC_OK, EC_OK, EC_OK},
        {session_staff(engine), EC_OK, EC_OK, EC_DENIED},
        {session_customer(engine, shop_customer(engine, "ana@example.cl")), EC_OK, EC_DENIED,
         EC_DENIED},
        {session_guest(engine), EC_OK, EC_DENIED, EC_DENIED},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ec_session *who = cases[i].who;
        assert_status(who, ec_call(who, &op_any, NULL, NULL), cases[i].any);
        assert_status(who, ec_call(who, &op_staff, NULL, NULL), cases[i].staff);
        assert_status(who, ec_call(who, &op_system, NULL, NULL), cases[i].system);
        ec_session_close(who);
    }
}

/* ---- calls inside bodies ---- */

static ec_status run_read_that_writes(ec_session *s, void *args, void **result)
{
    void *block = NULL;
    (void)result;
    ec_status status = ec_call(s, &op_note, args, &block);
    ec_free(block);
    return status;
}

OP(op_read_writes, EC_READ, EC_ACCESS_ANY, NULL, run_read_that_writes);

static void call__a_reader_cannot_write(void **state)
{
    (void)state;
    assert_status(session, ec_call(session, &op_read_writes, (void *)(uintptr_t) "x", NULL),
                  EC_MISUSE);
    assert_int_equal(notes(), 0);
}

/* Calls one that fails, survives it, and one that does not. */
static ec_status run_nested(ec_session *s, void *args, void **result)
{
    void *block = NULL;
    (void)args;
    (void)result;
    ec_status status = note(s, "outer");
    if (status == EC_OK &&
        ec_call(s, &op_note_and_fail, (void *)(uintptr_t) "lost", NULL) != EC_STATE) {
        return ec_fail(s, EC_CORRUPT, "It should have failed.");
    }
    if (status == EC_OK) {
        status = ec_call(s, &op_note, (void *)(uintptr_t) "inner", &block);
        ec_free(block);
    }
    /* a body is allowed what it is made of */
    return status == EC_OK ? ec_call(s, &op_staff, NULL, NULL) : status;
}

OP(op_nested, EC_WRITE, EC_ACCESS_ANY, NULL, run_nested);

static void call__inside_a_body_a_failure_undoes_only_itself(void **state)
{
    (void)state;
    ec_session *guest = session_guest(engine);
    assert_ok(guest, ec_call(guest, &op_nested, NULL, NULL));
    assert_int_equal(notes(), 2);
    assert_int_equal(shop_sql_int(engine, "SELECT COUNT(*) FROM tags WHERE name = 'lost'"), 0);
    ec_session_close(guest);
}

static ec_status inner_fails(ec_session *s, void *ctx)
{
    ec_status status = note(s, ctx);
    return status == EC_OK ? ec_fail(s, EC_STATE, "No.") : status;
}

static ec_status run_inner(ec_session *s, void *args, void **result)
{
    (void)args;
    (void)result;
    ec_status status = note(s, "kept");
    if (status == EC_OK && ec_inner(s, inner_fails, (void *)(uintptr_t) "undone") == EC_STATE) {
        ec_forgive(s);
        return EC_OK;
    }
    return EC_CORRUPT;
}

OP(op_inner, EC_WRITE, EC_ACCESS_ANY, NULL, run_inner);

static void inner__can_be_survived(void **state)
{
    (void)state;
    assert_ok(session, ec_call(session, &op_inner, NULL, NULL));
    assert_int_equal(notes(), 1);
}

/* ---- statements ---- */

static ec_status run_leaves_queries_open(ec_session *s, void *args, void **result)
{
    int64_t *opened = args;
    ec_stmt *stmt;
    ec_status status = EC_OK;
    (void)result;
    while (status == EC_OK) {
        status = ec_query(s, "SELECT id FROM channels", ec_no_args, &stmt);
        if (status == EC_OK) {
            *opened += 1;
            status = ec_row(s, stmt);
        }
    }
    return status;
}

OP(op_open_queries, EC_READ, EC_ACCESS_ANY, NULL, run_leaves_queries_open);

static void call__ends_the_queries_that_a_body_left_open(void **state)
{
    (void)state;
    int64_t opened = 0;
    assert_status(session, ec_call(session, &op_open_queries, &opened, NULL), EC_LIMIT);
    assert_int_equal(opened, EC_OPEN_STATEMENTS);
    assert_int_equal(session->open_count, 0);
    assert_ok(session,
              ec_call(session, &op_note_and_fail, (void *)(uintptr_t) "x", NULL) == EC_STATE
                  ? ec_call(session, &op_any, NULL, NULL)
                  : EC_CORRUPT);
}

static ec_status run_constraints(ec_session *s, void *args, void **result)
{
    (void)result;
    return ec_exec(s, args, ec_no_args, NULL);
}

OP(op_sql, EC_WRITE, EC_ACCESS_ANY, NULL, run_constraints);

static ec_status sql(const char *text)
{
    return ec_call(session, &op_sql, (void *)(uintptr_t)text, NULL);
}

static void sql__broken_constraints_name_field_and_rule(void **state)
{
    (void)state;
    assert_status(session,
                  sql("INSERT INTO customer_groups VALUES (NULL, 'a', 'A', 1, 1, 1),"
                      " (NULL, 'a', 'A', 1, 1, 1)"),
                  EC_EXISTS);
    assert_field_error(session, "code", "unique");
    assert_status(session, sql("UPDATE channels SET name = NULL"), EC_INVALID);
    assert_field_error(session, "name", "required");
    assert_status(session, sql("UPDATE channels SET is_active = 2"), EC_INVALID);
    assert_field_error(session, "is_active", "check");
    assert_status(session, sql("UPDATE channels SET price_list_id = 99"), EC_INVALID);
    assert_string_equal(ec_session_error(session)->rule, "reference");
    assert_status(session, sql("DELETE FROM channel_warehouses WHERE 1 / 0"), EC_OK);
    assert_status(session,
                  sql("INSERT INTO carts (token_hash, channel_id, currency, status,"
                      " expires_at, version, created_at, updated_at)"
                      " VALUES ('x', 1, 'CLP', 'open', 1, 1, 1, 1)"),
                  EC_OK);
    assert_status(session, sql("DELETE FROM channels"), EC_IN_USE);
    assert_status(session, sql("SELECT no_such_column FROM channels"), EC_SCHEMA);
}

static ec_status run_many_lists(ec_session *s, void *args, void **result)
{
    int64_t *count = args;
    ec_price_list *lists = ec_arena_array(ec_scratch(s), (size_t)*count, sizeof *lists);
    (void)result;
    for (int64_t i = 0; lists && i < *count; i++) {
        lists[i] = (ec_price_list){.code = ec_arena_printf(ec_scratch(s), "l%lld", (long long)i),
                                   .name = "L",
                                   .currency = "CLP"};
    }
    ec_status status = lists
                           ? ec_entity_insert_many(s, &ec_price_list_entity, lists, (size_t)*count)
                           : ec_fail_memory(s);
    for (int64_t i = 1; status == EC_OK && i < *count; i++) {
        status = lists[i].id == lists[i - 1].id + 1 && lists[i].version == 1 ? EC_OK : EC_CORRUPT;
    }
    return status;
}

OP(op_many, EC_WRITE, EC_ACCESS_ANY, NULL, run_many_lists);

static void insert_many__takes_any_number_in_few_statements(void **state)
{
    (void)state;
    static const int64_t counts[] = {0, 1, 7, 8, 9, 100, 255, 256, 257, 5000};
    static const uint64_t statements[] = {0, 1, 1, 1, 2, 3, 6, 1, 2, 21};
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        int64_t count = counts[i];
        ec_counters before, after;
        shop_sql(engine, "DELETE FROM price_lists");
        ec_engine_counters(engine, &before);
        assert_ok(session, ec_call(session, &op_many, &count, NULL));
        ec_engine_counters(engine, &after);
        assert_int_equal(shop_sql_int(engine, "SELECT COUNT(DISTINCT code) FROM price_lists"),
                         count);
        assert_true(after.statements - before.statements <= statements[i]);
    }
}

/* ---- memory ---- */

static void call__survives_every_failing_allocation(void **state)
{
    (void)state;
    for (int64_t n = 1;; n++) {
        char name[32];
        void *block = NULL;
        snprintf(name, sizeof name, "tag%lld", (long long)n);
        ec_session *own = session_system(engine);
        int64_t before = notes();
        world_fail(n, false);
        ec_status status = ec_call(own, &op_note, name, &block);
        bool failed = world_failed();
        world_fail(0, false);
        assert_true((status == EC_OK) == (block != NULL));
        assert_int_equal(notes(), before + (status == EC_OK));
        assert_int_equal(ec_session_error(own)->status, status);
        ec_free(block);
        ec_session_close(own);
        if (!failed) {
            assert_int_equal(status, EC_OK);
            break;
        }
        assert_true(status == EC_NO_MEMORY || status == EC_OK);
    }
}

int main(void)
{
#define CASE(test) cmocka_unit_test_setup_teardown(test, begin, end)
    const struct CMUnitTest tests[] = {
        CASE(call__gives_the_result_as_a_block_that_outlives_everything),
        CASE(call__a_failure_changes_nothing_and_gives_no_result),
        CASE(call__forgets_the_error_of_the_call_before),
        CASE(call__explains_a_status_that_nobody_explained),
        CASE(call__asks_for_a_place_for_the_result_and_for_a_result),
        CASE(call__checks_who_may),
        CASE(call__a_reader_cannot_write),
        CASE(call__inside_a_body_a_failure_undoes_only_itself),
        CASE(inner__can_be_survived),
        CASE(call__ends_the_queries_that_a_body_left_open),
        CASE(sql__broken_constraints_name_field_and_rule),
        CASE(insert_many__takes_any_number_in_few_statements),
        CASE(call__survives_every_failing_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
