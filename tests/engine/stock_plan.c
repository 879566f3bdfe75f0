/* SPDX-License-Identifier: MIT */
/*
 * stock_plan.c - the pure choice of warehouses, against every possible choice on small cases.
 */
#include "harness/harness.h"
#include "stock/stock.h"

enum { PLACES_MAX = 12, VARIANTS_MAX = 4, LINES_MAX = 8, CASES = 4000 };

/* A case that owns its memory. */
typedef struct instance {
    ec_stock_place places[VARIANTS_MAX][PLACES_MAX];
    ec_stock_candidate candidates[VARIANTS_MAX];
    ec_stock_supply supply;
    ec_stock_demand demands[LINES_MAX];
    size_t lines;
    size_t warehouses;
} instance;

static ec_arena arena;

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

/* One warehouse after the other is numbered 101, 102 …; variants are 11, 12 … */
static void fill(instance *in, size_t variants, size_t warehouses)
{
    *in = (instance){.warehouses = warehouses};
    for (size_t v = 0; v < variants; v++) {
        for (size_t w = 0; w < warehouses; w++)
            in->places[v][w] = (ec_stock_place){.warehouse_id = 101 + (ec_id)w,
                                                .inventory_id = (ec_id)(v * 100 + w + 1)};
        in->candidates[v] = (ec_stock_candidate){.variant_id = 11 + (ec_id)v,
                                                 .tracked = true,
                                                 .places_count = warehouses,
                                                 .places = in->places[v]};
    }
    in->supply = (ec_stock_supply){.count = variants, .items = in->candidates};
}

static void want(instance *in, ec_id variant_id, int64_t quantity)
{
    in->demands[in->lines++] = (ec_stock_demand){variant_id, quantity};
}

static ec_stock_plan_result plan_ok(instance *in, ec_stock_strategy strategy)
{
    ec_stock_plan_result plan;
    assert_int_equal(ec_stock_plan(&arena, strategy, &in->supply, in->demands, in->lines, &plan),
                     EC_OK);
    return plan;
}

static void assert_allocation(const ec_stock_plan_result *plan, size_t at, ec_id variant_id,
                              ec_id warehouse_id, int64_t quantity)
{
    assert_true(at < plan->count);
    assert_int_equal(plan->items[at].variant_id, variant_id);
    assert_int_equal(plan->items[at].warehouse_id, warehouse_id);
    assert_int_equal(plan->items[at].quantity, quantity);
}

/* ---- by hand ---- */

static void plan__sums_lines_of_one_variant_before_comparing(void **state)
{
    (void)state;
    instance in;
    fill(&in, 1, 1);
    in.places[0][0].available = 5;
    want(&in, 11, 3);
    want(&in, 11, 3);
    ec_stock_plan_result plan = plan_ok(&in, EC_STOCK_PRIORITY);
    assert_int_equal(plan.count, 0);
    assert_int_equal(plan.shorts_count, 1);
    assert_int_equal(plan.shorts[0].variant_id, 11);
    assert_int_equal(plan.shorts[0].wanted, 6);
    assert_int_equal(plan.shorts[0].available, 5);
    assert_int_equal(plan.shorts[0].line, 0);
}

static void plan__names_the_first_line_of_each_short_variant(void **state)
{
    (void)state;
    instance in;
    fill(&in, 3, 1);
    in.places[1][0].available = 9;
    in.places[2][0].available = -4;
    want(&in, 13, 1);
    want(&in, 12, 1);
    want(&in, 11, 2);
    ec_stock_plan_result plan = plan_ok(&in, EC_STOCK_MOST_STOCK);
    assert_int_equal(plan.shorts_count, 2);
    assert_int_equal(plan.shorts[0].line, 2);
    assert_int_equal(plan.shorts[1].line, 0);
    assert_int_equal(plan.shorts[1].available, 0);
}

static void plan__priority_takes_the_first_that_has_enough(void **state)
{
    (void)state;
    instance in;
    fill(&in, 1, 3);
    in.places[0][0].available = 2;
    in.places[0][1].available = 4;
    in.places[0][2].available = 9;
    want(&in, 11, 4);
    ec_stock_plan_result plan = plan_ok(&in, EC_STOCK_PRIORITY);
    assert_int_equal(plan.count, 1);
    assert_allocation(&plan, 0, 11, 102, 4);
    assert_int_equal(plan.items[0].available, 4);
    assert_int_equal(plan.items[0].inventory_id, 2);
}

