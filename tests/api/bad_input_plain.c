/* SPDX-License-Identifier: MIT */
/*
 * bad_input_plain.c - bad input for the functions that stand outside of a shop's tables: money,
 * descriptions of entities, opening and closing, providers, imports and exports; and the proof that
 * every function of the library is in one of the tables of bad input.
 */
#include <glob.h>

#include <ecommerce/sys/manual.h>
#include <ecommerce/sys/payment.h>
#include <ecommerce/sys/shipping.h>
#include <ecommerce/sys/sqlite.h>
#include <ecommerce/sys/tax.h>

#include "harness/bad.h"

#define WORST INT64_MIN
#define NOT_UTF8 "\xc3\x28"

static bad_shop shop;

static const int64_t extremes[] = {0, -1, 1, INT64_MIN, INT64_MAX};
enum { EXTREMES = 5 };

#define assert_fails(call, wanted) bad_expect(call, wanted, #call, __LINE__)

/* ---- names of statuses, versions ---- */

static void statuses(void)
{
    const int bad[] = {1, -99, INT32_MAX, INT32_MIN};
    for (size_t i = 0; i < 4; i++) {
        assert_string_equal(ec_status_name((ec_status)bad[i]), "?");
        assert_string_equal(ec_status_text((ec_status)bad[i]), "Unknown status.");
        assert_int_equal(ec_status_http((ec_status)bad[i]), 500);
    }
    assert_non_null(ec_version());
    assert_int_equal(ec_version_number(), EC_VERSION_NUMBER);
    ec_free(NULL);
}

/* ---- descriptions ---- */

static void entities(void)
{
    static const char *const bad[] = {"", "Product", "products", "no such", NOT_UTF8};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_null(ec_entity_find(bad[i]));
        assert_int_equal(ec_mask_of(bad[i], "name"), 0);
        assert_int_equal(ec_mask_of("product", bad[i]), 0);
        assert_null(ec_field_find(ec_entity_find("product"), bad[i]));
        int64_t object[64];
        assert_fails(ec_init(bad[i], object), EC_NOT_FOUND);
    }
    assert_null(ec_entity_find(NULL));
    assert_null(ec_entity_find(bad_long(1 << 20)));
    assert_null(ec_entity_name(NULL));
    assert_null(ec_entity_doc(NULL));
    assert_null(ec_entity_table(NULL));
    assert_int_equal(ec_mask_of(NULL, "name"), 0);
    assert_int_equal(ec_mask_of("product", NULL), 0);
    assert_int_equal(ec_mask_of("product", "name,"), 0);
    assert_int_equal(ec_mask_of("product", ",name"), 0);
    assert_int_equal(ec_mask_of("product", "name, slug"), 0);
    assert_fails(ec_init(NULL, NULL), EC_MISUSE);
    assert_fails(ec_init("product", NULL), EC_MISUSE);
}

static void fields(void)
{
    const ec_entity *product = ec_entity_find("product");
    const ec_field *name = ec_field_find(product, "name");
    assert_null(ec_field_find(NULL, "name"));
    assert_null(ec_field_find(product, NULL));
    assert_null(ec_field_next(NULL, NULL));
    assert_null(ec_field_next(ec_entity_find("brand"), name));
    assert_null(ec_field_name(NULL));
    assert_null(ec_field_doc(NULL));
    (void)ec_field_type_of(NULL);
    assert_int_equal(ec_field_flags(NULL), 0);
    assert_int_equal(ec_field_min(NULL), 0);
    assert_int_equal(ec_field_max(NULL), 0);
    assert_int_equal(ec_field_scale(NULL), 0);
    assert_null(ec_field_enum_name(NULL, 0));
    assert_null(ec_field_enum_name(name, 0));
    const ec_field *status = ec_field_find(product, "status");
    assert_null(ec_field_enum_name(status, -1));
    assert_null(ec_field_enum_name(status, 3));
    assert_null(ec_field_enum_name(status, INT32_MAX));
    assert_null(ec_field_enum_name(status, INT32_MIN));
    assert_null(ec_field_target(NULL));
    assert_null(ec_field_target(name));
    assert_int_equal(ec_field_bit(NULL, name), 0);
    assert_int_equal(ec_field_bit(product, NULL), 0);
    assert_int_equal(ec_field_bit(ec_entity_find("brand"), name), 0);
}

