/* SPDX-License-Identifier: MIT */
/*
 * simulate.c - what a promotion would have done to orders of the past.
 *
 * The draft is the only promotion there is, each order is computed as a cart is, and the sums are
 * all that is kept: memory does not grow with the orders. It refuses to write, and to guess what
 * cannot be known of the past (minimum prices, other discounts).
 */
#include <string.h>

#include "base/divide.h"
#include "engine/sql.h"
#include "model/model.h"
#include "price/load.h"
#include "promotion/inside.h"
#include "promotion/report.h"
#include "rule/inside.h"
#include "shipping/inside.h"

#define CURRENCIES 200 /* that there may be */
#define NUMBER_TEXT 64

/* Sums of a currency; the largest order's number is kept here. */
typedef struct sums {
    ec_simulation_currency row;
    char number[NUMBER_TEXT];
} sums;

typedef struct simulation {
    ec_session *session;
    const ec_promotion *draft;
    ec_promotion_rule rule;
    const ec_rules *held; /* of the shop */
    ec_rules rules;       /* with the draft alone */
    ec_shipping_rule method;
    ec_past past;
    ec_arena arena; /* of one order */
    ec_pricing in;  /* of the channel */
    ec_pricing_coupon coupon;
    int64_t budget_left; /* -1: no budget */
    sums *sums;
    size_t sums_count;
    int64_t orders, applied;
} simulation;

typedef struct simulation_args {
    const ec_promotion *draft;
    const ec_simulation_request *request;
} simulation_args;

static ec_status too_much(ec_session *session)
{
    return ec_fail(session, EC_OVERFLOW, "The sums leave the range of 64 bits.");
}

/* *sum += amount; false when it leaves its range. */
static bool add(int64_t *sum, int64_t amount)
{
    return !__builtin_add_overflow(*sum, amount, sum);
}

/* ---- preparation ----------------------------------------------------------------------------- */

/* Does a condition ask where the order went? */
static bool asks_place(const ec_rule *rule)
{
    static const char *const places[] = {"country", "region", "postcode", "zone", "city"};
    if (rule == NULL) return false;
    if (rule->node == EC_RULE_TEST) {
        for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++)
            if (strcmp(rule->subject->name, places[i]) == 0) return true;
        return asks_place(rule->lines);
    }
    for (size_t i = 0; i < rule->parts_count; i++)
        if (asks_place(rule->parts[i])) return true;
    return false;
}

static bool rule_asks_place(const ec_promotion_rule *rule)
{
    if (asks_place(rule->condition)) return true;
    for (size_t i = 0; i < rule->actions_count; i++)
        for (size_t k = 0; k < rule->actions[i].args_count; k++)
            if (asks_place(rule->actions[i].args[k].lines)) return true;
    return false;
}

/* What the channel sells of the gifts now. */
static ec_status price_gifts(simulation *s)
{
    size_t count = 0;
    const char *const *skus = NULL;
    ec_session *session = s->session;
    ec_arena *arena = ec_scratch(session);
    if (ec_promotion_gifts(arena, &s->rule, &skus, &count) != EC_OK) return ec_fail_memory(session);
    ec_price_want *wants = ec_arena_array(arena, count + 1, sizeof(*wants));
    ec_price_found *found = ec_arena_array(arena, count + 1, sizeof(*found));
    ec_pricing_line *lines = ec_arena_array(arena, count + 1, sizeof(*lines));
    if (wants == NULL || found == NULL || lines == NULL) return ec_fail_memory(session);
    for (size_t i = 0; i < count; i++) {
        wants[i] = (ec_price_want){0, 1, -1};
        ec_status status = ec_query_int(session, "SELECT id FROM product_variants WHERE sku = ?",
                                        ec_args(ec_text(skus[i])), &wants[i].variant_id);
        if (status == EC_NOT_FOUND)
            return ec_fail_field(session, EC_INVALID, "actions", "unknown",
                                 "No variant has the SKU %.64s.", skus[i]);
        if (status != EC_OK) return status;
    }
    ec_status status =
        count == 0 ? EC_OK : ec_pricing_read_lines(session, &s->in, wants, count, lines, found);
    for (size_t i = 0; status == EC_OK && i < count; i++)
        if (found[i] == EC_PRICE_FOUND) lines[s->rule.gifts_count++] = lines[i];
    s->rule.gifts = lines;
    return status;
}

static ec_status check_place(simulation *s)
{
    bool here = s->rule.channels_count == 0;
    for (size_t i = 0; i < s->rule.channels_count; i++)
        here = here || s->rule.channels[i] == s->in.channel_id;
    if (here) return EC_OK;
    return ec_fail_field(s->session, EC_INVALID, "channel_id", "channel",
                         "The promotion does not apply in this channel.");
}

