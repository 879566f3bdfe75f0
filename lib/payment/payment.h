/* SPDX-License-Identifier: MIT */
/*
 * payment.h - what the parts of payments share with checkout and orders.
 *
 * Every talk with a provider has three steps: a transaction that writes down what will be tried (a
 * payment_transactions row, pending, with an attempt key that is never used again); the provider's
 * answer, asked for outside of any transaction; a transaction that records the outcome once. Any
 * step may be repeated by anybody: providers act once for an attempt key, outcomes are recorded
 * once.
 */
#ifndef EC_PAYMENT_PAYMENT_H
#define EC_PAYMENT_PAYMENT_H

#include <ecommerce/payment.h>
#include <ecommerce/sys/payment.h>

#include "engine/call.h"
#include "engine/sql.h"
#include "model/model.h"

/* The provider that needs no adapter: money that staff record. */
#define EC_PROVIDER_OFFLINE "offline"
/* Those of payments by an account (lib/credit), which need none either. */
#define EC_PROVIDER_GIFT_CARD "gift_card"
#define EC_PROVIDER_STORE_CREDIT "store_credit"

/* ---- providers ---- */
/* Is it one of the library's own, which has no adapter and never waits for anybody? */
bool ec_payment_is_own(const char *provider);
/* The adapter of a name; NULL when none was registered ("offline" has none). */
ec_payment_provider *ec_payment_provider_find(ec_engine *engine, const char *name);
/* Close every registered provider; for ec_close. */
void ec_payment_providers_close(ec_engine *engine);

/* ---- refunds, for orders ---- */
/*
 * Inside a write body: claim an amount of a payment that is to go back. Refundable is what was
 * captured, less what went back, less what is on its way. Writes a payment_transactions and a
 * refunds row, both pending. The same key again gives the transaction that is there; with another
 * payment or amount EC_KEY_REUSED. return_id 0 and reason NULL: none. EC_INVALID (field "amount",
 * rule "min" or "max"), EC_NOT_FOUND.
 */
ec_status ec_payment_refund_begin(ec_session *session, ec_id payment_id, ec_id order_id,
                                  ec_id return_id, int64_t amount, const char *reason,
                                  const char *key, ec_id *transaction_id);

/*
 * Inside a write body: carry such a claim out at once, without asking any provider: the money goes
 * into an account; credit_id 0: the one that the payment was taken from. Does not settle the order.
 */
ec_status ec_payment_refund_credit(ec_session *session, ec_id transaction_id, ec_id credit_id);

/*
 * Outside of any transaction: ask the provider for what a pending transaction wants, record the
 * outcome (unless somebody else did meanwhile), correct payment and refund, and settle the order in
 * the same transaction. A transaction that has an outcome is only reported. Offline payments
 * and those by an account succeed without a provider. EC_OK, EC_DECLINED with the provider's words,
 * EC_UNKNOWN (reconciliation settles it).
 */
ec_status ec_payment_run(ec_session *session, ec_id transaction_id);

/* ---- inside lib/payment and lib/cart ---- */
/*
 * An attempt is a payment whose only transaction is the one in question. Between the steps it lies
 * in a block of the caller's.
 */

/* Inside a body: read an attempt. EC_NOT_FOUND. */
ec_status ec_attempt_read(ec_session *session, ec_id transaction_id, ec_payment *out);
/* Outside: the same into a block. */
ec_status ec_attempt_load(ec_session *session, ec_id transaction_id, ec_payment **out);
/* The transaction of an attempt key, or EC_NOT_FOUND without a message. */
ec_status ec_attempt_of_key(ec_session *session, const char *key, ec_payment_transaction *out);
/* Inside a body: write a pending attempt; sets its id. EC_EXISTS when the key was used. */
ec_status ec_attempt_begin(ec_session *session, ec_id payment_id, ec_transaction_kind kind,
                           int64_t amount, const char *key, ec_id *transaction_id);
/* A key for the provider from a caller's key: bounded, and never that of another object. In the
   arena. number 0: without. */
const char *ec_attempt_key(ec_session *session, const char *what, ec_id id, const char *key,
                           int64_t number);

/* What a provider said, kept by the caller between the steps. */
typedef struct ec_outcome {
    ec_status status; /* EC_OK, EC_DECLINED, EC_UNKNOWN; EC_NOT_FOUND: it never arrived (find) */
    ec_payment_answer answer;
    ec_id credit_id; /* a refund went into this account instead of the provider's way; 0: did not */
} ec_outcome;

/* Outside of any transaction: ask the provider. token may be NULL. find: ask what became of it. */
void ec_attempt_ask(ec_engine *engine, const ec_payment *attempt, const char *token, bool find,
                    ec_outcome *out);
/*
 * Inside a write body: record an outcome once. *recorded: it was this call that did; otherwise the
 * attempt becomes what is stored. EC_NOT_FOUND of a find counts as failed, "never arrived".
 * Corrects payment and refund; does not settle the order.
 */
ec_status ec_attempt_record(ec_session *session, ec_payment *attempt, const ec_outcome *outcome,
                            bool *recorded);
/*
 * Inside a write body, after ec_attempt_record did nothing: an attempt that was given up as never
 * arrived did arrive after all (EC_OK), or may have (EC_UNKNOWN: it is asked about again). Now the
 * books say so. *changed: it was this call that did.
 */
ec_status ec_attempt_late(ec_session *session, ec_payment *attempt, const ec_outcome *outcome,
                          bool *changed);
/*
 * Record an outcome and settle what depends on it: the order, or the checkout. It is what
 * ec_payment_run and the reconciliation do after asking. EC_OK, EC_DECLINED, EC_UNKNOWN as
 * ec_payment_run.
 */
ec_status ec_attempt_settle(ec_session *session, const ec_payment *attempt,
                            const ec_outcome *outcome);
/* Inside a body: the event of an outcome. */
ec_status ec_attempt_emit(ec_session *session, const ec_payment *attempt);
/* EC_DECLINED with the provider's words, or EC_UNKNOWN, as the session's error. */
ec_status ec_attempt_fail(ec_session *session, ec_status status, const char *problem);

/* A payment with its transactions, as the result of an operation. */
ec_status ec_payment_answer_of(ec_session *session, ec_id payment_id, void **result);
/* Check a caller's idempotency key: 1 to EC_KEY_MAX bytes of printable ASCII. */
void ec_key_rule(ec_check *check, const char *key);

#endif
