/* SPDX-License-Identifier: MIT */
/**
 * @file order.h
 * @brief Orders: three axes of state, parcels, returns, refunds, edits and the history of all that.
 *
 * An order has three axes: its own state, its payment and its fulfilment. Each is a table of
 * transitions in the library (lib/order/machine.c); `status` is the one word that the seed's
 * clients read, derived from the three. A placed order is frozen: only the operations here change
 * it.
 */
#ifndef ECOMMERCE_ORDER_H
#define ECOMMERCE_ORDER_H

#include <ecommerce/address.h>
#include <ecommerce/list.h>
#include <ecommerce/payment.h>

EC_BEGIN_DECLS

/** The outward word (seed section 6.2, table orders). Derived. @since 0.1 */
typedef enum ec_order_status {
    EC_ORDER_PENDING = 0,    /**< placed, money awaited */
    EC_ORDER_CONFIRMED = 1,  /**< paid or authorised, or confirmed by staff */
    EC_ORDER_PROCESSING = 2, /**< being packed, or partly shipped */
    EC_ORDER_SHIPPED = 3,    /**< all that is to be shipped is on its way */
    EC_ORDER_DELIVERED = 4,  /**< all arrived */
    EC_ORDER_CANCELLED = 5   /**< called off */
} ec_order_status;

/** The order's own axis. @since 0.1 */
typedef enum ec_order_state {
    EC_STATE_PLACED = 0,
    EC_STATE_CONFIRMED = 1,
    EC_STATE_PROCESSING = 2,
    EC_STATE_COMPLETED = 3,
    EC_STATE_CANCELLED = 4
} ec_order_state;

/** The axis of money; derived from the order's payments. @since 0.1 */
typedef enum ec_order_payment {
    EC_ORDER_PAYMENT_PENDING = 0,
    EC_ORDER_PAYMENT_AUTHORIZED = 1,
    EC_ORDER_PAYMENT_PARTIALLY_PAID = 2,
    EC_ORDER_PAYMENT_PAID = 3,
    EC_ORDER_PAYMENT_PARTIALLY_REFUNDED = 4,
    EC_ORDER_PAYMENT_REFUNDED = 5,
    EC_ORDER_PAYMENT_FAILED = 6,
    EC_ORDER_PAYMENT_VOIDED = 7
} ec_order_payment;

/** The axis of goods; derived from the order's items. @since 0.1 */
typedef enum ec_order_fulfillment {
    EC_FULFILLMENT_UNFULFILLED = 0,
    EC_FULFILLMENT_PARTIALLY_SHIPPED = 1,
    EC_FULFILLMENT_SHIPPED = 2,
    EC_FULFILLMENT_DELIVERED = 3,
    EC_FULFILLMENT_PARTIALLY_RETURNED = 4,
    EC_FULFILLMENT_RETURNED = 5,
    EC_FULFILLMENT_NOT_NEEDED = 6, /**< nothing of it is shipped */
    EC_FULFILLMENT_CANCELLED = 7
} ec_order_fulfillment;

/** An item of an order, frozen. Amounts in minor units of the order's currency. @since 0.1 */
typedef struct ec_order_item {
    ec_id id;
    ec_id order_id;
    ec_id product_id;           /**< 0 once the product is gone */
    ec_id variant_id;           /**< 0 once the variant is gone */
    int64_t position;           /**< from 1 */
    const char *sku;            /**< or NULL */
    const char *name;           /**< product, as it was */
    const char *variant_name;   /**< variant, as it was; or NULL */
    int64_t quantity;           /**< units ordered */
    int64_t cancelled_quantity; /**< of them called off before shipping */
    int64_t shipped_quantity;   /**< of them sent */
    int64_t returned_quantity;  /**< of the sent ones come back */
    int64_t unit_price;
    int64_t discount_amount; /**< of all units */
    int64_t tax_amount;      /**< of all units, added on top */
    int64_t total_amount;    /**< of the units not cancelled */
    bool requires_shipping;
    bool tracked; /**< did stock count when it was ordered? */
} ec_order_item;

/** A parcel's content. @since 0.1 */
typedef struct ec_shipment_item {
    ec_id id;
    ec_id shipment_id;
    ec_id order_item_id;
    int64_t quantity;
} ec_shipment_item;

/** Where a parcel is. @since 0.1 */
typedef enum ec_shipment_status {
    EC_SHIPMENT_SHIPPED = 0,
    EC_SHIPMENT_DELIVERED = 1,
    EC_SHIPMENT_CANCELLED = 2 /**< it never left; its units are to be shipped again */
} ec_shipment_status;

