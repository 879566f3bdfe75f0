/* SPDX-License-Identifier: MIT */
/*
 * change.c - the common parts of every change of a placed order. It decides nothing.
 */
#include "order/change.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"

ec_status ec_order_for_change(ec_session *session, ec_id id, int64_t version, ec_order *out)
{
    ec_status status = ec_order_head(session, id, out);
    if (status != EC_OK) return status;
    if (version != 0 && version != out->version)
        return ec_fail(session, EC_STALE, "The order is at version %lld, not %lld.",
                       (long long)out->version, (long long)version);
    status = ec_order_read_items(session, out);
    if (status != EC_OK) return status;
    void *rows = NULL;
    status = ec_entity_select(session, &ec_shipment_entity, "WHERE t.order_id = ? ORDER BY t.id",
                              ec_args(ec_int(id)), &rows, &out->shipments_count);
    out->shipments = rows;
    return status;
}

void ec_order_list_rule(ec_check *check, size_t count, const void *items)
{
    if (count > 0 && items == NULL)
        ec_check_add(check, "items", "required", "%zu items are announced and none are given.",
                     count);
    if (count > EC_CART_LINES_MAX)
        ec_check_add(check, "items", "max_items", "At most %d items are named at once.",
                     EC_CART_LINES_MAX);
}

size_t ec_order_item_index(const ec_order *order, ec_id item_id)
{
    size_t i = 0;
    while (i < order->items_count && order->items[i].id != item_id)
        i++;
    return i;
}

ec_status ec_order_choose(ec_session *session, const ec_order *order, const ec_order_units *wanted,
                          size_t count, int64_t *units)
{
    ec_check check;
    char field[64];
    ec_check_init(&check, ec_scratch(session));
    for (size_t i = 0; i < count; i++) {
        size_t at = ec_order_item_index(order, wanted[i].order_item_id);
        if (at == order->items_count) {
            snprintf(field, sizeof(field), "items[%zu].order_item_id", i);
            ec_check_add(&check, field, "reference", "The order has no item %lld.",
                         (long long)wanted[i].order_item_id);
            continue;
        }
        if (units[at] != 0) {
            snprintf(field, sizeof(field), "items[%zu].order_item_id", i);
            ec_check_add(&check, field, "unique", "The item is named twice.");
            continue;
        }
        int64_t open = ec_order_item_open(&order->items[at]);
        if (wanted[i].quantity < 1 || wanted[i].quantity > open) {
            snprintf(field, sizeof(field), "items[%zu].quantity", i);
            ec_check_add(&check, field, wanted[i].quantity < 1 ? "min" : "max",
                         "Of this item 1 to %lld units are open, not %lld.", (long long)open,
                         (long long)wanted[i].quantity);
            continue;
        }
        units[at] = wanted[i].quantity;
    }
    return ec_fail_check(session, &check);
}

ec_stock_units *ec_order_goods(ec_session *session, const ec_order *order, const int64_t *units,
                               size_t *count)
{
    ec_stock_units *goods = ec_arena_array(ec_scratch(session), order->items_count, sizeof(*goods));
    if (goods == NULL) return NULL;
    size_t found = 0;
    for (size_t i = 0; i < order->items_count; i++) {
        const ec_order_item *item = &order->items[i];
        if (units[i] == 0 || item->variant_id == 0) continue;
        size_t at = 0;
        while (at < found && goods[at].variant_id != item->variant_id)
            at++;
        if (at == found) goods[found++] = (ec_stock_units){.variant_id = item->variant_id};
        goods[at].quantity += units[i];
    }
    *count = found;
    return goods;
}

/* UPDATE order_items SET a = CASE id WHEN ? THEN ? … END, … WHERE id IN (…): one statement. */
ec_status ec_order_store_items(ec_session *session, const ec_order *order)
{
    static const char *const columns[] = {
        "quantity",          "cancelled_quantity", "shipped_quantity",
        "returned_quantity", "unit_price",         "discount_amount",
        "tax_amount",        "tax_included",       "total_amount"};
    enum { COLUMNS = sizeof(columns) / sizeof(columns[0]) };
    size_t n = order->items_count;
    if (n == 0) return EC_OK;
    ec_buf sql;
    ec_buf_init(&sql, ec_session_platform(session), EC_JSON_SIZE_MAX);
    ec_value *values = ec_arena_array(ec_scratch(session), n * (2 * COLUMNS + 1), sizeof(*values));
    if (values == NULL) return ec_fail_memory(session);
    size_t count = 0;
    ec_buf_puts(&sql, "UPDATE order_items SET ");
    for (size_t c = 0; c < COLUMNS; c++) {
        ec_buf_printf(&sql, "%s%s = CASE id", c == 0 ? "" : ", ", columns[c]);
        for (size_t i = 0; i < n; i++) {
            const ec_order_item *item = &order->items[i];
            const int64_t figures[COLUMNS] = {
                item->quantity,          item->cancelled_quantity, item->shipped_quantity,
                item->returned_quantity, item->unit_price,         item->discount_amount,
                item->tax_amount,        item->tax_included,       item->total_amount};
            ec_buf_puts(&sql, " WHEN ? THEN ?");
            values[count++] = ec_int(item->id);
            values[count++] = ec_int(figures[c]);
        }
        ec_buf_puts(&sql, " END");
    }
    ec_buf_puts(&sql, " WHERE id IN (");
    for (size_t i = 0; i < n; i++) {
        ec_buf_puts(&sql, i == 0 ? "?" : ", ?");
        values[count++] = ec_int(order->items[i].id);
    }
    ec_buf_puts(&sql, ")");
    ec_status status = sql.status == EC_OK
                           ? ec_exec(session, ec_buf_text(&sql), values, count, NULL)
                           : ec_fail_memory(session);
    ec_buf_clear(&sql);
    return status;
}

ec_status ec_order_text_rule(ec_session *session, const char *field, const char *text, int64_t max)
{
    if (text == NULL) return EC_OK;
    int64_t length = ec_utf8_count(text, strlen(text));
    if (length < 0)
        return ec_fail_field(session, EC_INVALID, field, "utf8", "The text is not valid UTF-8.");
    if (length > max)
        return ec_fail_field(session, EC_INVALID, field, "max_length",
                             "At most %lld characters are kept, not %lld.", (long long)max,
                             (long long)length);
    return EC_OK;
}

void ec_order_units_json(ec_json_writer *json, const ec_order *order, const int64_t *units)
{
    ec_json_key(json, "items");
    ec_json_array(json);
    for (size_t i = 0; i < order->items_count; i++) {
        if (units[i] == 0) continue;
        ec_json_object(json);
        ec_json_key(json, "order_item_id");
        ec_json_int(json, order->items[i].id);
        ec_json_key(json, "quantity");
        ec_json_int(json, units[i]);
        ec_json_object_end(json);
    }
    ec_json_array_end(json);
}

ec_status ec_order_keep(ec_session *session, ec_buf *buf, const char **text)
{
    if (buf->status == EC_OK) *text = ec_arena_strdup(ec_scratch(session), ec_buf_text(buf));
    ec_status status = buf->status;
    ec_buf_clear(buf);
    if (status == EC_LIMIT) return ec_fail(session, EC_LIMIT, "The history entry is too long.");
    return status != EC_OK || *text == NULL ? ec_fail_memory(session) : EC_OK;
}

const char *ec_order_members(ec_session *session, const char *object)
{
    size_t length = strlen(object);
    return length > 2 ? ec_arena_text(ec_scratch(session), object + 1, length - 2) : NULL;
}
