/* SPDX-License-Identifier: MIT */
/*
 * tour.h - a walk through the whole API, for tests that look at what happens below it.
 *
 * Each noun has a function in a file of its own, tour_<noun>.c, and a line in tour.c. It calls
 * every public function of the noun at least once on a way that succeeds, with each filter and
 * order.
 */
#ifndef EC_TESTS_HARNESS_TOUR_H
#define EC_TESTS_HARNESS_TOUR_H

#include "harness/harness.h"

/* All of them, in the order in which a shop grows. */
void tour_all(ec_engine *engine);

void tour_shop(ec_session *session); /* channels, settings, events, migrations */
void tour_customer(ec_session *session);
void tour_price(ec_session *session); /* groups, price lists, prices and their history */
void tour_catalog(ec_session *session);
void tour_cart(ec_session *session);             /* carts, checkouts, payments */
void tour_stock(ec_session *session);            /* warehouses, balances, movements, reservations */
void tour_quote(ec_session *session);            /* prices without a cart */
void tour_shipping(ec_session *session);         /* kinds of goods, ways to ship */
void tour_tax(ec_session *session);              /* zones, rates, exemptions */
void tour_promotion(ec_session *session);        /* promotions, coupons */
void tour_promotion_report(ec_session *session); /* simulations, findings */
void tour_order(ec_session *session);            /* parcels, returns, refunds, edits */
void tour_credit(ec_session *session);           /* gift cards, store credit */
void tour_transfer(ec_session *session);         /* imports, exports, proofs, copies */

#endif
