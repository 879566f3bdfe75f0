/* SPDX-License-Identifier: MIT */
/*
 * use.c - counting that orders use promotions and coupons, within their limits.
 *
 * All counters of an order move in one statement; each row of theirs refuses to pass its limit, so
 * whoever comes last is refused, however many orders are placed at once. What was added to which
 * counter is noted, and a cancellation takes back just that. It refuses to count a part: either all
 * promotions of an order are counted, or none.
 */
#include <stdlib.h>
#include <string.h>

#include "catalog/statement.h"
#include "model/model.h"
#include "promotion/stored.h"

/* What moves one counter. */
typedef struct move {
    ec_id promotion_id, coupon_id;
    const char *scope, *owner;
    int64_t amount;
    int64_t most;     /* 0: no limit */
    bool kept;        /* a cancellation does not give it back */
    const char *code; /* of the coupon, or of the promotion; for messages */
} move;

typedef struct spending {
    ec_session *session;
    ec_id order_id;
    const ec_promotion_user *user;
    const ec_promotion_applied *applied;
    size_t applied_count;
    ec_promotion_owners owners;
    move *moves;
    size_t count;
} spending;

enum {
    L_PROMOTION,
    L_COUPON,
    L_CODE,
    L_USAGE,
    L_CUSTOMER,
    L_ATTRIBUTE,
    L_BY,
    L_BUDGET,
    L_CURRENCY,
    L_REUSABLE
};

#define MOVES_OF_ONE 9 /* at most: all, two of a customer, attribute, budget; three of a coupon */

/* ---- limits ---------------------------------------------------------------------------------- */

static size_t ids_of(const spending *s, ec_id *ids, bool coupons)
{
    size_t count = 0;
    for (size_t i = 0; i < s->applied_count; i++) {
        ec_id id = coupons ? s->applied[i].coupon_id : s->applied[i].promotion_id;
        if (id != 0) ids[count++] = id;
    }
    return count;
}

static ec_status ask_limits(spending *s, ec_stmt **stmt)
{
    ec_statement sql;
    ec_id *ids = ec_arena_array(ec_scratch(s->session), s->applied_count, sizeof(*ids));
    if (ids == NULL) return ec_fail_memory(s->session);
    ec_statement_begin(&sql, s->session);
    ec_statement_put(&sql, "SELECT id, 0, code, usage_limit, customer_limit, attribute_limit,"
                           " limit_attribute, budget, currency, 1 FROM promotions WHERE id IN ");
    ec_statement_ids(&sql, ids, ids_of(s, ids, false));
    size_t coupons = ids_of(s, ids, true);
    if (coupons > 0) {
        ec_statement_put(&sql, " UNION ALL SELECT promotion_id, id, code, usage_limit,"
                               " customer_limit, 0, 'none', 0, NULL, is_reusable FROM coupons"
                               " WHERE id IN ");
        ec_statement_ids(&sql, ids, coupons);
    }
    return ec_statement_query(&sql, stmt);
}

static void add_move(spending *s, const move *like, const char *scope, const char *owner,
                     int64_t amount, int64_t most)
{
    if (amount == 0 || (owner == NULL || (owner[0] == '\0' && strcmp(scope, "all") != 0 &&
                                          strcmp(scope, "budget") != 0)))
        return;
    move *added = &s->moves[s->count++];
    *added = *like;
    added->scope = scope;
    added->owner = owner;
    added->amount = amount;
    added->most = most;
}

static int64_t amount_of(const spending *s, ec_id promotion_id)
{
    int64_t amount = 0;
    for (size_t i = 0; i < s->applied_count; i++)
        if (s->applied[i].promotion_id == promotion_id) amount += s->applied[i].amount;
    return amount;
}

/* The counters that a row of limits moves. */
static void add_moves(spending *s, ec_stmt *stmt)
{
    move like = {.promotion_id = ec_col_int(stmt, L_PROMOTION),
                 .coupon_id = ec_col_int(stmt, L_COUPON),
                 .code = ec_col_text(s->session, stmt, L_CODE),
                 .kept = ec_col_int(stmt, L_REUSABLE) == 0};
    int64_t customer = ec_col_int(stmt, L_CUSTOMER), attribute = ec_col_int(stmt, L_ATTRIBUTE);
    int64_t budget = ec_col_int(stmt, L_BUDGET);
    const char *by = ec_col_text(s->session, stmt, L_BY);
    const char *currency = ec_col_text(s->session, stmt, L_CURRENCY);
    add_move(s, &like, "all", "", 1, ec_col_int(stmt, L_USAGE));
    if (customer > 0) add_move(s, &like, "customer", s->owners.account, 1, customer);
    if (customer > 0) add_move(s, &like, "customer", s->owners.email, 1, customer);
    for (int i = EC_LIMIT_BY_EMAIL; attribute > 0 && by != NULL && i <= EC_LIMIT_BY_ADDRESS; i++)
        if (strcmp(by, ec_limit_attribute_names[i]) == 0)
            add_move(s, &like, "attribute", s->owners.attribute[i], 1, attribute);
    if (budget > 0 && currency != NULL && strcmp(currency, s->user->currency) == 0)
        add_move(s, &like, "budget", "", amount_of(s, like.promotion_id), budget);
}

