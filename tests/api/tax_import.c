/* SPDX-License-Identifier: MIT */
/*
 * tax_import.c - presets, and tables of rates: those of the shared data folder, and broken ones.
 */
#include "base/text.h"
#include "harness/sale.h"
#include "tax/import.h"

static ec_engine *engine;
static ec_session *session;
static ec_id tea;

static int setup(void **state)
{
    (void)state;
    engine = shop_open();
    session = session_system(engine);
    tea = sale_variant(engine, "TEA", 12000, 100);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    ec_session_close(session);
    shop_close(engine);
    return 0;
}

/* Where the shared data is missing: a small table of the same form. */
static const char eu_small[] =
    "{\"items\": {\"ES\": [{\"effective_from\": \"0000-01-01\", \"rates\": {\"reduced\": 10,"
    " \"standard\": 21}, \"exceptions\": [{\"name\": \"Canary Islands\", \"postcode\":"
    " \"(35\\\\d{3}|38\\\\d{3})\", \"standard\": 0}]}],"
    " \"PT\": [{\"effective_from\": \"0000-01-01\", \"rates\": {\"standard\": 23},"
    " \"exceptions\": [{\"name\": \"Madeira\", \"postcode\": \"9[0-4]\\\\d{2,}\","
    " \"standard\": 22}]}],"
    " \"FI\": [{\"effective_from\": \"2024-09-01\", \"rates\": {\"standard\": 25.5}},"
    " {\"effective_from\": \"0000-01-01\", \"rates\": {\"standard\": 24}}],"
    " \"IE\": [{\"effective_from\": \"2021-03-01\", \"rates\": {\"standard\": 23}},"
    " {\"effective_from\": \"2020-09-01\", \"rates\": {\"standard\": 21}},"
    " {\"effective_from\": \"0000-01-01\", \"rates\": {\"standard\": 23}}],"
    " \"FR\": [{\"effective_from\": \"0000-01-01\", \"rates\": {\"standard\": 20}, \"exceptions\":"
    " [{\"name\": \"Reunion\", \"postcode\": \"974\\\\d{2,}\", \"standard\": 8.5}]}],"
    " \"AT\": [{\"effective_from\": \"0000-01-01\", \"rates\": {\"standard\": 20}, \"exceptions\":"
    " [{\"name\": \"Mittelberg\", \"postcode\": \"699[123]\", \"standard\": 19}]}]}}";

static const char sales_small[] =
    "{\"CL\": {\"type\": \"vat\", \"rate\": 0.19}, \"US\": {\"type\": \"none\", \"rate\": 0,"
    " \"states\": {\"CA\": {\"rate\": 0.0825, \"type\": \"vat\"}}},"
    " \"CA\": {\"type\": \"gst\", \"rate\": 0.05, \"states\": {\"QC\": {\"rate\": 0.09975,"
    " \"type\": \"qst\"}, \"ON\": {\"rate\": 0.08, \"type\": \"hst\"}, "
    "\"NS\": {\"rate\": 0.09, \"type\":"
    " \"hst\", \"before\": {\"2025-04-01T00:00:00.000Z\": {\"type\": \"hst\", \"rate\": 0.1}}}}},"
    " \"ES\": {\"type\": \"vat\", \"rate\": 0.21, \"states\": {\"GC\": {\"rate\": -0.14, \"type\":"
    " \"igic\"}}}, \"JP\": {\"type\": \"vat\", \"rate\": 0.1}}";

/* To be freed. */
static char *table_of(const char *name, const char *small, size_t *length)
{
    char *text = data_read(name, length);
    if (text != NULL) return text;
    *length = strlen(small);
    text = malloc(*length + 1);
    assert_non_null(text);
    memcpy(text, small, *length + 1);
    return text;
}

static ec_tax_import take(ec_tax_table table, bool added)
{
    size_t length = 0;
    ec_tax_import *report = NULL;
    char *text = table == EC_TAX_TABLE_EU
                     ? table_of("reference/tax/eu-vat-rates.json", eu_small, &length)
                     : table_of("reference/tax/sales-tax-rates.json", sales_small, &length);
    assert_ok(session, ec_tax_import_table(session, table, text, length, added, &report));
    ec_tax_import result = *report;
    ec_free(report);
    free(text);
    return result;
}

