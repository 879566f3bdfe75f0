/* SPDX-License-Identifier: MIT */
/*
 * replay.c - replays a shop's order history through the library: articles are imported, each
 * invoice goes through a cart and a checkout, is paid and shipped, each cancellation becomes a
 * return with its refund. At the end every penny of the history is accounted for.
 *
 *     gzip -dc history.csv.gz | replay sqlite:shop.db GBP
 */
#include <ecommerce.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "books.h"
#include "history.h"

#define BATCH_INVOICES 64 /* that share a transaction */
#define UNITS_MAX 9999    /* of one item of a cart */

/* The lines of one invoice. */
typedef struct invoice {
    size_t first, end;
} invoice;

/* A replay on its way. */
typedef struct replay {
    history h;
    books b;
    ec_session *session;
    ec_id channel_id;
    const char *currency;
    invoice batch[BATCH_INVOICES];
    size_t batch_count;
    bool began; /* this batch has run before */
} replay;

static int fail(replay *r, const char *what)
{
    const ec_error *error = ec_session_error(r->session);
    fprintf(stderr, "replay: %s: %s\n", what, error->message);
    for (size_t i = 0; i < error->count; i++)
        fprintf(stderr, "  %s: %s\n", error->items[i].field, error->items[i].message);
    return 1;
}

/* ---- articles: as a catalogue file, imported like any other ---- */

typedef struct catalogue {
    const history *h;
    size_t next;
    char text[1024];
    size_t length, at;
} catalogue;

/* A cell with its quotes doubled. */
static void quoted(char *to, size_t size, const char *text)
{
    size_t n = 0;
    for (; *text != '\0' && n + 3 < size; text++) {
        if (*text == '"') to[n++] = '"';
        to[n++] = *text;
    }
    to[n] = '\0';
}

static bool next_record(catalogue *c)
{
    char name[200];
    if (c->next == 0) {
        c->length = (size_t)snprintf(
            c->text, sizeof(c->text),
            "Handle,Title,Vendor,Published,Variant SKU,Variant Inventory Tracker,"
            "Variant Inventory Qty,Variant Price,Variant Requires Shipping,Status\r\n");
        c->next = 1;
        return true;
    }
    while (c->next <= c->h->articles_count && !c->h->articles[c->next - 1].known)
        c->next++;
    if (c->next > c->h->articles_count) return false;
    const article *a = &c->h->articles[c->next++ - 1];
    quoted(name, sizeof(name), a->name);
    c->length = (size_t)snprintf(c->text, sizeof(c->text),
                                 "retail-%s,\"%s\",Online Retail,true,%s,shopify,%lld,%lld.%02lld,"
                                 "true,active\r\n",
                                 a->code, name, a->code, (long long)a->sold,
                                 (long long)(a->first_price / 1000),
                                 (long long)(a->first_price % 1000 / 10));
    return true;
}

static ec_status read_catalogue(void *ctx, char *buffer, size_t size, size_t *got)
{
    catalogue *c = ctx;
    *got = 0;
    while (*got < size) {
        if (c->at == c->length) {
            c->at = 0;
            if (!next_record(c)) {
                c->length = 0;
                return EC_OK;
            }
        }
        size_t part = c->length - c->at;
        if (part > size - *got) part = size - *got;
        memcpy(buffer + *got, c->text + c->at, part);
        c->at += part;
        *got += part;
    }
    return EC_OK;
}

static void complain(void *ctx, const ec_refused_row *row)
{
    (void)ctx;
    fprintf(stderr, "replay: article on line %lld: %s\n", (long long)row->line, row->reason);
}

static ec_status import_articles(replay *r)
{
    catalogue c = {.h = &r->h};
    ec_import_counts *counts = NULL;
    ec_import_options options = {
        .version = EC_IMPORT_OPTIONS_VERSION,
        .source = "order history",
        .currency = r->currency,
        .refused = complain,
    };
    ec_status status = ec_import_shopify(r->session, &options, read_catalogue, &c, &counts);
    if (status != EC_OK) return status;
    ec_free(counts);
    for (size_t i = 0; i < r->h.articles_count; i++) {
        article *a = &r->h.articles[i];
        ec_variant *variant = NULL;
        if (!a->known) continue;
        status = ec_variant_by_sku(r->session, a->code, &variant);
        if (status != EC_OK) return status;
        a->variant_id = variant->id;
        a->price = variant->price;
        ec_free(variant);
    }
    return EC_OK;
}

/* ---- a sale ---- */

static ec_status set_price(replay *r, article *a, int64_t price)
{
    if (a->price == price) return EC_OK;
    ec_variant change = {.price = price};
    ec_variant *variant = NULL;
    ec_status status = ec_variant_update(r->session, a->variant_id, &change,
                                         ec_mask_of("variant", "price"), &variant);
    if (status != EC_OK) return status;
    ec_free(variant);
    a->price = price;
    return EC_OK;
}

