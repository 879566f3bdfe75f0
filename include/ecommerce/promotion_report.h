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
 * @return EC_INVALID with the field errors of the promotion, or field "ends_at"; EC_NOT_FOUND (field
 *         "channel_id"); EC_OVERFLOW when a sum leaves its range
 * @since 0.1
 */
EC_API ec_status ec_promotion_simulate(ec_session *session, const ec_promotion *draft,
                                       const ec_simulation_request *request, ec_simulation **out);

EC_END_DECLS

#endif
