/* SPDX-License-Identifier: MIT */
/*
 * product_find.c - listings of products: filter, order, page.
 *
 * The page's numbers are found first, in a query that touches indices and nothing else; what is
 * shown is joined to these few. So a page is one statement, whatever the filter, and one more with
 * the total. It refuses filters that make no sense, and to list a category that is not to be seen.
 */
#include <stdio.h>
#include <string.h>

#include "catalog/inside.h"

#define EC_SEARCH_WORDS_MAX 8

typedef struct listing {
    ec_session *session;
    const ec_product_filter *filter;
    ec_price_view view;
    ec_page_plan plan;
    ec_collection collection; /* id 0: none */
    unsigned with;
    ec_product_sort sort;
    ec_statement where;
    const char *key; /* the column of the order */
    bool descending;
    ec_product *items;
    ec_value *keys; /* of the items */
    size_t count;
} listing;

/* ---- the filter makes sense ---- */

static bool read_with(const char *with, unsigned *lists)
{
    static const struct {
        const char *name;
        unsigned bit;
    } known[] = {{"options", EC_WITH_OPTIONS},
                 {"variants", EC_WITH_VARIANTS},
                 {"images", EC_WITH_IMAGES},
                 {"attributes", EC_WITH_ATTRIBUTES},
                 {"tags", EC_WITH_TAGS}};
    *lists = 0;
    while (with && *with) {
        size_t length = strcspn(with, ",");
        unsigned bit = 0;
        for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
            bool same = strlen(known[i].name) == length && memcmp(known[i].name, with, length) == 0;
            bit = same ? known[i].bit : bit;
        }
        if (bit == 0) {
            return false;
        }
        *lists |= bit;
        with += length;
        with += *with == ',';
    }
    return true;
}

static void check_bounds(const ec_product_filter *filter, ec_check *check)
{
    if (filter->price_max != 0 && filter->price_max < filter->price_min) {
        ec_check_add(check, "price_max", "order", "It is below price_min.");
    }
    for (size_t i = 0; i < filter->attributes_count; i++) {
        const ec_attribute_choice *choice = &filter->attributes[i];
        bool min = ec_attribute_bound_good(choice->min);
        if (!min || !ec_attribute_bound_good(choice->max)) {
            char field[64];
            (void)snprintf(field, sizeof field, "attributes[%zu].%s", i, min ? "max" : "min");
            ec_check_add(check, field, "number", "A number or a day is needed.");
        }
    }
}

static ec_status check_filter(listing *l)
{
    const ec_product_filter *filter = l->filter;
    ec_check check;
    ec_status status = ec_input(l->session, &ec_product_filter_entity, filter, EC_MASK_ALL, true);
    if (status != EC_OK) {
        return status;
    }
    ec_check_init(&check, ec_scratch(l->session));
    bool known = !filter->status;
    for (int i = 0; !known && ec_product_status_names[i]; i++) {
        known = strcmp(filter->status, ec_product_status_names[i]) == 0;
    }
    if (!known) {
        ec_check_add(&check, "status", "enum", "It is draft, active or archived.");
    }
    if (!read_with(filter->with, &l->with)) {
        ec_check_add(&check, "with", "enum",
                     "It names options, variants, images, attributes or tags, with commas.");
    }
    check_bounds(filter, &check);
    status = ec_fail_check(l->session, &check);
    if (status == EC_OK && filter->status && !l->view.all) {
        return ec_fail(l->session, EC_DENIED, "Visitors see active products only.");
    }
    return status;
}

static ec_status read_collection(listing *l)
{
    if (l->filter->collection_id == 0) {
        return EC_OK;
    }
    ec_status status =
        ec_entity_get(l->session, &ec_collection_entity, l->filter->collection_id, &l->collection);
    if (status == EC_OK && !l->collection.is_active && !l->view.all) {
        return ec_fail(l->session, EC_NOT_FOUND, "There is no such collection.");
    }
    return status;
}

/* ---- the conditions ---- */

/* Each word of the search is in the name. */
static void put_search(ec_statement *s, const char *search)
{
    for (int words = 0; search && words < EC_SEARCH_WORDS_MAX; words++) {
        search += strspn(search, " \t\r\n");
        size_t length =
            words + 1 < EC_SEARCH_WORDS_MAX ? strcspn(search, " \t\r\n") : strlen(search);
        if (length == 0) {
            return;
        }
        ec_statement_put(s, " AND ");
        ec_statement_like(s, "t.name", EC_LIKE_CONTAINS, search, length);
        search += length;
    }
}

