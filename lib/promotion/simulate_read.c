/* SPDX-License-Identifier: MIT */
/*
 * simulate_read.c - orders of the past with all that rules may ask about them, a page at a time.
 *
 * Orders and their items are one statement each; details of goods, groups and histories of
 * customers are read only when the draft asks about them. What the catalogue says is what it says
 * today. It refuses to remember anything of a page but where it ended.
 */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "catalog/statement.h"
#include "model/model.h"
#include "price/load.h"
#include "promotion/report.h"

#define DETAILS 250 /* goods of one statement */

/* ---- orders ---------------------------------------------------------------------------------- */

enum {
    O_ID,
    O_TIME,
    O_NUMBER,
    O_CURRENCY,
    O_USER,
    O_EMAIL,
    O_ROLE,
    O_FEE,
    O_SHIPPING,
    O_PAYMENT,
    O_ADDRESS
};

static const char orders_sql[] =
    "SELECT o.id, o.placed_at, o.order_number, o.currency, o.user_id, o.email, u.role,"
    " o.shipping_amount + o.shipping_discount, o.shipping_method, o.payment_method,"
    " o.shipping_address FROM orders o LEFT JOIN users u ON u.id = o.user_id"
    " WHERE o.channel_id = ? AND o.placed_at >= ? AND o.placed_at < ?"
    " AND (o.placed_at > ? OR o.id > ?) AND o.state <> 'cancelled'"
    " ORDER BY o.placed_at, o.id LIMIT ?";

static ec_status read_address(ec_session *session, ec_stmt *stmt, const ec_address **out)
{
    ec_arena *arena = ec_scratch(session);
    const char *text = ec_col_text(session, stmt, O_ADDRESS);
    ec_json *json = NULL;
    ec_check check;
    if (text == NULL) return EC_OK;
    ec_address *address = ec_arena_alloc(arena, sizeof(*address));
    ec_check_init(&check, arena);
    ec_status status = address == NULL
                           ? EC_NO_MEMORY
                           : ec_json_parse(arena, text, strlen(text), &json, NULL, NULL);
    if (status == EC_OK)
        status =
            ec_entity_read_json(arena, &ec_address_entity, json, NULL, true, address, NULL, &check);
    if (status == EC_NO_MEMORY) return ec_fail_memory(session);
    if (status == EC_OK) *out = address; /* of one that makes no sense nothing is known */
    return EC_OK;
}

static ec_status read_order(ec_past *past, ec_stmt *stmt, ec_past_order *order)
{
    ec_session *session = past->session;
    *order = (ec_past_order){
        .id = ec_col_int(stmt, O_ID),
        .placed_at = ec_col_int(stmt, O_TIME),
        .number = ec_col_text(session, stmt, O_NUMBER),
        .currency = ec_col_text(session, stmt, O_CURRENCY),
        .shipping_method = ec_col_text(session, stmt, O_SHIPPING),
        .payment_method = ec_col_text(session, stmt, O_PAYMENT),
        .fee = ec_col_int(stmt, O_FEE),
        .customer = {.user_id = ec_col_int(stmt, O_USER),
                     .email = ec_col_text(session, stmt, O_EMAIL),
                     .role = ec_col_text(session, stmt, O_ROLE),
                     .signed_in = ec_col_int(stmt, O_USER) != 0},
    };
    const char *role = order->customer.role;
    order->customer.staff = role != NULL && strcmp(role, "customer") != 0;
    return past->places ? read_address(session, stmt, &order->address) : EC_OK;
}

