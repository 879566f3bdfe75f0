/* SPDX-License-Identifier: MIT */
/*
 * inside.h - what the files of lib/rule share: tokens, the parser's state, rows of subjects.
 */
#ifndef EC_RULE_INSIDE_H
#define EC_RULE_INSIDE_H

#include <string.h>

#include "price/pricing.h"
#include "rule/rule.h"

/* ---- lex.c: from bytes to tokens ---- */

typedef enum ec_token_kind {
    EC_TOKEN_END,
    EC_TOKEN_WORD,
    EC_TOKEN_NUMBER, /* digits, perhaps with decimals */
    EC_TOKEN_QUOTED, /* with its quotes */
    EC_TOKEN_SIGN    /* punctuation and comparisons */
} ec_token_kind;

typedef struct ec_token {
    ec_token_kind kind;
    size_t at, length; /* bytes of the text */
} ec_token;

typedef struct ec_parser {
    ec_arena *arena;
    const char *text;
    size_t length;
    size_t next;    /* byte behind the present token */
    size_t end;     /* byte behind the token before it */
    ec_token token; /* the present one */
    int depth;
    unsigned needs;
    bool bad; /* *fault is written */
    ec_rule_fault *fault;
} ec_parser;

/* Start at the first token. false: the text is none at all (too long, not UTF-8), or bad. */
bool ec_parser_start(ec_parser *parser, ec_arena *arena, const char *text, ec_rule_fault *fault);
/* Go to the next token; false when there is none that is valid. */
bool ec_parser_advance(ec_parser *parser);
/* The token after the present one; END when it is not valid. */
ec_token ec_parser_peek(const ec_parser *parser);
/* Is the token this word or sign? */
bool ec_parser_is(const ec_parser *parser, ec_token token, const char *text);
/* Is the present one it? Then go on. */
bool ec_parser_take(ec_parser *parser, const char *text);
/* It must be. */
bool ec_parser_expect(ec_parser *parser, const char *sign);
/* Remember what is wrong, the first time. Always false. */
__attribute__((format(printf, 4, 5))) bool ec_parser_fail(ec_parser *parser, size_t at,
                                                          const char *rule, const char *format,
                                                          ...);
/* The bytes of a token or a range, copied; of a quoted one without its quotes. NULL: no memory. */
const char *ec_parser_text(ec_parser *parser, ec_token token);
const char *ec_parser_range(ec_parser *parser, size_t from, size_t to);
/* EC_OK, EC_INVALID or EC_NO_MEMORY, after all. */
ec_status ec_parser_end(ec_parser *parser);
/* Room for one more of count items of that size: the list, moved when it was full. */
void *ec_parser_grow(ec_parser *parser, void *items, size_t count, size_t size);

/* ---- value.c ---- */
bool ec_parse_value(ec_parser *parser, ec_rule_value *out);
/* One that must be of that kind; TEXT takes a number as it is written, ID is a NUMBER. */
bool ec_parse_value_of(ec_parser *parser, ec_rule_kind kind, const char *what, ec_rule_value *out);

/* ---- parse.c ---- */
/* A condition that ends where the grammar ends it. */
bool ec_parse_condition(ec_parser *parser, ec_rule_scope scope, const ec_rule **out);

/* ---- subjects.c ---- */

/* Where a test is asked. */
typedef struct ec_rule_at {
    const ec_pricing_work *work;
    const ec_pricing_state *line; /* NULL: of the cart */
    const ec_rule *test;
    char buffer[32]; /* for a text that is made */
} ec_rule_at;

/* One value of a subject. */
typedef struct ec_rule_fact {
    int64_t number;
    const char *text;
} ec_rule_fact;

/* How a row differs from the plain ones. */
enum {
    EC_SUBJECT_SEVERAL = 1 << 0,   /* none of it is known to be none: "!=" holds */
    EC_SUBJECT_MEMBER = 1 << 1,    /* followed by a name: attribute.NAME */
    EC_SUBJECT_AGGREGATE = 1 << 2, /* takes a condition on lines */
    EC_SUBJECT_ORDERED = 1 << 3,   /* TEXT that may be compared by size */
    EC_SUBJECT_NOCASE = 1 << 4,    /* letter case of ASCII does not matter */
    EC_SUBJECT_PATTERN = 1 << 5,   /* "*" in a value stands for any text */
    EC_SUBJECT_LOOSE = 1 << 6      /* numbers are compared as numbers */
};

/*
 * A row. get: the n-th value (from 0) at that place; false when there is none (more). In a subject
 * without SEVERAL none at all means: unknown, and no test of it holds. has: instead of get, where
 * values cannot be counted; -1: unknown.
 */
struct ec_rule_subject {
    const char *name;
    unsigned scopes;
    ec_rule_kind kind;
    unsigned flags;
    unsigned needs;
    const char *const *words; /* the only ones allowed, NULL-ended; or NULL */
    const char *pattern;      /* of each value: A a letter, 9 a digit; or NULL */
    bool (*get)(ec_rule_at *at, size_t n, ec_rule_fact *out);
    int (*has)(ec_rule_at *at, const ec_rule_value *value);
    const char *doc;
};

extern const ec_rule_subject ec_rule_subjects[];
extern const size_t ec_rule_subjects_count;

/* The row of that name for the scope; else one of another scope, else NULL. */
const ec_rule_subject *ec_rule_subject_find(const char *name, ec_rule_scope scope);

/* ---- eval.c ---- */
/* Does a condition on lines hold for this one? */
bool ec_rule_holds_state(const ec_rule *rule, const ec_pricing_work *work,
                         const ec_pricing_state *line);

#endif
