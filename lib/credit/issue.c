/* SPDX-License-Identifier: MIT */
/*
 * issue.c - money that the shop begins to owe: new gift cards, and store credit for a customer.
 *
 * Cards are made as rows of a few statements, however many they are, and begin with the balance of
 * their first entry. It refuses to keep a code: the answer is the only place that has it.
 */
#include <ecommerce/money.h>
#include <string.h>

#include "base/text.h"
#include "credit/credit.h"

#define CHUNK 100 /* cards of one statement */
#define CARD_COLUMNS 9

static void check_amount(ec_check *check, int64_t amount)
{
    if (amount < 1 || amount > EC_AMOUNT_MAX)
        ec_check_add(check, "amount", amount < 1 ? "min" : "max",
                     "An amount is 1 to %lld minor units.", (long long)EC_AMOUNT_MAX);
}

static void check_note(ec_check *check, const char *note)
{
    int64_t length = note == NULL ? 0 : ec_utf8_count(note, strlen(note));
    if (length < 0)
        ec_check_add(check, "note", "utf8", "The text is not valid UTF-8.");
    else if (length > 255)
        ec_check_add(check, "note", "max_length", "At most 255 characters are kept.");
}

static const char *check_currency(ec_session *session, ec_check *check, const char *currency)
{
    if (currency == NULL) return ec_session_facts(session)->currency;
    if (ec_currency_find(currency) == NULL)
        ec_check_add(check, "currency", "currency", "It is no code of ISO 4217.");
    return currency;
}

/* ---- gift cards ---- */

typedef struct card_args {
    const ec_gift_card_request *request;
} card_args;

static ec_status check_cards(ec_session *session, const ec_gift_card_request *request,
                             const char **currency)
{
    ec_check check;
    if (request == NULL) return ec_fail(session, EC_MISUSE, "Gift cards need a request.");
    ec_check_init(&check, ec_scratch(session));
    check_amount(&check, request->amount);
    if (request->count < 0 || request->count > EC_GIFT_CARDS_MAX)
        ec_check_add(&check, "count", request->count < 0 ? "min" : "max",
                     "1 to %d cards are made at once.", EC_GIFT_CARDS_MAX);
    if (request->expires_at != 0 && request->expires_at <= ec_now(session))
        ec_check_add(&check, "expires_at", "min", "A new card ends in the future.");
    check_note(&check, request->note);
    *currency = check_currency(session, &check, request->currency);
    return ec_fail_check(session, &check);
}

static const char *card_sql(ec_session *session, size_t rows)
{
    static const char head[] = "INSERT INTO credit_accounts (kind, status, user_id, currency,"
                               " balance, code_hash, code_end, note, expires_at, version,"
                               " created_at, updated_at) VALUES ";
    static const char row[] = "('gift_card', 'active', NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?), ";
    size_t length = sizeof head - 1 + rows * (sizeof row - 1);
    char *sql = ec_arena_alloc(ec_scratch(session), length + 1);
    if (sql == NULL) return NULL;
    memcpy(sql, head, sizeof head - 1);
    for (size_t i = 0; i < rows; i++)
        memcpy(sql + sizeof head - 1 + i * (sizeof row - 1), row, sizeof row - 1);
    sql[length - 2] = '\0'; /* the last comma */
    return sql;
}

/* A card in memory, and the values of its row. */
static ec_status make_card(ec_session *session, ec_credit *card, ec_value *row)
{
    char code[EC_CREDIT_CODE_TEXT], digest[EC_SHA256_HEX];
    ec_credit_code_make(ec_session_platform(session), code);
    ec_status status = ec_credit_code_hash(session, code, true, digest);
    if (status != EC_OK) return status;
    const char *kept = ec_arena_strdup(ec_scratch(session), digest);
    card->code = ec_arena_strdup(ec_scratch(session), code);
    if (kept == NULL || card->code == NULL) return ec_fail_memory(session);
    card->code_end = card->code + strlen(card->code) - 4;
    const ec_value values[CARD_COLUMNS] = {
        ec_text(card->currency), ec_int(card->balance),    ec_text(kept),
        ec_text(card->code_end), ec_text(card->note),      ec_ref(card->expires_at),
        ec_int(card->version),   ec_int(card->created_at), ec_int(card->updated_at),
    };
    memcpy(row, values, sizeof values);
    return EC_OK;
}

