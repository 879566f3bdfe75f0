/* SPDX-License-Identifier: MIT */
/**
 * @file category.h
 * @brief The tree of categories: where in the shop a product stands.
 *
 * A category has at most one parent; the tree has at most EC_CATEGORY_DEPTH_MAX levels and never a
 * circle. A product stands in one category and is listed in all above it. Visitors and customers
 * see active categories only, and nothing below one that is not.
 *
 * Changes are for staff and the system. Events: "category.created", "category.updated",
 * "category.moved", "category.deleted" of the aggregate "category".
 */
#ifndef ECOMMERCE_CATEGORY_H
#define ECOMMERCE_CATEGORY_H

#include <ecommerce/limits.h>
#include <ecommerce/list.h>

EC_BEGIN_DECLS

/** A category. @since 0.1 */
typedef struct ec_category {
    ec_id id;
    int64_t version;
    ec_time created_at;
    ec_time updated_at;
    ec_id parent_id;              /**< the category above it; 0: at the top */
    int64_t depth;                /**< its level, from 1; set by the library */
    int64_t sort_order;           /**< among those of the same parent, lower first */
    const char *name;             /**< for people */
    const char *slug;             /**< for addresses; unique; NULL: made from the name */
    const char *path;             /**< ids from the top to itself: "/1/7/23/"; set by the library */
    const char *description;      /**< or NULL */
    const char *image_url;        /**< or NULL */
    const char *meta_title;       /**< for search engines, or NULL */
    const char *meta_description; /**< for search engines, or NULL */
    bool is_active;               /**< visitors and customers see it */
} ec_category;

/** What other objects tell of a category. @since 0.1 */
typedef struct ec_category_ref {
    ec_id id;
    const char *name;
    const char *slug;
} ec_category_ref;

/** A page of categories. @since 0.1 */
typedef struct ec_category_list {
    size_t items_count;
    ec_category *items;
    int64_t total;
    const char *next_cursor;
} ec_category_list;

/**
 * Add a category.
 *
 * @param category id, version, times, depth and path are ignored; borrowed
 * @param out      a block; release it with ec_free
 * @return EC_INVALID with field errors, among them "parent_id" (rule "unknown", "depth"); EC_EXISTS
 *         (field "slug")
 * @since 0.1
 */
EC_API ec_status ec_category_create(ec_session *session, const ec_category *category,
                                    ec_category **out);

/**
 * Change fields of a category. A new parent_id moves it with all below it, see ec_category_move.
 *
 * @param category the new values; when its version is not 0 it must be the stored one; a slug
 *                 that is NULL stays as it is
 * @param fields   which of them count (ec_mask_of)
 * @return EC_NOT_FOUND; EC_STALE; EC_INVALID with field errors; EC_EXISTS (field "slug")
 * @since 0.1
 */
EC_API ec_status ec_category_update(ec_session *session, ec_id id, const ec_category *category,
                                    ec_mask fields, ec_category **out);

/**
 * Put a category, with all below it, under another one.
 *
 * @param parent_id the new parent; 0: the top
 * @param version   when not 0 it must be the stored one
 * @return EC_NOT_FOUND; EC_STALE; EC_INVALID (field "parent_id", rule "unknown"; "cycle": the
 *         parent is the category itself or below it; "depth": the tree would have more than
 *         EC_CATEGORY_DEPTH_MAX levels)
 * @since 0.1
 */
EC_API ec_status ec_category_move(ec_session *session, ec_id id, ec_id parent_id, int64_t version,
                                  ec_category **out);

/**
 * Remove a category that has neither products nor categories below it.
 * @param version when not 0 it must be the stored one
 * @return EC_NOT_FOUND; EC_STALE; EC_IN_USE
 * @since 0.1
 */
EC_API ec_status ec_category_delete(ec_session *session, ec_id id, int64_t version);

/** Read a category. @return EC_NOT_FOUND @since 0.1 */
EC_API ec_status ec_category_get(ec_session *session, ec_id id, ec_category **out);

/** Read a category by its slug. @return EC_NOT_FOUND @since 0.1 */
EC_API ec_status ec_category_by_slug(ec_session *session, const char *slug, ec_category **out);

/** Which categories are wanted. Zero members: any. @since 0.1 */
typedef struct ec_category_filter {
    ec_id parent_id; /**< directly below this one */
    bool top;        /**< only those at the top */
} ec_category_filter;

/**
 * List categories in the order of their numbers.
 * @param filter NULL: all; borrowed
 * @param page   NULL: the first
 * @param out    a block; release it with ec_free
 * @return EC_INVALID for a bad page
 * @since 0.1
 */
EC_API ec_status ec_category_find(ec_session *session, const ec_category_filter *filter,
                                  const ec_page *page, ec_category_list **out);

/** Walk categories as ec_category_find lists them. @since 0.1 */
EC_API ec_status ec_category_cursor(ec_session *session, const ec_category_filter *filter,
                                    ec_cursor **out);

/**
 * A whole tree at once, in the order in which people see it: each category is followed by those
 * below it, those of one parent by sort_order and name. depth tells how far to indent.
 *
 * @param root_id the category at its top, which comes first; 0: all categories
 * @param out     a block; release it with ec_free. total is the number of items.
 * @return EC_NOT_FOUND
 * @since 0.1
 */
EC_API ec_status ec_category_tree(ec_session *session, ec_id root_id, ec_category_list **out);

EC_END_DECLS

#endif
