/* SPDX-License-Identifier: MIT */
/*
 * credit.c - gift cards and store credit: issuing, looking up, correcting, ending, and paying
 * orders that await money with them.
 */
#include "harness/harness.h"
#include "harness/sale.h"

typedef struct shop {
    ec_engine *engine;
    ec_session *staff;
    ec_session *customer;
    ec_id user;
    ec_id mate; /* 100 units at 1000 */
    char code[32];
    ec_id card; /* of 3000 */
} shop;

static ec_id make_card(shop *s, int64_t amount, ec_time expires_at, char code[32])
{
    ec_credit_list *list = NULL;
    ec_gift_card_request request = {.amount = amount, .expires_at = expires_at};
    assert_ok(s->staff, ec_gift_card_issue(s->staff, &request, &list));
    ec_id id = list->items[0].id;
    snprintf(code, 32, "%s", list->items[0].code);
    ec_free(list);
    return id;
}

static int set_up(void **state)
{
    shop *s = calloc(1, sizeof(*s));
    s->engine = shop_open();
    s->staff = session_system(s->engine);
    s->user = shop_customer(s->engine, "ana@example.com");
    s->customer = session_customer(s->engine, s->user);
    s->mate = sale_variant(s->engine, "MATE", 1000, 100);
    s->card = make_card(s, 3000, 0, s->code);
    *state = s;
    return 0;
}

static int tear_down(void **state)
{
    shop *s = *state;
    sale_verified(s->engine);
    ec_session_close(s->customer);
    ec_session_close(s->staff);
    shop_close(s->engine);
    world_set(WORLD_START);
    free(s);
    return 0;
}

static int64_t balance_of(shop *s, ec_id id)
{
    ec_credit *account = NULL;
    assert_ok(s->staff, ec_credit_get(s->staff, id, &account));
    int64_t balance = account->balance;
    ec_free(account);
    return balance;
}

static ec_id credit_for(shop *s, int64_t amount)
{
    ec_credit *account = NULL;
    assert_ok(s->staff, ec_credit_issue(s->staff, s->user, amount, NULL, "sorry", &account));
    ec_id id = account->id;
    ec_free(account);
    return id;
}

/* An order of five units by the customer that awaits its money. */
static ec_id order_of(shop *s, const char *key)
{
    const sale_line lines[] = {{s->mate, 5}, {0, 0}};
    ec_order *order = sale_order(s->customer, key, lines);
    ec_id id = order->id;
    ec_free(order);
    return id;
}

static void pays(shop *s, ec_id order_id, ec_credit_tender tender, const char *key, int64_t paid,
                 ec_order_payment state)
{
    ec_order *order = NULL;
    assert_ok(s->customer, ec_order_pay_credit(s->customer, order_id, &tender, key, &order));
    assert_int_equal(order->paid_amount, paid);
    assert_int_equal(order->payment_status, state);
    ec_free(order);
}

#define assert_refused(s, order, tender, status)                                                   \
    do {                                                                                           \
        ec_order *none = NULL;                                                                     \
        assert_status((s)->customer,                                                               \
                      ec_order_pay_credit((s)->customer, order, tender, "k", &none), status);      \
        assert_null(none);                                                                         \
    } while (0)

/* ---- accounts ---- */

static void gift_card__code_is_shown_once_and_kept_nowhere(void **state)
{
    shop *s = *state;
    ec_credit *account = NULL;
    char *json = NULL;
    assert_int_equal(strlen(s->code), 19);
    assert_ok(s->staff, ec_credit_get(s->staff, s->card, &account));
    assert_null(account->code);
    assert_string_equal(account->code_end, s->code + 15);
    assert_int_equal(account->kind, EC_CREDIT_GIFT_CARD);
    assert_int_equal(account->balance, 3000);
    assert_string_equal(account->currency, "CLP");
    assert_ok(s->staff, ec_to_json(s->staff, "credit", account, &json));
    assert_null(strstr(json, "hash"));
    ec_free(json);
    ec_free(account);
    char sql[256];
    snprintf(sql, sizeof sql,
             "SELECT COUNT(*) FROM credit_accounts WHERE code_hash LIKE '%%%.4s%%'", s->code);
    assert_int_equal(shop_sql_int(s->engine, sql), 0);
    assert_int_equal(shop_sql_int(s->engine, "SELECT MIN(LENGTH(code_hash)) FROM credit_accounts"),
                     64);
}

