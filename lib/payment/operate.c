/* SPDX-License-Identifier: MIT */
/*
 * operate.c - what staff do with a payment: look, capture, give up, record money that came by
 * itself.
 *
 * Capturing and giving up write an attempt first and run it afterwards; the same key joins that
 * attempt. It refuses more than is left, counting what other attempts are still at.
 */
#include <ecommerce/limits.h>
#include <string.h>

#include "base/text.h"
#include "credit/credit.h"
#include "order/order.h"
#include "payment/payment.h"

ec_status ec_payment_answer_of(ec_session *session, ec_id payment_id, void **result)
{
    void *rows = NULL;
    ec_payment *payment = ec_arena_alloc(ec_scratch(session), sizeof(*payment));
    if (payment == NULL) return ec_fail_memory(session);
    ec_status status = ec_entity_get(session, &ec_payment_entity, payment_id, payment);
    if (status != EC_OK) return status;
    status = ec_entity_select(session, &ec_payment_transaction_entity,
                              "WHERE t.payment_id = ? ORDER BY t.id", ec_args(ec_int(payment_id)),
                              &rows, &payment->transactions_count);
    payment->transactions = rows;
    *result = payment;
    return status;
}

/* A payment is its order's customer's, or its cart's. */
static ec_status check_owner(ec_session *session, const ec_payment *payment)
{
    int64_t user = 0;
    if (ec_session_is_staff(session)) return EC_OK;
    ec_status status =
        ec_query_int(session,
                     "SELECT COALESCE((SELECT user_id FROM orders WHERE id = ?),"
                     " (SELECT user_id FROM carts WHERE id = ?), 0)",
                     ec_args(ec_ref(payment->order_id), ec_ref(payment->cart_id)), &user);
    return status == EC_OK ? ec_owned(session, "payment", user) : status;
}

static ec_status run_get(ec_session *session, void *ctx, void **result)
{
    ec_status status = ec_payment_answer_of(session, *(const ec_id *)ctx, result);
    return status == EC_OK ? check_owner(session, *result) : status;
}

ec_status ec_payment_get(ec_session *session, ec_id id, ec_payment **out)
{
    static const ec_op op = {
        .name = "payment.get",
        .permission = "payments.read",
        .access = EC_ACCESS_OWNER,
        .mode = EC_READ,
        .result = &ec_payment_entity,
        .run = run_get,
    };
    return ec_call(session, &op, &id, (void **)out);
}

/* ---- capture and void ---- */

typedef struct operate_args {
    ec_id id;
    int64_t amount; /* 0: all that is left */
    const char *key;
    ec_transaction_kind kind;
    ec_id transaction_id; /* out */
} operate_args;

/* What may still be captured: authorised, less captured, less what is being captured. busy: a void
   is on its way. */
static ec_status read_left(ec_session *session, const ec_payment *payment, int64_t *left,
                           int64_t *capturing, int64_t *voiding)
{
    ec_stmt *stmt = NULL;
    ec_status status = ec_query(
        session,
        "SELECT COALESCE(SUM(CASE WHEN kind = 'capture' THEN amount ELSE 0 END), 0),"
        " COALESCE(SUM(CASE WHEN kind = 'void' THEN 1 ELSE 0 END), 0)"
        " FROM payment_transactions WHERE payment_id = ? AND status IN ('pending', 'unknown')",
        ec_args(ec_int(payment->id)), &stmt);
    if (status != EC_OK) return status;
    status = ec_row(session, stmt);
    if (status != EC_OK) return status;
    *capturing = ec_col_int(stmt, 0);
    *voiding = ec_col_int(stmt, 1);
    ec_done(session, stmt);
    *left = payment->authorized_amount - payment->captured_amount - *capturing;
    return EC_OK;
}

/* Nothing is taken for an order that was called off. */
static ec_status check_order(ec_session *session, const ec_payment *payment)
{
    ec_order order = {0};
    if (payment->order_id == 0) return EC_OK;
    ec_status status = ec_entity_get(session, &ec_order_entity, payment->order_id, &order);
    if (status != EC_OK || order.state != EC_STATE_CANCELLED) return status;
    return ec_fail(session, EC_STATE, "The order was called off; void the payment.");
}

