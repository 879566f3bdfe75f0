/* SPDX-License-Identifier: MIT */
/*
 * load.c - lines, channel and customer of a quote out of the storage.
 *
 * The prices of all lines are one statement (for 256 of them), with everything else that a variant
 * and its product say. What rules may ask about beyond that is in details.c. It judges nothing: a
 * variant that is not sold is told, and the caller decides.
 */
#include "price/load.h"

#include <string.h>

#include "catalog/price_history.h"
#include "catalog/price_rule.h"
#include "engine/sql.h"
#include "model/model.h"

#define STEP 256 /* lines of one statement */

ec_status ec_rules_version(ec_session *session, int64_t *out)
{
    return ec_query_int(session, "SELECT version FROM rule_versions WHERE id = 1", ec_no_args, out);
}

void ec_pricing_of_channel(const ec_rules *rules, const ec_channel *channel, ec_pricing *in)
{
    const ec_currency *currency = ec_currency_find(channel->currency);
    in->channel_id = channel->id;
    in->channel = channel->code;
    in->currency = channel->currency;
    in->locale = channel->locale;
    in->home_country = channel->country;
    in->default_tax_zone_id = channel->tax_zone_id;
    in->tax_provider = channel->tax_provider;
    in->exponent = currency == NULL || currency->exponent < 0 ? 0 : currency->exponent;
    in->policy = channel->policy;
    in->utc_offset_ms = rules->utc_offset_ms;
}

ec_status ec_pricing_channel(ec_session *session, const ec_rules *rules, ec_id channel_id,
                             ec_pricing *in)
{
    const ec_channel *channel = ec_rules_channel(rules, channel_id);
    if (channel == NULL || (!channel->is_active && !ec_session_is_staff(session)))
        return ec_fail_field(session, EC_NOT_FOUND, "channel_id", "reference",
                             "There is no such channel.");
    ec_pricing_of_channel(rules, channel, in);
    return EC_OK;
}

/* ---- lines ---- */

enum {
    L_AT,
    L_VARIANT,
    L_PRODUCT,
    L_BRAND,
    L_TYPE,
    L_SKU,
    L_NAME,
    L_VARIANT_NAME,
    L_TAX,
    L_WEIGHT,
    L_COST,
    L_TAXABLE,
    L_SHIPPING,
    L_SHIPPING_CATEGORY,
    L_LENGTH,
    L_WIDTH,
    L_HEIGHT,
    L_VISIBLE,
    L_PRICE,
    L_COMPARE,
    L_MINIMUM
};

#define BEST EC_PRICE_RULE("c.id", "v.id", "w.quantity", "c.currency", "?", "c.price_list_id")

static const char head[] =
    "SELECT w.at, v.id, p.id, p.brand_id, p.type, v.sku, p.name, v.name, v.tax_code, v.weight,"
    " v.cost_price, v.taxable, v.requires_shipping, v.shipping_category, v.length, v.width,"
    " v.height,"
    " v.is_active = 1 AND p.status = 'active' AND (p.published_at IS NULL OR p.published_at <= ?)"
    " AND (p.unpublished_at IS NULL OR p.unpublished_at > ?),"
    " CASE WHEN r.id IS NOT NULL THEN r.amount WHEN p.currency = c.currency THEN v.price END,"
    " CASE WHEN r.id IS NOT NULL THEN r.compare_amount ELSE v.compare_price END, r.minimum_amount"
    " FROM channels c CROSS JOIN (";
static const char tail[] =
    ") w CROSS JOIN product_variants v ON v.id = w.id CROSS JOIN products p ON p.id = v.product_id"
    " LEFT JOIN prices r ON r.id = " BEST " WHERE c.id = ?";

/* "Product", or "Product, variant" where the variant has a name of its own. */
static const char *full_name(ec_session *session, const char *product, const char *variant)
{
    if (product == NULL || variant == NULL || strcmp(product, variant) == 0) return product;
    return ec_arena_printf(ec_scratch(session), "%s, %s", product, variant);
}

static ec_price_found read_line(ec_session *session, ec_stmt *stmt, const ec_price_want *want,
                                ec_pricing_line *line)
{
    bool by_hand = want->unit_price >= 0;
    *line = (ec_pricing_line){
        .product_id = ec_col_int(stmt, L_PRODUCT),
        .variant_id = ec_col_int(stmt, L_VARIANT),
        .brand_id = ec_col_int(stmt, L_BRAND),
        .quantity = want->quantity,
        .price = by_hand ? want->unit_price : ec_col_int(stmt, L_PRICE),
        .original_price = ec_col_int(stmt, L_COMPARE),
        .minimum_price = ec_col_int(stmt, L_MINIMUM),
        .cost_price = ec_col_int(stmt, L_COST),
        .weight = ec_col_int(stmt, L_WEIGHT),
        .sku = ec_col_text(session, stmt, L_SKU),
        .name = full_name(session, ec_col_text(session, stmt, L_NAME),
                          ec_col_text(session, stmt, L_VARIANT_NAME)),
        .type = ec_col_text(session, stmt, L_TYPE),
        .length = ec_col_int(stmt, L_LENGTH),
        .width = ec_col_int(stmt, L_WIDTH),
        .height = ec_col_int(stmt, L_HEIGHT),
        .tax_category = ec_col_text(session, stmt, L_TAX),
        .shipping_category = ec_col_text(session, stmt, L_SHIPPING_CATEGORY),
        .taxable = ec_col_int(stmt, L_TAXABLE) != 0,
        .requires_shipping = ec_col_int(stmt, L_SHIPPING) != 0,
        .fixed = by_hand,
    };
    if (ec_col_int(stmt, L_VISIBLE) == 0) return EC_PRICE_HIDDEN;
    return by_hand || !ec_col_null(stmt, L_PRICE) ? EC_PRICE_FOUND : EC_PRICE_NONE;
}