static void gift_card__batch_has_codes_of_its_own(void **state)
{
    shop *s = *state;
    ec_credit_list *list = NULL;
    ec_gift_card_request request = {.amount = 500, .count = 250, .note = "winter"};
    assert_ok(s->staff, ec_gift_card_issue(s->staff, &request, &list));
    assert_int_equal(list->items_count, 250);
    for (size_t i = 1; i < list->items_count; i++) {
        assert_string_not_equal(list->items[i].code, list->items[i - 1].code);
        assert_int_equal(list->items[i].id, list->items[i - 1].id + 1);
    }
    ec_credit *one = NULL;
    assert_ok(s->staff, ec_gift_card_by_code(s->staff, list->items[249].code, &one));
    assert_int_equal(one->id, list->items[249].id);
    assert_string_equal(one->note, "winter");
    ec_free(one);
    ec_free(list);
}

static void gift_card__is_found_however_the_code_is_typed(void **state)
{
    shop *s = *state;
    char typed[64];
    ec_credit *account = NULL;
    ec_session *guest = session_guest(s->engine);
    snprintf(typed, sizeof typed, " %s ", s->code);
    for (char *at = typed; *at != '\0'; at++)
        *at = *at == '-'                 ? ' '
              : *at >= 'A' && *at <= 'Z' ? (char)(*at - 'A' + 'a')
              : *at == '0'               ? 'o'
              : *at == '1'               ? 'l'
                                         : *at;
    assert_ok(guest, ec_gift_card_by_code(guest, typed, &account));
    assert_int_equal(account->balance, 3000);
    assert_int_equal(account->id, 0);
    assert_null(account->note);
    ec_free(account);
    ec_session_close(guest);
}

static void gift_card__every_wrong_code_is_answered_alike(void **state)
{
    shop *s = *state;
    ec_session *guest = session_guest(s->engine);
    char near[32];
    snprintf(near, sizeof near, "%s", s->code);
    near[0] = near[0] == 'A' ? 'B' : 'A';
    char longer[64];
    snprintf(longer, sizeof longer, "%s0", s->code);
    const char *const codes[] = {"", "x", near, longer, "' OR 1=1 --", "\xff\xfe", NULL};
    char first[256] = "";
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        ec_credit *account = NULL;
        assert_status(guest, ec_gift_card_by_code(guest, codes[i], &account), EC_NOT_FOUND);
        assert_field_error(guest, "code", "reference");
        if (i == 0) snprintf(first, sizeof first, "%s", ec_session_error(guest)->message);
        assert_string_equal(first, ec_session_error(guest)->message);
    }
    ec_session_close(guest);
}

static void gift_card__is_not_found_in_a_shop_that_never_made_one(void **state)
{
    shop *s = *state;
    ec_engine *other = shop_open();
    ec_session *guest = session_guest(other);
    ec_credit *account = NULL;
    assert_status(guest, ec_gift_card_by_code(guest, s->code, &account), EC_NOT_FOUND);
    ec_session_close(guest);
    shop_close(other);
}

static void gift_card__takes_no_key(void **state)
{
    shop *s = *state;
    ec_credit_list *list = NULL;
    ec_gift_card_request request = {.amount = 1};
    assert_ok(s->staff, ec_session_idempotency(s->staff, "key"));
    assert_status(s->staff, ec_gift_card_issue(s->staff, &request, &list), EC_UNSUPPORTED);
}

