/* SPDX-License-Identifier: MIT */
/*
 * brute.c - the actions that count units, against every way to do it, on small random carts.
 *
 * The promise: of all ways to share the units out the action takes the one that is best for the
 * shopper, within what it says. Here all ways are tried.
 */
#include "harness/cases_inside.h"

enum { UNITS = 8, LINES = 5, CARTS = 20000 };

typedef struct unit {
    size_t line;
    int64_t price;
} unit;

typedef struct table {
    case_file *file;
    ec_arena arena; /* of the computation */
    unit units[UNITS];
    size_t count;
} table;

static case_file the_file; /* too large for the stack */

static void open_table(table *t)
{
    ec_arena_init(&t->arena, world_platform());
    t->file = &the_file;
    ec_arena_init(&t->file->arena, world_platform());
}

static void close_table(table *t)
{
    ec_arena_clear(&t->arena);
    ec_arena_clear(&t->file->arena);
}

/* A cart of at most UNITS units; brands 1 and 2, some lines of both kinds by a tag. */
static void deal(table *t)
{
    case_file *c = t->file;
    ec_arena arena = c->arena;
    static const char *const both[] = {"both"};
    ec_arena_reset(&arena);
    *c = (case_file){.path = "random", .name = "random", .arena = arena};
    c->in = (ec_pricing){.channel_id = 1,
                         .channel = "web",
                         .currency = "CLP",
                         .now = WORLD_START,
                         .shipping_amount = -1,
                         .policy = &c->policy,
                         .lines = c->lines};
    t->count = 0;
    size_t lines = 1 + (size_t)world_pick(LINES);
    for (size_t i = 0; i < lines && t->count < UNITS; i++) {
        ec_pricing_line *line = &c->lines[c->in.lines_count++];
        *line = (ec_pricing_line){.variant_id = (ec_id)i + 1,
                                  .product_id = (ec_id)i + 1,
                                  .brand_id = 1 + world_pick(2),
                                  .sku = "S",
                                  .name = "S",
                                  .price = 1 + world_pick(30),
                                  .quantity = 1 + world_pick(3)};
        if (world_pick(3) == 0) {
            line->tags = both;
            line->tags_count = 1;
        }
        if (line->quantity > (int64_t)(UNITS - t->count))
            line->quantity = (int64_t)(UNITS - t->count);
        for (int64_t n = 0; n < line->quantity; n++)
            t->units[t->count++] = (unit){i, line->price};
    }
}

static int64_t discount_of(table *t, const char *actions)
{
    ec_quote *quote = NULL;
    ec_rules rules = {0};
    case_file *c = t->file;
    c->promotions[0] = (case_promotion){.rule = {.id = 1, .name = "offer"}, .actions = actions};
    c->promotions_count = 1;
    assert_true(case_rules(c, &rules));
    ec_arena_reset(&t->arena);
    assert_int_equal(ec_price_compute(&t->arena, &rules, &c->in, &quote, NULL), EC_OK);
    return quote->discount_amount;
}

static bool is_of(const table *t, size_t unit_index, ec_id brand)
{
    const ec_pricing_line *line = &t->file->lines[t->units[unit_index].line];
    return line->brand_id == brand || line->tags_count > 0;
}

/* ---- buy and get ---- */

typedef struct search {
    const table *t;
    int64_t buy, get, times;
    ec_id buys, gets; /* brands; 0: all */
    bool dearest;
    int64_t given, value; /* the best so far */
} search;

static void judge(search *s, int64_t bought, int64_t given, int64_t value)
{
    int64_t turns = bought / s->buy;
    if (turns > s->times) turns = s->times;
    if (given > turns * s->get) return;
    if (s->dearest) { /* worth most */
        if (value > s->value) s->value = value;
        return;
    }
    if (given < s->given) return;
    if (given > s->given || value < s->value) s->value = value;
    s->given = given;
}

static void share_out(search *s, size_t at, int64_t bought, int64_t given, int64_t value)
{
    if (at == s->t->count) {
        judge(s, bought, given, value);
        return;
    }
    share_out(s, at + 1, bought, given, value);
    if (s->buys == 0 || is_of(s->t, at, s->buys)) share_out(s, at + 1, bought + 1, given, value);
    if (s->gets == 0 || is_of(s->t, at, s->gets))
        share_out(s, at + 1, bought, given + 1, value + s->t->units[at].price);
}

