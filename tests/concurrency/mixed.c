/* SPDX-License-Identifier: MIT */
/*
 * mixed.c - a hundred thousand operations of every kind at once, in threads and in processes, with
 * time passing and a bank on a bad day. Afterwards the shop's books must agree with each other and
 * with a tally that the test kept by itself.
 *
 * EC_SEED=number repeats the choices of a run (not the interleaving); every run prints its seed.
 */
#include <pthread.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "harness/bank.h"
#include "harness/goods.h"
#include "harness/mix.h"
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
#define OPERATIONS 5000
#else
#define OPERATIONS 100000
#endif

enum {
    THREADS = 8,
    PROCESSES = 4,
    EACH = 2 /* threads of a process */
};

static void *work(void *ctx)
{
    mix_worker *w = ctx;
    while (w->b->left > 0 && w->b->wrong == 0) {
        mix_step(w);
    }
    return NULL;
}

/* ---- the shop ---- */

static int64_t board_clock(void *ctx)
{
    return ((mix_board *)ctx)->now;
}

static ec_engine *open_shop(mix_board *b, bank *money, const char *name)
{
    static ec_platform platform;
    char uri[512];
    platform = *world_platform();
    platform.ctx = b; /* the world's functions look at none */
    platform.now_ms = board_clock;
    snprintf(uri, sizeof uri, "sqlite:%s?synchronous=off&readers=8", temp_path(name));
    ec_engine *engine = shop_open_with(uri, (ec_options){.platform = &platform});
    bank_register(money, engine);
    return engine;
}

static void fill_warehouses(mix_board *b, ec_session *session)
{
    b->warehouses[0] = GOODS_MAIN;
    b->warehouses[1] = goods_warehouse(session, "north");
    b->warehouses[2] = goods_warehouse(session, "south");
}

/* Two variants are not tracked, two may be sold without being there. */
static void fill_variants(mix_board *b, ec_engine *engine, ec_session *session)
{
    char sku[32];
    for (int i = 0; i < MIX_VARIANTS; i++) {
        snprintf(sku, sizeof sku, "MIX-%d", i);
        b->variants[i] = sale_variant(engine, sku, 1000 + 10 * i, i < 2 ? -1 : 0);
        if (i >= 2 && i < 4) {
            goods_set(engine, b->variants[i], "backorder = 1");
            assert_ok(session, goods_backorder(session, b->variants[i], true));
        }
        for (int k = 0; k < MIX_WAREHOUSES; k++) {
            goods_receive(session, b->variants[i], b->warehouses[k], 20);
            b->on_hand[i] += 20;
        }
    }
}

static void fill_customers(mix_board *b, ec_session *session)
{
    char email[64];
    for (int i = 0; i < MIX_CUSTOMERS; i++) {
        ec_user *made = NULL;
        snprintf(email, sizeof email, "customer%d@example.com", i);
        ec_user user = {.email = email, .name = "Customer", .is_active = true};
        assert_ok(session, ec_user_create(session, &user, &made));
        b->users[i] = made->id;
        ec_free(made);
    }
}

/* A tax on top, a promotion of its own accord, and a coupon for so many orders. */
static void fill_rules(ec_session *session)
{
    ec_promotion promotions[] = {{.code = "mix-many",
                                  .name = "Many",
                                  .conditions = "units >= 4",
                                  .actions = "percent_off(7%)",
                                  .status = EC_PROMOTION_ACTIVE},
                                 {.code = "mix-code",
                                  .name = "Code",
                                  .actions = "order_amount_off(333 CLP)",
                                  .usage_limit = 40,
                                  .status = EC_PROMOTION_ACTIVE,
                                  .coupon_required = true}};
    ec_promotion *promotion = NULL;
    ec_coupon *code = NULL;
    for (int i = 0; i < 2; i++) {
        ec_free(promotion);
        assert_ok(session, ec_promotion_create(session, &promotions[i], &promotion));
    }
    ec_coupon coupon = {
        .promotion_id = promotion->id, .code = "MIX", .is_reusable = true, .is_active = true};
    assert_ok(session, ec_coupon_create(session, &coupon, &code));
    ec_free(promotion);
    ec_free(code);
    ec_tax_category category = {.code = "standard", .name = "Standard", .is_default = true};
    ec_zone_member member = {NULL, "CL", EC_ZONE_KIND_COUNTRY};
    ec_zone zone = {.code = "cl", .name = "Chile", .members = &member, .members_count = 1};
    ec_tax_category *standard = NULL;
    ec_zone *chile = NULL;
    ec_tax_rate *kept = NULL;
    assert_ok(session, ec_tax_category_create(session, &category, &standard));
    assert_ok(session, ec_zone_create(session, &zone, &chile));
    ec_tax_rate rate = {.zone_id = chile->id,
                        .category_id = standard->id,
                        .rate = 82500,
                        .name = "Tax",
                        .is_active = true};
    assert_ok(session, ec_tax_rate_create(session, &rate, &kept));
    ec_free(kept);
    ec_free(chile);
    ec_free(standard);
}

