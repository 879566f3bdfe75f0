/* SPDX-License-Identifier: MIT */
/*
 * payment.c - the tables of payments, their transactions and refunds. Only rows.
 */
#include <ecommerce/order.h>
#include <ecommerce/payment.h>

#include "model/model.h"

const char *const ec_payment_state_names[] = {
    "pending",    "unknown",
    "authorized", "partially_captured",
    "captured",   "partially_refunded",
    "refunded",   "failed",
    "voided",     NULL,
};

const char *const ec_transaction_kind_names[] = {"authorize", "capture", "void", "refund", NULL};

const char *const ec_transaction_state_names[] = {"pending", "succeeded", "failed", "unknown",
                                                  NULL};

static const ec_field transaction_fields[] = {
    EC_ID_ROW(ec_payment_transaction, id, .doc = "Number of the transaction."),
    EC_REF_ROW(ec_payment_transaction, payment_id, .flags = EC_FIELD_READONLY,
               .doc = "The payment that it belongs to."),
    EC_TIME_ROW(ec_payment_transaction, created_at, .flags = EC_FIELD_READONLY,
                .doc = "When it was begun."),
    EC_TIME_ROW(ec_payment_transaction, updated_at, .flags = EC_FIELD_READONLY,
                .doc = "When its outcome was last learned."),
    EC_MONEY_ROW(ec_payment_transaction, amount, .flags = EC_FIELD_READONLY,
                 .doc = "How much it moves."),
    EC_TEXT_ROW(ec_payment_transaction, attempt_key, .max = 255, .flags = EC_FIELD_READONLY,
                .doc = "What the provider was asked with; never used again."),
    EC_TEXT_ROW(ec_payment_transaction, reference, .max = 255, .flags = EC_FIELD_READONLY,
                .doc = "The provider's name for it."),
    EC_TEXT_ROW(ec_payment_transaction, problem, .max = 255, .flags = EC_FIELD_READONLY,
                .doc = "Why it failed."),
    EC_ENUM_ROW(ec_payment_transaction, kind, ec_transaction_kind, ec_transaction_kind_names,
                .flags = EC_FIELD_READONLY, .doc = "What it does."),
    EC_ENUM_ROW(ec_payment_transaction, status, ec_transaction_state, ec_transaction_state_names,
                .flags = EC_FIELD_READONLY, .doc = "How it ended."),
};

const ec_entity ec_payment_transaction_entity = {
    .name = "payment_transaction",
    .table = "payment_transactions",
    .doc = "One attempt to move money.",
    .size = sizeof(ec_payment_transaction),
    .fields = transaction_fields,
    .count = sizeof(transaction_fields) / sizeof(transaction_fields[0]),
};

static const ec_field payment_fields[] = {
    EC_ID_ROW(ec_payment, id, .doc = "Number of the payment."),
    EC_INT_ROW(ec_payment, version, .flags = EC_FIELD_READONLY, .doc = "Counts its changes."),
    EC_TIME_ROW(ec_payment, created_at, .flags = EC_FIELD_READONLY, .doc = "When it was begun."),
    EC_TIME_ROW(ec_payment, updated_at, .flags = EC_FIELD_READONLY, .doc = "When it last changed."),
    EC_REF_ROW(ec_payment, cart_id, .flags = EC_FIELD_READONLY, .doc = "The checkout it is of."),
    EC_REF_ROW(ec_payment, order_id, .flags = EC_FIELD_READONLY, .doc = "The order it pays."),
    EC_TEXT_ROW(ec_payment, provider, .max = 32, .flags = EC_FIELD_READONLY,
                .doc = "Who moves the money."),
    EC_TEXT_ROW(ec_payment, method, .max = 50, .flags = EC_FIELD_READONLY,
                .doc = "How the shopper pays."),
    EC_TEXT_ROW(ec_payment, currency, .min = 3, .max = 3, .format = "currency",
                .flags = EC_FIELD_READONLY | EC_FIELD_CURRENCY, .doc = "Currency of its amounts."),
    EC_MONEY_ROW(ec_payment, amount, .flags = EC_FIELD_READONLY, .doc = "To be paid by it."),
    EC_MONEY_ROW(ec_payment, authorized_amount, .flags = EC_FIELD_READONLY,
                 .doc = "Reserved or taken so far."),
    EC_MONEY_ROW(ec_payment, captured_amount, .flags = EC_FIELD_READONLY, .doc = "Taken."),
    EC_MONEY_ROW(ec_payment, refunded_amount, .flags = EC_FIELD_READONLY, .doc = "Gone back."),
    EC_TEXT_ROW(ec_payment, reference, .max = 255, .flags = EC_FIELD_READONLY,
                .doc = "The provider's name for it."),
    EC_TEXT_ROW(ec_payment, problem, .max = 255, .flags = EC_FIELD_READONLY,
                .doc = "Why it failed."),
    EC_LIST_ROW(ec_payment, transactions, ec_payment_transaction, ec_payment_transaction_entity,
                .flags = EC_FIELD_READONLY | EC_FIELD_NOT_STORED,
                .doc = "What was tried, oldest first."),
    EC_ENUM_ROW(ec_payment, status, ec_payment_state, ec_payment_state_names,
                .flags = EC_FIELD_READONLY, .doc = "Where it stands."),
};

