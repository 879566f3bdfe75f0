/* SPDX-License-Identifier: MIT */
/*
 * shopify_stock.c - quantities of a batch: balances with their movements, of the cause "import".
 *
 * What a new variant has goes in as two inserts for the whole batch, since nobody can have promised
 * or counted any of it before. Every other change is the ledger's own (lib/stock), with its rules
 * and events. It refuses to touch a balance without a movement.
 */
#include "stock/stock.h"
#include "transfer/shopify.h"

#define CHANGES_MAX 128 /* of one call of the ledger */

typedef struct stock_rows {
    ec_stock_level *levels; /* of new variants, and their movements */
    ec_movement *movements;
    size_t count;
    ec_stock_change changes[CHANGES_MAX]; /* of the others */
    size_t changes_count;
} stock_rows;

static void add_new(const ec_sheet_work *work, const ec_sheet_variant_plan *variant,
                    stock_rows *rows)
{
    const ec_import *import = work->sheet->import;
    rows->levels[rows->count] = (ec_stock_level){
        .variant_id = variant->row.id,
        .warehouse_id = import->warehouse_id,
        .on_hand = variant->on_hand,
        .backorder = variant->row.backorder,
    };
    rows->movements[rows->count] = (ec_movement){
        .variant_id = variant->row.id,
        .warehouse_id = import->warehouse_id,
        .cause_id = import->record,
        .user_id = ec_session_user(work->session),
        .on_hand = variant->on_hand,
        .cause = "import",
        .kind = EC_MOVEMENT_COUNT,
        .actor = ec_session_actor(work->session),
    };
    rows->count++;
}

static ec_status apply_changes(const ec_sheet_work *work, stock_rows *rows)
{
    size_t count = rows->changes_count;
    rows->changes_count = 0;
    return count > 0 ? ec_stock_apply(work->session, "items", rows->changes, count, NULL) : EC_OK;
}

static ec_status add_change(const ec_sheet_work *work, const ec_sheet_variant_plan *variant,
                            stock_rows *rows)
{
    const ec_sheet_stock *stock = ec_sheet_shop_stock(&work->shop, variant->row.id);
    rows->changes[rows->changes_count++] = (ec_stock_change){
        .variant_id = variant->row.id,
        .warehouse_id = work->sheet->import->warehouse_id,
        .cause_id = work->sheet->import->record,
        .on_hand = variant->on_hand - (stock ? stock->on_hand : 0),
        .cause = "import",
        .kind = EC_MOVEMENT_COUNT,
    };
    return rows->changes_count == CHANGES_MAX ? apply_changes(work, rows) : EC_OK;
}

static ec_status insert_new(const ec_sheet_work *work, const stock_rows *rows)
{
    if (rows->count == 0) {
        return EC_OK;
    }
    ec_status status =
        ec_entity_insert_many(work->session, &ec_stock_level_entity, rows->levels, rows->count);
    return status == EC_OK ? ec_entity_insert_many(work->session, &ec_movement_entity,
                                                   rows->movements, rows->count)
                           : status;
}

ec_status ec_sheet_write_stock(ec_sheet_work *work)
{
    size_t most = 0;
    ec_status status = EC_OK;
    for (size_t i = 0; i < work->count; i++) {
        most += work->plans[i].variants_count;
    }
    stock_rows *rows = ec_arena_alloc(work->arena, sizeof *rows);
    if (!rows) {
        return ec_fail_memory(work->session);
    }
    rows->levels = ec_arena_array(work->arena, most, sizeof *rows->levels);
    rows->movements = ec_arena_array(work->arena, most, sizeof *rows->movements);
    if (!rows->levels || !rows->movements) {
        return ec_fail_memory(work->session);
    }
    for (size_t i = 0; i < work->count; i++) {
        const ec_sheet_plan *plan = &work->plans[i];
        for (size_t j = 0; status == EC_OK && !plan->refused && j < plan->variants_count; j++) {
            const ec_sheet_variant_plan *variant = &plan->variants[j];
            if (variant->on_hand < 0) {
                continue;
            }
            if (variant->before) {
                status = add_change(work, variant, rows);
            } else {
                add_new(work, variant, rows);
            }
        }
    }
    if (status == EC_OK) {
        status = apply_changes(work, rows);
    }
    return status == EC_OK ? insert_new(work, rows) : status;
}
