/* SPDX-License-Identifier: MIT */
/*
 * value.c - the members behind the fields: numbers, pointers, counts, and the object's currency.
 *
 * Members that are no int64_t or text are moved by memcpy, since their own types (an enum, a
 * pointer to some struct) are not known here. It refuses no type: asked for a number of a field
 * that has none it gives 0, so that callers that walk all fields need no second switch.
 */
#include <ecommerce/money.h>

#include <string.h>

#include "entity/entity.h"

int64_t ec_field_get_int(const ec_field *field, const void *object)
{
    const void *member = ec_field_in(field, object);
    unsigned char truth;
    int32_t name;
    switch (field->type) {
    case EC_FIELD_ID:
    case EC_FIELD_REF:
    case EC_FIELD_INT:
    case EC_FIELD_MONEY:
    case EC_FIELD_TIME:
    case EC_FIELD_DECIMAL: return *(const int64_t *)member;
    case EC_FIELD_BOOL: memcpy(&truth, member, sizeof truth); return truth != 0;
    case EC_FIELD_ENUM: memcpy(&name, member, sizeof name); return name;
    case EC_FIELD_TEXT:
    case EC_FIELD_JSON:
    case EC_FIELD_STRUCT:
    case EC_FIELD_LIST:
    case EC_FIELD_TEXTS: break;
    }
    return 0;
}

void ec_field_set_int(const ec_field *field, void *object, int64_t value)
{
    void *member = ec_field_at(field, object);
    int32_t name = (int32_t)value;
    switch (field->type) {
    case EC_FIELD_ID:
    case EC_FIELD_REF:
    case EC_FIELD_INT:
    case EC_FIELD_MONEY:
    case EC_FIELD_TIME:
    case EC_FIELD_DECIMAL: *(int64_t *)member = value; break;
    case EC_FIELD_BOOL: *(bool *)member = value != 0; break;
    case EC_FIELD_ENUM: memcpy(member, &name, sizeof name); break;
    case EC_FIELD_TEXT:
    case EC_FIELD_JSON:
    case EC_FIELD_STRUCT:
    case EC_FIELD_LIST:
    case EC_FIELD_TEXTS: break;
    }
}

bool ec_field_zero_is_null(const ec_field *field)
{
    switch (field->type) {
    case EC_FIELD_ID:
    case EC_FIELD_REF:
    case EC_FIELD_TIME: return true;
    case EC_FIELD_INT:
    case EC_FIELD_MONEY:
    case EC_FIELD_DECIMAL:
    case EC_FIELD_BOOL:
    case EC_FIELD_ENUM: return (field->flags & EC_FIELD_NULLABLE) != 0;
    case EC_FIELD_TEXT:
    case EC_FIELD_JSON:
    case EC_FIELD_STRUCT:
    case EC_FIELD_LIST:
    case EC_FIELD_TEXTS: break;
    }
    return false;
}

const void *ec_field_get_pointer(const ec_field *field, const void *object)
{
    const void *pointer;
    memcpy(&pointer, ec_field_in(field, object), sizeof pointer);
    return pointer;
}

void ec_field_set_pointer(const ec_field *field, void *object, const void *pointer)
{
    memcpy(ec_field_at(field, object), &pointer, sizeof pointer);
}

size_t ec_field_count(const ec_field *field, const void *object)
{
    return ec_field_get_pointer(field, object)
               ? *(const size_t *)((const char *)object + field->count_offset)
               : 0;
}

void ec_field_set_items(const ec_field *field, void *object, const void *items, size_t count)
{
    ec_field_set_pointer(field, object, count ? items : NULL);
    *(size_t *)((char *)object + field->count_offset) = count;
}

const char *ec_entity_currency(const ec_entity *entity, const void *object, const char *inherited)
{
    for (size_t at = 0; at < entity->count; at++) {
        if (entity->fields[at].flags & EC_FIELD_CURRENCY) {
            const char *own = ec_field_get_text(&entity->fields[at], object);
            return own && *own ? own : inherited;
        }
    }
    return inherited;
}

int ec_currency_decimals(const char *currency)
{
    const ec_currency *known = currency ? ec_currency_find(currency) : NULL;
    return known ? known->exponent : 2;
}

ec_mask ec_entity_mask(const ec_entity *entity, unsigned without)
{
    ec_mask mask = 0;
    for (size_t at = 0; at < entity->count; at++) {
        mask |= entity->fields[at].flags & without ? 0 : (ec_mask)1 << at;
    }
    return mask;
}

void ec_entity_defaults(const ec_entity *entity, void *object)
{
    for (size_t at = 0; at < entity->count; at++) {
        if (entity->fields[at].flags & EC_FIELD_DEFAULT_TRUE) {
            ec_field_set_int(&entity->fields[at], object, 1);
        }
    }
}

ec_status ec_init(const char *entity, void *object)
{
    const ec_entity *found = ec_entity_find(entity);
    if (!entity || !object) {
        return EC_MISUSE;
    }
    if (!found) {
        return EC_NOT_FOUND;
    }
    memset(object, 0, found->size);
    ec_entity_defaults(found, object);
    return EC_OK;
}