static void credit__is_one_account_for_customer_and_currency(void **state)
{
    shop *s = *state;
    ec_credit *account = NULL;
    ec_id id = credit_for(s, 700);
    assert_int_equal(credit_for(s, 300), id);
    assert_int_equal(balance_of(s, id), 1000);
    assert_ok(s->staff, ec_credit_issue(s->staff, s->user, 500, "EUR", NULL, &account));
    assert_int_not_equal(account->id, id);
    assert_string_equal(account->currency, "EUR");
    ec_free(account);
    assert_status(s->staff, ec_credit_issue(s->staff, 999, 1, NULL, NULL, &account), EC_NOT_FOUND);
}

static void credit__issued_under_one_key_counts_once(void **state)
{
    shop *s = *state;
    ec_credit *account = NULL;
    for (int i = 0; i < 2; i++) {
        assert_ok(s->staff, ec_session_idempotency(s->staff, "once"));
        assert_ok(s->staff, ec_credit_issue(s->staff, s->user, 700, NULL, NULL, &account));
        assert_int_equal(account->balance, 700);
        ec_free(account);
    }
}

static void credit__is_seen_by_its_customer_only(void **state)
{
    shop *s = *state;
    ec_credit *account = NULL;
    ec_credit_list *list = NULL;
    ec_credit_entry_list *entries = NULL;
    ec_id id = credit_for(s, 700);
    ec_session *other = session_customer(s->engine, shop_customer(s->engine, "eva@example.com"));
    ec_session *guest = session_guest(s->engine);
    assert_ok(s->customer, ec_credit_get(s->customer, id, &account));
    ec_free(account);
    assert_ok(s->customer, ec_credit_entries(s->customer, id, NULL, &entries));
    assert_int_equal(entries->items_count, 1);
    assert_string_equal(entries->items[0].currency, "CLP");
    ec_free(entries);
    assert_ok(s->customer, ec_credit_find(s->customer, NULL, NULL, &list));
    assert_int_equal(list->items_count, 1);
    ec_free(list);
    assert_status(other, ec_credit_get(other, id, &account), EC_NOT_FOUND);
    assert_status(other, ec_credit_entries(other, id, NULL, &entries), EC_NOT_FOUND);
    assert_status(s->customer, ec_credit_get(s->customer, s->card, &account), EC_NOT_FOUND);
    assert_status(guest, ec_credit_get(guest, id, &account), EC_NOT_FOUND);
    assert_status(guest, ec_credit_find(guest, NULL, NULL, &list), EC_DENIED);
    assert_status(s->customer, ec_credit_issue(s->customer, s->user, 1, NULL, NULL, &account),
                  EC_DENIED);
    assert_status(s->customer, ec_credit_adjust(s->customer, id, 1, NULL, &account), EC_DENIED);
    ec_session_close(guest);
    ec_session_close(other);
}

static void credit__ledger_tells_every_change(void **state)
{
    shop *s = *state;
    ec_credit *account = NULL;
    ec_credit_entry_list *entries = NULL;
    assert_ok(s->staff, ec_credit_adjust(s->staff, s->card, -500, "typo", &account));
    assert_int_equal(account->balance, 2500);
    ec_free(account);
    assert_status(s->staff, ec_credit_adjust(s->staff, s->card, -2501, NULL, &account), EC_INVALID);
    assert_field_error(s->staff, "amount", "min");
    assert_status(s->staff, ec_credit_adjust(s->staff, s->card, EC_AMOUNT_MAX, NULL, &account),
                  EC_OVERFLOW);
    assert_status(s->staff, ec_credit_adjust(s->staff, s->card, 0, NULL, &account), EC_INVALID);
    ec_page page = {.limit = 1, .total = true};
    assert_ok(s->staff, ec_credit_entries(s->staff, s->card, &page, &entries));
    assert_int_equal(entries->total, 2);
    assert_int_equal(entries->items[0].amount, -500);
    assert_int_equal(entries->items[0].balance, 2500);
    assert_int_equal(entries->items[0].kind, EC_CREDIT_ADJUST);
    assert_string_equal(entries->items[0].note, "typo");
    ec_free(entries);
}

