/* SPDX-License-Identifier: MIT */
/*
 * expire.c - ending accounts whose time is over: what is left of them is written off by an entry.
 *
 * A few statements, however many accounts. The versions that were read are part of the condition,
 * so an account that somebody changed meanwhile makes all of it begin again. It refuses to delete
 * anything, and to wait: an account whose time is over is not spent from before this either.
 */
#include <string.h>

#include "credit/credit.h"

#define EXPIRE_MAX 1000
#define CHUNK 100

typedef struct expire_args {
    int64_t limit;
    int64_t ended; /* out */
} expire_args;

/* UPDATE … WHERE (id = ? AND version = ?) OR …, of so many accounts. */
static const char *end_sql(ec_session *session, size_t count)
{
    static const char head[] = "UPDATE credit_accounts SET balance = 0, status = 'expired',"
                               " version = version + 1, updated_at = ? WHERE ";
    static const char row[] = "(id = ? AND version = ?) OR ";
    size_t length = sizeof head - 1 + count * (sizeof row - 1);
    char *sql = ec_arena_alloc(ec_scratch(session), length + 1);
    if (sql == NULL) return NULL;
    memcpy(sql, head, sizeof head - 1);
    for (size_t i = 0; i < count; i++)
        memcpy(sql + sizeof head - 1 + i * (sizeof row - 1), row, sizeof row - 1);
    sql[length - 4] = '\0'; /* the last OR */
    return sql;
}

static ec_status end(ec_session *session, const ec_credit *accounts, size_t count)
{
    int64_t affected = 0;
    size_t bound = 0;
    const char *sql = end_sql(session, count);
    ec_value *values = ec_arena_array(ec_scratch(session), 2 * count + 1, sizeof(*values));
    if (sql == NULL || values == NULL) return ec_fail_memory(session);
    values[bound++] = ec_int(ec_now(session));
    for (size_t i = 0; i < count; i++) {
        values[bound++] = ec_int(accounts[i].id);
        values[bound++] = ec_int(accounts[i].version);
    }
    ec_status status = ec_exec(session, sql, values, bound, &affected);
    if (status == EC_OK && affected != (int64_t)count)
        return ec_fail(session, EC_BUSY, "Somebody else works with an account that ends.");
    return status;
}

/* An entry for each that had something left, and the event of each. */
static ec_status record(ec_session *session, const ec_credit *accounts, size_t count)
{
    size_t left = 0;
    ec_id *ids = ec_arena_array(ec_scratch(session), count, sizeof(*ids));
    const char **data = ec_arena_array(ec_scratch(session), count, sizeof(*data));
    ec_credit_entry *entries = ec_arena_array(ec_scratch(session), count, sizeof(*entries));
    if (ids == NULL || data == NULL || entries == NULL) return ec_fail_memory(session);
    for (size_t i = 0; i < count; i++) {
        ids[i] = accounts[i].id;
        data[i] = ec_arena_printf(ec_scratch(session), "{\"amount\":%lld,\"balance\":0}",
                                  -(long long)accounts[i].balance);
        if (data[i] == NULL) return ec_fail_memory(session);
        if (accounts[i].balance == 0) continue;
        entries[left++] = (ec_credit_entry){
            .created_at = ec_now(session),
            .credit_id = accounts[i].id,
            .user_id = ec_session_user(session),
            .amount = -accounts[i].balance,
            .kind = EC_CREDIT_EXPIRE,
            .actor = ec_session_actor(session),
        };
    }
    ec_status status = EC_OK;
    if (left > 0) status = ec_entity_insert_many(session, &ec_credit_entry_entity, entries, left);
    return status == EC_OK ? ec_emit_many(session, "credit", ids, data, count, "credit.expired")
                           : status;
}

static ec_status run_expire(ec_session *session, void *ctx, void **result)
{
    (void)result;
    expire_args *args = ctx;
    void *rows = NULL;
    size_t count = 0;
    int64_t limit = args->limit == 0 ? 100 : args->limit;
    args->ended = 0;
    if (limit < 1 || limit > EXPIRE_MAX)
        return ec_fail_field(session, EC_INVALID, "limit", limit < 1 ? "min" : "max",
                             "1 to %d accounts are ended at once; 0 means 100.", EXPIRE_MAX);
    ec_status status =
        ec_entity_select(session, &ec_credit_entity,
                         "WHERE t.status = 'active' AND t.expires_at <= ?"
                         " ORDER BY t.expires_at, t.id LIMIT ?",
                         ec_args(ec_int(ec_now(session)), ec_int(limit)), &rows, &count);
    const ec_credit *accounts = rows;
    for (size_t done = 0; status == EC_OK && done < count; done += CHUNK)
        status = end(session, accounts + done, count - done < CHUNK ? count - done : CHUNK);
    if (status != EC_OK || count == 0) return status;
    args->ended = (int64_t)count;
    return record(session, accounts, count);
}

ec_status ec_credit_expire(ec_session *session, int64_t limit, int64_t *out)
{
    static const ec_op op = {
        .name = "credit.expire",
        .permission = "credits.write",
        .access = EC_ACCESS_STAFF,
        .mode = EC_WRITE,
        .run = run_expire,
    };
    expire_args args = {.limit = limit};
    ec_status status = ec_call(session, &op, &args, NULL);
    if (out != NULL) *out = status == EC_OK ? args.ended : 0;
    return status;
}
