/* SPDX-License-Identifier: MIT */
/*
 * bank.h - a payment provider in memory that processes share, with a bad day and books of its own.
 *
 * Every process that the program forks and every engine in it may have the provider "bank"; all of
 * them are one bank. It understands the tokens of the manual provider and besides declines, loses
 * and leaves unanswered by dice. Its sums are the tally against which a shop's books are held.
 */
#ifndef EC_TESTS_HARNESS_BANK_H
#define EC_TESTS_HARNESS_BANK_H

#include "harness/harness.h"

typedef struct bank bank;

/* Before any fork. */
bank *bank_open(uint64_t seed);
void bank_close(bank *b);
/* For ec_payment_register of one engine. */
void bank_register(bank *b, ec_engine *engine);
/* From now on every answer is the truth, at once. */
void bank_calm(bank *b);
/* Money that was taken, and of it money that went back. */
int64_t bank_captured(bank *b);
int64_t bank_refunded(bank *b);
/* Money that is reserved and was neither taken nor given up. */
int64_t bank_reserved(bank *b);

#endif
