/* SPDX-License-Identifier: MIT */
/*
 * rules.c - rules of prices change while many threads ask what things cost: each quote is of one
 * version as a whole, who has changed a rule sees it at once, and what is rolled back was never
 * seen by anybody.
 */
#include <pthread.h>
#include <stdatomic.h>

#include "harness/sale.h"

#define READERS 6
#define CHANGES 60

typedef struct world {
    ec_engine *shop;
    pthread_barrier_t start;
    _Atomic bool done;
    _Atomic int failures;
    ec_id discount, surcharge;
} world;

static world all;

/* Of each version of the rules the discount in percent is 10 * n, and n the hundreds of the fee. */
static void set_rules(ec_session *s, int n, bool *good)
{
    char actions[64], calculator[64];
    ec_promotion *promotion = NULL;
    ec_shipping_method *method = NULL;
    ec_promotion change = {.actions = actions};
    ec_shipping_method fee = {.calculator = calculator};
    (void)snprintf(actions, sizeof actions, "order_percent_off(%d%%)", 10 * n);
    (void)snprintf(calculator, sizeof calculator, "flat(%d CLP)", 100 * n);
    *good =
        ec_promotion_update(s, all.discount, &change, ec_mask_of("promotion", "actions"),
                            &promotion) == EC_OK &&
        ec_shipping_method_update(s, all.surcharge, &fee,
                                  ec_mask_of("shipping_method", "calculator"), &method) == EC_OK;
    ec_free(promotion);
    ec_free(method);
}

/* 1000 less 100 n, with a fee of 100 n: n; -1 when they are of two versions. */
static int version_of(ec_session *s)
{
    ec_quote *quote = NULL;
    const ec_quote_ask line = {.sku = "TEA", .quantity = 1, .unit_price = -1};
    ec_quote_request request = EC_QUOTE_REQUEST_INIT;
    request.lines = &line;
    request.lines_count = 1;
    int n = -1;
    if (ec_quote_make(s, &request, &quote) == EC_OK &&
        quote->discount_amount == quote->shipping_amount)
        n = (int)(quote->discount_amount / 100);
    ec_free(quote);
    return n;
}

typedef struct change {
    int n;
    bool good;
} change;

static ec_status change_both(ec_session *s, void *ctx)
{
    change *c = ctx;
    set_rules(s, c->n, &c->good);
    c->good = c->good && version_of(s) == c->n; /* its own rules, before anybody else */
    return c->good ? EC_OK : EC_INVALID;
}

static ec_status change_back(ec_session *s, void *ctx)
{
    ec_status status = change_both(s, ctx);
    return status == EC_OK ? EC_CANCELLED : status;
}

static void *ask(void *ctx)
{
    (void)ctx;
    ec_session *s = session_guest(all.shop);
    (void)pthread_barrier_wait(&all.start);
    while (!all.done) {
        int n = version_of(s);
        if (n < 1 || n > 5) atomic_fetch_add(&all.failures, 1);
    }
    ec_session_close(s);
    return NULL;
}

static void *write(void *ctx)
{
    (void)ctx;
    ec_session *s = session_staff(all.shop);
    (void)pthread_barrier_wait(&all.start);
    for (int i = 0; i < CHANGES; i++) {
        change kept = {.n = i % 5 + 1}, lost = {.n = 7};
        bool fine = ec_transact(s, change_both, &kept) == EC_OK && version_of(s) == kept.n;
        fine =
            fine && ec_transact(s, change_back, &lost) == EC_CANCELLED && version_of(s) == kept.n;
        if (!fine) atomic_fetch_add(&all.failures, 1);
    }
    all.done = true;
    ec_session_close(s);
    return NULL;
}

static void make_rules(ec_session *s)
{
    ec_promotion promotion = {.code = "sale",
                              .name = "Sale",
                              .actions = "order_percent_off(10%)",
                              .status = EC_PROMOTION_ACTIVE};
    ec_shipping_method method = {.code = "post",
                                 .name = "Post",
                                 .calculator = "flat(100 CLP)",
                                 .status = EC_SHIPPING_ACTIVE};
    ec_promotion *sale = NULL;
    ec_shipping_method *post = NULL;
    assert_ok(s, ec_promotion_create(s, &promotion, &sale));
    assert_ok(s, ec_shipping_method_create(s, &method, &post));
    all.discount = sale->id;
    all.surcharge = post->id;
    ec_free(sale);
    ec_free(post);
}

static void rules__are_seen_as_a_whole_or_not_at_all(void **state)
{
    (void)state;
    pthread_t threads[READERS + 1];
    all.shop = shop_open_file(temp_path("rules.db"));
    (void)sale_variant(all.shop, "TEA", 1000, 100);
    ec_session *s = session_system(all.shop);
    make_rules(s);
    ec_session_close(s);
    pthread_barrier_init(&all.start, NULL, READERS + 1);
    for (int i = 0; i <= READERS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, i == 0 ? write : ask, NULL), 0);
    for (int i = 0; i <= READERS; i++)
        assert_int_equal(pthread_join(threads[i], NULL), 0);
    assert_int_equal(all.failures, 0);
    pthread_barrier_destroy(&all.start);
    shop_close(all.shop);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rules__are_seen_as_a_whole_or_not_at_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
