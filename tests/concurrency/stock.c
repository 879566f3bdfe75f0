/* SPDX-License-Identifier: MIT */
/*
 * stock.c - 32 threads take, give up, send and count the same few goods in one file. What each of
 * them was told adds up to what is stored, to the unit, and the proof finds nothing.
 */
#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness/goods.h"

enum { THREADS = 32, ROUNDS = 40, VARIANTS = 6, START = 60, LINES = 4 };

/* One buyer: an order and a cart of its own, and what it was told. */
typedef struct buyer {
    pthread_t thread;
    ec_engine *engine;
    ec_session *session;
    uint64_t seed;
    ec_id id; /* of the order and the cart */
    int64_t held[VARIANTS + 1];
    int64_t shipped[VARIANTS + 1];
    int64_t added[VARIANTS + 1];
    int successes;
    int refused;
    char fault[256];
} buyer;

static int64_t pick(buyer *self, int64_t n)
{
    self->seed = self->seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (int64_t)((self->seed >> 33) % (uint64_t)n);
}

/* Was the call allowed to end so? */
static bool told(buyer *self, ec_status status, ec_status other, const char *what)
{
    if (status == EC_OK) {
        self->successes++;
        return true;
    }
    if (status == other)
        self->refused++;
    else
        snprintf(self->fault, sizeof self->fault, "%s: %s", what,
                 ec_session_error(self->session)->message);
    return false;
}

/* Random lines, in a random order of variants, some of them twice. */
static size_t pick_lines(buyer *self, ec_stock_demand *lines)
{
    size_t count = (size_t)pick(self, LINES) + 1;
    for (size_t i = 0; i < count; i++)
        lines[i] = (ec_stock_demand){pick(self, VARIANTS) + 1, pick(self, 3) + 1};
    return count;
}

static void reserve_order(buyer *self)
{
    ec_stock_demand lines[LINES];
    size_t count = pick_lines(self, lines);
    ec_stock_owner owner = {.order_id = self->id};
    ec_status status = goods_reserve(self->session, lines, count, owner, NULL);
    if (!told(self, status, EC_OUT_OF_STOCK, "reserve")) return;
    for (size_t i = 0; i < count; i++)
        self->held[lines[i].variant_id] += lines[i].quantity;
}

/* Holds of a cart run out at once; whoever sweeps first, or needs the units, ends them. */
static void reserve_cart(buyer *self)
{
    ec_stock_demand lines[LINES];
    size_t count = pick_lines(self, lines);
    ec_stock_owner owner = {.cart_id = self->id, .expires_at = world_now() + pick(self, 2)};
    (void)told(self, goods_reserve(self->session, lines, count, owner, NULL), EC_OUT_OF_STOCK,
               "reserve for a cart");
}

/* Some of what the order holds. */
static size_t pick_held(buyer *self, ec_stock_units *units)
{
    size_t count = 0;
    for (ec_id v = 1; v <= VARIANTS; v++)
        if (self->held[v] > 0 && pick(self, 2) == 0)
            units[count++] = (ec_stock_units){v, 0, pick(self, self->held[v]) + 1};
    return count;
}

static void leave(buyer *self, bool ship)
{
    ec_stock_units units[VARIANTS];
    size_t count = pick_held(self, units);
    if (count == 0) return;
    ec_status status = ship ? goods_ship(self->session, self->id, units, count)
                            : goods_release_order(self->session, self->id, units, count);
    if (!told(self, status, EC_OK, ship ? "ship" : "release")) return;
    for (size_t i = 0; i < count; i++) {
        self->held[units[i].variant_id] -= units[i].quantity;
        if (ship) self->shipped[units[i].variant_id] += units[i].quantity;
    }
}

static void adjust(buyer *self)
{
    ec_stock_level *level = NULL;
    ec_id variant = pick(self, VARIANTS) + 1;
    int64_t by = pick(self, 7) - 3;
    ec_stock_change change = {.variant_id = variant,
                              .warehouse_id = pick(self, 2) + GOODS_MAIN,
                              .on_hand = by == 0 ? 1 : by,
                              .kind = EC_MOVEMENT_COUNT};
    ec_status status = ec_stock_adjust(self->session, &change, &level);
    ec_free(level);
    if (told(self, status, EC_INVALID, "adjust")) self->added[variant] += change.on_hand;
}

