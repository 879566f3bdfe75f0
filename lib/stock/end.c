/* SPDX-License-Identifier: MIT */
/*
 * end.c - what becomes of holds: given up, or gone with the goods.
 *
 * An end is first worked out in memory as cuts of the holds, oldest first: a cut is so many units
 * of one hold with one outcome. A hold that is used up ends itself; one that is not gets smaller,
 * and its cuts become ended rows of their own. So each unit that was ever held has exactly one
 * outcome. It refuses to let tracked goods leave that are not on hold, or not on hand.
 */
#include "stock/inside.h"

#define EC_STATEMENT_MAX (4u << 20)

/* A hold, and the balance that it holds units of. */
typedef struct held {
    ec_reservation row;
    ec_stock_level level; /* id, on_hand, committed, damaged, safety_stock */
    bool tracked;
    int64_t left; /* not cut yet */
    size_t last;  /* cut that used it up */
} held;

typedef struct cut {
    size_t hold;
    int64_t quantity;
    ec_id warehouse_id; /* where the goods leave */
    ec_reservation_state state;
    size_t unit; /* of the caller's */
} cut;

/* Units that leave a balance, and holds of it that end. */
typedef struct place {
    ec_stock_level level;
    int64_t leaving;
    int64_t freed;
    size_t unit; /* that took the last of them */
} place;

typedef struct ending {
    ec_session *session;
    ec_id cart_id;
    ec_id order_id;
    held *holds;
    size_t holds_count;
    cut *cuts;
    size_t cuts_count;
    place *places;
    size_t places_count;
    ec_check check;
} ending;

/* ---- reading ---- */

static ec_status take_row(ending *e, ec_stmt *stmt, size_t *room)
{
    if (e->holds_count == *room) {
        size_t more = *room == 0 ? 32 : *room * 2;
        held *holds = ec_arena_array(ec_scratch(e->session), more, sizeof(*holds));
        if (!holds) return ec_fail_memory(e->session);
        for (size_t i = 0; i < e->holds_count; i++)
            holds[i] = e->holds[i];
        e->holds = holds;
        *room = more;
    }
    e->holds[e->holds_count++] = (held){
        .row = {.id = ec_col_int(stmt, 0),
                .created_at = ec_col_int(stmt, 1),
                .expires_at = ec_col_int(stmt, 2),
                .variant_id = ec_col_int(stmt, 3),
                .warehouse_id = ec_col_int(stmt, 4),
                .cart_id = e->cart_id,
                .order_id = e->order_id,
                .quantity = ec_col_int(stmt, 5)},
        .level = {.id = ec_col_int(stmt, 7),
                  .variant_id = ec_col_int(stmt, 3),
                  .warehouse_id = ec_col_int(stmt, 4),
                  .on_hand = ec_col_int(stmt, 8),
                  .committed = ec_col_int(stmt, 9),
                  .damaged = ec_col_int(stmt, 10),
                  .safety_stock = ec_col_int(stmt, 11),
                  .reorder_point = ec_col_int(stmt, 12)},
        .tracked = ec_col_int(stmt, 6) != 0,
        .left = ec_col_int(stmt, 5),
    };
    return EC_OK;
}

/* All active holds of the owner, the oldest first. */
static ec_status read_holds(ending *e)
{
    ec_stmt *stmt = NULL;
    size_t room = 0;
    const char *sql = ec_arena_printf(
        ec_scratch(e->session),
        "SELECT r.id, r.created_at, r.expires_at, r.variant_id, r.warehouse_id, r.quantity,"
        " v.tracked, i.id, i.on_hand, i.committed, i.damaged, i.safety_stock, i.reorder_point"
        " FROM reservations r JOIN product_variants v ON v.id = r.variant_id"
        " JOIN inventory i ON i.variant_id = r.variant_id AND i.warehouse_id = r.warehouse_id"
        " WHERE r.%s = ? AND r.state = 'active' ORDER BY r.id%s",
        e->cart_id != 0 ? "cart_id" : "order_id", ec_session_dialect(e->session)->for_update);
    ec_value owner = ec_int(e->cart_id != 0 ? e->cart_id : e->order_id);
    ec_status status = ec_query(e->session, sql, &owner, 1, &stmt);
    while (status == EC_OK && (status = ec_row(e->session, stmt)) == EC_OK)
        status = take_row(e, stmt, &room);
    return status == EC_DONE ? EC_OK : status;
}

/* ---- cutting ---- */

