/* SPDX-License-Identifier: MIT */
/*
 * promotion.c - the commands on promotions and coupons.
 */
#include <stdlib.h>
#include <string.h>

#include "cli.h"

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

static bool read_number(cli *c, const char *option, int64_t *out)
{
    const char *text = cli_value(c, option);
    return text == NULL || cli_number(c, option, text, out);
}

/* ---- promotions ---- */

int cli_promotion_list(cli *c)
{
    ec_page page = {0};
    ec_promotion_list *list = NULL;
    ec_promotion_filter filter = {.status = cli_value(c, "status"), .kind = cli_value(c, "kind")};
    if (!page_of(c, &page)) return CLI_USAGE;
    ec_status status = ec_promotion_find(c->session, &filter, &page, &list);
    return show_list(c, status, "promotion_list", list,
                     "code,name,status,kind,lane,priority,used_count,conditions,actions");
}

int cli_promotion_show(cli *c)
{
    ec_promotion *promotion = NULL;
    ec_status status = ec_promotion_by_code(c->session, c->arguments[0], &promotion);
    return show(c, status, "promotion", promotion);
}

/* A list with commas in between. */
typedef struct words {
    char text[4096];
    const char *items[EC_PROMOTION_WORDS_MAX + 1]; /* one too many is the library's to refuse */
    size_t count;
} words;

static bool read_words(cli *c, const char *option, words *out)
{
    char *rest = NULL;
    const char *text = cli_value(c, option);
    out->count = 0;
    if (text == NULL) return true;
    if (strlen(text) >= sizeof(out->text)) {
        (void)cli_error(c, CLI_USAGE, "--%s: the list is too long", option);
        return false;
    }
    (void)snprintf(out->text, sizeof(out->text), "%s", text);
    for (char *word = strtok_r(out->text, ",", &rest);
         word != NULL && out->count <= EC_PROMOTION_WORDS_MAX; word = strtok_r(NULL, ",", &rest))
        out->items[out->count++] = word;
    return true;
}

static bool read_competition(cli *c, ec_promotion *promotion)
{
    static const char *const names[] = {"none", "best", "best_by_line"};
    const char *name = cli_value(c, "competes");
    if (name == NULL) return true;
    for (int i = 0; i < 3; i++) {
        if (strcmp(name, names[i]) != 0) continue;
        promotion->competes = (ec_promotion_competition)i;
        return true;
    }
    (void)cli_error(c, CLI_USAGE, "--competes: none, best or best_by_line");
    return false;
}

/* "50000 CLP" */
static bool read_budget(cli *c, ec_promotion *promotion, ec_money *money)
{
    const char *text = cli_value(c, "budget");
    if (text == NULL) return true;
    if (ec_money_parse(text, NULL, money) != EC_OK) {
        (void)cli_error(c, CLI_USAGE, "--budget: an amount with its currency, such as '50000 CLP'");
        return false;
    }
    promotion->budget = money->amount;
    promotion->currency = money->currency;
    return true;
}

static bool read_numbers(cli *c, ec_promotion *promotion)
{
    return read_number(c, "lane", &promotion->lane) &&
           read_number(c, "priority", &promotion->priority) &&
           read_number(c, "uses", &promotion->usage_limit) &&
           read_number(c, "each", &promotion->customer_limit);
}

int cli_promotion_create(cli *c)
{
    ec_money money = {0};
    ec_promotion *made = NULL;
    words channels, tags, with;
    ec_promotion promotion = {
        .code = c->arguments[0],
        .name = c->arguments[1],
        .actions = c->arguments[2],
        .conditions = cli_value(c, "conditions"),
        .description = cli_value(c, "description"),
        .status = cli_value(c, "draft") != NULL ? EC_PROMOTION_DRAFT : EC_PROMOTION_ACTIVE,
        .kind = cli_value(c, "catalog") != NULL ? EC_PROMOTION_CATALOG : EC_PROMOTION_CART,
        .coupon_required = cli_value(c, "coupon") != NULL,
        .is_exclusive = cli_value(c, "exclusive") != NULL,
        .stops = cli_value(c, "stops") != NULL,
        .spares_discounted = cli_value(c, "spares") != NULL,
    };
    if (!read_numbers(c, &promotion) || !read_competition(c, &promotion) ||
        !read_budget(c, &promotion, &money) ||
        !cli_time(c, "--from", cli_value(c, "from"), &promotion.starts_at) ||
        !cli_time(c, "--until", cli_value(c, "until"), &promotion.ends_at) ||
        !read_words(c, "channels", &channels) || !read_words(c, "tags", &tags) ||
        !read_words(c, "with", &with))
        return CLI_USAGE;
    promotion.channels = channels.items;
    promotion.channels_count = channels.count;
    promotion.tags = tags.items;
    promotion.tags_count = tags.count;
    promotion.combines_with = with.items;
    promotion.combines_with_count = with.count;
    ec_status status = ec_promotion_create(c->session, &promotion, &made);
    return show(c, status, "promotion", made);
}

/* Change some fields of the promotion that the first argument names. */
static int change(cli *c, const ec_promotion *fields_of, ec_mask fields)
{
    ec_promotion *promotion = NULL, *changed = NULL;
    ec_status status = ec_promotion_by_code(c->session, c->arguments[0], &promotion);
    if (status == EC_OK)
        status = ec_promotion_update(c->session, promotion->id, fields_of, fields, &changed);
    ec_free(promotion);
    return show(c, status, "promotion", changed);
}