static void plan__priority_splits_in_order_when_no_single_one_has_enough(void **state)
{
    (void)state;
    instance in;
    fill(&in, 1, 3);
    in.places[0][0].available = 2;
    in.places[0][1].available = 4;
    in.places[0][2].available = 3;
    want(&in, 11, 7);
    ec_stock_plan_result plan = plan_ok(&in, EC_STOCK_PRIORITY);
    assert_int_equal(plan.count, 3);
    assert_allocation(&plan, 0, 11, 101, 2);
    assert_allocation(&plan, 1, 11, 102, 4);
    assert_allocation(&plan, 2, 11, 103, 1);
}

static void plan__most_stock_goes_where_most_is(void **state)
{
    (void)state;
    instance in;
    fill(&in, 1, 4);
    in.places[0][0].available = 5;
    in.places[0][1].available = 8;
    in.places[0][2].available = 8;
    in.places[0][3].available = 1;
    want(&in, 11, 5);
    ec_stock_plan_result plan = plan_ok(&in, EC_STOCK_MOST_STOCK);
    assert_int_equal(plan.count, 1);
    assert_allocation(&plan, 0, 11, 102, 5);
    in.demands[0].quantity = 18;
    plan = plan_ok(&in, EC_STOCK_MOST_STOCK);
    assert_int_equal(plan.count, 3);
    assert_allocation(&plan, 0, 11, 102, 8);
    assert_allocation(&plan, 1, 11, 103, 8);
    assert_allocation(&plan, 2, 11, 101, 2);
}

static void plan__fewest_parcels_sends_all_from_one_place(void **state)
{
    (void)state;
    instance in;
    fill(&in, 2, 3);
    in.places[0][0].available = 9; /* the first one lacks the second variant */
    in.places[0][2].available = 1;
    in.places[1][1].available = 9;
    in.places[1][2].available = 1;
    want(&in, 11, 1);
    want(&in, 12, 1);
    ec_stock_plan_result plan = plan_ok(&in, EC_STOCK_PRIORITY);
    assert_allocation(&plan, 0, 11, 101, 1);
    assert_allocation(&plan, 1, 12, 102, 1);
    plan = plan_ok(&in, EC_STOCK_FEWEST_PARCELS);
    assert_int_equal(plan.count, 2);
    assert_allocation(&plan, 0, 11, 103, 1);
    assert_allocation(&plan, 1, 12, 103, 1);
}

static void plan__fewest_parcels_prefers_the_earliest_of_equal_sets(void **state)
{
    (void)state;
    instance in;
    fill(&in, 1, 4);
    for (size_t w = 0; w < 4; w++)
        in.places[0][w].available = 3;
    want(&in, 11, 5);
    ec_stock_plan_result plan = plan_ok(&in, EC_STOCK_FEWEST_PARCELS);
    assert_int_equal(plan.count, 2);
    assert_allocation(&plan, 0, 11, 101, 3);
    assert_allocation(&plan, 1, 11, 102, 2);
}

static void plan__untracked_variants_need_nothing(void **state)
{
    (void)state;
    instance in;
    fill(&in, 1, 0);
    in.candidates[0].tracked = false;
    want(&in, 11, 9999);
    ec_stock_plan_result plan = plan_ok(&in, EC_STOCK_FEWEST_PARCELS);
    assert_int_equal(plan.count, 0);
    assert_int_equal(plan.shorts_count, 0);
}

static void plan__backorders_go_to_the_first_warehouse_as_a_whole(void **state)
{
    (void)state;
    instance in;
    fill(&in, 1, 2);
    in.candidates[0].backorder = true;
    in.places[0][0].available = -3;
    in.places[0][0].inventory_id = 0;
    in.places[0][1].available = 2;
    want(&in, 11, 5);
    for (int s = EC_STOCK_PRIORITY; s <= EC_STOCK_FEWEST_PARCELS; s++) {
        ec_stock_plan_result plan = plan_ok(&in, (ec_stock_strategy)s);
        assert_int_equal(plan.count, 1);
        assert_allocation(&plan, 0, 11, 101, 5);
        assert_int_equal(plan.items[0].inventory_id, 0);
    }
    in.demands[0].quantity = 2; /* is there */
    ec_stock_plan_result plan = plan_ok(&in, EC_STOCK_PRIORITY);
    assert_allocation(&plan, 0, 11, 102, 2);
}

