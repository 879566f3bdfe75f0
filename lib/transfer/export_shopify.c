/* SPDX-License-Identifier: MIT */
/*
 * export_shopify.c - the catalogue as Shopify product CSV, page by page, in one snapshot.
 *
 * A first walk finds which kept columns occur; then each product becomes one record for each of its
 * variants or images, whichever are more, and one for each kept record that held neither. What an
 * import reads back is exactly what is stored. It refuses to write what the format has no column
 * for: attributes, collections, prices of lists (JSON Lines carry them).
 */
#include <ecommerce/money.h>

#include <string.h>

#include "base/text.h"
#include "transfer/shopify.h"

#define PAGE_PRODUCTS 50
#define PAGE_METADATA 500
#define OUT_SIZE (64u << 10)
#define RECORD_MAX (64u << 20)

typedef struct sheet_export {
    ec_session *session;
    ec_write_fn write;
    void *write_ctx;
    int64_t products;

    ec_id warehouse_id;
    const char *columns[EC_CSV_FIELDS_MAX]; /* of the header; unknown ones behind the known */
    const ec_sheet_column *known[EC_CSV_FIELDS_MAX];
    size_t columns_count;
    bool present[EC_CSV_FIELDS_MAX]; /* by known column: occurs */
    ec_buf buf;
} sheet_export;

/* ---- which columns ---- */

static ec_status column_seen(sheet_export *out, const char *name)
{
    const ec_sheet_column *known = ec_sheet_column_find(name);
    if (known) {
        out->present[known - ec_sheet_column_next(NULL)] = true;
        return EC_OK;
    }
    for (size_t i = 0; i < out->columns_count; i++) {
        if (strcmp(out->columns[i], name) == 0) {
            return EC_OK;
        }
    }
    if (out->columns_count >= EC_CSV_FIELDS_MAX - 128) { /* the known ones need room too */
        return ec_fail(out->session, EC_LIMIT, "The catalogue keeps too many columns.");
    }
    out->columns[out->columns_count++] = name;
    return EC_OK;
}

static ec_status kept_seen(sheet_export *out, const ec_sheet_kept *kept)
{
    ec_status status = EC_OK;
    for (size_t i = 0; status == EC_OK && i < kept->count; i++) {
        status = column_seen(out, kept->items[i].name);
    }
    return status;
}

static ec_status metadata_seen(sheet_export *out, const char *metadata)
{
    ec_sheet_kept kept, *rows;
    size_t count = 0;
    ec_status status = ec_sheet_kept_read(ec_scratch(out->session), metadata, &kept, &rows, &count);
    if (status != EC_OK) {
        return ec_fail_memory(out->session);
    }
    status = kept_seen(out, &kept);
    for (size_t i = 0; status == EC_OK && i < count; i++) {
        status = kept_seen(out, &rows[i]);
    }
    return status;
}

/* Names that are new stay in the arena, so it is put back only where a page had none. */
static ec_status seen_page(sheet_export *out, const char *sql, ec_id *last, bool *more)
{
    ec_arena *arena = ec_scratch(out->session);
    ec_arena_mark mark = ec_arena_save(arena);
    size_t columns = out->columns_count, rows = 0;
    ec_stmt *stmt;
    const char *currency = ec_session_facts(out->session)->currency;
    ec_status status = ec_query(
        out->session, sql, ec_args(ec_text(currency), ec_int(*last), ec_int(PAGE_METADATA)), &stmt);
    while (status == EC_OK && (status = ec_row(out->session, stmt)) == EC_OK) {
        *last = ec_col_int(stmt, 0);
        rows++;
        if (ec_col_int(stmt, 2) > 0) {
            status = column_seen(out, ec_sheet_place_name(EC_SHEET_PUBLISHED_AT));
        }
        if (status == EC_OK && ec_col_int(stmt, 3) > 0) {
            status = column_seen(out, ec_sheet_place_name(EC_SHEET_CURRENCY));
        }
        if (status == EC_OK && !ec_col_null(stmt, 1)) {
            status = metadata_seen(out, ec_col_text(out->session, stmt, 1));
        }
    }
    *more = rows == PAGE_METADATA;
    if (columns == out->columns_count) {
        ec_arena_restore(arena, mark);
    }
    return status == EC_DONE ? EC_OK : status;
}

