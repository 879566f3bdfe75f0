/* SPDX-License-Identifier: MIT */
/*
 * data.h - for the tests of money: the shared reference data where they are at hand, and a
 * generator of awkward numbers that gives the same ones for the same seed.
 */
#ifndef EC_TEST_BASE_DATA_H
#define EC_TEST_BASE_DATA_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

/* A file of the data folder, whole and terminated, to be freed; NULL where it is missing. */
static inline char *data_read(const char *name)
{
    char path[1024];
    char *text = NULL;
    const char *folder = getenv("EC_TEST_DATA");

    snprintf(path, sizeof path, "%s/%s", folder ? folder : EC_SOURCE_DIR "/../shared/data", name);
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        return NULL;
    }
    if (fseek(file, 0, SEEK_END) == 0) {
        long size = ftell(file);
        rewind(file);
        text = size >= 0 ? malloc((size_t)size + 1) : NULL;
        if (text != NULL) {
            text[fread(text, 1, (size_t)size, file)] = '\0';
        }
    }
    fclose(file);
    return text;
}

/* SplitMix64: one number of state, every seed as good as another. */
static inline uint64_t random_next(uint64_t *state)
{
    uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

/* All sizes are equally likely, and one number in sixteen is an edge of the range. */
static inline int64_t random_int(uint64_t *state)
{
    static const int64_t edges[] = {INT64_MIN, INT64_MIN + 1, -2, -1, 0, 1, 2, INT64_MAX};
    uint64_t kind = random_next(state);
    if (kind % 16 == 0) {
        return edges[kind / 16 % 8];
    }
    uint64_t size = random_next(state) >> (kind / 16 % 64);
    return (int64_t)(kind / 1024 % 2 ? 0 - size : size);
}

#endif
