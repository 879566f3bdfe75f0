/* SPDX-License-Identifier: MIT */
/**
 * @file policy.h
 * @brief How a shop front rounds, taxes, combines and refreshes: policy as data.
 *
 * Shops, countries and platforms differ in these questions. Each is a member here with a stated
 * default, kept with the channel and frozen into every order, so that an order can be computed
 * again to the cent for ever.
 */
#ifndef ECOMMERCE_POLICY_H
#define ECOMMERCE_POLICY_H

#include <ecommerce/money.h>

EC_BEGIN_DECLS

/** Where taxes are rounded. @since 0.1 */
typedef enum ec_tax_level {
    EC_TAX_LEVEL_LINE = 0, /**< each line's amount of each rate */
    EC_TAX_LEVEL_UNIT = 1, /**< each unit's amount, times the units */
    EC_TAX_LEVEL_RATE = 2, /**< each rate's sum over the order; shares by largest remainder */
    EC_TAX_LEVEL_ORDER = 3 /**< the sum of all rates; shares by largest remainder */
} ec_tax_level;

/** Which address decides the tax zone; the other one serves when it is missing. @since 0.1 */
typedef enum ec_tax_address {
    EC_TAX_BY_SHIPPING = 0, /**< where the goods go */
    EC_TAX_BY_BILLING = 1   /**< who pays */
} ec_tax_address;

/** What stays when a tax that prices include differs from that at home. @since 0.1 */
typedef enum ec_tax_keep {
    EC_TAX_KEEP_GROSS = 0, /**< the shopper pays the same everywhere */
    EC_TAX_KEEP_NET = 1    /**< the tax of the default zone comes out, that of the place goes in */
} ec_tax_keep;

/** How the fee of shipping is taxed. @since 0.1 */
typedef enum ec_shipping_tax {
    EC_SHIPPING_TAX_OWN = 0,     /**< by the method's tax category */
    EC_SHIPPING_TAX_WEIGHTED = 1 /**< as the goods, in proportion to the lines' totals */
} ec_shipping_tax;

/** What an exclusive promotion keeps out. @since 0.1 */
typedef enum ec_exclusion {
    EC_EXCLUDES_ALL = 0,   /**< every other promotion of the cart */
    EC_EXCLUDES_ITEMS = 1, /**< those that touch lines; promotions of shipping stay */
    EC_EXCLUDES_LANE = 2   /**< those of its lane */
} ec_exclusion;

/** How promotions that may apply together do. @since 0.1 */
typedef enum ec_stacking {
    EC_STACKING_ALL = 0, /**< each on what the earlier ones left */
    EC_STACKING_BEST = 1 /**< only the one that takes off most (the earlier one of equals) */
} ec_stacking;

/** What several percentages off the same unit are taken of. @since 0.1 */
typedef enum ec_percent_base {
    EC_PERCENT_OF_PRICE = 0, /**< all of the unit price */
    EC_PERCENT_OF_REST = 1   /**< each of what the earlier ones left */
} ec_percent_base;

/** Which price an item of a cart has. @since 0.1 */
typedef enum ec_price_refresh {
    EC_REFRESH_ALWAYS = 0, /**< the present one, with a notice of the change */
    EC_REFRESH_KEEP = 1    /**< the one last shown, for price_keep_ms */
} ec_price_refresh;

/** Which address a checkout must have; a missing other one is a copy. @since 0.1 */
typedef enum ec_address_rule {
    EC_ADDRESS_SHIPPING = 0, /**< the shipping address, where something is shipped */
    EC_ADDRESS_BILLING = 1   /**< the billing address, always */
} ec_address_rule;

/**
 * The policies of a channel. Zero members are the defaults. Rules of behaviour with a name here are
 * those of the guide (docs/guide/pricing.md).
 * @since 0.1
 */
typedef struct ec_policy {
    int64_t cash_step;     /**< totals paid in cash are multiples, minor units; 0, 1: no rounding */
    int64_t price_keep_ms; /**< how long EC_REFRESH_KEEP keeps a price */
    int64_t coupons_max;   /**< codes of one cart; 0: 1 */
    int64_t prior_days;    /**< period of the lowest price before a discount; 0: 30 */
    const char *cash_methods; /**< payment methods that are cash, comma-separated; NULL: "cash" */
    ec_rounding rounding;     /**< of percentages off prices and fees */
    ec_allocation discount_shares;    /**< how an order's discount is split over its lines */
    ec_tax_level tax_level;           /**< where taxes are rounded */
    ec_rounding tax_rounding;         /**< how */
    ec_tax_address tax_address;       /**< whose zone */
    ec_tax_keep tax_keep;             /**< what stays when an included tax differs from home's */
    ec_shipping_tax shipping_tax;     /**< how the fee is taxed */
    ec_exclusion exclusion;           /**< what an exclusive promotion keeps out */
    ec_stacking stacking;             /**< do promotions add up? */
    ec_percent_base percent_base;     /**< of several percentages off a unit */
    ec_price_refresh price_refresh;   /**< which price a cart has */
    ec_rounding cash_rounding;        /**< how the total meets cash_step */
    ec_address_rule required_address; /**< what a checkout must have */
    bool tax_before_discounts; /**< the base of taxes is the price before discounts of promotions */
    bool exempt_pays_gross;    /**< an exempt buyer pays the included tax all the same */
    bool skip_single_shipping; /**< the only fitting method needs no choice */
    bool hide_prior_price;     /**< the lowest earlier price is not shown */
} ec_policy;

/**
 * The policies that fit a country, or a named set of them.
 *
 * @param name ISO 3166-1 alpha-2 code, upper case: that of the country ("CL", "CH", "SE", "JP",
 *             "US" … have rules of their own, any other country the plain ones); or "classic": the
 *             behaviour of the shops of the guide, rule by rule
 * @param out  overwritten; its text is borrowed for ever
 * @return EC_NOT_FOUND for a name that is neither; EC_MISUSE for NULL. Any thread.
 * @since 0.1
 */
EC_API ec_status ec_policy_preset(const char *name, ec_policy *out);

EC_END_DECLS

#endif