static void fill(mix_board *b, ec_engine *engine)
{
    ec_session *session = session_system(engine);
    fill_warehouses(b, session);
    fill_variants(b, engine, session);
    fill_customers(b, session);
    fill_rules(session);
    mix_make_cards(b, session);
    ec_session_close(session);
}

static void run_threads(mix_board *b, ec_engine *engine, int count, uint64_t seed)
{
    mix_worker workers[THREADS];
    for (int i = 0; i < count; i++) {
        workers[i] = (mix_worker){.b = b,
                                  .engine = engine,
                                  .staff = session_system(engine),
                                  .dice = seed + (uint64_t)i * UINT64_C(0xd1342543de82ef95)};
        assert_int_equal(pthread_create(&workers[i].thread, NULL, work, &workers[i]), 0);
    }
    for (int i = 0; i < count; i++) {
        pthread_join(workers[i].thread, NULL);
        ec_session_close(workers[i].staff);
    }
}

/* ---- afterwards ---- */

/* Everything that is undecided is decided; nothing is held for nobody. */
static void drain(mix_board *b, ec_session *session, bank *money)
{
    int64_t ended = 1;
    ec_reconciliation *done = NULL;
    bank_calm(money);
    b->now += INT64_C(86400000);
    for (int64_t asked = 1; asked > 0;) {
        assert_ok(session, ec_payment_reconcile(session, 0, &done));
        assert_int_equal(done->unknown, 0);
        asked = done->asked;
        ec_free(done);
    }
    while (ended > 0)
        assert_ok(session, ec_stock_sweep(session, 1000, &ended));
}

static int64_t sum_of(ec_engine *engine, const char *what, const char *provider)
{
    char sql[512];
    snprintf(sql, sizeof sql, "SELECT COALESCE(SUM(%s), 0) FROM payments WHERE provider = '%s'",
             what, provider);
    return shop_sql_int(engine, sql);
}

static void check_money_of(ec_engine *engine, const char *provider, int64_t taken, int64_t back)
{
    int64_t captured = sum_of(engine, "captured_amount", provider);
    int64_t refunded = sum_of(engine, "refunded_amount", provider);
    if (captured != taken || refunded != back)
        fail_msg("%s: captured %lld, refunded %lld; the tally says %lld and %lld", provider,
                 (long long)captured, (long long)refunded, (long long)taken, (long long)back);
}

static void check_money(mix_board *b, ec_engine *engine, bank *money)
{
    check_money_of(engine, "offline", b->taken_offline, b->back_offline);
    check_money_of(engine, "manual", b->taken_manual, b->back_manual);
    check_money_of(engine, "bank", bank_captured(money), bank_refunded(money) + b->bank_to_credit);
    int64_t cards = sum_of(engine, "captured_amount - refunded_amount", "gift_card");
    int64_t credited = shop_sql_int(
        engine, "SELECT COALESCE(SUM(e.amount), 0) FROM credit_entries e JOIN payments p"
                " ON p.id = e.payment_id WHERE e.kind = 'refund' AND p.provider <> 'gift_card'");
    assert_int_equal(credited, b->bank_to_credit + b->others_to_credit);
    assert_int_equal(shop_sql_int(engine, "SELECT SUM(balance) FROM credit_accounts"),
                     b->issued - cards + credited);
    assert_int_equal(sum_of(engine, "authorized_amount - captured_amount", "bank"),
                     bank_reserved(money));
    assert_int_equal(shop_sql_int(engine, "SELECT COUNT(*) FROM payments WHERE order_id IS NULL AND"
                                          " (authorized_amount > captured_amount OR"
                                          " captured_amount > refunded_amount)"),
                     0);
    assert_int_equal(shop_sql_int(engine, "SELECT SUM(paid_amount - refunded_amount) FROM orders"),
                     b->taken_offline + b->taken_manual + bank_captured(money) - b->back_offline -
                         b->back_manual - bank_refunded(money) - b->bank_to_credit + cards);
}

/* What is promised, by the orders themselves. */
static void promised(ec_session *session, const mix_board *b, int64_t *units)
{
    ec_cursor *cursor = NULL;
    const void *at = NULL;
    assert_ok(session, ec_order_cursor(session, NULL, &cursor));
    while (ec_cursor_next(cursor, &at) == EC_OK) {
        ec_order *order = NULL;
        ec_id id = ((const ec_order *)at)->id;
        assert_ok(session, ec_order_get(session, id, &order));
        for (size_t i = 0; i < order->items_count; i++) {
            int v = mix_variant_index(b, order->items[i].variant_id);
            if (order->items[i].tracked && v < MIX_VARIANTS)
                units[v] += mix_open_units(&order->items[i]);
        }
        ec_free(order);
    }
    ec_cursor_close(cursor);
}

