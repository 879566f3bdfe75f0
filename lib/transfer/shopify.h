/* SPDX-License-Identifier: MIT */
/*
 * shopify.h - Shopify's product CSV: its columns, records as products, products into the shop.
 *
 * A "sheet" is such a file. shopify_columns.c knows the columns, shopify_cells.c reads cells,
 * shopify_group.c makes products of records, shopify_plan.c compares them with the shop, and
 * shopify_apply.c writes what differs. What has no place in the catalogue is "kept": texts in the
 * metadata of the product or variant, which come out again at export.
 */
#ifndef EC_TRANSFER_SHOPIFY_H
#define EC_TRANSFER_SHOPIFY_H

#include <ecommerce/limits.h>

#include "base/csv.h"
#include "transfer/import.h"
#include "transfer/rows.h"

/* ---- columns ---- */

/* What a column means to the catalogue. */
typedef enum ec_sheet_place {
    EC_SHEET_KEPT = 0,
    EC_SHEET_HANDLE,
    EC_SHEET_TITLE,
    EC_SHEET_BODY,
    EC_SHEET_VENDOR,
    EC_SHEET_TYPE,
    EC_SHEET_TAGS,
    EC_SHEET_PUBLISHED,
    EC_SHEET_PUBLISHED_AT,
    EC_SHEET_STATUS,
    EC_SHEET_SEO_TITLE,
    EC_SHEET_SEO_DESCRIPTION,
    EC_SHEET_OPTION1_NAME, /* names and values alternate */
    EC_SHEET_OPTION1_VALUE,
    EC_SHEET_OPTION2_NAME,
    EC_SHEET_OPTION2_VALUE,
    EC_SHEET_OPTION3_NAME,
    EC_SHEET_OPTION3_VALUE,
    EC_SHEET_SKU,
    EC_SHEET_BARCODE,
    EC_SHEET_PRICE,
    EC_SHEET_COMPARE_PRICE,
    EC_SHEET_COST,
    EC_SHEET_CURRENCY, /* not Shopify's: of a product whose prices are in another one */
    EC_SHEET_GRAMS,
    EC_SHEET_WEIGHT,
    EC_SHEET_WEIGHT_UNIT,
    EC_SHEET_TRACKER,
    EC_SHEET_QUANTITY,
    EC_SHEET_POLICY,
    EC_SHEET_SHIPPING,
    EC_SHEET_TAXABLE,
    EC_SHEET_TAX_CODE,
    EC_SHEET_VARIANT_IMAGE,
    EC_SHEET_IMAGE_SRC,
    EC_SHEET_IMAGE_POSITION,
    EC_SHEET_IMAGE_ALT,
    EC_SHEET_PLACES
} ec_sheet_place;

/* Whose metadata keeps a value: that of the row it stands in, or always the variant's. */
typedef enum ec_sheet_owner { EC_SHEET_OF_ROW, EC_SHEET_OF_VARIANT } ec_sheet_owner;

typedef struct ec_sheet_column {
    const char *name;
    ec_sheet_place place;
    ec_sheet_owner owner;
    const char *usual; /* value that an export writes when nothing is kept, and that is not kept */
    bool standard;     /* an export always has the column */
} ec_sheet_column;

/* All known columns in the order of an export; NULL behind the last. */
const ec_sheet_column *ec_sheet_column_next(const ec_sheet_column *previous);
/* By name, in any letter case; NULL: unknown. */
const ec_sheet_column *ec_sheet_column_find(const char *name);
/* The name of a place's column, for messages. */
const char *ec_sheet_place_name(ec_sheet_place place);

/* The header of a file. */
typedef struct ec_sheet_header {
    size_t count;
    const char **names; /* of the columns; known ones as they are spelled by the table */
    const ec_sheet_column **columns;
    int at[EC_SHEET_PLACES]; /* column of each place, -1: none */
    size_t kept_count;
    size_t *kept; /* kept columns in the order of their names */
} ec_sheet_header;

/* Read a header; NULL-ended problem text on EC_INVALID. Everything is copied into the arena. */
ec_status ec_sheet_header_read(ec_arena *arena, const char *const *cells, size_t count,
                               ec_sheet_header *header, const char **problem);
