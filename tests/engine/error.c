/* SPDX-License-Identifier: MIT */
/*
 * error.c - what a session says about its last call, and JSON in and out of it.
 */
#include "base/block.h"
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

static void error__is_ok_at_first(void **state)
{
    (void)state;
    const ec_error *error = ec_session_error(session);
    assert_int_equal(error->status, EC_OK);
    assert_non_null(error->message);
    assert_null(error->field);
    assert_int_equal(error->count, 0);
}

static void error__names_every_field_in_order(void **state)
{
    (void)state;
    ec_user user = {.email = "x", .name = NULL, .phone = "\xff"};
    ec_user *made = NULL;
    assert_status(session, ec_user_create(session, &user, &made), EC_INVALID);
    const ec_error *error = ec_session_error(session);
    assert_true(error->count >= 3);
    assert_string_equal(error->items[0].field, "email");
    assert_string_equal(error->items[1].field, "name");
    assert_string_equal(error->items[2].field, "phone");
    assert_string_equal(error->field, "email");
    assert_string_equal(error->rule, error->items[0].rule);
    assert_non_null(strstr(error->message, "more)"));
}

static void error__long_messages_are_whole(void **state)
{
    (void)state;
    bool outer;
    char *endless = malloc(100001);
    assert_non_null(endless);
    memset(endless, 'x', 100000);
    endless[100000] = '\0';
    assert_int_equal(ec_enter_fresh(session, &outer), EC_OK);
    assert_int_equal(ec_fail(session, EC_STATE, "%s!", endless), EC_STATE);
    ec_leave(session, outer);
    assert_int_equal(strlen(ec_session_error(session)->message), 100001);
    free(endless);
}

static void error__may_be_made_of_the_one_before(void **state)
{
    (void)state;
    bool outer;
    assert_int_equal(ec_enter_fresh(session, &outer), EC_OK);
    (void)ec_fail_field(session, EC_INVALID, "deep", "rule", "It is wrong.");
    const ec_error *error = ec_session_error(session);
    (void)ec_fail_field(session, EC_STATE, error->field, error->rule, "So: %s", error->message);
    ec_leave(session, outer);
    assert_field_error(session, "deep", "rule");
    assert_string_equal(ec_session_error(session)->message, "So: It is wrong.");
}

static void error__a_failing_memory_has_a_constant_message(void **state)
{
    (void)state;
    bool outer;
    ec_check check;
    ec_arena arena;
    ec_platform platform = *world_platform();
    ec_platform_complete(&platform);
    ec_arena_init(&arena, &platform);
    ec_check_init(&check, &arena);
    ec_check_add(&check, "name", "required", "It is needed.");
    assert_int_equal(ec_enter_fresh(session, &outer), EC_OK);
    for (int kind = 0; kind < 3; kind++) {
        ec_arena_clear(&session->errors);
        world_fail(1, true);
        ec_status status = kind == 0   ? ec_fail(session, EC_STATE, "No.")
                           : kind == 1 ? ec_fail_field(session, EC_INVALID, "a", "b", "No.")
                                       : ec_fail_check(session, &check);
        world_fail(0, false);
        assert_int_equal(status, EC_NO_MEMORY);
        assert_int_equal(ec_session_error(session)->status, EC_NO_MEMORY);
        assert_string_equal(ec_session_error(session)->message, "Out of memory.");
        assert_int_equal(ec_session_error(session)->count, 0);
    }
    ec_leave(session, outer);
    ec_arena_clear(&arena);
}

static void error__reads_the_messages_of_databases(void **state)
{
    (void)state;
    static const struct {
        ec_status status;
        const char *message, *field, *rule;
    } cases[] = {
        {EC_EXISTS, "UNIQUE constraint failed: channels.code", "code", "unique"},
        {EC_EXISTS, "UNIQUE constraint failed: channels.id, channels.name", "name", "unique"},
        {EC_EXISTS, "Duplicate entry 'web' for key 'channels.code'", "code", "unique"},
        {EC_EXISTS, "Duplicate entry 'web' for key 'code'", "code", "unique"},
        {EC_EXISTS, "UNIQUE constraint failed: channels.no_such", NULL, NULL},
        {EC_EXISTS, "something else", NULL, NULL},
        {EC_INVALID, "NOT NULL constraint failed: channels.name", "name", "required"},
        {EC_INVALID, "CHECK constraint failed: is_active IN (0, 1)", "is_active", "check"},
        {EC_INVALID, "CHECK constraint failed: 1 = 2", "channel", "check"},
        {EC_INVALID, "FOREIGN KEY constraint failed", "channel", "reference"},
        {EC_IN_USE, "FOREIGN KEY constraint failed", NULL, NULL},
        {EC_IO, "disk I/O error", NULL, NULL},
        {EC_IO, "", NULL, NULL},
    };
    bool outer;
    assert_int_equal(ec_enter_fresh(session, &outer), EC_OK);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ec_storage_error error = {.status = cases[i].status};
        snprintf(error.message, sizeof error.message, "%s", cases[i].message);
        assert_int_equal(ec_fail_statement(session, &ec_channel_entity, cases[i].status, &error),
                         cases[i].status);
        const ec_error *told = ec_session_error(session);
        assert_int_equal(told->status, cases[i].status);
        assert_true(told->message[0] != '\0');
        assert_true((told->field == NULL) == (cases[i].field == NULL));
        if (told->field) {
            assert_string_equal(told->field, cases[i].field);
            assert_string_equal(told->rule, cases[i].rule);
        }
    }
    ec_leave(session, outer);
}

