/* SPDX-License-Identifier: MIT */
/*
 * category.c - the tree of categories: adding, moving, cycles, depth, order, what visitors see.
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

static ec_mask mask(const char *fields)
{
    return ec_mask_of("category", fields);
}

static ec_category *read_category(ec_id id)
{
    ec_category *category = NULL;
    assert_ok(staff, ec_category_get(staff, id, &category));
    return category;
}

static void assert_place(ec_id id, const char *path, int64_t depth, ec_id parent)
{
    ec_category *category = read_category(id);
    assert_string_equal(category->path, path);
    assert_int_equal(category->depth, depth);
    assert_true(category->parent_id == parent);
    ec_free(category);
}

/* The names of a tree, joined. */
static const char *names_of(ec_session *session, ec_id root)
{
    static char text[1024];
    ec_category_list *list = NULL;
    assert_ok(session, ec_category_tree(session, root, &list));
    text[0] = '\0';
    for (size_t i = 0; i < list->items_count; i++) {
        size_t length = strlen(text);
        snprintf(text + length, sizeof text - length, "%s%s", i == 0 ? "" : " ",
                 list->items[i].name);
    }
    assert_true(list->total == (int64_t)list->items_count);
    ec_free(list);
    return text;
}

/* ---- adding ---- */

static void category_create__fills_what_is_left_out(void **state)
{
    (void)state;
    ec_category input = {.id = 99,
                         .version = 7,
                         .depth = 9,
                         .path = "/9/",
                         .name = "Computación",
                         .description = "Everything",
                         .sort_order = 3,
                         .is_active = true};
    ec_category *made = NULL;
    assert_ok(staff, ec_category_create(staff, &input, &made));
    assert_int_equal(made->id, 1);
    assert_int_equal(made->version, 1);
    assert_int_equal(made->depth, 1);
    assert_string_equal(made->path, "/1/");
    assert_string_equal(made->slug, "computacion");
    assert_true(made->created_at == world_now());
    ec_free(made);
    assert_ok(staff, ec_category_by_slug(staff, "computacion", &made));
    assert_int_equal(made->sort_order, 3);
    assert_string_equal(made->description, "Everything");
    ec_free(made);
    assert_ok(staff, ec_category_create(staff, &input, &made));
    assert_string_equal(made->slug, "computacion-2");
    ec_free(made);
    assert_int_equal(events_of(engine, "category.created"), 2);
}

static void category_create__names_what_is_wrong(void **state)
{
    (void)state;
    ec_category *made = NULL;
    ec_category input = {.name = "A", .parent_id = 12};
    assert_status(staff, ec_category_create(staff, &input, &made), EC_INVALID);
    assert_field_error(staff, "parent_id", "unknown");
    input = (ec_category){.name = "", .slug = "--", .image_url = "javascript:alert(1)"};
    assert_status(staff, ec_category_create(staff, &input, &made), EC_INVALID);
    assert_field_error(staff, "name", "required");
    assert_field_error(staff, "slug", "slug");
    assert_field_error(staff, "image_url", "url");
    assert_status(staff, ec_category_create(staff, NULL, &made), EC_MISUSE);
    assert_status(guest, ec_category_create(guest, &input, &made), EC_DENIED);
    (void)category_make(staff, "A", 0);
    input = (ec_category){.name = "B", .slug = "a"};
    assert_status(staff, ec_category_create(staff, &input, &made), EC_EXISTS);
    assert_field_error(staff, "slug", "unique");
    assert_int_equal(shop_sql_int(engine, "SELECT COUNT(*) FROM categories"), 1);
}

static void category_create__stops_at_the_greatest_depth(void **state)
{
    (void)state;
    ec_id parent = 0;
    for (int i = 0; i < EC_CATEGORY_DEPTH_MAX; i++) {
        parent = category_make(staff, "Level", parent);
    }
    ec_category input = {.name = "Deeper", .parent_id = parent};
    ec_category *made = NULL;
    assert_status(staff, ec_category_create(staff, &input, &made), EC_INVALID);
    assert_field_error(staff, "parent_id", "depth");
    ec_id pair = category_make(staff, "Pair", 0);
    (void)category_make(staff, "Below", pair);
    ec_category *last = read_category(parent - 1); /* one level is left below it */
    assert_int_equal(last->depth, EC_CATEGORY_DEPTH_MAX - 1);
    assert_status(staff, ec_category_move(staff, pair, last->id, 0, &made), EC_INVALID);
    assert_field_error(staff, "parent_id", "depth");
    assert_ok(staff, ec_category_move(staff, pair, last->parent_id, 0, &made));
    ec_free(made);
    ec_free(last);
}

