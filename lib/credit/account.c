/* SPDX-License-Identifier: MIT */
/*
 * account.c - accounts as objects: looking them up, listing them and their entries, switching them
 * off and on.
 *
 * It refuses to tell what is not the caller's: another's account is not there, and a text that is
 * no card's code is answered like every other one.
 */
#include <string.h>

#include "credit/credit.h"
#include "engine/object.h"
#include "engine/page.h"

/* ---- one ---- */

static ec_status run_get(ec_session *session, void *ctx, void **result)
{
    ec_credit *account = ec_arena_alloc(ec_scratch(session), sizeof(*account));
    if (account == NULL) return ec_fail_memory(session);
    ec_status status = ec_entity_get(session, &ec_credit_entity, *(const ec_id *)ctx, account);
    if (status == EC_OK) status = ec_owned(session, "credit", account->user_id);
    if (!ec_session_is_staff(session)) account->note = NULL;
    *result = account;
    return status;
}

ec_status ec_credit_get(ec_session *session, ec_id id, ec_credit **out)
{
    static const ec_op op = {
        .name = "credit.get",
        .permission = "credits.read",
        .access = EC_ACCESS_OWNER,
        .mode = EC_READ,
        .result = &ec_credit_entity,
        .run = run_get,
    };
    return ec_call(session, &op, &id, (void **)out);
}

ec_status ec_credit_of_code(ec_session *session, const char *code, ec_credit *out)
{
    char digest[EC_SHA256_HEX];
    void *rows = NULL;
    size_t count = 0;
    ec_status status = ec_credit_code_hash(session, code, false, digest);
    if (status == EC_OK)
        status = ec_entity_select(session, &ec_credit_entity, "WHERE t.code_hash = ?",
                                  ec_args(ec_text(digest)), &rows, &count);
    if (status != EC_OK) return status;
    if (count == 0) return EC_NOT_FOUND;
    *out = *(const ec_credit *)rows;
    return EC_OK;
}

typedef struct code_args {
    const char *code;
} code_args;

static ec_status run_by_code(ec_session *session, void *ctx, void **result)
{
    ec_credit *account = ec_arena_alloc(ec_scratch(session), sizeof(*account));
    if (account == NULL) return ec_fail_memory(session);
    ec_status status = ec_credit_of_code(session, ((const code_args *)ctx)->code, account);
    if (status == EC_NOT_FOUND)
        return ec_fail_field(session, EC_NOT_FOUND, "code", "reference",
                             "There is no gift card with this code.");
    if (!ec_session_is_staff(session)) {
        account->id = 0;
        account->note = NULL;
    }
    *result = account;
    return status;
}

ec_status ec_gift_card_by_code(ec_session *session, const char *code, ec_credit **out)
{
    static const ec_op op = {
        .name = "credit.by_code",
        .permission = "credits.use",
        .access = EC_ACCESS_ANY,
        .mode = EC_READ,
        .result = &ec_credit_entity,
        .run = run_by_code,
    };
    code_args args = {code};
    return ec_call(session, &op, &args, (void **)out);
}

/* ---- changes ---- */

static ec_status check_change(ec_session *session, const ec_credit *before, const ec_credit *after)
{
    bool over = after->expires_at != 0 && after->expires_at <= ec_now(session);
    if (after->status == EC_CREDIT_EXPIRED && before->status != EC_CREDIT_EXPIRED)
        return ec_fail_field(session, EC_INVALID, "status", "enum",
                             "An account ends by its time, not by hand; disable it.");
    if (after->expires_at < 0 || (over && after->expires_at != before->expires_at))
        return ec_fail_field(session, EC_INVALID, "expires_at", "min",
                             "An account ends in the future.");
    if (over && after->status == EC_CREDIT_ACTIVE && before->status != EC_CREDIT_ACTIVE)
        return ec_fail_field(session, EC_INVALID, "expires_at", "min",
                             "An account whose time is over needs another end to be active.");
    return EC_OK;
}

static ec_status run_update(ec_session *session, void *ctx, void **result)
{
    ec_mask fields = 0;
    ec_credit before = {0};
    const ec_object_args *args = ctx;
    ec_credit *account = ec_arena_alloc(ec_scratch(session), sizeof(*account));
    if (account == NULL) return ec_fail_memory(session);
    ec_status status = ec_object_merge(session, args, &before, account, &fields);
    *result = account;
    if (status != EC_OK || fields == 0) return status;
    if ((status = check_change(session, &before, account)) != EC_OK) return status;
    status = ec_entity_update(session, &ec_credit_entity, account, fields);
    if (status != EC_OK) return status;
    const char *type = before.status == account->status      ? "credit.updated"
                       : account->status == EC_CREDIT_ACTIVE ? "credit.enabled"
                                                             : "credit.disabled";
    return ec_emit(session, "credit", account->id, type, NULL);
}

ec_status ec_credit_update(ec_session *session, ec_id id, const ec_credit *credit, ec_mask fields,
                           ec_credit **out)
{
    static const ec_op op = {
        .name = "credit.update",
        .permission = "credits.write",
        .access = EC_ACCESS_STAFF,
        .mode = EC_WRITE,
        .result = &ec_credit_entity,
        .run = run_update,
        .fingerprint = ec_object_fingerprint,
    };
    ec_object_args args = {
        .entity = &ec_credit_entity, .id = id, .object = credit, .fields = fields};
    return ec_call(session, &op, &args, (void **)out);
}

/* ---- listings ---- */

typedef struct find_args {
    const ec_credit_filter *filter;
    const ec_page *page;
} find_args;

typedef struct where {
    ec_buf sql;
    ec_value values[4];
    size_t count;
} where;

