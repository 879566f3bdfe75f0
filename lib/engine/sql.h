/* SPDX-License-Identifier: MIT */
/*
 * sql.h - statements on the session's connection, and entities in and out of rows.
 *
 * Usable only inside a call (engine/call.h): the session then has a connection. Every failure is
 * already recorded as the session's error when a function here returns it. Constraint violations
 * come back as EC_EXISTS (unique) or EC_INVALID (check, foreign key) and may be caught by the
 * caller.
 */
#ifndef EC_ENGINE_SQL_H
#define EC_ENGINE_SQL_H

#include <ecommerce/session.h>
#include <ecommerce/sys/storage.h>

#include "entity/entity.h"

/* Values to bind. ec_ref: 0 becomes NULL. Text NULL becomes NULL. */
static inline ec_value ec_int(int64_t n)
{
    return (ec_value){.type = EC_VALUE_INT, .integer = n};
}
static inline ec_value ec_ref(int64_t n)
{
    return (ec_value){.type = n == 0 ? EC_VALUE_NULL : EC_VALUE_INT, .integer = n};
}
ec_value ec_text(const char *text);
ec_value ec_bytes(const char *text, size_t length);

/* ec_args(ec_int(1), ec_text("x")): the last two parameters of the functions below. */
#define ec_args(...)                                                                               \
    (const ec_value[]){__VA_ARGS__}, sizeof((const ec_value[]){__VA_ARGS__}) / sizeof(ec_value)
#define ec_no_args NULL, 0

/* Run a statement without rows. affected may be NULL. */
ec_status ec_exec(ec_session *session, const char *sql, const ec_value *values, size_t count,
                  int64_t *affected);
/* Run an INSERT of one row and get its identifier. */
ec_status ec_insert_row(ec_session *session, const char *sql, const ec_value *values, size_t count,
                        ec_id *id);
/* The identifier that the first of `rows` rows of the last INSERT got; the others follow. */
ec_id ec_first_id(ec_session *session, size_t rows);
/* Start a query; the statement is ended by ec_done, or by the end of the call. */
ec_status ec_query(ec_session *session, const char *sql, const ec_value *values, size_t count,
                   ec_stmt **stmt);
/* EC_OK: a row; EC_DONE: no more (ends the statement). */
ec_status ec_row(ec_session *session, ec_stmt *stmt);
void ec_done(ec_session *session, ec_stmt *stmt);
int64_t ec_col_int(ec_stmt *stmt, int column); /* NULL gives 0 */
bool ec_col_null(ec_stmt *stmt, int column);
/* In the session's arena; NULL for SQL NULL or when memory is out (ec_arena.failed tells). */
const char *ec_col_text(ec_session *session, ec_stmt *stmt, int column);
/* One number: the first column of the first row; EC_NOT_FOUND without a row. */
ec_status ec_query_int(ec_session *session, const char *sql, const ec_value *values, size_t count,
                       int64_t *out);

/* ---- entities ---- */
/* The stored columns of an entity, comma separated, each as <alias>.<name>; constant, cached. */
const char *ec_entity_columns(ec_session *session, const ec_entity *entity, const char *alias);
/* Read an object from a row whose columns from `first` on are ec_entity_columns. *next: the column
   after them; may be NULL. */
ec_status ec_entity_read_row(ec_session *session, ec_stmt *stmt, int first, const ec_entity *entity,
                             void *object, int *next);
/* INSERT the stored columns (but the ID); sets object's id. EC_EXISTS names the unique field. */
ec_status ec_entity_insert(ec_session *session, const ec_entity *entity, void *object);
/* INSERT count objects lying stride bytes apart, in as few statements as the dialect allows (one up
   to several hundred rows); sets their ids. */
ec_status ec_entity_insert_many(ec_session *session, const ec_entity *entity, void *objects,
                                size_t count);
/*
 * UPDATE the fields of the mask. An entity with a `version` field gets version + 1, one with an
 * `updated_at` the present time; when object's version is not 0 it must be the stored one
 * (EC_STALE). EC_NOT_FOUND when there is no such row.
 */
ec_status ec_entity_update(ec_session *session, const ec_entity *entity, void *object,
                           ec_mask fields);
ec_status ec_entity_delete(ec_session *session, const ec_entity *entity, ec_id id);
/* SELECT by id; EC_NOT_FOUND names the entity. */
ec_status ec_entity_get(ec_session *session, const ec_entity *entity, ec_id id, void *object);
/* SELECT columns FROM table t <tail>: `tail` begins with WHERE, ORDER BY or LIMIT and calls the
   table t. The objects are an array in the arena. */
ec_status ec_entity_select(ec_session *session, const ec_entity *entity, const char *tail,
                           const ec_value *values, size_t count, void **objects, size_t *found);

#endif