static ec_status insert_cards(ec_session *session, ec_credit *cards, size_t count)
{
    ec_value *values = ec_arena_array(ec_scratch(session), count * CARD_COLUMNS, sizeof(*values));
    if (values == NULL) return ec_fail_memory(session);
    for (size_t i = 0; i < count; i++) {
        ec_status status = make_card(session, &cards[i], values + i * CARD_COLUMNS);
        if (status != EC_OK) return status;
    }
    const char *sql = card_sql(session, count);
    if (sql == NULL) return ec_fail_memory(session);
    ec_status status = ec_exec(session, sql, values, count * CARD_COLUMNS, NULL);
    ec_id first = status == EC_OK ? ec_first_id(session, count) : 0;
    for (size_t i = 0; i < count; i++)
        cards[i].id = first + (ec_id)i;
    return status;
}

/* The first entry of each, and the event. */
static ec_status record_cards(ec_session *session, const ec_credit *cards, size_t count)
{
    ec_id *ids = ec_arena_array(ec_scratch(session), count, sizeof(*ids));
    const char **data = ec_arena_array(ec_scratch(session), count, sizeof(*data));
    ec_credit_entry *entries = ec_arena_array(ec_scratch(session), count, sizeof(*entries));
    if (ids == NULL || data == NULL || entries == NULL) return ec_fail_memory(session);
    for (size_t i = 0; i < count; i++) {
        ids[i] = cards[i].id;
        data[i] = ec_arena_printf(ec_scratch(session), "{\"amount\":%lld,\"balance\":%lld}",
                                  (long long)cards[i].balance, (long long)cards[i].balance);
        if (data[i] == NULL) return ec_fail_memory(session);
        entries[i] = (ec_credit_entry){
            .created_at = cards[i].created_at,
            .credit_id = cards[i].id,
            .user_id = ec_session_user(session),
            .amount = cards[i].balance,
            .balance = cards[i].balance,
            .note = cards[i].note,
            .kind = EC_CREDIT_ISSUE,
            .actor = ec_session_actor(session),
        };
    }
    ec_status status = ec_entity_insert_many(session, &ec_credit_entry_entity, entries, count);
    return status == EC_OK ? ec_emit_many(session, "credit", ids, data, count, "credit.issued")
                           : status;
}

static ec_status run_cards(ec_session *session, void *ctx, void **result)
{
    const ec_gift_card_request *request = ((const card_args *)ctx)->request;
    const char *currency = NULL;
    ec_status status = check_cards(session, request, &currency);
    if (status != EC_OK) return status;
    size_t count = request->count == 0 ? 1 : (size_t)request->count;
    ec_credit_list *list = ec_arena_alloc(ec_scratch(session), sizeof(*list));
    ec_credit *cards = ec_arena_array(ec_scratch(session), count, sizeof(*cards));
    currency = ec_arena_strdup(ec_scratch(session), currency);
    if (list == NULL || cards == NULL || currency == NULL) return ec_fail_memory(session);
    for (size_t i = 0; i < count; i++)
        cards[i] = (ec_credit){
            .version = 1,
            .created_at = ec_now(session),
            .updated_at = ec_now(session),
            .expires_at = request->expires_at,
            .balance = request->amount,
            .currency = currency,
            .note = request->note,
            .kind = EC_CREDIT_GIFT_CARD,
        };
    for (size_t done = 0; status == EC_OK && done < count; done += CHUNK)
        status = insert_cards(session, cards + done, count - done < CHUNK ? count - done : CHUNK);
    if (status == EC_OK) status = record_cards(session, cards, count);
    *list = (ec_credit_list){.items = cards, .items_count = count, .total = (int64_t)count};
    *result = list;
    return status;
}

ec_status ec_gift_card_issue(ec_session *session, const ec_gift_card_request *request,
                             ec_credit_list **out)
{
    static const ec_op op = {
        .name = "credit.issue_cards",
        .permission = "credits.write",
        .access = EC_ACCESS_STAFF,
        .mode = EC_WRITE,
        .result = &ec_credit_list_entity,
        .run = run_cards, /* no idempotency key: a stored outcome would hold the codes */
    };
    card_args args = {request};
    return ec_call(session, &op, &args, (void **)out);
}

/* ---- store credit ---- */

