/* SPDX-License-Identifier: MIT */
/*
 * json_scan.h - eight bytes of a JSON text looked at once, for the reader and the writer.
 */
#ifndef EC_BASE_JSON_SCAN_H
#define EC_BASE_JSON_SCAN_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

static inline uint64_t ec_json_load8(const char *text)
{
    uint64_t eight;
    memcpy(&eight, text, sizeof eight);
    return eight;
}

/* Is no byte of the eight a control, a quote, a backslash or beyond ASCII? */
static inline bool ec_json_plain8(uint64_t eight)
{
    const uint64_t ones = UINT64_C(0x0101010101010101);
    uint64_t quote = eight ^ (ones * '"');
    uint64_t slash = eight ^ (ones * '\\');
    uint64_t found = (eight - ones * 0x20) | (quote - ones) | (slash - ones) | eight;
    return (found & (ones * 0x80)) == 0;
}

static inline bool ec_json_plain1(unsigned char c)
{
    return c >= 0x20 && c < 0x80 && c != '"' && c != '\\';
}

#endif
