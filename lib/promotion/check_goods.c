/* SPDX-License-Identifier: MIT */
/*
 * check_goods.c - what promotions together do to goods, found by pricing small carts.
 *
 * Each variant that is sold is put alone into a cart, in the numbers that conditions and actions
 * ask for, and the engine that prices carts says what is taken off. Tests of what is not known here
 * (who buys, when, with which codes and what else) are taken to hold, so the worst case is an upper
 * one. Goods come in pages, only sums and the worst are kept. It refuses to compute any discount
 * itself.
 */
#include <stdlib.h>
#include <string.h>

#include "base/divide.h"
#include "engine/sql.h"
#include "model/model.h"
#include "price/load.h"
#include "promotion/check.h"
#include "rule/inside.h"

#define PAGE 256
#define MOMENTS 8      /* now, and when later ones begin */
#define NUMBERS 16     /* of units and of totals that are tried */
#define UNITS_MAX 1000 /* in one cart */
#define PAIRS 500      /* that are told of one channel */
#define APPLIED 32     /* of one cart that are told */
#define SKU_TEXT 128

/* Two that take off the same goods. */
typedef struct pair {
    size_t one, two; /* places among the checked */
    int64_t variants;
    ec_id last; /* variant that was counted */
    char sku[SKU_TEXT];
} pair;

/* The worst of something. */
typedef struct worst {
    int64_t variants;
    ec_id last;
    int64_t rate, amount, quantity;
    size_t applied[APPLIED];
    size_t applied_count;
    char sku[SKU_TEXT];
} worst;

typedef struct trying {
    ec_checking *c;
    const ec_channel *channel;
    ec_rules rules;
    ec_arena arena; /* of one cart */
    ec_pricing in;
    ec_time moments[MOMENTS];
    size_t moments_count;
    int64_t units[NUMBERS], totals[NUMBERS];
    size_t units_count, totals_count;
    pair *pairs; /* PAIRS of them */
    size_t pairs_count;
    worst all, below_cost, minimum;
} trying;

/* ---- conditions that are taken to hold ------------------------------------------------------- */

/* Is the test about the goods of the cart alone, or the channel? */
static bool is_kept(const ec_rule *test)
{
    static const char *const kept[] = {"all",         "none",   "units",   "total",
                                       "price_total", "weight", "channel", "currency"};
    for (size_t i = 0; i < sizeof(kept) / sizeof(kept[0]); i++)
        if (strcmp(kept[i], test->subject->name) == 0) return true;
    return false;
}

static bool keeps_all(const ec_rule *rule)
{
    if (rule->node == EC_RULE_TEST) return is_kept(rule);
    for (size_t i = 0; i < rule->parts_count; i++)
        if (!keeps_all(rule->parts[i])) return false;
    return true;
}

/* The condition without the tests that are taken to hold; NULL: nothing is left. */
static const ec_rule *relax(ec_arena *arena, const ec_rule *rule)
{
    if (rule == NULL || keeps_all(rule)) return rule;
    if (rule->node == EC_RULE_TEST || rule->node == EC_RULE_NOT) return NULL;
    ec_rule *out = ec_arena_alloc(arena, sizeof(*out));
    const ec_rule **parts = ec_arena_array(arena, rule->parts_count, sizeof(ec_rule *));
    if (out == NULL || parts == NULL) return NULL; /* arena->failed is asked later */
    *out = *rule;
    out->parts = parts;
    out->parts_count = 0;
    for (size_t i = 0; i < rule->parts_count; i++) {
        const ec_rule *part = relax(arena, rule->parts[i]);
        if (part != NULL)
            parts[out->parts_count++] = part;
        else if (rule->node == EC_RULE_OR)
            return NULL;
    }
    return out->parts_count == 0 ? NULL : out;
}

/* ---- numbers to try -------------------------------------------------------------------------- */

static void add_number(int64_t *list, size_t *count, int64_t number)
{
    for (size_t i = 0; i < *count; i++)
        if (list[i] == number) return;
    if (*count < NUMBERS && number > 0) list[(*count)++] = number;
}

static void add_units(trying *t, int64_t units)
{
    if (units <= UNITS_MAX) add_number(t->units, &t->units_count, units);
}

static void add_value(trying *t, const ec_rule_value *value, bool units, int64_t more)
{
    const ec_pricing_work work = {.in = &t->in};
    int64_t amount = 0;
    if (value->kind == EC_RULE_NUMBER && units && value->number <= UNITS_MAX)
        add_units(t, value->number + more);
    if (value->money_count > 0 && ec_rule_amount(value, &work, &amount) && amount < EC_AMOUNT_MAX)
        add_number(t->totals, &t->totals_count, amount + more);
}

