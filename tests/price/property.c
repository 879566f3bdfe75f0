/* SPDX-License-Identifier: MIT */
/*
 * property.c - random carts under random rules, against a second computation of every figure.
 *
 * The model here shares no arithmetic with the library: products and quotients are those of
 * base/schoolbook.h. It follows the library only where there is a choice that no rule decides: how
 * a discount's spare cents lie on the lines; of those it checks bounds and sums. EC_CARTS=1000000
 * asks for so many carts, EC_SEED=number for others.
 */
#include "base/schoolbook.h"
#include "harness/cases_inside.h"

#include <inttypes.h>

enum { LINES = 12, PROMOTIONS = 5, RATES = 3, CARTS_OF_A_RULE_SET = 500 };

typedef enum kind { PERCENT, AMOUNT, ORDER_PERCENT, ORDER_AMOUNT, SHIPPING, KINDS } kind;

typedef struct offer {
    kind kind;
    ec_id id;
    int64_t rate;   /* millionths */
    int64_t amount; /* minor units; cap of a percentage, 0: none */
    ec_id brand;    /* 0: all */
    int64_t units;  /* in the cart at least */
} offer;

typedef struct rule_set {
    case_file *file;
    ec_rules rules, more; /* more: the same with an offer behind the others */
    offer offers[PROMOTIONS + 1];
    size_t count;
    int64_t rates[RATES];
    size_t rates_count;
    bool included, fee_taxed;
    int64_t fee;
} rule_set;

/* The cart as the model sees it. */
typedef struct model {
    const rule_set *set;
    const ec_pricing *in;
    const ec_quote *quote;
    int64_t left[LINES], floor[LINES];
    int64_t units, fee;
} model;

static int64_t scaled(int64_t amount, int64_t by, int64_t of, ec_rounding mode)
{
    int64_t out = 0;
    assert_int_equal(schoolbook_divide(amount, by, of, mode, &out), EC_OK);
    return out;
}

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* ---- what the quote says ---- */

/* What a promotion took off a line (or the fee: 0), by the quote. */
static int64_t taken(const model *m, ec_id promotion, int64_t line)
{
    char source[40];
    int64_t sum = 0;
    snprintf(source, sizeof source, "promotion:%" PRId64, promotion);
    for (size_t i = 0; i < m->quote->adjustments_count; i++) {
        const ec_quote_adjustment *a = &m->quote->adjustments[i];
        if (a->line == line && strcmp(a->source, source) == 0) sum -= a->amount;
    }
    return sum;
}

/* ---- promotions ---- */

static bool is_for(const model *m, const offer *o, size_t line)
{
    return o->brand == 0 || m->in->lines[line].brand_id == o->brand;
}

static void take_units(model *m, const offer *o)
{
    for (size_t i = 0; i < m->in->lines_count; i++) {
        const ec_pricing_line *line = &m->in->lines[i];
        if (!is_for(m, o, i)) continue;
        int64_t each = o->kind == PERCENT
                           ? scaled(line->price, o->rate, 1000000, m->in->policy->rounding)
                           : least(o->amount, line->price);
        int64_t wanted = least(each * line->quantity, m->left[i] - m->floor[i]);
        wanted = wanted < 0 ? 0 : wanted;
        assert_int_equal(taken(m, o->id, (int64_t)i + 1), wanted);
        m->left[i] -= wanted;
    }
}

static void take_order(model *m, const offer *o)
{
    int64_t base = 0, room = 0, shared = 0;
    bool floors = false;
    for (size_t i = 0; i < m->in->lines_count; i++) {
        if (!is_for(m, o, i)) continue;
        base += m->left[i];
        room += m->left[i] > m->floor[i] ? m->left[i] - m->floor[i] : 0;
        floors = floors || m->floor[i] > 0;
    }
    int64_t wanted = o->kind == ORDER_PERCENT
                         ? scaled(base, o->rate, 1000000, m->in->policy->rounding)
                         : o->amount;
    if (o->kind == ORDER_PERCENT && o->amount > 0) wanted = least(wanted, o->amount);
    wanted = least(wanted, room);
    for (size_t i = 0; i < m->in->lines_count; i++) {
        int64_t share = taken(m, o->id, (int64_t)i + 1);
        if (!is_for(m, o, i)) {
            assert_int_equal(share, 0);
            continue;
        }
        assert_true(share >= 0 && share <= m->left[i] - least(m->floor[i], m->left[i]));
        if (!floors && base > 0) {
            assert_true(share >= scaled(wanted, m->left[i], base, EC_ROUND_DOWN));
            assert_true(share <= scaled(wanted, m->left[i], base, EC_ROUND_UP));
        }
        shared += share;
    }
    assert_int_equal(shared, wanted);
    for (size_t i = 0; i < m->in->lines_count; i++)
        m->left[i] -= taken(m, o->id, (int64_t)i + 1);
}

