/* SPDX-License-Identifier: MIT */
/*
 * parcels.c - how goods go into parcels, compared with putting each unit by hand.
 */
#include "harness/harness.h"
#include "shipping/inside.h"

enum { LINES_MAX = 8, UNITS_MAX = 200 };

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

typedef struct shelf {
    ec_pricing_line in[LINES_MAX];
    ec_pricing_part parts[LINES_MAX];
    ec_pricing_state lines[LINES_MAX];
    ec_pricing_work work;
} shelf;

static void add(shelf *goods, ec_id warehouse, int64_t quantity, int64_t weight, int64_t side)
{
    size_t at = goods->work.lines_count++;
    goods->parts[at] = (ec_pricing_part){warehouse, quantity};
    goods->in[at] = (ec_pricing_line){.variant_id = (ec_id)at + 1,
                                      .parts = &goods->parts[at],
                                      .parts_count = warehouse != 0 ? 1 : 0,
                                      .quantity = quantity,
                                      .weight = weight,
                                      .length = side,
                                      .width = side,
                                      .height = side,
                                      .requires_shipping = true};
    goods->lines[at] = (ec_pricing_state){.in = &goods->in[at], .quantity = quantity};
    goods->work.lines = goods->lines;
    goods->work.arena = &arena;
}

typedef struct outcome {
    ec_parcels *parcels;
    size_t count;
    int64_t parcels_count, units, weight;
    bool fits;
} outcome;

static outcome pack(const shelf *goods, int64_t max_weight)
{
    outcome out = {0};
    assert_int_equal(
        ec_shipping_pack(&goods->work, max_weight, &out.parcels, &out.count, &out.fits), EC_OK);
    for (size_t i = 0; i < out.count; i++) {
        assert_true(out.parcels[i].count > 0 && out.parcels[i].units > 0);
        assert_true(out.parcels[i].weight <= max_weight);
        out.parcels_count += out.parcels[i].count;
        out.units += out.parcels[i].count * out.parcels[i].units;
        out.weight += out.parcels[i].count * out.parcels[i].weight;
    }
    return out;
}

static void parcels__take_the_heaviest_first(void **state)
{
    (void)state;
    shelf goods = {0};
    add(&goods, 0, 2, 400, 10);
    add(&goods, 0, 1, 900, 10);
    add(&goods, 0, 3, 100, 10);
    /* 900 + 100; 400 + 400 + 100 + 100 */
    outcome out = pack(&goods, 1000);
    assert_true(out.fits);
    assert_int_equal(out.parcels_count, 2);
    assert_int_equal(out.parcels[0].weight, 1000);
    assert_int_equal(out.parcels[1].weight, 1000);
    assert_int_equal(out.parcels[1].units, 4);
}

static void parcels__of_two_warehouses_are_apart(void **state)
{
    (void)state;
    shelf goods = {0};
    add(&goods, 7, 1, 300, 10);
    add(&goods, 3, 1, 300, 10);
    add(&goods, 7, 1, 300, 10);
    outcome out = pack(&goods, 1000);
    assert_int_equal(out.parcels_count, 2);
    assert_int_equal(out.parcels[0].warehouse_id, 3);
    assert_int_equal(out.parcels[1].weight, 600);
}

static void parcels__of_one_line_from_two_warehouses_are_apart(void **state)
{
    (void)state;
    shelf goods = {0};
    const ec_pricing_part parts[] = {{5, 2}, {9, 1}};
    add(&goods, 0, 4, 300, 10);
    goods.in[0].parts = parts;
    goods.in[0].parts_count = 2;
    outcome out = pack(&goods, 1000);
    assert_int_equal(out.parcels_count, 3);
    assert_int_equal(out.parcels[0].warehouse_id, 0); /* nobody knows yet */
    assert_int_equal(out.parcels[0].units, 1);
    assert_int_equal(out.parcels[1].units, 2);
    assert_int_equal(out.parcels[2].warehouse_id, 9);
}

static void parcels__take_no_unit_that_is_too_heavy(void **state)
{
    (void)state;
    shelf goods = {0};
    add(&goods, 0, 1, 1001, 10);
    assert_false(pack(&goods, 1000).fits);
    assert_true(pack(&goods, 1001).fits);
}

static void parcels__take_units_of_unknown_weight_together(void **state)
{
    (void)state;
    shelf goods = {0};
    add(&goods, 0, 9999, 0, 10);
    add(&goods, 0, 4, 600, 10);
    outcome out = pack(&goods, 1000);
    assert_int_equal(out.parcels_count, 4);
    assert_int_equal(out.units, 10003);
}

static void parcels__are_counted_and_not_listed_one_by_one(void **state)
{
    (void)state;
    shelf goods = {0};
    add(&goods, 0, 9999, 700, 10);
    add(&goods, 0, 9999, 300, 20);
    add(&goods, 0, 9999, 50, 10);
    /* 9,999 parcels of 700 + 300, then 20 of the small ones each: 499 full ones and one of 19 */
    outcome out = pack(&goods, 1000);
    assert_int_equal(out.parcels_count, 9999 + 500);
    assert_true(out.count <= 4);
    assert_int_equal(out.parcels[0].longest, 20);
}

/* ---- against a model: every unit by hand ---- */

