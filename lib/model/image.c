/* SPDX-License-Identifier: MIT */
/*
 * image.c - the table of product images. Only rows.
 */
#include <ecommerce/product.h>

#include "model/model.h"

static const ec_field fields[] = {
    EC_ID_ROW(ec_product_image, id, .doc = "Number of the image."),
    EC_TIME_ROW(ec_product_image, created_at, .flags = EC_FIELD_READONLY,
                .doc = "When it was added."),
    EC_REF_ROW(ec_product_image, product_id, .flags = EC_FIELD_READONLY,
               .target = &ec_product_entity, .doc = "Whose image it is."),
    EC_INT_ROW(ec_product_image, position, .flags = EC_FIELD_READONLY, .doc = "Its place, from 1."),
    EC_TEXT_ROW(ec_product_image, url, .min = 1, .max = 2000, .format = "url",
                .flags = EC_FIELD_REQUIRED, .doc = "Where it is."),
    EC_TEXT_ROW(ec_product_image, alt, .max = 512, .doc = "What it shows, in words."),
};

const ec_entity ec_product_image_entity = {
    .name = "product_image",
    .table = "product_images",
    .doc = "An image of a product.",
    .size = sizeof(ec_product_image),
    .fields = fields,
    .count = sizeof(fields) / sizeof(fields[0]),
};
