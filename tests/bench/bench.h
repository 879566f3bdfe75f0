/* SPDX-License-Identifier: MIT */
/*
 * bench.h - what measurements share: rows of the result, clocks, a folder, a crowd of callers.
 *
 * A measurement is a function in the table of run.c. It makes the shop that it needs, runs the
 * library and, where that makes sense, a plain program that does only the same SQL, one after the
 * other in turns, and adds a row or several. Whatever fails ends the program: a figure that was
 * measured on something broken is worse than none.
 */
#ifndef EC_TESTS_BENCH_BENCH_H
#define EC_TESTS_BENCH_BENCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <ecommerce.h>

#define BENCH_ROWS_MAX 64
#define BENCH_ROUNDS 7 /* turns of each side; what is reported is the median of them */

/* What a row's bar is about. */
typedef enum bench_bar {
    BENCH_BAR_NONE,
    BENCH_BAR_RATIO, /* ratio at least */
    BENCH_BAR_MAX    /* value at most */
} bench_bar;

/* A line of the result. */
typedef struct bench_row {
    const char *name;
    const char *unit;
    double value;
    double raw;   /* of the plain program; 0: there is none */
    double ratio; /* value / raw, turned round where less is better; set by bench_add */
    double bar;
    bench_bar kind;
    bool less_is_better;
    bool holds; /* set by bench_add */
} bench_row;

typedef struct bench {
    char folder[1024]; /* where files are made; beside the result, so on the same disk */
    double seconds;    /* how long one side's turn takes */
    bool has_goods;
    bench_row rows[BENCH_ROWS_MAX];
    size_t count;
} bench;

/* A measurement; names of the rows that it adds, ended by NULL. */
typedef struct bench_measure {
    void (*run)(bench *b);
    const char *rows[8];
    const char *about;
} bench_measure;

/* checkout.c */
void bench_checkout_alone(bench *b);
void bench_checkout_crowd(bench *b);
void bench_checkout_statements(bench *b);
void bench_flash_sale(bench *b);
/* cart.c */
void bench_cart_add(bench *b);
/* product.c */
void bench_product_page(bench *b);
void bench_product_promoted(bench *b);
void bench_json(bench *b);
/* catalog.c */
void bench_catalog(bench *b);
/* open.c */
void bench_open(bench *b);
/* pricing.c */
void bench_quote(bench *b);
void bench_quote_among(bench *b);
/* coupon.c */
void bench_coupons(bench *b);
/* simulate.c */
void bench_simulate(bench *b);

/* ---- report.c ---- */
void bench_add(bench *b, const bench_row *row);
void bench_print(const bench *b);
/* false: some bar does not hold */
bool bench_holds(const bench *b);
void bench_write(const bench *b, const char *path);

/* ---- support.c ---- */
__attribute__((format(printf, 1, 2), noreturn)) void bench_die(const char *format, ...);
void *bench_alloc(size_t count, size_t size);
double bench_now(void); /* seconds, monotonic */
double bench_cpu(void); /* seconds of all threads, in the program and in the system for it */
int64_t bench_wall_ms(void);
double bench_median(double *values, size_t count); /* sorts them */
/* A path in the folder, in a buffer of the caller. */
#define BENCH_PATH 1200
void bench_path(const bench *b, const char *name, char out[BENCH_PATH]);
void bench_folder_make(bench *b, const char *parent);
void bench_folder_remove(bench *b);
/* Remove a database with what lies beside it. */
void bench_file_remove(const char *path);
void bench_file_copy(const char *from, const char *to);
/* A small generator that gives the same numbers each time: 0 to below n. */
uint64_t bench_random(uint64_t *state, uint64_t n);

/* ---- the library's SQL, in texts.c ---- */

#define BENCH_TEXTS_MAX 16
typedef struct bench_texts {
    char *items[BENCH_TEXTS_MAX]; /* in the order in which they started */
    size_t count;
} bench_texts;
/* Note each text that the engine starts from now on; before its first session. */
void bench_texts_note(ec_engine *engine, bench_texts *texts);
void bench_texts_forget(bench_texts *texts);
/* The one that begins like this; ends the program when there is none. */
const char *bench_text(const bench_texts *texts, const char *start);

/* ---- shops, in shop.c ---- */
ec_engine *bench_open_engine(const char *path);
void bench_close_engine(ec_engine *engine);
ec_session *bench_session(ec_engine *engine, ec_actor actor);
/* Ends the program with the session's error unless status is EC_OK. */
void bench_ok(ec_session *session, ec_status status, const char *what);

/* What the shop of bench_goods holds. Product p (from 1) has variants (p - 1) * 6 + 1 … p * 6. */
#define BENCH_PRODUCTS 1000
#define BENCH_VARIANTS_EACH 6
/* Copy a shop of these products with plenty of stock to `path`; it is made once. */
void bench_goods(bench *b, const char *path);
/* The first variant of the product with this number, from 1. */
ec_id bench_variant(int64_t product);

/* The secret of the cart that bench_carts made under this number. */
#define BENCH_TOKEN 48
void bench_token(ec_id cart, char out[BENCH_TOKEN]);
/* How many different variants the carts of bench_carts hold. */
typedef struct bench_cart_plan {
    int64_t count; /* carts, numbered from 1 */
    int64_t lines; /* items of each, one unit of different products */
    int64_t hot;   /* the items come from so many products; BENCH_PRODUCTS: from all */
} bench_cart_plan;
/* Fill carts of visitors into a shop that nobody has open. */
void bench_carts(const char *path, const bench_cart_plan *plan);

/* ---- crowd.c ---- */

/* One operation of a caller; false: there is nothing left to do. */
typedef bool (*bench_step)(void *caller);

typedef struct bench_result {
    double rate;   /* operations a second */
    double cpu_us; /* processor time of one operation */
    double median_ms, p99_ms;
    uint64_t count;
} bench_result;

/* Let every caller, each in a thread of its own, step until the time is over. */
void bench_crowd(void *const *callers, size_t count, double seconds, bench_step step,
                 bench_result *out);

/* The two sides of a comparison. */
typedef struct bench_side {
    void *const *callers;
    bench_step step;
} bench_side;

/* A short turn of each to warm up, then BENCH_ROUNDS turns in alternation; the medians. */
void bench_duel(const bench *b, size_t callers, const bench_side *one, const bench_side *two,
                bench_result *first, bench_result *second);

#endif
