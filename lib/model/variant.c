/* SPDX-License-Identifier: MIT */
/*
 * variant.c - the tables of variants. Only rows; how option values fit the product's options is a
 * rule of lib/catalog.
 */
#include <ecommerce/limits.h>
#include <ecommerce/product.h>

#include "model/model.h"

const char *const ec_weight_unit_names[] = {"g", "kg", "oz", "lb", NULL};

static const ec_field variant_fields[] = {
    EC_ID_ROW(ec_variant, id, .doc = "Number of the variant."),
    EC_INT_ROW(ec_variant, version, .flags = EC_FIELD_READONLY, .doc = "Counts its changes."),
    EC_TIME_ROW(ec_variant, created_at, .flags = EC_FIELD_READONLY, .doc = "When it was added."),
    EC_TIME_ROW(ec_variant, updated_at, .flags = EC_FIELD_READONLY, .doc = "When it last changed."),
    EC_REF_ROW(ec_variant, product_id, .flags = EC_FIELD_READONLY, .target = &ec_product_entity,
               .doc = "Whose variant it is."),
    EC_REF_ROW(ec_variant, image_id, .target = &ec_product_image_entity,
               .doc = "One of the product's images."),
    EC_INT_ROW(ec_variant, position, .flags = EC_FIELD_READONLY, .doc = "Its place, from 1."),
    EC_MONEY_ROW(ec_variant, price, .max = EC_AMOUNT_MAX, .doc = "What it costs."),
    EC_MONEY_ROW(ec_variant, compare_price, .max = EC_AMOUNT_MAX, .flags = EC_FIELD_NULLABLE,
                 .doc = "What it is said to cost without discount."),
    EC_MONEY_ROW(ec_variant, cost_price, .max = EC_AMOUNT_MAX, .flags = EC_FIELD_NULLABLE,
                 .doc = "What it costs the shop; for staff."),
    EC_INT_ROW(ec_variant, weight, .max = 1000000000, .flags = EC_FIELD_NULLABLE,
               .doc = "Weight in grams."),
    EC_INT_ROW(ec_variant, length, .max = 1000000, .flags = EC_FIELD_NULLABLE,
               .doc = "Length in millimetres, as it is sent."),
    EC_INT_ROW(ec_variant, width, .max = 1000000, .flags = EC_FIELD_NULLABLE,
               .doc = "Width in millimetres."),
    EC_INT_ROW(ec_variant, height, .max = 1000000, .flags = EC_FIELD_NULLABLE,
               .doc = "Height in millimetres."),
    EC_INT_ROW(ec_variant, stock, .flags = EC_FIELD_READONLY | EC_FIELD_NOT_STORED,
               .doc = "Available units in active warehouses."),
    EC_TEXT_ROW(ec_variant, name, .flags = EC_FIELD_READONLY,
                .doc = "Its option values, or the product's name."),
    EC_TEXT_ROW(ec_variant, sku, .min = 1, .max = 100, .flags = EC_FIELD_UNIQUE | EC_FIELD_SEARCH,
                .doc = "Stock keeping unit."),
    EC_TEXT_ROW(ec_variant, barcode, .min = 1, .max = 100, .doc = "GTIN or another barcode."),
    EC_TEXT_ROW(ec_variant, option1, .min = 1, .max = 255, .doc = "Value of the first option."),
    EC_TEXT_ROW(ec_variant, option2, .min = 1, .max = 255, .doc = "Value of the second option."),
    EC_TEXT_ROW(ec_variant, option3, .min = 1, .max = 255, .doc = "Value of the third option."),
    EC_TEXT_ROW(ec_variant, tax_code, .max = 64, .doc = "Class of goods for taxes."),
    EC_TEXT_ROW(ec_variant, shipping_category, .max = 64,
                .doc = "Code of its kind of goods for shipping."),
    EC_JSON_ROW(ec_variant, metadata, .max = 65535, .doc = "The shop's own data."),
    EC_TEXT_ROW(ec_variant, currency, .min = 3, .max = 3, .format = "currency",
                .flags = EC_FIELD_READONLY | EC_FIELD_NOT_STORED | EC_FIELD_CURRENCY,
                .doc = "Currency of its amounts: the product's."),
    EC_TEXT_ROW(ec_variant, image_url, .max = 2000, .flags = EC_FIELD_NOT_STORED,
                .doc = "Address of its image; names one of the product's images."),
    EC_ENUM_ROW(ec_variant, weight_unit, ec_weight_unit, ec_weight_unit_names,
                .doc = "The unit in which people see its weight."),
    EC_BOOL_ROW(ec_variant, is_active, .flags = EC_FIELD_DEFAULT_TRUE, .doc = "Is it offered?"),
    EC_BOOL_ROW(ec_variant, tracked, .flags = EC_FIELD_DEFAULT_TRUE,
                .doc = "Is its stock counted?"),
    EC_BOOL_ROW(ec_variant, backorder, .doc = "May it be bought although none is there?"),
    EC_BOOL_ROW(ec_variant, requires_shipping, .flags = EC_FIELD_DEFAULT_TRUE,
                .doc = "Is it a thing that is sent?"),
    EC_BOOL_ROW(ec_variant, taxable, .flags = EC_FIELD_DEFAULT_TRUE, .doc = "Are taxes charged?"),
};

const ec_entity ec_variant_entity = {
    .name = "variant",
    .table = "product_variants",
    .doc = "What a customer can put into a cart.",
    .size = sizeof(ec_variant),
    .fields = variant_fields,
    .count = sizeof(variant_fields) / sizeof(variant_fields[0]),
};

static const ec_field variant_list_fields[] = {
    EC_LIST_ROWS(ec_variant_list, ec_variant, ec_variant_entity),
};

const ec_entity ec_variant_list_entity = {
    .name = "variant_list",
    .doc = "Variants of a product.",
    .size = sizeof(ec_variant_list),
    .fields = variant_list_fields,
    .count = sizeof(variant_list_fields) / sizeof(variant_list_fields[0]),
};
