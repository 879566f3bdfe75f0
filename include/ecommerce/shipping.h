/* SPDX-License-Identifier: MIT */
/**
 * @file shipping.h
 * @brief Ways to ship: where they go, what fits, what they cost, and how long they take.
 *
 * A method says in two short texts what it costs and when it fits; the words are listed in
 * docs/guide/shipping.md. Carts and quotes list the methods that fit, in the order of their
 * positions, and take the first one when none was chosen. A shop without any method does not manage
 * shipping here: orders need none and the fee is what the checkout is given.
 *
 * Everything here is for staff and the system; shoppers see methods in their carts and quotes.
 * Events: "shipping_method.created", "….updated", "….deleted" and "shipping_category.…".
 */
#ifndef ECOMMERCE_SHIPPING_H
#define ECOMMERCE_SHIPPING_H

#include <ecommerce/limits.h>
#include <ecommerce/list.h>
#include <ecommerce/session.h>

EC_BEGIN_DECLS

/** A kind of goods as far as shipping goes, such as "bulky". Variants name its code. @since 0.1 */
typedef struct ec_shipping_category {
    ec_id id;
    int64_t version;
    ec_time created_at;
    ec_time updated_at;
    const char *code; /**< stable name; unique; fixed at creation */
    const char *name; /**< for people */
} ec_shipping_category;

/** A page of shipping categories. @since 0.1 */
typedef struct ec_shipping_category_list {
    size_t items_count;
    ec_shipping_category *items;
    int64_t total;
    const char *next_cursor;
} ec_shipping_category_list;

/** How many of the units that are sent must be of the method's category. @since 0.1 */
typedef enum ec_shipping_match {
    EC_SHIPPING_ANY = 0, /**< at least one */
    EC_SHIPPING_ALL = 1, /**< all of them */
    EC_SHIPPING_NONE = 2 /**< none of them */
} ec_shipping_match;

/** May a method be chosen? @since 0.1 */
typedef enum ec_shipping_status {
    EC_SHIPPING_ACTIVE = 0,   /**< it is offered where it fits */
    EC_SHIPPING_DISABLED = 1, /**< it is not, for the time being */
    EC_SHIPPING_ARCHIVED = 2  /**< it is not any more; orders still name it */
} ec_shipping_status;

/** A way to ship. @since 0.1 */
typedef struct ec_shipping_method {
    ec_id id;
    int64_t version;
    ec_time created_at;
    ec_time updated_at;
    ec_id zone_id;       /**< where the address must lie; 0: everywhere */
    int64_t position;    /**< lower ones are offered first; 0 at creation: behind all others */
    int64_t days_min;    /**< business days until it arrives, at least */
    int64_t days_max;    /**< and at most; 0: unknown */
    int64_t cutoff_hour; /**< orders from this hour on (1 to 23, the shop's clock) leave a business
                              day later; 0: none */
    ec_id pickup_warehouse_id;     /**< it is picked up there; 0: it is sent */
    const char *code;              /**< stable name for programs, such as "standard"; unique */
    const char *name;              /**< for people */
    const char *description;       /**< for people, or NULL */
    const char *calculator;        /**< what it costs, such as "flat(3990 CLP)" */
    const char *conditions;        /**< when it fits, such as "weight <= 30000"; NULL: always */
    const char *tax_category;      /**< code, of the fee; NULL: the default one */
    const char *shipping_category; /**< code, that category_rule is about; NULL: none */
    const char *provider;          /**< the carrier that is asked; from the calculator, or NULL */
    size_t channels_count;
    const char *const *channels; /**< codes of the channels that offer it; none: all of them */
    ec_shipping_match category_rule;
    ec_shipping_status status;
} ec_shipping_method;

/** A page of ways to ship. @since 0.1 */
typedef struct ec_shipping_method_list {
    size_t items_count;
    ec_shipping_method *items;
    int64_t total;
    const char *next_cursor;
} ec_shipping_method_list;

/**
 * Add a shipping category.
 *
 * @param category id, version and times are ignored; borrowed
 * @param out      a block; release it with ec_free
 * @return EC_INVALID with field errors; EC_EXISTS (field "code")
 * @since 0.1
 */
EC_API ec_status ec_shipping_category_create(ec_session *session,
                                             const ec_shipping_category *category,
                                             ec_shipping_category **out);

