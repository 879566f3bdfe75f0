/* SPDX-License-Identifier: MIT */
/*
 * price_list.c - lists of prices as objects; the prices in them are the catalogue's part.
 *
 * Plain rows with a code. It refuses an end before the begin, by the entity's own rule.
 */
#include <ecommerce/channel.h>

#include "engine/object.h"
#include "engine/page.h"
#include "engine/sql.h"
#include "model/model.h"

static ec_status create_run(ec_session *session, void *ctx, void **result)
{
    const ec_object_args *args = ctx;
    ec_status status = ec_input(session, &ec_price_list_entity, args->object, EC_MASK_ALL, true);
    ec_price_list *list = ec_arena_alloc(ec_scratch(session), sizeof *list);
    if (status != EC_OK || !list) {
        return status != EC_OK ? status : ec_fail_memory(session);
    }
    *list = *(const ec_price_list *)args->object;
    list->version = 0;
    list->created_at = list->updated_at = 0;
    status = ec_entity_insert(session, &ec_price_list_entity, list);
    if (status == EC_OK) {
        status = ec_emit(session, "price_list", list->id, "price_list.created", NULL);
    }
    *result = list;
    return status;
}

ec_status ec_price_list_create(ec_session *session, const ec_price_list *list, ec_price_list **out)
{
    static const ec_op op = {.name = "price_list.create",
                             .permission = "price.write",
                             .access = EC_ACCESS_STAFF,
                             .mode = EC_WRITE,
                             .result = &ec_price_list_entity,
                             .run = create_run,
                             .fingerprint = ec_object_fingerprint};
    ec_object_args args = {.entity = &ec_price_list_entity, .object = list};
    return ec_call(session, &op, &args, (void **)out);
}

static ec_status update_run(ec_session *session, void *ctx, void **result)
{
    ec_mask fields = 0;
    ec_price_list before = {0};
    ec_price_list *list = ec_arena_alloc(ec_scratch(session), sizeof *list);
    ec_status status =
        list ? ec_object_merge(session, ctx, &before, list, &fields) : ec_fail_memory(session);
    *result = list;
    if (status != EC_OK || fields == 0) {
        return status;
    }
    status = ec_entity_update(session, &ec_price_list_entity, list, fields);
    return status == EC_OK ? ec_emit(session, "price_list", list->id, "price_list.updated", NULL)
                           : status;
}

ec_status ec_price_list_update(ec_session *session, ec_id id, const ec_price_list *list,
                               ec_mask fields, ec_price_list **out)
{
    static const ec_op op = {.name = "price_list.update",
                             .permission = "price.write",
                             .access = EC_ACCESS_STAFF,
                             .mode = EC_WRITE,
                             .result = &ec_price_list_entity,
                             .run = update_run,
                             .fingerprint = ec_object_fingerprint};
    ec_object_args args = {
        .entity = &ec_price_list_entity, .id = id, .object = list, .fields = fields};
    return ec_call(session, &op, &args, (void **)out);
}

static ec_status get_run(ec_session *session, void *ctx, void **result)
{
    const ec_object_args *args = ctx;
    size_t count = 0;
    bool by_code = args->id == 0;
    ec_status status = ec_entity_select(
        session, &ec_price_list_entity, by_code ? "WHERE t.code = ?" : "WHERE t.id = ?",
        ec_args(by_code ? ec_text(args->name) : ec_int(args->id)), result, &count);
    if (status == EC_OK && count == 0) {
        status = ec_fail(session, EC_NOT_FOUND, "There is no such price list.");
    }
    return status;
}

ec_status ec_price_list_get(ec_session *session, ec_id id, ec_price_list **out)
{
    static const ec_op op = {.name = "price_list.get",
                             .permission = "price.read",
                             .access = EC_ACCESS_STAFF,
                             .mode = EC_READ,
                             .result = &ec_price_list_entity,
                             .run = get_run};
    ec_object_args args = {.id = id};
    return ec_call(session, &op, &args, (void **)out);
}

ec_status ec_price_list_by_code(ec_session *session, const char *code, ec_price_list **out)
{
    static const ec_op op = {.name = "price_list.by_code",
                             .permission = "price.read",
                             .access = EC_ACCESS_STAFF,
                             .mode = EC_READ,
                             .result = &ec_price_list_entity,
                             .run = get_run};
    ec_object_args args = {.name = code};
    return ec_call(session, &op, &args, (void **)out);
}

static ec_status find_run(ec_session *session, void *ctx, void **result)
{
    const ec_page *const *page = ctx;
    return ec_page_select(session, &ec_price_list_entity, "", ec_no_args, false, *page, result);
}

ec_status ec_price_list_find(ec_session *session, const ec_page *page, ec_price_list_list **out)
{
    static const ec_op op = {.name = "price_list.find",
                             .permission = "price.read",
                             .access = EC_ACCESS_STAFF,
                             .mode = EC_READ,
                             .result = &ec_price_list_list_entity,
                             .run = find_run};
    return ec_call(session, &op, &page, (void **)out);
}
