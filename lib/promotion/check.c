/* SPDX-License-Identifier: MIT */
/*
 * check.c - what is wrong with promotions, before they apply.
 *
 * The active ones and the draft are compiled as the shop's own are; a stored text that is not
 * understood is told by its silence there, so it is named here. It refuses to write.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "catalog/statement.h"
#include "model/model.h"
#include "price/load.h"
#include "promotion/check.h"

#define STEP 500 /* promotions of one statement */
#define MESSAGE_MAX 1000

/* ---- findings -------------------------------------------------------------------------------- */

static bool make_room(ec_checking *c)
{
    ec_arena *arena = ec_scratch(c->session);
    if (c->findings_count < c->findings_capacity) return true;
    c->findings_capacity = c->findings_capacity == 0 ? 32 : 2 * c->findings_capacity;
    ec_promotion_finding *more = ec_arena_array(arena, c->findings_capacity, sizeof(*more));
    if (more == NULL) return false;
    if (c->findings_count > 0) memcpy(more, c->findings, c->findings_count * sizeof(*more));
    c->findings = more;
    return true;
}

ec_promotion_finding *ec_checking_add(ec_checking *c, ec_finding_kind kind,
                                      ec_finding_severity severity, const ec_checked *const *about,
                                      size_t count, const char *format, ...)
{
    char text[MESSAGE_MAX];
    ec_arena *arena = ec_scratch(c->session);
    const char **codes = ec_arena_array(arena, count + 1, sizeof(*codes));
    va_list args;
    va_start(args, format);
    (void)vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    const char *message = ec_arena_strdup(arena, text);
    if (codes == NULL || message == NULL || !make_room(c)) return NULL;
    for (size_t i = 0; i < count; i++)
        codes[i] = about[i]->promotion->code;
    ec_promotion_finding *finding = &c->findings[c->findings_count++];
    *finding = (ec_promotion_finding){.kind = kind,
                                      .severity = severity,
                                      .message = message,
                                      .promotions = codes,
                                      .promotions_count = count};
    return finding;
}

bool ec_checked_is_in(const ec_checked *one, const ec_channel *channel)
{
    const ec_promotion *promotion = one->promotion;
    if (promotion->budget > 0 && promotion->currency != NULL &&
        strcmp(promotion->currency, channel->currency) != 0)
        return false;
    for (size_t i = 0; i < one->rule.channels_count; i++)
        if (one->rule.channels[i] == channel->id) return true;
    return one->rule.channels_count == 0;
}

/* ---- what is looked at ----------------------------------------------------------------------- */

static ec_status compile(ec_checking *c, ec_checked *one)
{
    ec_rule_fault fault = {0};
    const char *field = NULL;
    size_t missing = 0;
    ec_status status = ec_promotion_compile(ec_scratch(c->session), one->promotion, &c->needs,
                                            &one->rule, &field, &fault);
    if (status == EC_NO_MEMORY) return ec_fail_memory(c->session);
    one->is_bad = status != EC_OK;
    return ec_promotion_places(c->session, c->held, one->promotion, &one->rule, &missing);
}

static bool is_draft(const ec_promotion *stored, const ec_promotion *draft)
{
    return draft != NULL && (stored->id == draft->id || strcmp(stored->code, draft->code) == 0);
}

/* The stored ones, and the draft in its place among them. */
static ec_status collect(ec_checking *c, ec_promotion *stored, size_t count,
                         const ec_promotion *draft)
{
    bool placed = draft == NULL;
    c->items = ec_arena_array(ec_scratch(c->session), count + 2, sizeof(*c->items));
    if (c->items == NULL) return ec_fail_memory(c->session);
    for (size_t i = 0; i <= count; i++) {
        bool before = i == count || (draft != NULL && draft->id != 0 && stored[i].id >= draft->id);
        if (!placed && before) {
            c->draft = &c->items[c->count];
            c->items[c->count++] = (ec_checked){.promotion = draft, .is_draft = true};
            placed = true;
        }
        if (i < count && !is_draft(&stored[i], draft))
            c->items[c->count++] = (ec_checked){.promotion = &stored[i]};
    }
    ec_status status = EC_OK;
    for (size_t i = 0; status == EC_OK && i < c->count; i++) {
        status = compile(c, &c->items[i]);
        c->items[i].rule.id = (ec_id)i + 1;
    }
    return status;
}

static ec_status load(ec_checking *c, const ec_promotion *draft)
{
    void *found = NULL;
    size_t count = 0;
    int64_t version = 0;
    unsigned needs = 0;
    ec_promotion_rule rule;
    ec_session *session = c->session;
    ec_status status = ec_rules_version(session, &version);
    if (status == EC_OK) status = ec_rules_hold(session, version, &c->held);
    if (status == EC_OK && draft != NULL)
        status = ec_promotion_draft(session, c->held, draft, &needs, &rule);
    if (status == EC_OK)
        status =
            ec_entity_select(session, &ec_promotion_entity,
                             "WHERE t.status = 'active' ORDER BY t.id", ec_no_args, &found, &count);
    ec_promotion *stored = found;
    for (size_t i = 0; status == EC_OK && i < count; i += STEP)
        status =
            ec_promotion_lists(session, stored + i, count - i < STEP ? count - i : (size_t)STEP);
    return status == EC_OK ? collect(c, stored, count, draft) : status;
}

/* ---- all ------------------------------------------------------------------------------------- */

static ec_status finish(ec_checking *c, void **result)
{
    ec_promotion_findings *out = ec_arena_alloc(ec_scratch(c->session), sizeof(*out));
    if (out == NULL || ec_scratch(c->session)->failed) return ec_fail_memory(c->session);
    *out = (ec_promotion_findings){.promotions_count = (int64_t)c->count,
                                   .variants_count = c->variants_count,
                                   .findings_count = c->findings_count,
                                   .findings = c->findings};
    for (size_t i = 0; i < c->findings_count; i++) {
        out->errors_count += c->findings[i].severity == EC_FINDING_ERROR;
        out->warnings_count += c->findings[i].severity == EC_FINDING_WARNING;
    }
    *result = out;
    return EC_OK;
}

static ec_status check_run(ec_session *session, void *ctx, void **result)
{
    const ec_promotion *draft = *(const ec_promotion *const *)ctx;
    ec_checking c = {.session = session, .now = ec_now(session)};
    ec_status status = load(&c, draft);
    if (status == EC_OK) status = ec_check_singles(&c);
    if (status == EC_OK) status = ec_check_goods(&c);
    return status == EC_OK ? finish(&c, result) : status;
}

ec_status ec_promotion_check(ec_session *session, const ec_promotion *draft,
                             ec_promotion_findings **out)
{
    static const ec_op op = {.name = "promotion.check",
                             .permission = "promotion.read",
                             .access = EC_ACCESS_STAFF,
                             .mode = EC_READ,
                             .result = &ec_promotion_findings_entity,
                             .run = check_run};
    return ec_call(session, &op, &draft, (void **)out);
}
