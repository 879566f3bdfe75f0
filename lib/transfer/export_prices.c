/* SPDX-License-Identifier: MIT */
/*
 * export_prices.c - a price list as CSV, page by page, in one snapshot.
 *
 * Rows come in the order of the variants' numbers, the price that always holds before those with a
 * begin. It passes over variants without SKU, which a reader could not find.
 */
#include <ecommerce/price.h>
#include <ecommerce/transfer.h>

#include <string.h>

#include "base/csv.h"
#include "engine/call.h"
#include "engine/sql.h"
#include "model/model.h"

#define PAGE 500
#define OUT_SIZE (64u << 10)

typedef struct price_export {
    ec_session *session;
    ec_id price_list_id;
    ec_write_fn write;
    void *write_ctx;
    ec_entity view; /* of what is written behind the sku */
    const char *currency;
    ec_buf buf;
    int64_t prices;
    ec_id variant, price; /* the last ones written */
} price_export;

static ec_status flush(price_export *out, size_t from)
{
    if (out->buf.status != EC_OK) {
        return ec_fail_memory(out->session);
    }
    if (out->buf.length < from || out->buf.length == 0) {
        return EC_OK;
    }
    ec_status status = out->write(out->write_ctx, ec_buf_text(&out->buf), out->buf.length);
    ec_buf_reset(&out->buf);
    return status == EC_OK ? EC_OK : ec_fail(out->session, EC_IO, "The file cannot be written.");
}

/* The fields of a price that the file has, in the order of its table. */
static ec_status make_view(price_export *out)
{
    ec_mask wanted = ec_mask_of("price", "amount,compare_amount,minimum_amount,min_quantity,"
                                         "valid_from,valid_until");
    ec_field *fields =
        ec_arena_array(ec_scratch(out->session), ec_price_entity.count, sizeof *fields);
    if (!fields) {
        return ec_fail_memory(out->session);
    }
    out->view = ec_price_entity;
    out->view.fields = fields;
    out->view.count = 0;
    for (size_t i = 0; i < ec_price_entity.count; i++) {
        if ((wanted >> i & 1) != 0) {
            fields[out->view.count++] = ec_price_entity.fields[i];
        }
    }
    return EC_OK;
}

static ec_status write_page(price_export *out, size_t *rows)
{
    ec_session *session = out->session;
    ec_stmt *stmt = NULL;
    *rows = 0;
    const char *sql = ec_arena_printf(
        ec_scratch(session),
        "SELECT v.sku, %s FROM prices p JOIN product_variants v ON v.id = p.variant_id"
        " WHERE p.price_list_id = ? AND p.variant_id >= ? AND (p.variant_id > ? OR p.id > ?)"
        " AND v.sku IS NOT NULL ORDER BY p.variant_id, p.id LIMIT ?",
        ec_entity_columns(session, &ec_price_entity, "p"));
    ec_status status =
        sql ? ec_query(session, sql,
                       ec_args(ec_int(out->price_list_id), ec_int(out->variant),
                               ec_int(out->variant), ec_int(out->price), ec_int(PAGE)),
                       &stmt)
            : ec_fail_memory(session);
    while (status == EC_OK && (status = ec_row(session, stmt)) == EC_OK) {
        ec_price price = {0};
        status = ec_entity_read_row(session, stmt, 1, &ec_price_entity, &price, NULL);
        if (status == EC_OK) {
            ec_csv_put(&out->buf, ec_col_text(session, stmt, 0), true, false);
            ec_buf_putc(&out->buf, ',');
            ec_entity_write_csv(&out->buf, &out->view, &price, out->currency);
            out->variant = price.variant_id;
            out->price = price.id;
            out->prices++;
            (*rows)++;
            status = flush(out, OUT_SIZE);
        }
    }
    return status == EC_DONE ? EC_OK : status;
}

static ec_status run_export(ec_session *session, void *args, void **result)
{
    price_export *out = args;
    ec_price_list list = {0};
    (void)result;
    if (!out->write) {
        return ec_fail(session, EC_MISUSE, "The export was given nothing to write to.");
    }
    ec_status status = ec_entity_get(session, &ec_price_list_entity, out->price_list_id, &list);
    status = status == EC_OK ? make_view(out) : status;
    if (status != EC_OK) {
        return status;
    }
    out->currency = list.currency;
    ec_buf_init(&out->buf, ec_session_platform(session), 16u << 20);
    ec_buf_puts(&out->buf, "sku,");
    ec_entity_csv_header(&out->buf, &out->view);
    for (size_t rows = PAGE; status == EC_OK && rows == PAGE;) {
        ec_arena_mark mark = ec_arena_save(ec_scratch(session));
        status = write_page(out, &rows);
        ec_arena_restore(ec_scratch(session), mark);
    }
    status = status == EC_OK ? flush(out, 0) : status;
    ec_buf_clear(&out->buf);
    return status;
}

ec_status ec_export_prices(ec_session *session, ec_id price_list_id, ec_write_fn write,
                           void *write_ctx, int64_t *prices)
{
    static const ec_op op = {.name = "export.prices",
                             .permission = "price.read",
                             .access = EC_ACCESS_STAFF,
                             .mode = EC_READ,
                             .run = run_export};
    price_export out = {
        .session = session, .price_list_id = price_list_id, .write = write, .write_ctx = write_ctx};
    ec_status status = ec_call(session, &op, &out, NULL);
    if (prices) {
        *prices = status == EC_OK ? out.prices : 0;
    }
    return status;
}
