/* SPDX-License-Identifier: MIT */
/*
 * collection.c - collections by hand and by rules; each rule against what it means.
 */
#include "harness/products.h"

static ec_engine *engine;
static ec_session *staff;
static ec_session *guest;

static int begin(void **state)
{
    (void)state;
    engine = shop_open();
    staff = session_staff(engine);
    guest = session_guest(engine);
    return 0;
}

static int end(void **state)
{
    (void)state;
    ec_session_close(staff);
    ec_session_close(guest);
    shop_close(engine);
    return 0;
}

static ec_id collection_make(const char *rules, bool match_all)
{
    ec_collection input = {
        .name = "Some", .rules = rules, .match_all = match_all, .is_active = true};
    ec_collection *made = NULL;
    assert_ok(staff, ec_collection_create(staff, &input, &made));
    ec_id id = made->id;
    ec_free(made);
    return id;
}

/* The names of the products in a collection, by name. */
static const char *members_of(ec_session *session, ec_id collection, ec_product_sort sort)
{
    static char text[512];
    ec_product_filter filter = {.collection_id = collection, .sort = sort};
    ec_product_list *list = NULL;
    assert_ok(session, ec_product_find(session, &filter, NULL, &list));
    text[0] = '\0';
    for (size_t i = 0; i < list->items_count; i++) {
        size_t length = strlen(text);
        snprintf(text + length, sizeof text - length, "%s%s", i == 0 ? "" : " ",
                 list->items[i].name);
    }
    ec_free(list);
    return text;
}

/* Products for the rules; their names are their letters. */
static void make_products(void)
{
    static const char *const summer[] = {"summer"};
    static const char *const both[] = {"summer", "sale"};
    ec_id top = category_make(staff, "Top", 0);
    ec_id below = category_make(staff, "Below", top);
    ec_id brand = brand_make(staff, "Andes");
    (void)attribute_make(staff, "colour", EC_ATTRIBUTE_SELECT);
    ec_product_attribute red = {.code = "colour", .value = "red"};
    const ec_product products[] = {
        {.name = "A", .price = 100, .tags = summer, .tags_count = 1, .type = "Toy"},
        {.name = "B", .price = 200, .tags = both, .tags_count = 2, .category_id = top},
        {.name = "C", .price = 300, .category_id = below, .brand_id = brand, .type = "Tool"},
        {.name = "D 100%", .price = 400, .compare_price = 500, .brand_id = brand},
        {.name = "E ab_c", .price = 500, .attributes = &red, .attributes_count = 1},
    };
    for (size_t i = 0; i < sizeof products / sizeof products[0]; i++) {
        ec_product product = products[i];
        ec_product *made = NULL;
        product.status = EC_PRODUCT_ACTIVE;
        assert_ok(staff, ec_product_create(staff, &product, &made));
        if (i < 2) {
            variant_stock(staff, made->variants[0].id, 5 * ((int64_t)i + 1));
        }
        ec_free(made);
    }
}

