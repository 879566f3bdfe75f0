/* SPDX-License-Identifier: MIT */
/*
 * zone.c - the tables of zones and their members. Only rows; what a member may say is checked in
 * lib/tax/zone_match.c.
 */
#include <ecommerce/zone.h>

#include "model/model.h"

const char *const ec_zone_scope_names[] = {"all", "tax", "shipping", NULL};
const char *const ec_zone_kind_names[] = {"country", "region", "city", "postcode", "zone", NULL};

static const ec_field member_fields[] = {
    EC_TEXT_ROW(ec_zone_member, country, .min = 2, .max = 2, .format = "country",
                .doc = "Where the region, city or postcode is."),
    EC_TEXT_ROW(ec_zone_member, value, .min = 1, .max = 255, .flags = EC_FIELD_REQUIRED,
                .doc = "The country, region, city, postcode pattern or code of a zone."),
    EC_ENUM_ROW(ec_zone_member, kind, ec_zone_kind, ec_zone_kind_names,
                .doc = "What the value names."),
};

const ec_entity ec_zone_member_entity = {
    .name = "zone_member",
    .doc = "A place of a zone.",
    .size = sizeof(ec_zone_member),
    .fields = member_fields,
    .count = sizeof(member_fields) / sizeof(member_fields[0]),
};

static const ec_field fields[] = {
    EC_ID_ROW(ec_zone, id, .doc = "Number of the zone."),
    EC_INT_ROW(ec_zone, version, .flags = EC_FIELD_READONLY, .doc = "Counts its changes."),
    EC_TIME_ROW(ec_zone, created_at, .flags = EC_FIELD_READONLY, .doc = "When it was added."),
    EC_TIME_ROW(ec_zone, updated_at, .flags = EC_FIELD_READONLY, .doc = "When it last changed."),
    EC_TEXT_ROW(ec_zone, code, .min = 1, .max = 64, .format = "slug",
                .flags = EC_FIELD_REQUIRED | EC_FIELD_UNIQUE, .doc = "Stable name for programs."),
    EC_TEXT_ROW(ec_zone, name, .min = 1, .max = 255, .flags = EC_FIELD_REQUIRED,
                .doc = "Name for people."),
    EC_LIST_ROW(ec_zone, members, ec_zone_member, ec_zone_member_entity,
                .flags = EC_FIELD_NOT_STORED, .doc = "The places that lie in it."),
    EC_ENUM_ROW(ec_zone, scope, ec_zone_scope, ec_zone_scope_names, .doc = "What it is used for."),
};

const ec_entity ec_zone_entity = {
    .name = "zone",
    .table = "zones",
    .doc = "Places that share taxes or ways to ship.",
    .size = sizeof(ec_zone),
    .fields = fields,
    .count = sizeof(fields) / sizeof(fields[0]),
};

static const ec_field list_fields[] = {
    EC_LIST_ROWS(ec_zone_list, ec_zone, ec_zone_entity),
};

const ec_entity ec_zone_list_entity = {
    .name = "zone_list",
    .doc = "A page of zones.",
    .size = sizeof(ec_zone_list),
    .fields = list_fields,
    .count = sizeof(list_fields) / sizeof(list_fields[0]),
};
