/* SPDX-License-Identifier: MIT */
/*
 * Promotions and coupons from the cart to the order and back: what is refused, what is counted,
 * what a checkout tells once, gifts, catalogue prices, and that no sequence of refunds and
 * cancellations gives back more or less than was paid.
 */
#include "harness/sale.h"

static ec_engine *engine;
static ec_session *s, *guest;
static ec_id tea, mug;

static int begin(void **state)
{
    (void)state;
    engine = shop_open();
    s = session_system(engine);
    guest = session_guest(engine);
    tea = sale_variant(engine, "TEA", 1999, 10000);
    mug = sale_variant(engine, "MUG", 4990, 10000);
    return 0;
}

static int end(void **state)
{
    (void)state;
    sale_verified(engine);
    ec_session_close(guest);
    ec_session_close(s);
    shop_close(engine);
    return 0;
}

static ec_id promote(const ec_promotion *promotion)
{
    ec_promotion *made = NULL;
    assert_ok(s, ec_promotion_create(s, promotion, &made));
    ec_id id = made->id;
    ec_free(made);
    return id;
}

static ec_id coupon_of(ec_id promotion, const char *code, int64_t usage_limit)
{
    ec_coupon coupon = {.promotion_id = promotion,
                        .code = code,
                        .usage_limit = usage_limit,
                        .is_reusable = true,
                        .is_active = true};
    ec_coupon *made = NULL;
    assert_ok(s, ec_coupon_create(s, &coupon, &made));
    ec_id id = made->id;
    ec_free(made);
    return id;
}

static ec_id save10(int64_t usage_limit)
{
    ec_promotion promotion = {.code = "save10",
                              .name = "Ten percent",
                              .actions = "order_percent_off(10%)",
                              .status = EC_PROMOTION_ACTIVE,
                              .coupon_required = true};
    ec_id id = promote(&promotion);
    coupon_of(id, "SAVE10", usage_limit);
    return id;
}

static ec_id cart_of(int64_t teas, int64_t mugs)
{
    ec_cart *cart = NULL;
    assert_ok(guest, ec_session_cart_token(guest, NULL));
    assert_ok(guest, ec_cart_open(guest, &cart));
    ec_id id = cart->id;
    assert_ok(guest, ec_session_cart_token(guest, cart->token));
    ec_free(cart);
    const ec_cart_line lines[] = {{tea, teas, -1}, {mug, mugs, -1}};
    assert_ok(guest, ec_cart_add_lines(guest, id, lines, mugs > 0 ? 2 : 1, &cart));
    ec_free(cart);
    return id;
}

static ec_checkout_request request_of(ec_id cart, const char *key)
{
    ec_checkout_request request = EC_CHECKOUT_REQUEST_INIT;
    request.cart_id = cart;
    request.key = key;
    request.email = "ana@example.com";
    request.shipping_address = &sale_address;
    return request;
}

static void give_code(ec_id cart, const char *code)
{
    ec_cart *answer = NULL;
    assert_ok(guest, ec_cart_coupon_add(guest, cart, code, &answer));
    ec_free(answer);
}

/* ---- codes ---- */

static void coupon__is_in_the_cart_the_order_and_counted(void **state)
{
    (void)state;
    ec_id promotion = save10(0);
    ec_id id = cart_of(2, 1); /* 8988 */
    ec_cart *cart = NULL;
    ec_order *order = NULL, *same = NULL;
    assert_ok(guest, ec_cart_coupon_add(guest, id, "save10", &cart)); /* in any letter case */
    assert_int_equal(cart->discount_amount, 899);
    assert_int_equal(cart->total, 8988 - 899);
    assert_int_equal(cart->coupons_count, 1);
    assert_int_equal(cart->items[0].discount_amount + cart->items[1].discount_amount, 899);
    ec_free(cart);
    assert_status(guest, ec_cart_coupon_add(guest, id, "SAVE10", &cart), EC_EXISTS);
    ec_checkout_request request = request_of(id, "k");
    request.expected_total = 8988 - 899;
    assert_ok(guest, ec_checkout(guest, &request, &order));
    assert_int_equal(order->discount_amount, 899);
    assert_ok(s, ec_order_get(s, order->id, &same));
    assert_int_equal(same->promotions_count, 1);
    assert_int_equal(same->promotions[0].promotion_id, promotion);
    assert_int_equal(same->promotions[0].amount, 899);
    assert_string_equal(same->promotions[0].code, "SAVE10");
    assert_string_equal(same->adjustments[0].kind, "order");
    assert_string_equal(same->adjustments[0].code, "SAVE10");
    ec_free(same);
    ec_promotion *used = NULL;
    assert_ok(s, ec_promotion_get(s, promotion, &used));
    assert_int_equal(used->used_count, 1);
    ec_free(used);
    ec_id order_id = order->id;
    ec_free(order);
    assert_ok(s, ec_order_cancel(s, order_id, NULL, &order));
    ec_free(order);
    assert_ok(s, ec_promotion_get(s, promotion, &used));
    assert_int_equal(used->used_count, 0);
    ec_free(used);
}

