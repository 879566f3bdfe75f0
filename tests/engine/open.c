/* SPDX-License-Identifier: MIT */
/*
 * open.c - opening, seeding and closing a shop.
 */
#include "harness/harness.h"

static ec_status try_open(const char *uri, ec_options options, char message[256])
{
    ec_engine *engine = NULL;
    message[0] = '\0';
    options.version = EC_OPTIONS_VERSION;
    options.platform = world_platform();
    options.message = message;
    options.message_size = 256;
    ec_status status = ec_open(uri, &options, &engine);
    assert_true(status == EC_OK || engine == NULL);
    ec_close(engine);
    return status;
}

static void open__gives_a_shop_with_a_channel_and_a_warehouse(void **state)
{
    (void)state;
    ec_engine *engine = shop_open();
    ec_session *session = session_system(engine);
    ec_setting *setting = NULL;
    assert_ok(session, ec_setting_get(session, "shop.currency", &setting));
    assert_string_equal(setting->value, "CLP");
    ec_free(setting);
    assert_int_equal(shop_sql_int(engine, "SELECT COUNT(*) FROM channels WHERE code = 'default' AND"
                                          " currency = 'CLP' AND locale = 'es-CL' AND is_default"),
                     1);
    assert_int_equal(shop_sql_int(engine, "SELECT COUNT(*) FROM channel_warehouses"), 1);
    assert_int_equal(shop_sql_int(engine, "SELECT next_number FROM number_series"), 1001);
    ec_session_close(session);
    shop_close(engine);
}

static void open__takes_the_currency_of_the_options(void **state)
{
    (void)state;
    ec_engine *engine = shop_open_with("sqlite::memory:", (ec_options){.currency = "KWD"});
    assert_int_equal(shop_sql_int(engine, "SELECT COUNT(*) FROM channels WHERE currency = 'KWD' AND"
                                          " locale = 'en' AND country IS NULL"),
                     1);
    shop_close(engine);
}

static void open__refuses_bad_uris_with_a_message(void **state)
{
    (void)state;
    char message[256];
    assert_int_equal(try_open("", (ec_options){0}, message), EC_INVALID);
    assert_true(message[0] != '\0');
    assert_int_equal(try_open("shop.db", (ec_options){0}, message), EC_INVALID);
    assert_int_equal(try_open(":memory:", (ec_options){0}, message), EC_INVALID);
    assert_int_equal(try_open("oracle:shop", (ec_options){0}, message), EC_UNSUPPORTED);
    assert_true(message[0] != '\0');
    assert_int_equal(try_open("sqlit:x", (ec_options){0}, message), EC_UNSUPPORTED);
    assert_int_equal(try_open("sqlite:", (ec_options){0}, message), EC_INVALID);
    assert_int_equal(try_open(NULL, (ec_options){0}, message), EC_INVALID);
}

static void open__refuses_bad_options(void **state)
{
    (void)state;
    char message[256];
    ec_engine *engine = NULL;
    ec_options options = EC_OPTIONS_INIT;
    options.version = 99;
    assert_int_equal(ec_open("sqlite::memory:", &options, &engine), EC_MISUSE);
    assert_int_equal(ec_open("sqlite::memory:", NULL, NULL), EC_MISUSE);
    assert_int_equal(try_open("sqlite::memory:", (ec_options){.currency = "ZZZ"}, message),
                     EC_INVALID);
    assert_int_equal(try_open("sqlite::memory:", (ec_options){.currency = "clp"}, message),
                     EC_INVALID);
    assert_int_equal(try_open("sqlite::memory:", (ec_options){.cart_ttl_ms = -1}, message),
                     EC_INVALID);
}

static void open__finds_a_shop_again(void **state)
{
    (void)state;
    const char *path = temp_path("again.db");
    ec_engine *engine = shop_open_file(path);
    shop_sql(engine, "UPDATE channels SET name = 'Mine'");
    shop_close(engine);
    engine = shop_open_file(path);
    assert_int_equal(shop_sql_int(engine, "SELECT COUNT(*) FROM channels WHERE name = 'Mine'"), 1);
    assert_int_equal(shop_sql_int(engine, "SELECT COUNT(*) FROM channels"), 1);
    shop_close(engine);
}

