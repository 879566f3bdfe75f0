/* SPDX-License-Identifier: MIT */
/*
 * coupon.c - coupons one by one and in thousands, and the counting of their uses.
 */
#include "harness/goods.h"
#include "harness/harness.h"
#include "harness/sale.h"
#include "promotion/stored.h"

typedef struct shop {
    ec_engine *engine;
    ec_session *staff;
    ec_id promotion;
} shop;

static ec_id promotion_of(shop *s, ec_promotion promotion)
{
    ec_promotion *made = NULL;
    promotion.name = "Ten";
    promotion.actions = "order_percent_off(10%)";
    assert_ok(s->staff, ec_promotion_create(s->staff, &promotion, &made));
    ec_id id = made->id;
    ec_free(made);
    return id;
}

static int set_up(void **state)
{
    shop *s = calloc(1, sizeof(*s));
    s->engine = shop_open();
    s->staff = session_system(s->engine);
    s->promotion = promotion_of(s, (ec_promotion){.code = "ten", .coupon_required = true});
    *state = s;
    return 0;
}

static int tear_down(void **state)
{
    shop *s = *state;
    ec_session_close(s->staff);
    shop_close(s->engine);
    world_set(WORLD_START);
    free(s);
    return 0;
}

static ec_id coupon_of(shop *s, ec_coupon coupon)
{
    ec_coupon *made = NULL;
    if (coupon.promotion_id == 0) coupon.promotion_id = s->promotion;
    coupon.is_active = true;
    assert_ok(s->staff, ec_coupon_create(s->staff, &coupon, &made));
    ec_id id = made->id;
    ec_free(made);
    return id;
}

/* ---- one by one ------------------------------------------------------------------------------ */

static void coupon__is_found_whatever_the_letter_case(void **state)
{
    shop *s = *state;
    ec_coupon *out = NULL;
    ec_id id = coupon_of(s, (ec_coupon){.code = "Summer-10", .usage_limit = 3});
    assert_ok(s->staff, ec_coupon_by_code(s->staff, "sUMMER-10", &out));
    assert_int_equal(out->id, id);
    assert_string_equal(out->code, "Summer-10");
    assert_true(out->is_active);
    ec_coupon again = *out;
    again.code = "SUMMER-10";
    ec_coupon *made = NULL;
    assert_status(s->staff, ec_coupon_create(s->staff, &again, &made), EC_EXISTS);
    assert_field_error(s->staff, "code", "unique");
    again.code = "two words";
    assert_status(s->staff, ec_coupon_create(s->staff, &again, &made), EC_INVALID);
    assert_field_error(s->staff, "code", "word");
    again.code = "NEW";
    again.promotion_id = 99;
    assert_status(s->staff, ec_coupon_create(s->staff, &again, &made), EC_INVALID);
    assert_field_error(s->staff, "promotion_id", "reference");
    ec_free(out);
    assert_status(s->staff, ec_coupon_by_code(s->staff, "summer", &out), EC_NOT_FOUND);
}

static void update__switches_a_coupon_off(void **state)
{
    shop *s = *state;
    ec_coupon *out = NULL;
    ec_id id = coupon_of(s, (ec_coupon){.code = "A"});
    ec_coupon change = {.usage_limit = 7, .expires_at = WORLD_START + 5};
    assert_ok(s->staff,
              ec_coupon_update(s->staff, id, &change,
                               ec_mask_of("coupon", "usage_limit,expires_at,is_active"), &out));
    assert_false(out->is_active);
    assert_int_equal(out->usage_limit, 7);
    assert_int_equal(out->version, 2);
    ec_free(out);
    change.code = "B";
    assert_status(s->staff,
                  ec_coupon_update(s->staff, id, &change, ec_mask_of("coupon", "code"), &out),
                  EC_INVALID);
    assert_field_error(s->staff, "code", "immutable");
    assert_ok(s->staff, ec_coupon_delete(s->staff, id, 2));
    assert_status(s->staff, ec_coupon_get(s->staff, id, &out), EC_NOT_FOUND);
}

