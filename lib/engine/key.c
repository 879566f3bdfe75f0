/* SPDX-License-Identifier: MIT */
/*
 * key.c - idempotency: the outcome of a keyed call lies beside its effect, in one transaction.
 *
 * A key belongs to an actor (a visitor is known by the cart it holds), and to one operation with
 * one input, told apart by a digest. What is stored is the result as JSON; a later call reads it
 * back. Failures store nothing. Rows older than a day are removed now and then by whoever stores a
 * new one. It refuses to answer another request, and to guess what a damaged outcome meant.
 */
#include <stdio.h>
#include <string.h>

#include "base/hash.h"
#include "engine/sql.h"
#include "engine/state.h"

#define EC_KEY_KEPT_MS (INT64_C(24) * 60 * 60 * 1000)
#define EC_KEY_PURGE_MS (INT64_C(10) * 60 * 1000) /* between two removals */
#define EC_FINGERPRINT_MAX (16u << 20)

static const char *key_scope(ec_session *session)
{
    ec_arena *arena = &session->arena;
    switch (session->actor) {
    case EC_ACTOR_SYSTEM: return "system";
    case EC_ACTOR_STAFF: return ec_arena_printf(arena, "staff:%lld", (long long)session->user_id);
    case EC_ACTOR_CUSTOMER:
        return ec_arena_printf(arena, "customer:%lld", (long long)session->user_id);
    case EC_ACTOR_GUEST: break;
    }
    char digest[EC_SHA256_HEX];
    ec_sha256_hex(session->token, strlen(session->token), digest);
    return session->token[0] == '\0' ? "guest" : ec_arena_printf(arena, "guest:%.32s", digest);
}

ec_status ec_key_prepare(ec_session *session, const ec_op *op, const void *args, const char *key,
                         ec_keyed *out)
{
    char digest[EC_SHA256_HEX];
    ec_buf buf;
    ec_json_writer json;
    ec_buf_init(&buf, &session->engine->platform, EC_FINGERPRINT_MAX);
    ec_buf_printf(&buf, "%s\n", op->name);
    ec_json_begin(&json, &buf);
    op->fingerprint(args, &json);
    ec_status status = buf.status;
    ec_sha256_hex(ec_buf_text(&buf), buf.length, digest);
    ec_buf_clear(&buf);
    if (status == EC_LIMIT) {
        return ec_fail(session, EC_LIMIT, "The input is too long for an idempotency key.");
    }
    *out = (ec_keyed){
        .key = ec_arena_strdup(&session->arena, key),
        .scope = key_scope(session),
        .fingerprint = ec_arena_strdup(&session->arena, digest),
    };
    if (status != EC_OK || session->arena.failed) {
        return ec_fail_memory(session);
    }
    return EC_OK;
}

/* The stored outcome as an object again. */
static ec_status outcome_read(ec_session *session, const ec_entity *entity, const char *text,
                              void **result)
{
    ec_arena *arena = &session->arena;
    ec_json *json = NULL;
    size_t offset = 0;
    const char *problem = NULL;
    ec_mask seen = 0;
    ec_check check;
    void *object = ec_arena_alloc(arena, entity->size);
    if (!object) {
        return ec_fail_memory(session);
    }
    ec_check_init(&check, arena);
    ec_status status = ec_json_parse(arena, text, strlen(text), &json, &offset, &problem);
    if (status == EC_OK) {
        status = ec_entity_read_json(arena, entity, json, NULL, true, object, &seen, &check);
        status = status == EC_OK ? check.status : status;
    }
    if (status == EC_NO_MEMORY) {
        return ec_fail_memory(session);
    }
    if (status != EC_OK) {
        return ec_fail(session, EC_CORRUPT, "The stored outcome of the key makes no sense.");
    }
    *result = object;
    return EC_OK;
}

ec_status ec_key_look(ec_session *session, const ec_op *op, const ec_keyed *keyed, void **result)
{
    ec_stmt *stmt;
    ec_status status = ec_query(session,
                                "SELECT operation, fingerprint, outcome FROM idempotency_keys"
                                " WHERE scope = ? AND idempotency_key = ?",
                                ec_args(ec_text(keyed->scope), ec_text(keyed->key)), &stmt);
    status = status == EC_OK ? ec_row(session, stmt) : status;
    if (status == EC_DONE) {
        return EC_NOT_FOUND;
    }
    if (status != EC_OK) {
        return status;
    }
    const char *operation = ec_col_text(session, stmt, 0);
    const char *fingerprint = ec_col_text(session, stmt, 1);
    const char *outcome = ec_col_text(session, stmt, 2);
    ec_done(session, stmt);
    if (session->arena.failed) {
        return ec_fail_memory(session);
    }
    if (!operation || !fingerprint || strcmp(operation, op->name) != 0 ||
        strcmp(fingerprint, keyed->fingerprint) != 0) {
        return ec_fail(session, EC_KEY_REUSED,
                       "The idempotency key was used with another request.");
    }
    if (!op->result) {
        return EC_OK;
    }
    return outcome ? outcome_read(session, op->result, outcome, result)
                   : ec_fail(session, EC_CORRUPT, "The key has no stored outcome.");
}

/* Remove what is too old, once in a while. */
static ec_status key_purge(ec_session *session)
{
    ec_engine *engine = session->engine;
    ec_time now = ec_now(session);
    int64_t last = atomic_load(&engine->purged_at);
    if (now - last < EC_KEY_PURGE_MS && now >= last) {
        return EC_OK;
    }
    atomic_store(&engine->purged_at, now);
    return ec_exec(session, "DELETE FROM idempotency_keys WHERE created_at < ?",
                   ec_args(ec_int(now - EC_KEY_KEPT_MS)), NULL);
}

ec_status ec_key_store(ec_session *session, const ec_op *op, const ec_keyed *keyed,
                       const void *result)
{
    ec_buf buf;
    ec_buf_init(&buf, &session->engine->platform, EC_JSON_SIZE_MAX);
    if (op->result && result) {
        ec_json_writer json;
        ec_json_begin(&json, &buf);
        ec_entity_store_json(&json, op->result, result, NULL);
    }
    ec_status status = buf.status;
    if (status == EC_LIMIT) {
        (void)ec_fail(session, EC_LIMIT, "The outcome is too long to be kept under a key.");
    } else if (status != EC_OK) {
        (void)ec_fail_memory(session);
    } else {
        status =
            ec_exec(session,
                    "INSERT INTO idempotency_keys (scope, idempotency_key, operation,"
                    " fingerprint, outcome, created_at) VALUES (?, ?, ?, ?, ?, ?)",
                    ec_args(ec_text(keyed->scope), ec_text(keyed->key), ec_text(op->name),
                            ec_text(keyed->fingerprint),
                            op->result ? ec_bytes(ec_buf_text(&buf), buf.length) : ec_text(NULL),
                            ec_int(ec_now(session))),
                    NULL);
    }
    ec_buf_clear(&buf);
    return status == EC_OK ? key_purge(session) : status;
}
