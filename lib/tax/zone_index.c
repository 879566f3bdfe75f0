/* SPDX-License-Identifier: MIT */
/*
 * zone_index.c - the list of all places with the zones that they belong to.
 *
 * Zones inside of zones are followed here, once, so that matching an address never has to. It
 * refuses a zone that contains itself on any way and one that contains a zone which is not there.
 */
#include <stdlib.h>
#include <string.h>

#include "tax/inside.h"

typedef struct walk {
    const ec_tax_book *book;
    ec_zone_entry *entries; /* NULL: only count */
    size_t count;
    size_t top;   /* the zone whose places are collected */
    size_t *seen; /* for each zone: the last top that reached it, from 1 */
} walk;

static size_t zone_by_code(const ec_tax_book *book, const char *code)
{
    for (size_t i = 0; i < book->zones_count; i++)
        if (strcmp(book->zones[i].code, code) == 0) return i;
    return SIZE_MAX;
}

static void collect(walk *w, const ec_zone_place *place, bool inner)
{
    if (w->entries != NULL) {
        bool less = inner && place->weight > EC_ZONE_WEIGHT_ZONES;
        w->entries[w->count] = (ec_zone_entry){place, &w->book->zones[w->top],
                                               less ? EC_ZONE_WEIGHT_ZONES : place->weight};
    }
    w->count++;
}

/* Every zone on a circle meets itself when it is the top. */
static bool enter(walk *w, size_t depth, size_t zone)
{
    const ec_zone_rule *rule = &w->book->zones[zone];
    if (depth >= EC_ZONE_NESTING_MAX) return false;
    w->seen[zone] = w->top + 1;
    for (size_t i = 0; i < rule->places_count; i++) {
        const ec_zone_place *place = &rule->places[i];
        if (place->kind != EC_ZONE_KIND_ZONE) {
            collect(w, place, depth > 0);
            continue;
        }
        if (place->inner >= w->book->zones_count || place->inner == w->top) return false;
        if (w->seen[place->inner] != w->top + 1 && !enter(w, depth + 1, place->inner)) return false;
    }
    return true;
}

static bool enter_all(walk *w, ec_id *bad)
{
    w->count = 0;
    for (w->top = 0; w->top < w->book->zones_count; w->top++) {
        *bad = w->book->zones[w->top].id;
        if (!enter(w, 0, w->top)) return false;
    }
    *bad = 0;
    return true;
}

static int by_country(const void *a, const void *b)
{
    const ec_zone_entry *left = a, *right = b;
    int order = strcmp(left->place->country, right->place->country);
    if (order != 0) return order;
    if (left->weight != right->weight) return left->weight > right->weight ? -1 : 1;
    return left->zone->id < right->zone->id ? -1 : left->zone->id > right->zone->id;
}

/* Inner zones get their index. The places are the compiler's own, and still being made. */
static void resolve(const ec_tax_book *book)
{
    for (size_t i = 0; i < book->zones_count; i++) {
        ec_zone_place *places = (ec_zone_place *)(uintptr_t)book->zones[i].places;
        for (size_t k = 0; k < book->zones[i].places_count; k++)
            if (places[k].kind == EC_ZONE_KIND_ZONE)
                places[k].inner = zone_by_code(book, places[k].zone);
    }
}

ec_status ec_zone_index_make(ec_arena *arena, const ec_tax_book *book, ec_tax_index *index,
                             ec_id *bad)
{
    walk w = {.book = book};
    ec_id ignored = 0;
    if (bad == NULL) bad = &ignored;
    w.seen = ec_arena_array(arena, book->zones_count + 1, sizeof(*w.seen));
    if (w.seen == NULL) return EC_NO_MEMORY;
    resolve(book);
    if (!enter_all(&w, bad)) return EC_INVALID;
    w.entries = ec_arena_array(arena, w.count + 1, sizeof(*w.entries));
    if (w.entries == NULL) return EC_NO_MEMORY;
    memset(w.seen, 0, book->zones_count * sizeof(*w.seen));
    (void)enter_all(&w, bad);
    if (w.count > 1) qsort(w.entries, w.count, sizeof(*w.entries), by_country);
    index->entries = w.entries;
    index->entries_count = w.count;
    return EC_OK;
}
