/* SPDX-License-Identifier: MIT */
/**
 * @file cart.h
 * @brief Carts of visitors and customers, and the checkout that turns one into an order.
 *
 * A visitor's cart is found by its secret token, which the session carries (ec_session_cart_token);
 * a customer's by the customer. Prices are the shop's: what a client believes is only compared.
 */
#ifndef ECOMMERCE_CART_H
#define ECOMMERCE_CART_H

#include <ecommerce/address.h>
#include <ecommerce/channel.h>
#include <ecommerce/credit.h>
#include <ecommerce/list.h>
#include <ecommerce/order.h>
#include <ecommerce/quote.h>

EC_BEGIN_DECLS

/** Where a cart stands. @since 0.1 */
typedef enum ec_cart_status {
    EC_CART_OPEN = 0,    /**< can be changed */
    EC_CART_PAYING = 1,  /**< frozen while its payment runs or is unknown */
    EC_CART_ORDERED = 2, /**< became an order */
    EC_CART_MERGED = 3,  /**< its items went into another cart */
    EC_CART_EXPIRED = 4  /**< left alone too long */
} ec_cart_status;

/** What the shopper should be told about an item. @since 0.1 */
typedef enum ec_notice_kind {
    EC_NOTICE_PRICE_CHANGED = 0, /**< the price is not the one last shown */
    EC_NOTICE_UNAVAILABLE = 1,   /**< no longer sold in this channel */
    EC_NOTICE_SHORT = 2          /**< fewer are in stock than the cart holds */
} ec_notice_kind;

/** A change that the shopper has not acknowledged yet. @since 0.1 */
typedef struct ec_cart_notice {
    ec_id item_id;
    ec_id variant_id;
    int64_t before; /**< price last shown, or quantity in the cart */
    int64_t now;    /**< price now, or quantity available */
    ec_notice_kind kind;
} ec_cart_notice;

/** An item of a cart. Amounts in minor units of the cart's currency. @since 0.1 */
typedef struct ec_cart_item {
    ec_id id;
    ec_id product_id;
    ec_id variant_id;
    int64_t quantity;
    int64_t unit_price;      /**< present price of one */
    int64_t original_price;  /**< of one, said to be without discount; 0: none */
    int64_t total;           /**< unit_price * quantity */
    int64_t discount_amount; /**< off all units */
    int64_t tax_amount;      /**< of all units, added on top */
    int64_t available;       /**< units that could be bought now; -1: any number */
    const char *sku;         /**< or NULL */
    const char *name;        /**< product */
    const char *variant_name;
    const char *image_url; /**< or NULL */
    bool is_available;     /**< sold in this channel now */
} ec_cart_item;

/** A cart with its figures. Amounts in minor units of currency. @since 0.1 */
typedef struct ec_cart {
    ec_id id;
    int64_t version;
    ec_time created_at;
    ec_time updated_at;
    ec_time expires_at;
    ec_id user_id; /**< 0: a visitor's */
    ec_id channel_id;
    ec_id order_id;    /**< what it became, or 0 */
    const char *token; /**< the secret; only in the answer that creates the cart */
    const char *currency;
    const char *email;            /**< or NULL */
    const char *note;             /**< or NULL */
    const char *shipping_method;  /**< code that was chosen, or NULL */
    const char *payment_method;   /**< that was chosen, or NULL */
    ec_address *shipping_address; /**< or NULL */
    ec_address *billing_address;  /**< or NULL */
    int64_t items_total;          /**< sum of the items */
    int64_t discount_amount;      /**< off the items */
    int64_t shipping_amount;      /**< the fee; estimated while no method is chosen */
    int64_t tax_amount;           /**< added on top */
    int64_t total;                /**< to be paid */
    int64_t quantity;             /**< units of all items */
    size_t coupons_count;
    const char *const *coupons; /**< codes, in the order in which they were added */
    size_t items_count;
    ec_cart_item *items;
    size_t notices_count;
    ec_cart_notice *notices;
    ec_quote *quote; /**< its figures with their reasons: promotions, taxes, ways to ship, gifts */
    ec_cart_status status;
} ec_cart;

/** A page of carts, without their items, notices and figures. @since 0.1 */
typedef struct ec_cart_list {
    size_t items_count;
    ec_cart *items;
    int64_t total;
    const char *next_cursor;
} ec_cart_list;

/** Which carts a listing shows. Zero members: any. @since 0.1 */
typedef struct ec_cart_filter {
    ec_id user_id;           /**< of this customer */
    ec_id channel_id;        /**< of this shop front */
    const char *status;      /**< name of an ec_cart_status, or NULL */
    ec_time untouched_since; /**< last changed before; 0: any. With "open": abandoned carts. */
    bool with_items;         /**< only those that hold something */
    bool newest_first;       /**< by number downwards instead of upwards */
} ec_cart_filter;

