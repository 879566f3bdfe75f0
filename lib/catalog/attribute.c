/* SPDX-License-Identifier: MIT */
/*
 * attribute.c - attributes: the typed facts that products may have.
 *
 * The choices of a select lie in a table of their own and are replaced as a whole. It refuses to
 * change a type, since stored values would lose their meaning, and to remove what products have.
 */
#include <string.h>

#include "catalog/inside.h"

/* ---- choices ---- */

static ec_status check_choices(ec_session *session, const ec_attribute *attribute)
{
    bool select = attribute->type == EC_ATTRIBUTE_SELECT;
    if (select && attribute->choices_count == 0) {
        return ec_fail_field(session, EC_INVALID, "choices", "required",
                             "A select needs something to choose from.");
    }
    if (!select && attribute->choices_count > 0) {
        return ec_fail_field(session, EC_INVALID, "choices", "type",
                             "Only attributes of the type select have choices.");
    }
    return EC_OK;
}

static ec_status insert_choices(ec_session *session, const ec_attribute *attribute)
{
    ec_statement s;
    if (attribute->choices_count == 0) {
        return EC_OK;
    }
    ec_statement_begin(&s, session);
    ec_statement_put(&s, "INSERT INTO attribute_choices (attribute_id, position, value) VALUES ");
    for (size_t i = 0; i < attribute->choices_count; i++) {
        ec_statement_put(&s, i == 0 ? "(?, ?, ?)" : ", (?, ?, ?)");
        ec_statement_value(&s, ec_int(attribute->id));
        ec_statement_value(&s, ec_int((int64_t)i + 1));
        ec_statement_value(&s, ec_text(attribute->choices[i]));
    }
    return ec_statement_exec(&s, NULL);
}

/* Fill the choices of attributes; they are sorted by id. One statement. */
static ec_status read_choices(ec_session *session, ec_attribute *items, size_t count)
{
    ec_statement s;
    ec_stmt *stmt = NULL;
    size_t at = 0;
    ec_id *ids = ec_arena_array(ec_scratch(session), count + 1, sizeof *ids);
    if (count == 0 || !ids) {
        return ids ? EC_OK : ec_fail_memory(session);
    }
    for (size_t i = 0; i < count; i++) {
        ids[i] = items[i].id;
    }
    ec_statement_begin(&s, session);
    ec_statement_put(&s, "SELECT attribute_id, value FROM attribute_choices"
                         " WHERE attribute_id IN ");
    ec_statement_ids(&s, ids, count);
    ec_statement_put(&s, " ORDER BY attribute_id, position, id");
    ec_status status = ec_statement_query(&s, &stmt);
    while (status == EC_OK && (status = ec_row(session, stmt)) == EC_OK) {
        ec_id id = ec_col_int(stmt, 0);
        while (at < count && items[at].id < id) {
            at++;
        }
        ec_attribute *item = &items[at < count ? at : count - 1];
        const char **choices = (const char **)(uintptr_t)item->choices;
        if (item->choices_count % 16 == 0) { /* full: room for sixteen more */
            choices =
                ec_arena_array(ec_scratch(session), item->choices_count + 16, sizeof *choices);
            if (!choices) {
                return ec_fail_memory(session);
            }
            if (item->choices_count > 0) {
                memcpy(choices, item->choices, item->choices_count * sizeof *choices);
            }
            item->choices = choices;
        }
        choices[item->choices_count++] = ec_col_text(session, stmt, 1);
    }
    return status == EC_DONE ? EC_OK : status;
}

/* ---- writing ---- */

static ec_status create_run(ec_session *session, void *ctx, void **result)
{
    ec_status status = ec_catalog_begin(session, ctx, result);
    ec_attribute *attribute = *result;
    if (status == EC_OK) {
        status = check_choices(session, attribute);
    }
    if (status == EC_OK) {
        status = ec_entity_insert(session, &ec_attribute_entity, attribute);
    }
    if (status == EC_OK) {
        status = insert_choices(session, attribute);
    }
    return status == EC_OK
               ? ec_catalog_tell(session, &ec_attribute_entity, attribute->id, "created", 0)
               : status;
}

ec_status ec_attribute_create(ec_session *session, const ec_attribute *attribute,
                              ec_attribute **out)
{
    static const ec_op op = {.name = "attribute.create",
                             .permission = "catalog.write",
                             .access = EC_ACCESS_STAFF,
                             .mode = EC_WRITE,
                             .result = &ec_attribute_entity,
                             .run = create_run,
                             .fingerprint = ec_object_fingerprint};
    ec_object_args args = {.entity = &ec_attribute_entity, .object = attribute};
    return ec_call(session, &op, &args, (void **)out);
}

static ec_status replace_choices(ec_session *session, const ec_attribute *attribute)
{
    ec_status status = ec_exec(session, "DELETE FROM attribute_choices WHERE attribute_id = ?",
                               ec_args(ec_int(attribute->id)), NULL);
    return status == EC_OK ? insert_choices(session, attribute) : status;
}

