/* SPDX-License-Identifier: MIT */
/*
 * order_ledger.c - the ledger of an order: each figure that the order shows is a sum of entries,
 * whatever happened to its money.
 */
#include "harness/bank.h"
#include "harness/harness.h"
#include "harness/sale.h"

typedef struct shop {
    ec_engine *engine;
    ec_session *staff;
    ec_session *customer;
    ec_id user;
    ec_id mate; /* at 1000 */
    bank *money;
    int keys;
} shop;

static int set_up(void **state)
{
    shop *s = calloc(1, sizeof(*s));
    s->engine = shop_open();
    s->money = bank_open(1);
    bank_register(s->money, s->engine);
    s->staff = session_system(s->engine);
    s->user = shop_customer(s->engine, "ana@example.com");
    s->customer = session_customer(s->engine, s->user);
    s->mate = sale_variant(s->engine, "MATE", 1000, 1000000);
    *state = s;
    return 0;
}

static int tear_down(void **state)
{
    shop *s = *state;
    ec_session_close(s->customer);
    ec_session_close(s->staff);
    shop_close(s->engine);
    bank_close(s->money);
    world_set(WORLD_START);
    free(s);
    return 0;
}

/* ---- what must hold ---- */

static int64_t sum(const ec_ledger *ledger, ec_ledger_kind kind)
{
    int64_t total = 0;
    for (size_t i = 0; i < ledger->entries_count; i++)
        total += ledger->entries[i].kind == kind ? ledger->entries[i].amount : 0;
    return total;
}

/* The figures of the ledger are sums of its entries, those of the order the same. */
static void holds(shop *s, ec_id id)
{
    ec_ledger *ledger = NULL;
    ec_order *order = NULL;
    assert_ok(s->staff, ec_order_ledger(s->staff, id, &ledger));
    assert_ok(s->staff, ec_order_get(s->staff, id, &order));
    assert_int_equal(ledger->owed, sum(ledger, EC_LEDGER_OWED));
    assert_int_equal(ledger->rounding, sum(ledger, EC_LEDGER_ROUNDING));
    assert_int_equal(ledger->authorized, sum(ledger, EC_LEDGER_AUTHORIZED));
    assert_int_equal(ledger->voided, sum(ledger, EC_LEDGER_VOIDED));
    assert_int_equal(ledger->captured, sum(ledger, EC_LEDGER_CAPTURED));
    assert_int_equal(ledger->credit, sum(ledger, EC_LEDGER_CREDIT));
    assert_int_equal(ledger->refunded, sum(ledger, EC_LEDGER_REFUNDED));
    assert_int_equal(order->total_amount, ledger->owed + ledger->rounding);
    assert_int_equal(order->authorized_amount, ledger->authorized + ledger->voided);
    assert_int_equal(order->paid_amount, ledger->captured + ledger->credit);
    assert_int_equal(order->refunded_amount, -ledger->refunded);
    assert_int_equal(order->due_amount, ledger->due);
    assert_int_equal(order->due_amount,
                     order->total_amount - order->paid_amount + order->refunded_amount);
    for (size_t i = 1; i < ledger->entries_count; i++)
        assert_true(ledger->entries[i - 1].at <= ledger->entries[i].at ||
                    strcmp(ledger->entries[i - 1].cause, "placed") == 0);
    ec_free(order);
    ec_free(ledger);
}

static void is_entry(const ec_ledger *ledger, size_t at, ec_ledger_kind kind, int64_t amount,
                     const char *cause)
{
    assert_true(at < ledger->entries_count);
    assert_int_equal(ledger->entries[at].kind, kind);
    assert_int_equal(ledger->entries[at].amount, amount);
    assert_string_equal(ledger->entries[at].cause, cause);
}

static ec_id make_card(shop *s, int64_t amount, char code[32])
{
    ec_credit_list *list = NULL;
    ec_gift_card_request request = {.amount = amount};
    assert_ok(s->staff, ec_gift_card_issue(s->staff, &request, &list));
    ec_id id = list->items[0].id;
    snprintf(code, 32, "%s", list->items[0].code);
    ec_free(list);
    return id;
}

static const char *new_key(shop *s)
{
    static char key[32];
    snprintf(key, sizeof key, "key-%d", ++s->keys);
    return key;
}

