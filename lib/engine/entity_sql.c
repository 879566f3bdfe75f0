/* SPDX-License-Identifier: MIT */
/*
 * entity_sql.c - entities in and out of rows, by their tables.
 *
 * Which fields are columns is decided in one place: not lists, not lists of texts, not what is
 * marked NOT_STORED. Structs and JSON are text columns, enums their names, zero is null where the
 * row says so. The texts of statements that depend on the entity alone are built once per engine.
 * It refuses to know any entity: what is particular to one is SQL of that noun.
 */
#include <string.h>

#include "engine/sql.h"
#include "engine/state.h"

#define EC_INSERT_ROWS_MAX 256 /* of one statement */
#define EC_INSERT_ROWS_EXACT 8 /* up to so many the statement has just the rows that are left */

enum text_kind { TEXT_GET = -1, TEXT_DELETE = -2, TEXT_COLUMNS = 0 }; /* above: rows of an INSERT */

struct ec_sql_text {
    ec_sql_text *next;
    const ec_entity *entity;
    int kind;
    char alias[16];
    char text[];
};

static bool is_stored(const ec_field *field)
{
    return field->type != EC_FIELD_LIST && field->type != EC_FIELD_TEXTS &&
           (field->flags & EC_FIELD_NOT_STORED) == 0;
}

static size_t count_inserted(const ec_entity *entity)
{
    size_t columns = 0;
    for (size_t i = 0; i < entity->count; i++) {
        columns += is_stored(&entity->fields[i]) && entity->fields[i].type != EC_FIELD_ID;
    }
    return columns;
}

/* ---- texts of statements, built once ---- */

static void write_columns(ec_buf *buf, const ec_entity *entity, const char *alias, bool with_id)
{
    const char *comma = "";
    for (size_t i = 0; i < entity->count; i++) {
        const ec_field *field = &entity->fields[i];
        if (is_stored(field) && (with_id || field->type != EC_FIELD_ID)) {
            ec_buf_printf(buf, "%s%s%s%s", comma, alias, alias[0] != '\0' ? "." : "", field->name);
            comma = ", ";
        }
    }
}

static void write_insert(ec_buf *buf, const ec_entity *entity, int rows)
{
    size_t columns = count_inserted(entity);
    ec_buf_printf(buf, "INSERT INTO %s (", entity->table);
    write_columns(buf, entity, "", false);
    ec_buf_puts(buf, ") VALUES ");
    for (int row = 0; row < rows; row++) {
        ec_buf_puts(buf, row == 0 ? "(?" : ", (?");
        for (size_t i = 1; i < columns; i++) {
            ec_buf_puts(buf, ", ?");
        }
        ec_buf_putc(buf, ')');
    }
}

static void write_text(ec_buf *buf, const ec_entity *entity, int kind, const char *alias)
{
    if (kind == TEXT_COLUMNS) {
        write_columns(buf, entity, alias, true);
    } else if (kind == TEXT_DELETE) {
        ec_buf_printf(buf, "DELETE FROM %s WHERE id = ?", entity->table);
    } else if (kind == TEXT_GET) {
        ec_buf_puts(buf, "SELECT ");
        write_columns(buf, entity, "", true);
        ec_buf_printf(buf, " FROM %s WHERE id = ?", entity->table);
    } else {
        write_insert(buf, entity, kind);
    }
}

static ec_sql_text *text_find(const ec_engine *engine, size_t slot, const ec_entity *entity,
                              int kind, const char *alias)
{
    ec_sql_text *text = engine->texts[slot];
    while (text &&
           (text->entity != entity || text->kind != kind || strcmp(text->alias, alias) != 0)) {
        text = text->next;
    }
    return text;
}

static ec_sql_text *text_make(const ec_engine *engine, const ec_entity *entity, int kind,
                              const char *alias)
{
    const ec_platform *platform = &engine->platform;
    ec_buf buf;
    ec_buf_init(&buf, platform, 1u << 20);
    write_text(&buf, entity, kind, alias);
    ec_sql_text *text = NULL;
    if (buf.status == EC_OK) {
        text = platform->resize(platform->ctx, NULL, sizeof *text + buf.length + 1);
    }
    if (text) {
        *text = (ec_sql_text){.entity = entity, .kind = kind};
        memcpy(text->alias, alias, strlen(alias) + 1);
        memcpy(text->text, ec_buf_text(&buf), buf.length + 1);
    }
    ec_buf_clear(&buf);
    return text;
}

