/* SPDX-License-Identifier: MIT */
/*
 * product.c - a whole product for its page, beside the plain SELECTs; and products as JSON.
 *
 * One caller, so what is shown is what one processor can do. Nothing is cached but what SQLite
 * itself keeps.
 */
#include "bench/bench.h"

#include "bench/raw.h"

#include <stdio.h>

#define JSON_TURNS 2000
#define CATALOG_PROMOTIONS 1000

/* ---- the page ---- */

typedef struct reader {
    ec_session *session;
    uint64_t dice;
} reader;

static ec_id some_product(uint64_t *dice)
{
    return 1 + (ec_id)bench_random(dice, BENCH_PRODUCTS);
}

static bool read_product(void *caller)
{
    reader *r = caller;
    ec_product *product = NULL;
    bench_ok(r->session, ec_product_get(r->session, some_product(&r->dice), &product), "product");
    if (product->variants_count != BENCH_VARIANTS_EACH) bench_die("a product without variants");
    ec_free(product);
    return true;
}

typedef struct raw_reader {
    raw_db raw;
    sqlite3_stmt *head, *variants, *lists;
    uint64_t dice;
    raw_rows rows;
} raw_reader;

static bool read_raw(void *caller)
{
    raw_reader *r = caller;
    int64_t id = some_product(&r->dice), now = bench_wall_ms();
    raw_run(&r->raw, r->raw.begin);
    raw_bind(&r->raw, r->head, "iiis", id, now, now, "CLP");
    raw_bind(&r->raw, r->variants, "i", id);
    raw_bind(&r->raw, r->lists, "iiii", id, id, id, id);
    size_t rows = raw_read(&r->raw, r->head, &r->rows);
    rows += raw_read(&r->raw, r->variants, &r->rows);
    rows += raw_read(&r->raw, r->lists, &r->rows);
    raw_run(&r->raw, r->raw.rollback);
    /* itself, its variants, two options, four images, three attributes, three tags */
    if (rows != 1 + BENCH_VARIANTS_EACH + 12) bench_die("a product of %zu rows", rows);
    return true;
}

/* What the library starts for it; how many there are. */
static size_t note_texts(const char *path, bench_texts *texts)
{
    ec_product *product = NULL;
    ec_engine *engine = bench_open_engine(path);
    bench_texts_note(engine, texts);
    ec_session *session = bench_session(engine, EC_ACTOR_GUEST);
    bench_texts_forget(texts);
    bench_ok(session, ec_product_get(session, 1, &product), "product");
    ec_free(product);
    ec_session_close(session);
    bench_close_engine(engine);
    return texts->count;
}

void bench_product_page(bench *b)
{
    static raw_reader raw;
    char path[BENCH_PATH];
    bench_texts texts;
    bench_result ours, plain;
    bench_path(b, "page.db", path);
    bench_goods(b, path);
    size_t statements = note_texts(path, &texts);
    ec_engine *engine = bench_open_engine(path);
    reader us = {.session = bench_session(engine, EC_ACTOR_GUEST), .dice = 5};
    raw_open(&raw.raw, path, true);
    raw.dice = 5;
    raw.head = raw_prepare(&raw.raw, bench_text(&texts, "SELECT t.id"));
    raw.variants = raw_prepare(&raw.raw, bench_text(&texts, "SELECT v.id"));
    raw.lists = raw_prepare(&raw.raw, bench_text(&texts, "SELECT 1 AS kind"));
    bench_side one = {(void *[]){&us}, read_product}, two = {(void *[]){&raw}, read_raw};
    bench_duel(b, 1, &one, &two, &ours, &plain);
    raw_close(&raw.raw);
    ec_session_close(us.session);
    bench_close_engine(engine);
    bench_file_remove(path);
    bench_texts_forget(&texts);
    bench_add(b, &(bench_row){.name = "product_page",
                              .unit = "whole products/s, 1 caller",
                              .value = ours.rate,
                              .raw = plain.rate});
    bench_add(b, &(bench_row){.name = "product_page_statements",
                              .unit = "statements of a product page",
                              .value = (double)statements,
                              .kind = BENCH_BAR_MAX,
                              .bar = 3});
}

