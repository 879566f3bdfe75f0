/* SPDX-License-Identifier: MIT */
/*
 * items.c - the two stages of a cart's promotions: off the lines before the fee is known, off the
 * fee afterwards.
 *
 * Which promotions apply is decided once, before the fee; one whose only effect could have been on
 * the fee and was none is taken back at the end. It refuses to touch lines in the second stage.
 */
#include "promotion/inside.h"

ec_status ec_promotion_items(ec_pricing_work *work)
{
    ec_offers *offers = ec_arena_alloc(work->arena, sizeof(*offers));
    if (offers == NULL) return EC_NO_MEMORY;
    ec_status status = ec_offers_make(work, offers);
    if (status == EC_OK && offers->count > 0) status = ec_bench_make(work, &offers->bench);
    if (status == EC_OK) status = ec_offers_apply(work, offers);
    work->promotion_state = offers;
    return status;
}

static ec_status take_fee(ec_pricing_work *work, ec_bench *bench, ec_offer *offer)
{
    ec_status status = ec_trial_fee(work, bench, offer);
    if (status == EC_OK) status = ec_offer_accept(work, offer);
    if (status != EC_OK || offer->taken > 0 || offer->given) return status;
    offer->accepted = false;
    offer->reason = offer->no_amount ? "no_amount" : "no_effect";
    offer->message = offer->no_amount ? "It states no amount for this channel and currency."
                                      : "It takes nothing off the fee.";
    return EC_OK;
}

ec_status ec_promotion_shipping(ec_pricing_work *work)
{
    ec_offers *offers = work->promotion_state;
    if (offers == NULL) return EC_OK;
    ec_status status = EC_OK;
    for (size_t i = 0; i < offers->count && status == EC_OK; i++)
        if (offers->items[i].accepted) status = take_fee(work, &offers->bench, &offers->items[i]);
    return status == EC_OK ? ec_offers_tell(work, offers) : status;
}
