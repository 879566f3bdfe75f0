/* SPDX-License-Identifier: MIT */
/*
 * load.c - a cart with all that decides about it, in one SELECT.
 *
 * Each row is an item in a warehouse that serves the cart's channel. From them come items, present
 * prices and what is available; figures.c computes the rest. It changes nothing; prices that were
 * last shown are only compared, never charged.
 */
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "cart/cart.h"
#include "catalog/price_rule.h"

/* Columns of the query below. */
enum {
    C_ID,
    C_VERSION,
    C_CREATED,
    C_UPDATED,
    C_EXPIRES,
    C_USER,
    C_CHANNEL,
    C_CURRENCY,
    C_STATUS,
    C_EMAIL,
    C_NOTE,
    C_KEY,
    C_FROZEN,
    C_TOKEN,
    C_STRATEGY,
    C_MERGE,
    C_USER_EMAIL,
    C_ORDER,
    C_PREFIX,
    C_NUMBER,
    C_ATTEMPTS,
    C_SHIP_TO,
    C_BILL_TO,
    C_METHOD,
    C_PAYMENT,
    C_COUPONS,
    C_DISCOUNT,
    C_RULES,
    C_ROLE,
    I_ID,
    I_VARIANT,
    I_QUANTITY,
    I_SHOWN,
    I_SHOWN_AT,
    V_PRODUCT,
    V_SKU,
    V_NAME,
    P_NAME,
    P_IMAGE,
    P_BRAND,
    P_TYPE,
    V_TAX,
    V_CATEGORY,
    V_COST,
    V_WEIGHT,
    V_LENGTH,
    V_WIDTH,
    V_HEIGHT,
    V_TAXABLE,
    V_COMPARE,
    V_MINIMUM,
    V_PRICE,
    V_SOLD,
    V_SHIPPING,
    V_TRACKED,
    V_BACKORDER,
    W_ID,
    S_ID,
    S_AVAILABLE,
    S_REORDER
};

#define BEST                                                                                       \
    EC_PRICE_RULE("c.channel_id", "v.id", "i.quantity", "c.currency", "c.user_id",                 \
                  "ch.price_list_id")

static const char query[] =
    "SELECT c.id, c.version, c.created_at, c.updated_at, c.expires_at, c.user_id, c.channel_id,"
    " c.currency, c.status, c.email, c.note, c.checkout_key, c.checkout, c.token_hash,"
    " ch.stock_strategy, ch.merge_policy, u.email, o.id, n.prefix, n.next_number,"
    " (SELECT COUNT(*) FROM payments y WHERE y.cart_id = c.id),"
    " c.shipping_address, c.billing_address, c.shipping_method, c.payment_method, c.coupons,"
    " c.shown_discount, (SELECT version FROM rule_versions WHERE id = 1), u.role,"
    " i.id, i.variant_id, i.quantity, i.unit_price, i.updated_at, v.product_id, v.sku, v.name,"
    " p.name,"
    " COALESCE(g.url, (SELECT h.url FROM product_images h WHERE h.product_id = v.product_id"
    "  ORDER BY h.position, h.id LIMIT 1)),"
    " p.brand_id, p.type, v.tax_code, v.shipping_category, v.cost_price, v.weight, v.length,"
    " v.width, v.height, v.taxable,"
    " CASE WHEN r.id IS NOT NULL THEN r.compare_amount ELSE v.compare_price END,"
    " r.minimum_amount, COALESCE(r.amount, CASE WHEN p.currency = c.currency THEN v.price END),"
    " CASE WHEN v.is_active = 1 AND p.status = 'active' AND ch.is_active = 1"
    "  AND (p.published_at IS NULL OR p.published_at <= ?)"
    "  AND (p.unpublished_at IS NULL OR p.unpublished_at > ?) THEN 1 ELSE 0 END,"
    " v.requires_shipping, v.tracked, v.backorder, w.id, s.id,"
    " COALESCE(s.on_hand - s.committed - s.damaged - s.safety_stock, 0),"
    " COALESCE(s.reorder_point, 0)"
    " FROM carts c JOIN channels ch ON ch.id = c.channel_id"
    " LEFT JOIN users u ON u.id = c.user_id"
    " LEFT JOIN orders o ON o.cart_id = c.id"
    " LEFT JOIN number_series n ON n.name = 'order'"
    " LEFT JOIN cart_items i ON i.cart_id = c.id"
    " LEFT JOIN product_variants v ON v.id = i.variant_id"
    " LEFT JOIN products p ON p.id = v.product_id"
    " LEFT JOIN product_images g ON g.id = v.image_id"
    " LEFT JOIN prices r ON r.id = " BEST
    " LEFT JOIN warehouses w ON w.is_active = 1 AND v.tracked = 1"
    "  AND (EXISTS (SELECT 1 FROM channel_warehouses a"
    "  WHERE a.channel_id = c.channel_id AND a.warehouse_id = w.id)"
    "  OR NOT EXISTS (SELECT 1 FROM channel_warehouses b WHERE b.channel_id = c.channel_id))"
    " LEFT JOIN channel_warehouses cw ON cw.channel_id = c.channel_id AND cw.warehouse_id = w.id"
    " LEFT JOIN inventory s ON s.variant_id = v.id AND s.warehouse_id = w.id"
    " WHERE c.id = ? ORDER BY i.id, COALESCE(cw.priority, w.priority), w.id";

