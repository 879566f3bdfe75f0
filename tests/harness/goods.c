/* SPDX-License-Identifier: MIT */
/*
 * goods.c - goods, carts and orders for tests of stock; and a way into the library's own functions.
 */
#include "harness/goods.h"

__attribute__((format(printf, 2, 3))) static void run_sql(ec_engine *engine, const char *format,
                                                          ...)
{
    char sql[2048];
    va_list args;
    va_start(args, format);
    int length = vsnprintf(sql, sizeof sql, format, args);
    va_end(args);
    assert_in_range(length, 1, sizeof sql - 1);
    shop_sql(engine, sql);
}

void goods_variants(ec_engine *engine, ec_id first, int count)
{
    shop_sql(engine,
             "INSERT OR IGNORE INTO products (id, name, slug, status, currency, price, price_max,"
             " is_featured, rating, reviews_count, sold_count, version, created_at, updated_at)"
             " VALUES (1, 'Goods', 'goods', 'active', 'CLP', 1000, 1000, 0, 0, 0, 0, 1, 1, 1)");
    for (ec_id id = first; id < first + count; id++)
        run_sql(engine,
                "INSERT INTO product_variants (id, product_id, position, name, sku, price,"
                " weight_unit, is_active, tracked, backorder, requires_shipping, taxable, version,"
                " created_at, updated_at) VALUES (%lld, 1, %lld, 'Size %lld', 'SKU-%lld', 1000,"
                " 'g', 1, 1, 0, 1, 1, 1, 1, 1)",
                (long long)id, (long long)id, (long long)id, (long long)id);
}

void goods_set(ec_engine *engine, ec_id variant, const char *what)
{
    run_sql(engine, "UPDATE product_variants SET %s WHERE id = %lld", what, (long long)variant);
}

void goods_cart(ec_engine *engine, ec_id id)
{
    run_sql(engine,
            "INSERT INTO carts (id, token_hash, channel_id, currency, status, expires_at, version,"
            " created_at, updated_at) VALUES (%lld, 'hash-%lld', 1, 'CLP', 'open', 9000000000000,"
            " 1, 1, 1)",
            (long long)id, (long long)id);
}

void goods_order(ec_engine *engine, ec_id id)
{
    run_sql(engine,
            "INSERT INTO orders (id, order_number, channel_id, email, currency, status, state,"
            " payment_status, fulfillment_status, subtotal, discount_amount, shipping_amount,"
            " tax_amount, total_amount, paid_amount, refunded_amount, placed_at, version,"
            " created_at, updated_at) VALUES (%lld, 'N-%lld', 1, 'a@b.cl', 'CLP', 'pending',"
            " 'placed', 'pending', 'unfulfilled', 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1)",
            (long long)id, (long long)id);
}

ec_id goods_warehouse(ec_session *session, const char *code)
{
    ec_warehouse *made = NULL;
    ec_warehouse_list *serving = NULL;
    ec_id all[EC_CHANNEL_WAREHOUSES_MAX];
    ec_warehouse warehouse = {.code = code, .name = code, .priority = 10, .is_active = true};
    assert_ok(session, ec_warehouse_serving(session, 1, &serving));
    assert_ok(session, ec_warehouse_create(session, &warehouse, &made));
    size_t count = serving->items_count;
    for (size_t i = 0; i < count; i++)
        all[i] = serving->items[i].id;
    all[count++] = made->id;
    assert_ok(session, ec_warehouse_assign(session, 1, all, count));
    ec_id id = made->id;
    ec_free(serving);
    ec_free(made);
    return id;
}

void goods_receive(ec_session *session, ec_id variant, ec_id warehouse, int64_t quantity)
{
    ec_stock_level *level = NULL;
    ec_stock_change change = {.variant_id = variant,
                              .warehouse_id = warehouse,
                              .on_hand = quantity,
                              .kind = EC_MOVEMENT_RECEIPT};
    assert_ok(session, ec_stock_adjust(session, &change, &level));
    ec_free(level);
}

ec_stock_level goods_level(ec_session *session, ec_id variant, ec_id warehouse)
{
    ec_stock_level *level = NULL;
    assert_ok(session, ec_stock_get(session, variant, warehouse, &level));
    ec_stock_level copy = *level;
    ec_free(level);
    return copy;
}

void goods_assert_level(ec_session *session, ec_id variant, ec_id warehouse, int64_t on_hand,
                        int64_t committed, int64_t available, const char *file, int line)
{
    ec_stock_level is = goods_level(session, variant, warehouse);
    if (is.on_hand != on_hand || is.committed != committed || is.available != available) {
        print_error("on hand %lld, committed %lld, available %lld; not %lld, %lld, %lld\n",
                    (long long)is.on_hand, (long long)is.committed, (long long)is.available,
                    (long long)on_hand, (long long)committed, (long long)available);
        _fail(file, line);
    }
}

