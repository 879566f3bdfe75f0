/* SPDX-License-Identifier: MIT */
/*
 * find.c - reading balances, movements and reservations, and setting the lines of a balance.
 */
#include <string.h>

#include "base/block.h"
#include "engine/page.h"
#include "stock/inside.h"

/* Conditions with their values, in the arena. */
typedef struct conditions {
    ec_buf text;
    ec_value values[8];
    size_t count;
} conditions;

static void begin(ec_session *session, conditions *where)
{
    where->count = 0;
    ec_buf_init(&where->text, ec_session_platform(session), 1024);
}

static void also(conditions *where, const char *condition)
{
    ec_buf_puts(&where->text, where->text.length > 0 ? " AND " : "");
    ec_buf_puts(&where->text, condition);
}

static void also_id(conditions *where, const char *condition, ec_id id)
{
    if (id == 0) return;
    also(where, condition);
    where->values[where->count++] = ec_int(id);
}

/* The page; the conditions are released. */
static ec_status select_page(ec_session *session, const ec_entity *entity, conditions *where,
                             bool descending, const ec_page *page, void **list)
{
    const char *text = where->text.status == EC_OK
                           ? ec_arena_strdup(ec_scratch(session), ec_buf_text(&where->text))
                           : NULL;
    ec_buf_clear(&where->text);
    if (!text) return ec_fail_memory(session);
    return ec_page_select(session, entity, text, where->values, where->count, descending, page,
                          list);
}

/* ---- one balance ---- */

typedef struct one_args {
    ec_id variant_id;
    ec_id warehouse_id;
    const ec_stock_level *settings;
    ec_mask fields;
} one_args;

static ec_status load_one(ec_session *session, const one_args *args, ec_stock_balance *balance)
{
    int64_t one = 0;
    *balance = (ec_stock_balance){
        .level = {.variant_id = args->variant_id, .warehouse_id = args->warehouse_id}};
    ec_status status = ec_stock_load(session, balance, 1);
    if (status != EC_OK) return status;
    if (!balance->known) return ec_fail(session, EC_NOT_FOUND, "There is no such variant.");
    if (balance->level.id != 0) return EC_OK;
    status = ec_query_int(session, "SELECT 1 FROM warehouses WHERE id = ?",
                          ec_args(ec_int(args->warehouse_id)), &one);
    return status == EC_NOT_FOUND ? ec_fail(session, status, "There is no such warehouse.")
                                  : status;
}

/* The balance as the caller's result. */
static ec_status as_result(ec_session *session, const ec_stock_level *level, void **result)
{
    ec_stock_level *copy = ec_arena_alloc(ec_scratch(session), sizeof(*copy));
    if (!copy) return ec_fail_memory(session);
    *copy = *level;
    copy->available = ec_stock_available(level);
    *result = copy;
    return EC_OK;
}

static ec_status get_run(ec_session *session, void *ctx, void **result)
{
    ec_stock_balance balance;
    ec_status status = load_one(session, ctx, &balance);
    return status == EC_OK ? as_result(session, &balance.level, result) : status;
}

ec_status ec_stock_get(ec_session *session, ec_id variant_id, ec_id warehouse_id,
                       ec_stock_level **out)
{
    static const ec_op op = {.name = "stock.get",
                             .permission = "stock.read",
                             .access = EC_ACCESS_STAFF,
                             .mode = EC_READ,
                             .result = &ec_stock_level_entity,
                             .run = get_run};
    one_args args = {.variant_id = variant_id, .warehouse_id = warehouse_id};
    return ec_call(session, &op, &args, (void **)out);
}

static void configure_fingerprint(const void *ctx, ec_json_writer *json)
{
    const one_args *args = ctx;
    ec_json_array(json);
    ec_json_int(json, args->variant_id);
    ec_json_int(json, args->warehouse_id);
    ec_json_int(json, (int64_t)args->fields);
    if (args->settings) ec_entity_write_json(json, &ec_stock_level_entity, args->settings, NULL);
    ec_json_array_end(json);
}

