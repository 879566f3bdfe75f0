/* SPDX-License-Identifier: MIT */
/*
 * rules.c - the newest snapshot of the shop's rules, and who holds it.
 *
 * The engine keeps one; a session that asks for another version builds it and leaves it there if it
 * is newer. A transaction that changed rules sees its own, which nobody else gets: it may be rolled
 * back. It refuses to change a snapshot: the last one who lets go of it frees it.
 */
#include "price/rules.h"

#include "engine/setting.h"
#include "engine/sql.h"
#include "engine/state.h"
#include "model/model.h"

static void drop(ec_rules *rules)
{
    if (rules == NULL || atomic_fetch_sub(&rules->uses, 1) != 1) return;
    const ec_platform *platform = rules->arena.platform;
    ec_arena_clear(&rules->arena);
    platform->resize(platform->ctx, rules, 0);
}

/* The engine's, when it is of that version. */
static ec_rules *take(ec_engine *engine, int64_t version)
{
    (void)pthread_mutex_lock(&engine->lock);
    ec_rules *rules = engine->rules;
    if (rules != NULL && rules->version == version)
        atomic_fetch_add(&rules->uses, 1);
    else
        rules = NULL;
    (void)pthread_mutex_unlock(&engine->lock);
    return rules;
}

/* Leave a new one with the engine, unless it has a newer one. */
static void leave(ec_engine *engine, ec_rules *rules)
{
    ec_rules *old = NULL;
    (void)pthread_mutex_lock(&engine->lock);
    if (engine->rules == NULL || engine->rules->version < rules->version) {
        old = engine->rules;
        engine->rules = rules;
        atomic_fetch_add(&rules->uses, 1);
    }
    (void)pthread_mutex_unlock(&engine->lock);
    drop(old);
}

/* Its own policy, that of its country, or the plain one. */
static ec_policy *policy_of(ec_arena *arena, const ec_channel *channel)
{
    ec_policy *policy = channel->policy;
    if (policy != NULL) return policy;
    policy = ec_arena_alloc(arena, sizeof(*policy));
    if (policy != NULL && channel->country != NULL)
        (void)ec_policy_preset(channel->country, policy); /* leaves the plain one otherwise */
    return policy;
}

static ec_status load_channels(ec_session *session, ec_rules *rules)
{
    void *found = NULL;
    size_t count = 0;
    ec_arena *arena = &rules->arena;
    ec_status status =
        ec_entity_select(session, &ec_channel_entity, "ORDER BY t.id", ec_no_args, &found, &count);
    if (status != EC_OK) return status;
    rules->channels = ec_arena_array(arena, count, sizeof(*rules->channels));
    for (size_t i = 0; rules->channels != NULL && i < count; i++) {
        ec_channel *copy = ec_entity_copy(arena, &ec_channel_entity, (const ec_channel *)found + i);
        if (copy == NULL) return ec_fail_memory(session);
        copy->policy = policy_of(arena, copy);
        rules->channels[rules->channels_count++] = *copy;
    }
    return EC_OK;
}

static ec_status load(ec_session *session, ec_rules *rules)
{
    ec_status status = load_channels(session, rules);
    if (status == EC_OK) status = ec_tax_book_load(session, &rules->arena, &rules->taxes);
    if (status == EC_OK)
        status = ec_shipping_book_load(session, &rules->arena, &rules->needs, &rules->shipping);
    if (status == EC_OK)
        status = ec_promotion_book_load(session, &rules->arena, &rules->needs, &rules->promotions);
    if (status == EC_OK) status = ec_setting_int(session, EC_SETTING_CLOCK, &rules->utc_offset_ms);
    for (size_t i = 0; status == EC_OK && i < rules->promotions.count; i++)
        rules->has_catalog = rules->has_catalog || rules->promotions.items[i].catalog;
    if (status == EC_OK && rules->arena.failed) status = ec_fail_memory(session);
    return status;
}

const ec_channel *ec_rules_channel(const ec_rules *rules, ec_id id)
{
    for (size_t i = 0; i < rules->channels_count; i++)
        if (rules->channels[i].id == id) return &rules->channels[i];
    return NULL;
}

static ec_status build(ec_session *session, int64_t version, bool shared, ec_rules **out)
{
    const ec_platform *platform = ec_session_platform(session);
    ec_rules *rules = platform->resize(platform->ctx, NULL, sizeof(*rules));
    if (rules == NULL) return ec_fail_memory(session);
    *rules = (ec_rules){.version = version};
    atomic_init(&rules->uses, 1);
    ec_arena_init(&rules->arena, platform);
    ec_status status = load(session, rules);
    if (status != EC_OK) {
        drop(rules);
        return status;
    }
    if (shared) leave(session->engine, rules);
    *out = rules;
    return EC_OK;
}

ec_status ec_rules_hold(ec_session *session, int64_t version, const ec_rules **out)
{
    ec_rules *rules = NULL;
    ec_status status = EC_OK;
    *out = session->rules;
    if (session->rules != NULL && session->rules->version == version) return EC_OK;
    if (!session->changed_rules) rules = take(session->engine, version);
    if (rules == NULL) status = build(session, version, !session->changed_rules, &rules);
    if (status != EC_OK) return status;
    ec_rules_release(session);
    session->rules = rules;
    *out = rules;
    return EC_OK;
}

ec_status ec_rules_hold_past(ec_session *session, int64_t version, ec_time at, const ec_rules **out)
{
    ec_rules *rules = NULL;
    ec_time now = ec_now(session);
    session->now = at; /* what the loaders go by */
    ec_status status = build(session, version, false, &rules);
    session->now = now;
    if (status != EC_OK) return status;
    ec_rules_release(session);
    rules->version = 0; /* nobody else's */
    session->rules = rules;
    *out = rules;
    return EC_OK;
}

void ec_rules_release(ec_session *session)
{
    drop(session->rules);
    session->rules = NULL;
}

ec_status ec_rules_changed(ec_session *session)
{
    session->changed_rules = true;
    ec_rules_release(session);
    return ec_exec(session, "UPDATE rule_versions SET version = version + 1 WHERE id = 1",
                   ec_no_args, NULL);
}

void ec_rules_forget(ec_engine *engine)
{
    (void)pthread_mutex_lock(&engine->lock);
    ec_rules *rules = engine->rules;
    engine->rules = NULL;
    (void)pthread_mutex_unlock(&engine->lock);
    drop(rules);
}
