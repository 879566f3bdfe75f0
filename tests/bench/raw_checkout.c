/* SPDX-License-Identifier: MIT */
/*
 * raw_checkout.c - the checkout of a visitor's cart without a payment, as SQL by hand.
 *
 * The eight statements are the library's own texts with the values that the library binds, and the
 * rows that they leave pass the library's proof of the books. Left out is everything that is not
 * SQL: checks, rights, prices, notices, the order as an object. It fits carts of one or two lines
 * in a shop with one warehouse, and ends the program when anything is not as it expects.
 */
#include "bench/raw_checkout.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* Columns of the first statement that the others need. */
enum {
    C_PREFIX = 18,
    C_NUMBER = 19,
    I_VARIANT = 30,
    I_QUANTITY = 31,
    V_PRODUCT = 34,
    V_SKU = 35,
    V_NAME = 36,
    P_NAME = 37,
    V_PRICE = 51,
    W_ID = 56,
    S_ID = 57
};

static const char address[] =
    "{\"id\":null,\"version\":0,\"created_at\":null,\"updated_at\":null,\"user_id\":null,"
    "\"name\":\"Gabriela Mistral\",\"company\":null,\"street\":\"Av. Principal 123\","
    "\"street2\":null,\"city\":\"Santiago\",\"region\":\"Región Metropolitana\","
    "\"postal_code\":\"8320000\",\"country\":\"CL\",\"phone\":null,\"is_default\":false}";

static const char policy[] =
    "{\"cash_step\":10,\"price_keep_ms\":0,\"coupons_max\":0,\"prior_days\":0,"
    "\"cash_methods\":null,\"rounding\":\"half_up\","
    "\"discount_shares\":\"largest_remainder\",\"tax_level\":\"line\","
    "\"tax_rounding\":\"half_up\",\"tax_address\":\"shipping\",\"tax_keep\":\"gross\","
    "\"shipping_tax\":\"own\",\"exclusion\":\"all\",\"stacking\":\"all\","
    "\"percent_base\":\"price\",\"price_refresh\":\"always\",\"cash_rounding\":\"half_down\","
    "\"required_address\":\"shipping\",\"tax_before_discounts\":false,"
    "\"exempt_pays_gross\":false,\"skip_single_shipping\":false,"
    "\"hide_prior_price\":false}";

typedef struct line {
    int64_t variant, quantity, product, price, warehouse, inventory;
    char sku[64], name[200], variant_name[200];
} line;

typedef struct checkout {
    raw_shop *shop;
    ec_id cart;
    const char *key;
    int64_t now, number, total, order;
    char order_number[64];
    line lines[RAW_LINES_MAX];
} checkout;

static void copy_text(sqlite3_stmt *stmt, int column, char *out, size_t size)
{
    const unsigned char *text = sqlite3_column_text(stmt, column);
    size_t length = (size_t)sqlite3_column_bytes(stmt, column);
    if (text == NULL || length >= size) bench_die("column %d is no such text", column);
    memcpy(out, text, length);
    out[length] = '\0';
}

static void load(checkout *c)
{
    raw_shop *shop = c->shop;
    sqlite3_stmt *stmt = shop->load;
    int count = 0;
    raw_bind(&shop->raw, stmt, "iiiiiii", c->now, c->now, c->now, c->now, c->now, c->now, c->cart);
    while (sqlite3_step(stmt) == SQLITE_ROW) {
        line *l = &c->lines[count++];
        if (count > shop->lines) bench_die("cart %" PRId64 " has too many lines", c->cart);
        c->number = sqlite3_column_int64(stmt, C_NUMBER);
        copy_text(stmt, C_PREFIX, c->order_number, 16);
        l->variant = sqlite3_column_int64(stmt, I_VARIANT);
        l->quantity = sqlite3_column_int64(stmt, I_QUANTITY);
        l->product = sqlite3_column_int64(stmt, V_PRODUCT);
        l->price = sqlite3_column_int64(stmt, V_PRICE);
        l->warehouse = sqlite3_column_int64(stmt, W_ID);
        l->inventory = sqlite3_column_int64(stmt, S_ID);
        copy_text(stmt, V_SKU, l->sku, sizeof(l->sku));
        copy_text(stmt, P_NAME, l->name, sizeof(l->name));
        copy_text(stmt, V_NAME, l->variant_name, sizeof(l->variant_name));
        c->total += l->price * l->quantity;
    }
    if (sqlite3_reset(stmt) != SQLITE_OK || count != shop->lines)
        bench_die("cart %" PRId64 " is not as expected", c->cart);
}

/* Run a statement that must change so many rows. */
static void change(raw_db *raw, sqlite3_stmt *stmt, int rows)
{
    raw_run(raw, stmt);
    if (sqlite3_changes(raw->db) != rows) bench_die("not %d rows: %s", rows, sqlite3_sql(stmt));
}

static void insert_order(checkout *c)
{
    raw_db *raw = &c->shop->raw;
    size_t length = strlen(c->order_number);
    raw_bind(raw, c->shop->number, "i", c->number);
    change(raw, c->shop->number, 1);
    (void)snprintf(c->order_number + length, sizeof(c->order_number) - length, "%" PRId64,
                   c->number);
    const int64_t none = 0;
    raw_bind(raw, c->shop->order, "iiisininssiiiiiiiiiiiiiiisnnnsssnnsinnnssss", INT64_C(1), c->now,
             c->now, c->order_number, c->cart, INT64_C(1), "ana@example.com", "CLP", c->total, none,
             none, none, none, none, none, none, none, c->total, c->total, none, none, none,
             c->total, "transfer", address, address, policy, c->key, c->now, "pending", "placed",
             "pending", "unfulfilled");
    change(raw, c->shop->order, 1);
    c->order = sqlite3_last_insert_rowid(raw->db);
}

