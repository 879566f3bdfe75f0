/* SPDX-License-Identifier: MIT */
/*
 * shopify.c - imports of Shopify product files: what goes where, upserts, plans, resuming.
 */
#include "transfer/support.h"

typedef struct shop {
    ec_engine *engine;
    ec_session *session;
} shop;

static shop *fresh(void)
{
    static shop it;
    it.engine = shop_open();
    it.session = session_system(it.engine);
    return &it;
}

static void finish(shop *it)
{
    ec_session_close(it->session);
    shop_close(it->engine);
}

static int64_t sql(const shop *it, const char *text)
{
    return shop_sql_int(it->engine, text);
}

static void import__fills_products_variants_and_stock(void **state)
{
    (void)state;
    shop *it = fresh();
    told all;
    ec_import_options options = told_options(&all);
    ec_import_counts counts = import_text(it->session, &options, own_file);
    for (size_t i = 0; i < all.refused_count && i < 5; i++) {
        print_error("line %d %s %s %s\n", (int)all.refused[i].line, all.refused[i].column,
                    all.refused[i].rule, all.refused[i].reason);
    }
    assert_int_equal(counts.refused, 0);
    assert_int_equal(counts.rows, 5);
    assert_int_equal(counts.bytes, sizeof own_file - 1);
    assert_int_equal(counts.products_created, 2);
    assert_int_equal(counts.variants_created, 4);
    assert_int_equal(sql(it, "SELECT count(*) FROM products"), 2);
    assert_int_equal(sql(it, "SELECT count(*) FROM product_images"), 3);
    assert_int_equal(sql(it, "SELECT count(*) FROM product_options"), 2);
    assert_int_equal(sql(it, "SELECT count(*) FROM brands"), 2);
    assert_int_equal(sql(it, "SELECT count(*) FROM tags"), 2);
    assert_int_equal(sql(it, "SELECT price FROM products WHERE slug = 'poncho'"), 38990);
    assert_int_equal(sql(it, "SELECT price_max FROM products WHERE slug = 'poncho'"), 41990);
    assert_int_equal(sql(it, "SELECT sum(on_hand) FROM inventory"), 23);
    assert_int_equal(sql(it, "SELECT count(*) FROM stock_movements WHERE cause = 'import'"), 3);
    assert_int_equal(sql(it, "SELECT count(*) FROM product_variants WHERE backorder = 1"), 1);
    assert_int_equal(sql(it, "SELECT count(*) FROM events WHERE type = 'product.created'"), 2);
    assert_int_equal(all.change_count, 2);
    assert_string_equal(all.changes[0].action, "create");
    finish(it);
}

static void import__changes_nothing_the_second_time(void **state)
{
    (void)state;
    shop *it = fresh();
    told all;
    ec_import_options options = told_options(&all);
    import_text(it->session, &options, own_file);
    int64_t events = sql(it, "SELECT count(*) FROM events");
    options = told_options(&all);
    ec_import_counts counts = import_text(it->session, &options, own_file);
    for (size_t i = 0; i < all.change_count; i++) {
        print_error("%s: %s\n", all.changes[i].handle, all.changes[i].fields);
    }
    assert_int_equal(counts.products_created + counts.products_updated, 0);
    assert_int_equal(counts.products_unchanged, 2);
    assert_int_equal(counts.variants_unchanged, 4);
    assert_int_equal(all.change_count, 0);
    assert_int_equal(sql(it, "SELECT count(*) FROM events"), events);
    assert_int_equal(sql(it, "SELECT sum(version) FROM products"), 2);
    finish(it);
}

static void import_file(const char *name, int64_t products, int64_t variants)
{
    size_t length = 0;
    char *text = data_read(name, &length);
    if (!text) {
        return;
    }
    shop *it = fresh();
    told all;
    ec_import_options options = told_options(&all);
    options.currency = "USD";
    for (int run = 0; run < 2; run++) {
        ec_import_counts counts = import_bytes(it->session, &options, text, length);
        for (size_t i = 0; i < all.refused_count && i < 5; i++) {
            print_error("line %d %s %s %s\n", (int)all.refused[i].line, all.refused[i].column,
                        all.refused[i].rule, all.refused[i].reason);
        }
        for (size_t i = 0; run == 1 && i < all.change_count && i < 5; i++) {
            print_error("%s %s\n", all.changes[i].handle, all.changes[i].fields);
        }
        all = (told){0};
        assert_int_equal(counts.refused, 0);
        assert_int_equal(run == 0 ? counts.products_created : counts.products_unchanged, products);
        assert_int_equal(run == 0 ? counts.variants_created : counts.variants_unchanged, variants);
    }
    assert_int_equal(sql(it, "SELECT count(*) FROM products"), products);
    assert_int_equal(sql(it, "SELECT count(*) FROM product_variants"), variants);
    finish(it);
    free(text);
}