static void take_fee(model *m, const offer *o)
{
    int64_t wanted = least(scaled(m->set->fee, o->rate, 1000000, m->in->policy->rounding), m->fee);
    assert_int_equal(taken(m, o->id, 0), wanted);
    m->fee -= wanted;
}

static void take(model *m, const offer *o)
{
    if (m->units < o->units) {
        for (size_t i = 0; i <= m->in->lines_count; i++)
            assert_int_equal(taken(m, o->id, (int64_t)i), 0);
        return;
    }
    switch (o->kind) {
    case PERCENT:
    case AMOUNT: take_units(m, o); break;
    case ORDER_PERCENT:
    case ORDER_AMOUNT: take_order(m, o); break;
    case SHIPPING: take_fee(m, o); break;
    case KINDS: break;
    }
}

/* ---- taxes ---- */

static int64_t all_rates(const rule_set *set)
{
    int64_t sum = 0;
    for (size_t i = 0; i < set->rates_count; i++)
        sum += set->rates[i];
    return sum;
}

static int64_t tax_of(const model *m, int64_t base, int64_t rate)
{
    int64_t of = 1000000 + (m->set->included ? all_rates(m->set) : 0);
    return scaled(base, rate, of, m->in->policy->tax_rounding);
}

/* The line's tax of one rate, by its level. */
static int64_t line_tax(const model *m, int64_t base, int64_t quantity, int64_t rate)
{
    if (m->in->policy->tax_level != EC_TAX_LEVEL_UNIT) return tax_of(m, base, rate);
    int64_t each = base / quantity, more = base % quantity;
    return (quantity - more) * tax_of(m, each, rate) + more * tax_of(m, each + 1, rate);
}

static int64_t base_of(const model *m, size_t line)
{
    return m->in->policy->tax_before_discounts
               ? m->in->lines[line].price * m->in->lines[line].quantity
               : m->left[line];
}

static void check_taxes(const model *m)
{
    const rule_set *set = m->set;
    ec_tax_level level = m->in->policy->tax_level;
    int64_t fee = m->in->policy->tax_before_discounts ? set->fee : m->fee;
    int64_t base = set->fee_taxed ? fee : 0, sum = 0;
    for (size_t i = 0; i < m->in->lines_count; i++)
        base += base_of(m, i);
    for (size_t r = 0; r < set->rates_count; r++) {
        int64_t wanted = set->fee_taxed ? tax_of(m, fee, set->rates[r]) : 0;
        for (size_t i = 0; i < m->in->lines_count; i++)
            wanted += line_tax(m, base_of(m, i), m->in->lines[i].quantity, set->rates[r]);
        if (level == EC_TAX_LEVEL_RATE) wanted = tax_of(m, base, set->rates[r]);
        sum += wanted;
    }
    if (level == EC_TAX_LEVEL_ORDER) sum = tax_of(m, base, all_rates(set));
    assert_int_equal(set->included ? m->quote->tax_included : m->quote->tax_amount, sum);
    assert_int_equal(set->included ? m->quote->tax_amount : m->quote->tax_included, 0);
    int64_t by_rate = 0;
    for (size_t i = 0; i < m->quote->taxes_count; i++)
        by_rate += m->quote->taxes[i].amount;
    assert_int_equal(by_rate, sum);
}

/* ---- one cart ---- */

static void check(const rule_set *set, const ec_pricing *in, const ec_quote *quote)
{
    model m = {.set = set, .in = in, .quote = quote, .fee = set->fee};
    int64_t subtotal = 0, left = 0;
    for (size_t i = 0; i < in->lines_count; i++) {
        m.left[i] = in->lines[i].price * in->lines[i].quantity;
        m.floor[i] = in->lines[i].minimum_price * in->lines[i].quantity;
        m.units += in->lines[i].quantity;
        subtotal += m.left[i];
    }
    for (size_t i = 0; i < set->count; i++)
        take(&m, &set->offers[i]);
    for (size_t i = 0; i < in->lines_count; i++)
        left += m.left[i];
    assert_int_equal(quote->subtotal, subtotal);
    assert_int_equal(quote->discount_amount, subtotal - left);
    assert_int_equal(quote->shipping_amount, m.fee);
    check_taxes(&m);
    assert_int_equal(quote->total_amount, left + m.fee + quote->tax_amount);
}