/* ---- moving ---- */

static void category_move__takes_everything_below_along(void **state)
{
    (void)state;
    ec_id a = category_make(staff, "A", 0);
    ec_id b = category_make(staff, "B", a);
    ec_id c = category_make(staff, "C", b);
    ec_id d = category_make(staff, "D", c);
    ec_id x = category_make(staff, "X", 0);
    ec_category *made = NULL;
    world_advance(5);
    assert_ok(staff, ec_category_move(staff, b, x, 1, &made));
    assert_string_equal(made->path, "/5/2/");
    assert_int_equal(made->version, 2);
    ec_free(made);
    assert_place(b, "/5/2/", 2, x);
    assert_place(c, "/5/2/3/", 3, b);
    assert_place(d, "/5/2/3/4/", 4, c);
    assert_place(a, "/1/", 1, 0);
    assert_ok(staff, ec_category_move(staff, c, 0, 0, &made));
    ec_free(made);
    assert_place(c, "/3/", 1, 0);
    assert_place(d, "/3/4/", 2, c);
    made = read_category(d);
    assert_int_equal(made->version, 3); /* moved along twice */
    ec_free(made);
    assert_int_equal(events_of(engine, "category.moved"), 2);
    assert_string_equal(names_of(staff, x), "X B");
}

static void category_move__takes_the_same_statements_for_large_trees(void **state)
{
    (void)state;
    ec_id root = category_make(staff, "Root", 0);
    ec_id other = category_make(staff, "Other", 0);
    ec_category *made = NULL;
    int64_t counts[2];
    for (int round = 0; round < 2; round++) {
        int64_t before = statements_of(engine);
        assert_ok(staff, ec_category_move(staff, root, round == 0 ? other : 0, 0, &made));
        counts[round] = statements_of(engine) - before;
        ec_free(made);
        for (int i = 0; round == 0 && i < 300; i++) {
            (void)category_make(staff, "Leaf", root);
        }
    }
    assert_true(counts[1] <= counts[0]);
    assert_int_equal(shop_sql_int(engine, "SELECT COUNT(*) FROM categories WHERE"
                                          " path LIKE '/1/%' AND depth = 2"),
                     300);
}

static void category_move__refuses_circles(void **state)
{
    (void)state;
    ec_id a = category_make(staff, "A", 0);
    ec_id b = category_make(staff, "B", a);
    ec_id c = category_make(staff, "C", b);
    ec_category *made = NULL;
    const ec_id below[] = {a, b, c};
    for (size_t i = 0; i < 3; i++) {
        assert_status(staff, ec_category_move(staff, a, below[i], 0, &made), EC_INVALID);
        assert_field_error(staff, "parent_id", "cycle");
    }
    ec_category change = {.parent_id = c};
    assert_status(staff, ec_category_update(staff, a, &change, mask("parent_id"), &made),
                  EC_INVALID);
    assert_field_error(staff, "parent_id", "cycle");
    assert_status(staff, ec_category_move(staff, a, 99, 0, &made), EC_INVALID);
    assert_field_error(staff, "parent_id", "unknown");
    assert_status(staff, ec_category_move(staff, 99, a, 0, &made), EC_NOT_FOUND);
    assert_status(staff, ec_category_move(staff, b, 0, 9, &made), EC_STALE);
    assert_place(c, "/1/2/3/", 3, b);
    /* numbers that begin alike are no circle */
    for (int i = 4; i <= 12; i++) {
        (void)category_make(staff, "N", 0);
    }
    assert_ok(staff, ec_category_move(staff, a, 12, 0, &made));
    ec_free(made);
    assert_place(c, "/12/1/2/3/", 4, b);
}