static void import__takes_real_catalogues_whole(void **state)
{
    (void)state;
    import_file("catalogs/luma/luma-shopify.csv", 147, 1847);
    import_file("catalogs/shopify-partners/apparel.csv", 20, 22);
    import_file("catalogs/shopify-partners/home-and-garden.csv", 20, 21);
    import_file("catalogs/shopify-partners/jewelery.csv", 20, 23);
    import_file("catalogs/shopify-fixtures/products.csv", 1, 3);
    import_file("catalogs/shopify-fixtures/example-products.csv", 1, 2);
}

/* ---- fields ---- */

static void import__matches_headers_in_any_case_and_order(void **state)
{
    (void)state;
    shop *it = fresh();
    ec_import_counts counts = import_text(
        it->session, NULL, "variant price,TITLE, handle ,cost PER item\n9990,A,a,1000\n");
    assert_int_equal(counts.products_created, 1);
    assert_int_equal(sql(it, "SELECT price FROM product_variants"), 9990);
    assert_int_equal(sql(it, "SELECT cost_price FROM product_variants"), 1000);
    assert_int_equal(sql(it, "SELECT count(*) FROM product_variants WHERE is_active = 1 AND"
                             " tracked = 1 AND requires_shipping = 1 AND taxable = 1"),
                     1);
    finish(it);
}

static void import__needs_a_title_and_nothing_else(void **state)
{
    (void)state;
    shop *it = fresh();
    ec_import_counts counts = import_text(it->session, NULL, "Title\nEl Ñandú\n");
    assert_int_equal(counts.products_created, 1);
    assert_int_equal(counts.variants_created, 1);
    assert_int_equal(sql(it, "SELECT count(*) FROM products WHERE slug = 'el-nandu' AND"
                             " status = 'active' AND published_at > 0 AND price = 0"),
                     1);
    finish(it);
}

static void import__leaves_fields_without_a_column_alone(void **state)
{
    (void)state;
    shop *it = fresh();
    told all;
    ec_import_options options = told_options(&all);
    import_text(it->session, NULL, own_file);
    ec_import_counts counts =
        import_text(it->session, &options,
                    "Handle,Variant SKU,Variant Price\nponcho,PON-A-M,35000\nponcho,PON-R-L,\n");
    assert_int_equal(counts.products_updated, 1);
    assert_int_equal(counts.variants_updated, 1);
    assert_int_equal(counts.variants_unchanged, 1);
    assert_string_equal(all.changes[0].action, "update");
    assert_string_equal(all.changes[0].fields, "price,variants");
    assert_int_equal(sql(it, "SELECT price FROM products WHERE slug = 'poncho'"), 35000);
    assert_int_equal(sql(it, "SELECT version FROM products WHERE slug = 'poncho'"), 2);
    assert_int_equal(sql(it, "SELECT count(*) FROM products WHERE description IS NOT NULL"), 1);
    assert_int_equal(sql(it, "SELECT price FROM product_variants WHERE sku = 'PON-R-L'"), 41990);
    assert_int_equal(sql(it, "SELECT count(*) FROM events WHERE type = 'product.updated'"), 1);
    finish(it);
}

static void import__refuses_products_that_it_cannot_name(void **state)
{
    (void)state;
    shop *it = fresh();
    told all;
    ec_import_options options = told_options(&all);
    ec_import_counts counts =
        import_text(it->session, &options, "Handle,Variant SKU,Variant Price\nnobody,X,1\n");
    assert_int_equal(counts.refused, 1);
    assert_string_equal(all.refused[0].column, "Title");
    assert_string_equal(all.refused[0].rule, "required");
    assert_string_equal(all.refused[0].handle, "nobody");
    assert_int_equal(sql(it, "SELECT count(*) FROM products"), 0);
    finish(it);
}

