/* SPDX-License-Identifier: MIT */
/*
 * pricing.c - what a price costs: a large cart under many rules, and few rules among very many.
 *
 * Pure computation on one core, no storage. The rules are compiled from text as a shop's are.
 */
#include "bench/bench.h"

#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "price/rules.h"
#include "tax/inside.h"

enum { LINES = 50, PROMOTIONS = 100, RATES = 10, DEFINED = 100000, MATCHING = 20, CARTS = 200 };

/* A shop without storage. */
typedef struct desk {
    ec_arena keep, work;
    ec_rules rules;
    ec_policy policy;
    ec_address address;
    ec_pricing in;
    ec_pricing_line lines[LINES];
    ec_id categories[LINES][3];
} desk;

static const ec_platform *platform(void)
{
    static ec_engine *engine;
    static ec_session *session;
    if (engine == NULL) {
        engine = bench_open_engine(":memory:");
        session = bench_session(engine, EC_ACTOR_SYSTEM);
    }
    return ec_session_platform(session);
}

static void make_cart(desk *d)
{
    static const char *const taxes[RATES] = {"standard", "t1", "t2", "t3", "t4",
                                             "t5",       "t6", "t7", "t8", "t9"};
    for (int64_t i = 0; i < LINES; i++) {
        d->categories[i][0] = 100 + i % 20;
        d->categories[i][1] = 10 + i % 5;
        d->categories[i][2] = 1;
        d->lines[i] = (ec_pricing_line){.product_id = i + 1,
                                        .variant_id = i + 1001,
                                        .brand_id = 1 + i % 10,
                                        .quantity = 1 + i % 7,
                                        .price = 1990 + 137 * i,
                                        .sku = "SKU",
                                        .name = "Goods",
                                        .tax_category = taxes[i % RATES],
                                        .categories = d->categories[i],
                                        .categories_count = 3,
                                        .taxable = true,
                                        .requires_shipping = true};
    }
    d->address = (ec_address){
        .name = "Ana", .street = "Calle 1", .city = "Santiago", .region = "RM", .country = "CL"};
    d->in = (ec_pricing){.channel_id = 1,
                         .channel = "web",
                         .currency = "CLP",
                         .policy = &d->policy,
                         .now = INT64_C(1768478400000),
                         .shipping_address = &d->address,
                         .shipping_amount = 3990,
                         .lines = d->lines,
                         .lines_count = LINES};
}

static void make_taxes(desk *d)
{
    static const char *const categories[RATES] = {"standard", "t1", "t2", "t3", "t4",
                                                  "t5",       "t6", "t7", "t8", "t9"};
    ec_zone_member country = {.kind = EC_ZONE_KIND_COUNTRY, .value = "CL"};
    ec_zone_place *place = ec_arena_alloc(&d->keep, sizeof(*place));
    ec_zone_rule *zone = ec_arena_alloc(&d->keep, sizeof(*zone));
    ec_tax_rule *rates = ec_arena_array(&d->keep, RATES, sizeof(*rates));
    ec_tax_index *index = ec_arena_alloc(&d->keep, sizeof(*index));
    const char *rule = NULL;
    ec_id bad = 0;
    if (ec_zone_place_make(&d->keep, &country, place, &rule) != NULL) bench_die("zone: %s", rule);
    *zone = (ec_zone_rule){.id = 1, .code = "cl", .places = place, .places_count = 1};
    for (size_t i = 0; i < RATES; i++)
        rates[i] = (ec_tax_rule){.id = (ec_id)i + 1,
                                 .zone_id = 1,
                                 .category = categories[i],
                                 .name = "Rate",
                                 .rate = 190000 - (int64_t)i * 10000,
                                 .included = true};
    ec_tax_rules_sort(rates, RATES);
    d->rules.taxes =
        (ec_tax_book){.zones = zone, .zones_count = 1, .rates = rates, .rates_count = RATES};
    if (ec_zone_index_make(&d->keep, &d->rules.taxes, index, &bad) != EC_OK) bench_die("zones");
    index->default_category = "standard";
    d->rules.taxes.index = index;
}

/* What promotion number `at` asks for and does. */
static void write_promotion(size_t at, char *condition, char *actions, size_t size)
{
    int kind = (int)(at % 5), n = (int)at;
    static const char *const others[] = {"group = vip", "country = AR", "weekday = sunday"};
    if (n % 4 == 3)
        (void)snprintf(condition, size, "total() >= %d CLP", 1000 * n);
    else
        (void)snprintf(condition, size, "%s", others[n % 4]);
    if (kind == 0)
        (void)snprintf(actions, size, "percent_off(5%%, on: brand = %d)", 1 + n % 10);
    else if (kind == 1)
        (void)snprintf(actions, size, "amount_off(10 CLP, on: category = %d)", 100 + n % 20);
    else if (kind == 2)
        (void)snprintf(actions, size, "order_percent_off(1%%)");
    else if (kind == 3)
        (void)snprintf(actions, size, "order_amount_off(100 CLP, on: category = %d)", 10 + n % 5);
    else
        (void)snprintf(actions, size, "buy_get(buy: 5, get: 1, on: brand = %d, times: 2)",
                       1 + n % 10);
}

