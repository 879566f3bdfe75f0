/* SPDX-License-Identifier: MIT */
/*
 * price_of.c - what variants are and cost in a channel, many at once, for quotes and orders. It
 * tells what is; whether that may be sold is the caller's question.
 */
#include <string.h>

#include "catalog/catalog.h"
#include "catalog/price_rule.h"

#define STEP 256 /* variants of one statement */

#define BEST EC_PRICE_RULE("c.id", "v.id", "w.quantity", "c.currency", "?", "c.price_list_id")

static const char head[] =
    "SELECT w.at, v.id, p.id, p.name, v.name, v.sku, p.slug, v.tax_code, v.weight, v.tracked,"
    " v.backorder, v.requires_shipping, v.taxable,"
    " v.is_active = 1 AND p.status = 'active'"
    " AND (p.published_at IS NULL OR p.published_at <= ?)"
    " AND (p.unpublished_at IS NULL OR p.unpublished_at > ?),"
    " CASE WHEN r.id IS NOT NULL THEN r.amount WHEN p.currency = c.currency THEN v.price END,"
    " CASE WHEN r.id IS NOT NULL THEN r.compare_amount ELSE v.compare_price END,"
    " r.minimum_amount, r.price_list_id,"
    " COALESCE((SELECT i.url FROM product_images i WHERE i.id = v.image_id),"
    " (SELECT i.url FROM product_images i WHERE i.product_id = p.id ORDER BY i.position, i.id"
    " LIMIT 1))"
    " FROM channels c CROSS JOIN (";
/* the lines as a table: at, id, quantity */
static const char tail[] =
    ") w CROSS JOIN product_variants v ON v.id = w.id CROSS JOIN products p ON p.id = v.product_id"
    " LEFT JOIN prices r ON r.id = " BEST " WHERE c.id = ?";

static void read_facts(ec_session *session, ec_stmt *stmt, ec_variant_price *out)
{
    bool sold = !ec_col_null(stmt, 14);
    *out = (ec_variant_price){
        .variant_id = ec_col_int(stmt, 1),
        .product_id = ec_col_int(stmt, 2),
        .name = ec_col_text(session, stmt, 3),
        .variant_name = ec_col_text(session, stmt, 4),
        .sku = ec_col_text(session, stmt, 5),
        .slug = ec_col_text(session, stmt, 6),
        .tax_code = ec_col_text(session, stmt, 7),
        .weight = ec_col_int(stmt, 8),
        .tracked = ec_col_int(stmt, 9) != 0,
        .backorder = ec_col_int(stmt, 10) != 0,
        .requires_shipping = ec_col_int(stmt, 11) != 0,
        .taxable = ec_col_int(stmt, 12) != 0,
        .visible = ec_col_int(stmt, 13) != 0,
        .sold = sold,
        .amount = ec_col_int(stmt, 14),
        .compare_amount = sold ? ec_col_int(stmt, 15) : 0,
        .minimum_amount = ec_col_int(stmt, 16),
        .price_list_id = ec_col_int(stmt, 17),
        .image_url = ec_col_text(session, stmt, 18),
    };
}

/* What is asked for. */
typedef struct asked {
    ec_id channel_id, user_id;
    const ec_id *ids;
    const int64_t *quantities; /* NULL: one of each */
    size_t count;              /* up to STEP */
} asked;

static ec_status ask(ec_session *session, const asked *what, ec_stmt **stmt)
{
    ec_value values[3 * STEP + 8];
    ec_buf sql;
    size_t bound = 0, rows = 1; /* filled up with the last one, so that texts repeat */
    ec_value now = ec_int(ec_now(session));
    ec_buf_init(&sql, ec_session_platform(session), 16384);
    ec_buf_puts(&sql, head);
    values[bound++] = now;
    values[bound++] = now;
    while (rows < what->count)
        rows *= 2;
    for (size_t i = 0; i < rows; i++) {
        size_t at = i < what->count ? i : what->count - 1;
        ec_buf_puts(&sql, i == 0 ? "SELECT ? AS at, ? AS id, ? AS quantity"
                                 : " UNION ALL SELECT ?, ?, ?");
        values[bound++] = ec_int((int64_t)at);
        values[bound++] = ec_int(what->ids[at]);
        values[bound++] = ec_int(what->quantities == NULL ? 1 : what->quantities[at]);
    }
    ec_buf_puts(&sql, tail);
    for (int i = 0; i < 4; i++)
        values[bound++] = now;
    values[bound++] = ec_ref(what->user_id);
    values[bound++] = ec_int(what->channel_id);
    ec_status status = sql.status == EC_OK
                           ? ec_query(session, ec_buf_text(&sql), values, bound, stmt)
                           : ec_fail_memory(session);
    ec_buf_clear(&sql);
    return status;
}

static ec_status read_step(ec_session *session, const asked *what, ec_variant_price *out)
{
    ec_stmt *stmt = NULL;
    ec_status status = ask(session, what, &stmt);
    while (status == EC_OK && (status = ec_row(session, stmt)) == EC_OK)
        read_facts(session, stmt, &out[ec_col_int(stmt, 0)]);
    return status == EC_DONE ? EC_OK : status;
}

ec_status ec_price_of_lines(ec_session *session, ec_id channel_id, ec_id user_id, const ec_id *ids,
                            const int64_t *quantities, size_t count, ec_variant_price *out)
{
    if (channel_id == 0) channel_id = ec_session_channel(session);
    if (count > 0) memset(out, 0, count * sizeof(*out));
    for (size_t at = 0; at < count; at += STEP) {
        asked what = {.channel_id = channel_id,
                      .user_id = user_id,
                      .ids = ids + at,
                      .quantities = quantities == NULL ? NULL : quantities + at,
                      .count = count - at < STEP ? count - at : STEP};
        ec_status status = read_step(session, &what, out + at);
        if (status != EC_OK) return status;
    }
    return EC_OK;
}