static const char in_stock[] =
    " AND EXISTS (SELECT 1 FROM product_variants v WHERE v.product_id = t.id AND v.is_active = 1"
    " AND (v.tracked = 0 OR v.backorder = 1 OR EXISTS (SELECT 1 FROM inventory s"
    " JOIN warehouses w ON w.id = s.warehouse_id WHERE s.variant_id = v.id AND w.is_active = 1"
    " AND " EC_AVAILABLE " > 0)))";

static void put_own_fields(listing *l, ec_statement *s)
{
    const ec_product_filter *filter = l->filter;
    const char *price = ec_product_price(&l->view);
    if (filter->price_min != 0) {
        ec_statement_put(s, " AND ");
        ec_statement_put(s, price);
        ec_statement_with(s, " >= ?", ec_int(filter->price_min));
    }
    if (filter->price_max != 0) {
        ec_statement_put(s, " AND ");
        ec_statement_put(s, price);
        ec_statement_with(s, " <= ?", ec_int(filter->price_max));
    }
    if (filter->rating_min != 0) {
        ec_statement_with(s, " AND t.rating >= ?", ec_int(filter->rating_min));
    }
    if (filter->type) {
        ec_statement_with(s, " AND t.type = ?", ec_text(filter->type));
    }
    if (filter->is_featured) {
        ec_statement_put(s, " AND t.is_featured = 1");
    }
    put_search(s, filter->search);
}

static void put_relations(listing *l, ec_statement *s)
{
    const ec_product_filter *filter = l->filter;
    if (filter->ids_count > 0) {
        ec_statement_put(s, " AND t.id IN ");
        ec_statement_ids(s, filter->ids, filter->ids_count);
    }
    if (filter->category_id != 0) {
        ec_statement_put(s, " AND ");
        ec_category_below(s, "t.category_id", filter->category_id);
    }
    if (filter->brand_id != 0) {
        ec_statement_with(s, " AND t.brand_id = ?", ec_int(filter->brand_id));
    }
    for (size_t i = 0; i < filter->tags_count; i++) {
        ec_statement_with(s,
                          " AND t.id IN (SELECT y.product_id FROM tags g JOIN product_tags y"
                          " ON y.tag_id = g.id WHERE g.name = ?)",
                          ec_text(filter->tags[i]));
    }
    for (size_t i = 0; i < filter->attributes_count; i++) {
        ec_statement_put(s, " AND ");
        ec_attribute_condition(s, &filter->attributes[i]);
    }
    if (filter->in_stock) { /* the dearest question comes last */
        ec_statement_put(s, in_stock);
    }
}

/* Everything behind "FROM products t": a join for the order by hand, and the conditions. */
static ec_status put_conditions(listing *l)
{
    ec_statement *s = &l->where;
    ec_statement_begin(s, l->session);
    bool by_hand = l->collection.id != 0 && !l->collection.rules;
    if (by_hand) {
        ec_statement_with(s,
                          " JOIN collection_products m ON m.product_id = t.id"
                          " AND m.collection_id = ?",
                          ec_int(l->collection.id));
    }
    if (!l->view.all) {
        ec_product_visible(s, &l->view, " WHERE");
    } else if (l->filter->status) {
        ec_statement_with(s, " WHERE t.status = ?", ec_text(l->filter->status));
    } else {
        ec_statement_put(s, " WHERE t.status IN ('draft', 'active', 'archived')");
    }
    put_own_fields(l, s);
    put_relations(l, s);
    return l->collection.id != 0 && !by_hand ? ec_rules_condition(l->session, &l->collection, s)
                                             : EC_OK;
}

/* ---- the order ---- */

static void choose_order(listing *l)
{
    bool by_hand = l->collection.id != 0 && !l->collection.rules;
    l->sort = l->filter->sort == EC_SORT_MANUAL && !by_hand ? EC_SORT_NEWEST : l->filter->sort;
    switch (l->sort) {
    case EC_SORT_NEWEST:
        l->key = "t.created_at";
        l->descending = true;
        break;
    case EC_SORT_OLDEST: l->key = "t.created_at"; break;
    case EC_SORT_PRICE: l->key = ec_product_price(&l->view); break;
    case EC_SORT_PRICE_DESC:
        l->key = ec_product_price(&l->view);
        l->descending = true;
        break;
    case EC_SORT_NAME: l->key = "t.name"; break;
    case EC_SORT_NAME_DESC:
        l->key = "t.name";
        l->descending = true;
        break;
    case EC_SORT_RATING:
        l->key = "t.rating";
        l->descending = true;
        break;
    case EC_SORT_BEST_SELLING:
        l->key = "t.sold_count";
        l->descending = true;
        break;
    case EC_SORT_MANUAL: l->key = "m.position"; break;
    }
}

