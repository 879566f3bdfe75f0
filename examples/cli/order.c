/* SPDX-License-Identifier: MIT */
/*
 * order.c - the commands on carts and orders.
 */
#include <stdlib.h>
#include <string.h>

#include "cli.h"

/* Print the outcome of a call and free it. */
static int show(cli *c, ec_status status, const char *entity, void *object)
{
    int code = status == EC_OK ? cli_print(c, entity, object) : cli_fail(c, status);
    ec_free(object);
    return code;
}

static bool page_of(cli *c, ec_page *page)
{
    const char *limit = cli_value(c, "limit");
    page->cursor = cli_value(c, "cursor");
    return limit == NULL || cli_number(c, "--limit", limit, &page->limit);
}

/* The order's identifier from its number. */
static int find(cli *c, ec_id *id)
{
    ec_order *order = NULL;
    ec_status status = ec_order_by_number(c->session, c->arguments[0], &order);
    if (status != EC_OK) return cli_fail(c, status);
    *id = order->id;
    ec_free(order);
    return CLI_OK;
}

/* The order's identifier, and the units that --items names (none: all). */
static int find_units(cli *c, ec_id *id, ec_order_units *units, size_t *count)
{
    ec_order *order = NULL;
    const char *items = cli_value(c, "items");
    ec_status status = ec_order_by_number(c->session, c->arguments[0], &order);
    if (status != EC_OK) return cli_fail(c, status);
    *id = order->id;
    bool good = items == NULL || cli_units(c, order, items, units, count);
    ec_free(order);
    return good ? CLI_OK : CLI_USAGE;
}

/* ---- carts ---- */

int cli_cart_create(cli *c)
{
    ec_cart *cart = NULL;
    ec_status status = ec_cart_open(c->session, &cart);
    return show(c, status, "cart", cart);
}

int cli_cart_get(cli *c)
{
    ec_id id = 0;
    ec_cart *cart = NULL;
    if (!cli_number(c, "cart", c->arguments[0], &id)) return CLI_USAGE;
    ec_status status = ec_cart_get(c->session, id, &cart);
    return show(c, status, "cart", cart);
}

int cli_cart_set(cli *c)
{
    ec_id id = 0, item = 0;
    int64_t units = 0;
    ec_cart *cart = NULL;
    if (!cli_number(c, "cart", c->arguments[0], &id) ||
        !cli_number(c, "item", c->arguments[1], &item) ||
        !cli_number(c, "units", c->arguments[2], &units))
        return CLI_USAGE;
    ec_status status = ec_cart_set(c->session, id, item, units, &cart);
    return show(c, status, "cart", cart);
}

int cli_cart_add(cli *c)
{
    ec_id id = 0;
    int64_t units = 0;
    ec_id variant_id = 0;
    ec_cart *cart = NULL;
    if (!cli_number(c, "cart", c->arguments[0], &id) ||
        !cli_number(c, "units", c->arguments[2], &units))
        return CLI_USAGE;
    ec_status status = cli_variant(c, c->arguments[1], &variant_id);
    if (status != EC_OK) return cli_fail(c, status);
    status = ec_cart_add(c->session, id, variant_id, units, -1, &cart);
    return show(c, status, "cart", cart);
}

int cli_cart_coupon(cli *c)
{
    ec_id id = 0;
    ec_cart *cart = NULL;
    if (!cli_number(c, "cart", c->arguments[0], &id)) return CLI_USAGE;
    ec_status status = cli_value(c, "remove") != NULL
                           ? ec_cart_coupon_remove(c->session, id, c->arguments[1], &cart)
                           : ec_cart_coupon_add(c->session, id, c->arguments[1], &cart);
    return show(c, status, "cart", cart);
}

int cli_cart_ship(cli *c)
{
    ec_id id = 0;
    ec_cart *cart = NULL;
    const char *method = strcmp(c->arguments[1], "-") == 0 ? NULL : c->arguments[1];
    if (!cli_number(c, "cart", c->arguments[0], &id)) return CLI_USAGE;
    ec_status status = ec_cart_set_shipping(c->session, id, method, &cart);
    return show(c, status, "cart", cart);
}

