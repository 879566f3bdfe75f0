/* SPDX-License-Identifier: MIT */
/*
 * check_single.c - promotions that can never apply, and those that another one keeps out.
 *
 * Everything here is said by what is stored, without goods. Of an active promotion that is over or
 * used up it only warns, since that is how they end; of a draft it is an error. It refuses to say
 * that one is kept out unless the other one applies wherever it could.
 */
#include <string.h>

#include "catalog/statement.h"
#include "model/model.h"
#include "promotion/check.h"
#include "rule/inside.h"

#define STEP 500

static ec_finding_severity end_of(const ec_checked *one)
{
    return one->is_draft ? EC_FINDING_ERROR : EC_FINDING_WARNING;
}

static ec_status told(ec_checking *c, const ec_promotion_finding *finding)
{
    return finding == NULL ? ec_fail_memory(c->session) : EC_OK;
}

/* ---- periods and limits ---------------------------------------------------------------------- */

static ec_status check_end(ec_checking *c, const ec_checked *one)
{
    const ec_promotion *promotion = one->promotion;
    if (one->is_bad)
        return told(c, ec_checking_add(c, EC_FINDING_CONTRADICTION, EC_FINDING_ERROR, &one, 1,
                                       "%s has a text that is not understood, so it never applies.",
                                       promotion->code));
    if (ec_promotion_is_over(&one->rule, c->now))
        return told(c, ec_checking_add(c, EC_FINDING_OVER, end_of(one), &one, 1,
                                       "The period of %s is over.", promotion->code));
    if (promotion->usage_limit > 0 && promotion->used_count >= promotion->usage_limit)
        return told(c, ec_checking_add(c, EC_FINDING_USED_UP, end_of(one), &one, 1,
                                       "%s was used %lld times and may be used %lld times.",
                                       promotion->code, (long long)promotion->used_count,
                                       (long long)promotion->usage_limit));
    if (promotion->budget > 0 && promotion->used_amount >= promotion->budget)
        return told(c, ec_checking_add(c, EC_FINDING_USED_UP, end_of(one), &one, 1,
                                       "The budget of %s is spent.", promotion->code));
    return EC_OK;
}

/* ---- amounts and conditions, by channel ------------------------------------------------------ */

/* Has the action an amount, when it needs one? */
static bool has_amount(const ec_rule_call *call, const ec_pricing_work *work)
{
    int64_t amount = 0;
    for (size_t i = 0; i < call->args_count; i++) {
        const ec_rule_arg *arg = &call->args[i];
        const ec_rule_value *value = &arg->value;
        if (arg->steps_count > 0) value = &arg->steps[0].value;
        if (value->money_count == 0 || !arg->param->required) continue;
        if (!ec_rule_amount(value, work, &amount)) return false;
    }
    return true;
}

static bool has_amounts(const ec_promotion_rule *rule, const ec_pricing_work *work)
{
    for (size_t i = 0; i < rule->actions_count; i++)
        if (has_amount(&rule->actions[i], work)) return true;
    return false;
}

/* What one promotion cannot do in the channels where it applies. */
typedef struct outcome {
    size_t channels, without_amount, never;
    const ec_channel *first_without; /* channel */
    const ec_rule *first, *second;   /* tests, of a channel where it can never hold */
    const ec_channel *first_never;
} outcome;

static void look(const ec_checked *one, const ec_channel *channel, outcome *out)
{
    ec_pricing in = {
        .channel_id = channel->id, .channel = channel->code, .currency = channel->currency};
    ec_pricing_work work = {.in = &in};
    const ec_rule *first = NULL, *second = NULL;
    if (!channel->is_active || !ec_checked_is_in(one, channel)) return;
    out->channels++;
    if (!has_amounts(&one->rule, &work)) {
        if (out->without_amount++ == 0) out->first_without = channel;
    } else if (ec_rule_never(one->rule.condition, &work, &first, &second)) {
        if (out->never++ > 0) return;
        out->first_never = channel;
        out->first = first;
        out->second = second;
    }
}