/* Which of the settings the caller may and does give. */
static ec_mask settings_of(ec_mask fields)
{
    return fields & ec_entity_mask(&ec_stock_level_entity, EC_FIELD_READONLY) &
           ~ec_field_bit(&ec_stock_level_entity, ec_field_find(&ec_stock_level_entity, "id"));
}

static ec_status configure_run(ec_session *session, void *ctx, void **result)
{
    const one_args *args = ctx;
    ec_stock_balance balance;
    ec_status status =
        ec_input(session, &ec_stock_level_entity, args->settings, args->fields, false);
    if (status == EC_OK) status = load_one(session, args, &balance);
    if (status == EC_OK) status = ec_stock_create(session, &balance, 1);
    if (status != EC_OK) return status;
    ec_stock_level changed = *args->settings;
    ec_stock_level stored = {0};
    changed.id = balance.level.id;
    status = ec_entity_update(session, &ec_stock_level_entity, &changed, settings_of(args->fields));
    if (status == EC_OK)
        status = ec_entity_get(session, &ec_stock_level_entity, changed.id, &stored);
    if (status != EC_OK) return status;
    /* more is kept back: what is available falls without a movement */
    ec_stock_watch watch = {stored.id,
                            stored.variant_id,
                            stored.warehouse_id,
                            ec_stock_available(&balance.level),
                            ec_stock_available(&stored),
                            stored.reorder_point};
    status = balance.tracked ? ec_stock_tell(session, &watch, 1) : EC_OK;
    return status == EC_OK ? as_result(session, &stored, result) : status;
}

ec_status ec_stock_configure(ec_session *session, ec_id variant_id, ec_id warehouse_id,
                             const ec_stock_level *settings, ec_mask fields, ec_stock_level **out)
{
    static const ec_op op = {.name = "stock.configure",
                             .permission = "stock.write",
                             .access = EC_ACCESS_STAFF,
                             .mode = EC_WRITE,
                             .result = &ec_stock_level_entity,
                             .run = configure_run,
                             .fingerprint = configure_fingerprint};
    one_args args = {variant_id, warehouse_id, settings, fields};
    return ec_call(session, &op, &args, (void **)out);
}

/* ---- balances ---- */

typedef struct stock_args {
    const ec_stock_filter *filter;
    const ec_page *page;
} stock_args;

static ec_status stock_run(ec_session *session, void *ctx, void **result)
{
    static const ec_stock_filter all = {0};
    const stock_args *args = ctx;
    const ec_stock_filter *filter = args->filter ? args->filter : &all;
    conditions where;
    begin(session, &where);
    also_id(&where, "t.variant_id = ?", filter->variant_id);
    also_id(&where, "t.warehouse_id = ?", filter->warehouse_id);
    if (filter->low) also(&where, "t.is_low = 1");
    ec_status status =
        select_page(session, &ec_stock_level_entity, &where, false, args->page, result);
    if (status != EC_OK) return status;
    ec_stock_level_list *list = *result;
    for (size_t i = 0; i < list->items_count; i++)
        list->items[i].available = ec_stock_available(&list->items[i]);
    return EC_OK;
}

ec_status ec_stock_find(ec_session *session, const ec_stock_filter *filter, const ec_page *page,
                        ec_stock_level_list **out)
{
    static const ec_op op = {.name = "stock.find",
                             .permission = "stock.read",
                             .access = EC_ACCESS_STAFF,
                             .mode = EC_READ,
                             .result = &ec_stock_level_list_entity,
                             .run = stock_run};
    stock_args args = {filter, page};
    return ec_call(session, &op, &args, (void **)out);
}

static ec_status stock_fetch(ec_session *session, void *ctx, const ec_page *page, void **list)
{
    return ec_stock_find(session, ctx, page, (ec_stock_level_list **)list);
}

ec_status ec_stock_cursor(ec_session *session, const ec_stock_filter *filter, ec_cursor **out)
{
    ec_stock_filter *copy = NULL;
    if (session && filter) {
        copy = ec_block_alloc(ec_session_platform(session), sizeof(*copy));
        if (!copy) return ec_fail_memory(session);
        *copy = *filter;
    }
    return ec_cursor_make(session, &ec_stock_level_list_entity, stock_fetch, copy, out);
}

