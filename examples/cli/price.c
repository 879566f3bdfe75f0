/* SPDX-License-Identifier: MIT */
/*
 * price.c - the commands on price lists and prices: what holds, what is scheduled, what was.
 */
#include <string.h>

#include "cli.h"

#define CHANNELS_MAX 100

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

/* An amount in the currency, such as 19.99; what: for the message. */
static bool amount_of(cli *c, const char *what, const char *text, const char *currency,
                      int64_t *out)
{
    ec_money money;
    if (text == NULL) return true;
    if (ec_money_parse(text, currency, &money) != EC_OK) {
        cli_error(c, CLI_USAGE, "%s is an amount in %s, not \"%s\"", what, currency, text);
        return false;
    }
    *out = money.amount;
    return true;
}

/* ---- lists ---- */

#define LIST_COLUMNS "id,code,name,currency,status,priority,group_id,valid_from,valid_until"

int cli_pricelist_list(cli *c)
{
    ec_page page = {0};
    ec_price_list_list *list = NULL;
    if (!page_of(c, &page)) return CLI_USAGE;
    ec_status status = ec_price_list_find(c->session, &page, &list);
    return show_list(c, status, "price_list_list", list, LIST_COLUMNS);
}

int cli_pricelist_show(cli *c)
{
    ec_price_list *list = NULL;
    ec_status status = ec_price_list_by_code(c->session, c->arguments[0], &list);
    return show(c, status, "price_list", list);
}

/* "web,pos" into codes; text is a copy that is cut. */
static size_t split(char *text, const char **codes)
{
    size_t count = 0;
    for (char *at = text; *at != '\0' && count < CHANNELS_MAX;) {
        size_t length = strcspn(at, ",");
        bool more = at[length] == ',';
        at[length] = '\0';
        codes[count++] = at;
        at += length + (more ? 1 : 0);
    }
    return count;
}

/* What --priority, --group, --from, --until, --channels and --status say of a list. */
static ec_status read_list(cli *c, ec_price_list *list, const char **codes, char *text, size_t size,
                           bool *usage)
{
    const char *priority = cli_value(c, "priority");
    const char *group = cli_value(c, "group"), *channels = cli_value(c, "channels");
    ec_group *found = NULL;
    ec_status status = EC_OK;
    *usage = (priority == NULL || cli_number(c, "--priority", priority, &list->priority)) &&
             cli_time(c, "--from", cli_value(c, "from"), &list->valid_from) &&
             cli_time(c, "--until", cli_value(c, "until"), &list->valid_until);
    if (!*usage) return EC_OK;
    if (group != NULL && *group != '\0') {
        status = ec_group_by_code(c->session, group, &found);
        list->group_id = status == EC_OK ? found->id : 0;
        ec_free(found);
    }
    if (channels != NULL) {
        snprintf(text, size, "%s", channels);
        list->channels = codes;
        list->channels_count = split(text, codes);
    }
    return status;
}

int cli_pricelist_create(cli *c)
{
    char text[4096];
    const char *codes[CHANNELS_MAX];
    bool usage = false;
    const char *currency = cli_value(c, "prices");
    ec_channel *channel = NULL;
    ec_price_list *made = NULL;
    ec_price_list input = {.code = c->arguments[0],
                           .name = c->arguments[1],
                           .currency = currency,
                           .status = cli_value(c, "draft") != NULL ? EC_PRICE_LIST_DRAFT
                                                                   : EC_PRICE_LIST_ACTIVE};
    ec_status status = read_list(c, &input, codes, text, sizeof(text), &usage);
    if (!usage) return CLI_USAGE;
    if (status == EC_OK && currency == NULL) { /* that of the first channel it is for */
        const char *of = input.channels_count > 0 ? codes[0] : "default";
        status = ec_channel_by_code(c->session, of, &channel);
        input.currency = status == EC_OK ? channel->currency : NULL;
    }
    if (status == EC_OK) status = ec_price_list_create(c->session, &input, &made);
    ec_free(channel);
    return show(c, status, "price_list", made);
}

