/* SPDX-License-Identifier: MIT */
/*
 * import_eu.c - VAT of European countries by date, with exceptions by postcode.
 *
 * A period holds until the next one begins; neighbours that say the same become one rate. Where an
 * exception says 0 every category is free of tax; where it says another standard rate the other
 * categories are those of the country. It refuses postcodes that it cannot read exactly.
 */
#include <string.h>

#include "base/country.h"
#include "base/text.h"
#include "tax/import.h"

#define KINDS_MAX 32    /* kinds of rates of one country */
#define PERIODS_MAX 100 /* of one country */
#define PLACES_MAX 100  /* exceptions of one country */
#define MEMBERS_MAX 200 /* patterns of one exception */

typedef struct period {
    ec_time from; /* 0: always */
    const ec_json *rates, *exceptions;
} period;

typedef struct country {
    ec_tax_plan *plan;
    const char *code;
    size_t periods_count;
    period periods[PERIODS_MAX]; /* by time */
    size_t kinds_count;
    const char *kinds[KINDS_MAX];
    size_t places_count;
    const ec_json *places[PLACES_MAX]; /* one of each name */
} country;

/* ---- reading ---- */

static const char *text_of(const ec_json *object, const char *key)
{
    const ec_json *member = object != NULL ? ec_json_member(object, key) : NULL;
    return member != NULL && member->type == EC_JSON_TEXT ? member->text : NULL;
}

static bool rate_of(const ec_json *value, int64_t *out)
{
    return value != NULL && value->type == EC_JSON_NUMBER &&
           ec_parse_decimal(value->text, 4, out) == EC_OK && *out >= 0 && *out <= EC_TAX_RATE_MAX;
}

static ec_status read_period(country *c, const ec_json *item)
{
    period p = {.rates = ec_json_member(item, "rates"),
                .exceptions = ec_json_member(item, "exceptions")};
    const char *from = text_of(item, "effective_from");
    size_t at = c->periods_count;
    if (from == NULL || p.rates == NULL || p.rates->type != EC_JSON_OBJECT)
        return ec_tax_import_fault(c->plan->session, item, "a period without date or rates");
    if (strcmp(from, "0000-01-01") != 0 && (ec_time_parse(from, &p.from) != EC_OK || p.from < 1))
        return ec_tax_import_fault(c->plan->session, item, "a date that is none");
    if (at == PERIODS_MAX)
        return ec_tax_import_fault(c->plan->session, item, "more periods than can be");
    while (at > 0 && c->periods[at - 1].from > p.from) {
        c->periods[at] = c->periods[at - 1];
        at--;
    }
    if (at > 0 && c->periods[at - 1].from == p.from)
        return ec_tax_import_fault(c->plan->session, item, "two periods that begin at once");
    c->periods[at] = p;
    c->periods_count++;
    return EC_OK;
}

static ec_status note_kinds(country *c, const ec_json *rates)
{
    int64_t rate = 0;
    for (const ec_json *one = rates->child; one != NULL; one = one->next) {
        bool known = false;
        if (!rate_of(one, &rate))
            return ec_tax_import_fault(c->plan->session, one, "a rate that is no number");
        for (size_t i = 0; i < c->kinds_count; i++)
            known |= strcmp(c->kinds[i], one->key) == 0;
        if (known) continue;
        if (c->kinds_count == KINDS_MAX)
            return ec_tax_import_fault(c->plan->session, one, "more kinds than can be");
        c->kinds[c->kinds_count++] = one->key;
    }
    return EC_OK;
}

static ec_status note_places(country *c, const ec_json *exceptions)
{
    if (exceptions == NULL) return EC_OK;
    for (const ec_json *one = exceptions->child; one != NULL; one = one->next) {
        const char *name = one->type == EC_JSON_OBJECT ? text_of(one, "name") : NULL;
        int64_t rate = 0;
        bool known = false;
        if (name == NULL || text_of(one, "postcode") == NULL ||
            !rate_of(ec_json_member(one, "standard"), &rate))
            return ec_tax_import_fault(c->plan->session, one, "an exception without its parts");
        for (size_t i = 0; i < c->places_count; i++)
            known |= strcmp(text_of(c->places[i], "name"), name) == 0;
        if (known) continue;
        if (c->places_count == PLACES_MAX)
            return ec_tax_import_fault(c->plan->session, one, "more exceptions than can be");
        c->places[c->places_count++] = one;
    }
    return EC_OK;
}

static ec_status read_country(country *c, const ec_json *value)
{
    ec_status status = EC_OK;
    c->periods_count = c->kinds_count = c->places_count = 0;
    c->code = value->key;
    if (!ec_country_known(c->code) || value->type != EC_JSON_ARRAY)
        return ec_tax_import_fault(c->plan->session, value, "a country that is none");
    for (const ec_json *one = value->child; one != NULL && status == EC_OK; one = one->next)
        status = one->type == EC_JSON_OBJECT
                     ? read_period(c, one)
                     : ec_tax_import_fault(c->plan->session, one, "a period that is none");
    /* Kinds in the order of the newest period, as the table has them. */
    for (size_t i = c->periods_count; i-- > 0 && status == EC_OK;) {
        status = note_kinds(c, c->periods[i].rates);
        if (status == EC_OK) status = note_places(c, c->periods[i].exceptions);
    }
    return status;
}

/* ---- what holds when ---- */

static const ec_json *exception_in(const period *p, const char *place)
{
    if (p->exceptions == NULL) return NULL;
    for (const ec_json *one = p->exceptions->child; one != NULL; one = one->next)
        if (strcmp(text_of(one, "name"), place) == 0) return one;
    return NULL;
}

