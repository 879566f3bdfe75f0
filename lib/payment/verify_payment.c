/* SPDX-License-Identifier: MIT */
/*
 * verify_payment.c - what must hold between payments, their transactions, refunds, carts and
 * orders.
 *
 * Only rules; lib/ops/verify.c runs them. They change nothing.
 */
#include "ops/verify.h"

#define SUM_OF(kind)                                                                               \
    "COALESCE((SELECT SUM(t.amount) FROM payment_transactions t WHERE t.payment_id = p.id"         \
    " AND t.kind = '" kind "' AND t.status = 'succeeded'), 0)"

const ec_verify_rule ec_verify_payment_rules[] = {
    {
        .name = "payment.captured",
        .doc = "What a payment has captured is the sum of its captures.",
        .object = "payment",
        .message = "The captured amount is not the sum of the captures that succeeded.",
        .count = "SELECT /* whole */ COUNT(*) FROM payments",
        .wrong = "SELECT /* whole */ p.id, " SUM_OF(
            "capture") ", p.captured_amount FROM payments p"
                       " WHERE p.captured_amount <> " SUM_OF("capture") " ORDER BY p.id",
    },
    {
        .name = "payment.refunded",
        .doc = "What a payment has given back is the sum of its refunds.",
        .object = "payment",
        .message = "The refunded amount is not the sum of the refunds that succeeded.",
        .count = "SELECT /* whole */ COUNT(*) FROM payments",
        .wrong = "SELECT /* whole */ p.id, " SUM_OF("refund") ", p.refunded_amount FROM payments p"
                                                              " WHERE p.refunded_amount <> " SUM_OF(
                                                                  "refund") " ORDER BY p.id",
    },
    {
        .name = "payment.state",
        .doc = "A payment stands where its amounts say.",
        .object = "payment",
        .message = "The state does not fit the amounts.",
        .count = "SELECT /* whole */ COUNT(*) FROM payments",
        .wrong = "SELECT /* whole */"
                 " p.id, 0, 0 FROM payments p WHERE p.status <> 'unknown' AND p.status <>"
                 " CASE WHEN p.refunded_amount > 0 AND p.refunded_amount = p.captured_amount"
                 "  THEN 'refunded' WHEN p.refunded_amount > 0 THEN 'partially_refunded'"
                 "  WHEN p.captured_amount > 0 AND p.captured_amount = p.authorized_amount"
                 "  THEN 'captured' WHEN p.captured_amount > 0 THEN 'partially_captured'"
                 "  WHEN p.authorized_amount > 0 THEN 'authorized'"
                 "  WHEN p.status IN ('pending', 'failed', 'voided') THEN p.status ELSE '' END"
                 " ORDER BY p.id",
    },
    {
        .name = "payment.refund",
        .doc = "A refund ends as its transaction does.",
        .object = "refund",
        .message = "The refund and its transaction differ in amount or outcome.",
        .count = "SELECT /* whole */ COUNT(*) FROM refunds",
        .wrong =
            "SELECT /* whole */ r.id, t.amount, r.amount FROM refunds r JOIN payment_transactions t"
            " ON t.id = r.transaction_id WHERE t.amount <> r.amount OR t.status <> r.status"
            " OR t.kind <> 'refund' OR t.payment_id <> r.payment_id ORDER BY r.id",
    },
    {
        .name = "payment.orphan",
        .doc = "Money that is held belongs to an order or a checkout, or is on its way back.",
        .object = "payment",
        .message = "The payment holds money but has no order.",
        .count = "SELECT /* whole */ COUNT(*) FROM payments",
        .wrong = "SELECT /* whole */"
                 " p.id, 0, p.authorized_amount FROM payments p WHERE p.order_id IS NULL"
                 " AND p.status NOT IN ('pending', 'unknown', 'failed', 'voided', 'refunded')"
                 " AND NOT EXISTS (SELECT 1 FROM carts c WHERE c.id = p.cart_id"
                 "  AND c.status = 'paying')"
                 " AND NOT EXISTS (SELECT 1 FROM payment_transactions t WHERE t.payment_id = p.id"
                 "  AND t.kind IN ('void', 'refund')) ORDER BY p.id",
    },
    {
        .name = "cart.paying",
        .doc = "A cart that is being paid has exactly one payment under way.",
        .object = "cart",
        .message = "The cart is frozen without a payment that could end this.",
        .count = "SELECT /* whole */ COUNT(*) FROM carts WHERE status = 'paying'",
        .wrong =
            "SELECT /* whole */ c.id, 1, (SELECT COUNT(*) FROM payments p WHERE p.cart_id = c.id"
            "  AND p.status IN ('pending', 'unknown')) FROM carts c"
            " WHERE c.status = 'paying' AND (c.checkout IS NULL OR c.checkout_key IS NULL"
            "  OR (SELECT COUNT(*) FROM payments p WHERE p.cart_id = c.id"
            "   AND p.status IN ('pending', 'unknown')) <> 1) ORDER BY c.id",
    },
    {
        .name = "cart.ordered",
        .doc = "A cart has an order exactly when it is ordered.",
        .object = "cart",
        .message = "The cart's state and its order contradict each other.",
        .count = "SELECT /* whole */ COUNT(*) FROM carts",
        .wrong = "SELECT /* whole */ c.id, CASE WHEN c.status = 'ordered' THEN 1 ELSE 0 END,"
                 " CASE WHEN o.id IS NULL THEN 0 ELSE 1 END FROM carts c"
                 " LEFT JOIN orders o ON o.cart_id = c.id"
                 " WHERE (c.status = 'ordered') <> (o.id IS NOT NULL) ORDER BY c.id",
    },
    {
        .name = "cart.hold",
        .doc = "Only a cart that is being paid holds stock.",
        .object = "reservation",
        .message = "A cart that is not being paid holds stock.",
        .count = "SELECT /* whole */"
                 " COUNT(*) FROM reservations WHERE state = 'active' AND order_id IS NULL",
        .wrong = "SELECT /* whole */"
                 " r.id, 0, r.quantity FROM reservations r JOIN carts c ON c.id = r.cart_id"
                 " WHERE r.state = 'active' AND r.order_id IS NULL AND c.status <> 'paying'"
                 " ORDER BY r.id",
    },
    {.name = NULL},
};
