/* SPDX-License-Identifier: MIT */
/*
 * calls.c - many threads on one engine: no update is lost, a key happens once, what the engine
 * remembers is whole.
 */
#include <pthread.h>

#include "engine/call.h"
#include "harness/harness.h"

#define THREADS 16
#define ROUNDS 20

typedef struct race {
    ec_engine *shop;
    pthread_barrier_t start;
    ec_id ids[THREADS][ROUNDS];
} race;

typedef struct racer {
    race *all;
    int number;
    int failures;
} racer;

static race all;

static void run_threads(const char *file, void *(*run)(void *racer))
{
    racer racers[THREADS];
    pthread_t threads[THREADS];
    memset(all.ids, 0, sizeof all.ids);
    all.shop = shop_open_file(temp_path(file));
    pthread_barrier_init(&all.start, NULL, THREADS);
    for (int i = 0; i < THREADS; i++) {
        racers[i] = (racer){&all, i, 0};
        assert_int_equal(pthread_create(&threads[i], NULL, run, &racers[i]), 0);
    }
    for (int i = 0; i < THREADS; i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
        assert_int_equal(racers[i].failures, 0);
    }
    pthread_barrier_destroy(&all.start);
}

/* ---- read, then write ---- */

static ec_status raise_counter(ec_session *s, void *ctx)
{
    ec_setting *setting = NULL;
    char number[32];
    long value = 0;
    (void)ctx;
    ec_status status = ec_setting_get(s, "own.counter", &setting);
    if (status == EC_OK) {
        value = strtol(setting->value, NULL, 10);
        ec_free(setting);
    }
    if (status == EC_OK || status == EC_NOT_FOUND) {
        snprintf(number, sizeof number, "%ld", value + 1);
        status = ec_setting_set(s, "own.counter", number);
    }
    return status;
}

static void *count(void *ctx)
{
    racer *own = ctx;
    ec_session *s = session_system(own->all->shop);
    (void)pthread_barrier_wait(&own->all->start);
    for (int i = 0; i < ROUNDS; i++) {
        own->failures += ec_transact(s, raise_counter, NULL) != EC_OK;
    }
    ec_session_close(s);
    return NULL;
}

static void transact__threads_do_not_lose_updates(void **state)
{
    (void)state;
    run_threads("counter.db", count);
    assert_int_equal(shop_sql_int(all.shop, "SELECT CAST(value AS INTEGER) FROM settings"
                                            " WHERE name = 'own.counter'"),
                     THREADS * ROUNDS);
    shop_close(all.shop);
}

/* ---- one key ---- */

static void *create_channels(void *ctx)
{
    racer *own = ctx;
    ec_session *s = session_staff(own->all->shop);
    for (int round = 0; round < ROUNDS; round++) {
        char code[32];
        ec_channel channel = {
            .code = code, .name = "Web", .currency = "USD", .locale = "en", .is_active = true};
        ec_channel *made = NULL;
        snprintf(code, sizeof code, "web-%d", round);
        (void)pthread_barrier_wait(&own->all->start);
        if (ec_session_idempotency(s, code) == EC_OK &&
            ec_channel_create(s, &channel, &made) == EC_OK) {
            own->all->ids[own->number][round] = made->id;
        }
        ec_free(made);
    }
    ec_session_close(s);
    return NULL;
}

static void key__at_the_same_time_still_happens_once(void **state)
{
    (void)state;
    run_threads("keys.db", create_channels);
    for (int round = 0; round < ROUNDS; round++) {
        assert_int_not_equal(all.ids[0][round], 0);
        for (int i = 1; i < THREADS; i++) {
            assert_int_equal(all.ids[i][round], all.ids[0][round]);
        }
    }
    assert_int_equal(shop_sql_int(all.shop, "SELECT COUNT(*) FROM channels"), ROUNDS + 1);
    assert_int_equal(shop_sql_int(all.shop, "SELECT COUNT(*) FROM events"
                                            " WHERE type = 'channel.created'"),
                     ROUNDS);
    shop_close(all.shop);
}

/* ---- sessions come and go while channels change ---- */

static void *come_and_go(void *ctx)
{
    racer *own = ctx;
    (void)pthread_barrier_wait(&own->all->start);
    for (int round = 0; round < ROUNDS; round++) {
        ec_session *s = session_staff(own->all->shop);
        ec_channel change = {.merge_policy = (ec_merge_policy)(round % 4),
                             .locale = round % 2 == 0 ? "es-CL" : "en"};
        ec_channel *changed = NULL;
        ec_id id = ec_session_channel(s);
        if (own->number % 4 == 0) {
            own->failures +=
                ec_channel_update(s, id, &change, ec_mask_of("channel", "merge_policy,locale"),
                                  &changed) != EC_OK;
        } else {
            own->failures += ec_channel_get(s, id, &changed) != EC_OK;
        }
        own->failures += strcmp(ec_session_facts(s)->currency, "CLP") != 0;
        ec_free(changed);
        ec_session_close(s);
    }
    return NULL;
}

static void session__facts_are_whole_while_they_change(void **state)
{
    (void)state;
    run_threads("facts.db", come_and_go);
    shop_close(all.shop);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(transact__threads_do_not_lose_updates),
        cmocka_unit_test(key__at_the_same_time_still_happens_once),
        cmocka_unit_test(session__facts_are_whole_while_they_change),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
