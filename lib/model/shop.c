/* SPDX-License-Identifier: MIT */
/*
 * shop.c - the tables of what belongs to the shop itself: events, settings, migrations. Only rows.
 */
#include <ecommerce/event.h>
#include <ecommerce/migrate.h>
#include <ecommerce/setting.h>

#include "model/model.h"

const char *const ec_actor_names[] = {"system", "guest", "customer", "staff", NULL};

static const char *const migration_state_names[] = {"pending", "applied", "changed", "unknown",
                                                    NULL};

static const ec_field event_fields[] = {
    EC_ID_ROW(ec_event, id, .doc = "Number of the event; later ones are greater."),
    EC_INT_ROW(ec_event, aggregate_id, .flags = EC_FIELD_READONLY,
               .doc = "To which object of the kind it happened."),
    EC_REF_ROW(ec_event, user_id, .target = &ec_user_entity, .flags = EC_FIELD_READONLY,
               .doc = "Who did it."),
    EC_TIME_ROW(ec_event, created_at, .flags = EC_FIELD_READONLY, .doc = "When it happened."),
    EC_TEXT_ROW(ec_event, aggregate, .max = 32, .flags = EC_FIELD_READONLY,
                .doc = "Kind of object that it happened to."),
    EC_TEXT_ROW(ec_event, type, .max = 64, .flags = EC_FIELD_READONLY,
                .doc = "What happened, such as order.placed."),
    EC_TEXT_ROW(ec_event, request, .max = 64, .flags = EC_FIELD_READONLY,
                .doc = "The request in which it happened."),
    EC_JSON_ROW(ec_event, data, .flags = EC_FIELD_READONLY, .doc = "More about it."),
    EC_ENUM_ROW(ec_event, actor, ec_actor, ec_actor_names, .flags = EC_FIELD_READONLY,
                .doc = "What kind of actor did it."),
};

const ec_entity ec_event_entity = {
    .name = "event",
    .table = "events",
    .doc = "Something that happened in the shop; never changed.",
    .size = sizeof(ec_event),
    .fields = event_fields,
    .count = sizeof(event_fields) / sizeof(event_fields[0]),
};

static const ec_field event_list_fields[] = {
    EC_LIST_ROWS(ec_event_list, ec_event, ec_event_entity),
};

const ec_entity ec_event_list_entity = {
    .name = "event_list",
    .doc = "A page of events.",
    .size = sizeof(ec_event_list),
    .fields = event_list_fields,
    .count = sizeof(event_list_fields) / sizeof(event_list_fields[0]),
};

static const ec_field setting_fields[] = {
    EC_TIME_ROW(ec_setting, updated_at, .flags = EC_FIELD_READONLY,
                .doc = "When it was set; null for a default."),
    EC_TEXT_ROW(ec_setting, name, .min = 1, .max = 64, .flags = EC_FIELD_REQUIRED | EC_FIELD_UNIQUE,
                .doc = "Its name, such as cart.ttl_ms."),
    EC_TEXT_ROW(ec_setting, value, .max = 65536, .flags = EC_FIELD_REQUIRED, .doc = "Its value."),
};

const ec_entity ec_setting_entity = {
    .name = "setting",
    .table = "settings",
    .doc = "A named value of the shop.",
    .size = sizeof(ec_setting),
    .fields = setting_fields,
    .count = sizeof(setting_fields) / sizeof(setting_fields[0]),
};

static const ec_field setting_list_fields[] = {
    EC_LIST_ROWS(ec_setting_list, ec_setting, ec_setting_entity),
};

const ec_entity ec_setting_list_entity = {
    .name = "setting_list",
    .doc = "All settings of a shop.",
    .size = sizeof(ec_setting_list),
    .fields = setting_list_fields,
    .count = sizeof(setting_list_fields) / sizeof(setting_list_fields[0]),
};

static const ec_field migration_fields[] = {
    EC_INT_ROW(ec_migration_status, version, .flags = EC_FIELD_READONLY,
               .doc = "Its number, from 1."),
    EC_TIME_ROW(ec_migration_status, applied_at, .flags = EC_FIELD_READONLY,
                .doc = "When it was made; null: not yet."),
    EC_TEXT_ROW(ec_migration_status, name, .max = 64, .flags = EC_FIELD_READONLY,
                .doc = "Its name."),
    EC_ENUM_ROW(ec_migration_status, state, ec_migration_state, migration_state_names,
                .flags = EC_FIELD_READONLY, .doc = "How it stands."),
};

const ec_entity ec_migration_status_entity = {
    .name = "migration_status",
    .doc = "A numbered change of the schema and how it stands.",
    .size = sizeof(ec_migration_status),
    .fields = migration_fields,
    .count = sizeof(migration_fields) / sizeof(migration_fields[0]),
};

static const ec_field migration_list_fields[] = {
    EC_LIST_ROWS(ec_migration_status_list, ec_migration_status, ec_migration_status_entity),
};

const ec_entity ec_migration_status_list_entity = {
    .name = "migration_status_list",
    .doc = "All changes of the schema.",
    .size = sizeof(ec_migration_status_list),
    .fields = migration_list_fields,
    .count = sizeof(migration_list_fields) / sizeof(migration_list_fields[0]),
};
