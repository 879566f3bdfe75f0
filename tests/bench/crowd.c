/* SPDX-License-Identifier: MIT */
/*
 * crowd.c - callers in threads, timed one operation at a time, and two sides in turns.
 *
 * Both sides of a comparison go through here, so that threads, clocks and bookkeeping weigh the
 * same. Threads are started before the clock; each one stops at the first operation that ends
 * behind the deadline.
 */
#include "bench/bench.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define LATENCIES_MAX ((size_t)1 << 18) /* of one thread; later ones are not kept */
#define CALLERS_MAX 64

typedef struct member {
    void *caller;
    bench_step step;
    pthread_barrier_t *start;
    pthread_t thread;
    double seconds, end;
    uint64_t count;
    size_t kept, room;
    float *latencies; /* ms */
} member;

static void keep(member *m, double ms)
{
    if (m->kept == LATENCIES_MAX) return;
    if (m->kept == m->room) {
        m->room = m->room == 0 ? 4096 : m->room * 2;
        m->latencies = realloc(m->latencies, m->room * sizeof(*m->latencies));
        if (m->latencies == NULL) bench_die("out of memory");
    }
    m->latencies[m->kept++] = (float)ms;
}

static void *run(void *ctx)
{
    member *m = ctx;
    (void)pthread_barrier_wait(m->start);
    double before = bench_now(), deadline = before + m->seconds;
    while (before < deadline && m->step(m->caller)) {
        double after = bench_now();
        keep(m, (after - before) * 1e3);
        m->count++;
        before = after;
    }
    m->end = before;
    return NULL;
}

static int by_size(const void *a, const void *b)
{
    float one = *(const float *)a, two = *(const float *)b;
    return one < two ? -1 : one > two;
}

static void percentiles(member *members, size_t count, bench_result *out)
{
    size_t all = 0, at = 0;
    for (size_t i = 0; i < count; i++)
        all += members[i].kept;
    if (all == 0) return;
    float *list = bench_alloc(all, sizeof(*list));
    for (size_t i = 0; i < count; i++) {
        memcpy(list + at, members[i].latencies, members[i].kept * sizeof(*list));
        at += members[i].kept;
    }
    qsort(list, all, sizeof(*list), by_size);
    out->median_ms = (double)list[all / 2];
    out->p99_ms = (double)list[all - 1 - all / 100];
    free(list);
}

void bench_crowd(void *const *callers, size_t count, double seconds, bench_step step,
                 bench_result *out)
{
    static member members[CALLERS_MAX];
    pthread_barrier_t start;
    if (count > CALLERS_MAX) bench_die("too many callers");
    if (pthread_barrier_init(&start, NULL, (unsigned)count + 1) != 0) bench_die("no barrier");
    for (size_t i = 0; i < count; i++) {
        members[i] =
            (member){.caller = callers[i], .step = step, .start = &start, .seconds = seconds};
        if (pthread_create(&members[i].thread, NULL, run, &members[i]) != 0) bench_die("no thread");
    }
    (void)pthread_barrier_wait(&start);
    double began = bench_now(), cpu = bench_cpu(), end = began;
    *out = (bench_result){0};
    for (size_t i = 0; i < count; i++) {
        (void)pthread_join(members[i].thread, NULL);
        out->count += members[i].count;
        if (members[i].end > end) end = members[i].end;
    }
    cpu = bench_cpu() - cpu;
    (void)pthread_barrier_destroy(&start);
    if (out->count == 0) bench_die("nothing was done within %.1f s", seconds);
    out->rate = (double)out->count / (end - began);
    out->cpu_us = cpu * 1e6 / (double)out->count;
    percentiles(members, count, out);
    for (size_t i = 0; i < count; i++)
        free(members[i].latencies);
}

/* ---- two sides ---- */

static void middle(const bench_result *results, bench_result *out)
{
    double values[4][BENCH_ROUNDS];
    *out = (bench_result){0};
    for (size_t i = 0; i < BENCH_ROUNDS; i++) {
        values[0][i] = results[i].rate;
        values[1][i] = results[i].cpu_us;
        values[2][i] = results[i].median_ms;
        values[3][i] = results[i].p99_ms;
        out->count += results[i].count;
    }
    out->rate = bench_median(values[0], BENCH_ROUNDS);
    out->cpu_us = bench_median(values[1], BENCH_ROUNDS);
    out->median_ms = bench_median(values[2], BENCH_ROUNDS);
    out->p99_ms = bench_median(values[3], BENCH_ROUNDS);
}

void bench_duel(const bench *b, size_t callers, const bench_side *one, const bench_side *two,
                bench_result *first, bench_result *second)
{
    bench_result ones[BENCH_ROUNDS], twos[BENCH_ROUNDS];
    bench_crowd(one->callers, callers, b->seconds / 4, one->step, &ones[0]);
    bench_crowd(two->callers, callers, b->seconds / 4, two->step, &twos[0]);
    for (size_t i = 0; i < BENCH_ROUNDS; i++) {
        bench_crowd(one->callers, callers, b->seconds, one->step, &ones[i]);
        bench_crowd(two->callers, callers, b->seconds, two->step, &twos[i]);
    }
    middle(ones, first);
    middle(twos, second);
}
