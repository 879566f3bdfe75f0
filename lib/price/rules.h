/* SPDX-License-Identifier: MIT */
/*
 * rules.h - the rules of a shop as one compiled snapshot, shared by all threads.
 *
 * Zones, taxes, shipping methods and promotions change rarely and are asked for always. The table
 * rule_versions counts their changes; a session that reads a cart or products reads the count in
 * the same statement and, when it is another one, has the snapshot built again. So a price is never
 * computed by rules that were replaced before it was asked for, in this process or another one.
 * Each part is loaded, compiled and used by its own module; none of them sees another's.
 */
#ifndef EC_PRICE_RULES_H
#define EC_PRICE_RULES_H

#include "engine/call.h"
#include "price/pricing.h"
#include "promotion/promotion.h"
#include "shipping/shipping.h"
#include "tax/tax.h"

struct ec_rules {
    int64_t version;       /* of rule_versions */
    ec_arena arena;        /* of everything below */
    _Atomic int uses;      /* by the engine and sessions */
    unsigned needs;        /* ec_rule_need of all of them */
    bool has_catalog;      /* there is a promotion that changes unit prices */
    int64_t utc_offset_ms; /* of the shop's clock */
    size_t channels_count;
    ec_channel *channels; /* by number; their policy is never NULL */
    ec_tax_book taxes;
    ec_shipping_book shipping;
    ec_promotion_book promotions;
};

/*
 * The snapshot of that version, read within the call's connection when the engine does not have it.
 * It is held until the end of the outermost call, or until that session holds another version or
 * changes rules; so a body needs to let go of nothing.
 */
ec_status ec_rules_hold(ec_session *session, int64_t version, const ec_rules **out);
/* The same as it is for a moment of the past: with what is over by now. Always built anew. */
ec_status ec_rules_hold_past(ec_session *session, int64_t version, ec_time at,
                             const ec_rules **out);
/* What the snapshot knows of a channel; NULL for an unknown one. */
const ec_channel *ec_rules_channel(const ec_rules *rules, ec_id id);
/* Let go of it now; for the end of calls. */
void ec_rules_release(ec_session *session);
/* The engine ends, or its schema is another one. */
void ec_rules_forget(ec_engine *engine);
/* A rule was written in this transaction: count it. To be called by every write of a zone, rate,
   shipping method, promotion, coupon-independent limit or channel policy. */
ec_status ec_rules_changed(ec_session *session);

#endif
