/* SPDX-License-Identifier: MIT */
/*
 * history.h - a shop's order history in the form of the UCI "Online Retail" set: one line for each
 * invoice and stock code. Amounts here are thousandths, since some unit prices have three decimals.
 */
#ifndef EC_REPLAY_HISTORY_H
#define EC_REPLAY_HISTORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What becomes of a line. */
typedef enum line_kind {
    LINE_SALE,
    LINE_RETURN,   /* of a cancelling invoice, C… */
    LINE_NO_GOODS, /* postage, fees, discounts: the code names no article */
    LINE_NO_PRICE, /* given away, or stock written off */
    LINE_NO_CAUSE, /* a negative quantity that no cancelling invoice explains */
    LINE_KINDS
} line_kind;

typedef struct line {
    char invoice[12];
    char code[16];
    char customer[12]; /* "" where unknown */
    int64_t quantity;
    int64_t price;    /* thousandths */
    int64_t time;     /* milliseconds since 1970, UTC */
    uint32_t article; /* index into articles; only goods */
    line_kind kind;
} line;

typedef struct article {
    char code[16];
    char name[80];
    int64_t first_price; /* thousandths, of the first sale */
    int64_t sold;        /* units over the whole history */
    int64_t variant_id;  /* in the shop */
    int64_t price;       /* minor units, in the shop now */
    bool known;          /* has a sale */
} article;

typedef struct history {
    line *lines;
    size_t count;
    article *articles;
    size_t articles_count;
    uint32_t *table; /* hash of articles by code; index + 1 */
    size_t table_size;
    int64_t total; /* sum of quantity x price, thousandths */
    size_t broken; /* lines that could not be read */
} history;

/* Read comma separated values from a stream; false (and a message) when that fails. */
bool history_read(history *h, void *stream);
/* The number of the article with this code, UINT32_MAX when there is none. */
uint32_t history_article(const history *h, const char *code);
void history_free(history *h);
const char *line_kind_text(line_kind kind);

#endif
