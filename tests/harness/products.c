/* SPDX-License-Identifier: MIT */
/*
 * products.c - products for tests of the catalogue.
 */
#include "harness/products.h"

ec_variant variant_of(int64_t price, const char *sku, const char *option1)
{
    ec_variant variant;
    assert_int_equal(ec_init("variant", &variant), EC_OK);
    variant.price = price;
    variant.sku = sku;
    variant.option1 = option1;
    return variant;
}

ec_product *product_make(ec_session *session, const char *name, int64_t price)
{
    ec_product product = {.name = name, .price = price, .status = EC_PRODUCT_ACTIVE};
    ec_product *made = NULL;
    assert_ok(session, ec_product_create(session, &product, &made));
    return made;
}

ec_product *product_with_variants(ec_session *session, const char *name, const char *prefix,
                                  size_t count, int64_t price)
{
    ec_variant *variants = calloc(count, sizeof *variants);
    char(*texts)[2][64] = calloc(count, sizeof *texts);
    ec_product_option option = {.name = "Size"};
    ec_product product = {.name = name,
                          .status = EC_PRODUCT_ACTIVE,
                          .options = &option,
                          .options_count = 1,
                          .variants = variants,
                          .variants_count = count};
    ec_product *made = NULL;
    assert_true(variants && texts);
    for (size_t i = 0; i < count; i++) {
        snprintf(texts[i][0], sizeof texts[i][0], "%s-%zu", prefix, i);
        snprintf(texts[i][1], sizeof texts[i][1], "Size %zu", i);
        variants[i] = variant_of(price + (int64_t)i, texts[i][0], texts[i][1]);
    }
    assert_ok(session, ec_product_create(session, &product, &made));
    free(variants);
    free(texts);
    return made;
}

ec_id category_make(ec_session *session, const char *name, ec_id parent)
{
    ec_category category = {.name = name, .parent_id = parent, .is_active = true};
    ec_category *made = NULL;
    assert_ok(session, ec_category_create(session, &category, &made));
    ec_id id = made->id;
    ec_free(made);
    return id;
}

ec_id brand_make(ec_session *session, const char *name)
{
    ec_brand brand = {.name = name, .is_active = true};
    ec_brand *made = NULL;
    assert_ok(session, ec_brand_create(session, &brand, &made));
    ec_id id = made->id;
    ec_free(made);
    return id;
}

ec_id attribute_make(ec_session *session, const char *code, ec_attribute_type type)
{
    static const char *const choices[] = {"red", "green", "blue"};
    ec_attribute attribute = {.code = code, .name = code, .type = type, .filterable = true};
    ec_attribute *made = NULL;
    if (type == EC_ATTRIBUTE_SELECT) {
        attribute.choices = choices;
        attribute.choices_count = 3;
    }
    assert_ok(session, ec_attribute_create(session, &attribute, &made));
    ec_id id = made->id;
    ec_free(made);
    return id;
}

void variant_stock(ec_session *session, ec_id variant, int64_t units)
{
    ec_stock_change change = {
        .variant_id = variant, .warehouse_id = 1, .on_hand = units, .kind = EC_MOVEMENT_RECEIPT};
    ec_stock_level *level = NULL;
    assert_ok(session, ec_stock_adjust(session, &change, &level));
    ec_free(level);
}

void variant_ordered(ec_engine *engine, ec_id product, ec_id variant)
{
    char sql[1024];
    shop_sql(
        engine,
        "INSERT OR IGNORE INTO orders (id, order_number, channel_id, email, currency,"
        " status, state, payment_status, fulfillment_status, subtotal,"
        " discount_amount, shipping_amount, tax_amount, total_amount, paid_amount,"
        " refunded_amount, due_amount, placed_at, version, created_at, updated_at) VALUES (901,"
        " '901', 1, 'a@b.cl', 'CLP', 'pending', 'placed', 'pending', 'unfulfilled',"
        " 100, 0, 0, 0, 100, 0, 0, 100, 1, 1, 1, 1)");
    snprintf(sql, sizeof sql,
             "INSERT INTO order_items (order_id, position, product_id, variant_id, name, quantity,"
             " cancelled_quantity, shipped_quantity, returned_quantity, unit_price,"
             " discount_amount, tax_amount, total_amount, requires_shipping, tracked)"
             " SELECT 901, COUNT(*) + 1, %lld, %lld, 'P', 1, 0, 0, 0, 100, 0, 0, 100, 1, 1"
             " FROM order_items",
             (long long)product, (long long)variant);
    shop_sql(engine, sql);
}

int64_t statements_of(ec_engine *engine)
{
    ec_counters counters;
    assert_int_equal(ec_engine_counters(engine, &counters), EC_OK);
    return (int64_t)counters.statements;
}

int64_t events_of(ec_engine *engine, const char *type)
{
    char sql[256];
    snprintf(sql, sizeof sql, "SELECT COUNT(*) FROM events WHERE type = '%s'", type);
    return shop_sql_int(engine, sql);
}