/* Items and places while their number is not known. */
typedef struct growing {
    ec_session *session;
    ec_stmt *stmt;
    ec_loaded_cart *out;
    size_t capacity;
    ec_stock_place *places; /* of all candidates, in their order */
    size_t places_count, places_capacity;
} growing;

static void *grown(ec_session *session, void *old, size_t count, size_t capacity, size_t size)
{
    void *bigger = ec_arena_array(ec_scratch(session), capacity, size);
    if (bigger != NULL && count > 0) memcpy(bigger, old, count * size);
    return bigger;
}

static bool make_room(growing *g)
{
    ec_loaded_cart *out = g->out;
    size_t count = out->cart.items_count;
    if (count < g->capacity) return true;
    g->capacity = g->capacity == 0 ? 16 : g->capacity * 2;
    out->cart.items =
        grown(g->session, out->cart.items, count, g->capacity, sizeof(*out->cart.items));
    out->lines = grown(g->session, out->lines, count, g->capacity, sizeof(*out->lines));
    out->supply.items =
        grown(g->session, out->supply.items, count, g->capacity, sizeof(*out->supply.items));
    return out->cart.items != NULL && out->lines != NULL && out->supply.items != NULL;
}

static int enum_value(const char *const *names, const char *name)
{
    int value = 0;
    while (name != NULL && names[value] != NULL && strcmp(names[value], name) != 0)
        value++;
    return name == NULL || names[value] == NULL ? 0 : value;
}

static void read_head(ec_session *session, ec_stmt *stmt, ec_loaded_cart *out)
{
    ec_cart *cart = &out->cart;
    cart->id = ec_col_int(stmt, C_ID);
    cart->version = ec_col_int(stmt, C_VERSION);
    cart->created_at = ec_col_int(stmt, C_CREATED);
    cart->updated_at = ec_col_int(stmt, C_UPDATED);
    cart->expires_at = ec_col_int(stmt, C_EXPIRES);
    cart->user_id = ec_col_int(stmt, C_USER);
    cart->channel_id = ec_col_int(stmt, C_CHANNEL);
    cart->order_id = ec_col_int(stmt, C_ORDER);
    cart->currency = ec_col_text(session, stmt, C_CURRENCY);
    cart->email = ec_col_text(session, stmt, C_EMAIL);
    cart->note = ec_col_text(session, stmt, C_NOTE);
    cart->status =
        (ec_cart_status)enum_value(ec_cart_status_names, ec_col_text(session, stmt, C_STATUS));
    out->checkout_key = ec_col_text(session, stmt, C_KEY);
    out->frozen = ec_col_text(session, stmt, C_FROZEN);
    out->token_hash = ec_col_text(session, stmt, C_TOKEN);
    out->user_email = ec_col_text(session, stmt, C_USER_EMAIL);
    out->number_prefix = ec_col_text(session, stmt, C_PREFIX);
    out->next_number = ec_col_int(stmt, C_NUMBER);
    out->attempts = ec_col_int(stmt, C_ATTEMPTS);
    cart->shipping_method = ec_col_text(session, stmt, C_METHOD);
    cart->payment_method = ec_col_text(session, stmt, C_PAYMENT);
    out->ship_to = ec_col_text(session, stmt, C_SHIP_TO);
    out->bill_to = ec_col_text(session, stmt, C_BILL_TO);
    out->codes = ec_col_text(session, stmt, C_COUPONS);
    out->shown_discount = ec_col_int(stmt, C_DISCOUNT);
    out->rules_version = ec_col_int(stmt, C_RULES);
    out->user_role = ec_col_text(session, stmt, C_ROLE);
    out->stock_strategy = (ec_stock_strategy)enum_value(ec_stock_strategy_names,
                                                        ec_col_text(session, stmt, C_STRATEGY));
    out->merge_policy =
        (ec_merge_policy)enum_value(ec_merge_policy_names, ec_col_text(session, stmt, C_MERGE));
    if (cart->status == EC_CART_OPEN && cart->expires_at <= ec_now(session))
        cart->status = EC_CART_EXPIRED;
}