/* The stored choices, and those that the attribute is to have: the given ones if named. */
static ec_status merge_choices(ec_session *session, const ec_object_args *args,
                               ec_attribute *before, ec_attribute *attribute, ec_mask *fields)
{
    ec_mask named = ec_mask_of("attribute", "choices");
    ec_status status = read_choices(session, before, 1);
    if (status != EC_OK) {
        return status;
    }
    if ((args->fields & named) == 0) {
        attribute->choices = before->choices;
        attribute->choices_count = before->choices_count;
    }
    *fields &= ~named;
    if (!ec_entity_equal(&ec_attribute_entity, before, attribute, named)) {
        *fields |= named;
    }
    return check_choices(session, attribute);
}

static ec_status update_run(ec_session *session, void *ctx, void **result)
{
    ec_mask fields = 0;
    ec_attribute before = {0};
    ec_attribute *attribute = ec_arena_alloc(ec_scratch(session), sizeof *attribute);
    ec_status status = attribute ? ec_object_merge(session, ctx, &before, attribute, &fields)
                                 : ec_fail_memory(session);
    *result = attribute;
    if (status == EC_OK && before.type != attribute->type) {
        return ec_fail_field(session, EC_INVALID, "type", "immutable",
                             "The type of an attribute cannot change.");
    }
    if (status == EC_OK) {
        status = merge_choices(session, ctx, &before, attribute, &fields);
    }
    if (status != EC_OK || fields == 0) {
        return status;
    }
    status = ec_entity_update(session, &ec_attribute_entity, attribute, fields);
    if (status == EC_OK && (fields & ec_mask_of("attribute", "choices")) != 0) {
        status = replace_choices(session, attribute);
    }
    return status == EC_OK
               ? ec_catalog_tell(session, &ec_attribute_entity, attribute->id, "updated", fields)
               : status;
}

ec_status ec_attribute_update(ec_session *session, ec_id id, const ec_attribute *attribute,
                              ec_mask fields, ec_attribute **out)
{
    static const ec_op op = {.name = "attribute.update",
                             .permission = "catalog.write",
                             .access = EC_ACCESS_STAFF,
                             .mode = EC_WRITE,
                             .result = &ec_attribute_entity,
                             .run = update_run,
                             .fingerprint = ec_object_fingerprint};
    ec_object_args args = {
        .entity = &ec_attribute_entity, .id = id, .object = attribute, .fields = fields};
    return ec_call(session, &op, &args, (void **)out);
}

ec_status ec_attribute_delete(ec_session *session, ec_id id, int64_t version)
{
    static const ec_op op = {.name = "attribute.delete",
                             .permission = "catalog.write",
                             .access = EC_ACCESS_STAFF,
                             .mode = EC_WRITE,
                             .run = ec_catalog_delete,
                             .fingerprint = ec_catalog_delete_fingerprint};
    ec_delete_args args = {.entity = &ec_attribute_entity,
                           .id = id,
                           .version = version,
                           .in_use = "Products have values of the attribute."};
    return ec_call(session, &op, &args, NULL);
}

/* ---- reading ---- */

static ec_status get_run(ec_session *session, void *ctx, void **result)
{
    const ec_object_args *args = ctx;
    ec_status status = args->name
                           ? ec_catalog_one(session, &ec_attribute_entity, "WHERE t.code = ?",
                                            ec_args(ec_text(args->name)), result)
                           : ec_catalog_one(session, &ec_attribute_entity, "WHERE t.id = ?",
                                            ec_args(ec_int(args->id)), result);
    return status == EC_OK ? read_choices(session, *result, 1) : status;
}

ec_status ec_attribute_get(ec_session *session, ec_id id, ec_attribute **out)
{
    static const ec_op op = {.name = "attribute.get",
                             .permission = "catalog.read",
                             .access = EC_ACCESS_ANY,
                             .mode = EC_READ,
                             .result = &ec_attribute_entity,
                             .run = get_run};
    ec_object_args args = {.id = id};
    return ec_call(session, &op, &args, (void **)out);
}

ec_status ec_attribute_by_code(ec_session *session, const char *code, ec_attribute **out)
{
    static const ec_op op = {.name = "attribute.by_code",
                             .permission = "catalog.read",
                             .access = EC_ACCESS_ANY,
                             .mode = EC_READ,
                             .result = &ec_attribute_entity,
                             .run = get_run};
    ec_object_args args = {.name = code};
    return ec_call(session, &op, &args, (void **)out);
}

static ec_status find_run(ec_session *session, void *ctx, void **result)
{
    const ec_page *const *page = ctx;
    ec_status status =
        ec_page_select(session, &ec_attribute_entity, "", ec_no_args, false, *page, result);
    ec_any_list *list = *result;
    return status == EC_OK ? read_choices(session, list->items, list->items_count) : status;
}

ec_status ec_attribute_find(ec_session *session, const ec_page *page, ec_attribute_list **out)
{
    static const ec_op op = {.name = "attribute.find",
                             .permission = "catalog.read",
                             .access = EC_ACCESS_ANY,
                             .mode = EC_READ,
                             .result = &ec_attribute_list_entity,
                             .run = find_run};
    return ec_call(session, &op, &page, (void **)out);
}
