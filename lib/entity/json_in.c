/* SPDX-License-Identifier: MIT */
/*
 * json_in.c - objects out of JSON trees, strictly: every key must be a field that may be given, and
 * every value must fit the field's type exactly.
 *
 * All that is wrong is reported at once. Amounts are read from the digits as they were written, in
 * the currency of their object wherever its key stands. What a value may be beyond its type is
 * check.c's part.
 * It refuses to guess: no numbers in texts (but for amounts and decimals, which other systems send
 * so to keep them exact), no rounding, no null for a number that has none.
 */
#include <ecommerce/limits.h>
#include <ecommerce/money.h>

#include <string.h>

#include "base/text.h"
#include "entity/walk.h"

#define EC_KEY_SHOWN_MAX 64 /* bytes of an unknown key in an error */

/* What the field wants, for the rule "type". */
static void wrong_type(ec_json_in *in, const char *field, const char *wanted)
{
    ec_check_add(in->check, field, "type", "%s is needed.", wanted);
}

/* A text without NUL, or NULL after an error. field: as for ec_check_add. */
static const char *read_text(ec_json_in *in, const char *field, const ec_json *value)
{
    if (value->type != EC_JSON_TEXT) {
        wrong_type(in, field, "A text");
    } else if (memchr(value->text, '\0', value->length)) {
        ec_check_add(in->check, field, "utf8", "A text may not hold the character U+0000.");
    } else {
        return value->text;
    }
    return NULL;
}

/* ---- numbers --------------------------------------------------------------------------------- */

/* More decimals than fit; for amounts it is the currency that does not have them. */
static void too_fine(ec_json_in *in, const ec_field *field, ec_walk_money money)
{
    const ec_currency *currency =
        field->type == EC_FIELD_MONEY && money.currency ? ec_currency_find(money.currency) : NULL;
    const char *of = currency ? " in " : "";
    const char *code = currency ? currency->code : "";
    if (money.decimals == 0) {
        ec_check_add(in->check, field->name, "decimals",
                     "No digits behind the decimal point are allowed%s%s.", of, code);
    } else {
        ec_check_add(in->check, field->name, "decimals",
                     "At most %d digits behind the decimal point are allowed%s%s.", money.decimals,
                     of, code);
    }
}

/* A number with at most so many decimals, from a literal or, unless it is whole, from a text. */
static bool read_scaled(ec_json_in *in, const ec_field *field, const ec_json *value,
                        ec_walk_money money, bool whole, int64_t *out)
{
    int64_t ignored;
    bool text = value->type == EC_JSON_TEXT && !whole && !memchr(value->text, '\0', value->length);
    bool number = value->type == EC_JSON_NUMBER;
    ec_status status =
        number || text ? ec_parse_decimal(value->text, money.decimals, out) : EC_INVALID;
    if (status == EC_OVERFLOW) {
        ec_check_range(in->check, field, value->text[0] != '-', money.decimals);
    } else if (status != EC_OK && whole) {
        wrong_type(in, field->name, "A whole number");
    } else if (status != EC_OK) {
        number = number || (text && ec_parse_decimal(value->text, 18, &ignored) != EC_INVALID);
        if (number) {
            too_fine(in, field, money);
        } else {
            wrong_type(in, field->name, "A decimal number");
        }
    }
    return status == EC_OK;
}

static bool read_bool(ec_json_in *in, const ec_field *field, const ec_json *value, int64_t *out)
{
    if (value->type != EC_JSON_BOOL) {
        wrong_type(in, field->name, "Either true or false");
        return false;
    }
    *out = value->boolean;
    return true;
}

static bool read_time(ec_json_in *in, const ec_field *field, const ec_json *value, int64_t *out)
{
    ec_time time = 0;
    if (value->type != EC_JSON_TEXT) {
        wrong_type(in, field->name, "A text such as 2026-11-24T18:35:44Z");
        return false;
    }
    if (memchr(value->text, '\0', value->length) || ec_time_parse(value->text, &time) != EC_OK) {
        ec_check_add(in->check, field->name, "time",
                     "A moment of RFC 3339 is needed, such as 2026-11-24T18:35:44Z.");
        return false;
    }
    *out = time;
    return true;
}

