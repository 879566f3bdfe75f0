/* SPDX-License-Identifier: MIT */
/*
 * category.c - categories, one by one: adding, changing, moving, removing, finding.
 *
 * Each category knows the way from the top to itself ("/1/7/23/"), so a subtree is a range of paths
 * and a move rewrites it in one statement. It refuses circles and trees that are too deep.
 */
#include <string.h>

#include "catalog/inside.h"

/* ---- where it stands ---- */

static ec_status bad_parent(ec_session *session, const char *rule, const char *message)
{
    return ec_fail_field(session, EC_INVALID, "parent_id", rule, "%s", message);
}

/* The parent; *parent stays zero at the top. */
static ec_status read_parent(ec_session *session, ec_id id, ec_category *parent)
{
    ec_status status = id == 0 ? EC_OK : ec_entity_get(session, &ec_category_entity, id, parent);
    return status == EC_NOT_FOUND ? bad_parent(session, "unknown", "There is no such category.")
                                  : status;
}

/* The way to a category under a parent. */
static const char *path_below(ec_session *session, const ec_category *parent, ec_id id)
{
    return ec_arena_printf(ec_scratch(session), "%s%lld/", parent->id ? parent->path : "/",
                           (long long)id);
}

/* The first path behind those of a subtree: the character after '/' is '0'. */
static const char *path_end(ec_session *session, const char *path)
{
    char *end = ec_arena_strdup(ec_scratch(session), path);
    if (end) {
        end[strlen(end) - 1] = '0';
    }
    return end;
}

static const char too_deep[] = "The tree would have more levels than are allowed.";

/* ---- adding ---- */

/* The path holds the number, which is known only afterwards; until then it is the slug. */
static ec_status insert_at(ec_session *session, ec_category *category, const ec_category *parent)
{
    category->depth = parent->depth + 1;
    category->path = category->slug;
    if (category->depth > EC_CATEGORY_DEPTH_MAX) {
        return bad_parent(session, "depth", too_deep);
    }
    ec_status status = ec_entity_insert(session, &ec_category_entity, category);
    if (status != EC_OK) {
        return status;
    }
    category->path = path_below(session, parent, category->id);
    return ec_exec(session, "UPDATE categories SET path = ? WHERE id = ?",
                   ec_args(ec_text(category->path), ec_int(category->id)), NULL);
}

static ec_status create_run(ec_session *session, void *ctx, void **result)
{
    ec_category parent = {0};
    ec_status status = ec_catalog_begin(session, ctx, result);
    ec_category *category = *result;
    if (status == EC_OK) {
        status = read_parent(session, category->parent_id, &parent);
    }
    if (status == EC_OK) {
        status = ec_catalog_slug(session, &ec_category_entity, category);
    }
    if (status == EC_OK) {
        status = insert_at(session, category, &parent);
    }
    return status == EC_OK
               ? ec_catalog_tell(session, &ec_category_entity, category->id, "created", 0)
               : status;
}

ec_status ec_category_create(ec_session *session, const ec_category *category, ec_category **out)
{
    static const ec_op op = {.name = "category.create",
                             .permission = "catalog.write",
                             .access = EC_ACCESS_STAFF,
                             .mode = EC_WRITE,
                             .result = &ec_category_entity,
                             .run = create_run,
                             .fingerprint = ec_object_fingerprint};
    ec_object_args args = {.entity = &ec_category_entity, .object = category};
    return ec_call(session, &op, &args, (void **)out);
}

/* ---- moving ---- */

/* Levels of the subtree, itself included. */
static ec_status read_height(ec_session *session, const ec_category *category, int64_t *height)
{
    int64_t deepest = 0;
    ec_status status = ec_query_int(
        session, "SELECT MAX(depth) FROM categories WHERE path >= ? AND path < ?",
        ec_args(ec_text(category->path), ec_text(path_end(session, category->path))), &deepest);
    *height = deepest - category->depth + 1;
    return status;
}

/* Numbers occur once in a path, so the way to the category occurs once as well. */
static ec_status rewrite_paths(ec_session *session, const ec_category *before,
                               const ec_category *after)
{
    return ec_exec(session,
                   "UPDATE categories SET path = REPLACE(path, ?, ?), depth = depth + ?,"
                   " version = version + 1, updated_at = ? WHERE path >= ? AND path < ?",
                   ec_args(ec_text(before->path), ec_text(after->path),
                           ec_int(after->depth - before->depth), ec_int(ec_now(session)),
                           ec_text(before->path), ec_text(path_end(session, before->path))),
                   NULL);
}

