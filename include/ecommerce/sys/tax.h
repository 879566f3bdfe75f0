/* SPDX-License-Identifier: MIT */
/**
 * @file tax.h
 * @brief The tax vtable: how the engine learns what a tax service says of a cart.
 *
 * A channel that names a service (ec_channel.tax_provider) is taxed by its amounts and not by the
 * shop's rates. Services are never asked while a cart is priced, and never inside of a transaction:
 * ec_cart_taxes_refresh asks, and what is answered is kept with the cart until it expires or the
 * goods, their prices, the fee or the address are others. Its amounts are taken as they are: what
 * the service reports is what the shopper pays.
 *
 * Type and instance are split: `ec_tax_ops` is one constant table per adapter, and an adapter's own
 * struct begins with `ec_tax_provider`. For adapter authors; stable within a minor version.
 */
#ifndef ECOMMERCE_SYS_TAX_H
#define ECOMMERCE_SYS_TAX_H

#include <ecommerce/address.h>
#include <ecommerce/engine.h>

EC_BEGIN_DECLS

#define EC_TAX_OPS_VERSION 1
#define EC_TAX_PROBLEM_MAX 256 /**< bytes of a service's explanation, with end mark */
#define EC_TAX_NAME_MAX 128    /**< bytes of a tax's name, with end mark */
#define EC_TAX_CODE_MAX 64     /**< bytes of a tax's code, with end mark */

typedef struct ec_tax_provider ec_tax_provider;

/** Goods of one line, or the fee. @since 0.1 */
typedef struct ec_tax_item {
    int64_t line;         /**< position in the cart, from 1; 0: the fee of shipping */
    const char *sku;      /**< or NULL */
    const char *name;     /**< or NULL */
    const char *category; /**< code of its tax category, or NULL */
    int64_t quantity;     /**< 1 or more */
    int64_t amount;       /**< of all units, after discounts, minor units */
    bool taxable;
} ec_tax_item;

/** What the engine asks for. Everything is borrowed for the call. @since 0.1 */
typedef struct ec_tax_request {
    const char *channel;    /**< code of the shop front */
    const char *currency;   /**< of all amounts */
    const ec_address *from; /**< only its country, that of the channel; or NULL */
    const ec_address *to;   /**< whose taxes are asked for; or NULL */
    const char *tax_number; /**< of the buyer, checked; or NULL */
    bool exempt;            /**< the shop knows that the buyer pays no tax */
    bool reverse_charge;    /**< or accounts for it */
    size_t items_count;
    const ec_tax_item *items;
} ec_tax_request;

/** One tax on one line or on the fee. @since 0.1 */
typedef struct ec_tax_amount {
    int64_t line;               /**< that of an item of the request */
    int64_t amount;             /**< minor units, 0 or more */
    int64_t rate;               /**< millionths, 0 or more; 0: unknown */
    bool included;              /**< inside of the amount of the item */
    char name[EC_TAX_NAME_MAX]; /**< for people; UTF-8 */
    char code[EC_TAX_CODE_MAX]; /**< such as the jurisdiction's; may be "" */
} ec_tax_amount;

/** What a service answers. @since 0.1 */
typedef struct ec_tax_answer {
    ec_tax_amount *amounts; /**< room for `room` amounts, all zero; to be filled from the first */
    size_t room;            /**< 16 for each item of the request */
    size_t count;           /**< how many there are */
    int64_t valid_ms;       /**< how long it holds; 0: 15 minutes */
    char problem[EC_TAX_PROBLEM_MAX]; /**< why it could not be answered; never a secret */
} ec_tax_answer;

/** The methods of a tax service's adapter. They may block; they are called from any thread. */
typedef struct ec_tax_ops {
    int version;      /**< EC_TAX_OPS_VERSION */
    const char *name; /**< as channels name it, at most 64 bytes */
    /** The taxes of a cart. EC_OK; anything else: it does not know, and what was known before stays
        until it expires. Required. */
    ec_status (*taxes)(ec_tax_provider *self, const ec_tax_request *request, ec_tax_answer *answer);
    /** Release everything. No call is running. Required. */
    void (*close)(ec_tax_provider *self);
} ec_tax_ops;

/** What every service's instance begins with. */
struct ec_tax_provider {
    const ec_tax_ops *ops;
};

/**
 * Give an engine a tax service. Before the first session uses it; names are unique.
 *
 * @param provider owned by the engine from success on (closed by ec_close); stays the caller's on
 *                 failure
 * @return EC_EXISTS for a service of the same name, EC_LIMIT for too many, EC_MISUSE for a wrong
 *         version or a missing method
 * @since 0.1
 */
EC_API ec_status ec_tax_register(ec_engine *engine, ec_tax_provider *provider);

EC_END_DECLS

#endif
