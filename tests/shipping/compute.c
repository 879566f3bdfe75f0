/* SPDX-License-Identifier: MIT */
/*
 * compute.c - which ways to ship fit, what they cost, and what the quote says of them.
 */
#include "harness/harness.h"
#include "price/rules.h"
#include "shipping/inside.h"

enum { LINES_MAX = 8, METHODS_MAX = 8 };

static ec_arena arena;
static const ec_policy plain;

static int setup(void **state)
{
    (void)state;
    ec_arena_init(&arena, world_platform());
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    ec_arena_clear(&arena);
    return 0;
}

/* A line as cases write it. */
typedef struct goods {
    int64_t price, quantity, weight, length, width, height;
    const char *category;
    bool digital;
} goods;

typedef struct situation {
    ec_pricing in;
    ec_pricing_line lines[LINES_MAX];
    ec_pricing_state states[LINES_MAX];
    ec_shipping_rule methods[METHODS_MAX];
    ec_rules rules;
    ec_quote quote;
    ec_pricing_work work;
} situation;

static void begin(situation *it, const char *currency, const goods *lines)
{
    memset(it, 0, sizeof *it);
    it->in = (ec_pricing){.channel_id = 1,
                          .channel = "web",
                          .currency = currency,
                          .policy = &plain,
                          .now = WORLD_START,
                          .shipping_amount = -1,
                          .lines = it->lines};
    size_t count = 0;
    for (; lines[count].quantity > 0; count++) {
        const goods *of = &lines[count];
        it->lines[count] = (ec_pricing_line){.variant_id = (ec_id)count + 1,
                                             .quantity = of->quantity,
                                             .price = of->price,
                                             .weight = of->weight,
                                             .length = of->length,
                                             .width = of->width,
                                             .height = of->height,
                                             .shipping_category = of->category,
                                             .requires_shipping = !of->digital};
        it->states[count] = (ec_pricing_state){.in = &it->lines[count],
                                               .quantity = of->quantity,
                                               .unit_price = of->price,
                                               .price = of->price * of->quantity};
    }
    it->in.lines_count = count;
    it->rules.shipping.methods = it->methods;
    it->work = (ec_pricing_work){.in = &it->in,
                                 .rules = &it->rules,
                                 .arena = &arena,
                                 .quote = &it->quote,
                                 .lines = it->states,
                                 .lines_count = count};
}

static ec_shipping_rule *method(situation *it, const char *code, const char *calculator,
                                const char *condition)
{
    ec_rule_fault fault = {0};
    const char *field = NULL;
    unsigned needs = 0;
    ec_shipping_rule *rule = &it->methods[it->rules.shipping.methods_count++];
    ec_status status =
        ec_shipping_compile(&arena, calculator, condition, &needs, rule, &field, &fault);
    if (status != EC_OK) fail_msg("%s: %s at %zu", calculator, fault.message, fault.at);
    rule->id = (ec_id)it->rules.shipping.methods_count;
    rule->code = rule->name = code;
    rule->is_active = true;
    return rule;
}

static const ec_quote_shipping *chosen(const situation *it)
{
    const ec_quote_shipping *found = NULL;
    for (size_t i = 0; i < it->quote.shipping_count; i++) {
        if (!it->quote.shipping[i].chosen) continue;
        assert_null(found);
        found = &it->quote.shipping[i];
    }
    return found;
}

#define GOODS(of, units)                                                                           \
    {                                                                                              \
        .price = (of), .quantity = (units)                                                         \
    }
#define HEAVY(of, units, grams)                                                                    \
    {                                                                                              \
        .price = (of), .quantity = (units), .weight = (grams)                                      \
    }
#define BOX(of, units, grams, l, w, h)                                                             \
    {                                                                                              \
        .price = (of), .quantity = (units), .weight = (grams), .length = (l), .width = (w),        \
        .height = (h)                                                                              \
    }

/* ---- fees ---- */

typedef struct fee_case {
    const char *currency, *calculator;
    goods lines[4];
    int64_t fee; /* -1: the method does not fit */
} fee_case;

