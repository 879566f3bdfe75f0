/* SPDX-License-Identifier: MIT */
/*
 * book.c - all zones and rates out of the storage, compiled once for everybody.
 *
 * A constant number of statements, however many rows there are. Rates that are switched off do not
 * come in; those of other times do, as the snapshot outlives the moment. It refuses zones that
 * contain themselves.
 */
#include <string.h>

#include "engine/sql.h"
#include "model/model.h"
#include "tax/inside.h"

/* ---- zones ---- */

static ec_status count_rows(ec_session *session, const char *sql, size_t *out)
{
    int64_t count = 0;
    ec_status status = ec_query_int(session, sql, ec_no_args, &count);
    *out = (size_t)count;
    return status;
}

static int find_name(const char *const *names, const char *name)
{
    for (int i = 0; name != NULL && names[i] != NULL; i++)
        if (strcmp(names[i], name) == 0) return i;
    return 0;
}

/* A text of a row, in the book's arena. */
static const char *keep(ec_session *session, ec_arena *arena, ec_stmt *stmt, int column)
{
    return ec_arena_strdup(arena, ec_col_text(session, stmt, column));
}

static ec_status read_zones(ec_session *session, ec_arena *arena, ec_tax_book *book)
{
    ec_stmt *stmt = NULL;
    size_t room = 0;
    ec_status status = count_rows(session, "SELECT COUNT(*) FROM zones /* whole */", &room);
    if (status != EC_OK) return status;
    ec_zone_rule *zones = ec_arena_array(arena, room, sizeof(*zones));
    if (zones == NULL) return ec_fail_memory(session);
    status = ec_query(session, "SELECT id, code, scope FROM zones ORDER BY id /* whole */",
                      ec_no_args, &stmt);
    while (status == EC_OK && (status = ec_row(session, stmt)) == EC_OK) {
        if (book->zones_count == room) return ec_fail(session, EC_CORRUPT, "A zone too many.");
        zones[book->zones_count++] = (ec_zone_rule){
            .id = ec_col_int(stmt, 0),
            .code = keep(session, arena, stmt, 1),
            .scope = (ec_zone_scope)find_name(ec_zone_scope_names, ec_col_text(session, stmt, 2)),
        };
    }
    book->zones = zones;
    return status == EC_DONE ? EC_OK : status;
}

static ec_status read_place(ec_session *session, ec_arena *arena, ec_stmt *stmt,
                            ec_zone_place *place)
{
    const char *rule = NULL;
    ec_zone_member member = {
        .kind = (ec_zone_kind)find_name(ec_zone_kind_names, ec_col_text(session, stmt, 1)),
        .country = ec_col_text(session, stmt, 2),
        .value = keep(session, arena, stmt, 3),
    };
    if (member.value == NULL) return ec_fail_memory(session);
    if (ec_zone_place_make(arena, &member, place, &rule) == NULL) return EC_OK;
    return ec_fail(session, EC_CORRUPT, "A zone has the member \"%s\", which is no place.",
                   member.value);
}

static ec_status read_places(ec_session *session, ec_arena *arena, ec_tax_book *book)
{
    ec_stmt *stmt = NULL;
    size_t room = 0, count = 0, at = 0;
    ec_zone_rule *zones = (ec_zone_rule *)(uintptr_t)book->zones;
    ec_status status = count_rows(session, "SELECT COUNT(*) FROM zone_members /* whole */", &room);
    if (status != EC_OK) return status;
    ec_zone_place *places = ec_arena_array(arena, room, sizeof(*places));
    if (places == NULL) return ec_fail_memory(session);
    status = ec_query(session,
                      "SELECT m.zone_id, m.kind, m.country, COALESCE(z.code, m.value)"
                      " FROM zone_members m LEFT JOIN zones z ON z.id = m.inner_id"
                      " ORDER BY m.zone_id, m.position /* whole */",
                      ec_no_args, &stmt);
    while (status == EC_OK && (status = ec_row(session, stmt)) == EC_OK) {
        while (at < book->zones_count && zones[at].id < ec_col_int(stmt, 0))
            at++;
        if (at == book->zones_count || count == room)
            return ec_fail(session, EC_CORRUPT, "Members of an unknown zone.");
        if (zones[at].places == NULL) zones[at].places = &places[count];
        status = read_place(session, arena, stmt, &places[count]);
        zones[at].places_count++;
        count++;
    }
    return status == EC_DONE ? EC_OK : status;
}