static void sorts(void)
{
    static const char *const bad[] = {"", "Price", "price ", "--price", NOT_UTF8};
    ec_product_sort out = EC_SORT_RATING;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_fails(ec_product_sort_of(bad[i], &out), EC_INVALID);
    assert_int_not_equal(ec_product_sort_of(NULL, &out), EC_OK);
    assert_int_not_equal(ec_product_sort_of("price", NULL), EC_OK);
    assert_int_equal(out, EC_SORT_RATING);
}

/* ---- JSON ---- */

static void json(void)
{
    ec_session *s = shop.session;
    ec_brand brand = {.name = NOT_UTF8};
    char *text = NULL;
    void *object = NULL;
    assert_fails(ec_to_json(NULL, "brand", &brand, &text), EC_MISUSE);
    assert_status(s, ec_to_json(s, NULL, &brand, &text), EC_NOT_FOUND);
    assert_status(s, ec_to_json(s, "nothing", &brand, &text), EC_NOT_FOUND);
    assert_status(s, ec_to_json(s, "brand", NULL, &text), EC_MISUSE);
    assert_status(s, ec_to_json(s, "brand", &brand, NULL), EC_MISUSE);
    assert_fails(ec_from_json(NULL, "brand", "{}", 2, &object, NULL), EC_MISUSE);
    assert_status(s, ec_from_json(s, NULL, "{}", 2, &object, NULL), EC_NOT_FOUND);
    assert_status(s, ec_from_json(s, "nothing", "{}", 2, &object, NULL), EC_NOT_FOUND);
    assert_status(s, ec_from_json(s, "brand", NULL, 2, &object, NULL), EC_MISUSE);
    assert_status(s, ec_from_json(s, "brand", "{}", 2, NULL, NULL), EC_MISUSE);
    static const char *const bad[] = {"",
                                      "{",
                                      "[]",
                                      "null",
                                      "1",
                                      "{\"name\":1}",
                                      "{]",
                                      "{\"a\"}",
                                      "{} {}",
                                      "\xef\xbb\xbf",
                                      "{\"x\":1}",
                                      "{\"name\":\"" NOT_UTF8 "\"}",
                                      "{'a'}",
                                      "{\"id\":}",
                                      "nothing",
                                      "{\"name\":null}",
                                      "{\"name\":\"\\ud800\"}"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_status(s, ec_from_json(s, "brand", bad[i], strlen(bad[i]), &object, NULL),
                      EC_INVALID);
        assert_non_null(ec_session_error(s)->rule);
        assert_null(object);
    }
    assert_status(s, ec_from_json(s, "brand", "{\"name\":\"a\0b\"}", 14, &object, NULL),
                  EC_INVALID);
    assert_int_not_equal(
        ec_from_json(s, "brand", bad_long(1 << 20), EC_JSON_SIZE_MAX + 1, &object, NULL), EC_OK);
}

/* ---- engines and sessions ---- */

