/* SPDX-License-Identifier: MIT */
/*
 * channel.c - shop fronts.
 *
 * There is exactly one default channel and it is active, so a session always has one to work in. It
 * refuses to leave the shop without, and to give a channel prices of another currency.
 */
#include <ecommerce/channel.h>
#include <ecommerce/zone.h>

#include <string.h>

#include "engine/object.h"
#include "engine/page.h"
#include "engine/sql.h"
#include "model/model.h"
#include "price/rules.h"

/* ---- rules ---- */

static ec_status check_price_list(ec_session *session, const ec_channel *channel)
{
    ec_price_list list = {0};
    if (channel->price_list_id == 0) {
        return EC_OK;
    }
    ec_status status = ec_entity_get(session, &ec_price_list_entity, channel->price_list_id, &list);
    if (status == EC_NOT_FOUND) {
        return ec_fail_field(session, EC_INVALID, "price_list_id", "reference",
                             "There is no such price list.");
    }
    if (status == EC_OK && strcmp(list.currency, channel->currency) != 0) {
        return ec_fail_field(session, EC_INVALID, "price_list_id", "currency",
                             "The price list is in %s, the channel in %s.", list.currency,
                             channel->currency);
    }
    return status;
}

static ec_status check_tax_zone(ec_session *session, const ec_channel *channel)
{
    ec_zone zone = {0};
    if (channel->tax_zone_id == 0) {
        return EC_OK;
    }
    ec_status status = ec_entity_get(session, &ec_zone_entity, channel->tax_zone_id, &zone);
    if (status == EC_OK && zone.scope == EC_ZONE_SHIPPING) {
        return ec_fail_field(session, EC_INVALID, "tax_zone_id", "conflict",
                             "The zone is only for shipping.");
    }
    return status != EC_NOT_FOUND ? status
                                  : ec_fail_field(session, EC_INVALID, "tax_zone_id", "reference",
                                                  "There is no such zone.");
}

static ec_status check_channel(ec_session *session, const ec_channel *channel)
{
    if (channel->is_default && !channel->is_active) {
        return ec_fail_field(session, EC_INVALID, "is_active", "conflict",
                             "The default channel is active.");
    }
    ec_status status = check_price_list(session, channel);
    return status == EC_OK ? check_tax_zone(session, channel) : status;
}

/* Another channel takes the place. */
static ec_status clear_default(ec_session *session)
{
    return ec_exec(session,
                   "UPDATE channels SET is_default = 0, version = version + 1, updated_at = ?"
                   " WHERE is_default = 1",
                   ec_args(ec_int(ec_now(session))), NULL);
}

/* ---- create and update ---- */

static ec_status create_run(ec_session *session, void *ctx, void **result)
{
    const ec_object_args *args = ctx;
    ec_status status = ec_input(session, &ec_channel_entity, args->object, EC_MASK_ALL, true);
    ec_channel *channel = ec_arena_alloc(ec_scratch(session), sizeof *channel);
    if (status != EC_OK || !channel) {
        return status != EC_OK ? status : ec_fail_memory(session);
    }
    *channel = *(const ec_channel *)args->object;
    channel->version = 0;
    channel->created_at = channel->updated_at = 0;
    status = check_channel(session, channel);
    if (status == EC_OK && channel->is_default) {
        status = clear_default(session);
    }
    if (status == EC_OK) {
        status = ec_entity_insert(session, &ec_channel_entity, channel);
    }
    if (status == EC_OK) {
        status = ec_rules_changed(session);
    }
    if (status == EC_OK) {
        status = ec_emit(session, "channel", channel->id, "channel.created", NULL);
    }
    ec_facts_changed(session);
    *result = channel;
    return status;
}

ec_status ec_channel_create(ec_session *session, const ec_channel *channel, ec_channel **out)
{
    static const ec_op op = {.name = "channel.create",
                             .permission = "channel.write",
                             .access = EC_ACCESS_STAFF,
                             .mode = EC_WRITE,
                             .result = &ec_channel_entity,
                             .run = create_run,
                             .fingerprint = ec_object_fingerprint};
    ec_object_args args = {.entity = &ec_channel_entity, .object = channel};
    return ec_call(session, &op, &args, (void **)out);
}