/* The draft alone, whatever its period is. */
static ec_status make_rules(simulation *s)
{
    unsigned needs = 0;
    ec_promotion_book book;
    ec_status status = ec_promotion_draft(s->session, s->held, s->draft, &needs, &s->rule);
    if (status == EC_OK) status = check_place(s);
    if (status == EC_OK) status = price_gifts(s);
    if (status != EC_OK) return status;
    if (s->rule.id == 0) s->rule.id = 1;
    s->rule.starts_at = s->rule.ends_at = 0;
    if (ec_promotion_book_make(ec_scratch(s->session), &s->rule, 1, &book) != EC_OK)
        return ec_fail_memory(s->session);
    s->rules.needs = needs;
    s->rules.channels_count = s->held->channels_count;
    s->rules.channels = s->held->channels;
    s->rules.taxes = s->held->taxes;
    s->rules.taxes.rates_count = 0; /* zones alone */
    s->rules.promotions = book;
    s->coupon = (ec_pricing_coupon){.code = "", .promotion_id = s->rule.id};
    s->budget_left = s->draft->budget > 0 ? s->draft->budget : -1;
    return EC_OK;
}

static ec_status prepare(simulation *s, const ec_simulation_request *request)
{
    int64_t version = 0;
    ec_session *session = s->session;
    ec_status status = ec_rules_version(session, &version);
    if (status == EC_OK) status = ec_rules_hold(session, version, &s->held);
    if (status != EC_OK) return status;
    s->in.now = ec_now(session);
    ec_id channel = request->channel_id != 0 ? request->channel_id : ec_session_channel(session);
    status = ec_pricing_channel(session, s->held, channel, &s->in);
    if (status == EC_OK) status = make_rules(s);
    s->past = (ec_past){.session = session,
                        .rules = &s->rules,
                        .channel_id = channel,
                        .until = request->ends_at != 0 ? request->ends_at : s->in.now + 1,
                        .places = rule_asks_place(&s->rule),
                        .last_time = request->starts_at};
    s->sums = ec_arena_array(ec_scratch(session), CURRENCIES, sizeof(*s->sums));
    return status == EC_OK && s->sums == NULL ? ec_fail_memory(session) : status;
}

/* ---- sums ------------------------------------------------------------------------------------ */

static sums *sums_of(simulation *s, const char *code)
{
    const ec_currency *currency = code == NULL ? NULL : ec_currency_find(code);
    if (currency == NULL) return NULL;
    for (size_t i = 0; i < s->sums_count; i++)
        if (strcmp(s->sums[i].row.currency, currency->code) == 0) return &s->sums[i];
    if (s->sums_count == CURRENCIES) return NULL;
    sums *found = &s->sums[s->sums_count++];
    found->row.currency = currency->code;
    return found;
}

/* An amount without the tax in it, by the share that the line was taxed with. */
static ec_status net_of(const ec_past_line *tax, int64_t amount, int64_t *net)
{
    int64_t part = 0;
    *net = amount;
    if (tax->tax_included <= 0 || tax->total <= 0) return EC_OK;
    ec_status status = ec_divide(amount, tax->tax_included, tax->total, EC_ROUND_HALF_UP, &part);
    *net = amount - part;
    return status;
}

/* One line of an order, before and after. */
static ec_status add_line(ec_simulation_currency *row, const ec_pricing_line *line,
                          const ec_past_line *tax, int64_t after)
{
    int64_t before = 0, cost = 0, net_before = 0, net_after = 0;
    if (__builtin_mul_overflow(line->price, line->quantity, &before) ||
        !add(&row->revenue_before, before) || !add(&row->revenue_after, after))
        return EC_OVERFLOW;
    if (line->cost_price == 0)
        return add(&row->unknown_cost_units, line->quantity) ? EC_OK : EC_OVERFLOW;
    if (__builtin_mul_overflow(line->cost_price, line->quantity, &cost) ||
        net_of(tax, before, &net_before) != EC_OK || net_of(tax, after, &net_after) != EC_OK ||
        !add(&row->margin_before, net_before - cost) || !add(&row->margin_after, net_after - cost))
        return EC_OVERFLOW;
    return EC_OK;
}

