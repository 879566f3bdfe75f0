/* SPDX-License-Identifier: MIT */
/*
 * refund.c - giving money back. Three steps, as every talk with a provider: claim the amounts in a
 * transaction (so that two refunds can never exceed what was captured), ask the providers outside
 * of any, record what they said. The same key again joins the refund that is under way or done.
 */
#include <ecommerce/limits.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "order/change.h"
#include "payment/payment.h"

#define TRANSACTIONS_MAX 32 /* payments that one refund may be spread over */

typedef struct refund_args {
    ec_id id;
    const ec_refund_request *request;
    ec_id transactions[TRANSACTIONS_MAX]; /* out: to be run */
    size_t count;
} refund_args;

static ec_status check_request(ec_session *session, const ec_refund_request *request)
{
    ec_check check;
    if (request == NULL) return ec_fail(session, EC_MISUSE, "A refund needs a request.");
    ec_check_init(&check, ec_scratch(session));
    ec_key_rule(&check, request->key);
    if (request->amount < 0 || request->amount > EC_AMOUNT_MAX)
        ec_check_add(&check, "amount", request->amount < 0 ? "min" : "max",
                     "An amount to give back is above 0; 0 means what is owed.");
    if (check.count > 0) return ec_fail_check(session, &check);
    return ec_order_text_rule(session, "reason", request->reason, 255);
}

/* What a payment can still give back: captured, less what went back or is on its way. */
static ec_status read_refundable(ec_session *session, const ec_order *order,
                                 const ec_refund_request *request, ec_id *payments,
                                 int64_t *amounts, size_t *count)
{
    ec_stmt *stmt = NULL;
    ec_status status = ec_query(
        session,
        "SELECT p.id, p.captured_amount - COALESCE((SELECT SUM(r.amount) FROM refunds r"
        " WHERE r.payment_id = p.id AND r.status <> 'failed'), 0)"
        " FROM payments p WHERE p.order_id = ? AND (? = 0 OR p.id = ?) ORDER BY p.id",
        ec_args(ec_int(order->id), ec_int(request->payment_id), ec_int(request->payment_id)),
        &stmt);
    if (status != EC_OK) return status;
    while ((status = ec_row(session, stmt)) == EC_OK && *count < TRANSACTIONS_MAX) {
        if (ec_col_int(stmt, 1) <= 0) continue;
        payments[*count] = ec_col_int(stmt, 0);
        amounts[(*count)++] = ec_col_int(stmt, 1);
    }
    ec_done(session, stmt);
    return status == EC_DONE || status == EC_OK ? EC_OK : status;
}

/* A refund that this key has begun before: its transactions. */
static ec_status find_begun(ec_session *session, refund_args *refund, int64_t *amount)
{
    ec_stmt *stmt = NULL;
    const char *stem = ec_attempt_key(session, "refund", refund->id, refund->request->key, 0);
    const char *pattern = stem == NULL ? NULL : ec_arena_printf(ec_scratch(session), "%s-", stem);
    if (pattern == NULL) return ec_fail_memory(session);
    ec_status status = ec_query(
        session,
        "SELECT t.id, t.amount FROM payment_transactions t"
        " WHERE t.attempt_key >= ? AND t.attempt_key < ? ORDER BY t.id",
        ec_args(ec_text(pattern), ec_text(ec_arena_printf(ec_scratch(session), "%s\x7f", pattern))),
        &stmt);
    if (status != EC_OK) return status;
    while ((status = ec_row(session, stmt)) == EC_OK && refund->count < TRANSACTIONS_MAX) {
        refund->transactions[refund->count++] = ec_col_int(stmt, 0);
        *amount += ec_col_int(stmt, 1);
    }
    ec_done(session, stmt);
    return status == EC_DONE || status == EC_OK ? EC_OK : status;
}

/* How much is meant: the amount, the value of the items, or what is owed back. */
static ec_status amount_of(ec_session *session, const ec_refund_request *request, ec_order *order,
                           int64_t *amount)
{
    *amount = request->amount > 0 ? request->amount : -ec_order_due(order);
    if (request->amount > 0 || request->items_count == 0) return EC_OK;
    ec_status status = ec_order_read_items(session, order);
    if (status != EC_OK) return status;
    return ec_order_value(session, order, request->items, request->items_count, amount);
}

