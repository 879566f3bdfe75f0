/* SPDX-License-Identifier: MIT */
/*
 * price_history.c - what prices changed, and when.
 *
 * The log is compared with the prices and completed by statements on sets of variants, so a bulk
 * edit writes it as a single price does. Rows of the future are made anew each time, since any
 * change may change what they say. It refuses to log what did not change.
 *
 * A plus before a column keeps SQLite from reading the log by that column: a list's log is long, a
 * variant's is short.
 */
#include "catalog/price_history.h"

#include "catalog/inside.h"

#define INTO                                                                                       \
    "INSERT INTO price_history (variant_id, price_list_id, channel_id, min_quantity, amount,"      \
    " compare_amount, currency, valid_from, ended, cause, created_at)"
/* The price of a list that holds for the variant and quantity of a row k at a moment "at". */
#define HELD(at)                                                                                   \
    " LEFT JOIN prices p ON p.id = (SELECT x.id FROM prices x WHERE x.price_list_id = ?"           \
    " AND x.variant_id = k.variant_id AND x.min_quantity = k.min_quantity AND x.begins <= " at     \
    " AND (x.valid_until IS NULL OR x.valid_until > " at ") ORDER BY x.begins DESC LIMIT 1)"
#define LAST " ORDER BY y.valid_from DESC, y.id DESC LIMIT 1)"

/* ---- the catalogue's prices ---- */

static ec_status sync_catalog(ec_session *session, const ec_id *variants, size_t count,
                              const char *cause)
{
    ec_statement s;
    ec_time now = ec_now(session);
    ec_statement_begin(&s, session);
    ec_statement_put(&s, INTO " SELECT v.id, NULL, NULL, 1, v.price, v.compare_price, d.currency");
    ec_statement_with(&s, ", ?, 0", ec_int(now));
    ec_statement_with(&s, ", ?", ec_text(cause));
    ec_statement_with(&s, ", ?", ec_int(now));
    ec_statement_put(&s, " FROM product_variants v JOIN products d ON d.id = v.product_id"
                         " LEFT JOIN price_history h ON h.id = (SELECT y.id FROM price_history y"
                         " WHERE y.variant_id = v.id AND +y.price_list_id IS NULL"
                         " AND y.channel_id IS NULL" LAST
                         " WHERE (h.id IS NULL OR h.amount <> v.price OR h.currency <> d.currency"
                         " OR COALESCE(h.compare_amount, 0) <> COALESCE(v.compare_price, 0))"
                         " AND v.id IN ");
    ec_statement_ids(&s, variants, count);
    return ec_statement_exec(&s, NULL);
}

/* ---- prices of a list ---- */

/* "(each quantity of the variants, in prices or in the log) k" */
static void put_keys(ec_statement *s, ec_id list, const ec_id *variants, size_t count)
{
    ec_statement_with(s,
                      "(SELECT a.variant_id, a.min_quantity FROM prices a"
                      " WHERE a.price_list_id = ? AND a.variant_id IN ",
                      ec_int(list));
    ec_statement_ids(s, variants, count);
    ec_statement_with(s,
                      " UNION SELECT b.variant_id, b.min_quantity FROM price_history b"
                      " WHERE +b.price_list_id = ? AND b.variant_id IN ",
                      ec_int(list));
    ec_statement_ids(s, variants, count);
    ec_statement_put(s, ") k");
}

/* What holds now and was not logged as the last change. */
static ec_status log_present(ec_session *session, ec_id list, const ec_id *variants, size_t count,
                             const char *cause)
{
    ec_statement s;
    ec_time now = ec_now(session);
    ec_statement_begin(&s, session);
    ec_statement_put(&s, INTO " SELECT k.variant_id, l.id, NULL, k.min_quantity,"
                              " COALESCE(p.amount, 0), p.compare_amount, l.currency");
    ec_statement_with(&s, ", ?, p.id IS NULL", ec_int(now));
    ec_statement_with(&s, ", CASE WHEN p.id IS NULL THEN 'removed' ELSE ? END", ec_text(cause));
    ec_statement_with(&s, ", ? FROM price_lists l CROSS JOIN ", ec_int(now));
    put_keys(&s, list, variants, count);
    ec_statement_put(
        &s, HELD("?") " LEFT JOIN price_history h ON h.id = (SELECT y.id"
                      " FROM price_history y WHERE y.variant_id = k.variant_id"
                      " AND +y.price_list_id = l.id AND y.min_quantity = k.min_quantity" LAST);
    ec_statement_value(&s, ec_int(list));
    ec_statement_value(&s, ec_int(now));
    ec_statement_value(&s, ec_int(now));
    ec_statement_with(&s,
                      " WHERE l.id = ? AND (CASE WHEN h.id IS NULL OR h.ended = 1 THEN -1"
                      " ELSE h.amount END <> COALESCE(p.amount, -1)"
                      " OR COALESCE(h.compare_amount, 0) <> COALESCE(p.compare_amount, 0))",
                      ec_int(list));
    return ec_statement_exec(&s, NULL);
}

