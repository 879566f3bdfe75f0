/* SPDX-License-Identifier: MIT */
/*
 * prior.c - the lowest earlier prices of what a quote reduces.
 *
 * Asked for after the quote is computed, since only then is it known what is reduced; a quote
 * without discounts of prices asks nothing. It refuses to show what the channel's policy hides.
 */
#include "catalog/price_history.h"
#include "price/load.h"

static bool is_reduced(const ec_quote_line *line)
{
    return line->original_price > line->unit_price || line->base_price > line->unit_price;
}

ec_status ec_pricing_priors(ec_session *session, const ec_pricing *in, ec_quote *quote)
{
    ec_arena *arena = ec_scratch(session);
    ec_id *ids = ec_arena_array(arena, quote->lines_count, sizeof(*ids));
    ec_prior_price *found = ec_arena_array(arena, quote->lines_count, sizeof(*found));
    ec_prior_want want = {.channel_id = in->channel_id,
                          .user_id = in->customer.user_id,
                          .now = in->now,
                          .days = in->policy->prior_days,
                          .reduced = true};
    size_t count = 0;
    if (ids == NULL || found == NULL) return ec_fail_memory(session);
    for (size_t i = 0; i < quote->lines_count; i++)
        if (is_reduced(&quote->lines[i])) ids[count++] = quote->lines[i].variant_id;
    if (count == 0 || in->policy->hide_prior_price) return EC_OK;
    ec_status status = ec_price_priors(session, &want, ids, count, found);
    count = 0;
    for (size_t i = 0; status == EC_OK && i < quote->lines_count; i++)
        if (is_reduced(&quote->lines[i])) quote->lines[i].prior_price = found[count++].prior_amount;
    return status;
}
