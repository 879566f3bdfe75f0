/* SPDX-License-Identifier: MIT */
/*
 * zone.c - zones as they are kept: adding, changing, removing, finding, and asking whose an address
 * is.
 *
 * Members are checked by the same code that compares them later. It refuses a zone that contains
 * itself, on whatever way, and removing one that is named anywhere.
 */
#include <string.h>

#include "catalog/inside.h"
#include "model/model.h"
#include "price/load.h"
#include "tax/inside.h"

#define INSERT_ROWS 500       /* members of one statement */
#define EC_ZONE_INNER_MAX 500 /* zones inside of one */

/* ---- checking members ---- */

static ec_status check_places(ec_session *session, const ec_zone *zone)
{
    ec_check check;
    ec_check_init(&check, ec_scratch(session));
    for (size_t i = 0; i < zone->members_count; i++) {
        ec_zone_place place;
        const char *rule = NULL;
        const char *field =
            ec_zone_place_make(ec_scratch(session), &zone->members[i], &place, &rule);
        if (field == NULL) continue;
        const char *path = ec_arena_printf(ec_scratch(session), "members[%zu].%s", i, field);
        ec_check_add(&check, path != NULL ? path : "members", rule, "It names no place.");
    }
    return ec_fail_check(session, &check);
}

static ec_status inner_fault(ec_session *session, size_t index, const char *rule,
                             const char *message)
{
    const char *field = ec_arena_printf(ec_scratch(session), "members[%zu].value", index);
    return ec_fail_field(session, EC_INVALID, field != NULL ? field : "members", rule, "%s",
                         message);
}

/* The codes of member zones. */
static size_t inner_codes(const ec_zone *zone, const char **codes)
{
    size_t count = 0;
    for (size_t i = 0; i < zone->members_count; i++)
        if (zone->members[i].kind == EC_ZONE_KIND_ZONE && count < EC_ZONE_INNER_MAX)
            codes[count++] = zone->members[i].value;
    return count;
}

/* A row (id, code) found: whose member is it? */
static void note_inner(const ec_zone *zone, ec_id id, const char *code, ec_id *inner)
{
    for (size_t i = 0; i < zone->members_count && code != NULL; i++)
        if (zone->members[i].kind == EC_ZONE_KIND_ZONE && strcmp(zone->members[i].value, code) == 0)
            inner[i] = id;
}

/* The ids of member zones by their codes. */
static ec_status resolve(ec_session *session, const ec_zone *zone, ec_id *inner)
{
    ec_statement s;
    ec_stmt *stmt = NULL;
    const char **codes = ec_arena_array(ec_scratch(session), EC_ZONE_INNER_MAX, sizeof(*codes));
    if (codes == NULL) return ec_fail_memory(session);
    size_t count = inner_codes(zone, codes);
    if (count == 0) return EC_OK;
    if (count == EC_ZONE_INNER_MAX)
        return ec_fail_field(session, EC_INVALID, "members", "max_items",
                             "A zone contains less than %d other ones.", EC_ZONE_INNER_MAX);
    ec_statement_begin(&s, session);
    ec_statement_put(&s, "SELECT id, code FROM zones WHERE code IN ");
    ec_statement_texts(&s, codes, count);
    ec_status status = ec_statement_query(&s, &stmt);
    while (status == EC_OK && (status = ec_row(session, stmt)) == EC_OK)
        note_inner(zone, ec_col_int(stmt, 0), ec_col_text(session, stmt, 1), inner);
    if (status != EC_DONE) return status;
    for (size_t i = 0; i < zone->members_count; i++) {
        if (zone->members[i].kind != EC_ZONE_KIND_ZONE) continue;
        if (inner[i] == 0) return inner_fault(session, i, "unknown", "There is no such zone.");
        if (inner[i] == zone->id)
            return inner_fault(session, i, "circle", "A zone does not contain itself.");
    }
    return EC_OK;
}

/* After it is written: does any zone contain itself now? */
static ec_status check_circles(ec_session *session)
{
    ec_tax_book book = {0};
    ec_status status = ec_tax_book_load(session, ec_scratch(session), &book);
    if (status != EC_INVALID) return status;
    return ec_fail_field(session, EC_INVALID, "members", "circle",
                         "A zone would contain itself, or be nested too deep.");
}

