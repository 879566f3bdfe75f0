/* SPDX-License-Identifier: MIT */
/*
 * cart.c - carts of visitors and customers: what goes in, what is told, what is refused, what ends.
 */
#include "harness/harness.h"
#include "harness/sale.h"

typedef struct shop {
    ec_engine *engine;
    ec_session *guest;
    ec_session *system;
    ec_id cart;
    ec_id mate; /* 10 units at 1000 */
    ec_id book; /* untracked at 250 */
} shop;

static int set_up(void **state)
{
    shop *s = calloc(1, sizeof(*s));
    ec_cart *cart = NULL;
    s->engine = shop_open();
    s->guest = session_guest(s->engine);
    s->system = session_system(s->engine);
    s->mate = sale_variant(s->engine, "MATE", 1000, 10);
    s->book = sale_variant(s->engine, "BOOK", 250, -1);
    assert_ok(s->guest, ec_cart_open(s->guest, &cart));
    assert_ok(s->guest, ec_session_cart_token(s->guest, cart->token));
    s->cart = cart->id;
    ec_free(cart);
    *state = s;
    return 0;
}

static int tear_down(void **state)
{
    shop *s = *state;
    ec_session_close(s->guest);
    ec_session_close(s->system);
    shop_close(s->engine);
    free(s);
    return 0;
}

static ec_id customer(shop *s, const char *email)
{
    char sql[512];
    (void)snprintf(sql, sizeof(sql),
                   "INSERT INTO users (email, name, role, email_verified, is_active, version,"
                   " created_at, updated_at) VALUES ('%s', 'X', 'customer', 1, 1, 1, 1, 1)",
                   email);
    shop_sql(s->engine, sql);
    return shop_sql_int(s->engine, "SELECT MAX(id) FROM users");
}

static ec_cart *add(shop *s, ec_id variant, int64_t quantity)
{
    ec_cart *cart = NULL;
    assert_ok(s->guest, ec_cart_add(s->guest, s->cart, variant, quantity, -1, &cart));
    return cart;
}

static ec_cart *get(shop *s)
{
    ec_cart *cart = NULL;
    assert_ok(s->guest, ec_cart_get(s->guest, s->cart, &cart));
    return cart;
}

/* An add that is refused and changes nothing. */
static void refused(shop *s, ec_id variant, int64_t quantity, int64_t price, ec_status status,
                    const char *field, const char *rule)
{
    ec_cart *before = get(s), *after = NULL, *out = NULL;
    assert_status(s->guest, ec_cart_add(s->guest, s->cart, variant, quantity, price, &out), status);
    assert_null(out);
    if (field != NULL) assert_field_error(s->guest, field, rule);
    after = get(s);
    assert_int_equal(before->version, after->version);
    assert_int_equal(before->quantity, after->quantity);
    assert_int_equal(before->total, after->total);
    ec_free(before);
    ec_free(after);
}

/* ---- opening ---- */

static void cart_open__gives_a_visitor_a_secret_once(void **state)
{
    shop *s = *state;
    ec_cart *cart = NULL, *again = NULL;
    ec_session *other = session_guest(s->engine);
    assert_ok(other, ec_cart_open(other, &cart));
    assert_non_null(cart->token);
    assert_int_equal(strlen(cart->token), 32);
    assert_int_not_equal(cart->id, s->cart);
    assert_string_equal(cart->currency, "CLP");
    assert_int_equal(cart->expires_at, world_now() + INT64_C(2592000000));
    assert_ok(other, ec_session_cart_token(other, cart->token));
    assert_ok(other, ec_cart_open(other, &again));
    assert_int_equal(again->id, cart->id);
    assert_null(again->token);
    char sql[256];
    (void)snprintf(sql, sizeof(sql), "SELECT COUNT(*) FROM carts WHERE token_hash = '%s'",
                   cart->token);
    assert_int_equal(shop_sql_int(s->engine, sql), 0);
    ec_free(cart);
    ec_free(again);
    ec_session_close(other);
}

static void cart_open__gives_a_customer_one_cart_on_all_devices(void **state)
{
    shop *s = *state;
    ec_id user = customer(s, "eva@example.com");
    ec_session *phone = session_customer(s->engine, user);
    ec_session *desk = session_customer(s->engine, user);
    ec_cart *one = NULL, *two = NULL;
    assert_ok(phone, ec_cart_open(phone, &one));
    assert_ok(desk, ec_cart_open(desk, &two));
    assert_int_equal(one->id, two->id);
    assert_int_equal(one->user_id, user);
    assert_null(one->token);
    ec_free(one);
    ec_free(two);
    ec_session_close(phone);
    ec_session_close(desk);
}

