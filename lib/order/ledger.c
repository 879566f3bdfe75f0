/* SPDX-License-Identifier: MIT */
/*
 * ledger.c - the money of an order as entries, made from its adjustments and the transactions of
 * its payments in this one place; ec_verify compares the order's own figures with the same sums.
 *
 * Nothing of it is stored. It refuses to guess: what has no outcome yet is no entry.
 */
#include <string.h>

#include "order/order.h"

/* ---- rows become entries ---- */

static bool is(const char *text, const char *word)
{
    return strcmp(text, word) == 0;
}

static int64_t *sum_of(ec_ledger *ledger, ec_ledger_kind kind)
{
    switch (kind) {
    case EC_LEDGER_OWED: return &ledger->owed;
    case EC_LEDGER_ROUNDING: return &ledger->rounding;
    case EC_LEDGER_AUTHORIZED: return &ledger->authorized;
    case EC_LEDGER_VOIDED: return &ledger->voided;
    case EC_LEDGER_CAPTURED: return &ledger->captured;
    case EC_LEDGER_CREDIT: return &ledger->credit;
    case EC_LEDGER_REFUNDED: break;
    }
    return &ledger->refunded;
}

static ec_status book(ec_ledger_run *run, const ec_ledger_entry *entry)
{
    int64_t *sum = sum_of(run->ledger, entry->kind);
    if (__builtin_add_overflow(*sum, entry->amount, sum)) return EC_OVERFLOW;
    return run->keep == NULL ? EC_OK : run->keep(run, entry);
}

/* What made the total when the order was placed is one entry; what changed it later one each. */
static ec_status book_adjustment(ec_ledger_run *run, const ec_ledger_row *row)
{
    bool later = is(row->kind, "edit") || is(row->kind, "cancel");
    ec_ledger_entry entry = {
        .at = row->at,
        .amount = row->amount,
        .cause = later ? row->kind : "placed",
        .note = later ? row->note : NULL,
        .kind = is(row->kind, "rounding") ? EC_LEDGER_ROUNDING : EC_LEDGER_OWED,
    };
    return book(run, &entry);
}

static ec_status book_capture(ec_ledger_run *run, const ec_ledger_entry *from, bool credit)
{
    ec_ledger_entry entry = *from;
    ec_status status = EC_OK;
    if (__builtin_add_overflow(run->captured, from->amount, &run->captured)) return EC_OVERFLOW;
    if (run->captured > run->authorized) { /* money that nobody had reserved, or not any more */
        entry.kind = EC_LEDGER_AUTHORIZED;
        entry.amount = run->captured - run->authorized;
        run->authorized = run->captured;
        status = book(run, &entry);
    }
    entry.kind = credit ? EC_LEDGER_CREDIT : EC_LEDGER_CAPTURED;
    entry.amount = from->amount;
    return status == EC_OK ? book(run, &entry) : status;
}

static ec_status book_transaction(ec_ledger_run *run, const ec_ledger_row *row)
{
    bool refund = is(row->kind, "refund");
    bool credit = is(row->provider, "gift_card") || is(row->provider, "store_credit");
    ec_ledger_entry entry = {
        .at = row->at,
        .amount = refund ? -row->amount : row->amount,
        .payment_id = row->payment_id,
        .transaction_id = row->transaction_id,
        .refund_id = row->refund_id,
        .credit_id = row->credit_id,
        .cause = refund ? "refund" : "payment",
        .provider = row->provider,
        .note = row->note,
        .kind = refund ? EC_LEDGER_REFUNDED : EC_LEDGER_AUTHORIZED,
    };
    if (is(row->kind, "capture")) return book_capture(run, &entry, credit);
    if (is(row->kind, "void")) {
        run->voided = entry;
        return EC_OK;
    }
    if (!refund) run->authorized += row->amount;
    return book(run, &entry);
}

/* A void gave up what was reserved and, in the end, not taken. */
static ec_status end_payment(ec_ledger_run *run)
{
    ec_ledger_entry entry = run->voided;
    entry.kind = EC_LEDGER_VOIDED;
    entry.amount = run->captured - run->authorized;
    bool wanted = run->voided.payment_id != 0 && entry.amount != 0;
    run->voided = (ec_ledger_entry){0};
    run->authorized = run->captured = 0;
    return wanted ? book(run, &entry) : EC_OK;
}

ec_status ec_ledger_step(ec_ledger_run *run, const ec_ledger_row *row)
{
    ec_status status = row->payment_id != run->payment_id ? end_payment(run) : EC_OK;
    run->payment_id = row->payment_id;
    if (status != EC_OK) return status;
    return row->payment_id == 0 ? book_adjustment(run, row) : book_transaction(run, row);
}

ec_status ec_ledger_end(ec_ledger_run *run)
{
    ec_ledger *ledger = run->ledger;
    ec_status status = end_payment(run);
    run->payment_id = 0;
    ledger->due =
        ledger->owed + ledger->rounding - ledger->captured - ledger->credit - ledger->refunded;
    return status;
}

/* ---- one order ---- */

/* Entries in the arena. */
typedef struct shelf {
    ec_session *session;
    size_t room;
} shelf;

