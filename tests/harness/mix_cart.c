/* SPDX-License-Identifier: MIT */
/*
 * mix_cart.c - visitors and customers: carts, signing in, checkout.
 */
#include "harness/mix.h"
#include "harness/sale.h"

static ec_session *session_of(mix_worker *w, int64_t user, const char *token)
{
    ec_session *session = NULL;
    ec_session_options options = {.version = EC_SESSION_OPTIONS_VERSION,
                                  .actor = user != 0 ? EC_ACTOR_CUSTOMER : EC_ACTOR_GUEST,
                                  .user_id = user};
    if (ec_session_open(w->engine, &options, &session) != EC_OK) {
        w->b->wrong++;
        return NULL;
    }
    if (token && token[0] != '\0' && ec_session_cart_token(session, token) != EC_OK) {
        w->b->wrong++;
    }
    return session;
}

/* Let others see a new cart. */
static void publish(mix_worker *w, const ec_cart *cart, int64_t user)
{
    int at = w->b->slots++;
    if (at >= MIX_SLOTS) {
        w->b->slots--;
        return;
    }
    mix_slot *s = &w->b->slot[at];
    s->user = user;
    snprintf(s->token, sizeof s->token, "%s", cart->token ? cart->token : "");
    s->cart = cart->id;
}

static const unsigned cart_may = MAY(STATE) | MAY(NOT_FOUND) | MAY(OUT_OF_STOCK) | MAY(CHANGED);

static void put_in(mix_worker *w, ec_session *session, ec_id cart_id)
{
    ec_cart *cart = NULL;
    ec_status status =
        ec_cart_add(session, cart_id, mix_some_variant(w), 1 + mix_pick(w, 3), -1, &cart);
    (void)mix_did(w, session, "add", status, cart_may);
    ec_free(cart);
}

void mix_open(mix_worker *w)
{
    ec_cart *cart = NULL;
    int64_t customer = mix_luck(w, 30) ? mix_pick(w, MIX_CUSTOMERS) : -1;
    int64_t user = customer >= 0 ? w->b->users[customer] : 0;
    ec_session *session = session_of(w, user, NULL);
    if (!session) return;
    if (mix_did(w, session, "open", ec_cart_open(session, &cart), 0)) {
        bool is_new =
            customer < 0 || atomic_exchange(&w->b->customer_carts[customer], cart->id) != cart->id;
        if (cart->token && ec_session_cart_token(session, cart->token) != EC_OK) w->b->wrong++;
        put_in(w, session, cart->id);
        if (mix_luck(w, 50)) put_in(w, session, cart->id);
        if (is_new) publish(w, cart, user);
    }
    ec_free(cart);
    ec_session_close(session);
}

/* Codes, addresses, and how it will be paid. */
static void change_terms(mix_worker *w, ec_session *session, ec_id cart_id)
{
    ec_cart *after = NULL;
    unsigned may = cart_may | MAY(INVALID) | MAY(EXISTS) | MAY(LIMIT);
    switch (mix_pick(w, 4)) {
    case 0:
        (void)mix_did(w, session, "coupon remove",
                      ec_cart_coupon_remove(session, cart_id, "MIX", &after), may);
        break;
    case 1:
        (void)mix_did(w, session, "addresses",
                      ec_cart_set_addresses(session, cart_id,
                                            mix_luck(w, 70) ? &sale_address : NULL, NULL, &after),
                      may);
        break;
    default:
        (void)mix_did(w, session, "coupon add", ec_cart_coupon_add(session, cart_id, "mix", &after),
                      may);
        break;
    }
    ec_free(after);
}

static void change(mix_worker *w, ec_session *session, const ec_cart *cart)
{
    ec_cart *after = NULL;
    ec_id item =
        cart->items_count > 0 ? cart->items[mix_pick(w, (int64_t)cart->items_count)].id : 1;
    switch (mix_pick(w, 11)) {
    case 8:
    case 9: change_terms(w, session, cart->id); break;
    case 0:
        (void)mix_did(w, session, "remove", ec_cart_remove(session, cart->id, item, &after),
                      cart_may);
        break;
    case 1:
        if (mix_luck(w, 20))
            (void)mix_did(w, session, "clear", ec_cart_clear(session, cart->id, &after), cart_may);
        break;
    case 2:
        (void)mix_did(w, session, "acknowledge", ec_cart_acknowledge(session, cart->id, &after),
                      cart_may);
        break;
    case 3:
    case 4:
        (void)mix_did(w, session, "set",
                      ec_cart_set(session, cart->id, item, mix_pick(w, 5), &after), cart_may);
        break;
    default: put_in(w, session, cart->id); break;
    }
    ec_free(after);
}

