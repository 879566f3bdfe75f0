/* SPDX-License-Identifier: MIT */
/*
 * checkout.c - many buyers at once, in threads and in processes: never more is sold than there is,
 * and one cart under one key is one order for everybody who asks.
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
#define SALE_ROUNDS 4
#define KEY_ROUNDS 12
#else
#define SALE_ROUNDS 50
#define KEY_ROUNDS 200
#endif

enum { THREADS = 32, BUYERS = 300, UNITS = 100, ASKERS = 50, PROCESSES = 4, EACH = 8 };

/* What all threads of all processes share. */
typedef struct board {
    pthread_barrier_t barrier;
    _Atomic int64_t variant;
    _Atomic int64_t cart;
    _Atomic int next; /* buyer */
    _Atomic int sold;
    _Atomic int refused;
    _Atomic int wrong;       /* answers that must not be */
    _Atomic uint64_t answer; /* digest of the first answer; 0: none yet */
    _Atomic int equal;
    _Atomic bool paid;
    _Atomic bool over;
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

/* One thread of the crowd. */
typedef struct member {
    board *b;
    ec_engine *engine;
    void (*round)(struct member *);
    pthread_t thread;
} member;

/* Rounds begin and end at the barrier; whoever leads sets the board in between. */
static void *member_run(void *ctx)
{
    member *m = ctx;
    for (;;) {
        pthread_barrier_wait(&m->b->barrier);
        if (m->b->over) return NULL;
        m->round(m);
        pthread_barrier_wait(&m->b->barrier);
    }
}

static void wrong(board *b, ec_session *session, const char *what, ec_status status)
{
    b->wrong++;
    print_error("%s: %s: %s\n", what, ec_status_name(status), ec_session_error(session)->message);
}

static ec_session *visitor(ec_engine *engine)
{
    ec_session *session = NULL;
    ec_session_options options = {.version = EC_SESSION_OPTIONS_VERSION, .actor = EC_ACTOR_GUEST};
    return ec_session_open(engine, &options, &session) == EC_OK ? session : NULL;
}

static ec_session *owner(ec_engine *engine)
{
    ec_session *session = NULL;
    return ec_session_open(engine, NULL, &session) == EC_OK ? session : NULL;
}

static ec_checkout_request request_for(ec_id cart, bool paid)
{
    ec_checkout_request request = EC_CHECKOUT_REQUEST_INIT;
    request.cart_id = cart;
    request.key = "the-key";
    request.email = "ana@example.com";
    request.shipping_address = &sale_address;
    if (paid) {
        request.payment_provider = "manual";
        request.payment_method = "card";
        request.payment_token = "tok_ok";
        request.capture = true;
    }
    return request;
}

/* ---- 300 buyers for 100 units ---- */

/* One buyer; every third one pays by card. */
static void buy(member *m, int number)
{
    board *b = m->b;
    ec_cart *cart = NULL;
    ec_order *order = NULL;
    ec_session *session = visitor(m->engine);
    if (session == NULL) {
        b->wrong++;
        return;
    }
    ec_status status = ec_cart_open(session, &cart);
    if (status == EC_OK) status = ec_session_cart_token(session, cart->token);
    ec_id id = status == EC_OK ? cart->id : 0;
    ec_free(cart);
    cart = NULL;
    if (status == EC_OK) status = ec_cart_add(session, id, b->variant, 1, -1, &cart);
    ec_free(cart);
    ec_checkout_request request = request_for(id, number % 3 == 0);
    if (status == EC_OK) status = ec_checkout(session, &request, &order);
    ec_free(order);
    if (status == EC_OK)
        b->sold++;
    else if (status == EC_OUT_OF_STOCK)
        b->refused++;
    else
        wrong(b, session, "buyer", status);
    ec_session_close(session);
}

static void sale_round(member *m)
{
    for (;;) {
        int number = m->b->next++;
        if (number >= BUYERS) return;
        buy(m, number);
    }
}

static void prepare_sale(board *b, ec_engine *engine, int round)
{
    char sku[32];
    (void)snprintf(sku, sizeof(sku), "SALE-%d", round);
    b->variant = sale_variant(engine, sku, 1990, UNITS);
    b->next = b->sold = b->refused = 0;
}

static void check_sale(board *b, ec_engine *engine)
{
    char sql[200];
    assert_int_equal(b->wrong, 0);
    assert_int_equal(b->sold, UNITS);
    assert_int_equal(b->refused, BUYERS - UNITS);
    assert_int_equal(sale_committed(engine, b->variant), UNITS);
    (void)snprintf(sql, sizeof(sql),
                   "SELECT COALESCE(SUM(quantity), 0) FROM order_items WHERE variant_id = %lld",
                   (long long)b->variant);
    assert_int_equal(shop_sql_int(engine, sql), UNITS);
}

static ec_engine *fast_shop(const char *name)
{
    char uri[512];
    (void)snprintf(uri, sizeof(uri), "sqlite:%s?synchronous=off&readers=8&busy_timeout=120000",
                   temp_path(name));
    return shop_open_with(uri, (ec_options)EC_OPTIONS_INIT);
}

/* A crowd of threads in this process, and a leader that is the test itself. */
typedef struct crowd {
    board *b;
    ec_engine *engine;
    member members[ASKERS];
    int count;
} crowd;

static void crowd_start(crowd *c, ec_engine *engine, int count, void (*round)(member *))
{
    c->engine = engine;
    c->count = count;
    c->b = board_new(count + 1);
    for (int i = 0; i < count; i++) {
        c->members[i] = (member){.b = c->b, .engine = engine, .round = round};
        assert_int_equal(pthread_create(&c->members[i].thread, NULL, member_run, &c->members[i]),
                         0);
    }
}

static void crowd_round(crowd *c)
{
    pthread_barrier_wait(&c->b->barrier);
    pthread_barrier_wait(&c->b->barrier);
}

static void crowd_end(crowd *c)
{
    c->b->over = true;
    pthread_barrier_wait(&c->b->barrier);
    for (int i = 0; i < c->count; i++)
        pthread_join(c->members[i].thread, NULL);
    board_free(c->b);
}

static void sale__never_sells_more_than_there_is_to_threads(void **state)
{
    (void)state;
    crowd c;
    ec_engine *engine = fast_shop("threads.db");
    crowd_start(&c, engine, THREADS, sale_round);
    for (int round = 0; round < SALE_ROUNDS; round++) {
        prepare_sale(c.b, engine, round);
        crowd_round(&c);
        check_sale(c.b, engine);
        sale_verified(engine);
    }
    crowd_end(&c);
    shop_close(engine);
}

/* ---- one cart, one key, fifty callers ---- */

static uint64_t digest(const char *text)
{
    uint64_t hash = UINT64_C(14695981039346656037);
    for (; *text != '\0'; text++)
        hash = (hash ^ (unsigned char)*text) * UINT64_C(1099511628211);
    return hash == 0 ? 1 : hash;
}

static void ask_round(member *m)
{
    board *b = m->b;
    ec_order *order = NULL;
    char *json = NULL;
    uint64_t first = 0;
    ec_session *session = owner(m->engine);
    if (session == NULL) {
        b->wrong++;
        return;
    }
    ec_checkout_request request = request_for(b->cart, b->paid);
    ec_status status = ec_checkout(session, &request, &order);
    if (status == EC_OK) status = ec_to_json(session, "order", order, &json);
    if (status != EC_OK) {
        wrong(b, session, "asker", status);
    } else {
        uint64_t mine = digest(json);
        if (atomic_compare_exchange_strong(&b->answer, &first, mine) || first == mine)
            b->equal++;
        else
            b->wrong++;
    }
    ec_free(json);
    ec_free(order);
    ec_session_close(session);
}

static void prepare_question(board *b, ec_engine *engine, ec_id variant, bool paid)
{
    ec_cart *cart = NULL;
    ec_session *session = session_guest(engine);
    assert_ok(session, ec_cart_open(session, &cart));
    assert_ok(session, ec_session_cart_token(session, cart->token));
    b->cart = cart->id;
    ec_free(cart);
    assert_ok(session, ec_cart_add(session, b->cart, variant, 2, -1, &cart));
    ec_free(cart);
    ec_session_close(session);
    b->answer = 0;
    b->equal = 0;
    b->paid = paid;
}

static void check_question(board *b, ec_engine *engine, int askers)
{
    char sql[128];
    assert_int_equal(b->wrong, 0);
    assert_int_equal(b->equal, askers);
    (void)snprintf(sql, sizeof(sql), "SELECT COUNT(*) FROM orders WHERE cart_id = %lld",
                   (long long)b->cart);
    assert_int_equal(shop_sql_int(engine, sql), 1);
}

static void checkout__is_one_order_for_all_threads_that_ask(void **state)
{
    (void)state;
    crowd c;
    ec_engine *engine = fast_shop("askers.db");
    ec_id variant = sale_variant(engine, "ONE", 1000, 100000);
    crowd_start(&c, engine, ASKERS, ask_round);
    for (int round = 0; round < KEY_ROUNDS; round++) {
        prepare_question(c.b, engine, variant, round % 2 == 1);
        crowd_round(&c);
        check_question(c.b, engine, ASKERS);
        sale_verified(engine);
    }
    assert_int_equal(sale_committed(engine, variant), 2 * KEY_ROUNDS);
    crowd_end(&c);
    shop_close(engine);
}

/* ---- the same over processes ---- */

/* A child opens the shop for itself and runs until the board says that it is over. */
static int child_run(board *b, const char *name, int number, void (*round)(member *))
{
    member members[EACH];
    world_seed(1000 + (uint64_t)number);
    ec_engine *engine = fast_shop(name);
    for (int i = 0; i < EACH; i++) {
        members[i] = (member){.b = b, .engine = engine, .round = round};
        if (pthread_create(&members[i].thread, NULL, member_run, &members[i]) != 0) return 1;
    }
    for (int i = 0; i < EACH; i++)
        pthread_join(members[i].thread, NULL);
    return ec_close(engine) == EC_OK ? 0 : 1;
}

static pid_t pids[PROCESSES]; /* of the test that runs; 0: none */

static void children_start(board *b, const char *name, void (*round)(member *))
{
    shop_close(fast_shop(name)); /* made before, by one */
    for (int i = 0; i < PROCESSES; i++) {
        pid_t pid = fork();
        assert_true(pid >= 0);
        if (pid == 0) _exit(child_run(b, name, i, round));
        pids[i] = pid;
    }
}

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

static void children_end(board *b)
{
    int status = 0;
    b->over = true;
    pthread_barrier_wait(&b->barrier);
    for (int i = 0; i < PROCESSES; i++) {
        assert_int_equal(waitpid(pids[i], &status, 0), pids[i]);
        pids[i] = 0;
        assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    }
}

static void sale__never_sells_more_than_there_is_to_processes(void **state)
{
    (void)state;
    board *b = board_new(PROCESSES * EACH + 1);
    children_start(b, "processes.db", sale_round);
    ec_engine *engine = fast_shop("processes.db");
    for (int round = 0; round < SALE_ROUNDS; round++) {
        prepare_sale(b, engine, round);
        pthread_barrier_wait(&b->barrier);
        pthread_barrier_wait(&b->barrier);
        check_sale(b, engine);
        sale_verified(engine);
    }
    children_end(b);
    shop_close(engine);
    board_free(b);
}

static void checkout__is_one_order_for_all_processes_that_ask(void **state)
{
    (void)state;
    board *b = board_new(PROCESSES * EACH + 1);
    children_start(b, "asking.db", ask_round);
    ec_engine *engine = fast_shop("asking.db");
    ec_id variant = sale_variant(engine, "ONE", 1000, 100000);
    for (int round = 0; round < KEY_ROUNDS; round++) {
        prepare_question(b, engine, variant, false);
        pthread_barrier_wait(&b->barrier);
        pthread_barrier_wait(&b->barrier);
        check_question(b, engine, PROCESSES * EACH);
        sale_verified(engine);
    }
    children_end(b);
    shop_close(engine);
    board_free(b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(sale__never_sells_more_than_there_is_to_processes, children_stop),
        cmocka_unit_test_teardown(checkout__is_one_order_for_all_processes_that_ask, children_stop),
        cmocka_unit_test(sale__never_sells_more_than_there_is_to_threads),
        cmocka_unit_test(checkout__is_one_order_for_all_threads_that_ask),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