static void cart__of_another_is_not_found(void **state)
{
    shop *s = *state;
    ec_cart *out = NULL;
    ec_session *others[3] = {session_guest(s->engine), session_guest(s->engine),
                             session_customer(s->engine, customer(s, "eva@example.com"))};
    assert_ok(others[1], ec_session_cart_token(others[1], "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"));
    ec_free(add(s, s->mate, 1));
    for (size_t i = 0; i < 3; i++) {
        ec_session *x = others[i];
        assert_status(x, ec_cart_get(x, s->cart, &out), EC_NOT_FOUND);
        assert_status(x, ec_cart_add(x, s->cart, s->mate, 1, -1, &out), EC_NOT_FOUND);
        assert_status(x, ec_cart_set(x, s->cart, 1, 1, &out), EC_NOT_FOUND);
        assert_status(x, ec_cart_remove(x, s->cart, 1, &out), EC_NOT_FOUND);
        assert_status(x, ec_cart_clear(x, s->cart, &out), EC_NOT_FOUND);
        assert_status(x, ec_cart_acknowledge(x, s->cart, &out), EC_NOT_FOUND);
        assert_null(out);
        ec_session_close(x);
    }
    assert_status(s->guest, ec_cart_get(s->guest, INT64_MAX, &out), EC_NOT_FOUND);
    assert_status(s->guest, ec_cart_get(s->guest, 0, &out), EC_NOT_FOUND);
    assert_status(s->guest, ec_cart_get(s->guest, -5, &out), EC_NOT_FOUND);
}

static void cart_token__is_refused_when_it_cannot_be_one(void **state)
{
    shop *s = *state;
    assert_status(s->guest, ec_session_cart_token(s->guest, ""), EC_INVALID);
    assert_status(s->guest, ec_session_cart_token(s->guest, "' OR 1=1 --"), EC_INVALID);
    ec_free(get(s));
}

/* ---- adding ---- */

static void cart_add__raises_the_quantity_of_what_is_there(void **state)
{
    shop *s = *state;
    ec_free(add(s, s->mate, 2));
    ec_cart *cart = add(s, s->mate, 3);
    assert_int_equal(cart->items_count, 1);
    assert_int_equal(cart->items[0].quantity, 5);
    assert_int_equal(cart->items[0].total, 5000);
    assert_int_equal(cart->items[0].available, 10);
    assert_int_equal(cart->total, 5000);
    assert_int_equal(cart->quantity, 5);
    assert_int_equal(cart->notices_count, 0);
    assert_int_equal(cart->version, 3);
    ec_free(cart);
    cart = add(s, s->book, 2);
    assert_int_equal(cart->items_count, 2);
    assert_int_equal(cart->items[1].available, -1);
    assert_int_equal(cart->total, 5500);
    ec_cart *read = get(s);
    char *one = NULL, *two = NULL;
    assert_ok(s->system, ec_to_json(s->system, "cart", cart, &one));
    assert_ok(s->system, ec_to_json(s->system, "cart", read, &two));
    assert_string_equal(one, two);
    ec_free(one);
    ec_free(two);
    ec_free(cart);
    ec_free(read);
}

static void cart_add__rejects_quantities_out_of_range(void **state)
{
    shop *s = *state;
    refused(s, s->book, 0, -1, EC_INVALID, "quantity", "min");
    refused(s, s->book, -1, -1, EC_INVALID, "quantity", "min");
    refused(s, s->book, INT64_MIN, -1, EC_INVALID, "quantity", "min");
    refused(s, s->book, 10000, -1, EC_INVALID, "quantity", "max");
    refused(s, s->book, INT64_MAX, -1, EC_INVALID, "quantity", "max");
    ec_free(add(s, s->book, 9999));
    refused(s, s->book, 1, -1, EC_INVALID, "quantity", "max");
}

static void cart_add__rejects_more_than_there_is(void **state)
{
    shop *s = *state;
    refused(s, s->mate, 11, -1, EC_OUT_OF_STOCK, "quantity", "stock");
    ec_free(add(s, s->mate, 7));
    refused(s, s->mate, 4, -1, EC_OUT_OF_STOCK, "quantity", "stock");
    ec_free(add(s, s->mate, 3));
    shop_sql(s->engine, "UPDATE product_variants SET backorder = 1;"
                        "UPDATE inventory SET backorder = 1");
    ec_free(add(s, s->mate, 30));
}

