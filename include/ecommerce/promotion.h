/* SPDX-License-Identifier: MIT */
/**
 * @file promotion.h
 * @brief Promotions: when they apply, what they take off, how they combine, how often.
 *
 * A promotion says in two short texts when it applies and what it does; the words are listed in
 * docs/guide/promotion.md. One of the kind "catalog" changes unit prices, for everybody who looks;
 * one of the kind "cart" takes off carts, perhaps with a coupon (coupon.h). They apply by lane,
 * within a lane by priority (higher ones first), then by number.
 *
 * How often a promotion is used is counted in the transaction of each order, so no limit is ever
 * passed, however many orders are placed at once.
 *
 * Everything here is for staff and the system; shoppers see promotions in their carts and quotes.
 * Events of the aggregate "promotion": "promotion.created", "….updated", "….deleted".
 */
#ifndef ECOMMERCE_PROMOTION_H
#define ECOMMERCE_PROMOTION_H

#include <ecommerce/limits.h>
#include <ecommerce/list.h>
#include <ecommerce/session.h>

EC_BEGIN_DECLS

#define EC_PROMOTION_WORDS_MAX 50         /**< channels or tags of one promotion */
#define EC_PROMOTION_PRIORITY_MAX 1000000 /**< highest priority and lane */

/** Does a promotion take part? @since 0.1 */
typedef enum ec_promotion_status {
    EC_PROMOTION_DRAFT = 0,   /**< not yet */
    EC_PROMOTION_ACTIVE = 1,  /**< between starts_at and ends_at */
    EC_PROMOTION_ARCHIVED = 2 /**< not any more; orders still name it */
} ec_promotion_status;

/** What a promotion changes. @since 0.1 */
typedef enum ec_promotion_kind {
    EC_PROMOTION_CART = 0,   /**< what a cart costs */
    EC_PROMOTION_CATALOG = 1 /**< unit prices, wherever they are shown */
} ec_promotion_kind;

/** How a promotion competes with others of its lane that compete. @since 0.1 */
typedef enum ec_promotion_competition {
    EC_COMPETES_NONE = 0,        /**< not at all: each of them applies */
    EC_COMPETES_BEST = 1,        /**< only the one that takes off most of the cart */
    EC_COMPETES_BEST_BY_LINE = 2 /**< for each line the one that takes off most of it */
} ec_promotion_competition;

/** What attribute_limit counts by. @since 0.1 */
typedef enum ec_limit_attribute {
    EC_LIMIT_BY_NONE = 0,   /**< nothing */
    EC_LIMIT_BY_EMAIL = 1,  /**< the address for mail, without regard to letter case */
    EC_LIMIT_BY_PHONE = 2,  /**< the digits of the phone of the address */
    EC_LIMIT_BY_ADDRESS = 3 /**< country, postal code and street, letters and digits only */
} ec_limit_attribute;

/** A promotion. @since 0.1 */
typedef struct ec_promotion {
    ec_id id;
    int64_t version;
    ec_time created_at;
    ec_time updated_at;
    ec_time starts_at;       /**< first moment; 0: it always did */
    ec_time ends_at;         /**< first moment after it; 0: never */
    int64_t lane;            /**< lower ones apply first, 0 to EC_PROMOTION_PRIORITY_MAX */
    int64_t priority;        /**< higher ones apply first within a lane, likewise */
    int64_t usage_limit;     /**< orders altogether; 0: no limit */
    int64_t customer_limit;  /**< orders of one customer (account or address for mail); 0: none */
    int64_t attribute_limit; /**< orders with the same limit_attribute; 0: no limit */
    int64_t budget;          /**< it may take off altogether, minor units; 0: no limit */
    int64_t used_count;      /**< orders that use it; cancelled ones do not; read only */
    int64_t used_amount;     /**< of the budget, minor units; read only */
    const char *code;        /**< stable name for programs; unique */
    const char *name;        /**< for people */
    const char *description; /**< for people, or NULL */
    const char *conditions;  /**< when it applies, such as "units(brand = 3) >= 2"; NULL: always */
    const char *actions;     /**< what it does, such as "order_percent_off(10%)" */
    const char *currency;    /**< ISO 4217, of the budget; it then applies in no other one */
    size_t channels_count;
    const char *const *channels; /**< codes of the channels where it applies; none: all */
    size_t tags_count;
    const char *const *tags; /**< its own, for combines_with of others */
    size_t combines_with_count;
    const char *const *combines_with; /**< tags: only with promotions that have one; none: all */
    ec_promotion_status status;
    ec_promotion_kind kind;
    ec_promotion_competition competes;
    ec_limit_attribute limit_attribute; /**< what attribute_limit counts by */
    bool coupon_required;               /**< only with one of its coupons */
    bool is_exclusive;                  /**< keeps others out, see ec_policy.exclusion */
    bool stops;                         /**< nothing after it, once it applied */
    bool spares_discounted;             /**< lines with a reduced price take no part */
} ec_promotion;