static ec_status find_columns(sheet_export *out)
{
    static const char *const walks[] = {
        "SELECT id, metadata, published_at, currency <> ? FROM products WHERE id > ?"
        " ORDER BY id LIMIT ?",
        "SELECT id, metadata, 0, ? = '' FROM product_variants WHERE id > ? ORDER BY id LIMIT ?",
    };
    ec_status status = EC_OK;
    for (size_t i = 0; i < sizeof walks / sizeof walks[0]; i++) {
        ec_id last = 0;
        for (bool more = true; status == EC_OK && more;) {
            status = seen_page(out, walks[i], &last, &more);
        }
    }
    return status;
}

static void sort_columns(const char **names, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        const char *name = names[i];
        size_t j = i;
        for (; j > 0 && strcmp(names[j - 1], name) > 0; j--) {
            names[j] = names[j - 1];
        }
        names[j] = name;
    }
}

/* A place has one column: not also the old name of it. */
static bool is_old_name(const ec_sheet_column *column)
{
    return column->place != EC_SHEET_KEPT &&
           strcmp(ec_sheet_place_name(column->place), column->name) != 0;
}

/* Known columns in their order, then the unknown ones by name. */
static void order_columns(sheet_export *out)
{
    const char *unknown[EC_CSV_FIELDS_MAX];
    size_t count = out->columns_count, i = 0;
    memcpy(unknown, out->columns, count * sizeof unknown[0]);
    sort_columns(unknown, count);
    out->columns_count = 0;
    for (const ec_sheet_column *column = NULL; (column = ec_sheet_column_next(column)); i++) {
        if (column->standard || (out->present[i] && !is_old_name(column))) {
            out->known[out->columns_count] = column;
            out->columns[out->columns_count++] = column->name;
        }
    }
    for (i = 0; i < count; i++) {
        out->known[out->columns_count] = NULL;
        out->columns[out->columns_count++] = unknown[i];
    }
}

/* ---- records ---- */

/* What one record shows; NULL: nothing of that kind. */
typedef struct sheet_record {
    const ec_sheet_known *product;
    const char *brand;
    const ec_variant *variant;
    const ec_product_image *image;
    const ec_sheet_stock *stock;
    const ec_sheet_kept *kept, *own_kept; /* of product or extra record; of variant */
    bool first;
} sheet_record;

static const char *amount_text(ec_arena *arena, int64_t amount, const char *currency)
{
    char text[EC_MONEY_TEXT_MAX];
    ec_money money = {.amount = amount};
    for (size_t i = 0; i < 3 && currency[i] != '\0'; i++) {
        money.currency[i] = currency[i];
    }
    return ec_arena_strdup(arena, ec_money_format(money, text, sizeof text));
}

static const char *or_null(ec_arena *arena, int64_t amount, const char *currency)
{
    return amount != 0 ? amount_text(arena, amount, currency) : NULL;
}

static const char *tags_text(ec_arena *arena, const ec_sheet_known *product)
{
    size_t length = 1;
    for (size_t i = 0; i < product->tags_count; i++) {
        length += strlen(product->tags[i].name) + 2;
    }
    char *text = ec_arena_alloc(arena, length), *at = text;
    for (size_t i = 0; text && i < product->tags_count; i++) {
        if (i > 0) {
            *at++ = ',';
            *at++ = ' ';
        }
        for (const char *from = product->tags[i].name; *from; from++) {
            *at++ = *from;
        }
    }
    return text;
}

static const char *status_text(const sheet_record *record)
{
    const ec_product *row = record->product->row;
    const char *kept = ec_sheet_kept_find(record->kept, "Status");
    return row->status == EC_PRODUCT_DRAFT && kept ? kept : ec_product_status_names[row->status];
}

static const char *published_text(const sheet_record *record)
{
    const ec_product *row = record->product->row;
    const char *kept = ec_sheet_kept_find(record->kept, "Published");
    return row->status == EC_PRODUCT_DRAFT && kept ? kept
           : row->status == EC_PRODUCT_ACTIVE      ? "true"
                                                   : "false";
}

