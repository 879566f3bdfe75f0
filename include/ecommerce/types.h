/* SPDX-License-Identifier: MIT */
/**
 * @file types.h
 * @brief The small types that every other header uses: identifiers, times, errors, result blocks.
 */
#ifndef ECOMMERCE_TYPES_H
#define ECOMMERCE_TYPES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <ecommerce/export.h>
#include <ecommerce/status.h>

EC_BEGIN_DECLS

/** The number of a stored object; 0 means none. Positive otherwise. @since 0.1 */
typedef int64_t ec_id;

/** A moment: milliseconds since 1970-01-01T00:00:00Z; 0 means none. @since 0.1 */
typedef int64_t ec_time;

/** What one field of the input did wrong. All strings live as long as the error. @since 0.1 */
typedef struct ec_field_error {
    const char *field;   /**< path of the field, such as "lines[2].quantity" */
    const char *rule;    /**< the broken rule, such as "required", "max", "unique", "utf8" */
    const char *message; /**< one sentence that adds what the caller did not know */
} ec_field_error;

/**
 * What went wrong in the last call on a session. Borrowed from the session (or from the caller's
 * storage where no session exists yet) until its next call.
 * @since 0.1
 */
typedef struct ec_error {
    ec_status status;            /**< the status that the call returned */
    const char *message;         /**< one impersonal line; never NULL */
    const char *field;           /**< the first offending field, or NULL */
    const char *rule;            /**< the rule that it broke, or NULL */
    size_t count;                /**< number of field errors */
    const ec_field_error *items; /**< every field error that was found, in input order */
} ec_error;

/**
 * Read a moment from text: RFC 3339 with any offset ("2026-12-24T10:00:00-03:00"), 'T' or a blank
 * between, the fraction optional; or a date alone, midnight UTC ("2026-12-24").
 *
 * @param out written on EC_OK only
 * @return EC_INVALID for anything else, also for NULL and years beyond 0001 to 9999. Any thread.
 * @since 0.1
 */
EC_API ec_status ec_time_parse(const char *text, ec_time *out);

/**
 * Release a result. Whatever a call hands out is one block, struct and strings together.
 *
 * @param block a result of this library, or NULL (then nothing happens)
 * Any thread, but not while another one reads the block.
 * @since 0.1
 */
EC_API void ec_free(void *block);

/**
 * The version of the library that is running, as text such as "0.1.0".
 * @return a constant string. Any thread.
 * @since 0.1
 */
EC_API const char *ec_version(void);

/**
 * The version of the library that is running as one number, comparable with EC_VERSION_NUMBER.
 * @return major * 10000 + minor * 100 + patch. Any thread.
 * @since 0.1
 */
EC_API int ec_version_number(void);

EC_END_DECLS

#endif
