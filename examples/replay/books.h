/* SPDX-License-Identifier: MIT */
/*
 * books.h - what was sold to whom, so that a cancellation finds its sale, and the final account.
 */
#ifndef EC_REPLAY_BOOKS_H
#define EC_REPLAY_BOOKS_H

#include <ecommerce.h>

#include "history.h"

/* An item that was sold. */
typedef struct sold {
    ec_id order_id, item_id;
    uint32_t article;
    uint32_t next; /* older sale of the same customer and article: index + 1 */
    char customer[12];
    int64_t price;      /* minor units */
    int64_t left;       /* units that have not come back */
    int64_t refundable; /* minor units */
} sold;

/* What a sale was before the batch changed it. */
typedef struct before {
    size_t index;
    int64_t left, refundable;
} before;

typedef struct sums {
    int64_t orders, sales;     /* number, minor units */
    int64_t returns, returned; /* number, minor units */
    int64_t unmatched, unmatched_lines;
} sums;

typedef struct books {
    sums is;
    sold *items;
    size_t count, room;
    uint32_t *table; /* newest sale by customer and article: index + 1 */
    /* A transaction may be run again: how the books stood when it began. */
    sums was;
    size_t was_count;
    before *changed;
    size_t changed_count, changed_room;
} books;

/* A batch begins, for the first time or again: what an earlier run of it wrote is forgotten. */
void books_begin(books *b, bool again);
/* Units of a sale came back. */
bool books_take_back(books *b, sold *from, int64_t units, int64_t amount);

/* Remember the items of an order. */
bool books_sale(books *b, const ec_order *order, const char *customer, const history *h);
/* The sale that a cancelling line is about: the newest of the customer's at the same price, else at
   a higher one; NULL when the history has none. */
sold *books_find(books *b, const line *l, int64_t units);
/* Print the account. false when it does not come out. */
bool books_report(const books *b, const history *h, ec_session *session, ec_id channel_id,
                  double seconds);
void books_free(books *b);

#endif
