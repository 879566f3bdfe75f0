/* SPDX-License-Identifier: MIT */
/*
 * world.c - a platform under control.
 */
#include <stdatomic.h>
#include <time.h>

#include "harness/harness.h"

static struct {
    _Atomic int64_t now;
    _Atomic uint64_t dice;
    _Atomic int64_t countdown; /* allocations until one fails; 0: none */
    _Atomic bool ever;
    _Atomic bool failed;
    _Atomic int64_t blocks;
} world = {.now = WORLD_START, .dice = 1};

static bool fails(void)
{
    if (atomic_load(&world.failed) && atomic_load(&world.ever)) {
        return true;
    }
    if (atomic_load(&world.countdown) > 0 && atomic_fetch_sub(&world.countdown, 1) == 1) {
        atomic_store(&world.failed, true);
        return true;
    }
    return false;
}

static void *world_resize(void *ctx, void *ptr, size_t size)
{
    (void)ctx;
    if (size == 0) {
        atomic_fetch_sub(&world.blocks, ptr ? 1 : 0);
        free(ptr);
        return NULL;
    }
    void *block = fails() ? NULL : realloc(ptr, size);
    atomic_fetch_add(&world.blocks, block && !ptr ? 1 : 0);
    return block;
}

static int64_t world_clock(void *ctx)
{
    (void)ctx;
    return atomic_load(&world.now);
}

/* The real one: adapters measure waits with it. */
static int64_t world_monotonic(void *ctx)
{
    struct timespec time;
    (void)ctx;
    (void)clock_gettime(CLOCK_MONOTONIC, &time);
    return (int64_t)time.tv_sec * 1000000 + time.tv_nsec / 1000;
}

/* SplitMix64: the state is a counter, so threads can share it. */
uint64_t world_random(void)
{
    uint64_t z = atomic_fetch_add(&world.dice, UINT64_C(0x9e3779b97f4a7c15));
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

int64_t world_pick(int64_t n)
{
    return (int64_t)(world_random() % (uint64_t)n);
}

static void world_bytes(void *ctx, void *bytes, size_t count)
{
    unsigned char *out = bytes;
    (void)ctx;
    for (size_t i = 0; i < count; i++) {
        out[i] = (unsigned char)world_random();
    }
}

const ec_platform *world_platform(void)
{
    static const ec_platform platform = {
        .version = EC_PLATFORM_VERSION,
        .resize = world_resize,
        .now_ms = world_clock,
        .monotonic_us = world_monotonic,
        .random = world_bytes,
    };
    return &platform;
}

int64_t world_now(void)
{
    return atomic_load(&world.now);
}

void world_set(int64_t ms)
{
    atomic_store(&world.now, ms);
}

void world_advance(int64_t ms)
{
    atomic_fetch_add(&world.now, ms);
}

void world_seed(uint64_t seed)
{
    atomic_store(&world.dice, seed);
}

void world_fail(int64_t n, bool ever)
{
    atomic_store(&world.countdown, 0);
    atomic_store(&world.failed, false);
    atomic_store(&world.ever, ever);
    atomic_store(&world.countdown, n);
}

bool world_failed(void)
{
    return atomic_load(&world.failed);
}

int64_t world_blocks(void)
{
    return atomic_load(&world.blocks);
}