/* What will hold from each moment on at which a price begins or ends. */
static ec_status log_future(ec_session *session, ec_id list, const ec_id *variants, size_t count)
{
    ec_statement s;
    ec_time now = ec_now(session);
    ec_statement_begin(&s, session);
    ec_statement_put(&s, INTO " SELECT k.variant_id, l.id, NULL, k.min_quantity,"
                              " COALESCE(p.amount, 0), p.compare_amount, l.currency, k.at,"
                              " p.id IS NULL, 'scheduled'");
    ec_statement_with(&s, ", ? FROM price_lists l CROSS JOIN ", ec_int(now));
    ec_statement_with(&s,
                      "(SELECT a.variant_id, a.min_quantity, a.valid_from AS at FROM prices a"
                      " WHERE a.price_list_id = ?",
                      ec_int(list));
    ec_statement_with(&s, " AND a.valid_from > ? AND a.variant_id IN ", ec_int(now));
    ec_statement_ids(&s, variants, count);
    ec_statement_with(&s,
                      " UNION SELECT b.variant_id, b.min_quantity, b.valid_until FROM prices b"
                      " WHERE b.price_list_id = ?",
                      ec_int(list));
    ec_statement_with(&s, " AND b.valid_until > ? AND b.variant_id IN ", ec_int(now));
    ec_statement_ids(&s, variants, count);
    ec_statement_with(&s, ") k" HELD("k.at"), ec_int(list));
    ec_statement_with(&s, " WHERE l.id = ? ORDER BY k.at", ec_int(list));
    return ec_statement_exec(&s, NULL);
}

static ec_status forget_future(ec_session *session, ec_id list, const ec_id *variants, size_t count)
{
    ec_statement s;
    ec_statement_begin(&s, session);
    ec_statement_with(&s, "DELETE FROM price_history WHERE price_list_id = ?", ec_int(list));
    ec_statement_with(&s, " AND valid_from > ? AND variant_id IN ", ec_int(ec_now(session)));
    ec_statement_ids(&s, variants, count);
    return ec_statement_exec(&s, NULL);
}

static ec_status sync_list(ec_session *session, ec_id list, const ec_id *variants, size_t count,
                           const char *cause)
{
    ec_status status = forget_future(session, list, variants, count);
    if (status == EC_OK) {
        status = log_present(session, list, variants, count, cause);
    }
    return status == EC_OK ? log_future(session, list, variants, count) : status;
}

ec_status ec_price_history_sync(ec_session *session, ec_id list, const ec_id *variants,
                                size_t count, const char *cause)
{
    ec_status status = EC_OK;
    for (size_t at = 0; status == EC_OK && at < count; at += EC_PRICE_STEP) {
        size_t step = count - at < EC_PRICE_STEP ? count - at : EC_PRICE_STEP;
        ec_arena_mark mark = ec_arena_save(ec_scratch(session));
        status = list == 0 ? sync_catalog(session, variants + at, step, cause)
                           : sync_list(session, list, variants + at, step, cause);
        ec_arena_restore(ec_scratch(session), mark);
    }
    return status;
}

/* ---- promotions of the catalogue ---- */

static ec_status note_step(ec_session *session, ec_id channel_id, const ec_price_note *notes,
                           size_t count, ec_time from, const char *cause)
{
    ec_statement s;
    ec_statement_begin(&s, session);
    ec_statement_put(&s, INTO " SELECT w.id, NULL, c.id, 1, CASE WHEN w.amount < 0 THEN 0"
                              " ELSE w.amount END, CASE WHEN w.compare > 0 THEN w.compare END,"
                              " c.currency");
    ec_statement_with(&s, ", ?, w.amount < 0", ec_int(from));
    ec_statement_with(&s, ", ?", ec_text(cause));
    ec_statement_with(&s, ", ? FROM channels c CROSS JOIN (", ec_int(ec_now(session)));
    for (size_t i = 0; i < count; i++) {
        ec_statement_put(&s, i == 0 ? "SELECT ? AS id, ? AS amount, ? AS compare"
                                    : " UNION ALL SELECT ?, ?, ?");
        ec_statement_value(&s, ec_int(notes[i].variant_id));
        ec_statement_value(&s, ec_int(notes[i].amount));
        ec_statement_value(&s, ec_int(notes[i].compare_amount));
    }
    ec_statement_with(&s,
                      ") w JOIN product_variants v ON v.id = w.id LEFT JOIN price_history h"
                      " ON h.id = (SELECT y.id FROM price_history y WHERE y.variant_id = w.id"
                      " AND +y.channel_id = c.id" LAST
                      " WHERE c.id = ? AND (CASE WHEN h.id IS NULL OR h.ended = 1 THEN -1"
                      " ELSE h.amount END <> w.amount OR (w.amount >= 0"
                      " AND COALESCE(h.compare_amount, 0) <> w.compare))",
                      ec_int(channel_id));
    return ec_statement_exec(&s, NULL);
}

#define NOTE_STEP 250 /* parts of a UNION */

