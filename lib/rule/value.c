/* SPDX-License-Identifier: MIT */
/*
 * value.c - the values of a rule: numbers, percentages, amounts per currency or channel, texts.
 *
 * Amounts are read by ec_money_parse, so they are exact, as everywhere. It refuses unknown
 * currencies, decimals that a currency does not have, amounts above EC_AMOUNT_MAX, two amounts for
 * the same place, and a value of another kind than what it is for.
 */
#include "base/text.h"
#include "rule/inside.h"

#define RATE_SCALE 4                 /* of a percentage: millionths */
#define RATE_MAX INT64_C(1000000000) /* 100,000 % */

/* Three upper-case letters. */
static bool is_currency(const ec_parser *parser, ec_token token)
{
    if (token.kind != EC_TOKEN_WORD || token.length != 3) return false;
    for (size_t i = 0; i < 3; i++)
        if (parser->text[token.at + i] < 'A' || parser->text[token.at + i] > 'Z') return false;
    return true;
}

static bool is_keyword(const ec_parser *parser, ec_token token)
{
    static const char *const words[] = {"and", "or", "not", "in", "between"};
    for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
        if (ec_parser_is(parser, token, words[i])) return true;
    return false;
}

/* Code of the channel behind an "@", or NULL. */
static bool parse_place(ec_parser *parser, const char **channel)
{
    *channel = NULL;
    if (!ec_parser_take(parser, "@")) return !parser->bad;
    if (parser->token.kind != EC_TOKEN_WORD && parser->token.kind != EC_TOKEN_QUOTED &&
        parser->token.kind != EC_TOKEN_NUMBER)
        return ec_parser_fail(parser, parser->token.at, "syntax",
                              "the code of a channel is expected behind \"@\"");
    *channel = ec_parser_text(parser, parser->token);
    return ec_parser_advance(parser);
}

static bool same_place(const ec_rule_money *a, const ec_rule_money *b)
{
    if (strcmp(a->currency, b->currency) != 0) return false;
    if (a->channel == NULL || b->channel == NULL) return a->channel == b->channel;
    return strcmp(a->channel, b->channel) == 0;
}

/* One alternative: a number, then a currency. */
static bool parse_amount(ec_parser *parser, ec_rule_money *out)
{
    ec_token number = parser->token;
    if (number.kind != EC_TOKEN_NUMBER || !is_currency(parser, ec_parser_peek(parser)))
        return ec_parser_fail(parser, number.at, "syntax",
                              "an amount with its currency is expected");
    char text[64];
    if (number.length >= sizeof(text))
        return ec_parser_fail(parser, number.at, "range", "this number is too long");
    memcpy(text, parser->text + number.at, number.length);
    text[number.length] = '\0';
    if (!ec_parser_advance(parser)) return false;
    memcpy(out->currency, parser->text + parser->token.at, 3);
    if (ec_currency_find(out->currency) == NULL)
        return ec_parser_fail(parser, parser->token.at, "unknown", "%s is no currency",
                              out->currency);
    ec_money money = {0};
    ec_status status = ec_money_parse(text, out->currency, &money);
    if (status == EC_OVERFLOW || (status == EC_OK && money.amount > EC_AMOUNT_MAX))
        return ec_parser_fail(parser, number.at, "range", "%s %s is more than any amount may be",
                              text, out->currency);
    if (status != EC_OK)
        return ec_parser_fail(parser, number.at, "kind", "%s is no amount of %s", text,
                              out->currency);
    out->amount = money.amount;
    return ec_parser_advance(parser) && parse_place(parser, &out->channel);
}

static bool parse_money(ec_parser *parser, ec_rule_value *out)
{
    ec_rule_money *items = NULL;
    size_t count = 0;
    do {
        size_t at = parser->token.at;
        items = ec_parser_grow(parser, items, count, sizeof(*items));
        if (items == NULL || !parse_amount(parser, &items[count])) return false;
        for (size_t i = 0; i < count; i++)
            if (same_place(&items[i], &items[count]))
                return ec_parser_fail(parser, at, "unique", "%s has an amount here already",
                                      items[count].channel != NULL ? items[count].channel
                                                                   : items[count].currency);
        if (++count > EC_RULE_VALUES_MAX)
            return ec_parser_fail(parser, at, "max_items", "there are more than %d amounts",
                                  EC_RULE_VALUES_MAX);
    } while (ec_parser_take(parser, "|"));
    *out = (ec_rule_value){.kind = EC_RULE_MONEY, .money_count = count, .money = items};
    return !parser->bad;
}

