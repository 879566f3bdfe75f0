/* SPDX-License-Identifier: MIT */
/*
 * compile.c - a stored promotion as the computation wants it.
 *
 * The texts are compiled, the flags copied; nothing here asks the storage. It refuses what could
 * never do what was meant: no action, more than 100 % off, counts of 0, more parts of a set than
 * there may be; and in promotions of the catalogue everything that is about a cart, since a unit
 * price must not depend on what else somebody buys.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "promotion/inside.h"
#include "promotion/stored.h"
#include "rule/inside.h"

/* A fault at a part of the text that was compiled. */
__attribute__((format(printf, 5, 6))) static ec_status refuse(ec_rule_fault *fault,
                                                              const char *text, const char *part,
                                                              const char *rule, const char *format,
                                                              ...)
{
    const char *found = strstr(text, part);
    *fault = (ec_rule_fault){.at = found == NULL ? 0 : (size_t)(found - text), .rule = rule};
    va_list args;
    va_start(args, format);
    (void)vsnprintf(fault->message, sizeof(fault->message), format, args);
    va_end(args);
    return EC_INVALID;
}

/* The first test that is about carts only, or NULL. The depth is that of the text. */
static const ec_rule *cart_test(const ec_rule *rule)
{
    if (rule == NULL) return NULL;
    if (rule->node == EC_RULE_TEST)
        return (rule->subject->scopes & EC_RULE_LINE) == 0 ||
                       strcmp(rule->subject->name, "coupon") == 0
                   ? rule
                   : NULL;
    for (size_t i = 0; i < rule->parts_count; i++) {
        const ec_rule *found = cart_test(rule->parts[i]);
        if (found != NULL) return found;
    }
    return NULL;
}

static ec_status compile_condition(ec_arena *arena, const ec_promotion *promotion, unsigned *needs,
                                   ec_promotion_rule *out, ec_rule_fault *fault)
{
    ec_status status =
        ec_rule_parse(arena, promotion->conditions, EC_RULE_CART, &out->condition, needs, fault);
    if (status != EC_OK || promotion->kind != EC_PROMOTION_CATALOG) return status;
    const ec_rule *test = cart_test(out->condition);
    if (test == NULL) return EC_OK;
    return refuse(fault, promotion->conditions, test->text, "scope",
                  "\"%s\" is about carts; a promotion of the catalogue asks where, when and who",
                  test->subject->name);
}

/* ---- actions --------------------------------------------------------------------------------- */

static ec_status check_rate(const char *text, const ec_rule_call *call, const ec_rule_value *value,
                            ec_rule_fault *fault)
{
    if (value->kind != EC_RULE_RATE || value->number <= EC_PROMOTION_MILLION) return EC_OK;
    return refuse(fault, text, call->text, "max", "more than 100%% cannot be taken off");
}

static ec_status check_arg(const char *text, const ec_rule_call *call, const ec_rule_arg *arg,
                           ec_rule_fault *fault)
{
    if (arg->param->kind == EC_RULE_NUMBER && arg->value.number < 1)
        return refuse(fault, text, call->text, "min", "\"%s\" is 1 or more", arg->param->name);
    if (arg->param->kind == EC_RULE_NUMBER && arg->value.number > EC_QUANTITY_MAX)
        return refuse(fault, text, call->text, "max", "\"%s\" is too large", arg->param->name);
    ec_status status = check_rate(text, call, &arg->value, fault);
    for (size_t i = 0; status == EC_OK && i < arg->steps_count; i++) {
        status = check_rate(text, call, &arg->steps[i].value, fault);
        if (status == EC_OK && arg->steps[i].value.kind == EC_RULE_NUMBER)
            return refuse(fault, text, call->text, "kind",
                          "a step takes off a percentage or an amount with its currency");
    }
    return status;
}