static bool prepare(ending *e, size_t units)
{
    ec_arena *arena = ec_scratch(e->session);
    size_t most = 2 * (e->holds_count + units); /* each unit ends one hold at most in part */
    e->cuts = ec_arena_array(arena, most, sizeof(*e->cuts));
    e->places = ec_arena_array(arena, e->holds_count + units, sizeof(*e->places));
    ec_check_init(&e->check, arena);
    return e->cuts && e->places;
}

static void cut_hold(ending *e, size_t hold, int64_t quantity, ec_id warehouse_id,
                     ec_reservation_state state, size_t unit)
{
    held *h = &e->holds[hold];
    h->left -= quantity;
    if (h->left == 0) h->last = e->cuts_count;
    e->cuts[e->cuts_count++] = (cut){hold, quantity, warehouse_id, state, unit};
}

/* Cut holds of a variant, in one warehouse (0: any), or (elsewhere) in all but that one, which the
   goods leave all the same. Returns what is left of the quantity. */
static int64_t cut_variant(ending *e, const ec_stock_units *units, size_t unit, int64_t quantity,
                           bool elsewhere, ec_reservation_state state)
{
    for (size_t i = 0; i < e->holds_count && quantity > 0; i++) {
        held *h = &e->holds[i];
        bool there = units->warehouse_id == 0 || h->row.warehouse_id == units->warehouse_id;
        if (h->row.variant_id != units->variant_id || h->left == 0 || there == elsewhere) continue;
        int64_t part = h->left < quantity ? h->left : quantity;
        ec_reservation_state outcome = h->tracked ? state : EC_RESERVATION_RELEASED;
        bool moved = elsewhere && outcome == EC_RESERVATION_COMMITTED;
        cut_hold(e, i, part, moved ? units->warehouse_id : h->row.warehouse_id, outcome, unit);
        quantity -= part;
    }
    return quantity;
}

/* ---- storing: the holds ---- */

/* Those holds that are used up and whose last cut has this outcome: one UPDATE. */
static ec_status end_used_up(ending *e, ec_reservation_state state)
{
    ec_session *session = e->session;
    ec_arena *arena = ec_scratch(session);
    size_t count = 0;
    size_t bound = 0;
    size_t touched = 0;
    bool split = false;
    bool moved = false;
    ec_buf sql;
    size_t rows = ec_stock_padded(e->holds_count);
    ec_value *values = ec_arena_array(arena, rows * 5 + 2, sizeof(*values));
    ec_id *ids = ec_arena_array(arena, e->holds_count, sizeof(*ids));
    int64_t *quantities = ec_arena_array(arena, e->holds_count, sizeof(*quantities));
    ec_id *warehouses = ec_arena_array(arena, e->holds_count, sizeof(*warehouses));
    if (!values || !ids || !quantities || !warehouses) return ec_fail_memory(session);
    for (size_t i = 0; i < e->holds_count; i++) {
        const held *h = &e->holds[i];
        if (h->left > 0 || e->cuts[h->last].state != state) continue;
        ids[count] = h->row.id;
        quantities[count] = e->cuts[h->last].quantity;
        warehouses[count] = e->cuts[h->last].warehouse_id;
        split |= quantities[count] != h->row.quantity;
        moved |= warehouses[count++] != h->row.warehouse_id;
    }
    if (count == 0) return EC_OK;
    ec_buf_init(&sql, ec_session_platform(session), EC_STATEMENT_MAX);
    ec_buf_puts(&sql, "UPDATE reservations SET state = ?, ended_at = ?");
    values[bound++] = ec_text(ec_reservation_state_names[state]);
    values[bound++] = ec_int(ec_now(session));
    if (split) ec_buf_puts(&sql, ", quantity = ");
    if (split) ec_stock_case(&sql, values, &bound, ids, quantities, count);
    if (moved) ec_buf_puts(&sql, ", warehouse_id = ");
    if (moved) ec_stock_case(&sql, values, &bound, ids, warehouses, count);
    ec_buf_puts(&sql, " WHERE state = 'active' AND id IN (");
    ec_stock_in(&sql, values, &bound, ids, count);
    ec_buf_puts(&sql, ")");
    ec_status status = ec_stock_run(session, &sql, values, bound, &touched);
    if (status == EC_OK && touched != count)
        return ec_fail(session, EC_BUSY, "Reservations were ended meanwhile.");
    return status;
}

