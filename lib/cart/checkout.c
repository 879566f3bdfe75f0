/* SPDX-License-Identifier: MIT */
/*
 * checkout.c - a cart becomes an order, in up to three steps that anybody may repeat.
 *
 *   1  one transaction: read, check, hold stock; without a provider the order is placed at once,
 *      otherwise the cart is frozen and a pending attempt written down
 *   2  outside of any transaction: the provider is asked with the attempt's key
 *   3  one transaction (finish.c): the outcome is recorded once, and the cart is an order or open
 *
 * A caller that comes second looks where the first one is and goes on from there: whoever dies in
 * between, the next one finishes. It refuses to ask a provider while a transaction is open.
 */
#include <stdio.h>
#include <string.h>

#include "cart/checkout.h"
#include "order/place.h"

#define ROUNDS_MAX 8

typedef struct checkout_args {
    const ec_checkout_request *request;
    bool nested;              /* inside a transaction of the program: no provider is asked */
    ec_order *block;          /* out: the answer, the caller's to free */
    ec_id transaction_id;     /* out: an attempt that is to be run first, or 0 */
    ec_transaction_kind kind; /* out: of it */
    const char *changed;      /* out: the field whose new value was kept, and nothing else done */
} checkout_args;

/* Hand out an order that lies in the arena; packed before the commit. */
static ec_status hand_out(ec_session *session, checkout_args *args, const ec_order *order)
{
    args->block = ec_entity_pack(ec_session_platform(session), &ec_order_entity, order);
    return args->block == NULL ? ec_fail_memory(session) : EC_OK;
}

/* ---- a cart that has been here before ---- */

/* A capture that the checkout wrote down and nobody has asked for yet. */
static ec_id pending_capture(const ec_order *order)
{
    for (size_t i = 0; i < order->payments_count; i++) {
        const ec_payment *payment = &order->payments[i];
        for (size_t k = 0; k < payment->transactions_count; k++) {
            const ec_payment_transaction *t = &payment->transactions[k];
            if (t->kind == EC_TRANSACTION_CAPTURE && t->status == EC_TRANSACTION_PENDING &&
                strncmp(t->attempt_key, "checkout-", 9) == 0)
                return t->id;
        }
    }
    return 0;
}

static ec_status answer_again(ec_session *session, checkout_args *args,
                              const ec_loaded_cart *loaded)
{
    if (loaded->checkout_key == NULL || strcmp(loaded->checkout_key, args->request->key) != 0)
        return ec_fail_field(session, EC_KEY_REUSED, "key", "reused",
                             "The cart became an order under another key.");
    ec_order *order = ec_arena_alloc(ec_scratch(session), sizeof(*order));
    if (order == NULL) return ec_fail_memory(session);
    /* the cart is the caller's, so its order is as well */
    ec_status status = ec_entity_get(session, &ec_order_entity, loaded->cart.order_id, order);
    if (status == EC_OK) status = ec_order_read_all(session, order);
    if (status != EC_OK) return status;
    args->transaction_id = pending_capture(order);
    args->kind = EC_TRANSACTION_CAPTURE;
    if (args->transaction_id != 0 && !args->nested) return EC_OK;
    args->transaction_id = 0;
    return hand_out(session, args, order);
}

static ec_status join(ec_session *session, checkout_args *args, const ec_loaded_cart *loaded)
{
    if (loaded->checkout_key == NULL || strcmp(loaded->checkout_key, args->request->key) != 0)
        return ec_fail(session, EC_STATE, "The cart is being paid under another key.");
    if (args->nested)
        return ec_fail(session, EC_STATE,
                       "A provider is not asked while a transaction of the program is open.");
    args->kind = EC_TRANSACTION_AUTHORIZE;
    return ec_query_int(session,
                        "SELECT t.id FROM payment_transactions t JOIN payments p"
                        " ON p.id = t.payment_id WHERE p.cart_id = ? AND t.kind = 'authorize'"
                        " ORDER BY p.id DESC, t.id DESC LIMIT 1",
                        ec_args(ec_int(loaded->cart.id)), &args->transaction_id);
}

/* ---- stock ---- */