static void cart_add__rejects_what_is_not_sold(void **state)
{
    shop *s = *state;
    refused(s, 999999, 1, -1, EC_NOT_FOUND, "variant_id", "reference");
    refused(s, 0, 1, -1, EC_NOT_FOUND, "variant_id", "reference");
    refused(s, INT64_MIN, 1, -1, EC_NOT_FOUND, "variant_id", "reference");
    static const char *const ways[] = {
        "UPDATE product_variants SET is_active = 0",
        "UPDATE product_variants SET is_active = 1; UPDATE products SET status = 'draft'",
        "UPDATE products SET status = 'active', published_at = 9999999999999",
        "UPDATE products SET published_at = NULL, unpublished_at = 1",
        "UPDATE products SET unpublished_at = NULL, currency = 'USD'",
    };
    for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
        shop_sql(s->engine, ways[i]);
        refused(s, s->mate, 1, -1, EC_NOT_FOUND, "variant_id", "unavailable");
    }
    shop_sql(s->engine, "UPDATE products SET currency = 'CLP'");
    ec_free(add(s, s->mate, 1));
}

static void cart_add__compares_the_price_that_was_shown(void **state)
{
    shop *s = *state;
    ec_cart *cart = NULL;
    refused(s, s->mate, 1, 999, EC_CHANGED, "expected_price", "changed");
    refused(s, s->mate, 1, -2, EC_INVALID, "expected_price", "min");
    refused(s, s->mate, 1, INT64_MAX, EC_INVALID, "expected_price", "max");
    assert_ok(s->guest, ec_cart_add(s->guest, s->cart, s->mate, 1, 1000, &cart));
    ec_free(cart);
}

static void cart_add__uses_the_price_list_of_the_channel(void **state)
{
    shop *s = *state;
    shop_sql(
        s->engine,
        "INSERT INTO price_lists (id, code, name, currency, status, priority, version, created_at,"
        " updated_at) VALUES (1, 'web', 'Web', 'CLP', 'active', 0, 1, 1, 1);"
        "UPDATE channels SET price_list_id = 1;"
        "INSERT INTO prices (price_list_id, variant_id, min_quantity, amount)"
        " SELECT 1, id, 1, 900 FROM product_variants WHERE sku = 'MATE';"
        "INSERT INTO prices (price_list_id, variant_id, min_quantity, amount)"
        " SELECT 1, id, 5, 800 FROM product_variants WHERE sku = 'MATE'");
    ec_cart *cart = add(s, s->mate, 2);
    assert_int_equal(cart->total, 1800);
    ec_free(cart);
    cart = add(s, s->mate, 3); /* another price by the shopper's own doing is no news */
    assert_int_equal(cart->total, 4000);
    assert_int_equal(cart->notices_count, 0);
    ec_free(cart);
    shop_sql(s->engine, "UPDATE price_lists SET valid_until = 5");
    cart = get(s);
    assert_int_equal(cart->total, 5000);
    assert_int_equal(cart->notices_count, 1);
    ec_free(cart);
}

static void cart_add__refuses_amounts_beyond_the_range(void **state)
{
    shop *s = *state;
    shop_sql(s->engine, "UPDATE product_variants SET price = 999999999999999 WHERE sku = 'BOOK'");
    refused(s, s->book, 9999, -1, EC_OVERFLOW, "total", "max");
    ec_free(add(s, s->book, 1));
    refused(s, s->mate, 1, -1, EC_OVERFLOW, "total", "max");
    shop_sql(s->engine, "UPDATE product_variants SET price = 999999999999999");
    ec_cart *cart = get(s);
    ec_id item = cart->items[0].id;
    ec_free(cart);
    shop_sql(s->engine, "UPDATE cart_items SET quantity = 2");
    assert_status(s->guest, ec_cart_get(s->guest, s->cart, &cart), EC_OVERFLOW);
    assert_ok(s->guest, ec_cart_set(s->guest, s->cart, item, 1, &cart)); /* the way out */
    ec_free(cart);
}

