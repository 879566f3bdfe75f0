/* SPDX-License-Identifier: MIT */
/*
 * rows.h - tags, which have tables but are no entities: a product has a list of texts.
 */
#ifndef EC_TRANSFER_ROWS_H
#define EC_TRANSFER_ROWS_H

#include <ecommerce/product.h>

#include "model/model.h"

typedef struct ec_tag_row {
    ec_id id;
    const char *name;
} ec_tag_row;

typedef struct ec_product_tag_row {
    ec_id product_id;
    ec_id tag_id;
} ec_product_tag_row;

extern const ec_entity ec_tag_rows;
extern const ec_entity ec_product_tag_rows;

#endif
