/* SPDX-License-Identifier: MIT */
/*
 * broken.c - files that are damaged, hostile or endless: what is good goes in, memory stays flat,
 * and nothing else happens.
 */
#include <dirent.h>

#include "transfer/support.h"

/* Memory in use, and the most of it since the last reset. */
typedef struct meter {
    size_t now, peak;
} meter;

/* Every block begins with its size, so that releasing it can be counted. */
static void *meter_resize(void *ctx, void *ptr, size_t size)
{
    meter *it = ctx;
    size_t *block = ptr ? (size_t *)ptr - 2 : NULL;
    it->now -= block ? block[0] : 0;
    if (size == 0) {
        free(block);
        return NULL;
    }
    block = realloc(block, size + 2 * sizeof *block);
    assert_non_null(block);
    block[0] = size;
    it->now += size;
    it->peak = it->now > it->peak ? it->now : it->peak;
    return block + 2;
}

static ec_engine *open_metered(meter *it)
{
    static ec_platform platform;
    *it = (meter){0};
    platform = (ec_platform){.version = EC_PLATFORM_VERSION, .ctx = it, .resize = meter_resize};
    return shop_open_with("sqlite::memory:", (ec_options){.platform = &platform});
}

/* ---- files that are none ---- */

static void expect_no_header(const char *text, size_t length)
{
    ec_engine *engine = shop_open();
    ec_session *session = session_system(engine);
    text_source source = {.text = text, .length = length};
    ec_import_counts *counts = NULL;
    assert_status(session, ec_import_shopify(session, NULL, text_read, &source, &counts),
                  EC_INVALID);
    assert_string_equal(ec_session_error(session)->field, "header");
    assert_null(counts);
    assert_int_equal(shop_sql_int(engine, "SELECT count(*) FROM products"), 0);
    assert_int_equal(shop_sql_int(engine, "SELECT count(*) FROM imports"), 0);
    ec_session_close(session);
    shop_close(engine);
}

static void import__refuses_what_is_no_product_file(void **state)
{
    static const char *const names[] = {
        "catalogs/shopify-fixtures/invalid_headers.csv",
        "catalogs/shopify-fixtures/custom_data_validator_invalid.csv",
        "catalogs/shopify-fixtures/customers.csv", "catalogs/shopify-fixtures/orders.csv"};
    (void)state;
    expect_no_header("", 0);
    expect_no_header("\n\n", 2);
    expect_no_header(",,\nJane,Doe,j@example.com\n", 26);
    expect_no_header("First Name,Last Name\nJane,Doe\n", 30);
    expect_no_header("Handle,\"Title\n", 14);
    expect_no_header("Handle,Title,title\n", 19);
    expect_no_header("Handle,Ti\0tle\n", 14);
    expect_no_header("\x1F\x8B\x08\x00\x00\x00", 6);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        size_t length = 0;
        char *text = data_read(names[i], &length);
        if (text) {
            expect_no_header(text, length);
            free(text);
        }
    }
}

static void import__refuses_a_product_without_title(void **state)
{
    (void)state;
    ec_engine *engine = shop_open();
    ec_session *session = session_system(engine);
    told all;
    ec_import_options options = told_options(&all);
    size_t length = 0;
    char *text = data_read("catalogs/shopify-fixtures/invalid_product.csv", &length);
    static const char own[] = "Handle,Title,Metafield Key\nsneaker,,maker\n";
    ec_import_counts counts =
        text ? import_bytes(session, &options, text, length) : import_text(session, &options, own);
    assert_int_equal(counts.refused, 1);
    assert_int_equal(counts.products_created, 0);
    assert_int_equal(all.refused[0].line, 2);
    assert_string_equal(all.refused[0].column, "Title");
    free(text);
    ec_session_close(session);
    shop_close(engine);
}

/* ---- damaged records ---- */