static void add(where *w, const char *condition, ec_value value)
{
    if (w->count > 0) ec_buf_puts(&w->sql, " AND ");
    ec_buf_puts(&w->sql, condition);
    w->values[w->count++] = value;
}

static ec_status check_name(ec_session *session, const char *field, const char *name,
                            const char *const *names)
{
    for (size_t i = 0; name != NULL && names[i] != NULL; i++)
        if (strcmp(names[i], name) == 0) return EC_OK;
    return name == NULL ? EC_OK
                        : ec_fail_field(session, EC_INVALID, field, "enum",
                                        "\"%.32s\" is not one of the %s values.", name, field);
}

/* Whose accounts: a customer's own only. */
static ec_status whose(ec_session *session, const ec_credit_filter *filter, ec_id *user_id)
{
    *user_id = filter->user_id;
    if (ec_session_is_staff(session)) return EC_OK;
    ec_id self = ec_session_actor(session) == EC_ACTOR_CUSTOMER ? ec_session_user(session) : 0;
    if (self == 0 || (*user_id != 0 && *user_id != self))
        return ec_fail(session, EC_DENIED, "Only the shop's staff list others' accounts.");
    *user_id = self;
    return EC_OK;
}

static ec_status run_find(ec_session *session, void *ctx, void **result)
{
    static const ec_credit_filter all = {0};
    const find_args *args = ctx;
    const ec_credit_filter *filter = args->filter != NULL ? args->filter : &all;
    where w = {.count = 0};
    ec_id user_id = 0;
    ec_status status = whose(session, filter, &user_id);
    if (status == EC_OK) status = check_name(session, "kind", filter->kind, ec_credit_kind_names);
    if (status == EC_OK)
        status = check_name(session, "status", filter->status, ec_credit_status_names);
    if (status != EC_OK) return status;
    ec_buf_init(&w.sql, ec_session_platform(session), 4096);
    if (user_id != 0) add(&w, "t.user_id = ?", ec_int(user_id));
    if (filter->code_end != NULL) add(&w, "t.code_end = ?", ec_text(filter->code_end));
    if (filter->kind != NULL) add(&w, "t.kind = ?", ec_text(filter->kind));
    if (filter->status != NULL) add(&w, "t.status = ?", ec_text(filter->status));
    status = w.sql.status != EC_OK
                 ? ec_fail_memory(session)
                 : ec_page_select(session, &ec_credit_entity, ec_buf_text(&w.sql), w.values,
                                  w.count, filter->newest_first, args->page, result);
    ec_buf_clear(&w.sql);
    if (status != EC_OK || ec_session_is_staff(session)) return status;
    ec_credit_list *list = *result;
    for (size_t i = 0; i < list->items_count; i++)
        list->items[i].note = NULL;
    return EC_OK;
}

ec_status ec_credit_find(ec_session *session, const ec_credit_filter *filter, const ec_page *page,
                         ec_credit_list **out)
{
    static const ec_op op = {
        .name = "credit.find",
        .permission = "credits.read",
        .access = EC_ACCESS_OWNER,
        .mode = EC_READ,
        .result = &ec_credit_list_entity,
        .run = run_find,
    };
    find_args args = {filter, page};
    return ec_call(session, &op, &args, (void **)out);
}

typedef struct entries_args {
    ec_id id;
    const ec_page *page;
} entries_args;

/* The orders of the payments of a page that is not empty. */
static ec_status read_orders(ec_session *session, ec_id id, ec_credit_entry_list *list)
{
    ec_stmt *stmt = NULL;
    ec_status status = ec_query(
        session,
        "SELECT e.id, p.order_id FROM credit_entries e JOIN payments p ON p.id = e.payment_id"
        " WHERE e.credit_id = ? AND e.id >= ? AND e.id <= ? ORDER BY e.id DESC",
        ec_args(ec_int(id), ec_int(list->items[list->items_count - 1].id),
                ec_int(list->items[0].id)),
        &stmt);
    if (status != EC_OK) return status;
    size_t at = 0;
    while ((status = ec_row(session, stmt)) == EC_OK) {
        while (at < list->items_count && list->items[at].id > ec_col_int(stmt, 0))
            at++;
        if (at < list->items_count && list->items[at].id == ec_col_int(stmt, 0))
            list->items[at].order_id = ec_col_int(stmt, 1);
    }
    return status == EC_DONE ? EC_OK : status;
}

static ec_status run_entries(ec_session *session, void *ctx, void **result)
{
    const entries_args *args = ctx;
    ec_credit account = {0};
    ec_status status = ec_entity_get(session, &ec_credit_entity, args->id, &account);
    if (status == EC_OK) status = ec_owned(session, "credit", account.user_id);
    if (status != EC_OK) return status;
    status = ec_page_select(session, &ec_credit_entry_entity, "t.credit_id = ?",
                            ec_args(ec_int(args->id)), true, args->page, result);
    if (status != EC_OK) return status;
    ec_credit_entry_list *list = *result;
    for (size_t i = 0; i < list->items_count; i++) {
        list->items[i].currency = account.currency;
        if (!ec_session_is_staff(session)) list->items[i].user_id = 0;
    }
    return list->items_count == 0 ? EC_OK : read_orders(session, args->id, list);
}

ec_status ec_credit_entries(ec_session *session, ec_id id, const ec_page *page,
                            ec_credit_entry_list **out)
{
    static const ec_op op = {
        .name = "credit.entries",
        .permission = "credits.read",
        .access = EC_ACCESS_OWNER,
        .mode = EC_READ,
        .result = &ec_credit_entry_list_entity,
        .run = run_entries,
    };
    entries_args args = {id, page};
    return ec_call(session, &op, &args, (void **)out);
}
