/* SPDX-License-Identifier: MIT */
/*
 * import_prices.c - a price list from CSV: rows into batches, each batch into the list in one
 * transaction and a constant number of statements.
 *
 * A row that makes no sense costs itself. No two rows of a batch are of the same price, so what is
 * written does not depend on batches. It refuses a file whose header has no sku and no amount.
 */
#include <ecommerce/limits.h>
#include <ecommerce/price.h>

#include <string.h>

#include "base/csv.h"
#include "catalog/inside.h"
#include "catalog/price_history.h"
#include "transfer/import.h"

#define ROWS 500
#define COLUMNS_MAX 64

typedef struct price_row {
    int64_t line;
    const char *sku;
    ec_mask fields; /* which the row has */
    ec_price price; /* variant_id 0: not known yet, or refused */
    const ec_price *stored;
} price_row;

typedef struct price_sheet {
    ec_import *import;
    ec_csv_reader *csv;
    ec_price_list list;
    const ec_field *columns[COLUMNS_MAX]; /* NULL: not of a price */
    size_t columns_count, sku;
    bool timed; /* there is a column valid_from */
    price_row *rows;
    size_t count;
} price_sheet;

/* ---- a batch in the shop ---- */

/* What a batch becomes. */
typedef struct price_work {
    ec_session *session;
    const price_sheet *sheet;
    price_row *rows; /* a copy: a batch may be applied again */
    size_t count;
    ec_price *changed, *fresh;
    ec_id *variants, *begun;
    size_t changed_count, fresh_count, variants_count, begun_count, begun_room;
} price_work;

static ec_status find_variants(price_work *w)
{
    ec_import *import = w->sheet->import;
    ec_statement s;
    ec_stmt *stmt = NULL;
    const char **skus = ec_arena_array(ec_scratch(w->session), w->count, sizeof *skus);
    if (!skus) {
        return ec_fail_memory(w->session);
    }
    for (size_t i = 0; i < w->count; i++) {
        skus[i] = w->rows[i].sku;
    }
    ec_statement_begin(&s, w->session);
    ec_statement_put(&s, "SELECT v.sku, v.id FROM product_variants v WHERE v.sku IN ");
    ec_statement_texts(&s, skus, w->count);
    ec_status status = ec_statement_query(&s, &stmt);
    while (status == EC_OK && (status = ec_row(w->session, stmt)) == EC_OK) {
        const char *sku = ec_col_text(w->session, stmt, 0);
        for (size_t i = 0; sku && i < w->count; i++) {
            if (strcmp(w->rows[i].sku, sku) == 0) {
                w->rows[i].price.variant_id = ec_col_int(stmt, 1);
            }
        }
    }
    for (size_t i = 0; status == EC_DONE && i < w->count; i++) {
        if (w->rows[i].price.variant_id == 0) {
            ec_import_refuse(import, &import->late, w->rows[i].line, w->rows[i].sku, "sku",
                             "unknown", "No variant has this SKU.");
        }
    }
    return status == EC_DONE ? EC_OK : status;
}

/* A price that began on its own gives way to one that holds from now on. */
static ec_status note_begun(price_work *w, const ec_price *stored)
{
    if (w->begun_count == w->begun_room) {
        w->begun_room = w->begun_room == 0 ? 64 : w->begun_room * 2;
        ec_id *more = ec_arena_array(ec_scratch(w->session), w->begun_room, sizeof *more);
        if (!more) {
            return ec_fail_memory(w->session);
        }
        if (w->begun_count > 0) {
            memcpy(more, w->begun, w->begun_count * sizeof *more);
        }
        w->begun = more;
    }
    w->begun[w->begun_count++] = stored->id;
    return EC_OK;
}

static void tell_variant(price_work *w, ec_id variant)
{
    for (size_t i = 0; i < w->variants_count; i++) {
        if (w->variants[i] == variant) {
            return;
        }
    }
    w->variants[w->variants_count++] = variant;
}

static ec_status match(price_work *w, const ec_price *stored)
{
    ec_status status = EC_OK;
    for (size_t i = 0; status == EC_OK && i < w->count; i++) {
        price_row *row = &w->rows[i];
        if (row->price.variant_id != stored->variant_id ||
            row->price.min_quantity != stored->min_quantity) {
            continue;
        }
        if (row->price.valid_from == stored->valid_from) {
            row->stored = stored;
        } else if (!w->sheet->timed && stored->valid_from <= ec_now(w->session)) {
            status = note_begun(w, stored);
            tell_variant(w, stored->variant_id);
        }
    }
    return status;
}

