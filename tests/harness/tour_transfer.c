/* SPDX-License-Identifier: MIT */
/*
 * tour_transfer.c - everything out and in again, proofs, repairs and copies.
 */
#include "harness/tour.h"

typedef struct tape {
    char *bytes;
    size_t count, at;
} tape;

static ec_status tape_write(void *ctx, const char *bytes, size_t count)
{
    tape *t = ctx;
    t->bytes = realloc(t->bytes, t->count + count + 1);
    assert_non_null(t->bytes);
    memcpy(t->bytes + t->count, bytes, count);
    t->count += count;
    return EC_OK;
}

static ec_status tape_read(void *ctx, char *buffer, size_t size, size_t *got)
{
    tape *t = ctx;
    *got = t->count - t->at < size ? t->count - t->at : size;
    memcpy(buffer, t->bytes + t->at, *got);
    t->at += *got;
    return EC_OK;
}

/* New, unchanged, changed; once more as a rehearsal. */
static const char *const files[] = {
    "Handle,Title,Vendor,Type,Tags,Published,Option1 Name,Option1 Value,Variant SKU,"
    "Variant Inventory Qty,Variant Price,Image Src\n"
    "tour-cap,Cap,Tour,Hats,\"a, b\",true,Size,S,CAP-S,5,10,https://example.com/a.jpg\n"
    "tour-cap,,,,,,,M,CAP-M,6,11,\n",
    "Handle,Title,Vendor,Type,Tags,Published,Option1 Name,Option1 Value,Variant SKU,"
    "Variant Inventory Qty,Variant Price,Image Src\n"
    "tour-cap,Cap,Tour two,Hats,\"a, c\",true,Size,S,CAP-S,7,12,https://example.com/b.jpg\n"
    "tour-cap,,,,,,,L,CAP-L,6,11,\n",
};

static void tour_shopify(ec_session *session)
{
    ec_import_options options = {
        .version = EC_IMPORT_OPTIONS_VERSION, .source = "tour.csv", .resume = true};
    for (int i = 0; i < 6; i++) {
        const char *file = files[i / 3];
        tape in = {.bytes = (char *)(uintptr_t)file, .count = strlen(file)};
        ec_import_counts *counts = NULL;
        options.dry_run = i % 3 == 0;
        assert_ok(session, ec_import_shopify(session, &options, tape_read, &in, &counts));
        assert_int_equal(counts->refused, 0);
        ec_free(counts);
    }
    tape out = {0};
    assert_ok(session, ec_export_shopify(session, tape_write, &out, NULL));
    free(out.bytes);
}

static void tour_lines(ec_session *session)
{
    tape all = {0};
    ec_import_options options = {.version = EC_IMPORT_OPTIONS_VERSION};
    assert_ok(session, ec_export_jsonl(session, NULL, tape_write, &all, NULL));
    free(all.bytes);
    tape prices = {0};
    ec_import_counts *priced = NULL;
    ec_price_list *list = NULL;
    assert_ok(session, ec_price_list_by_code(session, "tour-group", &list));
    assert_ok(session, ec_export_prices(session, list->id, tape_write, &prices, NULL));
    assert_ok(session, ec_import_prices(session, list->id, &options, tape_read, &prices, &priced));
    ec_free(priced);
    free(prices.bytes);
    static const char timed[] = "sku,amount\nPRICED-0,5\nPRICED-1,6\n";
    tape now = {.bytes = (char *)(uintptr_t)timed, .count = sizeof timed - 1};
    assert_ok(session, ec_import_prices(session, list->id, &options, tape_read, &now, &priced));
    assert_int_equal(priced->refused, 0);
    ec_free(priced);
    ec_free(list);
    static const char *const entities[] = {"price_list", "channel",    "warehouse", "user",
                                           "address",    "category",   "brand",     "attribute",
                                           "product",    "collection", "price",     "inventory"};
    static const char by_options[] =
        "{\"entity\":\"inventory\",\"refs\":{\"variant_id\":{\"product\":\"tour-cap\","
        "\"option1\":\"M\"},\"warehouse_id\":\"main\"},\"data\":{\"on_hand\":6}}\n";
    tape line = {.bytes = (char *)(uintptr_t)by_options, .count = sizeof by_options - 1};
    ec_import_counts *taken = NULL;
    assert_ok(session, ec_import_jsonl(session, &options, tape_read, &line, &taken));
    assert_int_equal(taken->refused, 0);
    ec_free(taken);
    for (size_t i = 0; i < sizeof entities / sizeof entities[0]; i++) {
        tape one = {0};
        ec_import_counts *counts = NULL;
        assert_ok(session, ec_export_jsonl(session, entities[i], tape_write, &one, NULL));
        assert_ok(session, ec_import_jsonl(session, &options, tape_read, &one, &counts));
        ec_free(counts);
        free(one.bytes);
    }
}

static void tour_proofs(ec_session *session)
{
    ec_verify_report *report = NULL;
    assert_ok(session, ec_verify(session, NULL, &report));
    ec_free(report);
    assert_ok(session, ec_verify_rebuild(session, &report));
    ec_free(report);
    char path[4096];
    snprintf(path, sizeof path, "%s", temp_path("tour-copy.db"));
    assert_ok(session, ec_backup(session, path));
    assert_ok(session, ec_backup_verify(session, path, &report));
    ec_free(report);
}

void tour_transfer(ec_session *session)
{
    tour_shopify(session);
    tour_lines(session);
    tour_proofs(session);
}
