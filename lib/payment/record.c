/* SPDX-License-Identifier: MIT */
/*
 * record.c - an outcome becomes amounts and states, exactly once.
 *
 * The guard is one conditional UPDATE: only an attempt that is pending or unknown takes an outcome.
 * A payment's state is derived from its amounts. It refuses to change an attempt that has ended,
 * but for one that was given up as never arrived and of which its asker knows better.
 */
#include <stdio.h>

#include "cart/checkout.h"
#include "credit/credit.h"
#include "order/order.h"
#include "payment/payment.h"

/* Where the amounts say that a payment stands. */
static ec_payment_state state_of(const ec_payment *payment, ec_payment_state otherwise)
{
    if (payment->refunded_amount > 0)
        return payment->refunded_amount == payment->captured_amount ? EC_PAYMENT_REFUNDED
                                                                    : EC_PAYMENT_PARTIALLY_REFUNDED;
    if (payment->captured_amount > 0)
        return payment->captured_amount == payment->authorized_amount
                   ? EC_PAYMENT_CAPTURED
                   : EC_PAYMENT_PARTIALLY_CAPTURED;
    return payment->authorized_amount > 0 ? EC_PAYMENT_AUTHORIZED : otherwise;
}

/* An authorisation that took the money at once: the books show it as a capture of its own. */
static ec_status record_capture_at_once(ec_session *session, ec_payment *payment)
{
    const ec_payment_transaction *authorize = &payment->transactions[0];
    ec_payment_transaction capture = *authorize;
    capture.id = 0;
    capture.kind = EC_TRANSACTION_CAPTURE;
    capture.attempt_key =
        ec_arena_printf(ec_scratch(session), "%s-captured", authorize->attempt_key);
    capture.created_at = capture.updated_at = ec_now(session);
    if (capture.attempt_key == NULL) return ec_fail_memory(session);
    payment->captured_amount = authorize->amount;
    return ec_entity_insert(session, &ec_payment_transaction_entity, &capture);
}

static ec_status apply_success(ec_session *session, ec_payment *payment, bool captured)
{
    const ec_payment_transaction *transaction = &payment->transactions[0];
    ec_payment_state otherwise = EC_PAYMENT_VOIDED;
    bool over = false;
    switch (transaction->kind) {
    case EC_TRANSACTION_AUTHORIZE:
        payment->authorized_amount = transaction->amount;
        payment->problem = NULL;
        if (transaction->reference != NULL) payment->reference = transaction->reference;
        if (captured) {
            ec_status status = record_capture_at_once(session, payment);
            if (status != EC_OK) return status;
        }
        break;
    case EC_TRANSACTION_CAPTURE:
        over = __builtin_add_overflow(payment->captured_amount, transaction->amount,
                                      &payment->captured_amount) ||
               payment->captured_amount > payment->authorized_amount;
        break;
    case EC_TRANSACTION_VOID: payment->authorized_amount = payment->captured_amount; break;
    case EC_TRANSACTION_REFUND:
        over = __builtin_add_overflow(payment->refunded_amount, transaction->amount,
                                      &payment->refunded_amount) ||
               payment->refunded_amount > payment->captured_amount;
        break;
    }
    if (over) return ec_fail(session, EC_CORRUPT, "A payment moved more than it holds.");
    payment->status = state_of(payment, otherwise);
    return EC_OK;
}

/* Is another attempt of the payment still unknown? Then so is the payment. */
static ec_status keep_unknown(ec_session *session, ec_payment *payment)
{
    int64_t others = 0;
    ec_status status =
        ec_query_int(session,
                     "SELECT COUNT(*) FROM payment_transactions"
                     " WHERE payment_id = ? AND status = 'unknown' AND id <> ?",
                     ec_args(ec_int(payment->id), ec_int(payment->transactions[0].id)), &others);
    if (status == EC_OK && others > 0) payment->status = EC_PAYMENT_UNKNOWN;
    return status;
}

static ec_status apply(ec_session *session, ec_payment *payment, bool captured)
{
    const ec_payment_transaction *transaction = &payment->transactions[0];
    ec_payment_state before = payment->status;
    switch (transaction->status) {
    case EC_TRANSACTION_SUCCEEDED: {
        ec_status status = apply_success(session, payment, captured);
        if (status != EC_OK) return status;
        break;
    }
    case EC_TRANSACTION_FAILED:
        payment->problem = transaction->problem;
        payment->status = state_of(
            payment, transaction->kind == EC_TRANSACTION_AUTHORIZE ? EC_PAYMENT_FAILED : before);
        break;
    case EC_TRANSACTION_PENDING:
    case EC_TRANSACTION_UNKNOWN: payment->status = EC_PAYMENT_UNKNOWN; return EC_OK;
    }
    return before == EC_PAYMENT_UNKNOWN ? keep_unknown(session, payment) : EC_OK;
}

