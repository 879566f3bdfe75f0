/* SPDX-License-Identifier: MIT */
/*
 * address.c - address books.
 *
 * A book that has addresses has exactly one default. Orders hold copies, so nothing here changes
 * what was sold. It refuses other people's books: they are not there.
 */
#include <ecommerce/customer.h>
#include <ecommerce/limits.h>

#include "engine/object.h"
#include "engine/page.h"
#include "engine/sql.h"
#include "model/model.h"

/* Another address takes the place. */
static ec_status clear_default(ec_session *session, ec_id user_id)
{
    return ec_exec(session,
                   "UPDATE addresses SET is_default = 0, version = version + 1, updated_at = ?"
                   " WHERE user_id = ? AND is_default = 1",
                   ec_args(ec_int(ec_now(session)), ec_int(user_id)), NULL);
}

/* The user is there, and the actor may look at the book. */
static ec_status own_book(ec_session *session, ec_id user_id)
{
    int64_t known = 0;
    ec_status status = ec_owned(session, "user", user_id);
    if (status == EC_OK) {
        status = ec_query_int(session, "SELECT 1 FROM users WHERE id = ?", ec_args(ec_int(user_id)),
                              &known);
    }
    return status == EC_NOT_FOUND ? ec_fail(session, EC_NOT_FOUND, "There is no such user.")
                                  : status;
}

/* ---- create ---- */

static ec_status check_book(ec_session *session, ec_id user_id, int64_t *addresses)
{
    ec_status status = own_book(session, user_id);
    if (status == EC_OK) {
        status = ec_query_int(session, "SELECT COUNT(*) FROM addresses WHERE user_id = ?",
                              ec_args(ec_int(user_id)), addresses);
    }
    if (status == EC_OK && *addresses >= EC_ADDRESSES_MAX) {
        return ec_fail(session, EC_LIMIT, "An address book holds at most %d addresses.",
                       EC_ADDRESSES_MAX);
    }
    return status;
}

static ec_status create_run(ec_session *session, void *ctx, void **result)
{
    const ec_object_args *args = ctx;
    int64_t others = 0;
    ec_status status = ec_input(session, &ec_address_entity, args->object, EC_MASK_ALL, true);
    ec_address *address = ec_arena_alloc(ec_scratch(session), sizeof *address);
    if (status == EC_OK && !address) {
        status = ec_fail_memory(session);
    }
    if (status == EC_OK) {
        status = check_book(session, args->owner, &others);
    }
    if (status != EC_OK) {
        return status;
    }
    *address = *(const ec_address *)args->object;
    address->version = 0;
    address->created_at = address->updated_at = 0;
    address->user_id = args->owner;
    if (address->is_default && others > 0) {
        status = clear_default(session, args->owner);
    }
    address->is_default = address->is_default || others == 0;
    if (status == EC_OK) {
        status = ec_entity_insert(session, &ec_address_entity, address);
    }
    *result = address;
    return status;
}

ec_status ec_address_create(ec_session *session, ec_id user_id, const ec_address *address,
                            ec_address **out)
{
    static const ec_op op = {.name = "address.create",
                             .permission = "address.write",
                             .access = EC_ACCESS_OWNER,
                             .mode = EC_WRITE,
                             .result = &ec_address_entity,
                             .run = create_run,
                             .fingerprint = ec_object_fingerprint};
    ec_object_args args = {.entity = &ec_address_entity, .owner = user_id, .object = address};
    return ec_call(session, &op, &args, (void **)out);
}

/* ---- update and delete ---- */

/* The address, if the actor may touch it. */
static ec_status own_address(ec_session *session, ec_id id, ec_address *address)
{
    ec_status status = ec_entity_get(session, &ec_address_entity, id, address);
    return status == EC_OK ? ec_owned(session, "address", address->user_id) : status;
}

