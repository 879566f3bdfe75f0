/* SPDX-License-Identifier: MIT */
/*
 * 0001_shop.c - what a shop is before it has goods: settings, channels, people, events, jobs.
 *
 * Amounts are minor units, times are milliseconds since 1970 UTC, enums are their names.
 */
#include "engine/migrations/migrations.h"

static const char *const up[] = {
    "CREATE TABLE settings ("
    " name {text:64} NOT NULL PRIMARY KEY,"
    " value {longtext} NOT NULL,"
    " updated_at {int} NOT NULL){tail}",

    "CREATE TABLE number_series ("
    " name {text:32} NOT NULL PRIMARY KEY,"
    " prefix {text:16} NOT NULL,"
    " next_number {int} NOT NULL CHECK (next_number > 0)){tail}",

    "CREATE TABLE rule_versions ("
    " id {int} NOT NULL PRIMARY KEY CHECK (id = 1),"
    " version {int} NOT NULL CHECK (version > 0)){tail}",
    "INSERT INTO rule_versions (id, version) VALUES (1, 1)",

    "CREATE TABLE customer_groups ("
    " id {id},"
    " code {text:64} NOT NULL UNIQUE,"
    " name {text:255} NOT NULL,"
    " version {int} NOT NULL CHECK (version > 0),"
    " created_at {int} NOT NULL,"
    " updated_at {int} NOT NULL){tail}",

    "CREATE TABLE price_lists ("
    " id {id},"
    " code {text:64} NOT NULL UNIQUE,"
    " name {text:255} NOT NULL,"
    " currency {text:3} NOT NULL,"
    " status {text:16} NOT NULL CHECK (status = 'draft' OR status = 'active'"
    "  OR status = 'archived'),"
    " priority {int} NOT NULL,"
    " group_id {int} REFERENCES customer_groups(id)," /* NULL: for everybody */
    " valid_from {int} CHECK (valid_from > 0),"
    " valid_until {int} CHECK (valid_until > 0),"
    " active_from {int} CHECK (active_from > 0),"   /* when it last became active */
    " active_until {int} CHECK (active_until > 0)," /* when it ceased to be */
    " version {int} NOT NULL CHECK (version > 0),"
    " created_at {int} NOT NULL,"
    " updated_at {int} NOT NULL){tail}",
    "CREATE INDEX price_lists_group ON price_lists(group_id)",

    "CREATE TABLE zones ("
    " id {id},"
    " code {text:64} NOT NULL UNIQUE,"
    " name {text:255} NOT NULL,"
    " scope {text:16} NOT NULL"
    "  CHECK (scope = 'all' OR scope = 'tax' OR scope = 'shipping'),"
    " version {int} NOT NULL CHECK (version > 0),"
    " created_at {int} NOT NULL,"
    " updated_at {int} NOT NULL){tail}",

    "CREATE TABLE zone_members ("
    " id {id},"
    " zone_id {int} NOT NULL REFERENCES zones(id) ON DELETE CASCADE,"
    " position {int} NOT NULL CHECK (position > 0),"
    " kind {text:16} NOT NULL CHECK (kind = 'country' OR kind = 'region' OR kind = 'city'"
    "  OR kind = 'postcode' OR kind = 'zone'),"
    " country {text:2},"
    " value {text:255},"
    " inner_id {int} REFERENCES zones(id)," /* instead of the value: the zone in the zone */
    " UNIQUE (zone_id, position),"
    " CHECK ((kind = 'zone') = (inner_id IS NOT NULL)),"
    " CHECK ((value IS NULL) = (inner_id IS NOT NULL)),"
    " CHECK (inner_id IS NULL OR inner_id <> zone_id)){tail}",
    "CREATE INDEX zone_members_inner ON zone_members(inner_id)",

    "CREATE TABLE channels ("
    " id {id},"
    " code {text:64} NOT NULL UNIQUE,"
    " name {text:255} NOT NULL,"
    " currency {text:3} NOT NULL,"
    " locale {text:16} NOT NULL,"
    " country {text:2},"
    " tax_provider {text:64},"
    " policy {longtext}," /* JSON, see the entity policy */
    " price_list_id {int} REFERENCES price_lists(id),"
    " tax_zone_id {int} REFERENCES zones(id),"
    " stock_strategy {text:16} NOT NULL"
    "  CHECK (stock_strategy = 'priority' OR stock_strategy = 'most_stock'"
    "  OR stock_strategy = 'fewest_parcels'),"
    " merge_policy {text:16} NOT NULL"
    "  CHECK (merge_policy = 'add' OR merge_policy = 'keep_highest'"
    "  OR merge_policy = 'use_guest' OR merge_policy = 'use_customer'),"
    " is_default {bool} NOT NULL CHECK (is_default IN (0, 1)),"
    " is_active {bool} NOT NULL CHECK (is_active IN (0, 1)),"
    " version {int} NOT NULL CHECK (version > 0),"
    " created_at {int} NOT NULL,"
    " updated_at {int} NOT NULL){tail}",
    "CREATE INDEX channels_price_list ON channels(price_list_id)",
    "CREATE INDEX channels_tax_zone ON channels(tax_zone_id)",

    "CREATE TABLE price_list_channels ("
    " id {id},"
    " price_list_id {int} NOT NULL REFERENCES price_lists(id) ON DELETE CASCADE,"
    " channel_id {int} NOT NULL REFERENCES channels(id) ON DELETE CASCADE,"
    " UNIQUE (price_list_id, channel_id)){tail}",
    "CREATE INDEX price_list_channels_channel ON price_list_channels(channel_id)",

    "CREATE TABLE users ("
    " id {id},"
    " email {text:254} NOT NULL UNIQUE,"
    " password_hash {text:255},"
    " name {text:255} NOT NULL,"
    " phone {text:32},"
    " role {text:16} NOT NULL CHECK (role = 'customer' OR role = 'manager' OR role = 'admin'"
    "  OR role = 'super_admin'),"
    " email_verified {bool} NOT NULL CHECK (email_verified IN (0, 1)),"
    " is_active {bool} NOT NULL CHECK (is_active IN (0, 1)),"
    " version {int} NOT NULL CHECK (version > 0),"
    " created_at {int} NOT NULL,"
    " updated_at {int} NOT NULL){tail}",
    "CREATE INDEX users_role ON users(role, id)",
    "CREATE INDEX users_created ON users(created_at, id)",

    "CREATE TABLE customer_group_users ("
    " id {id},"
    " group_id {int} NOT NULL REFERENCES customer_groups(id) ON DELETE CASCADE,"
    " user_id {int} NOT NULL REFERENCES users(id) ON DELETE CASCADE,"
    " created_at {int} NOT NULL,"
    " UNIQUE (group_id, user_id)){tail}",
    "CREATE INDEX customer_group_users_user ON customer_group_users(user_id, group_id)",

    "CREATE TABLE addresses ("
    " id {id},"
    " user_id {int} NOT NULL REFERENCES users(id) ON DELETE CASCADE,"
    " name {text:255} NOT NULL,"
    " company {text:255},"
    " street {text:255} NOT NULL,"
    " street2 {text:255},"
    " city {text:255} NOT NULL,"
    " region {text:255},"
    " postal_code {text:32},"
    " country {text:2} NOT NULL,"
    " phone {text:32},"
    " is_default {bool} NOT NULL CHECK (is_default IN (0, 1)),"
    " version {int} NOT NULL CHECK (version > 0),"
    " created_at {int} NOT NULL,"
    " updated_at {int} NOT NULL){tail}",
    "CREATE INDEX addresses_user ON addresses(user_id, id)",

    "CREATE TABLE events ("
    " id {id},"
    " aggregate {text:32} NOT NULL,"
    " aggregate_id {int} NOT NULL,"
    " type {text:64} NOT NULL,"
    " actor {text:16} NOT NULL CHECK (actor = 'system' OR actor = 'guest'"
    "  OR actor = 'customer' OR actor = 'staff'),"
    " user_id {int},"
    " request {text:64},"
    " data {longtext},"
    " created_at {int} NOT NULL){tail}",
    "CREATE INDEX events_aggregate ON events(aggregate, aggregate_id, id)",
    "CREATE INDEX events_type ON events(type, id)",

    "CREATE TABLE event_consumers ("
    " name {text:64} NOT NULL PRIMARY KEY,"
    " position {int} NOT NULL CHECK (position >= 0),"
    " updated_at {int} NOT NULL){tail}",

    "CREATE TABLE idempotency_keys ("
    " id {id},"
    " scope {text:64} NOT NULL,"
    " idempotency_key {text:255} NOT NULL,"
    " operation {text:64} NOT NULL,"
    " fingerprint {text:64} NOT NULL,"
    " outcome {longtext},"
    " created_at {int} NOT NULL,"
    " UNIQUE (scope, idempotency_key)){tail}",
    "CREATE INDEX idempotency_keys_created ON idempotency_keys(created_at)",

    "CREATE TABLE jobs ("
    " id {id},"
    " kind {text:64} NOT NULL,"
    " data {longtext},"
    " status {text:16} NOT NULL CHECK (status = 'waiting' OR status = 'running'"
    "  OR status = 'done' OR status = 'failed'),"
    " attempts {int} NOT NULL CHECK (attempts >= 0),"
    " run_at {int} NOT NULL,"
    " problem {longtext},"
    " created_at {int} NOT NULL,"
    " updated_at {int} NOT NULL){tail}",
    "CREATE INDEX jobs_due ON jobs(status, run_at, id)",

    "CREATE TABLE imports ("
    " id {id},"
    " kind {text:32} NOT NULL,"
    " source {text:255} NOT NULL,"
    " checksum {text:64} NOT NULL,"
    " status {text:16} NOT NULL CHECK (status = 'running' OR status = 'done' OR status = 'failed'),"
    " byte_offset {int} NOT NULL CHECK (byte_offset >= 0),"
    " line {int} NOT NULL CHECK (line >= 0),"
    " progress {longtext},"
    " version {int} NOT NULL CHECK (version > 0),"
    " created_at {int} NOT NULL,"
    " updated_at {int} NOT NULL){tail}",
    "CREATE INDEX imports_checksum ON imports(checksum, kind)",

    "CREATE TABLE audit_log ("
    " id {id},"
    " actor {text:16} NOT NULL CHECK (actor = 'system' OR actor = 'guest'"
    "  OR actor = 'customer' OR actor = 'staff'),"
    " user_id {int},"
    " action {text:64} NOT NULL,"
    " object {text:32} NOT NULL,"
    " object_id {int} NOT NULL,"
    " request {text:64},"
    " data {longtext},"
    " created_at {int} NOT NULL){tail}",
    "CREATE INDEX audit_log_object ON audit_log(object, object_id, id)",
    NULL,
};

static const char *const down[] = {
    "DROP TABLE audit_log",
    "DROP TABLE imports",
    "DROP TABLE jobs",
    "DROP TABLE idempotency_keys",
    "DROP TABLE event_consumers",
    "DROP TABLE events",
    "DROP TABLE addresses",
    "DROP TABLE customer_group_users",
    "DROP TABLE users",
    "DROP TABLE price_list_channels",
    "DROP TABLE channels",
    "DROP TABLE zone_members",
    "DROP TABLE zones",
    "DROP TABLE price_lists",
    "DROP TABLE rule_versions",
    "DROP TABLE customer_groups",
    "DROP TABLE number_series",
    "DROP TABLE settings",
    NULL,
};

const ec_migration ec_migration_0001_shop = {1, "shop", up, down};