static void opening(void)
{
    static const char *const bad[] = {"",
                                      "sqlite",
                                      ":",
                                      "shop.db",
                                      "sqlite:",
                                      "sqlite:?x=1",
                                      "sqlite:a?mode=no",
                                      "sqlite:a?cache=-1",
                                      "sqlite:%zz"};
    char message[64] = "";
    ec_engine *engine = NULL;
    ec_options options = {.version = EC_OPTIONS_VERSION, .message = message, .message_size = 64};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        ec_status status = ec_open(bad[i], &options, &engine);
        assert_true(status == EC_INVALID || status == EC_UNSUPPORTED);
        assert_true(message[0] != '\0');
        assert_null(engine);
    }
    assert_fails(ec_open(NULL, &options, &engine), EC_INVALID);
    assert_fails(ec_open("sqlite::memory:", &options, NULL), EC_MISUSE);
    assert_fails(ec_open("redis:x", &options, &engine), EC_UNSUPPORTED);
    assert_fails(ec_open(bad_long(1 << 20), &options, &engine), EC_INVALID);
    options.version = 99;
    assert_fails(ec_open("sqlite::memory:", &options, &engine), EC_MISUSE);
    options = (ec_options){.version = EC_OPTIONS_VERSION, .currency = "ABC"};
    assert_fails(ec_open("sqlite::memory:", &options, &engine), EC_INVALID);
    options = (ec_options){.version = EC_OPTIONS_VERSION, .cart_ttl_ms = -1};
    assert_fails(ec_open("sqlite::memory:", &options, &engine), EC_INVALID);
    options = (ec_options){.version = EC_OPTIONS_VERSION, .reservation_ttl_ms = INT64_MIN};
    assert_fails(ec_open("sqlite::memory:", &options, &engine), EC_INVALID);
    ec_platform platform = {.version = 99};
    options = (ec_options){.version = EC_OPTIONS_VERSION, .platform = &platform};
    assert_fails(ec_open("sqlite::memory:", &options, &engine), EC_MISUSE);
    options = (ec_options){.version = EC_OPTIONS_VERSION, .must_exist = true};
    assert_fails(ec_open("sqlite:/no/such/file.db", &options, &engine), EC_NOT_FOUND);
    assert_null(engine);
}

static void engines(void)
{
    ec_counters counters;
    assert_fails(ec_close(NULL), EC_OK);
    assert_fails(ec_close(shop.engine), EC_BUSY);
    assert_fails(ec_ping(NULL), EC_MISUSE);
    assert_fails(ec_engine_counters(NULL, &counters), EC_MISUSE);
    assert_fails(ec_engine_counters(shop.engine, NULL), EC_MISUSE);
}

static void sessions(void)
{
    ec_session *session = NULL;
    assert_fails(ec_session_open(NULL, NULL, &session), EC_MISUSE);
    assert_fails(ec_session_open(shop.engine, NULL, NULL), EC_MISUSE);
    const ec_session_options bad[] = {
        {.version = 99},
        {.version = 1, .actor = (ec_actor)9},
        {.version = 1, .actor = (ec_actor)-1},
        {.version = 1, .actor = EC_ACTOR_CUSTOMER},
        {.version = 1, .actor = EC_ACTOR_CUSTOMER, .user_id = -1},
        {.version = 1, .actor = EC_ACTOR_CUSTOMER, .user_id = INT64_MAX},
        {.version = 1, .actor = EC_ACTOR_GUEST, .user_id = 1},
        {.version = 1, .channel_id = -1},
        {.version = 1, .channel_id = INT64_MAX},
        {.version = 1, .channel_id = INT64_MIN},
        {.version = 1, .request = bad_long(65)},
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_int_not_equal(ec_session_open(shop.engine, &bad[i], &session), EC_OK);
        assert_null(session);
    }
    ec_session_close(NULL);
    assert_null(ec_session_engine(NULL));
    assert_int_equal(ec_session_error(NULL)->status, EC_MISUSE);
    assert_fails(ec_transact(NULL, NULL, NULL), EC_MISUSE);
    assert_status(shop.session, ec_transact(shop.session, NULL, NULL), EC_MISUSE);
}

static void refused_at_once(ec_status status, ec_cursor *const *cursor, const char *field,
                            const char *rule)
{
    assert_int_equal(status, EC_INVALID);
    assert_null(*cursor);
    assert_field_error(shop.session, field, rule);
}