/* What of a line is still to be sold; lines wait here between the carts of one invoice. */
typedef struct rest {
    size_t line;
    int64_t units;
} rest;

/* Fill a cart with lines whose article is not in it yet; what is left stays in rests. */
static ec_status fill(replay *r, ec_id cart_id, rest *rests, size_t count)
{
    static ec_cart_line lines[EC_CART_LINES_MAX];
    size_t filled = 0;
    ec_cart *cart = NULL;
    for (size_t i = 0; i < count && filled < EC_CART_LINES_MAX; i++) {
        const line *l = &r->h.lines[rests[i].line];
        bool taken = false;
        for (size_t j = 0; j < i && !taken; j++)
            taken = r->h.lines[rests[j].line].article == l->article;
        if (taken) continue;
        article *a = &r->h.articles[l->article];
        int64_t units = rests[i].units < UNITS_MAX ? rests[i].units : UNITS_MAX;
        ec_status status = set_price(r, a, l->price / 10);
        if (status != EC_OK) return status;
        lines[filled++] = (ec_cart_line){a->variant_id, units, a->price};
        rests[i].units -= units;
    }
    ec_status status = ec_cart_add_lines(r->session, cart_id, lines, filled, &cart);
    ec_free(cart);
    return status;
}

static ec_status order_cart(replay *r, ec_id cart_id, const line *l, int part)
{
    static const ec_address address = {
        .name = "Retail customer", .street = "unknown", .city = "unknown", .country = "GB"};
    char key[32], email[64];
    ec_order *order = NULL;
    ec_payment *payment = NULL;
    snprintf(key, sizeof(key), "%s/%d", l->invoice, part);
    snprintf(email, sizeof(email), "%s@customers.example",
             l->customer[0] != '\0' ? l->customer : "till");
    ec_checkout_request request = EC_CHECKOUT_REQUEST_INIT;
    request.cart_id = cart_id;
    request.key = key;
    request.email = email;
    request.shipping_address = &address;
    request.placed_at = l->time;
    ec_status status = ec_checkout(r->session, &request, &order);
    if (status != EC_OK) return status;
    ec_id id = order->id;
    int64_t total = order->total_amount;
    if (!books_sale(&r->b, order, l->customer, &r->h)) status = EC_NO_MEMORY;
    ec_free(order);
    if (status != EC_OK) return status;
    status = ec_payment_record(r->session, id, total, "card", NULL, key, &payment);
    if (status != EC_OK) return status;
    ec_free(payment);
    status = ec_order_ship(r->session, id, NULL, &order);
    ec_free(order);
    return status;
}

static ec_status sell(replay *r, const invoice *in)
{
    size_t count = 0;
    rest *rests = malloc((in->end - in->first) * sizeof(*rests));
    if (rests == NULL) return EC_NO_MEMORY;
    for (size_t i = in->first; i < in->end; i++)
        if (r->h.lines[i].kind == LINE_SALE) rests[count++] = (rest){i, r->h.lines[i].quantity};
    ec_status status = EC_OK;
    for (int part = 1; status == EC_OK && count > 0; part++) {
        ec_cart *cart = NULL;
        status = ec_cart_open(r->session, &cart);
        if (status != EC_OK) break;
        ec_id cart_id = cart->id;
        ec_free(cart);
        status = fill(r, cart_id, rests, count);
        if (status == EC_OK) status = order_cart(r, cart_id, &r->h.lines[rests[0].line], part);
        size_t left = 0;
        for (size_t i = 0; i < count; i++)
            if (rests[i].units > 0) rests[left++] = rests[i];
        count = left;
    }
    free(rests);
    return status;
}

/* ---- a cancellation ---- */

/* Take units of one order back and give their money back. */
static ec_status take_back(replay *r, const line *l, size_t line_index, sold *from, int64_t units)
{
    char key[48];
    ec_order *order = NULL;
    ec_return_item item = {.order_item_id = from->item_id, .quantity = units, .restock = true};
    ec_return request = {.reason = l->invoice, .items_count = 1, .items = &item};
    ec_status status = ec_return_request(r->session, from->order_id, &request, &order);
    if (status != EC_OK) return status;
    ec_id return_id = order->returns[order->returns_count - 1].id;
    ec_free(order);
    status = ec_return_apply(r->session, return_id, "receive", 0, &order);
    if (status != EC_OK) return status;
    ec_free(order);
    snprintf(key, sizeof(key), "%s/%zu/%lld", l->invoice, line_index, (long long)return_id);
    ec_refund_request refund = {.amount = units * (l->price / 10),
                                .return_id = return_id,
                                .reason = l->invoice,
                                .key = key};
    status = ec_order_refund(r->session, from->order_id, &refund, &order);
    if (status != EC_OK) return status;
    ec_free(order);
    return books_take_back(&r->b, from, units, refund.amount) ? EC_OK : EC_NO_MEMORY;
}