static void buy_get__gives_most_units_or_what_is_worth_most(void **state)
{
    (void)state;
    table t;
    open_table(&t);
    world_seed(11);
    for (int i = 0; i < CARTS; i++) {
        deal(&t);
        search s = {.t = &t,
                    .buy = 1 + world_pick(3),
                    .get = 1 + world_pick(2),
                    .times = world_pick(2) == 0 ? 1 + world_pick(2) : 1000,
                    .dearest = world_pick(2) == 0};
        bool apart = world_pick(2) == 0;
        if (apart) {
            s.buys = 1;
            s.gets = 2;
        }
        const char *actions = ec_arena_printf(
            &t.file->arena, "buy_get(buy: %d, get: %d, times: %d, pick: %s%s)", (int)s.buy,
            (int)s.get, (int)s.times, s.dearest ? "dearest" : "cheapest",
            apart ? ", on: brand = 1 or tag = both, of: brand = 2 or tag = both" : "");
        share_out(&s, 0, 0, 0, 0);
        int64_t taken = discount_of(&t, actions);
        if (taken != s.value)
            fail_msg("%s in cart %d: %d, not %d", actions, i, (int)taken, (int)s.value);
    }
    close_table(&t);
}

/* ---- every n-th ---- */

static void nth_off__takes_the_cheapest_or_the_dearest(void **state)
{
    (void)state;
    table t;
    open_table(&t);
    world_seed(12);
    for (int i = 0; i < CARTS; i++) {
        deal(&t);
        int64_t n = 1 + world_pick(4), wanted = 0;
        bool dearest = world_pick(2) == 0;
        bool used[UNITS] = {false};
        for (size_t k = 0; k < t.count / (size_t)n; k++) {
            size_t best = UNITS;
            for (size_t j = 0; j < t.count; j++)
                if (!used[j] &&
                    (best == UNITS || (dearest ? t.units[j].price > t.units[best].price
                                               : t.units[j].price < t.units[best].price)))
                    best = j;
            used[best] = true;
            wanted += t.units[best].price;
        }
        const char *actions = ec_arena_printf(&t.file->arena, "nth_off(%d, 100%%, pick: %s)",
                                              (int)n, dearest ? "dearest" : "cheapest");
        assert_int_equal(discount_of(&t, actions), wanted);
    }
    close_table(&t);
}

/* ---- so many ---- */

static void units__bound_what_is_reduced(void **state)
{
    (void)state;
    table t;
    open_table(&t);
    world_seed(15);
    for (int i = 0; i < CARTS; i++) {
        deal(&t);
        size_t units = 1 + (size_t)world_pick(UNITS);
        int64_t amount = world_pick(20), wanted = 0;
        bool dearest = world_pick(2) == 0;
        bool used[UNITS] = {false};
        for (size_t k = 0; k < units && k < t.count; k++) {
            size_t best = UNITS;
            for (size_t j = 0; j < t.count; j++)
                if (!used[j] &&
                    (best == UNITS || (dearest ? t.units[j].price > t.units[best].price
                                               : t.units[j].price < t.units[best].price)))
                    best = j;
            used[best] = true;
            wanted += amount < t.units[best].price ? amount : t.units[best].price;
        }
        const char *actions =
            ec_arena_printf(&t.file->arena, "amount_off(%d CLP, units: %d, pick: %s)", (int)amount,
                            (int)units, dearest ? "dearest" : "cheapest");
        assert_int_equal(discount_of(&t, actions), wanted);
    }
    close_table(&t);
}

/* ---- sets ---- */

typedef struct set_search {
    const table *t;
    size_t parts;
    int64_t price, best;
    int64_t filled[3];
} set_search;

/* Part 0: brand 1, part 1: brand 2, part 2: anything; "both" is either brand. */
static bool fits(const set_search *s, size_t unit_index, size_t part)
{
    return part == 2 || is_of(s->t, unit_index, (ec_id)part + 1);
}

static void fill_sets(set_search *s, size_t at, int64_t value)
{
    if (at == s->t->count) {
        for (size_t part = 1; part < s->parts; part++)
            if (s->filled[part] != s->filled[0]) return;
        int64_t saved = value - s->filled[0] * s->price;
        if (saved > s->best) s->best = saved;
        return;
    }
    fill_sets(s, at + 1, value);
    for (size_t part = 0; part < s->parts; part++) {
        if (!fits(s, at, part)) continue;
        s->filled[part]++;
        fill_sets(s, at + 1, value + s->t->units[at].price);
        s->filled[part]--;
    }
}

static void bundle__saves_most(void **state)
{
    (void)state;
    table t;
    open_table(&t);
    world_seed(13);
    for (int i = 0; i < CARTS / 2; i++) {
        deal(&t);
        set_search s = {.t = &t, .parts = 1 + (size_t)world_pick(3), .price = world_pick(60)};
        const char *actions =
            ec_arena_printf(&t.file->arena, "bundle(%d CLP, of: brand = 1 or tag = both%s%s)",
                            (int)s.price, s.parts > 1 ? ", of: brand = 2 or tag = both" : "",
                            s.parts > 2 ? ", of: price > 0 CLP" : "");
        fill_sets(&s, 0, 0);
        int64_t taken = discount_of(&t, actions);
        if (taken != s.best)
            fail_msg("%s in cart %d: %d, not %d", actions, i, (int)taken, (int)s.best);
    }
    close_table(&t);
}