static const fee_case fees[] = {
    /* one fee */
    {"CLP", "flat(3990 CLP)", {GOODS(1000, 2)}, 3990},
    {"EUR", "flat(3990 CLP | 4.95 EUR)", {GOODS(1000, 2)}, 495},
    {"JPY", "flat(800 JPY)", {GOODS(1000, 2)}, 800},
    {"KWD", "flat(1.250 KWD)", {GOODS(1000, 2)}, 1250},
    {"EUR", "flat(3990 CLP)", {GOODS(1000, 2)}, -1}, /* none in euros */
    {"CLP", "flat(0 CLP)", {GOODS(1000, 2)}, 0},
    /* the channel's own before the currency's */
    {"CLP", "flat(3990 CLP | 2990 CLP@web)", {GOODS(1000, 1)}, 2990},
    {"CLP", "flat(3990 CLP | 2990 CLP@pos)", {GOODS(1000, 1)}, 3990},
    {"CLP", "flat(2990 CLP@pos)", {GOODS(1000, 1)}, -1},
    /* each unit that is sent; downloads are none: 3 x 500 */
    {"CLP", "per_unit(500 CLP)", {GOODS(1000, 2), GOODS(10, 1), {99, 7, .digital = true}}, 1500},
    /* the first is dearer: 2000 + 2 x 500 */
    {"CLP", "per_unit(500 CLP, first: 2000 CLP)", {GOODS(1000, 2), GOODS(10, 1)}, 3000},
    {"KWD", "per_unit(0.125 KWD)", {GOODS(1000, 3)}, 375},
    /* by weight: "from" so many grams */
    {"CLP", "by_weight([0: 3990 CLP, 1000: 5990 CLP])", {HEAVY(1, 1, 999)}, 3990},
    {"CLP", "by_weight([0: 3990 CLP, 1000: 5990 CLP])", {HEAVY(1, 1, 1000)}, 5990},
    {"CLP", "by_weight([0: 3990 CLP, 1000: 5990 CLP])", {HEAVY(1, 2, 499), HEAVY(1, 1, 2)}, 5990},
    {"CLP", "by_weight([500: 3990 CLP])", {HEAVY(1, 1, 499)}, -1}, /* below the first */
    {"EUR", "by_weight([0: 3990 CLP | 5 EUR, 1000: 5990 CLP])", {HEAVY(1, 1, 1000)}, -1},
    /* by the total of all lines */
    {"EUR", "by_total([0 EUR: 15 EUR, 50 EUR: 10 EUR, 100 EUR: 5 EUR])", {GOODS(4999, 1)}, 1500},
    {"EUR", "by_total([0 EUR: 15 EUR, 50 EUR: 10 EUR, 100 EUR: 5 EUR])", {GOODS(2500, 2)}, 1000},
    {"EUR", "by_total([0 EUR: 15 EUR, 50 EUR: 10 EUR, 100 EUR: 5 EUR])", {GOODS(10000, 9)}, 500},
    {"JPY", "by_total([0 JPY: 600 JPY, 5000 JPY: 0 JPY])", {GOODS(5000, 1)}, 0},
    {"KWD", "by_total([0 KWD: 1 KWD, 10 KWD: 0.500 KWD])", {GOODS(9999, 1)}, 1000},
    /* by units, volume (1000 cm3 each), longest side */
    {"CLP", "by_units([1: 1000 CLP, 3: 2500 CLP])", {GOODS(1, 2), GOODS(1, 1)}, 2500},
    {"CLP", "by_units([1: 1000 CLP, 3: 2500 CLP])", {GOODS(1, 2)}, 1000},
    {"CLP", "by_volume([0: 1000 CLP, 2000: 1500 CLP])", {BOX(1, 2, 0, 100, 100, 100)}, 1500},
    {"CLP", "by_volume([0: 1000 CLP, 2000: 1500 CLP])", {BOX(1, 1, 0, 100, 100, 100)}, 1000},
    {"CLP",
     "by_volume([0: 1000 CLP, 2: 1500 CLP])",
     {BOX(1, 1, 0, 10, 10, 11)},
     1500}, /* 1.1 -> 2 */
    {"CLP", "by_size([0: 1000 CLP, 600: 4000 CLP])", {BOX(1, 9, 0, 10, 599, 5)}, 1000},
    {"CLP",
     "by_size([0: 1000 CLP, 600: 4000 CLP])",
     {BOX(1, 1, 0, 1, 0, 0), BOX(1, 1, 0, 1, 2, 600)},
     4000},
    /* a part of what is sent, half up: 5 % of 1010 = 50.5; of 10.10 EUR = 0.505 */
    {"CLP", "percent(5%)", {GOODS(1010, 1), {500, 1, .digital = true}}, 51},
    {"EUR", "percent(5%)", {GOODS(1010, 1)}, 51},
    {"KWD", "percent(2.5%)", {GOODS(1001, 1)}, 25}, /* 25.025 */
    {"CLP", "percent(5%, min: 100 CLP)", {GOODS(1010, 1)}, 100},
    {"CLP", "percent(5%, max: 2000 CLP)", {GOODS(100000, 1)}, 2000},
    {"CLP", "percent(5%, min: 100 CLP, max: 2000 CLP)", {GOODS(20000, 1)}, 1000},
    {"EUR", "percent(5%, max: 2000 CLP)", {GOODS(100000, 1)}, 5000}, /* no bound in euros */
    /* free from a total on */
    {"CLP", "flat(3990 CLP, free_above: 50000 CLP)", {GOODS(49999, 1)}, 3990},
    {"CLP", "flat(3990 CLP, free_above: 50000 CLP)", {GOODS(25000, 2)}, 0},
    {"JPY", "by_weight([0: 900 JPY], free_above: 8000 JPY)", {HEAVY(8000, 1, 50)}, 0},
    {"KWD", "per_unit(1 KWD, free_above: 20.000 KWD)", {GOODS(19999, 1)}, 1000},
    {"EUR", "flat(4.95 EUR, free_above: 50000 CLP)", {GOODS(9999999, 1)}, 495},
    /* several parcels: 3 x 4 kg, 10 kg at most, makes 8 + 4 */
    {"CLP", "flat(3000 CLP, per_parcel: 10000)", {HEAVY(1, 3, 4000)}, 6000},
    {"CLP",
     "by_weight([0: 2000 CLP, 5000: 3500 CLP], per_parcel: 10000)",
     {HEAVY(1, 3, 4000)},
     5500},
    {"CLP", "by_units([1: 100 CLP, 2: 150 CLP], per_parcel: 10000)", {HEAVY(1, 3, 4000)}, 250},
    {"EUR", "flat(5 EUR, per_parcel: 31500)", {HEAVY(1, 1, 31501)}, -1}, /* one unit is too heavy */
    /* fees add up */
    {"CLP", "flat(1000 CLP); per_unit(500 CLP)", {GOODS(1, 3)}, 2500},
    {"CLP", "flat(1000 CLP, free_above: 1 CLP); per_unit(500 CLP)", {GOODS(1, 3)}, 1500},
    {"EUR", "flat(1 EUR); per_unit(500 CLP)", {GOODS(1, 3)}, -1},
    /* no carrier answered */
    {"CLP", "provider(fast)", {GOODS(1, 3)}, -1},
};