/* A number alone, or a percentage. */
static bool parse_number(ec_parser *parser, ec_rule_value *out)
{
    ec_token token = parser->token;
    const char *text = ec_parser_text(parser, token);
    if (text == NULL) return false;
    *out = (ec_rule_value){.kind = EC_RULE_NUMBER, .text = text};
    if (!ec_parser_advance(parser)) return false;
    if (ec_parser_is(parser, parser->token, "%")) {
        out->kind = EC_RULE_RATE;
        ec_status status = ec_parse_decimal(text, RATE_SCALE, &out->number);
        if (status == EC_INVALID)
            return ec_parser_fail(parser, token.at, "kind", "a percentage has at most %d decimals",
                                  RATE_SCALE);
        if (status != EC_OK || out->number > RATE_MAX)
            return ec_parser_fail(parser, token.at, "range", "a percentage is at most 100000%%");
        return ec_parser_advance(parser);
    }
    if (memchr(text, '.', token.length) != NULL) return true; /* a number only as text */
    if (ec_parse_int(text, &out->number) != EC_OK)
        return ec_parser_fail(parser, token.at, "range", "%s is too large", text);
    return true;
}

bool ec_parse_value(ec_parser *parser, ec_rule_value *out)
{
    ec_token token = parser->token;
    switch (token.kind) {
    case EC_TOKEN_NUMBER:
        if (is_currency(parser, ec_parser_peek(parser))) return parse_money(parser, out);
        return parse_number(parser, out);
    case EC_TOKEN_WORD:
        if (is_keyword(parser, token))
            return ec_parser_fail(parser, token.at, "syntax",
                                  "a value is expected; a text that is a word of the language "
                                  "needs quotes");
        *out = (ec_rule_value){.kind = EC_RULE_TEXT, .text = ec_parser_text(parser, token)};
        return out->text != NULL && ec_parser_advance(parser);
    case EC_TOKEN_QUOTED:
        *out = (ec_rule_value){.kind = EC_RULE_TEXT, .text = ec_parser_text(parser, token)};
        return out->text != NULL && ec_parser_advance(parser);
    case EC_TOKEN_SIGN:
    case EC_TOKEN_END: break;
    }
    return ec_parser_fail(parser, token.at, "syntax", "a value is expected here");
}

/* What a kind is called in messages. */
static const char *name_of(ec_rule_kind kind)
{
    switch (kind) {
    case EC_RULE_NUMBER: return "a whole number";
    case EC_RULE_RATE: return "a percentage";
    case EC_RULE_MONEY: return "an amount with its currency";
    case EC_RULE_ID: return "a number that identifies it";
    case EC_RULE_TEXT:
    case EC_RULE_TRUTH:
    case EC_RULE_LINES:
    case EC_RULE_STEPS: break;
    }
    return "a text";
}

bool ec_parse_value_of(ec_parser *parser, ec_rule_kind kind, const char *what, ec_rule_value *out)
{
    size_t at = parser->token.at;
    if (!ec_parse_value(parser, out)) return false;
    bool whole = out->kind == EC_RULE_NUMBER && strchr(out->text, '.') == NULL;
    bool fits = out->kind == kind;
    if (kind == EC_RULE_NUMBER) fits = whole;
    if (kind == EC_RULE_ID) fits = whole && out->number > 0;
    if (kind == EC_RULE_TEXT) fits = out->kind == EC_RULE_TEXT || out->kind == EC_RULE_NUMBER;
    if (fits) return true;
    return ec_parser_fail(parser, at, "kind", "\"%s\" needs %s", what, name_of(kind));
}
