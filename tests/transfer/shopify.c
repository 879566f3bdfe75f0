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
    print_message("%s\n", name);
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(import__fills_products_variants_and_stock),
        cmocka_unit_test(import__changes_nothing_the_second_time),
        cmocka_unit_test(import__takes_real_catalogues_whole),
    };
    return cmocka_run_group_tests_name("transfer.shopify", tests, NULL, NULL);
}
