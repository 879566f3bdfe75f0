/* SPDX-License-Identifier: MIT */
/*
 * mixed.c - a hundred thousand operations of every kind at once, in threads and in processes, with
 * time passing and a bank on a bad day. Afterwards the shop's books must agree with each other and
 * with a tally that the test kept by itself.
 *
 * EC_SEED=number repeats the choices of a run (not the interleaving); every run prints its seed.
 */
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "harness/bank.h"
#include "harness/goods.h"
#include "harness/sale.h"

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SANITIZED 1
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITIZED 1
#endif

#ifdef SANITIZED
#define OPERATIONS 5000
#else
#define OPERATIONS 100000
#endif

enum {
    THREADS = 8,
    PROCESSES = 4,
    EACH = 2, /* threads of a process */
    VARIANTS = 12,
    WAREHOUSES = 3,
    CUSTOMERS = 6,
    SLOTS = 1 << 15, /* carts */
    NEAR = 120       /* of them the latest are worked on */
};

/* A cart that was opened, and the order that it became. */
typedef struct slot {
    _Atomic int64_t cart;
    _Atomic int64_t order;
    _Atomic bool counted; /* its money is in the tally */
    int64_t user;         /* 0: a visitor's */
    char token[80];
} slot;

/* What all threads of all processes share. */
typedef struct board {
    _Atomic int64_t left; /* operations to be done */
    _Atomic int64_t now;
    _Atomic int64_t keys; /* the last one given out */
    _Atomic int slots;
    _Atomic int wrong;
    ec_id warehouses[WAREHOUSES];
    ec_id variants[VARIANTS];
    ec_id users[CUSTOMERS];
    _Atomic int64_t customer_carts[CUSTOMERS];
    /* the tally */
    _Atomic int64_t on_hand[VARIANTS];
    _Atomic int64_t taken_offline, taken_manual, back_offline, back_manual;
    _Atomic int64_t done[64]; /* by operation */
    _Atomic int64_t ok[64];
    slot slot[SLOTS];
} board;

/* One thread. */
typedef struct worker {
    board *b;
    ec_engine *engine;
    ec_session *staff;
    uint64_t dice;
    int operation;
    pthread_t thread;
} worker;

/* ---- dice and expectations ---- */

static int64_t pick(worker *w, int64_t n)
{
    uint64_t z = (w->dice += UINT64_C(0x9e3779b97f4a7c15));
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return (int64_t)((z ^ (z >> 31)) % (uint64_t)n);
}

static bool luck(worker *w, int percent)
{
    return pick(w, 100) < percent;
}

#define MAY(name) (1u << (-EC_##name))

/* An operation was done. Is it well? Anything but success and what it may answer is wrong. */
static bool did(worker *w, ec_session *session, const char *what, ec_status status, unsigned may)
{
    w->b->left--;
    w->b->done[w->operation]++;
    if (status == EC_OK) {
        w->b->ok[w->operation]++;
        return true;
    }
    const ec_error *error = ec_session_error(session);
    /* a state that follows from facts is never refused */
    bool stuck = status == EC_STATE && strstr(error->message, "cannot go from") != NULL;
    if (stuck || (may >> (unsigned)-status & 1u) == 0) {
        w->b->wrong++;
        print_error("%s: %s: %s (%s: %s)\n", what, ec_status_name(status), error->message,
                    error->field ? error->field : "-", error->rule ? error->rule : "-");
    }
    return false;
}

/* A key that nobody used. */
static const char *new_key(worker *w, char *buffer, size_t size)
{
    snprintf(buffer, size, "key-%lld", (long long)++w->b->keys);
    return buffer;
}

/* ---- carts ---- */

static slot *some_slot(worker *w)
{
    int count = w->b->slots;
    if (count == 0) return NULL;
    slot *s = &w->b->slot[count - 1 - (int)pick(w, count < NEAR ? count : NEAR)];
    return s->cart != 0 ? s : NULL;
}

static ec_session *session_of(worker *w, int64_t user, const char *token)
{
    ec_session *session = NULL;
    ec_session_options options = {.version = EC_SESSION_OPTIONS_VERSION,
                                  .actor = user != 0 ? EC_ACTOR_CUSTOMER : EC_ACTOR_GUEST,
                                  .user_id = user};
    if (ec_session_open(w->engine, &options, &session) != EC_OK) {
        w->b->wrong++;
        return NULL;
    }
    if (token && token[0] != '\0' && ec_session_cart_token(session, token) != EC_OK) {
        w->b->wrong++;
    }
    return session;
}

/* Let others see a new cart. */
static void publish(worker *w, const ec_cart *cart, int64_t user)
{
    int at = w->b->slots++;
    if (at >= SLOTS) {
        w->b->slots--;
        return;
    }
    slot *s = &w->b->slot[at];
    s->user = user;
    snprintf(s->token, sizeof s->token, "%s", cart->token ? cart->token : "");
    s->cart = cart->id;
}

