/* SPDX-License-Identifier: MIT */
/**
 * @file product.h
 * @brief Products: what the shop shows. What is bought is one of a product's variants.
 *
 * A product is written as a whole: options, variants, images, attributes and tags go with it, in a
 * number of statements that does not depend on how many there are. Its price is the lowest one of
 * its active variants.
 *
 * Visitors and customers see products that are active and whose dates include the present, and of
 * them the active variants; anything else is not found. In a channel with a price list they see its
 * prices. Changes are for staff and the system.
 *
 * Events of the aggregate "product": "product.created", "product.updated", "product.deleted".
 */
#ifndef ECOMMERCE_PRODUCT_H
#define ECOMMERCE_PRODUCT_H

#include <ecommerce/attribute.h>
#include <ecommerce/brand.h>
#include <ecommerce/category.h>
#include <ecommerce/variant.h>

EC_BEGIN_DECLS

/** Whether a product is shown. @since 0.1 */
typedef enum ec_product_status {
    EC_PRODUCT_DRAFT = 0,   /**< not yet */
    EC_PRODUCT_ACTIVE = 1,  /**< from published_at on, until unpublished_at */
    EC_PRODUCT_ARCHIVED = 2 /**< no longer */
} ec_product_status;

/** By what a product's variants differ, such as "Colour". Its place is that in the list. @since 0.1
 */
typedef struct ec_product_option {
    ec_id id;
    ec_id product_id;          /**< set by the library */
    int64_t position;          /**< 1 to EC_OPTIONS_MAX; set by the library */
    const char *name;          /**< for people; unique in the product */
    size_t values_count;       /**< different values that the variants have */
    const char *const *values; /**< in the order of the variants; set by the library */
} ec_product_option;

/** An image. The first one stands for the product. Its place is that in the list. @since 0.1 */
typedef struct ec_product_image {
    ec_id id;
    ec_time created_at;
    ec_id product_id; /**< set by the library */
    int64_t position; /**< from 1; set by the library */
    const char *url;  /**< where it is */
    const char *alt;  /**< what it shows, or NULL */
} ec_product_image;

/** The value of an attribute. Several of one code are allowed. @since 0.1 */
typedef struct ec_product_attribute {
    ec_id id;
    ec_id product_id;       /**< set by the library */
    ec_id attribute_id;     /**< set by the library */
    int64_t number;         /**< thousandths of a number, 0 or 1000 of a boolean, milliseconds of a
                              date; else 0; set by the library */
    const char *value;      /**< as text, in the attribute's form */
    const char *code;       /**< which attribute */
    const char *name;       /**< the attribute's; set by the library */
    const char *unit;       /**< the attribute's, or NULL; set by the library */
    ec_attribute_type type; /**< the attribute's; set by the library */
} ec_product_attribute;

/** A product. @since 0.1 */
typedef struct ec_product {
    ec_id id;
    int64_t version;
    ec_time created_at;
    ec_time updated_at;
    ec_id category_id;       /**< where it stands, or 0 */
    ec_id brand_id;          /**< or 0 */
    ec_time published_at;    /**< not shown before; 0: set when it becomes active */
    ec_time unpublished_at;  /**< not shown from then on; 0: never ends */
    int64_t price;           /**< lowest of its active variants, minor units; see below */
    int64_t price_max;       /**< highest of them; set by the library */
    int64_t compare_price;   /**< that of the variant with the lowest price; 0: none */
    int64_t rating;          /**< mean of the accepted reviews, hundredths; set by the library */
    int64_t reviews_count;   /**< accepted reviews; set by the library */
    int64_t sold_count;      /**< units shipped; set by the library */
    int64_t stock;           /**< available units of its tracked active variants; computed */
    const char *name;        /**< for people */
    const char *slug;        /**< for addresses; unique; NULL: made from the name */
    const char *description; /**< may be HTML, or NULL; kept as it is given */
    const char *short_description; /**< or NULL */
    const char *type;              /**< the shop's own word for the kind of product, or NULL */
    const char *currency;   /**< ISO 4217 of its amounts; NULL: the channel's; fixed at creation */
    const char *sku;        /**< of its first variant, or NULL; see below */
    const char *image_url;  /**< of its first image, or NULL; computed */
    const char *meta_title; /**< for search engines, or NULL */
    const char *meta_description; /**< for search engines, or NULL */
    const char *metadata;         /**< the shop's own data, a JSON object, or NULL */
    ec_category_ref *category;    /**< computed; NULL without category_id */
    ec_brand_ref *brand;          /**< computed; NULL without brand_id */
    size_t options_count;         /**< 0 to EC_OPTIONS_MAX */
    ec_product_option *options;
    size_t variants_count; /**< 1 to EC_VARIANTS_MAX */
    ec_variant *variants;
    size_t images_count; /**< 0 to EC_IMAGES_MAX */
    ec_product_image *images;
    size_t attributes_count; /**< 0 to EC_ATTRIBUTES_MAX */
    ec_product_attribute *attributes;
    size_t tags_count; /**< 0 to EC_TAGS_MAX */
    const char *const *tags;
    ec_product_status status;
    bool is_featured; /**< the shop points at it */
} ec_product;

