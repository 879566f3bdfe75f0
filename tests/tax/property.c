/* SPDX-License-Identifier: MIT */
/*
 * Random carts, rates and policies against the same taxes computed once more as on paper: plain
 * fractions over one denominator, remainders picked one by one. Moving the lines moves no cent.
 */
#include "tax/desk.h"

__extension__ typedef __int128 wide;

#define ROUNDS 100000
#define ITEMS 32
#define COLUMNS 3

/* ---- chance ---- */

static uint64_t chance_state;

static int64_t chance(int64_t below)
{
    chance_state ^= chance_state << 13;
    chance_state ^= chance_state >> 7;
    chance_state ^= chance_state << 17;
    return (int64_t)((chance_state >> 11) % (uint64_t)below);
}

/* ---- the second computation ---- */

static int64_t paper_round(wide part, wide whole, ec_rounding mode)
{
    wide quotient = part / whole, rest = part % whole;
    bool up = false;
    switch (mode) {
    case EC_ROUND_HALF_UP: up = rest * 2 >= whole; break;
    case EC_ROUND_HALF_DOWN: up = rest * 2 > whole; break;
    case EC_ROUND_HALF_EVEN:
        up = rest * 2 > whole || (rest * 2 == whole && quotient % 2 == 1);
        break;
    case EC_ROUND_UP:
    case EC_ROUND_CEILING: up = rest > 0; break;
    case EC_ROUND_DOWN:
    case EC_ROUND_FLOOR: break;
    }
    return (int64_t)quotient + up;
}

typedef struct paper_item {
    size_t line; /* of the desk, or EC_TAX_FEE */
    int64_t base, quantity, net;
    int64_t price; /* base before the tax at home was taken out */
    int64_t left;  /* what is paid */
    ec_id variant;
    int64_t tax[COLUMNS];
} paper_item;

/* A category: its rates as numbers over the same whole, and its items. */
typedef struct paper_group {
    const char *name;
    const ec_tax_rule *rules[COLUMNS];
    bool included[COLUMNS];
    wide tax[COLUMNS];
    wide whole; /* of a price with the included taxes */
    wide inside;
    size_t columns, count;
    paper_item items[ITEMS];
} paper_group;

static void paper_rates(const desk *d, ec_id zone, bool net, wide one, paper_group *g)
{
    g->columns = 0;
    g->inside = 0;
    for (size_t i = 0; i < d->rules.taxes.rates_count; i++) {
        const ec_tax_rule *rule = &d->rates[i]; /* sorted by priority and id */
        if (rule->zone_id != zone || strcmp(rule->category, g->name) != 0) continue;
        wide base = one;
        for (size_t k = 0; k < g->columns && rule->compound; k++)
            if (g->rules[k]->priority < rule->priority) base += g->tax[k];
        g->rules[g->columns] = rule;
        g->included[g->columns] = rule->included && !net;
        g->tax[g->columns] = base * rule->rate / 1000000;
        assert_true(g->tax[g->columns] * 1000000 == base * rule->rate);
        if (g->included[g->columns]) g->inside += g->tax[g->columns];
        g->columns++;
    }
    g->whole = one + g->inside;
}

static int paper_before(const paper_item *a, const paper_item *b)
{
    if ((a->line == EC_TAX_FEE) != (b->line == EC_TAX_FEE)) return b->line == EC_TAX_FEE;
    if (a->variant != b->variant) return a->variant < b->variant;
    if (a->price != b->price) return a->price < b->price;
    if (a->quantity != b->quantity) return a->quantity < b->quantity;
    return a->left < b->left;
}

/* Has the price room for one more unit of included tax, as far as was computed? */
static bool paper_room(const paper_group *g, size_t column, const wide *rests, size_t item)
{
    int64_t room = g->items[item].base;
    for (size_t k = 0; k < g->columns; k++)
        if (g->included[k]) room -= g->items[item].tax[k];
    return !g->included[column] || (rests[item] > 0 && room > 0);
}

