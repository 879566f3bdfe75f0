/* SPDX-License-Identifier: MIT */
/*
 * store_many.c - many stored objects written again at once, whatever changed in each.
 *
 * One INSERT that becomes an UPDATE of the rows that are there; the rows are complete, so it does
 * not matter which columns changed. It refuses objects without a number: those are inserted.
 */
#include "catalog/inside.h"

#define EC_STORE_ROWS_MAX 64 /* of one statement */

static bool is_column(const ec_field *field)
{
    return field->type != EC_FIELD_LIST && field->type != EC_FIELD_TEXTS &&
           field->type != EC_FIELD_STRUCT && (field->flags & EC_FIELD_NOT_STORED) == 0;
}

static ec_value value_of(const ec_field *field, const void *object)
{
    int64_t number = ec_field_get_int(field, object);
    switch (field->type) {
    case EC_FIELD_ID:
    case EC_FIELD_REF:
    case EC_FIELD_TIME:
    case EC_FIELD_INT:
    case EC_FIELD_MONEY:
    case EC_FIELD_DECIMAL:
    case EC_FIELD_BOOL: return ec_field_zero_is_null(field) ? ec_ref(number) : ec_int(number);
    case EC_FIELD_ENUM: return ec_text(field->names[number]);
    case EC_FIELD_TEXT:
    case EC_FIELD_JSON: return ec_text(ec_field_get_text(field, object));
    case EC_FIELD_STRUCT:
    case EC_FIELD_LIST:
    case EC_FIELD_TEXTS: break;
    }
    return ec_text(NULL);
}

static void put_columns(ec_statement *s, const ec_entity *entity)
{
    const char *comma = "(";
    ec_statement_put(s, "INSERT INTO ");
    ec_statement_put(s, entity->table);
    ec_statement_put(s, " ");
    for (size_t i = 0; i < entity->count; i++) {
        if (is_column(&entity->fields[i])) {
            ec_statement_put(s, comma);
            ec_statement_put(s, entity->fields[i].name);
            comma = ", ";
        }
    }
    ec_statement_put(s, ") VALUES ");
}

static void put_row(ec_statement *s, const ec_entity *entity, const void *object, bool first)
{
    const char *comma = first ? "(?" : ", (?";
    for (size_t i = 0; i < entity->count; i++) {
        if (is_column(&entity->fields[i])) {
            ec_statement_with(s, comma, value_of(&entity->fields[i], object));
            comma = ", ?";
        }
    }
    ec_statement_put(s, ")");
}

/* The dialect's form with a name in it; its formats have one %s each. */
static void put_form(ec_statement *s, const char *form, const char *name)
{
    for (; *form; form++) {
        if (form[0] == '%' && form[1] == 's') {
            ec_statement_put(s, name);
            form++;
        } else {
            const char one[] = {*form, '\0'};
            ec_statement_put(s, one);
        }
    }
}

static void put_update(ec_statement *s, const ec_entity *entity)
{
    const ec_dialect *dialect = ec_session_dialect(s->session);
    const char *comma = " ";
    ec_statement_put(s, " ");
    put_form(s, dialect->upsert_format, "id");
    for (size_t i = 0; i < entity->count; i++) {
        const ec_field *field = &entity->fields[i];
        if (is_column(field) && field->type != EC_FIELD_ID) {
            ec_statement_put(s, comma);
            ec_statement_put(s, field->name);
            ec_statement_put(s, " = ");
            put_form(s, dialect->excluded_format, field->name);
            comma = ", ";
        }
    }
}

/* Rows of the next statement: all that is left while it is few, else a power of two. */
static size_t rows_next(size_t left)
{
    size_t rows = EC_STORE_ROWS_MAX;
    while (left > 8 && rows > left) {
        rows /= 2;
    }
    return left > 8 ? rows : left;
}

ec_status ec_catalog_store_many(ec_session *session, const ec_entity *entity, const void *objects,
                                size_t count)
{
    ec_status status = EC_OK;
    for (size_t done = 0; status == EC_OK && done < count;) {
        size_t rows = rows_next(count - done);
        ec_statement s;
        ec_statement_begin(&s, session);
        put_columns(&s, entity);
        for (size_t i = 0; i < rows; i++) {
            put_row(&s, entity, (const char *)objects + (done + i) * entity->size, i == 0);
        }
        put_update(&s, entity);
        status = ec_statement_exec(&s, NULL);
        done += rows;
    }
    return status;
}