static ec_status ask(ec_session *session, const ec_pricing *in, const ec_price_want *wants,
                     size_t count, ec_stmt **stmt)
{
    ec_value values[3 * STEP + 8];
    ec_value now = ec_int(in->now);
    ec_buf sql;
    size_t bound = 0, rows = 1; /* filled up with the last one, so that texts repeat */
    ec_buf_init(&sql, ec_session_platform(session), 65536);
    ec_buf_puts(&sql, head);
    values[bound++] = now;
    values[bound++] = now;
    while (rows < count)
        rows *= 2;
    for (size_t i = 0; i < rows; i++) {
        size_t at = i < count ? i : count - 1;
        ec_buf_puts(&sql, i == 0 ? "SELECT ? AS at, ? AS id, ? AS quantity"
                                 : " UNION ALL SELECT ?, ?, ?");
        values[bound++] = ec_int((int64_t)at);
        values[bound++] = ec_int(wants[at].variant_id);
        values[bound++] = ec_int(wants[at].quantity);
    }
    ec_buf_puts(&sql, tail);
    for (int i = 0; i < 4; i++)
        values[bound++] = now;
    values[bound++] = ec_ref(in->customer.user_id);
    values[bound++] = ec_int(in->channel_id);
    ec_status status = sql.status == EC_OK
                           ? ec_query(session, ec_buf_text(&sql), values, bound, stmt)
                           : ec_fail_memory(session);
    ec_buf_clear(&sql);
    return status;
}

static ec_status read_step(ec_session *session, const ec_pricing *in, const ec_price_want *wants,
                           size_t count, ec_pricing_line *lines, ec_price_found *found)
{
    ec_stmt *stmt = NULL;
    ec_status status = ask(session, in, wants, count, &stmt);
    while (status == EC_OK && (status = ec_row(session, stmt)) == EC_OK) {
        size_t at = (size_t)ec_col_int(stmt, L_AT);
        found[at] = read_line(session, stmt, &wants[at], &lines[at]);
    }
    return status == EC_DONE ? EC_OK : status;
}

/* A moment of the past has the prices that the log says it had; where it says nothing, those of
   today stay. */
static ec_status read_past(ec_session *session, const ec_pricing *in, const ec_price_want *wants,
                           size_t count, ec_pricing_line *lines, ec_price_found *found)
{
    ec_arena *arena = ec_scratch(session);
    ec_id *ids = ec_arena_array(arena, count, sizeof(*ids));
    int64_t *quantities = ec_arena_array(arena, count, sizeof(*quantities));
    ec_prior_price *past = ec_arena_array(arena, count, sizeof(*past));
    if (ids == NULL || quantities == NULL || past == NULL) return ec_fail_memory(session);
    for (size_t i = 0; i < count; i++) {
        ids[i] = wants[i].variant_id;
        quantities[i] = wants[i].quantity;
    }
    ec_prior_want want = {.channel_id = in->channel_id,
                          .user_id = in->customer.user_id,
                          .now = in->now,
                          .quantities = quantities};
    ec_status status = ec_price_priors(session, &want, ids, count, past);
    for (size_t i = 0; status == EC_OK && i < count; i++) {
        if (past[i].variant_id == 0 || wants[i].unit_price >= 0) continue;
        lines[i].price = past[i].amount;
        lines[i].original_price = past[i].compare_amount;
        found[i] = found[i] == EC_PRICE_NONE ? EC_PRICE_FOUND : found[i];
    }
    return status;
}

ec_status ec_pricing_read_lines(ec_session *session, const ec_pricing *in,
                                const ec_price_want *wants, size_t count, ec_pricing_line *lines,
                                ec_price_found *found)
{
    ec_status status = EC_OK;
    for (size_t i = 0; i < count; i++) {
        lines[i] = (ec_pricing_line){.quantity = wants[i].quantity};
        found[i] = EC_PRICE_UNKNOWN;
    }
    for (size_t at = 0; status == EC_OK && at < count; at += STEP)
        status = read_step(session, in, wants + at, count - at < STEP ? count - at : STEP,
                           lines + at, found + at);
    if (status == EC_OK && count > 0 && in->now < ec_now(session))
        status = read_past(session, in, wants, count, lines, found);
    if (status == EC_OK && ec_scratch(session)->failed) return ec_fail_memory(session);
    return status;
}

/* ---- the outcome ---- */

ec_status ec_pricing_run(ec_session *session, const ec_rules *rules, const ec_pricing *in,
                         const char *name, ec_quote **out)
{
    int64_t bad = 0;
    ec_status status = ec_price_compute(ec_scratch(session), rules, in, out, &bad);
    const char *field = "total_amount";
    if (bad > 0) field = ec_arena_printf(ec_scratch(session), "%s[%lld]", name, (long long)bad - 1);
    if (status == EC_OK) return EC_OK;
    if (status == EC_NO_MEMORY) return ec_fail_memory(session);
    if (status == EC_CORRUPT)
        return ec_fail(session, EC_CORRUPT, "The total is not what its adjustments explain.");
    if (status == EC_OVERFLOW)
        return ec_fail_field(session, EC_OVERFLOW, field, "max",
                             "It comes to more than %lld minor units.", (long long)EC_AMOUNT_MAX);
    return ec_fail_field(session, status, field, "value", "It cannot be priced.");
}
