/* SPDX-License-Identifier: MIT */
/*
 * refund.c - giving money back. Three steps, as every talk with a provider: claim the amounts in a
 * transaction (so that two refunds can never exceed what was captured), ask the providers outside
 * of any, record what they said. The same key again joins the refund that is under way or done.
 */
#include <ecommerce/limits.h>
#include <stdio.h>
#include <string.h>

#include "base/hash.h"
#include "base/text.h"
#include "credit/credit.h"
#include "order/change.h"
#include "payment/payment.h"

#define TRANSACTIONS_MAX 32 /* payments that one refund may be spread over */

typedef struct refund_args {
    ec_id id;
    const ec_refund_request *request;
    char digest[17];                      /* of what is asked, to tell another request by */
    ec_id transactions[TRANSACTIONS_MAX]; /* out: to be run */
    size_t count;
    ec_refund_item *rows; /* of the request's units, in the arena */
    bool settle;          /* something went back already */
} refund_args;

/* What tells one request from another under the same key. */
static ec_status digest_request(ec_session *session, refund_args *refund)
{
    const ec_refund_request *request = refund->request;
    char digest[EC_SHA256_HEX];
    ec_buf buf;
    ec_json_writer json;
    ec_buf_init(&buf, ec_session_platform(session), EC_JSON_SIZE_MAX);
    ec_json_begin(&json, &buf);
    ec_json_array(&json);
    ec_json_int(&json, request->amount);
    ec_json_int(&json, request->payment_id);
    ec_json_int(&json, request->return_id);
    ec_json_text(&json, request->reason);
    for (size_t i = 0; i < request->items_count; i++) {
        ec_json_int(&json, request->items[i].order_item_id);
        ec_json_int(&json, request->items[i].quantity);
    }
    if (request->to_credit) ec_json_bool(&json, true);
    ec_json_array_end(&json);
    ec_sha256_hex(ec_buf_text(&buf), buf.length, digest);
    memcpy(refund->digest, digest, sizeof(refund->digest) - 1);
    refund->digest[sizeof(refund->digest) - 1] = '\0';
    ec_status status = buf.status;
    ec_buf_clear(&buf);
    return status == EC_OK ? EC_OK : ec_fail_memory(session);
}

static ec_status check_request(ec_session *session, const ec_refund_request *request)
{
    ec_check check;
    if (request == NULL) return ec_fail(session, EC_MISUSE, "A refund needs a request.");
    ec_check_init(&check, ec_scratch(session));
    ec_key_rule(&check, request->key);
    if (request->amount < 0 || request->amount > EC_AMOUNT_MAX)
        ec_check_add(&check, "amount", request->amount < 0 ? "min" : "max",
                     "An amount to give back is above 0; 0 means what is owed.");
    ec_order_list_rule(&check, request->items_count, request->items);
    if (check.count > 0) return ec_fail_check(session, &check);
    return ec_order_text_rule(session, "reason", request->reason, 255);
}

/* What a payment can still give back: captured, less what went back or is on its way. */
typedef struct refundable {
    ec_id payment_id;
    int64_t amount;
    bool account; /* paid by a gift card or store credit: nobody is asked */
} refundable;

static ec_status read_refundable(ec_session *session, const ec_order *order,
                                 const ec_refund_request *request, refundable *out, size_t *count)
{
    ec_stmt *stmt = NULL;
    ec_status status = ec_query(
        session,
        "SELECT p.id, p.captured_amount - COALESCE((SELECT SUM(r.amount) FROM refunds r"
        " WHERE r.payment_id = p.id AND r.status <> 'failed'), 0),"
        " CASE WHEN p.provider = 'gift_card' OR p.provider = 'store_credit' THEN 0 ELSE 1 END"
        " AS place FROM payments p WHERE p.order_id = ? AND (? = 0 OR p.id = ?)"
        " ORDER BY place, p.id",
        ec_args(ec_int(order->id), ec_int(request->payment_id), ec_int(request->payment_id)),
        &stmt);
    if (status != EC_OK) return status;
    while ((status = ec_row(session, stmt)) == EC_OK && *count < TRANSACTIONS_MAX) {
        if (ec_col_int(stmt, 1) <= 0) continue;
        out[(*count)++] =
            (refundable){ec_col_int(stmt, 0), ec_col_int(stmt, 1), ec_col_int(stmt, 2) == 0};
    }
    ec_done(session, stmt);
    return status == EC_DONE || status == EC_OK ? EC_OK : status;
}