static void read_condition(trying *t, const ec_rule *rule)
{
    if (rule == NULL) return;
    for (size_t i = 0; i < rule->parts_count; i++)
        read_condition(t, rule->parts[i]);
    if (rule->node != EC_RULE_TEST || rule->values_count == 0) return;
    bool units = strcmp(rule->subject->name, "units") == 0;
    bool total = strcmp(rule->subject->name, "total") == 0 ||
                 strcmp(rule->subject->name, "price_total") == 0;
    if (units || total) add_value(t, &rule->values[0], units, rule->op == EC_RULE_MORE ? 1 : 0);
}

static void read_action(trying *t, const ec_rule_call *call)
{
    const ec_rule_arg *buy = ec_rule_arg_of(call, "buy", NULL);
    const ec_rule_arg *get = ec_rule_arg_of(call, "get", NULL);
    const ec_rule_arg *n = ec_rule_arg_of(call, "n", NULL);
    if (buy != NULL && get != NULL) add_units(t, buy->value.number + get->value.number);
    if (n != NULL) add_units(t, n->value.number);
    for (size_t i = 0; i < call->args_count; i++)
        for (size_t k = 0; k < call->args[i].steps_count; k++)
            add_value(t, &call->args[i].steps[k].from, true, 0);
}

/* ---- preparation ----------------------------------------------------------------------------- */

static void add_moment(trying *t, ec_time moment)
{
    const ec_checked *draft = t->c->draft;
    if (draft != NULL && (!ec_promotion_has_begun(&draft->rule, moment) ||
                          ec_promotion_is_over(&draft->rule, moment)))
        return;
    for (size_t i = 0; i < t->moments_count; i++)
        if (t->moments[i] == moment) return;
    if (t->moments_count < MOMENTS) t->moments[t->moments_count++] = moment;
}

static void find_moments(trying *t)
{
    const ec_checking *c = t->c;
    add_moment(t, c->now);
    if (c->draft != NULL && c->draft->rule.starts_at > c->now)
        add_moment(t, c->draft->rule.starts_at);
    for (size_t i = 0; i < c->count; i++)
        if (c->items[i].rule.starts_at > c->now) add_moment(t, c->items[i].rule.starts_at);
}

/* All of them with codes given, limits not reached, and conditions relaxed. */
static ec_status make_book(trying *t)
{
    size_t count = 0;
    ec_checking *c = t->c;
    ec_arena *arena = ec_scratch(c->session);
    ec_promotion_book book;
    ec_promotion_rule *rules = ec_arena_array(arena, c->count + 1, sizeof(*rules));
    if (rules == NULL) return ec_fail_memory(c->session);
    for (size_t i = 0; i < c->count; i++) {
        if (c->items[i].is_bad || !ec_checked_is_in(&c->items[i], t->channel)) continue;
        ec_promotion_rule *rule = &rules[count++];
        *rule = c->items[i].rule;
        read_condition(t, rule->condition);
        for (size_t k = 0; k < rule->actions_count; k++)
            read_action(t, &rule->actions[k]);
        rule->condition = relax(arena, rule->condition);
        rule->coupon = false;
        rule->limited = false;
    }
    if (arena->failed || ec_promotion_book_make(arena, rules, count, &book) != EC_OK)
        return ec_fail_memory(c->session);
    t->rules.promotions = book;
    return EC_OK;
}

static ec_status prepare(trying *t)
{
    ec_checking *c = t->c;
    t->in = (ec_pricing){.now = c->now, .shipping_amount = -1};
    ec_pricing_of_channel(c->held, t->channel, &t->in);
    t->in.shipping_amount = 0;
    t->rules.needs = c->needs;
    t->rules.channels_count = c->held->channels_count;
    t->rules.channels = c->held->channels;
    t->rules.taxes = c->held->taxes;
    t->pairs = ec_arena_array(ec_scratch(c->session), PAIRS, sizeof(*t->pairs));
    if (t->pairs == NULL) return ec_fail_memory(c->session);
    find_moments(t);
    return make_book(t);
}

/* ---- one cart -------------------------------------------------------------------------------- */

