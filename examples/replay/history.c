/* SPDX-License-Identifier: MIT */
/*
 * history.c - reads an order history and says of each line what it is. Nothing is dropped: what is
 * no sale and no return is counted by its reason.
 */
#include "history.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FIELDS 8
#define RECORD_MAX 4096

const char *line_kind_text(line_kind kind)
{
    static const char *const texts[LINE_KINDS] = {
        "sales", "returns", "no goods (postage, fees, discounts)", "no price (gifts, write-offs)",
        "negative quantity without cancellation"};
    return texts[kind];
}

/* Cut a record into fields, in place. Quotes are doubled inside quotes; no newlines inside. */
static int cut(char *record, char **fields)
{
    int count = 0;
    char *at = record;
    while (count < FIELDS) {
        char *out = at;
        bool quoted = *at == '"';
        fields[count++] = out;
        if (quoted) at++;
        while (*at != '\0' && (quoted || *at != ',')) {
            if (quoted && *at == '"') {
                at++;
                if (*at != '"') {
                    quoted = false;
                    continue;
                }
            }
            *out++ = *at++;
        }
        bool more = *at == ',';
        if (more) at++;
        *out = '\0';
        if (!more) return count;
    }
    return count;
}

/* A decimal with at most three places as thousandths. */
static bool thousandths(const char *text, int64_t *out)
{
    bool negative = *text == '-';
    int64_t number = 0;
    int places = -1;
    if (negative) text++;
    for (; *text != '\0'; text++) {
        if (*text == '.' && places < 0) {
            places = 0;
        } else if (isdigit((unsigned char)*text)) {
            if (places >= 3 && *text != '0') return false;
            if (places >= 3) continue;
            number = number * 10 + (*text - '0');
            if (places >= 0) places++;
        } else {
            return false;
        }
    }
    for (int i = places < 0 ? 0 : places; i < 3; i++)
        number *= 10;
    *out = negative ? -number : number;
    return true;
}

/* Days from 1970-01-01 by the proleptic Gregorian calendar. */
static int64_t days(int64_t year, int64_t month, int64_t day)
{
    year -= month <= 2;
    int64_t era = year / 400, yoe = year % 400;
    int64_t doy = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return era * 146097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719468;
}

/* A moment as it is written there: 2010-12-01 08:26:00. */
static bool moment(const char *text, int64_t *out)
{
    static const char behind[] = "-- ::"; /* the last number is followed by the end */
    int64_t parts[sizeof(behind)];
    for (size_t i = 0; i < sizeof(behind); i++) {
        char *end = NULL;
        if (!isdigit((unsigned char)*text)) return false;
        parts[i] = strtoll(text, &end, 10);
        if (parts[i] > 9999 || *end != behind[i]) return false;
        text = end + 1;
    }
    int64_t minutes = (days(parts[0], parts[1], parts[2]) * 24 + parts[3]) * 60 + parts[4];
    *out = (minutes * 60 + parts[5]) * 1000;
    return true;
}

static bool is_goods(const char *code)
{
    for (int i = 0; i < 5; i++)
        if (!isdigit((unsigned char)code[i])) return false;
    return true;
}

static uint64_t hash(const char *text)
{
    uint64_t h = 1469598103934665603u;
    for (; *text != '\0'; text++)
        h = (h ^ (uint64_t)(unsigned char)*text) * 1099511628211u;
    return h;
}

/* The article of a code; a new one when it is not there. Codes differ in case only by mistake. */
static uint32_t article_of(history *h, const char *code)
{
    char upper[16];
    size_t i = 0;
    for (; code[i] != '\0' && i + 1 < sizeof(upper); i++)
        upper[i] = (char)toupper((unsigned char)code[i]);
    upper[i] = '\0';
    size_t at = hash(upper) & (h->table_size - 1);
    while (h->table[at] != 0) {
        if (strcmp(h->articles[h->table[at] - 1].code, upper) == 0) return h->table[at] - 1;
        at = (at + 1) & (h->table_size - 1);
    }
    article *a = &h->articles[h->articles_count++];
    memset(a, 0, sizeof(*a));
    memcpy(a->code, upper, i + 1);
    h->table[at] = (uint32_t)h->articles_count;
    return (uint32_t)h->articles_count - 1;
}

uint32_t history_article(const history *h, const char *code)
{
    size_t at = hash(code) & (h->table_size - 1);
    for (; h->table[at] != 0; at = (at + 1) & (h->table_size - 1))
        if (strcmp(h->articles[h->table[at] - 1].code, code) == 0) return h->table[at] - 1;
    return UINT32_MAX;
}

static line_kind kind_of(const line *l)
{
    if (!is_goods(l->code)) return LINE_NO_GOODS;
    if (l->price <= 0) return LINE_NO_PRICE;
    if (l->quantity > 0) return l->invoice[0] == 'C' ? LINE_NO_CAUSE : LINE_SALE;
    return l->invoice[0] == 'C' && l->quantity < 0 ? LINE_RETURN : LINE_NO_CAUSE;
}

static void copy(char *to, size_t size, const char *from)
{
    snprintf(to, size, "%.*s", (int)size - 1, from);
}

/* Fields: InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country. */
static bool take(history *h, char **f)
{
    line *l = &h->lines[h->count];
    memset(l, 0, sizeof(*l));
    char *end = NULL;
    l->quantity = strtoll(f[3], &end, 10);
    if (end == f[3] || *end != '\0' || !thousandths(f[5], &l->price) || !moment(f[4], &l->time))
        return false;
    copy(l->invoice, sizeof(l->invoice), f[0]);
    copy(l->code, sizeof(l->code), f[1]);
    char *point = strchr(f[6], '.'); /* CustomerID is written 17850.0 */
    if (point != NULL) *point = '\0';
    copy(l->customer, sizeof(l->customer), f[6]);
    l->kind = kind_of(l);
    h->total += l->quantity * l->price;
    if (is_goods(l->code)) {
        l->article = article_of(h, l->code);
        article *a = &h->articles[l->article];
        if (l->kind == LINE_SALE) {
            if (!a->known) {
                a->known = true;
                a->first_price = l->price;
                copy(a->name, sizeof(a->name), f[2][0] != '\0' ? f[2] : a->code);
            }
            a->sold += l->quantity;
        }
    }
    h->count++;
    return true;
}

static bool grow(history *h, size_t *room)
{
    if (h->count < *room) return true;
    *room *= 2;
    line *lines = realloc(h->lines, *room * sizeof(*lines));
    if (lines == NULL) return false;
    h->lines = lines;
    return true;
}

bool history_read(history *h, void *stream)
{
    char record[RECORD_MAX], *fields[FIELDS];
    size_t room = 1 << 16;
    memset(h, 0, sizeof(*h));
    h->table_size = 1 << 16;
    h->table = calloc(h->table_size, sizeof(*h->table));
    h->articles = calloc(h->table_size / 2, sizeof(*h->articles));
    h->lines = malloc(room * sizeof(*h->lines));
    if (h->table == NULL || h->articles == NULL || h->lines == NULL) return false;
    bool header = true;
    while (fgets(record, sizeof(record), stream) != NULL) {
        record[strcspn(record, "\r\n")] = '\0';
        if (header) {
            header = false;
            if (strncmp(record, "InvoiceNo,StockCode", 19) != 0) return false;
            continue;
        }
        if (!grow(h, &room) || h->articles_count + 1 >= h->table_size / 2) return false;
        if (cut(record, fields) != FIELDS || !take(h, fields)) h->broken++;
    }
    return !header;
}

void history_free(history *h)
{
    free(h->lines);
    free(h->articles);
    free(h->table);
}
