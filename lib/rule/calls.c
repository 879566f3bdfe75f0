/* SPDX-License-Identifier: MIT */
/*
 * calls.c - what a rule does: calls of the verbs of a table, with parameters by place or by name.
 *
 * What a call may be is data of its user: actions of promotions and calculators of shipping are
 * tables of verbs. It refuses unknown verbs and parameters, one that is given twice or is missing,
 * words and kinds that do not fit, and steps that do not rise.
 */
#include "rule/inside.h"

/* A call while its arguments are read. */
typedef struct call_state {
    const ec_rule_verb *verb;
    ec_rule_arg *args;
    size_t count;
    size_t placed; /* arguments that were given by place */
    bool named;    /* one was given by name */
} call_state;

static size_t count_params(const ec_rule_verb *verb)
{
    size_t count = 0;
    while (verb->params != NULL && verb->params[count].name != NULL)
        count++;
    return count;
}

/* ---- arguments ------------------------------------------------------------------------------- */

static bool parse_lines_arg(ec_parser *parser, ec_rule_arg *arg)
{
    return ec_parse_condition(parser, EC_RULE_LINE, &arg->lines);
}

static bool parse_truth(ec_parser *parser, ec_rule_arg *arg)
{
    size_t at = parser->token.at;
    bool yes = ec_parser_is(parser, parser->token, "yes");
    if (!yes && !ec_parser_is(parser, parser->token, "no"))
        return ec_parser_fail(parser, at, "kind", "\"%s\" is yes or no", arg->param->name);
    arg->value = (ec_rule_value){.kind = EC_RULE_NUMBER, .number = yes};
    arg->value.text = ec_parser_text(parser, parser->token);
    return arg->value.text != NULL && ec_parser_advance(parser);
}

static bool parse_plain(ec_parser *parser, ec_rule_arg *arg)
{
    const ec_rule_param *param = arg->param;
    size_t at = parser->token.at;
    if (!ec_parse_value_of(parser, param->kind, param->name, &arg->value)) return false;
    if (param->kind != EC_RULE_TEXT) return true;
    arg->value.kind = EC_RULE_TEXT;
    if (param->words == NULL) return true;
    for (arg->word = 0; param->words[arg->word] != NULL; arg->word++)
        if (strcmp(param->words[arg->word], arg->value.text) == 0) return true;
    return ec_parser_fail(parser, at, "unknown", "\"%s\" is never \"%.40s\"", param->name,
                          arg->value.text);
}

/* A step fits behind the one before it: of the same kinds, and higher. */
static bool check_step(ec_parser *parser, size_t at, const ec_rule_step *step,
                       const ec_rule_step *before)
{
    bool from = step->from.kind == EC_RULE_MONEY ||
                (step->from.kind == EC_RULE_NUMBER && strchr(step->from.text, '.') == NULL);
    bool value = step->value.kind != EC_RULE_TEXT &&
                 (step->value.kind != EC_RULE_NUMBER || strchr(step->value.text, '.') == NULL);
    if (!from || !value)
        return ec_parser_fail(parser, at, "kind",
                              "a step is a whole number or an amount, \":\", and what holds from "
                              "there on");
    if (before == NULL) return true;
    if (before->from.kind != step->from.kind || before->value.kind != step->value.kind)
        return ec_parser_fail(parser, at, "kind", "all steps of a table are of one kind");
    if (step->from.kind == EC_RULE_NUMBER && step->from.number <= before->from.number)
        return ec_parser_fail(parser, at, "order", "each step begins above the one before it");
    return true;
}

