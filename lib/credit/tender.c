/* SPDX-License-Identifier: MIT */
/*
 * tender.c - paying with accounts: payments whose provider is the shop itself.
 *
 * What a provider does in three steps is one here: payment, transactions and entry are written in
 * the caller's transaction. A checkout that waits for a provider holds its part as authorised, with
 * the money taken out of the account; then it is captured, or goes back. It refuses what
 * ec_credit_post refuses.
 */
#include <string.h>

#include "credit/credit.h"
#include "payment/payment.h"

bool ec_credit_is_provider(const char *provider)
{
    return strcmp(provider, EC_PROVIDER_GIFT_CARD) == 0 ||
           strcmp(provider, EC_PROVIDER_STORE_CREDIT) == 0;
}

/* ---- taking ---- */

static ec_status insert_transaction(ec_session *session, const ec_payment *payment,
                                    ec_transaction_kind kind, int64_t amount, const char *key)
{
    ec_payment_transaction transaction = {
        .payment_id = payment->id,
        .created_at = ec_now(session),
        .updated_at = ec_now(session),
        .amount = amount,
        .attempt_key = key,
        .kind = kind,
        .status = EC_TRANSACTION_SUCCEEDED,
    };
    if (key == NULL) return ec_fail_memory(session);
    ec_status status = ec_entity_insert(session, &ec_payment_transaction_entity, &transaction);
    if (status != EC_OK) return status;
    ec_payment told = *payment;
    told.transactions = &transaction;
    told.transactions_count = 1;
    return ec_attempt_emit(session, &told);
}

static ec_status take_one(ec_session *session, const ec_credit_bill *bill,
                          const ec_credit_part *part, ec_id cart_id, ec_id order_id,
                          const char *key)
{
    const char *name = ec_credit_kind_names[part->account.kind];
    bool taken = order_id != 0;
    ec_payment payment = {
        .version = 1,
        .created_at = ec_now(session),
        .updated_at = ec_now(session),
        .cart_id = cart_id,
        .order_id = order_id,
        .provider = name,
        .method = name,
        .currency = bill->currency,
        .amount = part->amount,
        .authorized_amount = part->amount,
        .captured_amount = taken ? part->amount : 0,
        .status = taken ? EC_PAYMENT_CAPTURED : EC_PAYMENT_AUTHORIZED,
    };
    ec_status status = ec_entity_insert(session, &ec_payment_entity, &payment);
    if (status != EC_OK) return status;
    ec_credit_entry entry = {.credit_id = part->account.id,
                             .payment_id = payment.id,
                             .amount = -part->amount,
                             .kind = EC_CREDIT_REDEEM};
    status = ec_credit_post(session, &entry);
    if (status == EC_OK)
        status = insert_transaction(session, &payment, EC_TRANSACTION_AUTHORIZE, part->amount, key);
    if (status != EC_OK || !taken) return status;
    return insert_transaction(session, &payment, EC_TRANSACTION_CAPTURE, part->amount,
                              ec_arena_printf(ec_scratch(session), "%s-captured", key));
}

ec_status ec_credit_take(ec_session *session, const ec_credit_bill *bill,
                         const ec_credit_part *parts, size_t count, ec_id cart_id, ec_id order_id,
                         const char *key)
{
    ec_status status = EC_OK;
    for (size_t i = 0; status == EC_OK && i < count; i++) {
        const char *one = i == 0 ? key : ec_arena_printf(ec_scratch(session), "%s-%zu", key, i + 1);
        if (one == NULL) return ec_fail_memory(session);
        status = take_one(session, bill, &parts[i], cart_id, order_id, one);
    }
    return status;
}

/* ---- the end of a checkout ---- */

/* What is authorised for a cart, with the key of its authorisation. */
static ec_status read_held(ec_session *session, ec_id cart_id, ec_payment **out, size_t *count)
{
    void *rows = NULL;
    ec_status status = ec_entity_select(session, &ec_payment_entity,
                                        "WHERE t.cart_id = ? AND t.status = 'authorized' AND"
                                        " (t.provider = 'gift_card' OR t.provider ="
                                        " 'store_credit') ORDER BY t.id",
                                        ec_args(ec_int(cart_id)), &rows, count);
    *out = rows;
    return status;
}

static ec_status store_held(ec_session *session, ec_payment *payment)
{
    return ec_entity_update(
        session, &ec_payment_entity, payment,
        ec_mask_of("payment", "order_id,authorized_amount,captured_amount,status"));
}

static const char *end_key(ec_session *session, const ec_payment *payment, const char *what)
{
    return ec_arena_printf(ec_scratch(session), "credit-%lld-%s", (long long)payment->id, what);
}