/* A gift: what is still paid for it, less its cost. */
static ec_status add_gift(ec_simulation_currency *row, const ec_pricing_line *gift, int64_t units,
                          int64_t after)
{
    int64_t cost = 0;
    if (!add(&row->revenue_after, after)) return EC_OVERFLOW;
    if (gift->cost_price == 0) return add(&row->unknown_cost_units, units) ? EC_OK : EC_OVERFLOW;
    if (__builtin_mul_overflow(gift->cost_price, units, &cost) ||
        !add(&row->margin_after, after - cost))
        return EC_OVERFLOW;
    return EC_OK;
}

static const ec_pricing_line *gift_of(const simulation *s, ec_id variant)
{
    for (size_t i = 0; i < s->rule.gifts_count; i++)
        if (s->rule.gifts[i].variant_id == variant) return &s->rule.gifts[i];
    return NULL;
}

/* What the order got: prices that the catalogue would have shown count as discounts. */
static ec_status add_discount(simulation *s, sums *to, const ec_past_order *order, int64_t off,
                              const ec_quote *quote, int64_t units)
{
    ec_simulation_currency *row = &to->row;
    int64_t all = off + quote->shipping_discount;
    if (all <= 0) return EC_OK;
    row->applied_count++;
    s->applied++;
    if (!add(&row->discount_amount, off) || !add(&row->units, units) ||
        !add(&row->shipping_discount, quote->shipping_discount))
        return EC_OVERFLOW;
    if (s->budget_left >= 0) s->budget_left -= all < s->budget_left ? all : s->budget_left;
    if (all <= row->largest_discount) return EC_OK;
    row->largest_discount = all;
    size_t length = strnlen(order->number, NUMBER_TEXT - 1);
    memcpy(to->number, order->number, length);
    to->number[length] = '\0';
    return EC_OK;
}

static ec_status add_order(simulation *s, sums *to, const ec_past_order *order,
                           const ec_past_page *page, const ec_quote *quote)
{
    int64_t off = 0, units = 0;
    ec_status status = EC_OK;
    for (size_t i = 0; i < quote->lines_count && status == EC_OK; i++) {
        const ec_quote_line *line = &quote->lines[i];
        int64_t after = line->subtotal - line->order_discount;
        int64_t before = line->base_price * line->quantity; /* was computed before */
        off += before - after;
        if (line->gift) {
            const ec_pricing_line *gift = gift_of(s, line->variant_id);
            if (gift != NULL) status = add_gift(&to->row, gift, line->quantity, after);
            continue;
        }
        units += line->quantity;
        status = add_line(&to->row, &page->lines[order->first + i], &page->taxes[order->first + i],
                          after);
    }
    return status == EC_OK ? add_discount(s, to, order, off, quote, units) : status;
}

/* ---- one order ------------------------------------------------------------------------------- */

/* The way it was sent, at the fee of the order, for actions that name it. */
static void choose_method(simulation *s, const char *code)
{
    s->rules.shipping = (ec_shipping_book){0};
    for (size_t i = 0; code != NULL && i < s->held->shipping.methods_count; i++) {
        if (strcmp(s->held->shipping.methods[i].code, code) != 0) continue;
        s->method = s->held->shipping.methods[i];
        s->method.zone_id = 0;
        s->method.channels_count = 0;
        s->method.condition = NULL;
        s->method.category = NULL;
        s->method.is_active = true;
        s->rules.shipping = (ec_shipping_book){.methods_count = 1, .methods = &s->method};
        return;
    }
}

static const char *limit_reached(const simulation *s, const char *currency)
{
    const ec_promotion *draft = s->draft;
    if (draft->usage_limit > 0 && s->applied >= draft->usage_limit) return "used_up";
    if (draft->budget > 0 && (s->budget_left == 0 || strcmp(draft->currency, currency) != 0))
        return "budget";
    return NULL;
}

static ec_status run_order(simulation *s, const ec_past_page *page, const ec_past_order *order)
{
    ec_quote *quote = NULL;
    int64_t bad = 0;
    ec_pricing in = s->in;
    sums *to = sums_of(s, order->currency);
    if (to == NULL)
        return ec_fail(s->session, EC_CORRUPT, "The currency of order %.50s makes no sense.",
                       order->number);
    ec_pricing_usage usage = {.promotion_id = s->rule.id,
                              .rule = limit_reached(s, to->row.currency),
                              .budget_left = s->budget_left};
    in.currency = to->row.currency;
    const ec_currency *currency = ec_currency_find(in.currency);
    in.exponent = currency->exponent < 0 ? 0 : currency->exponent;
    in.now = order->placed_at;
    in.shipping_address = order->address;
    in.shipping_method = order->shipping_method;
    in.payment_method = order->payment_method;
    in.shipping_amount = order->fee;
    in.customer = order->customer;
    in.lines = page->lines + order->first;
    in.lines_count = order->count;
    in.coupons = &s->coupon;
    in.coupons_count = s->rule.coupon ? 1 : 0;
    in.usage = &usage;
    in.usage_count = 1;
    choose_method(s, order->shipping_method);
    ec_arena_reset(&s->arena);
    ec_status status = ec_price_compute(&s->arena, &s->rules, &in, &quote, &bad);
    to->row.orders_count++;
    s->orders++;
    if (status == EC_OK) status = add_order(s, to, order, page, quote);
    if (status == EC_OVERFLOW) return too_much(s->session);
    if (status == EC_NO_MEMORY) return ec_fail_memory(s->session);
    return status == EC_OK
               ? EC_OK
               : ec_fail(s->session, status, "Order %.50s cannot be priced again.", order->number);
}