static void import__finds_categories_and_makes_brands(void **state)
{
    (void)state;
    shop *it = fresh();
    shop_sql(it->engine, "INSERT INTO categories (id, name, slug, path, depth, is_active,"
                         " sort_order, version, created_at, updated_at) VALUES"
                         " (7, 'Té y café', 'te-y-cafe', '/7/', 1, 1, 0, 1, 1, 1),"
                         " (8, 'Otros', 'otros', '/8/', 1, 1, 0, 1, 1, 1)");
    ec_import_options options = {.category_id = 8};
    import_text(it->session, &options,
                "Handle,Title,Type,Vendor\na,A,Té y Café,Lana\nb,B,Nada,Lana\nc,C,,lana\n");
    assert_int_equal(sql(it, "SELECT category_id FROM products WHERE slug = 'a'"), 7);
    assert_int_equal(sql(it, "SELECT category_id FROM products WHERE slug = 'b'"), 8);
    assert_int_equal(sql(it, "SELECT count(*) FROM brands"), 2);
    assert_int_equal(sql(it, "SELECT count(*) FROM brands WHERE slug IN ('lana', 'lana-2')"), 2);
    options.category_id = 99;
    text_source source = {.text = own_file, .length = sizeof own_file - 1};
    ec_import_counts *counts = NULL;
    assert_status(it->session,
                  ec_import_shopify(it->session, &options, text_read, &source, &counts),
                  EC_INVALID);
    assert_field_error(it->session, "category_id", "unknown");
    finish(it);
}

static void import__keeps_hidden_products_hidden(void **state)
{
    (void)state;
    shop *it = fresh();
    import_text(it->session, NULL,
                "Handle,Title,Published,Status\na,A,true,active\nb,B,false,active\n"
                "c,C,true,draft\nd,D,false,archived\ne,E,true,unlisted\nf,F,,\n");
    assert_int_equal(sql(it, "SELECT count(*) FROM products WHERE status = 'active' AND slug IN"
                             " ('a', 'f')"),
                     2);
    assert_int_equal(sql(it, "SELECT count(*) FROM products WHERE status = 'draft'"), 3);
    assert_int_equal(sql(it, "SELECT count(*) FROM products WHERE status = 'archived'"), 1);
    text_sink sink = export_text(it->session, NULL);
    assert_non_null(strstr(sink.text, "unlisted"));
    free(sink.text);
    finish(it);
}

static void import__reads_weights_of_every_unit(void **state)
{
    (void)state;
    shop *it = fresh();
    import_text(it->session, NULL,
                "Handle,Title,Variant Weight,Variant Weight Unit,Variant Grams,Variant Price\n"
                "a,A,1.5,kg,,1\nb,B,2,lb,,1\nc,C,8,oz,,1\nd,D,9,kg,250,1\ne,E,,,0,1\n");
    assert_int_equal(sql(it, "SELECT weight FROM product_variants WHERE name = 'A'"), 1500);
    assert_int_equal(sql(it, "SELECT weight FROM product_variants WHERE name = 'B'"), 907);
    assert_int_equal(sql(it, "SELECT weight FROM product_variants WHERE name = 'C'"), 227);
    assert_int_equal(sql(it, "SELECT weight FROM product_variants WHERE name = 'D'"), 250);
    assert_int_equal(sql(it, "SELECT count(*) FROM product_variants WHERE weight IS NULL"), 1);
    finish(it);
}

static void import__keeps_the_metadata_of_others(void **state)
{
    (void)state;
    shop *it = fresh();
    import_text(it->session, NULL, own_file);
    shop_sql(it->engine,
             "UPDATE products SET metadata = '{\"shopify\":{\"My Own Column\": \"x\","
             "\"Google Shopping / MPN\":\"MPN-1\"} ,\"mine\":1.50}' WHERE slug = 'poncho'");
    ec_import_counts counts = import_text(it->session, NULL, own_file);
    assert_int_equal(counts.products_unchanged, 2);
    counts = import_text(it->session, NULL, "Handle,Title,My Own Column\nponcho,Poncho,y\n");
    assert_int_equal(counts.products_updated, 1);
    assert_int_equal(sql(it, "SELECT count(*) FROM products WHERE metadata = '{\"mine\":1.50,"
                             "\"shopify\":{\"Google Shopping / MPN\":\"MPN-1\","
                             "\"My Own Column\":\"y\"}}'"),
                     1);
    finish(it);
}

