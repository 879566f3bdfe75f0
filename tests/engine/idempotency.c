/* SPDX-License-Identifier: MIT */
/*
 * idempotency.c - a key makes a call happen once.
 */
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
    session = session_staff(engine);
    return 0;
}

static int end(void **state)
{
    (void)state;
    ec_session_close(session);
    shop_close(engine);
    return 0;
}

static const ec_channel web = {.code = "web",
                               .name = "Web \"shop\" ñ",
                               .currency = "USD",
                               .locale = "en",
                               .stock_strategy = EC_STOCK_MOST_STOCK,
                               .is_active = true};

static int64_t keys(void)
{
    return shop_sql_int(engine, "SELECT COUNT(*) FROM idempotency_keys");
}

static void key__the_second_call_gets_the_first_one_s_answer(void **state)
{
    (void)state;
    ec_channel *first = NULL;
    ec_channel *second = NULL;
    assert_ok(session, ec_session_idempotency(session, "k-1"));
    assert_ok(session, ec_channel_create(session, &web, &first));
    world_advance(60000);
    shop_sql(engine, "UPDATE channels SET name = 'changed since' WHERE code = 'web'");
    assert_ok(session, ec_session_idempotency(session, "k-1"));
    assert_ok(session, ec_channel_create(session, &web, &second));
    assert_true(ec_entity_equal(&ec_channel_entity, first, second, EC_MASK_ALL));
    assert_string_equal(second->name, web.name);
    assert_int_equal(shop_sql_int(engine, "SELECT COUNT(*) FROM channels"), 2);
    assert_int_equal(keys(), 1);
    ec_free(first);
    ec_free(second);
}

static void key__is_used_up_by_one_call(void **state)
{
    (void)state;
    ec_channel *made = NULL;
    assert_ok(session, ec_session_idempotency(session, "k-1"));
    assert_ok(session, ec_channel_create(session, &web, &made));
    ec_free(made);
    assert_status(session, ec_channel_create(session, &web, &made), EC_EXISTS);
}

static void key__reading_does_not_use_it_up(void **state)
{
    (void)state;
    ec_channel *made = NULL;
    assert_ok(session, ec_session_idempotency(session, "k-1"));
    assert_ok(session, ec_channel_by_code(session, "default", &made));
    ec_free(made);
    assert_ok(session, ec_channel_create(session, &web, &made));
    ec_free(made);
    assert_int_equal(keys(), 1);
}

static void key__another_request_is_refused(void **state)
{
    (void)state;
    ec_channel other = web;
    ec_channel *made = NULL;
    assert_ok(session, ec_session_idempotency(session, "k-1"));
    assert_ok(session, ec_channel_create(session, &web, &made));
    ec_free(made);
    other.code = "other";
    assert_ok(session, ec_session_idempotency(session, "k-1"));
    assert_status(session, ec_channel_create(session, &other, &made), EC_KEY_REUSED);
    assert_ok(session, ec_session_idempotency(session, "k-1"));
    assert_status(session, ec_setting_set(session, "own.a", "1"), EC_KEY_REUSED);
    assert_int_equal(shop_sql_int(engine, "SELECT COUNT(*) FROM channels"), 2);
    assert_int_equal(shop_sql_int(engine, "SELECT COUNT(*) FROM settings WHERE name = 'own.a'"), 0);
}

static void key__a_failed_call_stores_nothing(void **state)
{
    (void)state;
    ec_channel bad = web;
    ec_channel *made = NULL;
    bad.code = "default";
    assert_ok(session, ec_session_idempotency(session, "k-1"));
    assert_status(session, ec_channel_create(session, &bad, &made), EC_EXISTS);
    assert_int_equal(keys(), 0);
    assert_ok(session, ec_session_idempotency(session, "k-1"));
    assert_ok(session, ec_channel_create(session, &web, &made));
    ec_free(made);
}

static void key__operations_without_result_are_not_repeated(void **state)
{
    (void)state;
    assert_ok(session, ec_session_idempotency(session, "k-1"));
    assert_ok(session, ec_setting_set(session, "own.a", "1"));
    shop_sql(engine, "UPDATE settings SET value = '2' WHERE name = 'own.a'");
    assert_ok(session, ec_session_idempotency(session, "k-1"));
    assert_ok(session, ec_setting_set(session, "own.a", "1"));
    assert_int_equal(shop_sql_int(engine, "SELECT value FROM settings WHERE name = 'own.a'"), 2);
}

static void key__belongs_to_the_actor(void **state)
{
    (void)state;
    ec_user user = {.email = "ana@example.cl", .name = "Ana", .is_active = true};
    ec_user *ana = NULL;
    ec_user *eva = NULL;
    assert_ok(session, ec_user_create(session, &user, &ana));
    user.email = "eva@example.cl";
    assert_ok(session, ec_user_create(session, &user, &eva));
    const ec_id ids[] = {ana->id, eva->id};
    ec_free(ana);
    ec_free(eva);
    for (size_t i = 0; i < 2; i++) {
        ec_session *own = session_customer(engine, ids[i]);
        ec_address address = {.name = "N", .street = "S", .city = "C", .country = "CL"};
        ec_address *made = NULL;
        assert_ok(own, ec_session_idempotency(own, "same"));
        assert_ok(own, ec_address_create(own, ids[i], &address, &made));
        assert_int_equal(made->user_id, ids[i]);
        ec_free(made);
        ec_session_close(own);
    }
    assert_int_equal(shop_sql_int(engine, "SELECT COUNT(*) FROM addresses"), 2);
}

static ec_status run_guest(ec_session *s, void *args, void **result)
{
    (void)args;
    (void)result;
    return ec_exec(s, "UPDATE number_series SET next_number = next_number + 1", ec_no_args, NULL);
}