/* Hold by what was read with the cart; only when that falls short, expired holds are looked for. */
static ec_status hold(ec_session *session, const ec_loaded_cart *loaded, const ec_order *order,
                      const ec_stock_owner *owner)
{
    ec_stock_plan_result plan = {0};
    size_t count = 0;
    ec_stock_demand *demands = ec_checkout_demands(session, order, &count);
    if (demands == NULL) return ec_fail_memory(session);
    ec_status status = ec_stock_plan(ec_scratch(session), loaded->stock_strategy, &loaded->supply,
                                     demands, count, &plan);
    if (status == EC_NO_MEMORY) return ec_fail_memory(session);
    if (status != EC_OK)
        return ec_fail_field(session, status, "items", "max", "The quantities are too large.");
    if (plan.shorts_count > 0)
        return ec_stock_reserve(session, order->channel_id, demands, count, owner, NULL);
    return plan.count == 0 ? EC_OK : ec_stock_hold(session, plan.items, plan.count, owner);
}

/* ---- the first step ---- */

static ec_status close_cart(ec_session *session, const ec_cart *cart, const char *status_name,
                            const char *key, const char *frozen)
{
    int64_t affected = 0;
    ec_status status = ec_exec(
        session,
        "UPDATE carts SET status = ?, checkout_key = ?, checkout = ?, version = version + 1,"
        " updated_at = ? WHERE id = ? AND status = 'open'",
        ec_args(ec_text(status_name), ec_text(key), ec_text(frozen), ec_int(ec_now(session)),
                ec_int(cart->id)),
        &affected);
    if (status == EC_OK && affected != 1)
        return ec_fail(session, EC_STATE, "The cart is not open any more.");
    return status;
}

static ec_status place_now(ec_session *session, checkout_args *args, const ec_loaded_cart *loaded,
                           const ec_checkout_plan *plan)
{
    ec_order *order = plan->order;
    ec_status status = ec_order_place(session, order, loaded->number_prefix, loaded->next_number);
    ec_stock_owner owner = {.order_id = order->id};
    if (status == EC_OK) status = hold(session, loaded, plan->order, &owner);
    if (status == EC_OK)
        status = close_cart(session, &loaded->cart, "ordered", args->request->key, NULL);
    if (status == EC_OK && plan->credits_count > 0)
        status = ec_checkout_take_credits(session, args->request, loaded, plan);
    return status == EC_OK ? hand_out(session, args, order) : status;
}

static ec_status freeze_now(ec_session *session, checkout_args *args, const ec_loaded_cart *loaded,
                            const ec_checkout_plan *plan)
{
    const ec_cart *cart = &loaded->cart;
    const char *frozen = NULL;
    ec_time now = ec_now(session), until = 0;
    if (__builtin_add_overflow(now, ec_reservation_ttl_ms(session), &until)) until = INT64_MAX;
    ec_stock_owner owner = {.cart_id = cart->id, .expires_at = until};
    ec_payment payment = {
        .version = 1,
        .created_at = now,
        .updated_at = now,
        .cart_id = cart->id,
        .provider = args->request->payment_provider,
        .method = plan->order->payment_method,
        .currency = cart->currency,
        .amount = plan->order->total_amount - plan->credit_amount,
    };
    ec_status status = ec_checkout_freeze(session, plan, &frozen);
    if (status == EC_OK) status = hold(session, loaded, plan->order, &owner);
    if (status == EC_OK && plan->credits_count > 0)
        status = ec_checkout_take_credits(session, args->request, loaded, plan);
    if (status == EC_OK) status = ec_entity_insert(session, &ec_payment_entity, &payment);
    if (status != EC_OK) return status;
    const char *key =
        ec_attempt_key(session, "checkout", cart->id, args->request->key, loaded->attempts + 1);
    status = ec_attempt_begin(session, payment.id, EC_TRANSACTION_AUTHORIZE, payment.amount, key,
                              &args->transaction_id);
    args->kind = EC_TRANSACTION_AUTHORIZE;
    return status == EC_OK ? close_cart(session, cart, "paying", args->request->key, frozen)
                           : status;
}

static bool is_offline(const ec_checkout_request *request, const ec_checkout_plan *plan)
{
    return request->payment_provider == NULL || plan->order->total_amount == plan->credit_amount ||
           strcmp(request->payment_provider, EC_PROVIDER_OFFLINE) == 0;
}

