/* SPDX-License-Identifier: MIT */
/*
 * bad.h - bad input for every function, from tables.
 *
 * A row names a function and says what each of its arguments is. The driver calls it once as it
 * should be called (in a transaction that is taken back), then again and again with one argument
 * spoiled: NULL, numbers out of range, texts too long and of no encoding, unknown ids, and each
 * member of each struct likewise. Every such call must fail with a status that fits, a message that
 * names the field where a field is to blame, no result, and no change in the shop.
 */
#ifndef EC_TESTS_HARNESS_BAD_H
#define EC_TESTS_HARNESS_BAD_H

#include "harness/harness.h"

/* An argument: a pointer or a number. */
typedef struct bad_arg {
    void *p;
    int64_t n;
} bad_arg;

/*
 * spec: one word for each argument.
 *
 *   s           the session                      ctx         a pointer that is not looked at
 *   out, out?   where the result goes; ?: or NULL            cursor      where a cursor goes
 *   count?      where a number goes, or NULL     any:N       a number that is never bad
 *   id:NAME     the shop's object of that name   ref:NAME    the same, or 0
 *   const:NAME  the number of that name          all         every field of an update
 *   num:LO:HI   a number within bounds           version     of an object at its first one
 *   text:MAX    a text to look for               word:TEXT   one of a list of words
 *   need:MAX    a text that is kept              note:MAX    the same, or NULL
 *   key, key?   an idempotency key; ?: or NULL   path        of a file
 *   obj:NAME    a struct of bad_object           obj?:NAME   the same, or NULL
 *   fn:NAME     a pointer of bad_object
 */
typedef struct bad_row {
    const char *name;
    const char *spec;
    ec_status (*call)(const bad_arg *a);
    bool alone; /* not inside a transaction: the good call is left out */
} bad_row;

/* A member of a struct: 'i'd, 'r'ef or 0, 'n'umber, 't'ext, 'T'ext that is needed,
   'w'ord of a list, 'k'ey, 'e'num. */
typedef struct bad_member {
    const char *name;
    char kind;
    size_t offset;
    int64_t low, high;
} bad_member;
#define BAD(S, m, kind, low, high)                                                                 \
    {                                                                                              \
#m, kind, offsetof(S, m), low, high                                                        \
    }

/* What specs call by name. */
typedef struct bad_object {
    const char *name;
    const void *object;
    size_t size; /* 0: a pointer that is only handed on */
    const bad_member *members;
    size_t count;
    const char *entity; /* its fields are the members, too */
} bad_object;

/* A shop with one of everything; a name of the specs is its key. */
typedef struct bad_shop {
    ec_engine *engine;
    ec_session *session; /* the system's */
    struct {
        const char *name;
        ec_id id;
    } ids[64];
    size_t count;
} bad_shop;

void bad_shop_open(bad_shop *shop);
void bad_shop_close(bad_shop *shop);
ec_id bad_id(const bad_shop *shop, const char *name);

/* Fails the test unless every row passes. */
void bad_run(bad_shop *shop, const bad_row *rows, size_t count, const bad_object *objects,
             size_t objects_count);

/* "xx…", so many of them; borrowed until the next call. */
const char *bad_long(size_t length);
/* Does an error of the session's last call name this field, in whatever place? */
bool bad_names(ec_session *session, const char *field);

/* ---- calls that fit no table ---- */

typedef struct bad_check {
    const char *functions; /* what the check calls, separated by blanks */
    void (*check)(void);
} bad_check;

extern const bad_check bad_money_checks[];
extern const size_t bad_money_checks_count;

/* Counts and tells a status that is not the wanted one; goes on, so that one run tells all. */
void bad_expect(ec_status status, ec_status wanted, const char *call, int line);
extern int bad_faults;

#endif
