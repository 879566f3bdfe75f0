/* SPDX-License-Identifier: MIT */
/*
 * tax.c - the tables of tax categories, rates, exemptions and tax numbers. Only rows, and the rules
 * between them.
 */
#include <ecommerce/tax.h>

#include "model/model.h"

const char *const ec_tax_calculator_names[] = {"each", "sum", NULL};
const char *const ec_tax_exemption_kind_names[] = {"exempt", "reverse_charge", NULL};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* ---- categories ---- */

static const ec_field category_fields[] = {
    EC_ID_ROW(ec_tax_category, id, .doc = "Number of the category."),
    EC_INT_ROW(ec_tax_category, version, .flags = EC_FIELD_READONLY, .doc = "Counts its changes."),
    EC_TIME_ROW(ec_tax_category, created_at, .flags = EC_FIELD_READONLY,
                .doc = "When it was added."),
    EC_TIME_ROW(ec_tax_category, updated_at, .flags = EC_FIELD_READONLY,
                .doc = "When it last changed."),
    EC_TEXT_ROW(ec_tax_category, code, .min = 1, .max = 64, .format = "slug",
                .flags = EC_FIELD_REQUIRED | EC_FIELD_UNIQUE | EC_FIELD_IMMUTABLE,
                .doc = "Stable name for programs, by which goods name it."),
    EC_TEXT_ROW(ec_tax_category, name, .min = 1, .max = 255, .flags = EC_FIELD_REQUIRED,
                .doc = "Name for people."),
    EC_BOOL_ROW(ec_tax_category, is_default, .doc = "Is it that of goods which name none?"),
};

const ec_entity ec_tax_category_entity = {
    .name = "tax_category",
    .table = "tax_categories",
    .doc = "A kind of goods that is taxed alike.",
    .size = sizeof(ec_tax_category),
    .fields = category_fields,
    .count = COUNT(category_fields),
};

static const ec_field category_list_fields[] = {
    EC_LIST_ROWS(ec_tax_category_list, ec_tax_category, ec_tax_category_entity),
};

const ec_entity ec_tax_category_list_entity = {
    .name = "tax_category_list",
    .doc = "A page of tax categories.",
    .size = sizeof(ec_tax_category_list),
    .fields = category_list_fields,
    .count = COUNT(category_list_fields),
};

/* ---- rates ---- */

static const ec_field rate_fields[] = {
    EC_ID_ROW(ec_tax_rate, id, .doc = "Number of the rate."),
    EC_INT_ROW(ec_tax_rate, version, .flags = EC_FIELD_READONLY, .doc = "Counts its changes."),
    EC_TIME_ROW(ec_tax_rate, created_at, .flags = EC_FIELD_READONLY, .doc = "When it was added."),
    EC_TIME_ROW(ec_tax_rate, updated_at, .flags = EC_FIELD_READONLY,
                .doc = "When it last changed."),
    EC_TIME_ROW(ec_tax_rate, valid_from, .min = 1, .doc = "It holds from then on."),
    EC_TIME_ROW(ec_tax_rate, valid_until, .min = 1, .doc = "It holds before then."),
    EC_REF_ROW(ec_tax_rate, zone_id, .target = &ec_zone_entity,
               .flags = EC_FIELD_REQUIRED | EC_FIELD_IMMUTABLE, .doc = "Where it holds."),
    EC_REF_ROW(ec_tax_rate, category_id, .target = &ec_tax_category_entity,
               .flags = EC_FIELD_REQUIRED | EC_FIELD_IMMUTABLE, .doc = "For which goods."),
    EC_DECIMAL_ROW(ec_tax_rate, rate, .scale = 4, .min = 0, .max = 10000000, .doc = "Per cent."),
    EC_INT_ROW(ec_tax_rate, priority, .min = 0, .max = 1000000,
               .doc = "Its level: a compound rate works on the taxes of lower ones, too."),
    EC_TEXT_ROW(ec_tax_rate, name, .min = 1, .max = 255, .flags = EC_FIELD_REQUIRED,
                .doc = "Name for people and invoices."),
    EC_ENUM_ROW(ec_tax_rate, calculator, ec_tax_calculator, ec_tax_calculator_names,
                .doc = "Is it rounded where the policy says, or one level later?"),
    EC_BOOL_ROW(ec_tax_rate, included, .doc = "Do prices contain it?"),
    EC_BOOL_ROW(ec_tax_rate, compound, .doc = "Does it work on the taxes of lower priority, too?"),
    EC_BOOL_ROW(ec_tax_rate, is_active, .flags = EC_FIELD_DEFAULT_TRUE, .doc = "Is it charged?"),
};

