/* SPDX-License-Identifier: MIT */
/*
 * equal.c - are two objects the same, field by field?
 *
 * Importers ask it to tell "updated" from "unchanged". JSON members are compared as texts without
 * the blanks between their tokens; the order of keys counts, so at worst an object is written once
 * too often. It refuses to look at padding and at what the mask leaves out.
 */
#include <string.h>

#include "entity/entity.h"

static bool texts_equal(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool json_equal(const char *a, const char *b)
{
    bool quoted = false;
    bool escaped = false;
    if (!a || !b) {
        return a == b;
    }
    for (;; a++, b++) {
        while (!quoted && is_blank(*a)) {
            a++;
        }
        while (!quoted && is_blank(*b)) {
            b++;
        }
        if (*a != *b || *a == '\0') {
            return *a == *b;
        }
        quoted ^= *a == '"' && !escaped;
        escaped = quoted && *a == '\\' && !escaped;
    }
}

static bool field_equal(const ec_field *field, const void *a, const void *b);

static bool objects_equal(const ec_entity *entity, const void *a, const void *b, ec_mask fields)
{
    for (size_t at = 0; at < entity->count; at++) {
        if (fields >> at & 1 && !field_equal(&entity->fields[at], a, b)) {
            return false;
        }
    }
    return true;
}

static bool items_equal(const ec_field *field, const void *a, const void *b)
{
    size_t count = ec_field_count(field, a);
    const char *left = ec_field_get_pointer(field, a);
    const char *right = ec_field_get_pointer(field, b);
    bool equal = count == ec_field_count(field, b);
    for (size_t at = 0; equal && at < count; at++) {
        size_t place = field->target ? at * field->target->size : 0;
        equal = field->type == EC_FIELD_TEXTS
                    ? texts_equal(((const char *const *)(const void *)left)[at],
                                  ((const char *const *)(const void *)right)[at])
                    : objects_equal(field->target, left + place, right + place, EC_MASK_ALL);
    }
    return equal;
}

static bool field_equal(const ec_field *field, const void *a, const void *b)
{
    const void *left;
    const void *right;
    switch (field->type) {
    case EC_FIELD_ID:
    case EC_FIELD_REF:
    case EC_FIELD_INT:
    case EC_FIELD_BOOL:
    case EC_FIELD_MONEY:
    case EC_FIELD_TIME:
    case EC_FIELD_ENUM:
    case EC_FIELD_DECIMAL: return ec_field_get_int(field, a) == ec_field_get_int(field, b);
    case EC_FIELD_TEXT:
        return texts_equal(ec_field_get_text(field, a), ec_field_get_text(field, b));
    case EC_FIELD_JSON: return json_equal(ec_field_get_text(field, a), ec_field_get_text(field, b));
    case EC_FIELD_STRUCT:
        left = ec_field_get_pointer(field, a);
        right = ec_field_get_pointer(field, b);
        return left == right ||
               (left && right && objects_equal(field->target, left, right, EC_MASK_ALL));
    case EC_FIELD_LIST:
    case EC_FIELD_TEXTS: return items_equal(field, a, b);
    }
    return false;
}

bool ec_entity_equal(const ec_entity *entity, const void *a, const void *b, ec_mask fields)
{
    return a == b || (a && b && objects_equal(entity, a, b, fields));
}
