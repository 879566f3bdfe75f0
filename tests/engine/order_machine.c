/* SPDX-License-Identifier: MIT */
/*
 * order_machine.c - every pair of state and event of an order's three axes: allowed exactly where
 * this list says so, refused everywhere else. The list is written by hand, apart from the
 * machine's table.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "order/order.h"

static const char *const allowed[] = {
    "order placed confirm confirmed",
    "order placed process processing",
    "order placed cancel cancelled",
    "order confirmed process processing",
    "order confirmed complete completed",
    "order confirmed cancel cancelled",
    "order processing complete completed",
    "order processing cancel cancelled",
    "payment pending authorize authorized",
    "payment pending pay_part partially_paid",
    "payment pending pay paid",
    "payment pending fail failed",
    "payment pending void voided",
    "payment authorized pay_part partially_paid",
    "payment authorized pay paid",
    "payment authorized void voided",
    "payment partially_paid pay paid",
    "payment partially_paid refund_part partially_refunded",
    "payment partially_paid refund refunded",
    "payment paid owe partially_paid",
    "payment paid reopen pending",
    "payment paid refund_part partially_refunded",
    "payment paid refund refunded",
    "payment paid void voided",
    "payment partially_refunded refund refunded",
    "payment refunded pay_part partially_refunded",
    "payment failed authorize authorized",
    "payment failed pay_part partially_paid",
    "payment failed pay paid",
    "payment failed void voided",
    "payment voided authorize authorized",
    "payment voided pay_part partially_paid",
    "payment voided pay paid",
    "fulfillment unfulfilled ship_part partially_shipped",
    "fulfillment unfulfilled ship shipped",
    "fulfillment unfulfilled call_off cancelled",
    "fulfillment unfulfilled need_nothing not_needed",
    "fulfillment partially_shipped ship shipped",
    "fulfillment partially_shipped deliver delivered",
    "fulfillment partially_shipped return_part partially_returned",
    "fulfillment partially_shipped return returned",
    "fulfillment shipped need partially_shipped",
    "fulfillment shipped deliver delivered",
    "fulfillment shipped return_part partially_returned",
    "fulfillment shipped return returned",
    "fulfillment delivered need partially_shipped",
    "fulfillment delivered return_part partially_returned",
    "fulfillment delivered return returned",
    "fulfillment partially_returned return returned",
    "fulfillment partially_returned need partially_shipped",
    "fulfillment returned need partially_shipped",
    "fulfillment not_needed call_off cancelled",
    "fulfillment not_needed need unfulfilled",
};

enum { ALLOWED = sizeof(allowed) / sizeof(allowed[0]) };

static int states_of(ec_axis axis)
{
    int count = 0;
    while (ec_axis_state_name(axis, count) != NULL)
        count++;
    return count;
}

static bool expected(const char *line)
{
    for (size_t i = 0; i < ALLOWED; i++)
        if (strcmp(allowed[i], line) == 0) return true;
    return false;
}

static void machine__allows_exactly_the_listed_pairs(void **state)
{
    (void)state;
    size_t found = 0, pairs = 0;
    for (int a = EC_AXIS_ORDER; a <= EC_AXIS_FULFILLMENT; a++) {
        ec_axis axis = (ec_axis)a;
        for (int from = 0; from < states_of(axis); from++) {
            for (const ec_transition *e = ec_order_machine; e->event != NULL; e++) {
                const ec_transition *row = ec_transition_find(axis, from, e->event);
                pairs++;
                if (row == NULL) continue;
                char line[128];
                snprintf(line, sizeof(line), "%s %s %s %s", ec_axis_name(axis),
                         ec_axis_state_name(axis, from), row->event,
                         ec_axis_state_name(axis, row->to));
                if (!expected(line)) fail_msg("not expected: %s", line);
            }
        }
    }
    for (const ec_transition *e = ec_order_machine; e->event != NULL; e++)
        found++;
    assert_int_equal(found, ALLOWED);
    assert_true(pairs > 1000);
}

static void machine__names_no_event_twice_for_a_state(void **state)
{
    (void)state;
    for (const ec_transition *a = ec_order_machine; a->event != NULL; a++)
        for (const ec_transition *b = a + 1; b->event != NULL; b++)
            assert_false(a->axis == b->axis && a->from == b->from &&
                         strcmp(a->event, b->event) == 0);
}

static void machine__leads_to_every_state(void **state)
{
    (void)state;
    for (int a = EC_AXIS_ORDER; a <= EC_AXIS_FULFILLMENT; a++) {
        ec_axis axis = (ec_axis)a;
        bool reached[16] = {true}; /* an order begins in state 0 of each axis */
        for (int round = 0; round < 16; round++)
            for (const ec_transition *row = ec_order_machine; row->event != NULL; row++)
                if (row->axis == axis && reached[row->from]) reached[row->to] = true;
        for (int s = 0; s < states_of(axis); s++)
            assert_true(reached[s]);
    }
}