/* Those with room first, then the largest remainder, then by what is sold. */
static bool paper_is_next(const paper_group *g, size_t column, const wide *rests, size_t item,
                          size_t best)
{
    bool one = paper_room(g, column, rests, item), other = paper_room(g, column, rests, best);
    if (one != other) return one;
    if (rests[item] != rests[best]) return rests[item] > rests[best];
    return paper_before(&g->items[item], &g->items[best]);
}

/* Give what is missing of a sum to the largest remainders, one after the other. */
static void paper_share(paper_group *g, size_t column, int64_t sum)
{
    wide rests[ITEMS];
    for (size_t i = 0; i < g->count; i++) {
        wide exact = g->items[i].base * g->tax[column];
        g->items[i].tax[column] = (int64_t)(exact / g->whole);
        rests[i] = exact % g->whole;
        sum -= g->items[i].tax[column];
    }
    for (; sum > 0; sum--) {
        size_t best = 0;
        for (size_t i = 1; i < g->count; i++)
            if (paper_is_next(g, column, rests, i, best)) best = i;
        g->items[best].tax[column]++;
        rests[best] = -1;
    }
}

static wide paper_base(const paper_group *g)
{
    wide base = 0;
    for (size_t i = 0; i < g->count; i++)
        base += g->items[i].base;
    return base;
}

static void paper_order(paper_group *groups, size_t count, bool included, ec_rounding mode)
{
    wide whole = 1, sum = 0;
    int64_t sums[3 * COLUMNS] = {0};
    wide rests[3 * COLUMNS];
    for (size_t g = 0; g < count; g++)
        whole *= groups[g].whole;
    for (size_t g = 0; g < count; g++)
        for (size_t k = 0; k < groups[g].columns; k++) {
            size_t at = g * COLUMNS + k;
            rests[at] = -1;
            if (groups[g].included[k] != included) continue;
            wide exact = paper_base(&groups[g]) * groups[g].tax[k] * (whole / groups[g].whole);
            sum += exact;
            sums[at] = (int64_t)(exact / whole);
            rests[at] = exact % whole;
        }
    int64_t total = paper_round(sum, whole, mode);
    for (size_t g = 0; g < count; g++)
        for (size_t k = 0; k < groups[g].columns; k++)
            if (groups[g].included[k] == included) total -= sums[g * COLUMNS + k];
    for (; total > 0; total--) {
        size_t best = SIZE_MAX;
        for (size_t g = 0; g < count; g++)
            for (size_t k = 0; k < groups[g].columns; k++) {
                size_t at = g * COLUMNS + k;
                if (rests[at] >= 0 && (best == SIZE_MAX || rests[at] > rests[best])) best = at;
            }
        sums[best]++;
        rests[best] = -1;
    }
    for (size_t g = 0; g < count; g++)
        for (size_t k = 0; k < groups[g].columns; k++)
            if (groups[g].included[k] == included)
                paper_share(&groups[g], k, sums[g * COLUMNS + k]);
}

static void paper_column(paper_group *g, size_t column, ec_tax_level level, ec_rounding mode)
{
    if (level == EC_TAX_LEVEL_RATE) {
        paper_share(g, column, paper_round(paper_base(g) * g->tax[column], g->whole, mode));
        return;
    }
    for (size_t i = 0; i < g->count; i++) {
        paper_item *item = &g->items[i];
        int64_t units = level == EC_TAX_LEVEL_UNIT ? item->quantity : 1, sum = 0;
        for (int64_t n = 0; n < units; n++) {
            wide base = item->base / units + (n < item->base % units);
            sum += paper_round(base * g->tax[column], g->whole, mode);
        }
        item->tax[column] = sum;
    }
}

