/* SPDX-License-Identifier: MIT */
/*
 * work.c - the lists of a quote, which grow while it is computed.
 *
 * Stages add what they find; nobody has to know how much it will be. Lists double, what was there
 * moves, so a pointer into one of them is good until the next is added. They refuse to shrink, and
 * to hide that memory is out: NULL, and the arena remembers it.
 */
#include <string.h>

#include "price/pricing.h"

/* Room for one more of count items; the list's new place, or NULL. */
static void *grow(ec_arena *arena, void *items, size_t count, size_t *capacity, size_t size)
{
    if (count < *capacity) return items;
    size_t wanted = *capacity < 8 ? 8 : 2 * *capacity;
    void *more = ec_arena_array(arena, wanted, size);
    if (more == NULL) return NULL;
    if (count > 0) memcpy(more, items, count * size);
    *capacity = wanted;
    return more;
}

ec_quote_adjustment *ec_pricing_adjust(ec_pricing_work *work, ec_adjustment_kind kind)
{
    ec_quote *quote = work->quote;
    ec_quote_adjustment *items = grow(work->arena, quote->adjustments, quote->adjustments_count,
                                      &work->adjustments_capacity, sizeof(*items));
    if (items == NULL) return NULL;
    quote->adjustments = items;
    items += quote->adjustments_count++;
    *items = (ec_quote_adjustment){.kind = kind};
    return items;
}

ec_quote_promotion *ec_pricing_promotion(ec_pricing_work *work)
{
    ec_quote *quote = work->quote;
    ec_quote_promotion *items = grow(work->arena, quote->promotions, quote->promotions_count,
                                     &work->promotions_capacity, sizeof(*items));
    if (items == NULL) return NULL;
    quote->promotions = items;
    items += quote->promotions_count++;
    *items = (ec_quote_promotion){0};
    return items;
}

ec_quote_tax *ec_pricing_tax(ec_pricing_work *work)
{
    ec_quote *quote = work->quote;
    ec_quote_tax *items =
        grow(work->arena, quote->taxes, quote->taxes_count, &work->taxes_capacity, sizeof(*items));
    if (items == NULL) return NULL;
    quote->taxes = items;
    items += quote->taxes_count++;
    *items = (ec_quote_tax){0};
    return items;
}

ec_pricing_state *ec_pricing_add_line(ec_pricing_work *work, const ec_pricing_line *in)
{
    ec_pricing_state *lines =
        grow(work->arena, work->lines, work->lines_count, &work->lines_capacity, sizeof(*lines));
    if (lines == NULL) return NULL;
    work->lines = lines;
    lines += work->lines_count++;
    *lines = (ec_pricing_state){
        .in = in, .quantity = in->quantity, .unit_price = in->price, .gift = true};
    return lines;
}

const char *ec_pricing_source(ec_pricing_work *work, const char *what, ec_id id)
{
    char digits[24];
    size_t length = strlen(what), count = sizeof(digits);
    uint64_t left = id < 0 ? 0 : (uint64_t)id; /* numbers of objects are positive */
    do {
        digits[--count] = (char)('0' + left % 10);
        left /= 10;
    } while (left > 0);
    char *text = ec_arena_alloc(work->arena, length + 1 + sizeof(digits) - count + 1);
    if (text == NULL) return NULL;
    memcpy(text, what, length);
    text[length] = ':';
    memcpy(text + length + 1, digits + count, sizeof(digits) - count);
    return text;
}