/* ---- writing members ---- */

static ec_status insert_members(ec_session *session, const ec_zone *zone, const ec_id *inner,
                                size_t from, size_t count)
{
    ec_statement s;
    ec_statement_begin(&s, session);
    ec_statement_put(&s, "INSERT INTO zone_members"
                         " (zone_id, position, kind, country, value, inner_id) VALUES ");
    for (size_t i = from; i < from + count; i++) {
        const ec_zone_member *member = &zone->members[i];
        ec_statement_put(&s, i == from ? "(?, ?, ?, ?, ?, ?)" : ", (?, ?, ?, ?, ?, ?)");
        ec_statement_value(&s, ec_int(zone->id));
        ec_statement_value(&s, ec_int((int64_t)i + 1));
        ec_statement_value(&s, ec_text(ec_zone_kind_names[member->kind]));
        ec_statement_value(&s, ec_text(member->country));
        ec_statement_value(&s, ec_text(inner[i] != 0 ? NULL : member->value));
        ec_statement_value(&s, ec_ref(inner[i]));
    }
    return ec_statement_exec(&s, NULL);
}

static ec_status write_members(ec_session *session, const ec_zone *zone)
{
    ec_id *inner = ec_arena_array(ec_scratch(session), zone->members_count, sizeof(*inner));
    if (inner == NULL) return ec_fail_memory(session);
    ec_status status = resolve(session, zone, inner);
    if (status == EC_OK)
        status = ec_exec(session, "DELETE FROM zone_members WHERE zone_id = ?",
                         ec_args(ec_int(zone->id)), NULL);
    for (size_t i = 0; i < zone->members_count && status == EC_OK; i += INSERT_ROWS) {
        size_t left = zone->members_count - i;
        status = insert_members(session, zone, inner, i, left < INSERT_ROWS ? left : INSERT_ROWS);
    }
    bool nested = false;
    for (size_t i = 0; i < zone->members_count; i++)
        nested |= inner[i] != 0;
    return status == EC_OK && nested ? check_circles(session) : status;
}

/* ---- reading members ---- */

/* Members of zones that are sorted by id. */
static ec_status read_members(ec_session *session, ec_zone *zones, size_t count)
{
    ec_statement s;
    ec_stmt *stmt = NULL;
    size_t room = 0, at = 0;
    if (count == 0) return EC_OK;
    ec_id *ids = ec_arena_array(ec_scratch(session), count, sizeof(*ids));
    if (ids == NULL) return ec_fail_memory(session);
    for (size_t i = 0; i < count; i++)
        ids[i] = zones[i].id;
    ec_statement_begin(&s, session);
    ec_statement_put(&s, "SELECT m.zone_id, m.kind, m.country, COALESCE(z.code, m.value)"
                         " FROM zone_members m LEFT JOIN zones z ON z.id = m.inner_id"
                         " WHERE m.zone_id IN ");
    ec_statement_ids(&s, ids, count);
    ec_statement_put(&s, " ORDER BY m.zone_id, m.position");
    ec_status status = ec_statement_query(&s, &stmt);
    while (status == EC_OK && (status = ec_row(session, stmt)) == EC_OK) {
        ec_id id = ec_col_int(stmt, 0);
        for (; at < count && zones[at].id != id; room = 0)
            at++;
        if (at == count) return ec_fail(session, EC_CORRUPT, "Members of an unknown zone.");
        status = ec_zone_member_add(session, stmt, &zones[at], &room);
    }
    return status == EC_DONE ? EC_OK : status;
}

ec_status ec_zone_complete(ec_session *session, struct ec_zone *zone)
{
    zone->members = NULL;
    zone->members_count = 0;
    return read_members(session, zone, 1);
}

