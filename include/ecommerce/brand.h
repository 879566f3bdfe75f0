/* SPDX-License-Identifier: MIT */
/**
 * @file brand.h
 * @brief Brands: who makes the goods.
 *
 * Changes are for staff and the system. Visitors and customers see active brands only. Events:
 * "brand.created", "brand.updated", "brand.deleted" of the aggregate "brand".
 */
#ifndef ECOMMERCE_BRAND_H
#define ECOMMERCE_BRAND_H

#include <ecommerce/list.h>

EC_BEGIN_DECLS

/** A brand. @since 0.1 */
typedef struct ec_brand {
    ec_id id;
    int64_t version;
    ec_time created_at;
    ec_time updated_at;
    const char *name;        /**< for people; unique */
    const char *slug;        /**< for addresses; unique; NULL: made from the name */
    const char *description; /**< or NULL */
    const char *image_url;   /**< or NULL */
    bool is_active;          /**< visitors and customers see it */
} ec_brand;

/** What other objects tell of a brand. @since 0.1 */
typedef struct ec_brand_ref {
    ec_id id;
    const char *name;
    const char *slug;
} ec_brand_ref;

/** A page of brands. @since 0.1 */
typedef struct ec_brand_list {
    size_t items_count;
    ec_brand *items;
    int64_t total;
    const char *next_cursor;
} ec_brand_list;

/**
 * Add a brand.
 *
 * @param brand id, version and times are ignored; borrowed
 * @param out   a block; release it with ec_free
 * @return EC_INVALID with field errors; EC_EXISTS (field "name" or "slug")
 * @since 0.1
 */
EC_API ec_status ec_brand_create(ec_session *session, const ec_brand *brand, ec_brand **out);

/**
 * Change fields of a brand.
 *
 * @param brand  the new values; when its version is not 0 it must be the stored one; a slug
 *               that is NULL stays as it is
 * @param fields which of them count (ec_mask_of)
 * @return EC_NOT_FOUND; EC_STALE; EC_INVALID with field errors; EC_EXISTS (field "name" or "slug")
 * @since 0.1
 */
EC_API ec_status ec_brand_update(ec_session *session, ec_id id, const ec_brand *brand,
                                 ec_mask fields, ec_brand **out);

/**
 * Remove a brand that has no products.
 * @param version when not 0 it must be the stored one
 * @return EC_NOT_FOUND; EC_STALE; EC_IN_USE
 * @since 0.1
 */
EC_API ec_status ec_brand_delete(ec_session *session, ec_id id, int64_t version);

/** Read a brand. @return EC_NOT_FOUND @since 0.1 */
EC_API ec_status ec_brand_get(ec_session *session, ec_id id, ec_brand **out);

/** Read a brand by its slug. @return EC_NOT_FOUND @since 0.1 */
EC_API ec_status ec_brand_by_slug(ec_session *session, const char *slug, ec_brand **out);

/** List brands in the order of their numbers. @param page NULL: the first @since 0.1 */
EC_API ec_status ec_brand_find(ec_session *session, const ec_page *page, ec_brand_list **out);

/** Walk brands as ec_brand_find lists them. @since 0.1 */
EC_API ec_status ec_brand_cursor(ec_session *session, ec_cursor **out);

EC_END_DECLS

#endif
