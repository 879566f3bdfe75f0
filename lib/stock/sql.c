/* SPDX-License-Identifier: MIT */
/*
 * sql.c - statements over many rows of stock: one UPDATE, one INSERT, however many.
 *
 * UPDATE inventory SET committed = committed + CASE id WHEN ? THEN ? … END WHERE id IN (…) AND
 * guard tells by the count of touched rows whether the guard held for all. Lists are filled up with
 * their last item to the next power of two, which changes nothing and lets prepared statements be
 * found again. It refuses to splice a value into a text, and to decide anything: what the rows are
 * is the caller's affair.
 */
#include <stdlib.h>

#include "stock/inside.h"

#define EC_STATEMENT_MAX (4u << 20) /* bytes of one statement */

size_t ec_stock_padded(size_t count)
{
    size_t rows = 8;
    if (count <= rows) return count;
    while (rows < count)
        rows *= 2;
    return rows;
}

void ec_stock_in(ec_buf *sql, ec_value *values, size_t *bound, const ec_id *ids, size_t count)
{
    size_t rows = ec_stock_padded(count);
    for (size_t i = 0; i < rows; i++) {
        ec_buf_puts(sql, i == 0 ? "?" : ", ?");
        values[(*bound)++] = ec_int(ids[i < count ? i : count - 1]);
    }
}

ec_status ec_stock_run(ec_session *session, ec_buf *sql, const ec_value *values, size_t count,
                       size_t *touched)
{
    int64_t affected = 0;
    ec_status status = sql->status == EC_OK
                           ? ec_exec(session, ec_buf_text(sql), values, count, &affected)
                           : ec_fail_memory(session);
    ec_buf_clear(sql);
    if (touched) *touched = affected < 0 ? 0 : (size_t)affected;
    return status;
}

ec_status ec_stock_start(ec_session *session, ec_buf *sql, const ec_value *values, size_t count,
                         ec_stmt **stmt)
{
    const char *text = sql->status == EC_OK
                           ? ec_arena_text(ec_scratch(session), ec_buf_text(sql), sql->length)
                           : NULL;
    ec_buf_clear(sql);
    return text ? ec_query(session, text, values, count, stmt) : ec_fail_memory(session);
}

/* ---- balances ---- */

static int by_row(const void *a, const void *b)
{
    ec_id x = ((const ec_stock_delta *)a)->inventory_id;
    ec_id y = ((const ec_stock_delta *)b)->inventory_id;
    return (x > y) - (x < y);
}

static bool add_up(ec_stock_delta *to, const ec_stock_delta *more)
{
    return !__builtin_add_overflow(to->on_hand, more->on_hand, &to->on_hand) &&
           !__builtin_add_overflow(to->committed, more->committed, &to->committed) &&
           !__builtin_add_overflow(to->incoming, more->incoming, &to->incoming) &&
           !__builtin_add_overflow(to->damaged, more->damaged, &to->damaged);
}

size_t ec_stock_merge(ec_stock_delta *deltas, size_t count)
{
    size_t kept = 0;
    if (count > 1) qsort(deltas, count, sizeof(*deltas), by_row);
    for (size_t i = 0; i < count; i++) {
        if (kept > 0 && deltas[kept - 1].inventory_id == deltas[i].inventory_id) {
            if (!add_up(&deltas[kept - 1], &deltas[i])) return EC_STOCK_NO_SUM;
        } else {
            deltas[kept++] = deltas[i];
        }
    }
    return kept;
}

/* The columns in the order of their names here. */
static const char *const columns[] = {"on_hand", "committed", "incoming", "damaged"};
enum { ON_HAND = 0, COMMITTED = 1, COLUMNS = 4 };

static int64_t column_of(const ec_stock_delta *delta, size_t column)
{
    const int64_t all[COLUMNS] = {delta->on_hand, delta->committed, delta->incoming,
                                  delta->damaged};
    return all[column];
}

void ec_stock_case(ec_buf *sql, ec_value *values, size_t *bound, const ec_id *ids,
                   const int64_t *figures, size_t count)
{
    size_t rows = ec_stock_padded(count);
    ec_buf_puts(sql, "CASE id");
    for (size_t i = 0; i < rows; i++) {
        size_t at = i < count ? i : count - 1;
        ec_buf_puts(sql, " WHEN ? THEN ?");
        values[(*bound)++] = ec_int(ids[at]);
        values[(*bound)++] = ec_int(figures[at]);
    }
    ec_buf_puts(sql, " END");
}

/* The statement that is being built for some deltas. */
typedef struct shifting {
    ec_buf sql;
    ec_value *values;
    size_t bound;
    const ec_stock_delta *deltas;
    ec_id *ids;
    int64_t *figures;
    size_t count;
} shifting;

/* The CASE of one column, times sign. */
static void column_case(shifting *s, size_t column, int64_t sign)
{
    for (size_t i = 0; i < s->count; i++)
        s->figures[i] = sign * column_of(&s->deltas[i], column);
    ec_stock_case(&s->sql, s->values, &s->bound, s->ids, s->figures, s->count);
}

static void column_moves(shifting *s)
{
    for (size_t column = 0; column < COLUMNS; column++) {
        bool changes = false;
        for (size_t i = 0; i < s->count; i++)
            changes |= column_of(&s->deltas[i], column) != 0;
        if (!changes) continue;
        ec_buf_printf(&s->sql, ", %s = %s + ", columns[column], columns[column]);
        column_case(s, column, 1);
    }
}