static ec_status tell_never(ec_checking *c, const ec_checked *one, const outcome *out)
{
    ec_promotion_finding *finding = NULL;
    bool everywhere = out->never == out->channels;
    ec_finding_severity severity = everywhere ? EC_FINDING_ERROR : EC_FINDING_WARNING;
    const char *first = out->first->text != NULL ? out->first->text : "not …";
    const char *second =
        out->second != NULL && out->second->text != NULL ? out->second->text : "not …";
    if (out->second == NULL)
        finding =
            ec_checking_add(c, EC_FINDING_CONTRADICTION, severity, &one, 1,
                            "%s never applies in channel %s, since this cannot hold there: %.300s",
                            one->promotion->code, out->first_never->code, first);
    else
        finding = ec_checking_add(
            c, EC_FINDING_CONTRADICTION, severity, &one, 1,
            "%s never applies in channel %s, since these exclude each other: %.300s; %.300s",
            one->promotion->code, out->first_never->code, first, second);
    if (finding != NULL) finding->channel = out->first_never->code;
    return told(c, finding);
}

static ec_status check_channels(ec_checking *c, const ec_checked *one)
{
    outcome out = {0};
    for (size_t i = 0; i < c->held->channels_count; i++)
        look(one, &c->held->channels[i], &out);
    if (out.channels == 0)
        return told(c, ec_checking_add(c, EC_FINDING_NO_AMOUNT, EC_FINDING_ERROR, &one, 1,
                                       "%s applies in no active channel, by its channels or by the "
                                       "currency of its budget.",
                                       one->promotion->code));
    if (out.without_amount > 0) {
        ec_promotion_finding *finding = ec_checking_add(
            c, EC_FINDING_NO_AMOUNT,
            out.without_amount == out.channels ? EC_FINDING_ERROR : EC_FINDING_WARNING, &one, 1,
            "%s states no amount for channel %s and its currency %s.", one->promotion->code,
            out.first_without->code, out.first_without->currency);
        if (finding == NULL) return ec_fail_memory(c->session);
        finding->channel = out.first_without->code;
    }
    return out.never > 0 ? tell_never(c, one, &out) : EC_OK;
}

/* ---- coupons --------------------------------------------------------------------------------- */

static ec_status find_without(ec_checking *c, const ec_id *ids, const ec_checked **of, size_t count)
{
    ec_statement s;
    ec_stmt *stmt = NULL;
    ec_statement_begin(&s, c->session);
    ec_statement_with(&s,
                      "SELECT p.id FROM promotions p WHERE NOT EXISTS (SELECT 1 FROM coupons c"
                      " WHERE c.promotion_id = p.id AND c.is_active = 1"
                      " AND (c.expires_at IS NULL OR c.expires_at > ?)) AND p.id IN ",
                      ec_int(c->now));
    ec_statement_ids(&s, ids, count);
    ec_statement_put(&s, " ORDER BY p.id");
    ec_status status = ec_statement_query(&s, &stmt);
    while (status == EC_OK && (status = ec_row(c->session, stmt)) == EC_OK) {
        ec_id id = ec_col_int(stmt, 0);
        for (size_t i = 0; status == EC_OK && i < count; i++)
            if (ids[i] == id)
                status =
                    told(c, ec_checking_add(c, EC_FINDING_NO_COUPONS, EC_FINDING_WARNING, &of[i], 1,
                                            "%s needs a coupon, and it has none that is valid.",
                                            of[i]->promotion->code));
    }
    return status == EC_DONE ? EC_OK : status;
}

static ec_status check_coupons(ec_checking *c)
{
    ec_id ids[STEP];
    const ec_checked *of[STEP];
    size_t count = 0;
    ec_status status = EC_OK;
    for (size_t i = 0; status == EC_OK && i < c->count; i++) {
        const ec_checked *one = &c->items[i];
        if (one->promotion->coupon_required && ec_checking_tells(c, one)) {
            ids[count] = one->promotion->id; /* one that is not stored has no coupons */
            of[count] = one;
            count += one->promotion->id != 0;
            if (one->promotion->id == 0)
                status = told(c, ec_checking_add(c, EC_FINDING_NO_COUPONS, EC_FINDING_INFO, &one, 1,
                                                 "%s needs a coupon; it can have some once it is "
                                                 "stored.",
                                                 one->promotion->code));
        }
        if (status == EC_OK && count > 0 && (count == STEP || i + 1 == c->count)) {
            status = find_without(c, ids, of, count);
            count = 0;
        }
    }
    return status;
}

/* ---- one keeps the other out ----------------------------------------------------------------- */

static bool is_before(const ec_promotion_rule *one, const ec_promotion_rule *two)
{
    if (one->lane != two->lane) return one->lane < two->lane;
    if (one->priority != two->priority) return one->priority > two->priority;
    return one->id < two->id;
}