const ec_entity ec_payment_entity = {
    .name = "payment",
    .table = "payments",
    .doc = "One payment of an order.",
    .size = sizeof(ec_payment),
    .fields = payment_fields,
    .count = sizeof(payment_fields) / sizeof(payment_fields[0]),
};

static const ec_field refund_item_fields[] = {
    EC_ID_ROW(ec_refund_item, id, .doc = "Number of the refund's line."),
    EC_REF_ROW(ec_refund_item, refund_id, .flags = EC_FIELD_READONLY, .doc = "The refund."),
    EC_REF_ROW(ec_refund_item, order_item_id, .flags = EC_FIELD_REQUIRED, .doc = "The item."),
    EC_INT_ROW(ec_refund_item, quantity, .min = 1, .max = 9999, .flags = EC_FIELD_REQUIRED,
               .doc = "How many units."),
    EC_MONEY_ROW(ec_refund_item, amount, .flags = EC_FIELD_READONLY, .doc = "What they cost."),
};

const ec_entity ec_refund_item_entity = {
    .name = "refund_item",
    .table = "refund_items",
    .doc = "Units whose money went back.",
    .size = sizeof(ec_refund_item),
    .fields = refund_item_fields,
    .count = sizeof(refund_item_fields) / sizeof(refund_item_fields[0]),
};

static const ec_field refund_fields[] = {
    EC_ID_ROW(ec_refund, id, .doc = "Number of the refund."),
    EC_TIME_ROW(ec_refund, created_at, .flags = EC_FIELD_READONLY, .doc = "When it was begun."),
    EC_TIME_ROW(ec_refund, updated_at, .flags = EC_FIELD_READONLY, .doc = "When it last changed."),
    EC_REF_ROW(ec_refund, order_id, .flags = EC_FIELD_READONLY, .doc = "The order."),
    EC_REF_ROW(ec_refund, payment_id, .flags = EC_FIELD_READONLY,
               .doc = "The payment that gives back."),
    EC_REF_ROW(ec_refund, return_id, .flags = EC_FIELD_READONLY, .doc = "The return, if any."),
    EC_REF_ROW(ec_refund, transaction_id, .flags = EC_FIELD_READONLY,
               .doc = "The attempt at the provider."),
    EC_MONEY_ROW(ec_refund, amount, .flags = EC_FIELD_READONLY, .doc = "How much."),
    EC_TEXT_ROW(ec_refund, reason, .max = 255, .doc = "Why."),
    EC_LIST_ROW(ec_refund, items, ec_refund_item, ec_refund_item_entity,
                .flags = EC_FIELD_READONLY | EC_FIELD_NOT_STORED,
                .doc = "Units that it is for; none where an amount was given back."),
    EC_ENUM_ROW(ec_refund, status, ec_transaction_state, ec_transaction_state_names,
                .flags = EC_FIELD_READONLY, .doc = "How it ended."),
};

const ec_entity ec_refund_entity = {
    .name = "refund",
    .table = "refunds",
    .doc = "Money that went back to the customer.",
    .size = sizeof(ec_refund),
    .fields = refund_fields,
    .count = sizeof(refund_fields) / sizeof(refund_fields[0]),
};

static const ec_field reconciliation_fields[] = {
    EC_INT_ROW(ec_reconciliation, asked, .doc = "Attempts that had no outcome."),
    EC_INT_ROW(ec_reconciliation, settled, .doc = "Attempts that have one now."),
    EC_INT_ROW(ec_reconciliation, unknown, .doc = "Attempts that still have none."),
};

const ec_entity ec_reconciliation_entity = {
    .name = "reconciliation",
    .doc = "What a reconciliation did.",
    .size = sizeof(ec_reconciliation),
    .fields = reconciliation_fields,
    .count = sizeof(reconciliation_fields) / sizeof(reconciliation_fields[0]),
};
