/* SPDX-License-Identifier: MIT */
/*
 * credit.h - what gift cards and store credit share with payments, orders and checkout.
 *
 * A balance changes only through ec_credit_post: one conditional UPDATE and one entry. Who pays
 * with an account gets a payment whose provider is the account's kind; it needs no adapter.
 */
#ifndef EC_CREDIT_CREDIT_H
#define EC_CREDIT_CREDIT_H

#include <ecommerce/credit.h>
#include <ecommerce/limits.h>

#include "base/hash.h"
#include "engine/call.h"
#include "engine/sql.h"
#include "model/model.h"

/* Is this the provider of payments by an account, "gift_card" or "store_credit"? */
bool ec_credit_is_provider(const char *provider);

/* ---- codes ---- */
#define EC_CREDIT_CODE_TEXT 20 /* XXXX-XXXX-XXXX-XXXX, with end mark */
/* A new code of 80 random bits. */
void ec_credit_code_make(const ec_platform *platform, char out[EC_CREDIT_CODE_TEXT]);
/* What is stored of a code, in whatever form somebody typed it (NULL too). make: inside a write
   body, the shop gets its key when it has none yet. */
ec_status ec_credit_code_hash(ec_session *session, const char *code, bool make,
                              char out[EC_SHA256_HEX]);

/* ---- accounts, inside bodies ---- */
/* The account of a code; EC_NOT_FOUND without a message. */
ec_status ec_credit_of_code(ec_session *session, const char *code, ec_credit *out);
/* The store credit of a customer, opened when it is not there. */
ec_status ec_credit_of_user(ec_session *session, ec_id user_id, const char *currency, ec_id *id);
/*
 * Change a balance by an entry (credit_id, kind, amount, payment_id, refund_id, note) and tell it
 * by an event. Nobody spends (REDEEM) from an account that is not active or whose time is over.
 * EC_INVALID (field "amount", rule "max" or "min"): that much is not there; EC_OVERFLOW.
 */
ec_status ec_credit_post(ec_session *session, ec_credit_entry *entry);

/* ---- tender, inside write bodies ---- */
/* What is taken from an account. */
typedef struct ec_credit_part {
    ec_credit account;
    int64_t amount; /* above 0 */
} ec_credit_part;

/* Who pays what. */
typedef struct ec_credit_bill {
    ec_id user_id; /* the buyer; 0: a visitor */
    const char *currency;
    int64_t owed;
    const char *list; /* name of the list of tenders for field errors; NULL: there is only one */
} ec_credit_bill;

/* What needs no storage: counts, amounts, either code or number. */
void ec_credit_tender_rule(ec_check *check, const char *list, const ec_credit_tender *tenders,
                           size_t count);
/* Decide what is taken from where. parts: room for count. EC_INVALID with field errors. */
ec_status ec_credit_plan(ec_session *session, const ec_credit_bill *bill,
                         const ec_credit_tender *tenders, size_t count, ec_credit_part *parts,
                         size_t *parts_count, int64_t *sum);
/*
 * Take it: a payment and an entry for each part. order_id: captured for it at once; 0: authorised
 * for the checkout of the cart. key: the stem of attempt keys that nobody used.
 */
ec_status ec_credit_take(ec_session *session, const ec_credit_bill *bill,
                         const ec_credit_part *parts, size_t count, ec_id cart_id, ec_id order_id,
                         const char *key);
/* What the checkout of a cart has authorised is captured for its order. */
ec_status ec_credit_capture(ec_session *session, ec_id cart_id, ec_id order_id);
/* It goes back: the checkout came to nothing. */
ec_status ec_credit_release(ec_session *session, ec_id cart_id);
/* A refund of the payment has succeeded: to its own account, or to another one. Nothing to do for a
   payment of another provider when there is no other account. */
ec_status ec_credit_refunded(ec_session *session, const ec_payment *payment, ec_id credit_id);
/* What is owed back of an order goes back to the accounts that paid it, as far as they did. The
   caller settles. *done: something went back. */
ec_status ec_credit_give_back(ec_session *session, const ec_order *order, int64_t owed, bool *done);

#endif
