/* SPDX-License-Identifier: MIT */
/*
 * verify.h - how a part of the library says what must hold between its rows.
 *
 * A part writes an array of checks, ended by one without name, in a file of its own and adds it to
 * `parts` in lib/ops/verify.c. A check is SQL where that says it, a function otherwise.
 */
#ifndef EC_OPS_VERIFY_H
#define EC_OPS_VERIFY_H

#include <ecommerce/verify.h>

#include "engine/call.h"
#include "engine/sql.h"
#include "model/model.h"

typedef struct ec_verify_run ec_verify_run; /* one run of one check */

typedef struct ec_verify_rule {
    const char *name;    /* "stock.on_hand" */
    const char *doc;     /* what it proves, one sentence */
    const char *object;  /* what its ids name, such as "inventory" */
    const char *message; /* of its problems, one sentence */
    const char *count;   /* SELECT of one number: how many objects it looks at */
    /* SELECT id, expected, found of each object that is wrong, in the order of ids; without values.
       NULL: run is called instead. */
    const char *wrong;
    ec_status (*run)(ec_session *session, ec_verify_run *run);
} ec_verify_rule;

/* For run: a problem; object and message NULL: those of the rule. Texts must live until the end of
   the call. The rule's `count` may be NULL then: run tells by ec_verify_checked. */
ec_status ec_verify_found(ec_session *session, ec_verify_run *run, ec_id id, int64_t expected,
                          int64_t found, const char *object, const char *message);
void ec_verify_checked(ec_verify_run *run, int64_t objects);

/* The parts. */
extern const ec_verify_rule ec_verify_storage_rules[];
extern const ec_verify_rule ec_verify_stock_rules[];
extern const ec_verify_rule ec_verify_payment_rules[];
extern const ec_verify_rule ec_verify_order_rules[];
extern const ec_verify_rule ec_verify_credit_rules[];
extern const ec_verify_rule ec_verify_ledger_rules[];
extern const ec_verify_rule ec_verify_promotion_rules[];

#endif
