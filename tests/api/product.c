/* SPDX-License-Identifier: MIT */
/*
 * product.c - products as a whole: added, removed, read, by staff and by visitors.
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

/* ---- adding ---- */

/* What product_create__keeps_everything_in_one_call gave in. */
static void assert_runner(const ec_product *p)
{
    assert_string_equal(p->name, "Runner");
    assert_string_equal(p->slug, "runner");
    assert_string_equal(p->currency, "CLP");
    assert_string_equal(p->metadata, "{\"origin\":\"CL\"}");
    assert_int_equal(p->version, 1);
    assert_true(p->published_at == world_now());
    assert_int_equal(p->price, 19990);
    assert_int_equal(p->price_max, 29990);
    assert_int_equal(p->compare_price, 24990);
    assert_string_equal(p->sku, "S-40-R");
    assert_string_equal(p->image_url, "https://cdn.example.com/1.jpg");
    assert_string_equal(p->category->name, "Shoes");
    assert_string_equal(p->brand->slug, "andina");
    assert_int_equal(p->options_count, 2);
    assert_string_equal(p->options[1].name, "Colour");
    assert_int_equal(p->options[1].values_count, 2);
    assert_string_equal(p->options[1].values[1], "Blue");
    assert_int_equal(p->variants_count, 3);
    assert_string_equal(p->variants[0].name, "40 / Red");
    assert_string_equal(p->variants[1].image_url, "https://cdn.example.com/2.jpg");
    assert_true(p->variants[1].image_id == p->images[1].id);
    assert_int_equal(p->variants[1].cost_price, 9000);
    assert_string_equal(p->variants[2].currency, "CLP");
    assert_null(p->variants[2].sku);
    assert_int_equal(p->images_count, 2);
    assert_string_equal(p->images[0].alt, "Front");
    assert_int_equal(p->attributes_count, 3);
    assert_int_equal(p->attributes[0].number, 750);
    assert_string_equal(p->attributes[1].name, "colour");
    assert_int_equal(p->attributes[1].type, EC_ATTRIBUTE_SELECT);
    assert_int_equal(p->tags_count, 2);
    assert_string_equal(p->tags[0], "new");
    assert_true(p->is_featured);
}

static void product_create__keeps_everything_in_one_call(void **state)
{
    (void)state;
    ec_id category = category_make(staff, "Shoes", 0);
    ec_id brand = brand_make(staff, "Andina");
    attribute_make(staff, "weight", EC_ATTRIBUTE_NUMBER);
    attribute_make(staff, "colour", EC_ATTRIBUTE_SELECT);
    ec_product_option options[] = {{.name = "Size"}, {.name = "Colour"}};
    ec_variant variants[] = {variant_of(29990, "S-40-R", "40"), variant_of(19990, "S-41-R", "41"),
                             variant_of(39990, NULL, "41")};
    variants[0].option2 = "Red";
    variants[1].option2 = "Red";
    variants[1].compare_price = 24990;
    variants[1].cost_price = 9000;
    variants[1].image_url = "https://cdn.example.com/2.jpg";
    variants[2].option2 = "Blue";
    variants[2].is_active = false;
    ec_product_image images[] = {{.url = "https://cdn.example.com/1.jpg", .alt = "Front"},
                                 {.url = "https://cdn.example.com/2.jpg"}};
    ec_product_attribute attributes[] = {{.code = "weight", .value = "0.75"},
                                         {.code = "colour", .value = "red"},
                                         {.code = "colour", .value = "blue"}};
    const char *const tags[] = {"summer", "new"};
    ec_product product = {.name = "Runner",
                          .description = "<p>Fast</p>",
                          .short_description = "Fast shoe",
                          .type = "Shoe",
                          .category_id = category,
                          .brand_id = brand,
                          .meta_title = "Runner",
                          .metadata = "{\"origin\":\"CL\"}",
                          .options = options,
                          .options_count = 2,
                          .variants = variants,
                          .variants_count = 3,
                          .images = images,
                          .images_count = 2,
                          .attributes = attributes,
                          .attributes_count = 3,
                          .tags = tags,
                          .tags_count = 2,
                          .is_featured = true,
                          .status = EC_PRODUCT_ACTIVE};
    ec_product *made = NULL;
    ec_product *again = NULL;
    assert_ok(staff, ec_product_create(staff, &product, &made));
    assert_ok(staff, ec_product_get(staff, made->id, &again));
    assert_runner(made);
    assert_runner(again);
    ec_free(made);
    ec_free(again);
    assert_int_equal(events_of(engine, "product.created"), 1);
}

