/* SPDX-License-Identifier: MIT */
/**
 * @file price.h
 * @brief Prices in price lists: what a variant costs in the channels that use the list.
 *
 * What a customer pays in a channel for so many units at a moment: of the price lists (channel.h)
 * that are active and valid then, have the channel, are for everybody or one of the customer's
 * groups and have a price for the quantity, the first one by priority; in it the price of the
 * highest quantity that is reached, of these the one that began last. Without a list's price the
 * variant's own one holds when the product's currency is the channel's; otherwise the variant is
 * not sold. For staff and the system. Event: "price.changed" of the aggregate "variant".
 */
#ifndef ECOMMERCE_PRICE_H
#define ECOMMERCE_PRICE_H

#include <ecommerce/list.h>

EC_BEGIN_DECLS

/** The price of a variant in a price list, in the list's currency. @since 0.1 */
typedef struct ec_price {
    ec_id id;
    ec_id price_list_id;
    ec_id variant_id;
    int64_t min_quantity;   /**< holds from so many units of a line on; 0: 1 */
    int64_t amount;         /**< minor units */
    int64_t compare_amount; /**< what it is said to cost without discount; 0: none */
    int64_t minimum_amount; /**< no promotion goes below; 0: none */
    ec_time valid_from;     /**< it holds from then on; 0: always */
    ec_time valid_until;    /**< and before then; 0: for ever */
    const char *currency;   /**< the list's; set by the library */
} ec_price;

/** A page of prices. @since 0.1 */
typedef struct ec_price_page {
    size_t items_count;
    ec_price *items;
    int64_t total;
    const char *next_cursor;
} ec_price_page;

/**
 * Set a price; one of the same list, variant and min_quantity is replaced.
 *
 * @param price id and currency are ignored; borrowed
 * @param out   a block; release it with ec_free
 * @return EC_INVALID with field errors, among them "price_list_id", "variant_id" (rule "unknown")
 * @since 0.1
 */
EC_API ec_status ec_price_set(ec_session *session, const ec_price *price, ec_price **out);

/**
 * Remove a price.
 * @param min_quantity that of the price; 0: 1
 * @return EC_NOT_FOUND
 * @since 0.1
 */
EC_API ec_status ec_price_remove(ec_session *session, ec_id price_list_id, ec_id variant_id,
                                 int64_t min_quantity);

/** Which prices are wanted. Zero members: any. @since 0.1 */
typedef struct ec_price_filter {
    ec_id price_list_id;
    ec_id variant_id;
} ec_price_filter;

/** List prices in the order of their numbers. @param filter NULL: all; borrowed @since 0.1 */
EC_API ec_status ec_price_find(ec_session *session, const ec_price_filter *filter,
                               const ec_page *page, ec_price_page **out);

EC_END_DECLS

#endif
