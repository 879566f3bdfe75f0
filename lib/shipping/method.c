/* SPDX-License-Identifier: MIT */
/*
 * method.c - ways to ship, written and removed.
 *
 * A method is compiled before it is stored, so that what carts load is always good. Every write
 * counts as a change of the rules. It refuses texts that are no rules, references to what is not
 * there, and to remove a method that an order names.
 */
#include <string.h>

#include "catalog/inside.h"
#include "model/model.h"
#include "price/rules.h"
#include "shipping/inside.h"

/* ---- rules ---- */

static ec_status check_texts(ec_session *session, ec_shipping_method *method)
{
    ec_shipping_rule rule = {0};
    ec_rule_fault fault = {0};
    const char *field = NULL;
    unsigned needs = 0;
    ec_status status = ec_shipping_compile(ec_scratch(session), method->calculator,
                                           method->conditions, &needs, &rule, &field, &fault);
    if (status == EC_INVALID)
        return ec_fail_field(session, EC_INVALID, field, fault.rule, "%s (at byte %zu)",
                             fault.message, fault.at);
    method->provider = rule.provider;
    return status == EC_OK ? EC_OK : ec_fail_memory(session);
}

/* Is there such a row? NULL and 0 name none. */
static ec_status check_named(ec_session *session, ec_check *check, const char *field,
                             const char *sql, ec_value value)
{
    int64_t one = 0;
    if (value.type == EC_VALUE_NULL) return EC_OK;
    ec_status status = ec_query_int(session, sql, &value, 1, &one);
    if (status == EC_NOT_FOUND) ec_check_add(check, field, "unknown", "There is no such one.");
    return status == EC_NOT_FOUND ? EC_OK : status;
}

static ec_status check_channels(ec_session *session, ec_check *check,
                                const ec_shipping_method *method)
{
    ec_status status = EC_OK;
    for (size_t i = 0; i < method->channels_count && status == EC_OK; i++) {
        const char *field = ec_arena_printf(ec_scratch(session), "channels[%zu]", i);
        status = check_named(session, check, field, "SELECT 1 FROM channels WHERE code = ?",
                             ec_text(method->channels[i]));
        for (size_t n = 0; n < i; n++)
            if (strcmp(method->channels[n], method->channels[i]) == 0)
                ec_check_add(check, field, "unique", "A channel is named once.");
    }
    return status;
}

static ec_status check_method(ec_session *session, ec_shipping_method *method)
{
    ec_check check;
    ec_check_init(&check, ec_scratch(session));
    ec_status status = check_texts(session, method);
    if (status == EC_OK)
        status = check_named(session, &check, "zone_id",
                             "SELECT 1 FROM zones WHERE id = ? AND scope <> 'tax'",
                             ec_ref(method->zone_id));
    if (status == EC_OK)
        status = check_named(session, &check, "pickup_warehouse_id",
                             "SELECT 1 FROM warehouses WHERE id = ?",
                             ec_ref(method->pickup_warehouse_id));
    if (status == EC_OK)
        status = check_named(session, &check, "shipping_category",
                             "SELECT 1 FROM shipping_categories WHERE code = ?",
                             ec_text(method->shipping_category));
    if (status == EC_OK) status = check_channels(session, &check, method);
    return status == EC_OK ? ec_fail_check(session, &check) : status;
}

/* ---- channels ---- */

static ec_status write_channels(ec_session *session, const ec_shipping_method *method)
{
    ec_statement s;
    ec_statement_begin(&s, session);
    if (method->channels_count == 0) return EC_OK;
    ec_statement_with(&s,
                      "INSERT INTO shipping_method_channels (shipping_method_id, channel_id)"
                      " SELECT ?, c.id FROM channels c WHERE c.code IN ",
                      ec_int(method->id));
    ec_statement_texts(&s, method->channels, method->channels_count);
    return ec_statement_exec(&s, NULL);
}

static bool same_channels(const ec_shipping_method *a, const ec_shipping_method *b)
{
    size_t found = 0;
    if (a->channels_count != b->channels_count) return false;
    for (size_t i = 0; i < a->channels_count; i++)
        for (size_t n = 0; n < b->channels_count; n++)
            found += strcmp(a->channels[i], b->channels[n]) == 0 ? 1 : 0;
    return found == a->channels_count;
}

/* ---- create and update ---- */

/* Behind all others, when no place is asked for. */
static ec_status place(ec_session *session, ec_shipping_method *method)
{
    if (method->position != 0) return EC_OK;
    return ec_query_int(session, "SELECT COALESCE(MAX(position), 0) + 1 FROM shipping_methods",
                        ec_no_args, &method->position);
}