/* As the listings do: at once, not at the first object. */
static void cursors_with_wrong_filters(void)
{
    ec_cursor *cursor = NULL;
    ec_order_filter order = {.status = "nonsense"};
    refused_at_once(ec_order_cursor(shop.session, &order, &cursor), &cursor, "status", "enum");
    order = (ec_order_filter){.payment_status = "nonsense"};
    refused_at_once(ec_order_cursor(shop.session, &order, &cursor), &cursor, "payment_status",
                    "enum");
    ec_product_filter product = {.sort = (ec_product_sort)99};
    refused_at_once(ec_product_cursor(shop.session, &product, &cursor), &cursor, "sort", "enum");
    ec_category_filter category = {.parent_id = 1, .top = true};
    refused_at_once(ec_category_cursor(shop.session, &category, &cursor), &cursor, "top",
                    "conflict");
    ec_movement_filter movement = {.cause_id = 5};
    refused_at_once(ec_movement_cursor(shop.session, &movement, &cursor), &cursor, "cause_id",
                    "requires");
    ec_session *guest = session_guest(shop.engine);
    assert_status(guest, ec_stock_cursor(guest, NULL, &cursor), EC_DENIED);
    assert_status(guest, ec_order_cursor(guest, NULL, &cursor), EC_DENIED);
    assert_null(cursor);
    ec_session_close(guest);
}

static void cursors(void)
{
    const void *object = &shop;
    assert_fails(ec_cursor_next(NULL, &object), EC_MISUSE);
    assert_null(object);
    assert_null(ec_cursor_entity(NULL));
    ec_cursor_close(NULL);
    ec_cursor *cursor = NULL;
    assert_ok(shop.session, ec_order_cursor(shop.session, NULL, &cursor));
    assert_fails(ec_cursor_next(cursor, NULL), EC_MISUSE);
    ec_cursor_close(cursor);
    cursors_with_wrong_filters();
}

/* ---- adapters ---- */

static void providers(void)
{
    ec_payment_provider *manual = NULL;
    ec_platform empty = {.version = EC_PLATFORM_VERSION};
    assert_fails(ec_manual_new(NULL, &manual), EC_MISUSE);
    assert_fails(ec_manual_new(&empty, &manual), EC_MISUSE);
    assert_fails(ec_manual_new(world_platform(), NULL), EC_MISUSE);
    assert_fails(ec_payment_register(shop.engine, NULL), EC_MISUSE);
    assert_fails(ec_payment_register(NULL, NULL), EC_MISUSE);
    assert_fails(ec_manual_new(world_platform(), &manual), EC_OK);
    assert_fails(ec_payment_register(NULL, manual), EC_MISUSE);
    assert_fails(ec_payment_register(shop.engine, manual), EC_EXISTS);
    ec_payment_ops ops = *manual->ops;
    ec_payment_provider broken = {&ops};
    ops.name = "";
    assert_fails(ec_payment_register(shop.engine, &broken), EC_MISUSE);
    ops.name = "broken";
    ops.version = 99;
    assert_fails(ec_payment_register(shop.engine, &broken), EC_MISUSE);
    ops.version = EC_PAYMENT_OPS_VERSION;
    ops.refund = NULL;
    assert_fails(ec_payment_register(shop.engine, &broken), EC_MISUSE);
    broken.ops = NULL;
    assert_fails(ec_payment_register(shop.engine, &broken), EC_MISUSE);
    manual->ops->close(manual);
}

static ec_status no_rates(ec_shipping_provider *self, const ec_shipping_request *request,
                          ec_shipping_answer *answer)
{
    (void)self;
    (void)request;
    (void)answer;
    return EC_UNSUPPORTED;
}

static int carriers_closed;

static void close_carrier(ec_shipping_provider *self)
{
    (void)self;
    carriers_closed++;
}

