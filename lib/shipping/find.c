/* SPDX-License-Identifier: MIT */
/*
 * find.c - ways to ship, read: by callers, and all of them for the snapshot of the rules.
 *
 * A stored text that this library does not understand (a newer one wrote it) makes its method one
 * that is never offered; it refuses to guess a fee.
 */
#include <string.h>

#include "catalog/inside.h"
#include "model/model.h"
#include "shipping/inside.h"

/* ---- channels of methods ---- */

/* One row: the next channel of the methods of that id. lists: one for each method. */
static void take_channel(ec_shipping_method *methods, const char ***lists, size_t count, ec_id id,
                         const char *code)
{
    for (size_t i = 0; i < count; i++)
        if (methods[i].id == id && methods[i].channels_count < EC_SHIPPING_CHANNELS_MAX)
            lists[i][methods[i].channels_count++] = code;
}

ec_status ec_shipping_channels(ec_session *session, ec_shipping_method *methods, size_t count)
{
    ec_statement s;
    ec_stmt *stmt = NULL;
    ec_arena *arena = ec_scratch(session);
    ec_id *ids = ec_arena_array(arena, count, sizeof(*ids));
    const char ***lists = ec_arena_array(arena, count, sizeof(*lists));
    if (ids == NULL || lists == NULL) return ec_fail_memory(session);
    if (count == 0) return EC_OK;
    for (size_t i = 0; i < count; i++) {
        ids[i] = methods[i].id;
        lists[i] = ec_arena_array(arena, EC_SHIPPING_CHANNELS_MAX, sizeof(**lists));
        if (lists[i] == NULL) return ec_fail_memory(session);
        methods[i].channels = lists[i];
        methods[i].channels_count = 0;
    }
    ec_statement_begin(&s, session);
    ec_statement_put(&s, "SELECT m.shipping_method_id, c.code FROM shipping_method_channels m"
                         " JOIN channels c ON c.id = m.channel_id WHERE m.shipping_method_id IN ");
    ec_statement_ids(&s, ids, count);
    ec_statement_put(&s, " ORDER BY m.shipping_method_id, c.id");
    ec_status status = ec_statement_query(&s, &stmt);
    while (status == EC_OK && (status = ec_row(session, stmt)) == EC_OK)
        take_channel(methods, lists, count, ec_col_int(stmt, 0), ec_col_text(session, stmt, 1));
    return status == EC_DONE ? EC_OK : status;
}

/* ---- for callers ---- */

static ec_status get_run(ec_session *session, void *ctx, void **result)
{
    const ec_object_args *args = ctx;
    const ec_entity *entity = &ec_shipping_method_entity;
    bool by_code = args->id == 0 && args->name != NULL;
    ec_status status =
        ec_catalog_one(session, entity, by_code ? "WHERE t.code = ?" : "WHERE t.id = ?",
                       ec_args(by_code ? ec_text(args->name) : ec_int(args->id)), result);
    return status == EC_OK ? ec_shipping_channels(session, *result, 1) : status;
}

ec_status ec_shipping_method_get(ec_session *session, ec_id id, ec_shipping_method **out)
{
    static const ec_op op = {.name = "shipping_method.get",
                             .permission = "shipping.read",
                             .access = EC_ACCESS_STAFF,
                             .mode = EC_READ,
                             .result = &ec_shipping_method_entity,
                             .run = get_run};
    ec_object_args args = {.id = id};
    return ec_call(session, &op, &args, (void **)out);
}

ec_status ec_shipping_method_by_code(ec_session *session, const char *code,
                                     ec_shipping_method **out)
{
    static const ec_op op = {.name = "shipping_method.by_code",
                             .permission = "shipping.read",
                             .access = EC_ACCESS_STAFF,
                             .mode = EC_READ,
                             .result = &ec_shipping_method_entity,
                             .run = get_run};
    ec_object_args args = {.name = code};
    return ec_call(session, &op, &args, (void **)out);
}

static ec_status find_run(ec_session *session, void *ctx, void **result)
{
    const ec_page *const *page = ctx;
    ec_status status =
        ec_page_select(session, &ec_shipping_method_entity, "", ec_no_args, false, *page, result);
    if (status != EC_OK) return status;
    ec_shipping_method_list *list = *result;
    return ec_shipping_channels(session, list->items, list->items_count);
}

ec_status ec_shipping_method_find(ec_session *session, const ec_page *page,
                                  ec_shipping_method_list **out)
{
    static const ec_op op = {.name = "shipping_method.find",
                             .permission = "shipping.read",
                             .access = EC_ACCESS_STAFF,
                             .mode = EC_READ,
                             .result = &ec_shipping_method_list_entity,
                             .run = find_run};
    return ec_call(session, &op, &page, (void **)out);
}

/* ---- for the snapshot ---- */

