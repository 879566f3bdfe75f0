/* SPDX-License-Identifier: MIT */
/*
 * level.c - balances in memory: read for pairs of variant and warehouse, created where missing.
 *
 * A balance that was never touched is no row; it counts as zeros and becomes a row with its first
 * change. It refuses to change figures: that is the ledger's (adjust.c) and the holds' (hold.c,
 * end.c) affair.
 */
#include <stdlib.h>

#include "stock/inside.h"

#define EC_STATEMENT_MAX (1u << 20)

int64_t ec_stock_available(const ec_stock_level *level)
{
    /* each figure is within EC_QUANTITY_MAX, so the sum cannot overflow */
    return level->on_hand - level->committed - level->damaged - level->safety_stock;
}

static int compare_pair(const ec_stock_level *level, ec_id variant_id, ec_id warehouse_id)
{
    if (level->variant_id != variant_id) return level->variant_id < variant_id ? -1 : 1;
    if (level->warehouse_id != warehouse_id) return level->warehouse_id < warehouse_id ? -1 : 1;
    return 0;
}

static int by_pair(const void *a, const void *b)
{
    const ec_stock_level *other = &((const ec_stock_balance *)b)->level;
    return compare_pair(&((const ec_stock_balance *)a)->level, other->variant_id,
                        other->warehouse_id);
}

size_t ec_stock_distinct(ec_stock_balance *balances, size_t count)
{
    size_t kept = 0;
    if (count > 1) qsort(balances, count, sizeof(*balances), by_pair);
    for (size_t i = 0; i < count; i++)
        if (kept == 0 || by_pair(&balances[kept - 1], &balances[i]) != 0)
            balances[kept++] = balances[i];
    return kept;
}

/* The first balance that is not before the pair. */
static size_t lower_bound(const ec_stock_balance *balances, size_t count, ec_id variant_id,
                          ec_id warehouse_id)
{
    size_t low = 0;
    while (count > 0) {
        size_t half = count / 2;
        if (compare_pair(&balances[low + half].level, variant_id, warehouse_id) < 0) {
            low += half + 1;
            count -= half + 1;
        } else {
            count = half;
        }
    }
    return low;
}

ec_stock_balance *ec_stock_balance_of(ec_stock_balance *balances, size_t count, ec_id variant_id,
                                      ec_id warehouse_id)
{
    size_t at = lower_bound(balances, count, variant_id, warehouse_id);
    if (at == count || compare_pair(&balances[at].level, variant_id, warehouse_id) != 0)
        return NULL;
    return &balances[at];
}

/* A row of the SELECT below: the variant, and a balance of it or nulls. */
static ec_status take_row(ec_session *session, ec_stmt *stmt, ec_stock_balance *balances,
                          size_t count)
{
    ec_id variant = ec_col_int(stmt, 0);
    bool tracked = ec_col_int(stmt, 1) != 0;
    bool backorder = ec_col_int(stmt, 2) != 0;
    for (size_t i = lower_bound(balances, count, variant, 0);
         i < count && balances[i].level.variant_id == variant && !balances[i].known; i++) {
        balances[i].known = true;
        balances[i].tracked = tracked;
        balances[i].level.backorder = backorder;
    }
    if (ec_col_null(stmt, 3)) return EC_OK;
    ec_stock_level level = {0};
    ec_status status = ec_entity_read_row(session, stmt, 3, &ec_stock_level_entity, &level, NULL);
    ec_stock_balance *balance =
        ec_stock_balance_of(balances, count, level.variant_id, level.warehouse_id);
    if (status == EC_OK && balance) balance->level = level;
    return status;
}

/* The different ids of one member, in their order; those of variants come sorted. */
static size_t distinct_ids(const ec_stock_balance *balances, size_t count, bool warehouses,
                           ec_id *ids)
{
    size_t found = 0;
    for (size_t i = 0; i < count; i++) {
        ec_id id = warehouses ? balances[i].level.warehouse_id : balances[i].level.variant_id;
        size_t at = warehouses || found == 0 ? 0 : found - 1;
        while (at < found && ids[at] != id)
            at++;
        if (at == found) ids[found++] = id;
    }
    return found;
}

ec_status ec_stock_load(ec_session *session, ec_stock_balance *balances, size_t count)
{
    ec_buf sql;
    ec_stmt *stmt = NULL;
    size_t bound = 0;
    ec_id *ids = ec_arena_array(ec_scratch(session), count, sizeof(*ids));
    ec_value *values =
        ec_arena_array(ec_scratch(session), 2 * ec_stock_padded(count), sizeof(*values));
    const char *columns = ec_entity_columns(session, &ec_stock_level_entity, "i");
    if (!ids || !values || !columns) return ec_fail_memory(session);
    ec_buf_init(&sql, ec_session_platform(session), EC_STATEMENT_MAX);
    ec_buf_printf(&sql,
                  "SELECT v.id, v.tracked, v.backorder, %s FROM product_variants v LEFT JOIN"
                  " inventory i ON i.variant_id = v.id AND i.warehouse_id IN (",
                  columns);
    size_t found = distinct_ids(balances, count, true, ids);
    ec_stock_in(&sql, values, &bound, ids, found);
    ec_buf_puts(&sql, ") WHERE v.id IN (");
    found = distinct_ids(balances, count, false, ids);
    ec_stock_in(&sql, values, &bound, ids, found);
    ec_buf_printf(&sql, ") ORDER BY i.id%s", ec_session_dialect(session)->for_update);
    ec_status status = ec_stock_start(session, &sql, values, bound, &stmt);
    while (status == EC_OK && (status = ec_row(session, stmt)) == EC_OK)
        status = take_row(session, stmt, balances, count);
    return status == EC_DONE ? EC_OK : status;
}

