/* SPDX-License-Identifier: MIT */
/*
 * tax.c - the commands on zones and taxes. Dates and per cents are read by the library, as JSON.
 */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"

enum { MEMBERS_MAX = 1000, JSON_MAX = 4096 };

/* ---- zones ---- */

/* A text that is cut into the parts of a member. */
typedef struct places {
    ec_zone_member members[MEMBERS_MAX];
    char *texts[MEMBERS_MAX];
    size_t count;
} places;

static void forget(places *p)
{
    for (size_t i = 0; i < p->count; i++)
        free(p->texts[i]);
    free(p);
}

/* "CL", "*", "region:US/CA", "city:CL/Arica", "postcode:ES/35*", "zone:eu". */
static bool read_member(char *text, ec_zone_member *out)
{
    static const char *const kinds[] = {"country", "region", "city", "postcode", "zone"};
    char *colon = strchr(text, ':');
    if (colon == NULL) {
        *out = (ec_zone_member){.value = text};
        return true;
    }
    *colon = '\0';
    for (int i = 0; i < 5; i++) {
        if (strcmp(text, kinds[i]) != 0) continue;
        char *slash = strchr(colon + 1, '/');
        *out = (ec_zone_member){.kind = (ec_zone_kind)i, .value = colon + 1};
        if (i == 0 || i == 4) return true;
        if (slash == NULL) return false;
        *slash = '\0';
        out->country = colon + 1;
        out->value = slash + 1;
        return true;
    }
    return false;
}

static places *read_members(cli *c, int first)
{
    places *p = calloc(1, sizeof(*p));
    for (int i = first; p != NULL && i < c->count; i++) {
        if (p->count == MEMBERS_MAX || (p->texts[p->count] = strdup(c->arguments[i])) == NULL) {
            (void)cli_error(c, CLI_FAILED, "more members than fit");
            forget(p);
            return NULL;
        }
        p->count++;
        if (read_member(p->texts[p->count - 1], &p->members[p->count - 1])) continue;
        (void)cli_error(c, CLI_USAGE, "\"%s\": such as CL, region:US/CA, postcode:ES/35*, zone:eu",
                        c->arguments[i]);
        forget(p);
        return NULL;
    }
    return p;
}

static bool read_scope(cli *c, ec_zone_scope *scope)
{
    static const char *const names[] = {"all", "tax", "shipping"};
    const char *name = cli_value(c, "scope");
    for (int i = 0; name != NULL && i < 3; i++) {
        if (strcmp(name, names[i]) != 0) continue;
        *scope = (ec_zone_scope)i;
        return true;
    }
    if (name == NULL) return true;
    (void)cli_error(c, CLI_USAGE, "--scope: all, tax or shipping");
    return false;
}

static int show_zone(cli *c, ec_status status, ec_zone *zone)
{
    int code = status == EC_OK ? cli_print(c, "zone", zone) : cli_fail(c, status);
    ec_free(zone);
    return code;
}

int cli_zone_list(cli *c)
{
    ec_page page = {.cursor = cli_value(c, "cursor")};
    ec_zone_list *list = NULL;
    const char *limit = cli_value(c, "limit");
    if (limit != NULL && !cli_number(c, "--limit", limit, &page.limit)) return CLI_USAGE;
    ec_status status = ec_zone_find(c->session, &page, &list);
    if (status != EC_OK) return cli_fail(c, status);
    int code = cli_print_list(c, "zone_list", list, "id,code,name,scope");
    ec_free(list);
    return code;
}

int cli_zone_show(cli *c)
{
    ec_zone *zone = NULL;
    ec_status status = ec_zone_by_code(c->session, c->arguments[0], &zone);
    return show_zone(c, status, zone);
}

int cli_zone_create(cli *c)
{
    ec_zone zone = {.code = c->arguments[0], .name = c->arguments[1]};
    ec_zone *made = NULL;
    if (!read_scope(c, &zone.scope)) return CLI_USAGE;
    places *p = read_members(c, 2);
    if (p == NULL) return CLI_USAGE;
    zone.members = p->members;
    zone.members_count = p->count;
    ec_status status = ec_zone_create(c->session, &zone, &made);
    int code = show_zone(c, status, made);
    forget(p);
    return code;
}

