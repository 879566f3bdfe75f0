/* SPDX-License-Identifier: MIT */
/*
 * actions.c - what promotions can do: one row for each action. A new one is a new row and its
 * function.
 */
#include "promotion/inside.h"

static const char *const picks[] = {"cheapest", "dearest", NULL};
static const char *const measures[] = {"units", "total", NULL};

#define RATE(text)                                                                                 \
    {                                                                                              \
        .name = "rate", .kind = EC_RULE_RATE, .required = true, .doc = text                        \
    }
#define AMOUNT(text)                                                                               \
    {                                                                                              \
        .name = "amount", .kind = EC_RULE_MONEY, .required = true, .doc = text                     \
    }
#define PRICE(text)                                                                                \
    {                                                                                              \
        .name = "price", .kind = EC_RULE_MONEY, .required = true, .doc = text                      \
    }
#define ON                                                                                         \
    {                                                                                              \
        .name = "on", .kind = EC_RULE_LINES, .doc = "which lines; without it all"                  \
    }
#define CAP                                                                                        \
    {                                                                                              \
        .name = "cap", .kind = EC_RULE_MONEY, .doc = "most that it takes"                          \
    }
#define PICK                                                                                       \
    {                                                                                              \
        .name = "pick", .kind = EC_RULE_TEXT, .words = picks, .doc = "cheapest or dearest"         \
    }
#define UNITS                                                                                      \
    {                                                                                              \
        .name = "units", .kind = EC_RULE_NUMBER, .doc = "of how many units at most"                \
    }
#define COUNT(text)                                                                                \
    {                                                                                              \
        .name = "n", .kind = EC_RULE_NUMBER, .required = true, .doc = text                         \
    }
#define TIMES                                                                                      \
    {                                                                                              \
        .name = "times", .kind = EC_RULE_NUMBER, .doc = "how often at most"                        \
    }
#define METHOD                                                                                     \
    {                                                                                              \
        .name = "method", .kind = EC_RULE_TEXT, .repeats = true,                                   \
        .doc = "code of the method; without it any"                                                \
    }
#define END                                                                                        \
    {                                                                                              \
        0                                                                                          \
    }

static const ec_rule_param percent_off[] = {RATE("off each unit"), ON, CAP, UNITS, PICK, END};
static const ec_rule_param amount_off[] = {AMOUNT("off each unit"), ON, CAP, UNITS, PICK, END};
static const ec_rule_param fixed_price[] = {PRICE("of each unit"), ON, UNITS, PICK, END};
static const ec_rule_param order_percent_off[] = {RATE("off the sum of the lines"), ON, CAP, END};
static const ec_rule_param order_amount_off[] = {AMOUNT("off the sum of the lines"), ON, END};
static const ec_rule_param tiers_off[] = {
    {.name = "steps",
     .kind = EC_RULE_STEPS,
     .required = true,
     .doc = "[from: rate or amount, …]; the highest that is reached"},
    {.name = "by", .kind = EC_RULE_TEXT, .words = measures, .doc = "units or total"},
    ON,
    CAP,
    END};
static const ec_rule_param gift[] = {
    {.name = "sku", .kind = EC_RULE_TEXT, .required = true, .doc = "what is given"},
    {.name = "quantity", .kind = EC_RULE_NUMBER, .doc = "units; without it 1"},
    {.name = "off", .kind = EC_RULE_RATE, .doc = "off its price; without it all"},
    END};
static const ec_rule_param buy_get[] = {
    {.name = "buy", .kind = EC_RULE_NUMBER, .required = true, .doc = "units to be bought"},
    {.name = "get", .kind = EC_RULE_NUMBER, .required = true, .doc = "units that get cheaper"},
    ON,
    {.name = "of", .kind = EC_RULE_LINES, .doc = "lines to get; without it as on"},
    {.name = "off", .kind = EC_RULE_RATE, .doc = "off what is got; without it all"},
    PICK,
    TIMES,
    END};
static const ec_rule_param nth_off[] = {COUNT("every n-th unit"), RATE("off it"), ON, PICK, END};
static const ec_rule_param each_group_off[] = {COUNT("units of a group"),
                                               AMOUNT("off for each group"), ON, CAP, END};
static const ec_rule_param bundle[] = {PRICE("of a set"),
                                       {.name = "of",
                                        .kind = EC_RULE_LINES,
                                        .required = true,
                                        .repeats = true,
                                        .doc = "a part of the set: one unit of these lines"},
                                       TIMES,
                                       END};
static const ec_rule_param free_shipping[] = {METHOD, END};
static const ec_rule_param shipping_percent_off[] = {RATE("off the fee"), METHOD, CAP, END};
static const ec_rule_param shipping_amount_off[] = {AMOUNT("off the fee"), METHOD, END};
static const ec_rule_param shipping_price[] = {PRICE("of shipping at most"), METHOD, END};

const ec_promotion_verb ec_promotion_actions[] = {
    {{"percent_off", percent_off, "a percentage off each unit"}, ec_act_percent_off, NULL, true},
    {{"amount_off", amount_off, "an amount off each unit"}, ec_act_amount_off, NULL, true},
    {{"fixed_price", fixed_price, "a price of each unit"}, ec_act_fixed_price, NULL, true},
    {{"order_percent_off", order_percent_off, "a percentage off the order"},
     ec_act_order_percent_off,
     NULL,
     false},
    {{"order_amount_off", order_amount_off, "an amount off the order"},
     ec_act_order_amount_off,
     NULL,
     false},
    {{"tiers_off", tiers_off, "more off for more units, or for a higher total"},
     ec_act_tiers_off,
     NULL,
     false},
    {{"gift", gift, "something on top"}, ec_act_gift, NULL, false},
    {{"buy_get", buy_get, "buy some units, get others cheaper"}, ec_act_buy_get, NULL, false},
    {{"nth_off", nth_off, "every n-th unit cheaper"}, ec_act_nth_off, NULL, false},
    {{"each_group_off", each_group_off, "an amount off for every n units"},
     ec_act_each_group_off,
     NULL,
     false},
    {{"bundle", bundle, "a set of goods at a price"}, ec_act_bundle, NULL, false},
    {{"free_shipping", free_shipping, "no fee"}, NULL, ec_act_free_shipping, false},
    {{"shipping_percent_off", shipping_percent_off, "a percentage off the fee"},
     NULL,
     ec_act_shipping_percent_off,
     false},
    {{"shipping_amount_off", shipping_amount_off, "an amount off the fee"},
     NULL,
     ec_act_shipping_amount_off,
     false},
    {{"shipping_price", shipping_price, "a lower fee"}, NULL, ec_act_shipping_price, false},
};

const size_t ec_promotion_actions_count =
    sizeof(ec_promotion_actions) / sizeof(ec_promotion_actions[0]);

const void *ec_promotion_verbs(size_t *stride, size_t *count)
{
    *stride = sizeof(ec_promotion_actions[0]);
    *count = ec_promotion_actions_count;
    return ec_promotion_actions;
}
