/* SPDX-License-Identifier: MIT */
/*
 * ship.c - parcels: sending, tracking, arrival. Sending takes the units out of stock in the same
 * transaction, and counts them as sold for the catalogue's best sellers.
 */
#include <string.h>

#include "base/text.h"
#include "order/change.h"

typedef struct ship_args {
    ec_id id;
    const ec_shipment *shipment;
} ship_args;

/* Which units the parcel takes: those named, or all that is left of what is sent at all. */
static ec_status choose(ec_session *session, const ec_order *order, const ec_shipment *wanted,
                        int64_t *units)
{
    if (wanted->items_count == 0) {
        for (size_t i = 0; i < order->items_count; i++)
            if (order->items[i].requires_shipping) units[i] = ec_order_item_open(&order->items[i]);
        return EC_OK;
    }
    ec_order_units *named =
        ec_arena_array(ec_scratch(session), wanted->items_count, sizeof(*named));
    if (named == NULL) return ec_fail_memory(session);
    for (size_t i = 0; i < wanted->items_count; i++)
        named[i] = (ec_order_units){wanted->items[i].order_item_id, wanted->items[i].quantity};
    ec_status status = ec_order_choose(session, order, named, wanted->items_count, units);
    if (status != EC_OK) return status;
    for (size_t i = 0; i < order->items_count; i++)
        if (units[i] > 0 && !order->items[i].requires_shipping)
            return ec_fail_field(session, EC_INVALID, "items", "shippable",
                                 "\"%.100s\" is not sent in a parcel.", order->items[i].name);
    return EC_OK;
}

static ec_status insert_parcel(ec_session *session, ec_order *order, const ec_shipment *wanted,
                               const int64_t *units, ec_shipment *parcel)
{
    *parcel = (ec_shipment){
        .version = 1,
        .order_id = order->id,
        .warehouse_id = wanted->warehouse_id,
        .carrier = wanted->carrier,
        .tracking_number = wanted->tracking_number,
        .tracking_url = wanted->tracking_url,
        .created_at = ec_now(session),
        .updated_at = ec_now(session),
        .shipped_at = ec_now(session),
    };
    ec_status status = ec_entity_insert(session, &ec_shipment_entity, parcel);
    if (status == EC_INVALID && wanted->warehouse_id != 0)
        return ec_fail_field(session, EC_INVALID, "warehouse_id", "reference",
                             "There is no warehouse %lld.", (long long)wanted->warehouse_id);
    if (status != EC_OK) return status;
    ec_shipment_item *rows = ec_arena_array(ec_scratch(session), order->items_count, sizeof(*rows));
    if (rows == NULL) return ec_fail_memory(session);
    size_t count = 0;
    for (size_t i = 0; i < order->items_count; i++)
        if (units[i] > 0)
            rows[count++] = (ec_shipment_item){.shipment_id = parcel->id,
                                               .order_item_id = order->items[i].id,
                                               .quantity = units[i]};
    return ec_entity_insert_many(session, &ec_shipment_item_entity, rows, count);
}

/* UPDATE products SET sold_count = sold_count + …: what best sellers are sorted by. */
static ec_status count_sold(ec_session *session, const ec_order *order, const int64_t *units)
{
    ec_buf sql;
    ec_value *values = ec_arena_array(ec_scratch(session), order->items_count * 3, sizeof(*values));
    if (values == NULL) return ec_fail_memory(session);
    size_t count = 0, products = 0;
    ec_id *ids = ec_arena_array(ec_scratch(session), order->items_count, sizeof(*ids));
    int64_t *sold = ec_arena_array(ec_scratch(session), order->items_count, sizeof(*sold));
    if (ids == NULL || sold == NULL) return ec_fail_memory(session);
    for (size_t i = 0; i < order->items_count; i++) {
        if (units[i] == 0 || order->items[i].product_id == 0) continue;
        size_t at = 0;
        while (at < products && ids[at] != order->items[i].product_id)
            at++;
        if (at == products) ids[products++] = order->items[i].product_id;
        sold[at] += units[i];
    }
    if (products == 0) return EC_OK;
    ec_buf_init(&sql, ec_session_platform(session), EC_JSON_SIZE_MAX);
    ec_buf_puts(&sql, "UPDATE products SET sold_count = sold_count + CASE id");
    for (size_t i = 0; i < products; i++) {
        ec_buf_puts(&sql, " WHEN ? THEN ?");
        values[count++] = ec_int(ids[i]);
        values[count++] = ec_int(sold[i]);
    }
    ec_buf_puts(&sql, " END WHERE id IN (");
    for (size_t i = 0; i < products; i++) {
        ec_buf_puts(&sql, i == 0 ? "?" : ", ?");
        values[count++] = ec_int(ids[i]);
    }
    ec_buf_puts(&sql, ")");
    ec_status status = sql.status == EC_OK
                           ? ec_exec(session, ec_buf_text(&sql), values, count, NULL)
                           : ec_fail_memory(session);
    ec_buf_clear(&sql);
    return status;
}