static void credit__ends_by_the_clock(void **state)
{
    shop *s = *state;
    char code[32];
    int64_t ended = 0;
    ec_credit *account = NULL;
    ec_id id = make_card(s, 800, WORLD_START + 1000, code);
    ec_id order = order_of(s, "late");
    ec_credit_tender tender = {.code = code};
    assert_ok(s->staff, ec_credit_expire(s->staff, 0, &ended));
    assert_int_equal(ended, 0);
    world_advance(1000);
    assert_refused(s, order, &tender, EC_INVALID);
    assert_field_error(s->customer, "code", "state");
    assert_ok(s->staff, ec_credit_expire(s->staff, 0, &ended));
    assert_int_equal(ended, 1);
    assert_ok(s->staff, ec_credit_get(s->staff, id, &account));
    assert_int_equal(account->status, EC_CREDIT_EXPIRED);
    assert_int_equal(account->balance, 0);
    ec_free(account);
    assert_ok(s->staff, ec_credit_expire(s->staff, 0, &ended));
    assert_int_equal(ended, 0);
    /* and may be given another time */
    ec_credit again = {.status = EC_CREDIT_ACTIVE, .expires_at = world_now() + 5000};
    ec_mask status = ec_mask_of("credit", "status");
    assert_status(s->staff, ec_credit_update(s->staff, id, &again, status, &account), EC_INVALID);
    assert_field_error(s->staff, "expires_at", "min");
    assert_ok(s->staff, ec_credit_update(s->staff, id, &again,
                                         ec_mask_of("credit", "status,expires_at"), &account));
    assert_int_equal(account->status, EC_CREDIT_ACTIVE);
    ec_free(account);
}

static void credit__disabled_cannot_be_spent_until_it_is_enabled(void **state)
{
    shop *s = *state;
    ec_credit *account = NULL;
    ec_mask status = ec_mask_of("credit", "status");
    ec_id order = order_of(s, "one");
    ec_credit_tender tender = {.code = s->code};
    ec_credit change = {.status = EC_CREDIT_DISABLED};
    assert_ok(s->staff, ec_credit_update(s->staff, s->card, &change, status, &account));
    ec_free(account);
    assert_refused(s, order, &tender, EC_INVALID);
    assert_field_error(s->customer, "code", "state");
    change.status = EC_CREDIT_EXPIRED;
    assert_status(s->staff, ec_credit_update(s->staff, s->card, &change, status, &account),
                  EC_INVALID);
    change.status = EC_CREDIT_ACTIVE;
    assert_ok(s->staff, ec_credit_update(s->staff, s->card, &change, status, &account));
    ec_free(account);
    pays(s, order, tender, "k", 3000, EC_ORDER_PAYMENT_PARTIALLY_PAID);
}

static void credit__listing_filters(void **state)
{
    shop *s = *state;
    ec_credit_list *list = NULL;
    ec_id id = credit_for(s, 5);
    ec_credit_filter filter = {.kind = "store_credit"};
    assert_ok(s->staff, ec_credit_find(s->staff, &filter, NULL, &list));
    assert_int_equal(list->items_count, 1);
    assert_int_equal(list->items[0].id, id);
    ec_free(list);
    filter = (ec_credit_filter){.code_end = s->code + 15, .status = "active"};
    assert_ok(s->staff, ec_credit_find(s->staff, &filter, NULL, &list));
    assert_int_equal(list->items_count, 1);
    assert_int_equal(list->items[0].id, s->card);
    ec_free(list);
    filter = (ec_credit_filter){.kind = "loan"};
    assert_status(s->staff, ec_credit_find(s->staff, &filter, NULL, &list), EC_INVALID);
    assert_field_error(s->staff, "kind", "enum");
}

/* ---- paying orders ---- */