/* ---- upserts ---- */

static void import__recognises_variants_by_sku_then_by_options(void **state)
{
    (void)state;
    shop *it = fresh();
    static const char first[] =
        "Handle,Title,Option1 Name,Option1 Value,Variant SKU,Variant Price\n"
        "a,A,Size,S,one,1\na,,,M,two,2\n";
    static const char second[] =
        "Handle,Title,Option1 Name,Option1 Value,Variant SKU,Variant Price\n"
        "a,A,Size,L,one,1\na,,,M,zwei,2\na,,,S,three,3\n";
    import_text(it->session, NULL, first);
    ec_import_counts counts = import_text(it->session, NULL, second);
    assert_int_equal(counts.variants_updated, 2);
    assert_int_equal(counts.variants_created, 1);
    assert_int_equal(sql(it, "SELECT option1 = 'L' FROM product_variants WHERE id = 1"), 1);
    assert_int_equal(sql(it, "SELECT sku = 'zwei' FROM product_variants WHERE id = 2"), 1);
    assert_int_equal(sql(it, "SELECT count(*) FROM product_variants WHERE name IN"
                             " ('L', 'M', 'S')"),
                     3);
    finish(it);
}

static void import__sets_stock_as_a_count_or_leaves_it(void **state)
{
    (void)state;
    shop *it = fresh();
    static const char ten[] = "Handle,Title,Variant SKU,Variant Inventory Qty\na,A,s,10\n";
    static const char four[] = "Handle,Title,Variant SKU,Variant Inventory Qty\na,A,s,4\n";
    static const char two[] = "Handle,Title,Variant SKU,Variant Inventory Qty\na,A,s,2\n";
    import_text(it->session, NULL, ten);
    ec_import_options keep = {.keep_stock = true};
    ec_import_counts counts = import_text(it->session, &keep, four);
    assert_int_equal(counts.variants_unchanged, 1);
    assert_int_equal(sql(it, "SELECT on_hand FROM inventory"), 10);
    counts = import_text(it->session, NULL, four);
    assert_int_equal(counts.variants_updated, 1);
    assert_int_equal(sql(it, "SELECT on_hand FROM inventory"), 4);
    assert_int_equal(sql(it, "SELECT sum(on_hand) FROM stock_movements WHERE kind = 'count'"), 4);
    shop_sql(it->engine, "UPDATE inventory SET committed = 3");
    told all;
    ec_import_options options = told_options(&all);
    counts = import_text(it->session, &options, two);
    assert_int_equal(counts.refused, 1);
    assert_string_equal(all.refused[0].column, "Variant Inventory Qty");
    assert_string_equal(all.refused[0].rule, "committed");
    finish(it);
}

static void import__updates_a_product_that_comes_twice(void **state)
{
    (void)state;
    shop *it = fresh();
    ec_import_counts counts =
        import_text(it->session, NULL, "Handle,Title,Variant SKU\na,A,x\nb,B,y\na,Again,x\n");
    assert_int_equal(counts.products_created, 2);
    assert_int_equal(counts.products_updated, 1);
    assert_int_equal(sql(it, "SELECT count(*) FROM products WHERE name = 'Again'"), 1);
    finish(it);
}

/* ---- refused rows ---- */

static void expect_refused(const char *text, int64_t line, const char *column, const char *rule)
{
    shop *it = fresh();
    told all;
    ec_import_options options = told_options(&all);
    ec_import_counts counts = import_text(it->session, &options, text);
    if (all.refused_count == 0 || all.refused[0].line != line ||
        strcmp(all.refused[0].column, column) != 0 || strcmp(all.refused[0].rule, rule) != 0) {
        fail_msg("%s\nwanted line %d column %s rule %s; got %zu: line %d column %s rule %s: %s",
                 text, (int)line, column, rule, all.refused_count, (int)all.refused[0].line,
                 all.refused[0].column, all.refused[0].rule, all.refused[0].reason);
    }
    assert_int_equal(counts.refused, all.refused_count);
    assert_false(all.unordered);
    finish(it);
}