static ec_status create_run(ec_session *session, void *ctx, void **result)
{
    ec_status status = ec_catalog_begin(session, ctx, result);
    ec_shipping_method *method = *result;
    if (status == EC_OK) status = check_method(session, method);
    if (status == EC_OK) status = place(session, method);
    if (status == EC_OK) status = ec_entity_insert(session, &ec_shipping_method_entity, method);
    if (status == EC_OK) status = write_channels(session, method);
    if (status == EC_OK) status = ec_rules_changed(session);
    if (status != EC_OK) return status;
    return ec_catalog_tell(session, &ec_shipping_method_entity, method->id, "created", 0);
}

ec_status ec_shipping_method_create(ec_session *session, const ec_shipping_method *method,
                                    ec_shipping_method **out)
{
    static const ec_op op = {.name = "shipping_method.create",
                             .permission = "shipping.write",
                             .access = EC_ACCESS_STAFF,
                             .mode = EC_WRITE,
                             .result = &ec_shipping_method_entity,
                             .run = create_run,
                             .fingerprint = ec_object_fingerprint};
    ec_object_args args = {.entity = &ec_shipping_method_entity, .object = method};
    return ec_call(session, &op, &args, (void **)out);
}

static ec_mask bit_of(const char *name)
{
    return ec_field_bit(&ec_shipping_method_entity,
                        ec_field_find(&ec_shipping_method_entity, name));
}

/* The stored method with the caller's changes, and what they are; channels lie in a table apart. */
static ec_status merge(ec_session *session, const ec_object_args *args, ec_shipping_method *before,
                       ec_shipping_method *method, ec_mask *fields)
{
    const ec_shipping_method *given = args->object;
    ec_status status = ec_object_merge(session, args, before, method, fields);
    if (status == EC_OK) status = ec_shipping_channels(session, before, 1);
    if (status != EC_OK) return status;
    const ec_shipping_method *from = args->fields & bit_of("channels") ? given : before;
    method->channels = from->channels;
    method->channels_count = from->channels_count;
    if (!same_channels(before, method)) *fields |= bit_of("channels");
    if (method->position == 0) {
        method->position = before->position;
        *fields &= ~bit_of("position");
    }
    return EC_OK;
}

static ec_status write_changes(ec_session *session, ec_shipping_method *method, ec_mask fields)
{
    ec_mask channels = bit_of("channels");
    ec_status status = ec_entity_update(session, &ec_shipping_method_entity, method,
                                        (fields | bit_of("provider")) & ~channels);
    if (status == EC_OK && (fields & channels) != 0)
        status =
            ec_exec(session, "DELETE FROM shipping_method_channels WHERE shipping_method_id = ?",
                    ec_args(ec_int(method->id)), NULL);
    if (status == EC_OK && (fields & channels) != 0) status = write_channels(session, method);
    if (status == EC_OK) status = ec_rules_changed(session);
    if (status != EC_OK) return status;
    return ec_catalog_tell(session, &ec_shipping_method_entity, method->id, "updated", fields);
}

static ec_status update_run(ec_session *session, void *ctx, void **result)
{
    ec_mask fields = 0;
    ec_shipping_method before = {0};
    ec_shipping_method *method = ec_arena_alloc(ec_scratch(session), sizeof(*method));
    if (method == NULL) return ec_fail_memory(session);
    ec_status status = merge(session, ctx, &before, method, &fields);
    *result = method;
    if (status != EC_OK || fields == 0) return status;
    status = check_method(session, method);
    return status == EC_OK ? write_changes(session, method, fields) : status;
}

ec_status ec_shipping_method_update(ec_session *session, ec_id id, const ec_shipping_method *method,
                                    ec_mask fields, ec_shipping_method **out)
{
    static const ec_op op = {.name = "shipping_method.update",
                             .permission = "shipping.write",
                             .access = EC_ACCESS_STAFF,
                             .mode = EC_WRITE,
                             .result = &ec_shipping_method_entity,
                             .run = update_run,
                             .fingerprint = ec_object_fingerprint};
    ec_object_args args = {
        .entity = &ec_shipping_method_entity, .id = id, .object = method, .fields = fields};
    return ec_call(session, &op, &args, (void **)out);
}

static ec_status delete_run(ec_session *session, void *ctx, void **result)
{
    ec_status status = ec_catalog_delete(session, ctx, result);
    return status == EC_OK ? ec_rules_changed(session) : status;
}

ec_status ec_shipping_method_delete(ec_session *session, ec_id id, int64_t version)
{
    static const ec_op op = {.name = "shipping_method.delete",
                             .permission = "shipping.write",
                             .access = EC_ACCESS_STAFF,
                             .mode = EC_WRITE,
                             .run = delete_run,
                             .fingerprint = ec_catalog_delete_fingerprint};
    ec_delete_args args = {.entity = &ec_shipping_method_entity,
                           .id = id,
                           .version = version,
                           .in_use = "An order used the method; archive it instead."};
    return ec_call(session, &op, &args, NULL);
}