static void import__goes_on_behind_broken_records(void **state)
{
    (void)state;
    static const char file[] = "Handle,Title,Variant Price\n"
                               "a,A,1\n"
                               "b,\"B\"x,2\n"
                               "c,C\0,3\n"
                               "d,D,4\n"
                               "e,\"never closed,5\n"
                               "f,F,6\n";
    ec_engine *engine = shop_open();
    ec_session *session = session_system(engine);
    told all;
    ec_import_options options = told_options(&all);
    ec_import_counts counts = import_bytes(session, &options, file, sizeof file - 1);
    assert_int_equal(counts.products_created, 3);
    assert_int_equal(counts.refused, 3);
    assert_int_equal(counts.rows, 6);
    assert_int_equal(all.refused[0].line, 3);
    assert_int_equal(all.refused[1].line, 4);
    assert_int_equal(all.refused[2].line, 6);
    assert_string_equal(all.refused[0].rule, "csv");
    assert_false(all.unordered);
    ec_session_close(session);
    shop_close(engine);
}

/* A header, so many bytes x, and a good product behind them. */
typedef struct endless {
    size_t at, fat;
} endless;

static const char endless_head[] = "Handle,Title\nfat,\"";
static const char endless_tail[] = "\"\nthin,Thin\n";

static ec_status endless_read(void *ctx, char *buffer, size_t size, size_t *got)
{
    endless *it = ctx;
    size_t head = sizeof endless_head - 1, tail = sizeof endless_tail - 1;
    *got = 0;
    while (*got < size && it->at < head + it->fat + tail) {
        size_t at = it->at++;
        buffer[(*got)++] = at < head             ? endless_head[at]
                           : at < head + it->fat ? 'x'
                                                 : endless_tail[at - head - it->fat];
    }
    return EC_OK;
}

static void import__passes_over_a_field_of_100_megabytes(void **state)
{
    (void)state;
    meter memory;
    ec_engine *engine = open_metered(&memory);
    ec_session *session = session_system(engine);
    told all;
    ec_import_options options = told_options(&all);
    endless source = {.fat = (size_t)100 << 20};
    ec_import_counts *counts = NULL;
    assert_ok(session, ec_import_shopify(session, &options, endless_read, &source, &counts));
    assert_int_equal(counts->products_created, 1);
    assert_int_equal(counts->refused, 1);
    assert_string_equal(all.refused[0].rule, "max_length");
    assert_true(memory.peak < (size_t)48 << 20);
    ec_free(counts);
    ec_session_close(session);
    shop_close(engine);
}

/* The most memory that an import of so many products takes. */
static size_t peak_of(int products, bool dry_run)
{
    meter memory;
    ec_engine *engine = open_metered(&memory);
    ec_session *session = session_system(engine);
    size_t length;
    char *text = many_products(products, &length);
    ec_import_options options = {.dry_run = dry_run, .source = "x"};
    memory.peak = memory.now;
    size_t before = memory.now;
    ec_import_counts counts = import_bytes(session, &options, text, length);
    size_t peak = memory.peak - before;
    assert_int_equal(counts.products_created, products);
    free(text);
    ec_session_close(session);
    shop_close(engine);
    return peak;
}

static void import__takes_no_more_memory_for_a_longer_file(void **state)
{
    (void)state;
    size_t plan = peak_of(250, true), real = peak_of(250, false);
    assert_true(peak_of(25000, true) <= plan + plan / 10);
    assert_true(peak_of(10000, false) <= real + real / 10);
}

/* One handle, a good product, and broken records without end. */
static void import__takes_no_more_memory_for_more_broken_records(void **state)
{
    (void)state;
    size_t peaks[2];
    for (int run = 0; run < 2; run++) {
        meter memory;
        ec_engine *engine = open_metered(&memory);
        ec_session *session = session_system(engine);
        size_t rows = run == 0 ? 5000 : 100000, at = 0;
        char *text = malloc(100 + rows * 32);
        assert_non_null(text);
        at += (size_t)snprintf(text, 100, "Handle,Title,Variant Price\na,A,1\n");
        for (size_t i = 0; i < rows; i++) {
            at += (size_t)snprintf(text + at, 32, "a,,oops\n");
        }
        told all;
        ec_import_options options = told_options(&all);
        memory.peak = memory.now;
        size_t before = memory.now;
        ec_import_counts counts = import_bytes(session, &options, text, at);
        peaks[run] = memory.peak - before;
        assert_int_equal(counts.refused, rows);
        assert_int_equal(all.refused_count, rows);
        assert_int_equal(counts.products_created, 1);
        assert_false(all.unordered);
        free(text);
        ec_session_close(session);
        shop_close(engine);
    }
    assert_true(peaks[1] <= peaks[0] + peaks[0] / 10);
}

