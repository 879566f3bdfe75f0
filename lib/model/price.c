/* SPDX-License-Identifier: MIT */
/*
 * price.c - the tables of prices in price lists. Only rows.
 */
#include <ecommerce/limits.h>
#include <ecommerce/price.h>

#include "model/model.h"

static const ec_field price_fields[] = {
    EC_ID_ROW(ec_price, id, .doc = "Number of the price."),
    EC_REF_ROW(ec_price, price_list_id, .target = &ec_price_list_entity, .flags = EC_FIELD_REQUIRED,
               .doc = "The price list that it is in."),
    EC_REF_ROW(ec_price, variant_id, .target = &ec_variant_entity, .flags = EC_FIELD_REQUIRED,
               .doc = "The variant that it is for."),
    EC_INT_ROW(ec_price, min_quantity, .max = EC_LINE_QUANTITY_MAX,
               .doc = "It holds from so many units on; 0 stands for 1."),
    EC_MONEY_ROW(ec_price, amount, .max = EC_AMOUNT_MAX, .doc = "What it costs."),
    EC_MONEY_ROW(ec_price, compare_amount, .max = EC_AMOUNT_MAX, .flags = EC_FIELD_NULLABLE,
                 .doc = "What it is said to cost without discount."),
    EC_MONEY_ROW(ec_price, minimum_amount, .max = EC_AMOUNT_MAX, .flags = EC_FIELD_NULLABLE,
                 .doc = "No promotion goes below it."),
    EC_TIME_ROW(ec_price, valid_from, .min = 1, .doc = "It holds from then on."),
    EC_TIME_ROW(ec_price, valid_until, .min = 1, .doc = "It holds before then."),
    EC_TEXT_ROW(ec_price, currency, .min = 3, .max = 3, .format = "currency",
                .flags = EC_FIELD_READONLY | EC_FIELD_NOT_STORED | EC_FIELD_CURRENCY,
                .doc = "The price list's currency."),
};

/* The end is behind the begin. */
static void price_check(const void *object, ec_mask fields, ec_check *check)
{
    const ec_price *price = object;
    (void)fields;
    if (price->valid_until != 0 && price->valid_until <= price->valid_from) {
        ec_check_add(check, "valid_until", "order", "It must be after valid_from.");
    }
}

const ec_entity ec_price_entity = {
    .name = "price",
    .table = "prices",
    .doc = "The price of a variant in a price list.",
    .size = sizeof(ec_price),
    .fields = price_fields,
    .count = sizeof(price_fields) / sizeof(price_fields[0]),
    .check = price_check,
};

static const ec_field price_change_fields[] = {
    EC_ID_ROW(ec_price_change, id, .doc = "Number of the change."),
    EC_REF_ROW(ec_price_change, variant_id, .target = &ec_variant_entity,
               .flags = EC_FIELD_READONLY, .doc = "What costs so much."),
    EC_REF_ROW(ec_price_change, price_list_id, .target = &ec_price_list_entity,
               .flags = EC_FIELD_READONLY, .doc = "The price list; null: the catalogue."),
    EC_REF_ROW(ec_price_change, channel_id, .target = &ec_channel_entity,
               .flags = EC_FIELD_READONLY, .doc = "Where a promotion of the catalogue holds."),
    EC_INT_ROW(ec_price_change, min_quantity, .flags = EC_FIELD_READONLY,
               .doc = "It holds from so many units on."),
    EC_MONEY_ROW(ec_price_change, amount, .flags = EC_FIELD_READONLY, .doc = "What it costs."),
    EC_MONEY_ROW(ec_price_change, compare_amount, .flags = EC_FIELD_READONLY | EC_FIELD_NULLABLE,
                 .doc = "What it is said to cost without discount."),
    EC_TIME_ROW(ec_price_change, valid_from, .flags = EC_FIELD_READONLY, .doc = "Since when."),
    EC_TIME_ROW(ec_price_change, created_at, .flags = EC_FIELD_READONLY,
                .doc = "When it was recorded."),
    EC_TEXT_ROW(ec_price_change, currency, .min = 3, .max = 3, .format = "currency",
                .flags = EC_FIELD_READONLY | EC_FIELD_CURRENCY, .doc = "Of the amounts."),
    EC_TEXT_ROW(ec_price_change, cause, .max = 32, .flags = EC_FIELD_READONLY, .doc = "Why."),
    EC_BOOL_ROW(ec_price_change, ended, .flags = EC_FIELD_READONLY,
                .doc = "Is there no such price any more?"),
};