static ec_status decide(ec_session *session, const operate_args *args, const ec_payment *payment,
                        int64_t *amount)
{
    int64_t left = 0, capturing = 0, voiding = 0;
    ec_status status = read_left(session, payment, &left, &capturing, &voiding);
    if (status != EC_OK) return status;
    bool capture = args->kind == EC_TRANSACTION_CAPTURE;
    if (ec_credit_is_provider(payment->provider) && left > 0)
        return ec_fail(session, EC_STATE, "The checkout that holds the credit decides about it.");
    if (capture && (status = check_order(session, payment)) != EC_OK) return status;
    if (voiding > 0) return ec_fail(session, EC_STATE, "The payment is being given up.");
    if (left <= 0)
        return ec_fail(session, EC_STATE,
                       capture ? "There is nothing left to capture."
                               : "There is nothing to give up.");
    if (!capture && capturing > 0)
        return ec_fail(session, EC_STATE, "A capture of the payment has not ended yet.");
    *amount = args->amount == 0 ? left : args->amount;
    if (*amount > left)
        return ec_fail_field(session, EC_INVALID, "amount", "max",
                             "At most %lld minor units are left.", (long long)left);
    return EC_OK;
}

static ec_status join_before(ec_session *session, operate_args *args,
                             const ec_payment_transaction *before)
{
    args->transaction_id = before->id;
    if (before->kind == args->kind && before->payment_id == args->id &&
        (args->amount == 0 || args->amount == before->amount))
        return EC_OK;
    return ec_fail_field(session, EC_KEY_REUSED, "key", "reused",
                         "The key was used with another amount.");
}

static ec_status run_operate(ec_session *session, void *ctx, void **result)
{
    (void)result;
    operate_args *args = ctx;
    ec_check check;
    ec_payment payment = {0};
    ec_payment_transaction before;
    int64_t amount = 0;
    args->transaction_id = 0;
    ec_check_init(&check, ec_scratch(session));
    ec_key_rule(&check, args->key);
    if (args->amount < 0 || args->amount > EC_AMOUNT_MAX)
        ec_check_add(&check, "amount", args->amount < 0 ? "min" : "max",
                     "An amount is above 0; 0 means all that is left.");
    ec_status status = ec_fail_check(session, &check);
    if (status == EC_OK) status = ec_entity_get(session, &ec_payment_entity, args->id, &payment);
    if (status != EC_OK) return status;
    const char *key =
        ec_attempt_key(session, ec_transaction_kind_names[args->kind], args->id, args->key, 0);
    if (key == NULL) return ec_fail_memory(session);
    status = ec_attempt_of_key(session, key, &before);
    if (status == EC_OK) return join_before(session, args, &before);
    if (status != EC_NOT_FOUND) return status;
    status = decide(session, args, &payment, &amount);
    if (status != EC_OK) return status;
    return ec_attempt_begin(session, args->id, args->kind, amount, key, &args->transaction_id);
}

static const ec_op op_operate = {
    .name = "payment.operate",
    .permission = "payments.write",
    .access = EC_ACCESS_STAFF,
    .mode = EC_WRITE,
    .run = run_operate,
};

static ec_status operate(ec_session *session, operate_args *args, ec_payment **out)
{
    if (out == NULL) return ec_fail_place(session, "payment.operate");
    *out = NULL;
    ec_status status = ec_call(session, &op_operate, args, NULL);
    if (status == EC_OK) status = ec_payment_run(session, args->transaction_id);
    return status == EC_OK ? ec_payment_get(session, args->id, out) : status;
}

ec_status ec_payment_capture(ec_session *session, ec_id id, int64_t amount, const char *key,
                             ec_payment **out)
{
    operate_args args = {.id = id, .amount = amount, .key = key, .kind = EC_TRANSACTION_CAPTURE};
    return operate(session, &args, out);
}

ec_status ec_payment_void(ec_session *session, ec_id id, const char *key, ec_payment **out)
{
    operate_args args = {.id = id, .key = key, .kind = EC_TRANSACTION_VOID};
    return operate(session, &args, out);
}

/* ---- money that came by itself ---- */

typedef struct record_args {
    ec_id order_id;
    int64_t amount;
    const char *method;
    const char *reference;
    const char *key;
} record_args;

static void check_text(ec_check *check, const char *field, const char *text, int64_t max)
{
    int64_t length = text == NULL ? 0 : ec_utf8_count(text, strlen(text));
    if (length < 0)
        ec_check_add(check, field, "utf8", "The text is not valid UTF-8.");
    else if (length > max)
        ec_check_add(check, field, "max_length", "At most %lld characters are kept.",
                     (long long)max);
}

