/* SPDX-License-Identifier: MIT */
/*
 * inside.h - how zones and rates look once they are compiled, and the sheet that taxes are computed
 * on.
 *
 * A sheet has an item for each taxed line and each part of the fee, sorted by what is sold and not
 * by position; items of one category form a group; each rate of the category is a column. The tax
 * of a cell is base * factor / denominator of its column, exactly; levels only say where that is
 * rounded.
 */
#ifndef EC_TAX_INSIDE_H
#define EC_TAX_INSIDE_H

#include <ecommerce/tax.h>
#include <ecommerce/zone.h>

#include "tax/tax.h"

#define EC_TAX_MILLION INT64_C(1000000)
#define EC_TAX_RATE_MAX (10 * EC_TAX_MILLION) /* a rate of 1000 % */
#define EC_ZONE_CODE_MAX 64                   /* bytes of a postcode that are looked at */
#define EC_ZONE_NAME_MAX 512                  /* bytes of a folded city or region */
#define EC_ZONE_NESTING_MAX 16                /* zones inside of zones */

/* ---- zones ---- */

/* How specific a place is. */
enum {
    EC_ZONE_WEIGHT_WORLD = 1, /* every country */
    EC_ZONE_WEIGHT_ZONES,     /* through a zone inside of the zone */
    EC_ZONE_WEIGHT_COUNTRY,
    EC_ZONE_WEIGHT_REGION,
    EC_ZONE_WEIGHT_CITY,
    EC_ZONE_WEIGHT_POSTCODE = 100,      /* and one more for each known character */
    EC_ZONE_WEIGHT_WHOLE_POSTCODE = 300 /* without any wildcard */
};

/* A place of a zone, ready to be compared. */
typedef struct ec_zone_place {
    ec_zone_kind kind;
    int32_t weight;    /* how specific it is */
    char country[3];   /* "*": every country */
    const char *value; /* folded name or normal postcode pattern; NULL for a country */
    const char *until; /* end of a range of postcodes, or NULL */
    const char *code;  /* of a region: "us-ca" besides "ca", or NULL */
    const char *zone;  /* code of an inner zone; only in what is compiled */
    size_t inner;      /* its index, once it is known */
} ec_zone_place;

struct ec_zone_rule {
    ec_id id;
    const char *code;
    ec_zone_scope scope;
    size_t places_count;
    const ec_zone_place *places;
};

/* A place together with a zone that it belongs to, directly or not. */
typedef struct ec_zone_entry {
    const ec_zone_place *place;
    const ec_zone_rule *zone;
    int32_t weight; /* the place's, or that of a zone of zones */
} ec_zone_entry;

typedef struct ec_tax_index {
    const char *default_category; /* code, or NULL */
    bool has_exemptions;          /* of anybody */
    size_t entries_count;
    const ec_zone_entry *entries; /* by country, then the most specific, then the lower zone */
} ec_tax_index;

/* Make a place of a member. What is wrong: the field ("country", "value"), *rule says how; NULL: it
   is fine. Texts are folded into the arena. */
const char *ec_zone_place_make(ec_arena *arena, const ec_zone_member *member, ec_zone_place *out,
                               const char **rule);
/* Resolve zones of zones and sort by country. book->zones are by id. EC_INVALID for an unknown zone
   or a circle (*bad: the zone with it), EC_NO_MEMORY. */
ec_status ec_zone_index_make(ec_arena *arena, const ec_tax_book *book, ec_tax_index *index,
                             ec_id *bad);

/* A row (zone id, kind, country, value) becomes a member of the zone. */
ec_status ec_zone_member_add(ec_session *session, ec_stmt *stmt, ec_zone *zone, size_t *room);

/* An address, ready to be compared. */
typedef struct ec_zone_point {
    char country[3];
    char city[EC_ZONE_NAME_MAX], region[EC_ZONE_NAME_MAX];
    char postcode[EC_ZONE_CODE_MAX]; /* capital letters and digits */
    size_t outward;                  /* length of the part before its first blank or hyphen */
} ec_zone_point;