/* Only what stands behind the position of the cursor. */
static void put_position(const listing *l, ec_statement *s)
{
    const char *beyond = l->descending ? " < ?" : " > ?";
    if (!l->plan.after) {
        return;
    }
    ec_statement_put(s, " AND ");
    ec_statement_put(s, l->key);
    ec_statement_with(s, l->descending ? " <= ? AND (" : " >= ? AND (", l->plan.key);
    ec_statement_put(s, l->key);
    ec_statement_with(s, beyond, l->plan.key);
    ec_statement_put(s, " OR t.id");
    ec_statement_with(s, beyond, ec_int(l->plan.id));
    ec_statement_put(s, ")");
}

static void put_order(const listing *l, ec_statement *s, const char *key, const char *id)
{
    const char *way = l->descending ? " DESC" : "";
    ec_statement_put(s, " ORDER BY ");
    ec_statement_put(s, key);
    ec_statement_put(s, way);
    ec_statement_put(s, ", ");
    ec_statement_put(s, id);
    ec_statement_put(s, way);
}

/* ---- the page ---- */

static void put_page(listing *l, ec_statement *s)
{
    ec_statement_begin(s, l->session);
    ec_statement_put(s, "SELECT ");
    ec_product_columns(s, &l->view);
    ec_statement_put(s, ", k.sort_key FROM (SELECT t.id AS id, ");
    ec_statement_put(s, l->key);
    ec_statement_put(s, " AS sort_key FROM ");
    ec_product_source(s, &l->view);
    ec_statement_join(s, &l->where);
    put_position(l, s);
    put_order(l, s, l->key, "t.id");
    ec_statement_with(s, " LIMIT ?", ec_int(l->plan.limit + 1));
    ec_statement_with(s, " OFFSET ?) k JOIN products t ON t.id = k.id", ec_int(l->plan.offset));
    ec_statement_put(s, ec_product_joins);
    put_order(l, s, "k.sort_key", "k.id");
}

static ec_status read_items(listing *l, ec_stmt *stmt)
{
    ec_session *session = l->session;
    ec_status status;
    while ((status = ec_row(session, stmt)) == EC_OK) {
        int column = 0;
        ec_product *product = &l->items[l->count];
        status = ec_product_read_row(session, stmt, &l->view, product, &column);
        if (status != EC_OK) {
            return status;
        }
        bool text = stmt->ops->column_type(stmt, column) == EC_VALUE_TEXT;
        l->keys[l->count++] =
            text ? ec_text(ec_col_text(session, stmt, column)) : ec_int(ec_col_int(stmt, column));
    }
    return status == EC_DONE ? EC_OK : status;
}

static ec_status select_page(listing *l)
{
    ec_statement s;
    ec_stmt *stmt = NULL;
    size_t room = (size_t)l->plan.limit + 1;
    l->items = ec_arena_array(ec_scratch(l->session), room, sizeof *l->items);
    l->keys = ec_arena_array(ec_scratch(l->session), room, sizeof *l->keys);
    if (!l->items || !l->keys) {
        return ec_fail_memory(l->session);
    }
    put_page(l, &s);
    ec_status status = ec_statement_query(&s, &stmt);
    return status == EC_OK ? read_items(l, stmt) : status;
}

static ec_status count_all(listing *l, int64_t *total)
{
    ec_statement s;
    ec_stmt *stmt = NULL;
    ec_statement_begin(&s, l->session);
    ec_statement_put(&s, "SELECT COUNT(*) FROM ");
    ec_product_source(&s, &l->view);
    ec_statement_join(&s, &l->where);
    ec_status status = ec_statement_query(&s, &stmt);
    status = status == EC_OK ? ec_row(l->session, stmt) : status;
    if (status == EC_OK) {
        *total = ec_col_int(stmt, 0);
        ec_done(l->session, stmt);
    }
    return status;
}

/* An empty page may be that of a category which is not there. */
static ec_status check_category(listing *l)
{
    int64_t one = 0;
    const char *sql =
        ec_arena_printf(ec_scratch(l->session), "SELECT 1 FROM categories c WHERE c.id = ?%s",
                        ec_category_visible(l->session));
    ec_status status = ec_query_int(l->session, sql, ec_args(ec_int(l->filter->category_id)), &one);
    return status == EC_NOT_FOUND ? ec_fail(l->session, EC_NOT_FOUND, "There is no such category.")
                                  : status;
}

