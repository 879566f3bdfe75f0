/* SPDX-License-Identifier: MIT */
/**
 * @file collection.h
 * @brief Collections: products that belong together, by rules or listed by hand.
 *
 * A collection with rules holds whatever fits them at the moment; one without holds what was added
 * to it, in that order. Its products are listed by ec_product_find (collection_id). Visitors and
 * customers see active collections. Changes are for staff and the system. Events:
 * "collection.created", "collection.updated", "collection.deleted" of the aggregate "collection".
 *
 * Rules are a JSON array of {"field", "op", "value"}, 1 to EC_RULES_MAX:
 *
 * | field | op | value |
 * |---|---|---|
 * | "tag", "type" | "is", "is_not" | text |
 * | "title" | "is", "is_not", "contains", "starts_with" | text; letter case of ASCII is the same |
 * | "category" | "is", "is_not" | id; those below it count too |
 * | "brand" | "is", "is_not" | id |
 * | "price" | "is", "is_not", "less", "greater", "at_most", "at_least" | decimal |
 * | "compare_price" | "is_set", "is_not_set" | none |
 * | "stock" | "less", "greater" | whole number of units |
 * | "attribute" | "is", "is_not" | text, with a further member "code" |
 */
#ifndef ECOMMERCE_COLLECTION_H
#define ECOMMERCE_COLLECTION_H

#include <ecommerce/product.h>

EC_BEGIN_DECLS

/** A collection. @since 0.1 */
typedef struct ec_collection {
    ec_id id;
    int64_t version;
    ec_time created_at;
    ec_time updated_at;
    const char *name;        /**< for people */
    const char *slug;        /**< for addresses; unique; NULL: made from the name */
    const char *description; /**< or NULL */
    const char *rules;       /**< see above; NULL: products are added by hand */
    ec_product_sort sort;    /**< the order that the shop proposes */
    bool match_all;          /**< all rules must fit, not only one of them */
    bool is_active;          /**< visitors and customers see it */
} ec_collection;

/** A page of collections. @since 0.1 */
typedef struct ec_collection_list {
    size_t items_count;
    ec_collection *items;
    int64_t total;
    const char *next_cursor;
} ec_collection_list;

/**
 * Add a collection.
 *
 * @param collection id, version and times are ignored; borrowed
 * @param out        a block; release it with ec_free
 * @return EC_INVALID with field errors: "rules" (rule "json", "min_items", "max_items"),
 *         "rules[i].field", "rules[i].op", "rules[i].value", "rules[i].code" (rule "required",
 *         "enum", "type", "unknown", …); EC_EXISTS (field "slug")
 * @since 0.1
 */
EC_API ec_status ec_collection_create(ec_session *session, const ec_collection *collection,
                                      ec_collection **out);

/**
 * Change fields of a collection. With rules for the first time it forgets what was added by hand.
 *
 * @param collection the new values; when its version is not 0 it must be the stored one; a slug
 *                   that is NULL stays as it is
 * @param fields     which of them count (ec_mask_of)
 * @return EC_NOT_FOUND; EC_STALE; EC_INVALID and EC_EXISTS as ec_collection_create
 * @since 0.1
 */
EC_API ec_status ec_collection_update(ec_session *session, ec_id id,
                                      const ec_collection *collection, ec_mask fields,
                                      ec_collection **out);

/**
 * Remove a collection; its products stay.
 * @param version when not 0 it must be the stored one
 * @return EC_NOT_FOUND; EC_STALE
 * @since 0.1
 */
EC_API ec_status ec_collection_delete(ec_session *session, ec_id id, int64_t version);

/** Read a collection. @return EC_NOT_FOUND @since 0.1 */
EC_API ec_status ec_collection_get(ec_session *session, ec_id id, ec_collection **out);

/** Read a collection by its slug. @return EC_NOT_FOUND @since 0.1 */
EC_API ec_status ec_collection_by_slug(ec_session *session, const char *slug, ec_collection **out);

/** List collections in the order of their numbers. @param page NULL: the first @since 0.1 */
EC_API ec_status ec_collection_find(ec_session *session, const ec_page *page,
                                    ec_collection_list **out);

/**
 * Add products to a collection without rules, behind those it has; those that it has stay where
 * they are.
 *
 * @param products their ids, borrowed
 * @param count    1 to EC_COLLECTION_STEP_MAX
 * @return EC_NOT_FOUND; EC_STATE for a collection with rules; EC_INVALID (field "products[i]", rule
 *         "unknown"; "products", rule "min_items", "max_items")
 * @since 0.1
 */
EC_API ec_status ec_collection_add(ec_session *session, ec_id id, const ec_id *products,
                                   size_t count);

/** Take products out of a collection without rules. Parameters as ec_collection_add; products that
    are not in it are passed over. @since 0.1 */
EC_API ec_status ec_collection_remove(ec_session *session, ec_id id, const ec_id *products,
                                      size_t count);

EC_END_DECLS

#endif