static ec_status find_prices(price_work *w)
{
    ec_statement s;
    ec_stmt *stmt = NULL;
    ec_id *ids = ec_arena_array(ec_scratch(w->session), w->count, sizeof *ids);
    if (!ids) {
        return ec_fail_memory(w->session);
    }
    for (size_t i = 0; i < w->count; i++) {
        ids[i] = w->rows[i].price.variant_id;
    }
    ec_statement_begin(&s, w->session);
    ec_statement_put(&s, "SELECT ");
    ec_statement_put(&s, ec_entity_columns(w->session, &ec_price_entity, "p"));
    ec_statement_with(&s, " FROM prices p WHERE p.price_list_id = ?", ec_int(w->sheet->list.id));
    ec_statement_put(&s, " AND p.variant_id IN ");
    ec_statement_ids(&s, ids, w->count);
    ec_status status = ec_statement_query(&s, &stmt);
    while (status == EC_OK && (status = ec_row(w->session, stmt)) == EC_OK) {
        ec_price *stored = ec_arena_alloc(ec_scratch(w->session), sizeof *stored);
        status = stored ? ec_entity_read_row(w->session, stmt, 0, &ec_price_entity, stored, NULL)
                        : ec_fail_memory(w->session);
        status = status == EC_OK ? match(w, stored) : status;
    }
    return status == EC_DONE ? EC_OK : status;
}

/* The names of the fields in which they differ. */
static const char *differences(ec_session *session, const ec_price *a, const ec_price *b)
{
    const char *text = "";
    for (size_t i = 0; i < ec_price_entity.count; i++) {
        if (!ec_entity_equal(&ec_price_entity, a, b, (ec_mask)1 << i)) {
            const char *more =
                ec_arena_printf(ec_scratch(session), "%s%s%s", text, text[0] == '\0' ? "" : ",",
                                ec_price_entity.fields[i].name);
            text = more ? more : text;
        }
    }
    return text;
}

/* What a row does. */
static void settle(price_work *w, price_row *row)
{
    ec_import_notes *late = &w->sheet->import->late;
    ec_price price = row->price;
    if (row->price.variant_id == 0) {
        return;
    }
    if (!row->stored) {
        w->fresh[w->fresh_count++] = price;
        late->counts.objects_created++;
        ec_import_changed(late, row->line, "create", row->sku, "amount");
        tell_variant(w, price.variant_id);
        return;
    }
    price = *row->stored;
    ec_object_assign(&ec_price_entity, &price, &row->price,
                     row->fields & ec_mask_of("price", "amount,compare_amount,minimum_amount,"
                                                       "valid_until"));
    if (ec_entity_equal(&ec_price_entity, row->stored, &price, EC_MASK_ALL)) {
        late->counts.objects_unchanged++;
        return;
    }
    w->changed[w->changed_count++] = price;
    late->counts.objects_updated++;
    ec_import_changed(late, row->line, "update", row->sku,
                      differences(w->session, row->stored, &price));
    tell_variant(w, price.variant_id);
}

static ec_status write_prices(price_work *w)
{
    ec_status status = w->begun_count > 0
                           ? ec_delete_ids(w->session, "DELETE FROM prices WHERE id IN ", w->begun,
                                           w->begun_count, NULL)
                           : EC_OK;
    if (status == EC_OK) {
        status = ec_catalog_store_many(w->session, &ec_price_entity, w->changed, w->changed_count);
    }
    if (status == EC_OK && w->fresh_count > 0) {
        status = ec_entity_insert_many(w->session, &ec_price_entity, w->fresh, w->fresh_count);
    }
    if (status == EC_OK && w->variants_count > 0) {
        status = ec_price_history_sync(w->session, w->sheet->list.id, w->variants,
                                       w->variants_count, "import");
    }
    return status == EC_OK && w->variants_count > 0
               ? ec_emit_many(w->session, "variant", w->variants, NULL, w->variants_count,
                              "price.changed")
               : status;
}

static ec_status apply(ec_session *session, void *ctx)
{
    const price_sheet *sheet = ctx;
    ec_arena *arena = ec_scratch(session);
    price_work w = {.session = session,
                    .sheet = sheet,
                    .count = sheet->count,
                    .rows = ec_arena_array(arena, ROWS, sizeof(price_row)),
                    .changed = ec_arena_array(arena, ROWS, sizeof(ec_price)),
                    .fresh = ec_arena_array(arena, ROWS, sizeof(ec_price)),
                    .variants = ec_arena_array(arena, ROWS, sizeof(ec_id))};
    if (!w.rows || !w.changed || !w.fresh || !w.variants) {
        return ec_fail_memory(session);
    }
    if (sheet->count == 0) {
        return EC_OK;
    }
    memcpy(w.rows, sheet->rows, sheet->count * sizeof *w.rows);
    ec_status status = find_variants(&w);
    status = status == EC_OK ? find_prices(&w) : status;
    if (status != EC_OK) {
        return status;
    }
    for (size_t i = 0; i < w.count; i++) {
        settle(&w, &w.rows[i]);
    }
    return write_prices(&w);
}