/* Random moves against a parent list in the test. */
static void category_move__keeps_paths_right_whatever_moves(void **state)
{
    (void)state;
    enum { COUNT = 40 };
    ec_id parents[COUNT + 1] = {0};
    int refused = 0;
    for (ec_id i = 1; i <= COUNT; i++) {
        parents[i] = world_pick(i);
        assert_true(category_make(staff, "C", parents[i]) == i);
    }
    for (int round = 0; round < 300; round++) {
        ec_id id = 1 + world_pick(COUNT);
        ec_id parent = world_pick(COUNT + 1);
        bool cycle = false;
        ec_category *made = NULL;
        for (ec_id at = parent; at != 0; at = parents[at]) {
            cycle = cycle || at == id;
        }
        ec_status status = ec_category_move(staff, id, parent, 0, &made);
        if (cycle) {
            assert_int_equal(status, EC_INVALID);
            refused++;
        } else if (status == EC_OK) {
            parents[id] = parent;
        } else {
            assert_string_equal(ec_session_error(staff)->rule, "depth");
        }
        ec_free(made);
    }
    assert_true(refused > 10);
    for (ec_id i = 1; i <= COUNT; i++) {
        char path[512] = "/";
        int64_t depth = 0;
        for (ec_id at = i; at != 0; at = parents[at], depth++) {
            char longer[512];
            snprintf(longer, sizeof longer, "/%lld%.480s", (long long)at, path);
            memcpy(path, longer, sizeof path);
        }
        assert_place(i, path, depth, parents[i]);
    }
}

/* ---- changing and removing ---- */

static void category_update__changes_named_fields_and_moves(void **state)
{
    (void)state;
    ec_id a = category_make(staff, "A", 0);
    ec_id b = category_make(staff, "B", 0);
    ec_id c = category_make(staff, "C", b);
    ec_category change = {.name = "Bee", .parent_id = a, .version = 1};
    ec_category *made = NULL;
    assert_ok(staff, ec_category_update(staff, b, &change, mask("name,parent_id"), &made));
    assert_string_equal(made->name, "Bee");
    assert_string_equal(made->slug, "b");
    ec_free(made);
    assert_place(c, "/1/2/3/", 3, b);
    made = read_category(b);
    ec_category *again = NULL;
    assert_ok(staff, ec_category_update(staff, b, made, EC_MASK_ALL, &again));
    assert_true(again->version == made->version); /* its own copy is no change */
    ec_free(again);
    assert_status(staff, ec_category_update(staff, b, &change, mask("name"), &again), EC_STALE);
    change = (ec_category){.slug = "a"};
    assert_status(staff, ec_category_update(staff, b, &change, mask("slug"), &again), EC_EXISTS);
    assert_field_error(staff, "slug", "unique");
    change.slug = NULL; /* addresses do not change by accident */
    assert_ok(staff, ec_category_update(staff, b, &change, mask("slug"), &again));
    assert_string_equal(again->slug, "b");
    ec_free(again);
    change.slug = "bee";
    assert_ok(staff, ec_category_update(staff, b, &change, mask("slug"), &again));
    assert_string_equal(again->slug, "bee");
    ec_free(made);
    ec_free(again);
}

static void category_delete__refuses_what_is_not_empty(void **state)
{
    (void)state;
    ec_id a = category_make(staff, "A", 0);
    ec_id b = category_make(staff, "B", a);
    ec_product product = {.name = "P", .category_id = b};
    ec_product *made = NULL;
    assert_ok(staff, ec_product_create(staff, &product, &made));
    assert_status(staff, ec_category_delete(staff, a, 0), EC_IN_USE);
    assert_status(staff, ec_category_delete(staff, b, 0), EC_IN_USE);
    assert_status(guest, ec_category_delete(guest, b, 0), EC_DENIED);
    assert_ok(staff, ec_product_delete(staff, made->id, 0));
    assert_status(staff, ec_category_delete(staff, b, 5), EC_STALE);
    assert_ok(staff, ec_category_delete(staff, b, 1));
    assert_ok(staff, ec_category_delete(staff, a, 0));
    assert_status(staff, ec_category_delete(staff, a, 0), EC_NOT_FOUND);
    assert_int_equal(events_of(engine, "category.deleted"), 2);
    ec_free(made);
}

/* ---- seeing ---- */

