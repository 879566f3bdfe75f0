/* SPDX-License-Identifier: MIT */
/*
 * session.c - who may open a session, what it remembers, and one thread at a time.
 */
#include <pthread.h>
#include <semaphore.h>

#include "engine/state.h"
#include "harness/harness.h"

static ec_engine *engine;

static int begin(void **state)
{
    (void)state;
    engine = shop_open();
    return 0;
}

static int end(void **state)
{
    (void)state;
    shop_close(engine);
    return 0;
}

static ec_status try_open(ec_session_options options)
{
    ec_session *session = NULL;
    ec_status status = ec_session_open(engine, &options, &session);
    assert_true((status == EC_OK) == (session != NULL));
    ec_session_close(session);
    return status;
}

static void session_open__refuses_wrong_options(void **state)
{
    (void)state;
    char long_request[80];
    memset(long_request, 'x', 65);
    long_request[65] = '\0';
    int v = EC_SESSION_OPTIONS_VERSION;
    assert_int_equal(try_open((ec_session_options){.version = 0}), EC_MISUSE);
    assert_int_equal(try_open((ec_session_options){.version = v, .actor = EC_ACTOR_CUSTOMER}),
                     EC_INVALID);
    assert_int_equal(try_open((ec_session_options){.version = v, .actor = (ec_actor)9}),
                     EC_INVALID);
    assert_int_equal(try_open((ec_session_options){.version = v, .user_id = -1}), EC_INVALID);
    assert_int_equal(try_open((ec_session_options){.version = v, .channel_id = -1}), EC_INVALID);
    assert_int_equal(try_open((ec_session_options){.version = v, .channel_id = 4711}),
                     EC_NOT_FOUND);
    assert_int_equal(try_open((ec_session_options){.version = v, .request = long_request}),
                     EC_INVALID);
    long_request[64] = '\0';
    assert_int_equal(try_open((ec_session_options){.version = v, .request = long_request}), EC_OK);
    ec_session *session = NULL;
    assert_int_equal(ec_session_open(NULL, NULL, &session), EC_MISUSE);
    assert_int_equal(ec_session_open(engine, NULL, NULL), EC_MISUSE);
}

static void session_open__refuses_a_visitor_with_a_user(void **state)
{
    (void)state;
    ec_session_options options = {.version = EC_SESSION_OPTIONS_VERSION,
                                  .actor = EC_ACTOR_GUEST,
                                  .user_id = shop_customer(engine, "ana@example.cl")};
    assert_int_equal(try_open(options), EC_INVALID);
    options.user_id = INT64_MAX;
    assert_int_equal(try_open(options), EC_INVALID);
    options.user_id = 0;
    assert_int_equal(try_open(options), EC_OK);
}

static void session_open__knows_its_customer(void **state)
{
    (void)state;
    ec_session_options options = {
        .version = EC_SESSION_OPTIONS_VERSION, .actor = EC_ACTOR_CUSTOMER, .user_id = 1};
    assert_int_equal(try_open(options), EC_NOT_FOUND);
    options.user_id = INT64_MAX;
    assert_int_equal(try_open(options), EC_NOT_FOUND);
    options.user_id = shop_customer(engine, "ana@example.cl");
    assert_int_equal(try_open(options), EC_OK);
    shop_sql(engine, "UPDATE users SET is_active = 0");
    assert_int_equal(try_open(options), EC_DENIED);
}

static void session_open__looks_its_customer_up_in_one_statement(void **state)
{
    (void)state;
    ec_session_options options = {.version = EC_SESSION_OPTIONS_VERSION,
                                  .actor = EC_ACTOR_CUSTOMER,
                                  .user_id = shop_customer(engine, "ana@example.cl")};
    ec_counters before = {0};
    ec_counters after = {0};
    assert_int_equal(ec_engine_counters(engine, &before), EC_OK);
    assert_int_equal(try_open(options), EC_OK);
    assert_int_equal(ec_engine_counters(engine, &after), EC_OK);
    assert_int_equal(after.statements - before.statements, 1);
}

static void session__works_in_the_default_channel_unless_told(void **state)
{
    (void)state;
    ec_session *system = session_system(engine);
    assert_string_equal(ec_session_facts(system)->currency, "CLP");
    ec_channel usd = {
        .code = "usa", .name = "USA", .currency = "USD", .locale = "en-US", .is_active = true};
    ec_channel *made = NULL;
    assert_ok(system, ec_channel_create(system, &usd, &made));
    ec_session_options options = {.version = EC_SESSION_OPTIONS_VERSION, .channel_id = made->id};
    ec_session *session = NULL;
    assert_int_equal(ec_session_open(engine, &options, &session), EC_OK);
    assert_string_equal(ec_session_facts(session)->currency, "USD");
    assert_int_equal(ec_session_channel(session), made->id);
    ec_session_close(session);
    ec_free(made);
    ec_session_close(system);
}

static void session__sees_changed_channels_at_its_next_call(void **state)
{
    (void)state;
    ec_session *system = session_system(engine);
    ec_session *other = session_system(engine);
    ec_channel change = {.merge_policy = EC_MERGE_USE_GUEST};
    ec_channel *made = NULL;
    assert_ok(system, ec_channel_update(system, ec_session_channel(system), &change,
                                        ec_mask_of("channel", "merge_policy"), &made));
    ec_free(made);
    assert_ok(other, ec_channel_get(other, ec_session_channel(other), &made));
    ec_free(made);
    assert_int_equal(ec_session_facts(other)->merge_policy, EC_MERGE_USE_GUEST);
    ec_session_close(other);
    ec_session_close(system);
}

