/* SPDX-License-Identifier: MIT */
/**
 * @file stock.h
 * @brief How many of each variant lie where, what is promised of it, and every change there was.
 *
 * For each variant and warehouse there are balances:
 *
 *     available = on_hand - committed - damaged - safety_stock
 *
 * on_hand, incoming and damaged are the sums of their movements, an append-only ledger; committed
 * is the sum of the active reservations. Reservations are made by checkouts and orders only; each
 * one ends in exactly one of committed (the goods left), released and expired.
 *
 * Balances are changed relatively, or by compare-and-set. Untracked variants may have balances too,
 * but no order looks at them. A variant with backorders may have more committed than on hand.
 * Everything here is for staff and the system. ec_verify (verify.h) proves the ledger.
 *
 * Events: "stock.low" and "stock.out" of the aggregate "inventory", once each time that available
 * falls to the reorder point or below, or to 0 or below; "reservation.expired" of the aggregate
 * "reservation".
 */
#ifndef ECOMMERCE_STOCK_H
#define ECOMMERCE_STOCK_H

#include <ecommerce/limits.h>
#include <ecommerce/list.h>

EC_BEGIN_DECLS

/** The balances of a variant in a warehouse, in units. @since 0.1 */
typedef struct ec_stock_level {
    ec_id id; /**< 0 as long as nothing was ever recorded */
    int64_t version;
    ec_time updated_at;
    ec_id variant_id;
    ec_id warehouse_id;
    int64_t on_hand;          /**< lie there, damaged ones included */
    int64_t committed;        /**< promised: the sum of the active reservations */
    int64_t available;        /**< on_hand - committed - damaged - safety_stock; may be negative */
    int64_t incoming;         /**< ordered from a supplier, not there yet */
    int64_t damaged;          /**< of those on hand, not for sale */
    int64_t safety_stock;     /**< of those on hand, kept back */
    int64_t reorder_point;    /**< available at or below it is low; 0: never low */
    int64_t reorder_quantity; /**< how many to order then; for people */
    bool backorder;           /**< the variant may be sold without being there */
} ec_stock_level;

/** A page of balances. @since 0.1 */
typedef struct ec_stock_level_list {
    size_t items_count;
    ec_stock_level *items;
    int64_t total;
    const char *next_cursor;
} ec_stock_level_list;

/** Why a balance changed. @since 0.1 */
typedef enum ec_movement_kind {
    EC_MOVEMENT_RECEIPT = 0,    /**< goods came in */
    EC_MOVEMENT_ADJUSTMENT = 1, /**< a correction */
    EC_MOVEMENT_COUNT = 2,      /**< the shelf was counted */
    EC_MOVEMENT_SALE = 3,       /**< goods left for a customer */
    EC_MOVEMENT_RETURN = 4,     /**< goods came back from a customer */
    EC_MOVEMENT_TRANSFER = 5,   /**< to or from another warehouse */
    EC_MOVEMENT_DAMAGE = 6,     /**< goods broke, or were repaired */
    EC_MOVEMENT_INCOMING = 7    /**< goods were ordered, or will not come */
} ec_movement_kind;

/** One change of the balances. Never changed itself. @since 0.1 */
typedef struct ec_movement {
    ec_id id;
    ec_time created_at;
    ec_id variant_id;
    ec_id warehouse_id;
    ec_id cause_id;  /**< number of what caused it, or 0 */
    ec_id user_id;   /**< who did it; 0: nobody known */
    int64_t on_hand; /**< by how much each balance changed */
    int64_t incoming;
    int64_t damaged;
    const char *reason; /**< for people, or NULL */
    const char *cause;  /**< what caused it: "order", "return", "transfer", "staff", "system" or the
                             program's own word */
    ec_movement_kind kind;
    ec_actor actor; /**< what kind of actor did it */
} ec_movement;

/** A page of movements. @since 0.1 */
typedef struct ec_movement_list {
    size_t items_count;
    ec_movement *items;
    int64_t total;
    const char *next_cursor;
} ec_movement_list;

/** Where a reservation stands. @since 0.1 */
typedef enum ec_reservation_state {
    EC_RESERVATION_ACTIVE = 0,
    EC_RESERVATION_COMMITTED = 1, /**< the goods left */
    EC_RESERVATION_RELEASED = 2,  /**< given up */
    EC_RESERVATION_EXPIRED = 3    /**< its time ran out */
} ec_reservation_state;

