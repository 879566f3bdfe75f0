/* SPDX-License-Identifier: MIT */
/*
 * sale.h - things to sell, and orders of them, for tests that are about something else.
 */
#ifndef EC_TESTS_HARNESS_SALE_H
#define EC_TESTS_HARNESS_SALE_H

#include "harness/harness.h"

/* A product "Product <sku>" with one variant of that sku in CLP, with so many units on hand in the
   shop's first warehouse. quantity -1: untracked. */
ec_id sale_variant(ec_engine *engine, const char *sku, int64_t price, int64_t quantity);
/* The balances of a variant over all warehouses. */
int64_t sale_on_hand(ec_engine *engine, ec_id variant_id);
int64_t sale_committed(ec_engine *engine, ec_id variant_id);

/* What is bought: a list ended by a variant of 0. */
typedef struct sale_line {
    ec_id variant_id;
    int64_t quantity;
} sale_line;

/* An address that passes. */
extern const ec_address sale_address;

/* An order of these lines by a visitor, paid offline later. key: of its checkout. */
ec_order *sale_order(ec_session *session, const char *key, const sale_line *lines);
/* The same, paid at once by the manual provider with capture. */
ec_order *sale_paid_order(ec_session *session, const char *key, const sale_line *lines);

/* ec_verify finds nothing wrong; prints what is. */
void sale_verified(ec_engine *engine);

#endif
