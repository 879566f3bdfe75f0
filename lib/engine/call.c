/* SPDX-License-Identifier: MIT */
/*
 * call.c - the life of a call: guard, permission, connection or transaction, body, result.
 *
 * A reader gets a snapshot, a writer a closure that the storage may run again; each run starts from
 * the same arena, without error, without open statements. Inside ec_transact or another body a
 * writer gets a savepoint instead, so a failed call leaves nothing behind. The result is packed
 * before the commit: after it nothing can fail any more, so no answer is lost. It refuses to let a
 * reader write, and to start a transaction inside a snapshot.
 */
#include <string.h>

#include "base/block.h"
#include "engine/state.h"
#include "price/rules.h"

/* What a write needs while the storage runs it, maybe several times and on another thread. */
typedef struct call_frame {
    ec_session *session;
    ec_status (*fn)(ec_session *session, void *ctx);
    void *ctx;
    ec_arena_mark mark;
    ec_status status; /* what the last run returned */
    char key[EC_KEY_MAX + 1];
} call_frame;

/* One call of an operation. */
typedef struct call_one {
    const ec_op *op;
    void *args;
    void *block;           /* the packed result; the caller's when all went well */
    const ec_keyed *keyed; /* or NULL */
    bool again;            /* the key was taken meanwhile: look once more */
} call_one;

/* ---- connections ---- */

static void connect(ec_session *session, ec_conn *conn, bool writing)
{
    session->conn = conn;
    session->writing = writing;
    session->arena.failed = false;
}

static void disconnect(ec_session *session)
{
    ec_finish_open(session, 0);
    session->conn = NULL;
    session->writing = false;
}

/* Runs in the storage's transaction. */
static ec_status frame_run(ec_conn *conn, void *ctx)
{
    call_frame *frame = ctx;
    ec_session *session = frame->session;
    uintptr_t owner = atomic_exchange(&session->owner, ec_thread_name());
    ec_arena_restore(&session->arena, frame->mark);
    ec_error_clear(session);
    memcpy(session->key, frame->key, sizeof session->key);
    session->changed_facts = false;
    ec_rules_release(session); /* of a run that did not count */
    connect(session, conn, true);
    frame->status = frame->fn(session, frame->ctx);
    disconnect(session);
    if (session->changed_rules) {
        ec_rules_release(session);
        session->changed_rules = false;
    }
    atomic_store(&session->owner, owner);
    return frame->status;
}

ec_status ec_with_write(ec_session *session, ec_status (*fn)(ec_session *session, void *ctx),
                        void *ctx)
{
    ec_engine *engine = session->engine;
    ec_storage_error error = {0};
    call_frame frame = {.session = session, .fn = fn, .ctx = ctx};
    frame.mark = ec_arena_save(&session->arena);
    memcpy(frame.key, session->key, sizeof frame.key);
    if (engine->read_only) {
        return ec_fail(session, EC_DENIED, "The shop is open for reading only.");
    }
    ec_status status = engine->storage->ops->transact(engine->storage, frame_run, &frame, &error);
    if (status != EC_OK && status != frame.status) {
        return ec_fail_storage(session, status, &error);
    }
    if (status == EC_OK && session->changed_facts) {
        session->changed_facts = false;
        ec_facts_reload(session);
    }
    return status;
}

ec_status ec_with_read(ec_session *session, ec_status (*fn)(ec_session *session, void *ctx),
                       void *ctx)
{
    if (session->conn) {
        return fn(session, ctx);
    }
    ec_storage *storage = session->engine->storage;
    ec_storage_error error = {0};
    ec_conn *conn = NULL;
    ec_status status = storage->ops->read_begin(storage, &conn, &error);
    if (status != EC_OK) {
        return ec_fail_storage(session, status, &error);
    }
    connect(session, conn, false);
    status = fn(session, ctx);
    disconnect(session);
    storage->ops->read_end(storage, conn);
    return status;
}

/* fn in a savepoint of the open transaction. */
static ec_status with_savepoint(ec_session *session,
                                ec_status (*fn)(ec_session *session, void *ctx), void *ctx)
{
    const ec_storage_ops *ops = session->conn->ops;
    ec_storage_error error = {0};
    size_t open = session->open_count;
    ec_status status = ops->savepoint(session->conn, &error);
    if (status != EC_OK) {
        return ec_fail_storage(session, status, &error);
    }
    status = fn(session, ctx);
    ec_finish_open(session, open);
    if (status == EC_OK) {
        status = ops->savepoint_release(session->conn, &error);
        if (status == EC_OK) {
            return EC_OK;
        }
        (void)ec_fail_storage(session, status, &error);
    }
    ops->savepoint_rollback(session->conn);
    return status;
}

ec_status ec_inner(ec_session *session, ec_status (*fn)(ec_session *session, void *ctx), void *ctx)
{
    if (!session->writing) {
        return ec_fail(session, EC_MISUSE, "There is no transaction for an inner one.");
    }
    return with_savepoint(session, fn, ctx);
}

/* ---- the body and its result ---- */

static ec_status run_body(ec_session *session, call_one *call, void **result)
{
    ec_status status = EC_NOT_FOUND;
    if (call->keyed) {
        status = ec_key_look(session, call->op, call->keyed, result);
        if (status != EC_NOT_FOUND) {
            return status;
        }
        ec_error_clear(session);
    }
    size_t open = session->open_count;
    session->depth++;
    status = call->op->run(session, call->args, result);
    session->depth--;
    ec_finish_open(session, open);
    if (status == EC_OK && call->keyed) {
        status = ec_key_store(session, call->op, call->keyed, *result);
        call->again = status == EC_EXISTS;
    }
    return status;
}