/** Units promised to a cart that is being paid, or to an order. @since 0.1 */
typedef struct ec_reservation {
    ec_id id;
    ec_time created_at;
    ec_time expires_at; /**< 0: held until its order ends */
    ec_time ended_at;   /**< 0: active */
    ec_id variant_id;
    ec_id warehouse_id;
    ec_id cart_id;  /**< whose it is, or 0 */
    ec_id order_id; /**< whose it is, or 0 */
    int64_t quantity;
    ec_reservation_state state;
} ec_reservation;

/** A page of reservations. @since 0.1 */
typedef struct ec_reservation_list {
    size_t items_count;
    ec_reservation *items;
    int64_t total;
    const char *next_cursor;
} ec_reservation_list;

/** A change of balances. Zero members: unchanged, or none. @since 0.1 */
typedef struct ec_stock_change {
    ec_id variant_id;
    ec_id warehouse_id;
    ec_id cause_id;  /**< number of what causes it, or 0 */
    int64_t on_hand; /**< units more, or with a minus fewer; not all three may be 0 */
    int64_t incoming;
    int64_t damaged;
    const char *reason;    /**< for people, or NULL */
    const char *cause;     /**< what causes it; NULL: "staff" or "system". The words "order",
                                "return" and "transfer" are the library's. */
    ec_movement_kind kind; /**< any but EC_MOVEMENT_TRANSFER */
} ec_stock_change;

/**
 * Change balances by so many units.
 *
 * @param change borrowed
 * @param out    the balances afterwards; a block, release it with ec_free
 * @return EC_INVALID with field errors: "variant_id", "warehouse_id" (rule "unknown"); "on_hand",
 *         "incoming", "damaged" (rule "min" below 0, "max" above EC_QUANTITY_MAX); "on_hand" (rule
 *         "committed": fewer than are promised; "damaged": fewer than are damaged)
 * @since 0.1
 */
EC_API ec_status ec_stock_adjust(ec_session *session, const ec_stock_change *change,
                                 ec_stock_level **out);

/**
 * Change many balances: all or none, in a number of statements that does not depend on theirs.
 * Several changes of one balance act in their order.
 *
 * @param changes borrowed
 * @param count   1 to EC_STOCK_CHANGES_MAX
 * @param out     the balances afterwards, one for each change
 * @return as ec_stock_adjust, with fields such as "items[2].on_hand"; "items" (rule "min_items",
 *         "max_items")
 * @since 0.1
 */
EC_API ec_status ec_stock_adjust_many(ec_session *session, const ec_stock_change *changes,
                                      size_t count, ec_stock_level_list **out);

/** The outcome of counting a shelf. @since 0.1 */
typedef struct ec_stock_count {
    ec_id variant_id;
    ec_id warehouse_id;
    ec_id cause_id;     /**< number of what causes it, or 0 */
    int64_t on_hand;    /**< as counted */
    int64_t expected;   /**< on hand as the caller knew it; must still be so */
    const char *reason; /**< for people, or NULL */
    const char *cause;  /**< as in ec_stock_change */
} ec_stock_count;

/**
 * Set what is on hand, if it is still what the caller believes. Nothing is recorded when both are
 * the same.
 * @return EC_STALE when on hand is not `expected`; EC_INVALID as ec_stock_adjust
 * @since 0.1
 */
EC_API ec_status ec_stock_set(ec_session *session, const ec_stock_count *count,
                              ec_stock_level **out);

/**
 * Goods that were incoming have arrived: on hand rises and incoming falls. Goods that nobody
 * announced are received by ec_stock_adjust with EC_MOVEMENT_RECEIPT.
 *
 * @param quantity 1 to what is incoming
 * @param reason   for people, or NULL
 * @return EC_INVALID (field "quantity", rule "min", "max" or "incoming")
 * @since 0.1
 */
EC_API ec_status ec_stock_receive(ec_session *session, ec_id variant_id, ec_id warehouse_id,
                                  int64_t quantity, const char *reason, ec_stock_level **out);

/** Goods on their way from one warehouse to another. @since 0.1 */
typedef struct ec_stock_transfer_request {
    ec_id variant_id;
    ec_id from_id;      /**< warehouse */
    ec_id to_id;        /**< another one */
    int64_t quantity;   /**< 1 or more */
    const char *reason; /**< for people, or NULL */
} ec_stock_transfer_request;