/**
 * Tell the session which visitor's cart it holds.
 * @param token the secret of ec_cart.token; copied; NULL forgets it
 * @return EC_INVALID for a text that cannot be a token
 * @since 0.1
 */
EC_API ec_status ec_session_cart_token(ec_session *session, const char *token);

/**
 * The open cart of the session: the customer's, or the visitor's by token; a new one when there is
 * none (then ec_cart.token holds its secret).
 * @param out a block; release it with ec_free
 * @since 0.1
 */
EC_API ec_status ec_cart_open(ec_session *session, ec_cart **out);

/** Read a cart with present prices and notices. EC_NOT_FOUND for another's. @since 0.1 */
EC_API ec_status ec_cart_get(ec_session *session, ec_id id, ec_cart **out);

/**
 * Add units of a variant; raises the quantity of its item when there is one.
 *
 * @param quantity       1 to EC_LINE_QUANTITY_MAX
 * @param expected_price what the shopper was shown for one, minor units; -1: not compared
 * @return EC_INVALID (field "quantity"), EC_NOT_FOUND (not sold here), EC_OUT_OF_STOCK (counting
 *         what the cart holds), EC_CHANGED (another price), EC_LIMIT (items), EC_STATE (cart not
 *         open)
 * @since 0.1
 */
EC_API ec_status ec_cart_add(ec_session *session, ec_id cart_id, ec_id variant_id, int64_t quantity,
                             int64_t expected_price, ec_cart **out);

/** What ec_cart_add_lines adds. @since 0.1 */
typedef struct ec_cart_line {
    ec_id variant_id;
    int64_t quantity;       /**< 1 to EC_LINE_QUANTITY_MAX */
    int64_t expected_price; /**< minor units; -1: not compared */
} ec_cart_line;

/**
 * Add units of several variants: all or none, in a number of statements that does not depend on
 * theirs.
 *
 * @param lines each variant once; borrowed
 * @param count 1 to EC_CART_LINES_MAX
 * @return as ec_cart_add, with fields such as "lines[2].quantity"
 * @since 0.1
 */
EC_API ec_status ec_cart_add_lines(ec_session *session, ec_id cart_id, const ec_cart_line *lines,
                                   size_t count, ec_cart **out);

/** Set the quantity of an item; 0 removes it. Errors as ec_cart_add. @since 0.1 */
EC_API ec_status ec_cart_set(ec_session *session, ec_id cart_id, ec_id item_id, int64_t quantity,
                             ec_cart **out);

/** Remove an item. EC_NOT_FOUND when the cart has no such item. @since 0.1 */
EC_API ec_status ec_cart_remove(ec_session *session, ec_id cart_id, ec_id item_id, ec_cart **out);

/** Remove every item. @since 0.1 */
EC_API ec_status ec_cart_clear(ec_session *session, ec_id cart_id, ec_cart **out);

/**
 * Give a coupon's code with the cart. Refused, with nothing changed, when it does not help now.
 *
 * @param code as the shopper wrote it
 * @return EC_NOT_FOUND (field "code", rule "unknown_code"); EC_INVALID (field "code"): "expired",
 *         "not_started", "used_up", "customer_limit", "condition", "no_effect" …, as in
 *         ec_quote_promotion.rule, with the message for the shopper; EC_EXISTS when the cart has
 *         it; EC_LIMIT above the policy's coupons_max; EC_STATE
 * @since 0.1
 */
EC_API ec_status ec_cart_coupon_add(ec_session *session, ec_id cart_id, const char *code,
                                    ec_cart **out);

/** Take a code back. EC_NOT_FOUND when the cart does not have it. @since 0.1 */
EC_API ec_status ec_cart_coupon_remove(ec_session *session, ec_id cart_id, const char *code,
                                       ec_cart **out);

/**
 * Say where the cart goes and who pays, for taxes, zones and ways to ship. A checkout takes them
 * when its request has none.
 *
 * @param shipping_address NULL: none (any more)
 * @param billing_address  NULL: none, the shipping address counts
 * @return EC_INVALID with fields such as "shipping_address.country"; EC_STATE
 * @since 0.1
 */
EC_API ec_status ec_cart_set_addresses(ec_session *session, ec_id cart_id,
                                       const ec_address *shipping_address,
                                       const ec_address *billing_address, ec_cart **out);

/**
 * Choose how it is sent: one of quote->shipping.
 * @param method its code; NULL: none (any more)
 * @return EC_INVALID (field "shipping_method", rule "unavailable"); EC_STATE
 * @since 0.1
 */
EC_API ec_status ec_cart_set_shipping(ec_session *session, ec_id cart_id, const char *method,
                                      ec_cart **out);

/**
 * Choose how it will be paid, where prices depend on it (cash rounding, promotions).
 * @param method such as "cash", up to 50 characters; NULL: none (any more)
 * @return EC_INVALID (field "payment_method"); EC_STATE
 * @since 0.1
 */