int cli_cart_checkout(cli *c)
{
    char made_key[48];
    ec_checkout_request request = EC_CHECKOUT_REQUEST_INIT;
    ec_order *order = NULL;
    void *address = NULL;
    const char *json = cli_value(c, "address");
    const char *shipping = cli_value(c, "shipping");
    ec_credit_tender tender;
    if (!cli_tender(c, &tender) || !cli_number(c, "cart", c->arguments[0], &request.cart_id))
        return CLI_USAGE;
    if (shipping != NULL && !cli_number(c, "--shipping", shipping, &request.shipping_amount))
        return CLI_USAGE;
    if (json != NULL) {
        ec_status status = ec_from_json(c->session, "address", json, strlen(json), &address, NULL);
        if (status != EC_OK) return cli_fail(c, status);
    }
    snprintf(made_key, sizeof(made_key), "cart-%lld", (long long)request.cart_id);
    request.key = cli_value(c, "key") != NULL ? cli_value(c, "key") : made_key;
    request.email = cli_value(c, "email");
    request.shipping_address = address;
    request.payment_provider = cli_value(c, "provider");
    request.payment_method = cli_value(c, "method");
    request.payment_token = cli_value(c, "token");
    request.capture = cli_value(c, "capture") != NULL;
    request.credits_count = cli_value(c, "gift-card") != NULL || cli_value(c, "credit") != NULL;
    request.credits = &tender;
    ec_status status = ec_checkout(c->session, &request, &order);
    ec_free(address);
    return show(c, status, "order", order);
}

/* ---- orders ---- */

int cli_order_list(cli *c)
{
    ec_page page = {0};
    ec_order_list *list = NULL;
    ec_order_filter filter = {
        .status = cli_value(c, "status"),
        .email = cli_value(c, "email"),
    };
    if (!page_of(c, &page)) return CLI_USAGE;
    ec_status status = ec_order_find(c->session, &filter, &page, &list);
    if (status != EC_OK) return cli_fail(c, status);
    int code =
        cli_print_list(c, "order_list", list,
                       "order_number,placed_at,status,payment_status,total_amount,currency,email");
    ec_free(list);
    return code;
}

int cli_order_get(cli *c)
{
    ec_order *order = NULL;
    ec_status status = ec_order_by_number(c->session, c->arguments[0], &order);
    return show(c, status, "order", order);
}

int cli_order_history(cli *c)
{
    ec_page page = {0};
    ec_event_filter filter = {.aggregate = "order"};
    ec_event_list *list = NULL;
    int code = find(c, &filter.aggregate_id);
    if (code != CLI_OK) return code;
    if (!page_of(c, &page)) return CLI_USAGE;
    ec_status status = ec_event_find(c->session, &filter, &page, &list);
    if (status != EC_OK) return cli_fail(c, status);
    code = cli_print_list(c, "event_list", list, "created_at,type,actor,user_id,data");
    ec_free(list);
    return code;
}

int cli_order_next(cli *c)
{
    ec_id id = 0;
    ec_next_events *events = NULL;
    int code = find(c, &id);
    if (code != CLI_OK) return code;
    ec_status status = ec_order_next_events(c->session, id, &events);
    if (status != EC_OK) return cli_fail(c, status);
    code = cli_print_list(c, "next_events", events, "axis,event,from,to,by_hand");
    ec_free(events);
    return code;
}

int cli_order_apply(cli *c)
{
    ec_id id = 0;
    ec_order *order = NULL;
    int code = find(c, &id);
    if (code != CLI_OK) return code;
    ec_status status =
        ec_order_apply(c->session, id, c->arguments[1], cli_value(c, "note"), &order);
    return show(c, status, "order", order);
}

int cli_order_cancel(cli *c)
{
    ec_id id = 0;
    ec_order *order = NULL;
    ec_order_units units[CLI_UNITS_MAX];
    ec_cancel_request request = {
        .reason = cli_value(c, "reason"),
        .no_restock = cli_value(c, "no-restock") != NULL,
        .items = units,
    };
    int code = find_units(c, &id, units, &request.items_count);
    if (code != CLI_OK) return code;
    ec_status status = ec_order_cancel(c->session, id, &request, &order);
    return show(c, status, "order", order);
}