static void coupon__that_does_not_help_is_refused(void **state)
{
    (void)state;
    ec_promotion many = {.code = "many",
                         .name = "Many",
                         .conditions = "units >= 5",
                         .actions = "order_percent_off(20%)",
                         .status = EC_PROMOTION_ACTIVE,
                         .coupon_required = true};
    ec_promotion past = {.code = "past",
                         .name = "Past",
                         .actions = "order_percent_off(20%)",
                         .starts_at = 1,
                         .ends_at = WORLD_START + 1000,
                         .status = EC_PROMOTION_ACTIVE,
                         .coupon_required = true};
    coupon_of(promote(&many), "MANY", 0);
    coupon_of(promote(&past), "PAST", 0);
    save10(0);
    world_advance(2000);
    ec_id id = cart_of(2, 0);
    ec_cart *cart = NULL;
    uint64_t before = shop_checksum(engine);
    assert_status(guest, ec_cart_coupon_add(guest, id, "MANY", &cart), EC_INVALID);
    assert_field_error(guest, "code", "condition");
    assert_int_not_equal(ec_cart_coupon_add(guest, id, "PAST", &cart), EC_OK);
    assert_true(shop_checksum(engine) == before);
    give_code(id, "SAVE10");
    assert_status(guest, ec_cart_coupon_add(guest, id, "MANY", &cart), EC_LIMIT);
    assert_field_error(guest, "code", "max_items");
    assert_ok(guest, ec_cart_coupon_remove(guest, id, "save10", &cart));
    assert_int_equal(cart->coupons_count, 0);
    assert_int_equal(cart->discount_amount, 0);
    ec_free(cart);
}

static void coupon__used_up_meanwhile_is_told_once(void **state)
{
    (void)state;
    save10(1);
    ec_id one = cart_of(1, 0), two = cart_of(2, 0);
    ec_order *order = NULL;
    ec_cart *cart = NULL;
    give_code(two, "SAVE10");
    assert_ok(s, ec_cart_coupon_add(s, one, "SAVE10", &cart));
    ec_free(cart);
    ec_checkout_request request = request_of(one, "one");
    assert_ok(s, ec_checkout(s, &request, &order));
    assert_int_equal(order->discount_amount, 200);
    ec_free(order);
    request = request_of(two, "two");
    request.email = "other@example.com";
    assert_status(guest, ec_checkout(guest, &request, &order), EC_CHANGED);
    assert_field_error(guest, "coupons", "changed");
    assert_ok(guest, ec_cart_get(guest, two, &cart));
    assert_int_equal(cart->coupons_count, 0);
    ec_free(cart);
    assert_ok(guest, ec_checkout(guest, &request, &order));
    assert_int_equal(order->total_amount, 2 * 1999);
    ec_free(order);
}

static void promotion__that_ended_meanwhile_is_told_once(void **state)
{
    (void)state;
    ec_promotion sale = {.code = "sale",
                         .name = "Sale",
                         .actions = "percent_off(25%)",
                         .starts_at = 1,
                         .ends_at = WORLD_START * 2,
                         .status = EC_PROMOTION_ACTIVE};
    ec_id promotion = promote(&sale);
    ec_id id = cart_of(4, 0);
    ec_promotion *ended = NULL;
    ec_order *order = NULL;
    ec_promotion change = {.status = EC_PROMOTION_ARCHIVED};
    assert_ok(
        s, ec_promotion_update(s, promotion, &change, ec_mask_of("promotion", "status"), &ended));
    ec_free(ended);
    ec_checkout_request request = request_of(id, "k");
    assert_status(guest, ec_checkout(guest, &request, &order), EC_CHANGED);
    assert_field_error(guest, "discount_amount", "changed");
    assert_ok(guest, ec_checkout(guest, &request, &order));
    assert_int_equal(order->total_amount, 4 * 1999);
    ec_free(order);
}