/* Which of the warehouses are there: the others become 0. */
static ec_status keep_known(ec_session *session, ec_id *ids, size_t count)
{
    ec_buf sql;
    ec_stmt *stmt = NULL;
    size_t bound = 0;
    ec_value *values = ec_arena_array(ec_scratch(session), ec_stock_padded(count), sizeof(*values));
    bool *known = ec_arena_array(ec_scratch(session), count, sizeof(*known));
    if (!values || !known) return ec_fail_memory(session);
    ec_buf_init(&sql, ec_session_platform(session), EC_STATEMENT_MAX);
    ec_buf_puts(&sql, "SELECT id FROM warehouses WHERE id IN (");
    ec_stock_in(&sql, values, &bound, ids, count);
    ec_buf_puts(&sql, ")");
    ec_status status = ec_stock_start(session, &sql, values, bound, &stmt);
    while (status == EC_OK && (status = ec_row(session, stmt)) == EC_OK)
        for (size_t i = 0; i < count; i++)
            known[i] |= ids[i] == ec_col_int(stmt, 0);
    for (size_t i = 0; i < count; i++)
        if (!known[i]) ids[i] = 0;
    return status == EC_DONE ? EC_OK : status;
}

static ec_status insert_levels(ec_session *session, const ec_stock_level *levels, size_t count)
{
    enum { WIDTH = 12 };
    ec_buf sql;
    size_t bound = 0;
    ec_value *values = ec_arena_array(ec_scratch(session), count * WIDTH, sizeof(*values));
    if (!values) return ec_fail_memory(session);
    ec_buf_init(&sql, ec_session_platform(session), EC_STATEMENT_MAX);
    ec_buf_puts(&sql, "INSERT INTO inventory (variant_id, warehouse_id, on_hand, committed,"
                      " incoming, damaged, safety_stock, backorder, reorder_point,"
                      " reorder_quantity, version, updated_at)");
    for (size_t i = 0; i < count; i++) {
        const ec_stock_level *level = &levels[i];
        const ec_value row[WIDTH] = {ec_int(level->variant_id),
                                     ec_int(level->warehouse_id),
                                     ec_int(0),
                                     ec_int(0),
                                     ec_int(0),
                                     ec_int(0),
                                     ec_int(0),
                                     ec_int(level->backorder),
                                     ec_int(0),
                                     ec_int(0),
                                     ec_int(1),
                                     ec_int(ec_now(session))};
        ec_buf_puts(&sql, i == 0 ? " VALUES " : ", ");
        ec_buf_puts(&sql, "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
        for (size_t n = 0; n < WIDTH; n++)
            values[bound++] = row[n];
    }
    return ec_stock_run(session, &sql, values, bound, NULL);
}

ec_status ec_stock_create(ec_session *session, ec_stock_balance *balances, size_t count)
{
    ec_id *warehouses = ec_arena_array(ec_scratch(session), count, sizeof(*warehouses));
    ec_stock_level *rows = ec_arena_array(ec_scratch(session), count, sizeof(*rows));
    ec_stock_balance **of = ec_arena_array(ec_scratch(session), count, sizeof(ec_stock_balance *));
    size_t missing = 0;
    if (!warehouses || !rows || !of) return ec_fail_memory(session);
    for (size_t i = 0; i < count; i++)
        if (balances[i].level.id == 0 && balances[i].known)
            warehouses[missing++] = balances[i].level.warehouse_id;
    if (missing == 0) return EC_OK;
    ec_status status = keep_known(session, warehouses, missing);
    if (status != EC_OK) return status;
    size_t created = 0;
    for (size_t i = 0, at = 0; i < count; i++) {
        if (balances[i].level.id != 0 || !balances[i].known) continue;
        if (warehouses[at++] == 0) continue;
        of[created] = &balances[i];
        rows[created++] = balances[i].level;
    }
    if (created == 0) return EC_OK;
    status = insert_levels(session, rows, created);
    if (status != EC_OK) return status;
    ec_id first = ec_first_id(session, created);
    for (size_t i = 0; i < created; i++) {
        of[i]->level.id = first + (ec_id)i;
        of[i]->level.version = 1;
        of[i]->level.updated_at = ec_now(session);
    }
    return EC_OK;
}