/**
 * Change fields of a shipping category.
 *
 * @param category the new values; when its version is not 0 it must be the stored one
 * @param fields   which of them count (ec_mask_of)
 * @return EC_NOT_FOUND; EC_STALE; EC_INVALID with field errors
 * @since 0.1
 */
EC_API ec_status ec_shipping_category_update(ec_session *session, ec_id id,
                                             const ec_shipping_category *category, ec_mask fields,
                                             ec_shipping_category **out);

/**
 * Remove a shipping category.
 * @param version when not 0 it must be the stored one
 * @return EC_NOT_FOUND; EC_STALE; EC_IN_USE while a method or a variant names it
 * @since 0.1
 */
EC_API ec_status ec_shipping_category_delete(ec_session *session, ec_id id, int64_t version);

/** Read a shipping category. @return EC_NOT_FOUND @since 0.1 */
EC_API ec_status ec_shipping_category_get(ec_session *session, ec_id id,
                                          ec_shipping_category **out);

/** Read a shipping category by its code. @return EC_NOT_FOUND @since 0.1 */
EC_API ec_status ec_shipping_category_by_code(ec_session *session, const char *code,
                                              ec_shipping_category **out);

/** List shipping categories in the order of their numbers. @param page NULL: the first @since 0.1
 */
EC_API ec_status ec_shipping_category_find(ec_session *session, const ec_page *page,
                                           ec_shipping_category_list **out);

/**
 * Add a way to ship.
 *
 * @param method id, version, times and provider are ignored; borrowed
 * @param out    a block; release it with ec_free
 * @return EC_INVALID with field errors: "calculator" and "conditions" (rule "syntax", "unknown",
 *         "kind" …, the message names the place), "zone_id", "pickup_warehouse_id",
 *         "shipping_category" and "channels[i]" (rule "unknown"), "days_max" (rule "min": below
 *         days_min); EC_EXISTS (field "code")
 * @since 0.1
 */
EC_API ec_status ec_shipping_method_create(ec_session *session, const ec_shipping_method *method,
                                           ec_shipping_method **out);

/**
 * Change fields of a way to ship. Orders keep what they were placed with.
 *
 * @param method the new values; when its version is not 0 it must be the stored one
 * @param fields which of them count (ec_mask_of)
 * @return EC_NOT_FOUND; EC_STALE; EC_INVALID and EC_EXISTS as ec_shipping_method_create
 * @since 0.1
 */
EC_API ec_status ec_shipping_method_update(ec_session *session, ec_id id,
                                           const ec_shipping_method *method, ec_mask fields,
                                           ec_shipping_method **out);

/**
 * Remove a way to ship that no order used.
 * @param version when not 0 it must be the stored one
 * @return EC_NOT_FOUND; EC_STALE; EC_IN_USE when an order used it (archive it then)
 * @since 0.1
 */
EC_API ec_status ec_shipping_method_delete(ec_session *session, ec_id id, int64_t version);

/** Read a way to ship. @return EC_NOT_FOUND @since 0.1 */
EC_API ec_status ec_shipping_method_get(ec_session *session, ec_id id, ec_shipping_method **out);

/** Read a way to ship by its code. @return EC_NOT_FOUND @since 0.1 */
EC_API ec_status ec_shipping_method_by_code(ec_session *session, const char *code,
                                            ec_shipping_method **out);

/** List ways to ship in the order of their numbers, archived ones too. @param page NULL: the first
    @since 0.1 */
EC_API ec_status ec_shipping_method_find(ec_session *session, const ec_page *page,
                                         ec_shipping_method_list **out);

/**
 * Ask the carriers (sys/shipping.h) that the shop's methods name what they take for a cart, with
 * its address and goods, and keep their answers with it. Methods with a fee of provider(NAME) fit
 * while an answer is kept, for exactly these goods and this address. May take as long as the
 * carriers do. The cart's owner, staff.
 *
 * @return EC_NOT_FOUND (cart); EC_STATE: the cart is not open, or inside of a transaction;
 *         EC_UNSUPPORTED: a method names a carrier that was not registered; EC_UNKNOWN: one did not
 *         answer. What others answered is kept also then.
 * @since 0.1
 */
EC_API ec_status ec_cart_rates_refresh(ec_session *session, ec_id cart_id);

EC_END_DECLS

#endif
