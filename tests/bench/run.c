/* SPDX-License-Identifier: MIT */
/*
 * run.c - every measurement in one go.
 *
 * usage: run [--only NAME] [--seconds N] [--no-bars] [RESULT.json]
 *
 * Prints a table and writes the rows as JSON to build/bench.json of the working directory, or to
 * where the argument says. Ends with 1 when a bar does not hold (unless --no-bars: tests only ask
 * whether everything runs), with 2 when something broke. It measures one thing at a time and
 * touches nothing but a folder beside the result.
 */
#include "bench/bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static const bench_measure measures[] = {
    {bench_checkout_alone, {"checkout_1"}, "durable checkouts of two items, one caller"},
    {bench_checkout_crowd,
     {"checkout_32", "checkout_32_tail", "checkout_cpu", "checkout_cpu_above"},
     "durable checkouts of two items, 32 callers"},
    {bench_checkout_statements,
     {"statements_1", "statements_10", "statements_100"},
     "SQL statements of a checkout"},
    {bench_flash_sale, {"flash_sale"}, "32 callers on one variant, and on a thousand"},
    {bench_cart_add, {"cart_add"}, "an item into a cart"},
    {bench_product_page,
     {"product_page", "product_page_statements"},
     "a product with its variants, images, attributes"},
    {bench_product_promoted,
     {"product_page_promoted"},
     "the same under a thousand promotions of the catalogue"},
    {bench_json, {"json_page"}, "20 whole products as JSON"},
    {bench_catalog,
     {"import", "import_cpu", "product_list", "product_list_p99", "product_list_statements"},
     "a catalogue of 100,000 products: import, lists"},
    {bench_open, {"open_memory", "open_file"}, "opening a shop"},
    {bench_quote, {"quote_large"}, "a large cart under many rules"},
    {bench_quote_among, {"quote_among_100000"}, "few rules among very many"},
    {bench_coupons, {"coupons_10000"}, "ten thousand coupons"},
    {bench_simulate, {"simulate_orders"}, "a promotion over many orders of the past"},
};
#define MEASURES (sizeof(measures) / sizeof(measures[0]))

typedef struct options {
    const char *only;
    const char *path;
    double seconds;
    bool no_bars;
} options;

static void usage(void)
{
    (void)fputs("usage: run [--only NAME] [--seconds N] [--no-bars] [RESULT.json]\n\n"
                "N is the length of one turn (default 0.6); names are those of the rows:\n",
                stderr);
    for (size_t i = 0; i < MEASURES; i++) {
        (void)fputs(" ", stderr);
        for (size_t k = 0; measures[i].rows[k] != NULL; k++)
            (void)fprintf(stderr, " %s", measures[i].rows[k]);
        (void)fputc('\n', stderr);
    }
    exit(2);
}

static void read_options(int argc, char **argv, options *out)
{
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--only") == 0 && i + 1 < argc) {
            out->only = argv[++i];
        } else if (strcmp(argv[i], "--seconds") == 0 && i + 1 < argc) {
            char *end = NULL;
            out->seconds = strtod(argv[++i], &end);
            if (*end != '\0' || !(out->seconds > 0 && out->seconds <= 60)) usage();
        } else if (strcmp(argv[i], "--no-bars") == 0) {
            out->no_bars = true;
        } else if (argv[i][0] == '-' || out->path != NULL) {
            usage();
        } else {
            out->path = argv[i];
        }
    }
}

static bool is_wanted(const bench_measure *measure, const char *only)
{
    if (only == NULL) return true;
    for (size_t i = 0; measure->rows[i] != NULL; i++)
        if (strcmp(measure->rows[i], only) == 0) return true;
    return false;
}

/* Where the result goes, for the folder beside it. */
static void parent_of(const char *path, char *out, size_t size)
{
    const char *slash = strrchr(path, '/');
    size_t length = slash == NULL ? 0 : (size_t)(slash - path);
    if (length >= size) bench_die("%s: too long", path);
    memcpy(out, path, length);
    out[length] = '\0';
    if (length == 0) (void)snprintf(out, size, slash == NULL ? "." : "/");
}

int main(int argc, char **argv)
{
    static bench b;
    options wanted = {.seconds = 0.6};
    char parent[1000];
    bool any = false;
    read_options(argc, argv, &wanted);
    if (wanted.path == NULL) {
        (void)mkdir("build", 0777); /* mostly it is there */
        wanted.path = "build/bench.json";
    }
    parent_of(wanted.path, parent, sizeof(parent));
    b.seconds = wanted.seconds;
    bench_folder_make(&b, parent);
    double began = bench_now();
    for (size_t i = 0; i < MEASURES; i++) {
        if (!is_wanted(&measures[i], wanted.only)) continue;
        any = true;
        (void)fprintf(stderr, "%5.1f s  %s\n", bench_now() - began, measures[i].about);
        measures[i].run(&b);
    }
    if (!any) usage();
    bench_folder_remove(&b);
    bench_print(&b);
    bench_write(&b, wanted.path);
    printf("\n%.0f s; %s\n", bench_now() - began, wanted.path);
    return bench_holds(&b) || wanted.no_bars ? 0 : 1;
}