/* An order of so many units by the customer; 0 when the payment was declined or is unknown. */
static ec_id order_of(shop *s, int64_t units, const char *provider, const char *token, bool capture,
                      const ec_credit_tender *credit)
{
    ec_cart *cart = NULL;
    ec_order *order = NULL;
    ec_session *buyer = session_customer(s->engine, s->user);
    assert_ok(buyer, ec_cart_open(buyer, &cart));
    ec_checkout_request request = EC_CHECKOUT_REQUEST_INIT;
    request.cart_id = cart->id;
    ec_free(cart);
    request.key = new_key(s);
    request.shipping_address = &sale_address;
    request.payment_provider = provider;
    request.payment_method = provider == NULL ? "cash" : "card"; /* cash is rounded */
    request.payment_token = token;
    request.capture = capture;
    request.credits = credit;
    request.credits_count = credit != NULL;
    ec_status status = ec_cart_add(buyer, request.cart_id, s->mate, units, -1, &cart);
    ec_free(cart);
    if (status == EC_OK) status = ec_checkout(buyer, &request, &order);
    ec_id id = status == EC_OK ? order->id : 0;
    ec_free(order);
    ec_session_close(buyer);
    return id;
}

/* ---- single stories ---- */

static void ledger__tells_the_story_of_an_order(void **state)
{
    shop *s = *state;
    char code[32];
    ec_order *order = NULL;
    ec_ledger *ledger = NULL;
    ec_payment *payment = NULL;
    ec_id card = make_card(s, 3000, code);
    ec_id id = order_of(s, 5, NULL, NULL, false, NULL);
    ec_credit_tender tender = {.code = code};
    world_advance(1000);
    assert_ok(s->customer, ec_order_pay_credit(s->customer, id, &tender, "c", &order));
    ec_id item = order->items[0].id;
    ec_free(order);
    world_advance(1000);
    ec_order_edit_item more = {.order_item_id = item, .quantity = 6, .unit_price = -1};
    ec_order_edit_request edit = EC_ORDER_EDIT_REQUEST_INIT;
    edit.items = &more;
    edit.items_count = 1;
    edit.note = "one more";
    assert_ok(s->staff, ec_order_edit(s->staff, id, &edit, &order));
    ec_free(order);
    world_advance(1000);
    assert_ok(s->staff, ec_payment_record(s->staff, id, 3000, NULL, "T-1", "r", &payment));
    ec_free(payment);
    world_advance(1000);
    ec_order_units units = {item, 2};
    ec_cancel_request cancel = {.items = &units, .items_count = 1, .reason = "too many"};
    assert_ok(s->staff, ec_order_cancel(s->staff, id, &cancel, &order));
    assert_int_equal(order->due_amount, 0); /* the card got it back */
    ec_free(order);
    assert_ok(s->customer, ec_order_ledger(s->customer, id, &ledger));
    assert_int_equal(ledger->entries_count, 8);
    is_entry(ledger, 0, EC_LEDGER_OWED, 5000, "placed");
    is_entry(ledger, 1, EC_LEDGER_AUTHORIZED, 3000, "payment");
    is_entry(ledger, 2, EC_LEDGER_CREDIT, 3000, "payment");
    assert_int_equal(ledger->entries[2].credit_id, card);
    is_entry(ledger, 3, EC_LEDGER_OWED, 1000, "edit");
    assert_string_equal(ledger->entries[3].note, "one more");
    is_entry(ledger, 4, EC_LEDGER_AUTHORIZED, 3000, "payment");
    is_entry(ledger, 5, EC_LEDGER_CAPTURED, 3000, "payment");
    assert_string_equal(ledger->entries[5].provider, "offline");
    is_entry(ledger, 6, EC_LEDGER_OWED, -2000, "cancel");
    is_entry(ledger, 7, EC_LEDGER_REFUNDED, -2000, "refund");
    assert_int_equal(ledger->entries[7].credit_id, card);
    assert_string_equal(ledger->entries[7].note, "too many");
    assert_int_equal(ledger->due, 0);
    ec_free(ledger);
    holds(s, id);
    sale_verified(s->engine);
}

static void ledger__tells_what_was_given_up(void **state)
{
    shop *s = *state;
    ec_order *order = NULL;
    ec_ledger *ledger = NULL;
    ec_payment *payment = NULL;
    ec_id id = order_of(s, 5, "manual", "tok_ok", false, NULL);
    assert_ok(s->staff, ec_order_get(s->staff, id, &order));
    ec_id payment_id = order->payments[0].id;
    assert_int_equal(order->authorized_amount, 5000);
    assert_int_equal(order->due_amount, 5000);
    ec_free(order);
    assert_ok(s->staff, ec_payment_capture(s->staff, payment_id, 1200, "c", &payment));
    ec_free(payment);
    assert_ok(s->staff, ec_payment_void(s->staff, payment_id, "v", &payment));
    ec_free(payment);
    assert_ok(s->staff, ec_order_ledger(s->staff, id, &ledger));
    is_entry(ledger, 0, EC_LEDGER_OWED, 5000, "placed");
    is_entry(ledger, 1, EC_LEDGER_AUTHORIZED, 5000, "payment");
    is_entry(ledger, 2, EC_LEDGER_CAPTURED, 1200, "payment");
    is_entry(ledger, 3, EC_LEDGER_VOIDED, -3800, "payment");
    assert_int_equal(ledger->due, 3800);
    ec_free(ledger);
    holds(s, id);
    sale_verified(s->engine);
}