int cli_order_ship(cli *c)
{
    ec_id id = 0;
    ec_order *order = NULL;
    ec_order_units units[CLI_UNITS_MAX];
    ec_shipment_item items[CLI_UNITS_MAX];
    ec_shipment parcel = {
        .carrier = cli_value(c, "carrier"),
        .tracking_number = cli_value(c, "tracking"),
        .items = items,
    };
    int code = find_units(c, &id, units, &parcel.items_count);
    if (code != CLI_OK) return code;
    for (size_t i = 0; i < parcel.items_count; i++)
        items[i] = (ec_shipment_item){.order_item_id = units[i].order_item_id,
                                      .quantity = units[i].quantity};
    ec_status status = ec_order_ship(c->session, id, &parcel, &order);
    return show(c, status, "order", order);
}

/* Every parcel of the order that is on its way has arrived. */
int cli_order_deliver(cli *c)
{
    ec_order *order = NULL, *after = NULL;
    ec_status status = ec_order_by_number(c->session, c->arguments[0], &order);
    if (status != EC_OK) return cli_fail(c, status);
    for (size_t i = 0; i < order->shipments_count && status == EC_OK; i++) {
        if (order->shipments[i].status == EC_SHIPMENT_DELIVERED) continue;
        ec_free(after);
        status = ec_shipment_deliver(c->session, order->shipments[i].id, &after);
    }
    if (status == EC_OK && after == NULL) status = ec_order_get(c->session, order->id, &after);
    ec_free(order);
    return show(c, status, "order", after);
}

/* Take the money that the order's payments have reserved. */
int cli_order_capture(cli *c)
{
    ec_order *order = NULL, *after = NULL;
    ec_status status = ec_order_by_number(c->session, c->arguments[0], &order);
    if (status != EC_OK) return cli_fail(c, status);
    for (size_t i = 0; i < order->payments_count && status == EC_OK; i++) {
        char key[64];
        ec_payment *payment = NULL;
        if (order->payments[i].status != EC_PAYMENT_AUTHORIZED) continue;
        snprintf(key, sizeof(key), "capture-all-%lld", (long long)order->payments[i].id);
        status = ec_payment_capture(c->session, order->payments[i].id, 0, key, &payment);
        ec_free(payment);
    }
    if (status == EC_OK) status = ec_order_get(c->session, order->id, &after);
    ec_free(order);
    return show(c, status, "order", after);
}

int cli_payment_reconcile(cli *c)
{
    ec_reconciliation *done = NULL;
    ec_status status = ec_payment_reconcile(c->session, 0, &done);
    return show(c, status, "reconciliation", done);
}

int cli_order_pay(cli *c)
{
    ec_id id = 0;
    int64_t amount = 0;
    ec_payment *payment = NULL;
    if (cli_value(c, "key") == NULL)
        return cli_error(c, CLI_USAGE, "a payment needs --key, so that a repeated one counts once");
    if (!cli_number(c, "amount", c->arguments[1], &amount)) return CLI_USAGE;
    int code = find(c, &id);
    if (code != CLI_OK) return code;
    ec_credit_tender tender;
    if (!cli_tender(c, &tender)) return CLI_USAGE;
    if (tender.code != NULL || tender.credit_id != 0) {
        ec_order *order = NULL;
        tender.amount = amount;
        ec_status paid = ec_order_pay_credit(c->session, id, &tender, cli_value(c, "key"), &order);
        return show(c, paid, "order", order);
    }
    const char *method = cli_value(c, "method");
    ec_status status =
        ec_payment_record(c->session, id, amount, method != NULL ? method : "transfer",
                          cli_value(c, "reference"), cli_value(c, "key"), &payment);
    return show(c, status, "payment", payment);
}

int cli_order_refund(cli *c)
{
    ec_id id = 0;
    ec_order *order = NULL;
    ec_refund_request request = {
        .reason = cli_value(c, "reason"),
        .key = cli_value(c, "key"),
        .to_credit = cli_value(c, "to-credit") != NULL,
    };
    const char *amount = cli_value(c, "amount");
    if (amount != NULL && !cli_number(c, "--amount", amount, &request.amount)) return CLI_USAGE;
    if (request.key == NULL)
        return cli_error(c, CLI_USAGE, "a refund needs --key, so that a repeated one gives once");
    int code = find(c, &id);
    if (code != CLI_OK) return code;
    ec_status status = ec_order_refund(c->session, id, &request, &order);
    return show(c, status, "order", order);
}