void mix_change(mix_worker *w)
{
    ec_cart *cart = NULL;
    mix_slot *s = mix_some_slot(w);
    ec_session *session = s ? session_of(w, s->user, s->token) : NULL;
    if (!session) return;
    if (mix_did(w, session, "get", ec_cart_get(session, s->cart, &cart), MAY(NOT_FOUND)))
        change(w, session, cart);
    ec_free(cart);
    ec_session_close(session);
}

/* A visitor signs in. */
void mix_merge(mix_worker *w)
{
    ec_cart *cart = NULL, *merged = NULL;
    int64_t customer = mix_pick(w, MIX_CUSTOMERS);
    int64_t user = w->b->users[customer];
    ec_session *session = session_of(w, 0, NULL);
    if (!session) return;
    char token[80] = "";
    if (mix_did(w, session, "open", ec_cart_open(session, &cart), 0)) {
        snprintf(token, sizeof token, "%s", cart->token);
        (void)ec_session_cart_token(session, token);
        put_in(w, session, cart->id);
    }
    ec_session_close(session);
    session = session_of(w, user, token);
    if (session &&
        mix_did(w, session, "merge", ec_cart_merge(session, &merged), cart_may | MAY(LIMIT)) &&
        atomic_exchange(&w->b->customer_carts[customer], merged->id) != merged->id)
        publish(w, merged, user);
    ec_free(cart);
    ec_free(merged);
    if (session) ec_session_close(session);
}

/* ---- checkout ---- */

/* The same for everybody who asks for this cart. */
static ec_checkout_request request_for(const mix_board *b, const mix_slot *s, char *key,
                                       size_t size, ec_credit_tender *credit)
{
    static const char *const tokens[] = {"tok_ok", "tok_ok",           "tok_ok",
                                         "tok_ok", "tok_declined",     "tok_timeout_before",
                                         "tok_ok", "tok_timeout_after"};
    ec_checkout_request request = EC_CHECKOUT_REQUEST_INIT;
    uint64_t cart = (uint64_t)s->cart;
    snprintf(key, size, "checkout-%llu", (unsigned long long)cart);
    *credit = (ec_credit_tender){.code = b->codes[cart % MIX_CARDS], .amount = 300};
    request.cart_id = s->cart;
    request.key = key;
    request.email = "ana@example.com";
    request.shipping_address = &sale_address;
    switch (cart % 4) {
    case 0: break;
    case 1: /* here the tally needs an answer: it is taken by hand where it is not sure */
        request.payment_provider = "manual";
        request.capture = cart % 8 == 1;
        request.payment_token = request.capture ? "tok_ok" : tokens[cart / 8 % 8];
        break;
    default:
        request.payment_provider = "bank";
        request.capture = cart / 4 % 2 == 0;
        request.payment_token = tokens[cart / 8 % 8];
        break;
    }
    if (request.payment_provider) request.payment_method = "card";
    request.credits = credit;
    request.credits_count = cart % 5 == 4;
    return request;
}

/* What the checkout itself took; staff may have taken more since. */
static int64_t taken_by_checkout(const ec_payment *payment)
{
    int64_t taken = 0;
    for (size_t i = 0; i < payment->transactions_count; i++) {
        const ec_payment_transaction *t = &payment->transactions[i];
        if (t->kind == EC_TRANSACTION_CAPTURE && t->status == EC_TRANSACTION_SUCCEEDED &&
            strncmp(t->attempt_key, "checkout-", 9) == 0)
            taken += t->amount;
    }
    return taken;
}

static void tally_checkout(mix_worker *w, mix_slot *s, const ec_order *order)
{
    int64_t taken = 0;
    s->order = order->id;
    for (size_t i = 0; i < order->payments_count; i++)
        if (strcmp(order->payments[i].provider, "manual") == 0)
            taken += taken_by_checkout(&order->payments[i]);
    if (taken > 0 && !atomic_exchange(&s->counted, true)) w->b->taken_manual += taken;
}

void mix_checkout(mix_worker *w)
{
    char key[64];
    ec_order *order = NULL;
    mix_slot *s = mix_some_slot(w);
    ec_session *session = s ? session_of(w, s->user, s->token) : NULL;
    if (!session) return;
    ec_credit_tender credit;
    ec_checkout_request request = request_for(w->b, s, key, sizeof key, &credit);
    if (mix_luck(w, 3)) request.key = "another";
    if (mix_luck(w, 10)) request.expected_total = 1000;
    unsigned may = MAY(STATE) | MAY(OUT_OF_STOCK) | MAY(CHANGED) | MAY(DECLINED) | MAY(UNKNOWN) |
                   MAY(NOT_FOUND) | MAY(KEY_REUSED);
    if (request.credits_count > 0) may |= MAY(INVALID); /* the card is empty */
    if (mix_did(w, session, "checkout", ec_checkout(session, &request, &order), may))
        tally_checkout(w, s, order);
    ec_free(order);
    ec_session_close(session);
}