static bool make_room(ec_ledger_run *run)
{
    shelf *s = run->ctx;
    ec_ledger *ledger = run->ledger;
    if (ledger->entries_count < s->room) return true;
    size_t room = s->room == 0 ? 16 : s->room * 2;
    ec_ledger_entry *more = ec_arena_array(ec_scratch(s->session), room, sizeof(*more));
    if (more == NULL) return false;
    if (ledger->entries_count > 0)
        memcpy(more, ledger->entries, ledger->entries_count * sizeof(*more));
    ledger->entries = more;
    s->room = room;
    return true;
}

/* By time; what happened at once stays as it comes. What placed the order is one entry. */
static ec_status keep(ec_ledger_run *run, const ec_ledger_entry *entry)
{
    ec_ledger *ledger = run->ledger;
    bool placed = is(entry->cause, "placed") && entry->kind == EC_LEDGER_OWED;
    if (placed && ledger->entries_count > 0 && is(ledger->entries[0].cause, "placed")) {
        ledger->entries[0].amount += entry->amount;
        return EC_OK;
    }
    if (!make_room(run)) return EC_NO_MEMORY;
    size_t at = ledger->entries_count++;
    while (at > 0 && ledger->entries[at - 1].at > entry->at &&
           !is(ledger->entries[at - 1].cause, "placed")) {
        ledger->entries[at] = ledger->entries[at - 1];
        at--;
    }
    ledger->entries[at] = *entry;
    return EC_OK;
}

static ec_ledger_row read_row(ec_session *session, ec_stmt *stmt)
{
    return (ec_ledger_row){
        .kind = ec_col_text(session, stmt, 2),
        .provider = ec_col_text(session, stmt, 3),
        .note = ec_col_text(session, stmt, 4),
        .at = ec_col_int(stmt, 5),
        .amount = ec_col_int(stmt, 6),
        .payment_id = ec_col_int(stmt, 1),
        .transaction_id = ec_col_int(stmt, 7),
        .refund_id = ec_col_int(stmt, 8),
        .credit_id = ec_col_int(stmt, 9),
    };
}

/* The order by its row, its adjustments, its payments' transactions; the account of each. What has
   succeeded is said by what it is not: an index by status would lead through all the shop's. */
static const char rows_of_order[] =
    "SELECT 0 AS part, 0 AS payment, 'placed' AS kind, NULL AS provider, NULL AS note,"
    " o.placed_at AS at, o.placed_subtotal AS amount, 0 AS number, NULL AS refund, NULL AS credit"
    " FROM orders o WHERE o.id = ?"
    " UNION ALL SELECT 1, 0, a.kind, NULL, a.label, a.created_at, a.amount, a.id, NULL, NULL"
    " FROM adjustments a WHERE a.order_id = ? AND a.included = 0 AND a.kind <> 'catalog'"
    " UNION ALL SELECT 2, p.id, t.kind, p.provider, COALESCE(r.reason, t.reference), t.updated_at,"
    " t.amount, t.id, r.id, COALESCE((SELECT e.credit_id FROM credit_entries e"
    "  WHERE e.refund_id = r.id LIMIT 1), (SELECT f.credit_id FROM credit_entries f"
    "  WHERE f.payment_id = p.id AND f.kind = 'redeem' AND t.kind <> 'refund' LIMIT 1))"
    " FROM payments p JOIN payment_transactions t ON t.payment_id = p.id"
    " LEFT JOIN refunds r ON r.transaction_id = t.id"
    " WHERE p.order_id = ? AND t.status <> 'pending' AND t.status <> 'unknown'"
    " AND t.status <> 'failed' ORDER BY 1, 2, 8";

static ec_status run_ledger(ec_session *session, void *ctx, void **result)
{
    ec_order order = {0};
    ec_stmt *stmt = NULL;
    ec_id id = *(const ec_id *)ctx;
    ec_ledger *ledger = ec_arena_alloc(ec_scratch(session), sizeof(*ledger));
    if (ledger == NULL) return ec_fail_memory(session);
    ec_status status = ec_order_head(session, id, &order);
    if (status == EC_OK)
        status =
            ec_query(session, rows_of_order, ec_args(ec_int(id), ec_int(id), ec_int(id)), &stmt);
    if (status != EC_OK) return status;
    *ledger = (ec_ledger){.order_id = id, .currency = order.currency};
    shelf entries = {.session = session};
    ec_ledger_run run = {.ledger = ledger, .keep = keep, .ctx = &entries};
    while ((status = ec_row(session, stmt)) == EC_OK) {
        ec_ledger_row row = read_row(session, stmt);
        if (ec_scratch(session)->failed) return ec_fail_memory(session);
        status = ec_ledger_step(&run, &row);
        if (status != EC_OK) break;
    }
    if (status == EC_DONE) status = ec_ledger_end(&run);
    *result = ledger;
    if (status == EC_NO_MEMORY) return ec_fail_memory(session);
    return status == EC_OVERFLOW
               ? ec_fail(session, EC_OVERFLOW, "The order's sums leave the supported range.")
               : status;
}

ec_status ec_order_ledger(ec_session *session, ec_id order_id, ec_ledger **out)
{
    static const ec_op op = {
        .name = "order.ledger",
        .permission = "orders.read",
        .access = EC_ACCESS_OWNER,
        .mode = EC_READ,
        .result = &ec_ledger_entity,
        .run = run_ledger,
    };
    return ec_call(session, &op, &order_id, (void **)out);
}
