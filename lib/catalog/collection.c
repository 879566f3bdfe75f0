/* SPDX-License-Identifier: MIT */
/*
 * collection.c - collections: by rules, or by hand.
 *
 * Rules are checked when they are written and looked at when products are listed, so nothing has to
 * be kept up to date. It refuses to add products to a collection that has rules.
 */
#include <string.h>

#include "catalog/inside.h"
#include "catalog/members.h"

static ec_status check_rules(ec_session *session, const ec_collection *collection)
{
    ec_check check;
    if (!collection->rules) {
        return EC_OK;
    }
    ec_check_init(&check, ec_scratch(session));
    ec_rules_check(session, collection->rules, &check);
    return ec_fail_check(session, &check);
}

static ec_status create_run(ec_session *session, void *ctx, void **result)
{
    ec_status status = ec_catalog_begin(session, ctx, result);
    if (status == EC_OK) {
        status = check_rules(session, *result);
    }
    if (status == EC_OK) {
        status = ec_catalog_slug(session, &ec_collection_entity, *result);
    }
    if (status == EC_OK) {
        status = ec_entity_insert(session, &ec_collection_entity, *result);
    }
    if (status != EC_OK) {
        return status;
    }
    const ec_collection *collection = *result;
    return ec_catalog_tell(session, &ec_collection_entity, collection->id, "created", 0);
}

ec_status ec_collection_create(ec_session *session, const ec_collection *collection,
                               ec_collection **out)
{
    static const ec_op op = {.name = "collection.create",
                             .permission = "catalog.write",
                             .access = EC_ACCESS_STAFF,
                             .mode = EC_WRITE,
                             .result = &ec_collection_entity,
                             .run = create_run,
                             .fingerprint = ec_object_fingerprint};
    ec_object_args args = {.entity = &ec_collection_entity, .object = collection};
    return ec_call(session, &op, &args, (void **)out);
}

static ec_status write_change(ec_session *session, const ec_collection *before,
                              ec_collection *collection, ec_mask fields)
{
    ec_status status = check_rules(session, collection);
    if (status == EC_OK) {
        status = ec_entity_update(session, &ec_collection_entity, collection, fields);
    }
    if (status == EC_OK && !before->rules && collection->rules) {
        status = ec_exec(session, "DELETE FROM collection_products WHERE collection_id = ?",
                         ec_args(ec_int(collection->id)), NULL);
    }
    return status == EC_OK
               ? ec_catalog_tell(session, &ec_collection_entity, collection->id, "updated", fields)
               : status;
}

static ec_status update_run(ec_session *session, void *ctx, void **result)
{
    ec_mask fields = 0;
    ec_collection before = {0};
    ec_collection *collection = ec_arena_alloc(ec_scratch(session), sizeof *collection);
    ec_status status = collection ? ec_object_merge(session, ctx, &before, collection, &fields)
                                  : ec_fail_memory(session);
    *result = collection;
    if (status == EC_OK) {
        ec_catalog_keep_slug(&ec_collection_entity, &before, collection, &fields);
    }
    return status == EC_OK && fields != 0 ? write_change(session, &before, collection, fields)
                                          : status;
}

ec_status ec_collection_update(ec_session *session, ec_id id, const ec_collection *collection,
                               ec_mask fields, ec_collection **out)
{
    static const ec_op op = {.name = "collection.update",
                             .permission = "catalog.write",
                             .access = EC_ACCESS_STAFF,
                             .mode = EC_WRITE,
                             .result = &ec_collection_entity,
                             .run = update_run,
                             .fingerprint = ec_object_fingerprint};
    ec_object_args args = {
        .entity = &ec_collection_entity, .id = id, .object = collection, .fields = fields};
    return ec_call(session, &op, &args, (void **)out);
}

ec_status ec_collection_delete(ec_session *session, ec_id id, int64_t version)
{
    static const ec_op op = {.name = "collection.delete",
                             .permission = "catalog.write",
                             .access = EC_ACCESS_STAFF,
                             .mode = EC_WRITE,
                             .run = ec_catalog_delete,
                             .fingerprint = ec_catalog_delete_fingerprint};
    ec_delete_args args = {.entity = &ec_collection_entity,
                           .id = id,
                           .version = version,
                           .in_use = "The collection is in use."};
    return ec_call(session, &op, &args, NULL);
}

/* ---- reading ---- */

static ec_status get_run(ec_session *session, void *ctx, void **result)
{
    const ec_object_args *args = ctx;
    bool staff = ec_session_is_staff(session);
    if (args->name) {
        return ec_catalog_one(session, &ec_collection_entity,
                              staff ? "WHERE t.slug = ?" : "WHERE t.slug = ? AND t.is_active = 1",
                              ec_args(ec_text(args->name)), result);
    }
    return ec_catalog_one(session, &ec_collection_entity,
                          staff ? "WHERE t.id = ?" : "WHERE t.id = ? AND t.is_active = 1",
                          ec_args(ec_int(args->id)), result);
}

ec_status ec_collection_get(ec_session *session, ec_id id, ec_collection **out)
{
    static const ec_op op = {.name = "collection.get",
                             .permission = "catalog.read",
                             .access = EC_ACCESS_ANY,
                             .mode = EC_READ,
                             .result = &ec_collection_entity,
                             .run = get_run};
    ec_object_args args = {.id = id};
    return ec_call(session, &op, &args, (void **)out);
}

