/* SPDX-License-Identifier: MIT */
/*
 * catalog.c - a catalogue of 100,000 products: how fast it comes in, and how fast it is listed.
 *
 * The file is a Shopify product CSV that is made up while it is read: every second product has
 * three sizes. A listing asks as a visitor does: a category with what is below it, a range of
 * prices, only what is there, cheapest first, another category and range each time.
 */
#include "bench/bench.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/raw.h"

#define PRODUCTS 100000
#define TOPS 4 /* categories at the top, each with as many below */
#define BELOW 5
#define PAGE 20

/* ---- the file ---- */

static const char head[] =
    "Handle,Title,Body (HTML),Vendor,Type,Tags,Published,Option1 Name,Option1 Value,Variant SKU,"
    "Variant Grams,Variant Inventory Tracker,Variant Inventory Qty,Variant Inventory Policy,"
    "Variant Fulfillment Service,Variant Price,Variant Compare At Price,"
    "Variant Requires Shipping,Variant Taxable,Image Src,Image Position,Image Alt Text,Status\n";

typedef struct sheet {
    int64_t next;
    char text[4096]; /* rows of one product */
    size_t length, at;
} sheet;

static int64_t price_of(int64_t product)
{
    uint64_t state = (uint64_t)product;
    return 1990 + (int64_t)bench_random(&state, 500) * 100;
}