static void wrong_enum(ec_json_in *in, const ec_field *field)
{
    char names[256];
    size_t used = 0;
    for (size_t at = 0; field->names[at]; at++) {
        size_t length = strlen(field->names[at]);
        if (length + 6 >= sizeof names - used) {
            memcpy(names + used, ", …", sizeof ", …" - 1);
            used += sizeof ", …" - 1;
            break;
        }
        memcpy(names + used, ", ", at > 0 ? 2 : 0);
        used += at > 0 ? 2 : 0;
        memcpy(names + used, field->names[at], length);
        used += length;
    }
    ec_check_add(in->check, field->name, "enum", "One of these is needed: %.*s.", (int)used, names);
}

static bool read_enum(ec_json_in *in, const ec_field *field, const ec_json *value, int64_t *out)
{
    if (value->type != EC_JSON_TEXT) {
        wrong_type(in, field->name, "A text");
        return false;
    }
    for (int at = 0; field->names[at]; at++) {
        if (strlen(field->names[at]) == value->length &&
            memcmp(field->names[at], value->text, value->length) == 0) {
            *out = at;
            return true;
        }
    }
    wrong_enum(in, field);
    return false;
}

static bool read_number(ec_json_in *in, const ec_field *field, const ec_json *value,
                        ec_walk_money money, int64_t *out)
{
    const ec_walk_money whole = {.decimals = 0};
    const ec_walk_money fixed = {.decimals = field->scale};
    switch (field->type) {
    case EC_FIELD_ID:
    case EC_FIELD_REF:
    case EC_FIELD_INT: return read_scaled(in, field, value, whole, true, out);
    case EC_FIELD_MONEY: return read_scaled(in, field, value, money, false, out);
    case EC_FIELD_DECIMAL: return read_scaled(in, field, value, fixed, false, out);
    case EC_FIELD_BOOL: return read_bool(in, field, value, out);
    case EC_FIELD_TIME: return read_time(in, field, value, out);
    case EC_FIELD_ENUM: return read_enum(in, field, value, out);
    case EC_FIELD_TEXT:
    case EC_FIELD_JSON:
    case EC_FIELD_STRUCT:
    case EC_FIELD_LIST:
    case EC_FIELD_TEXTS: break;
    }
    return false;
}

static void read_any_number(ec_json_in *in, const ec_field *field, const ec_json *value,
                            ec_walk_money money, void *object)
{
    int64_t number = 0;
    if (value->type != EC_JSON_NULL) {
        if (read_number(in, field, value, money, &number)) {
            ec_field_set_int(field, object, number);
        }
    } else if (!ec_field_zero_is_null(field)) {
        ec_check_add(in->check, field->name, "type", "It has a value always; null is none.");
    }
}

/* ---- fields with parts ----------------------------------------------------------------------- */

/* Any JSON, kept as its shortest text. */
static void read_any(ec_json_in *in, const ec_field *field, const ec_json *value, void *object)
{
    ec_buf buf;
    ec_json_writer json;
    const char *text = NULL;
    if (value->type == EC_JSON_NULL) {
        return;
    }
    ec_buf_init(&buf, in->arena->platform, EC_JSON_SIZE_MAX);
    ec_json_begin(&json, &buf);
    ec_json_write_tree(&json, value);
    if (buf.status == EC_OK) {
        text = ec_arena_text(in->arena, ec_buf_text(&buf), buf.length);
    }
    if (buf.status == EC_LIMIT) {
        ec_check_add(in->check, field->name, "max_length", "At most %u bytes are allowed.",
                     EC_JSON_SIZE_MAX);
    } else if (!text) {
        in->check->status = EC_NO_MEMORY;
    }
    ec_buf_clear(&buf);
    ec_field_set_text(field, object, text);
}

