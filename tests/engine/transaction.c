/* SPDX-License-Identifier: MIT */
/*
 * transaction.c - transactions of the program: all or nothing, nested, retried, on any thread.
 */
#include "engine/sql.h"
#include "engine/state.h"
#include "harness/harness.h"

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

static int64_t settings(const char *prefix)
{
    char sql[128];
    snprintf(sql, sizeof sql, "SELECT COUNT(*) FROM settings WHERE name LIKE '%s%%'", prefix);
    return shop_sql_int(engine, sql);
}

static ec_status two_settings(ec_session *s, void *ctx)
{
    ec_status status = ec_setting_set(s, "own.a", "1");
    if (status == EC_OK) {
        status = ec_setting_set(s, "own.b", "2");
    }
    return status == EC_OK ? *(ec_status *)ctx : status;
}

static void transact__keeps_all_or_nothing(void **state)
{
    (void)state;
    ec_status wanted = EC_STATE;
    assert_status(session, ec_transact(session, two_settings, &wanted), EC_STATE);
    assert_int_equal(settings("own."), 0);
    wanted = EC_OK;
    assert_ok(session, ec_transact(session, two_settings, &wanted));
    assert_int_equal(settings("own."), 2);
    assert_status(session, ec_transact(session, NULL, NULL), EC_MISUSE);
}

static ec_status survives(ec_session *s, void *ctx)
{
    (void)ctx;
    ec_status status = ec_setting_set(s, "own.a", "1");
    if (status == EC_OK && ec_setting_set(s, "cart.ttl_ms", "soon") != EC_INVALID) {
        return EC_CORRUPT;
    }
    if (strcmp(ec_session_error(s)->field, "value") != 0) {
        return EC_CORRUPT;
    }
    return status;
}

static void transact__goes_on_after_a_failed_call(void **state)
{
    (void)state;
    assert_ok(session, ec_transact(session, survives, NULL));
    assert_int_equal(settings("own."), 1);
    assert_int_equal(ec_session_error(session)->count, 0);
}

static ec_status reads_own_writes(ec_session *s, void *ctx)
{
    ec_setting *setting = NULL;
    (void)ctx;
    ec_status status = ec_setting_set(s, "own.a", "seen");
    if (status == EC_OK) {
        status = ec_setting_get(s, "own.a", &setting);
    }
    if (status == EC_OK && strcmp(setting->value, "seen") != 0) {
        status = EC_CORRUPT;
    }
    ec_free(setting);
    return status;
}

static void transact__sees_what_it_wrote(void **state)
{
    (void)state;
    assert_ok(session, ec_transact(session, reads_own_writes, NULL));
}

static ec_status inner(ec_session *s, void *ctx)
{
    (void)ctx;
    ec_status status = ec_setting_set(s, "own.inner", "1");
    return status == EC_OK ? EC_DECLINED : status;
}

static ec_status outer(ec_session *s, void *ctx)
{
    (void)ctx;
    ec_status status = ec_setting_set(s, "own.outer", "1");
    if (status == EC_OK && ec_transact(s, inner, NULL) != EC_DECLINED) {
        return EC_CORRUPT;
    }
    return status;
}

static void transact__nests(void **state)
{
    (void)state;
    assert_ok(session, ec_transact(session, outer, NULL));
    assert_int_equal(settings("own.outer"), 1);
    assert_int_equal(settings("own.inner"), 0);
}

static void transact__an_undone_setting_is_not_remembered(void **state)
{
    (void)state;
    int64_t before = ec_cart_ttl_ms(session);
    assert_ok(session, ec_setting_set(session, "cart.ttl_ms", "61000"));
    assert_int_equal(ec_cart_ttl_ms(session), 61000);
    assert_ok(session, ec_setting_set(session, "cart.ttl_ms", NULL));
    assert_int_equal(ec_cart_ttl_ms(session), before);
}

/* ---- run again ---- */

typedef struct again {
    int runs;
    ec_engine *engine;
} again;

/* A storage that says after the first run that the transaction was lost, as after a deadlock. */
static const ec_storage_ops *real_ops;

typedef struct twice_ctx {
    ec_transaction_fn fn;
    void *ctx;
} twice_ctx;

