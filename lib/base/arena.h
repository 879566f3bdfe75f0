/* SPDX-License-Identifier: MIT */
/*
 * arena.h - memory that lives until the end of a call.
 *
 * Everything that a call builds on its way lies in its session's arena and is dropped at once when
 * the call ends; the result alone is copied out into one block (entity/pack.h). So no function of
 * the library frees single objects, and an error path has nothing to clean up.
 */
#ifndef EC_BASE_ARENA_H
#define EC_BASE_ARENA_H

#include <ecommerce/sys/platform.h>

typedef struct ec_arena_chunk ec_arena_chunk;

typedef struct ec_arena {
    const ec_platform *platform; /* complete */
    ec_arena_chunk *chunk;       /* newest first */
    size_t used;                 /* bytes taken from the newest chunk */
    bool failed;                 /* an allocation failed since the last reset */
} ec_arena;

/* A place in an arena to fall back to. */
typedef struct ec_arena_mark {
    ec_arena_chunk *chunk;
    size_t used;
} ec_arena_mark;

void ec_arena_init(ec_arena *arena, const ec_platform *platform);
/* Zeroed bytes, aligned for anything; NULL when memory is out. Size 0 gives a valid pointer. */
void *ec_arena_alloc(ec_arena *arena, size_t size);
/* count * size zeroed bytes; NULL also when the product overflows. */
void *ec_arena_array(ec_arena *arena, size_t count, size_t size);
/* A terminated copy of length bytes; NULL when text is NULL or memory is out. */
char *ec_arena_text(ec_arena *arena, const char *text, size_t length);
char *ec_arena_strdup(ec_arena *arena, const char *text);
__attribute__((format(printf, 2, 3))) char *ec_arena_printf(ec_arena *arena, const char *format,
                                                            ...);
/* Where the arena stands, and back to it (what was allocated since is gone). */
ec_arena_mark ec_arena_save(const ec_arena *arena);
void ec_arena_restore(ec_arena *arena, ec_arena_mark mark);
/* Drop all, keep one chunk of at most 64 KiB for the next use. */
void ec_arena_reset(ec_arena *arena);
/* Drop all and give the memory back. */
void ec_arena_clear(ec_arena *arena);

#endif