/* ---- hostile texts ---- */

static void put_quoted(char *out, size_t *at, const char *text, size_t length)
{
    out[(*at)++] = '"';
    for (size_t i = 0; i < length; i++) {
        if (text[i] == '"') {
            out[(*at)++] = '"';
        }
        out[(*at)++] = text[i];
    }
    out[(*at)++] = '"';
}

static void import__keeps_naughty_strings_exactly(void **state)
{
    static const char own[] = "<script>alert(1)</script>\n'; DROP TABLE products; --\n"
                              "\xE2\x80\x8B\xEF\xBB\xBF\n=1+1\n'=x\n\"\n,\nnull\n";
    (void)state;
    size_t length = sizeof own - 1;
    char *data = data_read("vectors/blns/blns.txt", &length);
    const char *text = data ? data : own, *end = text + length;
    size_t room = length * 8 + 8000000, at = 0, count = 0;
    char *file = malloc(room);
    assert_non_null(file);
    at += (size_t)snprintf(file, room, "Handle,Title,Body (HTML),Variant SKU,Naughty\n");
    for (const char *line = text; line < end && count < 600; count++) {
        const char *stop = memchr(line, '\n', (size_t)(end - line));
        size_t size = (size_t)((stop ? stop : end) - line);
        at += (size_t)snprintf(file + at, 40, "n-%d,", (int)count);
        put_quoted(file, &at, line, size);
        file[at++] = ',';
        put_quoted(file, &at, line, size);
        at += (size_t)snprintf(file + at, 40, ",s%d,", (int)count);
        put_quoted(file, &at, line, size);
        file[at++] = '\n';
        line = stop ? stop + 1 : end;
    }
    ec_engine *engine = shop_open();
    ec_session *session = session_system(engine);
    told all;
    ec_import_options options = told_options(&all);
    ec_import_counts counts = import_bytes(session, &options, file, at);
    assert_int_equal(counts.rows, count);
    assert_int_equal(counts.products_created + counts.refused, count);
    assert_true(counts.products_created > 0);
    text_sink sink = export_text(session, NULL);
    ec_import_counts same = import_bytes(session, &options, sink.text, sink.length);
    assert_int_equal(same.products_unchanged, counts.products_created);
    assert_int_equal(same.refused, 0);
    free(sink.text);
    free(file);
    free(data);
    ec_session_close(session);
    shop_close(engine);
}

static void import__survives_every_file_of_csv_spectrum(void **state)
{
    (void)state;
    const char *path = data_path("vectors/csv-spectrum/csvs");
    char folder[2048] = "";
    snprintf(folder, sizeof folder, "%s", path ? path : "");
    DIR *dir = path ? opendir(folder) : NULL;
    for (struct dirent *entry; dir && (entry = readdir(dir)) != NULL;) {
        char name[512];
        size_t length = 0;
        snprintf(name, sizeof name, "vectors/csv-spectrum/csvs/%s", entry->d_name);
        char *text = entry->d_name[0] != '.' ? data_read(name, &length) : NULL;
        if (!text) {
            continue;
        }
        ec_engine *engine = shop_open();
        ec_session *session = session_system(engine);
        text_source source = {.text = text, .length = length, .bite = 1};
        ec_import_counts *counts = NULL;
        assert_status(session, ec_import_shopify(session, NULL, text_read, &source, &counts),
                      EC_INVALID);
        ec_session_close(session);
        shop_close(engine);
        free(text);
    }
    if (dir) {
        (void)closedir(dir);
    }
}

