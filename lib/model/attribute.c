/* SPDX-License-Identifier: MIT */
/*
 * attribute.c - the tables of attributes and of their values at products. Only rows; what a value
 * of each type looks like is a rule of lib/catalog.
 */
#include <ecommerce/limits.h>
#include <ecommerce/product.h>

#include <stdio.h>
#include <string.h>

#include "model/model.h"

const char *const ec_attribute_type_names[] = {"text", "number", "boolean", "date", "select", NULL};

static const ec_field attribute_fields[] = {
    EC_ID_ROW(ec_attribute, id, .doc = "Number of the attribute."),
    EC_INT_ROW(ec_attribute, version, .flags = EC_FIELD_READONLY, .doc = "Counts its changes."),
    EC_TIME_ROW(ec_attribute, created_at, .flags = EC_FIELD_READONLY, .doc = "When it was added."),
    EC_TIME_ROW(ec_attribute, updated_at, .flags = EC_FIELD_READONLY,
                .doc = "When it last changed."),
    EC_TEXT_ROW(ec_attribute, code, .min = 1, .max = 64, .format = "slug",
                .flags = EC_FIELD_REQUIRED | EC_FIELD_UNIQUE, .doc = "Stable name for programs."),
    EC_TEXT_ROW(ec_attribute, name, .min = 1, .max = 255, .flags = EC_FIELD_REQUIRED,
                .doc = "Name for people."),
    EC_TEXT_ROW(ec_attribute, unit, .max = 16, .doc = "Unit of its numbers."),
    EC_TEXTS_ROW(ec_attribute, choices, .max = EC_CHOICES_MAX, .doc = "What may be chosen."),
    EC_ENUM_ROW(ec_attribute, type, ec_attribute_type, ec_attribute_type_names,
                .doc = "What its values are."),
    EC_BOOL_ROW(ec_attribute, filterable, .doc = "Do shops offer it as a filter?"),
};

/* A choice belongs to a select only; each once. Short lists, so each is compared with each. */
static void attribute_check(const void *object, ec_mask fields, ec_check *check)
{
    const ec_attribute *attribute = object;
    (void)fields;
    for (size_t i = 1; i < attribute->choices_count; i++) {
        for (size_t j = 0; j < i; j++) {
            const char *one = attribute->choices[i], *other = attribute->choices[j];
            if (one && other && strcmp(one, other) == 0) {
                char field[32];
                (void)snprintf(field, sizeof field, "choices[%zu]", i);
                ec_check_add(check, field, "unique", "Choice %zu is the same.", j);
                break;
            }
        }
    }
}

const ec_entity ec_attribute_entity = {
    .name = "attribute",
    .table = "attributes",
    .doc = "A typed fact about products.",
    .size = sizeof(ec_attribute),
    .fields = attribute_fields,
    .count = sizeof(attribute_fields) / sizeof(attribute_fields[0]),
    .check = attribute_check,
};

static const ec_field attribute_list_fields[] = {
    EC_LIST_ROWS(ec_attribute_list, ec_attribute, ec_attribute_entity),
};

const ec_entity ec_attribute_list_entity = {
    .name = "attribute_list",
    .doc = "A page of attributes.",
    .size = sizeof(ec_attribute_list),
    .fields = attribute_list_fields,
    .count = sizeof(attribute_list_fields) / sizeof(attribute_list_fields[0]),
};

static const ec_field product_attribute_fields[] = {
    EC_ID_ROW(ec_product_attribute, id, .doc = "Number of the value."),
    EC_REF_ROW(ec_product_attribute, product_id, .flags = EC_FIELD_READONLY,
               .target = &ec_product_entity, .doc = "Whose value it is."),
    EC_REF_ROW(ec_product_attribute, attribute_id, .flags = EC_FIELD_READONLY,
               .target = &ec_attribute_entity, .doc = "Of which attribute."),
    EC_INT_ROW(ec_product_attribute, number, .flags = EC_FIELD_READONLY,
               .doc = "Thousandths of a number, 0 or 1000 of a boolean, milliseconds of a date."),
    EC_TEXT_ROW(ec_product_attribute, value, .min = 1, .max = 255, .flags = EC_FIELD_REQUIRED,
                .doc = "The value as text."),
    EC_TEXT_ROW(ec_product_attribute, code, .min = 1, .max = 64,
                .flags = EC_FIELD_REQUIRED | EC_FIELD_NOT_STORED, .doc = "The attribute's code."),
    EC_TEXT_ROW(ec_product_attribute, name, .flags = EC_FIELD_READONLY | EC_FIELD_NOT_STORED,
                .doc = "The attribute's name."),
    EC_TEXT_ROW(ec_product_attribute, unit, .flags = EC_FIELD_READONLY | EC_FIELD_NOT_STORED,
                .doc = "The attribute's unit."),
    EC_ENUM_ROW(ec_product_attribute, type, ec_attribute_type, ec_attribute_type_names,
                .flags = EC_FIELD_READONLY | EC_FIELD_NOT_STORED, .doc = "The attribute's type."),
};

const ec_entity ec_product_attribute_entity = {
    .name = "product_attribute",
    .table = "product_attributes",
    .doc = "The value of an attribute at a product.",
    .size = sizeof(ec_product_attribute),
    .fields = product_attribute_fields,
    .count = sizeof(product_attribute_fields) / sizeof(product_attribute_fields[0]),
};
