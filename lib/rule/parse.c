/* SPDX-License-Identifier: MIT */
/*
 * parse.c - conditions: and, or, not, groups, and tests of subjects.
 *
 * Recursive descent over the tokens; each level of parentheses counts, so the depth of the stack is
 * bounded. It refuses what is no condition, unknown subjects, a subject where it has no meaning, an
 * operator or a value that does not fit, and lists that are too long. Each fault names its byte.
 */
#include "rule/inside.h"

static bool parse_or(ec_parser *parser, ec_rule_scope scope, const ec_rule **out);

static bool deeper(ec_parser *parser)
{
    if (++parser->depth <= EC_RULE_DEPTH_MAX) return true;
    return ec_parser_fail(parser, parser->token.at, "depth", "conditions nest at most %d deep",
                          EC_RULE_DEPTH_MAX);
}

static ec_rule *make(ec_parser *parser, ec_rule_node node)
{
    ec_rule *rule = ec_arena_alloc(parser->arena, sizeof(*rule));
    if (rule != NULL) rule->node = node;
    return rule;
}

/* ---- values ---------------------------------------------------------------------------------- */

static bool matches(const char *pattern, const char *text)
{
    for (; *pattern != '\0' && *text != '\0'; pattern++, text++) {
        bool digit = *text >= '0' && *text <= '9';
        bool letter = *text >= 'A' && *text <= 'Z';
        if (*pattern == '9' ? !digit : *pattern == 'A' ? !letter : *pattern != *text) return false;
    }
    return *pattern == *text;
}

/* Is a text one that the subject may have? */
static bool check_text(ec_parser *parser, size_t at, const ec_rule_subject *subject,
                       const char *text)
{
    if (subject->pattern != NULL && !matches(subject->pattern, text))
        return ec_parser_fail(parser, at, "pattern",
                              "a value of \"%s\" looks like %s (A: upper-case letter, 9: digit)",
                              subject->name, subject->pattern);
    if (subject->words == NULL) return true;
    for (const char *const *word = subject->words; *word != NULL; word++)
        if (strcmp(*word, text) == 0) return true;
    return ec_parser_fail(parser, at, "unknown", "\"%s\" is never \"%.40s\"", subject->name, text);
}

static bool parse_one(ec_parser *parser, const ec_rule_subject *subject, ec_rule_value *out)
{
    size_t at = parser->token.at;
    if (!ec_parse_value_of(parser, subject->kind, subject->name, out)) return false;
    if (subject->kind != EC_RULE_TEXT) return true;
    if (!check_text(parser, at, subject, out->text)) return false;
    if ((subject->flags & EC_SUBJECT_LOOSE) == 0) out->kind = EC_RULE_TEXT;
    return true;
}

static bool parse_list(ec_parser *parser, const ec_rule_subject *subject, ec_rule *rule)
{
    ec_rule_value *values = NULL;
    size_t count = 0;
    do {
        if (count == EC_RULE_VALUES_MAX)
            return ec_parser_fail(parser, parser->token.at, "max_items",
                                  "a list has at most %d values", EC_RULE_VALUES_MAX);
        values = ec_parser_grow(parser, values, count, sizeof(*values));
        if (values == NULL || !parse_one(parser, subject, &values[count])) return false;
        count++;
    } while (ec_parser_take(parser, ","));
    rule->values = values;
    rule->values_count = count;
    return !parser->bad && ec_parser_expect(parser, ")");
}

static bool parse_values(ec_parser *parser, const ec_rule_subject *subject, ec_rule *rule)
{
    bool list = rule->op == EC_RULE_IS || rule->op == EC_RULE_IS_NOT;
    if (list && ec_parser_take(parser, "(")) return parse_list(parser, subject, rule);
    if (parser->bad) return false;
    ec_rule_value *values = ec_arena_array(parser->arena, 2, sizeof(*values));
    if (values == NULL) return false;
    rule->values = values;
    rule->values_count = 1;
    if (!parse_one(parser, subject, &values[0])) return false;
    if (rule->op != EC_RULE_BETWEEN) return true;
    rule->values_count = 2;
    return ec_parser_expect(parser, "and") && parse_one(parser, subject, &values[1]);
}

/* ---- tests ----------------------------------------------------------------------------------- */

