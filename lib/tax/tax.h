/* SPDX-License-Identifier: MIT */
/*
 * tax.h - zones and tax rates, compiled, and the taxes of a quote.
 */
#ifndef EC_TAX_TAX_H
#define EC_TAX_TAX_H

#include "engine/call.h"
#include "price/pricing.h"

struct ec_zone;

typedef struct ec_zone_rule ec_zone_rule; /* tax/inside.h */
typedef struct ec_tax_rule ec_tax_rule;

typedef struct ec_tax_book {
    size_t zones_count;
    const ec_zone_rule *zones; /* most specific member lookup: tax/zone_match.c */
    size_t rates_count;
    const ec_tax_rule *rates;         /* by zone and category */
    const struct ec_tax_index *index; /* tax/inside.h */
} ec_tax_book;

/* Read and compile all zones and rates into the arena. Inside a call. */
ec_status ec_tax_book_load(ec_session *session, ec_arena *arena, ec_tax_book *out);

/* The members of a zone whose row was read. */
ec_status ec_zone_complete(ec_session *session, struct ec_zone *zone);

/* What a zone is for. */
typedef enum ec_zone_use { EC_ZONE_FOR_TAX, EC_ZONE_FOR_SHIPPING } ec_zone_use;

/* The most specific zone that an address lies in; 0 when there is none. */
ec_id ec_zone_of(const ec_tax_book *book, ec_zone_use use, const ec_address *address);
/* Does the address lie in this zone, directly or through zones inside of it? */
bool ec_zone_has(const ec_tax_book *book, ec_id zone_id, const ec_address *address);

/* Whose address decides the taxes by the policy; NULL: none is known. */
const ec_address *ec_tax_address_of(const ec_pricing *in);
/* Fill tax_exempt, reverse_charge and tax_number of in->customer, whose user_id, moment,
   policy and addresses are known. Inside a call. */
ec_status ec_tax_buyer(ec_session *session, const ec_tax_book *book, ec_pricing *in);

/*
 * Stage 6: taxes of lines and fee into work (tax_added, tax_included), adjustments, quote->taxes,
 * tax_zone_id. Idempotent over the lines' amounts: compute_lines (stage 3) may run before.
 */
ec_status ec_tax_compute(ec_pricing_work *work);
/* Stage 3: only the lines' added taxes, without adjustments, for rules that ask for totals. */
ec_status ec_tax_compute_lines(ec_pricing_work *work);

#endif