/* Other members instead of those that it has. */
int cli_zone_update(cli *c)
{
    ec_zone *zone = NULL, *changed = NULL;
    places *p = read_members(c, 1);
    if (p == NULL) return CLI_USAGE;
    ec_status status = ec_zone_by_code(c->session, c->arguments[0], &zone);
    if (status == EC_OK) {
        ec_zone change = {.members = p->members, .members_count = p->count};
        status =
            ec_zone_update(c->session, zone->id, &change, ec_mask_of("zone", "members"), &changed);
    }
    ec_free(zone);
    int code = show_zone(c, status, changed);
    forget(p);
    return code;
}

int cli_zone_delete(cli *c)
{
    ec_zone *zone = NULL;
    ec_status status = ec_zone_by_code(c->session, c->arguments[0], &zone);
    if (status == EC_OK) status = ec_zone_delete(c->session, zone->id, 0);
    ec_free(zone);
    if (status != EC_OK) return cli_fail(c, status);
    cli_say(c, "deleted %s\n", c->arguments[0]);
    return CLI_OK;
}

int cli_zone_match(cli *c)
{
    ec_zone *zone = NULL;
    ec_address address = {
        .country = c->arguments[0],
        .region = cli_value(c, "region"),
        .city = cli_value(c, "city"),
        .postal_code = cli_value(c, "postcode"),
    };
    ec_zone_scope scope = cli_value(c, "shipping") != NULL ? EC_ZONE_SHIPPING : EC_ZONE_TAX;
    ec_status status = ec_zone_match(c->session, &address, scope, &zone);
    return show_zone(c, status, zone);
}

/* ---- presets and tables ---- */

static int show_import(cli *c, ec_status status, ec_tax_import *report)
{
    int code = status == EC_OK ? cli_print(c, "tax_import", report) : cli_fail(c, status);
    ec_free(report);
    return code;
}

int cli_tax_preset(cli *c)
{
    ec_tax_import *report = NULL;
    ec_status status = ec_tax_preset(c->session, c->arguments[0], &report);
    return show_import(c, status, report);
}

/* A whole file, to be freed; NULL with a message. */
static char *read_whole(cli *c, const char *path, size_t *length)
{
    size_t room = (size_t)EC_JSON_SIZE_MAX + 1;
    char *text = malloc(room);
    FILE *file = text != NULL ? fopen(path, "rb") : NULL;
    if (file == NULL) {
        (void)cli_errno(c, path);
        free(text);
        return NULL;
    }
    *length = fread(text, 1, room, file);
    (void)fclose(file);
    return text;
}

int cli_tax_import(cli *c)
{
    ec_tax_import *report = NULL;
    size_t length = 0;
    bool eu = cli_value(c, "eu") != NULL, sales = cli_value(c, "sales") != NULL;
    if (eu == sales) return cli_error(c, CLI_USAGE, "say which table it is: --eu or --sales");
    char *text = read_whole(c, c->arguments[0], &length);
    if (text == NULL) return CLI_FAILED;
    ec_status status = ec_tax_import_table(c->session, eu ? EC_TAX_TABLE_EU : EC_TAX_TABLE_SALES,
                                           text, length, cli_value(c, "added") != NULL, &report);
    free(text);
    return show_import(c, status, report);
}

/* ---- categories ---- */

int cli_tax_categories(cli *c)
{
    ec_tax_category_list *list = NULL;
    ec_page page = {.limit = EC_PAGE_SIZE_MAX};
    ec_status status = ec_tax_category_find(c->session, &page, &list);
    if (status != EC_OK) return cli_fail(c, status);
    int code = cli_print_list(c, "tax_category_list", list, "id,code,name,is_default");
    ec_free(list);
    return code;
}

int cli_tax_category(cli *c)
{
    ec_tax_category *made = NULL;
    ec_tax_category category = {.code = c->arguments[0],
                                .name = c->arguments[1],
                                .is_default = cli_value(c, "default") != NULL};
    ec_status status = ec_tax_category_create(c->session, &category, &made);
    int code = status == EC_OK ? cli_print(c, "tax_category", made) : cli_fail(c, status);
    ec_free(made);
    return code;
}

/* ---- objects out of JSON ---- */

/* Members of an object, one after the other; values of texts are quoted by %s with quote(). */
typedef struct object {
    char text[JSON_MAX];
    size_t length;
    bool full;
} object;