/* The attempt key of the request at a payment; without payment the part that all share. */
static const char *attempt_key(ec_session *session, const refund_args *refund, ec_id payment_id)
{
    const char *stem = ec_attempt_key(session, "refund", refund->id, refund->request->key, 0);
    if (stem == NULL || payment_id == 0) return stem;
    return ec_arena_printf(ec_scratch(session), "%s-%s-%lld", stem, refund->digest,
                           (long long)payment_id);
}

/* A refund that this key has begun before: its transactions. Another request is refused. */
static ec_status find_begun(ec_session *session, refund_args *refund)
{
    ec_stmt *stmt = NULL;
    const char *stem = attempt_key(session, refund, 0);
    if (stem == NULL) return ec_fail_memory(session);
    const char *from = ec_arena_printf(ec_scratch(session), "%s-", stem);
    const char *until = ec_arena_printf(ec_scratch(session), "%s.", stem);
    if (from == NULL || until == NULL) return ec_fail_memory(session);
    ec_status status = ec_query(session,
                                "SELECT t.id, t.attempt_key FROM payment_transactions t"
                                " WHERE t.attempt_key >= ? AND t.attempt_key < ? ORDER BY t.id",
                                ec_args(ec_text(from), ec_text(until)), &stmt);
    if (status != EC_OK) return status;
    bool same = true;
    while ((status = ec_row(session, stmt)) == EC_OK && refund->count < TRANSACTIONS_MAX) {
        const char *key = ec_col_text(session, stmt, 1);
        same = same && key != NULL &&
               strncmp(key + strlen(from), refund->digest, sizeof(refund->digest) - 1) == 0;
        refund->transactions[refund->count++] = ec_col_int(stmt, 0);
    }
    ec_done(session, stmt);
    if (status != EC_DONE && status != EC_OK) return status;
    if (same) return EC_OK;
    return ec_fail_field(session, EC_KEY_REUSED, "key", "reused",
                         "The key was used for another refund.");
}

/* Units of each item that were given back, or are about to be. */
static ec_status read_refunded(ec_session *session, const ec_order *order, int64_t *units)
{
    ec_stmt *stmt = NULL;
    ec_status status = ec_query(session,
                                "SELECT i.order_item_id, SUM(i.quantity) FROM refund_items i"
                                " JOIN refunds r ON r.id = i.refund_id WHERE r.order_id = ?"
                                " AND r.status <> 'failed' GROUP BY i.order_item_id",
                                ec_args(ec_int(order->id)), &stmt);
    if (status != EC_OK) return status;
    while ((status = ec_row(session, stmt)) == EC_OK)
        for (size_t i = 0; i < order->items_count; i++)
            if (order->items[i].id == ec_col_int(stmt, 0)) units[i] = ec_col_int(stmt, 1);
    return status == EC_DONE ? EC_OK : status;
}

static const char *path(char *field, size_t size, size_t n, const char *name)
{
    (void)snprintf(field, size, "items[%zu].%s", n, name);
    return field;
}

/* Each unit's money goes back once. */
static void check_item(ec_check *check, const ec_order *order, const ec_refund_request *request,
                       size_t n, const int64_t *refunded)
{
    char field[64];
    const ec_order_units *units = &request->items[n];
    size_t i = ec_order_item_index(order, units->order_item_id);
    if (i == order->items_count) {
        ec_check_add(check, path(field, sizeof(field), n, "order_item_id"), "reference",
                     "The order has no item %lld.", (long long)units->order_item_id);
        return;
    }
    for (size_t m = 0; m < n; m++) {
        if (request->items[m].order_item_id != units->order_item_id) continue;
        ec_check_add(check, path(field, sizeof(field), n, "order_item_id"), "unique",
                     "The item is named twice.");
        return;
    }
    int64_t left = order->items[i].quantity - order->items[i].cancelled_quantity - refunded[i];
    if (units->quantity >= 1 && units->quantity <= left) return;
    ec_check_add(check, path(field, sizeof(field), n, "quantity"),
                 units->quantity < 1 ? "min" : "max",
                 "The money of %lld units has not gone back yet; %lld are asked for.",
                 (long long)left, (long long)units->quantity);
}

