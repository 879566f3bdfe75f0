/* SPDX-License-Identifier: MIT */
/*
 * sql.c - statements on the connection that the call has, with their failures as the session's
 * error.
 *
 * Queries that a body leaves open are ended with it. A broken constraint is turned into a field
 * error where the database's message names a column; the message is only looked at, never relied
 * on. It refuses to run without a connection: that is a fault of the library, said as EC_MISUSE.
 */
#include <ctype.h>
#include <string.h>

#include "engine/sql.h"
#include "engine/state.h"

ec_value ec_text(const char *text)
{
    return text ? ec_bytes(text, strlen(text)) : (ec_value){.type = EC_VALUE_NULL};
}

ec_value ec_bytes(const char *text, size_t length)
{
    return (ec_value){
        .type = text ? EC_VALUE_TEXT : EC_VALUE_NULL, .bytes = text, .length = length};
}

/* ---- failures ---- */

/* The last column that the message names: "… failed: reviews.product_id, reviews.user_id" (SQLite),
   "… for key 'brands.slug'" (MySQL). false: it names none. */
static bool column_named(const char *message, char *column, size_t size)
{
    const char *dot = strrchr(message, '.');
    const char *at = NULL;
    if (dot && dot > message && (isalnum((unsigned char)dot[-1]) || dot[-1] == '_')) {
        at = dot + 1;
    } else if ((at = strstr(message, "constraint failed: ")) != NULL) {
        at += strlen("constraint failed: ");
    } else if ((at = strstr(message, "for key '")) != NULL) {
        at += strlen("for key '");
    } else {
        return false;
    }
    size_t length = strspn(at, "abcdefghijklmnopqrstuvwxyz_0123456789");
    if (length == 0 || length >= size) {
        return false;
    }
    memcpy(column, at, length);
    column[length] = '\0';
    return true;
}

static const char *rule_broken(ec_status status, const char *message)
{
    if (status == EC_EXISTS) {
        return "unique";
    }
    if (strstr(message, "FOREIGN KEY") || strstr(message, "foreign key")) {
        return "reference";
    }
    return strstr(message, "NOT NULL") || strstr(message, "cannot be null") ? "required" : "check";
}

ec_status ec_fail_statement(ec_session *session, const ec_entity *entity, ec_status status,
                            const ec_storage_error *error)
{
    char column[128];
    if (status == EC_IN_USE) {
        return ec_fail(session, status, "Other objects refer to this one.");
    }
    if (status != EC_EXISTS && status != EC_INVALID) {
        return ec_fail_storage(session, status, error);
    }
    const char *rule = rule_broken(status, error->message);
    bool named = column_named(error->message, column, sizeof column);
    if (named && entity && !ec_field_find(entity, column)) {
        named = false;
    }
    if (named && strcmp(rule, "reference") != 0) {
        return ec_fail_field(session, status, column, rule,
                             status == EC_EXISTS ? "Another object has this %s already."
                                                 : "The stored %s would break a rule of the shop.",
                             column);
    }
    if (status == EC_EXISTS) {
        return ec_fail(session, status, "An object with the same unique value exists.");
    }
    bool reference = strcmp(rule, "reference") == 0;
    return ec_fail_field(session, status, entity ? entity->name : "", rule,
                         reference ? "An object that is referred to does not exist.%s"
                                   : "The storage refuses it: %s",
                         reference ? "" : error->message);
}

/* ---- statements ---- */

static ec_status start(ec_session *session, const ec_entity *entity, const char *sql,
                       const ec_value *values, size_t count, ec_stmt **stmt)
{
    ec_storage_error error = {0};
    *stmt = NULL;
    if (!session->conn) {
        return ec_fail(session, EC_MISUSE, "A statement was started outside of a call.");
    }
    if (session->arena.failed) {
        return ec_fail_memory(session); /* the text or a value may be what could not be made */
    }
    ec_engine *engine = session->engine;
    if (engine->trace) {
        engine->trace(engine->trace_ctx, sql);
    }
    ec_status status = session->conn->ops->start(session->conn, sql, values, count, stmt, &error);
    return status == EC_OK ? EC_OK : ec_fail_statement(session, entity, status, &error);
}