static void product_create__makes_a_variant_of_its_own_price(void **state)
{
    (void)state;
    ec_product product = {.name = "Mug", .price = 4990, .compare_price = 5990, .sku = "MUG"};
    ec_product *made = NULL;
    assert_ok(staff, ec_product_create(staff, &product, &made));
    assert_int_equal(made->variants_count, 1);
    assert_string_equal(made->variants[0].name, "Mug");
    assert_string_equal(made->variants[0].sku, "MUG");
    assert_int_equal(made->variants[0].price, 4990);
    assert_int_equal(made->variants[0].compare_price, 5990);
    assert_true(made->variants[0].is_active && made->variants[0].tracked);
    assert_int_equal(made->price, 4990);
    assert_int_equal(made->status, EC_PRODUCT_DRAFT);
    assert_true(made->published_at == 0);
    ec_free(made);
    product.name = "Other mug";
    assert_status(staff, ec_product_create(staff, &product, &made), EC_EXISTS);
    assert_field_error(staff, "sku", "unique");
    assert_int_equal(count_of("products"), 1);
}

static void product_create__makes_slugs_unique(void **state)
{
    (void)state;
    static const char *const wanted[] = {"nandu-azul", "nandu-azul-2", "nandu-azul-3"};
    ec_product *made = NULL;
    for (size_t i = 0; i < 3; i++) {
        made = product_make(staff, "Ñandú Azul", 100);
        assert_string_equal(made->slug, wanted[i]);
        ec_free(made);
    }
    ec_product product = {.name = "Ñandú", .slug = "nandu-azul-2"};
    assert_status(staff, ec_product_create(staff, &product, &made), EC_EXISTS);
    assert_field_error(staff, "slug", "unique");
    assert_ok(staff, ec_product_by_slug(staff, "nandu-azul-2", &made));
    assert_ok(staff, ec_product_delete(staff, made->id, 0));
    ec_free(made);
    made = product_make(staff, "Ñandú Azul", 100); /* the gap is filled */
    assert_string_equal(made->slug, "nandu-azul-2");
    ec_free(made);
    made = product_make(staff, "日本", 100);
    assert_string_equal(made->slug, "product");
    ec_free(made);
}

static void product_create__takes_the_same_statements_for_many_variants(void **state)
{
    (void)state;
    static const size_t sizes[] = {1, 10, 100, 1000};
    int64_t counts[4];
    for (size_t i = 0; i < 4; i++) {
        char name[32];
        snprintf(name, sizeof name, "p%zu", i);
        int64_t before = statements_of(engine);
        ec_free(product_with_variants(staff, name, name, sizes[i], 100));
        counts[i] = statements_of(engine) - before;
    }
    print_message("statements to add a product of 1, 10, 100, 1000 variants: %lld %lld %lld %lld\n",
                  (long long)counts[0], (long long)counts[1], (long long)counts[2],
                  (long long)counts[3]);
    assert_true(counts[0] <= 12);
    assert_true(counts[2] <= counts[0] + 3);
    assert_true(counts[3] <= counts[0] + 10);
}

/* ---- bad input ---- */

