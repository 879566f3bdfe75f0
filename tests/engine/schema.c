/* SPDX-License-Identifier: MIT */
/*
 * schema.c - the tables against the entities, against each other, and against raw SQL.
 */
#include "engine/state.h"
#include "harness/harness.h"
#include "model/model.h"

static ec_engine *engine;

static int begin(void **state)
{
    (void)state;
    engine = shop_open();
    return 0;
}

static int end(void **state)
{
    (void)state;
    shop_close(engine);
    return 0;
}

/* Walk the texts of a query's first two columns. */
static void each_row(const char *sql, void (*fn)(const char *first, const char *second))
{
    const ec_storage_ops *ops = engine->storage->ops;
    ec_storage_error error;
    char rows[512][2][128];
    size_t count = 0;
    ec_conn *conn;
    ec_stmt *stmt;
    assert_int_equal(ops->read_begin(engine->storage, &conn, &error), EC_OK);
    assert_int_equal(ops->start(conn, sql, NULL, 0, &stmt, &error), EC_OK);
    while (ops->step(stmt, &error) == EC_OK) {
        size_t length;
        assert_true(count < 512);
        for (int i = 0; i < 2; i++) {
            snprintf(rows[count][i], sizeof rows[count][i], "%s",
                     ops->column_text(stmt, i, &length));
        }
        count++;
    }
    ops->finish(stmt);
    ops->read_end(engine->storage, conn);
    assert_true(count > 0);
    for (size_t i = 0; i < count; i++) {
        fn(rows[i][0], rows[i][1]);
    }
}

static int64_t count_of(const char *format, const char *a, const char *b)
{
    char sql[1024];
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    snprintf(sql, sizeof sql, format, a, b);
#pragma GCC diagnostic pop
    return shop_sql_int(engine, sql);
}

/* ---- entities ---- */

static void schema__every_stored_field_is_a_column(void **state)
{
    (void)state;
    for (const ec_entity *entity = ec_entity_next(NULL); entity; entity = ec_entity_next(entity)) {
        for (size_t i = 0; entity->table && i < entity->count; i++) {
            const ec_field *field = &entity->fields[i];
            bool stored = field->type != EC_FIELD_LIST && field->type != EC_FIELD_TEXTS &&
                          (field->flags & EC_FIELD_NOT_STORED) == 0;
            int64_t columns = count_of("SELECT COUNT(*) FROM pragma_table_info('%s')"
                                       " WHERE name = '%s'",
                                       entity->table, field->name);
            if (stored && columns != 1) {
                fail_msg("%s.%s is no column", entity->table, field->name);
            }
        }
    }
}

static void schema__every_enum_name_is_allowed(void **state)
{
    (void)state;
    for (const ec_entity *entity = ec_entity_next(NULL); entity; entity = ec_entity_next(entity)) {
        for (size_t i = 0; entity->table && i < entity->count; i++) {
            const ec_field *field = &entity->fields[i];
            for (size_t n = 0; field->type == EC_FIELD_ENUM &&
                               (field->flags & EC_FIELD_NOT_STORED) == 0 && field->names[n];
                 n++) {
                if (count_of("SELECT instr(sql, '''%2$s''') > 0 FROM sqlite_schema"
                             " WHERE type = 'table' AND name = '%1$s'",
                             entity->table, field->names[n]) != 1) {
                    fail_msg("%s.%s cannot be %s", entity->table, field->name, field->names[n]);
                }
            }
        }
    }
}

/* ---- relations ---- */

/* Numbers of objects of several kinds, or of people whose deeds outlive them. */
static bool is_free_reference(const char *table, const char *column)
{
    static const char *const free_references[] = {
        "events.aggregate_id",      "events.user_id",
        "audit_log.object_id",      "audit_log.user_id",
        "stock_movements.cause_id", "stock_movements.user_id",
        "credit_entries.user_id",   "promotion_counters.coupon_id", /* 0: of no coupon */
    };
    char name[256];
    bool found = false;
    snprintf(name, sizeof name, "%s.%s", table, column);
    for (size_t i = 0; i < sizeof free_references / sizeof free_references[0]; i++) {
        found = found || strcmp(free_references[i], name) == 0;
    }
    return found;
}

static void check_reference(const char *table, const char *column)
{
    if (!is_free_reference(table, column) &&
        count_of("SELECT COUNT(*) FROM pragma_foreign_key_list('%s') WHERE \"from\" = '%s'", table,
                 column) != 1) {
        fail_msg("%s.%s is no foreign key", table, column);
    }
}

static void schema__every_relation_is_a_foreign_key(void **state)
{
    (void)state;
    each_row("SELECT s.name, i.name FROM sqlite_schema s, pragma_table_info(s.name) i"
             " WHERE s.type = 'table' AND i.name LIKE '%\\_id' ESCAPE '\\'",
             check_reference);
}

/* An index (or the key) begins with the column, so nothing is scanned when the other row goes. */
static void check_indexed(const char *table, const char *column)
{
    if (count_of("SELECT COUNT(*) FROM pragma_index_list('%s') l, pragma_index_info(l.name) i"
                 " WHERE i.seqno = 0 AND i.name = '%s'",
                 table, column) == 0) {
        fail_msg("no index begins with %s.%s", table, column);
    }
}

static void schema__every_foreign_key_has_an_index(void **state)
{
    (void)state;
    each_row("SELECT s.name, f.\"from\" FROM sqlite_schema s, pragma_foreign_key_list(s.name) f"
             " WHERE s.type = 'table'",
             check_indexed);
}

static void check_strict(const char *table, const char *sql)
{
    if (strstr(sql, ") STRICT") == NULL) {
        fail_msg("%s is not strict", table);
    }
}