static ec_status compile(ec_arena *arena, const ec_shipping_method *stored, unsigned *needs,
                         ec_shipping_rule *out)
{
    ec_rule_fault fault;
    const char *field = NULL;
    const ec_shipping_method *method = ec_entity_copy(arena, &ec_shipping_method_entity, stored);
    if (method == NULL) return EC_NO_MEMORY;
    *out = (ec_shipping_rule){.id = method->id,
                              .zone_id = method->zone_id,
                              .code = method->code,
                              .name = method->name,
                              .tax_category = method->tax_category,
                              .category = method->shipping_category,
                              .category_rule = method->category_rule,
                              .days_min = method->days_min,
                              .days_max = method->days_max,
                              .cutoff_hour = method->cutoff_hour,
                              .pickup_warehouse_id = method->pickup_warehouse_id,
                              .is_active = method->status == EC_SHIPPING_ACTIVE};
    ec_status status = ec_shipping_compile(arena, method->calculator, method->conditions, needs,
                                           out, &field, &fault);
    if (status != EC_INVALID) return status;
    out->is_active = false;
    return EC_OK;
}

static bool splits(const ec_shipping_rule *method)
{
    bool found = false;
    for (size_t i = 0; i < method->calls_count; i++)
        found = found || ec_rule_arg_of(&method->calls[i], "per_parcel", NULL) != NULL;
    return found;
}

/* One row: the next channel of a method, whose list is made with the first one. */
static bool keep_channel(ec_arena *arena, ec_shipping_rule *method, ec_id **list, ec_id channel_id)
{
    if (*list == NULL) *list = ec_arena_array(arena, EC_SHIPPING_CHANNELS_MAX, sizeof(**list));
    if (*list == NULL) return false;
    method->channels = *list;
    if (method->channels_count < EC_SHIPPING_CHANNELS_MAX)
        (*list)[method->channels_count++] = channel_id;
    return true;
}

/* The channels of all methods, by method. */
static ec_status load_channels(ec_session *session, ec_arena *arena, ec_shipping_rule *methods,
                               size_t count)
{
    ec_stmt *stmt = NULL;
    ec_id **lists = ec_arena_array(ec_scratch(session), count, sizeof(*lists));
    if (lists == NULL) return ec_fail_memory(session);
    ec_status status =
        ec_query(session,
                 "SELECT m.id, c.channel_id FROM shipping_methods m"
                 " JOIN shipping_method_channels c ON c.shipping_method_id = m.id"
                 " WHERE m.status IN ('active', 'disabled') ORDER BY m.id, c.channel_id",
                 ec_no_args, &stmt);
    while (status == EC_OK && (status = ec_row(session, stmt)) == EC_OK) {
        size_t at = 0;
        while (at < count && methods[at].id != ec_col_int(stmt, 0))
            at++;
        if (at < count && !keep_channel(arena, &methods[at], &lists[at], ec_col_int(stmt, 1)))
            return ec_fail_memory(session);
    }
    return status == EC_DONE ? EC_OK : status;
}

/* A zone that is for taxes only, by now, has no addresses to ship to. */
static ec_status leave_tax_zones(ec_session *session, ec_shipping_rule *methods, size_t count)
{
    ec_stmt *stmt = NULL;
    ec_status status = ec_query(session,
                                "SELECT m.id FROM zones z JOIN shipping_methods m ON"
                                " m.zone_id = z.id WHERE z.scope = 'tax' /* whole */",
                                ec_no_args, &stmt);
    while (status == EC_OK && (status = ec_row(session, stmt)) == EC_OK)
        for (size_t i = 0; i < count; i++)
            if (methods[i].id == ec_col_int(stmt, 0)) methods[i].is_active = false;
    return status == EC_DONE ? EC_OK : status;
}

ec_status ec_shipping_book_load(ec_session *session, ec_arena *arena, unsigned *needs,
                                ec_shipping_book *out)
{
    void *found = NULL;
    size_t count = 0;
    ec_status status = ec_entity_select(session, &ec_shipping_method_entity,
                                        "WHERE t.status IN ('active', 'disabled')"
                                        " ORDER BY t.position, t.id",
                                        ec_no_args, &found, &count);
    if (status != EC_OK) return status;
    ec_shipping_rule *methods = ec_arena_array(arena, count, sizeof(*methods));
    if (methods == NULL) return ec_fail_memory(session);
    for (size_t i = 0; i < count && status == EC_OK; i++)
        status = compile(arena, (const ec_shipping_method *)found + i, needs, &methods[i]);
    if (status != EC_OK) return ec_fail_memory(session);
    *out = (ec_shipping_book){.methods_count = count, .methods = methods};
    for (size_t i = 0; i < count; i++)
        out->splits = out->splits || splits(&methods[i]);
    status = load_channels(session, arena, methods, count);
    return status == EC_OK ? leave_tax_zones(session, methods, count) : status;
}
