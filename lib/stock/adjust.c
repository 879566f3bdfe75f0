/* SPDX-License-Identifier: MIT */
/*
 * adjust.c - the one routine that writes the ledger, and the ways for people to use it.
 *
 * Balances are read, each change is tried on them in memory in its order, and when all of them hold
 * one UPDATE moves the balances and one INSERT writes the movements. So a change is either in both
 * or in neither. It refuses a balance below zero, fewer on hand than are promised or damaged, and
 * an absolute figure without what it replaces.
 */
#include <string.h>

#include "stock/inside.h"

/* All that one write needs. */
typedef struct writing {
    ec_session *session;
    ec_stock_step *steps;
    size_t count;
    ec_stock_balance *balances; /* sorted, each once */
    size_t balances_count;
    ec_stock_level *before; /* of balances, as read */
    ec_movement *movements;
    size_t movements_count;
    ec_stock_level *levels; /* after each step */
    ec_check check;
} writing;

static bool prepare(writing *w)
{
    ec_arena *arena = ec_scratch(w->session);
    w->balances = ec_arena_array(arena, w->count, sizeof(*w->balances));
    w->before = ec_arena_array(arena, w->count, sizeof(*w->before));
    w->movements = ec_arena_array(arena, w->count, sizeof(*w->movements));
    w->levels = ec_arena_array(arena, w->count, sizeof(*w->levels));
    if (!w->balances || !w->before || !w->movements || !w->levels) return false;
    for (size_t i = 0; i < w->count; i++) {
        w->balances[i].level.variant_id = w->steps[i].change.variant_id;
        w->balances[i].level.warehouse_id = w->steps[i].change.warehouse_id;
    }
    w->balances_count = ec_stock_distinct(w->balances, w->count);
    return true;
}

/* ---- trying ---- */

static void fault(writing *w, const ec_stock_step *step, const char *field, const char *rule,
                  const char *message, int64_t figure)
{
    const char *path = ec_arena_printf(ec_scratch(w->session), "%s%s", step->prefix, field);
    ec_check_add(&w->check, path, rule, "%s (%lld).", message, (long long)figure);
}

/* One balance by so many; false when the outcome is no figure. */
static bool move(writing *w, const ec_stock_step *step, const char *name, int64_t *figure,
                 int64_t by)
{
    const char *field = step->units_field ? step->units_field : name;
    int64_t now = *figure;
    if (__builtin_add_overflow(*figure, by, &now) || now > EC_QUANTITY_MAX) {
        fault(w, step, field, "max", "More units than can be counted", *figure);
        return false;
    }
    if (now < 0) {
        bool arrived = step->units_field && strcmp(name, "incoming") == 0;
        fault(w, step, field, arrived ? "incoming" : "min", "There are fewer units", *figure);
        return false;
    }
    *figure = now;
    return true;
}

/* The rules between figures, as far as this change could have broken them. */
static void check_between(writing *w, const ec_stock_step *step, const ec_stock_change *change,
                          const ec_stock_level *level)
{
    const char *field = step->units_field;
    if (change->on_hand < 0 && level->on_hand < level->committed && !level->backorder)
        fault(w, step, field ? field : "on_hand", "committed", "So many units are promised",
              level->committed);
    else if (level->damaged > level->on_hand && change->on_hand < 0)
        fault(w, step, field ? field : "on_hand", "damaged", "So many units are damaged",
              level->damaged);
    else if (level->damaged > level->on_hand)
        fault(w, step, field ? field : "damaged", "max", "There are fewer units", level->on_hand);
}

/* What takes all away while some are promised breaks that promise first. */
static bool takes_promised(const ec_stock_change *change, const ec_stock_level *level)
{
    return change->on_hand < 0 && level->on_hand + change->on_hand < 0 && level->committed > 0 &&
           !level->backorder;
}