/* Those holds that stay get smaller: one UPDATE. */
static ec_status shrink_others(ending *e)
{
    ec_session *session = e->session;
    ec_arena *arena = ec_scratch(session);
    size_t count = 0;
    size_t bound = 0;
    size_t touched = 0;
    ec_buf sql;
    ec_value *values = ec_arena_array(arena, ec_stock_padded(e->holds_count) * 3, sizeof(*values));
    ec_id *ids = ec_arena_array(arena, e->holds_count, sizeof(*ids));
    int64_t *left = ec_arena_array(arena, e->holds_count, sizeof(*left));
    if (!values || !ids || !left) return ec_fail_memory(session);
    for (size_t i = 0; i < e->holds_count; i++) {
        const held *h = &e->holds[i];
        if (h->left == 0 || h->left == h->row.quantity) continue;
        ids[count] = h->row.id;
        left[count++] = h->left;
    }
    if (count == 0) return EC_OK;
    ec_buf_init(&sql, ec_session_platform(session), EC_STATEMENT_MAX);
    ec_buf_puts(&sql, "UPDATE reservations SET quantity = ");
    ec_stock_case(&sql, values, &bound, ids, left, count);
    ec_buf_puts(&sql, " WHERE state = 'active' AND id IN (");
    ec_stock_in(&sql, values, &bound, ids, count);
    ec_buf_puts(&sql, ")");
    ec_status status = ec_stock_run(session, &sql, values, bound, &touched);
    if (status == EC_OK && touched != count)
        return ec_fail(session, EC_BUSY, "Reservations were ended meanwhile.");
    return status;
}

/* Cuts that did not use their hold up become rows of their own: one INSERT. */
static ec_status insert_parts(ending *e)
{
    size_t count = 0;
    ec_reservation *parts = ec_arena_array(ec_scratch(e->session), e->cuts_count, sizeof(*parts));
    if (!parts) return ec_fail_memory(e->session);
    for (size_t i = 0; i < e->cuts_count; i++) {
        const cut *c = &e->cuts[i];
        const held *h = &e->holds[c->hold];
        if (h->left == 0 && h->last == i) continue;
        parts[count] = h->row;
        parts[count].warehouse_id = c->warehouse_id;
        parts[count].quantity = c->quantity;
        parts[count].state = c->state;
        parts[count++].ended_at = ec_now(e->session);
    }
    return ec_stock_insert_holds(e->session, parts, count);
}

/* ---- storing: the balances ---- */

static place *place_of(ending *e, const ec_stock_level *level)
{
    for (size_t i = 0; i < e->places_count; i++)
        if (e->places[i].level.id == level->id) return &e->places[i];
    e->places[e->places_count] = (place){.level = *level};
    return &e->places[e->places_count++];
}

static ec_status shift_places(ending *e, bool leaving)
{
    size_t touched = 0;
    ec_arena *arena = ec_scratch(e->session);
    ec_stock_delta *deltas = ec_arena_array(arena, e->places_count, sizeof(*deltas));
    ec_stock_watch *watches = ec_arena_array(arena, e->places_count, sizeof(*watches));
    if (!deltas || !watches) return ec_fail_memory(e->session);
    for (size_t i = 0; i < e->places_count; i++) {
        const place *p = &e->places[i];
        int64_t before = ec_stock_available(&p->level);
        deltas[i] = (ec_stock_delta){
            .inventory_id = p->level.id, .on_hand = -p->leaving, .committed = -p->freed};
        watches[i] = (ec_stock_watch){p->level.id,
                                      p->level.variant_id,
                                      p->level.warehouse_id,
                                      before,
                                      before - p->leaving + p->freed,
                                      p->level.reorder_point};
    }
    size_t rows = ec_stock_merge(deltas, e->places_count);
    if (rows == EC_STOCK_NO_SUM) return ec_fail(e->session, EC_OVERFLOW, "The holds have no sum.");
    ec_status status = ec_stock_shift(e->session, deltas, rows,
                                      leaving ? EC_STOCK_IF_HELD : EC_STOCK_UNGUARDED, &touched);
    if (status == EC_OK && touched != rows)
        return ec_fail(e->session, EC_OUT_OF_STOCK, "Stock went meanwhile.");
    return status == EC_OK ? ec_stock_tell(e->session, watches, e->places_count) : status;
}

static ec_status store(ending *e, bool leaving)
{
    ec_status status = end_used_up(e, EC_RESERVATION_RELEASED);
    if (status == EC_OK) status = end_used_up(e, EC_RESERVATION_COMMITTED);
    if (status == EC_OK) status = shrink_others(e);
    if (status == EC_OK) status = insert_parts(e);
    return status == EC_OK ? shift_places(e, leaving) : status;
}

/* ---- giving up ---- */