static void quote__of_the_past_knows_what_is_over(void **state)
{
    (void)state;
    ec_promotion sale = {.code = "sale",
                         .name = "Sale",
                         .actions = "order_percent_off(50%)",
                         .starts_at = WORLD_START + 1000,
                         .ends_at = WORLD_START + 2000,
                         .status = EC_PROMOTION_ACTIVE};
    static const struct {
        ec_time at;
        int64_t total;
    } rows[] = {{WORLD_START + 999, 2000},
                {WORLD_START + 1000, 1000},
                {WORLD_START + 1999, 1000},
                {WORLD_START + 2000, 2000},
                {0, 2000}};
    world_set(WORLD_START);
    promote(&sale);
    for (int round = 0; round < 2; round++) { /* first all in the future, then all in the past */
        for (size_t i = 0; i < 5; i++) {
            ec_quote *quote = NULL;
            ec_quote_ask line = {.sku = "TEA", .quantity = 1, .unit_price = -1};
            ec_quote_request request = EC_QUOTE_REQUEST_INIT;
            request.lines = &line;
            request.lines_count = 1;
            request.at = rows[i].at;
            request.payment_method = "cash";
            assert_ok(s, ec_quote_make(s, &request, &quote));
            assert_int_equal(quote->total_amount, rows[i].total);
            ec_free(quote);
        }
        world_advance(5000);
    }
}

/* ---- catalogue and gifts ---- */

static void catalog__prices_are_the_same_everywhere(void **state)
{
    (void)state;
    ec_promotion sale = {.code = "sale",
                         .name = "Sale",
                         .actions = "percent_off(10%)",
                         .kind = EC_PROMOTION_CATALOG,
                         .status = EC_PROMOTION_ACTIVE};
    promote(&sale);
    ec_product *product = NULL;
    ec_product_list *list = NULL;
    ec_variant *variant = NULL;
    ec_order *order = NULL;
    ec_cart *cart = NULL;
    ec_id product_id = shop_sql_int(engine, "SELECT product_id FROM product_variants"
                                            " WHERE sku = 'MUG'");
    assert_ok(guest, ec_product_get(guest, product_id, &product));
    assert_int_equal(product->price, 4491);
    assert_int_equal(product->compare_price, 4990);
    assert_int_equal(product->variants[0].price, 4491);
    ec_free(product);
    assert_ok(s, ec_product_get(s, product_id, &product)); /* people of the shop see their own */
    assert_int_equal(product->price, 4990);
    ec_free(product);
    assert_ok(guest, ec_product_find(guest, NULL, NULL, &list));
    for (size_t i = 0; i < list->items_count; i++)
        assert_int_equal(list->items[i].price, list->items[i].id == product_id ? 4491 : 1799);
    ec_free(list);
    assert_ok(guest, ec_variant_get(guest, mug, &variant));
    assert_int_equal(variant->price, 4491);
    ec_free(variant);
    ec_id id = cart_of(1, 1);
    assert_ok(guest, ec_cart_get(guest, id, &cart));
    assert_int_equal(cart->notices_count, 0);
    assert_int_equal(cart->items[1].unit_price, 4491);
    assert_int_equal(cart->items[1].original_price, 4990);
    ec_free(cart);
    ec_checkout_request request = request_of(id, "k");
    assert_ok(guest, ec_checkout(guest, &request, &order));
    assert_int_equal(order->items[1].base_price, 4990);
    assert_int_equal(order->items[1].unit_price, 4491);
    assert_int_equal(order->total_amount, 4491 + 1799);
    ec_free(order);
}

static void gift__is_given_while_there_are_some(void **state)
{
    (void)state;
    ec_id bag = sale_variant(engine, "BAG", 900, 1);
    ec_promotion gift = {.code = "bag",
                         .name = "A bag on top",
                         .conditions = "units >= 2",
                         .actions = "gift(BAG)",
                         .status = EC_PROMOTION_ACTIVE};
    promote(&gift);
    ec_order *order = NULL;
    ec_cart *cart = NULL;
    ec_checkout_request request = request_of(cart_of(2, 0), "one");
    assert_ok(guest, ec_checkout(guest, &request, &order));
    assert_int_equal(order->items_count, 2);
    assert_true(order->items[1].is_gift);
    assert_string_equal(order->items[1].name, "Product BAG");
    assert_true(order->items[1].requires_shipping);
    assert_int_equal(order->items[1].total_amount, 0);
    assert_int_equal(order->total_amount, 2 * 1999);
    assert_int_equal(sale_committed(engine, bag), 1);
    ec_free(order);
    ec_id id = cart_of(2, 0);
    assert_ok(guest, ec_cart_get(guest, id, &cart)); /* none is left */
    assert_int_equal(cart->quote->lines_count, 1);
    ec_free(cart);
    request = request_of(id, "two");
    assert_ok(guest, ec_checkout(guest, &request, &order));
    assert_int_equal(order->items_count, 1);
    ec_free(order);
}

