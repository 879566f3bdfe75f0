/* SPDX-License-Identifier: MIT */
/*
 * place.h - a new order into the storage.
 */
#ifndef EC_ORDER_PLACE_H
#define EC_ORDER_PLACE_H

#include "order/order.h"

/*
 * Inside a write body: give the order its number, insert it with its items and write
 * "order.placed". Its head and items are complete but for identifiers, number, times and states.
 * EC_STATE when a promotion of it was used up meanwhile.
 * number: what the caller read of the series, 0: nothing. Four statements when that was right. The
 * order of a total of 0 is paid; one without anything to ship needs nothing.
 */
ec_status ec_order_place(ec_session *session, ec_order *order, const char *prefix, int64_t number);

#endif
