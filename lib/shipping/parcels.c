/* SPDX-License-Identifier: MIT */
/*
 * parcels.c - what is sent, and into how many parcels it goes.
 *
 * Heaviest units first, each into the first parcel that has room for it. Parcels of the same
 * content are one entry with a count, so the work depends on the number of lines and not on that of
 * units, and the order of the lines changes nothing. Goods of two warehouses never share a parcel.
 * It refuses to overflow: what is too much to count is INT64_MAX.
 */
#include <stdlib.h>
#include <string.h>

#include "shipping/inside.h"

int64_t ec_shipping_add(int64_t a, int64_t b, int64_t times)
{
    int64_t product = 0;
    int64_t sum = 0;
    if (__builtin_mul_overflow(b, times, &product) || __builtin_add_overflow(a, product, &sum))
        return INT64_MAX;
    return sum;
}

static int64_t volume_of(const ec_pricing_line *line)
{
    return ec_shipping_add(0, ec_shipping_add(0, line->length, line->width), line->height);
}

static int64_t longest_of(const ec_pricing_line *line)
{
    int64_t longest = line->length > line->width ? line->length : line->width;
    return longest > line->height ? longest : line->height;
}

void ec_shipping_weigh(const ec_pricing_work *work, ec_shipping_goods *out)
{
    *out = (ec_shipping_goods){0};
    for (size_t i = 0; i < work->lines_count; i++) {
        const ec_pricing_state *line = &work->lines[i];
        int64_t left = ec_pricing_left(line);
        out->total = ec_shipping_add(out->total, left + line->tax_added, 1);
        if (!line->in->requires_shipping) continue;
        out->amount = ec_shipping_add(out->amount, left, 1);
        out->units = ec_shipping_add(out->units, line->quantity, 1);
        out->weight = ec_shipping_add(out->weight, line->in->weight, line->quantity);
        out->volume = ec_shipping_add(out->volume, volume_of(line->in), line->quantity);
        if (longest_of(line->in) > out->longest) out->longest = longest_of(line->in);
    }
}

/* ---- splitting ---- */

/* Like units of one line. */
typedef struct group {
    ec_id warehouse_id;
    int64_t quantity, weight, volume, longest;
} group;

static int compare(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

/* By warehouse; then the heaviest, the biggest, the longest first. Equal ones are alike. */
static int by_weight(const void *left, const void *right)
{
    const group *a = left;
    const group *b = right;
    int order = compare(a->warehouse_id, b->warehouse_id);
    if (order == 0) order = compare(b->weight, a->weight);
    if (order == 0) order = compare(b->volume, a->volume);
    return order == 0 ? compare(b->longest, a->longest) : order;
}

/* The units of a line, those of each warehouse apart; what is not named comes from 0. */
static size_t list_parts(const ec_pricing_state *line, group *groups)
{
    const ec_pricing_line *in = line->in;
    size_t count = 0;
    int64_t left = line->quantity;
    for (size_t i = 0; i < in->parts_count && left > 0; i++) {
        int64_t quantity = in->parts[i].quantity < left ? in->parts[i].quantity : left;
        if (quantity <= 0) continue;
        groups[count++] =
            (group){in->parts[i].warehouse_id, quantity, in->weight, volume_of(in), longest_of(in)};
        left -= quantity;
    }
    if (left > 0) groups[count++] = (group){0, left, in->weight, volume_of(in), longest_of(in)};
    return count;
}

static size_t list_groups(const ec_pricing_work *work, group *groups)
{
    size_t count = 0;
    for (size_t i = 0; i < work->lines_count; i++)
        if (work->lines[i].in->requires_shipping)
            count += list_parts(&work->lines[i], groups + count);
    qsort(groups, count, sizeof(*groups), by_weight);
    return count;
}

static size_t most_groups(const ec_pricing_work *work)
{
    size_t count = work->lines_count;
    for (size_t i = 0; i < work->lines_count; i++)
        count += work->lines[i].in->parts_count;
    return count;
}

typedef struct packing {
    ec_parcels *parcels;
    size_t count, first; /* of the present warehouse */
    int64_t max_weight;
} packing;

static void put(ec_parcels *parcels, const group *units, int64_t quantity)
{
    parcels->units += quantity;
    parcels->weight += units->weight * quantity;
    parcels->volume = ec_shipping_add(parcels->volume, units->volume, quantity);
    if (units->longest > parcels->longest) parcels->longest = units->longest;
}

/* Two entries instead of the one at `at`, the first of them with `count` parcels. */
static ec_parcels *divide(packing *state, size_t at, int64_t count)
{
    ec_parcels *parcels = &state->parcels[at];
    memmove(parcels + 1, parcels, (state->count - at) * sizeof(*parcels));
    state->count++;
    parcels[0].count = count;
    parcels[1].count -= count;
    return parcels;
}

/* As many units as the parcels at `at` take, one parcel after the other; what is left. */
static int64_t fill(packing *state, size_t *at, const group *units, int64_t left)
{
    ec_parcels *parcels = &state->parcels[*at];
    int64_t room = state->max_weight - parcels->weight;
    if (units->weight > room) return left;
    int64_t each = units->weight > 0 ? room / units->weight : left;
    int64_t full = left / each;
    if (full >= parcels->count) {
        put(parcels, units, each);
        return left - each * parcels->count;
    }
    if (full > 0) {
        put(divide(state, *at, full), units, each);
        (*at)++;
    }
    left %= each;
    if (left == 0) return 0;
    if (state->parcels[*at].count > 1) (void)divide(state, *at, 1);
    put(&state->parcels[*at], units, left);
    return 0;
}

/* New parcels for units that fit into no other one. */
static void open_parcels(packing *state, const group *units, int64_t left)
{
    int64_t each = units->weight > 0 ? state->max_weight / units->weight : left;
    int64_t full = left / each;
    for (int rest = 0; rest < 2; rest++) {
        int64_t quantity = rest ? left % each : each;
        int64_t count = rest ? 1 : full;
        if (quantity == 0 || count == 0) continue;
        ec_parcels *parcels = &state->parcels[state->count++];
        *parcels = (ec_parcels){.count = count, .warehouse_id = units->warehouse_id};
        put(parcels, units, quantity);
    }
}

static void pack_group(packing *state, const group *units)
{
    int64_t left = units->quantity;
    if (state->count > state->first &&
        state->parcels[state->count - 1].warehouse_id != units->warehouse_id)
        state->first = state->count;
    for (size_t at = state->first; at < state->count && left > 0; at++)
        left = fill(state, &at, units, left);
    if (left > 0) open_parcels(state, units, left);
}

ec_status ec_shipping_pack(const ec_pricing_work *work, int64_t max_weight, ec_parcels **out,
                           size_t *count, bool *fits)
{
    /* A group fills whole entries and splits at most one into three, or adds two. */
    packing state = {.max_weight = max_weight};
    size_t most = most_groups(work);
    group *groups = ec_arena_array(work->arena, most, sizeof(*groups));
    state.parcels = ec_arena_array(work->arena, 4 * most + 4, sizeof(*state.parcels));
    if (groups == NULL || state.parcels == NULL) return EC_NO_MEMORY;
    size_t groups_count = list_groups(work, groups);
    *fits = max_weight > 0;
    for (size_t i = 0; i < groups_count && *fits; i++) {
        *fits = groups[i].weight <= max_weight;
        if (*fits) pack_group(&state, &groups[i]);
    }
    *out = state.parcels;
    *count = state.count;
    return EC_OK;
}