static ec_status try_step(writing *w, size_t at)
{
    ec_stock_step *step = &w->steps[at];
    ec_stock_change change = step->change;
    ec_stock_balance *balance =
        ec_stock_balance_of(w->balances, w->balances_count, change.variant_id, change.warehouse_id);
    ec_stock_level *level = &balance->level;
    if (!balance->known) {
        fault(w, step, "variant_id", "unknown", "There is no such variant", change.variant_id);
        return EC_OK;
    }
    if (level->id == 0) {
        fault(w, step, step->warehouse_field ? step->warehouse_field : "warehouse_id", "unknown",
              "There is no such warehouse", change.warehouse_id);
        return EC_OK;
    }
    if (step->compare && level->on_hand != step->expected)
        return ec_fail_field(w->session, EC_STALE, "expected", "stale", "On hand is %lld now.",
                             (long long)level->on_hand);
    if (step->compare) change.on_hand -= step->expected;
    if (takes_promised(&change, level)) {
        fault(w, step, step->units_field ? step->units_field : "on_hand", "committed",
              "So many units are promised", level->committed);
        return EC_OK;
    }
    ec_stock_level next = *level;
    if (move(w, step, "on_hand", &next.on_hand, change.on_hand) &&
        move(w, step, "incoming", &next.incoming, change.incoming) &&
        move(w, step, "damaged", &next.damaged, change.damaged))
        check_between(w, step, &change, &next);
    *level = next;
    w->levels[at] = next;
    if (change.on_hand == 0 && change.incoming == 0 && change.damaged == 0) return EC_OK;
    w->movements[w->movements_count++] = (ec_movement){
        .variant_id = change.variant_id,
        .warehouse_id = change.warehouse_id,
        .cause_id = change.cause_id,
        .on_hand = change.on_hand,
        .incoming = change.incoming,
        .damaged = change.damaged,
        .reason = change.reason,
        .cause = change.cause,
        .kind = change.kind,
    };
    return EC_OK;
}

/* ---- storing ---- */

static ec_status store_balances(writing *w)
{
    size_t changed = 0;
    size_t watched = 0;
    size_t touched = 0;
    ec_arena *arena = ec_scratch(w->session);
    ec_stock_delta *deltas = ec_arena_array(arena, w->balances_count, sizeof(*deltas));
    ec_stock_watch *watches = ec_arena_array(arena, w->balances_count, sizeof(*watches));
    if (!deltas || !watches) return ec_fail_memory(w->session);
    for (size_t i = 0; i < w->balances_count; i++) {
        const ec_stock_level *was = &w->before[i];
        ec_stock_level *is = &w->balances[i].level;
        ec_stock_delta delta = {.inventory_id = is->id,
                                .on_hand = is->on_hand - was->on_hand,
                                .incoming = is->incoming - was->incoming,
                                .damaged = is->damaged - was->damaged};
        if (delta.on_hand == 0 && delta.incoming == 0 && delta.damaged == 0) continue;
        deltas[changed++] = delta;
        is->version++;
        is->updated_at = ec_now(w->session);
        if (w->balances[i].tracked)
            watches[watched++] = (ec_stock_watch){is->id,
                                                  is->variant_id,
                                                  is->warehouse_id,
                                                  ec_stock_available(was),
                                                  ec_stock_available(is),
                                                  is->reorder_point};
    }
    if (changed == 0) return EC_OK;
    changed = ec_stock_merge(deltas, changed); /* sorts */
    ec_status status = ec_stock_shift(w->session, deltas, changed, EC_STOCK_UNGUARDED, &touched);
    if (status == EC_OK && touched != changed)
        status = ec_fail(w->session, EC_BUSY, "Balances changed meanwhile.");
    return status == EC_OK ? ec_stock_tell(w->session, watches, watched) : status;
}

static void finish_levels(writing *w)
{
    for (size_t i = 0; i < w->count; i++) {
        const ec_stock_level *stored =
            &ec_stock_balance_of(w->balances, w->balances_count, w->levels[i].variant_id,
                                 w->levels[i].warehouse_id)
                 ->level;
        w->levels[i].version = stored->version;
        w->levels[i].updated_at = stored->updated_at;
        w->levels[i].available = ec_stock_available(&w->levels[i]);
    }
}