EC_API ec_status ec_cart_set_payment(ec_session *session, ec_id cart_id, const char *method,
                                     ec_cart **out);

/**
 * Ask the tax service of the cart's channel (ec_channel.tax_provider, sys/tax.h) what the cart is
 * taxed with as it is now, and keep the answer until it expires. Without a fresh answer the quote
 * shows the shop's rates with the problem "no_tax_amounts", and no order can be made. A cart of a
 * channel without a service is only read.
 *
 * @param out a block; release it with ec_free
 * @return EC_NOT_FOUND; EC_STATE for a cart that is not open, and inside of ec_transact, as a
 *         service may take long; EC_UNSUPPORTED when the program has no service of that name;
 *         EC_UNKNOWN when it does not answer, with its words; what was known before stays then
 * @since 0.1
 */
EC_API ec_status ec_cart_taxes_refresh(ec_session *session, ec_id cart_id, ec_cart **out);

/** Take the present prices as seen: the notices end. @since 0.1 */
EC_API ec_status ec_cart_acknowledge(ec_session *session, ec_id cart_id, ec_cart **out);

/**
 * Give a visitor's cart (by the session's token) to the session's customer, by the channel's merge
 * policy. Nothing is lost without a record: what does not fit is in the event "cart.merged".
 * @param out the customer's cart
 * @since 0.1
 */
EC_API ec_status ec_cart_merge(ec_session *session, ec_cart **out);

/**
 * List carts in the order of their numbers, such as abandoned ones. Staff.
 * @param filter NULL: all; borrowed
 * @param page   NULL: the first
 * @return EC_INVALID for an unknown status name or a bad page
 * @since 0.1
 */
EC_API ec_status ec_cart_find(ec_session *session, const ec_cart_filter *filter,
                              const ec_page *page, ec_cart_list **out);

/**
 * End carts that nobody touched, the longest overdue first. System.
 *
 * Takes no idempotency key: a cart ends once however often this is called.
 *
 * @param limit at most so many, 1 to 1000; 0: 100
 * @param out   how many were ended, 0 when the call failed; may be NULL
 * @return EC_INVALID (field "limit"), EC_UNSUPPORTED when a key was set
 * @since 0.1
 */
EC_API ec_status ec_cart_sweep(ec_session *session, int64_t limit, int64_t *out);

/** What a checkout needs. Zero members: not given. @since 0.1 */
typedef struct ec_checkout_request {
    ec_id cart_id;
    const char *key;                    /**< idempotency key, for ever; required; EC_KEY_MAX */
    const char *email;                  /**< required for visitors; a customer's own otherwise */
    const ec_address *shipping_address; /**< required where something is shipped */
    const ec_address *billing_address;  /**< NULL: the shipping address */
    const char *shipping_method;        /**< code; NULL: the cart's */
    int64_t shipping_amount;            /**< minor units; staff and system only, 0 otherwise */
    int64_t expected_total;             /**< what the shopper was shown; -1: not compared */
    const char *payment_provider;       /**< NULL: "offline" (the order awaits its money) */
    const char *payment_method;         /**< such as "card"; NULL: "transfer" */
    const char *payment_token;          /**< for the provider; never stored */
    bool capture;                       /**< take the money now instead of reserving it */
    const char *note;                   /**< of the shopper, up to 2000 characters */
    ec_time placed_at;                  /**< of an old order, for imports; system only */
    size_t credits_count;               /**< up to EC_CREDITS_MAX */
    const ec_credit_tender *credits;    /**< gift cards and store credit that pay first, in order */
} ec_checkout_request;

/** A request with nothing given. @since 0.1 */
#define EC_CHECKOUT_REQUEST_INIT                                                                   \
    {                                                                                              \
        .expected_total = -1                                                                       \
    }

/**
 * Turn a cart into an order: all or nothing, exactly once for a cart and key, however often and
 * from however many threads, processes and retries it is asked.
 *
 * Stock is held before the payment starts; no database lock is held while the provider is asked;
 * then order, items, holds and payment become one commit. After a decline the cart is open again
 * and the same key may be used again. What gift cards and store credit pay is taken before the
 * provider is asked for the rest, and goes back after a decline.
 *
 * @param out the order; a repeated call returns the same one
 * @return EC_INVALID with field errors; EC_STATE (empty, not open); EC_OUT_OF_STOCK (each short
 *         item); EC_CHANGED (expected_total, or a notice not acknowledged: prices are kept, ask
 *         again); EC_DECLINED; EC_UNKNOWN (cart stays frozen until reconciliation); EC_KEY_REUSED
 *         (the cart became an order under another key)
 * @since 0.1
 */
EC_API ec_status ec_checkout(ec_session *session, const ec_checkout_request *request,
                             ec_order **out);

EC_END_DECLS

#endif