static void rules__mean_what_they_say(void **state)
{
    (void)state;
    static const struct {
        const char *rules;
        bool all;
        const char *members;
    } cases[] = {
        {"[{\"field\":\"tag\",\"op\":\"is\",\"value\":\"summer\"}]", true, "A B"},
        {"[{\"field\":\"tag\",\"op\":\"is_not\",\"value\":\"sale\"}]", true, "A C D 100% E ab_c"},
        {"[{\"field\":\"tag\",\"op\":\"is\",\"value\":\"no such\"}]", true, ""},
        {"[{\"field\":\"type\",\"op\":\"is\",\"value\":\"Toy\"}]", true, "A"},
        {"[{\"field\":\"type\",\"op\":\"is_not\",\"value\":\"Toy\"}]", true, "B C D 100% E ab_c"},
        {"[{\"field\":\"category\",\"op\":\"is\",\"value\":1}]", true, "B C"},
        {"[{\"field\":\"category\",\"op\":\"is\",\"value\":2}]", true, "C"},
        {"[{\"field\":\"category\",\"op\":\"is_not\",\"value\":2}]", true, "A B D 100% E ab_c"},
        {"[{\"field\":\"brand\",\"op\":\"is\",\"value\":\"1\"}]", true, "C D 100%"},
        {"[{\"field\":\"brand\",\"op\":\"is_not\",\"value\":1}]", true, "A B E ab_c"},
        {"[{\"field\":\"price\",\"op\":\"is\",\"value\":200}]", true, "B"},
        {"[{\"field\":\"price\",\"op\":\"is_not\",\"value\":200}]", true, "A C D 100% E ab_c"},
        {"[{\"field\":\"price\",\"op\":\"less\",\"value\":\"200\"}]", true, "A"},
        {"[{\"field\":\"price\",\"op\":\"at_most\",\"value\":200.0}]", true, "A B"},
        {"[{\"field\":\"price\",\"op\":\"greater\",\"value\":400}]", true, "E ab_c"},
        {"[{\"field\":\"price\",\"op\":\"at_least\",\"value\":4e2}]", true, "D 100% E ab_c"},
        {"[{\"field\":\"compare_price\",\"op\":\"is_set\"}]", true, "D 100%"},
        {"[{\"field\":\"compare_price\",\"op\":\"is_not_set\",\"value\":null}]", true,
         "A B C E ab_c"},
        {"[{\"field\":\"title\",\"op\":\"is\",\"value\":\"a\"}]", true, "A"},
        {"[{\"field\":\"title\",\"op\":\"is_not\",\"value\":\"a\"}]", true, "B C D 100% E ab_c"},
        {"[{\"field\":\"title\",\"op\":\"contains\",\"value\":\"b_\"}]", true, "E ab_c"},
        {"[{\"field\":\"title\",\"op\":\"contains\",\"value\":\"%\"}]", true, "D 100%"},
        {"[{\"field\":\"title\",\"op\":\"starts_with\",\"value\":\"E A\"}]", true, "E ab_c"},
        {"[{\"field\":\"stock\",\"op\":\"greater\",\"value\":5}]", true, "B"},
        {"[{\"field\":\"stock\",\"op\":\"less\",\"value\":1}]", true, "C D 100% E ab_c"},
        {"[{\"field\":\"attribute\",\"code\":\"colour\",\"op\":\"is\",\"value\":\"red\"}]", true,
         "E ab_c"},
        {"[{\"field\":\"attribute\",\"code\":\"colour\",\"op\":\"is_not\",\"value\":\"red\"}]",
         true, "A B C D 100%"},
        {"[{\"field\":\"tag\",\"op\":\"is\",\"value\":\"summer\"},"
         "{\"field\":\"price\",\"op\":\"greater\",\"value\":100}]",
         true, "B"},
        {"[{\"field\":\"tag\",\"op\":\"is\",\"value\":\"sale\"},"
         "{\"field\":\"price\",\"op\":\"greater\",\"value\":400}]",
         false, "B E ab_c"},
    };
    make_products();
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ec_id id = collection_make(cases[i].rules, cases[i].all);
        const char *members = members_of(i % 2 ? staff : guest, id, EC_SORT_NAME);
        if (strcmp(members, cases[i].members) != 0) {
            fail_msg("%s holds \"%s\", not \"%s\"", cases[i].rules, members, cases[i].members);
        }
    }
}