static void transfer(buyer *self)
{
    ec_stock_level_list *levels = NULL;
    ec_id from = pick(self, 2) + GOODS_MAIN;
    ec_stock_transfer_request request = {.variant_id = pick(self, VARIANTS) + 1,
                                         .from_id = from,
                                         .to_id = 2 * GOODS_MAIN + 1 - from,
                                         .quantity = pick(self, 5) + 1};
    (void)told(self, ec_stock_transfer(self->session, &request, &levels), EC_INVALID, "transfer");
    ec_free(levels);
}

static void *buy(void *ctx)
{
    buyer *self = ctx;
    self->session = session_system(self->engine);
    for (int round = 0; round < ROUNDS && self->fault[0] == '\0'; round++) {
        switch (pick(self, 8)) {
        case 0:
        case 1: reserve_order(self); break;
        case 2: reserve_cart(self); break;
        case 3: leave(self, false); break;
        case 4: leave(self, true); break;
        case 5: adjust(self); break;
        case 6: transfer(self); break;
        default:
            world_advance(1);
            (void)told(self, ec_stock_sweep(self->session, 3, NULL), EC_OK, "sweep");
            break;
        }
    }
    ec_session_close(self->session);
    return NULL;
}

static void end_all_carts(ec_session *session)
{
    int64_t ended = 0;
    world_advance(1000);
    do {
        assert_ok(session, ec_stock_sweep(session, 0, &ended));
    } while (ended > 0);
}

static void assert_proved(ec_session *session)
{
    ec_verify_report *report = NULL;
    assert_ok(session, ec_verify(session, NULL, &report));
    for (size_t i = 0; i < report->problems_count; i++)
        print_error("%s %lld: expected %lld, found %lld\n", report->problems[i].code,
                    (long long)report->problems[i].id, (long long)report->problems[i].expected,
                    (long long)report->problems[i].found);
    assert_true(goods_sound(report));
    ec_free(report);
}

static void stock__is_exact_after_a_crowd(void **state)
{
    (void)state;
    static buyer buyers[THREADS];
    ec_engine *engine = shop_open_file(temp_path("crowd.db"));
    ec_session *session = session_system(engine);
    ec_id north = goods_warehouse(session, "north");
    assert_int_equal(north, GOODS_MAIN + 1);
    goods_variants(engine, 1, VARIANTS);
    for (ec_id v = 1; v <= VARIANTS; v++) {
        goods_receive(session, v, GOODS_MAIN, START);
        goods_receive(session, v, north, START);
    }
    for (int i = 0; i < THREADS; i++) {
        buyers[i] = (buyer){.engine = engine, .seed = (uint64_t)i * 7919 + 20260115, .id = i + 1};
        goods_cart(engine, i + 1);
        goods_order(engine, i + 1);
    }
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&buyers[i].thread, NULL, buy, &buyers[i]), 0);
    int successes = 0;
    int refused = 0;
    for (int i = 0; i < THREADS; i++) {
        assert_int_equal(pthread_join(buyers[i].thread, NULL), 0);
        if (buyers[i].fault[0] != '\0') fail_msg("buyer %d: %s", i, buyers[i].fault);
        successes += buyers[i].successes;
        refused += buyers[i].refused;
    }
    end_all_carts(session);
    for (ec_id v = 1; v <= VARIANTS; v++) {
        int64_t on_hand = 2 * START;
        int64_t committed = 0;
        for (int i = 0; i < THREADS; i++) {
            on_hand += buyers[i].added[v] - buyers[i].shipped[v];
            committed += buyers[i].held[v];
        }
        ec_stock_level here = goods_level(session, v, GOODS_MAIN);
        ec_stock_level there = goods_level(session, v, north);
        assert_int_equal(here.on_hand + there.on_hand, on_hand);
        assert_int_equal(here.committed + there.committed, committed);
        assert_true(here.available >= 0 && there.available >= 0);
    }
    assert_proved(session);
    assert_true(successes > THREADS * ROUNDS / 4);
    assert_true(refused > THREADS); /* there was something to fight for */
    print_message("%d done, %d refused\n", successes, refused);
    ec_session_close(session);
    shop_close(engine);
}

/* ---- the last unit ---- */

typedef struct rival {
    pthread_t thread;
    ec_session *session;
    ec_id order;
    pthread_barrier_t *start;
    ec_status status;
} rival;

static void *grab(void *ctx)
{
    rival *self = ctx;
    ec_stock_demand demand = {1, 1};
    (void)pthread_barrier_wait(self->start);
    self->status =
        goods_reserve(self->session, &demand, 1, (ec_stock_owner){.order_id = self->order}, NULL);
    return NULL;
}