ec_status ec_price_history_note(ec_session *session, ec_id channel_id, const ec_price_note *notes,
                                size_t count, ec_time from, const char *cause)
{
    ec_status status = EC_OK;
    for (size_t at = 0; status == EC_OK && at < count; at += NOTE_STEP) {
        size_t step = count - at < NOTE_STEP ? count - at : NOTE_STEP;
        ec_arena_mark mark = ec_arena_save(ec_scratch(session));
        status = note_step(session, channel_id, notes + at, step, from, cause);
        ec_arena_restore(ec_scratch(session), mark);
    }
    return status;
}

/* ---- listing ---- */

typedef struct find_args {
    const ec_price_change_filter *filter;
    const ec_page *page;
} find_args;

static void put_filter(ec_statement *s, const ec_price_change_filter *filter)
{
    ec_statement_with(s, filter->scheduled ? " WHERE t.valid_from > ?" : " WHERE t.valid_from <= ?",
                      ec_int(ec_now(s->session)));
    if (filter->variant_id != 0) {
        ec_statement_with(s, " AND t.variant_id = ?", ec_int(filter->variant_id));
    }
    if (filter->price_list_id != 0) {
        ec_statement_with(s, " AND t.price_list_id = ?", ec_int(filter->price_list_id));
    }
    if (filter->since != 0) {
        ec_statement_with(s, " AND t.valid_from >= ?", ec_int(filter->since));
    }
    ec_statement_put(s, filter->catalog ? " AND t.price_list_id IS NULL AND t.channel_id IS NULL"
                                        : "");
}

static ec_status read_page(ec_session *session, const ec_statement *where, const ec_page_plan *plan,
                           ec_price_change_list *list)
{
    ec_statement s;
    ec_stmt *stmt = NULL;
    list->items = ec_arena_array(ec_scratch(session), (size_t)plan->limit + 1, sizeof *list->items);
    if (!list->items) {
        return ec_fail_memory(session);
    }
    ec_statement_begin(&s, session);
    ec_statement_put(&s, "SELECT ");
    ec_statement_put(&s, ec_entity_columns(session, &ec_price_change_entity, "t"));
    ec_statement_put(&s, " FROM price_history t");
    ec_statement_join(&s, where);
    if (plan->after) {
        ec_statement_put(&s, " AND (t.valid_from, t.id) < (?, ?)");
        ec_statement_value(&s, plan->key);
        ec_statement_value(&s, ec_int(plan->id));
    }
    ec_statement_with(&s, " ORDER BY t.valid_from DESC, t.id DESC LIMIT ?",
                      ec_int(plan->limit + 1));
    ec_statement_with(&s, " OFFSET ?", ec_int(plan->offset));
    ec_status status = ec_statement_query(&s, &stmt);
    while (status == EC_OK && (status = ec_row(session, stmt)) == EC_OK) {
        status = ec_entity_read_row(session, stmt, 0, &ec_price_change_entity,
                                    &list->items[list->items_count++], NULL);
    }
    return status == EC_DONE ? EC_OK : status;
}

static ec_status find_run(ec_session *session, void *ctx, void **result)
{
    static const ec_price_change_filter any = {0};
    const find_args *args = ctx;
    ec_page_plan plan;
    ec_statement where;
    ec_price_change_list *list = ec_arena_alloc(ec_scratch(session), sizeof *list);
    ec_status status = list ? ec_page_plan_make(session, args->page, "valid_from", &plan)
                            : ec_fail_memory(session);
    *result = list;
    if (status != EC_OK) {
        return status;
    }
    if (plan.after && plan.key.type != EC_VALUE_INT) {
        return ec_fail_field(session, EC_INVALID, "cursor", "format",
                             "The cursor is not one of this listing.");
    }
    ec_statement_begin(&where, session);
    put_filter(&where, args->filter ? args->filter : &any);
    list->total = -1;
    status = read_page(session, &where, &plan, list);
    if (status == EC_OK && list->items_count > (size_t)plan.limit) {
        const ec_price_change *last = &list->items[plan.limit - 1];
        list->items_count = (size_t)plan.limit;
        list->next_cursor =
            ec_page_token(session, "valid_from", ec_int(last->valid_from), last->id);
        status = list->next_cursor ? EC_OK : ec_fail_memory(session);
    }
    if (status == EC_OK && plan.total) {
        ec_statement s;
        ec_statement_begin(&s, session);
        ec_statement_put(&s, "SELECT COUNT(*) FROM price_history t");
        ec_statement_join(&s, &where);
        status = ec_query_int(session, s.text, s.values, s.count, &list->total);
    }
    return status;
}

ec_status ec_price_history(ec_session *session, const ec_price_change_filter *filter,
                           const ec_page *page, ec_price_change_list **out)
{
    static const ec_op op = {.name = "price.history",
                             .permission = "price.read",
                             .access = EC_ACCESS_STAFF,
                             .mode = EC_READ,
                             .result = &ec_price_change_list_entity,
                             .run = find_run};
    find_args args = {filter, page};
    return ec_call(session, &op, &args, (void **)out);
}