/* The operator at the present token: EC_RULE_TRUE when there is none. */
static bool parse_op(ec_parser *parser, ec_rule_op *out)
{
    static const struct {
        const char *text;
        ec_rule_op op;
    } rows[] = {{"=", EC_RULE_IS},   {"!=", EC_RULE_IS_NOT},      {"<=", EC_RULE_AT_MOST},
                {"<", EC_RULE_LESS}, {">=", EC_RULE_AT_LEAST},    {">", EC_RULE_MORE},
                {"in", EC_RULE_IS},  {"between", EC_RULE_BETWEEN}};
    *out = EC_RULE_TRUE;
    if (ec_parser_is(parser, parser->token, "not")) {
        if (!ec_parser_is(parser, ec_parser_peek(parser), "in")) return true;
        *out = EC_RULE_IS_NOT;
        if (!ec_parser_advance(parser)) return false; /* to "in" */
        return ec_parser_advance(parser);
    }
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        if (!ec_parser_is(parser, parser->token, rows[i].text)) continue;
        *out = rows[i].op;
        return ec_parser_advance(parser);
    }
    return true;
}

/* May the subject be compared in this way? at: of the operator. */
static bool check_op(ec_parser *parser, size_t at, const ec_rule_subject *subject, ec_rule_op op)
{
    if (op == EC_RULE_TRUE) {
        if (subject->kind == EC_RULE_TRUTH) return true;
        return ec_parser_fail(parser, at, "syntax", "\"%s\" is to be compared with something",
                              subject->name);
    }
    if (subject->kind == EC_RULE_TRUTH)
        return ec_parser_fail(parser, at, "operator", "\"%s\" is true or not; it has no operator",
                              subject->name);
    if (op == EC_RULE_IS || op == EC_RULE_IS_NOT) return true;
    if (subject->kind == EC_RULE_ID || subject->kind == EC_RULE_TEXT)
        if ((subject->flags & EC_SUBJECT_ORDERED) == 0)
            return ec_parser_fail(parser, at, "operator", "\"%s\" can only be equal or not",
                                  subject->name);
    return true;
}

/* The row for the name at the present token. */
static const ec_rule_subject *find_subject(ec_parser *parser, ec_rule_scope scope)
{
    const char *name = ec_parser_text(parser, parser->token);
    if (name == NULL) return NULL;
    const ec_rule_subject *subject = ec_rule_subject_find(name, scope);
    if (subject == NULL)
        ec_parser_fail(parser, parser->token.at, "unknown", "\"%.60s\" is nothing that rules know",
                       name);
    else if ((subject->scopes & scope) == 0)
        ec_parser_fail(parser, parser->token.at, "scope",
                       scope == EC_RULE_CART
                           ? "\"%s\" is about a line; it stands inside any(…), all(…), none(…), "
                             "units(…), lines(…) or total(…)"
                           : "\"%s\" is about the cart, not about a line of it",
                       subject->name);
    return parser->bad ? NULL : subject;
}

/* The name behind the point of attribute.NAME. */
static bool parse_member(ec_parser *parser, const ec_rule_subject *subject, ec_rule *rule)
{
    bool wanted = (subject->flags & EC_SUBJECT_MEMBER) != 0;
    if (!ec_parser_is(parser, parser->token, ".")) {
        if (!wanted) return true;
        return ec_parser_fail(parser, parser->token.at, "syntax",
                              "\"%s\" is followed by \".\" and a name", subject->name);
    }
    if (!wanted)
        return ec_parser_fail(parser, parser->token.at, "syntax", "\"%s\" has no parts",
                              subject->name);
    if (!ec_parser_advance(parser)) return false;
    if (parser->token.kind != EC_TOKEN_WORD && parser->token.kind != EC_TOKEN_QUOTED)
        return ec_parser_fail(parser, parser->token.at, "syntax",
                              "a name is expected behind \".\"");
    rule->member = ec_parser_text(parser, parser->token);
    return rule->member != NULL && ec_parser_advance(parser);
}

/* The condition on lines of an aggregate; "()" is none. */
static bool parse_lines(ec_parser *parser, const ec_rule_subject *subject, ec_rule *rule)
{
    size_t at = parser->token.at;
    if (!ec_parser_take(parser, "(")) return !parser->bad;
    if ((subject->flags & EC_SUBJECT_AGGREGATE) == 0)
        return ec_parser_fail(parser, at, "syntax", "\"%s\" takes no condition", subject->name);
    if (ec_parser_take(parser, ")")) return true;
    if (!deeper(parser) || !parse_or(parser, EC_RULE_LINE, &rule->lines)) return false;
    parser->depth--;
    return ec_parser_expect(parser, ")");
}