static void plan__backorders_need_a_warehouse(void **state)
{
    (void)state;
    instance in;
    fill(&in, 1, 0);
    in.candidates[0].backorder = true;
    want(&in, 11, 1);
    assert_int_equal(plan_ok(&in, EC_STOCK_PRIORITY).shorts_count, 1);
}

static void plan__unknown_variants_are_short(void **state)
{
    (void)state;
    instance in;
    fill(&in, 1, 1);
    want(&in, 99, 1);
    ec_stock_plan_result plan = plan_ok(&in, EC_STOCK_PRIORITY);
    assert_int_equal(plan.shorts_count, 1);
    assert_int_equal(plan.shorts[0].variant_id, 99);
}

static void plan__nothing_wanted_needs_nothing(void **state)
{
    (void)state;
    instance in;
    fill(&in, 1, 1);
    ec_stock_plan_result plan = plan_ok(&in, EC_STOCK_PRIORITY);
    assert_int_equal(plan.count + plan.shorts_count, 0);
}

static void plan__rejects_quantities_below_one_and_sums_that_overflow(void **state)
{
    (void)state;
    instance in;
    ec_stock_plan_result plan;
    fill(&in, 1, 1);
    in.places[0][0].available = INT64_MAX;
    want(&in, 11, 0);
    assert_int_equal(ec_stock_plan(&arena, EC_STOCK_PRIORITY, &in.supply, in.demands, 1, &plan),
                     EC_INVALID);
    in.demands[0].quantity = INT64_MIN;
    assert_int_equal(ec_stock_plan(&arena, EC_STOCK_PRIORITY, &in.supply, in.demands, 1, &plan),
                     EC_INVALID);
    in.demands[0].quantity = INT64_MAX;
    want(&in, 11, 1);
    assert_int_equal(ec_stock_plan(&arena, EC_STOCK_PRIORITY, &in.supply, in.demands, 2, &plan),
                     EC_OVERFLOW);
    assert_int_equal(ec_stock_plan(&arena, EC_STOCK_PRIORITY, &in.supply, in.demands, 1, &plan),
                     EC_OK);
    assert_allocation(&plan, 0, 11, 101, INT64_MAX);
}

static void plan__survives_the_end_of_memory_anywhere(void **state)
{
    (void)state;
    instance in;
    fill(&in, 3, 11);
    for (size_t v = 0; v < 3; v++)
        for (size_t w = 0; w < 11; w++)
            in.places[v][w].available = 1;
    want(&in, 11, 5);
    want(&in, 12, 7);
    want(&in, 13, 11);
    for (int64_t n = 1; n < 1000; n++) {
        ec_arena small;
        ec_stock_plan_result plan;
        ec_arena_init(&small, world_platform());
        world_fail(n, true);
        ec_status status =
            ec_stock_plan(&small, EC_STOCK_FEWEST_PARCELS, &in.supply, in.demands, in.lines, &plan);
        bool failed = world_failed();
        world_fail(0, false);
        ec_arena_clear(&small);
        assert_int_equal(status, failed ? EC_NO_MEMORY : EC_OK);
        if (!failed) return;
    }
    fail_msg("the plan never had enough memory");
}

/* ---- against every choice ---- */

static int64_t usable(const ec_stock_place *place)
{
    return place->available > 0 ? place->available : 0;
}

static int64_t wanted_of(const instance *in, ec_id variant_id)
{
    int64_t sum = 0;
    for (size_t i = 0; i < in->lines; i++)
        if (in->demands[i].variant_id == variant_id) sum += in->demands[i].quantity;
    return sum;
}

static int64_t total_of(const ec_stock_candidate *candidate)
{
    int64_t sum = 0;
    for (size_t w = 0; w < candidate->places_count; w++)
        sum += usable(&candidate->places[w]);
    return sum;
}