/* Begin so many nested objects; false when there are too many or memory is out. */
static bool begin_objects(ec_json_in *in, const ec_field *field, const ec_json *value, size_t size,
                          size_t max, void **objects)
{
    size_t count = value->type == EC_JSON_ARRAY ? value->count : 1;
    size_t most = EC_OBJECTS_MAX - in->objects;
    if (count > max || count > most) {
        ec_check_add(in->check, field->name, "max_items",
                     "At most %zu items are allowed; there are %zu.", max < most ? max : most,
                     count);
        return false;
    }
    in->objects += count;
    *objects = count > 0 ? ec_arena_array(in->arena, count, size) : NULL;
    if (count > 0 && !*objects) {
        in->check->status = EC_NO_MEMORY;
        return false;
    }
    return true;
}

static void read_object(ec_json_in *in, const ec_entity *entity, const ec_json *value,
                        ec_walk_money money, void *object, ec_mask *fields);

/* An object inside another one is complete or wrong. */
static void read_nested(ec_json_in *in, const ec_field *field, const ec_json *value,
                        ec_walk_money money, void *object)
{
    ec_mask seen = 0;
    if (value->type != EC_JSON_OBJECT) {
        wrong_type(in, NULL, "An object");
        return;
    }
    read_object(in, field->target, value, money, object, &seen);
    for (size_t at = 0; !in->trusted && at < field->target->count; at++) {
        const ec_field *own = &field->target->fields[at];
        if (!(seen >> at & 1) && own->flags & EC_FIELD_REQUIRED &&
            !(own->flags & EC_FIELD_READONLY)) {
            ec_check_add(in->check, own->name, "required", "It may be neither missing nor empty.");
        }
    }
}

static void read_struct(ec_json_in *in, const ec_field *field, const ec_json *value,
                        ec_walk_money money, void *object)
{
    void *nested = NULL;
    ec_path path;
    if (value->type == EC_JSON_NULL) {
        return;
    }
    if (value->type != EC_JSON_OBJECT) {
        wrong_type(in, field->name, "An object");
        return;
    }
    if (begin_objects(in, field, value, field->target->size, SIZE_MAX, &nested)) {
        ec_check_enter(in->check, &path, field->name, EC_PATH_WHOLE);
        read_nested(in, field, value, money, nested);
        ec_check_leave(in->check);
        ec_field_set_pointer(field, object, nested);
    }
}

static void read_items(ec_json_in *in, const ec_field *field, const ec_json *value,
                       ec_walk_money money, void *object)
{
    void *items = NULL;
    bool texts = field->type == EC_FIELD_TEXTS;
    size_t size = texts ? sizeof(const char *) : field->target->size;
    size_t max = in->trusted ? SIZE_MAX : (size_t)ec_field_max(field);
    ec_path path;
    if (value->type == EC_JSON_NULL) {
        return;
    }
    if (value->type != EC_JSON_ARRAY) {
        wrong_type(in, field->name, "An array");
        return;
    }
    if (!begin_objects(in, field, value, size, max, &items)) {
        return;
    }
    ec_check_enter(in->check, &path, field->name, 0);
    for (const ec_json *item = value->child; item; item = item->next, path.index++) {
        if (texts) {
            ((const char **)items)[path.index] = read_text(in, NULL, item);
        } else {
            read_nested(in, field, item, money, (char *)items + path.index * size);
        }
    }
    ec_check_leave(in->check);
    ec_field_set_items(field, object, items, value->count);
}

void ec_field_read_json(ec_json_in *in, const ec_field *field, const ec_json *value,
                        ec_walk_money money, void *object)
{
    switch (field->type) {
    case EC_FIELD_ID:
    case EC_FIELD_REF:
    case EC_FIELD_INT:
    case EC_FIELD_BOOL:
    case EC_FIELD_ENUM:
    case EC_FIELD_MONEY:
    case EC_FIELD_DECIMAL:
    case EC_FIELD_TIME: read_any_number(in, field, value, money, object); break;
    case EC_FIELD_TEXT:
        if (value->type != EC_JSON_NULL) {
            ec_field_set_text(field, object, read_text(in, field->name, value));
        }
        break;
    case EC_FIELD_JSON: read_any(in, field, value, object); break;
    case EC_FIELD_STRUCT: read_struct(in, field, value, money, object); break;
    case EC_FIELD_LIST:
    case EC_FIELD_TEXTS: read_items(in, field, value, money, object); break;
    }
}

