/* SPDX-License-Identifier: MIT */
/*
 * credit.c - many spend one gift card at once, in threads and in processes: never more than it
 * holds is spent, and one key pays once for everybody who asks.
 */
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

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
#define ROUNDS 4
#else
#define ROUNDS 50
#endif

enum { SPENDERS = 200, THREADS = 32, PROCESSES = 4, EACH = 8, PRICE = 1000 };

/* What all threads of all processes share. */
typedef struct board {
    pthread_barrier_t barrier;
    _Atomic int64_t variant;
    _Atomic int64_t order; /* that all of them pay under one key; 0: each has one of its own */
    _Atomic int next;      /* spender */
    _Atomic int paid;
    _Atomic int refused;
    _Atomic int wrong; /* answers that must not be */
    _Atomic bool over;
    char code[32];
} board;

static board *board_new(int parties)
{
    int file = open(temp_path("board"), O_RDWR | O_CREAT | O_TRUNC, 0600);
    assert_true(file >= 0);
    assert_int_equal(ftruncate(file, (off_t)sizeof(board)), 0);
    board *b = mmap(NULL, sizeof(*b), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    assert_true(b != MAP_FAILED);
    (void)close(file);
    (void)unlink(temp_path("board")); /* the next one is another file */
    pthread_barrierattr_t attr;
    pthread_barrierattr_init(&attr);
    pthread_barrierattr_setpshared(&attr, PTHREAD_PROCESS_SHARED);
    assert_int_equal(pthread_barrier_init(&b->barrier, &attr, (unsigned)parties), 0);
    pthread_barrierattr_destroy(&attr);
    return b;
}

static void board_free(board *b)
{
    pthread_barrier_destroy(&b->barrier);
    munmap(b, sizeof(*b));
}

static ec_engine *fast_shop(const char *name)
{
    char uri[512];
    (void)snprintf(uri, sizeof(uri), "sqlite:%s?synchronous=off&readers=8&busy_timeout=120000",
                   temp_path(name));
    return shop_open_with(uri, (ec_options)EC_OPTIONS_INIT);
}

/* One thread of the crowd. */
typedef struct member {
    board *b;
    ec_engine *engine;
    pthread_t thread;
} member;

/* ---- one spender ---- */

static ec_status fill_cart(ec_session *session, ec_id variant, ec_id *id)
{
    ec_cart *cart = NULL;
    ec_status status = ec_cart_open(session, &cart);
    if (status == EC_OK) status = ec_session_cart_token(session, cart->token);
    *id = status == EC_OK ? cart->id : 0;
    ec_free(cart);
    cart = NULL;
    if (status == EC_OK) status = ec_cart_add(session, *id, variant, 1, -1, &cart);
    ec_free(cart);
    return status;
}

/* By the checkout itself, or for an order that awaits its money. */
static ec_status spend(member *m, ec_session *session, ec_session *staff, int number)
{
    board *b = m->b;
    ec_id cart = 0;
    ec_order *order = NULL;
    ec_credit_tender tender = {.code = b->code, .amount = PRICE};
    ec_checkout_request request = EC_CHECKOUT_REQUEST_INIT;
    ec_status status = fill_cart(session, b->variant, &cart);
    request.cart_id = cart;
    request.key = "spend";
    request.email = "ana@example.com";
    request.shipping_address = &sale_address;
    if (number % 2 == 0) {
        request.credits = &tender;
        request.credits_count = 1;
    }
    if (status == EC_OK) status = ec_checkout(session, &request, &order);
    if (status == EC_OK && number % 2 == 1) {
        ec_id id = order->id;
        ec_free(order);
        order = NULL;
        status = ec_order_pay_credit(staff, id, &tender, "spend", &order);
    }
    ec_free(order);
    return status;
}

static void count(board *b, ec_status status)
{
    if (status == EC_OK) {
        b->paid++;
    } else if (status == EC_INVALID) {
        b->refused++;
    } else {
        b->wrong++;
        print_error("spender: %s\n", ec_status_name(status));
    }
}

static void spend_one(member *m, int number)
{
    board *b = m->b;
    ec_session *session = NULL, *staff = NULL;
    ec_session_options guest = {.version = EC_SESSION_OPTIONS_VERSION, .actor = EC_ACTOR_GUEST};
    if (ec_session_open(m->engine, &guest, &session) != EC_OK ||
        ec_session_open(m->engine, NULL, &staff) != EC_OK) {
        b->wrong++;
    } else if (b->order == 0) {
        count(b, spend(m, session, staff, number));
    } else {
        ec_order *order = NULL;
        ec_credit_tender tender = {.code = b->code, .amount = PRICE};
        count(b, ec_order_pay_credit(staff, b->order, &tender, "one-key", &order));
        ec_free(order);
    }
    ec_session_close(staff);
    ec_session_close(session);
}

/* Rounds begin and end at the barrier; whoever leads sets the board in between. */
static void *member_run(void *ctx)
{
    member *m = ctx;
    for (;;) {
        pthread_barrier_wait(&m->b->barrier);
        if (m->b->over) return NULL;
        for (int number = m->b->next++; number < SPENDERS; number = m->b->next++)
            spend_one(m, number);
        pthread_barrier_wait(&m->b->barrier);
    }
}

/* ---- rounds ---- */

/* A card that is enough for `times`, and maybe an order that everybody pays. */
static void prepare(board *b, ec_engine *engine, int64_t times, bool one_order)
{
    ec_credit_list *cards = NULL;
    ec_session *session = session_system(engine);
    ec_gift_card_request request = {.amount = PRICE * times};
    assert_ok(session, ec_gift_card_issue(session, &request, &cards));
    snprintf(b->code, sizeof b->code, "%s", cards->items[0].code);
    ec_free(cards);
    b->order = 0;
    if (one_order) {
        const sale_line lines[] = {{b->variant, 2}, {0, 0}};
        ec_order *order = sale_order(session, "awaits", lines);
        b->order = order->id;
        ec_free(order);
    }
    b->next = b->paid = b->refused = 0;
    ec_session_close(session);
}

static void check(board *b, ec_engine *engine, int paid, int64_t left)
{
    ec_credit *card = NULL;
    ec_session *session = session_system(engine);
    assert_int_equal(b->wrong, 0);
    assert_int_equal(b->paid, paid);
    assert_int_equal(b->refused, SPENDERS - paid);
    assert_ok(session, ec_gift_card_by_code(session, b->code, &card));
    assert_int_equal(card->balance, left);
    ec_free(card);
    ec_session_close(session);
}

static void lead(board *b, ec_engine *engine)
{
    b->variant = sale_variant(engine, "CARD", PRICE, 1000000);
    for (int round = 0; round < ROUNDS; round++) {
        prepare(b, engine, 1, false);
        pthread_barrier_wait(&b->barrier);
        pthread_barrier_wait(&b->barrier);
        check(b, engine, 1, 0);
    }
    prepare(b, engine, 2, true);
    pthread_barrier_wait(&b->barrier);
    pthread_barrier_wait(&b->barrier);
    check(b, engine, SPENDERS, PRICE); /* all heard the same, one paid */
    sale_verified(engine);
    b->over = true;
    pthread_barrier_wait(&b->barrier);
}

static void card__is_not_overspent_by_threads(void **state)
{
    (void)state;
    member members[THREADS];
    board *b = board_new(THREADS + 1);
    ec_engine *engine = fast_shop("threads.db");
    for (int i = 0; i < THREADS; i++) {
        members[i] = (member){.b = b, .engine = engine};
        assert_int_equal(pthread_create(&members[i].thread, NULL, member_run, &members[i]), 0);
    }
    lead(b, engine);
    for (int i = 0; i < THREADS; i++)
        pthread_join(members[i].thread, NULL);
    shop_close(engine);
    board_free(b);
}

/* ---- the same over processes ---- */

/* A child opens the shop for itself and runs until the board says that it is over. */
static int child_run(board *b, const char *name, int number)
{
    member members[EACH];
    world_seed(1000 + (uint64_t)number);
    ec_engine *engine = fast_shop(name);
    for (int i = 0; i < EACH; i++) {
        members[i] = (member){.b = b, .engine = engine};
        if (pthread_create(&members[i].thread, NULL, member_run, &members[i]) != 0) return 1;
    }
    for (int i = 0; i < EACH; i++)
        pthread_join(members[i].thread, NULL);
    return ec_close(engine) == EC_OK ? 0 : 1;
}

static pid_t pids[PROCESSES]; /* of the test that runs; 0: none */

/* A test that failed leaves nobody waiting for it. */
static int children_stop(void **state)
{
    (void)state;
    for (int i = 0; i < PROCESSES; i++) {
        if (pids[i] == 0) continue;
        (void)kill(pids[i], SIGKILL);
        (void)waitpid(pids[i], NULL, 0);
        pids[i] = 0;
    }
    return 0;
}

static void card__is_not_overspent_by_processes(void **state)
{
    (void)state;
    int status = 0;
    board *b = board_new(PROCESSES * EACH + 1);
    shop_close(fast_shop("processes.db")); /* made before, by one */
    for (int i = 0; i < PROCESSES; i++) {
        pid_t pid = fork();
        assert_true(pid >= 0);
        if (pid == 0) _exit(child_run(b, "processes.db", i));
        pids[i] = pid;
    }
    ec_engine *engine = fast_shop("processes.db");
    lead(b, engine);
    for (int i = 0; i < PROCESSES; i++) {
        assert_int_equal(waitpid(pids[i], &status, 0), pids[i]);
        pids[i] = 0;
        assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    }
    shop_close(engine);
    board_free(b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(card__is_not_overspent_by_processes, children_stop),
        cmocka_unit_test(card__is_not_overspent_by_threads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
