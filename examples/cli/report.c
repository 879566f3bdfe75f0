/* SPDX-License-Identifier: MIT */
/*
 * report.c - what a shop has and what it took: products, orders, and revenue by month and currency
 * as bars. Every figure is a sum over what the library lists.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"

#define MONTHS_MAX 600
#define BAR_WIDTH 40

/* What one currency took in one month: paid less given back, minor units. */
typedef struct month {
    char currency[4];
    int year, number;
    int64_t orders, revenue;
} month;

typedef struct report {
    int64_t products, orders;
    month months[MONTHS_MAX];
    size_t count;
} report;

/* Year and month of a moment, from the days since 1970 by the Gregorian calendar. */
static void month_of(ec_time time, int *year, int *number)
{
    int64_t days = time / 86400000 + 719468;
    int64_t era = days / 146097, day = days - era * 146097;
    int64_t of_era = (day - day / 1460 + day / 36524 - day / 146096) / 365;
    int64_t of_year = day - (365 * of_era + of_era / 4 - of_era / 100);
    int64_t shifted = (5 * of_year + 2) / 153;
    *number = (int)(shifted < 10 ? shifted + 3 : shifted - 9);
    *year = (int)(of_era + era * 400) + (*number <= 2);
}

static bool count_order(report *r, const ec_order *order)
{
    int year = 0, number = 0;
    size_t i = 0;
    if (order->paid_amount == 0) return true;
    month_of(order->placed_at, &year, &number);
    while (i < r->count && (r->months[i].year != year || r->months[i].number != number ||
                            strcmp(r->months[i].currency, order->currency) != 0))
        i++;
    if (i == MONTHS_MAX) return false;
    month *m = &r->months[i];
    if (i == r->count) {
        *m = (month){.year = year, .number = number};
        (void)snprintf(m->currency, sizeof(m->currency), "%.3s", order->currency);
        r->count++;
    }
    m->orders++;
    m->revenue += order->paid_amount - order->refunded_amount;
    return true;
}

static int by_currency_and_time(const void *a, const void *b)
{
    const month *left = a, *right = b;
    int order = strcmp(left->currency, right->currency);
    if (order != 0) return order;
    return (left->year * 12 + left->number) - (right->year * 12 + right->number);
}

static ec_status collect(cli *c, report *r)
{
    const ec_page page = {.limit = 1, .total = true};
    ec_product_list *products = NULL;
    ec_order_list *orders = NULL;
    ec_cursor *cursor = NULL;
    const void *order = NULL;
    ec_status status = ec_product_find(c->session, NULL, &page, &products);
    if (status != EC_OK) return status;
    r->products = products->total;
    ec_free(products);
    status = ec_order_find(c->session, NULL, &page, &orders);
    if (status != EC_OK) return status;
    r->orders = orders->total;
    ec_free(orders);
    status = ec_order_cursor(c->session, NULL, &cursor);
    while (status == EC_OK && (status = ec_cursor_next(cursor, &order)) == EC_OK)
        if (!count_order(r, order)) status = EC_LIMIT;
    ec_cursor_close(cursor);
    qsort(r->months, r->count, sizeof(r->months[0]), by_currency_and_time);
    return status == EC_DONE ? EC_OK : status;
}

static const char *amount(const month *m, char *buffer, size_t size)
{
    ec_money money = {.amount = m->revenue};
    (void)snprintf(money.currency, sizeof(money.currency), "%s", m->currency);
    const char *text = ec_money_format(money, buffer, size);
    return text != NULL ? text : "?";
}

static void print_json(const report *r)
{
    char text[EC_MONEY_TEXT_MAX];
    printf("{\"products\":%" PRId64 ",\"orders\":%" PRId64 ",\"months\":[", r->products, r->orders);
    for (size_t i = 0; i < r->count; i++)
        printf("%s{\"month\":\"%04d-%02d\",\"currency\":\"%s\",\"orders\":%" PRId64
               ",\"revenue\":%s}",
               i == 0 ? "" : ",", r->months[i].year, r->months[i].number, r->months[i].currency,
               r->months[i].orders, amount(&r->months[i], text, sizeof(text)));
    puts("]}");
}

/* The best month of the currency that a month is in. */
static int64_t best_of(const report *r, const month *m)
{
    int64_t best = 1;
    for (size_t i = 0; i < r->count; i++)
        if (strcmp(r->months[i].currency, m->currency) == 0 && r->months[i].revenue > best)
            best = r->months[i].revenue;
    return best;
}

static void print_text(const report *r)
{
    char text[EC_MONEY_TEXT_MAX];
    printf("products: %" PRId64 "\norders:   %" PRId64 "\n", r->products, r->orders);
    for (size_t i = 0; i < r->count; i++) {
        const month *m = &r->months[i];
        if (i == 0 || strcmp(m->currency, r->months[i - 1].currency) != 0)
            printf("\nrevenue in %s (paid less refunded, by the month of the order)\n",
                   m->currency);
        printf("  %04d-%02d ", m->year, m->number);
        int64_t best = best_of(r, m), bar = m->revenue / (best / BAR_WIDTH + 1);
        for (int64_t n = 0; n < bar; n++)
            fputs("█", stdout);
        printf(" %s, paid orders: %" PRId64 "\n", amount(m, text, sizeof(text)), m->orders);
    }
}

int cli_report(cli *c)
{
    static report r;
    ec_status status = collect(c, &r);
    if (status != EC_OK) return cli_fail(c, status);
    if (c->json)
        print_json(&r);
    else
        print_text(&r);
    return CLI_OK;
}