static bool parse_test(ec_parser *parser, ec_rule_scope scope, const ec_rule **out)
{
    size_t from = parser->token.at;
    if (parser->token.kind != EC_TOKEN_WORD)
        return ec_parser_fail(parser, from, "syntax", "a condition is expected here");
    const ec_rule_subject *subject = find_subject(parser, scope);
    if (subject == NULL) return false;
    ec_rule *rule = make(parser, EC_RULE_TEST);
    if (rule == NULL) return false;
    rule->subject = subject;
    parser->needs |= subject->needs;
    if (!ec_parser_advance(parser) || !parse_member(parser, subject, rule) ||
        !parse_lines(parser, subject, rule))
        return false;
    size_t at = parser->token.at;
    if (!parse_op(parser, &rule->op) || !check_op(parser, at, subject, rule->op)) return false;
    if (rule->op != EC_RULE_TRUE && !parse_values(parser, subject, rule)) return false;
    rule->text = ec_parser_range(parser, from, parser->end);
    *out = rule;
    return rule->text != NULL;
}

/* ---- and, or, not ---------------------------------------------------------------------------- */

static bool parse_not(ec_parser *parser, ec_rule_scope scope, const ec_rule **out)
{
    size_t from = parser->token.at;
    bool negated = ec_parser_take(parser, "not");
    if (parser->bad) return false;
    if (ec_parser_take(parser, "(")) {
        if (!deeper(parser) || !parse_or(parser, scope, out) || !ec_parser_expect(parser, ")"))
            return false;
        parser->depth--;
    } else if (parser->bad || !parse_test(parser, scope, out)) {
        return false;
    }
    if (!negated) return true;
    ec_rule *rule = make(parser, EC_RULE_NOT);
    const ec_rule **part = ec_arena_alloc(parser->arena, sizeof(void *));
    if (rule == NULL || part == NULL) return false;
    *part = *out;
    rule->parts_count = 1;
    rule->parts = part;
    rule->text = ec_parser_range(parser, from, parser->end);
    *out = rule;
    return rule->text != NULL;
}

typedef bool parse_part(ec_parser *parser, ec_rule_scope scope, const ec_rule **out);

/* Parts with a word between them; one alone is itself. */
static bool parse_parts(ec_parser *parser, ec_rule_scope scope, ec_rule_node node,
                        const char *between, parse_part *part, const ec_rule **out)
{
    size_t from = parser->token.at;
    const ec_rule **parts = NULL;
    size_t count = 0;
    do {
        parts = ec_parser_grow(parser, parts, count, sizeof(void *));
        if (parts == NULL || !part(parser, scope, &parts[count])) return false;
        count++;
    } while (ec_parser_take(parser, between));
    if (parser->bad) return false;
    *out = parts[0];
    if (count == 1) return true;
    ec_rule *rule = make(parser, node);
    if (rule == NULL) return false;
    rule->parts = parts;
    rule->parts_count = count;
    rule->text = ec_parser_range(parser, from, parser->end);
    *out = rule;
    return rule->text != NULL;
}

static bool parse_and(ec_parser *parser, ec_rule_scope scope, const ec_rule **out)
{
    return parse_parts(parser, scope, EC_RULE_AND, "and", parse_not, out);
}

static bool parse_or(ec_parser *parser, ec_rule_scope scope, const ec_rule **out)
{
    return parse_parts(parser, scope, EC_RULE_OR, "or", parse_and, out);
}

bool ec_parse_condition(ec_parser *parser, ec_rule_scope scope, const ec_rule **out)
{
    return parse_or(parser, scope, out);
}

ec_status ec_rule_parse(ec_arena *arena, const char *text, ec_rule_scope scope, const ec_rule **out,
                        unsigned *needs, ec_rule_fault *fault)
{
    ec_parser parser;
    const ec_rule *rule = NULL;
    *out = NULL;
    *fault = (ec_rule_fault){0};
    if (text == NULL) return EC_OK;
    if (ec_parser_start(&parser, arena, text, fault) && parser.token.kind != EC_TOKEN_END &&
        parse_or(&parser, scope, &rule) && parser.token.kind != EC_TOKEN_END)
        ec_parser_fail(&parser, parser.token.at, "syntax",
                       "\"and\", \"or\" or the end is expected here");
    ec_status status = ec_parser_end(&parser);
    if (status != EC_OK) return status;
    *out = rule;
    *needs |= parser.needs;
    return EC_OK;
}
