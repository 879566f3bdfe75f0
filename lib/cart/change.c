/* SPDX-License-Identifier: MIT */
/*
 * change.c - adding, setting, removing: what shoppers do to their carts.
 *
 * Changes are relative where they can be, so two devices never undo each other's. A change is made
 * first and judged on what the cart has become; a refused one is rolled back as a whole. It refuses
 * what is not sold, more than there is, more than the limits, and prices that nobody offers.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cart/cart.h"

/* A change of some items, single or several lines. */
typedef struct change {
    ec_id cart_id;
    const ec_cart_line *lines;
    size_t count;
    bool several; /* the fields are called lines[i]… */
} change;

static const char *field_of(ec_session *session, const change *c, size_t i, const char *name)
{
    if (!c->several) return name;
    const char *field = ec_arena_printf(ec_scratch(session), "lines[%zu].%s", i, name);
    return field == NULL ? name : field;
}

/* ---- before ---- */

static int by_id(const void *a, const void *b)
{
    ec_id one = *(const ec_id *)a, two = *(const ec_id *)b;
    return one < two ? -1 : one > two;
}

static ec_status check_twice(ec_session *session, const change *c)
{
    ec_id *ids = ec_arena_array(ec_scratch(session), c->count, sizeof(*ids));
    if (ids == NULL) return ec_fail_memory(session);
    for (size_t i = 0; i < c->count; i++)
        ids[i] = c->lines[i].variant_id;
    qsort(ids, c->count, sizeof(*ids), by_id);
    for (size_t i = 1; i < c->count; i++)
        if (ids[i] == ids[i - 1])
            return ec_fail_field(session, EC_INVALID, "lines", "unique",
                                 "Variant %lld is there twice.", (long long)ids[i]);
    return EC_OK;
}

static ec_status check_lines(ec_session *session, const change *c)
{
    ec_check check;
    if (c->count == 0)
        return ec_fail_field(session, EC_INVALID, "lines", "min_items", "There is no line to add.");
    if (c->count > EC_CART_LINES_MAX)
        return ec_fail_field(session, EC_LIMIT, "lines", "max_items",
                             "A cart has at most %d items, not %zu.", EC_CART_LINES_MAX, c->count);
    if (c->lines == NULL) return ec_fail(session, EC_MISUSE, "There are no lines.");
    ec_check_init(&check, ec_scratch(session));
    for (size_t i = 0; i < c->count; i++) {
        const ec_cart_line *line = &c->lines[i];
        if (line->quantity < 1 || line->quantity > EC_LINE_QUANTITY_MAX)
            ec_check_add(&check, field_of(session, c, i, "quantity"),
                         line->quantity < 1 ? "min" : "max", "A quantity is 1 to %d.",
                         EC_LINE_QUANTITY_MAX);
        if (line->expected_price < -1 || line->expected_price > EC_AMOUNT_MAX)
            ec_check_add(&check, field_of(session, c, i, "expected_price"),
                         line->expected_price < -1 ? "min" : "max",
                         "A price is 0 or more; -1 is not compared.");
    }
    ec_status status = ec_fail_check(session, &check);
    return status == EC_OK && c->count > 1 ? check_twice(session, c) : status;
}

/* ---- the change ---- */

static size_t item_of(const ec_cart *cart, ec_id variant_id)
{
    size_t i = 0;
    while (i < cart->items_count && cart->items[i].variant_id != variant_id)
        i++;
    return i;
}

