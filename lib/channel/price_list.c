/* SPDX-License-Identifier: MIT */
/*
 * price_list.c - lists of prices as objects; the prices in them are the catalogue's part.
 *
 * Rows with a code, and the channels that have the list. Which of several lists holds is said in
 * catalog/price_rule.h. It refuses channels of another currency, and an end before the begin by the
 * entity's own rule.
 */
#include <ecommerce/channel.h>
#include <ecommerce/group.h>

#include <stdlib.h>
#include <string.h>

#include "catalog/statement.h"
#include "engine/object.h"
#include "engine/page.h"
#include "model/model.h"

/* ---- the channels of a list ---- */

/* Is a code there twice? */
static void check_unique(ec_session *session, const ec_price_list *list, ec_check *check)
{
    for (size_t i = 1; i < list->channels_count; i++) {
        bool twice = false;
        for (size_t j = 0; j < i && !twice; j++) {
            twice = strcmp(list->channels[i], list->channels[j]) == 0;
        }
        if (twice) {
            ec_check_add(check, ec_arena_printf(ec_scratch(session), "channels[%zu]", i), "unique",
                         "The channel is there twice.");
        }
    }
}

/* Find the channels; ids[i] is that of channels[i]. One statement. */
static ec_status find_channels(ec_session *session, const ec_price_list *list, ec_id *ids,
                               ec_check *check)
{
    ec_statement s;
    ec_stmt *stmt = NULL;
    ec_statement_begin(&s, session);
    ec_statement_put(&s, "SELECT id, code, currency FROM channels WHERE code IN ");
    ec_statement_texts(&s, list->channels, list->channels_count);
    ec_status status = ec_statement_query(&s, &stmt);
    while (status == EC_OK && (status = ec_row(session, stmt)) == EC_OK) {
        const char *code = ec_col_text(session, stmt, 1);
        const char *currency = ec_col_text(session, stmt, 2);
        for (size_t i = 0; code && currency && i < list->channels_count; i++) {
            if (strcmp(list->channels[i], code) != 0) {
                continue;
            }
            ids[i] = ec_col_int(stmt, 0);
            if (strcmp(currency, list->currency) != 0) {
                ec_check_add(check, ec_arena_printf(ec_scratch(session), "channels[%zu]", i),
                             "currency", "The price list is in %s, the channel in %s.",
                             list->currency, currency);
            }
        }
    }
    for (size_t i = 0; status == EC_DONE && i < list->channels_count; i++) {
        if (ids[i] == 0) {
            ec_check_add(check, ec_arena_printf(ec_scratch(session), "channels[%zu]", i), "unknown",
                         "There is no channel %.64s.", list->channels[i]);
        }
    }
    return status == EC_DONE ? EC_OK : status;
}

/* The channels as the caller put them, so that errors name the right ones. */
static ec_status insert_channels(ec_session *session, const ec_price_list *list)
{
    ec_statement s;
    ec_check check;
    ec_id *ids = ec_arena_array(ec_scratch(session), list->channels_count + 1, sizeof *ids);
    if (list->channels_count == 0 || !ids) {
        return ids ? EC_OK : ec_fail_memory(session);
    }
    ec_check_init(&check, ec_scratch(session));
    check_unique(session, list, &check);
    ec_status status = find_channels(session, list, ids, &check);
    status = status == EC_OK ? ec_fail_check(session, &check) : status;
    if (status != EC_OK) {
        return status;
    }
    ec_statement_begin(&s, session);
    ec_statement_put(&s, "INSERT INTO price_list_channels (price_list_id, channel_id) VALUES ");
    for (size_t i = 0; i < list->channels_count; i++) {
        ec_statement_put(&s, i == 0 ? "(?, ?)" : ", (?, ?)");
        ec_statement_value(&s, ec_int(list->id));
        ec_statement_value(&s, ec_int(ids[i]));
    }
    return ec_statement_exec(&s, NULL);
}

static ec_status replace_channels(ec_session *session, const ec_price_list *list,
                                  const ec_price_list *given)
{
    ec_price_list wanted = *list;
    wanted.channels = given->channels;
    ec_status status = ec_exec(session, "DELETE FROM price_list_channels WHERE price_list_id = ?",
                               ec_args(ec_int(list->id)), NULL);
    return status == EC_OK ? insert_channels(session, &wanted) : status;
}

