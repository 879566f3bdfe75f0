/* SPDX-License-Identifier: MIT */
/*
 * transfer.c - goods that arrive or move: from on the way to on hand, from warehouse to warehouse.
 *
 * Both are steps of the one routine that writes the ledger. It refuses to receive what nobody
 * announced (that is an adjustment) and to move what is promised.
 */
#include "stock/inside.h"

typedef struct receive_args {
    ec_id variant_id;
    ec_id warehouse_id;
    int64_t quantity;
    const char *reason;
} receive_args;

static void receive_fingerprint(const void *ctx, ec_json_writer *json)
{
    const receive_args *args = ctx;
    ec_json_array(json);
    ec_json_int(json, args->variant_id);
    ec_json_int(json, args->warehouse_id);
    ec_json_int(json, args->quantity);
    if (args->reason) ec_json_text(json, args->reason);
    ec_json_array_end(json);
}

/* The input's rules are those of a change with the same members. */
static ec_status check_receive(ec_session *session, const ec_stock_change *change)
{
    if (change->on_hand < 1)
        return ec_fail_field(session, EC_INVALID, "quantity", "min", "One unit or more arrives.");
    if (change->on_hand > EC_QUANTITY_MAX)
        return ec_fail_field(session, EC_INVALID, "quantity", "max",
                             "More units than can be counted.");
    return ec_input(session, &ec_stock_change_entity, change, EC_MASK_ALL, true);
}

static ec_status receive_run(ec_session *session, void *ctx, void **result)
{
    const receive_args *args = ctx;
    ec_stock_level *levels = NULL;
    bool staff = ec_session_actor(session) == EC_ACTOR_STAFF;
    ec_stock_step step = {.change = {.variant_id = args->variant_id,
                                     .warehouse_id = args->warehouse_id,
                                     .on_hand = args->quantity,
                                     .reason = args->reason,
                                     .cause = staff ? "staff" : "system",
                                     .kind = EC_MOVEMENT_RECEIPT},
                          .prefix = "",
                          .units_field = "quantity"};
    ec_status status = check_receive(session, &step.change);
    if (status != EC_OK) return status;
    step.change.incoming = -args->quantity;
    status = ec_stock_write(session, &step, 1, &levels);
    *result = levels;
    return status;
}

ec_status ec_stock_receive(ec_session *session, ec_id variant_id, ec_id warehouse_id,
                           int64_t quantity, const char *reason, ec_stock_level **out)
{
    static const ec_op op = {.name = "stock.receive",
                             .permission = "stock.write",
                             .access = EC_ACCESS_STAFF,
                             .mode = EC_WRITE,
                             .result = &ec_stock_level_entity,
                             .run = receive_run,
                             .fingerprint = receive_fingerprint};
    receive_args args = {variant_id, warehouse_id, quantity, reason};
    return ec_call(session, &op, &args, (void **)out);
}

/* ---- to another warehouse ---- */

static void transfer_fingerprint(const void *ctx, ec_json_writer *json)
{
    const ec_stock_transfer_request *request = *(const ec_stock_transfer_request *const *)ctx;
    if (request)
        ec_entity_write_json(json, &ec_stock_transfer_entity, request, NULL);
    else
        ec_json_null(json);
}

static ec_status transfer_run(ec_session *session, void *ctx, void **result)
{
    const ec_stock_transfer_request *request = *(const ec_stock_transfer_request *const *)ctx;
    ec_status status = ec_input(session, &ec_stock_transfer_entity, request, EC_MASK_ALL, true);
    if (status != EC_OK) return status;
    ec_stock_change out = {.variant_id = request->variant_id,
                           .warehouse_id = request->from_id,
                           .cause_id = request->to_id,
                           .on_hand = -request->quantity,
                           .reason = request->reason,
                           .cause = "transfer",
                           .kind = EC_MOVEMENT_TRANSFER};
    ec_stock_change in = out;
    in.warehouse_id = request->to_id;
    in.cause_id = request->from_id;
    in.on_hand = request->quantity;
    ec_stock_step steps[] = {
        {.change = out, .prefix = "", .warehouse_field = "from_id", .units_field = "quantity"},
        {.change = in, .prefix = "", .warehouse_field = "to_id", .units_field = "quantity"},
    };
    ec_stock_level *levels = NULL;
    ec_stock_level_list *list = ec_arena_alloc(ec_scratch(session), sizeof(*list));
    if (!list) return ec_fail_memory(session);
    status = ec_stock_write(session, steps, 2, &levels);
    *list = (ec_stock_level_list){.items_count = 2, .items = levels, .total = 2};
    *result = list;
    return status;
}

ec_status ec_stock_transfer(ec_session *session, const ec_stock_transfer_request *request,
                            ec_stock_level_list **out)
{
    static const ec_op op = {.name = "stock.transfer",
                             .permission = "stock.write",
                             .access = EC_ACCESS_STAFF,
                             .mode = EC_WRITE,
                             .result = &ec_stock_level_list_entity,
                             .run = transfer_run,
                             .fingerprint = transfer_fingerprint};
    return ec_call(session, &op, &request, (void **)out);
}