int cli_promotion_update(cli *c)
{
    void *given = NULL;
    ec_mask fields = 0;
    int64_t version = 0;
    const char *json = cli_value(c, "set");
    if (json == NULL)
        return cli_error(c, CLI_USAGE,
                         "say what changes: --set='{\"actions\":\"free_shipping()\"}'");
    if (!read_number(c, "version", &version)) return CLI_USAGE;
    ec_status status = ec_from_json(c->session, "promotion", json, strlen(json), &given, &fields);
    if (status != EC_OK) return cli_fail(c, status);
    ((ec_promotion *)given)->version = version;
    int code = change(c, given, fields);
    ec_free(given);
    return code;
}

int cli_promotion_activate(cli *c)
{
    const ec_promotion active = {.status = EC_PROMOTION_ACTIVE};
    return change(c, &active, ec_mask_of("promotion", "status"));
}

int cli_promotion_archive(cli *c)
{
    const ec_promotion archived = {.status = EC_PROMOTION_ARCHIVED};
    return change(c, &archived, ec_mask_of("promotion", "status"));
}

int cli_promotion_move(cli *c)
{
    int64_t priority = 0;
    ec_promotion *promotion = NULL, *moved = NULL;
    if (!cli_number(c, "priority", c->arguments[1], &priority)) return CLI_USAGE;
    ec_status status = ec_promotion_by_code(c->session, c->arguments[0], &promotion);
    if (status == EC_OK) status = ec_promotion_move(c->session, promotion->id, priority, &moved);
    ec_free(promotion);
    return show(c, status, "promotion", moved);
}

int cli_promotion_delete(cli *c)
{
    ec_promotion *promotion = NULL;
    ec_status status = ec_promotion_by_code(c->session, c->arguments[0], &promotion);
    if (status == EC_OK) status = ec_promotion_delete(c->session, promotion->id, 0);
    ec_free(promotion);
    if (status != EC_OK) return cli_fail(c, status);
    cli_say(c, "deleted %s\n", c->arguments[0]);
    return CLI_OK;
}

/* ---- coupons ---- */

static ec_status promotion_of(cli *c, const char *code, ec_id *id)
{
    ec_promotion *promotion = NULL;
    ec_status status = ec_promotion_by_code(c->session, code, &promotion);
    if (status == EC_OK) *id = promotion->id;
    ec_free(promotion);
    return status;
}

int cli_coupon_list(cli *c)
{
    ec_page page = {0};
    ec_coupon_filter filter = {0};
    ec_coupon_list *list = NULL;
    ec_status status = EC_OK;
    const char *of = cli_value(c, "promotion");
    if (!page_of(c, &page)) return CLI_USAGE;
    if (of != NULL) status = promotion_of(c, of, &filter.promotion_id);
    if (status == EC_OK) status = ec_coupon_find(c->session, &filter, &page, &list);
    return show_list(c, status, "coupon_list", list,
                     "id,code,promotion_id,used_count,usage_limit,customer_limit,expires_at,"
                     "is_active");
}

int cli_coupon_show(cli *c)
{
    ec_coupon *coupon = NULL;
    ec_status status = ec_coupon_by_code(c->session, c->arguments[0], &coupon);
    return show(c, status, "coupon", coupon);
}

int cli_coupon_create(cli *c)
{
    ec_coupon *made = NULL;
    ec_coupon coupon = {.code = c->arguments[1],
                        .is_reusable = cli_value(c, "reusable") != NULL,
                        .is_active = true};
    if (!read_number(c, "uses", &coupon.usage_limit) ||
        !read_number(c, "each", &coupon.customer_limit) ||
        !cli_time(c, "--expires", cli_value(c, "expires"), &coupon.expires_at))
        return CLI_USAGE;
    ec_status status = promotion_of(c, c->arguments[0], &coupon.promotion_id);
    if (status == EC_OK) status = ec_coupon_create(c->session, &coupon, &made);
    return show(c, status, "coupon", made);
}

int cli_coupon_generate(cli *c)
{
    ec_id promotion = 0;
    ec_coupon_list *list = NULL;
    ec_coupon_request request = {.prefix = cli_value(c, "prefix"),
                                 .suffix = cli_value(c, "suffix"),
                                 .alphabet = cli_value(c, "alphabet"),
                                 .pattern = cli_value(c, "pattern"),
                                 .is_reusable = cli_value(c, "reusable") != NULL};
    if (!cli_number(c, "amount", c->arguments[1], &request.amount) ||
        !read_number(c, "length", &request.length) ||
        !read_number(c, "uses", &request.usage_limit) ||
        !read_number(c, "each", &request.customer_limit) ||
        !cli_time(c, "--expires", cli_value(c, "expires"), &request.expires_at))
        return CLI_USAGE;
    ec_status status = promotion_of(c, c->arguments[0], &promotion);
    if (status == EC_OK) status = ec_coupon_generate(c->session, promotion, &request, &list);
    return show_list(c, status, "coupon_list", list, "id,code,usage_limit,expires_at");
}

int cli_coupon_disable(cli *c)
{
    ec_coupon *coupon = NULL, *changed = NULL;
    const ec_coupon off = {.is_active = false};
    ec_status status = ec_coupon_by_code(c->session, c->arguments[0], &coupon);
    if (status == EC_OK)
        status = ec_coupon_update(c->session, coupon->id, &off, ec_mask_of("coupon", "is_active"),
                                  &changed);
    ec_free(coupon);
    return show(c, status, "coupon", changed);
}

int cli_coupon_delete(cli *c)
{
    ec_coupon *coupon = NULL;
    ec_status status = ec_coupon_by_code(c->session, c->arguments[0], &coupon);
    if (status == EC_OK) status = ec_coupon_delete(c->session, coupon->id, 0);
    ec_free(coupon);
    if (status != EC_OK) return cli_fail(c, status);
    cli_say(c, "deleted %s\n", c->arguments[0]);
    return CLI_OK;
}