static void product_create__names_what_is_wrong(void **state)
{
    (void)state;
    ec_product *made = NULL;
    ec_product product = {.name = "P", .category_id = 77, .brand_id = 78};
    assert_status(staff, ec_product_create(staff, NULL, &made), EC_MISUSE);
    assert_status(staff, ec_product_create(staff, &product, NULL), EC_MISUSE);
    assert_status(staff, ec_product_create(staff, &product, &made), EC_INVALID);
    assert_field_error(staff, "category_id", "unknown");
    assert_field_error(staff, "brand_id", "unknown");
    product = (ec_product){.name = ""};
    assert_status(staff, ec_product_create(staff, &product, &made), EC_INVALID);
    assert_field_error(staff, "name", "required");
    product = (ec_product){.name = "\xff\xfe"};
    assert_status(staff, ec_product_create(staff, &product, &made), EC_INVALID);
    assert_field_error(staff, "name", "utf8");
    product = (ec_product){.name = "P", .price = -1};
    assert_status(staff, ec_product_create(staff, &product, &made), EC_INVALID);
    assert_field_error(staff, "price", "min");
    product = (ec_product){.name = "P", .price = INT64_MAX, .slug = "Not A Slug"};
    assert_status(staff, ec_product_create(staff, &product, &made), EC_INVALID);
    assert_field_error(staff, "price", "max");
    assert_field_error(staff, "slug", "slug");
    product = (ec_product){.name = "P", .currency = "XYZ", .metadata = "[1]"};
    assert_status(staff, ec_product_create(staff, &product, &made), EC_INVALID);
    assert_field_error(staff, "currency", "currency");
    product = (ec_product){.name = "P", .metadata = "[1]"};
    assert_status(staff, ec_product_create(staff, &product, &made), EC_INVALID);
    assert_field_error(staff, "metadata", "object");
    product = (ec_product){.name = "P", .status = (ec_product_status)9};
    assert_status(staff, ec_product_create(staff, &product, &made), EC_INVALID);
    assert_field_error(staff, "status", "enum");
    product = (ec_product){.name = "P", .published_at = 20, .unpublished_at = 10};
    assert_status(staff, ec_product_create(staff, &product, &made), EC_INVALID);
    assert_field_error(staff, "unpublished_at", "order");
    product = (ec_product){.name = "P", .variants_count = 3};
    assert_status(staff, ec_product_create(staff, &product, &made), EC_INVALID);
    assert_field_error(staff, "variants", "required");
    assert_null(made);
    assert_int_equal(count_of("products"), 0);
    assert_int_equal(count_of("events WHERE aggregate = 'product'"), 0);
}

static void product_create__refuses_lists_that_do_not_fit(void **state)
{
    (void)state;
    attribute_make(staff, "inches", EC_ATTRIBUTE_NUMBER);
    ec_product_option options[] = {{.name = "Size"}, {.name = "Size"}};
    ec_variant variants[] = {variant_of(1, "A", "S"), variant_of(1, "A", "S")};
    ec_product_attribute attributes[] = {{.code = "nothing", .value = "1"},
                                         {.code = "inches", .value = "wide"}};
    const char *const tags[] = {"a", "b", "a"};
    ec_product product = {.name = "P",
                          .options = options,
                          .options_count = 2,
                          .variants = variants,
                          .variants_count = 2,
                          .attributes = attributes,
                          .attributes_count = 2,
                          .tags = tags,
                          .tags_count = 3};
    ec_product *made = NULL;
    assert_status(staff, ec_product_create(staff, &product, &made), EC_INVALID);
    assert_field_error(staff, "options[1].name", "unique");
    assert_field_error(staff, "variants[0].option2", "required");
    assert_field_error(staff, "variants[1].option1", "unique");
    assert_field_error(staff, "variants[1].sku", "unique");
    assert_field_error(staff, "attributes[0].code", "unknown");
    assert_field_error(staff, "attributes[1].value", "number");
    assert_field_error(staff, "tags[2]", "unique");
    product = (ec_product){.name = "P", .variants = variants, .variants_count = 2};
    assert_status(staff, ec_product_create(staff, &product, &made), EC_INVALID);
    assert_field_error(staff, "variants", "max_items");
    assert_field_error(staff, "variants[0].option1", "options");
    variants[0] = variant_of(1, "A", NULL);
    variants[0].image_url = "/nowhere.jpg";
    product.variants_count = 1;
    assert_status(staff, ec_product_create(staff, &product, &made), EC_INVALID);
    assert_field_error(staff, "variants[0].image_url", "unknown");
    ec_free(product_with_variants(staff, "Q", "SKU", 2, 5));
    variants[0] = variant_of(1, "SKU-1", NULL);
    assert_status(staff, ec_product_create(staff, &product, &made), EC_EXISTS);
    assert_field_error(staff, "variants[0].sku", "unique");
    assert_int_equal(count_of("products"), 1);
    assert_int_equal(count_of("tags"), 0);
}

static void assert_too_much(const ec_product *product, const char *field, const char *rule)
{
    ec_product *made = NULL;
    assert_status(staff, ec_product_create(staff, product, &made), EC_INVALID);
    assert_field_error(staff, field, rule);
    assert_null(made);
}