/* NULL when memory is out; the arena remembers it, so the statement will not start. */
static const char *sql_text(ec_session *session, const ec_entity *entity, int kind,
                            const char *alias)
{
    ec_engine *engine = session->engine;
    size_t slot = ((uintptr_t)entity / 16 + (uintptr_t)kind * 7 + (unsigned char)alias[0]) %
                  EC_SQL_TEXT_SLOTS;
    (void)pthread_mutex_lock(&engine->lock);
    ec_sql_text *text = text_find(engine, slot, entity, kind, alias);
    if (!text && (text = text_make(engine, entity, kind, alias)) != NULL) {
        text->next = engine->texts[slot];
        engine->texts[slot] = text;
    }
    (void)pthread_mutex_unlock(&engine->lock);
    session->arena.failed = session->arena.failed || !text;
    return text ? text->text : NULL;
}

void ec_sql_texts_free(ec_engine *engine)
{
    for (size_t i = 0; i < EC_SQL_TEXT_SLOTS; i++) {
        for (ec_sql_text *text = engine->texts[i], *next; text; text = next) {
            next = text->next;
            engine->platform.resize(engine->platform.ctx, text, 0);
        }
        engine->texts[i] = NULL;
    }
}

const char *ec_entity_columns(ec_session *session, const ec_entity *entity, const char *alias)
{
    const char *text = NULL;
    if (strnlen(alias, sizeof((ec_sql_text *)0)->alias) < sizeof((ec_sql_text *)0)->alias) {
        text = sql_text(session, entity, TEXT_COLUMNS, alias);
    }
    return text ? text : "";
}

/* ---- values ---- */

static ec_value bind_enum(const ec_field *field, const void *object)
{
    int64_t value = ec_field_get_int(field, object);
    for (int64_t i = 0; field->names[i]; i++) {
        if (i == value) {
            return ec_text(field->names[i]);
        }
    }
    return ec_text(NULL); /* no such name: the column's NOT NULL refuses it */
}

static ec_value bind_struct(ec_session *session, const ec_entity *entity, const ec_field *field,
                            const void *object)
{
    const void *inner = ec_field_get_pointer(field, object);
    if (!inner) {
        return ec_text(NULL);
    }
    ec_buf buf;
    ec_json_writer json;
    ec_buf_init(&buf, &session->engine->platform, EC_JSON_SIZE_MAX);
    ec_json_begin(&json, &buf);
    ec_entity_store_json(&json, field->target, inner, ec_entity_currency(entity, object, NULL));
    const char *text = NULL;
    if (buf.status == EC_OK) {
        text = ec_arena_text(&session->arena, ec_buf_text(&buf), buf.length);
    }
    session->arena.failed = session->arena.failed || !text;
    ec_buf_clear(&buf);
    return ec_text(text);
}

static ec_value bind_field(ec_session *session, const ec_entity *entity, const ec_field *field,
                           const void *object)
{
    switch (field->type) {
    case EC_FIELD_ID:
    case EC_FIELD_REF:
    case EC_FIELD_TIME:
    case EC_FIELD_INT:
    case EC_FIELD_MONEY:
    case EC_FIELD_DECIMAL:
        return ec_field_zero_is_null(field) ? ec_ref(ec_field_get_int(field, object))
                                            : ec_int(ec_field_get_int(field, object));
    case EC_FIELD_BOOL: return ec_int(ec_field_get_int(field, object) != 0);
    case EC_FIELD_ENUM: return bind_enum(field, object);
    case EC_FIELD_TEXT:
    case EC_FIELD_JSON: return ec_text(ec_field_get_text(field, object));
    case EC_FIELD_STRUCT: return bind_struct(session, entity, field, object);
    case EC_FIELD_LIST:
    case EC_FIELD_TEXTS: break;
    }
    return ec_text(NULL);
}

static ec_status corrupt(ec_session *session, const ec_entity *entity, const ec_field *field)
{
    return ec_fail(session, EC_CORRUPT, "The stored %s of a %s makes no sense.", field->name,
                   entity->name);
}