/* ---- under promotions of the catalogue ---- */

/* One for each product. */
static void promote(const char *path)
{
    char code[32], actions[64];
    ec_engine *engine = bench_open_engine(path);
    ec_session *session = bench_session(engine, EC_ACTOR_SYSTEM);
    for (int i = 1; i <= CATALOG_PROMOTIONS; i++) {
        ec_promotion one, *made = NULL;
        if (ec_init("promotion", &one) != EC_OK) bench_die("a promotion cannot be begun");
        (void)snprintf(code, sizeof(code), "offer-%d", i);
        (void)snprintf(actions, sizeof(actions), "percent_off(10%%, on: product = %d)", i);
        one.code = one.name = code;
        one.actions = actions;
        one.kind = EC_PROMOTION_CATALOG;
        one.status = EC_PROMOTION_ACTIVE;
        bench_ok(session, ec_promotion_create(session, &one, &made), "promotion");
        ec_free(made);
    }
    ec_session_close(session);
    bench_close_engine(engine);
}

void bench_product_promoted(bench *b)
{
    char path[BENCH_PATH], promoted[BENCH_PATH];
    bench_result with, without;
    bench_path(b, "page.db", path);
    bench_path(b, "promoted.db", promoted);
    bench_goods(b, path);
    bench_goods(b, promoted);
    promote(promoted);
    ec_engine *engine = bench_open_engine(path), *other = bench_open_engine(promoted);
    reader plain = {.session = bench_session(engine, EC_ACTOR_GUEST), .dice = 5};
    reader cut = {.session = bench_session(other, EC_ACTOR_GUEST), .dice = 5};
    bench_side one = {(void *[]){&cut}, read_product}, two = {(void *[]){&plain}, read_product};
    bench_duel(b, 1, &one, &two, &with, &without);
    ec_session_close(plain.session);
    ec_session_close(cut.session);
    bench_close_engine(engine);
    bench_close_engine(other);
    bench_file_remove(path);
    bench_file_remove(promoted);
    bench_add(b, &(bench_row){.name = "product_page_promoted",
                              .unit = "pages/s with 1,000 catalogue promotions; raw: with none",
                              .value = with.rate,
                              .raw = without.rate,
                              .kind = BENCH_BAR_RATIO,
                              .bar = 0.83});
}

/* ---- JSON ---- */

/* A page of the listing as a host writes it. */
void bench_json(bench *b)
{
    char path[BENCH_PATH];
    ec_product_list *list = NULL;
    ec_page page = {.limit = 20};
    double turns[BENCH_ROUNDS];
    bench_path(b, "json.db", path);
    bench_goods(b, path);
    ec_engine *engine = bench_open_engine(path);
    ec_session *session = bench_session(engine, EC_ACTOR_GUEST);
    bench_ok(session, ec_product_find(session, NULL, &page, &list), "products");
    if (list->items_count != 20) bench_die("a page of %zu products", list->items_count);
    for (size_t round = 0; round < BENCH_ROUNDS; round++) {
        double began = bench_now();
        for (size_t turn = 0; turn < JSON_TURNS; turn++) {
            for (size_t i = 0; i < list->items_count; i++) {
                char *json = NULL;
                bench_ok(session, ec_to_json(session, "product", &list->items[i], &json), "JSON");
                ec_free(json);
            }
        }
        turns[round] = (bench_now() - began) / JSON_TURNS;
    }
    ec_free(list);
    ec_session_close(session);
    bench_close_engine(engine);
    bench_file_remove(path);
    bench_add(b, &(bench_row){.name = "json_page",
                              .unit = "us, 20 listed products as JSON",
                              .value = bench_median(turns, BENCH_ROUNDS) * 1e6,
                              .less_is_better = true});
}
