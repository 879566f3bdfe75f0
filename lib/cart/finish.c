/* SPDX-License-Identifier: MIT */
/*
 * finish.c - the third step of a checkout: what the provider said becomes an order, or an open
 * cart.
 *
 * The outcome of the attempt is recorded once; who records it does the rest in the same
 * transaction. When the holds ran out while the payment took its time they are taken anew; when
 * that fails the money goes back and the shopper hears that the goods are gone. It places nothing
 * that was not paid, and asks no provider itself but to give money back.
 */
#include <stdio.h>
#include <string.h>

#include "cart/checkout.h"
#include "order/place.h"

typedef struct finish_args {
    const ec_payment *attempt;
    const ec_outcome *outcome;
    /* out */
    ec_status status;
    ec_id give_back; /* an attempt that returns the money, to be run afterwards */
    char problem[EC_PAYMENT_PROBLEM_MAX];
} finish_args;

/* The frozen cart, without asking whose it is. */
typedef struct frozen_cart {
    ec_id id;
    bool paying; /* with this payment, not with a later one */
    const char *text;
} frozen_cart;

static ec_status read_cart(ec_session *session, const ec_payment *payment, frozen_cart *out)
{
    ec_stmt *stmt = NULL;
    ec_id id = payment->cart_id;
    ec_status status = ec_query(session,
                                "SELECT status, checkout, (SELECT MAX(p.id) FROM payments p"
                                " WHERE p.cart_id = carts.id) FROM carts WHERE id = ?",
                                ec_args(ec_int(id)), &stmt);
    if (status != EC_OK) return status;
    status = ec_row(session, stmt);
    if (status == EC_DONE) return ec_fail(session, EC_CORRUPT, "A payment has no cart.");
    if (status != EC_OK) return status;
    const char *name = ec_col_text(session, stmt, 0);
    out->id = id;
    out->paying = name != NULL && strcmp(name, "paying") == 0 && ec_col_int(stmt, 2) == payment->id;
    out->text = ec_col_text(session, stmt, 1);
    ec_done(session, stmt);
    return ec_scratch(session)->failed ? ec_fail_memory(session) : EC_OK;
}

static ec_status leave_paying(ec_session *session, ec_id cart_id, bool ordered)
{
    ec_time now = ec_now(session), expires = 0;
    if (__builtin_add_overflow(now, ec_cart_ttl_ms(session), &expires)) expires = INT64_MAX;
    /* an open cart forgets the key, which may be used again */
    return ec_exec(session,
                   ordered ? "UPDATE carts SET status = 'ordered', checkout = NULL,"
                             " version = version + 1, updated_at = ?, expires_at = ?"
                             " WHERE id = ? AND status = 'paying'"
                           : "UPDATE carts SET status = 'open', checkout = NULL,"
                             " checkout_key = NULL, version = version + 1, updated_at = ?,"
                             " expires_at = ? WHERE id = ? AND status = 'paying'",
                   ec_args(ec_int(now), ec_int(expires), ec_int(cart_id)), NULL);
}

/* ---- success ---- */

typedef struct placing {
    const frozen_cart *cart;
    const ec_payment *payment;
    bool captured;
} placing;

/* Only what counts as stock now can be held. */
static ec_status secure_stock(ec_session *session, const ec_order *order)
{
    size_t attached = 0, count = 0;
    ec_stock_demand *demands = ec_checkout_demands(session, order, &count);
    if (demands == NULL) return ec_fail_memory(session);
    ec_status status = ec_stock_attach(session, order->cart_id, order->id, &attached);
    if (status != EC_OK || count == 0) return status;
    return ec_stock_cover(session, order->channel_id, order->id, demands, count);
}

static ec_status begin_capture(ec_session *session, const ec_payment *payment)
{
    ec_id id = 0;
    const char *key =
        ec_arena_printf(ec_scratch(session), "%s-capture", payment->transactions[0].attempt_key);
    return ec_attempt_begin(session, payment->id, EC_TRANSACTION_CAPTURE, payment->amount, key,
                            &id);
}

static ec_status place(ec_session *session, void *ctx)
{
    placing *p = ctx;
    ec_checkout_plan plan;
    ec_status status = ec_checkout_thaw(session, p->cart->text, &plan);
    if (status != EC_OK) return status;
    ec_order *order = plan.order;
    order->payment_reference = p->payment->reference;
    status = ec_order_place(session, order, NULL, 0);
    if (status == EC_STATE) status = EC_CHANGED; /* a promotion was used up meanwhile */
    if (status == EC_OK) status = secure_stock(session, order);
    if (status == EC_OK)
        status = ec_exec(session, "UPDATE payments SET order_id = ? WHERE id = ?",
                         ec_args(ec_int(order->id), ec_int(p->payment->id)), NULL);
    if (status == EC_OK && plan.credit) status = ec_credit_capture(session, p->cart->id, order->id);
    if (status == EC_OK && plan.capture && !p->captured)
        status = begin_capture(session, p->payment);
    if (status == EC_OK) status = leave_paying(session, p->cart->id, true);
    return status == EC_OK ? ec_order_settle(session, order->id) : status;
}

