/* SPDX-License-Identifier: MIT */
/*
 * details.c - what rules ask about goods and customers beyond their prices, read only when there
 * are rules that ask.
 *
 * One statement for each kind of detail, for all lines together. It refuses to guess: what storage
 * does not know, no rule finds.
 */
#include <stdlib.h>
#include <string.h>

#include "catalog/catalog.h"
#include "customer/group.h"
#include "engine/sql.h"
#include "price/load.h"
#include "promotion/stored.h"

/* The products of the lines, each once, in order. */
typedef struct goods {
    ec_session *session;
    ec_pricing_line *lines;
    size_t count;
    ec_id *products;
    ec_value *values;
    size_t products_count;
} goods;

static int by_id(const void *a, const void *b)
{
    ec_id one = *(const ec_id *)a, two = *(const ec_id *)b;
    return one < two ? -1 : one > two;
}

static ec_status gather(goods *g)
{
    ec_arena *arena = ec_scratch(g->session);
    g->products = ec_arena_array(arena, g->count, sizeof(*g->products));
    g->values = ec_arena_array(arena, g->count, sizeof(*g->values));
    if (g->products == NULL || g->values == NULL) return ec_fail_memory(g->session);
    size_t n = 0;
    for (size_t i = 0; i < g->count; i++)
        if (g->lines[i].product_id != 0) g->products[n++] = g->lines[i].product_id;
    if (n > 1) qsort(g->products, n, sizeof(*g->products), by_id);
    for (size_t i = 0; i < n; i++)
        if (i == 0 || g->products[i] != g->products[g->products_count - 1])
            g->products[g->products_count++] = g->products[i];
    for (size_t i = 0; i < g->products_count; i++)
        g->values[i] = ec_int(g->products[i]);
    return EC_OK;
}

/* head (?, ?, …) tail, for all products. */
static ec_status ask(goods *g, const char *head, const char *tail, ec_stmt **stmt)
{
    ec_buf sql;
    ec_buf_init(&sql, ec_session_platform(g->session), 16384);
    ec_buf_puts(&sql, head);
    for (size_t i = 0; i < g->products_count; i++)
        ec_buf_puts(&sql, i == 0 ? "?" : ", ?");
    ec_buf_puts(&sql, tail);
    ec_status status = sql.status == EC_OK ? ec_query(g->session, ec_buf_text(&sql), g->values,
                                                      g->products_count, stmt)
                                           : ec_fail_memory(g->session);
    ec_buf_clear(&sql);
    return status;
}

/* ---- categories and the names of options ---- */

/* "/1/7/23/" as 23, 7, 1. */
static const ec_id *path_ids(ec_session *session, const char *path, size_t *count)
{
    size_t n = 0, at = 0;
    for (const char *p = path; *p != '\0'; p++)
        n += *p == '/';
    ec_id *ids = ec_arena_array(ec_scratch(session), n, sizeof(*ids));
    if (ids == NULL || n < 2) return NULL;
    *count = n - 1;
    for (const char *p = path + 1; *p != '\0' && at < *count; p = strchr(p, '/') + 1, at++)
        ids[*count - 1 - at] = strtoll(p, NULL, 10);
    return ids;
}

static ec_status read_places(goods *g)
{
    ec_stmt *stmt = NULL;
    ec_status status = ask(g,
                           "SELECT p.id, k.path FROM products p JOIN categories k"
                           " ON k.id = p.category_id WHERE p.id IN (",
                           ")", &stmt);
    while (status == EC_OK && (status = ec_row(g->session, stmt)) == EC_OK) {
        size_t count = 0;
        ec_id product = ec_col_int(stmt, 0);
        const char *path = ec_col_text(g->session, stmt, 1);
        if (path == NULL) continue;
        const ec_id *ids = path_ids(g->session, path, &count);
        for (size_t i = 0; ids != NULL && i < g->count; i++) {
            if (g->lines[i].product_id != product) continue;
            g->lines[i].categories = ids;
            g->lines[i].categories_count = count;
        }
    }
    return status == EC_DONE ? EC_OK : status;
}

/* ---- lists of texts, numbers and pairs ---- */

/* Rows (product, number, text, text), read whole, by product. */
typedef struct rows {
    ec_id *products, *numbers;
    const char **texts;
    ec_pricing_pair *pairs;
    size_t count, capacity;
} rows;

static void *more(ec_session *session, void *old, size_t count, size_t capacity, size_t size)
{
    void *bigger = ec_arena_array(ec_scratch(session), capacity, size);
    if (bigger != NULL && count > 0) memcpy(bigger, old, count * size);
    return bigger;
}

