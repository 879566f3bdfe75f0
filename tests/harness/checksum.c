/* SPDX-License-Identifier: MIT */
/*
 * checksum.c - a number that says what is in a shop: every row of every table.
 */
#include "base/hash.h"
#include "engine/state.h"
#include "harness/harness.h"

typedef struct reader {
    const ec_storage_ops *ops;
    ec_conn *conn;
} reader;

static ec_stmt *start(const reader *r, const char *sql)
{
    ec_storage_error error = {0};
    ec_stmt *stmt = NULL;
    if (r->ops->start(r->conn, sql, NULL, 0, &stmt, &error) != EC_OK)
        fail_msg("%s: %s", error.message, sql);
    return stmt;
}

static bool next(const reader *r, ec_stmt *stmt)
{
    ec_storage_error error = {0};
    return r->ops->step(stmt, &error) == EC_OK;
}

static uint64_t fold(uint64_t sum, const void *bytes, size_t count)
{
    return (sum ^ ec_fnv1a(bytes, count)) * UINT64_C(0x9e3779b97f4a7c15) + (sum >> 29);
}

static uint64_t fold_row(const reader *r, ec_stmt *stmt, uint64_t sum)
{
    int columns = r->ops->column_count(stmt);
    for (int i = 0; i < columns; i++) {
        int64_t number = r->ops->column_type(stmt, i);
        size_t length = 0;
        sum = fold(sum, &number, sizeof number);
        const char *text = r->ops->column_text(stmt, i, &length);
        sum = text ? fold(sum, text, length) : sum + 1;
    }
    return sum;
}

static uint64_t fold_table(const reader *r, const char *name, uint64_t sum)
{
    char sql[256];
    snprintf(sql, sizeof sql, "SELECT * FROM %s ORDER BY 1, 2", name);
    ec_stmt *stmt = start(r, sql);
    sum = fold(sum, name, strlen(name));
    while (next(r, stmt))
        sum = fold_row(r, stmt, sum);
    r->ops->finish(stmt);
    return sum;
}

uint64_t shop_checksum(ec_engine *engine)
{
    char names[128][64];
    int count = 0;
    uint64_t sum = 1;
    size_t length = 0;
    ec_storage_error error = {0};
    reader r = {engine->storage->ops, NULL};
    assert_int_equal(r.ops->read_begin(engine->storage, &r.conn, &error), EC_OK);
    ec_stmt *stmt = start(&r, "SELECT name FROM sqlite_schema WHERE type = 'table' AND"
                              " name NOT LIKE 'sqlite_%' ORDER BY name");
    while (next(&r, stmt) && count < 128)
        snprintf(names[count++], sizeof names[0], "%s", r.ops->column_text(stmt, 0, &length));
    r.ops->finish(stmt);
    for (int i = 0; i < count; i++)
        sum = fold_table(&r, names[i], sum);
    r.ops->read_end(engine->storage, r.conn);
    return sum;
}