typedef struct by_hand {
    int64_t weights[UNITS_MAX];
    int64_t warehouses[UNITS_MAX];
    size_t count;
} by_hand;

static void put_by_hand(by_hand *model, ec_id warehouse, int64_t weight, int64_t max_weight)
{
    for (size_t i = 0; i < model->count; i++) {
        if (model->warehouses[i] != warehouse || model->weights[i] + weight > max_weight) continue;
        model->weights[i] += weight;
        return;
    }
    model->warehouses[model->count] = warehouse;
    model->weights[model->count++] = weight;
}

static void parcels__are_those_of_putting_each_unit_by_hand(void **state)
{
    (void)state;
    for (int round = 0; round < 20000; round++) {
        shelf goods = {0};
        by_hand model = {.count = 0};
        int64_t max_weight = 20 + world_pick(80);
        int64_t lines = 1 + world_pick(LINES_MAX);
        int64_t weight = 0;
        for (int64_t i = 0; i < lines; i++)
            add(&goods, world_pick(2), 1 + world_pick(20), world_pick(21), 1 + world_pick(3));
        for (ec_id warehouse = 0; warehouse < 2; warehouse++)
            for (weight = 20; weight >= 0; weight--)
                for (int64_t i = 0; i < lines; i++)
                    for (int64_t n = 0; goods.parts[i].warehouse_id == warehouse &&
                                        goods.in[i].weight == weight && n < goods.in[i].quantity;
                         n++)
                        put_by_hand(&model, warehouse, weight, max_weight);
        outcome out = pack(&goods, max_weight);
        int64_t sum = 0;
        for (size_t i = 0; i < model.count; i++)
            sum += model.weights[i];
        assert_int_equal(out.parcels_count, model.count);
        assert_int_equal(out.weight, sum);
        ec_arena_reset(&arena);
    }
}

static void goods__are_weighed_without_overflow(void **state)
{
    (void)state;
    shelf goods = {0};
    ec_shipping_goods sum;
    add(&goods, 0, 9999, 1000000000, 1000000);
    add(&goods, 0, 1, 1, 1);
    goods.in[1].requires_shipping = false;
    goods.lines[0].price = 500;
    goods.lines[1].price = 70;
    goods.lines[1].tax_added = 7;
    ec_shipping_weigh(&goods.work, &sum);
    assert_int_equal(sum.units, 9999);
    assert_int_equal(sum.weight, INT64_C(9999000000000));
    assert_int_equal(sum.volume, INT64_MAX); /* 10^18 mm3 each */
    assert_int_equal(sum.longest, 1000000);
    assert_int_equal(sum.amount, 500);
    assert_int_equal(sum.total, 577);
}

/* ---- days ---- */

static void days__are_business_days_on_the_shops_clock(void **state)
{
    (void)state;
    /* WORLD_START is Thursday, 2026-01-15, 12:00 UTC. */
    const struct {
        int64_t after_hours, offset_hours, cutoff, days, expected;
    } cases[] = {
        {0, 0, 0, 0, 0},    /* today */
        {0, 0, 0, 1, 1},    /* Friday */
        {0, 0, 0, 2, 4},    /* Monday */
        {0, 0, 12, 1, 4},   /* noon is too late: from Friday on, so Monday */
        {0, 0, 13, 1, 1},   /* not yet one o'clock */
        {0, 12, 13, 1, 3},  /* midnight, Friday, in the shop: Monday */
        {0, -3, 12, 1, 1},  /* nine o'clock in the shop */
        {48, 0, 0, 0, 2},   /* Saturday: as on Monday */
        {48, 0, 0, 1, 3},   /* Tuesday */
        {72, 0, 12, 0, 1},  /* Sunday */
        {0, 0, 0, 5, 7},    /* a week */
        {24, 0, 11, 10, 17} /* Friday, too late: two weeks from Monday on */
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ec_time now = WORLD_START + cases[i].after_hours * 3600000;
        assert_int_equal(
            ec_shipping_days(now, cases[i].offset_hours * 3600000, cases[i].cutoff, cases[i].days),
            cases[i].expected);
    }
}

static void days__before_1970_and_at_the_end_of_time_are_answered(void **state)
{
    (void)state;
    /* 1969-12-31 was a Wednesday. */
    assert_int_equal(ec_shipping_days(-1, 0, 0, 3), 5);
    assert_int_equal(ec_shipping_days(INT64_MAX, 3600000, 0, 3), 3);
    assert_true(ec_shipping_days(INT64_MIN, 0, 0, 3) >= 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(parcels__take_the_heaviest_first, setup, teardown),
        cmocka_unit_test_setup_teardown(parcels__of_two_warehouses_are_apart, setup, teardown),
        cmocka_unit_test_setup_teardown(parcels__of_one_line_from_two_warehouses_are_apart, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(parcels__take_no_unit_that_is_too_heavy, setup, teardown),
        cmocka_unit_test_setup_teardown(parcels__take_units_of_unknown_weight_together, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(parcels__are_counted_and_not_listed_one_by_one, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(parcels__are_those_of_putting_each_unit_by_hand, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(goods__are_weighed_without_overflow, setup, teardown),
        cmocka_unit_test(days__are_business_days_on_the_shops_clock),
        cmocka_unit_test(days__before_1970_and_at_the_end_of_time_are_answered),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
