/* SPDX-License-Identifier: MIT */
/**
 * @file limits.h
 * @brief Every bound of the library, by name. Going over one is EC_LIMIT or a field error.
 */
#ifndef ECOMMERCE_LIMITS_H
#define ECOMMERCE_LIMITS_H

#include <stdint.h>

#define EC_PAGE_SIZE_DEFAULT 20     /**< items of a listing page when none is asked for */
#define EC_PAGE_SIZE_MAX 100        /**< items of a listing page at most */
#define EC_JSON_DEPTH_MAX 64        /**< nesting of JSON input */
#define EC_JSON_SIZE_MAX (8u << 20) /**< bytes of one JSON input */
#define EC_JSON_FIELD_DEPTH_MAX 32  /**< nesting inside a field of any JSON */
#define EC_FIELD_ERRORS_MAX 100     /**< field errors of one call; more are dropped */
#define EC_TEXT_MAX (1 << 20)       /**< code points of a text without a smaller bound */
#define EC_TEXTS_ITEM_MAX 255       /**< code points of a text in a list of texts */
#define EC_ITEMS_MAX 10000          /**< items of a list without a smaller bound */
#define EC_OBJECTS_MAX 100000       /**< nested objects of one input */
#define EC_CART_LINES_MAX 500       /**< lines of one cart */
#define EC_LINE_QUANTITY_MAX 9999   /**< units of one line (behaviour of the seed's shops) */
#define EC_AMOUNT_MAX INT64_C(999999999999999) /**< minor units of any stored amount */
#define EC_QUANTITY_MAX INT64_C(999999999999)  /**< units of any stock figure */
#define EC_STOCK_CHANGES_MAX 1000              /**< changes of balances in one call */
#define EC_CHANNEL_WAREHOUSES_MAX 100          /**< warehouses that serve a channel */
#define EC_SHIPPING_CHANNELS_MAX 100           /**< channels that a shipping method names */
#define EC_CATEGORY_DEPTH_MAX 16               /**< levels of the category tree */
#define EC_OPTIONS_MAX 3                       /**< options of one product (Shopify's limit) */
#define EC_VARIANTS_MAX 2048                   /**< variants of one product (Shopify's limit) */
#define EC_IMAGES_MAX 250                      /**< images of one product */
#define EC_TAGS_MAX 250                        /**< tags of one product */
#define EC_ADDRESSES_MAX 100                   /**< addresses of one customer's book */
#define EC_ATTRIBUTES_MAX 250                  /**< attribute values of one product */
#define EC_CHOICES_MAX 250                     /**< choices of one attribute */
#define EC_FILTERS_MAX 20                      /**< tags, attributes or values of a filter */
#define EC_RULES_MAX 60                        /**< rules of one collection */
#define EC_COLLECTION_STEP_MAX 1000            /**< products added or removed in one call */
#define EC_GIFT_CARDS_MAX 1000                 /**< gift cards made in one call */
#define EC_CREDITS_MAX 10                      /**< gift cards and credit of one payment */
#define EC_KEY_MAX 255                         /**< bytes of an idempotency key */

#endif