static bool parse_steps(ec_parser *parser, ec_rule_arg *arg)
{
    ec_rule_step *steps = NULL;
    size_t count = 0;
    if (!ec_parser_expect(parser, "[")) return false;
    do {
        size_t at = parser->token.at;
        if (count == EC_RULE_VALUES_MAX)
            return ec_parser_fail(parser, at, "max_items", "a table has at most %d steps",
                                  EC_RULE_VALUES_MAX);
        steps = ec_parser_grow(parser, steps, count, sizeof(*steps));
        if (steps == NULL || !ec_parse_value(parser, &steps[count].from) ||
            !ec_parser_expect(parser, ":") || !ec_parse_value(parser, &steps[count].value) ||
            !check_step(parser, at, &steps[count], count > 0 ? &steps[count - 1] : NULL))
            return false;
        count++;
    } while (ec_parser_take(parser, ","));
    arg->steps = steps;
    arg->steps_count = count;
    return !parser->bad && ec_parser_expect(parser, "]");
}

static bool parse_kind(ec_parser *parser, ec_rule_arg *arg)
{
    switch (arg->param->kind) {
    case EC_RULE_LINES: return parse_lines_arg(parser, arg);
    case EC_RULE_STEPS: return parse_steps(parser, arg);
    case EC_RULE_TRUTH: return parse_truth(parser, arg);
    case EC_RULE_NUMBER:
    case EC_RULE_RATE:
    case EC_RULE_MONEY:
    case EC_RULE_TEXT:
    case EC_RULE_ID: break;
    }
    return parse_plain(parser, arg);
}

/* ---- which parameter ------------------------------------------------------------------------- */

static const ec_rule_param *named_param(ec_parser *parser, call_state *call)
{
    ec_token token = parser->token;
    call->named = true;
    for (const ec_rule_param *param = call->verb->params; param != NULL && param->name != NULL;
         param++)
        if (ec_parser_is(parser, token, param->name)) {
            if (!ec_parser_advance(parser) || !ec_parser_expect(parser, ":")) return NULL;
            return param;
        }
    ec_parser_fail(parser, token.at, "unknown", "\"%s\" has no parameter \"%.*s\"",
                   call->verb->name, (int)(token.length < 40 ? token.length : 40),
                   parser->text + token.at);
    return NULL;
}

static const ec_rule_param *placed_param(ec_parser *parser, call_state *call)
{
    size_t at = parser->token.at;
    if (call->named) {
        ec_parser_fail(parser, at, "syntax",
                       "an argument without name stands before those with names");
        return NULL;
    }
    if (parser->token.kind == EC_TOKEN_END) {
        ec_parser_fail(parser, at, "syntax", "\")\" is expected here");
        return NULL;
    }
    if (call->placed >= count_params(call->verb)) {
        ec_parser_fail(parser, at, "max_items", "\"%s\" has no more parameters", call->verb->name);
        return NULL;
    }
    const ec_rule_param *param = &call->verb->params[call->placed];
    if (!param->repeats) call->placed++;
    return param;
}

static bool parse_arg(ec_parser *parser, call_state *call)
{
    size_t at = parser->token.at;
    bool named =
        parser->token.kind == EC_TOKEN_WORD && ec_parser_is(parser, ec_parser_peek(parser), ":");
    const ec_rule_param *param = named ? named_param(parser, call) : placed_param(parser, call);
    if (param == NULL) return false;
    for (size_t i = 0; i < call->count; i++)
        if (call->args[i].param == param && !param->repeats)
            return ec_parser_fail(parser, at, "unique", "\"%s\" is given twice", param->name);
    if (call->count == EC_RULE_VALUES_MAX)
        return ec_parser_fail(parser, at, "max_items", "there are more than %d arguments",
                              EC_RULE_VALUES_MAX);
    call->args = ec_parser_grow(parser, call->args, call->count, sizeof(*call->args));
    if (call->args == NULL) return false;
    ec_rule_arg *arg = &call->args[call->count++];
    arg->param = param;
    return parse_kind(parser, arg);
}

/* In the order of the parameters; those of a repeated one as they were written. */
static void sort_args(call_state *call)
{
    for (size_t i = 1; i < call->count; i++) {
        ec_rule_arg arg = call->args[i];
        size_t to = i;
        for (; to > 0 && call->args[to - 1].param > arg.param; to--)
            call->args[to] = call->args[to - 1];
        call->args[to] = arg;
    }
}