static void carriers(void)
{
    static const ec_shipping_ops good = {EC_SHIPPING_OPS_VERSION, "good", no_rates, close_carrier};
    static ec_shipping_provider carrier = {&good};
    ec_shipping_ops ops = good;
    ec_shipping_provider broken = {NULL};
    assert_fails(ec_shipping_register(shop.engine, NULL), EC_MISUSE);
    assert_fails(ec_shipping_register(NULL, &carrier), EC_MISUSE);
    assert_fails(ec_shipping_register(shop.engine, &broken), EC_MISUSE);
    broken.ops = &ops;
    ops.name = "";
    assert_fails(ec_shipping_register(shop.engine, &broken), EC_MISUSE);
    ops.name = "a-name-that-is-longer-than-any-is";
    assert_fails(ec_shipping_register(shop.engine, &broken), EC_MISUSE);
    ops.name = "broken";
    ops.version = 99;
    assert_fails(ec_shipping_register(shop.engine, &broken), EC_MISUSE);
    ops = (ec_shipping_ops){EC_SHIPPING_OPS_VERSION, "broken", NULL, close_carrier};
    assert_fails(ec_shipping_register(shop.engine, &broken), EC_MISUSE);
    ops = (ec_shipping_ops){EC_SHIPPING_OPS_VERSION, "broken", no_rates, NULL};
    assert_fails(ec_shipping_register(shop.engine, &broken), EC_MISUSE);
    assert_fails(ec_shipping_register(shop.engine, &carrier), EC_OK);
    assert_fails(ec_shipping_register(shop.engine, &carrier), EC_EXISTS);
    assert_int_equal(carriers_closed, 0);
}

static ec_status no_taxes(ec_tax_provider *self, const ec_tax_request *request,
                          ec_tax_answer *answer)
{
    (void)self;
    (void)request;
    (void)answer;
    return EC_UNSUPPORTED;
}

static void close_service(ec_tax_provider *self)
{
    (void)self;
}

static void tax_services(void)
{
    static const ec_tax_ops good = {EC_TAX_OPS_VERSION, "good", no_taxes, close_service};
    static ec_tax_provider service = {&good};
    ec_tax_provider broken = {NULL};
    assert_fails(ec_tax_register(shop.engine, NULL), EC_MISUSE);
    assert_fails(ec_tax_register(NULL, &service), EC_MISUSE);
    assert_fails(ec_tax_register(shop.engine, &broken), EC_MISUSE);
    assert_fails(ec_tax_register(shop.engine, &service), EC_OK);
    assert_fails(ec_tax_register(shop.engine, &service), EC_EXISTS);
}

static void storages(void)
{
    ec_storage *storage = NULL;
    ec_storage_error error = {0};
    ec_storage_config config = {.uri = "sqlite::memory:", .platform = world_platform()};
    assert_int_not_equal(ec_sqlite_open(NULL, &storage, &error), EC_OK);
    assert_int_not_equal(ec_sqlite_open(&config, NULL, &error), EC_OK);
    config.uri = NULL;
    assert_int_not_equal(ec_sqlite_open(&config, &storage, &error), EC_OK);
    config.uri = bad_long(1 << 20);
    assert_int_not_equal(ec_sqlite_open(&config, &storage, NULL), EC_OK);
    config = (ec_storage_config){.uri = "sqlite::memory:"};
    assert_int_not_equal(ec_sqlite_open(&config, &storage, &error), EC_OK);
    assert_null(storage);
}

/* ---- imports and exports ---- */

static ec_status no_bytes(void *ctx, char *buffer, size_t size, size_t *got)
{
    (void)ctx;
    (void)buffer;
    (void)size;
    *got = 0;
    return EC_OK;
}

/* More than was asked for. */
static ec_status too_many(void *ctx, char *buffer, size_t size, size_t *got)
{
    (void)ctx;
    memset(buffer, 'x', size);
    *got = size + 1;
    return EC_OK;
}

static ec_status no_place(void *ctx, const char *bytes, size_t count)
{
    (void)ctx;
    (void)bytes;
    (void)count;
    return EC_IO;
}

typedef ec_status (*import_fn)(ec_session *session, const ec_import_options *options,
                               ec_read_fn read, void *read_ctx, ec_import_counts **out);