static void check_stock(mix_board *b, ec_engine *engine, ec_session *session)
{
    int64_t units[MIX_VARIANTS] = {0};
    int faults = 0;
    promised(session, b, units);
    for (int i = 0; i < MIX_VARIANTS; i++) {
        int64_t on_hand = sale_on_hand(engine, b->variants[i]);
        int64_t committed = sale_committed(engine, b->variants[i]);
        if (on_hand == b->on_hand[i] && committed == units[i]) continue;
        print_error("variant %d: on hand %lld, committed %lld; the tally says %lld and %lld\n", i,
                    (long long)on_hand, (long long)committed, (long long)b->on_hand[i],
                    (long long)units[i]);
        faults++;
    }
    assert_int_equal(faults, 0);
}

static void check_orders(mix_board *b, ec_engine *engine)
{
    int64_t orders = shop_sql_int(engine, "SELECT COUNT(*) FROM orders");
    int64_t known = 0;
    for (int i = 0; i < b->slots; i++)
        known += b->slot[i].order != 0;
    assert_true(orders >= known);
    assert_int_equal(shop_sql_int(engine, "SELECT COUNT(DISTINCT cart_id) FROM orders"), orders);
    assert_int_equal(shop_sql_int(engine, "SELECT COUNT(*) FROM carts WHERE status = 'ordered'"),
                     orders);
    assert_int_equal(shop_sql_int(engine, "SELECT COUNT(*) FROM carts WHERE status = 'paying'"), 0);
}

static void check_books(ec_session *session)
{
    ec_verify_report *report = NULL;
    assert_ok(session, ec_verify(session, NULL, &report));
    for (size_t i = 0; i < report->problems_count && i < 20; i++) {
        const ec_verify_problem *p = &report->problems[i];
        print_error("%s: %s %lld: expected %lld, found %lld: %s\n", p->code, p->object,
                    (long long)p->id, (long long)p->expected, (long long)p->found, p->message);
    }
    assert_true(report->is_clean);
    ec_free(report);
}

static uint64_t seed_of_run(void)
{
    struct timespec time;
    const char *given = getenv("EC_SEED");
    (void)clock_gettime(CLOCK_REALTIME, &time);
    uint64_t seed = given ? strtoull(given, NULL, 10)
                          : (uint64_t)time.tv_sec * 1000 + (uint64_t)time.tv_nsec / 1000000;
    print_message("EC_SEED=%llu\n", (unsigned long long)seed);
    return seed;
}

static void settle(mix_board *b, ec_engine *engine, bank *money)
{
    ec_session *session = session_system(engine);
    mix_show(b);
    assert_int_equal(b->wrong, 0);
    assert_true(b->left <= 0);
    drain(b, session, money);
    check_orders(b, engine);
    check_stock(b, engine, session);
    check_money(b, engine, money);
    check_books(session);
    ec_session_close(session);
}

static void mixed__threads_leave_the_books_right(void **state)
{
    (void)state;
    uint64_t seed = seed_of_run();
    world_seed(seed);
    mix_board *b = mix_board_new(OPERATIONS);
    bank *money = bank_open(seed);
    ec_engine *engine = open_shop(b, money, "threads.db");
    fill(b, engine);
    run_threads(b, engine, THREADS, seed);
    settle(b, engine, money);
    shop_close(engine);
    bank_close(money);
    mix_board_free(b);
}

static int child_run(mix_board *b, bank *money, int number, uint64_t seed)
{
    world_seed(seed + 1000 + (uint64_t)number);
    ec_engine *engine = open_shop(b, money, "processes.db");
    run_threads(b, engine, EACH, seed + (uint64_t)number * 7919);
    return ec_close(engine) == EC_OK ? 0 : 1;
}

static void mixed__processes_leave_the_books_right(void **state)
{
    (void)state;
    pid_t pids[PROCESSES];
    uint64_t seed = seed_of_run();
    world_seed(seed);
    mix_board *b = mix_board_new(OPERATIONS);
    bank *money = bank_open(seed);
    ec_engine *engine = open_shop(b, money, "processes.db");
    fill(b, engine);
    shop_close(engine);
    for (int i = 0; i < PROCESSES; i++) {
        pids[i] = fork();
        assert_true(pids[i] >= 0);
        if (pids[i] == 0) _exit(child_run(b, money, i, seed));
    }
    for (int i = 0; i < PROCESSES; i++) {
        int status = 0;
        assert_int_equal(waitpid(pids[i], &status, 0), pids[i]);
        assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    }
    engine = open_shop(b, money, "processes.db");
    settle(b, engine, money);
    shop_close(engine);
    bank_close(money);
    mix_board_free(b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mixed__processes_leave_the_books_right),
        cmocka_unit_test(mixed__threads_leave_the_books_right),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
