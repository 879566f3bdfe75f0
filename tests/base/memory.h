/* SPDX-License-Identifier: MIT */
/*
 * memory.h - for the tests of lib/base: an allocator that counts, and that fails when told to, and
 * whole files of the shared data folder.
 */
#ifndef EC_TEST_BASE_MEMORY_H
#define EC_TEST_BASE_MEMORY_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/block.h"

typedef struct memory {
    int64_t calls;   /* allocations and resizings asked for */
    int64_t fail_at; /* the call that fails, and all after it; 0: none */
    bool failed;     /* one did */
    int64_t blocks;  /* handed out and not released */
    size_t greatest; /* bytes of the largest request */
} memory;

static inline void *memory_resize(void *ctx, void *ptr, size_t size)
{
    memory *mem = ctx;
    if (size == 0) {
        mem->blocks -= ptr != NULL;
        free(ptr);
        return NULL;
    }
    mem->calls++;
    mem->greatest = size > mem->greatest ? size : mem->greatest;
    if (mem->fail_at > 0 && mem->calls >= mem->fail_at) {
        mem->failed = true;
        return NULL;
    }
    void *block = realloc(ptr, size);
    assert_non_null(block);
    mem->blocks += ptr == NULL;
    return block;
}

static inline ec_platform memory_platform(memory *mem)
{
    *mem = (memory){0};
    ec_platform platform = {.ctx = mem, .resize = memory_resize};
    ec_platform_complete(&platform);
    return platform;
}

/* Run with the first allocation failing, then the second … until a run meets no failure. Each run
   returns EC_OK or EC_NO_MEMORY and leaves no block behind. */
typedef ec_status (*memory_run)(const ec_platform *platform);

static inline void memory_fail_everywhere(memory_run run)
{
    for (int64_t n = 1;; n++) {
        memory mem;
        ec_platform platform = memory_platform(&mem);
        mem.fail_at = n;
        ec_status status = run(&platform);
        assert_int_equal(mem.blocks, 0);
        if (!mem.failed) {
            assert_int_equal(status, EC_OK);
            return;
        }
        assert_int_equal(status, EC_NO_MEMORY);
    }
}

/* The name of a place in the data folder. */
static inline const char *data_path(const char *name, char path[1024])
{
    const char *folder = getenv("EC_TEST_DATA");
    snprintf(path, 1024, "%s/%s", folder ? folder : EC_SOURCE_DIR "/../shared/data", name);
    return path;
}

/* A whole file, terminated, to be freed; NULL where it is missing. */
static inline char *file_read(const char *path, size_t *length)
{
    FILE *file = fopen(path, "rb");
    char *text = NULL;
    *length = 0;
    if (file && fseek(file, 0, SEEK_END) == 0) {
        long size = ftell(file);
        rewind(file);
        text = size >= 0 ? malloc((size_t)size + 1) : NULL;
        if (text) {
            *length = fread(text, 1, (size_t)size, file);
            text[*length] = '\0';
        }
    }
    if (file) {
        fclose(file);
    }
    return text;
}

#endif
