/* SPDX-License-Identifier: MIT */
/*
 * rebuild.c - balances made again from the ledger and the active reservations.
 *
 * The ledger is what is believed. All balances are compared with it, those that differ are moved by
 * the difference in one transaction, and each figure that changed is reported. It refuses to touch
 * the ledger, and to store what the ledger says when that cannot be, such as fewer than none.
 */
#include "ops/verify.h"
#include "stock/inside.h"

#define EC_REBUILD_ROWS 500 /* of one UPDATE */

/* A balance as it is, and as it must be. */
typedef struct rebuilt {
    ec_id id;
    bool backorder;
    int64_t is[4]; /* on_hand, committed, incoming, damaged */
    int64_t must[4];
} rebuilt;

static const char *const codes[] = {"stock.on_hand", "stock.committed", "stock.incoming",
                                    "stock.damaged"};
enum { FIGURES = 4 };

typedef struct rebuilding {
    ec_session *session;
    rebuilt *rows;
    size_t count;
    size_t room;
} rebuilding;

/* Pairs that have movements or active reservations and no balance. */
static ec_status create_missing(ec_session *session)
{
    return ec_exec(session,
                   "INSERT INTO inventory (variant_id, warehouse_id, on_hand, committed, incoming,"
                   " damaged, safety_stock, backorder, reorder_point, reorder_quantity, version,"
                   " updated_at) SELECT /* whole */ x.variant_id, x.warehouse_id, 0, 0, 0, 0, 0,"
                   " v.backorder, 0, 0, 1, ? FROM (SELECT variant_id, warehouse_id FROM"
                   " stock_movements UNION SELECT variant_id, warehouse_id FROM reservations"
                   " WHERE state = 'active') x JOIN product_variants v ON v.id = x.variant_id"
                   " LEFT JOIN inventory i ON i.variant_id = x.variant_id"
                   " AND i.warehouse_id = x.warehouse_id WHERE i.id IS NULL",
                   ec_args(ec_int(ec_now(session))), NULL);
}

static ec_status take_row(rebuilding *r, ec_stmt *stmt)
{
    if (r->count == r->room) {
        size_t room = r->room == 0 ? 64 : r->room * 2;
        rebuilt *rows = ec_arena_array(ec_scratch(r->session), room, sizeof(*rows));
        if (!rows) return ec_fail_memory(r->session);
        for (size_t i = 0; i < r->count; i++)
            rows[i] = r->rows[i];
        r->rows = rows;
        r->room = room;
    }
    rebuilt *row = &r->rows[r->count++];
    *row = (rebuilt){.id = ec_col_int(stmt, 0), .backorder = ec_col_int(stmt, 1) != 0};
    for (int n = 0; n < FIGURES; n++) {
        row->is[n] = ec_col_int(stmt, 2 + n);
        row->must[n] = ec_col_int(stmt, 2 + FIGURES + n);
    }
    return EC_OK;
}

static ec_status read_wrong(rebuilding *r)
{
    ec_stmt *stmt = NULL;
    ec_status status = ec_query(
        r->session,
        "SELECT /* whole */ i.id, i.backorder, i.on_hand, i.committed, i.incoming, i.damaged,"
        " COALESCE(m.on_hand, 0), COALESCE(h.committed, 0), COALESCE(m.incoming, 0),"
        " COALESCE(m.damaged, 0) FROM inventory i"
        " LEFT JOIN (SELECT variant_id, warehouse_id, SUM(on_hand) AS on_hand,"
        " SUM(incoming) AS incoming, SUM(damaged) AS damaged FROM stock_movements"
        " GROUP BY variant_id, warehouse_id) m"
        " ON m.variant_id = i.variant_id AND m.warehouse_id = i.warehouse_id"
        " LEFT JOIN (SELECT variant_id, warehouse_id, SUM(quantity) AS committed"
        " FROM reservations WHERE state = 'active' GROUP BY variant_id, warehouse_id) h"
        " ON h.variant_id = i.variant_id AND h.warehouse_id = i.warehouse_id"
        " WHERE i.on_hand <> COALESCE(m.on_hand, 0) OR i.committed <> COALESCE(h.committed, 0)"
        " OR i.incoming <> COALESCE(m.incoming, 0) OR i.damaged <> COALESCE(m.damaged, 0)"
        " ORDER BY i.id",
        ec_no_args, &stmt);
    while (status == EC_OK && (status = ec_row(r->session, stmt)) == EC_OK)
        status = take_row(r, stmt);
    return status == EC_DONE ? EC_OK : status;
}

