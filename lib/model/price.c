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
