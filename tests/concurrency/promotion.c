/* SPDX-License-Identifier: MIT */
/*
 * promotion.c - many buyers and one use left: of a coupon, of a customer's share, of a budget. The
 * carts are filled first, while all of them still see the discount; then all check out at once.
 */
#include <pthread.h>
#include <stdatomic.h>

#include "harness/harness.h"
#include "harness/sale.h"

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SANITIZED 1
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITIZED 1
#endif

#ifdef SANITIZED
#define ROUNDS 3
#else
#define ROUNDS 51
#endif

enum { BUYERS = 200, THREADS = 32, PRICE = 1000, OFF = 100, BUDGET = 250 };

/* What there is one of. */
typedef enum scarce { ONE_COUPON, ONE_CUSTOMER, ONE_BUDGET, KINDS } scarce;

typedef struct buyer {
    ec_session *session;
    ec_id cart;
} buyer;

typedef struct market {
    ec_engine *engine;
    ec_session *system;
    ec_id variant, promotion;
    scarce kind;
    int round;
    buyer buyers[BUYERS];
    pthread_barrier_t barrier;
    _Atomic int next;
    _Atomic int placed, refused, wrong;
    _Atomic bool over;
} market;

static market m;

/* ---- buyers ---------------------------------------------------------------------------------- */

static void fill(buyer *b, const char *code)
{
    ec_cart *cart = NULL;
    ec_session *session = b->session = session_guest(m.engine);
    assert_ok(session, ec_cart_open(session, &cart));
    assert_ok(session, ec_session_cart_token(session, cart->token));
    b->cart = cart->id;
    ec_free(cart);
    assert_ok(session, ec_cart_add(session, b->cart, m.variant, 1, -1, &cart));
    ec_free(cart);
    assert_ok(session, ec_cart_coupon_add(session, b->cart, code, &cart));
    assert_int_equal(cart->discount_amount, OFF);
    ec_free(cart);
}

static void buy(buyer *b, int number)
{
    char email[64];
    ec_order *order = NULL;
    ec_checkout_request request = EC_CHECKOUT_REQUEST_INIT;
    snprintf(email, sizeof email, "%d-%d@example.com", m.round,
             m.kind == ONE_CUSTOMER ? 0 : number);
    request.cart_id = b->cart;
    request.key = "buy";
    request.email = email;
    request.shipping_address = &sale_address;
    ec_status status = ec_checkout(b->session, &request, &order);
    if (status == EC_OK)
        m.placed++;
    else if (status == EC_CHANGED || status == EC_STATE)
        m.refused++;
    else
        m.wrong++;
    ec_free(order);
}

static void *run(void *ctx)
{
    for (;;) {
        pthread_barrier_wait(&m.barrier);
        if (m.over) return ctx;
        for (int number = m.next++; number < BUYERS; number = m.next++)
            buy(&m.buyers[number], number);
        pthread_barrier_wait(&m.barrier);
    }
}

/* ---- rounds ---------------------------------------------------------------------------------- */

static void prepare(char code[32])
{
    ec_promotion *made = NULL;
    ec_coupon *coupon = NULL;
    snprintf(code, 32, "race-%d", m.round);
    ec_promotion promotion = {.code = code,
                              .name = "Race",
                              .actions = "order_percent_off(10%)",
                              .status = EC_PROMOTION_ACTIVE,
                              .coupon_required = true};
    ec_coupon one = {.code = code, .is_active = true};
    if (m.kind == ONE_CUSTOMER) promotion.customer_limit = 1;
    if (m.kind == ONE_COUPON) one.usage_limit = 1;
    if (m.kind == ONE_BUDGET) {
        promotion.budget = BUDGET;
        promotion.currency = "CLP";
    }
    assert_ok(m.system, ec_promotion_create(m.system, &promotion, &made));
    one.promotion_id = m.promotion = made->id;
    ec_free(made);
    assert_ok(m.system, ec_coupon_create(m.system, &one, &coupon));
    ec_free(coupon);
}

static void check(void)
{
    char sql[300];
    ec_promotion *after = NULL;
    assert_int_equal(m.wrong, 0);
    assert_int_equal(m.placed + m.refused, BUYERS);
    assert_ok(m.system, ec_promotion_get(m.system, m.promotion, &after));
    assert_int_equal(after->used_count, m.placed);
    snprintf(sql, sizeof sql,
             "SELECT COALESCE(SUM(o.discount_amount), 0) FROM orders o JOIN promotion_uses u"
             " ON u.order_id = o.id WHERE u.promotion_id = %lld",
             (long long)m.promotion);
    int64_t given = shop_sql_int(m.engine, sql);
    if (m.kind == ONE_BUDGET) {
        assert_int_equal(given, after->used_amount);
        assert_true(given <= BUDGET && given >= BUDGET - OFF);
    } else {
        assert_int_equal(m.placed, 1);
        assert_int_equal(given, OFF);
    }
    ec_free(after);
}

static void last_use__is_had_by_one(void **state)
{
    (void)state;
    char uri[512], code[32];
    pthread_t threads[THREADS];
    snprintf(uri, sizeof uri, "sqlite:%s?synchronous=off&readers=8&busy_timeout=120000",
             temp_path("promotion.db"));
    m.engine = shop_open_with(uri, (ec_options)EC_OPTIONS_INIT);
    m.system = session_system(m.engine);
    m.variant = sale_variant(m.engine, "RACE", PRICE, 1000000);
    pthread_barrier_init(&m.barrier, NULL, THREADS + 1);
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, run, NULL), 0);
    for (m.round = 0; m.round < ROUNDS; m.round++) {
        m.kind = (scarce)(m.round % KINDS);
        m.next = m.placed = m.refused = m.wrong = 0;
        prepare(code);
        for (int i = 0; i < BUYERS; i++)
            fill(&m.buyers[i], code);
        pthread_barrier_wait(&m.barrier);
        pthread_barrier_wait(&m.barrier);
        for (int i = 0; i < BUYERS; i++)
            ec_session_close(m.buyers[i].session);
        check();
    }
    m.over = true;
    pthread_barrier_wait(&m.barrier);
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    pthread_barrier_destroy(&m.barrier);
    sale_verified(m.engine);
    ec_session_close(m.system);
    shop_close(m.engine);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(last_use__is_had_by_one)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
