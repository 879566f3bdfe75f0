/* SPDX-License-Identifier: MIT */
/*
 * sweep.c - what catalogue promotions make of prices, into the log of prices.
 *
 * Their prices are computed when they are asked for, and they begin and end by the clock, so nobody
 * writes at that moment. This compares what each variant costs a visitor now with what the log says
 * of it, a batch of variants at a time. It refuses to log what stayed the same.
 */
#include <ecommerce/price.h>

#include "catalog/price_history.h"
#include "engine/sql.h"
#include "price/load.h"

typedef struct sweep {
    ec_session *session;
    ec_id channel_id, after;
    int64_t limit;
    ec_id last; /* the outcome */
    const ec_rules *rules;
    ec_pricing in;
    ec_price_want *wants;
    ec_pricing_line *lines;
    ec_price_found *found;
    size_t count;
} sweep;

/* The next variants; without promotions only those that one had acted on. */
static ec_status read_variants(sweep *s)
{
    ec_stmt *stmt = NULL;
    ec_value channel = ec_int(s->channel_id), after = ec_int(s->after), limit = ec_int(s->limit);
    ec_status status =
        s->rules->has_catalog
            ? ec_query(s->session,
                       "SELECT v.id FROM product_variants v WHERE v.id > ?"
                       " ORDER BY v.id LIMIT ?",
                       ec_args(after, limit), &stmt)
            : ec_query(s->session,
                       "SELECT DISTINCT h.variant_id FROM price_history h WHERE h.channel_id = ?"
                       " AND h.variant_id > ? ORDER BY h.variant_id LIMIT ?",
                       ec_args(channel, after, limit), &stmt);
    while (status == EC_OK && (status = ec_row(s->session, stmt)) == EC_OK)
        s->wants[s->count++] =
            (ec_price_want){.variant_id = ec_col_int(stmt, 0), .quantity = 1, .unit_price = -1};
    return status == EC_DONE ? EC_OK : status;
}

/* What is sold, closed up; wants, lines and found stay in step. */
static void keep_sold(sweep *s)
{
    size_t kept = 0;
    for (size_t i = 0; i < s->count; i++) {
        if (s->found[i] != EC_PRICE_FOUND) continue;
        s->lines[kept] = s->lines[i];
        kept++;
    }
    s->count = kept;
}

static ec_status note(sweep *s)
{
    ec_arena *arena = ec_scratch(s->session);
    int64_t *prices = ec_arena_array(arena, s->count, sizeof(*prices));
    ec_price_note *notes = ec_arena_array(arena, s->count, sizeof(*notes));
    if (prices == NULL || notes == NULL) return ec_fail_memory(s->session);
    s->in.lines = s->lines;
    s->in.lines_count = s->count;
    ec_status status = ec_pricing_details(s->session, s->rules, s->lines, s->count);
    if (status != EC_OK) return status;
    status = ec_promotion_catalog_prices(arena, s->rules, &s->in, prices);
    if (status == EC_NO_MEMORY) return ec_fail_memory(s->session);
    if (status != EC_OK) return ec_fail(s->session, status, "A promotion cannot be computed.");
    for (size_t i = 0; i < s->count; i++) {
        const ec_pricing_line *line = &s->lines[i];
        bool acts = prices[i] < line->price;
        int64_t before = line->original_price > line->price ? line->original_price : line->price;
        notes[i] = (ec_price_note){.variant_id = line->variant_id,
                                   .amount = acts ? prices[i] : -1,
                                   .compare_amount = acts ? before : 0};
    }
    return ec_price_history_note(s->session, s->channel_id, notes, s->count, ec_now(s->session),
                                 "promotion");
}

static ec_status run_sweep(ec_session *session, void *ctx, void **result)
{
    sweep *s = ctx;
    ec_arena *arena = ec_scratch(session);
    int64_t version = 0;
    (void)result;
    s->count = 0;
    s->last = 0;
    if (s->limit < 0 || s->limit > EC_PRICE_SWEEP_MAX)
        return ec_fail_field(session, EC_INVALID, "limit", "range", "A step is up to %d variants.",
                             EC_PRICE_SWEEP_MAX);
    if (s->limit == 0) s->limit = EC_PRICE_SWEEP_MAX;
    if (s->channel_id == 0) s->channel_id = ec_session_channel(session);
    s->wants = ec_arena_array(arena, (size_t)s->limit, sizeof(*s->wants));
    s->lines = ec_arena_array(arena, (size_t)s->limit, sizeof(*s->lines));
    s->found = ec_arena_array(arena, (size_t)s->limit, sizeof(*s->found));
    if (arena->failed) return ec_fail_memory(session);
    s->in = (ec_pricing){.now = ec_now(session), .shipping_amount = -1};
    ec_status status = ec_rules_version(session, &version);
    if (status == EC_OK) status = ec_rules_hold(session, version, &s->rules);
    if (status == EC_OK) status = ec_pricing_channel(session, s->rules, s->channel_id, &s->in);
    if (status == EC_OK) status = read_variants(s);
    if (status != EC_OK || s->count == 0) return status;
    ec_id last = s->count == (size_t)s->limit ? s->wants[s->count - 1].variant_id : 0;
    status = ec_pricing_read_lines(session, &s->in, s->wants, s->count, s->lines, s->found);
    if (status == EC_OK) {
        keep_sold(s);
        status = s->count == 0 ? EC_OK : note(s);
    }
    s->last = status == EC_OK ? last : 0;
    return status;
}

ec_status ec_price_sweep(ec_session *session, ec_id channel_id, ec_id after, int64_t limit,
                         ec_id *last)
{
    static const ec_op op = {.name = "price.sweep",
                             .permission = "catalog.write",
                             .access = EC_ACCESS_STAFF,
                             .mode = EC_WRITE,
                             .run = run_sweep};
    sweep s = {.session = session, .channel_id = channel_id, .after = after, .limit = limit};
    if (last != NULL) *last = 0;
    ec_status status = ec_call(session, &op, &s, NULL);
    if (last != NULL && status == EC_OK) *last = s.last;
    return status;
}