ec_status ec_stock_write(ec_session *session, ec_stock_step *steps, size_t count,
                         ec_stock_level **levels)
{
    writing w = {.session = session, .steps = steps, .count = count};
    ec_check_init(&w.check, ec_scratch(session));
    if (levels) *levels = NULL;
    if (count == 0) return EC_OK;
    if (!prepare(&w)) return ec_fail_memory(session);
    ec_status status = ec_stock_load(session, w.balances, w.balances_count);
    if (status == EC_OK) status = ec_stock_create(session, w.balances, w.balances_count);
    for (size_t i = 0; i < w.balances_count; i++)
        w.before[i] = w.balances[i].level;
    for (size_t i = 0; status == EC_OK && i < count; i++)
        status = try_step(&w, i);
    if (status == EC_OK) status = ec_fail_check(session, &w.check);
    if (status == EC_OK) status = store_balances(&w);
    if (status == EC_OK) status = ec_stock_record(session, w.movements, w.movements_count);
    if (status != EC_OK) return status;
    finish_levels(&w);
    if (levels) *levels = w.levels;
    return EC_OK;
}

/* ---- changes by people and programs ---- */

/* Words of causes that only the library writes. */
static bool is_reserved(const char *cause)
{
    static const char *const words[] = {"order", "return", "transfer", NULL};
    for (size_t i = 0; cause && words[i]; i++)
        if (strcmp(cause, words[i]) == 0) return true;
    return false;
}

static const char *own_cause(ec_session *session, const char *cause)
{
    if (cause && cause[0] != '\0') return cause;
    return ec_session_actor(session) == EC_ACTOR_STAFF ? "staff" : "system";
}

static void check_change(ec_check *check, const ec_stock_change *change)
{
    ec_entity_check(&ec_stock_change_entity, change, EC_MASK_ALL, true, check);
    if (change->kind == EC_MOVEMENT_TRANSFER)
        ec_check_add(check, "kind", "reserved", "Goods are moved by a transfer.");
    if (is_reserved(change->cause))
        ec_check_add(check, "cause", "reserved", "This cause is the library's own word.");
}

ec_status ec_stock_apply(ec_session *session, const char *prefix, const ec_stock_change *changes,
                         size_t count, ec_stock_level **levels)
{
    ec_check check;
    ec_check_init(&check, ec_scratch(session));
    ec_stock_step *steps = ec_arena_array(ec_scratch(session), count, sizeof(*steps));
    if (!steps) return ec_fail_memory(session);
    for (size_t i = 0; i < count; i++) {
        check.prefix =
            prefix[0] == '\0' ? "" : ec_arena_printf(ec_scratch(session), "%s[%zu].", prefix, i);
        if (!check.prefix) return ec_fail_memory(session);
        check_change(&check, &changes[i]);
        steps[i] = (ec_stock_step){.change = changes[i], .prefix = check.prefix};
        steps[i].change.cause = own_cause(session, changes[i].cause);
    }
    ec_status status = ec_fail_check(session, &check);
    return status == EC_OK ? ec_stock_write(session, steps, count, levels) : status;
}

typedef struct adjust_args {
    const ec_stock_change *changes;
    size_t count;
} adjust_args;

static void adjust_fingerprint(const void *ctx, ec_json_writer *json)
{
    const adjust_args *args = ctx;
    ec_json_array(json);
    for (size_t i = 0; args->changes && i < args->count; i++)
        ec_entity_write_json(json, &ec_stock_change_entity, &args->changes[i], NULL);
    ec_json_array_end(json);
}

static ec_status adjust_run(ec_session *session, void *ctx, void **result)
{
    const adjust_args *args = ctx;
    ec_stock_level *levels = NULL;
    if (!args->changes) return ec_fail(session, EC_MISUSE, "The change is NULL.");
    ec_status status = ec_stock_apply(session, "", args->changes, 1, &levels);
    *result = levels;
    return status;
}