int cli_pricelist_update(cli *c)
{
    static const char *const names[][2] = {{"priority", "priority"}, {"group", "group_id"},
                                           {"from", "valid_from"},   {"until", "valid_until"},
                                           {"channels", "channels"}, {"status", "status"}};
    static const char *const statuses[] = {"draft", "active", "archived"};
    char text[4096];
    const char *codes[CHANNELS_MAX], *wanted = cli_value(c, "status");
    bool usage = false;
    ec_price_list change = {0}, *list = NULL, *after = NULL;
    ec_mask fields = 0;
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        if (cli_value(c, names[i][0]) != NULL) fields |= ec_mask_of("price_list", names[i][1]);
    for (int i = 0; wanted != NULL && i < 3; i++)
        if (strcmp(wanted, statuses[i]) == 0) {
            change.status = (ec_price_list_status)i;
            wanted = NULL;
        }
    if (wanted != NULL)
        return cli_error(c, CLI_USAGE, "--status is draft, active or archived, not \"%s\"", wanted);
    ec_status status = read_list(c, &change, codes, text, sizeof(text), &usage);
    if (!usage) return CLI_USAGE;
    if (status == EC_OK) status = ec_price_list_by_code(c->session, c->arguments[0], &list);
    if (status == EC_OK)
        status = ec_price_list_update(c->session, list->id, &change, fields, &after);
    ec_free(list);
    return show(c, status, "price_list", after);
}

/* ---- prices ---- */

/* The list and the variant of the first two arguments, and what the options say. */
static ec_status read_price(cli *c, ec_price *price, ec_price_list **list, bool *usage)
{
    const char *quantity = cli_value(c, "quantity");
    *usage = quantity == NULL || cli_number(c, "--quantity", quantity, &price->min_quantity);
    if (!*usage) return EC_OK;
    ec_status status = ec_price_list_by_code(c->session, c->arguments[0], list);
    if (status != EC_OK) return status;
    price->price_list_id = (*list)->id;
    const char *currency = (*list)->currency;
    *usage =
        (c->count < 3 || amount_of(c, "the price", c->arguments[2], currency, &price->amount)) &&
        amount_of(c, "--compare", cli_value(c, "compare"), currency, &price->compare_amount) &&
        amount_of(c, "--minimum", cli_value(c, "minimum"), currency, &price->minimum_amount);
    return *usage ? cli_variant(c, c->arguments[1], &price->variant_id) : EC_OK;
}

int cli_price_set(cli *c)
{
    bool usage = false;
    ec_price price = {0}, *made = NULL;
    ec_price_list *list = NULL;
    ec_status status = read_price(c, &price, &list, &usage);
    ec_free(list);
    if (!usage) return CLI_USAGE;
    if (status == EC_OK) status = ec_price_set(c->session, &price, &made);
    return show(c, status, "price", made);
}

int cli_price_schedule(cli *c)
{
    bool usage = false;
    ec_price price = {0}, *made = NULL;
    ec_price_list *list = NULL;
    ec_status status = read_price(c, &price, &list, &usage);
    ec_free(list);
    if (!usage || !cli_time(c, "TIME", c->arguments[3], &price.valid_from) ||
        !cli_time(c, "--until", cli_value(c, "until"), &price.valid_until))
        return CLI_USAGE;
    if (status == EC_OK) status = ec_price_schedule(c->session, &price, &made);
    return show(c, status, "price", made);
}

int cli_price_unschedule(cli *c)
{
    ec_id id = 0;
    if (!cli_number(c, "price", c->arguments[0], &id)) return CLI_USAGE;
    ec_status status = ec_price_unschedule(c->session, id);
    return status == EC_OK ? CLI_OK : cli_fail(c, status);
}

int cli_price_remove(cli *c)
{
    bool usage = false;
    ec_price price = {0};
    ec_price_list *list = NULL;
    ec_status status = read_price(c, &price, &list, &usage);
    ec_free(list);
    if (!usage) return CLI_USAGE;
    if (status == EC_OK)
        status =
            ec_price_remove(c->session, price.price_list_id, price.variant_id, price.min_quantity);
    return status == EC_OK ? CLI_OK : cli_fail(c, status);
}

