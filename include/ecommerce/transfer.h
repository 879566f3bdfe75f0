/* SPDX-License-Identifier: MIT */
/**
 * @file transfer.h
 * @brief Whole catalogues and shops in and out: Shopify product CSV, CSV of prices, and JSON Lines
 * of every entity.
 *
 * Both directions stream in constant memory. An import is an upsert: a second run of the same file
 * changes nothing and says so. A broken row is reported with its line, column and reason while the
 * good ones go in. A dry run does everything but keep it.
 */
#ifndef ECOMMERCE_TRANSFER_H
#define ECOMMERCE_TRANSFER_H

#include <ecommerce/session.h>

EC_BEGIN_DECLS

/** Where an import's bytes come from. @return EC_OK with *got 0 at the end; EC_IO. */
typedef ec_status (*ec_read_fn)(void *ctx, char *buffer, size_t size, size_t *got);
/** Where an export's bytes go. @return EC_OK or EC_IO. */
typedef ec_status (*ec_write_fn)(void *ctx, const char *bytes, size_t count);

/** A row that was refused. @since 0.1 */
typedef struct ec_refused_row {
    int64_t line;       /**< where its record begins in the file, from 1 */
    const char *column; /**< header of the offending column, or NULL */
    const char *rule;   /**< the broken rule */
    const char *reason; /**< one sentence */
    const char *handle; /**< product that it belongs to, or NULL */
} ec_refused_row;

/** How far an import has come. @since 0.1 */
typedef struct ec_import_counts {
    int64_t rows;             /**< records read */
    int64_t bytes;            /**< bytes read */
    int64_t products_created; /**< or to be created, in a dry run; likewise below */
    int64_t products_updated;
    int64_t products_unchanged;
    int64_t variants_created;
    int64_t variants_updated;
    int64_t variants_unchanged;
    int64_t refused;         /**< rows refused */
    int64_t objects_created; /**< of JSON Lines: of every entity, products included */
    int64_t objects_updated;
    int64_t objects_unchanged;
} ec_import_counts;

#define EC_IMPORT_OPTIONS_VERSION 1

/** How to import. Zero members mean the defaults. @since 0.1 */
typedef struct ec_import_options {
    int version;          /**< EC_IMPORT_OPTIONS_VERSION */
    bool dry_run;         /**< report what would change, keep nothing; each batch is compared with
                                 the shop as it is, so what two batches share is not noticed */
    bool resume;          /**< go on where an interrupted import of the same name stopped */
    bool keep_stock;      /**< leave the quantities of existing variants alone */
    const char *source;   /**< name of the file, for the report and for resuming */
    const char *currency; /**< of the prices; NULL: the session's channel's */
    ec_id warehouse_id;   /**< where quantities lie; 0: the channel's first */
    ec_id category_id;    /**< of products whose Type names no category; 0: none */
    /** Told after each batch; anything but EC_OK stops (EC_CANCELLED is returned). NULL: nobody. */
    ec_status (*progress)(void *ctx, const ec_import_counts *counts);
    /** Told of each refused row, in file order. NULL: nobody. */
    void (*refused)(void *ctx, const ec_refused_row *row);
    /** Told of each product that changes, in file order: "create" or "update", and which fields.
        NULL: nobody. */
    void (*change)(void *ctx, const char *action, const char *handle, const char *fields);
    void *ctx; /**< of the three functions and of nothing else */
} ec_import_options;

/**
 * Import Shopify product CSV: one record per variant or image, grouped by Handle; all of Shopify's
 * columns (those without a place of their own are kept and come out again at export), options,
 * continuation rows, HTML bodies, quoted newlines, BOM, CRLF.
 *
 * @param read where the bytes come from, called with read_ctx
 * @param out  the final counts; a block
 * @return EC_OK also when rows were refused; EC_INVALID when the header is no product header or the
 *         file is no CSV at all (field "header"); EC_CANCELLED; EC_IO. What was committed before a
 *         failure stays and is found again by `resume`. Staff.
 * @since 0.1
 */
EC_API ec_status ec_import_shopify(ec_session *session, const ec_import_options *options,
                                   ec_read_fn read, void *read_ctx, ec_import_counts **out);

/**
 * Export the catalogue as Shopify product CSV. Importing it again changes nothing. Staff.
 * @param write where the bytes go, called with write_ctx
 * @param products how many products were written; may be NULL
 * @since 0.1
 */
EC_API ec_status ec_export_shopify(ec_session *session, ec_write_fn write, void *write_ctx,
                                   int64_t *products);

/**
 * Export objects as JSON Lines, one {"entity": name, "data": {…}} a line, by the entity tables, in
 * one snapshot. Products come with their variants and other lists, attributes with their choices.
 * What can be imported again also has "refs": {field: name of what it refers to}. Secrets are left
 * out. Staff.
 * @param entity one entity with a table, or NULL: all of them in the order of their references
 * @param objects how many lines were written; may be NULL
 * @return EC_NOT_FOUND for an entity that is none or has no table
 * @since 0.1
 */
EC_API ec_status ec_export_jsonl(ec_session *session, const char *entity, ec_write_fn write,
                                 void *write_ctx, int64_t *objects);

/**
 * Import what a shop begins with from JSON Lines as ec_export_jsonl writes them: the catalogue,
 * channels, price lists and prices, warehouses and balances, users and their addresses. Objects are
 * matched by slug, code, email or SKU, not by number; what they refer to is named in the line's
 * "refs". Balances are set through the ledger. Lines of what is history (orders, payments,
 * movements, events …) are refused rows, whose reason says so. Fields that a line does not have
 * stay as they are; lists replace the stored ones as at ec_product_update. Options as for CSV; the
 * figures count all objects, and products and their variants among them; `change` tells every
 * object. Staff.
 * @since 0.1
 */
EC_API ec_status ec_import_jsonl(ec_session *session, const ec_import_options *options,
                                 ec_read_fn read, void *read_ctx, ec_import_counts **out);

/**
 * Import prices into a price list from CSV with a header: sku and amount, and any of
 * compare_amount, minimum_amount, min_quantity, valid_from, valid_until, in any order; other
 * columns are passed over. Amounts are decimals in the list's currency, times RFC 3339. A price is
 * found by sku, min_quantity (empty: 1) and valid_from; columns that are not there leave a stored
 * price's values alone, empty cells clear them. In a file without the column valid_from each price
 * holds from now on, as ec_price_set has it; with it rows are taken as they are. Options as for
 * ec_import_shopify, as far as they are about rows; the figures count objects. Staff.
 * @return EC_NOT_FOUND: no such price list; else as ec_import_shopify
 * @since 0.1
 */
EC_API ec_status ec_import_prices(ec_session *session, ec_id price_list_id,
                                  const ec_import_options *options, ec_read_fn read, void *read_ctx,
                                  ec_import_counts **out);

/**
 * Export the prices of a list as CSV, those of variants with a SKU. Importing it again changes
 * nothing. Staff.
 * @param prices how many were written; may be NULL
 * @return EC_NOT_FOUND: no such price list
 * @since 0.1
 */
EC_API ec_status ec_export_prices(ec_session *session, ec_id price_list_id, ec_write_fn write,
                                  void *write_ctx, int64_t *prices);

EC_END_DECLS

#endif
