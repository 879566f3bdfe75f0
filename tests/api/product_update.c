/* SPDX-License-Identifier: MIT */
/*
 * product_update.c - changes of products: own fields, and lists that are laid over the stored ones.
 */
#include "harness/products.h"

static ec_engine *engine;
static ec_session *staff;

static int begin(void **state)
{
    (void)state;
    engine = shop_open();
    staff = session_staff(engine);
    return 0;
}

static int end(void **state)
{
    (void)state;
    ec_session_close(staff);
    shop_close(engine);
    return 0;
}

static int64_t count_of(const char *table)
{
    char sql[128];
    snprintf(sql, sizeof sql, "SELECT COUNT(*) FROM %s", table);
    return shop_sql_int(engine, sql);
}

static ec_mask mask(const char *fields)
{
    ec_mask bits = ec_mask_of("product", fields);
    assert_true(bits != 0);
    return bits;
}

/* ---- changing ---- */

static void product_update__changes_only_the_named_fields(void **state)
{
    (void)state;
    ec_product *made = product_make(staff, "Lamp", 100);
    ec_id id = made->id;
    ec_free(made);
    world_advance(1000);
    ec_product change = {.name = "Big lamp", .type = "ignored", .version = 1};
    assert_ok(staff, ec_product_update(staff, id, &change, mask("name"), &made));
    assert_string_equal(made->name, "Big lamp");
    assert_string_equal(made->variants[0].name, "Big lamp");
    assert_string_equal(made->slug, "lamp");
    assert_null(made->type);
    assert_int_equal(made->version, 2);
    assert_true(made->updated_at == world_now());
    ec_free(made);
    assert_int_equal(shop_sql_int(engine, "SELECT data = '{\"fields\":[\"name\",\"variants\"]}'"
                                          " FROM events WHERE type = 'product.updated'"),
                     1);
}

static void product_update__of_what_is_so_already_changes_nothing(void **state)
{
    (void)state;
    ec_free(product_with_variants(staff, "Lamp", "L", 5, 100));
    ec_product *made = NULL;
    ec_product *again = NULL;
    assert_ok(staff, ec_product_by_slug(staff, "lamp", &made));
    assert_ok(staff, ec_product_update(staff, made->id, made, EC_MASK_ALL, &again));
    assert_int_equal(again->version, 1);
    assert_int_equal(again->variants[4].version, 1);
    assert_int_equal(events_of(engine, "product.updated"), 0);
    ec_free(made);
    ec_free(again);
}

static void product_update__checks_the_version(void **state)
{
    (void)state;
    ec_product *made = product_make(staff, "Lamp", 100);
    ec_product change = {.name = "A", .version = 1};
    ec_id id = made->id;
    ec_free(made);
    assert_ok(staff, ec_product_update(staff, id, &change, mask("name"), &made));
    ec_free(made);
    change.name = "B";
    assert_status(staff, ec_product_update(staff, id, &change, mask("name"), &made), EC_STALE);
    assert_status(staff, ec_product_delete(staff, id, 1), EC_STALE);
    assert_status(staff, ec_product_update(staff, 999, &change, mask("name"), &made), EC_NOT_FOUND);
    assert_ok(staff, ec_product_get(staff, id, &made));
    assert_string_equal(made->name, "A");
    ec_free(made);
    assert_ok(staff, ec_product_delete(staff, id, 2));
}

static void product_update__recognises_variants(void **state)
{
    (void)state;
    ec_product *made = product_with_variants(staff, "Shirt", "S", 4, 100);
    ec_id id = made->id;
    ec_id numbers[4];
    for (size_t i = 0; i < 4; i++) {
        numbers[i] = made->variants[i].id;
    }
    ec_free(made);
    ec_variant wanted[] = {variant_of(500, "NEW", "Size 9"), /* a new one, first */
                           variant_of(102, "S-2", "Size 2"), /* the same, by SKU, moved */
                           variant_of(77, "X", "Size 1"),    /* by its option values */
                           variant_of(100, "Y", "Size Z")};  /* by its number */
    wanted[3].id = numbers[0];
    ec_product change = {.variants = wanted, .variants_count = 4};
    assert_ok(staff, ec_product_update(staff, id, &change, mask("variants"), &made));
    assert_int_equal(made->variants_count, 4);
    assert_true(made->variants[0].id > numbers[3]);
    assert_true(made->variants[1].id == numbers[2]);
    assert_true(made->variants[2].id == numbers[1]);
    assert_true(made->variants[3].id == numbers[0]);
    assert_string_equal(made->variants[2].sku, "X");
    assert_string_equal(made->variants[3].name, "Size Z");
    assert_int_equal(made->price, 77);
    assert_int_equal(made->price_max, 500);
    assert_int_equal(made->version, 2);
    ec_free(made);
    assert_int_equal(count_of("product_variants"), 4);
}