static void stock__sells_the_last_unit_once(void **state)
{
    (void)state;
    enum { RIVALS = 16, GAMES = 20 };
    rival rivals[RIVALS];
    pthread_barrier_t start;
    ec_engine *engine = shop_open_file(temp_path("last.db"));
    ec_session *session = session_system(engine);
    goods_variants(engine, 1, 1);
    assert_int_equal(pthread_barrier_init(&start, NULL, RIVALS), 0);
    for (int i = 0; i < RIVALS; i++) {
        rivals[i] = (rival){.session = session_system(engine), .order = i + 1, .start = &start};
        goods_order(engine, i + 1);
    }
    for (int game = 1; game <= GAMES; game++) {
        int won = 0;
        goods_receive(session, 1, GOODS_MAIN, 1);
        for (int i = 0; i < RIVALS; i++)
            assert_int_equal(pthread_create(&rivals[i].thread, NULL, grab, &rivals[i]), 0);
        for (int i = 0; i < RIVALS; i++) {
            assert_int_equal(pthread_join(rivals[i].thread, NULL), 0);
            assert_true(rivals[i].status == EC_OK || rivals[i].status == EC_OUT_OF_STOCK);
            won += rivals[i].status == EC_OK;
        }
        assert_int_equal(won, 1);
        assert_level(session, 1, GOODS_MAIN, game, game, 0);
    }
    assert_proved(session);
    for (int i = 0; i < RIVALS; i++)
        ec_session_close(rivals[i].session);
    (void)pthread_barrier_destroy(&start);
    ec_session_close(session);
    shop_close(engine);
}

/* ---- several processes ---- */

/* Sweep until nothing is left; says how many it ended, or -1. */
static int64_t sweep_all(const char *path)
{
    ec_engine *engine = shop_open_file(path);
    ec_session *session = session_system(engine);
    int64_t sum = 0;
    int64_t ended = 0;
    do {
        if (ec_stock_sweep(session, 7, &ended) != EC_OK) return -1;
        sum += ended;
    } while (ended > 0);
    ec_session_close(session);
    shop_close(engine);
    return sum;
}

static void sweep__ends_each_reservation_once_from_four_processes(void **state)
{
    (void)state;
    enum { PROCESSES = 4, HOLDS = 300 };
    char path[512];
    int results[2];
    pid_t children[PROCESSES];
    snprintf(path, sizeof path, "%s", temp_path("sweep.db"));
    ec_engine *engine = shop_open_file(path);
    ec_session *session = session_system(engine);
    goods_variants(engine, 1, 1);
    goods_cart(engine, 1);
    goods_receive(session, 1, GOODS_MAIN, HOLDS);
    for (int i = 0; i < HOLDS; i++) {
        ec_stock_demand demand = {1, 1};
        ec_stock_owner owner = {.cart_id = 1, .expires_at = world_now()};
        assert_ok(session, goods_reserve(session, &demand, 1, owner, NULL));
    }
    ec_session_close(session);
    shop_close(engine);
    assert_int_equal(pipe(results), 0);
    for (int i = 0; i < PROCESSES; i++) {
        children[i] = fork();
        assert_true(children[i] >= 0);
        if (children[i] == 0) {
            int64_t ended = sweep_all(path);
            _exit(write(results[1], &ended, sizeof ended) == sizeof ended ? 0 : 1);
        }
    }
    int64_t sum = 0;
    for (int i = 0; i < PROCESSES; i++) {
        int64_t ended = -1;
        int code = -1;
        assert_int_equal(read(results[0], &ended, sizeof ended), sizeof ended);
        assert_true(ended >= 0);
        sum += ended;
        assert_int_equal(waitpid(children[i], &code, 0), children[i]);
        assert_int_equal(code, 0);
    }
    (void)close(results[0]);
    (void)close(results[1]);
    assert_int_equal(sum, HOLDS);
    engine = shop_open_file(path);
    session = session_system(engine);
    assert_level(session, 1, GOODS_MAIN, HOLDS, 0, HOLDS);
    assert_int_equal(
        shop_sql_int(engine,
                     "SELECT COUNT(DISTINCT aggregate_id) * 1000 + COUNT(*) - COUNT(DISTINCT"
                     " aggregate_id) FROM events WHERE type = 'reservation.expired'"),
        HOLDS * 1000);
    assert_proved(session);
    ec_session_close(session);
    shop_close(engine);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(stock__is_exact_after_a_crowd),
        cmocka_unit_test(stock__sells_the_last_unit_once),
        cmocka_unit_test(sweep__ends_each_reservation_once_from_four_processes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
