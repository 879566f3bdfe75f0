/* SPDX-License-Identifier: MIT */
/*
 * laws.c - what holds of promotions whatever they are: random carts under random ones of all
 * actions, lanes, limits and flags.
 *
 * No line and no fee gives more than it has, minimum prices stand, budgets are kept, every cent of
 * a promotion has its adjustment, each that did not apply says why, the order of the lines changes
 * nothing, not even which line gives what, and one more promotion behind all others never makes a
 * cart dearer. EC_CARTS=number asks for more carts, EC_SEED=number for others.
 */
#include "harness/cases_inside.h"

#include <inttypes.h>
#include <stdlib.h>

enum { LINES = 7, PROMOTIONS = 6, CARTS = 6000 };

static case_file the_file; /* too large for the stack */
static ec_arena arena;     /* of the computation */

static int64_t of_environment(const char *name, int64_t missing)
{
    const char *text = getenv(name);
    return text == NULL ? missing : strtoll(text, NULL, 10);
}

static bool maybe(int64_t one_in)
{
    return world_pick(one_in) == 0;
}

/* ---- carts ---- */

static int64_t scale; /* 1, or so much that a cart comes close to EC_AMOUNT_MAX */

static const char *money(case_file *c, int64_t amount)
{
    return ec_arena_printf(&c->arena, "%" PRId64, amount * scale);
}

static void deal_line(case_file *c, ec_pricing_line *line, ec_id id)
{
    static const char *const tags[] = {"both"};
    *line = (ec_pricing_line){.variant_id = id,
                              .product_id = id,
                              .brand_id = 1 + world_pick(3),
                              .sku = "S",
                              .name = "S",
                              .price = scale * world_pick(maybe(3) ? 12 : 900),
                              .quantity = 1 + world_pick(4),
                              .taxable = true,
                              .tax_category = maybe(2) ? "food" : "standard",
                              .tags = tags,
                              .tags_count = maybe(3) ? 1 : 0,
                              .fixed = maybe(12),
                              .requires_shipping = true};
    if (maybe(3)) line->minimum_price = world_pick(line->price + 1);
    if (maybe(5)) line->original_price = line->price + world_pick(50);
    (void)c;
}

static void deal_rates(case_file *c)
{
    c->zones[0] = (case_zone){.id = 1, .members = {"country:CL"}, .members_count = 1};
    c->zones_count = 1;
    c->rates[0] =
        (case_rate_row){.id = 1, .zone_id = 1, .name = "A", .category = "standard", .rate = 190000};
    c->rates[1] =
        (case_rate_row){.id = 2, .zone_id = 1, .name = "B", .category = "food", .rate = 70000};
    c->rates_count = 2;
    c->in.default_tax_zone_id = 1;
    c->methods[0] = (case_method){.id = 1, .code = "post", .calculator = "flat(700 CLP)"};
    c->methods_count = 1;
}

static void deal_policy(ec_policy *policy)
{
    *policy = (ec_policy){.exclusion = (ec_exclusion)world_pick(3),
                          .stacking = maybe(6) ? EC_STACKING_BEST : EC_STACKING_ALL,
                          .percent_base = (ec_percent_base)world_pick(2),
                          .discount_shares = (ec_allocation)world_pick(3),
                          .rounding = (ec_rounding)world_pick(7)};
}

/* ---- promotions ---- */

static const char *deal_filter(void)
{
    static const char *const filters[] = {"",
                                          "",
                                          ", on: brand = 1",
                                          ", on: tag = both",
                                          ", on: brand in (2, 3) and not tag = both",
                                          ", on: price between 5 CLP and 400 CLP"};
    return filters[world_pick(6)];
}

static const char *deal_cap(case_file *c)
{
    return maybe(3) ? ec_arena_printf(&c->arena, ", cap: %s CLP", money(c, world_pick(300))) : "";
}