/* Run the operation on the connection that is there and pack what it leaves. */
static ec_status run_one(ec_session *session, void *ctx)
{
    call_one *call = ctx;
    bool failed_before = session->arena.failed;
    void *result = NULL;
    ec_free(call->block); /* of a run that did not count */
    call->block = NULL;
    session->arena.failed = false;
    ec_status status = run_body(session, call, &result);
    if (status == EC_OK && session->arena.failed) {
        status = EC_NO_MEMORY; /* a text may be missing that the body took for null */
    }
    session->arena.failed = failed_before;
    if (status == EC_OK && call->op->result) {
        call->block =
            result ? ec_entity_pack(&session->engine->platform, call->op->result, result) : NULL;
        if (!call->block) {
            status = result ? EC_NO_MEMORY
                            : ec_fail(session, EC_MISUSE, "%s left no result.", call->op->name);
        }
    }
    return ec_error_settle(session, status);
}

/* ---- permission ---- */

static ec_status check_access(ec_session *session, const ec_op *op)
{
    bool allowed = true;
    switch (op->access) {
    case EC_ACCESS_ANY:
    case EC_ACCESS_OWNER: /* the body asks ec_owned() */ break;
    case EC_ACCESS_STAFF: allowed = ec_session_is_staff(session); break;
    case EC_ACCESS_SYSTEM: allowed = session->actor == EC_ACTOR_SYSTEM; break;
    }
    if (allowed || session->depth > 0) { /* a body was allowed what it is made of */
        return EC_OK;
    }
    return ec_fail(session, EC_DENIED, "%s needs the permission %s.", op->name, op->permission);
}

static ec_status check_call(ec_session *session, const ec_op *op, void *const *out)
{
    if (op->result && !out) {
        return ec_fail(session, EC_MISUSE, "%s was given no place for its result.", op->name);
    }
    if (op->mode == EC_WRITE && session->conn && !session->writing) {
        return ec_fail(session, EC_MISUSE, "%s cannot write inside a reading call.", op->name);
    }
    if (!op->any_schema && atomic_load(&session->engine->schema) != EC_OK) {
        return ec_fail(session, EC_SCHEMA, "The shop's schema is not the library's; migrate it.");
    }
    return check_access(session, op);
}

/* ---- the call ---- */

static ec_status dispatch(ec_session *session, call_one *call)
{
    ec_status status;
    int tries = 0;
    do {
        call->again = false;
        if (call->op->mode == EC_READ) {
            status = ec_with_read(session, run_one, call);
        } else if (session->conn) {
            status = with_savepoint(session, run_one, call);
        } else {
            status = ec_with_write(session, run_one, call);
        }
    } while (call->again && ++tries < 3);
    if (call->again) {
        status = ec_fail(session, EC_BUSY, "Other calls hold the idempotency key.");
    }
    return status;
}

/* The key goes with the first write that the program itself asks for. */
static ec_status take_key(ec_session *session, const ec_op *op, const void *args, ec_keyed *keyed)
{
    char key[EC_KEY_MAX + 1];
    memcpy(key, session->key, sizeof key);
    session->key[0] = '\0';
    if (!op->fingerprint) {
        return ec_fail(session, EC_UNSUPPORTED, "%s takes no idempotency key.", op->name);
    }
    return ec_key_prepare(session, op, args, key, keyed);
}

static ec_status call_inside(ec_session *session, const ec_op *op, void *args, void **out)
{
    call_one call = {.op = op, .args = args};
    ec_keyed keyed;
    ec_status status = session->depth == 0 && !session->conn ? ec_session_refresh(session) : EC_OK;
    if (status == EC_OK) {
        status = check_call(session, op, out);
    }
    if (status == EC_OK && op->mode == EC_WRITE && session->depth == 0 && session->key[0] != '\0') {
        status = take_key(session, op, args, &keyed);
        call.keyed = &keyed;
    }
    if (status == EC_OK) {
        status = dispatch(session, &call);
    }
    if (status != EC_OK) {
        ec_free(call.block);
        call.block = NULL;
    }
    if (out) {
        *out = call.block;
    }
    return ec_error_settle(session, status);
}

ec_status ec_call(ec_session *session, const ec_op *op, void *args, void **out)
{
    bool outer;
    if (out) {
        *out = NULL;
    }
    ec_status status = ec_enter_fresh(session, &outer);
    if (status != EC_OK) {
        return status;
    }
    if (session->depth == 0) {
        session->now = 0;
    }
    ec_arena_mark mark = ec_arena_save(&session->arena);
    status = call_inside(session, op, args, out);
    if (!outer) {
        ec_arena_restore(&session->arena, mark);
    }
    ec_leave(session, outer);
    return status;
}

/* ---- transactions of the program ---- */

typedef struct own_transaction {
    ec_transact_fn fn;
    void *ctx;
} own_transaction;

static ec_status run_own(ec_session *session, void *ctx)
{
    own_transaction *own = ctx;
    return own->fn(session, own->ctx);
}

ec_status ec_transact(ec_session *session, ec_transact_fn fn, void *ctx)
{
    bool outer;
    ec_status status = ec_enter_fresh(session, &outer);
    if (status != EC_OK) {
        return status;
    }
    own_transaction own = {.fn = fn, .ctx = ctx};
    if (!fn) {
        status = ec_fail(session, EC_MISUSE, "The transaction has no function.");
    } else if (!session->conn) {
        status = ec_session_refresh(session);
        status = status == EC_OK ? ec_with_write(session, run_own, &own) : status;
    } else if (session->writing) {
        status = with_savepoint(session, run_own, &own);
    } else {
        status = ec_fail(session, EC_MISUSE, "A transaction cannot begin inside a reading call.");
    }
    status = ec_error_settle(session, status);
    ec_leave(session, outer);
    return status;
}
