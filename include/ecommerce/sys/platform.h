/* SPDX-License-Identifier: MIT */
/**
 * @file platform.h
 * @brief What the engine asks of the world: memory, clocks, randomness and a place for log lines.
 *
 * A zero member means the default of the running system, so `{ .version = EC_PLATFORM_VERSION }`
 * is a complete platform. With all members replaced a whole shop runs under one seed.
 * For adapter authors and test suites; stable within a minor version.
 */
#ifndef ECOMMERCE_SYS_PLATFORM_H
#define ECOMMERCE_SYS_PLATFORM_H

#include <ecommerce/types.h>

EC_BEGIN_DECLS

#define EC_PLATFORM_VERSION 1

/** How much a log line matters. @since 0.1 */
typedef enum ec_log_level {
    EC_LOG_DEBUG = 0,
    EC_LOG_INFO = 1,
    EC_LOG_WARNING = 2,
    EC_LOG_ERROR = 3
} ec_log_level;

/**
 * The platform of one engine. Copied at open; `ctx` must outlive the engine. Every function may be
 * called from any thread at any time.
 * @since 0.1
 */
typedef struct ec_platform {
    int version; /**< EC_PLATFORM_VERSION */
    void *ctx;   /**< first argument of every function below */

    /** Resize (ptr NULL: allocate; size 0: release and return NULL). Default: realloc and free. */
    void *(*resize)(void *ctx, void *ptr, size_t size);
    /** Wall clock, milliseconds since 1970 UTC. Default: CLOCK_REALTIME. */
    int64_t (*now_ms)(void *ctx);
    /** Monotonic clock in microseconds from any start. Default: CLOCK_MONOTONIC. */
    int64_t (*monotonic_us)(void *ctx);
    /** Fill with unpredictable bytes. Default: libsodium's randombytes_buf. */
    void (*random)(void *ctx, void *bytes, size_t count);
    /** One log line, without newline, without secrets. Default: none (lines are dropped). */
    void (*log)(void *ctx, ec_log_level level, const char *message);
} ec_platform;

EC_END_DECLS

#endif
