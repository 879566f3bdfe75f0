/* SPDX-License-Identifier: MIT */
/*
 * walk.h - what the walkers lend each other; nobody outside of lib/entity/ includes it.
 */
#ifndef EC_ENTITY_WALK_H
#define EC_ENTITY_WALK_H

#include "entity/entity.h"

/* The currency that counts at a place of the walk, and its decimals. */
typedef struct ec_walk_money {
    const char *currency; /* or NULL */
    int decimals;
} ec_walk_money;

/* The currency of an object inside of a place with another one. */
ec_walk_money ec_walk_money_of(const char *currency);
ec_walk_money ec_walk_money_in(const ec_entity *entity, const void *object, ec_walk_money outer);

/* The number of an integer-like field as text: amounts and moments as people read them. */
#define EC_NUMBER_TEXT_MAX 48
const char *ec_walk_number(const ec_field *field, int64_t value, int decimals,
                           char buffer[EC_NUMBER_TEXT_MAX]);

/* Record that a number is above or below what the field allows. */
void ec_check_range(ec_check *check, const ec_field *field, bool above, int decimals);

/* One field as a JSON value, without its key. */
typedef struct ec_json_out {
    ec_json_writer *json;
    bool secrets; /* also SECRET fields */
} ec_json_out;
void ec_field_write_json(const ec_json_out *out, const ec_field *field, const void *object,
                         ec_walk_money money);

/* One field from a JSON value. The check's path is that of the object. */
typedef struct ec_json_in {
    ec_arena *arena;
    ec_check *check;
    bool trusted;
    size_t objects; /* nested ones so far */
} ec_json_in;
void ec_field_read_json(ec_json_in *in, const ec_field *field, const ec_json *value,
                        ec_walk_money money, void *object);

#endif
