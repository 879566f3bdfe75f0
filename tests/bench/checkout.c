/* SPDX-License-Identifier: MIT */
/*
 * checkout.c - durable checkouts: alone and in a crowd beside the plain program, counted, and all
 * at the same variant.
 *
 * A visitor's cart of so many lines becomes an order that awaits its money. Only that is measured:
 * carts are filled before. Both sides begin with copies of one file, and both files must pass the
 * proof of the books afterwards.
 */
#include "bench/bench.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#include "bench/raw_checkout.h"

#define CROWD 32
/* No disk that we know lets more checkouts a second through; if one does, a turn ends early. */
#define FASTEST_ALONE 6000
#define FASTEST_CROWD 16000

static const ec_address address = {
    .name = "Gabriela Mistral",
    .street = "Av. Principal 123",
    .city = "Santiago",
    .region = "Región Metropolitana",
    .postal_code = "8320000",
    .country = "CL",
};

/* The carts of a shop, each to be bought once. */
typedef struct pile {
    _Atomic ec_id next;
    ec_id last;
} pile;

static ec_id take(pile *carts)
{
    ec_id id = atomic_fetch_add(&carts->next, 1);
    return id <= carts->last ? id : 0;
}

/* ---- the library's side ---- */

typedef struct buyer {
    ec_session *session;
    pile *carts;
} buyer;

static void buy_cart(ec_session *session, ec_id cart)
{
    char token[BENCH_TOKEN];
    ec_order *order = NULL;
    ec_checkout_request request = EC_CHECKOUT_REQUEST_INIT;
    request.cart_id = cart;
    request.key = "one-click";
    request.email = "ana@example.com";
    request.shipping_address = &address;
    bench_token(cart, token);
    bench_ok(session, ec_session_cart_token(session, token), "token");
    bench_ok(session, ec_checkout(session, &request, &order), "checkout");
    ec_free(order);
}

/* Look at a cart, for which the engine reads the shop's rules of prices once. */
static void look(ec_session *session, ec_id cart)
{
    char token[BENCH_TOKEN];
    ec_cart *seen = NULL;
    bench_token(cart, token);
    bench_ok(session, ec_session_cart_token(session, token), "token");
    bench_ok(session, ec_cart_get(session, cart, &seen), "cart");
    ec_free(seen);
}

static bool buy(void *caller)
{
    buyer *b = caller;
    ec_id cart = take(b->carts);
    if (cart == 0) return false;
    buy_cart(b->session, cart);
    return true;
}

/* Many buyers in a shop of their own. */
typedef struct crowd {
    ec_engine *engine;
    pile carts;
    buyer buyers[CROWD];
    void *callers[CROWD];
    size_t count;
} crowd;

static void crowd_open(crowd *c, const char *path, size_t count, ec_id carts)
{
    c->engine = bench_open_engine(path);
    c->carts.next = 1;
    c->carts.last = carts;
    c->count = count;
    for (size_t i = 0; i < count; i++) {
        c->buyers[i] = (buyer){bench_session(c->engine, EC_ACTOR_GUEST), &c->carts};
        c->callers[i] = &c->buyers[i];
    }
}

/* The books of a shop must be right, whoever wrote them. */
static void prove(ec_engine *engine)
{
    ec_verify_report *report = NULL;
    ec_verify_options options = {.skip_integrity = true};
    ec_session *session = bench_session(engine, EC_ACTOR_SYSTEM);
    bench_ok(session, ec_verify(session, &options, &report), "verify");
    if (!report->is_clean)
        bench_die("the books are wrong: %s of %s %lld", report->problems[0].code,
                  report->problems[0].object, (long long)report->problems[0].id);
    ec_free(report);
    ec_session_close(session);
}

static void crowd_close(crowd *c)
{
    for (size_t i = 0; i < c->count; i++)
        ec_session_close(c->buyers[i].session);
    prove(c->engine);
    bench_close_engine(c->engine);
}

/* ---- the plain program's side ---- */

typedef struct raw_buyer {
    raw_shop *shop;
    pile *carts;
} raw_buyer;

static bool buy_raw(void *caller)
{
    raw_buyer *b = caller;
    ec_id cart = take(b->carts);
    if (cart == 0) return false;
    (void)raw_checkout(b->shop, cart, "one-click");
    return true;
}

/* What the library starts for the checkout of such a cart. */
static void note_texts(bench *b, int64_t lines, bench_texts *texts)
{
    char path[BENCH_PATH];
    bench_cart_plan plan = {.count = 1, .lines = lines, .hot = 1};
    bench_texts all;
    bench_path(b, "texts.db", path);
    bench_goods(b, path);
    bench_carts(path, &plan);
    ec_engine *engine = bench_open_engine(path);
    bench_texts_note(engine, &all);
    ec_session *session = bench_session(engine, EC_ACTOR_GUEST);
    look(session, 1);
    bench_texts_forget(&all);
    buy_cart(session, 1);
    *texts = all;
    ec_session_close(session);
    bench_close_engine(engine);
    bench_file_remove(path);
}