static ec_transaction_state state_from(ec_status status)
{
    if (status == EC_OK) return EC_TRANSACTION_SUCCEEDED;
    return status == EC_UNKNOWN ? EC_TRANSACTION_UNKNOWN : EC_TRANSACTION_FAILED;
}

/* Take the outcome into the row, unless it has one. */
static ec_status claim(ec_session *session, const ec_payment_transaction *transaction,
                       const char *sql, bool *recorded)
{
    int64_t affected = 0;
    ec_status status =
        ec_exec(session, sql,
                ec_args(ec_text(ec_transaction_state_names[transaction->status]),
                        ec_text(transaction->reference), ec_text(transaction->problem),
                        ec_int(transaction->updated_at), ec_int(transaction->id)),
                &affected);
    *recorded = affected == 1;
    return status;
}

#define CLAIM                                                                                      \
    "UPDATE payment_transactions SET status = ?, reference = ?, problem = ?, updated_at = ?"       \
    " WHERE id = ? AND status "

static ec_status store_payment(ec_session *session, ec_payment *payment)
{
    return ec_entity_update(
        session, &ec_payment_entity, payment,
        ec_mask_of("payment", "authorized_amount,captured_amount,refunded_amount,reference,"
                              "problem,status"));
}

static const char *kept(ec_session *session, const char *text)
{
    return text[0] == '\0' ? NULL : ec_arena_strdup(ec_scratch(session), text);
}

/* The payment as the attempt left it, the refund that it was for, and the account it went to. */
static ec_status store(ec_session *session, ec_payment *attempt, ec_id credit_id)
{
    const ec_payment_transaction *transaction = &attempt->transactions[0];
    ec_status status = store_payment(session, attempt);
    if (status != EC_OK || transaction->kind != EC_TRANSACTION_REFUND) return status;
    status =
        ec_exec(session, "UPDATE refunds SET status = ?, updated_at = ? WHERE transaction_id = ?",
                ec_args(ec_text(ec_transaction_state_names[transaction->status]),
                        ec_int(transaction->updated_at), ec_int(transaction->id)),
                NULL);
    if (status != EC_OK || transaction->status != EC_TRANSACTION_SUCCEEDED) return status;
    return ec_credit_refunded(session, attempt, credit_id);
}

static void take_outcome(ec_session *session, ec_payment_transaction *transaction,
                         const ec_outcome *outcome)
{
    transaction->status = state_from(outcome->status);
    transaction->reference = kept(session, outcome->answer.reference);
    transaction->problem = kept(session, outcome->answer.problem);
    transaction->updated_at = ec_now(session);
}

ec_status ec_attempt_record(ec_session *session, ec_payment *attempt, const ec_outcome *outcome,
                            bool *recorded)
{
    ec_status status = ec_attempt_read(session, attempt->transactions[0].id, attempt);
    *recorded = false;
    if (status != EC_OK) return status;
    ec_payment_transaction *transaction = &attempt->transactions[0];
    if (transaction->status != EC_TRANSACTION_PENDING &&
        transaction->status != EC_TRANSACTION_UNKNOWN)
        return EC_OK;
    take_outcome(session, transaction, outcome);
    status = claim(session, transaction, CLAIM "IN ('pending', 'unknown')", recorded);
    if (status != EC_OK || !*recorded) return status;
    status = apply(session, attempt, outcome->answer.captured);
    return status == EC_OK ? store(session, attempt, outcome->credit_id) : status;
}

ec_status ec_attempt_late(ec_session *session, ec_payment *attempt, const ec_outcome *outcome,
                          bool *changed)
{
    ec_payment_transaction *transaction = &attempt->transactions[0];
    int64_t captured = 0;
    *changed = false;
    if (transaction->status != EC_TRANSACTION_FAILED ||
        state_from(outcome->status) == EC_TRANSACTION_FAILED)
        return EC_OK;
    take_outcome(session, transaction, outcome);
    ec_status status = claim(session, transaction, CLAIM "= 'failed'", changed);
    if (status != EC_OK || !*changed) return status;
    /* the rest may have been given up meanwhile: what was taken had been reserved */
    if (transaction->kind == EC_TRANSACTION_CAPTURE && outcome->status == EC_OK &&
        !__builtin_add_overflow(attempt->captured_amount, transaction->amount, &captured) &&
        attempt->authorized_amount < captured)
        attempt->authorized_amount = captured;
    status = apply(session, attempt, outcome->answer.captured);
    return status == EC_OK ? store(session, attempt, outcome->credit_id) : status;
}

