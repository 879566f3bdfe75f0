/* SPDX-License-Identifier: MIT */
/*
 * merge.c - a visitor's cart becomes the customer's at login.
 *
 * The channel's policy decides what the customer's cart holds afterwards; whatever it does not
 * hold any more is written into the event "cart.merged", and the visitor's cart keeps its items as
 * it was. It refuses carts that are being paid, and asks no stock: what is short is told by the
 * notices.
 */
#include <string.h>

#include "base/hash.h"
#include "cart/cart.h"
#include "cart/find.h"

/* An item of the cart to be. */
typedef struct merged_item {
    ec_id variant_id;
    int64_t quantity;
    int64_t shown;
} merged_item;

typedef struct merging {
    ec_session *session;
    const ec_loaded_cart *guest;
    const ec_loaded_cart *own;
    merged_item *items;
    size_t count;
    ec_buf lost; /* JSON array of what goes */
    ec_json_writer json;
} merging;

static void lose(merging *m, const char *whose, ec_id variant_id, int64_t quantity)
{
    ec_json_object(&m->json);
    ec_json_key(&m->json, "cart");
    ec_json_text(&m->json, whose);
    ec_json_key(&m->json, "variant_id");
    ec_json_int(&m->json, variant_id);
    ec_json_key(&m->json, "quantity");
    ec_json_int(&m->json, quantity);
    ec_json_object_end(&m->json);
}

static void take(merging *m, const ec_loaded_cart *from, const char *whose)
{
    for (size_t i = 0; i < from->cart.items_count; i++) {
        const ec_cart_item *item = &from->cart.items[i];
        if (m->count == EC_CART_LINES_MAX) {
            lose(m, whose, item->variant_id, item->quantity);
            continue;
        }
        m->items[m->count++] =
            (merged_item){item->variant_id, item->quantity, from->lines[i].shown};
    }
}

static void lose_all(merging *m, const ec_loaded_cart *from, const char *whose)
{
    for (size_t i = 0; i < from->cart.items_count; i++)
        lose(m, whose, from->cart.items[i].variant_id, from->cart.items[i].quantity);
}

/* Two items of one variant: one of them. */
static void join(merging *m, merged_item *item, const ec_cart_item *other, bool highest)
{
    int64_t sum = item->quantity + other->quantity;
    int64_t kept = highest ? (item->quantity > other->quantity ? item->quantity : other->quantity)
                           : (sum > EC_LINE_QUANTITY_MAX ? EC_LINE_QUANTITY_MAX : sum);
    if (kept < sum) lose(m, highest ? "lower" : "visitor", item->variant_id, sum - kept);
    item->quantity = kept;
}

static void combine(merging *m, bool highest)
{
    take(m, m->own, "customer");
    size_t own = m->count;
    for (size_t i = 0; i < m->guest->cart.items_count; i++) {
        const ec_cart_item *item = &m->guest->cart.items[i];
        size_t at = 0;
        while (at < own && m->items[at].variant_id != item->variant_id)
            at++;
        if (at < own) {
            join(m, &m->items[at], item, highest);
        } else if (m->count == EC_CART_LINES_MAX) {
            lose(m, "visitor", item->variant_id, item->quantity);
        } else {
            m->items[m->count++] =
                (merged_item){item->variant_id, item->quantity, m->guest->lines[i].shown};
        }
    }
}

static void decide(merging *m)
{
    switch (m->own->merge_policy) {
    case EC_MERGE_ADD: combine(m, false); break;
    case EC_MERGE_KEEP_HIGHEST: combine(m, true); break;
    case EC_MERGE_USE_GUEST:
        if (m->guest->cart.items_count > 0) {
            take(m, m->guest, "visitor");
            lose_all(m, m->own, "customer");
        } else {
            take(m, m->own, "customer");
        }
        break;
    case EC_MERGE_USE_CUSTOMER:
        if (m->own->cart.items_count > 0) {
            take(m, m->own, "customer");
            lose_all(m, m->guest, "visitor");
        } else {
            take(m, m->guest, "visitor");
        }
        break;
    }
}

static ec_status write_items(merging *m)
{
    ec_session *session = m->session;
    ec_id cart_id = m->own->cart.id;
    ec_time now = ec_now(session);
    ec_status status = ec_exec(session, "DELETE FROM cart_items WHERE cart_id = ?",
                               ec_args(ec_int(cart_id)), NULL);
    if (status != EC_OK || m->count == 0) return status;
    ec_value *values = ec_arena_array(ec_scratch(session), 6 * m->count, sizeof(*values));
    if (values == NULL) return ec_fail_memory(session);
    for (size_t i = 0; i < m->count; i++) {
        ec_value *row = values + 6 * i;
        row[0] = ec_int(cart_id);
        row[1] = ec_int(m->items[i].variant_id);
        row[2] = ec_int(m->items[i].quantity);
        row[3] = ec_int(m->items[i].shown);
        row[4] = ec_int(now);
        row[5] = ec_int(now);
    }
    const char *sql =
        ec_cart_sql(session,
                    "INSERT INTO cart_items (cart_id, variant_id, quantity, unit_price,"
                    " created_at, updated_at) VALUES ",
                    "(?, ?, ?, ?, ?, ?)", m->count, "");
    return ec_exec(session, sql, values, 6 * m->count, NULL);
}

