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