/* Fill the channels of lists that are sorted by id, by their codes. One statement. */
static ec_status read_channels(ec_session *session, ec_price_list *items, size_t count)
{
    ec_statement s;
    ec_stmt *stmt = NULL;
    size_t at = 0;
    ec_id *ids = ec_arena_array(ec_scratch(session), count + 1, sizeof *ids);
    if (count == 0 || !ids) {
        return ids ? EC_OK : ec_fail_memory(session);
    }
    for (size_t i = 0; i < count; i++) {
        ids[i] = items[i].id;
    }
    ec_statement_begin(&s, session);
    ec_statement_put(&s, "SELECT a.price_list_id, c.code FROM price_list_channels a"
                         " JOIN channels c ON c.id = a.channel_id WHERE a.price_list_id IN ");
    ec_statement_ids(&s, ids, count);
    ec_statement_put(&s, " ORDER BY a.price_list_id, c.code");
    ec_status status = ec_statement_query(&s, &stmt);
    while (status == EC_OK && (status = ec_row(session, stmt)) == EC_OK) {
        while (at + 1 < count && items[at].id < ec_col_int(stmt, 0)) {
            at++;
        }
        const char **codes = (const char **)(uintptr_t)items[at].channels;
        size_t had = items[at].channels_count;
        if (had % 16 == 0) { /* full: room for sixteen more */
            codes = ec_arena_array(ec_scratch(session), had + 16, sizeof *codes);
            if (!codes) {
                return ec_fail_memory(session);
            }
            if (had > 0) {
                memcpy(codes, items[at].channels, had * sizeof *codes);
            }
            items[at].channels = codes;
        }
        codes[items[at].channels_count++] = ec_col_text(session, stmt, 1);
    }
    return status == EC_DONE ? EC_OK : status;
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* A copy in the order in which they are read. */
static bool sort_channels(ec_session *session, ec_price_list *list)
{
    size_t count = list->channels ? list->channels_count : 0;
    const char **codes = ec_arena_array(ec_scratch(session), count + 1, sizeof *codes);
    if (codes && count > 0) {
        memcpy(codes, list->channels, count * sizeof *codes);
        qsort(codes, count, sizeof *codes, by_text);
    }
    list->channels = codes;
    list->channels_count = count;
    return codes != NULL;
}

/* ---- rules ---- */

static ec_status check_group(ec_session *session, const ec_price_list *list)
{
    ec_group group = {0};
    ec_status status = list->group_id == 0
                           ? EC_OK
                           : ec_entity_get(session, &ec_group_entity, list->group_id, &group);
    return status == EC_NOT_FOUND ? ec_fail_field(session, EC_INVALID, "group_id", "unknown",
                                                  "There is no such group.")
                                  : status;
}

/* Since when its prices hold by its status, and until when they did. */
static ec_mask note_status(ec_session *session, ec_price_list *list, ec_price_list_status before)
{
    bool was = before == EC_PRICE_LIST_ACTIVE, is = list->status == EC_PRICE_LIST_ACTIVE;
    if (is && !was) {
        list->active_from = ec_now(session);
        list->active_until = 0;
    } else if (was && !is) {
        list->active_until = ec_now(session);
    }
    return was == is ? 0 : ec_mask_of("price_list", "active_from,active_until");
}

/* ---- create and update ---- */

static ec_status create_run(ec_session *session, void *ctx, void **result)
{
    const ec_object_args *args = ctx;
    ec_status status = ec_input(session, &ec_price_list_entity, args->object, EC_MASK_ALL, true);
    ec_price_list *list = ec_arena_alloc(ec_scratch(session), sizeof *list);
    if (status != EC_OK || !list) {
        return status != EC_OK ? status : ec_fail_memory(session);
    }
    *list = *(const ec_price_list *)args->object;
    list->version = 0;
    list->created_at = list->updated_at = list->active_from = list->active_until = 0;
    (void)note_status(session, list, EC_PRICE_LIST_DRAFT);
    list->channels_count = list->channels ? list->channels_count : 0;
    status = check_group(session, list);
    if (status == EC_OK) {
        status = ec_entity_insert(session, &ec_price_list_entity, list);
    }
    if (status == EC_OK) {
        status = insert_channels(session, list);
    }
    if (status == EC_OK && !sort_channels(session, list)) {
        status = ec_fail_memory(session);
    }
    if (status == EC_OK) {
        status = ec_emit(session, "price_list", list->id, "price_list.created", NULL);
    }
    ec_facts_changed(session);
    *result = list;
    return status;
}

ec_status ec_price_list_create(ec_session *session, const ec_price_list *list, ec_price_list **out)
{
    static const ec_op op = {.name = "price_list.create",
                             .permission = "price.write",
                             .access = EC_ACCESS_STAFF,
                             .mode = EC_WRITE,
                             .result = &ec_price_list_entity,
                             .run = create_run,
                             .fingerprint = ec_object_fingerprint};
    ec_object_args args = {.entity = &ec_price_list_entity, .object = list};
    return ec_call(session, &op, &args, (void **)out);
}

/* The stored channels, and those that the list is to have: the given ones if named. */
static ec_status merge_channels(ec_session *session, const ec_object_args *args,
                                ec_price_list *before, ec_price_list *list, ec_mask *fields)
{
    ec_mask named = ec_mask_of("price_list", "channels");
    ec_status status = read_channels(session, before, 1);
    if (status != EC_OK) {
        return status;
    }
    if ((args->fields & named) == 0) {
        list->channels = before->channels;
        list->channels_count = before->channels_count;
    } else if (!sort_channels(session, list)) {
        return ec_fail_memory(session);
    }
    *fields &= ~named;
    if (!ec_entity_equal(&ec_price_list_entity, before, list, named)) {
        *fields |= named;
    }
    return EC_OK;
}

static ec_status update_run(ec_session *session, void *ctx, void **result)
{
    ec_mask fields = 0;
    ec_price_list before = {0};
    ec_price_list *list = ec_arena_alloc(ec_scratch(session), sizeof *list);
    ec_status status =
        list ? ec_object_merge(session, ctx, &before, list, &fields) : ec_fail_memory(session);
    *result = list;
    if (status == EC_OK) {
        status = merge_channels(session, ctx, &before, list, &fields);
    }
    if (status == EC_OK && fields != 0) {
        fields |= note_status(session, list, before.status);
        status = check_group(session, list);
        ec_facts_changed(session);
    }
    if (status != EC_OK || fields == 0) {
        return status;
    }
    status = ec_entity_update(session, &ec_price_list_entity, list, fields);
    if (status == EC_OK && (fields & ec_mask_of("price_list", "channels")) != 0) {
        status = replace_channels(session, list, ((const ec_object_args *)ctx)->object);
    }
    return status == EC_OK ? ec_emit(session, "price_list", list->id, "price_list.updated", NULL)
                           : status;
}

ec_status ec_price_list_update(ec_session *session, ec_id id, const ec_price_list *list,
                               ec_mask fields, ec_price_list **out)
{
    static const ec_op op = {.name = "price_list.update",
                             .permission = "price.write",
                             .access = EC_ACCESS_STAFF,
                             .mode = EC_WRITE,
                             .result = &ec_price_list_entity,
                             .run = update_run,
                             .fingerprint = ec_object_fingerprint};
    ec_object_args args = {
        .entity = &ec_price_list_entity, .id = id, .object = list, .fields = fields};
    return ec_call(session, &op, &args, (void **)out);
}

static ec_status get_run(ec_session *session, void *ctx, void **result)
{
    const ec_object_args *args = ctx;
    size_t count = 0;
    bool by_code = args->id == 0;
    ec_status status = ec_entity_select(
        session, &ec_price_list_entity, by_code ? "WHERE t.code = ?" : "WHERE t.id = ?",
        ec_args(by_code ? ec_text(args->name) : ec_int(args->id)), result, &count);
    if (status == EC_OK && count == 0) {
        return ec_fail(session, EC_NOT_FOUND, "There is no such price list.");
    }
    return status == EC_OK ? read_channels(session, *result, 1) : status;
}

ec_status ec_price_list_get(ec_session *session, ec_id id, ec_price_list **out)
{
    static const ec_op op = {.name = "price_list.get",
                             .permission = "price.read",
                             .access = EC_ACCESS_STAFF,
                             .mode = EC_READ,
                             .result = &ec_price_list_entity,
                             .run = get_run};
    ec_object_args args = {.id = id};
    return ec_call(session, &op, &args, (void **)out);
}

ec_status ec_price_list_by_code(ec_session *session, const char *code, ec_price_list **out)
{
    static const ec_op op = {.name = "price_list.by_code",
                             .permission = "price.read",
                             .access = EC_ACCESS_STAFF,
                             .mode = EC_READ,
                             .result = &ec_price_list_entity,
                             .run = get_run};
    ec_object_args args = {.name = code};
    return ec_call(session, &op, &args, (void **)out);
}

static ec_status find_run(ec_session *session, void *ctx, void **result)
{
    const ec_page *const *page = ctx;
    ec_status status =
        ec_page_select(session, &ec_price_list_entity, "", ec_no_args, false, *page, result);
    ec_price_list_list *list = *result;
    return status == EC_OK ? read_channels(session, list->items, list->items_count) : status;
}

ec_status ec_price_list_find(ec_session *session, const ec_page *page, ec_price_list_list **out)
{
    static const ec_op op = {.name = "price_list.find",
                             .permission = "price.read",
                             .access = EC_ACCESS_STAFF,
                             .mode = EC_READ,
                             .result = &ec_price_list_list_entity,
                             .run = find_run};
    return ec_call(session, &op, &page, (void **)out);
}