/**
 * Move goods to another warehouse: two movements of the cause "transfer", each naming the other
 * warehouse as cause_id.
 *
 * @param out the balances of both, the source first
 * @return EC_INVALID (field "quantity", rule "min", "max", "committed" or "damaged"; "to_id", rule
 *         "same"; "variant_id", "from_id", "to_id", rule "unknown")
 * @since 0.1
 */
EC_API ec_status ec_stock_transfer(ec_session *session, const ec_stock_transfer_request *request,
                                   ec_stock_level_list **out);

/**
 * Set safety_stock, reorder_point and reorder_quantity of a balance.
 *
 * @param settings borrowed; when its version is not 0 it must be the stored one
 * @param fields   which of the three count (ec_mask_of "inventory")
 * @return EC_NOT_FOUND (variant or warehouse), EC_STALE, EC_INVALID with field errors
 * @since 0.1
 */
EC_API ec_status ec_stock_configure(ec_session *session, ec_id variant_id, ec_id warehouse_id,
                                    const ec_stock_level *settings, ec_mask fields,
                                    ec_stock_level **out);

/**
 * The balances of a variant in a warehouse; all 0 when nothing was ever recorded.
 * @return EC_NOT_FOUND (variant or warehouse)
 * @since 0.1
 */
EC_API ec_status ec_stock_get(ec_session *session, ec_id variant_id, ec_id warehouse_id,
                              ec_stock_level **out);

/** Which balances are wanted. Zero members: any. @since 0.1 */
typedef struct ec_stock_filter {
    ec_id variant_id;
    ec_id warehouse_id;
    bool low; /**< only those at or below their reorder point */
} ec_stock_filter;

/** List balances in the order of their numbers. @param filter NULL: all; borrowed @since 0.1 */
EC_API ec_status ec_stock_find(ec_session *session, const ec_stock_filter *filter,
                               const ec_page *page, ec_stock_level_list **out);

/** Walk balances as ec_stock_find lists them. @since 0.1 */
EC_API ec_status ec_stock_cursor(ec_session *session, const ec_stock_filter *filter,
                                 ec_cursor **out);

/** Which movements are wanted. Zero members: any. @since 0.1 */
typedef struct ec_movement_filter {
    ec_id variant_id;
    ec_id warehouse_id;
    const char *cause; /**< of this cause, or NULL */
    ec_id cause_id;    /**< of this one; only together with cause */
    bool newest_first; /**< by number downwards instead of upwards */
} ec_movement_filter;

/**
 * List movements, oldest first.
 * @param filter NULL: all; borrowed
 * @return EC_INVALID for a cause_id without cause or a bad page
 * @since 0.1
 */
EC_API ec_status ec_movement_find(ec_session *session, const ec_movement_filter *filter,
                                  const ec_page *page, ec_movement_list **out);

/** Walk movements as ec_movement_find lists them. @since 0.1 */
EC_API ec_status ec_movement_cursor(ec_session *session, const ec_movement_filter *filter,
                                    ec_cursor **out);

/** Which reservations are wanted. Zero members: any. @since 0.1 */
typedef struct ec_reservation_filter {
    ec_id variant_id;
    ec_id warehouse_id;
    ec_id cart_id;
    ec_id order_id;
    bool active; /**< only those that have not ended */
} ec_reservation_filter;

/** List reservations in the order of their numbers. @param filter NULL: all; borrowed @since 0.1 */
EC_API ec_status ec_reservation_find(ec_session *session, const ec_reservation_filter *filter,
                                     const ec_page *page, ec_reservation_list **out);

/**
 * End reservations whose time has run out, the longest overdue first; their units are available
 * again. Safe from several threads and processes at once: each reservation ends once. That is why
 * it takes no idempotency key.
 *
 * @param limit at most so many, 1 to EC_STOCK_CHANGES_MAX; 0: 100
 * @param out   how many were ended, 0 when the call failed; may be NULL
 * @return EC_INVALID (field "limit"), EC_UNSUPPORTED when a key was set
 * @since 0.1
 */
EC_API ec_status ec_stock_sweep(ec_session *session, int64_t limit, int64_t *out);

EC_END_DECLS

#endif