static int by_place(const void *a, const void *b)
{
    const move *x = a, *y = b;
    if (x->promotion_id != y->promotion_id) return x->promotion_id < y->promotion_id ? -1 : 1;
    if (x->coupon_id != y->coupon_id) return x->coupon_id < y->coupon_id ? -1 : 1;
    int order = strcmp(x->owner, y->owner);
    return order != 0 ? order : strcmp(x->scope, y->scope);
}

/* In the order of their places, so that orders that lock them do not wait for each other in a
   circle. */
static ec_status plan(spending *s)
{
    ec_stmt *stmt = NULL;
    s->moves =
        ec_arena_array(ec_scratch(s->session), s->applied_count * MOVES_OF_ONE, sizeof(*s->moves));
    if (s->moves == NULL) return ec_fail_memory(s->session);
    ec_status status = ask_limits(s, &stmt);
    while (status == EC_OK && (status = ec_row(s->session, stmt)) == EC_OK)
        add_moves(s, stmt);
    if (status != EC_DONE) return status;
    if (ec_scratch(s->session)->failed) return ec_fail_memory(s->session);
    qsort(s->moves, s->count, sizeof(*s->moves), by_place);
    return EC_OK;
}

/* ---- counting -------------------------------------------------------------------------------- */

/* The dialect's form with a name in it. */
static void put_form(ec_statement *sql, const char *form, const char *name)
{
    const char *at = strstr(form, "%s");
    size_t length = at == NULL ? strlen(form) : (size_t)(at - form);
    const char *head = ec_arena_text(ec_scratch(sql->session), form, length);
    if (head == NULL) return; /* the arena remembers it */
    ec_statement_put(sql, head);
    if (at == NULL) return;
    ec_statement_put(sql, name);
    ec_statement_put(sql, at + 2);
}

static ec_status count_up(spending *s)
{
    ec_statement sql;
    const ec_dialect *dialect = ec_session_dialect(s->session);
    ec_statement_begin(&sql, s->session);
    ec_statement_put(&sql, "INSERT INTO promotion_counters (promotion_id, coupon_id, scope, owner,"
                           " used, most) VALUES ");
    for (size_t i = 0; i < s->count; i++) {
        const move *m = &s->moves[i];
        ec_statement_put(&sql, i == 0 ? "(?, ?, ?, ?, ?, ?)" : ", (?, ?, ?, ?, ?, ?)");
        ec_statement_value(&sql, ec_int(m->promotion_id));
        ec_statement_value(&sql, ec_int(m->coupon_id));
        ec_statement_value(&sql, ec_text(m->scope));
        ec_statement_value(&sql, ec_text(m->owner));
        ec_statement_value(&sql, ec_int(m->amount));
        ec_statement_value(&sql, ec_ref(m->most));
    }
    ec_statement_put(&sql, " ");
    put_form(&sql, dialect->upsert_format, "promotion_id, coupon_id, owner, scope");
    ec_statement_put(&sql, " used = used + ");
    put_form(&sql, dialect->excluded_format, "used");
    ec_statement_put(&sql, ", most = ");
    put_form(&sql, dialect->excluded_format, "most");
    return ec_scratch(s->session)->failed ? ec_fail_memory(s->session)
                                          : ec_statement_exec(&sql, NULL);
}

/* ---- who was refused ------------------------------------------------------------------------- */

static const move *move_of(const spending *s, ec_stmt *stmt)
{
    const char *scope = ec_col_text(s->session, stmt, 2);
    const char *owner = ec_col_text(s->session, stmt, 3);
    for (size_t i = 0; scope != NULL && owner != NULL && i < s->count; i++) {
        const move *m = &s->moves[i];
        if (m->promotion_id == ec_col_int(stmt, 0) && m->coupon_id == ec_col_int(stmt, 1) &&
            strcmp(m->scope, scope) == 0 && strcmp(m->owner, owner) == 0)
            return m;
    }
    return NULL;
}

static const char *rule_of(const move *m)
{
    if (strcmp(m->scope, "budget") == 0) return "budget";
    return strcmp(m->scope, "all") == 0 ? "used_up" : "customer_limit";
}