static void import(import_fn run)
{
    ec_session *s = shop.session;
    ec_import_counts *counts = NULL;
    ec_import_options options = {.version = EC_IMPORT_OPTIONS_VERSION};
    assert_fails(run(NULL, &options, no_bytes, NULL, &counts), EC_MISUSE);
    assert_int_equal(run(s, &options, NULL, NULL, &counts), EC_MISUSE);
    assert_int_equal(run(s, &options, no_bytes, NULL, NULL), EC_MISUSE);
    assert_int_not_equal(run(s, &options, too_many, NULL, &counts), EC_OK);
    options.version = 99;
    assert_status(s, run(s, &options, no_bytes, NULL, &counts), EC_MISUSE);
    const ec_import_options bad[] = {
        {.version = 1, .currency = "ABC"},           {.version = 1, .currency = ""},
        {.version = 1, .warehouse_id = 987654},      {.version = 1, .warehouse_id = -1},
        {.version = 1, .category_id = INT64_MIN},    {.version = 1, .category_id = 987654},
        {.version = 1, .source = bad_long(1 << 20)}, {.version = 1, .source = NOT_UTF8},
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        ec_status status = run(s, &bad[i], no_bytes, NULL, &counts);
        if (status != EC_INVALID && status != EC_NOT_FOUND)
            fail_msg("options %zu: %s", i, ec_status_name(status));
        assert_null(counts);
    }
}

static ec_status import_list(ec_session *session, const ec_import_options *options, ec_read_fn read,
                             void *read_ctx, ec_import_counts **out)
{
    return ec_import_prices(session, bad_id(&shop, "price_list"), options, read, read_ctx, out);
}

static void imports(void)
{
    ec_import_counts *counts = NULL;
    import(import_list);
    for (size_t i = 0; i < EXTREMES; i++)
        if (extremes[i] != 1)
            assert_status(
                shop.session,
                ec_import_prices(shop.session, extremes[i], NULL, no_bytes, NULL, &counts),
                EC_NOT_FOUND);

    import(ec_import_shopify);
    import(ec_import_jsonl);
}

static void exports(void)
{
    ec_session *s = shop.session;
    int64_t count = 0;
    assert_fails(ec_export_shopify(NULL, no_place, NULL, &count), EC_MISUSE);
    assert_status(s, ec_export_shopify(s, NULL, NULL, &count), EC_MISUSE);
    assert_status(s, ec_export_shopify(s, no_place, NULL, NULL), EC_IO);
    assert_fails(ec_export_jsonl(NULL, NULL, no_place, NULL, &count), EC_MISUSE);
    assert_status(s, ec_export_jsonl(s, NULL, NULL, NULL, &count), EC_MISUSE);
    assert_status(s, ec_export_jsonl(s, NULL, no_place, NULL, NULL), EC_IO);
    assert_status(s, ec_export_jsonl(s, "nothing", no_place, NULL, NULL), EC_NOT_FOUND);
    assert_status(s, ec_export_jsonl(s, "", no_place, NULL, NULL), EC_NOT_FOUND);
    assert_status(s, ec_export_jsonl(s, "category_list", no_place, NULL, NULL), EC_NOT_FOUND);
    ec_id list = bad_id(&shop, "price_list");
    assert_fails(ec_export_prices(NULL, list, no_place, NULL, &count), EC_MISUSE);
    assert_status(s, ec_export_prices(s, list, NULL, NULL, &count), EC_MISUSE);
    assert_status(s, ec_export_prices(s, list, no_place, NULL, NULL), EC_IO);
    assert_status(s, ec_export_prices(s, INT64_MIN, no_place, NULL, NULL), EC_NOT_FOUND);
    assert_status(s, ec_export_prices(s, 987654, no_place, NULL, NULL), EC_NOT_FOUND);
}

/* ---- the table ---- */

