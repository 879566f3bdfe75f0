/* SPDX-License-Identifier: MIT */
/*
 * object.h - what the plain operations on one object share: their arguments, and how the changes of
 * a caller meet the stored object.
 */
#ifndef EC_ENGINE_OBJECT_H
#define EC_ENGINE_OBJECT_H

#include "engine/call.h"

/* Arguments of create, update, get and delete; what an operation does not need is 0. */
typedef struct ec_object_args {
    const ec_entity *entity; /* of object */
    ec_id id;
    ec_id owner; /* whose it is to be */
    const void *object;
    ec_mask fields;
    const char *name; /* a code, an email address */
} ec_object_args;

/* For ec_op.fingerprint of operations with these arguments. */
void ec_object_fingerprint(const void *ctx, ec_json_writer *json);

/*
 * The changes of a caller on the stored object: check them, read the object (EC_NOT_FOUND), compare
 * the version if the changes have one (EC_STALE), and check the whole of both. before: as it is
 * stored. merged: as it is to be, for ec_entity_update. *fields becomes those that really change
 * and may; 0 when there is nothing to do. Nothing is written.
 */
ec_status ec_object_merge(ec_session *session, const ec_object_args *args, void *before,
                          void *merged, ec_mask *fields);
/* Copy the members of the fields; texts and nested objects are shared. */
void ec_object_assign(const ec_entity *entity, void *to, const void *from, ec_mask fields);

#endif
