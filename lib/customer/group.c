/* SPDX-License-Identifier: MIT */
/*
 * group.c - groups of customers as objects; who is in them is group_users.c's part.
 *
 * Plain rows with a code. Those that read a group are told how many users it has. It refuses to
 * remove a group that a price list or an exemption is for.
 */
#include <ecommerce/group.h>

#include "catalog/statement.h"
#include "engine/object.h"
#include "engine/page.h"
#include "model/model.h"

/* Fill in how many users are in each; the groups are sorted by id. One statement. */
static ec_status read_counts(ec_session *session, ec_group *items, size_t count)
{
    ec_statement s;
    ec_stmt *stmt = NULL;
    size_t at = 0;
    ec_id *ids = ec_arena_array(ec_scratch(session), count + 1, sizeof *ids);
    if (count == 0 || !ids) {
        return ids ? EC_OK : ec_fail_memory(session);
    }
    for (size_t i = 0; i < count; i++) {
        ids[i] = items[i].id;
    }
    ec_statement_begin(&s, session);
    ec_statement_put(&s, "SELECT group_id, COUNT(*) FROM customer_group_users WHERE group_id IN ");
    ec_statement_ids(&s, ids, count);
    ec_statement_put(&s, " GROUP BY group_id ORDER BY group_id");
    ec_status status = ec_statement_query(&s, &stmt);
    while (status == EC_OK && (status = ec_row(session, stmt)) == EC_OK) {
        while (at + 1 < count && items[at].id < ec_col_int(stmt, 0)) {
            at++;
        }
        items[at].users_count = ec_col_int(stmt, 1);
    }
    return status == EC_DONE ? EC_OK : status;
}

/* ---- create and update ---- */

static ec_status create_run(ec_session *session, void *ctx, void **result)
{
    const ec_object_args *args = ctx;
    ec_status status = ec_input(session, &ec_group_entity, args->object, EC_MASK_ALL, true);
    ec_group *group = ec_arena_alloc(ec_scratch(session), sizeof *group);
    if (status != EC_OK || !group) {
        return status != EC_OK ? status : ec_fail_memory(session);
    }
    *group = (ec_group){.code = ((const ec_group *)args->object)->code,
                        .name = ((const ec_group *)args->object)->name};
    *result = group;
    status = ec_entity_insert(session, &ec_group_entity, group);
    return status == EC_OK ? ec_emit(session, "group", group->id, "group.created", NULL) : status;
}

ec_status ec_group_create(ec_session *session, const ec_group *group, ec_group **out)
{
    static const ec_op op = {.name = "group.create",
                             .permission = "user.write",
                             .access = EC_ACCESS_STAFF,
                             .mode = EC_WRITE,
                             .result = &ec_group_entity,
                             .run = create_run,
                             .fingerprint = ec_object_fingerprint};
    ec_object_args args = {.entity = &ec_group_entity, .object = group};
    return ec_call(session, &op, &args, (void **)out);
}

static ec_status update_run(ec_session *session, void *ctx, void **result)
{
    ec_mask fields = 0;
    ec_group before = {0};
    ec_group *group = ec_arena_alloc(ec_scratch(session), sizeof *group);
    ec_status status =
        group ? ec_object_merge(session, ctx, &before, group, &fields) : ec_fail_memory(session);
    *result = group;
    if (status == EC_OK && fields != 0) {
        status = ec_entity_update(session, &ec_group_entity, group, fields);
        status =
            status == EC_OK ? ec_emit(session, "group", group->id, "group.updated", NULL) : status;
    }
    return status == EC_OK ? read_counts(session, group, 1) : status;
}

ec_status ec_group_update(ec_session *session, ec_id id, const ec_group *group, ec_mask fields,
                          ec_group **out)
{
    static const ec_op op = {.name = "group.update",
                             .permission = "user.write",
                             .access = EC_ACCESS_STAFF,
                             .mode = EC_WRITE,
                             .result = &ec_group_entity,
                             .run = update_run,
                             .fingerprint = ec_object_fingerprint};
    ec_object_args args = {.entity = &ec_group_entity, .id = id, .object = group, .fields = fields};
    return ec_call(session, &op, &args, (void **)out);
}

/* ---- delete ---- */