static void product_create__refuses_what_is_too_much(void **state)
{
    (void)state;
    enum { LONG = 3000000 };
    char *text = malloc(LONG + 1);
    const char **tags = calloc(EC_TAGS_MAX + 1, sizeof *tags);
    ec_variant *variants = calloc(EC_VARIANTS_MAX + 1, sizeof *variants);
    ec_product_image *images = calloc(EC_IMAGES_MAX + 1, sizeof *images);
    ec_product_attribute *attributes = calloc(EC_ATTRIBUTES_MAX + 1, sizeof *attributes);
    ec_product_option options[EC_OPTIONS_MAX + 1] = {{0}};
    assert_true(text && tags && variants && images && attributes);
    memset(text, 'x', LONG);
    text[LONG] = '\0';
    ec_product product = {.name = text, .description = text, .type = text, .sku = text};
    assert_too_much(&product, "name", "max_length");
    assert_too_much(&product, "description", "max_length");
    assert_too_much(&product, "type", "max_length");
    assert_too_much(&product, "sku", "max_length");
    product = (ec_product){.name = "P", .metadata = text};
    assert_too_much(&product, "metadata", "max_length");
    product = (ec_product){.name = "P", .tags = tags, .tags_count = EC_TAGS_MAX + 1};
    assert_too_much(&product, "tags", "max_items");
    product =
        (ec_product){.name = "P", .variants = variants, .variants_count = EC_VARIANTS_MAX + 1};
    assert_too_much(&product, "variants", "max_items");
    product = (ec_product){.name = "P", .images = images, .images_count = EC_IMAGES_MAX + 1};
    assert_too_much(&product, "images", "max_items");
    product = (ec_product){
        .name = "P", .attributes = attributes, .attributes_count = EC_ATTRIBUTES_MAX + 1};
    assert_too_much(&product, "attributes", "max_items");
    product = (ec_product){.name = "P", .options = options, .options_count = EC_OPTIONS_MAX + 1};
    assert_too_much(&product, "options", "max_items");
    product = (ec_product){.name = "P", .tags = tags, .tags_count = SIZE_MAX};
    assert_too_much(&product, "tags", "max_items");
    text[255] = '\0';
    product = (ec_product){.name = text};
    for (int i = 0; i < 3; i++) { /* the longest name there is, with numbers behind its slug */
        ec_product *made = NULL;
        assert_ok(staff, ec_product_create(staff, &product, &made));
        assert_true(strlen(made->slug) <= 255);
        ec_free(made);
    }
    free(text);
    free(tags);
    free(variants);
    free(images);
    free(attributes);
}

static void product_create__is_for_staff(void **state)
{
    (void)state;
    ec_session *guest = session_guest(engine);
    ec_product product = {.name = "P"};
    ec_product *made = NULL;
    assert_status(guest, ec_product_create(guest, &product, &made), EC_DENIED);
    assert_status(guest, ec_product_update(guest, 1, &product, EC_MASK_ALL, &made), EC_DENIED);
    assert_status(guest, ec_product_delete(guest, 1, 0), EC_DENIED);
    ec_session_close(guest);
}

static void product_create__keeps_naughty_strings(void **state)
{
    (void)state;
    size_t length = 0;
    size_t kept = 0;
    char *text = data_read("vectors/blns/blns.txt", &length);
    static char own[] = "<script>alert(1)</script>\n'; DROP TABLE products; --\n%s%n\n\u202Ertl\n"
                        "\U0001F600\n../../etc/passwd\n";
    char *lines = text ? text : own;
    for (char *line = strtok_r(lines, "\n", &lines); line; line = strtok_r(NULL, "\n", &lines)) {
        ec_product product = {.name = line, .price = 1};
        ec_product *made = NULL;
        ec_status status = ec_product_create(staff, &product, &made);
        if (status == EC_OK) {
            assert_string_equal(made->name, line);
            assert_string_equal(made->variants[0].name, line);
            kept++;
        } else {
            assert_int_equal(status, EC_INVALID);
            assert_string_equal(ec_session_error(staff)->field, "name");
        }
        ec_free(made);
    }
    assert_true(kept > 5);
    assert_int_equal(count_of("products"), (int64_t)kept);
    free(text);
}