/* ---- many ------------------------------------------------------------------------------------ */

static void generate__makes_codes_of_the_pattern(void **state)
{
    shop *s = *state;
    ec_coupon_list *list = NULL;
    ec_coupon_request request = {.amount = 500,
                                 .pattern = "S-##-??*",
                                 .usage_limit = 1,
                                 .customer_limit = 2,
                                 .expires_at = WORLD_START + 1000};
    assert_ok(s->staff, ec_coupon_generate(s->staff, s->promotion, &request, &list));
    assert_int_equal(list->items_count, 500);
    for (size_t i = 0; i < 500; i++) {
        const char *code = list->items[i].code;
        assert_int_equal(strlen(code), 8);
        assert_int_equal(strspn(code, "S-"), 2);
        assert_int_equal(strspn(code + 2, "0123456789"), 2);
        assert_int_equal(strspn(code + 5, "0123456789ABCDEFGHJKMNPQRSTVWXYZ"), 3);
        assert_int_equal(strspn(code + 5, "0123456789"), 0);
        ec_coupon *one = NULL;
        assert_ok(s->staff, ec_coupon_by_code(s->staff, code, &one));
        assert_int_equal(one->id, list->items[i].id);
        assert_int_equal(one->usage_limit, 1);
        ec_free(one);
    }
    ec_free(list);
    assert_int_equal(shop_sql_int(s->engine, "SELECT COUNT(DISTINCT code_key) FROM coupons"), 500);
}

static void generate__makes_hexadecimal_digits_between_prefix_and_suffix(void **state)
{
    shop *s = *state;
    ec_coupon_list *list = NULL;
    ec_coupon_request request = {.amount = 20, .length = 40, .prefix = "p_", .suffix = "-s"};
    assert_ok(s->staff, ec_coupon_generate(s->staff, s->promotion, &request, &list));
    for (size_t i = 0; i < 20; i++) {
        const char *code = list->items[i].code;
        assert_int_equal(strlen(code), 44);
        assert_int_equal(strspn(code + 2, "0123456789ABCDEF"), 40);
        assert_string_equal(code + 42, "-s");
    }
    ec_free(list);
}

static void generate__stops_when_half_of_the_codes_are_taken(void **state)
{
    shop *s = *state;
    ec_coupon_list *list = NULL;
    ec_coupon_request request = {.amount = 9, .length = 1}; /* of 16 */
    assert_status(s->staff, ec_coupon_generate(s->staff, s->promotion, &request, &list),
                  EC_INVALID);
    assert_field_error(s->staff, "amount", "max");
    request.amount = 5;
    assert_ok(s->staff, ec_coupon_generate(s->staff, s->promotion, &request, &list));
    ec_free(list);
    request.amount = 4; /* nine with the five that are there */
    assert_status(s->staff, ec_coupon_generate(s->staff, s->promotion, &request, &list),
                  EC_INVALID);
    request.amount = 3;
    assert_ok(s->staff, ec_coupon_generate(s->staff, s->promotion, &request, &list));
    ec_free(list);
    assert_int_equal(shop_sql_int(s->engine, "SELECT COUNT(*) FROM coupons"), 8);
    /* Codes of another form take no place. */
    coupon_of(s, (ec_coupon){.code = "x_1"});
    request = (ec_coupon_request){.amount = 5, .pattern = "x_#"};
    assert_status(s->staff, ec_coupon_generate(s->staff, s->promotion, &request, &list),
                  EC_INVALID);
    request.amount = 4;
    assert_ok(s->staff, ec_coupon_generate(s->staff, s->promotion, &request, &list));
    ec_free(list);
}

