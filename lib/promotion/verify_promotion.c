/* SPDX-License-Identifier: MIT */
/*
 * verify_promotion.c - what must hold between promotions, the counters of their uses, and orders.
 *
 * Only rules; lib/ops/verify.c runs them. They change nothing.
 */
#include "ops/verify.h"

const ec_verify_rule ec_verify_promotion_rules[] = {
    {
        .name = "promotion.counter",
        .doc = "A counter of uses is the sum of what orders added to it.",
        .object = "promotion_counter",
        .message = "The counter is not the sum of what orders added to it.",
        .count = "SELECT /* whole */ COUNT(*) FROM promotion_counters",
        .wrong = "SELECT /* whole */ c.id, COALESCE(SUM(s.amount), 0), c.used"
                 " FROM promotion_counters c LEFT JOIN promotion_spends s ON s.counter_id = c.id"
                 " GROUP BY c.id, c.used HAVING COALESCE(SUM(s.amount), 0) <> c.used"
                 " ORDER BY c.id",
    },
    {
        .name = "promotion.uses",
        .doc = "The uses of a promotion are its orders that are not cancelled.",
        .object = "promotion",
        .message = "The uses are not the number of its orders.",
        .count = "SELECT /* whole */ COUNT(*) FROM promotion_counters WHERE coupon_id = 0"
                 " AND scope = 'all'",
        .wrong = "SELECT /* whole */ c.promotion_id, COUNT(u.id), c.used FROM promotion_counters c"
                 " LEFT JOIN promotion_uses u ON u.promotion_id = c.promotion_id"
                 " AND u.freed_at IS NULL WHERE c.coupon_id = 0 AND c.scope = 'all'"
                 " GROUP BY c.promotion_id, c.used HAVING COUNT(u.id) <> c.used"
                 " ORDER BY c.promotion_id",
    },
    {
        .name = "promotion.freed",
        .doc = "A cancelled order has given back what it used, and no other one has.",
        .object = "order",
        .message = "What the order used and whether it is cancelled do not fit.",
        .count = "SELECT /* whole */ COUNT(*) FROM promotion_uses",
        .wrong = "SELECT /* whole */ o.id, o.state = 'cancelled', u.freed_at IS NOT NULL"
                 " FROM promotion_uses u JOIN orders o ON o.id = u.order_id"
                 " WHERE (o.state = 'cancelled') <> (u.freed_at IS NOT NULL) ORDER BY o.id, u.id",
    },
    {.name = NULL},
};