ec_status ec_exec_on(ec_session *session, const ec_entity *entity, const char *sql,
                     const ec_value *values, size_t count, int64_t *affected)
{
    ec_storage_error error = {0};
    ec_stmt *stmt;
    ec_status status = start(session, entity, sql, values, count, &stmt);
    if (status != EC_OK) {
        return status;
    }
    const ec_storage_ops *ops = session->conn->ops;
    do {
        status = ops->step(stmt, &error);
    } while (status == EC_OK);
    ops->finish(stmt);
    if (status != EC_DONE) {
        return ec_fail_statement(session, entity, status, &error);
    }
    if (affected) {
        *affected = ops->affected(session->conn);
    }
    return EC_OK;
}

ec_status ec_exec(ec_session *session, const char *sql, const ec_value *values, size_t count,
                  int64_t *affected)
{
    return ec_exec_on(session, NULL, sql, values, count, affected);
}

ec_status ec_insert_row(ec_session *session, const char *sql, const ec_value *values, size_t count,
                        ec_id *id)
{
    ec_status status = ec_exec(session, sql, values, count, NULL);
    if (status == EC_OK) {
        *id = session->conn->ops->last_id(session->conn);
    }
    return status;
}

ec_id ec_first_id(ec_session *session, size_t rows)
{
    ec_id last = session->conn->ops->last_id(session->conn);
    return session->engine->dialect->last_id_is_first ? last : last - (ec_id)rows + 1;
}

ec_status ec_query(ec_session *session, const char *sql, const ec_value *values, size_t count,
                   ec_stmt **stmt)
{
    *stmt = NULL;
    if (session->open_count == EC_OPEN_STATEMENTS) {
        return ec_fail(session, EC_LIMIT, "More than %d queries are open.", EC_OPEN_STATEMENTS);
    }
    ec_status status = start(session, NULL, sql, values, count, stmt);
    if (status == EC_OK) {
        session->open[session->open_count++] = *stmt;
    }
    return status;
}

ec_status ec_row(ec_session *session, ec_stmt *stmt)
{
    ec_storage_error error = {0};
    ec_status status = stmt->ops->step(stmt, &error);
    if (status == EC_OK) {
        return EC_OK;
    }
    ec_done(session, stmt);
    return status == EC_DONE ? EC_DONE : ec_fail_statement(session, NULL, status, &error);
}

void ec_done(ec_session *session, ec_stmt *stmt)
{
    for (size_t i = session->open_count; stmt && i-- > 0;) {
        if (session->open[i] == stmt) {
            stmt->ops->finish(stmt);
            session->open_count--;
            memmove(&session->open[i], &session->open[i + 1],
                    (session->open_count - i) * sizeof(ec_stmt *));
            return;
        }
    }
}

void ec_finish_open(ec_session *session, size_t since)
{
    while (session->open_count > since) {
        ec_stmt *stmt = session->open[--session->open_count];
        stmt->ops->finish(stmt);
    }
}

int64_t ec_col_int(ec_stmt *stmt, int column)
{
    return stmt->ops->column_type(stmt, column) == EC_VALUE_NULL
               ? 0
               : stmt->ops->column_int(stmt, column);
}

bool ec_col_null(ec_stmt *stmt, int column)
{
    return stmt->ops->column_type(stmt, column) == EC_VALUE_NULL;
}

const char *ec_col_text(ec_session *session, ec_stmt *stmt, int column)
{
    size_t length = 0;
    const char *text = stmt->ops->column_text(stmt, column, &length);
    return text ? ec_arena_text(&session->arena, text, length) : NULL;
}

ec_status ec_query_int(ec_session *session, const char *sql, const ec_value *values, size_t count,
                       int64_t *out)
{
    ec_stmt *stmt;
    ec_status status = ec_query(session, sql, values, count, &stmt);
    if (status != EC_OK) {
        return status;
    }
    status = ec_row(session, stmt);
    if (status == EC_OK) {
        *out = ec_col_int(stmt, 0);
        ec_done(session, stmt);
    }
    return status == EC_DONE ? ec_fail(session, EC_NOT_FOUND, "There is no such row.") : status;
}
