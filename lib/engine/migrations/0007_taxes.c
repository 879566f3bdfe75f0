/* SPDX-License-Identifier: MIT */
/*
 * 0007_taxes.c - kinds of goods for taxes, the rates of zones, buyers who pay none, and what
 * services outside of the shop answered.
 *
 * Rates are millionths: 190000 is 19 %.
 */
#include "engine/migrations/migrations.h"

static const char *const up[] = {
    "CREATE TABLE tax_categories ("
    " id {id},"
    " code {text:64} NOT NULL UNIQUE,"
    " name {text:255} NOT NULL,"
    " is_default {bool} NOT NULL CHECK (is_default IN (0, 1)),"
    " version {int} NOT NULL CHECK (version > 0),"
    " created_at {int} NOT NULL,"
    " updated_at {int} NOT NULL){tail}",

    "CREATE TABLE tax_rates ("
    " id {id},"
    " zone_id {int} NOT NULL REFERENCES zones(id),"
    " category_id {int} NOT NULL REFERENCES tax_categories(id),"
    " name {text:255} NOT NULL,"
    " rate {int} NOT NULL CHECK (rate BETWEEN 0 AND 10000000),"
    " priority {int} NOT NULL CHECK (priority >= 0),"
    " valid_from {int} CHECK (valid_from > 0),"
    " valid_until {int} CHECK (valid_until > 0),"
    " calculator {text:16} NOT NULL CHECK (calculator = 'each' OR calculator = 'sum'),"
    " included {bool} NOT NULL CHECK (included IN (0, 1)),"
    " compound {bool} NOT NULL CHECK (compound IN (0, 1)),"
    " is_active {bool} NOT NULL CHECK (is_active IN (0, 1)),"
    " version {int} NOT NULL CHECK (version > 0),"
    " created_at {int} NOT NULL,"
    " updated_at {int} NOT NULL){tail}",
    "CREATE INDEX tax_rates_zone ON tax_rates(zone_id, category_id, id)",
    "CREATE INDEX tax_rates_category ON tax_rates(category_id, id)",

    "CREATE TABLE tax_exemptions ("
    " id {id},"
    " user_id {int} REFERENCES users(id) ON DELETE CASCADE,"
    " group_id {int} REFERENCES customer_groups(id),"
    " zone_id {int} REFERENCES zones(id)," /* NULL: everywhere */
    " kind {text:16} NOT NULL CHECK (kind = 'exempt' OR kind = 'reverse_charge'),"
    " certificate {text:255},"
    " valid_from {int} CHECK (valid_from > 0),"
    " valid_until {int} CHECK (valid_until > 0),"
    " version {int} NOT NULL CHECK (version > 0),"
    " created_at {int} NOT NULL,"
    " updated_at {int} NOT NULL,"
    " CHECK ((user_id IS NULL) <> (group_id IS NULL))){tail}",
    "CREATE INDEX tax_exemptions_user ON tax_exemptions(user_id, id)",
    "CREATE INDEX tax_exemptions_group ON tax_exemptions(group_id, id)",
    "CREATE INDEX tax_exemptions_zone ON tax_exemptions(zone_id, id)",

    "CREATE TABLE tax_numbers ("
    " id {id},"
    " user_id {int} NOT NULL REFERENCES users(id) ON DELETE CASCADE,"
    " country {text:2} NOT NULL,"
    " number {text:32} NOT NULL,"
    " company {text:255},"
    " checked_at {int} CHECK (checked_at > 0),"
    " is_valid {bool} NOT NULL CHECK (is_valid IN (0, 1)),"
    " version {int} NOT NULL CHECK (version > 0),"
    " created_at {int} NOT NULL,"
    " updated_at {int} NOT NULL,"
    " UNIQUE (user_id, country)){tail}",

    "CREATE TABLE outside_quotes ("
    " id {id},"
    " cart_id {int} NOT NULL REFERENCES carts(id) ON DELETE CASCADE,"
    " kind {text:16} NOT NULL CHECK (kind = 'tax' OR kind = 'shipping'),"
    " provider {text:64} NOT NULL,"
    " fingerprint {text:64} NOT NULL," /* of what was asked */
    " data {longtext} NOT NULL,"       /* JSON of the answer */
    " created_at {int} NOT NULL,"
    " expires_at {int} NOT NULL,"
    " UNIQUE (cart_id, kind, provider)){tail}",
    "CREATE INDEX outside_quotes_expiry ON outside_quotes(expires_at, id)",
    NULL,
};

static const char *const down[] = {
    "DROP TABLE outside_quotes", "DROP TABLE tax_numbers",    "DROP TABLE tax_exemptions",
    "DROP TABLE tax_rates",      "DROP TABLE tax_categories", NULL,
};

const ec_migration ec_migration_0007_taxes = {7, "taxes", up, down};