/* ---- rivals ---- */

/* Of three that compete for each line the best one of each line. */
static void rivals__win_line_by_line(void **state)
{
    (void)state;
    table t;
    open_table(&t);
    world_seed(14);
    for (int i = 0; i < CARTS / 4; i++) {
        deal(&t);
        case_file *c = t.file;
        ec_rules rules = {0};
        ec_quote *quote = NULL;
        int64_t off[3], wanted = 0;
        for (size_t k = 0; k < 3; k++) {
            off[k] = world_pick(20);
            c->promotions[k] = (case_promotion){
                .rule = {.id = (ec_id)k + 1,
                         .name = "rival",
                         .competes = true,
                         .competes_by_line = true},
                .actions = ec_arena_printf(&c->arena, "amount_off(%d CLP%s)", (int)off[k],
                                           k == 0   ? ""
                                           : k == 1 ? ", on: brand = 1"
                                                    : ", on: brand = 2")};
        }
        c->promotions_count = 3;
        assert_true(case_rules(c, &rules));
        ec_arena_reset(&t.arena);
        assert_int_equal(ec_price_compute(&t.arena, &rules, &c->in, &quote, NULL), EC_OK);
        for (size_t j = 0; j < t.count; j++) {
            int64_t brand = c->lines[t.units[j].line].brand_id, best = off[0];
            if (off[brand] > best) best = off[brand];
            wanted += best < t.units[j].price ? best : t.units[j].price;
        }
        assert_int_equal(quote->discount_amount, wanted);
    }
    close_table(&t);
}

static const char *some_action(ec_arena *arena)
{
    int n = 1 + (int)world_pick(3), off = (int)world_pick(40);
    switch (world_pick(6)) {
    case 0: return ec_arena_printf(arena, "percent_off(%d%%, on: brand = %d)", off, n);
    case 1: return ec_arena_printf(arena, "amount_off(%d CLP, on: tag = both)", off);
    case 2: return ec_arena_printf(arena, "order_amount_off(%d CLP)", off);
    case 3: return ec_arena_printf(arena, "buy_get(%d, 1)", n);
    case 4: return ec_arena_printf(arena, "nth_off(%d, %d%%)", n, off);
    default: return ec_arena_printf(arena, "fixed_price(%d CLP)", off);
    }
}

/* Three offers that are rivals; sometimes the second keeps the others out. What they take off
   together is what one of them takes alone. */
static void contests__come_to_what_one_takes_alone(void **state)
{
    (void)state;
    table t;
    open_table(&t);
    world_seed(16);
    for (int i = 0; i < CARTS; i++) {
        deal(&t);
        case_file *c = t.file;
        ec_rules rules = {0};
        ec_quote *quote = NULL;
        bool exclusive = world_pick(2) == 0;
        const char *actions[3];
        int64_t alone[3], wanted = 0;
        for (size_t k = 0; k < 3; k++) {
            actions[k] = some_action(&c->arena);
            alone[k] = discount_of(&t, actions[k]);
            if (alone[k] > wanted) wanted = alone[k];
        }
        for (size_t k = 0; k < 3; k++)
            c->promotions[k] =
                (case_promotion){.rule = {.id = (ec_id)k + 1, .name = "rival", .competes = true}};
        if (exclusive) c->promotions[1].rule.exclusive = true;
        for (size_t k = 0; k < 3; k++)
            c->promotions[k].actions = actions[k];
        if (exclusive && alone[1] > 0) wanted = alone[1];
        c->promotions_count = 3;
        assert_true(case_rules(c, &rules));
        ec_arena_reset(&t.arena);
        assert_int_equal(ec_price_compute(&t.arena, &rules, &c->in, &quote, NULL), EC_OK);
        if (quote->discount_amount != wanted)
            fail_msg("%s / %s / %s in cart %d", actions[0], actions[1], actions[2], i);
    }
    close_table(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(buy_get__gives_most_units_or_what_is_worth_most),
        cmocka_unit_test(nth_off__takes_the_cheapest_or_the_dearest),
        cmocka_unit_test(units__bound_what_is_reduced),
        cmocka_unit_test(bundle__saves_most),
        cmocka_unit_test(rivals__win_line_by_line),
        cmocka_unit_test(contests__come_to_what_one_takes_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
