/* SPDX-License-Identifier: MIT */
/**
 * @file shipping.h
 * @brief The carrier vtable: how the engine learns what a carrier takes for a parcel.
 *
 * A shipping method whose calculator says provider(NAME) has the fee that the carrier of that name
 * gave. Carriers are never asked while a cart is priced, and never inside of a transaction:
 * ec_cart_rates_refresh asks them, and what they answer is kept with the cart until it expires or
 * the goods or the address are others.
 *
 * Type and instance are split: `ec_shipping_ops` is one constant table per adapter, and an
 * adapter's own struct begins with `ec_shipping_provider`. For adapter authors; stable within a
 * minor version.
 */
#ifndef ECOMMERCE_SYS_SHIPPING_H
#define ECOMMERCE_SYS_SHIPPING_H

#include <ecommerce/address.h>
#include <ecommerce/engine.h>

EC_BEGIN_DECLS

#define EC_SHIPPING_OPS_VERSION 1
#define EC_SHIPPING_PROBLEM_MAX 256 /**< bytes of a carrier's explanation, with end mark */

typedef struct ec_shipping_provider ec_shipping_provider;

/** Goods that are to be sent. @since 0.1 */
typedef struct ec_shipping_item {
    const char *sku;      /**< or NULL */
    const char *category; /**< code of its kind for shipping, or NULL */
    int64_t quantity;
    int64_t price;  /**< of one, minor units, before discounts */
    int64_t weight; /**< grams of one; 0: unknown */
    int64_t length; /**< millimetres of one; 0: unknown */
    int64_t width;
    int64_t height;
} ec_shipping_item;

/** What the engine asks for. Everything is borrowed for the call. @since 0.1 */
typedef struct ec_shipping_request {
    const char *channel;  /**< code of the shop front */
    const char *currency; /**< of the fees */
    const ec_address *to;
    size_t items_count;
    const ec_shipping_item *items;
    size_t methods_count;
    const char *const *methods; /**< codes of the methods that ask this carrier */
} ec_shipping_request;

/** The fee of one method. @since 0.1 */
typedef struct ec_shipping_rate {
    int64_t amount;   /**< minor units */
    int64_t days_min; /**< days until it arrives; 0: unknown */
    int64_t days_max;
    bool offered; /**< false: the carrier does not take it */
} ec_shipping_rate;

/** What a carrier answers. @since 0.1 */
typedef struct ec_shipping_answer {
    ec_shipping_rate *rates; /**< one for each of the request's methods, all zero; to be filled */
    int64_t valid_ms;        /**< how long it holds; 0: 15 minutes */
    char problem[EC_SHIPPING_PROBLEM_MAX]; /**< why it could not be answered; never a secret */
} ec_shipping_answer;

/** The methods of a carrier's adapter. They may block; they are called from any thread. */
typedef struct ec_shipping_ops {
    int version;      /**< EC_SHIPPING_OPS_VERSION */
    const char *name; /**< as calculators name it, at most 32 bytes */
    /** The fees. EC_OK; anything else: it does not know, and what was known before stays until it
        expires. Required. */
    ec_status (*rates)(ec_shipping_provider *self, const ec_shipping_request *request,
                       ec_shipping_answer *answer);
    /** Release everything. No call is running. Required. */
    void (*close)(ec_shipping_provider *self);
} ec_shipping_ops;

/** What every carrier's instance begins with. */
struct ec_shipping_provider {
    const ec_shipping_ops *ops;
};

/**
 * Give an engine a carrier. Before the first session uses it; names are unique.
 *
 * @param provider owned by the engine from success on (closed by ec_close); stays the caller's on
 *                 failure
 * @return EC_EXISTS for a carrier of the same name, EC_LIMIT for too many, EC_MISUSE for a wrong
 *         version or a missing method
 * @since 0.1
 */
EC_API ec_status ec_shipping_register(ec_engine *engine, ec_shipping_provider *provider);

EC_END_DECLS

#endif
