/* SPDX-License-Identifier: MIT */
/*
 * tax_provider.c - a tax service outside of the shop: when it is asked, what is kept of its answer,
 * and what happens without one.
 */
#include <ecommerce/sys/tax.h>

#include "harness/sale.h"

/* A service that says what the test wants. */
typedef struct service {
    ec_tax_provider base;
    int calls, closed;
    ec_status status;
    int64_t valid_ms;
    int spoil; /* which part of the answer is wrong */
    ec_tax_request seen;
    ec_tax_item first, fee;
    char country[4], category[64];
} service;

static ec_engine *engine;
static ec_session *session;
static service s;
static ec_id tea, cart_id;

static void note(service *self, const ec_tax_request *request)
{
    self->seen = *request;
    self->first = request->items[0];
    self->fee = request->items[request->items_count - 1];
    (void)snprintf(self->country, sizeof self->country, "%s",
                   request->to != NULL ? request->to->country : "-");
    (void)snprintf(self->category, sizeof self->category, "%s",
                   request->items[0].category != NULL ? request->items[0].category : "-");
}

/* A tenth of every item, and one more that is inside of the first line. */
static ec_status taxes(ec_tax_provider *provider, const ec_tax_request *request,
                       ec_tax_answer *answer)
{
    service *self = (service *)provider;
    self->calls++;
    note(self, request);
    (void)snprintf(answer->problem, sizeof answer->problem, "closed on Sundays");
    for (size_t i = 0; i < request->items_count; i++) {
        ec_tax_amount *tax = &answer->amounts[answer->count++];
        tax->line = request->items[i].line;
        tax->amount = request->items[i].amount / 10;
        tax->rate = 100000;
        (void)snprintf(tax->name, sizeof tax->name, "State");
        (void)snprintf(tax->code, sizeof tax->code, "st");
    }
    ec_tax_amount *inside = &answer->amounts[answer->count++];
    *inside = (ec_tax_amount){.line = 1, .amount = 7, .included = true};
    (void)snprintf(inside->name, sizeof inside->name, "Inside");
    answer->valid_ms = self->valid_ms;
    switch (self->spoil) {
    case 1: answer->amounts[0].amount = -1; break;
    case 2: answer->amounts[0].line = 99; break;
    case 3: inside->amount = request->items[0].amount + 1; break;
    case 4: answer->count = answer->room + 1; break;
    case 5: memset(answer->amounts[0].name, 'x', sizeof answer->amounts[0].name); break;
    case 6: answer->amounts[0].code[0] = '\xff'; break;
    case 7: answer->valid_ms = -1; break;
    case 8: answer->amounts[0].rate = -1; break;
    default: break;
    }
    return self->status;
}

static void close_service(ec_tax_provider *provider)
{
    ((service *)provider)->closed++;
}

static const ec_tax_ops ops = {EC_TAX_OPS_VERSION, "fake", taxes, close_service};

static void use(const char *provider)
{
    ec_channel *channel = NULL;
    ec_channel change = {.tax_provider = provider};
    assert_ok(session, ec_channel_update(session, 1, &change, ec_mask_of("channel", "tax_provider"),
                                         &channel));
    ec_free(channel);
}

static int setup(void **state)
{
    (void)state;
    ec_cart *cart = NULL;
    engine = shop_open();
    session = session_system(engine);
    s = (service){.base = {&ops}};
    assert_int_equal(ec_tax_register(engine, &s.base), EC_OK);
    tea = sale_variant(engine, "TEA", 1000, 100);
    use("fake");
    assert_ok(session, ec_cart_open(session, &cart));
    cart_id = cart->id;
    ec_free(cart);
    assert_ok(session, ec_cart_add(session, cart_id, tea, 2, -1, &cart));
    ec_free(cart);
    assert_ok(session, ec_cart_set_addresses(session, cart_id, &sale_address, NULL, &cart));
    ec_free(cart);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    ec_session_close(session);
    shop_close(engine);
    assert_int_equal(s.closed, 1);
    return 0;
}

static void expect_cart(int64_t added, int64_t included, const char *problem)
{
    ec_cart *cart = NULL;
    assert_ok(session, ec_cart_get(session, cart_id, &cart));
    assert_int_equal(cart->quote->tax_amount, added);
    assert_int_equal(cart->quote->tax_included, included);
    if (problem == NULL)
        assert_null(cart->quote->problem);
    else
        assert_string_equal(cart->quote->problem, problem);
    ec_free(cart);
}

