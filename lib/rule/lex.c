/* SPDX-License-Identifier: MIT */
/*
 * lex.c - the text of a rule as tokens, and the one place that writes down what is wrong with it.
 *
 * A token is a place in the text; nothing is copied before it is known to be needed. Letters beyond
 * ASCII belong to words. It refuses text that is too long or not UTF-8, control characters, bytes
 * that begin no token, and text in quotes without an end; each with its byte.
 */
#include <stdarg.h>
#include <stdio.h>

#include "base/text.h"
#include "rule/inside.h"

bool ec_parser_fail(ec_parser *parser, size_t at, const char *rule, const char *format, ...)
{
    if (parser->bad) return false;
    parser->bad = true;
    ec_rule_fault *fault = parser->fault;
    fault->at = at;
    fault->rule = rule;
    va_list args;
    va_start(args, format);
    int length = vsnprintf(fault->message, sizeof(fault->message), format, args);
    va_end(args);
    /* What was cut off must not end inside of a character. */
    size_t kept = length < 0 ? 0 : strlen(fault->message);
    while (kept > 0 && ec_utf8_count(fault->message, kept) < 0)
        kept--;
    fault->message[kept] = '\0';
    return false;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (unsigned char)c >= 0x80;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* Bytes of text in quotes from `at` on; 0 when it does not end or holds control characters. */
static size_t quoted(const ec_parser *parser, size_t at)
{
    for (size_t i = at + 1; i < parser->length; i++) {
        unsigned char c = (unsigned char)parser->text[i];
        if (c < 0x20 || c == 0x7f) return 0;
        if (c != '"') continue;
        if (parser->text[i + 1] != '"') return i + 1 - at;
        i++;
    }
    return 0;
}

static size_t number(const ec_parser *parser, size_t at)
{
    size_t i = at;
    while (is_digit(parser->text[i]))
        i++;
    if (parser->text[i] == '.' && is_digit(parser->text[i + 1]))
        for (i++; is_digit(parser->text[i]);)
            i++;
    return i - at;
}

static size_t word(const ec_parser *parser, size_t at)
{
    size_t i = at;
    while (is_letter(parser->text[i]) || is_digit(parser->text[i]) || parser->text[i] == '-')
        i++;
    return i - at;
}

static size_t sign(const ec_parser *parser, size_t at)
{
    const char *text = parser->text + at;
    if (strchr("<>!", text[0]) != NULL && text[1] == '=') return 2;
    return strchr("()[],;:|@%=<>.", text[0]) != NULL ? 1 : 0;
}

/* The token that begins at or behind a byte; a length of 0 elsewhere than at the end: none. */
static ec_token scan(const ec_parser *parser, size_t at)
{
    while (at < parser->length && is_blank(parser->text[at]))
        at++;
    ec_token token = {.kind = EC_TOKEN_END, .at = at};
    if (at == parser->length) return token;
    char c = parser->text[at];
    if (is_letter(c)) {
        token.kind = EC_TOKEN_WORD;
        token.length = word(parser, at);
    } else if (is_digit(c)) {
        token.kind = EC_TOKEN_NUMBER;
        token.length = number(parser, at);
    } else if (c == '"') {
        token.kind = EC_TOKEN_QUOTED;
        token.length = quoted(parser, at);
    } else {
        token.kind = EC_TOKEN_SIGN;
        token.length = sign(parser, at);
    }
    return token;
}

bool ec_parser_advance(ec_parser *parser)
{
    if (parser->bad) return false;
    parser->end = parser->token.at + parser->token.length;
    ec_token token = scan(parser, parser->next);
    parser->token = token;
    parser->next = token.at + token.length;
    if (token.kind == EC_TOKEN_QUOTED && token.length == 0)
        return ec_parser_fail(parser, token.at, "syntax",
                              "text in quotes has no end on its line, or holds control characters");
    if (token.kind == EC_TOKEN_SIGN && token.length == 0)
        return ec_parser_fail(parser, token.at, "syntax", "\"%.1s\" begins nothing here",
                              parser->text + token.at);
    char after = parser->text[parser->next];
    if (token.kind == EC_TOKEN_NUMBER && (is_letter(after) || after == '-'))
        return ec_parser_fail(parser, token.at, "syntax",
                              "text that begins with a digit needs quotes");
    return true;
}

ec_token ec_parser_peek(const ec_parser *parser)
{
    ec_token token = scan(parser, parser->next);
    if (token.length == 0) token.kind = EC_TOKEN_END;
    return token;
}

bool ec_parser_start(ec_parser *parser, ec_arena *arena, const char *text, ec_rule_fault *fault)
{
    *fault = (ec_rule_fault){0};
    *parser = (ec_parser){.arena = arena, .text = text, .length = strlen(text), .fault = fault};
    if (parser->length > EC_RULE_TEXT_MAX)
        return ec_parser_fail(parser, EC_RULE_TEXT_MAX, "max_length",
                              "a rule has at most %d bytes, this one has %zu", EC_RULE_TEXT_MAX,
                              parser->length);
    for (size_t i = 0, size; i < parser->length; i += size) {
        size = ec_utf8_sequence(text + i, parser->length - i);
        if (size == 0) return ec_parser_fail(parser, i, "utf8", "this is not valid UTF-8");
    }
    return ec_parser_advance(parser);
}

bool ec_parser_is(const ec_parser *parser, ec_token token, const char *text)
{
    return (token.kind == EC_TOKEN_WORD || token.kind == EC_TOKEN_SIGN) &&
           strlen(text) == token.length && memcmp(parser->text + token.at, text, token.length) == 0;
}

bool ec_parser_take(ec_parser *parser, const char *text)
{
    return ec_parser_is(parser, parser->token, text) && ec_parser_advance(parser);
}

bool ec_parser_expect(ec_parser *parser, const char *sign_text)
{
    if (ec_parser_is(parser, parser->token, sign_text)) return ec_parser_advance(parser);
    return ec_parser_fail(parser, parser->token.at, "syntax", "\"%s\" is expected here", sign_text);
}

const char *ec_parser_range(ec_parser *parser, size_t from, size_t to)
{
    return ec_arena_text(parser->arena, parser->text + from, to > from ? to - from : 0);
}

const char *ec_parser_text(ec_parser *parser, ec_token token)
{
    if (token.kind != EC_TOKEN_QUOTED)
        return ec_parser_range(parser, token.at, token.at + token.length);
    char *copy = ec_arena_text(parser->arena, parser->text + token.at + 1, token.length - 2);
    if (copy == NULL) return NULL;
    char *to = copy;
    for (const char *from = copy; *from != '\0'; from++) {
        *to++ = *from;
        if (*from == '"') from++; /* the second one of two */
    }
    *to = '\0';
    return copy;
}

void *ec_parser_grow(ec_parser *parser, void *items, size_t count, size_t size)
{
    if (count != 0 && (count < 4 || (count & (count - 1)) != 0)) return items;
    void *more = ec_arena_array(parser->arena, count == 0 ? 4 : 2 * count, size);
    if (more != NULL && count > 0) memcpy(more, items, count * size);
    return more;
}

ec_status ec_parser_end(ec_parser *parser)
{
    if (parser->arena->failed) return EC_NO_MEMORY;
    return parser->bad ? EC_INVALID : EC_OK;
}
