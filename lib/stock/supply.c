/* SPDX-License-Identifier: MIT */
/*
 * supply.c - what can be had of some variants, and where, for a channel: one SELECT.
 *
 * The answer names every active warehouse that serves the channel, also those where a variant was
 * never recorded, because a backorder may be promised there. It refuses to choose: that is plan.c.
 */
#include <stdlib.h>
#include <string.h>

#include "stock/inside.h"

#define EC_STATEMENT_MAX (1u << 20)

static int by_id(const void *a, const void *b)
{
    ec_id x = *(const ec_id *)a;
    ec_id y = *(const ec_id *)b;
    return (x > y) - (x < y);
}

/* The different variants of the demands, sorted. */
static size_t distinct_variants(const ec_stock_demand *demands, size_t count, ec_id *ids)
{
    size_t kept = 0;
    for (size_t i = 0; i < count; i++)
        ids[i] = demands[i].variant_id;
    if (count > 1) qsort(ids, count, sizeof(*ids), by_id);
    for (size_t i = 0; i < count; i++)
        if (kept == 0 || ids[kept - 1] != ids[i]) ids[kept++] = ids[i];
    return kept;
}

static ec_status start_query(ec_session *session, ec_id channel_id, const ec_id *ids, size_t count,
                             ec_stmt **stmt)
{
    ec_buf sql;
    size_t bound = 0;
    ec_value *values =
        ec_arena_array(ec_scratch(session), ec_stock_padded(count) + 4, sizeof(*values));
    if (!values) return ec_fail_memory(session);
    for (; bound < 4; bound++)
        values[bound] = ec_int(channel_id);
    ec_buf_init(&sql, ec_session_platform(session), EC_STATEMENT_MAX);
    ec_buf_puts(
        &sql,
        "SELECT v.id, v.tracked, v.backorder, w.id, i.id,"
        " i.on_hand - i.committed - i.damaged - i.safety_stock, i.reorder_point,"
        " (SELECT stock_strategy FROM channels WHERE id = ?)"
        " FROM product_variants v"
        " LEFT JOIN warehouses w ON w.is_active = 1 AND (EXISTS (SELECT 1 FROM"
        " channel_warehouses x WHERE x.channel_id = ? AND x.warehouse_id = w.id) OR NOT EXISTS"
        " (SELECT 1 FROM channel_warehouses y WHERE y.channel_id = ?))"
        " LEFT JOIN channel_warehouses c ON c.channel_id = ? AND c.warehouse_id = w.id"
        " LEFT JOIN inventory i ON i.variant_id = v.id AND i.warehouse_id = w.id"
        " WHERE v.id IN (");
    ec_stock_in(&sql, values, &bound, ids, count);
    ec_buf_puts(&sql, ") ORDER BY v.id, COALESCE(c.priority, w.priority), w.id");
    return ec_stock_start(session, &sql, values, bound, stmt);
}

static ec_stock_strategy strategy_named(const char *name)
{
    for (int i = 0; name && ec_stock_strategy_names[i]; i++)
        if (strcmp(name, ec_stock_strategy_names[i]) == 0) return (ec_stock_strategy)i;
    return EC_STOCK_PRIORITY;
}

/* Rows as they come; places of one variant follow each other. */
typedef struct reading {
    ec_stock_supply *supply;
    ec_stock_place *places;
    size_t used;
    size_t room;
} reading;

static bool make_room(ec_session *session, reading *r)
{
    if (r->used < r->room) return true;
    size_t room = r->room == 0 ? 64 : r->room * 2;
    ec_stock_place *more = ec_arena_array(ec_scratch(session), room, sizeof(*more));
    if (!more) return false;
    if (r->used > 0) memcpy(more, r->places, r->used * sizeof(*more));
    r->places = more;
    r->room = room;
    return true;
}

static ec_status take_row(ec_session *session, ec_stmt *stmt, reading *r)
{
    ec_stock_supply *supply = r->supply;
    ec_id variant = ec_col_int(stmt, 0);
    if (supply->count == 0) supply->strategy = strategy_named(ec_col_text(session, stmt, 7));
    if (supply->count == 0 || supply->items[supply->count - 1].variant_id != variant)
        supply->items[supply->count++] = (ec_stock_candidate){
            .variant_id = variant,
            .tracked = ec_col_int(stmt, 1) != 0,
            .backorder = ec_col_int(stmt, 2) != 0,
        };
    if (ec_col_null(stmt, 3)) return EC_OK;
    if (!make_room(session, r)) return ec_fail_memory(session);
    r->places[r->used++] = (ec_stock_place){
        .warehouse_id = ec_col_int(stmt, 3),
        .inventory_id = ec_col_int(stmt, 4),
        .available = ec_col_int(stmt, 5),
        .reorder_point = ec_col_int(stmt, 6),
    };
    supply->items[supply->count - 1].places_count++;
    return EC_OK;
}

ec_status ec_stock_candidates(ec_session *session, ec_id channel_id, const ec_stock_demand *demands,
                              size_t count, ec_stock_supply *supply)
{
    reading r = {.supply = supply};
    ec_stmt *stmt = NULL;
    *supply = (ec_stock_supply){0};
    if (count == 0) return EC_OK;
    ec_id *ids = ec_arena_array(ec_scratch(session), count, sizeof(*ids));
    if (!ids) return ec_fail_memory(session);
    size_t found = distinct_variants(demands, count, ids);
    supply->items = ec_arena_array(ec_scratch(session), found, sizeof(*supply->items));
    if (!supply->items) return ec_fail_memory(session);
    if (channel_id == 0) channel_id = ec_session_channel(session);
    ec_status status = start_query(session, channel_id, ids, found, &stmt);
    while (status == EC_OK && (status = ec_row(session, stmt)) == EC_OK)
        status = take_row(session, stmt, &r);
    if (status != EC_DONE) return status;
    for (size_t i = 0, at = 0; i < supply->count; i++) {
        supply->items[i].places = r.places ? r.places + at : NULL;
        at += supply->items[i].places_count;
    }
    return EC_OK;
}

const ec_stock_candidate *ec_stock_candidate_of(const ec_stock_supply *supply, ec_id variant_id)
{
    size_t low = 0;
    size_t high = supply->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (supply->items[middle].variant_id < variant_id)
            low = middle + 1;
        else
            high = middle;
    }
    return low < supply->count && supply->items[low].variant_id == variant_id ? &supply->items[low]
                                                                              : NULL;
}

int64_t ec_stock_sellable(const ec_stock_supply *supply, ec_id variant_id)
{
    const ec_stock_candidate *candidate = ec_stock_candidate_of(supply, variant_id);
    if (!candidate) return 0;
    if (!candidate->tracked || (candidate->backorder && candidate->places_count > 0)) return -1;
    int64_t sum = 0;
    for (size_t i = 0; i < candidate->places_count; i++)
        if (candidate->places[i].available > 0) sum += candidate->places[i].available;
    return sum;
}
