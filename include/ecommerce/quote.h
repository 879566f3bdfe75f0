/* SPDX-License-Identifier: MIT */
/**
 * @file quote.h
 * @brief What any goods cost in any situation, and why: prices, promotions, shipping, taxes.
 *
 * A quote is a pure function of lines, context and the shop's rules: it writes nothing, and neither
 * the order of the lines nor what happened before changes it. Carts show it and orders freeze it;
 * nothing else computes totals. Every cent is in an adjustment, every rule that did not apply in
 * the list of promotions, with its reason.
 *
 *   total = subtotal - discount + shipping + tax + rounding
 */
#ifndef ECOMMERCE_QUOTE_H
#define ECOMMERCE_QUOTE_H

#include <ecommerce/address.h>
#include <ecommerce/policy.h>
#include <ecommerce/session.h>

EC_BEGIN_DECLS

/** A line of a quote. Amounts in minor units of the quote's currency. @since 0.1 */
typedef struct ec_quote_line {
    int64_t position; /**< from 1, as asked; gifts follow */
    ec_id product_id;
    ec_id variant_id;
    int64_t quantity;
    int64_t base_price;     /**< of one, by price list or catalogue, before catalogue promotions */
    int64_t original_price; /**< of one, said to be the price without discount; 0: none */
    int64_t prior_price;    /**< lowest of the period before the discount; 0: none */
    int64_t unit_price;     /**< of one, after catalogue promotions */
    int64_t price;          /**< unit_price * quantity */
    int64_t unit_discount;  /**< off all units, by promotions of units */
    int64_t subtotal;       /**< price - unit_discount */
    int64_t order_discount; /**< its shares of discounts of the order */
    int64_t tax_amount;     /**< added on top */
    int64_t tax_included;   /**< inside of the price */
    int64_t total;          /**< subtotal - order_discount + tax_amount */
    const char *sku;        /**< or NULL */
    const char *name;       /**< product and variant, for people */
    bool gift;              /**< given by a promotion, not asked for */
} ec_quote_line;

/** What an adjustment is. @since 0.1 */
typedef enum ec_adjustment_kind {
    EC_ADJUST_CATALOG = 0,  /**< catalogue promotion: base_price to unit_price, all units */
    EC_ADJUST_UNIT = 1,     /**< promotion off units */
    EC_ADJUST_ORDER = 2,    /**< a line's share of a discount of the order */
    EC_ADJUST_SHIPPING = 3, /**< the fee */
    EC_ADJUST_SHIPPING_DISCOUNT = 4, /**< promotion off the fee */
    EC_ADJUST_TAX = 5,               /**< a rate's tax on a line or on the fee */
    EC_ADJUST_ROUNDING = 6           /**< cash rounding of the total */
} ec_adjustment_kind;

/** One reason of the total. In the order in which they came to be. @since 0.1 */
typedef struct ec_quote_adjustment {
    int64_t line;         /**< position of the line; 0: the fee or the order */
    int64_t amount;       /**< signed, minor units; CATALOG: what it changed, not in discounts */
    int64_t base;         /**< what it was taken of, minor units */
    int64_t rate;         /**< millionths; 0: a fixed amount */
    int64_t tax_included; /**< the part of amount that is included tax, same sign */
    int64_t quantity;     /**< units that it is about; 0: not about units */
    const char *source;   /**< what made it: "promotion:12", "tax_rate:3", "shipping_method:2" */
    const char *label;    /**< for people */
    const char *code;     /**< the coupon, or NULL */
    const char *rounding; /**< name of the mode where something was rounded, or NULL */
    ec_adjustment_kind kind;
    bool included; /**< already inside the prices: does not change the total */
} ec_quote_adjustment;

/** A tax of a quote, for the invoice. @since 0.1 */
typedef struct ec_quote_tax {
    ec_id tax_rate_id; /**< 0: from outside */
    const char *name;  /**< for people */
    const char *code;  /**< category's code */
    int64_t rate;      /**< millionths */
    int64_t base;      /**< net, minor units */
    int64_t amount;    /**< minor units */
    const char *note;  /**< such as "reverse_charge", "exempt", or NULL */
    bool included;     /**< inside the prices */
} ec_quote_tax;

/** A promotion that was looked at. @since 0.1 */
typedef struct ec_quote_promotion {
    ec_id promotion_id;
    ec_id coupon_id;     /**< or 0 */
    const char *name;    /**< for people */
    const char *code;    /**< the coupon, or NULL */
    int64_t amount;      /**< taken off lines and fee, 0 or more */
    const char *rule;    /**< why not: "condition", "used_up", "exclusive", "excluded", "no_effect",
                            "stopped", "not_best", "combination", "no_amount", "expired",
                            "not_started", "unknown_code", "customer_limit", "budget"; or NULL */
    const char *message; /**< the same in a sentence, with the failing test; or NULL */
    bool applied;        /**< did it change anything? */
} ec_quote_promotion;

/** A way to ship that could be chosen. @since 0.1 */
typedef struct ec_quote_shipping {
    ec_id shipping_method_id;
    const char *code;          /**< stable name */
    const char *name;          /**< for people */
    int64_t amount;            /**< the fee before discounts, minor units */
    int64_t parcels;           /**< how many it takes; 0: unknown */
    int64_t days_min;          /**< estimated days to delivery; 0: unknown */
    int64_t days_max;          /**< 0: unknown */
    ec_id pickup_warehouse_id; /**< where it is picked up, or 0 */
    bool chosen;               /**< the quote counts with it */
    bool estimated;            /**< chosen because none was asked for */
} ec_quote_shipping;