/* Backorders beyond what is there sit at the first warehouse. */
static bool is_back(const instance *in, const ec_stock_candidate *candidate)
{
    return candidate->backorder && total_of(candidate) < wanted_of(in, candidate->variant_id);
}

static bool set_serves(const instance *in, unsigned set)
{
    for (size_t v = 0; v < in->supply.count; v++) {
        const ec_stock_candidate *c = &in->candidates[v];
        int64_t left = c->tracked ? wanted_of(in, c->variant_id) : 0;
        if (left > 0 && is_back(in, c)) {
            if ((set & 1u) == 0) return false;
            continue;
        }
        for (size_t w = 0; w < in->warehouses; w++)
            if ((set >> w & 1u) != 0) left -= usable(&c->places[w]);
        if (left > 0) return false;
    }
    return true;
}

static int fewest_by_trying(const instance *in)
{
    int fewest = (int)in->warehouses + 1;
    for (unsigned set = 0; set < 1u << in->warehouses; set++) {
        int size = __builtin_popcount(set);
        if (size < fewest && set_serves(in, set)) fewest = size;
    }
    return fewest;
}

static unsigned set_used(const ec_stock_plan_result *plan)
{
    unsigned set = 0;
    for (size_t i = 0; i < plan->count; i++)
        set |= 1u << (plan->items[i].warehouse_id - 101);
    return set;
}

/* Everything that holds of a plan whatever the strategy. */
static void assert_serves(const instance *in, const ec_stock_plan_result *plan,
                          ec_stock_strategy strategy)
{
    unsigned used = set_used(plan);
    for (size_t v = 0; v < in->supply.count; v++) {
        const ec_stock_candidate *c = &in->candidates[v];
        int64_t wanted = c->tracked ? wanted_of(in, c->variant_id) : 0;
        int64_t given = 0;
        int64_t best = 0;
        size_t parts = 0;
        for (size_t i = 0; i < plan->count; i++) {
            const ec_stock_allocation *a = &plan->items[i];
            if (a->variant_id != c->variant_id) continue;
            const ec_stock_place *place = &c->places[a->warehouse_id - 101];
            assert_true(a->quantity > 0);
            assert_int_equal(a->inventory_id, place->inventory_id);
            assert_true(is_back(in, c) ? a->warehouse_id == 101 : a->quantity <= usable(place));
            given += a->quantity;
            parts++;
        }
        assert_int_equal(given, wanted);
        for (size_t w = 0; w < in->warehouses; w++) {
            bool open = strategy != EC_STOCK_FEWEST_PARCELS || (used >> w & 1u) != 0;
            if (open && usable(&c->places[w]) > best) best = usable(&c->places[w]);
        }
        if (wanted > 0 && (best >= wanted || is_back(in, c))) assert_int_equal(parts, 1);
    }
}

static void make_random(instance *in, size_t warehouses)
{
    fill(in, (size_t)world_pick(VARIANTS_MAX) + 1, warehouses);
    for (size_t v = 0; v < in->supply.count; v++) {
        in->candidates[v].tracked = world_pick(8) > 0;
        in->candidates[v].backorder = world_pick(6) == 0;
        for (size_t w = 0; w < warehouses; w++)
            in->places[v][w].available = world_pick(3) == 0 ? world_pick(9) - 2 : 0;
    }
    size_t lines = (size_t)world_pick(LINES_MAX) + 1;
    while (in->lines < lines)
        want(in, 11 + world_pick((int64_t)in->supply.count), world_pick(4) + 1);
}

static bool must_be_short(const instance *in)
{
    for (size_t v = 0; v < in->supply.count; v++) {
        const ec_stock_candidate *c = &in->candidates[v];
        if (c->tracked && !c->backorder && total_of(c) < wanted_of(in, c->variant_id)) return true;
    }
    return false;
}

static void plan__is_as_good_as_every_choice_tried_out(void **state)
{
    (void)state;
    size_t planned = 0;
    world_seed(20260115);
    for (int n = 0; n < CASES; n++) {
        instance in;
        make_random(&in, (size_t)world_pick(6) + 1);
        for (int s = EC_STOCK_PRIORITY; s <= EC_STOCK_FEWEST_PARCELS; s++) {
            ec_stock_plan_result plan = plan_ok(&in, (ec_stock_strategy)s);
            assert_int_equal(plan.shorts_count > 0, must_be_short(&in));
            if (plan.shorts_count > 0) continue;
            assert_serves(&in, &plan, (ec_stock_strategy)s);
            if (s == EC_STOCK_FEWEST_PARCELS)
                assert_int_equal(__builtin_popcount(set_used(&plan)), fewest_by_trying(&in));
            planned++;
        }
        ec_arena_reset(&arena);
    }
    assert_true(planned > CASES / 4);
}

