/* SPDX-License-Identifier: MIT */
/**
 * @file credit.h
 * @brief Gift cards and store credit: accounts with a ledger, and paying with them.
 *
 * An account holds money that the shop owes: a gift card belongs to whoever knows its code, store
 * credit to a customer. Its balance is the sum of its entries and never below zero, however many
 * spend from it at once. Of a code only a keyed digest and the last four characters are kept.
 *
 * As tender an account is a payment of an order like any other, with the provider "gift_card" or
 * "store_credit"; what is refunded of it goes back to the account.
 */
#ifndef ECOMMERCE_CREDIT_H
#define ECOMMERCE_CREDIT_H

#include <ecommerce/list.h>
#include <ecommerce/order.h>

EC_BEGIN_DECLS

/** Whose an account is. @since 0.1 */
typedef enum ec_credit_kind {
    EC_CREDIT_GIFT_CARD = 0,   /**< of whoever knows its code */
    EC_CREDIT_STORE_CREDIT = 1 /**< of a customer; one for each currency */
} ec_credit_kind;

/** May it be spent? @since 0.1 */
typedef enum ec_credit_status {
    EC_CREDIT_ACTIVE = 0,
    EC_CREDIT_DISABLED = 1, /**< by staff, who may make it active again */
    EC_CREDIT_EXPIRED = 2   /**< its time is over and what was left of it is gone */
} ec_credit_status;

/** An account. Amounts in minor units of its currency. @since 0.1 */
typedef struct ec_credit {
    ec_id id;
    int64_t version;
    ec_time created_at;
    ec_time updated_at;
    ec_time expires_at;   /**< cannot be spent from then on; 0: never */
    ec_id user_id;        /**< whose store credit it is; 0: a gift card */
    int64_t balance;      /**< what can be spent */
    const char *code;     /**< of a gift card; only in the answer that issues it */
    const char *code_end; /**< the last four characters of it, or NULL */
    const char *currency;
    const char *note; /**< of the shop's people, up to 255 characters; or NULL */
    ec_credit_kind kind;
    ec_credit_status status;
} ec_credit;

/** A page of accounts. @since 0.1 */
typedef struct ec_credit_list {
    size_t items_count;
    ec_credit *items;
    int64_t total;
    const char *next_cursor;
} ec_credit_list;

/** What changed a balance. @since 0.1 */
typedef enum ec_credit_entry_kind {
    EC_CREDIT_ISSUE = 0,  /**< the shop gave it */
    EC_CREDIT_REDEEM = 1, /**< it paid an order */
    EC_CREDIT_REFUND = 2, /**< it came back from an order or a checkout that failed */
    EC_CREDIT_ADJUST = 3, /**< staff corrected it */
    EC_CREDIT_EXPIRE = 4  /**< its time was over */
} ec_credit_entry_kind;

/** One change of a balance. Never changed itself. @since 0.1 */
typedef struct ec_credit_entry {
    ec_id id;
    ec_time created_at;
    ec_id credit_id;  /**< the account */
    ec_id order_id;   /**< that its payment is of; or 0 */
    ec_id payment_id; /**< of an order or a checkout; or 0 */
    ec_id refund_id;  /**< of an order; or 0 */
    ec_id user_id;    /**< who did it; 0: nobody known */
    int64_t amount;   /**< signed, minor units of currency */
    int64_t balance;  /**< afterwards */
    const char *currency;
    const char *note; /**< or NULL */
    ec_credit_entry_kind kind;
    ec_actor actor; /**< what kind of actor did it */
} ec_credit_entry;

/** A page of entries. @since 0.1 */
typedef struct ec_credit_entry_list {
    size_t items_count;
    ec_credit_entry *items;
    int64_t total;
    const char *next_cursor;
} ec_credit_entry_list;

/** Which gift cards are made. Zero members: not given. @since 0.1 */
typedef struct ec_gift_card_request {
    int64_t amount;       /**< of each, minor units, 1 to EC_AMOUNT_MAX */
    int64_t count;        /**< how many, 1 to EC_GIFT_CARDS_MAX; 0: one */
    ec_time expires_at;   /**< in the future; 0: never */
    const char *currency; /**< NULL: that of the session's channel */
    const char *note;     /**< up to 255 characters */
} ec_gift_card_request;

/**
 * Make gift cards. Staff.
 *
 * The codes are in this answer and nowhere else. So the call takes no idempotency key, whose stored
 * outcome would hold them; cards of which nobody got the code are found by their note.
 *
 * @param request borrowed
 * @param out     the cards with their codes; a block, release it with ec_free
 * @return EC_INVALID with field errors: "amount", "count", "expires_at", "currency", "note";
 *         EC_UNSUPPORTED when a key was set
 * @since 0.1
 */
EC_API ec_status ec_gift_card_issue(ec_session *session, const ec_gift_card_request *request,
                                    ec_credit_list **out);