/* Does it take something off every cart where its condition holds? */
static bool takes_always(const ec_promotion_rule *rule)
{
    static const char *const plain[] = {"percent_off", "amount_off", "order_percent_off",
                                        "order_amount_off"};
    if (rule->spares_discounted || rule->coupon || rule->limited || rule->competes ||
        rule->combines_count > 0)
        return false;
    for (size_t i = 0; i < rule->actions_count; i++) {
        const char *name = ec_promotion_actions[rule->actions[i].verb].verb.name;
        for (size_t k = 0; k < sizeof(plain) / sizeof(plain[0]); k++)
            if (strcmp(plain[k], name) == 0 &&
                ec_rule_arg_of(&rule->actions[i], "on", NULL) == NULL)
                return true;
    }
    return false;
}

/* Is the other one's remaining period within its own? */
static bool covers_period(const ec_checking *c, const ec_promotion_rule *rule,
                          const ec_promotion_rule *other)
{
    ec_time begin = other->starts_at > c->now ? other->starts_at : c->now;
    bool ends = rule->ends_at != 0 && (other->ends_at == 0 || other->ends_at > rule->ends_at);
    return !ends && ec_promotion_has_begun(rule, begin);
}

static bool touches_lines(const ec_promotion_rule *rule)
{
    for (size_t i = 0; i < rule->actions_count; i++)
        if (ec_promotion_actions[rule->actions[i].verb].items != NULL) return true;
    return false;
}

/* Does it keep the other one out there? */
static bool wins_in(const ec_checked *one, const ec_checked *other, const ec_channel *channel)
{
    ec_pricing in = {
        .channel_id = channel->id, .channel = channel->code, .currency = channel->currency};
    ec_pricing_work work = {.in = &in};
    const ec_promotion_rule *rule = &one->rule, *out = &other->rule;
    if (!ec_checked_is_in(one, channel) || !has_amounts(rule, &work)) return false;
    if (rule->stops && !out->exclusive && is_before(rule, out)) return true;
    if (!rule->exclusive || (out->exclusive && !is_before(rule, out))) return false;
    if (channel->policy->exclusion == EC_EXCLUDES_LANE) return rule->lane == out->lane;
    return channel->policy->exclusion == EC_EXCLUDES_ALL || touches_lines(out);
}

static bool shadows(const ec_checking *c, const ec_checked *one, const ec_checked *other)
{
    size_t channels = 0;
    if (one == other || other->is_bad || other->rule.catalog) return false;
    if (one->rule.condition != NULL && !ec_rule_same(one->rule.condition, other->rule.condition))
        return false;
    if (!covers_period(c, &one->rule, &other->rule)) return false;
    for (size_t i = 0; i < c->held->channels_count; i++) {
        const ec_channel *channel = &c->held->channels[i];
        if (!channel->is_active || !ec_checked_is_in(other, channel)) continue;
        if (!wins_in(one, other, channel)) return false;
        channels++;
    }
    return channels > 0;
}

static ec_status check_shadows(ec_checking *c, const ec_checked *one)
{
    ec_status status = EC_OK;
    if (one->is_bad || one->rule.catalog || (!one->rule.exclusive && !one->rule.stops))
        return EC_OK;
    if (!takes_always(&one->rule) || ec_promotion_is_over(&one->rule, c->now)) return EC_OK;
    for (size_t i = 0; status == EC_OK && i < c->count; i++) {
        const ec_checked *other = &c->items[i];
        if (!ec_checking_tells(c, one) && !ec_checking_tells(c, other)) continue;
        if (ec_promotion_is_over(&other->rule, c->now) || !shadows(c, one, other)) continue;
        const ec_checked *both[] = {other, one};
        status =
            told(c, ec_checking_add(c, EC_FINDING_SHADOWED, EC_FINDING_WARNING, both, 2,
                                    "%s never applies: wherever it could, %s does and %s.",
                                    other->promotion->code, one->promotion->code,
                                    one->rule.exclusive ? "keeps others out" : "lets none follow"));
    }
    return status;
}

/* ---- all ------------------------------------------------------------------------------------- */

ec_status ec_check_singles(ec_checking *c)
{
    ec_status status = EC_OK;
    for (size_t i = 0; status == EC_OK && i < c->count; i++) {
        const ec_checked *one = &c->items[i];
        if (!ec_checking_tells(c, one)) continue;
        status = check_end(c, one);
        if (status == EC_OK && !one->is_bad) status = check_channels(c, one);
    }
    if (status == EC_OK) status = check_coupons(c);
    for (size_t i = 0; status == EC_OK && i < c->count; i++)
        status = check_shadows(c, &c->items[i]);
    return status;
}