ec_status ec_credit_of_user(ec_session *session, ec_id user_id, const char *currency, ec_id *id)
{
    int64_t found = 0;
    static const char look[] = "SELECT id FROM credit_accounts WHERE user_id = ? AND currency = ?";
    ec_status status = ec_query_int(session, look, ec_args(ec_int(user_id), ec_text(currency)), id);
    if (status != EC_NOT_FOUND) return status;
    status =
        ec_query_int(session, "SELECT 1 FROM users WHERE id = ?", ec_args(ec_int(user_id)), &found);
    if (status == EC_NOT_FOUND) return ec_fail(session, status, "There is no such user.");
    if (status != EC_OK) return status;
    ec_forgive(session);
    ec_credit account = {
        .version = 1,
        .created_at = ec_now(session),
        .updated_at = ec_now(session),
        .user_id = user_id,
        .currency = currency,
        .kind = EC_CREDIT_STORE_CREDIT,
    };
    status = ec_entity_insert(session, &ec_credit_entity, &account);
    *id = account.id;
    return status;
}

typedef struct credit_args {
    ec_id id; /* of the customer, or the account */
    int64_t amount;
    const char *currency;
    const char *note;
} credit_args;

static void print_credit(const void *ctx, ec_json_writer *json)
{
    const credit_args *args = ctx;
    ec_json_array(json);
    ec_json_int(json, args->id);
    ec_json_int(json, args->amount);
    ec_json_text(json, args->currency);
    ec_json_text(json, args->note);
    ec_json_array_end(json);
}

static ec_status post_answer(ec_session *session, ec_credit_entry *entry, void **result)
{
    ec_credit *account = ec_arena_alloc(ec_scratch(session), sizeof(*account));
    if (account == NULL) return ec_fail_memory(session);
    ec_status status = ec_credit_post(session, entry);
    if (status == EC_OK)
        status = ec_entity_get(session, &ec_credit_entity, entry->credit_id, account);
    *result = account;
    return status;
}

static ec_status run_issue(ec_session *session, void *ctx, void **result)
{
    const credit_args *args = ctx;
    ec_check check;
    ec_check_init(&check, ec_scratch(session));
    check_amount(&check, args->amount);
    check_note(&check, args->note);
    const char *currency = check_currency(session, &check, args->currency);
    ec_credit_entry entry = {.amount = args->amount, .note = args->note, .kind = EC_CREDIT_ISSUE};
    ec_status status = ec_fail_check(session, &check);
    if (status == EC_OK) status = ec_credit_of_user(session, args->id, currency, &entry.credit_id);
    return status == EC_OK ? post_answer(session, &entry, result) : status;
}

ec_status ec_credit_issue(ec_session *session, ec_id user_id, int64_t amount, const char *currency,
                          const char *note, ec_credit **out)
{
    static const ec_op op = {
        .name = "credit.issue",
        .permission = "credits.write",
        .access = EC_ACCESS_STAFF,
        .mode = EC_WRITE,
        .result = &ec_credit_entity,
        .run = run_issue,
        .fingerprint = print_credit,
    };
    credit_args args = {user_id, amount, currency, note};
    return ec_call(session, &op, &args, (void **)out);
}

static ec_status run_adjust(ec_session *session, void *ctx, void **result)
{
    const credit_args *args = ctx;
    ec_check check;
    ec_check_init(&check, ec_scratch(session));
    if (args->amount == 0)
        ec_check_add(&check, "amount", "required", "A correction changes something.");
    else
        check_amount(&check, args->amount < -EC_AMOUNT_MAX ? EC_AMOUNT_MAX + 1
                             : args->amount < 0            ? -args->amount
                                                           : args->amount);
    check_note(&check, args->note);
    ec_credit_entry entry = {.credit_id = args->id,
                             .amount = args->amount,
                             .note = args->note,
                             .kind = EC_CREDIT_ADJUST};
    ec_status status = ec_fail_check(session, &check);
    return status == EC_OK ? post_answer(session, &entry, result) : status;
}

ec_status ec_credit_adjust(ec_session *session, ec_id id, int64_t amount, const char *note,
                           ec_credit **out)
{
    static const ec_op op = {
        .name = "credit.adjust",
        .permission = "credits.write",
        .access = EC_ACCESS_STAFF,
        .mode = EC_WRITE,
        .result = &ec_credit_entity,
        .run = run_adjust,
        .fingerprint = print_credit,
    };
    credit_args args = {id, amount, NULL, note};
    return ec_call(session, &op, &args, (void **)out);
}