static ec_id some_variant(worker *w)
{
    return w->b->variants[pick(w, VARIANTS)];
}

static const unsigned cart_may = MAY(STATE) | MAY(NOT_FOUND) | MAY(OUT_OF_STOCK) | MAY(CHANGED);

static void put_in(worker *w, ec_session *session, ec_id cart_id)
{
    ec_cart *cart = NULL;
    ec_status status =
        ec_cart_add(session, cart_id, some_variant(w), 1 + pick(w, 3), -1, &cart);
    (void)did(w, session, "add", status, cart_may);
    ec_free(cart);
}

static void op_open(worker *w)
{
    ec_cart *cart = NULL;
    int64_t customer = luck(w, 30) ? pick(w, CUSTOMERS) : -1;
    int64_t user = customer >= 0 ? w->b->users[customer] : 0;
    ec_session *session = session_of(w, user, NULL);
    if (!session) return;
    if (did(w, session, "open", ec_cart_open(session, &cart), 0)) {
        bool is_new =
            customer < 0 || atomic_exchange(&w->b->customer_carts[customer], cart->id) != cart->id;
        if (cart->token && ec_session_cart_token(session, cart->token) != EC_OK) w->b->wrong++;
        put_in(w, session, cart->id);
        if (luck(w, 50)) put_in(w, session, cart->id);
        if (is_new) publish(w, cart, user);
    }
    ec_free(cart);
    ec_session_close(session);
}

static void change(worker *w, ec_session *session, const ec_cart *cart)
{
    ec_cart *after = NULL;
    ec_id item = cart->items_count > 0 ? cart->items[pick(w, (int64_t)cart->items_count)].id : 1;
    switch (pick(w, 8)) {
    case 0:
        (void)did(w, session, "remove", ec_cart_remove(session, cart->id, item, &after), cart_may);
        break;
    case 1:
        if (luck(w, 20))
            (void)did(w, session, "clear", ec_cart_clear(session, cart->id, &after), cart_may);
        break;
    case 2:
        (void)did(w, session, "acknowledge", ec_cart_acknowledge(session, cart->id, &after),
                  cart_may);
        break;
    case 3:
    case 4:
        (void)did(w, session, "set", ec_cart_set(session, cart->id, item, pick(w, 5), &after),
                  cart_may);
        break;
    default: put_in(w, session, cart->id); break;
    }
    ec_free(after);
}

static void op_change(worker *w)
{
    ec_cart *cart = NULL;
    slot *s = some_slot(w);
    ec_session *session = s ? session_of(w, s->user, s->token) : NULL;
    if (!session) return;
    if (did(w, session, "get", ec_cart_get(session, s->cart, &cart), MAY(NOT_FOUND)))
        change(w, session, cart);
    ec_free(cart);
    ec_session_close(session);
}

/* A visitor signs in. */
static void op_merge(worker *w)
{
    ec_cart *cart = NULL, *merged = NULL;
    int64_t customer = pick(w, CUSTOMERS);
    int64_t user = w->b->users[customer];
    ec_session *session = session_of(w, 0, NULL);
    if (!session) return;
    char token[80] = "";
    if (did(w, session, "open", ec_cart_open(session, &cart), 0)) {
        snprintf(token, sizeof token, "%s", cart->token);
        (void)ec_session_cart_token(session, token);
        put_in(w, session, cart->id);
    }
    ec_session_close(session);
    session = session_of(w, user, token);
    if (session &&
        did(w, session, "merge", ec_cart_merge(session, &merged), cart_may | MAY(LIMIT)) &&
        atomic_exchange(&w->b->customer_carts[customer], merged->id) != merged->id)
        publish(w, merged, user);
    ec_free(cart);
    ec_free(merged);
    if (session) ec_session_close(session);
}

/* ---- checkout ---- */

/* The same for everybody who asks for this cart. */
static ec_checkout_request request_for(const slot *s, char *key, size_t size)
{
    static const char *const tokens[] = {"tok_ok", "tok_ok",       "tok_ok",
                                         "tok_ok", "tok_declined", "tok_timeout_before",
                                         "tok_ok", "tok_timeout_after"};
    ec_checkout_request request = EC_CHECKOUT_REQUEST_INIT;
    uint64_t cart = (uint64_t)s->cart;
    snprintf(key, size, "checkout-%llu", (unsigned long long)cart);
    request.cart_id = s->cart;
    request.key = key;
    request.email = "ana@example.com";
    request.shipping_address = &sale_address;
    switch (cart % 4) {
    case 0: break;
    case 1: /* here the tally needs an answer: it is taken by hand where it is not sure */
        request.payment_provider = "manual";
        request.capture = cart % 8 == 1;
        request.payment_token = request.capture ? "tok_ok" : tokens[cart / 8 % 8];
        break;
    default:
        request.payment_provider = "bank";
        request.capture = cart / 4 % 2 == 0;
        request.payment_token = tokens[cart / 8 % 8];
        break;
    }
    if (request.payment_provider) request.payment_method = "card";
    return request;
}

