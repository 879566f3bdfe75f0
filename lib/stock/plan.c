/* SPDX-License-Identifier: MIT */
/*
 * plan.c - which warehouse serves which units: a pure function of demands, candidates and strategy.
 *
 * Demands of a variant are summed before anything is compared, so two lines cannot both be promised
 * the last unit. A variant is split only when no single warehouse has enough. For the fewest
 * parcels the smallest set of warehouses that has everything is searched exactly up to EXACT_MAX of
 * them; beyond, warehouses are added one by one, each time the one that adds most. It refuses to
 * look at the storage, and to hand out units that are not there.
 */
#include <stdlib.h>
#include <string.h>

#include "stock/stock.h"

#define EXACT_MAX 10 /* warehouses whose sets are all tried */

/* The summed demand of a tracked variant. */
typedef struct want {
    ec_id variant_id;
    int64_t quantity;
    int64_t available; /* over all warehouses, those with less than nothing left out */
    size_t line;
    const ec_stock_candidate *from; /* NULL: unknown */
    bool back;                      /* promised without being there */
} want;

/* All of one plan. */
typedef struct planning {
    ec_arena *arena;
    ec_stock_strategy strategy;
    want *wants; /* by variant */
    size_t count;
    ec_id *warehouses; /* that have something wanted, in the order in which they serve */
    size_t warehouses_count;
    bool *closed; /* warehouses that are left out; NULL: none */
    ec_stock_plan_result *plan;
} planning;

static int64_t usable(const ec_stock_place *place)
{
    return place->available > 0 ? place->available : 0;
}

/* ---- what is wanted ---- */

static int by_variant(const void *a, const void *b)
{
    const want *x = a;
    const want *y = b;
    if (x->variant_id != y->variant_id) return x->variant_id < y->variant_id ? -1 : 1;
    return (x->line > y->line) - (x->line < y->line);
}

static ec_status sum_wants(planning *p, const ec_stock_demand *demands, size_t count)
{
    p->wants = ec_arena_array(p->arena, count, sizeof(*p->wants));
    if (!p->wants) return EC_NO_MEMORY;
    for (size_t i = 0; i < count; i++) {
        if (demands[i].quantity < 1) return EC_INVALID;
        p->wants[i] =
            (want){.variant_id = demands[i].variant_id, .quantity = demands[i].quantity, .line = i};
    }
    if (count > 1) qsort(p->wants, count, sizeof(*p->wants), by_variant);
    for (size_t i = 0; i < count; i++) {
        want *last = p->count > 0 ? &p->wants[p->count - 1] : NULL;
        if (!last || last->variant_id != p->wants[i].variant_id)
            p->wants[p->count++] = p->wants[i];
        else if (__builtin_add_overflow(last->quantity, p->wants[i].quantity, &last->quantity))
            return EC_OVERFLOW;
    }
    return EC_OK;
}

/* Find the candidates; untracked wants are dropped, short ones noted. */
static ec_status find_sources(planning *p, const ec_stock_supply *supply)
{
    size_t kept = 0;
    p->plan->shorts = ec_arena_array(p->arena, p->count, sizeof(*p->plan->shorts));
    if (!p->plan->shorts) return EC_NO_MEMORY;
    for (size_t i = 0; i < p->count; i++) {
        want w = p->wants[i];
        w.from = ec_stock_candidate_of(supply, w.variant_id);
        if (w.from && !w.from->tracked) continue;
        for (size_t n = 0; w.from && n < w.from->places_count; n++)
            if (__builtin_add_overflow(w.available, usable(&w.from->places[n]), &w.available))
                return EC_OVERFLOW;
        bool enough = w.available >= w.quantity;
        w.back = !enough && w.from && w.from->backorder && w.from->places_count > 0;
        if (!enough && !w.back)
            p->plan->shorts[p->plan->shorts_count++] =
                (ec_stock_short){w.variant_id, w.quantity, w.available, w.line};
        p->wants[kept++] = w;
    }
    p->count = kept;
    return EC_OK;
}

/* ---- the fewest warehouses ---- */

static size_t warehouse_index(const planning *p, ec_id id)
{
    size_t at = 0;
    while (at < p->warehouses_count && p->warehouses[at] != id)
        at++;
    return at;
}