static void guard_rows(shifting *s, ec_stock_guard guard)
{
    switch (guard) {
    case EC_STOCK_UNGUARDED: break;
    case EC_STOCK_IF_AVAILABLE:
        ec_buf_puts(&s->sql,
                    " AND (backorder = 1 OR on_hand - committed - damaged - safety_stock >= ");
        column_case(s, COMMITTED, 1);
        ec_buf_puts(&s->sql, ")");
        break;
    case EC_STOCK_IF_HELD:
        ec_buf_puts(&s->sql, " AND committed >= ");
        column_case(s, COMMITTED, -1);
        ec_buf_puts(&s->sql, " AND on_hand - damaged >= ");
        column_case(s, ON_HAND, -1);
        break;
    }
}

ec_status ec_stock_shift(ec_session *session, const ec_stock_delta *deltas, size_t count,
                         ec_stock_guard guard, size_t *touched)
{
    ec_arena *arena = ec_scratch(session);
    shifting s = {.deltas = deltas, .count = count};
    /* per row: a CASE for each column and for each half of a guard, and the list */
    s.values = ec_arena_array(arena, ec_stock_padded(count) * (2 * (COLUMNS + 2) + 1) + 1,
                              sizeof(*s.values));
    s.ids = ec_arena_array(arena, count, sizeof(*s.ids));
    s.figures = ec_arena_array(arena, count, sizeof(*s.figures));
    if (!s.values || !s.ids || !s.figures) return ec_fail_memory(session);
    for (size_t i = 0; i < count; i++)
        s.ids[i] = deltas[i].inventory_id;
    ec_buf_init(&s.sql, ec_session_platform(session), EC_STATEMENT_MAX);
    ec_buf_puts(&s.sql, "UPDATE inventory SET version = version + 1, updated_at = ?");
    s.values[s.bound++] = ec_int(ec_now(session));
    column_moves(&s);
    ec_buf_puts(&s.sql, " WHERE id IN (");
    ec_stock_in(&s.sql, s.values, &s.bound, s.ids, count);
    ec_buf_puts(&s.sql, ")");
    guard_rows(&s, guard);
    return ec_stock_run(session, &s.sql, s.values, s.bound, touched);
}

/* ---- rows of the ledger and of holds ---- */

/* INSERT head VALUES (?, …), …: one statement. */
static ec_status insert_rows(ec_session *session, const char *head, const char *row,
                             const ec_value *values, size_t width, size_t count)
{
    ec_buf sql;
    size_t touched = 0;
    ec_buf_init(&sql, ec_session_platform(session), EC_STATEMENT_MAX);
    ec_buf_puts(&sql, head);
    for (size_t i = 0; i < count; i++) {
        ec_buf_puts(&sql, i == 0 ? " VALUES " : ", ");
        ec_buf_puts(&sql, row);
    }
    return ec_stock_run(session, &sql, values, width * count, &touched);
}

ec_status ec_stock_record(ec_session *session, const ec_movement *movements, size_t count)
{
    enum { WIDTH = 12 };
    const char *actor = ec_actor_names[ec_session_actor(session)];
    if (count == 0) return EC_OK;
    ec_value *values = ec_arena_array(ec_scratch(session), count * WIDTH, sizeof(*values));
    if (!values) return ec_fail_memory(session);
    for (size_t i = 0; i < count; i++) {
        const ec_movement *m = &movements[i];
        const ec_value row[WIDTH] = {ec_int(m->variant_id),
                                     ec_int(m->warehouse_id),
                                     ec_text(ec_movement_kind_names[m->kind]),
                                     ec_int(m->on_hand),
                                     ec_int(m->incoming),
                                     ec_int(m->damaged),
                                     ec_text(m->reason),
                                     ec_text(m->cause),
                                     ec_ref(m->cause_id),
                                     ec_text(actor),
                                     ec_ref(ec_session_user(session)),
                                     ec_int(ec_now(session))};
        for (size_t n = 0; n < WIDTH; n++)
            values[i * WIDTH + n] = row[n];
    }
    return insert_rows(session,
                       "INSERT INTO stock_movements (variant_id, warehouse_id, kind, on_hand,"
                       " incoming, damaged, reason, cause, cause_id, actor, user_id, created_at)",
                       "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", values, WIDTH, count);
}

ec_status ec_stock_insert_holds(ec_session *session, const ec_reservation *holds, size_t count)
{
    enum { WIDTH = 9 };
    if (count == 0) return EC_OK;
    ec_value *values = ec_arena_array(ec_scratch(session), count * WIDTH, sizeof(*values));
    if (!values) return ec_fail_memory(session);
    for (size_t i = 0; i < count; i++) {
        const ec_reservation *r = &holds[i];
        const ec_value row[WIDTH] = {
            ec_int(r->variant_id), ec_int(r->warehouse_id),
            ec_int(r->quantity),   ec_ref(r->cart_id),
            ec_ref(r->order_id),   ec_text(ec_reservation_state_names[r->state]),
            ec_ref(r->expires_at), ec_int(r->created_at),
            ec_ref(r->ended_at)};
        for (size_t n = 0; n < WIDTH; n++)
            values[i * WIDTH + n] = row[n];
    }
    return insert_rows(session,
                       "INSERT INTO reservations (variant_id, warehouse_id, quantity, cart_id,"
                       " order_id, state, expires_at, created_at, ended_at)",
                       "(?, ?, ?, ?, ?, ?, ?, ?, ?)", values, WIDTH, count);
}