bool ec_zone_point_make(const ec_address *address, ec_zone_point *out);
bool ec_zone_place_has(const ec_zone_place *place, const ec_zone_point *point);
/* Folded for comparing: lower case, no accents, one hyphen between words; other scripts as they
   are. False when it does not fit. */
bool ec_zone_fold(const char *text, char *to, size_t size);

/* ---- rates ---- */

struct ec_tax_rule {
    ec_id id, zone_id;
    const char *category; /* code */
    const char *name;
    int64_t rate;                    /* millionths */
    int64_t priority;                /* level of compound rates */
    ec_time valid_from, valid_until; /* 0: open; the end is not in it */
    bool included, compound;
    ec_tax_calculator calculator;
};

/* Sort rates by zone, category, priority, id. */
void ec_tax_rules_sort(ec_tax_rule *rates, size_t count);

/* ---- number.c ---- */
/* A tax number without blanks, marks and the country's code. False when it is none. */
bool ec_tax_number_normal(const char *country, const char *text, char *to, size_t size);

/* ---- the sheet ---- */

#define EC_TAX_FEE SIZE_MAX /* instead of the index of a line */

typedef struct ec_tax_entry {
    size_t line;          /* index in the work, or EC_TAX_FEE */
    const char *category; /* code; its group has the same */
    size_t group;         /* index */
    ec_id variant_id;     /* of the line; the fee comes last */
    int64_t base;         /* what is taxed, with the included taxes */
    int64_t quantity;     /* units that it is spread over */
    int64_t weight;       /* of a part of the fee; of a line: what is paid for it */
    int64_t net;          /* base without the included taxes */
} ec_tax_entry;

typedef struct ec_tax_column {
    const ec_tax_rule *rule;
    int64_t factor, denominator; /* lowest terms */
    bool included;               /* here: the rule's, or not when bases are net */
    ec_tax_level level;
    int64_t *amounts;   /* of the group's items */
    const char *source; /* "tax_rate:3", once it is told */
} ec_tax_column;

typedef struct ec_tax_group {
    const char *category;
    size_t items_from, items_count;
    size_t columns_count;
    ec_tax_column *columns;
    int64_t part, whole; /* the included tax of a base is base * part / whole */
    bool net;            /* bases are net: every rate is added */
} ec_tax_group;

typedef struct ec_tax_sheet {
    ec_arena *arena;
    ec_rounding rounding;
    size_t items_count;
    ec_tax_entry *items; /* by category, then by what is sold */
    size_t groups_count;
    ec_tax_group *groups;
    int64_t untaxed; /* weight of the part of the fee that no item has */
} ec_tax_sheet;

/* Whose rates the columns have. */
typedef struct ec_tax_terms {
    const ec_tax_book *book; /* or NULL: there are none */
    ec_id zone_id;
    ec_time now;
    ec_tax_level level;
} ec_tax_terms;

/* ---- columns.c ---- */
/* The rates of the group's category, in the order of their levels, as exact factors. EC_OVERFLOW
   when they are no numbers of 64 bits in lowest terms. */
ec_status ec_tax_columns_make(ec_arena *arena, const ec_tax_terms *terms, ec_tax_group *group);

/* ---- round.c ---- */
/* Fill the amounts of all columns, and net of the items. EC_OVERFLOW, EC_NO_MEMORY. */
ec_status ec_tax_round(ec_tax_sheet *sheet);

/* ---- sheet.c ---- */
/* Items of all taxed lines, and of the fee if asked, in their groups, still without columns.
   EC_OVERFLOW, EC_NO_MEMORY. */
ec_status ec_tax_sheet_make(ec_pricing_work *work, bool fee, ec_tax_sheet *sheet);
/* Columns for all groups. */
ec_status ec_tax_sheet_fill(ec_tax_sheet *sheet, const ec_tax_terms *terms);

/* ---- outside.c ---- */
/* What outside services said instead of the rates. EC_INVALID for a line that is not there or an
   amount that cannot be. all: the fee and adjustments too. */
ec_status ec_tax_outside(ec_pricing_work *work, bool all);

/* ---- share.c ---- */
/* Into the adjustments of prices, discounts and fee: how much of them is included tax. */
ec_status ec_tax_share(ec_pricing_work *work, const ec_tax_sheet *sheet);

#endif
