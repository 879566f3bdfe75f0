/* SPDX-License-Identifier: MIT */
/**
 * @file customer.h
 * @brief The people of a shop: customers and staff, and their address books.
 *
 * Who acts is said when a session is opened; this header keeps who there is. A customer's session
 * reaches its own user and addresses only; those of others are not found.
 */
#ifndef ECOMMERCE_CUSTOMER_H
#define ECOMMERCE_CUSTOMER_H

#include <ecommerce/address.h>
#include <ecommerce/list.h>

EC_BEGIN_DECLS

/** What a user is to the shop. @since 0.1 */
typedef enum ec_role {
    EC_ROLE_CUSTOMER = 0,   /**< buys */
    EC_ROLE_MANAGER = 1,    /**< runs catalogue, stock and orders */
    EC_ROLE_ADMIN = 2,      /**< also users and settings */
    EC_ROLE_SUPER_ADMIN = 3 /**< everything */
} ec_role;

/** A customer or a member of staff. @since 0.1 */
typedef struct ec_user {
    ec_id id;
    int64_t version;
    ec_time created_at;
    ec_time updated_at;
    const char *email;   /**< unique without regard to letter case; kept in lower case */
    const char *name;    /**< as the user writes it */
    const char *phone;   /**< or NULL */
    ec_role role;        /**< set by the system and by staff only */
    bool email_verified; /**< the address was proved; set by the system and by staff only */
    bool is_active;      /**< may sign in; set by the system and by staff only */
} ec_user;

/** A page of users. @since 0.1 */
typedef struct ec_user_list {
    size_t items_count;
    ec_user *items;
    int64_t total;
    const char *next_cursor;
} ec_user_list;

/** A page of addresses. @since 0.1 */
typedef struct ec_address_list {
    size_t items_count;
    ec_address *items;
    int64_t total;
    const char *next_cursor;
} ec_address_list;

/** Which users are wanted. Zero members: any. @since 0.1 */
typedef struct ec_user_filter {
    const char *role; /**< name of an ec_role, or NULL */
} ec_user_filter;

/**
 * Add a user. Staff.
 *
 * @param user id, version and times are ignored; borrowed
 * @param out  a block; release it with ec_free
 * @return EC_INVALID with field errors; EC_EXISTS (field "email")
 * @since 0.1
 */
EC_API ec_status ec_user_create(ec_session *session, const ec_user *user, ec_user **out);

/**
 * Change fields of a user. Staff, and customers their own but for role, email_verified and
 * is_active (EC_DENIED).
 *
 * @param user   the new values; when its version is not 0 it must be the stored one
 * @param fields which of them count (ec_mask_of)
 * @return EC_NOT_FOUND, also for another's; EC_STALE; EC_INVALID; EC_EXISTS
 * @since 0.1
 */
EC_API ec_status ec_user_update(ec_session *session, ec_id id, const ec_user *user, ec_mask fields,
                                ec_user **out);

/** Read a user; customers find themselves only. @since 0.1 */
EC_API ec_status ec_user_get(ec_session *session, ec_id id, ec_user **out);

/** Read a user by email address, in any letter case. Staff. @since 0.1 */
EC_API ec_status ec_user_by_email(ec_session *session, const char *email, ec_user **out);

/**
 * List users in the order of their numbers. Staff.
 * @param filter NULL: all; borrowed
 * @param page   NULL: the first
 * @return EC_INVALID for an unknown role or a bad page
 * @since 0.1
 */
EC_API ec_status ec_user_find(ec_session *session, const ec_user_filter *filter,
                              const ec_page *page, ec_user_list **out);

/**
 * Add an address to a user's book. The first one becomes the default; with is_default a later one
 * takes that place. Staff, and customers for themselves.
 *
 * @param user_id whose book; the address's own user_id is ignored
 * @return EC_NOT_FOUND for an unknown user or another's book; EC_INVALID with field errors
 * @since 0.1
 */
EC_API ec_status ec_address_create(ec_session *session, ec_id user_id, const ec_address *address,
                                   ec_address **out);

/**
 * Change fields of an address. Orders keep the address that they were placed with.
 * @return as ec_address_create; EC_STALE; EC_INVALID also for taking is_default from an address
 *         (give it to another one)
 * @since 0.1
 */
EC_API ec_status ec_address_update(ec_session *session, ec_id id, const ec_address *address,
                                   ec_mask fields, ec_address **out);

/** Remove an address. Of the others the oldest becomes the default if this was it. @since 0.1 */
EC_API ec_status ec_address_delete(ec_session *session, ec_id id);

/** Read an address; another's is not found. @since 0.1 */
EC_API ec_status ec_address_get(ec_session *session, ec_id id, ec_address **out);

/**
 * List a user's addresses in the order of their numbers.
 * @return EC_NOT_FOUND for a user who is not there, or whom the actor may not see
 * @since 0.1
 */
EC_API ec_status ec_address_find(ec_session *session, ec_id user_id, const ec_page *page,
                                 ec_address_list **out);

EC_END_DECLS

#endif
