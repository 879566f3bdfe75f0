/* SPDX-License-Identifier: MIT */
/*
 * support.h - for the tests of imports and exports: texts as files, what was told, small files of
 * our own beside the real ones.
 */
#ifndef EC_TESTS_TRANSFER_SUPPORT_H
#define EC_TESTS_TRANSFER_SUPPORT_H

#include "harness/harness.h"

/* ---- a text as a file, handed out in small bites ---- */

typedef struct text_source {
    const char *text;
    size_t length, at, bite;
    size_t fail_at; /* reading fails from this byte on; 0: never */
} text_source;

static inline ec_status text_read(void *ctx, char *buffer, size_t size, size_t *got)
{
    text_source *source = ctx;
    size_t left = source->length - source->at;
    size_t count = left < size ? left : size;
    if (source->bite > 0 && count > source->bite) {
        count = source->bite;
    }
    if (source->fail_at > 0 && source->at + count > source->fail_at) {
        *got = 0;
        return EC_IO;
    }
    if (count > 0) {
        memcpy(buffer, source->text + source->at, count);
    }
    source->at += count;
    *got = count;
    return EC_OK;
}

/* ---- a file that grows in memory ---- */

typedef struct text_sink {
    char *text;
    size_t length, room;
    size_t fail_at; /* writing fails from this byte on; 0: never */
} text_sink;

static inline ec_status text_write(void *ctx, const char *bytes, size_t count)
{
    text_sink *sink = ctx;
    if (sink->fail_at > 0 && sink->length + count > sink->fail_at) {
        return EC_IO;
    }
    if (sink->length + count + 1 > sink->room) {
        sink->room = (sink->length + count + 1) * 2;
        sink->text = realloc(sink->text, sink->room);
        assert_non_null(sink->text);
    }
    memcpy(sink->text + sink->length, bytes, count);
    sink->length += count;
    sink->text[sink->length] = '\0';
    return EC_OK;
}

/* ---- what an import tells ---- */

#define TOLD_MAX 64

typedef struct told {
    size_t refused_count, change_count, progress_count;
    struct {
        int64_t line;
        char column[64], rule[32], reason[256], handle[256];
    } refused[TOLD_MAX];
    struct {
        char action[16], handle[256], fields[256];
    } changes[TOLD_MAX];
    int64_t last_line;
    size_t stop_after; /* cancel in the n-th progress; 0: never */
    bool unordered;
} told;

static inline void told_copy(char *to, size_t size, const char *text)
{
    snprintf(to, size, "%s", text ? text : "");
}

static inline void told_refused(void *ctx, const ec_refused_row *row)
{
    told *all = ctx;
    assert_non_null(row->rule);
    assert_non_null(row->reason);
    assert_true(row->line > 0);
    all->unordered = all->unordered || row->line < all->last_line;
    all->last_line = row->line;
    if (all->refused_count < TOLD_MAX) {
        size_t i = all->refused_count;
        all->refused[i].line = row->line;
        told_copy(all->refused[i].column, sizeof all->refused[i].column, row->column);
        told_copy(all->refused[i].rule, sizeof all->refused[i].rule, row->rule);
        told_copy(all->refused[i].reason, sizeof all->refused[i].reason, row->reason);
        told_copy(all->refused[i].handle, sizeof all->refused[i].handle, row->handle);
    }
    all->refused_count++;
}

static inline void told_change(void *ctx, const char *action, const char *handle,
                               const char *fields)
{
    told *all = ctx;
    if (all->change_count < TOLD_MAX) {
        size_t i = all->change_count;
        told_copy(all->changes[i].action, sizeof all->changes[i].action, action);
        told_copy(all->changes[i].handle, sizeof all->changes[i].handle, handle);
        told_copy(all->changes[i].fields, sizeof all->changes[i].fields, fields);
    }
    all->change_count++;
}

static inline ec_status told_progress(void *ctx, const ec_import_counts *counts)
{
    told *all = ctx;
    (void)counts;
    all->progress_count++;
    return all->stop_after > 0 && all->progress_count >= all->stop_after ? EC_CANCELLED : EC_OK;
}

static inline ec_import_options told_options(told *all)
{
    *all = (told){0};
    return (ec_import_options){.version = EC_IMPORT_OPTIONS_VERSION,
                               .source = "test.csv",
                               .refused = told_refused,
                               .change = told_change,
                               .progress = told_progress,
                               .ctx = all};
}

/* ---- short forms ---- */

/* Import a text; the counts. told may be NULL. */
static inline ec_import_counts import_bytes(ec_session *session, const ec_import_options *options,
                                            const char *text, size_t length)
{
    text_source source = {.text = text, .length = length, .bite = 4093};
    ec_import_counts *counts = NULL, copy;
    assert_ok(session, ec_import_shopify(session, options, text_read, &source, &counts));
    copy = *counts;
    ec_free(counts);
    return copy;
}

static inline ec_import_counts import_text(ec_session *session, const ec_import_options *options,
                                           const char *text)
{
    return import_bytes(session, options, text, strlen(text));
}

