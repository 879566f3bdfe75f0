/* SPDX-License-Identifier: MIT */
/*
 * sweep.c - the end of reservations whose time has run out.
 *
 * They are read, ended and given back in one transaction, so however many processes sweep, each one
 * ends once. A checkout that finds too little does the same for the variants it needs, so nobody is
 * refused units that nobody holds any more. It refuses to end what an order holds: that has no end
 * by time.
 */
#include "stock/inside.h"

#define EC_STATEMENT_MAX (4u << 20)
#define EC_SWEEP_DEFAULT 100

/* A reservation that has run out, and the balance that it holds units of. */
typedef struct overdue {
    ec_id *ids;
    const char **data;
    ec_stock_delta *deltas;
    size_t count;
    size_t room;
} overdue;

static bool make_room(ec_session *session, overdue *all)
{
    if (all->count < all->room) return true;
    ec_arena *arena = ec_scratch(session);
    size_t room = all->room == 0 ? 32 : all->room * 2;
    ec_id *ids = ec_arena_array(arena, room, sizeof(*ids));
    const char **data = ec_arena_array(arena, room, sizeof(*data));
    ec_stock_delta *deltas = ec_arena_array(arena, room, sizeof(*deltas));
    if (!ids || !data || !deltas) return false;
    for (size_t i = 0; i < all->count; i++) {
        ids[i] = all->ids[i];
        data[i] = all->data[i];
        deltas[i] = all->deltas[i];
    }
    *all = (overdue){ids, data, deltas, all->count, room};
    return true;
}

static ec_status take_row(ec_session *session, ec_stmt *stmt, overdue *all)
{
    if (!make_room(session, all)) return ec_fail_memory(session);
    all->ids[all->count] = ec_col_int(stmt, 0);
    all->deltas[all->count] =
        (ec_stock_delta){.inventory_id = ec_col_int(stmt, 5), .committed = -ec_col_int(stmt, 3)};
    all->data[all->count] = ec_arena_printf(
        ec_scratch(session),
        "{\"variant_id\":%lld,\"warehouse_id\":%lld,\"quantity\":%lld,\"cart_id\":%lld}",
        (long long)ec_col_int(stmt, 1), (long long)ec_col_int(stmt, 2),
        (long long)ec_col_int(stmt, 3), (long long)ec_col_int(stmt, 4));
    return all->data[all->count++] ? EC_OK : ec_fail_memory(session);
}

static ec_status read_overdue(ec_session *session, ec_time now, const ec_id *variants, size_t count,
                              int64_t limit, overdue *all)
{
    ec_buf sql;
    ec_stmt *stmt = NULL;
    size_t bound = 0;
    ec_value *values =
        ec_arena_array(ec_scratch(session), ec_stock_padded(count) + 2, sizeof(*values));
    if (!values) return ec_fail_memory(session);
    ec_buf_init(&sql, ec_session_platform(session), EC_STATEMENT_MAX);
    ec_buf_puts(&sql, "SELECT r.id, r.variant_id, r.warehouse_id, r.quantity, r.cart_id, i.id"
                      " FROM reservations r JOIN inventory i ON i.variant_id = r.variant_id"
                      " AND i.warehouse_id = r.warehouse_id"
                      " WHERE r.state = 'active' AND r.expires_at <= ?");
    values[bound++] = ec_int(now);
    if (count > 0) {
        ec_buf_puts(&sql, " AND r.variant_id IN (");
        ec_stock_in(&sql, values, &bound, variants, count);
        ec_buf_puts(&sql, ")");
    }
    ec_buf_printf(&sql, " ORDER BY r.expires_at, r.id LIMIT ?%s",
                  ec_session_dialect(session)->for_update);
    values[bound++] = ec_int(limit);
    ec_status status = ec_stock_start(session, &sql, values, bound, &stmt);
    while (status == EC_OK && (status = ec_row(session, stmt)) == EC_OK)
        status = take_row(session, stmt, all);
    return status == EC_DONE ? EC_OK : status;
}

static ec_status end_rows(ec_session *session, const ec_id *ids, size_t count)
{
    ec_buf sql;
    size_t bound = 0;
    size_t touched = 0;
    ec_value *values =
        ec_arena_array(ec_scratch(session), ec_stock_padded(count) + 1, sizeof(*values));
    if (!values) return ec_fail_memory(session);
    ec_buf_init(&sql, ec_session_platform(session), EC_STATEMENT_MAX);
    ec_buf_puts(&sql, "UPDATE reservations SET state = 'expired', ended_at = ?"
                      " WHERE state = 'active' AND id IN (");
    values[bound++] = ec_int(ec_now(session));
    ec_stock_in(&sql, values, &bound, ids, count);
    ec_buf_puts(&sql, ")");
    ec_status status = ec_stock_run(session, &sql, values, bound, &touched);
    if (status == EC_OK && touched != count)
        return ec_fail(session, EC_BUSY, "Reservations were ended meanwhile.");
    return status;
}

ec_status ec_stock_expire(ec_session *session, ec_time now, const ec_id *variants, size_t count,
                          int64_t limit, int64_t *ended)
{
    overdue all = {0};
    size_t touched = 0;
    if (ended) *ended = 0;
    ec_status status = read_overdue(session, now, variants, count, limit, &all);
    if (status != EC_OK || all.count == 0) return status;
    status = end_rows(session, all.ids, all.count);
    size_t rows = ec_stock_merge(all.deltas, all.count);
    if (rows == EC_STOCK_NO_SUM) return ec_fail(session, EC_OVERFLOW, "The holds have no sum.");
    if (status == EC_OK)
        status = ec_stock_shift(session, all.deltas, rows, EC_STOCK_UNGUARDED, &touched);
    if (status == EC_OK && touched != rows)
        status = ec_fail(session, EC_BUSY, "Balances changed meanwhile.");
    if (status == EC_OK)
        status = ec_emit_many(session, "reservation", all.ids, all.data, all.count,
                              "reservation.expired");
    if (status == EC_OK && ended) *ended = (int64_t)all.count;
    return status;
}

typedef struct sweep_args {
    int64_t limit;
    int64_t ended;
} sweep_args;

static ec_status sweep_run(ec_session *session, void *ctx, void **result)
{
    sweep_args *args = ctx;
    (void)result;
    int64_t limit = args->limit == 0 ? EC_SWEEP_DEFAULT : args->limit;
    if (limit < 1 || limit > EC_STOCK_CHANGES_MAX)
        return ec_fail_field(session, EC_INVALID, "limit", limit < 1 ? "min" : "max",
                             "1 to %d reservations are ended in one call.", EC_STOCK_CHANGES_MAX);
    return ec_stock_expire(session, ec_now(session), NULL, 0, limit, &args->ended);
}

ec_status ec_stock_sweep(ec_session *session, int64_t limit, int64_t *out)
{
    static const ec_op op = {.name = "stock.sweep",
                             .permission = "stock.write",
                             .access = EC_ACCESS_STAFF,
                             .mode = EC_WRITE,
                             .run = sweep_run};
    sweep_args args = {.limit = limit};
    ec_status status = ec_call(session, &op, &args, NULL);
    if (out) *out = status == EC_OK ? args.ended : 0;
    return status;
}
