/* SPDX-License-Identifier: MIT */
/*
 * credit.c - the tables of gift cards, store credit and their ledger. Only rows; the digest of a
 * card's code is in none of them, so it reaches neither JSON nor CSV.
 */
#include <ecommerce/credit.h>

#include "model/model.h"

const char *const ec_credit_kind_names[] = {"gift_card", "store_credit", NULL};
const char *const ec_credit_status_names[] = {"active", "disabled", "expired", NULL};
const char *const ec_credit_entry_kind_names[] = {"issue",  "redeem", "refund",
                                                  "adjust", "expire", NULL};

static const ec_field credit_fields[] = {
    EC_ID_ROW(ec_credit, id, .doc = "Number of the account."),
    EC_INT_ROW(ec_credit, version, .flags = EC_FIELD_READONLY, .doc = "Counts its changes."),
    EC_TIME_ROW(ec_credit, created_at, .flags = EC_FIELD_READONLY, .doc = "When it was opened."),
    EC_TIME_ROW(ec_credit, updated_at, .flags = EC_FIELD_READONLY, .doc = "When it last changed."),
    EC_TIME_ROW(ec_credit, expires_at, .doc = "When it ends; null: never."),
    EC_REF_ROW(ec_credit, user_id, .flags = EC_FIELD_READONLY,
               .doc = "Whose store credit it is; null for a gift card."),
    EC_MONEY_ROW(ec_credit, balance, .flags = EC_FIELD_READONLY, .doc = "What can be spent."),
    EC_TEXT_ROW(ec_credit, code, .max = 64, .flags = EC_FIELD_READONLY | EC_FIELD_NOT_STORED,
                .doc = "Of a gift card; only in the answer that issues it."),
    EC_TEXT_ROW(ec_credit, code_end, .max = 4, .flags = EC_FIELD_READONLY,
                .doc = "The last four characters of the code."),
    EC_TEXT_ROW(ec_credit, currency, .min = 3, .max = 3, .format = "currency",
                .flags = EC_FIELD_READONLY | EC_FIELD_CURRENCY, .doc = "Currency of its amounts."),
    EC_TEXT_ROW(ec_credit, note, .max = 255, .doc = "Of the shop's people."),
    EC_ENUM_ROW(ec_credit, kind, ec_credit_kind, ec_credit_kind_names, .flags = EC_FIELD_READONLY,
                .doc = "Whose it is."),
    EC_ENUM_ROW(ec_credit, status, ec_credit_status, ec_credit_status_names,
                .doc = "May it be spent?"),
};

const ec_entity ec_credit_entity = {
    .name = "credit",
    .table = "credit_accounts",
    .doc = "A gift card or store credit.",
    .size = sizeof(ec_credit),
    .fields = credit_fields,
    .count = sizeof(credit_fields) / sizeof(credit_fields[0]),
};

static const ec_field credit_list_fields[] = {
    EC_LIST_ROWS(ec_credit_list, ec_credit, ec_credit_entity),
};

const ec_entity ec_credit_list_entity = {
    .name = "credit_list",
    .doc = "A page of gift cards and store credit.",
    .size = sizeof(ec_credit_list),
    .fields = credit_list_fields,
    .count = sizeof(credit_list_fields) / sizeof(credit_list_fields[0]),
};

static const ec_field entry_fields[] = {
    EC_ID_ROW(ec_credit_entry, id, .doc = "Number of the entry."),
    EC_TIME_ROW(ec_credit_entry, created_at, .flags = EC_FIELD_READONLY,
                .doc = "When it happened."),
    EC_REF_ROW(ec_credit_entry, credit_id, .flags = EC_FIELD_READONLY, .target = &ec_credit_entity,
               .doc = "The account."),
    EC_REF_ROW(ec_credit_entry, order_id, .flags = EC_FIELD_READONLY | EC_FIELD_NOT_STORED,
               .doc = "The order that its payment is of."),
    EC_REF_ROW(ec_credit_entry, payment_id, .flags = EC_FIELD_READONLY, .doc = "The payment."),
    EC_REF_ROW(ec_credit_entry, refund_id, .flags = EC_FIELD_READONLY, .doc = "The refund."),
    EC_REF_ROW(ec_credit_entry, user_id, .flags = EC_FIELD_READONLY, .doc = "Who did it."),
    EC_MONEY_ROW(ec_credit_entry, amount, .flags = EC_FIELD_READONLY, .doc = "Signed amount."),
    EC_MONEY_ROW(ec_credit_entry, balance, .flags = EC_FIELD_READONLY,
                 .doc = "Balance afterwards."),
    EC_TEXT_ROW(ec_credit_entry, currency, .min = 3, .max = 3, .format = "currency",
                .flags = EC_FIELD_READONLY | EC_FIELD_CURRENCY | EC_FIELD_NOT_STORED,
                .doc = "Currency of its amounts."),
    EC_TEXT_ROW(ec_credit_entry, note, .max = 255, .flags = EC_FIELD_READONLY, .doc = "Why."),
    EC_ENUM_ROW(ec_credit_entry, kind, ec_credit_entry_kind, ec_credit_entry_kind_names,
                .flags = EC_FIELD_READONLY, .doc = "What changed the balance."),
    EC_ENUM_ROW(ec_credit_entry, actor, ec_actor, ec_actor_names, .flags = EC_FIELD_READONLY,
                .doc = "What kind of actor did it."),
};

const ec_entity ec_credit_entry_entity = {
    .name = "credit_entry",
    .table = "credit_entries",
    .doc = "One change of the balance of a gift card or of store credit.",
    .size = sizeof(ec_credit_entry),
    .fields = entry_fields,
    .count = sizeof(entry_fields) / sizeof(entry_fields[0]),
};

static const ec_field entry_list_fields[] = {
    EC_LIST_ROWS(ec_credit_entry_list, ec_credit_entry, ec_credit_entry_entity),
};

const ec_entity ec_credit_entry_list_entity = {
    .name = "credit_entry_list",
    .doc = "A page of entries.",
    .size = sizeof(ec_credit_entry_list),
    .fields = entry_list_fields,
    .count = sizeof(entry_list_fields) / sizeof(entry_list_fields[0]),
};
