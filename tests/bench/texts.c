/* SPDX-License-Identifier: MIT */
/*
 * texts.c - the SQL texts that the library starts, so that the plain programs run the same ones.
 *
 * They are noted on a shop of their own, never on one that is measured.
 */
#include "bench/bench.h"

#include <stdlib.h>
#include <string.h>

#include "engine/trace.h"

static void note(void *ctx, const char *sql)
{
    bench_texts *texts = ctx;
    size_t size = strlen(sql) + 1;
    if (texts->count == BENCH_TEXTS_MAX) bench_die("more statements than expected: %s", sql);
    texts->items[texts->count] = bench_alloc(size, 1);
    memcpy(texts->items[texts->count++], sql, size);
}

void bench_texts_note(ec_engine *engine, bench_texts *texts)
{
    *texts = (bench_texts){.count = 0};
    ec_engine_trace(engine, note, texts);
}

void bench_texts_forget(bench_texts *texts)
{
    for (size_t i = 0; i < texts->count; i++)
        free(texts->items[i]);
    texts->count = 0;
}

const char *bench_text(const bench_texts *texts, const char *start)
{
    for (size_t i = 0; i < texts->count; i++)
        if (strncmp(texts->items[i], start, strlen(start)) == 0) return texts->items[i];
    bench_die("the library runs no such statement any more; let the plain program follow: %s",
              start);
}
