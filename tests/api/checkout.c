/* SPDX-License-Identifier: MIT */
/*
 * checkout.c - from a cart to an order without a provider: what is asked, what is frozen, what is
 * repeated, and what a refusal leaves behind.
 */
#include "harness/harness.h"
#include "harness/sale.h"

typedef struct shop {
    ec_engine *engine;
    ec_session *guest;
    ec_session *system;
    ec_id cart;
    ec_id mate;  /* 30 units at 25990 */
    ec_id drill; /* 5 units at 249990 */
    ec_id book;  /* untracked at 1990 */
} shop;

static int set_up(void **state)
{
    shop *s = calloc(1, sizeof(*s));
    s->engine = shop_open();
    s->guest = session_guest(s->engine);
    s->system = session_system(s->engine);
    s->mate = sale_variant(s->engine, "MATE", 25990, 30);
    s->drill = sale_variant(s->engine, "DRILL", 249990, 5);
    s->book = sale_variant(s->engine, "BOOK", 1990, -1);
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

static ec_id open_cart(ec_session *session)
{
    ec_cart *cart = NULL;
    assert_ok(session, ec_cart_open(session, &cart));
    ec_id id = cart->id;
    if (cart->token != NULL) assert_ok(session, ec_session_cart_token(session, cart->token));
    ec_free(cart);
    return id;
}

static void add(ec_session *session, ec_id cart, ec_id variant, int64_t quantity)
{
    ec_cart *out = NULL;
    assert_ok(session, ec_cart_add(session, cart, variant, quantity, -1, &out));
    ec_free(out);
}

static ec_checkout_request request_for(ec_id cart, const char *key)
{
    ec_checkout_request request = EC_CHECKOUT_REQUEST_INIT;
    request.cart_id = cart;
    request.key = key;
    request.email = "ana@example.com";
    request.shipping_address = &sale_address;
    return request;
}

/* A cart with two units of mate. */
static ec_checkout_request ready(shop *s, const char *key)
{
    s->cart = open_cart(s->guest);
    add(s->guest, s->cart, s->mate, 2);
    return request_for(s->cart, key);
}

static void refused(shop *s, const ec_checkout_request *request, ec_status status,
                    const char *field, const char *rule)
{
    ec_order *order = NULL;
    int64_t events = shop_sql_int(s->engine, "SELECT COUNT(*) FROM events");
    assert_status(s->guest, ec_checkout(s->guest, request, &order), status);
    if (field != NULL) assert_field_error(s->guest, field, rule);
    assert_null(order);
    assert_int_equal(shop_sql_int(s->engine, "SELECT COUNT(*) FROM orders"), 0);
    assert_int_equal(shop_sql_int(s->engine, "SELECT COUNT(*) FROM reservations"), 0);
    assert_int_equal(shop_sql_int(s->engine, "SELECT COUNT(*) FROM events"), events);
    assert_int_equal(shop_sql_int(s->engine, "SELECT COUNT(*) FROM carts WHERE status = 'open'"),
                     1);
}

static char *json_of(shop *s, const ec_order *order)
{
    char *text = NULL;
    assert_ok(s->system, ec_to_json(s->system, "order", order, &text));
    return text;
}

/* ---- what comes out ---- */

static void checkout__makes_an_order_of_everything_in_the_cart(void **state)
{
    shop *s = *state;
    ec_checkout_request request = ready(s, "k-1");
    add(s->guest, s->cart, s->book, 3);
    request.note = "Leave it with the neighbour \xF0\x9F\x8F\xA0";
    ec_order *order = NULL;
    assert_ok(s->guest, ec_checkout(s->guest, &request, &order));
    assert_string_equal(order->order_number, "1001");
    assert_int_equal(order->items_count, 2);
    assert_int_equal(order->subtotal, 2 * 25990 + 3 * 1990);
    assert_int_equal(order->total_amount, order->subtotal);
    assert_string_equal(order->items[0].sku, "MATE");
    assert_int_equal(order->items[0].quantity, 2);
    assert_int_equal(order->items[0].total_amount, 51980);
    assert_true(order->items[0].tracked);
    assert_false(order->items[1].tracked);
    assert_string_equal(order->email, "ana@example.com");
    assert_string_equal(order->notes, request.note);
    assert_string_equal(order->shipping_address->city, "Santiago");
    assert_string_equal(order->billing_address->city, "Santiago");
    assert_int_equal(order->status, EC_ORDER_PENDING);
    assert_int_equal(order->payment_status, EC_ORDER_PAYMENT_PENDING);
    assert_int_equal(order->fulfillment_status, EC_FULFILLMENT_UNFULFILLED);
    assert_int_equal(order->placed_at, world_now());
    assert_int_equal(sale_committed(s->engine, s->mate), 2);
    assert_int_equal(sale_on_hand(s->engine, s->mate), 30);
    ec_free(order);
}

static void checkout__answers_from_memory_what_is_stored(void **state)
{
    shop *s = *state;
    ec_checkout_request request = ready(s, "k-1");
    ec_order *order = NULL, *stored = NULL;
    add(s->guest, s->cart, s->book, 3);
    assert_ok(s->guest, ec_checkout(s->guest, &request, &order));
    assert_ok(s->system, ec_order_get(s->system, order->id, &stored));
    char *one = json_of(s, order), *two = json_of(s, stored);
    assert_string_equal(one, two);
    ec_free(one);
    ec_free(two);
    ec_free(order);
    ec_free(stored);
}

static void checkout__repeated_gives_the_same_order(void **state)
{
    shop *s = *state;
    ec_checkout_request request = ready(s, "k-1");
    ec_order *first = NULL, *second = NULL;
    assert_ok(s->guest, ec_checkout(s->guest, &request, &first));
    assert_ok(s->guest, ec_checkout(s->guest, &request, &second));
    char *one = json_of(s, first), *two = json_of(s, second);
    assert_string_equal(one, two);
    assert_int_equal(shop_sql_int(s->engine, "SELECT COUNT(*) FROM orders"), 1);
    assert_int_equal(sale_committed(s->engine, s->mate), 2);
    ec_free(one);
    ec_free(two);
    ec_free(first);
    ec_free(second);
}

static void checkout__refuses_another_key_for_an_ordered_cart(void **state)
{
    shop *s = *state;
    ec_checkout_request request = ready(s, "k-1");
    ec_order *order = NULL;
    assert_ok(s->guest, ec_checkout(s->guest, &request, &order));
    ec_free(order);
    request.key = "k-2";
    assert_status(s->guest, ec_checkout(s->guest, &request, &order), EC_KEY_REUSED);
    assert_null(order);
}

static void checkout__gives_numbers_without_gaps(void **state)
{
    shop *s = *state;
    char key[16], number[16];
    for (int i = 0; i < 5; i++) {
        ec_order *order = NULL;
        ec_session *guest = session_guest(s->engine);
        ec_id cart = open_cart(guest);
        add(guest, cart, s->book, 1);
        (void)snprintf(key, sizeof(key), "k-%d", i);
        ec_checkout_request request = request_for(cart, key);
        request.email = "no address";
        assert_status(guest, ec_checkout(guest, &request, &order), EC_INVALID);
        request.email = "ana@example.com";
        assert_ok(guest, ec_checkout(guest, &request, &order));
        (void)snprintf(number, sizeof(number), "%d", 1001 + i);
        assert_string_equal(order->order_number, number);
        ec_free(order);
        ec_session_close(guest);
    }
}

static void checkout__of_nothing_to_pay_is_paid(void **state)
{
    shop *s = *state;
    ec_order *order = NULL;
    ec_id gift = sale_variant(s->engine, "GIFT", 0, 3);
    ec_id cart = open_cart(s->guest);
    add(s->guest, cart, gift, 1);
    ec_checkout_request request = request_for(cart, "k");
    request.payment_provider = "manual";
    request.payment_method = "card";
    assert_ok(s->guest, ec_checkout(s->guest, &request, &order));
    assert_int_equal(order->total_amount, 0);
    assert_int_equal(order->payment_status, EC_ORDER_PAYMENT_PAID);
    assert_int_equal(order->status, EC_ORDER_CONFIRMED);
    assert_int_equal(order->payments_count, 0);
    ec_free(order);
}

static void checkout__of_nothing_to_send_needs_no_address(void **state)
{
    shop *s = *state;
    ec_order *order = NULL;
    ec_id cart = open_cart(s->guest);
    add(s->guest, cart, s->book, 1);
    shop_sql(s->engine, "UPDATE product_variants SET requires_shipping = 0 WHERE sku = 'BOOK'");
    ec_checkout_request request = request_for(cart, "k");
    request.shipping_address = NULL;
    assert_ok(s->guest, ec_checkout(s->guest, &request, &order));
    assert_null(order->shipping_address);
    assert_null(order->billing_address);
    assert_int_equal(order->fulfillment_status, EC_FULFILLMENT_NOT_NEEDED);
    ec_free(order);
}

static void checkout__adds_a_fee_of_staff(void **state)
{
    shop *s = *state;
    ec_checkout_request request = ready(s, "k");
    ec_order *order = NULL;
    request.shipping_amount = 3990;
    refused(s, &request, EC_DENIED, "shipping_amount", "permission");
    assert_ok(s->system, ec_checkout(s->system, &request, &order));
    assert_int_equal(order->shipping_amount, 3990);
    assert_int_equal(order->total_amount, 51980 + 3990);
    ec_free(order);
}

static void checkout__takes_the_date_of_an_old_order_from_imports_only(void **state)
{
    shop *s = *state;
    ec_checkout_request request = ready(s, "k");
    ec_order *order = NULL;
    request.placed_at = 1291191960000;
    refused(s, &request, EC_DENIED, "placed_at", "permission");
    request.placed_at = world_now() + 1;
    assert_status(s->system, ec_checkout(s->system, &request, &order), EC_INVALID);
    assert_field_error(s->system, "placed_at", "max");
    request.placed_at = 1291191960000;
    assert_ok(s->system, ec_checkout(s->system, &request, &order));
    assert_int_equal(order->placed_at, 1291191960000);
    assert_int_equal(order->created_at, world_now());
    ec_free(order);
}

static void checkout__of_a_customer_uses_their_own_email(void **state)
{
    shop *s = *state;
    ec_order *order = NULL;
    shop_sql(s->engine,
             "INSERT INTO users (email, name, role, email_verified, is_active, version, created_at,"
             " updated_at) VALUES ('eva@example.com', 'Eva', 'customer', 1, 1, 1, 1, 1)");
    ec_id user = shop_sql_int(s->engine, "SELECT MAX(id) FROM users");
    ec_session *session = session_customer(s->engine, user);
    ec_id cart = open_cart(session);
    add(session, cart, s->mate, 1);
    ec_checkout_request request = request_for(cart, "k");
    request.email = "other@example.com";
    assert_ok(session, ec_checkout(session, &request, &order));
    assert_string_equal(order->email, "eva@example.com");
    assert_int_equal(order->user_id, user);
    ec_free(order);
    ec_session_close(session);
}

/* ---- what is refused ---- */

static void checkout__names_every_fault_of_the_request_at_once(void **state)
{
    shop *s = *state;
    ec_checkout_request request = ready(s, "");
    ec_address address = sale_address;
    address.city = NULL;
    address.country = "chile";
    ec_address billing = sale_address;
    billing.name = "\xff\xfe";
    request.shipping_address = &address;
    request.billing_address = &billing;
    request.email = "nobody";
    request.payment_provider = "none";
    request.expected_total = -2;
    char note[2100];
    memset(note, 'x', sizeof(note) - 1);
    note[sizeof(note) - 1] = '\0';
    request.note = note;
    refused(s, &request, EC_INVALID, "key", "required");
    ec_order *order = NULL;
    assert_status(s->guest, ec_checkout(s->guest, &request, &order), EC_INVALID);
    assert_field_error(s->guest, "shipping_address.city", "required");
    assert_int_equal(ec_session_error(s->guest)->count, 8);
    const ec_error *error = ec_session_error(s->guest);
    for (size_t i = 0; i < error->count; i++)
        assert_non_null(error->items[i].message);
    assert_field_error(s->guest, "billing_address.name", "utf8");
    assert_field_error(s->guest, "email", "email");
    assert_field_error(s->guest, "payment_provider", "reference");
    assert_field_error(s->guest, "expected_total", "min");
    assert_field_error(s->guest, "note", "max_length");
}

static void checkout__needs_email_and_address_of_a_visitor(void **state)
{
    shop *s = *state;
    ec_checkout_request request = ready(s, "k");
    request.email = NULL;
    request.shipping_address = NULL;
    refused(s, &request, EC_INVALID, "email", "required");
    refused(s, &request, EC_INVALID, "shipping_address", "required");
}

static void checkout__refuses_keys_that_are_none(void **state)
{
    shop *s = *state;
    char key[300];
    memset(key, 'k', sizeof(key));
    key[256] = '\0';
    ec_checkout_request request = ready(s, key);
    refused(s, &request, EC_INVALID, "key", "max_length");
    request.key = "a b";
    refused(s, &request, EC_INVALID, "key", "format");
    request.key = NULL;
    refused(s, &request, EC_INVALID, "key", "required");
    key[255] = '\0';
    request.key = key;
    ec_order *order = NULL;
    assert_ok(s->guest, ec_checkout(s->guest, &request, &order));
    ec_free(order);
}

static void checkout__refuses_an_empty_cart(void **state)
{
    shop *s = *state;
    ec_checkout_request request = request_for(open_cart(s->guest), "k");
    refused(s, &request, EC_STATE, NULL, NULL);
}

static void checkout__does_not_find_the_cart_of_another(void **state)
{
    shop *s = *state;
    ec_checkout_request request = ready(s, "k");
    ec_order *order = NULL;
    ec_session *other = session_guest(s->engine);
    assert_status(other, ec_checkout(other, &request, &order), EC_NOT_FOUND);
    request.cart_id = INT64_MAX;
    assert_status(s->guest, ec_checkout(s->guest, &request, &order), EC_NOT_FOUND);
    request.cart_id = -1;
    assert_status(s->guest, ec_checkout(s->guest, &request, &order), EC_INVALID);
    ec_session_close(other);
}

static void checkout__names_every_item_that_is_short(void **state)
{
    shop *s = *state;
    ec_checkout_request request = ready(s, "k");
    add(s->guest, s->cart, s->drill, 5);
    add(s->guest, s->cart, s->book, 1);
    shop_sql(s->engine, "UPDATE inventory SET on_hand = 1");
    refused(s, &request, EC_OUT_OF_STOCK, "items[0].quantity", "stock");
    ec_order *order = NULL;
    assert_status(s->guest, ec_checkout(s->guest, &request, &order), EC_OUT_OF_STOCK);
    assert_field_error(s->guest, "items[1].quantity", "stock");
    assert_int_equal(ec_session_error(s->guest)->count, 2);
}

static void checkout__tells_of_a_changed_price_once(void **state)
{
    shop *s = *state;
    ec_checkout_request request = ready(s, "k");
    ec_order *order = NULL;
    shop_sql(s->engine, "UPDATE product_variants SET price = 29990 WHERE sku = 'MATE'");
    refused(s, &request, EC_CHANGED, "items", "changed");
    assert_ok(s->guest, ec_checkout(s->guest, &request, &order));
    assert_int_equal(order->total_amount, 2 * 29990);
    ec_free(order);
}

static void checkout__compares_the_total_that_was_shown(void **state)
{
    shop *s = *state;
    ec_checkout_request request = ready(s, "k");
    ec_order *order = NULL;
    request.expected_total = 51981;
    refused(s, &request, EC_CHANGED, "expected_total", "changed");
    refused(s, &request, EC_CHANGED, "expected_total", "changed");
    request.expected_total = 51980;
    assert_ok(s->guest, ec_checkout(s->guest, &request, &order));
    ec_free(order);
}

static void checkout__refuses_what_is_not_sold_any_more(void **state)
{
    shop *s = *state;
    ec_checkout_request request = ready(s, "k");
    shop_sql(s->engine, "UPDATE products SET status = 'archived'");
    refused(s, &request, EC_CHANGED, "items[0]", "unavailable");
    refused(s, &request, EC_CHANGED, "items[0]", "unavailable");
}

static void checkout__refuses_amounts_beyond_the_range(void **state)
{
    shop *s = *state;
    ec_order *order = NULL;
    ec_checkout_request request = ready(s, "k");
    request.shipping_amount = INT64_MAX;
    assert_status(s->system, ec_checkout(s->system, &request, &order), EC_INVALID);
    assert_field_error(s->system, "shipping_amount", "max");
    request.shipping_amount = EC_AMOUNT_MAX;
    assert_status(s->system, ec_checkout(s->system, &request, &order), EC_OVERFLOW);
    assert_int_equal(shop_sql_int(s->engine, "SELECT COUNT(*) FROM orders"), 0);
}

static void checkout__takes_any_text_that_is_text(void **state)
{
    shop *s = *state;
    static const char *const texts[] = {
        "'; DROP TABLE orders; --",
        "\"quoted\" \\ back",
        "Ñuñoa <script>alert(1)</script>",
        "\xE2\x80\xAEright to left",
        "\xF0\x9F\x98\x80\xF0\x9F\x91\xBE",
        "=cmd|' /C calc'!A0",
        "%s%n%x",
        "line\nbreak\ttab",
    };
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        ec_session *guest = session_guest(s->engine);
        ec_id cart = open_cart(guest);
        ec_order *order = NULL, *stored = NULL;
        add(guest, cart, s->book, 1);
        ec_checkout_request request = request_for(cart, "k");
        ec_address address = sale_address;
        address.name = address.street = address.city = texts[i];
        request.shipping_address = &address;
        request.note = texts[i];
        assert_ok(guest, ec_checkout(guest, &request, &order));
        assert_ok(s->system, ec_order_get(s->system, order->id, &stored));
        assert_string_equal(stored->shipping_address->city, texts[i]);
        assert_string_equal(stored->notes, texts[i]);
        ec_free(order);
        ec_free(stored);
        ec_session_close(guest);
    }
}

