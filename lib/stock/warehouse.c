/* SPDX-License-Identifier: MIT */
/*
 * warehouse.c - warehouses, and which of them serve a channel.
 *
 * A channel without warehouses of its own is served by all active ones, so a shop with one front
 * needs no assignment. It refuses to remove a warehouse: the ledger speaks of it.
 */
#include <ecommerce/warehouse.h>

#include <string.h>

#include "engine/page.h"
#include "stock/inside.h"

typedef struct write_args {
    ec_id id;
    const ec_warehouse *warehouse;
    ec_mask fields;
} write_args;

static ec_status create_run(ec_session *session, void *ctx, void **result)
{
    const write_args *args = ctx;
    ec_status status = ec_input(session, &ec_warehouse_entity, args->warehouse, EC_MASK_ALL, true);
    if (status != EC_OK) return status;
    ec_warehouse *stored = ec_arena_alloc(ec_scratch(session), sizeof(*stored));
    if (!stored) return ec_fail_memory(session);
    *stored = *args->warehouse;
    stored->id = stored->version = stored->created_at = stored->updated_at = 0;
    status = ec_entity_insert(session, &ec_warehouse_entity, stored);
    if (status != EC_OK) return status;
    *result = stored;
    return ec_emit(session, "warehouse", stored->id, "warehouse.created", NULL);
}

static void write_fingerprint(const void *ctx, ec_json_writer *json)
{
    const write_args *args = ctx;
    ec_json_array(json);
    ec_json_int(json, args->id);
    ec_json_int(json, (int64_t)args->fields);
    if (args->warehouse) ec_entity_write_json(json, &ec_warehouse_entity, args->warehouse, NULL);
    ec_json_array_end(json);
}

ec_status ec_warehouse_create(ec_session *session, const ec_warehouse *warehouse,
                              ec_warehouse **out)
{
    static const ec_op op = {.name = "warehouse.create",
                             .permission = "stock.write",
                             .access = EC_ACCESS_STAFF,
                             .mode = EC_WRITE,
                             .result = &ec_warehouse_entity,
                             .run = create_run,
                             .fingerprint = write_fingerprint};
    write_args args = {.warehouse = warehouse};
    return ec_call(session, &op, &args, (void **)out);
}

static ec_status update_run(ec_session *session, void *ctx, void **result)
{
    const write_args *args = ctx;
    ec_status status =
        ec_input(session, &ec_warehouse_entity, args->warehouse, args->fields, false);
    if (status != EC_OK) return status;
    ec_warehouse *changed = ec_arena_alloc(ec_scratch(session), sizeof(*changed));
    ec_warehouse *stored = ec_arena_alloc(ec_scratch(session), sizeof(*stored));
    if (!changed || !stored) return ec_fail_memory(session);
    *changed = *args->warehouse;
    changed->id = args->id;
    ec_mask fields = args->fields & ec_entity_mask(&ec_warehouse_entity, EC_FIELD_READONLY);
    status = ec_entity_update(session, &ec_warehouse_entity, changed, fields);
    if (status != EC_OK) return status;
    status = ec_entity_get(session, &ec_warehouse_entity, args->id, stored);
    if (status != EC_OK) return status;
    *result = stored;
    return ec_emit(session, "warehouse", args->id, "warehouse.updated", NULL);
}

ec_status ec_warehouse_update(ec_session *session, ec_id id, const ec_warehouse *warehouse,
                              ec_mask fields, ec_warehouse **out)
{
    static const ec_op op = {.name = "warehouse.update",
                             .permission = "stock.write",
                             .access = EC_ACCESS_STAFF,
                             .mode = EC_WRITE,
                             .result = &ec_warehouse_entity,
                             .run = update_run,
                             .fingerprint = write_fingerprint};
    write_args args = {.id = id, .warehouse = warehouse, .fields = fields};
    return ec_call(session, &op, &args, (void **)out);
}

/* ---- reading ---- */

typedef struct read_args {
    ec_id id;
    const char *code;
    const ec_page *page;
} read_args;

static ec_status get_run(ec_session *session, void *ctx, void **result)
{
    const read_args *args = ctx;
    *result = ec_arena_alloc(ec_scratch(session), sizeof(ec_warehouse));
    if (!*result) return ec_fail_memory(session);
    return ec_entity_get(session, &ec_warehouse_entity, args->id, *result);
}

