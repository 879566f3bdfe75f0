/* SPDX-License-Identifier: MIT */
/*
 * check.c - the rules of the tables, applied to an object that a caller wants to write.
 *
 * All broken rules are collected, each with a message that tells the limit and what was given.
 * Nested objects must be complete, also in an update, since they replace what was there.
 * It refuses to read the storage: uniqueness, references and states belong to the operations.
 */
#include <ecommerce/limits.h>

#include <inttypes.h>
#include <string.h>

#include "base/text.h"
#include "entity/walk.h"

/* ---- helpers that the readers share ---------------------------------------------------------- */

ec_walk_money ec_walk_money_of(const char *currency)
{
    return (ec_walk_money){.currency = currency, .decimals = ec_currency_decimals(currency)};
}

ec_walk_money ec_walk_money_in(const ec_entity *entity, const void *object, ec_walk_money outer)
{
    const char *currency = ec_entity_currency(entity, object, outer.currency);
    bool same = currency == outer.currency ||
                (currency && outer.currency && strcmp(currency, outer.currency) == 0);
    return same ? outer : ec_walk_money_of(currency);
}

const char *ec_walk_number(const ec_field *field, int64_t value, int decimals,
                           char buffer[EC_NUMBER_TEXT_MAX])
{
    switch (field->type) {
    case EC_FIELD_MONEY:
        return ec_format_decimal(value, decimals, decimals, buffer, EC_NUMBER_TEXT_MAX);
    case EC_FIELD_DECIMAL:
        return ec_format_decimal(value, field->scale, 0, buffer, EC_NUMBER_TEXT_MAX);
    case EC_FIELD_TIME: return ec_time_format(value, buffer, EC_NUMBER_TEXT_MAX);
    case EC_FIELD_ID:
    case EC_FIELD_REF:
    case EC_FIELD_INT:
    case EC_FIELD_BOOL:
    case EC_FIELD_ENUM:
    case EC_FIELD_TEXT:
    case EC_FIELD_JSON:
    case EC_FIELD_STRUCT:
    case EC_FIELD_LIST:
    case EC_FIELD_TEXTS: break;
    }
    return ec_format_decimal(value, 0, 0, buffer, EC_NUMBER_TEXT_MAX);
}

void ec_check_range(ec_check *check, const ec_field *field, bool above, int decimals)
{
    char limit[EC_NUMBER_TEXT_MAX];
    int64_t value = above ? ec_field_max(field) : ec_field_min(field);
    ec_check_add(check, field->name, above ? "max" : "min",
                 above ? "At most %s is allowed." : "At least %s is needed.",
                 ec_walk_number(field, value, decimals, limit));
}

/* ---- single fields --------------------------------------------------------------------------- */

static void check_required(ec_check *check, const ec_field *field)
{
    if (field->flags & EC_FIELD_REQUIRED) {
        ec_check_add(check, field->name, "required", "It may be neither missing nor empty.");
    }
}

static void check_number(ec_check *check, const ec_field *field, const void *object, int decimals)
{
    int64_t value = ec_field_get_int(field, object);
    if (value == 0 && ec_field_zero_is_null(field)) {
        check_required(check, field);
    } else if (value < ec_field_min(field)) {
        ec_check_range(check, field, false, decimals);
    } else if (value > ec_field_max(field)) {
        ec_check_range(check, field, true, decimals);
    }
}

static void check_enum(ec_check *check, const ec_field *field, const void *object)
{
    int64_t value = ec_field_get_int(field, object);
    if (!ec_field_enum_name(field, (int)value)) {
        ec_check_add(check, field->name, "enum", "%" PRId64 " is none of the %" PRId64 " values.",
                     value, ec_field_max(field) + 1);
    }
}

/* UTF-8 and length; false when something was wrong. field: as for ec_check_add. */
static bool check_length(ec_check *check, const char *field, const char *text, int64_t min,
                         int64_t max)
{
    int64_t points = ec_utf8_count(text, strlen(text));
    if (points < 0) {
        ec_check_add(check, field, "utf8", "The text is not valid UTF-8.");
    } else if (points < min) {
        ec_check_add(check, field, "min_length",
                     "At least %" PRId64 " characters are needed; there are %" PRId64 ".", min,
                     points);
    } else if (points > max) {
        ec_check_add(check, field, "max_length",
                     "At most %" PRId64 " characters are allowed; there are %" PRId64 ".", max,
                     points);
    } else {
        return true;
    }
    return false;
}

static void check_text(ec_check *check, const ec_field *field, const void *object)
{
    const char *text = ec_field_get_text(field, object);
    bool empty = !text || !*text;
    if (empty && (!text || field->flags & EC_FIELD_REQUIRED)) {
        check_required(check, field);
    } else if (check_length(check, field->name, text, ec_field_min(field), ec_field_max(field))) {
        const ec_format *format = ec_format_find(field->format);
        if (format && !format->holds(text)) {
            ec_check_add(check, field->name, format->name, "%s", format->message);
        }
    }
}

static int json_depth(const ec_json *value)
{
    int deepest = 0;
    for (const ec_json *child = value->child; child; child = child->next) {
        int depth = json_depth(child);
        deepest = depth > deepest ? depth : deepest;
    }
    return deepest + (value->type == EC_JSON_ARRAY || value->type == EC_JSON_OBJECT);
}