static ec_status claim(ec_session *session, refund_args *refund, ec_order *order)
{
    ec_id payments[TRANSACTIONS_MAX];
    int64_t amounts[TRANSACTIONS_MAX], all = 0;
    size_t count = 0;
    const ec_refund_request *request = refund->request;
    ec_status status = read_refundable(session, order, request, payments, amounts, &count);
    if (status != EC_OK) return status;
    for (size_t i = 0; i < count; i++)
        all += amounts[i];
    int64_t left = 0;
    status = amount_of(session, request, order, &left);
    if (status != EC_OK) return status;
    if (left <= 0)
        return ec_fail(session, EC_STATE, "Nothing is owed back; name an amount to give more.");
    if (left > all)
        return ec_fail_field(session, EC_INVALID, "amount", "max",
                             "At most %lld minor units can be given back.", (long long)all);
    for (size_t i = 0; left > 0 && i < count; i++) {
        int64_t part = left < amounts[i] ? left : amounts[i];
        const char *key = ec_attempt_key(session, "refund", order->id, request->key, payments[i]);
        if (key == NULL) return ec_fail_memory(session);
        status =
            ec_payment_refund_begin(session, payments[i], order->id, request->return_id, part,
                                    request->reason, key, &refund->transactions[refund->count]);
        if (status != EC_OK) return status;
        refund->count++;
        left -= part;
    }
    return EC_OK;
}

/* The payment that is named must be the order's. */
static ec_status check_payment(ec_session *session, const refund_args *refund)
{
    if (refund->request->payment_id == 0) return EC_OK;
    int64_t order_id = 0;
    ec_status status = ec_query_int(session, "SELECT order_id FROM payments WHERE id = ?",
                                    ec_args(ec_int(refund->request->payment_id)), &order_id);
    if (status != EC_OK && status != EC_NOT_FOUND) return status;
    if (status == EC_NOT_FOUND || order_id != refund->id)
        return ec_fail_field(session, EC_INVALID, "payment_id", "reference",
                             "The order has no payment %lld.",
                             (long long)refund->request->payment_id);
    return EC_OK;
}

static ec_status check_return(ec_session *session, const refund_args *refund)
{
    if (refund->request->return_id == 0) return EC_OK;
    int64_t order_id = 0;
    ec_status status = ec_query_int(session, "SELECT order_id FROM returns WHERE id = ?",
                                    ec_args(ec_int(refund->request->return_id)), &order_id);
    if (status != EC_OK && status != EC_NOT_FOUND) return status;
    if (status == EC_NOT_FOUND || order_id != refund->id)
        return ec_fail_field(session, EC_INVALID, "return_id", "reference",
                             "The order has no return %lld.",
                             (long long)refund->request->return_id);
    return EC_OK;
}

static ec_status run_claim(ec_session *session, void *args, void **result)
{
    (void)result;
    refund_args *refund = args;
    ec_order order = {0};
    refund->count = 0;
    ec_status status = check_request(session, refund->request);
    if (status != EC_OK) return status;
    if ((status = ec_order_head(session, refund->id, &order)) != EC_OK) return status;
    int64_t begun = 0;
    if ((status = find_begun(session, refund, &begun)) != EC_OK) return status;
    if (refund->count > 0) {
        if (refund->request->amount == 0 || refund->request->amount == begun) return EC_OK;
        return ec_fail_field(session, EC_KEY_REUSED, "key", "reused",
                             "The key has given back another amount.");
    }
    if ((status = check_payment(session, refund)) != EC_OK) return status;
    if ((status = check_return(session, refund)) != EC_OK) return status;
    return claim(session, refund, &order);
}

static const ec_op op_claim = {
    .name = "order.refund",
    .permission = "orders.refund",
    .access = EC_ACCESS_STAFF,
    .mode = EC_WRITE,
    .run = run_claim,
};

ec_status ec_order_refund(ec_session *session, ec_id id, const ec_refund_request *request,
                          ec_order **out)
{
    refund_args args = {.id = id, .request = request};
    if (out == NULL) return ec_fail_place(session, "order.refund");
    *out = NULL;
    ec_status status = ec_call(session, &op_claim, &args, NULL);
    if (status != EC_OK) return status;
    for (size_t i = 0; i < args.count; i++) {
        status = ec_payment_run(session, args.transactions[i]);
        if (status != EC_OK) return status;
    }
    return ec_order_get(session, id, out);
}
