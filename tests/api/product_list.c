/* SPDX-License-Identifier: MIT */
/*
 * product_list.c - listings of products against a computation over all of them: two thousand made
 * from a seed, hundreds of combinations of filter, order, page and actor.
 */
#include "harness/products.h"

enum { PRODUCTS = 2000, CATEGORIES = 12, BRANDS = 5, TAGS = 6, ROUNDS = 400 };

/* What the test knows of a product. */
typedef struct fact {
    ec_id id;
    int64_t price, rating, sold, stock;
    ec_time created_at;
    ec_id category, brand;
    unsigned tags;  /* bits */
    int64_t inches; /* thousandths; -1: none */
    int colour;     /* of the three; -1: none */
    bool active, featured, buyable, other_currency;
    const char *type;
    char name[64];
} fact;

static struct {
    ec_engine *engine;
    ec_session *staff;
    ec_session *guest;
    ec_id parents[CATEGORIES + 1]; /* by number */
    fact facts[PRODUCTS];
    ec_id by_hand; /* a collection */
    ec_id members[64];
    size_t members_count;
} shop;

static const char *const words[] = {"Red", "blue",  "GREEN", "100%",
                                    "x_y", "ñandú", "lamp",  "chair"};
static const char *const tag_names[TAGS] = {"a", "b", "c", "d", "e", "f"};
static const char *const colours[] = {"red", "green", "blue"};
static const char *const types[] = {"Toy", "Tool", NULL};

/* ---- making them ---- */

static void make_places(void)
{
    for (ec_id i = 1; i <= CATEGORIES; i++) {
        char name[32];
        snprintf(name, sizeof name, "Category %lld", (long long)i);
        shop.parents[i] = world_pick(i);
        assert_true(category_make(shop.staff, name, shop.parents[i]) == i);
    }
    for (int i = 0; i < BRANDS; i++) {
        char name[32];
        snprintf(name, sizeof name, "Brand %d", i);
        (void)brand_make(shop.staff, name);
    }
    (void)attribute_make(shop.staff, "inches", EC_ATTRIBUTE_NUMBER);
    (void)attribute_make(shop.staff, "colour", EC_ATTRIBUTE_SELECT);
}

static void choose(fact *f, size_t index)
{
    f->price = 100 * (1 + world_pick(50));
    f->rating = world_pick(6) * 100;
    f->sold = world_pick(20);
    f->category = world_pick(CATEGORIES + 1);
    f->brand = world_pick(BRANDS + 1);
    f->tags = (unsigned)world_pick(1 << TAGS) & (unsigned)world_pick(1 << TAGS);
    f->inches = world_pick(3) == 0 ? -1 : world_pick(100) * 100;
    f->colour = (int)world_pick(4) - 1;
    f->active = world_pick(4) != 0;
    f->featured = world_pick(5) == 0;
    f->other_currency = world_pick(20) == 0;
    f->type = types[world_pick(3)];
    snprintf(f->name, sizeof f->name, "%s %s %zu", words[world_pick(8)], words[world_pick(8)],
             index % 700);
}

static void create(fact *f)
{
    char number[32];
    const char *tags[TAGS];
    ec_product_attribute attributes[2];
    size_t count = 0;
    ec_product product = {.name = f->name,
                          .price = f->price,
                          .category_id = f->category,
                          .brand_id = f->brand,
                          .type = f->type,
                          .currency = f->other_currency ? "USD" : NULL,
                          .tags = tags,
                          .attributes = attributes,
                          .is_featured = f->featured,
                          .status = f->active ? EC_PRODUCT_ACTIVE : EC_PRODUCT_DRAFT};
    for (int i = 0; i < TAGS; i++) {
        if (f->tags >> i & 1) {
            tags[product.tags_count++] = tag_names[i];
        }
    }
    if (f->inches >= 0) {
        snprintf(number, sizeof number, "%lld.%lld", (long long)(f->inches / 1000),
                 (long long)(f->inches % 1000 / 100));
        attributes[count++] = (ec_product_attribute){.code = "inches", .value = number};
    }
    if (f->colour >= 0) {
        attributes[count++] = (ec_product_attribute){.code = "colour", .value = colours[f->colour]};
    }
    product.attributes_count = count;
    ec_product *made = NULL;
    assert_ok(shop.staff, ec_product_create(shop.staff, &product, &made));
    f->id = made->id;
    f->created_at = made->created_at;
    int64_t kind = world_pick(4);
    ec_id variant = made->variants[0].id;
    ec_free(made);
    if (kind == 0) {
        f->stock = 1 + world_pick(9);
        variant_stock(shop.staff, variant, f->stock);
    } else if (kind == 1) {
        ec_variant *changed = NULL;
        assert_ok(shop.staff,
                  ec_variant_update(shop.staff, variant, &(ec_variant){.tracked = false},
                                    ec_mask_of("variant", "tracked"), &changed));
        ec_free(changed);
    }
    f->buyable = kind <= 1;
}

