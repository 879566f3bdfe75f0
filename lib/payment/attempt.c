/* SPDX-License-Identifier: MIT */
/*
 * attempt.c - one try to move money: written down, asked for, recorded once.
 *
 * The row comes first, so that no provider is ever asked for something that nobody remembers. Its
 * outcome is written by whoever learns it first; everybody else reads that. It refuses to hold a
 * transaction while a provider is asked, and to guess: what is not known stays unknown.
 */
#include <ecommerce/limits.h>
#include <stdio.h>
#include <string.h>

#include "base/hash.h"
#include "payment/payment.h"

ec_status ec_attempt_read(ec_session *session, ec_id transaction_id, ec_payment *out)
{
    ec_payment_transaction *transaction = ec_arena_alloc(ec_scratch(session), sizeof(*transaction));
    if (transaction == NULL) return ec_fail_memory(session);
    ec_status status =
        ec_entity_get(session, &ec_payment_transaction_entity, transaction_id, transaction);
    if (status != EC_OK) return status;
    status = ec_entity_get(session, &ec_payment_entity, transaction->payment_id, out);
    out->transactions = transaction;
    out->transactions_count = 1;
    return status;
}

static ec_status run_load(ec_session *session, void *args, void **result)
{
    ec_payment *payment = ec_arena_alloc(ec_scratch(session), sizeof(*payment));
    if (payment == NULL) return ec_fail_memory(session);
    *result = payment;
    return ec_attempt_read(session, *(const ec_id *)args, payment);
}

ec_status ec_attempt_load(ec_session *session, ec_id transaction_id, ec_payment **out)
{
    static const ec_op op = {
        .name = "payment.attempt",
        .permission = "payments.read",
        .access = EC_ACCESS_ANY, /* never offered to callers by itself */
        .mode = EC_READ,
        .result = &ec_payment_entity,
        .run = run_load,
    };
    return ec_call(session, &op, &transaction_id, (void **)out);
}

ec_status ec_attempt_of_key(ec_session *session, const char *key, ec_payment_transaction *out)
{
    void *rows = NULL;
    size_t count = 0;
    ec_status status =
        ec_entity_select(session, &ec_payment_transaction_entity, "WHERE t.attempt_key = ?",
                         ec_args(ec_text(key)), &rows, &count);
    if (status != EC_OK) return status;
    if (count == 0) return EC_NOT_FOUND;
    *out = *(const ec_payment_transaction *)rows;
    return EC_OK;
}

ec_status ec_attempt_begin(ec_session *session, ec_id payment_id, ec_transaction_kind kind,
                           int64_t amount, const char *key, ec_id *transaction_id)
{
    ec_payment_transaction transaction = {
        .payment_id = payment_id,
        .created_at = ec_now(session),
        .updated_at = ec_now(session),
        .amount = amount,
        .attempt_key = key,
        .kind = kind,
    };
    if (key == NULL) return ec_fail_memory(session);
    ec_status status = ec_entity_insert(session, &ec_payment_transaction_entity, &transaction);
    *transaction_id = transaction.id;
    return status;
}

const char *ec_attempt_key(ec_session *session, const char *what, ec_id id, const char *key,
                           int64_t number)
{
    char digest[EC_SHA256_HEX];
    ec_sha256_hex(key, strlen(key), digest);
    digest[40] = '\0';
    if (number == 0)
        return ec_arena_printf(ec_scratch(session), "%s-%lld-%s", what, (long long)id, digest);
    return ec_arena_printf(ec_scratch(session), "%s-%lld-%s-%lld", what, (long long)id, digest,
                           (long long)number);
}

void ec_key_rule(ec_check *check, const char *key)
{
    if (key == NULL || key[0] == '\0') {
        ec_check_add(check, "key", "required", "An idempotency key is needed.");
        return;
    }
    size_t length = strnlen(key, EC_KEY_MAX + 1);
    if (length > EC_KEY_MAX) {
        ec_check_add(check, "key", "max_length", "A key has at most %d bytes.", EC_KEY_MAX);
        return;
    }
    for (size_t i = 0; i < length; i++) {
        if (key[i] > ' ' && key[i] < 0x7f) continue;
        ec_check_add(check, "key", "format", "A key is made of printable ASCII characters.");
        return;
    }
}

/* ---- asking ---- */

static ec_status ask(ec_payment_provider *provider, ec_transaction_kind kind,
                     const ec_payment_request *request, ec_payment_answer *answer)
{
    switch (kind) {
    case EC_TRANSACTION_AUTHORIZE: return provider->ops->authorize(provider, request, answer);
    case EC_TRANSACTION_CAPTURE: return provider->ops->capture(provider, request, answer);
    case EC_TRANSACTION_VOID: return provider->ops->cancel(provider, request, answer);
    case EC_TRANSACTION_REFUND: return provider->ops->refund(provider, request, answer);
    }
    return EC_UNKNOWN;
}

/* What a provider may answer, and everything else: nobody knows what happened. */
static ec_status weigh(ec_status status, ec_payment_answer *answer)
{
    answer->problem[sizeof(answer->problem) - 1] = '\0';
    answer->reference[sizeof(answer->reference) - 1] = '\0';
    if (status == EC_INVALID || status == EC_UNSUPPORTED) {
        if (answer->problem[0] == '\0')
            (void)snprintf(answer->problem, sizeof(answer->problem),
                           "the provider does not take this");
        return EC_DECLINED;
    }
    if (status == EC_OK || status == EC_DECLINED || status == EC_NOT_FOUND) return status;
    return EC_UNKNOWN;
}

void ec_attempt_ask(ec_engine *engine, const ec_payment *attempt, const char *token, bool find,
                    ec_outcome *out)
{
    const ec_payment_transaction *transaction = &attempt->transactions[0];
    ec_payment_request request = {
        .attempt_key = transaction->attempt_key,
        .method = attempt->method,
        .token = token,
        .reference = attempt->reference,
        .amount = {.amount = transaction->amount},
    };
    memset(out, 0, sizeof(*out));
    (void)snprintf(request.amount.currency, sizeof(request.amount.currency), "%s",
                   attempt->currency);
    if (ec_payment_is_own(attempt->provider)) return; /* it has happened */
    ec_payment_provider *provider = ec_payment_provider_find(engine, attempt->provider);
    out->status = EC_UNKNOWN; /* this program does not have the provider */
    if (provider == NULL) return;
    out->status = find ? provider->ops->find(provider, &request, &out->answer)
                       : ask(provider, transaction->kind, &request, &out->answer);
    out->status = weigh(out->status, &out->answer);
    if (out->status == EC_NOT_FOUND && !find) out->status = EC_UNKNOWN;
    if (out->status == EC_NOT_FOUND)
        (void)snprintf(out->answer.problem, sizeof(out->answer.problem),
                       "the provider never heard of it");
}

ec_status ec_attempt_fail(ec_session *session, ec_status status, const char *problem)
{
    if (status == EC_DECLINED)
        return ec_fail_field(
            session, EC_DECLINED, "payment", "declined", "The payment was declined: %.200s.",
            problem == NULL || problem[0] == '\0' ? "no reason was given" : problem);
    if (status == EC_UNKNOWN)
        return ec_fail(session, EC_UNKNOWN,
                       "The provider did not tell what happened; reconciliation will settle it.");
    return status;
}