/* Tea of 120.00 there and then: what is added and what is included. */
static void expect(const char *country, const char *region, const char *postcode, const char *when,
                   int64_t added, int64_t included)
{
    ec_quote *quote = NULL;
    ec_quote_ask line = {.variant_id = tea, .quantity = 1, .unit_price = -1};
    ec_address address = {.country = country, .region = region, .postal_code = postcode};
    ec_quote_request request = EC_QUOTE_REQUEST_INIT;
    request.lines = &line;
    request.lines_count = 1;
    request.shipping_address = &address;
    if (when != NULL) assert_int_equal(ec_time_parse(when, &request.at), EC_OK);
    assert_ok(session, ec_quote_make(session, &request, &quote));
    if (quote->tax_amount != added || quote->tax_included != included)
        fail_msg("%s %s %s: added %lld, included %lld", country, region ? region : "",
                 postcode ? postcode : "", (long long)quote->tax_amount,
                 (long long)quote->tax_included);
    ec_free(quote);
}

static void preset__of_chile_is_all_a_chilean_shop_needs(void **state)
{
    (void)state;
    ec_tax_import *report = NULL;
    assert_ok(session, ec_tax_preset(session, "CL", &report));
    assert_int_equal(report->zones, 1);
    assert_int_equal(report->categories, 1);
    assert_int_equal(report->rates, 1);
    ec_free(report);
    expect("CL", NULL, NULL, NULL, 0, 1916); /* 12000 * 19/119 = 1915.97 */
    ec_zone *zone = NULL;
    ec_channel *channel = NULL;
    assert_ok(session, ec_zone_by_code(session, "cl", &zone));
    assert_string_equal(zone->name, "Chile");
    assert_ok(session, ec_channel_get(session, 1, &channel));
    assert_int_equal(channel->tax_zone_id, zone->id);
    ec_free(channel);
    ec_free(zone);
    uint64_t before = shop_checksum(engine);
    assert_ok(session, ec_tax_preset(session, "CL", &report));
    assert_int_equal(report->zones + report->categories + report->rates + report->changed, 0);
    assert_int_equal(report->unchanged, 1);
    ec_free(report);
    assert_true(shop_checksum(engine) == before);
}

static void preset__is_not_there_for_every_country(void **state)
{
    (void)state;
    ec_tax_import *report = NULL;
    assert_status(session, ec_tax_preset(session, "AQ", &report), EC_NOT_FOUND);
    assert_field_error(session, "country", "unknown");
    assert_status(session, ec_tax_preset(session, NULL, &report), EC_MISUSE);
}

static void eu__holds_by_date_and_postcode(void **state)
{
    (void)state;
    (void)take(EC_TAX_TABLE_EU, false);
    expect("ES", NULL, "28001", NULL, 0, 2083);    /* 12000 * 21/121 = 2082.64 */
    expect("ES", NULL, "35001", NULL, 0, 0);       /* Las Palmas */
    expect("ES", NULL, "38670", NULL, 0, 0);       /* Tenerife */
    expect("PT", NULL, "1000-001", NULL, 0, 2244); /* 12000 * 23/123 = 2243.90 */
    expect("PT", NULL, "9000-100", NULL, 0, 2164); /* Madeira: 12000 * 22/122 = 2163.93 */
    expect("FR", NULL, "97400", NULL, 0, 940);     /* Reunion: 12000 * 8.5/108.5 = 940.09 */
    expect("AT", NULL, "6992", NULL, 0, 1916);     /* Mittelberg, 19 % */
    expect("AT", NULL, "6994", NULL, 0, 2000);
    expect("FI", NULL, NULL, "2024-08-31", 0, 2323);           /* 24 %: 2322.58 */
    expect("FI", NULL, NULL, "2024-09-01", 0, 2438);           /* 25.5 %: 2438.25 */
    expect("IE", NULL, NULL, "2020-08-31", 0, 2244);           /* 23 % */
    expect("IE", NULL, NULL, "2020-09-01", 0, 2083);           /* 21 % */
    expect("IE", NULL, NULL, "2021-02-28T23:59:59Z", 0, 2083); /* until the day before */
    expect("IE", NULL, NULL, "2021-03-01", 0, 2244);
}