static void bind_item(const checkout *c, int at)
{
    sqlite3_stmt *stmt = c->shop->items;
    const line *l = &c->lines[at];
    int i = at * 18;
    (void)sqlite3_bind_int64(stmt, ++i, c->order);
    (void)sqlite3_bind_int64(stmt, ++i, at + 1);
    (void)sqlite3_bind_int64(stmt, ++i, l->product);
    (void)sqlite3_bind_int64(stmt, ++i, l->variant);
    (void)sqlite3_bind_text(stmt, ++i, l->sku, -1, SQLITE_STATIC);
    (void)sqlite3_bind_text(stmt, ++i, l->name, -1, SQLITE_STATIC);
    (void)sqlite3_bind_text(stmt, ++i, l->variant_name, -1, SQLITE_STATIC);
    (void)sqlite3_bind_int64(stmt, ++i, l->quantity);
    (void)sqlite3_bind_int64(stmt, ++i, l->price); /* base_price, original_price, unit_price */
    (void)sqlite3_bind_int64(stmt, ++i, 0);
    (void)sqlite3_bind_int64(stmt, ++i, l->price);
    (void)sqlite3_bind_int64(stmt, ++i, 0); /* discount, taxes */
    (void)sqlite3_bind_int64(stmt, ++i, 0);
    (void)sqlite3_bind_int64(stmt, ++i, 0);
    (void)sqlite3_bind_int64(stmt, ++i, l->price * l->quantity);
    (void)sqlite3_bind_int64(stmt, ++i, 1);
    (void)sqlite3_bind_int64(stmt, ++i, 1);
    (void)sqlite3_bind_int64(stmt, ++i, 0);
}

static void insert_rest_of_order(checkout *c)
{
    raw_db *raw = &c->shop->raw;
    char data[160];
    for (int i = 0; i < c->shop->lines; i++)
        bind_item(c, i);
    change(raw, c->shop->items, c->shop->lines);
    (void)snprintf(data, sizeof(data),
                   "{\"number\":\"%s\",\"total\":%" PRId64 ",\"currency\":\"CLP\",\"items\":%d}",
                   c->order_number, c->total, c->shop->lines);
    raw_bind(raw, c->shop->event, "sissnnsi", "order", c->order, "order.placed", "guest", data,
             c->now);
    change(raw, c->shop->event, 1);
}

static void hold(checkout *c)
{
    raw_db *raw = &c->shop->raw;
    const line *a = &c->lines[0], *b = &c->lines[1];
    if (c->shop->lines == 2) {
        raw_bind(raw, c->shop->hold, "iiiiiiiiiii", c->now, a->inventory, a->quantity, b->inventory,
                 b->quantity, a->inventory, b->inventory, a->inventory, a->quantity, b->inventory,
                 b->quantity);
        raw_bind(raw, c->shop->reserve, "iiinisniniiinisnin", a->variant, a->warehouse, a->quantity,
                 c->order, "active", c->now, b->variant, b->warehouse, b->quantity, c->order,
                 "active", c->now);
    } else {
        raw_bind(raw, c->shop->hold, "iiiiii", c->now, a->inventory, a->quantity, a->inventory,
                 a->inventory, a->quantity);
        raw_bind(raw, c->shop->reserve, "iiinisnin", a->variant, a->warehouse, a->quantity,
                 c->order, "active", c->now);
    }
    change(raw, c->shop->hold, c->shop->lines);
    change(raw, c->shop->reserve, c->shop->lines);
}

static void run(void *ctx)
{
    checkout *c = ctx;
    load(c);
    insert_order(c);
    insert_rest_of_order(c);
    hold(c);
    raw_bind(&c->shop->raw, c->shop->close, "ssnii", "ordered", c->key, c->now, c->cart);
    change(&c->shop->raw, c->shop->close, 1);
}

int64_t raw_checkout(raw_shop *shop, ec_id cart, const char *key)
{
    checkout c = {.shop = shop, .cart = cart, .key = key, .now = bench_wall_ms()};
    raw_transact(&shop->raw, run, &c);
    return c.order;
}

void raw_shop_open(raw_shop *shop, const char *path, const bench_texts *texts, int lines)
{
    raw_db *raw = &shop->raw;
    raw_open(raw, path, false);
    shop->lines = lines;
    shop->load = raw_prepare(raw, bench_text(texts, "SELECT c.id"));
    shop->number = raw_prepare(raw, bench_text(texts, "UPDATE number_series"));
    shop->order = raw_prepare(raw, bench_text(texts, "INSERT INTO orders"));
    shop->items = raw_prepare(raw, bench_text(texts, "INSERT INTO order_items"));
    shop->event = raw_prepare(raw, bench_text(texts, "INSERT INTO events"));
    shop->hold = raw_prepare(raw, bench_text(texts, "UPDATE inventory"));
    shop->reserve = raw_prepare(raw, bench_text(texts, "INSERT INTO reservations"));
    shop->close = raw_prepare(raw, bench_text(texts, "UPDATE carts"));
    if (texts->count != 8)
        bench_die("the library runs %zu statements for a checkout now, not 8; let the plain program"
                  " follow",
                  texts->count);
    if (sqlite3_bind_parameter_count(shop->items) != 18 * lines)
        bench_die("the items of an order take other values now; let the plain program follow");
}

void raw_shop_close(raw_shop *shop)
{
    raw_close(&shop->raw);
}