static void machine__ends_where_it_should(void **state)
{
    (void)state;
    const struct {
        ec_axis axis;
        int state;
    } ends[] = {
        {EC_AXIS_ORDER, EC_STATE_COMPLETED},
        {EC_AXIS_ORDER, EC_STATE_CANCELLED},
        {EC_AXIS_FULFILLMENT, EC_FULFILLMENT_CANCELLED},
    };
    for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
        for (const ec_transition *row = ec_order_machine; row->event != NULL; row++)
            assert_false(row->axis == ends[i].axis && row->from == ends[i].state);
}

static void machine__asks_before_cancelling_and_completing(void **state)
{
    (void)state;
    ec_order order = {.fulfillment_status = EC_FULFILLMENT_SHIPPED};
    const ec_transition *cancel = ec_transition_find(EC_AXIS_ORDER, EC_STATE_PROCESSING, "cancel");
    const ec_transition *complete =
        ec_transition_find(EC_AXIS_ORDER, EC_STATE_PROCESSING, "complete");
    assert_false(cancel->guard(&order));
    assert_false(complete->guard(&order));
    order.fulfillment_status = EC_FULFILLMENT_UNFULFILLED;
    assert_true(cancel->guard(&order));
    order.fulfillment_status = EC_FULFILLMENT_DELIVERED;
    assert_false(complete->guard(&order));
    order.payment_status = EC_ORDER_PAYMENT_PAID;
    assert_true(complete->guard(&order));
}

static void outward__is_one_word_for_three_axes(void **state)
{
    (void)state;
    const struct {
        ec_order_state own;
        ec_order_fulfillment goods;
        ec_time delivered_at;
        ec_order_status outward;
    } cases[] = {
        {EC_STATE_PLACED, EC_FULFILLMENT_UNFULFILLED, 0, EC_ORDER_PENDING},
        {EC_STATE_CONFIRMED, EC_FULFILLMENT_UNFULFILLED, 0, EC_ORDER_CONFIRMED},
        {EC_STATE_PROCESSING, EC_FULFILLMENT_UNFULFILLED, 0, EC_ORDER_PROCESSING},
        {EC_STATE_PROCESSING, EC_FULFILLMENT_PARTIALLY_SHIPPED, 0, EC_ORDER_PROCESSING},
        {EC_STATE_PROCESSING, EC_FULFILLMENT_SHIPPED, 0, EC_ORDER_SHIPPED},
        {EC_STATE_PROCESSING, EC_FULFILLMENT_DELIVERED, 1, EC_ORDER_DELIVERED},
        {EC_STATE_COMPLETED, EC_FULFILLMENT_DELIVERED, 1, EC_ORDER_DELIVERED},
        {EC_STATE_COMPLETED, EC_FULFILLMENT_PARTIALLY_RETURNED, 1, EC_ORDER_DELIVERED},
        {EC_STATE_PROCESSING, EC_FULFILLMENT_PARTIALLY_RETURNED, 0, EC_ORDER_SHIPPED},
        {EC_STATE_CONFIRMED, EC_FULFILLMENT_NOT_NEEDED, 0, EC_ORDER_CONFIRMED},
        {EC_STATE_COMPLETED, EC_FULFILLMENT_NOT_NEEDED, 0, EC_ORDER_DELIVERED},
        {EC_STATE_CANCELLED, EC_FULFILLMENT_CANCELLED, 0, EC_ORDER_CANCELLED},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        ec_order order = {.state = cases[i].own,
                          .fulfillment_status = cases[i].goods,
                          .delivered_at = cases[i].delivered_at};
        assert_int_equal(ec_order_outward(&order), cases[i].outward);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(machine__allows_exactly_the_listed_pairs),
        cmocka_unit_test(machine__names_no_event_twice_for_a_state),
        cmocka_unit_test(machine__leads_to_every_state),
        cmocka_unit_test(machine__ends_where_it_should),
        cmocka_unit_test(machine__asks_before_cancelling_and_completing),
        cmocka_unit_test(outward__is_one_word_for_three_axes),
    };
    return cmocka_run_group_tests_name("order machine", tests, NULL, NULL);
}