static ec_status read_orders(ec_past *past, ec_past_page *page)
{
    ec_stmt *stmt = NULL;
    ec_session *session = past->session;
    page->orders = ec_arena_array(ec_scratch(session), EC_SIMULATION_PAGE, sizeof(*page->orders));
    if (page->orders == NULL) return ec_fail_memory(session);
    ec_status status = ec_query(session, orders_sql,
                                ec_args(ec_int(past->channel_id), ec_int(past->last_time),
                                        ec_int(past->until), ec_int(past->last_time),
                                        ec_int(past->last_id), ec_int(EC_SIMULATION_PAGE)),
                                &stmt);
    while (status == EC_OK && (status = ec_row(session, stmt)) == EC_OK) {
        ec_past_order *order = &page->orders[page->orders_count];
        status = read_order(past, stmt, order);
        if (status != EC_OK) return status;
        past->last_time = order->placed_at;
        past->last_id = order->id;
        page->orders_count++;
    }
    return status == EC_DONE ? EC_OK : status;
}

/* ---- by number ------------------------------------------------------------------------------- */

/* The page's orders by a number of theirs: that of the order, or of the customer. */
typedef struct numbered {
    ec_id number;
    ec_past_order *order;
} numbered;

static int by_number(const void *a, const void *b)
{
    const numbered *one = a, *two = b;
    if (one->number != two->number) return one->number < two->number ? -1 : 1;
    return one->order < two->order ? -1 : one->order > two->order;
}

/* users: by customer, those without left out. ids: the numbers, for a statement. */
static ec_status number(ec_past *past, const ec_past_page *page, bool users, numbered **out,
                        ec_id **ids, size_t *count)
{
    numbered *list =
        ec_arena_array(ec_scratch(past->session), page->orders_count + 1, sizeof(*list));
    *ids = ec_arena_array(ec_scratch(past->session), page->orders_count + 1, sizeof(**ids));
    *out = list;
    *count = 0;
    if (list == NULL || *ids == NULL) return ec_fail_memory(past->session);
    for (size_t i = 0; i < page->orders_count; i++) {
        ec_past_order *order = &page->orders[i];
        ec_id of = users ? order->customer.user_id : order->id;
        if (of != 0) list[(*count)++] = (numbered){of, order};
    }
    if (*count > 1) qsort(list, *count, sizeof(*list), by_number);
    for (size_t i = 0; i < *count; i++)
        (*ids)[i] = list[i].number;
    return EC_OK;
}

/* ---- items ----------------------------------------------------------------------------------- */

enum {
    I_ORDER,
    I_PRODUCT,
    I_VARIANT,
    I_SKU,
    I_QUANTITY,
    I_PRICE,
    I_ORIGINAL,
    I_TAX_INCLUDED,
    I_TOTAL,
    I_SENT,
    I_BRAND,
    I_TYPE,
    I_TAX,
    I_COST,
    I_WEIGHT,
    I_TAXABLE,
    I_SHIPPING_CATEGORY,
    I_CATEGORY
};

static const char items_sql[] =
    "SELECT i.order_id, i.product_id, i.variant_id, i.sku, i.quantity - i.cancelled_quantity,"
    " i.unit_price, i.original_price, i.tax_included, i.total_amount - i.tax_amount,"
    " i.requires_shipping, p.brand_id, p.type, v.tax_code, v.cost_price, v.weight, v.taxable,"
    " v.shipping_category, k.path FROM order_items i"
    " LEFT JOIN products p ON p.id = i.product_id"
    " LEFT JOIN product_variants v ON v.id = i.variant_id"
    " LEFT JOIN categories k ON k.id = p.category_id"
    " WHERE i.is_gift = 0 AND i.quantity > i.cancelled_quantity AND i.order_id IN ";

/* "/1/7/23/" as 23, 7, 1. */
static void read_path(ec_arena *arena, const char *path, ec_pricing_line *line)
{
    size_t slashes = 0, at = 0;
    for (const char *p = path; *p != '\0'; p++)
        slashes += *p == '/';
    if (slashes < 2) return;
    ec_id *ids = ec_arena_array(arena, slashes, sizeof(*ids));
    if (ids == NULL) return;
    for (const char *p = path; p != NULL && at < slashes - 1; p = strchr(p + 1, '/'), at++)
        ids[slashes - 2 - at] = strtoll(p + 1, NULL, 10);
    line->categories = ids;
    line->categories_count = slashes - 1;
}