static void schema__tables_are_strict(void **state)
{
    (void)state;
    each_row("SELECT name, substr(sql, -20) FROM sqlite_schema WHERE type = 'table'"
             " AND name NOT LIKE 'sqlite_%'",
             check_strict);
}

/* ---- raw SQL cannot make what must not be ---- */

static const char catalogue[] =
    "INSERT INTO products (id, name, slug, status, currency, price, price_max, is_featured, rating,"
    " reviews_count, sold_count, version, created_at, updated_at)"
    " VALUES (1, 'P', 'p', 'active', 'CLP', 100, 100, 0, 0, 0, 0, 1, 1, 1);"
    "INSERT INTO product_variants (id, product_id, position, name, price, weight_unit, is_active,"
    " tracked, backorder, requires_shipping, taxable, version, created_at, updated_at)"
    " VALUES (1, 1, 1, 'V', 100, 'g', 1, 1, 0, 1, 1, 1, 1, 1);"
    "INSERT INTO inventory (id, variant_id, warehouse_id, on_hand, committed, incoming, damaged,"
    " safety_stock, backorder, reorder_point, reorder_quantity, version, updated_at)"
    " VALUES (1, 1, 1, 5, 2, 0, 1, 0, 0, 0, 0, 1, 1);"
    "INSERT INTO orders (id, order_number, channel_id, email, currency, status, state,"
    " payment_status, fulfillment_status, subtotal, discount_amount, shipping_amount, tax_amount,"
    " total_amount, paid_amount, refunded_amount, due_amount, placed_at, version, created_at,"
    " updated_at)"
    " VALUES (1, '1', 1, 'a@b.cl', 'CLP', 'pending', 'placed', 'pending', 'unfulfilled', 100, 0, 0,"
    " 0, 100, 0, 0, 100, 1, 1, 1, 1);"
    "INSERT INTO order_items (id, order_id, position, name, quantity, cancelled_quantity,"
    " shipped_quantity, returned_quantity, unit_price, discount_amount, tax_amount, total_amount,"
    " requires_shipping, tracked)"
    " VALUES (1, 1, 1, 'P', 2, 0, 0, 0, 50, 0, 0, 100, 1, 1);";

static void schema__raw_sql_cannot_make_wrong_stock_or_money(void **state)
{
    (void)state;
    static const char *const wrongs[] = {
        "UPDATE inventory SET on_hand = -1",
        "UPDATE inventory SET committed = 6",
        "UPDATE inventory SET on_hand = 1",
        "UPDATE inventory SET damaged = 6",
        "UPDATE inventory SET incoming = -1",
        "UPDATE product_variants SET price = -1",
        "UPDATE orders SET total_amount = 101",
        "UPDATE orders SET discount_amount = 1",
        "UPDATE orders SET refunded_amount = 1",
        "UPDATE orders SET due_amount = 99",
        "UPDATE orders SET paid_amount = 100",
        "UPDATE orders SET status = 'lost'",
        "UPDATE orders SET paid_amount = 'many'",
        "UPDATE order_items SET shipped_quantity = 3",
        "UPDATE order_items SET shipped_quantity = 1, cancelled_quantity = 2",
        "UPDATE order_items SET returned_quantity = 1",
        "UPDATE order_items SET quantity = 0",
        "INSERT INTO reservations VALUES (1, 1, 1, 1, NULL, NULL, 'active', NULL, 1, NULL)",
        "INSERT INTO reservations VALUES (1, 1, 1, 1, NULL, 1, 'active', NULL, 1, 5)",
        "INSERT INTO reservations VALUES (1, 1, 1, 1, NULL, 1, 'released', NULL, 1, NULL)",
        "INSERT INTO reservations VALUES (1, 1, 1, 0, NULL, 1, 'active', NULL, 1, NULL)",
        "INSERT INTO stock_movements VALUES (1, 1, 1, 'count', 0, 0, 0, NULL, 'x', 1, 'staff',1,1)",
        "DELETE FROM warehouses",
        "DELETE FROM orders",
    };
    shop_sql(engine, catalogue);
    for (size_t i = 0; i < sizeof wrongs / sizeof wrongs[0]; i++) {
        ec_status status = shop_sql_try(engine, wrongs[i]);
        if (status != EC_INVALID && status != EC_IN_USE) {
            fail_msg("%s: %s", ec_status_name(status), wrongs[i]);
        }
    }
}

/* SQLite makes a temporary table for a list of three values or more, for each row again: eight of
   them were a sixth of a checkout. */
static void schema__checks_values_without_temporary_tables(void **state)
{
    (void)state;
    assert_int_equal(shop_sql_int(engine, "SELECT COUNT(*) FROM sqlite_schema"
                                          " WHERE sql LIKE '% IN (''%'', ''%'', ''%'"),
                     0);
    assert_true(shop_sql_int(engine, "SELECT COUNT(*) FROM sqlite_schema"
                                     " WHERE sql LIKE '%status = ''%'' OR status = ''%'") > 0);
}

int main(void)
{
#define CASE(test) cmocka_unit_test_setup_teardown(test, begin, end)
    const struct CMUnitTest tests[] = {
        CASE(schema__every_stored_field_is_a_column),
        CASE(schema__every_enum_name_is_allowed),
        CASE(schema__every_relation_is_a_foreign_key),
        CASE(schema__every_foreign_key_has_an_index),
        CASE(schema__tables_are_strict),
        CASE(schema__checks_values_without_temporary_tables),
        CASE(schema__raw_sql_cannot_make_wrong_stock_or_money),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
