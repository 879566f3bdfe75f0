/* SPDX-License-Identifier: MIT */
/*
 * cursor.c - the handle that walks a listing, page by page.
 *
 * It keeps the present page as the block that the listing returned and asks for the next one when
 * that is used up, so it holds no connection and no lock in between. The first page is read at
 * once: what is wrong with the listing is told where it is asked for. It refuses to outlive its
 * session: once that is closed, it answers EC_MISUSE and can only be closed.
 */
#include "base/block.h"
#include "engine/state.h"

/* A handle without a page yet. */
static ec_status cursor_new(ec_session *session, const ec_entity *list, ec_page_fetch_fn fetch,
                            void *ctx, ec_cursor **out)
{
    bool outer;
    ec_status status = ec_enter_fresh(session, &outer);
    if (status != EC_OK) {
        ec_free(ctx);
        return status;
    }
    const ec_platform *platform = &session->engine->platform;
    ec_cursor *cursor = out ? platform->resize(platform->ctx, NULL, sizeof *cursor) : NULL;
    if (cursor) {
        *cursor = (ec_cursor){.magic = EC_CURSOR_MAGIC,
                              .session = session,
                              .next = session->cursors,
                              .platform = *platform,
                              .list = list,
                              .fetch = fetch,
                              .ctx = ctx};
        session->cursors = cursor;
        *out = cursor;
    } else {
        ec_free(ctx);
        status = out ? ec_fail_memory(session)
                     : ec_fail(session, EC_MISUSE, "The cursor was given no place.");
    }
    ec_leave(session, outer);
    return status;
}

/* Replace the page by the next one. */
static ec_status cursor_fetch(ec_cursor *cursor)
{
    const ec_any_list *present = cursor->block;
    ec_page page = {.limit = EC_PAGE_SIZE_MAX, .cursor = present ? present->next_cursor : NULL};
    void *block = NULL;
    ec_status status = cursor->fetch(cursor->session, cursor->ctx, &page, &block);
    if (status == EC_OK) {
        ec_free(cursor->block);
        cursor->block = block;
        cursor->at = 0;
        cursor->end = ((const ec_any_list *)block)->next_cursor == NULL;
    }
    return status;
}

ec_status ec_cursor_make(ec_session *session, const ec_entity *list, ec_page_fetch_fn fetch,
                         void *ctx, ec_cursor **out)
{
    ec_cursor *cursor = NULL;
    ec_status status = cursor_new(session, list, fetch, ctx, out ? &cursor : NULL);
    if (status == EC_OK) {
        status = cursor_fetch(cursor);
    }
    if (status != EC_OK) {
        ec_cursor_close(cursor);
        cursor = NULL;
    }
    if (out) {
        *out = cursor;
    }
    return status;
}

ec_status ec_cursor_next(ec_cursor *cursor, const void **object)
{
    if (object) {
        *object = NULL;
    }
    if (!object || !cursor || cursor->magic != EC_CURSOR_MAGIC || !cursor->session) {
        return EC_MISUSE;
    }
    const ec_any_list *list = cursor->block;
    while (cursor->at == list->items_count) {
        if (cursor->end) {
            return EC_DONE;
        }
        ec_status status = cursor_fetch(cursor);
        if (status != EC_OK) {
            return status;
        }
        list = cursor->block;
    }
    size_t stride = cursor->list->fields[0].target->size;
    *object = (const char *)list->items + cursor->at++ * stride;
    return EC_OK;
}

const char *ec_cursor_entity(const ec_cursor *cursor)
{
    bool valid = cursor && cursor->magic == EC_CURSOR_MAGIC;
    return valid ? cursor->list->fields[0].target->name : NULL;
}

void ec_cursor_close(ec_cursor *cursor)
{
    if (!cursor || cursor->magic != EC_CURSOR_MAGIC) {
        return;
    }
    for (ec_cursor **at = cursor->session ? &cursor->session->cursors : NULL; at && *at;
         at = &(*at)->next) {
        if (*at == cursor) {
            *at = cursor->next;
            break;
        }
    }
    ec_platform platform = cursor->platform;
    ec_free(cursor->block);
    ec_free(cursor->ctx);
    cursor->magic = 0;
    platform.resize(platform.ctx, cursor, 0);
}

void ec_cursors_orphan(ec_session *session)
{
    for (ec_cursor *cursor = session->cursors; cursor; cursor = cursor->next) {
        cursor->session = NULL;
    }
    session->cursors = NULL;
}