static ec_status list_warehouses(planning *p)
{
    size_t most = 0;
    for (size_t i = 0; i < p->count; i++)
        most += p->wants[i].from->places_count;
    p->warehouses = ec_arena_array(p->arena, most, sizeof(*p->warehouses));
    if (!p->warehouses) return EC_NO_MEMORY;
    for (size_t i = 0; i < p->count; i++) {
        const want *w = &p->wants[i];
        for (size_t n = 0; n < w->from->places_count; n++) {
            const ec_stock_place *place = &w->from->places[n];
            if (w->back ? n > 0 : place->available <= 0) continue;
            if (warehouse_index(p, place->warehouse_id) == p->warehouses_count)
                p->warehouses[p->warehouses_count++] = place->warehouse_id;
        }
    }
    return EC_OK;
}

/* Order them as they serve: candidates list them in the channel's order, but each may lack some. */
static void order_warehouses(planning *p, const ec_stock_supply *supply)
{
    const ec_stock_candidate *longest = NULL;
    size_t placed = 0;
    for (size_t i = 0; i < supply->count; i++)
        if (!longest || supply->items[i].places_count > longest->places_count)
            longest = &supply->items[i];
    for (size_t n = 0; longest && n < longest->places_count; n++) {
        size_t at = warehouse_index(p, longest->places[n].warehouse_id);
        if (at == p->warehouses_count || at < placed) continue;
        ec_id moved = p->warehouses[at];
        memmove(&p->warehouses[placed + 1], &p->warehouses[placed],
                (at - placed) * sizeof(*p->warehouses));
        p->warehouses[placed++] = moved;
    }
}

/* What each warehouse has of each want: has[want * warehouses + warehouse]. */
static int64_t *tabulate(const planning *p)
{
    size_t width = p->warehouses_count;
    int64_t *has = ec_arena_array(p->arena, p->count * width, sizeof(*has));
    for (size_t i = 0; has && i < p->count; i++) {
        const want *w = &p->wants[i];
        for (size_t n = 0; n < w->from->places_count; n++) {
            size_t at = warehouse_index(p, w->from->places[n].warehouse_id);
            if (w->back && n == 0)
                has[i * width + at] = w->quantity; /* the first one has any number of it */
            else if (!w->back && at < width)
                has[i * width + at] = usable(&w->from->places[n]);
        }
    }
    return has;
}

/* Has the set everything? Bit width - 1 is the first warehouse. */
static bool suffices(const planning *p, const int64_t *has, unsigned set)
{
    size_t width = p->warehouses_count;
    for (size_t i = 0; i < p->count; i++) {
        int64_t left = p->wants[i].quantity;
        for (size_t n = 0; n < width && left > 0; n++)
            if ((set >> (width - 1 - n) & 1u) != 0) left -= has[i * width + n];
        if (left > 0) return false;
    }
    return true;
}

/* The smallest set, and of the smallest the one with the earliest warehouses: first ones are high
   bits, so counting down meets it first. */
static void choose_exactly(planning *p, const int64_t *has)
{
    size_t width = p->warehouses_count;
    for (int size = 1; size <= (int)width; size++)
        for (unsigned set = (1u << width) - 1; set > 0; set--) {
            if (__builtin_popcount(set) != size || !suffices(p, has, set)) continue;
            for (size_t n = 0; n < width; n++)
                p->closed[n] = (set >> (width - 1 - n) & 1u) == 0;
            return;
        }
}

/* How much of what is still missing the warehouse has. */
static int64_t gain(const planning *p, const int64_t *has, const int64_t *missing, size_t at)
{
    int64_t sum = 0;
    for (size_t i = 0; i < p->count; i++) {
        int64_t part = has[i * p->warehouses_count + at];
        if (part > missing[i]) part = missing[i];
        if (__builtin_add_overflow(sum, part, &sum)) return INT64_MAX;
    }
    return sum;
}

static ec_status choose_greedily(planning *p, const int64_t *has)
{
    size_t width = p->warehouses_count;
    int64_t *missing = ec_arena_array(p->arena, p->count, sizeof(*missing));
    if (!missing) return EC_NO_MEMORY;
    for (size_t i = 0; i < p->count; i++)
        missing[i] = p->wants[i].quantity;
    for (size_t n = 0; n < width; n++)
        p->closed[n] = true;
    for (;;) {
        size_t best = width;
        int64_t most = 0;
        for (size_t n = 0; n < width; n++) {
            int64_t here = p->closed[n] ? gain(p, has, missing, n) : 0;
            if (here > most) {
                most = here;
                best = n;
            }
        }
        if (best == width) return EC_OK; /* nothing is missing any more */
        p->closed[best] = false;
        for (size_t i = 0; i < p->count; i++) {
            int64_t part = has[i * width + best];
            missing[i] -= part < missing[i] ? part : missing[i];
        }
    }
}