/** A page of promotions. @since 0.1 */
typedef struct ec_promotion_list {
    size_t items_count;
    ec_promotion *items;
    int64_t total;
    const char *next_cursor;
} ec_promotion_list;

/** Which promotions a listing shows. Zero members: any. @since 0.1 */
typedef struct ec_promotion_filter {
    const char *status; /**< "draft", "active" or "archived" */
    const char *kind;   /**< "cart" or "catalog" */
    bool newest_first;  /**< else in the order of their numbers */
} ec_promotion_filter;

/**
 * Add a promotion.
 *
 * @param promotion id, version, times and counts are ignored; borrowed
 * @param out       a block; release it with ec_free
 * @return EC_INVALID with field errors: "conditions" and "actions" say at which byte and why;
 *         EC_EXISTS (field "code")
 * @since 0.1
 */
EC_API ec_status ec_promotion_create(ec_session *session, const ec_promotion *promotion,
                                     ec_promotion **out);

/**
 * Change fields of a promotion. Orders that were placed keep what they got.
 *
 * @param promotion the new values; when its version is not 0 it must be the stored one
 * @param fields    which of them count (ec_mask_of)
 * @return EC_NOT_FOUND; EC_STALE; EC_INVALID with field errors; EC_EXISTS (field "code")
 * @since 0.1
 */
EC_API ec_status ec_promotion_update(ec_session *session, ec_id id, const ec_promotion *promotion,
                                     ec_mask fields, ec_promotion **out);

/**
 * Give a promotion a priority that no other one of its kind has: its old place closes, and those at
 * or above the new one move up by one. Archived ones are passed over.
 *
 * @param priority 0 to EC_PROMOTION_PRIORITY_MAX; -1: above all others, -2: below the highest, and
 *                 so on, not under 0
 * @return EC_NOT_FOUND; EC_INVALID (field "priority")
 * @since 0.1
 */
EC_API ec_status ec_promotion_move(ec_session *session, ec_id id, int64_t priority,
                                   ec_promotion **out);

/**
 * Remove a promotion with its coupons.
 * @param version when not 0 it must be the stored one
 * @return EC_NOT_FOUND; EC_STALE; EC_IN_USE when an order used it: archive it instead
 * @since 0.1
 */
EC_API ec_status ec_promotion_delete(ec_session *session, ec_id id, int64_t version);

/** Read a promotion. @return EC_NOT_FOUND @since 0.1 */
EC_API ec_status ec_promotion_get(ec_session *session, ec_id id, ec_promotion **out);

/** Read a promotion by its code. @return EC_NOT_FOUND @since 0.1 */
EC_API ec_status ec_promotion_by_code(ec_session *session, const char *code, ec_promotion **out);

/**
 * List promotions.
 * @param filter NULL: all  @param page NULL: the first
 * @return EC_INVALID (fields "status", "kind" and those of a page)
 * @since 0.1
 */
EC_API ec_status ec_promotion_find(ec_session *session, const ec_promotion_filter *filter,
                                   const ec_page *page, ec_promotion_list **out);

/** Walk promotions; see ec_cursor. @param filter NULL: all; copied @since 0.1 */
EC_API ec_status ec_promotion_cursor(ec_session *session, const ec_promotion_filter *filter,
                                     ec_cursor **out);

EC_END_DECLS

#endif
