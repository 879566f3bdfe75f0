/* SPDX-License-Identifier: MIT */
/*
 * refresh.c - carriers are asked what they take for a cart.
 *
 * Three steps: read what is to be asked, ask without any connection or transaction, keep what was
 * answered. The cart may change meanwhile: an answer holds only for what was asked. It refuses to
 * run inside of a transaction, as a carrier may take seconds.
 */
#include <ecommerce/shipping.h>
#include <stdio.h>
#include <string.h>

#include "cart/cart.h"
#include "shipping/inside.h"
#include "shipping/rates.h"

#define VALID_DEFAULT_MS INT64_C(900000)          /* 15 minutes */
#define VALID_MAX_MS (INT64_C(30) * 24 * 3600000) /* 30 days */
#define DAYS_MAX 3650

typedef struct refresh {
    ec_id cart_id;
    ec_arena arena; /* lives through all steps */
    ec_shipping_question *questions;
    size_t count;
} refresh;

static ec_status run_read(ec_session *session, void *ctx, void **result)
{
    refresh *job = ctx;
    const ec_rules *rules = NULL;
    ec_pricing in;
    (void)result;
    ec_arena_reset(&job->arena);
    job->count = 0;
    ec_loaded_cart *loaded = ec_arena_alloc(ec_scratch(session), sizeof(*loaded));
    if (loaded == NULL) return ec_fail_memory(session);
    ec_status status = ec_cart_read(session, job->cart_id, loaded);
    if (status == EC_OK) status = ec_cart_fail_state(session, &loaded->cart);
    if (status == EC_OK) status = ec_cart_situation(session, NULL, loaded, &rules, &in);
    if (status != EC_OK) return status;
    status = ec_shipping_questions(&job->arena, rules, &in, &job->questions, &job->count);
    return status == EC_OK ? EC_OK : ec_fail_memory(session);
}

/* Figures that cannot be: the carrier does not take it. */
static void doubt(ec_shipping_rate *rate)
{
    rate->offered = rate->offered && rate->amount >= 0 && rate->amount <= EC_AMOUNT_MAX &&
                    rate->days_min >= 0 && rate->days_max >= rate->days_min &&
                    rate->days_max <= DAYS_MAX;
}

static ec_status ask(ec_session *session, ec_shipping_question *question)
{
    ec_shipping_answer answer = {.rates = question->rates};
    ec_shipping_provider *carrier =
        ec_shipping_provider_find(ec_session_engine(session), question->provider);
    if (carrier == NULL)
        return ec_fail(session, EC_UNSUPPORTED, "There is no carrier \"%s\".", question->provider);
    ec_status status = carrier->ops->rates(carrier, &question->request, &answer);
    answer.problem[sizeof(answer.problem) - 1] = '\0';
    if (status != EC_OK)
        return ec_fail(session, EC_UNKNOWN, "The carrier \"%s\" did not answer. %s",
                       question->provider, answer.problem);
    for (size_t i = 0; i < question->request.methods_count; i++)
        doubt(&question->rates[i]);
    question->valid_ms = answer.valid_ms <= 0             ? VALID_DEFAULT_MS
                         : answer.valid_ms > VALID_MAX_MS ? VALID_MAX_MS
                                                          : answer.valid_ms;
    return EC_OK;
}

static ec_status run_keep(ec_session *session, void *ctx, void **result)
{
    const refresh *job = ctx;
    (void)result;
    return ec_shipping_keep(session, job->cart_id, job->questions, job->count);
}

/* All carriers; what failed last, when one did. problem: its words, which the next call forgets. */
static ec_status ask_all(ec_session *session, refresh *job, char *problem, size_t size)
{
    ec_status failed = EC_OK;
    for (size_t i = 0; i < job->count; i++) {
        ec_status status = ask(session, &job->questions[i]);
        if (status == EC_OK) continue;
        failed = status;
        (void)snprintf(problem, size, "%s", ec_session_error(session)->message);
    }
    return failed;
}

ec_status ec_cart_rates_refresh(ec_session *session, ec_id cart_id)
{
    static const ec_op op_read = {.name = "cart.rates_read",
                                  .permission = "carts.write",
                                  .access = EC_ACCESS_OWNER,
                                  .mode = EC_READ,
                                  .run = run_read};
    static const ec_op op_keep = {.name = "cart.rates_refresh",
                                  .permission = "carts.write",
                                  .access = EC_ACCESS_OWNER,
                                  .mode = EC_WRITE,
                                  .run = run_keep};
    char problem[EC_SHIPPING_PROBLEM_MAX + 128] = "";
    refresh job = {.cart_id = cart_id};
    if (session == NULL) return EC_MISUSE;
    if (ec_in_transaction(session))
        return ec_fail(session, EC_STATE,
                       "A carrier is not asked while a transaction of the program is open.");
    ec_arena_init(&job.arena, ec_session_platform(session));
    ec_status status = ec_call(session, &op_read, &job, NULL);
    if (status == EC_OK && job.count > 0) {
        ec_status asked = ask_all(session, &job, problem, sizeof(problem));
        status = ec_call(session, &op_keep, &job, NULL);
        if (status == EC_OK && asked != EC_OK) status = ec_fail(session, asked, "%s", problem);
    }
    ec_arena_clear(&job.arena);
    return status;
}