static void ledger__tells_the_rounding_of_cash(void **state)
{
    shop *s = *state;
    char code[32];
    ec_cart *cart = NULL;
    ec_order *order = NULL;
    ec_ledger *ledger = NULL;
    ec_id cup = sale_variant(s->engine, "CUP", 1003, 10);
    (void)make_card(s, 600, code);
    ec_credit_tender tender = {.code = code};
    ec_checkout_request request = EC_CHECKOUT_REQUEST_INIT;
    assert_ok(s->customer, ec_cart_open(s->customer, &cart));
    request.cart_id = cart->id;
    ec_free(cart);
    assert_ok(s->customer, ec_cart_add(s->customer, request.cart_id, cup, 1, -1, &cart));
    ec_free(cart);
    request.key = "cash";
    request.shipping_address = &sale_address;
    request.payment_method = "cash";
    request.credits = &tender;
    request.credits_count = 1;
    assert_ok(s->customer, ec_checkout(s->customer, &request, &order));
    assert_int_equal(order->total_amount, 1000);
    assert_int_equal(order->due_amount, 400);
    assert_ok(s->staff, ec_order_ledger(s->staff, order->id, &ledger));
    is_entry(ledger, 0, EC_LEDGER_OWED, 1003, "placed");
    is_entry(ledger, 1, EC_LEDGER_ROUNDING, -3, "placed");
    is_entry(ledger, 2, EC_LEDGER_AUTHORIZED, 600, "payment");
    is_entry(ledger, 3, EC_LEDGER_CREDIT, 600, "payment");
    ec_free(ledger);
    holds(s, order->id);
    ec_free(order);
    sale_verified(s->engine);
}

static void ledger__is_for_the_customer_and_staff(void **state)
{
    shop *s = *state;
    ec_ledger *ledger = NULL;
    ec_id id = order_of(s, 1, NULL, NULL, false, NULL);
    ec_session *other = session_customer(s->engine, shop_customer(s->engine, "eva@example.com"));
    ec_session *guest = session_guest(s->engine);
    assert_status(other, ec_order_ledger(other, id, &ledger), EC_NOT_FOUND);
    assert_status(guest, ec_order_ledger(guest, id, &ledger), EC_NOT_FOUND);
    ec_session_close(guest);
    ec_session_close(other);
}

static void ledger__is_written_as_json_in_the_orders_currency(void **state)
{
    shop *s = *state;
    char *json = NULL;
    ec_ledger *ledger = NULL;
    ec_id id = order_of(s, 1, NULL, NULL, false, NULL);
    assert_ok(s->staff, ec_order_ledger(s->staff, id, &ledger));
    assert_ok(s->staff, ec_to_json(s->staff, "ledger", ledger, &json));
    assert_non_null(strstr(json, "\"due\":1000,"));
    assert_non_null(strstr(json, "\"kind\":\"owed\""));
    ec_free(json);
    ec_free(ledger);
}

static void verify__names_figures_that_are_no_sums(void **state)
{
    static const struct {
        const char *sql;
        int64_t expected, found;
    } wrongs[] = {
        {"UPDATE orders SET authorized_amount = 4999", 5000, 4999},
        {"UPDATE orders SET paid_amount = 4999, due_amount = 1", 5000, 4999},
        {"UPDATE adjustments SET amount = -1", 5000, 4000},
    };
    shop *s = *state;
    ec_verify_options options = {.only = "order.ledger"};
    for (size_t i = 0; i < sizeof wrongs / sizeof wrongs[0]; i++) {
        ec_engine *engine = shop_open();
        ec_session *staff = session_system(engine);
        ec_verify_report *report = NULL;
        const sale_line lines[] = {{sale_variant(engine, "CUP", 1000, 10), 5}, {0, 0}};
        ec_order *order = sale_paid_order(staff, "paid", lines);
        ec_order_units units = {order->items[0].id, 1};
        ec_cancel_request cancel = {.items = &units, .items_count = 1};
        ec_free(order);
        if (i == 2) {
            assert_ok(staff, ec_order_cancel(staff, 1, &cancel, &order));
            ec_free(order);
        }
        shop_sql(engine, wrongs[i].sql);
        assert_ok(staff, ec_verify(staff, &options, &report));
        assert_true(report->problems_count > 0);
        assert_int_equal(report->problems[0].id, 1);
        assert_int_equal(report->problems[0].found, wrongs[i].found);
        if (i < 2) assert_int_equal(report->problems[0].expected, wrongs[i].expected);
        ec_free(report);
        ec_session_close(staff);
        shop_close(engine);
    }
    (void)s;
}