/* Which of the checked took something off; false: the draft had no part in it. */
static bool find_applied(const trying *t, const ec_quote *quote, size_t *applied, size_t *count)
{
    const ec_checking *c = t->c;
    bool told = c->draft == NULL;
    *count = 0;
    for (size_t i = 0; i < quote->adjustments_count && *count < APPLIED; i++) {
        const ec_quote_adjustment *one = &quote->adjustments[i];
        static const char source[] = "promotion:";
        if (one->amount >= 0 || strncmp(one->source, source, sizeof(source) - 1) != 0) continue;
        size_t at = (size_t)strtoll(one->source + sizeof(source) - 1, NULL, 10) - 1;
        bool again = at >= c->count;
        for (size_t k = 0; k < *count; k++)
            again = again || applied[k] == at;
        if (again) continue;
        applied[(*count)++] = at;
        told = told || &c->items[at] == c->draft;
    }
    return told && *count > 0;
}

static void copy_sku(char *to, const char *sku)
{
    size_t length = sku == NULL ? 0 : strnlen(sku, SKU_TEXT - 1);
    if (length > 0) memcpy(to, sku, length);
    to[length] = '\0';
}

static void note_pair(trying *t, size_t one, size_t two, const ec_pricing_line *line)
{
    pair *found = NULL;
    for (size_t i = 0; i < t->pairs_count && found == NULL; i++)
        if (t->pairs[i].one == one && t->pairs[i].two == two) found = &t->pairs[i];
    if (found == NULL && t->pairs_count < PAIRS) {
        found = &t->pairs[t->pairs_count++];
        *found = (pair){.one = one, .two = two};
        copy_sku(found->sku, line->sku);
    }
    if (found == NULL || found->last == line->variant_id) return;
    found->last = line->variant_id;
    found->variants++;
}

static void note_pairs(trying *t, const size_t *applied, size_t count, const ec_pricing_line *line)
{
    const ec_checking *c = t->c;
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < count; k++) {
            bool told = c->draft == NULL || &c->items[applied[i]] == c->draft ||
                        &c->items[applied[k]] == c->draft;
            if (applied[i] < applied[k] && told) note_pair(t, applied[i], applied[k], line);
        }
}

/* What a cart shows. */
typedef struct shown {
    const ec_pricing_line *line;
    const size_t *applied;
    size_t applied_count;
    int64_t quantity, rate, amount;
} shown;

static void note(worst *w, const shown *s, bool worse)
{
    if (w->last != s->line->variant_id) w->variants++;
    w->last = s->line->variant_id;
    if (!worse) return;
    w->rate = s->rate;
    w->amount = s->amount;
    w->quantity = s->quantity;
    copy_sku(w->sku, s->line->sku);
    memcpy(w->applied, s->applied, s->applied_count * sizeof(*s->applied));
    w->applied_count = s->applied_count;
}

/* What a unit loses, rounded up; 0: nothing, or its cost is not known. */
static int64_t loss_of(const ec_quote_line *line, const ec_pricing_line *in)
{
    int64_t cost = 0, got = line->subtotal - line->order_discount - line->tax_included;
    if (in->cost_price == 0 || __builtin_mul_overflow(in->cost_price, line->quantity, &cost))
        return 0;
    return got >= cost ? 0 : (cost - got - 1) / line->quantity + 1;
}

static void judge(trying *t, const ec_quote *quote, const ec_pricing_line *in)
{
    size_t applied[APPLIED];
    const ec_quote_line *line = &quote->lines[0];
    int64_t before = line->base_price * line->quantity;
    int64_t left = line->subtotal - line->order_discount;
    shown s = {.line = in, .applied = applied, .quantity = line->quantity};
    if (!find_applied(t, quote, applied, &s.applied_count)) return;
    note_pairs(t, applied, s.applied_count, in);
    (void)ec_divide(before - left, EC_PROMOTION_MILLION, before, EC_ROUND_DOWN, &s.rate);
    note(&t->all, &s, s.rate > t->all.rate);
    s.amount = loss_of(line, in);
    if (s.amount > 0) note(&t->below_cost, &s, s.amount > t->below_cost.amount);
    s.amount = 0;
    if (in->minimum_price > 0 && left <= in->minimum_price * line->quantity)
        note(&t->minimum, &s, s.rate > t->minimum.rate || t->minimum.variants == 0);
}

static ec_status try_cart(trying *t, const ec_pricing_line *line, ec_time moment, int64_t quantity)
{
    ec_quote *quote = NULL;
    ec_pricing in = t->in;
    ec_pricing_line one = *line;
    one.quantity = quantity;
    in.now = moment;
    in.lines = &one;
    in.lines_count = 1;
    ec_arena_reset(&t->arena);
    ec_status status = ec_price_compute(&t->arena, &t->rules, &in, &quote, NULL);
    if (status == EC_NO_MEMORY) return ec_fail_memory(t->c->session);
    if (status == EC_OK) judge(t, quote, line); /* else so many units cost more than there is */
    return EC_OK;
}