static void paper_taxes(paper_group *groups, size_t count, const ec_policy *policy)
{
    for (size_t g = 0; g < count; g++)
        for (size_t k = 0; k < groups[g].columns; k++) {
            ec_tax_level level = policy->tax_level;
            if (groups[g].rules[k]->calculator == EC_TAX_SUM && level < EC_TAX_LEVEL_RATE)
                level = level == EC_TAX_LEVEL_UNIT ? EC_TAX_LEVEL_LINE : EC_TAX_LEVEL_RATE;
            if (level != EC_TAX_LEVEL_ORDER)
                paper_column(&groups[g], k, level, policy->tax_rounding);
        }
    if (policy->tax_level == EC_TAX_LEVEL_ORDER) {
        paper_order(groups, count, true, policy->tax_rounding);
        paper_order(groups, count, false, policy->tax_rounding);
    }
    for (size_t g = 0; g < count; g++)
        for (size_t i = 0; i < groups[g].count; i++) {
            paper_item *item = &groups[g].items[i];
            item->net = item->base;
            for (size_t k = 0; k < groups[g].columns; k++) {
                if (!groups[g].included[k]) continue;
                if (item->tax[k] > item->net) item->tax[k] = item->net;
                item->net -= item->tax[k];
            }
        }
}

/* What lines and, behind them, the fee have in the end. */
typedef struct paper_sums {
    int64_t added[DESK_LINES + 1], included[DESK_LINES + 1], left[DESK_LINES + 1];
} paper_sums;

static void paper_apply(const desk *d, const paper_group *g, bool home, paper_sums *sums)
{
    bool none = d->in.customer.tax_exempt || d->in.customer.reverse_charge;
    for (size_t i = 0; i < g->count; i++) {
        const paper_item *item = &g->items[i];
        size_t at = item->line == EC_TAX_FEE ? d->in.lines_count : item->line;
        for (size_t k = 0; k < g->columns; k++) {
            if (home || none) {
                if (!g->included[k] || (none && d->policy.exempt_pays_gross)) continue;
                int64_t out = item->tax[k] < sums->left[at] ? item->tax[k] : sums->left[at];
                sums->left[at] -= out;
                sums->added[at] -= out;
            } else if (g->included[k]) {
                sums->included[at] += item->tax[k];
            } else {
                sums->added[at] += item->tax[k];
            }
        }
    }
}

static const char *const names[] = {"a", "b", "standard"};

static void paper_lines(const desk *d, paper_group groups[3], paper_sums *sums)
{
    for (size_t i = 0; i < d->in.lines_count; i++) {
        const ec_pricing_line *line = &d->lines[i];
        int64_t price = line->price * line->quantity;
        int64_t left = price - d->unit_discount[i] - d->order_discount[i];
        sums->left[i] = left;
        for (size_t g = 0; g < 3 && line->taxable; g++)
            if (strcmp(line->tax_category ? line->tax_category : "standard", names[g]) == 0)
                groups[g].items[groups[g].count++] =
                    (paper_item){.line = i,
                                 .base = d->policy.tax_before_discounts ? price : left,
                                 .quantity = line->quantity,
                                 .left = left,
                                 .variant = line->variant_id};
    }
}

static void paper_fee(const desk *d, paper_group groups[3], paper_sums *sums)
{
    int64_t fee = d->fee - d->fee_discount, weights[4] = {0}, sum = 0, parts[4] = {0}, given = 0;
    int64_t base = d->policy.tax_before_discounts ? d->fee : fee;
    sums->left[d->in.lines_count] = fee;
    if (d->fee == 0) return;
    for (size_t i = 0; i < d->in.lines_count; i++) {
        size_t g = 0;
        const char *category = d->lines[i].tax_category ? d->lines[i].tax_category : "standard";
        while (g < 2 && strcmp(category, names[g]) != 0)
            g++;
        weights[d->lines[i].taxable ? g : 3] += sums->left[i];
        sum += sums->left[i];
    }
    if (d->policy.shipping_tax == EC_SHIPPING_TAX_OWN || sum == 0) {
        size_t g = d->fee_category == NULL ? 2 : 0;
        groups[g].items[groups[g].count++] =
            (paper_item){.line = EC_TAX_FEE, .base = base, .quantity = 1};
        return;
    }
    for (size_t g = 0; g < 4; g++)
        given += parts[g] = (int64_t)((wide)base * weights[g] / sum);
    for (; given < base; given++) {
        size_t best = SIZE_MAX;
        for (size_t g = 0; g < 4; g++)
            if ((int64_t)((wide)base * weights[g] / sum) == parts[g] &&
                (best == SIZE_MAX ||
                 (wide)base * weights[g] % sum > (wide)base * weights[best] % sum))
                best = g;
        parts[best]++;
    }
    for (size_t g = 0; g < 3; g++)
        if (weights[g] > 0)
            groups[g].items[groups[g].count++] =
                (paper_item){.line = EC_TAX_FEE, .base = parts[g], .quantity = 1};
}

