/* SPDX-License-Identifier: MIT */
/*
 * sale.c - things to sell, put in by SQL so that these tests do not lean on the catalogue's rules.
 */
#include "harness/sale.h"

const ec_address sale_address = {
    .name = "Gabriela Mistral",
    .street = "Av. Principal 123",
    .city = "Santiago",
    .region = "Región Metropolitana",
    .postal_code = "8320000",
    .country = "CL",
};

ec_id sale_variant(ec_engine *engine, const char *sku, int64_t price, int64_t quantity)
{
    char sql[4096];
    snprintf(sql, sizeof(sql),
             "INSERT INTO products (name, slug, status, currency, price, price_max, is_featured,"
             " rating, reviews_count, sold_count, version, created_at, updated_at) VALUES"
             " ('Product %s', 'product-%s', 'active', 'CLP', %lld, %lld, 0, 0, 0, 0, 1, 1, 1)",
             sku, sku, (long long)price, (long long)price);
    shop_sql(engine, sql);
    ec_id product = shop_sql_int(engine, "SELECT MAX(id) FROM products");
    snprintf(sql, sizeof(sql),
             "INSERT INTO product_variants (product_id, position, name, sku, price, weight_unit,"
             " is_active, tracked, backorder, requires_shipping, taxable, version, created_at,"
             " updated_at) VALUES (%lld, 1, 'Only', '%s', %lld, 'g', 1, %d, 0, 1, 1, 1, 1, 1)",
             (long long)product, sku, (long long)price, quantity >= 0);
    shop_sql(engine, sql);
    ec_id variant = shop_sql_int(engine, "SELECT MAX(id) FROM product_variants");
    if (quantity <= 0) return variant;
    ec_session *session = session_system(engine);
    ec_stock_change change = {
        .variant_id = variant,
        .warehouse_id = shop_sql_int(engine, "SELECT MIN(id) FROM warehouses"),
        .on_hand = quantity,
        .kind = EC_MOVEMENT_RECEIPT,
    };
    ec_stock_level *level = NULL;
    assert_ok(session, ec_stock_adjust(session, &change, &level));
    ec_free(level);
    ec_session_close(session);
    return variant;
}

static int64_t balance(ec_engine *engine, const char *column, ec_id variant_id)
{
    char sql[256];
    snprintf(sql, sizeof(sql), "SELECT COALESCE(SUM(%s), 0) FROM inventory WHERE variant_id = %lld",
             column, (long long)variant_id);
    return shop_sql_int(engine, sql);
}

int64_t sale_on_hand(ec_engine *engine, ec_id variant_id)
{
    return balance(engine, "on_hand", variant_id);
}

int64_t sale_committed(ec_engine *engine, ec_id variant_id)
{
    return balance(engine, "committed", variant_id);
}

static ec_order *order(ec_session *session, const char *key, const sale_line *lines,
                       const char *provider)
{
    ec_cart *cart = NULL;
    ec_order *out = NULL;
    assert_ok(session, ec_cart_open(session, &cart));
    ec_id id = cart->id;
    ec_free(cart);
    for (; lines->variant_id != 0; lines++) {
        assert_ok(session, ec_cart_add(session, id, lines->variant_id, lines->quantity, -1, &cart));
        ec_free(cart);
    }
    ec_checkout_request request = EC_CHECKOUT_REQUEST_INIT;
    request.cart_id = id;
    request.key = key;
    request.email = "gabriela@example.com";
    request.shipping_address = &sale_address;
    request.payment_provider = provider;
    request.payment_method = provider != NULL ? "card" : "transfer";
    request.payment_token = provider != NULL ? "tok_ok" : NULL;
    request.capture = true;
    assert_ok(session, ec_checkout(session, &request, &out));
    return out;
}

ec_order *sale_order(ec_session *session, const char *key, const sale_line *lines)
{
    return order(session, key, lines, NULL);
}

ec_order *sale_paid_order(ec_session *session, const char *key, const sale_line *lines)
{
    return order(session, key, lines, "manual");
}

void sale_verified(ec_engine *engine)
{
    ec_verify_report *report = NULL;
    ec_verify_options options = {.skip_integrity = true};
    ec_session *session = session_system(engine);
    assert_ok(session, ec_verify(session, &options, &report));
    for (size_t i = 0; i < report->problems_count; i++)
        print_error("%s: %s %lld: expected %lld, found %lld\n", report->problems[i].code,
                    report->problems[i].object, (long long)report->problems[i].id,
                    (long long)report->problems[i].expected, (long long)report->problems[i].found);
    assert_true(report->is_clean);
    ec_free(report);
    ec_session_close(session);
}
