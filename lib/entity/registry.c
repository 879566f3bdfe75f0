/* SPDX-License-Identifier: MIT */
/*
 * registry.c - the public, read-only view of the tables.
 *
 * Look-ups go through the constant list of lib/model/registry.c: a few dozen names, compared one by
 * one. Every function takes NULL and answers nothing. It refuses to change anything, so any thread
 * may use it at any time.
 */
#include <ecommerce/limits.h>

#include <string.h>

#include "entity/entity.h"

/* The widest range of a TIME: years 0001 to 9999. */
#define EC_TIME_LEAST INT64_C(-62135596800000)
#define EC_TIME_GREATEST INT64_C(253402300799999)

/* ---- entities -------------------------------------------------------------------------------- */

const ec_entity *ec_entity_find(const char *name)
{
    for (const ec_entity *const *entity = ec_entities; name && *entity; entity++) {
        if (strcmp((*entity)->name, name) == 0) {
            return *entity;
        }
    }
    return NULL;
}

const ec_entity *ec_entity_next(const ec_entity *previous)
{
    if (!previous) {
        return ec_entities[0];
    }
    for (const ec_entity *const *entity = ec_entities; *entity; entity++) {
        if (*entity == previous) {
            return entity[1];
        }
    }
    return NULL;
}

const char *ec_entity_name(const ec_entity *entity)
{
    return entity ? entity->name : NULL;
}

const char *ec_entity_doc(const ec_entity *entity)
{
    return entity ? entity->doc : NULL;
}

const char *ec_entity_table(const ec_entity *entity)
{
    return entity ? entity->table : NULL;
}

/* ---- fields ---------------------------------------------------------------------------------- */

/* The field's place in the entity's table; the count when it belongs to another one. */
static size_t field_place(const ec_entity *entity, const ec_field *field)
{
    size_t at = 0;
    while (at < entity->count && &entity->fields[at] != field) {
        at++;
    }
    return at;
}

/* The field of a name of so many bytes. */
static const ec_field *field_named(const ec_entity *entity, const char *name, size_t length)
{
    for (size_t at = 0; at < entity->count; at++) {
        const ec_field *field = &entity->fields[at];
        if (field->name_length == length && memcmp(field->name, name, length) == 0) {
            return field;
        }
    }
    return NULL;
}

const ec_field *ec_field_find(const ec_entity *entity, const char *name)
{
    return entity && name ? field_named(entity, name, strlen(name)) : NULL;
}

const ec_field *ec_field_next(const ec_entity *entity, const ec_field *previous)
{
    if (!entity) {
        return NULL;
    }
    size_t next = previous ? field_place(entity, previous) + 1 : 0;
    return next < entity->count ? &entity->fields[next] : NULL;
}

const char *ec_field_name(const ec_field *field)
{
    return field ? field->name : NULL;
}

const char *ec_field_doc(const ec_field *field)
{
    return field ? field->doc : NULL;
}

ec_field_type ec_field_type_of(const ec_field *field)
{
    return field ? field->type : EC_FIELD_ID;
}

unsigned ec_field_flags(const ec_field *field)
{
    return field ? field->flags : 0;
}

static int64_t enum_count(const ec_field *field)
{
    int64_t count = 0;
    while (field->names && field->names[count]) {
        count++;
    }
    return count;
}

/* What the type allows where the row says nothing. */
static int64_t type_least(const ec_field *field)
{
    switch (field->type) {
    case EC_FIELD_INT:
    case EC_FIELD_DECIMAL: return INT64_MIN;
    case EC_FIELD_MONEY: return -EC_AMOUNT_MAX;
    case EC_FIELD_TIME: return EC_TIME_LEAST;
    case EC_FIELD_ID:
    case EC_FIELD_REF:
    case EC_FIELD_BOOL:
    case EC_FIELD_ENUM:
    case EC_FIELD_TEXT:
    case EC_FIELD_JSON:
    case EC_FIELD_STRUCT:
    case EC_FIELD_LIST:
    case EC_FIELD_TEXTS: break;
    }
    return 0;
}

static int64_t type_greatest(const ec_field *field)
{
    switch (field->type) {
    case EC_FIELD_ID:
    case EC_FIELD_REF:
    case EC_FIELD_INT:
    case EC_FIELD_DECIMAL: return INT64_MAX;
    case EC_FIELD_MONEY: return EC_AMOUNT_MAX;
    case EC_FIELD_TIME: return EC_TIME_GREATEST;
    case EC_FIELD_BOOL: return 1;
    case EC_FIELD_ENUM: return enum_count(field) - 1;
    case EC_FIELD_TEXT:
    case EC_FIELD_JSON: return EC_TEXT_MAX;
    case EC_FIELD_LIST:
    case EC_FIELD_TEXTS: return EC_ITEMS_MAX;
    case EC_FIELD_STRUCT: break;
    }
    return 0;
}

int64_t ec_field_min(const ec_field *field)
{
    if (!field) {
        return 0;
    }
    return field->min == 0 && field->max == 0 ? type_least(field) : field->min;
}

int64_t ec_field_max(const ec_field *field)
{
    if (!field) {
        return 0;
    }
    return field->max == 0 && field->min >= 0 ? type_greatest(field) : field->max;
}

int ec_field_scale(const ec_field *field)
{
    return field && field->type == EC_FIELD_DECIMAL ? field->scale : 0;
}

const char *ec_field_enum_name(const ec_field *field, int value)
{
    if (!field || !field->names || value < 0 || value >= enum_count(field)) {
        return NULL;
    }
    return field->names[value];
}

const ec_entity *ec_field_target(const ec_field *field)
{
    return field ? field->target : NULL;
}

ec_mask ec_field_bit(const ec_entity *entity, const ec_field *field)
{
    if (!entity || !field) {
        return 0;
    }
    size_t at = field_place(entity, field);
    return at < entity->count ? (ec_mask)1 << at : 0;
}

ec_mask ec_mask_of(const char *entity, const char *fields)
{
    const ec_entity *found = ec_entity_find(entity);
    ec_mask mask = 0;
    while (found && fields) {
        size_t length = strcspn(fields, ",");
        const ec_field *field = field_named(found, fields, length);
        if (!field) {
            return 0;
        }
        mask |= ec_field_bit(found, field);
        if (fields[length] == '\0') {
            return mask;
        }
        fields += length + 1;
    }
    return 0;
}