static const char *product_cell(ec_arena *arena, const sheet_record *record, ec_sheet_place place)
{
    const ec_sheet_known *product = record->product;
    const ec_product *row = product->row;
    char text[EC_TIME_TEXT_MAX];
    size_t option = ((size_t)place - EC_SHEET_OPTION1_NAME) / 2;
    switch ((int)place) {
    case EC_SHEET_TITLE: return row->name;
    case EC_SHEET_BODY: return row->description;
    case EC_SHEET_VENDOR: return record->brand;
    case EC_SHEET_TYPE: return row->type;
    case EC_SHEET_TAGS: return tags_text(arena, product);
    case EC_SHEET_STATUS: return status_text(record);
    case EC_SHEET_PUBLISHED: return published_text(record);
    case EC_SHEET_CURRENCY: return row->currency;
    case EC_SHEET_SEO_TITLE: return row->meta_title;
    case EC_SHEET_SEO_DESCRIPTION: return row->meta_description;
    case EC_SHEET_PUBLISHED_AT:
        return row->published_at != 0
                   ? ec_arena_strdup(arena, ec_time_format(row->published_at, text, sizeof text))
                   : NULL;
    case EC_SHEET_OPTION1_NAME:
    case EC_SHEET_OPTION2_NAME:
    case EC_SHEET_OPTION3_NAME:
        return option < product->options_count  ? product->options[option].name
               : place == EC_SHEET_OPTION1_NAME ? "Title"
                                                : NULL;
    default: return NULL;
    }
}

static const char *truth(bool value)
{
    return value ? "true" : "false";
}

static const char *number_text(ec_arena *arena, int64_t number)
{
    return ec_arena_printf(arena, "%lld", (long long)number);
}

static const char *tracker_text(const sheet_record *record)
{
    const char *kept = ec_sheet_kept_find(record->own_kept, "Variant Inventory Tracker");
    return !record->variant->tracked ? NULL : kept ? kept : "shopify";
}

static const char *quantity_text(ec_arena *arena, const sheet_record *record)
{
    if (!record->stock || record->stock->inventory_id == 0) {
        return record->variant->tracked ? "0" : NULL;
    }
    return number_text(arena, record->stock->on_hand);
}

static const char *image_of(const sheet_record *record)
{
    const ec_sheet_known *product = record->product;
    for (size_t i = 0; record->variant->image_id != 0 && i < product->images_count; i++) {
        if (product->images[i].id == record->variant->image_id) {
            return product->images[i].url;
        }
    }
    return NULL;
}

static const char *variant_cell(ec_arena *arena, const sheet_record *record, ec_sheet_place place)
{
    const ec_variant *row = record->variant;
    const char *currency = record->product->row->currency;
    switch ((int)place) {
    case EC_SHEET_OPTION1_VALUE:
        return record->product->options_count > 0 ? row->option1 : "Default Title";
    case EC_SHEET_OPTION2_VALUE: return row->option2;
    case EC_SHEET_OPTION3_VALUE: return row->option3;
    case EC_SHEET_SKU: return row->sku;
    case EC_SHEET_BARCODE: return row->barcode;
    case EC_SHEET_PRICE: return amount_text(arena, row->price, currency);
    case EC_SHEET_COMPARE_PRICE: return or_null(arena, row->compare_price, currency);
    case EC_SHEET_COST: return or_null(arena, row->cost_price, currency);
    case EC_SHEET_GRAMS: return number_text(arena, row->weight);
    case EC_SHEET_WEIGHT_UNIT: return ec_weight_unit_names[row->weight_unit];
    case EC_SHEET_TRACKER: return tracker_text(record);
    case EC_SHEET_QUANTITY: return quantity_text(arena, record);
    case EC_SHEET_POLICY: return row->backorder ? "continue" : "deny";
    case EC_SHEET_SHIPPING: return truth(row->requires_shipping);
    case EC_SHEET_TAXABLE: return truth(row->taxable);
    case EC_SHEET_TAX_CODE: return row->tax_code;
    case EC_SHEET_VARIANT_IMAGE: return image_of(record);
    default: return NULL;
    }
}

static const char *image_cell(ec_arena *arena, const sheet_record *record, ec_sheet_place place)
{
    switch ((int)place) {
    case EC_SHEET_IMAGE_SRC: return record->image->url;
    case EC_SHEET_IMAGE_POSITION: return number_text(arena, record->image->position);
    case EC_SHEET_IMAGE_ALT: return record->image->alt;
    default: return NULL;
    }
}

static const char *kept_cell(const sheet_record *record, const char *name,
                             const ec_sheet_column *known)
{
    const char *value = record->kept ? ec_sheet_kept_find(record->kept, name) : NULL;
    if (!value && record->own_kept) {
        value = ec_sheet_kept_find(record->own_kept, name);
    }
    if (!value && known && known->usual) {
        bool shown = known->owner == EC_SHEET_OF_VARIANT ? record->variant != NULL : record->first;
        value = shown ? known->usual : NULL;
    }
    return value;
}