static void rules__name_what_is_wrong(void **state)
{
    (void)state;
    static const struct {
        const char *rules, *field, *rule;
    } cases[] = {
        {"{", "rules", "json"},
        {"{}", "rules", "json"},
        {"[]", "rules", "min_items"},
        {"[1]", "rules[0]", "type"},
        {"[{}]", "rules[0].field", "required"},
        {"[{\"field\":\"tag\"}]", "rules[0].op", "required"},
        {"[{\"field\":1,\"op\":\"is\"}]", "rules[0].field", "type"},
        {"[{\"field\":\"weight\",\"op\":\"is\",\"value\":1}]", "rules[0].field", "enum"},
        {"[{\"field\":\"tag\",\"op\":\"contains\",\"value\":\"x\"}]", "rules[0].op", "enum"},
        {"[{\"field\":\"tag\",\"op\":\"like\",\"value\":\"x\"}]", "rules[0].op", "enum"},
        {"[{\"field\":\"tag\",\"op\":\"is\"}]", "rules[0].value", "required"},
        {"[{\"field\":\"tag\",\"op\":\"is\",\"value\":\"\"}]", "rules[0].value", "required"},
        {"[{\"field\":\"tag\",\"op\":\"is\",\"value\":5}]", "rules[0].value", "type"},
        {"[{\"field\":\"tag\",\"op\":\"is\",\"value\":\"a\\u0000b\"}]", "rules[0].value", "type"},
        {"[{\"field\":\"price\",\"op\":\"is\",\"value\":\"1.5\"}]", "rules[0].value", "decimals"},
        {"[{\"field\":\"price\",\"op\":\"is\",\"value\":-1}]", "rules[0].value", "min"},
        {"[{\"field\":\"price\",\"op\":\"is\",\"value\":1e17}]", "rules[0].value", "max"},
        {"[{\"field\":\"price\",\"op\":\"is\",\"value\":true}]", "rules[0].value", "type"},
        {"[{\"field\":\"stock\",\"op\":\"less\",\"value\":1.5}]", "rules[0].value", "decimals"},
        {"[{\"field\":\"compare_price\",\"op\":\"is_set\",\"value\":1}]", "rules[0].value",
         "unknown"},
        {"[{\"field\":\"tag\",\"op\":\"is\",\"value\":\"x\",\"code\":\"y\"}]", "rules[0].code",
         "unknown"},
        {"[{\"field\":\"tag\",\"op\":\"is\",\"value\":\"x\",\"not\":1}]", "rules[0]", "unknown"},
        {"[{\"field\":\"attribute\",\"op\":\"is\",\"value\":\"x\"}]", "rules[0].code", "required"},
        {"[{\"field\":\"compare_price\",\"op\":\"is_set\"},{\"field\":\"tag\",\"op\":\"is\"}]",
         "rules[1].value", "required"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ec_collection input = {.name = "Some", .rules = cases[i].rules};
        ec_collection *made = NULL;
        assert_status(staff, ec_collection_create(staff, &input, &made), EC_INVALID);
        assert_field_error(staff, cases[i].field, cases[i].rule);
    }
    assert_int_equal(shop_sql_int(engine, "SELECT COUNT(*) FROM collections"), 0);
}

static void rules__have_a_greatest_number(void **state)
{
    (void)state;
    static const char one[] = "{\"field\":\"compare_price\",\"op\":\"is_set\"}";
    char *rules = malloc((EC_RULES_MAX + 2) * (sizeof one + 1));
    ec_collection input = {.name = "Some"};
    ec_collection *made = NULL;
    assert_non_null(rules);
    for (int count = EC_RULES_MAX; count <= EC_RULES_MAX + 1; count++) {
        size_t length = 0;
        for (int i = 0; i < count; i++) {
            rules[length++] = i == 0 ? '[' : ',';
            memcpy(rules + length, one, sizeof one);
            length += sizeof one - 1;
        }
        memcpy(rules + length, "]", 2);
        input.rules = rules;
        ec_status status = ec_collection_create(staff, &input, &made);
        assert_int_equal(status, count == EC_RULES_MAX ? EC_OK : EC_INVALID);
        ec_free(made);
    }
    assert_field_error(staff, "rules", "max_items");
    free(rules);
}

static void rules__that_were_damaged_are_said_to_be(void **state)
{
    (void)state;
    ec_id id = collection_make("[{\"field\":\"compare_price\",\"op\":\"is_set\"}]", true);
    ec_product_filter filter = {.collection_id = id};
    ec_product_list *list = NULL;
    shop_sql(engine, "UPDATE collections SET rules = '[{\"field\":\"1; DROP TABLE products\"}]'");
    assert_status(staff, ec_product_find(staff, &filter, NULL, &list), EC_CORRUPT);
}

static void collection_add__keeps_the_order(void **state)
{
    (void)state;
    make_products();
    ec_id id = collection_make(NULL, true);
    const ec_id first[] = {3, 1};
    const ec_id more[] = {5, 3, 2};
    assert_ok(staff, ec_collection_add(staff, id, first, 2));
    assert_ok(staff, ec_collection_add(staff, id, more, 3));
    assert_string_equal(members_of(guest, id, EC_SORT_MANUAL), "C A E ab_c B");
    assert_string_equal(members_of(guest, id, EC_SORT_PRICE), "A B C E ab_c");
    assert_ok(staff, ec_collection_remove(staff, id, more, 2));
    assert_string_equal(members_of(guest, id, EC_SORT_MANUAL), "A B");
    const ec_id unknown[] = {1, 77};
    assert_status(staff, ec_collection_add(staff, id, unknown, 2), EC_INVALID);
    assert_field_error(staff, "products[1]", "unknown");
    assert_status(staff, ec_collection_add(staff, id, NULL, 2), EC_INVALID);
    assert_field_error(staff, "products", "min_items");
    assert_status(staff, ec_collection_add(staff, id, unknown, EC_COLLECTION_STEP_MAX + 1),
                  EC_INVALID);
    assert_field_error(staff, "products", "max_items");
    assert_status(staff, ec_collection_add(staff, 99, first, 2), EC_NOT_FOUND);
    assert_status(guest, ec_collection_add(guest, id, first, 2), EC_DENIED);
    ec_id ruled = collection_make("[{\"field\":\"compare_price\",\"op\":\"is_set\"}]", true);
    assert_status(staff, ec_collection_add(staff, ruled, first, 2), EC_STATE);
    assert_string_equal(members_of(guest, ruled, EC_SORT_MANUAL), "D 100%");
}

static void collection_update__goes_from_hand_to_rules(void **state)
{
    (void)state;
    make_products();
    ec_id id = collection_make(NULL, true);
    const ec_id first[] = {3, 1};
    ec_mask rules = ec_mask_of("collection", "rules,sort");
    ec_collection *made = NULL;
    assert_ok(staff, ec_collection_add(staff, id, first, 2));
    ec_collection change = {.rules = "[{\"field\":\"price\",\"op\":\"less\",\"value\":250}]",
                            .sort = EC_SORT_PRICE_DESC,
                            .version = 2};
    assert_ok(staff, ec_collection_update(staff, id, &change, rules, &made));
    assert_int_equal(made->sort, EC_SORT_PRICE_DESC);
    ec_free(made);
    assert_string_equal(members_of(guest, id, EC_SORT_PRICE), "A B");
    assert_int_equal(shop_sql_int(engine, "SELECT COUNT(*) FROM collection_products"), 0);
    assert_status(staff, ec_collection_update(staff, id, &change, rules, &made), EC_STALE);
    change = (ec_collection){.rules = "[]"};
    assert_status(staff, ec_collection_update(staff, id, &change, rules, &made), EC_INVALID);
    assert_field_error(staff, "rules", "min_items");
    change = (ec_collection){.is_active = false};
    assert_ok(staff, ec_collection_update(staff, id, &change, ec_mask_of("collection", "is_active"),
                                          &made));
    ec_free(made);
    assert_status(guest, ec_collection_get(guest, id, &made), EC_NOT_FOUND);
    assert_status(guest, ec_collection_by_slug(guest, "some", &made), EC_NOT_FOUND);
    ec_product_filter filter = {.collection_id = id};
    ec_product_list *list = NULL;
    assert_status(guest, ec_product_find(guest, &filter, NULL, &list), EC_NOT_FOUND);
    assert_ok(staff, ec_product_find(staff, &filter, NULL, &list));
    ec_free(list);
    ec_collection_list *all = NULL;
    assert_ok(guest, ec_collection_find(guest, NULL, &all));
    assert_int_equal(all->items_count, 0);
    ec_free(all);
    assert_ok(staff, ec_collection_delete(staff, id, 0));
    assert_status(staff, ec_collection_delete(staff, id, 0), EC_NOT_FOUND);
}

int main(void)
{
#define CASE(test) cmocka_unit_test_setup_teardown(test, begin, end)
    const struct CMUnitTest tests[] = {
        CASE(rules__mean_what_they_say),       CASE(rules__name_what_is_wrong),
        CASE(rules__have_a_greatest_number),   CASE(rules__that_were_damaged_are_said_to_be),
        CASE(collection_add__keeps_the_order), CASE(collection_update__goes_from_hand_to_rules),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
