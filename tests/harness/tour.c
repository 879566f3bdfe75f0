/* SPDX-License-Identifier: MIT */
/*
 * tour.c - the stations of the tour.
 */
#include "harness/tour.h"

void tour_all(ec_engine *engine)
{
    static void (*const stations[])(ec_session * session) = {
        tour_shop,      tour_customer,
        tour_catalog,   tour_price,
        tour_stock,     tour_quote,
        tour_cart,      tour_order,
        tour_credit,    tour_transfer,
        tour_shipping,  tour_tax,
        tour_promotion, tour_promotion_report,
    };
    for (size_t i = 0; i < sizeof stations / sizeof stations[0]; i++) {
        ec_session *session = session_system(engine);
        stations[i](session);
        ec_session_close(session);
    }
}
