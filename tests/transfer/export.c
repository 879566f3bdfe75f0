/* SPDX-License-Identifier: MIT */
/*
 * export.c - exports of Shopify product files, and that reading them back changes nothing.
 */
#include "transfer/shopify.h"
#include "transfer/support.h"

static void show_difference(const text_sink *a, const text_sink *b)
{
    size_t i = 0;
    while (i < a->length && i < b->length && a->text[i] == b->text[i]) {
        i++;
    }
    size_t from = i > 80 ? i - 80 : 0;
    if (i < a->length || i < b->length) {
        print_error("first:  %.160s\nsecond: %.160s\n", a->text + from, b->text + from);
    }
}

/* Export, read it back here and in a fresh shop, export there: nothing changes anywhere. */
static void assert_identity(ec_session *session, const char *currency)
{
    told all;
    ec_import_options options = told_options(&all);
    options.currency = currency;
    int64_t products = 0;
    text_sink first = export_text(session, &products);
    ec_import_counts same = import_bytes(session, &options, first.text, first.length);
    for (size_t i = 0; i < all.change_count && i < 5; i++) {
        print_error("%s: %s\n", all.changes[i].handle, all.changes[i].fields);
    }
    assert_int_equal(same.refused, 0);
    assert_int_equal(same.products_unchanged, products);
    assert_int_equal(same.products_created + same.products_updated, 0);
    assert_int_equal(same.variants_created + same.variants_updated, 0);

    ec_engine *other = shop_open();
    ec_session *there = session_system(other);
    options = told_options(&all);
    options.currency = currency;
    ec_import_counts made = import_bytes(there, &options, first.text, first.length);
    assert_int_equal(made.refused, 0);
    assert_int_equal(made.products_created, products);
    text_sink second = export_text(there, NULL);
    show_difference(&first, &second);
    assert_int_equal(first.length, second.length);
    assert_memory_equal(first.text, second.text, first.length);
    ec_session_close(there);
    shop_close(other);
    free(first.text);
    free(second.text);
}

static void assert_identity_of(const char *text, size_t length, const char *currency)
{
    ec_engine *engine = shop_open();
    ec_session *session = session_system(engine);
    told all;
    ec_import_options options = told_options(&all);
    options.currency = currency;
    (void)import_bytes(session, &options, text, length);
    assert_identity(session, currency);
    ec_session_close(session);
    shop_close(engine);
}

static void export__of_an_empty_shop_is_a_header(void **state)
{
    (void)state;
    ec_engine *engine = shop_open();
    ec_session *session = session_system(engine);
    int64_t products = -1;
    text_sink sink = export_text(session, &products);
    assert_int_equal(products, 0);
    assert_memory_equal(sink.text, "Handle,Title,Body (HTML),Vendor,", 32);
    assert_ptr_equal(strchr(sink.text, '\n'), sink.text + sink.length - 1);
    free(sink.text);
    ec_session_close(session);
    shop_close(engine);
}

static void export__and_import_change_nothing(void **state)
{
    (void)state;
    assert_identity_of(own_file, sizeof own_file - 1, NULL);
}

static void export__of_real_catalogues_is_read_back_exactly(void **state)
{
    static const char *const names[] = {
        "catalogs/luma/luma-shopify.csv",
        "catalogs/shopify-partners/apparel.csv",
        "catalogs/shopify-partners/home-and-garden.csv",
        "catalogs/shopify-partners/jewelery.csv",
        "catalogs/shopify-fixtures/products.csv",
        "catalogs/shopify-fixtures/example-products.csv",
    };
    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        size_t length = 0;
        char *text = data_read(names[i], &length);
        if (text) {
            assert_identity_of(text, length, "USD");
            free(text);
        }
    }
}