/*
 * What the units of a request cost: those behind the units that were given back before, so that all
 * refunds of an item, however they are cut, are what the item cost.
 */
static ec_status value_items(ec_session *session, const ec_order *order, refund_args *refund,
                             int64_t *refunded)
{
    const ec_refund_request *request = refund->request;
    for (size_t n = 0; n < request->items_count; n++) {
        ec_order_share before, after;
        size_t i = ec_order_item_index(order, request->items[n].order_item_id);
        const ec_order_item *item = &order->items[i];
        ec_status status = ec_order_item_share(session, item, refunded[i], &before);
        refunded[i] += request->items[n].quantity;
        if (status == EC_OK) status = ec_order_item_share(session, item, refunded[i], &after);
        if (status != EC_OK) return status;
        refund->rows[n] = (ec_refund_item){.order_item_id = item->id,
                                           .quantity = request->items[n].quantity,
                                           .amount = after.total - before.total};
    }
    return EC_OK;
}

/* The last units take what cash rounding left; no unit is worth less than nothing. */
static void add_rounding(const ec_order *order, const int64_t *refunded, ec_refund_item *last)
{
    for (size_t i = 0; i < order->items_count; i++)
        if (order->items[i].cancelled_quantity + refunded[i] < order->items[i].quantity) return;
    last->amount += order->rounding_amount;
    if (last->amount < 0) last->amount = 0;
}

static ec_status amount_of_items(ec_session *session, refund_args *refund, ec_order *order,
                                 int64_t *amount)
{
    ec_check check;
    const ec_refund_request *request = refund->request;
    ec_status status = ec_order_read_items(session, order);
    if (status != EC_OK) return status;
    int64_t *refunded = ec_arena_array(ec_scratch(session), order->items_count, sizeof(*refunded));
    refund->rows = ec_arena_array(ec_scratch(session), request->items_count, sizeof(*refund->rows));
    if (refunded == NULL || refund->rows == NULL) return ec_fail_memory(session);
    status = read_refunded(session, order, refunded);
    if (status != EC_OK) return status;
    ec_check_init(&check, ec_scratch(session));
    for (size_t n = 0; n < request->items_count; n++)
        check_item(&check, order, request, n, refunded);
    status = ec_fail_check(session, &check);
    if (status == EC_OK) status = value_items(session, order, refund, refunded);
    if (status != EC_OK) return status;
    add_rounding(order, refunded, &refund->rows[request->items_count - 1]);
    *amount = 0;
    for (size_t n = 0; n < request->items_count; n++)
        *amount += refund->rows[n].amount;
    return EC_OK;
}

/* How much is meant: the amount, the value of the items, or what is owed back. */
static ec_status amount_of(ec_session *session, refund_args *refund, ec_order *order,
                           int64_t *amount)
{
    const ec_refund_request *request = refund->request;
    *amount = request->amount > 0 ? request->amount : -ec_order_due(order);
    if (request->amount > 0 || request->items_count == 0) return EC_OK;
    return amount_of_items(session, refund, order, amount);
}

/* Write down which units the refund is for, with its first transaction. */
static ec_status record_items(ec_session *session, const refund_args *refund)
{
    int64_t refund_id = 0;
    ec_status status = ec_query_int(session, "SELECT id FROM refunds WHERE transaction_id = ?",
                                    ec_args(ec_int(refund->transactions[0])), &refund_id);
    if (status != EC_OK) return status;
    for (size_t n = 0; n < refund->request->items_count; n++)
        refund->rows[n].refund_id = refund_id;
    return ec_entity_insert_many(session, &ec_refund_item_entity, refund->rows,
                                 refund->request->items_count);
}