ec_status ec_zone_member_add(ec_session *session, ec_stmt *stmt, ec_zone *zone, size_t *room)
{
    if (zone->members_count == *room) {
        size_t wanted = *room < 4 ? 4 : 2 * *room;
        ec_zone_member *more = ec_arena_array(ec_scratch(session), wanted, sizeof(*more));
        if (more == NULL) return ec_fail_memory(session);
        if (*room > 0) memcpy(more, zone->members, *room * sizeof(*more));
        zone->members = more;
        *room = wanted;
    }
    ec_zone_member *member = &zone->members[zone->members_count];
    const char *kind = ec_col_text(session, stmt, 1);
    member->country = ec_col_text(session, stmt, 2);
    member->value = ec_col_text(session, stmt, 3);
    if (kind == NULL || member->value == NULL) return ec_fail_memory(session);
    for (int i = 0; ec_zone_kind_names[i] != NULL; i++) {
        if (strcmp(ec_zone_kind_names[i], kind) != 0) continue;
        member->kind = (ec_zone_kind)i;
        zone->members_count++;
        return EC_OK;
    }
    return ec_fail(session, EC_CORRUPT, "A zone has a member of an unknown kind.");
}

/* ---- create, update, delete ---- */

static ec_status create_run(ec_session *session, void *ctx, void **result)
{
    ec_status status = ec_catalog_begin(session, ctx, result);
    ec_zone *zone = *result;
    if (status == EC_OK) status = check_places(session, zone);
    if (status == EC_OK) status = ec_entity_insert(session, &ec_zone_entity, zone);
    if (status == EC_OK) status = write_members(session, zone);
    if (status == EC_OK) status = ec_rules_changed(session);
    return status == EC_OK ? ec_catalog_tell(session, &ec_zone_entity, zone->id, "created", 0)
                           : status;
}

ec_status ec_zone_create(ec_session *session, const ec_zone *zone, ec_zone **out)
{
    static const ec_op op = {.name = "zone.create",
                             .permission = "tax.write",
                             .access = EC_ACCESS_STAFF,
                             .mode = EC_WRITE,
                             .result = &ec_zone_entity,
                             .run = create_run,
                             .fingerprint = ec_object_fingerprint};
    ec_object_args args = {.entity = &ec_zone_entity, .object = zone};
    return ec_call(session, &op, &args, (void **)out);
}

/* The list is no column; what of it is new is decided here. */
static ec_status change_members(ec_session *session, const ec_object_args *args, ec_zone *zone,
                                ec_mask *fields)
{
    ec_mask members = ec_mask_of("zone", "members") & args->fields;
    const ec_zone *wanted = args->object;
    ec_status status = read_members(session, zone, 1);
    if (status != EC_OK || members == 0 || ec_entity_equal(&ec_zone_entity, zone, wanted, members))
        return status;
    zone->members = wanted->members;
    zone->members_count = wanted->members != NULL ? wanted->members_count : 0;
    *fields |= members;
    return check_places(session, zone);
}

static ec_status update_run(ec_session *session, void *ctx, void **result)
{
    ec_mask fields = 0;
    ec_mask members = ec_mask_of("zone", "members");
    ec_zone before = {0};
    ec_zone *zone = ec_arena_alloc(ec_scratch(session), sizeof(*zone));
    if (zone == NULL) return ec_fail_memory(session);
    ec_status status = ec_object_merge(session, ctx, &before, zone, &fields);
    if (status == EC_OK) status = change_members(session, ctx, zone, &fields);
    *result = zone;
    if (status != EC_OK || fields == 0) return status;
    status = ec_entity_update(session, &ec_zone_entity, zone, fields & ~members);
    if (status == EC_OK && (fields & members) != 0) status = write_members(session, zone);
    if (status == EC_OK) status = ec_rules_changed(session);
    return status == EC_OK ? ec_catalog_tell(session, &ec_zone_entity, zone->id, "updated", fields)
                           : status;
}

ec_status ec_zone_update(ec_session *session, ec_id id, const ec_zone *zone, ec_mask fields,
                         ec_zone **out)
{
    static const ec_op op = {.name = "zone.update",
                             .permission = "tax.write",
                             .access = EC_ACCESS_STAFF,
                             .mode = EC_WRITE,
                             .result = &ec_zone_entity,
                             .run = update_run,
                             .fingerprint = ec_object_fingerprint};
    ec_object_args args = {.entity = &ec_zone_entity, .id = id, .object = zone, .fields = fields};
    return ec_call(session, &op, &args, (void **)out);
}

static ec_status delete_run(ec_session *session, void *ctx, void **result)
{
    ec_status status = ec_catalog_delete(session, ctx, result);
    return status == EC_OK ? ec_rules_changed(session) : status;
}

