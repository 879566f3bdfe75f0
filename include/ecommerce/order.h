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
#include <ecommerce/policy.h>

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
    int64_t base_price;         /**< of one, before catalogue promotions */
    int64_t original_price;     /**< of one, said to be without discount; 0: none */
    int64_t unit_price;         /**< of one, as it was sold */
    int64_t discount_amount;    /**< of all units */
    int64_t tax_amount;         /**< of all units, added on top */
    int64_t tax_included;       /**< of all units, inside of the price */
    int64_t total_amount;       /**< of the units not cancelled */
    bool requires_shipping;
    bool tracked; /**< did stock count when it was ordered? */
    bool is_gift; /**< given by a promotion */
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
    EC_SHIPMENT_DELIVERED = 1
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

/** Units whose money went back. @since 0.1 */
typedef struct ec_refund_item {
    ec_id id;
    ec_id refund_id;
    ec_id order_item_id;
    int64_t quantity;
    int64_t amount; /**< what these units cost, minor units of the order's currency */
} ec_refund_item;

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
    size_t items_count;   /**< 0 where an amount was given back, not units */
    ec_refund_item *items;
    ec_transaction_state status;
} ec_refund;

/** A line of the explanation of an order's total. @since 0.1 */
typedef struct ec_adjustment {
    ec_id id;
    ec_id order_id;
    ec_id order_item_id; /**< 0: of the whole order */
    ec_time created_at;
    int64_t position;     /**< of the item; 0: of the whole order */
    const char *kind;     /**< name of an ec_adjustment_kind (quote.h), or "edit", "cancel" */
    const char *source;   /**< what made it */
    const char *label;    /**< for people */
    const char *code;     /**< the coupon, or NULL */
    int64_t amount;       /**< signed, minor units */
    int64_t base;         /**< what it was taken of, minor units */
    int64_t rate;         /**< millionths; 0: a fixed amount */
    int64_t tax_included; /**< the part of amount that is included tax, same sign */
    int64_t quantity;     /**< units that it is about; 0: not about units */
    const char *rounding; /**< name of the mode where something was rounded, or NULL */
    bool included;        /**< already inside the prices: does not change the total */
} ec_adjustment;

/** A tax of an order as it was placed, for the invoice. @since 0.1 */
typedef struct ec_order_tax {
    ec_id id;
    ec_id order_id;
    const char *source; /**< "tax_rate:3", or where it came from */
    const char *name;   /**< for people */
    const char *code;   /**< category's code, or NULL */
    int64_t rate;       /**< millionths */
    int64_t base;       /**< net, minor units */
    int64_t amount;     /**< minor units */
    const char *note;   /**< such as "reverse_charge", "exempt", or NULL */
    bool included;      /**< inside the prices */
} ec_order_tax;

/** A promotion that an order got. @since 0.1 */
typedef struct ec_order_promotion {
    ec_id promotion_id;
    ec_id coupon_id;  /**< or 0 */
    const char *name; /**< for people */
    const char *code; /**< the coupon's, or NULL */
    int64_t amount;   /**< taken off items and fee, 0 or more */
} ec_order_promotion;

/**
 * An order with everything that belongs to it. Amounts in minor units of currency.
 *
 *   total_amount = subtotal - discount_amount + shipping_amount + tax_amount + rounding_amount
 *   total_amount = placed_subtotal + all adjustments that are not included
 *
 * @since 0.1
 */