static void open__must_exist_refuses_a_missing_shop(void **state)
{
    (void)state;
    char message[256];
    char uri[2048];
    snprintf(uri, sizeof uri, "sqlite:%s", temp_path("missing.db"));
    assert_int_equal(try_open(uri, (ec_options){.must_exist = true}, message), EC_NOT_FOUND);
}

static void open__read_only_refuses_writes_and_new_shops(void **state)
{
    (void)state;
    char message[256];
    char uri[2048];
    snprintf(uri, sizeof uri, "sqlite:%s", temp_path("read_only.db"));
    assert_int_not_equal(try_open(uri, (ec_options){.read_only = true}, message), EC_OK);
    shop_close(shop_open_with(uri, (ec_options){0}));
    ec_engine *engine = shop_open_with(uri, (ec_options){.read_only = true});
    ec_session *session = session_system(engine);
    ec_setting_list *settings = NULL;
    assert_ok(session, ec_setting_find(session, &settings));
    ec_free(settings);
    assert_status(session, ec_setting_set(session, "x", "1"), EC_DENIED);
    ec_session_close(session);
    shop_close(engine);
}

static void close__is_busy_while_a_session_is_open(void **state)
{
    (void)state;
    ec_engine *engine = shop_open();
    ec_session *session = session_system(engine);
    assert_int_equal(ec_close(engine), EC_BUSY);
    ec_session_close(session);
    assert_int_equal(ec_close(engine), EC_OK);
    assert_int_equal(ec_close(NULL), EC_OK);
}

static void ping_and_counters__answer(void **state)
{
    (void)state;
    ec_engine *engine = shop_open();
    ec_counters counters;
    assert_int_equal(ec_ping(engine), EC_OK);
    assert_int_equal(ec_engine_counters(engine, &counters), EC_OK);
    assert_true(counters.statements > 0 && counters.commits > 0);
    assert_int_equal(ec_ping(NULL), EC_MISUSE);
    assert_int_equal(ec_engine_counters(NULL, &counters), EC_MISUSE);
    assert_int_equal(ec_engine_counters(engine, NULL), EC_MISUSE);
    shop_close(engine);
}

static void open__gives_all_memory_back(void **state)
{
    (void)state;
    int64_t before = world_blocks();
    ec_engine *engine = shop_open();
    ec_session *session = session_system(engine);
    ec_session_close(session);
    shop_close(engine);
    assert_int_equal(world_blocks(), before);
}

static void open__survives_every_failing_allocation(void **state)
{
    (void)state;
    char message[256];
    for (int64_t n = 1;; n++) {
        int64_t before = world_blocks();
        world_fail(n, n % 2 == 0);
        ec_status status = try_open("sqlite::memory:", (ec_options){0}, message);
        bool failed = world_failed();
        world_fail(0, false);
        assert_int_equal(world_blocks(), before);
        if (!failed) {
            assert_int_equal(status, EC_OK);
            break;
        }
        assert_true(status == EC_NO_MEMORY || status == EC_OK);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(open__gives_a_shop_with_a_channel_and_a_warehouse),
        cmocka_unit_test(open__takes_the_currency_of_the_options),
        cmocka_unit_test(open__refuses_bad_uris_with_a_message),
        cmocka_unit_test(open__refuses_bad_options),
        cmocka_unit_test(open__finds_a_shop_again),
        cmocka_unit_test(open__must_exist_refuses_a_missing_shop),
        cmocka_unit_test(open__read_only_refuses_writes_and_new_shops),
        cmocka_unit_test(close__is_busy_while_a_session_is_open),
        cmocka_unit_test(ping_and_counters__answer),
        cmocka_unit_test(open__gives_all_memory_back),
        cmocka_unit_test(open__survives_every_failing_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
