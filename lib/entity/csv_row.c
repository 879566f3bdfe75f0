/* SPDX-License-Identifier: MIT */
/*
 * csv_row.c - objects as CSV records and back, exactly.
 *
 * A cell is the text of the value; what has parts is JSON text. Two things have no cell of their
 * own in CSV and are told apart here: null is an empty cell, the empty text a lone apostrophe (as
 * spreadsheets understand it), and a text of nothing but apostrophes gets one more.
 * It refuses locales: points are decimal points, truth is true or false, moments are RFC 3339.
 */
#include <string.h>

#include "base/csv.h"
#include "base/text.h"
#include "entity/walk.h"

#define EC_CELL_MAX (64u << 20) /* bytes of the JSON text of one cell */

/* Nothing but apostrophes, or nothing at all? */
static bool is_apostrophes(const char *text)
{
    return text[strspn(text, "'")] == '\0';
}

/* ---- writing --------------------------------------------------------------------------------- */

void ec_entity_csv_header(ec_buf *buf, const ec_entity *entity)
{
    bool first = true;
    for (size_t at = 0; at < entity->count; at++) {
        if (!(entity->fields[at].flags & EC_FIELD_SECRET)) {
            ec_csv_put(buf, entity->fields[at].name, first, true);
            first = false;
        }
    }
    ec_csv_end(buf);
}

static void write_text_cell(ec_buf *buf, const char *text, bool first)
{
    if (!text || !is_apostrophes(text)) {
        ec_csv_put(buf, text, first, false);
        return;
    }
    if (!first) {
        ec_buf_putc(buf, ',');
    }
    ec_buf_putc(buf, '\'');
    ec_buf_puts(buf, text);
}

/* The field's JSON text; that of a number or truth is its cell. */
static void write_json_cell(ec_buf *buf, const ec_field *field, const void *object,
                            ec_walk_money money, bool first)
{
    ec_buf text;
    ec_json_writer json;
    ec_buf_init(&text, buf->platform, EC_CELL_MAX);
    ec_json_begin(&json, &text);
    const ec_json_out out = {.json = &json};
    ec_field_write_json(&out, field, object, money);
    ec_csv_put(buf, ec_buf_text(&text), first, false);
    if (text.status != EC_OK && buf->status == EC_OK) {
        buf->status = text.status;
    }
    ec_buf_clear(&text);
}

static void write_number_cell(ec_buf *buf, const ec_field *field, const void *object,
                              ec_walk_money money, bool first)
{
    char number[EC_NUMBER_TEXT_MAX];
    int64_t value = ec_field_get_int(field, object);
    const char *text = "";
    if (value == 0 && ec_field_zero_is_null(field)) {
        text = "";
    } else if (field->type == EC_FIELD_BOOL) {
        text = value ? "true" : "false";
    } else if (field->type == EC_FIELD_ENUM) {
        text = ec_field_enum_name(field, (int)value);
    } else {
        text = ec_walk_number(field, value, money.decimals, number);
    }
    ec_csv_put(buf, text, first, false);
}

static void write_cell(ec_buf *buf, const ec_field *field, const void *object, ec_walk_money money,
                       bool first)
{
    switch (field->type) {
    case EC_FIELD_ID:
    case EC_FIELD_REF:
    case EC_FIELD_INT:
    case EC_FIELD_BOOL:
    case EC_FIELD_ENUM:
    case EC_FIELD_MONEY:
    case EC_FIELD_DECIMAL:
    case EC_FIELD_TIME: write_number_cell(buf, field, object, money, first); break;
    case EC_FIELD_TEXT: write_text_cell(buf, ec_field_get_text(field, object), first); break;
    case EC_FIELD_JSON:
    case EC_FIELD_STRUCT:
        if (ec_field_get_pointer(field, object)) {
            write_json_cell(buf, field, object, money, first);
        } else {
            ec_csv_put(buf, "", first, true);
        }
        break;
    case EC_FIELD_LIST:
    case EC_FIELD_TEXTS:
        if (ec_field_count(field, object) > 0) {
            write_json_cell(buf, field, object, money, first);
        } else {
            ec_csv_put(buf, "", first, true);
        }
        break;
    }
}

void ec_entity_write_csv(ec_buf *buf, const ec_entity *entity, const void *object,
                         const char *currency)
{
    ec_walk_money money = ec_walk_money_in(entity, object, ec_walk_money_of(currency));
    bool first = true;
    for (size_t at = 0; at < entity->count; at++) {
        if (!(entity->fields[at].flags & EC_FIELD_SECRET)) {
            write_cell(buf, &entity->fields[at], object, money, first);
            first = false;
        }
    }
    ec_csv_end(buf);
}

/* ---- reading --------------------------------------------------------------------------------- */