/* INSERT … SELECT: a variant that does not exist inserts nothing. */
static ec_status insert_new(ec_session *session, const change *c, const size_t *which, size_t count)
{
    if (count == 0) return EC_OK;
    ec_buf sql;
    int64_t affected = 0;
    size_t n = 0;
    ec_value *bound = ec_arena_array(ec_scratch(session), 3 * count + 3, sizeof(*bound));
    if (bound == NULL) return ec_fail_memory(session);
    ec_buf_init(&sql, ec_session_platform(session), 1u << 20);
    ec_buf_puts(&sql, "INSERT INTO cart_items (cart_id, variant_id, quantity, unit_price,"
                      " created_at, updated_at) SELECT ?, v.id, CASE v.id");
    bound[n++] = ec_int(c->cart_id);
    for (size_t i = 0; i < count; i++) {
        ec_buf_puts(&sql, " WHEN ? THEN ?");
        bound[n++] = ec_int(c->lines[which[i]].variant_id);
        bound[n++] = ec_int(c->lines[which[i]].quantity);
    }
    ec_buf_puts(&sql, " END, 0, ?, ? FROM product_variants v WHERE v.id IN (");
    bound[n++] = ec_int(ec_now(session));
    bound[n++] = ec_int(ec_now(session));
    for (size_t i = 0; i < count; i++) {
        ec_buf_puts(&sql, i == 0 ? "?" : ", ?");
        bound[n++] = ec_int(c->lines[which[i]].variant_id);
    }
    ec_buf_puts(&sql, ") ORDER BY v.id");
    ec_status status = sql.status == EC_OK
                           ? ec_exec(session, ec_buf_text(&sql), bound, n, &affected)
                           : ec_fail_memory(session);
    ec_buf_clear(&sql);
    if (status == EC_OK && affected != (int64_t)count)
        return ec_fail_field(session, EC_NOT_FOUND, c->several ? "lines" : "variant_id",
                             "reference", "There is no such variant.");
    return status;
}

/* Raise the quantities of items that are there. */
static ec_status raise_old(ec_session *session, const change *c, const ec_cart *cart,
                           const size_t *which, size_t count)
{
    ec_id *ids = ec_arena_array(ec_scratch(session), count, sizeof(*ids));
    int64_t *quantities = ec_arena_array(ec_scratch(session), count, sizeof(*quantities));
    if (ids == NULL || quantities == NULL) return ec_fail_memory(session);
    for (size_t i = 0; i < count; i++) {
        const ec_cart_line *line = &c->lines[which[i]];
        const ec_cart_item *item = &cart->items[item_of(cart, line->variant_id)];
        ids[i] = item->id;
        quantities[i] = item->quantity + line->quantity;
        if (quantities[i] > EC_LINE_QUANTITY_MAX)
            return ec_fail_field(session, EC_INVALID, field_of(session, c, which[i], "quantity"),
                                 "max", "An item has at most %d units; the cart holds %lld.",
                                 EC_LINE_QUANTITY_MAX, (long long)item->quantity);
    }
    return ec_cart_store(session, "quantity", ids, quantities, count);
}

static ec_status write_lines(ec_session *session, const change *c, const ec_cart *cart)
{
    size_t *fresh = ec_arena_array(ec_scratch(session), c->count, sizeof(*fresh));
    size_t *old = ec_arena_array(ec_scratch(session), c->count, sizeof(*old));
    size_t fresh_count = 0, old_count = 0;
    if (fresh == NULL || old == NULL) return ec_fail_memory(session);
    for (size_t i = 0; i < c->count; i++) {
        if (item_of(cart, c->lines[i].variant_id) == cart->items_count)
            fresh[fresh_count++] = i;
        else
            old[old_count++] = i;
    }
    if (cart->items_count + fresh_count > EC_CART_LINES_MAX)
        return ec_fail_field(session, EC_LIMIT, c->several ? "lines" : "variant_id", "max_items",
                             "A cart has at most %d items.", EC_CART_LINES_MAX);
    ec_status status = insert_new(session, c, fresh, fresh_count);
    if (status != EC_OK || old_count == 0) return status;
    return raise_old(session, c, cart, old, old_count);
}

/* ---- afterwards ---- */

static ec_status judge_line(ec_session *session, const change *c, size_t i,
                            const ec_cart_item *item)
{
    if (!item->is_available)
        return ec_fail_field(session, EC_NOT_FOUND, field_of(session, c, i, "variant_id"),
                             "unavailable", "Variant %lld is not sold here.",
                             (long long)item->variant_id);
    if (item->available >= 0 && item->quantity > item->available)
        return ec_fail_field(session, EC_OUT_OF_STOCK, field_of(session, c, i, "quantity"), "stock",
                             "%lld units are available, not %lld.", (long long)item->available,
                             (long long)item->quantity);
    if (c->lines[i].expected_price >= 0 && c->lines[i].expected_price != item->unit_price)
        return ec_fail_field(session, EC_CHANGED, field_of(session, c, i, "expected_price"),
                             "changed", "The price is %lld minor units, not %lld.",
                             (long long)item->unit_price, (long long)c->lines[i].expected_price);
    return EC_OK;
}