static inline bool ec_sheet_has(const ec_sheet_header *header, ec_sheet_place place)
{
    return header->at[place] >= 0;
}

/* ---- kept values ---- */

#define EC_SHEET_METADATA_MAX 65535 /* characters, as the tables of products and variants say */

typedef struct ec_sheet_pair {
    const char *name, *value;
} ec_sheet_pair;

/* By name upwards. */
typedef struct ec_sheet_kept {
    size_t count;
    ec_sheet_pair *items;
} ec_sheet_kept;

/*
 * The metadata of an object after a file with this header: `mine` replaces what was kept of the
 * header's columns, `rows` (NULL: a variant, which has none) the rows that hold nothing else; all
 * other metadata stays. The very pointer `before` when nothing differs; NULL when nothing is left.
 */
ec_status ec_sheet_kept_merge(ec_arena *arena, const ec_sheet_header *header, const char *before,
                              const ec_sheet_kept *mine, const ec_sheet_kept *rows,
                              size_t rows_count, const char **out);
/* The kept values of metadata, for an export. rows may be NULL. */
ec_status ec_sheet_kept_read(ec_arena *arena, const char *metadata, ec_sheet_kept *mine,
                             ec_sheet_kept **rows, size_t *rows_count);
const char *ec_sheet_kept_find(const ec_sheet_kept *kept, const char *name);
/* Add a pair at its place; room for it must be there. */
void ec_sheet_kept_add(ec_sheet_kept *kept, const char *name, const char *value);

/* ---- cells ---- */

/* A record that is being read, and the first thing that is wrong with it. */
typedef struct ec_sheet_record {
    const ec_sheet_header *header;
    ec_arena *arena;
    const char *currency;
    const char *const *cells;
    size_t count;
    int64_t line;
    const char *column; /* of the first problem */
    const char *rule;   /* NULL: no problem so far */
    const char *reason;
} ec_sheet_record;

/* The cell of a place without its protection, borrowed; NULL: blank or no such column. */
const char *ec_sheet_cell(const ec_sheet_record *record, ec_sheet_place place);
/* Copied into the arena. */
const char *ec_sheet_text(ec_sheet_record *record, ec_sheet_place place);
bool ec_sheet_flag(ec_sheet_record *record, ec_sheet_place place, bool otherwise);
int64_t ec_sheet_money(ec_sheet_record *record, ec_sheet_place place);
/* otherwise: for a blank cell. */
int64_t ec_sheet_int(ec_sheet_record *record, ec_sheet_place place, int64_t min, int64_t max,
                     int64_t otherwise);
/* One of the names, by its number. */
int ec_sheet_choice(ec_sheet_record *record, ec_sheet_place place, const char *const *names,
                    int otherwise);
ec_time ec_sheet_time(ec_sheet_record *record, ec_sheet_place place);
/* Grams of Variant Grams, or of Variant Weight in the unit. */
int64_t ec_sheet_weight(ec_sheet_record *record, ec_weight_unit unit);
/* Note a problem unless there is one. column may be NULL. */
__attribute__((format(printf, 4, 5))) void ec_sheet_problem(ec_sheet_record *record,
                                                            const char *column, const char *rule,
                                                            const char *format, ...);

/* ---- products of a file ---- */

typedef struct ec_sheet_variant {
    int64_t line;
    ec_variant row;    /* what the columns say; id, product_id, image_id and position 0 */
    const char *image; /* address, or NULL */
    int64_t quantity;  /* -1: none given */
    bool priced;       /* a price was given */
    bool bare;         /* nothing but "Default Title" */
    ec_sheet_kept kept;
} ec_sheet_variant;

typedef struct ec_sheet_image {
    int64_t line;
    int64_t position; /* 0: none given */
    const char *url, *alt;
} ec_sheet_image;