/* Can the balance be what the ledger says? */
static ec_status check_possible(ec_session *session, const rebuilt *row)
{
    for (int n = 0; n < FIGURES; n++)
        if (row->must[n] < 0 || row->must[n] > EC_QUANTITY_MAX)
            return ec_fail(session, EC_CORRUPT, "The ledger of balance %lld has %lld as %s.",
                           (long long)row->id, (long long)row->must[n], codes[n]);
    if (row->must[1] > row->must[0] && !row->backorder)
        return ec_fail(session, EC_CORRUPT,
                       "Of balance %lld %lld units are on hand and %lld are held.",
                       (long long)row->id, (long long)row->must[0], (long long)row->must[1]);
    if (row->must[3] > row->must[0])
        return ec_fail(session, EC_CORRUPT,
                       "Of balance %lld %lld units are on hand and %lld are damaged.",
                       (long long)row->id, (long long)row->must[0], (long long)row->must[3]);
    return EC_OK;
}

static ec_status store_rows(rebuilding *r, size_t from, size_t count)
{
    size_t touched = 0;
    ec_stock_delta deltas[EC_REBUILD_ROWS];
    for (size_t i = 0; i < count; i++) {
        const rebuilt *row = &r->rows[from + i];
        int64_t by[FIGURES];
        for (int n = 0; n < FIGURES; n++)
            if (__builtin_sub_overflow(row->must[n], row->is[n], &by[n]))
                return ec_fail(r->session, EC_CORRUPT, "Balance %lld makes no sense.",
                               (long long)row->id);
        deltas[i] = (ec_stock_delta){row->id, by[0], by[1], by[2], by[3]};
    }
    ec_status status = ec_stock_shift(r->session, deltas, count, EC_STOCK_UNGUARDED, &touched);
    if (status == EC_OK && touched != count)
        return ec_fail(r->session, EC_BUSY, "Balances changed meanwhile.");
    return status;
}

static ec_status report_rows(rebuilding *r, void **result)
{
    ec_arena *arena = ec_scratch(r->session);
    ec_verify_report *report = ec_arena_alloc(arena, sizeof(*report));
    ec_verify_problem *problems = ec_arena_array(arena, r->count * FIGURES, sizeof(*problems));
    ec_id *ids = ec_arena_array(arena, r->count, sizeof(*ids));
    if (!report || !problems || !ids) return ec_fail_memory(r->session);
    for (size_t i = 0; i < r->count; i++) {
        const rebuilt *row = &r->rows[i];
        ids[i] = row->id;
        for (int n = 0; n < FIGURES; n++)
            if (row->is[n] != row->must[n])
                problems[report->problems_count++] = (ec_verify_problem){
                    .id = row->id,
                    .expected = row->must[n],
                    .found = row->is[n],
                    .code = codes[n],
                    .object = "inventory",
                    .message = "The balance was made again from the ledger.",
                };
    }
    report->problems = problems;
    report->problems_total = (int64_t)report->problems_count;
    report->is_clean = report->problems_count == 0;
    *result = report;
    return ec_emit_many(r->session, "inventory", ids, NULL, r->count, "stock.rebuilt");
}

static ec_status rebuild_run(ec_session *session, void *args, void **result)
{
    rebuilding r = {.session = session};
    (void)args;
    ec_status status = create_missing(session);
    if (status == EC_OK) status = read_wrong(&r);
    for (size_t i = 0; status == EC_OK && i < r.count; i++)
        status = check_possible(session, &r.rows[i]);
    for (size_t done = 0; status == EC_OK && done < r.count; done += EC_REBUILD_ROWS) {
        size_t left = r.count - done;
        status = store_rows(&r, done, left < EC_REBUILD_ROWS ? left : EC_REBUILD_ROWS);
    }
    return status == EC_OK ? report_rows(&r, result) : status;
}

static void rebuild_fingerprint(const void *args, ec_json_writer *json)
{
    (void)args;
    ec_json_null(json);
}

ec_status ec_verify_rebuild(ec_session *session, ec_verify_report **out)
{
    static const ec_op op = {.name = "verify.rebuild",
                             .permission = "shop.repair",
                             .access = EC_ACCESS_SYSTEM,
                             .mode = EC_WRITE,
                             .result = &ec_verify_report_entity,
                             .run = rebuild_run,
                             .fingerprint = rebuild_fingerprint};
    return ec_call(session, &op, NULL, (void **)out);
}