/* ---- JSON ---- */

static void json__goes_out_and_in(void **state)
{
    (void)state;
    ec_channel *channel = NULL;
    ec_user *user = NULL;
    ec_mask fields = 0;
    char *json = NULL;
    assert_ok(session, ec_channel_by_code(session, "default", &channel));
    assert_ok(session, ec_to_json(session, "channel", channel, &json));
    assert_non_null(strstr(json, "\"stock_strategy\":\"priority\""));
    ec_free(json);
    ec_free(channel);
    static const char text[] = "{\"name\":\"Ana\",\"email\":\"ana@example.cl\"}";
    assert_ok(session, ec_from_json(session, "user", text, strlen(text), (void **)&user, &fields));
    assert_string_equal(user->name, "Ana");
    assert_int_equal(fields, ec_mask_of("user", "name,email"));
    ec_free(user);
    assert_ok(session, ec_from_json(session, "user", text, strlen(text), (void **)&user, NULL));
    ec_free(user);
}

static void json__names_all_that_is_wrong(void **state)
{
    (void)state;
    ec_user *user = NULL;
    static const char text[] = "{\"nome\":1,\"email\":\"x\",\"role\":\"king\",\"version\":3}";
    assert_status(session, ec_from_json(session, "user", text, strlen(text), (void **)&user, NULL),
                  EC_INVALID);
    assert_field_error(session, "nome", "unknown");
    assert_field_error(session, "email", "min_length");
    assert_field_error(session, "role", "enum");
    assert_field_error(session, "version", "readonly");
    assert_field_error(session, "name", "required");
    assert_null(user);
    ec_mask fields = 0;
    static const char partly[] = "{\"email\":\"x\"}";
    assert_status(session,
                  ec_from_json(session, "user", partly, strlen(partly), (void **)&user, &fields),
                  EC_INVALID);
    assert_int_equal(ec_session_error(session)->count, 1);
}

static void json__doubts_the_text(void **state)
{
    (void)state;
    void *object = NULL;
    char *json = NULL;
    char deep[400];
    memset(deep, '[', sizeof deep);
    static const char *const wrongs[] = {
        "", "{", "[]", "null", "{\"name\":\"a\",\"name\":\"b\"}", "{\"name\":\"\xff\"}", "{}x"};
    for (size_t i = 0; i < sizeof wrongs / sizeof wrongs[0]; i++) {
        assert_status(session,
                      ec_from_json(session, "user", wrongs[i], strlen(wrongs[i]), &object, NULL),
                      EC_INVALID);
    }
    assert_status(session, ec_from_json(session, "user", deep, sizeof deep, &object, NULL),
                  EC_LIMIT);
    assert_status(session, ec_from_json(session, "user", deep, (size_t)1 << 40, &object, NULL),
                  EC_LIMIT);
    assert_status(session, ec_from_json(session, "nobody", "{}", 2, &object, NULL), EC_NOT_FOUND);
    assert_status(session, ec_from_json(session, NULL, "{}", 2, &object, NULL), EC_NOT_FOUND);
    assert_status(session, ec_from_json(session, "user", NULL, 2, &object, NULL), EC_MISUSE);
    assert_status(session, ec_from_json(session, "user", "{}", 2, NULL, NULL), EC_MISUSE);
    assert_status(session, ec_to_json(session, "user", NULL, &json), EC_MISUSE);
    assert_status(session, ec_to_json(session, "nobody", &object, &json), EC_NOT_FOUND);
    assert_status(session, ec_to_json(session, "user", &object, NULL), EC_MISUSE);
}

int main(void)
{
#define CASE(test) cmocka_unit_test_setup_teardown(test, begin, end)
    const struct CMUnitTest tests[] = {
        CASE(error__is_ok_at_first),
        CASE(error__names_every_field_in_order),
        CASE(error__long_messages_are_whole),
        CASE(error__may_be_made_of_the_one_before),
        CASE(error__a_failing_memory_has_a_constant_message),
        CASE(error__reads_the_messages_of_databases),
        CASE(json__goes_out_and_in),
        CASE(json__names_all_that_is_wrong),
        CASE(json__doubts_the_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