static bool make_room(ec_session *session, rows *r)
{
    if (r->count < r->capacity) return true;
    r->capacity = r->capacity == 0 ? 32 : 2 * r->capacity;
    r->products = more(session, r->products, r->count, r->capacity, sizeof(*r->products));
    r->numbers = more(session, r->numbers, r->count, r->capacity, sizeof(*r->numbers));
    r->texts = more(session, r->texts, r->count, r->capacity, sizeof(*r->texts));
    r->pairs = more(session, r->pairs, r->count, r->capacity, sizeof(*r->pairs));
    return r->products != NULL && r->numbers != NULL && r->texts != NULL && r->pairs != NULL;
}

static ec_status read_rows(goods *g, const char *head, const char *tail, rows *r)
{
    ec_stmt *stmt = NULL;
    ec_status status = ask(g, head, tail, &stmt);
    while (status == EC_OK && (status = ec_row(g->session, stmt)) == EC_OK) {
        if (!make_room(g->session, r)) return ec_fail_memory(g->session);
        r->products[r->count] = ec_col_int(stmt, 0);
        r->numbers[r->count] = ec_col_int(stmt, 1);
        r->texts[r->count] = ec_col_text(g->session, stmt, 2);
        r->pairs[r->count] =
            (ec_pricing_pair){r->texts[r->count], ec_col_text(g->session, stmt, 3)};
        r->count++;
    }
    return status == EC_DONE ? EC_OK : status;
}

/* The rows of a line's product: from, and how many. */
static size_t rows_of(const rows *r, ec_id product, size_t *count)
{
    size_t from = 0, until;
    while (from < r->count && r->products[from] < product)
        from++;
    for (until = from; until < r->count && r->products[until] == product; until++)
        ;
    *count = until - from;
    return from;
}

static ec_status read_tags(goods *g)
{
    rows r = {0};
    ec_status status = read_rows(g,
                                 "SELECT t.product_id, t.tag_id, n.name, NULL FROM product_tags t"
                                 " JOIN tags n ON n.id = t.tag_id WHERE t.product_id IN (",
                                 ") ORDER BY t.product_id, t.tag_id", &r);
    for (size_t i = 0; status == EC_OK && r.count > 0 && i < g->count; i++)
        g->lines[i].tags = r.texts + rows_of(&r, g->lines[i].product_id, &g->lines[i].tags_count);
    return status;
}

static ec_status read_collections(goods *g)
{
    size_t count = 0;
    ec_product_collection *pairs = NULL;
    ec_status status =
        ec_collections_of(g->session, g->products, g->products_count, &pairs, &count);
    ec_id *ids = ec_arena_array(ec_scratch(g->session), count, sizeof(*ids));
    if (status != EC_OK) return status;
    if (ids == NULL) return ec_fail_memory(g->session);
    for (size_t k = 0; k < count; k++)
        ids[k] = pairs[k].collection_id;
    for (size_t i = 0; i < g->count; i++) {
        ec_pricing_line *line = &g->lines[i];
        size_t from = 0, until;
        while (from < count && pairs[from].product_id < line->product_id)
            from++;
        for (until = from; until < count && pairs[until].product_id == line->product_id; until++)
            ;
        line->collections = ids + from;
        line->collections_count = until - from;
    }
    return EC_OK;
}

static ec_status read_attributes(goods *g)
{
    rows r = {0};
    ec_status status =
        read_rows(g,
                  "SELECT a.product_id, a.id, n.code, a.value FROM product_attributes a"
                  " JOIN attributes n ON n.id = a.attribute_id WHERE a.product_id IN (",
                  ") ORDER BY a.product_id, a.id", &r);
    for (size_t i = 0; status == EC_OK && r.count > 0 && i < g->count; i++)
        g->lines[i].attributes =
            r.pairs + rows_of(&r, g->lines[i].product_id, &g->lines[i].attributes_count);
    return status;
}

/* The values of a line's options, with their names. */
static ec_status read_options(goods *g)
{
    rows names = {0};
    ec_stmt *stmt = NULL;
    ec_status status = read_rows(g,
                                 "SELECT o.product_id, o.position, o.name, NULL"
                                 " FROM product_options o WHERE o.product_id IN (",
                                 ") ORDER BY o.product_id, o.position", &names);
    if (status != EC_OK || names.count == 0) return status;
    status = ask(g,
                 "SELECT v.id, v.option1, v.option2, v.option3 FROM product_variants v"
                 " WHERE v.product_id IN (",
                 ")", &stmt);
    while (status == EC_OK && (status = ec_row(g->session, stmt)) == EC_OK) {
        ec_id variant = ec_col_int(stmt, 0);
        for (size_t i = 0; i < g->count; i++) {
            size_t count = 0;
            ec_pricing_line *line = &g->lines[i];
            if (line->variant_id != variant) continue;
            size_t from = rows_of(&names, line->product_id, &count);
            ec_pricing_pair *pairs = ec_arena_array(ec_scratch(g->session), 3, sizeof(*pairs));
            if (pairs == NULL) return ec_fail_memory(g->session);
            for (size_t k = 0; k < count && k < 3; k++)
                pairs[k] = (ec_pricing_pair){names.texts[from + k],
                                             ec_col_text(g->session, stmt, (int)k + 1)};
            line->options = pairs;
            line->options_count = count < 3 ? count : 3;
        }
    }
    return status == EC_DONE ? EC_OK : status;
}