typedef struct ec_sheet_product {
    struct ec_sheet_product *next;
    int64_t line;
    int64_t *lines; /* of its good records */
    size_t lines_count, lines_room;
    const char *handle; /* as in the file, or the title where the file has none */
    ec_product row;     /* what the columns say; id, category, brand and prices 0 */
    const char *vendor;
    const char *options[EC_OPTIONS_MAX]; /* names, NULL behind the last */
    size_t options_count;
    const char **tags;
    size_t tags_count;
    ec_sheet_variant *variants;
    size_t variants_count, variants_room;
    ec_sheet_image *images;
    size_t images_count, images_room;
    ec_sheet_kept kept;
    ec_sheet_kept *extras; /* of records that hold nothing else */
    size_t extras_count, extras_room;
    size_t records;
    bool single; /* says that there are no options */
    bool refused;
} ec_sheet_product;

typedef struct ec_sheet {
    ec_import *import;
    ec_arena lasting; /* lives as long as the import */
    ec_sheet_header header;
    ec_csv_reader *csv;
    ec_sheet_product *first, *last; /* of the batch; last is the one that records are added to */
    size_t products, variants;
    size_t bytes; /* of the batch's records */
} ec_sheet;

/* Does the record that was read begin another product? */
bool ec_sheet_begins(const ec_sheet *sheet, const char *const *cells, size_t count);
/* Add a record to the batch; begins: to a product of its own. Refusals are noted. */
ec_status ec_sheet_add(ec_sheet *sheet, const char *const *cells, size_t count, bool begins);
/* Put the last product in order. */
void ec_sheet_close_product(ec_sheet *sheet);
/* Refuse the records of a product, but those of the lines skipped (which were refused already).
   rule and reason: of its first one. */
void ec_sheet_refuse_product(ec_sheet *sheet, ec_import_notes *notes, const ec_sheet_product *in,
                             const int64_t *skipped, size_t skipped_count, const char *column,
                             const char *rule, const char *reason);

/* ---- the batch against the shop ---- */

typedef struct ec_sheet_known_tag {
    ec_id product_id;
    const char *name;
} ec_sheet_known_tag;

/* A product that the shop has. */
typedef struct ec_sheet_known {
    ec_product *row;
    ec_variant *variants;
    ec_product_option *options;
    ec_product_image *images;
    ec_sheet_known_tag *tags;
    size_t variants_count, options_count, images_count, tags_count;
} ec_sheet_known;

/* What the shop has in the import's warehouse, by variant. */
typedef struct ec_sheet_stock {
    ec_id variant_id;
    ec_id inventory_id; /* 0: no balance in the warehouse */
    int64_t on_hand, committed, damaged;
    bool over; /* more is promised than is there, in some warehouse */
} ec_sheet_stock;

/* A name and its number, by name; for brands, categories (by slug), tags, and SKUs (owner). */
typedef struct ec_sheet_name {
    const char *name;
    ec_id id;
} ec_sheet_name;
typedef struct ec_sheet_names {
    ec_sheet_name *items;
    size_t count;
} ec_sheet_names;
/* 0: not there. */
ec_id ec_sheet_names_find(const ec_sheet_names *names, const char *name);
void ec_sheet_names_sort(ec_sheet_names *names);

typedef struct ec_sheet_shop {
    ec_sheet_known *known; /* by slug */
    size_t known_count;
    ec_sheet_stock *stock; /* by variant_id */
    size_t stock_count;
    ec_sheet_names brands, categories, tags, skus;
} ec_sheet_shop;

/* Read what the shop has of the batch, in a constant number of statements. */
ec_status ec_sheet_load(ec_session *session, const ec_sheet *sheet, ec_sheet_shop *shop);
/* Options, variants, images and tags of products, whose numbers rise. */
ec_status ec_sheet_load_lists(ec_session *session, ec_product *rows, size_t count,
                              ec_sheet_known **out);
/* The balances of the known products' variants. */
ec_status ec_sheet_load_stock(ec_session *session, ec_id warehouse_id, ec_sheet_shop *shop);
const ec_sheet_known *ec_sheet_shop_find(const ec_sheet_shop *shop, const char *slug);
const ec_sheet_stock *ec_sheet_shop_stock(const ec_sheet_shop *shop, ec_id variant_id);

#define EC_SHEET_NO_IMAGE SIZE_MAX