/* One unit, the numbers that are asked for, and as many as reach the totals. */
static ec_status try_variant(trying *t, const ec_pricing_line *line)
{
    int64_t numbers[NUMBERS] = {1};
    size_t count = 1;
    ec_status status = EC_OK;
    if (line->price == 0) return EC_OK;
    for (size_t i = 0; i < t->units_count; i++)
        add_number(numbers, &count, t->units[i]);
    for (size_t i = 0; i < t->totals_count; i++) {
        int64_t units = (t->totals[i] - 1) / line->price + 1;
        if (units <= UNITS_MAX) add_number(numbers, &count, units);
    }
    for (size_t m = 0; m < t->moments_count; m++)
        for (size_t i = 0; status == EC_OK && i < count; i++)
            status = try_cart(t, line, t->moments[m], numbers[i]);
    t->c->variants_count++;
    return status;
}

/* ---- pages ----------------------------------------------------------------------------------- */

static ec_status read_ids(trying *t, ec_price_want *wants, size_t *count, ec_id *last)
{
    ec_stmt *stmt = NULL;
    ec_session *session = t->c->session;
    *count = 0;
    ec_status status = ec_query(session,
                                "SELECT v.id FROM product_variants v WHERE v.id > ?"
                                " AND v.is_active = 1 ORDER BY v.id LIMIT ?",
                                ec_args(ec_int(*last), ec_int(PAGE)), &stmt);
    while (status == EC_OK && (status = ec_row(session, stmt)) == EC_OK) {
        *last = ec_col_int(stmt, 0);
        wants[(*count)++] = (ec_price_want){*last, 1, -1};
    }
    return status == EC_DONE ? EC_OK : status;
}

static ec_status try_page(trying *t, ec_id *last, size_t *count)
{
    ec_session *session = t->c->session;
    ec_arena *arena = ec_scratch(session);
    ec_price_want *wants = ec_arena_array(arena, PAGE, sizeof(*wants));
    ec_price_found *found = ec_arena_array(arena, PAGE, sizeof(*found));
    ec_pricing_line *lines = ec_arena_array(arena, PAGE, sizeof(*lines));
    if (wants == NULL || found == NULL || lines == NULL) return ec_fail_memory(session);
    ec_status status = read_ids(t, wants, count, last);
    if (status == EC_OK && *count > 0)
        status = ec_pricing_read_lines(session, &t->in, wants, *count, lines, found);
    if (status == EC_OK && *count > 0)
        status = ec_pricing_details(session, &t->rules, lines, *count);
    for (size_t i = 0; status == EC_OK && i < *count; i++)
        if (found[i] == EC_PRICE_FOUND) status = try_variant(t, &lines[i]);
    return status;
}

static ec_status try_goods(trying *t)
{
    ec_id last = 0;
    size_t count = 0;
    ec_status status = EC_OK;
    ec_arena *arena = ec_scratch(t->c->session);
    ec_arena_mark mark = ec_arena_save(arena);
    ec_arena_init(&t->arena, ec_session_platform(t->c->session));
    do {
        ec_arena_restore(arena, mark);
        status = try_page(t, &last, &count);
    } while (status == EC_OK && count == PAGE);
    ec_arena_restore(arena, mark);
    ec_arena_clear(&t->arena);
    return status;
}

/* ---- what is told ---------------------------------------------------------------------------- */

static ec_promotion_finding *tell(trying *t, const worst *w, ec_finding_kind kind,
                                  ec_finding_severity severity, const char *message)
{
    const ec_checked *about[APPLIED];
    for (size_t i = 0; i < w->applied_count; i++)
        about[i] = &t->c->items[w->applied[i]];
    ec_promotion_finding *finding =
        ec_checking_add(t->c, kind, severity, about, w->applied_count, "%s", message);
    if (finding == NULL) return NULL;
    finding->channel = t->channel->code;
    finding->sku = ec_arena_strdup(ec_scratch(t->c->session), w->sku);
    finding->variants = w->variants;
    finding->quantity = w->quantity;
    finding->rate = w->rate;
    return finding;
}