const ec_entity ec_price_change_entity = {
    .name = "price_change",
    .table = "price_history",
    .doc = "What a variant costs from a moment on.",
    .size = sizeof(ec_price_change),
    .fields = price_change_fields,
    .count = sizeof(price_change_fields) / sizeof(price_change_fields[0]),
};

static const ec_field price_change_list_fields[] = {
    EC_LIST_ROWS(ec_price_change_list, ec_price_change, ec_price_change_entity),
};

const ec_entity ec_price_change_list_entity = {
    .name = "price_change_list",
    .doc = "A page of changes of prices.",
    .size = sizeof(ec_price_change_list),
    .fields = price_change_list_fields,
    .count = sizeof(price_change_list_fields) / sizeof(price_change_list_fields[0]),
};

static const ec_field price_prior_fields[] = {
    EC_REF_ROW(ec_price_prior, variant_id, .target = &ec_variant_entity, .flags = EC_FIELD_READONLY,
               .doc = "What costs so much."),
    EC_REF_ROW(ec_price_prior, channel_id, .target = &ec_channel_entity, .flags = EC_FIELD_READONLY,
               .doc = "Where."),
    EC_MONEY_ROW(ec_price_prior, amount, .flags = EC_FIELD_READONLY, .doc = "What one costs."),
    EC_MONEY_ROW(ec_price_prior, compare_amount, .flags = EC_FIELD_READONLY | EC_FIELD_NULLABLE,
                 .doc = "What it is said to cost without discount."),
    EC_MONEY_ROW(ec_price_prior, prior_amount, .flags = EC_FIELD_READONLY | EC_FIELD_NULLABLE,
                 .doc = "The lowest price of the period before."),
    EC_TIME_ROW(ec_price_prior, since, .flags = EC_FIELD_READONLY,
                .doc = "When the present price began."),
    EC_TIME_ROW(ec_price_prior, prior_from, .flags = EC_FIELD_READONLY,
                .doc = "When the period before it began."),
    EC_TEXT_ROW(ec_price_prior, currency, .min = 3, .max = 3, .format = "currency",
                .flags = EC_FIELD_READONLY | EC_FIELD_CURRENCY, .doc = "Of the amounts."),
};

const ec_entity ec_price_prior_entity = {
    .name = "price_prior",
    .doc = "The present price of a variant in a channel, and what it cost before.",
    .size = sizeof(ec_price_prior),
    .fields = price_prior_fields,
    .count = sizeof(price_prior_fields) / sizeof(price_prior_fields[0]),
};

const char *const ec_bulk_base_names[] = {"price", "compare", "cost", "catalog", NULL};
const char *const ec_bulk_ending_names[] = {"nearest", "up", "down", NULL};
const char *const ec_bulk_compare_names[] = {"keep", "old", "none", NULL};

static const ec_field price_bulk_request_fields[] = {
    EC_REF_ROW(ec_price_bulk_request, price_list_id, .target = &ec_price_list_entity,
               .doc = "Whose prices; null: the catalogue's."),
    EC_TEXT_ROW(ec_price_bulk_request, currency, .min = 3, .max = 3, .format = "currency",
                .doc = "Of the catalogue's prices."),
    EC_REF_ROW(ec_price_bulk_request, category_id, .target = &ec_category_entity,
               .doc = "Products of this category or below it."),
    EC_REF_ROW(ec_price_bulk_request, brand_id, .target = &ec_brand_entity,
               .doc = "Products of this brand."),
    EC_REF_ROW(ec_price_bulk_request, collection_id, .target = &ec_collection_entity,
               .doc = "Products of this collection."),
    EC_TEXT_ROW(ec_price_bulk_request, type, .max = 255, .doc = "Products of this type."),
    EC_LIST_ROW(ec_price_bulk_request, variants, ec_id, ec_id_item_entity, .max = EC_PRICE_BULK_MAX,
                .doc = "Only these variants."),
    EC_INT_ROW(ec_price_bulk_request, percent, .min = -1000000, .max = 100000000,
               .doc = "Change in millionths."),
    EC_INT_ROW(ec_price_bulk_request, amount, .min = -EC_AMOUNT_MAX, .max = EC_AMOUNT_MAX,
               .doc = "Change in minor units, after the percentage."),
    EC_TEXT_ROW(ec_price_bulk_request, ending, .max = 12, .doc = "How prices end."),
    EC_ENUM_ROW(ec_price_bulk_request, direction, ec_bulk_ending, ec_bulk_ending_names,
                .doc = "Which price with that ending."),
    EC_ENUM_ROW(ec_price_bulk_request, base, ec_bulk_base, ec_bulk_base_names,
                .doc = "What new prices are computed from."),
    EC_ENUM_ROW(ec_price_bulk_request, compare, ec_bulk_compare, ec_bulk_compare_names,
                .doc = "What becomes of the compare price."),
    EC_BOOL_ROW(ec_price_bulk_request, floor_cost, .doc = "Not below what it costs the shop?"),
    EC_BOOL_ROW(ec_price_bulk_request, floor_minimum, .doc = "Not below the minimum?"),
    EC_BOOL_ROW(ec_price_bulk_request, dry_run, .doc = "Only compute and report?"),
};

