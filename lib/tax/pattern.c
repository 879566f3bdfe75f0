/* SPDX-License-Identifier: MIT */
/*
 * pattern.c - postcodes that tables of rates give as regular expressions, as members of zones.
 *
 * "(35\d{3}|38\d{3})" becomes "35???" and "38???", "9[0-4]\d{2,}" five patterns with "??*". It
 * refuses every other operator: a postcode that is misread would be taxed wrongly.
 */
#include <string.h>

#include "tax/import.h"

#define PATTERNS_MAX 100 /* that one expression stands for */

/* The texts so far, all of the same length. */
typedef struct texts {
    char text[PATTERNS_MAX][EC_ZONE_CODE_MAX];
    size_t count;
    bool open; /* more may follow */
} texts;

/* What one place may be: some characters, or any digit. */
typedef struct place {
    char chars[16];
    size_t count; /* 0: any digit */
} place;

static bool is_plain(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

static ec_status read_class(const char **at, place *out)
{
    const char *text = *at + 1;
    for (; *text != ']'; text++) {
        if (!is_plain(*text)) return EC_INVALID;
        char last = text[0];
        if (text[1] == '-' && is_plain(text[2])) {
            last = text[2];
            if (last < text[0]) return EC_INVALID;
        }
        for (char c = *text; c <= last; c++) {
            if (out->count == sizeof(out->chars)) return EC_LIMIT;
            out->chars[out->count++] = c;
        }
        if (text[1] == '-') text += 2;
    }
    *at = text + 1;
    return out->count > 0 ? EC_OK : EC_INVALID;
}

static ec_status read_place(const char **at, place *out)
{
    *out = (place){.count = 0};
    if (**at == '[') return read_class(at, out);
    if ((*at)[0] == '\\' && (*at)[1] == 'd') {
        *at += 2;
        return EC_OK;
    }
    if (!is_plain(**at)) return EC_INVALID;
    out->chars[out->count++] = *(*at)++;
    return EC_OK;
}

/* {n} or {n,}; once without. */
static ec_status read_times(const char **at, size_t *times, bool *more)
{
    const char *text = *at;
    *times = 1;
    *more = false;
    if (*text != '{') return EC_OK;
    *times = 0;
    for (text++; *text >= '0' && *text <= '9'; text++) {
        *times = *times * 10 + (size_t)(*text - '0');
        if (*times >= EC_ZONE_CODE_MAX) return EC_LIMIT;
    }
    if (*text == ',') {
        *more = true;
        text++;
    }
    if (*text != '}' || *times == 0) return EC_INVALID;
    *at = text + 1;
    return EC_OK;
}

/* One more place behind every text. */
static ec_status append(texts *t, const place *p)
{
    size_t length = strlen(t->text[0]), count = t->count;
    size_t ways = p->count == 0 ? 1 : p->count;
    if (t->open || length + 2 >= EC_ZONE_CODE_MAX) return EC_INVALID;
    if (count * ways > PATTERNS_MAX) return EC_LIMIT;
    for (size_t way = ways; way-- > 0;) {
        char c = p->count == 0 ? '?' : p->chars[way];
        for (size_t i = 0; i < count; i++) {
            char *to = t->text[way * count + i];
            if (way > 0) memcpy(to, t->text[i], length);
            to[length] = c;
            to[length + 1] = '\0';
        }
    }
    t->count = count * ways;
    return EC_OK;
}

/* One alternative, up to its end. */
static ec_status read_texts(const char **at, texts *t)
{
    place p;
    size_t times = 0;
    bool more = false;
    ec_status status = EC_OK;
    memset(t, 0, sizeof(*t));
    t->count = 1;
    while (status == EC_OK && **at != '\0' && **at != '|' && **at != ')') {
        status = read_place(at, &p);
        if (status == EC_OK) status = read_times(at, &times, &more);
        for (size_t i = 0; i < times && status == EC_OK; i++)
            status = append(t, &p);
        if (more && p.count != 0) return EC_INVALID;
        t->open = more;
    }
    return status == EC_OK && t->text[0][0] == '\0' ? EC_INVALID : status;
}

static ec_status keep(ec_arena *arena, const texts *t, const char *country, ec_zone_member *members,
                      size_t room, size_t *count)
{
    for (size_t i = 0; i < t->count; i++) {
        if (*count == room) return EC_LIMIT;
        const char *value = ec_arena_printf(arena, "%s%s", t->text[i], t->open ? "*" : "");
        if (value == NULL) return EC_NO_MEMORY;
        members[(*count)++] =
            (ec_zone_member){.kind = EC_ZONE_KIND_POSTCODE, .country = country, .value = value};
    }
    return EC_OK;
}

ec_status ec_tax_pattern(ec_arena *arena, const char *text, const char *country,
                         ec_zone_member *members, size_t room, size_t *count)
{
    texts *t = ec_arena_alloc(arena, sizeof(*t));
    bool closed = *text == '(';
    ec_status status = t != NULL ? EC_OK : EC_NO_MEMORY;
    *count = 0;
    if (closed) text++;
    while (status == EC_OK) {
        status = read_texts(&text, t);
        if (status == EC_OK) status = keep(arena, t, country, members, room, count);
        if (status != EC_OK || *text != '|') break;
        text++;
    }
    if (status == EC_OK && closed && *text++ != ')') return EC_INVALID;
    return status == EC_OK && *text != '\0' ? EC_INVALID : status;
}