static void read_item(ec_session *session, ec_stmt *stmt, ec_pricing_line *line, ec_past_line *tax)
{
    const char *path = ec_col_text(session, stmt, I_CATEGORY);
    *line = (ec_pricing_line){
        .product_id = ec_col_int(stmt, I_PRODUCT),
        .variant_id = ec_col_int(stmt, I_VARIANT),
        .brand_id = ec_col_int(stmt, I_BRAND),
        .quantity = ec_col_int(stmt, I_QUANTITY),
        .price = ec_col_int(stmt, I_PRICE),
        .original_price = ec_col_int(stmt, I_ORIGINAL),
        .cost_price = ec_col_int(stmt, I_COST),
        .weight = ec_col_int(stmt, I_WEIGHT),
        .sku = ec_col_text(session, stmt, I_SKU),
        .type = ec_col_text(session, stmt, I_TYPE),
        .tax_category = ec_col_text(session, stmt, I_TAX),
        .shipping_category = ec_col_text(session, stmt, I_SHIPPING_CATEGORY),
        .taxable = ec_col_int(stmt, I_TAXABLE) != 0,
        .requires_shipping = ec_col_int(stmt, I_SENT) != 0,
    };
    *tax = (ec_past_line){ec_col_int(stmt, I_TAX_INCLUDED), ec_col_int(stmt, I_TOTAL)};
    if (path != NULL) read_path(ec_scratch(session), path, line);
}

static bool make_room(ec_past *past, ec_past_page *page, size_t *capacity)
{
    ec_arena *arena = ec_scratch(past->session);
    if (page->lines_count < *capacity) return true;
    *capacity = *capacity == 0 ? 4 * (size_t)EC_SIMULATION_PAGE : 2 * *capacity;
    ec_pricing_line *lines = ec_arena_array(arena, *capacity, sizeof(*lines));
    ec_past_line *taxes = ec_arena_array(arena, *capacity, sizeof(*taxes));
    if (lines == NULL || taxes == NULL) return false;
    if (page->lines_count > 0) {
        memcpy(lines, page->lines, page->lines_count * sizeof(*lines));
        memcpy(taxes, page->taxes, page->lines_count * sizeof(*taxes));
    }
    page->lines = lines;
    page->taxes = taxes;
    return true;
}

/* Items and orders both come by the order's number. */
static ec_status read_items(ec_past *past, ec_past_page *page)
{
    ec_statement s;
    ec_stmt *stmt = NULL;
    numbered *orders = NULL;
    ec_id *ids = NULL;
    size_t count = 0, at = 0, capacity = 0;
    ec_session *session = past->session;
    ec_status status = number(past, page, false, &orders, &ids, &count);
    if (status != EC_OK) return status;
    ec_statement_begin(&s, session);
    ec_statement_put(&s, items_sql);
    ec_statement_ids(&s, ids, count);
    ec_statement_put(&s, " ORDER BY i.order_id, i.position");
    status = ec_statement_query(&s, &stmt);
    while (status == EC_OK && (status = ec_row(session, stmt)) == EC_OK) {
        ec_id of = ec_col_int(stmt, I_ORDER);
        while (at < count && orders[at].number < of)
            at++;
        if (at == count || !make_room(past, page, &capacity)) break;
        ec_past_order *order = orders[at].order;
        if (order->count++ == 0) order->first = page->lines_count;
        read_item(session, stmt, &page->lines[page->lines_count], &page->taxes[page->lines_count]);
        page->lines_count++;
    }
    if (status == EC_OK) return ec_fail_memory(session); /* it was left before the end */
    return status == EC_DONE ? EC_OK : status;
}

/* ---- customers ------------------------------------------------------------------------------- */