static void fee__is_that_of_the_table(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof fees / sizeof fees[0]; i++) {
        situation it;
        begin(&it, fees[i].currency, fees[i].lines);
        (void)method(&it, "only", fees[i].calculator, NULL);
        assert_int_equal(ec_shipping_compute(&it.work), EC_OK);
        int64_t fee = it.quote.shipping_count == 0 ? -1 : it.quote.shipping[0].amount;
        if (fee != fees[i].fee)
            fail_msg("%s, %s: %lld instead of %lld", fees[i].currency, fees[i].calculator,
                     (long long)fee, (long long)fees[i].fee);
        if (fee >= 0) assert_int_equal(it.work.fee, fee);
        if (fee < 0) assert_string_equal(it.quote.problem, "no_shipping_method");
    }
}

static void fee__is_explained(void **state)
{
    (void)state;
    situation it;
    begin(&it, "CLP", (const goods[]){GOODS(1010, 1), {0}});
    method(&it, "standard", "percent(5%)", NULL)->tax_category = "freight";
    assert_int_equal(ec_shipping_compute(&it.work), EC_OK);
    assert_int_equal(it.quote.adjustments_count, 1);
    const ec_quote_adjustment *why = it.quote.adjustments;
    assert_int_equal(why->kind, EC_ADJUST_SHIPPING);
    assert_int_equal(why->line, 0);
    assert_int_equal(why->amount, 51);
    assert_int_equal(why->base, 1010);
    assert_int_equal(why->rate, 50000);
    assert_string_equal(why->rounding, "half_up");
    assert_string_equal(why->source, "shipping_method:1");
    assert_string_equal(why->label, "standard");
    assert_int_equal(it.work.shipping_method_id, 1);
    assert_string_equal(it.work.shipping_tax_category, "freight");
}