/*
 * Is the price of an item what the shopper knows? It is for a new item, for one whose price was
 * compared, and for one that had no notice: then a price that changed with the quantity is no news.
 */
static bool is_known(const ec_loaded_cart *before, const ec_cart_line *line)
{
    size_t at = item_of(&before->cart, line->variant_id);
    if (at == before->cart.items_count || line->expected_price >= 0) return true;
    return before->lines[at].shown == before->cart.items[at].unit_price;
}

static ec_status judge(ec_session *session, const change *c, const ec_loaded_cart *before,
                       ec_loaded_cart *after)
{
    ec_id *ids = ec_arena_array(ec_scratch(session), c->count, sizeof(*ids));
    int64_t *prices = ec_arena_array(ec_scratch(session), c->count, sizeof(*prices));
    size_t known = 0;
    if (ids == NULL || prices == NULL) return ec_fail_memory(session);
    for (size_t i = 0; i < c->count; i++) {
        size_t at = item_of(&after->cart, c->lines[i].variant_id);
        if (at == after->cart.items_count)
            return ec_fail(session, EC_CORRUPT, "An item that was added is not in the cart.");
        const ec_cart_item *item = &after->cart.items[at];
        ec_status status = judge_line(session, c, i, item);
        if (status != EC_OK) return status;
        if (after->lines[at].shown == item->unit_price || !is_known(before, &c->lines[i])) continue;
        ids[known] = item->id;
        prices[known++] = item->unit_price;
    }
    return ec_cart_store(session, "unit_price", ids, prices, known);
}

/* The notices that the change has answered go. */
static void drop_notices(const change *c, const ec_loaded_cart *before, ec_cart *cart)
{
    size_t kept = 0;
    for (size_t k = 0; k < cart->notices_count; k++) {
        bool gone = false;
        for (size_t i = 0; i < c->count && !gone; i++)
            gone = cart->notices[k].kind == EC_NOTICE_PRICE_CHANGED &&
                   cart->notices[k].variant_id == c->lines[i].variant_id &&
                   is_known(before, &c->lines[i]);
        if (!gone) cart->notices[kept++] = cart->notices[k];
    }
    cart->notices_count = kept;
}

static ec_status run_add(ec_session *session, void *ctx, void **result)
{
    const change *c = ctx;
    ec_loaded_cart *before = ec_arena_alloc(ec_scratch(session), sizeof(*before));
    ec_loaded_cart *after = ec_arena_alloc(ec_scratch(session), sizeof(*after));
    if (before == NULL || after == NULL) return ec_fail_memory(session);
    ec_status status = check_lines(session, c);
    if (status == EC_OK) status = ec_cart_load_open(session, c->cart_id, before);
    if (status == EC_OK) status = write_lines(session, c, &before->cart);
    if (status == EC_OK) status = ec_cart_touch(session, c->cart_id);
    if (status == EC_OK) status = ec_cart_load(session, c->cart_id, after);
    if (status == EC_OK) status = judge(session, c, before, after);
    if (status == EC_OK) status = ec_cart_remember(session, after);
    if (status != EC_OK) return status;
    drop_notices(c, before, &after->cart);
    *result = &after->cart;
    return EC_OK;
}

static void fingerprint_add(const void *ctx, ec_json_writer *json)
{
    const change *c = ctx;
    ec_json_array(json);
    ec_json_int(json, c->cart_id);
    for (size_t i = 0; c->lines != NULL && i < c->count && i < EC_CART_LINES_MAX; i++) {
        ec_json_int(json, c->lines[i].variant_id);
        ec_json_int(json, c->lines[i].quantity);
        ec_json_int(json, c->lines[i].expected_price);
    }
    ec_json_array_end(json);
}

static const ec_op op_add = {
    .name = "cart.add",
    .permission = "carts.write",
    .access = EC_ACCESS_OWNER,
    .mode = EC_WRITE,
    .result = &ec_cart_entity,
    .run = run_add,
    .fingerprint = fingerprint_add,
};