static ec_status tell_pairs(trying *t)
{
    for (size_t i = 0; i < t->pairs_count; i++) {
        const pair *p = &t->pairs[i];
        const ec_checked *both[] = {&t->c->items[p->one], &t->c->items[p->two]};
        ec_promotion_finding *finding = ec_checking_add(
            t->c, EC_FINDING_OVERLAP, EC_FINDING_INFO, both, 2,
            "%s and %s can both take off the same goods in channel %s, such as %s.",
            both[0]->promotion->code, both[1]->promotion->code, t->channel->code, p->sku);
        if (finding == NULL) return ec_fail_memory(t->c->session);
        finding->channel = t->channel->code;
        finding->sku = ec_arena_strdup(ec_scratch(t->c->session), p->sku);
        finding->variants = p->variants;
    }
    return EC_OK;
}

static ec_status tell_worst(trying *t)
{
    ec_arena *arena = ec_scratch(t->c->session);
    const worst *w = &t->all;
    ec_promotion_finding *finding = NULL;
    if (w->variants > 0) {
        bool free_of_charge = w->rate >= EC_PROMOTION_MILLION;
        const char *message = ec_arena_printf(
            arena, "At most %lld.%02lld %% is taken off in channel %s: of %lld of %s.",
            (long long)(w->rate / 10000), (long long)(w->rate / 100 % 100), t->channel->code,
            (long long)w->quantity, w->sku);
        if (message == NULL ||
            tell(t, w, EC_FINDING_WORST_CASE, free_of_charge ? EC_FINDING_WARNING : EC_FINDING_INFO,
                 message) == NULL)
            return ec_fail_memory(t->c->session);
    }
    w = &t->below_cost;
    if (w->variants > 0) {
        const char *message = ec_arena_printf(
            arena,
            "%lld variants can be sold below their cost in channel %s; most is lost with %s.",
            (long long)w->variants, t->channel->code, w->sku);
        if (message != NULL) finding = tell(t, w, EC_FINDING_BELOW_COST, EC_FINDING_ERROR, message);
        if (finding == NULL) return ec_fail_memory(t->c->session);
        finding->amount = w->amount;
        finding->currency = t->channel->currency;
    }
    return EC_OK;
}

static ec_status tell_minimum(trying *t)
{
    const worst *w = &t->minimum;
    if (w->variants == 0) return EC_OK;
    const char *message = ec_arena_printf(
        ec_scratch(t->c->session),
        "The minimum price of %lld variants is reached in channel %s, such as that of %s; no "
        "promotion takes more off.",
        (long long)w->variants, t->channel->code, w->sku);
    if (message == NULL || tell(t, w, EC_FINDING_MINIMUM, EC_FINDING_INFO, message) == NULL)
        return ec_fail_memory(t->c->session);
    return EC_OK;
}

static ec_status tell_assumed(ec_checking *c)
{
    size_t count = 0;
    const ec_checked **about =
        ec_arena_array(ec_scratch(c->session), c->count + 1, sizeof(ec_checked *));
    if (about == NULL) return ec_fail_memory(c->session);
    for (size_t i = 0; i < c->count; i++) {
        const ec_rule *condition = c->items[i].rule.condition;
        bool assumed = (condition != NULL && !keeps_all(condition)) || c->items[i].rule.coupon;
        if (assumed && !c->items[i].is_bad && ec_checking_tells(c, &c->items[i]))
            about[count++] = &c->items[i];
    }
    if (count == 0 || c->variants_count == 0) return EC_OK;
    return ec_checking_add(c, EC_FINDING_ASSUMED, EC_FINDING_INFO, about, count,
                           "Of these, conditions about customers, places, times, coupons or other "
                           "goods were taken to hold.") == NULL
               ? ec_fail_memory(c->session)
               : EC_OK;
}

static ec_status check_channel(ec_checking *c, const ec_channel *channel)
{
    trying *t = ec_arena_alloc(ec_scratch(c->session), sizeof(*t));
    if (t == NULL) return ec_fail_memory(c->session);
    t->c = c;
    t->channel = channel;
    if (c->draft != NULL && !ec_checked_is_in(c->draft, channel)) return EC_OK;
    ec_status status = prepare(t);
    if (status != EC_OK || t->rules.promotions.count == 0 || t->moments_count == 0) return status;
    status = try_goods(t);
    if (status == EC_OK) status = tell_pairs(t);
    if (status == EC_OK) status = tell_worst(t);
    return status == EC_OK ? tell_minimum(t) : status;
}

ec_status ec_check_goods(ec_checking *c)
{
    ec_status status = EC_OK;
    for (size_t i = 0; status == EC_OK && i < c->held->channels_count; i++)
        if (c->held->channels[i].is_active) status = check_channel(c, &c->held->channels[i]);
    return status == EC_OK ? tell_assumed(c) : status;
}
