/* SPDX-License-Identifier: MIT */
/*
 * What units of an ordered item are worth: however an item is cut into refunds and cancellations,
 * all of them together give back exactly what it cost, and none of them is below nothing.
 */
#include "harness/harness.h"

#include "order/order.h"

#define ROUNDS 20000

static int64_t value(const ec_order_item *item, int64_t units)
{
    ec_order_share share;
    assert_int_equal(ec_order_item_share(NULL, item, units, &share), EC_OK);
    assert_int_equal(share.total, share.price - share.discount + share.tax);
    assert_true(share.total >= 0);
    return share.total;
}

static ec_order_item random_item(void)
{
    int64_t quantity = world_pick(12) + 1,
            price = world_pick(4) == 0 ? world_pick(3) : world_pick(100000);
    ec_order_item item = {.quantity = quantity, .unit_price = price};
    item.discount_amount = world_pick(price * quantity + 1);
    int64_t left = price * quantity - item.discount_amount;
    item.tax_amount = world_pick(3) == 0 ? -world_pick(left + 1) : world_pick(left / 3 + 1);
    item.tax_included = world_pick(left + 1);
    return item;
}

/* Refunds take the first units, cancellations the last ones, in any order. */
static void shares__of_any_cut_are_the_whole(void **state)
{
    (void)state;
    for (int round = 0; round < ROUNDS; round++) {
        ec_order_item item = random_item();
        int64_t refunded = 0, cancelled = 0, given = 0;
        int64_t cost = item.unit_price * item.quantity - item.discount_amount + item.tax_amount;
        assert_int_equal(value(&item, item.quantity), cost);
        while (refunded + cancelled < item.quantity) {
            int64_t units = world_pick(item.quantity - refunded - cancelled) + 1;
            int64_t part = 0;
            if (world_pick(2) == 0) {
                part = value(&item, refunded + units) - value(&item, refunded);
                refunded += units;
            } else {
                part = value(&item, item.quantity - cancelled) -
                       value(&item, item.quantity - cancelled - units);
                cancelled += units;
            }
            assert_true(part >= 0);
            given += part;
        }
        assert_int_equal(given, cost);
    }
}

static void shares__of_nothing_are_nothing(void **state)
{
    (void)state;
    ec_order_item item = {.quantity = 3, .unit_price = 1, .discount_amount = 2, .tax_amount = -1};
    assert_int_equal(value(&item, 0), 0);
    assert_int_equal(value(&item, 3), 0);
    item = (ec_order_item){.quantity = 9999, .unit_price = EC_AMOUNT_MAX};
    ec_order_share share;
    assert_int_equal(ec_order_item_share(NULL, &item, 1, &share), EC_OK);
    assert_int_equal(share.total, EC_AMOUNT_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shares__of_any_cut_are_the_whole),
        cmocka_unit_test(shares__of_nothing_are_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
