/* SPDX-License-Identifier: MIT */
/*
 * rates.h - fees that carriers say: what they are asked, and what is kept of their answers.
 *
 * An answer belongs to a cart and to exactly what was asked: address, goods, methods. It holds
 * until it expires. Pricing only ever reads what is kept.
 */
#ifndef EC_SHIPPING_RATES_H
#define EC_SHIPPING_RATES_H

#include <ecommerce/sys/shipping.h>

#include "base/hash.h"
#include "price/rules.h"

/* What one carrier is asked. */
typedef struct ec_shipping_question {
    const char *provider;
    ec_shipping_request request;
    const ec_id *methods; /* one for each of the request's */
    char fingerprint[EC_SHA256_HEX];
    ec_shipping_rate *rates; /* one for each method, to be filled */
    int64_t valid_ms;        /* how long the answer holds; 0: there is none */
} ec_shipping_question;

/* What carriers are asked for these goods, one question for each carrier that a method of the
   channel names. Everything is copied into the arena. None without an address or without goods. */
ec_status ec_shipping_questions(ec_arena *arena, const ec_rules *rules, const ec_pricing *in,
                                ec_shipping_question **out, size_t *count);
/* Keep the answers with the cart, instead of earlier ones of the same carriers. Inside a call. */
ec_status ec_shipping_keep(ec_session *session, ec_id cart_id,
                           const ec_shipping_question *questions, size_t count);
/* The fees that hold for this cart now, into in->outside_fees. One statement, none where no method
   asks a carrier. Inside a call. */
ec_status ec_shipping_read_rates(ec_session *session, const ec_rules *rules, ec_id cart_id,
                                 ec_pricing *in);

/* ---- provider.c ---- */
/* The carrier of that name, or NULL. */
ec_shipping_provider *ec_shipping_provider_find(ec_engine *engine, const char *name);
void ec_shipping_providers_close(ec_engine *engine);

#endif