static void check_period(ec_time from, ec_time until, ec_check *check)
{
    if (from != 0 && until != 0 && until <= from)
        ec_check_add(check, "valid_until", "order", "It must be after valid_from.");
}

static void rate_check(const void *object, ec_mask fields, ec_check *check)
{
    const ec_tax_rate *rate = object;
    (void)fields;
    check_period(rate->valid_from, rate->valid_until, check);
}

const ec_entity ec_tax_rate_entity = {
    .name = "tax_rate",
    .table = "tax_rates",
    .doc = "What is charged in a zone for a kind of goods.",
    .size = sizeof(ec_tax_rate),
    .fields = rate_fields,
    .count = COUNT(rate_fields),
    .check = rate_check,
};

static const ec_field rate_list_fields[] = {
    EC_LIST_ROWS(ec_tax_rate_list, ec_tax_rate, ec_tax_rate_entity),
};

const ec_entity ec_tax_rate_list_entity = {
    .name = "tax_rate_list",
    .doc = "A page of tax rates.",
    .size = sizeof(ec_tax_rate_list),
    .fields = rate_list_fields,
    .count = COUNT(rate_list_fields),
};

/* ---- exemptions ---- */

static const ec_field exemption_fields[] = {
    EC_ID_ROW(ec_tax_exemption, id, .doc = "Number of the exemption."),
    EC_INT_ROW(ec_tax_exemption, version, .flags = EC_FIELD_READONLY, .doc = "Counts its changes."),
    EC_TIME_ROW(ec_tax_exemption, created_at, .flags = EC_FIELD_READONLY,
                .doc = "When it was added."),
    EC_TIME_ROW(ec_tax_exemption, updated_at, .flags = EC_FIELD_READONLY,
                .doc = "When it last changed."),
    EC_TIME_ROW(ec_tax_exemption, valid_from, .min = 1, .doc = "It holds from then on."),
    EC_TIME_ROW(ec_tax_exemption, valid_until, .min = 1, .doc = "It holds before then."),
    EC_REF_ROW(ec_tax_exemption, user_id, .target = &ec_user_entity, .flags = EC_FIELD_IMMUTABLE,
               .doc = "Whose it is; or a group's."),
    EC_REF_ROW(ec_tax_exemption, group_id, .target = &ec_group_entity, .flags = EC_FIELD_IMMUTABLE,
               .doc = "The group of customers whose it is; or a user's."),
    EC_REF_ROW(ec_tax_exemption, zone_id, .target = &ec_zone_entity,
               .doc = "Where it holds; null: everywhere."),
    EC_TEXT_ROW(ec_tax_exemption, certificate, .min = 1, .max = 255,
                .doc = "Number of the certificate."),
    EC_ENUM_ROW(ec_tax_exemption, kind, ec_tax_exemption_kind, ec_tax_exemption_kind_names,
                .doc = "Is no tax due, or does the buyer account for it?"),
};

static void exemption_check(const void *object, ec_mask fields, ec_check *check)
{
    const ec_tax_exemption *exemption = object;
    check_period(exemption->valid_from, exemption->valid_until, check);
    if ((fields & ec_mask_of("tax_exemption", "user_id")) == 0) return;
    if (exemption->user_id == 0 && exemption->group_id == 0)
        ec_check_add(check, "user_id", "required", "It is a user's or a group's.");
    if (exemption->user_id != 0 && exemption->group_id != 0)
        ec_check_add(check, "user_id", "conflict", "It is a user's or a group's, not both.");
}