ec_status ec_warehouse_get(ec_session *session, ec_id id, ec_warehouse **out)
{
    static const ec_op op = {.name = "warehouse.get",
                             .permission = "stock.read",
                             .access = EC_ACCESS_STAFF,
                             .mode = EC_READ,
                             .result = &ec_warehouse_entity,
                             .run = get_run};
    read_args args = {.id = id};
    return ec_call(session, &op, &args, (void **)out);
}

static ec_status by_code_run(ec_session *session, void *ctx, void **result)
{
    const read_args *args = ctx;
    size_t found = 0;
    if (!args->code) return ec_fail(session, EC_MISUSE, "The code is NULL.");
    ec_status status = ec_entity_select(session, &ec_warehouse_entity, "WHERE t.code = ?",
                                        ec_args(ec_text(args->code)), result, &found);
    if (status != EC_OK || found > 0) return status;
    return ec_fail(session, EC_NOT_FOUND, "There is no such warehouse.");
}

ec_status ec_warehouse_by_code(ec_session *session, const char *code, ec_warehouse **out)
{
    static const ec_op op = {.name = "warehouse.by_code",
                             .permission = "stock.read",
                             .access = EC_ACCESS_STAFF,
                             .mode = EC_READ,
                             .result = &ec_warehouse_entity,
                             .run = by_code_run};
    read_args args = {.code = code};
    return ec_call(session, &op, &args, (void **)out);
}

static ec_status find_run(ec_session *session, void *ctx, void **result)
{
    const read_args *args = ctx;
    return ec_page_select(session, &ec_warehouse_entity, "", ec_no_args, false, args->page, result);
}

ec_status ec_warehouse_find(ec_session *session, const ec_page *page, ec_warehouse_list **out)
{
    static const ec_op op = {.name = "warehouse.find",
                             .permission = "stock.read",
                             .access = EC_ACCESS_STAFF,
                             .mode = EC_READ,
                             .result = &ec_warehouse_list_entity,
                             .run = find_run};
    read_args args = {.page = page};
    return ec_call(session, &op, &args, (void **)out);
}

/* ---- who serves a channel ---- */

typedef struct assign_args {
    ec_id channel_id;
    const ec_id *warehouses;
    size_t count;
} assign_args;

static ec_status channel_exists(ec_session *session, ec_id id)
{
    int64_t one = 0;
    ec_status status =
        ec_query_int(session, "SELECT 1 FROM channels WHERE id = ?", ec_args(ec_int(id)), &one);
    return status == EC_NOT_FOUND ? ec_fail(session, status, "There is no such channel.") : status;
}

/* Are all of them warehouses, and each named once? */
static ec_status check_assigned(ec_session *session, const assign_args *args)
{
    ec_check check;
    bool known[EC_CHANNEL_WAREHOUSES_MAX] = {false};
    ec_value values[EC_CHANNEL_WAREHOUSES_MAX * 2];
    size_t bound = 0;
    ec_buf sql;
    ec_stmt *stmt = NULL;
    ec_check_init(&check, ec_scratch(session));
    ec_buf_init(&sql, ec_session_platform(session), EC_TEXT_MAX);
    ec_buf_puts(&sql, "SELECT id FROM warehouses WHERE id IN (");
    ec_stock_in(&sql, values, &bound, args->warehouses, args->count);
    ec_buf_puts(&sql, ")");
    ec_status status = ec_stock_start(session, &sql, values, bound, &stmt);
    while (status == EC_OK && (status = ec_row(session, stmt)) == EC_OK)
        for (size_t i = 0; i < args->count; i++)
            known[i] |= args->warehouses[i] == ec_col_int(stmt, 0);
    if (status != EC_DONE) return status;
    for (size_t i = 0; i < args->count; i++) {
        const char *field = ec_arena_printf(ec_scratch(session), "warehouses[%zu]", i);
        bool twice = false;
        for (size_t n = 0; n < i; n++)
            twice |= args->warehouses[n] == args->warehouses[i];
        if (!known[i]) ec_check_add(&check, field, "unknown", "There is no such warehouse.");
        if (twice) ec_check_add(&check, field, "unique", "A warehouse serves a channel once.");
    }
    return ec_fail_check(session, &check);
}

