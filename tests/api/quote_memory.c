/* SPDX-License-Identifier: MIT */
/*
 * quote_memory.c - every allocation of calls that price something fails once, and from then on for
 * ever: a status, no change, nothing lost. The rules of the shop are read anew by each call.
 */
#include "harness/sale.h"

static ec_engine *engine;
static ec_id tea, cart_id;

typedef ec_status (*call_fn)(ec_session *session, void **block);

static ec_status make_quote(ec_session *session, void **block)
{
    static const char *const codes[] = {"SAVE", "NONE"};
    const ec_quote_ask lines[] = {{.sku = "TEA", .quantity = 3, .unit_price = -1},
                                  {.variant_id = tea, .quantity = 1, .unit_price = 50}};
    ec_quote_request request = EC_QUOTE_REQUEST_INIT;
    request.lines = lines;
    request.lines_count = 2;
    request.coupons = codes;
    request.coupons_count = 2;
    request.shipping_address = &sale_address;
    request.payment_method = "cash";
    return ec_quote_make(session, &request, (ec_quote **)block);
}

static ec_status get_cart(ec_session *session, void **block)
{
    return ec_cart_get(session, cart_id, (ec_cart **)block);
}

static ec_status add_to_cart(ec_session *session, void **block)
{
    return ec_cart_add(session, cart_id, tea, 1, -1, (ec_cart **)block);
}

static ec_status add_coupon(ec_session *session, void **block)
{
    return ec_cart_coupon_add(session, cart_id, "SAVE", (ec_cart **)block);
}

static ec_status set_addresses(ec_session *session, void **block)
{
    return ec_cart_set_addresses(session, cart_id, &sale_address, &sale_address, (ec_cart **)block);
}

static ec_status set_shipping(ec_session *session, void **block)
{
    return ec_cart_set_shipping(session, cart_id, "post", (ec_cart **)block);
}

static ec_status check_out(ec_session *session, void **block)
{
    ec_checkout_request request = EC_CHECKOUT_REQUEST_INIT;
    request.cart_id = cart_id;
    request.key = "k";
    request.email = "ana@example.com";
    request.shipping_address = &sale_address;
    request.shipping_method = "post";
    return ec_checkout(session, &request, (ec_order **)block);
}

static ec_status see_product(ec_session *session, void **block)
{
    (void)session;
    ec_session *guest = NULL;
    ec_session_options options = {.version = EC_SESSION_OPTIONS_VERSION};
    options.actor = EC_ACTOR_GUEST;
    ec_status status = ec_session_open(engine, &options, &guest);
    if (status != EC_OK) return status;
    status = ec_product_get(guest, 1, (ec_product **)block);
    ec_session_close(guest);
    return status;
}

static const struct {
    const char *name;
    call_fn call;
} calls[] = {
    {"make_quote", make_quote},   {"get_cart", get_cart},           {"add_to_cart", add_to_cart},
    {"add_coupon", add_coupon},   {"set_addresses", set_addresses}, {"set_shipping", set_shipping},
    {"see_product", see_product}, {"check_out", check_out},
};

static void make_rules(ec_session *session)
{
    ec_promotion promotions[] = {
        {.code = "save",
         .name = "Save",
         .conditions = "any(tag = x or category = 1) or units >= 1",
         .actions = "order_percent_off(10%)",
         .usage_limit = 1000,
         .status = EC_PROMOTION_ACTIVE,
         .coupon_required = true},
        {.code = "bag", .name = "Bag", .actions = "gift(BAG)", .status = EC_PROMOTION_ACTIVE},
        {.code = "sale",
         .name = "Sale",
         .actions = "percent_off(5%)",
         .kind = EC_PROMOTION_CATALOG,
         .status = EC_PROMOTION_ACTIVE}};
    ec_id id = 0;
    for (size_t i = 0; i < 3; i++) {
        ec_promotion *made = NULL;
        assert_ok(session, ec_promotion_create(session, &promotions[i], &made));
        if (i == 0) id = made->id;
        ec_free(made);
    }
    ec_coupon coupon = {.promotion_id = id, .code = "SAVE", .is_active = true};
    ec_coupon *code = NULL;
    assert_ok(session, ec_coupon_create(session, &coupon, &code));
    ec_free(code);
    ec_shipping_method method = {.code = "post",
                                 .name = "Post",
                                 .calculator = "flat(1000 CLP)",
                                 .status = EC_SHIPPING_ACTIVE};
    ec_shipping_method *made = NULL;
    assert_ok(session, ec_shipping_method_create(session, &method, &made));
    ec_free(made);
}

static void make_taxes(ec_session *session)
{
    ec_tax_category category = {.code = "standard", .name = "Standard", .is_default = true};
    ec_tax_category *standard = NULL;
    ec_zone_member member = {NULL, "CL", EC_ZONE_KIND_COUNTRY};
    ec_zone zone = {.code = "cl", .name = "Chile", .members = &member, .members_count = 1};
    ec_zone *chile = NULL;
    ec_tax_rate *made = NULL;
    assert_ok(session, ec_tax_category_create(session, &category, &standard));
    assert_ok(session, ec_zone_create(session, &zone, &chile));
    ec_tax_rate rate = {.zone_id = chile->id,
                        .category_id = standard->id,
                        .rate = 190000,
                        .name = "IVA",
                        .is_active = true};
    assert_ok(session, ec_tax_rate_create(session, &rate, &made));
    ec_free(made);
    ec_free(chile);
    ec_free(standard);
}

static void fresh_shop(void)
{
    engine = shop_open();
    ec_session *session = session_system(engine);
    ec_cart *cart = NULL;
    tea = sale_variant(engine, "TEA", 1999, 100);
    (void)sale_variant(engine, "BAG", 500, 10);
    make_rules(session);
    make_taxes(session);
    assert_ok(session, ec_cart_open(session, &cart));
    cart_id = cart->id;
    ec_free(cart);
    assert_ok(session, ec_cart_add(session, cart_id, tea, 2, -1, &cart));
    ec_free(cart);
    ec_session_close(session);
}

/* false: the n-th allocation was not reached. *done: it went well all the same. */
static bool fail_at(size_t index, int64_t n, bool ever, bool *done)
{
    ec_session *session = session_system(engine);
    void *block = NULL;
    shop_sql(engine, "UPDATE rule_versions SET version = version + 1");
    uint64_t before = shop_checksum(engine);
    world_fail(n, ever);
    ec_status status = calls[index].call(session, &block);
    bool failed = world_failed();
    world_fail(0, false);
    if (status != EC_OK && status != EC_NO_MEMORY)
        fail_msg("%s, allocation %d: %s", calls[index].name, (int)n, ec_status_name(status));
    if (status != EC_OK) {
        assert_null(block);
        assert_true(shop_checksum(engine) == before);
    }
    ec_free(block);
    ec_session_close(session);
    *done = status == EC_OK;
    return failed;
}

static void memory__every_allocation_of_prices_may_fail(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++) {
        for (int ever = 0; ever < 2; ever++) {
            int64_t outside = world_blocks();
            bool more = true, done = false;
            fresh_shop();
            for (int64_t n = 1; more; n++) {
                more = fail_at(i, n, ever != 0, &done);
                if (!done || !more) continue;
                shop_close(engine);
                fresh_shop();
            }
            shop_close(engine);
            assert_int_equal(world_blocks(), outside);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(memory__every_allocation_of_prices_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
