/* SPDX-License-Identifier: MIT */
/*
 * object.c - a caller's changes and the stored object become one.
 *
 * Fields that nobody may change are left as they are, so a whole object that was read can be given
 * back as its own change. It refuses a merged object that breaks a rule which each half keeps.
 */
#include "engine/object.h"

#include "engine/sql.h"

void ec_object_fingerprint(const void *ctx, ec_json_writer *json)
{
    const ec_object_args *args = ctx;
    ec_json_array(json);
    ec_json_int(json, args->id);
    ec_json_int(json, args->owner);
    ec_json_int(json, (int64_t)args->fields);
    ec_json_text(json, args->name);
    if (args->object) {
        ec_entity_store_json(json, args->entity, args->object, NULL);
    } else {
        ec_json_null(json);
    }
    ec_json_array_end(json);
}

static void assign_field(const ec_field *field, void *to, const void *from)
{
    switch (field->type) {
    case EC_FIELD_ID:
    case EC_FIELD_REF:
    case EC_FIELD_INT:
    case EC_FIELD_BOOL:
    case EC_FIELD_MONEY:
    case EC_FIELD_TIME:
    case EC_FIELD_ENUM:
    case EC_FIELD_DECIMAL: ec_field_set_int(field, to, ec_field_get_int(field, from)); break;
    case EC_FIELD_TEXT:
    case EC_FIELD_JSON: ec_field_set_text(field, to, ec_field_get_text(field, from)); break;
    case EC_FIELD_STRUCT: ec_field_set_pointer(field, to, ec_field_get_pointer(field, from)); break;
    case EC_FIELD_LIST:
    case EC_FIELD_TEXTS:
        ec_field_set_items(field, to, ec_field_get_pointer(field, from),
                           ec_field_count(field, from));
        break;
    }
}

void ec_object_assign(const ec_entity *entity, void *to, const void *from, ec_mask fields)
{
    for (size_t i = 0; i < entity->count; i++) {
        if ((fields >> i & 1) != 0) {
            assign_field(&entity->fields[i], to, from);
        }
    }
}

/* The fields in which they differ. */
static ec_mask changed_fields(const ec_entity *entity, const void *a, const void *b, ec_mask fields)
{
    ec_mask changed = 0;
    for (size_t i = 0; i < entity->count; i++) {
        ec_mask bit = (ec_mask)1 << i;
        if ((fields & bit) != 0 && !ec_entity_equal(entity, a, b, bit)) {
            changed |= bit;
        }
    }
    return changed;
}

static ec_status check_version(ec_session *session, const ec_entity *entity, const void *wanted,
                               const void *stored)
{
    const ec_field *version = ec_field_find(entity, "version");
    int64_t known = version ? ec_field_get_int(version, wanted) : 0;
    if (known == 0 || known == ec_field_get_int(version, stored)) {
        return EC_OK;
    }
    return ec_fail(session, EC_STALE, "The %s is of version %lld, not %lld.", entity->name,
                   (long long)ec_field_get_int(version, stored), (long long)known);
}

ec_status ec_object_merge(ec_session *session, const ec_object_args *args, void *before,
                          void *merged, ec_mask *fields)
{
    const ec_entity *entity = args->entity;
    unsigned fixed = EC_FIELD_READONLY | EC_FIELD_IMMUTABLE | EC_FIELD_NOT_STORED;
    ec_status status = ec_input(session, entity, args->object, args->fields, false);
    if (status == EC_OK) {
        status = ec_entity_get(session, entity, args->id, before);
    }
    if (status == EC_OK) {
        status = check_version(session, entity, args->object, before);
    }
    if (status != EC_OK) {
        return status;
    }
    ec_mask wanted = args->fields & ec_entity_mask(entity, fixed) &
                     ~ec_field_bit(entity, ec_field_find(entity, "id"));
    ec_object_assign(entity, merged, before, EC_MASK_ALL);
    ec_object_assign(entity, merged, args->object, wanted);
    *fields = changed_fields(entity, before, merged, wanted);
    return ec_input(session, entity, merged, EC_MASK_ALL, true);
}
