/* SPDX-License-Identifier: MIT */
/*
 * address.c - the table of ec_address. Only rows: what an address may hold, not what is done with
 * it.
 */
#include <ecommerce/address.h>

#include "model/model.h"

static const ec_field fields[] = {
    EC_ID_ROW(ec_address, id, .doc = "Number of the address."),
    EC_INT_ROW(ec_address, version, .flags = EC_FIELD_READONLY, .doc = "Counts its changes."),
    EC_TIME_ROW(ec_address, created_at, .flags = EC_FIELD_READONLY, .doc = "When it was added."),
    EC_TIME_ROW(ec_address, updated_at, .flags = EC_FIELD_READONLY, .doc = "When it last changed."),
    EC_REF_ROW(ec_address, user_id, .flags = EC_FIELD_READONLY, .doc = "Whose address it is."),
    EC_TEXT_ROW(ec_address, name, .min = 1, .max = 255, .flags = EC_FIELD_REQUIRED | EC_FIELD_PII,
                .doc = "Recipient."),
    EC_TEXT_ROW(ec_address, company, .max = 255, .flags = EC_FIELD_PII, .doc = "Company."),
    EC_TEXT_ROW(ec_address, street, .min = 1, .max = 255, .flags = EC_FIELD_REQUIRED | EC_FIELD_PII,
                .doc = "Street and number."),
    EC_TEXT_ROW(ec_address, street2, .max = 255, .flags = EC_FIELD_PII, .doc = "Flat or floor."),
    EC_TEXT_ROW(ec_address, city, .min = 1, .max = 255, .flags = EC_FIELD_REQUIRED | EC_FIELD_PII,
                .doc = "City or commune."),
    EC_TEXT_ROW(ec_address, region, .max = 255, .doc = "Region, province or state."),
    EC_TEXT_ROW(ec_address, postal_code, .max = 32, .flags = EC_FIELD_PII, .doc = "Postcode."),
    EC_TEXT_ROW(ec_address, country, .min = 2, .max = 2, .flags = EC_FIELD_REQUIRED,
                .format = "country", .doc = "ISO 3166-1 code of two letters."),
    EC_TEXT_ROW(ec_address, phone, .max = 32, .flags = EC_FIELD_PII, .doc = "Telephone."),
    EC_BOOL_ROW(ec_address, is_default, .doc = "Is it the one that checkout proposes?"),
};

const ec_entity ec_address_entity = {
    .name = "address",
    .table = "addresses",
    .doc = "A postal address.",
    .size = sizeof(ec_address),
    .fields = fields,
    .count = sizeof(fields) / sizeof(fields[0]),
};
