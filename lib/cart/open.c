/* SPDX-License-Identifier: MIT */
/*
 * open.c - finding the session's cart, or making one; and reading a cart by its number.
 *
 * A customer has one open cart for each channel, a visitor the one whose secret the session holds.
 * A cart that is being paid is still that one. Looking comes first, so that a shopper who only
 * comes back writes nothing. It refuses sessions that are nobody's.
 */
#include "base/hash.h"
#include "cart/cart.h"
#include "cart/find.h"

ec_status ec_cart_of_user(ec_session *session, ec_id user_id, ec_id *id)
{
    ec_status status = ec_query_int(
        session,
        "SELECT id FROM carts WHERE user_id = ? AND channel_id = ?"
        " AND (status = 'paying' OR (status = 'open' AND expires_at > ?))"
        " ORDER BY id DESC LIMIT 1",
        ec_args(ec_int(user_id), ec_int(ec_session_channel(session)), ec_int(ec_now(session))), id);
    if (status == EC_NOT_FOUND) ec_forgive(session);
    return status;
}

ec_status ec_cart_of_token(ec_session *session, ec_id *id)
{
    const char *digest = ec_cart_token_hash(session);
    if (digest == NULL)
        return ec_session_token(session) == NULL ? EC_NOT_FOUND : ec_fail_memory(session);
    ec_status status = ec_query_int(
        session,
        "SELECT id FROM carts WHERE token_hash = ? AND user_id IS NULL AND channel_id = ?"
        " AND (status = 'paying' OR (status = 'open' AND expires_at > ?))",
        ec_args(ec_text(digest), ec_int(ec_session_channel(session)), ec_int(ec_now(session))), id);
    if (status == EC_NOT_FOUND) ec_forgive(session);
    return status;
}

static bool is_customer(const ec_session *session)
{
    return ec_session_actor(session) == EC_ACTOR_CUSTOMER;
}

static ec_status look(ec_session *session, ec_id *id)
{
    return is_customer(session) ? ec_cart_of_user(session, ec_session_user(session), id)
                                : ec_cart_of_token(session, id);
}

typedef struct open_args {
    bool found; /* out */
} open_args;

static ec_status run_look(ec_session *session, void *ctx, void **result)
{
    static const ec_cart none = {0};
    open_args *args = ctx;
    ec_id id = 0;
    ec_status status = look(session, &id);
    args->found = status == EC_OK;
    if (status == EC_OK) return ec_cart_answer(session, id, result);
    if (status != EC_NOT_FOUND) return status;
    *result = ec_entity_copy(ec_scratch(session), &ec_cart_entity, &none);
    return EC_OK;
}

static ec_status run_open(ec_session *session, void *ctx, void **result)
{
    (void)ctx;
    ec_id id = 0;
    char token[EC_TOKEN_TEXT];
    ec_status status = look(session, &id); /* another device may have been faster */
    if (status == EC_OK) return ec_cart_answer(session, id, result);
    if (status != EC_NOT_FOUND) return status;
    bool customer = is_customer(session);
    status = ec_cart_insert(session, customer ? ec_session_user(session) : 0, &id, token);
    if (status != EC_OK) return status;
    /* not ec_cart_answer: the session does not hold the new secret yet */
    ec_cart *cart = ec_arena_alloc(ec_scratch(session), sizeof(*cart));
    if (cart == NULL) return ec_fail_memory(session);
    status = ec_entity_get(session, &ec_cart_entity, id, cart);
    if (!customer) cart->token = ec_arena_strdup(ec_scratch(session), token);
    *result = cart;
    return status;
}

ec_status ec_cart_open(ec_session *session, ec_cart **out)
{
    static const ec_op op_look = {
        .name = "cart.look",
        .permission = "carts.write",
        .access = EC_ACCESS_ANY,
        .mode = EC_READ,
        .result = &ec_cart_entity,
        .run = run_look,
    };
    static const ec_op op_open = {
        .name = "cart.open",
        .permission = "carts.write",
        .access = EC_ACCESS_ANY,
        .mode = EC_WRITE,
        .result = &ec_cart_entity,
        .run = run_open, /* no idempotency key: a stored outcome would hold the secret */
    };
    open_args args = {0};
    ec_status status = ec_call(session, &op_look, &args, (void **)out);
    if (status != EC_OK || args.found) return status;
    ec_free(*out);
    return ec_call(session, &op_open, &args, (void **)out);
}

static ec_status run_get(ec_session *session, void *args, void **result)
{
    return ec_cart_answer(session, *(const ec_id *)args, result);
}

ec_status ec_cart_get(ec_session *session, ec_id id, ec_cart **out)
{
    static const ec_op op = {
        .name = "cart.get",
        .permission = "carts.read",
        .access = EC_ACCESS_OWNER,
        .mode = EC_READ,
        .result = &ec_cart_entity,
        .run = run_get,
    };
    return ec_call(session, &op, &id, (void **)out);
}
