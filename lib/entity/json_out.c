/* SPDX-License-Identifier: MIT */
/*
 * json_out.c - objects straight into JSON text, without a tree in between.
 *
 * Every field is written, null where there is nothing, so that readers see one shape. Amounts have
 * all the decimals of their currency; other decimals are as short as they are exact.
 * It refuses to leak SECRET fields, and to break its own text: what a JSON member holds is parsed
 * again, and when it is no JSON it goes out as a text.
 */
#include <string.h>

#include "base/text.h"
#include "entity/walk.h"

/* The member's text is somebody's input or a column, so it is never trusted to be JSON. */
static void write_any(const ec_json_out *out, const char *text)
{
    ec_buf *buf = out->json->buf;
    ec_arena arena;
    ec_json *value = NULL;
    if (!text) {
        ec_json_null(out->json);
        return;
    }
    ec_arena_init(&arena, buf->platform);
    ec_status status = ec_json_parse(&arena, text, strlen(text), &value, NULL, NULL);
    if (status == EC_OK) {
        ec_json_write_tree(out->json, value);
    } else if (status == EC_NO_MEMORY) {
        buf->status = buf->status == EC_OK ? EC_NO_MEMORY : buf->status;
    } else {
        ec_json_text(out->json, text);
    }
    ec_arena_clear(&arena);
}

/* The key of a field. Names are letters, digits and underscores (tests/entity/layout.c), so unlike
   ec_json_key this need not look for what must be escaped; a page has hundreds of keys. */
static void write_key(ec_json_writer *json, const ec_field *field)
{
    size_t length = field->name_length;
    char *to = ec_buf_reserve(json->buf, length + 4);
    if (to) {
        to[0] = ',';
        to += json->comma;
        to[0] = '"';
        memcpy(to + 1, field->name, length);
        memcpy(to + 1 + length, "\":", 3);
        json->buf->length += length + 3 + json->comma;
    }
    json->comma = false;
}

static void write_object(const ec_json_out *out, const ec_entity *entity, const void *object,
                         ec_walk_money money)
{
    money = ec_walk_money_in(entity, object, money);
    ec_json_object(out->json);
    for (size_t at = 0; at < entity->count; at++) {
        const ec_field *field = &entity->fields[at];
        if (out->secrets || !(field->flags & EC_FIELD_SECRET)) {
            write_key(out->json, field);
            ec_field_write_json(out, field, object, money);
        }
    }
    ec_json_object_end(out->json);
}

static void write_items(const ec_json_out *out, const ec_field *field, const void *object,
                        ec_walk_money money)
{
    size_t count = ec_field_count(field, object);
    const void *items = ec_field_get_pointer(field, object);
    ec_json_array(out->json);
    for (size_t at = 0; at < count; at++) {
        if (field->type == EC_FIELD_TEXTS) {
            ec_json_text(out->json, ((const char *const *)items)[at]);
        } else {
            write_object(out, field->target, (const char *)items + at * field->target->size, money);
        }
    }
    ec_json_array_end(out->json);
}

/* An empty text is a moment that the calendar does not have. */
static void write_number_text(const ec_json_out *out, const ec_field *field, int64_t value,
                              int decimals)
{
    char buffer[EC_NUMBER_TEXT_MAX];
    const char *text = ec_walk_number(field, value, decimals, buffer);
    if (field->type == EC_FIELD_TIME) {
        ec_json_text(out->json, *text ? text : NULL);
    } else {
        ec_json_raw(out->json, text);
    }
}

static void write_number(const ec_json_out *out, const ec_field *field, int64_t value, int decimals)
{
    switch (field->type) {
    case EC_FIELD_ID:
    case EC_FIELD_REF:
    case EC_FIELD_INT: ec_json_int(out->json, value); break;
    case EC_FIELD_BOOL: ec_json_bool(out->json, value != 0); break;
    case EC_FIELD_ENUM: ec_json_text(out->json, ec_field_enum_name(field, (int)value)); break;
    case EC_FIELD_MONEY:
    case EC_FIELD_DECIMAL:
    case EC_FIELD_TIME: write_number_text(out, field, value, decimals); break;
    case EC_FIELD_TEXT:
    case EC_FIELD_JSON:
    case EC_FIELD_STRUCT:
    case EC_FIELD_LIST:
    case EC_FIELD_TEXTS: break;
    }
}

void ec_field_write_json(const ec_json_out *out, const ec_field *field, const void *object,
                         ec_walk_money money)
{
    const void *nested;
    int64_t value;
    switch (field->type) {
    case EC_FIELD_ID:
    case EC_FIELD_REF:
    case EC_FIELD_INT:
    case EC_FIELD_BOOL:
    case EC_FIELD_ENUM:
    case EC_FIELD_MONEY:
    case EC_FIELD_DECIMAL:
    case EC_FIELD_TIME:
        value = ec_field_get_int(field, object);
        if (value == 0 && ec_field_zero_is_null(field)) {
            ec_json_null(out->json);
        } else {
            write_number(out, field, value, money.decimals);
        }
        break;
    case EC_FIELD_TEXT: ec_json_text(out->json, ec_field_get_text(field, object)); break;
    case EC_FIELD_JSON: write_any(out, ec_field_get_text(field, object)); break;
    case EC_FIELD_STRUCT:
        nested = ec_field_get_pointer(field, object);
        if (nested) {
            write_object(out, field->target, nested, money);
        } else {
            ec_json_null(out->json);
        }
        break;
    case EC_FIELD_LIST:
    case EC_FIELD_TEXTS: write_items(out, field, object, money); break;
    }
}

void ec_entity_write_json(ec_json_writer *json, const ec_entity *entity, const void *object,
                          const char *currency)
{
    const ec_json_out out = {.json = json};
    if (object) {
        write_object(&out, entity, object, ec_walk_money_of(currency));
    } else {
        ec_json_null(json);
    }
}

void ec_entity_store_json(ec_json_writer *json, const ec_entity *entity, const void *object,
                          const char *currency)
{
    const ec_json_out out = {.json = json, .secrets = true};
    if (object) {
        write_object(&out, entity, object, ec_walk_money_of(currency));
    } else {
        ec_json_null(json);
    }
}