int cli_price_list(cli *c)
{
    ec_page page = {0};
    ec_price_list *list = NULL;
    ec_price_page *found = NULL;
    ec_price_filter filter = {.scheduled = cli_value(c, "scheduled") != NULL};
    if (!page_of(c, &page)) return CLI_USAGE;
    ec_status status = ec_price_list_by_code(c->session, c->arguments[0], &list);
    if (status == EC_OK) filter.price_list_id = list->id;
    if (status == EC_OK && c->count > 1)
        status = cli_variant(c, c->arguments[1], &filter.variant_id);
    if (status == EC_OK) status = ec_price_find(c->session, &filter, &page, &found);
    ec_free(list);
    return show_list(c, status, "price_page", found,
                     "id,variant_id,min_quantity,amount,compare_amount,minimum_amount,valid_from,"
                     "valid_until");
}

int cli_price_history(cli *c)
{
    ec_page page = {0};
    ec_price_list *list = NULL;
    ec_price_change_list *found = NULL;
    const char *code = cli_value(c, "list");
    ec_price_change_filter filter = {.scheduled = cli_value(c, "scheduled") != NULL,
                                     .catalog = cli_value(c, "catalog") != NULL};
    if (!page_of(c, &page)) return CLI_USAGE;
    ec_status status = c->count > 0 ? cli_variant(c, c->arguments[0], &filter.variant_id) : EC_OK;
    if (status == EC_OK && code != NULL) {
        status = ec_price_list_by_code(c->session, code, &list);
        filter.price_list_id = status == EC_OK ? list->id : 0;
    }
    if (status == EC_OK) status = ec_price_history(c->session, &filter, &page, &found);
    ec_free(list);
    return show_list(c, status, "price_change_list", found,
                     "valid_from,variant_id,price_list_id,min_quantity,amount,compare_amount,"
                     "currency,ended,cause");
}

int cli_price_prior(cli *c)
{
    ec_id variant = 0, channel = 0;
    ec_price_prior *prior = NULL;
    ec_status status = cli_variant(c, c->arguments[0], &variant);
    if (status == EC_OK) status = cli_channel(c, cli_value(c, "channel"), &channel);
    if (status == EC_OK) status = ec_price_prior_get(c->session, variant, channel, &prior);
    return show(c, status, "price_prior", prior);
}

int cli_price_sweep(cli *c)
{
    ec_id at = 0, id = 0;
    ec_status status = cli_channel(c, cli_value(c, "channel"), &id);
    do {
        if (status == EC_OK) status = ec_price_sweep(c->session, id, at, 0, &at);
    } while (status == EC_OK && at != 0);
    return status == EC_OK ? CLI_OK : cli_fail(c, status);
}

/* ---- many at once ---- */

/* "-12.5" into millionths. */
static bool percent_of(cli *c, const char *text, int64_t *out)
{
    bool minus = text[0] == '-';
    const char *at = text + (minus || text[0] == '+' ? 1 : 0);
    size_t whole = strspn(at, "0123456789");
    size_t part = at[whole] == '.' ? strspn(at + whole + 1, "0123456789") : 0;
    bool good = whole > 0 && whole <= 6 && part <= 4 &&
                at[whole + (at[whole] == '.' ? 1 + part : 0)] == '\0' &&
                (at[whole] != '.' || part > 0);
    int64_t value = 0;
    for (size_t i = 0; good && i < whole; i++)
        value = value * 10 + (at[i] - '0');
    for (size_t i = 0; good && i < 4; i++)
        value = value * 10 + (i < part ? at[whole + 1 + i] - '0' : 0);
    *out = minus ? -value : value;
    if (!good) cli_error(c, CLI_USAGE, "PERCENT is such as 10, -5 or 2.5, not \"%s\"", text);
    return good;
}

/* The place of an option's word in a list; false (and a message) for another one. */
static bool word_of(cli *c, const char *option, const char *const *words, int *out)
{
    const char *text = cli_value(c, option);
    *out = 0;
    if (text == NULL) return true;
    while (words[*out] != NULL && strcmp(words[*out], text) != 0)
        (*out)++;
    if (words[*out] != NULL) return true;
    cli_error(c, CLI_USAGE, "--%s cannot be \"%s\"", option, text);
    return false;
}