static ec_status choose_fewest(planning *p, const ec_stock_supply *supply)
{
    ec_status status = list_warehouses(p);
    if (status != EC_OK || p->warehouses_count < 2) return status;
    order_warehouses(p, supply);
    int64_t *has = tabulate(p);
    p->closed = ec_arena_array(p->arena, p->warehouses_count, sizeof(*p->closed));
    if (!has || !p->closed) return EC_NO_MEMORY;
    if (p->warehouses_count > EXACT_MAX) return choose_greedily(p, has);
    choose_exactly(p, has);
    return EC_OK;
}

/* ---- taking ---- */

static bool is_open(const planning *p, const ec_stock_place *place)
{
    if (!p->closed) return true;
    size_t at = warehouse_index(p, place->warehouse_id);
    return at < p->warehouses_count && !p->closed[at];
}

static void take(planning *p, const want *w, const ec_stock_place *place, int64_t quantity)
{
    p->plan->items[p->plan->count++] = (ec_stock_allocation){
        .variant_id = w->variant_id,
        .warehouse_id = place->warehouse_id,
        .inventory_id = place->inventory_id,
        .quantity = quantity,
        .available = place->available,
        .reorder_point = place->reorder_point,
        .line = w->line,
    };
}

/* The place to go to next; taken ones are passed over. */
static size_t next_place(const planning *p, const want *w, const bool *taken, int64_t least)
{
    size_t best = w->from->places_count;
    for (size_t n = 0; n < w->from->places_count; n++) {
        const ec_stock_place *place = &w->from->places[n];
        if (taken[n] || usable(place) < least || usable(place) == 0 || !is_open(p, place)) continue;
        if (p->strategy != EC_STOCK_MOST_STOCK) return n;
        if (best == w->from->places_count || place->available > w->from->places[best].available)
            best = n;
    }
    return best;
}

static ec_status serve(planning *p, const want *w)
{
    bool *taken = ec_arena_array(p->arena, w->from->places_count, sizeof(*taken));
    if (!taken) return EC_NO_MEMORY;
    size_t at = w->back ? 0 : next_place(p, w, taken, w->quantity);
    if (at < w->from->places_count) {
        take(p, w, &w->from->places[at], w->quantity);
        return EC_OK;
    }
    for (int64_t left = w->quantity; left > 0;) {
        at = next_place(p, w, taken, 1);
        if (at == w->from->places_count) return EC_MISUSE; /* cannot be: there is enough */
        int64_t part = usable(&w->from->places[at]);
        if (part > left) part = left;
        take(p, w, &w->from->places[at], part);
        taken[at] = true;
        left -= part;
    }
    return EC_OK;
}

ec_status ec_stock_plan(ec_arena *arena, ec_stock_strategy strategy, const ec_stock_supply *supply,
                        const ec_stock_demand *demands, size_t count, ec_stock_plan_result *plan)
{
    planning p = {.arena = arena, .strategy = strategy, .plan = plan};
    *plan = (ec_stock_plan_result){0};
    ec_status status = sum_wants(&p, demands, count);
    if (status == EC_OK) status = find_sources(&p, supply);
    if (status != EC_OK || plan->shorts_count > 0) return status;
    size_t most = 0;
    for (size_t i = 0; i < p.count; i++)
        most += p.wants[i].from->places_count;
    plan->items = ec_arena_array(arena, most, sizeof(*plan->items));
    if (!plan->items) return EC_NO_MEMORY;
    if (strategy == EC_STOCK_FEWEST_PARCELS) status = choose_fewest(&p, supply);
    for (size_t i = 0; status == EC_OK && i < p.count; i++)
        status = serve(&p, &p.wants[i]);
    return status;
}

ec_status ec_stock_fail_short(ec_session *session, const ec_stock_short *shorts, size_t count)
{
    ec_check check;
    ec_check_init(&check, ec_scratch(session));
    for (size_t i = 0; i < count; i++) {
        const char *field =
            ec_arena_printf(ec_scratch(session), "items[%zu].quantity", shorts[i].line);
        ec_check_add(&check, field, "stock", "%lld wanted, %lld available.",
                     (long long)shorts[i].wanted, (long long)shorts[i].available);
    }
    if (check.status == EC_INVALID) check.status = EC_OUT_OF_STOCK;
    return ec_fail_check(session, &check);
}