static ec_status release(ending *e, const ec_stock_units *units, size_t count)
{
    ec_status status = read_holds(e);
    if (status != EC_OK || e->holds_count == 0) return status;
    if (!prepare(e, units ? count : 0)) return ec_fail_memory(e->session);
    for (size_t i = 0; units && i < count; i++)
        (void)cut_variant(e, &units[i], i, units[i].quantity, false, EC_RESERVATION_RELEASED);
    for (size_t i = 0; !units && i < e->holds_count; i++)
        cut_hold(e, i, e->holds[i].left, e->holds[i].row.warehouse_id, EC_RESERVATION_RELEASED, 0);
    if (e->cuts_count == 0) return EC_OK;
    for (size_t i = 0; i < e->cuts_count; i++)
        place_of(e, &e->holds[e->cuts[i].hold].level)->freed += e->cuts[i].quantity;
    return store(e, false);
}

ec_status ec_stock_release_cart(ec_session *session, ec_id cart_id, const ec_stock_units *units,
                                size_t count)
{
    ending e = {.session = session, .cart_id = cart_id};
    if (cart_id == 0) return ec_fail(session, EC_MISUSE, "There is no cart.");
    return release(&e, units, count);
}

ec_status ec_stock_release_order(ec_session *session, ec_id order_id, const ec_stock_units *units,
                                 size_t count)
{
    ending e = {.session = session, .order_id = order_id};
    if (order_id == 0) return ec_fail(session, EC_MISUSE, "There is no order.");
    return release(&e, units, count);
}

/* ---- leaving ---- */

static void unit_fault(ending *e, size_t unit, ec_status status, const char *rule,
                       const char *message, int64_t figure)
{
    const char *field = ec_arena_printf(ec_scratch(e->session), "items[%zu].quantity", unit);
    ec_status before = e->check.status;
    ec_check_add(&e->check, field, rule, "%s (%lld).", message, (long long)figure);
    if (e->check.status == EC_INVALID) e->check.status = before == EC_OK ? status : before;
}

/* Units that are not on hold: fine for what is not tracked, else an error each. */
static ec_status check_uncovered(ending *e, const ec_stock_units *units, const int64_t *missing,
                                 size_t count)
{
    ec_arena *arena = ec_scratch(e->session);
    ec_id *ids = ec_arena_array(arena, count, sizeof(*ids));
    ec_value *values = ec_arena_array(arena, ec_stock_padded(count), sizeof(*values));
    bool *free = ec_arena_array(arena, count, sizeof(*free));
    ec_stmt *stmt = NULL;
    size_t bound = 0;
    size_t wanted = 0;
    ec_buf sql;
    if (!ids || !values || !free) return ec_fail_memory(e->session);
    for (size_t i = 0; i < count; i++)
        if (missing[i] > 0) ids[wanted++] = units[i].variant_id;
    if (wanted == 0) return EC_OK;
    ec_buf_init(&sql, ec_session_platform(e->session), EC_STATEMENT_MAX);
    ec_buf_puts(&sql, "SELECT id FROM product_variants WHERE tracked = 0 AND id IN (");
    ec_stock_in(&sql, values, &bound, ids, wanted);
    ec_buf_puts(&sql, ")");
    ec_status status = ec_stock_start(e->session, &sql, values, bound, &stmt);
    while (status == EC_OK && (status = ec_row(e->session, stmt)) == EC_OK)
        for (size_t i = 0; i < count; i++)
            free[i] |= units[i].variant_id == ec_col_int(stmt, 0);
    if (status != EC_DONE) return status;
    for (size_t i = 0; i < count; i++)
        if (missing[i] > 0 && !free[i])
            unit_fault(e, i, EC_STATE, "held", "So many units are not on hold", missing[i]);
    return ec_fail_check(e->session, &e->check);
}

/* The balances of named warehouses that goods leave which were held in another one. */
static ec_status read_others(ending *e, ec_stock_balance *balances, size_t *count)
{
    size_t found = 0;
    for (size_t i = 0; i < e->cuts_count; i++) {
        const held *h = &e->holds[e->cuts[i].hold];
        if (e->cuts[i].warehouse_id == h->row.warehouse_id) continue;
        balances[found++] = (ec_stock_balance){
            .level = {.variant_id = h->row.variant_id, .warehouse_id = e->cuts[i].warehouse_id}};
    }
    *count = ec_stock_distinct(balances, found);
    return *count == 0 ? EC_OK : ec_stock_load(e->session, balances, *count);
}

