/* SPDX-License-Identifier: MIT */
/*
 * members.c - the members that a call names: how many, and are they there?
 *
 * Collections of products and groups of customers ask the same. It refuses unknown ones by their
 * place in the list, and reads nothing of them but that they exist.
 */
#include "catalog/members.h"

#include "catalog/statement.h"

/* More than any call takes is refused before anything is done, so it need not be told apart. */
#define FINGERPRINT_MAX 1000

void ec_members_fingerprint(const void *ctx, ec_json_writer *json)
{
    const ec_members *members = ctx;
    ec_json_array(json);
    ec_json_int(json, members->set);
    for (size_t i = 0; members->ids && i < members->count && i < FINGERPRINT_MAX; i++) {
        ec_json_int(json, members->ids[i]);
    }
    ec_json_array_end(json);
}

/* "products", or "products[3]" for the one at fault; falls back on the noun without memory. */
static const char *field_of(ec_session *session, const ec_member_kind *kind, const size_t *at)
{
    const char *field = at ? ec_arena_printf(ec_scratch(session), "%ss[%zu]", kind->noun, *at)
                           : ec_arena_printf(ec_scratch(session), "%ss", kind->noun);
    return field ? field : kind->noun;
}

ec_status ec_members_count(ec_session *session, const ec_members *members,
                           const ec_member_kind *kind)
{
    if (!members->ids || members->count == 0) {
        return ec_fail_field(session, EC_INVALID, field_of(session, kind, NULL), "min_items",
                             "At least one %s is needed.", kind->noun);
    }
    return members->count <= kind->max
               ? EC_OK
               : ec_fail_field(session, EC_INVALID, field_of(session, kind, NULL), "max_items",
                               "At most %zu %ss are allowed.", kind->max, kind->noun);
}

ec_status ec_members_known(ec_session *session, const ec_members *members,
                           const ec_member_kind *kind)
{
    ec_statement s;
    ec_stmt *stmt = NULL;
    bool *found = ec_arena_array(ec_scratch(session), members->count, sizeof *found);
    if (!found) {
        return ec_fail_memory(session);
    }
    ec_statement_begin(&s, session);
    ec_statement_put(&s, kind->select);
    ec_statement_ids(&s, members->ids, members->count);
    ec_status status = ec_statement_query(&s, &stmt);
    while (status == EC_OK && (status = ec_row(session, stmt)) == EC_OK) {
        for (size_t i = 0; i < members->count; i++) {
            found[i] = found[i] || members->ids[i] == ec_col_int(stmt, 0);
        }
    }
    for (size_t i = 0; status == EC_DONE && i < members->count; i++) {
        if (!found[i]) {
            return ec_fail_field(session, EC_INVALID, field_of(session, kind, &i), "unknown",
                                 "There is no %s %lld.", kind->noun, (long long)members->ids[i]);
        }
    }
    return status == EC_DONE ? EC_OK : status;
}