/* ---- objects --------------------------------------------------------------------------------- */

/* The field of a key; keys mostly come in the order of the fields, so the search starts at next. */
static const ec_field *find_field(const ec_entity *entity, const ec_json *member, size_t *next)
{
    for (size_t tried = 0; tried < entity->count; tried++) {
        size_t at = *next < entity->count ? *next : 0;
        const ec_field *field = &entity->fields[at];
        *next = at + 1;
        if (field->name_length == member->key_length &&
            memcmp(field->name, member->key, member->key_length) == 0) {
            return field;
        }
    }
    return NULL;
}

/* An unknown key, cut to a length that can be shown. */
static void unknown_key(ec_json_in *in, const ec_json *member)
{
    char shown[EC_KEY_SHOWN_MAX + 1];
    size_t length = 0;
    while (length < member->key_length && member->key[length]) {
        size_t step = ec_utf8_sequence(member->key + length, member->key_length - length);
        if (step == 0 || length + step > EC_KEY_SHOWN_MAX) {
            break;
        }
        length += step;
    }
    memcpy(shown, length > 0 ? member->key : "?", length > 0 ? length : 1);
    shown[length > 0 ? length : 1] = '\0';
    ec_check_add(in->check, shown, "unknown", "There is no such field.");
}

/* May this field be given? */
static bool is_accepted(ec_json_in *in, const ec_field *field)
{
    bool accepted = in->trusted || !(field->flags & EC_FIELD_READONLY);
    if (!accepted) {
        ec_check_add(in->check, field->name, "readonly", "It is set by the shop itself.");
    }
    return accepted;
}

/* The currency that the object's text names, if it names one, else that of the outer one. */
static ec_walk_money find_money(const ec_json_in *in, const ec_entity *entity, const ec_json *value,
                                ec_walk_money outer)
{
    for (size_t at = 0; at < entity->count; at++) {
        const ec_field *field = &entity->fields[at];
        if (field->flags & EC_FIELD_CURRENCY &&
            (in->trusted || !(field->flags & EC_FIELD_READONLY))) {
            const ec_json *own = ec_json_member(value, field->name);
            bool named = own && own->type == EC_JSON_TEXT && own->length > 0;
            return named ? ec_walk_money_of(own->text) : outer;
        }
    }
    return outer;
}

static void read_object(ec_json_in *in, const ec_entity *entity, const ec_json *value,
                        ec_walk_money money, void *object, ec_mask *fields)
{
    size_t next = 0;
    ec_entity_defaults(entity, object);
    money = find_money(in, entity, value, money);
    for (const ec_json *member = value->child; member; member = member->next) {
        const ec_field *field = find_field(entity, member, &next);
        if (!field && !in->trusted) {
            unknown_key(in, member);
        } else if (field && is_accepted(in, field)) {
            *fields |= (ec_mask)1 << (size_t)(field - entity->fields);
            ec_field_read_json(in, field, member, money, object);
        }
    }
}

ec_status ec_entity_read_json(ec_arena *arena, const ec_entity *entity, const ec_json *json,
                              const char *currency, bool trusted, void *object, ec_mask *fields,
                              ec_check *check)
{
    ec_json_in in = {.arena = arena, .check = check, .trusted = trusted};
    ec_mask seen = 0;
    if (json->type == EC_JSON_OBJECT) {
        read_object(&in, entity, json, ec_walk_money_of(currency), object, &seen);
    } else {
        wrong_type(&in, NULL, "An object");
    }
    if (fields) {
        *fields = seen;
    }
    return check->status;
}
