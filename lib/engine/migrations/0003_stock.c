/* SPDX-License-Identifier: MIT */
/*
 * 0003_stock.c - where goods lie: warehouses, balances, the movement ledger, reservations.
 *
 * on_hand, incoming and damaged are the sums of their movements; committed is the sum of the active
 * reservations. The CHECKs make wrong balances impossible even by raw SQL.
 */
#include "engine/migrations/migrations.h"

static const char *const up[] = {
    "CREATE TABLE warehouses ("
    " id {id},"
    " code {text:64} NOT NULL UNIQUE,"
    " name {text:255} NOT NULL,"
    " address {longtext}," /* JSON, see the entity address */
    " priority {int} NOT NULL,"
    " is_active {bool} NOT NULL CHECK (is_active IN (0, 1)),"
    " version {int} NOT NULL CHECK (version > 0),"
    " created_at {int} NOT NULL,"
    " updated_at {int} NOT NULL){tail}",

    "CREATE INDEX warehouses_active ON warehouses(is_active, priority, id)",

    "CREATE TABLE channel_warehouses ("
    " channel_id {int} NOT NULL REFERENCES channels(id) ON DELETE CASCADE,"
    " warehouse_id {int} NOT NULL REFERENCES warehouses(id) ON DELETE CASCADE,"
    " priority {int} NOT NULL," /* lower first */
    " PRIMARY KEY (channel_id, warehouse_id)){tail}",
    "CREATE INDEX channel_warehouses_warehouse ON channel_warehouses(warehouse_id)",

    "CREATE TABLE inventory ("
    " id {id},"
    " variant_id {int} NOT NULL REFERENCES product_variants(id) ON DELETE CASCADE,"
    " warehouse_id {int} NOT NULL REFERENCES warehouses(id),"
    " on_hand {int} NOT NULL CHECK (on_hand >= 0),"
    " committed {int} NOT NULL CHECK (committed >= 0),"
    " incoming {int} NOT NULL CHECK (incoming >= 0),"
    " damaged {int} NOT NULL CHECK (damaged >= 0 AND damaged <= on_hand),"
    " safety_stock {int} NOT NULL CHECK (safety_stock >= 0),"
    " backorder {bool} NOT NULL CHECK (backorder IN (0, 1))," /* the variant's, for the CHECK */
    " reorder_point {int} NOT NULL CHECK (reorder_point >= 0),"
    " reorder_quantity {int} NOT NULL CHECK (reorder_quantity >= 0),"
    " version {int} NOT NULL CHECK (version > 0),"
    " updated_at {int} NOT NULL,"
    /* at or below its reorder point; kept by the database, for an index */
    " is_low {bool} GENERATED ALWAYS AS (CASE WHEN reorder_point > 0 AND"
    "  on_hand - committed - damaged - safety_stock <= reorder_point THEN 1 ELSE 0 END) VIRTUAL,"
    " UNIQUE (variant_id, warehouse_id),"
    " CHECK (backorder = 1 OR committed <= on_hand)){tail}",
    "CREATE INDEX inventory_warehouse ON inventory(warehouse_id, variant_id)",
    "CREATE INDEX inventory_low ON inventory(is_low, id)",

    "CREATE TABLE stock_movements ("
    " id {id},"
    " variant_id {int} NOT NULL REFERENCES product_variants(id) ON DELETE CASCADE,"
    " warehouse_id {int} NOT NULL REFERENCES warehouses(id),"
    " kind {text:16} NOT NULL CHECK (kind = 'receipt' OR kind = 'adjustment'"
    "  OR kind = 'count' OR kind = 'sale' OR kind = 'return' OR kind = 'transfer'"
    "  OR kind = 'damage' OR kind = 'incoming'),"
    " on_hand {int} NOT NULL," /* change of each balance */
    " incoming {int} NOT NULL,"
    " damaged {int} NOT NULL,"
    " reason {text:255},"
    " cause {text:32} NOT NULL," /* 'order', 'return', 'import', 'transfer', 'staff' … */
    " cause_id {int},"
    " actor {text:16} NOT NULL CHECK (actor = 'system' OR actor = 'guest'"
    "  OR actor = 'customer' OR actor = 'staff'),"
    " user_id {int},"
    " created_at {int} NOT NULL,"
    " CHECK (on_hand <> 0 OR incoming <> 0 OR damaged <> 0)){tail}",
    "CREATE INDEX stock_movements_variant ON stock_movements(variant_id, warehouse_id, id)",
    "CREATE INDEX stock_movements_cause ON stock_movements(cause, cause_id)",
    "CREATE INDEX stock_movements_warehouse ON stock_movements(warehouse_id, id)",
    NULL,
};

/* Later warehouses and balances have the same numbers, so what tells of these ones goes as well. */
static const char *const down[] = {
    "DELETE FROM events WHERE aggregate IN ('inventory', 'warehouse')",
    "DELETE FROM events WHERE type = 'channel.warehouses'",
    "DELETE FROM idempotency_keys WHERE operation LIKE 'stock.%'",
    "DELETE FROM idempotency_keys WHERE operation LIKE 'warehouse.%'",
    "DROP TABLE stock_movements",
    "DROP TABLE inventory",
    "DROP TABLE channel_warehouses",
    "DROP TABLE warehouses",
    NULL,
};

const ec_migration ec_migration_0003_stock = {3, "stock", up, down};