static int64_t total_of_variant(const ec_quote *quote, ec_id variant)
{
    for (size_t i = 0; i < quote->lines_count; i++)
        if (quote->lines[i].variant_id == variant) return quote->lines[i].total;
    fail_msg("variant %" PRId64 " is not there", variant);
    return 0;
}

static const ec_quote *quote_of(ec_arena *arena, const ec_rules *rules, const ec_pricing *in)
{
    ec_quote *quote = NULL;
    assert_int_equal(ec_price_compute(arena, rules, in, &quote, NULL), EC_OK);
    return quote;
}

static void shuffle(ec_pricing_line *lines, size_t count)
{
    for (size_t i = count; i > 1; i--) {
        size_t at = (size_t)world_pick((int64_t)i);
        ec_pricing_line line = lines[i - 1];
        lines[i - 1] = lines[at];
        lines[at] = line;
    }
}

static void make_cart(ec_pricing_line *lines, size_t *count)
{
    *count = 1 + (size_t)world_pick(LINES);
    bool floors = world_pick(4) == 0;
    for (size_t i = 0; i < *count; i++) {
        static const int64_t ends[] = {1, 100, 10000, 1000000};
        int64_t price = world_pick(ends[world_pick(4)]);
        lines[i] = (ec_pricing_line){
            .product_id = (ec_id)i + 1,
            .variant_id = (ec_id)i + 100,
            .brand_id = 1 + world_pick(3),
            .quantity = 1 + world_pick(world_pick(3) == 0 ? 1000 : 5),
            .price = price,
            .minimum_price = floors && world_pick(2) == 0 ? world_pick(price + 1) : 0,
            .sku = "S",
            .name = "S",
            .taxable = true,
            .requires_shipping = true,
        };
    }
}

static void try_cart(const rule_set *set, ec_arena *arena)
{
    ec_pricing_line lines[LINES];
    ec_pricing in = set->file->in;
    make_cart(lines, &in.lines_count);
    in.lines = lines;
    const ec_quote *quote = quote_of(arena, &set->rules, &in);
    check(set, &in, quote);
    const ec_quote *cheaper = quote_of(arena, &set->more, &in);
    assert_true(cheaper->total_amount <= quote->total_amount);
    shuffle(lines, in.lines_count);
    const ec_quote *again = quote_of(arena, &set->rules, &in);
    assert_int_equal(again->total_amount, quote->total_amount);
    assert_int_equal(again->tax_included, quote->tax_included);
    for (size_t i = 0; i < in.lines_count; i++)
        assert_int_equal(total_of_variant(again, lines[i].variant_id),
                         total_of_variant(quote, lines[i].variant_id));
}

/* ---- rule sets ---- */

static const char *text_of(case_file *c, const offer *o)
{
    const char *on =
        o->brand == 0 ? "" : ec_arena_printf(&c->arena, ", on: brand = %" PRId64, o->brand);
    long long percent = (long long)(o->rate / 10000), part = (long long)(o->rate % 10000);
    switch (o->kind) {
    case PERCENT:
        return ec_arena_printf(&c->arena, "percent_off(%lld.%04lld%%%s)", percent, part, on);
    case AMOUNT: return ec_arena_printf(&c->arena, "amount_off(%" PRId64 " CLP%s)", o->amount, on);
    case ORDER_PERCENT:
        return ec_arena_printf(
            &c->arena, "order_percent_off(%lld.%04lld%%%s%s)", percent, part, on,
            o->amount == 0 ? "" : ec_arena_printf(&c->arena, ", cap: %" PRId64 " CLP", o->amount));
    case ORDER_AMOUNT:
        return ec_arena_printf(&c->arena, "order_amount_off(%" PRId64 " CLP%s)", o->amount, on);
    case SHIPPING:
        return ec_arena_printf(&c->arena, "shipping_percent_off(%lld.%04lld%%)", percent, part);
    case KINDS: break;
    }
    return "";
}

