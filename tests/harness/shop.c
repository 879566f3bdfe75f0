/* SPDX-License-Identifier: MIT */
/*
 * shop.c - shops, sessions and expectations for tests.
 */
#include "engine/state.h"
#include "harness/harness.h"
#include "harness/record.h"

ec_engine *shop_open_with(const char *uri, ec_options options)
{
    char message[256] = "";
    ec_engine *engine = NULL;
    options.version = EC_OPTIONS_VERSION;
    options.platform = options.platform ? options.platform : world_platform();
    options.message = message;
    options.message_size = sizeof message;
    ec_status status = ec_open(uri, &options, &engine);
    if (status != EC_OK) {
        fail_msg("ec_open(%s): %s: %s", uri, ec_status_name(status), message);
    }
    record_attach(engine);
    return engine;
}

ec_engine *shop_open(void)
{
    return shop_open_with("sqlite::memory:", (ec_options){0});
}

ec_engine *shop_open_file(const char *path)
{
    char uri[2048];
    snprintf(uri, sizeof uri, "sqlite:%s", path);
    return shop_open_with(uri, (ec_options){0});
}

void shop_close(ec_engine *engine)
{
    ec_status status = ec_close(engine);
    if (status != EC_OK) {
        fail_msg("ec_close: %s", ec_status_name(status));
    }
}

static ec_status run_script(ec_conn *conn, void *ctx)
{
    ec_storage_error error = {0};
    ec_status status = conn->ops->script(conn, ctx, &error);
    return status;
}

ec_status shop_sql_try(ec_engine *engine, const char *sql)
{
    ec_storage_error error = {0};
    return engine->storage->ops->transact(engine->storage, run_script, (void *)(uintptr_t)sql,
                                          &error);
}

void shop_sql(ec_engine *engine, const char *sql)
{
    ec_status status = shop_sql_try(engine, sql);
    if (status != EC_OK) {
        fail_msg("%s: %s", ec_status_name(status), sql);
    }
}

int64_t shop_sql_int(ec_engine *engine, const char *sql)
{
    const ec_storage_ops *ops = engine->storage->ops;
    ec_storage_error error = {0};
    ec_conn *conn = NULL;
    ec_stmt *stmt = NULL;
    int64_t value = 0;
    ec_status status = ops->read_begin(engine->storage, &conn, &error);
    if (status == EC_OK) {
        status = ops->start(conn, sql, NULL, 0, &stmt, &error);
        status = status == EC_OK ? ops->step(stmt, &error) : status;
        value = status == EC_OK ? ops->column_int(stmt, 0) : 0;
        ops->finish(stmt);
        ops->read_end(engine->storage, conn);
    }
    if (status != EC_OK) {
        fail_msg("%s: %s: %s", ec_status_name(status), error.message, sql);
    }
    return value;
}

static ec_session *session_as(ec_engine *engine, ec_actor actor, ec_id user_id)
{
    ec_session *session = NULL;
    ec_session_options options = {
        .version = EC_SESSION_OPTIONS_VERSION, .actor = actor, .user_id = user_id};
    ec_status status = ec_session_open(engine, &options, &session);
    if (status != EC_OK) {
        fail_msg("ec_session_open: %s", ec_status_name(status));
    }
    return session;
}

ec_session *session_system(ec_engine *engine)
{
    return session_as(engine, EC_ACTOR_SYSTEM, 0);
}

ec_session *session_staff(ec_engine *engine)
{
    return session_as(engine, EC_ACTOR_STAFF, 0);
}

ec_session *session_guest(ec_engine *engine)
{
    return session_as(engine, EC_ACTOR_GUEST, 0);
}

ec_session *session_customer(ec_engine *engine, ec_id user_id)
{
    return session_as(engine, EC_ACTOR_CUSTOMER, user_id);
}

ec_id shop_customer(ec_engine *engine, const char *email)
{
    ec_session *session = session_system(engine);
    ec_user user = {.email = email, .name = "Ana", .is_active = true};
    ec_user *made = NULL;
    assert_ok(session, ec_user_create(session, &user, &made));
    ec_id id = made->id;
    ec_free(made);
    ec_session_close(session);
    return id;
}

/* ---- expectations ---- */

static void show_error(const ec_error *error)
{
    print_error("  %s: %s\n", ec_status_name(error->status), error->message);
    for (size_t i = 0; i < error->count; i++) {
        print_error("  field \"%s\", rule \"%s\": %s\n", error->items[i].field,
                    error->items[i].rule, error->items[i].message);
    }
}

void harness_status(ec_session *session, ec_status status, ec_status wanted, const char *call,
                    const char *file, int line)
{
    const ec_error *error = ec_session_error(session);
    if (status == wanted && (error->status == wanted || wanted == EC_DONE)) {
        return;
    }
    print_error("%s returned %s, not %s\n", call, ec_status_name(status), ec_status_name(wanted));
    show_error(error);
    _fail(file, line);
}

void harness_field_error(ec_session *session, const char *field, const char *rule, const char *file,
                         int line)
{
    const ec_error *error = ec_session_error(session);
    for (size_t i = 0; i < error->count; i++) {
        if (strcmp(error->items[i].field, field) == 0 && strcmp(error->items[i].rule, rule) == 0) {
            return;
        }
    }
    print_error("there is no error of field \"%s\" and rule \"%s\"\n", field, rule);
    show_error(error);
    _fail(file, line);
}
