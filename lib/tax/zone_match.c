/* SPDX-License-Identifier: MIT */
/*
 * zone_match.c - which zone an address lies in.
 *
 * All places of all zones stand in one list, by country, those of zones inside of zones too; so an
 * address looks at the places of its country and those of every country, and the most specific
 * place decides. What is compared was folded before: neither letter case nor Latin accents matter.
 * It refuses to guess: a place without match is no place, and an address without country lies
 * nowhere.
 */
#include <string.h>

#include "base/country.h"
#include "base/text.h"
#include "tax/inside.h"

/* ---- folding ---- */

bool ec_zone_fold(const char *text, char *to, size_t size)
{
    size_t length = strlen(text), filled = 0;
    bool gap = false;
    for (size_t at = 0; at < length;) {
        char ascii[2] = "";
        size_t bytes = ec_utf8_sequence(text + at, length - at);
        uint32_t point = bytes > 0 ? ec_utf8_decode(text + at, bytes) : ' ';
        const char *letters = ec_slug_letters(point, ascii);
        size_t count = letters != NULL ? strlen(letters) : 0;
        if (letters != NULL && count == 0 && point >= 0x180) {
            letters = text + at; /* another script */
            count = bytes;
        }
        at += bytes > 0 ? bytes : 1;
        if (count == 0) {
            gap |= letters != NULL;
            continue;
        }
        size_t hyphen = gap && filled > 0;
        if (filled + hyphen + count >= size) return false;
        to[filled] = '-';
        memcpy(to + filled + hyphen, letters, count);
        filled += hyphen + count;
        gap = false;
    }
    to[filled] = '\0';
    return true;
}

/* Letters in capitals, digits, and the marks that are allowed; blanks, hyphens and points vanish.
   outward may be NULL. False for anything else or when it does not fit. */
static bool normal_code(const char *text, const char *marks, char *to, size_t size, size_t *outward)
{
    size_t filled = 0;
    size_t before = 0;
    for (; *text != '\0'; text++) {
        bool letter = (*text >= 'a' && *text <= 'z') || (*text >= 'A' && *text <= 'Z');
        if (strchr(" -.", *text) != NULL) {
            if (before == 0) before = filled;
            continue;
        }
        if (!letter && !(*text >= '0' && *text <= '9') && strchr(marks, *text) == NULL)
            return false;
        if (filled + 1 >= size) return false;
        to[filled++] = (char)(*text >= 'a' && *text <= 'z' ? *text - 'a' + 'A' : *text);
    }
    to[filled] = '\0';
    if (outward != NULL) *outward = before > 0 ? before : filled;
    return true;
}

/* ---- making places ---- */

static const char *make_range(ec_arena *arena, const char *text, const char *dots,
                              ec_zone_place *out, const char **rule)
{
    char from[EC_ZONE_CODE_MAX], until[EC_ZONE_CODE_MAX];
    const char *begin = ec_arena_text(arena, text, (size_t)(dots - text));
    *rule = "format";
    if (begin == NULL || !normal_code(begin, "", from, sizeof(from), NULL) ||
        !normal_code(dots + 2, "", until, sizeof(until), NULL))
        return "value";
    size_t same = 0;
    if (from[0] == '\0' || strlen(from) != strlen(until)) return "value";
    *rule = "order";
    if (strcmp(from, until) > 0) return "value";
    while (from[same] != '\0' && from[same] == until[same])
        same++;
    out->value = ec_arena_strdup(arena, from);
    out->until = ec_arena_strdup(arena, until);
    out->weight = EC_ZONE_WEIGHT_POSTCODE + (int32_t)same;
    return NULL;
}

static const char *make_postcode(ec_arena *arena, const char *text, ec_zone_place *out,
                                 const char **rule)
{
    char code[EC_ZONE_CODE_MAX];
    const char *dots = strstr(text, "..");
    if (dots != NULL) return make_range(arena, text, dots, out, rule);
    *rule = "format";
    if (!normal_code(text, "*?", code, sizeof(code), NULL) || code[0] == '\0') return "value";
    size_t length = strlen(code), known = 0;
    for (size_t i = 0; i < length; i++) {
        if (code[i] == '*' && i + 1 < length) return "value";
        known += code[i] != '*' && code[i] != '?';
    }
    out->value = ec_arena_strdup(arena, code);
    out->weight = (known == length ? EC_ZONE_WEIGHT_WHOLE_POSTCODE : EC_ZONE_WEIGHT_POSTCODE) +
                  (int32_t)known;
    return NULL;
}

static const char *make_name(ec_arena *arena, const char *text, ec_zone_place *out,
                             const char **rule)
{
    char name[EC_ZONE_NAME_MAX];
    char prefix[4] = {out->country[0], out->country[1], '-', '\0'};
    *rule = "format";
    if (!ec_zone_fold(text, name, sizeof(name)) || name[0] == '\0') return "value";
    ec_text_lower(prefix);
    out->weight = out->kind == EC_ZONE_KIND_CITY ? EC_ZONE_WEIGHT_CITY : EC_ZONE_WEIGHT_REGION;
    if (out->kind == EC_ZONE_KIND_REGION) {
        /* Both "CA" and "US-CA" are written, in zones and in addresses. */
        bool full = strncmp(name, prefix, 3) == 0 && name[3] != '\0';
        out->code = ec_arena_printf(arena, "%s%s", full ? "" : prefix, name);
        out->value = ec_arena_strdup(arena, full ? name + 3 : name);
        return NULL;
    }
    out->value = ec_arena_strdup(arena, name);
    return NULL;
}

static bool take_country(const char *text, bool world, ec_zone_place *out)
{
    if (text == NULL || strlen(text) > 2) return false;
    memcpy(out->country, text, strlen(text) + 1);
    return ec_country_known(text) || (world && strcmp(text, "*") == 0);
}