static const bad_check checks[] = {
    {"ec_status_name ec_status_text ec_status_http ec_version ec_version_number ec_free", statuses},
    {"ec_entity_find ec_entity_next ec_entity_name ec_entity_doc ec_entity_table ec_mask_of"
     " ec_init",
     entities},
    {"ec_field_find ec_field_next ec_field_name ec_field_doc ec_field_type_of ec_field_flags"
     " ec_field_min ec_field_max ec_field_scale ec_field_enum_name ec_field_target ec_field_bit",
     fields},
    {"ec_product_sort_of", sorts},
    {"ec_to_json ec_from_json", json},
    {"ec_open", opening},
    {"ec_close ec_ping ec_engine_counters", engines},
    {"ec_session_open ec_session_close ec_session_engine ec_session_error ec_transact", sessions},
    {"ec_cursor_next ec_cursor_entity ec_cursor_close", cursors},
    {"ec_manual_new ec_payment_register", providers},
    {"ec_shipping_register", carriers},
    {"ec_tax_register", tax_services},
    {"ec_sqlite_open", storages},
    {"ec_import_shopify ec_import_jsonl ec_import_prices", imports},
    {"ec_export_shopify ec_export_jsonl ec_export_prices", exports},
};

enum { CHECKS = sizeof checks / sizeof checks[0] };

/* Those of money, then those of this file. */
static const bad_check *check_at(size_t i)
{
    return i < bad_money_checks_count ? &bad_money_checks[i] : &checks[i - bad_money_checks_count];
}

static void plain__functions_refuse_bad_input(void **state)
{
    (void)state;
    bad_shop_open(&shop);
    uint64_t before = shop_checksum(shop.engine);
    for (size_t i = 0; i < bad_money_checks_count + CHECKS; i++) {
        check_at(i)->check();
        if (shop_checksum(shop.engine) != before) fail_msg("%s changed it", check_at(i)->functions);
    }
    bad_shop_close(&shop);
    assert_int_equal(bad_faults, 0);
}

/* ---- nothing is left out ---- */

static char *read_source(const char *name)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", EC_SOURCE_DIR, name);
    FILE *file = fopen(path, "rb");
    char *text = calloc(1, 1 << 20);
    assert_non_null(file);
    assert_non_null(text);
    size_t length = fread(text, 1, (1 << 20) - 1, file);
    assert_true(length > 0);
    (void)fclose(file);
    return text;
}

/* Is it a row of a table, or named by a check of this file? */
static bool is_tested(const char *name, char *const *sources, size_t count)
{
    char row[128];
    bool found = false;
    snprintf(row, sizeof row, "ROW(%s,", name);
    for (size_t i = 0; i < count; i++)
        found = found || strstr(sources[i], row) != NULL;
    size_t length = strlen(name);
    for (size_t i = 0; i < bad_money_checks_count + CHECKS; i++)
        for (const char *at = check_at(i)->functions; (at = strstr(at, name)) != NULL; at += length)
            found = found || at[length] == ' ' || at[length] == '\0';
    return found;
}

static void tables__leave_no_function_out(void **state)
{
    (void)state;
    enum { SOURCES_MAX = 32 };
    char *sources[SOURCES_MAX];
    glob_t found;
    int functions = 0, missing = 0;
    assert_int_equal(glob(EC_SOURCE_DIR "/tests/api/bad_input_*.c", 0, NULL, &found), 0);
    assert_in_range(found.gl_pathc, 3, SOURCES_MAX);
    for (size_t i = 0; i < found.gl_pathc; i++)
        sources[i] = read_source(found.gl_pathv[i] + sizeof EC_SOURCE_DIR);
    char *symbols = read_source("docs/symbols.md");
    for (const char *at = symbols; (at = strstr(at, "\n| `ec_")) != NULL; at += 4) {
        char name[128];
        snprintf(name, sizeof name, "%.*s", (int)strcspn(at + 4, "`"), at + 4);
        functions++;
        if (is_tested(name, sources, found.gl_pathc)) continue;
        print_error("%s is in no table of bad input\n", name);
        missing++;
    }
    assert_true(functions > 150);
    assert_int_equal(missing, 0);
    for (size_t i = 0; i < found.gl_pathc; i++)
        free(sources[i]);
    globfree(&found);
    free(symbols);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plain__functions_refuse_bad_input),
        cmocka_unit_test(tables__leave_no_function_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
