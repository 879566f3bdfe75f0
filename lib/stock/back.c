/* SPDX-License-Identifier: MIT */
/*
 * back.c - goods that come back from a customer.
 *
 * They go where they are said to go, or where the order's units left last, or to the first
 * warehouse of the order's channel. It refuses to judge how many may come back: that is the order's
 * affair.
 */
#include "stock/inside.h"

#define EC_STATEMENT_MAX (1u << 20)

/* Where units go, and whether stock counts them. */
typedef struct coming {
    ec_id warehouse_id;
    bool tracked;
} coming;

static ec_status read_variants(ec_session *session, ec_id order_id, const ec_stock_units *units,
                               size_t count, coming *all)
{
    ec_buf sql;
    ec_stmt *stmt = NULL;
    size_t bound = 0;
    ec_id *ids = ec_arena_array(ec_scratch(session), count, sizeof(*ids));
    ec_value *values =
        ec_arena_array(ec_scratch(session), ec_stock_padded(count) + 1, sizeof(*values));
    if (!ids || !values) return ec_fail_memory(session);
    for (size_t i = 0; i < count; i++)
        ids[i] = units[i].variant_id;
    ec_buf_init(&sql, ec_session_platform(session), EC_STATEMENT_MAX);
    ec_buf_puts(&sql, "SELECT v.id, v.tracked, r.warehouse_id FROM product_variants v"
                      " LEFT JOIN reservations r ON r.order_id = ? AND r.state = 'committed'"
                      " AND r.variant_id = v.id WHERE v.id IN (");
    values[bound++] = ec_int(order_id);
    ec_stock_in(&sql, values, &bound, ids, count);
    ec_buf_puts(&sql, ") ORDER BY v.id, r.ended_at, r.id");
    ec_status status = ec_stock_start(session, &sql, values, bound, &stmt);
    while (status == EC_OK && (status = ec_row(session, stmt)) == EC_OK)
        for (size_t i = 0; i < count; i++) {
            if (units[i].variant_id != ec_col_int(stmt, 0)) continue;
            all[i].tracked = ec_col_int(stmt, 1) != 0;
            all[i].warehouse_id =
                units[i].warehouse_id != 0 ? units[i].warehouse_id : ec_col_int(stmt, 2);
        }
    return status == EC_DONE ? EC_OK : status;
}

/* Some never left a warehouse, such as those that were not tracked then. */
static ec_status find_first(ec_session *session, ec_id order_id, coming *all, size_t count)
{
    ec_id first = 0;
    bool asked = false;
    for (size_t i = 0; i < count; i++) {
        if (!all[i].tracked || all[i].warehouse_id != 0) continue;
        if (!asked) {
            ec_status status = ec_query_int(
                session,
                "SELECT w.id FROM orders o JOIN channel_warehouses c ON c.channel_id = o.channel_id"
                " JOIN warehouses w ON w.id = c.warehouse_id AND w.is_active = 1"
                " WHERE o.id = ? ORDER BY c.priority, w.id LIMIT 1",
                ec_args(ec_int(order_id)), &first);
            if (status == EC_NOT_FOUND) {
                ec_forgive(session);
                status = ec_warehouse_default(session, &first);
            }
            if (status != EC_OK) return status;
            asked = true;
        }
        all[i].warehouse_id = first;
    }
    return EC_OK;
}

ec_status ec_stock_return(ec_session *session, ec_id order_id, ec_id return_id,
                          const ec_stock_units *units, size_t count)
{
    coming *all = ec_arena_array(ec_scratch(session), count, sizeof(*all));
    ec_stock_step *steps = ec_arena_array(ec_scratch(session), count, sizeof(*steps));
    size_t found = 0;
    if (!all || !steps) return ec_fail_memory(session);
    if (count == 0) return EC_OK;
    ec_status status = read_variants(session, order_id, units, count, all);
    if (status == EC_OK) status = find_first(session, order_id, all, count);
    if (status != EC_OK) return status;
    for (size_t i = 0; i < count; i++) {
        if (!all[i].tracked) continue;
        steps[found++] = (ec_stock_step){
            .change = {.variant_id = units[i].variant_id,
                       .warehouse_id = all[i].warehouse_id,
                       .cause_id = return_id,
                       .on_hand = units[i].quantity,
                       .cause = "return",
                       .kind = EC_MOVEMENT_RETURN},
            .prefix = ec_arena_printf(ec_scratch(session), "items[%zu].", i),
            .units_field = "quantity",
        };
    }
    if (ec_scratch(session)->failed) return ec_fail_memory(session);
    return ec_stock_write(session, steps, found, NULL);
}
