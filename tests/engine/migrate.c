/* SPDX-License-Identifier: MIT */
/*
 * migrate.c - the schema up and down, by one and by many, and what is refused.
 */
#include <sys/wait.h>
#include <unistd.h>

#include "engine/state.h"
#include "harness/harness.h"
#include "harness/sale.h"

/* What the library has; the sales came with the fourth. */
#define NEWEST newest()
#define BEFORE_SALES 3

static int64_t newest(void)
{
    int64_t count = 0;
    while (ec_migrations[count]) {
        count++;
    }
    return count;
}

static ec_status try_open(const char *path, bool no_migrate, char message[256])
{
    char uri[2048];
    ec_engine *engine = NULL;
    snprintf(uri, sizeof uri, "sqlite:%s", path);
    ec_options options = EC_OPTIONS_INIT;
    options.no_migrate = no_migrate;
    options.platform = world_platform();
    options.message = message;
    options.message_size = 256;
    message[0] = '\0';
    ec_status status = ec_open(uri, &options, &engine);
    ec_close(engine);
    return status;
}

/* A digest of all that the schema is made of. */
static char *schema_of(ec_engine *engine)
{
    const ec_storage_ops *ops = engine->storage->ops;
    ec_storage_error error;
    ec_conn *conn;
    ec_stmt *stmt;
    size_t length = 0;
    char *all = calloc(1, 1);
    assert_int_equal(ops->read_begin(engine->storage, &conn, &error), EC_OK);
    assert_int_equal(ops->start(conn,
                                "SELECT type || ' ' || name || ' ' || coalesce(sql, '')"
                                " FROM sqlite_schema ORDER BY type, name",
                                NULL, 0, &stmt, &error),
                     EC_OK);
    while (ops->step(stmt, &error) == EC_OK) {
        size_t size;
        const char *text = ops->column_text(stmt, 0, &size);
        all = realloc(all, length + size + 2);
        assert_non_null(all);
        memcpy(all + length, text, size);
        length += size;
        all[length++] = '\n';
        all[length] = '\0';
    }
    ops->finish(stmt);
    ops->read_end(engine->storage, conn);
    return all;
}

static void migrate__up_down_up_leaves_the_same_schema(void **state)
{
    (void)state;
    ec_engine *engine = shop_open();
    ec_session *session = session_system(engine);
    char *first = schema_of(engine);
    assert_ok(session, ec_migrate(session, 0));
    assert_int_equal(shop_sql_int(engine, "SELECT COUNT(*) FROM sqlite_schema"
                                          " WHERE name NOT LIKE 'sqlite_%'"),
                     0);
    assert_ok(session, ec_migrate(session, EC_MIGRATE_LATEST));
    char *second = schema_of(engine);
    assert_string_equal(first, second);
    /* there is a shop again, and this session works in it */
    ec_channel *channel = NULL;
    assert_ok(session, ec_channel_by_code(session, "default", &channel));
    assert_int_equal(ec_session_channel(session), channel->id);
    ec_free(channel);
    free(first);
    free(second);
    ec_session_close(session);
    shop_close(engine);
}

/* A part of an order, by a gift card. */
static void pay_with_card(ec_session *session, ec_id order_id)
{
    ec_credit_list *cards = NULL;
    ec_order *order = NULL;
    ec_gift_card_request request = {.amount = 500};
    assert_ok(session, ec_gift_card_issue(session, &request, &cards));
    ec_credit_tender tender = {.code = cards->items[0].code};
    assert_ok(session, ec_order_pay_credit(session, order_id, &tender, "card", &order));
    ec_free(order);
    ec_free(cards);
}

static void migrate__down_and_up_leaves_books_that_are_right(void **state)
{
    (void)state;
    ec_engine *engine = shop_open();
    ec_session *session = session_system(engine);
    ec_id mug = sale_variant(engine, "MUG", 1000, 10);
    const sale_line lines[] = {{mug, 3}, {0, 0}};
    ec_order *waiting = sale_order(session, "waits", lines);
    ec_order *paid = sale_paid_order(session, "paid", lines);
    ec_order *shipped = NULL;
    assert_ok(session, ec_order_ship(session, paid->id, NULL, &shipped));
    ec_free(shipped);
    ec_free(paid);
    pay_with_card(session, waiting->id);
    ec_free(waiting);
    sale_verified(engine);
    assert_int_equal(sale_committed(engine, mug), 3);
    for (int64_t version = NEWEST - 1; version >= 0; version--) {
        assert_ok(session, ec_migrate(session, version));
        if (version == BEFORE_SALES) { /* goods are there yet, and nobody waits for them */
            assert_int_equal(sale_committed(engine, mug), 0);
            assert_int_equal(sale_on_hand(engine, mug), 7);
        }
        assert_ok(session, ec_migrate(session, EC_MIGRATE_LATEST));
        sale_verified(engine);
    }
    ec_session_close(session);
    shop_close(engine);
}

