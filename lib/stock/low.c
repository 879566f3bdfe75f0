/* SPDX-License-Identifier: MIT */
/*
 * low.c - word of balances that became low or ran out.
 *
 * An event is written when what is available crosses a line downwards, and not again until it has
 * been above it. It refuses to look at rows itself: callers know before and after.
 */
#include "stock/inside.h"

/* Did it run out, or (else) become low? */
static bool crossed(const ec_stock_watch *row, bool out)
{
    int64_t line = out ? 0 : row->reorder_point;
    return (out || line > 0) && row->before > line && row->after <= line;
}

static const char *describe(ec_session *session, const ec_stock_watch *row)
{
    return ec_arena_printf(ec_scratch(session),
                           "{\"variant_id\":%lld,\"warehouse_id\":%lld,\"available\":%lld,"
                           "\"reorder_point\":%lld}",
                           (long long)row->variant_id, (long long)row->warehouse_id,
                           (long long)row->after, (long long)row->reorder_point);
}

static ec_status tell(ec_session *session, const ec_stock_watch *rows, size_t count, bool out)
{
    size_t found = 0;
    for (size_t i = 0; i < count; i++)
        found += crossed(&rows[i], out);
    if (found == 0) return EC_OK;
    ec_id *ids = ec_arena_array(ec_scratch(session), found, sizeof(*ids));
    const char **data = ec_arena_array(ec_scratch(session), found, sizeof(*data));
    if (!ids || !data) return ec_fail_memory(session);
    size_t at = 0;
    for (size_t i = 0; i < count; i++) {
        if (!crossed(&rows[i], out)) continue;
        ids[at] = rows[i].inventory_id;
        data[at++] = describe(session, &rows[i]);
    }
    if (ec_scratch(session)->failed) return ec_fail_memory(session);
    return ec_emit_many(session, "inventory", ids, data, found, out ? "stock.out" : "stock.low");
}

ec_status ec_stock_tell(ec_session *session, const ec_stock_watch *rows, size_t count)
{
    ec_status status = tell(session, rows, count, false);
    return status == EC_OK ? tell(session, rows, count, true) : status;
}
