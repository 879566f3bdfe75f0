/* SPDX-License-Identifier: MIT */
/*
 * verify_stock.c - what must hold between balances, movements and reservations.
 *
 * Each check is one statement over the whole shop that yields what is wrong: id, expected, found.
 */
#include "ops/verify.h"

/* A balance against the sum of its movements. */
#define LEDGER(column)                                                                             \
    "SELECT /* whole */ i.id, COALESCE(m.total, 0), i." column " FROM inventory i LEFT JOIN"       \
    " (SELECT variant_id, warehouse_id, SUM(" column ") AS total FROM stock_movements"             \
    " GROUP BY variant_id, warehouse_id) m"                                                        \
    " ON m.variant_id = i.variant_id AND m.warehouse_id = i.warehouse_id"                          \
    " WHERE i." column " <> COALESCE(m.total, 0) ORDER BY i.id"

#define ALL_BALANCES "SELECT /* whole */ COUNT(*) FROM inventory"
#define ALL_MOVEMENTS "SELECT /* whole */ COUNT(*) FROM stock_movements"
#define ALL_RESERVATIONS "SELECT /* whole */ COUNT(*) FROM reservations"
#define ACTIVE_RESERVATIONS "SELECT COUNT(*) FROM reservations WHERE state = 'active'"

