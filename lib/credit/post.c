/* SPDX-License-Identifier: MIT */
/*
 * post.c - the one place where a balance changes: a conditional UPDATE, then the entry that says
 * why.
 *
 * The condition is in the statement, so that of two who spend at once the second finds less. It
 * refuses to go below nothing or above EC_AMOUNT_MAX, and to spend what is not active.
 */
#include "credit/credit.h"

#define CHANGE                                                                                     \
    "UPDATE credit_accounts SET balance = balance + ?, version = version + 1, updated_at = ?"      \
    " WHERE id = ? AND balance >= ? AND balance <= ?"

static const char *const event_names[] = {
    [EC_CREDIT_ISSUE] = "credit.issued",    [EC_CREDIT_REDEEM] = "credit.redeemed",
    [EC_CREDIT_REFUND] = "credit.refunded", [EC_CREDIT_ADJUST] = "credit.adjusted",
    [EC_CREDIT_EXPIRE] = "credit.expired",
};

static ec_status change(ec_session *session, const ec_credit_entry *entry, int64_t *affected)
{
    int64_t least = entry->amount < 0 ? -entry->amount : 0;
    int64_t most = entry->amount > 0 ? EC_AMOUNT_MAX - entry->amount : INT64_MAX;
    ec_time now = ec_now(session);
    if (entry->kind == EC_CREDIT_REDEEM)
        return ec_exec(session,
                       CHANGE " AND status = 'active' AND (expires_at IS NULL OR expires_at > ?)",
                       ec_args(ec_int(entry->amount), ec_int(now), ec_int(entry->credit_id),
                               ec_int(least), ec_int(most), ec_int(now)),
                       affected);
    return ec_exec(session, CHANGE,
                   ec_args(ec_int(entry->amount), ec_int(now), ec_int(entry->credit_id),
                           ec_int(least), ec_int(most)),
                   affected);
}

static ec_status refuse(ec_session *session, const ec_credit_entry *entry, int64_t balance)
{
    if (entry->amount > 0)
        return ec_fail_field(session, EC_OVERFLOW, "amount", "max",
                             "A balance is at most %lld minor units.", (long long)EC_AMOUNT_MAX);
    return ec_fail_field(session, EC_INVALID, "amount",
                         entry->kind == EC_CREDIT_REDEEM ? "max" : "min",
                         "There are %lld minor units in the account.", (long long)balance);
}

ec_status ec_credit_post(ec_session *session, ec_credit_entry *entry)
{
    int64_t affected = 0;
    if (entry->amount > EC_AMOUNT_MAX || entry->amount < -EC_AMOUNT_MAX || entry->amount == 0)
        return ec_fail_field(session, EC_INVALID, "amount", "range",
                             "An amount is 1 to %lld minor units.", (long long)EC_AMOUNT_MAX);
    ec_status status = change(session, entry, &affected);
    if (status != EC_OK) return status;
    status = ec_query_int(session, "SELECT balance FROM credit_accounts WHERE id = ?",
                          ec_args(ec_int(entry->credit_id)), &entry->balance);
    if (status == EC_NOT_FOUND) return ec_fail(session, status, "There is no such account.");
    if (status != EC_OK) return status;
    if (affected != 1) return refuse(session, entry, entry->balance);
    entry->created_at = ec_now(session);
    entry->actor = ec_session_actor(session);
    entry->user_id = ec_session_user(session);
    status = ec_entity_insert(session, &ec_credit_entry_entity, entry);
    const char *data =
        ec_arena_printf(ec_scratch(session), "{\"entry_id\":%lld,\"amount\":%lld,\"balance\":%lld}",
                        (long long)entry->id, (long long)entry->amount, (long long)entry->balance);
    if (data == NULL) return ec_fail_memory(session);
    return status == EC_OK
               ? ec_emit(session, "credit", entry->credit_id, event_names[entry->kind], data)
               : status;
}