static ec_status make_all(ec_session *session, void *ctx)
{
    (void)session;
    (void)ctx;
    for (size_t i = 0; i < PRODUCTS; i++) {
        choose(&shop.facts[i], i);
        create(&shop.facts[i]);
        world_advance(world_pick(3)); /* some at the same time */
    }
    return EC_OK;
}

static void make_collection(void)
{
    ec_collection input = {.name = "By hand", .is_active = true};
    ec_collection *made = NULL;
    assert_ok(shop.staff, ec_collection_create(shop.staff, &input, &made));
    shop.by_hand = made->id;
    ec_free(made);
    for (size_t i = 0; i < 60; i++) {
        ec_id id = shop.facts[world_pick(PRODUCTS)].id;
        bool known = false;
        for (size_t j = 0; j < shop.members_count; j++) {
            known = known || shop.members[j] == id;
        }
        if (!known) {
            shop.members[shop.members_count++] = id;
        }
    }
    assert_ok(shop.staff,
              ec_collection_add(shop.staff, shop.by_hand, shop.members, shop.members_count));
}

static int begin(void **state)
{
    char sql[256];
    (void)state;
    world_seed(4711);
    shop.engine = shop_open();
    shop.staff = session_staff(shop.engine);
    shop.guest = session_guest(shop.engine);
    make_places();
    assert_ok(shop.staff, ec_transact(shop.staff, make_all, NULL));
    for (size_t i = 0; i < PRODUCTS; i++) {
        snprintf(sql, sizeof sql,
                 "UPDATE products SET rating = %lld, sold_count = %lld WHERE id = %lld",
                 (long long)shop.facts[i].rating, (long long)shop.facts[i].sold,
                 (long long)shop.facts[i].id);
        shop_sql(shop.engine, sql);
    }
    make_collection();
    return 0;
}

static int end(void **state)
{
    (void)state;
    ec_session_close(shop.staff);
    ec_session_close(shop.guest);
    shop_close(shop.engine);
    return 0;
}

/* ---- the computation ---- */

