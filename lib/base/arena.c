/* SPDX-License-Identifier: MIT */
/*
 * arena.c - the memory of one call: a pointer that moves through chunks of growing size.
 *
 * Chunks double from 4 KiB to 256 KiB. What is larger than a quarter of the greatest chunk gets a
 * block of its own, remembered by a note inside the chunk that was the newest then; so falling back
 * to a mark finds and releases it, and the free rest of the chunk stays in use. Under the address
 * sanitizer bytes that are not handed out are poisoned, so reading what was dropped is found.
 * It refuses to free single objects, to be shared between threads, and to say why it failed: NULL
 * is memory out, and `failed` remembers it.
 */
#include "base/arena.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#if defined(__SANITIZE_ADDRESS__)
#define EC_ARENA_POISON 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define EC_ARENA_POISON 1
#endif
#endif
#ifdef EC_ARENA_POISON
#include <sanitizer/asan_interface.h>
#endif

#define EC_ARENA_ALIGN 16u
#define EC_ARENA_CHUNK_MIN (4u << 10)
#define EC_ARENA_CHUNK_MAX (256u << 10)
#define EC_ARENA_CHUNK_KEEP (64u << 10)
#define EC_ARENA_LARGE (64u << 10)

/* A large block; the note lies in a chunk, the block outside of it. */
typedef struct ec_arena_large {
    struct ec_arena_large *older; /* in the same chunk */
    void *block;
} ec_arena_large;

struct ec_arena_chunk {
    ec_arena_chunk *older;
    ec_arena_large *large; /* newest first */
    size_t capacity;       /* of bytes */
    size_t total;          /* with this head */
    _Alignas(EC_ARENA_ALIGN) char bytes[];
};

static void arena_lock(const void *bytes, size_t count)
{
#ifdef EC_ARENA_POISON
    __asan_poison_memory_region(bytes, count);
#else
    (void)bytes;
    (void)count;
#endif
}

static void arena_unlock(const void *bytes, size_t count)
{
#ifdef EC_ARENA_POISON
    __asan_unpoison_memory_region(bytes, count);
#else
    (void)bytes;
    (void)count;
#endif
}

void ec_arena_init(ec_arena *arena, const ec_platform *platform)
{
    *arena = (ec_arena){.platform = platform};
}

/* Put a chunk in front in which size bytes fit, size being at most EC_ARENA_LARGE. */
static bool arena_grow(ec_arena *arena, size_t size)
{
    size_t total = arena->chunk ? arena->chunk->total * 2 : EC_ARENA_CHUNK_MIN;
    while (total < size + sizeof(ec_arena_chunk)) {
        total *= 2;
    }
    total = total > EC_ARENA_CHUNK_MAX ? EC_ARENA_CHUNK_MAX : total;
    ec_arena_chunk *chunk = arena->platform->resize(arena->platform->ctx, NULL, total);
    if (!chunk) {
        arena->failed = true;
        return false;
    }
    *chunk =
        (ec_arena_chunk){.older = arena->chunk, .capacity = total - sizeof *chunk, .total = total};
    arena_lock(chunk->bytes, chunk->capacity);
    arena->chunk = chunk;
    arena->used = 0;
    return true;
}

/* size bytes from the newest chunk or a new one, not zeroed; align is a power of two. */
static char *arena_take(ec_arena *arena, size_t size, size_t align)
{
    size_t at = (arena->used + align - 1) & ~(align - 1);
    ec_arena_chunk *chunk = arena->chunk;
    if (!chunk || at > chunk->capacity || size > chunk->capacity - at) {
        if (!arena_grow(arena, size)) {
            return NULL;
        }
        chunk = arena->chunk;
        at = 0;
    }
    arena->used = at + size;
    arena_unlock(chunk->bytes + at, size);
    return chunk->bytes + at;
}

/* A block of its own. */
static void *arena_take_large(ec_arena *arena, size_t size)
{
    ec_arena_large *note = (void *)arena_take(arena, sizeof *note, EC_ARENA_ALIGN);
    if (!note) {
        return NULL;
    }
    void *block = arena->platform->resize(arena->platform->ctx, NULL, size);
    if (!block) {
        arena->failed = true; /* the note's few bytes stay unused */
        return NULL;
    }
    *note = (ec_arena_large){.older = arena->chunk->large, .block = block};
    arena->chunk->large = note;
    return block;
}

