/* SPDX-License-Identifier: MIT */
/*
 * utf8.c - what is UTF-8, and the small questions about texts that follow from it.
 *
 * UTF-8 is RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF. Letter case is
 * ASCII's only, since anything more depends on language and would change keys between versions.
 * It refuses to repair: whoever needs a repaired text says how (the JSON writer: U+FFFD).
 */
#include "base/text.h"

#include <string.h>

size_t ec_utf8_sequence(const char *text, size_t length)
{
    const unsigned char *byte = (const unsigned char *)text;
    if (length == 0) {
        return 0;
    }
    unsigned char lead = byte[0];
    if (lead < 0x80) {
        return 1;
    }
    size_t size = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    /* The second byte's range excludes overlong forms, surrogates and what is beyond the end. */
    unsigned char low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
    unsigned char high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
    if (lead < 0xC2 || lead > 0xF4 || length < size || byte[1] < low || byte[1] > high) {
        return 0;
    }
    for (size_t at = 2; at < size; at++) {
        if ((byte[at] & 0xC0) != 0x80) {
            return 0;
        }
    }
    return size;
}

uint32_t ec_utf8_decode(const char *text, size_t size)
{
    const unsigned char *byte = (const unsigned char *)text;
    uint32_t point = size == 1 ? byte[0] : byte[0] & (0x7Fu >> size);
    for (size_t at = 1; at < size; at++) {
        point = point << 6 | (byte[at] & 0x3Fu);
    }
    return point;
}

int64_t ec_utf8_count(const char *text, size_t length)
{
    int64_t count = 0;
    if (!text) {
        return length == 0 ? 0 : -1;
    }
    for (size_t at = 0; at < length; count++) {
        size_t size = ec_utf8_sequence(text + at, length - at);
        if (size == 0 || text[at] == '\0') {
            return -1;
        }
        at += size;
    }
    return count;
}