static void product_update__keeps_ordered_variants_inactive(void **state)
{
    (void)state;
    ec_product *made = product_with_variants(staff, "Shirt", "S", 3, 100);
    ec_id id = made->id;
    ec_id ordered = made->variants[0].id;
    ec_free(made);
    variant_ordered(engine, id, ordered);
    ec_variant wanted[] = {variant_of(300, "S-2", "Size 2")};
    ec_product change = {.variants = wanted, .variants_count = 1};
    assert_ok(staff, ec_product_update(staff, id, &change, mask("variants"), &made));
    assert_int_equal(made->variants_count, 2);
    assert_string_equal(made->variants[0].sku, "S-2");
    assert_true(made->variants[1].id == ordered);
    assert_false(made->variants[1].is_active);
    assert_int_equal(made->price, 300);
    ec_free(made);
    int64_t version = shop_sql_int(engine, "SELECT version FROM products");
    assert_ok(staff, ec_product_update(staff, id, &change, mask("variants"), &made));
    assert_true(made->version == version); /* the second time nothing is left to do */
    ec_free(made);
    ec_variant back[] = {variant_of(300, "S-2", "Size 2"), variant_of(50, "S-0", "Size 0")};
    change = (ec_product){.variants = back, .variants_count = 2};
    assert_ok(staff, ec_product_update(staff, id, &change, mask("variants"), &made));
    assert_true(made->variants[1].id == ordered && made->variants[1].is_active);
    ec_free(made);
    assert_status(staff, ec_product_delete(staff, id, 0), EC_IN_USE);
    assert_status(staff, ec_variant_delete(staff, ordered, 0), EC_IN_USE);
}

static void product_update__lets_skus_change_hands(void **state)
{
    (void)state;
    ec_product *made = product_with_variants(staff, "Shirt", "S", 3, 100);
    const char *first = made->variants[0].sku;
    made->variants[0].sku = made->variants[1].sku;
    made->variants[1].sku = made->variants[2].sku;
    made->variants[2].sku = first;
    ec_product *again = NULL;
    assert_ok(staff, ec_product_update(staff, made->id, made, mask("variants"), &again));
    for (size_t i = 0; i < 3; i++) {
        assert_true(again->variants[i].id == made->variants[i].id);
        assert_string_equal(again->variants[i].sku, made->variants[i].sku);
    }
    ec_free(made);
    ec_free(again);
}

static void product_update__refuses_foreign_and_repeated_variants(void **state)
{
    (void)state;
    ec_product *other = product_make(staff, "Other", 1);
    ec_product *made = product_with_variants(staff, "Shirt", "S", 2, 100);
    ec_product *again = NULL;
    ec_id foreign = other->variants[0].id;
    ec_id own = made->variants[1].id;
    made->variants[1].id = foreign;
    assert_status(staff, ec_product_update(staff, made->id, made, mask("variants"), &again),
                  EC_INVALID);
    assert_field_error(staff, "variants[1].id", "unknown");
    made->variants[1].id = made->variants[0].id;
    assert_status(staff, ec_product_update(staff, made->id, made, mask("variants"), &again),
                  EC_INVALID);
    assert_field_error(staff, "variants[1].id", "unique");
    made->variants[1].id = own;
    made->variants_count = 0;
    assert_status(staff, ec_product_update(staff, made->id, made, mask("variants"), &again),
                  EC_INVALID);
    assert_field_error(staff, "variants", "min_items");
    made->variants_count = 2;
    made->images = &(ec_product_image){.id = 4711, .url = "/a.jpg"};
    made->images_count = 1;
    assert_status(staff, ec_product_update(staff, made->id, made, mask("images"), &again),
                  EC_INVALID);
    assert_field_error(staff, "images[0].id", "unknown");
    ec_free(made);
    ec_free(other);
    assert_int_equal(shop_sql_int(engine, "SELECT MAX(version) FROM products"), 1);
}