/**
 * Look a gift card up by its code, as a shopper does before paying. Letters may be of either case,
 * blanks and hyphens are passed over. Everybody; who is not staff sees neither note nor number.
 *
 * It does the same work for every text, and says the same of each that is no card's code. How often
 * somebody may ask is the host's to limit.
 *
 * @return EC_NOT_FOUND (field "code")
 * @since 0.1
 */
EC_API ec_status ec_gift_card_by_code(ec_session *session, const char *code, ec_credit **out);

/**
 * Give a customer store credit, in one account for each currency that is made when it is needed.
 * Staff.
 *
 * @param amount   minor units, 1 to EC_AMOUNT_MAX
 * @param currency NULL: that of the session's channel
 * @param note     for the ledger, up to 255 characters; may be NULL
 * @param out      the account afterwards; a block, release it with ec_free
 * @return EC_NOT_FOUND for an unknown customer; EC_INVALID (fields "amount", "currency", "note");
 *         EC_OVERFLOW above EC_AMOUNT_MAX
 * @since 0.1
 */
EC_API ec_status ec_credit_issue(ec_session *session, ec_id user_id, int64_t amount,
                                 const char *currency, const char *note, ec_credit **out);

/**
 * Correct a balance, whatever the state of the account. Staff.
 *
 * @param amount minor units more, or with a minus fewer; not 0
 * @param note   for the ledger, up to 255 characters; may be NULL
 * @return EC_INVALID (field "amount", rule "min" when less than nothing would be left);
 *         EC_OVERFLOW; EC_NOT_FOUND
 * @since 0.1
 */
EC_API ec_status ec_credit_adjust(ec_session *session, ec_id id, int64_t amount, const char *note,
                                  ec_credit **out);

/**
 * Change `status` (to "active" or "disabled"), `expires_at` or `note` of an account. Staff. An
 * account whose time was over is made active again together with a later `expires_at`, or 0.
 *
 * @param credit its version (0: any) and the fields of the mask
 * @return EC_INVALID (field "status" or "expires_at"), EC_NOT_FOUND, EC_STALE
 * @since 0.1
 */
EC_API ec_status ec_credit_update(ec_session *session, ec_id id, const ec_credit *credit,
                                  ec_mask fields, ec_credit **out);

/** Read an account. Staff, and the customer whose store credit it is. @since 0.1 */
EC_API ec_status ec_credit_get(ec_session *session, ec_id id, ec_credit **out);

/** Which accounts a listing shows. Zero members: any. @since 0.1 */
typedef struct ec_credit_filter {
    ec_id user_id;        /**< of this customer; a customer's own session sees only own ones */
    const char *kind;     /**< name of an ec_credit_kind, or NULL */
    const char *status;   /**< name of an ec_credit_status, or NULL */
    const char *code_end; /**< last four characters of a code, or NULL */
    bool newest_first;    /**< by number downwards instead of upwards */
} ec_credit_filter;

/**
 * List accounts in the order of their numbers. Staff see all, customers their own.
 * @param filter NULL: all; borrowed
 * @param page   NULL: the first
 * @return EC_INVALID for an unknown name or a bad page
 * @since 0.1
 */
EC_API ec_status ec_credit_find(ec_session *session, const ec_credit_filter *filter,
                                const ec_page *page, ec_credit_list **out);

/**
 * List the entries of an account, newest first. Staff, and the customer whose it is.
 * @param page NULL: the first
 * @return EC_NOT_FOUND, also for another's account
 * @since 0.1
 */
EC_API ec_status ec_credit_entries(ec_session *session, ec_id id, const ec_page *page,
                                   ec_credit_entry_list **out);

/**
 * End accounts whose time is over, the longest overdue first: what is left of them is written off.
 * They cannot be spent before that either. System and staff.
 *
 * @param limit at most so many, 1 to 1000; 0: 100
 * @param out   how many were ended, 0 when the call failed; may be NULL
 * @return EC_INVALID (field "limit"), EC_UNSUPPORTED when a key was set
 * @since 0.1
 */
EC_API ec_status ec_credit_expire(ec_session *session, int64_t limit, int64_t *out);

/** An account to pay with: by code or by number. @since 0.1 */
typedef struct ec_credit_tender {
    const char *code; /**< of a gift card, or NULL */
    ec_id credit_id;  /**< store credit of the order's customer; staff name gift cards so, too */
    int64_t amount;   /**< minor units; 0: as much as is there and is owed */
} ec_credit_tender;

/**
 * Pay an order that awaits money, or a part of it, with a gift card or store credit. Staff and the
 * order's customer. It is taken at once.
 *
 * @param tender either code or credit_id; borrowed
 * @param key    idempotency key, for ever; required
 * @param out    the order afterwards
 * @return EC_INVALID (field "code" or "credit_id": rules "reference", "state", "currency";
 *         field "amount": rule "max" above the balance or what is owed); EC_STATE (nothing is owed,
 *         or the order was called off); EC_KEY_REUSED
 * @since 0.1
 */
EC_API ec_status ec_order_pay_credit(ec_session *session, ec_id order_id,
                                     const ec_credit_tender *tender, const char *key,
                                     ec_order **out);

EC_END_DECLS

#endif