static void make_offer(case_file *c, offer *o, size_t at)
{
    static const int64_t amounts[] = {1, 10, 999, 50000};
    static const int64_t rates[] = {10000, 50000, 100000, 125000, 333333, 500000, 999999, 1000000};
    *o = (offer){
        .kind = (kind)world_pick(KINDS),
        .id = (ec_id)at + 1,
        .rate = rates[world_pick(8)],
        .amount = amounts[world_pick(4)],
        .brand = world_pick(2) == 0 ? 0 : 1 + world_pick(3),
        .units = world_pick(3) == 0 ? world_pick(30) : 0,
    };
    if (o->kind == ORDER_PERCENT && world_pick(2) == 0) o->amount = 0;
    case_promotion *p = &c->promotions[c->promotions_count++];
    *p = (case_promotion){.rule = {.id = o->id, .name = "offer", .priority = 100 - (int64_t)at}};
    p->condition = ec_arena_printf(&c->arena, "units() >= %" PRId64, o->units);
    p->actions = text_of(c, o);
}

static void make_policy(case_file *c)
{
    c->policy = (ec_policy){
        .rounding = (ec_rounding)world_pick(7),
        .tax_level = (ec_tax_level)world_pick(4),
        .tax_rounding = (ec_rounding)world_pick(7),
        .tax_before_discounts = world_pick(5) == 0,
    };
}

static void make_rates(case_file *c, rule_set *set)
{
    static const int64_t rates[] = {0, 19999, 70000, 98750, 190000, 210000};
    set->rates_count = (size_t)world_pick(RATES + 1);
    set->included = world_pick(2) == 0;
    c->zones[c->zones_count++] =
        (case_zone){.id = 1, .members = {"country:CL"}, .members_count = 1};
    c->in.default_tax_zone_id = 1;
    for (size_t i = 0; i < set->rates_count; i++) {
        set->rates[i] = rates[world_pick(6)];
        c->rates[c->rates_count++] = (case_rate_row){.id = (ec_id)i + 1,
                                                     .zone_id = 1,
                                                     .name = "rate",
                                                     .category = "standard",
                                                     .rate = set->rates[i],
                                                     .included = set->included};
    }
    /* several included taxes that all go up could come to more than the price, and are bounded */
    bool up = c->policy.tax_rounding == EC_ROUND_UP || c->policy.tax_rounding == EC_ROUND_CEILING;
    if (set->included && set->rates_count > 1 && up) c->policy.tax_rounding = EC_ROUND_HALF_UP;
    set->fee = world_pick(2) == 0 ? 0 : world_pick(5000);
    set->fee_taxed = world_pick(2) == 0;
    c->methods[c->methods_count++] =
        (case_method){.id = 1,
                      .code = "post",
                      .calculator = ec_arena_printf(&c->arena, "flat(%" PRId64 " CLP)", set->fee),
                      .tax = set->fee_taxed ? "standard" : "none"};
}

static void make_rule_set(case_file *c, rule_set *set)
{
    ec_arena arena = c->arena;
    ec_arena_reset(&arena);
    *c = (case_file){.path = "random", .name = "random", .arena = arena};
    *set = (rule_set){.file = c};
    c->in = (ec_pricing){.channel_id = 1,
                         .channel = "web",
                         .currency = "CLP",
                         .home_country = "CL",
                         .now = WORLD_START,
                         .policy = &c->policy,
                         .shipping_amount = -1};
    make_policy(c);
    make_rates(c, set);
    set->count = (size_t)world_pick(PROMOTIONS + 1);
    for (size_t i = 0; i < set->count; i++)
        make_offer(c, &set->offers[i], i);
    assert_true(case_rules(c, &set->rules));
    make_offer(c, &set->offers[set->count], set->count);
    assert_true(case_rules(c, &set->more));
}

static void carts__come_to_what_a_second_computation_says(void **state)
{
    (void)state;
    static case_file file;
    static rule_set set;
    const char *seed = getenv("EC_SEED"), *carts = getenv("EC_CARTS");
    long long count = carts == NULL ? 100000 : strtoll(carts, NULL, 10);
    ec_arena arena;
    world_seed(seed == NULL ? 3 : strtoull(seed, NULL, 10));
    ec_arena_init(&arena, world_platform());
    ec_arena_init(&file.arena, world_platform());
    for (long long i = 0; i < count; i++) {
        if (i % CARTS_OF_A_RULE_SET == 0) make_rule_set(&file, &set);
        ec_arena_reset(&arena);
        try_cart(&set, &arena);
    }
    ec_arena_clear(&arena);
    ec_arena_clear(&file.arena);
    print_message("%lld carts\n", count);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(carts__come_to_what_a_second_computation_says)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
