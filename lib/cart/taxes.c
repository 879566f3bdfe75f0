/* SPDX-License-Identifier: MIT */
/*
 * taxes.c - asking a tax service about a cart.
 *
 * Three steps: what is asked is read in one snapshot, the service is asked while no transaction is
 * open, and its answer is kept in another one. It refuses an answer that is none: amounts below
 * zero, of lines that were not asked for, or included ones above the price.
 */
#include <string.h>

#include "base/text.h"
#include "cart/cart.h"
#include "tax/answers.h"

#define VALID_MS (INT64_C(15) * 60 * 1000) /* where a service says nothing */
#define VALID_MAX_MS (INT64_C(24) * 60 * 60 * 1000)

typedef struct refresh_args {
    ec_id cart_id;
    ec_tax_question *question;
} refresh_args;

/* ---- what is asked ---- */

static ec_status run_question(ec_session *session, void *ctx, void **result)
{
    refresh_args *args = ctx;
    ec_loaded_cart loaded;
    (void)result;
    ec_status status = ec_cart_read(session, args->cart_id, &loaded);
    if (status == EC_OK) status = ec_cart_fail_state(session, &loaded.cart);
    if (status != EC_OK) return status;
    ec_cart_terms terms = loaded.terms;
    terms.tax_question = args->question;
    return ec_cart_price(session, &terms, &loaded);
}

/* ---- what is answered ---- */

/* A text with its end, of valid characters. */
static bool is_text(const char *text, size_t size)
{
    const char *end = memchr(text, '\0', size);
    return end != NULL && ec_utf8_count(text, (size_t)(end - text)) >= 0;
}

static const ec_tax_item *item_of(const ec_tax_request *request, int64_t line)
{
    for (size_t i = 0; i < request->items_count; i++)
        if (request->items[i].line == line) return &request->items[i];
    return NULL;
}

static bool is_answer(const ec_tax_question *question)
{
    const ec_tax_answer *answer = &question->answer;
    if (answer->count > answer->room || answer->valid_ms < 0) return false;
    for (size_t i = 0; i < answer->count; i++) {
        const ec_tax_amount *tax = &answer->amounts[i];
        const ec_tax_item *item = item_of(&question->request, tax->line);
        int64_t included = 0;
        if (item == NULL || tax->amount < 0 || tax->amount > EC_AMOUNT_MAX || tax->rate < 0 ||
            !is_text(tax->name, sizeof(tax->name)) || !is_text(tax->code, sizeof(tax->code)))
            return false;
        for (size_t k = 0; k <= i; k++)
            if (answer->amounts[k].line == tax->line && answer->amounts[k].included)
                included += answer->amounts[k].amount;
        if (included > item->amount) return false;
    }
    return true;
}

/* EC_UNAVAILABLE in the service's words. */
static ec_status ask(ec_session *session, ec_tax_question *question)
{
    const ec_platform *platform = ec_session_platform(session);
    ec_tax_provider *provider =
        ec_tax_provider_find(ec_session_engine(session), question->provider);
    ec_tax_answer *answer = &question->answer;
    if (provider == NULL)
        return ec_fail(session, EC_UNSUPPORTED, "The program has no tax service \"%s\".",
                       question->provider);
    ec_status status = provider->ops->taxes(provider, &question->request, answer);
    answer->problem[sizeof(answer->problem) - 1] = '\0';
    if (status != EC_OK)
        return ec_fail(session, EC_UNKNOWN, "The tax service does not answer: %s",
                       answer->problem[0] != '\0' ? answer->problem : "no reason given");
    if (!is_answer(question))
        return ec_fail(session, EC_UNKNOWN, "The tax service answers what cannot be.");
    int64_t valid = answer->valid_ms == 0 ? VALID_MS : answer->valid_ms;
    question->expires_at =
        platform->now_ms(platform->ctx) + (valid < VALID_MAX_MS ? valid : VALID_MAX_MS);
    return EC_OK;
}

/* ---- keeping it ---- */

static ec_status run_keep(ec_session *session, void *ctx, void **result)
{
    const refresh_args *args = ctx;
    if (args->question->expires_at == 0) return ec_cart_answer(session, args->cart_id, result);
    ec_loaded_cart *loaded = ec_arena_alloc(ec_scratch(session), sizeof(*loaded));
    if (loaded == NULL) return ec_fail_memory(session);
    ec_status status = ec_cart_read(session, args->cart_id, loaded);
    if (status == EC_OK) status = ec_cart_fail_state(session, &loaded->cart);
    if (status == EC_OK) status = ec_tax_store_answer(session, args->cart_id, args->question);
    if (status == EC_OK) status = ec_cart_price(session, NULL, loaded);
    *result = &loaded->cart;
    return status;
}

static ec_status refresh(ec_session *session, refresh_args *args, ec_cart **out)
{
    static const ec_op op_question = {.name = "cart.tax_question",
                                      .permission = "carts.read",
                                      .access = EC_ACCESS_ANY,
                                      .mode = EC_READ,
                                      .run = run_question};
    static const ec_op op_keep = {.name = "cart.taxes_refresh",
                                  .permission = "carts.write",
                                  .access = EC_ACCESS_ANY,
                                  .mode = EC_WRITE,
                                  .result = &ec_cart_entity,
                                  .run = run_keep};
    ec_status status = ec_call(session, &op_question, args, NULL);
    if (status == EC_OK && args->question->asked) status = ask(session, args->question);
    return status == EC_OK ? ec_call(session, &op_keep, args, (void **)out) : status;
}

ec_status ec_cart_taxes_refresh(ec_session *session, ec_id cart_id, ec_cart **out)
{
    ec_tax_question question = {.asked = false};
    refresh_args args = {.cart_id = cart_id, .question = &question};
    if (session == NULL) return EC_MISUSE;
    if (out == NULL) return ec_fail_place(session, "cart.taxes_refresh");
    *out = NULL;
    if (ec_in_transaction(session))
        return ec_fail(session, EC_STATE,
                       "A service is not asked while a transaction of the program is open.");
    ec_arena_init(&question.arena, ec_session_platform(session));
    ec_status status = refresh(session, &args, out);
    ec_arena_clear(&question.arena);
    return status;
}
