/* SPDX-License-Identifier: MIT */
/*
 * credit.c - the commands on gift cards and store credit, and the ledger of an order.
 */
#include <stdlib.h>
#include <string.h>

#include "cli.h"

#define ACCOUNT_COLUMNS "id,kind,code_end,user_id,balance,currency,expires_at,status,note"

static int show(cli *c, ec_status status, const char *entity, void *object)
{
    int code = status == EC_OK ? cli_print(c, entity, object) : cli_fail(c, status);
    ec_free(object);
    return code;
}

static int show_list(cli *c, ec_status status, const char *entity, void *list, const char *columns)
{
    int code = status == EC_OK ? cli_print_list(c, entity, list, columns) : cli_fail(c, status);
    ec_free(list);
    return code;
}

static bool page_of(cli *c, ec_page *page)
{
    const char *limit = cli_value(c, "limit");
    page->cursor = cli_value(c, "cursor");
    return limit == NULL || cli_number(c, "--limit", limit, &page->limit);
}

/* A moment out of --expires, as the library reads times. */
static ec_status read_expires(cli *c, ec_time *out)
{
    char json[96];
    void *object = NULL;
    ec_mask fields = 0;
    const char *text = cli_value(c, "expires");
    if (text == NULL) return EC_OK;
    size_t usual = strspn(text, "0123456789-:.TZ+ ");
    int length = snprintf(json, sizeof json, "{\"expires_at\":\"%s\"}",
                          usual == strlen(text) && usual < 40 ? text : "?");
    ec_status status = ec_from_json(c->session, "credit", json, (size_t)length, &object, &fields);
    if (status == EC_OK) *out = ((ec_credit *)object)->expires_at;
    ec_free(object);
    return status;
}

/* ---- gift cards ---- */

int cli_giftcard_issue(cli *c)
{
    ec_credit_list *list = NULL;
    const char *count = cli_value(c, "count");
    ec_gift_card_request request = {.currency = cli_value(c, "currency"),
                                    .note = cli_value(c, "note")};
    if (!cli_number(c, "amount", c->arguments[0], &request.amount)) return CLI_USAGE;
    if (count != NULL && !cli_number(c, "--count", count, &request.count)) return CLI_USAGE;
    ec_status status = read_expires(c, &request.expires_at);
    if (status == EC_OK) status = ec_gift_card_issue(c->session, &request, &list);
    return show_list(c, status, "credit_list", list, "id,code,balance,currency,expires_at");
}

/* A card by its code, or by #NUMBER. */
static ec_status find_card(cli *c, ec_credit **out)
{
    const char *text = c->arguments[0];
    if (text[0] != '#') return ec_gift_card_by_code(c->session, text, out);
    return ec_credit_get(c->session, strtoll(text + 1, NULL, 10), out);
}

int cli_giftcard_show(cli *c)
{
    ec_credit *card = NULL;
    ec_status status = find_card(c, &card);
    return show(c, status, "credit", card);
}

int cli_giftcard_list(cli *c)
{
    ec_page page = {0};
    ec_credit_list *list = NULL;
    ec_credit_filter filter = {.kind = "gift_card",
                               .status = cli_value(c, "status"),
                               .code_end = cli_value(c, "end"),
                               .newest_first = true};
    if (!page_of(c, &page)) return CLI_USAGE;
    ec_status status = ec_credit_find(c->session, &filter, &page, &list);
    return show_list(c, status, "credit_list", list,
                     "id,code_end,balance,currency,expires_at,status,note");
}

static int set_status(cli *c, ec_credit_status to)
{
    ec_credit *card = NULL, *after = NULL;
    ec_credit change = {.status = to};
    ec_status status = find_card(c, &card);
    if (status == EC_OK)
        status =
            ec_credit_update(c->session, card->id, &change, ec_mask_of("credit", "status"), &after);
    ec_free(card);
    return show(c, status, "credit", after);
}

int cli_giftcard_disable(cli *c)
{
    return set_status(c, EC_CREDIT_DISABLED);
}

int cli_giftcard_enable(cli *c)
{
    return set_status(c, EC_CREDIT_ACTIVE);
}

/* ---- store credit ---- */

int cli_credit_issue(cli *c)
{
    ec_id user = 0;
    int64_t amount = 0;
    ec_credit *account = NULL;
    if (!cli_number(c, "amount", c->arguments[1], &amount)) return CLI_USAGE;
    ec_status status = cli_user(c, c->arguments[0], &user);
    if (status == EC_OK)
        status = ec_credit_issue(c->session, user, amount, cli_value(c, "currency"),
                                 cli_value(c, "note"), &account);
    return show(c, status, "credit", account);
}

int cli_credit_adjust(cli *c)
{
    ec_id id = 0;
    int64_t amount = 0;
    ec_credit *account = NULL;
    if (!cli_number(c, "account", c->arguments[0], &id)) return CLI_USAGE;
    if (!cli_number(c, "amount", c->arguments[1], &amount)) return CLI_USAGE;
    ec_status status = ec_credit_adjust(c->session, id, amount, cli_value(c, "note"), &account);
    return show(c, status, "credit", account);
}

int cli_credit_show(cli *c)
{
    ec_page page = {0};
    ec_credit_filter filter = {0};
    ec_credit_list *list = NULL;
    ec_status status = cli_user(c, c->arguments[0], &filter.user_id);
    if (status == EC_OK) status = ec_credit_find(c->session, &filter, &page, &list);
    return show_list(c, status, "credit_list", list, ACCOUNT_COLUMNS);
}

int cli_credit_history(cli *c)
{
    ec_id id = 0;
    ec_page page = {0};
    ec_credit_entry_list *list = NULL;
    if (!cli_number(c, "account", c->arguments[0], &id) || !page_of(c, &page)) return CLI_USAGE;
    ec_status status = ec_credit_entries(c->session, id, &page, &list);
    return show_list(c, status, "credit_entry_list", list,
                     "created_at,kind,amount,balance,order_id,actor,note");
}

int cli_credit_expire(cli *c)
{
    int64_t ended = 0, all = 0;
    do {
        ec_status status = ec_credit_expire(c->session, 1000, &ended);
        if (status != EC_OK) return cli_fail(c, status);
        all += ended;
    } while (ended == 1000);
    if (c->json)
        printf("{\"ended\":%lld}\n", (long long)all);
    else
        printf("%lld accounts ended\n", (long long)all);
    return CLI_OK;
}

/* ---- orders ---- */

bool cli_tender(cli *c, ec_credit_tender *tender)
{
    const char *number = cli_value(c, "credit");
    *tender = (ec_credit_tender){.code = cli_value(c, "gift-card")};
    return number == NULL || cli_number(c, "--credit", number, &tender->credit_id);
}

int cli_order_ledger(cli *c)
{
    ec_order *order = NULL;
    ec_ledger *ledger = NULL;
    ec_status status = ec_order_by_number(c->session, c->arguments[0], &order);
    if (status == EC_OK) status = ec_order_ledger(c->session, order->id, &ledger);
    ec_free(order);
    return show(c, status, "ledger", ledger);
}
