/* SPDX-License-Identifier: MIT */
/*
 * books.c - the replay's memory of sales, and the account at the end: what the shop's orders say
 * must be what the history says, to the penny.
 */
#include "books.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TABLE_SIZE (1u << 20)

static uint32_t slot(const char *customer, uint32_t number)
{
    uint64_t h = 1469598103934665603u ^ number;
    for (; *customer != '\0'; customer++)
        h = (h ^ (uint64_t)(unsigned char)*customer) * 1099511628211u;
    return (uint32_t)(h ^ (h >> 32)) & (TABLE_SIZE - 1);
}

static bool make_room(books *b)
{
    if (b->table == NULL) b->table = calloc(TABLE_SIZE, sizeof(*b->table));
    if (b->table == NULL) return false;
    if (b->count < b->room) return true;
    size_t room = b->room == 0 ? 4096 : b->room * 2;
    sold *items = realloc(b->items, room * sizeof(*items));
    if (items == NULL) return false;
    b->items = items;
    b->room = room;
    return true;
}

void books_begin(books *b, bool again)
{
    if (again) {
        while (b->changed_count > 0) {
            const before *old = &b->changed[--b->changed_count];
            b->items[old->index].left = old->left;
            b->items[old->index].refundable = old->refundable;
        }
        while (b->count > b->was_count) {
            const sold *s = &b->items[--b->count];
            b->table[slot(s->customer, s->article)] = s->next;
        }
        b->is = b->was;
    }
    b->was = b->is;
    b->was_count = b->count;
    b->changed_count = 0;
}

bool books_take_back(books *b, sold *from, int64_t units, int64_t amount)
{
    if (b->changed_count == b->changed_room) {
        size_t room = b->changed_room == 0 ? 64 : b->changed_room * 2;
        before *grown = realloc(b->changed, room * sizeof(*grown));
        if (grown == NULL) return false;
        b->changed = grown;
        b->changed_room = room;
    }
    b->changed[b->changed_count++] =
        (before){(size_t)(from - b->items), from->left, from->refundable};
    from->left -= units;
    from->refundable -= amount;
    b->is.returned += amount;
    b->is.returns++;
    return true;
}

bool books_sale(books *b, const ec_order *order, const char *customer, const history *h)
{
    for (size_t i = 0; i < order->items_count; i++) {
        const ec_order_item *item = &order->items[i];
        if (!make_room(b)) return false;
        uint32_t number = history_article(h, item->sku);
        uint32_t at = slot(customer, number);
        sold *s = &b->items[b->count];
        *s = (sold){
            .order_id = order->id,
            .item_id = item->id,
            .article = number,
            .next = b->table[at],
            .price = item->unit_price,
            .left = item->quantity,
            .refundable = item->total_amount,
        };
        snprintf(s->customer, sizeof(s->customer), "%s", customer);
        b->table[at] = (uint32_t)++b->count;
    }
    b->is.orders++;
    b->is.sales += order->total_amount;
    return true;
}

sold *books_find(books *b, const line *l, int64_t units)
{
    sold *dearer = NULL;
    (void)units;
    if (b->table == NULL) return NULL;
    for (uint32_t at = b->table[slot(l->customer, l->article)]; at != 0;) {
        sold *s = &b->items[at - 1];
        at = s->next;
        if (s->article != l->article || strcmp(s->customer, l->customer) != 0 || s->left == 0)
            continue;
        if (s->price == l->price / 10) return s;
        if (s->price > l->price / 10 && dearer == NULL) dearer = s;
    }
    return dearer;
}

/* ---- the account ---- */

typedef struct shop_sums { /* of the orders as the shop lists them */
    int64_t orders, totals, refunded;
} shop_sums;

static bool sum_orders(ec_session *session, ec_id channel_id, shop_sums *shop)
{
    ec_cursor *cursor = NULL;
    const void *object = NULL;
    ec_order_filter filter = {.channel_id = channel_id, .oldest_first = true};
    if (ec_order_cursor(session, &filter, &cursor) != EC_OK) return false;
    ec_status status = EC_OK;
    while ((status = ec_cursor_next(cursor, &object)) == EC_OK) {
        const ec_order *order = object;
        shop->orders++;
        shop->totals += order->total_amount;
        shop->refunded += order->refunded_amount;
    }
    ec_cursor_close(cursor);
    return status == EC_DONE;
}

static void money(const char *label, int64_t thousandths)
{
    int64_t whole = thousandths / 1000, part = llabs(thousandths % 1000);
    printf("  %-52s %s%" PRId64 ".%03" PRId64 "\n", label, thousandths < 0 && whole == 0 ? "-" : "",
           whole, part);
}

bool books_report(const books *b, const history *h, ec_session *session, ec_id channel_id,
                  double seconds)
{
    shop_sums shop = {0};
    size_t counts[LINE_KINDS] = {0};
    int64_t amounts[LINE_KINDS] = {0};
    char label[80];
    if (!sum_orders(session, channel_id, &shop)) return false;
    for (size_t i = 0; i < h->count; i++) {
        counts[h->lines[i].kind]++;
        amounts[h->lines[i].kind] += h->lines[i].quantity * h->lines[i].price;
    }
    printf("Replayed %zu lines: %" PRId64 " orders, %" PRId64 " returns in %.1f s (%.0f orders/s,"
           " %.0f items/s)\n",
           h->count, b->is.orders, b->is.returns, seconds, (double)b->is.orders / seconds,
           (double)b->count / seconds);
    money("orders in the shop", shop.totals * 10);
    money("refunds in the shop", -shop.refunded * 10);
    snprintf(label, sizeof(label), "%" PRId64 " cancellations of sales before this history",
             b->is.unmatched_lines);
    money(label, -b->is.unmatched * 10);
    for (int kind = LINE_NO_GOODS; kind < LINE_KINDS; kind++) {
        snprintf(label, sizeof(label), "%zu lines: %s", counts[kind],
                 line_kind_text((line_kind)kind));
        money(label, amounts[kind]);
    }
    if (h->broken > 0) printf("  %zu lines could not be read\n", h->broken);
    int64_t account = shop.totals * 10 - shop.refunded * 10 - b->is.unmatched * 10;
    for (int kind = LINE_NO_GOODS; kind < LINE_KINDS; kind++)
        account += amounts[kind];
    money("together", account);
    money("the history says", h->total);
    bool right = account == h->total && h->broken == 0 && shop.orders == b->is.orders &&
                 shop.totals == b->is.sales && shop.refunded == b->is.returned;
    puts(right ? "  every penny is accounted for" : "  THE ACCOUNT DOES NOT COME OUT");
    return right;
}

void books_free(books *b)
{
    free(b->items);
    free(b->table);
    free(b->changed);
}
