/* SPDX-License-Identifier: MIT */
/*
 * import_sales.c - one rate of each country of the world, with what its states add.
 *
 * A state's number is added to its country's; federal and provincial taxes of Canada stay two rates
 * on the invoice where they are two. It refuses sums below zero and places that are none.
 */
#include <string.h>

#include "base/country.h"
#include "base/text.h"
#include "tax/import.h"

#define TIMES_MAX 64 /* changes of one place */

typedef struct place {
    ec_tax_plan *plan;
    const ec_json *country, *state; /* state: or NULL */
    size_t times_count;
    ec_time times[TIMES_MAX]; /* when something changes, from 0 */
} place;

/* ---- reading ---- */

static const char *type_of(const ec_json *object)
{
    const ec_json *type = ec_json_member(object, "type");
    return type != NULL && type->type == EC_JSON_TEXT ? type->text : "";
}

static bool number_of(const ec_json *object, int64_t *out)
{
    const ec_json *rate = object->type == EC_JSON_OBJECT ? ec_json_member(object, "rate") : NULL;
    return rate != NULL && rate->type == EC_JSON_NUMBER &&
           ec_parse_decimal(rate->text, 6, out) == EC_OK && *out >= -EC_TAX_RATE_MAX &&
           *out <= EC_TAX_RATE_MAX;
}

static ec_status note_time(place *p, const ec_json *at, ec_time time)
{
    size_t i = p->times_count;
    while (i > 0 && p->times[i - 1] >= time) {
        if (p->times[--i] == time) return EC_OK;
    }
    if (p->times_count == TIMES_MAX)
        return ec_tax_import_fault(p->plan->session, at, "more changes than can be");
    memmove(p->times + i + 1, p->times + i, (p->times_count - i) * sizeof(p->times[0]));
    p->times[i] = time;
    p->times_count++;
    return EC_OK;
}

/* The numbers of a country or state, and the times at which they change. */
static ec_status note_times(place *p, const ec_json *object)
{
    int64_t rate = 0;
    ec_time time = 0;
    if (!number_of(object, &rate))
        return ec_tax_import_fault(p->plan->session, object, "a place without a rate");
    const ec_json *before = ec_json_member(object, "before");
    ec_status status = EC_OK;
    if (before == NULL) return EC_OK;
    for (const ec_json *one = before->child; one != NULL && status == EC_OK; one = one->next) {
        bool good = one->key != NULL && ec_time_parse(one->key, &time) == EC_OK && time > 0 &&
                    number_of(one, &rate);
        status = good ? note_time(p, one, time)
                      : ec_tax_import_fault(p->plan->session, one, "an earlier rate that is none");
    }
    return status;
}

/* What held at a moment: the earlier rate that ended first behind it, else the present one. */
static int64_t rate_at(const ec_json *object, ec_time at)
{
    const ec_json *before = ec_json_member(object, "before");
    ec_time best = INT64_MAX, time = 0;
    int64_t rate = 0;
    (void)number_of(object, &rate);
    for (const ec_json *one = before != NULL ? before->child : NULL; one; one = one->next) {
        if (ec_time_parse(one->key, &time) != EC_OK || time <= at || time >= best) continue;
        best = time;
        (void)number_of(one, &rate);
    }
    return rate;
}

/* ---- rates ---- */

static const char *name_of(ec_arena *arena, const ec_json *object)
{
    char *name = ec_arena_strdup(arena, type_of(object));
    if (name != NULL && (*name == '\0' || strcmp(name, "none") == 0))
        return ec_arena_strdup(arena, "Sales tax");
    for (char *at = name; at != NULL && *at != '\0'; at++)
        if (*at >= 'a' && *at <= 'z') *at = (char)(*at - 'a' + 'A');
    return name;
}

/* Which share of a place: its country's number, its state's, or the sum. */
typedef enum part { OF_COUNTRY, OF_STATE, OF_BOTH } part;

static int64_t part_at(const place *p, part which, ec_time at)
{
    int64_t rate = which == OF_STATE ? 0 : rate_at(p->country, at);
    if (p->state != NULL && which != OF_COUNTRY) rate += rate_at(p->state, at);
    return rate;
}

static bool is_added(const place *p)
{
    return p->plan->added || strcmp(p->country->key, "US") == 0 ||
           strcmp(p->country->key, "CA") == 0;
}

