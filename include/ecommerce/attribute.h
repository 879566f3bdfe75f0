/* SPDX-License-Identifier: MIT */
/**
 * @file attribute.h
 * @brief Attributes: typed facts about products by which people compare and filter.
 *
 * An attribute is defined once for the shop ("screen", number, unit "in") and may have one or
 * several values at each product (product.h). Changes are for staff and the system. Events:
 * "attribute.created", "attribute.updated", "attribute.deleted" of the aggregate "attribute".
 */
#ifndef ECOMMERCE_ATTRIBUTE_H
#define ECOMMERCE_ATTRIBUTE_H

#include <ecommerce/limits.h>
#include <ecommerce/list.h>

EC_BEGIN_DECLS

/** What the values of an attribute are. @since 0.1 */
typedef enum ec_attribute_type {
    EC_ATTRIBUTE_TEXT = 0,    /**< any text */
    EC_ATTRIBUTE_NUMBER = 1,  /**< a number with at most three decimals, such as "6.7" */
    EC_ATTRIBUTE_BOOLEAN = 2, /**< "true" or "false" */
    EC_ATTRIBUTE_DATE = 3,    /**< a day, such as "2026-11-24" */
    EC_ATTRIBUTE_SELECT = 4   /**< one of the attribute's choices */
} ec_attribute_type;

/** An attribute. @since 0.1 */
typedef struct ec_attribute {
    ec_id id;
    int64_t version;
    ec_time created_at;
    ec_time updated_at;
    const char *code;           /**< stable name for programs, such as "screen"; unique */
    const char *name;           /**< for people */
    const char *unit;           /**< of numbers, or NULL */
    size_t choices_count;       /**< EC_ATTRIBUTE_SELECT: 1 to EC_CHOICES_MAX */
    const char *const *choices; /**< what may be chosen, in their order; each once */
    ec_attribute_type type;     /**< fixed at creation */
    bool filterable;            /**< shops offer it as a filter */
} ec_attribute;

/** A page of attributes. @since 0.1 */
typedef struct ec_attribute_list {
    size_t items_count;
    ec_attribute *items;
    int64_t total;
    const char *next_cursor;
} ec_attribute_list;

/**
 * Add an attribute.
 *
 * @param attribute id, version and times are ignored; borrowed
 * @param out       a block; release it with ec_free
 * @return EC_INVALID with field errors, among them "choices" (rule "required": a select has none;
 *         "type": another type has some) and "choices[i]" (rule "unique"); EC_EXISTS (field "code")
 * @since 0.1
 */
EC_API ec_status ec_attribute_create(ec_session *session, const ec_attribute *attribute,
                                     ec_attribute **out);

/**
 * Change fields of an attribute. Choices that products have can be left out of the list: these
 * products keep them until they are changed themselves.
 *
 * @param attribute the new values; when its version is not 0 it must be the stored one
 * @param fields    which of them count (ec_mask_of)
 * @return EC_NOT_FOUND; EC_STALE; EC_INVALID with field errors (field "type", rule "immutable");
 *         EC_EXISTS (field "code")
 * @since 0.1
 */
EC_API ec_status ec_attribute_update(ec_session *session, ec_id id, const ec_attribute *attribute,
                                     ec_mask fields, ec_attribute **out);

/**
 * Remove an attribute that no product has.
 * @param version when not 0 it must be the stored one
 * @return EC_NOT_FOUND; EC_STALE; EC_IN_USE
 * @since 0.1
 */
EC_API ec_status ec_attribute_delete(ec_session *session, ec_id id, int64_t version);

/** Read an attribute. @return EC_NOT_FOUND @since 0.1 */
EC_API ec_status ec_attribute_get(ec_session *session, ec_id id, ec_attribute **out);

/** Read an attribute by its code. @return EC_NOT_FOUND @since 0.1 */
EC_API ec_status ec_attribute_by_code(ec_session *session, const char *code, ec_attribute **out);

/** List attributes in the order of their numbers. @param page NULL: the first @since 0.1 */
EC_API ec_status ec_attribute_find(ec_session *session, const ec_page *page,
                                   ec_attribute_list **out);

EC_END_DECLS

#endif
