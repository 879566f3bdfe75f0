/* SPDX-License-Identifier: MIT */
/*
 * brand.c - brands: who makes the goods.
 *
 * It refuses to remove a brand that has products. Visitors and customers find active ones only.
 */
#include "catalog/inside.h"

static ec_status create_run(ec_session *session, void *ctx, void **result)
{
    ec_status status = ec_catalog_begin(session, ctx, result);
    if (status == EC_OK) {
        status = ec_catalog_slug(session, &ec_brand_entity, *result);
    }
    if (status == EC_OK) {
        status = ec_entity_insert(session, &ec_brand_entity, *result);
    }
    if (status != EC_OK) {
        return status;
    }
    const ec_brand *brand = *result;
    return ec_catalog_tell(session, &ec_brand_entity, brand->id, "created", 0);
}

ec_status ec_brand_create(ec_session *session, const ec_brand *brand, ec_brand **out)
{
    static const ec_op op = {.name = "brand.create",
                             .permission = "catalog.write",
                             .access = EC_ACCESS_STAFF,
                             .mode = EC_WRITE,
                             .result = &ec_brand_entity,
                             .run = create_run,
                             .fingerprint = ec_object_fingerprint};
    ec_object_args args = {.entity = &ec_brand_entity, .object = brand};
    return ec_call(session, &op, &args, (void **)out);
}

static ec_status update_run(ec_session *session, void *ctx, void **result)
{
    ec_mask fields = 0;
    ec_brand before = {0};
    ec_brand *brand = ec_arena_alloc(ec_scratch(session), sizeof *brand);
    ec_status status =
        brand ? ec_object_merge(session, ctx, &before, brand, &fields) : ec_fail_memory(session);
    *result = brand;
    if (status == EC_OK) {
        ec_catalog_keep_slug(&ec_brand_entity, &before, brand, &fields);
    }
    if (status != EC_OK || fields == 0) {
        return status;
    }
    status = ec_entity_update(session, &ec_brand_entity, brand, fields);
    return status == EC_OK
               ? ec_catalog_tell(session, &ec_brand_entity, brand->id, "updated", fields)
               : status;
}

ec_status ec_brand_update(ec_session *session, ec_id id, const ec_brand *brand, ec_mask fields,
                          ec_brand **out)
{
    static const ec_op op = {.name = "brand.update",
                             .permission = "catalog.write",
                             .access = EC_ACCESS_STAFF,
                             .mode = EC_WRITE,
                             .result = &ec_brand_entity,
                             .run = update_run,
                             .fingerprint = ec_object_fingerprint};
    ec_object_args args = {.entity = &ec_brand_entity, .id = id, .object = brand, .fields = fields};
    return ec_call(session, &op, &args, (void **)out);
}

ec_status ec_brand_delete(ec_session *session, ec_id id, int64_t version)
{
    static const ec_op op = {.name = "brand.delete",
                             .permission = "catalog.write",
                             .access = EC_ACCESS_STAFF,
                             .mode = EC_WRITE,
                             .run = ec_catalog_delete,
                             .fingerprint = ec_catalog_delete_fingerprint};
    ec_delete_args args = {.entity = &ec_brand_entity,
                           .id = id,
                           .version = version,
                           .in_use = "The brand has products."};
    return ec_call(session, &op, &args, NULL);
}

/* ---- reading ---- */

static ec_status get_run(ec_session *session, void *ctx, void **result)
{
    const ec_object_args *args = ctx;
    bool staff = ec_session_is_staff(session);
    if (args->name) {
        return ec_catalog_one(session, &ec_brand_entity,
                              staff ? "WHERE t.slug = ?" : "WHERE t.slug = ? AND t.is_active = 1",
                              ec_args(ec_text(args->name)), result);
    }
    return ec_catalog_one(session, &ec_brand_entity,
                          staff ? "WHERE t.id = ?" : "WHERE t.id = ? AND t.is_active = 1",
                          ec_args(ec_int(args->id)), result);
}

ec_status ec_brand_get(ec_session *session, ec_id id, ec_brand **out)
{
    static const ec_op op = {.name = "brand.get",
                             .permission = "catalog.read",
                             .access = EC_ACCESS_ANY,
                             .mode = EC_READ,
                             .result = &ec_brand_entity,
                             .run = get_run};
    ec_object_args args = {.id = id};
    return ec_call(session, &op, &args, (void **)out);
}

ec_status ec_brand_by_slug(ec_session *session, const char *slug, ec_brand **out)
{
    static const ec_op op = {.name = "brand.by_slug",
                             .permission = "catalog.read",
                             .access = EC_ACCESS_ANY,
                             .mode = EC_READ,
                             .result = &ec_brand_entity,
                             .run = get_run};
    ec_object_args args = {.name = slug};
    return ec_call(session, &op, &args, (void **)out);
}

static ec_status find_run(ec_session *session, void *ctx, void **result)
{
    const ec_page *const *page = ctx;
    bool staff = ec_session_is_staff(session);
    return ec_page_select(session, &ec_brand_entity, staff ? "" : "t.is_active = 1", ec_no_args,
                          false, *page, result);
}

ec_status ec_brand_find(ec_session *session, const ec_page *page, ec_brand_list **out)
{
    static const ec_op op = {.name = "brand.find",
                             .permission = "catalog.read",
                             .access = EC_ACCESS_ANY,
                             .mode = EC_READ,
                             .result = &ec_brand_list_entity,
                             .run = find_run};
    return ec_call(session, &op, &page, (void **)out);
}

static ec_status fetch(ec_session *session, void *ctx, const ec_page *page, void **list)
{
    (void)ctx;
    return ec_brand_find(session, page, (ec_brand_list **)list);
}

ec_status ec_brand_cursor(ec_session *session, ec_cursor **out)
{
    return ec_cursor_make(session, &ec_brand_list_entity, fetch, NULL, out);
}
