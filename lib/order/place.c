/* SPDX-License-Identifier: MIT */
/*
 * place.c - the birth of an order: its number, its row, its items, its first event.
 *
 * Numbers come from a series without gaps: the row of the series is moved on in the order's own
 * transaction, so a number that is not used was never given. Items go in as one statement. It
 * holds no stock and moves no money; the caller does, in the same transaction.
 */
#include <string.h>

#include "order/place.h"
#include "promotion/stored.h"

#define SERIES_TRIES 4

static ec_status read_series(ec_session *session, const char **prefix, int64_t *number)
{
    ec_stmt *stmt = NULL;
    ec_status status =
        ec_query(session, "SELECT prefix, next_number FROM number_series WHERE name = 'order'",
                 ec_no_args, &stmt);
    if (status != EC_OK) return status;
    status = ec_row(session, stmt);
    if (status == EC_DONE)
        return ec_fail(session, EC_CORRUPT, "The shop has no series of order numbers.");
    if (status != EC_OK) return status;
    *prefix = ec_col_text(session, stmt, 0);
    *number = ec_col_int(stmt, 1);
    ec_done(session, stmt);
    return EC_OK;
}

/* Take the next number: what was read is taken only if it is still the next one. */
static ec_status take_number(ec_session *session, const char *prefix, int64_t number,
                             const char **out)
{
    int64_t affected = 0;
    for (int tries = 0; tries < SERIES_TRIES; tries++) {
        ec_status status =
            number == 0 || prefix == NULL ? read_series(session, &prefix, &number) : EC_OK;
        if (status != EC_OK) return status;
        status = ec_exec(session,
                         "UPDATE number_series SET next_number = next_number + 1"
                         " WHERE name = 'order' AND next_number = ?",
                         ec_args(ec_int(number)), &affected);
        if (status != EC_OK) return status;
        if (affected == 1) {
            *out = ec_arena_printf(ec_scratch(session), "%s%lld", prefix, (long long)number);
            return *out == NULL ? ec_fail_memory(session) : EC_OK;
        }
        number = 0;
    }
    return ec_fail(session, EC_BUSY, "Other checkouts took the order numbers.");
}

static void set_states(ec_order *order)
{
    bool shipped = false;
    for (size_t i = 0; i < order->items_count; i++)
        shipped = shipped || order->items[i].requires_shipping;
    bool paid = order->total_amount == 0;
    order->fulfillment_status = shipped ? EC_FULFILLMENT_UNFULFILLED : EC_FULFILLMENT_NOT_NEEDED;
    order->payment_status = paid ? EC_ORDER_PAYMENT_PAID : EC_ORDER_PAYMENT_PENDING;
    order->state = !paid ? EC_STATE_PLACED : shipped ? EC_STATE_CONFIRMED : EC_STATE_COMPLETED;
    order->status = ec_order_outward(order);
}

/* A product that is gone since leaves its item without one. */
#define ITEM_ROW                                                                                   \
    "(?, ?, (SELECT id FROM products WHERE id = ?),"                                               \
    " (SELECT id FROM product_variants WHERE id = ?), ?, ?, ?, ?, 0, 0, 0,"                        \
    " ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"

static ec_status insert_items(ec_session *session, ec_order *order)
{
    enum { BOUND = 18 };
    static const char head[] =
        "INSERT INTO order_items (order_id, position, product_id, variant_id, sku, name,"
        " variant_name, quantity, cancelled_quantity, shipped_quantity, returned_quantity,"
        " base_price, original_price, unit_price, discount_amount, tax_amount, tax_included,"
        " total_amount, requires_shipping, tracked, is_gift) VALUES ";
    size_t n = order->items_count;
    size_t length = sizeof(head) - 1 + n * (sizeof(ITEM_ROW) + 1);
    ec_value *values = ec_arena_array(ec_scratch(session), n * BOUND, sizeof(*values));
    char *sql = ec_arena_alloc(ec_scratch(session), length + 1);
    if (values == NULL || sql == NULL) return ec_fail_memory(session);
    memcpy(sql, head, sizeof(head) - 1);
    char *at = sql + sizeof(head) - 1;
    for (size_t i = 0; i < n; i++) {
        ec_order_item *item = &order->items[i];
        item->order_id = order->id;
        item->position = (int64_t)i + 1;
        const ec_value row[BOUND] = {
            ec_int(item->order_id),      ec_int(item->position),
            ec_ref(item->product_id),    ec_ref(item->variant_id),
            ec_text(item->sku),          ec_text(item->name),
            ec_text(item->variant_name), ec_int(item->quantity),
            ec_int(item->base_price),    ec_int(item->original_price),
            ec_int(item->unit_price),    ec_int(item->discount_amount),
            ec_int(item->tax_amount),    ec_int(item->tax_included),
            ec_int(item->total_amount),  ec_int(item->requires_shipping),
            ec_int(item->tracked),       ec_int(item->is_gift),
        };
        memcpy(values + i * BOUND, row, sizeof(row));
        if (i > 0) *at++ = ',';
        memcpy(at, ITEM_ROW, sizeof(ITEM_ROW) - 1);
        at += sizeof(ITEM_ROW) - 1;
    }
    ec_status status = ec_exec(session, sql, values, n * BOUND, NULL);
    if (status != EC_OK) return status;
    ec_id first = ec_first_id(session, n);
    for (size_t i = 0; i < n; i++)
        order->items[i].id = first + (ec_id)i;
    return EC_OK;
}

