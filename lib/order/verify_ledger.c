/* SPDX-License-Identifier: MIT */
/*
 * verify_ledger.c - each figure of money that an order shows is the sum of its ledger.
 *
 * One statement walks through all orders with what their ledgers are made of, so it needs no more
 * memory for a million of them than for one. The sums are those of ledger.c.
 */
#include <string.h>

#include "ops/verify.h"
#include "order/order.h"

/* What follows from the ledger beside what the order says. */
static ec_status compare(ec_session *session, ec_verify_run *run, ec_id id, int64_t figure,
                         int64_t found, const ec_ledger *ledger)
{
    const struct {
        int64_t sum;
        const char *message;
    } figures[] = {
        {ledger->owed + ledger->rounding, "The total is not what the ledger owes."},
        {ledger->authorized + ledger->voided,
         "The authorised amount is not the sum of the ledger."},
        {ledger->captured + ledger->credit, "The paid amount is not the sum of the ledger."},
        {-ledger->refunded, "The refunded amount is not the sum of the ledger."},
        {ledger->due, "The amount that is due is not the sum of the ledger."},
    };
    if (figures[figure].sum == found) return EC_OK;
    return ec_verify_found(session, run, id, figures[figure].sum, found, NULL,
                           figures[figure].message);
}

/* By order: its row, its adjustments, its transactions, and last what it says itself. */
static const char rows_of_all[] =
    "SELECT /* whole */ o.id AS shop_order, 0 AS part, 0 AS payment, 0 AS number, 'placed' AS kind,"
    " '' AS provider, o.placed_subtotal AS amount FROM orders o"
    " UNION ALL SELECT a.order_id, 1, 0, a.id, a.kind, '', a.amount FROM adjustments a"
    "  WHERE a.included = 0 AND a.kind <> 'catalog'"
    " UNION ALL SELECT p.order_id, 2, p.id, t.id, t.kind, p.provider, t.amount"
    "  FROM payments p JOIN payment_transactions t ON t.payment_id = p.id"
    "  WHERE p.order_id IS NOT NULL AND t.status = 'succeeded'"
    " UNION ALL SELECT o.id, 3, 0, 0, '', '', o.total_amount FROM orders o"
    " UNION ALL SELECT o.id, 3, 0, 1, '', '', o.authorized_amount FROM orders o"
    " UNION ALL SELECT o.id, 3, 0, 2, '', '', o.paid_amount FROM orders o"
    " UNION ALL SELECT o.id, 3, 0, 3, '', '', o.refunded_amount FROM orders o"
    " UNION ALL SELECT o.id, 3, 0, 4, '', '', o.due_amount FROM orders o"
    " ORDER BY 1, 2, 3, 4";

/* One row of the ledger; nothing of it is kept. */
static ec_status take(ec_session *session, ec_ledger_run *sums, ec_stmt *stmt)
{
    ec_arena_mark mark = ec_arena_save(ec_scratch(session));
    ec_ledger_row row = {
        .kind = ec_col_text(session, stmt, 4),
        .provider = ec_col_text(session, stmt, 5),
        .amount = ec_col_int(stmt, 6),
        .payment_id = ec_col_int(stmt, 2),
        .transaction_id = ec_col_int(stmt, 3),
    };
    if (ec_scratch(session)->failed) return ec_fail_memory(session);
    ec_status status = ec_ledger_step(sums, &row);
    ec_arena_restore(ec_scratch(session), mark);
    return status;
}

static ec_status walk(ec_session *session, ec_verify_run *run, ec_stmt *stmt)
{
    ec_status status = EC_OK;
    ec_ledger ledger = {0};
    ec_ledger_run sums = {.ledger = &ledger};
    bool ended = true;
    while (status == EC_OK && (status = ec_row(session, stmt)) == EC_OK) {
        ec_id id = ec_col_int(stmt, 0);
        int64_t amount = ec_col_int(stmt, 6);
        if (ec_col_int(stmt, 1) == 3) { /* a figure of the order itself */
            if (!ended) status = ec_ledger_end(&sums);
            ended = true;
            if (status == EC_OK)
                status = compare(session, run, id, ec_col_int(stmt, 3), amount, &ledger);
            continue;
        }
        if (ended) {
            ledger = (ec_ledger){.order_id = id};
            ec_verify_checked(run, 1);
        }
        ended = false;
        status = take(session, &sums, stmt);
    }
    return status == EC_DONE ? EC_OK : status;
}

static ec_status check_ledger(ec_session *session, ec_verify_run *run)
{
    ec_stmt *stmt = NULL;
    ec_status status = ec_query(session, rows_of_all, ec_no_args, &stmt);
    if (status == EC_OK) status = walk(session, run, stmt);
    if (status == EC_OVERFLOW)
        return ec_fail(session, EC_OVERFLOW, "An order's sums leave the supported range.");
    return status;
}

const ec_verify_rule ec_verify_ledger_rules[] = {
    {
        .name = "order.ledger",
        .doc = "Each figure of money that an order shows is the sum of its ledger.",
        .object = "order",
        .message = "A figure is not the sum of the ledger.",
        .run = check_ledger,
    },
    {.name = NULL},
};