static void pay_credit__takes_what_is_there_and_then_what_is_owed(void **state)
{
    shop *s = *state;
    ec_order *order = NULL;
    ec_id id = order_of(s, "one");
    ec_id credit = credit_for(s, 5000);
    pays(s, id, (ec_credit_tender){.code = s->code}, "a", 3000, EC_ORDER_PAYMENT_PARTIALLY_PAID);
    assert_int_equal(balance_of(s, s->card), 0);
    pays(s, id, (ec_credit_tender){.credit_id = credit}, "b", 5000, EC_ORDER_PAYMENT_PAID);
    assert_int_equal(balance_of(s, credit), 3000);
    assert_ok(s->customer, ec_order_get(s->customer, id, &order));
    assert_int_equal(order->state, EC_STATE_CONFIRMED);
    assert_int_equal(order->payments_count, 2);
    assert_string_equal(order->payments[0].provider, "gift_card");
    assert_string_equal(order->payments[1].provider, "store_credit");
    ec_free(order);
    ec_credit_entry_list *entries = NULL;
    assert_ok(s->staff, ec_credit_entries(s->staff, s->card, NULL, &entries));
    assert_int_equal(entries->items[0].order_id, id);
    assert_int_equal(entries->items[1].order_id, 0);
    ec_free(entries);
}

static void pay_credit__same_key_pays_once(void **state)
{
    shop *s = *state;
    ec_id id = order_of(s, "one");
    ec_credit_tender tender = {.code = s->code, .amount = 1000};
    pays(s, id, tender, "k", 1000, EC_ORDER_PAYMENT_PARTIALLY_PAID);
    pays(s, id, tender, "k", 1000, EC_ORDER_PAYMENT_PARTIALLY_PAID);
    assert_int_equal(balance_of(s, s->card), 2000);
    tender.amount = 1001;
    assert_refused(s, id, &tender, EC_KEY_REUSED);
}

static void pay_credit__refuses_what_is_not_there(void **state)
{
    shop *s = *state;
    ec_credit *euros = NULL;
    ec_id id = order_of(s, "one");
    ec_credit_tender tender = {.code = s->code, .amount = 3001};
    assert_refused(s, id, &tender, EC_INVALID);
    assert_field_error(s->customer, "amount", "max");
    tender = (ec_credit_tender){.code = "0000"};
    assert_refused(s, id, &tender, EC_INVALID);
    assert_field_error(s->customer, "code", "reference");
    tender = (ec_credit_tender){.credit_id = s->card}; /* a card by number: staff only */
    assert_refused(s, id, &tender, EC_INVALID);
    assert_field_error(s->customer, "credit_id", "reference");
    assert_ok(s->staff, ec_credit_issue(s->staff, s->user, 500, "EUR", NULL, &euros));
    tender = (ec_credit_tender){.credit_id = euros->id};
    assert_refused(s, id, &tender, EC_INVALID);
    assert_field_error(s->customer, "credit_id", "currency");
    ec_free(euros);
    tender = (ec_credit_tender){.credit_id = 1, .code = s->code};
    assert_refused(s, id, &tender, EC_INVALID);
    assert_refused(s, id, &((ec_credit_tender){0}), EC_INVALID);
    assert_int_equal(balance_of(s, s->card), 3000);
}

static void pay_credit__refuses_another_customers_credit(void **state)
{
    shop *s = *state;
    ec_credit *theirs = NULL;
    ec_order *order = NULL;
    ec_id id = order_of(s, "one");
    ec_id eva = shop_customer(s->engine, "eva@example.com");
    assert_ok(s->staff, ec_credit_issue(s->staff, eva, 500, NULL, NULL, &theirs));
    ec_credit_tender tender = {.credit_id = theirs->id};
    assert_refused(s, id, &tender, EC_INVALID);
    /* neither may staff: it is not the buyer's */
    assert_status(s->staff, ec_order_pay_credit(s->staff, id, &tender, "k", &order), EC_INVALID);
    ec_session *other = session_customer(s->engine, eva);
    assert_status(other, ec_order_pay_credit(other, id, &tender, "k", &order), EC_NOT_FOUND);
    ec_session_close(other);
    ec_free(theirs);
}