/* Why the total is what it is, and its taxes; none of a plain order. */
static ec_status insert_reasons(ec_session *session, ec_order *order)
{
    for (size_t i = 0; i < order->adjustments_count; i++) {
        ec_adjustment *one = &order->adjustments[i];
        one->order_id = order->id;
        one->created_at = order->created_at;
        if (one->position > 0 && one->position <= (int64_t)order->items_count)
            one->order_item_id = order->items[one->position - 1].id;
    }
    for (size_t i = 0; i < order->taxes_count; i++)
        order->taxes[i].order_id = order->id;
    ec_status status = EC_OK;
    if (order->adjustments_count > 0)
        status = ec_entity_insert_many(session, &ec_adjustment_entity, order->adjustments,
                                       order->adjustments_count);
    if (status == EC_OK && order->taxes_count > 0)
        status =
            ec_entity_insert_many(session, &ec_order_tax_entity, order->taxes, order->taxes_count);
    return status;
}

/* Its promotions are used; none of a plain order. */
static ec_status spend_promotions(ec_session *session, const ec_order *order)
{
    size_t count = order->promotions_count;
    if (count == 0) return EC_OK;
    const ec_promotion_user user = {.user_id = order->user_id,
                                    .email = order->email,
                                    .address = order->shipping_address != NULL
                                                   ? order->shipping_address
                                                   : order->billing_address,
                                    .currency = order->currency};
    ec_promotion_applied *applied = ec_arena_array(ec_scratch(session), count, sizeof(*applied));
    if (applied == NULL) return ec_fail_memory(session);
    for (size_t i = 0; i < count; i++)
        applied[i] = (ec_promotion_applied){.promotion_id = order->promotions[i].promotion_id,
                                            .coupon_id = order->promotions[i].coupon_id,
                                            .amount = order->promotions[i].amount,
                                            .code = order->promotions[i].code};
    return ec_promotion_spend(session, order->id, &user, applied, count);
}

ec_status ec_order_explain(ec_session *session, const ec_order *order, int64_t before,
                           const char *kind, const char *source, const char *label)
{
    ec_adjustment difference = {
        .order_id = order->id,
        .created_at = ec_now(session),
        .kind = kind,
        .source = source,
        .label = label,
        .amount = order->total_amount - before,
    };
    if (difference.amount == 0) return EC_OK;
    return ec_entity_insert(session, &ec_adjustment_entity, &difference);
}

ec_status ec_order_place(ec_session *session, ec_order *order, const char *prefix, int64_t number)
{
    ec_status status = take_number(session, prefix, number, &order->order_number);
    if (status != EC_OK) return status;
    ec_time now = ec_now(session);
    order->version = 1;
    order->created_at = order->updated_at = now;
    if (order->placed_at == 0) order->placed_at = now;
    order->placed_subtotal = order->subtotal;
    order->due_amount = order->total_amount;
    set_states(order);
    status = ec_entity_insert(session, &ec_order_entity, order);
    if (status == EC_OK) status = insert_items(session, order);
    if (status == EC_OK) status = insert_reasons(session, order);
    if (status == EC_OK) status = spend_promotions(session, order);
    if (status != EC_OK) return status;
    const char *data = ec_arena_printf(
        ec_scratch(session), "{\"number\":\"%s\",\"total\":%lld,\"currency\":\"%s\",\"items\":%zu}",
        order->order_number, (long long)order->total_amount, order->currency, order->items_count);
    if (data == NULL) return ec_fail_memory(session);
    return ec_emit(session, "order", order->id, "order.placed", data);
}