static void compile(desk *d, ec_promotion_rule *out, ec_id id, const char *condition,
                    const char *actions)
{
    size_t stride = 0, count = 0;
    unsigned needs = 0;
    ec_rule_fault fault = {0};
    const void *verbs = ec_promotion_verbs(&stride, &count);
    *out = (ec_promotion_rule){.id = id, .name = "Offer"};
    if (ec_rule_parse(&d->keep, condition, EC_RULE_CART, &out->condition, &needs, &fault) !=
            EC_OK ||
        ec_rule_parse_calls(&d->keep, actions, verbs, stride, count, &out->actions,
                            &out->actions_count, &needs, &fault) != EC_OK)
        bench_die("%s / %s: %s", condition, actions, fault.message);
}

static void open_desk(desk *d)
{
    memset(d, 0, sizeof(*d));
    ec_arena_init(&d->keep, platform());
    ec_arena_init(&d->work, platform());
    make_cart(d);
}

static void close_desk(desk *d)
{
    ec_arena_clear(&d->keep);
    ec_arena_clear(&d->work);
}

static void book(desk *d, ec_promotion_rule *rules, size_t count)
{
    if (ec_promotion_book_make(&d->keep, rules, count, &d->rules.promotions) != EC_OK)
        bench_die("no book of promotions");
}

/* Microseconds of one quote, the median of some turns. */
static double time_quotes(desk *d, size_t applied)
{
    double turns[BENCH_ROUNDS];
    for (size_t round = 0; round < BENCH_ROUNDS; round++) {
        double began = bench_now();
        for (int i = 0; i < CARTS; i++) {
            ec_quote *quote = NULL;
            ec_arena_reset(&d->work);
            ec_status status = ec_price_compute(&d->work, &d->rules, &d->in, &quote, NULL);
            if (status != EC_OK) bench_die("no quote: %s", ec_status_name(status));
            size_t found = 0;
            for (size_t k = 0; k < quote->promotions_count; k++)
                found += quote->promotions[k].applied;
            if (found < applied) bench_die("only %zu promotions applied", found);
        }
        turns[round] = (bench_now() - began) / CARTS * 1e6;
    }
    return bench_median(turns, BENCH_ROUNDS);
}

void bench_quote(bench *b)
{
    static desk d;
    char condition[128], actions[128];
    open_desk(&d);
    make_taxes(&d);
    ec_promotion_rule *rules = ec_arena_array(&d.keep, PROMOTIONS, sizeof(*rules));
    for (size_t i = 0; i < PROMOTIONS; i++) {
        write_promotion(i, condition, actions, sizeof(condition));
        compile(&d, &rules[i], (ec_id)i + 1, condition, actions);
    }
    book(&d, rules, PROMOTIONS);
    double us = time_quotes(&d, 20);
    close_desk(&d);
    bench_add(b, &(bench_row){.name = "quote_large",
                              .unit = "us, 50 lines, 10 rates, 100 promotions, 25 of them apply",
                              .value = us,
                              .less_is_better = true,
                              .kind = BENCH_BAR_MAX,
                              .bar = 100});
}

/* The twenty that match, and others for goods that the cart has not. */
static double time_among(size_t defined)
{
    static desk d;
    char actions[128];
    open_desk(&d);
    ec_promotion_rule *rules = ec_arena_array(&d.keep, defined, sizeof(*rules));
    if (rules == NULL) bench_die("no memory");
    for (size_t i = 0; i < defined; i++) {
        size_t product = i < MATCHING ? i + 1 : i + 1000;
        (void)snprintf(actions, sizeof(actions), "percent_off(10%%, on: product = %zu)", product);
        compile(&d, &rules[i], (ec_id)i + 1, NULL, actions);
    }
    book(&d, rules, defined);
    double us = time_quotes(&d, MATCHING);
    close_desk(&d);
    return us;
}

void bench_quote_among(bench *b)
{
    double few = time_among(MATCHING), many = time_among(DEFINED);
    bench_add(b, &(bench_row){.name = "quote_among_100000",
                              .unit = "us, 20 promotions match of 100,000; raw: of 20",
                              .value = many,
                              .raw = few,
                              .less_is_better = true,
                              .kind = BENCH_BAR_RATIO,
                              .bar = 0.5});
}