static bool is_below(ec_id category, ec_id root)
{
    for (ec_id at = category; at != 0; at = shop.parents[at]) {
        if (at == root) {
            return true;
        }
    }
    return false;
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool contains(const char *text, const char *word, size_t length)
{
    for (; *text; text++) {
        size_t i = 0;
        while (i < length && text[i] && lower(text[i]) == lower(word[i])) {
            i++;
        }
        if (i == length) {
            return true;
        }
    }
    return false;
}

static bool finds(const char *name, const char *search)
{
    while (search && *search) {
        size_t length = strcspn(search, " ");
        if (length > 0 && !contains(name, search, length)) {
            return false;
        }
        search += length;
        search += strspn(search, " ");
    }
    return true;
}

static bool fits_attribute(const fact *f, const ec_attribute_choice *choice)
{
    bool found = choice->values_count == 0;
    if (strcmp(choice->code, "colour") == 0) {
        for (size_t i = 0; i < choice->values_count; i++) {
            found = found || (f->colour >= 0 && strcmp(choice->values[i], colours[f->colour]) == 0);
        }
        return found && f->colour >= 0;
    }
    return f->inches >= 0 && (!choice->min || f->inches >= 1000 * strtoll(choice->min, NULL, 10)) &&
           (!choice->max || f->inches <= 1000 * strtoll(choice->max, NULL, 10));
}

static bool is_listed(const ec_id *ids, size_t count, ec_id id)
{
    bool found = false;
    for (size_t i = 0; i < count; i++) {
        found = found || ids[i] == id;
    }
    return found;
}

static bool fits(const fact *f, const ec_product_filter *filter, bool guest)
{
    bool good = !guest || (f->active && !f->other_currency);
    good = good && (filter->category_id == 0 || is_below(f->category, filter->category_id));
    good = good && (filter->brand_id == 0 || f->brand == filter->brand_id);
    good = good && (filter->price_min == 0 || f->price >= filter->price_min);
    good = good && (filter->price_max == 0 || f->price <= filter->price_max);
    good = good && f->rating >= filter->rating_min;
    good = good && (!filter->in_stock || f->buyable);
    good = good && (!filter->is_featured || f->featured);
    good = good && (!filter->status || f->active == (strcmp(filter->status, "active") == 0));
    good = good && (!filter->type || (f->type && strcmp(f->type, filter->type) == 0));
    good = good && finds(f->name, filter->search);
    good = good && (filter->ids_count == 0 || is_listed(filter->ids, filter->ids_count, f->id));
    good =
        good && (filter->collection_id == 0 || is_listed(shop.members, shop.members_count, f->id));
    for (size_t i = 0; good && i < filter->tags_count; i++) {
        good = f->tags >> (filter->tags[i][0] - 'a') & 1;
    }
    for (size_t i = 0; good && i < filter->attributes_count; i++) {
        good = fits_attribute(f, &filter->attributes[i]);
    }
    return good;
}

static ec_product_sort order; /* of the comparison below */

static int compare(const void *a, const void *b)
{
    const fact *x = *(const fact *const *)a;
    const fact *y = *(const fact *const *)b;
    int64_t by = 0;
    bool down = false;
    switch (order) {
    case EC_SORT_MANUAL:
    case EC_SORT_NEWEST:
        by = x->created_at - y->created_at;
        down = true;
        break;
    case EC_SORT_OLDEST: by = x->created_at - y->created_at; break;
    case EC_SORT_PRICE: by = x->price - y->price; break;
    case EC_SORT_PRICE_DESC:
        by = x->price - y->price;
        down = true;
        break;
    case EC_SORT_NAME: by = strcmp(x->name, y->name); break;
    case EC_SORT_NAME_DESC:
        by = strcmp(x->name, y->name);
        down = true;
        break;
    case EC_SORT_RATING:
        by = x->rating - y->rating;
        down = true;
        break;
    case EC_SORT_BEST_SELLING:
        by = x->sold - y->sold;
        down = true;
        break;
    }
    by = by == 0 ? x->id - y->id : by;
    return (by > 0) - (by < 0) - 2 * ((down && by > 0) - (down && by < 0));
}

/* The facts that fit, in order. */
static size_t compute(const ec_product_filter *filter, bool guest, const fact **out)
{
    size_t count = 0;
    for (size_t i = 0; i < PRODUCTS; i++) {
        if (fits(&shop.facts[i], filter, guest)) {
            out[count++] = &shop.facts[i];
        }
    }
    order = filter->sort;
    qsort(out, count, sizeof *out, compare);
    return count;
}

/* ---- filters by chance ---- */

typedef struct any_filter {
    ec_product_filter filter;
    ec_id ids[20];
    const char *tags[2];
    const char *values[2];
    ec_attribute_choice attributes[2];
    char search[64];
} any_filter;

static void make_relations(any_filter *any)
{
    ec_product_filter *filter = &any->filter;
    if (world_pick(4) == 0) {
        filter->tags = any->tags;
        filter->tags_count = 1 + (size_t)world_pick(2);
        any->tags[0] = tag_names[world_pick(TAGS)];
        any->tags[1] = tag_names[world_pick(TAGS)];
    }
    if (world_pick(6) == 0) {
        filter->ids = any->ids;
        filter->ids_count = 20;
        for (size_t i = 0; i < 20; i++) {
            any->ids[i] = 1 + world_pick(PRODUCTS);
        }
    }
    filter->attributes = any->attributes;
    if (world_pick(4) == 0) {
        any->values[0] = colours[world_pick(3)];
        any->values[1] = colours[world_pick(3)];
        any->attributes[filter->attributes_count++] = (ec_attribute_choice){
            .code = "colour", .values = any->values, .values_count = (size_t)world_pick(3)};
    }
    if (world_pick(4) == 0) {
        any->attributes[filter->attributes_count++] = (ec_attribute_choice){
            .code = "inches", .min = world_pick(2) ? "2" : NULL, .max = world_pick(2) ? "7" : NULL};
    }
}

static void make_filter(any_filter *any, bool guest)
{
    memset(any, 0, sizeof *any);
    ec_product_filter *filter = &any->filter;
    filter->sort = (ec_product_sort)world_pick(8);
    filter->category_id = world_pick(3) == 0 ? 1 + world_pick(CATEGORIES) : 0;
    filter->brand_id = world_pick(4) == 0 ? 1 + world_pick(BRANDS) : 0;
    filter->price_min = world_pick(4) == 0 ? 100 * world_pick(30) : 0;
    filter->price_max = world_pick(4) == 0 ? filter->price_min + 100 * world_pick(30) : 0;
    filter->rating_min = world_pick(5) == 0 ? 100 * world_pick(5) : 0;
    filter->in_stock = world_pick(4) == 0;
    filter->is_featured = world_pick(5) == 0;
    filter->status = guest || world_pick(3) != 0 ? NULL : world_pick(2) ? "active" : "draft";
    filter->type = world_pick(6) == 0 ? types[world_pick(2)] : NULL;
    filter->collection_id = world_pick(8) == 0 ? shop.by_hand : 0;
    if (world_pick(4) == 0) {
        snprintf(any->search, sizeof any->search, " %s  %s", words[world_pick(8)],
                 world_pick(2) ? words[world_pick(8)] : "");
        filter->search = any->search;
    }
    make_relations(any);
}

static void assert_item(const ec_product *item, const fact *f)
{
    if (item->id != f->id) {
        fail_msg("product %lld instead of %lld", (long long)item->id, (long long)f->id);
    }
    assert_int_equal(item->price, f->price);
    assert_int_equal(item->stock, f->stock);
    assert_string_equal(item->name, f->name);
    assert_true(item->category_id == f->category);
    assert_true(f->category == 0 ? item->category == NULL : item->category->id == f->category);
    assert_null(item->variants);
}

/* ---- the tests ---- */

static void product_find__finds_what_fits_in_order(void **state)
{
    static const fact *wanted[PRODUCTS];
    (void)state;
    size_t listed = 0;
    for (int round = 0; round < ROUNDS; round++) {
        bool guest = round % 2 == 0;
        ec_session *session = guest ? shop.guest : shop.staff;
        any_filter any;
        ec_product_list *list = NULL;
        make_filter(&any, guest);
        size_t count = compute(&any.filter, guest, wanted);
        ec_page page = {.limit = 1 + world_pick(100), .page = 1 + world_pick(3), .total = true};
        size_t first = (size_t)(page.limit * (page.page - 1));
        int64_t before = statements_of(shop.engine);
        assert_ok(session, ec_product_find(session, &any.filter, &page, &list));
        int64_t most = 2 + (any.filter.collection_id != 0) +
                       (list->items_count == 0 && any.filter.category_id != 0);
        assert_true(statements_of(shop.engine) - before <= most);
        assert_int_equal(list->total, count);
        size_t left = count > first ? count - first : 0;
        assert_int_equal(list->items_count, left < (size_t)page.limit ? left : (size_t)page.limit);
        assert_true((list->next_cursor != NULL) == (left > (size_t)page.limit));
        for (size_t i = 0; i < list->items_count; i++) {
            assert_item(&list->items[i], wanted[first + i]);
        }
        listed += list->items_count;
        ec_free(list);
    }
    assert_true(listed > 3000);
}

static void product_cursor__walks_all_without_gaps(void **state)
{
    static const fact *wanted[PRODUCTS];
    (void)state;
    for (int round = 0; round < 60; round++) {
        bool guest = round % 2 == 0;
        ec_session *session = guest ? shop.guest : shop.staff;
        any_filter any;
        ec_cursor *cursor = NULL;
        const void *item = NULL;
        size_t at = 0;
        make_filter(&any, guest);
        any.filter.in_stock = any.filter.is_featured = false;
        any.filter.sort = (ec_product_sort)(round % 8);
        size_t count = compute(&any.filter, guest, wanted);
        ec_status status = ec_product_cursor(session, &any.filter, &cursor);
        assert_int_equal(status, EC_OK);
        memset(&any.filter, 0xAA, sizeof any.filter); /* the cursor has its own */
        while ((status = ec_cursor_next(cursor, &item)) == EC_OK) {
            assert_true(at < count);
            assert_item(item, wanted[at++]);
        }
        assert_int_equal(status, EC_DONE);
        assert_int_equal(at, count);
        ec_cursor_close(cursor);
    }
}

static void product_find__keeps_the_order_by_hand(void **state)
{
    (void)state;
    ec_product_filter filter = {.collection_id = shop.by_hand, .sort = EC_SORT_MANUAL};
    ec_product_list *list = NULL;
    ec_page page = {.limit = 7};
    size_t at = 0;
    do {
        char *token = list ? strdup(list->next_cursor) : NULL;
        ec_free(list);
        page.cursor = token;
        assert_ok(shop.staff, ec_product_find(shop.staff, &filter, &page, &list));
        for (size_t i = 0; i < list->items_count; i++) {
            assert_true(list->items[i].id == shop.members[at++]);
        }
        free(token);
    } while (list->next_cursor);
    ec_free(list);
    assert_int_equal(at, shop.members_count);
}

static void product_find__brings_lists_when_asked(void **state)
{
    (void)state;
    ec_product_filter filter = {.with = "variants,tags,attributes,images,options"};
    ec_product_list *list = NULL;
    ec_page page = {.limit = 20, .total = true};
    int64_t before = statements_of(shop.engine);
    assert_ok(shop.guest, ec_product_find(shop.guest, &filter, &page, &list));
    assert_int_equal(statements_of(shop.engine) - before, 4);
    for (size_t i = 0; i < list->items_count; i++) {
        ec_product *whole = NULL;
        const ec_product *item = &list->items[i];
        assert_ok(shop.guest, ec_product_get(shop.guest, item->id, &whole));
        assert_int_equal(item->variants_count, 1);
        assert_int_equal(item->tags_count, whole->tags_count);
        assert_int_equal(item->attributes_count, whole->attributes_count);
        for (size_t j = 0; j < item->tags_count; j++) {
            assert_string_equal(item->tags[j], whole->tags[j]);
        }
        ec_free(whole);
    }
    ec_free(list);
    before = statements_of(shop.engine);
    assert_ok(shop.guest, ec_product_find(shop.guest, NULL, NULL, &list));
    assert_int_equal(statements_of(shop.engine) - before, 1);
    assert_int_equal(list->items_count, EC_PAGE_SIZE_DEFAULT);
    assert_int_equal(list->total, -1);
    ec_free(list);
}

static void assert_refused(const ec_product_filter *filter, const char *field, const char *rule)
{
    ec_product_list *list = NULL;
    assert_status(shop.staff, ec_product_find(shop.staff, filter, NULL, &list), EC_INVALID);
    assert_field_error(shop.staff, field, rule);
    assert_null(list);
}

static void product_find__names_what_makes_no_sense(void **state)
{
    (void)state;
    ec_id ids[EC_PAGE_SIZE_MAX + 1];
    const char *const tags[] = {"a", ""};
    ec_attribute_choice wide = {.code = "inches", .min = "wide"};
    ec_attribute_choice nameless = {.min = "1"};
    ec_product_list *list = NULL;
    for (size_t i = 0; i <= EC_PAGE_SIZE_MAX; i++) {
        ids[i] = (ec_id)i + 1;
    }
    assert_refused(&(ec_product_filter){.sort = (ec_product_sort)77}, "sort", "enum");
    assert_refused(&(ec_product_filter){.status = "gone"}, "status", "enum");
    assert_refused(&(ec_product_filter){.with = "variants,everything"}, "with", "enum");
    assert_refused(&(ec_product_filter){.price_min = -1}, "price_min", "min");
    assert_refused(&(ec_product_filter){.price_min = 5, .price_max = 4}, "price_max", "order");
    assert_refused(&(ec_product_filter){.rating_min = 501}, "rating_min", "max");
    assert_refused(&(ec_product_filter){.search = "\xff"}, "search", "utf8");
    assert_refused(&(ec_product_filter){.ids = ids, .ids_count = EC_PAGE_SIZE_MAX + 1}, "ids",
                   "max_items");
    assert_refused(&(ec_product_filter){.ids_count = 3}, "ids", "required");
    assert_refused(&(ec_product_filter){.tags = tags, .tags_count = 2}, "tags[1]", "required");
    assert_refused(&(ec_product_filter){.attributes = &wide, .attributes_count = 1},
                   "attributes[0].min", "number");
    assert_refused(&(ec_product_filter){.attributes = &nameless, .attributes_count = 1},
                   "attributes[0].code", "required");
    ec_product_filter filter = {.category_id = 999};
    assert_status(shop.staff, ec_product_find(shop.staff, &filter, NULL, &list), EC_NOT_FOUND);
    filter = (ec_product_filter){.collection_id = 999};
    assert_status(shop.staff, ec_product_find(shop.staff, &filter, NULL, &list), EC_NOT_FOUND);
    filter = (ec_product_filter){.brand_id = INT64_MAX};
    assert_ok(shop.staff, ec_product_find(shop.staff, &filter, NULL, &list));
    assert_int_equal(list->items_count, 0);
    ec_free(list);
    filter = (ec_product_filter){.status = "draft"};
    assert_status(shop.guest, ec_product_find(shop.guest, &filter, NULL, &list), EC_DENIED);
    assert_status(shop.guest, ec_product_find(shop.guest, NULL, NULL, NULL), EC_MISUSE);
    ec_page page = {.limit = 101};
    assert_status(shop.guest, ec_product_find(shop.guest, NULL, &page, &list), EC_INVALID);
    assert_field_error(shop.guest, "limit", "range");
}

/* What a walking handle copies was not checked yet; what is wrong with it is told at once. */
static void product_cursor__refuses_what_the_listing_refuses(void **state)
{
    (void)state;
    const char *const tags[] = {"a", NULL};
    const char *const values[] = {NULL};
    ec_attribute_choice choice = {.values = values, .values_count = 1};
    const ec_product_filter filters[] = {
        {.tags = tags, .tags_count = 2},
        {.tags_count = SIZE_MAX},
        {.ids_count = 5},
        {.attributes = &choice, .attributes_count = 1},
        {.attributes_count = 2},
        {.sort = (ec_product_sort)-1, .search = "\xff"},
    };
    for (size_t i = 0; i < sizeof filters / sizeof filters[0]; i++) {
        ec_cursor *cursor = NULL;
        ec_product_list *list = NULL;
        char field[64], rule[64];
        assert_status(shop.guest, ec_product_find(shop.guest, &filters[i], NULL, &list),
                      EC_INVALID);
        snprintf(field, sizeof field, "%s", ec_session_error(shop.guest)->field);
        snprintf(rule, sizeof rule, "%s", ec_session_error(shop.guest)->rule);
        assert_status(shop.guest, ec_product_cursor(shop.guest, &filters[i], &cursor), EC_INVALID);
        assert_field_error(shop.guest, field, rule);
        assert_null(cursor);
    }
    assert_int_equal(ec_product_cursor(NULL, &filters[0], &(ec_cursor *){NULL}), EC_MISUSE);
    assert_int_equal(ec_product_cursor(shop.guest, NULL, NULL), EC_MISUSE);
}

static void product_find__doubts_cursors(void **state)
{
    (void)state;
    static const char *const bad[] = {"", "x", "W10", "WyJwcmljZSIsMSwxXQ", "////", "\xff"};
    ec_product_filter by_price = {.sort = EC_SORT_PRICE};
    ec_product_filter by_name = {.sort = EC_SORT_NAME};
    ec_product_list *list = NULL;
    ec_product_list *other = NULL;
    assert_ok(shop.guest, ec_product_find(shop.guest, &by_price, NULL, &list));
    ec_page page = {.cursor = list->next_cursor};
    assert_status(shop.guest, ec_product_find(shop.guest, &by_name, &page, &other), EC_INVALID);
    assert_field_error(shop.guest, "cursor", "format");
    ec_free(list);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        page.cursor = bad[i];
        assert_status(shop.guest, ec_product_find(shop.guest, &by_name, &page, &other), EC_INVALID);
    }
}