/* An order with a note, kept under an idempotency key; how many events tell of it. */
static int64_t noted_order(ec_session *session, ec_id variant)
{
    const sale_line lines[] = {{variant, 1}, {0, 0}};
    ec_event_list *events = NULL;
    ec_order *order = sale_order(session, "again", lines);
    assert_int_equal(order->id, 1);
    assert_ok(session, ec_session_idempotency(session, "note"));
    assert_ok(session, ec_order_note(session, order->id, "a gift"));
    assert_ok(session, ec_session_idempotency(session, NULL));
    ec_event_filter filter = {.aggregate = "order", .aggregate_id = order->id};
    assert_ok(session, ec_event_find(session, &filter, NULL, &events));
    int64_t count = (int64_t)events->items_count;
    ec_free(events);
    ec_free(order);
    return count;
}

static void migrate__down_leaves_no_history_of_what_is_gone(void **state)
{
    (void)state;
    ec_engine *engine = shop_open();
    ec_session *session = session_system(engine);
    int64_t told = noted_order(session, sale_variant(engine, "MUG", 1000, 10));
    assert_ok(session, ec_migrate(session, BEFORE_SALES));
    assert_ok(session, ec_migrate(session, EC_MIGRATE_LATEST));
    static const char sales[] = "SELECT COUNT(*) FROM events WHERE aggregate IN ('cart', 'order',"
                                " 'payment', 'reservation')";
    assert_int_equal(shop_sql_int(engine, sales), 0);
    assert_int_equal(shop_sql_int(engine, "SELECT COUNT(*) FROM idempotency_keys"), 0);
    assert_int_equal(noted_order(session, sale_variant(engine, "CUP", 1000, 10)), told);
    assert_ok(session, ec_migrate(session, 1));
    assert_int_equal(shop_sql_int(engine, "SELECT COUNT(*) FROM events WHERE aggregate NOT IN"
                                          " ('channel', 'price_list', 'setting', 'user')"),
                     0);
    /* of the shop itself it is told still */
    assert_int_equal(
        shop_sql_int(engine, "SELECT COUNT(*) FROM events WHERE type = 'shop.created'"), 1);
    ec_session_close(session);
    shop_close(engine);
}

static void migrate__speaks_the_dialect_of_the_storage(void **state)
{
    (void)state;
    ec_engine *engine = shop_open_with("sqlite::memory:", (ec_options){.no_migrate = true});
    ec_session *session = session_system(engine);
    ec_dialect other = *engine->dialect;
    other.text_format = "VARCHAR(%d)";
    other.integer = "BIGINT";
    other.table_tail = "";
    engine->dialect = &other;
    assert_ok(session, ec_migrate(session, 1));
    assert_int_equal(shop_sql_int(engine, "SELECT COUNT(*) FROM pragma_table_info('channels')"
                                          " WHERE (name = 'code' AND type = 'VARCHAR(64)')"
                                          " OR (name = 'version' AND type = 'BIGINT')"),
                     2);
    ec_session_close(session);
    shop_close(engine);
}

static void migrate__goes_step_by_step_and_tells(void **state)
{
    (void)state;
    ec_engine *engine = shop_open_with("sqlite::memory:", (ec_options){.no_migrate = true});
    ec_session *session = session_system(engine);
    ec_migration_status_list *list = NULL;
    for (int64_t target = 0; target <= NEWEST; target++) {
        world_advance(1000);
        assert_ok(session, ec_migrate(session, target));
        assert_ok(session, ec_migration_find(session, &list));
        assert_int_equal(list->items_count, NEWEST);
        for (int64_t i = 0; i < NEWEST; i++) {
            assert_int_equal(list->items[i].version, i + 1);
            assert_int_equal(list->items[i].state,
                             i < target ? EC_MIGRATION_APPLIED : EC_MIGRATION_PENDING);
            assert_int_equal(list->items[i].applied_at != 0, i < target);
        }
        assert_string_equal(list->items[0].name, "shop");
        ec_free(list);
    }
    assert_status(session, ec_migrate(session, NEWEST + 1), EC_INVALID);
    assert_field_error(session, "target", "range");
    assert_status(session, ec_migrate(session, -2), EC_INVALID);
    ec_session_close(session);
    shop_close(engine);
}

