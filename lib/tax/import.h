/* SPDX-License-Identifier: MIT */
/*
 * import.h - zones and rates that come from outside: as they are meant to be, before they are kept.
 */
#ifndef EC_TAX_IMPORT_H
#define EC_TAX_IMPORT_H

#include "base/json.h"
#include "tax/inside.h"

/* A rate that a table wants. */
typedef struct ec_tax_wish {
    const char *category; /* code */
    const char *name;
    int64_t rate, priority;
    ec_time from, until; /* 0: open */
    bool included;
} ec_tax_wish;

typedef struct ec_tax_plan {
    ec_session *session;
    ec_tax_import *report;
    bool added; /* rates come on top of prices */
} ec_tax_plan;

/* ---- import_store.c: what is wanted against what is there ---- */
/* The zone of that code; made with these members when there is none. */
ec_status ec_tax_want_zone(ec_tax_plan *plan, const char *code, const char *name,
                           const ec_zone_member *members, size_t count, ec_id *id);
/* Rates of a zone: those of the same category, name, priority and begin are changed, missing ones
   and categories are made; a category with other rates there stays as it is. */
ec_status ec_tax_want_rates(ec_tax_plan *plan, ec_id zone_id, const ec_tax_wish *wishes,
                            size_t count);

/* ---- pattern.c ---- */
/* A simple regular expression for postcodes as members of zones. Literals, \d, [0-9], {n}, {n,} and
   alternatives in parentheses; EC_INVALID for anything else, EC_LIMIT for too many. */
ec_status ec_tax_pattern(ec_arena *arena, const char *text, const char *country,
                         ec_zone_member *members, size_t room, size_t *count);

/* ---- import_eu.c, import_sales.c ---- */
ec_status ec_tax_import_eu(ec_tax_plan *plan, const ec_json *root);
ec_status ec_tax_import_sales(ec_tax_plan *plan, const ec_json *root);

/* What is wrong with the text, at a place of it. */
ec_status ec_tax_import_fault(ec_session *session, const ec_json *at, const char *what);

#endif
