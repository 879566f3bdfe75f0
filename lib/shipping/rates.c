/* SPDX-License-Identifier: MIT */
/*
 * rates.c - what carriers answered, kept with the cart.
 *
 * It refuses to use an answer that expired or was given to another question. What is kept is read
 * as if it came from outside: a row that makes no sense is as good as none.
 */
#include "shipping/rates.h"

#include <string.h>

#include "base/json.h"
#include "base/text.h"
#include "engine/sql.h"
#include "shipping/inside.h"

/* ---- keeping ---- */

/* [[method, amount, days_min, days_max], …] of what is offered. */
static const char *to_json(ec_session *session, const ec_shipping_question *question)
{
    ec_buf buf;
    ec_json_writer json;
    ec_buf_init(&buf, ec_session_platform(session), 1u << 20);
    ec_json_begin(&json, &buf);
    ec_json_array(&json);
    for (size_t i = 0; i < question->request.methods_count; i++) {
        const ec_shipping_rate *rate = &question->rates[i];
        if (!rate->offered) continue;
        ec_json_array(&json);
        ec_json_int(&json, question->methods[i]);
        ec_json_int(&json, rate->amount);
        ec_json_int(&json, rate->days_min);
        ec_json_int(&json, rate->days_max);
        ec_json_array_end(&json);
    }
    ec_json_array_end(&json);
    const char *text = buf.status == EC_OK
                           ? ec_arena_text(ec_scratch(session), ec_buf_text(&buf), buf.length)
                           : NULL;
    ec_buf_clear(&buf);
    return text;
}

ec_status ec_shipping_keep(ec_session *session, ec_id cart_id,
                           const ec_shipping_question *questions, size_t count)
{
    ec_status status = EC_OK;
    for (size_t i = 0; i < count && status == EC_OK; i++) {
        const ec_shipping_question *question = &questions[i];
        if (question->valid_ms == 0) continue; /* it did not answer */
        const char *data = to_json(session, question);
        if (data == NULL) return ec_fail_memory(session);
        status = ec_exec(session,
                         "DELETE FROM outside_quotes WHERE cart_id = ? AND kind = 'shipping'"
                         " AND provider = ?",
                         ec_args(ec_int(cart_id), ec_text(question->provider)), NULL);
        if (status == EC_OK)
            status = ec_exec(session,
                             "INSERT INTO outside_quotes (cart_id, kind, provider, fingerprint,"
                             " data, created_at, expires_at) VALUES (?, 'shipping', ?, ?, ?, ?, ?)",
                             ec_args(ec_int(cart_id), ec_text(question->provider),
                                     ec_text(question->fingerprint), ec_text(data),
                                     ec_int(ec_now(session)),
                                     ec_int(ec_now(session) + question->valid_ms)),
                             NULL);
    }
    return status;
}

/* ---- reading ---- */

/* Four numbers; false when it is no such entry. */
static bool read_fee(const ec_json *entry, ec_pricing_outside_fee *out)
{
    int64_t *const numbers[] = {&out->shipping_method_id, &out->amount, &out->days_min,
                                &out->days_max};
    const ec_json *at = entry->child;
    if (entry->type != EC_JSON_ARRAY || entry->count != 4) return false;
    for (size_t i = 0; i < 4; i++, at = at->next)
        if (at->type != EC_JSON_NUMBER || ec_parse_int(at->text, numbers[i]) != EC_OK) return false;
    return out->amount >= 0 && out->amount <= EC_AMOUNT_MAX;
}

typedef struct fees {
    ec_pricing_outside_fee *items;
    size_t count, room;
} fees;

static ec_status take_row(ec_session *session, const char *data, fees *out)
{
    ec_json *tree = NULL;
    if (data == NULL) return ec_fail_memory(session);
    ec_status status = ec_json_parse(ec_scratch(session), data, strlen(data), &tree, NULL, NULL);
    if (status == EC_NO_MEMORY) return ec_fail_memory(session);
    if (status != EC_OK || tree->type != EC_JSON_ARRAY) return EC_OK;
    for (const ec_json *entry = tree->child; entry != NULL && out->count < out->room;
         entry = entry->next)
        if (read_fee(entry, &out->items[out->count])) out->count++;
    return EC_OK;
}

static bool is_answer_to(const ec_shipping_question *questions, size_t count, const char *provider,
                         const char *fingerprint)
{
    if (provider == NULL || fingerprint == NULL) return false;
    for (size_t i = 0; i < count; i++)
        if (strcmp(questions[i].provider, provider) == 0)
            return strcmp(questions[i].fingerprint, fingerprint) == 0;
    return false;
}

ec_status ec_shipping_read_rates(ec_session *session, const ec_rules *rules, ec_id cart_id,
                                 ec_pricing *in)
{
    ec_shipping_question *questions = NULL;
    size_t count = 0;
    ec_stmt *stmt = NULL;
    fees found = {.room = rules->shipping.methods_count};
    ec_status status = ec_shipping_questions(ec_scratch(session), rules, in, &questions, &count);
    if (status != EC_OK) return ec_fail_memory(session);
    if (count == 0) return EC_OK;
    found.items = ec_arena_array(ec_scratch(session), found.room, sizeof(*found.items));
    if (found.items == NULL) return ec_fail_memory(session);
    status = ec_query(session,
                      "SELECT provider, fingerprint, data FROM outside_quotes"
                      " WHERE cart_id = ? AND kind = 'shipping' AND expires_at > ?",
                      ec_args(ec_int(cart_id), ec_int(in->now)), &stmt);
    while (status == EC_OK && (status = ec_row(session, stmt)) == EC_OK)
        if (is_answer_to(questions, count, ec_col_text(session, stmt, 0),
                         ec_col_text(session, stmt, 1)))
            status = take_row(session, ec_col_text(session, stmt, 2), &found);
    in->outside_fees = found.items;
    in->outside_fees_count = found.count;
    return status == EC_DONE ? EC_OK : status;
}