static ec_status flush(price_sheet *sheet, int64_t next, int64_t line)
{
    ec_status status = ec_import_flush(sheet->import, apply, sheet, next, line);
    sheet->rows = NULL;
    sheet->count = 0;
    return status;
}

/* ---- rows ---- */

static ec_status no_memory(const price_sheet *sheet)
{
    return ec_import_fail(sheet->import->session, EC_NO_MEMORY, NULL, NULL, "Memory is exhausted.");
}

static void refuse(price_sheet *sheet, const char *sku, const char *column, const char *rule,
                   const char *reason)
{
    ec_import *import = sheet->import;
    ec_import_refuse(import, &import->early, ec_csv_line(sheet->csv), sku, column, rule, "%s",
                     reason);
}

/* Read the cells into a price and check it. false: it was refused, or memory is out. */
static bool read_row(price_sheet *sheet, const char *const *cells, size_t count, price_row *row)
{
    ec_import *import = sheet->import;
    ec_check check;
    ec_check_init(&check, &import->arena);
    size_t known = count < sheet->columns_count ? count : sheet->columns_count;
    const char *sku = sheet->sku < count ? ec_csv_unprotect(cells[sheet->sku]) : "";
    ec_status status =
        ec_entity_read_csv(&import->arena, &ec_price_entity, sheet->columns, cells, known,
                           sheet->list.currency, false, &row->price, &row->fields, &check);
    row->price.price_list_id = sheet->list.id;
    row->price.variant_id = 1; /* not known yet, and not to blame */
    if (status == EC_OK) {
        ec_entity_check(&ec_price_entity, &row->price, EC_MASK_ALL, true, &check);
    }
    row->price.variant_id = 0;
    row->price.min_quantity = row->price.min_quantity == 0 ? 1 : row->price.min_quantity;
    if (check.count > 0) {
        refuse(sheet, sku, check.errors[0].field, check.errors[0].rule, check.errors[0].message);
        return false;
    }
    if (sku[0] == '\0') {
        refuse(sheet, NULL, "sku", "required", "A price is of a variant.");
        return false;
    }
    if ((row->fields & ec_mask_of("price", "amount")) == 0) {
        refuse(sheet, sku, "amount", "required", "A price has an amount.");
        return false;
    }
    row->sku = ec_arena_strdup(&import->arena, sku);
    row->line = ec_csv_line(sheet->csv);
    return row->sku != NULL && check.status == EC_OK;
}

static bool is_double(const price_sheet *sheet, const price_row *row)
{
    bool found = false;
    for (size_t i = 0; i < sheet->count && !found; i++) {
        const price_row *other = &sheet->rows[i];
        found = other->price.min_quantity == row->price.min_quantity &&
                other->price.valid_from == row->price.valid_from &&
                strcmp(other->sku, row->sku) == 0;
    }
    return found;
}

/* The row lies in the batch's memory, which a flush empties: it is read again then. */
static ec_status take_row(price_sheet *sheet, const char *const *cells, size_t count)
{
    ec_import *import = sheet->import;
    price_row row = {0};
    ec_status status = EC_OK;
    import->early.counts.rows++;
    if (!read_row(sheet, cells, count, &row)) {
        return import->arena.failed ? no_memory(sheet) : EC_OK;
    }
    if (sheet->count == ROWS || is_double(sheet, &row)) {
        import->early.counts.rows--; /* it is of the next batch */
        status = flush(sheet, ec_csv_offset(sheet->csv), ec_csv_line(sheet->csv));
        import->early.counts.rows++;
        row = (price_row){0};
        if (status == EC_OK && !read_row(sheet, cells, count, &row)) {
            return import->arena.failed ? no_memory(sheet) : EC_OK;
        }
    }
    if (status == EC_OK && !sheet->rows) {
        sheet->rows = ec_arena_array(&import->arena, ROWS, sizeof *sheet->rows);
    }
    if (status == EC_OK && !sheet->rows) {
        return no_memory(sheet);
    }
    if (status == EC_OK) {
        sheet->rows[sheet->count++] = row;
    }
    return status;
}

