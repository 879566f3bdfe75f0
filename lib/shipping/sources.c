/* SPDX-License-Identifier: MIT */
/*
 * sources.c - from which warehouses the goods of a cart would be sent now.
 *
 * It asks the same plan as a checkout, so the parcels of an estimate are those of the order, as
 * long as stock stays. It holds nothing and reads nothing.
 */
#include "shipping/sources.h"

#include "engine/call.h"

/* The allocations of one variant, which lie together. */
static ec_status fill_parts(ec_arena *arena, const ec_stock_plan_result *plan,
                            ec_pricing_line *line)
{
    size_t first = 0;
    size_t count = 0;
    while (first < plan->count && plan->items[first].variant_id != line->variant_id)
        first++;
    while (first + count < plan->count && plan->items[first + count].variant_id == line->variant_id)
        count++;
    if (count == 0) return EC_OK;
    ec_pricing_part *parts = ec_arena_array(arena, count, sizeof(*parts));
    if (parts == NULL) return EC_NO_MEMORY;
    for (size_t i = 0; i < count; i++)
        parts[i] =
            (ec_pricing_part){plan->items[first + i].warehouse_id, plan->items[first + i].quantity};
    line->parts = parts;
    line->parts_count = count;
    return EC_OK;
}

ec_status ec_shipping_sources(ec_session *session, const ec_rules *rules,
                              ec_stock_strategy strategy, const ec_stock_supply *supply,
                              ec_pricing_line *lines, size_t count)
{
    ec_arena *arena = ec_scratch(session);
    ec_stock_plan_result plan = {0};
    size_t wanted = 0;
    if (!rules->shipping.splits || count == 0) return EC_OK;
    ec_stock_demand *demands = ec_arena_array(arena, count, sizeof(*demands));
    if (demands == NULL) return ec_fail_memory(session);
    for (size_t i = 0; i < count; i++)
        if (lines[i].requires_shipping)
            demands[wanted++] = (ec_stock_demand){lines[i].variant_id, lines[i].quantity};
    ec_status status = ec_stock_plan(arena, strategy, supply, demands, wanted, &plan);
    for (size_t i = 0; i < count && status == EC_OK; i++)
        if (lines[i].requires_shipping) status = fill_parts(arena, &plan, &lines[i]);
    if (status == EC_NO_MEMORY) return ec_fail_memory(session);
    return EC_OK; /* no plan, no parts */
}
