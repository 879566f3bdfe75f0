/* SPDX-License-Identifier: MIT */
/*
 * bad_rows.h - short forms for the tables of bad input.
 */
#ifndef EC_TESTS_HARNESS_BAD_ROWS_H
#define EC_TESTS_HARNESS_BAD_ROWS_H

#define S a[0].p
#define P(i) a[i].p
#define N(i) a[i].n

/* A function as the driver calls it. */
#define CALL(name, ...)                                                                            \
    static ec_status call_##name(const bad_arg *a)                                                 \
    {                                                                                              \
        return name(__VA_ARGS__);                                                                  \
    }
#define ROW(name, spec, alone)                                                                     \
    {                                                                                              \
#name, spec, call_##name, alone                                                            \
    }

/* A struct with the members that are listed, those of an entity's table, or both. */
#define BOTH(name, object, members, entity)                                                        \
    {                                                                                              \
        name, &(object), sizeof(object), members, sizeof(members) / sizeof((members)[0]), entity   \
    }
#define OBJECT(name, object, members) BOTH(name, object, members, NULL)
#define ENTITY(name, object, entity)                                                               \
    {                                                                                              \
        name, &(object), sizeof(object), NULL, 0, entity                                           \
    }

#endif
