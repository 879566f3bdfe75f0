/* SPDX-License-Identifier: MIT */
/*
 * 0006_prices.c - what everything cost at which time.
 *
 * A row says what a variant costs from a moment on: in a price list, in the catalogue (no list), or
 * in a channel by a promotion of the catalogue. Rows of the future are those of scheduled prices.
 */
#include "engine/migrations/migrations.h"

static const char *const up[] = {
    "CREATE TABLE price_history ("
    " id {id},"
    " variant_id {int} NOT NULL REFERENCES product_variants(id) ON DELETE CASCADE,"
    " price_list_id {int} REFERENCES price_lists(id) ON DELETE CASCADE,"
    " channel_id {int} REFERENCES channels(id) ON DELETE CASCADE,"
    " min_quantity {int} NOT NULL CHECK (min_quantity > 0),"
    " amount {int} NOT NULL CHECK (amount >= 0),"
    " compare_amount {int} CHECK (compare_amount > 0),"
    " currency {text:3} NOT NULL,"
    " valid_from {int} NOT NULL,"
    " ended {bool} NOT NULL CHECK (ended IN (0, 1))," /* no price any more */
    " cause {text:32} NOT NULL,"
    " created_at {int} NOT NULL,"
    " CHECK (price_list_id IS NULL OR channel_id IS NULL)){tail}",
    "CREATE INDEX price_history_variant ON price_history(variant_id, valid_from, id)",
    "CREATE INDEX price_history_list ON price_history(price_list_id, valid_from, id)"
    "{partial: WHERE price_list_id IS NOT NULL}",
    "CREATE INDEX price_history_channel ON price_history(channel_id)"
    "{partial: WHERE channel_id IS NOT NULL}",
    "CREATE INDEX price_history_time ON price_history(valid_from, id)",
    NULL,
};

static const char *const down[] = {
    "DROP TABLE price_history",
    NULL,
};

const ec_migration ec_migration_0006_prices = {6, "prices", up, down};
