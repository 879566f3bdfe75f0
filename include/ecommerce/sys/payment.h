/* SPDX-License-Identifier: MIT */
/**
 * @file payment.h
 * @brief The payment vtable: how the engine talks to whoever moves the money.
 *
 * The engine never holds a database transaction while it calls a provider. Each call carries an
 * attempt key that is never reused for anything else: asked twice with the same key a provider acts
 * once and answers the same. A provider that cannot tell what happened answers EC_UNKNOWN; the
 * engine then asks `find` until it knows.
 *
 * Type and instance are split: `ec_payment_ops` is one constant table per adapter, and an adapter's
 * own struct begins with `ec_payment_provider`. For adapter authors; stable within a minor version.
 */
#ifndef ECOMMERCE_SYS_PAYMENT_H
#define ECOMMERCE_SYS_PAYMENT_H

#include <ecommerce/engine.h>
#include <ecommerce/money.h>

EC_BEGIN_DECLS

#define EC_PAYMENT_OPS_VERSION 1
#define EC_PAYMENT_REFERENCE_MAX 256 /**< bytes of a provider's reference, with end mark */
#define EC_PAYMENT_PROBLEM_MAX 256   /**< bytes of a provider's explanation, with end mark */

typedef struct ec_payment_provider ec_payment_provider;

/** What the engine asks for. All strings are borrowed for the call. */
typedef struct ec_payment_request {
    const char *attempt_key; /**< names this attempt for ever */
    const char *method;      /**< such as "card", "transfer" */
    const char *token;       /**< what the shopper's browser got from the provider, or NULL */
    const char *reference;   /**< of the payment, for capture, void, refund and find; or NULL */
    ec_money amount;         /**< how much */
} ec_payment_request;

/** What a provider answers. */
typedef struct ec_payment_answer {
    char reference[EC_PAYMENT_REFERENCE_MAX]; /**< the provider's name for the payment */
    char problem[EC_PAYMENT_PROBLEM_MAX];     /**< why it was declined; never a secret */
    bool captured; /**< authorize: the money is taken already, no capture is needed */
} ec_payment_answer;

/**
 * The methods of a payment adapter. Each returns EC_OK, EC_DECLINED (final, with problem),
 * EC_UNKNOWN (perhaps), EC_INVALID or EC_UNSUPPORTED (nothing happened). They may block; they are
 * called from any thread and must be safe for that.
 */
typedef struct ec_payment_ops {
    int version;      /**< EC_PAYMENT_OPS_VERSION */
    const char *name; /**< provider name in the books: "manual", "stripe" */
    /** Methods that this provider offers, NULL-ended, such as { "card", NULL }. */
    const char *const *methods;
    /** Reserve (or take) the amount. Required. */
    ec_status (*authorize)(ec_payment_provider *self, const ec_payment_request *request,
                           ec_payment_answer *answer);
    /** Take a part or all of what was authorised. Required. */
    ec_status (*capture)(ec_payment_provider *self, const ec_payment_request *request,
                         ec_payment_answer *answer);
    /** Give the uncaptured rest back. Required. */
    ec_status (*cancel)(ec_payment_provider *self, const ec_payment_request *request,
                        ec_payment_answer *answer);
    /** Pay a part or all of what was captured back. Required. */
    ec_status (*refund)(ec_payment_provider *self, const ec_payment_request *request,
                        ec_payment_answer *answer);
    /** What became of the attempt with this key: EC_OK, EC_DECLINED, EC_NOT_FOUND (it never
        arrived), EC_UNKNOWN. Required. */
    ec_status (*find)(ec_payment_provider *self, const ec_payment_request *request,
                      ec_payment_answer *answer);
    /** Release everything. No call is running. Required. */
    void (*close)(ec_payment_provider *self);
} ec_payment_ops;

/** What every provider's instance begins with. */
struct ec_payment_provider {
    const ec_payment_ops *ops;
};

/**
 * Give an engine a payment provider. Before the first session uses it; names are unique.
 *
 * @param provider owned by the engine from success on (closed by ec_close); stays the caller's on
 *                 failure
 * @return EC_EXISTS for a provider of the same name, EC_MISUSE for a wrong version or a missing
 *         method
 * @since 0.1
 */
EC_API ec_status ec_payment_register(ec_engine *engine, ec_payment_provider *provider);

EC_END_DECLS

#endif