ec_status ec_zone_delete(ec_session *session, ec_id id, int64_t version)
{
    static const ec_op op = {.name = "zone.delete",
                             .permission = "tax.write",
                             .access = EC_ACCESS_STAFF,
                             .mode = EC_WRITE,
                             .run = delete_run,
                             .fingerprint = ec_catalog_delete_fingerprint};
    ec_delete_args args = {
        .entity = &ec_zone_entity, .id = id, .version = version, .in_use = "The zone is in use."};
    return ec_call(session, &op, &args, NULL);
}

/* ---- reading ---- */

static ec_status get_run(ec_session *session, void *ctx, void **result)
{
    const ec_object_args *args = ctx;
    bool by_code = args->id == 0 && args->name != NULL;
    ec_status status =
        ec_catalog_one(session, &ec_zone_entity, by_code ? "WHERE t.code = ?" : "WHERE t.id = ?",
                       ec_args(by_code ? ec_text(args->name) : ec_int(args->id)), result);
    return status == EC_OK ? read_members(session, *result, 1) : status;
}

ec_status ec_zone_get(ec_session *session, ec_id id, ec_zone **out)
{
    static const ec_op op = {.name = "zone.get",
                             .permission = "tax.read",
                             .access = EC_ACCESS_STAFF,
                             .mode = EC_READ,
                             .result = &ec_zone_entity,
                             .run = get_run};
    ec_object_args args = {.id = id};
    return ec_call(session, &op, &args, (void **)out);
}

ec_status ec_zone_by_code(ec_session *session, const char *code, ec_zone **out)
{
    static const ec_op op = {.name = "zone.by_code",
                             .permission = "tax.read",
                             .access = EC_ACCESS_STAFF,
                             .mode = EC_READ,
                             .result = &ec_zone_entity,
                             .run = get_run};
    ec_object_args args = {.name = code};
    return ec_call(session, &op, &args, (void **)out);
}

static ec_status find_run(ec_session *session, void *ctx, void **result)
{
    const ec_page *const *page = ctx;
    ec_status status =
        ec_page_select(session, &ec_zone_entity, "", ec_no_args, false, *page, result);
    if (status != EC_OK) return status;
    ec_zone_list *list = *result;
    return read_members(session, list->items, list->items_count);
}

ec_status ec_zone_find(ec_session *session, const ec_page *page, ec_zone_list **out)
{
    static const ec_op op = {.name = "zone.find",
                             .permission = "tax.read",
                             .access = EC_ACCESS_STAFF,
                             .mode = EC_READ,
                             .result = &ec_zone_list_entity,
                             .run = find_run};
    return ec_call(session, &op, &page, (void **)out);
}

/* ---- whose an address is ---- */

typedef struct match_args {
    const ec_address *address;
    ec_zone_scope scope;
} match_args;

static ec_status match_run(ec_session *session, void *ctx, void **result)
{
    const match_args *args = ctx;
    const ec_rules *rules = NULL;
    int64_t version = 0;
    if (args->address == NULL) return ec_fail(session, EC_MISUSE, "The address is NULL.");
    if ((int)args->scope < EC_ZONE_ALL || (int)args->scope > EC_ZONE_SHIPPING)
        return ec_fail_field(session, EC_INVALID, "scope", "enum", "There is no such scope.");
    ec_status status = ec_rules_version(session, &version);
    if (status == EC_OK) status = ec_rules_hold(session, version, &rules);
    if (status != EC_OK) return status;
    ec_zone_use use = args->scope == EC_ZONE_SHIPPING ? EC_ZONE_FOR_SHIPPING : EC_ZONE_FOR_TAX;
    ec_object_args found = {.id = ec_zone_of(&rules->taxes, use, args->address)};
    if (found.id == 0) return ec_fail(session, EC_NOT_FOUND, "The address lies in no zone.");
    return get_run(session, &found, result);
}

ec_status ec_zone_match(ec_session *session, const ec_address *address, ec_zone_scope scope,
                        ec_zone **out)
{
    static const ec_op op = {.name = "zone.match",
                             .permission = "tax.read",
                             .access = EC_ACCESS_STAFF,
                             .mode = EC_READ,
                             .result = &ec_zone_entity,
                             .run = match_run};
    match_args args = {.address = address, .scope = scope};
    return ec_call(session, &op, &args, (void **)out);
}
