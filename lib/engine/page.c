/* SPDX-License-Identifier: MIT */
/*
 * page.c - pages by number or by position, tokens for positions, and the handle that walks.
 *
 * A token says behind which item the next page begins; it holds no state of the server. It comes
 * back from outside, so every byte of it is doubted. A walking handle fetches page by page and
 * holds nothing in between. It refuses a page number together with a token, and a token of another
 * order.
 */
#include <sodium.h>
#include <string.h>

#include "base/block.h"
#include "base/text.h"
#include "engine/sql.h"
#include "engine/state.h"

#define EC_TOKEN_MAX 4096 /* bytes of a token */

/* ---- tokens ---- */

const char *ec_page_token(ec_session *session, const char *sort, ec_value key, ec_id id)
{
    ec_buf buf;
    ec_json_writer json;
    ec_buf_init(&buf, &session->engine->platform, EC_TOKEN_MAX);
    ec_json_begin(&json, &buf);
    ec_json_array(&json);
    ec_json_text(&json, sort);
    if (key.type == EC_VALUE_INT) {
        ec_json_int(&json, key.integer);
    } else if (key.type == EC_VALUE_TEXT) {
        ec_json_text(&json, ec_arena_text(&session->arena, key.bytes, key.length));
    } else {
        ec_json_null(&json);
    }
    ec_json_int(&json, id);
    ec_json_array_end(&json);
    char *token = NULL;
    if (buf.status == EC_OK && !session->arena.failed) {
        size_t size =
            sodium_base64_encoded_len(buf.length, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
        token = ec_arena_alloc(&session->arena, size);
        if (token) {
            (void)sodium_bin2base64(token, size, (const unsigned char *)ec_buf_text(&buf),
                                    buf.length, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
        }
    }
    session->arena.failed = session->arena.failed || !token;
    ec_buf_clear(&buf);
    return token;
}

/* [sort, key, id]; false for anything else. */
static bool token_values(const ec_json *json, const char *sort, ec_page_plan *plan)
{
    if (json->type != EC_JSON_ARRAY || json->count != 3) {
        return false;
    }
    const ec_json *name = json->child;
    const ec_json *key = name->next;
    const ec_json *id = key->next;
    if (name->type != EC_JSON_TEXT || name->length != strlen(sort) ||
        memcmp(name->text, sort, name->length) != 0 || id->type != EC_JSON_NUMBER ||
        ec_parse_int(id->text, &plan->id) != EC_OK || plan->id < 0) {
        return false;
    }
    if (key->type == EC_JSON_NUMBER) {
        plan->key.type = EC_VALUE_INT;
        return ec_parse_int(key->text, &plan->key.integer) == EC_OK;
    }
    if (key->type == EC_JSON_TEXT) {
        plan->key = ec_bytes(key->text, key->length);
        return memchr(key->text, '\0', key->length) == NULL;
    }
    plan->key.type = EC_VALUE_NULL;
    return key->type == EC_JSON_NULL;
}

static ec_status token_read(ec_session *session, const char *token, const char *sort,
                            ec_page_plan *plan)
{
    ec_arena *arena = &session->arena;
    size_t length = strnlen(token, EC_TOKEN_MAX + 1);
    size_t size = 0;
    size_t offset;
    const char *problem;
    ec_json *json = NULL;
    unsigned char *text = ec_arena_alloc(arena, length + 1);
    if (!text) {
        return ec_fail_memory(session);
    }
    bool good = length <= EC_TOKEN_MAX &&
                sodium_base642bin(text, length + 1, token, length, NULL, &size, NULL,
                                  sodium_base64_VARIANT_URLSAFE_NO_PADDING) == 0;
    if (good) {
        ec_status status = ec_json_parse(arena, (const char *)text, size, &json, &offset, &problem);
        if (status == EC_NO_MEMORY) {
            return ec_fail_memory(session);
        }
        good = status == EC_OK && token_values(json, sort, plan);
    }
    return good ? EC_OK
                : ec_fail_field(session, EC_INVALID, "cursor", "format",
                                "The cursor is not one of this listing.");
}

ec_status ec_page_plan_make(ec_session *session, const ec_page *page, const char *sort,
                            ec_page_plan *plan)
{
    static const ec_page first = {0};
    page = page ? page : &first;
    *plan = (ec_page_plan){.limit = page->limit == 0 ? EC_PAGE_SIZE_DEFAULT : page->limit,
                           .total = page->total};
    if (plan->limit < 1 || plan->limit > EC_PAGE_SIZE_MAX) {
        return ec_fail_field(session, EC_INVALID, "limit", "range", "A page holds 1 to %d items.",
                             EC_PAGE_SIZE_MAX);
    }
    int64_t number = page->page == 0 ? 1 : page->page;
    if (number < 1 || __builtin_mul_overflow(number - 1, plan->limit, &plan->offset)) {
        return ec_fail_field(session, EC_INVALID, "page", "range", "Pages are numbered from 1.");
    }
    if (!page->cursor) {
        return EC_OK;
    }
    if (page->page > 1) {
        return ec_fail_field(session, EC_INVALID, "page", "conflict",
                             "A page is named by its number or by a cursor, not by both.");
    }
    plan->after = true;
    return token_read(session, page->cursor, sort, plan);
}

/* ---- listings in the order of ids ---- */

static ec_status count_all(ec_session *session, const ec_entity *entity, const char *where,
                           const ec_value *values, size_t count, int64_t *total)
{
    const char *sql = ec_arena_printf(&session->arena, "SELECT COUNT(*) FROM %s t%s%s",
                                      entity->table, where[0] != '\0' ? " WHERE " : "", where);
    return ec_query_int(session, sql, values, count, total);
}

static ec_id object_id(const ec_entity *entity, const void *object)
{
    const ec_field *id = ec_field_find(entity, "id");
    return id ? ec_field_get_int(id, object) : 0;
}

/* One item more than the page was asked for: it only tells that there is a next page. */
static ec_status list_finish(ec_session *session, const ec_entity *entity, const ec_page_plan *plan,
                             ec_any_list *list)
{
    if (list->items_count <= (size_t)plan->limit) {
        return EC_OK;
    }
    list->items_count = (size_t)plan->limit;
    const char *last = (const char *)list->items + (list->items_count - 1) * entity->size;
    list->next_cursor = ec_page_token(session, "id", ec_int(0), object_id(entity, last));
    return list->next_cursor ? EC_OK : ec_fail_memory(session);
}

ec_status ec_page_select(ec_session *session, const ec_entity *entity, const char *where,
                         const ec_value *values, size_t count, bool descending, const ec_page *page,
                         void **list)
{
    ec_page_plan plan;
    ec_any_list *found = ec_arena_alloc(&session->arena, sizeof *found);
    ec_value *all = ec_arena_array(&session->arena, count + 3, sizeof *all);
    ec_status status =
        found && all ? ec_page_plan_make(session, page, "id", &plan) : ec_fail_memory(session);
    if (status != EC_OK) {
        return status;
    }
    if (count > 0) {
        memcpy(all, values, count * sizeof *all);
    }
    size_t bound = count;
    if (plan.after) {
        all[bound++] = ec_int(plan.id);
    }
    all[bound++] = ec_int(plan.limit + 1);
    all[bound++] = ec_int(plan.offset);
    const char *tail = ec_arena_printf(&session->arena, "%s%s%s%s ORDER BY t.id%s LIMIT ? OFFSET ?",
                                       where[0] != '\0' || plan.after ? "WHERE " : "", where,
                                       where[0] != '\0' && plan.after ? " AND " : "",
                                       !plan.after ? "" : (descending ? "t.id < ?" : "t.id > ?"),
                                       descending ? " DESC" : "");
    if (!tail) {
        return ec_fail_memory(session);
    }
    found->total = -1;
    status =
        ec_entity_select(session, entity, tail, all, bound, &found->items, &found->items_count);
    if (status == EC_OK) {
        status = list_finish(session, entity, &plan, found);
    }
    if (status == EC_OK && plan.total) {
        status = count_all(session, entity, where, values, count, &found->total);
    }
    *list = found;
    return status;
}
