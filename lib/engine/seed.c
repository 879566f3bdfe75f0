/* SPDX-License-Identifier: MIT */
/*
 * seed.c - what a new shop begins with: its name and currency, one channel, one warehouse, numbers
 * for orders.
 *
 * All of it in one transaction that first looks whether another process was faster; the setting
 * shop.id tells a shop from an empty schema. It refuses to touch a shop that exists.
 */
#include <string.h>

#include "base/hash.h"
#include "engine/setting.h"
#include "engine/sql.h"
#include "engine/state.h"
#include "model/model.h"
#include "price/rules.h"

#define EC_FIRST_ORDER_NUMBER 1001

static ec_status seed_settings(ec_session *session, const char *currency)
{
    char id[EC_TOKEN_TEXT];
    ec_token_make(&session->engine->platform, id);
    ec_status status = ec_setting_store(session, "shop.id", id);
    return status == EC_OK ? ec_setting_store(session, "shop.currency", currency) : status;
}

static ec_status seed_channel(ec_session *session, const char *currency, ec_id *id)
{
    bool chile = strcmp(currency, "CLP") == 0;
    ec_channel channel = {
        .code = "default",
        .name = "Default",
        .currency = currency,
        .locale = chile ? "es-CL" : "en",
        .country = chile ? "CL" : NULL,
        .stock_strategy = EC_STOCK_PRIORITY,
        .merge_policy = EC_MERGE_ADD,
        .is_default = true,
        .is_active = true,
    };
    ec_status status = ec_entity_insert(session, &ec_channel_entity, &channel);
    *id = channel.id;
    return status;
}

static ec_status seed_warehouse(ec_session *session, ec_id channel)
{
    ec_id warehouse = 0;
    ec_time now = ec_now(session);
    ec_status status = ec_insert_row(session,
                                     "INSERT INTO warehouses (code, name, address, priority,"
                                     " is_active, version, created_at, updated_at)"
                                     " VALUES ('main', 'Main', NULL, 0, 1, 1, ?, ?)",
                                     ec_args(ec_int(now), ec_int(now)), &warehouse);
    if (status != EC_OK) {
        return status;
    }
    return ec_exec(session,
                   "INSERT INTO channel_warehouses (channel_id, warehouse_id, priority)"
                   " VALUES (?, ?, 0)",
                   ec_args(ec_int(channel), ec_int(warehouse)), NULL);
}

static ec_status shop_exists(ec_session *session, void *ctx)
{
    const char *id = NULL;
    ec_status status = ec_setting_text(session, "shop.id", &id);
    *(bool *)ctx = id != NULL;
    return status;
}

static ec_status shop_seed(ec_session *session, void *unused)
{
    const char *option = session->engine->currency_option;
    const char *currency = option[0] != '\0' ? option : "CLP";
    ec_id channel = 0;
    bool exists = false;
    (void)unused;
    ec_status status = shop_exists(session, &exists);
    if (status != EC_OK || exists) {
        return status;
    }
    status = seed_settings(session, currency);
    if (status == EC_OK) {
        status = seed_channel(session, currency, &channel);
    }
    if (status == EC_OK) {
        status = seed_warehouse(session, channel);
    }
    if (status == EC_OK) {
        status = ec_exec(session,
                         "INSERT INTO number_series (name, prefix, next_number)"
                         " VALUES ('order', '', ?)",
                         ec_args(ec_int(EC_FIRST_ORDER_NUMBER)), NULL);
    }
    if (status == EC_OK) {
        status = ec_emit(session, "channel", channel, "shop.created", NULL);
    }
    return status;
}

/* The rules of prices, so that the first calls find them. */
static ec_status read_rules(ec_session *session, void *unused)
{
    const ec_rules *rules = NULL;
    int64_t version = 0;
    (void)unused;
    ec_status status = ec_query_int(session, "SELECT version FROM rule_versions WHERE id = 1",
                                    ec_no_args, &version);
    return status == EC_OK ? ec_rules_hold(session, version, &rules) : status;
}

ec_status ec_shop_ready(ec_session *session)
{
    bool exists = false;
    ec_rules_forget(session->engine);
    ec_status status = ec_with_read(session, shop_exists, &exists);
    if (status == EC_OK && !exists) {
        status = ec_with_write(session, shop_seed, NULL);
    }
    if (status == EC_OK) {
        status = ec_with_read(session, ec_facts_load, NULL);
    }
    if (status == EC_OK) {
        status = ec_with_read(session, read_rules, NULL);
    }
    if (status == EC_OK) {
        atomic_store(&session->engine->schema, EC_OK);
    }
    return status;
}