static void no_input(const void *args, ec_json_writer *json)
{
    (void)args;
    ec_json_null(json);
}

static void key__of_a_visitor_belongs_to_the_cart(void **state)
{
    (void)state;
    static const ec_op op = {.name = "test.guest",
                             .permission = "test",
                             .access = EC_ACCESS_ANY,
                             .mode = EC_WRITE,
                             .run = run_guest,
                             .fingerprint = no_input};
    static const char *const tokens[] = {NULL, "0123456789abcdefghij", "abcdefghij0123456789"};
    ec_session *guest = session_guest(engine);
    for (size_t i = 0; i < 6; i++) {
        assert_ok(guest, ec_session_cart_token(guest, tokens[i % 3]));
        assert_ok(guest, ec_session_idempotency(guest, "same"));
        assert_ok(guest, ec_call(guest, &op, NULL, NULL));
    }
    assert_int_equal(keys(), 3);
    assert_int_equal(shop_sql_int(engine, "SELECT next_number FROM number_series"), 1004);
    assert_int_equal(shop_sql_int(engine, "SELECT COUNT(*) FROM idempotency_keys"
                                          " WHERE scope LIKE '%0123456789%'"),
                     0);
    ec_session_close(guest);
}

static ec_status keyed_inside(ec_session *s, void *ctx)
{
    (void)ctx;
    ec_channel *made = NULL;
    ec_status status = ec_session_idempotency(s, "inside");
    if (status == EC_OK) {
        status = ec_channel_create(s, &web, &made);
    }
    ec_free(made);
    return status;
}

static ec_status keyed_and_undone(ec_session *s, void *ctx)
{
    ec_status status = keyed_inside(s, ctx);
    return status == EC_OK ? EC_CANCELLED : status;
}

static void key__inside_a_transaction_lives_and_dies_with_it(void **state)
{
    (void)state;
    assert_status(session, ec_transact(session, keyed_and_undone, NULL), EC_CANCELLED);
    assert_int_equal(keys(), 0);
    assert_ok(session, ec_transact(session, keyed_inside, NULL));
    assert_ok(session, ec_transact(session, keyed_inside, NULL));
    assert_int_equal(keys(), 1);
    assert_int_equal(shop_sql_int(engine, "SELECT COUNT(*) FROM channels"), 2);
}

static void key__lives_for_a_day_and_goes_some_time_after(void **state)
{
    (void)state;
    assert_ok(session, ec_session_idempotency(session, "k-1"));
    assert_ok(session, ec_setting_set(session, "own.a", "1"));
    world_advance(INT64_C(24) * 3600 * 1000 - 1);
    assert_ok(session, ec_session_idempotency(session, "k-2"));
    assert_ok(session, ec_setting_set(session, "own.a", "2"));
    assert_int_equal(keys(), 2);
    assert_ok(session, ec_session_idempotency(session, "k-1"));
    assert_ok(session, ec_setting_set(session, "own.a", "1"));
    assert_int_equal(shop_sql_int(engine, "SELECT value FROM settings WHERE name = 'own.a'"), 2);
    world_advance(INT64_C(3600) * 1000);
    assert_ok(session, ec_session_idempotency(session, "k-3"));
    assert_ok(session, ec_setting_set(session, "own.a", "3"));
    assert_int_equal(keys(), 2);
}

static ec_status run_ok(ec_session *s, void *args, void **result)
{
    (void)s;
    (void)args;
    (void)result;
    return EC_OK;
}

static void key__operations_that_take_none_say_so(void **state)
{
    (void)state;
    static const ec_op op = {.name = "test.plain",
                             .permission = "test",
                             .access = EC_ACCESS_ANY,
                             .mode = EC_WRITE,
                             .run = run_ok};
    assert_ok(session, ec_session_idempotency(session, "k-1"));
    assert_status(session, ec_call(session, &op, NULL, NULL), EC_UNSUPPORTED);
    assert_ok(session, ec_call(session, &op, NULL, NULL));
}

static void key__a_damaged_outcome_is_not_guessed(void **state)
{
    (void)state;
    ec_channel *made = NULL;
    assert_ok(session, ec_session_idempotency(session, "k-1"));
    assert_ok(session, ec_channel_create(session, &web, &made));
    ec_free(made);
    shop_sql(engine, "UPDATE idempotency_keys SET outcome = '{\"id\": \"x'");
    assert_ok(session, ec_session_idempotency(session, "k-1"));
    assert_status(session, ec_channel_create(session, &web, &made), EC_CORRUPT);
    shop_sql(engine, "UPDATE idempotency_keys SET outcome = NULL");
    assert_ok(session, ec_session_idempotency(session, "k-1"));
    assert_status(session, ec_channel_create(session, &web, &made), EC_CORRUPT);
}

int main(void)
{
#define CASE(test) cmocka_unit_test_setup_teardown(test, begin, end)
    const struct CMUnitTest tests[] = {
        CASE(key__the_second_call_gets_the_first_one_s_answer),
        CASE(key__is_used_up_by_one_call),
        CASE(key__reading_does_not_use_it_up),
        CASE(key__another_request_is_refused),
        CASE(key__a_failed_call_stores_nothing),
        CASE(key__operations_without_result_are_not_repeated),
        CASE(key__belongs_to_the_actor),
        CASE(key__of_a_visitor_belongs_to_the_cart),
        CASE(key__inside_a_transaction_lives_and_dies_with_it),
        CASE(key__lives_for_a_day_and_goes_some_time_after),
        CASE(key__operations_that_take_none_say_so),
        CASE(key__a_damaged_outcome_is_not_guessed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
