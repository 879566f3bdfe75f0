/* SPDX-License-Identifier: MIT */
/*
 * change.h - what the operations on a placed order have in common: loading it for a change,
 * choosing units of its items, telling stock, storing items, writing history.
 */
#ifndef EC_ORDER_CHANGE_H
#define EC_ORDER_CHANGE_H

#include <ecommerce/limits.h>

#include "order/order.h"
#include "stock/stock.h"

/* The order with its items and parcels, checked for ownership and (unless 0) for its version. */
ec_status ec_order_for_change(ec_session *session, ec_id id, int64_t version, ec_order *out);

/*
 * Spread the wanted units over the order's items: units[i] for items[i]. Refused with a field error
 * each: an unknown item, one named twice, a quantity below 1 or above what is open.
 */
ec_status ec_order_choose(ec_session *session, const ec_order *order, const ec_order_units *wanted,
                          size_t count, int64_t *units);

/* The goods behind units of items, summed by variant; in the arena. Stock knows what is tracked. */
ec_stock_units *ec_order_goods(ec_session *session, const ec_order *order, const int64_t *units,
                               size_t *count);

/* A list with a count needs its items: field "items". */
void ec_order_list_rule(ec_check *check, size_t count, const void *items);

/* Store quantities, prices and totals of all items in one statement. */
ec_status ec_order_store_items(ec_session *session, const ec_order *order);

/* ---- edit_tax.c ---- */
/* Discount and tax of an item whose price or number of units changed: the same parts of it. */
void ec_order_item_rescale(ec_order_item *item, int64_t old_price, int64_t old_quantity);
/* Taxes of the fee when that was set by hand. */
void ec_order_fee_rescale(ec_order *order, int64_t old_fee);
/* Taxes of new items, from that index on, as the order's situation has it now. */
ec_status ec_order_tax_items(ec_session *session, ec_order *order, size_t from);

/* Is an optional text of at most so many characters? Names the field otherwise. */
ec_status ec_order_text_rule(ec_session *session, const char *field, const char *text, int64_t max);

/* A member "items" that lists units by item. */
void ec_order_units_json(ec_json_writer *json, const ec_order *order, const int64_t *units);
/* Move a finished text into the arena and clear the buffer. */
ec_status ec_order_keep(ec_session *session, ec_buf *buf, const char **text);
/* The members of an object without its braces; NULL when there are none. */
const char *ec_order_members(ec_session *session, const char *object);

/* Call off a loaded order; used by the operation, by ec_order_apply and by the sweep. */
ec_status ec_order_cancel_loaded(ec_session *session, ec_order *order,
                                 const ec_cancel_request *request);

#endif
