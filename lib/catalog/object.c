/* SPDX-License-Identifier: MIT */
/*
 * object.c - what the plain objects of the catalogue have in common: being made from an input,
 * being found, being removed, being told of.
 *
 * It refuses to remove what others refer to; which relations there are is the schema's to say.
 */
#include <string.h>

#include "catalog/inside.h"

/* What no caller sets: the number, and what is READONLY. */
static void clear_own(const ec_entity *entity, void *object)
{
    for (size_t i = 0; i < entity->count; i++) {
        const ec_field *field = &entity->fields[i];
        bool own = field->type == EC_FIELD_ID || (field->flags & EC_FIELD_READONLY) != 0;
        if (own && (field->type == EC_FIELD_TEXT || field->type == EC_FIELD_JSON)) {
            ec_field_set_text(field, object, NULL);
        } else if (own && field->type == EC_FIELD_STRUCT) {
            ec_field_set_pointer(field, object, NULL);
        } else if (own && (field->type == EC_FIELD_LIST || field->type == EC_FIELD_TEXTS)) {
            ec_field_set_items(field, object, NULL, 0);
        } else if (own) {
            ec_field_set_int(field, object, 0);
        }
    }
}

ec_status ec_catalog_begin(ec_session *session, const ec_object_args *args, void **out)
{
    ec_status status = ec_input(session, args->entity, args->object, EC_MASK_ALL, true);
    if (status != EC_OK) {
        return status;
    }
    void *object = ec_arena_alloc(ec_scratch(session), args->entity->size);
    if (!object) {
        return ec_fail_memory(session);
    }
    memcpy(object, args->object, args->entity->size);
    clear_own(args->entity, object);
    *out = object;
    return EC_OK;
}

ec_status ec_catalog_slug(ec_session *session, const ec_entity *entity, void *object)
{
    const ec_field *slug = ec_field_find(entity, "slug");
    const char *text = ec_field_get_text(slug, object);
    if (text && *text) {
        return EC_OK;
    }
    const char *name = ec_field_get_text(ec_field_find(entity, "name"), object);
    ec_status status = ec_slug_free(session, entity, name, entity->name, &text);
    ec_field_set_text(slug, object, text);
    return status;
}

void ec_catalog_keep_slug(const ec_entity *entity, const void *before, void *object,
                          ec_mask *fields)
{
    const ec_field *slug = ec_field_find(entity, "slug");
    const char *text = ec_field_get_text(slug, object);
    if (!text || !*text) {
        ec_field_set_text(slug, object, ec_field_get_text(slug, before));
        *fields &= ~ec_field_bit(entity, slug);
    }
}

/* {"fields": ["name", …]} */
static const char *fields_json(ec_session *session, const ec_entity *entity, ec_mask fields)
{
    ec_buf buf;
    ec_json_writer json;
    ec_buf_init(&buf, ec_session_platform(session), 1u << 16);
    ec_json_begin(&json, &buf);
    ec_json_object(&json);
    ec_json_key(&json, "fields");
    ec_json_array(&json);
    for (size_t i = 0; i < entity->count; i++) {
        if ((fields >> i & 1) != 0) {
            ec_json_text(&json, entity->fields[i].name);
        }
    }
    ec_json_array_end(&json);
    ec_json_object_end(&json);
    const char *text = buf.status == EC_OK
                           ? ec_arena_text(ec_scratch(session), ec_buf_text(&buf), buf.length)
                           : NULL;
    ec_buf_clear(&buf);
    return text;
}

ec_status ec_catalog_tell(ec_session *session, const ec_entity *entity, ec_id id, const char *verb,
                          ec_mask fields)
{
    const char *type = ec_arena_printf(ec_scratch(session), "%s.%s", entity->name, verb);
    const char *data = fields == 0 ? NULL : fields_json(session, entity, fields);
    if (!type || (fields != 0 && !data)) {
        return ec_fail_memory(session);
    }
    return ec_emit(session, entity->name, id, type, data);
}

ec_status ec_catalog_one(ec_session *session, const ec_entity *entity, const char *tail,
                         const ec_value *values, size_t count, void **out)
{
    size_t found = 0;
    ec_status status = ec_entity_select(session, entity, tail, values, count, out, &found);
    if (status == EC_OK && found == 0) {
        return ec_fail(session, EC_NOT_FOUND, "There is no such %s.", entity->name);
    }
    return status;
}

/* ---- deletion ---- */

ec_status ec_catalog_delete(ec_session *session, void *ctx, void **result)
{
    const ec_delete_args *args = ctx;
    int64_t version = 0;
    (void)result;
    const char *sql = ec_arena_printf(ec_scratch(session), "SELECT version FROM %s WHERE id = ?%s",
                                      args->entity->table, ec_session_dialect(session)->for_update);
    ec_status status = ec_query_int(session, sql, ec_args(ec_int(args->id)), &version);
    if (status == EC_NOT_FOUND) {
        return ec_fail(session, EC_NOT_FOUND, "There is no such %s.", args->entity->name);
    }
    if (status == EC_OK && args->version != 0 && args->version != version) {
        return ec_fail(session, EC_STALE, "The %s is of version %lld, not %lld.",
                       args->entity->name, (long long)version, (long long)args->version);
    }
    if (status == EC_OK) {
        status = ec_entity_delete(session, args->entity, args->id);
    }
    if (status == EC_IN_USE) {
        return ec_fail(session, EC_IN_USE, "%s", args->in_use);
    }
    return status == EC_OK ? ec_catalog_tell(session, args->entity, args->id, "deleted", 0)
                           : status;
}

void ec_catalog_delete_fingerprint(const void *ctx, ec_json_writer *json)
{
    const ec_delete_args *args = ctx;
    ec_json_array(json);
    ec_json_int(json, args->id);
    ec_json_int(json, args->version);
    ec_json_array_end(json);
}
