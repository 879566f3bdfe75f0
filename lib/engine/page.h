/* SPDX-License-Identifier: MIT */
/*
 * page.h - what all listings share: limits, cursor tokens, and the walking handle.
 *
 * A cursor token is base64url of a JSON array: the listing's sort name, the sort values of the last
 * item and its id. Tokens come back from outside, so decoding trusts nothing.
 */
#ifndef EC_ENGINE_PAGE_H
#define EC_ENGINE_PAGE_H

#include <ecommerce/list.h>

#include "engine/call.h"

typedef struct ec_page_plan {
    int64_t limit;  /* items of the page */
    int64_t offset; /* rows to pass over; 0 with a cursor */
    bool total;     /* count all */
    bool after;     /* start behind the position below */
    ec_value key;   /* sort value of the last item seen (in the session's arena) */
    ec_id id;       /* its id */
} ec_page_plan;

/* Check a page (NULL: the first) and decode its cursor, which must belong to the sort named. Field
   errors: "limit", "page", "cursor". */
ec_status ec_page_plan_make(ec_session *session, const ec_page *page, const char *sort,
                            ec_page_plan *plan);
/* The token for the page behind an item; in the session's arena, NULL when memory is out. */
const char *ec_page_token(ec_session *session, const char *sort, ec_value key, ec_id id);

/* What every ec_x_list is. */
typedef struct ec_any_list {
    size_t items_count;
    void *items;
    int64_t total;
    const char *next_cursor;
} ec_any_list;

/*
 * A page of an entity in the order of its ids, in one statement (two with the total).
 * where: conditions on the table, which is called t, or "" for none; with their values. list: an
 * ec_any_list in the arena, for the entity of the list as result.
 */
ec_status ec_page_select(ec_session *session, const ec_entity *entity, const char *where,
                         const ec_value *values, size_t count, bool descending, const ec_page *page,
                         void **list);

/* Fetch one page as an ec_x_list block (the caller's to free); ctx holds the copied filter. */
typedef ec_status (*ec_page_fetch_fn)(ec_session *session, void *ctx, const ec_page *page,
                                      void **list);
/* Make a walking handle over a listing and read its first page; what is wrong with the filter is
   told here, as by the listing. list: the entity of its pages. ctx: one block (or NULL), owned by
   the cursor from now on also when this fails. */
ec_status ec_cursor_make(ec_session *session, const ec_entity *list, ec_page_fetch_fn fetch,
                         void *ctx, ec_cursor **out);

#endif
