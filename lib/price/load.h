/* SPDX-License-Identifier: MIT */
/*
 * load.h - the facts that a price is computed from, out of the storage.
 *
 * Each function takes a constant number of statements, however many lines there are; those that
 * only some rules ask for are read only when the snapshot has such rules. All runs inside a call.
 */
#ifndef EC_PRICE_LOAD_H
#define EC_PRICE_LOAD_H

#include "price/rules.h"

/* A line that is wanted. */
typedef struct ec_price_want {
    ec_id variant_id;
    int64_t quantity;
    int64_t unit_price; /* set by hand; -1: the shop's */
} ec_price_want;

/* Whether what was wanted is there. */
typedef enum ec_price_found {
    EC_PRICE_UNKNOWN, /* no such variant */
    EC_PRICE_HIDDEN,  /* it is not sold now */
    EC_PRICE_NONE,    /* no price in the channel's currency */
    EC_PRICE_FOUND
} ec_price_found;

/* The version of the rules that hold. One statement. */
ec_status ec_rules_version(ec_session *session, int64_t *out);

/*
 * What the channel says: code, currency, locale, country, zone, policy, clock. EC_NOT_FOUND (field
 * "channel_id") for an unknown one.
 */
ec_status ec_pricing_channel(ec_session *session, const ec_rules *rules, ec_id channel_id,
                             ec_pricing *in);

/* The same of a channel that is known, whoever asks. */
void ec_pricing_of_channel(const ec_rules *rules, const ec_channel *channel, ec_pricing *in);

/*
 * The wanted lines, at the prices of in's channel, customer and moment; found[i] says whether there
 * is one, and a line that is not found is all zero but for its quantity.
 */
ec_status ec_pricing_read_lines(ec_session *session, const ec_pricing *in,
                                const ec_price_want *wants, size_t count, ec_pricing_line *lines,
                                ec_price_found *found);

/* Categories, options, tags, collections and attributes of the lines, as far as rules ask. */
ec_status ec_pricing_details(ec_session *session, const ec_rules *rules, ec_pricing_line *lines,
                             size_t count);

/* Who buys: in->customer by its user_id (0: a visitor), as far as rules ask. EC_NOT_FOUND (field
   "user_id"). known: email and role are there already. */
ec_status ec_pricing_read_customer(ec_session *session, const ec_rules *rules, ec_pricing *in,
                                   bool known);

/* The codes of the cart and the use of limited promotions, as storage knows them; asked last. */
ec_status ec_pricing_read_promotions(ec_session *session, const ec_rules *rules, ec_pricing *in,
                                     const char *const *codes, size_t count);

/* Compute, and name what went wrong: the field of the line that is at fault. lines[0] is called
   "<name>[0]". */
ec_status ec_pricing_run(ec_session *session, const ec_rules *rules, const ec_pricing *in,
                         const char *name, ec_quote **out);

/* prior.c: prior_price of the lines that are reduced; one statement, or none. */
ec_status ec_pricing_priors(ec_session *session, const ec_pricing *in, ec_quote *quote);

#endif
