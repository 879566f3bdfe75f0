/* SPDX-License-Identifier: MIT */
/*
 * jsonl_promise.c - what a dry run has made and taken back.
 *
 * A dry run takes each batch back, so what a later line refers to may not be there though a real
 * run would have made it. Its name is remembered here, as a hash beside the currency of its
 * amounts: 16 bytes, however long the name is. It refuses to forget, and
 * knows nothing else of the objects.
 */
#include <string.h>

#include "base/hash.h"
#include "transfer/jsonl.h"

#define FIRST_ROOM 256u /* a power of two */

static uint64_t hash_of(const char *table, const char *const names[EC_LINE_NAMES])
{
    uint64_t hash = ec_fnv1a(table, strlen(table));
    for (size_t i = 0; i < EC_LINE_NAMES; i++) {
        const char *name = names[i] ? names[i] : "";
        hash = (hash ^ ec_fnv1a(name, strlen(name))) * UINT64_C(0x9E3779B97F4A7C15);
        hash ^= hash >> 29;
    }
    return hash != 0 ? hash : 1; /* 0 is an empty slot */
}

/* Where a hash is, or belongs. */
static ec_line_promise *slot_of(ec_line_promise *slots, size_t room, uint64_t hash)
{
    size_t at = (size_t)hash & (room - 1);
    while (slots[at].hash != 0 && slots[at].hash != hash) {
        at = (at + 1) & (room - 1);
    }
    return &slots[at];
}

static ec_status grow(ec_line_promises *promises)
{
    size_t room = promises->room == 0 ? FIRST_ROOM : promises->room * 2;
    ec_line_promise *slots =
        promises->platform->resize(promises->platform->ctx, NULL, room * sizeof *slots);
    if (!slots) {
        return EC_NO_MEMORY;
    }
    memset(slots, 0, room * sizeof *slots);
    for (size_t i = 0; i < promises->room; i++) {
        if (promises->slots[i].hash != 0) {
            *slot_of(slots, room, promises->slots[i].hash) = promises->slots[i];
        }
    }
    size_t count = promises->count;
    ec_line_promises_clear(promises);
    promises->slots = slots;
    promises->room = room;
    promises->count = count;
    return EC_OK;
}

ec_status ec_line_promise_add(ec_line_promises *promises, const char *table,
                              const char *const names[EC_LINE_NAMES], const char *currency)
{
    if (promises->count * 2 >= promises->room && grow(promises) != EC_OK) {
        return EC_NO_MEMORY;
    }
    uint64_t hash = hash_of(table, names);
    ec_line_promise *slot = slot_of(promises->slots, promises->room, hash);
    promises->count += slot->hash == 0;
    *slot = (ec_line_promise){.hash = hash};
    if (currency) {
        memcpy(slot->currency, currency, strnlen(currency, sizeof slot->currency - 1));
    }
    return EC_OK;
}

const ec_line_promise *ec_line_promise_find(const ec_line_promises *promises, const char *table,
                                            const char *const names[EC_LINE_NAMES])
{
    if (!promises || promises->room == 0) {
        return NULL;
    }
    const ec_line_promise *slot = slot_of(promises->slots, promises->room, hash_of(table, names));
    return slot->hash != 0 ? slot : NULL;
}

void ec_line_promises_clear(ec_line_promises *promises)
{
    if (promises->slots) {
        promises->platform->resize(promises->platform->ctx, promises->slots, 0);
    }
    promises->slots = NULL;
    promises->room = promises->count = 0;
}