static void export__keeps_columns_without_a_place(void **state)
{
    (void)state;
    ec_engine *engine = shop_open();
    ec_session *session = session_system(engine);
    import_text(session, NULL, own_file);
    text_sink sink = export_text(session, NULL);
    assert_non_null(strstr(sink.text, "Google Shopping / MPN"));
    assert_non_null(strstr(sink.text, "My Own Column\r\n"));
    assert_non_null(strstr(sink.text, "MPN-1"));
    assert_non_null(strstr(sink.text, "MPN-2"));
    assert_null(strstr(sink.text, "Google Shopping / Gender"));
    free(sink.text);
    ec_session_close(session);
    shop_close(engine);
}

static void export__neutralises_formulas(void **state)
{
    (void)state;
    static const char file[] = "Handle,Title,Variant SKU,Variant Price,Tags\n"
                               "a,'=1+1,\"'@SUM(A1)\",5,\"-x, =y\"\n"
                               "b,+56 9 1234 5678,'+1,6,'\n";
    ec_engine *engine = shop_open();
    ec_session *session = session_system(engine);
    import_text(session, NULL, file);
    assert_int_equal(shop_sql_int(engine, "SELECT count(*) FROM products WHERE name = '=1+1'"), 1);
    text_sink sink = export_text(session, NULL);
    assert_non_null(strstr(sink.text, "'=1+1"));
    assert_null(strstr(sink.text, ",=1+1"));
    free(sink.text);
    assert_identity(session, NULL);
    ec_session_close(session);
    shop_close(engine);
}

static void export__is_for_staff(void **state)
{
    (void)state;
    ec_engine *engine = shop_open();
    ec_session *session = session_guest(engine);
    text_sink sink = {0};
    ec_import_counts *counts = NULL;
    text_source source = {.text = own_file, .length = sizeof own_file - 1};
    assert_status(session, ec_export_shopify(session, text_write, &sink, NULL), EC_DENIED);
    assert_status(session, ec_import_shopify(session, NULL, text_read, &source, &counts),
                  EC_DENIED);
    assert_null(counts);
    assert_int_equal(sink.length, 0);
    ec_session_close(session);
    session = session_staff(engine);
    assert_ok(session, ec_export_shopify(session, text_write, &sink, NULL));
    assert_status(session, ec_export_shopify(session, NULL, NULL, NULL), EC_MISUSE);
    assert_int_equal(ec_export_shopify(NULL, text_write, &sink, NULL), EC_MISUSE);
    free(sink.text);
    ec_session_close(session);
    shop_close(engine);
}

static void export__stops_when_the_file_is_full(void **state)
{
    (void)state;
    ec_engine *engine = shop_open();
    ec_session *session = session_system(engine);
    import_text(session, NULL, own_file);
    text_sink sink = {.fail_at = 100};
    int64_t products = -1;
    assert_status(session, ec_export_shopify(session, text_write, &sink, &products), EC_IO);
    assert_int_equal(products, 0);
    free(sink.text);
    ec_session_close(session);
    shop_close(engine);
}

static void guide__names_every_column(void **state)
{
    (void)state;
    FILE *file = fopen(EC_SOURCE_DIR "/docs/guide/import.md", "rb");
    static char text[65536];
    assert_non_null(file);
    text[fread(text, 1, sizeof text - 1, file)] = '\0';
    (void)fclose(file);
    for (const ec_sheet_column *column = NULL; (column = ec_sheet_column_next(column));) {
        char quoted[128];
        snprintf(quoted, sizeof quoted, "`%s`", column->name);
        if (!strstr(text, quoted)) {
            fail_msg("docs/guide/import.md does not name the column %s", column->name);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(export__of_an_empty_shop_is_a_header),
        cmocka_unit_test(export__and_import_change_nothing),
        cmocka_unit_test(export__of_real_catalogues_is_read_back_exactly),
        cmocka_unit_test(export__keeps_columns_without_a_place),
        cmocka_unit_test(export__neutralises_formulas),
        cmocka_unit_test(export__is_for_staff),
        cmocka_unit_test(export__stops_when_the_file_is_full),
        cmocka_unit_test(guide__names_every_column),
    };
    return cmocka_run_group_tests_name("transfer.export", tests, NULL, NULL);
}