static void paper(const desk *d, paper_sums *sums)
{
    static paper_group groups[3], home[3];
    bool none = d->in.customer.tax_exempt || d->in.customer.reverse_charge;
    wide one = d->policy.tax_level == EC_TAX_LEVEL_ORDER ? 100 : (wide)1000000000 * 1000000000;
    memset(sums, 0, sizeof *sums);
    memset(groups, 0, sizeof groups);
    for (size_t g = 0; g < 3; g++)
        groups[g].name = names[g];
    paper_lines(d, groups, sums);
    paper_fee(d, groups, sums);
    for (size_t g = 0; g < 3; g++)
        for (size_t i = 0; i < groups[g].count; i++)
            groups[g].items[i].price = groups[g].items[i].base;
    memcpy(home, groups, sizeof home);
    bool leave = d->policy.tax_keep == EC_TAX_KEEP_NET && d->quote.tax_zone_id == 1 &&
                 d->in.default_tax_zone_id == 2 && !(none && d->policy.exempt_pays_gross);
    if (leave) {
        for (size_t g = 0; g < 3; g++)
            paper_rates(d, 2, false, one, &home[g]);
        paper_taxes(home, 3, &d->policy);
    }
    for (size_t g = 0; g < 3; g++) {
        for (size_t i = 0; leave && i < groups[g].count; i++)
            groups[g].items[i].base = home[g].items[i].net;
        paper_rates(d, 1, leave && home[g].inside > 0, one, &groups[g]);
    }
    paper_taxes(groups, 3, &d->policy);
    for (size_t g = 0; g < 3; g++) {
        if (leave) paper_apply(d, &home[g], true, sums);
        paper_apply(d, &groups[g], false, sums);
    }
}

/* ---- random shops ---- */

static void random_rates(desk *d, ec_id zone)
{
    bool whole = d->policy.tax_level == EC_TAX_LEVEL_ORDER;
    for (size_t g = 0; g < 3; g++)
        for (int64_t n = chance(COLUMNS + 1); n > 0; n--) {
            int64_t rate = whole ? 10000 * chance(31) : 125 * chance(2400);
            ec_tax_rule *rule = desk_rate(d, names[g], rate, chance(2) == 0);
            rule->zone_id = zone;
            rule->priority = chance(3);
            rule->compound = !whole && chance(3) == 0;
            rule->calculator = chance(4) == 0 ? EC_TAX_SUM : EC_TAX_EACH;
        }
}

static int64_t random_amount(void)
{
    static const int64_t below[] = {3, 100, 10000, 100000000};
    return chance(below[chance(4)]);
}

static void random_policy(desk *d)
{
    d->policy.tax_level = (ec_tax_level)chance(4);
    d->policy.tax_rounding = (ec_rounding)chance(7);
    d->policy.tax_keep = (ec_tax_keep)chance(2);
    d->policy.shipping_tax = (ec_shipping_tax)chance(2);
    d->policy.tax_before_discounts = chance(4) == 0;
    d->policy.exempt_pays_gross = chance(3) == 0;
    d->in.customer.tax_exempt = chance(8) == 0;
    d->in.customer.reverse_charge = chance(8) == 0;
    d->in.default_tax_zone_id = 1 + chance(2);
    d->address.country = "CL";
}