static void checkout__refuses_null(void **state)
{
    shop *s = *state;
    ec_order *order = NULL;
    ec_checkout_request request = ready(s, "k");
    assert_int_equal(ec_checkout(NULL, &request, &order), EC_MISUSE);
    assert_int_equal(ec_checkout(s->guest, NULL, &order), EC_MISUSE);
    assert_int_equal(ec_checkout(s->guest, &request, NULL), EC_MISUSE);
}

/* ---- how it is done ---- */

static ec_status two_checkouts(ec_session *session, void *ctx)
{
    ec_id *variants = ctx;
    for (int i = 0; i < 2; i++) {
        ec_cart *cart = NULL;
        ec_order *order = NULL;
        ec_status status = ec_cart_open(session, &cart);
        if (status != EC_OK) return status;
        ec_id id = cart->id;
        ec_free(cart);
        cart = NULL;
        status = ec_cart_add(session, id, variants[i], 5, -1, &cart);
        ec_free(cart);
        if (status != EC_OK) return status;
        ec_checkout_request request = request_for(id, "k");
        status = ec_checkout(session, &request, &order);
        ec_free(order);
        if (status != EC_OK) return status;
    }
    return EC_OK;
}

static void checkout__joins_the_transaction_of_the_program(void **state)
{
    shop *s = *state;
    ec_id variants[2] = {s->mate, s->drill};
    assert_ok(s->system, ec_transact(s->system, two_checkouts, variants));
    assert_int_equal(shop_sql_int(s->engine, "SELECT COUNT(*) FROM orders"), 2);
    variants[0] = s->mate;
    assert_status(s->system, ec_transact(s->system, two_checkouts, variants), EC_OUT_OF_STOCK);
    assert_int_equal(shop_sql_int(s->engine, "SELECT COUNT(*) FROM orders"), 2);
    assert_int_equal(sale_committed(s->engine, s->mate), 5);
}

