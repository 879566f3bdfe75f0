/* SPDX-License-Identifier: MIT */
/*
 * slug.c - web address parts out of names.
 *
 * Latin letters keep their base letter; an apostrophe joins ("Men's" is mens); everything else
 * between letters and digits is one hyphen. The result depends on nothing but the input, so that
 * the same import makes the same addresses everywhere.
 * It refuses to transliterate other scripts: such a name leaves "", and the caller falls back.
 */
#include "base/text.h"

#include <string.h>

/* U+00C0 to U+017F: Latin-1 Supplement and Latin Extended-A. */
static const char slug_latin[][3] = {
    "a", "a", "a",  "a",  "a", "a", "ae", "c",
    "e", "e", "e",  "e",  "i", "i", "i",  "i", /* U+00C0 */
    "d", "n", "o",  "o",  "o", "o", "o",  "",
    "o", "u", "u",  "u",  "u", "y", "th", "ss", /* U+00D0 */
    "a", "a", "a",  "a",  "a", "a", "ae", "c",
    "e", "e", "e",  "e",  "i", "i", "i",  "i", /* U+00E0 */
    "d", "n", "o",  "o",  "o", "o", "o",  "",
    "o", "u", "u",  "u",  "u", "y", "th", "y", /* U+00F0 */
    "a", "a", "a",  "a",  "a", "a", "c",  "c",
    "c", "c", "c",  "c",  "c", "c", "d",  "d", /* U+0100 */
    "d", "d", "e",  "e",  "e", "e", "e",  "e",
    "e", "e", "e",  "e",  "g", "g", "g",  "g", /* U+0110 */
    "g", "g", "g",  "g",  "h", "h", "h",  "h",
    "i", "i", "i",  "i",  "i", "i", "i",  "i", /* U+0120 */
    "i", "i", "ij", "ij", "j", "j", "k",  "k",
    "k", "l", "l",  "l",  "l", "l", "l",  "l", /* U+0130 */
    "l", "l", "l",  "n",  "n", "n", "n",  "n",
    "n", "n", "n",  "n",  "o", "o", "o",  "o", /* U+0140 */
    "o", "o", "oe", "oe", "r", "r", "r",  "r",
    "r", "r", "s",  "s",  "s", "s", "s",  "s", /* U+0150 */
    "s", "s", "t",  "t",  "t", "t", "t",  "t",
    "u", "u", "u",  "u",  "u", "u", "u",  "u", /* U+0160 */
    "u", "u", "u",  "u",  "w", "w", "y",  "y",
    "y", "z", "z",  "z",  "z", "z", "z",  "s", /* U+0170 */
};

#define EC_SLUG_FIRST 0xC0u
#define EC_SLUG_COUNT (sizeof slug_latin / sizeof slug_latin[0])

const char *ec_slug_letters(uint32_t point, char ascii[2])
{
    if (point >= 'A' && point <= 'Z') {
        ascii[0] = (char)(point + ('a' - 'A'));
        return ascii;
    }
    if ((point >= 'a' && point <= 'z') || (point >= '0' && point <= '9')) {
        ascii[0] = (char)point;
        return ascii;
    }
    if (point >= EC_SLUG_FIRST && point < EC_SLUG_FIRST + EC_SLUG_COUNT) {
        return slug_latin[point - EC_SLUG_FIRST];
    }
    switch (point) {
    case '\'':
    case 0xAD: /* soft hyphen */
    case 0x2019: /* right quotation mark, the printed apostrophe */ return NULL;
    case 0xAA: return "a";
    case 0xB5: return "u";
    case 0xBA: return "o";
    case 0x1E9E: return "ss";
    default: /* combining accents belong to the letter before them */
        return point >= 0x300 && point <= 0x36F ? NULL : "";
    }
}

char *ec_text_slug(ec_arena *arena, const char *text, size_t max)
{
    size_t length = text ? strlen(text) : 0;
    /* No code point gives more letters than it has bytes, and a hyphen stands for one at least. */
    size_t room = length < max ? length : max;
    char *slug = room < SIZE_MAX ? ec_arena_alloc(arena, room + 1) : NULL;
    size_t filled = 0;
    bool gap = false;
    for (size_t at = 0; slug && at < length;) {
        char ascii[2] = "";
        size_t size = ec_utf8_sequence(text + at, length - at);
        const char *letters =
            size > 0 ? ec_slug_letters(ec_utf8_decode(text + at, size), ascii) : "";
        at += size > 0 ? size : 1;
        if (!letters || !*letters) {
            gap |= letters != NULL;
            continue;
        }
        size_t count = strlen(letters);
        size_t hyphen = gap && filled > 0;
        if (count + hyphen > room - filled) {
            break;
        }
        slug[filled] = '-';
        memcpy(slug + filled + hyphen, letters, count);
        filled += hyphen + count;
        gap = false;
    }
    if (slug) {
        slug[filled] = '\0';
    }
    return slug;
}

bool ec_text_is_slug(const char *text)
{
    char before = '-';
    for (; text && *text; text++) {
        bool word = (*text >= 'a' && *text <= 'z') || (*text >= '0' && *text <= '9');
        if (!word && (*text != '-' || before == '-')) {
            return false;
        }
        before = *text;
    }
    return text && before != '-';
}