static void eu__is_taken_in_once(void **state)
{
    (void)state;
    ec_tax_import first = take(EC_TAX_TABLE_EU, false);
    uint64_t before = shop_checksum(engine);
    ec_tax_import second = take(EC_TAX_TABLE_EU, false);
    assert_true(first.zones > 5 && first.rates >= first.zones - 1);
    assert_int_equal(second.zones + second.categories + second.rates + second.changed, 0);
    assert_int_equal(second.unchanged, first.rates);
    assert_true(shop_checksum(engine) == before);
    ec_zone *zone = NULL;
    ec_address paris = {.country = "FR", .postal_code = "75001"};
    assert_ok(session, ec_zone_match(session, &paris, EC_ZONE_TAX, &zone));
    assert_string_equal(zone->code, "fr");
    ec_free(zone);
    assert_ok(session, ec_zone_by_code(session, "eu", &zone));
    assert_true(zone->members_count >= 6);
    ec_free(zone);
}

static void eu__frees_all_categories_where_the_standard_rate_is_nought(void **state)
{
    (void)state;
    ec_variant *changed = NULL;
    ec_variant change = {.tax_code = "reduced"};
    (void)take(EC_TAX_TABLE_EU, false);
    assert_ok(session, ec_variant_update(session, tea, &change, ec_mask_of("variant", "tax_code"),
                                         &changed));
    ec_free(changed);
    expect("ES", NULL, "28001", NULL, 0, 1091); /* 12000 * 10/110 = 1090.91 */
    expect("ES", NULL, "35001", NULL, 0, 0);
}

static void sales__adds_what_states_add(void **state)
{
    (void)state;
    (void)take(EC_TAX_TABLE_SALES, false);
    expect("CL", NULL, NULL, NULL, 0, 1916);
    expect("JP", NULL, NULL, NULL, 0, 1091);
    expect("US", NULL, NULL, NULL, 0, 0);
    expect("US", "CA", NULL, NULL, 990, 0);          /* 8.25 % */
    expect("CA", NULL, NULL, NULL, 600, 0);          /* 5 % */
    expect("CA", "QC", NULL, NULL, 600 + 1197, 0);   /* and 9.975 % */
    expect("CA", "ON", NULL, NULL, 1560, 0);         /* 13 % as one */
    expect("CA", "NS", NULL, "2025-03-31", 1800, 0); /* 15 % */
    expect("CA", "NS", NULL, "2025-04-01", 1680, 0); /* 14 % */
    expect("ES", "GC", NULL, NULL, 0, 785);          /* 7 %: 12000 * 7/107 = 785.05 */
    expect("ES", NULL, NULL, NULL, 0, 2083);
}

static void sales__may_all_come_on_top(void **state)
{
    (void)state;
    (void)take(EC_TAX_TABLE_SALES, true);
    expect("CL", NULL, NULL, NULL, 2280, 0);
}

static void sales__leaves_alone_what_another_table_knows_better(void **state)
{
    (void)state;
    (void)take(EC_TAX_TABLE_EU, false);
    ec_tax_import report = take(EC_TAX_TABLE_SALES, false);
    assert_true(report.rates > 0);
    expect("IE", NULL, NULL, "2020-09-01", 0, 2083);
    expect("IE", NULL, NULL, NULL, 0, 2244);
    expect("CL", NULL, NULL, NULL, 0, 1916);
    ec_tax_import again = take(EC_TAX_TABLE_SALES, false);
    assert_int_equal(again.zones + again.rates + again.changed, 0);
}

static void import__changes_a_rate_that_became_another(void **state)
{
    (void)state;
    static const char before[] = "{\"items\": {\"FI\": [{\"effective_from\": \"0000-01-01\","
                                 " \"rates\": {\"standard\": 24}}]}}";
    static const char after[] =
        "{\"items\": {\"FI\": [{\"effective_from\": \"0000-01-01\", \"rates\": {\"standard\": 24}},"
        " {\"effective_from\": \"2024-09-01\", \"rates\": {\"standard\": 25.5}}]}}";
    ec_tax_import *report = NULL;
    assert_ok(session, ec_tax_import_table(session, EC_TAX_TABLE_EU, before, sizeof before - 1,
                                           false, &report));
    ec_free(report);
    assert_ok(session, ec_tax_import_table(session, EC_TAX_TABLE_EU, after, sizeof after - 1, false,
                                           &report));
    assert_int_equal(report->rates, 1);
    assert_int_equal(report->changed, 1); /* the first one ends now */
    ec_free(report);
    expect("FI", NULL, NULL, "2024-08-31", 0, 2323);
    expect("FI", NULL, NULL, "2024-09-01", 0, 2438);
}

