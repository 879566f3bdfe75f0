/* SPDX-License-Identifier: MIT */
/*
 * hold.c - promises: units put on hold for a cart or an order, and handed on from one to the other.
 *
 * Checking and holding is one statement: UPDATE … WHERE there is enough, and the count of touched
 * rows says whether there was. So no caller can look first and hold later. It refuses half a hold:
 * when one row has too few, the operation fails as a whole.
 */
#include "stock/inside.h"

#define EC_STATEMENT_MAX (1u << 20)

/* ---- one statement for all rows ---- */

/* A backorder may be promised where nothing was ever recorded: make the balances. */
static ec_status create_missing(ec_session *session, ec_stock_allocation *allocations, size_t count)
{
    ec_stock_balance *balances = ec_arena_array(ec_scratch(session), count, sizeof(*balances));
    size_t missing = 0;
    if (!balances) return ec_fail_memory(session);
    for (size_t i = 0; i < count; i++)
        if (allocations[i].inventory_id == 0)
            balances[missing++] =
                (ec_stock_balance){.level = {.variant_id = allocations[i].variant_id,
                                             .warehouse_id = allocations[i].warehouse_id,
                                             .backorder = true},
                                   .known = true};
    if (missing == 0) return EC_OK;
    ec_status status = ec_stock_create(session, balances, missing);
    for (size_t i = 0, at = 0; i < count; i++)
        if (allocations[i].inventory_id == 0) allocations[i].inventory_id = balances[at++].level.id;
    return status;
}

/* The guard failed for some: name those whose rows have too few. Rows that were touched have less
   than before, too, and are told apart by what they would have then. */
static ec_status name_short(ec_session *session, const ec_stock_allocation *allocations,
                            size_t count)
{
    ec_buf sql;
    ec_stmt *stmt = NULL;
    size_t bound = 0;
    size_t found = 0;
    ec_arena *arena = ec_scratch(session);
    ec_id *ids = ec_arena_array(arena, count, sizeof(*ids));
    ec_value *values = ec_arena_array(arena, ec_stock_padded(count), sizeof(*values));
    ec_stock_short *shorts = ec_arena_array(arena, count, sizeof(*shorts));
    if (!ids || !values || !shorts) return ec_fail_memory(session);
    for (size_t i = 0; i < count; i++)
        ids[i] = allocations[i].inventory_id;
    ec_buf_init(&sql, ec_session_platform(session), EC_STATEMENT_MAX);
    ec_buf_puts(&sql, "SELECT id, on_hand - committed - damaged - safety_stock FROM inventory"
                      " WHERE backorder = 0 AND id IN (");
    ec_stock_in(&sql, values, &bound, ids, count);
    ec_buf_puts(&sql, ")");
    ec_status status = ec_stock_start(session, &sql, values, bound, &stmt);
    while (status == EC_OK && (status = ec_row(session, stmt)) == EC_OK) {
        ec_id id = ec_col_int(stmt, 0);
        int64_t now = ec_col_int(stmt, 1);
        for (size_t i = 0; i < count; i++) {
            const ec_stock_allocation *a = &allocations[i];
            if (a->inventory_id == id && now < a->quantity && now != a->available - a->quantity)
                shorts[found++] =
                    (ec_stock_short){a->variant_id, a->quantity, now > 0 ? now : 0, a->line};
        }
    }
    if (status != EC_DONE) return status;
    return found > 0 ? ec_stock_fail_short(session, shorts, found)
                     : ec_fail(session, EC_OUT_OF_STOCK, "Stock went meanwhile.");
}

