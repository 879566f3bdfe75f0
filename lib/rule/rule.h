/* SPDX-License-Identifier: MIT */
/*
 * rule.h - the small language of rules: when something applies, to which lines, and what is done.
 *
 * One text in a promotion or a shipping method says it, people can read it, and it is compiled
 * once. Three tables give the language its words: subjects (subjects.c), the actions of promotions
 * (promotion/actions.c) and the calculators of shipping (shipping/calculators.c). A new word is a
 * new row.
 *
 *   condition = and { "or" and }                    and  = not { "and" not }
 *   not       = [ "not" ] ( "(" condition ")" | test )
 *   test      = subject [ "(" condition ")" ] [ op ( value | list ) ]
 *   op        = "=" | "!=" | "<" | "<=" | ">" | ">=" | "in" | "not in" | "between" (then two values
 *               with "and" between them, both inclusive)
 *   subject   = word { "." word-or-quoted }         such as  country, attribute.colour
 *   value     = number | number "%" | money | word | "quoted ""text"""
 *   list      = "(" value { "," value } ")"
 *   money     = amount currency [ "@" channel-code ] { "|" money }
 *   calls     = call { ";" call }
 *   call      = word "(" [ argument { "," argument } ] ")"
 *   argument  = [ word ":" ] ( value | condition | "[" step { "," step } "]" )
 *   step      = value ":" value
 *
 *   signed_in and (group = vip or nth_order = 1) and total(category = 12) >= 20000 CLP | 25.00 EUR
 *   percent_off(20%, on: brand = 3 and not tag = outlet, cap: 5000 CLP); free_shipping()
 *   by_weight([0: 3990 CLP, 5000: 5990 CLP], free_above: 50000 CLP)
 *
 * Words are letters, digits, "_" and "-"; a word that begins with a letter needs no quotes as a
 * value. In a condition over the cart a subject of lines stands inside an aggregate: any(…),
 * all(…), none(…), units(…), lines(…), total(…), weight(…). It refuses text over EC_RULE_TEXT_MAX,
 * nesting over EC_RULE_DEPTH_MAX, unknown words, and values that do not fit their subject, with the
 * place.
 */
#ifndef EC_RULE_RULE_H
#define EC_RULE_RULE_H

#include <ecommerce/types.h>

#include "base/arena.h"

#define EC_RULE_TEXT_MAX 4000
#define EC_RULE_DEPTH_MAX 16
#define EC_RULE_VALUES_MAX 250

struct ec_pricing_work; /* price/pricing.h */
struct ec_pricing_line;

/* Where a subject has a meaning. */
typedef enum ec_rule_scope {
    EC_RULE_CART = 1, /* the cart, its customer, its place and time */
    EC_RULE_LINE = 2  /* one line of it */
} ec_rule_scope;

/* What a subject or parameter is, and what it is compared with. */
typedef enum ec_rule_kind {
    EC_RULE_NUMBER, /* whole number: units, grams, days, hours */
    EC_RULE_RATE,   /* millionths: "20%" is 200000 */
    EC_RULE_MONEY,  /* an amount per currency or channel */
    EC_RULE_TEXT,   /* text, compared byte by byte; country, code, tag … */
    EC_RULE_ID,     /* identifiers; a subject may have several (the groups of a customer) */
    EC_RULE_TRUTH,  /* no operator: signed_in */
    EC_RULE_LINES,  /* parameter: a condition on lines */
    EC_RULE_STEPS   /* parameter: a table of steps */
} ec_rule_kind;

typedef enum ec_rule_op {
    EC_RULE_IS, /* one of the values; of a subject with several: one of them */
    EC_RULE_IS_NOT,
    EC_RULE_LESS,
    EC_RULE_AT_MOST,
    EC_RULE_MORE,
    EC_RULE_AT_LEAST,
    EC_RULE_BETWEEN,
    EC_RULE_TRUE /* no operator was written */
} ec_rule_op;

/* One of the alternatives of an amount. */
typedef struct ec_rule_money {
    int64_t amount; /* minor units */
    char currency[4];
    const char *channel; /* its code, or NULL: every channel of the currency */
} ec_rule_money;

typedef struct ec_rule_value {
    ec_rule_kind kind; /* NUMBER, RATE, MONEY or TEXT */
    int64_t number;    /* NUMBER, RATE */
    const char *text;  /* TEXT; of a NUMBER as it is written */
    size_t money_count;
    const ec_rule_money *money;
} ec_rule_value;

typedef struct ec_rule_subject ec_rule_subject; /* a row of subjects.c */

typedef enum ec_rule_node { EC_RULE_AND, EC_RULE_OR, EC_RULE_NOT, EC_RULE_TEST } ec_rule_node;

