/* SPDX-License-Identifier: MIT */
/*
 * calculators.c - what a way to ship costs: one row for each kind of fee.
 *
 * A table of steps is read as "from": the last step whose key is not above the figure gives the
 * fee; below the first one there is none and the method does not fit. An amount that is not given
 * for the channel's currency is no fee either. A new calculator is a function and a row.
 */
#include <string.h>

#include "base/divide.h"
#include "model/model.h"
#include "shipping/inside.h"

/* ---- what they share ---- */

static bool amount_of(const ec_shipping_task *task, const char *name, int64_t *amount)
{
    const ec_rule_arg *arg = ec_rule_arg_of(task->call, name, NULL);
    return arg != NULL && ec_rule_amount(&arg->value, task->work, amount);
}

static ec_status add(int64_t *sum, int64_t amount, int64_t times)
{
    int64_t product = 0;
    if (__builtin_mul_overflow(amount, times, &product) ||
        __builtin_add_overflow(*sum, product, sum) || *sum > EC_AMOUNT_MAX)
        return EC_OVERFLOW;
    return EC_OK;
}

/* The figure from which on a step holds; false: not in this currency. */
static bool step_from(const ec_rule_step *step, const ec_pricing_work *work, int64_t *from)
{
    if (step->from.kind == EC_RULE_MONEY) return ec_rule_amount(&step->from, work, from);
    *from = step->from.number;
    return true;
}

static bool find_step(const ec_shipping_task *task, int64_t figure, int64_t *amount)
{
    const ec_rule_arg *arg = ec_rule_arg_of(task->call, "steps", NULL);
    const ec_rule_step *best = NULL;
    int64_t best_from = 0;
    for (size_t i = 0; arg != NULL && i < arg->steps_count; i++) {
        int64_t from = 0;
        if (!step_from(&arg->steps[i], task->work, &from) || from > figure) continue;
        if (best == NULL || from >= best_from) {
            best = &arg->steps[i];
            best_from = from;
        }
    }
    return best != NULL && ec_rule_amount(&best->value, task->work, amount);
}

/* ---- the fees ---- */

static ec_status flat_fee(const ec_shipping_task *task, ec_shipping_fee *out)
{
    int64_t amount = 0;
    ec_status status = EC_OK;
    out->unknown = !amount_of(task, "amount", &amount);
    for (size_t i = 0; !out->unknown && status == EC_OK && i < task->parcels_count; i++)
        status = add(&out->amount, amount, task->parcels[i].count);
    return status;
}

static ec_status per_unit_fee(const ec_shipping_task *task, ec_shipping_fee *out)
{
    int64_t amount = 0;
    int64_t first = 0;
    if (!amount_of(task, "amount", &amount)) {
        out->unknown = true;
        return EC_OK;
    }
    bool has_first = ec_rule_arg_of(task->call, "first", NULL) != NULL;
    out->unknown = has_first && !amount_of(task, "first", &first);
    if (out->unknown) return EC_OK;
    out->amount = has_first ? first : 0;
    return add(&out->amount, amount, task->goods->units - (has_first ? 1 : 0));
}

typedef int64_t (*figure_fn)(const ec_parcels *parcels);

static int64_t weight_of(const ec_parcels *parcels)
{
    return parcels->weight;
}

static int64_t units_of(const ec_parcels *parcels)
{
    return parcels->units;
}

static int64_t longest_of(const ec_parcels *parcels)
{
    return parcels->longest;
}

/* A cubic centimetre that is begun counts. */
static int64_t volume_of(const ec_parcels *parcels)
{
    return parcels->volume / 1000 + (parcels->volume % 1000 > 0 ? 1 : 0);
}

/* Each parcel's fee by its step. */
static ec_status step_fee(const ec_shipping_task *task, figure_fn figure, ec_shipping_fee *out)
{
    ec_status status = EC_OK;
    for (size_t i = 0; status == EC_OK && i < task->parcels_count; i++) {
        int64_t amount = 0;
        if (!find_step(task, figure(&task->parcels[i]), &amount)) {
            out->unknown = true;
            return EC_OK;
        }
        status = add(&out->amount, amount, task->parcels[i].count);
    }
    return status;
}