/* What the visitor chose stays, where the customer chose nothing. */
static ec_status take_terms(ec_session *session, const ec_loaded_cart *guest, ec_id own)
{
    const ec_cart *cart = &guest->cart;
    if (guest->codes == NULL && guest->ship_to == NULL && guest->bill_to == NULL &&
        cart->shipping_method == NULL && cart->payment_method == NULL)
        return EC_OK;
    return ec_exec(session,
                   "UPDATE carts SET coupons = COALESCE(coupons, ?),"
                   " shipping_address = COALESCE(shipping_address, ?),"
                   " billing_address = COALESCE(billing_address, ?),"
                   " shipping_method = COALESCE(shipping_method, ?),"
                   " payment_method = COALESCE(payment_method, ?) WHERE id = ?",
                   ec_args(ec_text(guest->codes), ec_text(guest->ship_to), ec_text(guest->bill_to),
                           ec_text(cart->shipping_method), ec_text(cart->payment_method),
                           ec_int(own)),
                   NULL);
}

static ec_status end_guest(ec_session *session, ec_id id)
{
    return ec_exec(session,
                   "UPDATE carts SET status = 'merged', version = version + 1, updated_at = ?"
                   " WHERE id = ? AND status = 'open'",
                   ec_args(ec_int(ec_now(session)), ec_int(id)), NULL);
}

static ec_status emit(ec_session *session, ec_id own, ec_id guest, const char *lost)
{
    const char *data =
        ec_arena_printf(ec_scratch(session), "{\"from\":%lld,\"lost\":%s}", (long long)guest, lost);
    return data == NULL ? ec_fail_memory(session)
                        : ec_emit(session, "cart", own, "cart.merged", data);
}

static ec_status merge_both(ec_session *session, const ec_loaded_cart *guest,
                            const ec_loaded_cart *own)
{
    merging m = {.session = session, .guest = guest, .own = own};
    m.items = ec_arena_array(ec_scratch(session), EC_CART_LINES_MAX, sizeof(*m.items));
    if (m.items == NULL) return ec_fail_memory(session);
    ec_buf_init(&m.lost, ec_session_platform(session), EC_JSON_SIZE_MAX);
    ec_json_begin(&m.json, &m.lost);
    ec_json_array(&m.json);
    decide(&m);
    ec_json_array_end(&m.json);
    ec_status status = m.lost.status == EC_OK ? write_items(&m) : ec_fail_memory(session);
    if (status == EC_OK) status = take_terms(session, guest, own->cart.id);
    if (status == EC_OK) status = end_guest(session, guest->cart.id);
    if (status == EC_OK) status = ec_cart_touch(session, own->cart.id);
    if (status == EC_OK) status = emit(session, own->cart.id, guest->cart.id, ec_buf_text(&m.lost));
    ec_buf_clear(&m.lost);
    return status;
}

/* The customer has no cart: the visitor's changes hands, and its secret opens nothing any more. */
static ec_status hand_over(ec_session *session, ec_id guest)
{
    char token[EC_TOKEN_TEXT], digest[EC_SHA256_HEX];
    ec_token_make(ec_session_platform(session), token);
    ec_sha256_hex(token, strlen(token), digest);
    ec_status status =
        ec_exec(session,
                "UPDATE carts SET user_id = ?, token_hash = ?, version = version + 1,"
                " updated_at = ? WHERE id = ?",
                ec_args(ec_int(ec_session_user(session)), ec_text(digest), ec_int(ec_now(session)),
                        ec_int(guest)),
                NULL);
    return status == EC_OK ? emit(session, guest, guest, "[]") : status;
}

static ec_status load_open(ec_session *session, ec_id id, ec_loaded_cart **out)
{
    *out = ec_arena_alloc(ec_scratch(session), sizeof(**out));
    return *out == NULL ? ec_fail_memory(session) : ec_cart_load_open(session, id, *out);
}

static ec_status run_merge(ec_session *session, void *ctx, void **result)
{
    (void)ctx;
    ec_id guest_id = 0, own_id = 0;
    char token[EC_TOKEN_TEXT];
    ec_loaded_cart *guest = NULL, *own = NULL;
    if (ec_session_actor(session) != EC_ACTOR_CUSTOMER)
        return ec_fail(session, EC_STATE, "Only a signed-in customer takes a visitor's cart over.");
    ec_status found_guest = ec_cart_of_token(session, &guest_id);
    if (found_guest != EC_OK && found_guest != EC_NOT_FOUND) return found_guest;
    ec_status found_own = ec_cart_of_user(session, ec_session_user(session), &own_id);
    if (found_own != EC_OK && found_own != EC_NOT_FOUND) return found_own;
    ec_status status = EC_OK;
    if (found_guest == EC_OK && (status = load_open(session, guest_id, &guest)) != EC_OK)
        return status;
    if (found_own == EC_OK && guest != NULL) {
        if ((status = load_open(session, own_id, &own)) != EC_OK) return status;
        status = merge_both(session, guest, own);
    } else if (guest != NULL) {
        own_id = guest_id;
        status = hand_over(session, guest_id);
    } else if (found_own == EC_NOT_FOUND) {
        status = ec_cart_insert(session, ec_session_user(session), &own_id, token);
    }
    return status == EC_OK ? ec_cart_answer_changed(session, own_id, result) : status;
}

static void fingerprint_merge(const void *args, ec_json_writer *json)
{
    (void)args;
    ec_json_null(json);
}

ec_status ec_cart_merge(ec_session *session, ec_cart **out)
{
    static const ec_op op = {
        .name = "cart.merge",
        .permission = "carts.write",
        .access = EC_ACCESS_OWNER,
        .mode = EC_WRITE,
        .result = &ec_cart_entity,
        .run = run_merge,
        .fingerprint = fingerprint_merge,
    };
    return ec_call(session, &op, NULL, (void **)out);
}
