/* SPDX-License-Identifier: MIT */
/**
 * @file variant.h
 * @brief Variants: what a customer can put into a cart. Every product has at least one.
 *
 * A product with options has a variant for each combination of option values that exists; a
 * product without options has exactly one variant that is active. Changes of a variant also count
 * as changes of its product (version, updated_at, price) and make the product's events. They are
 * for staff and the system; visitors and customers read the active variants of products that they
 * see, without cost_price.
 */
#ifndef ECOMMERCE_VARIANT_H
#define ECOMMERCE_VARIANT_H

#include <ecommerce/limits.h>
#include <ecommerce/list.h>

EC_BEGIN_DECLS

/** The unit in which people see a weight; it is kept in grams always. @since 0.1 */
typedef enum ec_weight_unit {
    EC_WEIGHT_G = 0,
    EC_WEIGHT_KG = 1,
    EC_WEIGHT_OZ = 2,
    EC_WEIGHT_LB = 3
} ec_weight_unit;

/**
 * A variant. Begin a new one with ec_init("variant", &variant): it is active, tracked, shipped and
 * taxed then.
 * @since 0.1
 */
typedef struct ec_variant {
    ec_id id;
    int64_t version;
    ec_time created_at;
    ec_time updated_at;
    ec_id product_id;              /**< set by the library */
    ec_id image_id;                /**< one of the product's images, or 0 */
    int64_t position;              /**< among the product's variants, from 1; set by the library */
    int64_t price;                 /**< minor units */
    int64_t compare_price;         /**< what it is said to cost without discount; 0: none */
    int64_t cost_price;            /**< what it costs the shop; 0: unknown; for staff */
    int64_t weight;                /**< grams; 0: unknown */
    int64_t length;                /**< millimetres, as it is sent; 0: unknown */
    int64_t width;                 /**< millimetres; 0: unknown */
    int64_t height;                /**< millimetres; 0: unknown */
    int64_t stock;                 /**< available units in active warehouses; computed */
    const char *name;              /**< "Red / XL", or the product's name; set by the library */
    const char *sku;               /**< stock keeping unit; unique in the shop; or NULL */
    const char *barcode;           /**< GTIN or another one, or NULL */
    const char *option1;           /**< value of the product's first option, or NULL */
    const char *option2;           /**< of the second one, or NULL */
    const char *option3;           /**< of the third one, or NULL */
    const char *tax_code;          /**< class of goods for taxes, or NULL */
    const char *shipping_category; /**< code of its kind of goods for shipping, or NULL */
    const char *metadata;          /**< the shop's own data as JSON, or NULL */
    const char *currency;          /**< of its amounts: the product's; set by the library */
    const char *image_url; /**< address of its image; on input it names one of the product's images
                                 when image_id is 0; or NULL */
    ec_weight_unit weight_unit; /**< how people see its weight */
    bool is_active;             /**< is offered */
    bool tracked;               /**< its stock is counted; else it can always be bought */
    bool backorder;             /**< it may be bought although none is there */
    bool requires_shipping;     /**< it is a thing */
    bool taxable;               /**< taxes are charged */
} ec_variant;

/** A page of variants. @since 0.1 */
typedef struct ec_variant_list {
    size_t items_count;
    ec_variant *items;
    int64_t total;
    const char *next_cursor;
} ec_variant_list;

/**
 * Add a variant to a product, behind those it has.
 *
 * @param variant id, version, times, product_id, position and name are ignored; borrowed
 * @param out     a block; release it with ec_free
 * @return EC_NOT_FOUND (product); EC_LIMIT (more than EC_VARIANTS_MAX); EC_INVALID with field
 *         errors: "optionN" (rule "required": the product has such an option; "options": it has
 *         not; "unique": another active variant has the same values), "image_id", "image_url"
 *         (rule "unknown"); EC_EXISTS (field "sku")
 * @since 0.1
 */
EC_API ec_status ec_variant_create(ec_session *session, ec_id product_id, const ec_variant *variant,
                                   ec_variant **out);

/**
 * Change fields of a variant.
 *
 * @param variant the new values; when its version is not 0 it must be the stored one
 * @param fields  which of them count (ec_mask_of)
 * @return EC_NOT_FOUND; EC_STALE; otherwise as ec_variant_create
 * @since 0.1
 */
EC_API ec_status ec_variant_update(ec_session *session, ec_id id, const ec_variant *variant,
                                   ec_mask fields, ec_variant **out);

/**
 * Remove a variant with its balances. One that was ordered cannot be removed: set is_active to
 * false.
 * @param version when not 0 it must be the stored one
 * @return EC_NOT_FOUND; EC_STALE; EC_IN_USE; EC_STATE for the last variant of its product
 * @since 0.1
 */
EC_API ec_status ec_variant_delete(ec_session *session, ec_id id, int64_t version);

/** Read a variant. @return EC_NOT_FOUND @since 0.1 */
EC_API ec_status ec_variant_get(ec_session *session, ec_id id, ec_variant **out);

/** Read a variant by its SKU. @return EC_NOT_FOUND @since 0.1 */
EC_API ec_status ec_variant_by_sku(ec_session *session, const char *sku, ec_variant **out);

/** List the variants of a product in their order. @return EC_NOT_FOUND (product) @since 0.1 */
EC_API ec_status ec_variant_find(ec_session *session, ec_id product_id, ec_variant_list **out);

EC_END_DECLS

#endif