static void product_update__gives_a_single_variant_the_price(void **state)
{
    (void)state;
    ec_product *made = product_make(staff, "Mug", 100);
    ec_id id = made->id;
    ec_free(made);
    ec_product change = {.price = 90, .compare_price = 120, .sku = "MUG"};
    assert_ok(staff, ec_product_update(staff, id, &change, mask("price,compare_price,sku"), &made));
    assert_int_equal(made->price, 90);
    assert_int_equal(made->price_max, 90);
    assert_int_equal(made->variants[0].price, 90);
    assert_int_equal(made->variants[0].compare_price, 120);
    assert_string_equal(made->sku, "MUG");
    ec_free(made);
    made = product_with_variants(staff, "Shirt", "S", 2, 100);
    id = made->id;
    ec_free(made);
    assert_status(staff, ec_product_update(staff, id, &change, mask("price"), &made), EC_INVALID);
    assert_field_error(staff, "price", "variants");
    change.price = 100; /* as it is: no change, no complaint */
    assert_ok(staff, ec_product_update(staff, id, &change, mask("price"), &made));
    ec_free(made);
}

static void product_update__keeps_the_currency(void **state)
{
    (void)state;
    ec_product *made = product_make(staff, "Mug", 100);
    ec_product change = {.currency = "USD"};
    ec_product *again = NULL;
    assert_status(staff, ec_product_update(staff, made->id, &change, mask("currency"), &again),
                  EC_INVALID);
    assert_field_error(staff, "currency", "immutable");
    change.currency = "CLP";
    assert_ok(staff, ec_product_update(staff, made->id, &change, mask("currency"), &again));
    assert_int_equal(again->version, 1);
    ec_free(made);
    ec_free(again);
}

static void product_update__replaces_images_tags_and_attributes(void **state)
{
    (void)state;
    attribute_make(staff, "inches", EC_ATTRIBUTE_NUMBER);
    ec_product_image images[] = {{.url = "/1.jpg"}, {.url = "/2.jpg"}, {.url = "/3.jpg"}};
    const char *const tags[] = {"a", "b"};
    ec_product_attribute attributes[] = {{.code = "inches", .value = "6.7"}};
    ec_variant variants[] = {variant_of(5, NULL, NULL)};
    variants[0].image_url = "/2.jpg";
    ec_product product = {.name = "Phone",
                          .images = images,
                          .images_count = 3,
                          .variants = variants,
                          .variants_count = 1,
                          .tags = tags,
                          .tags_count = 2,
                          .attributes = attributes,
                          .attributes_count = 1};
    ec_product *made = NULL;
    ec_product *again = NULL;
    assert_ok(staff, ec_product_create(staff, &product, &made));
    ec_product_image wanted[] = {
        {.url = "/3.jpg", .alt = "third"}, {.url = "/9.jpg"}, {.url = "/1.jpg"}};
    const char *const other_tags[] = {"c", "b"};
    ec_product_attribute other[] = {{.code = "inches", .value = "-1"},
                                    {.code = "inches", .value = "1e2"}};
    ec_product change = {.images = wanted,
                         .images_count = 3,
                         .tags = other_tags,
                         .tags_count = 2,
                         .attributes = other,
                         .attributes_count = 2};
    assert_ok(staff,
              ec_product_update(staff, made->id, &change, mask("images,tags,attributes"), &again));
    assert_true(again->images[0].id == made->images[2].id);
    assert_string_equal(again->images[0].alt, "third");
    assert_true(again->images[2].id == made->images[0].id);
    assert_true(again->variants[0].image_id == 0); /* its image is gone */
    assert_string_equal(again->tags[0], "b");
    assert_string_equal(again->tags[1], "c");
    assert_int_equal(again->attributes_count, 2);
    assert_int_equal(again->attributes[1].number, 100000);
    assert_int_equal(again->version, 2);
    ec_free(again);
    change = (ec_product){.name = NULL};
    assert_ok(staff,
              ec_product_update(staff, made->id, &change, mask("images,tags,attributes"), &again));
    assert_int_equal(again->images_count + again->tags_count + again->attributes_count, 0);
    ec_free(made);
    ec_free(again);
}