ec_status ec_collection_by_slug(ec_session *session, const char *slug, ec_collection **out)
{
    static const ec_op op = {.name = "collection.by_slug",
                             .permission = "catalog.read",
                             .access = EC_ACCESS_ANY,
                             .mode = EC_READ,
                             .result = &ec_collection_entity,
                             .run = get_run};
    ec_object_args args = {.name = slug};
    return ec_call(session, &op, &args, (void **)out);
}

static ec_status find_run(ec_session *session, void *ctx, void **result)
{
    const ec_page *const *page = ctx;
    bool staff = ec_session_is_staff(session);
    return ec_page_select(session, &ec_collection_entity, staff ? "" : "t.is_active = 1",
                          ec_no_args, false, *page, result);
}

ec_status ec_collection_find(ec_session *session, const ec_page *page, ec_collection_list **out)
{
    static const ec_op op = {.name = "collection.find",
                             .permission = "catalog.read",
                             .access = EC_ACCESS_ANY,
                             .mode = EC_READ,
                             .result = &ec_collection_list_entity,
                             .run = find_run};
    return ec_call(session, &op, &page, (void **)out);
}

/* ---- members by hand ---- */

static const ec_member_kind product_kind = {
    .noun = "product",
    .select = "SELECT id FROM products WHERE id IN ",
    .max = EC_COLLECTION_STEP_MAX,
};

static ec_status check_members(ec_session *session, const ec_members *args)
{
    ec_collection collection = {0};
    ec_status status = ec_entity_get(session, &ec_collection_entity, args->set, &collection);
    if (status != EC_OK) {
        return status;
    }
    if (collection.rules) {
        return ec_fail(session, EC_STATE, "The collection holds what fits its rules.");
    }
    return ec_members_count(session, args, &product_kind);
}

static ec_status insert_members(ec_session *session, const ec_members *args)
{
    ec_statement s;
    int64_t last = 0;
    ec_status status = ec_query_int(session,
                                    "SELECT COALESCE(MAX(position), 0) FROM collection_products"
                                    " WHERE collection_id = ?",
                                    ec_args(ec_int(args->set)), &last);
    if (status != EC_OK) {
        return status;
    }
    ec_statement_begin(&s, session);
    ec_statement_put(&s, ec_session_dialect(session)->insert_ignore);
    ec_statement_put(&s, " collection_products (collection_id, product_id, position) VALUES ");
    for (size_t i = 0; i < args->count; i++) {
        ec_statement_put(&s, i == 0 ? "(?, ?, ?)" : ", (?, ?, ?)");
        ec_statement_value(&s, ec_int(args->set));
        ec_statement_value(&s, ec_int(args->ids[i]));
        ec_statement_value(&s, ec_int(last + 1 + (int64_t)i));
    }
    return ec_statement_exec(&s, NULL);
}

static ec_status tell_members(ec_session *session, ec_id id)
{
    ec_status status = ec_exec(session,
                               "UPDATE collections SET version = version + 1, updated_at = ?"
                               " WHERE id = ?",
                               ec_args(ec_int(ec_now(session)), ec_int(id)), NULL);
    return status == EC_OK ? ec_catalog_tell(session, &ec_collection_entity, id, "updated", 0)
                           : status;
}

static ec_status add_run(ec_session *session, void *ctx, void **result)
{
    const ec_members *args = ctx;
    (void)result;
    ec_status status = check_members(session, args);
    if (status == EC_OK) {
        status = ec_members_known(session, args, &product_kind);
    }
    if (status == EC_OK) {
        status = insert_members(session, args);
    }
    return status == EC_OK ? tell_members(session, args->set) : status;
}

static ec_status remove_run(ec_session *session, void *ctx, void **result)
{
    const ec_members *args = ctx;
    ec_statement s;
    (void)result;
    ec_status status = check_members(session, args);
    if (status != EC_OK) {
        return status;
    }
    ec_statement_begin(&s, session);
    ec_statement_with(&s,
                      "DELETE FROM collection_products WHERE collection_id = ? AND product_id IN ",
                      ec_int(args->set));
    ec_statement_ids(&s, args->ids, args->count);
    status = ec_statement_exec(&s, NULL);
    return status == EC_OK ? tell_members(session, args->set) : status;
}

ec_status ec_collection_add(ec_session *session, ec_id id, const ec_id *products, size_t count)
{
    static const ec_op op = {.name = "collection.add",
                             .permission = "catalog.write",
                             .access = EC_ACCESS_STAFF,
                             .mode = EC_WRITE,
                             .run = add_run,
                             .fingerprint = ec_members_fingerprint};
    ec_members args = {id, products, count};
    return ec_call(session, &op, &args, NULL);
}

ec_status ec_collection_remove(ec_session *session, ec_id id, const ec_id *products, size_t count)
{
    static const ec_op op = {.name = "collection.remove",
                             .permission = "catalog.write",
                             .access = EC_ACCESS_STAFF,
                             .mode = EC_WRITE,
                             .run = remove_run,
                             .fingerprint = ec_members_fingerprint};
    ec_members args = {id, products, count};
    return ec_call(session, &op, &args, NULL);
}