__attribute__((format(printf, 2, 3))) static void put(object *o, const char *format, ...)
{
    va_list arguments;
    size_t room = sizeof(o->text) - o->length;
    va_start(arguments, format);
    int length = vsnprintf(o->text + o->length, room, format, arguments);
    va_end(arguments);
    if (length < 0 || (size_t)length >= room)
        o->full = true;
    else
        o->length += (size_t)length;
}

/* ,"key":"text" or nothing for NULL. */
static void put_text(object *o, const char *key, const char *text)
{
    if (text == NULL) return;
    put(o, ",\"%s\":\"", key);
    for (; *text != '\0'; text++) {
        if (*text == '"' || *text == '\\')
            put(o, "\\%c", *text);
        else if ((unsigned char)*text < ' ')
            put(o, "\\u%04x", (unsigned)(unsigned char)*text);
        else
            put(o, "%c", *text);
    }
    put(o, "\"");
}

static ec_status take(cli *c, object *o, const char *entity, void **out)
{
    put(o, "}");
    if (o->full) return EC_LIMIT;
    return ec_from_json(c->session, entity, o->text, o->length, out, NULL);
}

/* The ids of a zone and a category by their codes; NULL: 0. */
static ec_status find_zone(cli *c, const char *code, ec_id *id)
{
    ec_zone *zone = NULL;
    if (code == NULL) return EC_OK;
    ec_status status = ec_zone_by_code(c->session, code, &zone);
    if (status == EC_OK) *id = zone->id;
    ec_free(zone);
    return status;
}

static ec_status find_category(cli *c, const char *code, ec_id *id)
{
    ec_tax_category *category = NULL;
    if (code == NULL) return EC_OK;
    ec_status status = ec_tax_category_by_code(c->session, code, &category);
    if (status == EC_OK) *id = category->id;
    ec_free(category);
    return status;
}

/* ---- rates ---- */

int cli_tax_rates(cli *c)
{
    ec_tax_rate_list *list = NULL;
    ec_tax_rate_filter filter = {0, 0};
    ec_page page = {.cursor = cli_value(c, "cursor")};
    const char *limit = cli_value(c, "limit");
    if (limit != NULL && !cli_number(c, "--limit", limit, &page.limit)) return CLI_USAGE;
    ec_status status = find_zone(c, cli_value(c, "zone"), &filter.zone_id);
    if (status == EC_OK) status = find_category(c, cli_value(c, "category"), &filter.category_id);
    if (status == EC_OK) status = ec_tax_rate_find(c->session, &filter, &page, &list);
    if (status != EC_OK) return cli_fail(c, status);
    int code = cli_print_list(c, "tax_rate_list", list,
                              "id,zone_id,category_id,name,rate,included,valid_from,valid_until");
    ec_free(list);
    return code;
}

static bool is_number(const char *text)
{
    return text[0] != '\0' && text[strspn(text, "0123456789.")] == '\0';
}

int cli_tax_rate(cli *c)
{
    object *o = calloc(1, sizeof(*o));
    ec_id zone = 0, category = 0;
    int64_t priority = 0;
    void *rate = NULL;
    ec_tax_rate *made = NULL;
    const char *level = cli_value(c, "priority"), *name = cli_value(c, "name");
    if (o == NULL || !is_number(c->arguments[2]) ||
        (level != NULL && !cli_number(c, "--priority", level, &priority))) {
        free(o);
        return cli_error(c, CLI_USAGE, "%s: per cent, such as 19 or 8.875", c->arguments[2]);
    }
    ec_status status = find_zone(c, c->arguments[0], &zone);
    if (status == EC_OK) status = find_category(c, c->arguments[1], &category);
    put(o, "{\"zone_id\":%lld,\"category_id\":%lld,\"rate\":%s,\"priority\":%lld", (long long)zone,
        (long long)category, c->arguments[2], (long long)priority);
    put(o, ",\"included\":%s,\"compound\":%s,\"calculator\":\"%s\"",
        cli_value(c, "added") != NULL ? "false" : "true",
        cli_value(c, "compound") != NULL ? "true" : "false",
        cli_value(c, "sum") != NULL ? "sum" : "each");
    put_text(o, "name", name != NULL ? name : "Tax");
    put_text(o, "valid_from", cli_value(c, "from"));
    put_text(o, "valid_until", cli_value(c, "until"));
    if (status == EC_OK) status = take(c, o, "tax_rate", &rate);
    if (status == EC_OK) status = ec_tax_rate_create(c->session, rate, &made);
    int code = status == EC_OK ? cli_print(c, "tax_rate", made) : cli_fail(c, status);
    ec_free(made);
    ec_free(rate);
    free(o);
    return code;
}