static ec_status take_from_stock(ec_session *session, const ec_order *order, const int64_t *units,
                                 ec_id warehouse_id)
{
    size_t count = 0;
    ec_stock_units *goods = ec_order_goods(session, order, units, &count);
    if (goods == NULL) return ec_fail_memory(session);
    for (size_t i = 0; i < count; i++)
        goods[i].warehouse_id = warehouse_id;
    return count == 0 ? EC_OK : ec_stock_ship(session, order->id, goods, count);
}

static ec_status note_parcel(ec_session *session, const ec_order *order, const ec_shipment *parcel,
                             const int64_t *units)
{
    ec_buf buf;
    ec_json_writer json;
    const char *data = NULL;
    ec_buf_init(&buf, ec_session_platform(session), EC_JSON_SIZE_MAX);
    ec_json_begin(&json, &buf);
    ec_json_object(&json);
    ec_json_key(&json, "shipment_id");
    ec_json_int(&json, parcel->id);
    ec_json_key(&json, "carrier");
    ec_json_text(&json, parcel->carrier);
    ec_json_key(&json, "tracking_number");
    ec_json_text(&json, parcel->tracking_number);
    ec_order_units_json(&json, order, units);
    ec_json_object_end(&json);
    ec_status status = ec_order_keep(session, &buf, &data);
    if (status != EC_OK) return status;
    return ec_emit(session, "order", order->id, "order.parcel_sent", data);
}

/* The order's parcels with the new one behind them. */
static ec_status append_parcel(ec_session *session, ec_order *order, const ec_shipment *parcel)
{
    ec_shipment *all =
        ec_arena_array(ec_scratch(session), order->shipments_count + 1, sizeof(*all));
    if (all == NULL) return ec_fail_memory(session);
    if (order->shipments_count > 0)
        memcpy(all, order->shipments, order->shipments_count * sizeof(*all));
    all[order->shipments_count++] = *parcel;
    order->shipments = all;
    return EC_OK;
}

static ec_status send(ec_session *session, ec_order *order, const ec_shipment *wanted,
                      const int64_t *units)
{
    int64_t total = 0;
    for (size_t i = 0; i < order->items_count; i++)
        total += units[i];
    if (total == 0)
        return ec_fail(session, EC_STATE, "Nothing of the order is left to be shipped.");
    ec_shipment parcel;
    /* the parcel first: it knows which warehouses there are */
    ec_status status = insert_parcel(session, order, wanted, units, &parcel);
    if (status != EC_OK) return status;
    status = take_from_stock(session, order, units, wanted->warehouse_id);
    if (status != EC_OK) return status;
    for (size_t i = 0; i < order->items_count; i++)
        order->items[i].shipped_quantity += units[i];
    if ((status = ec_order_store_items(session, order)) != EC_OK) return status;
    if ((status = count_sold(session, order, units)) != EC_OK) return status;
    if ((status = append_parcel(session, order, &parcel)) != EC_OK) return status;
    if ((status = note_parcel(session, order, &parcel, units)) != EC_OK) return status;
    if (order->state == EC_STATE_PLACED || order->state == EC_STATE_CONFIRMED) {
        status = ec_order_fire(session, order, EC_AXIS_ORDER, "process", NULL);
        if (status != EC_OK) return status;
    }
    if ((status = ec_order_progress(session, order)) != EC_OK) return status;
    return ec_order_store(session, order);
}

static ec_status run_ship(ec_session *session, void *args, void **result)
{
    static const ec_shipment all_that_is_left = {0};
    const ship_args *ship = args;
    const ec_shipment *wanted = ship->shipment != NULL ? ship->shipment : &all_that_is_left;
    ec_status status = ec_input(session, &ec_shipment_entity, wanted, EC_MASK_ALL, true);
    if (status != EC_OK) return status;
    ec_order order = {0};
    if ((status = ec_order_for_change(session, ship->id, 0, &order)) != EC_OK) return status;
    if (order.state == EC_STATE_CANCELLED || order.state == EC_STATE_COMPLETED)
        return ec_fail_field(session, EC_STATE, "order", "state",
                             "Nothing is shipped of an order that is %s.",
                             ec_order_state_names[order.state]);
    int64_t *units = ec_arena_array(ec_scratch(session), order.items_count, sizeof(*units));
    if (units == NULL) return ec_fail_memory(session);
    if ((status = choose(session, &order, wanted, units)) != EC_OK) return status;
    if ((status = send(session, &order, wanted, units)) != EC_OK) return status;
    return ec_order_answer(session, ship->id, result);
}

static void print_ship(const void *args, ec_json_writer *json)
{
    const ship_args *ship = args;
    ec_json_int(json, ship->id);
    if (ship->shipment != NULL)
        ec_entity_write_json(json, &ec_shipment_entity, ship->shipment, NULL);
}

