/* SPDX-License-Identifier: MIT */
/*
 * rows.c - the two tables of tags as rows for ec_entity_insert_many.
 *
 * Everything else that an import writes is an entity with a table in lib/model. These two are in no
 * registry, and nobody outside of lib/transfer sees them.
 */
#include "transfer/rows.h"

static const ec_field tag_fields[] = {
    EC_ID_ROW(ec_tag_row, id, .doc = "Number of the tag."),
    EC_TEXT_ROW(ec_tag_row, name, .max = 255, .doc = "The tag."),
};

const ec_entity ec_tag_rows = {
    .name = "tag",
    .table = "tags",
    .doc = "A tag.",
    .size = sizeof(ec_tag_row),
    .fields = tag_fields,
    .count = sizeof(tag_fields) / sizeof(tag_fields[0]),
};

static const ec_field product_tag_fields[] = {
    EC_REF_ROW(ec_product_tag_row, product_id, .doc = "The product."),
    EC_REF_ROW(ec_product_tag_row, tag_id, .doc = "Its tag."),
};

const ec_entity ec_product_tag_rows = {
    .name = "product_tag",
    .table = "product_tags",
    .doc = "A tag of a product.",
    .size = sizeof(ec_product_tag_row),
    .fields = product_tag_fields,
    .count = sizeof(product_tag_fields) / sizeof(product_tag_fields[0]),
};