static ec_status check_record(ec_session *session, const record_args *args)
{
    ec_check check;
    ec_check_init(&check, ec_scratch(session));
    ec_key_rule(&check, args->key);
    if (args->amount < 1 || args->amount > EC_AMOUNT_MAX)
        ec_check_add(&check, "amount", args->amount < 1 ? "min" : "max",
                     "An amount is 1 to %lld minor units.", (long long)EC_AMOUNT_MAX);
    check_text(&check, "method", args->method, 50);
    check_text(&check, "reference", args->reference, 255);
    return ec_fail_check(session, &check);
}

static ec_status insert_record(ec_session *session, const record_args *args, const ec_order *order,
                               const char *key, ec_id *id)
{
    ec_time now = ec_now(session);
    ec_payment payment = {
        .version = 1,
        .created_at = now,
        .updated_at = now,
        .order_id = order->id,
        .provider = EC_PROVIDER_OFFLINE,
        .method = args->method == NULL ? "transfer" : args->method,
        .currency = order->currency,
        .amount = args->amount,
        .authorized_amount = args->amount,
        .captured_amount = args->amount,
        .reference = args->reference,
        .status = EC_PAYMENT_CAPTURED,
    };
    ec_status status = ec_entity_insert(session, &ec_payment_entity, &payment);
    if (status != EC_OK) return status;
    *id = payment.id;
    ec_payment_transaction transaction = {
        .payment_id = payment.id,
        .created_at = now,
        .updated_at = now,
        .amount = args->amount,
        .attempt_key = key,
        .reference = args->reference,
        .kind = EC_TRANSACTION_CAPTURE,
        .status = EC_TRANSACTION_SUCCEEDED,
    };
    status = ec_entity_insert(session, &ec_payment_transaction_entity, &transaction);
    if (status != EC_OK) return status;
    payment.transactions = &transaction;
    payment.transactions_count = 1;
    return ec_attempt_emit(session, &payment);
}

static bool same_text(const char *a, const char *b)
{
    return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

/* Was the key used for just this? */
static ec_status same_record(ec_session *session, const record_args *args,
                             const ec_payment_transaction *before)
{
    ec_payment payment = {0};
    ec_status status = ec_entity_get(session, &ec_payment_entity, before->payment_id, &payment);
    if (status != EC_OK) return status;
    const char *method = args->method == NULL ? "transfer" : args->method;
    if (before->amount == args->amount && same_text(payment.method, method) &&
        same_text(payment.reference, args->reference))
        return EC_OK;
    return ec_fail_field(session, EC_KEY_REUSED, "key", "reused",
                         "The key has recorded another payment.");
}

static ec_status run_record(ec_session *session, void *ctx, void **result)
{
    const record_args *args = ctx;
    ec_order order = {0};
    ec_payment_transaction before;
    ec_id id = 0;
    ec_status status = check_record(session, args);
    if (status == EC_OK) status = ec_order_head(session, args->order_id, &order);
    if (status != EC_OK) return status;
    const char *key = ec_attempt_key(session, "record", args->order_id, args->key, 0);
    if (key == NULL) return ec_fail_memory(session);
    status = ec_attempt_of_key(session, key, &before);
    if (status == EC_OK) status = same_record(session, args, &before);
    if (status == EC_OK) return ec_payment_answer_of(session, before.payment_id, result);
    if (status != EC_NOT_FOUND) return status;
    if (order.state == EC_STATE_CANCELLED)
        return ec_fail(session, EC_STATE, "The order was called off.");
    int64_t due = ec_order_due(&order);
    if (args->amount > due)
        return ec_fail_field(session, due <= 0 ? EC_STATE : EC_INVALID, "amount", "max",
                             "%lld minor units are owed.", (long long)(due < 0 ? 0 : due));
    status = insert_record(session, args, &order, key, &id);
    if (status == EC_OK) status = ec_order_settle(session, args->order_id);
    return status == EC_OK ? ec_payment_answer_of(session, id, result) : status;
}

ec_status ec_payment_record(ec_session *session, ec_id order_id, int64_t amount, const char *method,
                            const char *reference, const char *key, ec_payment **out)
{
    static const ec_op op = {
        .name = "payment.record",
        .permission = "payments.write",
        .access = EC_ACCESS_STAFF,
        .mode = EC_WRITE,
        .result = &ec_payment_entity,
        .run = run_record,
    };
    record_args args = {order_id, amount, method, reference, key};
    return ec_call(session, &op, &args, (void **)out);
}
