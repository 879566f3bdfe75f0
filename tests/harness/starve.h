/* SPDX-License-Identifier: MIT */
/*
 * starve.h - calls without memory: every allocation of a call fails once, and from then on for
 * ever, each time in a fresh shop. A status, no result, no change, nothing lost.
 */
#ifndef EC_TESTS_HARNESS_STARVE_H
#define EC_TESTS_HARNESS_STARVE_H

#include "harness/harness.h"

typedef struct starve_call {
    const char *name;
    /* *block: what the call hands out, or NULL */
    ec_status (*call)(ec_session *session, void **block);
} starve_call;

/* What calls leave behind. */
typedef enum starve_kind {
    STARVE_WHOLE,   /* all or nothing */
    STARVE_PARTIAL, /* a failure may keep whole batches, as an import does */
    STARVE_READS    /* nothing; something is handed out when it succeeds */
} starve_kind;

void starve_calls(ec_engine *(*fresh_shop)(void), starve_kind kind, const starve_call *calls,
                  size_t count);

#endif
