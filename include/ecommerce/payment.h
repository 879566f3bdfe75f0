/* SPDX-License-Identifier: MIT */
/**
 * @file payment.h
 * @brief Payments of orders: authorise, capture, void, refund, and settling unknown outcomes.
 *
 * A payment belongs to a cart while it is being checked out and to its order afterwards. Its
 * amounts are sums of its transactions. The provider "offline" needs no adapter: money that comes
 * by transfer or cash and that staff record with ec_payment_record. The provider "manual"
 * (adapters/manual) is always there, for tests and for tills.
 */
#ifndef ECOMMERCE_PAYMENT_H
#define ECOMMERCE_PAYMENT_H

#include <ecommerce/session.h>

EC_BEGIN_DECLS

/** Where a payment stands. @since 0.1 */
typedef enum ec_payment_state {
    EC_PAYMENT_PENDING = 0,            /**< not asked yet, or being asked now */
    EC_PAYMENT_UNKNOWN = 1,            /**< asked, outcome not known; reconciliation ends this */
    EC_PAYMENT_AUTHORIZED = 2,         /**< the amount is reserved */
    EC_PAYMENT_PARTIALLY_CAPTURED = 3, /**< a part is taken */
    EC_PAYMENT_CAPTURED = 4,           /**< all is taken */
    EC_PAYMENT_PARTIALLY_REFUNDED = 5, /**< a part of what was taken went back */
    EC_PAYMENT_REFUNDED = 6,           /**< all that was taken went back */
    EC_PAYMENT_FAILED = 7,             /**< declined */
    EC_PAYMENT_VOIDED = 8              /**< given up before anything was taken */
} ec_payment_state;

/** What a transaction of a payment did or tried. @since 0.1 */
typedef enum ec_transaction_kind {
    EC_TRANSACTION_AUTHORIZE = 0,
    EC_TRANSACTION_CAPTURE = 1,
    EC_TRANSACTION_VOID = 2,
    EC_TRANSACTION_REFUND = 3
} ec_transaction_kind;

/** How an attempt ended. @since 0.1 */
typedef enum ec_transaction_state {
    EC_TRANSACTION_PENDING = 0,
    EC_TRANSACTION_SUCCEEDED = 1,
    EC_TRANSACTION_FAILED = 2,
    EC_TRANSACTION_UNKNOWN = 3
} ec_transaction_state;

/** One attempt to move money. @since 0.1 */
typedef struct ec_payment_transaction {
    ec_id id;
    ec_id payment_id;
    ec_time created_at;
    ec_time updated_at;
    int64_t amount;           /**< minor units of the payment's currency */
    const char *attempt_key;  /**< what the provider was asked with */
    const char *reference;    /**< the provider's name for it, or NULL */
    const char *problem;      /**< why it failed, or NULL */
    ec_transaction_kind kind; /**< column kind */
    ec_transaction_state status;
} ec_payment_transaction;

/** One payment of an order. Amounts in minor units of currency. @since 0.1 */
typedef struct ec_payment {
    ec_id id;
    int64_t version;
    ec_time created_at;
    ec_time updated_at;
    ec_id cart_id;        /**< the checkout that it belongs to */
    ec_id order_id;       /**< 0 until the order exists */
    const char *provider; /**< adapter: "manual", "offline" … */
    const char *method;   /**< such as "card", "transfer" */
    const char *currency;
    int64_t amount;            /**< to be paid by it */
    int64_t authorized_amount; /**< reserved or taken so far */
    int64_t captured_amount;   /**< taken */
    int64_t refunded_amount;   /**< gone back */
    const char *reference;     /**< the provider's name for it, or NULL */
    const char *problem;       /**< why it failed, or NULL */
    size_t transactions_count;
    ec_payment_transaction *transactions;
    ec_payment_state status;
} ec_payment;

/**
 * Read a payment with its transactions.
 * @param out a block; release it with ec_free
 * @return EC_NOT_FOUND
 * @since 0.1
 */
EC_API ec_status ec_payment_get(ec_session *session, ec_id id, ec_payment **out);

/**
 * Take a part or all of what was authorised. Staff.
 *
 * @param amount minor units, above 0; 0 means all that is left
 * @param key    idempotency key of this capture, for ever; required
 * @param out    the payment afterwards
 * @return EC_INVALID (field "amount", rule "max") above what is left; EC_STATE; EC_DECLINED;
 *         EC_UNKNOWN when the provider did not tell (the payment says so and reconciliation settles
 *         it)
 * @since 0.1
 */
EC_API ec_status ec_payment_capture(ec_session *session, ec_id id, int64_t amount, const char *key,
                                    ec_payment **out);

/**
 * Give up what was authorised and not captured. Staff.
 * @param key idempotency key, for ever; required
 * @return EC_STATE when there is nothing to give up, EC_UNKNOWN
 * @since 0.1
 */
EC_API ec_status ec_payment_void(ec_session *session, ec_id id, const char *key, ec_payment **out);

/**
 * Record money that came outside any provider (transfer, cash) for an order that awaits it. Staff.
 *
 * @param amount    minor units of the order's currency, above 0, at most what is owed
 * @param reference what the bank calls it, unique among offline payments; may be NULL
 * @param key       idempotency key, for ever; required
 * @since 0.1
 */
EC_API ec_status ec_payment_record(ec_session *session, ec_id order_id, int64_t amount,
                                   const char *method, const char *reference, const char *key,
                                   ec_payment **out);

/** What a reconciliation did. @since 0.1 */
typedef struct ec_reconciliation {
    int64_t asked;   /**< attempts that were unknown or interrupted */
    int64_t settled; /**< that now have an outcome */
    int64_t unknown; /**< that the provider still does not tell */
} ec_reconciliation;

/**
 * Ask the providers about every attempt that is unknown, or pending since before `older_than_ms`,
 * and finish what depends on it (a checkout becomes an order or its cart opens again). Run it from
 * time to time. System and staff.
 * @param out a block
 * @since 0.1
 */
EC_API ec_status ec_payment_reconcile(ec_session *session, int64_t older_than_ms,
                                      ec_reconciliation **out);

EC_END_DECLS

#endif
