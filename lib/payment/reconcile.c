/* SPDX-License-Identifier: MIT */
/*
 * reconcile.c - asking what became of attempts that nobody knows the end of, and ending them.
 *
 * It only asks (`find`), it never tries again: an attempt that never arrived is over. Each attempt
 * is settled in a transaction of its own, so one that is stuck stops no other. Attempts that are
 * pending for a short while only are somebody's who is at it, and are left alone.
 */
#include "payment/payment.h"

#define BATCH 100

typedef struct due_args {
    ec_id after;
    ec_time before; /* pending ones that are older */
    size_t count;   /* out */
    ec_id ids[BATCH];
} due_args;

static ec_status run_due(ec_session *session, void *ctx, void **result)
{
    (void)result;
    due_args *args = ctx;
    ec_stmt *stmt = NULL;
    args->count = 0;
    ec_status status =
        ec_query(session,
                 "SELECT t.id FROM payment_transactions t WHERE t.status IN ('unknown', 'pending')"
                 " AND (t.status = 'unknown' OR t.updated_at <= ?) AND t.id > ?"
                 " ORDER BY t.id LIMIT ?",
                 ec_args(ec_int(args->before), ec_int(args->after), ec_int(BATCH)), &stmt);
    if (status != EC_OK) return status;
    while ((status = ec_row(session, stmt)) == EC_OK && args->count < BATCH)
        args->ids[args->count++] = ec_col_int(stmt, 0);
    ec_done(session, stmt);
    return status == EC_DONE ? EC_OK : status;
}

/* Money of a checkout that came to nothing: there is no order whose people would ask for it. */
static bool goes_back(const ec_payment *attempt)
{
    return attempt->order_id == 0 && attempt->transactions[0].kind != EC_TRANSACTION_AUTHORIZE;
}

static ec_status settle_one(ec_session *session, ec_id id, ec_reconciliation *done)
{
    ec_payment *attempt = NULL;
    ec_outcome outcome;
    ec_status status = ec_attempt_load(session, id, &attempt);
    if (status != EC_OK) return status;
    ec_transaction_state state = attempt->transactions[0].status;
    if (state != EC_TRANSACTION_PENDING && state != EC_TRANSACTION_UNKNOWN) {
        ec_free(attempt);
        return EC_OK; /* somebody else was faster */
    }
    done->asked++;
    ec_attempt_ask(ec_session_engine(session), attempt, NULL, true, &outcome);
    if (outcome.status == EC_NOT_FOUND && goes_back(attempt))
        ec_attempt_ask(ec_session_engine(session), attempt, NULL, false, &outcome);
    status = ec_attempt_settle(session, attempt, &outcome);
    ec_free(attempt);
    /* the storage's own troubles end the run, those of an attempt do not */
    if (status == EC_NO_MEMORY || status == EC_BUSY || status == EC_IO) return status;
    if (status == EC_OK || status == EC_DECLINED || status == EC_OUT_OF_STOCK)
        done->settled++;
    else
        done->unknown++;
    return EC_OK;
}

/* Nothing but the answer's block. */
static ec_status run_answer(ec_session *session, void *ctx, void **result)
{
    (void)session;
    *result = ctx;
    return EC_OK;
}

ec_status ec_payment_reconcile(ec_session *session, int64_t older_than_ms, ec_reconciliation **out)
{
    static const ec_op op_due = {
        .name = "payment.reconcile",
        .permission = "payments.write",
        .access = EC_ACCESS_STAFF,
        .mode = EC_READ,
        .run = run_due,
    };
    static const ec_op op_answer = {
        .name = "payment.reconciled",
        .permission = "payments.write",
        .access = EC_ACCESS_STAFF,
        .mode = EC_READ,
        .result = &ec_reconciliation_entity,
        .run = run_answer,
    };
    ec_reconciliation done = {0};
    if (session == NULL) return EC_MISUSE;
    if (out == NULL) return ec_fail_place(session, "payment.reconcile");
    *out = NULL;
    if (older_than_ms < 0)
        return ec_fail_field(session, EC_INVALID, "older_than_ms", "min", "A time is 0 or more.");
    if (ec_in_transaction(session))
        return ec_fail(session, EC_STATE,
                       "A provider is not asked while a transaction of the program is open.");
    due_args due = {.before = INT64_MIN};
    const ec_platform *platform = ec_session_platform(session);
    if (__builtin_sub_overflow(platform->now_ms(platform->ctx), older_than_ms, &due.before))
        due.before = INT64_MIN;
    do {
        ec_status status = ec_call(session, &op_due, &due, NULL);
        for (size_t i = 0; status == EC_OK && i < due.count; i++)
            status = settle_one(session, due.ids[i], &done);
        if (status != EC_OK) return status;
        if (due.count > 0) due.after = due.ids[due.count - 1];
    } while (due.count == BATCH);
    return ec_call(session, &op_answer, &done, (void **)out);
}