/* The first counter that has no room for its move: one that is new, or one that is stored. */
static ec_status find_full(spending *s, const move **full)
{
    ec_statement sql;
    ec_stmt *stmt = NULL;
    const char **owners = ec_arena_array(ec_scratch(s->session), s->count, sizeof(*owners));
    ec_id *ids = ec_arena_array(ec_scratch(s->session), s->count, sizeof(*ids));
    if (owners == NULL || ids == NULL) return ec_fail_memory(s->session);
    for (size_t i = 0; i < s->count; i++) {
        const move *m = &s->moves[i];
        owners[i] = m->owner;
        ids[i] = m->promotion_id;
        if (m->most > 0 && m->amount > m->most) *full = m;
    }
    ec_statement_begin(&sql, s->session);
    ec_statement_put(&sql, "SELECT promotion_id, coupon_id, scope, owner, used"
                           " FROM promotion_counters WHERE promotion_id IN ");
    ec_statement_ids(&sql, ids, s->count);
    for (size_t i = 0; i < s->count; i++)
        ids[i] = s->moves[i].coupon_id;
    ec_statement_put(&sql, " AND coupon_id IN ");
    ec_statement_ids(&sql, ids, s->count);
    ec_statement_put(&sql, " AND owner IN ");
    ec_statement_texts(&sql, owners, s->count);
    ec_status status = ec_statement_query(&sql, &stmt);
    while (status == EC_OK && (status = ec_row(s->session, stmt)) == EC_OK) {
        const move *m = move_of(s, stmt);
        if (m != NULL && m->most > 0 && ec_col_int(stmt, 4) > m->most - m->amount) *full = m;
    }
    return status == EC_DONE ? EC_OK : status;
}

static ec_status refuse(spending *s)
{
    const move *full = NULL;
    ec_forgive(s->session);
    ec_status status = find_full(s, &full);
    if (status != EC_OK) return status;
    if (full == NULL)
        return ec_fail(s->session, EC_CORRUPT, "A counter of promotions is not what it can be.");
    const char *rule = rule_of(full);
    const char *what = full->coupon_id != 0 ? "coupon" : "promotion";
    return ec_fail_field(s->session, EC_STATE, full->coupon_id != 0 ? "coupons" : "promotions",
                         rule, "The %s %.64s is used up%s.", what, full->code,
                         strcmp(rule, "customer_limit") == 0 ? " for this customer" : "");
}

/* ---- what was done --------------------------------------------------------------------------- */

static ec_status note_uses(spending *s)
{
    ec_statement sql;
    bool first = true;
    ec_value account = s->owners.account[0] == '\0' ? ec_ref(0) : ec_text(s->owners.account);
    ec_value email = s->owners.email[0] == '\0' ? ec_ref(0) : ec_text(s->owners.email);
    ec_statement_begin(&sql, s->session);
    ec_statement_put(&sql, "INSERT INTO promotion_uses (order_id, promotion_id, coupon_id, amount,"
                           " customer, email, created_at) VALUES ");
    for (size_t i = 0; i < s->applied_count; i++) {
        const ec_promotion_applied *applied = &s->applied[i];
        ec_statement_put(&sql, first ? "(?, ?, ?, ?, ?, ?, ?)" : ", (?, ?, ?, ?, ?, ?, ?)");
        ec_statement_value(&sql, ec_int(s->order_id));
        ec_statement_value(&sql, ec_int(applied->promotion_id));
        ec_statement_value(&sql, ec_ref(applied->coupon_id));
        ec_statement_value(&sql, ec_int(applied->amount));
        ec_statement_value(&sql, account);
        ec_statement_value(&sql, email);
        ec_statement_value(&sql, ec_int(ec_now(s->session)));
        first = false;
    }
    return ec_statement_exec(&sql, NULL);
}

static ec_status note_moves(spending *s)
{
    ec_statement sql;
    ec_statement_begin(&sql, s->session);
    ec_statement_with(&sql,
                      "INSERT INTO promotion_spends (order_id, counter_id, amount, is_kept)"
                      " SELECT ?, c.id, w.amount, w.kept FROM (",
                      ec_int(s->order_id));
    for (size_t i = 0; i < s->count; i++) {
        const move *m = &s->moves[i];
        ec_statement_put(&sql, i == 0 ? "SELECT ? AS promotion_id, ? AS coupon_id, ? AS scope,"
                                        " ? AS owner, ? AS amount, ? AS kept"
                                      : " UNION ALL SELECT ?, ?, ?, ?, ?, ?");
        ec_statement_value(&sql, ec_int(m->promotion_id));
        ec_statement_value(&sql, ec_int(m->coupon_id));
        ec_statement_value(&sql, ec_text(m->scope));
        ec_statement_value(&sql, ec_text(m->owner));
        ec_statement_value(&sql, ec_int(m->amount));
        ec_statement_value(&sql, ec_int(m->kept));
    }
    ec_statement_put(&sql, ") w CROSS JOIN promotion_counters c ON c.promotion_id = w.promotion_id"
                           " AND c.coupon_id = w.coupon_id AND c.owner = w.owner"
                           " AND c.scope = w.scope");
    return ec_statement_exec(&sql, NULL);
}

