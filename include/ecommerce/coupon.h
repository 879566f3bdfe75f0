/* SPDX-License-Identifier: MIT */
/**
 * @file coupon.h
 * @brief Coupons: codes that let a promotion apply, one by one or in thousands.
 *
 * A code is unique without regard to letter case. A coupon is spent in the transaction of the order
 * that uses it, and given back when that is cancelled, unless it may not be used again.
 *
 * Everything here is for staff and the system; shoppers put codes into their carts. Events of the
 * aggregate "coupon": "coupon.created", "….updated", "….deleted"; of the aggregate "promotion":
 * "promotion.coupons_generated".
 */
#ifndef ECOMMERCE_COUPON_H
#define ECOMMERCE_COUPON_H

#include <ecommerce/promotion.h>

EC_BEGIN_DECLS

#define EC_COUPON_CODE_MAX 64          /**< characters of a code */
#define EC_COUPON_LENGTH_MAX 40        /**< random characters of a generated code without pattern */
#define EC_COUPONS_MAX INT64_C(100000) /**< coupons that one call makes */

/** A coupon. @since 0.1 */
typedef struct ec_coupon {
    ec_id id;
    int64_t version;
    ec_time created_at;
    ec_time updated_at;
    ec_id promotion_id;     /**< that it lets apply; fixed at creation */
    ec_time expires_at;     /**< first moment when it is worth nothing; 0: never */
    int64_t usage_limit;    /**< orders altogether; 0: no limit */
    int64_t customer_limit; /**< orders of one customer; 0: no limit */
    int64_t used_count;     /**< orders that use it; read only */
    const char *code;       /**< letters, digits, "-" and "_"; unique whatever the letter case;
                                 fixed at creation */
    bool is_reusable;       /**< a cancelled order gives it back */
    bool is_active;         /**< may it be used? */
} ec_coupon;

/** A page of coupons. @since 0.1 */
typedef struct ec_coupon_list {
    size_t items_count;
    ec_coupon *items;
    int64_t total;
    const char *next_cursor;
} ec_coupon_list;

/** Which coupons a listing shows. Zero members: any. @since 0.1 */
typedef struct ec_coupon_filter {
    ec_id promotion_id; /**< of this promotion */
    bool newest_first;  /**< else in the order of their numbers */
} ec_coupon_filter;

/** What coupons are to be made. Zero members are the defaults. @since 0.1 */
typedef struct ec_coupon_request {
    int64_t amount;         /**< how many, 1 to EC_COUPONS_MAX */
    int64_t length;         /**< random characters of a code, 1 to EC_COUPON_LENGTH_MAX; 0: 8 */
    int64_t usage_limit;    /**< of each; 0: no limit */
    int64_t customer_limit; /**< of each; 0: no limit */
    ec_time expires_at;     /**< of each; 0: never */
    const char *prefix;     /**< before the random characters, or NULL */
    const char *suffix;     /**< behind them, or NULL */
    const char *alphabet;   /**< what they are taken of; NULL: hexadecimal digits */
    const char *pattern;    /**< instead of length, prefix, suffix and alphabet, such as
                                 "SUMMER-####-????": "#" a digit, "?" a letter, "*" either of
                                 both; letters never are I, L, O or U */
    bool is_reusable;       /**< cancelled orders give them back */
} ec_coupon_request;

/**
 * Add a coupon.
 *
 * @param coupon id, version, times and count are ignored; is_active is as given; borrowed
 * @param out    a block; release it with ec_free
 * @return EC_INVALID with field errors; EC_EXISTS (field "code")
 * @since 0.1
 */
EC_API ec_status ec_coupon_create(ec_session *session, const ec_coupon *coupon, ec_coupon **out);

/**
 * Make many coupons with random codes at once. They are active.
 *
 * @param out the new coupons, all in one list without cursor; a block, release it with ec_free
 * @return EC_NOT_FOUND for an unknown promotion; EC_INVALID with field errors, such as "amount"
 *         (rule "max") when more than half of all possible codes would be taken, existing ones
 *         included
 * @since 0.1
 */
EC_API ec_status ec_coupon_generate(ec_session *session, ec_id promotion_id,
                                    const ec_coupon_request *request, ec_coupon_list **out);

/**
 * Change fields of a coupon.
 * @return EC_NOT_FOUND; EC_STALE; EC_INVALID with field errors
 * @since 0.1
 */
EC_API ec_status ec_coupon_update(ec_session *session, ec_id id, const ec_coupon *coupon,
                                  ec_mask fields, ec_coupon **out);

/**
 * Remove a coupon.
 * @param version when not 0 it must be the stored one
 * @return EC_NOT_FOUND; EC_STALE; EC_IN_USE when an order used it: switch it off instead
 * @since 0.1
 */
EC_API ec_status ec_coupon_delete(ec_session *session, ec_id id, int64_t version);

/** Read a coupon. @return EC_NOT_FOUND @since 0.1 */
EC_API ec_status ec_coupon_get(ec_session *session, ec_id id, ec_coupon **out);

/** Read a coupon by its code, whatever the letter case. @return EC_NOT_FOUND @since 0.1 */
EC_API ec_status ec_coupon_by_code(ec_session *session, const char *code, ec_coupon **out);

/**
 * List coupons.
 * @param filter NULL: all  @param page NULL: the first
 * @return EC_INVALID (fields of a page)
 * @since 0.1
 */
EC_API ec_status ec_coupon_find(ec_session *session, const ec_coupon_filter *filter,
                                const ec_page *page, ec_coupon_list **out);

/** Walk coupons; see ec_cursor. @param filter NULL: all; copied @since 0.1 */
EC_API ec_status ec_coupon_cursor(ec_session *session, const ec_coupon_filter *filter,
                                  ec_cursor **out);

EC_END_DECLS

#endif