static void category_tree__comes_in_the_order_of_people(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        int64_t order;
        ec_id parent;
    } rows[] = {{"Zoo", 0, 0}, {"Art", 0, 0}, {"First", -5, 0},
                {"y", 0, 2},   {"x", 0, 2},   {"deep", 0, 4}};
    for (size_t i = 0; i < 6; i++) {
        ec_category input = {.name = rows[i].name,
                             .sort_order = rows[i].order,
                             .parent_id = rows[i].parent,
                             .is_active = true};
        ec_category *made = NULL;
        assert_ok(staff, ec_category_create(staff, &input, &made));
        ec_free(made);
    }
    assert_string_equal(names_of(staff, 0), "First Art x y deep Zoo");
    assert_string_equal(names_of(staff, 2), "Art x y deep");
    assert_string_equal(names_of(staff, 6), "deep");
    ec_category_list *list = NULL;
    assert_status(staff, ec_category_tree(staff, 77, &list), EC_NOT_FOUND);
}

static void category__hidden_ones_hide_what_is_below(void **state)
{
    (void)state;
    ec_id a = category_make(staff, "A", 0);
    ec_id b = category_make(staff, "B", a);
    ec_id c = category_make(staff, "C", b);
    ec_category change = {.is_active = false};
    ec_category *made = NULL;
    ec_category_list *list = NULL;
    assert_string_equal(names_of(guest, 0), "A B C");
    assert_ok(staff, ec_category_update(staff, b, &change, mask("is_active"), &made));
    ec_free(made);
    assert_string_equal(names_of(guest, 0), "A");
    assert_string_equal(names_of(staff, 0), "A B C");
    assert_status(guest, ec_category_get(guest, b, &made), EC_NOT_FOUND);
    assert_status(guest, ec_category_get(guest, c, &made), EC_NOT_FOUND);
    assert_status(guest, ec_category_by_slug(guest, "c", &made), EC_NOT_FOUND);
    assert_status(guest, ec_category_tree(guest, c, &list), EC_NOT_FOUND);
    assert_ok(guest, ec_category_find(guest, NULL, NULL, &list));
    assert_int_equal(list->items_count, 1);
    ec_free(list);
    assert_ok(staff, ec_category_get(staff, c, &made));
    ec_free(made);
}

static void category_find__pages_and_filters(void **state)
{
    (void)state;
    ec_id a = category_make(staff, "A", 0);
    for (int i = 0; i < 5; i++) {
        (void)category_make(staff, "Child", a);
    }
    (void)category_make(staff, "B", 0);
    ec_category_list *list = NULL;
    ec_page page = {.limit = 2, .total = true};
    ec_category_filter filter = {.parent_id = a};
    assert_ok(staff, ec_category_find(staff, &filter, &page, &list));
    assert_int_equal(list->items_count, 2);
    assert_int_equal(list->total, 5);
    assert_non_null(list->next_cursor);
    ec_free(list);
    filter = (ec_category_filter){.top = true};
    assert_ok(staff, ec_category_find(staff, &filter, NULL, &list));
    assert_int_equal(list->items_count, 2);
    ec_free(list);
    filter.parent_id = a;
    assert_status(staff, ec_category_find(staff, &filter, NULL, &list), EC_INVALID);
    filter.top = false;
    ec_cursor *cursor = NULL;
    const void *item = NULL;
    size_t count = 0;
    assert_ok(staff, ec_category_cursor(staff, &filter, &cursor));
    while (ec_cursor_next(cursor, &item) == EC_OK) {
        assert_string_equal(((const ec_category *)item)->name, "Child");
        count++;
    }
    assert_int_equal(count, 5);
    ec_cursor_close(cursor);
}

int main(void)
{
#define CASE(test) cmocka_unit_test_setup_teardown(test, begin, end)
    const struct CMUnitTest tests[] = {
        CASE(category_create__fills_what_is_left_out),
        CASE(category_create__names_what_is_wrong),
        CASE(category_create__stops_at_the_greatest_depth),
        CASE(category_move__takes_everything_below_along),
        CASE(category_move__takes_the_same_statements_for_large_trees),
        CASE(category_move__refuses_circles),
        CASE(category_move__keeps_paths_right_whatever_moves),
        CASE(category_update__changes_named_fields_and_moves),
        CASE(category_delete__refuses_what_is_not_empty),
        CASE(category_tree__comes_in_the_order_of_people),
        CASE(category__hidden_ones_hide_what_is_below),
        CASE(category_find__pages_and_filters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