static void tally_checkout(worker *w, slot *s, const ec_order *order)
{
    s->order = order->id;
    if (atomic_exchange(&s->counted, true)) return;
    for (size_t i = 0; i < order->payments_count; i++)
        if (strcmp(order->payments[i].provider, "manual") == 0 && s->cart % 8 == 1)
            w->b->taken_manual += order->payments[i].captured_amount;
}

static void op_checkout(worker *w)
{
    char key[64];
    ec_order *order = NULL;
    slot *s = some_slot(w);
    ec_session *session = s ? session_of(w, s->user, s->token) : NULL;
    if (!session) return;
    ec_checkout_request request = request_for(s, key, sizeof key);
    if (luck(w, 3)) request.key = "another";
    if (luck(w, 10)) request.expected_total = 1000;
    unsigned may = MAY(STATE) | MAY(OUT_OF_STOCK) | MAY(CHANGED) | MAY(DECLINED) | MAY(UNKNOWN) |
                   MAY(NOT_FOUND) | MAY(KEY_REUSED);
    if (did(w, session, "checkout", ec_checkout(session, &request, &order), may))
        tally_checkout(w, s, order);
    ec_free(order);
    ec_session_close(session);
}

/* ---- orders ---- */

/* An order as it is now; to be freed. */
static ec_order *some_order(worker *w, slot **at)
{
    ec_order *order = NULL;
    slot *s = NULL;
    for (int i = 0; i < 20 && (!s || s->order == 0); i++)
        s = some_slot(w);
    if (!s || s->order == 0) return NULL;
    if (at) *at = s;
    (void)did(w, w->staff, "order", ec_order_get(w->staff, s->order, &order), 0);
    return order;
}

static void op_look(worker *w)
{
    ec_order_list *list = NULL;
    ec_stock_level_list *levels = NULL;
    ec_order_filter filter = {.status = luck(w, 50) ? "pending" : NULL};
    ec_page page = {.limit = 20, .total = luck(w, 20)};
    (void)did(w, w->staff, "orders", ec_order_find(w->staff, &filter, &page, &list), 0);
    ec_free(list);
    ec_stock_filter stock = {.variant_id = some_variant(w)};
    if (did(w, w->staff, "levels", ec_stock_find(w->staff, &stock, &page, &levels), 0))
        for (size_t i = 0; i < levels->items_count; i++)
            if (levels->items[i].on_hand < levels->items[i].committed &&
                !levels->items[i].backorder)
                w->b->wrong++;
    ec_free(levels);
}

static void op_record(worker *w)
{
    char key[64];
    ec_payment *payment = NULL;
    ec_order *order = some_order(w, NULL);
    if (!order) return;
    int64_t due = order->total_amount - order->paid_amount + order->refunded_amount;
    int64_t amount = due > 1 ? (luck(w, 50) ? due : 1 + pick(w, due)) : 1;
    if (did(w, w->staff, "record",
            ec_payment_record(w->staff, order->id, amount, NULL, NULL, new_key(w, key, sizeof key),
                              &payment),
            MAY(STATE) | MAY(INVALID)))
        w->b->taken_offline += amount;
    ec_free(payment);
    ec_free(order);
}

static const ec_payment *some_payment(worker *w, const ec_order *order)
{
    return order->payments_count > 0 ? &order->payments[pick(w, (int64_t)order->payments_count)]
                                     : NULL;
}

static void op_capture(worker *w)
{
    char key[64];
    ec_payment *out = NULL;
    ec_order *order = some_order(w, NULL);
    const ec_payment *payment = order ? some_payment(w, order) : NULL;
    if (payment) {
        int64_t left = payment->authorized_amount - payment->captured_amount;
        int64_t amount = left > 1 ? 1 + pick(w, left) : 1;
        if (luck(w, 50)) amount = left > 0 ? left : 1;
        new_key(w, key, sizeof key);
        if (did(w, w->staff, "capture",
                ec_payment_capture(w->staff, payment->id, amount, key, &out),
                MAY(STATE) | MAY(INVALID) | MAY(DECLINED) | MAY(UNKNOWN)) &&
            strcmp(payment->provider, "manual") == 0)
            w->b->taken_manual += amount;
    }
    ec_free(out);
    ec_free(order);
}