ec_status ec_stock_adjust(ec_session *session, const ec_stock_change *change, ec_stock_level **out)
{
    static const ec_op op = {.name = "stock.adjust",
                             .permission = "stock.write",
                             .access = EC_ACCESS_STAFF,
                             .mode = EC_WRITE,
                             .result = &ec_stock_level_entity,
                             .run = adjust_run,
                             .fingerprint = adjust_fingerprint};
    adjust_args args = {change, 1};
    return ec_call(session, &op, &args, (void **)out);
}

/* Levels as the list that the caller gets. */
static ec_status as_list(ec_session *session, ec_stock_level *levels, size_t count, void **result)
{
    ec_stock_level_list *list = ec_arena_alloc(ec_scratch(session), sizeof(*list));
    if (!list) return ec_fail_memory(session);
    *list = (ec_stock_level_list){.items_count = count, .items = levels, .total = (int64_t)count};
    *result = list;
    return EC_OK;
}

static ec_status adjust_many_run(ec_session *session, void *ctx, void **result)
{
    const adjust_args *args = ctx;
    ec_stock_level *levels = NULL;
    if (args->count == 0)
        return ec_fail_field(session, EC_INVALID, "items", "min_items", "There is no change.");
    if (args->count > EC_STOCK_CHANGES_MAX)
        return ec_fail_field(session, EC_INVALID, "items", "max_items",
                             "At most %d changes are made in one call.", EC_STOCK_CHANGES_MAX);
    if (!args->changes) return ec_fail(session, EC_MISUSE, "The changes are NULL.");
    ec_status status = ec_stock_apply(session, "items", args->changes, args->count, &levels);
    return status == EC_OK ? as_list(session, levels, args->count, result) : status;
}

ec_status ec_stock_adjust_many(ec_session *session, const ec_stock_change *changes, size_t count,
                               ec_stock_level_list **out)
{
    static const ec_op op = {.name = "stock.adjust_many",
                             .permission = "stock.write",
                             .access = EC_ACCESS_STAFF,
                             .mode = EC_WRITE,
                             .result = &ec_stock_level_list_entity,
                             .run = adjust_many_run,
                             .fingerprint = adjust_fingerprint};
    adjust_args args = {changes, count};
    return ec_call(session, &op, &args, (void **)out);
}

/* ---- a count of the shelf ---- */

static void set_fingerprint(const void *ctx, ec_json_writer *json)
{
    const ec_stock_count *count = *(const ec_stock_count *const *)ctx;
    if (count)
        ec_entity_write_json(json, &ec_stock_count_entity, count, NULL);
    else
        ec_json_null(json);
}

static ec_status set_run(ec_session *session, void *ctx, void **result)
{
    const ec_stock_count *count = *(const ec_stock_count *const *)ctx;
    ec_stock_level *levels = NULL;
    ec_status status = ec_input(session, &ec_stock_count_entity, count, EC_MASK_ALL, true);
    if (status != EC_OK) return status;
    if (is_reserved(count->cause))
        return ec_fail_field(session, EC_INVALID, "cause", "reserved",
                             "This cause is the library's own word.");
    ec_stock_step step = {.change = {.variant_id = count->variant_id,
                                     .warehouse_id = count->warehouse_id,
                                     .cause_id = count->cause_id,
                                     .on_hand = count->on_hand,
                                     .reason = count->reason,
                                     .cause = own_cause(session, count->cause),
                                     .kind = EC_MOVEMENT_COUNT},
                          .prefix = "",
                          .compare = true,
                          .expected = count->expected};
    status = ec_stock_write(session, &step, 1, &levels);
    *result = levels;
    return status;
}

ec_status ec_stock_set(ec_session *session, const ec_stock_count *count, ec_stock_level **out)
{
    static const ec_op op = {.name = "stock.set",
                             .permission = "stock.write",
                             .access = EC_ACCESS_STAFF,
                             .mode = EC_WRITE,
                             .result = &ec_stock_level_entity,
                             .run = set_run,
                             .fingerprint = set_fingerprint};
    return ec_call(session, &op, &count, (void **)out);
}