static ec_status run_twice(ec_conn *conn, void *ctx)
{
    twice_ctx *twice = ctx;
    ec_storage_error error = {0};
    if (conn->ops->savepoint(conn, &error) != EC_OK) {
        return EC_IO;
    }
    (void)twice->fn(conn, twice->ctx);
    conn->ops->savepoint_rollback(conn);
    return twice->fn(conn, twice->ctx);
}

static ec_status transact_twice(ec_storage *self, ec_transaction_fn fn, void *ctx,
                                ec_storage_error *error)
{
    twice_ctx twice = {fn, ctx};
    return real_ops->transact(self, run_twice, &twice, error);
}

static ec_status counts_runs(ec_session *s, void *ctx)
{
    again *count = ctx;
    count->runs++;
    return ec_setting_set(s, "own.a", "1");
}

static void transact__every_closure_may_run_twice(void **state)
{
    (void)state;
    ec_storage_ops twice_ops = *engine->storage->ops;
    again count = {0};
    ec_channel channel = {.code = "web",
                          .name = "Web",
                          .currency = "USD",
                          .locale = "en",
                          .is_default = true,
                          .is_active = true};
    ec_channel *made = NULL;
    real_ops = engine->storage->ops;
    twice_ops.transact = transact_twice;
    engine->storage->ops = &twice_ops;
    assert_ok(session, ec_transact(session, counts_runs, &count));
    assert_int_equal(count.runs, 2);
    assert_ok(session, ec_channel_create(session, &channel, &made));
    ec_free(made);
    int64_t blocks = world_blocks(); /* with texts of statements and kept memory */
    channel.code = "web2";
    assert_ok(session, ec_channel_create(session, &channel, &made));
    ec_free(made);
    assert_int_equal(world_blocks(), blocks); /* the first run's block is not left behind */
    /* the key holds for both runs */
    assert_ok(session, ec_session_idempotency(session, "once"));
    assert_ok(session, ec_setting_set(session, "own.b", "1"));
    engine->storage->ops = real_ops;
    assert_int_equal(settings("own."), 2);
    assert_int_equal(shop_sql_int(engine, "SELECT COUNT(*) FROM idempotency_keys"), 1);
    assert_int_equal(shop_sql_int(engine, "SELECT COUNT(*) FROM events WHERE type ="
                                          " 'channel.created'"),
                     2);
}

/* ---- a commit that fails ---- */

static ec_status transact_lost(ec_storage *self, ec_transaction_fn fn, void *ctx,
                               ec_storage_error *error)
{
    twice_ctx once = {fn, ctx};
    (void)real_ops->transact(self, run_twice, &once, error);
    error->status = EC_IO;
    snprintf(error->message, sizeof error->message, "the disk is full");
    return EC_IO;
}

static void transact__a_failed_commit_gives_no_result(void **state)
{
    (void)state;
    ec_storage_ops lost_ops = *engine->storage->ops;
    ec_channel channel = {.code = "web", .name = "Web", .currency = "USD", .locale = "en"};
    ec_channel *made = NULL;
    assert_ok(session, ec_channel_create(session, &channel, &made));
    ec_free(made);
    int64_t blocks = world_blocks(); /* with texts of statements and kept memory */
    channel.code = "web2";
    real_ops = engine->storage->ops;
    lost_ops.transact = transact_lost;
    engine->storage->ops = &lost_ops;
    assert_status(session, ec_channel_create(session, &channel, &made), EC_IO);
    engine->storage->ops = real_ops;
    assert_null(made);
    assert_non_null(strstr(ec_session_error(session)->message, "the disk is full"));
    assert_true(world_blocks() <= blocks + 1); /* the message */
}

int main(void)
{
#define CASE(test) cmocka_unit_test_setup_teardown(test, begin, end)
    const struct CMUnitTest tests[] = {
        CASE(transact__keeps_all_or_nothing),
        CASE(transact__goes_on_after_a_failed_call),
        CASE(transact__sees_what_it_wrote),
        CASE(transact__nests),
        CASE(transact__an_undone_setting_is_not_remembered),
        CASE(transact__every_closure_may_run_twice),
        CASE(transact__a_failed_commit_gives_no_result),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