/* What each had ordered before. */
static ec_status read_history(ec_past *past, const ec_past_page *page)
{
    ec_statement s;
    ec_stmt *stmt = NULL;
    numbered *orders = NULL;
    ec_id *ids = NULL;
    size_t count = 0, at = 0;
    ec_session *session = past->session;
    ec_status status = number(past, page, false, &orders, &ids, &count);
    if (status != EC_OK) return status;
    ec_statement_begin(&s, session);
    ec_statement_put(&s, "SELECT o.id, COUNT(*),"
                         " SUM(CASE WHEN b.currency = o.currency THEN b.total_amount ELSE 0 END),"
                         " MAX(b.placed_at) FROM orders o CROSS JOIN orders b"
                         " WHERE b.user_id = o.user_id AND b.state <> 'cancelled'"
                         " AND (b.placed_at < o.placed_at OR (b.placed_at = o.placed_at"
                         " AND b.id < o.id)) AND o.id IN ");
    ec_statement_ids(&s, ids, count);
    ec_statement_put(&s, " GROUP BY o.id ORDER BY o.id");
    status = ec_statement_query(&s, &stmt);
    while (status == EC_OK && (status = ec_row(session, stmt)) == EC_OK) {
        ec_id of = ec_col_int(stmt, 0);
        while (at < count && orders[at].number < of)
            at++;
        if (at == count || orders[at].number != of) continue;
        ec_pricing_customer *customer = &orders[at].order->customer;
        customer->orders_count = ec_col_int(stmt, 1);
        customer->spent = ec_col_int(stmt, 2);
        customer->last_order_at = ec_col_int(stmt, 3);
    }
    return status == EC_DONE ? EC_OK : status;
}

/* Groups of all customers of a page, by customer. */
typedef struct memberships {
    ec_id *users, *groups;
    const char **codes;
    size_t count, capacity;
} memberships;

static void *moved(ec_arena *arena, const void *old, size_t count, size_t capacity, size_t size)
{
    void *more = ec_arena_array(arena, capacity, size);
    if (more != NULL && count > 0) memcpy(more, old, count * size);
    return more;
}

static bool add_membership(ec_session *session, ec_stmt *stmt, memberships *m)
{
    ec_arena *arena = ec_scratch(session);
    if (m->count == m->capacity) {
        m->capacity = m->capacity == 0 ? EC_SIMULATION_PAGE : 2 * m->capacity;
        m->users = moved(arena, m->users, m->count, m->capacity, sizeof(*m->users));
        m->groups = moved(arena, m->groups, m->count, m->capacity, sizeof(*m->groups));
        m->codes = moved(arena, m->codes, m->count, m->capacity, sizeof(*m->codes));
        if (m->users == NULL || m->groups == NULL || m->codes == NULL) return false;
    }
    m->users[m->count] = ec_col_int(stmt, 0);
    m->groups[m->count] = ec_col_int(stmt, 1);
    m->codes[m->count] = ec_col_text(session, stmt, 2);
    return m->codes[m->count++] != NULL;
}

static void give_groups(const memberships *m, numbered *orders, size_t count)
{
    size_t from = 0;
    for (size_t i = 0; i < count; i++) {
        ec_pricing_customer *customer = &orders[i].order->customer;
        while (from < m->count && m->users[from] < orders[i].number)
            from++;
        customer->groups = m->groups + from;
        customer->group_codes = m->codes + from;
        for (size_t k = from; k < m->count && m->users[k] == orders[i].number; k++)
            customer->groups_count++;
    }
}

static ec_status read_groups(ec_past *past, const ec_past_page *page)
{
    ec_statement s;
    ec_stmt *stmt = NULL;
    memberships m = {0};
    numbered *orders = NULL;
    ec_id *ids = NULL;
    size_t count = 0;
    ec_session *session = past->session;
    ec_status status = number(past, page, true, &orders, &ids, &count);
    if (status != EC_OK || count == 0) return status;
    ec_statement_begin(&s, session);
    ec_statement_put(&s, "SELECT m.user_id, m.group_id, g.code FROM customer_group_users m"
                         " JOIN customer_groups g ON g.id = m.group_id WHERE m.user_id IN ");
    ec_statement_ids(&s, ids, count);
    ec_statement_put(&s, " ORDER BY m.user_id, m.group_id");
    status = ec_statement_query(&s, &stmt);
    while (status == EC_OK && (status = ec_row(session, stmt)) == EC_OK)
        if (!add_membership(session, stmt, &m)) return ec_fail_memory(session);
    if (status == EC_DONE && m.count > 0) give_groups(&m, orders, count);
    return status == EC_DONE ? EC_OK : status;
}