static void check_json(ec_check *check, const ec_field *field, const void *object)
{
    const char *text = ec_field_get_text(field, object);
    ec_json *value = NULL;
    size_t offset = 0;
    const char *problem = "";
    if (!text) {
        check_required(check, field);
        return;
    }
    if (!check_length(check, field->name, text, ec_field_min(field), ec_field_max(field))) {
        return;
    }
    ec_arena_mark mark = ec_arena_save(check->arena);
    ec_status status = ec_json_parse(check->arena, text, strlen(text), &value, &offset, &problem);
    int depth = status == EC_OK ? json_depth(value) : 0;
    ec_arena_restore(check->arena, mark);
    if (status == EC_NO_MEMORY) {
        check->status = EC_NO_MEMORY;
    } else if (status != EC_OK) {
        ec_check_add(check, field->name, "json", "No JSON at byte %zu: %s.", offset, problem);
    } else if (depth > EC_JSON_FIELD_DEPTH_MAX) {
        ec_check_add(check, field->name, "json", "At most %d levels are allowed; there are %d.",
                     EC_JSON_FIELD_DEPTH_MAX, depth);
    }
}

/* ---- fields with parts ----------------------------------------------------------------------- */

/* Is the number of items allowed? Else they are not looked at. */
static bool check_count(ec_check *check, const ec_field *field, size_t count)
{
    int64_t min = ec_field_min(field);
    int64_t max = ec_field_max(field);
    if (count == 0 && field->flags & EC_FIELD_REQUIRED) {
        check_required(check, field);
    } else if (count < (uint64_t)min) {
        ec_check_add(check, field->name, "min_items",
                     "At least %" PRId64 " items are needed; there are %zu.", min, count);
    } else if (count > (uint64_t)max) {
        ec_check_add(check, field->name, "max_items",
                     "At most %" PRId64 " items are allowed; there are %zu.", max, count);
    } else {
        return true;
    }
    return false;
}

static void check_object(const ec_entity *entity, const void *object, ec_mask fields, bool complete,
                         ec_walk_money money, ec_check *check);

static void check_struct(ec_check *check, const ec_field *field, const void *object,
                         ec_walk_money money)
{
    const void *nested = ec_field_get_pointer(field, object);
    if (!nested) {
        check_required(check, field);
        return;
    }
    ec_path path;
    ec_check_enter(check, &path, field->name, EC_PATH_WHOLE);
    check_object(field->target, nested, EC_MASK_ALL, true, money, check);
    ec_check_leave(check);
}

static void check_items(ec_check *check, const ec_field *field, const void *object,
                        ec_walk_money money)
{
    size_t count = ec_field_count(field, object);
    const void *items = ec_field_get_pointer(field, object);
    size_t claimed = *(const size_t *)((const char *)object + field->count_offset);
    ec_path path;
    if (claimed > count) {
        ec_check_add(check, field->name, "required", "%zu items are counted, but none is given.",
                     claimed);
        return;
    }
    if (!check_count(check, field, count)) {
        return;
    }
    ec_check_enter(check, &path, field->name, 0);
    for (; path.index < count && check->count < EC_FIELD_ERRORS_MAX; path.index++) {
        if (field->type == EC_FIELD_LIST) {
            check_object(field->target, (const char *)items + path.index * field->target->size,
                         EC_MASK_ALL, true, money, check);
            continue;
        }
        const char *text = ((const char *const *)items)[path.index];
        if (!text || !*text) {
            ec_check_add(check, NULL, "required", "It may be neither missing nor empty.");
        } else {
            (void)check_length(check, NULL, text, 1, EC_TEXTS_ITEM_MAX);
        }
    }
    ec_check_leave(check);
}

static void check_field(ec_check *check, const ec_field *field, const void *object,
                        ec_walk_money money)
{
    switch (field->type) {
    case EC_FIELD_ID:
    case EC_FIELD_REF:
    case EC_FIELD_INT:
    case EC_FIELD_MONEY:
    case EC_FIELD_TIME:
    case EC_FIELD_DECIMAL: check_number(check, field, object, money.decimals); break;
    case EC_FIELD_ENUM: check_enum(check, field, object); break;
    case EC_FIELD_TEXT: check_text(check, field, object); break;
    case EC_FIELD_JSON: check_json(check, field, object); break;
    case EC_FIELD_STRUCT: check_struct(check, field, object, money); break;
    case EC_FIELD_LIST:
    case EC_FIELD_TEXTS: check_items(check, field, object, money); break;
    case EC_FIELD_BOOL: break;
    }
}

static void check_object(const ec_entity *entity, const void *object, ec_mask fields, bool complete,
                         ec_walk_money money, ec_check *check)
{
    size_t before = check->count;
    money = ec_walk_money_in(entity, object, money);
    for (size_t at = 0; at < entity->count; at++) {
        const ec_field *field = &entity->fields[at];
        bool given = fields >> at & 1;
        bool kept = !complete && field->flags & EC_FIELD_IMMUTABLE;
        if (field->flags & EC_FIELD_READONLY || (kept && fields == EC_MASK_ALL)) {
            continue;
        }
        if (given && kept) {
            ec_check_add(check, field->name, "immutable", "It cannot change any more.");
        } else if (given) {
            check_field(check, field, object, money);
        } else if (complete) {
            check_required(check, field);
        }
    }
    if (entity->check && check->count == before && check->status != EC_NO_MEMORY) {
        entity->check(object, fields, check);
    }
}

void ec_entity_check(const ec_entity *entity, const void *object, ec_mask fields, bool complete,
                     ec_check *check)
{
    check_object(entity, object, fields, complete, ec_walk_money_of(NULL), check);
}