static void product_update__checks_variants_against_new_options(void **state)
{
    (void)state;
    ec_product *made = product_with_variants(staff, "Shirt", "S", 2, 100);
    ec_product_option options[] = {{.name = "Size"}, {.name = "Colour"}};
    ec_product change = {.options = options, .options_count = 2};
    ec_product *again = NULL;
    assert_status(staff, ec_product_update(staff, made->id, &change, mask("options"), &again),
                  EC_INVALID);
    assert_field_error(staff, "variants[0].option2", "required");
    options[0].name = "Width";
    change.options_count = 1;
    assert_ok(staff, ec_product_update(staff, made->id, &change, mask("options"), &again));
    assert_string_equal(again->options[0].name, "Width");
    ec_free(made);
    ec_free(again);
}

static void product_update__takes_the_same_statements_for_many_variants(void **state)
{
    (void)state;
    static const size_t sizes[] = {1, 10, 100};
    int64_t counts[3];
    for (size_t n = 0; n < 3; n++) {
        char name[32];
        snprintf(name, sizeof name, "p%zu", n);
        ec_product *made = product_with_variants(staff, name, name, sizes[n], 100);
        ec_product *again = NULL;
        for (size_t i = 0; i < sizes[n]; i++) {
            made->variants[i].price += 7;
            made->variants[i].backorder = true;
        }
        int64_t before = statements_of(engine);
        assert_ok(staff, ec_product_update(staff, made->id, made, EC_MASK_ALL, &again));
        counts[n] = statements_of(engine) - before;
        assert_int_equal(again->price, 107);
        ec_free(made);
        ec_free(again);
    }
    print_message("statements to change a product of 1, 10, 100 variants: %lld %lld %lld\n",
                  (long long)counts[0], (long long)counts[1], (long long)counts[2]);
    assert_true(counts[0] <= 12);
    assert_true(counts[2] <= counts[0] + 3);
}

static void product_update__publishes_with_dates(void **state)
{
    (void)state;
    ec_product product = {.name = "Mug", .price = 1};
    ec_product *made = NULL;
    ec_session *guest = session_guest(engine);
    assert_ok(staff, ec_product_create(staff, &product, &made));
    ec_id id = made->id;
    ec_free(made);
    assert_status(guest, ec_product_get(guest, id, &made), EC_NOT_FOUND);
    ec_product change = {.status = EC_PRODUCT_ACTIVE,
                         .published_at = world_now() + 1000,
                         .unpublished_at = world_now() + 2000};
    assert_ok(staff, ec_product_update(staff, id, &change,
                                       mask("status,published_at,unpublished_at"), &made));
    ec_free(made);
    assert_status(guest, ec_product_get(guest, id, &made), EC_NOT_FOUND);
    world_advance(1000);
    assert_ok(guest, ec_product_get(guest, id, &made));
    ec_free(made);
    world_advance(1000);
    assert_status(guest, ec_product_by_slug(guest, "mug", &made), EC_NOT_FOUND);
    change = (ec_product){.status = EC_PRODUCT_ARCHIVED};
    assert_ok(staff, ec_product_update(staff, id, &change, mask("status,published_at"), &made));
    ec_free(made);
    change.status = EC_PRODUCT_ACTIVE;
    assert_ok(staff, ec_product_update(staff, id, &change, mask("status,unpublished_at"), &made));
    assert_true(made->published_at == world_now());
    ec_free(made);
    assert_ok(guest, ec_product_get(guest, id, &made));
    ec_free(made);
    ec_session_close(guest);
}

int main(void)
{
#define CASE(test) cmocka_unit_test_setup_teardown(test, begin, end)
    const struct CMUnitTest tests[] = {
        CASE(product_update__changes_only_the_named_fields),
        CASE(product_update__of_what_is_so_already_changes_nothing),
        CASE(product_update__checks_the_version),
        CASE(product_update__recognises_variants),
        CASE(product_update__keeps_ordered_variants_inactive),
        CASE(product_update__lets_skus_change_hands),
        CASE(product_update__refuses_foreign_and_repeated_variants),
        CASE(product_update__gives_a_single_variant_the_price),
        CASE(product_update__keeps_the_currency),
        CASE(product_update__replaces_images_tags_and_attributes),
        CASE(product_update__checks_variants_against_new_options),
        CASE(product_update__takes_the_same_statements_for_many_variants),
        CASE(product_update__publishes_with_dates),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