/* A compiled condition. NULL holds always. */
typedef struct ec_rule {
    ec_rule_node node;
    size_t parts_count; /* AND, OR, NOT */
    const struct ec_rule *const *parts;
    const ec_rule_subject *subject; /* TEST */
    const char *member;             /* of attribute.NAME and option.NAME, or NULL */
    const struct ec_rule *lines;    /* of an aggregate: which lines; NULL: all */
    ec_rule_op op;
    size_t values_count;
    const ec_rule_value *values;
    const char *text; /* the test as it was written, for messages */
} ec_rule;

typedef struct ec_rule_step {
    ec_rule_value from, value;
} ec_rule_step;

/* A parameter of a call. A table of these ends with a row without name. */
typedef struct ec_rule_param {
    const char *name; /* the first parameters may be given by place */
    ec_rule_kind kind;
    bool required;
    bool repeats;             /* may be given several times */
    const char *const *words; /* TEXT: the words allowed, NULL-ended; or NULL */
    const char *doc;
} ec_rule_param;

/* What a call may be: the head of the rows of actions and calculators. */
typedef struct ec_rule_verb {
    const char *name;
    const ec_rule_param *params;
    const char *doc;
} ec_rule_verb;

typedef struct ec_rule_arg {
    const ec_rule_param *param;
    ec_rule_value value;
    int word;             /* TEXT with words: which one */
    const ec_rule *lines; /* LINES */
    size_t steps_count;   /* STEPS */
    const ec_rule_step *steps;
} ec_rule_arg;

typedef struct ec_rule_call {
    size_t verb; /* index in the table of verbs */
    size_t args_count;
    const ec_rule_arg *args; /* in the order of the parameters */
    const char *text;
} ec_rule_call;

/* Why a text is not a rule. */
typedef struct ec_rule_fault {
    size_t at;        /* byte of the text, from 0 */
    const char *rule; /* "syntax", "unknown", "kind", "max_length", "depth" … for field errors */
    char message[160];
} ec_rule_fault;

/* What subjects a text used; what must be read from storage before it can be tested. */
typedef enum ec_rule_need {
    EC_RULE_NEEDS_TAGS = 1 << 0,
    EC_RULE_NEEDS_COLLECTIONS = 1 << 1,
    EC_RULE_NEEDS_ATTRIBUTES = 1 << 2,
    EC_RULE_NEEDS_GROUPS = 1 << 3,
    EC_RULE_NEEDS_HISTORY = 1 << 4, /* of the customer's orders */
    EC_RULE_NEEDS_COST = 1 << 5
} ec_rule_need;

/*
 * Compile a condition. text NULL or blank: *out is NULL. EC_INVALID with *fault; EC_NO_MEMORY.
 * *needs |= bits of ec_rule_need. Everything lies in the arena, text is copied.
 */
ec_status ec_rule_parse(ec_arena *arena, const char *text, ec_rule_scope scope, const ec_rule **out,
                        unsigned *needs, ec_rule_fault *fault);
/*
 * Compile calls. verbs: rows of `stride` bytes that begin with an ec_rule_verb, `count` of them.
 */
ec_status ec_rule_parse_calls(ec_arena *arena, const char *text, const void *verbs, size_t stride,
                              size_t count, const ec_rule_call **out, size_t *out_count,
                              unsigned *needs, ec_rule_fault *fault);

/* Does it hold for the cart? *failed: the test that did not, or NULL (may be NULL). Line subjects
   outside of an aggregate were refused when it was compiled. Allocates nothing. */
bool ec_rule_holds(const ec_rule *rule, const struct ec_pricing_work *work, const ec_rule **failed);
/* Does it hold for the line `index` of the work? */
bool ec_rule_holds_line(const ec_rule *rule, const struct ec_pricing_work *work, size_t index);

/* The amount for the work's channel and currency: that of the channel, else that of the currency.
   false: there is none (the rule has no effect here). */
bool ec_rule_amount(const ec_rule_value *value, const struct ec_pricing_work *work,
                    int64_t *amount);
/* The argument of a parameter, or NULL; from: the one after this one (repeated parameters). */
const ec_rule_arg *ec_rule_arg_of(const ec_rule_call *call, const char *name,
                                  const ec_rule_arg *from);

/*
 * A subject's values that a condition needs at least one of to hold, for indices: calls `key` for
 * each value of the one conjunct with the fewest values among the subjects whose names are listed
 * (NULL-ended). false when the condition needs none of them (then nothing was called). For lines:
 * looks into any(…), all(…) and units/lines/total(…) with a lower bound above 0.
 */
bool ec_rule_keys(const ec_rule *rule, const char *const *subjects,
                  void (*key)(void *ctx, const char *subject, const ec_rule_value *value),
                  void *ctx);

/* Rows for documentation: the n-th subject's name, scopes, kind, purpose; false behind the end. */
bool ec_rule_subject_at(size_t n, const char **name, unsigned *scopes, ec_rule_kind *kind,
                        const char **doc);

#endif