static void import__survives_any_cut_and_any_byte(void **state)
{
    (void)state;
    size_t length = sizeof own_file - 1;
    char *text = malloc(length);
    assert_non_null(text);
    for (int run = 0; run < 300; run++) {
        memcpy(text, own_file, length);
        size_t cut = (size_t)world_pick((int64_t)length) + 1;
        for (int i = 0; i < 3; i++) {
            text[world_pick((int64_t)length)] = (char)world_pick(256);
        }
        ec_engine *engine = shop_open();
        ec_session *session = session_system(engine);
        text_source source = {.text = text, .length = cut, .bite = 7};
        ec_import_counts *counts = NULL;
        ec_status status = ec_import_shopify(session, NULL, text_read, &source, &counts);
        assert_true(status == EC_OK || status == EC_INVALID);
        if (status == EC_OK) {
            assert_true(counts->refused <= counts->rows);
        }
        ec_free(counts);
        ec_session_close(session);
        shop_close(engine);
    }
    free(text);
}

/* ---- memory that runs out, arguments that are missing ---- */

static void import__reports_every_failing_allocation(void **state)
{
    (void)state;
    int64_t n = 1;
    for (bool failed = true; failed; n += n < 50 ? 1 : 7) {
        ec_engine *engine = shop_open();
        ec_session *session = session_system(engine);
        text_source source = {.text = own_file, .length = sizeof own_file - 1};
        ec_import_counts *counts = NULL;
        world_fail(n, false);
        ec_status status = ec_import_shopify(session, NULL, text_read, &source, &counts);
        failed = world_failed();
        world_fail(0, false);
        assert_true(status == EC_OK || status == EC_NO_MEMORY);
        assert_true((status == EC_OK) == (counts != NULL));
        ec_free(counts);
        text_sink sink = {0};
        world_fail(n, false);
        status = ec_export_shopify(session, text_write, &sink, NULL);
        failed = failed || world_failed();
        world_fail(0, false);
        assert_true(status == EC_OK || status == EC_NO_MEMORY);
        free(sink.text);
        ec_session_close(session);
        shop_close(engine);
    }
    assert_true(n > 20);
}

static void import__says_what_is_missing(void **state)
{
    (void)state;
    ec_engine *engine = shop_open();
    ec_session *session = session_system(engine);
    text_source source = {.text = own_file, .length = sizeof own_file - 1};
    ec_import_counts *counts = NULL;
    ec_import_options options = {.version = 7};
    assert_int_equal(ec_import_shopify(NULL, NULL, text_read, &source, &counts), EC_MISUSE);
    assert_int_equal(ec_import_shopify(session, NULL, text_read, &source, NULL), EC_MISUSE);
    assert_status(session, ec_import_shopify(session, NULL, NULL, NULL, &counts), EC_MISUSE);
    assert_status(session, ec_import_shopify(session, &options, text_read, &source, &counts),
                  EC_MISUSE);
    options = (ec_import_options){.currency = "ZZZ"};
    assert_status(session, ec_import_shopify(session, &options, text_read, &source, &counts),
                  EC_INVALID);
    assert_field_error(session, "currency", "currency");
    options = (ec_import_options){.warehouse_id = 99};
    assert_status(session, ec_import_shopify(session, &options, text_read, &source, &counts),
                  EC_INVALID);
    assert_field_error(session, "warehouse_id", "unknown");
    options = (ec_import_options){.source = "\xFF"};
    assert_status(session, ec_import_shopify(session, &options, text_read, &source, &counts),
                  EC_INVALID);
    assert_field_error(session, "source", "utf8");
    assert_int_equal(shop_sql_int(engine, "SELECT count(*) FROM imports"), 0);
    ec_session_close(session);
    shop_close(engine);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(import__refuses_what_is_no_product_file),
        cmocka_unit_test(import__refuses_a_product_without_title),
        cmocka_unit_test(import__goes_on_behind_broken_records),
        cmocka_unit_test(import__passes_over_a_field_of_100_megabytes),
        cmocka_unit_test(import__takes_no_more_memory_for_a_longer_file),
        cmocka_unit_test(import__takes_no_more_memory_for_more_broken_records),
        cmocka_unit_test(import__keeps_naughty_strings_exactly),
        cmocka_unit_test(import__survives_every_file_of_csv_spectrum),
        cmocka_unit_test(import__survives_any_cut_and_any_byte),
        cmocka_unit_test(import__reports_every_failing_allocation),
        cmocka_unit_test(import__says_what_is_missing),
    };
    return cmocka_run_group_tests_name("transfer.broken", tests, NULL, NULL);
}
