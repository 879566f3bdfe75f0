/* SPDX-License-Identifier: MIT */
/*
 * harness.h - what tests share: a world under control, shops in it, and short forms of assertions.
 *
 * The world is the platform of every shop that is opened here: a wall clock that stands until it is
 * moved, randomness from a seed, memory that is counted and fails on demand. There is one world for
 * a program; it may be used by several threads.
 */
#ifndef EC_TESTS_HARNESS_H
#define EC_TESTS_HARNESS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <ecommerce.h>
#include <ecommerce/sys/platform.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- the world ---- */

/* 2026-01-15T12:00:00Z, where the clock stands at first. */
#define WORLD_START INT64_C(1768478400000)

/* For options of an engine. */
const ec_platform *world_platform(void);
int64_t world_now(void);
void world_set(int64_t ms);
void world_advance(int64_t ms);
/* Randomness from here on; a program begins with seed 1. */
void world_seed(uint64_t seed);
uint64_t world_random(void);
/* A number from 0 to below n. */
int64_t world_pick(int64_t n);
/* The n-th allocation from now fails (1: the next), once, or with `ever` it and all behind it.
   0: none fails. */
void world_fail(int64_t n, bool ever);
/* Did it fail since world_fail? */
bool world_failed(void);
/* Blocks that are allocated now. */
int64_t world_blocks(void);

/* ---- shops ---- */

/* A fresh shop in memory: CLP, one channel, one warehouse. */
ec_engine *shop_open(void);
/* A shop in a file, made when it is missing. */
ec_engine *shop_open_file(const char *path);
/* The platform and message of the options are set here. Fails the test unless it opens. */
ec_engine *shop_open_with(const char *uri, ec_options options);
/* Fails the test while sessions are open. */
void shop_close(ec_engine *engine);
/* Run statements separated by semicolons, as somebody with a database shell would. */
void shop_sql(ec_engine *engine, const char *sql);
/* The same, for statements that may fail. */
ec_status shop_sql_try(ec_engine *engine, const char *sql);
/* The first column of the first row. */
int64_t shop_sql_int(ec_engine *engine, const char *sql);
/* A number that says what is in the shop: it differs when any row of any table does. */
uint64_t shop_checksum(ec_engine *engine);

ec_session *session_system(ec_engine *engine);
ec_session *session_staff(ec_engine *engine);
ec_session *session_guest(ec_engine *engine);
ec_session *session_customer(ec_engine *engine, ec_id user_id);
/* A new customer who may sign in. */
ec_id shop_customer(ec_engine *engine, const char *email);

/* ---- expectations ---- */

/* assert_ok(session, ec_x(session, …)): succeeds, or prints the session's error. */
#define assert_ok(session, call) harness_status(session, call, EC_OK, #call, __FILE__, __LINE__)
/* assert_status(session, ec_x(session, …), EC_STATE). The session's error must agree. */
#define assert_status(session, call, wanted)                                                       \
    harness_status(session, call, wanted, #call, __FILE__, __LINE__)
/* The last call named this field and rule (among others, maybe). */
#define assert_field_error(session, field, rule)                                                   \
    harness_field_error(session, field, rule, __FILE__, __LINE__)

void harness_status(ec_session *session, ec_status status, ec_status wanted, const char *call,
                    const char *file, int line);
void harness_field_error(ec_session *session, const char *field, const char *rule, const char *file,
                         int line);

/* ---- files ---- */

/* A path in a folder of this program's own that goes away with it; borrowed. */
const char *temp_path(const char *name);
/* A file of the shared data folder (EC_TEST_DATA, or ../shared/data): its path, or NULL when it is
   missing. Borrowed until the next call. */
const char *data_path(const char *name);
/* Its content, terminated, to be freed; NULL when it is missing. */
char *data_read(const char *name, size_t *length);

/* ---- the SQL that the rules start ---- */

/*
 * With EC_RECORD_SQL=folder in the environment every program appends the distinct texts to a file
 * there, one a line. record_begin does the same into memory, for the shops opened from then on.
 */
void record_begin(void);
size_t record_count(void);
const char *record_text(size_t index);

#endif
