/* SPDX-License-Identifier: MIT */
/*
 * members.h - what calls that put objects into a set, or take them out, have in common.
 */
#ifndef EC_CATALOG_MEMBERS_H
#define EC_CATALOG_MEMBERS_H

#include "engine/call.h"

/* Arguments of such a call. */
typedef struct ec_members {
    ec_id set;
    const ec_id *ids;
    size_t count;
} ec_members;

/* What the members are. */
typedef struct ec_member_kind {
    const char *noun;   /* "product"; the field is its plural with an s */
    const char *select; /* the ids that there are: "SELECT id FROM products WHERE id IN " */
    size_t max;         /* of one call */
} ec_member_kind;

/* For ec_op.fingerprint. */
void ec_members_fingerprint(const void *ctx, ec_json_writer *json);
/* One at least, and not too many: EC_INVALID with the field. */
ec_status ec_members_count(ec_session *session, const ec_members *members,
                           const ec_member_kind *kind);
/* Each of them is there: EC_INVALID names the first that is not. One statement. */
ec_status ec_members_known(ec_session *session, const ec_members *members,
                           const ec_member_kind *kind);

#endif
