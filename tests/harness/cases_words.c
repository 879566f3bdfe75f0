/* SPDX-License-Identifier: MIT */
/*
 * cases_words.c - lines of a case file as words, and words as values.
 */
#include "harness/cases_inside.h"

#include <ctype.h>
#include <stdarg.h>

void case_fault(case_file *c, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    fprintf(stderr, "%s:%d: %s: ", c->path, c->line_number, c->name ? c->name : "no case");
    vfprintf(stderr, format, args);
    fputc('\n', stderr);
    va_end(args);
    c->faults++;
}

/* One word from *at; quotes group, and go. */
static char *word(case_file *c, const char **at)
{
    const char *from = *at;
    while (isspace((unsigned char)*from))
        from++;
    if (*from == '\0') return NULL;
    char *out = ec_arena_alloc(&c->arena, strlen(from) + 1);
    size_t length = 0;
    bool quoted = false;
    for (; *from != '\0' && (quoted || !isspace((unsigned char)*from)); from++) {
        if (*from == '"')
            quoted = !quoted;
        else
            out[length++] = *from;
    }
    *at = from;
    return out;
}

void case_cut_comment(char *line)
{
    bool quoted = false;
    for (char *at = line; *at != '\0'; at++) {
        if (*at == '"') quoted = !quoted;
        if (*at == '#' && !quoted) {
            *at = '\0';
            return;
        }
    }
}

void case_split(case_file *c, char *line)
{
    const char *at = line;
    c->words_count = 0;
    char *next;
    while ((next = word(c, &at)) != NULL && c->words_count < CASE_WORDS)
        c->words[c->words_count++] = next;
}

const char *case_rest(case_file *c, const char *line)
{
    while (isspace((unsigned char)*line))
        line++;
    while (*line != '\0' && !isspace((unsigned char)*line))
        line++;
    while (isspace((unsigned char)*line))
        line++;
    char *text = ec_arena_strdup(&c->arena, line);
    size_t length = strlen(text);
    while (length > 0 && isspace((unsigned char)text[length - 1]))
        text[--length] = '\0';
    return text;
}

/* ---- arguments ---- */

const char *case_value(const case_file *c, const char *key)
{
    size_t length = strlen(key);
    for (size_t i = 1; i < c->words_count; i++)
        if (strncmp(c->words[i], key, length) == 0 && c->words[i][length] == '=')
            return c->words[i] + length + 1;
    return NULL;
}

bool case_flag(const case_file *c, const char *flag)
{
    for (size_t i = 1; i < c->words_count; i++)
        if (strcmp(c->words[i], flag) == 0) return true;
    return false;
}

const char *case_word(case_file *c, size_t at)
{
    if (at < c->words_count) return c->words[at];
    case_fault(c, "argument %zu of \"%s\" is missing", at, c->words[0]);
    return "";
}

int64_t case_amount_text(case_file *c, const char *text)
{
    ec_money money = {0};
    if (ec_money_parse(text, c->in.currency, &money) != EC_OK)
        case_fault(c, "\"%s\" is no amount in %s", text, c->in.currency);
    return money.amount;
}

int64_t case_amount(case_file *c, const char *key, int64_t missing)
{
    const char *text = case_value(c, key);
    return text == NULL ? missing : case_amount_text(c, text);
}

int64_t case_number_text(case_file *c, const char *text)
{
    char *end = NULL;
    long long number = strtoll(text, &end, 10);
    if (end == text || *end != '\0') case_fault(c, "\"%s\" is no number", text);
    return number;
}

int64_t case_number(case_file *c, const char *key, int64_t missing)
{
    const char *text = case_value(c, key);
    return text == NULL ? missing : case_number_text(c, text);
}

int64_t case_rate(case_file *c, const char *text)
{
    ec_rate rate = {0, 1};
    int64_t millionths = 0;
    if (ec_rate_parse(text, &rate) != EC_OK || ec_divide(rate.numerator, 1000000, rate.denominator,
                                                         EC_ROUND_HALF_UP, &millionths) != EC_OK)
        case_fault(c, "\"%s\" is no rate", text);
    return millionths;
}

ec_time case_time(case_file *c, const char *key)
{
    ec_time time = 0;
    const char *text = case_value(c, key);
    if (text != NULL && ec_time_parse(text, &time) != EC_OK)
        case_fault(c, "\"%s\" is no time", text);
    return time;
}

const char *const *case_texts(case_file *c, const char *text, char mark, size_t *count)
{
    *count = 0;
    if (text == NULL) return NULL;
    size_t most = 1;
    for (const char *at = text; *at != '\0'; at++)
        most += *at == mark;
    const char **texts = ec_arena_array(&c->arena, most, sizeof *texts);
    for (const char *at = text;;) {
        const char *end = strchr(at, mark);
        size_t length = end == NULL ? strlen(at) : (size_t)(end - at);
        if (length > 0) texts[(*count)++] = ec_arena_text(&c->arena, at, length);
        if (end == NULL) return texts;
        at = end + 1;
    }
}

const ec_id *case_ids(case_file *c, const char *text, char mark, size_t *count)
{
    const char *const *texts = case_texts(c, text, mark, count);
    ec_id *ids = ec_arena_array(&c->arena, *count + 1, sizeof *ids);
    for (size_t i = 0; i < *count; i++)
        ids[i] = case_number_text(c, texts[i]);
    return ids;
}

/* key.NAME=value, as often as it is there. */
const ec_pricing_pair *case_pairs(case_file *c, const char *key, size_t *count)
{
    size_t length = strlen(key);
    ec_pricing_pair *pairs = ec_arena_array(&c->arena, c->words_count + 1, sizeof *pairs);
    *count = 0;
    for (size_t i = 1; i < c->words_count; i++) {
        const char *at = c->words[i];
        const char *mark = strchr(at, '=');
        if (mark == NULL || strncmp(at, key, length) != 0) continue;
        at += length;
        pairs[(*count)++] =
            (ec_pricing_pair){ec_arena_text(&c->arena, at, (size_t)(mark - at)), mark + 1};
    }
    return pairs;
}
