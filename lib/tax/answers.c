/* SPDX-License-Identifier: MIT */
/*
 * answers.c - what tax services answered, kept with the cart.
 *
 * It refuses to use an answer that expired. What is kept is read as if it came from outside: a row
 * that makes no sense is as good as none.
 */
#include "tax/answers.h"

#include <string.h>

#include "base/json.h"
#include "base/text.h"
#include "engine/sql.h"
#include "tax/inside.h"

/* ---- keeping ---- */

/* [[line, amount, rate, included, name, code], …] */
static const char *to_json(ec_session *session, const ec_tax_answer *answer)
{
    ec_buf buf;
    ec_json_writer json;
    ec_buf_init(&buf, ec_session_platform(session), 8u << 20);
    ec_json_begin(&json, &buf);
    ec_json_array(&json);
    for (size_t i = 0; i < answer->count; i++) {
        const ec_tax_amount *tax = &answer->amounts[i];
        ec_json_array(&json);
        ec_json_int(&json, tax->line);
        ec_json_int(&json, tax->amount);
        ec_json_int(&json, tax->rate);
        ec_json_int(&json, tax->included ? 1 : 0);
        ec_json_text(&json, tax->name);
        ec_json_text(&json, tax->code[0] != '\0' ? tax->code : NULL);
        ec_json_array_end(&json);
    }
    ec_json_array_end(&json);
    const char *text = buf.status == EC_OK
                           ? ec_arena_text(ec_scratch(session), ec_buf_text(&buf), buf.length)
                           : NULL;
    ec_buf_clear(&buf);
    return text;
}

ec_status ec_tax_store_answer(ec_session *session, ec_id cart_id, const ec_tax_question *question)
{
    const char *data = to_json(session, &question->answer);
    if (data == NULL) return ec_fail_memory(session);
    ec_status status = ec_exec(session,
                               "DELETE FROM outside_quotes WHERE cart_id = ? AND kind = 'tax'"
                               " AND provider = ?",
                               ec_args(ec_int(cart_id), ec_text(question->provider)), NULL);
    if (status != EC_OK) return status;
    return ec_exec(session,
                   "INSERT INTO outside_quotes (cart_id, kind, provider, fingerprint, data,"
                   " created_at, expires_at) VALUES (?, 'tax', ?, ?, ?, ?, ?)",
                   ec_args(ec_int(cart_id), ec_text(question->provider), ec_text(question->print),
                           ec_text(data), ec_int(ec_now(session)), ec_int(question->expires_at)),
                   NULL);
}

/* ---- reading ---- */

static bool read_text(const ec_json *value, const char **out)
{
    *out = value->type == EC_JSON_TEXT ? value->text : NULL;
    return value->type == EC_JSON_TEXT || value->type == EC_JSON_NULL;
}

static bool read_tax(const ec_json *entry, ec_pricing_outside_tax *out)
{
    int64_t included = 0;
    int64_t *const numbers[] = {&out->line, &out->amount, &out->rate, &included};
    const ec_json *at = entry->child;
    if (entry->type != EC_JSON_ARRAY || entry->count != 6) return false;
    for (size_t i = 0; i < 4; i++, at = at->next)
        if (at->type != EC_JSON_NUMBER || ec_parse_int(at->text, numbers[i]) != EC_OK) return false;
    out->included = included != 0;
    return read_text(at, &out->name) && read_text(at->next, &out->code);
}

/* Nothing is taken of a text that is no such answer. */
static ec_status take(ec_session *session, const char *data, ec_pricing *in)
{
    ec_json *tree = NULL;
    size_t count = 0;
    ec_arena *arena = ec_scratch(session);
    ec_status status = ec_json_parse(arena, data, strlen(data), &tree, NULL, NULL);
    if (status == EC_NO_MEMORY) return ec_fail_memory(session);
    if (status != EC_OK || tree->type != EC_JSON_ARRAY) return EC_OK;
    ec_pricing_outside_tax *taxes = ec_arena_array(arena, tree->count, sizeof(*taxes));
    if (taxes == NULL) return ec_fail_memory(session);
    for (const ec_json *entry = tree->child; entry != NULL; entry = entry->next)
        if (!read_tax(entry, &taxes[count++])) return EC_OK;
    in->outside_taxes = taxes;
    in->outside_taxes_count = count;
    in->has_outside_taxes = true;
    return EC_OK;
}

ec_status ec_tax_read_answer(ec_session *session, ec_id cart_id, ec_pricing *in)
{
    ec_stmt *stmt = NULL;
    if (in->tax_provider == NULL) return EC_OK;
    ec_status status =
        ec_query(session,
                 "SELECT fingerprint, data FROM outside_quotes WHERE cart_id = ?"
                 " AND kind = 'tax' AND provider = ? AND expires_at > ?",
                 ec_args(ec_int(cart_id), ec_text(in->tax_provider), ec_int(in->now)), &stmt);
    if (status == EC_OK) status = ec_row(session, stmt);
    if (status == EC_DONE) return EC_OK;
    if (status != EC_OK) return status;
    in->outside_print = ec_col_text(session, stmt, 0);
    const char *data = ec_col_text(session, stmt, 1);
    ec_done(session, stmt);
    if (in->outside_print == NULL || data == NULL) return ec_fail_memory(session);
    return take(session, data, in);
}