static void put(sheet *s, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void put(sheet *s, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int length = vsnprintf(s->text + s->length, sizeof(s->text) - s->length, format, args);
    va_end(args);
    if (length < 0 || (size_t)length >= sizeof(s->text) - s->length) bench_die("a row is too long");
    s->length += (size_t)length;
}

static void make_product(sheet *s)
{
    static const char *const sizes[] = {"S", "M", "L"};
    int64_t p = s->next++;
    bool sized = p % 2 == 0;
    s->length = s->at = 0;
    if (p == 1) put(s, "%s", head);
    for (int i = 0; i < (sized ? 3 : 1); i++) {
        put(s, "product-%" PRId64 ",", p);
        if (i == 0)
            put(s,
                "Producto de prueba %" PRId64
                ",\"<p>Soft, light and made to last.</p>\n<p>30 °C</p>\",Brand %" PRId64
                ",below-%" PRId64 "-%" PRId64 ",\"new, cotton\",true,%s,",
                p, p % 200, p % TOPS + 1, p / TOPS % BELOW + 1, sized ? "Size" : "Title");
        else
            put(s, ",,,,,,,");
        put(s, "%s,CSV-%" PRId64 "-%d,250,shopify,%" PRId64 ",deny,manual,%" PRId64 ",,true,true,",
            sized ? sizes[i] : "Default Title", p, i, p / 20 % 10 == 0 ? 0 : p % 50 + 1,
            price_of(p));
        if (i == 0)
            put(s, "https://img.example.com/%" PRId64 ".jpg,1,In use,active\n", p);
        else
            put(s, ",,,\n");
    }
}

static ec_status read_sheet(void *ctx, char *buffer, size_t size, size_t *got)
{
    sheet *s = ctx;
    *got = 0;
    while (*got < size) {
        if (s->at == s->length) {
            if (s->next > PRODUCTS) return EC_OK;
            make_product(s);
        }
        size_t part = s->length - s->at < size - *got ? s->length - s->at : size - *got;
        memcpy(buffer + *got, s->text + s->at, part);
        s->at += part;
        *got += part;
    }
    return EC_OK;
}

static void add_categories(ec_session *session)
{
    for (int top = 1; top <= TOPS; top++) {
        char name[32];
        ec_category category, *parent = NULL, *made = NULL;
        if (ec_init("category", &category) != EC_OK) bench_die("no category");
        (void)snprintf(name, sizeof(name), "Top %d", top);
        category.name = name;
        bench_ok(session, ec_category_create(session, &category, &parent), "category");
        for (int below = 1; below <= BELOW; below++) {
            (void)snprintf(name, sizeof(name), "Below %d %d", top, below);
            category.parent_id = parent->id;
            bench_ok(session, ec_category_create(session, &category, &made), "category");
            ec_free(made);
        }
        ec_free(parent);
    }
}

static void refused(void *ctx, const ec_refused_row *row)
{
    (void)ctx;
    bench_die("line %" PRId64 " is refused: %s", row->line, row->reason);
}

static void import(bench *b, ec_session *session)
{
    static sheet s = {.next = 1};
    ec_import_counts *counts = NULL;
    ec_import_options options = {
        .version = EC_IMPORT_OPTIONS_VERSION, .source = "bench.csv", .refused = refused};
    s.next = 1;
    add_categories(session);
    double began = bench_now(), cpu = bench_cpu();
    bench_ok(session, ec_import_shopify(session, &options, read_sheet, &s, &counts), "import");
    double took = bench_now() - began;
    cpu = bench_cpu() - cpu;
    if (counts->products_created != PRODUCTS || counts->variants_created != 2 * PRODUCTS)
        bench_die("%" PRId64 " products came in", counts->products_created);
    bench_add(b, &(bench_row){.name = "import",
                              .unit = "variants/s from CSV",
                              .value = (double)counts->variants_created / took});
    bench_add(b, &(bench_row){.name = "import_cpu",
                              .unit = "us of processor for a variant",
                              .value = cpu * 1e6 / (double)counts->variants_created,
                              .less_is_better = true});
    ec_free(counts);
}

/* ---- the list ---- */

typedef struct question {
    int64_t category, price_min, price_max;
} question;

/* Categories are numbered in the order in which they were made; every third time it is one at the
   top. */
static question ask(uint64_t *dice)
{
    question q;
    int64_t top = (int64_t)bench_random(dice, TOPS), below = (int64_t)bench_random(dice, BELOW);
    bool whole = bench_random(dice, 3) == 0;
    q.category = top * (BELOW + 1) + 1 + (whole ? 0 : below + 1);
    q.price_min = 1990 + (int64_t)bench_random(dice, 200) * 100;
    q.price_max = q.price_min + 20000;
    return q;
}

typedef struct reader {
    ec_session *session;
    uint64_t dice;
} reader;

static bool list_products(void *caller)
{
    reader *r = caller;
    question q = ask(&r->dice);
    ec_product_list *list = NULL;
    ec_page page = {.limit = PAGE};
    ec_product_filter filter = {.category_id = q.category,
                                .price_min = q.price_min,
                                .price_max = q.price_max,
                                .in_stock = true,
                                .sort = EC_SORT_PRICE};
    bench_ok(r->session, ec_product_find(r->session, &filter, &page, &list), "list");
    if (list->items_count != PAGE) bench_die("a page of %zu products", list->items_count);
    ec_free(list);
    return true;
}

typedef struct raw_reader {
    raw_db raw;
    sqlite3_stmt *page;
    uint64_t dice;
    raw_rows rows;
} raw_reader;

static bool list_raw(void *caller)
{
    raw_reader *r = caller;
    question q = ask(&r->dice);
    int64_t now = bench_wall_ms();
    raw_run(&r->raw, r->raw.begin);
    raw_bind(&r->raw, r->page, "iisiiiii", now, now, "CLP", q.price_min, q.price_max, q.category,
             (int64_t)PAGE + 1, INT64_C(0));
    size_t rows = raw_read(&r->raw, r->page, &r->rows);
    raw_run(&r->raw, r->raw.rollback);
    if (rows != PAGE + 1) bench_die("a page of %zu products", rows);
    return true;
}

static void note_texts(const char *path, bench_texts *texts)
{
    ec_engine *engine = bench_open_engine(path);
    bench_texts_note(engine, texts);
    reader us = {.session = bench_session(engine, EC_ACTOR_GUEST), .dice = 3};
    bench_texts_forget(texts);
    (void)list_products(&us);
    ec_session_close(us.session);
    bench_close_engine(engine);
}

static void list(bench *b, const char *path)
{
    static raw_reader raw;
    bench_texts texts;
    bench_result ours, plain;
    note_texts(path, &texts);
    ec_engine *engine = bench_open_engine(path);
    reader us = {.session = bench_session(engine, EC_ACTOR_GUEST), .dice = 3};
    raw_open(&raw.raw, path, true);
    raw.dice = 3;
    raw.page = raw_prepare(&raw.raw, bench_text(&texts, "SELECT t.id"));
    bench_side one = {(void *[]){&us}, list_products}, two = {(void *[]){&raw}, list_raw};
    bench_duel(b, 1, &one, &two, &ours, &plain);
    raw_close(&raw.raw);
    ec_session_close(us.session);
    bench_close_engine(engine);
    bench_add(b, &(bench_row){.name = "product_list",
                              .unit = "pages of 20 in 100,000/s, 1 caller",
                              .value = ours.rate,
                              .raw = plain.rate});
    bench_add(b, &(bench_row){.name = "product_list_p99",
                              .unit = "ms",
                              .value = ours.p99_ms,
                              .raw = plain.p99_ms,
                              .less_is_better = true});
    bench_add(b, &(bench_row){.name = "product_list_statements",
                              .unit = "statements of a page of products",
                              .value = (double)texts.count,
                              .kind = BENCH_BAR_MAX,
                              .bar = 2});
    bench_texts_forget(&texts);
}

void bench_catalog(bench *b)
{
    char path[BENCH_PATH];
    bench_path(b, "catalog.db", path);
    ec_engine *engine = bench_open_engine(path);
    ec_session *session = bench_session(engine, EC_ACTOR_SYSTEM);
    import(b, session);
    ec_session_close(session);
    bench_close_engine(engine);
    list(b, path);
    bench_file_remove(path);
}
