/* SPDX-License-Identifier: MIT */
/**
 * @file verify.h
 * @brief Proof that a shop's books are right, and the repair of balances from the ledger.
 *
 * ec_verify looks at everything in one snapshot and names each row that contradicts another. It
 * changes nothing and may run while the shop sells. docs/guide/stock.md lists the stock checks.
 */
#ifndef ECOMMERCE_VERIFY_H
#define ECOMMERCE_VERIFY_H

#include <ecommerce/list.h>

EC_BEGIN_DECLS

/** Something that is not as it must be. @since 0.1 */
typedef struct ec_verify_problem {
    ec_id id;            /**< of the object; 0: of the shop as a whole */
    int64_t expected;    /**< what follows from the rest; 0 where no number is meant */
    int64_t found;       /**< what is stored */
    const char *code;    /**< the check that found it, such as "stock.on_hand" */
    const char *object;  /**< what is wrong, such as "inventory" */
    const char *message; /**< one sentence */
} ec_verify_problem;

/** What one check did. @since 0.1 */
typedef struct ec_verify_check {
    int64_t checked;  /**< objects looked at */
    int64_t problems; /**< of them wrong, also those that the report has no room for */
    const char *name; /**< such as "stock.on_hand" */
    const char *doc;  /**< what it proves */
} ec_verify_check;

/** The outcome of ec_verify. @since 0.1 */
typedef struct ec_verify_report {
    int64_t checked;        /**< objects looked at, by all checks */
    int64_t problems_total; /**< also those that problems has no room for */
    size_t checks_count;
    ec_verify_check *checks; /**< every check that ran */
    size_t problems_count;
    ec_verify_problem *problems; /**< in the order of the checks, then of the ids */
    bool is_clean;               /**< nothing is wrong */
} ec_verify_report;

/** What is verified. Zero members: everything. @since 0.1 */
typedef struct ec_verify_options {
    const char *only;    /**< checks whose name begins so, such as "stock."; NULL: all */
    int64_t limit;       /**< problems listed for each check, 1 to 10000; 0: 100 */
    bool skip_integrity; /**< do not ask the storage to check its own structure (slow) */
} ec_verify_options;

/**
 * Prove the books. Staff.
 *
 * @param options NULL: everything; borrowed
 * @param out     a block; release it with ec_free. EC_OK also when problems were found.
 * @return EC_INVALID (field "only" when no check begins so; field "limit")
 * @since 0.1
 */
EC_API ec_status ec_verify(ec_session *session, const ec_verify_options *options,
                           ec_verify_report **out);

/**
 * Make balances again from the ledger: on_hand, incoming and damaged from movements, committed from
 * the active reservations. One transaction. System.
 *
 * @param out one problem for each figure that was changed: found is the old one, expected the new
 *            one; a block, release it with ec_free
 * @return EC_CORRUPT when the ledger itself is impossible, such as fewer than 0 on hand; then
 *         nothing is changed
 * @since 0.1
 */
EC_API ec_status ec_verify_rebuild(ec_session *session, ec_verify_report **out);

EC_END_DECLS

#endif