/* ---- inside the library ---- */

typedef struct body {
    goods_fn fn;
    void *ctx;
} body;

static ec_status body_run(ec_session *session, void *args, void **result)
{
    body *b = args;
    (void)result;
    return b->fn(session, b->ctx);
}

ec_status goods_inside(ec_session *session, goods_fn fn, void *ctx)
{
    static const ec_op op = {.name = "test.inside",
                             .permission = "test",
                             .access = EC_ACCESS_SYSTEM,
                             .mode = EC_WRITE,
                             .run = body_run};
    body b = {fn, ctx};
    return ec_call(session, &op, &b, NULL);
}

/* All arguments that the functions below need, and the one that runs. */
typedef struct step {
    enum { RESERVE, ATTACH, COVER, RELEASE_CART, RELEASE_ORDER, SHIP, WRITE_OFF, BACK, FLAG } what;
    ec_id cart;
    ec_id order;
    const ec_stock_demand *demands;
    const ec_stock_units *units;
    size_t count;
    ec_stock_owner owner;
    size_t *rows;
    bool flag;
} step;

static ec_status step_run(ec_session *session, void *ctx)
{
    const step *s = ctx;
    switch (s->what) {
    case RESERVE: return ec_stock_reserve(session, 0, s->demands, s->count, &s->owner, s->rows);
    case ATTACH: return ec_stock_attach(session, s->cart, s->order, s->rows);
    case COVER: return ec_stock_cover(session, 0, s->order, s->demands, s->count);
    case RELEASE_CART: return ec_stock_release_cart(session, s->cart, s->units, s->count);
    case RELEASE_ORDER: return ec_stock_release_order(session, s->order, s->units, s->count);
    case SHIP: return ec_stock_ship(session, s->order, s->units, s->count);
    case WRITE_OFF: return ec_stock_write_off(session, s->order, s->units, s->count, "lost");
    case BACK: return ec_stock_return(session, s->order, s->cart, s->units, s->count);
    case FLAG: return ec_stock_backorder(session, s->cart, s->flag);
    }
    return EC_MISUSE;
}

static ec_status run(ec_session *session, step s)
{
    return goods_inside(session, step_run, &s);
}

ec_status goods_reserve(ec_session *session, const ec_stock_demand *demands, size_t count,
                        ec_stock_owner owner, size_t *rows)
{
    return run(
        session,
        (step){.what = RESERVE, .demands = demands, .count = count, .owner = owner, .rows = rows});
}

ec_status goods_attach(ec_session *session, ec_id cart, ec_id order, size_t *attached)
{
    return run(session, (step){.what = ATTACH, .cart = cart, .order = order, .rows = attached});
}

ec_status goods_cover(ec_session *session, ec_id order, const ec_stock_demand *demands,
                      size_t count)
{
    return run(session, (step){.what = COVER, .order = order, .demands = demands, .count = count});
}

ec_status goods_release_cart(ec_session *session, ec_id cart, const ec_stock_units *units,
                             size_t count)
{
    return run(session, (step){.what = RELEASE_CART, .cart = cart, .units = units, .count = count});
}

ec_status goods_release_order(ec_session *session, ec_id order, const ec_stock_units *units,
                              size_t count)
{
    return run(session,
               (step){.what = RELEASE_ORDER, .order = order, .units = units, .count = count});
}

ec_status goods_ship(ec_session *session, ec_id order, const ec_stock_units *units, size_t count)
{
    return run(session, (step){.what = SHIP, .order = order, .units = units, .count = count});
}

ec_status goods_write_off(ec_session *session, ec_id order, const ec_stock_units *units,
                          size_t count)
{
    return run(session, (step){.what = WRITE_OFF, .order = order, .units = units, .count = count});
}

ec_status goods_return(ec_session *session, ec_id order, ec_id back, const ec_stock_units *units,
                       size_t count)
{
    return run(session,
               (step){.what = BACK, .cart = back, .order = order, .units = units, .count = count});
}

ec_status goods_backorder(ec_session *session, ec_id variant, bool backorder)
{
    return run(session, (step){.what = FLAG, .cart = variant, .flag = backorder});
}

bool goods_sound(const ec_verify_report *report)
{
    bool sound = true;
    for (size_t i = 0; i < report->problems_count; i++)
        if (strncmp(report->problems[i].code, "stock.", 6) == 0 ||
            strncmp(report->problems[i].code, "storage.", 8) == 0)
            sound = false;
    return sound;
}
