/* SPDX-License-Identifier: MIT */
/*
 * sources.h - from which warehouses the goods of a cart would be sent now.
 */
#ifndef EC_SHIPPING_SOURCES_H
#define EC_SHIPPING_SOURCES_H

#include "price/rules.h"
#include "stock/stock.h"

/*
 * Fill the parts of lines by the plan that a checkout would make, where some method of the rules
 * asks for parcels; otherwise, and when stock is short, they stay unknown. Each variant is in one
 * line. No statements.
 */
ec_status ec_shipping_sources(ec_session *session, const ec_rules *rules,
                              ec_stock_strategy strategy, const ec_stock_supply *supply,
                              ec_pricing_line *lines, size_t count);

#endif
