/* SPDX-License-Identifier: MIT */
/*
 * program.h - the command line program as its users meet it, with a shop of the test's own.
 */
#ifndef EC_TESTS_HARNESS_PROGRAM_H
#define EC_TESTS_HARNESS_PROGRAM_H

#include "harness/harness.h"

#define PROGRAM_OUTPUT_MAX 65536

extern char program_output[PROGRAM_OUTPUT_MAX]; /* of the last run, stdout and stderr */
extern char program_shop[256];                  /* path of the shop's file */

/* Make a shop in a file of that name; init: options of `ecommerce init`, or "". */
int program_open(const char *name, const char *init);
/* Remove it; for teardown. */
int program_close(void **state);
/* Run `ecommerce ARGUMENTS`; the exit code. */
int program_run(const char *arguments);
/* The same, and it must end with this code. */
void program_runs(const char *arguments, int code);
/* The last run must have said it. */
void program_says(const char *text);
/* Both. */
void program_expect(const char *arguments, int code, const char *text);

#endif