/** A parcel of an order. @since 0.1 */
typedef struct ec_shipment {
    ec_id id;
    int64_t version;
    ec_time created_at;
    ec_time updated_at;
    ec_id order_id;
    ec_id warehouse_id;          /**< where it left; 0: several or none */
    const char *carrier;         /**< or NULL */
    const char *tracking_number; /**< or NULL */
    const char *tracking_url;    /**< or NULL */
    ec_time shipped_at;
    ec_time delivered_at; /**< 0: not yet */
    size_t items_count;
    ec_shipment_item *items;
    ec_shipment_status status;
} ec_shipment;

/** What comes back. @since 0.1 */
typedef struct ec_return_item {
    ec_id id;
    ec_id return_id;
    ec_id order_item_id;
    int64_t quantity;
    bool restock; /**< put back on hand when it is received */
} ec_return_item;

/** Where a return stands. @since 0.1 */
typedef enum ec_return_status {
    EC_RETURN_REQUESTED = 0,
    EC_RETURN_APPROVED = 1,
    EC_RETURN_RECEIVED = 2,
    EC_RETURN_REJECTED = 3,
    EC_RETURN_CANCELLED = 4
} ec_return_status;

/** A return of shipped units. @since 0.1 */
typedef struct ec_return {
    ec_id id;
    int64_t version;
    ec_time created_at;
    ec_time updated_at;
    ec_id order_id;
    const char *reason; /**< or NULL */
    const char *note;   /**< or NULL */
    size_t items_count;
    ec_return_item *items;
    ec_return_status status;
} ec_return;

/** Money that went back. @since 0.1 */
typedef struct ec_refund {
    ec_id id;
    ec_time created_at;
    ec_time updated_at;
    ec_id order_id;
    ec_id payment_id;
    ec_id return_id;      /**< or 0 */
    ec_id transaction_id; /**< of the payment */
    int64_t amount;       /**< minor units of the order's currency */
    const char *reason;   /**< or NULL */
    ec_transaction_state status;
} ec_refund;

/** A line of the explanation of an order's total. @since 0.1 */
typedef struct ec_adjustment {
    ec_id id;
    ec_id order_id;
    ec_id order_item_id; /**< 0: of the whole order */
    ec_time created_at;
    const char *kind;   /**< "discount", "shipping", "tax", "edit" */
    const char *source; /**< what made it */
    const char *label;  /**< for people */
    int64_t amount;     /**< signed, minor units */
    bool included;      /**< already inside the prices */
} ec_adjustment;

/** An order with everything that belongs to it. Amounts in minor units of currency. @since 0.1 */
typedef struct ec_order {
    ec_id id;
    int64_t version;
    ec_time created_at;
    ec_time updated_at;
    const char *order_number;
    ec_id cart_id;
    ec_id user_id; /**< 0: a visitor's */
    ec_id channel_id;
    const char *email;
    const char *currency;
    int64_t subtotal;        /**< items at their prices */
    int64_t discount_amount; /**< taken off */
    int64_t shipping_amount;
    int64_t tax_amount;            /**< added on top (included tax is in the items) */
    int64_t total_amount;          /**< subtotal - discount + shipping + tax */
    int64_t paid_amount;           /**< captured by all payments */
    int64_t refunded_amount;       /**< gone back */
    const char *payment_method;    /**< or NULL */
    const char *payment_reference; /**< or NULL */
    ec_address *shipping_address;  /**< NULL where nothing is shipped */
    ec_address *billing_address;   /**< or NULL */
    const char *notes;             /**< or NULL */
    const char *cancel_reason;     /**< or NULL */
    const char *checkout_key;      /**< idempotency key of its checkout */
    ec_time placed_at;
    ec_time shipped_at; /**< of the last parcel; 0: not yet */
    ec_time delivered_at;
    ec_time cancelled_at;
    size_t items_count;
    ec_order_item *items;
    size_t adjustments_count;
    ec_adjustment *adjustments;
    size_t payments_count;
    ec_payment *payments;
    size_t shipments_count;
    ec_shipment *shipments;
    size_t returns_count;
    ec_return *returns;
    size_t refunds_count;
    ec_refund *refunds;
    ec_order_status status; /**< outward, derived */
    ec_order_state state;
    ec_order_payment payment_status;
    ec_order_fulfillment fulfillment_status;
} ec_order;

EC_END_DECLS

#endif