typedef struct delete_args {
    ec_id id;
    int64_t version;
} delete_args;

static void delete_fingerprint(const void *ctx, ec_json_writer *json)
{
    const delete_args *args = ctx;
    ec_json_array(json);
    ec_json_int(json, args->id);
    ec_json_int(json, args->version);
    ec_json_array_end(json);
}

static ec_status delete_run(ec_session *session, void *ctx, void **result)
{
    const delete_args *args = ctx;
    ec_group group = {0};
    (void)result;
    ec_status status = ec_entity_get(session, &ec_group_entity, args->id, &group);
    if (status == EC_OK && args->version != 0 && args->version != group.version) {
        return ec_fail(session, EC_STALE, "The group is of version %lld, not %lld.",
                       (long long)group.version, (long long)args->version);
    }
    if (status == EC_OK) {
        status = ec_entity_delete(session, &ec_group_entity, args->id);
    }
    if (status == EC_IN_USE) {
        return ec_fail(session, EC_IN_USE, "A price list or an exemption is for the group.");
    }
    return status == EC_OK ? ec_emit(session, "group", args->id, "group.deleted", NULL) : status;
}

ec_status ec_group_delete(ec_session *session, ec_id id, int64_t version)
{
    static const ec_op op = {.name = "group.delete",
                             .permission = "user.write",
                             .access = EC_ACCESS_STAFF,
                             .mode = EC_WRITE,
                             .run = delete_run,
                             .fingerprint = delete_fingerprint};
    delete_args args = {id, version};
    return ec_call(session, &op, &args, NULL);
}

/* ---- reading ---- */

static ec_status get_run(ec_session *session, void *ctx, void **result)
{
    const ec_object_args *args = ctx;
    size_t count = 0;
    bool by_code = args->id == 0;
    ec_status status =
        ec_entity_select(session, &ec_group_entity, by_code ? "WHERE t.code = ?" : "WHERE t.id = ?",
                         ec_args(by_code ? ec_text(args->name) : ec_int(args->id)), result, &count);
    if (status == EC_OK && count == 0) {
        return ec_fail(session, EC_NOT_FOUND, "There is no such group.");
    }
    return status == EC_OK ? read_counts(session, *result, 1) : status;
}

ec_status ec_group_get(ec_session *session, ec_id id, ec_group **out)
{
    static const ec_op op = {.name = "group.get",
                             .permission = "user.read",
                             .access = EC_ACCESS_STAFF,
                             .mode = EC_READ,
                             .result = &ec_group_entity,
                             .run = get_run};
    ec_object_args args = {.id = id};
    return ec_call(session, &op, &args, (void **)out);
}

ec_status ec_group_by_code(ec_session *session, const char *code, ec_group **out)
{
    static const ec_op op = {.name = "group.by_code",
                             .permission = "user.read",
                             .access = EC_ACCESS_STAFF,
                             .mode = EC_READ,
                             .result = &ec_group_entity,
                             .run = get_run};
    ec_object_args args = {.name = code};
    return ec_call(session, &op, &args, (void **)out);
}

typedef struct find_args {
    const ec_group_filter *filter;
    const ec_page *page;
} find_args;

static ec_status find_run(ec_session *session, void *ctx, void **result)
{
    const find_args *args = ctx;
    ec_id user = args->filter ? args->filter->user_id : 0;
    ec_value value = ec_int(user);
    const char *where =
        user == 0 ? ""
                  : "t.id IN (SELECT m.group_id FROM customer_group_users m WHERE m.user_id = ?)";
    ec_status status = ec_page_select(session, &ec_group_entity, where, &value, user == 0 ? 0 : 1,
                                      false, args->page, result);
    ec_group_list *list = *result;
    return status == EC_OK ? read_counts(session, list->items, list->items_count) : status;
}

ec_status ec_group_find(ec_session *session, const ec_group_filter *filter, const ec_page *page,
                        ec_group_list **out)
{
    static const ec_op op = {.name = "group.find",
                             .permission = "user.read",
                             .access = EC_ACCESS_STAFF,
                             .mode = EC_READ,
                             .result = &ec_group_list_entity,
                             .run = find_run};
    find_args args = {filter, page};
    return ec_call(session, &op, &args, (void **)out);
}