static ec_status check_call(const ec_promotion *promotion, const ec_rule_call *call,
                            ec_rule_fault *fault)
{
    size_t parts = 0;
    const char *text = promotion->actions;
    const ec_promotion_verb *verb = &ec_promotion_actions[call->verb];
    if (promotion->kind == EC_PROMOTION_CATALOG && !verb->catalog)
        return refuse(fault, text, call->text, "scope",
                      "\"%s\" is about carts; unit prices are changed by percent_off, amount_off "
                      "and fixed_price",
                      verb->verb.name);
    const ec_rule_arg *few = ec_rule_arg_of(call, "units", NULL);
    if (promotion->kind == EC_PROMOTION_CATALOG && few != NULL)
        return refuse(fault, text, call->text, "scope",
                      "\"units\" is about carts; a unit price does not depend on how many are "
                      "bought");
    for (size_t i = 0; i < call->args_count; i++) {
        const ec_rule_arg *arg = &call->args[i];
        ec_status status = check_arg(text, call, arg, fault);
        if (status != EC_OK) return status;
        if (arg->param->repeats && ++parts > EC_PROMOTION_PARTS_MAX)
            return refuse(fault, text, call->text, "max_items", "\"%s\" is given at most %d times",
                          arg->param->name, EC_PROMOTION_PARTS_MAX);
    }
    return EC_OK;
}

static ec_status compile_actions(ec_arena *arena, const ec_promotion *promotion, unsigned *needs,
                                 ec_promotion_rule *out, ec_rule_fault *fault)
{
    size_t stride = 0, verbs_count = 0;
    const void *verbs = ec_promotion_verbs(&stride, &verbs_count);
    ec_status status = ec_rule_parse_calls(arena, promotion->actions, verbs, stride, verbs_count,
                                           &out->actions, &out->actions_count, needs, fault);
    if (status == EC_OK && out->actions_count == 0)
        return refuse(fault, "", "", "required", "a promotion does something");
    for (size_t i = 0; status == EC_OK && i < out->actions_count; i++)
        status = check_call(promotion, &out->actions[i], fault);
    return status;
}

/* ---- the whole ------------------------------------------------------------------------------- */

ec_status ec_promotion_compile(ec_arena *arena, const ec_promotion *promotion, unsigned *needs,
                               ec_promotion_rule *out, const char **field, ec_rule_fault *fault)
{
    *out = (ec_promotion_rule){
        .id = promotion->id,
        .name = promotion->name,
        .starts_at = promotion->starts_at,
        .ends_at = promotion->ends_at,
        .lane = promotion->lane,
        .priority = promotion->priority,
        .tags = promotion->tags,
        .tags_count = promotion->tags_count,
        .combines_with = promotion->combines_with_count > 0 ? promotion->combines_with : NULL,
        .combines_count = promotion->combines_with_count,
        .catalog = promotion->kind == EC_PROMOTION_CATALOG,
        .coupon = promotion->coupon_required,
        .exclusive = promotion->is_exclusive,
        .stops = promotion->stops,
        .spares_discounted = promotion->spares_discounted,
        .competes = promotion->competes != EC_COMPETES_NONE,
        .competes_by_line = promotion->competes == EC_COMPETES_BEST_BY_LINE,
        .limited = promotion->usage_limit > 0 || promotion->customer_limit > 0 ||
                   promotion->attribute_limit > 0 || promotion->budget > 0,
    };
    *field = "conditions";
    ec_status status = compile_condition(arena, promotion, needs, out, fault);
    if (status != EC_OK) return status;
    *field = "actions";
    return compile_actions(arena, promotion, needs, out, fault);
}

ec_status ec_promotion_gifts(ec_arena *arena, const ec_promotion_rule *rule,
                             const char *const **skus, size_t *count)
{
    const char **found = ec_arena_array(arena, rule->actions_count + 1, sizeof(*found));
    *skus = found;
    *count = 0;
    if (found == NULL) return EC_NO_MEMORY;
    for (size_t i = 0; i < rule->actions_count; i++) {
        const ec_rule_call *call = &rule->actions[i];
        const ec_rule_arg *sku = ec_rule_arg_of(call, "sku", NULL);
        if (sku != NULL) found[(*count)++] = sku->value.text;
    }
    return EC_OK;
}