/* Write down that the money goes back; who asked runs it after the commit. */
static ec_status begin_return(ec_session *session, const ec_payment *payment, ec_id *id)
{
    const ec_payment_transaction *transaction = &payment->transactions[0];
    bool taken = payment->captured_amount > 0;
    const char *key = ec_arena_printf(ec_scratch(session), "%s-return", transaction->attempt_key);
    return ec_attempt_begin(session, payment->id,
                            taken ? EC_TRANSACTION_REFUND : EC_TRANSACTION_VOID,
                            transaction->amount, key, id);
}

static ec_status open_again(ec_session *session, ec_id cart_id)
{
    ec_status status = ec_stock_release_cart(session, cart_id, NULL, 0);
    if (status == EC_OK) status = ec_credit_release(session, cart_id);
    return status == EC_OK ? leave_paying(session, cart_id, false) : status;
}

static ec_status succeed(ec_session *session, finish_args *args, const ec_payment *payment,
                         const frozen_cart *cart)
{
    placing p = {cart, payment, args->outcome->answer.captured};
    ec_status status = cart->paying ? ec_inner(session, place, &p) : EC_STATE;
    if (status == EC_OK) return EC_OK;
    bool changed = status == EC_CHANGED;
    if (status != EC_OUT_OF_STOCK && !changed && cart->paying) return status;
    ec_forgive(session);
    args->status = changed ? EC_CHANGED : EC_OUT_OF_STOCK;
    status = begin_return(session, payment, &args->give_back);
    return status == EC_OK && cart->paying ? open_again(session, cart->id) : status;
}

/* ---- the step ---- */

/*
 * Somebody else was faster. When a reconciliation was told "never arrived" while the provider was
 * still at it, the money that was reserved after all goes back.
 */
static ec_status too_late(ec_session *session, finish_args *args, ec_payment *payment)
{
    bool changed = false;
    ec_status status = ec_attempt_late(session, payment, args->outcome, &changed);
    if (status == EC_OK && changed) status = ec_attempt_emit(session, payment);
    if (status != EC_OK || !changed) return status;
    return payment->transactions[0].status == EC_TRANSACTION_SUCCEEDED
               ? begin_return(session, payment, &args->give_back)
               : EC_OK;
}

static ec_status finish(ec_session *session, finish_args *args, ec_payment *payment)
{
    frozen_cart cart = {0};
    ec_status status = read_cart(session, payment, &cart);
    if (status == EC_OK) status = ec_attempt_emit(session, payment);
    if (status != EC_OK) return status;
    if (args->status == EC_OK) return succeed(session, args, payment, &cart);
    if (args->status == EC_DECLINED && cart.paying) return open_again(session, cart.id);
    return EC_OK;
}

static ec_status run_finish(ec_session *session, void *ctx, void **result)
{
    (void)result;
    finish_args *args = ctx;
    bool recorded = false;
    ec_payment_transaction transaction = args->attempt->transactions[0];
    ec_payment payment = *args->attempt;
    payment.transactions = &transaction;
    args->give_back = 0;
    ec_status status = ec_attempt_record(session, &payment, args->outcome, &recorded);
    if (status != EC_OK) return status;
    const ec_payment_transaction *now = &payment.transactions[0];
    args->status = now->status == EC_TRANSACTION_SUCCEEDED ? EC_OK
                   : now->status == EC_TRANSACTION_FAILED  ? EC_DECLINED
                                                           : EC_UNKNOWN;
    (void)snprintf(args->problem, sizeof(args->problem), "%s",
                   now->problem == NULL ? "" : now->problem);
    return recorded ? finish(session, args, &payment) : too_late(session, args, &payment);
}

ec_status ec_checkout_settle(ec_session *session, const ec_payment *attempt,
                             const ec_outcome *outcome)
{
    static const ec_op op = {
        .name = "checkout.settle",
        .permission = "carts.checkout",
        .access = EC_ACCESS_ANY, /* whoever began it may end it */
        .mode = EC_WRITE,
        .run = run_finish,
    };
    finish_args args = {.attempt = attempt, .outcome = outcome};
    ec_status status = ec_call(session, &op, &args, NULL);
    if (status != EC_OK) return status;
    if (args.give_back != 0) (void)ec_payment_run(session, args.give_back);
    if (args.status == EC_CHANGED)
        return ec_fail_field(session, EC_CHANGED, "coupons", "used_up",
                             "A promotion was used up while the payment took its time; the money"
                             " goes back.");
    if (args.status == EC_OUT_OF_STOCK)
        return ec_fail(session, EC_OUT_OF_STOCK,
                       "The goods went while the payment took its time; the money goes back.");
    return args.status == EC_OK ? EC_OK : ec_attempt_fail(session, args.status, args.problem);
}