static void product_find__finds_no_hidden_category(void **state)
{
    (void)state;
    ec_product_list *list = NULL;
    ec_category *made = NULL;
    ec_category change = {.is_active = false};
    ec_mask fields = ec_mask_of("category", "is_active");
    ec_product_filter filter = {.category_id = 1};
    assert_ok(shop.guest, ec_product_find(shop.guest, &filter, NULL, &list));
    ec_free(list);
    assert_ok(shop.staff, ec_category_update(shop.staff, 1, &change, fields, &made));
    ec_free(made);
    assert_status(shop.guest, ec_product_find(shop.guest, &filter, NULL, &list), EC_NOT_FOUND);
    assert_ok(shop.staff, ec_product_find(shop.staff, &filter, NULL, &list));
    ec_free(list);
    change.is_active = true;
    assert_ok(shop.staff, ec_category_update(shop.staff, 1, &change, fields, &made));
    ec_free(made);
}

/* A channel with a price list that names every price anew. */
static void product_find__sorts_by_the_prices_of_the_channel(void **state)
{
    (void)state;
    ec_price_list input = {
        .code = "usd", .name = "USD", .currency = "USD", .status = EC_PRICE_LIST_ACTIVE};
    ec_price_list *prices = NULL;
    ec_channel *channel = NULL;
    ec_session *guest = NULL;
    ec_product_list *list = NULL;
    char sql[512];
    assert_ok(shop.staff, ec_price_list_create(shop.staff, &input, &prices));
    ec_channel front = {.code = "usa",
                        .name = "USA",
                        .currency = "USD",
                        .locale = "en",
                        .price_list_id = prices->id,
                        .is_active = true};
    assert_ok(shop.staff, ec_channel_create(shop.staff, &front, &channel));
    snprintf(sql, sizeof sql,
             "INSERT INTO prices (price_list_id, variant_id, min_quantity, amount)"
             " SELECT %lld, id, 1, (id * 7919) %% 1000 + 1 FROM product_variants WHERE id %% 2 = 0",
             (long long)prices->id);
    shop_sql(shop.engine, sql);
    ec_session_options options = {
        .version = EC_SESSION_OPTIONS_VERSION, .actor = EC_ACTOR_GUEST, .channel_id = channel->id};
    assert_int_equal(ec_session_open(shop.engine, &options, &guest), EC_OK);
    ec_product_filter filter = {.sort = EC_SORT_PRICE, .price_min = 100, .price_max = 900};
    ec_page page = {.limit = 50, .total = true};
    int64_t last = 0;
    size_t seen = 0;
    do {
        char *token = list ? strdup(list->next_cursor) : NULL;
        ec_free(list);
        page.cursor = token;
        assert_ok(guest, ec_product_find(guest, &filter, &page, &list));
        for (size_t i = 0; i < list->items_count; i++, seen++) {
            const ec_product *item = &list->items[i];
            bool listed = item->id % 2 == 0; /* one variant each, of the same number */
            assert_true(listed || shop.facts[item->id - 1].other_currency);
            assert_int_equal(item->price, listed ? (item->id * 7919) % 1000 + 1
                                                 : shop.facts[item->id - 1].price);
            assert_true(item->price >= last);
            assert_string_equal(item->currency, "USD");
            last = item->price;
        }
        free(token);
    } while (list->next_cursor);
    assert_int_equal(seen, list->total);
    assert_true(seen > 300);
    ec_free(list);
    ec_session_close(guest);
    ec_free(channel);
    ec_free(prices);
}

