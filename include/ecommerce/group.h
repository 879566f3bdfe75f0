/* SPDX-License-Identifier: MIT */
/**
 * @file group.h
 * @brief Groups of customers: who pays by which price list, gets which promotion, is exempt.
 *
 * A user may be in several groups. For staff and the system. Events of the aggregate "group":
 * "group.created", "group.updated", "group.deleted", "group.users_added", "group.users_removed".
 */
#ifndef ECOMMERCE_GROUP_H
#define ECOMMERCE_GROUP_H

#include <ecommerce/customer.h>

EC_BEGIN_DECLS

#define EC_GROUP_STEP_MAX 1000 /**< users that one call adds or removes */

/** A group of customers. @since 0.1 */
typedef struct ec_group {
    ec_id id;
    int64_t version;
    ec_time created_at;
    ec_time updated_at;
    const char *code;    /**< stable name for programs and rules, such as "wholesale"; unique */
    const char *name;    /**< for people */
    int64_t users_count; /**< how many users are in it; set by the library */
} ec_group;

/** A page of groups. @since 0.1 */
typedef struct ec_group_list {
    size_t items_count;
    ec_group *items;
    int64_t total;
    const char *next_cursor;
} ec_group_list;

/** That a user is in a group, as exports write it. @since 0.1 */
typedef struct ec_group_user {
    ec_id id;
    ec_id group_id;
    ec_id user_id;
    ec_time created_at; /**< since when */
} ec_group_user;

/** Which groups are wanted. Zero members: any. @since 0.1 */
typedef struct ec_group_filter {
    ec_id user_id; /**< those that the user is in */
} ec_group_filter;

/**
 * Add a group.
 *
 * @param group id, version, times and count are ignored; borrowed
 * @param out   a block; release it with ec_free
 * @return EC_INVALID with field errors; EC_EXISTS (field "code")
 * @since 0.1
 */
EC_API ec_status ec_group_create(ec_session *session, const ec_group *group, ec_group **out);

/**
 * Change fields of a group.
 *
 * @param group  the new values; when its version is not 0 it must be the stored one
 * @param fields which of them count (ec_mask_of)
 * @return EC_NOT_FOUND; EC_STALE; EC_INVALID with field errors; EC_EXISTS (field "code")
 * @since 0.1
 */
EC_API ec_status ec_group_update(ec_session *session, ec_id id, const ec_group *group,
                                 ec_mask fields, ec_group **out);

/**
 * Remove a group, and its users from it; the users stay.
 *
 * @param version when not 0 it must be the stored one
 * @return EC_NOT_FOUND; EC_STALE; EC_IN_USE: a price list or an exemption is for it
 * @since 0.1
 */
EC_API ec_status ec_group_delete(ec_session *session, ec_id id, int64_t version);

/** Read a group. @return EC_NOT_FOUND @since 0.1 */
EC_API ec_status ec_group_get(ec_session *session, ec_id id, ec_group **out);

/** Read a group by its code. @return EC_NOT_FOUND @since 0.1 */
EC_API ec_status ec_group_by_code(ec_session *session, const char *code, ec_group **out);

/** List groups in the order of their numbers. @param filter NULL: all; borrowed @since 0.1 */
EC_API ec_status ec_group_find(ec_session *session, const ec_group_filter *filter,
                               const ec_page *page, ec_group_list **out);

/**
 * Put users into a group; those that are in it already stay.
 *
 * @param users borrowed; 1 to EC_GROUP_STEP_MAX, each known
 * @return EC_NOT_FOUND: no such group; EC_INVALID (field "users", rules "min_items", "max_items";
 *         "users[i]", rule "unknown"); nothing is changed then
 * @since 0.1
 */
EC_API ec_status ec_group_add_users(ec_session *session, ec_id id, const ec_id *users,
                                    size_t count);

/** Take users out of a group; those that are not in it are passed over. Otherwise as
    ec_group_add_users, but that unknown ones are no fault. @since 0.1 */
EC_API ec_status ec_group_remove_users(ec_session *session, ec_id id, const ec_id *users,
                                       size_t count);

/** List the users of a group in the order of their numbers. @return EC_NOT_FOUND @since 0.1 */
EC_API ec_status ec_group_users(ec_session *session, ec_id id, const ec_page *page,
                                ec_user_list **out);

EC_END_DECLS

#endif