static void import__refuses_what_is_no_table(void **state)
{
    (void)state;
    static const struct {
        ec_tax_table table;
        const char *text, *rule;
    } rows[] = {
        {EC_TAX_TABLE_EU, "", "json"},
        {EC_TAX_TABLE_EU, "[]", "format"},
        {EC_TAX_TABLE_EU, "{}", "format"},
        {EC_TAX_TABLE_EU, "{\"items\": []}", "format"},
        {EC_TAX_TABLE_EU, "{\"items\": {\"ZZ\": []}}", "format"},
        {EC_TAX_TABLE_EU, "{\"items\": {\"ES\": {}}}", "format"},
        {EC_TAX_TABLE_EU, "{\"items\": {\"ES\": [1]}}", "format"},
        {EC_TAX_TABLE_EU, "{\"items\": {\"ES\": [{\"rates\": {}}]}}", "format"},
        {EC_TAX_TABLE_EU, "{\"items\": {\"ES\": [{\"effective_from\": \"soon\", \"rates\": {}}]}}",
         "format"},
        {EC_TAX_TABLE_EU,
         "{\"items\": {\"ES\": [{\"effective_from\": \"2020-01-01\", \"rates\": {\"standard\":"
         " \"21\"}}]}}",
         "format"},
        {EC_TAX_TABLE_EU,
         "{\"items\": {\"ES\": [{\"effective_from\": \"2020-01-01\","
         " \"rates\": {\"standard\": -1}}]}}",
         "format"},
        {EC_TAX_TABLE_EU,
         "{\"items\": {\"ES\": [{\"effective_from\": \"2020-01-01\", \"rates\": {\"standard\":"
         " 21.00001}}]}}",
         "format"},
        {EC_TAX_TABLE_EU,
         "{\"items\": {\"ES\": [{\"effective_from\": \"2020-01-01\", \"rates\": {\"standard\": 1}},"
         " {\"effective_from\": \"2020-01-01\", \"rates\": {\"standard\": 2}}]}}",
         "format"},
        {EC_TAX_TABLE_EU,
         "{\"items\": {\"ES\": [{\"effective_from\": \"2020-01-01\", \"rates\": {\"standard\": 21},"
         " \"exceptions\": [{\"name\": \"X\", \"postcode\": \"35.*\", \"standard\": 0}]}]}}",
         "format"},
        {EC_TAX_TABLE_EU,
         "{\"items\": {\"ES\": [{\"effective_from\": \"2020-01-01\", \"rates\": {\"standard\": 21},"
         " \"exceptions\": [{\"name\": \"X\"}]}]}}",
         "format"},
        {EC_TAX_TABLE_SALES, "{\"ZZ\": {\"rate\": 0.1}}", "format"},
        {EC_TAX_TABLE_SALES, "{\"CL\": {\"type\": \"vat\"}}", "format"},
        {EC_TAX_TABLE_SALES, "{\"CL\": {\"rate\": \"0.19\"}}", "format"},
        {EC_TAX_TABLE_SALES, "{\"CL\": {\"rate\": 0.1900001}}", "format"},
        {EC_TAX_TABLE_SALES, "{\"CL\": {\"rate\": 11}}", "format"},
        {EC_TAX_TABLE_SALES, "{\"CL\": {\"rate\": -0.1}}", "format"},
        {EC_TAX_TABLE_SALES, "{\"CL\": 19}", "format"},
        {EC_TAX_TABLE_SALES, "{\"CL\": {\"rate\": 0.19, \"before\": {\"x\": {\"rate\": 0.1}}}}",
         "format"},
        {EC_TAX_TABLE_SALES, "{\"ES\": {\"rate\": 0.1, \"states\": {\"CE\": {\"rate\": -0.2}}}}",
         "format"},
        {EC_TAX_TABLE_SALES, "{\"ES\": {\"rate\": 0.1, \"states\": {\"//\": {\"rate\": 0.2}}}}",
         "format"},
    };
    uint64_t before = shop_checksum(engine);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        ec_tax_import *report = NULL;
        ec_status status = ec_tax_import_table(session, rows[i].table, rows[i].text,
                                               strlen(rows[i].text), false, &report);
        if (status != EC_INVALID) fail_msg("row %zu: %s", i, rows[i].text);
        assert_field_error(session, "text", rows[i].rule);
        assert_true(shop_checksum(engine) == before);
    }
}

typedef struct spoiled {
    ec_tax_table table;
    const char *text;
    size_t length;
} spoiled;

