/* SPDX-License-Identifier: MIT */
/*
 * memory.c - every allocation of every kind of call fails once, and from then on for ever: there is
 * a status, nothing changed, nothing is lost.
 */
#include "harness/harness.h"

static ec_engine *engine;

/* A call, and what it gives; the session is fresh. */
typedef ec_status (*call_fn)(ec_session *session, void **block);

static ec_status create_channel(ec_session *session, void **block)
{
    ec_channel channel = {.code = "web",
                          .name = "Web",
                          .currency = "USD",
                          .locale = "en",
                          .is_default = true,
                          .is_active = true};
    return ec_channel_create(session, &channel, (ec_channel **)block);
}

static ec_status create_channel_once(ec_session *session, void **block)
{
    ec_status status = ec_session_idempotency(session, "key");
    return status == EC_OK ? create_channel(session, block) : status;
}

static ec_status replay(ec_session *session, void **block)
{
    ec_status status = ec_session_idempotency(session, "replay");
    if (status == EC_OK) {
        status = ec_setting_set(session, "own.a", "1");
    }
    *block = NULL;
    return status;
}

static ec_status update_channel(ec_session *session, void **block)
{
    ec_channel channel = {.name = "Other name"};
    return ec_channel_update(session, 1, &channel, ec_mask_of("channel", "name"),
                             (ec_channel **)block);
}

static ec_status find_channels(ec_session *session, void **block)
{
    ec_page page = {.limit = 1, .total = true};
    return ec_channel_find(session, &page, (ec_channel_list **)block);
}

static ec_status create_user(ec_session *session, void **block)
{
    ec_user user = {.email = "Eva@example.cl", .name = "Eva"};
    return ec_user_create(session, &user, (ec_user **)block);
}

static ec_status find_user(ec_session *session, void **block)
{
    return ec_user_by_email(session, "ANA@example.cl", (ec_user **)block);
}

static ec_status create_address(ec_session *session, void **block)
{
    ec_address address = {.name = "N", .street = "S", .city = "C", .country = "CL"};
    return ec_address_create(session, 1, &address, (ec_address **)block);
}

static ec_status find_settings(ec_session *session, void **block)
{
    return ec_setting_find(session, (ec_setting_list **)block);
}

static ec_status poll_events(ec_session *session, void **block)
{
    return ec_event_poll(session, "mail", 10, (ec_event_list **)block);
}

static ec_status find_migrations(ec_session *session, void **block)
{
    return ec_migration_find(session, (ec_migration_status_list **)block);
}

static ec_status read_json(ec_session *session, void **block)
{
    static const char text[] = "{\"name\":\"Ana\",\"email\":\"ana@example.cl\",\"phone\":\"1\"}";
    return ec_from_json(session, "user", text, strlen(text), block, NULL);
}

static ec_status write_json(ec_session *session, void **block)
{
    ec_user user = {.email = "ana@example.cl", .name = "Ana"};
    return ec_to_json(session, "user", &user, (char **)block);
}

static ec_status refused(ec_session *session, void **block)
{
    ec_user user = {.email = "no", .name = ""};
    ec_status status = ec_user_create(session, &user, (ec_user **)block);
    return status == EC_INVALID ? EC_OK : status;
}

static ec_status in_transaction(ec_session *session, void *ctx)
{
    void **block = ctx;
    void *other = NULL;
    ec_free(*block);
    *block = NULL;
    ec_status status = create_channel(session, block);
    if (status == EC_OK) {
        status = create_user(session, &other);
        ec_free(other);
    }
    if (status != EC_OK) {
        ec_free(*block);
        *block = NULL;
    }
    return status;
}

static ec_status transact(ec_session *session, void **block)
{
    return ec_transact(session, in_transaction, block);
}

static const struct {
    const char *name;
    call_fn call;
} calls[] = {
    {"create_channel", create_channel},
    {"create_channel_once", create_channel_once},
    {"replay", replay},
    {"update_channel", update_channel},
    {"find_channels", find_channels},
    {"create_user", create_user},
    {"find_user", find_user},
    {"create_address", create_address},
    {"find_settings", find_settings},
    {"poll_events", poll_events},
    {"find_migrations", find_migrations},
    {"read_json", read_json},
    {"write_json", write_json},
    {"refused", refused},
    {"transact", transact},
};

static ec_engine *fresh_shop(void)
{
    ec_engine *shop = shop_open();
    ec_session *session = session_system(shop);
    ec_user user = {.email = "ana@example.cl", .name = "Ana"};
    ec_user *made = NULL;
    assert_ok(session, ec_user_create(session, &user, &made));
    ec_free(made);
    assert_ok(session, ec_session_idempotency(session, "replay"));
    assert_ok(session, ec_setting_set(session, "own.a", "1"));
    ec_session_close(session);
    return shop;
}

static int64_t everything(ec_engine *shop)
{
    return shop_sql_int(shop, "SELECT (SELECT COUNT(*) FROM channels) * 1000000"
                              " + (SELECT COUNT(*) FROM events) * 10000"
                              " + (SELECT COUNT(*) FROM users) * 1000"
                              " + (SELECT COUNT(*) FROM addresses) * 100"
                              " + (SELECT COUNT(*) FROM idempotency_keys) * 10"
                              " + (SELECT SUM(version) FROM channels)");
}

/* false: the n-th allocation was not reached. */
static bool fail_at(size_t index, int64_t n, bool ever)
{
    int64_t outside = world_blocks();
    engine = fresh_shop();
    ec_session *session = session_system(engine);
    int64_t before = everything(engine);
    void *block = NULL;
    world_fail(n, ever);
    ec_status status = calls[index].call(session, &block);
    bool failed = world_failed();
    world_fail(0, false);
    if (status != EC_OK && status != EC_NO_MEMORY) {
        fail_msg("%s, allocation %d: %s", calls[index].name, (int)n, ec_status_name(status));
    }
    if (status != EC_OK) {
        assert_null(block);
        assert_int_equal(ec_session_error(session)->status, EC_NO_MEMORY);
        assert_int_equal(everything(engine), before);
        /* and the same call works when there is memory again */
        assert_int_equal(calls[index].call(session, &block), EC_OK);
    }
    ec_free(block);
    ec_session_close(session);
    shop_close(engine);
    assert_int_equal(world_blocks(), outside);
    return failed;
}

static void memory__every_allocation_may_fail(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++) {
        for (int64_t n = 1; fail_at(i, n, false); n++) {
        }
        for (int64_t n = 1; fail_at(i, n, true); n++) {
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(memory__every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