/* Sum up what leaves which balance. */
static ec_status sum_places(ending *e)
{
    size_t others = 0;
    ec_stock_balance *balances =
        ec_arena_array(ec_scratch(e->session), e->cuts_count, sizeof(*balances));
    if (!balances) return ec_fail_memory(e->session);
    ec_status status = read_others(e, balances, &others);
    if (status != EC_OK) return status;
    for (size_t i = 0; i < e->cuts_count; i++) {
        const cut *c = &e->cuts[i];
        const held *h = &e->holds[c->hold];
        place *from = place_of(e, &h->level);
        from->freed += c->quantity;
        if (c->state != EC_RESERVATION_COMMITTED) continue;
        if (c->warehouse_id != h->row.warehouse_id) {
            const ec_stock_balance *other =
                ec_stock_balance_of(balances, others, h->row.variant_id, c->warehouse_id);
            if (other->level.id == 0) {
                unit_fault(e, c->unit, EC_OUT_OF_STOCK, "stock", "There are fewer on hand", 0);
                continue;
            }
            from = place_of(e, &other->level);
        }
        from->leaving += c->quantity;
        from->unit = c->unit;
    }
    return EC_OK;
}

/* Is everything there that leaves, and free where it was not held? */
static ec_status check_places(ending *e)
{
    for (size_t i = 0; i < e->places_count; i++) {
        const place *p = &e->places[i];
        int64_t there = p->level.on_hand - p->level.damaged;
        int64_t available = ec_stock_available(&p->level);
        if (p->leaving > there)
            unit_fault(e, p->unit, EC_OUT_OF_STOCK, "stock", "There are fewer on hand", there);
        else if (p->leaving > p->freed && p->leaving - p->freed > available)
            unit_fault(e, p->unit, EC_OUT_OF_STOCK, "stock", "There are fewer available there",
                       available);
    }
    return ec_fail_check(e->session, &e->check);
}

static ec_status record_leaving(ending *e, ec_movement_kind kind, const char *reason)
{
    size_t count = 0;
    ec_movement *movements =
        ec_arena_array(ec_scratch(e->session), e->cuts_count, sizeof(*movements));
    if (!movements) return ec_fail_memory(e->session);
    for (size_t i = 0; i < e->cuts_count; i++) {
        const cut *c = &e->cuts[i];
        if (c->state != EC_RESERVATION_COMMITTED) continue;
        movements[count++] = (ec_movement){
            .variant_id = e->holds[c->hold].row.variant_id,
            .warehouse_id = c->warehouse_id,
            .cause_id = e->order_id,
            .on_hand = -c->quantity,
            .reason = reason,
            .cause = "order",
            .kind = kind,
        };
    }
    return ec_stock_record(e->session, movements, count);
}

static ec_status leave(ec_session *session, ec_id order_id, const ec_stock_units *units,
                       size_t count, ec_movement_kind kind, const char *reason)
{
    ending e = {.session = session, .order_id = order_id};
    if (order_id == 0) return ec_fail(session, EC_MISUSE, "There is no order.");
    if (count == 0) return EC_OK;
    int64_t *missing = ec_arena_array(ec_scratch(session), count, sizeof(*missing));
    ec_status status = missing ? read_holds(&e) : ec_fail_memory(session);
    if (status != EC_OK) return status;
    if (!prepare(&e, count)) return ec_fail_memory(session);
    for (size_t i = 0; i < count; i++)
        missing[i] =
            cut_variant(&e, &units[i], i, units[i].quantity, false, EC_RESERVATION_COMMITTED);
    for (size_t i = 0; i < count; i++)
        if (missing[i] > 0 && units[i].warehouse_id != 0)
            missing[i] = cut_variant(&e, &units[i], i, missing[i], true, EC_RESERVATION_COMMITTED);
    status = check_uncovered(&e, units, missing, count);
    if (status != EC_OK || e.cuts_count == 0) return status;
    status = sum_places(&e);
    if (status == EC_OK) status = check_places(&e);
    if (status == EC_OK) status = store(&e, true);
    return status == EC_OK ? record_leaving(&e, kind, reason) : status;
}

ec_status ec_stock_ship(ec_session *session, ec_id order_id, const ec_stock_units *units,
                        size_t count)
{
    return leave(session, order_id, units, count, EC_MOVEMENT_SALE, NULL);
}

ec_status ec_stock_write_off(ec_session *session, ec_id order_id, const ec_stock_units *units,
                             size_t count, const char *reason)
{
    return leave(session, order_id, units, count, EC_MOVEMENT_ADJUSTMENT, reason);
}