static void fee__counts_discounts_and_added_taxes(void **state)
{
    (void)state;
    situation it;
    begin(&it, "EUR", (const goods[]){GOODS(6000, 1), {0}});
    (void)method(&it, "standard", "flat(4.95 EUR, free_above: 50 EUR)", NULL);
    it.states[0].unit_discount = 500;
    it.states[0].order_discount = 600; /* 49.00 are left */
    assert_int_equal(ec_shipping_compute(&it.work), EC_OK);
    assert_int_equal(it.work.fee, 495);
    it.states[0].tax_added = 100; /* with 1.00 of tax it is 50.00 */
    memset(&it.quote, 0, sizeof it.quote);
    it.work.adjustments_capacity = 0;
    assert_int_equal(ec_shipping_compute(&it.work), EC_OK);
    assert_int_equal(it.work.fee, 0);
}

static void fee__above_the_limit_is_refused(void **state)
{
    (void)state;
    situation it;
    begin(&it, "CLP", (const goods[]){GOODS(1, 9999), {0}});
    (void)method(&it, "standard", "per_unit(999999999999999 CLP)", NULL);
    assert_int_equal(ec_shipping_compute(&it.work), EC_OVERFLOW);
    begin(&it, "CLP", (const goods[]){GOODS(1, 1), {0}});
    (void)method(&it, "standard", "flat(999999999999999 CLP); flat(1 CLP)", NULL);
    assert_int_equal(ec_shipping_compute(&it.work), EC_OVERFLOW);
}

/* ---- what fits ---- */

static const char *offered(situation *it)
{
    static char text[128];
    text[0] = '\0';
    assert_int_equal(ec_shipping_compute(&it->work), EC_OK);
    for (size_t i = 0; i < it->quote.shipping_count; i++) {
        size_t length = strlen(text);
        (void)snprintf(text + length, sizeof text - length, "%s%s", i > 0 ? " " : "",
                       it->quote.shipping[i].code);
    }
    return text;
}

static void methods__that_are_switched_off_or_of_another_channel_do_not_fit(void **state)
{
    (void)state;
    situation it;
    static const ec_id here[] = {2, 1}, elsewhere[] = {2, 3};
    begin(&it, "CLP", (const goods[]){GOODS(1000, 1), {0}});
    method(&it, "off", "flat(1 CLP)", NULL)->is_active = false;
    ec_shipping_rule *rule = method(&it, "elsewhere", "flat(2 CLP)", NULL);
    rule->channels = elsewhere;
    rule->channels_count = 2;
    rule = method(&it, "here", "flat(3 CLP)", NULL);
    rule->channels = here;
    rule->channels_count = 2;
    (void)method(&it, "all", "flat(4 CLP)", NULL);
    assert_string_equal(offered(&it), "here all");
}

static void methods__heed_their_conditions(void **state)
{
    (void)state;
    const struct {
        const char *condition;
        bool holds;
    } cases[] = {
        {NULL, true},
        {"total >= 2000 CLP", true},
        {"total > 2000 CLP", false},
        {"total <= 2000 CLP", true},
        {"weight <= 600", true},
        {"weight < 600", false},
        {"weight >= 601", false},
        {"units = 3", true},
        {"channel = web and not units > 3", true},
        {"country = CL", true},
        {"country in (AR, PE)", false},
        {"total >= 10 EUR", false}, /* no amount in this currency */
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        situation it;
        ec_address address = {.country = "CL"};
        /* 500 x 2 + 1000, 100 g x 2 + 400 g */
        begin(&it, "CLP", (const goods[]){HEAVY(500, 2, 100), HEAVY(1000, 1, 400), {0}});
        it.in.shipping_address = &address;
        (void)method(&it, "only", "flat(1 CLP)", cases[i].condition);
        assert_int_equal(ec_shipping_compute(&it.work), EC_OK);
        if ((it.quote.shipping_count == 1) != cases[i].holds) fail_msg("%s", cases[i].condition);
    }
}