static ec_status weight_fee(const ec_shipping_task *task, ec_shipping_fee *out)
{
    return step_fee(task, weight_of, out);
}

static ec_status units_fee(const ec_shipping_task *task, ec_shipping_fee *out)
{
    return step_fee(task, units_of, out);
}

static ec_status volume_fee(const ec_shipping_task *task, ec_shipping_fee *out)
{
    return step_fee(task, volume_of, out);
}

static ec_status size_fee(const ec_shipping_task *task, ec_shipping_fee *out)
{
    return step_fee(task, longest_of, out);
}

static ec_status total_fee(const ec_shipping_task *task, ec_shipping_fee *out)
{
    out->unknown = !find_step(task, task->goods->total, &out->amount);
    return EC_OK;
}

static ec_status percent_fee(const ec_shipping_task *task, ec_shipping_fee *out)
{
    const ec_rule_arg *rate = ec_rule_arg_of(task->call, "rate", NULL);
    ec_rounding mode = task->work->in->policy->rounding;
    int64_t bound = 0;
    int64_t rest = 0;
    out->unknown = rate == NULL;
    if (rate == NULL) return EC_OK;
    out->rate = rate->value.number;
    out->base = task->goods->amount;
    ec_status status =
        ec_divide_exact(out->base, out->rate, EC_SHIPPING_RATE_ONE, &out->amount, &rest);
    if (status == EC_OK)
        status = ec_divide(out->base, out->rate, EC_SHIPPING_RATE_ONE, mode, &out->amount);
    if (status != EC_OK) return status;
    if (rest != 0) out->rounding = ec_rounding_names[mode];
    if (amount_of(task, "min", &bound) && out->amount < bound) out->amount = bound;
    if (amount_of(task, "max", &bound) && out->amount > bound) out->amount = bound;
    return out->amount > EC_AMOUNT_MAX ? EC_OVERFLOW : EC_OK;
}

static ec_status provider_fee(const ec_shipping_task *task, ec_shipping_fee *out)
{
    const ec_pricing *in = task->work->in;
    out->unknown = true;
    for (size_t i = 0; i < in->outside_fees_count && out->unknown; i++) {
        const ec_pricing_outside_fee *fee = &in->outside_fees[i];
        if (fee->shipping_method_id != task->method->id) continue;
        if (fee->amount < 0 || fee->amount > EC_AMOUNT_MAX) return EC_OVERFLOW;
        out->unknown = false;
        out->amount = fee->amount;
        out->days_min = fee->days_min;
        out->days_max = fee->days_max;
    }
    return EC_OK;
}

/* ---- the table ---- */

#define AMOUNT(of)                                                                                 \
    {                                                                                              \
        .name = "amount", .kind = EC_RULE_MONEY, .required = true, .doc = (of)                     \
    }
#define STEPS(of)                                                                                  \
    {                                                                                              \
        .name = "steps", .kind = EC_RULE_STEPS, .required = true, .doc = (of)                      \
    }
#define FREE_ABOVE                                                                                 \
    {                                                                                              \
        .name = "free_above", .kind = EC_RULE_MONEY,                                               \
        .doc = "from this total of the items on it is free"                                        \
    }
#define PER_PARCEL                                                                                 \
    {                                                                                              \
        .name = "per_parcel", .kind = EC_RULE_NUMBER,                                              \
        .doc = "split into parcels of at most so many grams; the fee is that of all"               \
    }

static const ec_rule_param flat_params[] = {
    AMOUNT("the fee"), FREE_ABOVE, PER_PARCEL, {.name = NULL}};
static const ec_rule_param per_unit_params[] = {
    AMOUNT("of each unit that is sent"),
    {.name = "first", .kind = EC_RULE_MONEY, .doc = "of the first unit, instead"},
    FREE_ABOVE,
    {.name = NULL}};
static const ec_rule_param weight_params[] = {
    STEPS("from so many grams on: the fee"), FREE_ABOVE, PER_PARCEL, {.name = NULL}};
static const ec_rule_param total_params[] = {
    STEPS("from this total of the items on: the fee"), FREE_ABOVE, {.name = NULL}};
