/* SPDX-License-Identifier: MIT */
/*
 * exemption.c - buyers who pay no tax, as they are kept.
 *
 * Whether one holds is looked at with the buyer (buyer.c). It refuses to give a
 * certificate to somebody else.
 */
#include "catalog/inside.h"
#include "model/model.h"
#include "price/rules.h"
#include "tax/inside.h"

/* ---- create, update, delete ---- */

static ec_status check_one(ec_session *session, const char *sql, ec_id id, const char *field)
{
    int64_t found = 0;
    if (id == 0) return EC_OK;
    ec_status status = ec_query_int(session, sql, ec_args(ec_int(id)), &found);
    if (status != EC_NOT_FOUND) return status;
    return ec_fail_field(session, EC_INVALID, field, "reference",
                         "An object that is referred to does not exist.");
}

static ec_status check_references(ec_session *session, const ec_tax_exemption *exemption)
{
    ec_status status =
        check_one(session, "SELECT 1 FROM zones WHERE id = ?", exemption->zone_id, "zone_id");
    if (status == EC_OK)
        status = check_one(session, "SELECT 1 FROM customer_groups WHERE id = ?",
                           exemption->group_id, "group_id");
    if (status == EC_OK)
        status =
            check_one(session, "SELECT 1 FROM users WHERE id = ?", exemption->user_id, "user_id");
    return status;
}

static ec_status create_run(ec_session *session, void *ctx, void **result)
{
    ec_status status = ec_catalog_begin(session, ctx, result);
    ec_tax_exemption *exemption = *result;
    if (status == EC_OK) status = check_references(session, exemption);
    if (status == EC_OK) status = ec_entity_insert(session, &ec_tax_exemption_entity, exemption);
    if (status == EC_OK) status = ec_rules_changed(session);
    return status == EC_OK
               ? ec_catalog_tell(session, &ec_tax_exemption_entity, exemption->id, "created", 0)
               : status;
}

ec_status ec_tax_exemption_create(ec_session *session, const ec_tax_exemption *exemption,
                                  ec_tax_exemption **out)
{
    static const ec_op op = {.name = "tax_exemption.create",
                             .permission = "tax.write",
                             .access = EC_ACCESS_STAFF,
                             .mode = EC_WRITE,
                             .result = &ec_tax_exemption_entity,
                             .run = create_run,
                             .fingerprint = ec_object_fingerprint};
    ec_object_args args = {.entity = &ec_tax_exemption_entity, .object = exemption};
    return ec_call(session, &op, &args, (void **)out);
}

static ec_status update_run(ec_session *session, void *ctx, void **result)
{
    const ec_entity *entity = &ec_tax_exemption_entity;
    ec_mask fields = 0;
    ec_tax_exemption before = {0};
    ec_tax_exemption *exemption = ec_arena_alloc(ec_scratch(session), sizeof(*exemption));
    if (exemption == NULL) return ec_fail_memory(session);
    ec_status status = ec_object_merge(session, ctx, &before, exemption, &fields);
    *result = exemption;
    if (status != EC_OK || fields == 0) return status;
    status = check_references(session, exemption);
    if (status == EC_OK) status = ec_entity_update(session, entity, exemption, fields);
    if (status == EC_OK) status = ec_rules_changed(session);
    return status == EC_OK ? ec_catalog_tell(session, entity, exemption->id, "updated", fields)
                           : status;
}

ec_status ec_tax_exemption_update(ec_session *session, ec_id id, const ec_tax_exemption *exemption,
                                  ec_mask fields, ec_tax_exemption **out)
{
    static const ec_op op = {.name = "tax_exemption.update",
                             .permission = "tax.write",
                             .access = EC_ACCESS_STAFF,
                             .mode = EC_WRITE,
                             .result = &ec_tax_exemption_entity,
                             .run = update_run,
                             .fingerprint = ec_object_fingerprint};
    ec_object_args args = {
        .entity = &ec_tax_exemption_entity, .id = id, .object = exemption, .fields = fields};
    return ec_call(session, &op, &args, (void **)out);
}

static ec_status delete_run(ec_session *session, void *ctx, void **result)
{
    ec_status status = ec_catalog_delete(session, ctx, result);
    return status == EC_OK ? ec_rules_changed(session) : status;
}

ec_status ec_tax_exemption_delete(ec_session *session, ec_id id, int64_t version)
{
    static const ec_op op = {.name = "tax_exemption.delete",
                             .permission = "tax.write",
                             .access = EC_ACCESS_STAFF,
                             .mode = EC_WRITE,
                             .run = delete_run,
                             .fingerprint = ec_catalog_delete_fingerprint};
    ec_delete_args args = {.entity = &ec_tax_exemption_entity,
                           .id = id,
                           .version = version,
                           .in_use = "The exemption is in use."};
    return ec_call(session, &op, &args, NULL);
}

/* ---- reading ---- */

static ec_status get_run(ec_session *session, void *ctx, void **result)
{
    const ec_object_args *args = ctx;
    return ec_catalog_one(session, &ec_tax_exemption_entity, "WHERE t.id = ?",
                          ec_args(ec_int(args->id)), result);
}

ec_status ec_tax_exemption_get(ec_session *session, ec_id id, ec_tax_exemption **out)
{
    static const ec_op op = {.name = "tax_exemption.get",
                             .permission = "tax.read",
                             .access = EC_ACCESS_STAFF,
                             .mode = EC_READ,
                             .result = &ec_tax_exemption_entity,
                             .run = get_run};
    ec_object_args args = {.id = id};
    return ec_call(session, &op, &args, (void **)out);
}

typedef struct find_args {
    const ec_tax_exemption_filter *filter;
    const ec_page *page;
} find_args;

static ec_status find_run(ec_session *session, void *ctx, void **result)
{
    const find_args *args = ctx;
    static const ec_tax_exemption_filter all;
    const ec_tax_exemption_filter *filter = args->filter != NULL ? args->filter : &all;
    const ec_entity *entity = &ec_tax_exemption_entity;
    ec_value user = ec_int(filter->user_id), group = ec_int(filter->group_id);
    if (filter->user_id != 0 && filter->group_id != 0)
        return ec_page_select(session, entity, "t.user_id = ? AND t.group_id = ?",
                              ec_args(user, group), false, args->page, result);
    if (filter->user_id != 0)
        return ec_page_select(session, entity, "t.user_id = ?", ec_args(user), false, args->page,
                              result);
    if (filter->group_id != 0)
        return ec_page_select(session, entity, "t.group_id = ?", ec_args(group), false, args->page,
                              result);
    return ec_page_select(session, entity, "", ec_no_args, false, args->page, result);
}

ec_status ec_tax_exemption_find(ec_session *session, const ec_tax_exemption_filter *filter,
                                const ec_page *page, ec_tax_exemption_list **out)
{
    static const ec_op op = {.name = "tax_exemption.find",
                             .permission = "tax.read",
                             .access = EC_ACCESS_STAFF,
                             .mode = EC_READ,
                             .result = &ec_tax_exemption_list_entity,
                             .run = find_run};
    find_args args = {.filter = filter, .page = page};
    return ec_call(session, &op, &args, (void **)out);
}
