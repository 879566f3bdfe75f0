/* SPDX-License-Identifier: MIT */
/**
 * @file warehouse.h
 * @brief Warehouses: where goods lie, and which of them serve a channel.
 *
 * A warehouse is never removed, as its ledger stays; one that is not active serves no new order.
 */
#ifndef ECOMMERCE_WAREHOUSE_H
#define ECOMMERCE_WAREHOUSE_H

#include <ecommerce/address.h>
#include <ecommerce/list.h>

EC_BEGIN_DECLS

/** A place where goods lie. @since 0.1 */
typedef struct ec_warehouse {
    ec_id id;
    int64_t version;
    ec_time created_at;
    ec_time updated_at;
    int64_t priority;    /**< lower first, where a channel does not say otherwise */
    const char *code;    /**< stable name for programs, such as "main"; unique */
    const char *name;    /**< for people */
    ec_address *address; /**< or NULL */
    bool is_active;      /**< serves orders */
} ec_warehouse;

/** A page of warehouses. @since 0.1 */
typedef struct ec_warehouse_list {
    size_t items_count;
    ec_warehouse *items;
    int64_t total;
    const char *next_cursor;
} ec_warehouse_list;

/**
 * Add a warehouse. Staff.
 *
 * @param warehouse id, version and times are ignored; borrowed
 * @param out       a block; release it with ec_free
 * @return EC_INVALID with field errors; EC_EXISTS (field "code")
 * @since 0.1
 */
EC_API ec_status ec_warehouse_create(ec_session *session, const ec_warehouse *warehouse,
                                     ec_warehouse **out);

/**
 * Change fields of a warehouse. Goods and holds in it stay when it stops being active. Staff.
 *
 * @param warehouse the new values; when its version is not 0 it must be the stored one
 * @param fields    which of them count (ec_mask_of)
 * @return EC_NOT_FOUND, EC_STALE, EC_INVALID with field errors, EC_EXISTS (field "code")
 * @since 0.1
 */
EC_API ec_status ec_warehouse_update(ec_session *session, ec_id id, const ec_warehouse *warehouse,
                                     ec_mask fields, ec_warehouse **out);

/** Read a warehouse. Staff. @since 0.1 */
EC_API ec_status ec_warehouse_get(ec_session *session, ec_id id, ec_warehouse **out);

/** Read a warehouse by its code. Staff. @since 0.1 */
EC_API ec_status ec_warehouse_by_code(ec_session *session, const char *code, ec_warehouse **out);

/** List warehouses in the order of their numbers. Staff. @since 0.1 */
EC_API ec_status ec_warehouse_find(ec_session *session, const ec_page *page,
                                   ec_warehouse_list **out);

/**
 * Say which warehouses serve a channel, the first one first. Without any, all active warehouses do,
 * in the order of their priorities. Staff.
 *
 * @param warehouses their ids, borrowed; may be NULL when count is 0
 * @param count      at most EC_CHANNEL_WAREHOUSES_MAX
 * @return EC_NOT_FOUND (channel), EC_INVALID (field "warehouses[i]", rule "unknown" or "unique";
 *         field "warehouses", rule "max_items")
 * @since 0.1
 */
EC_API ec_status ec_warehouse_assign(ec_session *session, ec_id channel_id, const ec_id *warehouses,
                                     size_t count);

/**
 * The active warehouses that serve a channel, in the order in which they do. Staff.
 * @param out a block; release it with ec_free
 * @return EC_NOT_FOUND (channel)
 * @since 0.1
 */
EC_API ec_status ec_warehouse_serving(ec_session *session, ec_id channel_id,
                                      ec_warehouse_list **out);

EC_END_DECLS

#endif