static void refresh(void)
{
    ec_cart *cart = NULL;
    assert_ok(session, ec_cart_taxes_refresh(session, cart_id, &cart));
    assert_null(cart->quote->problem);
    ec_free(cart);
}

static void service__is_asked_once_and_its_amounts_hold(void **state)
{
    (void)state;
    expect_cart(0, 0, "no_tax_amounts");
    assert_int_equal(s.calls, 0); /* no reading asks */
    refresh();
    assert_int_equal(s.calls, 1);
    expect_cart(200, 7, NULL);
    expect_cart(200, 7, NULL);
    assert_int_equal(s.calls, 1);
    assert_string_equal(s.country, "CL");
    assert_string_equal(s.category, "-");
    assert_int_equal(s.seen.items_count, 1);
    assert_int_equal(s.first.line, 1);
    assert_int_equal(s.first.quantity, 2);
    assert_int_equal(s.first.amount, 2000);
    assert_true(s.first.taxable);
}

static void service__is_to_be_asked_again_when_the_cart_is_another(void **state)
{
    (void)state;
    ec_cart *cart = NULL;
    refresh();
    assert_ok(session, ec_cart_add(session, cart_id, tea, 1, -1, &cart));
    assert_int_equal(cart->quote->tax_amount, 0);
    assert_string_equal(cart->quote->problem, "no_tax_amounts");
    ec_free(cart);
    refresh();
    expect_cart(300, 7, NULL);
    ec_address other = sale_address;
    other.city = "Arica";
    assert_ok(session, ec_cart_set_addresses(session, cart_id, &other, NULL, &cart));
    assert_string_equal(cart->quote->problem, "no_tax_amounts");
    ec_free(cart);
    assert_ok(session, ec_cart_set_addresses(session, cart_id, &sale_address, NULL, &cart));
    assert_null(cart->quote->problem); /* what was asked is asked again */
    ec_free(cart);
}

static void answer__expires(void **state)
{
    (void)state;
    refresh();
    world_advance(INT64_C(15) * 60 * 1000 - 1);
    expect_cart(200, 7, NULL);
    world_advance(1);
    expect_cart(0, 0, "no_tax_amounts");
    s.valid_ms = 1000;
    refresh();
    world_advance(999);
    expect_cart(200, 7, NULL);
    world_advance(1);
    expect_cart(0, 0, "no_tax_amounts");
}

static void order__takes_the_amounts_and_none_is_made_without(void **state)
{
    (void)state;
    ec_order *order = NULL;
    ec_checkout_request request = EC_CHECKOUT_REQUEST_INIT;
    request.cart_id = cart_id;
    request.key = "tax";
    request.email = "ana@example.com";
    request.shipping_address = &sale_address;
    assert_status(session, ec_checkout(session, &request, &order), EC_INVALID);
    assert_field_error(session, "taxes", "no_tax_amounts");
    refresh();
    assert_ok(session, ec_checkout(session, &request, &order));
    assert_int_equal(order->tax_amount, 200);
    assert_int_equal(order->total_amount, 2200);
    ec_free(order);
    assert_int_equal(s.calls, 1);
}

static void service__that_fails_leaves_what_was_known(void **state)
{
    (void)state;
    ec_cart *cart = NULL;
    refresh();
    s.status = EC_DECLINED;
    assert_status(session, ec_cart_taxes_refresh(session, cart_id, &cart), EC_UNKNOWN);
    expect_cart(200, 7, NULL);
    assert_null(cart);
}

static void service__that_answers_nonsense_is_not_believed(void **state)
{
    (void)state;
    uint64_t before = shop_checksum(engine);
    for (s.spoil = 1; s.spoil <= 8; s.spoil++) {
        ec_cart *cart = NULL;
        assert_status(session, ec_cart_taxes_refresh(session, cart_id, &cart), EC_UNKNOWN);
        assert_true(shop_checksum(engine) == before);
    }
    assert_int_equal(s.calls, 8);
}

static void kept_answer__that_makes_no_sense_is_none(void **state)
{
    (void)state;
    static const char *const texts[] = {"x",
                                        "{}",
                                        "[1]",
                                        "[[1]]",
                                        "[[1,2,3,0,\"a\"]]",
                                        "[[1,\"2\",3,0,\"a\",null]]",
                                        "[[1,2,3,0,5,null]]"};
    refresh();
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        char sql[200];
        (void)snprintf(sql, sizeof sql, "UPDATE outside_quotes SET data = '%s'", texts[i]);
        shop_sql(engine, sql);
        expect_cart(0, 0, "no_tax_amounts");
    }
}

