/* SPDX-License-Identifier: MIT */
/*
 * group_users.c - who is in a group of customers.
 *
 * A call takes the same few statements however many users it names. It refuses users that nobody
 * knows, all of the call then.
 */
#include <ecommerce/group.h>

#include "customer/group.h"

#include "catalog/members.h"
#include "catalog/statement.h"
#include "engine/page.h"
#include "model/model.h"

static const ec_member_kind user_kind = {
    .noun = "user",
    .select = "SELECT id FROM users WHERE id IN ",
    .max = EC_GROUP_STEP_MAX,
};

static ec_status check_members(ec_session *session, const ec_members *args)
{
    ec_group group = {0};
    ec_status status = ec_members_count(session, args, &user_kind);
    return status == EC_OK ? ec_entity_get(session, &ec_group_entity, args->set, &group) : status;
}

static ec_status insert_members(ec_session *session, const ec_members *args)
{
    ec_statement s;
    ec_statement_begin(&s, session);
    ec_statement_put(&s, ec_session_dialect(session)->insert_ignore);
    ec_statement_put(&s, " customer_group_users (group_id, user_id, created_at) VALUES ");
    for (size_t i = 0; i < args->count; i++) {
        ec_statement_put(&s, i == 0 ? "(?, ?, ?)" : ", (?, ?, ?)");
        ec_statement_value(&s, ec_int(args->set));
        ec_statement_value(&s, ec_int(args->ids[i]));
        ec_statement_value(&s, ec_int(ec_now(session)));
    }
    return ec_statement_exec(&s, NULL);
}

static ec_status tell_members(ec_session *session, ec_id id, const char *type)
{
    ec_status status = ec_exec(session,
                               "UPDATE customer_groups SET version = version + 1, updated_at = ?"
                               " WHERE id = ?",
                               ec_args(ec_int(ec_now(session)), ec_int(id)), NULL);
    return status == EC_OK ? ec_emit(session, "group", id, type, NULL) : status;
}

static ec_status add_run(ec_session *session, void *ctx, void **result)
{
    const ec_members *args = ctx;
    (void)result;
    ec_status status = check_members(session, args);
    if (status == EC_OK) {
        status = ec_members_known(session, args, &user_kind);
    }
    if (status == EC_OK) {
        status = insert_members(session, args);
    }
    return status == EC_OK ? tell_members(session, args->set, "group.users_added") : status;
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
    ec_statement_with(&s, "DELETE FROM customer_group_users WHERE group_id = ? AND user_id IN ",
                      ec_int(args->set));
    ec_statement_ids(&s, args->ids, args->count);
    status = ec_statement_exec(&s, NULL);
    return status == EC_OK ? tell_members(session, args->set, "group.users_removed") : status;
}

ec_status ec_group_add_users(ec_session *session, ec_id id, const ec_id *users, size_t count)
{
    static const ec_op op = {.name = "group.add_users",
                             .permission = "user.write",
                             .access = EC_ACCESS_STAFF,
                             .mode = EC_WRITE,
                             .run = add_run,
                             .fingerprint = ec_members_fingerprint};
    ec_members args = {id, users, count};
    return ec_call(session, &op, &args, NULL);
}

ec_status ec_group_remove_users(ec_session *session, ec_id id, const ec_id *users, size_t count)
{
    static const ec_op op = {.name = "group.remove_users",
                             .permission = "user.write",
                             .access = EC_ACCESS_STAFF,
                             .mode = EC_WRITE,
                             .run = remove_run,
                             .fingerprint = ec_members_fingerprint};
    ec_members args = {id, users, count};
    return ec_call(session, &op, &args, NULL);
}

/* ---- of one user ---- */

ec_status ec_groups_of_user(ec_session *session, ec_id user_id, const ec_id **ids,
                            const char *const **codes, size_t *count)
{
    size_t room = 0, found = 0;
    ec_id *numbers = NULL;
    const char **names = NULL;
    ec_stmt *stmt = NULL;
    ec_status status = ec_query(session,
                                "SELECT g.id, g.code FROM customer_group_users m"
                                " JOIN customer_groups g ON g.id = m.group_id"
                                " WHERE m.user_id = ? ORDER BY g.id",
                                ec_args(ec_int(user_id)), &stmt);
    while (status == EC_OK && (status = ec_row(session, stmt)) == EC_OK) {
        if (found == room) {
            room = room == 0 ? 8 : room * 2;
            ec_id *more = ec_arena_array(ec_scratch(session), room, sizeof *more);
            const char **more_names = ec_arena_array(ec_scratch(session), room, sizeof *more_names);
            if (!more || !more_names) {
                return ec_fail_memory(session);
            }
            for (size_t i = 0; i < found; i++) {
                more[i] = numbers[i];
                more_names[i] = names[i];
            }
            numbers = more;
            names = more_names;
        }
        numbers[found] = ec_col_int(stmt, 0);
        names[found++] = ec_col_text(session, stmt, 1);
    }
    *ids = numbers;
    *codes = names;
    *count = found;
    return status == EC_DONE ? EC_OK : status;
}

/* ---- listing ---- */

typedef struct users_args {
    ec_id id;
    const ec_page *page;
} users_args;

static ec_status users_run(ec_session *session, void *ctx, void **result)
{
    const users_args *args = ctx;
    ec_group group = {0};
    ec_value value = ec_int(args->id);
    ec_status status = ec_entity_get(session, &ec_group_entity, args->id, &group);
    if (status != EC_OK) {
        return status;
    }
    return ec_page_select(
        session, &ec_user_entity,
        "t.id IN (SELECT m.user_id FROM customer_group_users m WHERE m.group_id = ?)", &value, 1,
        false, args->page, result);
}

ec_status ec_group_users(ec_session *session, ec_id id, const ec_page *page, ec_user_list **out)
{
    static const ec_op op = {.name = "group.users",
                             .permission = "user.read",
                             .access = EC_ACCESS_STAFF,
                             .mode = EC_READ,
                             .result = &ec_user_list_entity,
                             .run = users_run};
    users_args args = {id, page};
    return ec_call(session, &op, &args, (void **)out);
}