/* ---- the file ---- */

static ec_status fail_reading(const price_sheet *sheet, ec_status status)
{
    return status == EC_NO_MEMORY ? no_memory(sheet)
                                  : ec_import_fail(sheet->import->session, status, NULL, NULL,
                                                   "The file cannot be read on.");
}

static ec_status take_rows(price_sheet *sheet)
{
    const char *const *cells;
    const char *problem = NULL;
    size_t count = 0;
    ec_status status = EC_OK;
    while (status == EC_OK) {
        ec_status read = ec_csv_next(sheet->csv, &cells, &count, &problem);
        bool broken = read == EC_INVALID || read == EC_LIMIT;
        if (read == EC_DONE) {
            return flush(sheet, ec_csv_next_offset(sheet->csv), ec_csv_line(sheet->csv));
        }
        if (read != EC_OK && (!broken || sheet->import->read_status != EC_OK)) {
            return fail_reading(sheet, read);
        }
        if (ec_csv_offset(sheet->csv) < sheet->import->resume_at) {
            continue;
        }
        if (broken) {
            sheet->import->early.counts.rows++;
            refuse(sheet, NULL, NULL, read == EC_LIMIT ? "max_length" : "csv",
                   problem ? problem : "The record is too long.");
        } else {
            status = take_row(sheet, cells, count);
        }
        if (status == EC_OK && sheet->import->early.count >= EC_IMPORT_EARLY_MAX) {
            status = ec_import_tell(sheet->import);
        }
    }
    return status;
}

/* Which column is which; an unknown one is nobody's. */
static ec_status read_header(price_sheet *sheet, const char *const *cells, size_t count)
{
    static const char names[] =
        "amount,compare_amount,minimum_amount,min_quantity,valid_from,valid_until";
    ec_mask known = ec_mask_of("price", names), seen = 0;
    ec_session *session = sheet->import->session;
    sheet->sku = COLUMNS_MAX;
    sheet->columns_count = count < COLUMNS_MAX ? count : COLUMNS_MAX;
    for (size_t i = 0; i < sheet->columns_count; i++) {
        const ec_field *field = ec_field_find(&ec_price_entity, cells[i]);
        ec_mask bit = field ? ec_field_bit(&ec_price_entity, field) : 0;
        bool sku = strcmp(cells[i], "sku") == 0;
        if ((seen & bit & known) != 0 || (sku && sheet->sku != COLUMNS_MAX)) {
            return ec_import_fail(session, EC_INVALID, "header", "columns",
                                  "A column is there twice.");
        }
        sheet->columns[i] = (bit & known) != 0 ? field : NULL;
        sheet->sku = sku ? i : sheet->sku;
        seen |= bit & known;
    }
    sheet->timed = (seen & ec_mask_of("price", "valid_from")) != 0;
    if (sheet->sku == COLUMNS_MAX || (seen & ec_mask_of("price", "amount")) == 0) {
        return ec_import_fail(session, EC_INVALID, "header", "columns",
                              "The header needs the columns sku and amount.");
    }
    return EC_OK;
}

static ec_status take_header(price_sheet *sheet)
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
    return status == EC_OK ? read_header(sheet, cells, count) : fail_reading(sheet, status);
}

static ec_status run_file(price_sheet *sheet)
{
    ec_status status =
        ec_csv_open(sheet->import->platform, ec_import_read, sheet->import, &sheet->csv);
    if (status != EC_OK) {
        return fail_reading(sheet, status);
    }
    status = take_header(sheet);
    if (status == EC_OK) {
        status = ec_import_start(sheet->import);
    }
    if (status == EC_OK) {
        status = take_rows(sheet);
    }
    ec_csv_close(sheet->csv);
    return status;
}

ec_status ec_import_prices(ec_session *session, ec_id price_list_id,
                           const ec_import_options *options, ec_read_fn read, void *read_ctx,
                           ec_import_counts **out)
{
    ec_import import;
    ec_price_list *list = NULL;
    if (out) {
        *out = NULL;
    }
    if (!session || !out) {
        return EC_MISUSE;
    }
    ec_status status = ec_price_list_get(session, price_list_id, &list);
    if (status != EC_OK) {
        return status;
    }
    const char *kind = "prices";
    status = ec_import_begin(&import, session, options, kind, read, read_ctx);
    if (status == EC_OK) {
        price_sheet sheet = {.import = &import, .list = *list};
        import.take_back = import.options.dry_run;
        status = ec_import_end(&import, run_file(&sheet), out);
    }
    ec_free(list);
    return status;
}