/* ---- the third step ---- */

typedef struct settle_args {
    const ec_payment *attempt;
    const ec_outcome *outcome;
    ec_status status;                     /* out */
    char problem[EC_PAYMENT_PROBLEM_MAX]; /* out */
} settle_args;

static const char *const event_names[][3] = {
    [EC_TRANSACTION_AUTHORIZE] = {"payment.authorized", "payment.failed", "payment.unknown"},
    [EC_TRANSACTION_CAPTURE] = {"payment.captured", "payment.capture_failed", "payment.unknown"},
    [EC_TRANSACTION_VOID] = {"payment.voided", "payment.void_failed", "payment.unknown"},
    [EC_TRANSACTION_REFUND] = {"payment.refunded", "payment.refund_failed", "payment.unknown"},
};

ec_status ec_attempt_emit(ec_session *session, const ec_payment *attempt)
{
    const ec_payment_transaction *transaction = &attempt->transactions[0];
    size_t column = transaction->status == EC_TRANSACTION_SUCCEEDED ? 0
                    : transaction->status == EC_TRANSACTION_FAILED  ? 1
                                                                    : 2;
    const char *data =
        ec_arena_printf(ec_scratch(session), "{\"transaction_id\":%lld,\"amount\":%lld}",
                        (long long)transaction->id, (long long)transaction->amount);
    return ec_emit(session, "payment", attempt->id, event_names[transaction->kind][column], data);
}

static ec_status run_settle(ec_session *session, void *ctx, void **result)
{
    (void)result;
    settle_args *args = ctx;
    bool recorded = false;
    ec_payment_transaction transaction = args->attempt->transactions[0];
    ec_payment attempt = *args->attempt;
    attempt.transactions = &transaction;
    ec_status status = ec_attempt_record(session, &attempt, args->outcome, &recorded);
    if (status == EC_OK && !recorded)
        status = ec_attempt_late(session, &attempt, args->outcome, &recorded);
    if (status != EC_OK) return status;
    const ec_payment_transaction *now = &attempt.transactions[0];
    args->status = now->status == EC_TRANSACTION_SUCCEEDED ? EC_OK
                   : now->status == EC_TRANSACTION_FAILED  ? EC_DECLINED
                                                           : EC_UNKNOWN;
    (void)snprintf(args->problem, sizeof(args->problem), "%s",
                   now->problem == NULL ? "" : now->problem);
    if (!recorded) return EC_OK;
    if ((status = ec_attempt_emit(session, &attempt)) != EC_OK) return status;
    return attempt.order_id == 0 ? EC_OK : ec_order_settle(session, attempt.order_id);
}

ec_status ec_attempt_settle(ec_session *session, const ec_payment *attempt,
                            const ec_outcome *outcome)
{
    static const ec_op op = {
        .name = "payment.settle",
        .permission = "payments.write",
        .access = EC_ACCESS_ANY, /* whoever began it may end it */
        .mode = EC_WRITE,
        .run = run_settle,
    };
    if (attempt->transactions[0].kind == EC_TRANSACTION_AUTHORIZE)
        return ec_checkout_settle(session, attempt, outcome);
    settle_args args = {.attempt = attempt, .outcome = outcome};
    ec_status status = ec_call(session, &op, &args, NULL);
    return status == EC_OK ? ec_attempt_fail(session, args.status, args.problem) : status;
}

ec_status ec_payment_run(ec_session *session, ec_id transaction_id)
{
    ec_payment *attempt = NULL;
    ec_outcome outcome;
    ec_status status = ec_attempt_load(session, transaction_id, &attempt);
    if (status != EC_OK) return status;
    const ec_payment_transaction *transaction = &attempt->transactions[0];
    bool own = ec_payment_is_own(attempt->provider);
    if (transaction->status == EC_TRANSACTION_SUCCEEDED) {
        status = EC_OK;
    } else if (transaction->status == EC_TRANSACTION_FAILED) {
        status = ec_attempt_fail(session, EC_DECLINED, transaction->problem);
    } else if (!own && ec_in_transaction(session)) {
        status = ec_fail(session, EC_STATE,
                         "A provider is not asked while a transaction of the program is open.");
    } else {
        ec_attempt_ask(ec_session_engine(session), attempt, NULL, false, &outcome);
        status = ec_attempt_settle(session, attempt, &outcome);
    }
    ec_free(attempt);
    return status;
}
