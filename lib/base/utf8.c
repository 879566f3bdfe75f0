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

size_t ec_utf8_encode(char *to, uint32_t point)
{
    size_t size = point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
    static const unsigned char leads[] = {0, 0, 0xC0, 0xE0, 0xF0};
    for (size_t at = size - 1; at > 0; at--) {
        to[at] = (char)(0x80 | (point & 0x3F));
        point >>= 6;
    }
    to[0] = (char)(leads[size] | point);
    return size;
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

/* Blanks and controls of Unicode as far as they hide in what looks like a word. */
static bool utf8_is_blank(uint32_t point)
{
    return point <= 0x20 || (point >= 0x7F && point <= 0xA0) || point == 0x1680 ||
           (point >= 0x2000 && point <= 0x200F) || (point >= 0x2028 && point <= 0x202F) ||
           (point >= 0x205F && point <= 0x2064) || point == 0x3000 || point == 0xFEFF;
}

bool ec_text_is_email(const char *text)
{
    size_t length = text ? strlen(text) : 0;
    size_t at_signs = 0;
    if (length < 3 || length > 254 || text[0] == '@' || text[length - 1] == '@') {
        return false;
    }
    for (size_t at = 0; at < length;) {
        size_t size = ec_utf8_sequence(text + at, length - at);
        if (size == 0 || utf8_is_blank(ec_utf8_decode(text + at, size))) {
            return false;
        }
        at_signs += text[at] == '@';
        at += size;
    }
    return at_signs == 1;
}

static char utf8_lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

void ec_text_lower(char *text)
{
    for (; text && *text; text++) {
        *text = utf8_lower(*text);
    }
}

bool ec_text_equal_nocase(const char *a, const char *b)
{
    if (!a || !b) {
        return a == b;
    }
    while (*a && utf8_lower(*a) == utf8_lower(*b)) {
        a++;
        b++;
    }
    return utf8_lower(*a) == utf8_lower(*b);
}
