/* SPDX-License-Identifier: MIT */
/**
 * @file list.h
 * @brief Listings: pages by number or by cursor, and a handle that walks all of them.
 */
#ifndef ECOMMERCE_LIST_H
#define ECOMMERCE_LIST_H

#include <ecommerce/session.h>

EC_BEGIN_DECLS

/**
 * Which part of a listing is wanted. Zero members mean: the first EC_PAGE_SIZE_DEFAULT items, not
 * counted.
 * @since 0.1
 */
typedef struct ec_page {
    int64_t limit;      /**< items, 1 to EC_PAGE_SIZE_MAX; 0: EC_PAGE_SIZE_DEFAULT */
    int64_t page;       /**< from 1; 0 or 1: the first. Not together with cursor. */
    const char *cursor; /**< a next_cursor of the same listing; NULL: by page */
    bool total;         /**< also count all items (one more statement) */
} ec_page;

/**
 * A handle that walks a listing to its end, page by page; it holds no connection and no lock in
 * between. Belongs to its session; close it before the session. An ec_x_cursor function reads the
 * first page already, so it fails as ec_x_find does: with the same status and field errors.
 * @since 0.1
 */
typedef struct ec_cursor ec_cursor;

/**
 * The next object of a listing.
 * @param object borrowed until the next call on this cursor
 * @return EC_DONE behind the last one
 * @since 0.1
 */
EC_API ec_status ec_cursor_next(ec_cursor *cursor, const void **object);

/** The entity of the cursor's objects, such as "product". Borrowed for ever. @since 0.1 */
EC_API const char *ec_cursor_entity(const ec_cursor *cursor);

/** Close a cursor; NULL is allowed. @since 0.1 */
EC_API void ec_cursor_close(ec_cursor *cursor);

EC_END_DECLS

#endif
