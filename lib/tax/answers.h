/* SPDX-License-Identifier: MIT */
/*
 * answers.h - amounts that tax services say: what they are asked, and what is kept of their
 * answers.
 *
 * An answer belongs to a cart and to exactly what was asked. Pricing only ever reads what is kept,
 * and compares what it is about to tax with what was asked.
 */
#ifndef EC_TAX_ANSWERS_H
#define EC_TAX_ANSWERS_H

#include <ecommerce/sys/tax.h>

#include "base/hash.h"
#include "price/rules.h"

/* What a service is asked about a cart. Lies in an arena of its own, from one call to the next. */
typedef struct ec_tax_question {
    ec_arena arena;
    bool asked; /* was there anything to ask? */
    ec_tax_request request;
    const char *provider;
    char print[EC_SHA256_HEX];
    ec_tax_answer answer;
    ec_time expires_at; /* 0: no answer */
} ec_tax_question;

/* ---- question.c: pure ---- */
/* A name for what is to be taxed and whose tax it is. EC_NO_MEMORY. */
ec_status ec_tax_print(const ec_pricing_work *work, char out[EC_SHA256_HEX]);
/* Copy what is to be asked into the question's arena. EC_NO_MEMORY. */
ec_status ec_tax_ask_about(const ec_pricing_work *work, ec_tax_question *question);

/* ---- answers.c ---- */
/* Keep the answer with the cart, instead of an earlier one. Inside a call. */
ec_status ec_tax_store_answer(ec_session *session, ec_id cart_id, const ec_tax_question *question);
/* What is kept for this cart and in's service and holds now, into in->outside_taxes and
   outside_print. One statement, none where the channel names no service. Inside a call. */
ec_status ec_tax_read_answer(ec_session *session, ec_id cart_id, ec_pricing *in);

/* ---- provider.c ---- */
/* The service of that name, or NULL. */
ec_tax_provider *ec_tax_provider_find(ec_engine *engine, const char *name);
void ec_tax_providers_close(ec_engine *engine);

#endif
