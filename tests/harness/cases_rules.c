/* SPDX-License-Identifier: MIT */
/*
 * cases_rules.c - the zones, rates, methods and promotions of a case as compiled rules.
 */
#include "harness/cases_inside.h"

#include <inttypes.h>

#include "shipping/inside.h"
#include "tax/inside.h"

/* ---- zones and rates ---- */

static ec_zone_kind kind_of(case_file *c, const char *name, size_t length)
{
    static const char *const names[] = {"country", "region", "city", "postcode", "zone"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strlen(names[i]) == length && strncmp(names[i], name, length) == 0)
            return (ec_zone_kind)i;
    case_fault(c, "a zone has no \"%s\"", name);
    return EC_ZONE_KIND_COUNTRY;
}

/* "kind:value", "kind:CC:value", or "region:CC-…" whose country is said by the code. */
static void make_place(case_file *c, const char *text, ec_zone_place *out)
{
    const char *mark = strchr(text, ':'), *rule = NULL;
    ec_zone_member member = {.kind = kind_of(c, text, (size_t)(mark - text)), .value = mark + 1};
    bool local = member.kind != EC_ZONE_KIND_COUNTRY && member.kind != EC_ZONE_KIND_ZONE;
    if (local) member.country = ec_arena_text(&c->arena, member.value, 2);
    if (local && strlen(member.value) > 3 && member.value[2] == ':') member.value += 3;
    if (ec_zone_place_make(&c->arena, &member, out, &rule) != NULL)
        case_fault(c, "the place \"%s\" breaks the rule \"%s\"", text, rule ? rule : "");
}

static void make_zones(case_file *c, ec_tax_book *book)
{
    ec_zone_rule *zones = ec_arena_array(&c->arena, c->zones_count + 1, sizeof *zones);
    for (size_t i = 0; i < c->zones_count; i++) {
        const case_zone *zone = &c->zones[i];
        ec_zone_place *places = ec_arena_array(&c->arena, zone->members_count + 1, sizeof *places);
        for (size_t j = 0; j < zone->members_count; j++)
            make_place(c, zone->members[j], &places[j]);
        zones[i] = (ec_zone_rule){
            .id = zone->id,
            .code = ec_arena_printf(&c->arena, "%" PRId64, zone->id),
            .scope = zone->use == NULL                    ? EC_ZONE_ALL
                     : strcmp(zone->use, "shipping") == 0 ? EC_ZONE_SHIPPING
                                                          : EC_ZONE_TAX,
            .places_count = zone->members_count,
            .places = places,
        };
    }
    book->zones = zones;
    book->zones_count = c->zones_count;
}

static void make_rates(case_file *c, ec_tax_book *book)
{
    ec_tax_rule *rates = ec_arena_array(&c->arena, c->rates_count + 1, sizeof *rates);
    for (size_t i = 0; i < c->rates_count; i++) {
        const case_rate_row *row = &c->rates[i];
        rates[i] = (ec_tax_rule){
            .id = row->id,
            .zone_id = row->zone_id,
            .category = row->category,
            .name = row->name,
            .rate = row->rate,
            .priority = row->priority,
            .valid_from = row->from,
            .valid_until = row->until,
            .included = row->included,
            .compound = row->compound,
            .calculator = row->sum ? EC_TAX_SUM : EC_TAX_EACH,
        };
    }
    ec_tax_rules_sort(rates, c->rates_count);
    book->rates = rates;
    book->rates_count = c->rates_count;
}

static void make_taxes(case_file *c, ec_tax_book *book)
{
    ec_id bad = 0;
    ec_tax_index *index = ec_arena_alloc(&c->arena, sizeof *index);
    make_zones(c, book);
    make_rates(c, book);
    if (ec_zone_index_make(&c->arena, book, index, &bad) != EC_OK)
        case_fault(c, "zone %" PRId64 " does not fit", bad);
    index->default_category = "standard";
    book->index = index;
}

/* ---- methods ---- */

static void make_methods(case_file *c, ec_shipping_book *book)
{
    unsigned needs = 0;
    ec_shipping_rule *methods = ec_arena_array(&c->arena, c->methods_count + 1, sizeof *methods);
    for (size_t i = 0; i < c->methods_count; i++) {
        const case_method *row = &c->methods[i];
        const char *field = NULL;
        ec_rule_fault fault = {0};
        if (ec_shipping_compile(&c->arena, row->calculator, row->condition, &needs, &methods[i],
                                &field, &fault) != EC_OK)
            case_fault(c, "%s of %s: %s", field ? field : "?", row->code, fault.message);
        methods[i].id = row->id;
        methods[i].zone_id = row->zone_id;
        methods[i].channels = row->channels;
        methods[i].channels_count = row->channels_count;
        methods[i].code = methods[i].name = row->code;
        methods[i].tax_category = row->tax;
        methods[i].category = row->category;
        methods[i].category_rule = row->rule == NULL                ? EC_SHIPPING_ANY
                                   : strcmp(row->rule, "all") == 0  ? EC_SHIPPING_ALL
                                   : strcmp(row->rule, "none") == 0 ? EC_SHIPPING_NONE
                                                                    : EC_SHIPPING_ANY;
        methods[i].is_active = true;
    }
    book->methods = methods;
    book->methods_count = c->methods_count;
}

/* ---- promotions ---- */

static void make_promotion(case_file *c, case_promotion *from, ec_promotion_rule *out)
{
    unsigned needs = 0;
    ec_rule_fault fault = {0};
    size_t stride = 0, count = 0;
    const void *verbs = ec_promotion_verbs(&stride, &count);
    *out = from->rule;
    out->gifts = from->gifts;
    if (ec_rule_parse(&c->arena, from->condition, EC_RULE_CART, &out->condition, &needs, &fault) !=
        EC_OK)
        case_fault(c, "the condition \"%s\": %s", from->condition, fault.message);
    if (from->actions == NULL ||
        ec_rule_parse_calls(&c->arena, from->actions, verbs, stride, count, &out->actions,
                            &out->actions_count, &needs, &fault) != EC_OK)
        case_fault(c, "the actions \"%s\": %s", from->actions ? from->actions : "", fault.message);
}

static void make_promotions(case_file *c, ec_promotion_book *book)
{
    ec_promotion_rule *rules = ec_arena_array(&c->arena, c->promotions_count + 1, sizeof *rules);
    for (size_t i = 0; i < c->promotions_count; i++)
        make_promotion(c, &c->promotions[i], &rules[i]);
    if (c->faults == 0 &&
        ec_promotion_book_make(&c->arena, rules, c->promotions_count, book) != EC_OK)
        case_fault(c, "the promotions make no book");
}

bool case_rules(case_file *c, ec_rules *out)
{
    make_taxes(c, &out->taxes);
    make_methods(c, &out->shipping);
    make_promotions(c, &out->promotions);
    return c->faults == 0;
}