static ec_status cancel(replay *r, const invoice *in)
{
    for (size_t i = in->first; i < in->end; i++) {
        const line *l = &r->h.lines[i];
        if (l->kind != LINE_RETURN) continue;
        int64_t units = -l->quantity;
        sold *from = NULL;
        while (units > 0 && (from = books_find(&r->b, l, units)) != NULL) {
            int64_t part = units < from->left ? units : from->left;
            ec_status status = take_back(r, l, i, from, part);
            if (status != EC_OK) return status;
            units -= part;
        }
        if (units > 0) {
            r->b.is.unmatched += units * (l->price / 10);
            r->b.is.unmatched_lines++;
        }
    }
    return EC_OK;
}

/* ---- the whole ---- */

static ec_status run_batch(ec_session *session, void *ctx)
{
    replay *r = ctx;
    (void)session;
    books_begin(&r->b, r->began);
    r->began = true;
    for (size_t i = 0; i < r->batch_count; i++) {
        const invoice *in = &r->batch[i];
        bool cancels = r->h.lines[in->first].invoice[0] == 'C';
        ec_status status = cancels ? cancel(r, in) : sell(r, in);
        if (status != EC_OK) return status;
    }
    return EC_OK;
}

static ec_status replay_all(replay *r)
{
    ec_status status = EC_OK;
    for (size_t at = 0; status == EC_OK && at < r->h.count;) {
        r->batch_count = 0;
        while (at < r->h.count && r->batch_count < BATCH_INVOICES) {
            invoice in = {at, at};
            while (in.end < r->h.count &&
                   strcmp(r->h.lines[in.end].invoice, r->h.lines[at].invoice) == 0)
                in.end++;
            r->batch[r->batch_count++] = in;
            at = in.end;
        }
        r->began = false;
        status = ec_transact(r->session, run_batch, r);
        if (status == EC_OK && at / 40000 != r->batch[0].first / 40000)
            fprintf(stderr, "  %zu of %zu lines\n", at, r->h.count);
    }
    return status;
}

static ec_status open_channel(replay *r, ec_engine *engine)
{
    ec_session *session = NULL;
    ec_channel *channel = NULL;
    ec_status status = ec_session_open(engine, NULL, &session);
    if (status != EC_OK) return status;
    status = ec_channel_by_code(session, "retail", &channel);
    if (status == EC_NOT_FOUND) {
        ec_channel fresh = {.code = "retail",
                            .name = "Online Retail",
                            .currency = r->currency,
                            .locale = "en-GB",
                            .country = "GB",
                            .is_active = true};
        status = ec_channel_create(session, &fresh, &channel);
    }
    if (status == EC_OK) r->channel_id = channel->id;
    if (status != EC_OK)
        fprintf(stderr, "replay: channel: %s\n", ec_session_error(session)->message);
    ec_free(channel);
    ec_session_close(session);
    return status;
}

static int run(replay *r, ec_engine *engine)
{
    struct timespec begin, end;
    ec_status status = open_channel(r, engine);
    if (status != EC_OK) return 1;
    ec_session_options options = {.version = EC_SESSION_OPTIONS_VERSION,
                                  .channel_id = r->channel_id};
    if (ec_session_open(engine, &options, &r->session) != EC_OK) return 1;
    if (import_articles(r) != EC_OK) return fail(r, "articles");
    clock_gettime(CLOCK_MONOTONIC, &begin);
    if (replay_all(r) != EC_OK) return fail(r, "replay");
    clock_gettime(CLOCK_MONOTONIC, &end);
    double seconds =
        (double)(end.tv_sec - begin.tv_sec) + (double)(end.tv_nsec - begin.tv_nsec) / 1e9;
    return books_report(&r->b, &r->h, r->session, r->channel_id, seconds) ? 0 : 1;
}

int main(int argc, char **argv)
{
    static replay r;
    ec_engine *engine = NULL;
    char message[512] = "";
    if (argc != 3) {
        fputs("usage: replay STORAGE CURRENCY <HISTORY.csv\n", stderr);
        return 2;
    }
    if (!history_read(&r.h, stdin)) {
        fputs("replay: stdin is no order history\n", stderr);
        return 1;
    }
    r.currency = argv[2];
    ec_options options = EC_OPTIONS_INIT;
    options.message = message;
    options.message_size = sizeof(message);
    if (ec_open(argv[1], &options, &engine) != EC_OK) {
        fprintf(stderr, "replay: %s: %s\n", argv[1], message);
        return 1;
    }
    int code = run(&r, engine);
    ec_session_close(r.session);
    ec_close(engine);
    books_free(&r.b);
    history_free(&r.h);
    return code;
}
