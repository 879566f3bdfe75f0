/* SPDX-License-Identifier: MIT */
/*
 * 0005_credit.c - gift cards and store credit: accounts, their entries, and the key that codes are
 * digested with.
 *
 * It refuses a balance below nothing, and an entry that would lead there or says another direction
 * than its kind.
 */
#include "engine/migrations/migrations.h"

static const char *const up[] = {
    "CREATE TABLE credit_keys ("
    " id {int} NOT NULL PRIMARY KEY CHECK (id = 1),"
    " secret {text:64} NOT NULL,"
    " created_at {int} NOT NULL){tail}",

    "CREATE TABLE credit_accounts ("
    " id {id},"
    " kind {text:16} NOT NULL CHECK (kind = 'gift_card' OR kind = 'store_credit'),"
    " status {text:16} NOT NULL CHECK (status = 'active' OR status = 'disabled'"
    "  OR status = 'expired'),"
    " user_id {int} REFERENCES users(id),"
    " currency {text:3} NOT NULL,"
    " balance {int} NOT NULL CHECK (balance >= 0 AND balance <= 999999999999999),"
    " code_hash {text:64} UNIQUE,"
    " code_end {text:4},"
    " note {text:255},"
    " expires_at {int} CHECK (expires_at > 0),"
    " version {int} NOT NULL CHECK (version > 0),"
    " created_at {int} NOT NULL,"
    " updated_at {int} NOT NULL,"
    " UNIQUE (user_id, currency),"
    " CHECK ((kind = 'gift_card') = (user_id IS NULL)),"
    " CHECK ((kind = 'gift_card') = (code_hash IS NOT NULL)),"
    " CHECK ((kind = 'gift_card') = (code_end IS NOT NULL))){tail}",
    "CREATE INDEX credit_accounts_expiry ON credit_accounts(status, expires_at, id)",
    "CREATE INDEX credit_accounts_kind ON credit_accounts(kind, id)",
    "CREATE INDEX credit_accounts_code ON credit_accounts(code_end, id)",

    "CREATE TABLE credit_entries ("
    " id {id},"
    " credit_id {int} NOT NULL REFERENCES credit_accounts(id),"
    " kind {text:16} NOT NULL CHECK (kind = 'issue' OR kind = 'redeem' OR kind = 'refund'"
    "  OR kind = 'adjust' OR kind = 'expire'),"
    " amount {int} NOT NULL CHECK (amount <> 0),"
    " balance {int} NOT NULL CHECK (balance >= 0)," /* afterwards */
    " payment_id {int} REFERENCES payments(id),"
    " refund_id {int} REFERENCES refunds(id),"
    " note {text:255},"
    " actor {text:16} NOT NULL CHECK (actor = 'system' OR actor = 'guest'"
    "  OR actor = 'customer' OR actor = 'staff'),"
    " user_id {int},"
    " created_at {int} NOT NULL,"
    " CHECK (balance - amount >= 0),"
    " CHECK (amount > 0 OR (kind <> 'issue' AND kind <> 'refund')),"
    " CHECK (amount < 0 OR (kind <> 'redeem' AND kind <> 'expire')),"
    " CHECK (kind <> 'redeem' OR payment_id IS NOT NULL),"
    " CHECK (kind <> 'expire' OR balance = 0)){tail}",
    "CREATE INDEX credit_entries_account ON credit_entries(credit_id, id)",
    "CREATE INDEX credit_entries_payment ON credit_entries(payment_id)",
    "CREATE INDEX credit_entries_refund ON credit_entries(refund_id)",
    NULL,
};

/* What was paid with an account stays paid, as by money of which no provider knows. */
static const char *const down[] = {
    "UPDATE payments SET provider = 'offline' WHERE provider IN ('gift_card', 'store_credit')",
    "DELETE FROM events WHERE aggregate = 'credit'",
    "DELETE FROM idempotency_keys WHERE operation LIKE 'credit.%'",
    "DROP TABLE credit_entries",
    "DROP TABLE credit_accounts",
    "DROP TABLE credit_keys",
    NULL,
};

const ec_migration ec_migration_0005_credit = {5, "credit", up, down};