/* ---- random stories ---- */

static void act(shop *s, ec_id id)
{
    ec_order *order = NULL, *after = NULL;
    ec_payment *payment = NULL;
    assert_ok(s->staff, ec_order_get(s->staff, id, &order));
    int64_t amount = 1 + world_pick(order->total_amount > 0 ? order->total_amount : 1000);
    const ec_payment *some = order->payments_count > 0
                                 ? &order->payments[world_pick((int64_t)order->payments_count)]
                                 : NULL;
    ec_order_units units = {order->items[0].id, 1 + world_pick(2)};
    ec_cancel_request cancel = {.items = &units, .items_count = world_pick(5) > 0};
    ec_order_edit_item change = {.order_item_id = units.order_item_id,
                                 .quantity = 1 + world_pick(9),
                                 .unit_price = world_pick(2) ? -1 : world_pick(3000)};
    ec_order_edit_request edit = {
        .items = &change, .items_count = 1, .shipping_amount = world_pick(3) ? -1 : 490};
    ec_refund_request refund = {
        .amount = world_pick(4) ? amount : 0, .key = new_key(s), .to_credit = world_pick(3) == 0};
    ec_credit_tender tender = {.credit_id = world_pick(2) ? 1 : 2, .amount = 0};
    switch (world_pick(9)) {
    case 0:
    case 1:
        if (some)
            (void)ec_payment_capture(s->staff, some->id, world_pick(2) ? 0 : amount, refund.key,
                                     &payment);
        break;
    case 2:
        if (some) (void)ec_payment_void(s->staff, some->id, refund.key, &payment);
        break;
    case 3: (void)ec_payment_record(s->staff, id, amount, NULL, NULL, refund.key, &payment); break;
    case 4:
        tender.amount = world_pick(2) ? 0 : amount / 2;
        (void)ec_order_pay_credit(s->staff, id, &tender, refund.key, &after);
        break;
    case 5: (void)ec_order_refund(s->staff, id, &refund, &after); break;
    case 6: (void)ec_order_cancel(s->staff, id, &cancel, &after); break;
    case 7: (void)ec_order_edit(s->staff, id, &edit, &after); break;
    default: {
        ec_reconciliation *done = NULL;
        (void)ec_payment_reconcile(s->staff, 0, &done);
        ec_free(done);
    }
    }
    ec_free(after);
    ec_free(payment);
    ec_free(order);
}

static void ledger__holds_for_any_history_of_payments(void **state)
{
    static const char *const tokens[] = {"tok_ok", "tok_ok", "tok_timeout_after", "tok_declined",
                                         "tok_timeout_before"};
    static const char *const providers[] = {NULL, "manual", "bank", "bank"};
    enum { STORIES = 400, STEPS = 25 };
    shop *s = *state;
    char code[32];
    ec_credit *account = NULL;
    int told = 0;
    ec_reconciliation *done = NULL;
    (void)make_card(s, EC_AMOUNT_MAX / 2, code);
    s->mate = sale_variant(s->engine, "ODD", 1003, 1000000);
    assert_ok(s->staff, ec_credit_issue(s->staff, s->user, 1000000, NULL, NULL, &account));
    ec_free(account);
    for (int story = 0; story < STORIES; story++) {
        world_seed((uint64_t)story + 1000);
        const char *provider = providers[world_pick(4)];
        ec_credit_tender tender = {.code = code, .amount = 1 + world_pick(1500)};
        ec_id id = order_of(s, 2 + world_pick(6), provider, provider ? tokens[world_pick(5)] : NULL,
                            world_pick(2), world_pick(2) ? &tender : NULL);
        for (int step = 0; id != 0 && step < STEPS; step++) {
            world_advance(1 + world_pick(3) * 1000);
            act(s, id);
            holds(s, id);
            told++;
        }
        /* what is unknown freezes the customer's cart */
        assert_ok(s->staff, ec_payment_reconcile(s->staff, 0, &done));
        ec_free(done);
        if (story % 100 == 99) sale_verified(s->engine);
    }
    assert_true(told > STORIES * STEPS / 3);
    bank_calm(s->money);
    assert_ok(s->staff, ec_payment_reconcile(s->staff, 0, &done));
    ec_free(done);
    sale_verified(s->engine);
}

int main(void)
{
#define CASE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        CASE(ledger__tells_the_story_of_an_order),
        CASE(ledger__tells_what_was_given_up),
        CASE(ledger__tells_the_rounding_of_cash),
        CASE(ledger__is_for_the_customer_and_staff),
        CASE(ledger__is_written_as_json_in_the_orders_currency),
        CASE(verify__names_figures_that_are_no_sums),
        CASE(ledger__holds_for_any_history_of_payments),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
