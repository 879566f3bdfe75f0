/* SPDX-License-Identifier: MIT */
/*
 * import_shopify.c - the loop of an import: records into products, products into batches, each
 * batch into the shop in one transaction.
 *
 * A batch ends behind a product, so a resumed import begins with one. Its size is bounded in
 * products, variants and bytes, so memory does not grow with the file. A broken record costs
 * itself; it refuses a file whose first record is no header of products.
 */
#include <string.h>

#include "base/text.h"
#include "transfer/shopify.h"

#define BATCH_PRODUCTS 200
#define BATCH_VARIANTS 2000
#define BATCH_BYTES (2u << 20)

ec_status ec_sheet_apply(ec_session *session, void *ctx)
{
    ec_sheet *sheet = ctx;
    ec_sheet_work *work = ec_arena_alloc(ec_scratch(session), sizeof *work);
    if (!work) {
        return ec_fail_memory(session);
    }
    work->session = session;
    work->sheet = sheet;
    work->arena = ec_scratch(session);
    work->notes = &sheet->import->late;
    if (sheet->products == 0) {
        return EC_OK;
    }
    ec_status status = ec_sheet_load(session, sheet, &work->shop);
    if (status == EC_OK) {
        status = ec_sheet_plan_batch(work);
    }
    return status == EC_OK && !sheet->import->options.dry_run ? ec_sheet_write(work) : status;
}

/* ---- batches ---- */

static ec_status flush(ec_sheet *sheet, int64_t next, int64_t line)
{
    ec_status status = ec_import_flush(sheet->import, ec_sheet_apply, sheet, next, line);
    sheet->first = NULL;
    sheet->last = NULL;
    sheet->products = 0;
    sheet->variants = 0;
    sheet->bytes = 0;
    return status;
}

static bool is_full(const ec_sheet *sheet)
{
    return sheet->products >= BATCH_PRODUCTS || sheet->variants >= BATCH_VARIANTS ||
           sheet->bytes >= BATCH_BYTES || sheet->import->early.count >= EC_IMPORT_TOLD_MAX;
}

/* Does the batch have the product that this record begins? Its first part goes in first then. */
static bool is_double(ec_sheet *sheet, const char *const *cells, size_t count)
{
    ec_sheet_record record = {.header = &sheet->header, .cells = cells, .count = count};
    const char *handle = ec_sheet_cell(&record, EC_SHEET_HANDLE);
    handle = handle ? handle : ec_sheet_cell(&record, EC_SHEET_TITLE);
    ec_arena_mark mark = ec_arena_save(&sheet->import->arena);
    const char *slug = ec_text_slug(&sheet->import->arena, handle ? handle : "", 255);
    bool found = false;
    for (const ec_sheet_product *in = sheet->first; slug && !found && in; in = in->next) {
        found = !in->refused && strcmp(in->row.slug, slug) == 0;
    }
    ec_arena_restore(&sheet->import->arena, mark);
    return found;
}

/* ---- records ---- */

static ec_status refuse_broken(ec_sheet *sheet, ec_status status, const char *problem)
{
    ec_import *import = sheet->import;
    import->early.counts.rows++;
    const char *handle = sheet->last ? sheet->last->handle : NULL;
    ec_import_refuse(import, &import->early, ec_csv_line(sheet->csv), handle, NULL,
                     status == EC_LIMIT ? "max_length" : "csv", "%s",
                     problem ? problem : "The record is too long.");
    return EC_OK;
}

static ec_status take_record(ec_sheet *sheet, const char *const *cells, size_t count)
{
    int64_t offset = ec_csv_offset(sheet->csv);
    bool begins = ec_sheet_begins(sheet, cells, count);
    ec_status status = EC_OK;
    if (begins) {
        ec_sheet_close_product(sheet);
        if (is_full(sheet) || is_double(sheet, cells, count)) {
            status = flush(sheet, offset, ec_csv_line(sheet->csv));
        }
    }
    if (status != EC_OK) {
        return status;
    }
    sheet->bytes += (size_t)(ec_csv_next_offset(sheet->csv) - offset);
    status = ec_sheet_add(sheet, cells, count, begins);
    return status == EC_OK
               ? EC_OK
               : ec_import_fail(sheet->import->session, status, NULL, NULL, "Memory is exhausted.");
}

static ec_status fail_reading(const ec_sheet *sheet, ec_status status)
{
    return ec_import_fail(sheet->import->session, status, NULL, NULL,
                          status == EC_NO_MEMORY ? "Memory is exhausted."
                                                 : "The file cannot be read on.");
}

static ec_status take_records(ec_sheet *sheet)
{
    const char *const *cells;
    const char *problem = NULL;
    size_t count = 0;
    ec_status status = EC_OK;
    while (status == EC_OK) {
        ec_status read = ec_csv_next(sheet->csv, &cells, &count, &problem);
        if (read == EC_DONE) {
            break;
        }
        bool broken = read == EC_INVALID || read == EC_LIMIT;
        if (read != EC_OK && (!broken || sheet->import->read_status != EC_OK)) {
            return fail_reading(sheet, read);
        }
        if (ec_csv_offset(sheet->csv) < sheet->import->resume_at) {
            continue;
        }
        status = broken ? refuse_broken(sheet, read, problem) : take_record(sheet, cells, count);
        if (status == EC_OK && sheet->import->early.count >= EC_IMPORT_EARLY_MAX) {
            status = ec_import_tell(sheet->import);
        }
    }
    if (status == EC_OK) {
        ec_sheet_close_product(sheet);
        status = flush(sheet, ec_csv_next_offset(sheet->csv), ec_csv_line(sheet->csv));
    }
    return status;
}

static ec_status take_header(ec_sheet *sheet)
{
    const char *const *cells;
    const char *problem = NULL;
    size_t count = 0;
    ec_session *session = sheet->import->session;
    ec_status status = ec_csv_next(sheet->csv, &cells, &count, &problem);
    if (status == EC_DONE) {
        return ec_import_fail(session, EC_INVALID, "header", "required", "The file is empty.");
    }
    if (status == EC_INVALID || status == EC_LIMIT) {
        return ec_import_fail(session, EC_INVALID, "header", "csv",
                              problem ? problem : "The header is too long.");
    }
    if (status != EC_OK) {
        return fail_reading(sheet, status);
    }
    status = ec_sheet_header_read(&sheet->lasting, cells, count, &sheet->header, &problem);
    if (status == EC_INVALID) {
        return ec_import_fail(session, EC_INVALID, "header", "columns", problem);
    }
    return status == EC_OK ? EC_OK : fail_reading(sheet, status);
}

ec_status ec_import_shopify(ec_session *session, const ec_import_options *options, ec_read_fn read,
                            void *read_ctx, ec_import_counts **out)
{
    ec_import import;
    if (out) {
        *out = NULL;
    }
    if (!session || !out) {
        return EC_MISUSE;
    }
    ec_status status = ec_import_begin(&import, session, options, "shopify", read, read_ctx);
    if (status != EC_OK) {
        return status;
    }
    ec_sheet sheet = {.import = &import};
    ec_arena_init(&sheet.lasting, import.platform);
    status = ec_csv_open(import.platform, ec_import_read, &import, &sheet.csv);
    if (status != EC_OK) {
        status = fail_reading(&sheet, status);
    } else {
        status = take_header(&sheet);
        if (status == EC_OK) {
            status = ec_import_start(&import);
        }
        if (status == EC_OK) {
            status = take_records(&sheet);
        }
        ec_csv_close(sheet.csv);
    }
    ec_arena_clear(&sheet.lasting);
    return ec_import_end(&import, status, out);
}
