/* SPDX-License-Identifier: MIT */
/*
 * promotion.h - promotions, compiled and indexed, and what they take off.
 */
#ifndef EC_PROMOTION_PROMOTION_H
#define EC_PROMOTION_PROMOTION_H

#include "engine/call.h"
#include "price/pricing.h"
#include "rule/rule.h"

/* A promotion as the computation sees it; ec_promotion_compile makes it out of the stored one. */
typedef struct ec_promotion_rule {
    ec_id id;
    const char *name;
    ec_time starts_at, ends_at; /* 0: open */
    int64_t lane;               /* lower ones first */
    int64_t priority;           /* higher ones first within a lane; then the lower id */
    const ec_rule *condition;   /* NULL: always */
    const ec_rule_call *actions;
    size_t actions_count;
    const ec_id *channels; /* none: all */
    size_t channels_count;
    const char *const *tags; /* its own */
    size_t tags_count;
    const char *const
        *combines_with; /* NULL: with all; else only with those of one of these tags */
    size_t combines_count;
    const ec_pricing_line *gifts; /* priced in the channel's currency when it is loaded */
    size_t gifts_count;
    bool catalog;           /* changes unit prices instead of carts */
    bool coupon;            /* only with one of its codes */
    bool exclusive;         /* see ec_policy.exclusion */
    bool stops;             /* nothing after it once it applied */
    bool spares_discounted; /* lines with a reduced price take no part */
    bool competes;          /* of its lane's competing ones only the best applies … */
    bool competes_by_line;  /* … for each line */
    bool limited;           /* has a limit of uses or a budget */
} ec_promotion_rule;

typedef struct ec_promotion_book {
    size_t count;
    const ec_promotion_rule *items; /* in the order in which they apply */
    const void *index;              /* promotion/index.c: from keys of carts and lines to items */
} ec_promotion_book;

/* Order, index and keep promotions that are compiled already (tests build books so, too). */
ec_status ec_promotion_book_make(ec_arena *arena, ec_promotion_rule *items, size_t count,
                                 ec_promotion_book *out);
/* Read and compile the promotions that are active and not over. Inside a call. */
ec_status ec_promotion_book_load(ec_session *session, ec_arena *arena, unsigned *needs,
                                 ec_promotion_book *out);

/* The table of actions: rows begin with an ec_rule_verb. */
const void *ec_promotion_verbs(size_t *stride, size_t *count);

/*
 * The limited promotions that may apply to this input, for the loader to read their usage. The
 * list is in the arena.
 */
ec_status ec_promotion_limited(const ec_promotion_book *book, const ec_pricing *in, ec_arena *arena,
                               const ec_id **ids, size_t *count);

/* Stage 1: for each line base_price to unit_price, with adjustments. */
ec_status ec_promotion_catalog(ec_pricing_work *work);
/* The same for products outside of a cart: only the units' prices, one for each line of `in`. */
ec_status ec_promotion_catalog_prices(ec_arena *arena, const ec_rules *rules, const ec_pricing *in,
                                      int64_t *prices);
/* Stage 2: off units and off the order; decides which promotions apply. */
ec_status ec_promotion_items(ec_pricing_work *work);
/* Stage 5: off the fee, of those that were decided to apply. Then quote->promotions is complete. */
ec_status ec_promotion_shipping(ec_pricing_work *work);

#endif
