/* SPDX-License-Identifier: MIT */
/*
 * open.c - how long it takes until a shop can be asked: a new one in memory with all its
 * migrations, and one that is in a file already.
 */
#include "bench/bench.h"

#include <stdio.h>

#define TURNS 41

static double open_once(const char *uri)
{
    ec_engine *engine = NULL;
    double began = bench_now();
    if (ec_open(uri, NULL, &engine) != EC_OK) bench_die("%s: it cannot be opened", uri);
    double took = bench_now() - began;
    bench_close_engine(engine);
    return took * 1e3;
}

void bench_open(bench *b)
{
    char path[BENCH_PATH], uri[BENCH_PATH + 8];
    double turns[TURNS];
    bench_path(b, "open.db", path);
    bench_goods(b, path);
    for (size_t i = 0; i < TURNS; i++)
        turns[i] = open_once("sqlite::memory:");
    bench_add(b, &(bench_row){.name = "open_memory",
                              .unit = "ms, a new shop in memory",
                              .value = bench_median(turns, TURNS),
                              .less_is_better = true});
    (void)snprintf(uri, sizeof(uri), "sqlite:%s", path);
    for (size_t i = 0; i < TURNS; i++)
        turns[i] = open_once(uri);
    bench_add(b, &(bench_row){.name = "open_file",
                              .unit = "ms, a shop in a file",
                              .value = bench_median(turns, TURNS),
                              .less_is_better = true});
    bench_file_remove(path);
}