/* ---- movements ---- */

typedef struct movement_args {
    const ec_movement_filter *filter;
    const ec_page *page;
} movement_args;

static ec_status movement_run(ec_session *session, void *ctx, void **result)
{
    static const ec_movement_filter all = {0};
    const movement_args *args = ctx;
    const ec_movement_filter *filter = args->filter ? args->filter : &all;
    conditions where;
    if (filter->cause_id != 0 && !filter->cause)
        return ec_fail_field(session, EC_INVALID, "cause_id", "requires",
                             "The number of a cause needs its kind as well.");
    begin(session, &where);
    also_id(&where, "t.variant_id = ?", filter->variant_id);
    also_id(&where, "t.warehouse_id = ?", filter->warehouse_id);
    if (filter->cause) {
        also(&where, "t.cause = ?");
        where.values[where.count++] = ec_text(filter->cause);
    }
    also_id(&where, "t.cause_id = ?", filter->cause_id);
    return select_page(session, &ec_movement_entity, &where, filter->newest_first, args->page,
                       result);
}

ec_status ec_movement_find(ec_session *session, const ec_movement_filter *filter,
                           const ec_page *page, ec_movement_list **out)
{
    static const ec_op op = {.name = "movement.find",
                             .permission = "stock.read",
                             .access = EC_ACCESS_STAFF,
                             .mode = EC_READ,
                             .result = &ec_movement_list_entity,
                             .run = movement_run};
    movement_args args = {filter, page};
    return ec_call(session, &op, &args, (void **)out);
}

static ec_status movement_fetch(ec_session *session, void *ctx, const ec_page *page, void **list)
{
    return ec_movement_find(session, ctx, page, (ec_movement_list **)list);
}

/* The filter and its text as one block. */
static ec_movement_filter *keep_filter(ec_session *session, const ec_movement_filter *filter)
{
    size_t length = filter->cause ? strlen(filter->cause) + 1 : 0;
    ec_movement_filter *copy = ec_block_alloc(ec_session_platform(session), sizeof(*copy) + length);
    if (!copy) return NULL;
    *copy = *filter;
    if (length > 0) copy->cause = memcpy(copy + 1, filter->cause, length);
    return copy;
}

ec_status ec_movement_cursor(ec_session *session, const ec_movement_filter *filter, ec_cursor **out)
{
    ec_movement_filter *copy = NULL;
    if (session && filter) {
        copy = keep_filter(session, filter);
        if (!copy) return ec_fail_memory(session);
    }
    return ec_cursor_make(session, &ec_movement_list_entity, movement_fetch, copy, out);
}

/* ---- reservations ---- */

typedef struct reservation_args {
    const ec_reservation_filter *filter;
    const ec_page *page;
} reservation_args;

static ec_status reservation_run(ec_session *session, void *ctx, void **result)
{
    static const ec_reservation_filter all = {0};
    const reservation_args *args = ctx;
    const ec_reservation_filter *filter = args->filter ? args->filter : &all;
    conditions where;
    begin(session, &where);
    also_id(&where, "t.variant_id = ?", filter->variant_id);
    also_id(&where, "t.warehouse_id = ?", filter->warehouse_id);
    also_id(&where, "t.cart_id = ?", filter->cart_id);
    also_id(&where, "t.order_id = ?", filter->order_id);
    if (filter->active) also(&where, "t.state = 'active'");
    return select_page(session, &ec_reservation_entity, &where, false, args->page, result);
}

ec_status ec_reservation_find(ec_session *session, const ec_reservation_filter *filter,
                              const ec_page *page, ec_reservation_list **out)
{
    static const ec_op op = {.name = "reservation.find",
                             .permission = "stock.read",
                             .access = EC_ACCESS_STAFF,
                             .mode = EC_READ,
                             .result = &ec_reservation_list_entity,
                             .run = reservation_run};
    reservation_args args = {filter, page};
    return ec_call(session, &op, &args, (void **)out);
}