static void op_void(worker *w)
{
    char key[64];
    ec_payment *out = NULL;
    ec_order *order = some_order(w, NULL);
    const ec_payment *payment = order ? some_payment(w, order) : NULL;
    if (payment)
        (void)did(w, w->staff, "void",
                  ec_payment_void(w->staff, payment->id, new_key(w, key, sizeof key), &out),
                  MAY(STATE) | MAY(DECLINED) | MAY(UNKNOWN));
    ec_free(out);
    ec_free(order);
}

static void op_refund(worker *w)
{
    char key[64];
    ec_order *out = NULL;
    ec_order *order = some_order(w, NULL);
    const ec_payment *payment = order ? some_payment(w, order) : NULL;
    if (payment) {
        int64_t left = payment->captured_amount - payment->refunded_amount;
        ec_refund_request request = {.payment_id = payment->id,
                                     .amount = left > 1 ? 1 + pick(w, left) : 1,
                                     .key = new_key(w, key, sizeof key)};
        if (did(w, w->staff, "refund", ec_order_refund(w->staff, order->id, &request, &out),
                MAY(STATE) | MAY(INVALID) | MAY(DECLINED) | MAY(UNKNOWN))) {
            if (strcmp(payment->provider, "manual") == 0) w->b->back_manual += request.amount;
            if (strcmp(payment->provider, "offline") == 0) w->b->back_offline += request.amount;
        }
    }
    ec_free(out);
    ec_free(order);
}

static int variant_index(const board *b, ec_id variant)
{
    int at = 0;
    while (at < VARIANTS && b->variants[at] != variant)
        at++;
    return at;
}

/* Units of an item leave or come back: only what is tracked was ever on hand. */
static void count_on_hand(worker *w, const ec_order *order, ec_id item, int64_t units)
{
    for (size_t i = 0; i < order->items_count; i++) {
        int at = variant_index(w->b, order->items[i].variant_id);
        if (order->items[i].id == item && order->items[i].tracked && at < VARIANTS)
            w->b->on_hand[at] += units;
    }
}

static int64_t open_units(const ec_order_item *item)
{
    return item->quantity - item->cancelled_quantity - item->shipped_quantity;
}

/* Some of its items, with units that may be too many meanwhile. */
static size_t choose(worker *w, const ec_order *order, ec_order_units *units, size_t max)
{
    size_t count = 0;
    for (size_t i = 0; i < order->items_count && count < max; i++) {
        int64_t open = open_units(&order->items[i]);
        if (open > 0 && luck(w, 70))
            units[count++] = (ec_order_units){order->items[i].id, 1 + pick(w, open)};
    }
    return count;
}

static void op_cancel(worker *w)
{
    ec_order_units units[8];
    ec_order *out = NULL;
    ec_order *order = some_order(w, NULL);
    if (!order) return;
    ec_cancel_request request = {.reason = "changed mind", .items = units};
    if (luck(w, 70)) {
        request.items_count = choose(w, order, units, 8);
        request.no_restock = request.items_count > 0 && luck(w, 20);
        request.version = luck(w, 30) ? order->version : 0;
    }
    if (did(w, w->staff, "cancel", ec_order_cancel(w->staff, order->id, &request, &out),
            MAY(STATE) | MAY(INVALID) | MAY(STALE)) &&
        request.no_restock)
        for (size_t i = 0; i < request.items_count; i++)
            count_on_hand(w, order, units[i].order_item_id, -units[i].quantity);
    ec_free(out);
    ec_free(order);
}

static void op_ship(worker *w)
{
    ec_order_units units[8];
    ec_shipment_item items[8];
    ec_order *out = NULL;
    ec_order *order = some_order(w, NULL);
    if (!order) return;
    size_t count = choose(w, order, units, 8);
    for (size_t i = 0; i < count; i++)
        items[i] = (ec_shipment_item){.order_item_id = units[i].order_item_id,
                                      .quantity = units[i].quantity};
    ec_shipment shipment = {.carrier = "Post", .items = items, .items_count = count};
    if (count > 0 &&
        did(w, w->staff, "ship", ec_order_ship(w->staff, order->id, &shipment, &out),
            MAY(STATE) | MAY(INVALID) | MAY(OUT_OF_STOCK)))
        for (size_t i = 0; i < count; i++)
            count_on_hand(w, order, units[i].order_item_id, -units[i].quantity);
    ec_free(out);
    ec_free(order);
}

static void op_deliver(worker *w)
{
    ec_order *out = NULL;
    ec_order *order = some_order(w, NULL);
    if (order && order->shipments_count > 0) {
        ec_id id = order->shipments[pick(w, (int64_t)order->shipments_count)].id;
        (void)did(w, w->staff, "deliver", ec_shipment_deliver(w->staff, id, &out), MAY(STATE));
    }
    ec_free(out);
    ec_free(order);
}

