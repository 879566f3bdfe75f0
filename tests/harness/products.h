/* SPDX-License-Identifier: MIT */
/*
 * products.h - products for tests of the catalogue, made through the public functions.
 */
#ifndef EC_TESTS_HARNESS_PRODUCTS_H
#define EC_TESTS_HARNESS_PRODUCTS_H

#include "harness/harness.h"

/* An active variant with this price, SKU (may be NULL) and value of the first option (may be
   NULL). */
ec_variant variant_of(int64_t price, const char *sku, const char *option1);
/* A published product with one variant of this price; to be freed. */
ec_product *product_make(ec_session *session, const char *name, int64_t price);
/* A published product with one option and `count` variants priced price, price + 1 …, with SKUs
   "<prefix>-0", "<prefix>-1" …; to be freed. */
ec_product *product_with_variants(ec_session *session, const char *name, const char *prefix,
                                  size_t count, int64_t price);
/* A category below a parent (0: at the top); its number. */
ec_id category_make(ec_session *session, const char *name, ec_id parent);
ec_id brand_make(ec_session *session, const char *name);
ec_id attribute_make(ec_session *session, const char *code, ec_attribute_type type);
/* So many units of a variant in the first warehouse. */
void variant_stock(ec_session *session, ec_id variant, int64_t units);
/* An order of one unit of a variant, by SQL, so that it cannot be removed any more. */
void variant_ordered(ec_engine *engine, ec_id product, ec_id variant);
/* Statements that a call takes: statements_of() before it, and the difference behind. */
int64_t statements_of(ec_engine *engine);
/* How many events of a type there are. */
int64_t events_of(ec_engine *engine, const char *type);

#endif