/* Put the category, which is `before` now, where category->parent_id says. The versions of all that
   moves go up by one. */
static ec_status move_below(ec_session *session, const ec_category *before, ec_category *category)
{
    ec_category parent = {0};
    int64_t height = 0;
    ec_status status = read_parent(session, category->parent_id, &parent);
    if (status != EC_OK) {
        return status;
    }
    if (parent.id && strncmp(parent.path, before->path, strlen(before->path)) == 0) {
        return bad_parent(session, "cycle", "A category cannot stand below itself.");
    }
    status = read_height(session, before, &height);
    if (status == EC_OK && parent.depth + height > EC_CATEGORY_DEPTH_MAX) {
        return bad_parent(session, "depth", too_deep);
    }
    category->depth = parent.depth + 1;
    category->path = path_below(session, &parent, before->id);
    if (status == EC_OK) {
        status = rewrite_paths(session, before, category);
    }
    category->version = before->version + 1;
    category->updated_at = ec_now(session);
    return status == EC_OK
               ? ec_exec(session, "UPDATE categories SET parent_id = ? WHERE id = ?",
                         ec_args(ec_ref(category->parent_id), ec_int(category->id)), NULL)
               : status;
}

/* ---- changing ---- */

static ec_status apply_change(ec_session *session, const ec_category *before, ec_category *category,
                              ec_mask fields)
{
    ec_mask moved = ec_mask_of("category", "parent_id");
    bool moves = (fields & moved) != 0;
    bool changes = (fields & ~moved) != 0;
    ec_status status = moves ? move_below(session, before, category) : EC_OK;
    if (status == EC_OK && changes) {
        status = ec_entity_update(session, &ec_category_entity, category, fields & ~moved);
    }
    if (status == EC_OK && moves) {
        status = ec_catalog_tell(session, &ec_category_entity, category->id, "moved", 0);
    }
    return status == EC_OK && changes ? ec_catalog_tell(session, &ec_category_entity, category->id,
                                                        "updated", fields & ~moved)
                                      : status;
}

static ec_status update_run(ec_session *session, void *ctx, void **result)
{
    ec_mask fields = 0;
    ec_category before = {0};
    ec_category *category = ec_arena_alloc(ec_scratch(session), sizeof *category);
    ec_status status = category ? ec_object_merge(session, ctx, &before, category, &fields)
                                : ec_fail_memory(session);
    *result = category;
    if (status == EC_OK) {
        ec_catalog_keep_slug(&ec_category_entity, &before, category, &fields);
    }
    return status == EC_OK && fields != 0 ? apply_change(session, &before, category, fields)
                                          : status;
}

ec_status ec_category_update(ec_session *session, ec_id id, const ec_category *category,
                             ec_mask fields, ec_category **out)
{
    static const ec_op op = {.name = "category.update",
                             .permission = "catalog.write",
                             .access = EC_ACCESS_STAFF,
                             .mode = EC_WRITE,
                             .result = &ec_category_entity,
                             .run = update_run,
                             .fingerprint = ec_object_fingerprint};
    ec_object_args args = {
        .entity = &ec_category_entity, .id = id, .object = category, .fields = fields};
    return ec_call(session, &op, &args, (void **)out);
}

ec_status ec_category_move(ec_session *session, ec_id id, ec_id parent_id, int64_t version,
                           ec_category **out)
{
    static const ec_op op = {.name = "category.move",
                             .permission = "catalog.write",
                             .access = EC_ACCESS_STAFF,
                             .mode = EC_WRITE,
                             .result = &ec_category_entity,
                             .run = update_run,
                             .fingerprint = ec_object_fingerprint};
    ec_category place = {.parent_id = parent_id, .version = version};
    ec_object_args args = {.entity = &ec_category_entity,
                           .id = id,
                           .object = &place,
                           .fields = ec_mask_of("category", "parent_id")};
    return ec_call(session, &op, &args, (void **)out);
}

ec_status ec_category_delete(ec_session *session, ec_id id, int64_t version)
{
    static const ec_op op = {.name = "category.delete",
                             .permission = "catalog.write",
                             .access = EC_ACCESS_STAFF,
                             .mode = EC_WRITE,
                             .run = ec_catalog_delete,
                             .fingerprint = ec_catalog_delete_fingerprint};
    ec_delete_args args = {.entity = &ec_category_entity,
                           .id = id,
                           .version = version,
                           .in_use = "The category has products or categories below it."};
    return ec_call(session, &op, &args, NULL);
}