const ec_entity ec_tax_exemption_entity = {
    .name = "tax_exemption",
    .table = "tax_exemptions",
    .doc = "Who pays no tax, where and when.",
    .size = sizeof(ec_tax_exemption),
    .fields = exemption_fields,
    .count = COUNT(exemption_fields),
    .check = exemption_check,
};

static const ec_field exemption_list_fields[] = {
    EC_LIST_ROWS(ec_tax_exemption_list, ec_tax_exemption, ec_tax_exemption_entity),
};

const ec_entity ec_tax_exemption_list_entity = {
    .name = "tax_exemption_list",
    .doc = "A page of exemptions.",
    .size = sizeof(ec_tax_exemption_list),
    .fields = exemption_list_fields,
    .count = COUNT(exemption_list_fields),
};

/* ---- tax numbers ---- */

static const ec_field number_fields[] = {
    EC_ID_ROW(ec_tax_number, id, .doc = "Number of the row."),
    EC_INT_ROW(ec_tax_number, version, .flags = EC_FIELD_READONLY, .doc = "Counts its changes."),
    EC_TIME_ROW(ec_tax_number, created_at, .flags = EC_FIELD_READONLY, .doc = "When it was added."),
    EC_TIME_ROW(ec_tax_number, updated_at, .flags = EC_FIELD_READONLY,
                .doc = "When it last changed."),
    EC_TIME_ROW(ec_tax_number, checked_at, .min = 1, .doc = "When the authority was asked."),
    EC_REF_ROW(ec_tax_number, user_id, .target = &ec_user_entity, .flags = EC_FIELD_REQUIRED,
               .doc = "The customer."),
    EC_TEXT_ROW(ec_tax_number, country, .min = 2, .max = 2, .format = "country",
                .flags = EC_FIELD_REQUIRED, .doc = "That gave it."),
    EC_TEXT_ROW(ec_tax_number, number, .min = 1, .max = 32, .flags = EC_FIELD_REQUIRED,
                .doc = "Letters and digits; blanks, points and hyphens are dropped."),
    EC_TEXT_ROW(ec_tax_number, company, .min = 1, .max = 255,
                .doc = "The company, as the authority has it."),
    EC_BOOL_ROW(ec_tax_number, is_valid, .doc = "Does the authority know it?"),
};

const ec_entity ec_tax_number_entity = {
    .name = "tax_number",
    .table = "tax_numbers",
    .doc = "A tax number of a company.",
    .size = sizeof(ec_tax_number),
    .fields = number_fields,
    .count = COUNT(number_fields),
};

static const ec_field number_list_fields[] = {
    EC_LIST_ROWS(ec_tax_number_list, ec_tax_number, ec_tax_number_entity),
};

const ec_entity ec_tax_number_list_entity = {
    .name = "tax_number_list",
    .doc = "The tax numbers of a customer.",
    .size = sizeof(ec_tax_number_list),
    .fields = number_list_fields,
    .count = COUNT(number_list_fields),
};

/* ---- tables and presets ---- */

static const ec_field import_fields[] = {
    EC_INT_ROW(ec_tax_import, zones, .doc = "Zones that were made."),
    EC_INT_ROW(ec_tax_import, categories, .doc = "Categories that were made."),
    EC_INT_ROW(ec_tax_import, rates, .doc = "Rates that were made."),
    EC_INT_ROW(ec_tax_import, changed, .doc = "Rates that were changed."),
    EC_INT_ROW(ec_tax_import, unchanged, .doc = "Rates that were so already."),
};

const ec_entity ec_tax_import_entity = {
    .name = "tax_import",
    .doc = "What a preset or a table of rates changed.",
    .size = sizeof(ec_tax_import),
    .fields = import_fields,
    .count = COUNT(import_fields),
};
