/* SPDX-License-Identifier: MIT */
/*
 * plan.c - what is taken from which account when somebody pays with several: in their order, each
 * as much as was said or as there is, until nothing is owed.
 *
 * It writes nothing. It refuses accounts that are not the buyer's to spend, of another currency, or
 * without money, naming each by its place in the list.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "credit/credit.h"

/* "credits[2].amount", or the member alone where there is no list. */
static void name_field(char *out, size_t size, const char *list, size_t at, const char *member)
{
    if (list == NULL)
        (void)snprintf(out, size, "%s", member);
    else
        (void)snprintf(out, size, "%s[%zu].%s", list, at, member);
}

void ec_credit_tender_rule(ec_check *check, const char *list, const ec_credit_tender *tenders,
                           size_t count)
{
    char field[64];
    if (count > EC_CREDITS_MAX || (count > 0 && tenders == NULL)) {
        ec_check_add(check, list, tenders == NULL ? "required" : "max_items",
                     "0 to %d accounts pay at once.", EC_CREDITS_MAX);
        return;
    }
    for (size_t i = 0; i < count; i++) {
        if ((tenders[i].code != NULL) == (tenders[i].credit_id != 0)) {
            name_field(field, sizeof field, list, i, "code");
            ec_check_add(check, field, "required", "Either a code or the number of an account.");
            name_field(field, sizeof field, list, i, "credit_id");
            ec_check_add(check, field, "required", "Either a code or the number of an account.");
        }
        if (tenders[i].amount >= 0 && tenders[i].amount <= EC_AMOUNT_MAX) continue;
        name_field(field, sizeof field, list, i, "amount");
        ec_check_add(check, field, tenders[i].amount < 0 ? "min" : "max",
                     "An amount is above 0; 0 means as much as there is.");
    }
}

/* May it be spent by whoever calls, for this buyer? */
static bool is_theirs(ec_session *session, const ec_credit_bill *bill,
                      const ec_credit_tender *tender, const ec_credit *account)
{
    bool staff = ec_session_is_staff(session);
    if (tender->code != NULL) return true;
    if (account->kind == EC_CREDIT_GIFT_CARD) return staff;
    bool self = ec_session_actor(session) == EC_ACTOR_CUSTOMER &&
                ec_session_user(session) == account->user_id;
    return account->user_id == bill->user_id && (staff || self);
}

static ec_status look(ec_session *session, const ec_credit_bill *bill,
                      const ec_credit_tender *tender, ec_credit *account, bool *found)
{
    void *rows = NULL;
    size_t count = 0;
    *found = false;
    if (tender->code != NULL) {
        ec_status status = ec_credit_of_code(session, tender->code, account);
        *found = status == EC_OK;
        return status == EC_NOT_FOUND ? EC_OK : status;
    }
    ec_status status = ec_entity_select(session, &ec_credit_entity, "WHERE t.id = ?",
                                        ec_args(ec_int(tender->credit_id)), &rows, &count);
    if (status != EC_OK || count == 0) return status;
    *account = *(const ec_credit *)rows;
    *found = is_theirs(session, bill, tender, account);
    return EC_OK;
}

/* One tender against its account: the part, or the field error. */
typedef struct weighing {
    const ec_credit_bill *bill;
    ec_check *check;
    size_t at;
    const char *which; /* "code" or "credit_id" */
} weighing;

__attribute__((format(printf, 4, 5))) static void refuse(const weighing *w, const char *member,
                                                         const char *rule, const char *format, ...)
{
    char field[64], text[160];
    va_list list;
    va_start(list, format);
    (void)vsnprintf(text, sizeof text, format, list);
    va_end(list);
    name_field(field, sizeof field, w->bill->list, w->at, member);
    ec_check_add(w->check, field, rule, "%s", text);
}

static void weigh(const weighing *w, ec_time now, const ec_credit_tender *tender, int64_t left,
                  ec_credit_part *part)
{
    const ec_credit *account = &part->account;
    bool over = account->expires_at != 0 && account->expires_at <= now;
    part->amount = 0;
    if (account->status == EC_CREDIT_DISABLED) {
        refuse(w, w->which, "state", "The account is disabled.");
    } else if (over || account->status == EC_CREDIT_EXPIRED) {
        refuse(w, w->which, "state", "The account's time is over.");
    } else if (strcmp(account->currency, w->bill->currency) != 0) {
        refuse(w, w->which, "currency", "The account holds %s, not %s.", account->currency,
               w->bill->currency);
    } else if (tender->amount > account->balance || account->balance == 0) {
        refuse(w, "amount", "max", "There are %lld minor units in the account.",
               (long long)account->balance);
    } else if (tender->amount > left) {
        refuse(w, "amount", "max", "At most %lld minor units are left to be paid.",
               (long long)left);
    } else {
        int64_t most = account->balance < left ? account->balance : left;
        part->amount = tender->amount > 0 ? tender->amount : most;
    }
}

static bool is_twice(const ec_credit_part *parts, size_t count, ec_id id)
{
    for (size_t i = 0; i < count; i++)
        if (parts[i].account.id == id) return true;
    return false;
}

ec_status ec_credit_plan(ec_session *session, const ec_credit_bill *bill,
                         const ec_credit_tender *tenders, size_t count, ec_credit_part *parts,
                         size_t *parts_count, int64_t *sum)
{
    ec_check check;
    int64_t left = bill->owed;
    size_t kept = 0;
    ec_check_init(&check, ec_scratch(session));
    for (size_t i = 0; i < count; i++) {
        bool found = false;
        const ec_credit_tender *tender = &tenders[i];
        weighing w = {bill, &check, i, tender->code != NULL ? "code" : "credit_id"};
        ec_credit_part *part = &parts[kept];
        ec_status status = look(session, bill, tender, &part->account, &found);
        if (status != EC_OK) return status;
        if (!found) {
            refuse(&w, w.which, "reference", "There is no such account to pay with.");
            continue;
        }
        if (is_twice(parts, kept, part->account.id)) {
            refuse(&w, w.which, "unique", "The account is named twice.");
            continue;
        }
        weigh(&w, ec_now(session), tender, left, part);
        left -= part->amount;
        kept += part->amount > 0;
    }
    *parts_count = kept;
    *sum = bill->owed - left;
    return ec_fail_check(session, &check);
}
