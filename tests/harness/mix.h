/* SPDX-License-Identifier: MIT */
/*
 * mix.h - operations of every kind on one shop by many threads and processes, chosen by dice, and a
 * tally of what they must have done to goods and money.
 *
 * A board lies in memory that all of them share. Each operation tells by mix_did what the library
 * answered; anything but success and what it may answer is counted as wrong.
 */
#ifndef EC_TESTS_HARNESS_MIX_H
#define EC_TESTS_HARNESS_MIX_H

#include <pthread.h>
#include <stdatomic.h>

#include "harness/harness.h"

enum {
    MIX_VARIANTS = 12,
    MIX_WAREHOUSES = 3,
    MIX_CUSTOMERS = 6,
    MIX_CARDS = 4,
    MIX_SLOTS = 1 << 15, /* carts */
    MIX_NEAR = 120       /* of them the latest are worked on */
};

/* A cart that was opened, and the order that it became. */
typedef struct mix_slot {
    _Atomic int64_t cart;
    _Atomic int64_t order;
    _Atomic bool counted; /* its money is in the tally */
    int64_t user;         /* 0: a visitor's */
    char token[80];
} mix_slot;

/* What all threads of all processes share. */
typedef struct mix_board {
    _Atomic int64_t left; /* operations to be done */
    _Atomic int64_t now;
    _Atomic int64_t keys; /* the last one given out */
    _Atomic int slots;
    _Atomic int wrong;
    ec_id warehouses[MIX_WAREHOUSES];
    ec_id variants[MIX_VARIANTS];
    ec_id users[MIX_CUSTOMERS];
    ec_id cards[MIX_CARDS];
    char codes[MIX_CARDS][32];
    _Atomic int64_t customer_carts[MIX_CUSTOMERS];
    /* the tally */
    _Atomic int64_t on_hand[MIX_VARIANTS];
    _Atomic int64_t taken_offline, taken_manual, back_offline, back_manual;
    _Atomic int64_t issued;                           /* to gift cards */
    _Atomic int64_t bank_to_credit, others_to_credit; /* refunds that went into store credit */
    _Atomic int64_t done[64];                         /* by operation */
    _Atomic int64_t ok[64];
    mix_slot slot[MIX_SLOTS];
} mix_board;

/* One thread. */
typedef struct mix_worker {
    mix_board *b;
    ec_engine *engine;
    ec_session *staff;
    uint64_t dice;
    int operation;
    pthread_t thread;
} mix_worker;

/* Shared by everything that the program forks. */
mix_board *mix_board_new(int64_t operations);
void mix_board_free(mix_board *b);

int64_t mix_pick(mix_worker *w, int64_t n);
bool mix_luck(mix_worker *w, int percent);
/* A key that nobody used. */
const char *mix_new_key(mix_worker *w, char *buffer, size_t size);

#define MAY(name) (1u << (-EC_##name))
/* An operation was done. Did it succeed? may: what else it may answer. */
bool mix_did(mix_worker *w, ec_session *session, const char *what, ec_status status, unsigned may);

/* One of the latest carts; NULL when there is none. */
mix_slot *mix_some_slot(mix_worker *w);
ec_id mix_some_variant(mix_worker *w);
/* MIX_VARIANTS for none of the board's. */
int mix_variant_index(const mix_board *b, ec_id variant);
/* Units of an item that can still be sent or called off. */
int64_t mix_open_units(const ec_order_item *item);

/* One of the operations, by dice. */
void mix_step(mix_worker *w);
/* What was done, and how much of it took effect. */
void mix_show(const mix_board *b);

/* mix_cart.c */
void mix_open(mix_worker *w);
void mix_change(mix_worker *w);
void mix_merge(mix_worker *w);
void mix_checkout(mix_worker *w);
/* mix_order.c */
void mix_look(mix_worker *w);
void mix_record(mix_worker *w);
void mix_capture(mix_worker *w);
void mix_void(mix_worker *w);
void mix_refund(mix_worker *w);
void mix_cancel(mix_worker *w);
void mix_ship(mix_worker *w);
void mix_deliver(mix_worker *w);
void mix_return(mix_worker *w);
void mix_return_step(mix_worker *w);
void mix_apply(mix_worker *w);
void mix_edit(mix_worker *w);
/* mix_credit.c */
void mix_make_cards(mix_board *b, ec_session *session);
void mix_pay_credit(mix_worker *w);
void mix_adjust_credit(mix_worker *w);
/* mix_stock.c */
void mix_adjust(mix_worker *w);
void mix_receive(mix_worker *w);
void mix_transfer(mix_worker *w);
void mix_count(mix_worker *w);
void mix_sweep(mix_worker *w);

#endif