/* ---- reading ---- */

static void product_get__takes_three_statements(void **state)
{
    (void)state;
    ec_free(product_with_variants(staff, "Shirt", "S", 100, 100));
    ec_session *guest = session_guest(engine);
    ec_product *made = NULL;
    int64_t before = statements_of(engine);
    assert_ok(guest, ec_product_by_slug(guest, "shirt", &made));
    assert_int_equal(statements_of(engine) - before, 3);
    assert_int_equal(made->variants_count, 100);
    ec_free(made);
    ec_session_close(guest);
}

static void product_get__shows_visitors_what_is_for_them(void **state)
{
    (void)state;
    ec_product *made = product_with_variants(staff, "Shirt", "S", 3, 100);
    ec_variant change = {.is_active = false, .cost_price = 10};
    ec_variant *variant = NULL;
    ec_session *guest = session_guest(engine);
    assert_ok(staff, ec_variant_update(staff, made->variants[0].id, &change,
                                       ec_mask_of("variant", "is_active"), &variant));
    ec_free(variant);
    assert_ok(staff, ec_variant_update(staff, made->variants[1].id, &change,
                                       ec_mask_of("variant", "cost_price"), &variant));
    assert_int_equal(variant->cost_price, 10);
    ec_free(variant);
    variant_stock(staff, made->variants[0].id, 5);
    variant_stock(staff, made->variants[1].id, 7);
    ec_product *seen = NULL;
    assert_ok(guest, ec_product_get(guest, made->id, &seen));
    assert_int_equal(seen->variants_count, 2);
    assert_int_equal(seen->variants[0].cost_price, 0);
    assert_int_equal(seen->variants[0].stock, 7);
    assert_int_equal(seen->stock, 7);
    assert_int_equal(seen->price, 101);
    assert_int_equal(seen->options[0].values_count, 2);
    assert_status(guest, ec_variant_get(guest, made->variants[0].id, &variant), EC_NOT_FOUND);
    assert_ok(guest, ec_variant_by_sku(guest, "S-1", &variant));
    assert_int_equal(variant->cost_price, 0);
    ec_free(variant);
    ec_free(seen);
    ec_free(made);
    ec_session_close(guest);
}

static void product_get__of_what_is_not_there(void **state)
{
    (void)state;
    ec_product *made = NULL;
    assert_status(staff, ec_product_get(staff, 1, &made), EC_NOT_FOUND);
    assert_status(staff, ec_product_get(staff, INT64_MIN, &made), EC_NOT_FOUND);
    assert_status(staff, ec_product_by_slug(staff, NULL, &made), EC_NOT_FOUND);
    assert_status(staff, ec_product_by_slug(staff, "", &made), EC_NOT_FOUND);
    assert_status(staff, ec_product_by_slug(staff, "\xff", &made), EC_NOT_FOUND);
    assert_status(staff, ec_product_get(staff, 1, NULL), EC_MISUSE);
    assert_null(made);
}

static void product_delete__takes_everything_along(void **state)
{
    (void)state;
    ec_product *made = product_with_variants(staff, "Shirt", "S", 3, 100);
    const char *const tags[] = {"a"};
    ec_product_image images[] = {{.url = "/1.jpg"}};
    ec_product change = {.tags = tags, .tags_count = 1, .images = images, .images_count = 1};
    ec_product *again = NULL;
    variant_stock(staff, made->variants[0].id, 5);
    assert_ok(staff, ec_product_update(staff, made->id, &change, mask("tags,images"), &again));
    ec_free(again);
    assert_ok(staff, ec_product_delete(staff, made->id, 0));
    assert_status(staff, ec_product_delete(staff, made->id, 0), EC_NOT_FOUND);
    assert_int_equal(count_of("product_variants") + count_of("product_images") +
                         count_of("product_options") + count_of("product_tags") +
                         count_of("inventory"),
                     0);
    assert_int_equal(events_of(engine, "product.deleted"), 1);
    ec_free(made);
}