static ec_status begin_open(ec_session *session, checkout_args *args, ec_loaded_cart *loaded)
{
    ec_checkout_plan plan;
    ec_status status = ec_checkout_plan_make(session, args->request, loaded, &plan);
    if (status == EC_CHANGED) { /* keep what is new, so that asking again can succeed */
        status = ec_cart_accept(session, loaded, &args->changed);
        if (status != EC_OK || args->changed == NULL) return status;
        ec_forgive(session);
        return ec_cart_touch(session, loaded->cart.id);
    }
    if (status != EC_OK) return status;
    if (is_offline(args->request, &plan)) return place_now(session, args, loaded, &plan);
    if (args->nested)
        return ec_fail(session, EC_STATE,
                       "A provider is not asked while a transaction of the program is open.");
    return freeze_now(session, args, loaded, &plan);
}

static ec_status run_begin(ec_session *session, void *ctx, void **result)
{
    (void)result;
    checkout_args *args = ctx;
    ec_free(args->block); /* of a run that did not count */
    args->block = NULL;
    args->transaction_id = 0;
    args->changed = NULL;
    ec_loaded_cart *loaded = ec_arena_alloc(ec_scratch(session), sizeof(*loaded));
    if (loaded == NULL) return ec_fail_memory(session);
    ec_status status = ec_checkout_check(session, args->request);
    if (status == EC_OK) status = ec_cart_read(session, args->request->cart_id, loaded);
    if (status != EC_OK) return status;
    switch (loaded->cart.status) {
    case EC_CART_OPEN: return begin_open(session, args, loaded);
    case EC_CART_PAYING: return join(session, args, loaded);
    case EC_CART_ORDERED: return answer_again(session, args, loaded);
    case EC_CART_MERGED:
    case EC_CART_EXPIRED: break;
    }
    return ec_cart_fail_state(session, &loaded->cart);
}

/* ---- all steps ---- */

/* The second and third step of an attempt. EC_OK: look at the cart again. */
static ec_status pay(ec_session *session, const checkout_args *args)
{
    ec_payment *attempt = NULL;
    ec_outcome outcome;
    if (args->kind == EC_TRANSACTION_CAPTURE) {
        /* the order stands whatever becomes of it; its payment tells */
        (void)ec_payment_run(session, args->transaction_id);
        return EC_OK;
    }
    ec_status status = ec_attempt_load(session, args->transaction_id, &attempt);
    if (status != EC_OK) return status;
    const ec_payment_transaction *transaction = &attempt->transactions[0];
    if (transaction->status == EC_TRANSACTION_FAILED) {
        status = ec_attempt_fail(session, EC_DECLINED, transaction->problem);
    } else if (transaction->status != EC_TRANSACTION_SUCCEEDED) {
        ec_attempt_ask(ec_session_engine(session), attempt, args->request->payment_token, false,
                       &outcome);
        status = ec_checkout_settle(session, attempt, &outcome);
    }
    ec_free(attempt);
    return status;
}

static ec_status tell_change(ec_session *session, const char *field)
{
    return ec_fail_field(session, EC_CHANGED, field, "changed",
                         "It is not what was last shown; look at the cart and ask again.");
}

ec_status ec_checkout(ec_session *session, const ec_checkout_request *request, ec_order **out)
{
    static const ec_op op = {
        .name = "cart.checkout",
        .permission = "carts.checkout",
        .access = EC_ACCESS_OWNER,
        .mode = EC_WRITE,
        .run = run_begin, /* its key is in the request */
    };
    checkout_args args = {.request = request, .nested = ec_in_transaction(session)};
    if (out == NULL) return ec_fail_place(session, "cart.checkout");
    *out = NULL;
    for (int round = 0; round < ROUNDS_MAX; round++) {
        ec_status status = ec_call(session, &op, &args, NULL);
        if (status == EC_OK && args.changed != NULL) status = tell_change(session, args.changed);
        if (status == EC_OK && args.block != NULL) {
            *out = args.block;
            return EC_OK;
        }
        if (status == EC_OK) status = pay(session, &args);
        if (status != EC_OK) {
            ec_free(args.block);
            return status;
        }
    }
    return ec_fail(session, EC_BUSY, "Other callers keep changing the cart.");
}
