/* SPDX-License-Identifier: MIT */
/*
 * refund.c - claiming what goes back, so that two refunds never exceed what was captured together,
 * and carrying it out where no provider is needed for it.
 */
#include <ecommerce/limits.h>
#include <ecommerce/order.h>

#include <stdio.h>

#include "payment/payment.h"

/* Captured, less what went back, less what is on its way or unknown. */
static ec_status refundable(ec_session *session, ec_id payment_id, ec_id *order_id, int64_t *amount)
{
    ec_stmt *stmt = NULL;
    ec_status status = ec_query(
        session,
        "SELECT p.order_id, p.captured_amount - p.refunded_amount -"
        " COALESCE((SELECT SUM(t.amount) FROM payment_transactions t WHERE t.payment_id = p.id"
        " AND t.kind = 'refund' AND t.status IN ('pending', 'unknown')), 0)"
        " FROM payments p WHERE p.id = ?",
        ec_args(ec_int(payment_id)), &stmt);
    if (status != EC_OK) return status;
    status = ec_row(session, stmt);
    if (status == EC_DONE) return ec_fail(session, EC_NOT_FOUND, "There is no such payment.");
    if (status != EC_OK) return status;
    *order_id = ec_col_int(stmt, 0);
    *amount = ec_col_int(stmt, 1);
    ec_done(session, stmt);
    return EC_OK;
}

static ec_status begin(ec_session *session, ec_refund *refund, const char *key)
{
    ec_id transaction = 0;
    ec_status status = ec_attempt_begin(session, refund->payment_id, EC_TRANSACTION_REFUND,
                                        refund->amount, key, &transaction);
    if (status != EC_OK) return status;
    refund->transaction_id = transaction;
    refund->created_at = refund->updated_at = ec_now(session);
    return ec_entity_insert(session, &ec_refund_entity, refund);
}

ec_status ec_payment_refund_begin(ec_session *session, ec_id payment_id, ec_id order_id,
                                  ec_id return_id, int64_t amount, const char *reason,
                                  const char *key, ec_id *transaction_id)
{
    ec_payment_transaction before;
    ec_id owner = 0;
    int64_t left = 0;
    ec_status status = ec_attempt_of_key(session, key, &before);
    if (status == EC_OK) {
        *transaction_id = before.id;
        if (before.payment_id == payment_id && before.amount == amount &&
            before.kind == EC_TRANSACTION_REFUND)
            return EC_OK;
        return ec_fail_field(session, EC_KEY_REUSED, "key", "reused",
                             "The key has given back another amount.");
    }
    if (status != EC_NOT_FOUND) return status;
    status = refundable(session, payment_id, &owner, &left);
    if (status != EC_OK) return status;
    if (owner != order_id) return ec_fail(session, EC_NOT_FOUND, "The order has no such payment.");
    if (amount < 1 || amount > left)
        return ec_fail_field(session, EC_INVALID, "amount", amount < 1 ? "min" : "max",
                             "1 to %lld minor units can be given back.", (long long)left);
    ec_refund refund = {
        .order_id = order_id,
        .payment_id = payment_id,
        .return_id = return_id,
        .amount = amount,
        .reason = reason,
    };
    status = begin(session, &refund, key);
    *transaction_id = refund.transaction_id;
    return status;
}

ec_status ec_payment_refund_credit(ec_session *session, ec_id transaction_id, ec_id credit_id)
{
    bool recorded = false;
    ec_outcome outcome = {.credit_id = credit_id};
    ec_payment_transaction transaction = {.id = transaction_id};
    ec_payment attempt = {.transactions = &transaction, .transactions_count = 1};
    if (credit_id != 0)
        (void)snprintf(outcome.answer.reference, sizeof outcome.answer.reference,
                       "store-credit-%lld", (long long)credit_id);
    ec_status status = ec_attempt_record(session, &attempt, &outcome, &recorded);
    return status == EC_OK && recorded ? ec_attempt_emit(session, &attempt) : status;
}
