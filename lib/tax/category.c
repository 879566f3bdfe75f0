/* SPDX-License-Identifier: MIT */
/*
 * category.c - kinds of goods as far as taxes go.
 *
 * Variants and methods name a category by its code, which never changes. At most one is the default
 * one. It refuses to remove a category that is named.
 */
#include "catalog/inside.h"
#include "model/model.h"
#include "price/rules.h"
#include "tax/inside.h"

/* Another category takes the place. */
static ec_status clear_default(ec_session *session)
{
    return ec_exec(session,
                   "UPDATE tax_categories SET is_default = 0, version = version + 1,"
                   " updated_at = ? WHERE is_default = 1 /* whole */",
                   ec_args(ec_int(ec_now(session))), NULL);
}

static ec_status create_run(ec_session *session, void *ctx, void **result)
{
    ec_status status = ec_catalog_begin(session, ctx, result);
    ec_tax_category *category = *result;
    if (status == EC_OK && category->is_default) status = clear_default(session);
    if (status == EC_OK) status = ec_entity_insert(session, &ec_tax_category_entity, category);
    if (status == EC_OK) status = ec_rules_changed(session);
    return status == EC_OK
               ? ec_catalog_tell(session, &ec_tax_category_entity, category->id, "created", 0)
               : status;
}

ec_status ec_tax_category_create(ec_session *session, const ec_tax_category *category,
                                 ec_tax_category **out)
{
    static const ec_op op = {.name = "tax_category.create",
                             .permission = "tax.write",
                             .access = EC_ACCESS_STAFF,
                             .mode = EC_WRITE,
                             .result = &ec_tax_category_entity,
                             .run = create_run,
                             .fingerprint = ec_object_fingerprint};
    ec_object_args args = {.entity = &ec_tax_category_entity, .object = category};
    return ec_call(session, &op, &args, (void **)out);
}

static ec_status update_run(ec_session *session, void *ctx, void **result)
{
    const ec_entity *entity = &ec_tax_category_entity;
    ec_mask fields = 0;
    ec_tax_category before = {0};
    ec_tax_category *category = ec_arena_alloc(ec_scratch(session), sizeof(*category));
    if (category == NULL) return ec_fail_memory(session);
    ec_status status = ec_object_merge(session, ctx, &before, category, &fields);
    *result = category;
    if (status != EC_OK || fields == 0) return status;
    if (category->is_default && !before.is_default) status = clear_default(session);
    if (status == EC_OK) status = ec_entity_update(session, entity, category, fields);
    if (status == EC_OK) status = ec_rules_changed(session);
    return status == EC_OK ? ec_catalog_tell(session, entity, category->id, "updated", fields)
                           : status;
}

ec_status ec_tax_category_update(ec_session *session, ec_id id, const ec_tax_category *category,
                                 ec_mask fields, ec_tax_category **out)
{
    static const ec_op op = {.name = "tax_category.update",
                             .permission = "tax.write",
                             .access = EC_ACCESS_STAFF,
                             .mode = EC_WRITE,
                             .result = &ec_tax_category_entity,
                             .run = update_run,
                             .fingerprint = ec_object_fingerprint};
    ec_object_args args = {
        .entity = &ec_tax_category_entity, .id = id, .object = category, .fields = fields};
    return ec_call(session, &op, &args, (void **)out);
}

static ec_status delete_run(ec_session *session, void *ctx, void **result)
{
    const ec_delete_args *args = ctx;
    int64_t used = 0;
    ec_status status = ec_query_int(session,
                                    "SELECT EXISTS (SELECT 1 FROM product_variants v JOIN"
                                    " tax_categories c ON c.code = v.tax_code WHERE c.id = ?)"
                                    " OR EXISTS (SELECT 1 FROM shipping_methods m JOIN"
                                    " tax_categories c ON c.code = m.tax_category WHERE c.id = ?)"
                                    " /* whole */",
                                    ec_args(ec_int(args->id), ec_int(args->id)), &used);
    if (status == EC_OK && used != 0) return ec_fail(session, EC_IN_USE, "%s", args->in_use);
    if (status == EC_OK) status = ec_catalog_delete(session, ctx, result);
    return status == EC_OK ? ec_rules_changed(session) : status;
}

ec_status ec_tax_category_delete(ec_session *session, ec_id id, int64_t version)
{
    static const ec_op op = {.name = "tax_category.delete",
                             .permission = "tax.write",
                             .access = EC_ACCESS_STAFF,
                             .mode = EC_WRITE,
                             .run = delete_run,
                             .fingerprint = ec_catalog_delete_fingerprint};
    ec_delete_args args = {.entity = &ec_tax_category_entity,
                           .id = id,
                           .version = version,
                           .in_use = "Rates or goods name the category."};
    return ec_call(session, &op, &args, NULL);
}

/* ---- reading ---- */

static ec_status get_run(ec_session *session, void *ctx, void **result)
{
    const ec_object_args *args = ctx;
    if (args->id == 0 && args->name != NULL)
        return ec_catalog_one(session, &ec_tax_category_entity, "WHERE t.code = ?",
                              ec_args(ec_text(args->name)), result);
    return ec_catalog_one(session, &ec_tax_category_entity, "WHERE t.id = ?",
                          ec_args(ec_int(args->id)), result);
}

ec_status ec_tax_category_get(ec_session *session, ec_id id, ec_tax_category **out)
{
    static const ec_op op = {.name = "tax_category.get",
                             .permission = "tax.read",
                             .access = EC_ACCESS_STAFF,
                             .mode = EC_READ,
                             .result = &ec_tax_category_entity,
                             .run = get_run};
    ec_object_args args = {.id = id};
    return ec_call(session, &op, &args, (void **)out);
}

ec_status ec_tax_category_by_code(ec_session *session, const char *code, ec_tax_category **out)
{
    static const ec_op op = {.name = "tax_category.by_code",
                             .permission = "tax.read",
                             .access = EC_ACCESS_STAFF,
                             .mode = EC_READ,
                             .result = &ec_tax_category_entity,
                             .run = get_run};
    ec_object_args args = {.name = code};
    return ec_call(session, &op, &args, (void **)out);
}

static ec_status find_run(ec_session *session, void *ctx, void **result)
{
    const ec_page *const *page = ctx;
    return ec_page_select(session, &ec_tax_category_entity, "", ec_no_args, false, *page, result);
}

ec_status ec_tax_category_find(ec_session *session, const ec_page *page, ec_tax_category_list **out)
{
    static const ec_op op = {.name = "tax_category.find",
                             .permission = "tax.read",
                             .access = EC_ACCESS_STAFF,
                             .mode = EC_READ,
                             .result = &ec_tax_category_list_entity,
                             .run = find_run};
    return ec_call(session, &op, &page, (void **)out);
}