static void product_sort_of__knows_all_names(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        ec_product_sort sort;
    } names[] = {{"newest", EC_SORT_NEWEST},
                 {"oldest", EC_SORT_OLDEST},
                 {"price", EC_SORT_PRICE},
                 {"price_asc", EC_SORT_PRICE},
                 {"-price", EC_SORT_PRICE_DESC},
                 {"price_desc", EC_SORT_PRICE_DESC},
                 {"name", EC_SORT_NAME},
                 {"-name", EC_SORT_NAME_DESC},
                 {"name_desc", EC_SORT_NAME_DESC},
                 {"rating", EC_SORT_RATING},
                 {"best_selling", EC_SORT_BEST_SELLING},
                 {"manual", EC_SORT_MANUAL}};
    ec_product_sort sort = EC_SORT_NEWEST;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        assert_int_equal(ec_product_sort_of(names[i].name, &sort), EC_OK);
        assert_int_equal(sort, names[i].sort);
    }
    assert_int_equal(ec_product_sort_of("cheapest", &sort), EC_INVALID);
    assert_int_equal(ec_product_sort_of(NULL, &sort), EC_INVALID);
    assert_int_equal(ec_product_sort_of("name", NULL), EC_INVALID);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(product_find__finds_what_fits_in_order),
        cmocka_unit_test(product_cursor__walks_all_without_gaps),
        cmocka_unit_test(product_find__keeps_the_order_by_hand),
        cmocka_unit_test(product_find__brings_lists_when_asked),
        cmocka_unit_test(product_find__names_what_makes_no_sense),
        cmocka_unit_test(product_cursor__refuses_what_the_listing_refuses),
        cmocka_unit_test(product_find__doubts_cursors),
        cmocka_unit_test(product_find__finds_no_hidden_category),
        cmocka_unit_test(product_find__sorts_by_the_prices_of_the_channel),
        cmocka_unit_test(product_sort_of__knows_all_names),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
