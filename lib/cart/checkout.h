/* SPDX-License-Identifier: MIT */
/*
 * checkout.h - what the steps of a checkout share with each other and with reconciliation.
 */
#ifndef EC_CART_CHECKOUT_H
#define EC_CART_CHECKOUT_H

#include <ecommerce/cart.h>

#include "cart/cart.h"
#include "credit/credit.h"
#include "payment/payment.h"

/* What a checkout becomes when nothing stands in its way, and how it is to be paid. */
typedef struct ec_checkout_plan {
    ec_order *order; /* in the arena, without identifiers and number */
    bool capture;    /* take the money as soon as there is an order */
    bool credit;     /* thawed: accounts have paid a part */
    /* what accounts pay; not kept while a payment runs, since it is taken by then */
    ec_credit_part *credits;
    size_t credits_count;
    int64_t credit_amount;
} ec_checkout_plan;

/* Everything about the request that needs no storage: field errors. */
ec_status ec_checkout_check(ec_session *session, const ec_checkout_request *request);
/* Everything about the loaded cart: field errors, EC_STATE, EC_OUT_OF_STOCK. Sets the plan.
   EC_CHANGED is returned with the error set; then the caller keeps the new prices. */
ec_status ec_checkout_plan_make(ec_session *session, const ec_checkout_request *request,
                                ec_loaded_cart *loaded, ec_checkout_plan *plan);
/* Units of each variant of an order, those of a gift together with bought ones. NULL when memory is
   out. */
ec_stock_demand *ec_checkout_demands(ec_session *session, const ec_order *order, size_t *count);
/* The plan as text for the time of the payment, and back. In the arena. */
ec_status ec_checkout_freeze(ec_session *session, const ec_checkout_plan *plan, const char **text);
ec_status ec_checkout_thaw(ec_session *session, const char *text, ec_checkout_plan *plan);

/* What accounts pay of the planned order, decided. Field errors "credits[i].…". */
ec_status ec_checkout_credits(ec_session *session, const ec_checkout_request *request,
                              ec_checkout_plan *plan);
/* Take it: for the order when that is placed (order->id is set) and settle it, for the cart before
   its payment starts otherwise. */
ec_status ec_checkout_take_credits(ec_session *session, const ec_checkout_request *request,
                                   const ec_loaded_cart *loaded, const ec_checkout_plan *plan);

/*
 * The third step, for the caller of the checkout and for reconciliation alike: record what the
 * provider said about the authorisation and finish, so that the cart is an order or open again.
 * EC_OK: there is an order; EC_DECLINED, EC_UNKNOWN; EC_OUT_OF_STOCK (the holds ran out and the
 * goods are gone; the money is given back).
 */
ec_status ec_checkout_settle(ec_session *session, const ec_payment *attempt,
                             const ec_outcome *outcome);

#endif
