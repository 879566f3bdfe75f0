/* SPDX-License-Identifier: MIT */
/**
 * @file promotion_report.h
 * @brief What a promotion would have cost, and what is wrong with promotions, before they apply.
 *
 * Both functions only read. They are for staff and the system. A draft is a promotion that need not
 * be stored; a stored one can be given as well.
 */
#ifndef ECOMMERCE_PROMOTION_REPORT_H
#define ECOMMERCE_PROMOTION_REPORT_H

#include <ecommerce/promotion.h>

EC_BEGIN_DECLS

/** Over which orders a promotion is tried. @since 0.1 */
typedef struct ec_simulation_request {
    ec_id channel_id;  /**< 0: the session's */
    ec_time starts_at; /**< first moment of the orders; 0: from the first order on */
    ec_time ends_at;   /**< first moment after them; 0: up to now */
} ec_simulation_request;

/** The outcome for the orders of one currency. Amounts in its minor units. @since 0.1 */
typedef struct ec_simulation_currency {
    const char *currency;      /**< ISO 4217 */
    int64_t orders_count;      /**< that were looked at */
    int64_t applied_count;     /**< that would have got it */
    int64_t units;             /**< of goods in those that would have got it */
    int64_t discount_amount;   /**< off goods, gifts included */
    int64_t shipping_discount; /**< off fees */
    int64_t revenue_before; /**< goods of all orders at their prices, no cart discount taken off */
    int64_t revenue_after;  /**< the same with the promotion */
    int64_t margin_before;  /**< net of included tax less cost, goods of known cost only */
    int64_t margin_after;   /**< the same with the promotion, its gifts' cost taken off */
    int64_t unknown_cost_units; /**< units that the margins leave out */
    int64_t largest_discount;   /**< of one order, off goods and fee */
    const char *largest_order;  /**< its number, the first one; NULL: none got it */
} ec_simulation_currency;

/** What a promotion would have done. @since 0.1 */
typedef struct ec_simulation {
    ec_id channel_id;
    ec_time starts_at; /**< as it was asked for */
    ec_time ends_at;   /**< as it was asked for, or the present moment */
    int64_t orders_count;
    int64_t applied_count;
    size_t currencies_count;
    ec_simulation_currency *currencies; /**< by code; none without orders */
} ec_simulation;

/**
 * Run a promotion over past orders, as if it had been the only one.
 *
 * Each order that was not cancelled is priced again: its goods (units that were cancelled and gifts
 * are left out) at their frozen unit prices, at its moment, for its customer, with what the
 * catalogue and the customer's groups are today. Other promotions and the period of this one do
 * not count. One that needs a coupon is taken to have been given by everybody. Its limit of uses
 * and its budget are spent in the order of time; limits by customer or attribute are not, nor are
 * minimum prices known of the past. What the storage does for a thousand orders is a constant
 * number of statements, and memory does not grow with the orders.
 *
 * @param draft    the promotion, stored or not; borrowed
 * @param request  NULL: all orders of the session's channel
 * @param out      a block; release it with ec_free
 * @return EC_INVALID with the field errors of the promotion, or fields "ends_at", "channel_id";
 *         EC_NOT_FOUND (field "channel_id"); EC_OVERFLOW when a sum leaves its range
 * @since 0.1
 */
EC_API ec_status ec_promotion_simulate(ec_session *session, const ec_promotion *draft,
                                       const ec_simulation_request *request, ec_simulation **out);

/** What a finding is about. @since 0.1 */
typedef enum ec_finding_kind {
    EC_FINDING_CONTRADICTION = 0, /**< its condition can never hold */
    EC_FINDING_OVER = 1,          /**< its period is over */
    EC_FINDING_NO_COUPONS = 2,    /**< it needs a coupon and none can be used */
    EC_FINDING_USED_UP = 3,       /**< its limit of uses or its budget is reached */
    EC_FINDING_SHADOWED = 4,      /**< another one keeps it out wherever it could apply */
    EC_FINDING_NO_AMOUNT = 5,     /**< it states no amount for a channel where it applies */
    EC_FINDING_OVERLAP = 6,       /**< two that take off the same goods at the same time */
    EC_FINDING_WORST_CASE = 7,    /**< the largest part that all together take off goods */
    EC_FINDING_BELOW_COST = 8,    /**< goods would be sold for less than they cost */
    EC_FINDING_MINIMUM = 9,       /**< the minimum price stops discounts */
    EC_FINDING_ASSUMED = 10       /**< conditions that were taken to hold */
} ec_finding_kind;

/** How bad it is. @since 0.1 */
typedef enum ec_finding_severity {
    EC_FINDING_INFO = 0,    /**< good to know */
    EC_FINDING_WARNING = 1, /**< most likely not meant */
    EC_FINDING_ERROR = 2    /**< do not activate it like this */
} ec_finding_severity;

/** Something that was found out. @since 0.1 */
typedef struct ec_promotion_finding {
    const char *message;  /**< a sentence for people */
    const char *channel;  /**< code of the channel that it is about, or NULL */
    const char *currency; /**< of amount, or NULL */
    const char *sku;      /**< the worst of the goods, or the first; NULL: not about goods */
    int64_t quantity;     /**< units of it in the cart that showed it; 0: not about a cart */
    int64_t variants;     /**< how many variants it is about; 0: not about goods */
    int64_t rate;         /**< part of their price that is taken off, millionths */
    int64_t amount;       /**< BELOW_COST: what is lost with a unit, minor units, rounded up */
    size_t promotions_count;
    const char *const *promotions; /**< codes of those that it is about */
    ec_finding_kind kind;
    ec_finding_severity severity;
} ec_promotion_finding;

/** Everything that was found out. @since 0.1 */
typedef struct ec_promotion_findings {
    int64_t promotions_count; /**< that were looked at, the draft included */
    int64_t variants_count;   /**< that were tried in carts, once for each channel */
    int64_t errors_count;
    int64_t warnings_count;
    size_t findings_count;
    ec_promotion_finding *findings; /**< first about single promotions, then about goods */
} ec_promotion_findings;

/**
 * Look for what is wrong with the active promotions, or with a draft among them.
 *
 * Texts, periods, limits and coupons are looked at as they are stored. What promotions do together
 * is found by pricing carts of each single variant that is sold, in each active channel, with one
 * unit and with the numbers of units and the totals that conditions and actions ask for, now and
 * when later ones begin. Conditions about customers, places, times of day, codes and the presence
 * of other goods are taken to hold, so that the worst case is one that nobody may ever reach
 * (ASSUMED names the promotions); conditions about numbers and totals of certain goods are tested
 * on that variant alone, so a discount that only a mixed cart gets is not seen. Contradictions are
 * found between tests of the same subject that stand side by side; others are not. Prices of
 * customer groups and of the future are not looked at.
 *
 * @param draft NULL: all active ones; else only what it has a part in is told; borrowed
 * @param out   a block; release it with ec_free
 * @return EC_INVALID with the field errors of the promotion
 * @since 0.1
 */
EC_API ec_status ec_promotion_check(ec_session *session, const ec_promotion *draft,
                                    ec_promotion_findings **out);

EC_END_DECLS

#endif