static ec_status read_enum(ec_session *session, ec_stmt *stmt, int column, const ec_entity *entity,
                           const ec_field *field, void *object)
{
    size_t length = 0;
    const char *name = stmt->ops->column_text(stmt, column, &length);
    for (int64_t i = 0; name && field->names[i]; i++) {
        if (strcmp(field->names[i], name) == 0) {
            ec_field_set_int(field, object, i);
            return EC_OK;
        }
    }
    return name ? corrupt(session, entity, field) : EC_OK;
}

static ec_status read_struct(ec_session *session, ec_stmt *stmt, int column,
                             const ec_entity *entity, const ec_field *field, void *object)
{
    size_t length = 0;
    const char *text = stmt->ops->column_text(stmt, column, &length);
    if (!text) {
        return EC_OK;
    }
    ec_json *json = NULL;
    size_t offset = 0;
    const char *problem = NULL;
    void *inner = ec_arena_alloc(&session->arena, field->target->size);
    ec_status status = inner
                           ? ec_json_parse(&session->arena, text, length, &json, &offset, &problem)
                           : EC_NO_MEMORY;
    if (status == EC_OK) {
        ec_check check;
        ec_mask seen = 0;
        ec_check_init(&check, &session->arena);
        status = ec_entity_read_json(&session->arena, field->target, json,
                                     ec_entity_currency(entity, object, NULL), true, inner, &seen,
                                     &check);
        status = status == EC_OK ? check.status : status;
    }
    if (status == EC_NO_MEMORY) {
        return ec_fail_memory(session);
    }
    ec_field_set_pointer(field, object, inner);
    return status == EC_OK ? EC_OK : corrupt(session, entity, field);
}

static ec_status read_field(ec_session *session, ec_stmt *stmt, int column, const ec_entity *entity,
                            const ec_field *field, void *object)
{
    switch (field->type) {
    case EC_FIELD_ID:
    case EC_FIELD_REF:
    case EC_FIELD_TIME:
    case EC_FIELD_INT:
    case EC_FIELD_MONEY:
    case EC_FIELD_DECIMAL:
    case EC_FIELD_BOOL: ec_field_set_int(field, object, ec_col_int(stmt, column)); return EC_OK;
    case EC_FIELD_ENUM: return read_enum(session, stmt, column, entity, field, object);
    case EC_FIELD_TEXT:
    case EC_FIELD_JSON:
        ec_field_set_text(field, object, ec_col_text(session, stmt, column));
        return EC_OK;
    case EC_FIELD_STRUCT: return read_struct(session, stmt, column, entity, field, object);
    case EC_FIELD_LIST:
    case EC_FIELD_TEXTS: break;
    }
    return EC_OK;
}

ec_status ec_entity_read_row(ec_session *session, ec_stmt *stmt, int first, const ec_entity *entity,
                             void *object, int *next)
{
    int column = first;
    ec_status status = EC_OK;
    for (size_t i = 0; status == EC_OK && i < entity->count; i++) {
        if (is_stored(&entity->fields[i])) {
            status = read_field(session, stmt, column++, entity, &entity->fields[i], object);
        }
    }
    if (next) {
        *next = column;
    }
    if (status == EC_OK && session->arena.failed) {
        status = ec_fail_memory(session);
    }
    return status;
}

/* ---- insert ---- */

static void set_if_zero(const ec_entity *entity, const char *name, void *object, int64_t value)
{
    const ec_field *field = ec_field_find(entity, name);
    if (field && is_stored(field) && ec_field_get_int(field, object) == 0) {
        ec_field_set_int(field, object, value);
    }
}

static const ec_field *id_field(const ec_entity *entity)
{
    for (size_t i = 0; i < entity->count; i++) {
        if (entity->fields[i].type == EC_FIELD_ID && is_stored(&entity->fields[i])) {
            return &entity->fields[i];
        }
    }
    return NULL;
}

/* How many of the rows that are left go into the next statement. */
static size_t rows_next(size_t left, size_t most)
{
    size_t rows = 1;
    if (left <= EC_INSERT_ROWS_EXACT && left <= most) {
        return left;
    }
    while (rows * 2 <= left && rows * 2 <= most && rows * 2 <= EC_INSERT_ROWS_MAX) {
        rows *= 2;
    }
    return rows;
}

