/* SPDX-License-Identifier: MIT */
/*
 * migrate.c - the schema, step by step, each step recorded in its own transaction.
 *
 * The record (version, name, checksum) is looked up inside the step's transaction, so of several
 * processes that open a new shop at once one makes each step and the others find it made. It
 * refuses a shop whose steps are not this library's: changed ones, missing ones, or some from the
 * future.
 */
#include <ecommerce/migrate.h>

#include <string.h>

#include "base/hash.h"
#include "engine/sql.h"
#include "engine/state.h"
#include "model/model.h"

const ec_migration *const ec_migrations[] = {
    &ec_migration_0001_shop,  &ec_migration_0002_catalog,    &ec_migration_0003_stock,
    &ec_migration_0004_sales, &ec_migration_0005_credit,     &ec_migration_0006_prices,
    &ec_migration_0007_taxes, &ec_migration_0008_promotions, NULL,
};

static int64_t migrations_count(void)
{
    int64_t count = 0;
    while (ec_migrations[count]) {
        count++;
    }
    return count;
}

/* ---- what was made ---- */

/* Over the statements as they are written, so it is the same with every database. */
static ec_status checksum(ec_session *session, const ec_migration *migration,
                          char out[EC_SHA256_HEX])
{
    ec_buf buf;
    ec_buf_init(&buf, &session->engine->platform, 1u << 20);
    for (size_t i = 0; migration->up[i]; i++) {
        ec_buf_puts(&buf, migration->up[i]);
        ec_buf_puts(&buf, ";\n");
    }
    ec_status status = buf.status;
    ec_sha256_hex(ec_buf_text(&buf), buf.length, out);
    ec_buf_clear(&buf);
    return status == EC_OK ? EC_OK : ec_fail_memory(session);
}

/* How a recorded step stands beside the library's. */
static ec_status compare(ec_session *session, int64_t version, const char *stored,
                         ec_migration_state *state)
{
    char expected[EC_SHA256_HEX];
    *state = EC_MIGRATION_UNKNOWN;
    if (version < 1 || version > migrations_count()) {
        return EC_OK;
    }
    ec_status status = checksum(session, ec_migrations[version - 1], expected);
    bool same = status == EC_OK && stored && strcmp(stored, expected) == 0;
    *state = same ? EC_MIGRATION_APPLIED : EC_MIGRATION_CHANGED;
    return status;
}

static ec_status read_record(ec_session *session, ec_stmt *stmt, ec_migration_status *row)
{
    row->version = ec_col_int(stmt, 0);
    row->name = ec_col_text(session, stmt, 1);
    row->applied_at = ec_col_int(stmt, 3);
    return compare(session, row->version, ec_col_text(session, stmt, 2), &row->state);
}

/* The rows of what was made, then those of what is to be made. */
static ec_status list_run(ec_session *session, void *ctx, void **result)
{
    ec_stmt *stmt;
    int64_t known = migrations_count();
    int64_t records = 0;
    (void)ctx;
    ec_status status =
        ec_query_int(session, "SELECT COUNT(*) FROM schema_migrations", ec_no_args, &records);
    bool empty = status == EC_SCHEMA; /* there is no such table in an empty database */
    if (status != EC_OK && !empty) {
        return status;
    }
    ec_migration_status_list *list = ec_arena_alloc(&session->arena, sizeof *list);
    ec_migration_status *rows =
        ec_arena_array(&session->arena, (size_t)(records + known), sizeof *rows);
    if (!list || !rows) {
        return ec_fail_memory(session);
    }
    size_t count = 0;
    if (!empty) {
        status = ec_query(session,
                          "SELECT version, name, checksum, applied_at FROM schema_migrations"
                          " ORDER BY version",
                          ec_no_args, &stmt);
        while (status == EC_OK && (status = ec_row(session, stmt)) == EC_OK) {
            status = read_record(session, stmt, &rows[count]);
            count++;
        }
        if (status != EC_DONE) {
            return status;
        }
    }
    int64_t last = count > 0 ? rows[count - 1].version : 0;
    for (int64_t version = last + 1; version <= known; version++) {
        rows[count++] =
            (ec_migration_status){.version = version, .name = ec_migrations[version - 1]->name};
    }
    *list =
        (ec_migration_status_list){.items_count = count, .items = rows, .total = (int64_t)count};
    *result = list;
    ec_error_clear(session);
    return EC_OK;
}

