/* SPDX-License-Identifier: MIT */
/*
 * catalog.h - the catalogue for the other rules: what a variant is and costs, free addresses,
 * prices that follow their variants.
 *
 * Every function here takes one statement, however many objects it is about.
 */
#ifndef EC_CATALOG_CATALOG_H
#define EC_CATALOG_CATALOG_H

#include <ecommerce/product.h>

#include "engine/call.h"
#include "engine/sql.h"
#include "model/model.h"

/* A variant as it is sold in a channel. */
typedef struct ec_variant_price {
    ec_id variant_id;
    ec_id product_id;       /* 0: there is no such variant; then all else is zero */
    int64_t amount;         /* of a unit, in the channel's currency */
    int64_t compare_amount; /* or 0 */
    int64_t minimum_amount; /* no promotion goes below; or 0 */
    ec_id price_list_id;    /* whose price it is, or 0: the catalogue's */
    int64_t weight;         /* grams, or 0 */
    const char *name;       /* of the product */
    const char *variant_name;
    const char *sku;  /* or NULL */
    const char *slug; /* of the product */
    const char *tax_code;
    const char *image_url; /* of the variant, else the product's first one; or NULL */
    bool sold;             /* has a price in the channel */
    bool visible;          /* it and its product are active, and the dates include the present */
    bool tracked;
    bool backorder;
    bool requires_shipping;
    bool taxable;
} ec_variant_price;

/*
 * What so many units of variants cost in a channel (0: the session's), for a user (0: somebody who
 * is in no group): by the price lists (catalog/price_rule.h), else the variant's price when the
 * product's currency is the channel's, else not sold. out[i] belongs to ids[i] and quantities[i]
 * (quantities NULL: one of each); a variant may come more than once. Unknown ones have product_id
 * 0. Texts are in the arena. One statement up to 256 lines.
 */
ec_status ec_price_of_lines(ec_session *session, ec_id channel_id, ec_id user_id, const ec_id *ids,
                            const int64_t *quantities, size_t count, ec_variant_price *out);

/* A product that is in a collection. */
typedef struct ec_product_collection {
    ec_id product_id, collection_id;
} ec_product_collection;
/* Which collections products are in, by hand or by rules, in the order of both numbers; the list is
   in the arena. Two statements. */
ec_status ec_collections_of(ec_session *session, const ec_id *products, size_t count,
                            ec_product_collection **out, size_t *out_count);

/* Refresh price, price_max and compare_price of products from their active variants, and count that
   as a change of them (version, updated_at). */
ec_status ec_product_refresh(ec_session *session, const ec_id *products, size_t count);

/* A slug that no row of the table has: made from the name, "fallback" when nothing is left of it,
   with -2, -3 … behind it while it is taken. In the arena. One statement. */
ec_status ec_slug_free(ec_session *session, const ec_entity *entity, const char *name,
                       const char *fallback, const char **out);

#endif