static void migrate__calls_wait_until_the_schema_fits(void **state)
{
    (void)state;
    ec_engine *engine = shop_open_with("sqlite::memory:", (ec_options){.no_migrate = true});
    ec_session *session = session_system(engine);
    ec_setting_list *settings = NULL;
    assert_status(session, ec_setting_find(session, &settings), EC_SCHEMA);
    assert_ok(session, ec_migrate(session, 1));
    assert_status(session, ec_setting_find(session, &settings), EC_SCHEMA);
    assert_ok(session, ec_migrate(session, EC_MIGRATE_LATEST));
    assert_ok(session, ec_setting_find(session, &settings));
    ec_free(settings);
    assert_ok(session, ec_migrate(session, 1));
    assert_status(session, ec_setting_find(session, &settings), EC_SCHEMA);
    ec_session_close(session);
    shop_close(engine);
}

static ec_status migrates(ec_session *session, void *ctx)
{
    (void)ctx;
    return ec_migrate(session, 0);
}

static void migrate__is_for_the_system_outside_of_transactions(void **state)
{
    (void)state;
    ec_engine *engine = shop_open();
    ec_session *session = session_system(engine);
    ec_session *staff = session_staff(engine);
    ec_migration_status_list *list = NULL;
    assert_status(session, ec_transact(session, migrates, NULL), EC_MISUSE);
    assert_status(staff, ec_migrate(staff, 0), EC_DENIED);
    assert_status(staff, ec_migration_find(staff, &list), EC_DENIED);
    ec_session_close(staff);
    ec_session_close(session);
    shop_close(engine);
}

static void open__refuses_a_changed_migration(void **state)
{
    (void)state;
    char message[256];
    const char *path = temp_path("changed.db");
    ec_engine *engine = shop_open_file(path);
    shop_sql(engine, "UPDATE schema_migrations SET checksum = 'x' WHERE version = 2");
    shop_close(engine);
    assert_int_equal(try_open(path, false, message), EC_SCHEMA);
    assert_non_null(strstr(message, "catalog"));
    assert_int_equal(try_open(path, true, message), EC_OK);
    char uri[2048];
    snprintf(uri, sizeof uri, "sqlite:%s", temp_path("changed.db"));
    engine = shop_open_with(uri, (ec_options){.no_migrate = true});
    ec_session *session = session_system(engine);
    ec_migration_status_list *list = NULL;
    assert_ok(session, ec_migration_find(session, &list));
    assert_int_equal(list->items[1].state, EC_MIGRATION_CHANGED);
    ec_free(list);
    assert_status(session, ec_migrate(session, 0), EC_SCHEMA);
    ec_session_close(session);
    shop_close(engine);
}

static void open__refuses_the_shop_of_a_newer_library(void **state)
{
    (void)state;
    char message[256];
    const char *path = temp_path("newer.db");
    ec_engine *engine = shop_open_file(path);
    shop_sql(engine, "INSERT INTO schema_migrations SELECT MAX(version) + 1, 'future', 'x', 1"
                     " FROM schema_migrations");
    shop_close(engine);
    assert_int_equal(try_open(path, false, message), EC_SCHEMA);
    assert_non_null(strstr(message, "future"));
}

static void open__refuses_a_gap(void **state)
{
    (void)state;
    char message[256];
    const char *path = temp_path("gap.db");
    ec_engine *engine = shop_open_file(path);
    shop_sql(engine, "DELETE FROM schema_migrations WHERE version = 2");
    shop_close(engine);
    assert_int_equal(try_open(path, false, message), EC_SCHEMA);
}

