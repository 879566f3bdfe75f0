/* SPDX-License-Identifier: MIT */
/*
 * credits.c - gift cards and store credit in a checkout: decided with the plan, taken in the same
 * transaction as the order or the freezing of the cart.
 *
 * It refuses to leave anything for later: what an account pays is out of it before any provider is
 * asked for the rest.
 */
#include "cart/checkout.h"
#include "order/order.h"

static ec_credit_bill bill_of(const ec_order *order)
{
    return (ec_credit_bill){
        .user_id = order->user_id,
        .currency = order->currency,
        .owed = order->total_amount,
        .list = "credits",
    };
}

ec_status ec_checkout_credits(ec_session *session, const ec_checkout_request *request,
                              ec_checkout_plan *plan)
{
    ec_credit_bill bill = bill_of(plan->order);
    size_t count = request->credits_count;
    if (count == 0) return EC_OK;
    plan->credits = ec_arena_array(ec_scratch(session), count, sizeof(*plan->credits));
    if (plan->credits == NULL) return ec_fail_memory(session);
    return ec_credit_plan(session, &bill, request->credits, count, plan->credits,
                          &plan->credits_count, &plan->credit_amount);
}

ec_status ec_checkout_take_credits(ec_session *session, const ec_checkout_request *request,
                                   const ec_loaded_cart *loaded, const ec_checkout_plan *plan)
{
    ec_order *order = plan->order;
    ec_credit_bill bill = bill_of(order);
    ec_id cart_id = loaded->cart.id;
    const char *key =
        ec_attempt_key(session, "checkout-credit", cart_id, request->key, loaded->attempts + 1);
    if (key == NULL) return ec_fail_memory(session);
    ec_status status =
        ec_credit_take(session, &bill, plan->credits, plan->credits_count, cart_id, order->id, key);
    if (status != EC_OK || order->id == 0) return status;
    status = ec_order_settle(session, order->id);
    /* the answer tells what was paid; the order is the caller's, whoever it is */
    if (status == EC_OK) status = ec_entity_get(session, &ec_order_entity, order->id, order);
    return status == EC_OK ? ec_order_read_all(session, order) : status;
}