static const char *deal_action(case_file *c)
{
    int rate = (int)world_pick(101), n = 1 + (int)world_pick(3);
    int64_t amount = world_pick(400);
    const char *on = deal_filter(), *cap = deal_cap(c), *pick = maybe(2) ? "cheapest" : "dearest";
    ec_arena *a = &c->arena;
    switch (world_pick(17)) {
    case 0: return ec_arena_printf(a, "percent_off(%d%%%s%s)", rate, on, cap);
    case 1: return ec_arena_printf(a, "amount_off(%s CLP%s%s)", money(c, amount / 4), on, cap);
    case 2: return ec_arena_printf(a, "fixed_price(%s CLP%s)", money(c, amount), on);
    case 3: return ec_arena_printf(a, "order_percent_off(%d%%%s%s)", rate, on, cap);
    case 4: return ec_arena_printf(a, "order_amount_off(%s CLP%s)", money(c, amount), on);
    case 5:
        return ec_arena_printf(a, "buy_get(%d, %d%s, off: %d%%, pick: %s)", n,
                               1 + (int)world_pick(2), on, rate, pick);
    case 6:
        return ec_arena_printf(a, "buy_get(%d, 1, on: brand = 1, of: tag = both, pick: %s)", n,
                               pick);
    case 7: return ec_arena_printf(a, "nth_off(%d, %d%%%s, pick: %s)", n, rate, on, pick);
    case 8:
        return ec_arena_printf(a, "each_group_off(%d, %s CLP%s%s)", n, money(c, amount / 2), on,
                               cap);
    case 9:
        return ec_arena_printf(a, "bundle(%s CLP, of: brand = 1, of: brand = 2)", money(c, amount));
    case 10:
        return ec_arena_printf(a, "tiers_off([2: %d%%, 6: %d%%]%s%s)", rate / 4, rate / 2, on, cap);
    case 11: return ec_arena_printf(a, "tiers_off([300 CLP: %s CLP], by: total)", money(c, amount));
    case 12: return "gift(GIFT)";
    case 13: return "free_shipping()";
    case 14:
        return ec_arena_printf(a, "percent_off(%d%%%s, units: %d, pick: %s%s)", rate, on, n, pick,
                               cap);
    case 15: return ec_arena_printf(a, "shipping_percent_off(%d%%%s)", rate, cap);
    default: return ec_arena_printf(a, "shipping_amount_off(%s CLP)", money(c, amount));
    }
}

static void deal_flags(case_file *c, ec_promotion_rule *rule)
{
    static const char *const tags[] = {"x", "y"};
    rule->lane = world_pick(2);
    rule->priority = world_pick(3);
    rule->exclusive = maybe(10);
    rule->stops = maybe(12);
    rule->spares_discounted = maybe(6);
    rule->competes = maybe(3);
    rule->competes_by_line = rule->competes && maybe(2);
    rule->tags = &tags[world_pick(2)];
    rule->tags_count = maybe(2) ? 1 : 0;
    rule->combines_with = &tags[world_pick(2)];
    rule->combines_count = maybe(8) ? 1 : 0;
    if (!maybe(4) || c->in.usage_count == 16) return;
    rule->limited = true;
    c->usage[c->in.usage_count++] =
        (ec_pricing_usage){.promotion_id = rule->id, .budget_left = scale * world_pick(500)};
}

static void deal_promotion(case_file *c, bool plain)
{
    static const char *const conditions[] = {"", "", "units() >= 4", "total() < 900 CLP",
                                             "any(brand = 2)"};
    case_promotion *out = &c->promotions[c->promotions_count++];
    *out = (case_promotion){.rule = {.id = (ec_id)c->promotions_count, .name = "offer"}};
    out->condition = conditions[world_pick(5)];
    out->actions = maybe(4) ? ec_arena_printf(&c->arena, "%s; %s", deal_action(c), deal_action(c))
                            : deal_action(c);
    out->gifts[0] = (ec_pricing_line){
        .variant_id = 900, .sku = "GIFT", .name = "G", .price = 77, .quantity = 1, .taxable = true};
    out->rule.gifts_count = 1;
    if (plain)
        out->rule.lane = 9;
    else
        deal_flags(c, &out->rule);
}