/* The rate of a kind in a period, -1: none. place: of an exception, or NULL. */
static int64_t rate_in(const period *p, const char *kind, const char *place)
{
    int64_t rate = -1, standard = 0;
    if (!rate_of(ec_json_member(p->rates, kind), &rate)) return -1;
    const ec_json *exception = place != NULL ? exception_in(p, place) : NULL;
    if (exception == NULL) return rate;
    (void)rate_of(ec_json_member(exception, "standard"), &standard);
    if (standard == 0) return 0;
    (void)rate_of(ec_json_member(exception, kind), &rate);
    return rate;
}

static const char *category_of(ec_arena *arena, const char *kind)
{
    char *code = ec_arena_strdup(arena, kind);
    for (char *at = code; at != NULL && *at != '\0'; at++)
        if (*at == '_') *at = '-';
    return code;
}

/* The rates of a kind, one for each time that it changed. */
static size_t wishes_of(const country *c, const char *kind, const char *place, ec_tax_wish *wishes)
{
    const char *category = category_of(ec_scratch(c->plan->session), kind);
    size_t count = 0;
    int64_t before = -1;
    for (size_t i = 0; i < c->periods_count && category != NULL; i++) {
        const period *p = &c->periods[i];
        int64_t rate = rate_in(p, kind, place);
        if (rate == before) continue;
        if (before >= 0) wishes[count - 1].until = p->from;
        if (rate >= 0)
            wishes[count++] = (ec_tax_wish){.category = category,
                                            .name = "VAT",
                                            .rate = rate,
                                            .from = p->from,
                                            .included = !c->plan->added};
        before = rate;
    }
    return count;
}

static ec_status want_all(const country *c, ec_id zone, const char *place)
{
    ec_session *session = c->plan->session;
    size_t count = 0;
    ec_tax_wish *wishes =
        ec_arena_array(ec_scratch(session), c->kinds_count * c->periods_count + 1, sizeof(*wishes));
    if (wishes == NULL) return ec_fail_memory(session);
    for (size_t i = 0; i < c->kinds_count; i++)
        count += wishes_of(c, c->kinds[i], place, wishes + count);
    return ec_tax_want_rates(c->plan, zone, wishes, count);
}

/* ---- zones ---- */

static const char *lower_code(ec_arena *arena, const char *code)
{
    char *lower = ec_arena_strdup(arena, code);
    if (lower != NULL) ec_text_lower(lower);
    return lower;
}

static ec_status want_place(const country *c, const ec_json *exception)
{
    ec_session *session = c->plan->session;
    ec_arena *arena = ec_scratch(session);
    const char *name = text_of(exception, "name");
    const char *lower = lower_code(arena, c->code), *slug = ec_text_slug(arena, name, 50);
    ec_zone_member *members = ec_arena_array(arena, MEMBERS_MAX, sizeof(*members));
    size_t count = 0;
    ec_id zone = 0;
    if (lower == NULL || slug == NULL || members == NULL) return ec_fail_memory(session);
    ec_status status = ec_tax_pattern(arena, text_of(exception, "postcode"), c->code, members,
                                      MEMBERS_MAX, &count);
    if (status == EC_NO_MEMORY) return ec_fail_memory(session);
    if (status != EC_OK)
        return ec_tax_import_fault(session, exception, "postcodes that cannot be read");
    const char *code = ec_arena_printf(arena, "%s-%s", lower, slug);
    if (code == NULL) return ec_fail_memory(session);
    status = ec_tax_want_zone(c->plan, code, name, members, count, &zone);
    return status == EC_OK ? want_all(c, zone, name) : status;
}

static ec_status want_country(const country *c)
{
    ec_session *session = c->plan->session;
    ec_zone_member member = {.kind = EC_ZONE_KIND_COUNTRY, .value = c->code};
    const char *lower = lower_code(ec_scratch(session), c->code);
    ec_id zone = 0;
    if (lower == NULL) return ec_fail_memory(session);
    ec_status status = ec_tax_want_zone(c->plan, lower, c->code, &member, 1, &zone);
    if (status == EC_OK) status = want_all(c, zone, NULL);
    for (size_t i = 0; i < c->places_count && status == EC_OK; i++)
        status = want_place(c, c->places[i]);
    return status;
}

/* A zone of all of them but the United Kingdom, which left. */
static ec_status want_union(ec_tax_plan *plan, const ec_json *items)
{
    ec_arena *arena = ec_scratch(plan->session);
    ec_zone_member *members = ec_arena_array(arena, items->count, sizeof(*members));
    size_t count = 0;
    ec_id zone = 0;
    if (members == NULL) return ec_fail_memory(plan->session);
    for (const ec_json *one = items->child; one != NULL; one = one->next) {
        if (strcmp(one->key, "GB") == 0) continue;
        const char *code = lower_code(arena, one->key);
        if (code == NULL) return ec_fail_memory(plan->session);
        members[count++] = (ec_zone_member){.kind = EC_ZONE_KIND_ZONE, .value = code};
    }
    return ec_tax_want_zone(plan, "eu", "European Union", members, count, &zone);
}

ec_status ec_tax_import_eu(ec_tax_plan *plan, const ec_json *root)
{
    const ec_json *items = ec_json_member(root, "items");
    country *c = ec_arena_alloc(ec_scratch(plan->session), sizeof(*c));
    if (c == NULL) return ec_fail_memory(plan->session);
    if (items == NULL || items->type != EC_JSON_OBJECT)
        return ec_tax_import_fault(plan->session, root, "no items");
    c->plan = plan;
    ec_status status = EC_OK;
    for (const ec_json *one = items->child; one != NULL && status == EC_OK; one = one->next) {
        status = read_country(c, one);
        if (status == EC_OK) status = want_country(c);
    }
    return status == EC_OK ? want_union(plan, items) : status;
}