static void cart_add_lines__adds_all_or_none(void **state)
{
    shop *s = *state;
    ec_cart *cart = NULL;
    ec_cart_line lines[3] = {{s->mate, 2, 1000}, {s->book, 1, -1}, {s->mate, 1, -1}};
    assert_status(s->guest, ec_cart_add_lines(s->guest, s->cart, lines, 3, &cart), EC_INVALID);
    assert_field_error(s->guest, "lines", "unique");
    lines[1].quantity = 0;
    lines[0].quantity = 0;
    assert_status(s->guest, ec_cart_add_lines(s->guest, s->cart, lines, 2, &cart), EC_INVALID);
    assert_field_error(s->guest, "lines[0].quantity", "min");
    assert_field_error(s->guest, "lines[1].quantity", "min");
    lines[1].quantity = 1;
    lines[0].quantity = 11;
    assert_status(s->guest, ec_cart_add_lines(s->guest, s->cart, lines, 2, &cart), EC_OUT_OF_STOCK);
    assert_field_error(s->guest, "lines[0].quantity", "stock");
    assert_int_equal(shop_sql_int(s->engine, "SELECT COUNT(*) FROM cart_items"), 0);
    lines[0].quantity = 2;
    assert_ok(s->guest, ec_cart_add_lines(s->guest, s->cart, lines, 2, &cart));
    assert_int_equal(cart->total, 2250);
    ec_free(cart);
    assert_status(s->guest, ec_cart_add_lines(s->guest, s->cart, lines, 0, &cart), EC_INVALID);
    assert_int_equal(ec_cart_add_lines(s->guest, s->cart, NULL, 1, &cart), EC_MISUSE);
}

static void cart__of_ten_thousand_lines_is_refused(void **state)
{
    shop *s = *state;
    ec_cart *cart = NULL;
    enum { MANY = 10000 };
    ec_cart_line *lines = calloc(MANY, sizeof(*lines));
    for (int i = 0; i < MANY; i++)
        lines[i] = (ec_cart_line){s->book + i, 1, -1};
    assert_status(s->guest, ec_cart_add_lines(s->guest, s->cart, lines, MANY, &cart), EC_LIMIT);
    assert_field_error(s->guest, "lines", "max_items");
    shop_sql(s->engine,
             "INSERT INTO product_variants (product_id, position, name, sku, price, weight_unit,"
             " is_active, tracked, backorder, requires_shipping, taxable, version, created_at,"
             " updated_at) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE"
             " i < 501) SELECT 1, i + 1, 'V', 'V-' || i, 10, 'g', 1, 0, 0, 1, 1, 1, 1, 1 FROM n");
    ec_id first = shop_sql_int(s->engine, "SELECT id FROM product_variants WHERE sku = 'V-1'");
    for (int i = 0; i < 500; i++)
        lines[i] = (ec_cart_line){first + i, 1, -1};
    assert_ok(s->guest, ec_cart_add_lines(s->guest, s->cart, lines, 500, &cart));
    assert_int_equal(cart->items_count, 500);
    ec_free(cart);
    refused(s, first + 500, 1, -1, EC_LIMIT, "variant_id", "max_items");
    ec_free(add(s, first, 1));
    free(lines);
}

/* ---- changing ---- */

static void cart_set__replaces_the_quantity(void **state)
{
    shop *s = *state;
    ec_cart *cart = add(s, s->mate, 2);
    ec_id item = cart->items[0].id;
    ec_free(cart);
    assert_ok(s->guest, ec_cart_set(s->guest, s->cart, item, 7, &cart));
    assert_int_equal(cart->items[0].quantity, 7);
    ec_free(cart);
    assert_status(s->guest, ec_cart_set(s->guest, s->cart, item, 11, &cart), EC_OUT_OF_STOCK);
    assert_status(s->guest, ec_cart_set(s->guest, s->cart, item, -1, &cart), EC_INVALID);
    assert_field_error(s->guest, "quantity", "min");
    assert_status(s->guest, ec_cart_set(s->guest, s->cart, item, 10000, &cart), EC_INVALID);
    assert_status(s->guest, ec_cart_set(s->guest, s->cart, item + 7, 1, &cart), EC_NOT_FOUND);
    assert_status(s->guest, ec_cart_set(s->guest, s->cart, item + 7, 0, &cart), EC_NOT_FOUND);
    assert_ok(s->guest, ec_cart_set(s->guest, s->cart, item, 0, &cart));
    assert_int_equal(cart->items_count, 0);
    assert_int_equal(cart->total, 0);
    ec_free(cart);
}

