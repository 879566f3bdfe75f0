/* SPDX-License-Identifier: MIT */
/*
 * json_api.c - any entity as JSON and back, for hosts, bindings and imports.
 *
 * Needs no connection, so it works inside and outside of transactions alike. It refuses text that
 * is not exactly an object of the entity, and names everything that is wrong at once.
 */
#include <string.h>

#include "base/block.h"
#include "engine/state.h"

static ec_status find_entity(ec_session *session, const char *name, const ec_entity **out)
{
    *out = name ? ec_entity_find(name) : NULL;
    return *out ? EC_OK : ec_fail(session, EC_NOT_FOUND, "There is no such entity.");
}

static ec_status to_json(ec_session *session, const char *name, const void *object, char **out)
{
    const ec_entity *entity;
    ec_status status = find_entity(session, name, &entity);
    if (status != EC_OK || !object || !out) {
        return status != EC_OK ? status
                               : ec_fail(session, EC_MISUSE, "The object or its place is NULL.");
    }
    ec_buf buf;
    ec_json_writer json;
    ec_buf_init(&buf, &session->engine->platform, (size_t)EC_JSON_SIZE_MAX * 4);
    ec_json_begin(&json, &buf);
    ec_entity_write_json(&json, entity, object, session->channel.currency);
    char *block = NULL;
    if (buf.status == EC_OK) {
        block = ec_block_alloc(&session->engine->platform, buf.length + 1);
    }
    if (block) {
        memcpy(block, ec_buf_text(&buf), buf.length);
    }
    status = buf.status;
    ec_buf_clear(&buf);
    if (status == EC_LIMIT) {
        return ec_fail(session, EC_LIMIT, "The object is too long as JSON.");
    }
    *out = block;
    return block ? EC_OK : ec_fail_memory(session);
}

ec_status ec_to_json(ec_session *session, const char *entity, const void *object, char **out)
{
    bool outer;
    if (out) {
        *out = NULL;
    }
    ec_status status = ec_enter_fresh(session, &outer);
    if (status != EC_OK) {
        return status;
    }
    status = to_json(session, entity, object, out);
    ec_leave(session, outer);
    return status;
}

/* The text as a tree. */
static ec_status parse(ec_session *session, const char *json, size_t length, ec_json **tree)
{
    size_t offset = 0;
    const char *problem = "";
    if (length > EC_JSON_SIZE_MAX) {
        return ec_fail(session, EC_LIMIT, "JSON input has at most %u bytes.", EC_JSON_SIZE_MAX);
    }
    ec_status status = ec_json_parse(&session->arena, json, length, tree, &offset, &problem);
    if (status == EC_NO_MEMORY) {
        return ec_fail_memory(session);
    }
    if (status == EC_LIMIT) {
        return ec_fail(session, EC_LIMIT, "JSON input is nested deeper than %d levels.",
                       EC_JSON_DEPTH_MAX);
    }
    return status == EC_OK
               ? EC_OK
               : ec_fail_field(session, EC_INVALID, "", "json", "At byte %zu: %s", offset, problem);
}

static ec_status from_json(ec_session *session, const char *name, const char *json, size_t length,
                           void **out, ec_mask *fields)
{
    const ec_entity *entity;
    ec_json *tree = NULL;
    ec_mask seen = 0;
    ec_check check;
    ec_status status = find_entity(session, name, &entity);
    if (status == EC_OK && (!json || !out)) {
        status = ec_fail(session, EC_MISUSE, "The text or the object's place is NULL.");
    }
    if (status == EC_OK) {
        status = parse(session, json, length, &tree);
    }
    if (status != EC_OK) {
        return status;
    }
    void *object = ec_arena_alloc(&session->arena, entity->size);
    if (!object) {
        return ec_fail_memory(session);
    }
    ec_check_init(&check, &session->arena);
    (void)ec_entity_read_json(&session->arena, entity, tree, session->channel.currency, false,
                              object, &seen, &check);
    ec_entity_check(entity, object, seen, !fields, &check);
    status = ec_fail_check(session, &check);
    if (status == EC_OK) {
        *out = ec_entity_pack(&session->engine->platform, entity, object);
        status = *out ? EC_OK : ec_fail_memory(session);
    }
    if (fields) {
        *fields = seen;
    }
    return status;
}

ec_status ec_from_json(ec_session *session, const char *entity, const char *json, size_t length,
                       void **out, ec_mask *fields)
{
    bool outer;
    if (out) {
        *out = NULL;
    }
    if (fields) {
        *fields = 0;
    }
    ec_status status = ec_enter_fresh(session, &outer);
    if (status != EC_OK) {
        return status;
    }
    ec_arena_mark mark = ec_arena_save(&session->arena);
    status = from_json(session, entity, json, length, out, fields);
    if (!outer) {
        ec_arena_restore(&session->arena, mark);
    }
    ec_leave(session, outer);
    return status;
}