ec_status ec_cart_add(ec_session *session, ec_id cart_id, ec_id variant_id, int64_t quantity,
                      int64_t expected_price, ec_cart **out)
{
    ec_cart_line line = {variant_id, quantity, expected_price};
    change c = {.cart_id = cart_id, .lines = &line, .count = 1};
    return ec_call(session, &op_add, &c, (void **)out);
}

ec_status ec_cart_add_lines(ec_session *session, ec_id cart_id, const ec_cart_line *lines,
                            size_t count, ec_cart **out)
{
    change c = {.cart_id = cart_id, .lines = lines, .count = count, .several = true};
    return ec_call(session, &op_add, &c, (void **)out);
}

/* ---- one item ---- */

typedef struct item_args {
    ec_id cart_id;
    ec_id item_id;
    int64_t quantity;
} item_args;

static void fingerprint_item(const void *ctx, ec_json_writer *json)
{
    const item_args *args = ctx;
    ec_json_array(json);
    ec_json_int(json, args->cart_id);
    ec_json_int(json, args->item_id);
    ec_json_int(json, args->quantity);
    ec_json_array_end(json);
}

static ec_status remove_item(ec_session *session, const item_args *args)
{
    int64_t affected = 0;
    ec_status status = ec_exec(session, "DELETE FROM cart_items WHERE id = ? AND cart_id = ?",
                               ec_args(ec_int(args->item_id), ec_int(args->cart_id)), &affected);
    if (status == EC_OK && affected == 0)
        return ec_fail(session, EC_NOT_FOUND, "The cart has no such item.");
    return status;
}

static const ec_cart_item *item_by_id(const ec_cart *cart, ec_id id)
{
    for (size_t i = 0; i < cart->items_count; i++)
        if (cart->items[i].id == id) return &cart->items[i];
    return NULL;
}

static ec_status set_item(ec_session *session, const item_args *args, void **result)
{
    ec_loaded_cart *before = ec_arena_alloc(ec_scratch(session), sizeof(*before));
    ec_loaded_cart *after = ec_arena_alloc(ec_scratch(session), sizeof(*after));
    if (before == NULL || after == NULL) return ec_fail_memory(session);
    ec_status status = ec_cart_load_open(session, args->cart_id, before);
    if (status != EC_OK) return status;
    const ec_cart_item *item = item_by_id(&before->cart, args->item_id);
    if (item == NULL) return ec_fail(session, EC_NOT_FOUND, "The cart has no such item.");
    ec_cart_line line = {item->variant_id, args->quantity, -1};
    change c = {.cart_id = args->cart_id, .lines = &line, .count = 1};
    bool fewer = args->quantity <= item->quantity;
    status = ec_cart_store(session, "quantity", &args->item_id, &args->quantity, 1);
    if (status == EC_OK) status = ec_cart_touch(session, args->cart_id);
    if (status == EC_OK) status = ec_cart_load(session, args->cart_id, after);
    if (status == EC_OK) status = ec_cart_remember(session, after);
    if (status != EC_OK) return status;
    *result = &after->cart;
    item = item_by_id(&after->cart, args->item_id);
    if (item == NULL) return ec_fail(session, EC_CORRUPT, "An item vanished from the cart.");
    if (fewer && (!item->is_available || !is_known(before, &line)))
        return EC_OK; /* less of what cannot be had is always a step in the right direction */
    status = judge(session, &c, before, after);
    if (status == EC_OUT_OF_STOCK && fewer) {
        ec_forgive(session);
        return EC_OK;
    }
    if (status == EC_OK) drop_notices(&c, before, &after->cart);
    return status;
}