void *ec_arena_alloc(ec_arena *arena, size_t size)
{
    void *bytes = size > EC_ARENA_LARGE ? arena_take_large(arena, size)
                                        : arena_take(arena, size ? size : 1, EC_ARENA_ALIGN);
    return bytes ? memset(bytes, 0, size) : NULL;
}

void *ec_arena_array(ec_arena *arena, size_t count, size_t size)
{
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes)) {
        arena->failed = true;
        return NULL;
    }
    return ec_arena_alloc(arena, bytes);
}

char *ec_arena_text(ec_arena *arena, const char *text, size_t length)
{
    if (!text) {
        return NULL;
    }
    if (length == SIZE_MAX) {
        arena->failed = true;
        return NULL;
    }
    char *copy = length >= EC_ARENA_LARGE ? arena_take_large(arena, length + 1)
                                          : arena_take(arena, length + 1, 1);
    if (copy) {
        memcpy(copy, text, length);
        copy[length] = '\0';
    }
    return copy;
}

char *ec_arena_strdup(ec_arena *arena, const char *text)
{
    return text ? ec_arena_text(arena, text, strlen(text)) : NULL;
}

char *ec_arena_printf(ec_arena *arena, const char *format, ...)
{
    char small[256];
    va_list args;
    va_start(args, format);
    int length = vsnprintf(small, sizeof small, format, args);
    va_end(args);
    if (length < 0) {
        arena->failed = true;
        return NULL;
    }
    if ((size_t)length < sizeof small) {
        return ec_arena_text(arena, small, (size_t)length);
    }
    char *text = ec_arena_alloc(arena, (size_t)length + 1);
    if (text) {
        va_start(args, format);
        (void)vsnprintf(text, (size_t)length + 1, format, args);
        va_end(args);
    }
    return text;
}

/* Release the large blocks of a chunk whose notes lie at used or behind it. */
static void arena_drop_large(const ec_arena *arena, ec_arena_chunk *chunk, size_t used)
{
    while (chunk->large && (const char *)chunk->large >= chunk->bytes + used) {
        void *block = chunk->large->block;
        chunk->large = chunk->large->older;
        arena->platform->resize(arena->platform->ctx, block, 0);
    }
}

static void arena_drop_chunk(const ec_arena *arena, ec_arena_chunk *chunk)
{
    arena_drop_large(arena, chunk, 0);
    arena_unlock(chunk->bytes, chunk->capacity);
    arena->platform->resize(arena->platform->ctx, chunk, 0);
}

/* Drop all but the greatest chunk that may be kept, and empty that one. */
static void arena_drop_all(ec_arena *arena, size_t keep_max)
{
    ec_arena_chunk *keep = NULL;
    for (ec_arena_chunk *chunk = arena->chunk; chunk && !keep; chunk = chunk->older) {
        keep = chunk->total <= keep_max ? chunk : NULL;
    }
    for (ec_arena_chunk *chunk = arena->chunk, *older; chunk; chunk = older) {
        older = chunk->older;
        if (chunk != keep) {
            arena_drop_chunk(arena, chunk);
        }
    }
    if (keep) {
        arena_drop_large(arena, keep, 0);
        arena_lock(keep->bytes, keep->capacity);
        keep->older = NULL;
    }
    arena->chunk = keep;
    arena->used = 0;
}

ec_arena_mark ec_arena_save(const ec_arena *arena)
{
    return (ec_arena_mark){.chunk = arena->chunk, .used = arena->used};
}

void ec_arena_restore(ec_arena *arena, ec_arena_mark mark)
{
    if (!mark.chunk) {
        arena_drop_all(arena, EC_ARENA_CHUNK_KEEP);
        return;
    }
    while (arena->chunk && arena->chunk != mark.chunk) {
        ec_arena_chunk *older = arena->chunk->older;
        arena_drop_chunk(arena, arena->chunk);
        arena->chunk = older;
    }
    arena->used = arena->chunk ? mark.used : 0;
    if (arena->chunk) {
        arena_drop_large(arena, arena->chunk, mark.used);
        arena_lock(arena->chunk->bytes + mark.used, arena->chunk->capacity - mark.used);
    }
}

void ec_arena_reset(ec_arena *arena)
{
    arena_drop_all(arena, EC_ARENA_CHUNK_KEEP);
    arena->failed = false;
}

void ec_arena_clear(ec_arena *arena)
{
    arena_drop_all(arena, 0);
    arena->failed = false;
}