static const ec_rule_param units_params[] = {
    STEPS("from so many units on: the fee"), FREE_ABOVE, PER_PARCEL, {.name = NULL}};
static const ec_rule_param volume_params[] = {
    STEPS("from so many cubic centimetres on: the fee"), FREE_ABOVE, PER_PARCEL, {.name = NULL}};
static const ec_rule_param size_params[] = {
    STEPS("from so many millimetres of the longest side on: the fee"),
    FREE_ABOVE,
    PER_PARCEL,
    {.name = NULL}};
static const ec_rule_param percent_params[] = {
    {.name = "rate",
     .kind = EC_RULE_RATE,
     .required = true,
     .doc = "of the price of what is sent, after discounts"},
    {.name = "min", .kind = EC_RULE_MONEY, .doc = "at least"},
    {.name = "max", .kind = EC_RULE_MONEY, .doc = "at most"},
    FREE_ABOVE,
    {.name = NULL}};
static const ec_rule_param provider_params[] = {
    {.name = "name", .kind = EC_RULE_TEXT, .required = true, .doc = "the carrier that is asked"},
    FREE_ABOVE,
    {.name = NULL}};

const ec_shipping_calculator ec_shipping_calculators[] = {
    {{"flat", flat_params, "one fee"}, flat_fee, EC_RULE_NUMBER},
    {{"per_unit", per_unit_params, "a fee for each unit"}, per_unit_fee, EC_RULE_NUMBER},
    {{"by_weight", weight_params, "by the weight"}, weight_fee, EC_RULE_NUMBER},
    {{"by_total", total_params, "by the items' total"}, total_fee, EC_RULE_MONEY},
    {{"by_units", units_params, "by the number of units"}, units_fee, EC_RULE_NUMBER},
    {{"by_volume", volume_params, "by the volume"}, volume_fee, EC_RULE_NUMBER},
    {{"by_size", size_params, "by the longest side"}, size_fee, EC_RULE_NUMBER},
    {{"percent", percent_params, "a part of the price"}, percent_fee, EC_RULE_NUMBER},
    {{"provider", provider_params, "what a carrier says"}, provider_fee, EC_RULE_NUMBER},
};
const size_t ec_shipping_calculators_count =
    sizeof(ec_shipping_calculators) / sizeof(ec_shipping_calculators[0]);

/* ---- one call ---- */

/* What is sent, in parcels: one of everything unless the call splits. */
static ec_status split(ec_shipping_task *task, ec_parcels *whole, ec_shipping_fee *out)
{
    const ec_rule_arg *arg = ec_rule_arg_of(task->call, "per_parcel", NULL);
    const ec_shipping_goods *goods = task->goods;
    ec_parcels *parcels = whole;
    bool fits = true;
    *whole = (ec_parcels){1, goods->units, goods->weight, goods->volume, goods->longest, 0};
    task->parcels_count = 1;
    if (arg != NULL) {
        ec_status status =
            ec_shipping_pack(task->work, arg->value.number, &parcels, &task->parcels_count, &fits);
        if (status != EC_OK) return status;
        for (size_t i = 0; i < task->parcels_count; i++)
            out->parcels += parcels[i].count;
    }
    task->parcels = parcels;
    out->unknown = !fits;
    return EC_OK;
}

ec_status ec_shipping_fee_of(const ec_pricing_work *work, const ec_shipping_rule *method,
                             const ec_shipping_goods *goods, const ec_rule_call *call,
                             ec_shipping_fee *out)
{
    ec_shipping_task task = {.work = work, .method = method, .goods = goods, .call = call};
    ec_parcels whole;
    int64_t free_above = 0;
    *out = (ec_shipping_fee){0};
    ec_status status = split(&task, &whole, out);
    if (status != EC_OK || out->unknown) return status;
    status = ec_shipping_calculators[call->verb].fee(&task, out);
    if (status != EC_OK || out->unknown) return status;
    if (amount_of(&task, "free_above", &free_above) && goods->total >= free_above) {
        out->amount = out->base = out->rate = 0;
        out->rounding = NULL;
    }
    return EC_OK;
}