static inline text_sink export_text(ec_session *session, int64_t *products)
{
    text_sink sink = {0};
    assert_ok(session, ec_export_shopify(session, text_write, &sink, products));
    return sink;
}

static inline text_sink export_lines(ec_session *session, const char *entity, int64_t *objects)
{
    text_sink sink = {0};
    assert_ok(session, ec_export_jsonl(session, entity, text_write, &sink, objects));
    if (!sink.text) {
        assert_ok(session, text_write(&sink, "", 0));
    }
    return sink;
}

static inline ec_import_counts import_lines(ec_session *session, const ec_import_options *options,
                                            const char *text, size_t length)
{
    text_source source = {.text = text, .length = length, .bite = 777};
    ec_import_counts *counts = NULL, copy;
    assert_ok(session, ec_import_jsonl(session, options, text_read, &source, &counts));
    copy = *counts;
    ec_free(counts);
    return copy;
}

/* Without what differs between shops: numbers, versions and times. */
static inline char *without_numbers(const char *text)
{
    static const char *const keys[] = {
        "\"id\":",
        "\"version\":",
        "\"created_at\":",
        "\"updated_at\":",
        "\"parent_id\":",
        "\"category_id\":",
        "\"brand_id\":",
        "\"attribute_id\":",
        "\"product_id\":",
        "\"image_id\":",
        "\"path\":",
        "\"committed\":",
        "\"price_list_id\":",
        "\"group_id\":",
        "\"channel_id\":",
        "\"variant_id\":",
        "\"warehouse_id\":",
        "\"user_id\":",
    };
    char *out = malloc(strlen(text) + 1), *to = out;
    assert_non_null(out);
    while (*text) {
        bool dropped = false;
        for (size_t i = 0; i < sizeof keys / sizeof keys[0] && !dropped; i++) {
            size_t length = strlen(keys[i]);
            bool found = strncmp(text, keys[i], length) == 0;
            bool name = found && strstr(keys[i], "_id\"") && strchr("\"{", text[length]);
            if (found && !name) { /* names among the refs are alike in all shops */
                text += strcspn(text, ",}");
                dropped = true;
            }
        }
        if (!dropped) {
            *to++ = *text++;
        }
    }
    *to = '\0';
    return out;
}

/* Two products: one with two options, images on rows of their own and a quoted newline, one with
   a single variant. */
static const char own_file[] =
    "\xEF\xBB\xBFHandle,Title,Body (HTML),Vendor,Type,Tags,Published,Option1 Name,Option1 Value,"
    "Option2 Name,Option2 Value,Variant SKU,Variant Grams,Variant Inventory Tracker,"
    "Variant Inventory Qty,Variant Inventory Policy,Variant Price,Variant Compare At Price,"
    "Variant Requires Shipping,Variant Taxable,Image Src,Image Position,Image Alt Text,"
    "SEO Title,Google Shopping / MPN,Variant Image,Status,My Own Column\r\n"
    "poncho,Poncho,\"<p>Warm\r\nand \"\"soft\"\"</p>\",Lana Sur,Ropa,\"lana, invierno\",TRUE,"
    "Color,Rojo,Talla,M,PON-R-M,800,shopify,4,deny,39990.00,49990,TRUE,TRUE,"
    "https://example.com/a.jpg,1,Rojo,Poncho de lana,MPN-1,https://example.com/a.jpg,active,x\r\n"
    "poncho,,,,,,,,Rojo,,L,PON-R-L,850,shopify,0,continue,41990,,TRUE,TRUE,"
    "https://example.com/b.jpg,2,,,MPN-2,https://example.com/b.jpg,,\r\n"
    "poncho,,,,,,,,Azul,,M,PON-A-M,800,shopify,7,deny,38990,,TRUE,FALSE,,,,,,,,\r\n"
    "poncho,,,,,,,,,,,,,,,,,,,,https://example.com/c.jpg,3,Detalle,,,,,\r\n"
    "taza,Taza,,Greda,Cocina,,FALSE,Title,Default Title,,,TAZA-1,350,,12,deny,5990,,TRUE,TRUE,,,,,"
    ",,draft,\r\n";

/* A file of so many products with two variants each; to be freed. */
static inline char *many_products(int products, size_t *length)
{
    static const char header[] = "Handle,Title,Option1 Name,Option1 Value,Variant SKU,"
                                 "Variant Price,Variant Inventory Qty\n";
    size_t room = sizeof header + (size_t)products * 160;
    char *text = malloc(room);
    assert_non_null(text);
    size_t at = (size_t)snprintf(text, room, "%s", header);
    for (int i = 0; i < products; i++) {
        at += (size_t)snprintf(text + at, room - at,
                               "product-%d,Product %d,Size,S,sku-%d-s,%d,5\n"
                               "product-%d,,,M,sku-%d-m,%d,6\n",
                               i, i, i, 1000 + i, i, i, 2000 + i);
    }
    *length = at;
    return text;
}

#endif