static void op_return(worker *w)
{
    ec_return_item items[8];
    ec_order *out = NULL;
    size_t count = 0;
    ec_order *order = some_order(w, NULL);
    for (size_t i = 0; order && i < order->items_count && count < 8; i++) {
        int64_t sent = order->items[i].shipped_quantity - order->items[i].returned_quantity;
        if (sent > 0)
            items[count++] = (ec_return_item){.order_item_id = order->items[i].id,
                                              .quantity = 1 + pick(w, sent),
                                              .restock = luck(w, 70)};
    }
    ec_return request = {.reason = "too small", .items = items, .items_count = count};
    if (count > 0)
        (void)did(w, w->staff, "return",
                  ec_return_request(w->staff, order->id, &request, &out),
                  MAY(STATE) | MAY(INVALID));
    ec_free(out);
    ec_free(order);
}

static void op_return_step(worker *w)
{
    static const char *const events[] = {"approve", "receive", "receive", "reject", "cancel",
                                         "approve", "receive", "receive"};
    ec_order *out = NULL;
    ec_order *order = some_order(w, NULL);
    if (order && order->returns_count > 0) {
        const ec_return *r = &order->returns[pick(w, (int64_t)order->returns_count)];
        const char *event = events[pick(w, 8)];
        if (did(w, w->staff, event,
                ec_return_apply(w->staff, r->id, event, w->b->warehouses[0], &out), MAY(STATE)) &&
            strcmp(event, "receive") == 0)
            for (size_t i = 0; i < r->items_count; i++)
                if (r->items[i].restock)
                    count_on_hand(w, order, r->items[i].order_item_id, r->items[i].quantity);
    }
    ec_free(out);
    ec_free(order);
}

static void op_apply(worker *w)
{
    static const char *const events[] = {"confirm", "process", "complete"};
    ec_order *out = NULL;
    ec_order *order = some_order(w, NULL);
    if (!order) return;
    (void)did(w, w->staff, "apply",
              ec_order_apply(w->staff, order->id, events[pick(w, 3)], "note", &out), MAY(STATE));
    ec_free(out);
    ec_free(order);
}

static void op_edit(worker *w)
{
    ec_order *out = NULL;
    ec_order *order = some_order(w, NULL);
    if (!order) return;
    ec_order_edit_item item = {.quantity = 1 + pick(w, 3), .unit_price = luck(w, 50) ? -1 : 700};
    if (luck(w, 30) || order->items_count == 0)
        item.variant_id = some_variant(w);
    else
        item.order_item_id = order->items[0].id;
    ec_order_edit_request request = {
        .items = &item, .items_count = 1, .shipping_amount = luck(w, 80) ? -1 : 500};
    (void)did(w, w->staff, "edit", ec_order_edit(w->staff, order->id, &request, &out),
              MAY(STATE) | MAY(INVALID) | MAY(OUT_OF_STOCK) | MAY(STALE));
    ec_free(out);
    ec_free(order);
}

/* ---- stock ---- */

static void op_adjust(worker *w)
{
    ec_stock_level *level = NULL;
    int at = (int)pick(w, VARIANTS);
    ec_stock_change c = {.variant_id = w->b->variants[at],
                         .warehouse_id = w->b->warehouses[pick(w, WAREHOUSES)],
                         .on_hand = luck(w, 75) ? 1 + pick(w, 15) : -1 - pick(w, 6),
                         .kind = EC_MOVEMENT_ADJUSTMENT};
    if (luck(w, 10)) c.damaged = pick(w, 3) - 1;
    if (luck(w, 20)) c.incoming = 1 + pick(w, 5);
    if (did(w, w->staff, "adjust", ec_stock_adjust(w->staff, &c, &level), MAY(INVALID)))
        w->b->on_hand[at] += c.on_hand;
    ec_free(level);
}

static void op_receive(worker *w)
{
    ec_stock_level *level = NULL;
    int at = (int)pick(w, VARIANTS);
    ec_id warehouse = w->b->warehouses[pick(w, WAREHOUSES)];
    int64_t units = 1 + pick(w, 3);
    if (did(w, w->staff, "receive",
            ec_stock_receive(w->staff, w->b->variants[at], warehouse, units, NULL, &level),
            MAY(INVALID)))
        w->b->on_hand[at] += units;
    ec_free(level);
}

static void op_transfer(worker *w)
{
    ec_stock_level_list *levels = NULL;
    int64_t from = pick(w, WAREHOUSES);
    ec_stock_transfer_request request = {
        .variant_id = some_variant(w),
        .from_id = w->b->warehouses[from],
        .to_id = w->b->warehouses[(from + 1 + pick(w, WAREHOUSES - 1)) % WAREHOUSES],
        .quantity = 1 + pick(w, 4)};
    (void)did(w, w->staff, "transfer", ec_stock_transfer(w->staff, &request, &levels),
              MAY(INVALID));
    ec_free(levels);
}