/* ---- while it is paid ---- */

static void coupon__is_counted_when_the_payment_came_through(void **state)
{
    (void)state;
    ec_id promotion = save10(0);
    ec_order *order = NULL;
    ec_id id = cart_of(2, 1);
    give_code(id, "SAVE10");
    ec_checkout_request request = request_of(id, "k");
    request.payment_provider = "manual";
    request.payment_method = "card";
    request.payment_token = "tok_ok";
    request.capture = true;
    assert_ok(guest, ec_checkout(guest, &request, &order));
    assert_int_equal(order->promotions_count, 1);
    assert_int_equal(order->promotions[0].promotion_id, promotion);
    assert_int_equal(order->paid_amount, 8988 - 899);
    ec_free(order);
}

static void coupon__used_up_while_it_is_paid_gives_the_money_back(void **state)
{
    (void)state;
    save10(1);
    ec_order *order = NULL;
    ec_cart *cart = NULL;
    ec_reconciliation *done = NULL;
    ec_id slow = cart_of(2, 0);
    give_code(slow, "SAVE10");
    ec_checkout_request request = request_of(slow, "slow");
    request.payment_provider = "manual";
    request.payment_method = "card";
    request.payment_token = "tok_timeout_after"; /* reserved, but nobody heard of it */
    assert_status(guest, ec_checkout(guest, &request, &order), EC_UNKNOWN);
    ec_id quick = cart_of(1, 0);
    give_code(quick, "SAVE10");
    ec_checkout_request other = request_of(quick, "quick");
    other.email = "other@example.com";
    assert_ok(guest, ec_checkout(guest, &other, &order));
    ec_free(order);
    assert_ok(s, ec_payment_reconcile(s, 0, &done));
    ec_free(done);
    assert_ok(s, ec_cart_get(s, slow, &cart));
    assert_int_equal(cart->status, EC_CART_OPEN);
    ec_free(cart);
    assert_int_equal(shop_sql_int(engine, "SELECT COUNT(*) FROM orders"), 1);
    assert_int_equal(shop_sql_int(engine, "SELECT COUNT(*) FROM payments WHERE status = 'voided'"),
                     1);
    assert_int_equal(sale_committed(engine, tea), 1);
}

/* ---- money back ---- */

static int64_t give(ec_id id, const ec_refund_request *request)
{
    ec_order *order = NULL;
    assert_ok(s, ec_order_get(s, id, &order));
    int64_t before = order->refunded_amount;
    ec_free(order);
    assert_ok(s, ec_order_refund(s, id, request, &order));
    int64_t given = order->refunded_amount - before;
    ec_free(order);
    return given;
}

static void refunds__share_discounts_to_the_last_unit(void **state)
{
    (void)state;
    save10(0);
    ec_promotion third = {.code = "third",
                          .name = "A third off mugs",
                          .actions = "percent_off(33.3%, on: sku = MUG)",
                          .status = EC_PROMOTION_ACTIVE};
    promote(&third);
    for (int round = 0; round < 15; round++) {
        char key[32];
        ec_order *order = NULL;
        ec_payment *payment = NULL;
        int64_t teas = world_pick(9) + 1, mugs = world_pick(9) + 1, given = 0;
        ec_id id = cart_of(teas, mugs);
        give_code(id, "SAVE10");
        (void)snprintf(key, sizeof key, "round-%d", round);
        ec_checkout_request request = request_of(id, key);
        request.payment_method = round % 2 == 0 ? "cash" : NULL;
        assert_ok(guest, ec_checkout(guest, &request, &order));
        int64_t paid = order->total_amount;
        ec_id order_id = order->id, items[2] = {order->items[0].id, order->items[1].id};
        assert_ok(s, ec_payment_record(s, order_id, paid, NULL, key, key, &payment));
        ec_free(payment);
        ec_free(order);
        for (int step = 0; teas + mugs > 0; step++) {
            bool first = mugs == 0 || (teas > 0 && world_pick(2) == 0);
            int64_t *left = first ? &teas : &mugs;
            ec_order_units units = {items[first ? 0 : 1], world_pick(*left) + 1};
            *left -= units.quantity;
            (void)snprintf(key, sizeof key, "step-%d", step);
            ec_refund_request refund = {.key = key, .items = &units, .items_count = 1};
            given += give(order_id, &refund);
        }
        assert_int_equal(given, paid);
    }
}

/* ---- what conditions ask about ---- */