/* A cell as a JSON value, so that its field reads it with the same rules as JSON. */
static bool cell_json(ec_json_in *in, const ec_field *field, const char *cell, ec_json **out)
{
    size_t offset = 0;
    const char *problem = "";
    ec_status status = ec_json_parse(in->arena, cell, strlen(cell), out, &offset, &problem);
    if (status == EC_NO_MEMORY) {
        in->check->status = EC_NO_MEMORY;
    } else if (status != EC_OK) {
        ec_check_add(in->check, field->name, "json", "No JSON at byte %zu: %s.", offset, problem);
    }
    return status == EC_OK;
}

/* A copy of the text that the cell stands for. */
static bool cell_text(ec_json_in *in, const char *cell, ec_json *value)
{
    const char *text = is_apostrophes(cell) ? cell + 1 : ec_csv_unprotect(cell);
    value->type = EC_JSON_TEXT;
    value->length = strlen(text);
    value->text = ec_arena_text(in->arena, text, value->length);
    if (!value->text) {
        in->check->status = EC_NO_MEMORY;
    }
    return value->text != NULL;
}

/* Spreadsheets write truth in capitals. */
static void cell_bool(const char *cell, ec_json *value)
{
    bool truth = ec_text_equal_nocase(cell, "true") || strcmp(cell, "1") == 0;
    bool known = truth || ec_text_equal_nocase(cell, "false") || strcmp(cell, "0") == 0;
    value->type = known ? EC_JSON_BOOL : EC_JSON_TEXT;
    value->boolean = truth;
}

static bool cell_value(ec_json_in *in, const ec_field *field, const char *cell, ec_json **out)
{
    switch (field->type) {
    case EC_FIELD_ID:
    case EC_FIELD_REF:
    case EC_FIELD_INT:
        (*out)->type = EC_JSON_NUMBER;
        (*out)->text = cell;
        (*out)->length = strlen(cell);
        return true;
    case EC_FIELD_BOOL: cell_bool(cell, *out); return true;
    case EC_FIELD_MONEY:
    case EC_FIELD_DECIMAL:
    case EC_FIELD_TIME:
    case EC_FIELD_ENUM:
        (*out)->type = EC_JSON_TEXT;
        (*out)->text = cell;
        (*out)->length = strlen(cell);
        return true;
    case EC_FIELD_TEXT: return cell_text(in, cell, *out);
    case EC_FIELD_JSON:
    case EC_FIELD_STRUCT:
    case EC_FIELD_LIST:
    case EC_FIELD_TEXTS: return cell_json(in, field, ec_csv_unprotect(cell), out);
    }
    return false;
}

/* May the field be null? Else an empty cell says nothing about it. */
static bool has_null(const ec_field *field)
{
    switch (field->type) {
    case EC_FIELD_ID:
    case EC_FIELD_REF:
    case EC_FIELD_INT:
    case EC_FIELD_BOOL:
    case EC_FIELD_ENUM:
    case EC_FIELD_MONEY:
    case EC_FIELD_DECIMAL:
    case EC_FIELD_TIME: return ec_field_zero_is_null(field);
    case EC_FIELD_TEXT:
    case EC_FIELD_JSON:
    case EC_FIELD_STRUCT:
    case EC_FIELD_LIST:
    case EC_FIELD_TEXTS: break;
    }
    return true;
}

static void read_cell(ec_json_in *in, const ec_entity *entity, const ec_field *field,
                      const char *cell, ec_walk_money money, void *object, ec_mask *fields)
{
    ec_json own = {.type = EC_JSON_NULL};
    ec_json *value = &own;
    if (field->flags & EC_FIELD_READONLY && !in->trusted) {
        ec_check_add(in->check, field->name, "readonly", "It is set by the shop itself.");
        return;
    }
    if (*cell == '\0' && !has_null(field)) {
        return;
    }
    *fields |= ec_field_bit(entity, field);
    if (*cell != '\0' && cell_value(in, field, cell, &value)) {
        ec_field_read_json(in, field, value, money, object);
    }
}

/* The currency that the record names, wherever its column stands. */
static ec_walk_money row_money(const ec_field *const *columns, const char *const *cells,
                               size_t count, const char *inherited, bool trusted)
{
    for (size_t at = 0; at < count; at++) {
        unsigned flags = columns[at] ? columns[at]->flags : 0;
        bool taken = flags & EC_FIELD_CURRENCY && (trusted || !(flags & EC_FIELD_READONLY));
        if (taken && *cells[at]) {
            return ec_walk_money_of(cells[at]);
        }
    }
    return ec_walk_money_of(inherited);
}

ec_status ec_entity_read_csv(ec_arena *arena, const ec_entity *entity,
                             const ec_field *const *columns, const char *const *cells, size_t count,
                             const char *currency, bool trusted, void *object, ec_mask *fields,
                             ec_check *check)
{
    ec_json_in in = {.arena = arena, .check = check, .trusted = trusted};
    ec_walk_money money = row_money(columns, cells, count, currency, trusted);
    ec_mask seen = 0;
    ec_entity_defaults(entity, object);
    for (size_t at = 0; at < count; at++) {
        if (columns[at]) {
            read_cell(&in, entity, columns[at], cells[at], money, object, &seen);
        }
    }
    if (fields) {
        *fields = seen;
    }
    return check->status;
}
