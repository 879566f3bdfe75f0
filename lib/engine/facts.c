/* SPDX-License-Identifier: MIT */
/*
 * facts.c - what the engine remembers so that calls need not ask: channels and times to live.
 *
 * Read at opening and again after each commit that changed them; a session copies its channel's
 * facts when the engine's count of changes is not its own. It refuses to be an authority: whatever
 * decides about money reads the row in its transaction.
 */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "engine/setting.h"
#include "engine/sql.h"
#include "engine/state.h"
#include "model/model.h"

static ec_channel_facts channel_facts(const ec_channel *channel)
{
    ec_channel_facts facts = {
        .id = channel->id,
        .price_list_id = channel->price_list_id,
        .stock_strategy = channel->stock_strategy,
        .merge_policy = channel->merge_policy,
        .is_active = channel->is_active,
        .has_price_lists = channel->price_list_id != 0,
    };
    (void)snprintf(facts.currency, sizeof facts.currency, "%s", channel->currency);
    (void)snprintf(facts.locale, sizeof facts.locale, "%s", channel->locale);
    (void)snprintf(facts.country, sizeof facts.country, "%s",
                   channel->country ? channel->country : "");
    return facts;
}

/* Which channels are named by price lists. */
static ec_status read_lists(ec_session *session, ec_channel_facts *facts, size_t count)
{
    ec_stmt *stmt = NULL;
    ec_status status =
        ec_query(session, "SELECT DISTINCT channel_id FROM price_list_channels", ec_no_args, &stmt);
    while (status == EC_OK && (status = ec_row(session, stmt)) == EC_OK) {
        for (size_t i = 0; i < count; i++) {
            facts[i].has_price_lists |= facts[i].id == ec_col_int(stmt, 0);
        }
    }
    return status == EC_DONE ? EC_OK : status;
}

/* Exchange what is remembered. */
static ec_status remember(ec_session *session, const ec_channel *channels, size_t count)
{
    ec_engine *engine = session->engine;
    const ec_platform *platform = &engine->platform;
    ec_channel_facts *facts = platform->resize(platform->ctx, NULL, (count + 1) * sizeof *facts);
    ec_id chosen = 0;
    if (!facts) {
        return ec_fail_memory(session);
    }
    for (size_t i = 0; i < count; i++) {
        facts[i] = channel_facts(&channels[i]);
        chosen = channels[i].is_default ? channels[i].id : chosen;
    }
    ec_status status = read_lists(session, facts, count);
    if (status != EC_OK) {
        platform->resize(platform->ctx, facts, 0);
        return status;
    }
    (void)pthread_mutex_lock(&engine->lock);
    ec_channel_facts *old = engine->channels;
    engine->channels = facts;
    engine->channels_count = count;
    engine->default_channel = chosen;
    atomic_fetch_add(&engine->facts, 1);
    (void)pthread_mutex_unlock(&engine->lock);
    if (old) {
        platform->resize(platform->ctx, old, 0);
    }
    return EC_OK;
}

/* What ec_open was told goes first. */
static ec_status load_ttl(ec_session *session, const char *name, int64_t option,
                          _Atomic int64_t *out)
{
    int64_t value = option;
    ec_status status = EC_OK;
    if (option == 0) {
        status = ec_setting_int(session, name, &value);
    }
    if (status == EC_OK) {
        atomic_store(out, value);
    }
    return status;
}

ec_status ec_facts_load(ec_session *session, void *unused)
{
    ec_engine *engine = session->engine;
    void *channels = NULL;
    size_t count = 0;
    (void)unused;
    ec_status status = ec_entity_select(session, &ec_channel_entity, "ORDER BY t.id", ec_no_args,
                                        &channels, &count);
    if (status == EC_OK) {
        status = load_ttl(session, "cart.ttl_ms", engine->cart_ttl_option, &engine->cart_ttl);
    }
    if (status == EC_OK) {
        status = load_ttl(session, "reservation.ttl_ms", engine->reservation_ttl_option,
                          &engine->reservation_ttl);
    }
    const char *currency = NULL;
    if (status == EC_OK && engine->currency[0] == '\0') {
        status = ec_setting_text(session, "shop.currency", &currency);
    }
    if (currency) {
        (void)snprintf(engine->currency, sizeof engine->currency, "%s", currency);
    }
    return status == EC_OK ? remember(session, channels, count) : status;
}

void ec_facts_changed(ec_session *session)
{
    session->changed_facts = true;
}

void ec_facts_reload(ec_session *session)
{
    const ec_platform *platform = &session->engine->platform;
    if (ec_with_read(session, ec_facts_load, NULL) != EC_OK) {
        /* the commit stands; sessions that open later ask again */
        platform->log(platform->ctx, EC_LOG_WARNING, "channels and settings could not be reread");
        atomic_fetch_add(&session->engine->facts, 1);
    }
    ec_error_clear(session);
}
