/* SPDX-License-Identifier: MIT */
/*
 * fee.c - actions that take off the fee of shipping. They touch nothing else, and never make the
 * fee less than nothing, however many there are.
 */
#include <string.h>

#include "promotion/inside.h"

/* Is the chosen method one that the action is about? */
static bool is_meant(const ec_trial *trial)
{
    const char *code = trial->work->shipping_method;
    const ec_rule_arg *arg = ec_rule_arg_of(trial->call, "method", NULL);
    if (arg == NULL) return true;
    for (; arg != NULL; arg = ec_rule_arg_of(trial->call, "method", arg))
        if (code != NULL && strcmp(arg->value.text, code) == 0) return true;
    return false;
}

static void take(ec_trial *trial, int64_t amount, int64_t rate)
{
    ec_piece piece = {.kind = EC_ADJUST_SHIPPING_DISCOUNT,
                      .amount = amount,
                      .base = trial->work->fee,
                      .rate = rate,
                      .rounded = rate != 0};
    if (is_meant(trial)) (void)ec_trial_take(trial, &piece);
}

void ec_act_free_shipping(ec_trial *trial)
{
    take(trial, trial->work->fee, EC_PROMOTION_MILLION);
}

void ec_act_shipping_percent_off(ec_trial *trial)
{
    int64_t rate = ec_trial_rate(trial, "rate", 0);
    take(trial, ec_trial_percent(trial, trial->work->fee, rate), rate);
}

void ec_act_shipping_amount_off(ec_trial *trial)
{
    int64_t amount = 0;
    if (ec_trial_amount(trial, "amount", 0, &amount)) take(trial, amount, 0);
}

void ec_act_shipping_price(ec_trial *trial)
{
    int64_t price = 0;
    if (ec_trial_amount(trial, "price", 0, &price))
        take(trial, trial->work->fee - trial->work->fee_discount - price, 0);
}