const char *ec_zone_place_make(ec_arena *arena, const ec_zone_member *member, ec_zone_place *out,
                               const char **rule)
{
    const char *value = member->value;
    *out = (ec_zone_place){.kind = member->kind};
    *rule = "required";
    if (value == NULL || *value == '\0') return "value";
    bool inside = member->kind != EC_ZONE_KIND_COUNTRY && member->kind != EC_ZONE_KIND_ZONE;
    if (inside && member->country == NULL) return "country";
    *rule = "conflict";
    if (!inside && member->country != NULL) return "country";
    *rule = "format";
    if (inside && !take_country(member->country, false, out)) return "country";
    switch (member->kind) {
    case EC_ZONE_KIND_COUNTRY:
        if (!take_country(value, true, out)) return "value";
        out->weight = *value == '*' ? EC_ZONE_WEIGHT_WORLD : EC_ZONE_WEIGHT_COUNTRY;
        return NULL;
    case EC_ZONE_KIND_REGION:
    case EC_ZONE_KIND_CITY: return make_name(arena, value, out, rule);
    case EC_ZONE_KIND_POSTCODE: return make_postcode(arena, value, out, rule);
    case EC_ZONE_KIND_ZONE: out->zone = value; return NULL;
    default: return "kind";
    }
}

/* ---- comparing ---- */

bool ec_zone_point_make(const ec_address *address, ec_zone_point *out)
{
    *out = (ec_zone_point){.country = ""};
    if (address == NULL || address->country == NULL || strlen(address->country) != 2) return false;
    memcpy(out->country, address->country, 3);
    if (address->city != NULL && !ec_zone_fold(address->city, out->city, sizeof(out->city)))
        out->city[0] = '\0';
    if (address->region != NULL && !ec_zone_fold(address->region, out->region, sizeof(out->region)))
        out->region[0] = '\0';
    if (address->postal_code != NULL &&
        !normal_code(address->postal_code, "", out->postcode, sizeof(out->postcode), &out->outward))
        out->postcode[0] = '\0';
    return true;
}

static bool code_fits(const ec_zone_place *place, const ec_zone_point *point)
{
    const char *code = point->postcode;
    size_t length = strlen(place->value);
    if (code[0] == '\0') return false;
    if (place->until != NULL)
        return strlen(code) >= length && memcmp(code, place->value, length) >= 0 &&
               memcmp(code, place->until, length) <= 0;
    for (size_t i = 0; i < length; i++) {
        if (place->value[i] == '*') return true;
        if (code[i] == '\0' || (place->value[i] != '?' && place->value[i] != code[i])) return false;
    }
    return code[length] == '\0' || length == point->outward;
}

bool ec_zone_place_has(const ec_zone_place *place, const ec_zone_point *point)
{
    if (place->country[0] != '*' && strcmp(place->country, point->country) != 0) return false;
    switch (place->kind) {
    case EC_ZONE_KIND_COUNTRY: return true;
    case EC_ZONE_KIND_REGION:
        return point->region[0] != '\0' && (strcmp(point->region, place->value) == 0 ||
                                            strcmp(point->region, place->code) == 0);
    case EC_ZONE_KIND_CITY: return strcmp(point->city, place->value) == 0;
    case EC_ZONE_KIND_POSTCODE: return code_fits(place, point);
    case EC_ZONE_KIND_ZONE:
    default: return false;
    }
}

/* The entries of a country: the first and how many. */
static size_t entries_of(const ec_tax_index *index, const char *country, size_t *count)
{
    size_t low = 0, high = index->entries_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (strcmp(index->entries[middle].place->country, country) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    *count = 0;
    while (low + *count < index->entries_count &&
           strcmp(index->entries[low + *count].place->country, country) == 0)
        (*count)++;
    return low;
}

static bool is_for(const ec_zone_rule *zone, ec_zone_use use)
{
    return zone->scope == EC_ZONE_ALL ||
           zone->scope == (use == EC_ZONE_FOR_TAX ? EC_ZONE_TAX : EC_ZONE_SHIPPING);
}

/* The most specific entry of a country that has the point; entries are sorted so. */
static const ec_zone_entry *first_with(const ec_tax_index *index, const char *country,
                                       const ec_zone_point *point, ec_zone_use use)
{
    size_t count = 0;
    size_t from = entries_of(index, country, &count);
    for (size_t i = from; i < from + count; i++) {
        const ec_zone_entry *entry = &index->entries[i];
        if (is_for(entry->zone, use) && ec_zone_place_has(entry->place, point)) return entry;
    }
    return NULL;
}

ec_id ec_zone_of(const ec_tax_book *book, ec_zone_use use, const ec_address *address)
{
    ec_zone_point point;
    if (book->index == NULL || !ec_zone_point_make(address, &point)) return 0;
    const ec_zone_entry *here = first_with(book->index, point.country, &point, use);
    const ec_zone_entry *world = first_with(book->index, "*", &point, use);
    if (here == NULL ||
        (world != NULL && world->weight == here->weight && world->zone->id < here->zone->id))
        here = world;
    return here != NULL ? here->zone->id : 0;
}

bool ec_zone_has(const ec_tax_book *book, ec_id zone_id, const ec_address *address)
{
    ec_zone_point point;
    if (book->index == NULL || !ec_zone_point_make(address, &point)) return false;
    for (int world = 0; world < 2; world++) {
        size_t count = 0;
        size_t from = entries_of(book->index, world ? "*" : point.country, &count);
        for (size_t i = 0; i < count; i++) {
            const ec_zone_entry *entry = &book->index->entries[from + i];
            if (entry->zone->id == zone_id && ec_zone_place_has(entry->place, &point)) return true;
        }
    }
    return false;
}