/** A page of products. @since 0.1 */
typedef struct ec_product_list {
    size_t items_count;
    ec_product *items;
    int64_t total;
    const char *next_cursor;
} ec_product_list;

/**
 * Add a product with everything that it has.
 *
 * Without variants it gets one, active and tracked, with the product's price, compare_price and
 * sku; when variants are given, these three are theirs and not looked at. Lists are kept in the
 * order in which they are given.
 *
 * @param product what is marked as set or computed by the library is ignored; borrowed
 * @param out     a block with the whole product; release it with ec_free
 * @return EC_INVALID with field errors: "category_id", "brand_id" (rule "unknown");
 *         "options[i].name" (rule "unique"); "variants[i].optionN" (rule "required", "options",
 *         "unique"); "variants" (rule "max_items": several without options); "variants[i].sku"
 *         (rule "unique": twice in the list); "variants[i].image_url" (rule "unknown");
 *         "attributes[i].code" (rule "unknown"); "attributes[i].value" (rule "number", "boolean",
 *         "date", "select", "unique"); "tags[i]" (rule "unique"); "unpublished_at" (rule "order").
 *         EC_EXISTS (field "slug", "sku" or "variants[i].sku")
 * @since 0.1
 */
EC_API ec_status ec_product_create(ec_session *session, const ec_product *product,
                                   ec_product **out);

/**
 * Change fields of a product. A list that is named replaces the stored one:
 *
 * - variants are recognised by their id, else by their SKU, else by their option values. Those that
 *   do not differ stay as they are; those that are missing are removed, or, when they were ordered,
 *   set inactive and put behind the others;
 * - options by their place, images by their id or address, attributes and tags by their value.
 *
 * price, compare_price and sku may be named when the product has a single variant and variants are
 * not named: they are that variant's.
 *
 * @param product the new values; when its version is not 0 it must be the stored one; a slug
 *                that is NULL stays as it is
 * @param fields  which of them count (ec_mask_of)
 * @return EC_NOT_FOUND; EC_STALE; EC_INVALID and EC_EXISTS as ec_product_create; EC_INVALID also
 *         for "variants[i].id" (rule "unknown": of another product; "unique"), for "currency" (rule
 *         "immutable") and for "price", "compare_price", "sku" of a product with several variants
 *         (rule "variants")
 * @since 0.1
 */
EC_API ec_status ec_product_update(ec_session *session, ec_id id, const ec_product *product,
                                   ec_mask fields, ec_product **out);

/**
 * Remove a product with all that it has, its balances and its reviews. One that was ordered cannot
 * be removed: archive it.
 * @param version when not 0 it must be the stored one
 * @return EC_NOT_FOUND; EC_STALE; EC_IN_USE
 * @since 0.1
 */
EC_API ec_status ec_product_delete(ec_session *session, ec_id id, int64_t version);