static ec_status update_run(ec_session *session, void *ctx, void **result)
{
    const ec_object_args *args = ctx;
    ec_mask fields = 0;
    ec_address before = {0};
    ec_address *address = ec_arena_alloc(ec_scratch(session), sizeof *address);
    ec_status status = address ? own_address(session, args->id, &before) : ec_fail_memory(session);
    if (status == EC_OK) {
        status = ec_object_merge(session, args, &before, address, &fields);
    }
    *result = address;
    if (status != EC_OK || fields == 0) {
        return status;
    }
    if (before.is_default && !address->is_default) {
        return ec_fail_field(session, EC_INVALID, "is_default", "conflict",
                             "Another address is to become the default one.");
    }
    if (address->is_default && !before.is_default) {
        status = clear_default(session, address->user_id);
    }
    return status == EC_OK ? ec_entity_update(session, &ec_address_entity, address, fields)
                           : status;
}

ec_status ec_address_update(ec_session *session, ec_id id, const ec_address *address,
                            ec_mask fields, ec_address **out)
{
    static const ec_op op = {.name = "address.update",
                             .permission = "address.write",
                             .access = EC_ACCESS_OWNER,
                             .mode = EC_WRITE,
                             .result = &ec_address_entity,
                             .run = update_run,
                             .fingerprint = ec_object_fingerprint};
    ec_object_args args = {
        .entity = &ec_address_entity, .id = id, .object = address, .fields = fields};
    return ec_call(session, &op, &args, (void **)out);
}

static ec_status delete_run(ec_session *session, void *ctx, void **result)
{
    const ec_object_args *args = ctx;
    ec_address address = {0};
    int64_t next = 0;
    (void)result;
    ec_status status = own_address(session, args->id, &address);
    if (status == EC_OK) {
        status = ec_entity_delete(session, &ec_address_entity, args->id);
    }
    if (status != EC_OK || !address.is_default) {
        return status;
    }
    status = ec_query_int(session, "SELECT COALESCE(MIN(id), 0) FROM addresses WHERE user_id = ?",
                          ec_args(ec_int(address.user_id)), &next);
    if (status != EC_OK || next == 0) {
        return status;
    }
    return ec_exec(session,
                   "UPDATE addresses SET is_default = 1, version = version + 1, updated_at = ?"
                   " WHERE id = ?",
                   ec_args(ec_int(ec_now(session)), ec_int(next)), NULL);
}

ec_status ec_address_delete(ec_session *session, ec_id id)
{
    static const ec_op op = {.name = "address.delete",
                             .permission = "address.write",
                             .access = EC_ACCESS_OWNER,
                             .mode = EC_WRITE,
                             .run = delete_run,
                             .fingerprint = ec_object_fingerprint};
    ec_object_args args = {.id = id};
    return ec_call(session, &op, &args, NULL);
}

/* ---- reading ---- */

static ec_status get_run(ec_session *session, void *ctx, void **result)
{
    const ec_object_args *args = ctx;
    ec_address *address = ec_arena_alloc(ec_scratch(session), sizeof *address);
    *result = address;
    return address ? own_address(session, args->id, address) : ec_fail_memory(session);
}

ec_status ec_address_get(ec_session *session, ec_id id, ec_address **out)
{
    static const ec_op op = {.name = "address.get",
                             .permission = "address.read",
                             .access = EC_ACCESS_OWNER,
                             .mode = EC_READ,
                             .result = &ec_address_entity,
                             .run = get_run};
    ec_object_args args = {.id = id};
    return ec_call(session, &op, &args, (void **)out);
}

typedef struct find_args {
    ec_id user_id;
    const ec_page *page;
} find_args;

static ec_status find_run(ec_session *session, void *ctx, void **result)
{
    const find_args *args = ctx;
    ec_status status = own_book(session, args->user_id);
    if (status != EC_OK) {
        return status;
    }
    return ec_page_select(session, &ec_address_entity, "t.user_id = ?",
                          ec_args(ec_int(args->user_id)), false, args->page, result);
}

ec_status ec_address_find(ec_session *session, ec_id user_id, const ec_page *page,
                          ec_address_list **out)
{
    static const ec_op op = {.name = "address.find",
                             .permission = "address.read",
                             .access = EC_ACCESS_OWNER,
                             .mode = EC_READ,
                             .result = &ec_address_list_entity,
                             .run = find_run};
    find_args args = {user_id, page};
    return ec_call(session, &op, &args, (void **)out);
}
