/* SPDX-License-Identifier: MIT */
/*
 * simulate.c - a promotion over many orders of the past.
 *
 * The orders come in as plain SQL, two lines each, of all products of the shop; nothing about that
 * is measured. The promotion asks about goods, customers and what they had ordered, so that
 * everything a draft usually needs is read.
 */
#include "bench/bench.h"

#include <sqlite3.h>
#include <stdio.h>

enum { ORDERS = 200000, TURNS = 3 };

static const char orders_sql[] =
    "PRAGMA synchronous=OFF; PRAGMA cache_size=-65536; BEGIN;"
    " WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)"
    " INSERT INTO users (email, role, email_verified, is_active, name, version, created_at,"
    " updated_at)"
    " SELECT 'u' || i || '@example.com', 'customer', 0, 1, 'Ana', 1, 1, 1 FROM n;"
    " WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200000)"
    " INSERT INTO orders (order_number, user_id, channel_id, email, currency, status, state,"
    " payment_status, fulfillment_status, subtotal, discount_amount, shipping_amount, tax_amount,"
    " total_amount, paid_amount, refunded_amount, due_amount, placed_at, version, created_at,"
    " updated_at) SELECT 'B-' || i, (SELECT MIN(id) FROM users) + i * 7919 % 20000, 1,"
    " 'u@example.com', 'CLP', 'pending', 'placed', 'pending', 'unfulfilled', 20000, 0, 0, 0, 20000,"
    " 0, 0, 20000, 1700000000000 + i * 60000, 1, 1, 1 FROM n;"
    " INSERT INTO order_items (order_id, position, product_id, variant_id, sku, name, quantity,"
    " cancelled_quantity, shipped_quantity, returned_quantity, unit_price, discount_amount,"
    " tax_amount, total_amount, requires_shipping, tracked)"
    " SELECT o.id, p.n, v.product_id, v.id, v.sku, 'Goods', p.n, 0, 0, 0, 10000, 0, 0, 10000, 1, 1"
    " FROM orders o CROSS JOIN (SELECT 1 AS n UNION ALL SELECT 2) p"
    " CROSS JOIN product_variants v ON v.id = 1 + (o.id * 7 + p.n * 131) % 6000;"
    " COMMIT; PRAGMA wal_checkpoint(TRUNCATE)";

static void fill(const char *path)
{
    sqlite3 *db = NULL;
    char *message = NULL;
    if (sqlite3_open(path, &db) != SQLITE_OK) bench_die("%s: it cannot be opened", path);
    if (sqlite3_exec(db, orders_sql, NULL, NULL, &message) != SQLITE_OK)
        bench_die("orders: %s", message);
    (void)sqlite3_close(db);
}

static double turn(ec_session *session)
{
    static const ec_promotion draft = {
        .code = "bench",
        .name = "Bench",
        .conditions = "nth_order >= 2 and total >= 20000 CLP and any(product in (1, 2, 3, 5, 8))",
        .actions = "order_percent_off(10%)"};
    ec_simulation *out = NULL;
    double began = bench_cpu();
    bench_ok(session, ec_promotion_simulate(session, &draft, NULL, &out), "simulate");
    double seconds = bench_cpu() - began;
    if (out->orders_count != ORDERS || out->applied_count == 0) bench_die("no simulation");
    ec_free(out);
    return ORDERS / seconds;
}

void bench_simulate(bench *b)
{
    char path[BENCH_PATH];
    double rates[TURNS];
    bench_path(b, "simulate.db", path);
    bench_goods(b, path);
    fill(path);
    ec_engine *engine = bench_open_engine(path);
    ec_session *session = bench_session(engine, EC_ACTOR_SYSTEM);
    for (int i = 0; i < TURNS; i++)
        rates[i] = turn(session);
    ec_session_close(session);
    bench_close_engine(engine);
    bench_file_remove(path);
    bench_add(b, &(bench_row){.name = "simulate_orders",
                              .unit = "orders/s of one core; raw: 1,000,000 in 60 s",
                              .value = bench_median(rates, TURNS),
                              .raw = 1000000.0 / 60,
                              .kind = BENCH_BAR_RATIO,
                              .bar = 1});
}