static void product_create__is_idempotent_under_a_key(void **state)
{
    (void)state;
    ec_product product = {.name = "Mug", .price = 5};
    ec_product *first = NULL;
    ec_product *second = NULL;
    assert_ok(staff, ec_session_idempotency(staff, "key-1"));
    assert_ok(staff, ec_product_create(staff, &product, &first));
    assert_ok(staff, ec_session_idempotency(staff, "key-1"));
    assert_ok(staff, ec_product_create(staff, &product, &second));
    assert_true(first->id == second->id);
    assert_int_equal(second->variants_count, 1);
    ec_free(first);
    ec_free(second);
    product.price = 6;
    assert_ok(staff, ec_session_idempotency(staff, "key-1"));
    assert_status(staff, ec_product_create(staff, &product, &second), EC_KEY_REUSED);
    assert_int_equal(count_of("products"), 1);
}

/* The digest of a request is made before anything is checked. */
static void product_create__takes_a_key_with_any_input(void **state)
{
    (void)state;
    const char *const tags[] = {NULL, "\xff"};
    ec_variant variants[2] = {{.weight_unit = (ec_weight_unit)77}, {.sku = "\xff"}};
    const ec_product products[] = {
        {.name = NULL},
        {.name = "P", .status = (ec_product_status)-5},
        {.name = "P", .tags = tags, .tags_count = 2},
        {.name = "P", .tags_count = SIZE_MAX, .variants_count = 7},
        {.name = "P", .variants = variants, .variants_count = 2},
        {.name = "P", .metadata = "{", .description = "\xc3"},
    };
    for (size_t i = 0; i < sizeof products / sizeof products[0]; i++) {
        ec_product *made = NULL;
        assert_ok(staff, ec_session_idempotency(staff, "key"));
        assert_status(staff, ec_product_create(staff, &products[i], &made), EC_INVALID);
        assert_ok(staff, ec_session_idempotency(staff, "key"));
        assert_status(staff, ec_product_update(staff, 1, &products[i], EC_MASK_ALL, &made),
                      EC_INVALID);
        assert_null(made);
    }
    ec_product *made = NULL;
    assert_ok(staff, ec_session_idempotency(staff, "key"));
    assert_status(staff, ec_product_create(staff, NULL, &made), EC_MISUSE);
}

static void product__goes_through_json(void **state)
{
    (void)state;
    static const char json[] =
        "{\"name\":\"Polera\",\"status\":\"active\",\"options\":[{\"name\":\"Talla\"}],"
        "\"variants\":[{\"price\":9990,\"sku\":\"P-S\",\"option1\":\"S\"},"
        "{\"price\":\"10990\",\"sku\":\"P-M\",\"option1\":\"M\",\"tracked\":false}],"
        "\"tags\":[\"ropa\"]}";
    ec_product *product = NULL;
    ec_product *made = NULL;
    char *text = NULL;
    assert_ok(staff,
              ec_from_json(staff, "product", json, sizeof json - 1, (void **)&product, NULL));
    assert_ok(staff, ec_product_create(staff, product, &made));
    assert_int_equal(made->price, 9990); /* pesos have no decimals */
    assert_true(made->variants[0].is_active && made->variants[0].tracked);
    assert_false(made->variants[1].tracked);
    assert_ok(staff, ec_to_json(staff, "product", made, &text));
    assert_non_null(strstr(text, "\"price\":9990,"));
    assert_non_null(strstr(text, "\"values\":[\"S\",\"M\"]"));
    ec_free(product);
    ec_free(made);
    ec_free(text);
}

int main(void)
{
#define CASE(test) cmocka_unit_test_setup_teardown(test, begin, end)
    const struct CMUnitTest tests[] = {
        CASE(product_create__keeps_everything_in_one_call),
        CASE(product_create__makes_a_variant_of_its_own_price),
        CASE(product_create__makes_slugs_unique),
        CASE(product_create__takes_the_same_statements_for_many_variants),
        CASE(product_create__names_what_is_wrong),
        CASE(product_create__refuses_lists_that_do_not_fit),
        CASE(product_create__refuses_what_is_too_much),
        CASE(product_create__is_for_staff),
        CASE(product_create__keeps_naughty_strings),
        CASE(product_create__is_idempotent_under_a_key),
        CASE(product_get__takes_three_statements),
        CASE(product_get__shows_visitors_what_is_for_them),
        CASE(product_get__of_what_is_not_there),
        CASE(product_delete__takes_everything_along),
        CASE(product_create__takes_a_key_with_any_input),
        CASE(product__goes_through_json),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
