/* SPDX-License-Identifier: MIT */
/*
 * draft.c - a promotion that need not be stored, as the computation wants it.
 *
 * It is checked like one that is to be stored, so that what is found out about it holds for it. It
 * refuses channels that are not there.
 */
#include <string.h>

#include "model/model.h"
#include "promotion/report.h"

static ec_id channel_of(const ec_rules *rules, const char *code)
{
    for (size_t i = 0; i < rules->channels_count; i++)
        if (strcmp(rules->channels[i].code, code) == 0) return rules->channels[i].id;
    return 0;
}

ec_status ec_promotion_places(ec_session *session, const ec_rules *rules,
                              const ec_promotion *promotion, ec_promotion_rule *out,
                              size_t *missing)
{
    size_t count = promotion->channels == NULL ? 0 : promotion->channels_count;
    ec_id *ids = ec_arena_array(ec_scratch(session), count + 1, sizeof(*ids));
    if (ids == NULL) return ec_fail_memory(session);
    *missing = count;
    for (size_t i = count; i > 0; i--) {
        ids[i - 1] = channel_of(rules, promotion->channels[i - 1]);
        if (ids[i - 1] == 0) *missing = i - 1;
    }
    out->channels = ids;
    out->channels_count = count;
    return EC_OK;
}

ec_status ec_promotion_draft(ec_session *session, const ec_rules *rules,
                             const ec_promotion *promotion, unsigned *needs, ec_promotion_rule *out)
{
    ec_rule_fault fault = {0};
    const char *field = NULL;
    size_t missing = 0;
    ec_status status = ec_input(session, &ec_promotion_entity, promotion, EC_MASK_ALL, true);
    if (status != EC_OK) return status;
    status = ec_promotion_compile(ec_scratch(session), promotion, needs, out, &field, &fault);
    if (status == EC_INVALID)
        return ec_fail_field(session, EC_INVALID, field, fault.rule, "At byte %zu: %s.", fault.at,
                             fault.message);
    if (status != EC_OK) return ec_fail_memory(session);
    status = ec_promotion_places(session, rules, promotion, out, &missing);
    if (status != EC_OK || missing == out->channels_count) return status;
    return ec_fail_field(session, EC_INVALID,
                         ec_arena_printf(ec_scratch(session), "channels[%zu]", missing), "unknown",
                         "There is no channel %.64s.", promotion->channels[missing]);
}