int cli_tax_delete(cli *c)
{
    int64_t id = 0;
    if (!cli_number(c, "ID", c->arguments[0], &id)) return CLI_USAGE;
    ec_status status = ec_tax_rate_delete(c->session, id, 0);
    if (status != EC_OK) return cli_fail(c, status);
    cli_say(c, "deleted %s\n", c->arguments[0]);
    return CLI_OK;
}

/* ---- buyers ---- */

/* EMAIL, or group:CODE. */
static ec_status find_buyer(cli *c, const char *text, ec_id *user, ec_id *group)
{
    ec_group *found = NULL;
    if (strncmp(text, "group:", 6) != 0) return cli_user(c, text, user);
    ec_status status = ec_group_by_code(c->session, text + 6, &found);
    if (status == EC_OK) *group = found->id;
    ec_free(found);
    return status;
}

int cli_tax_exempt(cli *c)
{
    object *o = calloc(1, sizeof(*o));
    ec_id user = 0, group = 0, zone = 0;
    void *exemption = NULL;
    ec_tax_exemption *made = NULL;
    if (o == NULL) return cli_error(c, CLI_FAILED, "out of memory");
    ec_status status = find_buyer(c, c->arguments[0], &user, &group);
    if (status == EC_OK) status = find_zone(c, cli_value(c, "zone"), &zone);
    put(o, "{\"kind\":\"%s\"",
        cli_value(c, "reverse-charge") != NULL ? "reverse_charge" : "exempt");
    if (user != 0) put(o, ",\"user_id\":%lld", (long long)user);
    if (group != 0) put(o, ",\"group_id\":%lld", (long long)group);
    if (zone != 0) put(o, ",\"zone_id\":%lld", (long long)zone);
    put_text(o, "certificate", cli_value(c, "certificate"));
    put_text(o, "valid_from", cli_value(c, "from"));
    put_text(o, "valid_until", cli_value(c, "until"));
    if (status == EC_OK) status = take(c, o, "tax_exemption", &exemption);
    if (status == EC_OK) status = ec_tax_exemption_create(c->session, exemption, &made);
    int code = status == EC_OK ? cli_print(c, "tax_exemption", made) : cli_fail(c, status);
    ec_free(made);
    ec_free(exemption);
    free(o);
    return code;
}

int cli_tax_exemptions(cli *c)
{
    ec_tax_exemption_list *list = NULL;
    ec_tax_exemption_filter filter = {0, 0};
    ec_page page = {.cursor = cli_value(c, "cursor")};
    const char *limit = cli_value(c, "limit"), *buyer = cli_value(c, "buyer");
    if (limit != NULL && !cli_number(c, "--limit", limit, &page.limit)) return CLI_USAGE;
    ec_status status =
        buyer != NULL ? find_buyer(c, buyer, &filter.user_id, &filter.group_id) : EC_OK;
    if (status == EC_OK) status = ec_tax_exemption_find(c->session, &filter, &page, &list);
    if (status != EC_OK) return cli_fail(c, status);
    int code = cli_print_list(c, "tax_exemption_list", list,
                              "id,user_id,group_id,zone_id,kind,certificate,valid_until");
    ec_free(list);
    return code;
}

int cli_tax_charge(cli *c)
{
    int64_t id = 0;
    if (!cli_number(c, "ID", c->arguments[0], &id)) return CLI_USAGE;
    ec_status status = ec_tax_exemption_delete(c->session, id, 0);
    if (status != EC_OK) return cli_fail(c, status);
    cli_say(c, "deleted %s\n", c->arguments[0]);
    return CLI_OK;
}

int cli_tax_number(cli *c)
{
    ec_tax_number *kept = NULL;
    ec_tax_number number = {.country = c->arguments[1],
                            .number = c->arguments[2],
                            .company = cli_value(c, "company"),
                            .is_valid = cli_value(c, "valid") != NULL};
    ec_status status = cli_user(c, c->arguments[0], &number.user_id);
    if (status == EC_OK) status = ec_tax_number_set(c->session, &number, &kept);
    int code = status == EC_OK ? cli_print(c, "tax_number", kept) : cli_fail(c, status);
    ec_free(kept);
    return code;
}