static ec_status wish_part(const place *p, part which, const char *name, ec_tax_wish *wishes,
                           size_t *count)
{
    int64_t before = -1;
    if (name == NULL) return ec_fail_memory(p->plan->session);
    for (size_t i = 0; i < p->times_count; i++) {
        int64_t rate = part_at(p, which, p->times[i]);
        if (rate < 0)
            return ec_tax_import_fault(p->plan->session, p->state != NULL ? p->state : p->country,
                                       "a rate below zero");
        if (rate == before) continue;
        if (before >= 0) wishes[*count - 1].until = p->times[i];
        wishes[(*count)++] = (ec_tax_wish){.category = "standard",
                                           .name = name,
                                           .rate = rate,
                                           .from = p->times[i],
                                           .included = !is_added(p)};
        before = rate;
    }
    return EC_OK;
}

/* Provincial taxes beside the federal one; others are one tax with their country's. */
static bool stands_apart(const place *p)
{
    const char *type = p->state != NULL ? type_of(p->state) : "";
    return strcmp(type, "pst") == 0 || strcmp(type, "qst") == 0;
}

static ec_status want_rates(const place *p, ec_id zone)
{
    ec_arena *arena = ec_scratch(p->plan->session);
    size_t count = 0;
    ec_tax_wish *wishes = ec_arena_array(arena, (size_t)2 * TIMES_MAX, sizeof(*wishes));
    if (wishes == NULL) return ec_fail_memory(p->plan->session);
    bool none = strcmp(type_of(p->country), "none") == 0;
    ec_status status = EC_OK;
    if (stands_apart(p)) {
        status = wish_part(p, OF_COUNTRY, name_of(arena, p->country), wishes, &count);
        if (status == EC_OK)
            status = wish_part(p, OF_STATE, name_of(arena, p->state), wishes, &count);
    } else if (p->state != NULL) {
        status =
            wish_part(p, OF_BOTH, name_of(arena, none ? p->country : p->state), wishes, &count);
    } else if (!none) {
        status = wish_part(p, OF_COUNTRY, name_of(arena, p->country), wishes, &count);
    }
    return status == EC_OK ? ec_tax_want_rates(p->plan, zone, wishes, count) : status;
}

/* ---- places ---- */

static ec_status want_place(place *p)
{
    ec_session *session = p->plan->session;
    ec_arena *arena = ec_scratch(session);
    const char *country = p->country->key;
    const char *name = p->state != NULL ? ec_arena_printf(arena, "%s-%s", country, p->state->key)
                                        : ec_arena_strdup(arena, country);
    char *code = ec_arena_strdup(arena, name);
    ec_id zone = 0;
    if (code == NULL) return ec_fail_memory(session);
    ec_text_lower(code);
    if (!ec_text_is_slug(code))
        return ec_tax_import_fault(session, p->state, "a state whose code is none");
    ec_zone_member member = {.kind = EC_ZONE_KIND_COUNTRY, .value = country};
    if (p->state != NULL)
        member = (ec_zone_member){
            .kind = EC_ZONE_KIND_REGION, .country = country, .value = p->state->key};
    p->times_count = 1;
    p->times[0] = 0;
    ec_status status = note_times(p, p->country);
    if (status == EC_OK && p->state != NULL) status = note_times(p, p->state);
    if (status == EC_OK) status = ec_tax_want_zone(p->plan, code, name, &member, 1, &zone);
    return status == EC_OK ? want_rates(p, zone) : status;
}

/* Codes that ISO 3166 leaves to its users, such as XK: no address has them. */
static bool is_private(const char *code)
{
    return code[0] == 'X' && code[1] >= 'A' && code[1] <= 'Z' && code[2] == '\0';
}

static ec_status want_country(place *p)
{
    p->state = NULL;
    if (is_private(p->country->key)) return EC_OK;
    if (!ec_country_known(p->country->key) || p->country->type != EC_JSON_OBJECT)
        return ec_tax_import_fault(p->plan->session, p->country, "a country that is none");
    ec_status status = want_place(p);
    const ec_json *states = ec_json_member(p->country, "states");
    if (states == NULL) return status;
    for (p->state = states->child; p->state != NULL && status == EC_OK; p->state = p->state->next)
        status = want_place(p);
    return status;
}

ec_status ec_tax_import_sales(ec_tax_plan *plan, const ec_json *root)
{
    place *p = ec_arena_alloc(ec_scratch(plan->session), sizeof(*p));
    if (p == NULL) return ec_fail_memory(plan->session);
    p->plan = plan;
    ec_status status = EC_OK;
    for (const ec_json *one = root->child; one != NULL && status == EC_OK; one = one->next) {
        p->country = one;
        status = want_country(p);
    }
    return status;
}
