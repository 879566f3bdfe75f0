/* SPDX-License-Identifier: MIT */
/**
 * @file engine.h
 * @brief The engine: one open shop. Thread-safe; a program opens it once.
 */
#ifndef ECOMMERCE_ENGINE_H
#define ECOMMERCE_ENGINE_H

#include <ecommerce/types.h>

EC_BEGIN_DECLS

typedef struct ec_engine ec_engine; /**< one open shop */
struct ec_platform;                 /* sys/platform.h */

#define EC_OPTIONS_VERSION 1

/** How a shop is opened. Zero members mean the defaults. @since 0.1 */
typedef struct ec_options {
    int version;                        /**< EC_OPTIONS_VERSION */
    bool read_only;                     /**< refuse every write */
    bool must_exist;                    /**< do not create a missing shop */
    bool no_migrate;                    /**< leave the schema alone; while it does not fit, calls
                                             other than those of migrate.h are EC_SCHEMA */
    const struct ec_platform *platform; /**< NULL: this system's memory, clocks and randomness */
    const char *currency;               /**< currency of a shop that is created now; NULL: "CLP" */
    int64_t reservation_ttl_ms; /**< how long an unpaid checkout holds stock; 0: 15 minutes */
    int64_t cart_ttl_ms;        /**< how long an untouched cart lives; 0: 30 days */
    char *message;              /**< where a failing ec_open writes why; NULL: nowhere */
    size_t message_size;        /**< of message, with its end mark */
} ec_options;

/** All defaults. @since 0.1 */
#define EC_OPTIONS_INIT                                                                            \
    {                                                                                              \
        EC_OPTIONS_VERSION, false, false, false, NULL, NULL, 0, 0, NULL, 0                         \
    }

/**
 * Open a shop, creating and migrating it as needed.
 *
 * @param uri     where it is stored: "sqlite:shop.db", or "sqlite::memory:" for a private shop that
 *                ends with the engine
 * @param options NULL for the defaults; borrowed for the call
 * @param out     the engine; close it with ec_close
 * @return EC_INVALID for a bad URI, EC_UNSUPPORTED for an unknown scheme, EC_NOT_FOUND
 *         (must_exist), EC_SCHEMA for the shop of a newer library or a changed migration, EC_BUSY,
 *         EC_IO, EC_CORRUPT, EC_NO_MEMORY. Any thread.
 * @since 0.1
 */
EC_API ec_status ec_open(const char *uri, const ec_options *options, ec_engine **out);

/**
 * Close a shop.
 * @param engine NULL is allowed
 * @return EC_BUSY while a session of it is open (nothing is closed then). Any thread, once.
 * @since 0.1
 */
EC_API ec_status ec_close(ec_engine *engine);

/**
 * Is the storage reachable and answering?
 * @return EC_OK, EC_BUSY or EC_IO. Any thread.
 * @since 0.1
 */
EC_API ec_status ec_ping(ec_engine *engine);

/** What an engine did since it was opened. @since 0.1 */
typedef struct ec_counters {
    uint64_t statements;   /**< SQL statements started */
    uint64_t transactions; /**< write transactions asked for by callers */
    uint64_t commits;      /**< commits made for them; fewer where commits were grouped */
} ec_counters;

/** Read the counters. EC_UNSUPPORTED where the adapter counts nothing. Any thread. @since 0.1 */
EC_API ec_status ec_engine_counters(ec_engine *engine, ec_counters *out);

EC_END_DECLS

#endif