static ec_status commit_units(ec_session *session, const ec_stock_allocation *allocations,
                              size_t count)
{
    size_t touched = 0;
    ec_stock_delta *deltas = ec_arena_array(ec_scratch(session), count, sizeof(*deltas));
    if (!deltas) return ec_fail_memory(session);
    for (size_t i = 0; i < count; i++)
        deltas[i] = (ec_stock_delta){.inventory_id = allocations[i].inventory_id,
                                     .committed = allocations[i].quantity};
    size_t rows = ec_stock_merge(deltas, count);
    if (rows == EC_STOCK_NO_SUM) return ec_fail(session, EC_OVERFLOW, "So many cannot be held.");
    ec_status status = ec_stock_shift(session, deltas, rows, EC_STOCK_IF_AVAILABLE, &touched);
    if (status != EC_OK || touched == rows) return status;
    return name_short(session, allocations, count);
}

static ec_status insert_reservations(ec_session *session, const ec_stock_allocation *allocations,
                                     size_t count, const ec_stock_owner *owner)
{
    ec_reservation *holds = ec_arena_array(ec_scratch(session), count, sizeof(*holds));
    if (!holds) return ec_fail_memory(session);
    for (size_t i = 0; i < count; i++)
        holds[i] = (ec_reservation){
            .created_at = ec_now(session),
            .expires_at = owner->expires_at,
            .variant_id = allocations[i].variant_id,
            .warehouse_id = allocations[i].warehouse_id,
            .cart_id = owner->cart_id,
            .order_id = owner->order_id,
            .quantity = allocations[i].quantity,
        };
    return ec_stock_insert_holds(session, holds, count);
}

static ec_status tell_low(ec_session *session, const ec_stock_allocation *allocations, size_t count)
{
    ec_stock_watch *watches = ec_arena_array(ec_scratch(session), count, sizeof(*watches));
    if (!watches) return ec_fail_memory(session);
    for (size_t i = 0; i < count; i++) {
        const ec_stock_allocation *a = &allocations[i];
        watches[i] = (ec_stock_watch){a->inventory_id,
                                      a->variant_id,
                                      a->warehouse_id,
                                      a->available,
                                      a->available - a->quantity,
                                      a->reorder_point};
    }
    return ec_stock_tell(session, watches, count);
}

ec_status ec_stock_hold(ec_session *session, const ec_stock_allocation *allocations, size_t count,
                        const ec_stock_owner *owner)
{
    if ((owner->cart_id == 0) == (owner->order_id == 0))
        return ec_fail(session, EC_MISUSE, "A hold belongs to a cart or to an order.");
    if (count == 0) return EC_OK;
    ec_stock_allocation *all = ec_arena_array(ec_scratch(session), count, sizeof(*all));
    if (!all) return ec_fail_memory(session);
    for (size_t i = 0; i < count; i++)
        all[i] = allocations[i];
    ec_status status = create_missing(session, all, count);
    if (status == EC_OK) status = commit_units(session, all, count);
    if (status == EC_OK) status = insert_reservations(session, all, count, owner);
    return status == EC_OK ? tell_low(session, all, count) : status;
}

/* ---- from demand to hold ---- */

static ec_status plan_demands(ec_session *session, ec_id channel_id, const ec_stock_demand *demands,
                              size_t count, ec_stock_plan_result *plan)
{
    ec_stock_supply supply;
    ec_status status = ec_stock_candidates(session, channel_id, demands, count, &supply);
    if (status != EC_OK) return status;
    status = ec_stock_plan(ec_scratch(session), supply.strategy, &supply, demands, count, plan);
    if (status == EC_INVALID)
        return ec_fail(session, EC_MISUSE, "A demand is for one unit or more.");
    return status == EC_NO_MEMORY ? ec_fail_memory(session) : status;
}

/* End the holds of these variants whose time has run out. */
static ec_status expire_short(ec_session *session, const ec_stock_plan_result *plan, int64_t *ended)
{
    ec_id *variants = ec_arena_array(ec_scratch(session), plan->shorts_count, sizeof(*variants));
    if (!variants) return ec_fail_memory(session);
    for (size_t i = 0; i < plan->shorts_count; i++)
        variants[i] = plan->shorts[i].variant_id;
    return ec_stock_expire(session, ec_now(session), variants, plan->shorts_count,
                           EC_STOCK_CHANGES_MAX, ended);
}