static void import__names_line_column_and_rule_of_cells(void **state)
{
    (void)state;
    expect_refused("Handle,Title,Variant Price\na,A,52.50\n", 2, "Variant Price", "decimals");
    expect_refused("Handle,Title,Variant Price\na,A,52.00\nb,B,x\n", 3, "Variant Price", "number");
    expect_refused("Handle,Title,Variant Price\na,A,\"1,234\"\n", 2, "Variant Price", "number");
    expect_refused("Handle,Title,Variant Price\na,A,-1\n", 2, "Variant Price", "min");
    expect_refused("Handle,Title,Variant Price\na,A,99999999999999999999\n", 2, "Variant Price",
                   "max");
    expect_refused("Handle,Title,Variant Inventory Qty\na,A,-4\n", 2, "Variant Inventory Qty",
                   "min");
    expect_refused("Handle,Title,Variant Inventory Qty\na,A,1.5\n", 2, "Variant Inventory Qty",
                   "number");
    expect_refused("Handle,Title,Variant SKU,Variant Grams\na,A,s,1e30\n", 2, "Variant Grams",
                   "max");
    expect_refused("Handle,Title,Published\na,A,maybe\n", 2, "Published", "boolean");
    expect_refused("Handle,Title,Status\na,A,gone\n", 2, "Status", "enum");
    expect_refused("Handle,Title,Published At\na,A,tomorrow\n", 2, "Published At", "time");
    expect_refused("Handle,Title,Variant SKU,Variant Inventory Policy\na,A,s,x\n", 2,
                   "Variant Inventory Policy", "enum");
    expect_refused("Handle,Title,Image Src\na,A,javascript:alert(1)\n", 2, "Image Src", "url");
    expect_refused("Handle,Title,Image Src,Image Position\na,A,x.jpg,0\n", 2, "Image Position",
                   "min");
    expect_refused("Handle,Title,Tags\na,A,\xFF\n", 2, "Tags", "utf8");
    expect_refused("Handle,Title,Whatever\na,A,\xFF\n", 2, "Whatever", "utf8");
    expect_refused("Handle,Title\na,\xC3\x28\n", 2, "Title", "utf8");
}

static void import__names_line_column_and_rule_of_records(void **state)
{
    (void)state;
    expect_refused("Handle,Title\n,\"\"\na,\n", 2, "Handle", "required");
    expect_refused("Handle,Title\na,\n", 2, "Title", "required");
    expect_refused("Handle,Title\n¿?,A\n", 2, "Handle", "slug");
    expect_refused("Handle,Title\na,A,B\n", 2, "", "columns");
    expect_refused("Handle,Title\na\n", 2, "", "columns");
    expect_refused("Handle,Title,Option1 Name,Option1 Value\na,A,Size,S\na,,,S\n", 3,
                   "Option1 Value", "unique");
    expect_refused("Handle,Title,Option1 Name,Option1 Value,Variant SKU\na,A,Size,S,1\na,,,,2\n", 3,
                   "Option1 Value", "required");
    expect_refused("Handle,Title,Option1 Value\na,A,S\n", 2, "Option1 Name", "required");
    expect_refused("Handle,Title,Option1 Name,Option1 Value,Option2 Name,Option2 Value\n"
                   "a,A,Size,S,Size,M\n",
                   2, "Option2 Name", "unique");
    expect_refused("Handle,Title,Option1 Name,Option2 Name,Option2 Value\na,A,,Size,M\n", 2,
                   "Option1 Name", "required");
    expect_refused("Handle,Title,Variant SKU\na,A,same\nb,B,same\n", 3, "Variant SKU", "unique");
}

static void import__loses_only_the_broken_variant(void **state)
{
    (void)state;
    shop *it = fresh();
    told all;
    ec_import_options options = told_options(&all);
    ec_import_counts counts = import_text(it->session, &options,
                                          "Handle,Title,Option1 Name,Option1 Value,Variant Price\n"
                                          "a,A,Size,S,1\na,,,M,oops\na,,,L,3\nb,B,,,4\n");
    assert_int_equal(counts.products_created, 2);
    assert_int_equal(counts.variants_created, 3);
    assert_int_equal(counts.refused, 1);
    assert_int_equal(all.refused[0].line, 3);
    assert_string_equal(all.refused[0].handle, "a");
    finish(it);
}