static void pay_credit__refuses_orders_that_owe_nothing(void **state)
{
    shop *s = *state;
    ec_order *order = NULL;
    const sale_line lines[] = {{s->mate, 1}, {0, 0}};
    ec_order *paid = sale_paid_order(s->customer, "paid", lines);
    ec_credit_tender tender = {.code = s->code};
    assert_refused(s, paid->id, &tender, EC_STATE);
    ec_free(paid);
    ec_id id = order_of(s, "off");
    assert_ok(s->customer, ec_order_cancel(s->customer, id, NULL, &order));
    ec_free(order);
    assert_refused(s, id, &tender, EC_STATE);
}

/* ---- money going back ---- */

static void refund__goes_back_to_the_card_first(void **state)
{
    shop *s = *state;
    ec_order *order = NULL;
    ec_payment *payment = NULL;
    ec_id id = order_of(s, "one");
    assert_ok(s->staff, ec_payment_record(s->staff, id, 2000, NULL, NULL, "r", &payment));
    ec_free(payment);
    pays(s, id, (ec_credit_tender){.code = s->code}, "k", 5000, EC_ORDER_PAYMENT_PAID);
    ec_refund_request request = {.amount = 3500, .key = "back"};
    assert_ok(s->staff, ec_order_refund(s->staff, id, &request, &order));
    assert_int_equal(order->refunded_amount, 3500);
    assert_int_equal(order->payments[1].refunded_amount, 3000);
    assert_int_equal(order->payments[0].refunded_amount, 500);
    ec_free(order);
    assert_int_equal(balance_of(s, s->card), 3000);
    assert_ok(s->staff, ec_order_refund(s->staff, id, &request, &order)); /* the same key */
    ec_free(order);
    assert_int_equal(balance_of(s, s->card), 3000);
}

static void refund__to_credit_opens_the_customers_account(void **state)
{
    shop *s = *state;
    ec_order *order = NULL;
    ec_credit_list *list = NULL;
    const sale_line lines[] = {{s->mate, 2}, {0, 0}};
    ec_order *paid = sale_paid_order(s->customer, "paid", lines);
    ec_refund_request request = {.amount = 1500, .key = "back", .to_credit = true};
    for (int i = 0; i < 2; i++) {
        assert_ok(s->staff, ec_order_refund(s->staff, paid->id, &request, &order));
        assert_int_equal(order->refunded_amount, 1500);
        assert_int_equal(order->refunds[0].status, EC_TRANSACTION_SUCCEEDED);
        ec_free(order);
    }
    assert_ok(s->customer, ec_credit_find(s->customer, NULL, NULL, &list));
    assert_int_equal(list->items_count, 1);
    assert_int_equal(list->items[0].balance, 1500);
    ec_free(list);
    request.to_credit = false;
    assert_status(s->staff, ec_order_refund(s->staff, paid->id, &request, &order), EC_KEY_REUSED);
    ec_free(paid);
}

static void refund__to_credit_needs_a_customer(void **state)
{
    shop *s = *state;
    ec_order *order = NULL;
    const sale_line lines[] = {{s->mate, 2}, {0, 0}};
    ec_order *paid = sale_paid_order(s->staff, "paid", lines);
    ec_refund_request request = {.amount = 1500, .key = "back", .to_credit = true};
    assert_status(s->staff, ec_order_refund(s->staff, paid->id, &request, &order), EC_INVALID);
    assert_field_error(s->staff, "to_credit", "user");
    ec_free(paid);
}

static void cancel__gives_credit_back_at_once(void **state)
{
    shop *s = *state;
    ec_order *order = NULL;
    ec_id id = order_of(s, "one");
    pays(s, id, (ec_credit_tender){.code = s->code}, "k", 3000, EC_ORDER_PAYMENT_PARTIALLY_PAID);
    assert_ok(s->customer, ec_order_cancel(s->customer, id, NULL, &order));
    assert_int_equal(order->refunded_amount, 3000);
    assert_int_equal(order->payment_status, EC_ORDER_PAYMENT_REFUNDED);
    assert_int_equal(order->refunds_count, 1);
    ec_free(order);
    assert_int_equal(balance_of(s, s->card), 3000);
}

