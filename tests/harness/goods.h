/* SPDX-License-Identifier: MIT */
/*
 * goods.h - goods, carts and orders for tests of stock, without the rules that make real ones; and
 * a way into the library's own functions.
 */
#ifndef EC_TESTS_HARNESS_GOODS_H
#define EC_TESTS_HARNESS_GOODS_H

#include "harness/harness.h"
#include "stock/stock.h"

/* The warehouse of a fresh shop. */
#define GOODS_MAIN 1

/* Variants first … first + count - 1 of one product, tracked, without backorders. */
void goods_variants(ec_engine *engine, ec_id first, int count);
/* UPDATE product_variants SET <what> WHERE id = <variant>; for flags, without the catalogue's
   rules. */
void goods_set(ec_engine *engine, ec_id variant, const char *what);
/* An open cart and a placed order with this number. */
void goods_cart(ec_engine *engine, ec_id id);
void goods_order(ec_engine *engine, ec_id id);
/* Another active warehouse that serves the default channel after the others. */
ec_id goods_warehouse(ec_session *session, const char *code);
/* So many units more on hand. */
void goods_receive(ec_session *session, ec_id variant, ec_id warehouse, int64_t quantity);
/* The balances as they are. */
ec_stock_level goods_level(ec_session *session, ec_id variant, ec_id warehouse);
#define assert_level(session, variant, warehouse, on_hand, committed, available)                   \
    goods_assert_level(session, variant, warehouse, on_hand, committed, available, __FILE__,       \
                       __LINE__)
void goods_assert_level(ec_session *session, ec_id variant, ec_id warehouse, int64_t on_hand,
                        int64_t committed, int64_t available, const char *file, int line);

/* Is nothing of stock wrong? What is made up here has neither items nor payments, which other
   checks find. */
bool goods_sound(const ec_verify_report *report);

/* A body that calls functions of the library, in one transaction as an operation's. */
typedef ec_status (*goods_fn)(ec_session *session, void *ctx);
ec_status goods_inside(ec_session *session, goods_fn fn, void *ctx);

/* The library's functions as calls of their own. */
ec_status goods_reserve(ec_session *session, const ec_stock_demand *demands, size_t count,
                        ec_stock_owner owner, size_t *rows);
ec_status goods_attach(ec_session *session, ec_id cart, ec_id order, size_t *attached);
ec_status goods_cover(ec_session *session, ec_id order, const ec_stock_demand *demands,
                      size_t count);
ec_status goods_release_cart(ec_session *session, ec_id cart, const ec_stock_units *units,
                             size_t count);
ec_status goods_release_order(ec_session *session, ec_id order, const ec_stock_units *units,
                              size_t count);
ec_status goods_ship(ec_session *session, ec_id order, const ec_stock_units *units, size_t count);
ec_status goods_write_off(ec_session *session, ec_id order, const ec_stock_units *units,
                          size_t count);
ec_status goods_return(ec_session *session, ec_id order, ec_id back, const ec_stock_units *units,
                       size_t count);
ec_status goods_backorder(ec_session *session, ec_id variant, bool backorder);

#endif
