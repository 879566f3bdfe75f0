/* SPDX-License-Identifier: MIT */
/*
 * estimate.c - what shipping would cost if nothing more were taken off the lines.
 *
 * Promotions are decided before the fee is known, since the fee may depend on what they leave. To
 * compare one that is about the fee with one that is not, the later stages run over a copy. It
 * refuses to touch the work that it is asked about.
 */
#include <string.h>

#include "price/rules.h"

ec_status ec_price_estimate(const ec_pricing_work *work, ec_pricing_work *out)
{
    *out = *work;
    out->quote = ec_arena_alloc(work->arena, sizeof(*out->quote));
    out->lines = ec_arena_array(work->arena, work->lines_count + 1, sizeof(*out->lines));
    if (out->quote == NULL || out->lines == NULL) return EC_NO_MEMORY;
    if (work->lines_count > 0)
        memcpy(out->lines, work->lines, work->lines_count * sizeof(*out->lines));
    *out->quote = (ec_quote){.channel_id = work->quote->channel_id,
                             .currency = work->quote->currency,
                             .priced_at = work->quote->priced_at};
    out->lines_capacity = work->lines_count + 1;
    out->adjustments_capacity = out->promotions_capacity = out->taxes_capacity = 0;
    ec_status status = ec_tax_compute_lines(out);
    return status == EC_OK ? ec_shipping_compute(out) : status;
}