/* Whatever comes of it is taken back. */
static ec_status try_spoiled(ec_session *within, void *ctx)
{
    const spoiled *s = ctx;
    ec_tax_import *report = NULL;
    ec_status status = ec_tax_import_table(within, s->table, s->text, s->length, false, &report);
    if (status != EC_OK && status != EC_INVALID && status != EC_LIMIT)
        fail_msg("%d: %s", (int)status, s->text);
    assert_true((status == EC_OK) == (report != NULL));
    ec_free(report);
    return EC_STATE;
}

static void import__survives_any_byte(void **state)
{
    (void)state;
    static const char marks[] = "\"{}[]:,\\0-9X|()d\n \x80";
    uint64_t before = shop_checksum(engine);
    for (int table = 0; table < 2; table++) {
        const char *small = table == 0 ? eu_small : sales_small;
        size_t length = strlen(small);
        char *text = malloc(length + 1);
        assert_non_null(text);
        for (size_t i = 0; i < length; i++) {
            memcpy(text, small, length + 1);
            text[i] = marks[world_pick(sizeof marks)];
            spoiled s = {(ec_tax_table)table, text, world_pick(4) == 0 ? i : length};
            assert_int_equal(ec_transact(session, try_spoiled, &s), EC_STATE);
        }
        free(text);
    }
    assert_true(shop_checksum(engine) == before);
}

/* ---- postcodes ---- */

static void pattern__becomes_members_or_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        ec_status status;
        size_t count;
        const char *first, *last;
    } rows[] = {
        {"(35\\d{3}|38\\d{3})", EC_OK, 2, "35???", "38???"},
        {"(5100[1-5]|5107[0-1]|51081)", EC_OK, 8, "51001", "51081"},
        {"971\\d{2,}", EC_OK, 1, "971??*", "971??*"},
        {"9[0-4]\\d{2,}", EC_OK, 5, "90??*", "94??*"},
        {"699[123]", EC_OK, 3, "6991", "6993"},
        {"22061", EC_OK, 1, "22061", "22061"},
        {"", EC_INVALID, 0, NULL, NULL},
        {"(1", EC_INVALID, 0, NULL, NULL},
        {"1)", EC_INVALID, 0, NULL, NULL},
        {"(1|)", EC_INVALID, 0, NULL, NULL},
        {"1.", EC_INVALID, 0, NULL, NULL},
        {"1+", EC_INVALID, 0, NULL, NULL},
        {"[", EC_INVALID, 0, NULL, NULL},
        {"[]", EC_INVALID, 0, NULL, NULL},
        {"[9-0]", EC_INVALID, 0, NULL, NULL},
        {"1{", EC_INVALID, 0, NULL, NULL},
        {"1{0}", EC_INVALID, 0, NULL, NULL},
        {"\\w", EC_INVALID, 0, NULL, NULL},
        {"\\d{2,}1", EC_INVALID, 0, NULL, NULL},
        {"1{2,}", EC_INVALID, 0, NULL, NULL},
        {"1{99}", EC_LIMIT, 0, NULL, NULL},
        {"[0-9][0-9][0-9]", EC_LIMIT, 0, NULL, NULL},
    };
    ec_arena arena;
    ec_arena_init(&arena, world_platform());
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        ec_zone_member members[32];
        size_t count = 0;
        ec_status status = ec_tax_pattern(&arena, rows[i].text, "ES", members, 32, &count);
        if (status != rows[i].status) fail_msg("%s: %d", rows[i].text, (int)status);
        if (status != EC_OK) continue;
        assert_int_equal(count, rows[i].count);
        assert_string_equal(members[0].value, rows[i].first);
        assert_string_equal(members[count - 1].value, rows[i].last);
    }
    ec_arena_clear(&arena);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(preset__of_chile_is_all_a_chilean_shop_needs),
        CASE(preset__is_not_there_for_every_country),
        CASE(eu__holds_by_date_and_postcode),
        CASE(eu__is_taken_in_once),
        CASE(eu__frees_all_categories_where_the_standard_rate_is_nought),
        CASE(sales__adds_what_states_add),
        CASE(sales__may_all_come_on_top),
        CASE(sales__leaves_alone_what_another_table_knows_better),
        CASE(import__changes_a_rate_that_became_another),
        CASE(import__refuses_what_is_no_table),
        CASE(import__survives_any_byte),
        cmocka_unit_test(pattern__becomes_members_or_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
