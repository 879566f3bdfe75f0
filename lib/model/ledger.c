/* SPDX-License-Identifier: MIT */
/*
 * ledger.c - the tables of an order's ledger. Only rows; it is stored nowhere but made from what
 * is.
 */
#include <ecommerce/order.h>

#include "model/model.h"

const char *const ec_ledger_kind_names[] = {"owed",     "rounding", "authorized", "voided",
                                            "captured", "credit",   "refunded",   NULL};

static const ec_field entry_fields[] = {
    EC_TIME_ROW(ec_ledger_entry, at, .doc = "When it happened."),
    EC_MONEY_ROW(ec_ledger_entry, amount, .doc = "Signed amount."),
    EC_REF_ROW(ec_ledger_entry, payment_id, .doc = "The payment."),
    EC_REF_ROW(ec_ledger_entry, transaction_id, .doc = "The attempt at it."),
    EC_REF_ROW(ec_ledger_entry, refund_id, .doc = "The refund."),
    EC_REF_ROW(ec_ledger_entry, credit_id, .doc = "Account that it was taken from or went to."),
    EC_TEXT_ROW(ec_ledger_entry, cause, .max = 16,
                .doc = "One of placed, edit, cancel, payment, refund."),
    EC_TEXT_ROW(ec_ledger_entry, provider, .max = 32, .doc = "Who moved the money."),
    EC_TEXT_ROW(ec_ledger_entry, note, .max = 255, .doc = "What people read."),
    EC_ENUM_ROW(ec_ledger_entry, kind, ec_ledger_kind, ec_ledger_kind_names,
                .doc = "What it is about."),
};

const ec_entity ec_ledger_entry_entity = {
    .name = "ledger_entry",
    .doc = "An entry of an order's ledger.",
    .size = sizeof(ec_ledger_entry),
    .fields = entry_fields,
    .count = sizeof(entry_fields) / sizeof(entry_fields[0]),
};

static const ec_field ledger_fields[] = {
    EC_REF_ROW(ec_ledger, order_id, .doc = "The order."),
    EC_TEXT_ROW(ec_ledger, currency, .min = 3, .max = 3, .format = "currency",
                .flags = EC_FIELD_CURRENCY, .doc = "Currency of its amounts."),
    EC_MONEY_ROW(ec_ledger, owed, .doc = "What the order costs, but for rounding."),
    EC_MONEY_ROW(ec_ledger, rounding, .doc = "What cash rounding added."),
    EC_MONEY_ROW(ec_ledger, authorized, .doc = "Reserved by payments."),
    EC_MONEY_ROW(ec_ledger, voided, .doc = "Of that given up; 0 or below."),
    EC_MONEY_ROW(ec_ledger, captured, .doc = "Taken by providers, or come in by itself."),
    EC_MONEY_ROW(ec_ledger, credit, .doc = "Taken from gift cards and store credit."),
    EC_MONEY_ROW(ec_ledger, refunded, .doc = "Gone back; 0 or below."),
    EC_MONEY_ROW(ec_ledger, due, .doc = "To be paid; below 0: to be given back."),
    EC_LIST_ROW(ec_ledger, entries, ec_ledger_entry, ec_ledger_entry_entity,
                .doc = "In the order of their times."),
};

const ec_entity ec_ledger_entity = {
    .name = "ledger",
    .doc = "The money of an order, from the first to the last of it.",
    .size = sizeof(ec_ledger),
    .fields = ledger_fields,
    .count = sizeof(ledger_fields) / sizeof(ledger_fields[0]),
};
