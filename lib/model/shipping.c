/* SPDX-License-Identifier: MIT */
/*
 * shipping.c - the tables of shipping categories and ways to ship. Only rows, and the rule between
 * the two numbers of days; what the texts mean is lib/shipping's.
 */
#include <ecommerce/shipping.h>

#include "model/model.h"

const char *const ec_shipping_match_names[] = {"any", "all", "none", NULL};

const char *const ec_shipping_status_names[] = {"active", "disabled", "archived", NULL};

static const ec_field category_fields[] = {
    EC_ID_ROW(ec_shipping_category, id, .doc = "Number of the category."),
    EC_INT_ROW(ec_shipping_category, version, .flags = EC_FIELD_READONLY,
               .doc = "Counts its changes."),
    EC_TIME_ROW(ec_shipping_category, created_at, .flags = EC_FIELD_READONLY,
                .doc = "When it was added."),
    EC_TIME_ROW(ec_shipping_category, updated_at, .flags = EC_FIELD_READONLY,
                .doc = "When it last changed."),
    EC_TEXT_ROW(ec_shipping_category, code, .min = 1, .max = 64, .format = "slug",
                .flags = EC_FIELD_REQUIRED | EC_FIELD_UNIQUE | EC_FIELD_IMMUTABLE,
                .doc = "Stable name; variants and methods name it."),
    EC_TEXT_ROW(ec_shipping_category, name, .min = 1, .max = 255, .flags = EC_FIELD_REQUIRED,
                .doc = "Name for people."),
};

const ec_entity ec_shipping_category_entity = {
    .name = "shipping_category",
    .table = "shipping_categories",
    .doc = "A kind of goods as far as shipping goes.",
    .size = sizeof(ec_shipping_category),
    .fields = category_fields,
    .count = sizeof(category_fields) / sizeof(category_fields[0]),
};

static const ec_field category_list_fields[] = {
    EC_LIST_ROWS(ec_shipping_category_list, ec_shipping_category, ec_shipping_category_entity),
};

const ec_entity ec_shipping_category_list_entity = {
    .name = "shipping_category_list",
    .doc = "A page of shipping categories.",
    .size = sizeof(ec_shipping_category_list),
    .fields = category_list_fields,
    .count = sizeof(category_list_fields) / sizeof(category_list_fields[0]),
};

static const ec_field method_fields[] = {
    EC_ID_ROW(ec_shipping_method, id, .doc = "Number of the method."),
    EC_INT_ROW(ec_shipping_method, version, .flags = EC_FIELD_READONLY,
               .doc = "Counts its changes."),
    EC_TIME_ROW(ec_shipping_method, created_at, .flags = EC_FIELD_READONLY,
                .doc = "When it was added."),
    EC_TIME_ROW(ec_shipping_method, updated_at, .flags = EC_FIELD_READONLY,
                .doc = "When it last changed."),
    EC_REF_ROW(ec_shipping_method, zone_id, .doc = "Zone that the address lies in."),
    EC_INT_ROW(ec_shipping_method, position, .max = 1000000000,
               .doc = "Lower ones are offered first; 0 at creation: behind all others."),
    EC_INT_ROW(ec_shipping_method, days_min, .max = 365,
               .doc = "Business days until it arrives, at least."),
    EC_INT_ROW(ec_shipping_method, days_max, .max = 365, .doc = "And at most; 0: unknown."),
    EC_INT_ROW(ec_shipping_method, cutoff_hour, .max = 23,
               .doc = "Orders from this hour on leave a business day later; 0: none."),
    EC_REF_ROW(ec_shipping_method, pickup_warehouse_id, .target = &ec_warehouse_entity,
               .doc = "Where it is picked up."),
    EC_TEXT_ROW(ec_shipping_method, code, .min = 1, .max = 64, .format = "slug",
                .flags = EC_FIELD_REQUIRED | EC_FIELD_UNIQUE, .doc = "Stable name for programs."),
    EC_TEXT_ROW(ec_shipping_method, name, .min = 1, .max = 255, .flags = EC_FIELD_REQUIRED,
                .doc = "Name for people."),
    EC_TEXT_ROW(ec_shipping_method, description, .max = 65535, .doc = "More for people."),
    EC_TEXT_ROW(ec_shipping_method, calculator, .min = 1, .max = 4000, .flags = EC_FIELD_REQUIRED,
                .doc = "What it costs, such as flat(3990 CLP)."),
    EC_TEXT_ROW(ec_shipping_method, conditions, .max = 4000,
                .doc = "When it fits, such as weight <= 30000."),
    EC_TEXT_ROW(ec_shipping_method, tax_category, .max = 64, .doc = "Code; of the fee."),
    EC_TEXT_ROW(ec_shipping_method, shipping_category, .max = 64,
                .doc = "Code; of what category_rule is about."),
    EC_TEXT_ROW(ec_shipping_method, provider, .flags = EC_FIELD_READONLY,
                .doc = "The carrier that is asked; from the calculator."),
    EC_TEXTS_ROW(ec_shipping_method, channels, .max = EC_SHIPPING_CHANNELS_MAX,
                 .flags = EC_FIELD_NOT_STORED,
                 .doc = "Codes of the channels that offer it; none: all of them."),
    EC_ENUM_ROW(ec_shipping_method, category_rule, ec_shipping_match, ec_shipping_match_names,
                .doc = "How many of the units that are sent are of the category."),
    EC_ENUM_ROW(ec_shipping_method, status, ec_shipping_status, ec_shipping_status_names,
                .doc = "May it be chosen?"),
};

static void check_method(const void *object, ec_mask fields, ec_check *check)
{
    const ec_shipping_method *method = object;
    const ec_entity *entity = &ec_shipping_method_entity;
    ec_mask both = ec_field_bit(entity, ec_field_find(entity, "days_min")) |
                   ec_field_bit(entity, ec_field_find(entity, "days_max"));
    if ((fields & both) == both && method->days_max < method->days_min)
        ec_check_add(check, "days_max", "min", "It is not below days_min.");
}

const ec_entity ec_shipping_method_entity = {
    .name = "shipping_method",
    .table = "shipping_methods",
    .doc = "A way to ship.",
    .size = sizeof(ec_shipping_method),
    .fields = method_fields,
    .count = sizeof(method_fields) / sizeof(method_fields[0]),
    .check = check_method,
};

static const ec_field method_list_fields[] = {
    EC_LIST_ROWS(ec_shipping_method_list, ec_shipping_method, ec_shipping_method_entity),
};

const ec_entity ec_shipping_method_list_entity = {
    .name = "shipping_method_list",
    .doc = "A page of ways to ship.",
    .size = sizeof(ec_shipping_method_list),
    .fields = method_list_fields,
    .count = sizeof(method_list_fields) / sizeof(method_list_fields[0]),
};