static void op_count(worker *w)
{
    ec_stock_level *level = NULL, *after = NULL;
    int at = (int)pick(w, VARIANTS);
    ec_id warehouse = w->b->warehouses[pick(w, WAREHOUSES)];
    if (!did(w, w->staff, "level",
             ec_stock_get(w->staff, w->b->variants[at], warehouse, &level), 0))
        return;
    ec_stock_count count = {.variant_id = w->b->variants[at],
                            .warehouse_id = warehouse,
                            .on_hand = level->on_hand + pick(w, 5) - 1,
                            .expected = level->on_hand};
    if (did(w, w->staff, "count", ec_stock_set(w->staff, &count, &after),
            MAY(INVALID) | MAY(STALE)))
        w->b->on_hand[at] += count.on_hand - count.expected;
    ec_free(level);
    ec_free(after);
}

/* ---- time passes ---- */

static void op_sweep(worker *w)
{
    ec_reconciliation *done = NULL;
    w->b->now += pick(w, 4 * 60000);
    switch (pick(w, 5)) {
    case 0:
        (void)did(w, w->staff, "cart sweep", ec_cart_sweep(w->staff, 0, NULL), MAY(DENIED));
        break;
    case 1:
        (void)did(w, w->staff, "order sweep",
                  ec_order_sweep(w->staff, INT64_C(3600000), 5, NULL), 0);
        break;
    case 2:
        (void)did(w, w->staff, "reconcile", ec_payment_reconcile(w->staff, 60000, &done), 0);
        break;
    default: (void)did(w, w->staff, "sweep", ec_stock_sweep(w->staff, 0, NULL), 0); break;
    }
    ec_free(done);
}

static const struct {
    const char *name;
    int weight;
    void (*run)(worker *w);
} operations[] = {
    {"open", 12, op_open},     {"change", 14, op_change},   {"merge", 3, op_merge},
    {"checkout", 20, op_checkout}, {"look", 2, op_look},    {"record", 5, op_record},
    {"capture", 6, op_capture},    {"void", 2, op_void},    {"refund", 5, op_refund},
    {"cancel", 4, op_cancel},      {"ship", 8, op_ship},    {"deliver", 5, op_deliver},
    {"return", 4, op_return},      {"return step", 6, op_return_step},
    {"apply", 3, op_apply},        {"edit", 2, op_edit},    {"adjust", 6, op_adjust},
    {"receive", 2, op_receive},    {"transfer", 3, op_transfer},
    {"count", 2, op_count},        {"sweep", 3, op_sweep},
};

enum { OPERATION_KINDS = sizeof operations / sizeof operations[0] };

static void *work(void *ctx)
{
    worker *w = ctx;
    int total = 0;
    for (int i = 0; i < OPERATION_KINDS; i++)
        total += operations[i].weight;
    while (w->b->left > 0 && w->b->wrong == 0) {
        int64_t at = pick(w, total);
        w->operation = 0;
        while (at >= operations[w->operation].weight)
            at -= operations[w->operation++].weight;
        operations[w->operation].run(w);
    }
    return NULL;
}

/* ---- the shop ---- */

static int64_t board_clock(void *ctx)
{
    return ((board *)ctx)->now;
}