/* ---- all ------------------------------------------------------------------------------------- */

static ec_status run_orders(simulation *s)
{
    ec_past_page page = {0};
    ec_arena *scratch = ec_scratch(s->session);
    ec_arena_mark mark = ec_arena_save(scratch);
    ec_status status = EC_OK;
    do {
        ec_arena_restore(scratch, mark);
        status = ec_past_read(&s->past, &page);
        for (size_t i = 0; status == EC_OK && i < page.orders_count; i++)
            status = run_order(s, &page, &page.orders[i]);
    } while (status == EC_OK && page.orders_count == EC_SIMULATION_PAGE);
    return status;
}

/* Currencies in the order of their codes. */
static void sort_sums(simulation *s)
{
    for (size_t i = 1; i < s->sums_count; i++)
        for (size_t at = i;
             at > 0 && strcmp(s->sums[at - 1].row.currency, s->sums[at].row.currency) > 0; at--) {
            sums other = s->sums[at];
            s->sums[at] = s->sums[at - 1];
            s->sums[at - 1] = other;
        }
}

static ec_status finish(simulation *s, const ec_simulation_request *request, void **result)
{
    ec_arena *arena = ec_scratch(s->session);
    ec_simulation *out = ec_arena_alloc(arena, sizeof(*out));
    ec_simulation_currency *rows = ec_arena_array(arena, s->sums_count + 1, sizeof(*rows));
    if (out == NULL || rows == NULL) return ec_fail_memory(s->session);
    sort_sums(s);
    for (size_t i = 0; i < s->sums_count; i++) {
        rows[i] = s->sums[i].row;
        if (s->sums[i].number[0] != '\0') rows[i].largest_order = s->sums[i].number;
    }
    *out = (ec_simulation){.channel_id = s->in.channel_id,
                           .starts_at = request->starts_at,
                           .ends_at = request->ends_at != 0 ? request->ends_at : s->in.now,
                           .orders_count = s->orders,
                           .applied_count = s->applied,
                           .currencies_count = s->sums_count,
                           .currencies = rows};
    *result = out;
    return EC_OK;
}

static ec_status check_request(ec_session *session, const ec_simulation_request *request)
{
    ec_status status =
        ec_input(session, &ec_simulation_request_entity, request, EC_MASK_ALL, false);
    if (status != EC_OK) return status;
    if (request->ends_at != 0 && request->ends_at <= request->starts_at)
        return ec_fail_field(session, EC_INVALID, "ends_at", "min", "It ends after its start.");
    return EC_OK;
}

static ec_status simulate_run(ec_session *session, void *ctx, void **result)
{
    static const ec_simulation_request all = {0};
    const simulation_args *args = ctx;
    const ec_simulation_request *request = args->request == NULL ? &all : args->request;
    simulation *s = ec_arena_alloc(ec_scratch(session), sizeof(*s));
    if (s == NULL) return ec_fail_memory(session);
    s->session = session;
    s->draft = args->draft;
    ec_status status = check_request(session, request);
    if (status == EC_OK) status = prepare(s, request);
    if (status != EC_OK) return status;
    ec_arena_init(&s->arena, ec_session_platform(session));
    status = run_orders(s);
    ec_arena_clear(&s->arena);
    return status == EC_OK ? finish(s, request, result) : status;
}

ec_status ec_promotion_simulate(ec_session *session, const ec_promotion *draft,
                                const ec_simulation_request *request, ec_simulation **out)
{
    static const ec_op op = {.name = "promotion.simulate",
                             .permission = "promotion.read",
                             .access = EC_ACCESS_STAFF,
                             .mode = EC_READ,
                             .result = &ec_simulation_entity,
                             .run = simulate_run};
    simulation_args args = {draft, request};
    return ec_call(session, &op, &args, (void **)out);
}
