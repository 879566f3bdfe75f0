/* SPDX-License-Identifier: MIT */
/**
 * @file migrate.h
 * @brief The schema of a shop: which changes were made to it, and how to make or undo them.
 *
 * ec_open brings a shop to the library's schema by itself. With no_migrate it opens any shop; until
 * the schema fits, every call but those here is EC_SCHEMA. Each change is one transaction with its
 * record (where the database can do that), and is made once however many processes ask for it.
 */
#ifndef ECOMMERCE_MIGRATE_H
#define ECOMMERCE_MIGRATE_H

#include <ecommerce/session.h>

EC_BEGIN_DECLS

/** How a numbered change of the schema stands. @since 0.1 */
typedef enum ec_migration_state {
    EC_MIGRATION_PENDING = 0, /**< not made yet */
    EC_MIGRATION_APPLIED = 1, /**< made */
    EC_MIGRATION_CHANGED = 2, /**< made, but with other statements than this library's */
    EC_MIGRATION_UNKNOWN = 3  /**< made by a newer library */
} ec_migration_state;

/** A numbered change of the schema. @since 0.1 */
typedef struct ec_migration_status {
    int64_t version;          /**< from 1, without gaps */
    ec_time applied_at;       /**< 0: not yet */
    const char *name;         /**< such as "catalog" */
    ec_migration_state state; /**< how it stands */
} ec_migration_status;

/** All of them, by version. @since 0.1 */
typedef struct ec_migration_status_list {
    size_t items_count;
    ec_migration_status *items;
    int64_t total;
    const char *next_cursor;
} ec_migration_status_list;

/** The newest schema that the library knows. @since 0.1 */
#define EC_MIGRATE_LATEST INT64_C(-1)

/**
 * What was done to the schema of a shop and what is to be done. System.
 * @param out a block; release it with ec_free
 * @since 0.1
 */
EC_API ec_status ec_migration_find(ec_session *session, ec_migration_status_list **out);

/**
 * Bring the schema to a version, up or down. Down drops tables with all that is in them. Not
 * inside ec_transact. System.
 *
 * @param target EC_MIGRATE_LATEST, or a version; 0: nothing is left of the shop
 * @return EC_INVALID (field "target"); EC_SCHEMA for a changed migration or a newer shop; the first
 *         failure otherwise (earlier changes stay made). On success ec_migration_find tells.
 * @since 0.1
 */
EC_API ec_status ec_migrate(ec_session *session, int64_t target);

EC_END_DECLS

#endif