static void bind_row(ec_session *session, const ec_entity *entity, void *object, ec_value *values)
{
    size_t at = 0;
    set_if_zero(entity, "version", object, 1);
    set_if_zero(entity, "created_at", object, ec_now(session));
    set_if_zero(entity, "updated_at", object, ec_now(session));
    for (size_t i = 0; i < entity->count; i++) {
        const ec_field *field = &entity->fields[i];
        if (is_stored(field) && field->type != EC_FIELD_ID) {
            values[at++] = bind_field(session, entity, field, object);
        }
    }
}

static ec_status insert_rows(ec_session *session, const ec_entity *entity, char *objects,
                             size_t rows, size_t columns, ec_value *values)
{
    for (size_t i = 0; i < rows; i++) {
        bind_row(session, entity, objects + i * entity->size, values + i * columns);
    }
    const char *sql = sql_text(session, entity, (int)rows, "");
    ec_status status = ec_exec_on(session, entity, sql, values, rows * columns, NULL);
    const ec_field *id = id_field(entity);
    if (status == EC_OK && id) {
        ec_id first = ec_first_id(session, rows);
        for (size_t i = 0; i < rows; i++) {
            ec_field_set_int(id, objects + i * entity->size, first + (ec_id)i);
        }
    }
    return status;
}

ec_status ec_entity_insert_many(ec_session *session, const ec_entity *entity, void *objects,
                                size_t count)
{
    size_t columns = count_inserted(entity);
    int parameters = session->engine->dialect->max_parameters;
    size_t most = columns < (size_t)parameters ? (size_t)parameters / columns : 1;
    size_t most_rows = rows_next(count, most);
    ec_value *values = ec_arena_array(&session->arena, most_rows * columns, sizeof *values);
    ec_status status = values ? EC_OK : ec_fail_memory(session);
    for (size_t done = 0; status == EC_OK && done < count;) {
        size_t rows = rows_next(count - done, most);
        status = insert_rows(session, entity, (char *)objects + done * entity->size, rows, columns,
                             values);
        done += rows;
    }
    return status;
}

ec_status ec_entity_insert(ec_session *session, const ec_entity *entity, void *object)
{
    return ec_entity_insert_many(session, entity, object, 1);
}

/* ---- update and delete ---- */

static ec_status not_found(ec_session *session, const ec_entity *entity)
{
    return ec_fail(session, EC_NOT_FOUND, "There is no such %s.", entity->name);
}

/* No row was touched: is there none, or is it of another version? */
static ec_status update_missed(ec_session *session, const ec_entity *entity, ec_id id,
                               int64_t version)
{
    int64_t one = 0;
    const char *sql =
        ec_arena_printf(&session->arena, "SELECT 1 FROM %s WHERE id = ?", entity->table);
    ec_status status = ec_query_int(session, sql, ec_args(ec_int(id)), &one);
    if (status == EC_NOT_FOUND) {
        return not_found(session, entity);
    }
    if (status != EC_OK || version == 0) {
        return status; /* nothing to change is a success */
    }
    return ec_fail(session, EC_STALE, "The %s has changed since version %lld.", entity->name,
                   (long long)version);
}

typedef struct update_plan {
    ec_buf sql;
    ec_value values[68]; /* 64 fields, updated_at, id, version */
    size_t count;
} update_plan;

static bool is_kept(const ec_field *field)
{
    return field->type == EC_FIELD_ID || strcmp(field->name, "version") == 0 ||
           strcmp(field->name, "updated_at") == 0;
}

static void plan_update(ec_session *session, const ec_entity *entity, const void *object,
                        ec_mask fields, update_plan *plan)
{
    const char *comma = "";
    ec_buf_printf(&plan->sql, "UPDATE %s SET ", entity->table);
    for (size_t i = 0; i < entity->count; i++) {
        const ec_field *field = &entity->fields[i];
        if (is_stored(field) && !is_kept(field) && (fields >> i & 1) != 0) {
            ec_buf_printf(&plan->sql, "%s%s = ?", comma, field->name);
            plan->values[plan->count++] = bind_field(session, entity, field, object);
            comma = ", ";
        }
    }
    if (ec_field_find(entity, "version")) {
        ec_buf_printf(&plan->sql, "%sversion = version + 1", comma);
        comma = ", ";
    }
    if (ec_field_find(entity, "updated_at")) {
        ec_buf_printf(&plan->sql, "%supdated_at = ?", comma);
        plan->values[plan->count++] = ec_int(ec_now(session));
    }
    ec_buf_puts(&plan->sql, " WHERE id = ?");
}