static const char *cell_of(ec_arena *arena, const sheet_record *record, const char *name,
                           const ec_sheet_column *known)
{
    ec_sheet_place place = known ? known->place : EC_SHEET_KEPT;
    if (place == EC_SHEET_KEPT) {
        return kept_cell(record, name, known);
    }
    if (place == EC_SHEET_HANDLE) {
        return record->product->row->slug;
    }
    const char *text = record->first ? product_cell(arena, record, place) : NULL;
    if (!text && record->variant) {
        text = variant_cell(arena, record, place);
    }
    return !text && record->image ? image_cell(arena, record, place) : text;
}

static ec_status flush(sheet_export *out, size_t from)
{
    if (out->buf.status != EC_OK) {
        return ec_fail(out->session, out->buf.status, "A product is too large to be written.");
    }
    if (out->buf.length < from || out->buf.length == 0) {
        return EC_OK;
    }
    ec_status status = out->write(out->write_ctx, ec_buf_text(&out->buf), out->buf.length);
    ec_buf_reset(&out->buf);
    return status == EC_OK ? EC_OK : ec_fail(out->session, EC_IO, "The file cannot be written.");
}

static ec_status write_record(sheet_export *out, const sheet_record *record)
{
    ec_arena *arena = ec_scratch(out->session);
    ec_arena_mark mark = ec_arena_save(arena);
    for (size_t i = 0; i < out->columns_count; i++) {
        ec_csv_put(&out->buf, cell_of(arena, record, out->columns[i], out->known[i]), i == 0,
                   false);
    }
    ec_csv_end(&out->buf);
    if (arena->failed) {
        return ec_fail_memory(out->session);
    }
    ec_arena_restore(arena, mark);
    return flush(out, OUT_SIZE);
}

/* ---- products ---- */

/* Does a variant keep what in a first record would be the product's? Then it gets a record of its
   own. */
static bool needs_own_record(const ec_sheet_kept *kept)
{
    for (size_t i = 0; i < kept->count; i++) {
        const ec_sheet_column *known = ec_sheet_column_find(kept->items[i].name);
        if (!known || (known->place == EC_SHEET_KEPT && known->owner == EC_SHEET_OF_ROW)) {
            return true;
        }
    }
    return false;
}

static ec_status write_rows(sheet_export *out, const ec_sheet_shop *shop,
                            const ec_sheet_known *product, const char *brand,
                            const ec_sheet_kept *kept, const ec_sheet_kept *own)
{
    size_t apart = product->variants_count > 0 && needs_own_record(&own[0]);
    size_t rows = product->variants_count + apart;
    rows = rows > product->images_count ? rows : product->images_count;
    ec_status status = EC_OK;
    for (size_t i = 0; status == EC_OK && (i < rows || i == 0); i++) {
        sheet_record record = {.product = product, .brand = brand, .first = i == 0};
        record.kept = i == 0 ? kept : NULL;
        if (i >= apart && i - apart < product->variants_count) {
            record.variant = &product->variants[i - apart];
            record.own_kept = &own[i - apart];
            record.stock = ec_sheet_shop_stock(shop, record.variant->id);
        }
        if (i < product->images_count) {
            record.image = &product->images[i];
        }
        status = write_record(out, &record);
    }
    return status;
}

static ec_status write_product(sheet_export *out, const ec_sheet_shop *shop,
                               const ec_sheet_known *product, const char *brand)
{
    ec_arena *arena = ec_scratch(out->session);
    ec_sheet_kept kept, *extras, *own;
    size_t extras_count = 0;
    ec_status status =
        ec_sheet_kept_read(arena, product->row->metadata, &kept, &extras, &extras_count);
    own = ec_arena_array(arena, product->variants_count, sizeof *own);
    for (size_t i = 0; own && status == EC_OK && i < product->variants_count; i++) {
        status = ec_sheet_kept_read(arena, product->variants[i].metadata, &own[i], NULL, NULL);
    }
    if (!own || status != EC_OK) {
        return ec_fail_memory(out->session);
    }
    status = write_rows(out, shop, product, brand, &kept, own);
    for (size_t i = 0; status == EC_OK && i < extras_count; i++) {
        status = write_record(out, &(sheet_record){.product = product, .kept = &extras[i]});
    }
    out->products++;
    return status;
}

