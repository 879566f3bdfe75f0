/* SPDX-License-Identifier: MIT */
/*
 * rate.c - rates of zones and categories, as they are kept.
 *
 * A rate may be removed at any time: orders have frozen what they were charged. It refuses to move
 * a rate to another zone or category, which would be another rate.
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

static ec_status check_references(ec_session *session, const ec_tax_rate *rate)
{
    ec_status status =
        check_one(session, "SELECT 1 FROM zones WHERE id = ?", rate->zone_id, "zone_id");
    if (status != EC_OK) return status;
    return check_one(session, "SELECT 1 FROM tax_categories WHERE id = ?", rate->category_id,
                     "category_id");
}

static ec_status create_run(ec_session *session, void *ctx, void **result)
{
    ec_status status = ec_catalog_begin(session, ctx, result);
    ec_tax_rate *rate = *result;
    if (status == EC_OK) status = check_references(session, rate);
    if (status == EC_OK) status = ec_entity_insert(session, &ec_tax_rate_entity, rate);
    if (status == EC_OK) status = ec_rules_changed(session);
    return status == EC_OK ? ec_catalog_tell(session, &ec_tax_rate_entity, rate->id, "created", 0)
                           : status;
}

ec_status ec_tax_rate_create(ec_session *session, const ec_tax_rate *rate, ec_tax_rate **out)
{
    static const ec_op op = {.name = "tax_rate.create",
                             .permission = "tax.write",
                             .access = EC_ACCESS_STAFF,
                             .mode = EC_WRITE,
                             .result = &ec_tax_rate_entity,
                             .run = create_run,
                             .fingerprint = ec_object_fingerprint};
    ec_object_args args = {.entity = &ec_tax_rate_entity, .object = rate};
    return ec_call(session, &op, &args, (void **)out);
}

static ec_status update_run(ec_session *session, void *ctx, void **result)
{
    const ec_entity *entity = &ec_tax_rate_entity;
    ec_mask fields = 0;
    ec_tax_rate before = {0};
    ec_tax_rate *rate = ec_arena_alloc(ec_scratch(session), sizeof(*rate));
    if (rate == NULL) return ec_fail_memory(session);
    ec_status status = ec_object_merge(session, ctx, &before, rate, &fields);
    *result = rate;
    if (status != EC_OK || fields == 0) return status;
    status = check_references(session, rate);
    if (status == EC_OK) status = ec_entity_update(session, entity, rate, fields);
    if (status == EC_OK) status = ec_rules_changed(session);
    return status == EC_OK ? ec_catalog_tell(session, entity, rate->id, "updated", fields) : status;
}

ec_status ec_tax_rate_update(ec_session *session, ec_id id, const ec_tax_rate *rate, ec_mask fields,
                             ec_tax_rate **out)
{
    static const ec_op op = {.name = "tax_rate.update",
                             .permission = "tax.write",
                             .access = EC_ACCESS_STAFF,
                             .mode = EC_WRITE,
                             .result = &ec_tax_rate_entity,
                             .run = update_run,
                             .fingerprint = ec_object_fingerprint};
    ec_object_args args = {
        .entity = &ec_tax_rate_entity, .id = id, .object = rate, .fields = fields};
    return ec_call(session, &op, &args, (void **)out);
}

static ec_status delete_run(ec_session *session, void *ctx, void **result)
{
    ec_status status = ec_catalog_delete(session, ctx, result);
    if (status == EC_OK) status = ec_rules_changed(session);
    return status;
}

ec_status ec_tax_rate_delete(ec_session *session, ec_id id, int64_t version)
{
    static const ec_op op = {.name = "tax_rate.delete",
                             .permission = "tax.write",
                             .access = EC_ACCESS_STAFF,
                             .mode = EC_WRITE,
                             .run = delete_run,
                             .fingerprint = ec_catalog_delete_fingerprint};
    ec_delete_args args = {.entity = &ec_tax_rate_entity,
                           .id = id,
                           .version = version,
                           .in_use = "The rate is in use."};
    return ec_call(session, &op, &args, NULL);
}

/* ---- reading ---- */

static ec_status get_run(ec_session *session, void *ctx, void **result)
{
    const ec_object_args *args = ctx;
    return ec_catalog_one(session, &ec_tax_rate_entity, "WHERE t.id = ?", ec_args(ec_int(args->id)),
                          result);
}

ec_status ec_tax_rate_get(ec_session *session, ec_id id, ec_tax_rate **out)
{
    static const ec_op op = {.name = "tax_rate.get",
                             .permission = "tax.read",
                             .access = EC_ACCESS_STAFF,
                             .mode = EC_READ,
                             .result = &ec_tax_rate_entity,
                             .run = get_run};
    ec_object_args args = {.id = id};
    return ec_call(session, &op, &args, (void **)out);
}

typedef struct find_args {
    const ec_tax_rate_filter *filter;
    const ec_page *page;
} find_args;

static ec_status find_run(ec_session *session, void *ctx, void **result)
{
    const find_args *args = ctx;
    static const ec_tax_rate_filter all;
    const ec_tax_rate_filter *filter = args->filter != NULL ? args->filter : &all;
    const ec_entity *entity = &ec_tax_rate_entity;
    ec_value zone = ec_int(filter->zone_id), category = ec_int(filter->category_id);
    if (filter->zone_id != 0 && filter->category_id != 0)
        return ec_page_select(session, entity, "t.zone_id = ? AND t.category_id = ?",
                              ec_args(zone, category), false, args->page, result);
    if (filter->zone_id != 0)
        return ec_page_select(session, entity, "t.zone_id = ?", ec_args(zone), false, args->page,
                              result);
    if (filter->category_id != 0)
        return ec_page_select(session, entity, "t.category_id = ?", ec_args(category), false,
                              args->page, result);
    return ec_page_select(session, entity, "", ec_no_args, false, args->page, result);
}

ec_status ec_tax_rate_find(ec_session *session, const ec_tax_rate_filter *filter,
                           const ec_page *page, ec_tax_rate_list **out)
{
    static const ec_op op = {.name = "tax_rate.find",
                             .permission = "tax.read",
                             .access = EC_ACCESS_STAFF,
                             .mode = EC_READ,
                             .result = &ec_tax_rate_list_entity,
                             .run = find_run};
    find_args args = {.filter = filter, .page = page};
    return ec_call(session, &op, &args, (void **)out);
}