static void rates__hold_where_no_service_is_named(void **state)
{
    (void)state;
    ec_tax_import *report = NULL;
    ec_cart *cart = NULL;
    assert_ok(session, ec_tax_preset(session, "CL", &report));
    ec_free(report);
    expect_cart(0, 319, "no_tax_amounts"); /* an estimate: 2000 * 19/119 */
    use(NULL);
    expect_cart(0, 319, NULL);
    assert_ok(session, ec_cart_taxes_refresh(session, cart_id, &cart));
    assert_int_equal(cart->quote->tax_included, 319);
    ec_free(cart);
    assert_int_equal(s.calls, 0);
    use("unknown");
    assert_status(session, ec_cart_taxes_refresh(session, cart_id, &cart), EC_UNSUPPORTED);
}

static void quote__without_a_cart_is_an_estimate(void **state)
{
    (void)state;
    ec_quote *quote = NULL;
    ec_quote_ask line = {.variant_id = tea, .quantity = 1, .unit_price = -1};
    ec_quote_request request = EC_QUOTE_REQUEST_INIT;
    request.lines = &line;
    request.lines_count = 1;
    assert_ok(session, ec_quote_make(session, &request, &quote));
    assert_string_equal(quote->problem, "no_tax_amounts");
    ec_free(quote);
}

static ec_status inside(ec_session *within, void *ctx)
{
    ec_cart *cart = NULL;
    (void)ctx;
    assert_int_equal(ec_cart_taxes_refresh(within, cart_id, &cart), EC_STATE);
    return EC_OK;
}

static void service__is_not_asked_inside_of_a_transaction(void **state)
{
    (void)state;
    assert_ok(session, ec_transact(session, inside, NULL));
    assert_int_equal(s.calls, 0);
}

static void service__is_not_asked_about_nothing(void **state)
{
    (void)state;
    ec_cart *cart = NULL;
    assert_ok(session, ec_cart_clear(session, cart_id, &cart));
    ec_free(cart);
    assert_ok(session, ec_cart_taxes_refresh(session, cart_id, &cart));
    ec_free(cart);
    assert_int_equal(s.calls, 0);
    assert_status(session, ec_cart_taxes_refresh(session, 999, &cart), EC_NOT_FOUND);
    ec_session *guest = session_guest(engine);
    assert_status(guest, ec_cart_taxes_refresh(guest, cart_id, &cart), EC_NOT_FOUND);
    ec_session_close(guest);
}

static void register__refuses_what_it_cannot_use(void **state)
{
    (void)state;
    ec_tax_ops broken = ops;
    service other = {.base = {NULL}};
    assert_int_equal(ec_tax_register(engine, NULL), EC_MISUSE);
    assert_int_equal(ec_tax_register(NULL, &other.base), EC_MISUSE);
    assert_int_equal(ec_tax_register(engine, &other.base), EC_MISUSE);
    other.base.ops = &ops;
    assert_int_equal(ec_tax_register(engine, &other.base), EC_EXISTS);
    other.base.ops = &broken;
    broken.name = "";
    assert_int_equal(ec_tax_register(engine, &other.base), EC_MISUSE);
    broken.name = "other";
    broken.version = 2;
    assert_int_equal(ec_tax_register(engine, &other.base), EC_MISUSE);
    broken = (ec_tax_ops){EC_TAX_OPS_VERSION, "other", NULL, close_service};
    assert_int_equal(ec_tax_register(engine, &other.base), EC_MISUSE);
    broken = (ec_tax_ops){EC_TAX_OPS_VERSION, "other", taxes, NULL};
    assert_int_equal(ec_tax_register(engine, &other.base), EC_MISUSE);
    assert_int_equal(other.closed, 0);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(service__is_asked_once_and_its_amounts_hold),
        CASE(service__is_to_be_asked_again_when_the_cart_is_another),
        CASE(answer__expires),
        CASE(order__takes_the_amounts_and_none_is_made_without),
        CASE(service__that_fails_leaves_what_was_known),
        CASE(service__that_answers_nonsense_is_not_believed),
        CASE(kept_answer__that_makes_no_sense_is_none),
        CASE(rates__hold_where_no_service_is_named),
        CASE(quote__without_a_cart_is_an_estimate),
        CASE(service__is_not_asked_inside_of_a_transaction),
        CASE(service__is_not_asked_about_nothing),
        CASE(register__refuses_what_it_cannot_use),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
