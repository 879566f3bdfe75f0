/* SPDX-License-Identifier: MIT */
/*
 * desk.h - zones, rates and lines laid out by hand, and their taxes; no shop behind them.
 */
#ifndef EC_TEST_TAX_DESK_H
#define EC_TEST_TAX_DESK_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "base/block.h"
#include "price/rules.h"
#include "tax/inside.h"

#define DESK_ZONES 16
#define DESK_PLACES 64
#define DESK_RATES 32
#define DESK_LINES 64
#define DESK_NOW INT64_C(1700000000000)

typedef struct desk {
    ec_platform platform;
    ec_arena arena;
    ec_rules rules;
    ec_tax_index index;
    ec_zone_rule zones[DESK_ZONES];
    ec_zone_place places[DESK_PLACES];
    size_t places_count;
    ec_tax_rule rates[DESK_RATES];
    ec_policy policy;
    ec_address address;
    ec_pricing in;
    ec_pricing_line lines[DESK_LINES];
    ec_pricing_outside_tax outside[8];
    int64_t unit_discount[DESK_LINES], order_discount[DESK_LINES];
    int64_t fee, fee_discount;
    const char *fee_category;
    ec_pricing_work work;
    ec_quote quote;
} desk;

static inline void desk_open(desk *d)
{
    memset(d, 0, sizeof *d);
    ec_platform_complete(&d->platform);
    ec_arena_init(&d->arena, &d->platform);
    d->index.default_category = "standard";
    d->rules.taxes.zones = d->zones;
    d->rules.taxes.rates = d->rates;
    d->in.policy = &d->policy;
    d->in.lines = d->lines;
    d->in.outside_taxes = d->outside;
    d->in.now = DESK_NOW;
    d->in.currency = "CLP";
}

static inline void desk_close(desk *d)
{
    ec_arena_clear(&d->arena);
}

/* A zone without places; desk_place adds to the last one. */
static inline void desk_zone(desk *d, ec_id id, const char *code, ec_zone_scope scope)
{
    assert_true(d->rules.taxes.zones_count < DESK_ZONES);
    d->zones[d->rules.taxes.zones_count++] = (ec_zone_rule){
        .id = id, .code = code, .scope = scope, .places = d->places + d->places_count};
}

static inline void desk_place(desk *d, ec_zone_kind kind, const char *country, const char *value)
{
    const char *rule = NULL;
    ec_zone_member member = {.kind = kind, .country = country, .value = value};
    assert_true(d->places_count < DESK_PLACES);
    const char *field = ec_zone_place_make(&d->arena, &member, &d->places[d->places_count], &rule);
    if (field != NULL) fail_msg("%s of %s: %s", field, value, rule);
    d->places_count++;
    d->zones[d->rules.taxes.zones_count - 1].places_count++;
}

static inline void desk_country(desk *d, ec_id id, const char *country)
{
    desk_zone(d, id, country, EC_ZONE_ALL);
    desk_place(d, EC_ZONE_KIND_COUNTRY, NULL, country);
}

/* A rate of zone 1, included or added; more can be said of what is returned. */
static inline ec_tax_rule *desk_rate(desk *d, const char *category, int64_t millionths,
                                     bool included)
{
    size_t at = d->rules.taxes.rates_count++;
    assert_true(at < DESK_RATES);
    d->rates[at] = (ec_tax_rule){.id = (ec_id)at + 1,
                                 .zone_id = 1,
                                 .category = category,
                                 .name = "Tax",
                                 .rate = millionths,
                                 .included = included};
    return &d->rates[at];
}

/* A line of its own variant: 11, 12, … */
static inline ec_pricing_line *desk_line(desk *d, const char *category, int64_t price,
                                         int64_t quantity)
{
    size_t at = d->in.lines_count++;
    assert_true(at < DESK_LINES);
    d->lines[at] = (ec_pricing_line){.variant_id = (ec_id)at + 11,
                                     .price = price,
                                     .quantity = quantity,
                                     .tax_category = category,
                                     .taxable = true};
    return &d->lines[at];
}

static inline void desk_adjust(desk *d, ec_adjustment_kind kind, int64_t line, int64_t amount)
{
    if (amount == 0) return;
    ec_quote_adjustment *one = ec_pricing_adjust(&d->work, kind);
    one->line = line;
    one->amount = amount;
}

