/* SPDX-License-Identifier: MIT */
/*
 * verify_order.c - what must hold between an order and its parts (invariants I5 to I8 of the
 * books): amounts add up, money is what the payments say, goods are what parcels and returns say,
 * states are what follows from both.
 */
#include "ops/verify.h"

const ec_verify_rule ec_verify_order_rules[] = {
    {
        .name = "order.subtotal",
        .doc = "An order's subtotal is the price of its units that were not called off.",
        .object = "order",
        .message = "The subtotal is not the sum of the items.",
        .count = "SELECT /* whole */ COUNT(*) FROM orders",
        .wrong = "SELECT /* whole */"
                 " o.id, SUM(i.unit_price * (i.quantity - i.cancelled_quantity)), o.subtotal"
                 " FROM orders o JOIN order_items i ON i.order_id = o.id GROUP BY o.id, o.subtotal"
                 " HAVING SUM(i.unit_price * (i.quantity - i.cancelled_quantity)) <> o.subtotal"
                 " ORDER BY o.id",
    },
    {
        .name = "order.total",
        .doc = "An order's total is its items' totals, the fee for sending, its tax, and rounding.",
        .object = "order",
        .message = "The total is not the sum of the items, the fee, its tax and rounding.",
        .count = "SELECT /* whole */ COUNT(*) FROM orders",
        .wrong = "SELECT /* whole */ o.id, SUM(i.total_amount) + o.shipping_amount"
                 " + o.shipping_tax + o.rounding_amount, o.total_amount"
                 " FROM orders o JOIN order_items i ON i.order_id = o.id"
                 " GROUP BY o.id, o.shipping_amount, o.shipping_tax, o.rounding_amount,"
                 " o.total_amount HAVING SUM(i.total_amount) + o.shipping_amount + o.shipping_tax"
                 " + o.rounding_amount <> o.total_amount ORDER BY o.id",
    },
    {
        .name = "order.explained",
        .doc = "An order's total is its first subtotal and its adjustments: every cent has a"
               " reason.",
        .object = "order",
        .message = "The adjustments do not explain the total.",
        .count = "SELECT /* whole */ COUNT(*) FROM orders",
        .wrong = "SELECT /* whole */ o.id, o.placed_subtotal + COALESCE(SUM(a.amount), 0),"
                 " o.total_amount FROM orders o LEFT JOIN adjustments a ON a.order_id = o.id"
                 " AND a.included = 0 AND a.kind <> 'catalog'"
                 " GROUP BY o.id, o.placed_subtotal, o.total_amount"
                 " HAVING o.placed_subtotal + COALESCE(SUM(a.amount), 0) <> o.total_amount"
                 " ORDER BY o.id",
    },
    {
        .name = "order.taxes",
        .doc = "An order's taxes by rate are the taxes of its items and its fee.",
        .object = "order",
        .message = "The taxes by rate are not those of the items and the fee.",
        .count = "SELECT /* whole */ COUNT(*) FROM orders",
        .wrong = "SELECT /* whole */ o.id, COALESCE(a.amount, 0), COALESCE(t.amount, 0)"
                 " FROM orders o"
                 " LEFT JOIN (SELECT order_id, SUM(amount) AS amount FROM adjustments"
                 "  WHERE kind = 'tax' AND amount >= 0 GROUP BY order_id) a ON a.order_id = o.id"
                 " LEFT JOIN (SELECT order_id, SUM(amount) AS amount FROM order_taxes"
                 "  GROUP BY order_id) t ON t.order_id = o.id"
                 " WHERE COALESCE(a.amount, 0) <> COALESCE(t.amount, 0) ORDER BY o.id",
    },
    {
        .name = "order.items",
        .doc = "Every order has an item.",
        .object = "order",
        .message = "The order has no item.",
        .count = "SELECT /* whole */ COUNT(*) FROM orders",
        .wrong = "SELECT /* whole */"
                 " o.id, 1, 0 FROM orders o LEFT JOIN order_items i ON i.order_id = o.id"
                 " AND i.position = 1 WHERE i.id IS NULL ORDER BY o.id",
    },
    {
        .name = "order.paid",
        .doc = "What an order counts as paid is what its payments have captured.",
        .object = "order",
        .message = "The paid amount is not what the payments captured.",
        .count = "SELECT /* whole */ COUNT(*) FROM orders",
        .wrong = "SELECT /* whole */ o.id, COALESCE(SUM(p.captured_amount), 0), o.paid_amount"
                 " FROM orders o LEFT JOIN payments p ON p.order_id = o.id"
                 " GROUP BY o.id, o.paid_amount"
                 " HAVING COALESCE(SUM(p.captured_amount), 0) <> o.paid_amount ORDER BY o.id",
    },
    {
        .name = "order.refunded",
        .doc = "What an order counts as given back is what its payments gave back.",
        .object = "order",
        .message = "The refunded amount is not what the payments gave back.",
        .count = "SELECT /* whole */ COUNT(*) FROM orders",
        .wrong = "SELECT /* whole */ o.id, COALESCE(SUM(p.refunded_amount), 0), o.refunded_amount"
                 " FROM orders o LEFT JOIN payments p ON p.order_id = o.id"
                 " GROUP BY o.id, o.refunded_amount"
                 " HAVING COALESCE(SUM(p.refunded_amount), 0) <> o.refunded_amount ORDER BY o.id",
    },
    {
        .name = "order.shipped",
        .doc = "Units count as shipped exactly when they are in a parcel.",
        .object = "order_item",
        .message = "The shipped units are not those of the parcels.",
        .count = "SELECT /* whole */ COUNT(*) FROM order_items",
        .wrong = "SELECT /* whole */ i.id, COALESCE(SUM(s.quantity), 0), i.shipped_quantity"
                 " FROM order_items i LEFT JOIN shipment_items s ON s.order_item_id = i.id"
                 " GROUP BY i.id, i.shipped_quantity"
                 " HAVING COALESCE(SUM(s.quantity), 0) <> i.shipped_quantity ORDER BY i.id",
    },
    {
        .name = "order.returned",
        .doc = "Units count as returned exactly when a received return has them.",
        .object = "order_item",
        .message = "The returned units are not those of the received returns.",
        .count = "SELECT /* whole */ COUNT(*) FROM order_items",
        .wrong = "SELECT /* whole */"
                 " i.id, COALESCE(SUM(CASE WHEN r.status = 'received' THEN b.quantity END),"
                 " 0), i.returned_quantity FROM order_items i"
                 " LEFT JOIN return_items b ON b.order_item_id = i.id"
                 " LEFT JOIN returns r ON r.id = b.return_id GROUP BY i.id, i.returned_quantity"
                 " HAVING COALESCE(SUM(CASE WHEN r.status = 'received' THEN b.quantity END), 0)"
                 " <> i.returned_quantity ORDER BY i.id",
    },
    {
        .name = "order.held",
        .doc = "Stock is held for orders that are under way only.",
        .object = "order",
        .message = "Stock is held for an order that has ended.",
        .count =
            "SELECT /* whole */ COUNT(*) FROM orders WHERE state IN ('cancelled', 'completed')",
        .wrong = "SELECT /* whole */ o.id, 0, SUM(r.quantity) FROM orders o"
                 " JOIN reservations r ON r.order_id = o.id AND r.state = 'active'"
                 " WHERE o.state IN ('cancelled', 'completed') GROUP BY o.id ORDER BY o.id",
    },
    {
        .name = "order.goods",
        .doc = "No more units of an order are held than can still be shipped.",
        .object = "order",
        .message = "More is held for the order than it can still ship.",
        .count = "SELECT /* whole */ COUNT(*) FROM orders",
        .wrong = "SELECT /* whole */ h.order_id, COALESCE(n.units, 0), h.units FROM"
                 " (SELECT order_id, SUM(quantity) AS units FROM reservations"
                 "  WHERE state = 'active' AND order_id IS NOT NULL GROUP BY order_id) h"
                 " LEFT JOIN (SELECT order_id,"
                 "  SUM(quantity - cancelled_quantity - shipped_quantity) AS units"
                 "  FROM order_items GROUP BY order_id) n ON n.order_id = h.order_id"
                 " WHERE h.units > COALESCE(n.units, 0) ORDER BY h.order_id",
    },
    {
        .name = "order.status",
        .doc = "The outward word of an order follows from its axes.",
        .object = "order",
        .message = "A cancelled order does not say so, or another one does.",
        .count = "SELECT /* whole */ COUNT(*) FROM orders",
        .wrong = "SELECT /* whole */"
                 " id, 0, 0 FROM orders WHERE (state = 'cancelled') <> (status = 'cancelled')"
                 " OR (fulfillment_status = 'delivered' AND status <> 'delivered')"
                 " OR (fulfillment_status = 'shipped' AND status <> 'shipped') ORDER BY id",
    },
    {.name = NULL},
};
