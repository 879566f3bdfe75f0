/* SPDX-License-Identifier: MIT */
/*
 * import_store.c - rates that a table wants against those that are there.
 *
 * A second time nothing happens. It refuses to change a zone that is there, to remove any rate, and
 * to touch a category that has another rate in the zone: the shop made them, or another table that
 * knows more.
 */
#include <string.h>

#include "catalog/inside.h"
#include "model/model.h"
#include "price/rules.h"
#include "tax/import.h"

/* ---- zones ---- */

/* By the public functions' own bodies, so that members are checked and events are told. */
static ec_status make_zone(ec_tax_plan *plan, const ec_zone *zone, ec_id *id)
{
    ec_zone *made = NULL;
    ec_status status = ec_zone_create(plan->session, zone, &made);
    if (status != EC_OK) return status;
    *id = made->id;
    ec_free(made);
    plan->report->zones++;
    return EC_OK;
}

ec_status ec_tax_want_zone(ec_tax_plan *plan, const char *code, const char *name,
                           const ec_zone_member *members, size_t count, ec_id *id)
{
    ec_status status = ec_query_int(plan->session, "SELECT id FROM zones WHERE code = ?",
                                    ec_args(ec_text(code)), id);
    if (status != EC_NOT_FOUND) return status;
    ec_forgive(plan->session);
    ec_zone zone = {.code = code, .name = name, .members_count = count};
    zone.members = ec_arena_array(ec_scratch(plan->session), count, sizeof(*members));
    if (zone.members == NULL) return ec_fail_memory(plan->session);
    if (count > 0) memcpy(zone.members, members, count * sizeof(*members));
    return make_zone(plan, &zone, id);
}

/* ---- categories ---- */

static ec_status has_default(ec_session *session, bool *out)
{
    int64_t found = 0;
    ec_status status = ec_query_int(session,
                                    "SELECT EXISTS (SELECT 1 FROM tax_categories"
                                    " WHERE is_default = 1) /* whole */",
                                    ec_no_args, &found);
    *out = found != 0;
    return status;
}

static ec_status want_category(ec_tax_plan *plan, const char *code, ec_id *id)
{
    bool taken = false;
    ec_tax_category *made = NULL;
    ec_status status = ec_query_int(plan->session, "SELECT id FROM tax_categories WHERE code = ?",
                                    ec_args(ec_text(code)), id);
    if (status != EC_NOT_FOUND) return status;
    ec_forgive(plan->session);
    status = has_default(plan->session, &taken);
    if (status != EC_OK) return status;
    ec_tax_category category = {
        .code = code, .name = code, .is_default = !taken && strcmp(code, "standard") == 0};
    status = ec_tax_category_create(plan->session, &category, &made);
    if (status != EC_OK) return status;
    *id = made->id;
    ec_free(made);
    plan->report->categories++;
    return EC_OK;
}

/* ---- rates ---- */

static bool is_wished(const ec_tax_rate *rate, ec_id category, const ec_tax_wish *wish)
{
    return rate->category_id == category && rate->priority == wish->priority &&
           rate->valid_from == wish->from && strcmp(rate->name, wish->name) == 0;
}

/* The rates of a zone and what is wanted of them. */
typedef struct meeting {
    const ec_tax_rate *rates;
    size_t rates_count;
    const ec_tax_wish *wishes;
    ec_id *categories; /* of the wishes */
    size_t count;
} meeting;

static const ec_tax_rate *find_rate(const meeting *m, size_t wish)
{
    for (size_t i = 0; i < m->rates_count; i++)
        if (is_wished(&m->rates[i], m->categories[wish], &m->wishes[wish])) return &m->rates[i];
    return NULL;
}

/* Does the category have a rate there that the table does not know? Then it is the shop's own. */
static bool is_own(const meeting *m, ec_id category)
{
    for (size_t i = 0; i < m->rates_count; i++) {
        bool known = m->rates[i].category_id != category;
        for (size_t k = 0; k < m->count && !known; k++)
            known = is_wished(&m->rates[i], m->categories[k], &m->wishes[k]);
        if (!known) return true;
    }
    return false;
}

static ec_status make_rate(ec_tax_plan *plan, ec_id zone_id, ec_id category,
                           const ec_tax_wish *wish)
{
    ec_tax_rate *made = NULL;
    ec_tax_rate rate = {
        .valid_from = wish->from,
        .valid_until = wish->until,
        .zone_id = zone_id,
        .category_id = category,
        .rate = wish->rate,
        .priority = wish->priority,
        .name = wish->name,
        .included = wish->included,
        .is_active = true,
    };
    ec_status status = ec_tax_rate_create(plan->session, &rate, &made);
    if (status != EC_OK) return status;
    ec_free(made);
    plan->report->rates++;
    return EC_OK;
}

static ec_status change_rate(ec_tax_plan *plan, const ec_tax_rate *rate, const ec_tax_wish *wish)
{
    ec_tax_rate change = {.rate = wish->rate, .valid_until = wish->until};
    ec_tax_rate *made = NULL;
    if (rate->rate == wish->rate && rate->valid_until == wish->until) {
        plan->report->unchanged++;
        return EC_OK;
    }
    ec_mask fields = ec_mask_of("tax_rate", "rate") | ec_mask_of("tax_rate", "valid_until");
    ec_status status = ec_tax_rate_update(plan->session, rate->id, &change, fields, &made);
    if (status != EC_OK) return status;
    ec_free(made);
    plan->report->changed++;
    return EC_OK;
}

static ec_status meet(ec_tax_plan *plan, ec_id zone_id, const meeting *m)
{
    ec_status status = EC_OK;
    for (size_t i = 0; i < m->count && status == EC_OK; i++) {
        const ec_tax_rate *rate = find_rate(m, i);
        if (is_own(m, m->categories[i]))
            plan->report->unchanged++;
        else if (rate != NULL)
            status = change_rate(plan, rate, &m->wishes[i]);
        else
            status = make_rate(plan, zone_id, m->categories[i], &m->wishes[i]);
    }
    return status;
}

ec_status ec_tax_want_rates(ec_tax_plan *plan, ec_id zone_id, const ec_tax_wish *wishes,
                            size_t count)
{
    void *found = NULL;
    meeting m = {.wishes = wishes, .count = count};
    m.categories = ec_arena_array(ec_scratch(plan->session), count, sizeof(*m.categories));
    if (m.categories == NULL) return ec_fail_memory(plan->session);
    ec_status status =
        ec_entity_select(plan->session, &ec_tax_rate_entity, "WHERE t.zone_id = ? ORDER BY t.id",
                         ec_args(ec_int(zone_id)), &found, &m.rates_count);
    for (size_t i = 0; i < count && status == EC_OK; i++)
        status = want_category(plan, wishes[i].category, &m.categories[i]);
    m.rates = found;
    return status == EC_OK ? meet(plan, zone_id, &m) : status;
}
