/* SPDX-License-Identifier: MIT */
/**
 * @file sqlite.h
 * @brief The SQLite storage adapter: a whole shop in one file, or in memory.
 *
 * Forms of its URI:
 *
 *     sqlite:shop.db                     a file, relative to the working directory
 *     sqlite:/srv/shop.db                a file by its absolute path
 *     sqlite:///srv/shop.db              the same (the authority is empty)
 *     sqlite::memory:                    a private shop that ends with its handle
 *
 * `%xx` stands for one byte; a `?` or `%` that belongs to the name has to be written so. Parameters
 * follow a `?` and are separated by `&`; an unknown one is EC_INVALID.
 *
 * | Parameter      | Values                | Default | Meaning                           |
 * |----------------|-----------------------|---------|-----------------------------------|
 * | `mode`         | `rwc`, `rw`, `ro`     | `rwc`   | `rw`: must exist, `ro`: read only |
 * | `synchronous`  | `full` `normal` `off` | `full`  | only `full` survives a power loss |
 * | `busy_timeout` | 0 to 3600000 ms       | 10000   | wait for a lock before EC_BUSY    |
 * | `readers`      | 1 to 64               | 4       | connections for reading, at most  |
 * | `cache`        | 64 to 4194304 KiB     | 8192    | page cache of each connection     |
 */
#ifndef ECOMMERCE_SYS_SQLITE_H
#define ECOMMERCE_SYS_SQLITE_H

#include <ecommerce/sys/storage.h>

EC_BEGIN_DECLS

/**
 * Open a database with SQLite. Matches ec_storage_open_fn.
 *
 * A file is put into write-ahead logging, with foreign keys enforced. SQLite allocates with its own
 * allocator; the adapter's structs come from the platform.
 *
 * @param config uri as above; read_only and must_exist have the same effect as `mode`, the stricter
 *               of both holds; the platform is borrowed until the storage is closed
 * @param out    receives the storage, to be released by its `close`; NULL on failure
 * @param error  receives the message of a failure; may be NULL
 * @return EC_INVALID for a URI that breaks the rules above, EC_NOT_FOUND for a missing file that
 *         must exist, EC_DENIED for a file that cannot be written although it should, EC_CORRUPT
 *         for a file that is no database, EC_BUSY, EC_IO, EC_NO_MEMORY; EC_UNSUPPORTED for an
 *         SQLite older than 3.37 or one without threads, or a place without write-ahead logging
 *
 * Any thread. The storage must not be carried over a fork: the child's calls fail with EC_MISUSE.
 * @since 0.1
 */
EC_API ec_status ec_sqlite_open(const ec_storage_config *config, ec_storage **out,
                                ec_storage_error *error);

EC_END_DECLS

#endif
