/* SPDX-License-Identifier: MIT */
/*
 * cart.c - an item into a cart: a durable write with the whole cart as its answer.
 *
 * Each add goes into a cart of its own that holds two items already.
 */
#include "bench/bench.h"

#include <stdatomic.h>

#define CROWD 32
#define FASTEST 16000
#define TURNS 3

typedef struct shopper {
    ec_session *session;
    _Atomic ec_id *next;
    ec_id last;
    uint64_t dice;
} shopper;

static bool add(void *caller)
{
    shopper *s = caller;
    char token[BENCH_TOKEN];
    ec_cart *cart = NULL;
    ec_id id = atomic_fetch_add(s->next, 1);
    if (id > s->last) return false;
    /* the second variant of a product: no cart has it yet */
    ec_id variant = bench_variant(1 + (int64_t)bench_random(&s->dice, BENCH_PRODUCTS)) + 1;
    bench_token(id, token);
    bench_ok(s->session, ec_session_cart_token(s->session, token), "token");
    bench_ok(s->session, ec_cart_add(s->session, id, variant, 1, -1, &cart), "add");
    ec_free(cart);
    return true;
}

void bench_cart_add(bench *b)
{
    char path[BENCH_PATH];
    shopper shoppers[CROWD];
    void *callers[CROWD];
    _Atomic ec_id next = 1;
    bench_result result;
    double seconds = b->seconds * TURNS;
    bench_cart_plan plan = {
        .count = (int64_t)(FASTEST * seconds), .lines = 2, .hot = BENCH_PRODUCTS};
    bench_path(b, "carts.db", path);
    bench_goods(b, path);
    bench_carts(path, &plan);
    ec_engine *engine = bench_open_engine(path);
    for (size_t i = 0; i < CROWD; i++) {
        shoppers[i] =
            (shopper){bench_session(engine, EC_ACTOR_GUEST), &next, plan.count, (uint64_t)i};
        callers[i] = &shoppers[i];
    }
    bench_crowd(callers, CROWD, seconds, add, &result);
    for (size_t i = 0; i < CROWD; i++)
        ec_session_close(shoppers[i].session);
    bench_close_engine(engine);
    bench_file_remove(path);
    bench_add(b, &(bench_row){.name = "cart_add",
                              .unit = "items added/s, 32 callers",
                              .value = result.rate});
}
