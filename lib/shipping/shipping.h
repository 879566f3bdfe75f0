/* SPDX-License-Identifier: MIT */
/*
 * shipping.h - shipping methods, compiled, and the fee of a quote.
 */
#ifndef EC_SHIPPING_SHIPPING_H
#define EC_SHIPPING_SHIPPING_H

#include "engine/call.h"
#include "price/pricing.h"
#include "rule/rule.h"

typedef struct ec_shipping_rule ec_shipping_rule; /* shipping/inside.h */

typedef struct ec_shipping_book {
    size_t methods_count;
    const ec_shipping_rule *methods; /* by position */
    bool splits;                     /* some of them split what is sent into parcels */
} ec_shipping_book;

/* Read and compile all methods that are not archived. Inside a call. *needs |= ec_rule_need. */
ec_status ec_shipping_book_load(ec_session *session, ec_arena *arena, unsigned *needs,
                                ec_shipping_book *out);

/*
 * Stage 4: quote->shipping (what fits), the chosen method and its fee in the work, the adjustment.
 * Nothing to send: no method, no fee. in->shipping_amount >= 0: that is the fee, whatever fits.
 */
ec_status ec_shipping_compute(ec_pricing_work *work);

#endif