/* ---- goods ----------------------------------------------------------------------------------- */

static int by_goods(const void *a, const void *b)
{
    const ec_pricing_line *one = *(ec_pricing_line *const *)a, *two = *(ec_pricing_line *const *)b;
    if (one->product_id != two->product_id) return one->product_id < two->product_id ? -1 : 1;
    return one->variant_id < two->variant_id ? -1 : one->variant_id > two->variant_id;
}

static void copy_details(const ec_pricing_line *from, ec_pricing_line *to)
{
    to->tags = from->tags;
    to->tags_count = from->tags_count;
    to->collections = from->collections;
    to->collections_count = from->collections_count;
    to->attributes = from->attributes;
    to->attributes_count = from->attributes_count;
    to->options = from->options;
    to->options_count = from->options_count;
}

/* Details of lines from `first` on, up to DETAILS different goods; where it ended. */
static ec_status detail_some(ec_past *past, ec_pricing_line **lines, size_t count, size_t *first)
{
    size_t found = 0, end = *first;
    ec_pricing_line *goods = ec_arena_array(ec_scratch(past->session), DETAILS, sizeof(*goods));
    if (goods == NULL) return ec_fail_memory(past->session);
    for (; end < count; end++) {
        if (found > 0 && by_goods(&lines[end], &lines[end - 1]) == 0) continue;
        if (found == DETAILS) break;
        goods[found++] = *lines[end];
    }
    ec_status status = ec_pricing_details(past->session, past->rules, goods, found);
    for (size_t i = *first, at = 0; status == EC_OK && i < end; i++) {
        if (i > *first && by_goods(&lines[i], &lines[i - 1]) != 0) at++;
        copy_details(&goods[at], lines[i]);
    }
    *first = end;
    return status;
}

static ec_status read_details(ec_past *past, ec_past_page *page)
{
    ec_status status = EC_OK;
    ec_pricing_line **lines =
        ec_arena_array(ec_scratch(past->session), page->lines_count + 1, sizeof(ec_pricing_line *));
    if (lines == NULL) return ec_fail_memory(past->session);
    for (size_t i = 0; i < page->lines_count; i++)
        lines[i] = &page->lines[i];
    if (page->lines_count > 1) qsort(lines, page->lines_count, sizeof(ec_pricing_line *), by_goods);
    for (size_t at = 0; status == EC_OK && at < page->lines_count;)
        status = detail_some(past, lines, page->lines_count, &at);
    return status;
}

/* ---- all ------------------------------------------------------------------------------------- */

ec_status ec_past_read(ec_past *past, ec_past_page *out)
{
    const unsigned goods =
        EC_RULE_NEEDS_TAGS | EC_RULE_NEEDS_COLLECTIONS | EC_RULE_NEEDS_ATTRIBUTES;
    unsigned needs = past->rules->needs;
    *out = (ec_past_page){0};
    ec_status status = read_orders(past, out);
    if (status != EC_OK || out->orders_count == 0) return status;
    status = read_items(past, out);
    if (status == EC_OK && (needs & EC_RULE_NEEDS_HISTORY) != 0) status = read_history(past, out);
    if (status == EC_OK && (needs & EC_RULE_NEEDS_GROUPS) != 0) status = read_groups(past, out);
    if (status == EC_OK && (needs & goods) != 0) status = read_details(past, out);
    if (status == EC_OK && ec_scratch(past->session)->failed) return ec_fail_memory(past->session);
    return status;
}