/** Read a whole product. @return EC_NOT_FOUND @since 0.1 */
EC_API ec_status ec_product_get(ec_session *session, ec_id id, ec_product **out);

/** Read a whole product by its slug. @return EC_NOT_FOUND @since 0.1 */
EC_API ec_status ec_product_by_slug(ec_session *session, const char *slug, ec_product **out);

/** The order of a listing; equal ones by their number in the same direction. @since 0.1 */
typedef enum ec_product_sort {
    EC_SORT_NEWEST = 0,       /**< "newest": by created_at, latest first */
    EC_SORT_OLDEST = 1,       /**< "oldest" */
    EC_SORT_PRICE = 2,        /**< "price" or "price_asc": lowest first */
    EC_SORT_PRICE_DESC = 3,   /**< "price_desc" or "-price" */
    EC_SORT_NAME = 4,         /**< "name": by code points */
    EC_SORT_NAME_DESC = 5,    /**< "name_desc" or "-name" */
    EC_SORT_RATING = 6,       /**< "rating": best first */
    EC_SORT_BEST_SELLING = 7, /**< "best_selling": most units shipped first */
    EC_SORT_MANUAL = 8 /**< "manual": as a collection was put together by hand; else "newest" */
} ec_product_sort;

/** A sort by its name above. @return EC_INVALID for none; *out is left alone. @since 0.1 */
EC_API ec_status ec_product_sort_of(const char *name, ec_product_sort *out);

/** Values of one attribute of which a product must have one. @since 0.1 */
typedef struct ec_attribute_choice {
    const char *code;          /**< which attribute */
    const char *min;           /**< of a number or date: at least this; NULL: no bound */
    const char *max;           /**< of a number or date: at most this; NULL: no bound */
    size_t values_count;       /**< 0: any value, within min and max */
    const char *const *values; /**< one of these, as they are written at products */
} ec_attribute_choice;

/** Which products are wanted, and in which order. Zero members: any. @since 0.1 */
typedef struct ec_product_filter {
    ec_id category_id;       /**< in this category or one below it */
    ec_id brand_id;          /**< of this brand */
    ec_id collection_id;     /**< in this collection */
    int64_t price_min;       /**< price at least, minor units; 0: no bound */
    int64_t price_max;       /**< price at most, minor units; 0: no bound */
    int64_t rating_min;      /**< hundredths */
    const char *with;        /**< lists that the items shall have, such as "variants,images": two
                              more statements; or NULL */
    const char *search;      /**< words that the name has, in any letter case of ASCII; or NULL */
    const char *status;      /**< "draft", "active" or "archived"; for staff; or NULL */
    const char *type;        /**< of this type; or NULL */
    size_t ids_count;        /**< at most EC_PAGE_SIZE_MAX */
    ec_id *ids;              /**< one of these */
    size_t tags_count;       /**< at most EC_FILTERS_MAX */
    const char *const *tags; /**< has all of these */
    size_t attributes_count; /**< at most EC_FILTERS_MAX */
    ec_attribute_choice *attributes; /**< fits all of these */
    ec_product_sort sort;
    bool in_stock;    /**< has an active variant that can be bought now */
    bool is_featured; /**< only those that the shop points at */
} ec_product_filter;

/**
 * List products: one statement, two with the total. The items have no lists unless `with` asks for
 * them; all else is there.
 *
 * @param filter NULL: all, newest first; borrowed
 * @param page   NULL: the first; by number or by cursor
 * @param out    a block; release it with ec_free
 * @return EC_NOT_FOUND for a category or collection that is not there; EC_INVALID with field errors
 *         for a filter or page that makes no sense; EC_DENIED for a visitor who asks for a status
 * @since 0.1
 */
EC_API ec_status ec_product_find(ec_session *session, const ec_product_filter *filter,
                                 const ec_page *page, ec_product_list **out);

/** Walk products as ec_product_find lists them. @param filter is copied @since 0.1 */
EC_API ec_status ec_product_cursor(ec_session *session, const ec_product_filter *filter,
                                   ec_cursor **out);

EC_END_DECLS

#endif