static void methods__gross_total_has_discounts_and_added_taxes(void **state)
{
    (void)state;
    situation it;
    begin(&it, "EUR", (const goods[]){GOODS(5000, 1), {0}});
    (void)method(&it, "big", "flat(0 EUR)", "gross_total >= 50 EUR");
    (void)method(&it, "small", "flat(5 EUR)", "gross_total < 50 EUR");
    it.states[0].order_discount = 1000;
    it.states[0].tax_added = 760;
    assert_string_equal(offered(&it), "small"); /* 40.00 + 7.60 */
    it.states[0].tax_added = 1000;
    memset(&it.quote, 0, sizeof it.quote);
    it.work.adjustments_capacity = 0;
    assert_string_equal(offered(&it), "big");
}

static void methods__heed_the_category_of_what_is_sent(void **state)
{
    (void)state;
    const struct {
        goods lines[4];
        const char *offered;
    } cases[] = {
        {{{1, 1, .category = "bulky"}}, "any all"},
        {{{1, 1, .category = "bulky"}, GOODS(1, 1)}, "any"},
        {{{1, 1, .category = "bulky"}, {1, 1, .category = "small"}}, "any"},
        {{{1, 1, .category = "small"}}, "none"},
        {{GOODS(1, 1)}, "none"},
        /* downloads are not sent */
        {{{1, 1, .category = "bulky"}, {1, 1, .digital = true}}, "any all"},
        {{GOODS(1, 1), {1, 1, .category = "bulky", .digital = true}}, "none"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        situation it;
        begin(&it, "CLP", cases[i].lines);
        static const char *const codes[] = {"any", "all", "none"};
        for (int rule = 0; rule < 3; rule++) {
            ec_shipping_rule *made = method(&it, codes[rule], "flat(1 CLP)", NULL);
            made->category = "bulky";
            made->category_rule = (ec_shipping_match)rule;
        }
        assert_string_equal(offered(&it), cases[i].offered);
    }
}

static void methods__of_a_carrier_fit_while_it_answered(void **state)
{
    (void)state;
    situation it;
    const ec_pricing_outside_fee answers[] = {{2, 4990, 1, 3}, {7, 1, 0, 0}};
    begin(&it, "CLP", (const goods[]){GOODS(1000, 1), {0}});
    (void)method(&it, "slow", "provider(fast)", NULL);
    method(&it, "quick", "provider(fast, free_above: 5000 CLP)", NULL)->days_max = 9;
    it.in.outside_fees = answers;
    it.in.outside_fees_count = 2;
    assert_string_equal(offered(&it), "quick");
    assert_int_equal(it.quote.shipping[0].amount, 4990);
    assert_int_equal(it.quote.shipping[0].days_min, 1);
    assert_int_equal(it.quote.shipping[0].days_max, 3);
    it.states[0].price = 5000;
    memset(&it.quote, 0, sizeof it.quote);
    it.work.adjustments_capacity = 0;
    assert_string_equal(offered(&it), "quick");
    assert_int_equal(it.work.fee, 0);
}

/* ---- which one ---- */

static void choice__is_the_one_asked_for(void **state)
{
    (void)state;
    situation it;
    begin(&it, "CLP", (const goods[]){GOODS(1000, 1), {0}});
    (void)method(&it, "slow", "flat(1000 CLP)", NULL);
    (void)method(&it, "fast", "flat(5000 CLP)", NULL);
    it.in.shipping_method = "fast";
    assert_string_equal(offered(&it), "slow fast");
    assert_string_equal(chosen(&it)->code, "fast");
    assert_false(chosen(&it)->estimated);
    assert_int_equal(it.work.fee, 5000);
    assert_string_equal(it.work.shipping_method, "fast");
}

static void choice__is_an_estimate_when_none_was_asked_for_or_it_does_not_fit(void **state)
{
    (void)state;
    static const char *const asked[] = {NULL, "far", "unknown"};
    for (size_t i = 0; i < sizeof asked / sizeof asked[0]; i++) {
        situation it;
        begin(&it, "CLP", (const goods[]){GOODS(1000, 1), {0}});
        (void)method(&it, "far", "flat(500 CLP)", "units > 5");
        (void)method(&it, "slow", "flat(1000 CLP)", NULL);
        (void)method(&it, "fast", "flat(5000 CLP)", NULL);
        it.in.shipping_method = asked[i];
        assert_string_equal(offered(&it), "slow fast");
        assert_string_equal(chosen(&it)->code, "slow");
        assert_true(chosen(&it)->estimated);
        assert_int_equal(it.work.fee, 1000);
        assert_null(it.quote.problem);
    }
}

static void nothing_to_send__needs_no_method(void **state)
{
    (void)state;
    situation it;
    begin(&it, "CLP", (const goods[]){{1000, 1, .digital = true}, {0}});
    (void)method(&it, "slow", "flat(1000 CLP)", NULL);
    assert_string_equal(offered(&it), "");
    assert_false(it.quote.needs_shipping);
    assert_null(it.quote.problem);
    assert_int_equal(it.work.fee, 0);
    assert_int_equal(it.quote.adjustments_count, 0);
}

static void no_method__is_a_problem_only_where_shipping_is_managed(void **state)
{
    (void)state;
    situation it;
    begin(&it, "CLP", (const goods[]){GOODS(1000, 1), {0}});
    assert_string_equal(offered(&it), "");
    assert_true(it.quote.needs_shipping);
    assert_null(it.quote.problem);
    method(&it, "off", "flat(1 CLP)", NULL)->is_active = false;
    assert_string_equal(offered(&it), "");
    assert_string_equal(it.quote.problem, "no_shipping_method");
}

static void fee__that_was_set_by_hand_goes_first(void **state)
{
    (void)state;
    situation it;
    begin(&it, "CLP", (const goods[]){GOODS(1000, 1), {0}});
    (void)method(&it, "slow", "flat(1000 CLP)", NULL);
    it.in.shipping_amount = 700;
    assert_string_equal(offered(&it), "slow");
    assert_string_equal(chosen(&it)->code, "slow");
    assert_int_equal(it.work.fee, 700);
    assert_string_equal(it.quote.adjustments[0].source, "manual");
    begin(&it, "CLP", (const goods[]){GOODS(1000, 1), {0}});
    method(&it, "off", "flat(1 CLP)", NULL)->is_active = false;
    it.in.shipping_amount = 0;
    assert_string_equal(offered(&it), "");
    assert_null(it.quote.problem);
    assert_int_equal(it.work.fee, 0);
}

static void entries__tell_days_parcels_and_pickup(void **state)
{
    (void)state;
    situation it;
    begin(&it, "CLP", (const goods[]){HEAVY(1000, 5, 4000), {0}});
    ec_shipping_rule *rule = method(&it, "slow", "flat(1000 CLP, per_parcel: 10000)", NULL);
    rule->days_min = 1;
    rule->days_max = 3;
    rule->cutoff_hour = 12; /* it is noon on a Thursday */
    rule->pickup_warehouse_id = 4;
    assert_string_equal(offered(&it), "slow");
    assert_int_equal(it.quote.shipping[0].parcels, 3);
    assert_int_equal(it.quote.shipping[0].days_min, 4);
    assert_int_equal(it.quote.shipping[0].days_max, 6);
    assert_int_equal(it.quote.shipping[0].pickup_warehouse_id, 4);
}

/* ---- nothing depends on the order of the lines ---- */

static void fees__do_not_depend_on_the_order_of_lines(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "flat(10 CLP, per_parcel: 1000)", "by_weight([0: 10 CLP, 300: 25 CLP], per_parcel: 1000)",
        "by_volume([0: 10 CLP, 5: 25 CLP], per_parcel: 1000)",
        "by_size([0: 10 CLP, 30: 25 CLP], per_parcel: 1000)", "percent(7.3%)"};
    for (int round = 0; round < 2000; round++) {
        situation it, other;
        goods lines[LINES_MAX + 1] = {{0}}, turned[LINES_MAX + 1] = {{0}};
        size_t count = (size_t)(1 + world_pick(LINES_MAX - 1));
        for (size_t i = 0; i < count; i++)
            lines[i] = (goods)BOX(world_pick(5000), 1 + world_pick(9), world_pick(1000),
                                  world_pick(50), world_pick(50), world_pick(50));
        for (size_t i = 0; i < count; i++)
            turned[i] = lines[count - 1 - i];
        begin(&it, "CLP", lines);
        begin(&other, "CLP", turned);
        for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
            (void)method(&it, texts[i], texts[i], NULL);
            (void)method(&other, texts[i], texts[i], NULL);
        }
        assert_int_equal(ec_shipping_compute(&it.work), EC_OK);
        assert_int_equal(ec_shipping_compute(&other.work), EC_OK);
        for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
            assert_int_equal(it.quote.shipping[i].amount, other.quote.shipping[i].amount);
        ec_arena_reset(&arena);
    }
}

