/* SPDX-License-Identifier: MIT */
/**
 * @file status.h
 * @brief The one list of outcomes. Every function that can fail returns an ec_status.
 *
 * Zero is success and every failure is negative. Values never change their meaning and new ones
 * are only added at the end. The list is written once, here: the enum, the names, the texts and
 * the HTTP column of the host are all made from EC_STATUS_MAP.
 */
#ifndef ECOMMERCE_STATUS_H
#define ECOMMERCE_STATUS_H

#include <ecommerce/export.h>

EC_BEGIN_DECLS

/**
 * X(name, value, http, text): the status, its frozen number, the HTTP status a host answers with,
 * and one sentence for people.
 */
#define EC_STATUS_MAP(X)                                                                           \
    X(OK, 0, 200, "Success.")                                                                      \
    X(DONE, -1, 200, "The listing has no further item.")                                           \
    X(INVALID, -2, 422, "A field breaks a rule; the error names the field and the rule.")          \
    X(NOT_FOUND, -3, 404, "There is no such object, or this actor may not see it.")                \
    X(EXISTS, -4, 409, "An object with the same unique value exists.")                             \
    X(STALE, -5, 412, "The object changed since the version that was given.")                      \
    X(STATE, -6, 409, "The object's present state does not allow this.")                           \
    X(IN_USE, -7, 409, "Other objects refer to this one.")                                         \
    X(OUT_OF_STOCK, -8, 409, "Not enough stock is available.")                                     \
    X(CHANGED, -9, 409, "A price or total differs from the one that was expected.")                \
    X(KEY_REUSED, -10, 422, "The idempotency key was used with another request.")                  \
    X(DENIED, -11, 403, "The actor lacks the permission.")                                         \
    X(DECLINED, -12, 402, "The payment was declined.")                                             \
    X(UNKNOWN, -13, 202, "The outcome is not known yet; reconciliation will settle it.")           \
    X(BUSY, -14, 503, "The storage is busy; the same call may succeed later.")                     \
    X(OVERFLOW, -15, 422, "An amount or quantity leaves the supported range.")                     \
    X(LIMIT, -16, 422, "A stated limit of the library is exceeded.")                               \
    X(UNSUPPORTED, -17, 501, "This adapter or build does not offer that.")                         \
    X(SCHEMA, -18, 500, "The storage has another schema than this library expects.")               \
    X(CORRUPT, -19, 500, "The stored data contradicts itself.")                                    \
    X(IO, -20, 500, "The storage failed.")                                                         \
    X(NO_MEMORY, -21, 500, "Out of memory.")                                                       \
    X(MISUSE, -22, 500, "The library was called against its contract.")                            \
    X(CANCELLED, -23, 499, "The caller asked to stop.")

/** The outcome of a call. @since 0.1 */
typedef enum ec_status {
#define EC_STATUS_ENUM(name, value, http, text) EC_##name = (value),
    EC_STATUS_MAP(EC_STATUS_ENUM)
#undef EC_STATUS_ENUM
} ec_status;

/**
 * The name of a status without its prefix, such as "OUT_OF_STOCK".
 *
 * @param status any value
 * @return a constant string; "?" for a value that is none. Any thread.
 * @since 0.1
 */
EC_API const char *ec_status_name(ec_status status);

/**
 * One sentence for people about a status.
 *
 * @param status any value
 * @return a constant string; "Unknown status." for a value that is none. Any thread.
 * @since 0.1
 */
EC_API const char *ec_status_text(ec_status status);

/**
 * The HTTP status code that a host should answer with.
 *
 * @param status any value
 * @return a code such as 404; 500 for a value that is none. Any thread.
 * @since 0.1
 */
EC_API int ec_status_http(ec_status status);

EC_END_DECLS

#endif