static void generate__refuses_what_makes_no_codes(void **state)
{
    shop *s = *state;
    static const struct {
        ec_coupon_request request;
        const char *field, *rule;
    } rows[] = {
        {{.amount = 0}, "amount", "min"},
        {{.amount = EC_COUPONS_MAX + 1}, "amount", "max"},
        {{.amount = 1, .length = 41}, "length", "max"},
        {{.amount = 1, .length = 40, .prefix = "a-long-prefix-", .suffix = "and-a-suffix"},
         "length",
         "max_length"},
        {{.amount = 1, .prefix = "a b"}, "prefix", "word"},
        {{.amount = 1, .suffix = "\xff"}, "suffix", "word"},
        {{.amount = 1, .alphabet = "a"}, "alphabet", "min_length"},
        {{.amount = 1, .alphabet = "aA"}, "alphabet", "unique"},
        {{.amount = 1, .pattern = "A-#", .length = 3}, "pattern", "exclusive"},
        {{.amount = 1, .pattern = "A"}, "pattern", "word"},
        {{.amount = 1, .pattern = "A !#"}, "pattern", "word"},
        {{.amount = 1, .expires_at = WORLD_START}, "expires_at", "min"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        ec_coupon_list *list = NULL;
        assert_status(s->staff, ec_coupon_generate(s->staff, s->promotion, &rows[i].request, &list),
                      EC_INVALID);
        assert_field_error(s->staff, rows[i].field, rows[i].rule);
    }
    ec_coupon_list *list = NULL;
    ec_coupon_request one = {.amount = 1};
    assert_status(s->staff, ec_coupon_generate(s->staff, 99, &one, &list), EC_NOT_FOUND);
    assert_int_equal(shop_sql_int(s->engine, "SELECT COUNT(*) FROM coupons"), 0);
}

/* ---- uses ------------------------------------------------------------------------------------ */

typedef struct use {
    ec_id order;
    ec_promotion_user user;
    ec_promotion_applied applied[2];
    size_t count;
} use;

static ec_status spend_body(ec_session *session, void *ctx)
{
    use *u = ctx;
    return ec_promotion_spend(session, u->order, &u->user, u->applied, u->count);
}

static ec_status unspend_body(ec_session *session, void *ctx)
{
    return ec_promotion_unspend(session, ((use *)ctx)->order);
}

static ec_status spend(shop *s, ec_id order, const char *email, ec_id promotion, ec_id coupon,
                       int64_t amount)
{
    use u = {.order = order,
             .user = {.email = email, .currency = "CLP"},
             .applied = {{promotion, coupon, amount, NULL}},
             .count = 1};
    return goods_inside(s->staff, spend_body, &u);
}

static void unspend(shop *s, ec_id order)
{
    use u = {.order = order};
    assert_ok(s->staff, goods_inside(s->staff, unspend_body, &u));
}

static int64_t used(shop *s, ec_id promotion, int64_t *amount)
{
    ec_promotion *out = NULL;
    assert_ok(s->staff, ec_promotion_get(s->staff, promotion, &out));
    int64_t count = out->used_count;
    if (amount != NULL) *amount = out->used_amount;
    ec_free(out);
    return count;
}

static int64_t coupon_used(shop *s, ec_id coupon)
{
    ec_coupon *out = NULL;
    assert_ok(s->staff, ec_coupon_get(s->staff, coupon, &out));
    int64_t count = out->used_count;
    ec_free(out);
    return count;
}

static void make_orders(shop *s, int count)
{
    for (int i = 1; i <= count; i++)
        goods_order(s->engine, i);
}

static void limits__hold_and_cancelling_gives_back(void **state)
{
    shop *s = *state;
    make_orders(s, 6);
    ec_id twice = promotion_of(s, (ec_promotion){.code = "twice", .usage_limit = 2});
    assert_ok(s->staff, spend(s, 1, "a@x.cl", twice, 0, 100));
    assert_ok(s->staff, spend(s, 2, "b@x.cl", twice, 0, 100));
    assert_int_equal(used(s, twice, NULL), 2);
    assert_status(s->staff, spend(s, 3, "c@x.cl", twice, 0, 100), EC_STATE);
    assert_field_error(s->staff, "promotions", "used_up");
    assert_non_null(strstr(ec_session_error(s->staff)->items[0].message, "twice"));
    unspend(s, 1);
    unspend(s, 1); /* once more: nothing */
    assert_int_equal(used(s, twice, NULL), 1);
    assert_ok(s->staff, spend(s, 3, "c@x.cl", twice, 0, 100));
    assert_status(s->staff, ec_promotion_delete(s->staff, twice, 0), EC_IN_USE);
    /* The limit falls below what is used: nobody more, and giving back still works. */
    ec_promotion change = {.usage_limit = 1};
    ec_promotion *out = NULL;
    assert_ok(s->staff, ec_promotion_update(s->staff, twice, &change,
                                            ec_mask_of("promotion", "usage_limit"), &out));
    assert_int_equal(out->used_count, 2);
    ec_free(out);
    assert_status(s->staff, spend(s, 4, "d@x.cl", twice, 0, 100), EC_STATE);
    unspend(s, 2);
    assert_int_equal(used(s, twice, NULL), 1);
}

static void customer__is_known_by_address_for_mail(void **state)
{
    shop *s = *state;
    make_orders(s, 4);
    ec_id once = promotion_of(s, (ec_promotion){.code = "once", .customer_limit = 1});
    assert_ok(s->staff, spend(s, 1, "Ana@x.cl", once, 0, 1));
    assert_status(s->staff, spend(s, 2, "ana@X.cl", once, 0, 1), EC_STATE);
    assert_field_error(s->staff, "promotions", "customer_limit");
    assert_ok(s->staff, spend(s, 3, "eva@x.cl", once, 0, 1));
    unspend(s, 1);
    assert_ok(s->staff, spend(s, 2, "ana@x.cl", once, 0, 1));
}

static void customer_limit__that_comes_later_counts_the_past(void **state)
{
    shop *s = *state;
    make_orders(s, 5);
    ec_id open = promotion_of(s, (ec_promotion){.code = "open"});
    assert_ok(s->staff, spend(s, 1, "ana@x.cl", open, 0, 1));
    assert_ok(s->staff, spend(s, 2, "ana@x.cl", open, 0, 1));
    assert_ok(s->staff, spend(s, 3, "eva@x.cl", open, 0, 1));
    ec_promotion change = {.customer_limit = 2};
    ec_promotion *out = NULL;
    assert_ok(s->staff, ec_promotion_update(s->staff, open, &change,
                                            ec_mask_of("promotion", "customer_limit"), &out));
    ec_free(out);
    assert_status(s->staff, spend(s, 4, "ana@x.cl", open, 0, 1), EC_STATE);
    assert_ok(s->staff, spend(s, 4, "eva@x.cl", open, 0, 1));
    unspend(s, 2);
    assert_ok(s->staff, spend(s, 5, "ana@x.cl", open, 0, 1));
}

static void budget__is_never_passed(void **state)
{
    shop *s = *state;
    int64_t amount = 0;
    make_orders(s, 4);
    ec_id rich = promotion_of(s, (ec_promotion){.code = "rich", .budget = 1000, .currency = "CLP"});
    assert_ok(s->staff, spend(s, 1, "a@x.cl", rich, 0, 700));
    assert_status(s->staff, spend(s, 2, "b@x.cl", rich, 0, 301), EC_STATE);
    assert_field_error(s->staff, "promotions", "budget");
    assert_ok(s->staff, spend(s, 3, "b@x.cl", rich, 0, 300));
    assert_int_equal(used(s, rich, &amount), 2);
    assert_int_equal(amount, 1000);
    unspend(s, 1);
    assert_int_equal(used(s, rich, &amount), 1);
    assert_int_equal(amount, 300);
    assert_status(s->staff, spend(s, 4, "c@x.cl", rich, 0, 1001), EC_STATE);
}

static void attribute__limits_those_who_share_it(void **state)
{
    shop *s = *state;
    make_orders(s, 3);
    ec_id home = promotion_of(s, (ec_promotion){.code = "home",
                                                .attribute_limit = 1,
                                                .limit_attribute = EC_LIMIT_BY_ADDRESS});
    ec_address here = {.street = "Av. Uno 12", .postal_code = "243-0000", .country = "CL"};
    ec_address same = {.street = "AV UNO, 12", .postal_code = "2430000", .country = "CL"};
    ec_address other = {.street = "Av. Uno 13", .postal_code = "243-0000", .country = "CL"};
    use u = {.order = 1,
             .user = {.email = "a@x.cl", .currency = "CLP", .address = &here},
             .applied = {{home, 0, 1, NULL}},
             .count = 1};
    assert_ok(s->staff, goods_inside(s->staff, spend_body, &u));
    u.order = 2;
    u.user.email = "b@x.cl";
    u.user.address = &same;
    assert_status(s->staff, goods_inside(s->staff, spend_body, &u), EC_STATE);
    u.user.address = &other;
    assert_ok(s->staff, goods_inside(s->staff, spend_body, &u));
}

static void coupon__that_is_not_reusable_stays_spent(void **state)
{
    shop *s = *state;
    make_orders(s, 4);
    ec_id kept = coupon_of(s, (ec_coupon){.code = "KEPT", .usage_limit = 1});
    ec_id given = coupon_of(s, (ec_coupon){.code = "GIVEN", .usage_limit = 1, .is_reusable = true});
    assert_ok(s->staff, spend(s, 1, "a@x.cl", s->promotion, kept, 1));
    assert_ok(s->staff, spend(s, 2, "a@x.cl", s->promotion, given, 1));
    assert_int_equal(used(s, s->promotion, NULL), 2);
    unspend(s, 1);
    unspend(s, 2);
    assert_int_equal(used(s, s->promotion, NULL), 0);
    assert_int_equal(coupon_used(s, kept), 1);
    assert_int_equal(coupon_used(s, given), 0);
    assert_status(s->staff, spend(s, 3, "b@x.cl", s->promotion, kept, 1), EC_STATE);
    assert_field_error(s->staff, "coupons", "used_up");
    assert_non_null(strstr(ec_session_error(s->staff)->items[0].message, "KEPT"));
    assert_ok(s->staff, spend(s, 4, "b@x.cl", s->promotion, given, 1));
    assert_status(s->staff, ec_coupon_delete(s->staff, kept, 0), EC_IN_USE);
}

static void spend__counts_all_or_nothing(void **state)
{
    shop *s = *state;
    make_orders(s, 2);
    ec_id free_one = promotion_of(s, (ec_promotion){.code = "free-one"});
    ec_id full = promotion_of(s, (ec_promotion){.code = "full", .usage_limit = 1});
    assert_ok(s->staff, spend(s, 1, "a@x.cl", full, 0, 1));
    use u = {.order = 2,
             .user = {.email = "b@x.cl", .currency = "CLP"},
             .applied = {{free_one, 0, 5, NULL}, {full, 0, 5, NULL}},
             .count = 2};
    assert_status(s->staff, goods_inside(s->staff, spend_body, &u), EC_STATE);
    assert_int_equal(used(s, free_one, NULL), 0);
    assert_int_equal(used(s, full, NULL), 1);
}

/* ---- what prices know ------------------------------------------------------------------------ */

typedef struct look {
    ec_pricing in;
    const ec_pricing_usage *usage;
    size_t usage_count;
    const ec_pricing_coupon *coupons;
    ec_id ids[4];
    size_t ids_count;
    const char *codes[5];
    size_t codes_count;
} look;

static ec_status look_body(ec_session *session, void *ctx)
{
    look *l = ctx;
    ec_status status =
        ec_promotion_usage(session, &l->in, l->ids, l->ids_count, &l->usage, &l->usage_count);
    if (status == EC_OK)
        status = ec_promotion_coupons(session, &l->in, l->codes, l->codes_count, &l->coupons);
    if (status != EC_OK) return status;
    assert_int_equal(l->usage_count, 4);
    assert_string_equal(l->usage[0].rule, "used_up");
    assert_int_equal(l->usage[0].budget_left, -1);
    assert_string_equal(l->usage[1].rule, "customer_limit");
    assert_null(l->usage[2].rule);
    assert_int_equal(l->usage[2].budget_left, 400);
    assert_string_equal(l->usage[3].rule, "budget"); /* of another currency */
    assert_string_equal(l->coupons[0].problem, "used_up");
    assert_string_equal(l->coupons[0].code, "GONE");
    assert_string_equal(l->coupons[1].problem, "expired");
    assert_null(l->coupons[2].problem);
    assert_true(l->coupons[2].coupon_id != 0 && l->coupons[2].promotion_id != 0);
    assert_int_equal(l->coupons[3].coupon_id, 0);
    assert_string_equal(l->coupons[3].code, "nothing");
    assert_string_equal(l->coupons[4].problem, "customer_limit");
    return EC_OK;
}

static void prices__know_what_is_used_up(void **state)
{
    shop *s = *state;
    make_orders(s, 5);
    ec_id full = promotion_of(s, (ec_promotion){.code = "full", .usage_limit = 1});
    ec_id once = promotion_of(s, (ec_promotion){.code = "once", .customer_limit = 1});
    ec_id rich = promotion_of(s, (ec_promotion){.code = "rich", .budget = 1000, .currency = "CLP"});
    ec_id euro = promotion_of(s, (ec_promotion){.code = "euro", .budget = 1000, .currency = "EUR"});
    ec_id gone = coupon_of(s, (ec_coupon){.code = "GONE", .usage_limit = 1});
    ec_id mine = coupon_of(s, (ec_coupon){.code = "MINE", .customer_limit = 1});
    coupon_of(s, (ec_coupon){.code = "OLD", .expires_at = WORLD_START});
    coupon_of(s, (ec_coupon){.code = "GOOD", .expires_at = WORLD_START + 1, .usage_limit = 1});
    assert_ok(s->staff, spend(s, 1, "ana@x.cl", full, 0, 1));
    assert_ok(s->staff, spend(s, 2, "ana@x.cl", once, 0, 1));
    assert_ok(s->staff, spend(s, 3, "ana@x.cl", rich, 0, 600));
    assert_ok(s->staff, spend(s, 4, "eva@x.cl", s->promotion, gone, 1));
    assert_ok(s->staff, spend(s, 5, "ana@x.cl", s->promotion, mine, 1));
    look l = {.in = {.currency = "CLP", .now = WORLD_START, .customer = {.email = "ANA@x.cl"}},
              .ids = {full, once, rich, euro},
              .ids_count = 4,
              .codes = {"gone", "old", "good", "nothing", "mine"},
              .codes_count = 5};
    assert_ok(s->staff, goods_inside(s->staff, look_body, &l));
}

/* ---- in orders ------------------------------------------------------------------------------- */

static ec_order *buy(ec_session *session, ec_id variant, const char *code, const char *key,
                     const char *provider, ec_status wanted)
{
    ec_cart *cart = NULL;
    ec_order *order = NULL;
    assert_ok(session, ec_session_cart_token(session, NULL));
    assert_ok(session, ec_cart_open(session, &cart));
    ec_id id = cart->id;
    assert_ok(session, ec_session_cart_token(session, cart->token));
    ec_free(cart);
    assert_ok(session, ec_cart_add(session, id, variant, 2, -1, &cart));
    ec_free(cart);
    ec_status status = ec_cart_coupon_add(session, id, code, &cart);
    assert_int_equal(status, wanted);
    ec_free(cart);
    if (wanted != EC_OK) return NULL;
    ec_checkout_request request = EC_CHECKOUT_REQUEST_INIT;
    request.cart_id = id;
    request.key = key;
    request.email = "ana@example.com";
    request.shipping_address = &sale_address;
    request.payment_provider = provider;
    request.payment_method = provider != NULL ? "card" : "transfer";
    request.payment_token = provider != NULL ? "tok_ok" : NULL;
    request.capture = true;
    assert_ok(session, ec_checkout(session, &request, &order));
    return order;
}

static void order__spends_its_coupon_and_gives_it_back(void **state)
{
    shop *s = *state;
    ec_order *out = NULL;
    ec_promotion *changed = NULL;
    ec_session *guest = session_guest(s->engine);
    ec_id mug = sale_variant(s->engine, "MUG", 1000, 100);
    ec_promotion active = {.status = EC_PROMOTION_ACTIVE};
    assert_ok(s->staff, ec_promotion_update(s->staff, s->promotion, &active,
                                            ec_mask_of("promotion", "status"), &changed));
    ec_free(changed);
    ec_id id = coupon_of(s, (ec_coupon){.code = "Ten-1", .usage_limit = 1, .is_reusable = true});
    ec_order *order = buy(guest, mug, "TEN-1", "one", NULL, EC_OK);
    assert_int_equal(order->discount_amount, 200);
    assert_int_equal(order->total_amount, 1800);
    assert_int_equal(coupon_used(s, id), 1);
    assert_int_equal(used(s, s->promotion, NULL), 1);
    assert_null(buy(guest, mug, "ten-1", "two", NULL, EC_INVALID));
    assert_field_error(guest, "code", "used_up");
    assert_ok(s->staff, ec_order_cancel(s->staff, order->id, NULL, &out));
    ec_free(out);
    ec_free(order);
    assert_int_equal(coupon_used(s, id), 0);
    assert_int_equal(used(s, s->promotion, NULL), 0);
    order = buy(guest, mug, "ten-1", "three", "manual", EC_OK); /* paid at once */
    assert_int_equal(order->paid_amount, 1800);
    assert_int_equal(coupon_used(s, id), 1);
    ec_free(order);
    ec_session_close(guest);
    sale_verified(s->engine);
}

static void verify__finds_a_counter_that_is_wrong(void **state)
{
    shop *s = *state;
    static const char *const codes[] = {"promotion.counter", "promotion.uses", "promotion.freed"};
    ec_verify_report *report = NULL;
    ec_verify_options options = {.skip_integrity = true};
    ec_id mug = sale_variant(s->engine, "MUG", 1000, 100);
    ec_id id = promotion_of(s, (ec_promotion){.code = "all", .status = EC_PROMOTION_ACTIVE});
    const sale_line lines[] = {{mug, 1}, {0, 0}};
    ec_order *order = sale_order(s->staff, "one", lines);
    assert_int_equal(order->promotions_count, 1);
    assert_int_equal(order->promotions[0].promotion_id, id);
    sale_verified(s->engine);
    shop_sql(s->engine, "UPDATE promotion_counters SET used = used + 1;"
                        "UPDATE promotion_uses SET freed_at = 5");
    assert_ok(s->staff, ec_verify(s->staff, &options, &report));
    assert_int_equal(report->problems_count, 3);
    for (size_t i = 0; i < 3; i++)
        assert_string_equal(report->problems[i].code, codes[i]);
    ec_free(report);
    ec_free(order);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
        CASE(coupon__is_found_whatever_the_letter_case),
        CASE(update__switches_a_coupon_off),
        CASE(generate__makes_codes_of_the_pattern),
        CASE(generate__makes_hexadecimal_digits_between_prefix_and_suffix),
        CASE(generate__stops_when_half_of_the_codes_are_taken),
        CASE(generate__refuses_what_makes_no_codes),
        CASE(limits__hold_and_cancelling_gives_back),
        CASE(customer__is_known_by_address_for_mail),
        CASE(customer_limit__that_comes_later_counts_the_past),
        CASE(budget__is_never_passed),
        CASE(attribute__limits_those_who_share_it),
        CASE(coupon__that_is_not_reusable_stays_spent),
        CASE(spend__counts_all_or_nothing),
        CASE(prices__know_what_is_used_up),
        CASE(order__spends_its_coupon_and_gives_it_back),
        CASE(verify__finds_a_counter_that_is_wrong),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
