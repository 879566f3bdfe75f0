/* SPDX-License-Identifier: MIT */
/*
 * inside.h - what the parts of stock share: balances in memory, one UPDATE for many of them, the
 * ledger's rows, and word of what became low.
 */
#ifndef EC_STOCK_INSIDE_H
#define EC_STOCK_INSIDE_H

#include "stock/stock.h"

/* ---- sql.c: statements over many rows ---- */

/* By how much one row of inventory changes. */
typedef struct ec_stock_delta {
    ec_id inventory_id;
    int64_t on_hand;
    int64_t committed;
    int64_t incoming;
    int64_t damaged;
} ec_stock_delta;

/* What must hold of each row, or it is not touched. */
typedef enum ec_stock_guard {
    EC_STOCK_UNGUARDED = 0, /* the CHECKs of the table alone */
    EC_STOCK_IF_AVAILABLE,  /* it has the units available that are to be committed, or backorders */
    EC_STOCK_IF_HELD        /* it has committed and undamaged on hand what is taken off them */
} ec_stock_guard;

/* Sort by row and add up what concerns the same one; how many are left. EC_STOCK_NO_SUM when a sum
   overflows. */
size_t ec_stock_merge(ec_stock_delta *deltas, size_t count);
#define EC_STOCK_NO_SUM SIZE_MAX
/* One UPDATE for all of them, which are sorted and merged. touched: rows that it changed. */
ec_status ec_stock_shift(ec_session *session, const ec_stock_delta *deltas, size_t count,
                         ec_stock_guard guard, size_t *touched);

/* One INSERT for all of them. */
ec_status ec_stock_record(ec_session *session, const ec_movement *movements, size_t count);
ec_status ec_stock_insert_holds(ec_session *session, const ec_reservation *holds, size_t count);

/* "?, ?, ?" into a statement, with the values behind those that are there. The list is filled up
   with its last item so that texts repeat: ec_stock_padded(count) values. */
size_t ec_stock_padded(size_t count);
void ec_stock_in(ec_buf *sql, ec_value *values, size_t *bound, const ec_id *ids, size_t count);
/* "CASE id WHEN ? THEN ? … END", likewise; twice as many values. */
void ec_stock_case(ec_buf *sql, ec_value *values, size_t *bound, const ec_id *ids,
                   const int64_t *figures, size_t count);
/* Run what was built and clear the buffer. */
ec_status ec_stock_run(ec_session *session, ec_buf *sql, const ec_value *values, size_t count,
                       size_t *touched);
ec_status ec_stock_start(ec_session *session, ec_buf *sql, const ec_value *values, size_t count,
                         ec_stmt **stmt);

/* ---- level.c: balances in memory ---- */

/* A balance and what its variant says. */
typedef struct ec_stock_balance {
    ec_stock_level level; /* id 0: not stored yet */
    bool known;           /* there is such a variant */
    bool tracked;
} ec_stock_balance;

int64_t ec_stock_available(const ec_stock_level *level);
/* Sort balances by their pair and drop the repeated ones; how many are left. */
size_t ec_stock_distinct(ec_stock_balance *balances, size_t count);
/* The balances of pairs: level.variant_id and level.warehouse_id are given, sorted and each once.
   One SELECT, with its rows locked where the database does that. */
ec_status ec_stock_load(ec_session *session, ec_stock_balance *balances, size_t count);
/* Store the balances that are not stored yet, as zeros. Warehouses that are none are left with id
   0. At most two statements; none when all are stored. */
ec_status ec_stock_create(ec_session *session, ec_stock_balance *balances, size_t count);
/* The balance of a pair among sorted ones, or NULL. */
ec_stock_balance *ec_stock_balance_of(ec_stock_balance *balances, size_t count, ec_id variant_id,
                                      ec_id warehouse_id);

/* ---- adjust.c ---- */

/* A change on its way through the one routine that writes the ledger. */
typedef struct ec_stock_step {
    ec_stock_change change;      /* with its cause */
    const char *prefix;          /* of field errors: "", "items[2]." */
    const char *warehouse_field; /* NULL: "warehouse_id" */
    const char *units_field;     /* NULL: the balance's own name */
    bool compare;                /* on hand must be `expected`; change.on_hand is the new figure */
    int64_t expected;
} ec_stock_step;

/* All or none. levels: count of them, may be NULL; in the arena. */
ec_status ec_stock_write(ec_session *session, ec_stock_step *steps, size_t count,
                         ec_stock_level **levels);

/* ---- low.c: events ---- */

/* How what is available of a row changed. */
typedef struct ec_stock_watch {
    ec_id inventory_id;
    ec_id variant_id;
    ec_id warehouse_id;
    int64_t before;
    int64_t after;
    int64_t reorder_point;
} ec_stock_watch;

/* "stock.low" and "stock.out" of those that crossed a line downwards; at most two statements. */
ec_status ec_stock_tell(ec_session *session, const ec_stock_watch *rows, size_t count);

#endif