static inline void desk_prepare(desk *d)
{
    ec_tax_rules_sort(d->rates, d->rules.taxes.rates_count);
    assert_int_equal(ec_zone_index_make(&d->arena, &d->rules.taxes, &d->index, NULL), EC_OK);
    d->rules.taxes.index = &d->index;
    if (d->in.default_tax_zone_id == 0 && d->address.country == NULL) d->in.default_tax_zone_id = 1;
    if (d->address.country != NULL) d->in.shipping_address = &d->address;
    d->quote = (ec_quote){.currency = "CLP"};
    d->work = (ec_pricing_work){.in = &d->in,
                                .rules = &d->rules,
                                .arena = &d->arena,
                                .quote = &d->quote,
                                .fee = d->fee,
                                .fee_discount = d->fee_discount,
                                .shipping_tax_category = d->fee_category};
    d->work.lines = ec_arena_array(&d->arena, DESK_LINES, sizeof *d->work.lines);
    d->work.lines_count = d->in.lines_count;
    for (size_t i = 0; i < d->in.lines_count; i++) {
        const ec_pricing_line *line = &d->lines[i];
        d->work.lines[i] = (ec_pricing_state){.in = line,
                                              .quantity = line->quantity,
                                              .unit_price = line->price,
                                              .price = line->price * line->quantity,
                                              .unit_discount = d->unit_discount[i],
                                              .order_discount = d->order_discount[i]};
        desk_adjust(d, EC_ADJUST_UNIT, (int64_t)i + 1, -d->unit_discount[i]);
        desk_adjust(d, EC_ADJUST_ORDER, (int64_t)i + 1, -d->order_discount[i]);
    }
    desk_adjust(d, EC_ADJUST_SHIPPING, 0, d->fee);
    desk_adjust(d, EC_ADJUST_SHIPPING_DISCOUNT, 0, -d->fee_discount);
}

static inline ec_status desk_try(desk *d)
{
    desk_prepare(d);
    return ec_tax_compute(&d->work);
}

static inline void desk_tax(desk *d)
{
    assert_int_equal(desk_try(d), EC_OK);
}

/* ---- what came out ---- */

/* The tax of a line (from 1) or of the fee (0). */
static inline int64_t desk_sum(const desk *d, int64_t line, bool included)
{
    int64_t sum = 0;
    for (size_t i = 0; i < d->quote.adjustments_count; i++) {
        const ec_quote_adjustment *one = &d->quote.adjustments[i];
        if (one->kind == EC_ADJUST_TAX && one->line == line && one->included == included)
            sum += one->amount;
    }
    return sum;
}

static inline void expect_line(const desk *d, int64_t line, int64_t added, int64_t included)
{
    const ec_pricing_state *state = &d->work.lines[line - 1];
    assert_int_equal(state->tax_added, added);
    assert_int_equal(state->tax_included, included);
    assert_int_equal(desk_sum(d, line, false), added);
    assert_int_equal(desk_sum(d, line, true), included);
}

static inline void expect_fee(const desk *d, int64_t added, int64_t included)
{
    assert_int_equal(desk_sum(d, 0, false), added);
    assert_int_equal(desk_sum(d, 0, true), included);
}

/* The row of a rate: its net and its tax. */
static inline const ec_quote_tax *expect_row(const desk *d, ec_id rate, int64_t base,
                                             int64_t amount)
{
    for (size_t i = 0; i < d->quote.taxes_count; i++) {
        const ec_quote_tax *row = &d->quote.taxes[i];
        if (row->tax_rate_id != rate) continue;
        assert_int_equal(row->base, base);
        assert_int_equal(row->amount, amount);
        return row;
    }
    fail_msg("no row of rate %d", (int)rate);
    return NULL;
}

/* The share of tax in the first adjustment of a kind on a line. */
static inline void expect_share(const desk *d, ec_adjustment_kind kind, int64_t line, int64_t share)
{
    for (size_t i = 0; i < d->quote.adjustments_count; i++) {
        const ec_quote_adjustment *one = &d->quote.adjustments[i];
        if (one->kind != kind || one->line != line) continue;
        assert_int_equal(one->tax_included, share);
        return;
    }
    fail_msg("no adjustment of kind %d on line %d", (int)kind, (int)line);
}

static inline void expect_source(const desk *d, int64_t line, const char *source, int64_t amount)
{
    for (size_t i = 0; i < d->quote.adjustments_count; i++) {
        const ec_quote_adjustment *one = &d->quote.adjustments[i];
        if (one->kind != EC_ADJUST_TAX || one->line != line || strcmp(one->source, source) != 0)
            continue;
        assert_int_equal(one->amount, amount);
        return;
    }
    fail_msg("no %s on line %d", source, (int)line);
}

#endif