ec_status ec_pricing_details(ec_session *session, const ec_rules *rules, ec_pricing_line *lines,
                             size_t count)
{
    goods g = {.session = session, .lines = lines, .count = count};
    if (rules->promotions.count == 0 && rules->shipping.methods_count == 0) return EC_OK;
    ec_status status = gather(&g);
    if (status != EC_OK || g.products_count == 0) return status;
    status = read_places(&g);
    if (status == EC_OK && (rules->needs & EC_RULE_NEEDS_TAGS) != 0) status = read_tags(&g);
    if (status == EC_OK && (rules->needs & EC_RULE_NEEDS_COLLECTIONS) != 0)
        status = read_collections(&g);
    if (status == EC_OK && (rules->needs & EC_RULE_NEEDS_ATTRIBUTES) != 0) {
        status = read_attributes(&g);
        if (status == EC_OK) status = read_options(&g);
    }
    if (status == EC_OK && ec_scratch(session)->failed) return ec_fail_memory(session);
    return status;
}

/* ---- who buys ---- */

static ec_status read_user(ec_session *session, ec_pricing_customer *customer)
{
    ec_stmt *stmt = NULL;
    ec_status status = ec_query(session, "SELECT email, role FROM users WHERE id = ?",
                                ec_args(ec_int(customer->user_id)), &stmt);
    if (status != EC_OK) return status;
    status = ec_row(session, stmt);
    if (status == EC_DONE)
        return ec_fail_field(session, EC_NOT_FOUND, "user_id", "reference",
                             "There is no such customer.");
    if (status != EC_OK) return status;
    customer->email = ec_col_text(session, stmt, 0);
    customer->role = ec_col_text(session, stmt, 1);
    ec_done(session, stmt);
    return EC_OK;
}

/* What was ordered and not called off, in this currency for what was spent. */
static ec_status read_history(ec_session *session, ec_pricing *in)
{
    ec_stmt *stmt = NULL;
    ec_pricing_customer *customer = &in->customer;
    ec_status status = ec_query(
        session,
        "SELECT COUNT(*), COALESCE(SUM(CASE WHEN currency = ? THEN total_amount ELSE 0 END), 0),"
        " COALESCE(MAX(placed_at), 0) FROM orders WHERE user_id = ? AND state <> 'cancelled'"
        " AND placed_at <= ?",
        ec_args(ec_text(in->currency), ec_int(customer->user_id), ec_int(in->now)), &stmt);
    if (status == EC_OK) status = ec_row(session, stmt);
    if (status != EC_OK) return status;
    customer->orders_count = ec_col_int(stmt, 0);
    customer->spent = ec_col_int(stmt, 1);
    customer->last_order_at = ec_col_int(stmt, 2);
    ec_done(session, stmt);
    return EC_OK;
}

ec_status ec_pricing_read_customer(ec_session *session, const ec_rules *rules, ec_pricing *in,
                                   bool known)
{
    ec_status status = EC_OK;
    ec_pricing_customer *customer = &in->customer;
    customer->signed_in = customer->user_id != 0;
    if (customer->user_id == 0) return EC_OK;
    if (!known) status = read_user(session, customer);
    if (customer->role != NULL) customer->staff = strcmp(customer->role, "customer") != 0;
    if (status == EC_OK && (rules->needs & EC_RULE_NEEDS_GROUPS) != 0)
        status = ec_groups_of_user(session, customer->user_id, &customer->groups,
                                   &customer->group_codes, &customer->groups_count);
    if (status == EC_OK && (rules->needs & EC_RULE_NEEDS_HISTORY) != 0)
        status = read_history(session, in);
    if (status == EC_OK) status = ec_tax_buyer(session, &rules->taxes, in);
    return status;
}

/* ---- what promotions are limited by ---- */

ec_status ec_pricing_read_promotions(ec_session *session, const ec_rules *rules, ec_pricing *in,
                                     const char *const *codes, size_t count)
{
    const ec_id *ids = NULL;
    size_t limited = 0;
    ec_status status = ec_promotion_coupons(session, in, codes, count, &in->coupons);
    if (status != EC_OK) return status;
    in->coupons_count = count;
    if (ec_promotion_limited(&rules->promotions, in, ec_scratch(session), &ids, &limited) != EC_OK)
        return ec_fail_memory(session);
    return ec_promotion_usage(session, in, ids, limited, &in->usage, &in->usage_count);
}
