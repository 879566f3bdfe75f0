/* SPDX-License-Identifier: MIT */
/*
 * 0004_sales.c - what is sold to whom: ways to ship, carts, orders, reservations, payments,
 * parcels, returns.
 *
 * An order's amounts add up by CHECK; refunds never exceed what was captured; a cart becomes at
 * most one order.
 */
#include "engine/migrations/migrations.h"

static const char *const up[] = {
    "CREATE TABLE shipping_categories ("
    " id {id},"
    " code {text:64} NOT NULL UNIQUE,"
    " name {text:255} NOT NULL,"
    " version {int} NOT NULL CHECK (version > 0),"
    " created_at {int} NOT NULL,"
    " updated_at {int} NOT NULL){tail}",

    "CREATE TABLE shipping_methods ("
    " id {id},"
    " code {text:64} NOT NULL UNIQUE,"
    " name {text:255} NOT NULL,"
    " description {longtext},"
    " position {int} NOT NULL CHECK (position > 0),"
    " status {text:16} NOT NULL CHECK (status = 'active' OR status = 'disabled'"
    "  OR status = 'archived'),"
    " zone_id {int} REFERENCES zones(id),"
    " calculator {longtext} NOT NULL," /* the language of rules */
    " conditions {longtext},"
    " tax_category {text:64},"
    " shipping_category {text:64} REFERENCES shipping_categories(code),"
    " category_rule {text:8} NOT NULL CHECK (category_rule = 'any' OR category_rule = 'all'"
    "  OR category_rule = 'none'),"
    " provider {text:32}," /* the carrier that its calculator asks */
    " pickup_warehouse_id {int} REFERENCES warehouses(id),"
    " days_min {int} NOT NULL CHECK (days_min >= 0),"
    " days_max {int} NOT NULL CHECK (days_max >= days_min),"
    " cutoff_hour {int} NOT NULL CHECK (cutoff_hour BETWEEN 0 AND 23),"
    " version {int} NOT NULL CHECK (version > 0),"
    " created_at {int} NOT NULL,"
    " updated_at {int} NOT NULL){tail}",
    "CREATE INDEX shipping_methods_offered ON shipping_methods(status, position, id)",
    "CREATE INDEX shipping_methods_position ON shipping_methods(position)",
    "CREATE INDEX shipping_methods_zone ON shipping_methods(zone_id)",
    "CREATE INDEX shipping_methods_category ON shipping_methods(shipping_category)",
    "CREATE INDEX shipping_methods_warehouse ON shipping_methods(pickup_warehouse_id)",

    "CREATE TABLE shipping_method_channels (" /* none of a method: all channels */
    " shipping_method_id {int} NOT NULL REFERENCES shipping_methods(id) ON DELETE CASCADE,"
    " channel_id {int} NOT NULL REFERENCES channels(id) ON DELETE CASCADE,"
    " PRIMARY KEY (shipping_method_id, channel_id)){tail}",
    "CREATE INDEX shipping_method_channels_channel ON shipping_method_channels(channel_id)",

    "CREATE TABLE carts ("
    " id {id},"
    " token_hash {text:64} NOT NULL UNIQUE," /* SHA-256 of the secret that a visitor holds */
    " user_id {int} REFERENCES users(id),"
    " channel_id {int} NOT NULL REFERENCES channels(id),"
    " currency {text:3} NOT NULL,"
    " status {text:16} NOT NULL"
    "  CHECK (status = 'open' OR status = 'paying' OR status = 'ordered' OR status = 'merged'"
    "  OR status = 'expired'),"
    " email {text:254},"
    " note {longtext},"
    " shipping_method {text:64}," /* code; as chosen, it may not fit any more */
    " payment_method {text:50},"
    " shipping_address {longtext}," /* JSON, see the entity address */
    " billing_address {longtext},"
    " coupons {longtext}," /* codes, one a line */
    " shown_discount {int} NOT NULL DEFAULT 0 CHECK (shown_discount >= 0),"
    " checkout_key {text:255}," /* of the checkout that is running or done */
    " checkout {longtext},"     /* JSON of the frozen checkout while it is being paid */
    " expires_at {int} NOT NULL,"
    " version {int} NOT NULL CHECK (version > 0),"
    " created_at {int} NOT NULL,"
    " updated_at {int} NOT NULL){tail}",
    "CREATE INDEX carts_user ON carts(user_id, channel_id, status)",
    "CREATE INDEX carts_channel ON carts(channel_id)",
    "CREATE INDEX carts_expiry ON carts(status, expires_at, id)",

    "CREATE TABLE cart_items ("
    " id {id},"
    " cart_id {int} NOT NULL REFERENCES carts(id) ON DELETE CASCADE,"
    " variant_id {int} NOT NULL REFERENCES product_variants(id) ON DELETE CASCADE,"
    " quantity {int} NOT NULL CHECK (quantity BETWEEN 1 AND 9999),"
    " unit_price {int} NOT NULL CHECK (unit_price >= 0)," /* last shown to the shopper */
    " created_at {int} NOT NULL,"
    " updated_at {int} NOT NULL,"
    " UNIQUE (cart_id, variant_id)){tail}",
    "CREATE INDEX cart_items_variant ON cart_items(variant_id)",

    "CREATE TABLE orders ("
    " id {id},"
    " order_number {text:50} NOT NULL UNIQUE,"
    " cart_id {int} UNIQUE REFERENCES carts(id),"
    " user_id {int} REFERENCES users(id),"
    " channel_id {int} NOT NULL REFERENCES channels(id),"
    " shipping_method_id {int} REFERENCES shipping_methods(id),"
    " email {text:254} NOT NULL,"
    " currency {text:3} NOT NULL,"
    " status {text:16} NOT NULL CHECK (status = 'pending' OR status = 'confirmed'"
    "  OR status = 'processing' OR status = 'shipped' OR status = 'delivered'"
    "  OR status = 'cancelled'),"
    " state {text:16} NOT NULL CHECK (state = 'placed' OR state = 'confirmed'"
    "  OR state = 'processing' OR state = 'completed' OR state = 'cancelled'),"
    " payment_status {text:24} NOT NULL CHECK (payment_status = 'pending'"
    "  OR payment_status = 'authorized' OR payment_status = 'partially_paid'"
    "  OR payment_status = 'paid' OR payment_status = 'partially_refunded'"
    "  OR payment_status = 'refunded' OR payment_status = 'failed' OR payment_status = 'voided'),"
    " fulfillment_status {text:24} NOT NULL CHECK (fulfillment_status = 'unfulfilled'"
    "  OR fulfillment_status = 'partially_shipped' OR fulfillment_status = 'shipped'"
    "  OR fulfillment_status = 'delivered' OR fulfillment_status = 'partially_returned'"
    "  OR fulfillment_status = 'returned' OR fulfillment_status = 'not_needed'"
    "  OR fulfillment_status = 'cancelled'),"
    " subtotal {int} NOT NULL CHECK (subtotal >= 0),"
    " discount_amount {int} NOT NULL CHECK (discount_amount >= 0),"
    " shipping_amount {int} NOT NULL CHECK (shipping_amount >= 0)," /* after its discount */
    " shipping_discount {int} NOT NULL DEFAULT 0 CHECK (shipping_discount >= 0),"
    " tax_amount {int} NOT NULL," /* negative: an included tax that is not paid */
    " tax_included {int} NOT NULL DEFAULT 0,"
    " shipping_tax {int} NOT NULL DEFAULT 0," /* of the fee, in tax_amount */
    " shipping_tax_included {int} NOT NULL DEFAULT 0,"
    " rounding_amount {int} NOT NULL DEFAULT 0,"
    " total_amount {int} NOT NULL CHECK (total_amount >= 0),"
    " placed_subtotal {int} NOT NULL DEFAULT 0," /* with the adjustments it is the total */
    " authorized_amount {int} NOT NULL DEFAULT 0 CHECK (authorized_amount >= 0),"
    " paid_amount {int} NOT NULL CHECK (paid_amount >= 0),"
    " refunded_amount {int} NOT NULL"
    " CHECK (refunded_amount >= 0 AND refunded_amount <= paid_amount),"
    " due_amount {int} NOT NULL DEFAULT 0,"
    " payment_method {text:50},"
    " payment_reference {text:255},"
    " shipping_method {text:64}," /* code */
    " shipping_method_name {text:255},"
    " shipping_address {longtext}," /* JSON, see the entity address */
    " billing_address {longtext},"
    " policy {longtext}," /* JSON, see the entity policy: what it was computed by */
    " notes {longtext},"
    " cancel_reason {text:255},"
    " checkout_key {text:255},"
    " placed_at {int} NOT NULL,"
    " shipped_at {int},"
    " delivered_at {int},"
    " cancelled_at {int},"
    " version {int} NOT NULL CHECK (version > 0),"
    " created_at {int} NOT NULL,"
    " updated_at {int} NOT NULL,"
    " CHECK (total_amount = subtotal - discount_amount + shipping_amount + tax_amount"
    " + rounding_amount),"
    " CHECK (due_amount = total_amount - paid_amount + refunded_amount)){tail}",
    "CREATE INDEX orders_shipping ON orders(shipping_method_id)",
    "CREATE INDEX orders_user ON orders(user_id, id)",
    "CREATE INDEX orders_status ON orders(status, id)",
    "CREATE INDEX orders_payment ON orders(payment_status, id)",
    "CREATE INDEX orders_fulfillment ON orders(fulfillment_status, id)",
    "CREATE INDEX orders_placed ON orders(placed_at, id)",
    "CREATE INDEX orders_channel ON orders(channel_id, placed_at)",
    "CREATE INDEX orders_email ON orders(email, id)",

    "CREATE TABLE order_items ("
    " id {id},"
    " order_id {int} NOT NULL REFERENCES orders(id),"
    " position {int} NOT NULL CHECK (position > 0),"
    " product_id {int} REFERENCES products(id),"
    " variant_id {int} REFERENCES product_variants(id),"
    " sku {text:100},"
    " name {text:255} NOT NULL,"
    " variant_name {text:255},"
    " quantity {int} NOT NULL CHECK (quantity >= 1)," /* as ordered */
    " cancelled_quantity {int} NOT NULL CHECK (cancelled_quantity >= 0),"
    " shipped_quantity {int} NOT NULL CHECK (shipped_quantity >= 0),"
    " returned_quantity {int} NOT NULL"
    "  CHECK (returned_quantity >= 0 AND returned_quantity <= shipped_quantity),"
    " base_price {int} NOT NULL DEFAULT 0," /* before catalogue promotions */
    " original_price {int} NOT NULL DEFAULT 0,"
    " unit_price {int} NOT NULL CHECK (unit_price >= 0),"
    " discount_amount {int} NOT NULL CHECK (discount_amount >= 0),"
    " tax_amount {int} NOT NULL,"
    " tax_included {int} NOT NULL DEFAULT 0,"
    " total_amount {int} NOT NULL CHECK (total_amount >= 0)," /* of the units not cancelled */
    " requires_shipping {bool} NOT NULL CHECK (requires_shipping IN (0, 1)),"
    " tracked {bool} NOT NULL CHECK (tracked IN (0, 1)),"
    " is_gift {bool} NOT NULL DEFAULT 0 CHECK (is_gift IN (0, 1)),"
    " UNIQUE (order_id, position),"
    " CHECK (shipped_quantity + cancelled_quantity <= quantity)){tail}",
    "CREATE INDEX order_items_variant ON order_items(variant_id, order_id)",
    "CREATE INDEX order_items_product ON order_items(product_id)",

    "CREATE TABLE reservations ("
    " id {id},"
    " variant_id {int} NOT NULL REFERENCES product_variants(id),"
    " warehouse_id {int} NOT NULL REFERENCES warehouses(id),"
    " quantity {int} NOT NULL CHECK (quantity > 0),"
    " cart_id {int} REFERENCES carts(id),"
    " order_id {int} REFERENCES orders(id),"
    " state {text:16} NOT NULL CHECK (state = 'active' OR state = 'committed'"
    "  OR state = 'released' OR state = 'expired'),"
    " expires_at {int} CHECK (expires_at > 0)," /* NULL: held until the order ends */
    " created_at {int} NOT NULL,"
    " ended_at {int},"
    " CHECK (cart_id IS NOT NULL OR order_id IS NOT NULL),"
    " CHECK ((state = 'active') = (ended_at IS NULL))){tail}",
    "CREATE INDEX reservations_order ON reservations(order_id, state)",
    "CREATE INDEX reservations_cart ON reservations(cart_id, state)",
    "CREATE INDEX reservations_expiry ON reservations(state, expires_at, id)",
    "CREATE INDEX reservations_variant ON reservations(variant_id, warehouse_id, state)",
    "CREATE INDEX reservations_warehouse ON reservations(warehouse_id)",

    "CREATE TABLE adjustments ("
    " id {id},"
    " order_id {int} NOT NULL REFERENCES orders(id),"
    " order_item_id {int} REFERENCES order_items(id),"
    " kind {text:24} NOT NULL CHECK (kind = 'catalog' OR kind = 'unit' OR kind = 'order'"
    "  OR kind = 'shipping' OR kind = 'shipping_discount' OR kind = 'tax' OR kind = 'rounding'"
    "  OR kind = 'edit' OR kind = 'cancel'),"
    " source {text:64} NOT NULL,"
    " label {text:255} NOT NULL,"
    " code {text:64}," /* the coupon */
    " amount {int} NOT NULL,"
    " base {int} NOT NULL," /* what it was taken of */
    " rate {int} NOT NULL," /* millionths; 0: a fixed amount */
    " tax_included {int} NOT NULL,"
    " quantity {int} NOT NULL CHECK (quantity >= 0),"
    " rounding {text:16},"
    " included {bool} NOT NULL CHECK (included IN (0, 1)),"
    " created_at {int} NOT NULL){tail}",
    "CREATE INDEX adjustments_order ON adjustments(order_id, id)",
    "CREATE INDEX adjustments_item ON adjustments(order_item_id)",

    "CREATE TABLE order_taxes ("
    " id {id},"
    " order_id {int} NOT NULL REFERENCES orders(id),"
    " source {text:64} NOT NULL,"
    " name {text:255} NOT NULL,"
    " code {text:64},"
    " rate {int} NOT NULL," /* millionths */
    " base {int} NOT NULL,"
    " amount {int} NOT NULL,"
    " note {text:64},"
    " included {bool} NOT NULL CHECK (included IN (0, 1))){tail}",
    "CREATE INDEX order_taxes_order ON order_taxes(order_id, id)",

    "CREATE TABLE payments ("
    " id {id},"
    " cart_id {int} REFERENCES carts(id),"
    " order_id {int} REFERENCES orders(id),"
    " provider {text:32} NOT NULL,"
    " method {text:50} NOT NULL,"
    " status {text:24} NOT NULL CHECK (status = 'pending' OR status = 'unknown'"
    "  OR status = 'authorized' OR status = 'partially_captured' OR status = 'captured'"
    "  OR status = 'partially_refunded' OR status = 'refunded' OR status = 'failed'"
    "  OR status = 'voided'),"
    " currency {text:3} NOT NULL,"
    " amount {int} NOT NULL CHECK (amount >= 0),"
    " authorized_amount {int} NOT NULL"
    " CHECK (authorized_amount >= 0 AND authorized_amount <= amount),"
    " captured_amount {int} NOT NULL"
    "  CHECK (captured_amount >= 0 AND captured_amount <= authorized_amount),"
    " refunded_amount {int} NOT NULL"
    "  CHECK (refunded_amount >= 0 AND refunded_amount <= captured_amount),"
    " reference {text:255},"
    " problem {text:255},"
    " version {int} NOT NULL CHECK (version > 0),"
    " created_at {int} NOT NULL,"
    " updated_at {int} NOT NULL,"
    " UNIQUE (provider, reference)){tail}",
    "CREATE INDEX payments_order ON payments(order_id, id)",
    "CREATE INDEX payments_cart ON payments(cart_id, id)",
    "CREATE INDEX payments_status ON payments(status, updated_at, id)",

    "CREATE TABLE payment_transactions ("
    " id {id},"
    " payment_id {int} NOT NULL REFERENCES payments(id),"
    " kind {text:16} NOT NULL CHECK (kind = 'authorize' OR kind = 'capture' OR kind = 'void'"
    "  OR kind = 'refund'),"
    " status {text:16} NOT NULL CHECK (status = 'pending' OR status = 'succeeded'"
    "  OR status = 'failed' OR status = 'unknown'),"
    " amount {int} NOT NULL CHECK (amount >= 0),"
    " attempt_key {text:255} NOT NULL UNIQUE," /* what the provider is asked with; never reused */
    " reference {text:255},"
    " problem {text:255},"
    " created_at {int} NOT NULL,"
    " updated_at {int} NOT NULL){tail}",
    "CREATE INDEX payment_transactions_payment ON payment_transactions(payment_id, id)",
    "CREATE INDEX payment_transactions_status ON payment_transactions(status, updated_at, id)",

    "CREATE TABLE shipments ("
    " id {id},"
    " order_id {int} NOT NULL REFERENCES orders(id),"
    " warehouse_id {int} REFERENCES warehouses(id),"
    " status {text:16} NOT NULL CHECK (status IN ('shipped', 'delivered')),"
    " carrier {text:64},"
    " tracking_number {text:128},"
    " tracking_url {text:2000},"
    " shipped_at {int},"
    " delivered_at {int},"
    " version {int} NOT NULL CHECK (version > 0),"
    " created_at {int} NOT NULL,"
    " updated_at {int} NOT NULL){tail}",
    "CREATE INDEX shipments_order ON shipments(order_id, id)",
    "CREATE INDEX shipments_warehouse ON shipments(warehouse_id)",

    "CREATE TABLE shipment_items ("
    " id {id},"
    " shipment_id {int} NOT NULL REFERENCES shipments(id),"
    " order_item_id {int} NOT NULL REFERENCES order_items(id),"
    " quantity {int} NOT NULL CHECK (quantity > 0),"
    " UNIQUE (shipment_id, order_item_id)){tail}",
    "CREATE INDEX shipment_items_item ON shipment_items(order_item_id)",

    "CREATE TABLE returns ("
    " id {id},"
    " order_id {int} NOT NULL REFERENCES orders(id),"
    " status {text:16} NOT NULL CHECK (status = 'requested' OR status = 'approved'"
    "  OR status = 'received' OR status = 'rejected' OR status = 'cancelled'),"
    " reason {text:255},"
    " note {longtext},"
    " version {int} NOT NULL CHECK (version > 0),"
    " created_at {int} NOT NULL,"
    " updated_at {int} NOT NULL){tail}",
    "CREATE INDEX returns_order ON returns(order_id, id)",
    "CREATE INDEX returns_status ON returns(status, id)",

    "CREATE TABLE return_items ("
    " id {id},"
    " return_id {int} NOT NULL REFERENCES returns(id),"
    " order_item_id {int} NOT NULL REFERENCES order_items(id),"
    " quantity {int} NOT NULL CHECK (quantity > 0),"
    " restock {bool} NOT NULL CHECK (restock IN (0, 1)),"
    " UNIQUE (return_id, order_item_id)){tail}",
    "CREATE INDEX return_items_item ON return_items(order_item_id)",

    "CREATE TABLE refunds ("
    " id {id},"
    " order_id {int} NOT NULL REFERENCES orders(id),"
    " payment_id {int} NOT NULL REFERENCES payments(id),"
    " return_id {int} REFERENCES returns(id),"
    " transaction_id {int} REFERENCES payment_transactions(id),"
    " amount {int} NOT NULL CHECK (amount > 0),"
    " reason {text:255},"
    " status {text:16} NOT NULL CHECK (status = 'pending' OR status = 'succeeded'"
    "  OR status = 'failed' OR status = 'unknown'),"
    " created_at {int} NOT NULL,"
    " updated_at {int} NOT NULL){tail}",
    "CREATE INDEX refunds_order ON refunds(order_id, id)",
    "CREATE INDEX refunds_payment ON refunds(payment_id)",
    "CREATE INDEX refunds_return ON refunds(return_id)",
    "CREATE INDEX refunds_transaction ON refunds(transaction_id)",

    "CREATE TABLE refund_items ("
    " id {id},"
    " refund_id {int} NOT NULL REFERENCES refunds(id),"
    " order_item_id {int} NOT NULL REFERENCES order_items(id),"
    " quantity {int} NOT NULL CHECK (quantity > 0),"
    " amount {int} NOT NULL CHECK (amount >= 0),"
    " UNIQUE (refund_id, order_item_id)){tail}",
    "CREATE INDEX refund_items_item ON refund_items(order_item_id)",
    NULL,
};

