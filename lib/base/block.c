/* SPDX-License-Identifier: MIT */
/*
 * block.c - result blocks and the default platform.
 *
 * A block carries its allocator in a head in front of it, so ec_free() needs nothing but the
 * pointer and works after the engine is closed. The defaults of the platform are the C library's
 * memory, the system's clocks, libsodium's randomness, and no log.
 * It refuses to guess: a pointer that no call of the library handed out must not come here.
 */
#include "base/block.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef struct ec_block_head {
    _Alignas(16) void *(*resize)(void *ctx, void *ptr, size_t size);
    void *ctx;
} ec_block_head;

_Static_assert(sizeof(ec_block_head) % 16 == 0, "what follows the head is aligned for anything");

static void *default_resize(void *ctx, void *ptr, size_t size)
{
    (void)ctx;
    if (size == 0) {
        free(ptr);
        return NULL;
    }
    return realloc(ptr, size);
}

static int64_t default_now_ms(void *ctx)
{
    (void)ctx;
    struct timespec now = {0};
    (void)clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static int64_t default_monotonic_us(void *ctx)
{
    (void)ctx;
    struct timespec now = {0};
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static void default_random(void *ctx, void *bytes, size_t count)
{
    (void)ctx;
    randombytes_buf(bytes, count);
}

static void default_log(void *ctx, ec_log_level level, const char *message)
{
    (void)ctx;
    (void)level;
    (void)message;
}

void ec_platform_complete(ec_platform *platform)
{
    /* Any number of times, from any thread. Without entropy randombytes_buf() stops the program, so
       nothing is lost by going on. */
    int ready = sodium_init();
    (void)ready;
    platform->version = EC_PLATFORM_VERSION;
    platform->resize = platform->resize ? platform->resize : default_resize;
    platform->now_ms = platform->now_ms ? platform->now_ms : default_now_ms;
    platform->monotonic_us = platform->monotonic_us ? platform->monotonic_us : default_monotonic_us;
    platform->random = platform->random ? platform->random : default_random;
    platform->log = platform->log ? platform->log : default_log;
}

void *ec_block_alloc(const ec_platform *platform, size_t size)
{
    size_t total;
    if (__builtin_add_overflow(size, sizeof(ec_block_head), &total)) {
        return NULL;
    }
    ec_block_head *head = platform->resize(platform->ctx, NULL, total);
    if (!head) {
        return NULL;
    }
    head->resize = platform->resize;
    head->ctx = platform->ctx;
    return memset(head + 1, 0, size);
}

void ec_free(void *block)
{
    if (block) {
        ec_block_head *head = (ec_block_head *)block - 1;
        head->resize(head->ctx, head, 0);
    }
}