static void read_item(growing *g)
{
    ec_session *session = g->session;
    ec_stmt *stmt = g->stmt;
    size_t at = g->out->cart.items_count++;
    ec_loaded_line *line = &g->out->lines[at];
    line->price = ec_col_null(stmt, V_PRICE) ? -1 : ec_col_int(stmt, V_PRICE);
    line->shown = ec_col_int(stmt, I_SHOWN);
    line->shown_at = ec_col_int(stmt, I_SHOWN_AT);
    line->requires_shipping = ec_col_int(stmt, V_SHIPPING) != 0;
    line->tracked = ec_col_int(stmt, V_TRACKED) != 0;
    bool sold = ec_col_int(stmt, V_SOLD) != 0 && line->price >= 0;
    line->facts = (ec_pricing_line){
        .product_id = ec_col_int(stmt, V_PRODUCT),
        .variant_id = ec_col_int(stmt, I_VARIANT),
        .brand_id = ec_col_int(stmt, P_BRAND),
        .quantity = ec_col_int(stmt, I_QUANTITY),
        .price = line->price,
        .original_price = ec_col_int(stmt, V_COMPARE),
        .minimum_price = ec_col_int(stmt, V_MINIMUM),
        .cost_price = ec_col_int(stmt, V_COST),
        .weight = ec_col_int(stmt, V_WEIGHT),
        .length = ec_col_int(stmt, V_LENGTH),
        .width = ec_col_int(stmt, V_WIDTH),
        .height = ec_col_int(stmt, V_HEIGHT),
        .type = ec_col_text(session, stmt, P_TYPE),
        .tax_category = ec_col_text(session, stmt, V_TAX),
        .shipping_category = ec_col_text(session, stmt, V_CATEGORY),
        .taxable = ec_col_int(stmt, V_TAXABLE) != 0,
        .requires_shipping = line->requires_shipping,
    };
    g->out->cart.items[at] = (ec_cart_item){
        .id = ec_col_int(stmt, I_ID),
        .product_id = ec_col_int(stmt, V_PRODUCT),
        .variant_id = ec_col_int(stmt, I_VARIANT),
        .quantity = ec_col_int(stmt, I_QUANTITY),
        .unit_price = sold ? line->price : line->shown,
        .available = -1,
        .sku = ec_col_text(session, stmt, V_SKU),
        .name = ec_col_text(session, stmt, P_NAME),
        .variant_name = ec_col_text(session, stmt, V_NAME),
        .image_url = ec_col_text(session, stmt, P_IMAGE),
        .is_available = sold,
    };
    g->out->supply.items[g->out->supply.count++] = (ec_stock_candidate){
        .variant_id = ec_col_int(stmt, I_VARIANT),
        .tracked = line->tracked,
        .backorder = ec_col_int(stmt, V_BACKORDER) != 0,
    };
}

static ec_status read_place(growing *g)
{
    if (ec_col_null(g->stmt, W_ID)) return EC_OK;
    if (g->places_count == g->places_capacity) {
        g->places_capacity = g->places_capacity == 0 ? 32 : g->places_capacity * 2;
        g->places =
            grown(g->session, g->places, g->places_count, g->places_capacity, sizeof(*g->places));
        if (g->places == NULL) return ec_fail_memory(g->session);
    }
    g->places[g->places_count++] = (ec_stock_place){
        .warehouse_id = ec_col_int(g->stmt, W_ID),
        .inventory_id = ec_col_int(g->stmt, S_ID),
        .available = ec_col_int(g->stmt, S_AVAILABLE),
        .reorder_point = ec_col_int(g->stmt, S_REORDER),
    };
    g->out->supply.items[g->out->supply.count - 1].places_count++;
    return EC_OK;
}

static ec_status read_rows(growing *g)
{
    ec_status status = ec_row(g->session, g->stmt);
    if (status == EC_DONE) return EC_NOT_FOUND;
    if (status != EC_OK) return status;
    read_head(g->session, g->stmt, g->out);
    do {
        ec_id item = ec_col_int(g->stmt, I_ID);
        size_t count = g->out->cart.items_count;
        if (item == 0) continue; /* an empty cart */
        if (!make_room(g)) return ec_fail_memory(g->session);
        if (count == 0 || g->out->cart.items[count - 1].id != item) read_item(g);
        status = read_place(g);
        if (status != EC_OK) return status;
    } while ((status = ec_row(g->session, g->stmt)) == EC_OK);
    return status == EC_DONE ? EC_OK : status;
}

/* ---- what follows from the rows ---- */

static int by_variant(const void *a, const void *b)
{
    const ec_stock_candidate *one = a, *two = b;
    return one->variant_id < two->variant_id ? -1 : one->variant_id > two->variant_id;
}

