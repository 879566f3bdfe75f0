/* SPDX-License-Identifier: MIT */
/*
 * price_history.h - what everything cost, as a log beside the prices.
 *
 * The log follows from the prices: whoever writes prices says afterwards which variants they are
 * of, and what differs from the log is added to it. So no writer has to know what was before.
 */
#ifndef EC_CATALOG_PRICE_HISTORY_H
#define EC_CATALOG_PRICE_HISTORY_H

#include "engine/call.h"

/* Prices of these variants in a list were written (list 0: the catalogue's): log what is different
   now, and what is scheduled. A constant number of statements up to EC_PRICE_STEP variants. */
#define EC_PRICE_STEP 1000
ec_status ec_price_history_sync(ec_session *session, ec_id list, const ec_id *variants,
                                size_t count, const char *cause);

/* What a promotion of the catalogue makes of prices in a channel, from a moment on. */
typedef struct ec_price_note {
    ec_id variant_id;
    int64_t amount; /* of one; -1: it ended, the price is that of lists or catalogue again */
    int64_t compare_amount; /* without the promotion; 0: none */
} ec_price_note;

/* For promotions of the catalogue, whose begin and end change prices that nobody writes. Rows that
   say what the last one of the variant and channel said are left out. */
ec_status ec_price_history_note(ec_session *session, ec_id channel_id, const ec_price_note *notes,
                                size_t count, ec_time from, const char *cause);

/* The lowest prices before, for quotes: price_prior.c. */
typedef struct ec_prior_want {
    ec_id channel_id, user_id; /* user 0: in no group */
    ec_time now;
    int64_t days; /* 0: 30 */
    bool reduced; /* of prices without compare_amount as well: a discount that begins now */
    const int64_t *quantities; /* not what was before: what so many units of each cost at `now`,
                                  which may be past, without promotions; NULL: what was before */
} ec_prior_want;

typedef struct ec_prior_price {
    ec_id variant_id; /* 0: it has no price there, or there is no such variant */
    int64_t amount, compare_amount, prior_amount;
    ec_time since, prior_from;
    const char *currency;
    bool visible; /* to visitors */
} ec_prior_price;

/* out[i] belongs to ids[i]. One statement up to EC_PRICE_STEP variants. */
ec_status ec_price_priors(ec_session *session, const ec_prior_want *want, const ec_id *ids,
                          size_t count, ec_prior_price *out);

#endif