ec_status ec_credit_capture(ec_session *session, ec_id cart_id, ec_id order_id)
{
    ec_payment *held = NULL;
    size_t count = 0;
    ec_status status = read_held(session, cart_id, &held, &count);
    for (size_t i = 0; status == EC_OK && i < count; i++) {
        ec_payment *payment = &held[i];
        payment->order_id = order_id;
        payment->captured_amount = payment->authorized_amount;
        payment->status = EC_PAYMENT_CAPTURED;
        status = store_held(session, payment);
        if (status == EC_OK)
            status =
                insert_transaction(session, payment, EC_TRANSACTION_CAPTURE,
                                   payment->captured_amount, end_key(session, payment, "captured"));
    }
    return status;
}

/* The account that a payment was taken from. */
static ec_status account_of(ec_session *session, ec_id payment_id, ec_id *credit_id)
{
    ec_status status = ec_query_int(session,
                                    "SELECT credit_id FROM credit_entries WHERE payment_id = ?"
                                    " AND kind = 'redeem' ORDER BY id LIMIT 1",
                                    ec_args(ec_int(payment_id)), credit_id);
    if (status != EC_NOT_FOUND) return status;
    return ec_fail(session, EC_CORRUPT, "A payment by an account has no account.");
}

ec_status ec_credit_release(ec_session *session, ec_id cart_id)
{
    ec_payment *held = NULL;
    size_t count = 0;
    ec_status status = read_held(session, cart_id, &held, &count);
    for (size_t i = 0; status == EC_OK && i < count; i++) {
        ec_payment *payment = &held[i];
        ec_credit_entry entry = {.payment_id = payment->id,
                                 .amount = payment->authorized_amount,
                                 .kind = EC_CREDIT_REFUND};
        status = account_of(session, payment->id, &entry.credit_id);
        if (status == EC_OK) status = ec_credit_post(session, &entry);
        if (status != EC_OK) return status;
        payment->authorized_amount = 0;
        payment->status = EC_PAYMENT_VOIDED;
        status = store_held(session, payment);
        if (status == EC_OK)
            status = insert_transaction(session, payment, EC_TRANSACTION_VOID, entry.amount,
                                        end_key(session, payment, "voided"));
    }
    return status;
}

/* ---- going back ---- */

ec_status ec_credit_refunded(ec_session *session, const ec_payment *payment, ec_id credit_id)
{
    ec_status status = EC_OK;
    const ec_payment_transaction *transaction = &payment->transactions[0];
    ec_credit_entry entry = {.credit_id = credit_id,
                             .payment_id = payment->id,
                             .amount = transaction->amount,
                             .kind = EC_CREDIT_REFUND};
    if (credit_id == 0 && !ec_credit_is_provider(payment->provider)) return EC_OK;
    if (credit_id == 0) status = account_of(session, payment->id, &entry.credit_id);
    if (status == EC_OK)
        status = ec_query_int(session, "SELECT id FROM refunds WHERE transaction_id = ?",
                              ec_args(ec_int(transaction->id)), &entry.refund_id);
    return status == EC_OK ? ec_credit_post(session, &entry) : status;
}

/* What the accounts have paid of an order and did not get back. */
static ec_status read_paid(ec_session *session, ec_id order_id, ec_payment **out, size_t *count)
{
    void *rows = NULL;
    ec_status status = ec_entity_select(session, &ec_payment_entity,
                                        "WHERE t.order_id = ? AND t.captured_amount >"
                                        " t.refunded_amount AND (t.provider = 'gift_card'"
                                        " OR t.provider = 'store_credit') ORDER BY t.id",
                                        ec_args(ec_int(order_id)), &rows, count);
    *out = rows;
    return status;
}

/* Less what a refund under way has claimed. */
static ec_status claimed(ec_session *session, ec_id payment_id, int64_t *amount)
{
    return ec_query_int(session,
                        "SELECT COALESCE(SUM(amount), 0) FROM payment_transactions"
                        " WHERE payment_id = ? AND kind = 'refund'"
                        " AND status IN ('pending', 'unknown')",
                        ec_args(ec_int(payment_id)), amount);
}

ec_status ec_credit_give_back(ec_session *session, const ec_order *order, int64_t owed, bool *done)
{
    ec_payment *paid = NULL;
    size_t count = 0;
    *done = false;
    ec_status status = read_paid(session, order->id, &paid, &count);
    for (size_t i = 0; status == EC_OK && owed > 0 && i < count; i++) {
        int64_t under_way = 0;
        status = claimed(session, paid[i].id, &under_way);
        int64_t left = paid[i].captured_amount - paid[i].refunded_amount - under_way;
        int64_t part = left < owed ? left : owed;
        if (status != EC_OK || part <= 0) continue;
        const char *key =
            ec_arena_printf(ec_scratch(session), "cancel-%lld-%lld-%lld", (long long)order->id,
                            (long long)order->version, (long long)paid[i].id);
        if (key == NULL) return ec_fail_memory(session);
        ec_id transaction_id = 0;
        status = ec_payment_refund_begin(session, paid[i].id, order->id, 0, part,
                                         order->cancel_reason, key, &transaction_id);
        if (status == EC_OK) status = ec_payment_refund_credit(session, transaction_id, 0);
        owed -= part;
        *done = true;
    }
    return status;
}
