/* SPDX-License-Identifier: MIT */
/*
 * coupon.c - how long it takes to make a coupon, of ten thousand in one call on a durable shop.
 */
#include "bench/bench.h"

#include <stdio.h>

enum { COUPONS = 10000 };

static ec_id make_promotion(ec_session *session)
{
    ec_promotion *made = NULL;
    ec_promotion promotion = {.code = "bench",
                              .name = "Bench",
                              .actions = "order_percent_off(10%)",
                              .coupon_required = true};
    if (ec_promotion_create(session, &promotion, &made) != EC_OK)
        bench_die("no promotion: %s", ec_session_error(session)->message);
    ec_id id = made->id;
    ec_free(made);
    return id;
}

void bench_coupons(bench *b)
{
    char path[BENCH_PATH];
    double turns[BENCH_ROUNDS];
    bench_path(b, "coupons.db", path);
    ec_engine *engine = bench_open_engine(path);
    ec_session *session = bench_session(engine, EC_ACTOR_SYSTEM);
    ec_id promotion = make_promotion(session);
    ec_coupon_request request = {.amount = COUPONS, .length = 10, .usage_limit = 1};
    for (size_t round = 0; round < BENCH_ROUNDS; round++) {
        ec_coupon_list *list = NULL;
        double began = bench_now();
        if (ec_coupon_generate(session, promotion, &request, &list) != EC_OK)
            bench_die("no coupons: %s", ec_session_error(session)->message);
        turns[round] = (bench_now() - began) / COUPONS * 1e6;
        ec_free(list);
    }
    ec_session_close(session);
    bench_close_engine(engine);
    bench_file_remove(path);
    bench_add(b, &(bench_row){.name = "coupons_10000",
                              .unit = "us, a coupon of 10,000 in one call",
                              .value = bench_median(turns, BENCH_ROUNDS),
                              .less_is_better = true,
                              .kind = BENCH_BAR_MAX,
                              .bar = 100});
}