static ec_status finish(growing *g)
{
    ec_loaded_cart *out = g->out;
    size_t place = 0;
    for (size_t i = 0; i < out->supply.count; i++) {
        ec_stock_candidate *candidate = &out->supply.items[i];
        candidate->places = candidate->places_count == 0 ? NULL : &g->places[place];
        place += candidate->places_count;
        if (!candidate->tracked || candidate->backorder) continue;
        int64_t available = 0;
        for (size_t k = 0; k < candidate->places_count; k++)
            if (candidate->places[k].available > 0) available += candidate->places[k].available;
        out->cart.items[i].available = available;
    }
    if (out->supply.count > 1)
        qsort(out->supply.items, out->supply.count, sizeof(*out->supply.items), by_variant);
    return ec_cart_read_terms(g->session, out);
}

ec_status ec_cart_read(ec_session *session, ec_id id, ec_loaded_cart *out)
{
    ec_time now = ec_now(session);
    growing g = {.session = session, .out = out};
    *out = (ec_loaded_cart){0};
    ec_status status = ec_query(session, query,
                                ec_args(ec_int(now), ec_int(now), ec_int(now), ec_int(now),
                                        ec_int(now), ec_int(now), ec_int(id)),
                                &g.stmt);
    if (status != EC_OK) return status;
    status = read_rows(&g);
    ec_done(session, g.stmt);
    if (status == EC_OK && ec_scratch(session)->failed) return ec_fail_memory(session);
    if (status == EC_NOT_FOUND ||
        (status == EC_OK && !ec_cart_is_own(session, out->cart.user_id, out->token_hash)))
        return ec_fail(session, EC_NOT_FOUND, "There is no such cart.");
    return status == EC_OK ? finish(&g) : status;
}

ec_status ec_cart_load(ec_session *session, ec_id id, ec_loaded_cart *out)
{
    ec_status status = ec_cart_read(session, id, out);
    return status == EC_OK ? ec_cart_price(session, NULL, out) : status;
}

ec_status ec_cart_fail_state(ec_session *session, const ec_cart *cart)
{
    switch (cart->status) {
    case EC_CART_OPEN: return EC_OK;
    case EC_CART_PAYING: return ec_fail(session, EC_STATE, "The cart is being paid.");
    case EC_CART_ORDERED: return ec_fail(session, EC_STATE, "The cart has become an order.");
    case EC_CART_MERGED: return ec_fail(session, EC_STATE, "The cart went into another one.");
    case EC_CART_EXPIRED: return ec_fail(session, EC_STATE, "The cart was left alone too long.");
    }
    return ec_fail(session, EC_CORRUPT, "The cart's state is not known.");
}

ec_status ec_cart_load_open(ec_session *session, ec_id id, ec_loaded_cart *out)
{
    ec_status status = ec_cart_load(session, id, out);
    /* too dear to be shown is no reason not to take something out again */
    if (status == EC_OVERFLOW) {
        ec_forgive(session);
        status = EC_OK;
    }
    return status == EC_OK ? ec_cart_fail_state(session, &out->cart) : status;
}

ec_status ec_cart_answer(ec_session *session, ec_id id, void **result)
{
    ec_loaded_cart *loaded = ec_arena_alloc(ec_scratch(session), sizeof(*loaded));
    if (loaded == NULL) return ec_fail_memory(session);
    ec_status status = ec_cart_load(session, id, loaded);
    *result = &loaded->cart;
    return status;
}

ec_status ec_cart_answer_changed(ec_session *session, ec_id id, void **result)
{
    ec_loaded_cart *loaded = ec_arena_alloc(ec_scratch(session), sizeof(*loaded));
    if (loaded == NULL) return ec_fail_memory(session);
    ec_status status = ec_cart_load(session, id, loaded);
    if (status == EC_OK) status = ec_cart_remember(session, loaded);
    *result = &loaded->cart;
    return status;
}

/* ---- whose it is ---- */

const char *ec_cart_token_hash(ec_session *session)
{
    char digest[EC_SHA256_HEX];
    const char *token = ec_session_token(session);
    if (token == NULL) return NULL;
    ec_sha256_hex(token, strlen(token), digest);
    return ec_arena_strdup(ec_scratch(session), digest);
}

bool ec_cart_is_own(const ec_session *session, ec_id user_id, const char *token_hash)
{
    char digest[EC_SHA256_HEX];
    const char *token = ec_session_token(session);
    if (ec_session_is_staff(session)) return true;
    if (user_id != 0)
        return ec_session_actor(session) == EC_ACTOR_CUSTOMER &&
               ec_session_user(session) == user_id;
    if (token == NULL || token_hash == NULL) return false;
    ec_sha256_hex(token, strlen(token), digest);
    return ec_digest_equal(digest, token_hash);
}
