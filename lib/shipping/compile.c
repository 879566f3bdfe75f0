/* SPDX-License-Identifier: MIT */
/*
 * compile.c - the two texts of a method: what it costs and when it fits.
 *
 * The language checks words and kinds; here is what it cannot know: that a fee is asked for at
 * least once, that the steps of a table have the kind of its figures, and that no amount or rate is
 * absurd. It refuses everything else that could only be seen when a cart is priced.
 */
#include <stdio.h>
#include <string.h>

#include "shipping/inside.h"

static ec_status refuse(ec_rule_fault *fault, const char *rule, const char *message)
{
    fault->at = 0;
    fault->rule = rule;
    (void)snprintf(fault->message, sizeof(fault->message), "%s", message);
    return EC_INVALID;
}

/* Steps begin at figures of the calculator's kind. */
static ec_status check_steps(const ec_rule_arg *arg, ec_rule_kind kind, ec_rule_fault *fault)
{
    if (arg->steps_count == 0) return refuse(fault, "required", "A table has at least one step.");
    for (size_t i = 0; i < arg->steps_count; i++) {
        const ec_rule_value *from = &arg->steps[i].from;
        if (arg->steps[i].value.kind != EC_RULE_MONEY)
            return refuse(fault, "kind", "A step's fee is an amount with a currency.");
        if (from->kind != kind)
            return refuse(fault, "kind",
                          kind == EC_RULE_MONEY ? "A step begins at an amount with a currency."
                                                : "A step begins at a whole number.");
        if (from->kind == EC_RULE_NUMBER && from->number < 0)
            return refuse(fault, "min", "A step begins at 0 or above.");
    }
    return EC_OK;
}

static ec_status check_call(const ec_rule_call *call, ec_rule_fault *fault)
{
    const ec_shipping_calculator *row = &ec_shipping_calculators[call->verb];
    const ec_rule_arg *steps = ec_rule_arg_of(call, "steps", NULL);
    const ec_rule_arg *parcel = ec_rule_arg_of(call, "per_parcel", NULL);
    const ec_rule_arg *rate = ec_rule_arg_of(call, "rate", NULL);
    const ec_rule_arg *carrier = ec_rule_arg_of(call, "name", NULL);
    if (parcel != NULL && parcel->value.number < 1)
        return refuse(fault, "min", "A parcel takes at least one gram.");
    if (rate != NULL && (rate->value.number < 0 || rate->value.number > 100 * EC_SHIPPING_RATE_ONE))
        return refuse(fault, "max", "A rate is between 0% and 10000%.");
    if (carrier != NULL && strlen(carrier->value.text) > EC_SHIPPING_PROVIDER_MAX)
        return refuse(fault, "max_length", "A carrier's name is shorter.");
    return steps != NULL ? check_steps(steps, row->from, fault) : EC_OK;
}

/* The carrier that one of the calls asks, or NULL. */
static const char *carrier_of(const ec_shipping_rule *method)
{
    const ec_rule_arg *name = NULL;
    for (size_t i = 0; i < method->calls_count && name == NULL; i++)
        name = ec_rule_arg_of(&method->calls[i], "name", NULL);
    return name != NULL ? name->value.text : NULL;
}

ec_status ec_shipping_compile(ec_arena *arena, const char *calculator, const char *condition,
                              unsigned *needs, ec_shipping_rule *out, const char **field,
                              ec_rule_fault *fault)
{
    *field = "calculator";
    ec_status status = ec_rule_parse_calls(
        arena, calculator, ec_shipping_calculators, sizeof(ec_shipping_calculators[0]),
        ec_shipping_calculators_count, &out->calls, &out->calls_count, needs, fault);
    if (status == EC_OK && out->calls_count == 0)
        status = refuse(fault, "required", "A method has a fee, such as flat(0 CLP).");
    for (size_t i = 0; i < out->calls_count && status == EC_OK; i++)
        status = check_call(&out->calls[i], fault);
    if (status != EC_OK) return status;
    out->provider = carrier_of(out);
    *field = "conditions";
    return ec_rule_parse(arena, condition, EC_RULE_CART, &out->condition, needs, fault);
}
