/* SPDX-License-Identifier: MIT */
/*
 * pay_credit.c - an order that awaits money is paid by a gift card or store credit, wholly or in
 * part, in one transaction.
 *
 * What a provider has reserved counts as paid here, so that nothing is paid twice. The same key
 * again answers with the order. It refuses more than is owed, and orders that were called off.
 */
#include "credit/credit.h"
#include "order/order.h"
#include "payment/payment.h"

typedef struct pay_args {
    ec_id order_id;
    const ec_credit_tender *tender;
    const char *key;
} pay_args;

static ec_status check(ec_session *session, const pay_args *args)
{
    ec_check check;
    if (args->tender == NULL) return ec_fail(session, EC_MISUSE, "A payment needs a tender.");
    ec_check_init(&check, ec_scratch(session));
    ec_credit_tender_rule(&check, NULL, args->tender, 1);
    ec_key_rule(&check, args->key);
    return ec_fail_check(session, &check);
}

/* What is neither taken nor reserved. */
static ec_status read_owed(ec_session *session, const ec_order *order, int64_t *owed)
{
    int64_t reserved = 0;
    if (order->state == EC_STATE_CANCELLED)
        return ec_fail(session, EC_STATE, "The order was called off.");
    ec_status status =
        ec_query_int(session,
                     "SELECT COALESCE(SUM(authorized_amount - captured_amount), 0) FROM payments"
                     " WHERE order_id = ?",
                     ec_args(ec_int(order->id)), &reserved);
    *owed = ec_order_due(order) - reserved;
    if (status == EC_OK && *owed <= 0)
        return ec_fail(session, EC_STATE, "Nothing is owed for the order.");
    return status;
}

/* Was the key used for this order and, where one was said, this amount? */
static ec_status pay_again(ec_session *session, const pay_args *args,
                           const ec_payment_transaction *before, void **result)
{
    if (args->tender->amount != 0 && args->tender->amount != before->amount)
        return ec_fail_field(session, EC_KEY_REUSED, "key", "reused",
                             "The key has paid another amount.");
    return ec_order_answer(session, args->order_id, result);
}

static ec_status pay(ec_session *session, const pay_args *args, ec_order *order, const char *key)
{
    ec_credit_part part;
    size_t count = 0;
    int64_t sum = 0;
    ec_credit_bill bill = {.user_id = order->user_id, .currency = order->currency};
    ec_status status = read_owed(session, order, &bill.owed);
    if (status == EC_OK)
        status = ec_credit_plan(session, &bill, args->tender, 1, &part, &count, &sum);
    if (status == EC_OK) status = ec_credit_take(session, &bill, &part, count, 0, order->id, key);
    return status == EC_OK ? ec_order_settle(session, order->id) : status;
}

static ec_status run_pay(ec_session *session, void *ctx, void **result)
{
    const pay_args *args = ctx;
    ec_order order = {0};
    ec_payment_transaction before;
    ec_status status = check(session, args);
    if (status == EC_OK) status = ec_order_head(session, args->order_id, &order);
    if (status != EC_OK) return status;
    const char *key = ec_attempt_key(session, "credit", args->order_id, args->key, 0);
    if (key == NULL) return ec_fail_memory(session);
    status = ec_attempt_of_key(session, key, &before);
    if (status == EC_OK) return pay_again(session, args, &before, result);
    if (status == EC_NOT_FOUND) status = pay(session, args, &order, key);
    return status == EC_OK ? ec_order_answer(session, args->order_id, result) : status;
}

ec_status ec_order_pay_credit(ec_session *session, ec_id order_id, const ec_credit_tender *tender,
                              const char *key, ec_order **out)
{
    static const ec_op op = {
        .name = "order.pay_credit",
        .permission = "orders.pay",
        .access = EC_ACCESS_OWNER,
        .mode = EC_WRITE,
        .result = &ec_order_entity,
        .run = run_pay, /* its key is an argument */
    };
    pay_args args = {order_id, tender, key};
    return ec_call(session, &op, &args, (void **)out);
}