static bool read_words(cli *c, ec_price_bulk_request *request)
{
    static const char *const directions[] = {"nearest", "up", "down", NULL};
    static const char *const bases[] = {"price", "compare", "cost", "catalog", NULL};
    static const char *const compares[] = {"keep", "old", "none", NULL};
    int direction = 0, base = 0, compare = 0;
    bool good = word_of(c, "round", directions, &direction) && word_of(c, "base", bases, &base) &&
                word_of(c, "compare", compares, &compare);
    request->direction = (ec_bulk_ending)direction;
    request->base = (ec_bulk_base)base;
    request->compare = (ec_bulk_compare)compare;
    return good;
}

/* What the options name. */
static ec_status read_goods(cli *c, ec_price_bulk_request *request)
{
    const char *category = cli_value(c, "category"), *brand = cli_value(c, "brand");
    const char *collection = cli_value(c, "collection");
    ec_category *in = NULL;
    ec_brand *of = NULL;
    ec_collection *some = NULL;
    ec_status status = EC_OK;
    if (category != NULL) status = ec_category_by_slug(c->session, category, &in);
    if (status == EC_OK && brand != NULL) status = ec_brand_by_slug(c->session, brand, &of);
    if (status == EC_OK && collection != NULL)
        status = ec_collection_by_slug(c->session, collection, &some);
    request->category_id = in != NULL ? in->id : 0;
    request->brand_id = of != NULL ? of->id : 0;
    request->collection_id = some != NULL ? some->id : 0;
    ec_free(in);
    ec_free(of);
    ec_free(some);
    return status;
}

static int show_report(cli *c, const ec_price_bulk_report *report)
{
    if (c->json) return cli_print(c, "price_bulk_report", report);
    for (size_t i = 0; i < report->items_count && !c->quiet; i++) {
        const ec_price_bulk_item *item = &report->items[i];
        char before[48] = "", after[48] = "";
        ec_money was = {.amount = item->before}, is = {.amount = item->after};
        memcpy(was.currency, report->currency, 4);
        memcpy(is.currency, report->currency, 4);
        (void)ec_money_format(was, before, sizeof(before));
        (void)ec_money_format(is, after, sizeof(after));
        printf("%-20s %6lld %14s -> %s\n", item->sku != NULL ? item->sku : "-",
               (long long)item->min_quantity, before, after);
    }
    if (report->changed > (int64_t)report->items_count)
        cli_say(c, "… and %lld more\n",
                (long long)(report->changed - (int64_t)report->items_count));
    cli_say(c,
            "%s%lld of %lld prices changed, %lld of them new; %lld raised to a floor, %lld passed"
            " over\n",
            report->dry_run ? "would be: " : "", (long long)report->changed,
            (long long)report->matched, (long long)report->created, (long long)report->floored,
            (long long)report->skipped);
    return CLI_OK;
}

int cli_price_bulk(cli *c)
{
    ec_price_list *list = NULL;
    ec_price_bulk_report *report = NULL;
    const char *amount = cli_value(c, "amount");
    ec_price_bulk_request request = {.type = cli_value(c, "type"),
                                     .ending = cli_value(c, "ending"),
                                     .floor_cost = cli_value(c, "floor-cost") != NULL,
                                     .floor_minimum = cli_value(c, "floor-minimum") != NULL,
                                     .dry_run = cli_value(c, "dry-run") != NULL};
    if (!percent_of(c, c->arguments[1], &request.percent) || !read_words(c, &request))
        return CLI_USAGE;
    if (amount != NULL && !cli_number(c, "--amount", amount, &request.amount)) return CLI_USAGE;
    ec_status status = read_goods(c, &request);
    if (status == EC_OK && strcmp(c->arguments[0], "catalog") != 0) {
        status = ec_price_list_by_code(c->session, c->arguments[0], &list);
        request.price_list_id = status == EC_OK ? list->id : 0;
    }
    if (status == EC_OK) status = ec_price_bulk(c->session, &request, &report);
    int code = status == EC_OK ? show_report(c, report) : cli_fail(c, status);
    ec_free(report);
    ec_free(list);
    return code;
}