static ec_status update_run(ec_session *session, void *ctx, void **result)
{
    ec_mask fields = 0;
    ec_channel before = {0};
    ec_channel *channel = ec_arena_alloc(ec_scratch(session), sizeof *channel);
    ec_status status = channel ? ec_object_merge(session, ctx, &before, channel, &fields)
                               : ec_fail_memory(session);
    *result = channel;
    if (status != EC_OK || fields == 0) {
        return status;
    }
    if (before.is_default && !channel->is_default) {
        return ec_fail_field(session, EC_INVALID, "is_default", "conflict",
                             "Another channel is to become the default one.");
    }
    status = check_channel(session, channel);
    if (status == EC_OK && channel->is_default && !before.is_default) {
        status = clear_default(session);
    }
    if (status == EC_OK) {
        status = ec_entity_update(session, &ec_channel_entity, channel, fields);
    }
    if (status == EC_OK) {
        status = ec_rules_changed(session);
    }
    if (status == EC_OK) {
        status = ec_emit(session, "channel", channel->id, "channel.updated", NULL);
    }
    ec_facts_changed(session);
    return status;
}

ec_status ec_channel_update(ec_session *session, ec_id id, const ec_channel *channel,
                            ec_mask fields, ec_channel **out)
{
    static const ec_op op = {.name = "channel.update",
                             .permission = "channel.write",
                             .access = EC_ACCESS_STAFF,
                             .mode = EC_WRITE,
                             .result = &ec_channel_entity,
                             .run = update_run,
                             .fingerprint = ec_object_fingerprint};
    ec_object_args args = {
        .entity = &ec_channel_entity, .id = id, .object = channel, .fields = fields};
    return ec_call(session, &op, &args, (void **)out);
}

/* ---- reading ---- */

static ec_status get_run(ec_session *session, void *ctx, void **result)
{
    const ec_object_args *args = ctx;
    void *found = NULL;
    size_t count = 0;
    bool by_code = args->id == 0;
    ec_status status = ec_entity_select(
        session, &ec_channel_entity, by_code ? "WHERE t.code = ?" : "WHERE t.id = ?",
        ec_args(by_code ? ec_text(args->name) : ec_int(args->id)), &found, &count);
    if (status != EC_OK) {
        return status;
    }
    const ec_channel *channel = found;
    if (count == 0 || (!channel->is_active && !ec_session_is_staff(session))) {
        return ec_fail(session, EC_NOT_FOUND, "There is no such channel.");
    }
    *result = found;
    return EC_OK;
}

ec_status ec_channel_get(ec_session *session, ec_id id, ec_channel **out)
{
    static const ec_op op = {.name = "channel.get",
                             .permission = "channel.read",
                             .access = EC_ACCESS_ANY,
                             .mode = EC_READ,
                             .result = &ec_channel_entity,
                             .run = get_run};
    ec_object_args args = {.id = id};
    return ec_call(session, &op, &args, (void **)out);
}

ec_status ec_channel_by_code(ec_session *session, const char *code, ec_channel **out)
{
    static const ec_op op = {.name = "channel.by_code",
                             .permission = "channel.read",
                             .access = EC_ACCESS_ANY,
                             .mode = EC_READ,
                             .result = &ec_channel_entity,
                             .run = get_run};
    ec_object_args args = {.name = code};
    return ec_call(session, &op, &args, (void **)out);
}

static ec_status find_run(ec_session *session, void *ctx, void **result)
{
    const ec_page *const *page = ctx;
    bool all = ec_session_is_staff(session);
    return ec_page_select(session, &ec_channel_entity, all ? "" : "t.is_active = 1", ec_no_args,
                          false, *page, result);
}

ec_status ec_channel_find(ec_session *session, const ec_page *page, ec_channel_list **out)
{
    static const ec_op op = {.name = "channel.find",
                             .permission = "channel.read",
                             .access = EC_ACCESS_ANY,
                             .mode = EC_READ,
                             .result = &ec_channel_list_entity,
                             .run = find_run};
    return ec_call(session, &op, &page, (void **)out);
}