static void import__refuses_a_product_whose_first_row_is_broken(void **state)
{
    (void)state;
    shop *it = fresh();
    told all;
    ec_import_options options = told_options(&all);
    ec_import_counts counts = import_text(it->session, &options,
                                          "Handle,Title,Option1 Name,Option1 Value,Variant Price\n"
                                          "a,A,Size,S,oops\na,,,M,2\na,,,L,3\nb,B,,,4\n");
    assert_int_equal(counts.products_created, 1);
    assert_int_equal(counts.refused, 3);
    assert_string_equal(all.refused[0].rule, "number");
    assert_string_equal(all.refused[1].rule, "product");
    assert_non_null(strstr(all.refused[1].reason, "line 2"));
    assert_int_equal(sql(it, "SELECT count(*) FROM products"), 1);
    finish(it);
}

static void import__refuses_skus_of_other_products(void **state)
{
    (void)state;
    shop *it = fresh();
    told all;
    ec_import_options options = told_options(&all);
    import_text(it->session, NULL, "Handle,Title,Variant SKU\na,A,taken\n");
    ec_import_counts counts = import_text(it->session, &options,
                                          "Handle,Title,Option1 Name,Option1 Value,Variant SKU\n"
                                          "b,B,Size,S,free\nb,,,M,taken\nc,C,,,taken\n");
    assert_int_equal(counts.refused, 2);
    assert_int_equal(counts.products_created, 1);
    assert_string_equal(all.refused[0].rule, "unique");
    assert_string_equal(all.refused[0].column, "Variant SKU");
    assert_int_equal(all.refused[1].line, 4);
    finish(it);
}

static void import__refuses_prices_of_another_currency(void **state)
{
    (void)state;
    shop *it = fresh();
    told all;
    ec_import_options options = told_options(&all);
    import_text(it->session, NULL, "Handle,Title,Variant Price\na,A,1000\n");
    options.currency = "USD";
    ec_import_counts counts =
        import_text(it->session, &options, "Handle,Title,Variant Price\na,A,9.99\n");
    assert_int_equal(counts.refused, 1);
    assert_string_equal(all.refused[0].rule, "currency");
    finish(it);
}

/* ---- plans and resuming ---- */

static void dry_run__tells_everything_and_keeps_nothing(void **state)
{
    (void)state;
    shop *it = fresh();
    told all;
    ec_import_options options = told_options(&all);
    int64_t events = sql(it, "SELECT count(*) FROM events");
    options.dry_run = true;
    ec_import_counts counts = import_text(it->session, &options, own_file);
    assert_int_equal(counts.products_created, 2);
    assert_int_equal(counts.variants_created, 4);
    assert_int_equal(all.change_count, 2);
    assert_int_equal(sql(it, "SELECT count(*) FROM products"), 0);
    assert_int_equal(sql(it, "SELECT count(*) FROM brands"), 0);
    assert_int_equal(sql(it, "SELECT count(*) FROM imports"), 0);
    assert_int_equal(sql(it, "SELECT count(*) FROM events"), events);
    finish(it);
}

static void resume__goes_on_where_the_import_stopped(void **state)
{
    (void)state;
    size_t length;
    char *text = many_products(1000, &length);
    for (size_t stop = 1; stop <= 5; stop++) {
        shop *it = fresh();
        told all;
        ec_import_options options = told_options(&all);
        ec_import_counts *counts = NULL;
        text_source source = {.text = text, .length = length, .bite = 1000};
        all.stop_after = stop;
        options.resume = true;
        assert_status(it->session,
                      ec_import_shopify(it->session, &options, text_read, &source, &counts),
                      EC_CANCELLED);
        assert_null(counts);
        int64_t kept = sql(it, "SELECT count(*) FROM products");
        assert_int_equal(kept, stop * 200);
        all.stop_after = 0;
        ec_import_counts rest = import_bytes(it->session, &options, text, length);
        assert_int_equal(rest.products_created, 1000);
        assert_int_equal(rest.products_unchanged, 0);
        assert_int_equal(rest.variants_created, 2000);
        assert_int_equal(rest.rows, 2000);
        assert_int_equal(rest.bytes, length);
        assert_int_equal(sql(it, "SELECT count(*) FROM products"), 1000);
        assert_int_equal(sql(it, "SELECT sum(on_hand) FROM inventory"), 11000);
        assert_int_equal(sql(it, "SELECT count(*) FROM imports"), 1);
        assert_int_equal(sql(it, "SELECT count(*) FROM imports WHERE status = 'done'"), 1);
        finish(it);
    }
    free(text);
}