static const ec_op op_ship = {
    .name = "order.ship",
    .permission = "orders.write",
    .access = EC_ACCESS_STAFF,
    .mode = EC_WRITE,
    .result = &ec_order_entity,
    .run = run_ship,
    .fingerprint = print_ship,
};

ec_status ec_order_ship(ec_session *session, ec_id id, const ec_shipment *shipment, ec_order **out)
{
    ship_args args = {id, shipment};
    return ec_call(session, &op_ship, &args, (void **)out);
}

/* ---- a parcel that is on its way ---- */

static ec_status run_deliver(ec_session *session, void *args, void **result)
{
    ec_shipment parcel = {0};
    ec_status status = ec_entity_get(session, &ec_shipment_entity, *(const ec_id *)args, &parcel);
    if (status != EC_OK) return status;
    if (parcel.status == EC_SHIPMENT_DELIVERED)
        return ec_fail_field(session, EC_STATE, "status", "state", "The parcel arrived already.");
    parcel.status = EC_SHIPMENT_DELIVERED;
    parcel.delivered_at = ec_now(session);
    status = ec_entity_update(session, &ec_shipment_entity, &parcel,
                              ec_mask_of("shipment", "status,delivered_at"));
    if (status != EC_OK) return status;
    ec_order order = {0};
    if ((status = ec_order_for_change(session, parcel.order_id, 0, &order)) != EC_OK) return status;
    const char *data =
        ec_arena_printf(ec_scratch(session), "{\"shipment_id\":%lld}", (long long)parcel.id);
    if (data == NULL) return ec_fail_memory(session);
    status = ec_emit(session, "order", order.id, "order.parcel_delivered", data);
    if (status != EC_OK) return status;
    if ((status = ec_order_progress(session, &order)) != EC_OK) return status;
    if ((status = ec_order_store(session, &order)) != EC_OK) return status;
    return ec_order_answer(session, order.id, result);
}

static void print_id(const void *args, ec_json_writer *json)
{
    ec_json_int(json, *(const ec_id *)args);
}

static const ec_op op_deliver = {
    .name = "shipment.deliver",
    .permission = "orders.write",
    .access = EC_ACCESS_STAFF,
    .mode = EC_WRITE,
    .result = &ec_order_entity,
    .run = run_deliver,
    .fingerprint = print_id,
};

ec_status ec_shipment_deliver(ec_session *session, ec_id shipment_id, ec_order **out)
{
    return ec_call(session, &op_deliver, &shipment_id, (void **)out);
}

typedef struct update_args {
    ec_id id;
    const ec_shipment *shipment;
    ec_mask fields;
} update_args;

static ec_status run_update(ec_session *session, void *args, void **result)
{
    const update_args *update = args;
    ec_mask allowed = ec_mask_of("shipment", "carrier,tracking_number,tracking_url");
    if (update->fields == 0 || (update->fields & ~allowed) != 0)
        return ec_fail_field(session, EC_INVALID, "fields", "immutable",
                             "Of a parcel only carrier, tracking_number and tracking_url change.");
    ec_status status =
        ec_input(session, &ec_shipment_entity, update->shipment, update->fields, false);
    if (status != EC_OK) return status;
    ec_shipment parcel = *update->shipment;
    parcel.id = update->id;
    status = ec_entity_update(session, &ec_shipment_entity, &parcel, update->fields);
    if (status != EC_OK) return status;
    if ((status = ec_entity_get(session, &ec_shipment_entity, parcel.id, &parcel)) != EC_OK)
        return status;
    const char *data =
        ec_arena_printf(ec_scratch(session), "{\"shipment_id\":%lld}", (long long)parcel.id);
    if (data == NULL) return ec_fail_memory(session);
    status = ec_emit(session, "order", parcel.order_id, "order.parcel_changed", data);
    if (status != EC_OK) return status;
    return ec_order_answer(session, parcel.order_id, result);
}

static void print_update(const void *args, ec_json_writer *json)
{
    const update_args *update = args;
    if (update->shipment == NULL) return;
    ec_json_int(json, update->id);
    ec_json_int(json, (int64_t)update->fields);
    ec_entity_write_json(json, &ec_shipment_entity, update->shipment, NULL);
}

static const ec_op op_update = {
    .name = "shipment.update",
    .permission = "orders.write",
    .access = EC_ACCESS_STAFF,
    .mode = EC_WRITE,
    .result = &ec_order_entity,
    .run = run_update,
    .fingerprint = print_update,
};

ec_status ec_shipment_update(ec_session *session, ec_id id, const ec_shipment *shipment,
                             ec_mask fields, ec_order **out)
{
    update_args args = {id, shipment, fields};
    return ec_call(session, &op_update, &args, (void **)out);
}
