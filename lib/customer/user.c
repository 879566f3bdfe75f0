/* SPDX-License-Identifier: MIT */
/*
 * user.c - the people of a shop.
 *
 * Email addresses are kept in lower case, so one person has one user. Customers change themselves
 * but not what they are to the shop; a changed address has to be proved again. It refuses to show
 * anybody to somebody else.
 */
#include <ecommerce/customer.h>

#include <string.h>

#include "base/text.h"
#include "engine/object.h"
#include "engine/page.h"
#include "engine/sql.h"
#include "model/model.h"

/* A copy in lower case, in the arena. */
static const char *email_key(ec_session *session, const char *email)
{
    char *copy = ec_arena_strdup(ec_scratch(session), email);
    if (copy) {
        ec_text_lower(copy);
    }
    return copy;
}

/* ---- create ---- */

static ec_status create_run(ec_session *session, void *ctx, void **result)
{
    const ec_object_args *args = ctx;
    ec_status status = ec_input(session, &ec_user_entity, args->object, EC_MASK_ALL, true);
    ec_user *user = ec_arena_alloc(ec_scratch(session), sizeof *user);
    if (status != EC_OK || !user) {
        return status != EC_OK ? status : ec_fail_memory(session);
    }
    *user = *(const ec_user *)args->object;
    user->version = 0;
    user->created_at = user->updated_at = 0;
    user->email = email_key(session, user->email);
    status = ec_entity_insert(session, &ec_user_entity, user);
    if (status == EC_OK) {
        status = ec_emit(session, "user", user->id, "user.created", NULL);
    }
    *result = user;
    return status;
}

ec_status ec_user_create(ec_session *session, const ec_user *user, ec_user **out)
{
    static const ec_op op = {.name = "user.create",
                             .permission = "user.write",
                             .access = EC_ACCESS_STAFF,
                             .mode = EC_WRITE,
                             .result = &ec_user_entity,
                             .run = create_run,
                             .fingerprint = ec_object_fingerprint};
    ec_object_args args = {.entity = &ec_user_entity, .object = user};
    return ec_call(session, &op, &args, (void **)out);
}

/* ---- update ---- */

/* What customers may not set of themselves. */
static ec_mask staff_fields(void)
{
    return ec_mask_of("user", "role,email_verified,is_active");
}

static ec_status update_allowed(ec_session *session, ec_object_args *args)
{
    ec_status status = ec_owned(session, "user", args->id);
    if (status != EC_OK || ec_session_is_staff(session)) {
        return status;
    }
    if (args->fields != EC_MASK_ALL && (args->fields & staff_fields()) != 0) {
        return ec_fail(session, EC_DENIED, "Only staff changes what a user is to the shop.");
    }
    args->fields &= ~staff_fields();
    return EC_OK;
}

static ec_status update_run(ec_session *session, void *ctx, void **result)
{
    ec_object_args args = *(const ec_object_args *)ctx;
    ec_mask fields = 0;
    ec_mask email = ec_mask_of("user", "email");
    ec_user before = {0};
    ec_user *user = ec_arena_alloc(ec_scratch(session), sizeof *user);
    ec_user changes = {0};
    ec_status status = user ? update_allowed(session, &args) : ec_fail_memory(session);
    if (status == EC_OK && args.object) {
        changes = *(const ec_user *)args.object;
        changes.email = email_key(session, changes.email);
        args.object = &changes;
    }
    if (status == EC_OK) {
        status = ec_object_merge(session, &args, &before, user, &fields);
    }
    *result = user;
    if (status != EC_OK || fields == 0) {
        return status;
    }
    if ((fields & email) != 0 && !ec_session_is_staff(session)) {
        user->email_verified = false;
        fields |= ec_mask_of("user", "email_verified");
    }
    status = ec_entity_update(session, &ec_user_entity, user, fields);
    return status == EC_OK ? ec_emit(session, "user", user->id, "user.updated", NULL) : status;
}

ec_status ec_user_update(ec_session *session, ec_id id, const ec_user *user, ec_mask fields,
                         ec_user **out)
{
    static const ec_op op = {.name = "user.update",
                             .permission = "user.write",
                             .access = EC_ACCESS_OWNER,
                             .mode = EC_WRITE,
                             .result = &ec_user_entity,
                             .run = update_run,
                             .fingerprint = ec_object_fingerprint};
    ec_object_args args = {.entity = &ec_user_entity, .id = id, .object = user, .fields = fields};
    return ec_call(session, &op, &args, (void **)out);
}

/* ---- reading ---- */

static ec_status get_run(ec_session *session, void *ctx, void **result)
{
    const ec_object_args *args = ctx;
    ec_user *user = ec_arena_alloc(ec_scratch(session), sizeof *user);
    ec_status status = user ? ec_owned(session, "user", args->id) : ec_fail_memory(session);
    *result = user;
    return status == EC_OK ? ec_entity_get(session, &ec_user_entity, args->id, user) : status;
}

ec_status ec_user_get(ec_session *session, ec_id id, ec_user **out)
{
    static const ec_op op = {.name = "user.get",
                             .permission = "user.read",
                             .access = EC_ACCESS_OWNER,
                             .mode = EC_READ,
                             .result = &ec_user_entity,
                             .run = get_run};
    ec_object_args args = {.id = id};
    return ec_call(session, &op, &args, (void **)out);
}

static ec_status by_email_run(ec_session *session, void *ctx, void **result)
{
    const ec_object_args *args = ctx;
    size_t count = 0;
    const char *email = email_key(session, args->name);
    ec_status status = ec_entity_select(session, &ec_user_entity, "WHERE t.email = ?",
                                        ec_args(ec_text(email)), result, &count);
    if (status == EC_OK && count == 0) {
        status = ec_fail(session, EC_NOT_FOUND, "There is no such user.");
    }
    return status;
}

ec_status ec_user_by_email(ec_session *session, const char *email, ec_user **out)
{
    static const ec_op op = {.name = "user.by_email",
                             .permission = "user.read",
                             .access = EC_ACCESS_STAFF,
                             .mode = EC_READ,
                             .result = &ec_user_entity,
                             .run = by_email_run};
    ec_object_args args = {.name = email};
    return ec_call(session, &op, &args, (void **)out);
}

typedef struct find_args {
    const ec_user_filter *filter;
    const ec_page *page;
} find_args;

static bool is_role(const char *name)
{
    bool found = false;
    for (size_t i = 0; ec_role_names[i] && !found; i++) {
        found = strcmp(ec_role_names[i], name) == 0;
    }
    return found;
}

static ec_status find_run(ec_session *session, void *ctx, void **result)
{
    const find_args *args = ctx;
    const char *role = args->filter ? args->filter->role : NULL;
    ec_value value = ec_text(role);
    if (role && !is_role(role)) {
        return ec_fail_field(session, EC_INVALID, "role", "enum", "There is no such role.");
    }
    return ec_page_select(session, &ec_user_entity, role ? "t.role = ?" : "", &value, role ? 1 : 0,
                          false, args->page, result);
}

ec_status ec_user_find(ec_session *session, const ec_user_filter *filter, const ec_page *page,
                       ec_user_list **out)
{
    static const ec_op op = {.name = "user.find",
                             .permission = "user.read",
                             .access = EC_ACCESS_STAFF,
                             .mode = EC_READ,
                             .result = &ec_user_list_entity,
                             .run = find_run};
    find_args args = {filter, page};
    return ec_call(session, &op, &args, (void **)out);
}
