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

/* What the catalogue's own functions make looks to an import as if it had made it itself. */
static void export__of_products_made_by_hand_is_read_back_exactly(void **state)
{
    (void)state;
    ec_engine *engine = shop_open();
    ec_session *session = session_system(engine);
    ec_product_option options[] = {{.name = "Color"}, {.name = "Talla"}};
    ec_product_image images[] = {{.url = "/b.jpg", .alt = "B"}, {.url = "/a.jpg"}};
    const char *const tags[] = {"zorro", "abeja"};
    ec_variant variants[3];
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(ec_init("variant", &variants[i]), EC_OK);
        variants[i].option1 = i == 0 ? "Rojo" : "Azul";
        variants[i].option2 = i == 2 ? "L" : "M";
        variants[i].price = 5000 - (int64_t)i * 1000;
        variants[i].compare_price = i == 2 ? 9000 : 0;
        variants[i].weight_unit = EC_WEIGHT_LB;
        variants[i].image_url = i == 1 ? "/a.jpg" : NULL;
    }
    variants[2].sku = "-7";
    variants[1].backorder = true;
    ec_product product, *made = NULL;
    assert_int_equal(ec_init("product", &product), EC_OK);
    product.name = "Polera";
    product.status = EC_PRODUCT_ACTIVE;
    product.options = options;
    product.options_count = 2;
    product.images = images;
    product.images_count = 2;
    product.variants = variants;
    product.variants_count = 3;
    product.tags = tags;
    product.tags_count = 2;
    product.metadata = "{\"own\": [1, 2]}";
    assert_ok(session, ec_product_create(session, &product, &made));
    ec_free(made);
    assert_int_equal(ec_init("product", &product), EC_OK);
    product.name = "Bolsa";
    product.price = 1990;
    product.sku = "B-1";
    assert_ok(session, ec_product_create(session, &product, &made));
    ec_free(made);
    told all;
    ec_import_options how = told_options(&all);
    text_sink sink = export_text(session, NULL);
    ec_import_counts same = import_bytes(session, &how, sink.text, sink.length);
    for (size_t i = 0; i < all.change_count; i++) {
        print_error("%s: %s\n", all.changes[i].handle, all.changes[i].fields);
    }
    assert_int_equal(same.products_unchanged, 2);
    assert_int_equal(same.variants_unchanged, 4);
    assert_identity(session, NULL);
    free(sink.text);
    ec_session_close(session);
    shop_close(engine);
}

/* And the other way round: nothing is left for the catalogue to put in order. */
static void import__leaves_products_as_the_catalogue_keeps_them(void **state)
{
    (void)state;
    ec_engine *engine = shop_open();
    ec_session *session = session_system(engine);
    import_text(session, NULL, own_file);
    ec_product *product = NULL, *again = NULL;
    assert_ok(session, ec_product_by_slug(session, "poncho", &product));
    assert_int_equal(product->price, 38990);
    assert_int_equal(product->variants_count, 3);
    assert_string_equal(product->variants[0].name, "Rojo / M");
    assert_string_equal(product->variants[1].image_url, "https://example.com/b.jpg");
    assert_string_equal(product->brand->name, "Lana Sur");
    product->name = "Poncho nuevo";
    assert_ok(session, ec_product_update(session, product->id, product,
                                         ec_mask_of("product", "name,options,variants,images,tags"),
                                         &again));
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(again->variants[i].id, product->variants[i].id);
        assert_int_equal(again->variants[i].version, product->variants[i].version);
    }
    assert_int_equal(again->price_max, product->price_max);
    ec_free(product);
    ec_free(again);
    ec_session_close(session);
    shop_close(engine);
}

static void import__leaves_books_that_are_right(void **state)
{
    (void)state;
    ec_engine *engine = shop_open();
    ec_session *session = session_system(engine);
    size_t length;
    char *text = many_products(300, &length);
    ec_verify_report *report = NULL;
    import_text(session, NULL, own_file);
    (void)import_bytes(session, NULL, text, length);
    import_text(session, NULL,
                "Handle,Variant SKU,Variant Inventory Qty,Variant Inventory Policy\n"
                "poncho,PON-R-M,9,deny\nponcho,PON-R-L,3,deny\n");
    assert_ok(session, ec_verify(session, NULL, &report));
    for (size_t i = 0; i < report->problems_count; i++) {
        print_error("%s\n", report->problems[i].message);
    }
    assert_true(report->is_clean);
    ec_free(report);
    free(text);
    ec_session_close(session);
    shop_close(engine);
}

static void export__says_currencies_where_they_differ(void **state)
{
    (void)state;
    ec_engine *engine = shop_open();
    ec_session *session = session_system(engine);
    ec_import_options dollars = {.currency = "USD"};
    import_text(session, NULL, own_file);
    import_text(session, &dollars,
                "Handle,Title,Option1 Name,Option1 Value,Variant Price\n"
                "usd,U,Size,S,9.99\nusd,,,M,10.49\n");
    text_sink sink = export_text(session, NULL);
    assert_non_null(strstr(sink.text, ",Currency"));
    assert_non_null(strstr(sink.text, ",9.99,"));
    free(sink.text);
    assert_identity(session, NULL);
    told all;
    ec_import_options options = told_options(&all);
    import_text(session, &options, "Handle,Title,Currency\na,A,Euro\n");
    assert_string_equal(all.refused[0].column, "Currency");
    assert_string_equal(all.refused[0].rule, "currency");
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
        cmocka_unit_test(export__of_products_made_by_hand_is_read_back_exactly),
        cmocka_unit_test(import__leaves_products_as_the_catalogue_keeps_them),
        cmocka_unit_test(import__leaves_books_that_are_right),
        cmocka_unit_test(export__says_currencies_where_they_differ),
        cmocka_unit_test(export__is_for_staff),
        cmocka_unit_test(export__stops_when_the_file_is_full),
        cmocka_unit_test(guide__names_every_column),
    };
    return cmocka_run_group_tests_name("transfer.export", tests, NULL, NULL);
}
