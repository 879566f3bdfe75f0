/* SPDX-License-Identifier: MIT */
/*
 * json_keys.c - keys that occur twice in one JSON object.
 *
 * Few keys are compared with each other; many are merge-sorted first, so that hostile input costs
 * no more than n log n comparisons whatever it holds (a hash table would need a secret for that).
 * It refuses to choose between the two: the reader reports the second one.
 */
#include "base/json.h"

#include <string.h>

#define EC_JSON_FEW_KEYS 16

static int keys_compare(const ec_json *a, const ec_json *b)
{
    size_t common = a->key_length < b->key_length ? a->key_length : b->key_length;
    int order = memcmp(a->key, b->key, common);
    return order != 0 ? order : (a->key_length > b->key_length) - (a->key_length < b->key_length);
}

static const ec_json *keys_twin_of_few(const ec_json *object)
{
    for (const ec_json *member = object->child; member; member = member->next) {
        for (const ec_json *first = object->child; first != member; first = first->next) {
            if (first->key_length == member->key_length && keys_compare(first, member) == 0) {
                return member;
            }
        }
    }
    return NULL;
}

/* Merge the sorted runs [from, middle) and [middle, to); equal keys keep their order. */
static void keys_merge(const ec_json **source, const ec_json **target, size_t from, size_t middle,
                       size_t to)
{
    size_t left = from;
    size_t right = middle;
    for (size_t at = from; at < to; at++) {
        bool take_left =
            right >= to || (left < middle && keys_compare(source[left], source[right]) <= 0);
        target[at] = take_left ? source[left++] : source[right++];
    }
}

/* Sort with a second array of the same size; returns the one of the two that is sorted. */
static const ec_json **keys_sort(const ec_json **keys, const ec_json **spare, size_t count)
{
    for (size_t width = 1; width < count; width *= 2) {
        for (size_t from = 0; from < count; from += 2 * width) {
            size_t middle = from + width < count ? from + width : count;
            size_t to = middle + width < count ? middle + width : count;
            keys_merge(keys, spare, from, middle, to);
        }
        const ec_json **sorted = spare;
        spare = keys;
        keys = sorted;
    }
    return keys;
}

ec_status ec_json_find_twin(ec_arena *arena, const ec_json *object, const ec_json **twin)
{
    *twin = NULL;
    if (object->count <= EC_JSON_FEW_KEYS) {
        *twin = keys_twin_of_few(object);
        return EC_OK;
    }
    ec_arena_mark mark = ec_arena_save(arena);
    const ec_json **keys = ec_arena_array(arena, 2 * object->count, sizeof(void *));
    if (!keys) {
        return EC_NO_MEMORY;
    }
    size_t count = 0;
    for (const ec_json *member = object->child; member; member = member->next) {
        keys[count++] = member;
    }
    keys = keys_sort(keys, keys + count, count);
    for (size_t at = 1; at < count; at++) {
        if (keys_compare(keys[at - 1], keys[at]) == 0 &&
            (!*twin || keys[at]->offset < (*twin)->offset)) {
            *twin = keys[at];
        }
    }
    ec_arena_restore(arena, mark);
    return EC_OK;
}