/* The newest step that was made; EC_SCHEMA when the shop's steps are not the library's. */
static ec_status made_so_far(ec_session *session, int64_t *made)
{
    void *result = NULL;
    *made = 0;
    ec_status status = list_run(session, NULL, &result);
    const ec_migration_status_list *list = result;
    for (size_t i = 0; status == EC_OK && i < list->items_count; i++) {
        const ec_migration_status *row = &list->items[i];
        if (row->state == EC_MIGRATION_PENDING) {
            break;
        }
        if (row->state == EC_MIGRATION_CHANGED) {
            return ec_fail(session, EC_SCHEMA, "Migration %lld (%s) was made in another form.",
                           (long long)row->version, row->name);
        }
        if (row->state == EC_MIGRATION_UNKNOWN) {
            return ec_fail(session, EC_SCHEMA,
                           "The shop has migration %lld (%s) of a newer library.",
                           (long long)row->version, row->name);
        }
        if (row->version != *made + 1) {
            return ec_fail(session, EC_SCHEMA, "The shop lacks migration %lld.",
                           (long long)*made + 1);
        }
        *made = row->version;
    }
    return status;
}

ec_status ec_schema_check(ec_session *session, void *unused)
{
    int64_t made = 0;
    (void)unused;
    ec_status status = made_so_far(session, &made);
    if (status == EC_OK && made < migrations_count()) {
        status = ec_fail(session, EC_SCHEMA, "The shop's schema is %lld, the library's is %lld.",
                         (long long)made, (long long)migrations_count());
    }
    return status;
}

/* ---- statements in the database's own words ---- */

/* A printf form with one %d, without printf. */
static void put_number(ec_buf *buf, const char *format, int64_t number)
{
    const char *mark = strstr(format, "%d");
    if (!mark) {
        ec_buf_puts(buf, format);
        return;
    }
    ec_buf_put(buf, format, (size_t)(mark - format));
    ec_buf_put_int(buf, number);
    ec_buf_puts(buf, mark + 2);
}

static bool is_word(const char *token, size_t length, const char *word)
{
    return strlen(word) == length && memcmp(token, word, length) == 0;
}

/* What stands between braces. false: no such word. */
static bool put_token(ec_buf *buf, const ec_dialect *dialect, const char *token, size_t length)
{
    const struct {
        const char *word;
        const char *text;
    } words[] = {
        {"id", dialect->id_column},       {"int", dialect->integer}, {"bool", dialect->boolean},
        {"longtext", dialect->long_text}, {"blob", dialect->blob},   {"tail", dialect->table_tail},
    };
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (is_word(token, length, words[i].word)) {
            ec_buf_puts(buf, words[i].text);
            return true;
        }
    }
    if (length > 5 && memcmp(token, "text:", 5) == 0) {
        int64_t size = 0;
        for (size_t i = 5; i < length && i < 10; i++) {
            size = size * 10 + (token[i] - '0');
        }
        put_number(buf, dialect->text_format, size);
        return true;
    }
    if (length > 9 && memcmp(token, "partial: ", 9) == 0) {
        if (dialect->partial_index) {
            ec_buf_put(buf, token + 9, length - 9);
        }
        return true;
    }
    return false;
}

static ec_status expand(ec_session *session, const char *statement, ec_buf *buf)
{
    const char *at = statement;
    for (const char *open; (open = strchr(at, '{')) != NULL;) {
        const char *close = strchr(open, '}');
        ec_buf_put(buf, at, (size_t)(open - at));
        if (!close ||
            !put_token(buf, session->engine->dialect, open + 1, (size_t)(close - open - 1))) {
            return ec_fail(session, EC_SCHEMA, "A migration holds an unknown word: %.40s", open);
        }
        at = close + 1;
    }
    ec_buf_puts(buf, at);
    return buf->status == EC_OK ? EC_OK : ec_fail_memory(session);
}

static ec_status run_statement(ec_session *session, const char *statement)
{
    ec_storage_error error = {0};
    ec_buf buf;
    ec_buf_init(&buf, &session->engine->platform, 1u << 20);
    ec_status status = expand(session, statement, &buf);
    if (status == EC_OK) {
        status = session->conn->ops->script(session->conn, ec_buf_text(&buf), &error);
        status = status == EC_OK ? EC_OK : ec_fail_storage(session, status, &error);
    }
    ec_buf_clear(&buf);
    return status;
}

static ec_status run_statements(ec_session *session, const char *const *statements)
{
    ec_status status = EC_OK;
    for (size_t i = 0; status == EC_OK && statements[i]; i++) {
        status = run_statement(session, statements[i]);
    }
    return status;
}

/* ---- one step, in its transaction ---- */