/* ---- rates ---- */

static ec_status read_rate(ec_session *session, ec_arena *arena, ec_stmt *stmt, ec_tax_rule *rate)
{
    *rate = (ec_tax_rule){
        .id = ec_col_int(stmt, 0),
        .zone_id = ec_col_int(stmt, 1),
        .category = keep(session, arena, stmt, 2),
        .name = keep(session, arena, stmt, 3),
        .rate = ec_col_int(stmt, 4),
        .priority = ec_col_int(stmt, 5),
        .valid_from = ec_col_int(stmt, 6),
        .valid_until = ec_col_int(stmt, 7),
        .calculator =
            (ec_tax_calculator)find_name(ec_tax_calculator_names, ec_col_text(session, stmt, 8)),
        .included = ec_col_int(stmt, 9) != 0,
        .compound = ec_col_int(stmt, 10) != 0,
    };
    return rate->category != NULL && rate->name != NULL ? EC_OK : ec_fail_memory(session);
}

static ec_status read_rates(ec_session *session, ec_arena *arena, ec_tax_book *book)
{
    ec_stmt *stmt = NULL;
    size_t room = 0;
    ec_status status = count_rows(session, "SELECT COUNT(*) FROM tax_rates /* whole */", &room);
    if (status != EC_OK) return status;
    ec_tax_rule *rates = ec_arena_array(arena, room, sizeof(*rates));
    if (rates == NULL) return ec_fail_memory(session);
    status = ec_query(session,
                      "SELECT r.id, r.zone_id, c.code, r.name, r.rate, r.priority, r.valid_from,"
                      " r.valid_until, r.calculator, r.included, r.compound"
                      " FROM tax_rates r JOIN tax_categories c ON c.id = r.category_id"
                      " WHERE r.is_active = 1 /* whole */",
                      ec_no_args, &stmt);
    while (status == EC_OK && (status = ec_row(session, stmt)) == EC_OK) {
        if (book->rates_count == room) return ec_fail(session, EC_CORRUPT, "A rate too many.");
        status = read_rate(session, arena, stmt, &rates[book->rates_count++]);
    }
    ec_tax_rules_sort(rates, book->rates_count);
    book->rates = rates;
    return status == EC_DONE ? EC_OK : status;
}

static ec_status read_default(ec_session *session, ec_arena *arena, ec_tax_index *index)
{
    ec_stmt *stmt = NULL;
    ec_status status = ec_query(session,
                                "SELECT code FROM tax_categories WHERE is_default = 1"
                                " ORDER BY id LIMIT 1 /* whole */",
                                ec_no_args, &stmt);
    if (status == EC_OK) status = ec_row(session, stmt);
    if (status == EC_OK) {
        index->default_category = keep(session, arena, stmt, 0);
        ec_done(session, stmt);
        if (index->default_category == NULL) return ec_fail_memory(session);
    }
    return status == EC_DONE ? EC_OK : status;
}

/* ---- all ---- */

ec_status ec_tax_book_load(ec_session *session, ec_arena *arena, ec_tax_book *out)
{
    ec_id bad = 0;
    int64_t exemptions = 0;
    *out = (ec_tax_book){0};
    ec_tax_index *index = ec_arena_alloc(arena, sizeof(*index));
    if (index == NULL) return ec_fail_memory(session);
    ec_status status = read_zones(session, arena, out);
    if (status == EC_OK) status = read_places(session, arena, out);
    if (status == EC_OK) status = read_rates(session, arena, out);
    if (status == EC_OK) status = read_default(session, arena, index);
    if (status == EC_OK)
        status = ec_query_int(session, "SELECT EXISTS (SELECT 1 FROM tax_exemptions /* whole */)",
                              ec_no_args, &exemptions);
    if (status != EC_OK) return status;
    index->has_exemptions = exemptions != 0;
    status = ec_zone_index_make(arena, out, index, &bad);
    if (status == EC_NO_MEMORY) return ec_fail_memory(session);
    if (status != EC_OK)
        return ec_fail(session, status, "Zone %lld contains itself, or is nested too deep.",
                       (long long)bad);
    out->index = index;
    return EC_OK;
}