static ec_status add_brand(ec_session *session, ec_stmt *stmt, void *ctx)
{
    ec_sheet_names *names = ctx;
    ec_sheet_name *name = &names->items[names->count++];
    name->id = ec_col_int(stmt, 0);
    name->name = ec_col_text(session, stmt, 1);
    return name->name ? EC_OK : ec_fail_memory(session);
}

static const char *brand_name(const ec_sheet_names *brands, ec_id id)
{
    for (size_t i = 0; i < brands->count; i++) {
        if (brands->items[i].id == id) {
            return brands->items[i].name;
        }
    }
    return NULL;
}

static ec_status load_brands(ec_session *session, const ec_product *rows, size_t count,
                             ec_sheet_names *brands)
{
    ec_value *ids = ec_arena_array(ec_scratch(session), count, sizeof *ids);
    brands->count = 0;
    brands->items = ec_arena_array(ec_scratch(session), count * 2, sizeof *brands->items);
    if (!ids || !brands->items) {
        return ec_fail_memory(session);
    }
    for (size_t i = 0; i < count; i++) {
        ids[i] = ec_int(rows[i].brand_id);
    }
    return ec_sheet_select_in(session, "SELECT id, name FROM brands WHERE id", "", ids, count,
                              add_brand, brands);
}

static ec_status write_page(sheet_export *out, ec_product *rows, size_t count)
{
    ec_sheet_shop shop = {.known_count = count};
    ec_sheet_names brands = {0};
    ec_status status = ec_sheet_load_lists(out->session, rows, count, &shop.known);
    if (status == EC_OK) {
        status = ec_sheet_load_stock(out->session, out->warehouse_id, &shop);
    }
    if (status == EC_OK) {
        status = load_brands(out->session, rows, count, &brands);
    }
    for (size_t i = 0; status == EC_OK && i < count; i++) {
        status = write_product(out, &shop, &shop.known[i], brand_name(&brands, rows[i].brand_id));
    }
    return status;
}

static ec_status write_products(sheet_export *out)
{
    ec_arena *arena = ec_scratch(out->session);
    ec_status status = EC_OK;
    ec_id last = 0;
    for (size_t count = PAGE_PRODUCTS; status == EC_OK && count == PAGE_PRODUCTS;) {
        ec_arena_mark mark = ec_arena_save(arena);
        void *rows = NULL;
        status = ec_entity_select(out->session, &ec_product_entity,
                                  "WHERE t.id > ? ORDER BY t.id LIMIT ?",
                                  ec_args(ec_int(last), ec_int(PAGE_PRODUCTS)), &rows, &count);
        if (status == EC_OK && count > 0) {
            last = ((ec_product *)rows)[count - 1].id;
            status = write_page(out, rows, count);
        }
        ec_arena_restore(arena, mark);
    }
    return status;
}

static ec_status run_export(ec_session *session, void *args, void **result)
{
    sheet_export *out = args;
    (void)result;
    if (!out->write) {
        return ec_fail(session, EC_MISUSE, "The export was given nothing to write to.");
    }
    ec_status status = ec_import_warehouse(session, &out->warehouse_id);
    if (status == EC_OK) {
        status = find_columns(out);
    }
    if (status != EC_OK) {
        return status;
    }
    order_columns(out);
    ec_buf_init(&out->buf, ec_session_platform(session), RECORD_MAX);
    for (size_t i = 0; i < out->columns_count; i++) {
        ec_csv_put(&out->buf, out->columns[i], i == 0, false);
    }
    ec_csv_end(&out->buf);
    status = write_products(out);
    if (status == EC_OK) {
        status = flush(out, 0);
    }
    ec_buf_clear(&out->buf);
    return status;
}

ec_status ec_export_shopify(ec_session *session, ec_write_fn write, void *write_ctx,
                            int64_t *products)
{
    static const ec_op op = {.name = "export.shopify",
                             .permission = "catalog.read",
                             .access = EC_ACCESS_STAFF,
                             .mode = EC_READ,
                             .run = run_export};
    sheet_export out = {.session = session, .write = write, .write_ctx = write_ctx};
    ec_status status = ec_call(session, &op, &out, NULL);
    if (products) {
        *products = status == EC_OK ? out.products : 0;
    }
    return status;
}
