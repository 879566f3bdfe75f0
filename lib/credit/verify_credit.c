/* SPDX-License-Identifier: MIT */
/*
 * verify_credit.c - what must hold between accounts, their entries, and the payments and refunds
 * that the entries are of.
 *
 * Only rules; lib/ops/verify.c runs them. They change nothing.
 */
#include "ops/verify.h"

const ec_verify_rule ec_verify_credit_rules[] = {
    {
        .name = "credit.balance",
        .doc = "The balance of a gift card or of store credit is the sum of its entries.",
        .object = "credit",
        .message = "The balance is not the sum of the entries.",
        .count = "SELECT /* whole */ COUNT(*) FROM credit_accounts",
        .wrong = "SELECT /* whole */ a.id, COALESCE(SUM(e.amount), 0), a.balance"
                 " FROM credit_accounts a LEFT JOIN credit_entries e ON e.credit_id = a.id"
                 " GROUP BY a.id, a.balance HAVING COALESCE(SUM(e.amount), 0) <> a.balance"
                 " ORDER BY a.id",
    },
    {
        .name = "credit.chain",
        .doc = "Each entry tells the balance that it and those before it lead to.",
        .object = "credit_entry",
        .message = "The balance of the entry does not follow from those before.",
        .count = "SELECT /* whole */ COUNT(*) FROM credit_entries",
        .wrong = "SELECT /* whole */ c.id, c.expected, c.balance FROM (SELECT e.id, e.balance,"
                 " SUM(e.amount) OVER (PARTITION BY e.credit_id ORDER BY e.id) AS expected"
                 " FROM credit_entries e) c WHERE c.expected <> c.balance ORDER BY c.id",
    },
    {
        .name = "credit.payment",
        .doc = "What a payment by an account holds has left accounts, no more and no less.",
        .object = "payment",
        .message = "The payment's amounts are not what its entries took and gave back.",
        .count = "SELECT /* whole */ COUNT(*) FROM payments"
                 " WHERE provider = 'gift_card' OR provider = 'store_credit'",
        .wrong = "SELECT /* whole */ p.id, -COALESCE(SUM(e.amount), 0),"
                 " p.authorized_amount - p.refunded_amount FROM payments p"
                 " LEFT JOIN credit_entries e ON e.payment_id = p.id"
                 " WHERE p.provider = 'gift_card' OR p.provider = 'store_credit'"
                 " GROUP BY p.id, p.authorized_amount, p.refunded_amount"
                 " HAVING -COALESCE(SUM(e.amount), 0) <> p.authorized_amount - p.refunded_amount"
                 " ORDER BY p.id",
    },
    {
        .name = "credit.refund",
        .doc = "An entry of a refund is as much as the refund, which has succeeded.",
        .object = "credit_entry",
        .message = "The entry and its refund differ.",
        .count = "SELECT /* whole */ COUNT(*) FROM credit_entries WHERE refund_id IS NOT NULL",
        .wrong = "SELECT /* whole */ e.id, r.amount, e.amount FROM credit_entries e"
                 " JOIN refunds r ON r.id = e.refund_id WHERE e.kind <> 'refund'"
                 " OR e.amount <> r.amount OR r.status <> 'succeeded'"
                 " OR e.payment_id <> r.payment_id ORDER BY e.id",
    },
    {
        .name = "credit.owner",
        .doc = "Store credit pays only for orders of its customer.",
        .object = "credit_entry",
        .message = "Store credit paid for somebody else's order.",
        .count = "SELECT /* whole */ COUNT(*) FROM credit_entries WHERE kind = 'redeem'",
        .wrong = "SELECT /* whole */ e.id, a.user_id, o.user_id FROM credit_entries e"
                 " JOIN credit_accounts a ON a.id = e.credit_id"
                 " JOIN payments p ON p.id = e.payment_id JOIN orders o ON o.id = p.order_id"
                 " WHERE e.kind = 'redeem' AND a.kind = 'store_credit'"
                 " AND (o.user_id IS NULL OR o.user_id <> a.user_id) ORDER BY e.id",
    },
    {.name = NULL},
};
