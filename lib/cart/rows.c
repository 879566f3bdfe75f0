/* SPDX-License-Identifier: MIT */
/*
 * rows.c - the few statements that change carts and their items, each for any number of rows.
 *
 * They take the caller's word for what may be changed, but for one thing: only an open cart is ever
 * touched.
 */
#include <string.h>

#include "base/hash.h"
#include "cart/cart.h"

const char *ec_cart_sql(ec_session *session, const char *head, const char *item, size_t count,
                        const char *tail)
{
    ec_buf buf;
    ec_buf_init(&buf, ec_session_platform(session), 1u << 20);
    ec_buf_puts(&buf, head);
    for (size_t i = 0; i < count; i++) {
        if (i > 0) ec_buf_puts(&buf, ", ");
        ec_buf_puts(&buf, item);
    }
    ec_buf_puts(&buf, tail);
    const char *sql = buf.status == EC_OK
                          ? ec_arena_text(ec_scratch(session), ec_buf_text(&buf), buf.length)
                          : NULL;
    ec_buf_clear(&buf);
    if (sql == NULL) ec_scratch(session)->failed = true;
    return sql;
}

ec_status ec_cart_touch(ec_session *session, ec_id id)
{
    int64_t affected = 0, expires = 0;
    ec_time now = ec_now(session);
    if (__builtin_add_overflow(now, ec_cart_ttl_ms(session), &expires)) expires = INT64_MAX;
    ec_status status = ec_exec(session,
                               "UPDATE carts SET version = version + 1, updated_at = ?,"
                               " expires_at = ? WHERE id = ? AND status = 'open'",
                               ec_args(ec_int(now), ec_int(expires), ec_int(id)), &affected);
    if (status == EC_OK && affected == 0)
        return ec_fail(session, EC_STATE, "The cart is not open any more.");
    return status;
}

ec_status ec_cart_store(ec_session *session, const char *column, const ec_id *items,
                        const int64_t *values, size_t count)
{
    ec_buf sql;
    if (count == 0) return EC_OK;
    ec_value *bound = ec_arena_array(ec_scratch(session), 3 * count + 1, sizeof(*bound));
    if (bound == NULL) return ec_fail_memory(session);
    size_t n = 0;
    ec_buf_init(&sql, ec_session_platform(session), 1u << 20);
    ec_buf_printf(&sql, "UPDATE cart_items SET %s = CASE id", column);
    for (size_t i = 0; i < count; i++) {
        ec_buf_puts(&sql, " WHEN ? THEN ?");
        bound[n++] = ec_int(items[i]);
        bound[n++] = ec_int(values[i]);
    }
    ec_buf_puts(&sql, " END, updated_at = ? WHERE id IN (");
    bound[n++] = ec_int(ec_now(session));
    for (size_t i = 0; i < count; i++) {
        ec_buf_puts(&sql, i == 0 ? "?" : ", ?");
        bound[n++] = ec_int(items[i]);
    }
    ec_buf_puts(&sql, ")");
    ec_status status = sql.status == EC_OK ? ec_exec(session, ec_buf_text(&sql), bound, n, NULL)
                                           : ec_fail_memory(session);
    ec_buf_clear(&sql);
    return status;
}

ec_status ec_cart_store_prices(ec_session *session, const ec_loaded_cart *loaded, size_t *changed)
{
    const ec_cart *cart = &loaded->cart;
    ec_id *ids = ec_arena_array(ec_scratch(session), cart->items_count, sizeof(*ids));
    int64_t *prices = ec_arena_array(ec_scratch(session), cart->items_count, sizeof(*prices));
    if (ids == NULL || prices == NULL) return ec_fail_memory(session);
    *changed = 0;
    for (size_t i = 0; i < cart->items_count; i++) {
        if (!cart->items[i].is_available || loaded->lines[i].shown == loaded->lines[i].price)
            continue;
        ids[*changed] = cart->items[i].id;
        prices[(*changed)++] = loaded->lines[i].price;
    }
    return ec_cart_store(session, "unit_price", ids, prices, *changed);
}

ec_status ec_cart_insert(ec_session *session, ec_id user_id, ec_id *id, char *token)
{
    char digest[EC_SHA256_HEX];
    int64_t expires = 0;
    ec_time now = ec_now(session);
    const ec_channel_facts *channel = ec_session_facts(session);
    ec_token_make(ec_session_platform(session), token);
    ec_sha256_hex(token, strlen(token), digest);
    if (__builtin_add_overflow(now, ec_cart_ttl_ms(session), &expires)) expires = INT64_MAX;
    return ec_insert_row(session,
                         "INSERT INTO carts (token_hash, user_id, channel_id, currency, status,"
                         " expires_at, version, created_at, updated_at)"
                         " VALUES (?, ?, ?, ?, 'open', ?, 1, ?, ?)",
                         ec_args(ec_text(digest), ec_ref(user_id), ec_int(channel->id),
                                 ec_text(channel->currency), ec_int(expires), ec_int(now),
                                 ec_int(now)),
                         id);
}