static void cart_set__always_lets_a_shopper_take_less(void **state)
{
    shop *s = *state;
    ec_cart *cart = add(s, s->mate, 8);
    ec_id item = cart->items[0].id;
    ec_free(cart);
    shop_sql(s->engine, "UPDATE inventory SET on_hand = 3");
    assert_ok(s->guest, ec_cart_set(s->guest, s->cart, item, 5, &cart));
    assert_int_equal(cart->notices_count, 1);
    assert_int_equal(cart->notices[0].kind, EC_NOTICE_SHORT);
    assert_int_equal(cart->notices[0].before, 5);
    assert_int_equal(cart->notices[0].now, 3);
    ec_free(cart);
    shop_sql(s->engine, "UPDATE products SET status = 'archived'");
    assert_ok(s->guest, ec_cart_set(s->guest, s->cart, item, 2, &cart));
    ec_free(cart);
}

static void cart_remove__takes_one_item_out(void **state)
{
    shop *s = *state;
    ec_free(add(s, s->mate, 2));
    ec_cart *cart = add(s, s->book, 2);
    ec_id item = cart->items[0].id;
    ec_free(cart);
    assert_ok(s->guest, ec_cart_remove(s->guest, s->cart, item, &cart));
    assert_int_equal(cart->items_count, 1);
    assert_int_equal(cart->total, 500);
    ec_free(cart);
    assert_status(s->guest, ec_cart_remove(s->guest, s->cart, item, &cart), EC_NOT_FOUND);
    assert_ok(s->guest, ec_cart_clear(s->guest, s->cart, &cart));
    assert_int_equal(cart->items_count, 0);
    ec_free(cart);
}

static void cart__takes_commuting_changes_of_two_devices(void **state)
{
    shop *s = *state;
    ec_id user = customer(s, "eva@example.com");
    ec_session *phone = session_customer(s->engine, user);
    ec_session *desk = session_customer(s->engine, user);
    ec_cart *one = NULL, *two = NULL;
    assert_ok(phone, ec_cart_open(phone, &one));
    ec_id id = one->id;
    assert_ok(desk, ec_cart_open(desk, &two));
    ec_free(one);
    ec_free(two);
    assert_ok(phone, ec_cart_add(phone, id, s->mate, 1, -1, &one));
    assert_ok(desk, ec_cart_add(desk, id, s->book, 1, -1, &two));
    ec_free(one);
    assert_ok(phone, ec_cart_add(phone, id, s->mate, 1, -1, &one));
    assert_int_equal(one->items_count, 2);
    assert_int_equal(one->quantity, 3);
    ec_free(one);
    ec_free(two);
    ec_session_close(phone);
    ec_session_close(desk);
}

static void cart__repeats_a_change_under_its_key_once(void **state)
{
    shop *s = *state;
    ec_cart *one = NULL, *two = NULL;
    assert_ok(s->guest, ec_session_idempotency(s->guest, "add-1"));
    assert_ok(s->guest, ec_cart_add(s->guest, s->cart, s->mate, 2, -1, &one));
    assert_ok(s->guest, ec_session_idempotency(s->guest, "add-1"));
    assert_ok(s->guest, ec_cart_add(s->guest, s->cart, s->mate, 2, -1, &two));
    assert_int_equal(two->quantity, 2);
    assert_int_equal(one->version, two->version);
    ec_free(one);
    ec_free(two);
    assert_ok(s->guest, ec_session_idempotency(s->guest, "add-1"));
    assert_status(s->guest, ec_cart_add(s->guest, s->cart, s->mate, 3, -1, &two), EC_KEY_REUSED);
}

/* ---- notices ---- */

static void cart__tells_what_changed_until_it_is_acknowledged(void **state)
{
    shop *s = *state;
    ec_free(add(s, s->mate, 2));
    ec_free(add(s, s->book, 1));
    shop_sql(s->engine, "UPDATE product_variants SET price = 1200 WHERE sku = 'MATE'");
    ec_cart *cart = get(s);
    assert_int_equal(cart->total, 2650);
    assert_int_equal(cart->notices_count, 1);
    assert_int_equal(cart->notices[0].kind, EC_NOTICE_PRICE_CHANGED);
    assert_int_equal(cart->notices[0].before, 1000);
    assert_int_equal(cart->notices[0].now, 1200);
    ec_free(cart);
    cart = add(s, s->mate, 1); /* without saying that the new price is known */
    assert_int_equal(cart->notices_count, 1);
    ec_free(cart);
    assert_ok(s->guest, ec_cart_acknowledge(s->guest, s->cart, &cart));
    assert_int_equal(cart->notices_count, 0);
    assert_int_equal(cart->items[0].unit_price, 1200);
    ec_free(cart);
    shop_sql(s->engine, "UPDATE product_variants SET is_active = 0 WHERE sku = 'MATE'");
    cart = get(s);
    assert_int_equal(cart->notices[0].kind, EC_NOTICE_UNAVAILABLE);
    assert_false(cart->items[0].is_available);
    assert_int_equal(cart->total, 250);
    ec_free(cart);
}