/* Before carts and orders go, the units that they held are free again, and what was moved for them
   has no cause among them any more: later orders have the same numbers. For the same reason their
   events go, and the outcomes of calls that name them. */
static const char *const down[] = {
    "UPDATE inventory SET committed = 0",
    "UPDATE stock_movements SET cause='system', cause_id=NULL WHERE cause IN ('order', 'return')",
    "DELETE FROM events WHERE aggregate IN ('cart', 'order', 'payment', 'reservation')",
    "DELETE FROM idempotency_keys WHERE operation LIKE 'cart.%'",
    "DELETE FROM idempotency_keys WHERE operation LIKE 'checkout.%'",
    "DELETE FROM idempotency_keys WHERE operation LIKE 'order.%'",
    "DELETE FROM idempotency_keys WHERE operation LIKE 'payment.%'",
    "DELETE FROM idempotency_keys WHERE operation LIKE 'return.%'",
    "DELETE FROM idempotency_keys WHERE operation LIKE 'shipment.%'",
    "DROP TABLE refund_items",
    "DROP TABLE refunds",
    "DROP TABLE return_items",
    "DROP TABLE returns",
    "DROP TABLE shipment_items",
    "DROP TABLE shipments",
    "DROP TABLE payment_transactions",
    "DROP TABLE payments",
    "DROP TABLE order_taxes",
    "DROP TABLE adjustments",
    "DROP TABLE reservations",
    "DROP TABLE order_items",
    "DROP TABLE orders",
    "DROP TABLE cart_items",
    "DROP TABLE carts",
    "DROP TABLE shipping_method_channels",
    "DROP TABLE shipping_methods",
    "DROP TABLE shipping_categories",
    NULL,
};

const ec_migration ec_migration_0004_sales = {4, "sales", up, down};