/* A plan that can be held, or EC_OUT_OF_STOCK. lines: what the demands are called in errors. */
static ec_status make_plan(ec_session *session, ec_id channel_id, const ec_stock_demand *demands,
                           size_t count, const size_t *lines, ec_stock_plan_result *plan)
{
    int64_t ended = 0;
    ec_status status = plan_demands(session, channel_id, demands, count, plan);
    if (status == EC_OK && plan->shorts_count > 0) status = expire_short(session, plan, &ended);
    if (status == EC_OK && ended > 0)
        status = plan_demands(session, channel_id, demands, count, plan);
    if (status != EC_OK) return status;
    for (size_t i = 0; lines && i < plan->count; i++)
        plan->items[i].line = lines[plan->items[i].line];
    for (size_t i = 0; lines && i < plan->shorts_count; i++)
        plan->shorts[i].line = lines[plan->shorts[i].line];
    return plan->shorts_count == 0 ? EC_OK
                                   : ec_stock_fail_short(session, plan->shorts, plan->shorts_count);
}

ec_status ec_stock_reserve(ec_session *session, ec_id channel_id, const ec_stock_demand *demands,
                           size_t count, const ec_stock_owner *owner, size_t *rows)
{
    ec_stock_plan_result plan = {0};
    if (rows) *rows = 0;
    ec_status status = make_plan(session, channel_id, demands, count, NULL, &plan);
    if (status == EC_OK) status = ec_stock_hold(session, plan.items, plan.count, owner);
    if (status == EC_OK && rows) *rows = plan.count;
    return status;
}

ec_status ec_stock_hold_order(ec_session *session, ec_id channel_id, ec_id order_id,
                              const ec_stock_units *units, size_t count)
{
    ec_stock_owner owner = {.order_id = order_id};
    ec_stock_demand *demands = ec_arena_array(ec_scratch(session), count, sizeof(*demands));
    if (!demands) return ec_fail_memory(session);
    for (size_t i = 0; i < count; i++)
        demands[i] = (ec_stock_demand){units[i].variant_id, units[i].quantity};
    return ec_stock_reserve(session, channel_id, demands, count, &owner, NULL);
}

/* ---- from cart to order ---- */

ec_status ec_stock_attach(ec_session *session, ec_id cart_id, ec_id order_id, size_t *attached)
{
    int64_t affected = 0;
    ec_status status = ec_exec(session,
                               "UPDATE reservations SET order_id = ?, cart_id = NULL,"
                               " expires_at = NULL WHERE cart_id = ? AND state = 'active'",
                               ec_args(ec_int(order_id), ec_int(cart_id)), &affected);
    if (attached) *attached = affected < 0 ? 0 : (size_t)affected;
    return status;
}

/* Take what the order holds off the demands, which are of one variant each. */
static ec_status subtract_held(ec_session *session, ec_id order_id, ec_stock_demand *demands,
                               size_t count)
{
    ec_stmt *stmt = NULL;
    ec_status status = ec_query(session,
                                "SELECT variant_id, SUM(quantity) FROM reservations"
                                " WHERE order_id = ? AND state = 'active' GROUP BY variant_id",
                                ec_args(ec_int(order_id)), &stmt);
    while (status == EC_OK && (status = ec_row(session, stmt)) == EC_OK) {
        int64_t held = ec_col_int(stmt, 1);
        for (size_t i = 0; i < count && held > 0; i++) {
            if (demands[i].variant_id != ec_col_int(stmt, 0)) continue;
            int64_t part = held < demands[i].quantity ? held : demands[i].quantity;
            demands[i].quantity -= part;
            held -= part;
        }
    }
    return status == EC_DONE ? EC_OK : status;
}