/* A part of it at one payment; what an account paid goes back at once. */
static ec_status claim_one(ec_session *session, refund_args *refund, ec_id order_id,
                           const refundable *from, int64_t part)
{
    const ec_refund_request *request = refund->request;
    ec_id *id = &refund->transactions[refund->count];
    const char *key = attempt_key(session, refund, from->payment_id);
    if (key == NULL) return ec_fail_memory(session);
    ec_status status = ec_payment_refund_begin(session, from->payment_id, order_id,
                                               request->return_id, part, request->reason, key, id);
    if (status == EC_OK && from->account && !request->to_credit)
        status = ec_payment_refund_credit(session, *id, 0);
    refund->settle = refund->settle || from->account;
    refund->count++;
    return status;
}

/* Into the customer's store credit, now: there is nobody to be asked. */
static ec_status to_credit(ec_session *session, const refund_args *refund, const ec_order *order)
{
    ec_id credit_id = 0;
    ec_status status = ec_credit_of_user(session, order->user_id, order->currency, &credit_id);
    for (size_t i = 0; status == EC_OK && i < refund->count; i++)
        status = ec_payment_refund_credit(session, refund->transactions[i], credit_id);
    return status;
}

static ec_status claim(ec_session *session, refund_args *refund, ec_order *order)
{
    refundable from[TRANSACTIONS_MAX];
    int64_t all = 0;
    size_t count = 0;
    const ec_refund_request *request = refund->request;
    ec_status status = read_refundable(session, order, request, from, &count);
    if (status != EC_OK) return status;
    for (size_t i = 0; i < count; i++)
        all += from[i].amount;
    int64_t left = 0;
    status = amount_of(session, refund, order, &left);
    if (status != EC_OK) return status;
    if (left <= 0)
        return ec_fail(session, EC_STATE, "Nothing is owed back; name an amount to give more.");
    /* cash that was rounded down was never paid */
    if (request->amount == 0 && left > all && left + order->rounding_amount <= all) left = all;
    if (left > all)
        return ec_fail_field(session, EC_INVALID, "amount", "max",
                             "At most %lld minor units can be given back.", (long long)all);
    for (size_t i = 0; left > 0 && i < count; i++) {
        int64_t part = left < from[i].amount ? left : from[i].amount;
        status = claim_one(session, refund, order->id, &from[i], part);
        if (status != EC_OK) return status;
        left -= part;
    }
    if (request->amount > 0 || request->items_count == 0) return EC_OK;
    return record_items(session, refund);
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
    refund->settle = false;
    ec_status status = check_request(session, refund->request);
    if (status != EC_OK) return status;
    if ((status = ec_order_head(session, refund->id, &order)) != EC_OK) return status;
    if ((status = digest_request(session, refund)) != EC_OK) return status;
    status = find_begun(session, refund);
    if (status != EC_OK || refund->count > 0) return status;
    if ((status = check_payment(session, refund)) != EC_OK) return status;
    if ((status = check_return(session, refund)) != EC_OK) return status;
    bool credit = refund->request->to_credit;
    if (credit && order.user_id == 0)
        return ec_fail_field(session, EC_INVALID, "to_credit", "user",
                             "A visitor has no store credit.");
    status = claim(session, refund, &order);
    if (status == EC_OK && credit) status = to_credit(session, refund, &order);
    return status == EC_OK && (credit || refund->settle) ? ec_order_settle(session, order.id)
                                                         : status;
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
    /* All of them are asked, also after a refusal, so that none keeps its claim for nothing. */
    size_t refused = args.count;
    for (size_t i = 0; i < args.count; i++) {
        ec_status outcome = ec_payment_run(session, args.transactions[i]);
        if (outcome != EC_OK && refused == args.count) refused = i;
    }
    if (refused < args.count) return ec_payment_run(session, args.transactions[refused]);
    return ec_order_get(session, id, out);
}
