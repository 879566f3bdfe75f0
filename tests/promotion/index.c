/* SPDX-License-Identifier: MIT */
/*
 * index.c - the index of promotions never hides one that applies.
 *
 * The same promotions are asked twice: as they are, filed under what they need, and with each
 * condition behind two negations, where the index knows nothing and looks at all of them.
 */
#include "harness/cases_inside.h"

enum { LINES = 4, PROMOTIONS = 12, CARTS = 4000 };

static case_file the_file; /* too large for the stack */
static ec_arena arena;     /* of the computation */

static const char *const skus[] = {"A-1", "B-2", "77", "c"};
static const char *const tags[] = {"red", "2026"};
static const char *const groups[] = {"vip", "12"};

static int some(int64_t n)
{
    return 1 + (int)world_pick(n);
}

/* ---- carts ---- */

static void deal_cart(case_file *c)
{
    static ec_id categories[LINES][2], collections[LINES][1];
    static const ec_id group_ids[] = {1, 2};
    c->in = (ec_pricing){.channel_id = 1,
                         .channel = world_pick(2) == 0 ? "web" : "shop",
                         .currency = "CLP",
                         .now = WORLD_START,
                         .shipping_amount = -1,
                         .policy = &c->policy,
                         .lines = c->lines,
                         .lines_count = 1 + (size_t)world_pick(LINES)};
    c->in.customer.user_id = world_pick(3);
    c->in.customer.groups = group_ids;
    c->in.customer.group_codes = &groups[world_pick(2)];
    c->in.customer.groups_count = world_pick(2) == 0 ? 1 : 0;
    for (size_t i = 0; i < c->in.lines_count; i++) {
        categories[i][0] = some(5);
        categories[i][1] = some(5);
        collections[i][0] = some(4);
        c->lines[i] = (ec_pricing_line){.variant_id = some(6),
                                        .product_id = some(5),
                                        .brand_id = world_pick(4),
                                        .sku = skus[world_pick(4)],
                                        .name = "S",
                                        .price = 10 + world_pick(500),
                                        .quantity = some(3),
                                        .tags = &tags[world_pick(2)],
                                        .tags_count = world_pick(2) == 0 ? 1 : 0,
                                        .categories = categories[i],
                                        .categories_count = (size_t)world_pick(3),
                                        .collections = collections[i],
                                        .collections_count = (size_t)world_pick(2)};
    }
}

/* ---- conditions ---- */

static const char *line_test(ec_arena *a)
{
    static const char *const ids[] = {"product",  "variant",         "brand",
                                      "category", "category_direct", "collection"};
    switch (world_pick(6)) {
    case 0: return ec_arena_printf(a, "sku = \"%s\"", skus[world_pick(4)]);
    case 1: return ec_arena_printf(a, "sku in (%s, 77)", skus[world_pick(2)]);
    case 2: return ec_arena_printf(a, "tag = %s", tags[world_pick(2)]);
    case 3: return ec_arena_printf(a, "%s in (%d, %d)", ids[world_pick(6)], some(6), some(6));
    case 4: return ec_arena_printf(a, "not brand = %d", some(3));
    default: return ec_arena_printf(a, "%s = %d", ids[world_pick(6)], some(6));
    }
}

static const char *line_condition(ec_arena *a)
{
    static const char *const words[] = {"and", "or", "and not"};
    if (world_pick(2) == 0) return line_test(a);
    return ec_arena_printf(a, "%s %s (%s)", line_test(a), words[world_pick(3)], line_test(a));
}