const ec_verify_rule ec_verify_stock_rules[] = {
    {.name = "stock.on_hand",
     .doc = "What is on hand is the sum of its movements.",
     .object = "inventory",
     .message = "What is on hand is not the sum of its movements.",
     .count = ALL_BALANCES,
     .wrong = LEDGER("on_hand")},
    {.name = "stock.incoming",
     .doc = "What is incoming is the sum of its movements.",
     .object = "inventory",
     .message = "What is incoming is not the sum of its movements.",
     .count = ALL_BALANCES,
     .wrong = LEDGER("incoming")},
    {.name = "stock.damaged",
     .doc = "What is damaged is the sum of its movements.",
     .object = "inventory",
     .message = "What is damaged is not the sum of its movements.",
     .count = ALL_BALANCES,
     .wrong = LEDGER("damaged")},
    {.name = "stock.committed",
     .doc = "What is committed is the sum of the active reservations.",
     .object = "inventory",
     .message = "What is committed is not the sum of the active reservations.",
     .count = ALL_BALANCES,
     .wrong = "SELECT /* whole */ i.id, COALESCE(r.total, 0), i.committed FROM inventory i"
              " LEFT JOIN (SELECT variant_id, warehouse_id, SUM(quantity) AS total"
              " FROM reservations WHERE state = 'active' GROUP BY variant_id, warehouse_id) r"
              " ON r.variant_id = i.variant_id AND r.warehouse_id = i.warehouse_id"
              " WHERE i.committed <> COALESCE(r.total, 0) ORDER BY i.id"},
    {.name = "stock.recorded",
     .doc = "Each movement has a balance that it moved.",
     .object = "movement",
     .message = "The movement has no balance.",
     .count = ALL_MOVEMENTS,
     .wrong = "SELECT /* whole */ m.id, 1, 0 FROM stock_movements m LEFT JOIN inventory i"
              " ON i.variant_id = m.variant_id AND i.warehouse_id = m.warehouse_id"
              " WHERE i.id IS NULL ORDER BY m.id"},
    {.name = "stock.held",
     .doc = "Each active reservation has a balance that it holds units of.",
     .object = "reservation",
     .message = "The reservation holds units of no balance.",
     .count = ACTIVE_RESERVATIONS,
     .wrong = "SELECT /* whole */ r.id, 1, 0 FROM reservations r LEFT JOIN inventory i"
              " ON i.variant_id = r.variant_id AND i.warehouse_id = r.warehouse_id"
              " WHERE r.state = 'active' AND i.id IS NULL ORDER BY r.id"},
    {.name = "stock.negative",
     .doc = "No figure of a balance is below zero.",
     .object = "inventory",
     .message = "A figure of the balance is below zero.",
     .count = ALL_BALANCES,
     .wrong = "SELECT /* whole */ id, 0, CASE WHEN on_hand < 0 THEN on_hand"
              " WHEN committed < 0 THEN committed WHEN incoming < 0 THEN incoming"
              " WHEN damaged < 0 THEN damaged ELSE safety_stock END FROM inventory"
              " WHERE on_hand < 0 OR committed < 0 OR incoming < 0 OR damaged < 0"
              " OR safety_stock < 0 ORDER BY id"},
    {.name = "stock.oversold",
     .doc = "No more is committed than is on hand, unless the variant allows backorders.",
     .object = "inventory",
     .message = "More is committed than is on hand.",
     .count = ALL_BALANCES,
     .wrong = "SELECT /* whole */ id, on_hand, committed FROM inventory"
              " WHERE backorder = 0 AND committed > on_hand ORDER BY id"},
    {.name = "stock.broken",
     .doc = "No more is damaged than is on hand.",
     .object = "inventory",
     .message = "More is damaged than is on hand.",
     .count = ALL_BALANCES,
     .wrong = "SELECT /* whole */ id, on_hand, damaged FROM inventory WHERE damaged > on_hand"
              " ORDER BY id"},
    {.name = "stock.backorder",
     .doc = "Each balance knows whether its variant allows backorders.",
     .object = "inventory",
     .message = "The balance and its variant disagree about backorders.",
     .count = ALL_BALANCES,
     .wrong = "SELECT /* whole */ i.id, v.backorder, i.backorder FROM inventory i"
              " JOIN product_variants v ON v.id = i.variant_id"
              " WHERE i.backorder <> v.backorder ORDER BY i.id"},
    {.name = "reservation.owner",
     .doc = "Each active reservation belongs to an order, or to a cart until some time.",
     .object = "reservation",
     .message = "The reservation has no owner, two, or no end.",
     .count = ACTIVE_RESERVATIONS,
     .wrong = "SELECT /* whole */ r.id, 0, 0 FROM reservations r"
              " LEFT JOIN orders o ON o.id = r.order_id LEFT JOIN carts c ON c.id = r.cart_id"
              " WHERE r.state = 'active' AND NOT (o.id IS NOT NULL AND r.cart_id IS NULL)"
              " AND NOT (c.id IS NOT NULL AND r.order_id IS NULL AND r.expires_at IS NOT NULL)"
              " ORDER BY r.id"},
    {.name = "reservation.ended",
     .doc = "Nothing is held for an order or a cart that has ended.",
     .object = "reservation",
     .message = "Units are held for an order or a cart that has ended.",
     .count = ACTIVE_RESERVATIONS,
     .wrong = "SELECT /* whole */ r.id, 0, r.quantity FROM reservations r"
              " LEFT JOIN orders o ON o.id = r.order_id LEFT JOIN carts c ON c.id = r.cart_id"
              " WHERE r.state = 'active' AND (o.state IN ('completed', 'cancelled')"
              " OR c.status IN ('ordered', 'merged', 'expired')) ORDER BY r.id"},
    {.name = "reservation.state",
     .doc = "A reservation has ended exactly when it is not active, and holds one unit or more.",
     .object = "reservation",
     .message = "The reservation's state, end or quantity makes no sense.",
     .count = ALL_RESERVATIONS,
     .wrong = "SELECT /* whole */ id, 0, quantity FROM reservations WHERE quantity < 1"
              " OR state NOT IN ('active', 'committed', 'released', 'expired')"
              " OR (state = 'active' AND ended_at IS NOT NULL)"
              " OR (state <> 'active' AND ended_at IS NULL) ORDER BY id"},
    {.name = "movement.cause",
     .doc = "Each movement has a cause, and where that is an order or a return, there is one.",
     .object = "movement",
     .message = "The movement has no cause.",
     .count = ALL_MOVEMENTS,
     .wrong = "SELECT /* whole */ m.id, 0, m.cause_id FROM stock_movements m"
              " LEFT JOIN orders o ON o.id = m.cause_id AND m.cause = 'order'"
              " LEFT JOIN returns b ON b.id = m.cause_id AND m.cause = 'return'"
              " WHERE m.cause IS NULL OR m.cause = '' OR (m.cause = 'order' AND o.id IS NULL)"
              " OR (m.cause = 'return' AND b.id IS NULL) ORDER BY m.id"},
    {.name = "movement.order",
     .doc = "What left for an order is what its reservations say that left.",
     .object = "order",
     .message = "Movements and reservations disagree about what left for the order.",
     .count = "SELECT /* whole */ COUNT(*) FROM orders",
     .wrong = "SELECT /* whole */ x.order_id, SUM(x.held), SUM(x.gone) FROM"
              " (SELECT order_id, variant_id, warehouse_id, quantity AS held, 0 AS gone"
              " FROM reservations WHERE state = 'committed'"
              " UNION ALL SELECT cause_id, variant_id, warehouse_id, 0, -on_hand"
              " FROM stock_movements WHERE cause = 'order') x"
              " GROUP BY x.order_id, x.variant_id, x.warehouse_id"
              " HAVING SUM(x.held) <> SUM(x.gone) ORDER BY x.order_id"},
    {.name = "movement.transfer",
     .doc = "What one warehouse sent to others arrived there.",
     .object = "variant",
     .message = "The transfers of the variant do not add up to nothing.",
     .count = "SELECT COUNT(*) FROM stock_movements WHERE cause = 'transfer'",
     .wrong = "SELECT variant_id, 0, SUM(on_hand) FROM stock_movements WHERE cause = 'transfer'"
              " GROUP BY variant_id HAVING SUM(on_hand) <> 0 ORDER BY variant_id"},
    {.name = NULL},
};