const ec_entity ec_price_bulk_request_entity = {
    .name = "price_bulk_request",
    .doc = "An edit of many prices.",
    .size = sizeof(ec_price_bulk_request),
    .fields = price_bulk_request_fields,
    .count = sizeof(price_bulk_request_fields) / sizeof(price_bulk_request_fields[0]),
};

static const ec_field price_bulk_item_fields[] = {
    EC_REF_ROW(ec_price_bulk_item, variant_id, .target = &ec_variant_entity,
               .doc = "Whose price it is."),
    EC_INT_ROW(ec_price_bulk_item, min_quantity, .doc = "It holds from so many units on."),
    EC_MONEY_ROW(ec_price_bulk_item, before, .doc = "What it was."),
    EC_MONEY_ROW(ec_price_bulk_item, after, .doc = "What it is."),
    EC_TEXT_ROW(ec_price_bulk_item, sku, .max = 100, .doc = "The variant's SKU."),
};

const ec_entity ec_price_bulk_item_entity = {
    .name = "price_bulk_item",
    .doc = "One change of a bulk edit.",
    .size = sizeof(ec_price_bulk_item),
    .fields = price_bulk_item_fields,
    .count = sizeof(price_bulk_item_fields) / sizeof(price_bulk_item_fields[0]),
};

static const ec_field price_bulk_report_fields[] = {
    EC_INT_ROW(ec_price_bulk_report, matched, .doc = "Prices that were looked at."),
    EC_INT_ROW(ec_price_bulk_report, changed, .doc = "That are other ones now."),
    EC_INT_ROW(ec_price_bulk_report, created, .doc = "Of them: that the list did not have."),
    EC_INT_ROW(ec_price_bulk_report, unchanged, .doc = "That came out as they were."),
    EC_INT_ROW(ec_price_bulk_report, skipped, .doc = "Without cost, or too large."),
    EC_INT_ROW(ec_price_bulk_report, floored, .doc = "Raised to cost or minimum."),
    EC_TEXT_ROW(ec_price_bulk_report, currency, .min = 3, .max = 3, .format = "currency",
                .flags = EC_FIELD_CURRENCY, .doc = "Of the amounts."),
    EC_LIST_ROW(ec_price_bulk_report, items, ec_price_bulk_item, ec_price_bulk_item_entity,
                .doc = "The first changes."),
    EC_BOOL_ROW(ec_price_bulk_report, dry_run, .doc = "Was nothing written?"),
};

const ec_entity ec_price_bulk_report_entity = {
    .name = "price_bulk_report",
    .doc = "What a bulk edit did, or would do.",
    .size = sizeof(ec_price_bulk_report),
    .fields = price_bulk_report_fields,
    .count = sizeof(price_bulk_report_fields) / sizeof(price_bulk_report_fields[0]),
};

static const ec_field price_page_fields[] = {
    EC_LIST_ROWS(ec_price_page, ec_price, ec_price_entity),
};

const ec_entity ec_price_page_entity = {
    .name = "price_page",
    .doc = "A page of prices.",
    .size = sizeof(ec_price_page),
    .fields = price_page_fields,
    .count = sizeof(price_page_fields) / sizeof(price_page_fields[0]),
};