static const char *cart_test(ec_arena *a)
{
    switch (world_pick(9)) {
    case 0: return ec_arena_printf(a, "group = %s", groups[world_pick(2)]);
    case 1: return ec_arena_printf(a, "user in (%d, %d)", some(3), some(3));
    case 2: return world_pick(2) == 0 ? "channel = web" : "channel != web";
    case 3: return ec_arena_printf(a, "any(%s)", line_condition(a));
    case 4: return ec_arena_printf(a, "all(%s)", line_condition(a));
    case 5: return ec_arena_printf(a, "none(%s)", line_condition(a));
    case 6: return ec_arena_printf(a, "units(%s) >= %d", line_condition(a), some(3) - 1);
    case 7:
        return ec_arena_printf(a, "total(%s) between %d CLP and 900 CLP", line_condition(a),
                               some(3) - 1);
    default: return ec_arena_printf(a, "lines(%s) < %d", line_condition(a), some(3));
    }
}

static const char *cart_condition(ec_arena *a)
{
    if (world_pick(3) == 0) return NULL;
    if (world_pick(2) == 0) return cart_test(a);
    return ec_arena_printf(a, "%s %s %s", cart_test(a), world_pick(2) == 0 ? "and" : "or",
                           cart_test(a));
}

static const char *hidden(ec_arena *a, const char *condition)
{
    return condition == NULL ? NULL : ec_arena_printf(a, "not (not (%s))", condition);
}

static void deal_promotions(case_file *c, case_promotion *open, case_promotion *shut)
{
    ec_arena *a = &c->arena;
    for (size_t i = 0; i < PROMOTIONS; i++) {
        const char *condition = cart_condition(a), *on = line_condition(a);
        bool all = world_pick(3) == 0, catalog = world_pick(4) == 0;
        open[i] =
            (case_promotion){.rule = {.id = (ec_id)i + 1, .name = "offer", .catalog = catalog}};
        open[i].condition = condition;
        open[i].actions = ec_arena_printf(a, "amount_off(%d CLP%s%s)", some(9),
                                          all ? "" : ", on: ", all ? "" : on);
        shut[i] = open[i];
        shut[i].condition = hidden(a, condition);
        shut[i].actions =
            all ? open[i].actions
                : ec_arena_printf(a, "%.*s, on: %s)",
                                  (int)(strchr(open[i].actions, ',') - open[i].actions),
                                  open[i].actions, hidden(a, on));
    }
}

/* ---- the comparison ---- */

static const ec_quote *quote_with(case_file *c, const case_promotion *promotions)
{
    ec_quote *quote = NULL;
    ec_rules rules = {0};
    memcpy(c->promotions, promotions, PROMOTIONS * sizeof *promotions);
    c->promotions_count = PROMOTIONS;
    assert_true(case_rules(c, &rules));
    assert_int_equal(ec_price_compute(&arena, &rules, &c->in, &quote, NULL), EC_OK);
    return quote;
}

static int64_t taken(const ec_quote *quote, ec_id id)
{
    for (size_t i = 0; i < quote->promotions_count; i++)
        if (quote->promotions[i].promotion_id == id) return quote->promotions[i].amount;
    return 0;
}

static void index__hides_no_promotion_that_applies(void **state)
{
    (void)state;
    case_file *c = &the_file;
    static case_promotion open[PROMOTIONS], shut[PROMOTIONS];
    ec_arena_init(&arena, world_platform());
    ec_arena_init(&c->arena, world_platform());
    world_seed(21);
    for (int i = 0; i < CARTS; i++) {
        ec_arena kept = c->arena;
        ec_arena_reset(&kept);
        ec_arena_reset(&arena);
        *c = (case_file){.path = "random", .name = "random", .arena = kept};
        deal_cart(c);
        deal_promotions(c, open, shut);
        const ec_quote *filed = quote_with(c, open), *all = quote_with(c, shut);
        assert_int_equal(filed->total_amount, all->total_amount);
        for (size_t k = 0; k < PROMOTIONS; k++)
            if (taken(filed, open[k].rule.id) != taken(all, open[k].rule.id))
                fail_msg("cart %d: if %s do %s", i, open[k].condition, open[k].actions);
    }
    ec_arena_clear(&c->arena);
    ec_arena_clear(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(index__hides_no_promotion_that_applies)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