/* ---- the end ---- */

static void cart__expires_when_nobody_touches_it(void **state)
{
    shop *s = *state;
    ec_cart *cart = NULL;
    int64_t ended = 0;
    const int64_t day = INT64_C(86400000);
    world_advance(29 * day);
    ec_free(add(s, s->mate, 1)); /* its time begins anew */
    world_advance(29 * day);
    assert_ok(s->system, ec_cart_sweep(s->system, 0, &ended));
    assert_int_equal(ended, 0);
    world_advance(day);
    refused(s, s->mate, 1, -1, EC_STATE, NULL, NULL);
    cart = get(s);
    assert_int_equal(cart->status, EC_CART_EXPIRED);
    ec_free(cart);
    assert_ok(s->system, ec_cart_sweep(s->system, 0, &ended));
    assert_int_equal(ended, 1);
    assert_ok(s->system, ec_cart_sweep(s->system, 0, NULL));
    assert_int_equal(shop_sql_int(s->engine, "SELECT COUNT(*) FROM events"
                                             " WHERE type = 'cart.expired'"),
                     1);
    assert_ok(s->guest, ec_cart_open(s->guest, &cart)); /* a fresh one, with a new secret */
    assert_int_not_equal(cart->id, s->cart);
    assert_non_null(cart->token);
    ec_free(cart);
}

static void cart_sweep__is_for_the_system(void **state)
{
    shop *s = *state;
    int64_t ended = 7;
    assert_status(s->guest, ec_cart_sweep(s->guest, 0, &ended), EC_DENIED);
    assert_int_equal(ended, 0);
    assert_status(s->system, ec_cart_sweep(s->system, -1, &ended), EC_INVALID);
    assert_status(s->system, ec_cart_sweep(s->system, INT64_MAX, &ended), EC_INVALID);
}

static void cart_sweep__takes_no_key(void **state)
{
    shop *s = *state;
    int64_t ended = 7;
    world_advance(INT64_C(30) * 86400000);
    assert_ok(s->system, ec_session_idempotency(s->system, "sweep"));
    assert_status(s->system, ec_cart_sweep(s->system, 0, &ended), EC_UNSUPPORTED);
    assert_int_equal(ended, 0);
    assert_ok(s->system, ec_cart_sweep(s->system, 0, &ended)); /* the key is gone */
    assert_int_equal(ended, 1);
}

static void cart_find__shows_abandoned_carts_to_staff(void **state)
{
    shop *s = *state;
    ec_cart_list *list = NULL;
    ec_cart_filter filter = {.status = "open", .with_items = true};
    ec_session *staff = session_staff(s->engine);
    assert_ok(staff, ec_cart_find(staff, NULL, NULL, &list));
    assert_int_equal(list->items_count, 1);
    ec_free(list);
    assert_ok(staff, ec_cart_find(staff, &filter, NULL, &list));
    assert_int_equal(list->items_count, 0);
    ec_free(list);
    ec_free(add(s, s->mate, 1));
    world_advance(1000);
    filter.untouched_since = world_now();
    filter.channel_id = 1;
    filter.newest_first = true;
    assert_ok(staff, ec_cart_find(staff, &filter, &(ec_page){.total = true}, &list));
    assert_int_equal(list->items_count, 1);
    assert_int_equal(list->total, 1);
    assert_int_equal(list->items[0].id, s->cart);
    ec_free(list);
    filter.user_id = 5;
    assert_ok(staff, ec_cart_find(staff, &filter, NULL, &list));
    assert_int_equal(list->items_count, 0);
    ec_free(list);
    filter.status = "lost";
    assert_status(staff, ec_cart_find(staff, &filter, NULL, &list), EC_INVALID);
    assert_field_error(staff, "status", "enum");
    assert_status(s->guest, ec_cart_find(s->guest, NULL, NULL, &list), EC_DENIED);
    ec_session_close(staff);
}