static void conditions__know_collections_by_hand_and_by_rules(void **state)
{
    (void)state;
    ec_collection collections[] = {
        {.name = "By hand"},
        {.name = "By rules",
         .rules = "[{\"field\":\"price\",\"op\":\"greater\",\"value\":\"4000\"}]"}};
    char conditions[2][48];
    static const char *const codes[] = {"hand", "rules"};
    ec_id product = shop_sql_int(engine, "SELECT product_id FROM product_variants"
                                         " WHERE sku = 'TEA'");
    for (int i = 0; i < 2; i++) {
        ec_collection *made = NULL;
        assert_ok(s, ec_collection_create(s, &collections[i], &made));
        (void)snprintf(conditions[i], sizeof conditions[i],
                       "percent_off(50%%, on: collection = %d)", (int)made->id);
        if (i == 0) assert_ok(s, ec_collection_add(s, made->id, &product, 1));
        ec_free(made);
        ec_promotion half = {.code = codes[i],
                             .name = codes[i],
                             .actions = conditions[i],
                             .status = EC_PROMOTION_ACTIVE};
        promote(&half);
    }
    ec_id id = cart_of(1, 1);
    ec_cart *cart = NULL;
    assert_ok(guest, ec_cart_get(guest, id, &cart));
    assert_int_equal(cart->items[0].discount_amount, 1000); /* by hand */
    assert_int_equal(cart->items[1].discount_amount, 2495); /* by rules */
    ec_free(cart);
}

/* ---- edits ---- */

static void edit__keeps_the_parts_of_discount_and_tax(void **state)
{
    (void)state;
    save10(0);
    ec_tax_category category = {.code = "standard", .name = "Standard", .is_default = true};
    ec_zone_member member = {NULL, "CL", EC_ZONE_KIND_COUNTRY};
    ec_zone zone = {.code = "cl", .name = "Chile", .members = &member, .members_count = 1};
    ec_tax_category *standard = NULL;
    ec_zone *chile = NULL;
    ec_tax_rate *kept = NULL;
    assert_ok(s, ec_tax_category_create(s, &category, &standard));
    assert_ok(s, ec_zone_create(s, &zone, &chile));
    ec_tax_rate rate = {.zone_id = chile->id,
                        .category_id = standard->id,
                        .rate = 100000,
                        .name = "VAT",
                        .is_active = true};
    assert_ok(s, ec_tax_rate_create(s, &rate, &kept));
    ec_free(kept);
    ec_free(chile);
    ec_free(standard);
    ec_order *order = NULL;
    ec_id id = cart_of(10, 0); /* 19990 */
    give_code(id, "SAVE10");
    ec_checkout_request request = request_of(id, "k");
    assert_ok(guest, ec_checkout(guest, &request, &order));
    assert_int_equal(order->discount_amount, 1999);
    assert_int_equal(order->tax_amount, 1799);
    const ec_order_edit_item items[] = {
        {.order_item_id = order->items[0].id, .quantity = 10, .unit_price = 1000},
        {.variant_id = mug, .quantity = 2, .unit_price = -1}};
    ec_order_edit_request edit = EC_ORDER_EDIT_REQUEST_INIT;
    edit.items = items;
    edit.items_count = 2;
    id = order->id;
    ec_free(order);
    assert_ok(s, ec_order_edit(s, id, &edit, &order));
    assert_int_equal(order->items[0].discount_amount, 1000);
    assert_int_equal(order->items[0].tax_amount, 900);
    assert_int_equal(order->items[1].discount_amount, 0);
    assert_int_equal(order->items[1].tax_amount, 998);
    assert_int_equal(order->total_amount, 10000 - 1000 + 900 + 9980 + 998);
    ec_free(order);
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, begin, end)
    const struct CMUnitTest tests[] = {
        CASE(coupon__is_in_the_cart_the_order_and_counted),
        CASE(coupon__that_does_not_help_is_refused),
        CASE(coupon__used_up_meanwhile_is_told_once),
        CASE(promotion__that_ended_meanwhile_is_told_once),
        CASE(quote__of_the_past_knows_what_is_over),
        CASE(catalog__prices_are_the_same_everywhere),
        CASE(gift__is_given_while_there_are_some),
        CASE(coupon__is_counted_when_the_payment_came_through),
        CASE(coupon__used_up_while_it_is_paid_gives_the_money_back),
        CASE(refunds__share_discounts_to_the_last_unit),
        CASE(conditions__know_collections_by_hand_and_by_rules),
        CASE(edit__keeps_the_parts_of_discount_and_tax),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