ec_status ec_entity_update(ec_session *session, const ec_entity *entity, void *object,
                           ec_mask fields)
{
    const ec_field *id = id_field(entity);
    const ec_field *version = ec_field_find(entity, "version");
    const ec_field *updated_at = ec_field_find(entity, "updated_at");
    int64_t known = version ? ec_field_get_int(version, object) : 0;
    int64_t affected = 0;
    update_plan plan = {.count = 0};
    ec_buf_init(&plan.sql, &session->engine->platform, 1u << 16);
    plan_update(session, entity, object, fields, &plan);
    plan.values[plan.count++] = ec_int(ec_field_get_int(id, object));
    if (known != 0) {
        ec_buf_puts(&plan.sql, " AND version = ?");
        plan.values[plan.count++] = ec_int(known);
    }
    ec_status status = EC_OK;
    if (plan.sql.status != EC_OK) {
        status = ec_fail_memory(session);
    } else if (strstr(ec_buf_text(&plan.sql), "SET  WHERE") == NULL) {
        status =
            ec_exec_on(session, entity, ec_buf_text(&plan.sql), plan.values, plan.count, &affected);
    }
    ec_buf_clear(&plan.sql);
    if (status == EC_OK && affected == 0) {
        return update_missed(session, entity, ec_field_get_int(id, object), known);
    }
    if (status == EC_OK && known != 0) {
        ec_field_set_int(version, object, known + 1);
    }
    if (status == EC_OK && updated_at) {
        ec_field_set_int(updated_at, object, ec_now(session));
    }
    return status;
}

ec_status ec_entity_delete(ec_session *session, const ec_entity *entity, ec_id id)
{
    int64_t affected = 0;
    const char *sql = sql_text(session, entity, TEXT_DELETE, "");
    ec_status status = ec_exec_on(session, entity, sql, ec_args(ec_int(id)), &affected);
    return status == EC_OK && affected == 0 ? not_found(session, entity) : status;
}

/* ---- select ---- */

ec_status ec_entity_get(ec_session *session, const ec_entity *entity, ec_id id, void *object)
{
    ec_stmt *stmt;
    const char *sql = sql_text(session, entity, TEXT_GET, "");
    ec_status status = ec_query(session, sql, ec_args(ec_int(id)), &stmt);
    if (status != EC_OK) {
        return status;
    }
    status = ec_row(session, stmt);
    if (status == EC_OK) {
        status = ec_entity_read_row(session, stmt, 0, entity, object, NULL);
        ec_done(session, stmt);
    }
    return status == EC_DONE ? not_found(session, entity) : status;
}

/* Room for one more object behind count. */
static char *grow(ec_session *session, const ec_entity *entity, char *objects, size_t count,
                  size_t *capacity)
{
    if (count < *capacity) {
        return objects;
    }
    *capacity = *capacity == 0 ? 16 : *capacity * 2;
    char *more = ec_arena_array(&session->arena, *capacity, entity->size);
    if (more && count > 0) {
        memcpy(more, objects, count * entity->size);
    }
    return more;
}

ec_status ec_entity_select(ec_session *session, const ec_entity *entity, const char *tail,
                           const ec_value *values, size_t count, void **objects, size_t *found)
{
    ec_stmt *stmt;
    size_t capacity = 0;
    char *items = NULL;
    *objects = NULL;
    *found = 0;
    const char *sql = ec_arena_printf(&session->arena, "SELECT %s FROM %s t %s",
                                      ec_entity_columns(session, entity, "t"), entity->table, tail);
    ec_status status = ec_query(session, sql, values, count, &stmt);
    while (status == EC_OK && (status = ec_row(session, stmt)) == EC_OK) {
        items = grow(session, entity, items, *found, &capacity);
        status = items ? ec_entity_read_row(session, stmt, 0, entity, items + *found * entity->size,
                                            NULL)
                       : ec_fail_memory(session);
        *found += 1;
    }
    if (status != EC_DONE) {
        return status; /* a query that is left open ends with the call */
    }
    *objects = items;
    return EC_OK;
}
