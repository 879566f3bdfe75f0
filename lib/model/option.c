/* SPDX-License-Identifier: MIT */
/*
 * option.c - the table of product options. Only rows.
 */
#include <ecommerce/limits.h>
#include <ecommerce/product.h>

#include "model/model.h"

static const ec_field fields[] = {
    EC_ID_ROW(ec_product_option, id, .doc = "Number of the option."),
    EC_REF_ROW(ec_product_option, product_id, .flags = EC_FIELD_READONLY,
               .target = &ec_product_entity, .doc = "Whose option it is."),
    EC_INT_ROW(ec_product_option, position, .flags = EC_FIELD_READONLY,
               .doc = "Its place, from 1."),
    EC_TEXT_ROW(ec_product_option, name, .min = 1, .max = 255, .flags = EC_FIELD_REQUIRED,
                .doc = "Name for people, such as Colour."),
    EC_TEXTS_ROW(ec_product_option, values, .flags = EC_FIELD_READONLY,
                 .doc = "The values that the variants have."),
};

const ec_entity ec_product_option_entity = {
    .name = "product_option",
    .table = "product_options",
    .doc = "By what the variants of a product differ.",
    .size = sizeof(ec_product_option),
    .fields = fields,
    .count = sizeof(fields) / sizeof(fields[0]),
};