typedef struct ec_order {
    ec_id id;
    int64_t version;
    ec_time created_at;
    ec_time updated_at;
    const char *order_number;
    ec_id cart_id;
    ec_id user_id; /**< 0: a visitor's */
    ec_id channel_id;
    ec_id shipping_method_id; /**< or 0 */
    const char *email;
    const char *currency;
    int64_t subtotal;                 /**< items at their prices */
    int64_t discount_amount;          /**< taken off */
    int64_t shipping_amount;          /**< the fee, after its discount */
    int64_t shipping_discount;        /**< taken off the fee */
    int64_t tax_amount;               /**< added on top, that of the fee too */
    int64_t tax_included;             /**< inside of the prices, that of the fee too */
    int64_t shipping_tax;             /**< added on top of the fee */
    int64_t shipping_tax_included;    /**< inside of the fee */
    int64_t rounding_amount;          /**< what cash rounding added */
    int64_t total_amount;             /**< to be paid */
    int64_t placed_subtotal;          /**< subtotal when it was placed */
    int64_t authorized_amount;        /**< reserved or taken by all payments */
    int64_t paid_amount;              /**< captured by all payments */
    int64_t refunded_amount;          /**< gone back */
    int64_t due_amount;               /**< to be paid; below 0: to be given back */
    const char *payment_method;       /**< or NULL */
    const char *payment_reference;    /**< or NULL */
    const char *shipping_method;      /**< code, or NULL */
    const char *shipping_method_name; /**< for people, or NULL */
    ec_address *shipping_address;     /**< NULL where nothing is shipped */
    ec_address *billing_address;      /**< or NULL */
    ec_policy *policy;                /**< what it was computed by */
    const char *notes;                /**< or NULL */
    const char *cancel_reason;        /**< or NULL */
    const char *checkout_key;         /**< idempotency key of its checkout */
    ec_time placed_at;
    ec_time shipped_at; /**< of the last parcel; 0: not yet */
    ec_time delivered_at;
    ec_time cancelled_at;
    size_t items_count;
    ec_order_item *items;
    size_t adjustments_count;
    ec_adjustment *adjustments;
    size_t taxes_count;
    ec_order_tax *taxes; /**< as it was placed */
    size_t promotions_count;
    ec_order_promotion *promotions; /**< what it got when it was placed */
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

/** Which orders a listing shows. Zero members: any. @since 0.1 */
typedef struct ec_order_filter {
    ec_id user_id;      /**< of this customer; a customer's own session sees only own ones */
    ec_id channel_id;   /**< of this shop front */
    const char *status; /**< name of an ec_order_status, or NULL */
    const char *payment_status;     /**< name of an ec_order_payment, or NULL */
    const char *fulfillment_status; /**< name of an ec_order_fulfillment, or NULL */
    const char *email;              /**< whole address, or NULL */
    ec_time placed_from;            /**< at or after; 0: any */
    ec_time placed_until;           /**< before; 0: any */
    bool oldest_first;              /**< by number upwards instead of downwards */
} ec_order_filter;

/** A page of orders, without their parts. @since 0.1 */
typedef struct ec_order_list {
    size_t items_count;
    ec_order *items;
    int64_t total;
    const char *next_cursor;
} ec_order_list;

/**
 * Read an order with everything that belongs to it.
 * @param out a block; release it with ec_free
 * @return EC_NOT_FOUND, also for another's order
 * @since 0.1
 */
EC_API ec_status ec_order_get(ec_session *session, ec_id id, ec_order **out);

/** The same by the number that people use. @since 0.1 */
EC_API ec_status ec_order_by_number(ec_session *session, const char *number, ec_order **out);

/**
 * List orders, newest first, without their parts. Staff see all, customers their own.
 * @param filter NULL: all; borrowed
 * @param page   NULL: the first
 * @return EC_INVALID for an unknown status name or a bad page
 * @since 0.1
 */
EC_API ec_status ec_order_find(ec_session *session, const ec_order_filter *filter,
                               const ec_page *page, ec_order_list **out);

/** Walk the orders of a filter; see list.h. The filter is copied. @since 0.1 */
EC_API ec_status ec_order_cursor(ec_session *session, const ec_order_filter *filter,
                                 ec_cursor **out);

/** Something that may happen to an order now. @since 0.1 */
typedef struct ec_next_event {
    const char *axis;  /**< "order", "payment" or "fulfillment" */
    const char *event; /**< such as "confirm" */
    const char *from;  /**< present state */
    const char *to;    /**< state afterwards */
    bool by_hand; /**< ec_order_apply takes it; others follow from payments, parcels, returns */
} ec_next_event;

/** What may happen to an order now. @since 0.1 */
typedef struct ec_next_events {
    size_t items_count;
    ec_next_event *items;
} ec_next_events;

/** What may happen to an order now, by the table of transitions. Staff. @since 0.1 */
EC_API ec_status ec_order_next_events(ec_session *session, ec_id id, ec_next_events **out);

/**
 * Fire an event of the order's own axis: "confirm", "process", "complete" or "cancel" (as
 * ec_order_cancel without a request). Staff.
 *
 * @param note for the history, up to 500 characters; may be NULL
 * @return EC_INVALID (field "event") for a name that is none; EC_STATE when it may not happen now
 * @since 0.1
 */
EC_API ec_status ec_order_apply(ec_session *session, ec_id id, const char *event, const char *note,
                                ec_order **out);

/** Some units of an order's item. @since 0.1 */
typedef struct ec_order_units {
    ec_id order_item_id;
    int64_t quantity; /**< 1 or more */
} ec_order_units;

/** What is called off. Zero members: the whole order, goods back in stock. @since 0.1 */
typedef struct ec_cancel_request {
    int64_t version;    /**< of the order; 0: any */
    const char *reason; /**< for the history, up to 255 characters; may be NULL */
    size_t items_count; /**< 0: everything that has not been shipped */
    const ec_order_units *items;
    bool no_restock; /**< the goods are gone: stock on hand falls instead of getting free */
} ec_cancel_request;

/**
 * Call off a whole order or units of its items that have not been shipped. Amounts fall to what is
 * left; what gift cards and store credit paid above that goes back to them at once, other money is
 * given back by ec_order_refund, and what was only reserved is given up by ec_payment_void. When
 * nothing is left the order is cancelled. Staff; a
 * customer for a whole order of his own that is not being processed yet.
 *
 * @param request NULL: the whole order
 * @return EC_STATE when units were shipped or the order has ended; EC_INVALID (field
 *         "items[i].quantity"); EC_OUT_OF_STOCK (no_restock of units that are not on hand);
 *         EC_STALE
 * @since 0.1
 */
EC_API ec_status ec_order_cancel(ec_session *session, ec_id id, const ec_cancel_request *request,
                                 ec_order **out);

/**
 * Send a parcel. Its units leave stock.
 *
 * @param shipment warehouse, carrier, tracking and items; without items all that is left goes.
 *                 NULL: all that is left without tracking. Staff.
 * @return EC_STATE (cancelled, nothing left); EC_INVALID (field "items[i].quantity");
 *         EC_OUT_OF_STOCK when the units are not on hand (backorders that have not arrived)
 * @since 0.1
 */
EC_API ec_status ec_order_ship(ec_session *session, ec_id id, const ec_shipment *shipment,
                               ec_order **out);

/** A parcel arrived. Staff. @return EC_NOT_FOUND, EC_STATE (arrived already) @since 0.1 */
EC_API ec_status ec_shipment_deliver(ec_session *session, ec_id shipment_id, ec_order **out);

/**
 * Change a parcel's carrier and tracking. Staff.
 * @param shipment its version (0: any) and the fields of the mask
 * @since 0.1
 */
EC_API ec_status ec_shipment_update(ec_session *session, ec_id id, const ec_shipment *shipment,
                                    ec_mask fields, ec_order **out);

/**
 * Ask for units to be sent back. Staff and the order's customer.
 *
 * @param request reason, note and items (quantity, restock)
 * @return EC_INVALID (field "items[i].quantity") above what was shipped and is not in another open
 *         return
 * @since 0.1
 */
EC_API ec_status ec_return_request(ec_session *session, ec_id order_id, const ec_return *request,
                                   ec_order **out);

/**
 * Move a return on: "approve", "reject", "receive" or "cancel". Receiving puts the units that say
 * so back on hand. Staff; a customer may cancel his own while it is requested.
 * @param warehouse_id where it was received; 0: where it was sent from
 * @return EC_STATE when it may not happen now
 * @since 0.1
 */
EC_API ec_status ec_return_apply(ec_session *session, ec_id return_id, const char *event,
                                 ec_id warehouse_id, ec_order **out);

/** What is given back. @since 0.1 */
typedef struct ec_refund_request {
    int64_t amount;     /**< minor units of the order's currency, above 0; 0: what is owed back */
    ec_id payment_id;   /**< 0: accounts first, then the others, in the order of payment */
    ec_id return_id;    /**< whose refund it is; 0: none */
    const char *reason; /**< up to 255 characters; may be NULL */
    const char *key;    /**< idempotency key, for ever; required */
    size_t items_count; /**< with amount 0: give back what these units cost, tax and discount in */
    const ec_order_units *items;
    bool to_credit; /**< into the customer's store credit, whatever it was paid with */
} ec_refund_request;

/**
 * Give money back: an amount, or what units of items cost; never more than was captured. Staff.
 * What gift cards and store credit paid goes back to them, before anything goes to a provider.
 * @param out the order afterwards, with its refunds
 * @return EC_INVALID (field "amount", rule "max"; field "to_credit", rule "user" for a visitor's
 *         order), EC_STATE (nothing to give back), EC_DECLINED, EC_UNKNOWN (reconciliation settles
 *         it)
 * @since 0.1
 */
EC_API ec_status ec_order_refund(ec_session *session, ec_id id, const ec_refund_request *request,
                                 ec_order **out);

/** One change of a placed order. @since 0.1 */
typedef struct ec_order_edit_item {
    ec_id order_item_id; /**< an item that is there, or 0 for a new one */
    ec_id variant_id;    /**< of a new item */
    int64_t quantity;    /**< units that are to be left of it, not counting called-off ones */
    int64_t unit_price;  /**< minor units; -1: as it is, or the shop's present price */
} ec_order_edit_item;

/** An item whose price stays. Begin with it: a price of 0 is a price. @since 0.1 */
#define EC_ORDER_EDIT_ITEM_INIT                                                                    \
    {                                                                                              \
        .unit_price = -1                                                                           \
    }

/** Changes of a placed order. @since 0.1 */
typedef struct ec_order_edit_request {
    int64_t version; /**< of the order; 0: any */
    size_t items_count;
    const ec_order_edit_item *items;
    int64_t shipping_amount; /**< minor units; -1: as it is */
    const char *note;        /**< for the history, up to 500 characters; may be NULL */
} ec_order_edit_request;

/** A request that leaves the fee. Begin with it: a fee of 0 is a fee. @since 0.1 */
#define EC_ORDER_EDIT_REQUEST_INIT                                                                 \
    {                                                                                              \
        .shipping_amount = -1                                                                      \
    }

/**
 * Change a placed order: more, fewer or other units, another price, another fee. Stock follows; the
 * difference in price is due or owed back afterwards (total_amount against paid_amount). Staff.
 *
 * @return EC_STATE (ended); EC_INVALID (fewer units than were shipped, both or neither of
 *         order_item_id and variant_id, …); EC_OUT_OF_STOCK; EC_STALE
 * @since 0.1
 */
EC_API ec_status ec_order_edit(ec_session *session, ec_id id, const ec_order_edit_request *request,
                               ec_order **out);

/** What an entry of an order's ledger is about. @since 0.1 */
typedef enum ec_ledger_kind {
    EC_LEDGER_OWED = 0,       /**< the order costs so much, or so much more or less */
    EC_LEDGER_ROUNDING = 1,   /**< cash rounding of that */
    EC_LEDGER_AUTHORIZED = 2, /**< reserved by a payment */
    EC_LEDGER_VOIDED = 3,     /**< of that given up (below 0) */
    EC_LEDGER_CAPTURED = 4,   /**< taken by a provider, or come in by itself */
    EC_LEDGER_CREDIT = 5,     /**< taken from a gift card or store credit */
    EC_LEDGER_REFUNDED = 6    /**< gone back (below 0) */
} ec_ledger_kind;

/** An entry of an order's ledger. @since 0.1 */
typedef struct ec_ledger_entry {
    ec_time at;           /**< when it happened, or its outcome was learned */
    int64_t amount;       /**< signed, minor units of the order's currency */
    ec_id payment_id;     /**< or 0 */
    ec_id transaction_id; /**< of the payment; or 0 */
    ec_id refund_id;      /**< or 0 */
    ec_id credit_id;      /**< account that it was taken from or went to; or 0 */
    const char *cause;    /**< "placed", "edit", "cancel", "payment" or "refund" */
    const char *provider; /**< of the payment, or NULL */
    const char *note;     /**< for people, or NULL */
    ec_ledger_kind kind;
} ec_ledger_entry;

/**
 * The money of an order, from the first to the last of it. Each figure is a sum of entries, and the
 * order's own figures are the same sums: total_amount = owed + rounding, authorized_amount =
 * authorized + voided, paid_amount = captured + credit, refunded_amount = -refunded, due_amount =
 * due.
 * @since 0.1
 */
typedef struct ec_ledger {
    ec_id order_id;
    const char *currency;
    int64_t owed;
    int64_t rounding;
    int64_t authorized;
    int64_t voided; /**< 0 or below */
    int64_t captured;
    int64_t credit;
    int64_t refunded; /**< 0 or below */
    int64_t due;      /**< owed + rounding - captured - credit - refunded */
    size_t entries_count;
    ec_ledger_entry *entries; /**< in the order of their times */
} ec_ledger;

/**
 * The ledger of an order, made from its adjustments and the transactions of its payments. Staff and
 * the order's customer.
 * @param out a block; release it with ec_free
 * @return EC_NOT_FOUND, also for another's order
 * @since 0.1
 */
EC_API ec_status ec_order_ledger(ec_session *session, ec_id order_id, ec_ledger **out);

/** Add a note to an order's history. Staff. @param text 1 to 2000 characters @since 0.1 */
EC_API ec_status ec_order_note(ec_session *session, ec_id id, const char *text);

/**
 * Call off orders that await their money since before `older_than_ms`, also where gift cards or
 * store credit paid a part: that goes back to them. System and staff.
 * @param limit at most so many, 1 to 1000; 0: 100
 * @param out   how many were called off; may be NULL
 * @since 0.1
 */
EC_API ec_status ec_order_sweep(ec_session *session, int64_t older_than_ms, int64_t limit,
                                int64_t *out);

EC_END_DECLS

#endif