static void plan__beyond_ten_warehouses_is_right_though_not_always_fewest(void **state)
{
    (void)state;
    size_t planned = 0;
    int extra = 0;
    world_seed(20260116);
    for (int n = 0; n < CASES / 8; n++) {
        instance in;
        make_random(&in, PLACES_MAX);
        ec_stock_plan_result plan = plan_ok(&in, EC_STOCK_FEWEST_PARCELS);
        assert_int_equal(plan.shorts_count > 0, must_be_short(&in));
        if (plan.shorts_count == 0) {
            assert_serves(&in, &plan, EC_STOCK_FEWEST_PARCELS);
            int parcels = __builtin_popcount(set_used(&plan));
            extra += parcels - fewest_by_trying(&in);
            planned++;
        }
        ec_arena_reset(&arena);
    }
    assert_true(planned > 50);
    assert_true(extra * 4 <=
                (int)planned); /* a parcel too many in a quarter of the plans at most */
}

static void plan__takes_a_cart_of_many_lines_in_its_stride(void **state)
{
    (void)state;
    enum { LINES = 500 };
    ec_stock_candidate *candidates = ec_arena_array(&arena, LINES, sizeof(*candidates));
    ec_stock_demand *demands = ec_arena_array(&arena, LINES, sizeof(*demands));
    for (size_t v = 0; v < LINES; v++) {
        ec_stock_place *places = ec_arena_array(&arena, 10, sizeof(*places));
        for (size_t w = 0; w < 10; w++)
            places[w] = (ec_stock_place){.warehouse_id = 101 + (ec_id)w,
                                         .inventory_id = (ec_id)(v * 10 + w + 1),
                                         .available = (int64_t)((v + w) % 3)};
        candidates[v] = (ec_stock_candidate){
            .variant_id = (ec_id)v + 1, .tracked = true, .places_count = 10, .places = places};
        demands[v] = (ec_stock_demand){(ec_id)v + 1, 3};
    }
    ec_stock_supply supply = {.count = LINES, .items = candidates};
    ec_stock_plan_result plan;
    assert_int_equal(ec_stock_plan(&arena, EC_STOCK_FEWEST_PARCELS, &supply, demands, LINES, &plan),
                     EC_OK);
    assert_int_equal(plan.shorts_count, 0);
    assert_true(__builtin_popcount(set_used(&plan)) <= 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plan__sums_lines_of_one_variant_before_comparing),
        cmocka_unit_test(plan__names_the_first_line_of_each_short_variant),
        cmocka_unit_test(plan__priority_takes_the_first_that_has_enough),
        cmocka_unit_test(plan__priority_splits_in_order_when_no_single_one_has_enough),
        cmocka_unit_test(plan__most_stock_goes_where_most_is),
        cmocka_unit_test(plan__fewest_parcels_sends_all_from_one_place),
        cmocka_unit_test(plan__fewest_parcels_prefers_the_earliest_of_equal_sets),
        cmocka_unit_test(plan__untracked_variants_need_nothing),
        cmocka_unit_test(plan__backorders_go_to_the_first_warehouse_as_a_whole),
        cmocka_unit_test(plan__backorders_need_a_warehouse),
        cmocka_unit_test(plan__unknown_variants_are_short),
        cmocka_unit_test(plan__nothing_wanted_needs_nothing),
        cmocka_unit_test(plan__rejects_quantities_below_one_and_sums_that_overflow),
        cmocka_unit_test(plan__survives_the_end_of_memory_anywhere),
        cmocka_unit_test(plan__is_as_good_as_every_choice_tried_out),
        cmocka_unit_test(plan__beyond_ten_warehouses_is_right_though_not_always_fewest),
        cmocka_unit_test(plan__takes_a_cart_of_many_lines_in_its_stride),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