static void cancel__of_units_gives_back_what_is_paid_too_much(void **state)
{
    shop *s = *state;
    ec_order *order = NULL;
    ec_id id = order_of(s, "one");
    pays(s, id, (ec_credit_tender){.code = s->code}, "k", 3000, EC_ORDER_PAYMENT_PARTIALLY_PAID);
    assert_ok(s->staff, ec_order_get(s->staff, id, &order));
    ec_order_units units = {order->items[0].id, 1};
    ec_free(order);
    ec_cancel_request request = {.items = &units, .items_count = 1};
    assert_ok(s->staff, ec_order_cancel(s->staff, id, &request, &order));
    assert_int_equal(order->refunded_amount, 0); /* 4000 are owed, 3000 paid */
    ec_free(order);
    units.quantity = 2;
    assert_ok(s->staff, ec_order_cancel(s->staff, id, &request, &order));
    assert_int_equal(order->total_amount, 2000);
    assert_int_equal(order->refunded_amount, 1000);
    ec_free(order);
    assert_int_equal(balance_of(s, s->card), 1000);
}

static void sweep__calls_off_what_only_credit_has_paid_a_part_of(void **state)
{
    shop *s = *state;
    int64_t swept = 0;
    ec_payment *payment = NULL;
    ec_order *order = NULL;
    ec_id by_card = order_of(s, "card"), by_both = order_of(s, "both");
    ec_credit_tender tender = {.code = s->code, .amount = 1000};
    pays(s, by_card, tender, "a", 1000, EC_ORDER_PAYMENT_PARTIALLY_PAID);
    pays(s, by_both, tender, "b", 1000, EC_ORDER_PAYMENT_PARTIALLY_PAID);
    assert_ok(s->staff, ec_payment_record(s->staff, by_both, 500, NULL, NULL, "r", &payment));
    ec_free(payment);
    world_advance(10000);
    assert_ok(s->staff, ec_order_sweep(s->staff, 5000, 0, &swept));
    assert_int_equal(swept, 1);
    assert_int_equal(balance_of(s, s->card), 2000);
    assert_ok(s->staff, ec_order_get(s->staff, by_card, &order));
    assert_int_equal(order->state, EC_STATE_CANCELLED);
    ec_free(order);
    assert_ok(s->staff, ec_order_get(s->staff, by_both, &order));
    assert_int_equal(order->state, EC_STATE_PLACED);
    ec_free(order);
}

static void refund__to_a_card_that_ended_waits_there(void **state)
{
    shop *s = *state;
    char code[32];
    int64_t ended = 0;
    ec_order *order = NULL;
    ec_credit *account = NULL;
    ec_id card = make_card(s, 800, world_now() + 1000, code);
    ec_id id = order_of(s, "one");
    pays(s, id, (ec_credit_tender){.code = code}, "k", 800, EC_ORDER_PAYMENT_PARTIALLY_PAID);
    world_advance(2000);
    assert_ok(s->staff, ec_credit_expire(s->staff, 0, &ended));
    assert_int_equal(ended, 1);
    assert_ok(s->customer, ec_order_cancel(s->customer, id, NULL, &order));
    ec_free(order);
    assert_ok(s->staff, ec_credit_expire(s->staff, 0, &ended));
    assert_int_equal(ended, 0);
    assert_int_equal(balance_of(s, card), 800);
    ec_credit again = {.status = EC_CREDIT_ACTIVE};
    assert_ok(s->staff, ec_credit_update(s->staff, card, &again,
                                         ec_mask_of("credit", "status,expires_at"), &account));
    assert_int_equal(account->expires_at, 0);
    ec_free(account);
    pays(s, order_of(s, "two"), (ec_credit_tender){.code = code}, "k2", 800,
         EC_ORDER_PAYMENT_PARTIALLY_PAID);
}

