/* SPDX-License-Identifier: MIT */
/**
 * @file session.h
 * @brief A session: who acts, in which channel, and the error of the last call.
 *
 * Cheap: a host opens one per request. One thread at a time uses it; it may move between threads.
 * Every call on a session first forgets the error of the call before.
 */
#ifndef ECOMMERCE_SESSION_H
#define ECOMMERCE_SESSION_H

#include <ecommerce/engine.h>
#include <ecommerce/entity.h>

EC_BEGIN_DECLS

/** Who acts. What each may do is a table in the library (docs/access.md). @since 0.1 */
typedef enum ec_actor {
    EC_ACTOR_SYSTEM = 0,   /**< the embedding program itself: everything */
    EC_ACTOR_GUEST = 1,    /**< a visitor: the published catalogue and own carts by token */
    EC_ACTOR_CUSTOMER = 2, /**< a signed-in customer: also own carts, orders and profile */
    EC_ACTOR_STAFF = 3     /**< the shop's people */
} ec_actor;

#define EC_SESSION_OPTIONS_VERSION 1

/** How a session is opened. Zero members mean the defaults. @since 0.1 */
typedef struct ec_session_options {
    int version;         /**< EC_SESSION_OPTIONS_VERSION */
    ec_actor actor;      /**< who acts */
    ec_id user_id;       /**< of a customer or staff member; 0 for a visitor */
    ec_id channel_id;    /**< shop front; 0: the shop's default channel */
    const char *request; /**< names the request in the history, at most 64 bytes, or NULL */
} ec_session_options;

/**
 * Open a session.
 *
 * @param options NULL: the system itself in the default channel; borrowed for the call
 * @param out     close it with ec_session_close
 * A customer is looked up in the shop, once: a session that is open stays so when its customer is
 * locked out meanwhile. Open a customer's session outside of transactions, since that reads.
 *
 * @return EC_MISUSE for a NULL argument or an unknown version, EC_INVALID for a customer without
 *         user_id, a visitor with one and other options that make no sense, EC_NOT_FOUND for a
 *         channel or a customer that does not exist, EC_DENIED for a customer who is not active,
 *         EC_BUSY, EC_IO, EC_NO_MEMORY. Any thread.
 * @since 0.1
 */
EC_API ec_status ec_session_open(ec_engine *engine, const ec_session_options *options,
                                 ec_session **out);

/** Close a session; NULL is allowed. Not inside its own transaction. @since 0.1 */
EC_API void ec_session_close(ec_session *session);

/** The engine of a session. @since 0.1 */
EC_API ec_engine *ec_session_engine(const ec_session *session);

/**
 * What the last call on the session did wrong.
 * @return borrowed until the next call on the session; never NULL; status EC_OK after success
 * @since 0.1
 */
EC_API const ec_error *ec_session_error(const ec_session *session);

/**
 * Make the next writing call of this session idempotent under a key: its outcome is stored in its
 * own transaction, and a later call of the same function with the same key and input returns the
 * stored outcome instead of acting again. Another input under the key is EC_KEY_REUSED. Failed
 * calls store nothing. Keys belong to the actor: two customers may use the same.
 *
 * @param key 1 to EC_KEY_MAX bytes of printable ASCII; NULL takes a set key back
 * @return EC_INVALID for a key that is none. Checkout has its own key (cart.h) and keeps it for
 *         ever; other keys are kept for 24 hours at least.
 * @since 0.1
 */
EC_API ec_status ec_session_idempotency(ec_session *session, const char *key);

/**
 * Work in one transaction. Calls on the session inside `fn` join it; all of them take effect
 * together when fn returns EC_OK, or not at all. fn may be run again after a conflict and on
 * another thread while this one waits: no effects outside the session.
 */
typedef ec_status (*ec_transact_fn)(ec_session *session, void *ctx);

/**
 * Run a closure in one transaction.
 * @return what fn returned, or why the transaction failed. A call that failed inside fn has left
 *         nothing behind; fn may go on after it.
 * @since 0.1
 */
EC_API ec_status ec_transact(ec_session *session, ec_transact_fn fn, void *ctx);

EC_END_DECLS

#endif