static void open__upgrades_an_older_shop(void **state)
{
    (void)state;
    char uri[2048];
    snprintf(uri, sizeof uri, "sqlite:%s", temp_path("older.db"));
    ec_engine *engine = shop_open_with(uri, (ec_options){.no_migrate = true});
    ec_session *session = session_system(engine);
    assert_ok(session, ec_migrate(session, 2));
    ec_session_close(session);
    shop_close(engine);
    ec_engine *refused = NULL;
    ec_options options = {.version = EC_OPTIONS_VERSION, .read_only = true};
    assert_int_equal(ec_open(uri, &options, &refused), EC_SCHEMA);
    engine = shop_open_with(uri, (ec_options){0});
    assert_int_equal(shop_sql_int(engine, "SELECT COUNT(*) FROM schema_migrations"), NEWEST);
    shop_close(engine);
}

static void open__a_failing_migration_leaves_nothing_behind(void **state)
{
    (void)state;
    char message[256];
    const char *path = temp_path("failing.db");
    char uri[2048];
    snprintf(uri, sizeof uri, "sqlite:%s", path);
    ec_engine *engine = shop_open_with(uri, (ec_options){.no_migrate = true});
    ec_session *session = session_system(engine);
    assert_ok(session, ec_migrate(session, 1));
    ec_session_close(session);
    shop_sql(engine, "CREATE TABLE reviews (id INTEGER)"); /* in the way of the second */
    shop_close(engine);
    assert_int_equal(try_open(uri + strlen("sqlite:"), false, message), EC_SCHEMA);
    engine = shop_open_with(uri, (ec_options){.no_migrate = true});
    assert_int_equal(shop_sql_int(engine, "SELECT MAX(version) FROM schema_migrations"), 1);
    assert_int_equal(shop_sql_int(engine, "SELECT COUNT(*) FROM sqlite_schema WHERE name ="
                                          " 'products'"),
                     0);
    shop_close(engine);
}

#define PROCESSES 6

static void open__many_processes_at_once_make_one_shop(void **state)
{
    (void)state;
    char uri[2048];
    int start[2];
    pid_t children[PROCESSES];
    snprintf(uri, sizeof uri, "sqlite:%s", temp_path("processes.db"));
    assert_int_equal(pipe(start), 0);
    for (int i = 0; i < PROCESSES; i++) {
        children[i] = fork();
        if (children[i] == 0) {
            char byte;
            ec_engine *engine = NULL;
            (void)close(start[1]);
            ssize_t got = read(start[0], &byte, 1); /* until the parent closes its end */
            ec_status status = got == 0 ? ec_open(uri, NULL, &engine) : EC_IO;
            ec_close(engine);
            _exit(status == EC_OK ? 0 : 1);
        }
    }
    (void)close(start[0]);
    (void)close(start[1]);
    for (int i = 0; i < PROCESSES; i++) {
        int result = -1;
        assert_int_equal(waitpid(children[i], &result, 0), children[i]);
        assert_int_equal(result, 0);
    }
    ec_engine *engine = shop_open_with(uri, (ec_options){0});
    assert_int_equal(shop_sql_int(engine, "SELECT COUNT(*) FROM schema_migrations"), NEWEST);
    assert_int_equal(shop_sql_int(engine, "SELECT COUNT(*) FROM channels"), 1);
    assert_int_equal(shop_sql_int(engine, "SELECT COUNT(*) FROM warehouses"), 1);
    shop_close(engine);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(open__many_processes_at_once_make_one_shop),
        cmocka_unit_test(migrate__up_down_up_leaves_the_same_schema),
        cmocka_unit_test(migrate__down_and_up_leaves_books_that_are_right),
        cmocka_unit_test(migrate__down_leaves_no_history_of_what_is_gone),
        cmocka_unit_test(migrate__speaks_the_dialect_of_the_storage),
        cmocka_unit_test(migrate__goes_step_by_step_and_tells),
        cmocka_unit_test(migrate__calls_wait_until_the_schema_fits),
        cmocka_unit_test(migrate__is_for_the_system_outside_of_transactions),
        cmocka_unit_test(open__refuses_a_changed_migration),
        cmocka_unit_test(open__refuses_the_shop_of_a_newer_library),
        cmocka_unit_test(open__refuses_a_gap),
        cmocka_unit_test(open__upgrades_an_older_shop),
        cmocka_unit_test(open__a_failing_migration_leaves_nothing_behind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