static bool check_required(ec_parser *parser, size_t at, const call_state *call)
{
    for (const ec_rule_param *param = call->verb->params; param != NULL && param->name != NULL;
         param++) {
        bool given = !param->required;
        for (size_t i = 0; i < call->count; i++)
            given = given || call->args[i].param == param;
        if (!given)
            return ec_parser_fail(parser, at, "required", "\"%s\" needs \"%s\"", call->verb->name,
                                  param->name);
    }
    return true;
}

/* ---- calls ----------------------------------------------------------------------------------- */

/* A table of verbs: rows of any size that begin with one. */
typedef struct verb_table {
    const char *rows;
    size_t stride, count;
} verb_table;

static const ec_rule_verb *verb_at(const verb_table *table, size_t i)
{
    return (const ec_rule_verb *)(const void *)(table->rows + i * table->stride);
}

static const ec_rule_verb *find_verb(ec_parser *parser, const verb_table *table, size_t *index)
{
    ec_token token = parser->token;
    if (token.kind != EC_TOKEN_WORD) {
        ec_parser_fail(parser, token.at, "syntax", "a call such as name(…) is expected here");
        return NULL;
    }
    for (*index = 0; *index < table->count; (*index)++)
        if (ec_parser_is(parser, token, verb_at(table, *index)->name))
            return verb_at(table, *index);
    ec_parser_fail(parser, token.at, "unknown", "\"%.*s\" is nothing that can be done here",
                   (int)(token.length < 40 ? token.length : 40), parser->text + token.at);
    return NULL;
}

static bool parse_call(ec_parser *parser, const verb_table *table, ec_rule_call *out)
{
    size_t from = parser->token.at;
    call_state call = {.verb = find_verb(parser, table, &out->verb)};
    if (call.verb == NULL || !ec_parser_advance(parser) || !ec_parser_expect(parser, "("))
        return false;
    if (!ec_parser_is(parser, parser->token, ")")) do
            if (!parse_arg(parser, &call)) return false;
        while (ec_parser_take(parser, ","));
    if (parser->bad || !ec_parser_expect(parser, ")") || !check_required(parser, from, &call))
        return false;
    sort_args(&call);
    out->args = call.args;
    out->args_count = call.count;
    out->text = ec_parser_range(parser, from, parser->end);
    return out->text != NULL;
}

ec_status ec_rule_parse_calls(ec_arena *arena, const char *text, const void *verbs, size_t stride,
                              size_t count, const ec_rule_call **out, size_t *out_count,
                              unsigned *needs, ec_rule_fault *fault)
{
    ec_parser parser;
    const verb_table table = {.rows = verbs, .stride = stride, .count = count};
    ec_rule_call *calls = NULL;
    size_t calls_count = 0;
    *out = NULL;
    *out_count = 0;
    bool good = ec_parser_start(&parser, arena, text == NULL ? "" : text, fault);
    while (good && !parser.bad && parser.token.kind != EC_TOKEN_END) {
        calls = ec_parser_grow(&parser, calls, calls_count, sizeof(*calls));
        good = calls != NULL && parse_call(&parser, &table, &calls[calls_count++]);
        if (good && !ec_parser_take(&parser, ";") && !parser.bad &&
            parser.token.kind != EC_TOKEN_END)
            good = ec_parser_fail(&parser, parser.token.at, "syntax",
                                  "\";\" or the end is expected here");
    }
    ec_status status = ec_parser_end(&parser);
    if (status != EC_OK) return status;
    *out = calls;
    *out_count = calls_count;
    *needs |= parser.needs;
    return EC_OK;
}

const ec_rule_arg *ec_rule_arg_of(const ec_rule_call *call, const char *name,
                                  const ec_rule_arg *from)
{
    size_t i = from == NULL ? 0 : (size_t)(from - call->args) + 1;
    for (; i < call->args_count; i++)
        if (strcmp(call->args[i].param->name, name) == 0) return &call->args[i];
    return NULL;
}
