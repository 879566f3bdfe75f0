/* SPDX-License-Identifier: MIT */
/*
 * shopify_record.h - what one record holds; between shopify_record.c and shopify_group.c only.
 */
#ifndef EC_TRANSFER_SHOPIFY_RECORD_H
#define EC_TRANSFER_SHOPIFY_RECORD_H

#include "transfer/shopify.h"

typedef struct ec_sheet_parts {
    bool has_variant, has_image;
    bool is_extra;      /* neither, but kept values, in a record that is not the first */
    ec_sheet_kept kept; /* of the product (first record) or of the extra record */
    ec_sheet_variant variant;
    ec_sheet_image image;
} ec_sheet_parts;

/* The product's own fields, out of its first record. */
void ec_sheet_read_product(ec_sheet_record *record, ec_sheet_product *product);
/* Variant, image and kept values. first: it is the product's first record. Problems are noted. */
void ec_sheet_read_parts(ec_sheet_record *record, bool first, ec_sheet_parts *parts);

#endif