static void cart__refuses_null(void **state)
{
    shop *s = *state;
    ec_cart *cart = NULL;
    ec_cart_list *list = NULL;
    assert_int_equal(ec_cart_open(NULL, &cart), EC_MISUSE);
    assert_int_equal(ec_cart_open(s->guest, NULL), EC_MISUSE);
    assert_int_equal(ec_cart_get(NULL, 1, &cart), EC_MISUSE);
    assert_int_equal(ec_cart_get(s->guest, s->cart, NULL), EC_MISUSE);
    assert_int_equal(ec_cart_add(NULL, 1, 1, 1, -1, &cart), EC_MISUSE);
    assert_int_equal(ec_cart_add(s->guest, s->cart, s->mate, 1, -1, NULL), EC_MISUSE);
    assert_int_equal(ec_cart_set(NULL, 1, 1, 1, &cart), EC_MISUSE);
    assert_int_equal(ec_cart_remove(NULL, 1, 1, &cart), EC_MISUSE);
    assert_int_equal(ec_cart_clear(NULL, 1, &cart), EC_MISUSE);
    assert_int_equal(ec_cart_acknowledge(NULL, 1, &cart), EC_MISUSE);
    assert_int_equal(ec_cart_merge(NULL, &cart), EC_MISUSE);
    assert_int_equal(ec_cart_find(NULL, NULL, NULL, &list), EC_MISUSE);
    assert_int_equal(ec_cart_sweep(NULL, 0, NULL), EC_MISUSE);
}

static void cart__takes_as_many_statements_for_a_hundred_items_as_for_one(void **state)
{
    shop *s = *state;
    ec_counters before, after;
    uint64_t one = 0;
    char sku[16];
    ec_cart *cart = NULL;
    ec_cart_line lines[100];
    for (int i = 0; i < 100; i++) {
        (void)snprintf(sku, sizeof(sku), "M-%d", i);
        lines[i] = (ec_cart_line){sale_variant(s->engine, sku, 10, 5), 1, -1};
    }
    ec_free(add(s, s->mate, 1));
    for (int round = 0; round < 2; round++) {
        assert_ok(s->guest, ec_engine_counters(s->engine, &before));
        ec_free(get(s));
        ec_free(add(s, s->mate, 1));
        assert_ok(s->guest, ec_cart_acknowledge(s->guest, s->cart, &cart));
        ec_free(cart);
        assert_ok(s->guest, ec_engine_counters(s->engine, &after));
        if (round == 0) {
            one = after.statements - before.statements;
            assert_ok(s->guest, ec_cart_add_lines(s->guest, s->cart, lines, 100, &cart));
            ec_free(cart);
        }
    }
    assert_int_equal(after.statements - before.statements, one);
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        CASE(cart_open__gives_a_visitor_a_secret_once),
        CASE(cart_open__gives_a_customer_one_cart_on_all_devices),
        CASE(cart__of_another_is_not_found),
        CASE(cart_token__is_refused_when_it_cannot_be_one),
        CASE(cart_add__raises_the_quantity_of_what_is_there),
        CASE(cart_add__rejects_quantities_out_of_range),
        CASE(cart_add__rejects_more_than_there_is),
        CASE(cart_add__rejects_what_is_not_sold),
        CASE(cart_add__compares_the_price_that_was_shown),
        CASE(cart_add__uses_the_price_list_of_the_channel),
        CASE(cart_add__refuses_amounts_beyond_the_range),
        CASE(cart_add_lines__adds_all_or_none),
        CASE(cart__of_ten_thousand_lines_is_refused),
        CASE(cart_set__replaces_the_quantity),
        CASE(cart_set__always_lets_a_shopper_take_less),
        CASE(cart_remove__takes_one_item_out),
        CASE(cart__takes_commuting_changes_of_two_devices),
        CASE(cart__repeats_a_change_under_its_key_once),
        CASE(cart__tells_what_changed_until_it_is_acknowledged),
        CASE(cart__expires_when_nobody_touches_it),
        CASE(cart_sweep__is_for_the_system),
        CASE(cart_sweep__takes_no_key),
        CASE(cart_find__shows_abandoned_carts_to_staff),
        CASE(cart__refuses_null),
        CASE(cart__takes_as_many_statements_for_a_hundred_items_as_for_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