static void credit__raw_sql_cannot_overspend(void **state)
{
    shop *s = *state;
    static const char *const wrongs[] = {
        "UPDATE credit_accounts SET balance = -1",
        "UPDATE credit_accounts SET balance = 9999999999999999",
        "UPDATE credit_accounts SET status = 'stolen'",
        "UPDATE credit_accounts SET code_hash = NULL",
        "UPDATE credit_accounts SET user_id = 1",
        "UPDATE credit_entries SET amount = 0",
        "UPDATE credit_entries SET amount = 3001",
        "UPDATE credit_entries SET balance = -1",
        "UPDATE credit_entries SET kind = 'redeem'",
        "UPDATE credit_entries SET amount = -1",
        "INSERT INTO credit_keys VALUES (2, 'x', 1)",
        "DELETE FROM credit_accounts",
    };
    for (size_t i = 0; i < sizeof wrongs / sizeof wrongs[0]; i++) {
        ec_status status = shop_sql_try(s->engine, wrongs[i]);
        if (status != EC_INVALID && status != EC_IN_USE)
            fail_msg("%s: %s", ec_status_name(status), wrongs[i]);
    }
}

static void verify__finds_balances_that_are_not_the_ledgers(void **state)
{
    shop *s = *state;
    ec_verify_report *report = NULL;
    ec_verify_options options = {.only = "credit."};
    shop_sql(s->engine, "UPDATE credit_accounts SET balance = 2999");
    assert_ok(s->staff, ec_verify(s->staff, &options, &report));
    assert_int_equal(report->problems_count, 1);
    assert_string_equal(report->problems[0].code, "credit.balance");
    assert_int_equal(report->problems[0].expected, 3000);
    ec_free(report);
    shop_sql(s->engine, "UPDATE credit_entries SET amount = 2999");
    assert_ok(s->staff, ec_verify(s->staff, &options, &report));
    assert_int_equal(report->problems_count, 1);
    assert_string_equal(report->problems[0].code, "credit.chain");
    ec_free(report);
    shop_sql(s->engine, "UPDATE credit_entries SET amount = 3000;"
                        "UPDATE credit_accounts SET balance = 3000");
}

int main(void)
{
#define CASE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        CASE(gift_card__code_is_shown_once_and_kept_nowhere),
        CASE(gift_card__batch_has_codes_of_its_own),
        CASE(gift_card__is_found_however_the_code_is_typed),
        CASE(gift_card__every_wrong_code_is_answered_alike),
        CASE(gift_card__is_not_found_in_a_shop_that_never_made_one),
        CASE(gift_card__takes_no_key),
        CASE(credit__is_one_account_for_customer_and_currency),
        CASE(credit__issued_under_one_key_counts_once),
        CASE(credit__is_seen_by_its_customer_only),
        CASE(credit__ledger_tells_every_change),
        CASE(credit__ends_by_the_clock),
        CASE(credit__disabled_cannot_be_spent_until_it_is_enabled),
        CASE(credit__listing_filters),
        CASE(pay_credit__takes_what_is_there_and_then_what_is_owed),
        CASE(pay_credit__same_key_pays_once),
        CASE(pay_credit__refuses_what_is_not_there),
        CASE(pay_credit__refuses_another_customers_credit),
        CASE(pay_credit__refuses_orders_that_owe_nothing),
        CASE(refund__goes_back_to_the_card_first),
        CASE(refund__to_credit_opens_the_customers_account),
        CASE(refund__to_credit_needs_a_customer),
        CASE(cancel__gives_credit_back_at_once),
        CASE(cancel__of_units_gives_back_what_is_paid_too_much),
        CASE(sweep__calls_off_what_only_credit_has_paid_a_part_of),
        CASE(refund__to_a_card_that_ended_waits_there),
        CASE(credit__raw_sql_cannot_overspend),
        CASE(verify__finds_balances_that_are_not_the_ledgers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
