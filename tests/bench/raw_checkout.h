/* SPDX-License-Identifier: MIT */
/*
 * raw_checkout.h - a checkout that does nothing but its SQL.
 */
#ifndef EC_TESTS_BENCH_RAW_CHECKOUT_H
#define EC_TESTS_BENCH_RAW_CHECKOUT_H

#include "bench/bench.h"
#include "bench/raw.h"

#define RAW_LINES_MAX 2

typedef struct raw_shop {
    raw_db raw;
    int lines; /* of each cart */
    sqlite3_stmt *load, *number, *order, *items, *event, *hold, *reserve, *close;
} raw_shop;

/* texts: those that the library starts for the checkout of a cart of so many lines. */
void raw_shop_open(raw_shop *shop, const char *path, const bench_texts *texts, int lines);
void raw_shop_close(raw_shop *shop);
/* Turn a cart into an order, in a transaction grouped with those of other callers; its number. */
int64_t raw_checkout(raw_shop *shop, ec_id cart, const char *key);

#endif
