/* SPDX-License-Identifier: MIT */
/*
 * cases_inside.h - what the readers of case files share.
 */
#ifndef EC_TESTS_HARNESS_CASES_INSIDE_H
#define EC_TESTS_HARNESS_CASES_INSIDE_H

#include "harness/harness.h"

#include "base/arena.h"
#include "base/text.h"
#include "harness/cases.h"
#include "price/rules.h"

enum { CASE_WORDS = 64, CASE_ITEMS = 600, CASE_EXPECTATIONS = 200 };

typedef struct case_promotion {
    ec_promotion_rule rule;
    const char *condition, *actions; /* as they are written */
    ec_pricing_line gifts[4];
} case_promotion;

typedef struct case_zone {
    ec_id id;
    const char *use;
    const char *members[32]; /* "country:ES" */
    size_t members_count;
} case_zone;

typedef struct case_rate_row {
    ec_id id, zone_id;
    const char *name, *category;
    int64_t rate, priority;
    bool included, compound, sum;
    ec_time from, until;
} case_rate_row;

typedef struct case_method {
    ec_id id, zone_id;
    const char *code, *calculator, *condition, *tax, *category, *rule, *provider;
    const ec_id *channels;
    size_t channels_count;
} case_method;

/* A line that begins with "=", as it is written. */
typedef struct case_expectation {
    char *line;
    int line_number;
} case_expectation;

/* A file, and the case that is being read. */
typedef struct case_file {
    const char *path;
    int line_number;
    const char *name; /* of the case */
    size_t faults;    /* of the case */
    bool mirrored;    /* the lines the other way round: only totals are compared */
    bool classic;
    ec_arena arena; /* of the case */
    char *words[CASE_WORDS];
    size_t words_count;
    ec_pricing in;
    ec_policy policy;
    ec_pricing_line lines[CASE_ITEMS];
    ec_pricing_coupon coupons[16];
    ec_pricing_usage usage[16];
    ec_pricing_outside_tax outside[32];
    ec_pricing_pair facts[16];
    ec_address addresses[2];
    case_promotion promotions[64];
    size_t promotions_count;
    case_zone zones[32];
    size_t zones_count;
    case_rate_row rates[64];
    size_t rates_count;
    case_method methods[32];
    size_t methods_count;
    case_expectation expectations[CASE_EXPECTATIONS];
    size_t expectations_count;
} case_file;

/* ---- cases_words.c ---- */
__attribute__((format(printf, 2, 3))) void case_fault(case_file *c, const char *format, ...);
/* A comment begins at a "#" outside of quotes. */
void case_cut_comment(char *line);
void case_split(case_file *c, char *line);
/* The line behind its first word. */
const char *case_rest(case_file *c, const char *line);
const char *case_value(const case_file *c, const char *key);
bool case_flag(const case_file *c, const char *flag);
const char *case_word(case_file *c, size_t at);
int64_t case_amount_text(case_file *c, const char *text);
int64_t case_amount(case_file *c, const char *key, int64_t missing);
int64_t case_number_text(case_file *c, const char *text);
int64_t case_number(case_file *c, const char *key, int64_t missing);
int64_t case_rate(case_file *c, const char *text);
ec_time case_time(case_file *c, const char *key);
const char *const *case_texts(case_file *c, const char *text, char mark, size_t *count);
const ec_id *case_ids(case_file *c, const char *text, char mark, size_t *count);
const ec_pricing_pair *case_pairs(case_file *c, const char *key, size_t *count);

/* ---- cases_read.c ---- */
/* A line of the case that is no expectation. */
void case_read_line(case_file *c, char *line);

/* ---- cases_rules.c ---- */
/* Compile what was read. false: a fault was told. */
bool case_rules(case_file *c, ec_rules *out);

/* ---- cases_expect.c ---- */
void case_expect(case_file *c, ec_status status, const ec_quote *quote);

#endif
