/* SPDX-License-Identifier: MIT */
/**
 * @file backup.h
 * @brief Copies of a shop, and the proof that a copy can be relied on.
 */
#ifndef ECOMMERCE_BACKUP_H
#define ECOMMERCE_BACKUP_H

#include <ecommerce/verify.h>

EC_BEGIN_DECLS

/**
 * Copy the shop, as it is at one moment, into a file while others go on working. The copy is there
 * whole or not at all. Not inside ec_transact. System.
 *
 * @param path of the copy; a file that is there is replaced, but never the shop itself
 * @return EC_INVALID (field "path"), EC_IN_USE (another shop is open there), EC_STATE inside a
 *         transaction, EC_UNSUPPORTED by this storage, EC_DENIED, EC_IO
 * @since 0.1
 */
EC_API ec_status ec_backup(ec_session *session, const char *path);

/**
 * Open a copy read-only and verify it, as ec_verify does with everything. System.
 *
 * @param path of the copy
 * @param out  a block; release it with ec_free
 * @return EC_NOT_FOUND, EC_CORRUPT (no shop, or damaged so that it cannot be read), EC_SCHEMA,
 *         EC_IO
 * @since 0.1
 */
EC_API ec_status ec_backup_verify(ec_session *session, const char *path, ec_verify_report **out);

EC_END_DECLS

#endif