typedef struct ec_sheet_variant_plan {
    const ec_sheet_variant *in; /* NULL: made by the import, or not in the file */
    const ec_variant *before;
    ec_variant row;
    ec_mask changed; /* of an existing one */
    size_t image;    /* index of the product's images */
    int64_t on_hand; /* to be set, -1: left alone */
    bool backorder_changed;
} ec_sheet_variant_plan;

typedef struct ec_sheet_image_plan {
    const ec_product_image *before;
    ec_product_image row;
    ec_mask changed;
} ec_sheet_image_plan;

/* What becomes of a product. */
typedef struct ec_sheet_plan {
    const ec_sheet_product *in;
    const ec_sheet_known *before; /* NULL: it is new */
    ec_product row;
    ec_mask changed;   /* of an existing one */
    const char *brand; /* that is still to be made, or NULL */
    const char *options[EC_OPTIONS_MAX];
    size_t options_count;
    bool options_changed, tags_changed, images_changed, variants_changed;
    ec_sheet_variant_plan *variants; /* those of the file */
    size_t variants_count;
    ec_sheet_image_plan *images; /* existing ones first */
    size_t images_count;
    int64_t *refused_lines;
    size_t refused_count, refused_room;
    bool refused;
} ec_sheet_plan;

/* Who has a SKU. */
typedef struct ec_sheet_claim {
    const char *sku;
    const ec_sheet_plan *plan;
    int64_t line;
} ec_sheet_claim;

typedef struct ec_sheet_work {
    ec_session *session;
    ec_sheet *sheet;
    ec_arena *arena; /* the session's */
    ec_import_notes *notes;
    ec_sheet_shop shop;
    ec_sheet_plan *plans;
    size_t count;
    ec_sheet_claim *claims; /* the SKUs of the batch: a hash table */
    size_t claims_size;     /* a power of two */
} ec_sheet_work;

/* What was kept of a place's column stays for later where the object no longer shows it: kept gets
   the old value. */
ec_status ec_sheet_preserve(ec_sheet_work *work, const char *metadata, ec_sheet_place place,
                            ec_sheet_kept *kept);
/* Decide what becomes of each product; pure but for notes. */
ec_status ec_sheet_plan_batch(ec_sheet_work *work);
/* The variants of a product: shopify_variants.c. Sets plan->refused. */
ec_status ec_sheet_plan_variants(ec_sheet_work *work, ec_sheet_plan *plan);
/* Its images: shopify_images.c. */
ec_status ec_sheet_plan_images(ec_sheet_work *work, ec_sheet_plan *plan);
bool ec_sheet_plan_refused(const ec_sheet_plan *plan, int64_t line);
/* Another row of the batch that has the SKU, or NULL; if none it is the plan's from now on. */
const ec_sheet_claim *ec_sheet_claim_sku(ec_sheet_work *work, const ec_sheet_plan *plan,
                                         const char *sku, int64_t line);
/* The fields in which two objects differ. */
ec_mask ec_sheet_differences(const ec_entity *entity, const void *a, const void *b);
/* A text of the file, where blank is as good as an empty one that is stored. */
void ec_sheet_set_text(const char **field, const char *value);
/* Refuse a record of a product; its first one refuses the whole product. */
__attribute__((format(printf, 6, 7))) void ec_sheet_plan_refuse(ec_sheet_work *work,
                                                                ec_sheet_plan *plan, int64_t line,
                                                                const char *column,
                                                                const char *rule,
                                                                const char *format, ...);
/* Is a new or changed product? */
bool ec_sheet_plan_changes(const ec_sheet_plan *plan);
/* Write the plans; their quantities: shopify_stock.c. */
ec_status ec_sheet_write(ec_sheet_work *work);
ec_status ec_sheet_write_stock(ec_sheet_work *work);

/* One batch, as ec_import_apply_fn. ctx: the sheet. */
ec_status ec_sheet_apply(ec_session *session, void *ctx);

/* SQL with a list: "<head> IN (?, …)<tail>", for ids or texts, in steps of so many that statements
   repeat. each: called with every row. */
typedef ec_status (*ec_sheet_row_fn)(ec_session *session, ec_stmt *stmt, void *ctx);
ec_status ec_sheet_select_in(ec_session *session, const char *head, const char *tail,
                             const ec_value *values, size_t count, ec_sheet_row_fn each, void *ctx);

#endif