/** A quote. Amounts in minor units of currency. @since 0.1 */
typedef struct ec_quote {
    ec_id channel_id;
    const char *currency;
    ec_time priced_at;         /**< the moment whose rules hold */
    int64_t subtotal;          /**< lines at their unit prices */
    int64_t discount_amount;   /**< off the lines */
    int64_t shipping_fee;      /**< before discounts of shipping */
    int64_t shipping_discount; /**< off the fee */
    int64_t shipping_amount;   /**< fee - shipping_discount */
    int64_t shipping_tax;      /**< tax on the fee: added and included */
    int64_t tax_amount;        /**< added on top, that of the fee too */
    int64_t tax_included;      /**< inside of the prices, that of the fee too */
    int64_t rounding_amount;   /**< signed: what cash rounding added */
    int64_t total_amount;      /**< subtotal - discount + shipping + tax + rounding */
    ec_id tax_zone_id;         /**< whose rates hold, or 0 */
    const char *problem;       /**< what stands in the way of an order, such as
                                      "no_shipping_method", "no_tax_amounts"; or NULL */
    ec_policy *policy;         /**< what it was computed by */
    size_t lines_count;
    ec_quote_line *lines;
    size_t adjustments_count;
    ec_quote_adjustment *adjustments;
    size_t taxes_count;
    ec_quote_tax *taxes;
    size_t promotions_count;
    ec_quote_promotion *promotions;
    size_t shipping_count;
    ec_quote_shipping *shipping; /**< what could be chosen, in the order of the methods */
    bool needs_shipping;         /**< some line is sent */
} ec_quote;

/** A line that is asked for. Begin with EC_QUOTE_ASK_INIT: a price of 0 is a price. @since 0.1 */
typedef struct ec_quote_ask {
    ec_id variant_id;   /**< or 0: by sku */
    const char *sku;    /**< of the variant; NULL: by variant_id */
    int64_t quantity;   /**< 1 to EC_LINE_QUANTITY_MAX */
    int64_t unit_price; /**< minor units, set by hand (staff); -1: the shop's */
} ec_quote_ask;

/** A line at the shop's price. @since 0.1 */
#define EC_QUOTE_ASK_INIT                                                                          \
    {                                                                                              \
        .unit_price = -1                                                                           \
    }

/** A fact of the program's own, for rules: fact.NAME. @since 0.1 */
typedef struct ec_quote_fact {
    const char *name;  /**< 1 to 64 letters, digits, "_" and "-" */
    const char *value; /**< up to 255 characters */
} ec_quote_fact;

/**
 * What is asked for, and in which situation. Begin with EC_QUOTE_REQUEST_INIT. Zero members: not
 * given. Everything is borrowed.
 * @since 0.1
 */
typedef struct ec_quote_request {
    size_t lines_count;
    const ec_quote_ask *lines;          /**< 1 to EC_CART_LINES_MAX */
    ec_id channel_id;                   /**< 0: the session's */
    ec_id user_id;                      /**< 0: the session's customer; staff: anybody */
    const char *email;                  /**< of a visitor */
    const ec_address *shipping_address; /**< may be of a country only */
    const ec_address *billing_address;  /**< NULL: the shipping address */
    size_t coupons_count;               /**< up to 100 */
    const char *const *coupons;         /**< codes */
    const char *shipping_method;        /**< code; NULL: the first that fits */
    const char *payment_method;         /**< such as "cash"; or NULL */
    int64_t shipping_amount;            /**< fee set by hand (staff), minor units; -1: computed */
    ec_time at;                         /**< the moment whose rules hold (staff); 0: now */
    size_t facts_count;                 /**< up to 100 */
    const ec_quote_fact *facts;
} ec_quote_request;

/** A request with a computed fee. @since 0.1 */
#define EC_QUOTE_REQUEST_INIT                                                                      \
    {                                                                                              \
        .shipping_amount = -1                                                                      \
    }

/**
 * What would these goods cost? Reads only, needs no cart, holds no stock.
 *
 * Only the shop's people may ask for another customer, another moment, or set prices and the fee;
 * others are asked for what is sold in the channel.
 *
 * @param out a block; release it with ec_free
 * @return EC_INVALID with fields such as "lines[2].quantity"; EC_NOT_FOUND (field "lines[2].sku" or
 *         "lines[2].variant_id", not there or not sold; "channel_id"; "user_id"); EC_DENIED;
 *         EC_OVERFLOW above EC_AMOUNT_MAX
 * @since 0.1
 */
EC_API ec_status ec_quote_make(ec_session *session, const ec_quote_request *request,
                               ec_quote **out);

/**
 * The quote as a text for people: every line, every cent with its reason and its rounding, and
 * every rule that did not apply with the reason.
 *
 * @param quote of ec_quote_make, ec_cart_get …; borrowed
 * @param out   a block with lines ended by line feeds; release it with ec_free
 * @return EC_MISUSE for NULL; EC_NO_MEMORY
 * @since 0.1
 */
EC_API ec_status ec_quote_explain(ec_session *session, const ec_quote *quote, char **out);

EC_END_DECLS

#endif