static ec_status finish(listing *l, ec_product_list *list)
{
    ec_status status = EC_OK;
    *list = (ec_product_list){.items = l->items, .items_count = l->count, .total = -1};
    if (l->count > (size_t)l->plan.limit) {
        size_t last = (size_t)l->plan.limit - 1;
        list->items_count = (size_t)l->plan.limit;
        list->next_cursor = ec_page_token(l->session, ec_product_sort_names[l->sort], l->keys[last],
                                          l->items[last].id);
        status = list->next_cursor ? EC_OK : ec_fail_memory(l->session);
    }
    if (status == EC_OK && l->count == 0 && l->filter->category_id != 0) {
        status = check_category(l);
    }
    if (status == EC_OK && l->plan.total) {
        status = count_all(l, &list->total);
    }
    if (status == EC_OK) {
        status = ec_product_lists(l->session, &l->view, list->items, list->items_count, l->with);
    }
    return status == EC_OK ? ec_products_shown(l->session, &l->view, list->items, list->items_count)
                           : status;
}

/* ---- public ---- */

typedef struct find_args {
    const ec_product_filter *filter;
    const ec_page *page;
} find_args;

static ec_status find_run(ec_session *session, void *ctx, void **result)
{
    static const ec_product_filter any = {0};
    const find_args *args = ctx;
    listing l = {.session = session,
                 .filter = args->filter ? args->filter : &any,
                 .view = ec_price_view_of(session)};
    ec_product_list *list = ec_arena_alloc(ec_scratch(session), sizeof *list);
    ec_status status = list ? check_filter(&l) : ec_fail_memory(session);
    if (status == EC_OK) {
        status = read_collection(&l);
    }
    if (status == EC_OK) {
        choose_order(&l);
        status = ec_page_plan_make(session, args->page, ec_product_sort_names[l.sort], &l.plan);
    }
    if (status == EC_OK) {
        status = put_conditions(&l);
    }
    if (status == EC_OK) {
        status = select_page(&l);
    }
    *result = list;
    return status == EC_OK ? finish(&l, list) : status;
}

ec_status ec_product_find(ec_session *session, const ec_product_filter *filter, const ec_page *page,
                          ec_product_list **out)
{
    static const ec_op op = {.name = "product.find",
                             .permission = "catalog.read",
                             .access = EC_ACCESS_ANY,
                             .mode = EC_READ,
                             .result = &ec_product_list_entity,
                             .run = find_run};
    find_args args = {filter, page};
    return ec_call(session, &op, &args, (void **)out);
}

static ec_status fetch(ec_session *session, void *ctx, const ec_page *page, void **list)
{
    return ec_product_find(session, ctx, page, (ec_product_list **)list);
}

/* A copy of its own. A list that is counted but not given stays so, for the check to find it. */
static ec_product_filter *copy_filter(ec_session *session, const ec_product_filter *filter)
{
    ec_product_filter *copy =
        ec_entity_pack(ec_session_platform(session), &ec_product_filter_entity, filter);
    if (copy) {
        copy->ids_count = filter->ids_count;
        copy->tags_count = filter->tags_count;
        copy->attributes_count = filter->attributes_count;
    }
    for (size_t i = 0; copy && copy->attributes && i < copy->attributes_count; i++) {
        copy->attributes[i].values_count = filter->attributes[i].values_count;
    }
    return copy;
}

ec_status ec_product_cursor(ec_session *session, const ec_product_filter *filter, ec_cursor **out)
{
    ec_product_filter *copy = NULL;
    if (session && filter) {
        copy = copy_filter(session, filter);
        if (!copy) {
            return ec_fail_memory(session);
        }
    }
    return ec_cursor_make(session, &ec_product_list_entity, fetch, copy, out);
}

ec_status ec_product_sort_of(const char *name, ec_product_sort *out)
{
    static const struct {
        const char *name;
        ec_product_sort sort;
    } others[] = {{"-price", EC_SORT_PRICE_DESC},
                  {"-name", EC_SORT_NAME_DESC},
                  {"price_asc", EC_SORT_PRICE},
                  {"name_asc", EC_SORT_NAME}};
    for (int i = 0; name && out && ec_product_sort_names[i]; i++) {
        if (strcmp(name, ec_product_sort_names[i]) == 0) {
            *out = (ec_product_sort)i;
            return EC_OK;
        }
    }
    for (size_t i = 0; name && out && i < sizeof others / sizeof others[0]; i++) {
        if (strcmp(name, others[i].name) == 0) {
            *out = others[i].sort;
            return EC_OK;
        }
    }
    return EC_INVALID;
}
