/* SPDX-License-Identifier: MIT */
/*
 * price_of.c - what variants are and cost in a channel, many at once, for carts and orders. It
 * tells what is; whether that may be sold is the caller's question.
 */
#include <string.h>

#include "catalog/catalog.h"

#define STEP 256 /* variants of one statement */

static const char head[] =
    "SELECT v.id, p.id, p.name, v.name, v.sku, p.slug, v.tax_code, v.weight, v.tracked,"
    " v.backorder, v.requires_shipping, v.taxable,"
    " v.is_active = 1 AND p.status = 'active'"
    " AND (p.published_at IS NULL OR p.published_at <= ?)"
    " AND (p.unpublished_at IS NULL OR p.unpublished_at > ?),"
    " CASE WHEN p.currency = c.currency THEN v.price END, v.compare_price,"
    " pr.amount, pr.compare_amount, pr.minimum_amount, pr.min_quantity,"
    " COALESCE((SELECT i.url FROM product_images i WHERE i.id = v.image_id),"
    " (SELECT i.url FROM product_images i WHERE i.product_id = p.id ORDER BY i.position, i.id"
    " LIMIT 1))"
    " FROM channels c JOIN product_variants v ON 1 = 1 JOIN products p ON p.id = v.product_id"
    " LEFT JOIN price_lists l ON l.id = c.price_list_id AND l.is_active = 1"
    " AND l.currency = c.currency AND (l.valid_from IS NULL OR l.valid_from <= ?)"
    " AND (l.valid_until IS NULL OR l.valid_until > ?)"
    " LEFT JOIN prices pr ON pr.price_list_id = l.id AND pr.variant_id = v.id"
    " WHERE c.id = ? AND v.id IN (";

static void read_facts(ec_session *session, ec_stmt *stmt, ec_variant_price *out)
{
    *out = (ec_variant_price){
        .variant_id = ec_col_int(stmt, 0),
        .product_id = ec_col_int(stmt, 1),
        .name = ec_col_text(session, stmt, 2),
        .variant_name = ec_col_text(session, stmt, 3),
        .sku = ec_col_text(session, stmt, 4),
        .slug = ec_col_text(session, stmt, 5),
        .tax_code = ec_col_text(session, stmt, 6),
        .weight = ec_col_int(stmt, 7),
        .tracked = ec_col_int(stmt, 8) != 0,
        .backorder = ec_col_int(stmt, 9) != 0,
        .requires_shipping = ec_col_int(stmt, 10) != 0,
        .taxable = ec_col_int(stmt, 11) != 0,
        .visible = ec_col_int(stmt, 12) != 0,
        .sold = !ec_col_null(stmt, 13),
        .amount = ec_col_int(stmt, 13),
        .compare_amount = ec_col_null(stmt, 13) ? 0 : ec_col_int(stmt, 14),
        .image_url = ec_col_text(session, stmt, 19),
    };
}

/* A row is a variant with one of its tiers; the highest that the quantity reaches counts. */
static void take(ec_session *session, ec_stmt *stmt, int64_t quantity, int64_t *tier,
                 ec_variant_price *out)
{
    if (out->product_id == 0) read_facts(session, stmt, out);
    int64_t from = ec_col_int(stmt, 18);
    if (from == 0 || from > quantity || from < *tier) return;
    *tier = from;
    out->sold = true;
    out->amount = ec_col_int(stmt, 15);
    out->compare_amount = ec_col_int(stmt, 16);
    out->minimum_amount = ec_col_int(stmt, 17);
}

static ec_status read_step(ec_session *session, ec_id channel_id, const ec_id *ids,
                           const int64_t *quantities, size_t count, ec_variant_price *out)
{
    ec_value values[STEP + 5];
    int64_t tiers[STEP] = {0};
    ec_stmt *stmt = NULL;
    size_t bound = 0;
    ec_buf sql;
    for (int i = 0; i < 4; i++)
        values[bound++] = ec_int(ec_now(session));
    values[bound++] = ec_int(channel_id);
    ec_buf_init(&sql, ec_session_platform(session), 16384);
    ec_buf_puts(&sql, head);
    size_t rows = 1; /* filled up with the last one, so that texts repeat */
    while (rows < count)
        rows *= 2;
    for (size_t i = 0; i < rows; i++) {
        ec_buf_puts(&sql, i == 0 ? "?" : ", ?");
        values[bound++] = ec_int(ids[i < count ? i : count - 1]);
    }
    ec_buf_puts(&sql, ")");
    ec_status status = sql.status == EC_OK
                           ? ec_query(session, ec_buf_text(&sql), values, bound, &stmt)
                           : ec_fail_memory(session);
    while (status == EC_OK && (status = ec_row(session, stmt)) == EC_OK)
        for (size_t i = 0; i < count; i++)
            if (ids[i] == ec_col_int(stmt, 0))
                take(session, stmt, quantities == NULL ? 1 : quantities[i], &tiers[i], &out[i]);
    ec_buf_clear(&sql);
    return status == EC_DONE ? EC_OK : status;
}

ec_status ec_price_of_lines(ec_session *session, ec_id channel_id, const ec_id *ids,
                            const int64_t *quantities, size_t count, ec_variant_price *out)
{
    if (channel_id == 0) channel_id = ec_session_channel(session);
    if (count > 0) memset(out, 0, count * sizeof(*out));
    for (size_t at = 0; at < count; at += STEP) {
        size_t step = count - at < STEP ? count - at : STEP;
        ec_status status = read_step(session, channel_id, ids + at,
                                     quantities == NULL ? NULL : quantities + at, step, out + at);
        if (status != EC_OK) return status;
    }
    return EC_OK;
}

ec_status ec_price_of_variants(ec_session *session, ec_id channel_id, const ec_id *ids,
                               size_t count, ec_variant_price *out)
{
    return ec_price_of_lines(session, channel_id, ids, NULL, count, out);
}