static ec_status run_set(ec_session *session, void *ctx, void **result)
{
    const item_args *args = ctx;
    ec_loaded_cart *loaded = NULL;
    if (args->quantity < 0 || args->quantity > EC_LINE_QUANTITY_MAX)
        return ec_fail_field(session, EC_INVALID, "quantity", args->quantity < 0 ? "min" : "max",
                             "A quantity is 1 to %d, or 0 to remove the item.",
                             EC_LINE_QUANTITY_MAX);
    if (args->quantity > 0) return set_item(session, args, result);
    loaded = ec_arena_alloc(ec_scratch(session), sizeof(*loaded));
    if (loaded == NULL) return ec_fail_memory(session);
    ec_status status = ec_cart_load_open(session, args->cart_id, loaded);
    if (status == EC_OK) status = remove_item(session, args);
    if (status == EC_OK) status = ec_cart_touch(session, args->cart_id);
    return status == EC_OK ? ec_cart_answer_changed(session, args->cart_id, result) : status;
}

ec_status ec_cart_set(ec_session *session, ec_id cart_id, ec_id item_id, int64_t quantity,
                      ec_cart **out)
{
    static const ec_op op = {
        .name = "cart.set",
        .permission = "carts.write",
        .access = EC_ACCESS_OWNER,
        .mode = EC_WRITE,
        .result = &ec_cart_entity,
        .run = run_set,
        .fingerprint = fingerprint_item,
    };
    item_args args = {cart_id, item_id, quantity};
    return ec_call(session, &op, &args, (void **)out);
}

ec_status ec_cart_remove(ec_session *session, ec_id cart_id, ec_id item_id, ec_cart **out)
{
    static const ec_op op = {
        .name = "cart.remove",
        .permission = "carts.write",
        .access = EC_ACCESS_OWNER,
        .mode = EC_WRITE,
        .result = &ec_cart_entity,
        .run = run_set,
        .fingerprint = fingerprint_item,
    };
    item_args args = {cart_id, item_id, 0};
    return ec_call(session, &op, &args, (void **)out);
}

/* ---- all items ---- */

static void fingerprint_cart(const void *ctx, ec_json_writer *json)
{
    ec_json_int(json, *(const ec_id *)ctx);
}

static ec_status run_clear(ec_session *session, void *ctx, void **result)
{
    ec_id id = *(const ec_id *)ctx;
    ec_loaded_cart *loaded = ec_arena_alloc(ec_scratch(session), sizeof(*loaded));
    if (loaded == NULL) return ec_fail_memory(session);
    ec_status status = ec_cart_load_open(session, id, loaded);
    if (status != EC_OK) return status;
    status =
        ec_exec(session, "DELETE FROM cart_items WHERE cart_id = ?", ec_args(ec_int(id)), NULL);
    if (status == EC_OK) status = ec_cart_touch(session, id);
    return status == EC_OK ? ec_cart_answer_changed(session, id, result) : status;
}

ec_status ec_cart_clear(ec_session *session, ec_id cart_id, ec_cart **out)
{
    static const ec_op op = {
        .name = "cart.clear",
        .permission = "carts.write",
        .access = EC_ACCESS_OWNER,
        .mode = EC_WRITE,
        .result = &ec_cart_entity,
        .run = run_clear,
        .fingerprint = fingerprint_cart,
    };
    return ec_call(session, &op, &cart_id, (void **)out);
}

static ec_status run_acknowledge(ec_session *session, void *ctx, void **result)
{
    ec_id id = *(const ec_id *)ctx;
    size_t changed = 0;
    ec_loaded_cart *loaded = ec_arena_alloc(ec_scratch(session), sizeof(*loaded));
    if (loaded == NULL) return ec_fail_memory(session);
    ec_status status = ec_cart_load(session, id, loaded);
    if (status == EC_OK) status = ec_cart_fail_state(session, &loaded->cart);
    if (status == EC_OK) status = ec_cart_store_prices(session, loaded, &changed);
    if (status == EC_OK) status = ec_cart_touch(session, id);
    return status == EC_OK ? ec_cart_answer_changed(session, id, result) : status;
}

ec_status ec_cart_acknowledge(ec_session *session, ec_id cart_id, ec_cart **out)
{
    static const ec_op op = {
        .name = "cart.acknowledge",
        .permission = "carts.write",
        .access = EC_ACCESS_OWNER,
        .mode = EC_WRITE,
        .result = &ec_cart_entity,
        .run = run_acknowledge,
        .fingerprint = fingerprint_cart,
    };
    return ec_call(session, &op, &cart_id, (void **)out);
}