static void deal(case_file *c)
{
    ec_arena kept = c->arena;
    ec_arena_reset(&kept);
    *c = (case_file){.path = "random", .name = "random", .arena = kept};
    c->in = (ec_pricing){.channel_id = 1,
                         .channel = "web",
                         .currency = "CLP",
                         .now = WORLD_START,
                         .shipping_amount = -1,
                         .policy = &c->policy,
                         .usage = c->usage,
                         .lines = c->lines};
    scale = maybe(4) ? INT64_C(30000000000) : 1;
    deal_policy(&c->policy);
    deal_rates(c);
    c->in.lines_count = 1 + (size_t)world_pick(LINES);
    for (size_t i = 0; i < c->in.lines_count; i++)
        deal_line(c, &c->lines[i], (ec_id)i + 1);
    for (int64_t i = 1 + world_pick(PROMOTIONS); i > 0; i--)
        deal_promotion(c, false);
}

/* ---- laws ---- */

static const char *told(const case_file *c)
{
    ec_arena *a = (ec_arena *)&c->arena;
    const char *text = "";
    for (size_t i = 0; i < c->promotions_count; i++) {
        const ec_promotion_rule *r = &c->promotions[i].rule;
        text = ec_arena_printf(a, "%s\n  %d lane %d priority %d%s%s%s%s: %s", text, (int)r->id,
                               (int)r->lane, (int)r->priority, r->exclusive ? " exclusive" : "",
                               r->stops ? " stops" : "", r->competes ? " competes" : "",
                               r->competes_by_line ? " by line" : "", c->promotions[i].actions);
    }
    return text;
}