static void compare(bench *b, size_t callers, double fastest, bench_result *ours, bench_result *raw)
{
    static crowd us;
    static raw_shop shop;
    char path[BENCH_PATH], raw_path[BENCH_PATH];
    pile carts;
    raw_buyer buyers[CROWD];
    void *raw_callers[CROWD];
    bench_texts texts;
    bench_cart_plan plan = {.count = (int64_t)(fastest * b->seconds * (BENCH_ROUNDS + 0.25)),
                            .lines = 2,
                            .hot = BENCH_PRODUCTS};
    note_texts(b, plan.lines, &texts);
    bench_path(b, "ours.db", path);
    bench_path(b, "raw.db", raw_path);
    bench_goods(b, path);
    bench_carts(path, &plan);
    bench_file_copy(path, raw_path);
    raw_shop_open(&shop, raw_path, &texts, (int)plan.lines);
    carts.next = 1;
    carts.last = plan.count;
    for (size_t i = 0; i < callers; i++) {
        buyers[i] = (raw_buyer){&shop, &carts};
        raw_callers[i] = &buyers[i];
    }
    crowd_open(&us, path, callers, plan.count);
    bench_side one = {us.callers, buy}, two = {raw_callers, buy_raw};
    bench_duel(b, callers, &one, &two, ours, raw);
    crowd_close(&us);
    raw_shop_close(&shop);
    bench_texts_forget(&texts);
    ec_engine *engine = bench_open_engine(raw_path);
    prove(engine);
    bench_close_engine(engine);
    bench_file_remove(path);
    bench_file_remove(raw_path);
}

void bench_checkout_alone(bench *b)
{
    bench_result ours, raw;
    compare(b, 1, FASTEST_ALONE, &ours, &raw);
    bench_add(b, &(bench_row){.name = "checkout_1",
                              .unit = "checkouts/s, 1 caller",
                              .value = ours.rate,
                              .raw = raw.rate,
                              .kind = BENCH_BAR_RATIO,
                              .bar = 0.7});
}

void bench_checkout_crowd(bench *b)
{
    bench_result ours, raw;
    compare(b, CROWD, FASTEST_CROWD, &ours, &raw);
    bench_add(b, &(bench_row){.name = "checkout_32",
                              .unit = "checkouts/s, 32 callers",
                              .value = ours.rate,
                              .raw = raw.rate,
                              .kind = BENCH_BAR_RATIO,
                              .bar = 0.6});
    bench_add(b, &(bench_row){.name = "checkout_32_tail",
                              .unit = "p99 / median, 32 callers",
                              .value = ours.p99_ms / ours.median_ms,
                              .raw = raw.p99_ms / raw.median_ms,
                              .less_is_better = true});
    bench_add(b, &(bench_row){.name = "checkout_cpu",
                              .unit = "us of processor, 32 callers",
                              .value = ours.cpu_us,
                              .raw = raw.cpu_us,
                              .less_is_better = true});
    bench_add(b, &(bench_row){.name = "checkout_cpu_above",
                              .unit = "us more than raw",
                              .value = ours.cpu_us - raw.cpu_us});
}

/* ---- counted ---- */

static uint64_t statements_of(bench *b, int64_t lines)
{
    char path[BENCH_PATH];
    bench_cart_plan plan = {.count = 1, .lines = lines, .hot = 1};
    ec_counters before, after;
    bench_path(b, "count.db", path);
    bench_goods(b, path);
    bench_carts(path, &plan);
    ec_engine *engine = bench_open_engine(path);
    ec_session *session = bench_session(engine, EC_ACTOR_GUEST);
    look(session, 1);
    bench_ok(session, ec_engine_counters(engine, &before), "counters");
    buy_cart(session, 1);
    bench_ok(session, ec_engine_counters(engine, &after), "counters");
    ec_session_close(session);
    bench_close_engine(engine);
    bench_file_remove(path);
    return after.statements - before.statements;
}

void bench_checkout_statements(bench *b)
{
    static const struct {
        const char *name;
        int64_t lines;
    } rows[] = {{"statements_1", 1}, {"statements_10", 10}, {"statements_100", 100}};
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        bench_add(b, &(bench_row){.name = rows[i].name,
                                  .unit = "statements of a checkout",
                                  .value = (double)statements_of(b, rows[i].lines),
                                  .kind = BENCH_BAR_MAX,
                                  .bar = 8});
}

/* ---- everybody wants the same ---- */

void bench_flash_sale(bench *b)
{
    static crowd one, many;
    bench_result hot, spread;
    char paths[2][BENCH_PATH];
    ec_id carts = (ec_id)(FASTEST_CROWD * b->seconds * (BENCH_ROUNDS + 0.25));
    bench_path(b, "hot.db", paths[0]);
    bench_path(b, "spread.db", paths[1]);
    for (size_t i = 0; i < 2; i++) {
        bench_cart_plan plan = {.count = carts, .lines = 1, .hot = i == 0 ? 1 : BENCH_PRODUCTS};
        bench_goods(b, paths[i]);
        bench_carts(paths[i], &plan);
    }
    crowd_open(&one, paths[0], CROWD, carts);
    crowd_open(&many, paths[1], CROWD, carts);
    bench_side hot_side = {one.callers, buy}, spread_side = {many.callers, buy};
    bench_duel(b, CROWD, &hot_side, &spread_side, &hot, &spread);
    crowd_close(&one);
    crowd_close(&many);
    bench_file_remove(paths[0]);
    bench_file_remove(paths[1]);
    bench_add(b, &(bench_row){.name = "flash_sale",
                              .unit = "checkouts/s of one variant; raw: of 1,000",
                              .value = hot.rate,
                              .raw = spread.rate});
}