static void checkout__takes_eight_statements_however_many_items(void **state)
{
    shop *s = *state;
    static const int sizes[] = {1, 10, 100};
    ec_id variants[100];
    char sku[16], key[16];
    for (int i = 0; i < 100; i++) {
        (void)snprintf(sku, sizeof(sku), "SKU-%d", i);
        variants[i] = sale_variant(s->engine, sku, 1000 + i, 50);
    }
    ec_cart *first = NULL; /* its price reads the rules of the shop, once */
    assert_ok(s->system, ec_cart_get(s->system, open_cart(s->system), &first));
    ec_free(first);
    for (size_t k = 0; k < 3; k++) {
        ec_counters before, after;
        ec_order *order = NULL;
        ec_cart_line lines[100];
        ec_cart *cart = NULL;
        ec_session *guest = session_guest(s->engine);
        ec_id id = open_cart(guest);
        for (int i = 0; i < sizes[k]; i++)
            lines[i] = (ec_cart_line){variants[i], 2, 1000 + i};
        assert_ok(guest, ec_engine_counters(s->engine, &before));
        assert_ok(guest, ec_cart_add_lines(guest, id, lines, (size_t)sizes[k], &cart));
        assert_ok(guest, ec_engine_counters(s->engine, &after));
        assert_in_range(after.statements - before.statements, 1, 6);
        ec_free(cart);
        (void)snprintf(key, sizeof(key), "k-%zu", k);
        ec_checkout_request request = request_for(id, key);
        assert_ok(guest, ec_engine_counters(s->engine, &before));
        assert_ok(guest, ec_checkout(guest, &request, &order));
        assert_ok(guest, ec_engine_counters(s->engine, &after));
        assert_int_equal(order->items_count, sizes[k]);
        assert_in_range(after.statements - before.statements, 1, 8);
        ec_free(order);
        ec_session_close(guest);
    }
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        CASE(checkout__makes_an_order_of_everything_in_the_cart),
        CASE(checkout__answers_from_memory_what_is_stored),
        CASE(checkout__repeated_gives_the_same_order),
        CASE(checkout__refuses_another_key_for_an_ordered_cart),
        CASE(checkout__gives_numbers_without_gaps),
        CASE(checkout__of_nothing_to_pay_is_paid),
        CASE(checkout__of_nothing_to_send_needs_no_address),
        CASE(checkout__adds_a_fee_of_staff),
        CASE(checkout__takes_the_date_of_an_old_order_from_imports_only),
        CASE(checkout__of_a_customer_uses_their_own_email),
        CASE(checkout__names_every_fault_of_the_request_at_once),
        CASE(checkout__needs_email_and_address_of_a_visitor),
        CASE(checkout__refuses_keys_that_are_none),
        CASE(checkout__refuses_an_empty_cart),
        CASE(checkout__does_not_find_the_cart_of_another),
        CASE(checkout__names_every_item_that_is_short),
        CASE(checkout__tells_of_a_changed_price_once),
        CASE(checkout__compares_the_total_that_was_shown),
        CASE(checkout__refuses_what_is_not_sold_any_more),
        CASE(checkout__refuses_amounts_beyond_the_range),
        CASE(checkout__takes_any_text_that_is_text),
        CASE(checkout__refuses_null),
        CASE(checkout__joins_the_transaction_of_the_program),
        CASE(checkout__takes_eight_statements_however_many_items),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