ec_status ec_promotion_spend(ec_session *session, ec_id order_id, const ec_promotion_user *user,
                             const ec_promotion_applied *applied, size_t count)
{
    spending s = {.session = session,
                  .order_id = order_id,
                  .user = user,
                  .applied = applied,
                  .applied_count = count};
    if (count == 0) return EC_OK;
    ec_promotion_owners_of(user, &s.owners);
    ec_status status = plan(&s);
    if (status != EC_OK || s.count == 0) return status;
    status = count_up(&s);
    if (status == EC_INVALID) return refuse(&s);
    if (status == EC_OK) status = note_uses(&s);
    return status == EC_OK ? note_moves(&s) : status;
}

ec_status ec_promotion_unspend(ec_session *session, ec_id order_id)
{
    int64_t freed = 0;
    ec_status status = ec_exec(session,
                               "UPDATE promotion_uses SET freed_at = ?"
                               " WHERE order_id = ? AND freed_at IS NULL",
                               ec_args(ec_int(ec_now(session)), ec_int(order_id)), &freed);
    if (status != EC_OK || freed == 0) return status;
    status = ec_exec(
        session,
        "UPDATE promotion_counters SET used = used - (SELECT s.amount FROM promotion_spends s"
        " WHERE s.order_id = ? AND s.counter_id = promotion_counters.id) WHERE id IN"
        " (SELECT counter_id FROM promotion_spends WHERE order_id = ? AND is_kept = 0)",
        ec_args(ec_int(order_id), ec_int(order_id)), NULL);
    if (status != EC_OK) return status;
    return ec_exec(session, "DELETE FROM promotion_spends WHERE order_id = ? AND is_kept = 0",
                   ec_args(ec_int(order_id)), NULL);
}

/* ---- limits that come later ------------------------------------------------------------------ */

/* Uses that count for the limit: of the promotion, or of one coupon. */
#define COUNTED "promotion_id = ? AND (? = 0 OR coupon_id = ?) AND (freed_at IS NULL OR ? = 1)"

static ec_status count_past(ec_session *session, ec_id promotion_id, ec_id coupon_id, bool kept)
{
    ec_value promotion = ec_int(promotion_id), coupon = ec_int(coupon_id), all = ec_int(kept);
    return ec_exec(
        session,
        "INSERT INTO promotion_counters (promotion_id, coupon_id, scope, owner, used)"
        " SELECT ?, ?, 'customer', w.owner, COUNT(*) FROM ("
        "SELECT customer AS owner FROM promotion_uses WHERE " COUNTED
        " AND customer IS NOT NULL UNION ALL SELECT email FROM promotion_uses"
        " WHERE " COUNTED " AND email IS NOT NULL) w GROUP BY w.owner",
        ec_args(promotion, coupon, promotion, coupon, coupon, all, promotion, coupon, coupon, all),
        NULL);
}

ec_status ec_promotion_recount(ec_session *session, ec_id promotion_id, ec_id coupon_id, bool kept)
{
    ec_value promotion = ec_int(promotion_id), coupon = ec_int(coupon_id);
    ec_status status = ec_exec(session,
                               "DELETE FROM promotion_counters WHERE promotion_id = ?"
                               " AND coupon_id = ? AND scope = 'customer'",
                               ec_args(promotion, coupon), NULL);
    if (status == EC_OK) status = count_past(session, promotion_id, coupon_id, kept);
    if (status != EC_OK) return status;
    return ec_exec(session,
                   "INSERT INTO promotion_spends (order_id, counter_id, amount, is_kept)"
                   " SELECT u.order_id, c.id, 1, ? FROM promotion_uses u"
                   " CROSS JOIN promotion_counters c ON c.promotion_id = u.promotion_id"
                   " AND c.coupon_id = ? AND c.owner IN (u.customer, u.email)"
                   " AND c.scope = 'customer'"
                   " WHERE u.promotion_id = ? AND (? = 0 OR u.coupon_id = ?)"
                   " AND (u.freed_at IS NULL OR ? = 1)",
                   ec_args(ec_int(kept), coupon, promotion, coupon, coupon, ec_int(kept)), NULL);
}