static ec_status is_made(ec_session *session, const ec_migration *migration, bool *made)
{
    int64_t one = 0;
    ec_status status = ec_query_int(session, "SELECT 1 FROM schema_migrations WHERE version = ?",
                                    ec_args(ec_int(migration->version)), &one);
    *made = status == EC_OK;
    return status == EC_NOT_FOUND ? EC_OK : status;
}

static ec_status step_up(ec_session *session, void *ctx)
{
    static const char *const records[] = {
        "CREATE TABLE IF NOT EXISTS schema_migrations ("
        " version {int} NOT NULL PRIMARY KEY,"
        " name {text:64} NOT NULL,"
        " checksum {text:64} NOT NULL,"
        " applied_at {int} NOT NULL){tail}",
        NULL,
    };
    const ec_migration *migration = ctx;
    char digest[EC_SHA256_HEX];
    bool made = false;
    ec_status status = run_statements(session, records);
    if (status == EC_OK) {
        status = is_made(session, migration, &made);
    }
    if (status != EC_OK || made) {
        return status; /* another process was first */
    }
    status = run_statements(session, migration->up);
    if (status == EC_OK) {
        status = checksum(session, migration, digest);
    }
    if (status == EC_OK) {
        status = ec_exec(session,
                         "INSERT INTO schema_migrations (version, name, checksum, applied_at)"
                         " VALUES (?, ?, ?, ?)",
                         ec_args(ec_int(migration->version), ec_text(migration->name),
                                 ec_text(digest), ec_int(ec_now(session))),
                         NULL);
    }
    return status;
}

static ec_status step_down(ec_session *session, void *ctx)
{
    const ec_migration *migration = ctx;
    bool made = false;
    ec_status status = is_made(session, migration, &made);
    if (status != EC_OK || !made) {
        return status;
    }
    status = run_statements(session, migration->down);
    if (status == EC_OK) {
        status = ec_exec(session, "DELETE FROM schema_migrations WHERE version = ?",
                         ec_args(ec_int(migration->version)), NULL);
    }
    if (status == EC_OK && migration->version == 1) {
        status = run_statement(session, "DROP TABLE schema_migrations");
    }
    return status;
}

/* ---- all steps ---- */

static ec_status read_made(ec_session *session, void *ctx)
{
    return made_so_far(session, ctx);
}

static ec_status migrate_to(ec_session *session, int64_t target)
{
    int64_t made = 0;
    ec_status status = ec_with_read(session, read_made, &made);
    while (status == EC_OK && made < target) {
        status = ec_with_write(session, step_up, (void *)(uintptr_t)ec_migrations[made]);
        made++;
    }
    if (status == EC_OK && made > target) {
        atomic_store(&session->engine->schema, EC_SCHEMA);
    }
    while (status == EC_OK && made > target) {
        made--;
        status = ec_with_write(session, step_down, (void *)(uintptr_t)ec_migrations[made]);
    }
    return status;
}

ec_status ec_schema_upgrade(ec_session *session)
{
    return migrate_to(session, migrations_count());
}

/* ---- public ---- */

ec_status ec_migration_find(ec_session *session, ec_migration_status_list **out)
{
    static const ec_op op = {.name = "migration.find",
                             .permission = "shop.migrate",
                             .access = EC_ACCESS_SYSTEM,
                             .mode = EC_READ,
                             .result = &ec_migration_status_list_entity,
                             .run = list_run,
                             .any_schema = true};
    return ec_call(session, &op, NULL, (void **)out);
}

static ec_status migrate_inside(ec_session *session, int64_t target)
{
    if (session->conn) {
        return ec_fail(session, EC_MISUSE, "The schema cannot be changed inside a transaction.");
    }
    if (session->actor != EC_ACTOR_SYSTEM) {
        return ec_fail(session, EC_DENIED,
                       "Changing the schema needs the permission shop.migrate.");
    }
    if (target == EC_MIGRATE_LATEST) {
        target = migrations_count();
    }
    if (target < 0 || target > migrations_count()) {
        return ec_fail_field(session, EC_INVALID, "target", "range",
                             "The library knows the schemas 0 to %lld.",
                             (long long)migrations_count());
    }
    ec_status status = migrate_to(session, target);
    if (status == EC_OK && target == migrations_count()) {
        status = ec_shop_ready(session);
    }
    return status;
}

ec_status ec_migrate(ec_session *session, int64_t target)
{
    bool outer;
    ec_status status = ec_enter_fresh(session, &outer);
    if (status != EC_OK) {
        return status;
    }
    session->now = 0;
    status = ec_error_settle(session, migrate_inside(session, target));
    ec_leave(session, outer);
    return status;
}