/* Field errors name the lines of the caller, not those that are left. */
static ec_status reserve_rest(ec_session *session, ec_id channel_id, ec_id order_id,
                              const ec_stock_demand *rest, size_t count)
{
    ec_stock_owner owner = {.order_id = order_id};
    ec_stock_demand *wanted = ec_arena_array(ec_scratch(session), count, sizeof(*wanted));
    size_t *lines = ec_arena_array(ec_scratch(session), count, sizeof(*lines));
    ec_stock_plan_result plan = {0};
    size_t missing = 0;
    if (!wanted || !lines) return ec_fail_memory(session);
    for (size_t i = 0; i < count; i++) {
        if (rest[i].quantity == 0) continue;
        lines[missing] = i;
        wanted[missing++] = rest[i];
    }
    if (missing == 0) return EC_OK;
    ec_status status = make_plan(session, channel_id, wanted, missing, lines, &plan);
    return status == EC_OK ? ec_stock_hold(session, plan.items, plan.count, &owner) : status;
}

ec_status ec_stock_cover(ec_session *session, ec_id channel_id, ec_id order_id,
                         const ec_stock_demand *demands, size_t count)
{
    ec_stock_demand *rest = ec_arena_array(ec_scratch(session), count, sizeof(*rest));
    if (!rest) return ec_fail_memory(session);
    for (size_t i = 0; i < count; i++)
        rest[i] = demands[i];
    ec_status status = subtract_held(session, order_id, rest, count);
    return status == EC_OK ? reserve_rest(session, channel_id, order_id, rest, count) : status;
}

/* ---- for the catalogue ---- */

/* " … variant_id IN (…)" behind the text; values has room for the padded list. */
static ec_status backorder_run(ec_session *session, const char *text, ec_value *values,
                               size_t bound, const ec_id *variants, size_t count, ec_stmt **stmt)
{
    ec_buf sql;
    ec_buf_init(&sql, ec_session_platform(session), EC_STATEMENT_MAX);
    ec_buf_puts(&sql, text);
    ec_stock_in(&sql, values, &bound, variants, count);
    ec_buf_puts(&sql, ")");
    if (stmt) return ec_stock_start(session, &sql, values, bound, stmt);
    return ec_stock_run(session, &sql, values, bound, NULL);
}

static ec_status backorder_owed(ec_session *session, ec_value *values, const ec_id *variants,
                                size_t count)
{
    ec_stmt *stmt = NULL;
    ec_status status = backorder_run(session,
                                     "SELECT variant_id FROM inventory WHERE committed > on_hand"
                                     " AND variant_id IN (",
                                     values, 0, variants, count, &stmt);
    status = status == EC_OK ? ec_row(session, stmt) : status;
    if (status != EC_OK) return status == EC_DONE ? EC_OK : status;
    ec_done(session, stmt);
    return ec_fail_field(session, EC_STATE, "backorder", "committed",
                         "More units are promised than are on hand.");
}

ec_status ec_stock_backorders(ec_session *session, const ec_id *variants, size_t count,
                              bool backorder)
{
    ec_value *values =
        ec_arena_array(ec_scratch(session), ec_stock_padded(count) + 3, sizeof(*values));
    if (!values) return ec_fail_memory(session);
    if (count == 0) return EC_OK;
    ec_status status = backorder ? EC_OK : backorder_owed(session, values, variants, count);
    if (status != EC_OK) return status;
    values[0] = ec_int(backorder);
    values[1] = ec_int(ec_now(session));
    values[2] = ec_int(backorder);
    return backorder_run(session,
                         "UPDATE inventory SET backorder = ?, version = version + 1,"
                         " updated_at = ? WHERE backorder <> ? AND variant_id IN (",
                         values, 3, variants, count, NULL);
}

ec_status ec_stock_backorder(ec_session *session, ec_id variant_id, bool backorder)
{
    return ec_stock_backorders(session, &variant_id, 1, backorder);
}