static void resume__survives_a_file_that_breaks_off(void **state)
{
    (void)state;
    size_t length;
    char *text = many_products(2000, &length);
    shop *it = fresh();
    told all;
    ec_import_options options = told_options(&all);
    ec_import_counts *counts = NULL;
    text_source source = {.text = text, .length = length, .bite = 1000, .fail_at = length * 3 / 4};
    assert_status(it->session,
                  ec_import_shopify(it->session, &options, text_read, &source, &counts), EC_IO);
    int64_t kept = sql(it, "SELECT count(*) FROM products");
    assert_true(kept >= 1000 && kept % 200 == 0);
    options.resume = true;
    ec_import_counts rest = import_bytes(it->session, &options, text, length);
    assert_int_equal(rest.products_created, 2000);
    assert_int_equal(sql(it, "SELECT count(*) FROM products"), 2000);
    free(text);
    finish(it);
}

static void resume__is_for_the_same_file_only(void **state)
{
    (void)state;
    size_t length, other_length;
    char *text = many_products(500, &length), *other = many_products(501, &other_length);
    other[0] = 'h';
    shop *it = fresh();
    told all;
    ec_import_options options = told_options(&all);
    ec_import_counts *counts = NULL;
    text_source source = {.text = text, .length = length};
    all.stop_after = 1;
    assert_status(it->session,
                  ec_import_shopify(it->session, &options, text_read, &source, &counts),
                  EC_CANCELLED);
    all.stop_after = 0;
    options.resume = true;
    ec_import_counts rest = import_bytes(it->session, &options, other, other_length);
    assert_int_equal(rest.products_unchanged, 200);
    assert_int_equal(rest.products_created, 301);
    free(text);
    free(other);
    finish(it);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(import__fills_products_variants_and_stock),
        cmocka_unit_test(import__changes_nothing_the_second_time),
        cmocka_unit_test(import__takes_real_catalogues_whole),
        cmocka_unit_test(import__matches_headers_in_any_case_and_order),
        cmocka_unit_test(import__needs_a_title_and_nothing_else),
        cmocka_unit_test(import__leaves_fields_without_a_column_alone),
        cmocka_unit_test(import__refuses_products_that_it_cannot_name),
        cmocka_unit_test(import__finds_categories_and_makes_brands),
        cmocka_unit_test(import__keeps_hidden_products_hidden),
        cmocka_unit_test(import__reads_weights_of_every_unit),
        cmocka_unit_test(import__keeps_the_metadata_of_others),
        cmocka_unit_test(import__recognises_variants_by_sku_then_by_options),
        cmocka_unit_test(import__sets_stock_as_a_count_or_leaves_it),
        cmocka_unit_test(import__updates_a_product_that_comes_twice),
        cmocka_unit_test(import__names_line_column_and_rule_of_cells),
        cmocka_unit_test(import__names_line_column_and_rule_of_records),
        cmocka_unit_test(import__loses_only_the_broken_variant),
        cmocka_unit_test(import__refuses_a_product_whose_first_row_is_broken),
        cmocka_unit_test(import__refuses_skus_of_other_products),
        cmocka_unit_test(import__refuses_prices_of_another_currency),
        cmocka_unit_test(dry_run__tells_everything_and_keeps_nothing),
        cmocka_unit_test(resume__goes_on_where_the_import_stopped),
        cmocka_unit_test(resume__survives_a_file_that_breaks_off),
        cmocka_unit_test(resume__is_for_the_same_file_only),
    };
    return cmocka_run_group_tests_name("transfer.shopify", tests, NULL, NULL);
}