static ec_status insert_assigned(ec_session *session, const assign_args *args)
{
    ec_buf sql;
    ec_value values[EC_CHANNEL_WAREHOUSES_MAX * 3];
    size_t bound = 0;
    ec_buf_init(&sql, ec_session_platform(session), EC_TEXT_MAX);
    ec_buf_puts(&sql,
                "INSERT INTO channel_warehouses (channel_id, warehouse_id, priority) VALUES ");
    for (size_t i = 0; i < args->count; i++) {
        ec_buf_puts(&sql, i == 0 ? "(?, ?, ?)" : ", (?, ?, ?)");
        values[bound++] = ec_int(args->channel_id);
        values[bound++] = ec_int(args->warehouses[i]);
        values[bound++] = ec_int((int64_t)i);
    }
    return ec_stock_run(session, &sql, values, bound, NULL);
}

static ec_status assign_run(ec_session *session, void *ctx, void **result)
{
    const assign_args *args = ctx;
    (void)result;
    if (args->count > 0 && !args->warehouses)
        return ec_fail(session, EC_MISUSE, "The warehouses are NULL.");
    if (args->count > EC_CHANNEL_WAREHOUSES_MAX)
        return ec_fail_field(session, EC_INVALID, "warehouses", "max_items",
                             "At most %d warehouses serve a channel.", EC_CHANNEL_WAREHOUSES_MAX);
    ec_status status = channel_exists(session, args->channel_id);
    if (status == EC_OK && args->count > 0) status = check_assigned(session, args);
    if (status == EC_OK)
        status = ec_exec(session, "DELETE FROM channel_warehouses WHERE channel_id = ?",
                         ec_args(ec_int(args->channel_id)), NULL);
    if (status == EC_OK && args->count > 0) status = insert_assigned(session, args);
    if (status != EC_OK) return status;
    return ec_emit(session, "channel", args->channel_id, "channel.warehouses", NULL);
}

static void assign_fingerprint(const void *ctx, ec_json_writer *json)
{
    const assign_args *args = ctx;
    ec_json_array(json);
    ec_json_int(json, args->channel_id);
    for (size_t i = 0; args->warehouses && i < args->count; i++)
        ec_json_int(json, args->warehouses[i]);
    ec_json_array_end(json);
}

ec_status ec_warehouse_assign(ec_session *session, ec_id channel_id, const ec_id *warehouses,
                              size_t count)
{
    static const ec_op op = {.name = "warehouse.assign",
                             .permission = "stock.write",
                             .access = EC_ACCESS_STAFF,
                             .mode = EC_WRITE,
                             .run = assign_run,
                             .fingerprint = assign_fingerprint};
    assign_args args = {channel_id, warehouses, count};
    return ec_call(session, &op, &args, NULL);
}

static ec_status serving_run(ec_session *session, void *ctx, void **result)
{
    const assign_args *args = ctx;
    ec_value id = ec_int(args->channel_id);
    ec_warehouse_list *list = ec_arena_alloc(ec_scratch(session), sizeof(*list));
    if (!list) return ec_fail_memory(session);
    ec_status status = channel_exists(session, args->channel_id);
    if (status != EC_OK) return status;
    void *found = NULL;
    status = ec_entity_select(
        session, &ec_warehouse_entity,
        "LEFT JOIN channel_warehouses c ON c.channel_id = ? AND c.warehouse_id = t.id"
        " WHERE t.is_active = 1 AND (c.channel_id IS NOT NULL OR NOT EXISTS"
        " (SELECT 1 FROM channel_warehouses x WHERE x.channel_id = ?))"
        " ORDER BY COALESCE(c.priority, t.priority), t.id",
        ec_args(id, id), &found, &list->items_count);
    list->items = found;
    list->total = (int64_t)list->items_count;
    *result = list;
    return status;
}

ec_status ec_warehouse_serving(ec_session *session, ec_id channel_id, ec_warehouse_list **out)
{
    static const ec_op op = {.name = "warehouse.serving",
                             .permission = "stock.read",
                             .access = EC_ACCESS_STAFF,
                             .mode = EC_READ,
                             .result = &ec_warehouse_list_entity,
                             .run = serving_run};
    assign_args args = {.channel_id = channel_id};
    return ec_call(session, &op, &args, (void **)out);
}

ec_status ec_warehouse_default(ec_session *session, ec_id *id)
{
    ec_status status = ec_query_int(session,
                                    "SELECT id FROM warehouses WHERE is_active = 1"
                                    " ORDER BY priority, id LIMIT 1",
                                    ec_no_args, id);
    if (status != EC_NOT_FOUND) return status;
    ec_forgive(session);
    ec_warehouse warehouse = {.code = "main", .name = "Main", .is_active = true};
    status = ec_entity_insert(session, &ec_warehouse_entity, &warehouse);
    *id = warehouse.id;
    return status;
}