#define LAW(c, holds)                                                                              \
    do {                                                                                           \
        if (!(holds)) fail_msg("%s%s", #holds, told(c));                                           \
    } while (0)

static ec_quote *quote_of(case_file *c)
{
    ec_quote *quote = NULL;
    ec_rules rules = {0};
    assert_true(case_rules(c, &rules));
    ec_status status = ec_price_compute(&arena, &rules, &c->in, &quote, NULL);
    LAW(c, status == EC_OK);
    return quote;
}

static void check_lines(const case_file *c, const ec_quote *quote)
{
    for (size_t i = 0; i < quote->lines_count; i++) {
        const ec_quote_line *line = &quote->lines[i];
        int64_t left = line->subtotal - line->order_discount;
        LAW(c, left >= 0 && line->unit_discount >= 0 && line->order_discount >= 0);
        LAW(c, !line->gift || left == 0);
        if (line->gift) continue;
        int64_t floor = c->lines[i].minimum_price * line->quantity;
        LAW(c, left >= floor);
        LAW(c, !c->lines[i].fixed || left == line->price);
    }
    LAW(c, quote->shipping_amount >= 0);
}

static int64_t taken_by(const ec_quote *quote, ec_id id)
{
    char source[40];
    int64_t sum = 0;
    snprintf(source, sizeof source, "promotion:%" PRId64, id);
    for (size_t i = 0; i < quote->adjustments_count; i++)
        if (strcmp(quote->adjustments[i].source, source) == 0) sum -= quote->adjustments[i].amount;
    return sum;
}

static void check_promotions(const case_file *c, const ec_quote *quote)
{
    for (size_t i = 0; i < quote->promotions_count; i++) {
        const ec_quote_promotion *row = &quote->promotions[i];
        LAW(c, row->amount == taken_by(quote, row->promotion_id));
        LAW(c, row->applied == (row->rule == NULL) && (row->message == NULL) == row->applied);
        LAW(c, row->applied == (row->amount > 0));
        for (size_t k = 0; k < c->in.usage_count; k++)
            LAW(c, c->usage[k].promotion_id != row->promotion_id ||
                       row->amount <= c->usage[k].budget_left);
    }
}

static const ec_quote_line *line_of(const ec_quote *quote, ec_id variant_id)
{
    for (size_t i = 0; i < quote->lines_count; i++)
        if (quote->lines[i].variant_id == variant_id && !quote->lines[i].gift)
            return &quote->lines[i];
    return NULL;
}

static void check_order(case_file *c, const ec_quote *quote)
{
    for (size_t i = c->in.lines_count - 1; i > 0; i--) {
        size_t k = (size_t)world_pick((int64_t)i + 1);
        ec_pricing_line swapped = c->lines[i];
        c->lines[i] = c->lines[k];
        c->lines[k] = swapped;
    }
    const ec_quote *other = quote_of(c);
    LAW(c, other->total_amount == quote->total_amount);
    for (size_t i = 0; i < c->in.lines_count; i++) {
        const ec_quote_line *one = line_of(quote, c->lines[i].variant_id);
        const ec_quote_line *two = line_of(other, c->lines[i].variant_id);
        LAW(c, one->total == two->total && one->order_discount == two->order_discount);
    }
    for (size_t i = 0; i < quote->promotions_count; i++)
        LAW(c, quote->promotions[i].amount == other->promotions[i].amount);
}

static int64_t taken_by_all(const ec_quote *quote)
{
    int64_t sum = 0;
    for (size_t i = 0; i < quote->promotions_count; i++)
        sum += quote->promotions[i].amount;
    return sum;
}

static void check_one_more(case_file *c, const ec_quote *quote)
{
    deal_promotion(c, true);
    const ec_quote *other = quote_of(c);
    LAW(c, taken_by_all(other) >= taken_by_all(quote));
    if (c->policy.stacking == EC_STACKING_BEST) return; /* another one may be the best */
    LAW(c, other->total_amount <= quote->total_amount);
    for (size_t i = 0; i < quote->promotions_count; i++)
        LAW(c, quote->promotions[i].amount == other->promotions[i].amount);
}

static void promotions__keep_their_laws(void **state)
{
    (void)state;
    case_file *c = &the_file;
    ec_arena_init(&arena, world_platform());
    ec_arena_init(&c->arena, world_platform());
    world_seed((uint64_t)of_environment("EC_SEED", 31));
    for (int64_t i = of_environment("EC_CARTS", CARTS); i > 0; i--) {
        ec_arena_reset(&arena);
        deal(c);
        const ec_quote *quote = quote_of(c);
        check_lines(c, quote);
        check_promotions(c, quote);
        /* nearest: spare cents go to the first lines */
        if (c->policy.discount_shares != EC_ALLOCATE_NEAREST) check_order(c, quote);
        check_one_more(c, quote);
    }
    ec_arena_clear(&c->arena);
    ec_arena_clear(&arena);
}

/* Memory ends at another place each time: a quote or EC_NO_MEMORY, and nothing is lost. */
static void promotions__live_without_memory(void **state)
{
    (void)state;
    case_file *c = &the_file;
    int failed = 0;
    ec_arena_init(&c->arena, world_platform());
    world_seed(41);
    for (int i = 0; i < 1500; i++) {
        ec_quote *quote = NULL;
        ec_rules rules = {0};
        ec_arena_init(&arena, world_platform());
        deal(c);
        assert_true(case_rules(c, &rules));
        int64_t blocks = world_blocks();
        (void)ec_arena_alloc(&arena, (size_t)world_pick(4000));
        world_fail(1 + world_pick(3), true);
        ec_status status = ec_price_compute(&arena, &rules, &c->in, &quote, NULL);
        LAW(c, status == (world_failed() ? EC_NO_MEMORY : EC_OK));
        failed += world_failed();
        world_fail(0, false);
        ec_arena_clear(&arena);
        assert_int_equal(world_blocks(), blocks);
    }
    assert_true(failed > 100);
    ec_arena_clear(&c->arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(promotions__keep_their_laws),
                                       cmocka_unit_test(promotions__live_without_memory)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