static void random_cart(desk *d)
{
    int64_t lines = 1 + chance(12);
    for (int64_t i = 0; i < lines; i++) {
        const char *category = chance(3) == 0 ? NULL : names[chance(3)];
        ec_pricing_line *line = desk_line(d, category, random_amount(), 1 + chance(9));
        int64_t left = line->price * line->quantity;
        line->taxable = chance(10) > 0;
        if (chance(3) == 0) line->variant_id = 11 + chance(4);
        d->unit_discount[i] = chance(2) * chance(left + 1);
        d->order_discount[i] = chance(2) * chance(left - d->unit_discount[i] + 1);
    }
    d->fee = chance(2) * random_amount();
    d->fee_discount = chance(2) * chance(d->fee + 1);
    d->fee_category = chance(2) == 0 ? "a" : NULL;
}

static void random_desk(desk *d)
{
    desk_open(d);
    desk_country(d, 1, "CL");
    desk_country(d, 2, "AR");
    random_policy(d);
    random_rates(d, 1);
    random_rates(d, 2);
    random_cart(d);
}

static void check(const desk *d, int round)
{
    paper_sums sums;
    size_t fee = d->in.lines_count;
    paper(d, &sums);
    for (size_t i = 0; i < fee; i++) {
        const ec_pricing_state *line = &d->work.lines[i];
        if (line->tax_added != sums.added[i] || line->tax_included != sums.included[i])
            fail_msg("round %d line %zu: added %lld for %lld, included %lld for %lld", round, i,
                     (long long)line->tax_added, (long long)sums.added[i],
                     (long long)line->tax_included, (long long)sums.included[i]);
        assert_true(line->tax_added >= -ec_pricing_left(line));
        expect_line(d, (int64_t)i + 1, sums.added[i], sums.included[i]);
    }
    expect_fee(d, sums.added[fee], sums.included[fee]);
}

/* The invoice's rows add up to what the lines and the fee have. */
static void check_rows(const desk *d)
{
    int64_t rows = 0, cells = 0;
    for (size_t i = 0; i < d->quote.taxes_count; i++) {
        rows += d->quote.taxes[i].amount;
        assert_true(d->quote.taxes[i].base >= 0);
    }
    for (size_t i = 0; i < d->quote.adjustments_count; i++) {
        const ec_quote_adjustment *one = &d->quote.adjustments[i];
        if (one->kind == EC_ADJUST_TAX && strncmp(one->source, "tax_rate", 8) == 0)
            cells += one->amount;
    }
    assert_int_equal(rows, cells);
}

/* The same cart from its end: every line keeps its taxes, or swaps them with one that is the same
   in everything. */
static void check_turned(const desk *d, desk *turned)
{
    size_t count = d->in.lines_count;
    int64_t sum = 0, other = 0;
    *turned = *d;
    turned->rules.taxes.zones = turned->zones;
    turned->rules.taxes.rates = turned->rates;
    turned->in.policy = &turned->policy;
    turned->in.lines = turned->lines;
    ec_arena_init(&turned->arena, &turned->platform);
    for (size_t i = 0; i < count; i++) {
        turned->lines[i] = d->lines[count - 1 - i];
        turned->unit_discount[i] = d->unit_discount[count - 1 - i];
        turned->order_discount[i] = d->order_discount[count - 1 - i];
    }
    desk_tax(turned);
    for (size_t i = 0; i < count; i++) {
        const ec_pricing_state *a = &d->work.lines[i], *b = &turned->work.lines[count - 1 - i];
        bool twin = false;
        for (size_t k = 0; k < count; k++)
            twin |= k != i && d->lines[k].variant_id == d->lines[i].variant_id;
        sum += a->tax_added * 3 + a->tax_included;
        other += b->tax_added * 3 + b->tax_included;
        if (twin) continue;
        assert_int_equal(a->tax_added, b->tax_added);
        assert_int_equal(a->tax_included, b->tax_included);
    }
    assert_int_equal(sum, other);
    ec_arena_clear(&turned->arena);
}

static void taxes__are_those_of_the_second_computation(void **state)
{
    (void)state;
    static desk d, turned;
    chance_state = UINT64_C(20261124);
    for (int round = 0; round < ROUNDS; round++) {
        random_desk(&d);
        desk_tax(&d);
        check(&d, round);
        check_rows(&d);
        check_turned(&d, &turned);
        desk_close(&d);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(taxes__are_those_of_the_second_computation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