static board *board_new(void)
{
    int file = open(temp_path("board"), O_RDWR | O_CREAT | O_TRUNC, 0600);
    assert_true(file >= 0);
    assert_int_equal(ftruncate(file, (off_t)sizeof(board)), 0);
    board *b = mmap(NULL, sizeof(*b), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    assert_true(b != MAP_FAILED);
    (void)close(file);
    b->now = WORLD_START;
    b->left = OPERATIONS;
    return b;
}

static ec_engine *open_shop(board *b, bank *money, const char *name)
{
    static ec_platform platform;
    char uri[512];
    platform = *world_platform();
    platform.ctx = b; /* the world's functions look at none */
    platform.now_ms = board_clock;
    snprintf(uri, sizeof uri, "sqlite:%s?synchronous=off&readers=8", temp_path(name));
    ec_engine *engine = shop_open_with(uri, (ec_options){.platform = &platform});
    bank_register(money, engine);
    return engine;
}

static void fill_warehouses(board *b, ec_session *session)
{
    b->warehouses[0] = GOODS_MAIN;
    b->warehouses[1] = goods_warehouse(session, "north");
    b->warehouses[2] = goods_warehouse(session, "south");
}

/* Two variants are not tracked, two may be sold without being there. */
static void fill_variants(board *b, ec_engine *engine, ec_session *session)
{
    char sku[32];
    for (int i = 0; i < VARIANTS; i++) {
        snprintf(sku, sizeof sku, "MIX-%d", i);
        b->variants[i] = sale_variant(engine, sku, 1000 + 10 * i, i < 2 ? -1 : 0);
        if (i >= 2 && i < 4) {
            goods_set(engine, b->variants[i], "backorder = 1");
            assert_ok(session, goods_backorder(session, b->variants[i], true));
        }
        for (int k = 0; k < WAREHOUSES; k++) {
            goods_receive(session, b->variants[i], b->warehouses[k], 20);
            b->on_hand[i] += 20;
        }
    }
}

static void fill_customers(board *b, ec_session *session)
{
    char email[64];
    for (int i = 0; i < CUSTOMERS; i++) {
        ec_user *made = NULL;
        snprintf(email, sizeof email, "customer%d@example.com", i);
        ec_user user = {.email = email, .name = "Customer", .is_active = true};
        assert_ok(session, ec_user_create(session, &user, &made));
        b->users[i] = made->id;
        ec_free(made);
    }
}

static void fill(board *b, ec_engine *engine)
{
    ec_session *session = session_system(engine);
    fill_warehouses(b, session);
    fill_variants(b, engine, session);
    fill_customers(b, session);
    ec_session_close(session);
}

static void run_threads(board *b, ec_engine *engine, int count, uint64_t seed)
{
    worker workers[THREADS];
    for (int i = 0; i < count; i++) {
        workers[i] = (worker){.b = b,
                              .engine = engine,
                              .staff = session_system(engine),
                              .dice = seed + (uint64_t)i * UINT64_C(0xd1342543de82ef95)};
        assert_int_equal(pthread_create(&workers[i].thread, NULL, work, &workers[i]), 0);
    }
    for (int i = 0; i < count; i++) {
        pthread_join(workers[i].thread, NULL);
        ec_session_close(workers[i].staff);
    }
}

/* ---- afterwards ---- */

/* Everything that is undecided is decided; nothing is held for nobody. */
static void drain(board *b, ec_session *session, bank *money)
{
    int64_t ended = 1;
    ec_reconciliation *done = NULL;
    bank_calm(money);
    b->now += INT64_C(86400000);
    for (int64_t asked = 1; asked > 0;) {
        assert_ok(session, ec_payment_reconcile(session, 0, &done));
        assert_int_equal(done->unknown, 0);
        asked = done->asked;
        ec_free(done);
    }
    while (ended > 0)
        assert_ok(session, ec_stock_sweep(session, 1000, &ended));
}

static int64_t sum_of(ec_engine *engine, const char *what, const char *provider)
{
    char sql[512];
    snprintf(sql, sizeof sql, "SELECT COALESCE(SUM(%s), 0) FROM payments WHERE provider = '%s'",
             what, provider);
    return shop_sql_int(engine, sql);
}

static void check_money_of(ec_engine *engine, const char *provider, int64_t taken, int64_t back)
{
    int64_t captured = sum_of(engine, "captured_amount", provider);
    int64_t refunded = sum_of(engine, "refunded_amount", provider);
    if (captured != taken || refunded != back)
        fail_msg("%s: captured %lld, refunded %lld; the tally says %lld and %lld", provider,
                 (long long)captured, (long long)refunded, (long long)taken, (long long)back);
}

static void check_money(board *b, ec_engine *engine, bank *money)
{
    check_money_of(engine, "offline", b->taken_offline, b->back_offline);
    check_money_of(engine, "manual", b->taken_manual, b->back_manual);
    check_money_of(engine, "bank", bank_captured(money), bank_refunded(money));
    assert_int_equal(sum_of(engine, "authorized_amount - captured_amount", "bank"),
                     bank_reserved(money));
    assert_int_equal(
        shop_sql_int(engine, "SELECT SUM(paid_amount - refunded_amount) FROM orders"),
        b->taken_offline + b->taken_manual + bank_captured(money) - b->back_offline -
            b->back_manual - bank_refunded(money));
}

/* What is promised, by the orders themselves. */
static void promised(ec_session *session, const board *b, int64_t *units)
{
    ec_cursor *cursor = NULL;
    const void *at = NULL;
    assert_ok(session, ec_order_cursor(session, NULL, &cursor));
    while (ec_cursor_next(cursor, &at) == EC_OK) {
        ec_order *order = NULL;
        ec_id id = ((const ec_order *)at)->id;
        assert_ok(session, ec_order_get(session, id, &order));
        for (size_t i = 0; i < order->items_count; i++) {
            int v = variant_index(b, order->items[i].variant_id);
            if (order->items[i].tracked && v < VARIANTS) units[v] += open_units(&order->items[i]);
        }
        ec_free(order);
    }
    ec_cursor_close(cursor);
}

static void check_stock(board *b, ec_engine *engine, ec_session *session)
{
    int64_t units[VARIANTS] = {0};
    int faults = 0;
    promised(session, b, units);
    for (int i = 0; i < VARIANTS; i++) {
        int64_t on_hand = sale_on_hand(engine, b->variants[i]);
        int64_t committed = sale_committed(engine, b->variants[i]);
        if (on_hand == b->on_hand[i] && committed == units[i]) continue;
        print_error("variant %d: on hand %lld, committed %lld; the tally says %lld and %lld\n", i,
                    (long long)on_hand, (long long)committed, (long long)b->on_hand[i],
                    (long long)units[i]);
        faults++;
    }
    assert_int_equal(faults, 0);
}

static void check_orders(board *b, ec_engine *engine)
{
    int64_t orders = shop_sql_int(engine, "SELECT COUNT(*) FROM orders");
    int64_t known = 0;
    for (int i = 0; i < b->slots; i++)
        known += b->slot[i].order != 0;
    assert_true(orders >= known);
    assert_int_equal(shop_sql_int(engine, "SELECT COUNT(DISTINCT cart_id) FROM orders"), orders);
    assert_int_equal(shop_sql_int(engine, "SELECT COUNT(*) FROM carts WHERE status = 'ordered'"),
                     orders);
    assert_int_equal(shop_sql_int(engine, "SELECT COUNT(*) FROM carts WHERE status = 'paying'"),
                     0);
}

static void check_books(ec_session *session)
{
    ec_verify_report *report = NULL;
    assert_ok(session, ec_verify(session, NULL, &report));
    for (size_t i = 0; i < report->problems_count && i < 20; i++) {
        const ec_verify_problem *p = &report->problems[i];
        print_error("%s: %s %lld: expected %lld, found %lld: %s\n", p->code, p->object,
                    (long long)p->id, (long long)p->expected, (long long)p->found, p->message);
    }
    assert_true(report->is_clean);
    ec_free(report);
}

static uint64_t seed_of_run(void)
{
    struct timespec time;
    const char *given = getenv("EC_SEED");
    (void)clock_gettime(CLOCK_REALTIME, &time);
    uint64_t seed = given ? strtoull(given, NULL, 10)
                          : (uint64_t)time.tv_sec * 1000 + (uint64_t)time.tv_nsec / 1000000;
    print_message("EC_SEED=%llu\n", (unsigned long long)seed);
    return seed;
}

static void show(const board *b)
{
    int64_t all = 0;
    for (int i = 0; i < OPERATION_KINDS; i++) {
        all += b->done[i];
        print_message("  %-12s %6lld, %6lld of them took effect\n", operations[i].name,
                      (long long)b->done[i], (long long)b->ok[i]);
    }
    print_message("  %lld operations, %d carts\n", (long long)all, b->slots);
}

static void settle(board *b, ec_engine *engine, bank *money)
{
    ec_session *session = session_system(engine);
    show(b);
    assert_int_equal(b->wrong, 0);
    assert_true(b->left <= 0);
    drain(b, session, money);
    check_orders(b, engine);
    check_stock(b, engine, session);
    check_money(b, engine, money);
    check_books(session);
    ec_session_close(session);
}

static void mixed__threads_leave_the_books_right(void **state)
{
    (void)state;
    uint64_t seed = seed_of_run();
    world_seed(seed);
    board *b = board_new();
    bank *money = bank_open(seed);
    ec_engine *engine = open_shop(b, money, "threads.db");
    fill(b, engine);
    run_threads(b, engine, THREADS, seed);
    settle(b, engine, money);
    shop_close(engine);
    bank_close(money);
    munmap(b, sizeof(*b));
}

static int child_run(board *b, bank *money, int number, uint64_t seed)
{
    world_seed(seed + 1000 + (uint64_t)number);
    ec_engine *engine = open_shop(b, money, "processes.db");
    run_threads(b, engine, EACH, seed + (uint64_t)number * 7919);
    return ec_close(engine) == EC_OK ? 0 : 1;
}

static void mixed__processes_leave_the_books_right(void **state)
{
    (void)state;
    pid_t pids[PROCESSES];
    uint64_t seed = seed_of_run();
    world_seed(seed);
    board *b = board_new();
    bank *money = bank_open(seed);
    ec_engine *engine = open_shop(b, money, "processes.db");
    fill(b, engine);
    shop_close(engine);
    for (int i = 0; i < PROCESSES; i++) {
        pids[i] = fork();
        assert_true(pids[i] >= 0);
        if (pids[i] == 0) _exit(child_run(b, money, i, seed));
    }
    for (int i = 0; i < PROCESSES; i++) {
        int status = 0;
        assert_int_equal(waitpid(pids[i], &status, 0), pids[i]);
        assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    }
    engine = open_shop(b, money, "processes.db");
    settle(b, engine, money);
    shop_close(engine);
    bank_close(money);
    munmap(b, sizeof(*b));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mixed__processes_leave_the_books_right),
        cmocka_unit_test(mixed__threads_leave_the_books_right),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