static void session__finds_a_channel_that_another_program_added(void **state)
{
    (void)state;
    ec_session *session = NULL;
    shop_sql(engine, "INSERT INTO channels VALUES (77, 'far', 'Far', 'EUR', 'de', 'DE', NULL, NULL,"
                     " NULL, NULL, 'priority', 'add', 0, 1, 1, 1, 1)");
    ec_session_options options = {.version = EC_SESSION_OPTIONS_VERSION, .channel_id = 77};
    assert_int_equal(ec_session_open(engine, &options, &session), EC_OK);
    assert_string_equal(ec_session_facts(session)->country, "DE");
    ec_session_close(session);
}

static void session__guards_every_handle(void **state)
{
    (void)state;
    ec_setting *setting = (ec_setting *)&setting;
    assert_int_equal(ec_setting_get(NULL, "x", &setting), EC_MISUSE);
    assert_null(setting);
    assert_int_equal(ec_transact(NULL, NULL, NULL), EC_MISUSE);
    assert_int_equal(ec_session_idempotency(NULL, "k"), EC_MISUSE);
    assert_int_equal(ec_session_cart_token(NULL, "k"), EC_MISUSE);
    assert_int_equal(ec_session_error(NULL)->status, EC_MISUSE);
    assert_non_null(ec_session_error(NULL)->message);
    assert_null(ec_session_engine(NULL));
    ec_session_close(NULL);
    uint64_t other_object[64] = {0};
    assert_int_equal(ec_setting_get((ec_session *)(void *)other_object, "x", &setting), EC_MISUSE);
}

static void session__tokens_and_keys_are_checked(void **state)
{
    (void)state;
    ec_session *session = session_guest(engine);
    char key[EC_KEY_MAX + 2];
    memset(key, 'k', sizeof key);
    key[EC_KEY_MAX + 1] = '\0';
    assert_status(session, ec_session_idempotency(session, key), EC_INVALID);
    assert_field_error(session, "key", "format");
    key[EC_KEY_MAX] = '\0';
    assert_ok(session, ec_session_idempotency(session, key));
    assert_ok(session, ec_session_idempotency(session, NULL));
    assert_status(session, ec_session_idempotency(session, ""), EC_INVALID);
    assert_status(session, ec_session_idempotency(session, "a b"), EC_INVALID);
    assert_status(session, ec_session_idempotency(session, "ñ"), EC_INVALID);
    assert_status(session, ec_session_idempotency(session, "a\n"), EC_INVALID);
    assert_status(session, ec_session_cart_token(session, "short"), EC_INVALID);
    assert_status(session, ec_session_cart_token(session, "01234567890123456789/"), EC_INVALID);
    assert_ok(session, ec_session_cart_token(session, "0123456789-abcdefghij_ABCDEFGHIJ"));
    assert_string_equal(ec_session_token(session), "0123456789-abcdefghij_ABCDEFGHIJ");
    assert_ok(session, ec_session_cart_token(session, NULL));
    assert_null(ec_session_token(session));
    ec_session_close(session);
}

/* ---- threads ---- */

typedef struct meeting {
    ec_session *session;
    sem_t inside, leave;
} meeting;

static ec_status wait_inside(ec_session *session, void *ctx)
{
    meeting *both = ctx;
    (void)session;
    sem_post(&both->inside);
    sem_wait(&both->leave);
    return EC_OK;
}

static void *first_thread(void *ctx)
{
    meeting *both = ctx;
    return (void *)(intptr_t)ec_transact(both->session, wait_inside, both);
}

static void session__refuses_a_second_thread(void **state)
{
    (void)state;
    meeting both = {.session = session_system(engine)};
    pthread_t thread;
    void *result = NULL;
    ec_setting_list *settings = NULL;
    sem_init(&both.inside, 0, 0);
    sem_init(&both.leave, 0, 0);
    assert_int_equal(pthread_create(&thread, NULL, first_thread, &both), 0);
    sem_wait(&both.inside);
    assert_int_equal(ec_setting_find(both.session, &settings), EC_MISUSE);
    assert_int_equal(ec_session_idempotency(both.session, "k"), EC_MISUSE);
    ec_session_close(both.session); /* does nothing */
    sem_post(&both.leave);
    assert_int_equal(pthread_join(thread, &result), 0);
    assert_int_equal((intptr_t)result, EC_OK);
    /* and it may move to this thread now */
    assert_ok(both.session, ec_setting_find(both.session, &settings));
    ec_free(settings);
    ec_session_close(both.session);
    sem_destroy(&both.inside);
    sem_destroy(&both.leave);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(session_open__refuses_wrong_options, begin, end),
        cmocka_unit_test_setup_teardown(session_open__refuses_a_visitor_with_a_user, begin, end),
        cmocka_unit_test_setup_teardown(session_open__knows_its_customer, begin, end),
        cmocka_unit_test_setup_teardown(session_open__looks_its_customer_up_in_one_statement, begin,
                                        end),
        cmocka_unit_test_setup_teardown(session__works_in_the_default_channel_unless_told, begin,
                                        end),
        cmocka_unit_test_setup_teardown(session__sees_changed_channels_at_its_next_call, begin,
                                        end),
        cmocka_unit_test_setup_teardown(session__finds_a_channel_that_another_program_added, begin,
                                        end),
        cmocka_unit_test_setup_teardown(session__guards_every_handle, begin, end),
        cmocka_unit_test_setup_teardown(session__tokens_and_keys_are_checked, begin, end),
        cmocka_unit_test_setup_teardown(session__refuses_a_second_thread, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
