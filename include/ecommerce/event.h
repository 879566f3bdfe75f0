/* SPDX-License-Identifier: MIT */
/**
 * @file event.h
 * @brief What happened in the shop: history of every object and outbox for other programs, in one.
 *
 * Each change writes its events in its own transaction, so there is none without the change and no
 * change without its events. Events are numbered upwards; those of one object are in order.
 */
#ifndef ECOMMERCE_EVENT_H
#define ECOMMERCE_EVENT_H

#include <ecommerce/list.h>

EC_BEGIN_DECLS

/** Something that happened. Never changed. @since 0.1 */
typedef struct ec_event {
    ec_id id;
    ec_id aggregate_id; /**< to which of them it happened */
    ec_id user_id;      /**< who did it; 0: nobody known */
    ec_time created_at;
    const char *aggregate; /**< what it happened to, such as "order" */
    const char *type;      /**< such as "order.placed" */
    const char *request;   /**< the session's name for the request, or NULL */
    const char *data;      /**< more about it as JSON, or NULL */
    ec_actor actor;        /**< what kind of actor did it */
} ec_event;

/** A page of events. @since 0.1 */
typedef struct ec_event_list {
    size_t items_count;
    ec_event *items;
    int64_t total;
    const char *next_cursor;
} ec_event_list;

/** Which events are wanted. Zero members: any. @since 0.1 */
typedef struct ec_event_filter {
    const char *aggregate; /**< of this kind of object, or NULL */
    ec_id aggregate_id;    /**< of this object; only together with aggregate */
    const char *type;      /**< of this type, or NULL */
    bool newest_first;     /**< by number downwards instead of upwards */
} ec_event_filter;

/**
 * List events, oldest first. Staff.
 * @param filter NULL: all; borrowed
 * @param page   NULL: the first
 * @param out    a block; release it with ec_free
 * @return EC_INVALID for an aggregate_id without aggregate or a bad page
 * @since 0.1
 */
EC_API ec_status ec_event_find(ec_session *session, const ec_event_filter *filter,
                               const ec_page *page, ec_event_list **out);

/**
 * The next events for a consumer, oldest first: those behind the last one it acknowledged, from
 * the beginning for a new name. Nothing is taken away: until ec_event_ack the same ones come
 * again, so a consumer that stops half-way loses none and may see some twice (at least once).
 * System.
 *
 * @param consumer its name, 1 to 64 of a-z 0-9 _ . -
 * @param limit    1 to EC_PAGE_SIZE_MAX; 0: EC_PAGE_SIZE_DEFAULT
 * @param out      a block with 0 to limit events; release it with ec_free
 * @return EC_INVALID (field "consumer" or "limit")
 * @since 0.1
 */
EC_API ec_status ec_event_poll(ec_session *session, const char *consumer, int64_t limit,
                               ec_event_list **out);

/**
 * A consumer has dealt with every event up to this one. The position is kept with the shop; it
 * never moves back (then nothing happens). System.
 *
 * @param id the last event dealt with
 * @return EC_INVALID (field "consumer"; field "id" for an event that has not happened yet)
 * @since 0.1
 */
EC_API ec_status ec_event_ack(ec_session *session, const char *consumer, ec_id id);

EC_END_DECLS

#endif