/* ---- texts that are no methods ---- */

static void texts__that_could_never_be_priced_are_refused(void **state)
{
    (void)state;
    const struct {
        const char *calculator, *condition, *field;
    } cases[] = {
        {NULL, NULL, "calculator"},
        {"", NULL, "calculator"},
        {"flat", NULL, "calculator"},
        {"flat()", NULL, "calculator"},
        {"flat(3990)", NULL, "calculator"},
        {"free(0 CLP)", NULL, "calculator"},
        {"flat(1 CLP, 2 CLP, 3 CLP, 4 CLP)", NULL, "calculator"},
        {"flat(1 CLP, per_parcel: 0)", NULL, "calculator"},
        {"by_weight([])", NULL, "calculator"},
        {"by_weight([0: 1])", NULL, "calculator"},
        {"by_weight([5 CLP: 1 CLP])", NULL, "calculator"},
        {"by_total([5: 1 CLP])", NULL, "calculator"},
        {"percent(5 CLP)", NULL, "calculator"},
        {"percent(20000%)", NULL, "calculator"},
        {"provider(a-name-that-is-longer-than-any-carrier-has)", NULL, "calculator"},
        {"flat(1 CLP)", "brand = 1", "conditions"}, /* a question about lines */
        {"flat(1 CLP)", "wieght > 1", "conditions"},
        {"flat(1 CLP)", "total >=", "conditions"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ec_shipping_rule rule = {0};
        ec_rule_fault fault = {0};
        const char *field = NULL;
        unsigned needs = 0;
        ec_status status = ec_shipping_compile(&arena, cases[i].calculator, cases[i].condition,
                                               &needs, &rule, &field, &fault);
        if (status != EC_INVALID || strcmp(field, cases[i].field) != 0 || fault.rule == NULL ||
            fault.message[0] == '\0')
            fail_msg("%s / %s: %d", cases[i].calculator, cases[i].condition, status);
    }
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        CASE(fee__is_that_of_the_table),
        CASE(fee__is_explained),
        CASE(fee__counts_discounts_and_added_taxes),
        CASE(fee__above_the_limit_is_refused),
        CASE(methods__that_are_switched_off_or_of_another_channel_do_not_fit),
        CASE(methods__heed_their_conditions),
        CASE(methods__gross_total_has_discounts_and_added_taxes),
        CASE(methods__heed_the_category_of_what_is_sent),
        CASE(methods__of_a_carrier_fit_while_it_answered),
        CASE(choice__is_the_one_asked_for),
        CASE(choice__is_an_estimate_when_none_was_asked_for_or_it_does_not_fit),
        CASE(nothing_to_send__needs_no_method),
        CASE(no_method__is_a_problem_only_where_shipping_is_managed),
        CASE(fee__that_was_set_by_hand_goes_first),
        CASE(entries__tell_days_parcels_and_pickup),
        CASE(fees__do_not_depend_on_the_order_of_lines),
        CASE(texts__that_could_never_be_priced_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
